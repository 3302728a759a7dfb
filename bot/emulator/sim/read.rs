//! Looking at the world.

use serde_json::{Map, Value, json};

use super::chats::topic_json;
use super::tap::private_keys;
use super::{SimError, SimResult};
use crate::world::{Chat, Key, Message, World};

/// `GET /sim/world`.
pub(super) fn world(world: &mut World) -> Value {
    let users: Vec<Value> = world.users.values().map(|u| user_json(world, u)).collect();
    let mut chats: Vec<Value> = world
        .chats
        .values()
        .filter(|c| c.migrated_to.is_none())
        .map(|c| chat_json(world, c))
        .collect();
    chats.sort_by_key(|c| c.get("type").and_then(Value::as_str) == Some("private"));
    let bots: Vec<Value> = world
        .bots
        .values()
        .map(|b| {
            let mut value = world.user_json(b.id);
            if let Some(map) = value.as_object_mut() {
                map.insert("can_read_all_group_messages".into(), json!(b.reads_all));
                map.insert("pending_update_count".into(), json!(b.updates.len()));
                map.insert(
                    "webhook".into(),
                    json!(b.webhook.as_ref().map(|w| w.url.clone())),
                );
            }
            value
        })
        .collect();
    let (seq, _) = world.events.after(u64::MAX);
    json!({ "users": users, "chats": chats, "bots": bots, "seq": seq })
}

fn user_json(world: &World, user: &crate::world::User) -> Value {
    let mut value = user.to_json();
    let started: Vec<i64> = private_keys(world, user.id)
        .into_iter()
        .filter(|k| world.chats.get(k).is_some_and(|c| c.started))
        .map(|k| k.bot)
        .collect();
    let blocked: Vec<i64> = private_keys(world, user.id)
        .into_iter()
        .filter(|k| world.chats.get(k).is_some_and(|c| c.blocked))
        .map(|k| k.bot)
        .collect();
    if let Some(map) = value.as_object_mut().filter(|_| !user.is_bot) {
        map.insert("started".into(), json!(started));
        map.insert("blocked".into(), json!(blocked));
        map.insert("deactivated".into(), json!(user.deactivated));
    }
    value
}

fn chat_json(world: &World, chat: &Chat) -> Value {
    let mut value = world.chat_json(chat.key);
    let Some(map) = value.as_object_mut() else {
        return value;
    };
    let last = chat.messages.values().rev().find(|m| !m.deleted);
    if let Some(last) = last {
        map.insert("last_message".into(), message_json(world, chat, last));
    }
    if chat.key.is_private() {
        map.insert("bot".into(), json!(chat.key.bot));
        map.insert("blocked".into(), json!(chat.blocked));
        map.insert("started".into(), json!(chat.started));
        let members = json!([
            { "user_id": chat.key.id, "status": "member" },
            { "user_id": chat.key.bot, "status": if chat.blocked { "kicked" } else { "member" } },
        ]);
        map.insert("members".into(), members);
        return value;
    }
    let members: Vec<Value> = chat
        .members
        .iter()
        .map(|(id, m)| {
            let mut entry = Map::new();
            entry.insert("user_id".into(), json!(id));
            entry.insert("status".into(), json!(m.status));
            if m.status == "administrator" {
                entry.insert("rights".into(), Value::Object(m.rights.clone()));
            }
            if chat.anonymous.contains(id) {
                entry.insert("is_anonymous".into(), json!(true));
            }
            Value::Object(entry)
        })
        .collect();
    map.insert("members".into(), json!(members));
    map.insert("pinned".into(), json!(chat.pinned));
    if !chat.topics.is_empty() {
        let topics: Vec<Value> = chat
            .topics
            .iter()
            .map(|(id, t)| topic_json(*id, t))
            .collect();
        map.insert("topics".into(), json!(topics));
    }
    if !chat.requests.is_empty() {
        map.insert(
            "join_requests".into(),
            json!(chat.requests.keys().collect::<Vec<_>>()),
        );
    }
    let links: Vec<Value> = chat
        .invites
        .keys()
        .map(|l| world.invite_json(chat, l))
        .collect();
    if !links.is_empty() {
        map.insert("invite_links".into(), json!(links));
    }
    if let Some(old) = chat.migrated_from {
        map.insert("migrated_from".into(), json!(old));
    }
    value
}

/// Which messages are wanted.
#[derive(Debug, Default)]
pub(super) struct Range {
    /// Only messages with a higher number.
    pub after: i64,
    /// Only messages with a lower number; 0 means no bound.
    pub before: i64,
    /// At most this many, the newest ones; 0 means all.
    pub limit: usize,
    /// Only the private chat with this bot.
    pub bot: Option<i64>,
}

/// `GET /sim/chats/{id}/messages`.
pub(super) fn messages(world: &World, id: i64, range: &Range) -> SimResult {
    let keys = if id > 0 {
        private_keys(world, id)
    } else {
        vec![Key::shared(id)]
    };
    let mut found: Vec<(i64, i64, Value)> = Vec::new();
    let mut known = id > 0 && world.users.contains_key(&id);
    for key in keys {
        if range
            .bot
            .is_some_and(|bot| key.is_private() && key.bot != bot)
        {
            continue;
        }
        let Some(chat) = world.chats.get(&key) else {
            continue;
        };
        known = true;
        let upper = if range.before > 0 {
            range.before
        } else {
            i64::MAX
        };
        let first = range.after.saturating_add(1);
        if first >= upper {
            continue;
        }
        let list = chat.messages.range(first..upper).rev();
        let limit = if range.limit == 0 {
            usize::MAX
        } else {
            range.limit
        };
        found.extend(
            list.take(limit)
                .map(|(_, m)| (m.date, m.id, message_json(world, chat, m))),
        );
    }
    if !known {
        return Err(SimError::missing(&format!("chat {id}")));
    }
    if id > 0 {
        found.sort_by_key(|(date, id, _)| (*date, *id));
    } else {
        found.sort_by_key(|(_, id, _)| *id);
    }
    if range.limit > 0 && found.len() > range.limit {
        found.drain(..found.len() - range.limit);
    }
    Ok(json!({ "messages": found.into_iter().map(|(_, _, v)| v).collect::<Vec<_>>() }))
}

/// A message as a person sees it.
pub(super) fn message_json(world: &World, chat: &Chat, message: &Message) -> Value {
    let mut map = match world.message_json(chat, message) {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    for field in ["text", "caption"] {
        if let Some(entities) = map
            .get("caption_entities")
            .filter(|_| field == "caption")
            .cloned()
        {
            map.insert("entities".into(), entities);
        }
    }
    map.entry("text").or_insert_with(|| json!(message.text()));
    map.entry("entities").or_insert_with(|| json!([]));
    if let Some(markup) = &message.markup {
        map.insert("reply_markup".into(), markup.clone());
    }
    map.insert("keyboard".into(), keyboard(message.markup.as_ref()));
    let edits: Vec<Value> = message
        .edits
        .iter()
        .map(|e| json!({ "date": e.date, "text": e.text }))
        .collect();
    map.insert("edits".into(), json!(edits));
    if let Some(id) = message.reply_to {
        map.insert("reply_to_message_id".into(), json!(id));
    }
    if chat.pinned.contains(&message.id) {
        map.insert("pinned".into(), json!(true));
    }
    if message.deleted {
        map.insert("deleted".into(), json!(true));
    }
    if message.service {
        map.insert("service".into(), json!(true));
    }
    if message.author != message.from {
        map.insert("author".into(), json!(message.author));
    }
    if chat.key.is_private() {
        map.insert("bot".into(), json!(chat.key.bot));
    }
    if !message.reactions.is_empty() {
        map.insert("reactions".into(), reactions(message));
    }
    add_urls(&mut map);
    Value::Object(map)
}

fn keyboard(markup: Option<&Value>) -> Value {
    let rows = markup
        .and_then(|m| m.get("inline_keyboard").or_else(|| m.get("keyboard")))
        .and_then(Value::as_array);
    let rows: Vec<Vec<&str>> = rows
        .into_iter()
        .flatten()
        .map(|row| {
            let row = row.as_array().into_iter().flatten();
            row.map(|b| b.get("text").and_then(Value::as_str).unwrap_or(""))
                .collect()
        })
        .collect();
    json!(rows)
}

fn reactions(message: &Message) -> Value {
    let list: Vec<Value> = message
        .reactions
        .iter()
        .flat_map(|(user, list)| {
            list.iter()
                .map(move |r| json!({ "user_id": user, "emoji": r.get("emoji") }))
        })
        .collect();
    json!(list)
}

/// Adds where the page finds the files of a message.
fn add_urls(map: &mut Map<String, Value>) {
    let url = |id: &Value| json!(format!("/sim/files/{}", id.as_str().unwrap_or("")));
    for field in [
        "photo",
        "document",
        "voice",
        "audio",
        "video",
        "animation",
        "sticker",
        "video_note",
    ] {
        let target = match map.get_mut(field) {
            Some(Value::Array(sizes)) => sizes.last_mut(),
            Some(value) => Some(value),
            None => None,
        };
        if let Some(Value::Object(file)) = target
            && let Some(id) = file.get("file_id").cloned()
        {
            file.insert("url".into(), url(&id));
        }
    }
}
