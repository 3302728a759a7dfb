//! Forwards and copies.

use serde_json::{Map, Value, json};

use super::Ctx;
use super::edit::message_ids;
use crate::error::{ApiError, ApiResult};
use crate::params::Params;
use crate::text::{Formatted, MAX_CAPTION};
use crate::world::{Key, Message};

impl Ctx<'_> {
    fn source(&self, params: &Params, id: i64, what: &str) -> ApiResult<(Key, Message)> {
        let key = self.chat(params, "from_chat_id")?;
        self.check_member(key)?;
        let message = self.world.message(key, id);
        let message =
            message.ok_or_else(|| ApiError::bad(format!("message to {what} not found")))?;
        if message.service
            || message.body.contains_key("poll") && what == "copy" && message.author != self.bot
        {
            return Err(ApiError::bad(format!(
                "message can't be {}",
                if what == "copy" {
                    "copied"
                } else {
                    "forwarded"
                }
            )));
        }
        Ok((key, message.clone()))
    }

    fn origin(&self, key: Key, message: &Message) -> Value {
        if let Some(origin) = message.body.get("forward_origin") {
            return origin.clone();
        }
        let mut origin = Map::new();
        match message.sender_chat {
            Some(chat) if message.from == 0 => {
                origin.insert("type".into(), json!("channel"));
                origin.insert("chat".into(), self.world.chat_json(key));
                origin.insert("message_id".into(), json!(message.id));
                let _ = chat;
            }
            Some(chat) => {
                origin.insert("type".into(), json!("chat"));
                origin.insert(
                    "sender_chat".into(),
                    self.world.chat_json(Key::shared(chat)),
                );
            }
            None => {
                origin.insert("type".into(), json!("user"));
                origin.insert("sender_user".into(), self.world.user_json(message.from));
            }
        }
        origin.insert("date".into(), json!(message.date));
        Value::Object(origin)
    }

    fn forward_one(&mut self, params: &Params, id: i64) -> ApiResult {
        let target = self.destination(params, "can_send_messages", "text messages")?;
        let (key, message) = self.source(params, id, "forward")?;
        let origin = self.origin(key, &message);
        let mut body = Map::new();
        body.insert("forward_origin".into(), origin.clone());
        body.insert(
            "forward_date".into(),
            origin.get("date").cloned().unwrap_or_default(),
        );
        if let Some(user) = origin.get("sender_user") {
            body.insert("forward_from".into(), user.clone());
        }
        if let Some(chat) = origin.get("chat").or_else(|| origin.get("sender_chat")) {
            body.insert("forward_from_chat".into(), chat.clone());
        }
        body.extend(message.body);
        self.deliver(target, body)
    }

    fn copy_one(&mut self, params: &Params, id: i64) -> ApiResult {
        let target = self.destination(params, "can_send_messages", "text messages")?;
        let (_, message) = self.source(params, id, "copy")?;
        let mut body = message.body;
        for field in [
            "forward_origin",
            "forward_date",
            "forward_from",
            "forward_from_chat",
            "media_group_id",
        ] {
            body.shift_remove(field);
        }
        if params.has("caption") && !body.contains_key("text") {
            let caption = Formatted::from_params(params, "caption", "caption_entities")?;
            if caption.len() > MAX_CAPTION {
                return Err(ApiError::bad("message caption is too long"));
            }
            body.shift_remove("caption");
            body.shift_remove("caption_entities");
            caption.put(&mut body, "caption", "caption_entities");
        }
        let sent = self.deliver(target, body)?;
        Ok(json!({ "message_id": sent.get("message_id") }))
    }
}

fn message_id(params: &Params) -> ApiResult<i64> {
    params
        .int("message_id")
        .ok_or_else(|| ApiError::bad("message identifier is not specified"))
}

/// `forwardMessage`.
pub(super) fn forward(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    ctx.forward_one(params, message_id(params)?)
}

/// `copyMessage`.
pub(super) fn copy(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    ctx.copy_one(params, message_id(params)?)
}

/// `forwardMessages`; messages that are not there are skipped.
pub(super) fn forward_many(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let mut sent = Vec::new();
    for id in present(ctx, params)? {
        let message = ctx.forward_one(params, id)?;
        sent.push(json!({ "message_id": message.get("message_id") }));
    }
    Ok(Value::Array(sent))
}

/// `copyMessages`; messages that are not there are skipped.
pub(super) fn copy_many(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let mut sent = Vec::new();
    for id in present(ctx, params)? {
        sent.push(ctx.copy_one(params, id)?);
    }
    Ok(Value::Array(sent))
}

fn present(ctx: &Ctx<'_>, params: &Params) -> ApiResult<Vec<i64>> {
    let key = ctx.chat(params, "from_chat_id")?;
    let ids = message_ids(params)?;
    let found: Vec<i64> = ids
        .into_iter()
        .filter(|id| ctx.world.message(key, *id).is_some())
        .collect();
    if found.is_empty() {
        return Err(ApiError::bad("there are no messages to forward"));
    }
    Ok(found)
}
