//! What was: past outages page by page and as a file, the map, and the month in numbers.

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

const fn minutes(count: i64) -> TimeDelta {
    TimeDelta::minutes(count)
}

/// The silo is down for an hour and cuts the church off; the station is down for ten minutes, and
/// nobody takes that.
async fn two_outages(town: &Town) {
    town.fires("migennes-eglise").await;
    town.pass(TimeDelta::seconds(40)).await;
    town.fires("migennes-silo").await;
    let card = town.sees(MIGENNES, "Injoignable : Silo de Migennes").await;
    town.pass(minutes(4)).await;
    town.person("Paula").taps(&card, "Je prends").await;
    town.pass(minutes(56)).await;
    town.resolves("migennes-silo").await;
    town.resolves("migennes-eglise").await;
    town.sees(MIGENNES, "Rétabli : Silo de Migennes").await;
    town.pass(minutes(30)).await;
    town.fires("migennes-gare").await;
    town.pass(minutes(10)).await;
    town.resolves("migennes-gare").await;
    town.sees(MIGENNES, "Rétabli : Gare de Migennes").await;
    town.settles().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn past_outages_are_read_by_sector_by_equipment_and_as_a_file() {
    let mut town = Town::open().await;
    two_outages(&town).await;
    let (paula, ana) = (town.person("Paula"), town.person("Ana"));

    println!("Of the sector of the group; it outlives a restart.");
    town.stop().await;
    town.start().await;
    paula.types(MIGENNES, "/historique");
    let page = town.sees(MIGENNES, "Historique, secteur Migennes").await;
    page.has(&[
        "Ce mois-ci : 2 pannes terminées, prises en moyenne après 4 min, rétablies en moyenne après 35 min",
        "Gare de Migennes : 15 h 30, 10 min",
        "Silo de Migennes : 14 h, 1 h, pris par Paula après 4 min",
        "Église de Migennes : 14 h, 1 h, coupé par Silo de Migennes",
        "3 pannes gardées",
    ]);
    assert_eq!(
        page.buttons(),
        [
            "Ce mois en chiffres",
            "Partout",
            "Fichier CSV",
            "Fichier JSON"
        ]
    );

    println!("Of one relay, in private.");
    ana.types("Ana", "/historique silo de migennes");
    let own = town.sees("Ana", "Historique de Silo de Migennes").await;
    own.has(&["1 panne gardée", "pris par Paula après 4 min"]);
    println!("A member does not take the file away.");
    let answer = ana.taps(&own, "Fichier CSV").await;
    assert!(answer.alert, "{answer:?}");

    println!("Who runs the network does.");
    paula.taps(&page, "Fichier CSV").await;
    let file = town
        .sees(MIGENNES, "3 pannes, les plus récentes d'abord")
        .await;
    assert_eq!(file.raw["document"]["file_name"], "historique-migennes.csv");
    let text = String::from_utf8(town.file(&file).await).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert!(lines[1].starts_with("migennes-gare;Gare de Migennes;migennes;2026-11-24T15:3"));
    assert!(
        lines.iter().any(|line| line.contains(";migennes-silo;;;")),
        "{text}"
    );
    paula.taps(&page, "Fichier JSON").await;
    town.settles().await;
    let said = town.said(MIGENNES);
    let json = said
        .iter()
        .find(|one| one.raw["document"]["file_name"] == "historique-migennes.json");
    let read: serde_json::Value = serde_json::from_slice(&town.file(json.unwrap()).await).unwrap();
    let silo = read
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["equipment"] == "migennes-silo");
    assert_eq!(silo.unwrap()["taken_by"], "Paula");
    assert_eq!(silo.unwrap()["covered_by"], "");

    println!("A stranger reads the state, not the past.");
    town.person("Denis").types("Denis", "/historique");
    town.sees("Denis", "Votre compte n'est relié à aucun membre")
        .await;
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_map_shows_every_relay_with_its_state_and_says_it() {
    let town = Town::open().await;
    town.fires("migennes-eglise").await;
    town.fires("migennes-silo").await;
    town.sees(MIGENNES, "Injoignable : Silo de Migennes").await;
    town.person("Denis").types("Denis", "/carte migennes");
    let map = town.sees("Denis", "Carte, secteur Migennes").await;
    map.has(&[
        "8 équipements, 1 en panne, 1 coupé par l'amont, 3 inconnus",
        "🔴 Silo de Migennes : en panne, depuis 14 h, 5 derrière",
        "⛔ Église de Migennes : coupé par l'amont, depuis 14 h, 1 derrière",
        "✅ Château d'eau de Seignelay : en service, 2 derrière",
    ]);
    assert!(map.picture().is_some());
    town.keeps_picture(&map, "story-map").await;
    println!("Everything, with what is well counted.");
    town.person("Bruno").types("Bruno", "/carte tout");
    let map = town.sees("Bruno", "autres en service").await;
    map.has(&["Carte de tout le réseau", "🔴 Silo de Migennes : en panne"]);
    println!("A long text has its picture below it.");
    town.settles().await;
    let said = town.said("Bruno");
    let picture = said.iter().find(|one| one.picture().is_some()).unwrap();
    assert_eq!(picture.text(), "Carte de tout le réseau");
    town.keeps_picture(picture, "story-map-all").await;
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_map_tells_what_is_unstable_bypassed_or_unknown_and_every_parent() {
    let town = Town::open().await;
    let gare = "id = \"migennes-gare\"\n";
    let also = format!("{gare}backups = [\"seignelay-chateau-eau\"]\n");
    town.imports(&[(gare, &also)]).await;
    for _ in 0..4 {
        town.fires("seignelay-ecole").await;
        town.pass(TimeDelta::seconds(1)).await;
        town.resolves("seignelay-ecole").await;
        town.pass(TimeDelta::seconds(1)).await;
    }
    town.fires("migennes-silo").await;
    town.sees(MIGENNES, "Injoignable : Silo de Migennes").await;
    town.person("Denis").types("Denis", "/carte migennes");
    let map = town.sees("Denis", "Carte, secteur Migennes").await;
    map.has(&[
        "1 en panne, 1 instable, 1 par un secours, 3 inconnus",
        "⚪ Église de Migennes : inconnu",
        "🟠 Gare de Migennes : par un secours, aussi derrière Château d'eau de Seignelay",
        "🟠 École de Seignelay : instable",
    ]);
    assert!(map.picture().is_some());
    town.keeps_picture(&map, "story-map-states").await;
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_of_a_month_tells_of_the_last_one() {
    let town = Town::open().await;
    two_outages(&town).await;
    town.pass(TimeDelta::days(5)).await;
    town.at(8, 59).await;
    let quiet = |title: &str| {
        town.said(title)
            .iter()
            .all(|one| !one.text().contains("Pannes en"))
    };
    assert!(quiet("Backbone"));
    // 30 November; the next day at nine.
    town.pass(TimeDelta::days(1) + minutes(2)).await;
    let told = town.sees("Backbone", "Pannes en novembre 2026").await;
    told.has(&[
        "2 pannes, 1 h 10 en tout",
        "Prises en moyenne après 4 min (1 sur 2)",
        "Rétablies en moyenne après 35 min",
        "Migennes : 2 pannes, 1 h 10, prises après 4 min, rétablies après 35 min",
        "Joigny : aucune panne",
        "Une panne et ce qu'elle coupe comptent pour une.",
    ]);
    assert!(told.picture().is_some());
    town.keeps_picture(&told, "story-month").await;
    town.sees(MIGENNES, "Pannes en novembre 2026, secteur Migennes")
        .await
        .has(&[
            "Silo de Migennes : 1 panne, 1 h",
            "Gare de Migennes : 1 panne, 10 min",
        ]);
    town.sees("Secteur Sens", "Aucune panne").await;
    println!("Once, also after a restart; the next one tells of December.");
    town.pass(TimeDelta::days(31)).await;
    town.sees("Backbone", "Pannes en décembre 2026")
        .await
        .has(&["Le mois d'avant : 2 pannes, 1 h 10 en tout"]);
    let months = town.said("Backbone");
    let months = months
        .iter()
        .filter(|one| one.text().contains("Pannes en"))
        .count();
    assert_eq!(months, 2);
    println!("Anybody turns the months of their own page.");
    let paula = town.person("Paula");
    paula.types("Paula", "/historique migennes");
    let page = town.sees("Paula", "Historique, secteur Migennes").await;
    paula.taps(&page, "Ce mois en chiffres").await;
    let month = town.sees("Paula", "Pannes en janvier 2027").await;
    paula.taps(&month, "‹ Précédent").await;
    let month = town.sees("Paula", "Pannes en décembre 2026").await;
    paula.taps(&month, "‹ Précédent").await;
    town.sees("Paula", "Pannes en novembre 2026")
        .await
        .has(&["2 pannes, 1 h 10 en tout"]);
    town.finish().await;
}
