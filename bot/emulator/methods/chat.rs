//! Chats: what they are, pins, title, leaving.

use serde_json::{Map, Value, json};

use super::Ctx;
use crate::error::{ApiError, ApiResult};
use crate::params::Params;
use crate::world::{Kind, Member, SEND_RIGHTS};

/// `getChat`.
pub(super) fn get(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let key = ctx.chat(params, "chat_id")?;
    if !key.is_private() {
        ctx.check_member(key)?;
    }
    let mut map = match ctx.world.chat_json(key) {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    map.insert("accent_color_id".into(), json!(0));
    map.insert("max_reaction_count".into(), json!(11));
    let gifts = json!({
        "unlimited_gifts": false, "limited_gifts": false, "unique_gifts": false,
        "premium_subscription": false, "gifts_from_channels": false,
    });
    map.insert("accepted_gift_types".into(), gifts);
    let Some(chat) = ctx.world.chats.get(&key).filter(|_| !key.is_private()) else {
        if let Some(name) = map.get("username").cloned() {
            map.insert("active_usernames".into(), json!([name]));
        }
        return Ok(Value::Object(map));
    };
    if let Some(words) = &chat.description {
        map.insert("description".into(), json!(words));
    }
    if let Some(name) = &chat.username {
        map.insert("active_usernames".into(), json!([name]));
    }
    if chat.kind != Kind::Channel {
        map.insert(
            "permissions".into(),
            Value::Object(chat.permissions.clone()),
        );
        map.insert(
            "join_to_send_messages".into(),
            json!(chat.kind == Kind::Supergroup),
        );
    }
    if chat.hidden_members {
        map.insert("has_hidden_members".into(), json!(true));
    }
    let primary = chat
        .invites
        .iter()
        .find(|(_, i)| i.primary && i.creator == ctx.bot);
    if let Some((link, _)) = primary {
        map.insert("invite_link".into(), json!(link));
    }
    let pinned = chat
        .pinned
        .last()
        .and_then(|id| ctx.world.message_value(key, *id));
    if let Some(pinned) = pinned {
        map.insert("pinned_message".into(), pinned);
    }
    Ok(Value::Object(map))
}

fn check_pin(ctx: &Ctx<'_>, key: crate::world::Key) -> ApiResult<()> {
    ctx.check_member(key)?;
    let channel = ctx
        .world
        .chats
        .get(&key)
        .is_some_and(|c| c.kind == Kind::Channel);
    let right = if channel {
        "can_edit_messages"
    } else {
        "can_pin_messages"
    };
    ctx.check_right(
        key,
        right,
        "not enough rights to manage pinned messages in the chat",
    )
}

/// `pinChatMessage`.
pub(super) fn pin(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let key = ctx.chat(params, "chat_id")?;
    check_pin(ctx, key)?;
    let id = ctx.target(key, params, "message to pin not found")?;
    let already = ctx.at(key)?.pinned.contains(&id);
    if !already {
        ctx.world.pin(key, id, ctx.bot, true, true);
    }
    Ok(Value::Bool(true))
}

/// `unpinChatMessage`.
pub(super) fn unpin(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let key = ctx.chat(params, "chat_id")?;
    check_pin(ctx, key)?;
    let last = ctx.at(key)?.pinned.last().copied();
    let id = match params.int("message_id") {
        Some(_) => Some(ctx.target(key, params, "message to unpin not found")?),
        None => last,
    };
    let id = id.ok_or_else(|| ApiError::bad("message to unpin not found"))?;
    ctx.world.pin(key, id, ctx.bot, false, false);
    Ok(Value::Bool(true))
}

/// `unpinAllChatMessages`.
pub(super) fn unpin_all(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let key = ctx.chat(params, "chat_id")?;
    check_pin(ctx, key)?;
    if let Some(chat) = ctx.world.chat_mut(key) {
        chat.pinned.clear();
    }
    ctx.world.events.push("pin", key, None);
    Ok(Value::Bool(true))
}

/// `setChatTitle`.
pub(super) fn set_title(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let key = ctx.chat(params, "chat_id")?;
    let title = params.text("title").trim().to_owned();
    if key.is_private() {
        return Err(ApiError::bad("can't change private chat title"));
    }
    ctx.check_right(
        key,
        "can_change_info",
        "not enough rights to change chat title",
    )?;
    if title.is_empty() {
        return Err(ApiError::bad("title is empty"));
    }
    let title: String = title.chars().take(128).collect();
    if ctx.at(key)?.title == title {
        return Err(ApiError::bad("chat title is not modified"));
    }
    if let Some(chat) = ctx.world.chat_mut(key) {
        chat.title.clone_from(&title);
    }
    ctx.world
        .post_service(key, ctx.bot, "new_chat_title", json!(title));
    ctx.world.events.push("chat", key, None);
    Ok(Value::Bool(true))
}

/// `setChatDescription`.
pub(super) fn set_description(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let key = ctx.chat(params, "chat_id")?;
    ctx.check_right(
        key,
        "can_change_info",
        "not enough rights to set chat description",
    )?;
    let words: String = params.text("description").chars().take(255).collect();
    let new = Some(words).filter(|w| !w.is_empty());
    if ctx.at(key)?.description == new {
        return Err(ApiError::bad("chat description is not modified"));
    }
    if let Some(chat) = ctx.world.chat_mut(key) {
        chat.description = new;
    }
    Ok(Value::Bool(true))
}

/// `setChatPermissions`.
pub(super) fn set_permissions(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let key = ctx.chat(params, "chat_id")?;
    ctx.check_right(
        key,
        "can_restrict_members",
        "not enough rights to change chat permissions",
    )?;
    let given = params
        .json("permissions")
        .ok()
        .flatten()
        .ok_or_else(|| ApiError::bad("can't parse permissions JSON object"))?;
    if let Some(chat) = ctx.world.chat_mut(key) {
        for right in SEND_RIGHTS {
            let on = given.get(right) == Some(&Value::Bool(true));
            chat.permissions.insert(right.into(), Value::Bool(on));
        }
    }
    Ok(Value::Bool(true))
}

/// `leaveChat`.
pub(super) fn leave(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let key = ctx.chat(params, "chat_id")?;
    if key.is_private() {
        return Err(ApiError::bad(
            "chat member status can't be changed in private chats",
        ));
    }
    ctx.check_member(key)?;
    ctx.world.part(key, ctx.bot, ctx.bot, Member::new("left"));
    Ok(Value::Bool(true))
}
