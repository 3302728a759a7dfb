//! Removal from every group, and return.

use serde_json::json;
use std::sync::Arc;
use vigie::app::settings::Settings;
use vigie_domain::AccountId;
use vigie_store::MemoryStore;

use super::town::Town;

/// Bruno is an administrator by the record, Claire and Jules by the settings.
pub async fn town() -> Town {
    let settings = Settings {
        absence_min: u32::MAX,
        administrators: vec![AccountId(1003), AccountId(1010)],
        ..Settings::default()
    };
    let town = Town::open_set(Arc::new(MemoryStore::in_memory()), settings).await;
    town.with_everybody().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_persons_remove_somebody_from_every_group_and_an_appeal_is_heard() {
    let town = town().await;
    let (quentin, bruno, claire, jules) = (
        town.person("Quentin"),
        town.person("Bruno"),
        town.person("Claire"),
        town.person("Jules"),
    );
    quentin.types("Quentin", "/aide");
    quentin.types("Quentin", "/exclure 102 non");
    town.sees("Quentin", "réservé aux administrateurs").await;
    bruno.types("Bruno", "/exclure 117");
    town.sees("Bruno", "Dites qui et pourquoi").await;
    bruno.types("Bruno", "/exclure 117 menaces répétées");
    town.sees("Bruno", "une seconde personne doit confirmer")
        .await
        .has(&[
            "Retirer 117 de tous les groupes",
            "2 personnes sont prévenues",
        ]);
    town.settles().await;
    assert!(town.is_in(quentin.id, "Membres"), "nothing happens before");
    bruno.types("Bruno", "/demandes");
    let list = town.sees("Bruno", "1 décision attend").await;
    assert_eq!(list.buttons(), ["Retirer ma demande 1"], "one is not two");
    // Another account of the same person is no second person.
    let other = town.person("Gaëlle");
    other.types("Gaëlle", "/lier");
    town.sees("Gaëlle", "Pour vous reconnaître").await;
    other.types("Gaëlle", "102");
    let code = town.code("bruno.petit@exemple.fr", 1).await;
    other.types("Gaëlle", &code);
    let card = town.sees("Gaëlle", "Voici la fiche").await;
    other.taps(&card, "C'est moi").await;
    town.sees("Gaëlle", "est rattaché à").await;
    other.types("Gaëlle", "/demandes");
    let list = town.sees("Gaëlle", "1 décision attend").await;
    assert_eq!(list.buttons(), ["Retirer ma demande 1"]);
    other.types("Gaëlle", "/exclure 117 encore");
    town.sees("Gaëlle", "une seconde personne doit confirmer")
        .await;
    town.settles().await;
    assert!(town.is_in(quentin.id, "Membres"));
    claire.types("Claire", "/demandes");
    let list = town.sees("Claire", "1 décision attend").await;
    list.has(&["Retirer 117 de tous les groupes", "menaces répétées"]);
    claire.taps(&list, "Confirmer 1").await;
    town.sees("Bruno", "Claire a donné son accord").await;
    let told = town
        .sees("Quentin", "par décision de deux administrateurs")
        .await;
    town.settles().await;
    for title in ["Membres", "Secteur Migennes"] {
        assert!(!town.is_in(quentin.id, title), "{title}");
        let said = town.said(title);
        assert!(
            !said.iter().any(|said| said.text().contains("Quentin")),
            "never announced in a group"
        );
    }
    quentin.taps(&told, "Demander à être entendu").await;
    claire.types("Claire", "/demandes");
    let list = town.sees("Claire", "demande à être entendu").await;
    let answer = claire.taps(&list, "Laisser revenir 1").await;
    assert!(
        answer.alert,
        "who confirmed does not hear the appeal: {answer:?}"
    );
    jules.types("Jules", "/demandes");
    let list = town.sees("Jules", "demande à être entendu").await;
    jules.taps(&list, "Laisser revenir 1").await;
    town.sees("Quentin", "Vous pouvez revenir").await;
    town.settles().await;
    let link = town.link(&quentin, "Membres").await;
    town.asks(quentin.id, &link);
    town.settles().await;
    assert!(town.is_in(quentin.id, "Membres"));
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_removed_is_not_let_in_by_another_door() {
    let town = town().await;
    let (quentin, bruno, claire) = (
        town.person("Quentin"),
        town.person("Bruno"),
        town.person("Claire"),
    );
    bruno.types("Bruno", "/exclure #1017 menaces");
    town.sees("Bruno", "une seconde personne").await;
    claire.types("Claire", "/demandes");
    let list = town.sees("Claire", "1 décision attend").await;
    claire.taps(&list, "Confirmer 1").await;
    town.settles().await;
    let body = json!({"user": quentin.id, "chat": town.chat("Secteur Sens"), "from": bruno.id});
    town.sim.post("add", &body).unwrap();
    town.settles().await;
    assert!(!town.is_in(quentin.id, "Secteur Sens"));
    quentin.types("Quentin", "/rejoindre");
    town.sees("Quentin", "Vous avez été retiré des groupes")
        .await;
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whose_record_ends_leaves_the_groups_of_members_and_returns_with_it() {
    let town = town().await;
    let thérèse = town.person("Thérèse");
    town.settles().await;
    let file = include_str!("../../data/demo/people.toml");
    let at = file.find("[[person]]\nmember = \"120\"").unwrap();
    let rest = &file[at..];
    town.imports(&[(rest, "")]).await;
    town.app().fire_due().await.unwrap();
    town.settles().await;
    assert!(!town.is_in(thérèse.id, "Membres"));
    assert!(
        town.is_in(thérèse.id, "Secteur Grandchamp"),
        "her local group stays hers until somebody says otherwise"
    );
    let word = town
        .sees("Backbone", "n'est plus membre de la coopérative")
        .await;
    word.has(&["Secteur Grandchamp"]);
    assert!(!word.text().contains("Thérèse"));
    // She asks to come back before her record is there again, and enters when it is.
    let link = town.link(&thérèse, "Membres").await;
    town.asks(thérèse.id, &link);
    town.sees("Thérèse", "Ce groupe est réservé aux membres")
        .await;
    town.imports(&[]).await;
    town.sees("Thérèse", "vous pouvez entrer dans le groupe Membres")
        .await;
    town.settles().await;
    assert!(town.is_in(thérèse.id, "Membres"));
    town.finish().await;
}
