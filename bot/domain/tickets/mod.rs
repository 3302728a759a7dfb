//! Tickets: what somebody asks of the cooperative, and how far it is.

mod moves;
mod rules;
pub mod words;

pub use moves::{Move, Refused, State};
pub use rules::{Hours, Rules};

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{AccountId, ChatId, EquipmentId, MemberId, SectorId, TicketId};

/// Longest subject, in characters.
const SUBJECT: usize = 80;

/// What a ticket is about.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// No connection at all.
    Outage,
    /// A connection that is slow or unstable.
    Slow,
    /// An antenna, a router, a cable; installing or moving one.
    Equipment,
    /// An invoice or a payment.
    Invoice,
    /// Membership, addresses, the record.
    Membership,
    /// Anything else, and what nobody has sorted yet.
    #[default]
    Other,
}

impl Category {
    /// Every category, in the order of menus.
    pub const ALL: [Self; 6] = [
        Self::Outage,
        Self::Slow,
        Self::Equipment,
        Self::Invoice,
        Self::Membership,
        Self::Other,
    ];

    /// Its short name, in files and filters.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Outage => "outage",
            Self::Slow => "slow",
            Self::Equipment => "equipment",
            Self::Invoice => "invoice",
            Self::Membership => "membership",
            Self::Other => "other",
        }
    }
}

/// How a ticket came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// A person wrote to us.
    Chat,
    /// Somebody who answers the phone wrote it down.
    Phone,
    /// A message left on the answering machine.
    Voicemail,
    /// An outage that a member declared.
    Declaration,
    /// It goes on from a ticket that was closed too long ago.
    Sequel(TicketId),
}

/// The outage that a ticket belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParentOutage {
    /// Its name in our records.
    pub id: String,
    /// Its name for people.
    pub name: String,
}

/// Who has a ticket in hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// Their account.
    pub account: AccountId,
    /// Their first name.
    pub name: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// A ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// Its number: one after the other, without gaps.
    pub number: TicketId,
    /// How far it is.
    pub state: State,
    /// The beginning of what was written first.
    pub subject: String,
    /// What it is about.
    pub category: Category,
    /// The sector it belongs to.
    pub sector: Option<SectorId>,
    /// The equipment it is about.
    pub equipment: Option<EquipmentId>,
    /// The member it is for.
    pub member: Option<MemberId>,
    /// The account that is answered.
    pub account: Option<AccountId>,
    /// What the person is called where the team reads.
    pub name: String,
    /// The number to call back, never shown in a group.
    pub phone: Option<String>,
    /// How it came in.
    pub origin: Origin,
    /// The outage it belongs to.
    pub outage: Option<ParentOutage>,
    /// The ticket it was merged into; then this number is a pointer for ever.
    pub merged_into: Option<TicketId>,
    /// Who has it in hand.
    pub owner: Option<Owner>,
    /// Who is told of what happens to it besides the owner.
    pub watchers: BTreeSet<AccountId>,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When it last changed.
    pub changed_at: DateTime<Utc>,
    /// When it was last resolved.
    pub resolved_at: Option<DateTime<Utc>>,
    /// Lines of its thread.
    pub lines: u32,
    /// Files attached to it.
    pub files: u32,
    /// The conversation in which the team sees it.
    pub team: Option<ChatId>,
    /// Whether the person said how it went.
    #[serde(default)]
    pub rated: bool,
    /// How often it was reopened.
    #[serde(default)]
    pub reopened: u32,
    /// Whether somebody has to call the person back.
    #[serde(default)]
    pub call_back: bool,
    /// Reminders told since it last moved.
    #[serde(default)]
    pub reminded: u32,
}

impl Ticket {
    /// Whether this person has it in hand.
    #[must_use]
    pub fn is_of(&self, account: AccountId) -> bool {
        self.owner
            .as_ref()
            .is_some_and(|owner| owner.account == account)
    }

    /// Moves it; the owner changes where the move says so.
    ///
    /// # Errors
    /// The move is not possible from the state in which it is.
    pub fn moved(&mut self, step: &Move, now: DateTime<Utc>) -> Result<(), Refused> {
        if self.merged_into.is_some() {
            return Err(Refused::Merged);
        }
        let state = self.state.after(step)?;
        match step {
            Move::Take(owner) | Move::TakeOver(owner) => self.owner = Some(owner.clone()),
            Move::Resolve => self.resolved_at = Some(now),
            Move::Reopen => {
                self.resolved_at = None;
                self.rated = false;
                self.reopened = self.reopened.saturating_add(1);
            }
            _ => {}
        }
        if state != self.state {
            self.reminded = 0;
        }
        self.state = state;
        self.changed_at = now;
        Ok(())
    }
}

/// The subject of a ticket that begins with this text: its first line, shortened at a word.
#[must_use]
pub fn subject(text: &str) -> String {
    let line = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or_default();
    let words: Vec<&str> = line.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().count() <= SUBJECT {
        return line;
    }
    let mut short = String::new();
    for word in &words {
        if short.chars().count() + word.chars().count() + 2 > SUBJECT {
            break;
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
    }
    if short.is_empty() {
        short = line.chars().take(SUBJECT - 1).collect();
    }
    short.push('…');
    short
}

#[cfg(test)]
mod tests;
