//! Sources that differ, that test, and that lie.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test stops where something is missing, and is at home in real time"
)]

#[path = "support/town.rs"]
#[allow(dead_code, reason = "each test file uses a part of the town")]
mod town;

use chrono::TimeDelta;
use serde_json::{Value, json};
use town::Town;

const MIGENNES: &str = "Secteur Migennes";
const DOWN: &str = "Injoignable : Silo de Migennes";
const OVER: &str = "Rétabli : Silo de Migennes";

async fn taken(town: &Town, source: &str, body: Value) {
    let (status, answer) = town.posts(source, body.to_string()).await;
    assert_eq!(status, 200, "{answer}");
}

/// A beat of Uptime Kuma about the silo, so many seconds from now by its clock.
fn beat(town: &Town, status: u8, after: i64, important: bool) -> Value {
    let time = town.app().now() + TimeDelta::seconds(after);
    let time = time.format("%Y-%m-%d %H:%M:%S%.3f").to_string();
    json!({
        "heartbeat": {"status": status, "time": time, "msg": "timeout <48 s> & co", "important": important},
        "monitor": {"id": 7, "name": "migennes-silo", "type": "ping", "tags": []},
        "msg": "[migennes-silo]",
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn uptime_kuma_opens_repeats_and_ends_one_card_and_its_test_is_told_as_a_test() {
    let town = Town::open().await;
    let test: Value =
        serde_json::from_str(include_str!("fixtures/monitor/kuma_test.json")).unwrap();
    taken(&town, "uptime-kuma", test).await;
    let told = town
        .sees("Backbone", "Essai reçu de la source uptime-kuma")
        .await;
    told.has(&["« vigie Testing »", "Ceci n'est pas une alerte"]);
    taken(&town, "uptime-kuma", beat(&town, 0, 0, true)).await;
    town.pass(TimeDelta::minutes(5)).await;
    let card = town.sees(MIGENNES, DOWN).await;
    card.has(&["timeout <48 s> & co"]);
    taken(&town, "uptime-kuma", beat(&town, 0, 0, false)).await;
    town.pass(TimeDelta::minutes(5)).await;
    taken(&town, "uptime-kuma", beat(&town, 1, 0, true)).await;
    let over = town.sees(MIGENNES, OVER).await;
    over.has(&["après 10 min"]);
    // Repeated words after its end open nothing: its state is up.
    taken(&town, "uptime-kuma", beat(&town, 1, 0, false)).await;
    town.pass(TimeDelta::minutes(5)).await;
    town.settles().await;
    assert_eq!(town.said(MIGENNES).len(), 1);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_that_talks_without_end_is_cut_short_and_says_how_much_is_missing() {
    let town = Town::open().await;
    let line = |number: u32| {
        let line = format!("<26>Nov  1 09:00:03 onduleur apcupsd: batterie {number}");
        json!({"src": "syslog", "line": line})
    };
    for number in 0..40 {
        taken(&town, "syslog", line(number)).await;
    }
    town.sees("Backbone", "batterie 4").await;
    town.settles().await;
    assert_eq!(town.said("Backbone").len(), 5);
    town.pass(TimeDelta::minutes(6)).await;
    taken(&town, "syslog", line(41)).await;
    let told = town.sees("Backbone", "batterie 41").await;
    told.has(&[
        "La source syslog signale",
        "35 messages ne sont pas montrés",
    ]);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_that_two_sources_tell_is_over_when_both_say_so() {
    let town = Town::open().await;
    let generic = |state: &str| json!({"alert_uid": "f", "equipment": "migennes-silo", "title": "silo", "state": state});
    taken(&town, "generic", generic("alerting")).await;
    taken(&town, "uptime-kuma", beat(&town, 0, 0, true)).await;
    town.pass(TimeDelta::minutes(5)).await;
    let card = town.sees(MIGENNES, DOWN).await;
    taken(&town, "uptime-kuma", beat(&town, 1, 0, true)).await;
    town.settles().await;
    assert!(
        town.said(MIGENNES)[0].text().contains(DOWN),
        "one still says that it is down"
    );
    taken(&town, "generic", generic("ok")).await;
    let over = town.sees(MIGENNES, OVER).await;
    assert_eq!((over.id(), town.said(MIGENNES).len()), (card.id(), 1));
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_name_from_two_sources_means_two_things() {
    let town = Town::open().await;
    let told = |equipment: &str, state: &str| json!({"alert_uid": "1", "equipment": equipment, "title": equipment, "state": state});
    taken(&town, "generic", told("migennes-silo", "alerting")).await;
    taken(&town, "grafana", told("joigny-geographique", "alerting")).await;
    town.pass(TimeDelta::minutes(5)).await;
    town.sees(MIGENNES, DOWN).await;
    town.sees("Secteur Joigny", "Injoignable").await;
    taken(&town, "grafana", told("joigny-geographique", "ok")).await;
    town.sees("Secteur Joigny", "Rétabli").await;
    town.settles().await;
    assert!(town.said(MIGENNES)[0].text().contains(DOWN));
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_end_that_comes_first_ends_nothing_and_hides_nothing() {
    let town = Town::open().await;
    taken(&town, "uptime-kuma", beat(&town, 1, 0, true)).await;
    town.settles().await;
    assert_eq!(town.said(MIGENNES).len(), 0);
    taken(&town, "uptime-kuma", beat(&town, 0, 0, true)).await;
    town.pass(TimeDelta::minutes(5)).await;
    town.sees(MIGENNES, DOWN).await;
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_wrong_changes_what_is_said_of_the_time_but_nothing_stays_open() {
    // By its clock, when it goes down and when it comes back.
    for (name, down, up) in [
        ("an hour ahead", 3_600, 3_600),
        ("an hour behind", -3_600, -3_600),
        ("set back meanwhile", 0, -3_600),
        ("set right meanwhile", 3_600, 0),
    ] {
        let town = Town::open().await;
        taken(&town, "uptime-kuma", beat(&town, 0, down, true)).await;
        town.pass(TimeDelta::minutes(5)).await;
        town.sees(MIGENNES, DOWN).await;
        taken(&town, "uptime-kuma", beat(&town, 1, up, true)).await;
        town.sees(MIGENNES, OVER).await;
        town.settles().await;
        assert_eq!(town.said(MIGENNES).len(), 1, "{name}");
        town.finish().await;
    }
}
