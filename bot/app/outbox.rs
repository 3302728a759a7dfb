//! The outbox: what is to be said, durable, named by subject and not by finished text.
//!
//! Two kinds of rows. A *card* row `oc/<chat>/<card>` says "this card is not up to date": ten
//! changes that wait are one row. A *message* row `om/<commit order>` says one thing once.

mod view;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::text::Say;
use vigie_domain::{CardId, ChatId, EquipmentId, Lang, MessageId, Place};

use super::absence::Absence;
use super::history::{Form, HistoryOf};
use super::joining::Call;
use super::topics::{TopicCall, TopicEnd};

pub use view::{Plans, View};

/// Order of sending: the lower class first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Class {
    /// Answers to presses and commands.
    Answer,
    /// First message about an outage.
    First,
    /// Other messages about outages.
    Alert,
    /// Tickets and bridges.
    Service,
    /// Digests and broadcasts.
    Bulk,
}

/// What to do when the outcome of a sending is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Doubt {
    /// Send once more, marked as a repetition: better twice than never.
    SendAgain,
    /// Do not send again.
    Drop,
}

/// A row of the outbox.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Where it goes.
    pub place: Place,
    /// What is to be done there.
    pub what: Outgoing,
    /// Its class.
    pub class: Class,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// Not to be sent before.
    pub not_before: Option<DateTime<Utc>>,
    /// Tries so far.
    pub attempts: u32,
    /// How far it is.
    pub state: RowState,
    /// For cards: something changed after the sending in flight was rendered.
    pub stale: bool,
    /// What to do when the outcome is not known.
    pub doubt: Doubt,
    /// Whether an earlier sending may have arrived: what is not known to be there may be there.
    #[serde(default)]
    pub doubtful: bool,
}

impl Row {
    /// A row that waits since now.
    #[must_use]
    pub const fn new(
        place: Place,
        what: Outgoing,
        class: Class,
        now: DateTime<Utc>,
        doubt: Doubt,
    ) -> Self {
        Self {
            place,
            what,
            class,
            asked_at: now,
            not_before: None,
            attempts: 0,
            state: RowState::Pending,
            stale: false,
            doubt,
            doubtful: false,
        }
    }

    /// Whether it waits for its conversation to work again, and not for a time.
    #[must_use]
    pub fn waits_for_a_sign(&self) -> bool {
        self.not_before == Some(DateTime::<Utc>::MAX_UTC)
    }

    /// In whose turn it goes: what is done to somebody in a group is no message there, and takes
    /// its turn among what is said to them.
    #[must_use]
    pub fn lane(&self) -> ChatId {
        match &self.what {
            Outgoing::Do(call) => call.account().map_or(self.place.chat, |one| ChatId(one.0)),
            _ => self.place.chat,
        }
    }
}

/// How far a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RowState {
    /// Waits.
    Pending,
    /// Being sent since then; found so after a crash, its outcome is not known.
    Sending(DateTime<Utc>),
    /// To be sent once more, marked as a repetition.
    Repeat,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outgoing {
    /// Bring a card up to date: send it if it has no message yet, else edit it.
    Card(CardId),
    /// Attach the names of everything on a card as a file, in reply to the card.
    Names(CardId),
    /// Send outages that are over as a file.
    History {
        /// Whose.
        of: HistoryOf,
        /// In which form.
        form: Form,
        /// In which language.
        lang: Lang,
        /// The message it replies to.
        reply_to: Option<MessageId>,
    },
    /// Say that nobody has taken a card, if that is still so.
    Reminder(CardId),
    /// Call somebody about a card, if nobody has taken it by then.
    Call(super::rota::Called),
    /// Say a reminder, unless it was stopped meanwhile.
    Remind(super::reminders::Reminded),
    /// Say that we saw or said nothing for a while, and what is down now.
    Absence(Absence),
    /// Send what happened to the last incident of a piece of equipment, as a file.
    Incident {
        /// Of what.
        id: EquipmentId,
        /// In which form.
        form: super::incidents::Form,
        /// In which language.
        lang: Lang,
    },
    /// Send somebody what is kept of them, as a file.
    MyData {
        /// Whose.
        account: vigie_domain::AccountId,
        /// In which form.
        form: super::me::Form,
        /// In which language.
        lang: Lang,
    },
    /// Remove a message of somebody from a group.
    Remove(MessageId),
    /// Say something.
    Say(Message),
    /// Do something in a conversation that is no message of ours.
    Do(Call),
    /// Bring up to date the line that tells who waits to be let into groups.
    Door,
    /// Send tickets as a file.
    TicketsFile {
        /// In which form.
        form: super::tickets::TicketsForm,
        /// In which language.
        lang: Lang,
    },
    /// Bring the card of a ticket up to date: send it if it has no message yet, else edit it.
    Ticket(vigie_domain::TicketId),
    /// Show a list or sheet that is read anew when it is sent.
    View {
        /// What to show.
        view: View,
        /// In which language.
        lang: Lang,
        /// The message to edit in place, or the one to reply to.
        target: Target,
        /// Rows of buttons.
        buttons: Vec<Vec<Button>>,
    },
    /// Answer the press of a button.
    AnswerTap {
        /// The messenger's name for the press.
        query: String,
        /// What to tell, if anything.
        say: Option<Say>,
        /// In which language.
        lang: Lang,
        /// Whether it must be closed by hand.
        alert: bool,
    },
}

/// Paragraphs, with what they hang on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Paragraphs in order.
    pub say: Vec<Say>,
    /// In which language; `None`: the language of the group.
    pub lang: Option<Lang>,
    /// The message it replies to.
    pub reply_to: Option<MessageId>,
    /// The card whose message it replies to, once it has one.
    pub reply_to_card: Option<CardId>,
    /// Rows of buttons.
    pub buttons: Vec<Vec<Button>>,
    /// Whether it makes no sound.
    pub silent: bool,
    /// Whether its paragraphs are lines, without a space between them.
    #[serde(default)]
    pub tight: bool,
    /// What is said in a group instead, where the person cannot be written to.
    #[serde(default)]
    pub instead: Option<(ChatId, Box<Say>)>,
    /// The ticket that it is about: what is written in answer to it belongs there.
    #[serde(default)]
    pub ticket: Option<vigie_domain::TicketId>,
    /// What administrators are told, where the person cannot be written to.
    #[serde(default)]
    pub unreached: Option<Box<Say>>,
    /// Whether it waits for the morning of the person.
    #[serde(default)]
    pub calm: bool,
}

/// A button: its label, and the opaque key that is looked up when it is pressed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Button {
    /// Label.
    pub label: Say,
    /// Opaque key, at most 24 ASCII bytes; or the `https` address that the button opens.
    pub key: String,
}

/// Where a view goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// A new message.
    New,
    /// A new message, as a reply to this one.
    ReplyTo(MessageId),
    /// In place of what this message shows.
    Edit(MessageId),
}

/// What names the look of a message: text, formatting and buttons. Equal looks have equal names.
pub type Look = [u8; 16];

/// How a sending ended, as the edge understood the answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Done; the number of the message where there is one. "Not modified" is done.
    Done(Option<MessageId>),
    /// Done, and the message of the card is known to look like this.
    Shows(MessageId, Look),
    /// Done: a link into the group.
    Link(String),
    /// Not now: again at this time.
    Later(DateTime<Utc>),
    /// The message to edit is gone: send a new one.
    MessageGone,
    /// The topic is gone: to the general one.
    TopicGone,
    /// The topic is closed: it is opened again if it is ours, else to the general one.
    TopicClosed,
    /// How a call about the topic of a card ended.
    Topic(TopicCall, TopicEnd),
    /// The group has another number.
    Moved(ChatId),
    /// Nothing can be written to this conversation until something changes there; the text says
    /// why, for administrators.
    ChatBroken(BrokenBy),
    /// The press is too old to be answered.
    TooLate,
    /// Refused for a fault of ours; the technical text goes to the log.
    Refused(String),
    /// The outcome is not known: it may have arrived.
    Unknown,
}

/// Why nothing can be written to a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BrokenBy {
    /// The person blocked us, or their account is gone.
    Blocked,
    /// The person never started us.
    NeverStarted,
    /// We were removed from the group, or it was deleted.
    Removed,
    /// No such conversation: a wrong number.
    NotFound,
    /// We may not write there.
    NoRights,
}

impl BrokenBy {
    /// Whether a later sign (a membership change) can mend it, so that rows are kept.
    #[must_use]
    pub const fn can_mend(self) -> bool {
        matches!(self, Self::Removed | Self::NoRights | Self::NotFound)
    }
}
