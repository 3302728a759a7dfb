//! Many writes that need not happen together.

use futures::stream::{FuturesUnordered, StreamExt as _};
use vigie_store::{Batch, Op};

use crate::app::App;
use crate::app::error::AppError;
use crate::app::tx;

/// Commits that are under way at once: the store makes them durable together.
const AT_ONCE: usize = 16;
/// Writes of one commit.
const FULL: usize = 96;
/// Bytes of one commit.
const HEAVY: usize = 256 * 1024;

/// Commits many writes, some at once, in no order.
pub(super) struct Bulk<'a> {
    app: &'a App,
    ops: Vec<Op>,
    bytes: usize,
    going: FuturesUnordered<futures::future::BoxFuture<'a, Result<(), AppError>>>,
}

impl<'a> Bulk<'a> {
    pub(super) fn new(app: &'a App) -> Self {
        Self {
            app,
            ops: Vec::new(),
            bytes: 0,
            going: FuturesUnordered::new(),
        }
    }

    /// Writes that belong together.
    pub(super) async fn write(&mut self, ops: Vec<Op>) -> Result<(), AppError> {
        let bytes: usize = ops.iter().map(size).sum();
        if self.ops.len() + ops.len() > FULL || self.bytes + bytes > HEAVY {
            self.send().await?;
        }
        self.bytes += bytes;
        self.ops.extend(ops);
        Ok(())
    }

    pub(super) async fn send(&mut self) -> Result<(), AppError> {
        if self.ops.is_empty() {
            return Ok(());
        }
        let app = self.app;
        let batch = Batch {
            shard: app.shard,
            id: app.chance.bytes(),
            conds: Vec::new(),
            ops: std::mem::take(&mut self.ops),
        };
        self.bytes = 0;
        self.going.push(Box::pin(async move {
            tx::commit(&*app.store, batch).await.map(|_| ())
        }));
        if self.going.len() >= AT_ONCE {
            self.going.next().await.transpose()?;
        }
        Ok(())
    }

    pub(super) async fn end(mut self) -> Result<(), AppError> {
        self.send().await?;
        while let Some(done) = self.going.next().await {
            done?;
        }
        Ok(())
    }
}

fn size(op: &Op) -> usize {
    match op {
        Op::Put(key, value) => key.as_bytes().len() + value.len(),
        Op::Delete(key) => key.as_bytes().len(),
        Op::PutStamped { prefix, value, .. } => prefix.as_bytes().len() + value.len(),
    }
}
