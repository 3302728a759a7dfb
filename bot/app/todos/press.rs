//! Presses on the buttons of things to do, and how they end.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use vigie_domain::authz::{Actor, Object, authz};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId, Lang};

use super::command::{TodoDraft, act_in, belongs};
use super::{Closed, Owner, Todo};
use crate::app::buttons::{Action, plant};
use crate::app::error::AppError;
use crate::app::event::Tap;
use crate::app::keys;
use crate::app::outbox::{Button, View};
use crate::app::taps::Answer;
use crate::app::tx::Tx;

/// How long a thing that was just noted can be taken back.
const UNDONE: TimeDelta = TimeDelta::minutes(10);
/// Things that wait for one and are told when it is done.
const FREED: usize = 20;

/// What is pressed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TodoWish {
    /// It is done.
    Done(u64),
    /// It is not, after all.
    Reopen(u64),
    /// It should not have been noted.
    Undo(u64),
    /// This one is meant by the name that is asked; `None`: somebody whom we do not know.
    Who {
        /// What is noted then.
        draft: Box<TodoDraft>,
        /// Who.
        owner: Option<Owner>,
    },
}

impl Tx<'_> {
    /// A press about something to do.
    pub(crate) async fn todo_pressed(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        wish: TodoWish,
        lang: Lang,
    ) -> Result<Answer, AppError> {
        let here = tap.on.map_or(ChatId(tap.from.account.0), |(chat, _)| chat);
        if let Err(denied) = authz(actor, act_in(here), Object::Group) {
            return Ok(Answer::refusal(self.refusal(&denied).await?));
        }
        let number = match wish {
            TodoWish::Who { draft, owner } => return self.chosen(tap, *draft, owner, lang).await,
            TodoWish::Done(number) | TodoWish::Reopen(number) | TodoWish::Undo(number) => number,
        };
        let known: Option<Todo> = self.get(&keys::todo(number)).await?;
        let Some(mut todo) = known.filter(|todo| belongs(todo, here)) else {
            return Ok(Answer::refusal(Text::TodoUnknown));
        };
        let say = match wish {
            TodoWish::Undo(_) if todo.at + UNDONE < self.now() => {
                return Ok(Answer::refusal(Text::TodoTooOld));
            }
            TodoWish::Undo(_) => {
                self.put_closed(&todo)?;
                self.delete(keys::todo(number));
                let number = Arg::Number(number.cast_signed());
                vec![Say::new(Text::TodoUndone).with("number", number)]
            }
            TodoWish::Reopen(_) => {
                todo.closed = None;
                self.put_open(&todo).await?;
                let mut say = vec![Text::TodoReopened.into()];
                say.extend(self.todo_lines(&todo, true));
                say
            }
            TodoWish::Done(_) | TodoWish::Who { .. } => {
                if todo.closed.is_some() {
                    return Ok(Answer::toast(Text::TodoDoneAlready));
                }
                self.close_todo(&mut todo, &tap.from.first_name, "").await?
            }
        };
        self.show_in_place(tap, View::Words(say), lang).await?;
        Ok(Answer::quiet())
    }

    /// Closes something; what waited for it alone waits no more.
    pub(super) async fn close_todo(
        &mut self,
        todo: &mut Todo,
        by: &str,
        note: &str,
    ) -> Result<Vec<Say>, AppError> {
        todo.closed = Some(Closed {
            by: by.to_owned(),
            at: self.now(),
            note: note.to_owned(),
        });
        self.put_closed(todo)?;
        let (number, what) = (
            Arg::Number(todo.number.cast_signed()),
            Arg::Text(todo.what.clone()),
        );
        let who = Arg::Text(by.to_owned());
        let done = match note.is_empty() {
            true => Say::new(Text::TodoDone)
                .with("number", number)
                .with("what", what)
                .with("who", who),
            false => Say::new(Text::TodoDoneNote)
                .with("number", number)
                .with("what", what)
                .with("who", who)
                .with("note", Arg::Text(note.to_owned())),
        };
        let mut say = vec![done];
        let mut waiting = self.open_under(&keys::todos_in(todo.place.chat)).await?;
        waiting.retain(|other| other.waits_for.contains(&todo.number));
        for mut other in waiting.into_iter().take(FREED) {
            other.waits_for.retain(|number| *number != todo.number);
            self.put(keys::todo(other.number), &other)?;
            if other.waits_for.is_empty() {
                say.push(
                    Say::new(Text::TodoWaitsNoMore)
                        .with("number", Arg::Number(other.number.cast_signed()))
                        .with("what", Arg::Text(other.what.clone())),
                );
            }
        }
        Ok(say)
    }

    /// Somebody said who is meant by a name.
    async fn chosen(
        &mut self,
        tap: &Tap,
        mut draft: TodoDraft,
        owner: Option<Owner>,
        lang: Lang,
    ) -> Result<Answer, AppError> {
        if draft.asked.is_empty() {
            return Ok(Answer::refusal(Text::TapUnknown));
        }
        let (name, _) = draft.asked.remove(0);
        draft.owners.push(owner.unwrap_or(Owner {
            name,
            member: None,
            account: None,
        }));
        let view = match draft.asked.is_empty() {
            false => View::TodoWho {
                draft: Box::new(draft),
                opener: tap.from.account,
            },
            true => {
                let key = keys::todo(draft.number);
                if self.get::<Todo>(&key).await?.is_some() {
                    return Ok(Answer::toast(Text::TodoNotedAlready));
                }
                let todo = self.note_todo(&draft).await?;
                View::Words(self.noted(&todo))
            }
        };
        self.show_in_place(tap, view, lang).await?;
        Ok(Answer::quiet())
    }

    /// The question who is meant.
    pub(crate) fn todo_who_view(draft: &TodoDraft) -> Vec<Say> {
        let name = draft.asked.first().map_or("", |(name, _)| name.as_str());
        vec![
            Say::new(Text::TodoWho)
                .with("name", Arg::Text(name.to_owned()))
                .with("what", Arg::Text(draft.what.clone())),
        ]
    }

    /// A button for each person who may be meant.
    pub(crate) fn todo_who_buttons(
        &mut self,
        chat: ChatId,
        draft: &TodoDraft,
        opener: AccountId,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        let people = draft.asked.first().map_or(&[][..], |(_, people)| people);
        let mut rows = Vec::new();
        for owner in people.iter().map(Some).chain([None]) {
            let label = match owner {
                Some(owner) => {
                    Say::new(Text::TodoWhoButton).with("who", Arg::Text(owner.name.clone()))
                }
                None => Text::TodoWhoOther.into(),
            };
            let wish = TodoWish::Who {
                draft: Box::new(draft.clone()),
                owner: owner.cloned(),
            };
            let key = plant(self, Some(chat), Some(opener), Action::Todo(wish))?;
            rows.push(vec![Button { label, key }]);
        }
        Ok(rows)
    }
}
