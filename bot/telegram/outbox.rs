//! The way out: follows the rows of the outbox as they are committed, and sends them.
//!
//! No timer lies between a commit and the call: a change wakes the worker, which picks, claims
//! (one commit for everything picked together), renders, sends and settles. Several of these run
//! at once for different conversations.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures::stream::BoxStream;
use futures::{FutureExt as _, StreamExt as _};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use vigie_store::{Key, Rev};

use super::client::Api;
use super::health::Health;
use super::pick::{Millis, Pace, Picked, Picker, Waiting};
use super::sending::{self, Park, Report};
use crate::app::App;
use crate::app::delivery::{OutboxChange, Stored};
use crate::app::error::AppError;
use crate::app::outbox::{Outgoing, RowState};
use crate::i18n::Texts;

/// Changes taken in before the next choice.
const CHANGES_AT_ONCE: usize = 512;
/// Longest sleep while something waits for a time of the calendar, which may jump.
const NAP: Duration = Duration::from_secs(1);
/// A difference between the calendar and time as it passes that is a jump.
const JUMP: TimeDelta = TimeDelta::seconds(2);
/// A row for later than this waits for a sign, not for a time.
const NEVER: TimeDelta = TimeDelta::days(365);
/// Pause after a fault of the store.
const STORE_PAUSE: Duration = Duration::from_millis(500);
/// Time for what is in flight when the program stops.
const DRAIN: Duration = Duration::from_secs(10);
/// Conversations told to wait at the same time from which the whole bot is meant.
const FLOODED: usize = 3;

type Changes = BoxStream<'static, Result<OutboxChange, AppError>>;

/// What sending needs.
pub(super) struct Outward {
    pub app: Arc<App>,
    pub api: Api,
    pub texts: Arc<Texts>,
    pub health: Arc<Health>,
}

/// The worker of the outbox.
pub(super) struct Worker {
    outward: Arc<Outward>,
    begun: Instant,
    /// The time of the calendar at that moment, as it was last seen.
    calendar: DateTime<Utc>,
    picker: Picker,
    rows: HashMap<Key, Stored>,
    tasks: JoinSet<()>,
    reports: mpsc::UnboundedSender<Report>,
    inbox: mpsc::UnboundedReceiver<Report>,
    misses: u32,
    /// Revisions of settlements whose change has not come yet: changes before them are old.
    settled: HashMap<Key, Rev>,
}

impl Worker {
    pub(super) fn new(outward: Arc<Outward>, pace: Pace) -> Self {
        let (reports, inbox) = mpsc::unbounded_channel();
        Self {
            calendar: outward.app.now(),
            outward,
            begun: Instant::now(),
            picker: Picker::new(pace),
            rows: HashMap::new(),
            tasks: JoinSet::new(),
            reports,
            inbox,
            misses: 0,
            settled: HashMap::new(),
        }
    }

    /// Sends until it is told to stop, then waits for what is in flight.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        let settled = persist(&stop, || self.outward.app.settle_doubts()).await;
        if let Some(count @ 1..) = settled {
            tracing::warn!(count, "sendings of unknown outcome before the start");
        }
        while let Some(mut changes) = self.load(&stop).await {
            if self.follow(&mut changes, &stop).await {
                break;
            }
        }
        self.outward.app.outbox_is_idle(false);
        let landed = timeout(DRAIN, async {
            while self.tasks.join_next().await.is_some() {}
        });
        if landed.await.is_err() {
            tracing::warn!("sendings still in flight at the stop are in doubt");
        }
    }

    /// Reads all rows and follows their changes from there.
    async fn load(&mut self, stop: &CancellationToken) -> Option<Changes> {
        let (from, rows): (Rev, Vec<Stored>) =
            persist(stop, || self.outward.app.outbox_rows()).await?;
        let changes = persist(stop, || self.outward.app.watch_outbox(from)).await?;
        for key in self.rows.keys() {
            self.picker.remove(key);
        }
        self.rows.clear();
        self.settled.clear();
        rows.into_iter().for_each(|stored| self.put(stored));
        Some(changes)
    }

    /// Returns whether to stop; else the rows must be read again.
    async fn follow(&mut self, changes: &mut Changes, stop: &CancellationToken) -> bool {
        loop {
            self.follows_calendar();
            let picked = self.picker.pick(self.millis());
            let wake = self.wake(&picked);
            self.launch(picked.send);
            self.outward
                .app
                .outbox_is_idle(self.picker.is_empty() && self.misses == 0);
            self.tell();
            tokio::select! {
                biased;
                () = stop.cancelled() => return true,
                Some(report) = self.inbox.recv() => {
                    self.landed(report);
                    while let Ok(report) = self.inbox.try_recv() {
                        self.landed(report);
                    }
                }
                change = changes.next() => {
                    let mut next = change;
                    for _ in 0..CHANGES_AT_ONCE {
                        if !self.changed(next) {
                            return stop.is_cancelled();
                        }
                        match changes.next().now_or_never() {
                            Some(more) => next = more,
                            None => break,
                        }
                    }
                }
                Some(ended) = self.tasks.join_next(), if !self.tasks.is_empty() => {
                    if let Err(error) = ended {
                        tracing::error!(%error, "a sending broke off");
                    }
                }
                () = sleep_until(wake.unwrap_or(self.begun)), if wake.is_some() => {}
            }
        }
    }

    /// Takes in a change; `false` when rows must be read again.
    fn changed(&mut self, change: Option<Result<OutboxChange, AppError>>) -> bool {
        match change {
            Some(Ok(OutboxChange::Put(stored))) => self.put(*stored),
            Some(Ok(OutboxChange::Gone(key))) => {
                self.settled.remove(&key);
                self.rows.remove(&key);
                self.picker.remove(&key);
            }
            Some(Ok(OutboxChange::Reload)) | None => return false,
            Some(Err(error)) => {
                tracing::error!(%error, "a row of the outbox cannot be read");
            }
        }
        true
    }

    fn put(&mut self, stored: Stored) {
        let known = self.rows.get(&stored.key);
        if known.is_some_and(|known| known.rev >= stored.rev) {
            return;
        }
        match self.settled.get(&stored.key) {
            Some(settled) if stored.rev < *settled => return,
            _ => self.settled.remove(&stored.key),
        };
        match stored.row.state {
            RowState::Sending(_) if self.picker.flies(&stored.key) => {
                self.picker.remove(&stored.key);
            }
            // Written as being sent already, for us to send.
            RowState::Sending(_) => self.picker.put(waiting(&stored, 0)),
            RowState::Pending | RowState::Repeat => {
                let not_before = self.later(stored.row.not_before);
                self.picker.put(waiting(&stored, not_before));
            }
        }
        self.rows.insert(stored.key.clone(), stored);
    }

    /// A time of the calendar in milliseconds of the worker.
    fn later(&self, at: Option<DateTime<Utc>>) -> Millis {
        let Some(at) = at else { return 0 };
        let wait = at - self.outward.app.now();
        if wait > NEVER {
            return Millis::MAX;
        }
        match u64::try_from(wait.num_milliseconds()) {
            // Never a moment too early.
            Ok(millis) if wait > TimeDelta::zero() => self.millis() + millis + 1,
            _ => 0,
        }
    }

    /// What waits for a time of the calendar is placed anew where that jumped: the machine slept,
    /// or its clock was set.
    fn follows_calendar(&mut self) {
        let began = self.outward.app.now() - self.begun.elapsed();
        if (began - self.calendar).abs() < JUMP {
            return;
        }
        self.calendar = began;
        let waits = |stored: &&Stored| {
            let key = &stored.key;
            stored.row.not_before.is_some()
                && !matches!(stored.row.state, RowState::Sending(_))
                && !self.picker.flies(key)
                && !self.settled.contains_key(key)
        };
        let rows: Vec<Stored> = self.rows.values().filter(waits).cloned().collect();
        for stored in rows {
            let not_before = self.later(stored.row.not_before);
            self.picker.put(waiting(&stored, not_before));
        }
    }

    fn millis(&self) -> Millis {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn wake(&self, picked: &Picked) -> Option<Instant> {
        let at = picked.again_at.filter(|at| *at != Millis::MAX)?;
        let at = self.begun + Duration::from_millis(at);
        Some(at.min(Instant::now() + NAP))
    }

    /// Claims rows and sends each on its own.
    fn launch(&mut self, keys: Vec<Key>) {
        let rows: Vec<Stored> = keys
            .iter()
            .filter_map(|key| self.rows.get(key).cloned())
            .collect();
        for key in keys.iter().filter(|key| !self.rows.contains_key(*key)) {
            self.picker.landed(key);
        }
        if rows.is_empty() {
            return;
        }
        let (outward, reports) = (Arc::clone(&self.outward), self.reports.clone());
        self.tasks
            .spawn(sending::claim_and_send(outward, rows, reports));
    }

    fn landed(&mut self, report: Report) {
        self.picker.landed(&report.key);
        if let Some(stored) = self.rows.get(&report.key)
            && report.rev > 0
            && stored.rev > report.rev
            && matches!(stored.row.state, RowState::Sending(_))
        {
            // Written anew, as being sent already, before this report came.
            self.picker.put(waiting(stored, 0));
        }
        if self
            .rows
            .get(&report.key)
            .is_some_and(|known| known.rev < report.rev)
        {
            self.settled.insert(report.key.clone(), report.rev);
        }
        let now = self.millis();
        match report.park {
            Park::No => self.misses = 0,
            Park::Chat(chat, wait) => {
                self.misses = 0;
                self.picker.park(chat, now + millis(wait));
                if self.picker.parked(now) >= FLOODED {
                    self.picker.park_all(now + millis(wait));
                }
            }
            Park::All(wait) => self.picker.park_all(now + millis(wait)),
            Park::Unreached => {
                self.misses = self.misses.saturating_add(1);
                self.picker
                    .park_all(now + millis(sending::patience(self.misses)));
            }
            Park::Unclaimed => {
                // The store failed, so no change will come: the row waits as it did.
                let not_before = now + millis(STORE_PAUSE);
                if let Some(stored) = self.rows.get(&report.key) {
                    self.picker.put(waiting(stored, not_before));
                }
            }
        }
    }

    fn tell(&self) {
        let oldest = self.picker.oldest();
        self.outward.health.queue(
            self.picker.len(),
            self.picker.in_flight(),
            oldest.and_then(DateTime::from_timestamp_millis),
        );
    }
}

fn waiting(stored: &Stored, not_before: Millis) -> Waiting {
    Waiting {
        key: stored.key.clone(),
        chat: stored.row.lane(),
        class: stored.row.class,
        asked: stored.row.asked_at.timestamp_millis(),
        not_before,
        free: matches!(stored.row.what, Outgoing::AnswerTap { .. }),
    }
}

fn millis(time: Duration) -> Millis {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Asks the store until it answers; `None` when told to stop.
async fn persist<T, F, A>(stop: &CancellationToken, mut ask: A) -> Option<T>
where
    F: Future<Output = Result<T, AppError>>,
    A: FnMut() -> F,
{
    loop {
        match ask().await {
            Ok(found) => return Some(found),
            Err(error) => tracing::error!(%error, "the outbox cannot be read"),
        }
        tokio::select! {
            () = stop.cancelled() => return None,
            () = sleep(STORE_PAUSE) => {}
        }
    }
}
