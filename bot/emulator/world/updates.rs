//! Queues of updates, one per bot.

use serde_json::{Map, Value, json};

use super::{Record, Update, World};

/// Update kinds a bot may ask for.
pub(crate) const UPDATE_KINDS: [&str; 23] = [
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "message_reaction",
    "message_reaction_count",
];

/// Kinds that come only when asked for.
const ON_REQUEST: [&str; 3] = ["chat_member", "message_reaction", "message_reaction_count"];

/// Updates kept for a bot that never fetches them.
const MAX_WAITING: usize = 100_000;

impl World {
    /// Queues an update for a bot, unless it did not ask for this kind.
    pub fn push_update(&mut self, bot_id: i64, kind: &str, queue: i64, value: Value) {
        let Some(bot) = self.bots.get_mut(&bot_id) else {
            return;
        };
        let wanted = match &bot.allowed {
            None => !ON_REQUEST.contains(&kind),
            Some(list) => list.iter().any(|k| k == kind),
        };
        if !wanted {
            return;
        }
        let id = bot.next_update;
        bot.next_update += 1;
        bot.updates.push_back(Update {
            id,
            kind: kind.to_owned(),
            date: self.now,
            queue,
            value,
        });
        if bot.updates.len() > MAX_WAITING
            && let Some(old) = bot.updates.pop_front()
        {
            self.records.touch(Record::Update(bot_id, old.id));
        }
        self.records.touch(Record::Update(bot_id, id));
        bot.wake.notify_waiters();
        if bot.webhook.is_some() {
            self.hooks.notify_one();
        }
    }

    /// Drops updates that waited too long: 24 hours, presses 150 seconds.
    pub fn expire_updates(&mut self, bot_id: i64) {
        let Some(bot) = self.bots.get_mut(&bot_id) else {
            return;
        };
        let records = &mut self.records;
        bot.updates.retain(|u| {
            let limit = match u.kind.as_str() {
                "callback_query" | "shipping_query" | "pre_checkout_query" => 150,
                _ => 86_400,
            };
            let fresh = self.now - u.date < limit;
            if !fresh {
                records.touch(Record::Update(bot_id, u.id));
            }
            fresh
        });
    }

    /// Forgets updates for which `gone` holds.
    pub fn drop_updates(&mut self, bot_id: i64, gone: impl Fn(&Update) -> bool) {
        let Some(bot) = self.bots.get_mut(&bot_id) else {
            return;
        };
        let records = &mut self.records;
        bot.updates.retain(|u| {
            let drop = gone(u);
            if drop {
                records.touch(Record::Update(bot_id, u.id));
            }
            !drop
        });
    }
}

impl Update {
    /// The `Update` object.
    pub fn to_json(&self) -> Value {
        let mut map = Map::new();
        map.insert("update_id".into(), json!(self.id));
        map.insert(self.kind.clone(), self.value.clone());
        Value::Object(map)
    }
}
