//! From a row of the outbox and its facts to what is sent: text, buttons, and which call.

use vigie_domain::text::{Key, Say};
use vigie_domain::{Lang, MessageId, Place, ThreadId};

pub use super::card::names_file;
use super::text::{Body, Text, cut};
use super::voice::Voice;
use super::{card, sheet, status};
use crate::app::outbox::{Button, Message, Outgoing, Row, Target};
use crate::app::views::{CardView, Shown};
use crate::i18n::Texts;

/// Longest answer to a press, in UTF-16 units.
const ANSWER: usize = 200;
/// Longest label of a button.
const LABEL: usize = 60;
/// Name of the file with the names of a card.
const NAMES_FILE: &str = "pannes.txt";

/// What is sent for a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Draft {
    /// Nothing: there is nothing to say any more.
    Nothing,
    /// A message.
    Message(Box<Letter>),
    /// A file.
    File(Box<File>),
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
    pub name: &'static str,
    /// Its text.
    pub text: String,
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
            let voice = context.voice(view.lang);
            // An edit twice is the same edit; only a new message may be a repetition.
            let repeated = context.repeated && view.message.is_none();
            Draft::Message(Box::new(Letter {
                thread: topic(view.place),
                body: card::card(&voice, view, repeated).finish(),
                buttons: labels(&voice, &view.buttons),
                edit: view.message,
                reply_to: None,
                silent: view.silent,
                card: true,
            }))
        }
        (Outgoing::Names(_), Shown::Card(Some(view))) => {
            let voice = context.voice(view.lang);
            Draft::File(Box::new(File {
                thread: topic(row.place),
                name: NAMES_FILE,
                text: names_file(&voice, view),
                reply_to: view.message,
            }))
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
            let voice = context.voice(*lang);
            let Some(text) = view(&voice, shown) else {
                return Draft::Nothing;
            };
            let (edit, reply_to) = match target {
                Target::Edit(message) => (Some(*message), None),
                Target::ReplyTo(message) => (None, Some(*message)),
            };
            Draft::Message(Box::new(Letter {
                thread: topic(row.place),
                body: text.finish(),
                buttons: labels(&voice, buttons),
                edit,
                reply_to,
                silent: false,
                card: false,
            }))
        }
        (Outgoing::Card(_) | Outgoing::Names(_), _) => Draft::Nothing,
    }
}

fn said(context: &Context<'_>, message: &Message, place: Place) -> Letter {
    let voice = context.voice(message.lang.unwrap_or(context.lang));
    let mut text = Text::new();
    for (number, say) in message.say.iter().enumerate() {
        if number > 0 {
            text.push("\n");
        }
        text.line(&voice.say(say));
    }
    if context.repeated {
        text.push(" ").append(&voice.with(Key::CardRepetition, []));
    }
    Letter {
        thread: topic(place),
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
        Shown::Card(_) | Shown::Plain => None,
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
fn topic(place: Place) -> Option<ThreadId> {
    place.thread.filter(|thread| thread.0 > 1)
}

#[cfg(test)]
#[path = "tests/render.rs"]
mod tests;
