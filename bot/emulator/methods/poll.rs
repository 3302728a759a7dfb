//! Polls.

use serde_json::{Map, Value, json};

use super::{Ctx, keyboard};
use crate::error::{ApiError, ApiResult};
use crate::params::Params;
use crate::text::Formatted;
use crate::world::{Key, Poll, Record, World};

/// `sendPoll`.
pub(super) fn send(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let target = ctx.destination(params, "can_send_polls", "polls")?;
    let question = params.text("question");
    if question.trim().is_empty() {
        return Err(ApiError::bad("poll question must be non-empty"));
    }
    if question.chars().count() > 300 {
        return Err(ApiError::bad("poll question length must not exceed 300"));
    }
    let question = Formatted::parse(&question, &params.text("question_parse_mode"), None)?;
    let options = options(params)?;
    let kind = params.some_text("type").unwrap_or_else(|| "regular".into());
    let mut poll = Map::new();
    let id = format!("5{:017}", ctx.world.fresh());
    poll.insert("id".into(), json!(id));
    question.put(&mut poll, "question", "question_entities");
    poll.insert("options".into(), json!(options));
    poll.insert("total_voter_count".into(), json!(0));
    poll.insert("is_closed".into(), json!(params.flag("is_closed")));
    let anonymous = !params.has("is_anonymous") || params.flag("is_anonymous");
    poll.insert("is_anonymous".into(), json!(anonymous));
    poll.insert("type".into(), json!(kind));
    poll.insert(
        "allows_multiple_answers".into(),
        json!(params.flag("allows_multiple_answers")),
    );
    if kind == "quiz" {
        let right = params
            .int("correct_option_id")
            .filter(|o| usize::try_from(*o).is_ok_and(|o| o < options.len()));
        let right = right.ok_or_else(|| ApiError::bad("wrong correct option ID specified"))?;
        poll.insert("correct_option_id".into(), json!(right));
    }
    for field in ["allows_revoting", "members_only"] {
        poll.insert(field.into(), json!(params.flag(field)));
    }
    let key = target.key;
    let mut body = Map::new();
    body.insert("poll".into(), Value::Object(poll.clone()));
    let message = ctx.deliver(target, body)?;
    let entry = Poll {
        id: id.clone(),
        bot: ctx.bot,
        key,
        message: message
            .get("message_id")
            .and_then(Value::as_i64)
            .unwrap_or(0),
        value: Value::Object(poll),
        votes: std::collections::BTreeMap::new(),
    };
    ctx.world.records.touch(Record::Poll(id.clone()));
    ctx.world.polls.insert(id, entry);
    Ok(message)
}

fn options(params: &Params) -> ApiResult<Vec<Value>> {
    let list = params
        .json("options")
        .map_err(|_| ApiError::bad("can't parse options JSON object"))?;
    let Some(Value::Array(list)) = list else {
        return Err(ApiError::bad(
            "expected an Array of InputPollOption as options",
        ));
    };
    if list.is_empty() {
        return Err(ApiError::bad("poll must have at least 2 option"));
    }
    if list.len() == 1 {
        return Err(ApiError::bad("poll must have at least 2 option"));
    }
    if list.len() > 12 {
        return Err(ApiError::bad("poll can't have more than 12 options"));
    }
    list.iter()
        .enumerate()
        .map(|(at, option)| {
            let text = option
                .as_str()
                .or_else(|| option.get("text")?.as_str())
                .unwrap_or("")
                .trim();
            if text.is_empty() {
                return Err(ApiError::bad("poll options must be non-empty"));
            }
            if text.chars().count() > 100 {
                return Err(ApiError::bad("poll options length must not exceed 100"));
            }
            Ok(json!({ "persistent_id": at.to_string(), "text": text, "voter_count": 0 }))
        })
        .collect()
}

/// `stopPoll`.
pub(super) fn stop(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let markup = keyboard::read_inline(params)?;
    let key = ctx.chat(params, "chat_id")?;
    ctx.check_member(key)?;
    let id = ctx.target(key, params, "message with poll to stop not found")?;
    let message = ctx.world.message(key, id);
    let poll_id = message
        .and_then(|m| m.body.get("poll")?.get("id")?.as_str().map(str::to_owned))
        .ok_or_else(|| ApiError::bad("message with poll to stop not found"))?;
    if message.is_some_and(|m| m.author != ctx.bot) {
        return Err(ApiError::bad("poll can't be stopped"));
    }
    let poll = ctx
        .world
        .polls
        .get_mut(&poll_id)
        .filter(|p| !is_set(&p.value, "is_closed"))
        .ok_or_else(|| ApiError::bad("poll has already been closed"))?;
    if let Some(map) = poll.value.as_object_mut() {
        map.insert("is_closed".into(), json!(true));
    }
    let value = poll.value.clone();
    refresh(ctx.world, key, id, &poll_id, &value);
    if let Some(message) = ctx.world.message_mut(key, id) {
        message.markup = markup;
    }
    Ok(value)
}

fn is_set(poll: &Value, field: &str) -> bool {
    poll.get(field) == Some(&Value::Bool(true))
}

fn refresh(world: &mut World, key: Key, id: i64, poll: &str, value: &Value) {
    world.records.touch(Record::Poll(poll.to_owned()));
    if let Some(message) = world.message_mut(key, id) {
        message.body.insert("poll".into(), value.clone());
    }
    world.events.push("edit", key, Some(id));
}

/// A person's vote; none takes it back.
pub(crate) fn vote(
    world: &mut World,
    key: Key,
    id: i64,
    from: i64,
    options: Vec<usize>,
) -> Result<(), String> {
    let message = world.message(key, id);
    let poll_id = message
        .and_then(|m| m.body.get("poll")?.get("id")?.as_str().map(str::to_owned))
        .ok_or("this message has no poll")?;
    let poll = world.polls.get_mut(&poll_id).ok_or("this poll is gone")?;
    if is_set(&poll.value, "is_closed") {
        return Err("this poll is closed".into());
    }
    let count = poll
        .value
        .get("options")
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    if options.iter().any(|o| *o >= count) {
        return Err("no such option".into());
    }
    if options.len() > 1 && !is_set(&poll.value, "allows_multiple_answers") {
        return Err("this poll takes one answer".into());
    }
    if options.is_empty() {
        poll.votes.remove(&from);
    } else {
        poll.votes.insert(from, options.clone());
    }
    let votes: Vec<usize> = poll.votes.values().flatten().copied().collect();
    let voters = poll.votes.len();
    if let Some(map) = poll.value.as_object_mut() {
        map.insert("total_voter_count".into(), json!(voters));
        if let Some(Value::Array(list)) = map.get_mut("options") {
            for (at, option) in list.iter_mut().enumerate() {
                let count = votes.iter().filter(|v| **v == at).count();
                if let Some(option) = option.as_object_mut() {
                    option.insert("voter_count".into(), json!(count));
                }
            }
        }
    }
    let (bot, value) = (poll.bot, poll.value.clone());
    refresh(world, key, id, &poll_id, &value);
    world.push_update(bot, "poll", key.id, value.clone());
    if !is_set(&value, "is_anonymous") {
        let lasting: Vec<String> = options.iter().map(usize::to_string).collect();
        let answer = json!({
            "poll_id": poll_id,
            "user": world.user_json(from),
            "option_ids": options,
            "option_persistent_ids": lasting,
        });
        world.push_update(bot, "poll_answer", from, answer);
    }
    Ok(())
}
