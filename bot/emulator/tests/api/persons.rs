//! The persons' side: buttons, events, the library.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::lab::{ANA, BOT, BRUNO, GROUP, Lab, SMALL, ZOE};

async fn card(lab: &Lab) -> i64 {
    let markup = json!({ "inline_keyboard": [
        [{ "text": "Je prends", "callback_data": "k1" }, { "text": "Site", "url": "https://exemple.fr" }],
    ] });
    let params = json!({ "chat_id": GROUP, "text": "panne", "reply_markup": markup });
    lab.call("sendMessage", params).await.ok()["message_id"]
        .as_i64()
        .unwrap()
}

/// Waits for the next press and gives its query.
async fn next_query(lab: &Lab) -> Value {
    Lab::until("a press", async || {
        let list = lab.updates().await;
        list.iter().find_map(|u| u.get("callback_query").cloned())
    })
    .await
}

#[tokio::test]
async fn taps_are_answered() {
    let lab = Lab::start().await;
    let id = card(&lab).await;
    for (button, params, wanted) in [
        (
            json!({ "button": "Je prends" }),
            json!({ "text": "Pris" }),
            json!({ "answer": "Pris", "alert": false, "answered": true }),
        ),
        (
            json!({ "button": "k1" }),
            json!({ "text": "Attention", "show_alert": "true" }),
            json!({ "answer": "Attention", "alert": true, "answered": true }),
        ),
        (
            json!({ "callback_data": "k1" }),
            json!({}),
            json!({ "answer": null, "alert": false, "answered": true }),
        ),
    ] {
        let mut tap = json!({ "from": ANA, "chat": GROUP, "message_id": id });
        tap.as_object_mut()
            .unwrap()
            .extend(button.as_object().unwrap().clone());
        let bot = async {
            let query = next_query(&lab).await;
            assert_eq!(query["from"]["id"], ANA);
            assert_eq!(query["data"], "k1");
            assert!(query["chat_instance"].is_string());
            assert_eq!(query["message"]["message_id"], id);
            let mut answer = params.clone();
            answer["callback_query_id"] = query["id"].clone();
            lab.call("answerCallbackQuery", answer.clone()).await.ok();
            lab.call("answerCallbackQuery", answer).await.refused()
        };
        let (answer, twice) = tokio::join!(lab.sim("tap", tap), bot);
        assert_eq!(answer, wanted);
        let text =
            "Bad Request: query is too old and response timeout expired or query ID is invalid";
        assert_eq!(twice, (400, text.into()), "one answer per press");
    }
}

#[tokio::test]
async fn taps_that_cannot_be() {
    let lab = Lab::start().await;
    let id = card(&lab).await;
    let tap = |from: i64, id: i64, button: &str| json!({ "from": from, "chat": GROUP, "message_id": id, "button": button, "timeout_ms": 20 });
    for (body, status) in [
        (tap(ANA, id, "Autre"), 404),
        (tap(ANA, 999, "Je prends"), 404),
        (tap(ZOE, id, "Je prends"), 400),
        (tap(5, id, "x"), 404),
    ] {
        assert_eq!(lab.try_sim("tap", body.clone()).await.0, status, "{body}");
    }
    let link = lab.sim("tap", tap(ANA, id, "Site")).await;
    assert_eq!(link["url"], "https://exemple.fr/");
    let silent = lab.sim("tap", tap(ANA, id, "Je prends")).await;
    assert_eq!(
        silent,
        json!({ "answer": null, "alert": false, "answered": false })
    );
    let query = next_query(&lab).await;
    lab.sim("clock", json!({ "advance_s": 151 })).await;
    let late = lab
        .call(
            "answerCallbackQuery",
            json!({ "callback_query_id": query["id"] }),
        )
        .await;
    assert_eq!(late.status, 400);
    // A removed message can still be pressed in a client that did not redraw.
    lab.call(
        "deleteMessage",
        json!({ "chat_id": GROUP, "message_id": id }),
    )
    .await
    .ok();
    lab.sim("tap", json!({ "from": ANA, "chat": GROUP, "message_id": id, "callback_data": "k1", "timeout_ms": 1 })).await;
    let message = next_query(&lab).await["message"].clone();
    assert_eq!(
        (&message["date"], &message["message_id"]),
        (&json!(0), &json!(id))
    );
}

#[tokio::test]
async fn anonymous_administrators_hide() {
    let lab = Lab::start().await;
    lab.sim("anonymous", json!({ "chat": GROUP, "user": BRUNO }))
        .await;
    let sent = lab
        .sim(
            "send",
            json!({ "from": BRUNO, "chat": GROUP, "text": "/etat" }),
        )
        .await;
    let from = json!({ "id": 1_087_968_824, "is_bot": true, "first_name": "Group", "username": "GroupAnonymousBot" });
    assert_eq!(sent["from"], from);
    assert_eq!(sent["sender_chat"]["id"], GROUP);
    assert_eq!(lab.updates().await[0]["message"]["from"], from);
    assert_eq!(lab.messages(GROUP).await[0]["author"], BRUNO);
    let id = card(&lab).await;
    lab.sim("tap", json!({ "from": BRUNO, "chat": GROUP, "message_id": id, "button": "Je prends", "timeout_ms": 1 })).await;
    assert_eq!(
        next_query(&lab).await["from"]["id"],
        BRUNO,
        "a press tells who it is"
    );
    let (status, _) = lab
        .try_sim("anonymous", json!({ "chat": GROUP, "user": ANA }))
        .await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn events_tell_what_changed() {
    let lab = Lab::start().await;
    let seq = lab.get("/sim/world").await["seq"].as_u64().unwrap();
    let wait = lab.get("/sim/events?timeout=20");
    let path = format!("/sim/events?since={seq}&timeout=0");
    let now = lab.get(&path);
    let (all, none) = tokio::join!(wait, now);
    assert!(all["events"].as_array().unwrap().len() > 5);
    assert_eq!(none["events"], json!([]));
    let started = Instant::now();
    let path = format!("/sim/events?since={seq}&timeout=20");
    let (event, id) = tokio::join!(lab.get(&path), async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        lab.say(ANA, "coucou").await
    });
    assert!(started.elapsed() < Duration::from_secs(15));
    let first = &event["events"][0];
    assert_eq!(
        (
            &first["kind"],
            &first["chat"],
            &first["message_id"],
            &first["bot"]
        ),
        (&json!("message"), &json!(ANA), &json!(id), &json!(BOT))
    );
    let restarted = lab.get("/sim/events?since=999999&timeout=20").await;
    assert!(restarted["seq"].as_u64().unwrap() < 999_999);
}

#[tokio::test]
async fn the_world_is_listed() {
    let lab = Lab::start().await;
    let world = lab.get("/sim/world").await;
    let find = |list: &str, id: i64| {
        let list = world[list].as_array().unwrap().clone();
        list.into_iter().find(|e| e["id"] == id).unwrap()
    };
    assert_eq!(find("users", ANA)["started"], json!([BOT]));
    assert_eq!(find("users", BOT)["is_bot"], true);
    assert_eq!(find("bots", BOT)["username"], "vigie_bot");
    let group = find("chats", GROUP);
    assert_eq!(
        (&group["title"], &group["type"]),
        (&json!("Backbone"), &json!("supergroup"))
    );
    let status = |id: i64| {
        let members = group["members"].as_array().unwrap().clone();
        members.into_iter().find(|m| m["user_id"] == id).unwrap()["status"].clone()
    };
    assert_eq!(
        (status(ANA), status(BRUNO), status(BOT)),
        (json!("member"), json!("creator"), json!("administrator"))
    );
    assert_eq!(find("chats", ANA)["type"], "private");
}

#[tokio::test]
async fn persons_are_refused_in_words() {
    let lab = Lab::start().await;
    for (action, body, status) in [
        ("users", json!({}), 400),
        ("users", json!({ "id": -1, "first_name": "x" }), 400),
        ("chats", json!({ "type": "castle", "title": "x" }), 400),
        ("chats", json!({ "title": "x", "members": [5] }), 404),
        ("chats", json!({ "type": "group" }), 400),
        ("send", json!({ "from": ANA, "chat": GROUP }), 400),
        (
            "send",
            json!({ "from": 5, "chat": GROUP, "text": "x" }),
            404,
        ),
        ("send", json!({ "from": ANA, "chat": -5, "text": "x" }), 404),
        (
            "send",
            json!({ "from": ZOE, "chat": GROUP, "text": "x" }),
            400,
        ),
        (
            "send",
            json!({ "from": ANA, "chat": crate::lab::CHANNEL, "text": "x" }),
            400,
        ),
        (
            "send",
            json!({ "from": ANA, "chat": BRUNO, "text": "x" }),
            400,
        ),
        (
            "send",
            json!({ "from": ANA, "chat": GROUP, "text": "x", "reply_to": 99 }),
            404,
        ),
        ("migrate", json!({ "chat": GROUP }), 400),
        (
            "rights",
            json!({ "chat": GROUP, "user": ANA, "status": "king" }),
            400,
        ),
        (
            "rights",
            json!({ "chat": GROUP, "user": ANA, "rights": { "can_fly": true } }),
            400,
        ),
        ("faults", json!({ "kind": "earthquake" }), 400),
        ("nonsense", json!({}), 404),
    ] {
        let (got, answer) = lab.try_sim(action, body.clone()).await;
        assert_eq!(got, status, "{action} {body}: {answer}");
        assert!(answer["error"].is_string());
    }
    let foreign = lab
        .http
        .post(lab.url("/sim/users"))
        .header("origin", "http://evil.example");
    let refused = foreign
        .json(&json!({ "first_name": "x" }))
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), 403);
    let own = lab
        .http
        .post(lab.url("/sim/users"))
        .header("origin", lab.emulator.url());
    let accepted = own
        .json(&json!({ "first_name": "x" }))
        .send()
        .await
        .unwrap();
    assert_eq!(accepted.status(), 200);
    let broken = lab
        .http
        .post(lab.url("/sim/send"))
        .body("{")
        .send()
        .await
        .unwrap();
    assert_eq!(broken.status(), 400);
}

#[tokio::test]
async fn being_added_and_removed_is_told() {
    let lab = Lab::start().await;
    lab.sim("kick", json!({ "chat": SMALL, "user": BOT })).await;
    lab.sim("add", json!({ "chat": SMALL, "user": BOT })).await;
    let created = lab
        .sim(
            "chats",
            json!({ "type": "group", "title": "Neuf", "members": [ANA] }),
        )
        .await;
    let updates = lab.updates().await;
    let changes: Vec<(Value, Value)> = updates
        .iter()
        .filter_map(|u| u.get("my_chat_member"))
        .map(|c| {
            (
                c["chat"]["id"].clone(),
                c["new_chat_member"]["status"].clone(),
            )
        })
        .collect();
    let wanted = [
        (json!(SMALL), json!("kicked")),
        (json!(SMALL), json!("member")),
        (created["id"].clone(), json!("administrator")),
    ];
    assert_eq!(changes, wanted);
}

#[tokio::test]
async fn the_library_does_what_the_routes_do() {
    let lab = Lab::start().await;
    let sim = lab.emulator.sim();
    let user = sim.user(&json!({ "first_name": "Eve" })).unwrap();
    let sent = sim
        .send(&json!({ "from": user["id"], "chat": user["id"], "text": "/start" }))
        .unwrap();
    assert_eq!(sent["text"], "/start");
    assert_eq!(
        sim.messages(user["id"].as_i64().unwrap()).unwrap()["messages"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(sim.post("nonsense", &json!({})).unwrap_err().status, 404);
    assert!(
        !sim.calls("getUpdates", 0)["calls"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    assert!(sim.world()["users"].as_array().unwrap().len() >= 5);
}

#[tokio::test]
async fn mini_apps_are_opened_with_signed_data() {
    let lab = Lab::start().await;
    lab.sim("clock", json!({ "now": 1_800_000_000, "freeze": true }))
        .await;
    let opened = lab
        .sim("init_data", json!({ "from": ANA, "query_id": "q&é" }))
        .await;
    let data = opened["init_data"].as_str().unwrap();
    let url = reqwest::Url::parse(&format!("http://x/?{data}")).unwrap();
    let field = |name: &str| {
        url.query_pairs()
            .find(|(k, _)| k == name)
            .unwrap()
            .1
            .into_owned()
    };
    assert_eq!(
        field("user"),
        r#"{"id":101,"first_name":"Ana","language_code":"fr"}"#
    );
    // Computed apart with another implementation of HMAC.
    assert_eq!(
        field("hash"),
        "f93e503e8229d9803f1fde7c9978184ede86cc8725484f9ce06c8a098fb6d7f7"
    );
}

#[tokio::test]
async fn private_chats_with_several_bots_are_told_apart() {
    let lab = Lab::start().await;
    lab.sim(
        "bots",
        json!({ "token": "999999:other", "username": "other_bot" }),
    )
    .await;
    lab.sim(
        "send",
        json!({ "from": ANA, "chat": ANA, "bot": "other_bot", "text": "/start" }),
    )
    .await;
    assert!(
        lab.updates().await.is_empty(),
        "the other bot's message is not ours"
    );
    let markup = json!({ "inline_keyboard": [[{ "text": "b", "callback_data": "other" }]] });
    let params = json!({ "chat_id": ANA, "text": "moi", "reply_markup": markup });
    let sent = lab
        .call_as("999999:other", "sendMessage", params)
        .await
        .ok();
    lab.say(ANA, "nous").await;
    let tap = json!({ "from": ANA, "chat": ANA, "message_id": sent["message_id"], "button": "b", "timeout_ms": 1 });
    lab.sim("tap", tap).await;
    let updates = lab
        .call_as("999999:other", "getUpdates", json!({}))
        .await
        .ok();
    let data = updates
        .as_array()
        .unwrap()
        .iter()
        .find_map(|u| u["callback_query"]["data"].as_str());
    assert_eq!(data, Some("other"));
    let bots: Vec<i64> = lab
        .messages(ANA)
        .await
        .iter()
        .map(|m| m["bot"].as_i64().unwrap())
        .collect();
    assert_eq!(
        (
            bots.iter().filter(|b| **b == BOT).count(),
            bots.iter().filter(|b| **b == 999_999).count()
        ),
        (2, 2)
    );
    let one = lab
        .get(&format!("/sim/chats/{ANA}/messages?bot=999999"))
        .await;
    assert_eq!(one["messages"].as_array().unwrap().len(), 2);
}
