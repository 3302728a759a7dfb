//! What a person is being asked in private. One dialogue a person: a plain text goes to it,
//! `/annuler` ends it, another command leaves it open and says so, and it ends by itself after a
//! while, with a word about what is kept.
//!
//! A capability adds a variant to [`Asking`] that holds its own state, its two texts, and a line
//! in [`Tx::in_dialogue`].

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId, Lang};

use super::due::Due;
use super::error::AppError;
use super::event::{Command, Person, Said, Sender};
use super::outbox::{Class, Message};
use super::tx::Tx;
use super::{declaring, incidents, joining, keys, linking, me, tickets};

/// A dialogue that is open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dialogue {
    /// What is asked.
    pub what: Asking,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
    /// The language of the person, for its end.
    pub lang: Lang,
}

crate::record_v1!(Dialogue);

/// What is asked, with how far it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Asking {
    /// Who somebody is.
    Linking(linking::Asked),
    /// What is wrong in the record.
    Me(me::Asked),
    /// What is wrong with a connection.
    Declaring(Box<declaring::Asked>),
    /// Something in words about an incident.
    Incident(incidents::Asked),
    /// Something about a ticket.
    Ticket(tickets::Asked),
    /// What whoever calls the cooperative says.
    Phone,
    /// What a new group shall be.
    Founding(joining::FoundingAsked),
}

impl Asking {
    /// What it is about, in a few words.
    const fn name(&self) -> Text {
        match self {
            Self::Linking(_) => Text::DialogueLinking,
            Self::Me(_) => Text::MeCorrecting,
            Self::Declaring(_) => Text::DeclaringDialogue,
            Self::Incident(_) => Text::IncidentDialogue,
            Self::Ticket(asked) if asked.of_the_team() => Text::TicketsDialogueTeam,
            Self::Ticket(_) => Text::TicketsDialogue,
            Self::Phone => Text::PhoneDialogue,
            Self::Founding(_) => Text::FoundingDialogue,
        }
    }

    /// What is told when it ends by itself: what is kept, and how to go on.
    const fn farewell(&self) -> Text {
        match self {
            Self::Linking(_) => Text::DialogueLinkingOver,
            Self::Me(_) => Text::MeCorrectingOver,
            Self::Declaring(_) => Text::DeclaringDialogueOver,
            Self::Incident(_) => Text::IncidentDialogueOver,
            Self::Ticket(asked) if asked.of_the_team() => Text::TicketsDialogueTeamOver,
            Self::Ticket(_) => Text::TicketsDialogueOver,
            Self::Phone => Text::PhoneDialogueOver,
            Self::Founding(_) => Text::FoundingDialogueOver,
        }
    }
}

impl Tx<'_> {
    /// The dialogue that is open with somebody.
    pub(crate) async fn dialogue(
        &mut self,
        account: AccountId,
    ) -> Result<Option<Dialogue>, AppError> {
        let known: Option<Dialogue> = self.get(&keys::dialogue(account)).await?;
        Ok(known.filter(|dialogue| dialogue.expires_at > self.now()))
    }

    /// Opens a dialogue, or goes on with it. One about something else makes way, with a word.
    pub(crate) async fn ask(&mut self, person: &Person, what: Asking) -> Result<(), AppError> {
        let open = self.dialogue(person.account).await?;
        let lang = self.lang(person).await?;
        let same = open
            .as_ref()
            .is_none_or(|open| std::mem::discriminant(&open.what) == std::mem::discriminant(&what));
        if let (false, Some(open)) = (same, &open) {
            let say = Say::new(Text::DialogueMadeWay).with("what", Arg::Word(open.what.name()));
            let mut message = Message::of(say);
            message.lang = Some(lang);
            self.say(ChatId(person.account.0), Class::Answer, message)?;
        }
        let minutes = TimeDelta::minutes(i64::from(self.settings().dialogue_min));
        let expires_at = self.now() + minutes;
        let since = open.filter(|_| same).map_or(self.now(), |open| open.since);
        let dialogue = Dialogue {
            what,
            since,
            expires_at,
            lang,
        };
        self.put(keys::dialogue(person.account), &dialogue)?;
        self.plan(expires_at, Due::Dialogue(person.account))
    }

    /// Ends the dialogue with somebody without a word.
    pub(crate) fn end_dialogue(&mut self, account: AccountId) {
        self.delete(keys::dialogue(account));
    }

    /// A plain text in private. `false`: no dialogue is open.
    pub(crate) async fn in_dialogue(
        &mut self,
        from: &Sender,
        said: Said,
        text: &str,
    ) -> Result<bool, AppError> {
        let (Sender::Person(person), true) = (from, said.private) else {
            return Ok(false);
        };
        let Some(dialogue) = self.dialogue(person.account).await? else {
            return Ok(false);
        };
        match dialogue.what {
            Asking::Linking(asked) => self.link_said(person, asked, text).await?,
            Asking::Me(asked) => self.me_said(person, asked, text).await?,
            Asking::Declaring(asked) => {
                self.declaring_said(person, said, *asked, text).await?;
            }
            Asking::Incident(asked) => self.incident_said(person, asked, text).await?,
            Asking::Phone => self.call_said(person, text).await?,
            Asking::Ticket(asked) => {
                let written = tickets::Written::words(text);
                self.ticket_said(person, said, (asked, &written)).await?;
            }
            Asking::Founding(asked) => self.founding_said(person, asked, text).await?,
        }
        Ok(true)
    }

    /// `/annuler`.
    pub(crate) async fn cancel_command(&mut self, command: &Command) -> Result<(), AppError> {
        let open = match &command.from {
            Sender::Person(person) if command.said.private => self.dialogue(person.account).await?,
            _ => None,
        };
        let (Some(open), Some(account)) = (open, command.from.account()) else {
            return self.answer(command, Text::HelpNothingToCancel.into()).await;
        };
        self.end_dialogue(account);
        if let Asking::Declaring(asked) = &open.what {
            self.declaring_dropped(asked).await?;
        }
        let say = Say::new(Text::DialogueCancelled).with("what", Arg::Word(open.what.name()));
        self.answer(command, say).await
    }

    /// A command was answered in private. Where a dialogue was open before it and is still as it
    /// was, it waits, and the person is reminded of it.
    pub(crate) async fn beside_dialogue(
        &mut self,
        command: &Command,
        before: Option<Dialogue>,
    ) -> Result<(), AppError> {
        let (Some(before), Sender::Person(person)) = (before, &command.from) else {
            return Ok(());
        };
        if self.dialogue(person.account).await?.as_ref() != Some(&before) {
            return Ok(());
        }
        let say = Say::new(Text::DialogueWaits)
            .with("what", Arg::Word(before.what.name()))
            .with("until", Arg::At(before.expires_at));
        let mut message = Message::of(say);
        message.lang = Some(self.lang(person).await?);
        message.silent = true;
        self.say_at(command.said.place, Class::Answer, message)
    }

    /// A dialogue may be over.
    pub(crate) async fn dialogue_ends(&mut self, account: AccountId) -> Result<(), AppError> {
        let key = keys::dialogue(account);
        let Some(dialogue) = self.get::<Dialogue>(&key).await? else {
            return Ok(());
        };
        // It went on meanwhile: that planned another end.
        if dialogue.expires_at > self.now() {
            return Ok(());
        }
        self.delete(key);
        let mut message = Message::of(Say::new(dialogue.what.farewell()));
        if let Asking::Declaring(asked) = &dialogue.what {
            let ticket = self.declaring_ran_out(account, asked).await?;
            message.say.push(ticket);
        }
        message.lang = Some(dialogue.lang);
        self.say(ChatId(account.0), Class::Service, message)
    }
}
