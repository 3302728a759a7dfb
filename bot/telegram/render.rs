//! From a row of the outbox and its facts to what is sent: text, buttons, and which call.

use bytes::Bytes;
use vigie_domain::text::{Key, Say};
use vigie_domain::{Lang, MessageId, Place, ThreadId};

pub use super::card::names_file;
use super::text::{Body, Text, cut};
use super::topics::{self, TopicDraft};
use super::voice::Voice;
use super::{card, history, incident, me, pictures, sheet, status, tickets};
use crate::app::joining::{Call, DoorView};
use crate::app::outbox::{Button, Class, Message, Outgoing, Row, Target};
use crate::app::tickets::TicketView;
use crate::app::topics::TopicCall;
use crate::app::views::{CardView, Shown};
use crate::charts::Picture;
use crate::i18n::Texts;

/// Longest answer to a press, in UTF-16 units.
const ANSWER: usize = 200;
/// Longest label of a button.
const LABEL: usize = 60;
/// What kind of file holds plain text.
const PLAIN: &str = "text/plain; charset=utf-8";
/// Name of the file with the names of a card.
const NAMES_FILE: &str = "pannes.txt";

/// What is sent for a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Draft {
    /// Nothing: there is nothing to say any more.
    Nothing,
    /// A message.
    Message(Box<Letter>),
    /// A message with a picture.
    Picture(Box<Letter>, Box<Picture>),
    /// A file.
    File(Box<File>),
    /// Remove a message of somebody.
    Remove(MessageId),
    /// Something that is no message.
    Call(Call),
    /// A call about the topic of a card.
    Topic(Box<TopicDraft>),
    /// The answer to a press.
    Answer {
        /// The messenger's name for the press.
        query: String,
        /// What to tell, if anything.
        text: Option<String>,
        /// Whether it must be closed by hand.
        alert: bool,
    },
}

/// A message to send, or to put in place of another.
#[derive(Clone, Debug, PartialEq)]
pub struct Letter {
    /// The topic.
    pub thread: Option<ThreadId>,
    /// Text and formatting.
    pub body: Body,
    /// Rows of buttons.
    pub buttons: Vec<Vec<Label>>,
    /// The message to put it in place of.
    pub edit: Option<MessageId>,
    /// The message it replies to.
    pub reply_to: Option<MessageId>,
    /// Whether it makes no sound.
    pub silent: bool,
    /// Whether it is a card: a card whose message is gone is told so before it is sent anew.
    pub card: bool,
}

/// A file to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The topic.
    pub thread: Option<ThreadId>,
    /// Its name.
    pub name: String,
    /// What it holds.
    pub bytes: Bytes,
    /// What kind of file it is.
    pub mime: &'static str,
    /// What is said of it.
    pub caption: String,
    /// The message it replies to.
    pub reply_to: Option<MessageId>,
}

/// A button as the messenger takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// What is written on it.
    pub text: String,
    /// Its opaque key.
    pub key: String,
}

/// What a row needs besides itself.
pub struct Context<'a> {
    /// The messages and the reader's zone and time.
    pub texts: &'a Texts,
    /// The zone in which times are shown.
    pub zone: chrono_tz::Tz,
    /// Now.
    pub now: chrono::DateTime<chrono::Utc>,
    /// Language of the conversation.
    pub lang: Lang,
    /// The message of the card that a message replies to.
    pub card_message: Option<MessageId>,
    /// The topic of the card that a message belongs to, where it has one of its own.
    pub card_thread: Option<ThreadId>,
    /// Whether it may have been sent before.
    pub repeated: bool,
}

impl<'a> Context<'a> {
    const fn voice(&self, lang: Lang) -> Voice<'a> {
        Voice {
            texts: self.texts,
            lang,
            zone: self.zone,
            now: self.now,
        }
    }
}

/// Whether a card has more names than its message holds, so that a file should follow.
#[must_use]
pub fn lacks_names(context: &Context<'_>, view: &CardView) -> bool {
    card::lacks_names(&context.voice(view.lang), view)
}

/// Renders a row from its facts.
#[must_use]
pub fn render(context: &Context<'_>, row: &Row, shown: &Shown) -> Draft {
    match (&row.what, shown) {
        (
            Outgoing::AnswerTap {
                query,
                say,
                lang,
                alert,
            },
            _,
        ) => answer(&context.voice(*lang), query, say.as_ref(), *alert),
        (Outgoing::Card(_), Shown::Card(Some(view))) => {
            Draft::Message(Box::new(card_letter(context, view)))
        }
        (Outgoing::Names(_), Shown::Card(Some(view))) => names(context, row, view),
        (Outgoing::History { lang, reply_to, .. }, Shown::File(view)) => {
            let voice = context.voice(*lang);
            let caption = history::file_caption(&voice, view).finish().text;
            Draft::File(Box::new(File {
                thread: topic(row.place),
                name: view.name.clone(),
                bytes: view.text.clone().into(),
                mime: mime_of(&view.name),
                caption,
                reply_to: *reply_to,
            }))
        }
        (Outgoing::TicketsFile { lang, .. }, Shown::File(view)) => Draft::File(Box::new(
            tickets::file(&context.voice(*lang), view, row.place),
        )),
        (Outgoing::Incident { lang, .. }, Shown::Incident(report)) => Draft::File(Box::new(
            incident::file(&context.voice(*lang), report, row.place),
        )),
        (Outgoing::MyData { form, lang, .. }, Shown::MyData(view)) => Draft::File(Box::new(
            me::file(&context.voice(*lang), view, *form, row.place),
        )),
        (Outgoing::Remove(message), _) => Draft::Remove(*message),
        (Outgoing::Do(call), _) => Draft::Call(call.clone()),
        (Outgoing::Door, Shown::Door(Some(view))) => {
            Draft::Message(Box::new(door_letter(context, view, row.place)))
        }
        (Outgoing::Ticket(_), Shown::Ticket(Some(view))) => {
            Draft::Message(Box::new(ticket_letter(context, view, row.place)))
        }
        (Outgoing::Say(message), _) => Draft::Message(Box::new(said(context, message, row.place))),
        (
            Outgoing::View {
                lang,
                target,
                buttons,
                ..
            },
            shown,
        ) => {
            let silent = row.class == Class::Bulk;
            let how = (*target, buttons.as_slice(), silent);
            view_letter(&context.voice(*lang), shown, row.place, how)
        }
        (
            Outgoing::Reminder(_) | Outgoing::Call(_) | Outgoing::Remind(_) | Outgoing::Absence(_),
            Shown::Message(Some(message)),
        ) => Draft::Message(Box::new(said(context, message, row.place))),
        (
            Outgoing::Card(_)
            | Outgoing::Names(_)
            | Outgoing::History { .. }
            | Outgoing::Reminder(_)
            | Outgoing::Call(_)
            | Outgoing::Remind(_)
            | Outgoing::Absence(_)
            | Outgoing::MyData { .. }
            | Outgoing::Incident { .. }
            | Outgoing::Door
            | Outgoing::Ticket(_)
            | Outgoing::TicketsFile { .. },
            _,
        ) => Draft::Nothing,
    }
}

/// The names of everything on a card, as a file.
fn names(context: &Context<'_>, row: &Row, view: &CardView) -> Draft {
    let voice = context.voice(view.lang);
    Draft::File(Box::new(File {
        thread: context.card_thread.or(topic(row.place)),
        name: NAMES_FILE.to_owned(),
        bytes: names_file(&voice, view).into(),
        mime: PLAIN,
        caption: String::new(),
        reply_to: view.message,
    }))
}

/// A list or sheet: where it goes, its buttons, and whether it is news that nobody waits for.
fn view_letter(
    voice: &Voice<'_>,
    shown: &Shown,
    place: Place,
    (target, buttons, silent): (Target, &[Vec<Button>], bool),
) -> Draft {
    let (edit, reply_to) = match target {
        Target::New => (None, None),
        Target::Edit(message) => (Some(message), None),
        Target::ReplyTo(message) => (None, Some(message)),
    };
    let letter = |body| Letter {
        thread: topic(place),
        body,
        buttons: labels(voice, buttons),
        edit,
        reply_to,
        silent,
        card: false,
    };
    viewed(voice, shown, letter)
}

/// What is to be done with the topic of a card.
#[must_use]
pub fn topic_draft(context: &Context<'_>, view: &CardView, call: TopicCall) -> Draft {
    let there = call != TopicCall::Create;
    Draft::Topic(Box::new(TopicDraft {
        call,
        thread: topic(view.place).filter(|_| there),
        name: topics::title(&context.voice(view.lang), view),
    }))
}

fn card_letter(context: &Context<'_>, view: &CardView) -> Letter {
    let voice = context.voice(view.lang);
    // An edit twice is the same edit; only a new message may be a repetition.
    let repeated = context.repeated && view.message.is_none();
    Letter {
        thread: topic(view.place),
        body: card::card(&voice, view, repeated).finish(),
        buttons: labels(&voice, &view.buttons),
        edit: view.message,
        reply_to: None,
        silent: view.silent,
        card: true,
    }
}

fn door_letter(context: &Context<'_>, view: &DoorView, place: Place) -> Letter {
    let voice = context.voice(view.lang);
    let mut text = Text::new();
    for say in &view.say {
        text.line(&voice.say(say));
    }
    Letter {
        thread: topic(place),
        body: text.finish(),
        buttons: labels(&voice, &view.buttons),
        edit: view.message,
        reply_to: None,
        silent: true,
        card: true,
    }
}

fn ticket_letter(context: &Context<'_>, view: &TicketView, place: Place) -> Letter {
    let voice = context.voice(view.lang);
    let mut text = Text::new();
    for say in &view.say {
        text.line(&voice.say(say));
    }
    if context.repeated && view.message.is_none() {
        text.push(" ").append(&voice.with(Key::CardRepetition, []));
    }
    Letter {
        thread: topic(place),
        body: text.finish(),
        buttons: labels(&voice, &view.buttons),
        edit: view.message,
        reply_to: None,
        silent: false,
        card: true,
    }
}

/// A text, with its picture where it has one.
fn viewed(voice: &Voice<'_>, shown: &Shown, letter: impl FnOnce(Body) -> Letter) -> Draft {
    let Some(text) = view(voice, shown) else {
        return Draft::Nothing;
    };
    let letter = Box::new(letter(text.finish()));
    match picture(voice, shown) {
        Some(picture) => Draft::Picture(letter, Box::new(picture)),
        None => Draft::Message(letter),
    }
}

fn said(context: &Context<'_>, message: &Message, place: Place) -> Letter {
    let voice = context.voice(message.lang.unwrap_or(context.lang));
    let mut text = Text::new();
    for (number, say) in message.say.iter().enumerate() {
        if number > 0 && !message.tight {
            text.push("\n");
        }
        text.line(&voice.say(say));
    }
    if context.repeated {
        text.push(" ").append(&voice.with(Key::CardRepetition, []));
    }
    Letter {
        thread: context.card_thread.or(topic(place)),
        body: text.finish(),
        buttons: labels(&voice, &message.buttons),
        edit: None,
        reply_to: message.reply_to.or(context.card_message),
        silent: message.silent,
        card: false,
    }
}

fn view(voice: &Voice<'_>, shown: &Shown) -> Option<Text> {
    match shown {
        Shown::Status(view) => Some(status::status(voice, view)),
        Shown::Copy { card, below } => card.as_deref().map(|card| card::copy(voice, card, *below)),
        Shown::Sectors { kind, page, pages } => Some(status::sectors(voice, kind, *page, *pages)),
        Shown::Equipment(view) => Some(sheet::sheet(voice, view.as_deref())),
        Shown::Details { card, page } => Some(status::details(voice, card.as_deref(), *page)),
        Shown::Lines(lines) => {
            let mut text = Text::new();
            for line in lines {
                text.line(&voice.say(line));
            }
            Some(text)
        }
        Shown::History(view) => Some(history::history(voice, view)),
        Shown::Month(view) => Some(history::month(voice, view)),
        Shown::Map(view) => Some(history::map(voice, view)),
        Shown::TicketWeek(view) => Some(tickets::week(voice, view)),
        Shown::Import(digest) => Some(history::import(voice, digest.as_deref())),
        Shown::Card(_)
        | Shown::File(_)
        | Shown::Message(_)
        | Shown::MyData(_)
        | Shown::Incident(_)
        | Shown::Door(_)
        | Shown::Ticket(_)
        | Shown::Plain => None,
    }
}

/// The picture that goes with a text, where one does.
fn picture(voice: &Voice<'_>, shown: &Shown) -> Option<Picture> {
    match shown {
        Shown::Equipment(Some(view)) => Some(pictures::strip(voice, view)),
        Shown::TicketWeek(view) if !view.categories.is_empty() => {
            Some(tickets::picture(voice, view))
        }
        Shown::Month(view) if !view.bars.is_empty() => Some(pictures::month(voice, view)),
        Shown::Map(view) if !view.nodes.is_empty() => Some(pictures::map(voice, view)),
        _ => None,
    }
}

pub(super) fn mime_of(name: &str) -> &'static str {
    match name.rsplit_once('.') {
        Some((_, "csv")) => "text/csv; charset=utf-8",
        Some((_, "json")) => "application/json",
        _ => PLAIN,
    }
}

fn answer(voice: &Voice<'_>, query: &str, say: Option<&Say>, alert: bool) -> Draft {
    let text = say.map(|say| cut(voice.plain(say).trim(), ANSWER).to_owned());
    Draft::Answer {
        query: query.to_owned(),
        text: text.filter(|text| !text.is_empty()),
        alert,
    }
}

fn labels(voice: &Voice<'_>, rows: &[Vec<Button>]) -> Vec<Vec<Label>> {
    let label = |button: &Button| Label {
        text: super::voice::one_line(&voice.plain(&button.label), LABEL),
        key: button.key.clone(),
    };
    rows.iter()
        .map(|row| row.iter().map(label).collect())
        .filter(|row: &Vec<Label>| !row.is_empty())
        .collect()
}

/// The general topic has number 1, and refuses to be called by it.
pub(super) fn topic(place: Place) -> Option<ThreadId> {
    place.thread.filter(|thread| thread.0 > 1)
}

#[cfg(test)]
#[path = "tests/render.rs"]
mod tests;
