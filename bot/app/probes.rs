//! Our own probes, as the store knows them: what is to be probed, what explains an outage, which
//! of our alerts are open; and the way in for what a probe found.

use chrono::{DateTime, Utc};
use futures::StreamExt as _;
use futures::stream::BoxStream;
use vigie_domain::alert::{Alert, Incident, Phase, Severity, Tags};
use vigie_domain::network::Equipment;
use vigie_domain::probe::measure::Measure;
use vigie_domain::probe::watch::{Report, Told};
use vigie_domain::probe::{PREFIX, Probe, SOURCE};
use vigie_domain::{EquipmentId, Fingerprint, SourceId};
use vigie_store::{Key, Rev, WatchItem};

use super::alerts::Outage;
use super::error::AppError;
use super::event::{Envelope, Event};
use super::tx::{Tx, decode, scan};
use super::{App, keys};

/// A piece of equipment and how it is to be probed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probed {
    /// Which one.
    pub id: EquipmentId,
    /// What it hangs on, the nearest first.
    pub above: Vec<EquipmentId>,
    /// Its probes; none: it is not probed.
    pub probes: Vec<Probe>,
}

/// A change that matters to probes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProbeChange {
    /// A sheet changed, came or went.
    Sheet(EquipmentId),
    /// Whether equipment explains what is down below it.
    Covers(EquipmentId, bool),
    /// Changes were missed: read everything again.
    Reload,
}

impl App {
    /// Everything that is probed, and the revision from which to watch.
    ///
    /// # Errors
    /// The store failed.
    pub async fn probed(&self) -> Result<(Rev, Vec<Probed>), AppError> {
        let from = self.store.durable_rev(self.shard).await?;
        let mut found = Vec::new();
        for (key, bytes) in scan(self, &keys::all_equipment()).await? {
            let sheet: Equipment = decode(&key, &bytes)?;
            if !sheet.probes.is_empty() {
                found.push(self.with_above(sheet).await?);
            }
        }
        Ok((from, found))
    }

    /// How one piece of equipment is to be probed now.
    ///
    /// # Errors
    /// The store failed.
    pub async fn probed_one(&self, id: &EquipmentId) -> Result<Probed, AppError> {
        match self.read::<Equipment>(&keys::equipment(id)).await? {
            Some(sheet) if !sheet.probes.is_empty() => self.with_above(sheet).await,
            _ => Ok(Probed {
                id: id.clone(),
                above: Vec::new(),
                probes: Vec::new(),
            }),
        }
    }

    async fn with_above(&self, sheet: Equipment) -> Result<Probed, AppError> {
        let above = Tx::new(self).above(&sheet.id).await?;
        Ok(Probed {
            id: sheet.id,
            above,
            probes: sheet.probes,
        })
    }

    /// Equipment that explains what is down below it, whoever told so.
    ///
    /// # Errors
    /// The store failed.
    pub async fn covering(&self) -> Result<Vec<EquipmentId>, AppError> {
        let rows = scan(self, &keys::outages()).await?;
        let mut found = Vec::new();
        for (key, bytes) in rows {
            let outage: Outage = decode(&key, &bytes)?;
            if outage.covers() {
                found.push(outage.equipment);
            }
        }
        Ok(found)
    }

    /// Alerts of our own probes that are open: their state goes on from there.
    ///
    /// # Errors
    /// The store failed.
    pub async fn open_probe_alerts(
        &self,
    ) -> Result<Vec<(Fingerprint, EquipmentId, Told)>, AppError> {
        let prefix = Key::of("in/").text(SOURCE).end();
        let mut found = Vec::new();
        for (key, bytes) in scan(self, &prefix).await? {
            let incident: Incident = decode(&key, &bytes)?;
            if incident.ended_at.is_none() && incident.fingerprint.as_str().starts_with(PREFIX) {
                let told = Told {
                    severity: incident.severity,
                    down: measured(&incident).is_none_or(|measure| measure.down),
                    since: incident.starts_at,
                };
                found.push((incident.fingerprint, incident.equipment, told));
            }
        }
        Ok(found)
    }

    /// Changes of sheets and outages after a revision.
    ///
    /// # Errors
    /// The store failed.
    pub async fn watch_probes(
        &self,
        from: Rev,
    ) -> Result<BoxStream<'static, ProbeChange>, AppError> {
        let sheets = self.store.watch(self.shard, keys::all_equipment(), from);
        let outages = self.store.watch(self.shard, keys::outages(), from);
        let (sheets, outages) = (sheets.await?, outages.await?);
        let sheets = sheets.map(|item| match item {
            WatchItem::Change { key, .. } => keys::last_text(&key)
                .map_or(ProbeChange::Reload, |id| {
                    ProbeChange::Sheet(EquipmentId(id))
                }),
            WatchItem::Gap { .. } => ProbeChange::Reload,
        });
        let outages = outages.map(|item| match item {
            WatchItem::Change { key, value, .. } => {
                let outage = value
                    .map(|value| decode::<Outage>(&key, &value))
                    .transpose();
                match (keys::last_text(&key), outage) {
                    (Some(id), Ok(outage)) => ProbeChange::Covers(
                        EquipmentId(id),
                        outage.is_some_and(|outage| outage.covers()),
                    ),
                    _ => ProbeChange::Reload,
                }
            }
            WatchItem::Gap { .. } => ProbeChange::Reload,
        });
        // A stream that ends must end both: half of the changes are none.
        let ended = || futures::stream::once(async { ProbeChange::Reload });
        let both = futures::stream::select(sheets.chain(ended()), outages.chain(ended()));
        Ok(both.boxed())
    }

    /// What probes found: as any other source tells its alerts, and on disk when this returns.
    ///
    /// # Errors
    /// The store failed: tell it again.
    pub async fn probes_tell(&self, reports: &[Report]) -> Result<(), AppError> {
        let at = self.now();
        let event = Event::Alerts {
            source: SourceId::from(SOURCE),
            alerts: reports.iter().map(|report| alert(report, at)).collect(),
            left_out: 0,
        };
        let inbox = None;
        self.handle(Envelope { inbox, at, event }).await
    }
}

/// Longest name of an alert, in characters.
const LONGEST_NAME: usize = 120;

fn alert(report: &Report, at: DateTime<Utc>) -> Alert {
    let measure = report.measure.to_string();
    Alert {
        fingerprint: report.fingerprint.clone(),
        phase: match report.now {
            Some(_) => Phase::Firing,
            None => Phase::Resolved,
        },
        equipment: Some(report.equipment.to_string()),
        name: report.target.chars().take(LONGEST_NAME).collect(),
        severity: report.now.map_or(Severity::Critical, |told| told.severity),
        starts_at: report.now.map(|told| told.since),
        ends_at: report.now.is_none().then_some(at),
        summary: measure.clone(),
        details: measure,
        link: report.target.strip_prefix("http ").map(str::to_owned),
        tags: Tags::default(),
    }
}

/// What one of our own alerts measured, if it is one.
pub(crate) fn measured(incident: &Incident) -> Option<Measure> {
    let ours = incident.source.as_str() == SOURCE;
    let measure = || incident.details.parse().ok();
    ours.then(measure).flatten()
}
