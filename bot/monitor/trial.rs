//! Test alerts that somebody asked for from the chat: posted in the words of the source, as a hook
//! that came over the wire, and ended when a card was seen or should have been.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use futures::StreamExt as _;
use vigie_domain::alert::Phase;

use super::Sample;
use super::source::Sources;
use super::worker::{Hook, Queue};
use crate::app::App;
use crate::app::error::AppError;
use crate::app::trial::{Outcome, Trial};

/// What is sent: signs of HTML and Markdown, a mark that turns the direction, an emoji of two
/// halves.
const NASTY: &str =
    "Essai <b>gras</b> & _a_ *b* `c` [d](http://e.example) \\ $X {{y}} < 10 % > \u{202E}sruobér 🛰️";
/// How often further words are repeated, so that it is longer than a card shows.
const LONG: usize = 12;
/// How often trials that go on are looked at.
const LOOK: Duration = Duration::from_secs(1);
/// How often where there are none: they wake who waits.
const REST: Duration = Duration::from_secs(60);
/// How long a card that was seen is left standing.
const STANDS: TimeDelta = TimeDelta::seconds(10);
/// The type of every sample.
const JSON: &str = "application/json";

/// The text of a test alert, with everything in it that has ever broken a message.
#[must_use]
pub fn hostile() -> String {
    format!("{NASTY} {}", "très long ".repeat(LONG))
}

/// Makes the trials that are asked for; it never returns.
pub(super) async fn run(app: Arc<App>, sources: Arc<Sources>, queue: Arc<Queue>) {
    let trials = Trials {
        app,
        sources,
        queue,
    };
    loop {
        if let Err(error) = trials.follow().await {
            tracing::warn!(%error, "A test of a source has to wait");
        }
        tokio::time::sleep(LOOK).await;
    }
}

struct Trials {
    app: Arc<App>,
    sources: Arc<Sources>,
    queue: Arc<Queue>,
}

impl Trials {
    async fn follow(&self) -> Result<(), AppError> {
        let mut changes = self.app.watch_trials().await?;
        loop {
            let trials = self.app.trials().await?;
            let pause = if trials.is_empty() { REST } else { LOOK };
            for trial in trials {
                self.step(&trial).await?;
            }
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                changed = changes.next() => {
                    if changed.is_none() {
                        return Ok(());
                    }
                }
            }
        }
    }

    async fn step(&self, trial: &Trial) -> Result<(), AppError> {
        let Some(posted_at) = trial.posted_at else {
            return match self.post(trial, Phase::Firing).await? {
                true => self.app.trial_posted(trial).await,
                false => self.app.trial_over(trial, Outcome::Unreadable).await,
            };
        };
        let now = self.app.now();
        if now < posted_at + STANDS {
            return Ok(());
        }
        let seen = self.app.trial_cards(trial).await?;
        if seen == 0 && now < trial.until {
            return Ok(());
        }
        self.post(trial, Phase::Resolved).await?;
        self.app.trial_over(trial, Outcome::Seen(seen)).await
    }

    /// Takes a sample of the source as a hook is taken; `false`: nobody can read it.
    async fn post(&self, trial: &Trial, phase: Phase) -> Result<bool, AppError> {
        let text = hostile();
        let at = self.app.now();
        let Some(format) = self.sources.format(&trial.source) else {
            return Ok(false);
        };
        let sample = (format.sample)(&Sample {
            id: &trial.fingerprint(),
            equipment: &trial.equipment(),
            text: &text,
            phase,
            began: trial.asked_at,
            at,
        });
        let body = sample.to_string();
        let parsed = match self.sources.parse(&trial.source, JSON, body.as_bytes()) {
            Ok(parsed) if !parsed.alerts.is_empty() => parsed,
            _ => return Ok(false),
        };
        let row = self
            .app
            .receive_hook(&trial.source, JSON, body.into())
            .await?;
        self.queue.push(Hook {
            row,
            source: trial.source.clone(),
            at,
            parsed,
        });
        Ok(true)
    }
}
