//! A million reminders: what one more costs, what the next one costs, ten thousand at the same
//! minute, and a start with all of them.
//!
//! `cargo bench --bench reminders [-- COUNT...]`; each size in a process of its own, over the
//! default store on disk, and the start in another one.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a benchmark prints its table and stops where something is missing"
)]

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use vigie::app::App;
use vigie::app::outbox::Outgoing;
use vigie::app::ports::Clock;
use vigie::app::reminders::{About, CatchUp, Reminder};
use vigie::app::settings::Settings;
use vigie::app::tx::Tx;
use vigie::clock::SystemChance;
use vigie_domain::calendar::{Rule, RuleDays};
use vigie_domain::{AccountId, ChatId};
use vigie_store::{SledOptions, SledStore};

/// Sizes without arguments.
const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];
/// Reminders of the same minute.
const TOGETHER: usize = 10_000;
/// Reminders that are kept one by one, and looks for the next one.
const SINGLE: usize = 2_000;
/// Reminders written in one commit while the store is filled.
const FILLED: usize = 25;
/// The minute: a Tuesday at 19:00 in Paris.
const MINUTE: i64 = 1_795_543_200;

struct BenchClock(AtomicI64);

impl Clock for BenchClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.0.load(Ordering::SeqCst), 0).unwrap_or_default()
    }
}

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    if let Some(at) = words.iter().position(|word| word == "--start") {
        return runtime.block_on(start(Path::new(&words[at + 1])));
    }
    let sizes: Vec<usize> = words.iter().filter_map(|word| word.parse().ok()).collect();
    if let ([size], true) = (sizes.as_slice(), words.iter().any(|word| word == "--one")) {
        return runtime.block_on(measure(*size));
    }
    println!(
        "reminders | fill s | one more median us, p99 us | next due median us, p99 us | \
         {TOGETHER} in the outbox ms | peak MiB | start: store s, first due ms, MiB"
    );
    for size in if sizes.is_empty() {
        SIZES.to_vec()
    } else {
        sizes
    } {
        let program = std::env::current_exe().expect("this program");
        let done = Command::new(program)
            .args(["--one", &size.to_string()])
            .status();
        assert!(
            done.is_ok_and(|status| status.success()),
            "size {size} failed"
        );
    }
}

async fn open(folder: &Path) -> (App, Arc<BenchClock>) {
    let options = SledOptions {
        ballast: 0,
        ..SledOptions::default()
    };
    let store = SledStore::open(folder, options).expect("a store");
    let clock = Arc::new(BenchClock(AtomicI64::new(MINUTE - 3_600)));
    let chance = Arc::new(SystemChance::new().expect("randomness"));
    let app = App::new(Arc::new(store), clock.clone(), chance, Settings::default());
    (app, clock)
}

/// The first ten thousand come every week at the minute; the others at any minute of a week.
fn reminder(number: usize) -> Reminder {
    let id = i64::try_from(number).expect("a number");
    let minute = u32::try_from((number * 7_919) % 1_439).expect("a minute");
    let (day, minute) = match number < TOGETHER {
        true => (0, 19 * 60),
        false => (1 + number % 6, minute),
    };
    let date = chrono::NaiveDate::from_ymd_opt(2026, 11, 24).expect("a date")
        + TimeDelta::days(i64::try_from(day).expect("a day"));
    Reminder {
        id,
        place: ChatId(1_000 + id).into(),
        by: AccountId(1_000 + id),
        name: "Ana".to_owned(),
        about: About::Text(format!("appeler la personne n° {number} du secteur")),
        rule: Rule::Every {
            on: RuleDays::Week {
                on: vec![chrono::Datelike::weekday(&date)],
                every: 1,
                from: date,
            },
            time: NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).expect("a time"),
        },
        zone: chrono_tz::Europe::Paris,
        catch_up: CatchUp::Once,
        next: None,
        again: None,
        followed: None,
        told: None,
    }
}

async fn keep(app: &App, numbers: impl IntoIterator<Item = usize>) {
    let mut tx = Tx::new(app);
    for number in numbers {
        assert!(tx.remind(reminder(number)).expect("written"));
    }
    tx.commit().await.expect("kept").expect("alone");
}

async fn measure(size: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let (app, clock) = open(folder.path()).await;
    let begun = Instant::now();
    let numbers: Vec<usize> = (0..size).collect();
    for some in numbers.chunks(FILLED) {
        keep(&app, some.iter().copied()).await;
    }
    let fill = begun.elapsed();
    let mut single = Vec::with_capacity(SINGLE);
    for number in size..size + SINGLE {
        let begun = Instant::now();
        keep(&app, [number]).await;
        single.push(begun.elapsed().as_micros());
    }
    let mut next = Vec::with_capacity(SINGLE);
    for _ in 0..SINGLE {
        let begun = Instant::now();
        assert!(app.next_due().await.expect("read").is_some());
        next.push(begun.elapsed().as_micros());
    }
    clock.0.store(MINUTE, Ordering::SeqCst);
    let begun = Instant::now();
    let done = app.fire_due().await.expect("told");
    let fired = begun.elapsed();
    assert!(done >= TOGETHER.min(size), "{done}");
    let rows = app.outbox_rows().await.expect("read").1;
    let told = rows
        .iter()
        .filter(|one| matches!(one.row.what, Outgoing::Remind(_)));
    assert!(told.count() >= TOGETHER.min(size));
    let (one, after) = (share(&mut single), share(&mut next));
    let peak = mib("VmHWM:");
    drop(app);
    let program = std::env::current_exe().expect("this program");
    let folder = folder.path().to_str().expect("a path").to_owned();
    let started = Command::new(program).args(["--start", &folder]).output();
    let started = String::from_utf8(started.expect("started").stdout).expect("text");
    println!(
        "{size:>9} | {:>6.1} | {one} | {after} | {:>6} | {peak:>5} | {}",
        fill.as_secs_f64(),
        fired.as_millis(),
        started.trim()
    );
}

async fn start(folder: &Path) {
    let begun = Instant::now();
    let (app, _) = open(folder).await;
    let opened = begun.elapsed();
    let begun = Instant::now();
    assert!(app.next_due().await.expect("read").is_some());
    let first = begun.elapsed();
    println!(
        "{:.2}, {:.2}, {}",
        opened.as_secs_f64(),
        first.as_secs_f64() * 1_000.0,
        mib("VmHWM:")
    );
}

fn share(taken: &mut [u128]) -> String {
    taken.sort_unstable();
    let at = |share: usize| taken[(taken.len() * share / 1_000).min(taken.len() - 1)];
    format!("{:>5}, {:>5}", at(500), at(990))
}

fn mib(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find(|line| line.starts_with(field))
        .unwrap_or_default();
    let kib = line
        .split_whitespace()
        .nth(1)
        .and_then(|kib| kib.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}
