//! An account is linked from the signed-in page of the information system, and by nobody else.

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

use chrono::TimeDelta;
use reqwest::StatusCode;
use serde_json::{Value, json};
use town::{Asked, Message, Person, Town};

const NUMBER: &str = "écrivez ce nombre sur la page";
const IS_IT_YOU: &str = "Voici la fiche que j'ai trouvée";
const OVER: &str = "Ce lien ne vaut plus";

/// The two digits that the chat says.
fn digits(told: &Message) -> String {
    let text = told.text();
    let after = text.split("sur la page : ").nth(1).unwrap();
    after.chars().take_while(char::is_ascii_digit).collect()
}

fn wrong(number: &str) -> &'static str {
    if number == "11" { "12" } else { "11" }
}

/// Somebody opens the link of the page and is told a number.
async fn opens(town: &Town, person: &Person, code: &str) -> (Message, String) {
    person.types(&person.name, &format!("/start L_{code}"));
    town.settles().await;
    let told = town.sees(&person.name, NUMBER).await;
    let number = digits(&told);
    (told, number)
}

async fn never_asked(town: &Town, person: &Person) {
    town.settles().await;
    let said = town.said(&person.name);
    assert!(
        said.iter().all(|one| !one.text().contains(IS_IT_YOU)),
        "{}",
        person.name
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn page_and_chat_see_each_other_before_they_say_yes() {
    let town = Town::open().await;
    let denis = town.person("Denis");
    let (status, begun) = town.site("", json!({"member": "104"})).await;
    assert_eq!(status, StatusCode::CREATED);
    let code = begun["code"].as_str().unwrap();
    assert_eq!(code.len(), 22);
    let link = begun["link"].as_str().unwrap();
    assert_eq!(link, format!("https://t.me/vigie_demo_bot?start=L_{code}"));
    assert!(begun["qr_svg"].as_str().unwrap().starts_with("<svg"));
    assert_eq!(town.site_state(code).await["state"], "waiting");
    let (told, number) = opens(&town, &denis, code).await;
    told.has(&["Denis L., Sens"]);
    let state = town.site_state(code).await;
    assert_eq!(state["state"], "opened");
    assert_eq!(state["account"], json!({"name": "Denis"}));
    // A slip, then the number.
    let (status, slip) = town
        .site("/number", json!({"code": code, "number": wrong(&number)}))
        .await;
    assert_eq!((status, &slip["left"]), (StatusCode::CONFLICT, &json!(2)));
    let (_, right) = town
        .site("/number", json!({"code": code, "number": number}))
        .await;
    assert_eq!(right["state"], "asked");
    let card = town.sees("Denis", IS_IT_YOU).await;
    denis.taps(&card, "C'est moi").await;
    town.sees("Denis", "est rattaché à").await;
    town.settles().await;
    let state = town.site_state(code).await;
    assert_eq!(state["state"], "linked");
    assert_eq!(state["account"], json!({"name": "Denis", "id": 1004}));
    denis.types("Denis", "/moi");
    town.sees("Denis", "par l'espace membre").await;
    // It worked once.
    denis.types("Denis", &format!("/start L_{code}"));
    town.sees("Denis", OVER).await;
    town.letter("denis@example.org", 1).await;
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_typed_by_hand_and_english() {
    let town = Town::open().await;
    let denis = town.person("Denis");
    denis.types("Denis", "/moi");
    let me = town.sees("Denis", "Je ne vous connais pas").await;
    denis.taps(&me, "English").await;
    let code = town.site_code("104").await;
    denis.types("Denis", "/link");
    town.sees("Denis", "write your member number").await;
    denis.types("Denis", &format!(" L_{code}"));
    let told = town.sees("Denis", "write this number on the page").await;
    let answer = denis.taps(&told, "That is not me").await;
    assert!(!answer.alert, "{answer:?}");
    town.sees("Denis", "nothing was linked").await;
    assert_eq!(town.site_state(&code).await["state"], "refused");
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_that_others_open_gives_nobody_anything() {
    let town = Town::open().await;
    let (denis, thief) = (town.person("Denis"), town.person("Gaëlle"));
    // Stolen from the page: the page shows the thief, and its person says no.
    let code = town.site_code("104").await;
    opens(&town, &thief, &code).await;
    denis.types("Denis", &format!("/start L_{code}"));
    town.sees("Denis", OVER).await;
    assert_eq!(town.site_state(&code).await["account"]["name"], "Gaëlle");
    town.site("/refuse", json!({"code": code})).await;
    town.sees("Gaëlle", "n'a pas confirmé").await;
    assert_eq!(town.site_state(&code).await["state"], "refused");
    // Sent to a victim: the number is in the victim's chat alone, and cannot be guessed.
    let code = town.site_code("107").await;
    let (_, number) = opens(&town, &denis, &code).await;
    for left in [2, 1] {
        let (_, told) = town
            .site("/number", json!({"code": code, "number": wrong(&number)}))
            .await;
        assert_eq!(told["left"], left, "{told}");
    }
    let (_, told) = town
        .site("/number", json!({"code": code, "number": wrong(&number)}))
        .await;
    assert_eq!(told["state"], "refused");
    town.sees("Denis", "n'a pas confirmé").await;
    let (_, told) = town
        .site("/number", json!({"code": code, "number": number}))
        .await;
    assert_eq!(told["state"], "refused");
    never_asked(&town, &denis).await;
    never_asked(&town, &thief).await;
    // The number of one link opens no other one.
    let (one, two) = (town.site_code("104").await, town.site_code("104").await);
    let (_, number) = opens(&town, &denis, &one).await;
    let (_, told) = town
        .site("/number", json!({"code": two, "number": number}))
        .await;
    assert_eq!(told["state"], "waiting");
    never_asked(&town, &denis).await;
    // The page takes its yes back before the chat has said its own.
    town.site("/number", json!({"code": one, "number": number}))
        .await;
    let card = town.sees("Denis", IS_IT_YOU).await;
    town.site("/refuse", json!({"code": one})).await;
    let answer = denis.taps(&card, "C'est moi").await;
    assert!(answer.alert, "{answer:?}");
    denis.types("Denis", "/moi");
    town.sees("Denis", "Je ne vous connais pas encore").await;
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_late_or_no_longer_true_refuses() {
    let town = Town::open().await;
    let denis = town.person("Denis");
    let late = town.site_code("104").await;
    let (_, number) = opens(&town, &denis, &late).await;
    let unopened = town.site_code("104").await;
    town.pass(TimeDelta::minutes(16)).await;
    let (_, told) = town
        .site("/number", json!({"code": late, "number": number}))
        .await;
    assert_eq!(told["state"], "over");
    denis.types("Denis", &format!("/start L_{unopened}"));
    town.sees("Denis", OVER).await;
    // In a group it holds no more.
    let lost = town.site_code("104").await;
    denis.types("Secteur Sens", &format!("L_{lost}"));
    town.sees("Denis", "dans un groupe").await;
    assert_eq!(town.site_state(&lost).await["state"], "refused");
    // Suspended between the two sides.
    let code = town.site_code("104").await;
    let (_, number) = opens(&town, &denis, &code).await;
    town.site("/number", json!({"code": code, "number": number}))
        .await;
    let card = town.sees("Denis", IS_IT_YOU).await;
    let bruno = town.person("Bruno");
    bruno.types("Bruno", "/membre 104");
    let sheet = town.sees("Bruno", "Denis Lefèvre").await;
    bruno.taps(&sheet, "Suspendre").await;
    town.sees("Bruno", "Suspendu depuis").await;
    let answer = denis.taps(&card, "C'est moi").await;
    assert!(
        answer.alert && answer.text.contains("a changé"),
        "{answer:?}"
    );
    for member in ["104", "999999", "a\u{202E}b\u{0}"] {
        let (status, told) = town.site("", json!({"member": member})).await;
        assert_eq!(
            (status, &told["error"]),
            (StatusCode::NOT_FOUND, &json!("no such member"))
        );
    }
    // What was needed for it is not kept.
    town.pass(TimeDelta::days(2)).await;
    town.app().sweep().await.unwrap();
    for prefix in ["ls/", "lq/"] {
        let prefix = vigie_store::Key::of(prefix).end();
        assert!(
            vigie::app::tx::scan(town.app(), &prefix)
                .await
                .unwrap()
                .is_empty()
        );
    }
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_information_system_is_heard_and_once() {
    let town = Town::open().await;
    let begin = json!({"member": "104"});
    let refused = async |asked: &Asked, why: &str| {
        let (status, told) = town.site_sends(asked).await;
        assert_eq!(
            (status, &told["error"]),
            (StatusCode::UNAUTHORIZED, &json!(why))
        );
    };
    let asked = town.asked("", &begin);
    let altered = [
        Asked {
            body: begin.to_string().replace("104", "103"),
            ..asked.clone()
        },
        Asked {
            nonce: "another-name-of-22-let".to_owned(),
            ..asked.clone()
        },
        Asked {
            time: asked.time + 1,
            ..asked.clone()
        },
        Asked {
            path: "/si/links/state".to_owned(),
            ..asked.clone()
        },
        Asked {
            signature: String::new(),
            ..asked.clone()
        },
    ];
    for altered in altered {
        refused(&altered, "signature").await;
    }
    let (status, _) = town.site_sends(&asked).await;
    assert_eq!(status, StatusCode::CREATED);
    let (status, told) = town.site_sends(&asked).await;
    assert_eq!(
        (status, &told["error"]),
        (StatusCode::CONFLICT, &json!("replayed"))
    );
    // Also after everything that was in memory is gone.
    let mut town = town;
    town.crash().await;
    town.start().await;
    let (status, _) = town.site_sends(&asked).await;
    assert_eq!(status, StatusCode::CONFLICT);
    town.pass(TimeDelta::minutes(6)).await;
    let (status, told) = town.site_sends(&asked).await;
    assert_eq!(
        (status, &told["error"]),
        (StatusCode::UNAUTHORIZED, &json!("clock"))
    );
    for body in [
        json!({"member": 104}),
        json!({"member": "104", "more": 1}),
        Value::Null,
    ] {
        let (status, _) = town.site("", body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let (status, _) = town
        .site("/state", json!({"code": "x".repeat(5_000)}))
        .await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    let (status, _) = town.site("/state", json!({"code": "never"})).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let mut many = StatusCode::CREATED;
    for _ in 0..12 {
        many = town.site("", json!({"member": "105"})).await.0;
    }
    assert_eq!(many, StatusCode::TOO_MANY_REQUESTS);
    town.finish().await;
}
