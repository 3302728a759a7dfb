//! Groups that become supergroups.

use serde_json::{Value, json};

use super::{Chat, Key, Kind, World};

impl World {
    /// Turns a group into a supergroup and gives its new id.
    pub fn migrate(&mut self, key: Key) -> Option<i64> {
        let old = self
            .chats
            .get(&key)
            .filter(|c| c.kind == Kind::Group && c.migrated_to.is_none())?;
        let mut new = Chat::new(key, Kind::Supergroup, &old.title);
        new.members = old.members.clone();
        new.description = old.description.clone();
        new.permissions = old.permissions.clone();
        new.anonymous = old.anonymous.clone();
        new.migrated_from = Some(key.id);
        let by = new
            .members
            .iter()
            .find(|(_, m)| m.status == "creator")
            .or_else(|| new.members.iter().find(|(_, m)| m.is_admin()))
            .map_or(super::ANONYMOUS_ID, |(id, _)| *id);
        let id = self.fresh_chat(Kind::Supergroup);
        let target = Key::shared(id);
        new.key = target;
        self.chats.insert(target, new);
        self.chat_mut(target);
        self.post_service(key, by, "migrate_to_chat_id", json!(id));
        if let Some(chat) = self.chat_mut(key) {
            chat.migrated_to = Some(id);
        }
        self.post_service(target, by, "migrate_from_chat_id", Value::from(key.id));
        self.events.push("chat", key, None);
        self.events.push("chat", Key::shared(id), None);
        Some(id)
    }
}
