//! Sending text and other simple messages.

use serde_json::{Map, Value, json};

use super::{Ctx, keyboard};
use crate::error::{ApiError, ApiResult};
use crate::params::Params;
use crate::text::{Formatted, MAX_TEXT};
use crate::world::{Draft, Key, Kind};

/// Where and how a message goes, common to all kinds of content.
pub(super) struct Target {
    pub key: Key,
    thread: Option<i64>,
    reply: Option<i64>,
    markup: Option<Value>,
}

impl Ctx<'_> {
    /// Resolves chat, topic, reply and keyboard of a message to be sent.
    pub(super) fn destination(
        &self,
        params: &Params,
        right: &str,
        what: &str,
    ) -> ApiResult<Target> {
        let key = self.chat(params, "chat_id")?;
        let markup = keyboard::read(params)?;
        self.check_send(key, right, what)?;
        let thread = self.thread(key, params)?;
        let reply = self.reply(key, params)?;
        Ok(Target {
            key,
            thread,
            reply,
            markup,
        })
    }

    /// Puts a message of the bot into a chat and answers it.
    pub(super) fn deliver(&mut self, target: Target, body: Map<String, Value>) -> ApiResult {
        let Target {
            key,
            thread,
            reply,
            markup,
        } = target;
        let channel = self
            .world
            .chats
            .get(&key)
            .is_some_and(|c| c.kind == Kind::Channel);
        let forum = self.world.chats.get(&key).is_some_and(|c| c.is_forum);
        let replied = reply.and_then(|id| self.world.message(key, id));
        // An answer stays in the topic of what it answers; a plain group marks the thread only.
        let inherited = replied.and_then(|m| m.thread.filter(|_| m.topic));
        let in_topic = thread.is_some() || inherited.is_some();
        let plain_thread = replied
            .filter(|_| !forum && !channel && !key.is_private() && self.is_supergroup(key))
            .map(|m| m.thread.unwrap_or(m.id));
        let draft = Draft {
            from: if channel { 0 } else { self.bot },
            author: self.bot,
            sender_chat: channel.then_some(key.id),
            thread: thread.or(inherited).or(plain_thread),
            topic: in_topic,
            reply_to: reply,
            body,
            markup,
            service: false,
        };
        let id = self.world.post(key, draft);
        self.world
            .message_value(key, id)
            .ok_or_else(|| ApiError::bad("chat not found"))
    }

    fn is_supergroup(&self, key: Key) -> bool {
        self.world
            .chats
            .get(&key)
            .is_some_and(|c| c.kind == Kind::Supergroup)
    }
}

/// `sendMessage`.
pub(super) fn message(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let raw = params.text("text");
    if raw.is_empty() {
        return Err(ApiError::bad("message text is empty"));
    }
    let target = ctx.destination(params, "can_send_messages", "text messages")?;
    let text = checked_text(params, "message is too long")?;
    let mut body = Map::new();
    text.put(&mut body, "text", "entities");
    add_preview(&mut body, params);
    if params.flag("protect_content") {
        body.insert("has_protected_content".into(), json!(true));
    }
    ctx.deliver(target, body)
}

/// The text of a message, parsed and measured.
pub(super) fn checked_text(params: &Params, too_long: &str) -> ApiResult<Formatted> {
    let text = Formatted::from_params(params, "text", "entities")?;
    if text.text.is_empty() {
        return Err(ApiError::bad("text must be non-empty"));
    }
    if text.len() > MAX_TEXT {
        return Err(ApiError::bad(too_long));
    }
    Ok(text)
}

/// Keeps the options of a link preview when they were given.
pub(super) fn add_preview(body: &mut Map<String, Value>, params: &Params) {
    let given = params.json("link_preview_options").ok().flatten();
    let old = params.flag("disable_web_page_preview");
    let has_link = body
        .get("entities")
        .and_then(Value::as_array)
        .is_some_and(|list| list.iter().any(is_link));
    if !has_link {
        return;
    }
    if let Some(options) = given.filter(Value::is_object) {
        body.insert("link_preview_options".into(), options);
    } else if old {
        body.insert(
            "link_preview_options".into(),
            json!({ "is_disabled": true }),
        );
    }
}

fn is_link(entity: &Value) -> bool {
    let kind = entity.get("type").and_then(Value::as_str);
    matches!(kind, Some("url" | "text_link"))
}

/// `sendLocation`, `sendVenue`, `sendContact` and `sendDice`, told apart by their arguments.
pub(super) fn simple(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let target = ctx.destination(params, "can_send_messages", "messages")?;
    let mut body = Map::new();
    if params.has("latitude") || params.has("longitude") {
        let (Some(latitude), Some(longitude)) =
            (params.float("latitude"), params.float("longitude"))
        else {
            return Err(ApiError::bad("latitude or longitude is invalid"));
        };
        let location = json!({ "latitude": latitude, "longitude": longitude });
        if params.has("title") {
            let venue = json!({ "location": location, "title": params.text("title"), "address": params.text("address") });
            body.insert("venue".into(), venue);
        }
        body.insert("location".into(), location);
    } else if params.has("phone_number") {
        let mut contact = Map::new();
        for field in ["phone_number", "first_name", "last_name"] {
            if let Some(value) = params.some_text(field) {
                contact.insert(field.into(), json!(value));
            }
        }
        if !contact.contains_key("first_name") {
            return Err(ApiError::bad("contact first name is empty"));
        }
        body.insert("contact".into(), Value::Object(contact));
    } else {
        let emoji = params.some_text("emoji").unwrap_or_else(|| "🎲".into());
        let value = ctx.world.fresh() % 6 + 1;
        body.insert("dice".into(), json!({ "emoji": emoji, "value": value }));
    }
    ctx.deliver(target, body)
}

/// `sendChatAction`.
pub(super) fn chat_action(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let key = ctx.chat(params, "chat_id")?;
    const ACTIONS: [&str; 12] = [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
        "cancel",
    ];
    let action = params.text("action").to_ascii_lowercase();
    if !ACTIONS.contains(&action.as_str()) {
        return Err(ApiError::bad("wrong parameter action in request"));
    }
    ctx.check_send(key, "can_send_messages", "text messages")?;
    ctx.thread(key, params)?;
    let mut extra = Map::new();
    extra.insert("action".into(), json!(action));
    extra.insert("bot".into(), json!(ctx.bot));
    ctx.world.events.push_with("typing", key, None, extra);
    Ok(Value::Bool(true))
}

/// `sendMessageDraft`: a preview in a private chat that is shown for a moment and not kept.
pub(super) fn draft(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let key = ctx.chat(params, "chat_id")?;
    if !key.is_private() {
        return Err(ApiError::bad("method is available only for private chats"));
    }
    if params.int("draft_id").unwrap_or(0) == 0 {
        return Err(ApiError::bad("draft_id must be non-zero"));
    }
    ctx.check_send(key, "can_send_messages", "text messages")?;
    let text = Formatted::from_params(params, "text", "entities")?;
    if text.len() > MAX_TEXT {
        return Err(ApiError::bad("message is too long"));
    }
    let mut extra = Map::new();
    extra.insert("action".into(), json!("typing"));
    extra.insert("bot".into(), json!(ctx.bot));
    extra.insert("text".into(), json!(text.text));
    ctx.world.events.push_with("typing", key, None, extra);
    Ok(Value::Bool(true))
}
