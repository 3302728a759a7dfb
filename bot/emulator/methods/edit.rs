//! Changing and deleting messages.

use serde_json::{Map, Value};

use super::send::{add_preview, checked_text};
use super::{Ctx, keyboard, media};
use crate::error::{ApiError, ApiResult};
use crate::params::Params;
use crate::text::{Formatted, MAX_CAPTION};
use crate::world::{Key, Kind};

const NOT_MODIFIED: &str = "message is not modified: specified new message content and reply markup are exactly \
                            the same as a current content and reply markup of the message";

/// Content fields that make a message one of media.
const MEDIA: [&str; 8] = [
    "photo",
    "document",
    "voice",
    "audio",
    "video",
    "animation",
    "sticker",
    "video_note",
];

impl Ctx<'_> {
    /// The bot's own message to be edited.
    fn editable(&self, params: &Params) -> ApiResult<(Key, i64)> {
        if params.has("inline_message_id") && !params.has("message_id") {
            return Err(ApiError::bad("MESSAGE_ID_INVALID"));
        }
        let key = self.chat(params, "chat_id")?;
        self.check_member(key)?;
        let id = self.target(key, params, "message to edit not found")?;
        let message = self.world.message(key, id);
        let channel = self.at(key)?.kind == Kind::Channel;
        let own = message.is_some_and(|m| !m.service && m.author == self.bot);
        let any_post = channel && self.own(key).is_some_and(|m| m.can("can_edit_messages"));
        // Forwards and messages with a keyboard for answers are fixed.
        let fixed = message.is_some_and(|m| {
            let other = m
                .markup
                .as_ref()
                .is_some_and(|k| k.get("inline_keyboard").is_none());
            other || m.body.contains_key("forward_origin")
        });
        if (own || any_post) && !fixed {
            Ok((key, id))
        } else {
            Err(ApiError::bad("message can't be edited"))
        }
    }

    fn body(&self, key: Key, id: i64) -> Map<String, Value> {
        self.world
            .message(key, id)
            .map(|m| m.body.clone())
            .unwrap_or_default()
    }

    fn apply(
        &mut self,
        key: Key,
        id: i64,
        body: Map<String, Value>,
        markup: Option<Value>,
    ) -> ApiResult {
        let same = self
            .world
            .message(key, id)
            .is_some_and(|m| m.body == body && m.markup == markup);
        if same {
            return Err(ApiError::bad(NOT_MODIFIED));
        }
        self.world.edit(key, id, Some(body), markup);
        self.world
            .message_value(key, id)
            .ok_or_else(|| ApiError::bad("message to edit not found"))
    }
}

fn has_media(body: &Map<String, Value>) -> bool {
    MEDIA.iter().any(|field| body.contains_key(*field))
}

/// `editMessageText`.
pub(super) fn text(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    if params.text("text").is_empty() {
        return Err(ApiError::bad("message text is empty"));
    }
    let markup = keyboard::read_inline(params)?;
    let (key, id) = ctx.editable(params)?;
    let text = checked_text(params, "MESSAGE_TOO_LONG")?;
    let mut body = ctx.body(key, id);
    if !body.contains_key("text") {
        return Err(ApiError::bad("there is no text in the message to edit"));
    }
    for field in ["text", "entities", "link_preview_options"] {
        body.shift_remove(field);
    }
    text.put(&mut body, "text", "entities");
    add_preview(&mut body, params);
    ctx.apply(key, id, body, markup)
}

/// `editMessageCaption`.
pub(super) fn caption(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let markup = keyboard::read_inline(params)?;
    let (key, id) = ctx.editable(params)?;
    let mut body = ctx.body(key, id);
    if !has_media(&body) {
        return Err(ApiError::bad("there is no caption in the message to edit"));
    }
    let caption = Formatted::from_params(params, "caption", "caption_entities")?;
    if caption.len() > MAX_CAPTION {
        return Err(ApiError::bad("MEDIA_CAPTION_TOO_LONG"));
    }
    body.shift_remove("caption");
    body.shift_remove("caption_entities");
    caption.put(&mut body, "caption", "caption_entities");
    ctx.apply(key, id, body, markup)
}

/// `editMessageReplyMarkup`.
pub(super) fn markup(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let markup = keyboard::read_inline(params)?;
    let (key, id) = ctx.editable(params)?;
    let body = ctx.body(key, id);
    ctx.apply(key, id, body, markup)
}

/// `editMessageMedia`.
pub(super) fn media(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let markup = keyboard::read_inline(params)?;
    let (key, id) = ctx.editable(params)?;
    let item = params
        .json("media")
        .ok()
        .flatten()
        .ok_or_else(|| ApiError::bad("can't parse media JSON object"))?;
    let body = media::item(ctx, params, &item)?;
    ctx.apply(key, id, body, markup)
}

/// How long a message may still be deleted.
const DELETE_LIMIT: i64 = 48 * 3600;

impl Ctx<'_> {
    fn check_delete(&self, key: Key, id: i64) -> ApiResult<()> {
        let Some(message) = self.world.message(key, id) else {
            return Err(ApiError::bad("message to delete not found"));
        };
        let refused = Err(ApiError::bad("message can't be deleted"));
        let young = self.now - message.date < DELETE_LIMIT;
        if key.is_private() {
            return if young { Ok(()) } else { refused };
        }
        let chat = self.at(key)?;
        let own = self.own(key);
        if own.is_some_and(|m| m.can("can_delete_messages")) {
            // The message about a new supergroup or channel can never be removed.
            let first = ["supergroup_chat_created", "channel_chat_created"];
            let founding = first.iter().any(|f| message.body.contains_key(*f));
            return if founding { refused } else { Ok(()) };
        }
        let may_post =
            chat.kind != Kind::Channel || own.is_some_and(|m| m.can("can_post_messages"));
        if message.author == self.bot && young && may_post {
            Ok(())
        } else if message.author == self.bot {
            refused
        } else {
            Err(ApiError::bad("message can't be deleted for everyone"))
        }
    }
}

/// `deleteMessage`.
pub(super) fn delete(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let key = ctx.chat(params, "chat_id")?;
    ctx.check_member(key)?;
    let id = ctx.target(key, params, "message to delete not found")?;
    ctx.check_delete(key, id)?;
    ctx.world.delete(key, id);
    Ok(Value::Bool(true))
}

/// `deleteMessages`; messages that are not there are skipped.
pub(super) fn delete_many(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let key = ctx.chat(params, "chat_id")?;
    ctx.check_member(key)?;
    let ids = message_ids(params)?;
    let found: Vec<i64> = ids
        .into_iter()
        .filter(|id| ctx.world.message(key, *id).is_some())
        .collect();
    for id in &found {
        ctx.check_delete(key, *id)?;
    }
    for id in found {
        ctx.world.delete(key, id);
    }
    Ok(Value::Bool(true))
}

/// The list `message_ids` of 1 to 100 numbers.
pub(super) fn message_ids(params: &Params) -> ApiResult<Vec<i64>> {
    let list = params
        .json("message_ids")
        .map_err(|_| ApiError::bad("can't parse message identifiers JSON object"))?;
    let list = list
        .as_ref()
        .and_then(Value::as_array)
        .ok_or_else(|| ApiError::bad("message identifiers are not specified"))?;
    if list.is_empty() {
        return Err(ApiError::bad("message identifiers are not specified"));
    }
    if list.len() > 100 {
        return Err(ApiError::bad("too many message identifiers specified"));
    }
    list.iter()
        .map(|v| v.as_i64().or_else(|| v.as_str()?.parse().ok()))
        .collect::<Option<Vec<i64>>>()
        .ok_or_else(|| ApiError::bad("invalid message identifier specified"))
}
