//! The states of a ticket, and which moves lead from one to another.

use serde::{Deserialize, Serialize};

use super::Owner;

/// How far a ticket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Nobody has looked at it.
    New,
    /// Somebody has it in hand.
    Taken,
    /// The member has to answer.
    WaitsForMember,
    /// Somebody has to go there.
    WaitsForField,
    /// It is thought to be solved.
    Resolved,
    /// It is over.
    Closed,
    /// It came back, and nobody has taken it again.
    Reopened,
}

impl State {
    /// Every state, in the order of lists.
    pub const ALL: [Self; 7] = [
        Self::New,
        Self::Reopened,
        Self::Taken,
        Self::WaitsForMember,
        Self::WaitsForField,
        Self::Resolved,
        Self::Closed,
    ];

    /// Its short name, in files and filters.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Taken => "taken",
            Self::WaitsForMember => "waits-for-member",
            Self::WaitsForField => "waits-for-field",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            Self::Reopened => "reopened",
        }
    }

    /// Whether somebody has something to do.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Resolved | Self::Closed)
    }

    /// Whether it waits for somebody of the team to take it.
    #[must_use]
    pub const fn waits_for_taking(self) -> bool {
        matches!(self, Self::New | Self::Reopened)
    }

    /// The state after a move.
    ///
    /// # Errors
    /// The move is not possible in this state.
    pub const fn after(self, step: &Move) -> Result<Self, Refused> {
        Ok(match (step, self) {
            (Move::Take(_), Self::New | Self::Reopened) => Self::Taken,
            (Move::Take(_), Self::Resolved | Self::Closed)
            | (
                Move::TakeOver(_) | Move::AskMember | Move::AskField,
                Self::Closed | Self::Resolved,
            )
            | (Move::Answer, Self::Closed) => return Err(Refused::Over),
            (Move::Take(_), _) => return Err(Refused::TakenAlready),
            (Move::TakeOver(_), Self::New | Self::Reopened) => Self::Taken,
            (Move::TakeOver(_) | Move::Answer, state) => state,
            (Move::AskMember, _) => Self::WaitsForMember,
            (Move::AskField, _) => Self::WaitsForField,
            (Move::MemberWrites, Self::WaitsForMember) => Self::Taken,
            (Move::MemberWrites, Self::Resolved | Self::Closed) => return Err(Refused::Over),
            (Move::MemberWrites, state) => state,
            (Move::Resolve, Self::Resolved | Self::Closed) => return Err(Refused::Over),
            (Move::Resolve, _) => Self::Resolved,
            (Move::Close, Self::Closed) => return Err(Refused::Over),
            (Move::Close, _) => Self::Closed,
            (Move::Reopen, Self::Resolved | Self::Closed) => Self::Reopened,
            (Move::Reopen, _) => return Err(Refused::NotOver),
        })
    }
}

/// What happens to a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// Somebody takes what nobody has.
    Take(Owner),
    /// Somebody takes it from whoever has it.
    TakeOver(Owner),
    /// The team writes to the member and goes on.
    Answer,
    /// The member has to answer.
    AskMember,
    /// Somebody has to go there.
    AskField,
    /// The member writes.
    MemberWrites,
    /// It is thought to be solved.
    Resolve,
    /// It is over.
    Close,
    /// It came back.
    Reopen,
}

/// Why a move is not possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Somebody has it already.
    TakenAlready,
    /// It is resolved or closed.
    Over,
    /// It is not over, so it cannot come back.
    NotOver,
    /// It was merged into another.
    Merged,
}
