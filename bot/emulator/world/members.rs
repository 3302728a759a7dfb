//! Who is in a chat, with which rights, and the updates a change brings.

use serde_json::{Map, Value, json};

use super::{Key, Kind, Member, World};

/// Rights of administrators.
pub(crate) const ADMIN_RIGHTS: [&str; 17] = [
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
    "can_post_messages",
    "can_edit_messages",
    "can_pin_messages",
    "can_manage_topics",
    "can_manage_tags",
    "can_manage_direct_messages",
];

/// Permissions of ordinary and restricted members.
pub(crate) const SEND_RIGHTS: [&str; 16] = [
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
];

/// Every administrator right with one value.
pub(crate) fn all_rights(value: bool) -> Map<String, Value> {
    ADMIN_RIGHTS
        .iter()
        .map(|right| ((*right).to_owned(), Value::Bool(value)))
        .collect()
}

/// Whether a right exists in chats of a kind.
pub(super) fn applies(right: &str, kind: Kind) -> bool {
    match right {
        "can_post_messages" | "can_edit_messages" | "can_manage_direct_messages" => {
            kind == Kind::Channel
        }
        "can_pin_messages" | "can_manage_tags" => kind != Kind::Channel,
        "can_manage_topics" => kind == Kind::Supergroup,
        _ => true,
    }
}

impl World {
    /// Changes someone's place in a chat and tells the bots concerned.
    pub fn set_member(&mut self, key: Key, user: i64, member: Member, by: i64, link: Option<&str>) {
        let Some(chat) = self.chats.get(&key) else {
            return;
        };
        let left = Member::new("left");
        let old = chat.members.get(&user).unwrap_or(&left);
        let mut change = Map::new();
        change.insert("chat".into(), self.chat_json(key));
        change.insert("from".into(), self.user_json(by));
        change.insert("date".into(), json!(self.now));
        change.insert("old_chat_member".into(), self.member_json(chat, user, old));
        change.insert(
            "new_chat_member".into(),
            self.member_json(chat, user, &member),
        );
        if let Some(link) = link {
            change.insert("invite_link".into(), self.invite_json(chat, link));
        }
        let change = Value::Object(change);
        if let Some(chat) = self.chat_mut(key) {
            if member.is_in() {
                chat.requests.remove(&user);
            }
            chat.members.insert(user, member);
        }
        self.events.push("chat", key, None);
        if self.bots.contains_key(&user) {
            self.push_update(user, "my_chat_member", key.id, change.clone());
        }
        let bots: Vec<i64> = self.chats.get(&key).map_or_else(Vec::new, |chat| {
            let admin = |(id, m): &(&i64, &Member)| {
                **id != user && m.is_admin() && self.bots.contains_key(id)
            };
            chat.members
                .iter()
                .filter(admin)
                .map(|(id, _)| *id)
                .collect()
        });
        for bot in bots {
            self.push_update(bot, "chat_member", key.id, change.clone());
        }
    }

    /// Lets someone into a chat, with the service message groups show.
    pub fn join(&mut self, key: Key, user: i64, by: i64, link: Option<&str>) {
        self.set_member(key, user, Member::new("member"), by, link);
        if self
            .chats
            .get(&key)
            .is_some_and(|c| c.kind != Kind::Channel)
        {
            let joined = self.user_json(user);
            let field = json!([joined]);
            // Who comes by a link is announced by themselves, even when an administrator approved.
            let author = if link.is_some() { user } else { by };
            self.post_service(key, author, "new_chat_members", field);
        }
    }

    /// Takes someone out of a chat, with the service message groups show.
    pub fn part(&mut self, key: Key, user: i64, by: i64, member: Member) {
        let group = self
            .chats
            .get(&key)
            .is_some_and(|c| c.kind != Kind::Channel);
        let was_in = self.member(key, user).is_some_and(Member::is_in);
        if group && was_in {
            let gone = self.user_json(user);
            self.post_service(key, by, "left_chat_member", gone);
        }
        self.set_member(key, user, member, by, None);
    }

    /// Tells the bot that a person started, blocked or unblocked it.
    pub fn set_blocked(&mut self, user: i64, bot: i64, blocked: bool) {
        let chat = self.private_chat(user, bot);
        let was = chat.blocked;
        chat.blocked = blocked;
        if was == blocked {
            return;
        }
        let key = Key::private(user, bot);
        let member = |kicked: bool| -> Value {
            let mut value = json!({
                "user": self.user_json(bot),
                "status": if kicked { "kicked" } else { "member" },
            });
            if let Some(map) = value.as_object_mut().filter(|_| kicked) {
                map.insert("until_date".into(), json!(0));
            }
            value
        };
        let change = json!({
            "chat": self.chat_json(key),
            "from": self.user_json(user),
            "date": self.now,
            "old_chat_member": member(was),
            "new_chat_member": member(blocked),
        });
        self.events.push("chat", key, None);
        self.push_update(bot, "my_chat_member", user, change);
    }
}
