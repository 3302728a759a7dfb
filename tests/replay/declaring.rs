//! Declarations of members: cases that no other program covers.

use chrono::TimeDelta;

use super::Town;

const MIGENNES: &str = "Secteur Migennes";

/// P1: a declaration behind a relay that is known to be down belongs to its outage.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_known_is_answered_and_told_no_second_time() {
    let town = Town::open().await;
    town.fires("migennes-eglise").await;
    let card = town
        .sees(MIGENNES, "Injoignable : Église de Migennes")
        .await;
    town.pass(TimeDelta::minutes(4)).await;
    town.person("Ana").types("Ana", "/panne");
    town.sees(
        "Ana",
        "Panne connue : Église de Migennes ne répond plus depuis 14 h",
    )
    .await;
    let counted = town.sees(MIGENNES, "1 déclaration de membre").await;
    assert_eq!(counted.id(), card.id());
    town.settles().await;
    assert_eq!(town.said(MIGENNES).len(), 1);
    town.finish().await;
}

/// P2: three members behind one relay within ten minutes, no alert: one card, and each member
/// counts once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_members_are_one_possible_outage() {
    let town = Town::open().await;
    for name in ["Ana", "Ana", "Quentin", "Quentin"] {
        town.person(name).types(name, "/panne");
        town.sees(name, "aucune panne").await;
        town.pass(TimeDelta::minutes(2)).await;
    }
    assert!(town.said(MIGENNES).is_empty());
    town.person("Paula").types("Paula", "/panne");
    town.sees(
        MIGENNES,
        "Panne possible derrière Église de Migennes (migennes-eglise) (3 déclarations)",
    )
    .await;
    town.settles().await;
    assert_eq!(town.said(MIGENNES).len(), 1);
    town.finish().await;
}

/// P4: a declaration of a link of which nothing bad is known, behind a relay that works, is a
/// ticket of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_good_link_behind_a_good_relay_is_a_ticket() {
    let town = Town::open().await;
    let ana = town.person("Ana");
    ana.types("Ana", "internet est lent depuis ce matin");
    let answer = town.sees("Ana", "Je ne connais aucune panne").await;
    answer.has(&["Point d'accès nord", "Débranchez-la 30 secondes"]);
    ana.taps(&answer, "Envoyer").await;
    town.sees("Ana", "C'est noté, n° 1").await;
    town.settles().await;
    assert!(
        town.said(MIGENNES)
            .iter()
            .all(|one| !one.text().contains("possible"))
    );
    town.finish().await;
}
