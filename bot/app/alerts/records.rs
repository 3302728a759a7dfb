//! What is stored about alerts.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::alert::{Incident, Severity, Taken};
use vigie_domain::flap::Flap;
use vigie_domain::network::{Equipment, Sector, Site};
use vigie_domain::state::Facts;
use vigie_domain::tree::Carried;
use vigie_domain::{AccountId, EquipmentId, Fingerprint, SectorId, SourceId};

use super::tree::bounded;
use crate::app::tx::Stored;

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
    /// How it is listed below what it hangs on.
    #[serde(default)]
    pub listed: Option<Listed>,
    /// That it keeps going down and up: then it may have no open alert at the moment.
    #[serde(default)]
    pub unstable: Option<Unstable>,
    /// That another way carries its traffic, as somebody said.
    #[serde(default)]
    pub bypass: Option<Bypass>,
}

/// How an outage is listed and counted below what it hangs on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Under which time, in microseconds.
    pub at: i64,
    /// In which sector.
    pub sector: Option<SectorId>,
    /// How many of those above, the nearest first, lie on its only way.
    pub single: u32,
    /// Its ways up, where they part first; none where there is one.
    pub ways: Vec<EquipmentId>,
}

/// Equipment that keeps going down and up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unstable {
    /// Since when.
    pub since: DateTime<Utc>,
    /// How often it changed since then.
    pub changes: u32,
    /// The worst of its alerts.
    pub worst: Severity,
    /// When its cards were last brought up to date.
    pub told_at: DateTime<Utc>,
}

/// Another way that carries the traffic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bypass {
    /// Which way, in the words of who said so; may be empty.
    pub via: String,
    /// First name of who said so.
    pub by: String,
    /// Since when.
    pub at: DateTime<Utc>,
}

impl Outage {
    /// Equipment that begins to be out of order.
    pub(super) const fn new(equipment: EquipmentId, since: DateTime<Utc>) -> Self {
        Self {
            equipment,
            since,
            above: Vec::new(),
            open: [0; 3],
            listed: None,
            unstable: None,
            bypass: None,
        }
    }

    /// Whether it, or something above it, has several ways up.
    #[must_use]
    pub fn several_ways(&self) -> bool {
        let listed = self.listed.as_ref();
        listed.is_some_and(|listed| !listed.ways.is_empty())
    }

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

    /// Whether it explains that what hangs on it is down: not where another way carries the
    /// traffic. What is unstable explains it also while it happens to be up.
    #[must_use]
    pub fn covers(&self) -> bool {
        self.bypass.is_none() && self.worst() == Severity::Critical
    }

    /// How it stands, as far as it tells itself.
    #[must_use]
    pub fn facts(&self) -> Facts {
        Facts {
            open: self.open,
            unstable: self.unstable.is_some(),
            bypass: self.bypass.is_some(),
            ..Facts::default()
        }
    }

    /// The worst open alert, or the worst of late where it is unstable.
    #[must_use]
    pub fn worst(&self) -> Severity {
        let open = match self.open {
            [_, _, critical] if critical > 0 => Severity::Critical,
            [_, warning, _] if warning > 0 => Severity::Warning,
            _ => Severity::Info,
        };
        let of_late = self.unstable.as_ref().map(|unstable| unstable.worst);
        of_late.map_or(open, |worst| worst.max(open))
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

/// What a silence or a maintenance is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Subject {
    /// A piece of equipment and what hangs on it.
    Equipment(EquipmentId),
    /// A sector.
    Sector(SectorId),
    /// Alerts of this name, folded.
    Alert(String),
    /// Alerts with this label, name and value as they are kept (see [`vigie_domain::alert::Tags`]).
    Label(String, String),
    /// Everything.
    All,
}

impl Subject {
    /// As part of a key. No equipment begins with the mark of the others.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Equipment(id) => id.as_str().to_owned(),
            Self::Sector(sector) => format!("@sector={sector}"),
            Self::Alert(name) => format!("@alert={name}"),
            Self::Label(name, value) => bounded(&format!("@label={name}={value}")),
            Self::All => "@all".to_owned(),
        }
    }
}

/// What holds back openings of a subject: what was said before is edited to its end all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// The subject.
    pub subject: Subject,
    /// A silence that somebody asked for.
    pub silence: Option<Silence>,
    /// Maintenances that go on.
    pub windows: Vec<OpenWindow>,
}

/// A silence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    /// Until when.
    pub until: DateTime<Utc>,
    /// Who asked for it.
    pub by: AccountId,
    /// Their first name.
    #[serde(default)]
    pub name: String,
}

/// A maintenance that goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenWindow {
    /// The maintenance.
    pub id: u64,
    /// Until when.
    pub until: DateTime<Utc>,
}

impl Hold {
    /// Nothing holds it back yet.
    pub(crate) const fn new(subject: Subject) -> Self {
        Self {
            subject,
            silence: None,
            windows: Vec::new(),
        }
    }

    /// Until when a silence holds, if one does.
    #[must_use]
    pub fn silent_until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let until = self.silence.as_ref().map(|silence| silence.until);
        until.filter(|until| *until > now)
    }

    /// Until when a maintenance holds, if one does.
    #[must_use]
    pub fn maintained_until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let ends = self.windows.iter().map(|window| window.until);
        ends.filter(|until| *until > now).max()
    }

    /// Whether anything holds it back.
    #[must_use]
    pub fn holds(&self, now: DateTime<Utc>) -> bool {
        self.silent_until(now).is_some() || self.maintained_until(now).is_some()
    }
}

/// The equipment that a name means.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Means(pub EquipmentId);

crate::record_v1!(
    Outage, OpenAlert, Means, Incident, Taken, Equipment, Sector, Site, Flap, Carried
);

impl Stored for Hold {
    const SCHEMA: u16 = 2;

    /// Schema 1 was a silence of an hour at most: what it held back is told a little early.
    fn upgrade(from: u16, _payload: &[u8]) -> vigie_store::Result<Self> {
        match from {
            1 => Ok(Self::new(Subject::All)),
            _ => Err(vigie_store::StoreError::TooNew(format!(
                "schema {from} of Hold"
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use vigie_store::Key;
    use vigie_store::record::encode_as;

    use super::*;
    use crate::app::tx::decode;

    #[test]
    fn a_silence_of_before_is_read_and_holds_nothing() {
        #[derive(Serialize)]
        struct Before {
            until: DateTime<Utc>,
            by: AccountId,
        }
        let before = Before {
            until: DateTime::<Utc>::MAX_UTC,
            by: AccountId(1),
        };
        let place = Key::of("si/").end();
        let hold: Hold = decode(&place, &encode_as(1, &before).unwrap()).unwrap();
        assert!(!hold.holds(DateTime::UNIX_EPOCH));
        assert!(decode::<Hold>(&place, &encode_as(3, &before).unwrap()).is_err());
    }

    #[test]
    fn only_critical_alerts_cover_what_hangs_below() {
        let mut outage = Outage::new("x".into(), DateTime::UNIX_EPOCH);
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
