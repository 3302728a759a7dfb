//! Checks that what was acknowledged is there.
//!
//! Promise: the witness file, the record of what is durable, the chained change log and the
//! entries must tell the same story. At start the newest part of the log is compared with the
//! entries it names, and all entries with the digest when they are few; [`full`] compares all.

use std::collections::HashMap;

use crate::{Dir, Key, Result, Rev, Shard, StoreError};

use super::engine::{Engine, storage};
use super::layout::{Class, be8, class_end, damaged_key, rest_of, tree_key};
use super::log;
use super::side::Witness;
use super::state::State;
use super::view::{Raw, entry};

/// Newest log records checked at start.
const LOG_SAMPLE: Rev = 1_000;
/// Entries checked at each end of a store that is too large to be read at start.
const ENTRY_SAMPLE: usize = 500;

fn damaged<T>(what: String) -> Result<T> {
    Err(StoreError::Damaged(what))
}

/// Checks a shard before it is used, and answers its state.
pub(crate) fn at_start(
    engine: &Engine,
    shard: Shard,
    witness: Option<Witness>,
    check_up_to: u64,
) -> Result<State> {
    let Some(raw) = engine.raw(&State::key(shard))? else {
        return damaged(format!("shard {shard} has no record of what is durable"));
    };
    let state = State::decode(&raw)?;
    compare_witness(engine, shard, &state, witness)?;
    check_log_ends(engine, shard, &state)?;
    let from = state.log_first.max(state.rev.saturating_sub(LOG_SAMPLE));
    check_log(engine, shard, &state, from, true)?;
    if state.count <= check_up_to {
        check_entries(engine, shard, &state)?;
    } else {
        sample_entries(engine, shard)?;
    }
    Ok(state)
}

/// Compares the database with what the side file knows to be acknowledged.
fn compare_witness(
    engine: &Engine,
    shard: Shard,
    state: &State,
    witness: Option<Witness>,
) -> Result<()> {
    let Some(witness) = witness else {
        return Ok(());
    };
    if witness.rev > state.rev {
        return damaged(format!(
            "revision {} of shard {shard} was acknowledged, the database ends at {}",
            witness.rev, state.rev
        ));
    }
    let chain = if witness.rev == state.rev {
        Some(state.chain)
    } else {
        log::head(engine, shard, witness.rev)?.map(|head| head.chain)
    };
    if chain.is_some_and(|chain| chain != witness.chain) {
        return damaged(format!(
            "revision {} of shard {shard} is not the one that was acknowledged",
            witness.rev
        ));
    }
    Ok(())
}

/// The log must begin and end where the state says.
fn check_log_ends(engine: &Engine, shard: Shard, state: &State) -> Result<()> {
    let all = tree_key(shard, Class::Log, &[])..class_end(shard, Class::Log);
    let mut all = engine.tree.range(all);
    let rev = |found: Option<sled::Result<(sled::IVec, sled::IVec)>>| {
        let key = found.transpose().map_err(|error| storage(&error))?;
        Ok::<_, StoreError>(key.and_then(|(key, _)| be8(rest_of(&key), 0)))
    };
    let first = rev(all.next())?;
    let last = rev(all.next_back())?.or(first);
    let wanted = if state.log_first > state.rev {
        (None, None)
    } else {
        (Some(state.log_first), Some(state.rev))
    };
    if (first, last) != wanted {
        return damaged(format!(
            "the change log of shard {shard} holds revisions {first:?} to {last:?} instead of {wanted:?}"
        ));
    }
    Ok(())
}

/// Checks the log from a revision to its end; `entries`: also that the newest change of each key
/// is what is stored.
pub(crate) fn check_log(
    raw: &impl Raw,
    shard: Shard,
    state: &State,
    from: Rev,
    entries: bool,
) -> Result<()> {
    let mut newest: HashMap<Key, (Rev, bool)> = HashMap::new();
    let mut chain = None;
    for rev in from..=state.rev {
        let Some((head, commit)) = log::read(raw, shard, rev)? else {
            return damaged(format!("revision {rev} of shard {shard} is missing"));
        };
        if chain.is_some_and(|chain| chain != head.previous) {
            return damaged(format!("revision {rev} of shard {shard} does not follow"));
        }
        chain = Some(head.chain);
        if entries {
            for (key, value) in &commit.changes {
                newest.insert(key.clone(), (rev, value.is_some()));
            }
        }
    }
    if chain.is_some_and(|chain| chain != state.chain) {
        return damaged(format!("the change log of shard {shard} ends otherwise"));
    }
    for (key, (rev, present)) in newest {
        let tree_key = tree_key(shard, Class::Data, key.as_bytes());
        let stored = raw.raw(&tree_key)?;
        let found = match &stored {
            Some(stored) => Some(entry(raw, shard, &tree_key, stored)?.0.rev),
            None => None,
        };
        if found != present.then_some(rev) {
            return damaged_entry(&tree_key, rev);
        }
    }
    Ok(())
}

fn damaged_entry(tree_key: &[u8], rev: Rev) -> Result<()> {
    let what = format!("an entry is not as revision {rev} left it");
    Err(damaged_key(&what, tree_key))
}

/// Reads every entry and compares them with the digest.
fn check_entries(engine: &Engine, shard: Shard, state: &State) -> Result<()> {
    let mut found = State::new();
    let all = tree_key(shard, Class::Data, &[])..class_end(shard, Class::Data);
    for item in engine.tree.range(all) {
        let (key, raw) = item.map_err(|error| storage(&error))?;
        found.add(entry(engine, shard, &key, &raw)?.0.digest());
    }
    compare_digest(shard, state, &found)
}

/// Compares the digest of the entries that were found with the one that was noted.
pub(crate) fn compare_digest(shard: Shard, noted: &State, found: &State) -> Result<()> {
    if (found.count, found.sum) == (noted.count, noted.sum) {
        return Ok(());
    }
    damaged(format!(
        "shard {shard} at revision {} should have {} entries; {} were found, or some are old",
        noted.rev, noted.count, found.count
    ))
}

fn sample_entries(engine: &Engine, shard: Shard) -> Result<()> {
    let all = || {
        let all = tree_key(shard, Class::Data, &[])..class_end(shard, Class::Data);
        engine.tree.range(all)
    };
    let both = all()
        .take(ENTRY_SAMPLE)
        .chain(all().rev().take(ENTRY_SAMPLE));
    for item in both {
        let (key, raw) = item.map_err(|error| storage(&error))?;
        entry(engine, shard, &key, &raw)?;
    }
    Ok(())
}

/// Checks everything of a shard, page by page, while commits go on.
pub(crate) fn full(shared: &super::Shared, shard: Shard) -> Result<()> {
    let held = shared.hold(shard, std::time::Duration::from_secs(600))?;
    let mut found = State::new();
    let mut low = tree_key(shard, Class::Data, &[]);
    let high = class_end(shard, Class::Data);
    loop {
        let mut left = 1_000;
        let mut last = None;
        let core = shared.core();
        let view = core.at(held.seq)?;
        view.walk(&low, &high, Dir::Forward, &mut |key, raw| {
            if left == 0 {
                return Ok(false);
            }
            left -= 1;
            found.add(entry(&view, shard, key, raw)?.0.digest());
            last = Some(key.to_vec());
            Ok(true)
        })?;
        match last {
            Some(mut last) if left == 0 => {
                last.push(0);
                low = last;
            }
            _ => break,
        }
    }
    compare_digest(shard, &held.state, &found)?;
    full_log(shared, shard)
}

/// Checks the chain of the whole log in pieces; its old end may be cut meanwhile.
fn full_log(shared: &super::Shared, shard: Shard) -> Result<()> {
    const PIECE: Rev = 1_000;
    let mut from = 0;
    loop {
        let core = shared.core();
        let Some(state) = core.shards.get(&shard).map(|view| view.state) else {
            return Ok(());
        };
        from = state.log_first.max(from);
        if from >= state.rev {
            return Ok(());
        }
        let to = state.rev.min(from + PIECE);
        let end = log::head(&*core, shard, to)?.map_or(state.chain, |head| head.chain);
        let piece = State {
            rev: to,
            chain: end,
            ..state
        };
        match check_log(&*core, shard, &piece, from, false) {
            // Cut between the two looks.
            Err(_) if in_flight_cut(&core, shard, from) => from += PIECE,
            other => {
                other?;
                from = to;
            }
        }
    }
}

/// Whether the record at `from` is being cut by the group in flight.
fn in_flight_cut(core: &super::view::Core, shard: Shard, from: Rev) -> bool {
    log::head(core, shard, from).is_ok_and(|head| head.is_none())
}
