//! `/rappel`: reads when and what, and shows both before anything is kept.

use chrono::{Datelike as _, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use vigie_domain::Place;
use vigie_domain::authz::Object;
use vigie_domain::calendar::{Odd, Refusal, Rule, Spoken, Turn, spoken};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_store::Range;

use super::press::{Wish, act_in};
use super::{About, CatchUp, Reminder};
use crate::app::buttons::{Action, plant};
use crate::app::error::AppError;
use crate::app::event::{Command, Person};
use crate::app::keys;
use crate::app::outbox::{Button, Class, Message, View};
use crate::app::tx::Tx;
use vigie_domain::ChatId;

/// Longest text of a reminder.
const LONGEST: usize = 500;
/// Reminders that one conversation keeps.
const MOST: usize = 100;
/// Dates shown before a rule is kept.
pub(super) const SHOWN: usize = 5;

/// A reminder that was shown and is not kept yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The number that it will have.
    pub id: i64,
    /// What it says.
    pub text: String,
    /// When.
    pub rule: Rule,
    /// On whose wall clock.
    pub zone: Tz,
    /// Where.
    pub place: Place,
}

impl Draft {
    pub(super) fn reminder(&self, person: &Person) -> Reminder {
        let private = self.place.chat.0 > 0;
        Reminder {
            id: self.id,
            place: self.place,
            by: person.account,
            name: person.first_name.clone(),
            about: About::Text(self.text.clone()),
            rule: self.rule.clone(),
            zone: self.zone,
            // A group that meets every week needs no call to the meeting of two days ago.
            catch_up: match !private && self.rule.comes_back() {
                true => CatchUp::Skip,
                false => CatchUp::Once,
            },
            next: None,
            again: None,
            followed: None,
            told: None,
        }
    }
}

impl Tx<'_> {
    /// `/rappel QUAND QUOI`.
    pub(crate) async fn remind_command(&mut self, command: &Command) -> Result<(), AppError> {
        let Some(person) = self.by_a_person(command).await? else {
            return Ok(());
        };
        let chat = command.said.place.chat;
        if self
            .allowed(command, act_in(chat), Object::Group)
            .await?
            .is_none()
        {
            return Ok(());
        }
        if command.args.trim().is_empty() {
            return self.answer(command, Text::ReminderUsage.into()).await;
        }
        let found = match spoken(&command.args, self.settings().zone, self.now()) {
            Ok(found) if found.text.is_empty() => {
                return self.answer(command, Text::ReminderOfWhat.into()).await;
            }
            Ok(found) => found,
            Err(refusal) => return self.answer(command, refused(&refusal)).await,
        };
        if !self.has_room_for_reminder(chat).await? {
            return self.answer(command, Text::ReminderTooMany.into()).await;
        }
        self.preview(command, &person, found).await
    }

    /// `/rappels`.
    pub(crate) async fn reminders_command(&mut self, command: &Command) -> Result<(), AppError> {
        let Some(person) = self.by_a_person(command).await? else {
            return Ok(());
        };
        let act = vigie_domain::authz::Action::KeepReminders;
        if self.allowed(command, act, Object::Group).await?.is_none() {
            return Ok(());
        }
        let view = View::Reminders {
            chat: command.said.place.chat,
            page: 0,
            opener: person.account,
        };
        self.show_answer(command, view).await
    }

    /// Whether a conversation may have one more reminder.
    pub(super) async fn has_room_for_reminder(&mut self, chat: ChatId) -> Result<bool, AppError> {
        let range = Range::prefix(&keys::reminders_in(chat));
        let most = u32::try_from(MOST).unwrap_or(u32::MAX);
        Ok(self.page(&range, None, most).await?.0.len() < MOST)
    }

    /// Shows what was understood, with the buttons that keep it.
    async fn preview(
        &mut self,
        command: &Command,
        person: &Person,
        found: Spoken,
    ) -> Result<(), AppError> {
        let place = command.said.place;
        let text: String = found.text.chars().take(LONGEST).collect();
        let mut say = vec![Say::new(Text::ReminderPreview).with("text", Arg::Text(text.clone()))];
        let turns = self.next_turns(&found.rule, found.zone);
        say.extend(dates(&found.rule, &turns));
        if found.hour_assumed {
            say.push(Text::ReminderHourAssumed.into());
        }
        say.extend(odd(found.zone, &turns));
        if found.zone != self.settings().zone {
            let zone = Arg::Name(found.zone.name().to_owned());
            say.push(Say::new(Text::ReminderZone).with("zone", zone));
        }
        say.push(Say::new(match command.said.private {
            true => Text::ReminderHere,
            false => Text::ReminderInGroup,
        }));
        let draft = Draft {
            id: self.random_number(),
            text,
            rule: found.rule,
            zone: found.zone,
            place,
        };
        let mut row = vec![(
            Say::new(Text::ReminderKeepButton),
            Wish::Keep(Box::new(draft.clone())),
        )];
        if let Some(other) = found.other
            && let Some(turn) = other.next(found.zone, self.now(), None)
        {
            let label = Say::new(Text::ReminderRatherButton).with("at", Arg::At(turn.at));
            let draft = Draft {
                rule: other,
                ..draft
            };
            row.push((label, Wish::Keep(Box::new(draft))));
        }
        row.push((Text::ReminderLeaveButton.into(), Wish::Leave));
        let mut message = Message::of_lines(say);
        message.lang = Some(self.reader(command).await?);
        message.reply_to = Some(command.said.message);
        for (label, wish) in row {
            let action = Action::RemindWish(wish);
            let key = plant(self, Some(place.chat), Some(person.account), action)?;
            message.buttons.push(vec![Button { label, key }]);
        }
        self.say_at(place, Class::Answer, message)
    }

    /// The next dates of a rule.
    pub(super) fn next_turns(&self, rule: &Rule, zone: Tz) -> Vec<Turn> {
        rule.turns(zone, self.now(), None).take(SHOWN).collect()
    }
}

/// When it is told.
pub(super) fn dates(rule: &Rule, turns: &[Turn]) -> Vec<Say> {
    let line = |key: Text, turn: &Turn| Say::new(key).with("at", Arg::At(turn.at));
    if !rule.comes_back() {
        return turns
            .iter()
            .map(|turn| line(Text::ReminderWhen, turn))
            .collect();
    }
    let count = i64::try_from(turns.len()).unwrap_or(i64::MAX);
    let title = Say::new(Text::ReminderDates).with("count", Arg::Number(count));
    let lines = turns.iter().map(|turn| line(Text::ReminderDate, turn));
    [title].into_iter().chain(lines).collect()
}

/// What is odd about dates, in the nights of the clock change.
fn odd(zone: Tz, turns: &[Turn]) -> Option<Say> {
    let mut odd = turns.iter().filter_map(|turn| {
        let key = match Odd::of(zone, turn.reading)? {
            Odd::Skipped => Text::ReminderSkippedHour,
            Odd::Twice => Text::ReminderHourTwice,
        };
        Some(Say::new(key).with("day", Arg::Day(turn.reading.date())))
    });
    odd.next()
}

/// Why words are no time, with an example.
fn refused(refusal: &Refusal) -> Say {
    match refusal {
        Refusal::NoTime => Text::ReminderNoTime.into(),
        Refusal::NoSuchDay => Text::ReminderNoSuchDay.into(),
        Refusal::NoSuchHour => Text::ReminderNoSuchHour.into(),
        Refusal::OtherWeekday(day) => {
            let weekday = match day.weekday() {
                Weekday::Mon => Text::ReminderMonday,
                Weekday::Tue => Text::ReminderTuesday,
                Weekday::Wed => Text::ReminderWednesday,
                Weekday::Thu => Text::ReminderThursday,
                Weekday::Fri => Text::ReminderFriday,
                Weekday::Sat => Text::ReminderSaturday,
                Weekday::Sun => Text::ReminderSunday,
            };
            Say::new(Text::ReminderOtherWeekday)
                .with("day", Arg::Day(*day))
                .with("weekday", Arg::Word(weekday))
        }
        Refusal::Past(reading) => {
            Say::new(Text::ReminderPast).with("day", Arg::Day(reading.date()))
        }
        Refusal::TooFar => Text::ReminderTooFar.into(),
        Refusal::TooOften => Text::ReminderTooOften.into(),
        Refusal::NotEveryMonth => Text::ReminderNotEveryMonth.into(),
        Refusal::UnknownZone(zone) => {
            Say::new(Text::ReminderUnknownZone).with("zone", Arg::Text(zone.clone()))
        }
    }
}
