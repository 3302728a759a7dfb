//! Sending text: targets, keyboards, replies, topics.

use serde_json::{Value, json};

use crate::lab::{ANA, BOT, CHANNEL, FORUM, GROUP, Lab, ZOE};

fn keyboard(button: Value) -> Value {
    json!({ "inline_keyboard": [[button]] })
}

#[tokio::test]
async fn a_message_has_every_field() {
    let lab = Lab::start().await;
    let params = json!({ "chat_id": GROUP, "text": "Bonjour", "reply_markup": keyboard(json!({ "text": "a", "callback_data": "b" })) });
    let sent = lab.call("sendMessage", params).await.ok();
    assert_eq!(sent["from"]["id"], BOT);
    assert_eq!(sent["from"]["is_bot"], true);
    assert_eq!(
        sent["chat"],
        json!({ "id": GROUP, "title": "Backbone", "type": "supergroup" })
    );
    assert!(sent["date"].as_i64().unwrap() > 1_700_000_000);
    assert_eq!(sent["text"], "Bonjour");
    assert!(sent.get("edit_date").is_none());
    let private = lab
        .call("sendMessage", json!({ "chat_id": ANA, "text": "x" }))
        .await
        .ok();
    assert_eq!(
        private["chat"],
        json!({ "id": ANA, "first_name": "Ana", "type": "private" })
    );
    let post = lab
        .call("sendMessage", json!({ "chat_id": CHANNEL, "text": "x" }))
        .await
        .ok();
    assert!(post.get("from").is_none());
    assert_eq!(post["sender_chat"]["id"], CHANNEL);
}

#[tokio::test]
async fn numbers_count_per_chat() {
    let lab = Lab::start().await;
    let first = lab.say(GROUP, "1").await;
    lab.say(FORUM, "1").await;
    assert_eq!(lab.say(GROUP, "2").await, first + 1);
}

#[tokio::test]
async fn sending_is_refused_with_the_real_words() {
    let lab = Lab::start().await;
    let send = |chat: Value, text: &str| json!({ "chat_id": chat, "text": text });
    let markup = |m: Value| json!({ "chat_id": GROUP, "text": "x", "reply_markup": m });
    let data = |d: String| markup(keyboard(json!({ "text": "a", "callback_data": d })));
    lab.refuses(&[
        (
            "sendMessage",
            json!({ "text": "x" }),
            400,
            "Bad Request: chat_id is empty",
        ),
        (
            "sendMessage",
            json!({ "chat_id": GROUP }),
            400,
            "Bad Request: message text is empty",
        ),
        (
            "sendMessage",
            send(json!(-424_242), "x"),
            400,
            "Bad Request: chat not found",
        ),
        (
            "sendMessage",
            send(json!(1001), "x"),
            400,
            "Bad Request: chat not found",
        ),
        (
            "sendMessage",
            send(json!("abc"), "x"),
            400,
            "Bad Request: chat not found",
        ),
        (
            "sendMessage",
            send(json!("@nowhere"), "x"),
            400,
            "Bad Request: chat not found",
        ),
        (
            "sendMessage",
            send(json!(ZOE), "x"),
            400,
            "Bad Request: chat not found",
        ),
        (
            "sendMessage",
            send(json!(crate::lab::BRUNO), "x"),
            403,
            "Forbidden: bot can't initiate conversation with a user",
        ),
        (
            "sendMessage",
            data("x".repeat(65)),
            400,
            "Bad Request: BUTTON_DATA_INVALID",
        ),
        (
            "sendMessage",
            data("é".repeat(33)),
            400,
            "Bad Request: BUTTON_DATA_INVALID",
        ),
        (
            "sendMessage",
            markup(json!([1])),
            400,
            "Bad Request: object expected as reply markup",
        ),
        (
            "sendMessage",
            markup(json!("{")),
            400,
            "Bad Request: can't parse reply keyboard markup JSON object",
        ),
        (
            "sendMessage",
            markup(keyboard(json!({ "text": "a" }))),
            400,
            "Bad Request: text buttons are unallowed in the inline keyboard",
        ),
        (
            "sendMessage",
            markup(keyboard(json!({ "callback_data": "a" }))),
            400,
            "Bad Request: can't parse inline keyboard button: can't find field \"text\"",
        ),
        (
            "sendMessage",
            markup(keyboard(json!({ "text": "a", "url": "not a url" }))),
            400,
            "Bad Request: inline keyboard button URL 'not a url' is invalid: Wrong HTTP URL",
        ),
        (
            "sendMessage",
            json!({ "chat_id": GROUP, "text": "x", "reply_to_message_id": 999 }),
            400,
            "Bad Request: message to be replied not found",
        ),
        (
            "sendMessage",
            json!({ "chat_id": GROUP, "text": "x", "reply_parameters": { "message_id": 999 } }),
            400,
            "Bad Request: message to be replied not found",
        ),
        (
            "sendMessage",
            json!({ "chat_id": GROUP, "text": "x", "message_thread_id": 1 }),
            400,
            "Bad Request: message thread not found",
        ),
        (
            "sendMessage",
            json!({ "chat_id": FORUM, "text": "x", "message_thread_id": 1 }),
            400,
            "Bad Request: message thread not found",
        ),
        (
            "sendChatAction",
            json!({ "chat_id": GROUP, "action": "dance" }),
            400,
            "Bad Request: wrong parameter action in request",
        ),
    ])
    .await;
    lab.call("sendMessage", data("x".repeat(64))).await.ok();
    lab.call(
        "sendChatAction",
        json!({ "chat_id": GROUP, "action": "typing" }),
    )
    .await
    .ok();
}

#[tokio::test]
async fn chats_are_found_by_number_text_and_name() {
    let lab = Lab::start().await;
    lab.sim("chats", json!({ "id": GROUP, "username": "backbone_chat" }))
        .await;
    for chat in [
        json!(GROUP),
        json!(GROUP.to_string()),
        json!("@Backbone_Chat"),
    ] {
        let sent = lab
            .call("sendMessage", json!({ "chat_id": chat, "text": "x" }))
            .await
            .ok();
        assert_eq!(sent["chat"]["id"], GROUP);
    }
}

#[tokio::test]
async fn replies_name_their_message() {
    let lab = Lab::start().await;
    let first = lab.say(GROUP, "un").await;
    let reply =
        json!({ "chat_id": GROUP, "text": "deux", "reply_parameters": { "message_id": first } });
    let second = lab.call("sendMessage", reply).await.ok();
    assert_eq!(second["reply_to_message"]["message_id"], first);
    assert_eq!(second["reply_to_message"]["text"], "un");
    assert!(second.get("is_topic_message").is_none());
    let chained =
        json!({ "chat_id": GROUP, "text": "trois", "reply_to_message_id": second["message_id"] });
    let third = lab.call("sendMessage", chained).await.ok();
    assert!(third["reply_to_message"].get("reply_to_message").is_none());
    let lenient = json!({ "chat_id": GROUP, "text": "x", "reply_parameters": { "message_id": 999, "allow_sending_without_reply": true } });
    let alone = lab.call("sendMessage", lenient).await.ok();
    assert!(alone.get("reply_to_message").is_none());
}

#[tokio::test]
async fn topics_are_written_to_until_closed_or_deleted() {
    let lab = Lab::start().await;
    let topic = lab
        .call(
            "createForumTopic",
            json!({ "chat_id": FORUM, "name": "Pannes" }),
        )
        .await
        .ok();
    let thread = topic["message_thread_id"].as_i64().unwrap();
    assert_eq!(topic["name"], "Pannes");
    let to_topic = json!({ "chat_id": FORUM, "text": "x", "message_thread_id": thread });
    let sent = lab.call("sendMessage", to_topic.clone()).await.ok();
    assert_eq!(sent["message_thread_id"], thread);
    assert_eq!(sent["is_topic_message"], true);
    let reply = json!({ "chat_id": FORUM, "text": "y", "reply_to_message_id": sent["message_id"] });
    assert_eq!(
        lab.call("sendMessage", reply).await.ok()["message_thread_id"],
        thread
    );
    let general = lab
        .call("sendMessage", json!({ "chat_id": FORUM, "text": "z" }))
        .await
        .ok();
    assert!(general.get("message_thread_id").is_none());
    let one = json!({ "chat_id": FORUM, "message_thread_id": thread });
    let named = json!({ "chat_id": FORUM, "message_thread_id": thread, "name": "Pannes" });
    lab.refuses(&[
        (
            "editForumTopic",
            named,
            400,
            "Bad Request: TOPIC_NOT_MODIFIED",
        ),
        (
            "createForumTopic",
            json!({ "chat_id": GROUP, "name": "a" }),
            400,
            "Bad Request: the chat is not a forum",
        ),
        (
            "reopenForumTopic",
            one.clone(),
            400,
            "Bad Request: TOPIC_NOT_MODIFIED",
        ),
        (
            "closeForumTopic",
            json!({ "chat_id": FORUM, "message_thread_id": 777 }),
            400,
            "Bad Request: TOPIC_ID_INVALID",
        ),
    ])
    .await;
    lab.call("closeForumTopic", one.clone()).await.ok();
    // Administrators who manage topics still write into closed ones.
    lab.call("sendMessage", to_topic.clone()).await.ok();
    let rights = json!({ "chat": FORUM, "user": BOT, "rights": { "can_manage_topics": false } });
    lab.sim("rights", rights).await;
    lab.refuses(&[
        (
            "sendMessage",
            to_topic.clone(),
            400,
            "Bad Request: TOPIC_CLOSED",
        ),
        (
            "reopenForumTopic",
            one.clone(),
            400,
            "Bad Request: not enough rights to manage topics",
        ),
        (
            "createForumTopic",
            json!({ "chat_id": FORUM, "name": "a" }),
            400,
            "Bad Request: not enough rights to create a topic",
        ),
    ])
    .await;
    lab.sim(
        "topics",
        json!({ "chat": FORUM, "thread": thread, "deleted": true }),
    )
    .await;
    let gone = lab.call("sendMessage", to_topic).await.refused();
    assert_eq!(gone.1, "Bad Request: message thread not found");
}

#[tokio::test]
async fn people_in_topics_are_seen_with_their_thread() {
    let lab = Lab::start().await;
    let topic = lab
        .sim("topics", json!({ "chat": FORUM, "name": "Pannes" }))
        .await;
    let thread = topic["message_thread_id"].clone();
    lab.sim(
        "send",
        json!({ "from": ANA, "chat": FORUM, "thread": thread, "text": "ici" }),
    )
    .await;
    let updates = lab.updates().await;
    assert_eq!(
        updates[0]["message"]["forum_topic_created"]["name"],
        "Pannes"
    );
    assert_eq!(updates[1]["message"]["is_topic_message"], true);
    assert_eq!(updates[1]["message"]["message_thread_id"], thread);
    // A reply in an ordinary supergroup has a thread number, but is no topic message.
    let id = lab.say(GROUP, "question").await;
    let reply = lab
        .sim(
            "send",
            json!({ "from": ANA, "chat": GROUP, "text": "réponse", "reply_to": id }),
        )
        .await;
    assert_eq!(reply["message_thread_id"], id);
    assert!(reply.get("is_topic_message").is_none());
}

#[tokio::test]
async fn other_simple_content() {
    let lab = Lab::start().await;
    let location = lab
        .call(
            "sendLocation",
            json!({ "chat_id": GROUP, "latitude": "47.9", "longitude": 3.5 }),
        )
        .await
        .ok();
    assert_eq!(location["location"]["latitude"], 47.9);
    let contact = lab
        .call(
            "sendContact",
            json!({ "chat_id": GROUP, "phone_number": "+33", "first_name": "A" }),
        )
        .await
        .ok();
    assert_eq!(contact["contact"]["first_name"], "A");
    let dice = lab.call("sendDice", json!({ "chat_id": GROUP })).await.ok();
    assert!((1..=6).contains(&dice["dice"]["value"].as_i64().unwrap()));
}

#[tokio::test]
async fn drafts_are_shown_and_not_kept() {
    let lab = Lab::start().await;
    let before = lab.messages(ANA).await.len();
    let seq = lab.get("/sim/world").await["seq"].clone();
    lab.call(
        "sendMessageDraft",
        json!({ "chat_id": ANA, "draft_id": 1, "text": "je cherche…" }),
    )
    .await
    .ok();
    let events = lab.get(&format!("/sim/events?since={seq}&timeout=5")).await;
    assert_eq!(events["events"][0]["text"], "je cherche…");
    assert_eq!(lab.messages(ANA).await.len(), before);
    let group = lab
        .call(
            "sendMessageDraft",
            json!({ "chat_id": GROUP, "draft_id": 1, "text": "x" }),
        )
        .await;
    assert_eq!(group.status, 400);
}
