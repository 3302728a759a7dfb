//! A mailbox beside the messenger: letters that a program would send by electronic mail.

use serde_json::{Value, json};

use super::body::text;
use super::{SimError, SimResult};
use crate::world::World;

/// Letters kept.
const MOST: usize = 200;
/// Longest letter, in characters.
const LONGEST: usize = 100_000;

/// Puts a letter into the mailbox; one with a name that is there already takes its place.
pub(super) fn put(world: &mut World, body: &Value) -> SimResult {
    let part = |name: &str| -> String {
        let text = text(body, name).unwrap_or_default();
        text.chars().take(LONGEST).collect()
    };
    let letter = json!({
        "id": part("id"),
        "to": part("to"),
        "subject": part("subject"),
        "text": part("text"),
        "date": world.now,
    });
    if letter.get("to") == Some(&json!("")) {
        return Err(SimError::new(
            "a letter goes to somebody: \"to\" is missing",
        ));
    }
    world
        .mails
        .retain(|other| other.get("id") != letter.get("id") || other.get("id") == Some(&json!("")));
    world.mails.push_back(letter);
    if world.mails.len() > MOST {
        world.mails.pop_front();
    }
    Ok(json!({"ok": true}))
}

/// The letters, newest first.
pub(super) fn list(world: &mut World) -> Value {
    let letters: Vec<&Value> = world.mails.iter().rev().collect();
    json!({"mails": letters})
}
