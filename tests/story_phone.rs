//! The first day of somebody who answers the phone.

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
use vigie::app::phone::PhoneMessage;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_calls_of_a_first_day() {
    let town = Town::open().await.with_everybody().await;
    let (karim, ana) = (town.person("Karim"), town.person("Ana"));
    town.fires("migennes-silo").await;
    town.sees("Secteur Migennes", "Injoignable").await;

    // A wrong number, and somebody who is rude: nothing is kept.
    for _ in 0..2 {
        karim.types("Karim", "/appel");
        let card = town.sees("Karim", "Qui appelle ?").await;
        karim.taps(&card, "C'était rien").await;
        town.sees("Karim", "Cet appel est terminé").await;
        town.settles().await;
    }

    // A member whose sector has an outage.
    karim.types("Karim", "/appel moreau");
    let card = town.sees("Karim", "Qui est-ce, pour « moreau »").await;
    karim.taps(&card, "Ana M., Migennes, n° 101").await;
    let card = town
        .sees("Karim", "Question 2 sur 8 : Depuis quand ?")
        .await;
    card.has(&[
        "Ana M., Migennes, membre n° 101",
        "Secteur Migennes : 1 panne connue.",
    ]);
    karim.types("Karim", "Depuis midi");
    let card = town.sees("Karim", "Question 3 sur 8").await;
    card.has(&["Depuis quand ? Depuis midi"]);
    karim.taps(&card, "Passer").await;
    let card = town.sees("Karim", "Question 4 sur 8").await;
    karim.taps(&card, "Écrire le ticket").await;
    town.sees("Karim", "C'est écrit : ticket n° 1.").await;
    let team = town.sees("Actifs", "Ticket n° 1, nouveau").await;
    team.has(&["Ana M., Migennes", "Karim", "Depuis midi"]);

    // Somebody new, to be called back, and an invoice.
    karim.types("Karim", "/appel");
    town.sees("Karim", "Question 1 sur 8 : Qui appelle ?").await;
    karim.types("Karim", "Mme Nouvelle");
    town.sees("Karim", "Mme Nouvelle : pas dans le fichier")
        .await;
    karim.types("Karim", "Voudrait être raccordée");
    for number in 3..8 {
        let card = town
            .sees("Karim", &format!("Question {number} sur 8"))
            .await;
        karim.taps(&card, "Passer").await;
    }
    town.sees("Karim", "Question 8 sur 8 : À quel numéro rappeler ?")
        .await;
    karim.types("Karim", "06 11 22 33 44");
    let card = town.sees("Karim", "Tout est demandé").await;
    karim.taps(&card, "Écrire, et rappeler").await;
    town.sees("Karim", "C'est écrit : ticket n° 2.").await;
    let team = town.sees("Actifs", "Ticket n° 2, nouveau").await;
    team.has(&[
        "Mme Nouvelle (par téléphone)",
        "À rappeler",
        "Voudrait être raccordée",
    ]);
    assert!(!team.text().contains("06 11"), "no number in a group");
    karim.types("Karim", "/appel 101");
    let card = town.sees("Karim", "Qui est-ce, pour « 101 »").await;
    karim.taps(&card, "Ana M., Migennes, n° 101").await;
    town.sees("Karim", "Question 2 sur 8").await;
    karim.types("Karim", "Facture de mai payée deux fois");
    let card = town.sees("Karim", "Question 3 sur 8").await;
    karim.taps(&card, "Écrire le ticket").await;
    town.sees("Karim", "C'est écrit : ticket n° 3.").await;

    // Calling back: the number is told in private to who takes it.
    karim.types("Karim", "/rappels");
    town.sees("Karim", "1 ticket").await.has(&["n° 2"]);
    karim.taps(&team, "Je rappelle").await;
    let number = town.sees("Karim", "06 11 22 33 44").await;
    karim.taps(&number, "C'est rappelé").await;
    town.settles().await;
    let team = town.sees("Actifs", "Ticket n° 2, pris").await;
    assert!(!team.text().contains("À rappeler"));

    // The member sees what was written for them, and not how the team talks about it.
    ana.types("Ana", "/mes_tickets");
    let list = town.sees("Ana", "Vous avez 2 demandes").await;
    ana.taps(&list, "n° 3").await;
    town.sees("Ana", "Votre demande n° 3, nouveau")
        .await
        .has(&["Facture de mai payée deux fois"]);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_on_the_machine_becomes_a_ticket_once() {
    let town = Town::open().await.with_everybody().await;
    let karim = town.person("Karim");
    let message = PhoneMessage {
        id: "machine-17".to_owned(),
        phone: "06 98 76 54 32".to_owned(),
        text: "Bonjour, plus rien ne marche".to_owned(),
    };
    let first = town.app().phone_message(&message).await.unwrap();
    let again = town.app().phone_message(&message).await.unwrap();
    assert_eq!(first, again);
    let card = town
        .sees("Actifs", "Message sur la messagerie, numéro •• 32")
        .await;
    assert!(!card.text().contains("98 76"));
    let answer = karim.taps(&card, "Je rappelle").await;
    assert_eq!(answer.text, "");
    town.sees("Karim", "06 98 76 54 32").await;
    let stranger = town.person("Denis");
    stranger.types("Denis", "/appel");
    town.sees("Denis", "n'est relié à aucun membre").await;
    // A known number is a known member.
    let of_ana = PhoneMessage {
        id: "machine-18".to_owned(),
        phone: "0600000101".to_owned(),
        text: String::new(),
    };
    town.app().phone_message(&of_ana).await.unwrap();
    town.sees("Actifs", "Ticket n° 2, nouveau")
        .await
        .has(&["Ana M., Migennes"]);
    town.finish().await;
}
