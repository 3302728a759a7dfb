//! A week of tickets in numbers, for the team: counted as they come and go, told on Mondays.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc, Weekday};
use serde::{Deserialize, Serialize};
use vigie_domain::tickets::{Category, State, Ticket};
use vigie_domain::{ChatId, SectorId};
use vigie_store::{Key, Range};

use super::ending::Step;
use super::records::{self, Satisfaction};
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::keys;
use crate::app::outbox::{Class, Doubt, Outgoing, Row, Target, View};
use crate::app::tx::Tx;

/// Minute of Monday at which the week before is told.
const TOLD_AT: u16 = 9 * 60;
/// Open tickets that are looked at for their age.
const LOOKED_AT: u32 = 1_000;
/// How old open tickets are, in days, in the classes that are shown.
const AGES: [i64; 3] = [1, 7, 30];

/// What came and went in a week.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Week {
    /// Tickets that were opened.
    opened: u64,
    /// Tickets that were resolved.
    resolved: u64,
    /// Opened ones by what they are about.
    categories: BTreeMap<Category, u64>,
    /// Opened ones by sector; those without one are left out.
    sectors: BTreeMap<SectorId, u64>,
}

crate::record_v1!(Week);

/// A week as it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeekView {
    /// Its first day.
    pub from: NaiveDate,
    /// Tickets that were opened.
    pub opened: u64,
    /// In the week before.
    pub opened_before: u64,
    /// Tickets that were resolved.
    pub resolved: u64,
    /// Tickets that are open now, by age: up to a day, a week, a month, and older.
    pub ages: [u64; 4],
    /// How people said it went this month: well, so so, badly.
    pub rated: (u64, u64, u64),
    /// By what they are about: how many, and in the week before.
    pub categories: Vec<(Category, u64, u64)>,
    /// By sector, by name: the most first.
    pub sectors: Vec<(String, u64)>,
}

fn week(first: NaiveDate) -> Key {
    Key::of("tz/")
        .i64(i64::from(first.num_days_from_ce()))
        .end()
}

impl Tx<'_> {
    /// The Monday of the week of a time.
    fn monday(&self, at: DateTime<Utc>) -> NaiveDate {
        let day = at.with_timezone(&self.settings().zone).date_naive();
        day - TimeDelta::days(i64::from(day.weekday().num_days_from_monday()))
    }

    /// A ticket was opened: it counts, and the week will be told.
    pub(super) async fn count_opened(&mut self, ticket: &Ticket) -> Result<(), AppError> {
        let key = week(self.monday(ticket.opened_at));
        let mut known: Week = self.get(&key).await?.unwrap_or_default();
        known.opened += 1;
        *known.categories.entry(ticket.category).or_default() += 1;
        if let Some(sector) = &ticket.sector {
            *known.sectors.entry(sector.clone()).or_default() += 1;
        }
        self.put(key, &known)?;
        let (zone, now) = (self.settings().zone, self.now());
        match vigie_domain::tickets::next_weekday(zone, now, Weekday::Mon, TOLD_AT) {
            Some(at) => self.plan(at, Due::Tickets(Step::Week)),
            None => Ok(()),
        }
    }

    /// A ticket of this week is about something else.
    pub(super) async fn count_sorted(
        &mut self,
        ticket: &Ticket,
        before: Category,
    ) -> Result<(), AppError> {
        let key = week(self.monday(ticket.opened_at));
        let Some(mut known) = self.get::<Week>(&key).await? else {
            return Ok(());
        };
        if let Some(count) = known.categories.get_mut(&before) {
            *count = count.saturating_sub(1);
        }
        *known.categories.entry(ticket.category).or_default() += 1;
        self.put(key, &known)
    }

    /// A ticket was resolved.
    pub(super) async fn count_resolved(&mut self) -> Result<(), AppError> {
        let key = week(self.monday(self.now()));
        let mut known: Week = self.get(&key).await?.unwrap_or_default();
        known.resolved += 1;
        self.put(key, &known)
    }

    /// Tells the team of the week before.
    pub(super) async fn tell_week(&mut self) -> Result<(), AppError> {
        let Some(team) = self.team_for(None).await? else {
            return Ok(());
        };
        let first = self.monday(self.now()) - TimeDelta::days(7);
        if self.peek::<Week>(&week(first)).await?.is_none() {
            return Ok(());
        }
        self.show_week(team, first).await
    }

    async fn show_week(&mut self, team: ChatId, first: NaiveDate) -> Result<(), AppError> {
        let what = Outgoing::View {
            view: View::TicketWeek { first },
            lang: self.group_lang(team).await?,
            target: Target::New,
            buttons: Vec::new(),
        };
        let row = Row::new(team.into(), what, Class::Bulk, self.now(), Doubt::Drop);
        self.append(keys::outbox_messages(), &self.fresh(row))
    }

    /// A week as it is told.
    pub(in crate::app) async fn week_view(
        &mut self,
        first: NaiveDate,
    ) -> Result<WeekView, AppError> {
        let known: Week = self.peek(&week(first)).await?.unwrap_or_default();
        let before = week(first - TimeDelta::days(7));
        let before: Week = self.peek(&before).await?.unwrap_or_default();
        let rated = records::satisfaction(self.now());
        let rated: Satisfaction = self.peek(&rated).await?.unwrap_or_default();
        let of = |week: &Week, category| week.categories.get(&category).copied().unwrap_or(0);
        let mut sectors = Vec::new();
        for (sector, count) in &known.sectors {
            sectors.push((self.sector_name(sector).await?, *count));
        }
        sectors.sort_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0)));
        Ok(WeekView {
            from: first,
            opened: known.opened,
            opened_before: before.opened,
            resolved: known.resolved,
            ages: self.ages().await?,
            rated: (rated.good, rated.fair, rated.bad),
            categories: Category::ALL
                .into_iter()
                .map(|category| (category, of(&known, category), of(&before, category)))
                .filter(|(_, now, before)| now + before > 0)
                .collect(),
            sectors,
        })
    }

    async fn ages(&mut self) -> Result<[u64; 4], AppError> {
        let range = Range::prefix(&records::all_open());
        let (page, _) = self.page(&range, None, LOOKED_AT).await?;
        let mut ages = [0; 4];
        for (key, _) in page {
            let Some(number) = keys::last_i64(&key) else {
                continue;
            };
            let number = vigie_domain::TicketId(number);
            let ticket: Option<Ticket> = self.peek(&records::ticket(number)).await?;
            let Some(ticket) = ticket.filter(|one| one.state != State::Resolved) else {
                continue;
            };
            let days = (self.now() - ticket.opened_at).num_days();
            let class = AGES.iter().filter(|most| days >= **most).count();
            if let Some(count) = ages.get_mut(class) {
                *count += 1;
            }
        }
        Ok(ages)
    }
}
