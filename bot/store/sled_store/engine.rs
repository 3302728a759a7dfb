//! One open sled database and the barrier that makes its writes durable.
//!
//! sled's `flush` only starts the writing (`sync_file_range`); it does not empty the drive's cache.
//!
//! Promise: after [`Engine::barrier`] everything applied before is on disk. A failed barrier is
//! never tried again on the same handle: what the kernel then holds cannot be trusted.

use std::fs::File;
use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use sled::{Batch, IVec};

use crate::{Result, StoreError};

use super::ahead::Write;
use super::options::SledOptions;
use super::recent::Recent;
use super::view::Raw;

/// Longest wait for the threads of a handle that was just dropped.
const LOCK_WAIT: Duration = Duration::from_secs(1);

/// Longest wait for sled to close.
const CLOSE_WAIT: Duration = Duration::from_secs(10);

/// An open database.
pub(crate) struct Engine {
    pub(crate) tree: sled::Tree,
    db: sled::Db,
    data: File,
    barrier: bool,
    recent: Recent,
}

impl Engine {
    /// Opens the database in a folder that is already locked by us.
    pub(crate) fn open(path: &Path, options: &SledOptions) -> Result<Self> {
        let db = open_db(path, options)?;
        let data = File::options()
            .read(true)
            .write(true)
            .open(path.join("db"))
            .map_err(|error| io("the data file", &error))?;
        let engine = Self {
            tree: (*db).clone(),
            db,
            data,
            barrier: options.barrier,
            recent: Recent::new(options.cache_capacity),
        };
        engine.settle(path)?;
        Ok(engine)
    }

    /// Makes durable what open itself wrote, and what a killed process left unsynced: it is about
    /// to be shown.
    fn settle(&self, path: &Path) -> Result<()> {
        self.barrier()?;
        if self.barrier {
            for name in ["conf", "."] {
                File::open(path.join(name))
                    .and_then(|file| file.sync_all())
                    .map_err(|error| io("the store's folder", &error))?;
            }
        }
        Ok(())
    }

    /// Applies writes in one piece. They are not durable yet.
    pub(crate) fn apply(&self, writes: Vec<Write>) -> Result<()> {
        let mut batch = Batch::default();
        for (key, value) in &writes {
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        self.recent.changing();
        match self.tree.apply_batch(batch) {
            Ok(()) => self.recent.changed(writes),
            Err(error) => {
                self.recent.forget();
                return Err(storage(&error));
            }
        }
        Ok(())
    }

    /// Makes everything applied so far durable.
    pub(crate) fn barrier(&self) -> Result<()> {
        self.db.flush().map_err(|error| storage(&error))?;
        if self.barrier {
            self.data.sync_data().map_err(|error| {
                // Never "disk full": after a failed sync only a restart is safe.
                StoreError::Io(format!("the data file was not synced: {error}"))
            })?;
        }
        Ok(())
    }
}

/// Lets a database go. sled waits for its background thread, and for ever where that one ended
/// in a panic over damaged files; we do not.
pub(crate) fn dispose(engine: Option<Arc<Engine>>) {
    let (done, ended) = channel();
    let dropping = std::thread::Builder::new()
        .name("store-close".to_owned())
        .spawn(move || {
            drop(engine);
            // Nobody waits any more: nothing to tell.
            let _ = done.send(());
        });
    if dropping.is_ok() && ended.recv_timeout(CLOSE_WAIT).is_err() {
        tracing::error!("the database did not close in time");
    }
}

impl Raw for Engine {
    fn raw(&self, key: &[u8]) -> Result<Option<IVec>> {
        let read = || self.tree.get(key).map_err(|error| storage(&error));
        self.recent.get(key, read)
    }
}

/// Opens sled. The folder is ours, so its lock can only be held by threads of a handle that was
/// dropped a moment ago: they are waited for.
fn open_db(path: &Path, options: &SledOptions) -> Result<sled::Db> {
    let config = sled::Config::new()
        .path(path)
        .cache_capacity(options.cache_capacity)
        // Its own flushes would come between our barriers.
        .flush_every_ms(None);
    let begin = Instant::now();
    loop {
        // A damaged file can make sled panic instead of answering.
        let opened = catch_unwind(AssertUnwindSafe(|| config.open()))
            .map_err(|_| StoreError::Damaged("sled stopped while opening the files".to_owned()))?;
        match opened.map_err(|error| open_error(&error)) {
            Err(StoreError::InUse(_)) if begin.elapsed() < LOCK_WAIT => {
                std::thread::sleep(LOCK_WAIT / 100);
            }
            other => return other,
        }
    }
}

fn open_error(error: &sled::Error) -> StoreError {
    match error {
        sled::Error::Io(inner) if inner.to_string().contains("could not acquire lock") => {
            StoreError::InUse("its data file is locked".to_owned())
        }
        other => storage(other),
    }
}

/// Translates an error of sled. A full disk becomes [`StoreError::ReadOnly`].
pub(crate) fn storage(error: &sled::Error) -> StoreError {
    match error {
        sled::Error::Io(inner) => io("sled", inner),
        sled::Error::Corruption { .. } => StoreError::Damaged(format!("sled: {error}")),
        other => StoreError::Io(format!("sled: {other}")),
    }
}

/// Translates an error of the file system. A full disk becomes [`StoreError::ReadOnly`].
pub(crate) fn io(what: &str, error: &std::io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            StoreError::ReadOnly("the disk is full".to_owned())
        }
        _ => StoreError::Io(format!("{what}: {error}")),
    }
}
