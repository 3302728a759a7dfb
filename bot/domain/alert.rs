//! Alerts of monitoring systems, and what we make of them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{AccountId, EquipmentId, Fingerprint, SourceId};

/// How bad an alert is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Something works badly.
    Warning,
    /// Something does not work: it also covers what hangs on it.
    Critical,
}

impl Severity {
    /// Reads the word of a source. No word, or an unknown one, is critical: better said than lost.
    #[must_use]
    pub fn from_word(word: Option<&str>) -> Self {
        match word.map(str::to_ascii_lowercase).as_deref() {
            Some("info" | "information" | "informational" | "none" | "ok" | "low" | "debug") => {
                Self::Info
            }
            Some("warning" | "warn" | "minor" | "average" | "medium" | "degraded") => Self::Warning,
            _ => Self::Critical,
        }
    }
}

/// Whether an alert begins (or goes on), or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// It lasts.
    Firing,
    /// It is over.
    Resolved,
}

/// One alert as a source told it, in our own words. Text is clean (see [`crate::text::clean`])
/// and bounded by the reader of the format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// The source's name for it, stable while it lasts.
    pub fingerprint: Fingerprint,
    /// Whether it lasts or is over.
    pub phase: Phase,
    /// What the source calls the equipment, not yet looked up; `None` where no label tells.
    pub equipment: Option<String>,
    /// Name of the rule, such as `RelayDown`.
    pub name: String,
    /// How bad it is.
    pub severity: Severity,
    /// When it began, if the source tells.
    pub starts_at: Option<DateTime<Utc>>,
    /// When it ended, if it did and the source tells.
    pub ends_at: Option<DateTime<Utc>>,
    /// One line for people.
    pub summary: String,
    /// More lines for those who ask.
    pub details: String,
    /// Where to read on (`http` or `https`), if anywhere.
    pub link: Option<String>,
}

/// One episode of one alert: (source, fingerprint, start).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// The source that told it.
    pub source: SourceId,
    /// The source's name for it.
    pub fingerprint: Fingerprint,
    /// The equipment it is about, or a stand-in for an unknown name (see [`unknown_equipment`]).
    pub equipment: EquipmentId,
    /// Name of the rule.
    pub name: String,
    /// How bad it is.
    pub severity: Severity,
    /// When it began, as the source tells, else when it reached us.
    pub starts_at: DateTime<Utc>,
    /// When it ended; `None` while it lasts. Never before `starts_at`.
    pub ended_at: Option<DateTime<Utc>>,
    /// One line for people.
    pub summary: String,
    /// More lines.
    pub details: String,
    /// Where to read on.
    pub link: Option<String>,
}

/// Who has taken an outage in hand, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// The account that pressed the button.
    pub by: AccountId,
    /// First name shown in the group.
    pub name: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Stand-in for equipment that nobody has declared: it has no parent and no sector, and its
/// alerts go to the technical group.
#[must_use]
pub fn unknown_equipment(name: &str) -> EquipmentId {
    EquipmentId(format!("?{name}"))
}
