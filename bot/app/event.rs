//! Everything that can happen to Vigie, in our own words, whoever told it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::alert::Alert;
use vigie_domain::{AccountId, ChatId, Lang, MessageId, Place, SourceId};
use vigie_store::Key;

/// Something that happened, and the inbox row that is done when it has been handled.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope {
    /// The row of the durable inbox that holds the input. It is removed (or marked done) in the
    /// same commit as the consequences; where it is gone already, the event was handled before.
    pub inbox: Option<Key>,
    /// When it reached us.
    pub at: DateTime<Utc>,
    /// What happened.
    pub event: Event,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A monitoring source told the state of alerts.
    Alerts {
        /// Which source.
        source: SourceId,
        /// The alerts, in the order of the source.
        alerts: Vec<Alert>,
        /// Alerts that the source left out of this message.
        left_out: u64,
    },
    /// Somebody wrote a command.
    Command(Command),
    /// Somebody wrote something else.
    Text {
        /// Who.
        from: Sender,
        /// Where, and which message.
        said: Said,
        /// What.
        text: String,
    },
    /// Somebody sent a picture, a voice message, a document or a place.
    File {
        /// Who.
        from: Sender,
        /// Where, and which message.
        said: Said,
        /// The file.
        file: Attachment,
        /// What they wrote with it; may be empty.
        text: String,
    },
    /// Somebody changed what they wrote.
    Edited {
        /// Who.
        from: Sender,
        /// Where, and which message.
        said: Said,
        /// What stands there now.
        text: String,
    },
    /// Somebody pressed a button.
    Tap(Tap),
    /// Our own place in a group changed, or was read at start-up.
    OurPlace(OurPlace),
    /// A group got another number (its title and settings stay).
    ChatMoved {
        /// Number until now.
        old: ChatId,
        /// Number from now on.
        new: ChatId,
    },
    /// Somebody asks to be let into a group.
    JoinRequest(JoinRequest),
    /// Somebody came into a group, or is in it no more.
    Moved(Moved),
    /// A group has a new title.
    Renamed {
        /// The group.
        chat: ChatId,
        /// Its title.
        title: String,
    },
    /// A person blocked us in private, or took that back.
    Blocked {
        /// The person's private chat.
        chat: ChatId,
        /// Whether writing there is impossible now.
        blocked: bool,
    },
    /// An input that needs nothing done, such as an unknown kind of update.
    Ignored {
        /// Why, for the log and the counters.
        reason: &'static str,
    },
}

/// Who wrote or pressed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sender {
    /// A person.
    Person(Person),
    /// Somebody who administrates this group and hides who: it proves nothing outside the group.
    AnonymousAdmin(ChatId),
    /// A channel, another bot, or a service account: not a person.
    NotAPerson,
}

impl Sender {
    /// The account, where a person wrote.
    #[must_use]
    pub const fn account(&self) -> Option<AccountId> {
        match self {
            Self::Person(person) => Some(person.account),
            Self::AnonymousAdmin(_) | Self::NotAPerson => None,
        }
    }
}

/// A person, as the messenger shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their account.
    pub account: AccountId,
    /// First name, cleaned.
    pub first_name: String,
    /// Their language.
    pub lang: Lang,
}

/// Where something was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Conversation and topic.
    pub place: Place,
    /// The message.
    pub message: MessageId,
    /// Whether it is the person's private chat with us.
    pub private: bool,
    /// The message that it answers.
    #[serde(default)]
    pub reply_to: Option<MessageId>,
}

/// A file that somebody sent, as the messenger keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// What kind of file.
    pub kind: FileKind,
    /// The messenger's name for it, by which we can get it or send it on.
    pub file: String,
    /// The name that its sender gave it; cleaned, and never used as a path.
    pub name: Option<String>,
    /// Its size in bytes, as far as the messenger tells.
    pub size: u64,
    /// The album that it belongs to.
    pub album: Option<String>,
}

/// What kind of file somebody sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// A picture.
    Photo,
    /// A voice message.
    Voice,
    /// Sound.
    Audio,
    /// A video.
    Video,
    /// A round video.
    VideoNote,
    /// Any other file.
    Document,
    /// A moving picture.
    Animation,
    /// A sticker.
    Sticker,
}

/// A command, such as `/etat joigny`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Who.
    pub from: Sender,
    /// Where.
    pub said: Said,
    /// Lower-case name without slash and without our name: `etat`.
    pub name: String,
    /// The rest of the message, trimmed.
    pub args: String,
    /// Whether it was addressed to us by name (`/etat@vigie_bot`) or in private.
    pub to_us: bool,
    /// The messenger's name for the document whose caption it is.
    pub file: Option<String>,
    /// The file whose caption it is, of any kind.
    pub attachment: Option<Attachment>,
}

/// A press on a button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tap {
    /// Who.
    pub from: Person,
    /// The messenger's name for this press; the answer needs it.
    pub query: String,
    /// The opaque key of the button, as received: anything may stand there.
    pub key: String,
    /// The message that carried the button, if it can still be seen.
    pub on: Option<(ChatId, MessageId)>,
}

/// What we are and may do in a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OurPlace {
    /// The group.
    pub chat: ChatId,
    /// Its title.
    pub title: String,
    /// What we can do there.
    pub standing: Standing,
    /// Who changed it, where somebody did.
    pub by: Option<Person>,
    /// What we may do to people there.
    pub may: May,
}

/// What we may do to people in a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct May {
    /// Let people in, and make links.
    pub invite: bool,
    /// Remove people.
    pub remove: bool,
    /// Pin messages.
    pub pin: bool,
}

/// Somebody asks to be let into a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinRequest {
    /// The group.
    pub chat: ChatId,
    /// Who asks.
    pub from: Person,
    /// Where they can be written to for a few minutes, whether they ever wrote to us or not.
    pub private: ChatId,
    /// The name that we gave the link they used.
    pub link: Option<String>,
}

/// Somebody came into a group, or is in it no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The group.
    pub chat: ChatId,
    /// Who.
    pub who: Person,
    /// Whether they are in it now.
    pub inside: bool,
    /// Whether they may not return.
    pub banned: bool,
    /// Whether it was their own doing.
    pub own: bool,
}

/// What we can do in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// We are in it and may write. `admin`: we have administrator rights and see every message.
    In {
        /// Whether we are an administrator of the group.
        admin: bool,
    },
    /// We are in it but may not write.
    Silenced,
    /// We are not in it.
    Out,
}
