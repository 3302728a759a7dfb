//! Removal from every group: one person proposes, another confirms; who is removed can ask to be
//! heard, and may be let back. It is never announced in a group.

use vigie_domain::authz::{Action as Act, Actor, Object, authz};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId, Lang};

use super::Call;
use super::records::{self, PlaceOf, Removal, Step};
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::event::{Command, Tap};
use crate::app::outbox::Class;
use crate::app::taps::Answer;
use crate::app::tx::Tx;

/// Longest reason that is kept.
const REASON: usize = 300;

impl Tx<'_> {
    /// `/exclure <numéro de membre, ou #compte> <raison>`: proposes to remove somebody.
    pub(in crate::app) async fn remove_command(
        &mut self,
        command: &Command,
    ) -> Result<(), AppError> {
        let Some(person) = self.in_private(command).await? else {
            return Ok(());
        };
        let object = Object::Cooperative;
        let allowed = self.allowed(command, Act::Expel, object).await?;
        if allowed.is_none() {
            return Ok(());
        }
        let (who, reason) = command
            .args
            .split_once(char::is_whitespace)
            .unwrap_or((&command.args, ""));
        let reason: String = reason.trim().chars().take(REASON).collect();
        if reason.is_empty() {
            return self.answer(command, Text::JoiningRemoveHow.into()).await;
        }
        let accounts = self.accounts_named(who).await?;
        if accounts.is_empty() {
            return self.answer(command, Text::JoiningRemoveNobody.into()).await;
        }
        for account in accounts {
            let removal = Removal {
                account,
                name: who.to_owned(),
                reason: reason.clone(),
                by: person.account,
                at: self.now(),
                second: None,
                appeal: None,
            };
            let key = records::removal(account);
            if self.get::<Removal>(&key).await?.is_none() {
                self.put(key, &removal)?;
            }
            let object = format!("account {account}");
            let place = command.said.place;
            self.audit(&person, place, "propose-removal", &object, ("", &reason))
                .await?;
        }
        self.door_changed().await?;
        self.answer(command, Text::JoiningRemoveProposed.into())
            .await
    }

    /// The accounts of a member, or the account itself where it is named by its number.
    async fn accounts_named(&mut self, who: &str) -> Result<Vec<AccountId>, AppError> {
        if let Some(number) = who.strip_prefix('#') {
            return Ok(number.parse().ok().map(AccountId).into_iter().collect());
        }
        self.accounts_of(who).await
    }

    /// The second person confirms; what follows covers every group.
    pub(super) async fn remove_tap(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        account: AccountId,
        lang: Lang,
    ) -> Result<Answer, AppError> {
        if let Err(denied) = authz(actor, Act::Expel, Object::Cooperative) {
            return Ok(Answer::refusal(self.refusal(&denied).await?));
        }
        let key = records::removal(account);
        let Some(mut removal) = self.get::<Removal>(&key).await? else {
            return Ok(Answer::refusal(Text::TapUnknown));
        };
        if removal.second.is_some() {
            return Ok(Answer::toast(Text::JoiningDecided));
        }
        if self.same_person(removal.by, tap.from.account).await?
            || self.same_person(account, tap.from.account).await?
        {
            return Ok(Answer::refusal(Text::JoiningTwoPersons));
        }
        let object = Object::Cooperative;
        if !self.account_may(removal.by, Act::Expel, object).await? {
            // Who proposed it may not any more: it is the proposal of who agrees with it now.
            removal.by = tap.from.account;
            self.put(key, &removal)?;
            return Ok(Answer::refusal(Text::JoiningTwoPersons));
        }
        removal.second = Some(tap.from.account);
        self.put(key, &removal)?;
        let object = format!("account {account}");
        let on = tap.on.map_or(ChatId(tap.from.account.0), |(chat, _)| chat);
        self.audit(&tap.from, on.into(), "remove", &object, ("", "every group"))
            .await?;
        self.leave_all(account)?;
        let to_lang = self.lang_of_account(account).await?;
        let say = vec![Say::new(Text::JoiningRemovedAll)];
        let buttons = vec![vec![self.appeal_button(account)?]];
        self.tells(ChatId(account.0), to_lang, Class::Service, say, buttons)?;
        self.proved(account).await?;
        self.door_changed().await?;
        self.requests_again(tap, lang).await?;
        Ok(Answer::toast(Text::JoiningRemoveDone))
    }

    /// Who was removed asks to be heard.
    pub(super) async fn appeal_tap(&mut self, tap: &Tap, lang: Lang) -> Result<Answer, AppError> {
        let key = records::removal(tap.from.account);
        let Some(mut removal) = self.get::<Removal>(&key).await? else {
            return Ok(Answer::toast(Text::JoiningDecided));
        };
        if removal.appeal.is_none() {
            removal.appeal = Some(self.now());
            self.put(key, &removal)?;
            let object = format!("account {}", tap.from.account);
            let on = ChatId(tap.from.account.0);
            self.audit(&tap.from, on.into(), "appeal", &object, ("", ""))
                .await?;
            self.door_anew().await?;
        }
        self.in_place(tap, vec![Say::new(Text::JoiningAppealed)], vec![], lang)?;
        Ok(Answer::toast(Text::JoiningAppealed))
    }

    /// Somebody who was removed may return.
    pub(super) async fn readmit_tap(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        account: AccountId,
        lang: Lang,
    ) -> Result<Answer, AppError> {
        if let Err(denied) = authz(actor, Act::Expel, Object::Cooperative) {
            return Ok(Answer::refusal(self.refusal(&denied).await?));
        }
        let key = records::removal(account);
        let Some(removal) = self.get::<Removal>(&key).await? else {
            return Ok(Answer::toast(Text::JoiningDecided));
        };
        // An appeal is heard by somebody who has not decided yet.
        let mut decided = vec![account];
        decided.extend(removal.second);
        for one in decided {
            if self.same_person(one, tap.from.account).await? {
                return Ok(Answer::refusal(Text::JoiningTwoPersons));
            }
        }
        self.delete(key);
        let object = format!("account {account}");
        let on = tap.on.map_or(ChatId(tap.from.account.0), |(chat, _)| chat);
        self.audit(&tap.from, on.into(), "readmit", &object, ("removed", ""))
            .await?;
        self.returns(account).await?;
        self.door_changed().await?;
        self.requests_again(tap, lang).await?;
        Ok(Answer::toast(Text::JoiningReadmitted))
    }

    /// Somebody may be in the groups of the cooperative again.
    pub(in crate::app) async fn returns(&mut self, account: AccountId) -> Result<(), AppError> {
        for (key, mut place) in self.all::<PlaceOf>(&records::places(account)).await? {
            let Some((_, chat)) = records::numbers(&key).filter(|_| place.banned) else {
                continue;
            };
            place.banned = false;
            self.put(key, &place)?;
            self.call_for(ChatId(chat), Call::Unban(account))?;
        }
        let lang = self.lang_of_account(account).await?;
        let say =
            vec![Say::new(Text::JoiningReturn).with("command", Arg::Code("/rejoindre".into()))];
        self.tells(ChatId(account.0), lang, Class::Service, say, vec![])
    }

    /// As [`Tx::record_changed`], where the account asked for something or is in a group.
    pub(in crate::app) async fn record_imported(
        &mut self,
        account: AccountId,
    ) -> Result<(), AppError> {
        let asked = self.keys(&records::requests_by(account)).await?;
        let places = self.keys(&records::places(account)).await?;
        match asked.is_empty() && places.is_empty() {
            true => Ok(()),
            false => self.record_changed(account),
        }
    }

    /// What the record says of an account changed: whoever waits for it is looked at again, and who
    /// is no member any more leaves the groups of members; local groups only when somebody says so.
    pub(in crate::app) fn record_changed(&mut self, account: AccountId) -> Result<(), AppError> {
        self.plan(self.now(), Due::Joining(Step::Record(account)))
    }
}
