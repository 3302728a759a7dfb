//! One decision: what it read, and what it will write, as one commit.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use vigie_domain::EquipmentId;
use vigie_domain::alert::Severity;
use vigie_store::record::{self, Record};
use vigie_store::{Batch, Cond, Dir, Key, Op, Outcome, Range, Rev, Store, StoreError};

use super::App;
use super::error::AppError;
use super::members;
use super::outbox::{Row, RowState};
use super::settings::Settings;

/// Times that a commit of unknown outcome is asked for again, under the same name.
const UNKNOWN_RETRIES: u32 = 5;

/// Conditions or writes that one part of a decision adds at most: what one alert means, say.
pub(crate) const OF_PART: usize = 100;

/// For what cards were brought up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Refreshed {
    /// The outage, of this severity.
    Now(Option<Severity>),
    /// What remains of it, so many seconds after its end.
    Late(u32),
}

/// Reads and writes of one decision.
///
/// [`Tx::get`] makes what it read a condition of the commit; [`Tx::peek`] does not: it is for
/// what may change meanwhile without making the decision wrong.
pub struct Tx<'a> {
    app: &'a App,
    now: DateTime<Utc>,
    read: BTreeMap<Key, Option<Rev>>,
    seen: BTreeMap<Key, Option<Bytes>>,
    writes: BTreeMap<Key, Option<Bytes>>,
    stamped: Vec<(Key, Bytes)>,
    /// Bytes that were written, also those that were written over since.
    bytes: usize,
    /// What it read and wrote when its present part began.
    mark: usize,
    /// Outages whose cards it has brought up to date, and for what.
    pub(crate) refreshed: BTreeSet<(EquipmentId, Refreshed)>,
    /// Seconds within which what this decision tells shares a card with what was told before.
    pub(crate) together_s: u32,
}

impl<'a> Tx<'a> {
    /// Starts a decision.
    #[must_use]
    pub fn new(app: &'a App) -> Self {
        Self {
            app,
            now: app.now(),
            read: BTreeMap::new(),
            seen: BTreeMap::new(),
            writes: BTreeMap::new(),
            stamped: Vec::new(),
            bytes: 0,
            mark: 0,
            refreshed: BTreeSet::new(),
            together_s: 0,
        }
    }

    /// The use cases it belongs to.
    pub const fn app(&self) -> &'a App {
        self.app
    }

    /// The time of the decision.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The settings.
    pub const fn settings(&self) -> &Settings {
        &self.app.settings
    }

    /// Sixteen random bytes.
    pub fn random_bytes(&self) -> [u8; 16] {
        self.app.chance.bytes()
    }

    /// A random positive number, for a name that needs no order.
    pub fn random_number(&self) -> i64 {
        let bytes = self.random_bytes();
        bytes.iter().take(8).fold(0_i64, |number, byte| {
            ((number << 8) | i64::from(*byte)) & i64::MAX
        })
    }

    /// A new row of the outbox: already claimed where the outbox is idle.
    pub(crate) fn fresh(&self, mut row: Row) -> Row {
        if row.not_before.is_none() && self.app.idle.load(Ordering::Relaxed) {
            row.state = RowState::Sending(self.now);
            row.attempts = 1;
        }
        row
    }

    /// Conditions and writes so far; a commit carries at most [`vigie_store::MAX_OPS`] of each.
    #[must_use]
    pub fn size(&self) -> usize {
        self.read.len().max(self.writes.len() + self.stamped.len())
    }

    /// Begins a part of the decision, where it has room for one.
    pub(crate) fn begin_part(&mut self) -> bool {
        let size = self.size();
        let light = self.bytes <= vigie_store::MAX_BATCH / 4;
        let room = light && size + OF_PART <= vigie_store::MAX_OPS;
        if room {
            self.mark = size;
        }
        room
    }

    /// Conditions and writes of the present part, at most [`OF_PART`] of each: what would take
    /// more is planned for later.
    #[must_use]
    pub(crate) fn part(&self) -> usize {
        self.size().saturating_sub(self.mark)
    }

    /// Reads a record; it must not change until the commit.
    ///
    /// # Errors
    /// The store failed, or the record cannot be read.
    pub async fn get<T: Stored>(&mut self, key: &Key) -> Result<Option<T>, AppError> {
        if let Some(written) = self.writes.get(key) {
            return written.as_ref().map(|bytes| decode(key, bytes)).transpose();
        }
        if !self.read.contains_key(key) {
            let entry = self.load(key).await?;
            self.read
                .insert(key.clone(), entry.as_ref().map(|(_, rev)| *rev));
            self.seen.insert(key.clone(), entry.map(|(value, _)| value));
        }
        self.known(key)
    }

    /// Reads a record that may change meanwhile.
    ///
    /// # Errors
    /// The store failed, or the record cannot be read.
    pub async fn peek<T: Stored>(&mut self, key: &Key) -> Result<Option<T>, AppError> {
        if let Some(written) = self.writes.get(key) {
            return written.as_ref().map(|bytes| decode(key, bytes)).transpose();
        }
        if !self.seen.contains_key(key) {
            let entry = self.load(key).await?;
            self.seen.insert(key.clone(), entry.map(|(value, _)| value));
        }
        self.known(key)
    }

    fn known<T: Stored>(&self, key: &Key) -> Result<Option<T>, AppError> {
        let bytes = self.seen.get(key).and_then(Option::as_ref);
        bytes.map(|bytes| decode(key, bytes)).transpose()
    }

    async fn load(&self, key: &Key) -> Result<Option<(Bytes, Rev)>, AppError> {
        let mut found = self
            .app
            .store
            .get(self.app.shard, std::slice::from_ref(key))
            .await?;
        Ok(found.pop().flatten().map(|entry| (entry.value, entry.rev)))
    }

    /// Reads every key under a prefix, with what this decision writes laid over it.
    ///
    /// # Errors
    /// The store failed.
    pub async fn keys(&self, prefix: &Key) -> Result<Vec<Key>, AppError> {
        Ok(self.merged(prefix).await?.into_keys().collect())
    }

    /// Reads every record under a prefix, with what this decision writes laid over it.
    ///
    /// # Errors
    /// The store failed, or a record cannot be read.
    pub async fn all<T: Stored>(&self, prefix: &Key) -> Result<Vec<(Key, T)>, AppError> {
        let merged = self.merged(prefix).await?;
        merged
            .into_iter()
            .map(|(key, bytes)| decode(&key, &bytes).map(|record| (key, record)))
            .collect()
    }

    async fn merged(&self, prefix: &Key) -> Result<BTreeMap<Key, Bytes>, AppError> {
        let mut found: BTreeMap<Key, Bytes> = scan(self.app, prefix).await?.into_iter().collect();
        for (key, value) in self.writes.range(prefix.clone()..) {
            if !key.as_bytes().starts_with(prefix.as_bytes()) {
                break;
            }
            match value {
                Some(bytes) => found.insert(key.clone(), bytes.clone()),
                None => found.remove(key),
            };
        }
        Ok(found)
    }

    /// Reads some of a range, after a key of an earlier page, with what this decision writes laid
    /// over it. Returned is also after which key the next page begins.
    ///
    /// # Errors
    /// The store failed.
    pub async fn page(
        &self,
        range: &Range,
        after: Option<&Key>,
        most: u32,
    ) -> Result<(Vec<(Key, Bytes)>, Option<Key>), AppError> {
        let (store, shard) = (&self.app.store, self.app.shard);
        let page = store.scan(shard, range, after, most, Dir::Forward).await?;
        let entries = page.items.into_iter();
        let mut found: BTreeMap<Key, Bytes> =
            entries.map(|(key, entry)| (key, entry.value)).collect();
        let begin = after.map_or(Bound::Included(&range.start), Bound::Excluded);
        for (key, value) in self.writes.range::<Key, _>((begin, Bound::Unbounded)) {
            let beyond = range.end.as_ref().is_some_and(|end| key >= end);
            if beyond || page.next.as_ref().is_some_and(|last| key > last) {
                break;
            }
            match value {
                Some(bytes) => found.insert(key.clone(), bytes.clone()),
                None => found.remove(key),
            };
        }
        Ok((found.into_iter().collect(), page.next))
    }

    /// Writes a record.
    ///
    /// # Errors
    /// The record cannot be encoded.
    pub fn put<T: Stored>(&mut self, key: Key, record: &T) -> Result<(), AppError> {
        let bytes = encode(&key, record)?;
        self.put_bytes(key, bytes);
        Ok(())
    }

    /// Writes a record that is encoded already.
    pub(crate) fn put_bytes(&mut self, key: Key, bytes: Bytes) {
        self.bytes += key.as_bytes().len() + bytes.len();
        self.writes.insert(key, Some(bytes));
    }

    /// Removes a key.
    pub fn delete(&mut self, key: Key) {
        self.writes.insert(key, None);
    }

    /// Writes a record under `prefix` in commit order.
    ///
    /// # Errors
    /// The record cannot be encoded.
    pub fn append<T: Stored>(&mut self, prefix: Key, record: &T) -> Result<(), AppError> {
        let bytes = encode(&prefix, record)?;
        self.bytes += prefix.as_bytes().len() + bytes.len();
        self.stamped.push((prefix, bytes));
        Ok(())
    }

    /// Commits. `None`: somebody else changed what was read; decide again.
    ///
    /// # Errors
    /// The store failed; nothing is promised about the outcome, and nothing was acknowledged.
    pub async fn commit(self) -> Result<Option<Rev>, AppError> {
        if self.writes.is_empty() && self.stamped.is_empty() {
            return Ok(Some(0));
        }
        let conds = self.read.into_iter().map(|(key, rev)| match rev {
            Some(rev) => Cond::At(key, rev),
            None => Cond::Absent(key),
        });
        let writes = self.writes.into_iter().map(|(key, value)| match value {
            Some(value) => Op::Put(key, value),
            None => Op::Delete(key),
        });
        let stamped = self
            .stamped
            .into_iter()
            .map(|(prefix, value)| Op::PutStamped {
                prefix,
                suffix: Key::default(),
                value,
            });
        let batch = Batch {
            shard: self.app.shard,
            id: self.app.chance.bytes(),
            conds: conds.collect(),
            ops: writes.chain(stamped).collect(),
        };
        let people = batch.ops.iter().any(members::touches_people);
        // Whoever sees the commit sees it there, too, whatever came of it.
        let _changing = people.then(|| self.app.roles.changing());
        match commit(&*self.app.store, batch).await? {
            Outcome::Applied(rev) => Ok(Some(rev)),
            Outcome::Conflict { .. } => Ok(None),
        }
    }
}

/// Commits a batch, asking again under the same name while the outcome is not known.
///
/// # Errors
/// The store failed.
pub async fn commit(store: &dyn Store, batch: Batch) -> Result<Outcome, AppError> {
    let mut tries = 0;
    loop {
        match store.commit(batch.clone()).await {
            Err(StoreError::Unknown) if tries < UNKNOWN_RETRIES => tries += 1,
            other => return Ok(other?),
        }
    }
}

/// Reads all keys and values under a prefix, page by page.
///
/// # Errors
/// The store failed.
pub async fn scan(app: &App, prefix: &Key) -> Result<Vec<(Key, Bytes)>, AppError> {
    let range = Range::prefix(prefix);
    let mut after = None;
    let mut found = Vec::new();
    loop {
        let page = app
            .store
            .scan(
                app.shard,
                &range,
                after.as_ref(),
                vigie_store::MAX_PAGE,
                Dir::Forward,
            )
            .await?;
        found.extend(
            page.items
                .into_iter()
                .map(|(key, entry)| (key, entry.value)),
        );
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(found),
        }
    }
}

/// Encodes a record.
///
/// # Errors
/// The record cannot be encoded.
pub fn encode<T: Stored>(key: &Key, record: &T) -> Result<Bytes, AppError> {
    record::encode_as(T::SCHEMA, record).map_err(|error| unreadable(key, &error))
}

/// Decodes a record.
///
/// # Errors
/// The bytes are no record of this type.
pub fn decode<T: Stored>(key: &Key, bytes: &[u8]) -> Result<T, AppError> {
    record::decode::<Rec<T>>(bytes)
        .map(|Rec(record)| record)
        .map_err(|error| unreadable(key, &error))
}

fn unreadable(key: &Key, error: &StoreError) -> AppError {
    AppError::Record {
        key: key.as_bytes().escape_ascii().to_string(),
        problem: error.to_string(),
    }
}

/// A type that is stored, wherever it is defined.
pub trait Stored: Serialize + DeserializeOwned {
    /// Its present schema.
    const SCHEMA: u16;

    /// Reads a payload of an older schema.
    ///
    /// # Errors
    /// The schema is not known, or the payload does not fit it.
    fn upgrade(from: u16, payload: &[u8]) -> vigie_store::Result<Self>;
}

/// Carries a [`Stored`] type through the record format.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Rec<T>(T);

impl<T: Stored> Record for Rec<T> {
    const SCHEMA: u16 = T::SCHEMA;

    fn upgrade(from: u16, payload: &[u8]) -> vigie_store::Result<Self> {
        T::upgrade(from, payload).map(Rec)
    }
}

/// Declares that types are stored with schema 1 and have no older form.
#[macro_export]
macro_rules! record_v1 {
    ($($name:ty),* $(,)?) => {$(
        impl $crate::app::tx::Stored for $name {
            const SCHEMA: u16 = 1;

            fn upgrade(from: u16, _payload: &[u8]) -> vigie_store::Result<Self> {
                let what = format!("schema {from} of {}", stringify!($name));
                Err(vigie_store::StoreError::TooNew(what))
            }
        }
    )*};
}
