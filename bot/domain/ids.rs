//! Names of things. Each is a type of its own, so that a chat is never taken for a person.

use serde::{Deserialize, Serialize};

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number_id! {
    /// A conversation: a group, or a person's private chat.
    ChatId
}
number_id! {
    /// An account of a person on the messenger. Which member it speaks for is in the record.
    AccountId
}
number_id! {
    /// A message of a conversation.
    MessageId
}
number_id! {
    /// A topic of a conversation that has topics.
    ThreadId
}
number_id! {
    /// A card: one message about one or several causes, edited while they change.
    CardId
}
number_id! {
    /// A ticket, by its number: one after the other, without gaps.
    TicketId
}

text_id! {
    /// A piece of equipment: a short name of lower-case letters, digits and dashes, never reused.
    EquipmentId
}
text_id! {
    /// A sector of the network, by its short name.
    SectorId
}
text_id! {
    /// A site (church, water tower, silo), by its short name.
    SiteId
}
text_id! {
    /// A member's number in the cooperative's record.
    MemberId
}
text_id! {
    /// A source of alerts: one monitoring instance, by the name in its hook address.
    SourceId
}
text_id! {
    /// A source's own name for an alert, stable while the alert lasts.
    Fingerprint
}

/// Where to write: a conversation, and a topic where it has topics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The conversation.
    pub chat: ChatId,
    /// The topic; `None` is the general one.
    pub thread: Option<ThreadId>,
}

impl From<ChatId> for Place {
    fn from(chat: ChatId) -> Self {
        Self { chat, thread: None }
    }
}

/// Language of a reader.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// French, the reference.
    #[default]
    Fr,
    /// English.
    En,
}

impl Lang {
    /// Reads an IETF tag such as `fr-FR`; anything that is not French gets English.
    #[must_use]
    pub fn from_tag(tag: Option<&str>) -> Self {
        match tag {
            Some(tag) if !tag.to_ascii_lowercase().starts_with("fr") => Self::En,
            _ => Self::Fr,
        }
    }
}
