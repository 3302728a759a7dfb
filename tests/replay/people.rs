//! People, presses and what they see, where others' bots lost or doubled them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vigie::app::settings::Settings;
use vigie_store::MemoryStore;

use super::minutes;
use super::town::Town;

const MIGENNES: &str = "Secteur Migennes";
const SILO: &str = "Injoignable : Silo de Migennes";
const PATIENCE: Duration = Duration::from_secs(15);

/// P10: two press within a second, and a third without the role. The first is named, the second
/// told so, the third refused, and the card changes once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_presses_at_once_are_one_taking() {
    let town = Town::open().await;
    town.fires("migennes-silo").await;
    let card = town.sees(MIGENNES, SILO).await;
    town.settles().await;
    let edits = town.calls("editMessageText").len();
    let (claire, paula, ana) = (
        town.person("Claire"),
        town.person("Paula"),
        town.person("Ana"),
    );
    let (one, other, third) = tokio::join!(
        claire.taps(&card, "Je prends"),
        paula.taps(&card, "Je prends"),
        ana.taps(&card, "Je prends"),
    );
    let late = |text: &str| text.contains("Déjà pris en charge par");
    let first = match (late(&one.text), late(&other.text)) {
        (false, true) => "Claire",
        (true, false) => "Paula",
        _ => panic!("{one:?} {other:?}"),
    };
    assert!(third.alert && third.text.contains("réservé"), "{third:?}");
    town.settles().await;
    town.said(MIGENNES)[0].has(&[&format!("Pris par {first}")]);
    assert_eq!(town.calls("editMessageText").len(), edits + 1, "one edit");
    town.finish().await;
}

/// T36 openclaw #42157, nerve PR #171: somebody presses while the program restarts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_press_during_a_restart_is_answered_after_it() {
    let mut town = Town::open().await;
    town.fires("migennes-silo").await;
    let card = town.sees(MIGENNES, SILO).await;
    town.settles().await;
    town.stop().await;
    let claire = town.person("Claire");
    let pressed = card.clone();
    let press = tokio::spawn(async move { claire.taps(&pressed, "Je prends").await });
    // The press waits at the messenger.
    let begun = Instant::now();
    let url = town.method_url("getWebhookInfo");
    loop {
        let told = reqwest::get(&url).await.unwrap().text().await.unwrap();
        let told: Value = serde_json::from_str(&told).unwrap();
        if told["result"]["pending_update_count"].as_u64() > Some(0) {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "no press: {told}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    town.start().await;
    let answer = press.await.unwrap();
    assert!(answer.text.contains("C'est noté"), "{answer:?}");
    town.sees(MIGENNES, "Pris par Claire").await;
    town.finish().await;
}

/// T43 uptime-kuma #4792: the messenger was away as long as the outage lasted. What is said of it
/// afterwards names it, and no end comes alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_end_never_comes_without_its_beginning() {
    let settings = Settings {
        absence_min: 5,
        ..Settings::default()
    };
    let mut town = Town::open_set(Arc::new(MemoryStore::in_memory()), settings).await;
    town.allows("Bad Gateway");
    town.looked_around().await;
    town.fault(json!({"kind": "html_502", "times": 1_000_000}));
    town.person("Bruno").types("Bruno", "bonsoir");
    let begun = Instant::now();
    while town.health().counters().failed.values().sum::<u64>() < 1 {
        assert!(begun.elapsed() < PATIENCE, "calls still arrive");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    town.fires("migennes-silo").await;
    decided(&town).await;
    town.skip(minutes(20)).await;
    town.resolves("migennes-silo").await;
    decided(&town).await;
    town.skip(minutes(1)).await;
    town.mend().await;
    town.sees("Backbone", "Passé inaperçu : Silo de Migennes")
        .await;
    town.settles().await;
    let ends = |title: &str| {
        let said = town.said(title);
        said.iter()
            .filter(|one| one.text().contains("Rétabli"))
            .count()
    };
    assert_eq!((ends(MIGENNES), ends("Backbone")), (0, 0));
    town.finish().await;
}

/// Alerts that came are handled, though nothing can be sent.
async fn decided(town: &Town) {
    let begun = Instant::now();
    while town.app().count_waiting_hooks().await.unwrap() > 0 {
        assert!(begun.elapsed() < PATIENCE, "hooks are not handled");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// T74 rdouma/hashrate-autopilot #125: taken in one place, and the other still asks who takes it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_taken_in_one_place_is_taken_in_the_other() {
    let town = Town::open().await;
    // What feeds two sectors is told to the technical group, and to those whose relays fall.
    town.fires("migennes-collecte").await;
    town.fires("migennes-silo").await;
    town.pass(minutes(4)).await;
    let here = town
        .sees("Backbone", "Injoignable : Porte de collecte de Migennes")
        .await;
    town.sees(MIGENNES, "Injoignable : Porte de collecte de Migennes")
        .await
        .has(&["Personne ne s'en occupe encore"]);
    let bruno = town.person("Bruno");
    bruno.taps(&here, "Je prends").await;
    let there = town.sees(MIGENNES, "Pris par Bruno").await;
    assert!(!there.text().contains("Personne ne s'en occupe encore"));
    town.finish().await;
}

/// T73 alerta-contrib #309, T76 jehy/telegram-test-api #62: the real messenger refuses 65 bytes in
/// a button, so the local one does; ours carry 24 at most.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_local_messenger_refuses_what_the_real_one_refuses() {
    let mut town = Town::open().await;
    town.allows("BUTTON_DATA_INVALID");
    let url = town.method_url("sendMessage");
    let chat = town.chat(MIGENNES);
    for (bytes, status) in [(64, 200), (65, 400)] {
        let body = json!({
            "chat_id": chat,
            "text": "x",
            "reply_markup": {"inline_keyboard": [[{"text": "b", "callback_data": "é".repeat(bytes / 2) + &"x".repeat(bytes % 2)}]]},
        });
        let answer = reqwest::Client::new().post(&url).json(&body).send();
        let answer = answer.await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{bytes} bytes");
        if status == 400 {
            let words = answer.text().await.unwrap();
            assert!(words.contains("BUTTON_DATA_INVALID"), "{words}");
        }
    }
    town.fires("migennes-silo").await;
    town.sees(MIGENNES, SILO).await;
    for call in town.calls("sendMessage") {
        let rows = call["params"]["reply_markup"]["inline_keyboard"].as_array();
        for button in rows
            .into_iter()
            .flatten()
            .flat_map(|row| row.as_array().unwrap())
        {
            let data = button["callback_data"].as_str().unwrap_or_default();
            assert!(data.len() <= 24 || data.starts_with('é'), "{data}");
        }
    }
    town.finish().await;
}

/// B49 strelov1/freehire #127: a token that is too long, or of other letters, is dropped by the
/// messenger without a word; ours fits. B48 yegor256/0rsk #505: what links dies, and says so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_links_an_account_fits_and_dies() {
    let town = Town::open().await;
    let (letters, _) = town.app().letters(&["104".to_owned()]).await.unwrap();
    let start = &letters[0].start;
    let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    assert!(start.len() <= 64 && start.chars().all(fits), "{start}");
    let denis = town.person("Denis");
    let token = format!("/start c_eyJhbGciOiJIUzI1NiJ9.{}", "e".repeat(200));
    denis.types("Denis", &token);
    town.settles().await;
    town.skip(chrono::TimeDelta::days(46)).await;
    denis.types("Denis", &format!("/start {start}"));
    town.settles().await;
    let said = town.said("Denis");
    assert!(said.len() >= 2, "each is answered: {said:#?}");
    assert!(
        !said
            .iter()
            .any(|said| said.text().contains("Voici la fiche"))
    );
    town.finish().await;
}
