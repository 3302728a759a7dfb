//! The way in: updates are on disk before they are acknowledged, come back after a crash until
//! they are handled, and a handler that panics costs one update and nothing else.

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::{FutureExt as _, Stream, future};
use serde_json::{Value, json};
use teloxide::stop::{StopToken, mk_stop_token};
use teloxide::types::{AllowedUpdate, Update, UpdateKind};
use teloxide::update_listeners::{StatefulListener, UpdateListener};
use tokio::sync::{Mutex, mpsc};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::client::{Api, CallError};
use super::errors::{Judged, judge};
use super::health::Health;
use super::translate::{Me, translate};
use crate::app::App;
use crate::app::error::AppError;
use crate::app::event::{Envelope, Event};
use crate::app::keys;

/// Seconds that the messenger holds a poll without news.
const POLL_S: u64 = 25;
/// The same after a fault, so that its end is known soon.
const FIRST_POLL_S: u64 = 3;
/// First pause after a fault of a poll.
const PAUSE: Duration = Duration::from_secs(3);
/// Longest pause after faults of polls.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Pause after a fault of the store.
const STORE_PAUSE: Duration = Duration::from_millis(500);

/// Every kind of update that there is a use for, now or soon; without the list the messenger
/// leaves out changes of members and reactions.
pub(super) const ALLOWED: &[AllowedUpdate] = &[
    AllowedUpdate::Message,
    AllowedUpdate::EditedMessage,
    AllowedUpdate::ChannelPost,
    AllowedUpdate::EditedChannelPost,
    AllowedUpdate::MessageReaction,
    AllowedUpdate::MessageReactionCount,
    AllowedUpdate::InlineQuery,
    AllowedUpdate::ChosenInlineResult,
    AllowedUpdate::CallbackQuery,
    AllowedUpdate::Poll,
    AllowedUpdate::PollAnswer,
    AllowedUpdate::MyChatMember,
    AllowedUpdate::ChatMember,
    AllowedUpdate::ChatJoinRequest,
    AllowedUpdate::ChatBoost,
    AllowedUpdate::RemovedChatBoost,
];

/// What receiving needs.
#[derive(Clone)]
pub(super) struct Inward {
    pub app: Arc<App>,
    pub api: Api,
    pub health: Arc<Health>,
    pub stop: CancellationToken,
}

/// A raw update with its number.
pub(super) type Raw = (u64, String);

/// The number of a raw update.
pub(super) fn number_of(update: &Value) -> Option<u64> {
    update.get("update_id").and_then(Value::as_u64)
}

/// Reads a stored update; what cannot be read is an update of an unknown kind.
pub(super) fn parse(id: u64, json: &str) -> Update {
    serde_json::from_str(json).unwrap_or_else(|_| Update {
        id: teloxide::types::UpdateId(u32::try_from(id).unwrap_or(u32::MAX)),
        kind: UpdateKind::Error(Value::Null),
    })
}

/// Where updates come from.
pub(super) enum Source {
    /// We ask.
    Poll,
    /// They are brought; see the webhook.
    Brought(Arc<Mutex<mpsc::Receiver<Update>>>),
}

/// State of the listener.
pub(super) struct Listening {
    inward: Inward,
    source: Source,
    /// Received and not handed out yet, those of before the start first.
    ready: VecDeque<Update>,
    started: bool,
    offset: Option<i64>,
    misses: u32,
    stop: StopToken,
}

/// The listener for teloxide's dispatcher.
pub(super) fn listener(
    inward: Inward,
    source: Source,
) -> impl for<'a> UpdateListener<Err = AppError> + Send {
    let (stop, flag) = mk_stop_token();
    // The dispatcher's own stop and ours are one.
    let child = inward.stop.child_token();
    let cancel = child.clone();
    tokio::spawn(async move {
        future::select(Box::pin(flag), Box::pin(child.cancelled())).await;
        child.cancel();
    });
    let state = Listening {
        inward: Inward {
            stop: cancel,
            ..inward
        },
        source,
        ready: VecDeque::new(),
        started: false,
        offset: None,
        misses: 0,
        stop,
    };
    StatefulListener::new(state, stream, |state: &mut Listening| state.stop.clone())
}

fn stream(state: &mut Listening) -> impl Stream<Item = Result<Update, AppError>> + Send + '_ {
    futures::stream::unfold(state, |state| async move {
        let stop = state.inward.stop.clone();
        // A poll that is broken off here acknowledged nothing.
        let next = tokio::select! {
            biased;
            () = stop.cancelled() => None,
            next = state.next() => Some(next),
        };
        next.map(|update| (Ok(update), state))
    })
}

impl Listening {
    async fn next(&mut self) -> Update {
        loop {
            if let Some(update) = self.ready.pop_front() {
                if !matches!(update.kind, UpdateKind::Error(_)) {
                    return update;
                }
                // The dispatcher would drop it, and it would come back at every start.
                self.inward.finish(&update, ignored()).await;
            } else if !self.started {
                self.start().await;
            } else {
                match &self.source {
                    Source::Poll => self.poll().await,
                    Source::Brought(brought) => {
                        let brought = Arc::clone(brought);
                        let mut brought = brought.lock().await;
                        match brought.recv().await {
                            Some(update) => self.ready.push_back(update),
                            None => future::pending().await,
                        }
                    }
                }
            }
        }
    }

    /// Reads what was received before the start and not handled.
    async fn start(&mut self) {
        let app = &self.inward.app;
        let read =
            async { Ok::<_, AppError>((app.waiting_updates().await?, app.poll_offset().await?)) };
        match read.await {
            Ok((waiting, offset)) => {
                if !waiting.is_empty() {
                    tracing::info!(count = waiting.len(), "updates from before the start");
                }
                for (_, raw) in waiting {
                    let id = serde_json::from_str(&raw.json)
                        .ok()
                        .and_then(|v| number_of(&v));
                    self.ready.push_back(parse(id.unwrap_or(0), &raw.json));
                }
                self.offset = offset;
                self.started = true;
            }
            Err(error) => {
                tracing::error!(%error, "the inbox cannot be read");
                sleep(STORE_PAUSE).await;
            }
        }
    }

    async fn poll(&mut self) {
        let wait = if self.misses == 0 {
            POLL_S
        } else {
            FIRST_POLL_S
        };
        let payload = json!({
            "offset": self.offset,
            "timeout": wait,
            "allowed_updates": ALLOWED,
        });
        let time = Duration::from_secs(wait + 10);
        let api = &self.inward.api;
        match api
            .call_within::<Vec<Value>>(time, "getUpdates", &payload)
            .await
        {
            Ok(updates) => self.take(updates).await,
            Err(error) => self.rest(&error).await,
        }
    }

    /// Updates and the next offset are on disk before the next poll tells the messenger so.
    async fn take(&mut self, updates: Vec<Value>) {
        let inward = &self.inward;
        self.misses = 0;
        inward.health.polled(inward.app.now());
        let raw: Vec<Raw> = updates
            .iter()
            .filter_map(|update| number_of(update).map(|id| (id, update.to_string())))
            .collect();
        let Some(next) = raw.iter().map(|(id, _)| id + 1).max() else {
            return;
        };
        let next = i64::try_from(next).unwrap_or(i64::MAX);
        loop {
            match inward.app.receive_updates(&raw, Some(next)).await {
                Ok(fresh) => {
                    inward.health.got(fresh.len());
                    let fresh = raw
                        .iter()
                        .filter(|(id, _)| fresh.iter().any(|(new, _)| new == id));
                    self.ready.extend(fresh.map(|(id, json)| parse(*id, json)));
                    break;
                }
                Err(error) => {
                    tracing::error!(%error, "updates could not be kept");
                    sleep(STORE_PAUSE).await;
                }
            }
        }
        self.offset = Some(next);
    }

    /// Waits after a fault, and never gives up.
    async fn rest(&mut self, error: &CallError) {
        let health = &self.inward.health;
        let judged = judge(error);
        health.failed(judged.reason());
        self.misses = self.misses.saturating_add(1);
        let pause = match judged {
            Judged::Flood(seconds) => Duration::from_secs(seconds),
            // A long poll that ends without an answer is how a lost connection looks.
            Judged::Unknown | Judged::NotReached if self.misses == 1 => Duration::from_millis(500),
            _ => PAUSE
                .saturating_mul(2_u32.saturating_pow(self.misses.min(8) - 1))
                .min(LONGEST_PAUSE),
        };
        match judged {
            Judged::Conflict => {
                health.in_conflict();
                tracing::error!(%error, "another program receives our updates; trying again");
            }
            Judged::Token => {
                health.wrong_token();
                tracing::error!("the messenger refuses the token; trying again");
            }
            _ => tracing::warn!(%error, ?pause, "no updates; trying again"),
        }
        sleep(pause).await;
    }
}

const fn ignored() -> Event {
    Event::Ignored {
        reason: "unknown kind of update",
    }
}

impl Inward {
    /// Handles an update. A panic sets it aside; a fault of the store is waited out.
    pub(super) async fn handle(&self, update: Update, me: &Me) {
        let work = async {
            let event = translate(&update, me);
            self.finish(&update, event).await;
        };
        if AssertUnwindSafe(work).catch_unwind().await.is_ok() {
            return;
        }
        self.health.panicked();
        let id = update.id.0;
        tracing::error!(update = id, "handling panicked; the update is set aside");
        self.until_kept(|| self.app.drop_input(keys::update(u64::from(id))))
            .await;
    }

    async fn finish(&self, update: &Update, event: Event) {
        let envelope = Envelope {
            inbox: Some(keys::update(u64::from(update.id.0))),
            at: self.app.now(),
            event,
        };
        self.until_kept(|| self.app.handle(envelope.clone())).await;
    }

    /// The row stays until its consequences are kept. At a stop it waits for the next start.
    async fn until_kept<A, F>(&self, mut ask: A)
    where
        A: FnMut() -> F,
        F: Future<Output = Result<(), AppError>>,
    {
        while let Err(error) = ask().await {
            tracing::error!(%error, "an update could not be handled; trying again");
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = sleep(STORE_PAUSE) => {}
            }
        }
    }
}

/// Which updates must be handled in order: those of one topic, or of one person where there is
/// no conversation.
pub(super) fn lane(update: &Update) -> Option<(i64, i64)> {
    let thread = match &update.kind {
        UpdateKind::Message(message) | UpdateKind::EditedMessage(message) => {
            message.thread_id.filter(|_| message.is_topic_message)
        }
        _ => None,
    };
    let thread = thread.map_or(0, |thread| i64::from(thread.0.0));
    match update.chat() {
        Some(chat) => Some((chat.id.0, thread)),
        None => update
            .from()
            .map(|user| (i64::try_from(user.id.0).unwrap_or(i64::MAX), -1)),
    }
}
