//! How fast members are found, and rights are checked, in a store that `tests/bench/members` has
//! filled.
//!
//! `cargo bench --bench members -- STORE MEMBERS`. Printed: opening, searches, role checks, memory.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a benchmark prints its table and stops where something is missing"
)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use vigie::app::App;
use vigie::app::settings::Settings;
use vigie::clock::{SystemChance, SystemClock};
use vigie_domain::AccountId;
use vigie_domain::network_import::{Format, SourceFile};
use vigie_store::{SledOptions, SledStore};

/// Searches of each kind.
const SEARCHES: usize = 5_000;
/// Members with an account.
const LINKED: usize = 1_000;
/// Role checks.
const CHECKS: usize = 1_000_000;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&String> = words
        .iter()
        .filter(|word| !word.starts_with("--"))
        .collect();
    let [store, count] = words.as_slice() else {
        return println!("members: tests/bench/members fills a store and asks it");
    };
    let count = count.parse().expect("a number of members");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(measure(PathBuf::from(store), count));
}

async fn measure(folder: PathBuf, count: usize) {
    let begun = Instant::now();
    let options = SledOptions {
        ballast: 0,
        ..SledOptions::default()
    };
    let store = Arc::new(SledStore::open(&folder, options).expect("a store"));
    let chance = Arc::new(SystemChance::new().expect("randomness"));
    let app = App::new(store, Arc::new(SystemClock), chance, Settings::default());
    app.members_ready().await.expect("members");
    println!("| open, s | {:.3} |", begun.elapsed().as_secs_f64());
    // The values of tests/bench/members.
    let spread = |at: usize| 1 + (at * 7_919) % count;
    finds(&app, "a number", |at| spread(at).to_string()).await;
    finds(&app, "an e-mail", |at| {
        format!("membre{}@exemple.fr", spread(at))
    })
    .await;
    finds(&app, "a whole name", |at| {
        format!("élodie nom{}", spread(at))
    })
    .await;
    let letters = ["É", "el", "Ço", "ANN", "noé", "nom1", "nom99", "zo"];
    finds(&app, "the begin of a name", |at| {
        letters[at % letters.len()].to_owned()
    })
    .await;
    finds(&app, "nobody", |at| format!("personne-{at}")).await;
    link(&app).await;
    roles(&app).await;
    println!("| memory, most, MiB | {} |", peak_mib());
}

async fn finds(app: &App, what: &str, asked: impl Fn(usize) -> String) {
    let mut taken = Vec::with_capacity(SEARCHES);
    let mut found = 0;
    for at in 0..SEARCHES {
        let asked = asked(at);
        let begun = Instant::now();
        found += app.find_members(&asked, 8).await.expect("a search").len();
        taken.push(begun.elapsed());
    }
    told(&format!("find {what} ({found} found)"), taken);
}

/// Gives the first members an account, as the file of people does.
async fn link(app: &App) {
    let mut text = String::from("[[sector]]\nid = \"s0\"\nname = \"S0\"\n");
    for at in 1..=LINKED {
        let _ = writeln!(
            text,
            "[[person]]\nmember = \"{at}\"\nfirst_name = \"P{at}\"\naccount = {at}\nroles = [\"member\"]"
        );
    }
    let file = SourceFile {
        format: Format::Toml,
        name: "people.toml",
        text: &text,
    };
    app.import_network(&[file], |_, _| ())
        .await
        .expect("people");
}

async fn roles(app: &App) {
    let account = |at: usize| AccountId(1 + i64::try_from(at % LINKED).expect("small"));
    let mut taken = Vec::with_capacity(LINKED);
    for at in 0..LINKED {
        let begun = Instant::now();
        let actor = app.roles_of(account(at)).await.expect("roles");
        taken.push(begun.elapsed());
        assert!(actor.is_known(), "account {at} speaks for nobody");
    }
    told("role check, read from the record", taken);
    let begun = Instant::now();
    for at in 0..CHECKS {
        black_box(app.roles_of(account(at)).await.expect("roles"));
    }
    let each = begun.elapsed().as_secs_f64() * 1e6 / 1_000_000.0;
    println!("| role check from the cache, mean, us | {each:.3} |");
}

fn told(what: &str, mut taken: Vec<Duration>) {
    taken.sort_unstable();
    let at = |share: usize| {
        let at = (taken.len() * share / 1000).min(taken.len() - 1);
        taken[at].as_secs_f64() * 1e3
    };
    println!(
        "| {what}, median / p99, ms | {:.3} / {:.3} |",
        at(500),
        at(990)
    );
}

fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok())
        .unwrap_or(0)
        / 1024
}
