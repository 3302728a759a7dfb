//! The alert relay: from what a monitoring source says to what each group sees.
//!
//! An alert opens or ends an *episode* (source, fingerprint, start). Episodes make a piece of
//! equipment *down*. What is down and has nothing down above it is a *cause*; each group that
//! follows something behind a cause sees one card about it. Only openings are ever held back
//! (delay, silence): what has been said is always edited to its end.

mod below;
mod closing;
mod digest;
mod flapping;
mod holds;
mod hooks;
mod maintenance;
mod notice;
mod opening;
mod records;
mod strays;
mod tree;

pub use below::BelowCount;
pub(crate) use below::{PAGE, Part};
pub(crate) use holds::{alert_subject, label_subject};
pub use maintenance::{Maintenance, Step};
pub(crate) use records::Means;
pub use records::{
    Bypass, Hold, Listed, OpenAlert, OpenWindow, Outage, Silence, Subject, Unstable,
};

use chrono::{DateTime, Utc};
use vigie_domain::SourceId;
use vigie_domain::alert::{Alert, Phase};

use super::error::AppError;
use super::tx::Tx;

impl Tx<'_> {
    /// One alert of a source.
    pub(crate) async fn alert(
        &mut self,
        source: &SourceId,
        alert: &Alert,
        at: DateTime<Utc>,
    ) -> Result<(), AppError> {
        match alert.phase {
            Phase::Firing => self.alert_fires_about(source, alert, None, at).await,
            Phase::Resolved => self.alert_ends(source, alert, at).await,
        }
    }
}
