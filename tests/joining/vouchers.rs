//! Whose word counts: asked are those who can be reached, and what they said counts as they stand
//! when it decides.

use chrono::TimeDelta;
use serde_json::json;

use super::JOIGNY;
use super::town::Town;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_asked_who_cannot_be_reached() {
    let mut town = Town::open().await.with_everybody().await;
    town.allows("blocked");
    let (denis, claire) = (town.person("Denis"), town.person("Claire"));
    claire.types("Claire", "/aide");
    town.sees("Claire", "Bonjour Claire").await;
    let body = json!({"from": claire.id});
    town.sim.post("block", &body).unwrap();
    town.settles().await;
    let link = town.link(&denis, JOIGNY).await;
    let before = town.calls("sendMessage").len();
    town.asks(denis.id, &link);
    town.sees("Jules", "Denis demande à entrer").await;
    town.settles().await;
    let sent = town.calls("sendMessage");
    let tried = sent[before..]
        .iter()
        .filter(|call| call["params"]["chat_id"] == claire.id);
    assert_eq!(tried.count(), 0, "she blocked us");
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_word_does_not_outlive_the_right_to_give_it() {
    let mut town = Town::open().await.with_everybody().await;
    // Who administers a group on the messenger is taken out of it by people.
    town.allows("is an administrator of the chat");
    let ana = town.person("Ana");
    let link = town.link(&ana, "Backbone").await;
    town.asks(ana.id, &link);
    town.sees("Ana", "il en faut 2").await;
    town.settles().await;
    let names = [
        "Bruno", "Claire", "Élise", "Farid", "Gaëlle", "Inès", "Jules", "Paula",
    ];
    let asked: Vec<&str> = names
        .into_iter()
        .filter(|name| {
            let said = town.said(name);
            said.iter().any(|said| said.text().contains("Ana demande"))
        })
        .collect();
    let first = town.person(asked[0]);
    let card = town.sees(&first.name, "Ana demande").await;
    first.taps(&card, "Je la connais").await;
    println!("{} is no member any more, as the file tells.", first.name);
    let people = include_str!("../../data/demo/people.toml");
    let number = first.id - 900;
    let from = people
        .find(&format!("[[person]]\nmember = \"{number}\""))
        .unwrap();
    let to = people[from + 1..]
        .find("[[person]]")
        .map_or(people.len(), |at| from + 1 + at);
    town.imports(&[(&people[from..to], "")]).await;
    town.settles().await;
    let second = town.person(asked[1]);
    let card = town.sees(&second.name, "Ana demande").await;
    second.taps(&card, "Je la connais").await;
    town.settles().await;
    assert!(!town.is_in(ana.id, "Backbone"), "one word counts, not two");
    let third = town.person(asked[2]);
    let card = town.sees(&third.name, "Ana demande").await;
    third.taps(&card, "Je la connais").await;
    town.sees("Ana", "vous pouvez entrer dans le groupe Backbone")
        .await;
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_their_data_erased_asks_for_nothing_any_more() {
    let town = Town::open().await.with_everybody().await;
    let (denis, bruno) = (town.person("Denis"), town.person("Bruno"));
    let link = town.link(&denis, JOIGNY).await;
    town.asks(denis.id, &link);
    town.sees("Denis", "j'ai bien reçu").await;
    denis.types("Denis", "/mes_donnees effacer");
    let sure = town.sees("Denis", "Effacer ce que je garde").await;
    denis.taps(&sure, "Oui, effacer").await;
    town.sees("Denis", "C'est effacé").await;
    bruno.types("Bruno", "/demandes");
    town.sees("Bruno", "Rien n'attend de décision").await;
    town.settles().await;
    assert_eq!(town.calls("declineChatJoinRequest").len(), 1);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_asked_are_reminded_then_those_who_decide_then_silence_ends_it() {
    let town = Town::open().await.with_everybody().await;
    let denis = town.person("Denis");
    let link = town.link(&denis, JOIGNY).await;
    town.asks(denis.id, &link);
    let first = town.sees("Backbone", "1 demande d'entrée attend").await;
    let card = town.sees("Claire", "Denis demande à entrer").await;
    let cards = |name: &str| {
        let said = town.said(name);
        let cards = said
            .iter()
            .filter(|said| said.text().contains("Denis demande"));
        cards.count()
    };
    assert_eq!(cards("Claire"), 1);
    town.pass(TimeDelta::hours(24) + TimeDelta::seconds(1))
        .await;
    town.settles().await;
    let again = town.sees("Claire", "Denis demande à entrer").await;
    assert!(again.id() > card.id(), "reminded after a day");
    town.pass(TimeDelta::hours(47)).await;
    town.settles().await;
    let lines = |town: &Town| {
        let said = town.said("Backbone");
        let lines = said
            .iter()
            .filter(|said| said.text().contains("1 demande d'entrée"));
        lines.map(super::town::Message::id).collect::<Vec<_>>()
    };
    assert_eq!(lines(&town), [first.id()], "nobody is pressed before");
    town.pass(TimeDelta::hours(1) + TimeDelta::seconds(20))
        .await;
    town.settles().await;
    town.pass(TimeDelta::seconds(20)).await;
    town.settles().await;
    assert_eq!(lines(&town).len(), 2, "told anew after three days");
    assert_eq!(cards("Claire"), 2, "reminded once");
    town.pass(TimeDelta::days(4)).await;
    town.sees("Denis", "Ce n'est pas un refus").await;
    town.settles().await;
    assert!(!town.is_in(denis.id, JOIGNY));
    town.finish().await;
}
