//! Outages as members declare them, from the first words to "it is back".

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
use town::{Message, Town};

const MIGENNES: &str = "Secteur Migennes";
const POSSIBLE: &str = "Panne possible derrière Église de Migennes";
const ASKED: &str = "C'est revenu chez vous";

/// Three neighbours behind the church declare an outage that no monitor has seen.
async fn three_neighbours(town: &Town) -> Message {
    for name in ["Ana", "Quentin"] {
        town.person(name).types(name, "/panne");
        town.sees(name, "Je ne connais aucune panne").await;
    }
    town.settles().await;
    assert!(town.said(MIGENNES).is_empty(), "two are too few");
    town.person("Paula").types("Paula", "plus d'internet !");
    town.sees(MIGENNES, POSSIBLE).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_at_a_quarter_past_eleven_knows_at_once() {
    let town = Town::open().await;
    let (ana, elise) = (town.person("Ana"), town.person("Élise"));
    town.at(22, 58).await;
    town.fires("migennes-silo").await;
    let card = town.sees(MIGENNES, "Injoignable : Silo de Migennes").await;
    elise.taps(&card, "Je prends").await;
    elise.types(MIGENNES, "/incident migennes-silo nouvelles 1h");
    town.sees(MIGENNES, "Prochaine nouvelle avant").await;
    town.at(23, 15).await;
    let said = town.said(MIGENNES).len();
    ana.types("Ana", "Bonsoir, plus d'internet depuis 23h");
    let known = town.sees("Ana", "Panne connue").await;
    known.has(&[
        "Silo de Migennes ne répond plus depuis 22 h 58",
        "Quelqu'un s'en occupe depuis",
        "Prochaine nouvelle avant",
    ]);
    assert!(!known.text().contains("Élise"), "nobody is named");
    assert_eq!(
        known.buttons(),
        ["Me prévenir au retour", "Ce n'est pas cela"]
    );
    let noted = ana.taps(&known, "Me prévenir au retour").await;
    assert!(noted.text.contains("je vous préviens"), "{noted:?}");
    town.settles().await;
    assert_eq!(
        town.said(MIGENNES).len(),
        said,
        "what is known is not told again"
    );
    town.sees(MIGENNES, "1 déclaration de membre").await;
    town.pass(TimeDelta::minutes(20)).await;
    town.resolves("migennes-silo").await;
    town.sees(MIGENNES, "Rétabli : Silo de Migennes").await;
    town.settles().await;
    let asked = |town: &Town| {
        let said = town.said("Ana");
        said.iter().filter(|one| one.text().contains(ASKED)).count()
    };
    assert_eq!(asked(&town), 0, "what hangs below has a moment");
    town.pass(TimeDelta::minutes(3)).await;
    let back = town.sees("Ana", ASKED).await;
    back.has(&["✅ Silo de Migennes est rétabli"]);
    ana.taps(&back, "Oui, c'est revenu").await;
    town.sees("Ana", "Merci, c'est noté").await;
    town.sees(MIGENNES, "1 oui, 0 non").await;
    let again = ana.taps(&back, "Oui, c'est revenu").await;
    assert!(again.text.contains("plus ouverte"), "{again:?}");
    town.settles().await;
    assert_eq!(asked(&town), 1);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_neighbours_the_alert_that_comes_later_and_the_one_still_down() {
    let town = Town::open().await;
    let card = three_neighbours(&town).await;
    card.has(&["(3 déclarations)", "Personne ne s'en occupe encore"]);
    for name in ["Ana", "Quentin", "Paula", "Moreau", "Maison"] {
        assert!(!card.text().contains(name), "{name}: {}", card.text());
    }
    let taken = town.person("Élise").taps(&card, "Je prends").await;
    assert!(taken.text.contains("C'est noté"), "{taken:?}");

    // Whoever asks now reads what the neighbours said.
    town.person("Paula").types("Paula", "/panne");
    let known = town.sees("Paula", "Panne possible derrière").await;
    known.has(&["3 membres la déclarent"]);

    // The monitor sees what is above, and the church with it: one incident, one message.
    town.fires("migennes-silo").await;
    town.fires("migennes-eglise").await;
    let merged = town.sees(MIGENNES, "Injoignable : Silo de Migennes").await;
    assert_eq!(merged.id(), card.id());
    town.sees(MIGENNES, "3 déclarations de membres").await;
    town.settles().await;
    assert_eq!(town.said(MIGENNES).len(), 1);

    // The silo comes back, the church does not.
    town.pass(TimeDelta::minutes(30)).await;
    town.resolves("migennes-silo").await;
    town.sees(MIGENNES, "Rétabli : Silo de Migennes").await;
    town.pass(TimeDelta::minutes(3)).await;
    town.sees(MIGENNES, "Injoignable : Église de Migennes")
        .await;
    for name in ["Ana", "Quentin", "Paula"] {
        let said = town.sees(name, "Silo de Migennes est rétabli, mais").await;
        said.has(&["Église de Migennes reste en panne"]);
    }
    town.resolves("migennes-eglise").await;
    town.pass(TimeDelta::minutes(3)).await;
    for name in ["Ana", "Paula"] {
        let asked = town.sees(name, ASKED).await;
        town.person(name).taps(&asked, "Oui, c'est revenu").await;
        town.sees(name, "Merci, c'est noté").await;
    }
    let asked = town.sees("Quentin", ASKED).await;
    let quentin = town.person("Quentin");
    quentin.taps(&asked, "Non, toujours rien").await;
    town.sees("Quentin", "l'équipe va regarder").await;
    town.sees(MIGENNES, "2 oui, 1 non").await;
    let twice = quentin.taps(&asked, "Non, toujours rien").await;
    assert!(twice.text.contains("déjà répondu"), "{twice:?}");
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_possible_outage_ends_when_everybody_says_that_it_is_back() {
    let town = Town::open().await;
    let card = three_neighbours(&town).await;
    for name in ["Ana", "Quentin", "Paula"] {
        town.person(name).types(name, "c'est revenu, merci");
        town.sees(name, "Merci, c'est noté").await;
    }
    let ended = town
        .sees(MIGENNES, "Plus de déclaration derrière Église de Migennes")
        .await;
    assert_eq!(ended.id(), card.id());
    town.pass(TimeDelta::minutes(5)).await;
    town.settles().await;
    for name in ["Ana", "Quentin", "Paula"] {
        let asked = town.said(name);
        assert!(
            asked.iter().all(|one| !one.text().contains(ASKED)),
            "whoever said so is not asked"
        );
    }
    town.finish().await;
}

/// The questions and what they are answered with, step by step; before each of them the program
/// dies, and goes on where it was.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_step_goes_on_after_the_program_died() {
    let mut town = Town::open().await;
    // Whoever dies with an answer in hand may have given it.
    town.allows("query is too old");
    let elise = town.person("Élise");
    elise.types("Élise", "/panne");
    let step = town.sees("Élise", "Quelle connexion est touchée ?").await;
    assert_eq!(step.buttons(), ["Atelier", "Maison", "Passer"]);
    town.settles().await;
    town.crash().await;
    town.start().await;
    elise.taps(&step, "Maison").await;
    let step = town.sees("Élise", "Que se passe-t-il ?").await;
    step.has(&["Gare de Migennes", "L'alimentation de l'antenne"]);
    town.settles().await;
    town.crash().await;
    town.start().await;
    elise.taps(&step, "Plus rien").await;
    let step = town.sees("Élise", "Depuis quand ?").await;
    town.settles().await;
    town.crash().await;
    town.start().await;
    let late = elise.taps(&step, "Hier").await;
    assert!(!late.alert, "{late:?}");
    town.sees("Élise", "Une photo, un message vocal").await;
    town.settles().await;
    town.crash().await;
    town.start().await;
    elise.types("Élise", "le voyant est rouge");
    town.sees("Élise", "C'est noté, n°").await;
    town.settles().await;
    let tickets = town.said("Élise").len();
    // A press on a question of before is answered, and changes nothing.
    let over = elise.taps(&step, "Hier").await;
    assert!(over.alert && over.text.contains("/panne"), "{over:?}");
    town.settles().await;
    assert_eq!(town.said("Élise").len(), tickets);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_left_open_becomes_a_ticket_and_what_is_dropped_does_not() {
    let town = Town::open().await;
    let ana = town.person("Ana");
    ana.types("Ana", "internet est très lent depuis hier soir");
    let step = town.sees("Ana", "Une photo, un message vocal").await;
    assert_eq!(step.buttons(), ["Envoyer"], "the words told the rest");
    town.pass(TimeDelta::minutes(31)).await;
    town.sees("Ana", "j'ai transmis ce que vous aviez dit")
        .await
        .has(&["C'est noté, n°"]);

    let quentin = town.person("Quentin");
    quentin.types("Quentin", "/panne");
    town.sees("Quentin", "Que se passe-t-il").await;
    quentin.types("Quentin", "/annuler");
    town.sees("Quentin", "votre déclaration de panne").await;
    town.pass(TimeDelta::minutes(31)).await;
    town.settles().await;
    let said = town.said("Quentin");
    assert!(said.iter().all(|one| !one.text().contains("C'est noté")));
    // It counts no more: two others do not make three.
    town.person("Paula").types("Paula", "/panne");
    town.sees("Paula", "Que se passe-t-il").await;
    town.settles().await;
    assert!(
        town.said(MIGENNES)
            .iter()
            .all(|one| !one.text().contains(POSSIBLE))
    );
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_is_no_place_for_it_and_a_stranger_is_heard_too() {
    let town = Town::open().await;
    let (ana, denis) = (town.person("Ana"), town.person("Denis"));
    ana.types(MIGENNES, "/panne plus rien chez moi");
    let private = town.sees(MIGENNES, "en privé, c'est plus discret").await;
    assert_eq!(private.buttons(), ["Déclarer en privé"]);
    ana.types("Ana", "/start panne");
    town.sees("Ana", "Je ne connais aucune panne").await;

    denis.types("Denis", "plus d'internet depuis ce matin");
    let place = town.sees("Denis", "Dans quelle commune").await;
    place.has(&["/lier", "L'alimentation de l'antenne"]);
    denis.types("Denis", "Charmoy, rue du Lavoir");
    town.sees("Denis", "Une photo, un message vocal").await;
    denis.types("Denis", "envoyer");
    town.sees("Denis", "C'est noté, n°").await;
    town.settles().await;
    for message in town.said(MIGENNES) {
        assert!(!message.text().contains("Lavoir"), "{}", message.text());
    }
    town.finish().await;
}

/// The referent of the sector declares an outage that nothing watches.
async fn the_referent_declares(town: &Town) -> Message {
    for name in ["Ana", "Quentin", "Paula", "Élise", "Claire"] {
        town.person(name).types(name, "/confidentialite");
        town.sees(name, "Ce que je garde").await;
    }
    let elise = town.person("Élise");
    elise.types(MIGENNES, "/incident migennes-eglise panne");
    let card = town
        .sees(MIGENNES, "Injoignable : Église de Migennes")
        .await;
    card.has(&["Déclaré par Élise"]);
    card
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_referent_declares_and_writes_to_those_touched() {
    let town = Town::open().await;
    let (elise, ana) = (town.person("Élise"), town.person("Ana"));
    ana.types(MIGENNES, "/incident migennes-eglise panne");
    town.sees(MIGENNES, "réservé aux membres actifs").await;
    let card = the_referent_declares(&town).await;
    let sheet = town.sees(MIGENNES, "en panne depuis").await;
    let late = ana.taps(&sheet, "Fermer").await;
    assert!(late.alert, "another's buttons do nothing: {late:?}");
    elise.taps(&sheet, "Nouvelles dans 1 h").await;
    elise.types(MIGENNES, "/incident migennes-eglise ref ORG-4711");
    elise.types(MIGENNES, "/incident migennes-eglise cause orage");
    let told = town.sees(MIGENNES, "ORG-4711").await;
    assert!(told.text().contains("Église"), "{}", told.text());
    town.settles().await;
    let told = town
        .said(MIGENNES)
        .into_iter()
        .find(|one| one.id() == card.id());
    told.unwrap().has(&[
        "Cause : météo",
        "Numéro de l'opérateur : ORG-4711",
        "Prochaine nouvelle avant 15 h",
    ]);

    // How many get it is read before it is sent; it is sent once.
    elise.types(
        "Élise",
        "/incident migennes-eglise message L'antenne est à terre, nous montons demain.",
    );
    let preview = town.sees("Élise", "À envoyer à 3 personnes").await;
    preview.has(&["L'antenne est à terre"]);
    assert!(
        town.said("Ana")
            .iter()
            .all(|one| !one.text().contains("📣"))
    );
    elise.taps(&preview, "Envoyer à 3 personnes").await;
    for name in ["Ana", "Quentin", "Paula"] {
        town.sees(name, "📣 Église de Migennes")
            .await
            .has(&["nous montons demain", "Prochaine nouvelle avant 15 h"]);
    }
    let twice = elise.taps(&preview, "Envoyer à 3 personnes").await;
    assert!(twice.text.contains("déjà parti"), "{twice:?}");
    town.settles().await;
    let told = town.said("Ana");
    assert_eq!(
        told.iter().filter(|one| one.text().contains("📣")).count(),
        1
    );
    assert!(
        town.said("Claire")
            .iter()
            .all(|one| !one.text().contains("📣"))
    );
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn promised_news_are_reminded_of_and_an_incident_is_closed_and_opened_again() {
    let town = Town::open().await;
    let elise = town.person("Élise");
    let card = the_referent_declares(&town).await;
    elise.types(MIGENNES, "/incident migennes-eglise ref ORG-4711");
    town.sees(MIGENNES, "ORG-4711").await;
    elise.types(MIGENNES, "/incident migennes-eglise nouvelles 1h");
    town.sees(MIGENNES, "Prochaine nouvelle avant 15 h").await;
    // The clock of the next news.
    town.pass(TimeDelta::minutes(51)).await;
    town.sees("Élise", "Vous avez promis des nouvelles").await;
    town.pass(TimeDelta::minutes(10)).await;
    town.sees(MIGENNES, "étaient promises pour").await;
    town.sees(MIGENNES, "en retard").await;

    elise.types(
        MIGENNES,
        "/incident migennes-eglise fin Mât redressé, câble refait.",
    );
    town.sees(MIGENNES, "l'incident est fermé").await;
    let ended = town.sees(MIGENNES, "Rétabli : Église de Migennes").await;
    assert_eq!(ended.id(), card.id());
    town.settles().await;
    let ended = town
        .said(MIGENNES)
        .into_iter()
        .find(|one| one.id() == card.id());
    ended.unwrap().has(&["Mât redressé, câble refait."]);

    elise.types("Élise", "/incident migennes-eglise rouvrir");
    let again = town
        .sees(MIGENNES, "Injoignable : Église de Migennes")
        .await;
    assert_eq!(again.id(), card.id(), "it goes on on its card");
    elise.types("Élise", "/incident migennes-eglise fin");
    town.sees(MIGENNES, "Rétabli : Église de Migennes").await;

    elise.types("Élise", "/incident migennes-eglise bilan");
    let file = town.sees("Élise", "un brouillon à compléter").await;
    let text = String::from_utf8(town.file(&file).await).unwrap();
    for words in [
        "# Incident : Église de Migennes",
        "## Le déroulé",
        "Élise : déclaré en panne",
        "Élise : numéro de l'opérateur ORG-4711",
        "pas de nouvelles à",
        "Élise : fermé : Mât redressé, câble refait.",
        "Élise : rouvert",
        "## Ce que nous changeons",
    ] {
        assert!(text.contains(words), "{words:?} is not in {text}");
    }
    elise.types("Élise", "/incident migennes-eglise bilan json");
    town.settles().await;
    let file = town.said("Élise").pop().unwrap();
    let json: serde_json::Value = serde_json::from_slice(&town.file(&file).await).unwrap();
    assert_eq!(json["equipment"], "migennes-eglise");
    assert_eq!(json["reference"], "ORG-4711");
    assert!(!json.to_string().contains("1005"), "no accounts: {json}");
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_monitoring_still_sees_is_not_closed_and_a_possible_outage_is_confirmed() {
    let town = Town::open().await;
    let (elise, paula) = (town.person("Élise"), town.person("Paula"));
    let card = three_neighbours(&town).await;
    paula.types(MIGENNES, "/incident migennes-eglise");
    let sheet = town.sees(MIGENNES, "panne possible, déclarée depuis").await;
    sheet.has(&["3 déclarations de membres"]);
    assert!(
        !sheet
            .buttons()
            .contains(&"Message aux membres touchés".to_owned())
    );
    paula.taps(&sheet, "Déclarer dégradé").await;
    let degraded = town.sees(MIGENNES, "Dégradé : Église de Migennes").await;
    assert_eq!(degraded.id(), card.id());
    town.fires("migennes-eglise").await;
    let down = town
        .sees(MIGENNES, "Injoignable : Église de Migennes")
        .await;
    assert_eq!(down.id(), card.id());
    down.has(&["3 déclarations de membres"]);
    elise.types(MIGENNES, "/incident migennes-eglise fin disjoncteur remis");
    town.sees(MIGENNES, "la supervision le voit encore en panne")
        .await;
    town.settles().await;
    town.resolves("migennes-eglise").await;
    let ended = town.sees(MIGENNES, "Rétabli : Église de Migennes").await;
    assert_eq!(ended.id(), card.id());
    ended.has(&["disjoncteur remis"]);
    town.finish().await;
}
