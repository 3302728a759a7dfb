//! Reading: what is shown, and how it stays the same while commits go on.
//!
//! A group is shown when it is durable in the write-ahead file, and applied to sled afterwards,
//! when nobody waits: until then readers look through its writes. While older states are read, the
//! values before each group are kept, and their readers look through those.
//!
//! Promise: a read shows exactly the state of one durable revision; it waits for no disk barrier;
//! a snapshot is the same mechanism with an older revision, bounded in time and memory.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::ops::Bound;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use sled::IVec;

use crate::commit::{Commit, PageBuilder};
use crate::{Dir, Entry, Key, Page, Range, Result, Rev, Shard, StoreError};

use super::engine::{Engine, storage};
use super::layout::{
    Class, Header, class_end, damaged_key, inline_value, part_key, parts, port_key, rest_of,
    tree_key,
};
use super::state::State;

/// Old values kept for snapshots at most; beyond that the oldest snapshots expire.
const MAX_KEPT: usize = 64 * 1024 * 1024;
/// Recent commits kept decoded for watchers, per shard.
const RECENT_COMMITS: usize = 256;
/// … and their bytes.
const RECENT_BYTES: usize = 1024 * 1024;

/// Writes of a group, by tree key.
pub(crate) type Writes = BTreeMap<IVec, Option<IVec>>;

/// Values before a group was applied, by tree key.
pub(crate) type Before = BTreeMap<IVec, Option<IVec>>;

/// Something raw tree keys can be read from.
pub(crate) trait Raw {
    /// The raw value of a tree key.
    fn raw(&self, key: &[u8]) -> Result<Option<IVec>>;
}

/// One applied group.
pub(crate) struct Group {
    seq: u64,
    bytes: usize,
    before: Before,
}

/// Number of a state that can be read; grows with each group.
pub(crate) type Seq = u64;

/// A shard as readers know it.
pub(crate) struct ShardView {
    pub(crate) state: State,
    pub(crate) durable: tokio::sync::watch::Sender<Rev>,
    recent: VecDeque<Arc<Commit>>,
    recent_bytes: usize,
}

impl Default for ShardView {
    fn default() -> Self {
        Self {
            state: State::new(),
            durable: tokio::sync::watch::Sender::new(0),
            recent: VecDeque::new(),
            recent_bytes: 0,
        }
    }
}

impl ShardView {
    /// The commits after a revision, where all of them are still in memory.
    pub(crate) fn recent_after(&self, after: Rev) -> Option<Vec<Arc<Commit>>> {
        if self.recent.back()?.rev != self.state.rev {
            return None;
        }
        let first = self.recent.front()?.rev;
        let skip = usize::try_from((after + 1).checked_sub(first)?).ok()?;
        Some(self.recent.iter().skip(skip).cloned().collect())
    }

    fn remember(&mut self, commit: Arc<Commit>) {
        if self
            .recent
            .back()
            .is_some_and(|last| last.rev + 1 != commit.rev)
        {
            self.recent.clear();
            self.recent_bytes = 0;
        }
        self.recent_bytes += commit.bytes();
        self.recent.push_back(commit);
        while self.recent.len() > RECENT_COMMITS || self.recent_bytes > RECENT_BYTES {
            let Some(old) = self.recent.pop_front() else {
                break;
            };
            self.recent_bytes -= old.bytes();
        }
    }
}

/// Everything readers share. Guarded by one lock that nobody holds over a disk write.
#[derive(Default)]
pub(crate) struct Core {
    pub(crate) engine: Option<Arc<Engine>>,
    pub(crate) shards: HashMap<Shard, ShardView>,
    groups: VecDeque<Group>,
    /// Writes of the newest group, until they are applied.
    pending: Arc<Writes>,
    durable: Seq,
    /// Live snapshots: how many at each number, and when the last of them expires.
    snapshots: BTreeMap<Seq, (usize, Instant)>,
    /// Snapshots below this number have expired.
    oldest: Seq,
    kept: usize,
}

impl Core {
    /// Puts a freshly opened engine in place; earlier snapshots expire.
    pub(crate) fn install(&mut self, engine: Arc<Engine>, states: &HashMap<Shard, State>) {
        self.engine = Some(engine);
        self.groups.clear();
        self.pending = Arc::default();
        self.kept = 0;
        self.durable += 2;
        self.oldest = self.durable;
        for (shard, state) in states {
            let view = self.shards.entry(*shard).or_default();
            view.state = *state;
            view.recent.clear();
            view.recent_bytes = 0;
            view.durable.send_replace(state.rev);
        }
    }

    /// The number of the present state.
    pub(crate) fn seq(&self) -> Seq {
        self.durable
    }

    /// Announces a group that is about to be applied: from now on readers see `before`.
    pub(crate) fn begin(&mut self, before: Before) {
        let bytes = before
            .iter()
            .map(|(key, value)| 64 + key.len() + value.as_ref().map_or(0, |value| value.len()))
            .sum();
        self.kept += bytes;
        self.groups.push_back(Group {
            seq: self.durable + 1,
            bytes,
            before,
        });
    }

    /// Shows the group announced last: it is durable.
    pub(crate) fn show(
        &mut self,
        writes: Arc<Writes>,
        states: &HashMap<Shard, State>,
        commits: Vec<(Shard, Arc<Commit>)>,
    ) {
        self.durable += 1;
        self.pending = writes;
        for (shard, commit) in commits {
            self.shards.entry(shard).or_default().remember(commit);
        }
        for (shard, state) in states {
            let view = self.shards.entry(*shard).or_default();
            view.state = *state;
            view.durable.send_replace(state.rev);
        }
        self.release();
    }

    /// The newest group is applied.
    pub(crate) fn applied(&mut self) {
        self.pending = Arc::default();
    }

    /// Registers a snapshot of the present state that expires at some time.
    pub(crate) fn hold(&mut self, until: Instant) -> Seq {
        let entry = self.snapshots.entry(self.durable).or_insert((0, until));
        *entry = (entry.0 + 1, entry.1.max(until));
        self.durable
    }

    /// Lets a snapshot go.
    pub(crate) fn let_go(&mut self, seq: Seq) {
        if let Some((count, _)) = self.snapshots.get_mut(&seq) {
            *count -= 1;
            if *count == 0 {
                self.snapshots.remove(&seq);
            }
        }
        self.release();
    }

    /// Drops old values that no live snapshot needs, or that are too many.
    fn release(&mut self) {
        let now = Instant::now();
        self.snapshots.retain(|_, (_, until)| *until >= now);
        let needed = self.snapshots.keys().next().copied();
        while let Some(group) = self.groups.front() {
            let shown = group.seq <= self.durable;
            let wanted = needed.is_some_and(|seq| seq < group.seq);
            if !shown || (wanted && self.kept <= MAX_KEPT) {
                break;
            }
            self.oldest = self.oldest.max(group.seq);
            self.kept -= group.bytes;
            self.groups.pop_front();
        }
    }

    /// A reader of the state with this number.
    pub(crate) fn at(&self, seq: Seq) -> Result<View<'_>> {
        if seq < self.oldest {
            return Err(StoreError::SnapshotExpired);
        }
        Ok(View { core: self, seq })
    }

    /// The engine, where it is open.
    pub(crate) fn engine(&self) -> Result<&Arc<Engine>> {
        self.engine
            .as_ref()
            .ok_or_else(|| StoreError::Io("the store is closed".to_owned()))
    }
}

impl Raw for Core {
    fn raw(&self, key: &[u8]) -> Result<Option<IVec>> {
        match self.pending.get(key) {
            Some(written) => Ok(written.clone()),
            None => self.engine()?.raw(key),
        }
    }
}

/// A reader of one state.
pub(crate) struct View<'a> {
    core: &'a Core,
    seq: Seq,
}

impl Raw for View<'_> {
    fn raw(&self, key: &[u8]) -> Result<Option<IVec>> {
        for group in self.later() {
            if let Some(before) = group.before.get(key) {
                return Ok(before.clone());
            }
        }
        self.core.raw(key)
    }
}

impl View<'_> {
    fn later(&self) -> impl Iterator<Item = &Group> {
        self.core.groups.iter().filter(|group| group.seq > self.seq)
    }

    /// Reads one key.
    pub(crate) fn get(&self, shard: Shard, key: &Key) -> Result<Option<Entry>> {
        let tree_key = tree_key(shard, Class::Data, key.as_bytes());
        let raw = self.raw(&tree_key)?;
        raw.map(|raw| entry(self, shard, &tree_key, &raw).map(|(_, entry)| entry))
            .transpose()
    }

    /// Reads a page of a range.
    pub(crate) fn scan(
        &self,
        shard: Shard,
        range: &Range,
        after: Option<&Key>,
        limit: u32,
        dir: Dir,
    ) -> Result<Page> {
        let mut page = PageBuilder::new(limit);
        let (low, high) = bounds(shard, range, after, dir);
        self.walk(&low, &high, dir, &mut |key, raw| {
            let (_, entry) = entry(self, shard, key, raw)?;
            Ok(page.push(port_key(key), entry))
        })?;
        Ok(page.finish())
    }

    /// Walks raw tree keys from `low` to before `high` until `take` answers `false`.
    pub(crate) fn walk(
        &self,
        low: &[u8],
        high: &[u8],
        dir: Dir,
        take: &mut dyn FnMut(&[u8], &IVec) -> Result<bool>,
    ) -> Result<()> {
        if low >= high {
            return Ok(());
        }
        let mut over: BTreeMap<&[u8], Option<&IVec>> = BTreeMap::new();
        let layers = self.later().map(|group| &group.before);
        for layer in layers.chain(std::iter::once(&*self.core.pending)) {
            let inside = (Bound::Included(low), Bound::Excluded(high));
            for (key, value) in layer.range::<[u8], _>(inside) {
                over.entry(key).or_insert(value.as_ref());
            }
        }
        let tree = self.core.engine()?.tree.range(low..high);
        match dir {
            Dir::Forward => merge(tree, over.into_iter(), dir, take),
            Dir::Backward => merge(tree.rev(), over.into_iter().rev(), dir, take),
        }
    }
}

/// Walks tree and old values together; an old value hides the one in the tree.
fn merge<'a>(
    tree: impl Iterator<Item = sled::Result<(IVec, IVec)>>,
    over: impl Iterator<Item = (&'a [u8], Option<&'a IVec>)>,
    dir: Dir,
    take: &mut dyn FnMut(&[u8], &IVec) -> Result<bool>,
) -> Result<()> {
    let precedes = |a: &[u8], b: &[u8]| match dir {
        Dir::Forward => a < b,
        Dir::Backward => a > b,
    };
    let mut over = over.peekable();
    for item in tree {
        let (key, raw) = item.map_err(|error| storage(&error))?;
        while let Some((old, value)) = over.next_if(|(old, _)| precedes(old, &key)) {
            if let Some(value) = value
                && !take(old, value)?
            {
                return Ok(());
            }
        }
        let hidden = over.next_if(|(old, _)| key == **old);
        let shown = hidden.map_or(Some(&raw), |(_, value)| value);
        if let Some(shown) = shown
            && !take(&key, shown)?
        {
            return Ok(());
        }
    }
    for (old, value) in over {
        if let Some(value) = value
            && !take(old, value)?
        {
            return Ok(());
        }
    }
    Ok(())
}

fn bounds(shard: Shard, range: &Range, after: Option<&Key>, dir: Dir) -> (Vec<u8>, Vec<u8>) {
    let data = |key: &Key| tree_key(shard, Class::Data, key.as_bytes());
    let mut low = data(&range.start);
    let mut high = match &range.end {
        Some(end) => data(end),
        None => class_end(shard, Class::Data),
    };
    match (after, dir) {
        (Some(after), Dir::Forward) => {
            let mut next = data(after);
            next.push(0);
            low = low.max(next);
        }
        (Some(after), Dir::Backward) => high = high.min(data(after)),
        (None, _) => {}
    }
    (low, high)
}

/// Reads and checks a whole entry from its raw form.
pub(crate) fn entry(
    source: &impl Raw,
    shard: Shard,
    tree_key: &[u8],
    raw: &IVec,
) -> Result<(Header, Entry)> {
    let header = Header::decode(tree_key, raw)?;
    let value = match header.split {
        None => Bytes::copy_from_slice(inline_value(raw)),
        Some(len) => joined(source, shard, tree_key, len)?,
    };
    header.check(tree_key, &value)?;
    let rev = header.rev;
    Ok((header, Entry { value, rev }))
}

fn joined(source: &impl Raw, shard: Shard, tree_key: &[u8], len: usize) -> Result<Bytes> {
    let mut value = Vec::with_capacity(len.min(crate::MAX_VALUE));
    for part in 0..parts(len) {
        let key = part_key(shard, Class::Chunk, rest_of(tree_key), part);
        let piece = source
            .raw(&key)?
            .ok_or_else(|| damaged_key("a part of a value is missing", &key))?;
        value.extend_from_slice(&piece);
    }
    Ok(value.into())
}
