//! Two people of Migennes take turns. In the week of one of them the silo falls, and nobody answers
//! until it is asked in private. What everybody reads is in tests/snapshots.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    reason = "a test stops where something is missing, and is at home in real time"
)]

#[path = "support/notebook.rs"]
#[allow(dead_code, reason = "each story uses a part of the notebook")]
mod notebook;
#[path = "support/town.rs"]
#[allow(dead_code, reason = "each test file uses a part of the town")]
mod town;

use notebook::Notebook;
use town::{Message, Town};

const MIGENNES: &str = "Secteur Migennes";
const READERS: &[&str] = &[MIGENNES, "Backbone", "Actifs", "Paula", "Élise"];

/// Seconds from the start of the town, a Tuesday at 14:00, to a time of a later day.
const fn at(day: i64, hour: i64, minute: i64) -> i64 {
    (day * 24 + hour - 14) * 3_600 + minute * 60
}

/// The button that begins and goes on so.
fn button(message: &Message, begins: &str, goes_on: &str) -> String {
    let labels = message.buttons().into_iter();
    labels
        .filter(|label| label.starts_with(begins))
        .find(|label| label.contains(goes_on))
        .unwrap_or_else(|| panic!("{:?}", message.buttons()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_answers_when_nobody_did() {
    let town = Town::open_still(town::NETWORK.to_owned()).await;
    let (ana, paula, elise) = (
        town.person("Ana"),
        town.person("Paula"),
        town.person("Élise"),
    );
    let mut notebook = Notebook::new(READERS);
    paula.types("Paula", "/astreinte");
    elise.types("Élise", "/astreinte tout");
    town.settles().await;
    ana.types(MIGENNES, "/astreinte");
    let rota = town.sees(MIGENNES, "Personne n'est d'astreinte").await;
    assert!(ana.taps(&rota, "Je m'inscris").await.alert, "a member");
    let answer = paula.taps(&rota, "Je m'inscris").await;
    assert!(answer.text.contains("dès maintenant"), "{answer:?}");
    let rota = town.sees(MIGENNES, "Cette semaine : Paula").await;
    elise.taps(&rota, "Je m'inscris").await;
    town.sees(MIGENNES, "Se relaient : Paula, Élise").await;
    notebook.look(&town, "mardi 14 h, le tour est pris").await;

    town.fires("migennes-silo").await;
    town.until(at(0, 14, 15)).await;
    notebook.look(&town, "14 h 15, personne n'a répondu").await;
    let call = town.sees("Paula", "Vous êtes d'astreinte. En panne").await;
    let answer = paula.taps(&call, "Je ne peux pas").await;
    assert!(answer.text.contains("j'appelle d'autres"), "{answer:?}");
    town.pass(chrono::TimeDelta::seconds(1)).await;
    notebook.look(&town, "Paula ne peut pas").await;
    town.until(at(0, 14, 45)).await;
    notebook.look(&town, "14 h 45, toujours personne").await;
    let call = town.sees("Actifs", "Appel à tous").await;
    let answer = elise.taps(&call, "Je prends").await;
    assert!(answer.text.contains("vous prenez en charge"), "{answer:?}");
    town.until(at(0, 16, 0)).await;
    notebook.look(&town, "Élise a pris la panne").await;
    town.resolves("migennes-silo").await;
    notebook.look(&town, "16 h, c'est rétabli").await;

    paula.types(MIGENNES, "/astreinte");
    town.settles().await;
    let rota = town.sees(MIGENNES, "Cette semaine : Paula").await;
    let week = button(&rota, "Je prends", "14 décembre");
    paula.taps(&rota, &week).await;
    notebook
        .look(&town, "Paula prend une semaine d'Élise")
        .await;
    let rota = town.sees(MIGENNES, "Cette semaine : Paula").await;
    let give = button(&rota, "Céder", "30 novembre");
    let answer = paula.taps(&rota, &give).await;
    assert!(answer.text.contains("n'est pas la vôtre"), "{answer:?}");
    elise.taps(&rota, &give).await;
    notebook.look(&town, "Élise cherche quelqu'un").await;
    town.until(at(6, 9, 1)).await;
    notebook.look(&town, "lundi 9 h").await;
    notebook.is_as_approved("rota.txt");
    town.finish().await;
}
