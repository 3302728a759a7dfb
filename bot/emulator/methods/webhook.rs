//! Setting and describing webhooks.

use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use super::Ctx;
use crate::error::{ApiError, ApiResult};
use crate::params::Params;
use crate::polling::remember_allowed;
use crate::world::{Record, Webhook};

/// `setWebhook`; an empty address removes the webhook.
pub(super) fn set(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let url = params.text("url").trim().to_owned();
    if url.is_empty() {
        return delete(ctx, params);
    }
    let bad = |why: &str| Err(ApiError::bad(format!("bad webhook: {why}")));
    let secret = params.some_text("secret_token");
    if let Some(secret) = &secret {
        let good = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if secret.len() > 256 {
            return Err(ApiError::bad("secret token is too long"));
        }
        if !secret.chars().all(good) {
            return Err(ApiError::bad("secret token contains unallowed characters"));
        }
    }
    let host = url.split_once("://").map_or("", |(_, rest)| rest);
    if host.is_empty() || host.starts_with('/') || host.starts_with(':') {
        return bad("invalid webhook URL specified");
    }
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return bad("An HTTPS URL must be provided for webhook");
    }
    let bot_id = ctx.bot;
    let bot = ctx
        .world
        .bots
        .get_mut(&bot_id)
        .ok_or_else(ApiError::unauthorized)?;
    let again = Instant::now();
    if bot
        .poll
        .last_set_webhook
        .is_some_and(|t| again - t < Duration::from_millis(200))
    {
        return Err(ApiError::too_many(1));
    }
    bot.poll.last_set_webhook = Some(again);
    remember_allowed(bot, params)?;
    let generation = bot.webhook.as_ref().map_or(1, |w| w.generation + 1);
    bot.webhook = Some(Webhook {
        url,
        secret,
        max_connections: params.int("max_connections").unwrap_or(40).clamp(1, 100),
        ip_address: params.some_text("ip_address"),
        has_certificate: params.files.contains_key("certificate"),
        generation,
        ..Webhook::default()
    });
    bot.poll.turn += 1;
    bot.poll.ended_by = "setWebhook";
    bot.wake.notify_waiters();
    ctx.world.records.touch(Record::Bot(bot_id));
    if params.flag("drop_pending_updates") {
        ctx.world.drop_updates(bot_id, |_| true);
    }
    ctx.world.expire_updates(bot_id);
    ctx.world.hooks.notify_one();
    Ok(Value::Bool(true))
}

/// `deleteWebhook`.
pub(super) fn delete(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let bot = ctx
        .world
        .bots
        .get_mut(&ctx.bot)
        .ok_or_else(ApiError::unauthorized)?;
    bot.webhook = None;
    ctx.world.records.touch(Record::Bot(ctx.bot));
    if params.flag("drop_pending_updates") {
        ctx.world.drop_updates(ctx.bot, |_| true);
    }
    Ok(Value::Bool(true))
}

/// `getWebhookInfo`.
pub(super) fn info(ctx: &mut Ctx<'_>, _params: &Params) -> ApiResult {
    ctx.world.expire_updates(ctx.bot);
    let bot = ctx
        .world
        .bots
        .get(&ctx.bot)
        .ok_or_else(ApiError::unauthorized)?;
    let mut map = Map::new();
    let hook = bot.webhook.as_ref();
    map.insert("url".into(), json!(hook.map_or("", |w| w.url.as_str())));
    map.insert(
        "has_custom_certificate".into(),
        json!(hook.is_some_and(|w| w.has_certificate)),
    );
    map.insert("pending_update_count".into(), json!(bot.updates.len()));
    if let Some(hook) = hook {
        map.insert("max_connections".into(), json!(hook.max_connections));
        if let Some(ip) = &hook.ip_address {
            map.insert("ip_address".into(), json!(ip));
        }
        if let (Some(date), Some(text)) = (hook.last_error_date, &hook.last_error_message) {
            map.insert("last_error_date".into(), json!(date));
            map.insert("last_error_message".into(), json!(text));
        }
    }
    if let Some(allowed) = &bot.allowed {
        map.insert("allowed_updates".into(), json!(allowed));
    }
    Ok(Value::Object(map))
}
