//! Reads what a message shows, at the moment it is sent.

mod sheets;

use chrono::{DateTime, TimeDelta, Utc};
use vigie_domain::alert::{Incident, Severity};
use vigie_domain::group::Group;
use vigie_domain::network::{Equipment, Site};
use vigie_domain::tree::Count;
use vigie_domain::{CardId, ChatId, EquipmentId};

use super::alerts::{Bypass, Hold, OpenAlert, Outage, Part, Subject, Unstable};
use super::buttons::OfCard;
use super::cards::{Card, Cause, End};
use super::deadman::{Expected, source_of};
use super::declaring::is_possible;
use super::error::AppError;
use super::incidents::is_declared;
use super::outbox::{Button, Outgoing, Row, View};
use super::probes::measured;
use super::topics::CardTopic;
use super::tx::Tx;
use super::views::{AlertLine, BehindLine, CardView, CauseNow, CauseView, Shown, SilentSource};
use super::{App, keys};

/// Alerts of one piece of equipment that a card reads; their number is always told in full.
const MOST_ALERTS: usize = 20;
/// Names behind a cause that a card reads; their number is always told in full. A message of 4,096
/// units holds no more, for each takes three with what stands between.
const MOST_NAMES: usize = 1_400;
/// Names behind a cause in a file.
const MOST_IN_FILE: usize = 50_000;

impl App {
    /// What a row shows now.
    ///
    /// # Errors
    /// The store failed.
    pub async fn shown(&self, row: &Row) -> Result<Shown, AppError> {
        let mut tx = Tx::new(self);
        match &row.what {
            Outgoing::Card(card) | Outgoing::Names(card) => {
                let names = match row.what {
                    Outgoing::Names(_) => MOST_IN_FILE,
                    _ => MOST_NAMES,
                };
                let (chat, doubtful) = (row.place.chat, row.doubtful);
                let card = tx.card_view(chat, *card, doubtful, names).await?;
                Ok(Shown::Card(card.map(Box::new)))
            }
            Outgoing::View { view, .. } => tx.shown_view(view).await,
            Outgoing::History { of, form, lang, .. } => {
                Ok(Shown::File(self.history_file(of, *form, *lang).await?))
            }
            Outgoing::MyData { account, .. } => {
                Ok(Shown::MyData(Box::new(self.my_data(*account).await?)))
            }
            Outgoing::Reminder(card) => {
                let message = tx.reminder(row.place.chat, *card).await?;
                Ok(Shown::Message(message.map(Box::new)))
            }
            Outgoing::Call(called) => {
                let message = tx.call_message(row.place.chat, called).await?;
                Ok(Shown::Message(message.map(Box::new)))
            }
            Outgoing::Remind(told) => {
                let message = tx.reminded(told).await?;
                Ok(Shown::Message(message.map(Box::new)))
            }
            Outgoing::Absence(absence) => {
                let message = tx.absence_message(absence).await?;
                Ok(Shown::Message(Some(Box::new(message))))
            }
            Outgoing::TicketsFile { form, .. } => Ok(Shown::File(self.tickets_file(*form).await?)),
            Outgoing::Incident { id, form, .. } => {
                let report = self.incident_report(id, *form).await?;
                Ok(Shown::Incident(Box::new(report)))
            }
            Outgoing::Ticket(number) => {
                let view = tx.ticket_view(row.place.chat, *number).await?;
                Ok(Shown::Ticket(view.map(Box::new)))
            }
            Outgoing::Door => Ok(Shown::Door(tx.door(row.place.chat).await?)),
            Outgoing::Say(_)
            | Outgoing::AnswerTap { .. }
            | Outgoing::Remove(_)
            | Outgoing::Do(_) => Ok(Shown::Plain),
        }
    }
}

impl Tx<'_> {
    async fn shown_view(&mut self, view: &View) -> Result<Shown, AppError> {
        match view {
            View::Status { sector, page, .. } => Ok(Shown::Status(
                self.status_view(sector.as_ref(), *page).await?,
            )),
            View::CardCopy { card, chat, below } => {
                let card = self.card_view(*chat, *card, true, MOST_NAMES).await?;
                let card = card.map(Box::new);
                let below = *below;
                Ok(Shown::Copy { card, below })
            }
            View::Sectors { kind, page } => {
                let (page, pages) = self.sector_page(*page).await?.at;
                let kind = kind.clone();
                Ok(Shown::Sectors { kind, page, pages })
            }
            View::Equipment { id, .. } => Ok(Shown::Equipment(
                self.equipment_view(id).await?.map(Box::new),
            )),
            View::Rota { sector } => Ok(Shown::Lines(self.rota_view(sector.as_ref()).await?)),
            View::Requests { page, opener } => {
                Ok(Shown::Lines(self.requests_view(*page, *opener).await?))
            }
            View::Reminders { chat, page, .. } => {
                Ok(Shown::Lines(self.reminders_view(*chat, *page).await?))
            }
            View::Reminder { id, .. } => Ok(Shown::Lines(self.reminder_view(*id).await?)),
            View::Todos { chat, page, .. } => {
                Ok(Shown::Lines(self.todos_view(*chat, *page).await?))
            }
            View::Todo { number, .. } => Ok(Shown::Lines(self.todo_view(*number).await?)),
            View::TodoWho { draft, .. } => Ok(Shown::Lines(Self::todo_who_view(draft))),
            View::Ticket { number, opener } => {
                Ok(Shown::Lines(self.ticket_sheet(*number, *opener).await?))
            }
            View::Tickets { list, opener } => {
                Ok(Shown::Lines(self.tickets_view(list, *opener).await?))
            }
            View::OwnTicket { number, account } => Ok(Shown::Lines(
                self.own_ticket_sheet(*number, *account).await?,
            )),
            View::TicketWeek { first } => {
                Ok(Shown::TicketWeek(Box::new(self.week_view(*first).await?)))
            }
            View::Call { account } => Ok(Shown::Lines(self.call_view(*account).await?)),
            View::MyTickets { account, page } => {
                Ok(Shown::Lines(self.my_tickets_view(*account, *page).await?))
            }
            View::Words(words) => Ok(Shown::Lines(words.clone())),
            View::Sources { page, .. } => Ok(Shown::Lines(self.sources_view(*page).await?)),
            View::Member { id, .. } => Ok(Shown::Lines(self.member_lines(id).await?)),
            View::Audit { of, .. } => Ok(Shown::Lines(self.audit_lines(of).await?)),
            View::Plans { plans, .. } => Ok(Shown::Lines(self.plans_view(*plans).await?)),
            View::History { of, page, .. } => {
                Ok(Shown::History(self.history_view(of, *page).await?))
            }
            View::Month { month, sector, .. } => Ok(Shown::Month(
                self.month_view(*month, sector.as_ref()).await?,
            )),
            View::Map { sector } => Ok(Shown::Map(self.map_view(sector.as_ref()).await?)),
            View::Import { number } => {
                let digest = self.peek(&keys::import(*number)).await?;
                Ok(Shown::Import(digest.map(Box::new)))
            }
            View::CardDetails {
                card, chat, page, ..
            } => {
                let card = self.card_view(*chat, *card, true, MOST_NAMES).await?;
                let card = card.map(Box::new);
                Ok(Shown::Details { card, page: *page })
            }
        }
    }

    /// A card that is over and was never sent needs no sending, unless it may have been sent.
    async fn card_view(
        &mut self,
        chat: ChatId,
        id: CardId,
        doubtful: bool,
        names: usize,
    ) -> Result<Option<CardView>, AppError> {
        let Some(card) = self.peek::<Card>(&keys::card(chat, id)).await? else {
            return Ok(None);
        };
        let finished = card.live == 0;
        // A topic was made for it: what it was for is said there.
        let expected = card.topic.as_ref().is_some_and(CardTopic::is_empty);
        if finished && card.message.is_none() && !doubtful && !expected {
            return Ok(None);
        }
        let group: Option<Group> = self.peek(&keys::group(chat)).await?;
        let rows = self.all::<Cause>(&keys::causes(chat, id)).await?;
        let mut causes = Vec::new();
        let there: Vec<EquipmentId> = rows.iter().map(|(_, cause)| cause.root.clone()).collect();
        for (_, cause) in rows {
            // What is part of another cause of this card is told there, behind it.
            if matches!(&cause.end, Some(End::Covered(by)) if there.contains(by)) {
                continue;
            }
            causes.push(
                self.cause_view(&card, &cause, group.as_ref(), names)
                    .await?,
            );
        }
        causes.sort_by(|a, b| {
            let over = |cause: &CauseView| !cause.now.lasts();
            (over(a), b.severity, a.since, &a.name).cmp(&(over(b), a.severity, b.since, &b.name))
        });
        let address = self.app().address(chat).await?;
        let message = card
            .message
            .and_then(|(number, message)| (number == address).then_some(message));
        Ok(Some(CardView {
            place: card.place,
            message,
            looks: card.looks,
            topic: card.topic_call(),
            lang: group.map_or_else(Default::default, |group| group.lang),
            causes,
            finished,
            buttons: if finished {
                Vec::new()
            } else {
                vec![card_buttons(&card)]
            },
            silent: card.silent,
            left_out: card.left_out,
        }))
    }

    async fn cause_view(
        &mut self,
        card: &Card,
        cause: &Cause,
        group: Option<&Group>,
        names: usize,
    ) -> Result<CauseView, AppError> {
        let sheet = self.sheet(&cause.root).await?;
        let now = match &cause.end {
            None => self.lasting(&cause.root).await?,
            Some(End::Over(at)) => match self.was_only_reported(&cause.root, Some(*at)).await? {
                true => CauseNow::Unsaid(*at),
                false => CauseNow::Ended(*at),
            },
            Some(End::Covered(by)) => CauseNow::CoveredBy(self.name_of(by).await?),
        };
        let source = self.silent_source(&cause.root).await?;
        let (alerts, alert_count) = match now.lasts() && source.is_none() {
            true => self.alert_lines(&cause.root).await?,
            false => (Vec::new(), 0),
        };
        let (behind, behind_more) = self.behind(cause, group, names).await?;
        let only = group.and_then(|group| group.sector.as_ref());
        let carries = match now.lasts() && cause.severity == Severity::Critical {
            true => self.carried_by(&cause.root).await?.count(only),
            false => Count::default(),
        };
        let (silenced_until, maintained_until) =
            self.held_until(&cause.root, sheet.as_ref()).await?;
        let hint = match sheet.as_ref().and_then(|sheet| sheet.site.as_ref()) {
            Some(site) if now.lasts() => self
                .peek::<Site>(&keys::site(site.as_str()))
                .await?
                .and_then(|site| site.hint),
            _ => None,
        };
        let sector = self.sector_of(sheet.as_ref()).await?;
        let declared = self.declared_behind(&cause.root).await?;
        let ended = match &cause.end {
            Some(End::Over(at)) => Some(*at),
            _ => None,
        };
        let life = match cause.end {
            Some(End::Covered(_)) => Vec::new(),
            _ => self.life_on_card(&cause.root, ended).await?,
        };
        Ok(CauseView {
            declared,
            life,
            id: cause.root.clone(),
            name: self.name_of(&cause.root).await?,
            plain: self.plain_name_of(&cause.root).await?,
            class: sheet.map(|sheet| sheet.class),
            sector,
            severity: cause.severity,
            since: cause.since,
            now,
            alerts,
            alert_count,
            behind,
            behind_more,
            carries,
            taken: card.taken_by(cause).cloned(),
            silenced_until,
            maintained_until,
            hint,
            source,
        })
    }

    /// The source that a cause stands for, if it does.
    async fn silent_source(&mut self, id: &EquipmentId) -> Result<Option<SilentSource>, AppError> {
        let Some(source) = source_of(id) else {
            return Ok(None);
        };
        let expected: Option<Expected> = self.peek(&keys::expected(&source)).await?;
        Ok(Some(SilentSource {
            name: source.0,
            after_s: expected.map_or(0, |expected| expected.after_s),
        }))
    }

    /// How a cause stands that has not ended.
    async fn lasting(&mut self, root: &EquipmentId) -> Result<CauseNow, AppError> {
        let outage: Option<Outage> = self.peek(&keys::outage(root)).await?;
        let Some(outage) = outage else {
            return Ok(CauseNow::Down);
        };
        if self.only_reported(&outage).await? {
            return Ok(CauseNow::Possible(self.declared_behind(root).await?));
        }
        Ok(match (outage.unstable, outage.bypass) {
            (Some(Unstable { since, changes, .. }), _) => CauseNow::Unstable { since, changes },
            (None, Some(Bypass { via, by, at })) => CauseNow::Bypassed { via, by, at },
            (None, None) => CauseNow::Down,
        })
    }

    /// Until when a silence and a maintenance hold back openings of a piece of equipment: its own,
    /// or those of its sector or of everything.
    async fn held_until(
        &mut self,
        id: &EquipmentId,
        sheet: Option<&Equipment>,
    ) -> Result<(Option<DateTime<Utc>>, Option<DateTime<Utc>>), AppError> {
        let sector = sheet.and_then(|sheet| sheet.sector.clone());
        let own = [Subject::Equipment(id.clone()), Subject::All];
        let (now, mut silent, mut maintained) = (self.now(), None, None);
        for subject in own.into_iter().chain(sector.map(Subject::Sector)) {
            if let Some(hold) = self.peek::<Hold>(&keys::hold(&subject)).await? {
                silent = silent.max(hold.silent_until(now));
                maintained = maintained.max(hold.maintained_until(now));
            }
        }
        Ok((silent, maintained))
    }

    async fn sector_of(&mut self, sheet: Option<&Equipment>) -> Result<Option<String>, AppError> {
        match sheet.and_then(|sheet| sheet.sector.as_ref()) {
            Some(sector) => Ok(Some(self.sector_name(sector).await?)),
            None => Ok(None),
        }
    }

    async fn alert_lines(&mut self, id: &EquipmentId) -> Result<(Vec<AlertLine>, u64), AppError> {
        let mut open = self.all::<OpenAlert>(&keys::open_alerts(id)).await?;
        // What people said is told in lines of its own.
        open.retain(|(_, open)| {
            !is_possible(&open.source, &open.fingerprint)
                && !is_declared(&open.source, &open.fingerprint)
        });
        let count = open.len() as u64;
        let mut lines = Vec::new();
        for (_, alert) in open.into_iter().take(MOST_ALERTS) {
            let key = keys::incident(&alert.source, &alert.fingerprint);
            if let Some(incident) = self.peek::<Incident>(&key).await? {
                lines.push(AlertLine {
                    measured: measured(&incident),
                    name: incident.name,
                    summary: incident.summary,
                    details: incident.details,
                    since: incident.starts_at,
                    severity: incident.severity,
                    link: incident.link,
                });
            }
        }
        lines.sort_by(|a, b| (b.severity, a.since).cmp(&(a.severity, b.since)));
        Ok((lines, count))
    }

    /// What is down behind a cause, as far as this group follows it: a local group sees its
    /// sector, others see everything. The names of the first, and how much more there is.
    async fn behind(
        &mut self,
        cause: &Cause,
        group: Option<&Group>,
        most: usize,
    ) -> Result<(Vec<BehindLine>, u64), AppError> {
        let nothing = (Vec::new(), 0);
        if matches!(cause.end, Some(End::Covered(_))) {
            return Ok(nothing);
        }
        // What remains has cards of its own after a while.
        let grace = TimeDelta::seconds(i64::from(self.settings().orphan_grace_s));
        if matches!(cause.end, Some(End::Over(at)) if self.now() - at >= grace) {
            return Ok(nothing);
        }
        let root: Option<Outage> = self.peek(&keys::outage(&cause.root)).await?;
        if cause.end.is_none() && !root.is_some_and(|outage| outage.covers()) {
            return Ok(nothing);
        }
        let over = match cause.end {
            Some(End::Over(at)) => Some(at),
            _ => None,
        };
        let part = Part {
            only: group.and_then(|group| group.sector.as_ref()),
            over,
            most,
        };
        let behind = self.behind_cause(&cause.root, part).await?;
        let mut lines = Vec::new();
        for below in behind.first {
            if let Some(outage) = self.peek::<Outage>(&keys::outage(&below)).await? {
                lines.push(BehindLine {
                    name: self.name_of(&below).await?,
                    plain: self.plain_name_of(&below).await?,
                    since: outage.since,
                    remains: cause.end.is_some(),
                });
            }
        }
        lines.sort_by(|a, b| (a.since, &a.name).cmp(&(b.since, &b.name)));
        let more = behind.count.saturating_sub(lines.len() as u64);
        Ok((lines, more))
    }
}

fn card_buttons(card: &Card) -> Vec<Button> {
    use vigie_domain::text::{Key as Text, Say};
    let button = |label, which| Button {
        label: Say::new(label),
        key: card.keys.of(which),
    };
    vec![
        button(Text::CardButtonTake, OfCard::Take),
        button(Text::CardButtonSilence, OfCard::Silence),
        button(Text::CardButtonDetails, OfCard::Details),
    ]
}
