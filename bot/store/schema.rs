//! The version of everything stored in a shard, and numbered migrations.
//!
//! Promise: a program never opens what it cannot read; a migration goes in steps whose progress is
//! committed with the step itself, so that a program killed in the middle goes on where it was.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::record::{self, Record};
use crate::{Batch, BatchId, Cond, Key, Op, Outcome, Result, Rev, Shard, Store, StoreError};

/// What a program can read and what it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// Oldest program that can read what this program writes.
    pub min_reader: u16,
    /// Version that this program writes.
    pub writer: u16,
}

/// One step of a migration: writes to commit, and where the next step begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Conditions, so that nothing written meanwhile is lost.
    pub conds: Vec<Cond>,
    /// Writes, at most [`crate::MAX_OPS`] less one.
    pub ops: Vec<Op>,
    /// Where to go on; `None`: done.
    pub next: Option<Key>,
}

/// A change of what is stored, from one version to the next.
#[async_trait]
pub trait Migration: Send + Sync {
    /// The version it leads to.
    fn to(&self) -> u16;
    /// Its name, for the log.
    fn name(&self) -> &'static str;
    /// Prepares the step that begins after a key.
    async fn step(&self, store: &dyn Store, shard: Shard, after: Option<&Key>) -> Result<Step>;
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Schema {
    min_reader: u16,
    writer: u16,
    /// The migration under way: its target and where it is.
    #[serde(default)]
    migrating: Option<(u16, Option<Key>)>,
}

impl Record for Schema {
    const SCHEMA: u16 = 1;

    fn upgrade(from: u16, _: &[u8]) -> Result<Self> {
        record::unknown_version(from)
    }
}

fn schema_key() -> Key {
    Key::of("sys/schema").end()
}

/// Makes a shard ready for this program: notes the version in a new one, migrates an older one,
/// refuses a newer one.
///
/// # Errors
/// [`StoreError::TooNew`] when a newer program wrote what this one cannot read;
/// [`StoreError::Damaged`] when a migration is missing.
pub async fn prepare(
    store: &dyn Store,
    shard: Shard,
    version: Version,
    migrations: &[&dyn Migration],
) -> Result<()> {
    loop {
        let found = store.get(shard, &[schema_key()]).await?.pop().flatten();
        let Some(entry) = found else {
            if store.durable_rev(shard).await? > 0 {
                let text = format!("shard {shard} has data but no version");
                return Err(StoreError::Damaged(text));
            }
            let fresh = Schema {
                min_reader: version.min_reader,
                writer: version.writer,
                migrating: None,
            };
            write(
                store,
                shard,
                Cond::Absent(schema_key()),
                &fresh,
                Step::default(),
            )
            .await?;
            continue;
        };
        let schema: Schema = record::decode(&entry.value)?;
        if schema.min_reader > version.writer {
            return Err(StoreError::TooNew(format!(
                "it needs version {}, this program is version {}",
                schema.min_reader, version.writer
            )));
        }
        if schema.writer >= version.writer {
            return Ok(());
        }
        advance(store, shard, (entry.rev, schema), version, migrations).await?;
    }
}

/// Commits the next step from an older version.
async fn advance(
    store: &dyn Store,
    shard: Shard,
    (rev, mut schema): (Rev, Schema),
    version: Version,
    migrations: &[&dyn Migration],
) -> Result<()> {
    let to = schema.writer + 1;
    let migration = migrations.iter().find(|migration| migration.to() == to);
    let migration = migration
        .ok_or_else(|| StoreError::Damaged(format!("there is no migration to version {to}")))?;
    let after = match schema.migrating.take() {
        Some((target, after)) if target == to => after,
        Some((target, _)) => {
            let text = format!("a migration to version {target} was begun");
            return Err(StoreError::TooNew(text));
        }
        None => {
            tracing::info!(shard, to, name = migration.name(), "migrating the store");
            None
        }
    };
    let mut step = migration.step(store, shard, after.as_ref()).await?;
    match step.next.take() {
        Some(next) => schema.migrating = Some((to, Some(next))),
        None => schema.writer = to,
    }
    // From the first step on an older program would misread what is there.
    schema.min_reader = schema.min_reader.max(version.min_reader.min(to));
    write(store, shard, Cond::At(schema_key(), rev), &schema, step).await
}

/// Commits a step together with the schema; a lost race is decided again by the caller.
async fn write(
    store: &dyn Store,
    shard: Shard,
    cond: Cond,
    schema: &Schema,
    step: Step,
) -> Result<()> {
    let Step {
        mut conds, mut ops, ..
    } = step;
    conds.insert(0, cond);
    ops.push(Op::Put(schema_key(), record::encode(schema)?));
    let batch = Batch {
        shard,
        id: batch_id(&ops, &conds),
        conds,
        ops,
    };
    let mut outcome = store.commit(batch.clone()).await;
    if outcome == Err(StoreError::Unknown) {
        outcome = store.commit(batch).await;
    }
    match outcome? {
        Outcome::Applied(_) | Outcome::Conflict { .. } => Ok(()),
    }
}

/// A name that is the same for the same step from the same revision.
fn batch_id(ops: &[Op], conds: &[Cond]) -> BatchId {
    use sha2::{Digest, Sha256};
    let hash = Sha256::digest(format!("schema {conds:?} {ops:?}"));
    let mut id = BatchId::default();
    id.copy_from_slice(hash.get(..16).unwrap_or(&[0; 16]));
    id
}
