//! Buttons: an opaque random key, looked up when it is pressed.

use base64::Engine as _;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::{AccountId, CardId, ChatId, EquipmentId, MessageId};

use super::alerts::Subject;
use super::error::AppError;
use super::history::{Form, HistoryOf};
use super::keys;
use super::outbox::View;
use super::tx::Tx;

/// Bytes of a key.
const KEY: usize = 22;

/// What a button does, and for whom it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planted {
    /// What it does.
    pub action: Action,
    /// The conversation it belongs to; a copy elsewhere does nothing.
    pub chat: Option<ChatId>,
    /// The message it belongs to, once known.
    pub message: Option<MessageId>,
    /// The only account that may press it, where it matters.
    pub account: Option<AccountId>,
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
}

/// What a button does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// The buttons of a card: a letter after the key says which.
    Card {
        /// The group of the card.
        chat: ChatId,
        /// The card.
        card: CardId,
    },
    /// "I take it" of a card whose buttons have keys of their own, until they expire.
    Take {
        /// The group of the card.
        chat: ChatId,
        /// The card.
        card: CardId,
    },
    /// "Silence 1 h", as [`Action::Take`].
    Silence {
        /// The group of the card.
        chat: ChatId,
        /// The card.
        card: CardId,
    },
    /// "Details", as [`Action::Take`].
    Details {
        /// The group of the card.
        chat: ChatId,
        /// The card.
        card: CardId,
    },
    /// Shows another page, or another list, in place.
    Show(View),
    /// Shows something in a new message.
    Open(View),
    /// Sends outages that are over as a file.
    Export {
        /// Whose.
        of: HistoryOf,
        /// In which form.
        form: Form,
    },
    /// "Checked": what an import changed.
    Verify {
        /// Number of the import.
        number: u64,
    },
    /// Changes a setting of a piece of equipment.
    Set {
        /// Which one.
        equipment: EquipmentId,
        /// What is set.
        change: Change,
    },
    /// Ends a silence.
    EndSilence(Subject),
    /// Changes a rota.
    Rota {
        /// Whose; `None`: of the whole cooperative.
        sector: Option<vigie_domain::SectorId>,
        /// What is changed.
        press: super::commands::RotaPress,
    },
    /// Whoever was called about a card cannot go.
    CannotGo {
        /// The group of the card.
        chat: ChatId,
        /// The card.
        card: CardId,
    },
    /// Something about oneself.
    Me(super::me::Wish),
    /// Something about who an account speaks for.
    Linking(super::linking::Wish),
    /// Sends a test alert of a source.
    TestSource(vigie_domain::SourceId),
    /// Calls a maintenance off.
    CallOff(u64),
    /// Changes a member's record.
    Member {
        /// Whose.
        member: vigie_domain::MemberId,
        /// How.
        act: super::members::MemberAct,
    },
    /// Takes back what one proposed.
    Withdraw {
        /// Number of the proposal.
        proposal: u64,
    },
    /// Agrees to what another person proposed, or refuses it.
    Second {
        /// Number of the proposal.
        proposal: u64,
        /// Whether it is agreed.
        agrees: bool,
    },
    /// Something about joining groups.
    Joining(super::joining::Wish),
    /// The buttons of a reminder: a letter after the key says which.
    Reminder(i64),
    /// Keeps a reminder that was shown, or stops one.
    RemindWish(super::reminders::Wish),
    /// Something about what is to be done.
    Todo(super::todos::TodoWish),
    /// Something about what one declared of one's connection.
    Declaring(super::declaring::Wish),
    /// Something about an incident.
    Incident(super::incidents::Wish),
    /// The buttons of the card of a ticket: a letter after the key says which.
    Ticket(vigie_domain::TicketId),
    /// The tickets of an outage that is over are solved with it.
    TicketsOfOutage {
        /// The outage.
        outage: String,
    },
    /// Something about a call to the cooperative.
    Phone(super::phone::Wish),
    /// Something about a ticket, elsewhere than on its card.
    Tickets(super::tickets::Wish),
    /// Binds a group to a kind, and a sector where the kind is local.
    Bind {
        /// The group.
        chat: ChatId,
        /// The kind.
        kind: String,
        /// The sector.
        sector: Option<vigie_domain::SectorId>,
    },
}

/// A button of a card: all buttons of a card share one record, so that a first message plants one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OfCard {
    /// "I take it".
    Take,
    /// "Silence 1 h".
    Silence,
    /// "Details".
    Details,
}

impl OfCard {
    const ALL: [Self; 3] = [Self::Take, Self::Silence, Self::Details];

    const fn letter(self) -> &'static str {
        match self {
            Self::Take => "t",
            Self::Silence => "s",
            Self::Details => "d",
        }
    }

    /// What the button carries, from the key of the card's record.
    pub(crate) fn key(self, planted: &str) -> String {
        format!("{planted}{}", self.letter())
    }

    /// The button of a letter.
    pub(crate) fn of(letter: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.letter() == letter)
    }
}

/// A button of the card of a ticket; they share one record, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OfTicket {
    /// "I take it".
    Take,
    /// "Take it over".
    TakeOver,
    /// "Answer".
    Reply,
    /// "Solved".
    Resolve,
    /// "Open again".
    Reopen,
    /// "More": all of it, in private.
    More,
}

impl OfTicket {
    const ALL: [Self; 6] = [
        Self::Take,
        Self::TakeOver,
        Self::Reply,
        Self::Resolve,
        Self::Reopen,
        Self::More,
    ];

    const fn letter(self) -> &'static str {
        match self {
            Self::Take => "t",
            Self::TakeOver => "o",
            Self::Reply => "r",
            Self::Resolve => "s",
            Self::Reopen => "n",
            Self::More => "m",
        }
    }

    /// What the button carries, from the key of the record.
    pub(crate) fn key(self, planted: &str) -> String {
        format!("{planted}{}", self.letter())
    }

    /// The button of a letter.
    pub(crate) fn of(letter: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.letter() == letter)
    }
}

/// Takes what a button carries apart: the key of its record, and the letter that says which of the
/// buttons that share it was pressed. Anything may stand there; what has another length than ours
/// is looked up as it is.
pub(crate) fn apart(carried: &str) -> (&str, Option<&str>) {
    match carried.split_at_checked(KEY) {
        Some((key, letter)) if letter.len() == 1 => (key, Some(letter)),
        _ => (carried, None),
    }
}

/// A change of alert settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// Whether alerts are sent.
    Enabled(bool),
    /// Which groups are told.
    Scope(vigie_domain::network::Scope),
    /// Seconds before the first message.
    Delay(u32),
    /// Minutes between repeats.
    Repeat(u32),
    /// Another way carries its traffic, in these words; `None`: not any more.
    Bypass(Option<String>),
    /// Declarations of members from which a possible outage is told.
    Declarations(u32),
    /// Quiet hours.
    Quiet(vigie_domain::network::QuietHours),
    /// As the cooperative does by default.
    Default,
}

crate::record_v1!(Planted);

/// Plants a button: stores what it does and returns its key (22 ASCII bytes).
///
/// # Errors
/// The record cannot be encoded.
pub(crate) fn plant(
    tx: &mut Tx<'_>,
    chat: Option<ChatId>,
    account: Option<AccountId>,
    action: Action,
) -> Result<String, AppError> {
    let key = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(tx.random_bytes());
    let hours = TimeDelta::hours(i64::from(tx.settings().button_hours));
    let planted = Planted {
        action,
        chat,
        message: None,
        account,
        expires_at: tx.now() + hours,
    };
    tx.put(keys::button(&key), &planted)?;
    Ok(key)
}
