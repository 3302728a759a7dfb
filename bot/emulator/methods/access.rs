//! Finding chats and checking what a bot may do there.

use serde_json::Value;

use super::Ctx;
use crate::error::{ApiError, ApiResult};
use crate::params::Params;
use crate::world::{Chat, Key, Kind, Member};

impl Ctx<'_> {
    /// The chat named by `field`, visible to the bot.
    pub fn chat(&self, params: &Params, field: &str) -> ApiResult<Key> {
        let text = params.text(field);
        if text.is_empty() {
            return Err(ApiError::bad(format!("{field} is empty")));
        }
        let not_found = || ApiError::bad("chat not found");
        if let Some(name) = text.strip_prefix('@') {
            return self.world.by_username(name).ok_or_else(not_found);
        }
        let id = params.int(field).ok_or_else(not_found)?;
        if id > 0 {
            let key = Key::private(id, self.bot);
            let met = self.world.chats.contains_key(&key) || self.met(id);
            return if met && self.world.users.contains_key(&id) {
                Ok(key)
            } else {
                Err(not_found())
            };
        }
        let key = Key::shared(id);
        let chat = self.world.chats.get(&key).ok_or_else(not_found)?;
        if let Some(to) = chat.migrated_to {
            return Err(ApiError::migrated(to));
        }
        if !chat.members.contains_key(&self.bot) && chat.username.is_none() {
            return Err(not_found());
        }
        Ok(key)
    }

    /// Whether the bot shares a group with a person.
    fn met(&self, user: i64) -> bool {
        self.world.chats.values().any(|c| {
            !c.key.is_private()
                && c.members.contains_key(&user)
                && c.members.contains_key(&self.bot)
        })
    }

    /// The chat behind a key.
    pub fn at(&self, key: Key) -> ApiResult<&Chat> {
        self.world
            .chats
            .get(&key)
            .ok_or_else(|| ApiError::bad("chat not found"))
    }

    /// The bot's own place in a chat.
    pub fn own(&self, key: Key) -> Option<&Member> {
        self.world.member(key, self.bot)
    }

    /// Refuses when the bot is not in the chat or cannot reach the person.
    pub fn check_member(&self, key: Key) -> ApiResult<()> {
        if key.is_private() {
            return self.check_person(key);
        }
        let kind = self.at(key)?.kind.name();
        match self.own(key) {
            Some(member) if member.is_in() => Ok(()),
            Some(member) if member.status == "kicked" => Err(ApiError::forbidden(format!(
                "bot was kicked from the {kind} chat"
            ))),
            _ => Err(ApiError::forbidden(format!(
                "bot is not a member of the {kind} chat"
            ))),
        }
    }

    fn check_person(&self, key: Key) -> ApiResult<()> {
        let user = self.world.users.get(&key.id);
        if user.is_some_and(|u| u.deactivated) {
            return Err(ApiError::forbidden("user is deactivated"));
        }
        if user.is_some_and(|u| u.is_bot) {
            return Err(ApiError::forbidden("bot can't send messages to bots"));
        }
        let chat = self.world.chats.get(&key);
        match chat {
            Some(chat) if chat.blocked => Err(ApiError::forbidden("bot was blocked by the user")),
            Some(chat) if chat.started || chat.writable_until > self.now => Ok(()),
            _ => Err(ApiError::forbidden(
                "bot can't initiate conversation with a user",
            )),
        }
    }

    /// Refuses when the bot may not send a kind of content to the chat.
    pub fn check_send(&self, key: Key, right: &str, what: &str) -> ApiResult<()> {
        self.check_member(key)?;
        if key.is_private() {
            return Ok(());
        }
        let chat = self.at(key)?;
        let Some(own) = self.own(key) else {
            return Ok(());
        };
        let refused = || {
            Err(ApiError::bad(format!(
                "not enough rights to send {what} to the chat"
            )))
        };
        if chat.kind == Kind::Channel {
            return if own.can("can_post_messages") {
                Ok(())
            } else if own.is_admin() {
                refused()
            } else {
                Err(ApiError::bad(
                    "need administrator rights in the channel chat",
                ))
            };
        }
        if own.is_admin() {
            return Ok(());
        }
        let allowed =
            |rights: &serde_json::Map<String, Value>| rights.get(right) == Some(&Value::Bool(true));
        let restricted = own.status == "restricted" && !allowed(&own.rights);
        if restricted || !allowed(&chat.permissions) {
            return refused();
        }
        Ok(())
    }

    /// Refuses unless the bot is an administrator with a right.
    pub fn check_right(&self, key: Key, right: &str, refusal: &str) -> ApiResult<()> {
        self.check_member(key)?;
        if key.is_private() || self.own(key).is_some_and(|m| m.can(right)) {
            return Ok(());
        }
        Err(ApiError::bad(refusal))
    }

    /// Resolves the topic named by `message_thread_id`.
    pub fn thread(&self, key: Key, params: &Params) -> ApiResult<Option<i64>> {
        let Some(thread) = params.int("message_thread_id").filter(|t| *t != 0) else {
            return Ok(None);
        };
        let not_found = || ApiError::bad("message thread not found");
        let chat = self.world.chats.get(&key).ok_or_else(not_found)?;
        let topic = chat
            .topics
            .get(&thread)
            .filter(|t| !t.deleted && chat.is_forum);
        let topic = topic.ok_or_else(not_found)?;
        let may_write = self.own(key).is_some_and(|m| m.can("can_manage_topics"));
        if topic.closed && !may_write {
            return Err(ApiError::bad("TOPIC_CLOSED"));
        }
        Ok(Some(thread))
    }

    /// Resolves `reply_parameters` or `reply_to_message_id`.
    pub fn reply(&self, key: Key, params: &Params) -> ApiResult<Option<i64>> {
        let given = params
            .json("reply_parameters")
            .map_err(|_| ApiError::bad("can't parse reply parameters JSON object"))?;
        let number = |v: &Value| v.as_i64().or_else(|| v.as_str()?.parse().ok());
        let (id, lenient) = match &given {
            Some(reply) => {
                let lenient = reply.get("allow_sending_without_reply");
                let lenient = lenient.is_some_and(|v| v == &Value::Bool(true) || v == "true");
                (reply.get("message_id").and_then(number), lenient)
            }
            None => (
                params.int("reply_to_message_id"),
                params.flag("allow_sending_without_reply"),
            ),
        };
        let Some(id) = id.filter(|id| *id != 0) else {
            return Ok(None);
        };
        if self.world.message(key, id).is_some() {
            Ok(Some(id))
        } else if lenient {
            Ok(None)
        } else {
            Err(ApiError::bad("message to be replied not found"))
        }
    }

    /// The message named by `message_id`, with the texts of one action.
    pub fn target(&self, key: Key, params: &Params, refusal: &str) -> ApiResult<i64> {
        let id = params.int("message_id").filter(|id| *id > 0);
        let id = id.ok_or_else(|| ApiError::bad("message identifier is not specified"))?;
        if self.world.message(key, id).is_none() {
            return Err(ApiError::bad(refusal));
        }
        Ok(id)
    }
}
