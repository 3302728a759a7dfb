//! A thunderstorm: 160 relays of three sectors fall within ten seconds, some keep blinking, and
//! the power comes back over an hour. What each group reads is in tests/snapshots.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    reason = "a test stops where something is missing, and is at home in real time"
)]

#[path = "support/notebook.rs"]
mod notebook;
#[path = "support/town.rs"]
#[allow(dead_code, reason = "each test file uses a part of the town")]
mod town;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat, TimeDelta};
use notebook::Notebook;
use serde_json::{Value, json};
use town::Town;

/// Seconds from the start of the town, at 14:00, to the first strike, at 18:10.
const STRIKE: i64 = 4 * 3_600 + 600;
const GROUPS: &[&str] = &[
    "Backbone",
    "Secteur Sens",
    "Secteur Auxerre",
    "Secteur Avallon",
];
/// Sectors, how many of their relays fall, and places to call them by.
const SECTORS: [(&str, usize, [&str; 4]); 3] = [
    ("sens", 54, ["Gron", "Paron", "Rosoy", "Véron"]),
    (
        "auxerre",
        53,
        ["Appoigny", "Chevannes", "Monéteau", "Vallan"],
    ),
    ("avallon", 53, ["Étaule", "Magny", "Sauvigny", "Vault"]),
];
const STREETS: [&str; 13] = [
    "église", "mairie", "école", "silo", "gare", "moulin", "ferme", "lavoir", "cave", "stade",
    "halle", "pont", "four",
];

/// A relay that falls.
struct Relay {
    id: String,
    main: bool,
    /// Its place among all of them.
    number: i64,
}

/// The demo's network with main relays of the storm's sectors, relays behind them, and two
/// members' links behind each; in earnest, so blinks of less than three minutes stay away.
fn network() -> (String, Vec<Relay>) {
    let mut text = town::NETWORK.replace("delay_s = 0\nrepeat_min", "delay_s = 180\nrepeat_min");
    assert!(text.contains("delay_s = 180"));
    let mut relays = Vec::new();
    let add = |text: &mut String, id: &str, name: &str, class: &str, parent: &str, sector: &str| {
        let _ = write!(
            text,
            "\n[[equipment]]\nid = \"{id}\"\nname = \"{name}\"\nclass = \"{class}\"\n\
             parent = \"{parent}\"\nsector = \"{sector}\"\n"
        );
    };
    for (sector, count, places) in SECTORS {
        for number in 0..count {
            let place = places[number % 4];
            let main = number < 4;
            let low = vigie_domain::names::fold(place);
            let street = STREETS[(number / 4).saturating_sub(1)];
            let (id, name, class, parent) = if main {
                (
                    low.clone(),
                    format!("{place}, château d'eau"),
                    "main-relay",
                    format!("{sector}-collecte"),
                )
            } else {
                let id = vigie_domain::names::fold(&format!("{place} {street}"));
                (id, format!("{place}, {street}"), "secondary-relay", low)
            };
            add(&mut text, &id, &name, class, &parent, sector);
            for link in 1..=2 {
                let name = format!("Lien {link} de {name}");
                add(
                    &mut text,
                    &format!("{id}-lien-{link}"),
                    &name,
                    "link",
                    &id,
                    sector,
                );
            }
            relays.push(Relay {
                id,
                main,
                number: i64::try_from(relays.len()).unwrap(),
            });
        }
    }
    (text, relays)
}

/// What the monitoring tells, by second after the strike.
fn weather(relays: &[Relay]) -> BTreeMap<i64, Vec<(usize, bool)>> {
    let mut told: BTreeMap<i64, Vec<(usize, bool)>> = BTreeMap::new();
    let mut tell = |second: i64, at: usize, down: bool| {
        told.entry(second).or_default().push((at, down));
    };
    for (at, relay) in relays.iter().enumerate() {
        // The last ones fall first: children before their parents.
        tell(9 - relay.number % 10, at, true);
        let back = 660 + (relay.number * 37) % 3_000 / 60 * 60;
        if !relay.main && relay.number % 18 == 5 {
            // A tired breaker: down and up every other minute until the power is back.
            for turn in 0..back / 240 {
                tell(60 + turn * 240, at, false);
                tell(120 + turn * 240, at, true);
            }
        }
        tell(back, at, false);
    }
    told
}

fn alert(relay: &Relay, began: i64, ended: Option<i64>) -> Value {
    let time = |second: i64| {
        let start = DateTime::from_timestamp(town::START, 0).unwrap();
        let at = start + TimeDelta::seconds(STRIKE + second);
        at.to_rfc3339_opts(SecondsFormat::Secs, true)
    };
    json!({
        "status": if ended.is_some() { "resolved" } else { "firing" },
        "labels": {"alertname": "RelayDown", "equipment": relay.id, "severity": "critical"},
        "annotations": {"summary": "ne répond plus au ping"},
        "startsAt": time(began),
        "endsAt": ended.map_or_else(|| "0001-01-01T00:00:00Z".to_owned(), time),
        "fingerprint": relay.id,
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thunderstorm_is_calm_to_read() {
    let (network, relays) = network();
    assert_eq!(relays.len(), 160);
    let town = Town::open_still(network).await;
    let mut notebook = Notebook::new(GROUPS);
    let mut looks = [
        (200, "18 h 13, trois minutes après la foudre"),
        (900, "18 h 25"),
        (1_800, "18 h 40"),
        (3_720, "19 h 12, le courant est revenu partout"),
        (5_400, "19 h 40, tout est calme"),
    ]
    .into_iter()
    .peekable();
    let mut began: BTreeMap<usize, i64> = BTreeMap::new();
    for (second, told) in weather(&relays) {
        while let Some((at, when)) = looks.next_if(|(at, _)| *at <= second) {
            town.until(STRIKE + at).await;
            notebook.look(&town, when).await;
        }
        town.until(STRIKE + second).await;
        let alerts = told.iter().map(|(at, down)| match down {
            true => {
                began.insert(*at, second);
                alert(&relays[*at], second, None)
            }
            false => alert(&relays[*at], began[at], Some(second)),
        });
        town.alerts(alerts.collect()).await;
    }
    for (second, when) in looks {
        town.until(STRIKE + second).await;
        notebook.look(&town, when).await;
    }
    for sector in &GROUPS[1..] {
        let count = notebook.count(sector);
        assert!((1..=6).contains(&count), "{sector}: {count} messages");
        let red: Vec<_> = town
            .said(sector)
            .into_iter()
            .filter(|m| m.text().contains('🔴'))
            .collect();
        assert!(red.is_empty(), "{red:#?}");
    }
    assert_eq!(
        notebook.count("Backbone"),
        0,
        "sectors are their own matter"
    );
    notebook.is_as_approved("thunderstorm.txt");
    town.finish().await;
}
