//! Groups of people: what each is for. Kinds are data: a cooperative may add its own.

use serde::{Deserialize, Serialize};

use crate::alert::Severity;
use crate::{ChatId, Lang, Place, SectorId, ThreadId};

/// What a kind of group receives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupKind {
    /// Short name, used in `/groupe`.
    pub id: String,
    /// Alerts of the backbone, of the group's sector, or none.
    pub alerts: AlertsWanted,
    /// Whether the group belongs to one sector.
    #[serde(default)]
    pub local: bool,
    /// Whether quiet hours silence its messages.
    #[serde(default)]
    pub quiet: bool,
    /// The least severity that opens a card; the rest is told in a digest once a day.
    #[serde(default = "everything")]
    pub severity: Severity,
}

const fn everything() -> Severity {
    Severity::Info
}

/// Which alerts a kind of group receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AlertsWanted {
    /// None.
    None,
    /// Of the backbone, of unknown equipment, and faults of the program itself.
    Backbone,
    /// Of the relays of its sector.
    Sector,
}

impl GroupKind {
    /// The four kinds of the meeting of August 2018: technical, active volunteers, local, members.
    #[must_use]
    pub fn defaults() -> Vec<Self> {
        let kind = |id: &str, alerts, local, quiet| Self {
            id: id.to_owned(),
            alerts,
            local,
            quiet,
            severity: if local {
                Severity::Warning
            } else {
                Severity::Info
            },
        };
        vec![
            kind("technique", AlertsWanted::Backbone, false, false),
            kind("actifs", AlertsWanted::None, false, true),
            kind("local", AlertsWanted::Sector, true, true),
            kind("membres", AlertsWanted::None, false, true),
        ]
    }
}

/// Whether outages of a group have topics of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Topics {
    /// No: everything goes to one place.
    #[default]
    Off,
    /// Yes.
    On,
    /// They were asked for, and the group does not take them from us.
    Refused,
}

/// A group of people that Vigie serves, as bound by an administrator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The conversation.
    pub chat: ChatId,
    /// Its title, as last seen.
    pub title: String,
    /// Its kind, by [`GroupKind::id`]; `None` while nobody has bound it.
    pub kind: Option<String>,
    /// Its sector, for local kinds.
    pub sector: Option<SectorId>,
    /// The topic for alerts, where the group has topics.
    pub thread: Option<ThreadId>,
    /// Language of what is written there.
    pub lang: Lang,
    /// Why nothing can be written there at present; `None` when all is well.
    pub broken: Option<String>,
    /// Whether outages have topics of their own.
    #[serde(default)]
    pub topics: Topics,
}

impl Group {
    /// Where alerts go.
    #[must_use]
    pub const fn place(&self) -> Place {
        Place {
            chat: self.chat,
            thread: self.thread,
        }
    }
}
