//! What is done in a conversation that is no message of ours.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;

use super::client::{Api, CallError};
use crate::app::event::FileKind;
use crate::app::joining::Call;

#[derive(Deserialize)]
struct Link {
    invite_link: String,
}

/// How a file is sent: the method, the field that names it, and whether it takes words.
const fn sending(kind: FileKind) -> (&'static str, &'static str, bool) {
    match kind {
        FileKind::Photo => ("sendPhoto", "photo", true),
        FileKind::Voice => ("sendVoice", "voice", true),
        FileKind::Audio => ("sendAudio", "audio", true),
        FileKind::Video => ("sendVideo", "video", true),
        FileKind::VideoNote => ("sendVideoNote", "video_note", false),
        FileKind::Document => ("sendDocument", "document", true),
        FileKind::Animation => ("sendAnimation", "animation", true),
        FileKind::Sticker => ("sendSticker", "sticker", false),
    }
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
        Call::File {
            kind,
            file,
            caption,
        } => {
            let (method, field, words) = sending(*kind);
            let mut payload = json!({"chat_id": chat, field: file});
            if let (true, Some(fields)) = (words, payload.as_object_mut()) {
                fields.insert("caption".to_owned(), json!(caption));
            }
            (method, payload)
        }
        Call::Document { file, caption } => (
            "sendDocument",
            json!({"chat_id": chat, "document": file, "caption": caption}),
        ),
    };
    api.call::<IgnoredAny>(method, &payload).await.map(|_| None)
}
