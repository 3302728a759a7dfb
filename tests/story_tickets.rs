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
