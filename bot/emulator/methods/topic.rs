//! Forum topics.

use serde_json::{Map, Value, json};

use super::Ctx;
use crate::error::{ApiError, ApiResult};
use crate::params::Params;
use crate::world::{Key, Kind, Topic};

const COLORS: [i64; 6] = [
    0x6F_B9F0, 0xFF_D67E, 0xCB_86DB, 0x8E_EE98, 0xFF_93B2, 0xFB_6F5F,
];

impl Ctx<'_> {
    /// A forum in which the bot manages topics.
    fn forum(&self, params: &Params) -> ApiResult<Key> {
        let key = self.chat(params, "chat_id")?;
        self.check_member(key)?;
        let chat = self.at(key)?;
        if chat.kind != Kind::Supergroup || !chat.is_forum {
            return Err(ApiError::bad("the chat is not a forum"));
        }
        Ok(key)
    }

    fn managed_topic(&self, params: &Params) -> ApiResult<(Key, i64, Topic)> {
        let key = self.forum(params)?;
        self.check_right(
            key,
            "can_manage_topics",
            "not enough rights to manage topics",
        )?;
        let thread = params.int("message_thread_id").unwrap_or(0);
        let topic = self.at(key)?.topics.get(&thread).filter(|t| !t.deleted);
        let topic = topic.ok_or_else(|| ApiError::bad("TOPIC_ID_INVALID"))?;
        Ok((key, thread, topic.clone()))
    }

    fn put_topic(&mut self, key: Key, thread: i64, topic: Topic) {
        if let Some(chat) = self.world.chat_mut(key) {
            chat.topics.insert(thread, topic);
        }
        self.world.events.push("chat", key, None);
    }
}

/// `createForumTopic`.
pub(super) fn create(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let key = ctx.forum(params)?;
    ctx.check_right(
        key,
        "can_manage_topics",
        "not enough rights to create a topic",
    )?;
    let name = params.text("name").trim().to_owned();
    if name.is_empty() || name.chars().count() > 128 {
        return Err(ApiError::bad("TOPIC_TITLE_EMPTY"));
    }
    let color = params.int("icon_color").unwrap_or(0x6F_B9F0);
    if !COLORS.contains(&color) {
        return Err(ApiError::bad("invalid icon color specified"));
    }
    let icon = params.some_text("icon_custom_emoji_id");
    let bot = ctx.bot;
    let thread = ctx.world.create_topic(key, bot, &name, color, icon.clone());
    ctx.world.events.push("chat", key, None);
    let mut topic = Map::new();
    topic.insert("message_thread_id".into(), json!(thread));
    topic.insert("name".into(), json!(name));
    topic.insert("icon_color".into(), json!(color));
    if let Some(icon) = icon {
        topic.insert("icon_custom_emoji_id".into(), json!(icon));
    }
    Ok(Value::Object(topic))
}

/// `editForumTopic`.
pub(super) fn edit(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let (key, thread, mut topic) = ctx.managed_topic(params)?;
    let name = params
        .some_text("name")
        .unwrap_or_else(|| topic.name.clone());
    let icon = if params.has("icon_custom_emoji_id") {
        params.some_text("icon_custom_emoji_id")
    } else {
        topic.icon.clone()
    };
    if name == topic.name && icon == topic.icon {
        return Err(ApiError::bad("TOPIC_NOT_MODIFIED"));
    }
    if name.chars().count() > 128 {
        return Err(ApiError::bad("TOPIC_TITLE_EMPTY"));
    }
    let mut change = Map::new();
    if name != topic.name {
        change.insert("name".into(), json!(name));
    }
    if icon != topic.icon {
        change.insert(
            "icon_custom_emoji_id".into(),
            json!(icon.clone().unwrap_or_default()),
        );
    }
    topic.name = name;
    topic.icon = icon;
    ctx.put_topic(key, thread, topic);
    ctx.world.post_topic_service(
        key,
        ctx.bot,
        thread,
        "forum_topic_edited",
        Value::Object(change),
    );
    Ok(Value::Bool(true))
}

fn set_closed(ctx: &mut Ctx<'_>, params: &Params, closed: bool) -> ApiResult {
    let (key, thread, mut topic) = ctx.managed_topic(params)?;
    if topic.closed == closed {
        return Err(ApiError::bad("TOPIC_NOT_MODIFIED"));
    }
    topic.closed = closed;
    ctx.put_topic(key, thread, topic);
    let field = if closed {
        "forum_topic_closed"
    } else {
        "forum_topic_reopened"
    };
    ctx.world
        .post_topic_service(key, ctx.bot, thread, field, json!({}));
    Ok(Value::Bool(true))
}

/// `closeForumTopic`.
pub(super) fn close(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    set_closed(ctx, params, true)
}

/// `reopenForumTopic`.
pub(super) fn reopen(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    set_closed(ctx, params, false)
}

/// `deleteForumTopic`: its messages go with it.
pub(super) fn delete(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let (key, thread, mut topic) = ctx.managed_topic(params)?;
    ctx.check_right(
        key,
        "can_delete_messages",
        "not enough rights to delete a topic",
    )?;
    topic.deleted = true;
    ctx.put_topic(key, thread, topic);
    let inside: Vec<i64> = ctx
        .at(key)?
        .messages
        .values()
        .filter(|m| m.thread == Some(thread) && !m.deleted)
        .map(|m| m.id)
        .collect();
    for id in inside {
        ctx.world.delete(key, id);
    }
    Ok(Value::Bool(true))
}

/// `unpinAllForumTopicMessages`.
pub(super) fn unpin_all(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let (key, thread, _) = ctx.managed_topic(params)?;
    if let Some(chat) = ctx.world.chat_mut(key) {
        let messages = &chat.messages;
        chat.pinned
            .retain(|id| messages.get(id).is_none_or(|m| m.thread != Some(thread)));
    }
    Ok(Value::Bool(true))
}

fn general(
    ctx: &mut Ctx<'_>,
    params: &Params,
    field: &str,
    set: impl FnOnce(&mut crate::world::Chat) -> bool,
) -> ApiResult {
    let key = ctx.forum(params)?;
    ctx.check_right(
        key,
        "can_manage_topics",
        "not enough rights to manage topics",
    )?;
    let changed = ctx.world.chat_mut(key).is_some_and(set);
    if !changed {
        return Err(ApiError::bad("TOPIC_NOT_MODIFIED"));
    }
    ctx.world.post_service(key, ctx.bot, field, json!({}));
    Ok(Value::Bool(true))
}

/// `editGeneralForumTopic`.
pub(super) fn edit_general(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let key = ctx.forum(params)?;
    ctx.check_right(
        key,
        "can_manage_topics",
        "not enough rights to manage topics",
    )?;
    if params.text("name").is_empty() {
        return Err(ApiError::bad("TOPIC_TITLE_EMPTY"));
    }
    let change = json!({ "name": params.text("name") });
    ctx.world
        .post_service(key, ctx.bot, "forum_topic_edited", change);
    Ok(Value::Bool(true))
}

/// `closeGeneralForumTopic`.
pub(super) fn close_general(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    general(ctx, params, "forum_topic_closed", |c| {
        !std::mem::replace(&mut c.general_closed, true)
    })
}

/// `reopenGeneralForumTopic`.
pub(super) fn reopen_general(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    general(ctx, params, "forum_topic_reopened", |c| {
        std::mem::replace(&mut c.general_closed, false)
    })
}

/// `hideGeneralForumTopic`.
pub(super) fn hide_general(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    general(ctx, params, "general_forum_topic_hidden", |c| {
        !std::mem::replace(&mut c.general_hidden, true)
    })
}

/// `unhideGeneralForumTopic`.
pub(super) fn unhide_general(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    general(ctx, params, "general_forum_topic_unhidden", |c| {
        std::mem::replace(&mut c.general_hidden, false)
    })
}
