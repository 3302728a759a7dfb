//! What is stored about alerts.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::alert::{Incident, Severity, Taken};
use vigie_domain::network::{Equipment, Sector, Site};
use vigie_domain::{AccountId, EquipmentId, Fingerprint, SourceId};

/// A piece of equipment with open alerts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outage {
    /// Which one.
    pub equipment: EquipmentId,
    /// Start of its first alert.
    pub since: DateTime<Utc>,
    /// What it hung on when it went down, the nearest first.
    pub above: Vec<EquipmentId>,
    /// Open alerts: for information, warnings, critical.
    pub open: [u32; 3],
}

impl Outage {
    /// Counts an alert in.
    pub(super) fn add(&mut self, severity: Severity) {
        if let Some(count) = self.open.get_mut(severity as usize) {
            *count += 1;
        }
    }

    /// Counts an alert out.
    pub(super) fn remove(&mut self, severity: Severity) {
        if let Some(count) = self.open.get_mut(severity as usize) {
            *count = count.saturating_sub(1);
        }
    }

    /// Open alerts in all.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.open.iter().sum()
    }

    /// Whether it explains that what hangs on it is down.
    #[must_use]
    pub fn covers(&self) -> bool {
        let [_, _, critical] = self.open;
        critical > 0
    }

    /// The worst open alert.
    #[must_use]
    pub fn worst(&self) -> Severity {
        match self.open {
            [_, _, critical] if critical > 0 => Severity::Critical,
            [_, warning, _] if warning > 0 => Severity::Warning,
            _ => Severity::Info,
        }
    }
}

/// An open alert of a piece of equipment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenAlert {
    /// The source.
    pub source: SourceId,
    /// The source's name for it.
    pub fingerprint: Fingerprint,
}

/// A silence over a piece of equipment and what hangs on it: it holds back openings only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    /// Until when.
    pub until: DateTime<Utc>,
    /// Who asked for it.
    pub by: AccountId,
}

/// That equipment is down below another.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Below;

/// The equipment that a name means.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Means(pub EquipmentId);

crate::record_v1!(
    Outage, OpenAlert, Silence, Below, Means, Incident, Taken, Equipment, Sector, Site
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_critical_alerts_cover_what_hangs_below() {
        let mut outage = Outage {
            equipment: "x".into(),
            since: DateTime::UNIX_EPOCH,
            above: Vec::new(),
            open: [0; 3],
        };
        outage.add(Severity::Warning);
        assert!(!outage.covers());
        assert_eq!(outage.worst(), Severity::Warning);
        outage.add(Severity::Critical);
        assert!(outage.covers());
        outage.remove(Severity::Critical);
        outage.remove(Severity::Critical);
        assert_eq!((outage.covers(), outage.total()), (false, 1));
    }
}
