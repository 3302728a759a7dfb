//! Who may be written to, and what a bot may do where.

use serde_json::{Value, json};

use crate::lab::{ANA, BOT, BRUNO, CHANNEL, GROUP, Lab, SMALL, ZOE};

async fn send(lab: &Lab, chat: i64) -> (u16, String) {
    let reply = lab
        .call("sendMessage", json!({ "chat_id": chat, "text": "x" }))
        .await;
    if reply.status == 200 {
        (200, String::new())
    } else {
        reply.refused()
    }
}

#[tokio::test]
async fn persons_start_block_and_leave() {
    let lab = Lab::start().await;
    assert_eq!(send(&lab, ANA).await.0, 200);
    lab.sim("block", json!({ "from": ANA })).await;
    assert_eq!(
        send(&lab, ANA).await,
        (403, "Forbidden: bot was blocked by the user".into())
    );
    let updates = lab.updates().await;
    assert_eq!(
        updates[0]["my_chat_member"]["new_chat_member"]["status"],
        "kicked"
    );
    lab.sim(
        "send",
        json!({ "from": ANA, "chat": ANA, "text": "/start" }),
    )
    .await;
    assert_eq!(send(&lab, ANA).await.0, 200);
    assert_eq!(
        lab.updates().await[0]["my_chat_member"]["new_chat_member"]["status"],
        "member"
    );
    lab.sim("users", json!({ "id": ANA, "deactivated": true }))
        .await;
    assert_eq!(
        send(&lab, ANA).await,
        (403, "Forbidden: user is deactivated".into())
    );
    assert_eq!(
        send(&lab, ZOE).await,
        (400, "Bad Request: chat not found".into())
    );
    lab.sim(
        "send",
        json!({ "from": ZOE, "chat": BOT, "text": "/start" }),
    )
    .await;
    assert_eq!(send(&lab, ZOE).await.0, 200);
}

#[tokio::test]
async fn a_bot_that_is_out_is_told_so() {
    let lab = Lab::start().await;
    for (chat, kind) in [
        (GROUP, "supergroup"),
        (SMALL, "group"),
        (CHANNEL, "channel"),
    ] {
        lab.sim("kick", json!({ "chat": chat, "user": BOT })).await;
        assert_eq!(
            send(&lab, chat).await,
            (
                403,
                format!("Forbidden: bot was kicked from the {kind} chat")
            )
        );
        lab.sim(
            "rights",
            json!({ "chat": chat, "user": BOT, "status": "left" }),
        )
        .await;
        assert_eq!(
            send(&lab, chat).await,
            (
                403,
                format!("Forbidden: bot is not a member of the {kind} chat")
            )
        );
        lab.sim(
            "add",
            json!({ "chat": chat, "user": BOT, "status": "administrator" }),
        )
        .await;
        assert_eq!(send(&lab, chat).await.0, 200, "{kind}");
    }
    lab.call("leaveChat", json!({ "chat_id": GROUP }))
        .await
        .ok();
    assert_eq!(send(&lab, GROUP).await.0, 403);
}

#[tokio::test]
async fn rights_are_needed() {
    let lab = Lab::start().await;
    lab.sim("rights", json!({ "chat": GROUP, "user": BOT, "status": "restricted", "rights": { "can_send_messages": false } })).await;
    assert_eq!(
        send(&lab, GROUP).await,
        (
            400,
            "Bad Request: not enough rights to send text messages to the chat".into()
        )
    );
    lab.sim(
        "rights",
        json!({ "chat": GROUP, "user": BOT, "status": "member" }),
    )
    .await;
    assert_eq!(send(&lab, GROUP).await.0, 200);
    lab.sim(
        "rights",
        json!({ "chat": CHANNEL, "user": BOT, "status": "member" }),
    )
    .await;
    assert_eq!(
        send(&lab, CHANNEL).await,
        (
            400,
            "Bad Request: need administrator rights in the channel chat".into()
        )
    );
    let ana = json!({ "chat_id": GROUP, "user_id": ANA });
    lab.refuses(&[
        (
            "banChatMember",
            ana.clone(),
            400,
            "Bad Request: not enough rights to restrict/unrestrict chat member",
        ),
        (
            "createChatInviteLink",
            json!({ "chat_id": GROUP }),
            400,
            "Bad Request: not enough rights to manage chat invite link",
        ),
        (
            "setChatTitle",
            json!({ "chat_id": GROUP, "title": "x" }),
            400,
            "Bad Request: not enough rights to change chat title",
        ),
        (
            "promoteChatMember",
            ana,
            400,
            "Bad Request: not enough rights",
        ),
    ])
    .await;
}

#[tokio::test]
async fn members_are_described() {
    let lab = Lab::start().await;
    let of = async |user: i64| {
        lab.call(
            "getChatMember",
            json!({ "chat_id": GROUP, "user_id": user }),
        )
        .await
        .ok()
    };
    assert_eq!(
        of(ANA).await,
        json!({ "user": { "id": ANA, "is_bot": false, "first_name": "Ana", "language_code": "fr" }, "status": "member" })
    );
    assert_eq!(of(BRUNO).await["status"], "creator");
    let own = of(BOT).await;
    assert_eq!(own["status"], "administrator");
    assert_eq!(own["can_invite_users"], true);
    assert_eq!(own["can_be_edited"], false);
    assert_eq!(of(ZOE).await["status"], "left");
    let unknown = lab
        .call("getChatMember", json!({ "chat_id": GROUP, "user_id": 5 }))
        .await
        .refused();
    assert_eq!(unknown.1, "Bad Request: PARTICIPANT_ID_INVALID");
    let admins = lab
        .call("getChatAdministrators", json!({ "chat_id": GROUP }))
        .await
        .ok();
    let ids: Vec<&Value> = admins
        .as_array()
        .unwrap()
        .iter()
        .map(|a| &a["user"]["id"])
        .collect();
    assert_eq!(ids, [BRUNO, BOT]);
    assert_eq!(
        lab.call("getChatMemberCount", json!({ "chat_id": GROUP }))
            .await
            .ok(),
        3
    );
    let private = lab
        .call("getChatAdministrators", json!({ "chat_id": ANA }))
        .await
        .refused();
    assert_eq!(
        private.1,
        "Bad Request: there are no administrators in the private chat"
    );
    lab.sim("chats", json!({ "id": GROUP, "has_hidden_members": true }))
        .await;
    lab.sim(
        "rights",
        json!({ "chat": GROUP, "user": BOT, "status": "member" }),
    )
    .await;
    let hidden = lab
        .call("getChatMember", json!({ "chat_id": GROUP, "user_id": ANA }))
        .await
        .refused();
    assert_eq!(hidden.1, "Bad Request: CHAT_ADMIN_REQUIRED");
}

#[tokio::test]
async fn bans_restrictions_and_promotions() {
    let lab = Lab::start().await;
    lab.call(
        "getUpdates",
        json!({ "allowed_updates": ["chat_member", "message"] }),
    )
    .await
    .ok();
    let ana = json!({ "chat_id": GROUP, "user_id": ANA });
    lab.refuses(&[
        (
            "banChatMember",
            json!({ "chat_id": GROUP, "user_id": BRUNO }),
            400,
            "Bad Request: can't remove chat owner",
        ),
        (
            "banChatMember",
            json!({ "chat_id": GROUP, "user_id": BOT }),
            400,
            "Bad Request: user is an administrator of the chat",
        ),
    ])
    .await;
    lab.call(
        "restrictChatMember",
        json!({ "chat_id": GROUP, "user_id": ANA, "permissions": {} }),
    )
    .await
    .ok();
    let (status, answer) = lab
        .try_sim("send", json!({ "from": ANA, "chat": GROUP, "text": "x" }))
        .await;
    assert_eq!(status, 400, "{answer}");
    lab.call("banChatMember", ana.clone()).await.ok();
    let (status, answer) = lab
        .try_sim("join", json!({ "from": ANA, "chat": GROUP }))
        .await;
    assert_eq!(
        (status, answer["error"].as_str().unwrap()),
        (400, "user 101 is banned from this chat")
    );
    lab.call("unbanChatMember", ana.clone()).await.ok();
    lab.sim("join", json!({ "from": ANA, "chat": GROUP })).await;
    lab.sim(
        "rights",
        json!({ "chat": GROUP, "user": BOT, "rights": { "can_promote_members": true } }),
    )
    .await;
    let promote = json!({ "chat_id": GROUP, "user_id": ANA, "can_invite_users": true });
    lab.call("promoteChatMember", promote).await.ok();
    let member = lab.call("getChatMember", ana).await.ok();
    assert_eq!(
        (
            &member["status"],
            &member["can_invite_users"],
            &member["can_pin_messages"]
        ),
        (&json!("administrator"), &json!(true), &json!(false))
    );
    let updates = lab.updates().await;
    let changes: Vec<&Value> = updates
        .iter()
        .filter_map(|u| u.get("chat_member"))
        .map(|c| &c["new_chat_member"]["status"])
        .collect();
    assert_eq!(
        changes,
        ["restricted", "kicked", "left", "member", "administrator"]
    );
    assert!(
        updates
            .iter()
            .any(|u| u["message"]["left_chat_member"]["id"] == ANA)
    );
    assert!(
        updates
            .iter()
            .any(|u| u["message"]["new_chat_members"][0]["id"] == ANA)
    );
}

#[tokio::test]
async fn get_chat_has_what_strict_clients_want() {
    let lab = Lab::start().await;
    let group = lab.call("getChat", json!({ "chat_id": GROUP })).await.ok();
    assert_eq!(group["title"], "Backbone");
    assert!(group["accepted_gift_types"].is_object());
    assert!(group["max_reaction_count"].is_i64());
    assert_eq!(group["permissions"]["can_send_messages"], true);
    let person = lab.call("getChat", json!({ "chat_id": ANA })).await.ok();
    assert_eq!(person["type"], "private");
    lab.call(
        "setChatTitle",
        json!({ "chat_id": GROUP, "title": "Dorsale" }),
    )
    .await
    .ok();
    lab.call(
        "setChatDescription",
        json!({ "chat_id": GROUP, "description": "d" }),
    )
    .await
    .ok();
    let group = lab.call("getChat", json!({ "chat_id": GROUP })).await.ok();
    assert_eq!(
        (&group["title"], &group["description"]),
        (&json!("Dorsale"), &json!("d"))
    );
}

#[tokio::test]
async fn members_wear_tags() {
    let lab = Lab::start().await;
    let tag = json!({ "chat_id": GROUP, "user_id": ANA, "tag": "ref. Joigny" });
    lab.call("setChatMemberTag", tag).await.ok();
    let member = lab
        .call("getChatMember", json!({ "chat_id": GROUP, "user_id": ANA }))
        .await
        .ok();
    assert_eq!(
        (&member["status"], &member["tag"]),
        (&json!("member"), &json!("ref. Joigny"))
    );
    let of = |user: i64, tag: &str| json!({ "chat_id": GROUP, "user_id": user, "tag": tag });
    lab.refuses(&[
        (
            "setChatMemberTag",
            of(ANA, "plus de seize lettres"),
            400,
            "Bad Request: TAG_INVALID",
        ),
        (
            "setChatMemberTag",
            of(BRUNO, "x"),
            400,
            "Bad Request: user is an administrator of the chat",
        ),
        (
            "setChatMemberTag",
            of(ZOE, "x"),
            400,
            "Bad Request: USER_NOT_PARTICIPANT",
        ),
    ])
    .await;
}
