//! What takes two persons: taken back, refused, forgotten, taken over; and never by one in two
//! guises.

use chrono::TimeDelta;

use super::removal::town;

const ASK: &str = "/exclure 117 menaces répétées";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_taken_back_refused_or_forgotten_and_both_are_told() {
    let town = town().await;
    let (bruno, claire, jules) = (
        town.person("Bruno"),
        town.person("Claire"),
        town.person("Jules"),
    );
    println!("Taken back: whoever was asked reads it when they press.");
    bruno.types("Bruno", ASK);
    let own = town.sees("Bruno", "2 personnes sont prévenues").await;
    let card = town.sees("Claire", "Bruno demande votre accord").await;
    card.has(&[
        "Retirer 117 de tous les groupes",
        "Raison : menaces répétées",
    ]);
    bruno.taps(&own, "Retirer ma demande").await;
    let over = town.sees("Bruno", "Votre demande est retirée").await;
    assert_eq!((over.id(), over.buttons().len()), (own.id(), 0));
    let answer = claire.taps(&card, "Je suis d'accord").await;
    assert!(answer.text.contains("Bruno l'a retirée"), "{answer:?}");

    println!("Refused: the first is told by whom, the third learns it with the press.");
    bruno.types("Bruno", ASK);
    town.settles().await;
    let card = town.sees("Claire", "Bruno demande votre accord").await;
    let other = town.sees("Jules", "Bruno demande votre accord").await;
    claire.taps(&card, "Je refuse").await;
    town.sees("Bruno", "Claire a refusé. Rien n'a changé").await;
    let answer = jules.taps(&other, "Je suis d'accord").await;
    assert!(answer.text.contains("Claire l'a refusée"), "{answer:?}");

    println!("Forgotten: the first is told, and an old card does nothing.");
    bruno.types("Bruno", ASK);
    town.settles().await;
    let card = town.sees("Claire", "Bruno demande votre accord").await;
    town.pass(TimeDelta::days(7) + TimeDelta::seconds(1)).await;
    town.sees("Bruno", "Personne n'a confirmé à temps").await;
    let answer = claire.taps(&card, "Je suis d'accord").await;
    assert!(answer.text.contains("n'attend plus"), "{answer:?}");
    town.settles().await;
    assert!(town.is_in(1017, "Membres"), "nothing was done");
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_person_in_two_guises_is_one_and_a_lost_right_is_no_right() {
    let town = town().await;
    let (bruno, claire, jules) = (
        town.person("Bruno"),
        town.person("Claire"),
        town.person("Jules"),
    );
    bruno.types("Bruno", ASK);
    let card = town.sees("Jules", "Bruno demande votre accord").await;
    println!("Jules' account is Bruno's, too, since the card was sent.");
    jules.types("Jules", "/lier");
    town.sees("Jules", "Pour vous reconnaître").await;
    jules.types("Jules", "102");
    let code = town.code("bruno.petit@exemple.fr", 1).await;
    jules.types("Jules", &code);
    let sheet = town.sees("Jules", "Voici la fiche").await;
    jules.taps(&sheet, "C'est moi").await;
    town.sees("Jules", "est rattaché à").await;
    let answer = jules.taps(&card, "Je suis d'accord").await;
    assert!(
        answer.alert && answer.text.contains("une autre personne"),
        "{answer:?}"
    );
    println!("Bruno is no administrator any more: the request is Claire's now.");
    town.imports(&[(
        "roles = [\"member\", \"active-member\", \"administrator\"]",
        "roles = [\"member\"]",
    )])
    .await;
    let card = town.sees("Claire", "Bruno demande votre accord").await;
    let answer = claire.taps(&card, "Je suis d'accord").await;
    assert!(
        answer.text.contains("La demande est maintenant la vôtre"),
        "{answer:?}"
    );
    town.sees("Claire", "une seconde personne doit confirmer")
        .await;
    town.settles().await;
    assert!(town.is_in(1017, "Membres"));
    println!("Quentin decides nothing about himself, and nobody asks him.");
    let asked = town.sees("Jules", "Claire demande votre accord").await;
    jules.taps(&asked, "Je suis d'accord").await;
    town.sees("Claire", "Jules a donné son accord").await;
    town.settles().await;
    assert!(!town.is_in(1017, "Membres"));
    town.finish().await;
}
