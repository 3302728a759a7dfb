//! Data a Mini App is opened with, signed like Telegram's.

use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::body::{bot, person, text};
use super::{SimError, SimResult};
use crate::world::World;

fn hmac(key: &[u8], message: &[u8]) -> Option<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(message);
    Some(mac.finalize().into_bytes().to_vec())
}

/// `POST /sim/init_data`: the `initData` of a person who opens the bot's Mini App.
pub(super) fn init_data(world: &mut World, body: &Value) -> SimResult {
    let from = person(world, body, "from")?;
    let bot = bot(world, body)?;
    let mut user = world.user_json(from);
    if let Some(map) = user.as_object_mut() {
        map.shift_remove("is_bot");
    }
    let mut fields = vec![
        ("auth_date", world.now.to_string()),
        ("user", user.to_string()),
    ];
    for name in ["query_id", "start_param", "chat_type", "chat_instance"] {
        if let Some(value) = text(body, name) {
            fields.push((name, value));
        }
    }
    fields.sort();
    let lines: Vec<String> = fields.iter().map(|(k, v)| format!("{k}={v}")).collect();
    let secret = world
        .bots
        .get(&bot)
        .map(|b| b.secret.clone())
        .unwrap_or_default();
    let token = format!("{bot}:{secret}");
    let hash = hmac(b"WebAppData", token.as_bytes())
        .and_then(|key| hmac(&key, lines.join("\n").as_bytes()))
        .ok_or_else(|| SimError::new("the data cannot be signed"))?;
    let hash: String = hash.iter().map(|b| format!("{b:02x}")).collect();
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(&fields);
    query.append_pair("hash", &hash);
    Ok(json!({ "init_data": query.finish() }))
}
