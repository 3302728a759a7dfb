//! The menu of commands and the menu button.

use serde_json::{Value, json};

use super::Ctx;
use crate::error::{ApiError, ApiResult};
use crate::params::Params;
use crate::world::{Bot, Key, Member, Record, World};

/// The place of a list in the store: scope, chat, user, language.
fn slot(ctx: &Ctx<'_>, params: &Params) -> ApiResult<String> {
    let scope = params
        .json("scope")
        .map_err(|_| ApiError::bad("can't parse BotCommandScope JSON object"))?
        .unwrap_or_else(|| json!({ "type": "default" }));
    let kind = scope
        .get("type")
        .and_then(Value::as_str)
        .ok_or_else(|| ApiError::bad("can't parse BotCommandScope: can't find field \"type\""))?;
    let chat = || -> ApiResult<i64> {
        let mut inner = Params::default();
        let id = scope.get("chat_id").cloned().unwrap_or(Value::Null);
        inner.values.insert("chat_id".into(), id);
        Ok(ctx.chat(&inner, "chat_id")?.id)
    };
    let language = params.text("language_code");
    if !language.is_empty()
        && (language.len() != 2 || !language.chars().all(|c| c.is_ascii_lowercase()))
    {
        return Err(ApiError::bad("invalid language code specified"));
    }
    let place = match kind {
        "default" | "all_private_chats" | "all_group_chats" | "all_chat_administrators" => {
            kind.to_owned()
        }
        "chat" | "chat_administrators" => format!("{kind}:{}", chat()?),
        "chat_member" => {
            let user = scope
                .get("user_id")
                .and_then(|u| u.as_i64().or_else(|| u.as_str()?.parse().ok()));
            let user = user.ok_or_else(|| ApiError::bad("invalid user_id specified"))?;
            format!("chat_member:{}:{user}", chat()?)
        }
        _ => {
            return Err(ApiError::bad(
                "can't parse BotCommandScope: Unsupported type specified",
            ));
        }
    };
    Ok(format!("{place}/{language}"))
}

fn commands_of(params: &Params) -> ApiResult<Vec<Value>> {
    let list = params
        .json("commands")
        .map_err(|_| ApiError::bad("can't parse commands JSON object"))?;
    let list = match list {
        None => Vec::new(),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(ApiError::bad("expected an Array of BotCommand")),
    };
    if list.len() > 100 {
        return Err(ApiError::bad("BOT_COMMANDS_TOO_MUCH"));
    }
    list.iter()
        .map(|item| {
            let text = |name: &str| {
                item.get(name).and_then(Value::as_str).ok_or_else(|| {
                    ApiError::bad(format!(
                        "can't parse BotCommand: can't find field \"{name}\""
                    ))
                })
            };
            let command = text("command")?.trim().trim_start_matches('/').to_owned();
            let description = text("description")?.trim().to_owned();
            let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            if command.is_empty() || command.len() > 32 || !command.chars().all(good) {
                return Err(ApiError::bad("BOT_COMMAND_INVALID"));
            }
            if description.is_empty() {
                return Err(ApiError::bad("command description must be non-empty"));
            }
            if description.chars().count() > 256 {
                return Err(ApiError::bad("BOT_COMMAND_DESCRIPTION_INVALID"));
            }
            Ok(json!({ "command": command, "description": description }))
        })
        .collect()
}

fn own<'a>(ctx: &'a mut Ctx<'_>) -> ApiResult<&'a mut Bot> {
    ctx.world.records.touch(Record::Bot(ctx.bot));
    ctx.world
        .bots
        .get_mut(&ctx.bot)
        .ok_or_else(ApiError::unauthorized)
}

/// `setMyCommands`.
pub(super) fn set(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let list = commands_of(params)?;
    let slot = slot(ctx, params)?;
    let bot = own(ctx)?;
    if list.is_empty() {
        bot.commands.remove(&slot);
    } else {
        bot.commands.insert(slot, Value::Array(list));
    }
    Ok(Value::Bool(true))
}

/// `getMyCommands`: exactly the list of this scope and language.
pub(super) fn get(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let slot = slot(ctx, params)?;
    let bot = ctx.world.bots.get(&ctx.bot);
    Ok(bot
        .and_then(|b| b.commands.get(&slot).cloned())
        .unwrap_or_else(|| json!([])))
}

/// `deleteMyCommands`.
pub(super) fn delete(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let slot = slot(ctx, params)?;
    own(ctx)?.commands.remove(&slot);
    Ok(Value::Bool(true))
}

/// The menu a person sees in a chat, by the look-up order of Telegram's clients.
pub(crate) fn shown_to(world: &World, chat: i64, user: i64, bot: Option<i64>) -> Value {
    let key = if chat > 0 {
        Key::private(user, bot.unwrap_or(0))
    } else {
        Key::shared(chat)
    };
    let admin = world.member(key, user).is_some_and(Member::is_admin);
    let mut scopes = Vec::new();
    if chat > 0 {
        scopes.push(format!("chat:{user}"));
        scopes.push("all_private_chats".to_owned());
    } else {
        scopes.push(format!("chat_member:{chat}:{user}"));
        if admin {
            scopes.push(format!("chat_administrators:{chat}"));
        }
        scopes.push(format!("chat:{chat}"));
        if admin {
            scopes.push("all_chat_administrators".to_owned());
        }
        scopes.push("all_group_chats".to_owned());
    }
    scopes.push("default".to_owned());
    let language = world.users.get(&user).and_then(|u| u.language_code.clone());
    let language = language
        .unwrap_or_default()
        .chars()
        .take(2)
        .collect::<String>();
    let bots = world.bots.values().filter(|b| {
        bot.map_or(
            chat > 0 || world.member(key, b.id).is_some_and(Member::is_in),
            |wanted| wanted == b.id,
        )
    });
    let mut shown = Vec::new();
    for bot in bots {
        let found = scopes.iter().find_map(|scope| {
            [language.as_str(), ""].iter().find_map(|l| {
                let slot = format!("{scope}/{l}");
                bot.commands
                    .get(&slot)
                    .map(|list| (scope.clone(), (*l).to_owned(), list.clone()))
            })
        });
        let Some((scope, language, list)) = found else {
            continue;
        };
        for command in list.as_array().into_iter().flatten() {
            let mut command = command.clone();
            if let Some(map) = command.as_object_mut() {
                map.insert("bot".into(), json!(bot.id));
                map.insert("scope".into(), json!(scope));
                map.insert("language_code".into(), json!(language));
            }
            shown.push(command);
        }
    }
    json!({ "commands": shown })
}

/// `setChatMenuButton`.
pub(super) fn set_menu_button(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let chat = menu_chat(ctx, params)?;
    let button = params
        .json("menu_button")
        .map_err(|_| ApiError::bad("can't parse menu button JSON object"))?
        .unwrap_or_else(|| json!({ "type": "default" }));
    match button.get("type").and_then(Value::as_str) {
        Some("default" | "commands") => {}
        Some("web_app") => {
            let url = button
                .get("web_app")
                .and_then(|w| w.get("url"))
                .and_then(Value::as_str);
            if !url.is_some_and(|u| u.starts_with("https://") || u.starts_with("http://127.0.0.1"))
            {
                return Err(ApiError::bad(
                    "menu button Web App URL is invalid: Only HTTPS links are allowed",
                ));
            }
        }
        _ => {
            return Err(ApiError::bad(
                "can't parse menu button: Unsupported type specified",
            ));
        }
    }
    own(ctx)?.menu.insert(chat, button);
    Ok(Value::Bool(true))
}

/// `getChatMenuButton`.
pub(super) fn get_menu_button(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let chat = menu_chat(ctx, params)?;
    let bot = ctx.world.bots.get(&ctx.bot);
    let found = bot.and_then(|b| b.menu.get(&chat).or_else(|| b.menu.get(&0)).cloned());
    Ok(found.unwrap_or_else(|| json!({ "type": "commands" })))
}

fn menu_chat(ctx: &Ctx<'_>, params: &Params) -> ApiResult<i64> {
    if params.text("chat_id").is_empty() {
        return Ok(0);
    }
    let key = ctx.chat(params, "chat_id")?;
    if key.is_private() {
        Ok(key.id)
    } else {
        Err(ApiError::bad("chat not found"))
    }
}
