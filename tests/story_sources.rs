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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_tests_a_source_from_the_chat_the_whole_way() {
    let town = Town::open().await;
    let bruno = town.person("Bruno");
    town.person("Ana").types("Ana", "/sources");
    town.sees("Ana", "administrateurs").await;
    bruno.types("Bruno", "/sources");
    let list = town.sees("Bruno", "Sources d'alertes").await;
    list.has(&["⚪ alertmanager : jamais entendue", "Page 1 sur 2"]);
    println!("Each format by its own words.");
    let mut tested = 0;
    for page in 1..=2 {
        let list = town.sees("Bruno", &format!("Page {page} sur 2")).await;
        for button in list.buttons() {
            if let Some(source) = button.strip_prefix("Tester ") {
                let answer = bruno.taps(&list, &button).await;
                let card = format!("la carte « essai-{source} » viendra dans le groupe technique");
                assert!(answer.text.contains(&card), "{}", answer.text);
                tested += 1;
            }
        }
        let again = bruno.taps(&list, list.buttons().first().unwrap()).await;
        assert_eq!(again.text, "Un essai de cette source est déjà en cours.");
        if page == 1 {
            bruno.taps(&list, "Suivant ›").await;
        }
    }
    assert_eq!(tested, vigie::demo::SOURCES.len());
    posted(&town).await;
    town.pass(TimeDelta::minutes(3)).await;
    let shown = |text: &str| text.contains("Essai <b>gras</b> & _a_ *b*");
    town.settles().await;
    let seen = town.said("Backbone");
    assert!(seen.iter().any(|one| shown(one.text())), "{seen:#?}");
    town.pass(TimeDelta::seconds(10)).await;
    for source in vigie::demo::SOURCES {
        let told = town
            .sees("Bruno", &format!("Essai de {source} réussi"))
            .await;
        told.has(&["est arrivée", "sa fin a été envoyée"]);
    }
    town.settles().await;
    assert!(
        !town
            .said("Backbone")
            .iter()
            .any(|one| one.text().contains("Injoignable")),
        "every test has ended"
    );
    town.finish().await;
}

/// Every test that was asked for is on disk and decided.
async fn posted(town: &Town) {
    let begun = std::time::Instant::now();
    loop {
        let trials = town.app().trials().await.unwrap();
        let waiting = town.app().count_waiting_hooks().await.unwrap();
        if waiting == 0 && trials.iter().all(|trial| trial.posted_at.is_some()) {
            return;
        }
        assert!(begun.elapsed().as_secs() < 15, "{trials:#?}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_that_reaches_nobody_says_so_and_a_restart_loses_none() {
    let mut town = Town::open().await;
    let bruno = town.person("Bruno");
    bruno.types("Bruno", "/silence tout 2h");
    town.sees("Bruno", "C'est noté").await;
    bruno.types("Bruno", "/sources");
    let list = town.sees("Bruno", "Sources d'alertes").await;
    bruno.taps(&list, "Tester generic").await;
    posted(&town).await;
    town.stop().await;
    town.skip(TimeDelta::minutes(5)).await;
    town.start().await;
    let told = town.sees("Bruno", "Essai de generic").await;
    told.has(&["aucune carte n'est arrivée", "/silence"]);
    assert!(town.app().trials().await.unwrap().is_empty());
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_no_administrator_any_more_neither_turns_the_pages_nor_tests() {
    let town = Town::open().await;
    let bruno = town.person("Bruno");
    bruno.types("Bruno", "/sources");
    let list = town.sees("Bruno", "Sources d'alertes").await;
    town.imports(&[(
        "roles = [\"member\", \"active-member\", \"administrator\"]",
        "roles = [\"member\", \"active-member\"]",
    )])
    .await;
    for button in ["Suivant ›", "Tester generic"] {
        let answer = bruno.taps(&list, button).await;
        assert!(answer.alert, "{button}: {}", answer.text);
        assert!(answer.text.contains("administrateurs"), "{}", answer.text);
    }
    assert!(town.app().trials().await.unwrap().is_empty());
    town.finish().await;
}
