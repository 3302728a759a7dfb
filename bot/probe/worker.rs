//! Asks in time, takes the answers in, and tells what changed. One task owns all state.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use futures::stream::BoxStream;
use futures::{FutureExt as _, StreamExt as _};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;
use vigie_domain::EquipmentId;
use vigie_domain::probe::watch::{Now, Outcome, Question, Ticket, Watch};

use super::{Answer, Asker, Own};
use crate::app::App;
use crate::app::error::AppError;
use crate::app::probes::ProbeChange;
use crate::app::tx::Tx;
use crate::vitals::Vitals;

/// Part name in the signs of life.
const PART: &str = "probes";
/// Questions of so many milliseconds are asked together, so that a thousand probes a second wake
/// the program a hundred times, not a thousand.
const TOGETHER: Duration = Duration::from_millis(10);
/// Longest sleep.
const NAP: Duration = Duration::from_secs(5);
/// Time within which the loop gives its next sign of life.
const NEXT_SIGN: TimeDelta = TimeDelta::seconds(60);
/// Pause after a failure of the store.
const AFTER_FAILURE: Duration = Duration::from_secs(1);
/// Changes that are told in one go.
const REPORTS: usize = 200;
/// Answers that wait to be taken in.
const ANSWERS: usize = 8_192;
/// Changes of the network taken in before the next questions.
const CHANGES: usize = 1_000;

type Answers = (Ticket, Answer);

/// Probes until it is cancelled.
pub async fn run(app: Arc<App>, asker: Asker, vitals: Arc<Vitals>, cancel: CancellationToken) {
    let worker = async {
        loop {
            let mut worker = Worker::new(Arc::clone(&app), asker.clone(), Arc::clone(&vitals));
            let ended = match worker.load().await {
                Ok(changes) => worker.follow(changes).await,
                Err(error) => Err(error),
            };
            if let Err(error) = ended {
                tracing::warn!(%error, "What is to be probed cannot be read; trying again");
                vitals.trouble(PART, app.now(), "the store does not answer");
                sleep(AFTER_FAILURE).await;
            }
        }
    };
    let _ = cancel.run_until_cancelled(worker).await;
}

struct Worker {
    app: Arc<App>,
    asker: Asker,
    vitals: Arc<Vitals>,
    begun: Instant,
    watch: Watch,
    sender: mpsc::Sender<Answers>,
    answers: mpsc::Receiver<Answers>,
    /// A reason of our own that was logged.
    complained: Option<Own>,
    /// Whether we are cut off, as was told; an earlier start may have told otherwise.
    cut_off: Option<bool>,
    /// Not to be told before: the store failed.
    tell_after: Option<Instant>,
}

impl Worker {
    fn new(app: Arc<App>, asker: Asker, vitals: Arc<Vitals>) -> Self {
        let (sender, answers) = mpsc::channel(ANSWERS);
        let now = Now {
            ms: 0,
            at: app.now(),
        };
        let seed = Tx::new(&app).random_number().unsigned_abs();
        Self {
            watch: Watch::new(app.settings().probes.clone(), seed, now),
            app,
            asker,
            vitals,
            begun: Instant::now(),
            sender,
            answers,
            complained: None,
            cut_off: None,
            tell_after: None,
        }
    }

    fn now(&self) -> Now {
        Now {
            ms: u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            at: self.app.now(),
        }
    }

    /// Reads what is to be probed, and follows its changes from there.
    async fn load(&mut self) -> Result<BoxStream<'static, ProbeChange>, AppError> {
        let (from, probed) = self.app.probed().await?;
        let changes = self.app.watch_probes(from).await?;
        self.watch.resume(self.app.open_probe_alerts().await?);
        let now = self.now();
        for covering in self.app.covering().await? {
            self.watch.set_covering(&covering, true, now);
        }
        for one in probed {
            self.watch.set(&one.id, &one.above, &one.probes, now);
        }
        if !self.watch.is_empty() {
            tracing::info!(probes = self.watch.len(), "probing");
        }
        Ok(changes)
    }

    /// Probes until the network must be read anew.
    async fn follow(
        &mut self,
        mut changes: BoxStream<'static, ProbeChange>,
    ) -> Result<(), AppError> {
        loop {
            let now = self.now();
            for question in self.watch.ask(now) {
                self.ask(question);
            }
            self.tell().await;
            self.vitals.alive(PART, now.at, NEXT_SIGN);
            let wake = self.wake();
            tokio::select! {
                Some(answer) = self.answers.recv() => {
                    self.take(answer);
                    while let Ok(more) = self.answers.try_recv() {
                        self.take(more);
                    }
                }
                change = changes.next() => {
                    let mut some = vec![change.unwrap_or(ProbeChange::Reload)];
                    while some.len() < CHANGES
                        && let Some(more) = changes.next().now_or_never()
                    {
                        some.push(more.unwrap_or(ProbeChange::Reload));
                    }
                    if !self.change(some).await? {
                        return Ok(());
                    }
                }
                () = sleep_until(wake) => {}
            }
        }
    }

    fn wake(&self) -> Instant {
        let next = self
            .watch
            .next_ms()
            .map(|ms| self.begun + Duration::from_millis(ms));
        let soonest = Instant::now() + TOGETHER;
        next.unwrap_or(soonest + NAP).clamp(soonest, soonest + NAP)
    }

    fn ask(&self, question: Question) {
        let (asker, sender) = (self.asker.clone(), self.sender.clone());
        tokio::spawn(async move {
            let patience = Duration::from_millis(question.timeout_ms.into());
            let answer = asker.ask(&question.probe, patience).await;
            // Who does not wait any more needs no answer.
            let _ = sender.send((question.ticket, answer)).await;
        });
    }

    fn take(&mut self, (ticket, answer): Answers) {
        let outcome = match answer {
            Answer::Good { after, .. } => {
                Outcome::Answered(u64::try_from(after.as_micros()).unwrap_or(u64::MAX))
            }
            Answer::Bad(why) => Outcome::Lost(why),
            Answer::NotAsked(own) => {
                self.complain(own);
                Outcome::NotAsked
            }
        };
        metrics::counter!("vigie_probes_total", "outcome" => match outcome {
            Outcome::Answered(_) => "answered",
            Outcome::Lost(_) => "lost",
            Outcome::NotAsked => "not_asked",
        })
        .increment(1);
        let now = self.now();
        self.watch.answer(ticket, outcome, now);
    }

    /// Says once what keeps us from asking.
    fn complain(&mut self, own: Own) {
        if self.complained.as_ref() == Some(&own) {
            return;
        }
        match &own {
            Own::NotPermitted => tracing::error!(
                "ICMP echoes are not permitted: nothing is probed by ping. Allow them with \
                 sysctl -w net.ipv4.ping_group_range=\"0 2147483647\""
            ),
            Own::System(why) => tracing::error!(why, "a probe could not be sent"),
        }
        self.complained = Some(own);
    }

    /// Takes in changes of the network; `false`: it must be read anew.
    async fn change(&mut self, changes: Vec<ProbeChange>) -> Result<bool, AppError> {
        let mut sheets: BTreeSet<EquipmentId> = BTreeSet::new();
        for change in changes {
            match change {
                ProbeChange::Reload => return Ok(false),
                ProbeChange::Covers(id, covers) => {
                    let now = self.now();
                    self.watch.set_covering(&id, covers, now);
                }
                ProbeChange::Sheet(id) => {
                    // What hangs on it may hang elsewhere now.
                    sheets.extend(self.watch.concerned(&id));
                    sheets.insert(id);
                }
            }
        }
        for id in sheets {
            let one = self.app.probed_one(&id).await?;
            if !one.probes.is_empty() || self.watch.concerns(&id) {
                let now = self.now();
                self.watch.set(&one.id, &one.above, &one.probes, now);
            }
        }
        Ok(true)
    }

    /// Tells what changed. Where the store fails it is told again, as it is then.
    async fn tell(&mut self) {
        if self.tell_after.is_some_and(|after| Instant::now() < after) {
            return;
        }
        let told = match self.tell_cut_off().await {
            Ok(()) => self.tell_reports().await,
            Err(error) => Err(error),
        };
        self.tell_after = None;
        if let Err(error) = told {
            tracing::warn!(%error, "what probes found could not be kept; trying again");
            self.tell_after = Some(Instant::now() + AFTER_FAILURE);
        }
    }

    async fn tell_cut_off(&mut self) -> Result<(), AppError> {
        let since = self.watch.cut_off();
        if self.cut_off == Some(since.is_some()) || !self.watch.knows_cut_off() {
            return Ok(());
        }
        self.app.cut_off(since).await?;
        match since {
            Some(since) => {
                tracing::warn!(%since, "cut off: nothing answers, nor the world outside")
            }
            None if self.cut_off.is_some() => tracing::warn!("no longer cut off"),
            None => {}
        }
        self.cut_off = Some(since.is_some());
        Ok(())
    }

    async fn tell_reports(&mut self) -> Result<(), AppError> {
        let now = self.now();
        let mut reports = self.watch.reports(now);
        reports.truncate(REPORTS);
        if !reports.is_empty() {
            self.app.probes_tell(&reports).await?;
            for report in &reports {
                self.watch.was_told(report);
            }
        }
        Ok(())
    }
}
