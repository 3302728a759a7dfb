//! What is stored about joining.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::vouching::Word;
use vigie_domain::{AccountId, ChatId, Lang, MemberId, MessageId, SectorId};
use vigie_store::Key;

use crate::app::event::{May, Person};

/// Somebody asked to be let into a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Request {
    pub chat: ChatId,
    pub account: AccountId,
    /// Name as the messenger shows it.
    pub name: String,
    pub lang: Lang,
    /// Where they can be written to.
    pub private: ChatId,
    /// Whose invitation they used.
    pub invited_by: Option<AccountId>,
    pub asked_at: DateTime<Utc>,
    pub state: State,
    /// What it waits for.
    pub waits: Waits,
    /// What people said about them.
    pub words: Vec<Given>,
    /// Who was asked.
    pub asked: Vec<AccountId>,
    /// It came in a wave: nobody is asked until somebody has looked.
    pub wave: bool,
    /// They are in the group, and a word that let them in was taken back.
    #[serde(default)]
    pub inside: bool,
}

impl Request {
    pub(super) fn person(&self) -> Person {
        Person {
            account: self.account,
            first_name: self.name.clone(),
            lang: self.lang,
        }
    }
}

/// How a request stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum State {
    /// Nobody has decided.
    Open,
    /// They are let in.
    Admitted {
        /// By what.
        by: By,
        /// When.
        at: DateTime<Utc>,
    },
    /// They are not.
    Refused {
        /// By what.
        by: By,
        /// When.
        at: DateTime<Utc>,
    },
}

/// What decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum By {
    /// The policy of the kind of group.
    Rule,
    /// The words of people who know them.
    Words,
    /// Somebody who decides.
    Officer(AccountId),
    /// An administrator of the group, on the messenger.
    Hand,
    /// Nobody answered for days.
    Silence,
    /// They had been removed from every group.
    Removal,
}

/// What a request waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Waits {
    /// Their proof of which record is theirs.
    Proof,
    /// So many words, or somebody who decides.
    Words(u8),
    /// Somebody who decides.
    Officers,
}

/// A word about somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Given {
    pub by: AccountId,
    pub name: String,
    pub word: Word,
    pub at: DateTime<Utc>,
}

/// An open request, in the list of those.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct OpenSince {
    pub at: DateTime<Utc>,
    /// It came in a wave.
    pub wave: bool,
}

/// Somebody in a group, now or before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PlaceOf {
    /// Since when, as far as we saw.
    pub since: Option<DateTime<Utc>>,
    /// Since when no more.
    pub gone: Option<DateTime<Utc>>,
    /// Whose words let them in.
    pub words: Vec<Given>,
    /// When they were welcomed.
    pub welcomed: Option<DateTime<Utc>>,
    /// We removed them for good.
    pub banned: bool,
}

impl PlaceOf {
    pub(super) const fn is_in(&self) -> bool {
        self.since.is_some() && self.gone.is_none()
    }
}

/// Somebody is in a group, in the list of the group.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct InGroup;

/// What somebody did and was asked as one who gives their word.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct VoucherOf {
    pub words: Vec<DateTime<Utc>>,
    pub cards: Vec<DateTime<Utc>>,
    pub barred_until: Option<DateTime<Utc>>,
}

/// Somebody is removed from every group, or shall be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Removal {
    pub account: AccountId,
    pub name: String,
    pub reason: String,
    pub by: AccountId,
    pub at: DateTime<Utc>,
    /// Who confirmed it.
    pub second: Option<AccountId>,
    /// When they appealed.
    pub appeal: Option<DateTime<Utc>>,
    /// It is no removal but the end of this membership, which can be appealed, too.
    #[serde(default)]
    pub member: Option<MemberId>,
}

/// A link into a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LinkOf {
    pub url: String,
    pub until: Option<DateTime<Utc>>,
    /// People who asked by it.
    pub asked: u32,
    /// People who came in by it.
    pub came: u32,
}

/// The line about who waits, in one conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Door {
    pub message: Option<MessageId>,
    pub shown_at: Option<DateTime<Utc>>,
    /// Nobody waited when it was last shown.
    pub quiet: bool,
    /// Key of its button, and since when that is there.
    pub button: Option<(String, DateTime<Utc>)>,
}

/// Requests that came lately.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Wave {
    pub since: DateTime<Utc>,
    pub count: u32,
}

/// What we may do in a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MayIn {
    pub may: May,
    /// That we may not let people in was told.
    pub told: bool,
}

/// A new group that somebody asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Founding {
    pub kind: String,
    pub sector: Option<SectorId>,
    pub why: String,
    /// Who will look after it, in the words of who asked.
    #[serde(default)]
    pub keepers: String,
    pub by: AccountId,
    pub name: String,
    pub lang: Lang,
    pub at: DateTime<Utc>,
    pub approved: Option<AccountId>,
    /// The group, once it is there.
    pub chat: Option<ChatId>,
    /// It was announced.
    pub done: bool,
}

/// What newcomers of a kind of group are given to read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pack {
    pub text: Option<String>,
    /// Documents, by the messenger's names.
    pub files: Vec<(String, String)>,
}

/// The messenger knows no labels of members.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct NoTags;

crate::record_v1!(
    Request, OpenSince, PlaceOf, InGroup, VoucherOf, Removal, LinkOf, Door, Wave, MayIn, Founding,
    Pack, NoTags
);

/// A step of something about joining that comes at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Those who were asked about a request are reminded.
    Remind(ChatId, AccountId, DateTime<Utc>),
    /// Administrators are told that nobody decides.
    Escalate(ChatId, AccountId, DateTime<Utc>),
    /// Silence is a refusal.
    Silence(ChatId, AccountId, DateTime<Utc>),
    /// The next requests of a wave are refused.
    Wave(ChatId, Person),
    /// The next groups of somebody who was removed, or whose record ended.
    Groups(AccountId, ChatId),
    /// The record of an account changed.
    Record(AccountId),
    /// The proposal of a group is dropped.
    Founding(String),
}

impl Step {
    /// What tells it from others of the same time.
    pub(in crate::app) fn subject(&self) -> String {
        match self {
            Self::Remind(chat, account, _) => format!("remind:{chat}:{account}"),
            Self::Escalate(chat, account, _) => format!("escalate:{chat}:{account}"),
            Self::Silence(chat, account, _) => format!("silence:{chat}:{account}"),
            Self::Wave(chat, _) => format!("wave:{chat}"),
            Self::Groups(account, _) => format!("groups:{account}"),
            Self::Record(account) => format!("record:{account}"),
            Self::Founding(token) => format!("founding:{token}"),
        }
    }
}

/// What a button about joining does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wish {
    /// A word about somebody who asks.
    Word(ChatId, AccountId, Word),
    /// A word is taken back.
    TakeBack(ChatId, AccountId),
    /// Shows in private who waits.
    Requests,
    /// Lets somebody in, or not.
    Decide(ChatId, AccountId, bool),
    /// Asks whether a whole wave is refused.
    RefuseWave(ChatId),
    /// Refuses a whole wave.
    RefuseWaveNow(ChatId),
    /// A link into a group, to ask to be let in.
    Join(ChatId),
    /// A link to invite people into a group.
    Invite(ChatId),
    /// What another person asked for is confirmed, or refused.
    Second(u64, bool),
    /// What one asked for is taken back.
    Withdraw(u64),
    /// They ask to be heard.
    Appeal,
    /// They may return.
    Readmit(AccountId),
    /// A new group may be, or not.
    Found(String, bool),
    /// A new group is for them.
    FoundWhat(super::Whom),
    /// A new group is asked for as told.
    FoundSend,
    /// What was told of it is asked anew.
    FoundAgain,
    /// How far a new group is.
    FoundWhere(String),
}

pub(super) fn request(chat: ChatId, account: AccountId) -> Key {
    Key::of("jr/").i64(chat.0).i64(account.0).end()
}

/// Requests of one account begin here, by group.
pub(super) fn request_by(account: AccountId, chat: ChatId) -> Key {
    Key::of("ja/").i64(account.0).i64(chat.0).end()
}

pub(super) fn requests_by(account: AccountId) -> Key {
    Key::of("ja/").i64(account.0).end()
}

pub(super) fn open(chat: ChatId, account: AccountId) -> Key {
    Key::of("jo/").i64(chat.0).i64(account.0).end()
}

pub(super) fn open_in(chat: ChatId) -> Key {
    Key::of("jo/").i64(chat.0).end()
}

pub(super) fn all_open() -> Key {
    Key::of("jo/").end()
}

pub(super) fn place(account: AccountId, chat: ChatId) -> Key {
    Key::of("jp/").i64(account.0).i64(chat.0).end()
}

pub(super) fn places(account: AccountId) -> Key {
    Key::of("jp/").i64(account.0).end()
}

pub(super) fn in_group(chat: ChatId, account: AccountId) -> Key {
    Key::of("jg/").i64(chat.0).i64(account.0).end()
}

pub(super) fn all_in_group(chat: ChatId) -> Key {
    Key::of("jg/").i64(chat.0).end()
}

pub(super) fn voucher(account: AccountId) -> Key {
    Key::of("jv/").i64(account.0).end()
}

pub(super) fn removal(account: AccountId) -> Key {
    Key::of("jx/").i64(account.0).end()
}

pub(super) fn removals() -> Key {
    Key::of("jx/").end()
}

/// The link that everybody is shown.
pub(super) fn link(chat: ChatId) -> Key {
    Key::of("jl/").i64(chat.0).end()
}

/// The link of one person.
pub(super) fn link_of(account: AccountId, chat: ChatId) -> Key {
    Key::of("ji/").i64(account.0).i64(chat.0).end()
}

/// The links of one person, by group.
pub(super) fn links_of(account: AccountId) -> Key {
    Key::of("ji/").i64(account.0).end()
}

pub(super) fn door(chat: ChatId) -> Key {
    Key::of("jd/").i64(chat.0).end()
}

pub(super) fn outbox_door(chat: ChatId) -> Key {
    Key::of("od/").i64(chat.0).end()
}

/// Something to do in a group that waits for a right of ours.
pub(super) fn waiting_call(chat: ChatId, account: AccountId) -> Key {
    Key::of("ow/").i64(chat.0).i64(account.0).end()
}

pub(super) fn waiting_calls(chat: ChatId) -> Key {
    Key::of("ow/").i64(chat.0).end()
}

pub(super) fn wave(chat: ChatId) -> Key {
    Key::of("jw/").i64(chat.0).end()
}

/// When a newcomer was last greeted in a group.
pub(super) fn greeted(chat: ChatId) -> Key {
    Key::of("jh/").i64(chat.0).end()
}

pub(super) fn may_in(chat: ChatId) -> Key {
    Key::of("jm/").i64(chat.0).end()
}

pub(super) fn founding(token: &str) -> Key {
    Key::of("jn/").text(token).end()
}

pub(super) fn foundings() -> Key {
    Key::of("jn/").end()
}

pub(super) fn pack(kind: &str) -> Key {
    Key::of("jk/").text(kind).end()
}

pub(super) fn no_tags() -> Key {
    Key::of("sys/no-tags").end()
}

/// The two numbers that end a key.
pub(super) fn numbers(key: &Key) -> Option<(i64, i64)> {
    let bytes = key.as_bytes();
    let start = bytes.len().checked_sub(16)?;
    let number = |bytes: &[u8]| {
        let bytes = bytes.first_chunk::<8>()?;
        Some((u64::from_be_bytes(*bytes) ^ (1 << 63)).cast_signed())
    };
    let (first, second) = bytes.get(start..)?.split_at_checked(8)?;
    Some((number(first)?, number(second)?))
}
