//! How the cost of an alert grows with the number of pieces of equipment: it must stay flat.
//!
//! `cargo bench --bench growth [-- COUNT...]`; each size in a process of its own, over the
//! default store on disk. Printed: import time, hook-to-decision time of single alerts (durable
//! inbox, decision, commit), memory.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a benchmark prints its table and stops where something is missing"
)]

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use vigie::app::App;
use vigie::app::event::{Envelope, Event};
use vigie::app::settings::Settings;
use vigie::clock::{SystemChance, SystemClock};
use vigie_domain::SourceId;
use vigie_domain::alert::{Alert, Phase, Severity, Tags};
use vigie_domain::network_import::{Format, SourceFile};
use vigie_store::{SledOptions, SledStore};

/// Alerts measured at each size.
const ALERTS: usize = 2_000;
/// Sizes without arguments.
const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

fn main() {
    let words: Vec<usize> = std::env::args()
        .filter_map(|word| word.parse().ok())
        .collect();
    if let ([size], true) = (
        words.as_slice(),
        std::env::args().any(|word| word == "--one"),
    ) {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        return runtime.block_on(measure(*size));
    }
    println!("equipment | import s | alert median us | p99 us | peak MiB");
    let sizes = if words.is_empty() {
        SIZES.to_vec()
    } else {
        words
    };
    for size in sizes {
        let program = std::env::current_exe().expect("this program");
        let done = std::process::Command::new(program)
            .args(["--one", &size.to_string()])
            .status();
        assert!(
            done.is_ok_and(|status| status.success()),
            "size {size} failed"
        );
    }
}

fn network(size: usize) -> String {
    let mut text = String::from("id,name,class,parent,sector\n");
    text.push_str("core,Core,backbone,,\n");
    let relays = (size / 25).max(1);
    for number in 1..size {
        let (class, parent) = match number {
            n if n <= relays / 10 => ("main-relay", "core".to_owned()),
            n if n <= relays => (
                "secondary-relay",
                format!("e{}", 1 + n % (relays / 10).max(1)),
            ),
            n => ("link", format!("e{}", 1 + n % relays)),
        };
        let sector = number % 6;
        let _ = writeln!(
            text,
            "e{number},Equipment {number},{class},{parent},s{sector}"
        );
    }
    text
}

async fn measure(size: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let options = SledOptions {
        ballast: 0,
        ..SledOptions::default()
    };
    let store = SledStore::open(folder.path(), options).expect("a store");
    let chance = Arc::new(SystemChance::new().expect("randomness"));
    let mut settings = Settings::default();
    settings.alerts.delay_s = 0;
    let app = App::new(Arc::new(store), Arc::new(SystemClock), chance, settings);
    let sectors: String = (0..6)
        .map(|n| format!("[[sector]]\nid = \"s{n}\"\nname = \"S{n}\"\n"))
        .collect();
    let sectors = format!("[alerts]\ndelay_s = 0\n{sectors}");
    let csv = network(size);
    let files = [
        SourceFile {
            format: Format::Toml,
            name: "sectors.toml",
            text: &sectors,
        },
        SourceFile {
            format: Format::Csv,
            name: "network.csv",
            text: &csv,
        },
    ];
    let start = Instant::now();
    app.import_network(&files, |_, _| ())
        .await
        .expect("an import");
    let import = start.elapsed();
    let mut taken = Vec::with_capacity(ALERTS);
    for number in 0..ALERTS {
        let equipment = format!("e{}", 1 + (number * 7_919) % (size - 1));
        taken.push(one_alert(&app, number, equipment).await);
    }
    taken.sort_unstable();
    let at = |share: usize| taken[(taken.len() * share / 1000).min(taken.len() - 1)];
    println!(
        "{size:>9} | {:>8.2} | {:>15} | {:>6} | {:>8}",
        import.as_secs_f64(),
        at(500),
        at(990),
        peak_mib()
    );
}

async fn one_alert(app: &App, number: usize, equipment: String) -> u128 {
    let now: DateTime<Utc> = app.now();
    let alert = Alert {
        fingerprint: format!("f{number}").as_str().into(),
        phase: Phase::Firing,
        equipment: Some(equipment),
        name: "Down".to_owned(),
        severity: Severity::Critical,
        starts_at: Some(now),
        ends_at: None,
        summary: "does not answer".to_owned(),
        details: String::new(),
        link: None,
        tags: Tags::default(),
    };
    let source = SourceId::from("bench");
    let start = Instant::now();
    let row = app
        .receive_hook(&source, "application/json", Bytes::from_static(b"{}"))
        .await
        .expect("stored");
    let event = Event::Alerts {
        source,
        alerts: vec![alert],
        left_out: 0,
    };
    app.handle(Envelope {
        inbox: Some(row),
        at: now,
        event,
    })
    .await
    .expect("handled");
    start.elapsed().as_micros()
}

fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap_or_default();
    line.split_whitespace()
        .nth(1)
        .and_then(|kib| kib.parse::<u64>().ok())
        .unwrap_or(0)
        / 1024
}
