//! Forum topics.

use serde_json::{Map, Value, json};

use super::{Draft, Key, Topic, World};

impl World {
    /// Creates a topic; its number is the one of its first, service message.
    pub fn create_topic(
        &mut self,
        key: Key,
        by: i64,
        name: &str,
        color: i64,
        icon: Option<String>,
    ) -> i64 {
        let Some(chat) = self.chat_mut(key) else {
            return 0;
        };
        let thread = chat.next_message;
        let topic = Topic {
            name: name.to_owned(),
            icon_color: color,
            icon: icon.clone(),
            closed: false,
            deleted: false,
        };
        chat.topics.insert(thread, topic);
        let mut created = json!({ "name": name, "icon_color": color });
        if let (Some(icon), Some(map)) = (icon, created.as_object_mut()) {
            map.insert("icon_custom_emoji_id".into(), json!(icon));
        }
        self.post_topic_service(key, by, thread, "forum_topic_created", created);
        thread
    }

    /// A service message inside a topic.
    pub fn post_topic_service(
        &mut self,
        key: Key,
        by: i64,
        thread: i64,
        field: &str,
        value: Value,
    ) -> i64 {
        let mut body = Map::new();
        body.insert(field.to_owned(), value);
        let draft = Draft {
            from: by,
            author: by,
            thread: Some(thread),
            topic: true,
            body,
            service: true,
            ..Draft::default()
        };
        self.post(key, draft)
    }
}
