//! `getUpdates`.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::lab::{ANA, BOT, BRUNO, GROUP, Lab, SMALL};

async fn write(lab: &Lab, chat: i64, text: &str) {
    lab.sim("send", json!({ "from": ANA, "chat": chat, "text": text }))
        .await;
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array()
        .unwrap()
        .iter()
        .filter_map(|u| u["message"]["text"].as_str())
        .collect()
}

#[tokio::test]
async fn offsets_acknowledge() {
    let lab = Lab::start().await;
    for text in ["1", "2", "3", "4"] {
        write(&lab, ANA, text).await;
    }
    let all = lab.call("getUpdates", json!({})).await.ok();
    assert_eq!(texts(&all), ["1", "2", "3", "4"]);
    let first = all[0]["update_id"].as_i64().unwrap();
    let two = lab
        .call("getUpdates", json!({ "offset": first + 1, "limit": "2" }))
        .await
        .ok();
    assert_eq!(texts(&two), ["2", "3"]);
    let last = lab.call("getUpdates", json!({ "offset": -1 })).await.ok();
    assert_eq!(texts(&last), ["4"]);
    let still = lab.call("getUpdates", json!({ "limit": 100 })).await.ok();
    assert_eq!(texts(&still), ["4"]);
    let none = lab
        .call("getUpdates", json!({ "offset": first + 4 }))
        .await
        .ok();
    assert_eq!(none, json!([]));
}

#[tokio::test]
async fn long_polls_end_with_the_first_update() {
    let lab = Lab::start().await;
    let started = Instant::now();
    let poll = lab.call("getUpdates", json!({ "timeout": 20, "offset": 5 }));
    let later = async {
        tokio::time::sleep(Duration::from_millis(150)).await;
        write(&lab, ANA, "coucou").await;
    };
    let (reply, ()) = tokio::join!(poll, later);
    assert_eq!(texts(&reply.ok()), ["coucou"]);
    assert!(started.elapsed() < Duration::from_secs(15));
}

#[tokio::test]
async fn the_newer_poller_wins() {
    let lab = Lab::start().await;
    let old = lab.call("getUpdates", json!({ "timeout": 20 }));
    let newer = async {
        loop {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let poll = json!({ "timeout": 0, "offset": 7 });
            lab.call("getUpdates", poll).await.ok();
        }
    };
    let old = tokio::select! {
        old = old => old,
        never = newer => never,
    };
    let text = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
    assert_eq!(old.refused(), (409, text.into()));
}

#[tokio::test]
async fn hasty_polls_are_slowed_down() {
    let lab = Lab::start().await;
    let started = Instant::now();
    let mut polls = 0;
    while started.elapsed() < Duration::from_millis(400) {
        lab.call("getUpdates", json!({ "offset": 9 })).await.ok();
        polls += 1;
    }
    assert!(polls < 40, "{polls} polls in 0.4 s with a hold of 30 ms");
}

#[tokio::test]
async fn allowed_updates_are_remembered() {
    let lab = Lab::start().await;
    let join = async || {
        lab.sim("leave", json!({ "from": ANA, "chat": GROUP }))
            .await;
        lab.sim("join", json!({ "from": ANA, "chat": GROUP })).await;
    };
    let kinds = async || {
        let list = lab.updates().await;
        let kind = |u: &Value| u.as_object().unwrap().keys().nth(1).unwrap().clone();
        list.iter().map(kind).collect::<Vec<_>>()
    };
    join().await;
    assert_eq!(
        kinds().await,
        ["message", "message"],
        "chat_member comes only when asked for"
    );
    lab.call(
        "getUpdates",
        json!({ "allowed_updates": "[\"chat_member\"]" }),
    )
    .await
    .ok();
    join().await;
    assert_eq!(kinds().await, ["chat_member", "chat_member"]);
    join().await;
    assert_eq!(
        kinds().await,
        ["chat_member", "chat_member"],
        "remembered without being said again"
    );
    lab.call("getUpdates", json!({ "allowed_updates": [] }))
        .await
        .ok();
    join().await;
    assert_eq!(
        kinds().await,
        ["message", "message"],
        "an empty list is the default"
    );
    let info = lab.call("getWebhookInfo", json!({})).await.ok();
    assert!(info.get("allowed_updates").is_none());
}

#[tokio::test]
async fn updates_expire() {
    let lab = Lab::start().await;
    lab.sim("clock", json!({ "freeze": true })).await;
    let markup = json!({ "inline_keyboard": [[{ "text": "a", "callback_data": "b" }]] });
    let sent = lab
        .call(
            "sendMessage",
            json!({ "chat_id": GROUP, "text": "x", "reply_markup": markup }),
        )
        .await
        .ok();
    write(&lab, ANA, "long").await;
    let tap = json!({ "from": ANA, "chat": GROUP, "message_id": sent["message_id"], "button": "a", "timeout_ms": 1 });
    lab.sim("tap", tap).await;
    lab.sim("clock", json!({ "advance_s": 149 })).await;
    assert_eq!(
        lab.call("getUpdates", json!({}))
            .await
            .ok()
            .as_array()
            .unwrap()
            .len(),
        2
    );
    lab.sim("clock", json!({ "advance_s": 2 })).await;
    let left = lab.call("getUpdates", json!({ "offset": 1 })).await.ok();
    assert_eq!(texts(&left), ["long"]);
    lab.sim("clock", json!({ "advance_s": 86_400 })).await;
    assert_eq!(
        lab.call("getUpdates", json!({ "offset": 2 })).await.ok(),
        json!([])
    );
}

#[tokio::test]
async fn privacy_mode_hides_what_is_not_for_the_bot() {
    let lab = Lab::start().await;
    let other = "999:other";
    lab.sim("bots", json!({ "token": other, "username": "other_bot" }))
        .await;
    lab.sim("add", json!({ "chat": SMALL, "user": 999 })).await;
    let own = lab.say(SMALL, "question").await;
    lab.updates().await;
    let seen = async |text: &str, reply: Option<i64>| {
        lab.sim(
            "send",
            json!({ "from": ANA, "chat": SMALL, "text": text, "reply_to": reply }),
        )
        .await;
        !lab.updates().await.is_empty()
    };
    assert!(!seen("bonjour", None).await);
    assert!(
        !seen("@vigie_bot bonjour", None).await,
        "a mention alone is not enough"
    );
    assert!(seen("/etat@vigie_bot", None).await);
    assert!(seen("/etat@VIGIE_bot", None).await);
    assert!(!seen("/etat@other_bot", None).await);
    assert!(seen("/etat", None).await, "we wrote last");
    assert!(seen("oui", Some(own)).await);
    lab.call_as(
        other,
        "sendMessage",
        json!({ "chat_id": SMALL, "text": "moi" }),
    )
    .await
    .ok();
    assert!(!seen("/etat", None).await, "the other bot wrote last");
    lab.sim(
        "bots",
        json!({ "token": "123456:secret", "can_read_all_group_messages": true }),
    )
    .await;
    assert!(seen("bonjour", None).await);
    lab.sim(
        "bots",
        json!({ "token": "123456:secret", "can_read_all_group_messages": false }),
    )
    .await;
    lab.sim(
        "rights",
        json!({ "chat": SMALL, "user": BOT, "status": "administrator" }),
    )
    .await;
    lab.updates().await;
    assert!(
        seen("bonjour", None).await,
        "administrators read everything"
    );
    assert!(lab.call("getMe", json!({})).await.ok()["can_read_all_group_messages"] == false);
}

#[tokio::test]
async fn bots_do_not_hear_bots() {
    let lab = Lab::start().await;
    lab.sim(
        "bots",
        json!({ "token": "999:other", "username": "other_bot" }),
    )
    .await;
    lab.sim(
        "add",
        json!({ "chat": GROUP, "user": 999, "status": "administrator" }),
    )
    .await;
    lab.updates().await;
    lab.call_as(
        "999:other",
        "sendMessage",
        json!({ "chat_id": GROUP, "text": "moi" }),
    )
    .await
    .ok();
    lab.say(GROUP, "et moi").await;
    assert!(lab.updates().await.is_empty());
}

#[tokio::test]
async fn edits_and_posts_have_their_own_kinds() {
    let lab = Lab::start().await;
    let sent = lab
        .sim("send", json!({ "from": ANA, "chat": GROUP, "text": "a" }))
        .await;
    lab.sim(
        "send",
        json!({ "from": ANA, "chat": GROUP, "text": "b", "edit_of": sent["message_id"] }),
    )
    .await;
    lab.sim(
        "send",
        json!({ "from": BRUNO, "chat": crate::lab::CHANNEL, "text": "c" }),
    )
    .await;
    let updates = lab.updates().await;
    assert_eq!(updates[0]["message"]["text"], "a");
    assert_eq!(updates[1]["edited_message"]["text"], "b");
    assert!(updates[1]["edited_message"]["edit_date"].is_i64());
    assert_eq!(updates[2]["channel_post"]["text"], "c");
    assert!(updates[2]["channel_post"].get("from").is_none());
}
