//! Reading the JSON bodies of the persons' side.

use serde_json::Value;

use super::SimError;
use crate::world::{Key, World};

/// A field as text.
pub(super) fn text(body: &Value, name: &str) -> Option<String> {
    match body.get(name)? {
        Value::Null => None,
        Value::String(s) => Some(s.clone()),
        Value::Number(n) => Some(n.to_string()),
        _ => None,
    }
}

/// A field as an integer, given as number or text.
pub(super) fn int(body: &Value, name: &str) -> Option<i64> {
    number(body.get(name)?)
}

/// A value as an integer.
pub(super) fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(n) => n.as_i64(),
        Value::String(s) => s.trim().parse().ok(),
        _ => None,
    }
}

/// A field that must be an integer.
pub(super) fn need(body: &Value, name: &str) -> Result<i64, SimError> {
    int(body, name).ok_or_else(|| SimError::new(format!("field \"{name}\" must be a number")))
}

/// A boolean field.
pub(super) fn flag(body: &Value, name: &str) -> Option<bool> {
    match body.get(name)? {
        Value::Bool(b) => Some(*b),
        Value::String(s) => Some(s == "true" || s == "1"),
        Value::Number(n) => Some(n.as_i64() != Some(0)),
        _ => None,
    }
}

/// A list of integers; `None` when the field is absent.
pub(super) fn ints(body: &Value, name: &str) -> Result<Option<Vec<i64>>, SimError> {
    let wrong = || SimError::new(format!("field \"{name}\" must be a list of numbers"));
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(list)) => list
            .iter()
            .map(|v| number(v).or_else(|| number(v.get("id")?)).ok_or_else(wrong))
            .collect::<Result<Vec<i64>, SimError>>()
            .map(Some),
        Some(_) => Err(wrong()),
    }
}

/// The person acting, who must exist.
pub(super) fn person(world: &World, body: &Value, name: &str) -> Result<i64, SimError> {
    let id = need(body, name)?;
    if world.users.contains_key(&id) {
        Ok(id)
    } else {
        Err(SimError::missing(&format!("user {id}")))
    }
}

/// The bot named by `bot`, or the only one, or the first.
pub(super) fn bot(world: &World, body: &Value) -> Result<i64, SimError> {
    let id = match int(body, "bot") {
        Some(id) => id,
        None => match text(body, "bot") {
            Some(name) => by_name(world, &name).ok_or_else(|| SimError::missing(&name))?,
            None => world
                .bots
                .keys()
                .next()
                .copied()
                .ok_or_else(|| SimError::missing("a bot"))?,
        },
    };
    if world.bots.contains_key(&id) {
        Ok(id)
    } else {
        Err(SimError::missing(&format!("bot {id}")))
    }
}

fn by_name(world: &World, name: &str) -> Option<i64> {
    let name = name.trim_start_matches('@');
    let same = |id: &&i64| {
        world
            .users
            .get(id)
            .and_then(|u| u.username.as_deref())
            .is_some_and(|u| u.eq_ignore_ascii_case(name))
    };
    world.bots.keys().find(same).copied()
}

/// The chat named by `chat`: a group's id, a person's id, or a bot's id for its private chat.
pub(super) fn chat(world: &World, body: &Value, from: i64) -> Result<Key, SimError> {
    let id = match (int(body, "chat"), text(body, "chat")) {
        (Some(id), _) => id,
        (None, Some(name)) => match world.by_username(name.trim_start_matches('@')) {
            Some(key) => key.id,
            None => by_name(world, &name).ok_or_else(|| SimError::missing(&name))?,
        },
        _ => {
            return Err(SimError::new(
                "field \"chat\" must be a number or a username",
            ));
        }
    };
    if id < 0 {
        let key = Key::shared(id);
        return match world.chats.get(&key) {
            Some(chat) => Ok(Key::shared(chat.migrated_to.unwrap_or(id))),
            None => Err(SimError::missing(&format!("chat {id}"))),
        };
    }
    if world.bots.contains_key(&id) {
        return Ok(Key::private(from, id));
    }
    if id != from {
        return Err(SimError::new(
            "a private chat's id is the id of the person who writes in it",
        ));
    }
    Ok(Key::private(id, bot(world, body)?))
}
