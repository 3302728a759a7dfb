//! Lines of syslog from standard input, until it ends: each that matters is an event.

use std::io::{BufRead as _, BufReader, Read as _};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::mpsc;

use super::spool::Spool;
use super::{Caller, Event, Fault, Given, Outcome, Way, deliver, keep_and_deliver, start, value};
use crate::monitor::syslog::matters;

/// Longest line; a longer one is read as several.
const LONGEST: u64 = 8_000;
/// Lines that are read ahead.
const AHEAD: usize = 64;
/// How often what waits is tried again while no line comes.
const AGAIN: Duration = Duration::from_secs(10);

/// Takes lines until there are no more.
pub(super) async fn follow(
    way: &Way,
    given: &Given,
    now: &(dyn Fn() -> DateTime<Utc> + Sync),
) -> Result<Outcome, Fault> {
    let spool = Spool::open(&way.spool).map_err(Fault::Spool)?;
    let (sender, mut lines) = mpsc::channel(AHEAD);
    std::thread::spawn(move || read(&sender));
    let mut last = Ok(Outcome::Nothing);
    loop {
        match tokio::time::timeout(AGAIN, lines.recv()).await {
            Ok(Some(line)) => {
                if let Some(event) = event(&line, given, now()) {
                    last = keep_and_deliver(way, &event, now).await;
                    report(&last);
                }
            }
            Ok(None) => break,
            Err(_) if spool.names().is_ok_and(|names| names.is_empty()) => {}
            Err(_) => {
                last = deliver::deliver(&spool, way, now, true).await;
                report(&last);
            }
        }
    }
    match last {
        Ok(Outcome::Kept { .. }) => deliver::deliver(&spool, way, now, true).await,
        last => last,
    }
}

/// It goes on whatever happens to one line: the log tells.
fn report(result: &Result<Outcome, Fault>) {
    match result {
        Err(fault) => tracing::error!(%fault, "a line was not delivered"),
        Ok(Outcome::Kept { waiting, why }) => tracing::info!(waiting, ?why, "kept for later"),
        Ok(_) => {}
    }
}

fn event(line: &str, given: &Given, now: DateTime<Utc>) -> Option<Event> {
    let line = line.trim_end();
    if !matters(line) {
        return None;
    }
    let mut map = start(Caller::Syslog, given, now);
    map.insert("line".to_owned(), value(line)?);
    Some(Event {
        about: None,
        body: map.into(),
    })
}

fn read(sender: &mpsc::Sender<String>) {
    let mut input = BufReader::new(std::io::stdin());
    loop {
        let mut line = Vec::new();
        let read = input.by_ref().take(LONGEST).read_until(b'\n', &mut line);
        if !matches!(read, Ok(1..)) {
            return;
        }
        let line = String::from_utf8_lossy(&line).into_owned();
        if sender.blocking_send(line).is_err() {
            return;
        }
    }
}
