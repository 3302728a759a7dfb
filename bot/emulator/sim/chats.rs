//! Chats and who is in them.

use serde_json::{Map, Value, json};

use super::body::{chat, flag, int, ints, need, person, text};
use super::{SimError, SimResult};
use crate::world::{ADMIN_RIGHTS, Chat, Key, Kind, Member, Record, Topic, World, all_rights};

fn kind(body: &Value) -> Result<Kind, SimError> {
    match text(body, "type").as_deref() {
        Some("private") => Ok(Kind::Private),
        Some("group") => Ok(Kind::Group),
        None | Some("supergroup") => Ok(Kind::Supergroup),
        Some("channel") => Ok(Kind::Channel),
        Some(other) => Err(SimError::new(format!("unknown chat type {other:?}"))),
    }
}

/// Full rights of an administrator, without those only owners use.
fn admin() -> Member {
    let mut rights = all_rights(true);
    rights.insert("can_promote_members".into(), json!(false));
    Member {
        rights,
        ..Member::new("administrator")
    }
}

/// `POST /sim/chats`: creates a chat, or adds members to an existing one.
pub(super) fn put_chat(world: &mut World, body: &Value) -> SimResult {
    let kind = kind(body)?;
    let members = ints(body, "members")?.unwrap_or_default();
    let admins = ints(body, "admins")?.unwrap_or_default();
    let bots = ints(body, "bots")?.unwrap_or_else(|| world.bots.keys().copied().collect());
    for id in members.iter().chain(&admins).chain(&bots) {
        if !world.users.contains_key(id) {
            return Err(SimError::missing(&format!("user {id}")));
        }
    }
    if kind == Kind::Private {
        return private(world, &members, &bots);
    }
    let id = match int(body, "id") {
        Some(id) if id < 0 => id,
        Some(_) => return Err(SimError::new("a group's id is negative")),
        None => world.fresh_chat(kind),
    };
    let key = Key::shared(id);
    let title = text(body, "title").unwrap_or_default();
    if title.is_empty() && !world.chats.contains_key(&key) {
        return Err(SimError::new("field \"title\" is missing"));
    }
    world
        .chats
        .entry(key)
        .or_insert_with(|| Chat::new(key, kind, &title));
    if let Some(chat) = world.chat_mut(key) {
        if !title.is_empty() {
            chat.title = title;
        }
        chat.is_forum = flag(body, "is_forum").unwrap_or(chat.is_forum);
        chat.hidden_members = flag(body, "has_hidden_members").unwrap_or(chat.hidden_members);
        if let Some(name) = text(body, "username") {
            chat.username = Some(name.trim_start_matches('@').to_owned()).filter(|n| !n.is_empty());
        }
        if let Some(words) = text(body, "description") {
            chat.description = Some(words);
        }
        seat(chat, &members, &admins, &bots, int(body, "creator"));
    }
    world.events.push("chat", Key::shared(id), None);
    let by = int(body, "creator")
        .or_else(|| admins.first().copied())
        .or_else(|| members.first().copied());
    seat_bots(world, key, &bots, body, by);
    Ok(world.chat_json(key))
}

fn seat(chat: &mut Chat, members: &[i64], admins: &[i64], bots: &[i64], creator: Option<i64>) {
    for id in members.iter().filter(|id| !bots.contains(id)) {
        let known = chat.members.get(id).is_some_and(Member::is_in);
        if !known {
            chat.members.insert(*id, Member::new("member"));
        }
    }
    for id in admins.iter().filter(|id| !bots.contains(id)) {
        chat.members.insert(*id, admin());
    }
    let has_creator = chat.members.values().any(|m| m.status == "creator");
    let creator = creator.or_else(|| admins.first().copied().filter(|_| !has_creator));
    if let Some(creator) = creator {
        chat.members.insert(creator, Member::new("creator"));
    }
}

fn seat_bots(world: &mut World, key: Key, bots: &[i64], body: &Value, by: Option<i64>) {
    let status = text(body, "bot_status").unwrap_or_else(|| "administrator".into());
    for bot in bots {
        if world.member(key, *bot).is_some_and(|m| m.status == status) {
            continue;
        }
        let mut place = if status == "administrator" {
            admin()
        } else {
            Member::new(&status)
        };
        if let Some(rights) = body.get("bot_rights").and_then(Value::as_object) {
            place.rights.extend(rights.clone());
        }
        world.set_member(key, *bot, place, by.unwrap_or(*bot), None);
    }
}

fn private(world: &mut World, members: &[i64], bots: &[i64]) -> SimResult {
    let [person] = members else {
        return Err(SimError::new("a private chat has one member"));
    };
    for bot in bots {
        world.private_chat(*person, *bot).started = true;
    }
    let bot = bots.first().ok_or_else(|| SimError::missing("a bot"))?;
    Ok(world.chat_json(Key::private(*person, *bot)))
}

/// `POST /sim/join`: by an invite link, or straight into a chat.
pub(super) fn join(world: &mut World, body: &Value) -> SimResult {
    let from = person(world, body, "from")?;
    let Some(link) = text(body, "invite_link") else {
        let key = chat(world, body, from)?;
        return enter(world, key, from, None);
    };
    let key = world
        .chats
        .values()
        .find(|c| c.invites.contains_key(&link))
        .map(|c| c.key)
        .ok_or_else(|| SimError::missing("this invite link"))?;
    let invite = world
        .chats
        .get(&key)
        .and_then(|c| c.invites.get(&link))
        .cloned()
        .unwrap_or_default();
    let expired = invite.expire_date.is_some_and(|d| d > 0 && d <= world.now);
    let full = invite
        .member_limit
        .is_some_and(|l| l > 0 && invite.joined >= l);
    if invite.revoked || expired || full {
        return Err(SimError::new("this invite link is no longer valid"));
    }
    if !invite.join_request {
        return enter(world, key, from, Some(&link));
    }
    if world.member(key, from).is_some_and(Member::is_in) {
        return Err(SimError::new(format!(
            "user {from} is already in this chat"
        )));
    }
    let bio = text(body, "bio");
    request(world, key, from, &link, bio);
    Ok(json!({ "status": "requested", "chat": key.id }))
}

fn request(world: &mut World, key: Key, from: i64, link: &str, bio: Option<String>) {
    if let Some(chat) = world.chat_mut(key) {
        chat.requests.insert(from, Some(link.to_owned()));
    }
    let mut update = Map::new();
    update.insert("chat".into(), world.chat_json(key));
    update.insert("from".into(), world.user_json(from));
    update.insert("user_chat_id".into(), json!(from));
    update.insert("date".into(), json!(world.now));
    if let Some(bio) = bio {
        update.insert("bio".into(), json!(bio));
    }
    if let Some(chat) = world.chats.get(&key) {
        update.insert("invite_link".into(), world.invite_json(chat, link));
    }
    let readers: Vec<i64> = world.chats.get(&key).map_or_else(Vec::new, |chat| {
        let may =
            |(id, m): &(&i64, &Member)| world.bots.contains_key(id) && m.can("can_invite_users");
        chat.members.iter().filter(may).map(|(id, _)| *id).collect()
    });
    let until = world.now + 300;
    for bot in readers {
        // The bot may write to the person for five minutes, started or not.
        world.private_chat(from, bot).writable_until = until;
        world.push_update(
            bot,
            "chat_join_request",
            key.id,
            Value::Object(update.clone()),
        );
    }
    world.events.push("chat", key, None);
}

fn enter(world: &mut World, key: Key, from: i64, link: Option<&str>) -> SimResult {
    match world.member(key, from) {
        Some(m) if m.is_in() => {
            return Err(SimError::new(format!(
                "user {from} is already in this chat"
            )));
        }
        Some(m) if m.status == "kicked" && (m.until_date == 0 || m.until_date > world.now) => {
            return Err(SimError::new(format!(
                "user {from} is banned from this chat"
            )));
        }
        _ => {}
    }
    if let Some(invite) = link.and_then(|l| world.chat_mut(key)?.invites.get_mut(l)) {
        invite.joined += 1;
    }
    world.join(key, from, from, link);
    Ok(json!({ "status": "member", "chat": key.id }))
}

/// `POST /sim/leave`.
pub(super) fn leave(world: &mut World, body: &Value) -> SimResult {
    let from = person(world, body, "from")?;
    let key = chat(world, body, from)?;
    if !world.member(key, from).is_some_and(Member::is_in) {
        return Err(SimError::new(format!("user {from} is not in this chat")));
    }
    world.part(key, from, from, Member::new("left"));
    Ok(json!({ "status": "left", "chat": key.id }))
}

/// `POST /sim/kick`: a person or a bot is removed and banned.
pub(super) fn kick(world: &mut World, body: &Value) -> SimResult {
    let user = match int(body, "user") {
        Some(_) => person(world, body, "user")?,
        None => super::body::bot(world, body)?,
    };
    let key = chat(world, body, user)?;
    let by = actor(world, key, body, user);
    world.part(key, user, by, Member::new("kicked"));
    Ok(json!({ "status": "kicked", "chat": key.id }))
}

/// `POST /sim/add`: someone is added to a chat by another; a bot with a status and rights.
pub(super) fn add(world: &mut World, body: &Value) -> SimResult {
    let user = person(world, body, "user")?;
    let key = chat(world, body, user)?;
    let by = actor(world, key, body, user);
    world.join(key, user, by, None);
    if text(body, "status").is_some_and(|s| s == "administrator") {
        world.set_member(key, user, admin(), by, None);
    }
    Ok(json!({ "status": text(body, "status").unwrap_or_else(|| "member".into()), "chat": key.id }))
}

/// Who does it: `from`, or the owner, or an administrator of the chat.
fn actor(world: &World, key: Key, body: &Value, other: i64) -> i64 {
    int(body, "from").unwrap_or_else(|| {
        let chat = world.chats.get(&key);
        let person = |(id, m): &(&i64, &Member)| {
            m.is_admin() && !world.bots.contains_key(id) && **id != other
        };
        chat.and_then(|c| c.members.iter().find(person))
            .map_or(other, |(id, _)| *id)
    })
}

/// `POST /sim/migrate`: a group becomes a supergroup.
pub(super) fn migrate(world: &mut World, body: &Value) -> SimResult {
    let id = need(body, "chat")?;
    match world.migrate(Key::shared(id)) {
        Some(new) => Ok(json!({ "chat": new })),
        None => Err(SimError::new(format!(
            "chat {id} is not a group that can be upgraded"
        ))),
    }
}

/// `POST /sim/rights`: changes someone's status and rights.
pub(super) fn rights(world: &mut World, body: &Value) -> SimResult {
    let user = person(world, body, "user")?;
    let key = chat(world, body, user)?;
    let old = world
        .member(key, user)
        .cloned()
        .unwrap_or_else(|| Member::new("left"));
    let status = text(body, "status").unwrap_or_else(|| old.status.clone());
    const KNOWN: [&str; 6] = [
        "creator",
        "administrator",
        "member",
        "restricted",
        "left",
        "kicked",
    ];
    if !KNOWN.contains(&status.as_str()) {
        return Err(SimError::new(format!("unknown status {status:?}")));
    }
    let mut place = match status.as_str() {
        "administrator" if !old.is_admin() => admin(),
        same if same == old.status => old,
        other => Member::new(other),
    };
    if let Some(given) = body.get("rights").and_then(Value::as_object) {
        let unknown = given.keys().find(|k| {
            !ADMIN_RIGHTS.contains(&k.as_str())
                && !crate::world::SEND_RIGHTS.contains(&k.as_str())
                && *k != "is_member"
        });
        if let Some(unknown) = unknown {
            return Err(SimError::new(format!("unknown right {unknown:?}")));
        }
        place.rights.extend(given.clone());
    }
    place.custom_title = text(body, "custom_title").or(place.custom_title);
    let by = actor(world, key, body, user);
    world.set_member(key, user, place, by, None);
    let chat = world
        .chats
        .get(&key)
        .ok_or_else(|| SimError::missing("this chat"))?;
    let member = world.member(key, user).cloned().unwrap_or_default();
    Ok(world.member_json(chat, user, &member))
}

/// `POST /sim/topics`: creates a topic, or closes, reopens, deletes or renames one; or switches topics on or off.
pub(super) fn topic(world: &mut World, body: &Value) -> SimResult {
    let key = Key::shared(need(body, "chat")?);
    let by = int(body, "from").unwrap_or_else(|| actor(world, key, body, 0));
    let chat = world
        .chat_mut(key)
        .ok_or_else(|| SimError::missing("this chat"))?;
    if let Some(on) = flag(body, "is_forum") {
        chat.is_forum = on;
        world.events.push("chat", key, None);
        return Ok(world.chat_json(key));
    }
    if !chat.is_forum {
        return Err(SimError::new(
            "this chat has no topics; switch them on with is_forum",
        ));
    }
    let Some(thread) = int(body, "thread") else {
        let name = text(body, "name").ok_or_else(|| SimError::new("field \"name\" is missing"))?;
        let id = world.create_topic(key, by, &name, 0x6F_B9F0, None);
        return Ok(json!({ "message_thread_id": id, "name": name }));
    };
    let topic = chat
        .topics
        .get_mut(&thread)
        .ok_or_else(|| SimError::missing("this topic"))?;
    if let Some(name) = text(body, "name") {
        topic.name = name;
    }
    let mut service = None;
    if let Some(closed) = flag(body, "closed") {
        topic.closed = closed;
        service = Some(if closed {
            "forum_topic_closed"
        } else {
            "forum_topic_reopened"
        });
    }
    topic.deleted = flag(body, "deleted").unwrap_or(topic.deleted);
    let value = topic_json(thread, topic);
    if let Some(field) = service {
        world.post_topic_service(key, by, thread, field, json!({}));
    }
    world.records.touch(Record::Chat(key));
    world.events.push("chat", key, None);
    Ok(value)
}

/// A topic with its state.
pub(super) fn topic_json(thread: i64, topic: &Topic) -> Value {
    json!({
        "message_thread_id": thread,
        "name": topic.name,
        "closed": topic.closed,
        "deleted": topic.deleted,
    })
}

/// `POST /sim/approve`: a human administrator lets someone in, or refuses with `approve: false`.
pub(super) fn approve(world: &mut World, body: &Value) -> SimResult {
    let user = person(world, body, "user")?;
    let key = chat(world, body, user)?;
    let waiting = world.chat_mut(key).and_then(|c| c.requests.remove(&user));
    let link = waiting.ok_or_else(|| SimError::new(format!("user {user} did not ask to join")))?;
    if flag(body, "approve") == Some(false) {
        world.events.push("chat", key, None);
        return Ok(json!({ "status": "declined" }));
    }
    let by = actor(world, key, body, user);
    world.join(key, user, by, link.as_deref());
    Ok(json!({ "status": "member" }))
}

/// `POST /sim/anonymous`: an administrator hides behind the group, or shows again.
pub(super) fn anonymous(world: &mut World, body: &Value) -> SimResult {
    let user = person(world, body, "user")?;
    let key = chat(world, body, user)?;
    if !world.member(key, user).is_some_and(Member::is_admin) {
        return Err(SimError::new("only administrators can be anonymous"));
    }
    let on = flag(body, "on").unwrap_or(true);
    if let Some(chat) = world.chat_mut(key) {
        if on {
            chat.anonymous.insert(user);
        } else {
            chat.anonymous.remove(&user);
        }
    }
    Ok(json!({ "anonymous": on }))
}
