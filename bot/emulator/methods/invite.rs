//! Invite links and join requests.

use serde_json::Value;

use super::Ctx;
use crate::error::{ApiError, ApiResult};
use crate::params::Params;
use crate::world::{Invite, Key, Member};

impl Ctx<'_> {
    fn inviting(&self, params: &Params) -> ApiResult<Key> {
        let key = self.chat(params, "chat_id")?;
        if key.is_private() {
            return Err(ApiError::bad("can't invite members to a private chat"));
        }
        self.check_right(
            key,
            "can_invite_users",
            "not enough rights to manage chat invite link",
        )?;
        Ok(key)
    }

    fn new_link(&mut self, key: Key, invite: Invite) -> String {
        let number = self.world.fresh();
        let mixed =
            key.id.unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number.unsigned_abs();
        let link = format!("https://t.me/+{mixed:016x}");
        if let Some(chat) = self.world.chat_mut(key) {
            chat.invites.insert(link.clone(), invite);
        }
        self.world.events.push("chat", key, None);
        link
    }

    /// The arguments common to creating and editing a link.
    fn link_options(&self, params: &Params, invite: &mut Invite) -> ApiResult<()> {
        invite.name = params
            .some_text("name")
            .map(|n| n.chars().take(32).collect());
        invite.expire_date = params.int("expire_date").filter(|d| *d > 0);
        invite.member_limit = params.int("member_limit").filter(|l| *l > 0);
        invite.join_request = params.flag("creates_join_request");
        if invite.member_limit.is_some_and(|l| l > 99_999) {
            return Err(ApiError::bad("USAGE_LIMIT_INVALID"));
        }
        if invite.expire_date.is_some_and(|d| d <= self.now) {
            return Err(ApiError::bad("EXPIRE_DATE_INVALID"));
        }
        if invite.join_request && invite.member_limit.is_some() {
            return Err(ApiError::bad(
                "member limit can't be specified for links requiring administrator approval",
            ));
        }
        Ok(())
    }

    /// The bot's own link named by `invite_link`.
    fn own_link(&self, key: Key, params: &Params) -> ApiResult<String> {
        let link = params.text("invite_link");
        let known = self
            .at(key)?
            .invites
            .get(&link)
            .is_some_and(|i| i.creator == self.bot);
        if known {
            Ok(link)
        } else {
            Err(ApiError::bad("INVITE_HASH_EXPIRED"))
        }
    }

    fn link_json(&self, key: Key, link: &str) -> ApiResult {
        Ok(self.world.invite_json(self.at(key)?, link))
    }
}

/// `exportChatInviteLink`: a new primary link, the old one is revoked.
pub(super) fn export(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let key = ctx.inviting(params)?;
    let bot = ctx.bot;
    if let Some(chat) = ctx.world.chat_mut(key) {
        for invite in chat
            .invites
            .values_mut()
            .filter(|i| i.primary && i.creator == bot)
        {
            invite.revoked = true;
            invite.primary = false;
        }
    }
    let invite = Invite {
        creator: bot,
        primary: true,
        ..Invite::default()
    };
    Ok(Value::String(ctx.new_link(key, invite)))
}

/// `createChatInviteLink`.
pub(super) fn create(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let key = ctx.inviting(params)?;
    let mut invite = Invite {
        creator: ctx.bot,
        ..Invite::default()
    };
    ctx.link_options(params, &mut invite)?;
    let link = ctx.new_link(key, invite);
    ctx.link_json(key, &link)
}

/// `editChatInviteLink`.
pub(super) fn edit(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let key = ctx.inviting(params)?;
    let link = ctx.own_link(key, params)?;
    let mut invite = ctx.at(key)?.invites.get(&link).cloned().unwrap_or_default();
    ctx.link_options(params, &mut invite)?;
    if let Some(chat) = ctx.world.chat_mut(key) {
        chat.invites.insert(link.clone(), invite);
    }
    ctx.link_json(key, &link)
}

/// `revokeChatInviteLink`.
pub(super) fn revoke(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let key = ctx.inviting(params)?;
    let link = ctx.own_link(key, params)?;
    if let Some(invite) = ctx
        .world
        .chat_mut(key)
        .and_then(|c| c.invites.get_mut(&link))
    {
        invite.revoked = true;
    }
    ctx.world.events.push("chat", key, None);
    ctx.link_json(key, &link)
}

fn take_request(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult<(Key, i64, Option<String>)> {
    let key = ctx.inviting(params)?;
    let user = ctx.user(params)?;
    if ctx.world.member(key, user).is_some_and(Member::is_in) {
        return Err(ApiError::bad("USER_ALREADY_PARTICIPANT"));
    }
    let link = ctx
        .world
        .chat_mut(key)
        .and_then(|c| c.requests.remove(&user));
    let link = link.ok_or_else(|| ApiError::bad("HIDE_REQUESTER_MISSING"))?;
    Ok((key, user, link))
}

/// `approveChatJoinRequest`.
pub(super) fn approve(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let (key, user, link) = take_request(ctx, params)?;
    if let Some(invite) = link
        .as_ref()
        .and_then(|l| ctx.world.chat_mut(key)?.invites.get_mut(l))
    {
        invite.joined += 1;
    }
    ctx.world.join(key, user, ctx.bot, link.as_deref());
    Ok(Value::Bool(true))
}

/// `declineChatJoinRequest`.
pub(super) fn decline(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let (key, _, _) = take_request(ctx, params)?;
    ctx.world.events.push("chat", key, None);
    Ok(Value::Bool(true))
}
