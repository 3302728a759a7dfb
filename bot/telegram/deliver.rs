//! One sending: the call, what can be mended at once, and the verdict.

use bytes::Bytes;
use serde::Serialize;
use serde::de::IgnoredAny;
use sha2::{Digest as _, Sha256};
use teloxide::types::MessageEntity;
use vigie_domain::{ChatId, MessageId, ThreadId};

use super::call;
use super::client::{Api, CallError, Upload};
use super::errors::{Judged, judge};
use super::health::{Did, Health};
use super::photo;
use super::render::{Draft, Label, Letter};
use super::text::{Text, cut, units};
use super::topics;
use crate::app::outbox::{BrokenBy, Look, Verdict};
use crate::app::topics::{TopicCall, TopicEnd};

/// How a sending ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// Done.
    Done(Option<MessageId>),
    /// Done: a link into the group.
    Link(String),
    /// A call about a topic is over.
    Topic(TopicCall, TopicEnd),
    /// Not done.
    Failed(Judged, String),
}

#[derive(Serialize)]
struct SendMessage<'a> {
    chat_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_thread_id: Option<ThreadId>,
    text: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    entities: &'a [MessageEntity],
    link_preview_options: NoPreview,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    disable_notification: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_parameters: Option<Reply>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_markup: Option<Keyboard<'a>>,
}

#[derive(Serialize)]
struct EditMessageText<'a> {
    chat_id: i64,
    message_id: i64,
    text: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    entities: &'a [MessageEntity],
    link_preview_options: NoPreview,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_markup: Option<Keyboard<'a>>,
}

#[derive(Serialize)]
struct DeleteMessage {
    chat_id: i64,
    message_id: i64,
}

#[derive(Serialize)]
struct SendDocument<'a> {
    chat_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_thread_id: Option<ThreadId>,
    #[serde(skip_serializing_if = "str::is_empty")]
    caption: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_parameters: Option<Reply>,
}

#[derive(Serialize)]
struct SendPhoto<'a> {
    chat_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_thread_id: Option<ThreadId>,
    caption: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    caption_entities: &'a [MessageEntity],
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    disable_notification: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_parameters: Option<Reply>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_markup: Option<Keyboard<'a>>,
}

#[derive(Serialize)]
struct EditMessageMedia<'a> {
    chat_id: i64,
    message_id: i64,
    media: InputMedia<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_markup: Option<Keyboard<'a>>,
}

#[derive(Serialize)]
struct InputMedia<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    media: &'static str,
    caption: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    caption_entities: &'a [MessageEntity],
}

#[derive(Serialize)]
struct NoPreview {
    is_disabled: bool,
}

#[derive(Serialize)]
struct Reply {
    message_id: i64,
    allow_sending_without_reply: bool,
}

#[derive(Serialize)]
struct Keyboard<'a> {
    inline_keyboard: Vec<Vec<KeyboardButton<'a>>>,
}

#[derive(Serialize)]
struct KeyboardButton<'a> {
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_data: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct AnswerCallbackQuery<'a> {
    callback_query_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    show_alert: bool,
}

#[derive(serde::Deserialize)]
struct Sent {
    message_id: i64,
}

/// Name of a picture, as a kind and as a field.
const PHOTO: &str = "photo";

const NO_PREVIEW: NoPreview = NoPreview { is_disabled: true };

/// Sends a draft to this number.
pub(super) async fn deliver(api: &Api, health: &Health, address: i64, draft: Draft) -> Ending {
    match draft {
        Draft::Nothing => Ending::Done(None),
        Draft::Remove(message) => {
            let payload = DeleteMessage {
                chat_id: address,
                message_id: message.0,
            };
            match api.call::<bool>("deleteMessage", &payload).await {
                Ok(_) => Ending::Done(None),
                // Where we may not, the person was told to do it.
                Err(error) => match failed(health, &error, true) {
                    Ending::Failed(Judged::Broken(_) | Judged::Refused, _) => Ending::Done(None),
                    ending => ending,
                },
            }
        }
        Draft::Answer { query, text, alert } => {
            let payload = AnswerCallbackQuery {
                callback_query_id: &query,
                text: text.as_deref(),
                show_alert: alert,
            };
            let answer = api
                .call::<IgnoredAny>("answerCallbackQuery", &payload)
                .await;
            match answer {
                Ok(_) => Ending::Done(None),
                Err(error) => failed(health, &error, true),
            }
        }
        Draft::File(file) => {
            let payload = SendDocument {
                chat_id: address,
                message_thread_id: file.thread,
                caption: &file.caption,
                reply_parameters: file.reply_to.map(reply),
            };
            let upload = Upload {
                field: "document",
                name: &file.name,
                mime: file.mime,
                bytes: file.bytes.clone(),
            };
            let sent = api.upload::<Sent>("sendDocument", &payload, upload).await;
            match sent {
                Ok(sent) => Ending::Done(Some(MessageId(sent.message_id))),
                Err(error) => failed(health, &error, false),
            }
        }
        Draft::Call(what) => match call::make(api, address, &what).await {
            Ok(None) => Ending::Done(None),
            Ok(Some(link)) => Ending::Link(link),
            // Done twice it is as done once; a link more than needed opens nothing.
            Err(error) => failed(health, &error, true),
        },
        Draft::Topic(draft) => topics::deliver(api, health, address, &draft).await,
        Draft::Message(letter) => message(api, health, address, *letter, None).await,
        Draft::Picture(letter, picture) => {
            let drawn = photo::drawn(*picture).await;
            with_picture(api, health, address, *letter, drawn).await
        }
    }
}

/// What a delivered draft counts as.
pub(super) const fn did(draft: &Draft) -> Option<Did> {
    match draft {
        Draft::Nothing | Draft::Remove(_) | Draft::Topic(_) | Draft::Call(_) => None,
        Draft::Answer { .. } => Some(Did::Answered),
        Draft::File(_) => Some(Did::Sent),
        Draft::Message(letter) | Draft::Picture(letter, _) if letter.edit.is_some() => {
            Some(Did::Edited)
        }
        Draft::Message(_) | Draft::Picture(..) => Some(Did::Sent),
    }
}

/// Names how a message looks.
pub(super) fn look(letter: &Letter) -> Option<Look> {
    #[derive(Serialize)]
    struct Looks<'a>(&'a str, &'a [MessageEntity], Option<Keyboard<'a>>);
    let (text, entities) = (&letter.body.text, &letter.body.entities);
    let bytes = serde_json::to_vec(&Looks(text, entities, keyboard(&letter.buttons)));
    Sha256::digest(bytes.ok()?).first_chunk().copied()
}

/// A text and its picture: in one message where the text is short enough, else the picture
/// follows in reply to the text. Only the text decides how the sending ended.
async fn with_picture(
    api: &Api,
    health: &Health,
    address: i64,
    letter: Letter,
    drawn: Option<Bytes>,
) -> Ending {
    let Some(png) = drawn else {
        return message(api, health, address, letter, None).await;
    };
    if units(&letter.body.text) <= photo::CAPTION {
        return message(api, health, address, letter, Some(png)).await;
    }
    let title = letter.body.text.lines().next().unwrap_or_default();
    let body = Text::plain(cut(title, photo::CAPTION)).finish();
    let mut follows = Letter {
        body,
        buttons: Vec::new(),
        silent: true,
        ..letter.clone()
    };
    let edits = letter.edit.is_some();
    let ending = message(api, health, address, letter, None).await;
    if let (Ending::Done(sent), false) = (&ending, edits) {
        follows.reply_to = *sent;
        if let Ending::Failed(_, words) = message(api, health, address, follows, Some(png)).await {
            tracing::warn!(words, "a picture was not taken; its text was");
        }
    }
    ending
}

async fn message(
    api: &Api,
    health: &Health,
    address: i64,
    mut letter: Letter,
    mut png: Option<Bytes>,
) -> Ending {
    loop {
        let called = match &png {
            Some(png) => call_with_photo(api, address, &letter, png).await,
            None => call_with_text(api, address, &letter).await,
        };
        let error = match called {
            Ok(message) => return Ending::Done(Some(message)),
            Err(error) => error,
        };
        let ending = failed(health, &error, letter.edit.is_some());
        let Ending::Failed(judged, words) = ending else {
            return Ending::Done(letter.edit);
        };
        // Each turn takes something away, so this ends.
        match judged {
            Judged::Plain if !letter.body.entities.is_empty() => letter.body.entities.clear(),
            Judged::ReplyGone if letter.reply_to.is_some() => letter.reply_to = None,
            // A group may take no pictures, a message may not become one: the text still goes.
            Judged::Refused | Judged::Broken(BrokenBy::NoRights) if png.is_some() => png = None,
            Judged::MessageGone if letter.edit.is_some() && !letter.card => letter.edit = None,
            Judged::TopicGone | Judged::TopicClosed if letter.thread.is_none() => {
                return Ending::Failed(Judged::Broken(BrokenBy::NoRights), words);
            }
            Judged::Plain | Judged::ReplyGone => return Ending::Failed(Judged::Refused, words),
            judged => return Ending::Failed(judged, words),
        }
    }
}

async fn call_with_text(api: &Api, address: i64, letter: &Letter) -> Result<MessageId, CallError> {
    let (text, entities) = (&letter.body.text, &letter.body.entities);
    if let Some(message) = letter.edit {
        let payload = EditMessageText {
            chat_id: address,
            message_id: message.0,
            text,
            entities,
            link_preview_options: NO_PREVIEW,
            reply_markup: keyboard(&letter.buttons),
        };
        api.call::<IgnoredAny>("editMessageText", &payload).await?;
        return Ok(message);
    }
    let payload = SendMessage {
        chat_id: address,
        message_thread_id: letter.thread,
        text,
        entities,
        link_preview_options: NO_PREVIEW,
        disable_notification: letter.silent,
        reply_parameters: letter.reply_to.map(reply),
        reply_markup: keyboard(&letter.buttons),
    };
    let sent: Sent = api.call("sendMessage", &payload).await?;
    Ok(MessageId(sent.message_id))
}

async fn call_with_photo(
    api: &Api,
    address: i64,
    letter: &Letter,
    png: &Bytes,
) -> Result<MessageId, CallError> {
    let (caption, caption_entities) = (&letter.body.text, &letter.body.entities);
    let upload = Upload {
        field: PHOTO,
        name: "vigie.png",
        mime: "image/png",
        bytes: png.clone(),
    };
    if let Some(message) = letter.edit {
        let payload = EditMessageMedia {
            chat_id: address,
            message_id: message.0,
            media: InputMedia {
                kind: PHOTO,
                media: "attach://photo",
                caption,
                caption_entities,
            },
            reply_markup: keyboard(&letter.buttons),
        };
        api.upload::<IgnoredAny>("editMessageMedia", &payload, upload)
            .await?;
        return Ok(message);
    }
    let payload = SendPhoto {
        chat_id: address,
        message_thread_id: letter.thread,
        caption,
        caption_entities,
        disable_notification: letter.silent,
        reply_parameters: letter.reply_to.map(reply),
        reply_markup: keyboard(&letter.buttons),
    };
    let sent: Sent = api.upload("sendPhoto", &payload, upload).await?;
    Ok(MessageId(sent.message_id))
}

const fn reply(message: MessageId) -> Reply {
    Reply {
        message_id: message.0,
        allow_sending_without_reply: true,
    }
}

fn keyboard(rows: &[Vec<Label>]) -> Option<Keyboard<'_>> {
    (!rows.is_empty()).then(|| Keyboard {
        inline_keyboard: rows
            .iter()
            .map(|row| row.iter().map(button).collect())
            .collect(),
    })
}

fn button(label: &Label) -> KeyboardButton<'_> {
    KeyboardButton {
        text: &label.text,
        callback_data: (!is_address(&label.key)).then_some(&label.key),
        url: is_address(&label.key).then_some(&label.key),
    }
}

/// Whether a button opens an address: no key of ours looks like one.
fn is_address(key: &str) -> bool {
    key.starts_with("https://")
}

/// Judges and counts a failure. `repeatable`: doing it twice does no harm, so that an unknown
/// outcome is as good as a failure.
pub(super) fn failed(health: &Health, error: &CallError, repeatable: bool) -> Ending {
    let judged = judge(error);
    health.failed(judged.reason());
    match judged {
        Judged::Done => Ending::Done(None),
        Judged::Unknown if repeatable => Ending::Failed(Judged::Transient, error.to_string()),
        judged => Ending::Failed(judged, error.to_string()),
    }
}

/// The verdict of an ending, where waiting does not decide it: those come as `None`. `look` is how
/// a card looks that was sent.
pub(super) fn verdict(ending: &Ending, look: Option<Look>) -> Option<Verdict> {
    Some(match ending {
        Ending::Done(Some(message)) if let Some(look) = look => Verdict::Shows(*message, look),
        Ending::Done(message) => Verdict::Done(*message),
        Ending::Link(link) => Verdict::Link(link.clone()),
        Ending::Topic(call, end) => Verdict::Topic(*call, end.clone()),
        Ending::Failed(judged, words) => match judged {
            Judged::Done => Verdict::Done(None),
            Judged::MessageGone => Verdict::MessageGone,
            Judged::TopicGone => Verdict::TopicGone,
            Judged::TopicClosed => Verdict::TopicClosed,
            Judged::Moved(new) => Verdict::Moved(ChatId(new.0)),
            Judged::Broken(by) => Verdict::ChatBroken(*by),
            Judged::TooLate => Verdict::TooLate,
            Judged::Plain | Judged::ReplyGone | Judged::Refused => Verdict::Refused(words.clone()),
            Judged::Unknown => Verdict::Unknown,
            Judged::Transient
            | Judged::NotReached
            | Judged::Flood(_)
            | Judged::Conflict
            | Judged::Token => return None,
        },
    })
}
