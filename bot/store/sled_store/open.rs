//! Opening: from a folder to verified states.
//!
//! Promise: a store is opened only when what was acknowledged is there, as far as the checks of
//! [`super::verify`] reach; otherwise it is refused with [`StoreError::Damaged`], unless the
//! options accept the loss. A store of a newer layout is refused with [`StoreError::TooNew`].

use std::collections::{BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use crate::{Result, Shard, StoreError};

use super::ahead::{self, Ahead, Write};
use super::engine::{Engine, dispose, storage};
use super::files::remove_unfinished;
use super::layout::{LAYOUT_KEY, shard_of, shard_start};
use super::options::SledOptions;
use super::side::{self, Side, Witness};
use super::state::State;
use super::view::Raw;
use super::{repair, verify};

/// Version of the layout that this program writes.
const LAYOUT: u8 = 1;
/// How often a damaged shard is repaired before it is given up.
const REPAIRS: u32 = 3;

/// An opened and verified store.
pub(crate) struct Opened {
    pub(crate) engine: Arc<Engine>,
    pub(crate) states: HashMap<Shard, State>,
    pub(crate) side: Side,
    pub(crate) ahead: Ahead,
}

/// Opens a folder that is locked by us.
pub(crate) fn open(path: &Path, options: &SledOptions) -> Result<Opened> {
    remove_unfinished(path)?;
    let witnesses = side::read(path)?;
    let found = ahead::read(path)?;
    if let Some(what) = found.damage {
        if !options.accept_loss {
            return Err(StoreError::Damaged(what.to_owned()));
        }
        tracing::error!(what, "the store is damaged; the loss is accepted");
    }
    let engine = Arc::new(Engine::open(path, options)?);
    let generation = found.generation;
    let checked = check(&engine, &witnesses, found.groups, options).and_then(|states| {
        let latest = states.iter().map(|(shard, state)| {
            let (rev, chain) = (state.rev, state.chain);
            (*shard, Witness { rev, chain })
        });
        let side = Side::start(path, latest.collect())?;
        let ahead = Ahead::start(path, generation, options.barrier)?;
        Ok((states, side, ahead))
    });
    match checked {
        Ok((states, side, ahead)) => Ok(Opened {
            engine,
            states,
            side,
            ahead,
        }),
        Err(error) => {
            dispose(Some(engine));
            Err(error)
        }
    }
}

/// Applies what was acknowledged and sled may lack, then checks all.
fn check(
    engine: &Engine,
    witnesses: &HashMap<Shard, Witness>,
    groups: Vec<Vec<Write>>,
    options: &SledOptions,
) -> Result<HashMap<Shard, State>> {
    // Reading a damaged file can make sled panic.
    catch_unwind(AssertUnwindSafe(|| {
        check_layout(engine, !witnesses.is_empty() && !options.accept_loss)?;
        if !groups.is_empty() {
            tracing::info!(groups = groups.len(), "applying what was written ahead");
            for slice in ahead::slices(groups.into_iter().flatten()) {
                engine.apply(slice.writes)?;
                engine.barrier()?;
            }
        }
        load_shards(engine, witnesses, options)
    }))
    .unwrap_or_else(|_| {
        let text = "sled stopped while reading the files".to_owned();
        Err(StoreError::Damaged(text))
    })
}

fn check_layout(engine: &Engine, witnessed: bool) -> Result<()> {
    let found = engine.raw(LAYOUT_KEY)?;
    match found.as_deref() {
        Some([LAYOUT]) => Ok(()),
        Some([newer, ..]) if *newer > LAYOUT => Err(StoreError::TooNew(format!(
            "its layout is version {newer}, this program knows {LAYOUT}"
        ))),
        Some(_) => Err(StoreError::Damaged("its layout is unknown".to_owned())),
        None if witnessed => Err(StoreError::Damaged(
            "the database is empty, though commits were acknowledged".to_owned(),
        )),
        None if engine.tree.is_empty() => {
            engine.apply(vec![(LAYOUT_KEY.into(), Some((&[LAYOUT]).into()))])?;
            engine.barrier()
        }
        None => Err(StoreError::Damaged("its layout is not noted".to_owned())),
    }
}

fn load_shards(
    engine: &Engine,
    witnesses: &HashMap<Shard, Witness>,
    options: &SledOptions,
) -> Result<HashMap<Shard, State>> {
    let mut shards = shards_in(engine)?;
    shards.extend(witnesses.keys());
    let mut states = HashMap::new();
    for shard in shards {
        let witness = witnesses.get(&shard).copied();
        let state = match verify::at_start(engine, shard, witness, options.check_up_to) {
            Err(StoreError::Damaged(what)) if options.accept_loss => {
                tracing::error!(shard, what, "the store is damaged; the loss is accepted");
                repaired(engine, shard, witness, options.check_up_to)?
            }
            other => other?,
        };
        states.insert(shard, state);
    }
    Ok(states)
}

/// Repairs a shard until its checks pass: what is broken inside sled may show only bit by bit.
fn repaired(
    engine: &Engine,
    shard: Shard,
    witness: Option<Witness>,
    check_up_to: u64,
) -> Result<State> {
    let mut checked = Ok(State::new());
    for _ in 0..REPAIRS {
        repair::repair(engine, shard, witness)?;
        checked = verify::at_start(engine, shard, None, check_up_to);
        if checked.is_ok() {
            break;
        }
    }
    checked
}

/// The shards that have any key, found by jumping from one to the next.
fn shards_in(engine: &Engine) -> Result<BTreeSet<Shard>> {
    let mut shards = BTreeSet::new();
    let mut start = Some(shard_start(0));
    while let Some(from) = start {
        let Some(found) = engine.tree.range(from..).next() else {
            break;
        };
        let (key, _) = found.map_err(|error| storage(&error))?;
        let Some(shard) = shard_of(&key) else { break };
        shards.insert(shard);
        start = shard.checked_add(1).map(shard_start);
    }
    Ok(shards)
}
