//! What Telegram, and the way to it, do to others' bots.

use std::time::Instant;

use serde_json::{Value, json};

use super::town::Town;

const MIGENNES: &str = "Secteur Migennes";
const SILO: &str = "Injoignable : Silo de Migennes";

/// A failing of the next message to the group of Migennes.
struct Failing {
    report: &'static str,
    fault: &'static str,
    /// Words of the refusal, which belongs to the row.
    refusal: &'static str,
    /// Messages that may stand in the group in the end.
    most: usize,
}

const FAILINGS: &[Failing] = &[
    Failing {
        report: "T28 (429 ignored), T29 netdata PR #13119, T30 alertmanager #2205, T31 oncall PR #3744, B3, B4 teloxide #449, #515",
        fault: r#"{"kind": "too_many_requests", "retry_after": 1}"#,
        refusal: "Too Many Requests",
        most: 1,
    },
    Failing {
        report: "T35 uptime-kuma #6046: not reachable for a while",
        fault: r#"{"kind": "drop_before", "times": 3}"#,
        refusal: "Bad Gateway",
        most: 2,
    },
    Failing {
        report: "B51 php-telegram-bot/core #353: a web server's page",
        fault: r#"{"kind": "html_502"}"#,
        refusal: "502",
        most: 1,
    },
    Failing {
        report: "T01, T02: the formatting is refused",
        fault: r#"{"kind": "parse_error"}"#,
        refusal: "can't parse entities",
        most: 1,
    },
    Failing {
        report: "B24 telebot #762: the thread is not there",
        fault: r#"{"kind": "thread_not_found"}"#,
        refusal: "thread not found",
        most: 1,
    },
    Failing {
        report: "B12 telegram-bot-api #126: the answer was lost",
        fault: r#"{"kind": "drop_after"}"#,
        refusal: "Bad Gateway",
        most: 2,
    },
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_failing_delays_and_none_loses() {
    for row in FAILINGS {
        println!("{}", row.report);
        let mut town = Town::open().await;
        let mut fault: Value = serde_json::from_str(row.fault).unwrap();
        fault["method"] = json!("sendMessage");
        fault["chat"] = json!(town.chat(MIGENNES));
        if !row.refusal.is_empty() {
            town.allows(row.refusal);
        }
        town.fault(fault);
        let begun = Instant::now();
        town.fires("migennes-silo").await;
        town.fires("sens-tour").await;
        town.sees("Secteur Sens", "Injoignable : Tour de Sens")
            .await;
        assert!(begun.elapsed().as_millis() < 900, "another group waited");
        town.sees(MIGENNES, SILO).await;
        town.settles().await;
        let said = town.said(MIGENNES).len();
        assert!(
            (1..=row.most).contains(&said),
            "{}: {said} messages",
            row.report
        );
        town.finish().await;
    }
}

/// T28: the next call to the group comes when it was told to come, not before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pause_is_kept_to_the_moment() {
    let mut town = Town::open().await;
    town.allows("Too Many Requests");
    let chat = town.chat(MIGENNES);
    town.fault(json!({"kind": "too_many_requests", "retry_after": 2, "method": "sendMessage", "chat": chat}));
    town.fires("migennes-silo").await;
    // What changes meanwhile waits too, and joins the message. T32 ix-ai/alertmanager-notifier #8.
    town.fires("migennes-eglise").await;
    let card = town.sees(MIGENNES, SILO).await;
    card.has(&["Derrière : 1"]);
    town.settles().await;
    let times: Vec<u64> = town
        .calls("")
        .iter()
        .filter(|call| {
            call["params"]["chat_id"]
                .to_string()
                .contains(&chat.to_string())
        })
        .filter(|call| {
            ["sendMessage", "editMessageText"].contains(&call["method"].as_str().unwrap())
        })
        .map(|call| call["at_ms"].as_u64().unwrap())
        .collect();
    assert_eq!(times.len(), 2, "one refused, one sent");
    assert!((2_000..3_000).contains(&(times[1] - times[0])), "{times:?}");
    town.finish().await;
}

/// T32: what is over when Telegram takes messages again is not announced as down.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_stale_is_poured_out_later() {
    let mut town = Town::open().await;
    town.allows("Too Many Requests");
    let chat = town.chat(MIGENNES);
    town.fault(json!({"kind": "too_many_requests", "retry_after": 1, "method": "sendMessage", "chat": chat}));
    town.fires("migennes-silo").await;
    town.resolves("migennes-silo").await;
    town.settles().await;
    let said = town.said(MIGENNES);
    assert!(
        said.iter().all(|message| !message.text().contains("🔴")),
        "{said:#?}"
    );
    assert!(said.len() <= 1);
    town.finish().await;
}

/// B12 telegram-bot-api #126, P13: the answer was lost, and it is over before the repetition. The
/// message that may have arrived is not left as the last word.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_have_been_said_is_said_to_be_over() {
    let mut town = Town::open().await;
    town.allows("Bad Gateway");
    let chat = town.chat(MIGENNES);
    town.fault(json!({"kind": "drop_after", "method": "sendMessage", "chat": chat}));
    town.fires("migennes-silo").await;
    town.sees(MIGENNES, SILO).await;
    town.resolves("migennes-silo").await;
    town.sees(MIGENNES, "Rétabli : Silo de Migennes").await;
    town.settles().await;
    assert_eq!(town.said(MIGENNES).len(), 2);
    town.finish().await;
}

/// T34 UnifiClientCheck-Docker #14 (429 at the start), B29 joel #339, B30 telegraf #241 (409),
/// B31 telegraf #1563 (429 on polling): nothing ends the program or makes it deaf.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_start_and_the_poll_survive_refusals() {
    let mut town = Town::open().await;
    for words in ["Too Many Requests", "Conflict"] {
        town.allows(words);
    }
    town.settles().await;
    town.stop().await;
    town.fault(json!({"kind": "too_many_requests", "retry_after": 1, "method": "getMe"}));
    town.fault(json!({"kind": "too_many_requests", "retry_after": 1, "method": "getUpdates"}));
    town.fault(json!({"kind": "conflict", "method": "getUpdates"}));
    town.start().await;
    town.person("Ana").types("Ana", "/etat");
    town.sees("Ana", "Aucune panne").await;
    town.finish().await;
}

/// T64 aiogram PR #445 (the words of a 403 changed), T63 pyTelegramBotAPI #2204, B5 teloxide
/// #1122: the code decides; the group is told of elsewhere and its card waits.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_is_known_by_its_code() {
    let mut town = Town::open().await;
    town.allows("never heard before");
    town.looked_around().await;
    let chat = town.chat(MIGENNES);
    let text = "Forbidden: words never heard before";
    town.fault(
        json!({"kind": "error", "code": 403, "text": text, "method": "sendMessage", "chat": chat}),
    );
    town.fires("migennes-silo").await;
    town.sees(
        "Backbone",
        "Je ne peux plus écrire dans le groupe Secteur Migennes",
    )
    .await;
    town.settles().await;
    assert!(town.said(MIGENNES).is_empty());
    let back = json!({"chat": chat, "user": super::town::BOT, "status": "member"});
    town.sim.post("rights", &back).unwrap();
    town.sees(MIGENNES, SILO).await;
    town.finish().await;
}

/// T61 gatus #179, Zabbix-in-Telegram #32, B17, B18: moved without a word, learnt from the
/// refusal. B19 teleirc #52: told twice, moved once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_that_moved_without_a_word_is_followed() {
    let mut town = Town::open().await;
    town.allows("upgraded to a supergroup");
    let bruno = town.person("Bruno");
    let old = -4_098;
    let group = json!({"id": old, "type": "group", "title": "Sens ancien", "admins": [bruno.id]});
    town.sim.chat(&group).unwrap();
    bruno.types_in(old, "/groupe local sens");
    town.sees_in(old, "C'est noté").await;
    town.settles().await;
    town.fault(json!({"kind": "migrate", "chat": old, "method": "sendMessage"}));
    town.fires("sens-tour").await;
    town.settles().await;
    let world = town.sim.world();
    let chats = world["chats"].as_array().unwrap();
    let new = chats
        .iter()
        .find(|chat| chat["title"] == "Sens ancien")
        .unwrap();
    let new = new["id"].as_i64().unwrap();
    assert_ne!(new, old);
    let card = town.sees_in(new, "Injoignable : Tour de Sens").await;
    town.resolves("sens-tour").await;
    let over = town.sees_in(new, "Rétabli : Tour de Sens").await;
    assert_eq!(over.id(), card.id());
    assert_eq!(town.said_in(new).len(), 1, "sent once, then edited");
    town.finish().await;
}

/// B42 you_can_bot #170, B43 telegram-bot-ruby #173: "not modified" is success.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn not_modified_is_success() {
    let town = Town::open().await;
    let paula = town.person("Paula");
    town.fires("migennes-silo").await;
    let card = town.sees(MIGENNES, SILO).await;
    let text = "Bad Request: message is not modified: specified new message content and reply markup are exactly the same";
    town.fault(json!({"kind": "bad_request", "text": text, "method": "editMessageText"}));
    paula.taps(&card, "Je prends").await;
    town.settles().await;
    town.resolves("migennes-silo").await;
    let over = town.sees(MIGENNES, "Rétabli : Silo de Migennes").await;
    assert_eq!((over.id(), over.buttons().len()), (card.id(), 0));
    town.finish().await;
}

/// B32 remnawave/panel #227: told to wait for hours, others do not wait and health says so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pause_of_hours_is_seen_and_holds_up_nobody_else() {
    let mut town = Town::open().await;
    let chat = town.chat(MIGENNES);
    town.fault(json!({"kind": "too_many_requests", "retry_after": 12_966, "method": "sendMessage", "chat": chat}));
    town.fires("migennes-silo").await;
    town.fires("sens-tour").await;
    town.sees("Secteur Sens", "Injoignable : Tour de Sens")
        .await;
    let begun = Instant::now();
    while town.health().flood_until().is_none() {
        assert!(begun.elapsed().as_secs() < 10, "health does not say it");
        tokio::task::yield_now().await;
    }
    assert!(!town.health().faults(town.app().now(), 90).is_empty());
    town.stop().await;
}
