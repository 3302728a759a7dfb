//! `getUpdates`.

use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use crate::error::{ApiError, ApiResult};
use crate::params::Params;
use crate::server::Server;
use crate::world::{Bot, Record, UPDATE_KINDS, Update, World};

/// Longest wait, as on the real server.
const MAX_TIMEOUT: i64 = 50;

struct Poll {
    turn: u64,
    limit: usize,
    deadline: Instant,
    wake: std::sync::Arc<tokio::sync::Notify>,
}

/// Waits for updates of a bot.
pub(crate) async fn get_updates(server: &Server, bot: i64, params: &Params) -> ApiResult {
    let poll = match server.with(|world| begin(server, world, bot, params)) {
        Ok(poll) => poll,
        Err(refusal) => {
            if refusal.code == 409 {
                tokio::time::sleep(server.config.hold).await;
            }
            return Err(refusal);
        }
    };
    loop {
        let notified = poll.wake.notified();
        tokio::pin!(notified);
        notified.as_mut().enable();
        let late = Instant::now() >= poll.deadline || server.stop.is_cancelled();
        let found = server.with(|world| collect(world, bot, &poll, late));
        match found {
            Ok(Some(updates)) => return Ok(updates),
            Ok(None) => {}
            Err(refusal) => {
                tokio::time::sleep(server.config.hold).await;
                return Err(refusal);
            }
        }
        tokio::select! {
            () = notified => {}
            () = tokio::time::sleep_until(poll.deadline) => {}
            () = server.stop.cancelled() => {}
        }
    }
}

fn begin(server: &Server, world: &mut World, bot_id: i64, params: &Params) -> ApiResult<Poll> {
    world.expire_updates(bot_id);
    let bot = world
        .bots
        .get_mut(&bot_id)
        .ok_or_else(ApiError::unauthorized)?;
    if bot.webhook.is_some() {
        return Err(ApiError::conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
        ));
    }
    if remember_allowed(bot, params)? {
        world.records.touch(Record::Bot(bot_id));
    }
    let offset = params.int("offset").unwrap_or(0);
    acknowledge(world, bot_id, offset);
    let bot = world
        .bots
        .get_mut(&bot_id)
        .ok_or_else(ApiError::unauthorized)?;
    let mut limit = params
        .int("limit")
        .filter(|l| (1..=100).contains(l))
        .unwrap_or(100);
    let seconds = params.int("timeout").unwrap_or(0).clamp(0, MAX_TIMEOUT);
    let mut timeout = Duration::from_secs(seconds.unsigned_abs());
    let now = std::time::Instant::now();
    let hold = server.config.hold;
    if bot.poll.last_offset == Some(offset) {
        let since = bot.poll.last_start.map(|t| now - t);
        if since.is_some_and(|s| s < hold) {
            timeout = timeout.max(hold);
        }
        if since.is_some_and(|s| s < hold / 6) {
            limit = 1;
        }
    }
    bot.poll.last_offset = Some(offset);
    bot.poll.last_start = Some(now);
    bot.poll.turn += 1;
    bot.poll.ended_by = "getUpdates";
    bot.wake.notify_waiters();
    Ok(Poll {
        turn: bot.poll.turn,
        limit: usize::try_from(limit).unwrap_or(100),
        deadline: Instant::now() + timeout,
        wake: bot.wake.clone(),
    })
}

/// Stores `allowed_updates` when given; an empty list means the default again.
pub(crate) fn remember_allowed(bot: &mut Bot, params: &Params) -> ApiResult<bool> {
    let Ok(given) = params.json("allowed_updates") else {
        return Err(ApiError::bad("can't parse allowed updates JSON object"));
    };
    let Some(given) = given else { return Ok(false) };
    let list = given
        .as_array()
        .ok_or_else(|| ApiError::bad("expected an Array of allowed updates"))?;
    let known = |v: &Value| UPDATE_KINDS.iter().find(|k| v.as_str() == Some(**k));
    let kinds: Vec<String> = list
        .iter()
        .filter_map(known)
        .map(|k| (*k).to_owned())
        .collect();
    let new = (!list.is_empty())
        .then_some(kinds)
        .filter(|k| !k.is_empty());
    let changed = bot.allowed != new;
    bot.allowed = new;
    Ok(changed)
}

fn acknowledge(world: &mut World, bot_id: i64, offset: i64) {
    if offset >= 0 {
        world.drop_updates(bot_id, |u| u.id < offset);
        return;
    }
    let keep = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
    let first = world.bots.get(&bot_id).and_then(|b| {
        let skip = b.updates.len().saturating_sub(keep);
        b.updates.get(skip).map(|u| u.id)
    });
    if let Some(first) = first {
        world.drop_updates(bot_id, |u| u.id < first);
    }
}

fn collect(world: &mut World, bot_id: i64, poll: &Poll, late: bool) -> ApiResult<Option<Value>> {
    let bot = world.bots.get(&bot_id).ok_or_else(ApiError::unauthorized)?;
    if bot.poll.turn != poll.turn {
        let text = match bot.poll.ended_by {
            "setWebhook" => "terminated by setWebhook request",
            _ => {
                "terminated by other getUpdates request; make sure that only one bot instance is running"
            }
        };
        return Err(ApiError::conflict(text));
    }
    if bot.updates.is_empty() && !late {
        return Ok(None);
    }
    world.expire_updates(bot_id);
    let bot = world.bots.get(&bot_id).ok_or_else(ApiError::unauthorized)?;
    let list: Vec<Value> = bot
        .updates
        .iter()
        .take(poll.limit)
        .map(Update::to_json)
        .collect();
    Ok((late || !list.is_empty()).then_some(Value::Array(list)))
}
