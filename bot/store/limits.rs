//! The limits of the port, enforced once, above every adapter.
//!
//! Promise: whatever passes a limit is refused with [`StoreError::Limit`] before an adapter sees
//! it, so every adapter refuses the same things with the same words.

use async_trait::async_trait;
use futures::stream::BoxStream;

use crate::{
    Batch, Cond, Dir, Entry, Health, Key, MAX_BATCH, MAX_GET, MAX_KEY, MAX_OPS, MAX_PAGE,
    MAX_VALUE, Op, Outcome, Page, Range, Result, Rev, Shard, Snapshot, Store, StoreError,
    WatchItem,
};

/// Bytes that the stamp of [`Op::PutStamped`] adds to a key.
const STAMP: usize = 10;

/// An adapter behind the checks that all adapters share.
#[derive(Debug)]
pub struct Port<A> {
    pub(crate) adapter: A,
}

impl<A> Port<A> {
    pub(crate) fn new(adapter: A) -> Self {
        Self { adapter }
    }
}

fn within(what: &'static str, got: usize, limit: usize) -> Result<()> {
    if got > limit {
        return Err(StoreError::Limit { what, got, limit });
    }
    Ok(())
}

fn check_key(key: &Key) -> Result<()> {
    within("the key length", key.as_bytes().len(), MAX_KEY)
}

fn check_get(keys: &[Key]) -> Result<()> {
    within("the number of keys read at once", keys.len(), MAX_GET)?;
    keys.iter().try_for_each(check_key)
}

fn check_scan(range: &Range, after: Option<&Key>, limit: u32) -> Result<()> {
    if limit == 0 || limit > MAX_PAGE {
        return Err(StoreError::Limit {
            what: "the page size",
            got: limit as usize,
            limit: MAX_PAGE as usize,
        });
    }
    // The end of a range is never stored, so it may be one longer than the longest key.
    check_key(&range.start)?;
    if let Some(end) = &range.end {
        within("the key length", end.as_bytes().len(), MAX_KEY + 1)?;
    }
    after.map_or(Ok(()), check_key)
}

fn check_op(op: &Op) -> Result<usize> {
    let (key, value) = match op {
        Op::Put(key, value) => (key.as_bytes().len(), value.len()),
        Op::Delete(key) => (key.as_bytes().len(), 0),
        Op::PutStamped {
            prefix,
            suffix,
            value,
        } => (
            prefix.as_bytes().len() + STAMP + suffix.as_bytes().len(),
            value.len(),
        ),
    };
    within("the key length", key, MAX_KEY)?;
    within("the value length", value, MAX_VALUE)?;
    Ok(key + value)
}

/// Checks a batch against every limit of the port.
fn check_batch(batch: &Batch) -> Result<()> {
    within("the number of operations", batch.ops.len(), MAX_OPS)?;
    within("the number of conditions", batch.conds.len(), MAX_OPS)?;
    let mut size = 0;
    for cond in &batch.conds {
        let (Cond::Absent(key) | Cond::At(key, _) | Cond::Present(key)) = cond;
        check_key(key)?;
        size += key.as_bytes().len();
    }
    for op in &batch.ops {
        size += check_op(op)?;
    }
    within("the batch size", size, MAX_BATCH)
}

struct CheckedSnapshot(Box<dyn Snapshot>);

#[async_trait]
impl Snapshot for CheckedSnapshot {
    fn rev(&self) -> Rev {
        self.0.rev()
    }

    async fn get(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>> {
        check_get(keys)?;
        self.0.get(keys).await
    }

    async fn scan(&self, range: &Range, after: Option<&Key>, limit: u32, dir: Dir) -> Result<Page> {
        check_scan(range, after, limit)?;
        self.0.scan(range, after, limit, dir).await
    }
}

#[async_trait]
impl<A: Store> Store for Port<A> {
    async fn get(&self, shard: Shard, keys: &[Key]) -> Result<Vec<Option<Entry>>> {
        check_get(keys)?;
        self.adapter.get(shard, keys).await
    }

    async fn scan(
        &self,
        shard: Shard,
        range: &Range,
        after: Option<&Key>,
        limit: u32,
        dir: Dir,
    ) -> Result<Page> {
        check_scan(range, after, limit)?;
        self.adapter.scan(shard, range, after, limit, dir).await
    }

    async fn snapshot(&self, shard: Shard) -> Result<Box<dyn Snapshot>> {
        let inner = self.adapter.snapshot(shard).await?;
        Ok(Box::new(CheckedSnapshot(inner)))
    }

    async fn commit(&self, batch: Batch) -> Result<Outcome> {
        check_batch(&batch)?;
        self.adapter.commit(batch).await
    }

    async fn watch(
        &self,
        shard: Shard,
        prefix: Key,
        from: Rev,
    ) -> Result<BoxStream<'static, WatchItem>> {
        check_key(&prefix)?;
        self.adapter.watch(shard, prefix, from).await
    }

    async fn durable_rev(&self, shard: Shard) -> Result<Rev> {
        self.adapter.durable_rev(shard).await
    }

    async fn shards(&self) -> Result<Vec<Shard>> {
        self.adapter.shards().await
    }

    async fn restore(
        &self,
        shard: Shard,
        items: Vec<(Key, Option<Entry>)>,
        rev: Rev,
    ) -> Result<()> {
        within(
            "the number of restored entries",
            items.len(),
            MAX_PAGE as usize,
        )?;
        for (key, entry) in &items {
            check_key(key)?;
            let value = entry.as_ref().map_or(0, |entry| entry.value.len());
            within("the value length", value, MAX_VALUE)?;
        }
        self.adapter.restore(shard, items, rev).await
    }

    async fn health(&self) -> Health {
        self.adapter.health().await
    }
}
