//! The list of reminders of a conversation, and the sheet of one.

use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId};

use super::command::dates;
use super::press::Wish;
use super::{About, Reminder};
use crate::app::buttons::{Action, plant};
use crate::app::error::AppError;
use crate::app::keys;
use crate::app::outbox::{Button, View};
use crate::app::tx::Tx;

/// Letters of a text in a list.
const SHORT: usize = 80;

impl Tx<'_> {
    /// The buttons of what shows reminders and things to do.
    pub(crate) async fn memory_buttons(
        &mut self,
        here: ChatId,
        view: &View,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        match view {
            View::Reminders { chat, page, opener } => {
                self.reminders_buttons(*chat, *page, *opener).await
            }
            View::Reminder { id, opener } => self.reminder_buttons(here, *id, *opener).await,
            View::Todos { chat, page, opener } => self.todos_buttons(*chat, *page, *opener).await,
            View::Todo { number, opener } => self.todo_buttons(here, *number, *opener).await,
            View::TodoWho { draft, opener } => self.todo_who_buttons(here, draft, *opener),
            _ => Ok(Vec::new()),
        }
    }

    /// A page of the reminders of a conversation.
    pub(crate) async fn reminders_view(
        &mut self,
        chat: ChatId,
        page: u32,
    ) -> Result<Vec<Say>, AppError> {
        let (shown, page, pages) = self.reminders_page(chat, page).await?;
        if shown.is_empty() {
            return Ok(vec![Text::ReminderNone.into()]);
        }
        let title = Say::new(Text::ReminderList)
            .with("page", Arg::Number(i64::from(page) + 1))
            .with("pages", Arg::Number(i64::from(pages)));
        let mut say = vec![title];
        for (number, reminder) in shown {
            let key = match reminder.rule.comes_back() {
                true => Text::ReminderLineBack,
                false => Text::ReminderLine,
            };
            let at = reminder.coming().unwrap_or(self.now());
            say.push(
                Say::new(key)
                    .with("number", Arg::Number(number))
                    .with("text", self.short_text(&reminder))
                    .with("at", Arg::At(at)),
            );
        }
        Ok(say)
    }

    fn short_text(&self, reminder: &Reminder) -> Arg {
        match &reminder.about {
            About::Text(text) if text.chars().count() > SHORT => {
                let short: String = text.chars().take(SHORT).collect();
                Arg::Text(format!("{}…", short.trim_end()))
            }
            About::Text(text) => Arg::Text(text.clone()),
            About::Todos(_) => Arg::Word(Text::TodoRecallShort),
        }
    }

    /// The reminders of a page with their numbers, which page it is, and of how many.
    async fn reminders_page(
        &mut self,
        chat: ChatId,
        page: u32,
    ) -> Result<(Vec<(i64, Reminder)>, u32, u32), AppError> {
        let all = self.reminders_of(chat).await?;
        let lines = usize::try_from(self.settings().page_lines.max(1)).unwrap_or(1);
        let pages = u32::try_from(all.len().div_ceil(lines).max(1)).unwrap_or(u32::MAX);
        let page = page.min(pages - 1);
        let skipped = usize::try_from(page).unwrap_or(0) * lines;
        let shown = (1..).zip(all).skip(skipped).take(lines).collect();
        Ok((shown, page, pages))
    }

    /// A button for each reminder of a page, and those that turn it.
    async fn reminders_buttons(
        &mut self,
        chat: ChatId,
        page: u32,
        opener: AccountId,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        let (shown, page, pages) = self.reminders_page(chat, page).await?;
        let mut row = Vec::new();
        for (number, reminder) in shown {
            let view = View::Reminder {
                id: reminder.id,
                opener,
            };
            row.push(Button {
                label: Say::new(Text::ReminderNumberButton).with("number", Arg::Number(number)),
                key: plant(self, Some(chat), Some(opener), Action::Show(view))?,
            });
        }
        let mut rows: Vec<Vec<Button>> = row.chunks(4).map(<[Button]>::to_vec).collect();
        let view = View::Reminders { chat, page, opener };
        let turns = self.turns(chat, &view, (page, pages), Some(opener))?;
        if !turns.is_empty() {
            rows.push(turns);
        }
        Ok(rows)
    }

    /// The sheet of a reminder.
    pub(crate) async fn reminder_view(&mut self, id: i64) -> Result<Vec<Say>, AppError> {
        let Some(reminder) = self.peek::<Reminder>(&keys::reminder(id)).await? else {
            return Ok(vec![Text::ReminderGone.into()]);
        };
        let text = match &reminder.about {
            About::Text(text) => Arg::Text(text.clone()),
            About::Todos(_) => Arg::Word(Text::TodoRecallShort),
        };
        let mut say = vec![
            Say::new(Text::ReminderSheet)
                .with("text", text)
                .with("who", Arg::Text(reminder.name.clone())),
        ];
        let turns = self.next_turns(&reminder.rule, reminder.zone);
        say.extend(dates(&reminder.rule, &turns));
        let again = reminder.again.map(Arg::At);
        say.extend(again.map(|at| Say::new(Text::ReminderAgain).with("at", at)));
        Ok(say)
    }

    /// Its buttons.
    async fn reminder_buttons(
        &mut self,
        chat: ChatId,
        id: i64,
        opener: AccountId,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        let known: Option<Reminder> = self.peek(&keys::reminder(id)).await?;
        let stop = (Text::ReminderStopButton, Action::RemindWish(Wish::Stop(id)));
        let list = View::Reminders {
            chat,
            page: 0,
            opener,
        };
        let back = (Text::ReminderListButton, Action::Show(list));
        let mut row = Vec::new();
        for (label, action) in known.map(|_| stop).into_iter().chain([back]) {
            let key = plant(self, Some(chat), Some(opener), action)?;
            row.push(Button {
                label: label.into(),
                key,
            });
        }
        Ok(vec![row])
    }
}
