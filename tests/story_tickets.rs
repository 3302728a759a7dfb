//! Tickets: a person writes, the team answers, and everybody knows how far it is.

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
use town::Town;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_writes_and_the_team_answers() {
    let town = Town::open().await.with_everybody().await;
    let (ana, jules, claire) = (
        town.person("Ana"),
        town.person("Jules"),
        town.person("Claire"),
    );
    ana.types("Ana", "/ticket Plus d'internet depuis hier soir");
    let receipt = town.sees("Ana", "C'est noté, n° 1 (Migennes)").await;
    assert!(receipt.buttons().contains(&"Plus de connexion".to_owned()));
    let card = town.sees("Actifs", "Ticket n° 1, nouveau").await;
    card.has(&["Ana M., Migennes", "Plus d'internet depuis hier soir"]);
    assert_eq!(card.buttons(), ["Je prends", "Répondre", "Tout voir"]);
    assert!(!card.text().contains("06 00"), "no number in a group");
    ana.taps(&receipt, "Plus de connexion").await;
    let sorted = town.sees("Actifs", "Plus de connexion").await;
    assert_eq!(sorted.id(), card.id(), "one card, in place");

    // Two press at once: one takes it, the other is told who.
    let (first, second) = tokio::join!(
        jules.taps(&card, "Je prends"),
        claire.taps(&card, "Je prends"),
    );
    assert_eq!(first.text, "C'est noté, ce ticket est à vous.");
    assert!(second.text.starts_with("Jules l'a déjà pris"), "{second:?}");
    let card = town.sees("Actifs", "Pris par Jules").await;
    card.has(&["Ticket n° 1, pris"]);

    // What is said in the group stays there; the answer is written in private.
    jules.taps(&card, "Répondre").await;
    town.sees("Jules", "Écrivez votre réponse à Ana M. (ticket n° 1)")
        .await;
    jules.types("Jules", "Pouvez-vous débrancher l'antenne 30 secondes ?");
    town.sees("Jules", "Envoyé à Ana M. (n° 1)").await;
    let reply = town.sees("Ana", "Jules vous répond (n° 1)").await;
    reply.has(&["débrancher l'antenne 30 secondes"]);
    ana.types("Ana", "C'est reparti, merci !");
    town.sees("Ana", "Ajouté au n° 1").await;
    town.sees("Jules", "Ana M. a écrit sur le ticket n° 1")
        .await
        .has(&["« C'est reparti, merci ! »"]);
    claire.answers(&card, "Je passe demain de toute façon");
    town.sees("Actifs", "Gardé entre nous, rien n'a été envoyé à Ana M.")
        .await;
    assert!(
        !town
            .said("Ana")
            .iter()
            .any(|said| said.text().contains("demain"))
    );

    let card = town.sees("Actifs", "C'est reparti, merci").await;
    jules.taps(&card, "Résolu").await;
    let asked = town.sees("Ana", "Votre demande n° 1 est réglée").await;
    ana.taps(&asked, "Oui, c'est réglé").await;
    let rating = town.sees("Ana", "Comment cela s'est-il passé").await;
    assert_eq!(ana.taps(&rating, "Bien").await.text, "Merci, c'est compté.");
    let twice = ana.taps(&rating, "Mal").await;
    assert_eq!(twice.text, "Votre avis est déjà compté.");
    let over = town.sees("Actifs", "Ticket n° 1, clos").await;
    assert_eq!(over.id(), card.id());
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_comes_back_or_goes_on_under_a_new_number() {
    let town = Town::open().await.with_everybody().await;
    let (ana, jules) = (town.person("Ana"), town.person("Jules"));
    ana.types("Ana", "/ticket");
    town.sees("Ana", "Que se passe-t-il ?").await;
    ana.types("Ana", "Connexion très lente");
    let receipt = town.sees("Ana", "C'est noté, n° 1").await;
    ana.taps(&receipt, "Connexion lente").await;
    let card = town.sees("Actifs", "Connexion lente").await;
    jules.taps(&card, "Je prends").await;
    town.settles().await;
    let card = town.sees("Actifs", "Ticket n° 1, pris").await;
    jules.taps(&card, "Résolu").await;
    let asked = town.sees("Ana", "Votre demande n° 1 est réglée").await;
    ana.taps(&asked, "Non, ça continue").await;
    town.sees("Ana", "Le n° 1 est rouvert").await;
    town.sees("Jules", "Ana M. a rouvert le ticket n° 1").await;
    let card = town.sees("Actifs", "Ticket n° 1, rouvert").await;
    jules.taps(&card, "Je prends").await;
    town.settles().await;
    let card = town.sees("Actifs", "Ticket n° 1, pris").await;
    jules.taps(&card, "Résolu").await;
    town.settles().await;
    // Nobody answers for three weeks: it is closed, and what is written then is a new ticket.
    town.pass(TimeDelta::days(21)).await;
    town.sees("Actifs", "Ticket n° 1, clos").await;
    let asked = town.sees("Ana", "Votre demande n° 1 est réglée").await;
    ana.answers(&asked, "Ça recommence");
    town.sees("Ana", "sous un nouveau numéro, le 2").await;
    town.sees("Actifs", "Ticket n° 2, nouveau")
        .await
        .has(&["Ça recommence"]);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_takes_it_and_the_team_is_reminded_in_opening_hours() {
    let town = Town::open().await.with_everybody().await;
    town.person("Ana").types("Ana", "/ticket Facture en double");
    town.sees("Actifs", "Ticket n° 1, nouveau").await;
    town.pass(TimeDelta::hours(3)).await;
    town.settles().await;
    let said = |words: &str| {
        let said = town.said("Actifs");
        said.iter()
            .filter(|said| said.text().contains(words))
            .count()
    };
    assert_eq!(said("attend depuis"), 0);
    town.pass(TimeDelta::hours(1) + TimeDelta::minutes(1)).await;
    town.sees(
        "Actifs",
        "Le ticket n° 1 attend depuis 4 heures d'ouverture",
    )
    .await
    .has(&["Facture en double"]);
    town.pass(TimeDelta::hours(12)).await;
    town.settles().await;
    assert_eq!(said("attend depuis"), 1, "a night does not count");
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tickets_are_found_sorted_and_merged() {
    let town = Town::open().await.with_everybody().await;
    let (ana, jules, marc) = (
        town.person("Ana"),
        town.person("Jules"),
        town.person("Marc"),
    );
    ana.types("Ana", "/ticket L'antenne est tombée du toit");
    town.sees("Ana", "C'est noté, n° 1").await;
    marc.types("Marc", "/ticket Mes factures sont illisibles");
    town.sees("Marc", "C'est noté, n° 2").await;
    ana.types("Ana", "/ticket Toujours l'antenne, elle pend");
    town.sees("Ana", "C'est noté, n° 3").await;
    jules.types("Jules", "/tickets antennes tombees");
    let list = town
        .sees("Jules", "1 ticket avec « antennes tombees »")
        .await;
    list.has(&["n° 1, nouveau", "L'antenne est tombée du toit"]);
    jules.types("Jules", "/tickets facture");
    town.sees("Jules", "1 ticket avec « facture »")
        .await
        .has(&["n° 2"]);
    jules.types("Jules", "/tickets migennes antenne");
    let list = town.sees("Jules", "2 tickets avec « antenne »").await;
    jules.taps(&list, "n° 3").await;
    let sheet = town.sees("Jules", "Ticket n° 3, nouveau").await;
    jules.taps(&sheet, "Réunir").await;
    town.sees("Jules", "Dans quel ticket mettre le n° 3").await;
    jules.types("Jules", "1");
    town.sees("Jules", "Le n° 3 est réuni avec le n° 1").await;
    town.sees("Ana", "Votre demande n° 3 continue avec le n° 1")
        .await;
    town.sees("Actifs", "Réuni avec le n° 1").await;

    // What is written on the old number goes to the new one.
    let receipt = town.sees("Ana", "C'est noté, n° 3").await;
    ana.answers(&receipt, "Elle est tombée sur la serre");
    town.sees("Actifs", "Elle est tombée sur la serre")
        .await
        .has(&["Ticket n° 1"]);

    // Somebody who is not of the team sees only what is theirs.
    marc.types("Marc", "/tickets antenne");
    town.sees("Marc", "Vous avez 1 demande.")
        .await
        .has(&["n° 2"]);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_album_is_one_thing_and_its_files_are_kept() {
    let town = Town::open().await.with_everybody().await;
    let (ana, jules) = (town.person("Ana"), town.person("Jules"));
    ana.types("Ana", "/ticket");
    town.sees("Ana", "Que se passe-t-il ?").await;
    for part in 0..10 {
        let mut extra = json!({"media_group_id": "a1"});
        if part == 3 {
            extra["caption"] = json!("Le câble est rongé");
        }
        town.sends(&ana, "photo", json!(true), extra);
    }
    town.sees("Actifs", "10 pièces jointes")
        .await
        .has(&["Ticket n° 1", "Le câble est rongé"]);
    town.settles().await;
    let receipts = town.said("Ana");
    let receipts = receipts.iter().filter(|said| said.text().contains("n° 1"));
    assert_eq!(receipts.count(), 1, "an album is acknowledged once");
    let files = town.files_of(1, 10).await;
    let (mime, bytes) = town.kept(&files[0]).await;
    assert_eq!(mime, "image/png");
    assert!(!bytes.is_empty());

    // A page that calls itself a picture, and a voice message.
    let page = json!({"base64": "PCFET0NUWVBFIGh0bWw+PGh0bWw+PC9odG1sPg==", "name": "../../etc/photo.jpg"});
    town.sends(&ana, "document", page, json!({}));
    town.sees("Ana", "Ajouté au n° 1").await;
    town.sends(&ana, "voice", json!(true), json!({"duration": 0}));
    let files = town.files_of(1, 12).await;
    assert_eq!(
        town.kept(&files[10]).await.0,
        "text/html",
        "its content tells"
    );

    // The team gets them in private.
    let card = town.sees("Actifs", "12 pièces jointes").await;
    jules.taps(&card, "Tout voir").await;
    let sheet = town.sees("Jules", "Ticket n° 1").await;
    jules.taps(&sheet, "Pièces jointes").await;
    town.settles().await;
    assert_eq!(town.calls("sendPhoto").len(), 10);
    assert_eq!(town.calls("sendVoice").len(), 1);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_answer_for_everybody_of_an_outage_and_one_press_at_its_end() {
    let town = Town::open().await.with_everybody().await;
    let jules = town.person("Jules");
    let names = ["Ana", "Élise", "Quentin", "Paula"];
    let silo = "links = [\"Maison=migennes-silo\"]";
    let changes = [
        "Maison=migennes-eglise-ap-nord",
        "Maison=migennes-gare\", \"Atelier=seignelay-ecole-ap",
        "Maison=migennes-eglise",
        "Appartement=migennes-eglise-ap-nord",
    ]
    .map(|links| format!("links = [\"{links}\"]"));
    let changes = changes.each_ref().map(|links| (links.as_str(), silo));
    town.imports(&changes).await;
    town.fires("migennes-silo").await;
    town.sees("Secteur Migennes", "Injoignable").await;
    for name in names {
        let person = town.person(name);
        person.types(name, "/ticket Plus rien ne passe");
        let receipt = town.sees(name, "C'est noté, n°").await;
        person.taps(&receipt, "Plus de connexion").await;
        town.sees(name, "Une panne touche votre lien depuis").await;
    }
    jules.types("Jules", "/tickets");
    let list = town.sees("Jules", "4 tickets").await;
    jules.taps(&list, "n° 1").await;
    let sheet = town.sees("Jules", "Panne liée").await;
    jules.taps(&sheet, "Répondre à tous").await;
    town.sees("Jules", "Je vous le montre avant l'envoi").await;
    jules.types("Jules", "Un technicien est sur place, retour vers 19 h.");
    let preview = town.sees("Jules", "Envoyer à 4 personnes touchées").await;
    assert!(
        town.said("Ana")
            .iter()
            .all(|said| !said.text().contains("technicien"))
    );
    jules.taps(&preview, "Envoyer").await;
    for name in names {
        town.sees(name, "Jules vous répond")
            .await
            .has(&["vers 19 h"]);
    }
    let twice = jules.taps(&preview, "Envoyer").await;
    assert_eq!(twice.text, "C'est déjà fait.");
    town.resolves("migennes-silo").await;
    town.settles().await;
    town.pass(TimeDelta::minutes(6)).await;
    let over = town.sees("Actifs", "est terminée").await;
    over.has(&["4 tickets y sont liés"]);
    jules.taps(&over, "Prévenir et clore (4)").await;
    for name in names {
        town.sees(name, "est réglée, pensons-nous").await;
    }
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_goes_there_and_a_neighbour_helps() {
    let town = Town::open().await.with_everybody().await;
    let linked = [(
        "links = [\"Maison=migennes-eglise-ap-nord\"]",
        "links = [\"Maison=migennes-silo\"]",
    )];
    town.imports(&linked).await;
    let (ana, jules, quentin) = (
        town.person("Ana"),
        town.person("Jules"),
        town.person("Quentin"),
    );
    ana.types("Ana", "/ticket L'antenne du silo grince");
    let card = town.sees("Actifs", "Ticket n° 1").await;
    jules.taps(&card, "Je prends").await;
    jules.taps(&card, "Tout voir").await;
    let sheet = town.sees("Jules", "Ticket n° 1, pris").await;
    jules.taps(&sheet, "Visite").await;
    town.sees("Jules", "Quand, et comment y entrer").await;
    jules.types("Jules", "jeudi 14 h, clé chez le meunier, échelle");
    town.sees("Jules", "La visite est notée").await;
    town.sees("Actifs", "attend le terrain").await;
    let call = town
        .sees("Secteur Migennes", "Une visite est prévue à")
        .await;
    assert!(!call.text().contains("Ana"), "nobody is named");
    quentin.taps(&call, "Je peux aider").await;
    town.sees("Quentin", "Que pouvez-vous faire").await;
    quentin.types("Quentin", "J'ai une échelle de 6 m");
    town.sees("Jules", "Quentin propose d'aider pour le n° 1")
        .await
        .has(&["échelle de 6 m"]);
    // It is a Tuesday, 14:00: the digest comes in the evening.
    town.pass(TimeDelta::hours(4) + TimeDelta::minutes(1)).await;
    town.sees("Actifs", "1 visite prévue")
        .await
        .has(&["n° 1, Migennes, Jules : jeudi 14 h"]);
    jules.types("Jules", "/tickets 1");
    let sheet = town.sees("Jules", "attend le terrain").await;
    jules.taps(&sheet, "Visite faite").await;
    town.sees("Jules", "Qu'est-ce que la visite a donné").await;
    jules.types("Jules", "Roulement changé");
    town.sees("Actifs", "Roulement changé")
        .await
        .has(&["Ticket n° 1, pris"]);
    let late = quentin.taps(&call, "Je peux aider").await;
    assert_eq!(late.text, "La visite est faite, merci d'y avoir pensé.");
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_week_in_numbers_and_everything_in_a_file() {
    let town = Town::open().await.with_everybody().await;
    let (ana, bruno, jules) = (
        town.person("Ana"),
        town.person("Bruno"),
        town.person("Jules"),
    );
    ana.types("Ana", "/ticket =HYPERLINK(\"mal\")");
    let receipt = town.sees("Ana", "C'est noté, n° 1").await;
    ana.taps(&receipt, "Facture").await;
    let card = town.sees("Actifs", "Facture").await;
    jules.taps(&card, "Je prends").await;
    town.settles().await;
    let card = town.sees("Actifs", "Ticket n° 1, pris").await;
    jules.taps(&card, "Résolu").await;
    bruno.types("Bruno", "/tickets export");
    let file = town.sees("Bruno", "1 ticket").await;
    assert!(file.raw["document"].is_object(), "{file:?}");
    town.person("Paula").types("Paula", "/tickets export");
    town.sees("Paula", "réservé aux auditeurs").await;
    bruno.types("Bruno", "/tickets export json");
    town.settles().await;
    assert_eq!(town.calls("sendDocument").len(), 2);
    // The next Monday.
    town.pass(TimeDelta::days(6)).await;
    let week = town.sees("Actifs", "Tickets de la semaine du").await;
    week.has(&[
        "1 ouverts, 1 résolus, 0 encore ouverts",
        "Facture : 1 (semaine d'avant : 0)",
        "Secteur Migennes : 1",
    ]);
    assert!(week.picture().is_some(), "{week:?}");
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ready_answer_is_shown_before_it_goes() {
    let mut settings = vigie::app::settings::Settings {
        absence_min: u32::MAX,
        ..Default::default()
    };
    settings.tickets.answers = vec![vigie_domain::tickets::Canned {
        name: "Débrancher".to_owned(),
        text: "Bonjour {name}, débranchez 30 secondes.".to_owned(),
    }];
    let store = std::sync::Arc::new(vigie_store::MemoryStore::in_memory());
    let town = Town::open_set(store, settings).await.with_everybody().await;
    let (ana, jules) = (town.person("Ana"), town.person("Jules"));
    ana.types("Ana", "/ticket Plus rien");
    let card = town.sees("Actifs", "Ticket n° 1").await;
    jules.taps(&card, "Répondre").await;
    let asked = town.sees("Jules", "Écrivez votre réponse").await;
    jules.taps(&asked, "Débrancher").await;
    let preview = town.sees("Jules", "Voici ce qui partirait à Ana M.").await;
    preview.has(&["Bonjour Ana M., débranchez 30 secondes."]);
    let said = town.said("Ana");
    assert!(!said.iter().any(|said| said.text().contains("30 secondes")));
    jules.taps(&preview, "Envoyer").await;
    town.sees("Ana", "Jules vous répond (n° 1)").await;
    let twice = jules.taps(&preview, "Envoyer").await;
    assert_eq!(twice.text, "C'est déjà fait.");
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dialogue_goes_on_after_a_restart() {
    let mut town = Town::open().await.with_everybody().await;
    let (ana, jules) = (town.person("Ana"), town.person("Jules"));
    ana.types("Ana", "/ticket");
    town.sees("Ana", "Que se passe-t-il ?").await;
    town.settles().await;
    town.stop().await;
    ana.types("Ana", "Plus rien ne marche");
    town.start().await;
    town.sees("Ana", "C'est noté, n° 1").await;
    let card = town.sees("Actifs", "Ticket n° 1").await;
    jules.taps(&card, "Répondre").await;
    town.sees("Jules", "Écrivez votre réponse").await;
    town.settles().await;
    town.stop().await;
    jules.types("Jules", "Je regarde");
    town.start().await;
    town.sees("Ana", "Jules vous répond (n° 1)").await;
    town.settles().await;
    let answers = town.said("Ana");
    let answers = answers
        .iter()
        .filter(|said| said.text().contains("Je regarde"));
    assert_eq!(answers.count(), 1);
    town.finish().await;
}
