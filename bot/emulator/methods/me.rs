//! The bot itself.

use serde_json::{Value, json};

use super::Ctx;
use crate::error::{ApiError, ApiResult};
use crate::params::Params;

/// `getMe`.
pub(super) fn get_me(ctx: &mut Ctx<'_>, _params: &Params) -> ApiResult {
    let mut me = ctx.world.user_json(ctx.bot);
    let reads_all = ctx.world.bots.get(&ctx.bot).is_some_and(|b| b.reads_all);
    if let Some(map) = me.as_object_mut() {
        map.shift_remove("language_code");
        for (name, value) in [
            ("can_join_groups", true),
            ("can_read_all_group_messages", reads_all),
            ("supports_inline_queries", false),
            ("can_connect_to_business", false),
            ("has_main_web_app", false),
            ("has_topics_enabled", false),
            ("allows_users_to_create_topics", false),
        ] {
            map.insert(name.into(), json!(value));
        }
    }
    Ok(me)
}

/// `logOut` and `close`.
pub(super) fn log_out(_ctx: &mut Ctx<'_>, _params: &Params) -> ApiResult {
    Ok(Value::Bool(true))
}

const TEXTS: [(&str, usize); 3] = [
    ("name", 64),
    ("description", 512),
    ("short_description", 120),
];

/// `setMyName`, `setMyDescription` and `setMyShortDescription`.
pub(super) fn set_text(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let given = TEXTS.iter().rev().find(|(field, _)| params.has(field));
    let Some((field, limit)) = given else {
        return Ok(Value::Bool(true));
    };
    let text = params.text(field);
    if text.chars().count() > *limit {
        return Err(ApiError::bad(format!("{field} is too long")));
    }
    let language = params.text("language_code");
    if let Some(bot) = ctx.world.bots.get_mut(&ctx.bot) {
        bot.texts.insert(format!("{field}/{language}"), text);
    }
    ctx.world.records.touch(crate::world::Record::Bot(ctx.bot));
    Ok(Value::Bool(true))
}

/// `getMyName`, `getMyDescription` and `getMyShortDescription`: each reader picks its field.
pub(super) fn get_text(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let language = params.text("language_code");
    let bot = ctx.world.bots.get(&ctx.bot);
    let text = |field: &str| {
        bot.and_then(|b| {
            b.texts
                .get(&format!("{field}/{language}"))
                .or_else(|| b.texts.get(&format!("{field}/")))
        })
        .cloned()
    };
    let own_name = ctx.world.users.get(&ctx.bot).map(|u| u.first_name.clone());
    Ok(json!({
        "name": text("name").or(own_name).unwrap_or_default(),
        "description": text("description").unwrap_or_default(),
        "short_description": text("short_description").unwrap_or_default(),
    }))
}
