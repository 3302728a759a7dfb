//! The people of the town, what they write and press, and what they are answered.

use std::sync::Arc;

use serde_json::{Value, json};
use vigie::demo::World;
use vigie_emulator::Sim;

use super::Town;

impl Town {
    /// Somebody, by first name.
    pub fn person(&self, name: &str) -> Person {
        let person = self
            .world
            .users
            .iter()
            .find(|user| user["first_name"] == name);
        let person = person.unwrap_or_else(|| panic!("nobody is called {name}"));
        Person {
            sim: self.sim.clone(),
            world: Arc::clone(&self.world),
            name: name.to_owned(),
            id: person["id"].as_i64().unwrap(),
        }
    }
}

/// The number of a group or of a person's private conversation.
pub(super) fn chat(world: &World, title: &str) -> i64 {
    let named = |list: &[Value], field: &str| {
        list.iter()
            .find(|one| one[field] == title)
            .and_then(|one| one["id"].as_i64())
    };
    named(&world.chats, "title")
        .or_else(|| named(&world.users, "first_name"))
        .unwrap_or_else(|| panic!("no group and nobody is called {title}"))
}

/// Somebody.
#[derive(Clone)]
pub struct Person {
    sim: Sim,
    world: Arc<World>,
    pub name: String,
    pub id: i64,
}

impl Person {
    /// Writes in a group, or in private where the name is one's own.
    pub fn types(&self, title: &str, text: &str) -> Value {
        self.types_in(chat(&self.world, title), text)
    }

    pub fn types_in(&self, chat: i64, text: &str) -> Value {
        self.sim
            .send(&json!({"from": self.id, "chat": chat, "text": text}))
            .unwrap()
    }

    /// Writes in answer to a message.
    pub fn answers(&self, message: &Message, text: &str) -> Value {
        self.sim
            .send(&json!({
                "from": self.id, "chat": message.chat, "text": text, "reply_to": message.id(),
            }))
            .unwrap()
    }

    /// Presses a button; every press is answered.
    pub async fn taps(&self, message: &Message, button: &str) -> Answer {
        let body = json!({
            "from": self.id, "chat": message.chat, "message_id": message.id(), "button": button,
        });
        let answer = self.sim.tap(&body).await.unwrap();
        assert_eq!(
            answer["answered"], true,
            "{} pressed {button:?} in vain",
            self.name
        );
        Answer {
            text: answer["answer"].as_str().unwrap_or_default().to_owned(),
            alert: answer["alert"] == true,
        }
    }
}

/// What a press was answered.
#[derive(Clone, Debug)]
pub struct Answer {
    pub text: String,
    pub alert: bool,
}

/// A message of ours.
#[derive(Clone, Debug)]
pub struct Message {
    pub chat: i64,
    pub raw: Value,
}

impl Message {
    pub fn id(&self) -> i64 {
        self.raw["message_id"].as_i64().unwrap()
    }

    pub fn text(&self) -> &str {
        let text = self.raw["text"].as_str().or(self.raw["caption"].as_str());
        text.unwrap_or_default()
    }

    /// Width and height of its picture.
    pub fn picture(&self) -> Option<(u64, u64)> {
        let size = &self.raw["photo"][0];
        Some((size["width"].as_u64()?, size["height"].as_u64()?))
    }

    /// Its buttons, row by row.
    pub fn buttons(&self) -> Vec<String> {
        let rows = self.raw["keyboard"].as_array().into_iter().flatten();
        rows.flat_map(|row| row.as_array().unwrap())
            .map(|button| button.as_str().unwrap().to_owned())
            .collect()
    }

    /// Asserts that it holds each of these.
    #[track_caller]
    pub fn has(&self, words: &[&str]) -> &Self {
        for part in words {
            assert!(
                self.text().contains(part),
                "{part:?} is not in {:?}",
                self.text()
            );
        }
        self
    }
}
