//! Monitoring formats: what a source posts becomes alerts in our own words.
//!
//! One file per format, listed in [`FORMATS`]. A format reads leniently: what may be ours is never
//! refused because of a name or a field that we do not know, since a source that is told 4xx drops
//! the alert. Only a body that cannot be read is refused, with the place and what stands there.

pub mod alertmanager;
mod body;
mod fields;
pub mod generic;
pub mod source;
pub mod worker;

use serde::Serialize;
use vigie_domain::alert::Alert;

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

/// Which labels of a source tell what, where they differ from the usual.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// The label that names the equipment; without it, `equipment`, then `instance`.
    pub equipment: Option<String>,
    /// The label that tells how bad it is; without it, `severity`.
    pub severity: Option<String>,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// The alerts, in the order of the source.
    pub alerts: Vec<Alert>,
    /// Alerts that the source says it left out of this message.
    pub left_out: u64,
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
}

/// Every format.
pub static FORMATS: &[Format] = &[alertmanager::FORMAT, generic::FORMAT];

/// The format of this name.
#[must_use]
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}
