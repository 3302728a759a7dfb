//! Delivers what waits, in order, within a bounded time.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use reqwest::StatusCode;
use secrecy::ExposeSecret as _;

use super::spool::{Spool, SpoolError};
use super::{Fault, Outcome, Way};

/// Longest time for a connection: a machine that does not answer costs no more than that.
const CONNECT: Duration = Duration::from_secs(2);
/// Pause before the right to deliver is asked for again.
const LOOK: Duration = Duration::from_millis(20);
/// How long it is asked for: who has it delivers everything that is there, so this only covers the
/// moment in which it has seen that nothing is left.
const ASK: Duration = Duration::from_millis(500);
/// Characters of an answer that are repeated.
const SHOWN: usize = 300;

/// Why events wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Away {
    /// Vigie does not answer, or cannot take anything at present.
    Unreachable(String),
    /// Somebody has just found that out.
    JustTried,
    /// Another call delivers, and will deliver these too.
    Busy,
    /// The time of this call was over.
    Late,
}

/// What came of posting one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It is on disk there.
    Taken,
    /// It cannot be read there.
    Refused(String),
    /// The token or the address is wrong.
    Token(String),
    /// Try again.
    Away(String),
}

/// Delivers what waits. `patient`: even where somebody has tried in vain a moment ago.
pub(super) async fn deliver(
    spool: &Spool,
    way: &Way,
    now: &(dyn Fn() -> DateTime<Utc> + Sync),
    patient: bool,
) -> Result<Outcome, Fault> {
    let until = Instant::now() + way.within;
    if !patient && spool.is_away(now()) {
        return kept(spool, Away::JustTried);
    }
    let ask_until = until.min(Instant::now() + if patient { way.within } else { ASK });
    let right = loop {
        match spool.deliver().map_err(|error| fault(way, error))? {
            Some(right) => break right,
            None if Instant::now() + LOOK > ask_until => return kept(spool, Away::Busy),
            None => tokio::time::sleep(LOOK).await,
        }
    };
    let ended = in_order(spool, way, until).await;
    drop(right);
    ended
}

async fn in_order(spool: &Spool, way: &Way, until: Instant) -> Result<Outcome, Fault> {
    let client = client()?;
    let (mut taken, mut refused) = (0, None);
    loop {
        let names = spool.names().map_err(|error| fault(way, error))?;
        if names.is_empty() {
            spool.set_away(false);
            return match refused {
                None => Ok(Outcome::Delivered(taken)),
                Some(why) => Err(Fault::Refused(why)),
            };
        }
        for name in names {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return kept(spool, Away::Late);
            }
            let Some(body) = spool.read(&name).map_err(|error| fault(way, error))? else {
                continue;
            };
            match post(&client, way, body, left).await {
                Delivery::Taken => {
                    spool.done(&name).map_err(|error| fault(way, error))?;
                    taken += 1;
                }
                Delivery::Refused(why) => {
                    spool.put_aside(&name).map_err(|error| fault(way, error))?;
                    refused = Some(why);
                }
                Delivery::Token(why) => {
                    spool.set_away(true);
                    return Err(Fault::Token(why));
                }
                Delivery::Away(why) => {
                    spool.set_away(true);
                    return kept(spool, Away::Unreachable(why));
                }
            }
        }
    }
}

/// Posts an event that could not be kept.
pub(super) async fn directly(way: &Way, body: String, error: SpoolError) -> Result<Outcome, Fault> {
    match post(&client()?, way, body.into_bytes(), way.within).await {
        Delivery::Taken => Ok(Outcome::Delivered(1)),
        Delivery::Refused(why) => Err(Fault::Refused(why)),
        Delivery::Token(_) | Delivery::Away(_) => Err(Fault::Spool(error)),
    }
}

fn kept(spool: &Spool, why: Away) -> Result<Outcome, Fault> {
    let waiting = spool.names().map_or(0, |names| names.len());
    Ok(Outcome::Kept { waiting, why })
}

fn fault(way: &Way, error: std::io::Error) -> Fault {
    Fault::Spool(SpoolError::Folder {
        path: way.spool.clone(),
        error,
    })
}

fn client() -> Result<reqwest::Client, Fault> {
    reqwest::Client::builder()
        .connect_timeout(CONNECT)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("vigie-notify/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| Fault::Event(error.to_string()))
}

async fn post(client: &reqwest::Client, way: &Way, body: Vec<u8>, left: Duration) -> Delivery {
    let request = client
        .post(way.url.clone())
        .bearer_auth(way.token.expose_secret())
        .header("content-type", "application/json")
        .timeout(left)
        .body(body);
    let answer = match request.send().await {
        Ok(answer) => answer,
        Err(error) => return Delivery::Away(reason(&error)),
    };
    let status = answer.status();
    if status.is_success() {
        return Delivery::Taken;
    }
    let text = answer.text().await.unwrap_or_default();
    let text: String = text
        .chars()
        .filter(|c| !c.is_control())
        .take(SHOWN)
        .collect();
    let why = format!("{status}: {text}");
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => {
            Delivery::Token(why)
        }
        StatusCode::BAD_REQUEST
        | StatusCode::PAYLOAD_TOO_LARGE
        | StatusCode::UNSUPPORTED_MEDIA_TYPE
        | StatusCode::UNPROCESSABLE_ENTITY => Delivery::Refused(why),
        _ => Delivery::Away(why),
    }
}

/// The innermost reason: "Connection refused" rather than "error sending request".
fn reason(error: &reqwest::Error) -> String {
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}
