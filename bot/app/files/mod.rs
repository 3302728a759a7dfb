//! Files that people sent: got from the messenger once, and kept on our own shelf.
//!
//! A file is wanted from the commit that mentions it on; whoever reaches the messenger gets it and
//! puts it on the [`Shelf`] under a random name. Its type is told by its content, never by its
//! name, and the place where a picture was taken is removed before it is kept.

mod cleaned;

use std::io;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use futures::stream::BoxStream;
use serde::{Deserialize, Serialize};
use vigie_domain::TicketId;
use vigie_store::{Dir, Key, Range, Rev};

use super::App;
use super::error::AppError;
use super::event::Attachment;
use super::tx::{Tx, decode};

pub use cleaned::{Cleaned, cleaned};

/// Largest file that the messenger hands out to a bot, in bytes.
pub const LARGEST: u64 = 20 * 1024 * 1024;
/// Tries after which a file is given up.
const MOST_TRIES: u32 = 8;
/// Wanted files that are looked at for one that may be tried now.
const LOOKED_AT: u32 = 100;

/// Where files are kept: outside of anything that is served.
#[async_trait]
pub trait Shelf: Send + Sync {
    /// Keeps a file under this name; it is there for good when this returns.
    async fn keep(&self, name: &str, bytes: &[u8]) -> io::Result<()>;
    /// Reads a file.
    async fn read(&self, name: &str) -> io::Result<Bytes>;
}

/// A file that somebody sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// As the messenger told it.
    pub sent: Attachment,
    /// How far we are with it.
    pub state: FileState,
}

/// How far we are with a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileState {
    /// It is to be got.
    Wanted {
        /// Tries so far.
        tries: u32,
        /// Not to be tried before.
        not_before: Option<DateTime<Utc>>,
    },
    /// It is on the shelf.
    Here {
        /// Its random name there.
        name: String,
        /// What it is, by its content.
        mime: String,
        /// Its size in bytes.
        size: u64,
        /// Its SHA-256.
        digest: [u8; 32],
    },
    /// It is too large to be got: the messenger alone has it.
    TooLarge,
    /// It cannot be got.
    Gone,
}

/// That a file is to be got.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Queued;

crate::record_v1!(Kept, Queued);

/// A file of a line of a ticket.
fn file(ticket: TicketId, line: u32, at: u32) -> Key {
    Key::of("tf/")
        .i64(ticket.0)
        .u64(line.into())
        .u64(at.into())
        .end()
}

fn wanted(ticket: TicketId, line: u32, at: u32) -> Key {
    Key::of("tj/")
        .i64(ticket.0)
        .u64(line.into())
        .u64(at.into())
        .end()
}

fn all_wanted() -> Key {
    Key::of("tj/").end()
}

/// The record of a file that is wanted.
fn record_of(wanted: &Key) -> Key {
    let rest = wanted.as_bytes().get("tj/".len()..).unwrap_or_default();
    Key([b"tf/", rest].concat().into())
}

/// How getting a file ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Got {
    /// It is on the shelf.
    Kept {
        /// Its name there.
        name: String,
        /// What it is.
        mime: String,
        /// Its size.
        size: u64,
        /// Its SHA-256.
        digest: [u8; 32],
    },
    /// Not now.
    Later,
    /// It is too large.
    TooLarge,
    /// The messenger has it no more.
    Gone,
}

impl App {
    /// Where files are kept, from now on.
    pub fn keeps_files_on(&self, shelf: Arc<dyn Shelf>) {
        // Told once, at the start.
        let _ = self.shelf.set(shelf);
    }

    /// Where files are kept; `None`: they stay with the messenger.
    #[must_use]
    pub fn shelf(&self) -> Option<Arc<dyn Shelf>> {
        self.shelf.get().cloned()
    }

    /// A random name for a file on the shelf.
    #[must_use]
    pub fn file_name(&self) -> String {
        use std::fmt::Write as _;
        let mut name = String::new();
        for byte in self.chance.bytes() {
            // Writing into a text cannot fail.
            let _ = write!(name, "{byte:02x}");
        }
        name
    }

    /// The next file to get; `None`: none now.
    ///
    /// # Errors
    /// The store failed.
    pub async fn next_file(&self) -> Result<Option<(Key, Attachment)>, AppError> {
        let range = Range::prefix(&all_wanted());
        let store = &self.store;
        let page = store
            .scan(self.shard, &range, None, LOOKED_AT, Dir::Forward)
            .await?;
        let now = self.now();
        for (key, _) in page.items {
            let record: Option<Kept> = self.read(&record_of(&key)).await?;
            match record.map(|record| (record.state, record.sent)) {
                Some((FileState::Wanted { not_before, .. }, sent))
                    if not_before.is_none_or(|at| at <= now) =>
                {
                    return Ok(Some((key, sent)));
                }
                _ => {}
            }
        }
        Ok(None)
    }

    /// Keeps how getting a file ended.
    ///
    /// # Errors
    /// The store failed: it is got again.
    pub async fn settle_file(&self, key: &Key, got: &Got) -> Result<(), AppError> {
        let _deciding = self.deciding.lock().await;
        loop {
            let mut tx = Tx::new(self);
            let record = record_of(key);
            let Some(mut kept) = tx.get::<Kept>(&record).await? else {
                tx.delete(key.clone());
                tx.commit().await?;
                return Ok(());
            };
            let FileState::Wanted { tries, .. } = kept.state else {
                return Ok(());
            };
            kept.state = settled(got, tries, tx.now());
            if !matches!(kept.state, FileState::Wanted { .. }) {
                tx.delete(key.clone());
            }
            tx.put(record, &kept)?;
            if tx.commit().await?.is_some() {
                return Ok(());
            }
        }
    }

    /// The files of a line of a ticket.
    ///
    /// # Errors
    /// The store failed.
    pub async fn files_of(&self, ticket: TicketId) -> Result<Vec<Kept>, AppError> {
        let prefix = Key::of("tf/").i64(ticket.0).end();
        let rows = super::tx::scan(self, &prefix).await?;
        rows.iter().map(|(key, bytes)| decode(key, bytes)).collect()
    }

    /// Wakes whoever gets files.
    ///
    /// # Errors
    /// The store failed.
    pub async fn watch_files(&self) -> Result<BoxStream<'static, ()>, AppError> {
        use futures::StreamExt as _;
        let from: Rev = self.store.durable_rev(self.shard).await?;
        let changes = self.store.watch(self.shard, all_wanted(), from).await?;
        Ok(changes.map(|_| ()).boxed())
    }
}

fn settled(got: &Got, tries: u32, now: DateTime<Utc>) -> FileState {
    match got {
        Got::Kept {
            name,
            mime,
            size,
            digest,
        } => FileState::Here {
            name: name.clone(),
            mime: mime.clone(),
            size: *size,
            digest: *digest,
        },
        Got::TooLarge => FileState::TooLarge,
        Got::Later if tries + 1 < MOST_TRIES => FileState::Wanted {
            tries: tries + 1,
            not_before: Some(now + TimeDelta::seconds(5 << tries.min(10))),
        },
        Got::Later | Got::Gone => FileState::Gone,
    }
}

impl Tx<'_> {
    /// The files of a line are to be got.
    pub(crate) fn want_files(
        &mut self,
        (ticket, line): (TicketId, u32),
        from: usize,
        files: &[Attachment],
    ) -> Result<(), AppError> {
        for (at, sent) in (from..).zip(files) {
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            let state = match sent.size > LARGEST {
                true => FileState::TooLarge,
                false => FileState::Wanted {
                    tries: 0,
                    not_before: None,
                },
            };
            let kept = Kept {
                sent: sent.clone(),
                state,
            };
            if kept.state != FileState::TooLarge {
                self.put(wanted(ticket, line, at), &Queued)?;
            }
            self.put(file(ticket, line, at), &kept)?;
        }
        Ok(())
    }
}
