//! A membership ends, and a commune changes who speaks for it.

use serde_json::json;
use tokio::sync::mpsc;
use vigie_domain::people::read::{Form, read};

use super::removal::town;
use super::town::Town;

/// Takes in a file of members, as the command does.
async fn members(town: &Town, text: &str) {
    let (send, mut rows) = mpsc::channel(64);
    let mut all = Vec::new();
    read(Form::Csv, &mut text.as_bytes(), &mut |row| {
        all.push(row);
        true
    })
    .unwrap();
    send.send(all).await.unwrap();
    drop(send);
    let app = town.app();
    app.import_members(&mut rows, &mut |_| ()).await.unwrap();
    app.fire_due().await.unwrap();
    town.settles().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_leaves_is_thanked_leaves_the_groups_and_a_mistake_takes_nothing() {
    let town = town().await;
    let quentin = town.person("Quentin");
    assert!(town.is_in(quentin.id, "Membres"));
    members(&town, "id;statut\n117;parti\n").await;
    town.sees("Quentin", "Merci du chemin fait ensemble")
        .await
        .has(&["/mes_donnees", "groupe local", "il en sera détaché"]);
    assert!(!town.is_in(quentin.id, "Membres"));
    assert!(town.is_in(quentin.id, "Secteur Migennes"));
    for title in ["Membres", "Secteur Migennes", "Backbone"] {
        let said = town.said(title);
        assert!(!said.iter().any(|said| said.text().contains("Quentin")));
    }
    quentin.types("Quentin", "/membre 101");
    town.sees("Quentin", "n'est relié à aucun membre").await;
    println!("It was a mistake, and is put right within the month.");
    members(&town, "id;statut\n117;actif\n").await;
    town.pass(chrono::TimeDelta::days(31)).await;
    quentin.types("Quentin", "/moi");
    town.sees("Quentin", "membre n° 117").await;
    println!("The second time it was none.");
    members(&town, "id;statut\n117;parti\n").await;
    town.pass(chrono::TimeDelta::days(31)).await;
    quentin.types("Quentin", "/moi");
    town.sees("Quentin", "Je ne vous connais pas encore").await;
    quentin.types("Quentin", "/mes_donnees effacer");
    let sure = town.sees("Quentin", "Effacer ce que je garde").await;
    quentin.taps(&sure, "Oui, effacer").await;
    town.sees("Quentin", "C'est effacé").await;
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_writes_to_the_dead() {
    let town = town().await;
    let (quentin, rosa) = (town.person("Quentin"), town.person("Rosa"));
    let (letters, _) = town.app().letters(&["117".to_owned()]).await.unwrap();
    rosa.types("Rosa", &format!("/start {}", letters[0].start));
    let card = town.sees("Rosa", "Voici la fiche").await;
    rosa.taps(&card, "J'habite avec cette personne").await;
    town.sees("Rosa", "rattaché au foyer").await;
    town.settles().await;
    let before = town.said("Quentin").len();
    members(&town, "id;statut\n117;décédé\n").await;
    town.sees("Rosa", "Toutes nos condoléances").await;
    assert!(!town.is_in(quentin.id, "Membres"));
    assert_eq!(town.said("Quentin").len(), before);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_expelled_is_told_can_appeal_and_a_third_person_takes_it_back() {
    let town = town().await;
    let (bruno, claire, jules, quentin) = (
        town.person("Bruno"),
        town.person("Claire"),
        town.person("Jules"),
        town.person("Quentin"),
    );
    bruno.types("Bruno", "/membre 117");
    let sheet = town.sees("Bruno", "membre n° 117").await;
    bruno.taps(&sheet, "Exclure…").await;
    let sure = town.sees("Bruno", "Proposer l'exclusion de").await;
    bruno.taps(&sure, "Oui, c'est sûr").await;
    let card = town.sees("Claire", "Bruno demande votre accord").await;
    claire.taps(&card, "Je suis d'accord").await;
    let told = town.sees("Quentin", "c'est une exclusion").await;
    town.settles().await;
    assert!(!town.is_in(quentin.id, "Membres"));
    quentin.types("Quentin", "/moi");
    town.sees("Quentin", "Je ne vous connais pas encore").await;
    quentin.taps(&told, "Demander à être entendu").await;
    claire.types("Claire", "/demandes");
    let list = town.sees("Claire", "demande à être entendu").await;
    let answer = claire.taps(&list, "Laisser revenir 1").await;
    assert!(answer.alert, "who confirmed hears no appeal: {answer:?}");
    jules.types("Jules", "/demandes");
    let list = town.sees("Jules", "demande à être entendu").await;
    jules.taps(&list, "Laisser revenir 1").await;
    town.sees("Quentin", "La décision d'exclusion est levée")
        .await;
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commune_changes_its_representative_who_has_a_record_of_their_own() {
    let town = town().await;
    let (ana, bruno, thérèse) = (
        town.person("Ana"),
        town.person("Bruno"),
        town.person("Thérèse"),
    );
    town.imports(&[("therese.colin@exemple.fr", "mairie@exemple.fr")])
        .await;
    println!("The new mayor proves the address of the town hall; she is a member herself, too.");
    ana.types("Ana", "/lier");
    town.sees("Ana", "Pour vous reconnaître").await;
    ana.types("Ana", "120");
    let code = town.code("mairie@exemple.fr", 1).await;
    ana.types("Ana", &code);
    let card = town.sees("Ana", "Voici la fiche").await;
    card.has(&["Mairie de Charmoy"]);
    ana.taps(&card, "Je la représente").await;
    town.sees("Ana", "Votre compte représente Mairie de Charmoy")
        .await
        .has(&["par prudence"]);
    town.sees("Thérèse", "Un autre compte Telegram, « Ana »")
        .await;
    ana.types("Ana", "/moi");
    let me = town.sees("Ana", "Au nom de qui").await;
    me.has(&["membre n° 101", "membre n° 120"]);
    let chosen = ana.taps(&me, "Agir au nom de Mairie de Charmoy, Grandchamp");
    assert!(chosen.await.text.contains("Mairie de Charmoy"));
    println!("The earlier mayor's mandate is over: an administrator ends that link.");
    bruno.types("Bruno", "/membre 120");
    let sheet = town.sees("Bruno", "membre n° 120").await;
    bruno.taps(&sheet, "Terminer le lien du compte 1020…").await;
    let sure = town
        .sees("Bruno", "Terminer le lien du compte 1020 ?")
        .await;
    bruno.taps(&sure, "Oui, c'est sûr").await;
    town.sees("Thérèse", "Un administrateur a mis fin au rattachement")
        .await;
    town.settles().await;
    assert!(
        !town.is_in(thérèse.id, "Membres"),
        "she has no other record"
    );
    assert!(town.is_in(ana.id, "Membres"));
    println!("The new one leaves office: her own record stays.");
    bruno.types("Bruno", "/membre 120");
    town.settles().await;
    let sheet = town.sees("Bruno", "membre n° 120").await;
    bruno.taps(&sheet, "Terminer le lien du compte 1001…").await;
    let sure = town
        .sees("Bruno", "Terminer le lien du compte 1001 ?")
        .await;
    bruno.taps(&sure, "Oui, c'est sûr").await;
    town.settles().await;
    assert!(town.is_in(ana.id, "Membres"));
    ana.types("Ana", "/moi");
    town.settles().await;
    let me = town.sees("Ana", "membre n° 101").await;
    assert!(!me.text().contains("membre n° 120"), "{}", me.text());
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn administrators_set_what_newcomers_read() {
    let town = town().await;
    let (ana, bruno) = (town.person("Ana"), town.person("Bruno"));
    ana.types("Ana", "/bienvenue membres Bonjour");
    town.sees("Ana", "réservé aux administrateurs").await;
    bruno.types("Bruno", "/bienvenue nulle-part Bonjour");
    town.sees("Bruno", "Dites pour quel genre").await;
    bruno.types("Bruno", "/bienvenue membres Les statuts sont sur scani.fr");
    town.sees("Bruno", "Accueil des groupes de genre membres")
        .await
        .has(&["sans document"]);
    town.leaves(&ana, "Membres");
    town.settles().await;
    let link = town.link(&ana, "Membres").await;
    // Who was there before is greeted no more; who comes for the first time is.
    let body = json!({"id": 600_001, "first_name": "Lou"});
    town.sim.user(&body).unwrap();
    let body = json!({"type": "private", "members": [600_001]});
    town.sim.chat(&body).unwrap();
    let body = json!({"user": 600_001, "chat": town.chat("Membres"), "from": bruno.id});
    town.sim.post("add", &body).unwrap();
    town.sees_in(600_001, "Bienvenue Lou dans le groupe Membres")
        .await
        .has(&["Les statuts sont sur scani.fr"]);
    town.asks(ana.id, &link);
    town.settles().await;
    let said = town.said("Ana");
    assert!(
        !said
            .iter()
            .any(|said| said.text().contains("Bienvenue Ana"))
    );
    bruno.types("Bruno", "/bienvenue membres effacer");
    town.settles().await;
    town.sees("Bruno", "sans document : –").await;
    town.finish().await;
}
