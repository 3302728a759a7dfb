//! The store's folder: our own lock, left-overs of sled, the ballast, free space.
//!
//! Promise: one process at a time; what a killed process left half written is removed only while
//! the lock is held.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rustix::fs::{FallocateFlags, FlockOperation, fallocate, flock, statvfs};

use crate::{Result, StoreError};

use super::engine::io;

const BALLAST: &str = "ballast";

/// Our lock on a folder, given back when dropped.
#[derive(Debug)]
pub(crate) struct FolderLock {
    _file: File,
}

/// Creates the folder where needed and locks it.
pub(crate) fn lock(folder: &Path) -> Result<FolderLock> {
    let name = folder.display().to_string();
    fs::create_dir_all(folder).map_err(|error| io(&name, &error))?;
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join("vigie.lock"))
        .map_err(|error| io(&name, &error))?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(FolderLock { _file: file }),
        Err(rustix::io::Errno::WOULDBLOCK) => Err(StoreError::InUse(name)),
        Err(error) => Err(io(&name, &error.into())),
    }
}

/// Removes snapshots that a killed process had not finished: sled would take them for whole.
pub(crate) fn remove_unfinished(folder: &Path) -> Result<()> {
    let fail = |error: std::io::Error| io("the store's folder", &error);
    for entry in fs::read_dir(folder).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        let unfinished = path
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.starts_with("snap.") && name.ends_with(".generating"));
        if unfinished {
            tracing::info!(file = %path.display(), "removing an unfinished snapshot");
            fs::remove_file(&path).map_err(fail)?;
        }
    }
    Ok(())
}

/// The file that holds space back for the day the disk is full.
#[derive(Debug)]
pub(crate) struct Ballast {
    path: PathBuf,
    size: u64,
}

impl Ballast {
    pub(crate) fn new(folder: &Path, size: u64) -> Self {
        Self {
            path: folder.join(BALLAST),
            size,
        }
    }

    /// Gives its space back; `false`: there was none.
    pub(crate) fn give_up(&self) -> bool {
        fs::remove_file(&self.path).is_ok()
    }

    /// Puts it (back) in place.
    pub(crate) fn put(&self) -> Result<()> {
        if self.size == 0 {
            return Ok(());
        }
        let fail = |error: std::io::Error| io("the ballast file", &error);
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&self.path)
            .map_err(fail)?;
        if file.metadata().map_err(fail)?.len() == self.size {
            return Ok(());
        }
        let filled = match fallocate(&file, FallocateFlags::empty(), 0, self.size) {
            Err(rustix::io::Errno::OPNOTSUPP) => fill(&file, self.size),
            other => other.map_err(Into::into),
        };
        filled.and_then(|()| file.sync_all()).map_err(|error| {
            // Half a ballast would help nobody and hold space.
            self.give_up();
            fail(error)
        })
    }
}

/// Writes zeros.
pub(crate) fn fill(mut file: &File, size: u64) -> std::io::Result<()> {
    use std::io::Read;
    std::io::copy(&mut std::io::repeat(0).take(size), &mut file).map(|_| ())
}

/// Free bytes for us where the folder lies.
pub(crate) fn free_space(folder: &Path) -> Result<u64> {
    let stat = statvfs(folder).map_err(|error| io("free space", &error.into()))?;
    Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
}
