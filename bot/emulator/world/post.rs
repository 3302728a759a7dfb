//! Putting messages into chats and changing them.

use serde_json::{Map, Value, json};

use super::{Edit, Key, Message, Record, World};

/// A message to be put into a chat.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub from: i64,
    pub author: i64,
    pub sender_chat: Option<i64>,
    pub thread: Option<i64>,
    pub topic: bool,
    pub reply_to: Option<i64>,
    pub body: Map<String, Value>,
    pub markup: Option<Value>,
    pub service: bool,
}

impl World {
    /// Puts a message into a chat and tells the bots that may see it.
    pub fn post(&mut self, key: Key, draft: Draft) -> i64 {
        let author_is_bot = self.bots.contains_key(&draft.author);
        let keep = self.keep_messages;
        let Some(chat) = self.chats.get_mut(&key) else {
            return 0;
        };
        let id = chat.next_message;
        chat.next_message += 1;
        if author_is_bot && chat.last_bot != Some(draft.author) {
            chat.last_bot = Some(draft.author);
            self.records.touch(Record::Chat(key));
        }
        let message = Message {
            id,
            date: self.now,
            from: draft.from,
            author: draft.author,
            sender_chat: draft.sender_chat,
            thread: draft.thread,
            topic: draft.topic,
            reply_to: draft.reply_to,
            body: draft.body,
            markup: draft.markup,
            service: draft.service,
            ..Message::default()
        };
        chat.messages.insert(id, message);
        while chat.messages.len() > keep {
            if let Some((old, _)) = chat.messages.pop_first() {
                self.records.touch(Record::Message(key, old));
            }
        }
        self.records.touch(Record::Message(key, id));
        self.events.push("message", key, Some(id));
        self.distribute(key, id, false);
        id
    }

    /// A service message with one content field.
    pub fn post_service(&mut self, key: Key, author: i64, field: &str, value: Value) -> i64 {
        let channel = self
            .chats
            .get(&key)
            .is_some_and(|c| c.kind == super::Kind::Channel);
        let mut body = Map::new();
        body.insert(field.to_owned(), value);
        let draft = Draft {
            from: if channel { 0 } else { author },
            author,
            sender_chat: channel.then_some(key.id),
            body,
            service: true,
            ..Draft::default()
        };
        self.post(key, draft)
    }

    /// Replaces content or keyboard of a message and keeps the earlier text.
    pub fn edit(
        &mut self,
        key: Key,
        id: i64,
        body: Option<Map<String, Value>>,
        markup: Option<Value>,
    ) {
        let now = self.now;
        let Some(message) = self.message_mut(key, id) else {
            return;
        };
        if let Some(body) = body {
            let old = message.text().to_owned();
            let date = message.edit_date.unwrap_or(message.date);
            message.body = body;
            if message.text() != old {
                message.edits.push(Edit { date, text: old });
                if message.edits.len() > 50 {
                    message.edits.remove(0);
                }
            }
        }
        message.markup = markup;
        message.edit_date = Some(now);
        self.events.push("edit", key, Some(id));
        self.distribute(key, id, true);
    }

    /// Removes a message from the chat.
    pub fn delete(&mut self, key: Key, id: i64) {
        if let Some(message) = self.message_mut(key, id) {
            message.deleted = true;
            message.markup = None;
        }
        if let Some(chat) = self.chats.get_mut(&key).filter(|c| c.pinned.contains(&id)) {
            chat.pinned.retain(|p| *p != id);
            self.records.touch(Record::Chat(key));
        }
        self.events.push("delete", key, Some(id));
    }

    /// Gives a message to every bot of the chat that may see it.
    fn distribute(&mut self, key: Key, id: i64, edited: bool) {
        let Some(chat) = self.chats.get(&key) else {
            return;
        };
        let Some(message) = chat.messages.get(&id) else {
            return;
        };
        let readers: Vec<i64> = if key.is_private() {
            vec![key.bot]
        } else if chat.members.len() < self.bots.len() {
            chat.members
                .keys()
                .copied()
                .filter(|m| self.bots.contains_key(m))
                .collect()
        } else {
            self.bots.keys().copied().collect()
        };
        let readers: Vec<i64> = readers
            .into_iter()
            .filter(|bot| {
                (*bot != message.author || message.service) && self.sees(chat, message, *bot)
            })
            .collect();
        if readers.is_empty() {
            return;
        }
        let channel = chat.kind == super::Kind::Channel;
        let kind = match (channel, edited) {
            (false, false) => "message",
            (false, true) => "edited_message",
            (true, false) => "channel_post",
            (true, true) => "edited_channel_post",
        };
        let value = self.message_json(chat, message);
        for bot in readers {
            self.push_update(bot, kind, key.id, value.clone());
        }
    }

    /// Whether a bot receives a message: membership, authorship and privacy mode.
    fn sees(&self, chat: &super::Chat, message: &Message, bot: i64) -> bool {
        if self.bots.contains_key(&message.author) && !message.service {
            return false;
        }
        if chat.key.is_private() {
            return true;
        }
        let Some(member) = chat.members.get(&bot).filter(|m| m.is_in()) else {
            return false;
        };
        let reads_all = self.bots.get(&bot).is_some_and(|b| b.reads_all);
        if reads_all || member.is_admin() || message.service {
            return true;
        }
        let to_bot = message
            .reply_to
            .and_then(|id| chat.messages.get(&id))
            .is_some_and(|m| m.author == bot && !m.service);
        to_bot || self.commands_bot(chat, message, bot)
    }

    /// A command addressed to the bot, or to nobody after the bot spoke last.
    fn commands_bot(&self, chat: &super::Chat, message: &Message, bot: i64) -> bool {
        let text = message.text();
        if !text.starts_with('/') {
            return false;
        }
        let word = text.split_whitespace().next().unwrap_or("");
        match word.split_once('@') {
            Some((_, name)) => self
                .users
                .get(&bot)
                .and_then(|u| u.username.as_deref())
                .is_some_and(|u| u.eq_ignore_ascii_case(name)),
            None => chat.last_bot.is_none_or(|last| last == bot),
        }
    }

    /// Tells bots of the chat that are administrators about something.
    pub fn tell_admins(&mut self, key: Key, kind: &str, value: &Value) {
        let bots: Vec<i64> = match self.chats.get(&key) {
            Some(_) if key.is_private() => vec![key.bot],
            Some(chat) => chat
                .members
                .iter()
                .filter(|(id, m)| m.is_admin() && self.bots.contains_key(id))
                .map(|(id, _)| *id)
                .collect(),
            None => Vec::new(),
        };
        for bot in bots {
            self.push_update(bot, kind, key.id, value.clone());
        }
    }

    /// A `chat` and `message_id` of a message that can no longer be read.
    pub fn inaccessible(&self, key: Key, id: i64) -> Value {
        json!({ "chat": self.chat_json(key), "message_id": id, "date": 0 })
    }
}
