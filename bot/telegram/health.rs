//! How the edge is doing, as plain numbers that a probe and a metrics page can read at any time.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use chrono::{DateTime, Utc};

/// Counters and states of the edge.
#[derive(Debug, Default)]
pub struct Health {
    last_poll: AtomicI64,
    last_send: AtomicI64,
    conflict: AtomicBool,
    token_refused: AtomicBool,
    flood_until: AtomicI64,
    oldest: AtomicI64,
    queue_len: AtomicU64,
    in_flight: AtomicU64,
    received: AtomicU64,
    panics: AtomicU64,
    sent: AtomicU64,
    edited: AtomicU64,
    answered: AtomicU64,
    retry_after: AtomicU64,
    unknown: AtomicU64,
    failed: Mutex<BTreeMap<&'static str, u64>>,
}

/// The counters at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Updates received for the first time.
    pub received: u64,
    /// Updates set aside because their handling panicked.
    pub panics: u64,
    /// Messages sent.
    pub sent: u64,
    /// Messages edited.
    pub edited: u64,
    /// Presses answered.
    pub answered: u64,
    /// Times that the messenger asked us to wait.
    pub retry_after: u64,
    /// Sendings of unknown outcome.
    pub unknown: u64,
    /// Failed calls by reason.
    pub failed: BTreeMap<&'static str, u64>,
}

impl Health {
    /// When updates were last received without a fault, by poll or webhook.
    #[must_use]
    pub fn last_poll(&self) -> Option<DateTime<Utc>> {
        time(&self.last_poll)
    }

    /// When something was last sent.
    #[must_use]
    pub fn last_send(&self) -> Option<DateTime<Utc>> {
        time(&self.last_send)
    }

    /// When the messenger last took or brought anything.
    #[must_use]
    pub fn last_contact(&self) -> Option<DateTime<Utc>> {
        self.last_poll().max(self.last_send())
    }

    /// Whether another program receives our updates.
    #[must_use]
    pub fn conflict(&self) -> bool {
        self.conflict.load(Ordering::Relaxed)
    }

    /// Whether the messenger refuses the token.
    #[must_use]
    pub fn token_refused(&self) -> bool {
        self.token_refused.load(Ordering::Relaxed)
    }

    /// Until when the messenger makes us wait, where that is longer than a minute.
    #[must_use]
    pub fn flood_until(&self) -> Option<DateTime<Utc>> {
        time(&self.flood_until)
    }

    /// Rows that wait to be sent.
    #[must_use]
    pub fn queue_len(&self) -> u64 {
        self.queue_len.load(Ordering::Relaxed)
    }

    /// Sendings in flight.
    #[must_use]
    pub fn in_flight(&self) -> u64 {
        self.in_flight.load(Ordering::Relaxed)
    }

    /// Age of the oldest row that could be sent and is not, in seconds.
    #[must_use]
    pub fn oldest_age_s(&self, now: DateTime<Utc>) -> i64 {
        time(&self.oldest).map_or(0, |at| (now - at).num_seconds().max(0))
    }

    /// The counters.
    #[must_use]
    pub fn counters(&self) -> Counters {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counters {
            received: read(&self.received),
            panics: read(&self.panics),
            sent: read(&self.sent),
            edited: read(&self.edited),
            answered: read(&self.answered),
            retry_after: read(&self.retry_after),
            unknown: read(&self.unknown),
            failed: self
                .failed
                .lock()
                .map_or_else(|poisoned| poisoned.into_inner().clone(), |map| map.clone()),
        }
    }

    /// What is wrong, in words for a probe; empty when all is well. `patience_s` is how long
    /// updates may stay away before that counts as deaf.
    #[must_use]
    pub fn faults(&self, now: DateTime<Utc>, patience_s: i64) -> Vec<&'static str> {
        let mut faults = Vec::new();
        if self.token_refused() {
            faults.push("the messenger refuses the token");
        }
        if self.conflict() {
            faults.push("another program receives our updates");
        }
        if self
            .last_poll()
            .is_none_or(|at| (now - at).num_seconds() > patience_s)
        {
            faults.push("no contact with the messenger");
        }
        if self.flood_until().is_some_and(|until| until > now) {
            faults.push("the messenger makes us wait for more than a minute");
        }
        faults
    }

    pub(super) fn polled(&self, now: DateTime<Utc>) {
        self.last_poll
            .store(now.timestamp_millis(), Ordering::Relaxed);
        self.conflict.store(false, Ordering::Relaxed);
        self.token_refused.store(false, Ordering::Relaxed);
    }

    pub(super) fn in_conflict(&self) {
        self.conflict.store(true, Ordering::Relaxed);
    }

    pub(super) fn wrong_token(&self) {
        self.token_refused.store(true, Ordering::Relaxed);
    }

    pub(super) fn got(&self, updates: usize) {
        self.received.fetch_add(updates as u64, Ordering::Relaxed);
    }

    pub(super) fn panicked(&self) {
        self.panics.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn done(&self, what: Did, now: DateTime<Utc>) {
        let counter = match what {
            Did::Sent => &self.sent,
            Did::Edited => &self.edited,
            Did::Answered => &self.answered,
        };
        counter.fetch_add(1, Ordering::Relaxed);
        self.last_send
            .store(now.timestamp_millis(), Ordering::Relaxed);
    }

    pub(super) fn failed(&self, reason: &'static str) {
        match reason {
            "flood" => self.retry_after.fetch_add(1, Ordering::Relaxed),
            "unknown" => self.unknown.fetch_add(1, Ordering::Relaxed),
            _ => 0,
        };
        let mut failed = match self.failed.lock() {
            Ok(map) => map,
            Err(poisoned) => poisoned.into_inner(),
        };
        *failed.entry(reason).or_default() += 1;
    }

    pub(super) fn long_wait(&self, until: DateTime<Utc>) {
        self.flood_until
            .fetch_max(until.timestamp_millis(), Ordering::Relaxed);
    }

    pub(super) fn queue(&self, len: usize, in_flight: usize, oldest: Option<DateTime<Utc>>) {
        self.queue_len.store(len as u64, Ordering::Relaxed);
        self.in_flight.store(in_flight as u64, Ordering::Relaxed);
        let oldest = oldest.map_or(0, |at| at.timestamp_millis());
        self.oldest.store(oldest, Ordering::Relaxed);
    }
}

/// What a call did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Did {
    Sent,
    Edited,
    Answered,
}

fn time(millis: &AtomicI64) -> Option<DateTime<Utc>> {
    match millis.load(Ordering::Relaxed) {
        0 => None,
        millis => DateTime::from_timestamp_millis(millis),
    }
}
