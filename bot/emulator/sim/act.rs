//! What persons send and do with messages.

use serde_json::{Map, Value, json};

use super::body::{chat, flag, int, need, person, text};
use super::{SimError, SimResult};
use crate::methods;
use crate::params::FilePart;
use crate::text::Formatted;
use crate::world::{ANONYMOUS_ID, Draft, Key, Kind, Member, World};

/// `POST /sim/send`: a person writes, or edits an earlier message with `edit_of`.
pub(super) fn send(world: &mut World, body: &Value) -> SimResult {
    let from = person(world, body, "from")?;
    let key = chat(world, body, from)?;
    if let Some(id) = int(body, "edit_of") {
        return edit(world, key, from, id, body);
    }
    if key.is_private() {
        let chat = world.private_chat(from, key.bot);
        chat.started = true;
        // Writing to a blocked bot unblocks it, as the client does.
        world.set_blocked(from, key.bot, false);
    } else {
        check_write(world, key, from)?;
    }
    let thread = int(body, "thread").or_else(|| int(body, "message_thread_id"));
    check_thread(world, key, from, thread)?;
    let reply = int(body, "reply_to").or_else(|| int(body, "reply_to_message_id"));
    if let Some(id) = reply
        && world.message(key, id).is_none()
    {
        return Err(SimError::missing(&format!("message {id}")));
    }
    let content = content(world, body)?;
    let reply_topic = reply
        .and_then(|id| world.message(key, id))
        .filter(|m| m.topic)
        .and_then(|m| m.thread);
    let thread = thread.or(reply_topic);
    let plain_thread = plain_thread(world, key, reply);
    let kind = world.chats.get(&key).map(|c| c.kind);
    let hidden = world
        .chats
        .get(&key)
        .is_some_and(|c| c.anonymous.contains(&from));
    let (shown, sender) = match kind {
        Some(Kind::Channel) => (0, Some(key.id)),
        _ if hidden => (ANONYMOUS_ID, Some(key.id)),
        _ => (from, None),
    };
    let draft = Draft {
        from: shown,
        author: from,
        sender_chat: sender,
        thread: thread.or(plain_thread),
        topic: thread.is_some(),
        reply_to: reply,
        body: content,
        ..Draft::default()
    };
    let id = world.post(key, draft);
    world
        .message_value(key, id)
        .ok_or_else(|| SimError::missing("this chat"))
}

/// Answers in a supergroup carry a thread number even where there are no topics.
fn plain_thread(world: &World, key: Key, reply: Option<i64>) -> Option<i64> {
    let chat = world
        .chats
        .get(&key)
        .filter(|c| c.kind == Kind::Supergroup)?;
    let target = chat.messages.get(&reply?)?;
    Some(target.thread.unwrap_or(target.id))
}

fn check_write(world: &World, key: Key, from: i64) -> Result<(), SimError> {
    let chat = world
        .chats
        .get(&key)
        .ok_or_else(|| SimError::missing("this chat"))?;
    let member = chat.members.get(&from).filter(|m| m.is_in());
    let member = member.ok_or_else(|| SimError::new(format!("user {from} is not in this chat")))?;
    if chat.kind == Kind::Channel && !member.is_admin() {
        return Err(SimError::new("only administrators write in a channel"));
    }
    let may = |rights: &Map<String, Value>| rights.get("can_send_messages") == Some(&json!(true));
    let restricted = member.status == "restricted" && !may(&member.rights);
    if restricted || (!member.is_admin() && chat.kind != Kind::Channel && !may(&chat.permissions)) {
        return Err(SimError::new(format!(
            "user {from} may not write in this chat"
        )));
    }
    Ok(())
}

fn check_thread(world: &World, key: Key, from: i64, thread: Option<i64>) -> Result<(), SimError> {
    let Some(thread) = thread else { return Ok(()) };
    let chat = world.chats.get(&key).filter(|c| c.is_forum);
    let topic = chat
        .and_then(|c| c.topics.get(&thread))
        .filter(|t| !t.deleted);
    let topic = topic.ok_or_else(|| SimError::missing(&format!("topic {thread}")))?;
    if topic.closed && !world.member(key, from).is_some_and(Member::is_admin) {
        return Err(SimError::new("this topic is closed"));
    }
    Ok(())
}

/// The content fields of a person's message.
fn content(world: &mut World, body: &Value) -> Result<Map<String, Value>, SimError> {
    let words = Formatted::plain(
        text(body, "text")
            .or_else(|| text(body, "caption"))
            .unwrap_or_default()
            .as_str(),
    );
    let mut content = Map::new();
    for field in [
        "contact",
        "location",
        "venue",
        "web_app_data",
        "users_shared",
        "chat_shared",
    ] {
        if let Some(value) = body.get(field).filter(|v| v.is_object()) {
            content.insert(field.into(), value.clone());
        }
    }
    for field in ["photo", "document", "voice"] {
        let Some(given) = body
            .get(field)
            .filter(|v| !v.is_null() && **v != json!(false))
        else {
            continue;
        };
        let file = file_part(field, given)?;
        let stored = methods::store(world, &file);
        let value = if field == "photo" {
            methods::photo_sizes(&stored)
        } else {
            methods::file_json(&stored)
        };
        content.insert(field.into(), value);
        if let Some(album) = text(body, "media_group_id") {
            content.insert("media_group_id".into(), json!(album));
        }
        words.put(&mut content, "caption", "caption_entities");
        return Ok(content);
    }
    if !content.is_empty() {
        return Ok(content);
    }
    if words.text.is_empty() {
        return Err(SimError::new("field \"text\" is missing"));
    }
    if words.len() > crate::text::MAX_TEXT {
        return Err(SimError::new("the text is longer than 4096"));
    }
    words.put(&mut content, "text", "entities");
    Ok(content)
}

/// A picture of one pixel, for tests that only need some photo.
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// A file given as base64, as an object with `base64`, `name` and `mime_type`, or as `true`.
fn file_part(field: &str, given: &Value) -> Result<FilePart, SimError> {
    let (name, mime) = match field {
        "photo" => ("photo.png", "image/png"),
        "voice" => ("voice.ogg", "audio/ogg"),
        _ => ("file.bin", "application/octet-stream"),
    };
    let data = match given {
        Value::String(data) => data.clone(),
        Value::Object(map) => map
            .get("base64")
            .and_then(Value::as_str)
            .unwrap_or(PIXEL)
            .to_owned(),
        _ => PIXEL.to_owned(),
    };
    // The page gives pictures as data addresses.
    let bare = data.split_once("base64,").map_or(data.as_str(), |(_, b)| b);
    let bytes = decode_base64(bare)
        .ok_or_else(|| SimError::new(format!("field \"{field}\" must be base64")))?;
    Ok(FilePart {
        name: text(given, "name").unwrap_or_else(|| name.into()),
        mime: text(given, "mime_type").unwrap_or_else(|| mime.into()),
        bytes: bytes.into(),
    })
}

fn decode_base64(text: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD
        .decode(text.trim())
        .ok()
}

fn edit(world: &mut World, key: Key, from: i64, id: i64, body: &Value) -> SimResult {
    let message = world
        .message(key, id)
        .ok_or_else(|| SimError::missing(&format!("message {id}")))?;
    if message.author != from {
        return Err(SimError::new("only the author edits a message"));
    }
    let mut content = message.body.clone();
    let markup = message.markup.clone();
    let words = Formatted::plain(&text(body, "text").unwrap_or_default());
    let (field, entities) = if content.contains_key("text") {
        ("text", "entities")
    } else {
        ("caption", "caption_entities")
    };
    content.shift_remove(field);
    content.shift_remove(entities);
    words.put(&mut content, field, entities);
    if content == message.body && flag(body, "force") != Some(true) {
        return Err(SimError::new("the text is the same"));
    }
    world.edit(key, id, Some(content), markup);
    world
        .message_value(key, id)
        .ok_or_else(|| SimError::missing("this message"))
}

/// `POST /sim/react`: a person sets reactions to a message; none removes them.
pub(super) fn react(world: &mut World, body: &Value) -> SimResult {
    let from = person(world, body, "from")?;
    let key = chat(world, body, from)?;
    let id = need(body, "message_id")?;
    if world.message(key, id).is_none() {
        return Err(SimError::missing(&format!("message {id}")));
    }
    let emoji = text(body, "emoji")
        .or_else(|| text(body, "reaction"))
        .unwrap_or_default();
    let reaction = if emoji.is_empty() {
        Vec::new()
    } else {
        vec![json!({ "type": "emoji", "emoji": emoji })]
    };
    methods::react(world, key, id, from, reaction);
    Ok(json!({ "ok": true }))
}

/// `POST /sim/delete`: a person removes a message; bots are not told.
pub(super) fn delete(world: &mut World, body: &Value) -> SimResult {
    let from = person(world, body, "from")?;
    let key = chat(world, body, from)?;
    let id = need(body, "message_id")?;
    let message = world
        .message(key, id)
        .ok_or_else(|| SimError::missing(&format!("message {id}")))?;
    let own = message.author == from || key.is_private();
    if !own
        && !world
            .member(key, from)
            .is_some_and(|m| m.can("can_delete_messages"))
    {
        return Err(SimError::new(format!(
            "user {from} may not delete this message"
        )));
    }
    world.delete(key, id);
    Ok(json!({ "ok": true }))
}

/// `POST /sim/pin`: a person pins a message, or unpins it with `pinned: false`.
pub(super) fn pin(world: &mut World, body: &Value) -> SimResult {
    let from = person(world, body, "from")?;
    let key = chat(world, body, from)?;
    let id = need(body, "message_id")?;
    if world.message(key, id).is_none() {
        return Err(SimError::missing(&format!("message {id}")));
    }
    let on = flag(body, "pinned").unwrap_or(true);
    world.pin(key, id, from, on, true);
    Ok(json!({ "pinned": on }))
}

/// `POST /sim/vote`: a person votes in a poll.
pub(super) fn vote(world: &mut World, body: &Value) -> SimResult {
    let from = person(world, body, "from")?;
    let key = chat(world, body, from)?;
    let id = need(body, "message_id")?;
    let options = super::body::ints(body, "options")?.unwrap_or_default();
    let options: Vec<usize> = options
        .into_iter()
        .filter_map(|o| usize::try_from(o).ok())
        .collect();
    methods::vote(world, key, id, from, options).map_err(SimError::new)?;
    Ok(json!({ "ok": true }))
}
