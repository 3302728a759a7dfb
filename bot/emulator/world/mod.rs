//! The emulated world: people, bots, chats, messages, and who sees what.

mod members;
mod migrate;
mod model;
mod pins;
mod post;
mod records;
mod render;
mod topics;
mod updates;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Map;
use tokio::sync::Notify;

use crate::events::Events;

pub(crate) use members::{ADMIN_RIGHTS, SEND_RIGHTS, all_rights};
pub(crate) use model::*;
pub(crate) use post::Draft;
pub(crate) use records::{Record, Records};
pub(crate) use updates::UPDATE_KINDS;

/// Last identifiers given.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Counters {
    pub user: i64,
    pub group: i64,
    pub supergroup: i64,
    pub other: i64,
}

impl Default for Counters {
    fn default() -> Self {
        Self {
            user: 700_000_000,
            group: -4_000_000_000,
            supergroup: -1_002_000_000_000,
            other: 0,
        }
    }
}

/// Everything the emulator knows; guarded by one lock held only for short, synchronous work.
#[derive(Debug, Default)]
pub(crate) struct World {
    pub users: BTreeMap<i64, User>,
    pub bots: BTreeMap<i64, Bot>,
    pub chats: BTreeMap<Key, Chat>,
    pub files: HashMap<String, StoredFile>,
    pub queries: HashMap<String, Query>,
    pub polls: HashMap<String, Poll>,
    /// Letters of electronic mail, oldest first; they are not kept over a restart.
    pub mails: VecDeque<serde_json::Value>,
    pub counters: Counters,
    pub events: Events,
    pub records: Records,
    pub keep_messages: usize,
    /// Seconds since 1970 in the emulated world, set whenever the world is locked.
    pub now: i64,
    /// Wakes the deliverer of webhooks.
    pub hooks: Arc<Notify>,
    /// Files by age, and the bytes of all.
    pub file_order: VecDeque<String>,
    pub file_bytes: usize,
}

impl World {
    /// A fresh number for queries, files, polls and links.
    pub fn fresh(&mut self) -> i64 {
        self.counters.other += 1;
        self.records.touch(Record::Counters);
        self.counters.other
    }

    /// A free account id.
    pub fn fresh_user(&mut self) -> i64 {
        loop {
            self.counters.user += 1;
            if !self.users.contains_key(&self.counters.user) {
                self.records.touch(Record::Counters);
                return self.counters.user;
            }
        }
    }

    /// A free chat id of the range of its kind.
    pub fn fresh_chat(&mut self, kind: Kind) -> i64 {
        loop {
            let counter = match kind {
                Kind::Group => &mut self.counters.group,
                _ => &mut self.counters.supergroup,
            };
            *counter -= 1;
            let id = *counter;
            if !self.chats.contains_key(&Key::shared(id)) {
                self.records.touch(Record::Counters);
                return id;
            }
        }
    }

    /// Adds or replaces an account.
    pub fn put_user(&mut self, user: User) {
        self.records.touch(Record::User(user.id));
        self.events.push("user", Key::shared(user.id), None);
        self.users.insert(user.id, user);
    }

    /// Registers a bot with its secret.
    pub fn put_bot(&mut self, id: i64, secret: &str, user: User) -> &mut Bot {
        self.put_user(user);
        self.records.touch(Record::Bot(id));
        let bot = self.bots.entry(id).or_default();
        bot.id = id;
        bot.secret = secret.to_owned();
        if bot.next_update == 0 {
            bot.next_update = 100_000_001;
        }
        bot
    }

    /// The chat, marked as changed.
    pub fn chat_mut(&mut self, key: Key) -> Option<&mut Chat> {
        let chat = self.chats.get_mut(&key)?;
        self.records.touch(Record::Chat(key));
        Some(chat)
    }

    /// The message, marked as changed.
    pub fn message_mut(&mut self, key: Key, id: i64) -> Option<&mut Message> {
        let message = self.chats.get_mut(&key)?.messages.get_mut(&id)?;
        self.records.touch(Record::Message(key, id));
        Some(message)
    }

    /// A message that still exists.
    pub fn message(&self, key: Key, id: i64) -> Option<&Message> {
        self.chats
            .get(&key)?
            .messages
            .get(&id)
            .filter(|m| !m.deleted)
    }

    /// Someone's place in a chat, if any.
    pub fn member(&self, key: Key, user: i64) -> Option<&Member> {
        self.chats.get(&key)?.members.get(&user)
    }

    /// The bot's private chat with a person, made when it is new.
    pub fn private_chat(&mut self, user: i64, bot: i64) -> &mut Chat {
        let key = Key::private(user, bot);
        self.records.touch(Record::Chat(key));
        self.chats
            .entry(key)
            .or_insert_with(|| Chat::new(key, Kind::Private, ""))
    }

    /// Finds a group or channel by its public name.
    pub fn by_username(&self, name: &str) -> Option<Key> {
        let matches = |c: &&Chat| {
            c.username
                .as_deref()
                .is_some_and(|u| u.eq_ignore_ascii_case(name))
        };
        self.chats.values().find(matches).map(|c| c.key)
    }
}

impl Chat {
    /// An empty chat.
    pub fn new(key: Key, kind: Kind, title: &str) -> Self {
        Self {
            key,
            kind,
            title: title.to_owned(),
            username: None,
            description: None,
            is_forum: false,
            members: BTreeMap::new(),
            // Number 1 is the message about the creation, and General in forums.
            next_message: if matches!(kind, Kind::Supergroup | Kind::Channel) {
                2
            } else {
                1
            },
            migrated_to: None,
            migrated_from: None,
            pinned: Vec::new(),
            topics: BTreeMap::new(),
            general_closed: false,
            general_hidden: false,
            invites: BTreeMap::new(),
            requests: BTreeMap::new(),
            anonymous: std::collections::BTreeSet::new(),
            permissions: default_permissions(),
            started: false,
            blocked: false,
            writable_until: 0,
            last_bot: None,
            hidden_members: false,
            photo: None,
            messages: BTreeMap::new(),
        }
    }
}

/// What ordinary members may do in a new group.
fn default_permissions() -> Map<String, serde_json::Value> {
    SEND_RIGHTS
        .iter()
        .map(|right| ((*right).to_owned(), serde_json::Value::Bool(true)))
        .collect()
}
