//! Reminders: whatever is to be said at a time, once or again and again, on the wall clock of a
//! place. Ballots, meetings and to-dos use them as people do.
//!
//! A turn is told once: the commit that writes the row of the outbox moves the reminder to its next
//! turn and removes what was due, and it holds only while nobody else did so.

mod command;
mod list;
mod press;
mod told;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use vigie_domain::calendar::{Rule, Turn};
use vigie_domain::{AccountId, ChatId, Place};

pub use self::command::Draft;
pub(crate) use self::press::OfReminder;
pub use self::press::Wish;
pub use self::told::{Note, Reminded};

use super::buttons::{Action, plant};
use super::due::Due;
use super::error::AppError;
use super::keys;
use super::outbox::{Class, Doubt, Outgoing, Row};
use super::tx::Tx;

/// From this delay on a reminder says that it is late, and minds the night.
const LATE: TimeDelta = TimeDelta::minutes(10);
/// From this delay on a turn that may be skipped is.
const SKIPPED: TimeDelta = TimeDelta::hours(1);
/// Missed turns that are counted.
const MOST_MISSED: usize = 1_000;
/// Reminders of somebody that are forgotten in one commit.
const FORGOTTEN: usize = 15;
/// How long what was told once can still be told again.
const KEPT: TimeDelta = TimeDelta::days(7);

/// A reminder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reminder {
    /// Its number.
    pub id: i64,
    /// Where it is told.
    pub place: Place,
    /// Who asked for it.
    pub by: AccountId,
    /// Their first name.
    pub name: String,
    /// What it says.
    pub about: About,
    /// When.
    pub rule: Rule,
    /// On whose wall clock.
    pub zone: Tz,
    /// What becomes of turns that nobody could tell in time.
    pub catch_up: CatchUp,
    /// Its next turn.
    pub next: Option<Turn>,
    /// When it is told once more, because somebody asked for that.
    pub again: Option<DateTime<Utc>>,
    /// The last reading of the clock that it followed.
    pub followed: Option<NaiveDateTime>,
    /// When it was told last.
    pub told: Option<DateTime<Utc>>,
}

/// What a reminder says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum About {
    /// Somebody's words.
    Text(String),
    /// What somebody still has to do.
    Todos(AccountId),
}

/// What becomes of turns that nobody could tell in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CatchUp {
    /// The last one is told late, with how many there were before it.
    Once,
    /// It is over: a note without sound says so, and when the next one is.
    Skip,
}

crate::record_v1!(Reminder);

impl Reminder {
    /// Whether it is told to one person.
    pub(crate) const fn is_private(&self) -> bool {
        self.place.chat.0 > 0
    }

    /// Whether nothing of it is to come.
    pub(crate) const fn is_over(&self) -> bool {
        self.next.is_none() && self.again.is_none()
    }

    /// When it is told next.
    pub(crate) fn coming(&self) -> Option<DateTime<Utc>> {
        let next = self.next.map(|turn| turn.at);
        match (next, self.again) {
            (Some(next), Some(again)) => Some(next.min(again)),
            (next, again) => next.or(again),
        }
    }
}

/// Turns that have come, taken together.
struct Come {
    /// The one that is told.
    at: DateTime<Utc>,
    /// How many there were before it.
    missed: u32,
}

impl Tx<'_> {
    /// Writes a new reminder and plans its first turn. `false`: its time is over.
    ///
    /// # Errors
    /// A record cannot be encoded.
    pub fn remind(&mut self, mut reminder: Reminder) -> Result<bool, AppError> {
        let (rule, zone) = (&reminder.rule, reminder.zone);
        reminder.next = rule.next(zone, self.now(), reminder.followed);
        let Some(turn) = reminder.next else {
            return Ok(false);
        };
        self.put(keys::reminder_in(reminder.place.chat, reminder.id), &Listed)?;
        self.put(keys::reminder(reminder.id), &reminder)?;
        self.plan(turn.at, Due::Reminder(reminder.id))?;
        Ok(true)
    }

    /// Removes a reminder. What is still due of it finds nothing.
    pub(crate) fn forget_reminder(&mut self, reminder: &Reminder) {
        self.delete(keys::reminder(reminder.id));
        self.delete(keys::reminder_in(reminder.place.chat, reminder.id));
    }

    /// A reminder may be due: whatever has come of it is told once.
    pub(crate) async fn reminder_due(&mut self, id: i64) -> Result<(), AppError> {
        let Some(mut reminder) = self.get::<Reminder>(&keys::reminder(id)).await? else {
            return Ok(());
        };
        let now = self.now();
        if reminder.is_over() {
            if reminder.told.is_none_or(|told| told + KEPT <= now) {
                self.forget_reminder(&reminder);
            }
            return Ok(());
        }
        let earliest = reminder.coming().filter(|at| *at <= now);
        let Some(earliest) = earliest else {
            return Ok(());
        };
        let of_its_own = matches!(reminder.about, About::Text(_));
        // What was asked for at an hour of the night is told then; what is late waits.
        if (now - earliest > LATE || !of_its_own)
            && let Some(morning) = self.morning_of(&reminder).await?
        {
            return self.plan(morning, Due::Reminder(id));
        }
        let come = came(&mut reminder, now);
        if let Some(turn) = reminder.next.filter(|turn| turn.at > now) {
            self.plan(turn.at, Due::Reminder(id))?;
        }
        if let About::Todos(owner) = reminder.about
            && !self.has_todos(owner).await?
        {
            // The next thing to do asks for it anew.
            self.delete(keys::todo_nag(owner));
            self.forget_reminder(&reminder);
            return Ok(());
        }
        let note = note(&reminder, &come, now);
        self.tell_reminder(&mut reminder, come.at, note)
    }

    /// Forgets reminders of somebody, and that they have something to do: some in each commit.
    pub(crate) async fn forget_reminders(&mut self, account: AccountId) -> Result<(), AppError> {
        let own = keys::reminders_in(ChatId(account.0));
        let listed = self.keys(&own).await?;
        for key in listed.iter().take(FORGOTTEN) {
            self.delete(key.clone());
            if let Some(id) = keys::last_i64(key) {
                self.delete(keys::reminder(id));
            }
        }
        self.delete(keys::todo_nag(account));
        let left = self.gives_back(account, FORGOTTEN).await?;
        if listed.len() > FORGOTTEN || left {
            self.plan(self.now(), Due::ForgetReminders(account))?;
        }
        Ok(())
    }

    /// When the night is over for those who read a reminder, while it lasts.
    async fn morning_of(&mut self, reminder: &Reminder) -> Result<Option<DateTime<Utc>>, AppError> {
        match reminder.is_private() {
            true => {
                self.person_sleeps_until(AccountId(reminder.place.chat.0))
                    .await
            }
            false => self.sleeps_until(reminder.place.chat, None).await,
        }
    }

    /// Notes that a reminder is told, and writes the row that tells it.
    fn tell_reminder(
        &mut self,
        reminder: &mut Reminder,
        at: DateTime<Utc>,
        note: Note,
    ) -> Result<(), AppError> {
        let now = self.now();
        reminder.told = Some(now);
        if reminder.is_over() {
            self.plan(now + KEPT, Due::Reminder(reminder.id))?;
        }
        self.put(keys::reminder(reminder.id), reminder)?;
        let (chat, id) = (reminder.place.chat, reminder.id);
        let key = plant(self, Some(chat), None, Action::Reminder(id))?;
        let told = Reminded { id, at, note, key };
        let row = Row::new(
            reminder.place,
            Outgoing::Remind(told),
            Class::Service,
            now,
            Doubt::SendAgain,
        );
        self.append(keys::outbox_messages(), &self.fresh(row))
    }

    /// The reminders of a conversation, as far as anything of them is to come, the next one first.
    pub(crate) async fn reminders_of(&mut self, chat: ChatId) -> Result<Vec<Reminder>, AppError> {
        let mut found = Vec::new();
        for key in self.keys(&keys::reminders_in(chat)).await? {
            let Some(id) = keys::last_i64(&key) else {
                continue;
            };
            let known: Option<Reminder> = self.peek(&keys::reminder(id)).await?;
            found.extend(known.filter(|reminder| !reminder.is_over()));
        }
        found.sort_by_key(|reminder| (reminder.coming(), reminder.id));
        Ok(found)
    }
}

/// Takes what has come of a reminder, and moves it to its next turn.
fn came(reminder: &mut Reminder, now: DateTime<Utc>) -> Come {
    let mut come = Vec::new();
    if let Some(again) = reminder.again.filter(|again| *again <= now) {
        reminder.again = None;
        come.push(again);
    }
    if let Some(first) = reminder.next.filter(|turn| turn.at <= now) {
        let (mut last, mut next) = (first, None);
        come.push(first.at);
        let turns = reminder
            .rule
            .turns(reminder.zone, first.at, Some(first.reading));
        for turn in turns.take(MOST_MISSED) {
            if turn.at > now {
                next = Some(turn);
                break;
            }
            last = turn;
            come.push(turn.at);
        }
        reminder.followed = Some(last.reading);
        // Beyond what is counted one looks from the present on.
        let next = next.or_else(|| reminder.rule.next(reminder.zone, now, Some(last.reading)));
        reminder.next = next;
    }
    come.sort();
    Come {
        at: come.last().copied().unwrap_or(now),
        missed: u32::try_from(come.len().saturating_sub(1)).unwrap_or(u32::MAX),
    }
}

fn note(reminder: &Reminder, come: &Come, now: DateTime<Utc>) -> Note {
    match (now - come.at, reminder.catch_up) {
        (late, CatchUp::Skip) if late > SKIPPED && reminder.rule.comes_back() => Note::Skipped,
        (late, _) if late > LATE || come.missed > 0 => Note::Late(come.missed),
        _ => Note::OnTime,
    }
}

/// That a reminder is listed; the key says all.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Listed;

crate::record_v1!(Listed);
