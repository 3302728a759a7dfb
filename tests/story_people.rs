//! What people read and ask, each with their own rights and in their own language.

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

use town::Town;

const MIGENNES: &str = "Secteur Migennes";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_outages_are_read_page_by_page_by_whoever_asked() {
    let town = Town::open().await;
    let (bruno, claire) = (town.person("Bruno"), town.person("Claire"));
    let names: Vec<String> = (1..=30)
        .map(|number| format!("inconnu-{number:02}"))
        .collect();
    let alerts = names
        .iter()
        .map(|name| town.alert(name, "firing"))
        .collect();
    town.alerts(alerts).await;
    town.settles().await;
    let cards = town.said("Backbone");
    assert_eq!(cards.len(), 2, "a storm costs two messages");
    for name in &names {
        assert!(
            cards.iter().any(|card| card.text().contains(name)),
            "{name} is told"
        );
    }

    bruno.types("Backbone", "/etat tout");
    let page = town.sees("Backbone", "Page 1 sur 4").await;
    page.has(&["30 pannes en cours"]);
    assert_eq!(page.buttons(), ["Suivant ›"]);
    let answer = claire.taps(&page, "Suivant ›").await;
    assert!(
        answer.alert && answer.text.contains("ouvert par une autre personne"),
        "{answer:?}"
    );
    let mut seen: Vec<String> = Vec::new();
    let mut here = page;
    for number in 1..=4 {
        let title = format!("Page {number} sur 4");
        if number > 1 {
            bruno.taps(&here, "Suivant ›").await;
        }
        let turned = town.sees("Backbone", &title).await;
        assert_eq!(turned.id(), here.id(), "turned in place");
        seen.extend(
            names
                .iter()
                .filter(|name| turned.text().contains(*name))
                .cloned(),
        );
        here = turned;
    }
    assert_eq!(here.buttons(), ["‹ Précédent"]);
    seen.sort();
    assert_eq!(seen, names, "each once");
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_english_speaker_is_answered_in_english_among_french() {
    let town = Town::open().await;
    let samir = town.person("Samir");
    let avallon = "Secteur Avallon";
    samir.types(avallon, "/etat");
    town.sees(avallon, "Nothing is down, sector Avallon").await;
    samir.types("Samir", "/help");
    town.sees("Samir", "Hello Samir").await;
    town.fires("avallon-mairie").await;
    let card = town.sees(avallon, "Injoignable : Mairie d'Avallon").await;
    let answer = samir.taps(&card, "Je prends").await;
    assert!(
        answer.alert && answer.text.contains("This is for active members"),
        "{answer:?}"
    );
    samir.types("Samir", "/etat");
    town.sees("Samir", "1 outage, sector Avallon").await;
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn help_names_what_each_may_do() {
    const LINES: [&str; 5] = [
        "/etat :",
        "/equipement et le nom",
        "Sous une alerte",
        "/equipement migennes-eglise délai",
        "/groupe :",
    ];
    let town = Town::open().await;
    for (name, lines) in [
        ("Denis", vec![true, false, false, false, false]),
        ("Ana", vec![true, true, false, false, false]),
        ("Paula", vec![true, true, true, false, false]),
        ("Élise", vec![true, true, true, true, false]),
        ("Hugo", vec![true, true, true, true, false]),
        ("Bruno", vec![true, true, true, true, true]),
    ] {
        let person = town.person(name);
        person.types(name, "/aide");
        let greeting = if name == "Denis" {
            "Bonjour !".to_owned()
        } else {
            format!("Bonjour {name}.")
        };
        let help = town.sees(name, &greeting).await;
        let told: Vec<bool> = LINES
            .iter()
            .map(|line| help.text().contains(line))
            .collect();
        assert_eq!(told, lines, "{name}: {}", help.text());
    }
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_in_the_middle_loses_nothing() {
    let mut town = Town::open().await;
    let (paula, quentin) = (town.person("Paula"), town.person("Quentin"));
    town.fires("migennes-silo").await;
    let card = town.sees(MIGENNES, "Injoignable : Silo de Migennes").await;
    town.settles().await;
    town.stop().await;
    // Nobody listens, and life goes on.
    let pressed = tokio::spawn({
        let card = card.clone();
        async move { paula.taps(&card, "Je prends").await }
    });
    quentin.types(MIGENNES, "/etat");
    town.start().await;
    assert!(pressed.await.unwrap().text.contains("C'est noté"));
    town.sees(MIGENNES, "1 panne en cours, secteur Migennes")
        .await;
    town.sees(MIGENNES, "Pris par Paula").await;

    // It breaks off with what it was told just now in hand.
    town.fires("seignelay-ecole").await;
    town.resolves("migennes-silo").await;
    town.crash().await;
    town.start().await;
    town.sees(MIGENNES, "Rétabli : Silo de Migennes").await;
    town.sees(MIGENNES, "Injoignable : École de Seignelay")
        .await;
    town.sees(MIGENNES, "Merci Paula").await;
    town.settles().await;
    let silo = town.said(MIGENNES);
    let silo = silo
        .iter()
        .filter(|message| message.text().starts_with("✅ Rétabli : Silo"))
        .count();
    assert_eq!(silo, 1);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_that_are_no_command_are_answered_in_private_only() {
    let town = Town::open().await;
    let ana = town.person("Ana");
    ana.types(MIGENNES, "Bonjour tout le monde");
    ana.types(MIGENNES, "/danse");
    ana.types("Ana", "Bonjour");
    town.sees("Ana", "Je n'ai pas compris").await;
    ana.types("Ana", "/etat saturne");
    town.sees("Ana", "Je ne connais pas le secteur « saturne »")
        .await;
    ana.types("Ana", "/equipement saturne");
    town.sees("Ana", "Je ne connais pas d'équipement « saturne »")
        .await;
    town.settles().await;
    assert!(town.said(MIGENNES).is_empty());
    town.finish().await;
}
