//! A store under a program that dies at one of its commits: before it is made, or after.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use futures::stream::BoxStream;
use vigie_store::{
    Batch, Dir, Entry, Health, Key, Outcome, Page, Range, Rev, Shard, Snapshot, Store, StoreError,
    WatchItem,
};

/// When it dies.
#[derive(Clone, Copy, Debug)]
pub enum Dies {
    Before(u64),
    After(u64),
}

pub struct Mortal {
    inner: Arc<dyn Store>,
    dies: Dies,
    commits: AtomicU64,
}

impl Mortal {
    pub fn new(inner: Arc<dyn Store>, dies: Dies) -> Self {
        Self {
            inner,
            dies,
            commits: AtomicU64::new(0),
        }
    }
}

#[async_trait]
impl Store for Mortal {
    async fn get(&self, shard: Shard, keys: &[Key]) -> vigie_store::Result<Vec<Option<Entry>>> {
        self.inner.get(shard, keys).await
    }
    async fn scan(
        &self,
        shard: Shard,
        range: &Range,
        after: Option<&Key>,
        limit: u32,
        dir: Dir,
    ) -> vigie_store::Result<Page> {
        self.inner.scan(shard, range, after, limit, dir).await
    }
    async fn snapshot(&self, shard: Shard) -> vigie_store::Result<Box<dyn Snapshot>> {
        self.inner.snapshot(shard).await
    }
    async fn commit(&self, batch: Batch) -> vigie_store::Result<Outcome> {
        let number = self.commits.fetch_add(1, Ordering::SeqCst);
        let dead = || StoreError::ReadOnly("the program died".to_owned());
        match self.dies {
            Dies::Before(at) if at == number => Err(dead()),
            Dies::After(at) if at == number => {
                self.inner.commit(batch).await?;
                Err(dead())
            }
            Dies::Before(_) | Dies::After(_) => self.inner.commit(batch).await,
        }
    }
    async fn watch(
        &self,
        shard: Shard,
        prefix: Key,
        from: Rev,
    ) -> vigie_store::Result<BoxStream<'static, WatchItem>> {
        self.inner.watch(shard, prefix, from).await
    }
    async fn durable_rev(&self, shard: Shard) -> vigie_store::Result<Rev> {
        self.inner.durable_rev(shard).await
    }
    async fn health(&self) -> Health {
        self.inner.health().await
    }
    async fn shards(&self) -> vigie_store::Result<Vec<Shard>> {
        self.inner.shards().await
    }
    async fn restore(
        &self,
        shard: Shard,
        items: Vec<(Key, Option<Entry>)>,
        rev: Rev,
    ) -> vigie_store::Result<()> {
        self.inner.restore(shard, items, rev).await
    }
}
