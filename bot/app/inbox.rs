//! The durable inbox: foreign input is on disk before it is acknowledged, and comes back after a
//! crash until it has been handled.

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::SourceId;
use vigie_store::{Batch, Cond, Dir, Key, Op, Outcome, Page, Range};

use super::error::AppError;
use super::tx::{commit, decode, encode, scan};
use super::{App, keys};

/// Bytes of a body kept in one record; larger bodies are cut into parts.
const PART: usize = 60 * 1024;
/// Parts written in one commit.
const PARTS_PER_COMMIT: usize = 8;
/// How long an update is remembered as received: longer than the messenger repeats it.
const REMEMBER: TimeDelta = TimeDelta::hours(25);
/// Updates received in one commit.
const UPDATES_PER_COMMIT: usize = 25;
/// Bytes of updates received in one commit.
const BYTES_PER_COMMIT: usize = 200 * 1024;
/// Waiting hooks read at once.
const PAGE_ROWS: u32 = 200;
/// Bytes of waiting hooks after which no more are read at once.
const PAGE_BYTES: usize = 1024 * 1024;

/// A raw update, as received.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RawUpdate {
    /// The bytes of its JSON.
    pub json: String,
    /// When it reached us.
    pub at: DateTime<Utc>,
}

/// A raw body of a monitoring hook, as received.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RawHook {
    /// The source whose token was shown.
    pub source: SourceId,
    /// When it reached us.
    pub at: DateTime<Utc>,
    /// What the request said of the type of its body.
    pub content_type: String,
    /// The body, or its first part.
    pub body: Bytes,
    /// Name and number of the other parts.
    pub parts: Option<(u64, u64)>,
}

/// Some of the hooks that wait.
#[derive(Debug)]
pub struct HookPage {
    /// Their rows and themselves, in order.
    pub hooks: Vec<(Key, RawHook)>,
    /// After which row to read on; `None`: those were the last.
    pub next: Option<Key>,
}

/// When an update was received.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Seen(pub DateTime<Utc>);

/// The next offset of the poll.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Offset(pub i64);

/// One part of a large body.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Part(Bytes);

crate::record_v1!(RawUpdate, RawHook, Seen, Offset, Part);

impl App {
    /// Stores updates, and the next offset of the poll. `Ok` means they are on disk; returned are
    /// those that were not received before, as inbox rows in order.
    ///
    /// # Errors
    /// The store failed: do not acknowledge, the messenger will send them again.
    pub async fn receive_updates(
        &self,
        updates: &[(u64, String)],
        next_offset: Option<i64>,
    ) -> Result<Vec<(u64, Key)>, AppError> {
        let mut fresh = Vec::new();
        let mut groups = in_commits(updates);
        if groups.is_empty() && next_offset.is_some() {
            groups.push(&[]);
        }
        let last = groups.len().saturating_sub(1);
        for (index, group) in groups.into_iter().enumerate() {
            let offset = next_offset.filter(|_| index == last);
            fresh.extend(self.receive_group(group, offset).await?);
        }
        Ok(fresh)
    }

    async fn receive_group(
        &self,
        group: &[(u64, String)],
        offset: Option<i64>,
    ) -> Result<Vec<(u64, Key)>, AppError> {
        let at = self.now();
        let mut waiting: Vec<&(u64, String)> = group.iter().collect();
        loop {
            let mut ops = self.forget_old(at).await?;
            if let Some(offset) = offset {
                let key = keys::poll_offset();
                ops.push(Op::Put(key.clone(), encode(&key, &Offset(offset))?));
            }
            let mut conds = Vec::new();
            for (id, json) in &waiting {
                let (seen, row) = (keys::update_seen(*id), keys::update(*id));
                conds.push(Cond::Absent(seen.clone()));
                ops.push(Op::Put(seen.clone(), encode(&seen, &Seen(at))?));
                let raw = RawUpdate {
                    json: json.clone(),
                    at,
                };
                ops.push(Op::Put(row.clone(), encode(&row, &raw)?));
            }
            if ops.is_empty() {
                return Ok(Vec::new());
            }
            let batch = Batch {
                shard: self.shard,
                id: self.chance.bytes(),
                conds,
                ops,
            };
            match commit(&*self.store, batch).await? {
                Outcome::Applied(_) => {
                    return Ok(waiting
                        .iter()
                        .map(|(id, _)| (*id, keys::update(*id)))
                        .collect());
                }
                Outcome::Conflict { cond, .. } if cond < waiting.len() => {
                    waiting.remove(cond);
                }
                Outcome::Conflict { .. } => return Err(AppError::Contended(1)),
            }
        }
    }

    /// Forgets a few updates that the messenger will not repeat any more.
    async fn forget_old(&self, now: DateTime<Utc>) -> Result<Vec<Op>, AppError> {
        let range = Range::prefix(&Key::of("us/").end());
        let page = self
            .store
            .scan(self.shard, &range, None, 4, Dir::Forward)
            .await?;
        let mut ops = Vec::new();
        for (key, entry) in page.items {
            let Seen(at) = decode(&key, &entry.value)?;
            if now - at > REMEMBER {
                ops.push(Op::Delete(key));
            }
        }
        Ok(ops)
    }

    /// The offset to poll from.
    ///
    /// # Errors
    /// The store failed.
    pub async fn poll_offset(&self) -> Result<Option<i64>, AppError> {
        let key = keys::poll_offset();
        let found = self
            .store
            .get(self.shard, std::slice::from_ref(&key))
            .await?
            .pop()
            .flatten();
        let offset = found
            .map(|entry| decode::<Offset>(&key, &entry.value))
            .transpose()?;
        Ok(offset.map(|Offset(offset)| offset))
    }

    /// Updates that were received and not handled yet, in order.
    ///
    /// # Errors
    /// The store failed.
    pub async fn waiting_updates(&self) -> Result<Vec<(Key, RawUpdate)>, AppError> {
        let rows = scan(self, &Key::of("iu/").end()).await?;
        rows.into_iter()
            .map(|(key, value)| decode(&key, &value).map(|raw| (key, raw)))
            .collect()
    }

    /// Marks an input that cannot be handled as done; it is for inputs that no later program
    /// would understand better, and for poisoned ones after they were set aside in the log.
    ///
    /// # Errors
    /// The store failed.
    pub async fn drop_input(&self, row: Key) -> Result<(), AppError> {
        let batch = Batch {
            shard: self.shard,
            id: self.chance.bytes(),
            conds: Vec::new(),
            ops: vec![Op::Delete(row)],
        };
        commit(&*self.store, batch).await.map(|_| ())
    }

    /// Stores the body of a hook. `Ok` means it is on disk; returned is its inbox row.
    ///
    /// # Errors
    /// The store failed: answer 503, the source will send it again.
    pub async fn receive_hook(
        &self,
        source: &SourceId,
        content_type: &str,
        body: Bytes,
    ) -> Result<Key, AppError> {
        let first = body.slice(..body.len().min(PART));
        let rest = body.slice(first.len()..);
        let parts = if rest.is_empty() {
            None
        } else {
            Some(self.store_parts(&rest).await?)
        };
        let raw = RawHook {
            source: source.clone(),
            at: self.now(),
            content_type: content_type.chars().take(200).collect(),
            body: first,
            parts,
        };
        let prefix = keys::hooks();
        let value = encode(&prefix, &raw)?;
        let op = Op::PutStamped {
            prefix: prefix.clone(),
            suffix: Key::default(),
            value,
        };
        let batch = Batch {
            shard: self.shard,
            id: self.chance.bytes(),
            conds: Vec::new(),
            ops: vec![op],
        };
        match commit(&*self.store, batch).await? {
            Outcome::Applied(rev) => Ok(stamped(&prefix, rev, 0)),
            Outcome::Conflict { .. } => Err(AppError::Contended(1)),
        }
    }

    /// Large bodies: parts first, so that the row that names them is never without them.
    async fn store_parts(&self, rest: &Bytes) -> Result<(u64, u64), AppError> {
        let bytes = self.chance.bytes();
        let name = bytes
            .iter()
            .take(8)
            .fold(0_u64, |name, byte| (name << 8) | u64::from(*byte));
        let parts: Vec<Bytes> = rest.chunks(PART).map(|part| rest.slice_ref(part)).collect();
        let mut ops = Vec::new();
        for (number, part) in (0_u64..).zip(&parts) {
            let key = keys::hook_part(name, number);
            ops.push(Op::Put(key.clone(), encode(&key, &Part(part.clone()))?));
        }
        for some in ops.chunks(PARTS_PER_COMMIT) {
            let batch = Batch {
                shard: self.shard,
                id: self.chance.bytes(),
                conds: Vec::new(),
                ops: some.to_vec(),
            };
            commit(&*self.store, batch).await?;
        }
        Ok((name, parts.len() as u64))
    }

    /// The next hooks that were received and not handled yet, in order, their bodies whole again:
    /// those after this row, or the first ones. However many wait, few are in memory.
    ///
    /// # Errors
    /// The store failed.
    pub async fn waiting_hooks(&self, after: Option<&Key>) -> Result<HookPage, AppError> {
        let page = self.hook_rows(after).await?;
        let (mut hooks, mut bytes) = (Vec::new(), 0);
        for (key, entry) in page.items {
            match self.whole(&key, &entry.value).await {
                Ok(raw) => {
                    bytes += raw.body.len();
                    hooks.push((key.clone(), raw));
                }
                Err(error) if error.is_own() => {
                    tracing::error!(%error, "a stored hook cannot be read; it stays on disk");
                }
                Err(error) => return Err(error),
            }
            if bytes >= PAGE_BYTES {
                let next = Some(key);
                return Ok(HookPage { hooks, next });
            }
        }
        let next = page.next;
        Ok(HookPage { hooks, next })
    }

    /// How many hooks were received and not handled yet.
    ///
    /// # Errors
    /// The store failed.
    pub async fn count_waiting_hooks(&self) -> Result<usize, AppError> {
        let (mut count, mut after) = (0, None);
        loop {
            let page = self.hook_rows(after.as_ref()).await?;
            count += page.items.len();
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(count),
            }
        }
    }

    async fn hook_rows(&self, after: Option<&Key>) -> Result<Page, AppError> {
        let range = Range::prefix(&keys::hooks());
        let page = self
            .store
            .scan(self.shard, &range, after, PAGE_ROWS, Dir::Forward);
        Ok(page.await?)
    }

    async fn whole(&self, key: &Key, value: &[u8]) -> Result<RawHook, AppError> {
        let mut raw: RawHook = decode(key, value)?;
        if let Some((name, count)) = raw.parts {
            let mut body = raw.body.to_vec();
            for number in 0..count {
                let part = keys::hook_part(name, number);
                if let Some(Part(bytes)) = self.read(&part).await? {
                    body.extend_from_slice(&bytes);
                }
            }
            raw.body = body.into();
        }
        Ok(raw)
    }
}

/// Cuts updates into groups that fit into a commit, by number and by size.
fn in_commits(updates: &[(u64, String)]) -> Vec<&[(u64, String)]> {
    let mut groups = Vec::new();
    let mut rest = updates;
    while !rest.is_empty() {
        let mut bytes = 0;
        let fits = |(_, json): &&(u64, String)| {
            bytes += json.len();
            bytes <= BYTES_PER_COMMIT
        };
        let count = rest
            .iter()
            .take(UPDATES_PER_COMMIT)
            .take_while(fits)
            .count()
            .max(1);
        let (group, later) = rest.split_at(count);
        groups.push(group);
        rest = later;
    }
    groups
}

/// The key that a stamped write got.
#[must_use]
pub fn stamped(prefix: &Key, rev: u64, position: u16) -> Key {
    let mut bytes = prefix.as_bytes().to_vec();
    bytes.extend_from_slice(&rev.to_be_bytes());
    bytes.extend_from_slice(&position.to_be_bytes());
    Key(bytes.into())
}
