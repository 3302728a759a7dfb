//! From an update of the messenger to what happened, in our own words. Pure: the same update is
//! always the same event.

use teloxide::types::{
    CallbackQuery, ChatJoinRequest, ChatMemberKind, ChatMemberUpdated, MaybeInaccessibleMessage,
    Message, MessageEntity, MessageEntityKind, Update, UpdateKind, User,
};
use vigie_domain::command::{ParsedCommand, parse_command};
use vigie_domain::people::readable;
use vigie_domain::text::clean;
use vigie_domain::{AccountId, ChatId, Lang, MessageId, Place, ThreadId};

use super::files::{answered, attachment};
use super::fit::shortened;
use crate::app::event::{
    Command, Event, JoinRequest, May, Moved, OurPlace, Person, Said, Sender, Standing, Tap,
};

/// The account behind which administrators of a group hide.
const GROUP_ANONYMOUS_BOT: u64 = 1_087_968_824;
/// The messenger's own account.
const MESSENGER: u64 = 777_000;
/// Longest name kept, in UTF-16 units.
const NAME: usize = 64;
/// Longest title kept.
const TITLE: usize = 128;

/// What we are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Me {
    /// Our account.
    pub id: u64,
    /// Our name, without `@`.
    pub username: String,
}

/// What happened.
#[must_use]
pub fn translate(update: &Update, me: &Me) -> Event {
    match &update.kind {
        UpdateKind::Message(message) => of_message(message, me),
        UpdateKind::CallbackQuery(query) => of_tap(query),
        UpdateKind::MyChatMember(change) => our_place(change),
        UpdateKind::ChatJoinRequest(request) => join_request(request),
        UpdateKind::ChatMember(change) => moved(change),
        UpdateKind::EditedMessage(message) => edited(message, me),
        UpdateKind::ChannelPost(_) | UpdateKind::EditedChannelPost(_) => ignored("channel post"),
        UpdateKind::Error(_) => ignored("unknown kind of update"),
        _ => ignored("kind of update without a use"),
    }
}

const fn ignored(reason: &'static str) -> Event {
    Event::Ignored { reason }
}

fn of_message(message: &Message, me: &Me) -> Event {
    if let Some(new) = message.migrate_to_chat_id() {
        return Event::ChatMoved {
            old: ChatId(message.chat.id.0),
            new: ChatId(new.0),
        };
    }
    if let Some(old) = message.migrate_from_chat_id() {
        return Event::ChatMoved {
            old: ChatId(old.0),
            new: ChatId(message.chat.id.0),
        };
    }
    if let Some(title) = message.new_chat_title() {
        return Event::Renamed {
            chat: ChatId(message.chat.id.0),
            title: title_of(title),
        };
    }
    if message.chat.is_channel() {
        return ignored("message of a channel");
    }
    let said = Said {
        place: place(message),
        message: MessageId(i64::from(message.id.0)),
        private: message.chat.is_private(),
        reply_to: answered(message),
    };
    let from = sender(message);
    let file = attachment(message);
    let (text, entities) = match (message.text(), message.caption()) {
        (Some(text), _) => (text, message.entities()),
        (None, Some(caption)) => (caption, message.caption_entities()),
        (None, None) if file.is_some() => ("", None),
        (None, None) => return ignored("message without text"),
    };
    match command(text, entities.unwrap_or_default(), me) {
        Some(command) if command.for_other => ignored("command of another bot"),
        Some(command) => Event::Command(Command {
            from,
            said,
            name: command.name,
            args: clean(&command.args),
            to_us: command.to_us || said.private,
            file: message
                .document()
                .map(|document| document.file.id.0.clone()),
            attachment: file,
        }),
        None => {
            let text = clean(text);
            match file {
                Some(file) => Event::File {
                    from,
                    said,
                    file,
                    text,
                },
                None => Event::Text { from, said, text },
            }
        }
    }
}

/// What somebody changed. A command is said once, and a change of what cannot be read is none.
fn edited(message: &Message, me: &Me) -> Event {
    match of_message(message, me) {
        Event::Text { from, said, text }
        | Event::File {
            from, said, text, ..
        } => Event::Edited { from, said, text },
        _ => ignored("edited message"),
    }
}

fn place(message: &Message) -> Place {
    // A plain reply in a group carries a thread number too; only a topic can be written to.
    let thread = message
        .thread_id
        .filter(|_| message.is_topic_message)
        .map(|thread| ThreadId(i64::from(thread.0.0)));
    Place {
        chat: ChatId(message.chat.id.0),
        thread,
    }
}

fn sender(message: &Message) -> Sender {
    let Some(user) = &message.from else {
        return Sender::NotAPerson;
    };
    let on_behalf = message.sender_chat.as_ref().map(|chat| chat.id);
    if user.id.0 == GROUP_ANONYMOUS_BOT && on_behalf == Some(message.chat.id) {
        return Sender::AnonymousAdmin(ChatId(message.chat.id.0));
    }
    if on_behalf.is_some() {
        return Sender::NotAPerson;
    }
    person(user).map_or(Sender::NotAPerson, Sender::Person)
}

fn person(user: &User) -> Option<Person> {
    if user.is_bot || user.id.0 == MESSENGER {
        return None;
    }
    let account = i64::try_from(user.id.0).ok()?;
    let words = |text: &str| Some(shortened(&readable(text), NAME)).filter(|text| !text.is_empty());
    let first_name = words(&user.first_name)
        .or_else(|| user.last_name.as_deref().and_then(words))
        .or_else(|| user.username.as_deref().and_then(words))
        .unwrap_or_else(|| format!("#{account}"));
    Some(Person {
        account: AccountId(account),
        first_name,
        lang: Lang::from_tag(user.language_code.as_deref()),
    })
}

fn title_of(title: &str) -> String {
    shortened(clean(title).trim(), TITLE)
}

/// Reads a command from the mark that the messenger put at the start of the text.
fn command(text: &str, entities: &[MessageEntity], me: &Me) -> Option<ParsedCommand> {
    let mark = entities
        .iter()
        .find(|mark| mark.offset == 0 && mark.kind == MessageEntityKind::BotCommand)?;
    parse_command(text, mark.length, &me.username)
}

fn of_tap(query: &CallbackQuery) -> Event {
    let Some(from) = person(&query.from) else {
        return ignored("press by something that is no person");
    };
    let on = query.message.as_ref().map(|message| {
        let (chat, id) = match message {
            MaybeInaccessibleMessage::Inaccessible(message) => {
                (message.chat.id, message.message_id)
            }
            MaybeInaccessibleMessage::Regular(message) => (message.chat.id, message.id),
        };
        (ChatId(chat.0), MessageId(i64::from(id.0)))
    });
    Event::Tap(Tap {
        from,
        query: query.id.0.clone(),
        key: query.data.clone().unwrap_or_default(),
        on,
    })
}

fn our_place(change: &ChatMemberUpdated) -> Event {
    let chat = ChatId(change.chat.id.0);
    let standing = standing(&change.new_chat_member.kind);
    if change.chat.is_private() {
        return Event::Blocked {
            chat,
            blocked: standing == Standing::Out,
        };
    }
    if change.chat.is_channel() {
        return ignored("our place in a channel");
    }
    Event::OurPlace(OurPlace {
        chat,
        title: title_of(change.chat.title().unwrap_or_default()),
        standing,
        by: person(&change.from),
        may: may(&change.new_chat_member.kind),
    })
}

fn join_request(request: &ChatJoinRequest) -> Event {
    let Some(from) = person(&request.from) else {
        return ignored("a request to join by something that is no person");
    };
    if request.chat.is_channel() {
        return ignored("a request to join a channel");
    }
    let link = request.invite_link.as_ref();
    Event::JoinRequest(JoinRequest {
        chat: ChatId(request.chat.id.0),
        from,
        private: ChatId(request.user_chat_id.0),
        link: link
            .and_then(|link| link.name.clone())
            .map(|name| clean(&name)),
    })
}

fn moved(change: &ChatMemberUpdated) -> Event {
    let Some(who) = person(&change.new_chat_member.user) else {
        return ignored("something that is no person came or went");
    };
    if change.chat.is_channel() || change.chat.is_private() {
        return ignored("somebody came or went elsewhere than in a group");
    }
    let inside = |kind| matches!(standing(kind), Standing::In { .. } | Standing::Silenced);
    let (was, is) = (&change.old_chat_member.kind, &change.new_chat_member.kind);
    let banned = matches!(is, ChatMemberKind::Banned(_));
    if inside(was) == inside(is) && !banned {
        return ignored("other rights of somebody in a group");
    }
    Event::Moved(Moved {
        chat: ChatId(change.chat.id.0),
        inside: inside(is),
        banned,
        own: change.from.id == who_id(change),
        who,
    })
}

const fn who_id(change: &ChatMemberUpdated) -> teloxide::types::UserId {
    change.new_chat_member.user.id
}

/// What a kind of membership lets us do to people.
#[must_use]
pub fn may(kind: &ChatMemberKind) -> May {
    match kind {
        ChatMemberKind::Administrator(rights) => May {
            invite: rights.can_invite_users,
            remove: rights.can_restrict_members,
            pin: rights.can_pin_messages,
        },
        _ => May::default(),
    }
}

/// What a kind of membership lets us do.
#[must_use]
pub fn standing(kind: &ChatMemberKind) -> Standing {
    match kind {
        ChatMemberKind::Owner(_) | ChatMemberKind::Administrator(_) => Standing::In { admin: true },
        ChatMemberKind::Member(_) => Standing::In { admin: false },
        ChatMemberKind::Restricted(limits) if !limits.is_member => Standing::Out,
        ChatMemberKind::Restricted(limits) if limits.can_send_messages => {
            Standing::In { admin: false }
        }
        ChatMemberKind::Restricted(_) => Standing::Silenced,
        ChatMemberKind::Left | ChatMemberKind::Banned(_) => Standing::Out,
    }
}

#[cfg(test)]
#[path = "tests/translate.rs"]
mod tests;
