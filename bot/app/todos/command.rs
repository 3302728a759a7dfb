//! `/todo (Bruno / Fred) documenter …`, `/todo 12 fait …`, `/todos`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use vigie_domain::authz::{Action as Act, Object};
use vigie_domain::calendar::{Rule, spoken};
use vigie_domain::names::fold;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::todo::{Line, lines};
use vigie_domain::{AccountId, ChatId, Place};

use super::press::TodoWish;
use super::{Owner, Todo};
use crate::app::buttons::{Action, plant};
use crate::app::error::AppError;
use crate::app::event::{Command, Person};
use crate::app::keys;
use crate::app::outbox::{Button, Class, Message, View};
use crate::app::tx::Tx;

/// Longest description.
const LONGEST: usize = 300;
/// Words before the date until which something is to be done.
const UNTIL: [&str; 7] = ["pour", "avant", "d'ici", "d’ici", "by", "before", "until"];

/// Something to do of which it is not known yet who does it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TodoDraft {
    /// The number that it will have.
    pub number: u64,
    /// What.
    pub what: String,
    /// Where.
    pub place: Place,
    /// Until when.
    pub due: Option<NaiveDate>,
    /// Who noted it, by first name.
    pub by: String,
    /// Who does it, as far as that is known.
    pub owners: Vec<Owner>,
    /// Names that several people have, and who they are.
    pub asked: Vec<(String, Vec<Owner>)>,
}

/// What is changed about something.
enum Change {
    Done(String),
    Reopened,
    Carried,
    WaitsFor(Vec<u64>),
    Due(NaiveDate),
}

/// What somebody must be allowed to do with the things of a conversation.
pub(super) const fn act_in(chat: ChatId) -> Act {
    match chat.0 > 0 {
        true => Act::KeepReminders,
        false => Act::WriteTodos,
    }
}

impl Tx<'_> {
    /// `/todo`.
    pub(crate) async fn todo_command(&mut self, command: &Command) -> Result<(), AppError> {
        let Some(person) = self.by_a_person(command).await? else {
            return Ok(());
        };
        let act = act_in(command.said.place.chat);
        if self.allowed(command, act, Object::Group).await?.is_none() {
            return Ok(());
        }
        let mut words = command.args.split_whitespace();
        let number = words
            .next()
            .map(|word| word.trim_start_matches(['#', 'n', '°']));
        if let Some(number) = number.and_then(|word| word.parse().ok()) {
            let rest = words.collect::<Vec<_>>().join(" ");
            return self.change_command(command, &person, number, &rest).await;
        }
        let read = lines(&command.args);
        if read.is_empty() {
            return self.answer(command, Text::TodoUsage.into()).await;
        }
        for line in read {
            self.note_line(command, &person, line).await?;
        }
        Ok(())
    }

    /// Notes a line, or asks who is meant.
    async fn note_line(
        &mut self,
        command: &Command,
        person: &Person,
        line: Line,
    ) -> Result<(), AppError> {
        let place = command.said.place;
        let (what, due) = self.until(&line.what);
        let mut draft = TodoDraft {
            number: self.next_todo().await?,
            what: what.chars().take(LONGEST).collect(),
            place,
            due,
            by: person.first_name.clone(),
            owners: Vec::new(),
            asked: Vec::new(),
        };
        for name in &line.owners {
            let mut meant = self.meant(place.chat, name, person).await?;
            match meant.len() {
                0 => draft.owners.push(Owner {
                    name: name.clone(),
                    member: None,
                    account: None,
                }),
                1 => draft.owners.append(&mut meant),
                _ => draft.asked.push((name.clone(), meant)),
            }
        }
        if line.owners.is_empty() && command.said.private {
            draft.owners.push(self.oneself(person).await?);
        }
        if !draft.asked.is_empty() {
            let opener = person.account;
            let draft = Box::new(draft);
            return self
                .show_answer(command, View::TodoWho { draft, opener })
                .await;
        }
        let todo = self.note_todo(&draft).await?;
        let mut message = Message::of_lines(self.noted(&todo));
        message.lang = Some(self.reader(command).await?);
        message.reply_to = Some(command.said.message);
        for (label, wish) in [
            (Text::TodoDoneButton, TodoWish::Done(todo.number)),
            (Text::TodoUndoButton, TodoWish::Undo(todo.number)),
        ] {
            let key = plant(self, Some(place.chat), None, Action::Todo(wish))?;
            let button = Button {
                label: label.into(),
                key,
            };
            message.buttons.push(vec![button]);
        }
        self.say_at(place, Class::Answer, message)
    }

    /// Writes a draft whose owners are known.
    pub(super) async fn note_todo(&mut self, draft: &TodoDraft) -> Result<Todo, AppError> {
        let todo = Todo {
            number: draft.number,
            place: draft.place,
            what: draft.what.clone(),
            owners: draft.owners.clone(),
            due: draft.due,
            by: draft.by.clone(),
            at: self.now(),
            carried: 0,
            waits_for: Vec::new(),
            closed: None,
        };
        self.put_open(&todo).await?;
        Ok(todo)
    }

    /// What is answered to a thing that was noted.
    pub(super) fn noted(&self, todo: &Todo) -> Vec<Say> {
        let mut say = vec![Text::TodoNoted.into()];
        say.extend(self.todo_lines(todo, true));
        let unknown: Vec<&str> = todo
            .owners
            .iter()
            .filter(|owner| owner.account.is_none())
            .map(|owner| owner.name.as_str())
            .collect();
        if !unknown.is_empty() {
            let who = Arg::Text(unknown.join(", "));
            say.push(Say::new(Text::TodoNobodyKnown).with("who", who));
        }
        say
    }

    /// Takes the date until which something is to be done from its end.
    fn until(&self, what: &str) -> (String, Option<NaiveDate>) {
        let words: Vec<&str> = what.split_whitespace().collect();
        for (at, word) in words.iter().enumerate().skip(1) {
            if !UNTIL.contains(&word.to_lowercase().as_str()) {
                continue;
            }
            let rest = words.get(at + 1..).unwrap_or_default().join(" ");
            if let Some(day) = self.day(&rest) {
                return (words.get(..at).unwrap_or_default().join(" "), Some(day));
            }
        }
        (what.to_owned(), None)
    }

    /// A day in words that say nothing else.
    fn day(&self, text: &str) -> Option<NaiveDate> {
        let found = spoken(text, self.settings().zone, self.now()).ok()?;
        let once = matches!(found.rule, Rule::Once(_)) && found.text.is_empty();
        let turn = found.rule.next(found.zone, self.now(), None)?;
        once.then(|| turn.reading.date())
    }

    /// `/todo 12 fait …` and what else is said of a thing.
    async fn change_command(
        &mut self,
        command: &Command,
        person: &Person,
        number: u64,
        rest: &str,
    ) -> Result<(), AppError> {
        let here = command.said.place.chat;
        let known: Option<Todo> = self.get(&keys::todo(number)).await?;
        let Some(mut todo) = known.filter(|todo| belongs(todo, here)) else {
            return self.answer(command, Text::TodoUnknown.into()).await;
        };
        if rest.is_empty() {
            let view = View::Todo {
                number,
                opener: person.account,
            };
            return self.show_answer(command, view).await;
        }
        let Some(change) = self.todo_change(rest) else {
            return self.answer(command, Text::TodoUsage.into()).await;
        };
        let mut say = match change {
            Change::Done(note) => {
                self.close_todo(&mut todo, &person.first_name, &note)
                    .await?
            }
            Change::Reopened => {
                todo.closed = None;
                self.put_open(&todo).await?;
                vec![Text::TodoReopened.into()]
            }
            Change::Carried => {
                todo.carried = todo.carried.saturating_add(1);
                self.put(keys::todo(number), &todo)?;
                vec![Text::TodoChanged.into()]
            }
            Change::WaitsFor(numbers) => {
                if let Some(refusal) = self.cannot_wait(&todo, &numbers).await? {
                    return self.answer(command, refusal).await;
                }
                todo.waits_for = numbers;
                self.put(keys::todo(number), &todo)?;
                vec![Text::TodoChanged.into()]
            }
            Change::Due(day) => {
                todo.due = Some(day);
                self.put(keys::todo(number), &todo)?;
                vec![Text::TodoChanged.into()]
            }
        };
        if todo.closed.is_none() {
            say.extend(self.todo_lines(&todo, true));
        }
        let mut message = Message::of_lines(say);
        message.lang = Some(self.reader(command).await?);
        message.reply_to = Some(command.said.message);
        self.say_at(command.said.place, Class::Answer, message)
    }

    fn todo_change(&self, rest: &str) -> Option<Change> {
        let (word, more) = rest.split_once(' ').unwrap_or((rest, ""));
        Some(match fold(word.trim_end_matches([':', ','])).as_str() {
            "fait" | "faite" | "fini" | "clos" | "done" | "close" | "closed" => {
                Change::Done(more.trim().chars().take(LONGEST).collect())
            }
            "rouvrir" | "reopen" => Change::Reopened,
            "reporte" | "reporter" | "carry" | "carried" => Change::Carried,
            "attend" | "bloque" | "waits" | "blocked" => {
                let digits = |c: char| !c.is_ascii_digit();
                let numbers = more.split(digits).filter_map(|word| word.parse().ok());
                let numbers: Vec<u64> = numbers.take(8).collect();
                Some(numbers)
                    .filter(|numbers| !numbers.is_empty())
                    .map(Change::WaitsFor)?
            }
            "pour" | "avant" | "by" | "before" | "until" | "due" => Change::Due(self.day(more)?),
            _ => return None,
        })
    }

    /// Why something cannot wait for these: they are not known, or wait for it in turn.
    async fn cannot_wait(&mut self, todo: &Todo, numbers: &[u64]) -> Result<Option<Say>, AppError> {
        let mut ahead = numbers.to_vec();
        let mut seen = Vec::new();
        while let Some(number) = ahead.pop() {
            if number == todo.number {
                return Ok(Some(Text::TodoWaitsForItself.into()));
            }
            if seen.contains(&number) {
                continue;
            }
            seen.push(number);
            let known: Option<Todo> = self.get(&keys::todo(number)).await?;
            match known.filter(|other| other.place.chat == todo.place.chat) {
                Some(other) if seen.len() < 60 => ahead.extend(other.waits_for),
                Some(_) => {}
                None => return Ok(Some(Text::TodoUnknown.into())),
            }
        }
        Ok(None)
    }

    /// `/todos`.
    pub(crate) async fn todos_command(&mut self, command: &Command) -> Result<(), AppError> {
        let Some(person) = self.by_a_person(command).await? else {
            return Ok(());
        };
        if self
            .allowed(command, Act::ReadTodos, Object::Group)
            .await?
            .is_none()
        {
            return Ok(());
        }
        let view = View::Todos {
            chat: command.said.place.chat,
            page: 0,
            opener: person.account,
        };
        self.show_answer(command, view).await
    }
}

/// Whether a thing is spoken of here: in its group, or in private by one of its owners.
pub(super) fn belongs(todo: &Todo, here: ChatId) -> bool {
    let own = Some(AccountId(here.0));
    todo.place.chat == here || (here.0 > 0 && todo.owners.iter().any(|owner| owner.account == own))
}
