//! Outages as people live them, from the first message to the thanks.

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
use serde_json::{Value, json};
use town::Town;

const MIGENNES: &str = "Secteur Migennes";
const SILO: &str = "Injoignable : Silo de Migennes";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_night_outage_goes_from_the_alert_to_the_thanks() {
    let town = Town::open().await;
    let paula = town.person("Paula");
    town.at(23, 0).await;
    town.fires("migennes-silo").await;
    let card = town.sees(MIGENNES, SILO).await;
    card.has(&[
        "Relais principal, secteur Migennes",
        "Personne ne s'en occupe encore",
        "échelle extérieure",
    ]);
    assert_eq!(card.buttons(), ["Je prends", "Silence 1 h", "Détails"]);
    town.settles().await;
    let sent = town.calls("sendMessage").pop().unwrap();
    assert_eq!(
        sent["params"]["disable_notification"], true,
        "at night it makes no sound: {sent}"
    );

    town.pass(TimeDelta::minutes(5)).await;
    let answer = paula.taps(&card, "Je prends").await;
    assert!(answer.text.contains("vous prenez en charge"), "{answer:?}");
    let taken = town.sees(MIGENNES, "Pris par Paula").await;
    assert_eq!(taken.id(), card.id());

    town.pass(TimeDelta::minutes(37)).await;
    town.resolves("migennes-silo").await;
    let ended = town.sees(MIGENNES, "Rétabli : Silo de Migennes").await;
    assert_eq!((ended.id(), ended.buttons().len()), (card.id(), 0));
    ended.has(&["après 42 min (de 23 h à 23 h 42)"]);
    let thanks = town.sees(MIGENNES, "Merci Paula").await;
    assert_eq!(thanks.raw["reply_to_message_id"], card.id());
    town.settles().await;
    assert_eq!(town.said(MIGENNES).len(), 2);
    assert!(
        town.said("Backbone").is_empty(),
        "a sector's relay is the sector's matter"
    );
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_is_refused_and_an_active_member_takes_it() {
    let town = Town::open().await;
    let (ana, claire, bruno) = (
        town.person("Ana"),
        town.person("Claire"),
        town.person("Bruno"),
    );
    let chat = town.chat(MIGENNES);
    town.sim
        .post("add", &json!({"chat": chat, "user": claire.id}))
        .unwrap();
    town.fires("migennes-silo").await;
    let card = town.sees(MIGENNES, SILO).await;
    for button in ["Je prends", "Silence 1 h"] {
        let answer = ana.taps(&card, button).await;
        assert!(
            answer.alert && answer.text.contains("réservé aux membres actifs"),
            "{answer:?}"
        );
    }
    town.settles().await;
    assert_eq!(
        town.said(MIGENNES)[0].text(),
        card.text(),
        "a refusal changes nothing"
    );
    assert!(
        claire
            .taps(&card, "Je prends")
            .await
            .text
            .contains("C'est noté")
    );
    town.sees(MIGENNES, "Pris par Claire").await;
    let late = bruno.taps(&card, "Je prends").await;
    assert!(
        late.text.contains("Déjà pris en charge par Claire"),
        "{late:?}"
    );
    town.settles().await;
    assert_eq!(town.said(MIGENNES).len(), 1);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presses_at_the_same_time_count_once() {
    let town = Town::open().await;
    let (paula, elise) = (town.person("Paula"), town.person("Élise"));
    town.fires("migennes-silo").await;
    let card = town.sees(MIGENNES, SILO).await;
    let (one, two, again) = tokio::join!(
        paula.taps(&card, "Je prends"),
        elise.taps(&card, "Je prends"),
        paula.taps(&card, "Je prends"),
    );
    let answers = [one.text, two.text, again.text];
    let count = |words: &str| answers.iter().filter(|text| text.contains(words)).count();
    assert_eq!(
        (count("C'est noté"), count("Déjà pris")),
        (1, 2),
        "{answers:?}"
    );
    town.settles().await;
    let edits = town.calls("editMessageText").len();
    assert_eq!(edits, 1, "one change is one edit");
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn buttons_of_copies_and_of_ended_outages_do_nothing() {
    let town = Town::open().await;
    let paula = town.person("Paula");
    town.fires("migennes-silo").await;
    let card = town.sees(MIGENNES, SILO).await;
    town.settles().await;
    let sent = town.calls("sendMessage").pop().unwrap();
    let markup = match &sent["params"]["reply_markup"] {
        Value::String(text) => serde_json::from_str(text).unwrap(),
        other => other.clone(),
    };
    let key = markup["inline_keyboard"][0][0]["callback_data"].clone();
    let press = |message: i64| {
        let body = json!({
            "from": paula.id, "chat": card.chat, "message_id": message, "callback_data": key,
        });
        let sim = town.sim.clone();
        async move { sim.tap(&body).await.unwrap() }
    };
    // A message that carries the key of another one, as a copied card would.
    paula.types(MIGENNES, "/etat");
    let other = town.sees(MIGENNES, "1 panne en cours").await;
    let answer = press(other.id()).await;
    let text = answer["answer"].as_str().unwrap_or_default();
    assert!(text.contains("n'est plus valable"), "{answer}");

    town.resolves("migennes-silo").await;
    town.sees(MIGENNES, "Rétabli : Silo de Migennes").await;
    // A phone that has not redrawn the card yet.
    let answer = press(card.id()).await;
    assert!(
        answer["answer"].as_str().unwrap().contains("terminée"),
        "{answer}"
    );
    town.settles().await;
    assert!(!town.said(MIGENNES)[0].text().contains("Pris par"));
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_parent_covers_its_children_in_any_order() {
    for first in ["migennes-silo", "migennes-eglise"] {
        let town = Town::open().await;
        let second = if first == "migennes-silo" {
            "migennes-eglise"
        } else {
            "migennes-silo"
        };
        town.fires(first).await;
        town.sees(MIGENNES, "Injoignable").await;
        town.fires(second).await;
        let card = town.sees(MIGENNES, "errière : 1").await;
        card.has(&[SILO, "Église de Migennes"]);
        town.fires("migennes-gare").await;
        town.sees(MIGENNES, "errière : 2")
            .await
            .has(&["Gare de Migennes"]);
        town.alerts(vec![
            town.alert("migennes-silo", "resolved"),
            town.alert("migennes-eglise", "resolved"),
            town.alert("migennes-gare", "resolved"),
        ])
        .await;
        town.sees(MIGENNES, "Rétabli : Silo de Migennes").await;
        town.settles().await;
        let said = town.said(MIGENNES);
        assert_eq!(said.len(), 1, "{first} first: {said:#?}");
        assert!(!said[0].text().contains("🔴"), "{}", said[0].text());
        town.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backbone_outage_is_one_card_for_the_technicians_and_one_for_each_sector_behind() {
    let town = Town::open().await;
    town.fires("migennes-collecte").await;
    town.sees("Backbone", "Injoignable : Porte de collecte de Migennes")
        .await;
    for relay in ["migennes-silo", "migennes-eglise", "seignelay-chateau-eau"] {
        town.fires(relay).await;
    }
    town.sees("Backbone", "Derrière : 3").await;
    town.sees(MIGENNES, "Derrière : 3")
        .await
        .has(&["Porte de collecte de Migennes"]);
    town.settles().await;
    assert_eq!(
        (town.said("Backbone").len(), town.said(MIGENNES).len()),
        (1, 1)
    );
    assert!(town.said("Secteur Joigny").is_empty());
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unknown_equipment_goes_to_the_technicians_with_a_hint() {
    let town = Town::open().await;
    town.fires("relais_<nouveau> & *co*").await;
    let card = town
        .sees("Backbone", "Injoignable : relais_<nouveau> & *co*")
        .await;
    card.has(&["n'est pas déclaré", "fichier du réseau"]);
    town.resolves("relais_<nouveau> & *co*").await;
    let ended = town
        .sees("Backbone", "Rétabli : relais_<nouveau> & *co*")
        .await;
    assert_eq!(ended.id(), card.id());
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_changed_in_the_chat_hold_from_the_next_event_on() {
    let town = Town::open().await;
    let (bruno, ana) = (town.person("Bruno"), town.person("Ana"));
    ana.types(MIGENNES, "/equipement migennes-eglise alertes non");
    town.sees(MIGENNES, "sont réglées par les référents").await;
    let hugo = town.person("Hugo");
    hugo.types("Hugo", "/equipement migennes-eglise alertes non");
    let refusal = town.sees("Hugo", "référent d'un autre secteur").await;
    refusal.has(&["un référent du secteur Migennes ou par un administrateur"]);
    bruno.types("Backbone", "/equipement migennes-eglise alertes non");
    town.sees("Backbone", "Alertes : coupées").await;
    town.fires("migennes-eglise").await;
    town.settles().await;
    let cards = || {
        town.said(MIGENNES)
            .iter()
            .filter(|m| m.text().contains("Injoignable"))
            .count()
    };
    assert_eq!(cards(), 0, "its alerts are off");
    bruno.types("Backbone", "/equipement migennes-eglise alertes oui");
    town.sees(MIGENNES, "Injoignable : Église de Migennes")
        .await;

    bruno.types("Backbone", "/equipement joigny-ecole délai 5 min");
    town.sees("Backbone", "Premier message après 5 min").await;
    town.fires("joigny-ecole").await;
    town.settles().await;
    assert!(
        town.said("Secteur Joigny").is_empty(),
        "it is given five minutes"
    );
    town.pass(TimeDelta::minutes(5)).await;
    town.sees("Secteur Joigny", "Injoignable : École de Joigny")
        .await;

    // Other ways to write it, and what is not understood.
    bruno.types("Backbone", "/equipement joigny-ecole rappel 2 h");
    town.sees("Backbone", "Répété au bout de 2 h,").await;
    bruno.types("Backbone", "/equipement joigny-ecole rappel 45 s");
    let refusal = town.sees("Backbone", "de 1 min à 7 j, ou 0").await;
    refusal.has(&["Par exemple : rappel 30 min"]);
    bruno.types("Backbone", "/equipement joigny-ecole délai bientôt");
    town.sees("Backbone", "Je ne comprends pas le délai « bientôt »")
        .await;

    // By button, in place.
    bruno.types("Backbone", "/equipement joigny-ecole");
    town.settles().await;
    let sheet = town.sees("Backbone", "En panne depuis").await;
    let answer = bruno.taps(&sheet, "Couper les alertes").await;
    assert!(
        answer.text.contains("appliqué dès maintenant"),
        "{answer:?}"
    );
    town.settles().await;
    let changed = town.said("Backbone").pop().unwrap();
    assert_eq!(changed.id(), sheet.id());
    changed.has(&["Alertes : coupées"]);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silence_holds_back_what_is_new_and_never_the_end() {
    let town = Town::open().await;
    let paula = town.person("Paula");
    town.fires("migennes-silo").await;
    let card = town.sees(MIGENNES, SILO).await;
    let answer = paula.taps(&card, "Silence 1 h").await;
    assert!(answer.text.contains("Silence jusqu'à"), "{answer:?}");
    town.sees(MIGENNES, "Silence jusqu'à").await;
    town.resolves("migennes-silo").await;
    let ended = town.sees(MIGENNES, "Rétabli : Silo de Migennes").await;
    assert_eq!(ended.id(), card.id());
    town.pass(TimeDelta::minutes(10)).await;
    town.fires("migennes-silo").await;
    town.settles().await;
    assert_eq!(town.said(MIGENNES).len(), 1, "silenced for an hour");
    town.pass(TimeDelta::minutes(51)).await;
    town.settles().await;
    town.sees(MIGENNES, SILO).await;
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_card_shows_already_is_not_sent_again() {
    let town = Town::open().await;
    let paula = town.person("Paula");
    town.fires("migennes-silo").await;
    let card = town.sees(MIGENNES, SILO).await;
    town.settles().await;
    let edits = || town.calls("editMessageText").len();
    // The same until the same minute: the second press changes the record, and nothing to be seen.
    paula.taps(&card, "Silence 1 h").await;
    town.settles().await;
    assert_eq!(edits(), 1);
    paula.taps(&card, "Silence 1 h").await;
    town.settles().await;
    assert_eq!(edits(), 1, "nothing to be seen, nothing to be sent");

    // An edit whose answer is lost: it is not known what the card shows, so it is sent again.
    town.fault(json!({"kind": "drop_after", "method": "editMessageText"}));
    paula.taps(&card, "Je prends").await;
    town.sees(MIGENNES, "Pris par Paula").await;
    town.settles().await;
    assert_eq!(edits(), 3);
    paula.taps(&card, "Silence 1 h").await;
    town.settles().await;
    assert_eq!(edits(), 3, "it was answered that the card shows this");

    town.resolves("migennes-silo").await;
    town.sees(MIGENNES, "Rétabli : Silo de Migennes").await;
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_of_a_card_is_put_right_by_the_first_press_on_it() {
    let town = Town::open().await;
    let paula = town.person("Paula");
    let chat = town.chat(MIGENNES);
    town.fault(json!({"kind": "drop_after", "method": "sendMessage", "chat": chat}));
    town.fires("migennes-silo").await;
    let card = town.sees(MIGENNES, "(répétition)").await;
    town.settles().await;
    let copy = town.said(MIGENNES).remove(0);
    assert_ne!(copy.id(), card.id());
    let answer = paula.taps(&copy, "Je prends").await;
    assert!(answer.alert && answer.text.contains("copie"), "{answer:?}");
    let put_right = town
        .sees(MIGENNES, "Copie : la carte tenue à jour est plus bas")
        .await;
    assert_eq!((put_right.id(), put_right.buttons().len()), (copy.id(), 0));
    put_right.has(&[SILO, "Personne ne s'en occupe encore"]);

    // Once, and no other message.
    paula.types(MIGENNES, "/etat");
    let list = town.sees(MIGENNES, "1 panne en cours").await;
    let sent = town.calls("sendMessage");
    let key = sent.iter().rev().find_map(|call| {
        let markup = &call["params"]["reply_markup"];
        let markup: Value = match markup {
            Value::String(text) => serde_json::from_str(text).unwrap(),
            other => other.clone(),
        };
        let button = &markup["inline_keyboard"][0][2]["callback_data"];
        button.as_str().map(str::to_owned)
    });
    let body = json!({
        "from": paula.id, "chat": chat, "message_id": list.id(), "callback_data": key.unwrap(),
    });
    let answer = town.sim.tap(&body).await.unwrap();
    assert!(
        !answer["answer"]
            .as_str()
            .unwrap_or_default()
            .contains("copie"),
        "{answer}"
    );
    town.settles().await;
    town.sees(MIGENNES, "1 panne en cours").await;

    paula.taps(&card, "Je prends").await;
    let taken = town.sees(MIGENNES, "Pris par Paula").await;
    assert_eq!(taken.id(), card.id());
    town.finish().await;
}
