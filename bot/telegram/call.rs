//! What is done in a conversation that is no message of ours.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;

use super::client::{Api, CallError};
use crate::app::joining::Call;

#[derive(Deserialize)]
struct Link {
    invite_link: String,
}

/// Makes the call; returned is the link, where one was asked for.
pub(super) async fn make(api: &Api, chat: i64, what: &Call) -> Result<Option<String>, CallError> {
    let (method, payload) = match what {
        Call::Link { name, until, .. } => {
            let payload = json!({
                "chat_id": chat,
                "name": name,
                "creates_join_request": true,
                "expire_date": until.map_or(0, |until| until.timestamp()),
            });
            let link: Link = api.call("createChatInviteLink", &payload).await?;
            return Ok(Some(link.invite_link));
        }
        Call::Admit(account) => (
            "approveChatJoinRequest",
            json!({"chat_id": chat, "user_id": account}),
        ),
        Call::Decline(account) => (
            "declineChatJoinRequest",
            json!({"chat_id": chat, "user_id": account}),
        ),
        Call::Ban(account) => (
            "banChatMember",
            json!({"chat_id": chat, "user_id": account}),
        ),
        // Without a ban before it this removes, and lets return.
        Call::Remove(account) => (
            "unbanChatMember",
            json!({"chat_id": chat, "user_id": account}),
        ),
        Call::Unban(account) => (
            "unbanChatMember",
            json!({"chat_id": chat, "user_id": account, "only_if_banned": true}),
        ),
        Call::Tag { account, tag } => (
            "setChatMemberTag",
            json!({"chat_id": chat, "user_id": account, "tag": tag}),
        ),
        Call::Document { file, caption } => (
            "sendDocument",
            json!({"chat_id": chat, "document": file, "caption": caption}),
        ),
    };
    api.call::<IgnoredAny>(method, &payload).await.map(|_| None)
}
