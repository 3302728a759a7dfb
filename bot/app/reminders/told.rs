//! What a reminder says, read when it is sent: what was stopped meanwhile is not told.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::text::{Arg, Key as Text, Say};

use super::press::OfReminder;
use super::{About, Reminder};
use crate::app::error::AppError;
use crate::app::keys;
use crate::app::outbox::{Button, Message};
use crate::app::tx::Tx;

/// A turn of a reminder that is told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reminded {
    /// The reminder.
    pub id: i64,
    /// When it was to be told.
    pub at: DateTime<Utc>,
    /// What is said beside it.
    pub note: Note,
    /// What its buttons carry before their letter.
    pub key: String,
}

/// What is said beside a reminder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Note {
    /// Nothing.
    OnTime,
    /// It comes late, and so many turns before it were not told at all.
    Late(u32),
    /// Its time is over; it is only noted.
    Skipped,
}

impl Tx<'_> {
    /// What a reminder says now; `None`: it was stopped, or nothing is left to be said.
    pub(crate) async fn reminded(&mut self, told: &Reminded) -> Result<Option<Message>, AppError> {
        let Some(reminder) = self.peek::<Reminder>(&keys::reminder(told.id)).await? else {
            return Ok(None);
        };
        let chat = reminder.place.chat;
        let mut say = match &reminder.about {
            About::Text(text) => {
                let key = match told.note {
                    Note::Skipped => Text::ReminderSkipped,
                    Note::OnTime | Note::Late(_) => Text::ReminderSaid,
                };
                vec![Say::new(key).with("text", Arg::Text(text.clone()))]
            }
            About::Todos(owner) => match self.todos_to_recall(*owner).await? {
                lines if lines.is_empty() => return Ok(None),
                lines => lines,
            },
        };
        say.extend(self.beside(&reminder, told));
        let mut message = Message::of_lines(say);
        message.buttons = buttons(&reminder, told);
        if reminder.is_private() {
            message.lang = Some(self.lang_of_account(reminder.by).await?);
        } else {
            message.silent = self.is_asleep(chat).await?;
        }
        message.silent |= told.note == Note::Skipped;
        Ok(Some(message))
    }

    /// Why it comes late, and when it comes next.
    fn beside(&self, reminder: &Reminder, told: &Reminded) -> Vec<Say> {
        let mut say = Vec::new();
        match told.note {
            Note::OnTime => return say,
            Note::Late(missed) => say.push(
                Say::new(Text::ReminderLate)
                    .with("at", Arg::At(told.at))
                    .with("missed", Arg::Number(i64::from(missed))),
            ),
            Note::Skipped => say.push(Say::new(Text::ReminderWas).with("at", Arg::At(told.at))),
        }
        if let Some(next) = reminder.next.filter(|turn| turn.at > self.now()) {
            say.push(Say::new(Text::ReminderNext).with("at", Arg::At(next.at)));
        }
        say
    }
}

fn buttons(reminder: &Reminder, told: &Reminded) -> Vec<Vec<Button>> {
    let button = |which: OfReminder| Button {
        label: which.label().into(),
        key: which.key(&told.key),
    };
    let wanted: &[&[OfReminder]] = match (&reminder.about, told.note) {
        (_, Note::Skipped) => return Vec::new(),
        (About::Todos(_), _) => &[&[OfReminder::Tomorrow]],
        (About::Text(_), _) if reminder.rule.comes_back() => &[
            &[OfReminder::Done, OfReminder::Stop],
            &[OfReminder::Hour, OfReminder::Tomorrow],
        ],
        (About::Text(_), _) => &[
            &[OfReminder::Done],
            &[OfReminder::Hour, OfReminder::Tomorrow],
        ],
    };
    let row = |row: &&[OfReminder]| row.iter().copied().map(button).collect();
    wanted.iter().map(row).collect()
}
