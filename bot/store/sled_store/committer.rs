//! The one that writes: a thread, or for a commit that comes alone the thread that asks for it.
//!
//! It takes what waits (no timer), decides it as one group, makes it durable in the write-ahead
//! file, notes it in the side file, shows it to readers and watchers, and only then answers. The
//! group is applied to sled before the next one is decided, or when nobody waits, for sled wakes
//! half a dozen threads for it; and sled is brought up to date on disk from time to time.
//!
//! Where nothing waits and nothing is left to apply, a commit is made by its own thread
//! ([`at_once`]): waking a sleeping thread and being woken by it takes longer than the commit.
//!
//! Promise: what was answered with `Applied` is on disk; what is not on disk is neither answered,
//! nor told to watchers, nor seen by readers. After the first storage error nothing is
//! acknowledged any more; see [`super::recovery`] for the way back.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, oneshot};

use crate::{Batch, Entry, Health, Key, Op, Outcome, Result, Rev, Shard, StoreError};

use super::Shared;
use super::ahead::{self, Ahead};
use super::engine::Engine;
use super::group::Group;
use super::recovery::Trouble;
use super::side::Side;
use super::state::State;
use super::view::Writes;

/// Most jobs of one group.
const MOST_JOBS: usize = 128;
/// Bytes after which no more jobs join a group.
const MOST_BYTES: usize = 1024 * 1024;
/// Longest time that the side file stays unsynced.
const SIDE_LAG: Duration = Duration::from_millis(20);
/// Pause after which what was answered is applied: whoever got the answer first goes on with it.
const APPLY_LAG: Duration = Duration::from_millis(3);
/// How often recovery is tried.
const RECOVER_EVERY: Duration = Duration::from_millis(250);

/// What the committer is asked for.
pub(crate) enum Work {
    Commit(Batch, oneshot::Sender<Result<Outcome>>),
    Restore(Restore, oneshot::Sender<Result<()>>),
    /// Nothing but to see what is left to do after a commit made elsewhere.
    Look,
}

/// Entries of a backup to put back.
pub(crate) struct Restore {
    pub(crate) shard: Shard,
    pub(crate) items: Vec<(Key, Option<Entry>)>,
    pub(crate) rev: Rev,
}

/// One piece of work, and the place in the queue that it gives back when done.
pub(crate) struct Job {
    pub(crate) work: Work,
    /// `None`: nobody waits for it.
    pub(crate) _place: Option<OwnedSemaphorePermit>,
}

impl Job {
    fn bytes(&self) -> usize {
        let size = |op: &Op| match op {
            Op::Put(_, value) | Op::PutStamped { value, .. } => value.len(),
            Op::Delete(_) => 0,
        };
        match &self.work {
            Work::Commit(batch, _) => batch.ops.iter().map(size).sum(),
            Work::Restore(..) => MOST_BYTES,
            Work::Look => 0,
        }
    }

    fn refuse(self, error: StoreError) {
        // A caller that no longer waits is no error.
        match self.work {
            Work::Commit(_, reply) => drop(reply.send(Err(error))),
            Work::Restore(_, reply) => drop(reply.send(Err(error))),
            Work::Look => {}
        }
    }
}

/// The committer's own state.
pub(crate) struct Committer {
    pub(crate) shared: Arc<Shared>,
    pub(crate) engine: Option<Arc<Engine>>,
    pub(crate) known: HashMap<Shard, State>,
    pub(crate) side: Side,
    pub(crate) ahead: Ahead,
    /// Writes of the newest group, until they are applied.
    pub(crate) pending: Option<Arc<Writes>>,
    pub(crate) trouble: Option<Trouble>,
    pub(crate) side_since: Instant,
}

impl std::fmt::Debug for Committer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Committer").finish_non_exhaustive()
    }
}

type Answer = Box<dyn FnOnce(Result<()>)>;

/// Whoever holds it is the one that writes.
pub(crate) type Shift = Mutex<Committer>;

/// Works until the store is closed.
pub(crate) fn run(shift: &Shift, jobs: &Receiver<Job>) {
    let _watchdog = Watchdog(Arc::clone(&lock(shift).shared));
    loop {
        let first = wait(shift, jobs);
        let mut committer = lock(shift);
        match first {
            Ok(first) => {
                let some = collect(jobs, first);
                committer.serve(some);
            }
            Err(RecvTimeoutError::Timeout) => committer.apply(),
            Err(RecvTimeoutError::Disconnected) => {
                committer.end();
                return;
            }
        }
        committer.sync_side();
        committer.bring_up_to_date();
        committer.recover();
    }
}

/// Makes a commit on the calling thread, where nobody writes and nothing is left to apply; else
/// gives it back. Where it was made, the committer's thread must be told to [`look`].
///
/// A disk that stalls holds the calling thread up, so it must not be the only one.
pub(crate) fn at_once(shift: &Shift, job: Job) -> Option<Job> {
    let runtime = tokio::runtime::Handle::try_current();
    if !runtime.is_ok_and(|runtime| runtime.metrics().num_workers() > 1) {
        return Some(job);
    }
    let mut committer = match shift.try_lock() {
        Ok(committer) => committer,
        Err(TryLockError::Poisoned(_) | TryLockError::WouldBlock) => return Some(job),
    };
    if committer.pending.is_some() || committer.trouble.is_some() {
        return Some(job);
    }
    let _watchdog = Watchdog(Arc::clone(&committer.shared));
    committer.serve(vec![job]);
    None
}

/// Wakes the committer's thread for what is to be done after a commit made elsewhere; a moment
/// later, for whoever got the answer goes on with it and should not share its core.
pub(crate) fn look(queue: &Arc<Sender<Job>>) {
    let queue = Arc::downgrade(queue);
    tokio::spawn(async move {
        tokio::time::sleep(APPLY_LAG).await;
        let look = Job {
            work: Work::Look,
            _place: None,
        };
        // A store that is closed has nothing left to do.
        if let Some(queue) = queue.upgrade() {
            let _ = queue.send(look);
        }
    });
}

fn lock(shift: &Shift) -> MutexGuard<'_, Committer> {
    // Who broke off while writing has made the health red: nothing is acknowledged any more.
    shift.lock().unwrap_or_else(PoisonError::into_inner)
}

fn wait(shift: &Shift, jobs: &Receiver<Job>) -> Result<Job, RecvTimeoutError> {
    let longest = match shift.try_lock() {
        Ok(committer) => committer.patience(),
        Err(TryLockError::WouldBlock) => Some(APPLY_LAG),
        Err(TryLockError::Poisoned(_)) => None,
    };
    match longest {
        Some(longest) => jobs.recv_timeout(longest),
        None => jobs.recv().map_err(|_| RecvTimeoutError::Disconnected),
    }
}

fn collect(waiting: &Receiver<Job>, first: Job) -> Vec<Job> {
    let mut bytes = first.bytes();
    let mut jobs = vec![first];
    while jobs.len() < MOST_JOBS && bytes < MOST_BYTES {
        let Ok(job) = waiting.try_recv() else { break };
        bytes += job.bytes();
        jobs.push(job);
    }
    jobs
}

impl Committer {
    /// The last thing before the store is closed.
    fn end(&mut self) {
        self.apply();
        if self.side.unsynced() && self.trouble.is_none() {
            // The file only witnesses; what it lacks here is in the database.
            let _ = self.side.sync();
        }
        self.engine = None;
    }

    /// How long nothing needs to be done; `None`: until somebody comes.
    fn patience(&self) -> Option<Duration> {
        if self.trouble.is_some() {
            return Some(RECOVER_EVERY);
        }
        let side = self.side.unsynced().then_some(SIDE_LAG);
        let apply = self.pending.is_some().then_some(APPLY_LAG);
        let waits = side.into_iter().chain(apply).chain(self.ahead.due_in());
        waits.min()
    }

    fn serve(&mut self, jobs: Vec<Job>) {
        let engine = match (&self.trouble, &self.engine) {
            (None, Some(engine)) => Arc::clone(engine),
            _ => {
                let error = self.shared.refusal();
                jobs.into_iter().for_each(|job| job.refuse(error.clone()));
                return;
            }
        };
        // A restore rewrites the log, so it is a group of its own.
        let mut group = Vec::with_capacity(jobs.len());
        for job in jobs {
            match job.work {
                Work::Look => self.apply(),
                Work::Commit(..) => group.push(job),
                Work::Restore(..) => {
                    self.group(&engine, std::mem::take(&mut group));
                    self.group(&engine, vec![job]);
                }
            }
        }
        self.group(&engine, group);
    }

    fn group(&mut self, engine: &Engine, jobs: Vec<Job>) {
        if jobs.is_empty() {
            return;
        }
        self.apply();
        if self.trouble.is_some() {
            let error = self.shared.refusal();
            jobs.into_iter().for_each(|job| job.refuse(error.clone()));
            return;
        }
        let shared = Arc::clone(&self.shared);
        let mut group = Group::new(engine, &shared.options);
        let mut answers: Vec<(Answer, Option<OwnedSemaphorePermit>)> =
            Vec::with_capacity(jobs.len());
        let mut failed = None;
        for job in jobs {
            if let Some(error) = &failed {
                job.refuse(StoreError::clone(error));
                continue;
            }
            match decide(&mut group, job.work, &self.known) {
                Ok(answer) => answers.push((answer, job._place)),
                Err((answer, error)) => {
                    answers.push((answer, job._place));
                    failed = Some(error);
                }
            }
        }
        let result = match failed {
            Some(error) => {
                // Nothing was applied. Damage of one entry is no reason to stop the others.
                if !matches!(error, StoreError::Damaged(_)) {
                    self.stop(&error);
                }
                Err(error)
            }
            None if group.is_empty() => Ok(()),
            None => self.make_durable(group),
        };
        for (answer, _place) in answers {
            answer(result.clone());
        }
    }

    fn make_durable(&mut self, group: Group<'_>) -> Result<()> {
        let finished = group.finish().inspect_err(|error| self.stop(error))?;
        let witnesses = finished.witnesses();
        self.shared.core_mut().begin(finished.before);
        if !self.side.unsynced() {
            // Counted from the first note, so that the sync falls behind a burst, not into it.
            self.side_since = Instant::now();
        }
        let done = self
            .ahead
            .append(&ahead::encode(&finished.writes))
            .and_then(|()| self.side.note(&witnesses));
        if let Err(error) = done {
            self.stop(&error);
            // It may or may not be on disk.
            return Err(StoreError::Unknown);
        }
        let writes = Arc::new(finished.writes);
        self.pending = Some(Arc::clone(&writes));
        self.shared
            .core_mut()
            .show(writes, &finished.states, finished.commits);
        self.known.extend(finished.states);
        Ok(())
    }

    /// Applies the newest group to sled. Where that fails, readers go on seeing it, and the
    /// write-ahead file has it.
    fn apply(&mut self) {
        let (None, Some(engine)) = (self.trouble, self.engine.clone()) else {
            return;
        };
        let Some(writes) = self.pending.take() else {
            return;
        };
        match self.apply_slices(&engine, &writes) {
            Ok(()) => self.shared.core_mut().applied(),
            Err(error) => self.stop(&error),
        }
    }

    fn apply_slices(&mut self, engine: &Engine, writes: &Writes) -> Result<()> {
        let writes = writes
            .iter()
            .map(|(key, value)| (key.clone(), value.clone()));
        for slice in ahead::slices(writes) {
            if self.ahead.is_full(slice.weight) {
                engine.barrier()?;
                self.ahead.passed();
            }
            engine.apply(slice.writes)?;
            self.ahead.applied(slice.weight);
        }
        Ok(())
    }

    /// Syncs the side file, outside the time anybody waits for.
    fn sync_side(&mut self) {
        let due = self.side.unsynced() && self.side_since.elapsed() >= SIDE_LAG;
        if !due || self.trouble.is_some() {
            return;
        }
        if let Err(error) = self.side.sync() {
            self.stop(&error);
        }
    }

    /// Brings sled up to date on disk when it is time. Commits wait meanwhile: sled must not get
    /// further between two barriers than the write-ahead file allows.
    fn bring_up_to_date(&mut self) {
        if self.ahead.is_due() {
            self.apply();
        }
        let (None, Some(engine)) = (self.trouble, &self.engine) else {
            return;
        };
        if !self.ahead.is_due() {
            return;
        }
        let done = engine.barrier().and_then(|()| self.ahead.begin());
        if let Err(error) = done {
            self.stop(&error);
        }
    }

    /// Stops acknowledging.
    pub(crate) fn stop(&mut self, error: &StoreError) {
        let (trouble, health) = match error {
            StoreError::ReadOnly(reason) => (Trouble::Full, Health::ReadOnly(reason.clone())),
            other => (Trouble::Fatal, Health::Failed(other.to_string())),
        };
        tracing::error!(%error, "the store stops acknowledging");
        self.trouble = Some(trouble);
        self.shared.set_health(health);
    }
}

/// Decides one job; the answer is given when the group is durable.
fn decide(
    group: &mut Group<'_>,
    work: Work,
    known: &HashMap<Shard, State>,
) -> Result<Answer, (Answer, StoreError)> {
    match work {
        Work::Commit(batch, reply) => {
            let outcome = group.commit(batch, known);
            let error = outcome.as_ref().err().cloned();
            let answer: Answer = Box::new(move |done| {
                drop(reply.send(done.and(outcome)));
            });
            match error {
                Some(error) => Err((answer, error)),
                None => Ok(answer),
            }
        }
        Work::Restore(work, reply) => {
            let result = group.restore(work.shard, &work.items, work.rev, known);
            let answer: Answer = Box::new(move |done| drop(reply.send(done)));
            match result {
                Ok(()) => Ok(answer),
                Err(error) => Err((answer, error)),
            }
        }
        Work::Look => Ok(Box::new(|_| ())),
    }
}

/// Notices that whoever writes ended by a panic.
struct Watchdog(Arc<Shared>);

impl Drop for Watchdog {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let text = "the committer stopped unexpectedly".to_owned();
            self.0.set_health(Health::Failed(text));
        }
    }
}
