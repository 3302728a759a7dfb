//! What the emulated world is made of.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio::sync::{Notify, oneshot};

/// The account shown for administrators who hide behind their group.
pub(crate) const ANONYMOUS_ID: i64 = 1_087_968_824;

/// Identifies a chat: private chats exist once per bot, others have bot 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Key {
    pub id: i64,
    pub bot: i64,
}

impl Key {
    pub fn shared(id: i64) -> Self {
        Self { id, bot: 0 }
    }

    pub fn private(user: i64, bot: i64) -> Self {
        Self { id: user, bot }
    }

    pub fn is_private(self) -> bool {
        self.bot != 0
    }
}

/// A person or a bot's account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct User {
    pub id: i64,
    pub is_bot: bool,
    pub first_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language_code: Option<String>,
    #[serde(default)]
    pub deactivated: bool,
}

/// A bot and its state at the server.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Bot {
    pub id: i64,
    pub secret: String,
    pub reads_all: bool,
    pub next_update: i64,
    /// `None`: everything but the three kinds that must be asked for.
    pub allowed: Option<Vec<String>>,
    pub webhook: Option<Webhook>,
    #[serde(default)]
    pub commands: BTreeMap<String, Value>,
    #[serde(default)]
    pub menu: BTreeMap<i64, Value>,
    #[serde(default)]
    pub texts: BTreeMap<String, String>,
    #[serde(skip)]
    pub updates: VecDeque<Update>,
    #[serde(skip)]
    pub poll: PollState,
    #[serde(skip)]
    pub wake: Arc<Notify>,
}

/// State of long polling of one bot.
#[derive(Debug, Default)]
pub(crate) struct PollState {
    /// Changes with each new poll; an older poll that sees it change ends.
    pub turn: u64,
    /// Why the older poll must end.
    pub ended_by: &'static str,
    pub last_offset: Option<i64>,
    pub last_start: Option<std::time::Instant>,
    pub last_set_webhook: Option<std::time::Instant>,
}

/// One waiting update.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Update {
    pub id: i64,
    pub kind: String,
    pub date: i64,
    /// Chat or person it is ordered by.
    pub queue: i64,
    pub value: Value,
}

/// A webhook as set by the bot.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Webhook {
    pub url: String,
    pub secret: Option<String>,
    pub max_connections: i64,
    pub ip_address: Option<String>,
    pub has_certificate: bool,
    pub last_error_date: Option<i64>,
    pub last_error_message: Option<String>,
    /// Distinguishes a webhook from the one it replaced.
    #[serde(default)]
    pub generation: u64,
}

/// Kind of a chat, by its Bot API name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Private,
    Group,
    Supergroup,
    Channel,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Group => "group",
            Self::Supergroup => "supergroup",
            Self::Channel => "channel",
        }
    }
}

/// Someone's place in a chat.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Member {
    pub status: String,
    #[serde(default)]
    pub rights: Map<String, Value>,
    #[serde(default)]
    pub until_date: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_title: Option<String>,
    /// A label of an ordinary member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
}

impl Member {
    pub fn new(status: &str) -> Self {
        Self {
            status: status.to_owned(),
            ..Self::default()
        }
    }

    pub fn is_admin(&self) -> bool {
        matches!(self.status.as_str(), "creator" | "administrator")
    }

    /// Present in the chat and receiving its messages.
    pub fn is_in(&self) -> bool {
        self.is_admin()
            || self.status == "member"
            || (self.status == "restricted"
                && self.rights.get("is_member") != Some(&Value::Bool(false)))
    }

    /// An administrator's right; creators have them all.
    pub fn can(&self, right: &str) -> bool {
        self.status == "creator"
            || (self.status == "administrator"
                && self.rights.get(right) == Some(&Value::Bool(true)))
    }
}

/// A forum topic.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Topic {
    pub name: String,
    pub icon_color: i64,
    pub icon: Option<String>,
    pub closed: bool,
    pub deleted: bool,
}

/// An invite link.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Invite {
    pub creator: i64,
    pub name: Option<String>,
    pub join_request: bool,
    pub primary: bool,
    pub revoked: bool,
    pub expire_date: Option<i64>,
    pub member_limit: Option<i64>,
    pub joined: i64,
}

/// A chat of any kind.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Chat {
    pub key: Key,
    pub kind: Kind,
    pub title: String,
    pub username: Option<String>,
    pub description: Option<String>,
    pub is_forum: bool,
    pub members: BTreeMap<i64, Member>,
    pub next_message: i64,
    pub migrated_to: Option<i64>,
    pub migrated_from: Option<i64>,
    pub pinned: Vec<i64>,
    pub topics: BTreeMap<i64, Topic>,
    pub general_closed: bool,
    pub general_hidden: bool,
    pub invites: BTreeMap<String, Invite>,
    pub requests: BTreeMap<i64, Option<String>>,
    pub anonymous: BTreeSet<i64>,
    pub permissions: Map<String, Value>,
    /// Private chats: the person wrote to the bot at least once.
    pub started: bool,
    /// Private chats: the person blocked the bot.
    pub blocked: bool,
    /// Private chats: the bot may write until then because of a join request.
    #[serde(default)]
    pub writable_until: i64,
    pub last_bot: Option<i64>,
    pub hidden_members: bool,
    pub photo: Option<Value>,
    #[serde(skip)]
    pub messages: BTreeMap<i64, Message>,
}

/// An earlier text of a message.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Edit {
    pub date: i64,
    pub text: String,
}

/// A message.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Message {
    pub id: i64,
    pub date: i64,
    /// Who is shown as sender; 0 for channel posts.
    pub from: i64,
    /// Who really wrote it.
    pub author: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edit_date: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_chat: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<i64>,
    #[serde(default)]
    pub topic: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<i64>,
    /// Content fields with their Bot API names.
    pub body: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub markup: Option<Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edit>,
    #[serde(default)]
    pub deleted: bool,
    #[serde(default)]
    pub service: bool,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reactions: BTreeMap<i64, Vec<Value>>,
}

impl Message {
    /// Text or caption.
    pub fn text(&self) -> &str {
        ["text", "caption"]
            .iter()
            .find_map(|f| self.body.get(*f).and_then(Value::as_str))
            .unwrap_or("")
    }
}

/// A stored file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StoredFile {
    pub id: String,
    pub unique: String,
    pub path: String,
    pub name: String,
    pub mime: String,
    pub size: usize,
    /// Width and height of a picture.
    #[serde(default)]
    pub pixels: Option<(u32, u32)>,
    /// Empty once the content lies on disk.
    #[serde(skip)]
    pub bytes: Bytes,
}

/// A press of a button that waits for its answer.
#[derive(Debug)]
pub(crate) struct Query {
    pub bot: i64,
    pub date: i64,
    pub key: Key,
    pub answered: bool,
    pub waiter: Option<oneshot::Sender<Answer>>,
}

/// A bot's answer to a press.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    pub text: Option<String>,
    pub alert: bool,
    pub url: Option<String>,
}

/// A poll and its votes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Poll {
    pub id: String,
    pub bot: i64,
    pub key: Key,
    pub message: i64,
    pub value: Value,
    pub votes: BTreeMap<i64, Vec<usize>>,
}
