//! Persons and bots.

use serde_json::Value;

use super::body::{bot, flag, int, person, text};
use super::{SimError, SimResult};
use crate::http::split_token;
use crate::world::{Key, Record, User, World};

/// `POST /sim/users`: adds a person, or changes the fields given.
pub(super) fn put_user(world: &mut World, body: &Value) -> SimResult {
    let id = match int(body, "id") {
        Some(id) if id > 0 => id,
        Some(_) => return Err(SimError::new("a person's id is positive")),
        None => world.fresh_user(),
    };
    let mut user = world.users.get(&id).cloned().unwrap_or_default();
    user.id = id;
    if let Some(name) = text(body, "first_name") {
        user.first_name = name;
    }
    if user.first_name.is_empty() {
        return Err(SimError::new("field \"first_name\" is missing"));
    }
    let username = text(body, "username").map(|u| u.trim_start_matches('@').to_owned());
    if let Some(name) = &username {
        let taken = world.users.values().any(|u| {
            u.id != id
                && u.username
                    .as_ref()
                    .is_some_and(|o| o.eq_ignore_ascii_case(name))
        });
        if taken {
            return Err(SimError::new(format!("username {name} is taken")));
        }
    }
    user.username = username.or(user.username).filter(|u| !u.is_empty());
    user.last_name = text(body, "last_name")
        .or(user.last_name)
        .filter(|n| !n.is_empty());
    user.language_code = text(body, "language_code").or(user.language_code);
    user.deactivated = flag(body, "deactivated").unwrap_or(user.deactivated);
    let value = user.to_json();
    world.put_user(user);
    Ok(value)
}

/// `POST /sim/bots`: registers a bot by its token, or changes it.
pub(super) fn put_bot(world: &mut World, body: &Value) -> SimResult {
    let token = text(body, "token").ok_or_else(|| SimError::new("field \"token\" is missing"))?;
    let (id, secret) =
        split_token(&token).ok_or_else(|| SimError::new("a token looks like 123456:secret"))?;
    let mut user = world.users.get(&id).cloned().unwrap_or_else(|| User {
        id,
        is_bot: true,
        first_name: format!("Bot {id}"),
        username: Some(format!("bot{id}_bot")),
        ..User::default()
    });
    user.username = text(body, "username")
        .map(|u| u.trim_start_matches('@').to_owned())
        .or(user.username);
    user.first_name = text(body, "first_name").unwrap_or(user.first_name);
    let value = user.to_json();
    let reads_all = flag(body, "can_read_all_group_messages");
    let bot = world.put_bot(id, secret, user);
    bot.reads_all = reads_all.unwrap_or(bot.reads_all);
    Ok(value)
}

/// `POST /sim/block`: a person blocks or unblocks a bot.
pub(super) fn block(world: &mut World, body: &Value) -> SimResult {
    let from = person(world, body, "from")?;
    let bot = bot(world, body)?;
    let blocked = flag(body, "blocked").unwrap_or(true);
    world.set_blocked(from, bot, blocked);
    world.records.touch(Record::Chat(Key::private(from, bot)));
    Ok(serde_json::json!({ "blocked": blocked }))
}
