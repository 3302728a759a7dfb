//! What people see and set of themselves, what an old proof still carries, and what they are told
//! when their record changes.

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
use serde_json::json;
use tokio::sync::mpsc;
use town::{Person, Town};
use vigie_domain::people::read::{Form, read};

const DENIS: &str = "denis@example.org";
const OLD: &str = "La preuve de votre rattachement est trop ancienne";

/// A member proves that they are who the record says, by mail.
async fn links(town: &Town, person: &Person, number: &str, address: &str, letter: usize) {
    person.types(&person.name, "/lier");
    town.settles().await;
    person.types(&person.name, number);
    let code = town.code(address, letter).await;
    person.types(&person.name, &code);
    town.settles().await;
    let card = town.sees(&person.name, "Voici la fiche").await;
    person.taps(&card, "C'est moi").await;
    town.settles().await;
}

/// How often somebody was told these words.
fn times(town: &Town, person: &Person, words: &str) -> usize {
    let said = town.said(&person.name);
    said.iter().filter(|one| one.text().contains(words)).count()
}

async fn members(town: &Town, csv: &str) {
    let (send, mut rows) = mpsc::channel(64);
    let mut all = Vec::new();
    read(Form::Csv, &mut csv.as_bytes(), &mut |row| {
        all.push(row);
        true
    })
    .unwrap();
    send.send(all).await.unwrap();
    drop(send);
    let app = town.app();
    app.import_members(&mut rows, &mut |_| ()).await.unwrap();
    app.fire_due().await.unwrap();
}

async fn with_an_administrator() -> Town {
    let town = Town::open().await;
    town.person("Bruno").types("Bruno", "/confidentialite");
    town.sees("Bruno", "Ce que je garde").await;
    town
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_sees_what_is_theirs_and_sets_quiet_hours_and_questions() {
    let town = with_an_administrator().await;
    members(&town, "id;liens\n101;FTTH-7=migennes-silo,RADIO-2\n").await;
    let ana = town.person("Ana");
    ana.types("Secteur Migennes", "bonjour à tous");
    town.settles().await;
    ana.types("Ana", "/moi");
    let me = town.sees("Ana", "membre n° 101").await;
    me.has(&[
        "FTTH-7 : portée par",
        "en service",
        "Connexion RADIO-2.",
        "Secteur Migennes",
        "Heures calmes : de 21:00 à 08:00",
    ]);
    ana.taps(&me, "Heures calmes…").await;
    let ask = town.sees("Ana", "Quand voulez-vous être au calme").await;
    ana.taps(&ask, "De 20:00 à 09:00").await;
    ana.taps(&me, "Ne plus me demander qui je connais").await;
    town.fires("migennes-silo").await;
    town.settles().await;
    ana.types("Ana", "/moi");
    town.settles().await;
    let me = town.sees("Ana", "de 20:00 à 09:00").await;
    me.has(&["en panne", "Je ne vous demande pas"]);
    ana.types("Ana", "/mes_donnees");
    town.settles().await;
    let files: String = town
        .said("Ana")
        .iter()
        .map(|one| one.raw.to_string())
        .collect();
    assert!(files.contains("document"), "{files}");
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_proof_is_reminded_of_once_in_the_morning_and_then_weighs_nothing() {
    let mut town = with_an_administrator().await;
    let denis = town.person("Denis");
    links(&town, &denis, "104", DENIS, 1).await;
    // Used all the year, and in the night when the reminder is due.
    for _ in 0..2 {
        town.pass(TimeDelta::days(150)).await;
        denis.types("Denis", "/aide");
        town.settles().await;
    }
    town.at(22, 30).await;
    town.pass(TimeDelta::days(36)).await;
    town.settles().await;
    assert_eq!(
        times(&town, &denis, "il y aura un an"),
        0,
        "it waits for the morning"
    );
    town.at(8, 1).await;
    // The worker reads the time of the town when it begins.
    town.stop().await;
    town.start().await;
    town.sees("Denis", "il y aura un an").await;
    denis.types("Denis", "/inviter");
    town.settles().await;
    assert_eq!(times(&town, &denis, OLD), 0);
    town.at(12, 0).await;
    town.pass(TimeDelta::days(40)).await;
    town.sees("Denis", "date de plus d'un an").await;
    town.pass(TimeDelta::days(40)).await;
    assert_eq!(times(&town, &denis, "il y aura un an"), 1);
    assert_eq!(times(&town, &denis, "date de plus d'un an"), 1);
    denis.types("Denis", "/inviter");
    town.sees("Denis", OLD).await;
    denis.types("Denis", "/moi");
    town.sees("Denis", "La preuve de ce rattachement est trop ancienne")
        .await;
    // What does not weigh goes on.
    denis.types("Denis", "/equipement migennes-silo");
    town.settles().await;
    assert_eq!(times(&town, &denis, "n'est relié à aucun membre"), 0);
    links(&town, &denis, "104", DENIS, 3).await;
    town.sees("Denis", "confirmé pour un an").await;
    denis.types("Denis", "/inviter");
    town.settles().await;
    assert_eq!(times(&town, &denis, OLD), 1);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_half_a_year_without_use_what_weighs_is_proved_again() {
    let town = with_an_administrator().await;
    let bruno = town.person("Bruno");
    bruno.types("Bruno", "/membre 104");
    town.sees("Bruno", "Denis Lefèvre").await;
    town.pass(TimeDelta::days(190)).await;
    // Writing first does not wash it off.
    for _ in 0..2 {
        bruno.types("Bruno", "/aide");
        town.settles().await;
        town.pass(TimeDelta::days(2)).await;
    }
    bruno.types("Bruno", "/membre 104");
    town.sees("Bruno", OLD).await;
    links(&town, &bruno, "102", "bruno.petit@exemple.fr", 1).await;
    bruno.types("Bruno", "/membre 104");
    town.settles().await;
    assert_eq!(times(&town, &bruno, OLD), 1);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_suspended_is_told_in_private_and_in_their_language_and_objects() {
    let mut town = with_an_administrator().await;
    town.allows("initiate conversation");
    town.imports(&[("lang = \"en\"\n", "")]).await;
    let (bruno, samir) = (town.person("Bruno"), town.person("Samir"));
    samir.types("Samir", "/status");
    town.settles().await;
    bruno.types("Bruno", "/membre 119");
    let sheet = town.sees("Bruno", "membre n° 119").await;
    bruno.taps(&sheet, "Suspendre").await;
    let told = town.sees("Samir", "is suspended").await;
    told.has(&["What remains possible", "supervisory council"]);
    for _ in 0..2 {
        let answer = samir.taps(&told, "I object").await;
        assert!(
            answer.alert && answer.text.contains("they answer you"),
            "{answer:?}"
        );
    }
    town.sees("Bruno", "conteste la décision").await;
    town.settles().await;
    assert_eq!(times(&town, &bruno, "conteste la décision"), 1);
    bruno.taps(&sheet, "Lever la suspension").await;
    town.sees("Samir", "is active again").await;
    let late = samir.taps(&told, "I object").await;
    assert!(late.text.contains("no decision"), "{late:?}");
    // Somebody who never wrote to us: one try, and administrators learn of it.
    bruno.types("Bruno", "/membre 118");
    let sheet = town.sees("Bruno", "membre n° 118").await;
    bruno.taps(&sheet, "Suspendre").await;
    town.sees(
        "Bruno",
        "Je n'ai pas pu prévenir le compte 1018 du membre n° 118",
    )
    .await;
    town.pass(TimeDelta::hours(2)).await;
    town.settles().await;
    let calls = town.calls("sendMessage");
    let tries = calls
        .iter()
        .filter(|call| call["params"]["chat_id"] == json!(1018));
    assert_eq!(tries.count(), 1);
    for group in ["Secteur Sens", "Secteur Migennes", "Secteur Joigny"] {
        let said = town.said(group);
        assert!(
            said.iter().all(|one| !one.text().contains("suspend")),
            "{group}"
        );
    }
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_expelled_is_told_and_links_close_unless_it_is_taken_back() {
    let town = with_an_administrator().await;
    let denis = town.person("Denis");
    links(&town, &denis, "104", DENIS, 1).await;
    members(&town, "id;statut\n104;radié\n").await;
    town.sees("Denis", "l'exclusion de Denis L.").await;
    members(&town, "id;statut\n104;actif\n").await;
    town.sees("Denis", "de nouveau active").await;
    town.pass(TimeDelta::days(31)).await;
    denis.types("Denis", "/moi");
    town.sees("Denis", "membre n° 104").await;
    members(&town, "id;statut\n104;radié\n").await;
    town.pass(TimeDelta::days(31)).await;
    denis.types("Denis", "/moi");
    town.sees("Denis", "Je ne vous connais pas encore").await;
    assert_eq!(times(&town, &denis, "l'exclusion de Denis L."), 2);
    town.finish().await;
}
