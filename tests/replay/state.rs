//! What is down, told twice, late, in parts, or by several.

use serde_json::json;

use super::minutes;
use super::town::Town;

const MIGENNES: &str = "Secteur Migennes";
const SILO: &str = "Injoignable : Silo de Migennes";

/// T33 prometheus_bot #1, #13 (the same hook for ever), T39 alertmanager #4108, #3865 (two
/// Alertmanagers), T37 (again after a death): one message.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_alert_told_many_times_is_one_message() {
    let mut town = Town::open().await;
    for _ in 0..30 {
        town.fires("migennes-silo").await;
    }
    town.sees(MIGENNES, SILO).await;
    town.settles().await;
    town.crash().await;
    town.start().await;
    town.fires("migennes-silo").await;
    town.settles().await;
    assert_eq!(town.said(MIGENNES).len(), 1);
    town.finish().await;
}

/// T40 alertmanager #226, #2805, T71 oncall #3055, T75 zevilz/zabbix-alertscript-telegram #5,
/// T46 GoAlert: buttons on the message itself, its end in the same message, each alert by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_alert_of_a_group_ends_in_its_own_message() {
    let town = Town::open().await;
    let group = ["migennes-silo", "sens-tour"];
    town.alerts(
        group
            .iter()
            .map(|name| town.alert(name, "firing"))
            .collect(),
    )
    .await;
    let silo = town.sees(MIGENNES, SILO).await;
    let tour = town
        .sees("Secteur Sens", "Injoignable : Tour de Sens")
        .await;
    assert_eq!(silo.buttons().len(), 3);
    town.person("Paula").taps(&silo, "Silence 1 h").await;
    // One of the two ends: the group still fires.
    town.alerts(vec![
        town.alert("migennes-silo", "resolved"),
        town.alert("sens-tour", "firing"),
    ])
    .await;
    let over = town.sees(MIGENNES, "Rétabli : Silo de Migennes").await;
    assert_eq!(over.id(), silo.id());
    assert_eq!(
        town.said("Secteur Sens")[0].text(),
        tour.text(),
        "the other lasts"
    );
    town.resolves("sens-tour").await;
    assert_eq!(town.sees("Secteur Sens", "Rétabli").await.id(), tour.id());
    town.finish().await;
}

/// T42 alertmanager #1403: one and three down, three up, three down again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_clear_what_changed() {
    let town = Town::open().await;
    town.fires("seignelay-ecole").await;
    town.fires("migennes-gare").await;
    town.sees(MIGENNES, "Injoignable : Gare de Migennes").await;
    town.resolves("migennes-gare").await;
    town.sees(MIGENNES, "Rétabli : Gare de Migennes").await;
    town.pass(minutes(10)).await;
    town.fires("migennes-gare").await;
    town.settles().await;
    let said = town.said(MIGENNES);
    let newest = |name: &str| {
        said.iter()
            .rev()
            .find(|message| message.text().contains(name))
            .unwrap()
    };
    newest("Gare de Migennes").has(&["Injoignable : Gare de Migennes"]);
    newest("École de Seignelay").has(&["Injoignable : École de Seignelay"]);
    town.finish().await;
}

/// T45 librenms #16015: back within the delay.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_never_told_is_not_told_to_be_over() {
    let town = Town::open().await;
    town.person("Bruno")
        .types("Backbone", "/equipement sens-tour délai 5 min");
    town.sees("Backbone", "Premier message après 5 min").await;
    town.fires("sens-tour").await;
    town.pass(minutes(2)).await;
    town.resolves("sens-tour").await;
    town.pass(minutes(10)).await;
    town.settles().await;
    assert!(town.said("Secteur Sens").is_empty());
    town.finish().await;
}

/// T47 wachd #72, grafana #38419: `state: "ok"` ends. T48 grafana #26863: two sources, one name.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_and_names_of_other_sources() {
    let town = Town::open().await;
    let generic = |equipment: &str, state: &str| {
        json!({"id": "migennes-silo", "equipment": equipment, "state": state, "title": "x"})
            .to_string()
    };
    town.fires("migennes-silo").await;
    let (status, answer) = town
        .posts("generic", generic("sens-tour", "alerting"))
        .await;
    assert_eq!(status, 200, "{answer}");
    town.sees(MIGENNES, SILO).await;
    town.sees("Secteur Sens", "Injoignable : Tour de Sens")
        .await;
    town.posts("generic", generic("sens-tour", "ok")).await;
    town.sees("Secteur Sens", "Rétabli : Tour de Sens").await;
    town.settles().await;
    town.sees(MIGENNES, SILO).await;
    assert!(town.said("Backbone").is_empty(), "nothing new was opened");
    town.finish().await;
}

/// T53 uptime-kuma #1089, #4956, T54 OneUptime PR #3122: a parent with many children.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_parent_and_everything_behind_it_is_one_message() {
    let town = Town::open().await;
    let behind = [
        "migennes-eglise",
        "migennes-gare",
        "saint-florentin-silo",
        "saint-florentin-plaine",
    ];
    let all = std::iter::once("migennes-silo").chain(behind);
    town.alerts(all.clone().map(|name| town.alert(name, "firing")).collect())
        .await;
    let card = town.sees(MIGENNES, "Derrière : 4").await;
    card.has(&[SILO, "Plaine de Saint-Florentin"]);
    town.settles().await;
    assert_eq!(town.said(MIGENNES).len(), 1);
    town.alerts(all.map(|name| town.alert(name, "resolved")).collect())
        .await;
    town.settles().await;
    let said = town.said(MIGENNES);
    assert_eq!(said.len(), 1);
    assert!(!said[0].text().contains("🔴"), "{}", said[0].text());
    town.finish().await;
}

/// T70 alertmanager-bot #198, #163, #10, #85: a member asks in the group and is answered there.
/// B22 telegram-bot-api #447: a reply in a group carries a thread number that is no topic.
/// B15 cadis #3023: a restart repeats no command. B50: a command typed from an old menu.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_are_answered_where_they_are_written_and_once() {
    let mut town = Town::open().await;
    let ana = town.person("Ana");
    town.fires("migennes-silo").await;
    let card = town.sees(MIGENNES, SILO).await;
    let chat = town.chat(MIGENNES);
    let reply = json!({"from": ana.id, "chat": chat, "text": "/etat", "reply_to": card.id()});
    town.sim.send(&reply).unwrap();
    town.sees(MIGENNES, "1 panne en cours, secteur Migennes")
        .await;
    for call in town.calls("sendMessage") {
        assert!(call["params"]["message_thread_id"].is_null(), "{call}");
    }
    ana.types(MIGENNES, "/groupe technique");
    town.sees(MIGENNES, "réservé aux administrateurs").await;
    town.stop().await;
    town.start().await;
    town.settles().await;
    assert!(town.said("Ana").is_empty());
    let answers = town.said(MIGENNES);
    assert_eq!(answers.len(), 3, "{answers:#?}");
    town.finish().await;
}

/// B54 teloxide #1192: the menu is set per language and place.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_menu_has_its_languages_and_places() {
    let town = Town::open().await;
    town.settles().await;
    let calls = loop {
        let calls = town.calls("setMyCommands");
        if calls.len() > 1 {
            break calls;
        }
        tokio::task::yield_now().await;
    };
    assert!(calls.iter().all(|call| call["status"] == 200), "{calls:#?}");
    town.finish().await;
}
