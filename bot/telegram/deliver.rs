//! One sending: the call, what can be mended at once, and the verdict.

use serde::Serialize;
use serde::de::IgnoredAny;
use sha2::{Digest as _, Sha256};
use teloxide::types::MessageEntity;
use vigie_domain::{ChatId, MessageId, ThreadId};

use super::client::{Api, CallError};
use super::errors::{Judged, judge};
use super::health::{Did, Health};
use super::render::{Draft, Label, Letter};
use crate::app::outbox::{BrokenBy, Look, Verdict};

/// How a sending ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// Done.
    Done(Option<MessageId>),
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
    callback_data: &'a str,
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

const NO_PREVIEW: NoPreview = NoPreview { is_disabled: true };

/// Sends a draft to this number.
pub(super) async fn deliver(api: &Api, health: &Health, address: i64, draft: Draft) -> Ending {
    match draft {
        Draft::Nothing => Ending::Done(None),
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
            let sent = api.upload::<Sent>("sendDocument", address, &file).await;
            match sent {
                Ok(sent) => Ending::Done(Some(MessageId(sent.message_id))),
                Err(error) => failed(health, &error, false),
            }
        }
        Draft::Message(letter) => message(api, health, address, *letter).await,
    }
}

/// What a delivered draft counts as.
pub(super) const fn did(draft: &Draft) -> Option<Did> {
    match draft {
        Draft::Nothing => None,
        Draft::Answer { .. } => Some(Did::Answered),
        Draft::File(_) => Some(Did::Sent),
        Draft::Message(letter) if letter.edit.is_some() => Some(Did::Edited),
        Draft::Message(_) => Some(Did::Sent),
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

async fn message(api: &Api, health: &Health, address: i64, mut letter: Letter) -> Ending {
    loop {
        let error = match call(api, address, &letter).await {
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
            Judged::MessageGone if letter.edit.is_some() && !letter.card => letter.edit = None,
            Judged::TopicGone if letter.thread.is_none() => {
                return Ending::Failed(Judged::Broken(BrokenBy::NoRights), words);
            }
            Judged::Plain | Judged::ReplyGone => return Ending::Failed(Judged::Refused, words),
            judged => return Ending::Failed(judged, words),
        }
    }
}

async fn call(api: &Api, address: i64, letter: &Letter) -> Result<MessageId, CallError> {
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
        reply_parameters: letter.reply_to.map(|message| Reply {
            message_id: message.0,
            allow_sending_without_reply: true,
        }),
        reply_markup: keyboard(&letter.buttons),
    };
    let sent: Sent = api.call("sendMessage", &payload).await?;
    Ok(MessageId(sent.message_id))
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
        callback_data: &label.key,
    }
}

/// Judges and counts a failure. `repeatable`: doing it twice does no harm, so that an unknown
/// outcome is as good as a failure.
fn failed(health: &Health, error: &CallError, repeatable: bool) -> Ending {
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
        Ending::Failed(judged, words) => match judged {
            Judged::Done => Verdict::Done(None),
            Judged::MessageGone => Verdict::MessageGone,
            Judged::TopicGone => Verdict::TopicGone,
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
