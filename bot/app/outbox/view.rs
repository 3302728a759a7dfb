//! Lists and sheets that a conversation asks for: which one, and for whom.

use serde::{Deserialize, Serialize};
use vigie_domain::history::Month;
use vigie_domain::text::Say;
use vigie_domain::{AccountId, CardId, ChatId, EquipmentId, SectorId, TicketId};

use crate::app::history::HistoryOf;

/// A list or sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum View {
    /// What is down, everywhere or in one sector.
    Status {
        /// The sector, or everywhere.
        sector: Option<SectorId>,
        /// Page, from 0.
        page: u32,
        /// Account that opened it: only they turn its pages.
        opener: Option<AccountId>,
    },
    /// A card as it stands, on a copy of it that is not kept up to date.
    CardCopy {
        /// The card.
        card: CardId,
        /// Its group.
        chat: ChatId,
        /// Whether the card itself is further down.
        below: bool,
    },
    /// Which sector a group of this kind is for.
    Sectors {
        /// The kind.
        kind: String,
        /// Page, from 0.
        page: u32,
    },
    /// What alerts come from.
    Sources {
        /// Page, from 0.
        page: u32,
        /// Account that opened it.
        opener: Option<AccountId>,
    },
    /// The sheet of one piece of equipment.
    Equipment {
        /// Which one.
        id: EquipmentId,
        /// Account that opened it.
        opener: Option<AccountId>,
    },
    /// Who is on call; everybody may press its buttons.
    Rota {
        /// For which sector, or the whole cooperative.
        sector: Option<SectorId>,
    },
    /// Silences, or maintenances, with buttons to end them.
    Plans {
        /// Which.
        plans: Plans,
        /// Account that opened it.
        opener: Option<AccountId>,
    },
    /// Outages that are over.
    History {
        /// Whose.
        of: HistoryOf,
        /// Page, from 0.
        page: u32,
        /// Account that opened it.
        opener: Option<AccountId>,
    },
    /// A month in numbers, with its picture.
    Month {
        /// The month.
        month: Month,
        /// The sector, or everywhere.
        sector: Option<SectorId>,
        /// Account that opened it.
        opener: Option<AccountId>,
    },
    /// Equipment as a tree with its states, with its picture.
    Map {
        /// The sector, or everything.
        sector: Option<SectorId>,
    },
    /// What an import changed.
    Import {
        /// Its number.
        number: u64,
    },
    /// The record of a member.
    Member {
        /// Whose.
        id: vigie_domain::MemberId,
        /// Account that opened it.
        opener: Option<AccountId>,
    },
    /// Lines of the audit log.
    Audit {
        /// Which.
        of: Box<crate::app::members::AuditOf>,
        /// Account that opened it.
        opener: Option<AccountId>,
    },
    /// Who waits to be let into groups, for those who decide.
    Requests {
        /// Page, from 0.
        page: u32,
        /// Account that opened it.
        opener: AccountId,
    },
    /// The reminders of a conversation.
    Reminders {
        /// The conversation.
        chat: ChatId,
        /// Page, from 0.
        page: u32,
        /// Account that opened it.
        opener: AccountId,
    },
    /// One reminder.
    Reminder {
        /// Which.
        id: i64,
        /// Account that opened it.
        opener: AccountId,
    },
    /// What is to be done in a group, or in private by its reader.
    Todos {
        /// The conversation.
        chat: ChatId,
        /// Page, from 0.
        page: u32,
        /// Account that opened it.
        opener: AccountId,
    },
    /// One thing to do.
    Todo {
        /// Its number.
        number: u64,
        /// Account that opened it.
        opener: AccountId,
    },
    /// Who is meant by a name that several people have.
    TodoWho {
        /// What is noted then.
        draft: Box<crate::app::todos::TodoDraft>,
        /// Account that noted it.
        opener: AccountId,
    },
    /// All of a ticket, for somebody of the team.
    Ticket {
        /// Its number.
        number: TicketId,
        /// Account that opened it.
        opener: AccountId,
    },
    /// A list of tickets, for somebody of the team.
    Tickets {
        /// Which.
        list: Box<crate::app::tickets::TicketList>,
        /// Account that opened it.
        opener: AccountId,
    },
    /// A week of tickets in numbers, with its picture.
    TicketWeek {
        /// Its first day.
        first: chrono::NaiveDate,
    },
    /// A ticket, for its person.
    OwnTicket {
        /// Its number.
        number: TicketId,
        /// Whose.
        account: AccountId,
    },
    /// A call to the cooperative, for whoever answers it.
    Call {
        /// Who answers.
        account: AccountId,
    },
    /// Somebody's own tickets.
    MyTickets {
        /// Whose.
        account: AccountId,
        /// Page, from 0.
        page: u32,
    },
    /// These paragraphs, in place of what a message showed.
    Words(Vec<Say>),
    /// What is behind the causes of a card, in full.
    CardDetails {
        /// The card.
        card: CardId,
        /// The group of the card.
        chat: ChatId,
        /// Page, from 0.
        page: u32,
        /// Account that opened it.
        opener: Option<AccountId>,
    },
}

/// What is planned or held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Plans {
    /// Silences that hold.
    Silences,
    /// Maintenances that go on or come.
    Maintenances,
}
