//! Adapters under test, and short words for the tests.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use tempfile::TempDir;
use vigie_store::{
    Batch, BatchId, Cond, Key, MemoryStore, Op, Outcome, Rev, Shard, SledOptions, SledStore, Store,
};

/// A store and, where it has one, its folder.
pub struct Fixture {
    pub store: Arc<dyn Store>,
    folder: Option<TempDir>,
    options: SledOptions,
}

impl Fixture {
    pub fn memory(log: u64) -> Self {
        Self {
            store: Arc::new(MemoryStore::with_retention(log as usize)),
            folder: None,
            options: SledOptions::small(),
        }
    }

    pub fn sled(log: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut options = SledOptions::small();
        options.log.commits = log;
        let store = SledStore::open(folder.path(), options.clone()).unwrap();
        Self {
            store: Arc::new(store),
            folder: Some(folder),
            options,
        }
    }

    /// Closes and opens again, where that means something.
    pub fn reopen(self) -> Self {
        let Self {
            store,
            folder,
            options,
        } = self;
        let Some(folder) = folder else {
            return Self {
                store,
                folder,
                options,
            };
        };
        drop(store);
        let store = SledStore::open(folder.path(), options.clone()).unwrap();
        Self {
            store: Arc::new(store),
            folder: Some(folder),
            options,
        }
    }
}

/// Makes one test per adapter out of an async function that takes a [`Fixture`].
#[macro_export]
macro_rules! for_each_adapter {
    ($($name:ident),* $(,)?) => { $crate::for_each_adapter!(log 100_000; $($name),*); };
    (log $log:expr; $($name:ident),* $(,)?) => {
        mod memory { $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() { super::$name($crate::fixture::Fixture::memory($log)).await }
        )* }
        mod sled { $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() { super::$name($crate::fixture::Fixture::sled($log)).await }
        )* }
    };
}

pub fn key(bytes: impl AsRef<[u8]>) -> Key {
    Key(Bytes::copy_from_slice(bytes.as_ref()))
}

pub fn put(at: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Op {
    Op::Put(key(at), Bytes::copy_from_slice(value.as_ref()))
}

pub fn delete(at: impl AsRef<[u8]>) -> Op {
    Op::Delete(key(at))
}

/// A batch id never used before in this process.
pub fn fresh_id() -> BatchId {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let mut id = [0; 16];
    id[..8].copy_from_slice(&NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    id
}

pub fn batch(shard: Shard, conds: Vec<Cond>, ops: Vec<Op>) -> Batch {
    Batch {
        shard,
        id: fresh_id(),
        conds,
        ops,
    }
}

/// Commits to shard 1 and expects it to be applied.
pub async fn apply(store: &Arc<dyn Store>, ops: Vec<Op>) -> Rev {
    match store.commit(batch(1, vec![], ops)).await.unwrap() {
        Outcome::Applied(rev) => rev,
        other => panic!("not applied: {other:?}"),
    }
}

/// Value and revision of a key of shard 1.
pub async fn read(store: &Arc<dyn Store>, at: impl AsRef<[u8]>) -> Option<(Vec<u8>, Rev)> {
    let found = store.get(1, &[key(at)]).await.unwrap().remove(0);
    found.map(|entry| (entry.value.to_vec(), entry.rev))
}
