//! Lists of what is to be done, and the sheet of one thing.

use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId};

use super::Todo;
use super::press::TodoWish;
use crate::app::buttons::{Action, plant};
use crate::app::error::AppError;
use crate::app::keys;
use crate::app::outbox::{Button, View};
use crate::app::tx::Tx;

/// A page of a list: its things, which page it is, and of how many.
type Page = (Vec<Todo>, u32, u32);

impl Tx<'_> {
    /// A thing in a list, with what there is to say about it.
    pub(super) fn todo_lines(&self, todo: &Todo, with_owners: bool) -> Vec<Say> {
        let number = Arg::Number(todo.number.cast_signed());
        let what = Arg::Text(todo.what.clone());
        let mut say = vec![match todo.owners.is_empty() || !with_owners {
            true => Say::new(Text::TodoLine)
                .with("number", number)
                .with("what", what),
            false => Say::new(Text::TodoLineOwned)
                .with("number", number)
                .with("what", what)
                .with("who", Arg::Text(names(todo))),
        }];
        let today = self.now().with_timezone(&self.settings().zone).date_naive();
        say.extend(todo.due.map(|due| {
            let key = if due < today {
                Text::TodoOverdue
            } else {
                Text::TodoDue
            };
            Say::new(key).with("day", Arg::Day(due))
        }));
        if todo.carried > 0 {
            let count = Arg::Number(i64::from(todo.carried));
            say.push(Say::new(Text::TodoCarried).with("count", count));
        }
        if !todo.waits_for.is_empty() {
            let numbers: Vec<String> = todo.waits_for.iter().map(u64::to_string).collect();
            say.push(Say::new(Text::TodoWaits).with("numbers", Arg::Text(numbers.join(", "))));
        }
        say
    }

    /// A page of what is to be done in a group, or, in private, by its reader.
    async fn todo_page(&mut self, chat: ChatId, page: u32) -> Result<Page, AppError> {
        let prefix = match chat.0 > 0 {
            true => keys::todos_of(AccountId(chat.0)),
            false => keys::todos_in(chat),
        };
        let all = self.open_under(&prefix).await?;
        let lines = usize::try_from(self.settings().page_lines.max(1)).unwrap_or(1);
        let pages = u32::try_from(all.len().div_ceil(lines).max(1)).unwrap_or(u32::MAX);
        let page = page.min(pages - 1);
        let skipped = usize::try_from(page).unwrap_or(0) * lines;
        Ok((
            all.into_iter().skip(skipped).take(lines).collect(),
            page,
            pages,
        ))
    }

    pub(crate) async fn todos_view(
        &mut self,
        chat: ChatId,
        page: u32,
    ) -> Result<Vec<Say>, AppError> {
        let (shown, page, pages) = self.todo_page(chat, page).await?;
        let private = chat.0 > 0;
        if shown.is_empty() {
            let key = if private {
                Text::TodoNoneOfYou
            } else {
                Text::TodoNone
            };
            return Ok(vec![key.into()]);
        }
        let key = if private {
            Text::TodoListOfYou
        } else {
            Text::TodoList
        };
        let title = Say::new(key)
            .with("page", Arg::Number(i64::from(page) + 1))
            .with("pages", Arg::Number(i64::from(pages)));
        let mut say = vec![title];
        for todo in shown {
            say.extend(self.todo_lines(&todo, true));
        }
        Ok(say)
    }

    pub(crate) async fn todos_buttons(
        &mut self,
        chat: ChatId,
        page: u32,
        opener: AccountId,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        let (shown, page, pages) = self.todo_page(chat, page).await?;
        let mut row = Vec::new();
        for todo in shown {
            let view = View::Todo {
                number: todo.number,
                opener,
            };
            let number = Arg::Number(todo.number.cast_signed());
            row.push(Button {
                label: Say::new(Text::TodoNumberButton).with("number", number),
                key: plant(self, Some(chat), Some(opener), Action::Show(view))?,
            });
        }
        let mut rows: Vec<Vec<Button>> = row.chunks(4).map(<[Button]>::to_vec).collect();
        let view = View::Todos { chat, page, opener };
        let turns = self.turns(chat, &view, (page, pages), Some(opener))?;
        if !turns.is_empty() {
            rows.push(turns);
        }
        Ok(rows)
    }

    /// The sheet of one thing.
    pub(crate) async fn todo_view(&mut self, number: u64) -> Result<Vec<Say>, AppError> {
        let Some(todo) = self.peek::<Todo>(&keys::todo(number)).await? else {
            return Ok(vec![Text::TodoUnknown.into()]);
        };
        let mut say = self.todo_lines(&todo, true);
        say.push(
            Say::new(Text::TodoNotedBy)
                .with("who", Arg::Text(todo.by.clone()))
                .with("at", Arg::At(todo.at)),
        );
        if let Some(closed) = &todo.closed {
            let (who, at) = (Arg::Text(closed.by.clone()), Arg::At(closed.at));
            let line = match closed.note.is_empty() {
                true => Say::new(Text::TodoClosedBy).with("who", who).with("at", at),
                false => Say::new(Text::TodoClosedNote)
                    .with("who", who)
                    .with("at", at)
                    .with("note", Arg::Text(closed.note.clone())),
            };
            say.push(line);
        } else {
            let number = Arg::Code(format!("/todo {number} fait …"));
            say.push(Say::new(Text::TodoSheetHint).with("command", number));
        }
        Ok(say)
    }

    pub(crate) async fn todo_buttons(
        &mut self,
        chat: ChatId,
        number: u64,
        opener: AccountId,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        let known: Option<Todo> = self.peek(&keys::todo(number)).await?;
        let mut row = Vec::new();
        if let Some(todo) = known {
            let (label, wish) = match todo.closed {
                None => (Text::TodoDoneButton, TodoWish::Done(number)),
                Some(_) => (Text::TodoReopenButton, TodoWish::Reopen(number)),
            };
            let key = plant(self, Some(chat), Some(opener), Action::Todo(wish))?;
            row.push(Button {
                label: label.into(),
                key,
            });
        }
        let list = View::Todos {
            chat,
            page: 0,
            opener,
        };
        let key = plant(self, Some(chat), Some(opener), Action::Show(list))?;
        row.push(Button {
            label: Text::TodoListButton.into(),
            key,
        });
        Ok(vec![row])
    }
}

/// Who does something, in a line.
pub(super) fn names(todo: &Todo) -> String {
    let names: Vec<&str> = todo
        .owners
        .iter()
        .map(|owner| owner.name.as_str())
        .collect();
    names.join(", ")
}
