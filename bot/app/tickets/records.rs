//! What is kept of tickets, and under which keys.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::tickets::Ticket;
use vigie_domain::{AccountId, ChatId, MessageId, TicketId};
use vigie_store::Key;

use crate::app::event::Attachment;

/// A line of the thread of a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: By,
    /// What kind of line.
    pub kind: LineKind,
    /// What was written, as it stands now.
    pub text: String,
    /// What stood there before, and until when.
    #[serde(default)]
    pub before: Vec<(DateTime<Utc>, String)>,
    /// Files that came with it.
    #[serde(default)]
    pub files: Vec<Attachment>,
    /// The message in which it was written.
    #[serde(default)]
    pub message: Option<(ChatId, MessageId)>,
    /// The album to which its files belong.
    #[serde(default)]
    pub album: Option<String>,
}

/// Who wrote a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum By {
    /// The person whom the ticket is for, or somebody for them.
    Asker {
        /// What they are called.
        name: String,
    },
    /// Somebody of the team.
    Team {
        /// Their account.
        account: AccountId,
        /// Their first name.
        name: String,
    },
    /// Nobody: time passed, or an outage ended.
    Program,
}

/// What kind of line it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LineKind {
    /// What the person wrote.
    Said,
    /// What the team keeps among itself.
    Note,
    /// What the team wrote to the person.
    Reply,
    /// What happened to the ticket: a fixed word.
    Event,
}

/// The number that was given last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LastNumber(pub(super) i64);

/// Where the team sees a ticket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct TeamCard {
    /// The number of the conversation in which it has a message, and that message.
    pub(super) message: Option<(i64, MessageId)>,
    /// The key of its buttons, and since when it serves.
    pub(super) button: Option<(String, DateTime<Utc>)>,
}

/// Which line of which ticket a message is; without a line, a message of ours about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AboutTicket {
    /// The ticket.
    pub(crate) ticket: TicketId,
    /// The line.
    pub(crate) line: Option<u32>,
}

/// How people said it went, in one month: totals, never which ticket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Satisfaction {
    pub(super) good: u64,
    pub(super) fair: u64,
    pub(super) bad: u64,
}

/// That a ticket stands in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Listed;

crate::record_v1!(
    Ticket,
    Line,
    LastNumber,
    TeamCard,
    AboutTicket,
    Satisfaction,
    Listed
);

pub(super) fn last_number() -> Key {
    Key::of("sys/tickets").end()
}

pub(super) fn ticket(number: TicketId) -> Key {
    Key::of("tk/").i64(number.0).end()
}

pub(super) fn line(number: TicketId, line: u32) -> Key {
    Key::of("tl/").i64(number.0).u64(u64::from(line)).end()
}

pub(super) fn team_card(number: TicketId) -> Key {
    Key::of("tg/").i64(number.0).end()
}

pub(super) fn outbox_ticket(chat: ChatId, number: TicketId) -> Key {
    Key::of("ot/").i64(chat.0).i64(number.0).end()
}

/// Which ticket a message is about.
pub(crate) fn about(chat: ChatId, message: MessageId) -> Key {
    Key::of("tb/").i64(chat.0).i64(message.0).end()
}

/// How it went, in the month of this time.
pub(super) fn satisfaction(at: DateTime<Utc>) -> Key {
    Key::of("ts/").text(&at.format("%Y-%m").to_string()).end()
}

/// A ticket that is not closed.
pub(super) fn open(number: TicketId) -> Key {
    Key::of("ti/").i64(number.0).end()
}

/// A ticket of an account; the newest first.
pub(super) fn of_account(account: AccountId, number: TicketId) -> Key {
    Key::of("ty/")
        .i64(account.0)
        .i64(newest_first(number))
        .end()
}

pub(super) fn all_of_account(account: AccountId) -> Key {
    Key::of("ty/").i64(account.0).end()
}

/// A ticket for a member; the newest first.
pub(super) fn of_member(member: &str, number: TicketId) -> Key {
    Key::of("tm/").text(member).i64(newest_first(number)).end()
}

pub(super) fn all_of_member(member: &str) -> Key {
    Key::of("tm/").text(member).end()
}

/// A ticket that belongs to an outage.
pub(super) fn of_outage(outage: &str, number: TicketId) -> Key {
    Key::of("to/").text(outage).i64(number.0).end()
}

pub(super) fn all_of_outage(outage: &str) -> Key {
    Key::of("to/").text(outage).end()
}

/// A ticket in which a word stands; the newest first.
pub(super) fn of_word(stem: &str, number: TicketId) -> Key {
    of_word_from(stem, newest_first(number))
}

/// Where a list of tickets with a word goes on.
pub(super) fn of_word_from(stem: &str, place: i64) -> Key {
    Key::of("tw/").text(stem).i64(place).end()
}

pub(super) fn all_of_word(stem: &str) -> Key {
    Key::of("tw/").text(stem).end()
}

/// Every ticket that is not closed.
pub(super) fn all_open() -> Key {
    Key::of("ti/").end()
}

/// Every ticket.
pub(super) fn all_tickets() -> Key {
    Key::of("tk/").end()
}

/// The ticket at a place of a list whose order is the newest first.
pub(super) const fn number_of_newest(place: i64) -> TicketId {
    TicketId(i64::MAX - place)
}

const fn newest_first(number: TicketId) -> i64 {
    i64::MAX - number.0
}

/// The ticket in a key whose order is the newest first.
pub(super) fn ticket_of_newest(key: &Key) -> Option<TicketId> {
    crate::app::keys::last_i64(key).map(number_of_newest)
}
