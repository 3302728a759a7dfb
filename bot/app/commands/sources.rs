//! `/sources`: what alerts come from, how it stands, and a test of each.

use vigie_domain::authz::{Action as Act, Object};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId};

use crate::app::buttons::{Action, plant};
use crate::app::deadman::SourceNow;
use crate::app::error::AppError;
use crate::app::event::Command;
use crate::app::outbox::{Button, View};
use crate::app::settings::Way;
use crate::app::tx::Tx;

/// Buttons side by side.
const IN_A_ROW: usize = 2;

impl Tx<'_> {
    /// `/sources`.
    pub(super) async fn sources_command(&mut self, command: &Command) -> Result<(), AppError> {
        if self
            .allowed(command, Act::ReadSources, Object::Cooperative)
            .await?
            .is_none()
        {
            return Ok(());
        }
        let opener = command.from.account();
        self.show_answer(command, View::Sources { page: 0, opener })
            .await
    }

    /// A page of the sources, and how many pages there are.
    async fn source_page(&mut self, page: u32) -> Result<(Vec<SourceNow>, u32), AppError> {
        let lines = usize::try_from(self.settings().page_lines.max(1)).unwrap_or(8);
        let all = self.sources_now().await?;
        let pages = all.len().div_ceil(lines).max(1);
        let page = usize::try_from(page).unwrap_or(0).min(pages - 1);
        let some = all.into_iter().skip(page * lines).take(lines).collect();
        Ok((some, u32::try_from(pages).unwrap_or(u32::MAX)))
    }

    /// The list of sources.
    pub(crate) async fn sources_view(&mut self, page: u32) -> Result<Vec<Say>, AppError> {
        let (sources, pages) = self.source_page(page).await?;
        let title = match sources.is_empty() {
            true => Text::SourceNone,
            false => Text::SourceList,
        };
        let mut say = vec![Say::new(title)];
        say.extend(sources.iter().map(line));
        if pages > 1 {
            say.push(
                Say::new(Text::StatusPage)
                    .with("page", Arg::Number(i64::from(page.min(pages - 1)) + 1))
                    .with("pages", Arg::Number(i64::from(pages))),
            );
        }
        Ok(say)
    }

    /// "Tester" for each source that posts, and the pages beside this one.
    pub(super) async fn source_buttons(
        &mut self,
        chat: ChatId,
        page: u32,
        opener: Option<AccountId>,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        let (sources, pages) = self.source_page(page).await?;
        let mut tests = Vec::new();
        for SourceNow { source, .. } in sources {
            if self.settings().sources.get(&source) != Some(&Way::Posts) {
                continue;
            }
            let name = Arg::Text(source.to_string());
            tests.push(Button {
                label: Say::new(Text::SourceTestButton).with("source", name),
                key: plant(self, Some(chat), opener, Action::TestSource(source))?,
            });
        }
        let mut rows: Vec<Vec<Button>> = tests.chunks(IN_A_ROW).map(<[Button]>::to_vec).collect();
        let view = View::Sources { page, opener };
        let turns = self.turns(chat, &view, (page, pages), opener)?;
        rows.extend((!turns.is_empty()).then_some(turns));
        Ok(rows)
    }
}

fn line(source: &SourceNow) -> Say {
    let seconds = |seconds: u32| Arg::Lasting(i64::from(seconds));
    let key = match (source.heard, source.after_s) {
        _ if source.silent => Text::SourceLineSilent,
        (Some(_), Some(_)) => Text::SourceLineExpected,
        (Some(_), None) => Text::SourceLineHeard,
        (None, Some(_)) => Text::SourceLineNever,
        (None, None) => Text::SourceLineUnheard,
    };
    let mut say = Say::new(key).with("source", Arg::Name(source.source.to_string()));
    if let Some(at) = source.heard {
        let age = Arg::Lasting(source.age_s.unwrap_or(0));
        say = say.with("at", Arg::At(at)).with("age", age);
    } else if let Some(since) = source.since {
        say = say.with("at", Arg::At(since));
    }
    match source.after_s {
        Some(after_s) => say.with("after", seconds(after_s)),
        None => say,
    }
}
