//! Sources of alerts as such: their signs of life, and what they say that is no alert.

use std::collections::{BTreeMap, VecDeque};
use std::sync::PoisonError;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::alert::Incident;
use vigie_domain::text::{Arg, Key, Say};
use vigie_domain::{ChatId, SourceId};

use super::error::AppError;
use super::outbox::{Class, Message};
use super::tx::{Tx, decode, scan};
use super::{App, MOST_CONFLICTS, keys};

/// A sign of life is written once in this time: what is on disk is no older than that.
pub const HEARD_EVERY: TimeDelta = TimeDelta::minutes(1);
/// So many messages of a source are passed on in [`SAYS_WITHIN`]; further ones are counted.
const SAYS: usize = 5;
/// See [`SAYS`].
const SAYS_WITHIN: TimeDelta = TimeDelta::minutes(5);

/// When a source was last heard of, to within [`HEARD_EVERY`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// When.
    pub at: DateTime<Utc>,
}

crate::record_v1!(Heard);

/// What need not be asked of the store; there are as many entries as configured sources.
#[derive(Debug, Default)]
pub(super) struct Memory {
    heard: BTreeMap<SourceId, DateTime<Utc>>,
    said: BTreeMap<SourceId, Said>,
}

/// What a source has said lately.
#[derive(Debug, Default)]
struct Said {
    /// When, the latest first; no more than [`SAYS`].
    at: VecDeque<DateTime<Utc>>,
    /// What was not passed on since.
    left_out: i64,
}

impl App {
    /// A source shows that it is there: by a heartbeat, or by anything it posts.
    ///
    /// # Errors
    /// The store failed: the sign may be lost.
    pub async fn sign_of_life(&self, source: &SourceId, at: DateTime<Utc>) -> Result<(), AppError> {
        if self.was_heard(source, at) {
            return Ok(());
        }
        let _deciding = self.deciding.lock().await;
        // Others may have waited for the same.
        if self.was_heard(source, at) {
            return Ok(());
        }
        for _ in 0..MOST_CONFLICTS {
            let mut tx = Tx::new(self);
            tx.source_lives(source, at).await?;
            if tx.commit().await?.is_some() {
                self.memory(|memory| memory.heard.insert(source.clone(), at));
                return Ok(());
            }
        }
        Err(AppError::Contended(MOST_CONFLICTS))
    }

    /// Whether a sign of life of this time would change nothing.
    #[must_use]
    pub fn was_heard(&self, source: &SourceId, at: DateTime<Utc>) -> bool {
        let fresh = |known: &DateTime<Utc>| at - *known < HEARD_EVERY;
        self.memory(|memory| memory.heard.get(source).is_some_and(fresh))
    }

    /// Every source that was ever heard of, and when last.
    ///
    /// # Errors
    /// The store failed.
    pub async fn last_heard(&self) -> Result<Vec<(SourceId, DateTime<Utc>)>, AppError> {
        let rows = scan(self, &keys::all_heard()).await?;
        rows.into_iter()
            .filter_map(|(key, value)| {
                let source = SourceId(keys::last_text(&key)?);
                Some(decode::<Heard>(&key, &value).map(|heard| (source, heard.at)))
            })
            .collect()
    }

    /// Something that a source says which is no alert is told to those who look after sources.
    /// `false`: it was counted only, for the source says too much.
    ///
    /// # Errors
    /// The store failed: nothing was told.
    pub async fn source_says(&self, source: &SourceId, says: &[Say]) -> Result<bool, AppError> {
        let _deciding = self.deciding.lock().await;
        let now = self.now();
        let left_out = self.memory(|memory| {
            let said = memory.said.entry(source.clone()).or_default();
            said.at.retain(|at| now - *at < SAYS_WITHIN);
            if said.at.len() < SAYS {
                return Some(said.left_out);
            }
            said.left_out += 1;
            None
        });
        let Some(left_out) = left_out else {
            return Ok(false);
        };
        let mut tx = Tx::new(self);
        for to in tx.who_mends(ChatId(0)).await? {
            let mut says: VecDeque<Say> = says.iter().take(SAYS).cloned().collect();
            if left_out > 0 {
                let count = Arg::Number(left_out);
                says.push_back(Say::new(Key::SourceLeftOut).with("count", count));
            }
            if let Some(first) = says.pop_front() {
                let mut message = Message::of(first);
                message.say.extend(says);
                tx.say(to, Class::Service, message)?;
            }
        }
        tx.commit().await?;
        self.memory(|memory| {
            let said = memory.said.entry(source.clone()).or_default();
            said.at.push_front(now);
            said.left_out = 0;
        });
        Ok(true)
    }

    /// What a source has told as open: its names, and when it began.
    ///
    /// # Errors
    /// The store failed.
    pub async fn open_alerts(
        &self,
        source: &SourceId,
    ) -> Result<BTreeMap<String, Option<DateTime<Utc>>>, AppError> {
        let mut open = BTreeMap::new();
        for (key, value) in scan(self, &keys::incidents_of(source)).await? {
            let incident: Incident = decode(&key, &value)?;
            if incident.ended_at.is_none() {
                open.insert(incident.fingerprint.0, Some(incident.starts_at));
            }
        }
        Ok(open)
    }

    /// The first of these names that means declared equipment.
    ///
    /// # Errors
    /// The store failed.
    pub async fn first_known(&self, names: &[String]) -> Result<Option<String>, AppError> {
        let mut tx = Tx::new(self);
        for name in names {
            if !tx.equipment_named(name).await?.as_str().starts_with('?') {
                return Ok(Some(name.clone()));
            }
        }
        Ok(None)
    }

    fn memory<T>(&self, work: impl FnOnce(&mut Memory) -> T) -> T {
        work(&mut self.sources.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Tx<'_> {
    /// A source is there.
    pub(crate) async fn source_lives(
        &mut self,
        source: &SourceId,
        at: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let key = keys::heard(source);
        let known: Option<Heard> = self.get(&key).await?;
        if known.is_none_or(|known| known.at < at) {
            self.put(key, &Heard { at })?;
        }
        self.hears(source, at).await
    }
}
