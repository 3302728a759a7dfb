//! The sled adapter: one tree, one committer, our own barrier.
//!
//! Promise: see [`crate::Store`]. In addition: a second open is refused; a damaged store is
//! refused; a full disk makes it read-only until there is room again, without a restart.

mod ahead;
mod committer;
mod engine;
mod files;
mod group;
mod layout;
mod log;
mod open;
mod options;
mod recent;
mod recovery;
mod repair;
mod side;
mod state;
mod verify;
mod view;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::sync::{
    Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, mpsc::SendError,
};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures::stream::BoxStream;
use tokio::sync::{Semaphore, oneshot, watch};

use crate::limits::Port;
use crate::memory::SNAPSHOT_TTL;
use crate::watch::{Log, LogRead, stream};
use crate::{
    Batch, Dir, Entry, Health, Key, Outcome, Page, Range, Result, Rev, Shard, Snapshot, Store,
    StoreError, WatchItem,
};

use committer::{Committer, Job, Restore, Shift, Work};
use engine::{Engine, dispose};
use files::{Ballast, FolderLock};
pub use options::{IdRetention, LogRetention, Seconds, SledOptions};
use state::State;
use view::{Core, Seq, View};

/// Longest time a read waits while the files are opened again.
const REOPEN_WAIT: Duration = Duration::from_secs(2);
/// Commits read from the log for a watcher at once.
const LOG_AT_ONCE: Rev = 256;
/// … and their bytes.
const LOG_BYTES_AT_ONCE: usize = 1024 * 1024;

/// A store in a folder, by sled.
pub type SledStore = Port<Sled>;

/// The adapter behind [`SledStore`].
#[derive(Debug)]
pub struct Sled {
    shared: Arc<Shared>,
    queue: Option<Arc<Sender<Job>>>,
    places: Arc<Semaphore>,
    shift: Arc<Shift>,
    committer: Option<JoinHandle<()>>,
    /// Dropped last: the folder is free only when everything else is closed.
    _lock: FolderLock,
}

/// What committer and readers share.
pub(crate) struct Shared {
    core: RwLock<Core>,
    health: Mutex<Health>,
    pub(crate) path: PathBuf,
    pub(crate) options: SledOptions,
    open: watch::Sender<bool>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl SledStore {
    /// Opens the store in a folder, which is created where needed. Blocks while it is verified.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when it is open elsewhere, [`StoreError::Damaged`] when something
    /// acknowledged is missing, [`StoreError::TooNew`] when a newer program wrote it.
    pub fn open(path: impl AsRef<Path>, options: SledOptions) -> Result<Self> {
        Sled::open(path.as_ref(), options).map(Self::new)
    }

    /// Reads everything and checks it. Commits go on meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] names what is wrong.
    pub async fn verify_all(&self) -> Result<()> {
        let shared = Arc::clone(&self.adapter.shared);
        let all = move || {
            let shards: Vec<Shard> = shared.core().shards.keys().copied().collect();
            shards
                .into_iter()
                .try_for_each(|shard| verify::full(&shared, shard))
        };
        let checked = tokio::task::spawn_blocking(all).await;
        checked.map_err(|error| StoreError::Damaged(format!("sled stopped: {error}")))?
    }
}

impl Sled {
    fn open(path: &Path, options: SledOptions) -> Result<Self> {
        let lock = files::lock(path)?;
        let ballast = Ballast::new(path, options.ballast);
        let opened = match open::open(path, &options) {
            Err(StoreError::ReadOnly(_)) if ballast.give_up() => open::open(path, &options),
            other => other,
        }?;
        let room = ballast.put();
        let (queue, jobs) = channel();
        let places = Arc::new(Semaphore::new(options.queue.max(1)));
        let shared = Arc::new(Shared {
            core: RwLock::default(),
            health: Mutex::new(Health::Ok),
            path: path.to_path_buf(),
            options,
            open: watch::Sender::new(false),
        });
        shared.install(Arc::clone(&opened.engine), &opened.states);
        let mut committer = Committer {
            shared: Arc::clone(&shared),
            engine: Some(opened.engine),
            known: opened.states,
            side: opened.side,
            ahead: opened.ahead,
            pending: None,
            trouble: None,
            side_since: Instant::now(),
        };
        if let Err(error) = room {
            // Without its ballast the store is read-only, as after a disk that filled up.
            committer.stop(&error);
        }
        let shift = Arc::new(Mutex::new(committer));
        let theirs = Arc::clone(&shift);
        let thread = std::thread::Builder::new()
            .name("store-committer".to_owned())
            .spawn(move || committer::run(&theirs, &jobs))
            .map_err(|error| engine::io("the committer thread", &error))?;
        Ok(Self {
            shared,
            queue: Some(Arc::new(queue)),
            places,
            shift,
            committer: Some(thread),
            _lock: lock,
        })
    }

    async fn enqueue(&self, work: Work) -> Result<()> {
        match self.shared.health() {
            Health::Ok => {}
            Health::ReadOnly(_) | Health::Failed(_) => return Err(self.shared.refusal()),
        }
        let place = Arc::clone(&self.places).acquire_owned().await;
        let closed = || StoreError::Io("the store is closed".to_owned());
        let place = place.map_err(|_| closed())?;
        let alone = self.places.available_permits() + 1 == self.shared.options.queue.max(1);
        let job = Job {
            work,
            _place: Some(place),
        };
        let queue = self.queue.as_ref().ok_or_else(closed)?;
        let job = match alone {
            true => committer::at_once(&self.shift, job),
            false => Some(job),
        };
        match job {
            Some(job) => queue.send(job).map_err(|SendError(_)| closed()),
            None => {
                committer::look(queue);
                Ok(())
            }
        }
    }
}

impl Drop for Sled {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.committer.take() {
            // A panic there has already made the health red.
            let _ = thread.join();
        }
        dispose(self.shared.close());
        self.shared.core_mut().shards.clear();
    }
}

impl Shared {
    pub(crate) fn core(&self) -> RwLockReadGuard<'_, Core> {
        self.core.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn core_mut(&self) -> RwLockWriteGuard<'_, Core> {
        self.core.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn health(&self) -> Health {
        let health = self.health.lock().unwrap_or_else(PoisonError::into_inner);
        health.clone()
    }

    pub(crate) fn set_health(&self, health: Health) {
        *self.health.lock().unwrap_or_else(PoisonError::into_inner) = health;
    }

    /// What a write is told while the store is not healthy.
    pub(crate) fn refusal(&self) -> StoreError {
        match self.health() {
            Health::ReadOnly(reason) | Health::Failed(reason) => StoreError::ReadOnly(reason),
            Health::Ok => StoreError::ReadOnly("the store is being opened".to_owned()),
        }
    }

    /// Takes the database away; reads wait for [`Shared::install`].
    pub(crate) fn close(&self) -> Option<Arc<Engine>> {
        self.open.send_replace(false);
        self.core_mut().engine.take()
    }

    pub(crate) fn install(&self, engine: Arc<Engine>, states: &HashMap<Shard, State>) {
        self.core_mut().install(engine, states);
        self.open.send_replace(true);
    }

    /// Holds the present state of a shard for reading.
    pub(crate) fn hold(self: &Shared, shard: Shard, ttl: Duration) -> Result<Held<'_>> {
        let mut core = self.core_mut();
        core.engine()?;
        let state = core
            .shards
            .get(&shard)
            .map_or_else(State::new, |view| view.state);
        let seq = core.hold(Instant::now() + ttl);
        Ok(Held {
            shared: self,
            seq,
            state,
        })
    }

    /// Reads the present state; waits a little while the files are being opened again.
    async fn read<T>(&self, look: impl Fn(&View<'_>) -> Result<T>) -> Result<T> {
        if !*self.open.borrow() {
            let mut open = self.open.subscribe();
            // Whether it came in time is seen right below.
            let _ = tokio::time::timeout(REOPEN_WAIT, open.wait_for(|open| *open)).await;
        }
        let core = self.core();
        let view = core.at(core.seq())?;
        look(&view)
    }
}

/// A state held for reading, let go when dropped.
pub(crate) struct Held<'a> {
    shared: &'a Shared,
    pub(crate) seq: Seq,
    pub(crate) state: State,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.shared.core_mut().let_go(self.seq);
    }
}

impl Log for Shared {
    fn commits_after(&self, shard: Shard, after: Rev) -> Result<LogRead> {
        let core = self.core();
        let Some(view) = core.shards.get(&shard) else {
            return Ok(LogRead::Commits(Vec::new()));
        };
        if let Some(recent) = view.recent_after(after) {
            return Ok(LogRead::Commits(recent));
        }
        let state = view.state;
        let mut commits = Vec::new();
        let mut bytes = 0;
        for rev in after + 1..=state.rev.min(after + LOG_AT_ONCE) {
            let Some((_, commit)) = log::read(&*core, shard, rev)? else {
                return Ok(LogRead::Gone(state.rev));
            };
            bytes += commit.bytes();
            commits.push(commit);
            if bytes > LOG_BYTES_AT_ONCE {
                break;
            }
        }
        Ok(LogRead::Commits(commits))
    }
}

struct SledSnapshot {
    shared: Arc<Shared>,
    shard: Shard,
    seq: Seq,
    rev: Rev,
    until: Instant,
}

impl SledSnapshot {
    fn read<T>(&self, look: impl Fn(&View<'_>) -> Result<T>) -> Result<T> {
        if Instant::now() > self.until {
            return Err(StoreError::SnapshotExpired);
        }
        let core = self.shared.core();
        let view = core.at(self.seq)?;
        look(&view)
    }
}

impl Drop for SledSnapshot {
    fn drop(&mut self) {
        self.shared.core_mut().let_go(self.seq);
    }
}

#[async_trait]
impl Snapshot for SledSnapshot {
    fn rev(&self) -> Rev {
        self.rev
    }

    async fn get(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>> {
        self.read(|view| keys.iter().map(|key| view.get(self.shard, key)).collect())
    }

    async fn scan(&self, range: &Range, after: Option<&Key>, limit: u32, dir: Dir) -> Result<Page> {
        self.read(|view| view.scan(self.shard, range, after, limit, dir))
    }
}

#[async_trait]
impl Store for Sled {
    async fn get(&self, shard: Shard, keys: &[Key]) -> Result<Vec<Option<Entry>>> {
        let get = |view: &View<'_>| keys.iter().map(|key| view.get(shard, key)).collect();
        self.shared.read(get).await
    }

    async fn scan(
        &self,
        shard: Shard,
        range: &Range,
        after: Option<&Key>,
        limit: u32,
        dir: Dir,
    ) -> Result<Page> {
        let scan = |view: &View<'_>| view.scan(shard, range, after, limit, dir);
        self.shared.read(scan).await
    }

    async fn snapshot(&self, shard: Shard) -> Result<Box<dyn Snapshot>> {
        self.shared.read(|_| Ok(())).await?;
        let mut core = self.shared.core_mut();
        let until = Instant::now() + SNAPSHOT_TTL;
        let seq = core.hold(until);
        let rev = core.shards.get(&shard).map_or(0, |view| view.state.rev);
        Ok(Box::new(SledSnapshot {
            shared: Arc::clone(&self.shared),
            shard,
            seq,
            rev,
            until,
        }))
    }

    async fn commit(&self, batch: Batch) -> Result<Outcome> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Work::Commit(batch, reply)).await?;
        answer.await.map_err(|_| StoreError::Unknown)?
    }

    async fn watch(
        &self,
        shard: Shard,
        prefix: Key,
        from: Rev,
    ) -> Result<BoxStream<'static, WatchItem>> {
        let durable = {
            let mut core = self.shared.core_mut();
            core.shards.entry(shard).or_default().durable.subscribe()
        };
        let log = Arc::downgrade(&self.shared);
        Ok(stream(log, durable, shard, prefix, from))
    }

    async fn durable_rev(&self, shard: Shard) -> Result<Rev> {
        let core = self.shared.core();
        Ok(core.shards.get(&shard).map_or(0, |view| view.state.rev))
    }

    async fn shards(&self) -> Result<Vec<Shard>> {
        let core = self.shared.core();
        let written = |state: &State| state.rev > 0 || state.count > 0;
        let used = core.shards.iter().filter(|(_, view)| written(&view.state));
        let mut used: Vec<Shard> = used.map(|(shard, _)| *shard).collect();
        used.sort_unstable();
        Ok(used)
    }

    async fn restore(
        &self,
        shard: Shard,
        items: Vec<(Key, Option<Entry>)>,
        rev: Rev,
    ) -> Result<()> {
        let (reply, answer) = oneshot::channel();
        let work = Restore { shard, items, rev };
        self.enqueue(Work::Restore(work, reply)).await?;
        answer.await.map_err(|_| StoreError::Unknown)?
    }

    async fn health(&self) -> Health {
        self.shared.health()
    }
}
