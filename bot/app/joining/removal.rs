//! Removal from every group: one person proposes, another confirms; who is removed can ask to be
//! heard, and may be let back. It is never announced in a group.

use vigie_domain::authz::{Action as Act, Actor, Object, authz};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId, Lang, Place};

use super::Call;
use super::records::{self, PlaceOf, Removal, Step};
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::event::{Command, Person, Tap};
use crate::app::outbox::Class;
use crate::app::taps::Answer;
use crate::app::two_persons::{Asked, Proposal, Proposed};
use crate::app::tx::Tx;

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
        let reason = reason.trim();
        if reason.is_empty() {
            return self.answer(command, Text::JoiningRemoveHow.into()).await;
        }
        let accounts = self.accounts_named(who).await?;
        if accounts.is_empty() {
            return self.answer(command, Text::JoiningRemoveNobody.into()).await;
        }
        let what = Proposed::Remove {
            accounts,
            name: who.to_owned(),
        };
        let place = command.said.place;
        let told = match self.asks_a_second(&person, place, what, reason).await? {
            // The card with the way to take it back is the answer.
            Asked::Waits => return Ok(()),
            Asked::Done => Text::JoiningRemoveDone,
            Asked::OwnMatter => Text::SecondOwn,
            Asked::Void => Text::SecondVoid,
        };
        self.answer(command, told.into()).await
    }

    /// The accounts of a member, or the account itself where it is named by its number.
    async fn accounts_named(&mut self, who: &str) -> Result<Vec<AccountId>, AppError> {
        if let Some(number) = who.strip_prefix('#') {
            return Ok(number.parse().ok().map(AccountId).into_iter().collect());
        }
        self.accounts_of(who).await
    }

    /// Two persons agree that somebody is removed: what follows covers every group.
    pub(in crate::app) async fn removes(
        &mut self,
        second: &Person,
        place: Place,
        account: AccountId,
        proposal: &Proposal,
    ) -> Result<(), AppError> {
        let removal = Removal {
            account,
            name: proposal.what.name_of_removed(account),
            reason: proposal.why.clone(),
            by: proposal.by,
            at: self.now(),
            second: Some(second.account),
            appeal: None,
            member: None,
        };
        self.put(records::removal(account), &removal)?;
        let object = format!("account {account}");
        self.audit(second, place, "remove", &object, ("", "every group"))
            .await?;
        self.leave_all(account)?;
        let to_lang = self.lang_of_account(account).await?;
        let say = vec![Say::new(Text::JoiningRemovedAll)];
        let buttons = vec![vec![self.appeal_button(account)?]];
        self.tells(ChatId(account.0), to_lang, Class::Service, say, buttons)?;
        self.proved(account).await
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
        match &removal.member {
            Some(member) => self.reinstated(account, member).await?,
            None => self.returns(account).await?,
        }
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
