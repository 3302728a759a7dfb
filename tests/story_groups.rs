//! Groups: what they are for, and what happens to them.

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

use serde_json::{Value, json};
use town::{BOT, Town};
use vigie_domain::network_import::{Format, SourceFile};

const MIGENNES: &str = "Secteur Migennes";
const SILO: &str = "Injoignable : Silo de Migennes";

/// A group that nobody has told us about, with Bruno as its administrator and Ana in it.
fn new_group(town: &Town, id: i64, kind: &str) {
    let (bruno, ana) = (town.person("Bruno").id, town.person("Ana").id);
    let body =
        json!({"id": id, "type": kind, "title": "Nouveau", "admins": [bruno], "members": [ana]});
    town.sim.chat(&body).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_says_what_a_group_is_for_and_a_member_may_not() {
    let town = Town::open().await;
    let (bruno, ana) = (town.person("Bruno"), town.person("Ana"));
    let chat = -1_001_000_000_099;
    new_group(&town, chat, "supergroup");
    ana.types_in(chat, "/groupe local sens");
    town.sees_in(chat, "réservé aux administrateurs").await;
    bruno.types_in(chat, "/groupe local atlantide");
    town.sees_in(chat, "Je ne connais pas le secteur « atlantide »")
        .await
        .has(&["Joigny", "Sens"]);

    bruno.types_in(chat, "/groupe");
    let offer = town.sees_in(chat, "n administrateur choisit").await;
    let answer = ana.taps(&offer, "local : Sens").await;
    assert!(
        answer.alert && answer.text.contains("réservé aux administrateurs"),
        "{answer:?}"
    );
    town.fires("sens-tour").await;
    town.sees("Secteur Sens", "Injoignable : Tour de Sens")
        .await;
    town.settles().await;
    let heard = town
        .said_in(chat)
        .iter()
        .any(|message| message.text().contains("Injoignable"));
    assert!(!heard, "a refusal binds nothing");

    let answer = bruno.taps(&offer, "local : Sens").await;
    assert!(answer.text.contains("C'est noté"), "{answer:?}");
    town.fires("villeneuve-silo").await;
    town.sees_in(chat, "Injoignable : Silo de Villeneuve-la-Guyard")
        .await;
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_chooses_among_hundreds_of_sectors() {
    let town = Town::open().await;
    let mut network = include_str!("../data/demo/network.toml").to_owned();
    for number in 1..=300 {
        network += &format!("\n[[sector]]\nid = \"s{number}\"\nname = \"Vallée {number:03}\"\n");
    }
    let people = include_str!("../data/demo/people.toml");
    let files = [("network.toml", network.as_str()), ("people.toml", people)];
    let files = files.map(|(name, text)| SourceFile {
        format: Format::Toml,
        name,
        text,
    });
    town.app().import_network(&files, |_, _| ()).await.unwrap();
    let (bruno, ana) = (town.person("Bruno"), town.person("Ana"));
    let chat = -1_001_000_000_099;
    new_group(&town, chat, "supergroup");
    bruno.types_in(chat, "/groupe");
    let offer = town.sees_in(chat, "n administrateur choisit").await;
    assert_eq!(
        offer.buttons(),
        ["technique", "actifs", "local…", "membres"]
    );
    bruno.taps(&offer, "local…").await;
    let mut page = town.sees_in(chat, "Page 1 sur").await;
    assert_eq!(page.id(), offer.id(), "in place");
    let mut seen = 0;
    for number in 2.. {
        let buttons = page.buttons();
        seen += buttons
            .iter()
            .filter(|label| label.contains("Vallée"))
            .count();
        if !buttons.iter().any(|label| label.contains("Suivant")) {
            break;
        }
        bruno.taps(&page, "Suivant ›").await;
        page = town.sees_in(chat, &format!("Page {number} sur")).await;
    }
    assert_eq!(seen, 300, "every sector is on one page");
    let answer = ana.taps(&page, "local : Vallée 300").await;
    assert!(
        answer.text.contains("réservé aux administrateurs"),
        "{answer:?}"
    );
    let answer = bruno.taps(&page, "local : Vallée 300").await;
    assert!(answer.text.contains("C'est noté"), "{answer:?}");
    // A name that is not known is answered with those most like it.
    bruno.types_in(chat, "/groupe local vallee 2999");
    let answer = town.sees_in(chat, "Je ne connais pas le secteur").await;
    answer.has(&["Secteurs : Vallée 299, ", ", …."]);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_hides_behind_the_group_reads_and_must_show_who_they_are_to_change() {
    let town = Town::open().await;
    let bruno = town.person("Bruno");
    let chat = town.chat(MIGENNES);
    town.sim
        .post("anonymous", &json!({"chat": chat, "user": bruno.id}))
        .unwrap();
    bruno.types(MIGENNES, "/etat");
    town.sees(MIGENNES, "Aucune panne en cours, secteur Migennes")
        .await;
    bruno.types(MIGENNES, "/groupe technique");
    let offer = town.sees(MIGENNES, "n administrateur choisit").await;
    town.fires("migennes-silo").await;
    town.sees(MIGENNES, SILO).await;
    let answer = bruno.taps(&offer, "actifs").await;
    assert!(answer.text.contains("C'est noté"), "{answer:?}");
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cards_wait_for_a_group_that_removed_us() {
    let mut town = Town::open().await;
    let chat = town.chat(MIGENNES);
    town.allows("bot was kicked");
    town.sim
        .post("kick", &json!({"chat": chat, "bot": BOT}))
        .unwrap();
    town.sees(
        "Backbone",
        "Je ne peux plus écrire dans le groupe Secteur Migennes",
    )
    .await;
    town.fires("migennes-silo").await;
    town.fires("seignelay-ecole").await;
    town.settles().await;
    town.resolves("seignelay-ecole").await;
    town.settles().await;
    assert!(town.said(MIGENNES).is_empty());
    assert_eq!(town.said("Backbone").len(), 1, "told once");

    town.sim
        .post(
            "add",
            &json!({"chat": chat, "user": BOT, "status": "administrator"}),
        )
        .unwrap();
    town.sees(MIGENNES, SILO).await;
    town.settles().await;
    let open = town.said(MIGENNES);
    let down = open
        .iter()
        .filter(|message| message.text().contains("🔴"))
        .count();
    assert_eq!(
        down, 1,
        "what is over by then is not announced as down: {open:#?}"
    );
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_becomes_a_supergroup_in_the_middle_of_an_outage() {
    let town = Town::open().await;
    let bruno = town.person("Bruno");
    let old = -4_099;
    new_group(&town, old, "group");
    bruno.types_in(old, "/groupe local sens");
    town.sees_in(old, "C'est noté").await;
    town.fires("sens-tour").await;
    town.sees_in(old, "Injoignable : Tour de Sens").await;
    let moved = town.sim.post("migrate", &json!({"chat": old})).unwrap();
    let new = moved["chat"].as_i64().unwrap();
    town.settles().await;
    town.resolves("sens-tour").await;
    town.sees_in(new, "Rétabli : Tour de Sens").await;
    town.fires("villeneuve-silo").await;
    town.sees_in(new, "Injoignable : Silo de Villeneuve-la-Guyard")
        .await;
    bruno.types_in(new, "/etat");
    town.sees_in(new, "1 panne en cours, secteur Sens").await;
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_who_blocks_us_costs_nobody_anything() {
    let mut town = Town::open().await;
    let (ana, samir) = (town.person("Ana"), town.person("Samir"));
    town.allows("bot was blocked by the user");
    ana.types("Ana", "/etat");
    town.sees("Ana", "Aucune panne en cours").await;
    // The question is on its way when she blocks us.
    town.stop().await;
    ana.types("Ana", "/etat");
    town.sim.post("block", &json!({"from": ana.id})).unwrap();
    samir.types("Samir", "/etat");
    town.start().await;
    town.sees("Samir", "Nothing is down").await;
    town.settles().await;
    assert_eq!(town.said("Ana").len(), 1);
    assert!(
        town.said("Backbone").is_empty(),
        "that is nobody's business"
    );
    ana.types("Ana", "/etat tout");
    town.settles().await;
    assert_eq!(
        town.said("Ana").len(),
        2,
        "she writes again, so she is answered"
    );
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_topic_does_not_hide_an_outage() {
    let mut town = Town::open().await;
    let bruno = town.person("Bruno");
    let chat = town.chat(MIGENNES);
    town.allows("TOPIC_CLOSED");
    town.sim
        .post("topics", &json!({"chat": chat, "is_forum": true}))
        .unwrap();
    let topic = town
        .sim
        .post("topics", &json!({"chat": chat, "name": "Pannes"}))
        .unwrap();
    let thread = topic["message_thread_id"].clone();
    let bind =
        json!({"from": bruno.id, "chat": chat, "thread": thread, "text": "/groupe local migennes"});
    town.sim.send(&bind).unwrap();
    let noted = town.sees(MIGENNES, "C'est noté").await;
    assert_eq!(noted.raw["message_thread_id"], thread);
    town.fires("migennes-silo").await;
    let card = town.sees(MIGENNES, SILO).await;
    assert_eq!(card.raw["message_thread_id"], thread);

    // A plain member may not write in a closed topic.
    town.sim
        .post(
            "rights",
            &json!({"chat": chat, "user": BOT, "status": "member"}),
        )
        .unwrap();
    town.sim
        .post(
            "topics",
            &json!({"chat": chat, "thread": thread, "closed": true}),
        )
        .unwrap();
    town.fires("seignelay-ecole").await;
    let card = town
        .sees(MIGENNES, "Injoignable : École de Seignelay")
        .await;
    assert_eq!(
        card.raw["message_thread_id"],
        Value::Null,
        "in the general topic"
    );
    town.finish().await;
}
