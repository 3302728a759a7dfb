//! Who answers the phone: `/appel` asks one thing after the other, finds the member, says how their
//! link and their sector stand, and writes the ticket. Private only.

mod known;
mod message;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::authz::{Action as Act, Object};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::tickets::{Category, Origin};
use vigie_domain::{AccountId, ChatId, MemberId, TicketId};
use vigie_store::Key;

use super::buttons::{Action, plant};
use super::dialogue::Asking;
use super::error::AppError;
use super::event::{Command, Person, Tap};
use super::outbox::{Button, Target, View};
use super::taps::Answer;
use super::tickets::{NewTicket, short_name};
use super::tx::Tx;

pub use message::PhoneMessage;

/// Members that are offered for what was typed.
const OFFERED: usize = 5;
/// Longest answer that is kept, in characters.
const LONGEST: usize = 1_000;

/// A call in hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// When it began.
    pub begun: DateTime<Utc>,
    /// Who calls, where the record knows them.
    pub member: Option<MemberId>,
    /// What they are called, where it does not.
    pub name: String,
    /// Whom what was typed may mean.
    pub offered: Vec<MemberId>,
    /// What was answered, beside the question.
    pub answers: Vec<(String, String)>,
    /// Questions that are done with; the first is who calls.
    pub done: u32,
}

/// What a button does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wish {
    /// It is this member.
    Who(MemberId),
    /// Not answered: the next question.
    Skip,
    /// Write the ticket; `true`: somebody has to call back.
    Write(bool),
    /// It was nothing.
    Drop,
    /// Somebody called back.
    CalledBack(TicketId),
}

crate::record_v1!(Call);

fn call_of(account: AccountId) -> Key {
    Key::of("tc/").i64(account.0).end()
}

/// The question of an entry of the checklist: a word of ours, or the cooperative's own text.
fn question(entry: &str) -> Say {
    let known = match entry {
        "since" => Text::PhoneAskSince,
        "devices" => Text::PhoneAskDevices,
        "power" => Text::PhoneAskPower,
        "changed" => Text::PhoneAskChanged,
        "neighbours" => Text::PhoneAskNeighbours,
        "site" => Text::PhoneAskSite,
        "number" => Text::PhoneAskNumber,
        own => return Say::new(Text::PhoneAskOwn).with("question", Arg::Text(own.to_owned())),
    };
    Say::new(known)
}

/// The questions of a checklist, as they are printed and asked.
#[must_use]
pub fn questions(checklist: &[String]) -> Vec<Say> {
    let own = checklist.iter().map(|entry| question(entry));
    std::iter::once(Say::new(Text::PhoneAskWho))
        .chain(own)
        .collect()
}

impl Tx<'_> {
    /// `/appel`.
    pub(crate) async fn call_command(&mut self, command: &Command) -> Result<(), AppError> {
        let Some(person) = self.in_private(command).await? else {
            return Ok(());
        };
        let object = Object::Cooperative;
        if self
            .allowed(command, Act::AnswerPhone, object)
            .await?
            .is_none()
        {
            return Ok(());
        }
        let call = Call {
            begun: self.now(),
            member: None,
            name: String::new(),
            offered: Vec::new(),
            answers: Vec::new(),
            done: 0,
        };
        self.put(call_of(person.account), &call)?;
        self.ask(&person, Asking::Phone).await?;
        if !command.args.is_empty() {
            return self.call_said(&person, &command.args).await;
        }
        self.show_call(&person, Target::ReplyTo(command.said.message))
            .await
    }

    async fn show_call(&mut self, person: &Person, target: Target) -> Result<(), AppError> {
        let lang = self.lang(person).await?;
        let view = View::Call {
            account: person.account,
        };
        self.show(ChatId(person.account.0), view, target, lang)
            .await
    }

    /// What the caller said, as somebody typed it.
    pub(crate) async fn call_said(&mut self, person: &Person, text: &str) -> Result<(), AppError> {
        let key = call_of(person.account);
        let Some(mut call) = self.get::<Call>(&key).await? else {
            self.end_dialogue(person.account);
            return Ok(());
        };
        let text: String = text.chars().take(LONGEST).collect();
        if call.done == 0 {
            let found = self.app().find_members(&text, OFFERED).await?;
            call.name = text;
            match found.as_slice() {
                [] => call.done = 1,
                several => call.offered = several.iter().map(|one| one.id.clone()).collect(),
            }
        } else {
            let checklist = self.settings().tickets.checklist.clone();
            let at = usize::try_from(call.done - 1).unwrap_or(usize::MAX);
            if let Some(entry) = checklist.get(at) {
                call.answers.push((entry.clone(), text));
                call.done += 1;
            }
        }
        self.put(key, &call)?;
        self.ask(person, Asking::Phone).await?;
        self.show_call(person, Target::New).await
    }

    /// The card of a call as it stands.
    pub(in crate::app) async fn call_view(
        &mut self,
        account: AccountId,
    ) -> Result<Vec<Say>, AppError> {
        let Some(call) = self.peek::<Call>(&call_of(account)).await? else {
            return Ok(vec![Text::PhoneOver.into()]);
        };
        if !self
            .account_may(account, Act::AnswerPhone, Object::Cooperative)
            .await?
        {
            return Ok(vec![Text::AuthzActiveOnly.into()]);
        }
        let mut say = vec![Say::new(Text::PhoneCall).with("at", Arg::At(call.begun))];
        let member = match &call.member {
            Some(id) => self.member(id).await?,
            None => None,
        };
        match &member {
            Some(member) => say.extend(self.known_of(member).await?),
            None if call.done > 0 => {
                let name = Arg::Name(call.name.clone());
                say.push(Say::new(Text::PhoneUnknown).with("name", name));
            }
            None => {}
        }
        for (entry, answer) in &call.answers {
            say.push(
                Say::new(Text::PhoneAnswered)
                    .with("question", Arg::Said(Box::new(question(entry))))
                    .with("answer", Arg::Text(answer.clone())),
            );
        }
        let asked = questions(&self.settings().tickets.checklist);
        let at = usize::try_from(call.done).unwrap_or(usize::MAX);
        match asked.get(at) {
            _ if !call.offered.is_empty() && call.done == 0 => {
                let name = Arg::Name(call.name.clone());
                say.push(Say::new(Text::PhoneWhichOne).with("name", name));
            }
            Some(next) => say.push(
                Say::new(Text::PhoneNext)
                    .with("number", Arg::Number(i64::from(call.done) + 1))
                    .with(
                        "count",
                        Arg::Number(i64::try_from(asked.len()).unwrap_or(0)),
                    )
                    .with("question", Arg::Said(Box::new(next.clone()))),
            ),
            None => say.push(Text::PhoneAllAsked.into()),
        }
        Ok(say)
    }

    /// What whoever answers can press.
    pub(in crate::app) async fn call_buttons(
        &mut self,
        account: AccountId,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        let Some(call) = self.get::<Call>(&call_of(account)).await? else {
            return Ok(Vec::new());
        };
        let mut rows = Vec::new();
        if call.done == 0 {
            for id in &call.offered {
                let Some(member) = self.member(id).await? else {
                    continue;
                };
                let label = Say::new(Text::PhoneButtonWho)
                    .with("name", Arg::Text(self.card_name(&member).await?))
                    .with("number", Arg::Text(id.to_string()));
                rows.push(vec![self.call_button(
                    account,
                    label,
                    Wish::Who(id.clone()),
                )?]);
            }
            let nobody = match call.offered.is_empty() {
                true => Text::PhoneButtonSkip,
                false => Text::PhoneButtonNobody,
            };
            let skip = self.call_button(account, nobody, Wish::Skip)?;
            let dropped = self.call_button(account, Text::PhoneButtonDrop, Wish::Drop)?;
            rows.push(vec![skip, dropped]);
            return Ok(rows);
        }
        let asked = self.settings().tickets.checklist.len() + 1;
        let mut row = Vec::new();
        if usize::try_from(call.done).is_ok_and(|done| done < asked) {
            row.push(self.call_button(account, Text::PhoneButtonSkip, Wish::Skip)?);
        }
        row.push(self.call_button(account, Text::PhoneButtonWrite, Wish::Write(false))?);
        rows.push(row);
        rows.push(vec![
            self.call_button(account, Text::PhoneButtonCallBack, Wish::Write(true))?,
            self.call_button(account, Text::PhoneButtonDrop, Wish::Drop)?,
        ]);
        Ok(rows)
    }

    fn call_button(
        &mut self,
        account: AccountId,
        label: impl Into<Say>,
        wish: Wish,
    ) -> Result<Button, AppError> {
        let key = plant(
            self,
            Some(ChatId(account.0)),
            Some(account),
            Action::Phone(wish),
        )?;
        Ok(Button {
            label: label.into(),
            key,
        })
    }

    /// A press of whoever answers the phone.
    pub(crate) async fn phone_tap(&mut self, tap: &Tap, wish: Wish) -> Result<Answer, AppError> {
        let person = &tap.from;
        let object = Object::Cooperative;
        if !self
            .account_may(person.account, Act::AnswerPhone, object)
            .await?
        {
            return Ok(Answer::refusal(Text::AuthzActiveOnly));
        }
        if let Wish::CalledBack(number) = wish {
            return self.called_back(person, number).await;
        }
        let key = call_of(person.account);
        let Some(mut call) = self.get::<Call>(&key).await? else {
            return Ok(Answer::refusal(Text::PhoneOver));
        };
        match wish {
            Wish::Who(id) => {
                let place = ChatId(person.account.0).into();
                let object = format!("member {id}");
                self.audit(person, place, "read-member", &object, ("", "call"))
                    .await?;
                call.member = Some(id);
                call.done = call.done.max(1);
            }
            Wish::Skip => call.done += 1,
            Wish::Write(back) => {
                self.write_call(person, &call, back).await?;
                return Ok(Answer::quiet());
            }
            Wish::Drop | Wish::CalledBack(_) => {
                self.delete(key);
                self.end_dialogue(person.account);
                self.edit_call(tap).await?;
                return Ok(Answer::toast(Text::PhoneDropped));
            }
        }
        call.offered.clear();
        self.put(key, &call)?;
        self.ask(person, Asking::Phone).await?;
        self.edit_call(tap).await?;
        Ok(Answer::quiet())
    }

    async fn edit_call(&mut self, tap: &Tap) -> Result<(), AppError> {
        let target = tap
            .on
            .map_or(Target::New, |(_, message)| Target::Edit(message));
        self.show_call(&tap.from, target).await
    }

    async fn write_call(
        &mut self,
        person: &Person,
        call: &Call,
        back: bool,
    ) -> Result<(), AppError> {
        let member = match &call.member {
            Some(id) => self.member(id).await?,
            None => None,
        };
        let answered = |wanted: &str| {
            let found = call.answers.iter().find(|(entry, _)| entry == wanted);
            found.map(|(_, answer)| answer.clone())
        };
        let outage = match &member {
            Some(member) => self.outage_of(member).await?,
            None => None,
        };
        let spoken = call.answers.iter().filter(|(entry, _)| entry != "number");
        let lines: Vec<String> = spoken.map(|(_, answer)| answer.clone()).collect();
        let account = match &member {
            Some(member) => self.account_for(&member.id).await?,
            None => None,
        };
        let new = NewTicket {
            member: member.as_ref().map(|member| member.id.clone()),
            account,
            name: member
                .as_ref()
                .map_or_else(|| call.name.clone(), short_name),
            phone: answered("number"),
            category: match outage {
                Some(_) => Category::Outage,
                None => Category::Other,
            },
            outage: outage.map(|(known, _)| known),
            origin: Origin::Phone,
            call_back: back,
            by: Some((person.account, person.first_name.clone())),
            ..NewTicket::saying(&lines.join("\n"))
        };
        let number = self.open_ticket(new).await?;
        self.delete(call_of(person.account));
        self.end_dialogue(person.account);
        let text = match back {
            true => Text::PhoneWrittenBack,
            false => Text::PhoneWritten,
        };
        let say = Say::new(text).with("number", Arg::Text(number.to_string()));
        self.write_back(person, None, say).await
    }
}
