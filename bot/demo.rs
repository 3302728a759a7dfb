//! The demo cooperative: an invented network, its people and their groups on the local Telegram.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use vigie_domain::group::{Group, Topics};
use vigie_domain::network_import::{Format, SourceFile};
use vigie_domain::{AccountId, ChatId, Lang, SectorId};

use crate::app::App;
use crate::app::error::AppError;
use crate::app::network::ImportError;

/// The network, as a file of the form that a cooperative would write.
const NETWORK: &str = include_str!("../data/demo/network.toml");
/// Its people.
const PEOPLE: &str = include_str!("../data/demo/people.toml");
/// Accounts and groups on the local Telegram.
const WORLD: &str = include_str!("../data/demo/world.json");

/// Token of the demo's bot; it is worth nothing anywhere else.
pub const TOKEN: &str = "100200300:demo-token-that-opens-only-the-local-telegram";
/// Name of the demo's bot.
pub const USERNAME: &str = "vigie_demo_bot";
/// Token of every monitoring source of the demo.
pub const HOOK_TOKEN: &str = "demo";
/// Sources of the demo: each is a format, under its own name.
pub const SOURCES: &[&str] = &[
    "alertmanager",
    "generic",
    "grafana",
    "zabbix",
    "librenms",
    "uptime-kuma",
    "icinga2",
    "nagios",
    "smokeping",
    "snmptrap",
    "syslog",
    "notify",
];

/// Accounts, groups, and what each group is for.
#[derive(Debug, Deserialize)]
pub struct World {
    /// Bodies of `POST /sim/users`.
    pub users: Vec<serde_json::Value>,
    /// Bodies of `POST /sim/chats`.
    pub chats: Vec<serde_json::Value>,
    /// What each group is for.
    groups: Vec<Purpose>,
}

#[derive(Debug, Deserialize)]
struct Purpose {
    chat: i64,
    kind: String,
    #[serde(default)]
    sector: Option<String>,
}

/// The world of the demo.
///
/// # Errors
/// The file that was built in is not of the form above.
pub fn world() -> Result<World, serde_json::Error> {
    serde_json::from_str(WORLD)
}

/// Puts the network, its people and the purposes of the groups into the store.
///
/// # Errors
/// The store failed.
pub async fn fill(app: &App, world: &World) -> Result<(), ImportError> {
    fill_with(app, world, NETWORK).await
}

/// As [`fill`], with another network.
///
/// # Errors
/// The store failed, or the network has faults.
pub async fn fill_with(app: &App, world: &World, network: &str) -> Result<(), ImportError> {
    let file = |name, text| SourceFile {
        format: Format::Toml,
        name,
        text,
    };
    let files = [file("network.toml", network), file("people.toml", PEOPLE)];
    app.import_network(&files, |_, _| ()).await?;
    for purpose in &world.groups {
        bind(app, world, purpose).await?;
    }
    Ok(())
}

async fn bind(app: &App, world: &World, purpose: &Purpose) -> Result<(), AppError> {
    let id = Some(purpose.chat);
    let chat = world
        .chats
        .iter()
        .find(|chat| chat.get("id").and_then(|id| id.as_i64()) == id);
    let title = chat
        .and_then(|chat| chat.get("title"))
        .and_then(|title| title.as_str());
    let group = Group {
        chat: ChatId(purpose.chat),
        title: title.unwrap_or_default().to_owned(),
        kind: Some(purpose.kind.clone()),
        sector: purpose.sector.clone().map(SectorId),
        thread: None,
        lang: Lang::Fr,
        broken: None,
        topics: Topics::Off,
    };
    app.bind_new_group(&group).await?;
    let people = |field| {
        let list = chat.and_then(|chat| chat.get(field)?.as_array());
        let ids = list
            .into_iter()
            .flatten()
            .filter_map(serde_json::Value::as_i64);
        ids.map(AccountId).collect::<Vec<_>>()
    };
    let people = [people("members"), people("admins")].concat();
    app.known_in_group(group.chat, &people).await
}

/// The `curl` line that fires an alert at this address.
#[must_use]
pub fn curl_line(address: &str, now: DateTime<Utc>, status: &str) -> String {
    let body = serde_json::json!({
        "version": "4",
        "status": status,
        "alerts": [{
            "status": status,
            "labels": {"alertname": "RelayDown", "equipment": "migennes-eglise", "severity": "critical"},
            "annotations": {"summary": "migennes-eglise ne répond plus"},
            "startsAt": now.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        }],
    });
    format!(
        "curl -H 'Authorization: Bearer {HOOK_TOKEN}' -H 'Content-Type: application/json' \\\n  \
         -d '{body}' \\\n  {address}/hooks/alertmanager"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_of_the_demo_exists_and_has_a_kind() {
        let world = world().unwrap();
        let kinds: Vec<_> = vigie_domain::group::GroupKind::defaults()
            .into_iter()
            .map(|kind| kind.id)
            .collect();
        for purpose in &world.groups {
            assert!(kinds.contains(&purpose.kind), "{}", purpose.kind);
            assert!(
                world.chats.iter().any(|chat| chat["id"] == purpose.chat),
                "{}",
                purpose.chat
            );
        }
        assert_eq!(world.groups.len(), world.chats.len());
    }
}

/// The members of the demo, as the invented information system lists them: number and name.
#[must_use]
pub fn members() -> Vec<serde_json::Value> {
    #[derive(Deserialize)]
    struct File {
        person: Vec<Listed>,
    }
    #[derive(Deserialize)]
    struct Listed {
        member: String,
        first_name: String,
        #[serde(default)]
        last_name: String,
    }
    let listed = toml::from_str::<File>(PEOPLE).map(|file| file.person);
    let shown = |one: Listed| {
        let name = format!("{} {}", one.first_name, one.last_name);
        serde_json::json!({ "number": one.member, "name": name.trim() })
    };
    listed.unwrap_or_default().into_iter().map(shown).collect()
}

/// The accounts of the demo: number and name.
#[must_use]
pub fn accounts(world: &World) -> Vec<serde_json::Value> {
    let shown = |user: &serde_json::Value| serde_json::json!({ "id": user.get("id"), "name": user.get("first_name") });
    world.users.iter().map(shown).collect()
}

/// The number of the demo's bot.
#[must_use]
pub fn bot() -> Option<i64> {
    TOKEN.split(':').next()?.parse().ok()
}
