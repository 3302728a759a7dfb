//! Reactions.

use serde_json::{Value, json};

use super::Ctx;
use crate::error::{ApiError, ApiResult};
use crate::params::Params;
use crate::world::{ANONYMOUS_ID, Key, World};

/// Emoji that can be reactions.
const EMOJI: [&str; 73] = [
    "👍",
    "👎",
    "❤",
    "🔥",
    "🥰",
    "👏",
    "😁",
    "🤔",
    "🤯",
    "😱",
    "🤬",
    "😢",
    "🎉",
    "🤩",
    "🤮",
    "💩",
    "🙏",
    "👌",
    "🕊",
    "🤡",
    "🥱",
    "🥴",
    "😍",
    "🐳",
    "❤‍🔥",
    "🌚",
    "🌭",
    "💯",
    "🤣",
    "⚡",
    "🍌",
    "🏆",
    "💔",
    "🤨",
    "😐",
    "🍓",
    "🍾",
    "💋",
    "🖕",
    "😈",
    "😴",
    "😭",
    "🤓",
    "👻",
    "👨‍💻",
    "👀",
    "🎃",
    "🙈",
    "😇",
    "😨",
    "🤝",
    "✍",
    "🤗",
    "🫡",
    "🎅",
    "🎄",
    "☃",
    "💅",
    "🤪",
    "🗿",
    "🆒",
    "💘",
    "🙉",
    "🦄",
    "😘",
    "💊",
    "🙊",
    "😎",
    "👾",
    "🤷‍♂",
    "🤷",
    "🤷‍♀",
    "😡",
];

/// `setMessageReaction`.
pub(super) fn set(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let key = ctx.chat(params, "chat_id")?;
    ctx.check_member(key)?;
    let id = ctx.target(key, params, "message to react not found")?;
    let list = params
        .json("reaction")
        .map_err(|_| ApiError::bad("can't parse reaction types JSON object"))?;
    let list = match list {
        None => Vec::new(),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(ApiError::bad("expected an Array of ReactionType")),
    };
    if list.len() > 1 {
        return Err(ApiError::bad("REACTIONS_TOO_MANY"));
    }
    for reaction in &list {
        let emoji = reaction.get("emoji").and_then(Value::as_str).unwrap_or("");
        let bare = emoji.trim_end_matches('\u{fe0f}');
        let custom = reaction.get("type").and_then(Value::as_str) == Some("custom_emoji");
        if !custom && !EMOJI.contains(&bare) {
            return Err(ApiError::bad("REACTION_INVALID"));
        }
    }
    if let Some(message) = ctx.world.message_mut(key, id) {
        if list.is_empty() {
            message.reactions.remove(&ctx.bot);
        } else {
            message.reactions.insert(ctx.bot, list);
        }
    }
    ctx.world.events.push("reaction", key, Some(id));
    Ok(Value::Bool(true))
}

/// A person's reaction; bots that are administrators are told.
pub(crate) fn react(world: &mut World, key: Key, id: i64, from: i64, reaction: Vec<Value>) {
    let hidden = world
        .chats
        .get(&key)
        .is_some_and(|c| c.anonymous.contains(&from));
    let Some(message) = world.message_mut(key, id) else {
        return;
    };
    let old = message.reactions.remove(&from).unwrap_or_default();
    if !reaction.is_empty() {
        message.reactions.insert(from, reaction.clone());
    }
    let mut change = json!({
        "chat": world.chat_json(key),
        "message_id": id,
        "date": world.now,
        "old_reaction": old,
        "new_reaction": reaction,
    });
    if let Some(map) = change.as_object_mut() {
        if hidden && from != ANONYMOUS_ID {
            map.insert("actor_chat".into(), world.chat_json(key));
        } else {
            map.insert("user".into(), world.user_json(from));
        }
    }
    world.events.push("reaction", key, Some(id));
    world.tell_admins(key, "message_reaction", &change);
}
