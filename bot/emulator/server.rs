//! The state shared by all requests.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::faults::Faults;
use crate::journal::Journal;
use crate::pace::Pace;
use crate::transcript::Transcript;
use crate::world::World;

/// Settings fixed at start.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    pub data_dir: Option<PathBuf>,
    pub strict: bool,
    /// Stands for the three seconds the real server holds conflicts and hasty polls.
    pub hold: Duration,
    /// First pause between two attempts to deliver to a webhook.
    pub webhook_retry: Duration,
}

/// Everything behind the routes.
#[derive(Debug)]
pub(crate) struct Server {
    pub config: Config,
    pub clock: Clock,
    pub calls: Mutex<Transcript>,
    pub faults: Mutex<Faults>,
    pub pace: Mutex<Pace>,
    pub stop: CancellationToken,
    world: Mutex<World>,
    journal: Option<Mutex<Journal>>,
}

/// Locks, also after a panic elsewhere: the world stays usable.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Server {
    pub fn new(config: Config, world: World, journal: Option<Journal>, calls: Transcript) -> Self {
        Self {
            config,
            clock: Clock::default(),
            calls: Mutex::new(calls),
            faults: Mutex::new(Faults::default()),
            pace: Mutex::new(Pace::default()),
            stop: CancellationToken::new(),
            world: Mutex::new(world),
            journal: journal.map(Mutex::new),
        }
    }

    /// Works on the world under its lock and keeps what changed.
    pub fn with<R>(&self, work: impl FnOnce(&mut World) -> R) -> R {
        let mut world = lock(&self.world);
        world.now = self.clock.now();
        let result = work(&mut world);
        if let Some(journal) = &self.journal {
            lock(journal).append(&mut world);
        }
        result
    }
}
