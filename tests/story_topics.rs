//! Where a group is a forum and asked for it, each outage has a topic of its own.

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

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use town::{BOT, Message, Town};

const MIGENNES: &str = "Secteur Migennes";
const SILO: &str = "Injoignable : Silo de Migennes";
const BACK: &str = "Rétabli : Silo de Migennes";
const CALL: &str = "Qui peut y aller ?";

/// The group of Migennes is a forum in which Vigie has this standing; topics are asked for.
async fn forum(town: &Town, standing: Value) {
    let chat = town.chat(MIGENNES);
    town.sim
        .post("topics", &json!({"chat": chat, "is_forum": true}))
        .unwrap();
    let mut rights = json!({"chat": chat, "user": BOT});
    for (name, value) in standing.as_object().unwrap() {
        rights[name] = value.clone();
    }
    town.sim.post("rights", &rights).unwrap();
    town.person("Bruno").types_in(chat, "/groupe sujets oui");
    town.sees_in(chat, "Chaque nouvelle panne aura son sujet")
        .await;
}

fn manager() -> Value {
    json!({"status": "administrator", "rights": {"can_manage_topics": true}})
}

/// The topics of the group of Migennes that are there.
fn topics(town: &Town) -> Vec<Value> {
    let chat = town.chat(MIGENNES);
    let world = town.sim.world();
    let chats = world["chats"].as_array().unwrap();
    let found = chats.iter().find(|known| known["id"] == json!(chat));
    let all = found.unwrap()["topics"].as_array().cloned();
    all.unwrap_or_default()
        .into_iter()
        .filter(|topic| topic["deleted"] != json!(true))
        .collect()
}

/// Waits until the only topic has this name and is closed or not.
async fn one_topic(town: &Town, name: &str, closed: bool) -> Value {
    let begun = Instant::now();
    loop {
        let there = topics(town);
        if let [topic] = there.as_slice()
            && topic["name"] == json!(name)
            && topic["closed"] == json!(closed)
        {
            return topic["message_thread_id"].clone();
        }
        assert!(begun.elapsed() < Duration::from_secs(15), "{there:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn thread(message: &Message) -> Value {
    message.raw["message_thread_id"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_has_its_topic_that_is_named_after_it_and_closed_at_its_end() {
    let town = Town::open().await;
    forum(&town, manager()).await;
    town.fires("migennes-silo").await;
    let card = town.sees(MIGENNES, SILO).await;
    let topic = one_topic(&town, "🔴 Silo de Migennes", false).await;
    assert_eq!(thread(&card), topic);
    town.resolves("migennes-silo").await;
    town.sees(MIGENNES, BACK).await;
    assert_eq!(one_topic(&town, "✅ Silo de Migennes", true).await, topic);
    // It comes back a moment later: the same topic is opened again.
    town.fires("migennes-silo").await;
    let card = town.sees(MIGENNES, SILO).await;
    assert_eq!(one_topic(&town, "🔴 Silo de Migennes", false).await, topic);
    assert_eq!(thread(&card), topic);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_topic_that_somebody_deletes_is_made_again_for_what_lasts() {
    let mut town = Town::open().await;
    town.allows("message to edit not found");
    town.allows("message thread not found");
    town.allows("TOPIC_ID_INVALID");
    forum(&town, manager()).await;
    town.fires("migennes-silo").await;
    town.sees(MIGENNES, SILO).await;
    let first = one_topic(&town, "🔴 Silo de Migennes", false).await;
    let chat = town.chat(MIGENNES);
    town.resolves("migennes-silo").await;
    town.settles().await;
    town.sim
        .post(
            "topics",
            &json!({"chat": chat, "thread": first, "deleted": true}),
        )
        .unwrap();
    town.fires("migennes-silo").await;
    let second = one_topic(&town, "🔴 Silo de Migennes", false).await;
    town.settles().await;
    let card = town.sees(MIGENNES, SILO).await;
    assert_ne!(first, second);
    assert_eq!(thread(&card), second);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_right_outages_stay_where_they_were_and_it_is_told_once() {
    let mut town = Town::open().await;
    town.allows("not enough rights to create a topic");
    forum(&town, json!({"status": "member"})).await;
    town.fires("migennes-silo").await;
    let card = town.sees(MIGENNES, SILO).await;
    assert_eq!(thread(&card), Value::Null);
    town.fires("seignelay-ecole").await;
    town.sees(MIGENNES, "Injoignable : École de Seignelay")
        .await;
    town.settles().await;
    let told = town.said("Backbone");
    let told = told
        .iter()
        .filter(|message| message.text().contains("Je ne peux pas ouvrir de sujet"));
    assert_eq!(told.count(), 1);
    assert_eq!(town.calls("createForumTopic").len(), 1);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_topic_of_which_nothing_is_known_is_not_made_twice() {
    let town = Town::open().await;
    forum(&town, manager()).await;
    town.fault(json!({"kind": "drop_after", "method": "createForumTopic", "times": 1}));
    town.fires("migennes-silo").await;
    let card = town.sees(MIGENNES, SILO).await;
    town.settles().await;
    assert_eq!(town.calls("createForumTopic").len(), 1);
    assert_eq!(thread(&card), Value::Null, "where it goes without a topic");
    town.finish().await;
}

/// A forum in which the silo has fallen and Paula, who is on call, was asked in private.
async fn nobody_answers() -> Town {
    let mut town = Town::open_still(town::NETWORK.to_owned()).await;
    town.allows("message thread not found");
    town.allows("message to edit not found");
    town.allows("TOPIC_ID_INVALID");
    forum(&town, manager()).await;
    let paula = town.person("Paula");
    paula.types("Paula", "/astreinte");
    paula.types(MIGENNES, "/astreinte");
    let rota = town.sees(MIGENNES, "Personne n'est d'astreinte").await;
    paula.taps(&rota, "Je m'inscris").await;
    town.fires("migennes-silo").await;
    town.until(15 * 60).await;
    town
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_for_hands_is_in_the_topic_of_its_outage() {
    let town = nobody_answers().await;
    let topic = one_topic(&town, "🔴 Silo de Migennes", false).await;
    town.until(30 * 60).await;
    let call = town.sees(MIGENNES, CALL).await;
    assert_eq!(thread(&call), topic);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_finds_its_topic_gone_brings_the_outage_a_new_one() {
    let town = nobody_answers().await;
    let first = one_topic(&town, "🔴 Silo de Migennes", false).await;
    let gone = json!({"chat": town.chat(MIGENNES), "thread": first, "deleted": true});
    town.sim.post("topics", &gone).unwrap();
    town.until(30 * 60).await;
    town.sees(MIGENNES, CALL).await;
    let second = one_topic(&town, "🔴 Silo de Migennes", false).await;
    assert_ne!(first, second);
    assert_eq!(thread(&town.sees(MIGENNES, SILO).await), second);
    town.finish().await;
}
