//! Time and chance of the real world, and the loop that tells the use cases what is due.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures::{FutureExt as _, StreamExt as _};
use rand::rngs::{OsRng, StdRng};
use rand::{RngCore as _, SeedableRng as _, TryRngCore as _};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::app::error::AppError;
use crate::app::ports::{Chance, Clock};
use crate::vitals::Vitals;

/// The clock of the system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where time comes in")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// Draws between two new seeds from the system.
const DRAWS_PER_SEED: u32 = 1_024;

/// Chance that nobody can guess: a cryptographic generator with seeds from the system, so that
/// not each draw asks the kernel.
#[derive(Debug)]
pub struct SystemChance(Mutex<(StdRng, u32)>);

impl SystemChance {
    /// A generator with a seed from the system.
    ///
    /// # Errors
    /// The system gives no randomness.
    pub fn new() -> Result<Self, String> {
        Ok(Self(Mutex::new((seeded()?, DRAWS_PER_SEED))))
    }
}

impl Chance for SystemChance {
    fn bytes(&self) -> [u8; 16] {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (generator, left) = &mut *state;
        if *left == 0 {
            // Without a new seed the old generator is still good.
            if let Ok(fresh) = seeded() {
                *generator = fresh;
            }
            *left = DRAWS_PER_SEED;
        }
        *left -= 1;
        let mut bytes = [0; 16];
        generator.fill_bytes(&mut bytes);
        bytes
    }
}

fn seeded() -> Result<StdRng, String> {
    let mut seed = <StdRng as rand::SeedableRng>::Seed::default();
    OsRng
        .try_fill_bytes(&mut seed)
        .map_err(|error| format!("no randomness: {error}"))?;
    Ok(StdRng::from_seed(seed))
}

/// Part name in the signs of life.
const PART: &str = "clock";
/// Longest sleep: also what bounds the harm of a clock that jumps.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);
/// Pause after a failure of the store.
const AFTER_FAILURE: Duration = Duration::from_secs(1);
/// Time within which the loop gives its next sign of life.
const NEXT_SIGN: TimeDelta = TimeDelta::seconds(60);

/// How often what is no longer needed is removed.
const SWEEP_EVERY: Duration = Duration::from_secs(24 * 3_600);
/// How long after the start it is first removed.
const FIRST_SWEEP: Duration = Duration::from_secs(600);

/// Removes once a day what is no longer needed, until it is cancelled.
pub async fn run_sweep(app: Arc<App>, cancel: CancellationToken) {
    let work = async {
        tokio::time::sleep(FIRST_SWEEP).await;
        loop {
            match app.sweep().await {
                Ok(rows) => tracing::info!(rows, "Old rows removed"),
                Err(error) => tracing::warn!(%error, "Old rows are removed another day"),
            }
            tokio::time::sleep(SWEEP_EVERY).await;
        }
    };
    let _ = cancel.run_until_cancelled(work).await;
}

/// How often a sign of life is given; the store keeps one a minute.
const AWAKE_EVERY: Duration = Duration::from_secs(1);

/// Gives signs of life until it is cancelled. `contact` tells when the messenger last answered.
pub async fn run_awake(
    app: Arc<App>,
    contact: impl Fn() -> Option<DateTime<Utc>> + Send + Sync,
    cancel: CancellationToken,
) {
    let work = async {
        let mut first = true;
        loop {
            match app.stay_awake(contact(), first).await {
                Ok(()) => first = false,
                Err(error) => tracing::debug!(%error, "a sign of life could not be kept"),
            }
            tokio::time::sleep(AWAKE_EVERY).await;
        }
    };
    let _ = cancel.run_until_cancelled(work).await;
}

/// Does what is due, at its time, until it is cancelled.
pub async fn run_due(app: Arc<App>, vitals: Arc<Vitals>, cancel: CancellationToken) {
    let work = async {
        loop {
            if let Err(error) = follow(&app, &vitals).await {
                tracing::warn!(%error, "What is due cannot be done; trying again");
                vitals.trouble(PART, app.now(), "the store does not answer");
                tokio::time::sleep(AFTER_FAILURE).await;
            }
        }
    };
    let _ = cancel.run_until_cancelled(work).await;
}

/// Fires until the store fails, or until what is planned must be watched anew.
async fn follow(app: &App, vitals: &Vitals) -> Result<(), AppError> {
    app.expect_sources().await?;
    let mut changes = app.watch_due().await?;
    loop {
        app.fire_due().await?;
        vitals.alive(PART, app.now(), NEXT_SIGN);
        let sleep = match app.next_due().await? {
            Some(at) => (at - app.now())
                .to_std()
                .unwrap_or_default()
                .min(LONGEST_SLEEP),
            None => LONGEST_SLEEP,
        };
        tokio::select! {
            () = tokio::time::sleep(sleep) => {}
            changed = changes.next() => {
                if changed.is_none() {
                    return Ok(());
                }
                // A storm plans many things at once: look once for all of them.
                while changes.next().now_or_never().flatten().is_some() {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_draw_comes_twice_and_seeds_are_renewed() {
        let (one, two) = (SystemChance::new().unwrap(), SystemChance::new().unwrap());
        let draws: HashSet<_> = (0..3_000)
            .flat_map(|_| [one.bytes(), two.bytes()])
            .collect();
        assert_eq!(draws.len(), 6_000);
    }
}
