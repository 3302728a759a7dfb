//! Presses of buttons and their answers.

use serde_json::{Map, Value, json};
use tokio::sync::oneshot;

use super::Ctx;
use crate::error::{ApiError, ApiResult};
use crate::params::Params;
use crate::world::{Answer, Key, Query, World};

/// Seconds in which a press can be answered.
const ANSWER_LIMIT: i64 = 150;

/// `answerCallbackQuery`.
pub(super) fn answer(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let text = params.some_text("text");
    if text.as_ref().is_some_and(|t| t.chars().count() > 200) {
        return Err(ApiError::bad("MESSAGE_TOO_LONG"));
    }
    let id = params.text("callback_query_id");
    let too_old =
        || ApiError::bad("query is too old and response timeout expired or query ID is invalid");
    let (bot, now) = (ctx.bot, ctx.now);
    let query = ctx
        .world
        .queries
        .get_mut(&id)
        .filter(|q| q.bot == bot && !q.answered && now - q.date < ANSWER_LIMIT)
        .ok_or_else(too_old)?;
    query.answered = true;
    let key = query.key;
    let reply = Answer {
        text,
        alert: params.flag("show_alert"),
        url: params.some_text("url"),
    };
    let mut extra = Map::new();
    extra.insert("query".into(), json!(id));
    extra.insert("text".into(), json!(reply.text));
    extra.insert("alert".into(), json!(reply.alert));
    if let Some(waiter) = query.waiter.take() {
        // The person may have stopped waiting; the answer is then only in the log.
        let _ = waiter.send(reply);
    }
    ctx.world.events.push_with("answer", key, None, extra);
    Ok(Value::Bool(true))
}

/// A person's press of a button with data; the receiver gets the bot's answer.
pub(crate) fn press(
    world: &mut World,
    key: Key,
    message_id: i64,
    from: i64,
    data: &str,
) -> Option<oneshot::Receiver<Answer>> {
    let bot = world.chats.get(&key)?.messages.get(&message_id)?.author;
    let now = world.now;
    world.queries.retain(|_, q| now - q.date < 2 * ANSWER_LIMIT);
    let id = format!(
        "{}{:010}",
        4_000_000_000_i64 + bot % 1_000_000_000,
        world.fresh()
    );
    let message = match world.message(key, message_id) {
        Some(_) => world.message_value(key, message_id)?,
        None => world.inaccessible(key, message_id),
    };
    let instance = key.id.unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ bot.unsigned_abs();
    let query = json!({
        "id": id,
        "from": world.user_json(from),
        "message": message,
        "chat_instance": instance.to_string(),
        "data": data,
    });
    let (sender, receiver) = oneshot::channel();
    world.queries.insert(
        id,
        Query {
            bot,
            date: now,
            key,
            answered: false,
            waiter: Some(sender),
        },
    );
    world.push_update(bot, "callback_query", from, query);
    Some(receiver)
}
