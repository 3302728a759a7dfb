//! The network: sectors, sites, and equipment in a tree of stars.
//!
//! A station links to one access point, an access point hangs on a station: so each piece of
//! equipment has one parent, up to the gateways where Internet is picked up. Some have further
//! parents that take over when the first one fails.

use serde::{Deserialize, Serialize};

use crate::probe::Probe;
use crate::{EquipmentId, SectorId, SiteId};

/// What a piece of equipment is in the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Gateway or core: what carries several sectors.
    Backbone,
    /// Main relay of a sector.
    MainRelay,
    /// Relay behind a main relay.
    SecondaryRelay,
    /// Access point for members.
    Access,
    /// A member's link.
    Link,
}

/// Which groups are told of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Nobody: the state is kept, nothing is sent.
    None,
    /// The technical group.
    Backbone,
    /// The local group of the sector.
    Sector,
    /// Both.
    Both,
}

/// Hours of the local day in which messages make no sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// First quiet minute of the day (0 to 1,439).
    pub from_minute: u16,
    /// First loud minute of the day; less than `from_minute` where the night crosses midnight.
    pub to_minute: u16,
}

impl QuietHours {
    /// Whether this minute of the local day is quiet.
    #[must_use]
    pub const fn contains(self, minute: u16) -> bool {
        if self.from_minute <= self.to_minute {
            self.from_minute <= minute && minute < self.to_minute
        } else {
            self.from_minute <= minute || minute < self.to_minute
        }
    }
}

/// Longest delay before a first message, and longest time between two reminders, in seconds.
pub const LONGEST_WAIT_S: u32 = 7 * 24 * 3_600;

/// Alert settings of one piece of equipment; what is not set follows the cooperative's defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AlertSettings {
    /// Whether alerts are sent at all.
    pub enabled: Option<bool>,
    /// Which groups are told.
    pub scope: Option<Scope>,
    /// Seconds that an alert must last before the first message.
    pub delay_s: Option<u32>,
    /// Minutes after which an alert nobody took is said again; 0 is never.
    pub repeat_min: Option<u32>,
    /// Quiet hours of its messages in local groups.
    pub quiet: Option<QuietHours>,
    /// Declarations of members behind it from which a possible outage is told; 0 is never.
    pub declarations: Option<u32>,
}

/// The cooperative's defaults.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AlertDefaults {
    /// Seconds that an alert must last before the first message. Default 180.
    pub delay_s: u32,
    /// Minutes after which an alert nobody took is said again; 0 is never. Default 60.
    pub repeat_min: u32,
    /// Quiet hours of local groups. Default 21:00 to 08:00.
    pub quiet: QuietHours,
}

impl Default for AlertDefaults {
    fn default() -> Self {
        Self {
            delay_s: 180,
            repeat_min: 60,
            quiet: QuietHours {
                from_minute: 21 * 60,
                to_minute: 8 * 60,
            },
        }
    }
}

/// A sector: a geographic part of the network with its own local group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sector {
    /// Short name.
    pub id: SectorId,
    /// Name that people read.
    pub name: String,
}

/// A site that carries equipment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Short name.
    pub id: SiteId,
    /// Name that people read.
    pub name: String,
    /// What to look at first, such as the breaker of a church.
    #[serde(default)]
    pub hint: Option<String>,
}

/// A piece of equipment: its technical sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Equipment {
    /// Short name, as alerts call it.
    pub id: EquipmentId,
    /// Name that people read.
    pub name: String,
    /// What it is.
    pub class: Class,
    /// What it hangs on; `None` for a gateway.
    pub parent: Option<EquipmentId>,
    /// What else carries it when the parent fails.
    #[serde(default)]
    pub backups: Vec<EquipmentId>,
    /// The sector that answers for it.
    pub sector: Option<SectorId>,
    /// Where it stands.
    #[serde(default)]
    pub site: Option<SiteId>,
    /// Other names that alerts may use (host name, address).
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Its short name in the files, where it was renamed since we know it: `id` never changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renamed: Option<EquipmentId>,
    /// Its alert settings.
    #[serde(default)]
    pub alerts: AlertSettings,
    /// Our own probes of it.
    #[serde(default)]
    pub probes: Vec<Probe>,
}

impl Equipment {
    /// What it hangs on, the usual one first.
    pub fn parents(&self) -> impl Iterator<Item = &EquipmentId> {
        self.parent.iter().chain(&self.backups)
    }

    /// Its short name, as people and files write it today.
    #[must_use]
    pub fn short_name(&self) -> &EquipmentId {
        self.renamed.as_ref().unwrap_or(&self.id)
    }

    /// Which groups are told, from the setting or from the class: backbone to the technical
    /// group, relays to the local group, members' access and links to nobody.
    #[must_use]
    pub fn scope(&self) -> Scope {
        if self.alerts.enabled == Some(false) {
            return Scope::None;
        }
        self.alerts.scope.unwrap_or(match self.class {
            Class::Backbone => Scope::Backbone,
            Class::MainRelay | Class::SecondaryRelay => Scope::Sector,
            Class::Access | Class::Link => Scope::None,
        })
    }

    /// Seconds before the first message.
    #[must_use]
    pub fn delay_s(&self, defaults: &AlertDefaults) -> u32 {
        self.alerts.delay_s.unwrap_or(defaults.delay_s)
    }

    /// Minutes between repeats; 0 is never.
    #[must_use]
    pub fn repeat_min(&self, defaults: &AlertDefaults) -> u32 {
        self.alerts.repeat_min.unwrap_or(defaults.repeat_min)
    }

    /// Quiet hours of its messages in local groups.
    #[must_use]
    pub fn quiet(&self, defaults: &AlertDefaults) -> QuietHours {
        self.alerts.quiet.unwrap_or(defaults.quiet)
    }
}
