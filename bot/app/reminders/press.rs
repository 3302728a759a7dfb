//! Presses on the buttons of a reminder, of its preview and of the list.

use chrono::{DateTime, Days, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::authz::{Action as Act, Actor, Object, authz};
use vigie_domain::calendar::placed;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{ChatId, Lang};

use super::command::Draft;
use super::{About, Reminder};
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::event::Tap;
use crate::app::keys;
use crate::app::outbox::{Target, View};
use crate::app::taps::Answer;
use crate::app::tx::Tx;

/// What is pressed outside of the reminder itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wish {
    /// Keeps what was shown.
    Keep(Box<Draft>),
    /// Does not.
    Leave,
    /// Stops a reminder from its sheet.
    Stop(i64),
}

/// A button of a reminder: all share one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OfReminder {
    /// It is done.
    Done,
    /// Again in an hour.
    Hour,
    /// Again tomorrow at the same hour.
    Tomorrow,
    /// Never again.
    Stop,
}

impl OfReminder {
    const ALL: [Self; 4] = [Self::Done, Self::Hour, Self::Tomorrow, Self::Stop];

    const fn letter(self) -> &'static str {
        match self {
            Self::Done => "d",
            Self::Hour => "h",
            Self::Tomorrow => "m",
            Self::Stop => "s",
        }
    }

    /// The button of a letter.
    pub(crate) fn of_letter(letter: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.letter() == letter)
    }

    pub(super) const fn label(self) -> Text {
        match self {
            Self::Done => Text::ReminderDoneButton,
            Self::Hour => Text::ReminderHourButton,
            Self::Tomorrow => Text::ReminderTomorrowButton,
            Self::Stop => Text::ReminderStopButton,
        }
    }

    pub(super) fn key(self, planted: &str) -> String {
        format!("{planted}{}", self.letter())
    }
}

/// What somebody must be allowed to do with reminders of a conversation.
pub(super) const fn act_in(chat: ChatId) -> Act {
    match chat.0 > 0 {
        true => Act::KeepReminders,
        false => Act::RemindGroup,
    }
}

impl Tx<'_> {
    /// A press on a reminder that was told.
    pub(crate) async fn reminder_pressed(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        (id, button): (i64, OfReminder),
        lang: Lang,
    ) -> Result<Answer, AppError> {
        let Some(mut reminder) = self.get::<Reminder>(&keys::reminder(id)).await? else {
            return Ok(Answer::refusal(Text::ReminderGone));
        };
        let act = act_in(reminder.place.chat);
        if let Err(denied) = authz(actor, act, Object::Group) {
            return Ok(Answer::refusal(self.refusal(&denied).await?));
        }
        let who = Arg::Text(tap.from.first_name.clone());
        let (say, toast) = match button {
            OfReminder::Done => {
                if reminder.is_over() {
                    self.forget_reminder(&reminder);
                }
                (
                    Say::new(Text::ReminderDoneBy).with("who", who),
                    Text::ReminderDone,
                )
            }
            OfReminder::Stop => {
                self.stops(tap, &reminder).await?;
                (
                    Say::new(Text::ReminderStoppedBy).with("who", who),
                    Text::ReminderStopped,
                )
            }
            OfReminder::Hour | OfReminder::Tomorrow => {
                let at = match button {
                    OfReminder::Hour => self.now() + TimeDelta::hours(1),
                    _ => self.tomorrow(&reminder),
                };
                reminder.again = Some(at);
                self.put(keys::reminder(id), &reminder)?;
                self.plan(at, Due::Reminder(id))?;
                (
                    Say::new(Text::ReminderAgain).with("at", Arg::At(at)),
                    Text::ReminderLater,
                )
            }
        };
        let first = match &reminder.about {
            About::Text(text) => Say::new(Text::ReminderSaid).with("text", Arg::Text(text.clone())),
            About::Todos(_) => Say::new(Text::TodoRecallShort),
        };
        self.show_in_place(tap, View::Words(vec![first, say]), lang)
            .await?;
        Ok(Answer::toast(toast))
    }

    /// The hour of its rule, or of now, tomorrow.
    fn tomorrow(&self, reminder: &Reminder) -> DateTime<Utc> {
        let local = self.now().with_timezone(&reminder.zone).naive_local();
        let time = reminder
            .followed
            .map_or(local.time(), |followed| followed.time());
        let day = local.date().checked_add_days(Days::new(1));
        let reading = day.map_or(local, |day| day.and_time(time));
        placed(reminder.zone, reading, false)
    }

    async fn stops(&mut self, tap: &Tap, reminder: &Reminder) -> Result<(), AppError> {
        self.forget_reminder(reminder);
        if reminder.is_private() {
            return Ok(());
        }
        let object = object(reminder);
        self.audit(
            &tap.from,
            reminder.place,
            "stop-reminder",
            &object,
            ("kept", ""),
        )
        .await
    }

    /// A press on the preview of a reminder, or on its sheet.
    pub(crate) async fn reminder_wish(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        wish: Wish,
        lang: Lang,
    ) -> Result<Answer, AppError> {
        match wish {
            Wish::Keep(draft) => self.keeps_reminder(tap, actor, *draft, lang).await,
            Wish::Leave => {
                let words = View::Words(vec![Text::ReminderLeft.into()]);
                self.show_in_place(tap, words, lang).await?;
                Ok(Answer::quiet())
            }
            Wish::Stop(id) => {
                let Some(reminder) = self.get::<Reminder>(&keys::reminder(id)).await? else {
                    return Ok(Answer::refusal(Text::ReminderGone));
                };
                let chat = reminder.place.chat;
                if let Err(denied) = authz(actor, act_in(chat), Object::Group) {
                    return Ok(Answer::refusal(self.refusal(&denied).await?));
                }
                self.stops(tap, &reminder).await?;
                let opener = tap.from.account;
                let list = View::Reminders {
                    chat,
                    page: 0,
                    opener,
                };
                self.show_in_place(tap, list, lang).await?;
                Ok(Answer::toast(Text::ReminderStopped))
            }
        }
    }

    async fn keeps_reminder(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        draft: Draft,
        lang: Lang,
    ) -> Result<Answer, AppError> {
        let act = act_in(draft.place.chat);
        if let Err(denied) = authz(actor, act, Object::Group) {
            return Ok(Answer::refusal(self.refusal(&denied).await?));
        }
        if self
            .get::<Reminder>(&keys::reminder(draft.id))
            .await?
            .is_some()
        {
            return Ok(Answer::toast(Text::ReminderKeptAlready));
        }
        if !self.has_room_for_reminder(draft.place.chat).await? {
            return Ok(Answer::refusal(Text::ReminderTooMany));
        }
        let reminder = draft.reminder(&tap.from);
        let private = reminder.is_private();
        let (place, object) = (reminder.place, object(&reminder));
        let next = reminder.rule.next(reminder.zone, self.now(), None);
        if !self.remind(reminder)? {
            return Ok(Answer::refusal(Text::ReminderTooLate));
        }
        if !private {
            self.audit(&tap.from, place, "set-reminder", &object, ("", "kept"))
                .await?;
        }
        let mut say =
            vec![Say::new(Text::ReminderKept).with("text", Arg::Text(draft.text.clone()))];
        let key = match draft.rule.comes_back() {
            true => Text::ReminderFirst,
            false => Text::ReminderWhen,
        };
        say.extend(next.map(|turn| Say::new(key).with("at", Arg::At(turn.at))));
        say.push(Text::ReminderHint.into());
        self.show_in_place(tap, View::Words(say), lang).await?;
        Ok(Answer::toast(Text::ReminderNoted))
    }

    /// Shows something in place of the message with the button.
    pub(crate) async fn show_in_place(
        &mut self,
        tap: &Tap,
        view: View,
        lang: Lang,
    ) -> Result<(), AppError> {
        let Some((chat, message)) = tap.on else {
            return Ok(());
        };
        self.show(chat, view, Target::Edit(message), lang).await
    }
}

/// What the audit log calls a reminder.
fn object(reminder: &Reminder) -> String {
    match &reminder.about {
        About::Text(text) => text.chars().take(60).collect(),
        About::Todos(owner) => format!("to-dos of {owner}"),
    }
}
