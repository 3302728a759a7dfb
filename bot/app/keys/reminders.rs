//! Keys of reminders and of what is to be done.

use vigie_domain::{AccountId, ChatId};
use vigie_store::Key;

/// A reminder.
pub fn reminder(id: i64) -> Key {
    Key::of("re/").i64(id).end()
}

/// That a reminder is told in a conversation.
pub fn reminder_in(chat: ChatId, id: i64) -> Key {
    Key::of("rp/").i64(chat.0).i64(id).end()
}

/// The reminders of a conversation.
pub fn reminders_in(chat: ChatId) -> Key {
    Key::of("rp/").i64(chat.0).end()
}

/// Something to do.
pub fn todo(number: u64) -> Key {
    Key::of("td/").u64(number).end()
}

/// That something is still to be done for a group.
pub fn todo_in(chat: ChatId, number: u64) -> Key {
    Key::of("tg/").i64(chat.0).u64(number).end()
}

/// What is still to be done for a group, the oldest first.
pub fn todos_in(chat: ChatId) -> Key {
    Key::of("tg/").i64(chat.0).end()
}

/// That somebody still has something to do.
pub fn todo_of(owner: AccountId, number: u64) -> Key {
    Key::of("to/").i64(owner.0).u64(number).end()
}

/// What somebody still has to do, the oldest first.
pub fn todos_of(owner: AccountId) -> Key {
    Key::of("to/").i64(owner.0).end()
}

/// The weekly reminder of what somebody has to do.
pub fn todo_nag(owner: AccountId) -> Key {
    Key::of("tn/").i64(owner.0).end()
}

/// The number of the last thing to do.
pub fn last_todo() -> Key {
    Key::of("sys/todo").end()
}

/// The number that ends the key of something to do.
#[must_use]
pub fn todo_number(key: &Key) -> Option<u64> {
    key.as_bytes().last_chunk().copied().map(u64::from_be_bytes)
}
