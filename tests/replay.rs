//! Real reports from other projects, replayed: the situation that went wrong there, and what is
//! right here.
//!
//! Numbers: `T…` are alert programs, `B…` are bots, `P…` are cases that no other program covers.
//! What touches other parts is replayed with them: deaths at any moment in tests/crash.rs, panics,
//! webhooks and tokens in tests/telegram_edge.rs, limits of the local Telegram in its own tests.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    reason = "a test stops where something is missing, and is at home in real time"
)]

#[path = "support/town.rs"]
#[allow(dead_code, reason = "each test file uses a part of the town")]
mod town;

#[path = "replay/calm.rs"]
mod calm;
#[path = "replay/declaring.rs"]
mod declaring;
#[path = "replay/faults.rs"]
mod faults;
#[path = "replay/joins.rs"]
mod joins;
#[path = "replay/people.rs"]
mod people;
#[path = "replay/settings.rs"]
mod settings;
#[path = "replay/state.rs"]
mod state;
#[path = "replay/tickets.rs"]
mod tickets;

use chrono::TimeDelta;
use serde_json::{Value, json};
use town::Town;

/// An alert whose text broke somebody's messages.
struct Words {
    report: &'static str,
    equipment: &'static str,
    summary: &'static str,
    /// What must be read as it stands, besides the equipment.
    read: &'static [&'static str],
    /// What must not be there.
    never: &'static [&'static str],
}

const fn words(report: &'static str, equipment: &'static str, summary: &'static str) -> Words {
    Words {
        report,
        equipment,
        summary,
        read: &[],
        never: &[],
    }
}

const WORDS: &[Words] = &[
    words(
        "T01 prometheus/alertmanager #3061",
        "relais-t01",
        "Node memory is filling up (< 10% left)",
    ),
    words(
        "T02 prometheus/alertmanager #2866",
        "relais-avec-des-tirets",
        "job-name - rule!",
    ),
    words("T03 grafana #8302, #73210", "relais-t03", "rps < 50"),
    words(
        "T04 upptime #352, #97",
        "$SECRET_SITE",
        "https://exemple.fr/a_b",
    ),
    words(
        "T05 uptime-kuma #6549; B35 #6004",
        "🔒013-PRV_Beryl AX",
        "Timeout. 48000 ms",
    ),
    words("T07 LibreNMS", "rly_north_01", "RLY_North_01"),
    words("T08 pagermon #610", "relais-t08", "un_deux_trois_quatre"),
    words(
        "T09 NicolasBernaerts/debian-scripts #26",
        "A&B",
        "Text&ImGone",
    ),
    words("T10 Icinga/icinga2 #9186", "relais-t10", "cost $ 5"),
    words(
        "T12 lazyfrosch/icinga2-telegram PR #7",
        "relais-t12",
        "<html><b>down</i>",
    ),
    words("T13 eslupmi/impulse #536", "relais-t13", "loss > 5"),
    Words {
        never: &["&gt;"],
        ..words("T15 librenms #18234", "relais-t15", "Discard Rate > 1000")
    },
    words(
        "T17 rfxn/linux-malware-detect #487",
        "host-1 (x)",
        "*{{ value }}* [a](b)",
    ),
    Words {
        never: &["0001"],
        ..words(
            "T60 kubesphere/notification-manager #276",
            "relais-t60",
            "zéro",
        )
    },
    // 13:00 UTC is 14:00 in Paris, where the readers are.
    Words {
        read: &["Depuis 14 h"],
        ..words("T59 alertmanager #4201, #958, #2275", "relais-t59", "heure")
    },
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_text_arrives_as_it_stands() {
    for row in WORDS {
        println!("{}", row.report);
        // Its own town: its card stands alone.
        let town = Town::open().await;
        let mut alert = town.alert(row.equipment, "firing");
        alert["annotations"]["summary"] = json!(row.summary);
        town.alerts(vec![alert]).await;
        let card = town.sees("Backbone", row.equipment).await;
        card.has(&[row.summary]).has(row.read);
        for never in row.never {
            assert!(
                !card.text().contains(never),
                "{}: {}",
                row.report,
                card.text()
            );
        }
        town.resolves(row.equipment).await;
        town.sees("Backbone", "✅").await;
        town.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_and_names_of_any_form_arrive() {
    let town = Town::open().await;
    println!("T14 prometheus_bot #3: an empty link is no link");
    let mut alert = town.alert("migennes-silo", "firing");
    alert["generatorURL"] = json!("");
    town.alerts(vec![alert]).await;
    let card = town.sees("Secteur Migennes", "Injoignable").await;

    println!("B34 hummingbot/condor #116: a person's name with marks");
    let odd = json!({"id": 1016, "first_name": "Pau_la *<b>"});
    town.sim.user(&odd).unwrap();
    town.person("Paula").taps(&card, "Je prends").await;
    town.sees("Secteur Migennes", "Pris par Pau_la *<b>").await;

    println!("T73 alerta-contrib #309, B40, B41: long names never reach the data of a button");
    let long = "Production|hostname.mycompany.com:9182|windows_low_memory_".repeat(3);
    town.fires(&long).await;
    town.sees("Backbone", "Injoignable : Production|hostname")
        .await;
    for call in town.calls("sendMessage") {
        let markup = match &call["params"]["reply_markup"] {
            Value::String(text) => serde_json::from_str(text).unwrap(),
            other => other.clone(),
        };
        let keys = markup["inline_keyboard"].as_array().into_iter().flatten();
        for button in keys.flat_map(|row| row.as_array().unwrap()) {
            let data = button["callback_data"].as_str().unwrap();
            assert!(!data.is_empty() && data.len() <= 24, "{data}");
        }
    }
    town.finish().await;
}

/// T18 alertmanager #2923, T19 #5074, T21 grafana #48812, #83412, T22 alertmanager-bot PR #52,
/// T23 prometheus_bot #29, #34, T24 telepush #66, T25 TelegramAlert #38, T27 telegram-bot-api
/// #820, #165, B36, B39: a storm is told in few messages, each of which Telegram takes, with
/// every name before any detail.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_is_told_with_every_name_and_is_never_refused() {
    for (count, name) in [
        (35, "relais"),
        (160, "instance <down> & co"),
        (20, "nom_très_long_".repeat(4).as_str()),
    ] {
        let town = Town::open().await;
        let names: Vec<String> = (0..count)
            .map(|number| format!("{name} {number:03}"))
            .collect();
        let alerts = names.iter().map(|name| {
            let mut alert = town.alert(name, "firing");
            alert["annotations"]["description"] = json!("détail 🔥 ".repeat(60));
            alert
        });
        town.alerts(alerts.collect()).await;
        town.settles().await;
        // What does not fit follows as a file, after the minute that has had its messages.
        town.pass(minutes(2)).await;
        town.settles().await;
        let said = town.said("Backbone");
        let cards: Vec<_> = said
            .iter()
            .filter(|message| message.text().contains("🔴"))
            .collect();
        assert!(cards.len() <= 2, "{} messages", cards.len());
        let files = said
            .iter()
            .filter(|message| message.raw["document"].is_object())
            .count();
        for card in &cards {
            let length = card.text().encode_utf16().count();
            let marks = card.raw["entities"].as_array().map_or(0, Vec::len);
            assert!(
                length <= 4_096 && marks <= 90,
                "{length} units, {marks} marks"
            );
        }
        let told = |name: &String| cards.iter().any(|card| card.text().contains(name.as_str()));
        let missing = names.iter().filter(|name| !told(name)).count();
        assert!(
            missing == 0 || files > 0,
            "{missing} of {count} names are nowhere"
        );
        town.alerts(
            names
                .iter()
                .map(|name| town.alert(name, "resolved"))
                .collect(),
        )
        .await;
        town.settles().await;
        let red = town
            .said("Backbone")
            .iter()
            .filter(|message| message.text().contains("Injoignable"))
            .count();
        assert_eq!(red, 0, "every card ends");
        town.finish().await;
    }
}

/// Numbers in configurations: T66 grafana #69950, T67 grafana PR #89287, T68 openab PR #64,
/// T69 prometheus_bot #33.
#[test]
fn numbers_of_groups_are_read_or_refused_with_a_reason() {
    for (report, number, fault) in [
        ("T66", "\"-808008888\"", None),
        ("T67", "-808008888", None),
        ("T68", "1.2345678901234568e+18", Some("OpsConfigIdDecimal")),
        ("T69", "808008888", Some("OpsConfigGroupMinus")),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("vigie.toml");
        let text =
            format!("[store]\npath = \"s\"\n[[groups]]\nchat = {number}\nkind = \"technique\"\n");
        std::fs::write(&file, text).unwrap();
        let read = vigie::config::read(&file, None);
        let said: Vec<String> = read
            .problems
            .iter()
            .map(|problem| format!("{:?}", problem.say))
            .collect();
        let about: Vec<&String> = said
            .iter()
            .filter(|say| say.contains("ConfigId") || say.contains("GroupMinus"))
            .collect();
        match fault {
            None => assert!(about.is_empty(), "{report}: {about:?}"),
            Some(key) => assert!(
                about.iter().any(|say| say.contains(key)),
                "{report}: {said:?}"
            ),
        }
    }
}

/// Waits of a story are counted in its own time.
const fn minutes(count: i64) -> TimeDelta {
    TimeDelta::minutes(count)
}
