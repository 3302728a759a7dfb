//! The sheet of a piece of equipment: its days as a picture, its settings by steps, its name when
//! it is not quite right, and what an import says of it.

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

use chrono::TimeDelta;
use town::Town;

const MIGENNES: &str = "Secteur Migennes";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_referent_sets_a_relay_step_by_step_and_the_technical_group_is_told_once() {
    let town = Town::open().await;
    let (elise, paula) = (town.person("Élise"), town.person("Paula"));
    town.pass(TimeDelta::hours(1)).await;
    elise.types(MIGENNES, "/equipement migennes-eglise");
    let sheet = town
        .sees(MIGENNES, "Église de Migennes (migennes-eglise)")
        .await;
    sheet.has(&[
        "✅ Aucune alerte en cours",
        "Derrière : Silo de Migennes",
        "En dépendent : 1 équipement",
        "Sur 1 jour : disponible 100\u{202F}%, jamais en panne",
        "Premier message après 0 s",
        "Répété au bout de 1 h",
    ]);
    let (width, height) = sheet.picture().expect("its days are a picture");
    assert!(width == 1_200 && height < 1_200, "{width} x {height}");
    let png = town.file(&sheet).await;
    assert!(png.starts_with(b"\x89PNG"));
    assert_eq!(
        sheet.buttons(),
        [
            "Couper les alertes",
            "Technique",
            "Les deux",
            "Délai ↑ 1 min",
            "Rappel ↓ 30 min",
            "Rappel ↑ 2 h",
            "Nuit dès 22:00",
            "Nuit jusqu'à 09:00",
            "Jamais sans bruit",
            "Historique",
            "Carte du secteur",
            "Incident",
        ]
    );

    println!("Step by step, in place.");
    elise.taps(&sheet, "Délai ↑ 1 min").await;
    let sheet = again(&town, &sheet, "Premier message après 1 min").await;
    elise.taps(&sheet, "Délai ↑ 3 min").await;
    let sheet = again(&town, &sheet, "Premier message après 3 min").await;
    elise.taps(&sheet, "Rappel ↑ 2 h").await;
    let sheet = again(&town, &sheet, "Répété au bout de 2 h").await;
    elise.taps(&sheet, "Nuit dès 22:00").await;
    let sheet = again(&town, &sheet, "Sans bruit de 22:00 à 08:00").await;
    assert!(sheet.picture().is_some(), "the picture stays");
    let answer = paula.taps(&sheet, "Couper les alertes").await;
    assert!(answer.alert, "{answer:?}");

    println!("It holds for the next outage.");
    town.fires("migennes-eglise").await;
    town.pass(TimeDelta::minutes(2)).await;
    assert!(!said(&town, MIGENNES, "Injoignable : Église"));

    println!("What came of it is told once.");
    town.sees("Backbone", "Élise a réglé Église de Migennes")
        .await
        .has(&[
            "Délai : 0 s → 3 min",
            "Rappel : 1 h → 2 h",
            "Sans bruit : 21:00-08:00 → 22:00-08:00",
        ]);
    town.pass(TimeDelta::minutes(2)).await;
    town.sees(MIGENNES, "Injoignable : Église de Migennes")
        .await;
    let told = town.said("Backbone");
    assert_eq!(told.len(), 1, "{told:?}");

    println!("Back to what the cooperative does: the delay is over at once.");
    elise.types(MIGENNES, "/equipement migennes-eglise défaut");
    town.sees(MIGENNES, "🔴 En panne depuis")
        .await
        .has(&["Sur 1 jour"]);
    town.resolves("migennes-eglise").await;
    town.pass(TimeDelta::days(9)).await;
    elise.types(MIGENNES, "/equipement migennes-eglise");
    let sheet = town.sees(MIGENNES, "Sur 10 jours").await;
    sheet.has(&["1 panne, 4 min", "Jours touchés : 24 novembre (4 min)"]);
    town.keeps_picture(&sheet, "story-sheet").await;
    assert_eq!(town.app().audit_fault().await.unwrap(), None);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rights_are_those_of_the_moment_of_the_press() {
    let town = Town::open().await;
    let elise = town.person("Élise");
    elise.types(MIGENNES, "/equipement migennes-eglise");
    let sheet = town
        .sees(MIGENNES, "Église de Migennes (migennes-eglise)")
        .await;
    let fewer = r#"roles = ["member", "active-member"]"#;
    town.imports(&[(
        r#"roles = ["member", "active-member", "referent:migennes"]"#,
        fewer,
    )])
    .await;
    let answer = elise.taps(&sheet, "Couper les alertes").await;
    assert!(answer.alert, "{answer:?}");
    town.settles().await;
    assert!(!said(&town, MIGENNES, "Alertes : coupées"));

    println!("Who may not change anything is offered what leads on.");
    town.person("Ana")
        .types("Ana", "/equipement migennes-eglise");
    let sheet = town
        .sees("Ana", "Église de Migennes (migennes-eglise)")
        .await;
    assert_eq!(sheet.buttons(), ["Historique", "Carte du secteur"]);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_is_not_quite_right_finds_what_is_meant() {
    let town = Town::open().await;
    let bruno = town.person("Bruno");
    println!("Words of one name: its sheet.");
    bruno.types("Bruno", "/equipement chateau seign");
    town.sees(
        "Bruno",
        "Château d'eau de Seignelay (seignelay-chateau-eau)",
    )
    .await;
    println!("A typing error, too.");
    bruno.types("Bruno", "/equipement garre de Migennes");
    town.sees("Bruno", "Gare de Migennes (migennes-gare)").await;

    println!("Several: buttons to choose.");
    bruno.types("Bruno", "/equipement silo");
    let choice = town.sees("Bruno", "répondent à « silo »").await;
    let names = choice.buttons();
    assert!(
        names.contains(&"Silo de Villeneuve-la-Guyard".to_owned()),
        "{names:?}"
    );
    assert!(
        names.iter().all(|name| name.starts_with("Silo de ")),
        "{names:?}"
    );
    bruno.taps(&choice, "Silo de Villeneuve-la-Guyard").await;
    town.sees("Bruno", "Silo de Villeneuve-la-Guyard (villeneuve-silo)")
        .await;

    println!("None: the nearest.");
    bruno.types("Bruno", "/equipement silo de Lixy");
    let nearest = town.sees("Bruno", "Les noms les plus proches").await;
    assert!(nearest.buttons().contains(&"Église de Lixy".to_owned()));
    println!("Nothing near: what to do.");
    bruno.types("Bruno", "/equipement saturne 12");
    town.sees(
        "Bruno",
        "Je ne connais pas d'équipement « saturne 12 ». Demandez",
    )
    .await;
    println!("A setting of what may be several is not set by chance.");
    bruno.types("Bruno", "/equipement silo délai 5 min");
    town.settles().await;
    assert!(!said(&town, "Bruno", "Premier message après 5 min"));
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_that_takes_no_pictures_gets_the_text() {
    let mut town = Town::open().await;
    town.allows("not enough rights");
    town.fault(serde_json::json!({"kind": "not_enough_rights", "method": "sendPhoto", "times": 1}));
    town.person("Paula").types(MIGENNES, "/carte");
    let map = town.sees(MIGENNES, "Carte, secteur Migennes").await;
    map.has(&["Silo de Migennes", "en service"]);
    assert_eq!(map.picture(), None);
    town.finish().await;
}

fn said(town: &Town, title: &str, words: &str) -> bool {
    let said = town.said(title);
    said.iter().any(|message| message.text().contains(words))
}

/// The same message with new words.
async fn again(town: &Town, before: &town::Message, words: &str) -> town::Message {
    let now = town.sees_in(before.chat, words).await;
    assert_eq!(now.id(), before.id(), "changed in place");
    now
}
