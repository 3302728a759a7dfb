//! What is to be seen in the town, and how long it is waited for.

use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use vigie::app::outbox::{Outgoing, Row};
use vigie::app::ports::Clock as _;

use super::people::{Message, chat};
use super::{BOT, LOOK, PATIENCE, Town};

/// Whether somebody's quiet hours hold a message back.
fn waits_for_the_morning(row: &Row, now: DateTime<Utc>) -> bool {
    let calm = matches!(&row.what, Outgoing::Say(message) if message.calm);
    calm && row.not_before.is_some_and(|at| at > now)
}

impl Town {
    /// The number of a group or of a person's private conversation.
    pub fn chat(&self, title: &str) -> i64 {
        chat(&self.world, title)
    }

    /// What we said in a conversation, oldest first.
    pub fn said(&self, title: &str) -> Vec<Message> {
        self.said_in(self.chat(title))
    }

    pub fn said_in(&self, chat: i64) -> Vec<Message> {
        let Ok(found) = self.sim.messages(chat) else {
            return Vec::new();
        };
        let messages = found["messages"].as_array().unwrap().iter();
        messages
            .filter(|message| message["from"]["id"] == BOT && message["deleted"] != true)
            .map(|message| Message {
                chat,
                raw: message.clone(),
            })
            .collect()
    }

    /// Waits for our newest message with these words.
    pub async fn sees(&self, title: &str, words: &str) -> Message {
        self.sees_in(self.chat(title), words).await
    }

    pub async fn sees_in(&self, chat: i64, words: &str) -> Message {
        let begun = Instant::now();
        loop {
            let mut said = self.said_in(chat);
            if let Some(at) = said
                .iter()
                .rposition(|message| message.text().contains(words))
            {
                return said.swap_remove(at);
            }
            let texts: Vec<&str> = said.iter().map(Message::text).collect();
            assert!(
                begun.elapsed() < PATIENCE,
                "nobody said {words:?} in {chat}, but: {texts:#?}\ncalls: {:#}",
                self.sim.calls("", 0)["errors"]
            );
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Waits until everything that came in is handled and everything that could go out is out.
    pub async fn settles(&self) {
        let begun = Instant::now();
        loop {
            // In the order in which one becomes the other, so that nothing slips through.
            let unread = self.unread();
            let app = self.app();
            let updates = app.waiting_updates().await.unwrap().len();
            let hooks = app.count_waiting_hooks().await.unwrap();
            let (_, rows) = app.outbox_rows().await.unwrap();
            let soon = self.clock.now() + TimeDelta::days(1);
            let rows = rows
                .iter()
                .filter(|stored| stored.row.not_before.is_none_or(|at| at < soon))
                .filter(|stored| !waits_for_the_morning(&stored.row, self.clock.now()))
                .count();
            if (updates, hooks, rows, unread) == (0, 0, 0, 0) {
                return;
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "left over: {updates} updates, {hooks} hooks, {rows} rows, {unread} unread"
            );
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Waits until the start has looked at our place in every group: that is a sign of life of a
    /// group, too.
    pub async fn looked_around(&self) {
        let begun = Instant::now();
        while self.calls("getChatMember").len() < self.world.chats.len() {
            assert!(begun.elapsed() < PATIENCE, "the start does not look around");
            tokio::time::sleep(LOOK).await;
        }
        self.settles().await;
    }

    /// Updates that the local Telegram still keeps for us.
    fn unread(&self) -> u64 {
        let world = self.sim.world();
        let bot = world["bots"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|bot| bot["id"] == BOT);
        bot.and_then(|bot| bot["pending_update_count"].as_u64())
            .unwrap_or(0)
    }

    /// Calls of a method, oldest first.
    pub fn calls(&self, method: &str) -> Vec<Value> {
        self.sim.calls(method, 0)["calls"]
            .as_array()
            .unwrap()
            .clone()
    }

    /// What a file of ours holds.
    pub async fn file(&self, message: &Message) -> Vec<u8> {
        let id = message.raw["document"]["file_id"]
            .as_str()
            .or(message.raw["photo"][0]["file_id"].as_str())
            .unwrap();
        let url = format!("{}/sim/files/{id}", self.emulator.url());
        let answer = self.http.get(url).send().await.unwrap();
        answer.bytes().await.unwrap().to_vec()
    }

    /// Writes the picture of a message to the folder `CHARTS_OUT`, if there is one, to be looked at.
    pub async fn keeps_picture(&self, message: &Message, name: &str) {
        if let Some(folder) = std::env::var_os("CHARTS_OUT") {
            let file = std::path::Path::new(&folder).join(format!("{name}.png"));
            std::fs::write(file, self.file(message).await).unwrap();
        }
    }
}
