//! From a picked row to its end: claim, read the facts, render, send, settle.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt as _;
use tokio::sync::mpsc;
use tokio::time::sleep;
use vigie_domain::{ChatId, MessageId};
use vigie_store::{Key, Rev};

use super::deliver::{self, Ending};
use super::errors::{Judged, LONG_WAIT_S};
use super::outbox::Outward;
use super::render::{Context, Draft, lacks_names, render, topic_draft};
use crate::app::cards::Card;
use crate::app::delivery::Stored;
use crate::app::error::AppError;
use crate::app::keys;
use crate::app::me::Rest;
use crate::app::outbox::{BrokenBy, Look, Outgoing, Row, RowState, Verdict};
use crate::app::views::Shown;

/// Wait before a sending of unknown outcome is repeated.
const AFTER_DOUBT: TimeDelta = TimeDelta::seconds(2);
/// Wait while the token is refused.
const AFTER_TOKEN: Duration = Duration::from_secs(30);
/// Longest wait after faults of the messenger or the way to it.
const LONGEST: Duration = Duration::from_secs(30);
/// Longest wait while the messenger cannot be reached: when it can, people should not wait.
const LONGEST_UNREACHED: Duration = Duration::from_secs(5);
/// Pause after a fault of the store.
const STORE_PAUSE: Duration = Duration::from_millis(500);

/// A sending is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Report {
    pub key: Key,
    pub park: Park,
    /// Revision at which it was settled; 0: it was not.
    pub(super) rev: Rev,
}

/// What a sending taught about waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Park {
    /// Nothing.
    No,
    /// This conversation must wait.
    Chat(ChatId, Duration),
    /// Everything must wait.
    All(Duration),
    /// The messenger could not be reached.
    Unreached,
    /// The store did not let us claim the row.
    Unclaimed,
}

/// Wait after so many failures in a row to reach the messenger.
pub(super) fn patience(misses: u32) -> Duration {
    doubled(Duration::from_millis(250), misses).min(LONGEST_UNREACHED)
}

fn doubled(first: Duration, times: u32) -> Duration {
    first.saturating_mul(2_u32.saturating_pow(times.saturating_sub(1).min(16)))
}

/// Claims rows in one commit and sends those that are ours, each on its own.
pub(super) async fn claim_and_send(
    outward: Arc<Outward>,
    rows: Vec<Stored>,
    reports: mpsc::UnboundedSender<Report>,
) {
    let mut picked: Vec<(Key, bool)> = rows
        .iter()
        .map(|stored| (stored.key.clone(), stored.row.state == RowState::Repeat))
        .collect();
    let (ours, rows): (Vec<Stored>, Vec<Stored>) = rows
        .into_iter()
        .partition(|stored| matches!(stored.row.state, RowState::Sending(_)));
    let claimed = match outward.app.claim(rows).await {
        Ok(claimed) => ours.into_iter().chain(claimed),
        Err(error) => {
            tracing::error!(%error, "rows of the outbox could not be claimed");
            for (key, _) in picked {
                let park = Park::Unclaimed;
                // Nobody listens any more only when the program stops.
                let _ = reports.send(Report { key, park, rev: 0 });
            }
            return;
        }
    };
    let mut sendings = Vec::new();
    for stored in claimed {
        let found = picked.iter().position(|(key, _)| *key == stored.key);
        let repeated = found.is_some_and(|at| picked.swap_remove(at).1);
        sendings.push(send_and_settle(&outward, stored, repeated, &reports));
    }
    for (key, _) in picked {
        let park = Park::No;
        let _ = reports.send(Report { key, park, rev: 0 });
    }
    futures::future::join_all(sendings).await;
}

async fn send_and_settle(
    outward: &Outward,
    stored: Stored,
    repeated: bool,
    reports: &mpsc::UnboundedSender<Report>,
) {
    let Stored { key, row, .. } = stored;
    let sending = AssertUnwindSafe(send(outward, &row, repeated)).catch_unwind();
    let outcome = sending.await.unwrap_or_else(|_| {
        outward.health.failed("panic");
        Outcome::settled(0, Verdict::Refused("panic while rendering".to_owned()))
    });
    if let Verdict::Refused(why) = &outcome.verdict {
        tracing::error!(
            chat = row.place.chat.0,
            why,
            "the messenger refused what we sent"
        );
    }
    let rev = loop {
        let settled = outward
            .app
            .settle(&key, outcome.address, &outcome.verdict, outcome.next_try)
            .await;
        match settled {
            Ok(rev) => break rev,
            Err(error) => {
                tracing::error!(%error, "the end of a sending could not be kept");
                sleep(STORE_PAUSE).await;
            }
        }
    };
    let park = outcome.park;
    let _ = reports.send(Report { key, park, rev });
}

struct Outcome {
    address: i64,
    verdict: Verdict,
    next_try: DateTime<Utc>,
    park: Park,
}

impl Outcome {
    fn settled(address: i64, verdict: Verdict) -> Self {
        Self {
            address,
            verdict,
            next_try: DateTime::UNIX_EPOCH,
            park: Park::No,
        }
    }
}

/// Whether a row is to be sent now.
enum Ready {
    Send(Prepared),
    Waits(DateTime<Utc>),
    Away,
}

/// The same row, where somebody wants quiet.
fn without_sound(row: &Row) -> Row {
    let mut row = row.clone();
    if let Outgoing::Say(message) = &mut row.what {
        message.silent = true;
    }
    row
}

async fn send(outward: &Outward, row: &Row, repeated: bool) -> Outcome {
    let app = &outward.app;
    let ready = async {
        // An answer to a press reaches those who blocked us, too.
        let answers = matches!(row.what, Outgoing::AnswerTap { .. });
        if !answers && app.is_away(row.place.chat).await? {
            return Ok(Ready::Away);
        }
        match app.rest_of(row).await? {
            Rest::Loud => prepare(outward, row, repeated).await.map(Ready::Send),
            Rest::Silent => {
                let row = without_sound(row);
                prepare(outward, &row, repeated).await.map(Ready::Send)
            }
            Rest::Until(at) => Ok(Ready::Waits(at)),
        }
    };
    let Prepared {
        address,
        draft,
        looks,
        after,
    } = match ready.await {
        Ok(Ready::Send(prepared)) => prepared,
        Ok(Ready::Waits(at)) => return Outcome::settled(0, Verdict::Later(at)),
        Ok(Ready::Away) => return Outcome::settled(0, Verdict::ChatBroken(BrokenBy::Blocked)),
        Err(error) => {
            tracing::error!(%error, "the facts of a message could not be read");
            let at = app.now() + TimeDelta::seconds(1);
            return Outcome::settled(0, Verdict::Later(at));
        }
    };
    let look = match &draft {
        Draft::Message(letter) if letter.card => deliver::look(letter),
        _ => None,
    };
    if look.is_some() && look == looks && after.is_none() {
        return Outcome::settled(address, Verdict::Done(None));
    }
    let draft = match after {
        Some(after) if look.is_some() && look == looks => after,
        _ => draft,
    };
    let did = deliver::did(&draft);
    let ending = deliver::deliver(&outward.api, &outward.health, address, draft).await;
    let now = app.now();
    if let (Ending::Done(_), Some(did)) = (&ending, did) {
        outward.health.done(did, now);
    }
    match deliver::verdict(&ending, look) {
        Some(verdict) => Outcome {
            next_try: now + AFTER_DOUBT,
            ..Outcome::settled(address, verdict)
        },
        None => wait(outward, row, address, &ending).await,
    }
}

/// The verdict where the answer is to wait.
async fn wait(outward: &Outward, row: &Row, address: i64, ending: &Ending) -> Outcome {
    let now = outward.app.now();
    let Ending::Failed(judged, words) = ending else {
        return Outcome::settled(address, Verdict::Unknown);
    };
    let (wait, park) = match judged {
        Judged::Flood(seconds) => {
            let wait = Duration::from_secs(*seconds);
            (wait, Park::Chat(row.lane(), wait))
        }
        Judged::Token => {
            outward.health.wrong_token();
            (AFTER_TOKEN, Park::All(AFTER_TOKEN))
        }
        Judged::NotReached => (Duration::ZERO, Park::Unreached),
        _ => {
            let wait = doubled(Duration::from_secs(1), row.attempts).min(LONGEST);
            (wait, Park::No)
        }
    };
    let until = TimeDelta::from_std(wait)
        .ok()
        .and_then(|wait| now.checked_add_signed(wait))
        .unwrap_or(now);
    if matches!(judged, Judged::Flood(seconds) if *seconds > LONG_WAIT_S) {
        outward.health.long_wait(until);
        tracing::error!(chat = row.place.chat.0, %until, "the messenger makes us wait long");
        if let Err(error) = outward.app.tell_long_wait(row.place.chat, until).await {
            tracing::error!(%error, "the long wait could not be told");
        }
    } else {
        tracing::warn!(chat = row.place.chat.0, %until, words, "a sending must wait");
    }
    Outcome {
        park,
        ..Outcome::settled(address, Verdict::Later(until))
    }
}

/// What is to be sent for a row.
struct Prepared {
    /// To which number.
    address: i64,
    draft: Draft,
    /// How the message it goes in place of looks, where that is known.
    looks: Option<Look>,
    /// What is to be done instead once nothing is to be changed about the message.
    after: Option<Draft>,
}

/// What is to be sent for a row, and to which number.
async fn prepare(outward: &Outward, row: &Row, repeated: bool) -> Result<Prepared, AppError> {
    let app = &outward.app;
    let chat = row.place.chat;
    let (address, shown) = tokio::try_join!(app.address(chat), app.shown(row))?;
    let (lang, card_message) = match &row.what {
        Outgoing::Say(message) => {
            let lang = match message.lang {
                Some(lang) => lang,
                None => app.lang_of(chat).await?,
            };
            let card_message = match message.reply_to_card {
                Some(card) => {
                    let card: Option<Card> = app.read(&keys::card(chat, card)).await?;
                    message_at(address, card.as_ref())
                }
                None => None,
            };
            (lang, card_message)
        }
        Outgoing::Reminder(_) | Outgoing::Call(_) | Outgoing::Absence(_) => {
            (app.lang_of(chat).await?, None)
        }
        _ => (Default::default(), None),
    };
    let card_thread = match row.what.beside_card(chat) {
        Some(card) => app.thread_of_card(chat, card).await?,
        None => None,
    };
    let context = Context {
        texts: &outward.texts,
        zone: app.settings().zone,
        now: app.now(),
        lang,
        card_message,
        card_thread,
        repeated,
    };
    if let (Outgoing::Card(card), Shown::Card(Some(view))) = (&row.what, &shown)
        && lacks_names(&context, view)
    {
        app.names_overflow(chat, *card).await?;
    }
    let looks = match &shown {
        Shown::Card(Some(view)) => view.message.and(view.looks),
        _ => None,
    };
    let (mut draft, mut after) = (render(&context, row, &shown), None);
    if let (Outgoing::Card(_), Shown::Card(Some(view))) = (&row.what, &shown)
        && let Some(call) = view.topic
    {
        let topic = topic_draft(&context, view, call);
        if call.comes_first() {
            draft = topic;
        } else {
            after = Some(topic);
        }
    }
    Ok(Prepared {
        address,
        draft,
        looks,
        after,
    })
}

fn message_at(address: i64, card: Option<&Card>) -> Option<MessageId> {
    card.and_then(|card| card.message)
        .filter(|(number, _)| *number == address)
        .map(|(_, message)| message)
}
