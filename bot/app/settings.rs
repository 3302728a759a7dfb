//! Settings of the use cases, with their defaults.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use vigie_domain::AccountId;
use vigie_domain::group::GroupKind;
use vigie_domain::network::AlertDefaults;

/// Settings of a cooperative. Policies are settings; their defaults are here and nowhere else.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Zone in which times are shown and quiet hours are read.
    pub zone: Tz,
    /// Accounts that are administrators before any record says so.
    pub administrators: Vec<AccountId>,
    /// Defaults of alert settings.
    pub alerts: AlertDefaults,
    /// Kinds of groups.
    pub kinds: Vec<GroupKind>,
    /// New messages a minute that outages may cause in one group; more causes share a card.
    pub new_cards_per_minute: u32,
    /// Seconds that a child may stay down after its parent came back before it gets its own card.
    pub orphan_grace_s: u32,
    /// Seconds after its end in which an alert told again with the same start is an echo.
    pub echo_s: u32,
    /// Hours that a button stays valid.
    pub button_hours: u32,
    /// Lines on one page of a list.
    pub page_lines: u32,
    /// Minutes without sight or speech that are worth a message afterwards.
    pub absence_min: u32,
    /// Defaults of our own probes.
    pub probes: vigie_domain::probe::Defaults,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            zone: chrono_tz::Europe::Paris,
            administrators: Vec::new(),
            alerts: AlertDefaults::default(),
            kinds: GroupKind::defaults(),
            new_cards_per_minute: 2,
            orphan_grace_s: 60,
            echo_s: 300,
            button_hours: 24 * 30,
            page_lines: 8,
            absence_min: 5,
            probes: vigie_domain::probe::Defaults::default(),
        }
    }
}
