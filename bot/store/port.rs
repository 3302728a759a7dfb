//! The store port: what the rest of Vigie may ask of any storage engine.

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;

use crate::Key;

/// Longest key, in bytes.
pub const MAX_KEY: usize = 512;
/// Longest value, in bytes.
pub const MAX_VALUE: usize = 64 * 1024;
/// Most operations, and most conditions, in one batch.
pub const MAX_OPS: usize = 500;
/// Largest batch, in bytes of keys and values.
pub const MAX_BATCH: usize = 512 * 1024;
/// Most items of one page.
pub const MAX_PAGE: u32 = 1_000;
/// Most keys of one [`Store::get`].
pub const MAX_GET: usize = 64;

/// Revision of a shard: strictly increasing, in commit order.
pub type Rev = u64;
/// One cooperative.
pub type Shard = u32;
/// Name of a batch: the same name twice is applied once.
pub type BatchId = [u8; 16];

/// A stored value and the revision of the commit that wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The bytes.
    pub value: Bytes,
    /// Revision of the last write of this key.
    pub rev: Rev,
}

/// What must still hold when a batch is committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cond {
    /// The key is not there.
    Absent(Key),
    /// The key is there, last written at this revision.
    At(Key, Rev),
    /// The key is there.
    Present(Key),
}

/// One write of a batch. Of two writes of one key the later wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    /// Writes a value.
    Put(Key, Bytes),
    /// Removes a key; removing an absent key is no error.
    Delete(Key),
    /// Writes under `prefix ++ revision (8 bytes, big endian) ++ position in the batch (2 bytes) ++ suffix`:
    /// such keys sort in commit order.
    PutStamped {
        /// First part of the key.
        prefix: Key,
        /// Last part of the key.
        suffix: Key,
        /// The value.
        value: Bytes,
    },
}

/// A group of writes that is applied whole or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The cooperative it touches.
    pub shard: Shard,
    /// Its name, for a safe retry.
    pub id: BatchId,
    /// What must hold.
    pub conds: Vec<Cond>,
    /// What is written.
    pub ops: Vec<Op>,
}

/// The answer to a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Applied and durable at this revision.
    Applied(Rev),
    /// Nothing was written: the condition with this index does not hold.
    Conflict {
        /// Index in [`Batch::conds`].
        cond: usize,
        /// Present revision of the key of that condition.
        now: Option<Rev>,
    },
}

/// Direction of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dir {
    /// Ascending keys.
    Forward,
    /// Descending keys.
    Backward,
}

/// A range of keys: `start` included, `end` excluded (`None`: to the end of the shard).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// First key of the range.
    pub start: Key,
    /// First key after the range.
    pub end: Option<Key>,
}

impl Range {
    /// All keys that start with `prefix`.
    #[must_use]
    pub fn prefix(prefix: &Key) -> Self {
        let mut end = prefix.as_bytes().to_vec();
        while end.last() == Some(&0xFF) {
            end.pop();
        }
        let end = end.last_mut().map(|last| *last += 1).map(|()| end.clone());
        Self {
            start: prefix.clone(),
            end: end.map(|bytes| Key(bytes.into())),
        }
    }
}

/// One page of a scan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Keys and entries in scan order.
    pub items: Vec<(Key, Entry)>,
    /// Where to go on: pass it as `after`. `None`: the range is exhausted.
    pub next: Option<Key>,
}

/// What a watcher is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WatchItem {
    /// A durable change. `value` is `None` where the key was removed.
    Change {
        /// Revision of the commit.
        rev: Rev,
        /// The key.
        key: Key,
        /// The new value.
        value: Option<Bytes>,
    },
    /// Changes were missed: read the state again and watch from here.
    Gap {
        /// Revision to watch from.
        resume_from: Rev,
    },
}

/// Health of a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// Reads and writes work.
    Ok,
    /// Reads work, writes are refused.
    ReadOnly(String),
    /// Nothing works.
    Failed(String),
}

/// Why the store did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The outcome of a commit is not known: retry with the same batch id.
    #[error("the outcome of the commit is not known")]
    Unknown,
    /// Writes are refused until the store is opened again.
    #[error("the store is read-only: {0}")]
    ReadOnly(String),
    /// A snapshot was kept longer than allowed.
    #[error("the snapshot has expired")]
    SnapshotExpired,
    /// A limit of the port was passed.
    #[error("{what} is {got}, the limit is {limit}")]
    Limit {
        /// What was too large.
        what: &'static str,
        /// Its size.
        got: usize,
        /// The limit.
        limit: usize,
    },
    /// Stored data is not what was written.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// Another process has the store open.
    #[error("the store is in use by another instance: {0}")]
    InUse(String),
    /// A record was written by a newer program.
    #[error("the store needs a newer program: {0}")]
    TooNew(String),
    /// The disk, the network or the engine failed.
    #[error("{0}")]
    Io(String),
}

/// Result of a store call.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// A consistent view at one revision. It expires two seconds after it was taken.
#[async_trait]
pub trait Snapshot: Send + Sync {
    /// The revision of the view.
    fn rev(&self) -> Rev;
    /// Reads keys.
    async fn get(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>>;
    /// Reads a page.
    async fn scan(&self, range: &Range, after: Option<&Key>, limit: u32, dir: Dir) -> Result<Page>;
}

/// The storage port. All reads show durable data only.
#[async_trait]
pub trait Store: Send + Sync {
    /// One consistent read of up to [`MAX_GET`] keys.
    async fn get(&self, shard: Shard, keys: &[Key]) -> Result<Vec<Option<Entry>>>;
    /// One page of at most [`MAX_PAGE`] items and 1 MiB. A page is consistent, pages are not.
    async fn scan(
        &self,
        shard: Shard,
        range: &Range,
        after: Option<&Key>,
        limit: u32,
        dir: Dir,
    ) -> Result<Page>;
    /// A consistent view of the shard.
    async fn snapshot(&self, shard: Shard) -> Result<Box<dyn Snapshot>>;
    /// Applies a batch. `Ok` means durable. After [`StoreError::Unknown`] retry with the same id:
    /// a batch that was applied answers its first revision again. A conflict leaves nothing and
    /// is not remembered. A batch without operations only checks its conditions and answers the
    /// present revision.
    async fn commit(&self, batch: Batch) -> Result<Outcome>;
    /// Changes of keys that start with `prefix`, after revision `from`, in commit order. The
    /// changes of one commit come together: once one is ready, the others are ready too.
    async fn watch(
        &self,
        shard: Shard,
        prefix: Key,
        from: Rev,
    ) -> Result<BoxStream<'static, WatchItem>>;
    /// The last durable revision.
    async fn durable_rev(&self, shard: Shard) -> Result<Rev>;
    /// The shards that were ever written, in order.
    async fn shards(&self) -> Result<Vec<Shard>>;
    /// Puts entries back with the revisions they had (`None`: removes the key) and lifts the
    /// shard's revision to `rev` where it is lower. Only for filling a store from a backup: nothing
    /// is checked, and watchers are told of a gap.
    async fn restore(&self, shard: Shard, items: Vec<(Key, Option<Entry>)>, rev: Rev)
    -> Result<()>;
    /// Whether reads and writes work.
    async fn health(&self) -> Health;
}
