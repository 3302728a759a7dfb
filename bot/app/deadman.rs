//! The dead-man of sources: signs of life are expected of them, and silence is itself an outage.
//!
//! What is silent is a source, not the equipment that it watches: of that nothing is known any
//! more. The outage belongs to a stand-in ([`source_equipment`]), so that cards, reminders,
//! silences and "I take it" are those of any other cause. One thing is due for each source, at the
//! time at which it would count as silent by what was known when it was planned; then it is looked
//! at, and planned again if it spoke meanwhile.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::alert::{Alert, Phase, Severity, Tags};
use vigie_domain::network::Equipment;
use vigie_domain::probe::SOURCE;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{ChatId, EquipmentId, Fingerprint, SectorId, SourceId};
use vigie_store::{Dir, Range};

use super::alerts::{OpenAlert, Outage};
use super::due::Due;
use super::error::AppError;
use super::outbox::{Class, Message};
use super::sources::{HEARD_EVERY, Heard};
use super::tx::{Tx, scan};
use super::{App, keys};

/// Begin of the names of the stand-ins of sources. No equipment begins with it.
const PREFIX: &str = "@source=";
/// Equipment of a silent source that is counted for one list.
const COUNTED: u32 = 300;
/// When a source is looked at again while we ourselves hear nothing.
const LOOK_AGAIN: TimeDelta = TimeDelta::seconds(60);

/// That signs of life of a source are expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    /// Since when.
    pub since: DateTime<Utc>,
    /// After how many seconds without one it counts as silent.
    pub after_s: u32,
    /// Since when it is silent, where that was told.
    pub silent: Option<DateTime<Utc>>,
    /// Whether it was told that it was never heard.
    pub never: bool,
}

/// How a source stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceNow {
    /// Its name.
    pub source: SourceId,
    /// When it was last heard of.
    pub heard: Option<DateTime<Utc>>,
    /// Seconds since then, or since it is expected where it was never heard.
    pub age_s: Option<i64>,
    /// After how many seconds it counts as silent, where signs of life are expected.
    pub after_s: Option<u32>,
    /// Whether it is silent.
    pub silent: bool,
    /// Since when signs of life are expected.
    pub since: Option<DateTime<Utc>>,
}

/// What a silent source hides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// Its name.
    pub source: String,
    /// Since when it is silent.
    pub since: DateTime<Utc>,
    /// Equipment that nobody else watches, and that was not out of order.
    pub count: u64,
    /// Whether there may be more.
    pub more: bool,
}

/// That a source has told of a piece of equipment.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Watches;

crate::record_v1!(Expected, Watches);

/// The stand-in for a source whose silence is an outage.
#[must_use]
pub fn source_equipment(source: &SourceId) -> EquipmentId {
    EquipmentId(format!("{PREFIX}{source}"))
}

/// The source that this stands for, if it stands for one.
#[must_use]
pub fn source_of(id: &EquipmentId) -> Option<SourceId> {
    id.as_str().strip_prefix(PREFIX).map(SourceId::from)
}

fn alert(source: &SourceId, phase: Phase, at: DateTime<Utc>) -> Alert {
    let firing = phase == Phase::Firing;
    Alert {
        fingerprint: Fingerprint(format!("source/{source}")),
        phase,
        equipment: None,
        name: source.to_string(),
        severity: Severity::Critical,
        starts_at: firing.then_some(at),
        ends_at: (!firing).then_some(at),
        summary: String::new(),
        details: String::new(),
        link: None,
        tags: Tags::default(),
    }
}

impl App {
    /// Follows the configuration: plans the first look at each source of which signs of life are
    /// expected, and expects nothing any more of those that it does not name.
    ///
    /// # Errors
    /// The store failed; nothing is lost by doing it again.
    pub async fn expect_sources(&self) -> Result<(), AppError> {
        let _deciding = self.deciding.lock().await;
        let wanted = &self.settings.silent_after_s;
        for (source, after_s) in wanted {
            let mut tx = Tx::new(self);
            tx.expect_source(source, *after_s).await?;
            committed(tx).await?;
        }
        for (key, _) in scan(self, &keys::all_expected()).await? {
            let Some(source) = keys::last_text(&key).map(SourceId) else {
                continue;
            };
            if !wanted.contains_key(&source) {
                let mut tx = Tx::new(self);
                tx.speaks_again(&source, self.now()).await?;
                tx.delete(key);
                committed(tx).await?;
            }
        }
        Ok(())
    }

    /// How every configured source stands, by name.
    ///
    /// # Errors
    /// The store failed.
    pub async fn sources_now(&self) -> Result<Vec<SourceNow>, AppError> {
        Tx::new(self).sources_now().await
    }
}

/// Another process may have got further: then it is done again.
async fn committed(tx: Tx<'_>) -> Result<(), AppError> {
    match tx.commit().await? {
        Some(_) => Ok(()),
        None => Err(AppError::Contended(1)),
    }
}

/// When a source counts as silent that was last heard then. What is on disk may be older than its
/// last sign by as much as is added.
fn deadline(heard: DateTime<Utc>, expected: &Expected) -> DateTime<Utc> {
    let patience = TimeDelta::seconds(i64::from(expected.after_s)) + HEARD_EVERY;
    heard
        .checked_add_signed(patience)
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

impl Tx<'_> {
    /// How every configured source stands, by name.
    pub(crate) async fn sources_now(&mut self) -> Result<Vec<SourceNow>, AppError> {
        let mut found = Vec::new();
        for source in self.settings().sources.clone().keys() {
            let heard: Option<Heard> = self.peek(&keys::heard(source)).await?;
            let expected: Option<Expected> = self.peek(&keys::expected(source)).await?;
            let heard = heard.map(|heard| heard.at);
            let since = expected.as_ref().map(|expected| expected.since);
            let age = heard.or(since).map(|at| self.now() - at);
            found.push(SourceNow {
                source: source.clone(),
                heard,
                age_s: age.map(|age| age.num_seconds().max(0)),
                after_s: expected.as_ref().map(|expected| expected.after_s),
                silent: expected.is_some_and(|expected| expected.silent.is_some()),
                since,
            });
        }
        Ok(found)
    }

    async fn expect_source(&mut self, source: &SourceId, after_s: u32) -> Result<(), AppError> {
        let key = keys::expected(source);
        let known: Option<Expected> = self.get(&key).await?;
        let mut expected = known.clone().unwrap_or(Expected {
            since: self.now(),
            after_s,
            silent: None,
            never: false,
        });
        expected.after_s = after_s;
        if known.as_ref() != Some(&expected) {
            self.put(key, &expected)?;
        }
        if expected.silent.is_some() || expected.never {
            return Ok(());
        }
        let heard = self.last_sign(source, &expected).await?.0;
        self.plan(deadline(heard, &expected), Due::Heartbeat(source.clone()))
    }

    /// The last sign of life that counts, and the last that there was: nobody could give one
    /// before it was expected, nor while we were away.
    async fn last_sign(
        &mut self,
        source: &SourceId,
        expected: &Expected,
    ) -> Result<(DateTime<Utc>, Option<DateTime<Utc>>), AppError> {
        let heard: Option<Heard> = self.peek(&keys::heard(source)).await?;
        let heard = heard.map(|heard| heard.at);
        let back = self.back_since().await?;
        let counts = [heard, back].into_iter().flatten().max();
        Ok((
            counts.map_or(expected.since, |at| at.max(expected.since)),
            heard,
        ))
    }

    /// The time of a source is up: unless it spoke meanwhile, it is silent.
    pub(crate) async fn is_it_silent(&mut self, source: &SourceId) -> Result<(), AppError> {
        let key = keys::expected(source);
        let Some(mut expected) = self.get::<Expected>(&key).await? else {
            return Ok(());
        };
        if expected.silent.is_some() || expected.never {
            return Ok(());
        }
        let now = self.now();
        if self.is_away().await? {
            return self.plan(now + LOOK_AGAIN, Due::Heartbeat(source.clone()));
        }
        let (counts, heard) = self.last_sign(source, &expected).await?;
        let due = deadline(counts, &expected);
        // What is due is kept to the millisecond.
        if due.timestamp_millis() > now.timestamp_millis() {
            return self.plan(due, Due::Heartbeat(source.clone()));
        }
        let Some(heard) = heard else {
            expected.never = true;
            self.put(key, &expected)?;
            return self.tell_never_heard(source, expected.since).await;
        };
        expected.silent = Some(heard);
        self.put(key, &expected)?;
        let ours = SourceId::from(SOURCE);
        let firing = alert(source, Phase::Firing, heard);
        let id = source_equipment(source);
        self.alert_fires_about(&ours, &firing, Some(id), now).await
    }

    async fn tell_never_heard(
        &mut self,
        source: &SourceId,
        since: DateTime<Utc>,
    ) -> Result<(), AppError> {
        for to in self.who_mends(ChatId(0)).await? {
            let say = Say::new(Text::SourceNever)
                .with("source", Arg::Name(source.to_string()))
                .with("since", Arg::At(since));
            self.say(to, Class::Service, Message::of(say))?;
        }
        Ok(())
    }

    /// A source gives a sign of life: its silence is over, if there was one.
    pub(super) async fn hears(
        &mut self,
        source: &SourceId,
        at: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let key = keys::expected(source);
        let Some(mut expected) = self.get::<Expected>(&key).await? else {
            return Ok(());
        };
        if expected.silent.is_none() && !expected.never {
            return Ok(());
        }
        self.speaks_again(source, at).await?;
        expected.silent = None;
        expected.never = false;
        self.plan(deadline(at, &expected), Due::Heartbeat(source.clone()))?;
        self.put(key, &expected)
    }

    async fn speaks_again(&mut self, source: &SourceId, at: DateTime<Utc>) -> Result<(), AppError> {
        let ended = alert(source, Phase::Resolved, at);
        self.alert_ends(&SourceId::from(SOURCE), &ended, self.now())
            .await
    }

    /// Notes that a source tells of declared equipment, where the silence of any source counts.
    pub(super) async fn watches(
        &mut self,
        source: &SourceId,
        id: &EquipmentId,
    ) -> Result<(), AppError> {
        let declared = !id.as_str().starts_with(['?', '@']);
        if !declared || self.settings().silent_after_s.is_empty() || source.as_str() == SOURCE {
            return Ok(());
        }
        let key = keys::watches(source, id);
        match self.peek::<Watches>(&key).await? {
            Some(_) => Ok(()),
            None => self.put(key, &Watches),
        }
    }

    /// Sources that are silent.
    pub(crate) async fn silent_sources(&mut self) -> Result<BTreeSet<SourceId>, AppError> {
        if self.settings().silent_after_s.is_empty() {
            return Ok(BTreeSet::new());
        }
        let rows = self.all::<Expected>(&keys::all_expected()).await?;
        let silent = rows.into_iter().filter(|(_, one)| one.silent.is_some());
        Ok(silent
            .filter_map(|(key, _)| keys::last_text(&key).map(SourceId))
            .collect())
    }

    /// The silent source through which alone equipment is watched, if that is so: then nothing is
    /// known of it.
    pub(crate) async fn silent_watch(
        &mut self,
        sheet: &Equipment,
        silent: &BTreeSet<SourceId>,
    ) -> Result<Option<SourceId>, AppError> {
        if silent.is_empty() || !sheet.probes.is_empty() {
            return Ok(None);
        }
        let mut found = None;
        for source in self.settings().sources.clone().into_keys() {
            if self
                .peek::<Watches>(&keys::watches(&source, &sheet.id))
                .await?
                .is_none()
            {
                continue;
            }
            if !silent.contains(&source) {
                return Ok(None);
            }
            found = Some(source);
        }
        Ok(found)
    }

    /// What silent sources hide, everywhere or in one sector.
    pub(crate) async fn hidden(
        &mut self,
        sector: Option<&SectorId>,
    ) -> Result<Vec<Hidden>, AppError> {
        let silent = self.silent_sources().await?;
        let mut found = Vec::new();
        for source in &silent {
            let expected: Option<Expected> = self.peek(&keys::expected(source)).await?;
            let Some(since) = expected.and_then(|expected| expected.silent) else {
                continue;
            };
            let range = Range::prefix(&keys::all_watched(source));
            let app = self.app();
            let page = app
                .store
                .scan(app.shard, &range, None, COUNTED, Dir::Forward)
                .await?;
            let mut count = 0;
            for (key, _) in &page.items {
                let Some(id) = keys::last_text(key).map(EquipmentId) else {
                    continue;
                };
                if self.is_hidden(&id, sector, &silent).await? {
                    count += 1;
                }
            }
            if count > 0 {
                found.push(Hidden {
                    source: source.to_string(),
                    since,
                    count,
                    more: page.next.is_some(),
                });
            }
        }
        Ok(found)
    }

    async fn is_hidden(
        &mut self,
        id: &EquipmentId,
        sector: Option<&SectorId>,
        silent: &BTreeSet<SourceId>,
    ) -> Result<bool, AppError> {
        let Some(sheet) = self.sheet(id).await? else {
            return Ok(false);
        };
        if sector.is_some() && sheet.sector.as_ref() != sector {
            return Ok(false);
        }
        let told: Option<Outage> = self.peek(&keys::outage(id)).await?;
        Ok(told.is_none() && self.silent_watch(&sheet, silent).await?.is_some())
    }

    /// Whether only silent sources say that a piece of equipment is out of order: they may not
    /// have told its end.
    pub(crate) async fn is_stale(
        &mut self,
        id: &EquipmentId,
        silent: &BTreeSet<SourceId>,
    ) -> Result<bool, AppError> {
        if silent.is_empty() {
            return Ok(false);
        }
        let open = self.all::<OpenAlert>(&keys::open_alerts(id)).await?;
        Ok(!open.is_empty() && open.iter().all(|(_, one)| silent.contains(&one.source)))
    }
}
