//! The night of Migennes, as it happened to a cooperative in September 2018: the operator's
//! terminal at the end of the fibre fails before eleven at night, everything behind it is silent,
//! people go to bed, and in the morning an active member starts the bypass by Seignelay, which is
//! slow but better than nothing. What each group reads is in tests/snapshots.

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

use notebook::Notebook;
use town::Town;

const GROUPS: &[&str] = &["Backbone", "Secteur Migennes", "Secteur Joigny"];
const MIGENNES: &str = "Secteur Migennes";
/// Seconds from the start of the town, at 14:00, to 22:55.
const EVENING: i64 = 9 * 3_600 - 300;
/// What falls, in the order in which the monitoring tells it: what is far away first.
const BEHIND: [&str; 8] = [
    "seignelay-ecole",
    "saint-florentin-plaine",
    "saint-florentin-silo",
    "migennes-eglise",
    "migennes-gare",
    "seignelay-chateau-eau",
    "migennes-silo",
    "migennes-collecte",
];

/// Seconds of a time of the evening or of the next morning.
const fn at(hour: i64, minute: i64) -> i64 {
    let hour = if hour < 14 { hour + 24 } else { hour };
    (hour - 14) * 3_600 + minute * 60
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_night_is_left_to_those_who_sleep() {
    let network = town::NETWORK.replace("delay_s = 0\nrepeat_min", "delay_s = 180\nrepeat_min");
    let town = Town::open_still(network).await;
    let (bruno, elise) = (town.person("Bruno"), town.person("Élise"));
    let mut notebook = Notebook::new(GROUPS);

    // Just before eleven, one after the other within two minutes.
    for (number, name) in (0..).zip(BEHIND) {
        town.until(EVENING + number * 15).await;
        town.fires(name).await;
    }
    town.until(at(23, 0)).await;
    notebook.look(&town, "23 h, tout le secteur est muet").await;
    town.settles().await;
    let card = town.sees("Backbone", "Injoignable").await;
    town.until(at(23, 15)).await;
    bruno.taps(&card, "Je prends").await;
    notebook
        .look(
            &town,
            "23 h 15, Bruno regarde : c'est le terminal de l'opérateur",
        )
        .await;
    town.until(at(6, 40)).await;
    notebook.look(&town, "6 h 40, tout le monde a dormi").await;
    let silent = town.calls("sendMessage").into_iter().filter(|call| {
        call["params"]["chat_id"]
            .to_string()
            .contains(&town.chat(MIGENNES).to_string())
    });
    for call in silent {
        assert_eq!(call["params"]["disable_notification"], true, "{call}");
    }

    // The bypass: some relays come back, the school of Seignelay does not.
    town.until(at(6, 45)).await;
    elise.types(
        MIGENNES,
        "/equipement migennes-collecte secours via Seignelay",
    );
    town.settles().await;
    town.until(at(6, 46)).await;
    for name in BEHIND
        .iter()
        .filter(|name| !["seignelay-ecole", "migennes-collecte"].contains(name))
    {
        town.resolves(name).await;
    }
    town.until(at(6, 50)).await;
    notebook
        .look(&town, "6 h 50, le secours par Seignelay porte le secteur")
        .await;
    bruno.types("Backbone", "/etat");
    town.until(at(8, 0)).await;
    notebook.look(&town, "8 h, le matin").await;
    town.until(at(8, 20)).await;
    town.resolves("seignelay-ecole").await;

    town.until(at(11, 30)).await;
    town.resolves("migennes-collecte").await;
    notebook.look(&town, "11 h 30, l'opérateur a réparé").await;
    town.until(at(13, 0)).await;
    notebook.look(&town, "13 h").await;

    assert_eq!(
        notebook.count("Secteur Joigny"),
        0,
        "it is no matter of theirs"
    );
    assert!(
        notebook.count(MIGENNES) <= 5,
        "{}",
        notebook.count(MIGENNES)
    );
    assert!(
        notebook.count("Backbone") <= 4,
        "{}",
        notebook.count("Backbone")
    );
    notebook.is_as_approved("migennes_night.txt");
    town.finish().await;
}
