//! Pressing buttons.

use std::time::Duration;

use serde_json::{Value, json};

use super::body::{chat, need, person, text};
use super::{SimError, SimResult};
use crate::methods;
use crate::server::Server;
use crate::world::{Answer, Key, World};

/// How long a press waits for the bot.
const PATIENCE: Duration = Duration::from_secs(10);

enum Pressed {
    Waits(tokio::sync::oneshot::Receiver<Answer>),
    Done(Value),
}

/// `POST /sim/tap`: presses a button, named by its text or its data.
pub(super) async fn tap(server: &Server, body: &Value) -> SimResult {
    let pressed = server.with(|world| press(world, body))?;
    let receiver = match pressed {
        Pressed::Done(value) => return Ok(value),
        Pressed::Waits(receiver) => receiver,
    };
    let patience = body
        .get("timeout_ms")
        .and_then(Value::as_u64)
        .map_or(PATIENCE, |ms| Duration::from_millis(ms.min(60_000)));
    tokio::select! {
        answer = tokio::time::timeout(patience, receiver) => match answer {
            Ok(Ok(answer)) => {
                let mut value = json!({ "answer": answer.text, "alert": answer.alert, "answered": true });
                if let (Some(url), Some(map)) = (answer.url, value.as_object_mut()) {
                    map.insert("url".into(), json!(url));
                }
                Ok(value)
            }
            _ => Ok(json!({ "answer": null, "alert": false, "answered": false })),
        },
        () = server.stop.cancelled() => Err(SimError::new("the local Telegram stops")),
    }
}

fn press(world: &mut World, body: &Value) -> Result<Pressed, SimError> {
    let from = person(world, body, "from")?;
    let message_id = need(body, "message_id")?;
    let key = chat(world, body, from)?;
    let wanted = text(body, "button").or_else(|| text(body, "callback_data"));
    let wanted = wanted.ok_or_else(|| SimError::new("field \"button\" is missing"))?;
    let key = if body.get("bot").is_none() && key.is_private() {
        shown_under(world, key, message_id, &wanted)
    } else {
        key
    };
    if !key.is_private()
        && !world
            .member(key, from)
            .is_some_and(crate::world::Member::is_in)
    {
        return Err(SimError::new(format!("user {from} is not in this chat")));
    }
    let message = world
        .chats
        .get(&key)
        .and_then(|c| c.messages.get(&message_id))
        .ok_or_else(|| SimError::missing(&format!("message {message_id}")))?;
    // A client that did not redraw yet may still show a removed keyboard: `callback_data` alone presses it.
    let button = find(message.markup.as_ref(), &wanted);
    let data = match button {
        Some(button) => match button.get("callback_data").and_then(Value::as_str) {
            Some(data) => data.to_owned(),
            None => return Ok(Pressed::Done(without_data(&button))),
        },
        None => match text(body, "callback_data") {
            Some(data) => data,
            None => {
                let shown = labels(message.markup.as_ref()).join(", ");
                return Err(SimError {
                    status: 404,
                    message: format!(
                        "no button {wanted:?} under message {message_id}; buttons: {shown}"
                    ),
                });
            }
        },
    };
    methods::press(world, key, message_id, from, &data)
        .map(Pressed::Waits)
        .ok_or_else(|| SimError::missing("this button"))
}

/// With several bots, the private chat in which the message has this button.
fn shown_under(world: &World, key: Key, message_id: i64, wanted: &str) -> Key {
    let has = |k: &Key| {
        let message = world.message(*k, message_id);
        message.is_some_and(|m| find(m.markup.as_ref(), wanted).is_some())
    };
    let mut keys = private_keys(world, key.id).into_iter();
    if has(&key) {
        key
    } else {
        keys.find(has).unwrap_or(key)
    }
}

/// A button that opens something at the person's side only.
fn without_data(button: &Value) -> Value {
    let mut value = json!({ "answer": null, "alert": false, "answered": false });
    if let (Some(map), Some(url)) = (value.as_object_mut(), button.get("url")) {
        map.insert("url".into(), url.clone());
    }
    value
}

fn buttons(markup: Option<&Value>) -> impl Iterator<Item = &Value> {
    markup
        .and_then(|m| m.get("inline_keyboard"))
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_array)
        .flatten()
}

fn labels(markup: Option<&Value>) -> Vec<String> {
    buttons(markup)
        .filter_map(|b| b.get("text")?.as_str().map(str::to_owned))
        .collect()
}

fn find(markup: Option<&Value>, wanted: &str) -> Option<Value> {
    let by = |field: &'static str| {
        buttons(markup).find(|b| b.get(field).and_then(Value::as_str) == Some(wanted))
    };
    by("text").or_else(|| by("callback_data")).cloned()
}

/// Whether a person may see a private chat of a key.
pub(super) fn private_keys(world: &World, user: i64) -> Vec<Key> {
    world
        .chats
        .keys()
        .filter(|k| k.is_private() && k.id == user)
        .copied()
        .collect()
}
