//! Events that wait on disk, in order, for several processes at the same time.
//!
//! One file an event. Its name begins with a number that only grows, so the order of names is the
//! order of events; then comes what it is about. A file appears whole or not at all. Two locks: one
//! for adding, held for a moment, and one for delivering, so that one process at a time delivers
//! and order is kept. What was delivered and could not be removed is delivered again, which changes
//! nothing: events tell states.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};

/// Events that may wait.
const MOST: usize = 10_000;
/// Events put aside because Vigie cannot read them.
const REFUSED: usize = 100;
/// After a failed try the others do not try for this long: a monitor that calls for hundreds of
/// hosts must not wait hundreds of times.
const AWAY: TimeDelta = TimeDelta::seconds(5);

/// Why an event is not kept.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// The folder cannot be used.
    #[error("{path}: {error}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// So many events about different things wait that there is no room for one more.
    #[error("{0}: {MOST} events wait already")]
    Full(PathBuf),
}

/// A folder of waiting events.
#[derive(Debug)]
pub struct Spool {
    folder: PathBuf,
    most: usize,
}

impl Spool {
    /// Opens a folder, and makes it if it is not there.
    ///
    /// # Errors
    /// It cannot be used.
    pub fn open(folder: &Path) -> Result<Self, SpoolError> {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        let spool = Self {
            folder: folder.to_owned(),
            most: MOST,
        };
        made.map_err(|error| spool.fault(error))?;
        Ok(spool)
    }

    /// Room for another number of events.
    #[must_use]
    pub fn with_room(mut self, most: usize) -> Self {
        self.most = most;
        self
    }

    fn fault(&self, error: io::Error) -> SpoolError {
        SpoolError::Folder {
            path: self.folder.clone(),
            error,
        }
    }

    /// Keeps an event. `Ok` means that it is on disk.
    ///
    /// # Errors
    /// It is not kept.
    pub fn add(
        &self,
        about: Option<&str>,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<(), SpoolError> {
        let fault = |error| self.fault(error);
        let lock = self.lock_file("adding").map_err(fault)?;
        lock.lock().map_err(fault)?;
        let mut names = self.names().map_err(fault)?;
        if names.len() >= self.most {
            self.forget_the_outdated(&names).map_err(fault)?;
            names = self.names().map_err(fault)?;
        }
        if names.len() >= self.most {
            return Err(SpoolError::Full(self.folder.clone()));
        }
        let last = names.last().and_then(|name| number(name)).unwrap_or(0);
        let number = u64::try_from(now.timestamp_micros())
            .unwrap_or(0)
            .max(last + 1);
        let name = format!("{number:020}-{}.json", about.unwrap_or("each"));
        self.write(&name, body).map_err(fault)
    }

    fn write(&self, name: &str, body: &[u8]) -> io::Result<()> {
        // Under the lock nobody else writes: what is there was left by a process that was killed.
        let draft = self.folder.join("draft");
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&draft)?;
        let written = file.write_all(body).and_then(|()| file.sync_all());
        if let Err(error) = written {
            let _ = fs::remove_file(&draft);
            return Err(error);
        }
        fs::rename(&draft, self.folder.join(name))?;
        File::open(&self.folder)?.sync_all()
    }

    /// Of several events about the same only the last tells how things stand.
    fn forget_the_outdated(&self, names: &[String]) -> io::Result<()> {
        let mut known = BTreeSet::new();
        for name in names.iter().rev() {
            let about = name.split_once('-').map_or("", |(_, about)| about);
            if about != "each.json" && !known.insert(about) {
                gone(fs::remove_file(self.folder.join(name)))?;
            }
        }
        Ok(())
    }

    /// Names of the events that wait, in order.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name.ends_with(".json") && number(&name).is_some() {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    /// What an event says; `None`: another process has dealt with it.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.folder.join(name)) {
            Ok(body) => Ok(Some(body)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// An event was taken.
    ///
    /// # Errors
    /// It cannot be removed.
    pub fn done(&self, name: &str) -> io::Result<()> {
        gone(fs::remove_file(self.folder.join(name)))
    }

    /// An event that Vigie cannot read is put aside for a person, so that the others can go on.
    ///
    /// # Errors
    /// It cannot be moved.
    pub fn put_aside(&self, name: &str) -> io::Result<()> {
        let aside = self.folder.join("refused");
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&aside)?;
        gone(fs::rename(self.folder.join(name), aside.join(name)))?;
        let mut names: Vec<_> = fs::read_dir(&aside)?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect();
        names.sort();
        for old in names.iter().rev().skip(REFUSED) {
            gone(fs::remove_file(old))?;
        }
        Ok(())
    }

    /// The right to deliver, for as long as what is returned lives; `None`: another process has it.
    ///
    /// # Errors
    /// The lock cannot be used.
    pub fn deliver(&self) -> io::Result<Option<File>> {
        let lock = self.lock_file("delivering")?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(lock)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Whether somebody has tried in vain a moment ago.
    #[must_use]
    pub fn is_away(&self, now: DateTime<Utc>) -> bool {
        let tried = fs::metadata(self.folder.join("away")).and_then(|data| data.modified());
        let Ok(tried) = tried else { return false };
        let since = now - DateTime::<Utc>::from(tried);
        // A clock that was set back must not stop the deliveries.
        TimeDelta::zero() <= since && since < AWAY
    }

    /// Notes whether a try was in vain.
    pub fn set_away(&self, away: bool) {
        let mark = self.folder.join("away");
        // It only saves time: where it cannot be written, everybody tries.
        let _ = match away {
            true => fs::write(mark, b""),
            false => gone(fs::remove_file(mark)),
        };
    }

    fn lock_file(&self, name: &str) -> io::Result<File> {
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(self.folder.join(name))
    }
}

fn number(name: &str) -> Option<u64> {
    name.split_once('-')?.0.parse().ok()
}

fn gone(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
