//! Links, join requests, migration, commands, polls.

use serde_json::{Value, json};

use crate::lab::{ANA, BOT, GROUP, Lab, SMALL, ZOE};

#[tokio::test]
async fn join_requests_are_asked_and_answered() {
    let lab = Lab::start().await;
    let create = json!({ "chat_id": GROUP, "name": "Adhésions", "creates_join_request": true });
    let link = lab.call("createChatInviteLink", create).await.ok();
    assert_eq!(
        (&link["name"], &link["creates_join_request"]),
        (&json!("Adhésions"), &json!(true))
    );
    let ask = json!({ "from": ZOE, "invite_link": link["invite_link"], "bio": "voisine" });
    assert_eq!(lab.sim("join", ask.clone()).await["status"], "requested");
    let request = lab.updates().await[0]["chat_join_request"].clone();
    assert_eq!(
        (&request["from"]["id"], &request["user_chat_id"]),
        (&json!(ZOE), &json!(ZOE))
    );
    assert_eq!(
        (&request["bio"], &request["invite_link"]["name"]),
        (&json!("voisine"), &json!("Adhésions"))
    );
    // For five minutes the bot may write to someone who never started it.
    lab.say(ZOE, "Bienvenue ?").await;
    lab.sim("clock", json!({ "advance_s": 301 })).await;
    let late = lab
        .call("sendMessage", json!({ "chat_id": ZOE, "text": "x" }))
        .await
        .refused();
    assert_eq!(
        late,
        (
            403,
            "Forbidden: bot can't initiate conversation with a user".into()
        )
    );
    let zoe = json!({ "chat_id": GROUP, "user_id": ZOE });
    lab.call("approveChatJoinRequest", zoe.clone()).await.ok();
    assert_eq!(
        lab.call("getChatMember", zoe.clone()).await.ok()["status"],
        "member"
    );
    lab.refuses(&[
        (
            "approveChatJoinRequest",
            zoe,
            400,
            "Bad Request: USER_ALREADY_PARTICIPANT",
        ),
        (
            "declineChatJoinRequest",
            json!({ "chat_id": GROUP, "user_id": BOT + 1 }),
            400,
            "Bad Request: PARTICIPANT_ID_INVALID",
        ),
    ])
    .await;
    lab.sim("leave", json!({ "from": ZOE, "chat": GROUP }))
        .await;
    lab.sim("join", ask.clone()).await;
    lab.call(
        "declineChatJoinRequest",
        json!({ "chat_id": GROUP, "user_id": ZOE }),
    )
    .await
    .ok();
    let again = lab
        .call(
            "approveChatJoinRequest",
            json!({ "chat_id": GROUP, "user_id": ZOE }),
        )
        .await
        .refused();
    assert_eq!(again.1, "Bad Request: HIDE_REQUESTER_MISSING");
    lab.sim("join", ask).await;
    lab.sim("approve", json!({ "chat": GROUP, "user": ZOE }))
        .await;
    let human = lab
        .call(
            "approveChatJoinRequest",
            json!({ "chat_id": GROUP, "user_id": ZOE }),
        )
        .await
        .refused();
    assert_eq!(human.1, "Bad Request: USER_ALREADY_PARTICIPANT");
}

#[tokio::test]
async fn links_open_close_and_fill_up() {
    let lab = Lab::start().await;
    let link = async |params: Value| {
        lab.call("createChatInviteLink", params).await.ok()["invite_link"].clone()
    };
    let one = link(json!({ "chat_id": GROUP, "member_limit": 1 })).await;
    lab.sim("join", json!({ "from": ZOE, "invite_link": one }))
        .await;
    let joined = lab.updates().await;
    assert_eq!(joined[0]["message"]["new_chat_members"][0]["id"], ZOE);
    lab.sim("leave", json!({ "from": ZOE, "chat": GROUP }))
        .await;
    let (status, _) = lab
        .try_sim("join", json!({ "from": ZOE, "invite_link": one }))
        .await;
    assert_eq!(status, 400, "full");
    let other = link(json!({ "chat_id": GROUP })).await;
    let revoked = lab
        .call(
            "revokeChatInviteLink",
            json!({ "chat_id": GROUP, "invite_link": other }),
        )
        .await
        .ok();
    assert_eq!(revoked["is_revoked"], true);
    let (status, _) = lab
        .try_sim("join", json!({ "from": ZOE, "invite_link": other }))
        .await;
    assert_eq!(status, 400, "revoked");
    let unknown = json!({ "chat_id": GROUP, "invite_link": "https://t.me/+x" });
    assert_eq!(
        lab.call("revokeChatInviteLink", unknown).await.refused().1,
        "Bad Request: INVITE_HASH_EXPIRED"
    );
    let first = lab
        .call("exportChatInviteLink", json!({ "chat_id": GROUP }))
        .await
        .ok();
    assert_eq!(
        lab.call("getChat", json!({ "chat_id": GROUP })).await.ok()["invite_link"],
        first
    );
}

#[tokio::test]
async fn groups_become_supergroups() {
    let lab = Lab::start().await;
    let old = lab.say(SMALL, "avant").await;
    let new = lab.sim("migrate", json!({ "chat": SMALL })).await["chat"]
        .as_i64()
        .unwrap();
    assert!(new < -1_000_000_000_000);
    let updates = lab.updates().await;
    assert_eq!(updates[0]["message"]["migrate_to_chat_id"], new);
    assert_eq!(updates[0]["message"]["chat"]["id"], SMALL);
    assert_eq!(updates[1]["message"]["migrate_from_chat_id"], SMALL);
    assert_eq!(updates[1]["message"]["chat"]["id"], new);
    for (method, params) in [
        ("sendMessage", json!({ "chat_id": SMALL, "text": "x" })),
        (
            "editMessageText",
            json!({ "chat_id": SMALL, "message_id": old, "text": "x" }),
        ),
    ] {
        let reply = lab.call(method, params).await;
        assert_eq!(
            reply.refused(),
            (
                400,
                "Bad Request: group chat was upgraded to a supergroup chat".into()
            )
        );
        assert_eq!(
            reply.body["parameters"],
            json!({ "migrate_to_chat_id": new })
        );
    }
    lab.say(new, "après").await;
    let lost = lab
        .call(
            "editMessageText",
            json!({ "chat_id": new, "message_id": old + 50, "text": "x" }),
        )
        .await;
    assert_eq!(lost.refused().1, "Bad Request: message to edit not found");
}

#[tokio::test]
async fn menus_follow_the_order_of_look_up() {
    let lab = Lab::start().await;
    let set = async |scope: Value, language: &str, name: &str| {
        let list = json!([{ "command": name, "description": "d" }]);
        let params = json!({ "commands": list, "scope": scope, "language_code": language });
        lab.call("setMyCommands", params).await.ok();
    };
    let shown = async |chat: i64, user: i64| {
        let menu = lab
            .get(&format!("/sim/commands?chat={chat}&user={user}"))
            .await;
        menu["commands"][0]["command"]
            .as_str()
            .unwrap_or("")
            .to_owned()
    };
    assert_eq!(shown(ANA, ANA).await, "");
    set(json!({ "type": "default" }), "", "default").await;
    assert_eq!(shown(ANA, ANA).await, "default");
    set(json!({ "type": "default" }), "fr", "defaut").await;
    assert_eq!(shown(ANA, ANA).await, "defaut");
    set(json!({ "type": "all_private_chats" }), "", "private").await;
    assert_eq!(
        shown(ANA, ANA).await,
        "private",
        "a narrow scope wins over a fitting language"
    );
    set(json!({ "type": "all_group_chats" }), "", "groups").await;
    set(json!({ "type": "all_chat_administrators" }), "", "admins").await;
    assert_eq!(shown(GROUP, ANA).await, "groups");
    assert_eq!(shown(GROUP, crate::lab::BRUNO).await, "admins");
    set(json!({ "type": "chat", "chat_id": GROUP }), "", "chat").await;
    set(
        json!({ "type": "chat_member", "chat_id": GROUP, "user_id": ANA }),
        "",
        "member",
    )
    .await;
    assert_eq!(shown(GROUP, crate::lab::BRUNO).await, "chat");
    assert_eq!(shown(GROUP, ANA).await, "member");
    let scope = json!({ "type": "chat_member", "chat_id": GROUP, "user_id": ANA });
    lab.call("deleteMyCommands", json!({ "scope": scope }))
        .await
        .ok();
    assert_eq!(shown(GROUP, ANA).await, "chat");
    let own = lab
        .call(
            "getMyCommands",
            json!({ "scope": { "type": "default" }, "language_code": "fr" }),
        )
        .await
        .ok();
    assert_eq!(own, json!([{ "command": "defaut", "description": "d" }]));
    assert_eq!(
        lab.call("getMyCommands", json!({ "language_code": "de" }))
            .await
            .ok(),
        json!([])
    );
    lab.refuses(&[
        (
            "setMyCommands",
            json!({ "commands": [{ "command": "Bad!", "description": "d" }] }),
            400,
            "Bad Request: BOT_COMMAND_INVALID",
        ),
        (
            "setMyCommands",
            json!({ "commands": [{ "command": "a" }] }),
            400,
            "Bad Request: can't parse BotCommand: can't find field \"description\"",
        ),
        (
            "setMyCommands",
            json!({ "commands": [], "language_code": "french" }),
            400,
            "Bad Request: invalid language code specified",
        ),
        (
            "setMyCommands",
            json!({ "commands": [], "scope": { "type": "chat", "chat_id": -5 } }),
            400,
            "Bad Request: chat not found",
        ),
    ])
    .await;
}

#[tokio::test]
async fn menu_buttons_are_kept() {
    let lab = Lab::start().await;
    assert_eq!(
        lab.call(
            "setChatMenuButton",
            json!({ "chat_id": ANA, "menu_button": { "type": "commands" } })
        )
        .await
        .ok(),
        true
    );
    assert_eq!(
        lab.call("getChatMenuButton", json!({ "chat_id": ANA }))
            .await
            .ok()["type"],
        "commands"
    );
    let wrong = json!({ "menu_button": { "type": "web_app", "text": "x", "web_app": { "url": "ftp://x" } } });
    assert_eq!(lab.call("setChatMenuButton", wrong).await.status, 400);
}

#[tokio::test]
async fn polls_are_voted_in_and_stopped() {
    let lab = Lab::start().await;
    let send = json!({ "chat_id": GROUP, "question": "Quand ?", "options": ["lundi", { "text": "mardi" }], "is_anonymous": false });
    let sent = lab.call("sendPoll", send).await.ok();
    let id = sent["message_id"].clone();
    assert_eq!(sent["poll"]["options"][1]["text"], "mardi");
    lab.sim(
        "vote",
        json!({ "from": ANA, "chat": GROUP, "message_id": id, "options": [1] }),
    )
    .await;
    let updates = lab.updates().await;
    assert_eq!(updates[0]["poll"]["options"][1]["voter_count"], 1);
    assert_eq!(updates[1]["poll_answer"]["option_ids"], json!([1]));
    let (status, _) = lab
        .try_sim(
            "vote",
            json!({ "from": ANA, "chat": GROUP, "message_id": id, "options": [0, 1] }),
        )
        .await;
    assert_eq!(status, 400);
    let stopped = lab
        .call("stopPoll", json!({ "chat_id": GROUP, "message_id": id }))
        .await
        .ok();
    assert_eq!(
        (&stopped["is_closed"], &stopped["total_voter_count"]),
        (&json!(true), &json!(1))
    );
    let plain = lab.say(GROUP, "x").await;
    lab.refuses(&[
        (
            "stopPoll",
            json!({ "chat_id": GROUP, "message_id": id }),
            400,
            "Bad Request: poll has already been closed",
        ),
        (
            "stopPoll",
            json!({ "chat_id": GROUP, "message_id": plain }),
            400,
            "Bad Request: message with poll to stop not found",
        ),
        (
            "sendPoll",
            json!({ "chat_id": GROUP, "question": "?", "options": ["a"] }),
            400,
            "Bad Request: poll must have at least 2 option",
        ),
        (
            "sendPoll",
            json!({ "chat_id": GROUP, "question": " ", "options": ["a", "b"] }),
            400,
            "Bad Request: poll question must be non-empty",
        ),
    ])
    .await;
}
