//! Members: who is there, bans, rights.

use serde_json::{Map, Value, json};

use super::Ctx;
use crate::error::{ApiError, ApiResult};
use crate::params::Params;
use crate::world::{ADMIN_RIGHTS, Key, Kind, Member, SEND_RIGHTS};

impl Ctx<'_> {
    /// The person named by `user_id`.
    pub(super) fn user(&self, params: &Params) -> ApiResult<i64> {
        let id = params.int("user_id").filter(|id| *id > 0);
        let id = id.ok_or_else(|| ApiError::bad("invalid user_id specified"))?;
        if !self.world.users.contains_key(&id) {
            return Err(ApiError::bad("PARTICIPANT_ID_INVALID"));
        }
        Ok(id)
    }

    /// A group or channel in which the bot may remove or restrict `user`.
    fn restrictable(&self, params: &Params) -> ApiResult<(Key, i64)> {
        let key = self.chat(params, "chat_id")?;
        let user = self.user(params)?;
        if key.is_private() {
            return Err(ApiError::bad("can't restrict members in private chats"));
        }
        self.check_right(
            key,
            "can_restrict_members",
            "not enough rights to restrict/unrestrict chat member",
        )?;
        match self.world.member(key, user).map(|m| m.status.as_str()) {
            Some("creator") => Err(ApiError::bad("can't remove chat owner")),
            Some("administrator") => Err(ApiError::bad("user is an administrator of the chat")),
            _ if user == self.bot => Err(ApiError::bad("can't restrict self")),
            _ => Ok((key, user)),
        }
    }
}

/// `getChatMember`.
pub(super) fn get(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let key = ctx.chat(params, "chat_id")?;
    let user = ctx.user(params)?;
    if key.is_private() {
        if user != key.id && user != ctx.bot {
            return Err(ApiError::bad("member not found"));
        }
        return Ok(json!({ "user": ctx.world.user_json(user), "status": "member" }));
    }
    ctx.check_member(key)?;
    let chat = ctx.at(key)?;
    let admin = ctx.own(key).is_some_and(Member::is_admin);
    let hidden = chat.hidden_members || chat.kind == Kind::Channel;
    if hidden && !admin && user != ctx.bot {
        return Err(ApiError::bad("CHAT_ADMIN_REQUIRED"));
    }
    let left = Member::new("left");
    let member = chat.members.get(&user).unwrap_or(&left);
    Ok(ctx.world.member_json(chat, user, member))
}

/// `getChatAdministrators`; other bots are left out, as on the real server.
pub(super) fn administrators(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let key = ctx.chat(params, "chat_id")?;
    if key.is_private() {
        return Err(ApiError::bad(
            "there are no administrators in the private chat",
        ));
    }
    ctx.check_member(key)?;
    let chat = ctx.at(key)?;
    let list: Vec<Value> = chat
        .members
        .iter()
        .filter(|(id, m)| m.is_admin() && (**id == ctx.bot || !ctx.world.bots.contains_key(id)))
        .map(|(id, m)| ctx.world.member_json(chat, *id, m))
        .collect();
    Ok(Value::Array(list))
}

/// `getChatMemberCount`.
pub(super) fn count(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let key = ctx.chat(params, "chat_id")?;
    if key.is_private() {
        return Ok(json!(2));
    }
    ctx.check_member(key)?;
    let count = ctx.at(key)?.members.values().filter(|m| m.is_in()).count();
    Ok(json!(count))
}

/// `banChatMember`.
pub(super) fn ban(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let (key, user) = ctx.restrictable(params)?;
    let member = Member {
        until_date: params.int("until_date").unwrap_or(0),
        ..Member::new("kicked")
    };
    ctx.world.part(key, user, ctx.bot, member);
    Ok(Value::Bool(true))
}

/// `unbanChatMember`: without `only_if_banned` a present member is removed.
pub(super) fn unban(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let (key, user) = ctx.restrictable(params)?;
    let member = ctx.world.member(key, user);
    let banned = member.is_some_and(|m| m.status == "kicked");
    let present = member.is_some_and(Member::is_in);
    if banned || (present && !params.flag("only_if_banned")) {
        ctx.world.part(key, user, ctx.bot, Member::new("left"));
    }
    Ok(Value::Bool(true))
}

/// `restrictChatMember`.
pub(super) fn restrict(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let (key, user) = ctx.restrictable(params)?;
    if ctx.at(key)?.kind != Kind::Supergroup {
        return Err(ApiError::bad("method is available only for supergroups"));
    }
    let given = params
        .json("permissions")
        .ok()
        .flatten()
        .ok_or_else(|| ApiError::bad("can't parse permissions JSON object"))?;
    let mut rights = Map::new();
    for right in SEND_RIGHTS {
        let on = given.get(right) == Some(&Value::Bool(true));
        rights.insert(right.into(), Value::Bool(on));
    }
    let all = rights.values().all(|v| *v == Value::Bool(true));
    let present = ctx.world.member(key, user).is_some_and(Member::is_in);
    rights.insert("is_member".into(), json!(present));
    let member = if all && present {
        Member::new("member")
    } else {
        Member {
            rights,
            until_date: params.int("until_date").unwrap_or(0),
            ..Member::new("restricted")
        }
    };
    ctx.world.set_member(key, user, member, ctx.bot, None);
    Ok(Value::Bool(true))
}

/// `promoteChatMember`: no right at all makes an ordinary member again.
pub(super) fn promote(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let key = ctx.chat(params, "chat_id")?;
    let user = ctx.user(params)?;
    ctx.check_right(key, "can_promote_members", "not enough rights")?;
    match ctx.world.member(key, user) {
        Some(m) if m.status == "creator" => return Err(ApiError::bad("can't remove chat owner")),
        Some(m) if m.is_in() => {}
        _ => return Err(ApiError::bad("USER_NOT_PARTICIPANT")),
    }
    let rights: Map<String, Value> = ADMIN_RIGHTS
        .iter()
        .map(|right| ((*right).to_owned(), json!(params.flag(right))))
        .collect();
    let none = rights.values().all(|v| *v == Value::Bool(false));
    let member = if none {
        Member::new("member")
    } else {
        Member {
            rights,
            ..Member::new("administrator")
        }
    };
    ctx.world.set_member(key, user, member, ctx.bot, None);
    Ok(Value::Bool(true))
}

/// `setChatAdministratorCustomTitle`.
pub(super) fn custom_title(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let key = ctx.chat(params, "chat_id")?;
    let user = ctx.user(params)?;
    ctx.check_right(
        key,
        "can_promote_members",
        "not enough rights to change custom title of the user",
    )?;
    let Some(mut member) = ctx
        .world
        .member(key, user)
        .filter(|m| m.is_admin())
        .cloned()
    else {
        return Err(ApiError::bad("user is not an administrator"));
    };
    member.custom_title = params
        .some_text("custom_title")
        .map(|t| t.chars().take(16).collect());
    if let Some(chat) = ctx.world.chat_mut(key) {
        chat.members.insert(user, member);
    }
    Ok(Value::Bool(true))
}

/// `setChatMemberTag`: a label of at most 16 characters; an empty one removes it.
pub(super) fn tag(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let key = ctx.chat(params, "chat_id")?;
    let user = ctx.user(params)?;
    ctx.check_right(key, "can_manage_tags", "not enough rights to manage tags")?;
    let tag = params.text("tag").trim().to_owned();
    if tag.chars().count() > 16 {
        return Err(ApiError::bad("TAG_INVALID"));
    }
    let Some(mut member) = ctx.world.member(key, user).filter(|m| m.is_in()).cloned() else {
        return Err(ApiError::bad("USER_NOT_PARTICIPANT"));
    };
    if member.is_admin() {
        return Err(ApiError::bad("user is an administrator of the chat"));
    }
    member.tag = Some(tag).filter(|t| !t.is_empty());
    ctx.world.set_member(key, user, member, ctx.bot, None);
    Ok(Value::Bool(true))
}

/// `getUserProfilePhotos`: nobody has any.
pub(super) fn profile_photos(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    ctx.user(params)?;
    Ok(json!({ "total_count": 0, "photos": [] }))
}
