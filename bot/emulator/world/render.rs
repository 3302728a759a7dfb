//! Bot API objects built from the world.

use serde_json::{Map, Value, json};

use super::members::{all_rights, applies};
use super::{ANONYMOUS_ID, Chat, Key, Kind, Member, Message, User, World};

impl User {
    /// The `User` object.
    pub fn to_json(&self) -> Value {
        let mut map = Map::new();
        map.insert("id".into(), json!(self.id));
        map.insert("is_bot".into(), json!(self.is_bot));
        map.insert("first_name".into(), json!(self.first_name));
        for (name, value) in [
            ("last_name", &self.last_name),
            ("username", &self.username),
            ("language_code", &self.language_code),
        ] {
            if let Some(value) = value {
                map.insert(name.into(), json!(value));
            }
        }
        Value::Object(map)
    }
}

impl World {
    /// The `User` object of an account.
    pub fn user_json(&self, id: i64) -> Value {
        match self.users.get(&id) {
            Some(user) => user.to_json(),
            None if id == ANONYMOUS_ID => json!({
                "id": ANONYMOUS_ID, "is_bot": true, "first_name": "Group", "username": "GroupAnonymousBot",
            }),
            None => json!({ "id": id, "is_bot": false, "first_name": "" }),
        }
    }

    /// The `Chat` object.
    pub fn chat_json(&self, key: Key) -> Value {
        let mut map = Map::new();
        map.insert("id".into(), json!(key.id));
        let Some(chat) = self.chats.get(&key).filter(|c| c.kind != Kind::Private) else {
            if let Some(user) = self.users.get(&key.id) {
                map.insert("first_name".into(), json!(user.first_name));
                for (name, value) in [("last_name", &user.last_name), ("username", &user.username)]
                {
                    if let Some(value) = value {
                        map.insert(name.into(), json!(value));
                    }
                }
            }
            map.insert("type".into(), json!("private"));
            return Value::Object(map);
        };
        map.insert("title".into(), json!(chat.title));
        if let Some(username) = &chat.username {
            map.insert("username".into(), json!(username));
        }
        map.insert("type".into(), json!(chat.kind.name()));
        if chat.is_forum {
            map.insert("is_forum".into(), json!(true));
        }
        Value::Object(map)
    }

    /// The `Message` object; the message it answers is included without its own reply.
    pub fn message_json(&self, chat: &Chat, message: &Message) -> Value {
        self.render(chat, message, true)
    }

    /// The `Message` object by its number.
    pub fn message_value(&self, key: Key, id: i64) -> Option<Value> {
        let chat = self.chats.get(&key)?;
        Some(self.message_json(chat, chat.messages.get(&id)?))
    }

    fn render(&self, chat: &Chat, message: &Message, with_reply: bool) -> Value {
        let mut map = Map::new();
        map.insert("message_id".into(), json!(message.id));
        if message.from != 0 {
            map.insert("from".into(), self.user_json(message.from));
        }
        if let Some(sender) = message.sender_chat {
            map.insert("sender_chat".into(), self.chat_json(Key::shared(sender)));
        }
        map.insert("chat".into(), self.chat_json(chat.key));
        map.insert("date".into(), json!(message.date));
        if let Some(date) = message.edit_date {
            map.insert("edit_date".into(), json!(date));
        }
        if let Some(thread) = message.thread {
            map.insert("message_thread_id".into(), json!(thread));
        }
        if message.topic {
            map.insert("is_topic_message".into(), json!(true));
        }
        let reply = message.reply_to.filter(|_| with_reply);
        if let Some(target) = reply
            .and_then(|id| chat.messages.get(&id))
            .filter(|m| !m.deleted)
        {
            map.insert("reply_to_message".into(), self.render(chat, target, false));
        }
        for (name, value) in &message.body {
            map.insert(name.clone(), value.clone());
        }
        if let Some(markup) = message
            .markup
            .as_ref()
            .filter(|m| m.get("inline_keyboard").is_some())
        {
            map.insert("reply_markup".into(), markup.clone());
        }
        Value::Object(map)
    }

    /// The `ChatMember` object.
    pub fn member_json(&self, chat: &Chat, user: i64, member: &Member) -> Value {
        let mut map = Map::new();
        map.insert("user".into(), self.user_json(user));
        map.insert("status".into(), json!(member.status));
        match member.status.as_str() {
            "creator" => {
                map.insert("is_anonymous".into(), json!(chat.anonymous.contains(&user)));
            }
            "administrator" => {
                map.insert("can_be_edited".into(), json!(false));
                for (right, value) in all_rights(false) {
                    if applies(&right, chat.kind) {
                        let held = member.rights.get(&right).cloned().unwrap_or(value);
                        map.insert(right, held);
                    }
                }
                map.insert("is_anonymous".into(), json!(chat.anonymous.contains(&user)));
            }
            "restricted" => {
                map.insert("is_member".into(), json!(member.is_in()));
                for right in super::SEND_RIGHTS {
                    let held = member
                        .rights
                        .get(right)
                        .and_then(Value::as_bool)
                        .unwrap_or(false);
                    map.insert(right.into(), json!(held));
                }
                map.insert("until_date".into(), json!(member.until_date));
            }
            "kicked" => {
                map.insert("until_date".into(), json!(member.until_date));
            }
            _ => {}
        }
        if let Some(tag) = member.tag.as_ref().filter(|_| !member.is_admin()) {
            map.insert("tag".into(), json!(tag));
        }
        if let Some(title) = member.custom_title.as_ref().filter(|_| member.is_admin()) {
            map.insert("custom_title".into(), json!(title));
        }
        Value::Object(map)
    }

    /// The `ChatInviteLink` object.
    pub fn invite_json(&self, chat: &Chat, link: &str) -> Value {
        let Some(invite) = chat.invites.get(link) else {
            return Value::Null;
        };
        let mut map = Map::new();
        map.insert("invite_link".into(), json!(link));
        map.insert("creator".into(), self.user_json(invite.creator));
        map.insert("creates_join_request".into(), json!(invite.join_request));
        map.insert("is_primary".into(), json!(invite.primary));
        map.insert("is_revoked".into(), json!(invite.revoked));
        if let Some(name) = &invite.name {
            map.insert("name".into(), json!(name));
        }
        for (name, value) in [
            ("expire_date", invite.expire_date),
            ("member_limit", invite.member_limit),
        ] {
            if let Some(value) = value {
                map.insert(name.into(), json!(value));
            }
        }
        Value::Object(map)
    }
}
