//! Which records changed since the last commit.

use std::collections::BTreeSet;

use super::Key;

/// One record of the journal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Record {
    Counters,
    User(i64),
    Bot(i64),
    Chat(Key),
    Message(Key, i64),
    Update(i64, i64),
    File(String),
    Poll(String),
}

/// Changed records; empty for ever when nothing is kept on disk.
#[derive(Debug, Default)]
pub(crate) struct Records {
    on: bool,
    changed: BTreeSet<Record>,
}

impl Records {
    /// Starts to note changes.
    pub fn start(&mut self) {
        self.on = true;
    }

    /// Notes that a record changed or went away.
    pub fn touch(&mut self, record: Record) {
        if self.on {
            self.changed.insert(record);
        }
    }

    /// Takes the changes noted so far.
    pub fn take(&mut self) -> BTreeSet<Record> {
        std::mem::take(&mut self.changed)
    }
}
