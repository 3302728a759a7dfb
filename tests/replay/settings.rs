//! What people change while something is down: settings, and the network itself.

use super::minutes;
use super::town::Town;

const SENS: &str = "Secteur Sens";
const MIGENNES: &str = "Secteur Migennes";

/// P8: settings that are changed while an incident is open hold at the next event, without a
/// restart; why the messages stop is said with the name of who changed it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_hold_at_once_and_say_who_changed_them() {
    let town = Town::open().await;
    let farid = town.person("Farid");
    farid.types(SENS, "/equipement sens-tour délai 10 min");
    let sheet = town.sees(SENS, "Premier message après 10 min").await;
    town.fires("sens-tour").await;
    town.pass(minutes(6)).await;
    println!("The delay becomes shorter than what has passed.");
    farid.taps(&sheet, "Délai ↓ 5 min").await;
    town.sees(SENS, "Injoignable : Tour de Sens").await;

    println!("Nobody is to be told any more: no reminder, and the card still ends.");
    farid.types(SENS, "/equipement sens-tour alertes non");
    town.sees(SENS, "Farid a coupé les alertes de Tour de Sens")
        .await;
    town.pass(minutes(130)).await;
    town.settles().await;
    let said: Vec<String> = town
        .said(SENS)
        .iter()
        .map(|one| one.text().to_owned())
        .collect();
    // Two sheets, the card, and why nothing more comes.
    assert_eq!(said.len(), 4, "{said:#?}");
    town.resolves("sens-tour").await;
    town.sees(SENS, "Rétabli : Tour de Sens").await;

    println!("The next one is not told.");
    town.pass(minutes(10)).await;
    town.fires("sens-tour").await;
    town.pass(minutes(10)).await;
    town.settles().await;
    let cards = town.said(SENS);
    let cards = cards
        .iter()
        .filter(|one| one.text().contains("Injoignable"))
        .count();
    assert_eq!(cards, 0);
    town.finish().await;
}

/// P9: 40 relays unchanged, one renamed, one new: one digest, silence for what stays, and the
/// incident that is open keeps its identity.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_is_one_digest_and_a_renamed_relay_stays_itself() {
    const CHANGES: &[(&str, &str)] = &[
        (
            "id = \"migennes-silo\"\nname = \"Silo de Migennes\"\nclass",
            "id = \"silo-coop\"\nname = \"Silo de la coopérative\"\nclass",
        ),
        ("parent = \"migennes-silo\"", "parent = \"silo-coop\""),
        (
            "[[equipment]]\nid = \"seignelay-ecole-ap\"",
            "[[equipment]]\nid = \"seignelay-mairie\"\nname = \"Mairie de Seignelay\"\n\
             class = \"secondary-relay\"\nparent = \"seignelay-chateau-eau\"\n\
             sector = \"migennes\"\n\n[[equipment]]\nid = \"seignelay-ecole-ap\"",
        ),
    ];
    let town = Town::open().await;
    town.fires("migennes-silo").await;
    let card = town.sees(MIGENNES, "Injoignable : Silo de Migennes").await;
    town.person("Élise")
        .types(MIGENNES, "/equipement migennes-silo rappel 30");
    town.sees(MIGENNES, "Répété au bout de 30 min").await;

    let summary = town.imports(CHANGES).await;
    assert_eq!((summary.added, summary.updated, summary.removed), (1, 1, 0));
    let digest = town.sees("Backbone", "Réseau mis à jour").await;
    digest.has(&[
        "1 ajouté, 1 renommé",
        "Renommé : Silo de Migennes (migennes-silo) → Silo de la coopérative (silo-coop)",
        "Ajouté : Mairie de Seignelay (seignelay-mairie), Relais secondaire",
    ]);
    println!("The card is the same message under the new name.");
    let now = town
        .sees(MIGENNES, "Injoignable : Silo de la coopérative (silo-coop)")
        .await;
    assert_eq!(now.id(), card.id());

    println!("Somebody has checked it.");
    town.person("Paula").taps(&digest, "Vérifié").await;
    let checked = town.sees("Backbone", "✅ Vérifié par Paula").await;
    assert_eq!((checked.id(), checked.buttons().len()), (digest.id(), 0));

    println!("The same again is silent.");
    town.pass(minutes(2)).await;
    let before = town.said("Backbone").len();
    assert_eq!(town.imports(CHANGES).await.updated, 0);
    town.settles().await;
    assert_eq!(town.said("Backbone").len(), before);

    println!("Both names lead to it, and its past is its own.");
    let alert = town.alert("migennes-silo", "resolved");
    let mut renamed = alert.clone();
    renamed["labels"]["equipment"] = serde_json::json!("silo-coop");
    town.alerts(vec![renamed]).await;
    let over = town
        .sees(MIGENNES, "Rétabli : Silo de la coopérative")
        .await;
    assert_eq!(over.id(), card.id());
    town.person("Paula")
        .types("Paula", "/historique migennes-silo");
    town.sees("Paula", "Historique de Silo de la coopérative (silo-coop)")
        .await
        .has(&["1 panne gardée"]);
    town.person("Paula").types("Paula", "/equipement silo-coop");
    town.sees("Paula", "Connu d'abord sous le nom migennes-silo")
        .await
        .has(&["Silo de la coopérative (silo-coop)"]);

    println!("The old file again: the old name is back.");
    assert_eq!(town.imports(&[]).await.updated, 1);
    town.sees(
        "Backbone",
        "Renommé : Silo de la coopérative (silo-coop) → Silo de Migennes",
    )
    .await;
    town.finish().await;
}
