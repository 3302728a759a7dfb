//! An alert fires: a new episode, the same one told again, or an echo of one that is over.

use chrono::{DateTime, TimeDelta, Utc};
use vigie_domain::alert::{Alert, Incident};
use vigie_domain::{EquipmentId, SourceId};

use super::records::{OpenAlert, Outage};
use crate::app::error::AppError;
use crate::app::keys;
use crate::app::tx::Tx;

/// What a firing alert is, compared with what is known of it.
#[derive(Debug, PartialEq, Eq)]
enum Told {
    /// A new episode.
    New,
    /// The open episode, told again.
    Again,
    /// The open episode, with a later start. It may have ended without a word in between; nobody
    /// said so, and it is no change.
    Next,
    /// An echo of an episode that is over: two monitors that talk past each other do that.
    Echo,
}

fn told(
    known: Option<&Incident>,
    starts_at: Option<DateTime<Utc>>,
    at: DateTime<Utc>,
    echo: TimeDelta,
) -> Told {
    match (known, starts_at) {
        (None, _) => Told::New,
        (Some(known), start) if known.ended_at.is_none() => match start {
            Some(start) if start > known.starts_at => Told::Next,
            _ => Told::Again,
        },
        (Some(known), Some(start)) if start <= known.starts_at => match known.ended_at {
            Some(ended) if at - ended < echo => Told::Echo,
            _ => Told::New,
        },
        (Some(_), _) => Told::New,
    }
}

impl Tx<'_> {
    /// An alert fires, about this equipment or else about what it names.
    pub(crate) async fn alert_fires_about(
        &mut self,
        source: &SourceId,
        alert: &Alert,
        about: Option<EquipmentId>,
        at: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let key = keys::incident(source, &alert.fingerprint);
        let known: Option<Incident> = self.get(&key).await?;
        let echo = TimeDelta::seconds(i64::from(self.settings().echo_s));
        match told(known.as_ref(), alert.starts_at, at, echo) {
            Told::Echo => Ok(()),
            Told::Again => match known {
                Some(known) => self.told_again(known, alert).await,
                None => Ok(()),
            },
            Told::Next => {
                if let Some(mut known) = known {
                    known.starts_at = alert.starts_at.unwrap_or(at);
                    self.put(key, &known)?;
                    self.told_again(known, alert).await?;
                }
                Ok(())
            }
            Told::New => {
                let id = match about {
                    Some(id) => id,
                    None => self.equipment_of(alert).await?,
                };
                self.episode_begins(source, alert, id, at).await
            }
        }
    }

    /// The words of an open episode may have changed.
    async fn told_again(&mut self, known: Incident, alert: &Alert) -> Result<(), AppError> {
        let mut now = known.clone();
        now.summary.clone_from(&alert.summary);
        now.details.clone_from(&alert.details);
        now.link.clone_from(&alert.link);
        now.tags.clone_from(&alert.tags);
        now.severity = alert.severity;
        if now == known {
            return Ok(());
        }
        self.put(keys::incident(&known.source, &known.fingerprint), &now)?;
        if now.severity != known.severity {
            return self.severity_changed(&now.equipment, &known, &now).await;
        }
        let cause = self.cause_of(&known.equipment).await?;
        self.refresh(&cause).await
    }

    async fn severity_changed(
        &mut self,
        id: &EquipmentId,
        before: &Incident,
        now: &Incident,
    ) -> Result<(), AppError> {
        let key = keys::outage(id);
        let Some(mut outage) = self.get::<Outage>(&key).await? else {
            return Ok(());
        };
        let covered = outage.covers();
        outage.remove(before.severity);
        outage.add(now.severity);
        self.put(key, &outage)?;
        self.history_follows(&outage, now, self.now()).await?;
        match (covered, outage.covers()) {
            (false, true) => self.covers_now(id).await?,
            (true, false) => self.covers_no_more(id).await?,
            _ => {}
        }
        self.notice_after_delay(id, false).await
    }

    async fn episode_begins(
        &mut self,
        source: &SourceId,
        alert: &Alert,
        id: EquipmentId,
        at: DateTime<Utc>,
    ) -> Result<(), AppError> {
        self.watches(source, &id).await?;
        if !self.has_place_for(source, &id).await? {
            return Ok(());
        }
        let starts_at = alert.starts_at.map_or(at, |start| start.min(at));
        let incident = Incident {
            source: source.clone(),
            fingerprint: alert.fingerprint.clone(),
            equipment: id.clone(),
            name: alert.name.clone(),
            severity: alert.severity,
            starts_at,
            ended_at: None,
            summary: alert.summary.clone(),
            details: alert.details.clone(),
            link: alert.link.clone(),
            tags: alert.tags.clone(),
        };
        self.put(keys::incident(source, &alert.fingerprint), &incident)?;
        let open = OpenAlert {
            source: source.clone(),
            fingerprint: alert.fingerprint.clone(),
        };
        self.put(keys::open_alert(&id, source, &alert.fingerprint), &open)?;
        self.goes_down(&id, &incident).await
    }

    async fn goes_down(&mut self, id: &EquipmentId, incident: &Incident) -> Result<(), AppError> {
        let key = keys::outage(id);
        let known: Option<Outage> = self.get(&key).await?;
        let first = known.is_none();
        let mut outage = known.unwrap_or_else(|| Outage::new(id.clone(), incident.starts_at));
        let (covered, was_up) = (outage.covers(), outage.total() == 0);
        outage.add(incident.severity);
        outage.since = match was_up {
            true => incident.starts_at,
            false => outage.since.min(incident.starts_at),
        };
        match first {
            true => {
                let ways = self.ways_up(id).await?;
                self.list(&mut outage, ways).await?;
            }
            false => self.list_again(&mut outage)?,
        }
        let worst = outage.worst();
        let turned = was_up && self.changed(&mut outage, worst).await?;
        self.put(key, &outage)?;
        self.history_follows(&outage, incident, incident.starts_at)
            .await?;
        if !covered && outage.covers() {
            self.covers_now(id).await?;
        }
        self.explains_reports(incident).await?;
        match (turned, outage.unstable.is_some()) {
            (true, _) => self.turned_unstable(id).await,
            (false, true) => self.tell_unstable(outage).await,
            (false, false) => self.notice_after_delay(id, first).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_domain::alert::{Severity, Tags};

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    fn episode(start: i64, end: Option<i64>) -> Incident {
        Incident {
            source: "am".into(),
            fingerprint: "f".into(),
            equipment: "e".into(),
            name: "Down".into(),
            severity: Severity::Critical,
            starts_at: at(start),
            ended_at: end.map(at),
            summary: String::new(),
            details: String::new(),
            link: None,
            tags: Tags::default(),
        }
    }

    #[test]
    fn episodes_are_told_apart_by_their_start() {
        let echo = TimeDelta::seconds(300);
        let open = episode(100, None);
        let over = episode(100, Some(200));
        let cases = [
            (None, Some(100), 100, Told::New),
            (Some(&open), Some(100), 160, Told::Again),
            (Some(&open), None, 160, Told::Again),
            (Some(&open), Some(90), 160, Told::Again),
            (Some(&open), Some(150), 160, Told::Next),
            (Some(&over), Some(100), 203, Told::Echo),
            (Some(&over), Some(100), 501, Told::New),
            (Some(&over), Some(201), 203, Told::New),
            (Some(&over), None, 203, Told::New),
        ];
        for (known, start, now, expected) in cases {
            assert_eq!(
                told(known, start.map(at), at(now), echo),
                expected,
                "{start:?} at {now}"
            );
        }
    }
}
