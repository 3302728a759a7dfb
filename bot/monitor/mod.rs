//! Monitoring formats: what a source posts becomes alerts in our own words.
//!
//! One file per format, listed in [`FORMATS`]. A format reads leniently: what may be ours is never
//! refused because of a name or a field that we do not know, since a source that is told 4xx drops
//! the alert. Only a body that cannot be read is refused, with the place and what stands there.

pub mod alertmanager;
mod body;
mod checks;
mod fields;
pub mod generic;
pub mod grafana;
pub mod icinga2;
pub mod librenms;
pub mod nagios;
pub mod notify;
pub mod smokeping;
pub mod snmptrap;
pub mod source;
pub mod syslog;
pub mod trial;
pub mod uisp;
pub mod uptime_kuma;
pub mod worker;
pub mod zabbix;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;
use serde_json::Value;
use vigie_domain::SourceId;
use vigie_domain::alert::{Alert, Phase};
use vigie_domain::text::{Arg, Key, Say};

pub use body::Body;

/// What a source posted.
#[derive(Clone, Copy, Debug)]
pub struct HookInput<'a> {
    /// The type of the body, as the request says; empty where it does not.
    pub content_type: &'a str,
    /// The body.
    pub body: &'a [u8],
    /// Which labels of this source tell what.
    pub labels: &'a Labels,
}

/// How the words of a source are read, where they differ from the usual.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels {
    /// The label that names the equipment; without it, `equipment`, then `instance`.
    pub equipment: Option<String>,
    /// The label that tells how bad it is; without it, `severity`.
    pub severity: Option<String>,
    /// The zone of its dates that name none.
    pub zone: Tz,
}

impl Default for Labels {
    fn default() -> Self {
        Self {
            equipment: None,
            severity: None,
            zone: Tz::UTC,
        }
    }
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// The alerts, in the order of the source.
    pub alerts: Vec<Alert>,
    /// Alerts that the source says it left out of this message.
    pub left_out: u64,
    /// What is no alert and is told to those who look after the sources.
    pub notices: Vec<Notice>,
}

/// Something that a source says which is no alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What it is.
    pub kind: NoticeKind,
    /// What the source says, one line.
    pub text: String,
}

impl Notice {
    /// What is told of it.
    #[must_use]
    pub fn say(&self, source: &SourceId) -> Say {
        let key = match self.kind {
            NoticeKind::Test => Key::SourceTest,
            NoticeKind::Message => Key::SourceSays,
            NoticeKind::Endless => Key::SourceEndless,
        };
        Say::new(key)
            .with("source", Arg::Name(source.to_string()))
            .with("text", Arg::Text(self.text.clone()))
    }
}

/// What a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// Somebody pressed "Test" there.
    Test,
    /// A message without a state, such as a certificate that will expire.
    Message,
    /// An alert of which the source would never tell the end.
    Endless,
}

/// A part of a body that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldProblem {
    /// Where: `alerts[3].labels`; empty for the body as a whole.
    pub path: String,
    /// What is wrong there.
    pub what: String,
}

/// Result of a reader.
pub type Reading = Result<Parsed, Vec<FieldProblem>>;

/// A monitoring format.
#[derive(Debug)]
pub struct Format {
    /// Its name in the configuration.
    pub name: &'static str,
    /// Its reader.
    pub parse: fn(&HookInput<'_>) -> Reading,
    /// An alert as its programs would post it, for tests of the way.
    pub sample: fn(&Sample<'_>) -> Value,
}

/// An alert to be written in a format.
#[derive(Clone, Copy, Debug)]
pub struct Sample<'a> {
    /// The source's name for it.
    pub id: &'a str,
    /// The equipment.
    pub equipment: &'a str,
    /// What it says.
    pub text: &'a str,
    /// Whether it lasts or is over.
    pub phase: Phase,
    /// When it began.
    pub began: DateTime<Utc>,
    /// Now.
    pub at: DateTime<Utc>,
}

/// Every format.
pub static FORMATS: &[Format] = &[
    alertmanager::FORMAT,
    generic::FORMAT,
    grafana::FORMAT,
    zabbix::FORMAT,
    librenms::FORMAT,
    uptime_kuma::FORMAT,
    icinga2::FORMAT,
    nagios::FORMAT,
    smokeping::FORMAT,
    snmptrap::FORMAT,
    syslog::FORMAT,
    notify::FORMAT,
];

/// The format of this name.
#[must_use]
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}
