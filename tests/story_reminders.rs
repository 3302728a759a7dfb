//! People have themselves and their groups reminded, and note what is to be done: what they read,
//! press and get, over a change of the clock and two days in which nothing ran.

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

use chrono::{DateTime, TimeDelta, Utc};
use town::{START, Town};

const ACTIVE: &str = "Actifs";

/// Seconds from the start of the town, a Tuesday at 14:00, to a time of a later day.
const fn at(day: i64, hour: i64, minute: i64) -> i64 {
    (day * 24 + hour - 14) * 3_600 + minute * 60
}

/// Seconds from the start of the town to a moment.
fn when(moment: &str) -> i64 {
    moment.parse::<DateTime<Utc>>().unwrap().timestamp() - START
}

async fn still() -> Town {
    Town::open_still(town::NETWORK.to_owned()).await
}

/// How often we said this in a conversation.
fn count(town: &Town, title: &str, words: &str) -> usize {
    let said = town.said(title).into_iter();
    said.filter(|message| message.text().contains(words))
        .count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_is_reminded_as_they_said() {
    let town = still().await;
    let elise = town.person("Élise");
    elise.types("Élise", "/rappel");
    town.sees("Élise", "Dites quand, puis quoi").await;
    elise.types("Élise", "/rappel appeler Orange");
    town.sees("Élise", "Je n'ai pas compris quand")
        .await
        .has(&["chaque mardi à 19 h"]);
    elise.types("Élise", "/rappel demain 9h");
    town.sees("Élise", "J'ai compris quand, pas quoi").await;
    elise.types("Élise", "/rappel le 30 février à 9h payer");
    town.sees("Élise", "Ce jour n'existe pas").await;
    elise.types("Élise", "/rappel hier 24/11/2025 payer");
    elise.types("Élise", "/rappel 01/01/9999 payer");
    town.sees("Élise", "C'est trop loin").await;
    elise.types("Élise", "/rappel demain 9h Europe/Pariss payer");
    town.sees("Élise", "Je ne connais pas le fuseau").await;

    elise.types("Élise", "/rappel demain 9h appeler Orange");
    let preview = town.sees("Élise", "Voici ce que je dirai").await;
    preview.has(&[
        "appeler Orange",
        "mercredi 25 novembre à 9 h",
        "à vous seul",
    ]);
    // Nothing is kept before the press.
    elise.types("Élise", "/rappels");
    town.sees("Élise", "Aucun rappel n'est prévu ici").await;
    elise.taps(&preview, "C'est bon").await;
    town.sees("Élise", "C'est noté : « appeler Orange »").await;
    town.until(at(1, 8, 59)).await;
    assert_eq!(count(&town, "Élise", "⏰ appeler Orange"), 0);
    town.until(at(1, 9, 0)).await;
    let told = town.sees("Élise", "⏰ appeler Orange").await;
    assert_eq!(told.text(), "⏰ appeler Orange");
    elise.taps(&told, "Dans 1 h").await;
    town.sees("Élise", "Je le redirai").await;
    town.until(at(1, 10, 0)).await;
    let told = town.sees("Élise", "⏰ appeler Orange").await;
    assert_eq!(told.buttons(), ["Fait", "Dans 1 h", "Demain"]);
    elise.taps(&told, "Demain").await;
    town.until(at(2, 9, 0)).await;
    let told = town.sees("Élise", "⏰ appeler Orange").await;
    elise.taps(&told, "Fait").await;
    town.sees("Élise", "✅ Fait (Élise)").await;
    let said = town.said("Élise").len();
    town.until(at(9, 9, 0)).await;
    assert_eq!(town.said("Élise").len(), said, "nothing more came");
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_is_reminded_and_stops_it() {
    let town = still().await;
    let (ana, elise, hugo) = (
        town.person("Ana"),
        town.person("Élise"),
        town.person("Hugo"),
    );
    // A member does not have a group reminded.
    ana.types("Secteur Migennes", "/rappel chaque mardi à 19 h calage");
    town.sees("Secteur Migennes", "réservé aux membres actifs")
        .await;
    elise.types(ACTIVE, "/rappel chaque mardi à 19 h calage");
    let preview = town.sees(ACTIVE, "Voici ce que je dirai").await;
    preview.has(&[
        "calage",
        "5 prochaines fois",
        "· 19 h",
        "mardi 1er décembre à 19 h",
        "mardi 22 décembre à 19 h",
        "à tout ce groupe",
    ]);
    let not_hers = hugo.taps(&preview, "C'est bon").await;
    assert!(not_hers.alert, "{not_hers:?}");
    elise.taps(&preview, "C'est bon").await;
    town.until(at(0, 19, 0)).await;
    town.until(at(7, 19, 0)).await;
    assert_eq!(count(&town, ACTIVE, "⏰ calage"), 2);
    // "mardi", said on a Tuesday, is asked.
    hugo.types(ACTIVE, "/rappel mardi 20h ranger la salle");
    let preview = town.sees(ACTIVE, "ranger la salle").await;
    assert_eq!(
        preview.buttons(),
        [
            "C'est bon",
            "Plutôt mardi 8 décembre à 20 h",
            "Laisser tomber"
        ]
    );
    hugo.taps(&preview, "Plutôt mardi 8 décembre à 20 h").await;
    town.until(at(7, 20, 30)).await;
    assert_eq!(count(&town, ACTIVE, "⏰ ranger la salle"), 0);
    hugo.types(ACTIVE, "/rappels");
    let list = town.sees(ACTIVE, "Rappels, page 1 sur 1").await;
    list.has(&[
        "1. calage · mardi 8 décembre à 19 h, puis",
        "2. ranger la salle",
    ]);
    hugo.taps(&list, "1").await;
    let sheet = town.sees(ACTIVE, "« calage », noté par Élise").await;
    hugo.taps(&sheet, "Arrêter").await;
    town.until(at(14, 21, 0)).await;
    assert_eq!(count(&town, ACTIVE, "⏰ calage"), 2, "stopped");
    assert_eq!(count(&town, ACTIVE, "⏰ ranger la salle"), 1);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_clock_change_and_two_days_of_silence() {
    let mut town = still().await;
    let (bruno, elise) = (town.person("Bruno"), town.person("Élise"));
    town.skip(TimeDelta::seconds(when("2027-10-29T10:00:00Z")))
        .await;
    bruno.types("Bruno", "/rappel tous les jours à 2h30 relever le compteur");
    let preview = town.sees("Bruno", "relever le compteur").await;
    preview.has(&[
        "dimanche 31 octobre à 2 h 30",
        "deux fois",
        "la première fois",
    ]);
    bruno.taps(&preview, "C'est bon").await;
    elise.types(ACTIVE, "/rappel chaque dimanche 19h calage");
    let preview = town.sees(ACTIVE, "calage").await;
    elise.taps(&preview, "C'est bon").await;
    // 02:30 is there twice this night: at 00:30Z and at 01:30Z.
    town.until(when("2027-10-31T00:29:00Z")).await;
    assert_eq!(count(&town, "Bruno", "⏰ relever"), 1);
    town.until(when("2027-10-31T00:31:00Z")).await;
    assert_eq!(count(&town, "Bruno", "⏰ relever"), 2);
    town.until(when("2027-10-31T02:00:00Z")).await;
    assert_eq!(count(&town, "Bruno", "⏰ relever"), 2);
    // Seven in the evening is seven in the evening, an hour later than a week ago.
    town.until(when("2027-10-31T17:59:00Z")).await;
    assert_eq!(count(&town, ACTIVE, "⏰ calage"), 0);
    town.until(when("2027-10-31T18:00:00Z")).await;
    assert_eq!(count(&town, ACTIVE, "⏰ calage"), 1);

    bruno.types("Bruno", "/rappel dimanche 7 novembre 18h appeler Zoé");
    let preview = town.sees("Bruno", "appeler Zoé").await;
    bruno.taps(&preview, "C'est bon").await;
    town.until(when("2027-11-07T12:00:00Z")).await;
    let before = count(&town, "Bruno", "⏰ relever");
    town.stop().await;
    town.skip(TimeDelta::hours(45)).await;
    town.start().await;
    // It is Tuesday, 10:00. What was for oneself comes late, once; the group only reads that it missed it.
    let late = town.sees("Bruno", "⏰ appeler Zoé").await;
    late.has(&[
        "Prévu dimanche 7 novembre à 18 h",
        "je ne pouvais pas écrire",
    ]);
    let late = town.sees("Bruno", "⏰ relever le compteur\n").await;
    late.has(&[
        "Prévu 2 h 30",
        "Une fois avant celle-ci a été manquée",
        "mercredi 10 novembre à 2 h 30",
    ]);
    let missed = town.sees(ACTIVE, "Rappel passé : calage").await;
    missed.has(&[
        "dimanche 7 novembre à 19 h",
        "La prochaine fois : dimanche 14 novembre",
    ]);
    assert!(missed.buttons().is_empty());
    town.settles().await;
    assert_eq!(count(&town, "Bruno", "⏰ relever"), before + 1);
    town.stop().await;
    town.start().await;
    town.settles().await;
    assert_eq!(
        count(&town, "Bruno", "⏰ relever"),
        before + 1,
        "a restart says nothing twice"
    );
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_to_be_done_is_noted_asked_and_recalled() {
    let town = still().await;
    let (bruno, elise, paula) = (
        town.person("Bruno"),
        town.person("Élise"),
        town.person("Paula"),
    );
    // Whoever wrote to us once can be written to.
    for (name, person) in [("Paula", &paula), ("Élise", &elise), ("Bruno", &bruno)] {
        person.types(name, "/aide");
    }
    elise.types(ACTIVE, "/todo");
    town.sees(ACTIVE, "Une ligne par chose à faire").await;
    elise.types(
        ACTIVE,
        "/todo (Élise / paula) documenter le travail au téléphone pour le 15 décembre",
    );
    let noted = town.sees(ACTIVE, "C'est noté").await;
    noted.has(&[
        "1. documenter le travail au téléphone (Élise, Paula)",
        "pour le 15 décembre",
    ]);
    elise.types(
        ACTIVE,
        "/todo trouver un logiciel (paula & Zébulon), étudier son interconnexion (moi)",
    );
    town.sees(ACTIVE, "2. trouver un logiciel (Paula, Zébulon)")
        .await
        .has(&["Je ne connais pas Zébulon"]);
    town.sees(ACTIVE, "3. étudier son interconnexion (Élise)")
        .await;
    // Two of one name are told apart by whoever wrote.
    town.imports(&[("first_name = \"Karim\"", "first_name = \"Bruno\"")])
        .await;
    elise.types(ACTIVE, "/todo (Bruno) fabriquer un indice");
    let question = town
        .sees(ACTIVE, "plusieurs personnes s'appellent Bruno")
        .await;
    assert_eq!(
        question.buttons(),
        ["Bruno Ha", "Bruno Pe", "Quelqu'un d'autre"]
    );
    let not_his = bruno.taps(&question, "Bruno Pe").await;
    assert!(not_his.alert);
    elise.taps(&question, "Bruno Ha").await;
    town.sees(ACTIVE, "4. fabriquer un indice (Bruno Ha)").await;
    elise.types(ACTIVE, "/todo (Bruno Pe) écrire le bilan");
    town.sees(ACTIVE, "5. écrire le bilan (Bruno").await;
    // What waits, is put off and is done.
    elise.types(ACTIVE, "/todo 5 attend 4");
    town.sees(ACTIVE, "attend le n° 4").await;
    elise.types(ACTIVE, "/todo 4 attend 5");
    town.sees(ACTIVE, "s'attendraient l'une l'autre").await;
    elise.types(ACTIVE, "/todo 3 reporté");
    town.sees(ACTIVE, "reporté une fois").await;
    elise.types(ACTIVE, "/todo 4 fait c'est sur le wiki");
    let done = town.sees(ACTIVE, "✅ 4. fabriquer un indice").await;
    done.has(&["c'est sur le wiki", "Le n° 5 n'attend plus rien"]);
    paula.types("Paula", "/todos");
    let mine = town.sees("Paula", "À faire par vous, page 1 sur 1").await;
    mine.has(&["1. documenter", "2. trouver un logiciel"]);
    paula.taps(&mine, "n° 2").await;
    let sheet = town.sees("Paula", "Noté par Élise").await;
    paula.taps(&sheet, "Fait").await;
    town.sees("Paula", "✅ 2. trouver un logiciel : fait (Paula)")
        .await;
    // Once a week, and no more, while there is something to do.
    town.until(at(7, 9, 0)).await;
    let recall = town.sees("Paula", "Vous avez une chose à faire").await;
    recall.has(&["1. documenter", "une fois par semaine"]);
    town.until(at(13, 23, 0)).await;
    assert_eq!(count(&town, "Paula", "Vous avez une chose à faire"), 1);
    town.until(at(14, 9, 0)).await;
    assert_eq!(count(&town, "Paula", "Vous avez une chose à faire"), 2);
    elise.types(ACTIVE, "/todo 1 fait");
    town.until(at(28, 9, 0)).await;
    assert_eq!(
        count(&town, "Paula", "Vous avez une chose à faire"),
        2,
        "nothing left"
    );
    town.finish().await;
}
