//! One group commit in the making: jobs are decided one after the other against the tree and what
//! earlier jobs of the group have written, and become one sled batch.
//!
//! Promise: the outcome of a job is the same as if it had been committed alone, in queue order.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use sled::IVec;

use crate::commit::{Commit, resolve};
use crate::{Batch, BatchId, Cond, Entry, Key, Outcome, Result, Rev, Shard};

use super::engine::Engine;
use super::layout::{
    Class, Header, MAX_INLINE, MAX_RAW, be8, class_end, part_key, parts, rest_of, tree_key,
};
use super::log::{Record, head, log_key};
use super::options::SledOptions;
use super::side::Witness;
use super::state::State;
use super::view::{Before, Raw, Writes};

/// Old log records removed per commit at most, so that no commit waits for a long clean-up.
const PRUNE_PER_COMMIT: usize = 2;
/// … and in a group beside those.
const PRUNE_EXTRA: usize = 16;

/// A group being built.
pub(crate) struct Group<'a> {
    engine: &'a Engine,
    options: &'a SledOptions,
    states: HashMap<Shard, State>,
    writes: BTreeMap<IVec, Option<IVec>>,
    before: Before,
    commits: Vec<(Shard, Arc<Commit>)>,
    ids: HashMap<(Shard, BatchId), Rev>,
    new_ids: BTreeMap<(Shard, Rev), BatchId>,
    now: u64,
}

/// A finished group.
pub(crate) struct Finished {
    pub(crate) writes: Writes,
    pub(crate) before: Before,
    pub(crate) states: HashMap<Shard, State>,
    pub(crate) commits: Vec<(Shard, Arc<Commit>)>,
}

impl Finished {
    /// What the side file is to note.
    pub(crate) fn witnesses(&self) -> Vec<(Shard, Witness)> {
        let note = |(shard, state): (&Shard, &State)| {
            let (rev, chain) = (state.rev, state.chain);
            (*shard, Witness { rev, chain })
        };
        self.states.iter().map(note).collect()
    }
}

impl Raw for Group<'_> {
    fn raw(&self, key: &[u8]) -> Result<Option<IVec>> {
        match self.writes.get(key) {
            Some(written) => Ok(written.clone()),
            None => self.engine.raw(key),
        }
    }
}

impl<'a> Group<'a> {
    pub(crate) fn new(engine: &'a Engine, options: &'a SledOptions) -> Self {
        Self {
            engine,
            options,
            states: HashMap::new(),
            writes: BTreeMap::new(),
            before: Before::new(),
            commits: Vec::new(),
            ids: HashMap::new(),
            new_ids: BTreeMap::new(),
            now: (options.now)(),
        }
    }

    /// Whether nothing is to be written.
    pub(crate) fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    /// The present state of a shard; `known` has the durable ones.
    fn state(&self, shard: Shard, known: &HashMap<Shard, State>) -> State {
        let state = self.states.get(&shard).or_else(|| known.get(&shard));
        state.copied().unwrap_or_else(State::new)
    }

    /// Decides one batch and takes its writes in.
    pub(crate) fn commit(
        &mut self,
        batch: Batch,
        known: &HashMap<Shard, State>,
    ) -> Result<Outcome> {
        let shard = batch.shard;
        if let Some(rev) = self.applied_before(shard, &batch.id)? {
            return Ok(Outcome::Applied(rev));
        }
        if let Some(conflict) = self.unmet(shard, &batch.conds)? {
            return Ok(conflict);
        }
        let mut state = self.state(shard, known);
        if batch.ops.is_empty() {
            return Ok(Outcome::Applied(state.rev));
        }
        let rev = state.rev + 1;
        let changes = resolve(batch.ops, rev);
        let record = Record::new(state.chain, rev, self.now, &changes)?;
        for (key, value) in &changes {
            self.write(
                shard,
                key,
                value.as_deref().map(|value| (rev, value)),
                &mut state,
            )?;
        }
        for (part, piece) in record.pieces() {
            self.put(log_key(shard, rev, part), piece);
        }
        self.put(tree_key(shard, Class::Id, &batch.id), &rev.to_be_bytes());
        state.rev = rev;
        state.chain = record.chain;
        state.log_bytes += record.bytes();
        state.ids += 1;
        self.states.insert(shard, state);
        self.ids.insert((shard, batch.id), rev);
        self.new_ids.insert((shard, rev), batch.id);
        self.commits
            .push((shard, Arc::new(Commit { rev, changes })));
        Ok(Outcome::Applied(rev))
    }

    /// Takes entries of a backup in as they were.
    pub(crate) fn restore(
        &mut self,
        shard: Shard,
        items: &[(Key, Option<Entry>)],
        rev: Rev,
        known: &HashMap<Shard, State>,
    ) -> Result<()> {
        let mut state = self.state(shard, known);
        for (key, entry) in items {
            let written = entry
                .as_ref()
                .map(|entry| (entry.rev, entry.value.as_ref()));
            self.write(shard, key, written, &mut state)?;
        }
        self.drop_log(shard)?;
        state.rev = state.rev.max(rev);
        state.log_first = state.rev + 1;
        state.log_bytes = 0;
        self.states.insert(shard, state);
        Ok(())
    }

    /// Removes the whole change log of a shard.
    fn drop_log(&mut self, shard: Shard) -> Result<()> {
        let all = tree_key(shard, Class::Log, &[])..class_end(shard, Class::Log);
        for item in self.engine.tree.range(all) {
            let (key, _) = item.map_err(|error| super::engine::storage(&error))?;
            self.writes.insert(key, None);
        }
        Ok(())
    }

    fn applied_before(&self, shard: Shard, id: &BatchId) -> Result<Option<Rev>> {
        if let Some(rev) = self.ids.get(&(shard, *id)) {
            return Ok(Some(*rev));
        }
        let kept = self.engine.raw(&tree_key(shard, Class::Id, id))?;
        Ok(kept.and_then(|raw| be8(&raw, 0)))
    }

    fn unmet(&self, shard: Shard, conds: &[Cond]) -> Result<Option<Outcome>> {
        for (cond, wanted) in conds.iter().enumerate() {
            let (Cond::Absent(key) | Cond::At(key, _) | Cond::Present(key)) = wanted;
            let tree_key = tree_key(shard, Class::Data, key.as_bytes());
            let now = match self.raw(&tree_key)? {
                Some(raw) => Some(Header::decode(&tree_key, &raw)?.rev),
                None => None,
            };
            let holds = match wanted {
                Cond::Absent(_) => now.is_none(),
                Cond::At(_, rev) => now == Some(*rev),
                Cond::Present(_) => now.is_some(),
            };
            if !holds {
                return Ok(Some(Outcome::Conflict { cond, now }));
            }
        }
        Ok(None)
    }

    /// Writes or removes one entry with its parts, and keeps the digest.
    fn write(
        &mut self,
        shard: Shard,
        key: &Key,
        new: Option<(Rev, &[u8])>,
        state: &mut State,
    ) -> Result<()> {
        let entry_key = tree_key(shard, Class::Data, key.as_bytes());
        let old = self.raw(&entry_key)?;
        let mut old_parts = 0;
        if let Some(old) = &old {
            let header = Header::decode(&entry_key, old)?;
            state.remove(header.digest());
            old_parts = header.split.map_or(0, parts);
        }
        let mut new_parts = 0;
        let raw = new.map(|(rev, value)| {
            let header = Header::of(&entry_key, rev, value);
            state.add(header.digest());
            new_parts = header.split.map_or(0, parts);
            IVec::from(header.encode(value))
        });
        if old.is_none() && raw.is_none() {
            return Ok(());
        }
        if let Some((_, value)) = new
            && value.len() > MAX_INLINE
        {
            for (part, piece) in (0_u16..).zip(value.chunks(MAX_RAW)) {
                let part_key = part_key(shard, Class::Chunk, rest_of(&entry_key), part);
                self.replace(part_key.into(), Some(piece.into()))?;
            }
        }
        for part in new_parts..old_parts {
            let part_key = part_key(shard, Class::Chunk, rest_of(&entry_key), part);
            self.replace(part_key.into(), None)?;
        }
        self.replace_known(entry_key.into(), old, raw);
        Ok(())
    }

    /// Writes a tree key that readers see, keeping what was there before the group.
    fn replace(&mut self, key: IVec, new: Option<IVec>) -> Result<()> {
        let old = self.raw(&key)?;
        self.replace_known(key, old, new);
        Ok(())
    }

    fn replace_known(&mut self, key: IVec, old: Option<IVec>, new: Option<IVec>) {
        // Only the first write of the group finds what was there before it.
        if self.writes.insert(key.clone(), new).is_none() {
            self.before.insert(key, old);
        }
    }

    fn put(&mut self, key: Vec<u8>, value: &[u8]) {
        self.writes.insert(key.into(), Some(value.into()));
    }

    /// Cuts the old end of log and batch ids, adds the records of the group and closes it.
    pub(crate) fn finish(mut self) -> Result<Finished> {
        let mut states = std::mem::take(&mut self.states);
        for (shard, state) in &mut states {
            self.prune_log(*shard, state)?;
            self.list_ids(*shard);
            self.prune_ids(*shard, state)?;
            self.put(State::key(*shard), &state.encode());
        }
        Ok(Finished {
            writes: self.writes,
            before: self.before,
            states,
            commits: self.commits,
        })
    }

    fn prune_log(&mut self, shard: Shard, state: &mut State) -> Result<()> {
        let keep = self.options.log;
        let too_old = self.now.saturating_sub(keep.age);
        for _ in 0..PRUNE_EXTRA + PRUNE_PER_COMMIT * self.commits.len() {
            let first = state.log_first;
            if first >= state.rev {
                break;
            }
            let Some(head) = head(self, shard, first)? else {
                // The log starts later than noted: nothing of this revision to remove.
                state.log_first += 1;
                continue;
            };
            let kept = state.rev + 1 - first;
            if kept <= keep.commits && state.log_bytes <= keep.bytes && head.time >= too_old {
                break;
            }
            for part in 0..head.parts() {
                self.writes.insert(log_key(shard, first, part).into(), None);
            }
            state.log_first += 1;
            state.log_bytes = state.log_bytes.saturating_sub(head.bytes());
        }
        Ok(())
    }

    fn list_ids(&mut self, shard: Shard) {
        let of_shard = self.new_ids.range((shard, 0)..=(shard, Rev::MAX));
        let Some(((_, first), _)) = of_shard.clone().next() else {
            return;
        };
        let mut list = self.now.to_be_bytes().to_vec();
        list.extend(of_shard.flat_map(|(_, id)| *id));
        let key = tree_key(shard, Class::IdList, &first.to_be_bytes());
        self.put(key, &list);
    }

    fn prune_ids(&mut self, shard: Shard, state: &mut State) -> Result<()> {
        let keep = self.options.ids;
        let too_old = self.now.saturating_sub(keep.age);
        let most = PRUNE_EXTRA + PRUNE_PER_COMMIT * self.commits.len();
        let all = tree_key(shard, Class::IdList, &[])..class_end(shard, Class::IdList);
        let mut removed = 0;
        for item in self.engine.tree.range(all) {
            let (key, list) = item.map_err(|error| super::engine::storage(&error))?;
            let fresh = be8(&list, 0).is_none_or(|time| time >= too_old);
            if removed >= most || (state.ids <= keep.count && fresh) {
                break;
            }
            for id in list.get(8..).unwrap_or_default().chunks_exact(16) {
                self.writes
                    .insert(tree_key(shard, Class::Id, id).into(), None);
                removed += 1;
                state.ids = state.ids.saturating_sub(1);
            }
            self.writes.insert(key, None);
        }
        Ok(())
    }
}
