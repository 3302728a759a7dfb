//! Buttons: an opaque random key, looked up when it is pressed.

use base64::Engine as _;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::{AccountId, CardId, ChatId, EquipmentId, MessageId};

use super::alerts::Subject;
use super::error::AppError;
use super::keys;
use super::outbox::View;
use super::tx::Tx;

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
    /// "I take it": the causes of a card.
    Take {
        /// The group of the card.
        chat: ChatId,
        /// The card.
        card: CardId,
    },
    /// "Silence 1 h": the causes of a card.
    Silence {
        /// The group of the card.
        chat: ChatId,
        /// The card.
        card: CardId,
    },
    /// "Details" of a card.
    Details {
        /// The group of the card.
        chat: ChatId,
        /// The card.
        card: CardId,
    },
    /// Shows another page, or another list, in place.
    Show(View),
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
    /// Whoever was called for an outage cannot go.
    CannotGo(EquipmentId),
    /// Calls a maintenance off.
    CallOff(u64),
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
