//! `vigie notify`: what a monitoring program calls. It needs no configuration, keeps the event on
//! disk before anything else, and posts it to a running Vigie, now or later, in order.
//!
//! It is the other end of [`crate::monitor`] and knows nothing of the use cases: it passes on what
//! it was told, and the reader of the format decides what that means.

mod checks;
mod deliver;
mod lines;
mod smokeping;
mod spool;
mod trap;

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::Url;
use secrecy::SecretString;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

pub use self::deliver::{Away, Delivery};
pub use self::spool::{Spool, SpoolError};

/// Most characters of one value that is passed on.
const VALUE: usize = 4_000;
/// Most bytes that are read of a trap.
const TRAP: u64 = 64 * 1_024;

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Icinga 2.
    Icinga2,
    /// Nagios 4.
    Nagios,
    /// SmokePing.
    SmokePing,
    /// snmptrapd.
    SnmpTrap,
    /// Something that writes lines of syslog.
    Syslog,
}

/// Where events go and where they wait.
#[derive(Debug)]
pub struct Way {
    /// Address of the hook.
    pub url: Url,
    /// The token of the source.
    pub token: SecretString,
    /// The folder in which events wait.
    pub spool: PathBuf,
    /// How long one call may take.
    pub within: Duration,
}

/// What was given to a call.
#[derive(Debug, Default)]
pub struct Given {
    /// The environment.
    pub env: BTreeMap<String, String>,
    /// Arguments.
    pub args: Vec<String>,
    /// How bad the events are, where their source does not tell.
    pub severity: Option<String>,
}

/// How a call ended well: nothing is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything that waited was taken.
    Delivered(usize),
    /// What was not taken waits in the spool.
    Kept {
        /// Events that wait.
        waiting: usize,
        /// Why they wait.
        why: Away,
    },
    /// There was nothing to tell.
    Nothing,
}

/// Why a call did not end well.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// What was given makes no event.
    #[error("{0}")]
    Event(String),
    /// Vigie cannot read the event: it was put aside.
    #[error("{0}")]
    Refused(String),
    /// Vigie does not know the token or the source: everything is kept.
    #[error("{0}")]
    Token(String),
    /// The event is neither delivered nor kept.
    #[error("{0}")]
    Spool(SpoolError),
}

/// One event as it is posted.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// What it is about: of two events about the same, the later one counts. Without it each counts.
    pub about: Option<String>,
    /// What is posted.
    pub body: Value,
}

impl Caller {
    /// Its word in what is posted.
    const fn word(self) -> &'static str {
        match self {
            Self::Icinga2 => "icinga2",
            Self::Nagios => "nagios",
            Self::SmokePing => "smokeping",
            Self::SnmpTrap => "snmptrap",
            Self::Syslog => "syslog",
        }
    }
}

/// Takes one event, or those that come as lines, and delivers what waits.
///
/// # Errors
/// The event is not safe, or a person has to mend something.
pub async fn tell(
    way: &Way,
    caller: Caller,
    given: &Given,
    now: &(dyn Fn() -> DateTime<Utc> + Sync),
) -> Result<Outcome, Fault> {
    if caller == Caller::Syslog {
        return lines::follow(way, given, now).await;
    }
    match event(caller, given, &way.spool, now())? {
        Some(event) => keep_and_deliver(way, &event, now).await,
        None => Ok(Outcome::Nothing),
    }
}

/// Keeps one event for later. Lines are not read: who writes them keeps them.
///
/// # Errors
/// The event is not safe.
pub fn keep(spool: &Path, caller: Caller, given: &Given, now: DateTime<Utc>) -> Result<(), Fault> {
    let Some(event) = event(caller, given, spool, now)? else {
        return Ok(());
    };
    let body = event.body.to_string();
    Spool::open(spool)
        .and_then(|spool| spool.add(event.about.as_deref(), body.as_bytes(), now))
        .map_err(Fault::Spool)
}

/// The event of one call; nothing where there is none.
fn event(
    caller: Caller,
    given: &Given,
    spool: &Path,
    now: DateTime<Utc>,
) -> Result<Option<Event>, Fault> {
    match caller {
        Caller::Icinga2 | Caller::Nagios => checks::event(caller, given, now).map(Some),
        Caller::SmokePing => smokeping::event(given, spool, now).map(Some),
        Caller::SnmpTrap => {
            let mut text = Vec::new();
            let read = std::io::stdin().take(TRAP).read_to_end(&mut text);
            read.map_err(|error| Fault::Event(error.to_string()))?;
            trap::event(&String::from_utf8_lossy(&text), given, now)
        }
        Caller::Syslog => Ok(None),
    }
}

/// Delivers what waits.
///
/// # Errors
/// A person has to mend something.
pub async fn flush(way: &Way, now: &(dyn Fn() -> DateTime<Utc> + Sync)) -> Result<Outcome, Fault> {
    let spool = Spool::open(&way.spool).map_err(Fault::Spool)?;
    deliver::deliver(&spool, way, now, true).await
}

async fn keep_and_deliver(
    way: &Way,
    event: &Event,
    now: &(dyn Fn() -> DateTime<Utc> + Sync),
) -> Result<Outcome, Fault> {
    let body = event.body.to_string();
    let kept = Spool::open(&way.spool).and_then(|spool| {
        spool
            .add(event.about.as_deref(), body.as_bytes(), now())
            .map(|()| spool)
    });
    match kept {
        Ok(spool) => deliver::deliver(&spool, way, now, false).await,
        // No room, or no right to write: then it must arrive now.
        Err(error) => deliver::directly(way, body, error).await,
    }
}

/// A value that is passed on; an empty one is none.
fn value(text: &str) -> Option<Value> {
    let text = text.trim_matches('\0').trim();
    if text.is_empty() {
        return None;
    }
    let cut = text
        .char_indices()
        .nth(VALUE)
        .map_or(text.len(), |(at, _)| at);
    Some(Value::from(text.get(..cut).unwrap_or(text)))
}

/// The beginning of what is posted.
fn start(caller: Caller, given: &Given, now: DateTime<Utc>) -> Map<String, Value> {
    let mut map = Map::new();
    map.insert("src".to_owned(), caller.word().into());
    map.insert("ts".to_owned(), now.timestamp().into());
    if let Some(severity) = &given.severity {
        map.insert("severity".to_owned(), severity.as_str().into());
    }
    map
}

/// A short name for what an event is about.
fn about(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    let hash = hash.finalize();
    hash.iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
