//! The memory adapter: a sorted map and a log. It is the model the other adapters are held to,
//! and the store of fast tests.
//!
//! Promise: the exact semantics of the port, in one lock, with nothing on disk.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures::stream::BoxStream;
use tokio::sync::watch;

use crate::commit::{Commit, PageBuilder, resolve};
use crate::limits::Port;
use crate::watch::{Log, LogRead, stream};
use crate::{
    Batch, BatchId, Cond, Dir, Entry, Health, Key, Outcome, Page, Range, Result, Rev, Shard,
    Snapshot, Store, StoreError, WatchItem,
};

/// How long a snapshot lives.
pub(crate) const SNAPSHOT_TTL: Duration = Duration::from_secs(2);
/// Commits handed to a watcher at once.
const READ_AT_ONCE: usize = 256;

/// A store in memory.
pub type MemoryStore = Port<Memory>;

type Map = BTreeMap<Key, Entry>;

/// The adapter behind [`MemoryStore`].
#[derive(Debug)]
pub struct Memory {
    shards: Arc<Shards>,
}

#[derive(Debug)]
struct Shards {
    map: Mutex<HashMap<Shard, MemoryShard>>,
    retention: usize,
}

#[derive(Debug)]
struct MemoryShard {
    entries: Arc<Map>,
    log: VecDeque<Arc<Commit>>,
    ids: HashMap<BatchId, Rev>,
    rev: Rev,
    durable: watch::Sender<Rev>,
}

impl Default for MemoryShard {
    fn default() -> Self {
        Self {
            entries: Arc::default(),
            log: VecDeque::new(),
            ids: HashMap::new(),
            rev: 0,
            durable: watch::Sender::new(0),
        }
    }
}

impl MemoryStore {
    /// An empty store that keeps the last 100,000 commits in its change log.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::with_retention(100_000)
    }

    /// An empty store that keeps the last `commits` commits in its change log.
    #[must_use]
    pub fn with_retention(commits: usize) -> Self {
        Self::new(Memory {
            shards: Arc::new(Shards {
                map: Mutex::default(),
                retention: commits.max(1),
            }),
        })
    }
}

impl Shards {
    fn lock(&self) -> MutexGuard<'_, HashMap<Shard, MemoryShard>> {
        self.map.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn entries(&self, shard: Shard) -> (Rev, Arc<Map>) {
        self.lock()
            .get(&shard)
            .map(|shard| (shard.rev, Arc::clone(&shard.entries)))
            .unwrap_or_default()
    }
}

impl MemoryShard {
    fn unmet(&self, conds: &[Cond]) -> Option<Outcome> {
        conds.iter().enumerate().find_map(|(cond, wanted)| {
            let (Cond::Absent(key) | Cond::At(key, _) | Cond::Present(key)) = wanted;
            let now = self.entries.get(key).map(|entry| entry.rev);
            let holds = match wanted {
                Cond::Absent(_) => now.is_none(),
                Cond::At(_, rev) => now == Some(*rev),
                Cond::Present(_) => now.is_some(),
            };
            (!holds).then_some(Outcome::Conflict { cond, now })
        })
    }

    fn commit(&mut self, batch: Batch, retention: usize) -> Outcome {
        if let Some(rev) = self.ids.get(&batch.id) {
            return Outcome::Applied(*rev);
        }
        if let Some(conflict) = self.unmet(&batch.conds) {
            return conflict;
        }
        if batch.ops.is_empty() {
            return Outcome::Applied(self.rev);
        }
        self.rev += 1;
        let changes = resolve(batch.ops, self.rev);
        let entries = Arc::make_mut(&mut self.entries);
        for (key, value) in &changes {
            match value {
                Some(value) => entries.insert(
                    key.clone(),
                    Entry {
                        value: value.clone(),
                        rev: self.rev,
                    },
                ),
                None => entries.remove(key),
            };
        }
        self.ids.insert(batch.id, self.rev);
        self.log.push_back(Arc::new(Commit {
            rev: self.rev,
            changes,
        }));
        while self.log.len() > retention {
            self.log.pop_front();
        }
        self.durable.send_replace(self.rev);
        Outcome::Applied(self.rev)
    }
}

impl Log for Shards {
    fn commits_after(&self, shard: Shard, after: Rev) -> Result<LogRead> {
        let shards = self.lock();
        let Some(shard) = shards.get(&shard) else {
            return Ok(LogRead::Commits(Vec::new()));
        };
        let first = shard.log.front().map_or(shard.rev + 1, |commit| commit.rev);
        if after + 1 < first {
            return Ok(LogRead::Gone(shard.rev));
        }
        let skip = usize::try_from(after + 1 - first).unwrap_or(usize::MAX);
        let commits = shard.log.iter().skip(skip).take(READ_AT_ONCE);
        Ok(LogRead::Commits(commits.cloned().collect()))
    }
}

fn get(entries: &Map, keys: &[Key]) -> Vec<Option<Entry>> {
    keys.iter().map(|key| entries.get(key).cloned()).collect()
}

fn scan(entries: &Map, range: &Range, after: Option<&Key>, limit: u32, dir: Dir) -> Page {
    let within = |key: &Key| {
        *key >= range.start
            && range.end.as_ref().is_none_or(|end| key < end)
            && after.is_none_or(|after| match dir {
                Dir::Forward => key > after,
                Dir::Backward => key < after,
            })
    };
    let mut all = entries.iter().filter(|(key, _)| within(key));
    let mut page = PageBuilder::new(limit);
    let mut push = |(key, entry): (&Key, &Entry)| page.push(key.clone(), entry.clone());
    match dir {
        Dir::Forward => all.all(&mut push),
        Dir::Backward => all.rev().all(&mut push),
    };
    page.finish()
}

struct MemorySnapshot {
    rev: Rev,
    entries: Arc<Map>,
    taken: Instant,
}

impl MemorySnapshot {
    fn live(&self) -> Result<&Map> {
        if self.taken.elapsed() > SNAPSHOT_TTL {
            return Err(StoreError::SnapshotExpired);
        }
        Ok(&self.entries)
    }
}

#[async_trait]
impl Snapshot for MemorySnapshot {
    fn rev(&self) -> Rev {
        self.rev
    }

    async fn get(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>> {
        Ok(get(self.live()?, keys))
    }

    async fn scan(&self, range: &Range, after: Option<&Key>, limit: u32, dir: Dir) -> Result<Page> {
        Ok(scan(self.live()?, range, after, limit, dir))
    }
}

#[async_trait]
impl Store for Memory {
    async fn get(&self, shard: Shard, keys: &[Key]) -> Result<Vec<Option<Entry>>> {
        let shards = self.shards.lock();
        Ok(match shards.get(&shard) {
            Some(shard) => get(&shard.entries, keys),
            None => vec![None; keys.len()],
        })
    }

    async fn scan(
        &self,
        shard: Shard,
        range: &Range,
        after: Option<&Key>,
        limit: u32,
        dir: Dir,
    ) -> Result<Page> {
        let (_, entries) = self.shards.entries(shard);
        Ok(scan(&entries, range, after, limit, dir))
    }

    async fn snapshot(&self, shard: Shard) -> Result<Box<dyn Snapshot>> {
        let (rev, entries) = self.shards.entries(shard);
        Ok(Box::new(MemorySnapshot {
            rev,
            entries,
            taken: Instant::now(),
        }))
    }

    async fn commit(&self, batch: Batch) -> Result<Outcome> {
        let mut shards = self.shards.lock();
        let shard = shards.entry(batch.shard).or_default();
        Ok(shard.commit(batch, self.shards.retention))
    }

    async fn watch(
        &self,
        shard: Shard,
        prefix: Key,
        from: Rev,
    ) -> Result<BoxStream<'static, WatchItem>> {
        let durable = {
            let mut shards = self.shards.lock();
            shards.entry(shard).or_default().durable.subscribe()
        };
        let log = Arc::downgrade(&self.shards);
        Ok(stream(log, durable, shard, prefix, from))
    }

    async fn durable_rev(&self, shard: Shard) -> Result<Rev> {
        Ok(self.shards.entries(shard).0)
    }

    async fn shards(&self) -> Result<Vec<Shard>> {
        let shards = self.shards.lock();
        let written = |shard: &MemoryShard| shard.rev > 0 || !shard.entries.is_empty();
        let used = shards.iter().filter(|(_, shard)| written(shard));
        let mut used: Vec<Shard> = used.map(|(number, _)| *number).collect();
        used.sort_unstable();
        Ok(used)
    }

    async fn restore(
        &self,
        shard: Shard,
        items: Vec<(Key, Option<Entry>)>,
        rev: Rev,
    ) -> Result<()> {
        let mut shards = self.shards.lock();
        let shard = shards.entry(shard).or_default();
        let entries = Arc::make_mut(&mut shard.entries);
        for (key, entry) in items {
            match entry {
                Some(entry) => entries.insert(key, entry),
                None => entries.remove(&key),
            };
        }
        shard.rev = shard.rev.max(rev);
        shard.log.clear();
        shard.durable.send_replace(shard.rev);
        Ok(())
    }

    async fn health(&self) -> Health {
        Health::Ok
    }
}
