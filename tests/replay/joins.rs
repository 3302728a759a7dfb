//! Joins: what went wrong with other programs that keep the door of a group.

use chrono::TimeDelta;
use serde_json::json;

use super::town::Town;

const JOIGNY: &str = "Secteur Joigny";

/// B40: the applicant can be written to for five minutes. We write at once, and what comes later
/// and cannot be said harms nobody.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_after_the_five_minutes_harms_nobody() {
    let mut town = Town::open().await.with_everybody().await;
    town.allows("can't initiate conversation");
    let (jules, bruno) = (town.person("Jules"), town.person("Bruno"));
    let link = town.link(&jules, "Secteur Sens").await;
    let stranger = 700_001;
    let body = json!({"id": stranger, "first_name": "Zoé"});
    town.sim.user(&body).unwrap();
    town.asks(stranger, &link);
    town.sees_in(stranger, "j'ai bien reçu votre demande").await;
    town.settles().await;
    town.sim.post("clock", &json!({"advance_s": 360})).unwrap();
    town.pass(TimeDelta::minutes(6)).await;
    bruno.types("Bruno", "/demandes");
    let list = town.sees("Bruno", "1. Zoé → Secteur Sens").await;
    bruno.taps(&list, "Accepter 1").await;
    town.settles().await;
    assert!(town.is_in(stranger, "Secteur Sens"));
    town.finish().await;
}

/// B51: the bot greets every newcomer in the group. Five people are added by hand: whoever we can
/// write to is greeted in private, and the group reads one short word at most.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_joins_are_no_five_messages_in_the_group() {
    let mut town = Town::open().await.with_everybody().await;
    town.allows("can't initiate conversation");
    let bruno = town.person("Bruno");
    for number in 0..5 {
        let id = 700_010 + number;
        town.sim
            .user(&json!({"id": id, "first_name": format!("Nouveau {number}")}))
            .unwrap();
        let body = json!({"user": id, "chat": town.chat(JOIGNY), "from": bruno.id});
        town.sim.post("add", &body).unwrap();
    }
    town.settles().await;
    let said = town.said(JOIGNY);
    assert!(said.len() <= 1, "{said:#?}");
    assert!(!said.iter().any(|said| said.text().contains("Nouveau")));
    town.finish().await;
}

/// B41 and B60: whoever came in by a word gives none; and a name that turns the direction of
/// writing turns nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_make_no_chain_and_names_turn_nothing() {
    let town = Town::open().await.with_everybody().await;
    let (karim, claire) = (town.person("Karim"), town.person("Claire"));
    let link = town.link(&karim, JOIGNY).await;
    town.asks(karim.id, &link);
    let card = town.sees("Claire", "Karim demande").await;
    claire.taps(&card, "Je la connais").await;
    town.sees("Karim", "Bienvenue Karim").await;
    let stranger = 700_020;
    let body = json!({"id": stranger, "first_name": "\u{202E}nimdA"});
    town.sim.user(&body).unwrap();
    town.asks(stranger, &link);
    let card = town.sees("Claire", "nimdA demande à entrer").await;
    assert!(!card.text().contains('\u{202E}'));
    town.settles().await;
    let asked = town.said("Karim");
    assert!(
        !asked.iter().any(|said| said.text().contains("nimdA")),
        "Karim came in by a word today"
    );
    town.finish().await;
}

/// B60 element-web #6896, telegram-purple #141, tdesktop #24095, teleirc #328, tgbridge #108, B44:
/// names that hide, that turn what follows, that cover the lines above, or that are markup. What
/// is read is a name, or that there is none; never what would fake another.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_that_hide_or_fake_are_read_as_they_are() {
    let town = Town::open().await.with_everybody().await;
    let (jules, bruno) = (town.person("Jules"), town.person("Bruno"));
    let link = town.link(&jules, "Secteur Sens").await;
    let stacked = format!("Zo{}e", "\u{301}".repeat(40));
    let names = [
        "\u{202E}nimdA\u{2066}",
        "\u{200C}",
        "\u{3164}",
        stacked.as_str(),
        "<b>Bruno</b> <a href=\"http://mal\">ok</a>",
        "A\u{0}B",
    ];
    let long = "é".repeat(4_000);
    for (at, name) in (700_040..).zip(names.iter().copied().chain([long.as_str()])) {
        town.sim
            .user(&json!({"id": at, "first_name": name}))
            .unwrap();
        town.asks(at, &link);
    }
    town.settles().await;
    bruno.types("Bruno", "/demandes");
    let list = town.sees("Bruno", "nimdA → Secteur Sens").await;
    // Nothing to be seen: the number of the account.
    list.has(&["#700041 →", "#700042 →"]);
    let hidden = ['\u{202E}', '\u{2066}', '\u{200C}', '\u{3164}', '\u{0}'];
    for title in ["Bruno", "Jules", "Secteur Sens", "Claire"] {
        for said in town.said(title) {
            assert!(!said.text().contains(hidden), "{title}: {said:?}");
            let marks = said.text().matches('\u{301}').count();
            assert!(marks <= 8, "{title}: {marks} marks");
            assert!(said.text().chars().count() <= 4_096);
            assert!(!said.text().contains(&"é".repeat(100)), "{title}");
        }
    }
    town.finish().await;
}
