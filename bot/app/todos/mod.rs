//! What is to be done: by whom, until when, what it waits for, and how often it was put off.
//! Whoever has something to do is reminded once a week, of all of it.

mod command;
mod list;
mod owners;
mod press;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc, Weekday};
use serde::{Deserialize, Serialize};
use vigie_domain::calendar::{Rule, RuleDays};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, MemberId, Place};

pub use self::command::TodoDraft;
pub use self::press::TodoWish;

use super::error::AppError;
use super::keys;
use super::outbox::{Class, Message};
use super::reminders::{About, CatchUp, Reminder};
use super::tx::Tx;

/// Things that a recall names; it tells how many there are.
const RECALLED: usize = 8;
/// Things of one owner or one group that are read.
const MOST: u32 = 300;
/// Put off so often, a thing comes first.
const OFTEN: u32 = 3;
/// Things that are told to have lost their owner in one go.
const ORPHANS: usize = 8;

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Todo {
    /// Its number, as people say it.
    pub number: u64,
    /// The group that it is for, or the person's own conversation.
    pub place: Place,
    /// What.
    pub what: String,
    /// Who does it.
    pub owners: Vec<Owner>,
    /// Until when.
    pub due: Option<NaiveDate>,
    /// Who noted it, by first name.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// How often it was put off.
    pub carried: u32,
    /// What it waits for.
    pub waits_for: Vec<u64>,
    /// How it ended.
    pub closed: Option<Closed>,
}

/// Who does something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// The name as people read it.
    pub name: String,
    /// Their record, where they are known.
    pub member: Option<MemberId>,
    /// Their account, where they have one: who has none is not reminded.
    pub account: Option<AccountId>,
}

/// How something ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// Who said so, by first name.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What there is to say about it; may be empty.
    pub note: String,
}

/// Number of the last thing to do.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Last(u64);

/// That something is still to be done; the key says all.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Open;

/// The reminder that recalls somebody's things.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Nag(i64);

crate::record_v1!(Todo, Last, Open, Nag);

impl Tx<'_> {
    /// The next number.
    async fn next_todo(&mut self) -> Result<u64, AppError> {
        let Last(last) = self.get(&keys::last_todo()).await?.unwrap_or_default();
        self.put(keys::last_todo(), &Last(last + 1))?;
        Ok(last + 1)
    }

    /// Writes something that is open: it is listed, and its owners are reminded of it.
    async fn put_open(&mut self, todo: &Todo) -> Result<(), AppError> {
        self.put(keys::todo(todo.number), todo)?;
        self.put(keys::todo_in(todo.place.chat, todo.number), &Open)?;
        for account in todo.owners.iter().filter_map(|owner| owner.account) {
            self.put(keys::todo_of(account, todo.number), &Open)?;
            self.nag(account).await?;
        }
        Ok(())
    }

    /// Takes something from the lists.
    fn put_closed(&mut self, todo: &Todo) -> Result<(), AppError> {
        self.put(keys::todo(todo.number), todo)?;
        self.delete(keys::todo_in(todo.place.chat, todo.number));
        for account in todo.owners.iter().filter_map(|owner| owner.account) {
            self.delete(keys::todo_of(account, todo.number));
        }
        Ok(())
    }

    /// Sees to it that somebody is reminded once a week of what they have to do.
    async fn nag(&mut self, account: AccountId) -> Result<(), AppError> {
        let key = keys::todo_nag(account);
        if self.get::<Nag>(&key).await?.is_some() {
            return Ok(());
        }
        let id = self.random_number();
        let zone = self.settings().zone;
        let reminder = Reminder {
            id,
            place: vigie_domain::ChatId(account.0).into(),
            by: account,
            name: String::new(),
            about: About::Todos(account),
            rule: weekly(self.now().with_timezone(&zone).date_naive()),
            zone,
            catch_up: CatchUp::Once,
            next: None,
            again: None,
            followed: None,
            told: None,
        };
        self.put(key, &Nag(id))?;
        self.remind(reminder).map(|_| ())
    }

    /// Takes somebody from what they have to do; their name stays. Returned is whether there is
    /// more of it.
    pub(crate) async fn gives_back(
        &mut self,
        owner: AccountId,
        most: usize,
    ) -> Result<bool, AppError> {
        let open = self.todos_of(owner).await?;
        let more = open.len() > most;
        for mut todo in open.into_iter().take(most) {
            self.delete(keys::todo_of(owner, todo.number));
            for one in &mut todo.owners {
                if one.account == Some(owner) {
                    (one.account, one.member) = (None, None);
                }
            }
            self.put(keys::todo(todo.number), &todo)?;
        }
        Ok(more)
    }

    /// Whether somebody has anything to do. What belongs to somebody who is no member any more is
    /// given back to its group, which is told.
    pub(crate) async fn has_todos(&mut self, owner: AccountId) -> Result<bool, AppError> {
        let open = self.todos_of(owner).await?;
        if open.is_empty() || self.actor_of(owner).await?.is_known() {
            return Ok(!open.is_empty());
        }
        for mut todo in open.into_iter().take(ORPHANS) {
            let left = |one: &&mut Owner| one.account == Some(owner);
            self.delete(keys::todo_of(owner, todo.number));
            let Some(one) = todo.owners.iter_mut().find(left) else {
                continue;
            };
            one.account = None;
            let say = Say::new(Text::TodoOwnerLeft)
                .with("who", Arg::Text(one.name.clone()))
                .with("number", Arg::Number(todo.number.cast_signed()))
                .with("what", Arg::Text(todo.what.clone()));
            self.put(keys::todo(todo.number), &todo)?;
            if todo.place.chat.0 < 0 {
                self.say_at(todo.place, Class::Service, Message::of(say))?;
            }
        }
        Ok(false)
    }

    /// What somebody still has to do: what was put off often first, then what is due first.
    pub(crate) async fn todos_of(&mut self, owner: AccountId) -> Result<Vec<Todo>, AppError> {
        self.open_under(&keys::todos_of(owner)).await
    }

    async fn open_under(&mut self, prefix: &vigie_store::Key) -> Result<Vec<Todo>, AppError> {
        let range = vigie_store::Range::prefix(prefix);
        let mut found = Vec::new();
        for (key, _) in self.page(&range, None, MOST).await?.0 {
            if let Some(number) = keys::todo_number(&key) {
                found.extend(self.peek::<Todo>(&keys::todo(number)).await?);
            }
        }
        found.sort_by_key(|todo: &Todo| {
            let date = todo.due.unwrap_or(NaiveDate::MAX);
            (todo.carried < OFTEN, date, todo.number)
        });
        Ok(found)
    }

    /// What the weekly reminder says; nothing, where nothing is left.
    pub(crate) async fn todos_to_recall(&mut self, owner: AccountId) -> Result<Vec<Say>, AppError> {
        let open = self.todos_of(owner).await?;
        if open.is_empty() {
            return Ok(Vec::new());
        }
        let count = Arg::Number(i64::try_from(open.len()).unwrap_or(i64::MAX));
        let mut say = vec![Say::new(Text::TodoRecall).with("count", count)];
        for todo in open.iter().take(RECALLED) {
            say.extend(self.todo_lines(todo, false));
        }
        let more = open.len().saturating_sub(RECALLED);
        if more > 0 {
            let count = Arg::Number(i64::try_from(more).unwrap_or(i64::MAX));
            say.push(Say::new(Text::TodoMore).with("count", count));
        }
        say.push(Text::TodoRecallHint.into());
        Ok(say)
    }
}

/// Every Tuesday at nine: the day before the weekly meeting's evening is over.
fn weekly(today: NaiveDate) -> Rule {
    let time = NaiveTime::from_hms_opt(9, 0, 0).unwrap_or(NaiveTime::MIN);
    let on = vec![Weekday::Tue];
    Rule::Every {
        on: RuleDays::Week {
            on,
            every: 1,
            from: today,
        },
        time,
    }
}
