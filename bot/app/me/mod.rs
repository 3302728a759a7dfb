//! What a person sees and settles of themselves: `/moi`, `/mes_donnees`, `/confidentialite`.
//! Private only.

mod data;
mod mine;
mod preferences;

use serde::{Deserialize, Serialize};
use vigie_domain::people::{Bond, Member, Quality, Way};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId, Lang, MemberId};

use super::buttons::{self, Action};
use super::dialogue::Asking;
use super::due::Due;
use super::error::AppError;
use super::event::{Command, Person, Sender, Tap};
use super::keys;
use super::outbox::{Button, Class, Doubt, Message, Outgoing, Row};
use super::taps::Answer;
use super::tx::Tx;

pub use data::DataView;
pub use preferences::{Preferences, Quiet, Rest};

/// Longest correction that is passed on, in characters.
const LONGEST: usize = 2_000;

/// What a button does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wish {
    /// Act for this member from now on.
    SpeakFor(MemberId),
    /// Answer in this language.
    Lang(Lang),
    /// Ask whether this account is to be unlinked.
    Unlink(MemberId),
    /// Unlink it.
    UnlinkSure(MemberId),
    /// Erase what is kept of this account.
    Erase,
    /// Choose quiet hours.
    Quiet,
    /// These are the quiet hours.
    QuietIs(Quiet),
    /// Ask me whom I know, or do not.
    Asking(bool),
}

/// A dialogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Asked {
    /// What is wrong in the record.
    Correction,
}

/// In which form somebody takes their data away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// A page for people.
    Page,
    /// Objects for programs.
    Json,
}

/// The language that an account chose for itself.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct ChosenLang(pub(crate) Lang);

crate::record_v1!(ChosenLang);

impl Tx<'_> {
    const fn private(command: &Command) -> Option<&Person> {
        match &command.from {
            Sender::Person(person) if command.said.private => Some(person),
            _ => None,
        }
    }

    /// `/moi`.
    pub(crate) async fn me_command(&mut self, command: &Command) -> Result<(), AppError> {
        let Some(person) = Self::private(command) else {
            return self.answer(command, Text::MeInPrivate.into()).await;
        };
        let records = self.members_of(person.account).await?;
        let lang = self.lang(person).await?;
        let mut say = match records.is_empty() {
            true => vec![Say::new(Text::MeStranger)],
            false => self.records_said(person.account, &records).await?,
        };
        let account = Arg::Code(person.account.to_string());
        say.push(Say::new(Text::MeAccount).with("account", account));
        let word = match lang {
            Lang::Fr => Text::MeLangFr,
            Lang::En => Text::MeLangEn,
        };
        say.extend(self.groups_said(person.account).await?);
        say.push(Say::new(Text::MeLanguage).with("lang", Arg::Word(word)));
        say.extend(self.preferences_said(person.account).await?);
        let mut message = Message::of_several(say);
        message.lang = Some(lang);
        message.reply_to = Some(command.said.message);
        message.buttons = self.me_buttons(person.account, &records, lang).await?;
        self.say_at(command.said.place, Class::Answer, message)
    }

    async fn records_said(
        &mut self,
        account: AccountId,
        records: &[(Bond, Member)],
    ) -> Result<Vec<Say>, AppError> {
        let mut say = Vec::new();
        for (bond, member) in records {
            let name = Arg::Name(self.card_name(member).await?);
            let number = Arg::Text(member.id.to_string());
            say.push(
                Say::new(Text::MeRecord)
                    .with("member", name)
                    .with("number", number),
            );
            let key = match bond.quality {
                Quality::Holder => Text::MeLinkHolder,
                Quality::Representative => Text::MeLinkRepresentative,
                Quality::Household => Text::MeLinkHousehold,
            };
            say.push(
                Say::new(key)
                    .with("since", Arg::At(bond.since))
                    .with("way", Arg::Word(way_word(bond.way))),
            );
            if bond.quality.is_full() && bond.votes_from > self.now() {
                say.push(Say::new(Text::MeVotesFrom).with("from", Arg::At(bond.votes_from)));
            }
            say.extend(self.proof_said(bond).await?);
            say.extend(self.links_said(member).await?);
            let now = self.now();
            let on = self.bonds_on(&member.id).await?;
            let others = on
                .iter()
                .filter(|bond| bond.account != account && bond.holds(now));
            let count = i64::try_from(others.count()).unwrap_or(i64::MAX);
            if count > 0 {
                say.push(Say::new(Text::MeOthers).with("count", Arg::Number(count)));
            }
        }
        if records.len() > 1
            && let Some(member) = self.member_of(account).await?
        {
            let name = Arg::Name(self.card_name(&member).await?);
            say.push(Say::new(Text::MeSpeaksFor).with("member", name));
            say.push(Text::MeInWhoseName.into());
        }
        Ok(say)
    }

    async fn me_buttons(
        &mut self,
        account: AccountId,
        records: &[(Bond, Member)],
        lang: Lang,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        let mut rows = Vec::new();
        if records.len() > 1 {
            for (_, member) in records {
                let name = Arg::Text(self.card_name(member).await?);
                let label = Say::new(Text::MeButtonSpeakFor).with("member", name);
                let wish = Wish::SpeakFor(member.id.clone());
                rows.push(vec![self.me_button(account, label, wish)?]);
            }
        }
        let (label, other) = match lang {
            Lang::Fr => (Text::MeButtonEn, Lang::En),
            Lang::En => (Text::MeButtonFr, Lang::Fr),
        };
        rows.push(vec![self.me_button(
            account,
            label.into(),
            Wish::Lang(other),
        )?]);
        rows.extend(self.preference_buttons(account).await?);
        for (_, member) in records {
            let name = Arg::Text(self.card_name(member).await?);
            let label = Say::new(Text::MeButtonUnlink).with("member", name);
            let wish = Wish::Unlink(member.id.clone());
            rows.push(vec![self.me_button(account, label, wish)?]);
        }
        Ok(rows)
    }

    fn me_button(
        &mut self,
        account: AccountId,
        label: Say,
        wish: Wish,
    ) -> Result<Button, AppError> {
        let chat = ChatId(account.0);
        let key = buttons::plant(self, Some(chat), Some(account), Action::Me(wish))?;
        Ok(Button { label, key })
    }

    /// A button of these commands.
    pub(crate) async fn me_tap(&mut self, tap: &Tap, wish: Wish) -> Result<Answer, AppError> {
        let account = tap.from.account;
        match wish {
            Wish::Lang(lang) => {
                self.put(keys::chosen_lang(account), &ChosenLang(lang))?;
                Ok(Answer::toast(Text::MeLangDone))
            }
            Wish::SpeakFor(id) => {
                let Some(name) = self.own_record(account, &id).await? else {
                    return Ok(Answer::refusal(Text::TapUnknown));
                };
                self.speak_for(account, &id)?;
                let say = Say::new(Text::MeSpeakForDone).with("member", Arg::Text(name));
                Ok(Answer::toast(say))
            }
            Wish::Unlink(id) => {
                let Some(name) = self.own_record(account, &id).await? else {
                    return Ok(Answer::refusal(Text::TapUnknown));
                };
                let sure = Wish::UnlinkSure(id);
                let button = self.me_button(account, Text::MeButtonUnlinkSure.into(), sure)?;
                let say = Say::new(Text::MeUnlinkSure).with("member", Arg::Name(name));
                let mut message = Message::of(say);
                message.lang = Some(self.lang(&tap.from).await?);
                message.buttons = vec![vec![button]];
                self.say(ChatId(account.0), Class::Answer, message)?;
                Ok(Answer::quiet())
            }
            Wish::UnlinkSure(id) => {
                let Some(name) = self.own_record(account, &id).await? else {
                    return Ok(Answer::refusal(Text::TapUnknown));
                };
                self.unlink(&tap.from, &id, "left").await?;
                let say = Say::new(Text::MeUnlinked).with("member", Arg::Name(name));
                self.tell(&tap.from, say).await?;
                Ok(Answer::quiet())
            }
            Wish::Erase => self.erase(&tap.from).await,
            Wish::Quiet => self.quiet_tap(tap).await,
            Wish::QuietIs(quiet) => self.preference_set(account, |set| set.quiet = quiet).await,
            Wish::Asking(asked) => {
                self.preference_set(account, |set| set.no_asking = !asked)
                    .await
            }
        }
    }

    /// How a record that an account speaks for is called.
    async fn own_record(
        &mut self,
        account: AccountId,
        id: &MemberId,
    ) -> Result<Option<String>, AppError> {
        let records = self.members_of(account).await?;
        match records.into_iter().find(|(_, member)| member.id == *id) {
            Some((_, member)) => self.card_name(&member).await.map(Some),
            None => Ok(None),
        }
    }

    async fn unlink(&mut self, by: &Person, id: &MemberId, why: &str) -> Result<(), AppError> {
        if self.end_bond(by.account, id, why).await? {
            let object = format!("link of account {} to member {id}", by.account);
            self.audit(
                by,
                ChatId(by.account.0).into(),
                "unlink",
                &object,
                ("linked", why),
            )
            .await?;
        }
        Ok(())
    }

    /// `/confidentialite`.
    pub(crate) async fn privacy_command(&mut self, command: &Command) -> Result<(), AppError> {
        let say = [
            Text::MePrivacy,
            Text::MePrivacyTelegram,
            Text::MePrivacyTime,
            Text::MePrivacyRights,
        ];
        let mut message = Message::of_several(say.map(Say::new).to_vec());
        message.lang = Some(self.reader(command).await?);
        message.reply_to = Some(command.said.message);
        self.say_at(command.said.place, Class::Answer, message)
    }

    /// `/mes_donnees`.
    pub(crate) async fn my_data_command(&mut self, command: &Command) -> Result<(), AppError> {
        let Some(person) = Self::private(command) else {
            return self.answer(command, Text::MeDataInPrivate.into()).await;
        };
        let word = vigie_domain::names::fold(&command.args);
        if word.starts_with("corr") {
            let asking = Asking::Me(Asked::Correction);
            self.ask(person, asking).await?;
            return self.answer(command, Text::MeCorrectAsk.into()).await;
        }
        let lang = self.lang(person).await?;
        if word.starts_with("eff") || word.starts_with("eras") {
            let label = Text::MeButtonErase.into();
            let button = self.me_button(person.account, label, Wish::Erase)?;
            let mut message = Message::of(Text::MeEraseSure.into());
            message.lang = Some(lang);
            message.buttons = vec![vec![button]];
            return self.say_at(command.said.place, Class::Answer, message);
        }
        self.answer(command, Text::MeData.into()).await?;
        for form in [Form::Page, Form::Json] {
            let account = person.account;
            let what = Outgoing::MyData {
                account,
                form,
                lang,
            };
            let place = command.said.place;
            let row = Row::new(place, what, Class::Answer, self.now(), Doubt::SendAgain);
            self.append(keys::outbox_messages(), &self.fresh(row))?;
        }
        Ok(())
    }

    /// What is wrong in the record, in the person's words.
    pub(crate) async fn me_said(
        &mut self,
        person: &Person,
        asked: Asked,
        text: &str,
    ) -> Result<(), AppError> {
        let Asked::Correction = asked;
        self.end_dialogue(person.account);
        let member = self.member_of(person.account).await?;
        let number = member.map_or_else(|| "?".to_owned(), |member| member.id.to_string());
        let words: String = text.chars().take(LONGEST).collect();
        let say = Say::new(Text::MeCorrectOfficers)
            .with("member", Arg::Text(number))
            .with("account", Arg::Text(person.account.to_string()))
            .with("text", Arg::Text(words));
        self.tell_administrators(Message::of(say)).await?;
        let place = ChatId(person.account.0).into();
        let object = format!("account {}", person.account);
        self.audit(person, place, "ask-correction", &object, ("", "passed on"))
            .await?;
        self.tell(person, Text::MeCorrectSent).await
    }

    /// Erases what is kept of an account; what the law keeps stays, and was told before.
    async fn erase(&mut self, person: &Person) -> Result<Answer, AppError> {
        let account = person.account;
        self.erase_declarations(account).await?;
        for bond in self.all_bonds_of(account).await? {
            self.unlink(person, &bond.member, "erased").await?;
        }
        let place = ChatId(account.0).into();
        let object = format!("account {account}");
        self.audit(person, place, "erase", &object, ("", "erased"))
            .await?;
        self.end_dialogue(account);
        self.forgets_joins(account).await?;
        self.plan(self.now(), Due::ForgetReminders(account))?;
        self.delete(keys::proof(account));
        self.delete(keys::chosen_lang(account));
        self.delete(keys::preferences(account));
        self.delete(keys::used(account));
        self.delete(keys::speaking_for(account));
        self.tell(person, Text::MeErased).await?;
        Ok(Answer::quiet())
    }
}

/// How a link was proved, in a word.
pub(super) const fn way_word(way: Way) -> Text {
    match way {
        Way::Email => Text::MeWayEmail,
        Way::Site => Text::MeWaySite,
        Way::Letter => Text::MeWayLetter,
        Way::Officers => Text::MeWayOfficers,
        Way::Record => Text::MeWayRecord,
    }
}
