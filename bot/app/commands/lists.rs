//! `/etat` and everything that turns pages.

use std::ops::ControlFlow;

use vigie_domain::authz::{Action as Act, Object};
use vigie_domain::names::fold;
use vigie_domain::network::Sector;
use vigie_domain::text::{Key as Text, Say};
use vigie_domain::{AccountId, ChatId, Lang, SectorId};

use crate::app::buttons::{Action, plant};
use crate::app::cards::Card;
use crate::app::error::AppError;
use crate::app::event::Command;
use crate::app::keys;
use crate::app::outbox::{Button, Class, Doubt, Outgoing, Row, Target, View};
use crate::app::tx::Tx;

impl Tx<'_> {
    /// `/etat [secteur]`: what is down in a sector, by default that of the group or of the person,
    /// else everywhere.
    pub(super) async fn status_command(&mut self, command: &Command) -> Result<(), AppError> {
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
        let opener = command.from.account();
        let view = View::Status {
            sector,
            page: 0,
            opener,
        };
        self.show_answer(command, view).await
    }

    /// The sector that a command is about, by default that of the group or of the person; `None`
    /// is everywhere. A name that nobody knows is answered here: then there is nothing left to do.
    pub(super) async fn sector_asked(
        &mut self,
        command: &Command,
    ) -> Result<ControlFlow<(), Option<SectorId>>, AppError> {
        Ok(ControlFlow::Continue(match command.args.trim() {
            "" => self.own_sector(command).await?,
            "tout" | "tous" | "all" | "*" => None,
            name => match self.sector_named(name).await? {
                Some(sector) => Some(sector.id),
                None => {
                    self.no_such_sector(command, name).await?;
                    return Ok(ControlFlow::Break(()));
                }
            },
        }))
    }

    /// Answers a command by a view.
    pub(in crate::app) async fn show_answer(
        &mut self,
        command: &Command,
        view: View,
    ) -> Result<(), AppError> {
        let lang = self.reader(command).await?;
        let target = Target::ReplyTo(command.said.message);
        self.show_at(command.said.place, view, target, lang).await
    }

    pub(super) async fn own_sector(
        &mut self,
        command: &Command,
    ) -> Result<Option<SectorId>, AppError> {
        if !command.said.private {
            let group = keys::group(command.said.place.chat);
            let group: Option<vigie_domain::group::Group> = self.peek(&group).await?;
            return Ok(group.and_then(|group| group.sector));
        }
        match command.from.account() {
            Some(account) => Ok(self
                .member_of(account)
                .await?
                .and_then(|member| member.sector)),
            None => Ok(None),
        }
    }

    /// A sector by its short name or its name for people.
    pub(crate) async fn sector_named(&mut self, name: &str) -> Result<Option<Sector>, AppError> {
        let folded = fold(name);
        let sectors = self.all::<Sector>(&keys::sectors()).await?;
        Ok(sectors
            .into_iter()
            .map(|(_, sector)| sector)
            .find(|sector| sector.id.as_str() == folded || fold(&sector.name) == folded))
    }

    /// What people call the sectors.
    pub(crate) async fn sector_names(&mut self) -> Result<Vec<String>, AppError> {
        let sectors = self.all::<Sector>(&keys::sectors()).await?;
        Ok(sectors.into_iter().map(|(_, sector)| sector.name).collect())
    }

    /// Shows a view in a conversation.
    pub(crate) async fn show(
        &mut self,
        chat: ChatId,
        view: View,
        target: Target,
        lang: Lang,
    ) -> Result<(), AppError> {
        self.show_at(chat.into(), view, target, lang).await
    }

    /// Shows a view in a place, with the buttons that turn its pages.
    pub(crate) async fn show_at(
        &mut self,
        place: vigie_domain::Place,
        view: View,
        target: Target,
        lang: Lang,
    ) -> Result<(), AppError> {
        let buttons = self.page_buttons(place.chat, &view).await?;
        let row = Row::new(
            place,
            Outgoing::View {
                view,
                lang,
                target,
                buttons,
            },
            Class::Answer,
            self.now(),
            Doubt::SendAgain,
        );
        self.append(keys::outbox_messages(), &self.fresh(row))
    }

    async fn page_buttons(
        &mut self,
        chat: ChatId,
        view: &View,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        let lines = self.settings().page_lines.max(1);
        let (page, pages, opener) = match view {
            View::Status {
                sector,
                page,
                opener,
            } => {
                let (total, _) = self.first_causes(sector.as_ref(), 0).await?;
                (
                    *page,
                    total.div_ceil(usize::try_from(lines).unwrap_or(1)),
                    *opener,
                )
            }
            View::CardDetails {
                card,
                chat,
                page,
                opener,
            } => {
                let card: Option<Card> = self.peek(&keys::card(*chat, *card)).await?;
                let causes = card.map_or(0, |card| card.causes);
                (*page, usize::try_from(causes).unwrap_or(1), *opener)
            }
            View::Rota { sector } => return self.rota_buttons(chat, sector.as_ref()).await,
            View::Plans { plans, opener } => {
                return self.plan_buttons(chat, *plans, *opener).await;
            }
            View::CardCopy { .. } => return Ok(Vec::new()),
            View::Sources { page, opener } => {
                return self.source_buttons(chat, *page, *opener).await;
            }
            View::Member { id, opener } => return self.member_buttons(chat, id, *opener).await,
            View::Audit { of, opener } => return self.audit_buttons(chat, of, *opener).await,
            View::History { of, page, opener } => {
                return self.history_buttons(chat, of, *page, *opener).await;
            }
            View::Month {
                month,
                sector,
                opener,
            } => return self.month_buttons(chat, *month, sector.as_ref(), *opener),
            View::Map { .. } | View::Import { .. } | View::TicketWeek { .. } | View::Words(_) => {
                return Ok(Vec::new());
            }
            View::Reminders { .. }
            | View::Reminder { .. }
            | View::Todos { .. }
            | View::Todo { .. }
            | View::TodoWho { .. } => return self.memory_buttons(chat, view).await,
            View::Requests { page, opener } => {
                return self.request_buttons(*page, *opener).await;
            }
            View::Ticket { .. }
            | View::Tickets { .. }
            | View::OwnTicket { .. }
            | View::MyTickets { .. }
            | View::Call { .. } => return self.buttons_of_tickets(view).await,
            View::Sectors { kind, page } => return self.sector_buttons(chat, kind, *page).await,
            View::Equipment { id, opener } => return self.setting_buttons(chat, id, *opener).await,
        };
        let pages = u32::try_from(pages).unwrap_or(u32::MAX);
        let row = self.turns(chat, view, (page, pages), opener)?;
        self.with_everywhere(chat, view, row)
    }

    /// Below what is down in a sector: what is down everywhere.
    fn with_everywhere(
        &mut self,
        chat: ChatId,
        view: &View,
        mut row: Vec<Button>,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        if let View::Status {
            sector: Some(_),
            opener,
            ..
        } = view
        {
            let all = View::Status {
                sector: None,
                page: 0,
                opener: *opener,
            };
            let key = plant(self, Some(chat), *opener, Action::Show(all))?;
            row.push(Button {
                label: Say::new(Text::StatusEverywhere),
                key,
            });
        }
        Ok(if row.is_empty() {
            Vec::new()
        } else {
            vec![row]
        })
    }

    /// The buttons from one of so many pages to those beside it.
    pub(crate) fn turns(
        &mut self,
        chat: ChatId,
        view: &View,
        (page, pages): (u32, u32),
        opener: Option<AccountId>,
    ) -> Result<Vec<Button>, AppError> {
        let mut row = Vec::new();
        let turns = [
            (page > 0, page.saturating_sub(1), Text::PageBefore),
            (page + 1 < pages, page + 1, Text::PageNext),
        ];
        for (there, to, label) in turns {
            if there {
                let action = Action::Show(view.at_page(to));
                let key = plant(self, Some(chat), opener, action)?;
                row.push(Button {
                    label: Say::new(label),
                    key,
                });
            }
        }
        Ok(row)
    }
}

impl View {
    /// The same view at another page.
    pub(super) fn at_page(&self, to: u32) -> Self {
        let mut view = self.clone();
        match &mut view {
            Self::Status { page, .. }
            | Self::Sectors { page, .. }
            | Self::Sources { page, .. }
            | Self::CardDetails { page, .. }
            | Self::Requests { page, .. }
            | Self::Reminders { page, .. }
            | Self::Todos { page, .. }
            | Self::MyTickets { page, .. }
            | Self::History { page, .. } => *page = to,
            Self::Tickets { list, .. } => list.page = to,
            Self::Equipment { .. }
            | Self::CardCopy { .. }
            | Self::Plans { .. }
            | Self::Month { .. }
            | Self::Map { .. }
            | Self::Import { .. }
            | Self::Member { .. }
            | Self::Audit { .. }
            | Self::Rota { .. }
            | Self::Reminder { .. }
            | Self::Todo { .. }
            | Self::TodoWho { .. }
            | Self::Ticket { .. }
            | Self::OwnTicket { .. }
            | Self::Call { .. }
            | Self::TicketWeek { .. }
            | Self::Words(_) => {}
        }
        view
    }
}
