//! Hooks that are on disk become events, in order.
//!
//! The queue in memory is a short cut: every hook in it is an inbox row on disk as well. Where the
//! queue is full, hooks stay on disk only, and the worker reads them from there when it gets so
//! far. So a storm costs bounded memory and a crash costs nothing.

use std::collections::{HashSet, VecDeque};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::FutureExt as _;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use vigie_domain::SourceId;
use vigie_store::{Key, StoreError};

use super::Parsed;
use super::source::Sources;
use crate::app::App;
use crate::app::error::AppError;
use crate::app::event::{Envelope, Event};
use crate::app::inbox::RawHook;

/// Alerts that are handled in one call where several small hooks wait.
const TOGETHER: usize = 100;
/// Alerts that the queue keeps in memory.
const IN_MEMORY: usize = 20_000;
/// First pause after a failure; each further one doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// Longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// Tries before a hook that fails for a reason of its own is set aside.
const TRIES: u32 = 3;

/// A hook that is on disk and was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Hook {
    /// Its row in the inbox.
    pub row: Key,
    /// Who posted it.
    pub source: SourceId,
    /// When it reached us.
    pub at: DateTime<Utc>,
    /// What it says.
    pub parsed: Parsed,
}

impl Hook {
    /// Small hooks count too, so that a flood of empty ones is bounded.
    fn weight(&self) -> usize {
        self.parsed.alerts.len().max(1)
    }

    fn into_envelope(self) -> Envelope {
        Envelope {
            inbox: Some(self.row),
            at: self.at,
            event: Event::Alerts {
                source: self.source,
                alerts: self.parsed.alerts,
                left_out: self.parsed.left_out,
            },
        }
    }
}

/// Hooks on their way to the worker.
#[derive(Debug)]
pub struct Queue {
    waiting: Mutex<Waiting>,
    wake: Notify,
    limit: usize,
}

#[derive(Debug)]
struct Waiting {
    hooks: VecDeque<Hook>,
    weight: usize,
    /// Rows of the inbox that are not handled, in memory or not.
    rows: usize,
    /// Whether rows on disk are not in `hooks`: then nothing is added, so that order is kept.
    more_on_disk: bool,
    /// Rows that stay on disk because they cannot be handled.
    aside: usize,
    /// Whether the worker has something in hand: hooks, or what it reads from disk.
    busy: bool,
}

impl Default for Queue {
    fn default() -> Self {
        Self::with_limit(IN_MEMORY)
    }
}

impl Queue {
    /// A queue that keeps about this many alerts in memory. What waits on disk comes first.
    #[must_use]
    pub fn with_limit(limit: usize) -> Self {
        Self {
            waiting: Mutex::new(Waiting {
                hooks: VecDeque::new(),
                weight: 0,
                rows: 0,
                more_on_disk: true,
                aside: 0,
                busy: false,
            }),
            wake: Notify::new(),
            limit,
        }
    }

    /// Tells of a hook that is on disk.
    pub fn push(&self, hook: Hook) {
        let mut waiting = self.waiting();
        waiting.rows += 1;
        if !waiting.more_on_disk {
            if waiting.weight + hook.weight() > self.limit && !waiting.hooks.is_empty() {
                waiting.more_on_disk = true;
            } else {
                waiting.weight += hook.weight();
                waiting.hooks.push_back(hook);
            }
        }
        drop(waiting);
        self.wake.notify_one();
    }

    /// Alerts that wait in memory, and whether more wait on disk.
    #[must_use]
    pub fn backlog(&self) -> (usize, bool) {
        let waiting = self.waiting();
        (waiting.weight, waiting.more_on_disk)
    }

    /// Whether every hook that was taken is handled: then a new one has nobody to wait for.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        let waiting = self.waiting();
        waiting.hooks.is_empty() && !waiting.more_on_disk && !waiting.busy
    }

    /// Hooks that are on disk and not handled.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.waiting().rows
    }

    /// Rows on disk: some of them were counted when they came, others not.
    fn found(&self, rows: usize) {
        let mut waiting = self.waiting();
        waiting.rows = waiting.rows.max(rows);
    }

    fn set_aside(&self) {
        self.waiting().aside += 1;
    }

    fn handled(&self, rows: usize) {
        let mut waiting = self.waiting();
        waiting.rows = waiting.rows.saturating_sub(rows);
    }

    /// The next hooks, at least one; `None`: read from disk.
    async fn take(&self) -> Option<Vec<Hook>> {
        loop {
            let woken = self.wake.notified();
            {
                let mut waiting = self.waiting();
                waiting.busy = true;
                if !waiting.hooks.is_empty() {
                    return Some(waiting.pop());
                }
                if waiting.more_on_disk {
                    // From now on hooks are added again: those that the reading of the disk finds
                    // as well are left out when their turn comes.
                    waiting.more_on_disk = false;
                    return None;
                }
                waiting.busy = false;
                waiting.rows = waiting.aside;
            }
            woken.await;
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn pop(&mut self) -> Vec<Hook> {
        let mut taken = Vec::new();
        let mut weight = 0;
        while weight < TOGETHER {
            let Some(hook) = self.hooks.pop_front() else {
                break;
            };
            weight += hook.weight();
            taken.push(hook);
        }
        self.weight = self.weight.saturating_sub(weight);
        taken
    }
}

/// Why hooks were not handled.
enum Fault {
    /// Nothing can be written at present: it is nobody's fault, try until it works.
    Storage(String),
    /// These hooks cannot be handled.
    Own(String),
}

/// Handles hooks, and makes the trials that are asked for, until it is cancelled.
pub async fn run(
    app: Arc<App>,
    sources: Arc<Sources>,
    queue: Arc<Queue>,
    cancel: CancellationToken,
) {
    let trials = super::trial::run(Arc::clone(&app), Arc::clone(&sources), Arc::clone(&queue));
    let worker = Worker {
        app,
        sources,
        queue,
        set_aside: HashSet::new(),
        on_disk: VecDeque::new(),
        read_to: None,
        more: false,
    };
    // What is not handled when it is cancelled is on disk.
    let both = async { tokio::join!(worker.work(), trials) };
    let _ = cancel.run_until_cancelled(both).await;
}

struct Worker {
    app: Arc<App>,
    sources: Arc<Sources>,
    queue: Arc<Queue>,
    /// Rows that could not be handled: they stay on disk for a later program.
    set_aside: HashSet<Key>,
    /// Rows found on disk, older than everything in the queue.
    on_disk: VecDeque<(Key, RawHook)>,
    /// The last row read from disk.
    read_to: Option<Key>,
    /// Whether more rows are to be read from disk before the queue has its turn.
    more: bool,
}

impl Worker {
    async fn work(mut self) {
        loop {
            let hooks = if !self.on_disk.is_empty() {
                self.next_from_disk()
            } else if self.more {
                self.read_disk().await;
                continue;
            } else if let Some(mut hooks) = self.queue.take().await {
                hooks.retain(|hook| Some(&hook.row) > self.read_to.as_ref());
                hooks
            } else {
                self.more = true;
                self.count_disk().await;
                continue;
            };
            self.handle(hooks).await;
        }
    }

    async fn count_disk(&self) {
        match self.app.count_waiting_hooks().await {
            Ok(rows) => self.queue.found(rows),
            // It is for people to read; the hooks themselves are read all the same.
            Err(error) => tracing::error!(%error, "Waiting hooks cannot be counted"),
        }
    }

    /// Reads the next rows from disk. Those read before are handled, or set aside.
    async fn read_disk(&mut self) {
        let mut pause = FIRST_PAUSE;
        loop {
            match self.app.waiting_hooks(self.read_to.as_ref()).await {
                Ok(page) => {
                    self.more = page.next.is_some();
                    let last = page.hooks.last().map(|(row, _)| row.clone());
                    self.read_to = page.next.or(last).or(self.read_to.take());
                    self.on_disk = page.hooks.into();
                    self.on_disk
                        .retain(|(row, _)| !self.set_aside.contains(row));
                    return;
                }
                Err(error) => {
                    tracing::error!(%error, "Waiting hooks cannot be read; trying again");
                    wait(&mut pause).await;
                }
            }
        }
    }

    fn next_from_disk(&mut self) -> Vec<Hook> {
        let mut hooks = Vec::new();
        let mut weight = 0;
        while weight < TOGETHER {
            let Some((row, raw)) = self.on_disk.pop_front() else {
                break;
            };
            match self
                .sources
                .parse(&raw.source, &raw.content_type, &raw.body)
            {
                Ok(parsed) => {
                    let hook = Hook {
                        row,
                        source: raw.source,
                        at: raw.at,
                        parsed,
                    };
                    weight += hook.weight();
                    hooks.push(hook);
                }
                Err(problems) => {
                    tracing::error!(source = %raw.source, ?problems, "A stored hook cannot be read; it stays on disk");
                    self.set_aside(row);
                }
            }
        }
        hooks
    }

    async fn handle(&mut self, hooks: Vec<Hook>) {
        let envelopes: Vec<Envelope> = hooks.into_iter().map(Hook::into_envelope).collect();
        if envelopes.len() > 1 && self.settle(envelopes.clone(), 1).await.is_ok() {
            self.queue.handled(envelopes.len());
            return;
        }
        // One of them has a fault of its own: the others must not wait for it.
        for envelope in envelopes {
            let row = envelope.inbox.clone();
            match self.settle(vec![envelope], TRIES).await {
                Ok(()) => self.queue.handled(1),
                Err(fault) => {
                    tracing::error!(%fault, ?row, "A hook cannot be handled; it stays on disk");
                    row.into_iter().for_each(|row| self.set_aside(row));
                }
            }
        }
    }

    /// Handles events; a store that fails is waited for.
    async fn settle(&self, envelopes: Vec<Envelope>, tries: u32) -> Result<(), String> {
        let mut pause = FIRST_PAUSE;
        let mut left = tries;
        loop {
            match self.attempt(envelopes.clone()).await {
                Ok(()) => return Ok(()),
                Err(Fault::Storage(problem)) => {
                    tracing::warn!(%problem, "The store does not take alerts; trying again");
                }
                Err(Fault::Own(problem)) => {
                    left = left.saturating_sub(1);
                    if left == 0 {
                        return Err(problem);
                    }
                }
            }
            wait(&mut pause).await;
        }
    }

    async fn attempt(&self, envelopes: Vec<Envelope>) -> Result<(), Fault> {
        let handled = AssertUnwindSafe(self.app.handle_all(envelopes)).catch_unwind();
        match handled.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) if waits(&error) => Err(Fault::Storage(error.to_string())),
            Ok(Err(error)) => Err(Fault::Own(error.to_string())),
            Err(_) => Err(Fault::Own("the program failed over it".to_owned())),
        }
    }

    fn set_aside(&mut self, row: Key) {
        metrics::counter!("vigie_hooks_set_aside_total").increment(1);
        self.set_aside.insert(row);
        self.queue.set_aside();
    }
}

/// Whether an error is about the store as a whole, so that waiting helps.
const fn waits(error: &AppError) -> bool {
    matches!(
        error,
        AppError::Store(
            StoreError::Unknown
                | StoreError::ReadOnly(_)
                | StoreError::Io(_)
                | StoreError::InUse(_)
                | StoreError::SnapshotExpired
        )
    )
}

async fn wait(pause: &mut Duration) {
    tokio::time::sleep(*pause).await;
    *pause = (*pause * 2).min(LONGEST_PAUSE);
}
