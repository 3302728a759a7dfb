//! What a failed call means for us.
//!
//! The messenger documents neither codes nor texts, and a text may change; so a known text
//! decides, else the code does.

use vigie_domain::ChatId;

use super::client::CallError;
use crate::app::outbox::BrokenBy;

/// A wait above this is told to the operators.
pub const LONG_WAIT_S: u64 = 60;
/// The wait after "too many requests" that names no seconds.
const UNNAMED_WAIT_S: u64 = 5;

/// What a failure means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judged {
    /// It is as we wanted it already.
    Done,
    /// Nothing came of it; the same again in a while.
    Transient,
    /// Nothing was sent.
    NotReached,
    /// Too many: exactly so many seconds.
    Flood(u64),
    /// The message to edit is gone.
    MessageGone,
    /// The message to reply to is gone.
    ReplyGone,
    /// The topic is gone.
    TopicGone,
    /// The topic is closed.
    TopicClosed,
    /// The group has another number.
    Moved(ChatId),
    /// Nothing can be written there.
    Broken(BrokenBy),
    /// The press is too old.
    TooLate,
    /// The formatting was refused: the same as plain text.
    Plain,
    /// Somebody else receives our updates.
    Conflict,
    /// The token is not valid.
    Token,
    /// A fault of ours, or something that waiting does not change.
    Refused,
    /// It may have arrived.
    Unknown,
}

/// Texts in lower case, the narrower before the wider.
const KNOWN: &[(&str, Judged)] = &[
    ("message is not modified", Judged::Done),
    ("user_already_participant", Judged::Done),
    ("hide_requester_missing", Judged::Done),
    (
        "bot was blocked by the user",
        Judged::Broken(BrokenBy::Blocked),
    ),
    ("user is deactivated", Judged::Broken(BrokenBy::Blocked)),
    (
        "can't initiate conversation",
        Judged::Broken(BrokenBy::NeverStarted),
    ),
    (
        "can't send messages to bots",
        Judged::Broken(BrokenBy::NeverStarted),
    ),
    ("bot was kicked", Judged::Broken(BrokenBy::Removed)),
    ("bot is not a member", Judged::Broken(BrokenBy::Removed)),
    ("group chat was deleted", Judged::Broken(BrokenBy::Removed)),
    ("group is deactivated", Judged::Broken(BrokenBy::Removed)),
    ("chat not found", Judged::Broken(BrokenBy::NotFound)),
    ("peer_id_invalid", Judged::Broken(BrokenBy::NotFound)),
    ("not enough rights", Judged::Broken(BrokenBy::NoRights)),
    ("have no rights to send", Judged::Broken(BrokenBy::NoRights)),
    ("chat_write_forbidden", Judged::Broken(BrokenBy::NoRights)),
    (
        "chat_send_plain_forbidden",
        Judged::Broken(BrokenBy::NoRights),
    ),
    ("chat_restricted", Judged::Broken(BrokenBy::NoRights)),
    ("chat_admin_required", Judged::Broken(BrokenBy::NoRights)),
    (
        "need administrator rights",
        Judged::Broken(BrokenBy::NoRights),
    ),
    ("message thread not found", Judged::TopicGone),
    ("topic_closed", Judged::TopicClosed),
    ("topic_not_modified", Judged::Done),
    ("topic_deleted", Judged::TopicGone),
    ("topic_id_invalid", Judged::TopicGone),
    ("query is too old", Judged::TooLate),
    ("query id is invalid", Judged::TooLate),
    ("query_id_invalid", Judged::TooLate),
    ("message to edit not found", Judged::MessageGone),
    ("message can't be edited", Judged::MessageGone),
    ("message_id_invalid", Judged::MessageGone),
    ("no text in the message to edit", Judged::MessageGone),
    ("message to be replied not found", Judged::ReplyGone),
    ("reply message not found", Judged::ReplyGone),
    ("replied message not found", Judged::ReplyGone),
    ("can't parse entities", Judged::Plain),
    ("entity_", Judged::Plain),
    ("entities_too_long", Judged::Plain),
    ("method not found", Judged::Refused),
];

/// Judges a failure.
#[must_use]
pub fn judge(error: &CallError) -> Judged {
    let (code, description, retry_after, moved_to) = match error {
        CallError::NotReached(_) => return Judged::NotReached,
        CallError::Lost(_) => return Judged::Unknown,
        CallError::NotAnAnswer(_) => return Judged::Transient,
        CallError::Refused {
            code,
            description,
            retry_after,
            moved_to,
        } => (*code, description.to_lowercase(), *retry_after, *moved_to),
    };
    if let Some(new) = moved_to {
        return Judged::Moved(ChatId(new));
    }
    if code == 429 || retry_after.is_some() || description.contains("too many requests") {
        let named = retry_after.or_else(|| seconds_in(&description));
        return Judged::Flood(named.unwrap_or(UNNAMED_WAIT_S));
    }
    for (text, judged) in KNOWN {
        if description.contains(text) {
            return judged.clone();
        }
    }
    match code {
        401 => Judged::Token,
        404 if description.trim() == "not found" => Judged::Token,
        403 => Judged::Broken(BrokenBy::NoRights),
        409 => Judged::Conflict,
        500.. => Judged::Transient,
        _ => Judged::Refused,
    }
}

/// The number at the end of "retry after 26".
fn seconds_in(description: &str) -> Option<u64> {
    description
        .rsplit_once("retry after ")
        .and_then(|(_, rest)| rest.split(' ').next()?.parse().ok())
}

impl Judged {
    /// A word for the counters.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Done => "not_modified",
            Self::Transient => "server",
            Self::NotReached => "network",
            Self::Flood(_) => "flood",
            Self::MessageGone => "message_gone",
            Self::ReplyGone => "reply_gone",
            Self::TopicGone => "topic_gone",
            Self::TopicClosed => "topic_closed",
            Self::Moved(_) => "moved",
            Self::Broken(BrokenBy::Blocked) => "blocked",
            Self::Broken(BrokenBy::NeverStarted) => "never_started",
            Self::Broken(BrokenBy::Removed) => "removed",
            Self::Broken(BrokenBy::NotFound) => "chat_not_found",
            Self::Broken(BrokenBy::NoRights) => "no_rights",
            Self::TooLate => "too_late",
            Self::Plain => "formatting",
            Self::Conflict => "conflict",
            Self::Token => "token",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: u16, description: &str) -> CallError {
        CallError::Refused {
            code,
            description: description.to_owned(),
            retry_after: None,
            moved_to: None,
        }
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn every_known_refusal_has_its_meaning() {
        use BrokenBy::{Blocked, NeverStarted, NoRights, NotFound, Removed};
        let rows: &[(u16, &str, Judged)] = &[
            (
                403,
                "Forbidden: bot was blocked by the user",
                Judged::Broken(Blocked),
            ),
            (
                403,
                "Forbidden: user is deactivated",
                Judged::Broken(Blocked),
            ),
            (
                403,
                "Forbidden: bot was kicked from the group chat",
                Judged::Broken(Removed),
            ),
            (
                403,
                "Forbidden: the group chat was deleted",
                Judged::Broken(Removed),
            ),
            (
                403,
                "Forbidden: bot was kicked from the supergroup chat",
                Judged::Broken(Removed),
            ),
            (
                403,
                "Forbidden: bot was kicked from the channel chat",
                Judged::Broken(Removed),
            ),
            (
                403,
                "Forbidden: bot is not a member of the supergroup chat",
                Judged::Broken(Removed),
            ),
            (
                403,
                "Forbidden: bot is not a member of the channel chat",
                Judged::Broken(Removed),
            ),
            (
                401,
                "Unauthorized: bot was kicked from a chat",
                Judged::Broken(Removed),
            ),
            (
                400,
                "Bad Request: group is deactivated",
                Judged::Broken(Removed),
            ),
            (
                403,
                "Forbidden: bot can't initiate conversation with a user",
                Judged::Broken(NeverStarted),
            ),
            (
                403,
                "Forbidden: bot can't send messages to bots",
                Judged::Broken(NeverStarted),
            ),
            (400, "Bad Request: chat not found", Judged::Broken(NotFound)),
            (
                400,
                "Bad Request: PEER_ID_INVALID",
                Judged::Broken(NotFound),
            ),
            (
                400,
                "Bad Request: message thread not found",
                Judged::TopicGone,
            ),
            (400, "Bad Request: TOPIC_CLOSED", Judged::TopicClosed),
            (400, "Bad Request: TOPIC_NOT_MODIFIED", Judged::Done),
            (400, "Bad Request: TOPIC_DELETED", Judged::TopicGone),
            (
                400,
                "Bad Request: query is too old and response timeout expired or query ID is invalid",
                Judged::TooLate,
            ),
            (400, "Bad Request: QUERY_ID_INVALID", Judged::TooLate),
            (
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
                Judged::Done,
            ),
            (400, "Bad Request: message is not modified", Judged::Done),
            (
                400,
                "Bad Request: message to edit not found",
                Judged::MessageGone,
            ),
            (
                400,
                "Bad Request: message can't be edited",
                Judged::MessageGone,
            ),
            (400, "Bad Request: MESSAGE_ID_INVALID", Judged::MessageGone),
            (
                400,
                "Bad Request: message to be replied not found",
                Judged::ReplyGone,
            ),
            (
                400,
                "Bad Request: reply message not found",
                Judged::ReplyGone,
            ),
            (
                400,
                "Bad Request: message can't be deleted for everyone",
                Judged::Refused,
            ),
            (400, "Bad Request: message is too long", Judged::Refused),
            (400, "Bad Request: MESSAGE_TOO_LONG", Judged::Refused),
            (
                400,
                "Bad Request: can't parse entities: Can't find end of the entity starting at byte offset 43",
                Judged::Plain,
            ),
            (400, "Bad Request: ENTITY_BOUNDS_INVALID", Judged::Plain),
            (400, "Bad Request: BUTTON_DATA_INVALID", Judged::Refused),
            (
                400,
                "Bad Request: not enough rights to send text messages to the chat",
                Judged::Broken(NoRights),
            ),
            (
                400,
                "Bad Request: CHAT_WRITE_FORBIDDEN",
                Judged::Broken(NoRights),
            ),
            (
                400,
                "Bad Request: have no rights to send a message",
                Judged::Broken(NoRights),
            ),
            (
                400,
                "Bad Request: need administrator rights in the channel chat",
                Judged::Broken(NoRights),
            ),
            (
                403,
                "Forbidden: some text of a later year",
                Judged::Broken(NoRights),
            ),
            (400, "Bad Request: USER_ALREADY_PARTICIPANT", Judged::Done),
            (400, "Bad Request: HIDE_REQUESTER_MISSING", Judged::Done),
            (
                400,
                "Bad Request: user is an administrator of the chat",
                Judged::Refused,
            ),
            (400, "Bad Request: REACTION_INVALID", Judged::Refused),
            (400, "Bad Request: file is too big", Judged::Refused),
            (
                400,
                "Bad Request: wrong file identifier/HTTP URL specified",
                Judged::Refused,
            ),
            (
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
                Judged::Conflict,
            ),
            (
                409,
                "Conflict: terminated by setWebhook request",
                Judged::Conflict,
            ),
            (
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                Judged::Conflict,
            ),
            (401, "Unauthorized", Judged::Token),
            (404, "Not Found", Judged::Token),
            (404, "Not Found: method not found", Judged::Refused),
            (429, "Too Many Requests: retry after 26", Judged::Flood(26)),
            (429, "Too Many Requests", Judged::Flood(UNNAMED_WAIT_S)),
            (500, "Internal Server Error", Judged::Transient),
            (502, "Bad Gateway", Judged::Transient),
        ];
        for (code, description, wanted) in rows {
            assert_eq!(
                &judge(&refused(*code, description)),
                wanted,
                "{description}"
            );
        }
    }

    #[test]
    fn parameters_decide_before_words() {
        let flood = CallError::Refused {
            code: 429,
            description: "Too Many Requests: retry after 3".to_owned(),
            retry_after: Some(12_966),
            moved_to: None,
        };
        assert_eq!(judge(&flood), Judged::Flood(12_966));
        let moved = CallError::Refused {
            code: 400,
            description: "Bad Request: group chat was upgraded to a supergroup chat".to_owned(),
            retry_after: None,
            moved_to: Some(-1_001_557_912_345),
        };
        assert_eq!(judge(&moved), Judged::Moved(ChatId(-1_001_557_912_345)));
    }

    #[test]
    fn what_was_not_sent_is_told_from_what_may_have_arrived() {
        assert_eq!(
            judge(&CallError::NotReached(String::new())),
            Judged::NotReached
        );
        assert_eq!(judge(&CallError::Lost(String::new())), Judged::Unknown);
        assert_eq!(judge(&CallError::NotAnAnswer(502)), Judged::Transient);
    }
}
