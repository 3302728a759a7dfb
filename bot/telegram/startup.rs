//! The check at the start: who we are, and what we may do in each group.

use std::time::Duration;

use serde::Deserialize;
use teloxide::types::ChatMember;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use vigie_domain::text::{Arg, Key, Say};

use super::client::{Api, CallError};
use super::errors::{Judged, judge};
use super::health::Health;
use super::translate::{Me, may, standing};
use crate::app::App;
use crate::app::error::AppError;
use crate::app::event::{Envelope, Event, May, OurPlace, Standing};
use crate::app::outbox::BrokenBy;

/// Pause between tries to learn who we are.
const PAUSE: Duration = Duration::from_secs(1);
/// Longest such pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Pause between two groups.
const BETWEEN: Duration = Duration::from_millis(50);

#[derive(Deserialize)]
struct RawMe {
    id: u64,
    username: Option<String>,
    #[serde(default)]
    can_read_all_group_messages: bool,
}

#[derive(Deserialize)]
struct RawChat {
    title: Option<String>,
}

/// Who we are, and whether we see every message of every group.
pub(super) struct Self_ {
    pub me: Me,
    pub sees_all: bool,
}

/// The token was refused.
pub(super) struct Refused;

/// Asks who we are until there is an answer; `None` when told to stop.
pub(super) async fn who_am_i(
    api: &Api,
    health: &Health,
    stop: &CancellationToken,
) -> Result<Option<Self_>, Refused> {
    let mut pause = PAUSE;
    loop {
        let error = match api.call::<RawMe>("getMe", &serde_json::json!({})).await {
            Ok(me) => {
                return Ok(Some(Self_ {
                    me: Me {
                        id: me.id,
                        username: me.username.unwrap_or_default(),
                    },
                    sees_all: me.can_read_all_group_messages,
                }));
            }
            Err(error) => error,
        };
        let wait = match judge(&error) {
            Judged::Token => {
                health.wrong_token();
                return Err(Refused);
            }
            Judged::Flood(seconds) => Duration::from_secs(seconds),
            _ => pause,
        };
        tracing::warn!(%error, ?wait, "the messenger does not answer; trying again");
        tokio::select! {
            () = stop.cancelled() => return Ok(None),
            () = sleep(wait) => {}
        }
        pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
    }
}

/// Reads our place in every known group, tells the use cases, and returns what is missing, in
/// plain words.
pub(super) async fn places(
    app: &App,
    api: &Api,
    who: &Self_,
    stop: &CancellationToken,
) -> Result<Vec<Say>, AppError> {
    let mut missing = Vec::new();
    for group in app.groups().await? {
        if stop.is_cancelled() {
            break;
        }
        let address = app.address(group.chat).await?;
        let (title, standing, may) = match place(api, address, who.me.id).await {
            Ok((title, standing, may)) => (title.unwrap_or(group.title), standing, may),
            Err(error) => match judge(&error) {
                Judged::Broken(BrokenBy::Removed | BrokenBy::NotFound) => {
                    (group.title, Standing::Out, May::default())
                }
                Judged::Moved(new) => {
                    let old = vigie_domain::ChatId(address);
                    tell(app, Event::ChatMoved { old, new }).await?;
                    continue;
                }
                _ => {
                    let why = Arg::Text(error.to_string());
                    let say = Say::new(Key::TelegramPlaceUnknown)
                        .with("group", Arg::Name(group.title))
                        .with("why", why);
                    missing.push(say);
                    continue;
                }
            },
        };
        missing.extend(complaint(&title, standing, who.sees_all));
        let place = OurPlace {
            chat: vigie_domain::ChatId(address),
            title,
            standing,
            by: None,
            may,
        };
        tell(app, Event::OurPlace(place)).await?;
        sleep(BETWEEN).await;
    }
    Ok(missing)
}

async fn tell(app: &App, event: Event) -> Result<(), AppError> {
    let envelope = Envelope {
        inbox: None,
        at: app.now(),
        event,
    };
    app.handle(envelope).await
}

async fn place(
    api: &Api,
    chat: i64,
    me: u64,
) -> Result<(Option<String>, Standing, May), CallError> {
    let about = serde_json::json!({"chat_id": chat});
    let found: RawChat = api.call("getChat", &about).await?;
    let about = serde_json::json!({"chat_id": chat, "user_id": me});
    let member: ChatMember = api.call("getChatMember", &about).await?;
    let title = found.title.map(|title| vigie_domain::text::clean(&title));
    Ok((title, standing(&member.kind), may(&member.kind)))
}

fn complaint(title: &str, standing: Standing, sees_all: bool) -> Option<Say> {
    let key = match standing {
        Standing::Out => Key::TelegramPlaceOut,
        Standing::Silenced => Key::TelegramPlaceSilenced,
        Standing::In { admin: false } if !sees_all => Key::TelegramPlacePrivacy,
        Standing::In { .. } => return None,
    };
    Some(Say::new(key).with("group", Arg::Name(title.to_owned())))
}
