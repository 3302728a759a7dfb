//! Editing, deleting, forwarding, pinning, reacting.

use serde_json::{Value, json};

use crate::lab::{ANA, CHANNEL, GROUP, Lab, SMALL};

const SAME: &str = "Bad Request: message is not modified: specified new message content and reply markup are exactly \
                    the same as a current content and reply markup of the message";

#[tokio::test]
async fn edits_replace_and_remember() {
    let lab = Lab::start().await;
    let markup = json!({ "inline_keyboard": [[{ "text": "a", "callback_data": "b" }]] });
    let sent = lab
        .call(
            "sendMessage",
            json!({ "chat_id": GROUP, "text": "un", "reply_markup": markup }),
        )
        .await
        .ok();
    let id = sent["message_id"].clone();
    let edit = json!({ "chat_id": GROUP, "message_id": id, "text": "<b>deux</b>", "parse_mode": "HTML", "reply_markup": markup });
    let edited = lab.call("editMessageText", edit.clone()).await.ok();
    assert_eq!(edited["text"], "deux");
    assert_eq!(edited["entities"][0]["type"], "bold");
    assert!(edited["edit_date"].is_i64());
    assert_eq!(
        lab.call("editMessageText", edit).await.refused(),
        (400, SAME.into())
    );
    // Without a keyboard in the call, the keyboard goes away.
    let bare = json!({ "chat_id": GROUP, "message_id": id, "text": "trois" });
    assert!(
        lab.call("editMessageText", bare)
            .await
            .ok()
            .get("reply_markup")
            .is_none()
    );
    let put = json!({ "chat_id": GROUP, "message_id": id, "reply_markup": markup });
    assert_eq!(
        lab.call("editMessageReplyMarkup", put.clone()).await.ok()["reply_markup"],
        markup
    );
    assert_eq!(
        lab.call("editMessageReplyMarkup", put).await.refused(),
        (400, SAME.into())
    );
    let seen = lab.messages(GROUP).await;
    assert_eq!(seen[0]["text"], "trois");
    assert_eq!(seen[0]["keyboard"], json!([["a"]]));
    let texts: Vec<&Value> = seen[0]["edits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| &e["text"])
        .collect();
    assert_eq!(texts, ["un", "deux"]);
}

#[tokio::test]
async fn edits_are_refused_with_the_real_words() {
    let lab = Lab::start().await;
    let own = lab.say(GROUP, "x").await;
    let answers =
        json!({ "chat_id": GROUP, "text": "?", "reply_markup": { "keyboard": [["oui"]] } });
    let keyed = lab.call("sendMessage", answers).await.ok()["message_id"].clone();
    let other = lab
        .sim("send", json!({ "from": ANA, "chat": GROUP, "text": "y" }))
        .await["message_id"]
        .clone();
    let edit = |id: Value, text: &str| json!({ "chat_id": GROUP, "message_id": id, "text": text });
    lab.refuses(&[
        (
            "editMessageText",
            edit(keyed, "z"),
            400,
            "Bad Request: message can't be edited",
        ),
        ("editMessageText", edit(json!(999), "z"), 400, "Bad Request: message to edit not found"),
        ("editMessageText", edit(other, "z"), 400, "Bad Request: message can't be edited"),
        ("editMessageText", edit(json!(own), &"x".repeat(4097)), 400, "Bad Request: MESSAGE_TOO_LONG"),
        ("editMessageText", edit(json!(own), ""), 400, "Bad Request: message text is empty"),
        ("editMessageText", json!({ "chat_id": GROUP, "text": "z" }), 400, "Bad Request: message identifier is not specified"),
        ("editMessageCaption", json!({ "chat_id": GROUP, "message_id": own, "caption": "z" }), 400, "Bad Request: there is no caption in the message to edit"),
        ("deleteMessage", json!({ "chat_id": GROUP, "message_id": 999 }), 400, "Bad Request: message to delete not found"),
        ("pinChatMessage", json!({ "chat_id": GROUP, "message_id": 999 }), 400, "Bad Request: message to pin not found"),
        ("forwardMessage", json!({ "chat_id": GROUP, "from_chat_id": GROUP, "message_id": 999 }), 400, "Bad Request: message to forward not found"),
        ("copyMessage", json!({ "chat_id": GROUP, "from_chat_id": GROUP, "message_id": 999 }), 400, "Bad Request: message to copy not found"),
        ("setMessageReaction", json!({ "chat_id": GROUP, "message_id": 999, "reaction": [] }), 400, "Bad Request: message to react not found"),
        ("setMessageReaction", json!({ "chat_id": GROUP, "message_id": own, "reaction": [{ "type": "emoji", "emoji": "🥖" }] }), 400, "Bad Request: REACTION_INVALID"),
    ])
    .await;
}

#[tokio::test]
async fn deleting_follows_age_and_rights() {
    let lab = Lab::start().await;
    let theirs = lab
        .sim("send", json!({ "from": ANA, "chat": SMALL, "text": "y" }))
        .await["message_id"]
        .clone();
    let young = lab.say(SMALL, "x").await;
    let old = lab.say(SMALL, "x").await;
    let in_group = lab.say(GROUP, "x").await;
    let private = lab.say(ANA, "x").await;
    let delete = |chat: i64, id: Value| json!({ "chat_id": chat, "message_id": id });
    assert_eq!(
        lab.call("deleteMessage", delete(SMALL, json!(young)))
            .await
            .ok(),
        true
    );
    let (_, text) = lab
        .call("deleteMessage", delete(SMALL, theirs))
        .await
        .refused();
    assert_eq!(text, "Bad Request: message can't be deleted for everyone");
    lab.sim("clock", json!({ "advance_s": 48 * 3600 + 1 }))
        .await;
    lab.refuses(&[
        (
            "deleteMessage",
            delete(SMALL, json!(old)),
            400,
            "Bad Request: message can't be deleted",
        ),
        (
            "deleteMessage",
            delete(ANA, json!(private)),
            400,
            "Bad Request: message can't be deleted",
        ),
    ])
    .await;
    // An administrator deletes at any age.
    lab.call("deleteMessage", delete(GROUP, json!(in_group)))
        .await
        .ok();
    let gone = lab
        .call(
            "editMessageText",
            json!({ "chat_id": GROUP, "message_id": in_group, "text": "z" }),
        )
        .await;
    assert_eq!(gone.refused().1, "Bad Request: message to edit not found");
    assert_eq!(lab.messages(GROUP).await[0]["deleted"], true);
    let ids = [lab.say(GROUP, "a").await, 999, lab.say(GROUP, "b").await];
    lab.call(
        "deleteMessages",
        json!({ "chat_id": GROUP, "message_ids": ids }),
    )
    .await
    .ok();
    let left = lab.messages(GROUP).await;
    assert!(left.iter().all(|m| m["deleted"] == true));
}

#[tokio::test]
async fn forwards_name_their_origin_and_copies_do_not() {
    let lab = Lab::start().await;
    let original = lab
        .sim(
            "send",
            json!({ "from": ANA, "chat": GROUP, "text": "voir #panne" }),
        )
        .await["message_id"]
        .clone();
    let params = json!({ "chat_id": SMALL, "from_chat_id": GROUP, "message_id": original });
    let forward = lab.call("forwardMessage", params.clone()).await.ok();
    assert_eq!(forward["forward_origin"]["type"], "user");
    assert_eq!(forward["forward_origin"]["sender_user"]["id"], ANA);
    assert_eq!(forward["text"], "voir #panne");
    let copy = lab.call("copyMessage", params).await.ok();
    let copied = lab.messages(SMALL).await.pop().unwrap();
    assert_eq!(copied["message_id"], copy["message_id"]);
    assert!(copied.get("forward_origin").is_none());
    let post = lab.say(CHANNEL, "annonce").await;
    let params = json!({ "chat_id": SMALL, "from_chat_id": CHANNEL, "message_ids": [post, 999] });
    let many = lab.call("forwardMessages", params).await.ok();
    assert_eq!(many.as_array().unwrap().len(), 1);
    let last = lab.messages(SMALL).await.pop().unwrap();
    assert_eq!(last["forward_origin"]["chat"]["id"], CHANNEL);
}

#[tokio::test]
async fn pins_are_shown_and_taken_back() {
    let lab = Lab::start().await;
    let (one, two) = (lab.say(GROUP, "1").await, lab.say(GROUP, "2").await);
    for id in [one, two] {
        lab.call(
            "pinChatMessage",
            json!({ "chat_id": GROUP, "message_id": id }),
        )
        .await
        .ok();
    }
    let pinned = |chat: &Value| chat["pinned_message"]["message_id"].clone();
    assert_eq!(
        pinned(&lab.call("getChat", json!({ "chat_id": GROUP })).await.ok()),
        two
    );
    let seen = lab.messages(GROUP).await;
    assert_eq!(seen.iter().filter(|m| m["pinned"] == true).count(), 2);
    assert!(
        seen.iter()
            .any(|m| m["pinned_message"]["message_id"] == one)
    );
    lab.call("unpinChatMessage", json!({ "chat_id": GROUP }))
        .await
        .ok();
    assert_eq!(
        pinned(&lab.call("getChat", json!({ "chat_id": GROUP })).await.ok()),
        one
    );
    lab.call("unpinAllChatMessages", json!({ "chat_id": GROUP }))
        .await
        .ok();
    assert!(pinned(&lab.call("getChat", json!({ "chat_id": GROUP })).await.ok()).is_null());
    let refused = lab
        .call(
            "pinChatMessage",
            json!({ "chat_id": SMALL, "message_id": 1 }),
        )
        .await
        .refused();
    assert_eq!(
        refused.1,
        "Bad Request: not enough rights to manage pinned messages in the chat"
    );
}

#[tokio::test]
async fn reactions_go_both_ways() {
    let lab = Lab::start().await;
    let id = lab.say(GROUP, "x").await;
    let react = json!({ "chat_id": GROUP, "message_id": id, "reaction": [{ "type": "emoji", "emoji": "👍" }] });
    lab.call("setMessageReaction", react).await.ok();
    assert_eq!(lab.messages(GROUP).await[0]["reactions"][0]["emoji"], "👍");
    lab.sim(
        "react",
        json!({ "from": ANA, "chat": GROUP, "message_id": id, "emoji": "🔥" }),
    )
    .await;
    assert_eq!(
        lab.updates().await.len(),
        0,
        "reactions come only when asked for"
    );
    lab.call(
        "getUpdates",
        json!({ "allowed_updates": ["message_reaction"] }),
    )
    .await
    .ok();
    lab.sim(
        "react",
        json!({ "from": ANA, "chat": GROUP, "message_id": id, "emoji": "" }),
    )
    .await;
    let update = &lab.updates().await[0]["message_reaction"];
    assert_eq!(update["user"]["id"], ANA);
    assert_eq!(update["old_reaction"][0]["emoji"], "🔥");
    assert_eq!(update["new_reaction"], json!([]));
}
