//! Taking a damaged store back into use, when a person accepted the loss.
//!
//! Promise: every entry that is whole stays, broken ones go, no revision is used again, and
//! watchers are told of a gap.

use crate::{Result, Shard};

use super::ahead::Write;
use super::engine::{Engine, storage};
use super::layout::{Class, Header, be8, class_end, rest_of, tree_key};
use super::side::Witness;
use super::state::State;
use super::view::{Raw, entry};

/// Rebuilds the state of a shard from the entries that are whole.
pub(crate) fn repair(engine: &Engine, shard: Shard, witness: Option<Witness>) -> Result<State> {
    let mut state = State::new();
    let noted = engine.raw(&State::key(shard))?;
    let noted = noted.and_then(|raw| State::decode(&raw).ok());
    let known = [
        noted.map_or(0, |noted| noted.rev),
        witness.map_or(0, |witness| witness.rev),
    ];
    state.rev = known.into_iter().max().unwrap_or_default();
    let mut writes: Vec<Write> = Vec::new();
    for item in class(engine, shard, Class::Data) {
        let (key, raw) = item.map_err(|error| storage(&error))?;
        if entry(engine, shard, &key, &raw).is_err() {
            writes.push((key, None));
            continue;
        }
        let header = Header::decode(&key, &raw)?;
        state.rev = state.rev.max(header.rev);
        state.add(header.digest());
    }
    for item in class(engine, shard, Class::Log) {
        let (key, _) = item.map_err(|error| storage(&error))?;
        state.rev = state.rev.max(be8(rest_of(&key), 0).unwrap_or_default());
        writes.push((key, None));
    }
    for item in class(engine, shard, Class::Id) {
        item.map_err(|error| storage(&error))?;
        state.ids += 1;
    }
    // One above all: what was lost may have had the next revision.
    state.rev += 1;
    state.log_first = state.rev + 1;
    let encoded = state.encode();
    writes.push((State::key(shard).into(), Some(encoded.as_slice().into())));
    engine.apply(writes)?;
    engine.barrier()?;
    Ok(state)
}

fn class(engine: &Engine, shard: Shard, class: Class) -> sled::Iter {
    engine
        .tree
        .range(tree_key(shard, class, &[])..class_end(shard, class))
}
