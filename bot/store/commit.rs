//! What one commit changed, in the form the change log keeps and watchers are told.
//!
//! Promise: every adapter resolves a batch in the same way: stamps are filled in, of two writes
//! of one key the later wins, and changes come in key order.

use std::collections::BTreeMap;

use bytes::Bytes;

use crate::{Entry, Key, Op, Page, Rev};

/// Largest page in bytes of keys and values.
const MAX_PAGE_BYTES: usize = 1024 * 1024;

/// One changed key; no value: it was removed.
pub(crate) type Change = (Key, Option<Bytes>);

/// All changes of one revision.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Commit {
    pub(crate) rev: Rev,
    pub(crate) changes: Vec<Change>,
}

impl Commit {
    /// Roughly the memory it holds.
    pub(crate) fn bytes(&self) -> usize {
        let size = |(key, value): &Change| {
            64 + key.as_bytes().len() + value.as_ref().map_or(0, Bytes::len)
        };
        self.changes.iter().map(size).sum()
    }
}

/// Turns the operations of a batch into changes at `rev`.
pub(crate) fn resolve(ops: Vec<Op>, rev: Rev) -> Vec<Change> {
    let mut changes = BTreeMap::new();
    for (position, op) in (0_u16..).zip(ops) {
        match op {
            Op::Put(key, value) => changes.insert(key, Some(value)),
            Op::Delete(key) => changes.insert(key, None),
            Op::PutStamped {
                prefix,
                suffix,
                value,
            } => changes.insert(stamped(&prefix, rev, position, &suffix), Some(value)),
        };
    }
    changes.into_iter().collect()
}

fn stamped(prefix: &Key, rev: Rev, position: u16, suffix: &Key) -> Key {
    let mut key = prefix.as_bytes().to_vec();
    key.extend_from_slice(&rev.to_be_bytes());
    key.extend_from_slice(&position.to_be_bytes());
    key.extend_from_slice(suffix.as_bytes());
    Key(key.into())
}

/// Fills a page up to its limits, and says where to go on.
pub(crate) struct PageBuilder {
    page: Page,
    bytes: usize,
    limit: usize,
}

impl PageBuilder {
    pub(crate) fn new(limit: u32) -> Self {
        Self {
            page: Page::default(),
            bytes: 0,
            limit: limit as usize,
        }
    }

    /// Takes one more item; `false`: the page is full and the item was not taken.
    pub(crate) fn push(&mut self, key: Key, entry: Entry) -> bool {
        let size = key.as_bytes().len() + entry.value.len();
        let full = self.page.items.len() >= self.limit
            || (!self.page.items.is_empty() && self.bytes + size > MAX_PAGE_BYTES);
        if full {
            self.page.next = self.page.items.last().map(|(key, _)| key.clone());
            return false;
        }
        self.bytes += size;
        self.page.items.push((key, entry));
        true
    }

    pub(crate) fn finish(self) -> Page {
        self.page
    }
}
