//! Settings of the sled adapter.

use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Tells seconds since 1970.
pub type Seconds = Arc<dyn Fn() -> u64 + Send + Sync>;

/// How much of the change log is kept: the first bound that is passed cuts its old end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogRetention {
    /// Most commits.
    pub commits: u64,
    /// Most bytes.
    pub bytes: u64,
    /// Greatest age in seconds.
    pub age: u64,
}

/// How long the name of an applied batch is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdRetention {
    /// Most names.
    pub count: u64,
    /// Greatest age in seconds.
    pub age: u64,
}

/// Settings of the sled adapter. Start from [`SledOptions::default`].
#[derive(Clone)]
pub struct SledOptions {
    /// Bytes of sled's page cache. The memory in use can be a multiple of it.
    pub cache_capacity: u64,
    /// Size of the file that is given up when the disk is full, so that the store can be opened
    /// again; 0: none.
    pub ballast: u64,
    /// How much of the change log is kept.
    pub log: LogRetention,
    /// How long batch ids are remembered.
    pub ids: IdRetention,
    /// Entries up to which every one is checked at start; a larger store is checked in samples.
    pub check_up_to: u64,
    /// Commits that may wait; further callers wait for their turn.
    pub queue: usize,
    /// Open a damaged store with what is left of it. What is missing is gone for good.
    pub accept_loss: bool,
    /// The clock, for the age of log records and batch ids.
    pub now: Seconds,
    /// Whether commits wait for the disk. Off only to prove that the power-cut tests find it.
    #[doc(hidden)]
    pub barrier: bool,
}

impl Default for SledOptions {
    fn default() -> Self {
        const DAY: u64 = 86_400;
        Self {
            cache_capacity: 64 * 1024 * 1024,
            ballast: 64 * 1024 * 1024,
            log: LogRetention {
                commits: 1_000_000,
                bytes: 256 * 1024 * 1024,
                age: 7 * DAY,
            },
            ids: IdRetention {
                count: 500_000,
                age: 7 * DAY,
            },
            check_up_to: 200_000,
            queue: 1_024,
            accept_loss: false,
            now: Arc::new(system_seconds),
            barrier: true,
        }
    }
}

impl SledOptions {
    /// Small: for a demonstration and for tests. No ballast, a cache of 8 MiB, a short log.
    #[must_use]
    pub fn small() -> Self {
        Self {
            cache_capacity: 8 * 1024 * 1024,
            ballast: 0,
            log: LogRetention {
                commits: 20_000,
                bytes: 8 * 1024 * 1024,
                ..Self::default().log
            },
            ids: IdRetention {
                count: 20_000,
                ..Self::default().ids
            },
            ..Self::default()
        }
    }
}

impl fmt::Debug for SledOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SledOptions")
            .field("cache_capacity", &self.cache_capacity)
            .field("ballast", &self.ballast)
            .field("log", &self.log)
            .field("ids", &self.ids)
            .field("check_up_to", &self.check_up_to)
            .field("queue", &self.queue)
            .field("accept_loss", &self.accept_loss)
            .finish_non_exhaustive()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the default of the clock option; decisions never see it"
)]
fn system_seconds() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
