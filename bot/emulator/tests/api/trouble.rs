//! Faults, pace, clock.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::lab::{ANA, GROUP, Lab, SMALL, TOKEN};

#[tokio::test]
async fn faults_strike_as_often_as_asked() {
    let lab = Lab::start().await;
    let send = json!({ "chat_id": GROUP, "text": "x" });
    for (fault, code, text) in [
        (
            json!({ "kind": "too_many_requests", "retry_after": 26 }),
            429,
            "Too Many Requests: retry after 26",
        ),
        (
            json!({ "kind": "server_error" }),
            500,
            "Internal Server Error",
        ),
        (
            json!({ "kind": "forbidden_blocked" }),
            403,
            "Forbidden: bot was blocked by the user",
        ),
        (
            json!({ "kind": "forbidden_kicked" }),
            403,
            "Forbidden: bot was kicked from the supergroup chat",
        ),
        (
            json!({ "kind": "chat_not_found" }),
            400,
            "Bad Request: chat not found",
        ),
        (
            json!({ "kind": "not_enough_rights" }),
            400,
            "Bad Request: not enough rights to send text messages to the chat",
        ),
        (
            json!({ "kind": "thread_not_found" }),
            400,
            "Bad Request: message thread not found",
        ),
        (
            json!({ "kind": "parse_error" }),
            400,
            "Bad Request: can't parse entities: Unexpected end tag at byte offset 0",
        ),
        (
            json!({ "kind": "bad_request", "text": "PEER_ID_INVALID" }),
            400,
            "Bad Request: PEER_ID_INVALID",
        ),
    ] {
        let mut fault = fault;
        fault["method"] = json!("sendMessage");
        fault["chat"] = json!(GROUP);
        fault["times"] = json!(2);
        lab.sim("faults", fault).await;
        lab.say(SMALL, "an other chat is spared").await;
        for _ in 0..2 {
            let reply = lab.call("sendMessage", send.clone()).await;
            assert_eq!(reply.refused(), (code, text.into()));
        }
        lab.call("sendMessage", send.clone()).await.ok();
    }
    lab.sim("faults", json!({ "kind": "429", "retry_after": 3 }))
        .await;
    let reply = lab.call("getMe", json!({})).await;
    assert_eq!(reply.body["parameters"], json!({ "retry_after": 3 }));
    assert_eq!(lab.get("/sim/faults").await["faults"], json!([]));
    let deleted = "Forbidden: the group chat was deleted";
    lab.sim(
        "faults",
        json!({ "kind": "error", "code": 403, "text": deleted }),
    )
    .await;
    assert_eq!(
        lab.call("getMe", json!({})).await.refused(),
        (403, deleted.into())
    );
    lab.sim("faults", json!({ "kind": "conflict", "times": 50 }))
        .await;
    lab.http
        .delete(lab.url("/sim/faults"))
        .send()
        .await
        .unwrap();
    lab.call("getMe", json!({})).await.ok();
}

#[tokio::test]
async fn broken_connections_and_pages() {
    let lab = Lab::start().await;
    let url = lab.url(&format!("/bot{TOKEN}/sendMessage"));
    let post = async |text: &str| {
        lab.http
            .post(&url)
            .json(&json!({ "chat_id": GROUP, "text": text }))
            .send()
            .await
    };
    lab.sim(
        "faults",
        json!({ "kind": "drop_after", "method": "sendmessage" }),
    )
    .await;
    assert!(post("perdu mais fait").await.is_err());
    assert_eq!(lab.messages(GROUP).await.len(), 1);
    lab.sim("faults", json!({ "kind": "drop_before" })).await;
    assert!(post("perdu").await.is_err());
    assert_eq!(lab.messages(GROUP).await.len(), 1);
    lab.sim("faults", json!({ "kind": "html_502" })).await;
    let page = post("page").await.unwrap();
    assert_eq!(page.status(), 502);
    assert!(page.text().await.unwrap().starts_with("<html>"));
    lab.sim("faults", json!({ "kind": "slow", "ms": 150 }))
        .await;
    let started = Instant::now();
    assert_eq!(post("lent").await.unwrap().status(), 200);
    assert!(started.elapsed() >= Duration::from_millis(150));
    let calls = lab.get("/sim/calls?method=sendMessage").await;
    let faults: Vec<&Value> = calls["calls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| &c["fault"])
        .collect();
    assert_eq!(faults, ["drop_after", "drop_before", "html_502", "slow"]);
}

#[tokio::test]
async fn a_migration_on_demand() {
    let lab = Lab::start().await;
    lab.sim("faults", json!({ "kind": "migrate", "chat": SMALL }))
        .await;
    let reply = lab
        .call("sendMessage", json!({ "chat_id": SMALL, "text": "x" }))
        .await;
    assert_eq!(reply.status, 400);
    let new = reply.body["parameters"]["migrate_to_chat_id"]
        .as_i64()
        .unwrap();
    lab.say(new, "x").await;
}

#[tokio::test]
async fn the_pace_is_like_telegrams_when_asked_for() {
    let lab = Lab::start().await;
    let send = async |chat: i64| {
        lab.call("sendMessage", json!({ "chat_id": chat, "text": "x" }))
            .await
    };
    for _ in 0..40 {
        send(GROUP).await.ok();
    }
    lab.sim("clock", json!({ "freeze": true })).await;
    lab.sim("pace", json!({ "on": true })).await;
    let mut sent = 0;
    let refused = loop {
        let reply = send(GROUP).await;
        if reply.status != 200 {
            break reply;
        }
        sent += 1;
        assert!(sent < 100);
    };
    assert_eq!(sent, 5, "a burst in one chat");
    let wait = refused.body["parameters"]["retry_after"].as_i64().unwrap();
    assert_eq!(
        refused.refused(),
        (429, format!("Too Many Requests: retry after {wait}"))
    );
    send(ANA).await.ok();
    // One a second for a minute: the limit of groups comes first.
    let mut total = sent;
    for _ in 0..55 {
        lab.sim("clock", json!({ "advance_s": 1 })).await;
        total += i64::from(send(GROUP).await.status == 200);
    }
    assert!((19..=20).contains(&total), "{total} messages in a minute");
    lab.sim("clock", json!({ "advance_s": 61 })).await;
    send(GROUP).await.ok();
    lab.sim("pace", json!({ "on": false })).await;
}

#[tokio::test]
async fn the_clock_moves_stops_and_goes_on() {
    let lab = Lab::start().await;
    let real = lab.get("/sim/clock").await["now"].as_i64().unwrap();
    let ahead = lab.sim("clock", json!({ "advance_s": 3600 })).await["now"]
        .as_i64()
        .unwrap();
    assert!((3600..3610).contains(&(ahead - real)));
    lab.sim("clock", json!({ "now": 1_800_000_000, "freeze": true }))
        .await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    let sent = lab
        .call("sendMessage", json!({ "chat_id": GROUP, "text": "x" }))
        .await
        .ok();
    assert_eq!(sent["date"], 1_800_000_000);
    let clock = lab.get("/sim/clock").await;
    assert_eq!(
        (&clock["now_ms"], &clock["frozen"]),
        (&json!(1_800_000_000_000_i64), &json!(true))
    );
    let on = lab
        .sim("clock", json!({ "freeze": false, "offset_s": 0 }))
        .await["now"]
        .as_i64()
        .unwrap();
    assert!((0..10).contains(&(on - real)));
}
