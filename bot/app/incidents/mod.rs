//! The life of an outage beyond its alerts: who declared it, when the next news are promised, whom
//! it was told, what it came from, how it was closed.
//!
//! An outage that a person declares is an alert of ours about the equipment ([`declared`]), so that
//! its card, its taking, its silences and its history are those of any other. What people add is a
//! [`Life`], one record beside the outage, whoever told of it first.

mod acts;
mod commands;
mod life;
mod news;
mod report;
mod sheet;
mod touched;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::alert::{Alert, Phase, Severity, Tags};
use vigie_domain::probe::SOURCE;
use vigie_domain::{EquipmentId, Fingerprint, SourceId};

use super::error::AppError;
use super::event::Tap;
use super::taps::Answer;
use super::tx::Tx;

pub(crate) use touched::Draft;

pub use life::{Entry, Life, Origin, What};
pub use report::{Form, Report, ReportLine};

/// What a button does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wish {
    /// Shows how an incident stands, with what can be done.
    Open(EquipmentId),
    /// Declares an outage.
    Declare {
        /// Of what.
        id: EquipmentId,
        /// Whether it only works badly.
        degraded: bool,
    },
    /// Promises the next news in so many minutes.
    News(EquipmentId, u32),
    /// Says what it came from.
    Origin(EquipmentId, Origin),
    /// Asks for something in words.
    Write(EquipmentId, Writing),
    /// Sends a message that was shown before to those touched.
    Send(EquipmentId, u64),
    /// Closes it without a word more.
    Close(EquipmentId),
    /// Opens it again.
    Reopen(EquipmentId),
    /// What happened, as a file.
    Report(EquipmentId),
}

/// What is asked in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Writing {
    /// A message to those touched.
    Message,
    /// The number that the operator gave.
    Reference,
    /// A note with which it is closed.
    Note,
}

/// A dialogue: one thing in words about one incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// About what.
    pub id: EquipmentId,
    /// What.
    pub what: Writing,
}

/// What is to be done at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// News are promised for then.
    News {
        /// Of what.
        id: EquipmentId,
        /// When.
        at: DateTime<Utc>,
    },
    /// A message goes to the next of those touched.
    Send {
        /// Of what.
        id: EquipmentId,
        /// Number of the message.
        message: u64,
        /// Parts of the list that are done.
        done: u32,
    },
}

impl Step {
    /// What names it among what is due.
    pub(crate) fn subject(&self) -> String {
        match self {
            Self::News { id, at } => format!("news:{id}:{}", at.timestamp()),
            Self::Send { message, done, .. } => format!("send:{message}:{done}"),
        }
    }
}

/// The name of the alert that says that somebody declared an outage.
pub(crate) fn declared_of(id: &EquipmentId) -> Fingerprint {
    Fingerprint(format!("declared/{id}"))
}

/// Whether this is an alert that a person told.
pub(crate) fn is_declared(source: &SourceId, fingerprint: &Fingerprint) -> bool {
    source.as_str() == SOURCE && fingerprint.as_str().starts_with("declared/")
}

/// The alert of an outage that somebody declares.
#[must_use]
pub fn declared(id: &EquipmentId, phase: Phase, degraded: bool, at: DateTime<Utc>) -> Alert {
    let firing = phase == Phase::Firing;
    Alert {
        fingerprint: declared_of(id),
        phase,
        equipment: None,
        name: "declared".to_owned(),
        severity: match degraded {
            true => Severity::Warning,
            false => Severity::Critical,
        },
        starts_at: firing.then_some(at),
        ends_at: (!firing).then_some(at),
        summary: String::new(),
        details: String::new(),
        link: None,
        tags: Tags::default(),
    }
}

impl Tx<'_> {
    /// A button.
    pub(crate) async fn incident_tap(&mut self, tap: &Tap, wish: Wish) -> Result<Answer, AppError> {
        match wish {
            Wish::Open(id) => self.open_incident(tap, &id).await,
            Wish::Declare { id, degraded } => self.declare_by_button(tap, &id, degraded).await,
            Wish::News(id, minutes) => self.promise_by_button(tap, &id, minutes).await,
            Wish::Origin(id, origin) => self.origin_by_button(tap, &id, origin).await,
            Wish::Write(id, what) => self.write_by_button(tap, id, what).await,
            Wish::Send(id, message) => self.send_by_button(tap, &id, message).await,
            Wish::Close(id) => self.close_by_button(tap, &id).await,
            Wish::Reopen(id) => self.reopen_by_button(tap, &id).await,
            Wish::Report(id) => self.report_by_button(tap, &id).await,
        }
    }

    /// Something is due.
    pub(crate) async fn incident_step(&mut self, step: Step) -> Result<(), AppError> {
        match step {
            Step::News { id, at } => self.news_are_due(&id, at).await,
            Step::Send { id, message, done } => self.send_some(&id, message, done).await,
        }
    }
}
