//! Vigie was away, or Telegram was: one message says so, and what is sent is the present.

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

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use serde_json::json;
use town::Town;
use vigie::app::settings::Settings;
use vigie_store::MemoryStore;

const MIGENNES: &str = "Secteur Migennes";
const PATIENCE: Duration = Duration::from_secs(15);

async fn town(absence_min: u32) -> Town {
    let settings = Settings {
        absence_min,
        ..Settings::default()
    };
    let mut town = Town::open_set(Arc::new(MemoryStore::in_memory()), settings).await;
    town.allows("Bad Gateway");
    town
}

/// Long enough for a sign of life.
async fn a_breath() {
    tokio::time::sleep(Duration::from_millis(1_300)).await;
}

/// Waits until nothing reaches the messenger any more.
async fn until_cut(town: &Town) {
    let begun = Instant::now();
    while town.health().counters().failed.values().sum::<u64>() < 1 {
        assert!(begun.elapsed() < PATIENCE, "calls still arrive");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Alerts that came are handled, though nothing can be sent.
async fn until_decided(town: &Town) {
    let begun = Instant::now();
    while town.app().count_waiting_hooks().await.unwrap() > 0 {
        assert!(begun.elapsed() < PATIENCE, "hooks are not handled");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_hours_without_telegram_the_present_is_sent_and_not_the_past() {
    // More than the steps in which time passes here: the machine itself did not sleep.
    let town = town(90).await;
    town.looked_around().await;
    town.fault(json!({"kind": "html_502", "times": 1_000_000}));
    // The poll in flight ends, and the next ones meet the fault.
    town.person("Bruno").types("Bruno", "bonsoir");
    until_cut(&town).await;
    town.fires("migennes-silo").await;
    town.fires("joigny-ecole").await;
    until_decided(&town).await;
    // Reminders come due, several times over.
    for _ in 0..2 {
        a_breath().await;
        town.skip(TimeDelta::minutes(61)).await;
    }
    a_breath().await;
    town.resolves("joigny-ecole").await;
    until_decided(&town).await;
    town.mend().await;

    let back = town.sees("Backbone", "Je n'ai rien pu dire de").await;
    back.has(&[
        "à 16 h 02",
        "Telegram ne répondait pas",
        "Passé inaperçu : École de Joigny",
        "Maintenant : 1 panne en cours",
        "🔴 Silo de Migennes",
    ]);
    let card = town.sees(MIGENNES, "Injoignable : Silo de Migennes").await;
    card.has(&["Depuis 14 h"]);
    town.settles().await;
    let said = town.said(MIGENNES);
    let reminders = said
        .iter()
        .filter(|one| one.text().contains("Toujours en panne"));
    assert_eq!(reminders.count(), 1, "{said:#?}");
    assert_eq!(said.len(), 2, "{said:#?}");
    assert!(
        town.said("Secteur Joigny").is_empty(),
        "what is over is not announced"
    );
    assert_eq!(town.said("Backbone").len(), 1);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reminder_that_waits_is_dropped_when_somebody_takes_it_or_it_is_over() {
    let mut town = Town::open().await;
    town.allows("Bad Gateway");
    town.fires("migennes-silo").await;
    town.sees(MIGENNES, "Injoignable : Silo de Migennes").await;
    town.settles().await;
    town.fault(json!({"kind": "html_502", "times": 1_000_000}));
    town.person("Bruno").types("Bruno", "bonsoir");
    until_cut(&town).await;
    town.skip(TimeDelta::minutes(61)).await;
    town.resolves("migennes-silo").await;
    until_decided(&town).await;
    town.mend().await;
    town.sees(MIGENNES, "Rétabli : Silo de Migennes").await;
    town.settles().await;
    assert_eq!(town.said(MIGENNES).len(), 1, "no reminder of what is over");
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_night_in_which_the_program_was_down_it_says_so_once() {
    let mut town = town(5).await;
    town.looked_around().await;
    town.fires("migennes-silo").await;
    town.sees(MIGENNES, "Injoignable : Silo de Migennes").await;
    town.settles().await;
    town.stop().await;
    town.skip(TimeDelta::minutes(45)).await;
    town.start().await;
    let back = town.sees("Backbone", "Je n'ai rien vu de 14 h").await;
    back.has(&[
        "à 14 h 45",
        "Vigie était arrêtée",
        "Maintenant : 1 panne en cours",
        "Silo de Migennes",
    ]);
    town.settles().await;
    // A short stop is not worth a message.
    town.stop().await;
    town.skip(TimeDelta::minutes(3)).await;
    town.start().await;
    town.looked_around().await;
    a_breath().await;
    town.settles().await;
    let said = town.said("Backbone");
    assert_eq!(said.len(), 1, "{said:#?}");
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_machine_that_slept_says_so() {
    let town = town(5).await;
    town.looked_around().await;
    // A sign of life was given before it fell asleep.
    a_breath().await;
    town.skip(TimeDelta::hours(2)).await;
    // The poll ends, and Telegram answers again.
    town.person("Bruno").types("Bruno", "bonsoir");
    let back = town.sees("Backbone", "Je n'ai rien vu de").await;
    back.has(&["en veille", "Maintenant : aucune panne en cours"]);
    town.settles().await;
    assert_eq!(town.said("Backbone").len(), 1);
    town.finish().await;
}
