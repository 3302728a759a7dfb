//! People who keep their groups calm: silences, maintenance, and a way around an outage.

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
async fn a_referent_plans_a_maintenance_and_calls_it_off() {
    let town = Town::open().await;
    let (ana, claire, elise) = (
        town.person("Ana"),
        town.person("Claire"),
        town.person("Élise"),
    );
    let words = "/maintenance migennes-silo demain 22h-23h30 changement d'antenne";
    ana.types(MIGENNES, words);
    town.sees(MIGENNES, "prévues par les référents du secteur")
        .await;
    // Claire answers for Joigny.
    claire.types(MIGENNES, words);
    town.settles().await;
    assert_eq!(town.said(MIGENNES).len(), 2, "refused too");
    elise.types(MIGENNES, "/maintenance");
    town.sees(MIGENNES, "Aucune maintenance prévue").await;
    elise.types(MIGENNES, words);
    let noted = town
        .sees(MIGENNES, "C'est noté. Maintenance de Silo de Migennes")
        .await;
    noted.has(&[
        "début mercredi 25 novembre à 22 h, fin mercredi 25 novembre à 23 h 30",
        "Travaux : changement d'antenne",
    ]);
    assert_eq!(noted.buttons(), ["Annuler cette maintenance"]);
    // The day before at ten in the evening it makes no sound.
    town.at(22, 1).await;
    town.sees(MIGENNES, "des coupures sont normales").await;
    town.settles().await;
    let sent = town.calls("sendMessage").pop().unwrap();
    assert_eq!(sent["params"]["disable_notification"], true, "{sent}");
    elise.types(MIGENNES, "/maintenance");
    let list = town.sees(MIGENNES, "Maintenances prévues").await;
    list.has(&["1. Silo de Migennes", "prévue par Élise"]);
    let answer = elise.taps(&list, "Annuler la 1").await;
    assert!(answer.text.contains("Maintenance annulée"), "{answer:?}");
    town.settles().await;
    let empty = town.sees(MIGENNES, "Aucune maintenance prévue").await;
    assert_eq!(empty.id(), list.id(), "in place");
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silence_of_a_sector_is_asked_for_listed_and_ended() {
    let town = Town::open().await;
    let (ana, paula) = (town.person("Ana"), town.person("Paula"));
    ana.types(MIGENNES, "/silence secteur migennes 2 h");
    town.sees(MIGENNES, "réservé aux membres actifs").await;
    paula.types(MIGENNES, "/silence secteur migennes 2 h");
    town.sees(
        MIGENNES,
        "C'est noté : secteur Migennes, silence jusqu'à 16 h",
    )
    .await;
    town.fires("migennes-silo").await;
    paula.types(MIGENNES, "/silence");
    let list = town.sees(MIGENNES, "Silences en cours").await;
    list.has(&["1. secteur Migennes, jusqu'à 16 h, demandé par Paula"]);
    town.settles().await;
    let cards = || {
        let said = town.said(MIGENNES).into_iter();
        said.filter(|message| message.text().contains("Injoignable"))
            .count()
    };
    assert_eq!(cards(), 0, "held back");
    let answer = paula.taps(&list, "Arrêter le 1").await;
    assert!(answer.text.contains("Silence arrêté"), "{answer:?}");
    town.sees(MIGENNES, "Injoignable : Silo de Migennes").await;
    town.sees(MIGENNES, "Aucun silence en cours").await;
    assert_eq!(cards(), 1);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_active_member_says_that_the_backup_carries() {
    let town = Town::open().await;
    let (ana, paula) = (town.person("Ana"), town.person("Paula"));
    town.fires("migennes-silo").await;
    let card = town.sees(MIGENNES, "Injoignable : Silo de Migennes").await;
    ana.types(MIGENNES, "/equipement migennes-silo secours via Seignelay");
    town.sees(MIGENNES, "réservé aux membres actifs").await;
    paula.types(MIGENNES, "/equipement migennes-silo");
    let sheet = town.sees(MIGENNES, "En panne depuis").await;
    assert_eq!(
        sheet.buttons(),
        [
            "Secours en service",
            "Historique",
            "Carte du secteur",
            "Incident"
        ],
        "settings are the referents'"
    );
    paula.taps(&sheet, "Secours en service").await;
    let degraded = town
        .sees(MIGENNES, "Dégradé, secours en service : Silo")
        .await;
    assert_eq!(degraded.id(), card.id());
    degraded.has(&["Secours en service depuis", "dit Paula"]);
    paula.types(MIGENNES, "/etat");
    town.sees(MIGENNES, "en cours, secteur Migennes")
        .await
        .has(&["Dégradé, secours en service : Silo de Migennes"]);
    // Nobody is reminded of what is carried.
    town.pass(TimeDelta::hours(3)).await;
    town.settles().await;
    let said = town.said(MIGENNES);
    assert!(
        said.iter()
            .all(|message| !message.text().contains("Toujours en panne"))
    );
    // What hangs on something that is cut cannot be known.
    town.fires("sens-collecte").await;
    town.sees("Backbone", "Injoignable : Porte de collecte de Sens")
        .await;
    paula.types(MIGENNES, "/equipement sens-tour");
    town.sees(
        MIGENNES,
        "On ne peut pas savoir : Porte de collecte de Sens",
    )
    .await;
    town.resolves("migennes-silo").await;
    town.sees(MIGENNES, "Rétabli : Silo de Migennes").await;
    town.finish().await;
}
