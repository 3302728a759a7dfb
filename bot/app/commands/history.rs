//! `/historique` and `/carte`: what was, and what is, with their pictures.

use std::ops::ControlFlow;

use vigie_domain::authz::{Action as Act, Actor, Object, authz};
use vigie_domain::history::Month;
use vigie_domain::text::{Key as Text, Say};
use vigie_domain::{AccountId, ChatId, Lang, SectorId};

use super::equipment_search::Found;
use crate::app::buttons::{Action, plant};
use crate::app::error::AppError;
use crate::app::event::{Command, Tap};
use crate::app::history::{Form, HistoryOf};
use crate::app::outbox::{Button, Class, Doubt, Outgoing, Row, View};
use crate::app::taps::Answer;
use crate::app::tx::Tx;

impl Tx<'_> {
    /// `/historique [secteur | équipement | tout]`: by default the sector of the group or person.
    pub(super) async fn history_command(&mut self, command: &Command) -> Result<(), AppError> {
        if self
            .allowed(command, Act::ReadHistory, Object::Cooperative)
            .await?
            .is_none()
        {
            return Ok(());
        }
        let of = match command.args.trim() {
            "" => self
                .own_sector(command)
                .await?
                .map_or(HistoryOf::All, HistoryOf::Sector),
            "tout" | "tous" | "all" | "*" => HistoryOf::All,
            name => match self.sector_named(name).await? {
                Some(sector) => HistoryOf::Sector(sector.id),
                None => match self.equipment_meant(name).await? {
                    Some(id) => HistoryOf::Equipment(id),
                    None => return self.nearly_named(command).await,
                },
            },
        };
        let view = View::History {
            of,
            page: 0,
            opener: command.from.account(),
        };
        self.show_answer(command, view).await
    }

    /// Equipment by its exact name, or the only one with these words.
    async fn equipment_meant(
        &mut self,
        name: &str,
    ) -> Result<Option<vigie_domain::EquipmentId>, AppError> {
        let id = self.equipment_named(name).await?;
        if self.sheet(&id).await?.is_some() {
            return Ok(Some(id));
        }
        let found = self.search(name).await?;
        let mut meant = found.into_iter().filter(Found::has_every_word);
        Ok(match (meant.next(), meant.next()) {
            (Some(only), None) => Some(only.id),
            _ => None,
        })
    }

    /// `/carte [secteur | tout]`.
    pub(super) async fn map_command(&mut self, command: &Command) -> Result<(), AppError> {
        if self
            .allowed(command, Act::ReadStatus, Object::Cooperative)
            .await?
            .is_none()
        {
            return Ok(());
        }
        let ControlFlow::Continue(sector) = self.sector_asked(command).await? else {
            return Ok(());
        };
        self.show_answer(command, View::Map { sector }).await
    }

    /// Buttons under a page of outages that are over.
    pub(super) async fn history_buttons(
        &mut self,
        chat: ChatId,
        of: &HistoryOf,
        page: u32,
        opener: Option<AccountId>,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        let per_page = usize::try_from(self.settings().page_lines.max(1)).unwrap_or(1);
        let total = self.history_count(of).await?;
        let last = u32::try_from(total.div_ceil(per_page).max(1) - 1).unwrap_or(0);
        let view = View::History {
            of: of.clone(),
            page,
            opener,
        };
        let turn = |to, label| (Say::new(label), Action::Show(view.at_page(to)));
        let mut turns = Vec::new();
        if page > 0 {
            turns.push(turn(page - 1, Text::PageBefore));
        }
        if page < last {
            turns.push(turn(page + 1, Text::PageNext));
        }
        let mut more = Vec::new();
        if !matches!(of, HistoryOf::Equipment(_)) {
            let sector = match of {
                HistoryOf::Sector(sector) => Some(sector.clone()),
                HistoryOf::All | HistoryOf::Equipment(_) => None,
            };
            let month = Month::of(self.settings().zone, self.now());
            let view = View::Month {
                month,
                sector,
                opener,
            };
            more.push((Say::new(Text::HistoryMonth), Action::Open(view)));
        }
        if *of != HistoryOf::All {
            let all = View::History {
                of: HistoryOf::All,
                page: 0,
                opener,
            };
            more.push((Say::new(Text::StatusEverywhere), Action::Show(all)));
        }
        let file = |form, label| {
            let of = of.clone();
            (Say::new(label), Action::Export { of, form })
        };
        let files = match total {
            0 => Vec::new(),
            _ => vec![
                file(Form::Csv, Text::HistoryCsv),
                file(Form::Json, Text::HistoryJson),
            ],
        };
        self.planted(chat, opener, vec![turns, more, files])
    }

    /// Buttons under a month: the one before, and the one after.
    pub(super) fn month_buttons(
        &mut self,
        chat: ChatId,
        month: Month,
        sector: Option<&SectorId>,
        opener: Option<AccountId>,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        let now = Month::of(self.settings().zone, self.now());
        let to = |month| {
            Action::Show(View::Month {
                month,
                sector: sector.cloned(),
                opener,
            })
        };
        let mut turns = vec![(Say::new(Text::PageBefore), to(month.before()))];
        if month < now {
            turns.push((Say::new(Text::PageNext), to(month.after())));
        }
        self.planted(chat, opener, vec![turns])
    }

    fn planted(
        &mut self,
        chat: ChatId,
        opener: Option<AccountId>,
        lines: Vec<Vec<(Say, Action)>>,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        let mut buttons = Vec::new();
        for line in lines.into_iter().filter(|line| !line.is_empty()) {
            let mut row = Vec::new();
            for (label, action) in line {
                let key = plant(self, Some(chat), opener, action)?;
                row.push(Button { label, key });
            }
            buttons.push(row);
        }
        Ok(buttons)
    }

    /// A press that asks for the history as a file.
    pub(crate) async fn export_history(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        of: HistoryOf,
        form: Form,
        lang: Lang,
    ) -> Result<Answer, AppError> {
        if let Err(denied) = authz(actor, Act::ExportHistory, Object::Cooperative) {
            return Ok(Answer::refusal(self.refusal(&denied).await?));
        }
        let Some((chat, message)) = tap.on else {
            return Ok(Answer::refusal(Text::TapUnknown));
        };
        let object = format!("{of:?}");
        self.audit(
            &tap.from,
            chat.into(),
            "export-history",
            &object,
            ("", &format!("{form:?}")),
        )
        .await?;
        let what = Outgoing::History {
            of,
            form,
            lang,
            reply_to: Some(message),
        };
        let row = Row::new(chat.into(), what, Class::Service, self.now(), Doubt::Drop);
        self.append(crate::app::keys::outbox_messages(), &self.fresh(row))?;
        Ok(Answer::toast(Text::HistoryFileComes))
    }
}
