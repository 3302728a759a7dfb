//! Tickets: what people ask of the cooperative, from the first word to the last.
//!
//! A ticket is one record, its thread one record a line; lists of tickets are keys without a
//! value. The team sees a ticket as one message that is kept up to date ([`card`]).

mod actions;
mod card;
mod dialogue;
mod ending;
mod incoming;
mod list;
mod member;
mod notice;
mod opening;
mod records;
mod search;
mod sheet;
mod team;

pub use card::TicketView;
pub use dialogue::{Asked, Rating, Wish};
pub use ending::Step;
pub use list::TicketList;
pub(crate) use member::Written;
pub use opening::NewTicket;
pub(crate) use opening::short_name;
pub use records::{By, Line, LineKind};

use vigie_domain::TicketId;
use vigie_domain::authz::Object;
use vigie_domain::text::Key as Text;
use vigie_domain::tickets::{Category, State, Ticket};

use super::error::AppError;
use super::tx::Tx;

impl Tx<'_> {
    /// A ticket.
    ///
    /// # Errors
    /// The store failed, or the record cannot be read.
    pub async fn ticket(&mut self, number: TicketId) -> Result<Option<Ticket>, AppError> {
        self.get(&records::ticket(number)).await
    }

    /// A ticket, or the one that it was merged into.
    ///
    /// # Errors
    /// The store failed, or a record cannot be read.
    pub async fn ticket_followed(&mut self, number: TicketId) -> Result<Option<Ticket>, AppError> {
        let mut found = self.ticket(number).await?;
        // Merging follows pointers, so there is one step; a second guards against old records.
        for _ in 0..2 {
            match found.as_ref().and_then(|ticket| ticket.merged_into) {
                Some(target) => found = self.ticket(target).await?,
                None => break,
            }
        }
        Ok(found)
    }

    /// Writes a ticket with what its lists say of it, and has its card brought up to date.
    pub(crate) async fn keep_ticket(&mut self, ticket: &Ticket) -> Result<(), AppError> {
        let open = records::open(ticket.number);
        if ticket.state == State::Closed || ticket.merged_into.is_some() {
            self.delete(open);
        } else {
            self.put(open, &records::Listed)?;
        }
        self.put(records::ticket(ticket.number), ticket)?;
        self.ticket_card_changed(ticket).await
    }

    /// Adds a line to the thread of a ticket; the ticket itself is to be written after it.
    pub(crate) fn add_line(&mut self, ticket: &mut Ticket, line: &Line) -> Result<u32, AppError> {
        let number = ticket.lines;
        ticket.lines = ticket.lines.saturating_add(1);
        let files = u32::try_from(line.files.len()).unwrap_or(u32::MAX);
        ticket.files = ticket.files.saturating_add(files);
        ticket.changed_at = self.now();
        if let Some((chat, message)) = line.message {
            let about = records::AboutTicket {
                ticket: ticket.number,
                line: Some(number),
            };
            self.put(records::about(chat, message), &about)?;
        }
        if line.kind != LineKind::Event {
            self.index_words(ticket.number, &line.text)?;
        }
        self.put(records::line(ticket.number, number), line)?;
        Ok(number)
    }
}

/// What a ticket is for rights: its sector answers for it.
pub(crate) fn object(ticket: &Ticket) -> Object<'_> {
    Object::Sector(ticket.sector.as_ref())
}

/// The word for a category.
#[must_use]
pub const fn category_word(category: Category) -> Text {
    match category {
        Category::Outage => Text::TicketsCategoryOutage,
        Category::Slow => Text::TicketsCategorySlow,
        Category::Equipment => Text::TicketsCategoryEquipment,
        Category::Invoice => Text::TicketsCategoryInvoice,
        Category::Membership => Text::TicketsCategoryMembership,
        Category::Other => Text::TicketsCategoryOther,
    }
}

/// The word for a state.
#[must_use]
pub const fn state_word(state: State) -> Text {
    match state {
        State::New => Text::TicketsStateNew,
        State::Taken => Text::TicketsStateTaken,
        State::WaitsForMember => Text::TicketsStateWaitsForMember,
        State::WaitsForField => Text::TicketsStateWaitsForField,
        State::Resolved => Text::TicketsStateResolved,
        State::Closed => Text::TicketsStateClosed,
        State::Reopened => Text::TicketsStateReopened,
    }
}
