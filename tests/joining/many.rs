//! Many at once, and what breaks off in between.

use chrono::TimeDelta;
use serde_json::json;

use super::JOIGNY;
use super::town::{BOT, Town};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_hundred_requests_make_one_line_and_delay_no_alert() {
    let town = Town::open().await.with_everybody().await;
    let (denis, bruno) = (town.person("Denis"), town.person("Bruno"));
    let link = town.link(&denis, JOIGNY).await;
    for number in 0..300 {
        let id = 500_000 + number;
        let body = json!({"id": id, "first_name": format!("Robot {number}")});
        town.sim.user(&body).unwrap();
        town.asks(id, &link);
    }
    town.fires("joigny-geographique").await;
    town.sees(JOIGNY, "Injoignable").await;
    town.settles().await;
    town.pass(TimeDelta::seconds(20)).await;
    let door = town
        .sees("Backbone", "300 demandes d'entrée attendent")
        .await;
    door.has(&["Secteur Joigny : 300, dont 281 arrivées en vague"]);
    let lines = town.said("Backbone");
    let lines = lines.iter().filter(|said| said.text().contains("entrée"));
    assert_eq!(lines.count(), 1, "one line");
    for name in ["Claire", "Jules", "Bruno"] {
        let said = town.said(name);
        let cards = said
            .iter()
            .filter(|said| said.text().contains("demande à entrer"));
        assert!(cards.count() <= 5, "{name} is not flooded");
    }
    // A member who is known gets in meanwhile.
    let claire = town.person("Claire");
    town.leaves(&claire, JOIGNY);
    town.asks(claire.id, &link);
    town.settles().await;
    assert!(town.is_in(claire.id, JOIGNY));
    bruno.types("Bruno", "/demandes");
    let mut list = town.sees("Bruno", "300 décisions attendent").await;
    while !list
        .buttons()
        .iter()
        .any(|label| label == "Refuser la vague…")
    {
        bruno.taps(&list, "Suivant ›").await;
        town.settles().await;
        list = town.sees("Bruno", "300 décisions attendent").await;
    }
    bruno.taps(&list, "Refuser la vague…").await;
    let sure = town.sees("Bruno", "Refuser 281 demandes").await;
    bruno.taps(&sure, "Refuser les 281").await;
    town.settles().await;
    town.pass(TimeDelta::seconds(20)).await;
    town.sees("Backbone", "19 demandes d'entrée attendent")
        .await;
    assert_eq!(town.calls("declineChatJoinRequest").len(), 281);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_is_carried_out_once_whatever_breaks_off() {
    let mut town = Town::open().await.with_everybody().await;
    let (denis, claire) = (town.person("Denis"), town.person("Claire"));
    let link = town.link(&denis, JOIGNY).await;
    town.asks(denis.id, &link);
    let card = town.sees("Claire", "Denis demande").await;
    town.fault(json!({"method": "approveChatJoinRequest", "kind": "drop_after", "times": 1}));
    claire.taps(&card, "Je la connais").await;
    town.crash().await;
    town.start().await;
    town.sees("Denis", "Bienvenue Denis").await;
    town.pass(TimeDelta::seconds(5)).await;
    town.settles().await;
    assert!(town.is_in(denis.id, JOIGNY));
    town.allows("USER_ALREADY_PARTICIPANT");
    town.allows("HIDE_REQUESTER_MISSING");
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_right_people_wait_and_it_is_told_once() {
    let mut town = Town::open().await.with_everybody().await;
    let (ana, bruno) = (town.person("Ana"), town.person("Bruno"));
    town.leaves(&ana, "Membres");
    let link = town.link(&ana, "Membres").await;
    town.allows("not enough rights");
    let fault = json!({"method": "approveChatJoinRequest", "kind": "error", "code": 400,
        "times": 100, "text": "Bad Request: not enough rights to manage chat invite link"});
    town.fault(fault);
    town.asks(ana.id, &link);
    town.sees("Backbone", "Je n'ai pas le droit de faire entrer")
        .await;
    town.settles().await;
    assert!(!town.is_in(ana.id, "Membres"));
    // Alerts still go there: only this right is missing.
    town.mend().await;
    let rights = json!({"user": BOT, "chat": town.chat("Membres"), "from": bruno.id,
        "status": "administrator", "rights": {"can_pin_messages": true}});
    town.sim.post("rights", &rights).unwrap();
    town.sees("Ana", "vous pouvez entrer").await;
    town.settles().await;
    assert!(town.is_in(ana.id, "Membres"));
    let told = town.said("Backbone");
    let told = told
        .iter()
        .filter(|said| said.text().contains("pas le droit"));
    assert_eq!(told.count(), 1);
    town.finish().await;
}
