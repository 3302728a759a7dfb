//! A running emulator and the hands of a test.

use std::time::Duration;

use reqwest::Client;
use serde_json::{Value, json};
use vigie_emulator::{Builder, Emulator};

/// The owner of the groups.
pub const BRUNO: i64 = 102;
/// A member of the groups.
pub const ANA: i64 = 101;
/// Someone in no group, who never wrote to the bot.
pub const ZOE: i64 = 103;
/// A supergroup in which the bot is an administrator.
pub const GROUP: i64 = -1001;
/// A small group in which the bot is an ordinary member.
pub const SMALL: i64 = -55;
/// A supergroup with topics.
pub const FORUM: i64 = -1002;
/// A channel in which the bot is an administrator.
pub const CHANNEL: i64 = -1003;
/// The bot under test.
pub const BOT: i64 = 123_456;

pub const TOKEN: &str = "123456:secret";

pub struct Lab {
    pub emulator: Emulator,
    pub http: Client,
}

/// One answer of the Bot API.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub body: Value,
}

impl Reply {
    /// The result of a call that went well.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "refused: {}", self.body);
        assert_eq!(self.body["ok"], true);
        self.body["result"].clone()
    }

    /// The code and description of a refusal.
    #[track_caller]
    pub fn refused(&self) -> (u16, String) {
        assert_eq!(self.body["ok"], false, "not refused: {}", self.body);
        assert_eq!(self.body["error_code"], self.status);
        (
            self.status,
            self.body["description"].as_str().unwrap().to_owned(),
        )
    }
}

impl Lab {
    /// An emulator with one bot and no chats.
    pub async fn empty(builder: Builder) -> Self {
        let emulator = builder.start().await.unwrap();
        let lab = Self {
            emulator,
            http: Client::new(),
        };
        let bot = json!({ "token": TOKEN, "username": "vigie_bot", "first_name": "Vigie" });
        lab.sim("bots", bot).await;
        lab
    }

    /// An emulator with people and chats, as quick as possible.
    pub async fn start() -> Self {
        let lab = Self::empty(Emulator::builder().hold(Duration::from_millis(30))).await;
        lab.settle().await;
        lab
    }

    /// Fills the world.
    pub async fn settle(&self) {
        for (id, name, language) in [
            (ANA, "Ana", "fr"),
            (BRUNO, "Bruno", "en"),
            (ZOE, "Zoé", "de"),
        ] {
            self.sim(
                "users",
                json!({ "id": id, "first_name": name, "language_code": language }),
            )
            .await;
        }
        let both = json!({ "members": [ANA], "admins": [BRUNO] });
        for extra in [
            json!({ "id": GROUP, "type": "supergroup", "title": "Backbone" }),
            json!({ "id": SMALL, "type": "group", "title": "Petit", "bot_status": "member" }),
            json!({ "id": FORUM, "type": "supergroup", "title": "Forum", "is_forum": true }),
            json!({ "id": CHANNEL, "type": "channel", "title": "Annonces" }),
        ] {
            let mut body = both.clone();
            body.as_object_mut()
                .unwrap()
                .extend(extra.as_object().unwrap().clone());
            self.sim("chats", body).await;
        }
        self.sim(
            "send",
            json!({ "from": ANA, "chat": ANA, "text": "/start" }),
        )
        .await;
        // What the settling caused is not part of the tests.
        self.call("getUpdates", json!({ "offset": -1 })).await.ok();
        let last = self.call("getUpdates", json!({})).await.ok();
        let next = last[0]["update_id"].as_i64().unwrap() + 1;
        self.call("getUpdates", json!({ "offset": next }))
            .await
            .ok();
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.emulator.url())
    }

    /// A Bot API call as JSON.
    pub async fn call(&self, method: &str, params: Value) -> Reply {
        self.call_as(TOKEN, method, params).await
    }

    pub async fn call_as(&self, token: &str, method: &str, params: Value) -> Reply {
        let url = self.url(&format!("/bot{token}/{method}"));
        let response = self.http.post(url).json(&params).send().await.unwrap();
        let status = response.status().as_u16();
        Reply {
            status,
            body: response.json().await.unwrap(),
        }
    }

    /// A message of the bot, by its number.
    pub async fn say(&self, chat: i64, text: &str) -> i64 {
        let sent = self
            .call("sendMessage", json!({ "chat_id": chat, "text": text }))
            .await
            .ok();
        sent["message_id"].as_i64().unwrap()
    }

    /// What a person does; must be accepted.
    pub async fn sim(&self, action: &str, body: Value) -> Value {
        let (status, answer) = self.try_sim(action, body).await;
        assert_eq!(status, 200, "{action}: {answer}");
        answer
    }

    pub async fn try_sim(&self, action: &str, body: Value) -> (u16, Value) {
        let url = self.url(&format!("/sim/{action}"));
        let response = self.http.post(url).json(&body).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    pub async fn get(&self, path: &str) -> Value {
        let response = self.http.get(self.url(path)).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        response.json().await.unwrap()
    }

    /// Messages of a chat as persons see them.
    pub async fn messages(&self, chat: i64) -> Vec<Value> {
        let answer = self.get(&format!("/sim/chats/{chat}/messages")).await;
        answer["messages"].as_array().unwrap().clone()
    }

    /// Takes all waiting updates.
    pub async fn updates(&self) -> Vec<Value> {
        let mut all = Vec::new();
        let mut offset = 0;
        loop {
            let list = self
                .call("getUpdates", json!({ "offset": offset }))
                .await
                .ok();
            let list = list.as_array().unwrap().clone();
            let Some(last) = list.last() else { return all };
            offset = last["update_id"].as_i64().unwrap() + 1;
            all.extend(list);
        }
    }

    /// Waits for a condition, at most five seconds.
    pub async fn until<T, F: AsyncFnMut() -> Option<T>>(what: &str, mut check: F) -> T {
        for _ in 0..500 {
            if let Some(found) = check().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("waited in vain for {what}");
    }

    /// Checks a table of refusals.
    pub async fn refuses(&self, table: &[(&str, Value, u16, &str)]) {
        for (method, params, code, text) in table {
            let reply = self.call(method, params.clone()).await;
            assert_eq!(
                reply.refused(),
                (*code, (*text).to_owned()),
                "{method} {params}"
            );
        }
    }
}
