//! kill -9 of the real program, at each commit boundary of a day and at any time.
//!
//! The local Telegram and the monitoring live on, as the real ones do. After each death the
//! program is started again. Nothing that was acknowledged may be lost, every card must be true
//! in the end, and a death may double at most one message about each subject.
//!
//! `CRASH_KILLS` sets the number of deaths.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    reason = "a test stops where something is missing, and is at home in real time"
)]

#[path = "crash/cast.rs"]
mod cast;
#[path = "crash/round.rs"]
mod round;
#[path = "crash/vigie.rs"]
mod vigie_process;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use tokio::task::JoinSet;
use vigie_emulator::Emulator;

use crate::round::{BRUNO, Outcome, Round};
use crate::vigie_process::Kill;

/// Deaths if the environment does not tell.
const KILLS: usize = 240;
/// Rounds at the same time: most of a round is waiting for the pace of messages.
const TOGETHER: usize = 10;

fn kills_wanted() -> usize {
    let given = std::env::var("CRASH_KILLS").ok();
    given.map_or(KILLS, |text| text.parse().expect("CRASH_KILLS is a number"))
}

/// A number that looks random, the same in each run.
fn scattered(seed: usize) -> u64 {
    let mixed = (seed as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^ (mixed >> 29)
}

/// How the program dies in a round, if a day has so many commits and lasts so many microseconds.
fn kills(round: usize, of: usize, commits: u64, day_us: u64) -> Vec<Kill> {
    if round % 10 == 9 {
        return vec![Kill::Time(scattered(round) % day_us)];
    }
    // Spread over the whole day, before and after in turn.
    let at = 1 + (round as u64 * commits) / of as u64;
    let first = if round.is_multiple_of(2) {
        Kill::Before(at)
    } else {
        Kill::After(at)
    };
    if round % 4 == 3 {
        // It dies once more while it recovers.
        return vec![first, Kill::Before(1 + scattered(round) % 20)];
    }
    vec![first]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_wherever_the_program_dies() {
    let emulator = Emulator::builder().keep_calls(5_000).start().await.unwrap();
    emulator
        .sim()
        .user(&json!({"id": BRUNO, "first_name": "Bruno", "language_code": "fr"}))
        .unwrap();
    let emulator = Arc::new(emulator);

    let begun = std::time::Instant::now();
    let calm = Round::play(&emulator, 0, Vec::new()).await;
    let day_us = begun.elapsed().as_micros() as u64;
    assert_eq!(
        (calm.crashes, calm.doubled, calm.lost_answers),
        (0, 0, 0),
        "without a death nothing is said twice"
    );

    let wanted = kills_wanted();
    let next = Arc::new(AtomicUsize::new(0));
    let deaths = Arc::new(AtomicUsize::new(0));
    let mut lanes = JoinSet::new();
    for _ in 0..TOGETHER {
        let (emulator, next, deaths) = (
            Arc::clone(&emulator),
            Arc::clone(&next),
            Arc::clone(&deaths),
        );
        lanes.spawn(async move {
            let mut outcomes = Vec::new();
            while deaths.load(Ordering::SeqCst) < wanted {
                let round = next.fetch_add(1, Ordering::SeqCst);
                assert!(
                    round < 3 * wanted,
                    "the program does not die where it should"
                );
                let kills = kills(round % wanted, wanted, calm.commits, day_us);
                let outcome = Round::play(&emulator, round as i64 + 1, kills).await;
                deaths.fetch_add(outcome.crashes, Ordering::SeqCst);
                outcomes.push(outcome);
            }
            outcomes
        });
    }
    let outcomes: Vec<Outcome> = lanes.join_all().await.into_iter().flatten().collect();
    let sum = |of: fn(&Outcome) -> usize| outcomes.iter().map(of).sum::<usize>();
    println!(
        "{} rounds, {} deaths over {} commit boundaries, {} messages doubled, {} answers lost, {:?}",
        outcomes.len(),
        sum(|outcome| outcome.crashes),
        calm.commits,
        sum(|outcome| outcome.doubled),
        sum(|outcome| outcome.lost_answers),
        begun.elapsed()
    );
    assert!(sum(|outcome| outcome.crashes) >= wanted);
}
