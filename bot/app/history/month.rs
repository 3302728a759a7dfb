//! A month in numbers, and the message about the last one on the first of the next.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::SectorId;
use vigie_domain::group::{AlertsWanted, Group};
use vigie_domain::history::{Episode, Means, Month, wall};
use vigie_store::Key;

use super::read::HistoryOf;
use crate::app::App;
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::keys;
use crate::app::outbox::{Class, Doubt, Outgoing, Row, Target, View};
use crate::app::tx::Tx;
use crate::app::views::{MonthBar, MonthView};

/// Pieces of equipment named for a sector, the worst first.
const MOST_BARS: usize = 10;

/// Groups told in one commit.
const GROUPS: usize = 40;

/// The last month that was told.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct ToldMonth(Month);

crate::record_v1!(ToldMonth);

fn told_key() -> Key {
    Key::of("sys/month").end()
}

impl App {
    /// At every start: outages are kept from now on, and the next first of a month is planned.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn begin_history(&self) -> Result<(), AppError> {
        let _deciding = self.deciding.lock().await;
        let mut tx = Tx::new(self);
        if tx
            .get::<super::Watched>(&keys::history_begin())
            .await?
            .is_none()
        {
            tx.put(keys::history_begin(), &super::Watched(self.now()))?;
        }
        tx.plan_month()?;
        tx.commit().await.map(|_| ())
    }
}

impl Tx<'_> {
    /// Plans the message about this month for the first of the next. Planned twice, it is one.
    fn plan_month(&mut self) -> Result<(), AppError> {
        let at = self.next_telling();
        self.plan(at, Due::Month)
    }

    fn next_telling(&self) -> DateTime<Utc> {
        let zone = self.settings().zone;
        let hour = self.settings().month_hour.min(23);
        let at = |month: Month| {
            let reading = month.first().and_hms_opt(hour, 0, 0).unwrap_or_default();
            wall(zone, reading)
        };
        let now = Month::of(zone, self.now());
        match at(now) {
            first if first > self.now() => first,
            _ => at(now.after()),
        }
    }

    /// The first of a month: the technical groups are told of everything, each local group of its
    /// sector.
    pub(crate) async fn tell_month(&mut self) -> Result<(), AppError> {
        self.plan_month()?;
        let zone = self.settings().zone;
        let month = Month::of(zone, self.now()).before();
        let told: Option<ToldMonth> = self.get(&told_key()).await?;
        let begin: Option<super::Watched> = self.peek(&keys::history_begin()).await?;
        let watched = begin.is_some_and(|begin| begin.0 < month.span(zone).1);
        if told.is_some_and(|ToldMonth(told)| told >= month) || !watched {
            return Ok(());
        }
        self.put(told_key(), &ToldMonth(month))?;
        if !self.settings().month_summary {
            return Ok(());
        }
        self.plan(self.now(), Due::MonthTo { month, from: 0 })
    }

    /// Tells some groups of a month, and plans the others.
    pub(crate) async fn tell_month_to(&mut self, month: Month, from: u32) -> Result<(), AppError> {
        let mut groups: Vec<(Group, Option<SectorId>)> = Vec::new();
        for group in self.groups_wanting(AlertsWanted::Backbone, None).await? {
            groups.push((group, None));
        }
        for sector in self.all_sectors().await? {
            let wanting = self
                .groups_wanting(AlertsWanted::Sector, Some(&sector))
                .await?;
            groups.extend(
                wanting
                    .into_iter()
                    .map(|group| (group, Some(sector.clone()))),
            );
        }
        let done = usize::try_from(from).unwrap_or(usize::MAX);
        for (group, sector) in groups.iter().skip(done).take(GROUPS) {
            self.show_month(group, month, sector.clone())?;
        }
        if groups.len() > done + GROUPS {
            let from = from.saturating_add(u32::try_from(GROUPS).unwrap_or(u32::MAX));
            self.plan(self.now(), Due::MonthTo { month, from })?;
        }
        Ok(())
    }

    async fn all_sectors(&mut self) -> Result<Vec<SectorId>, AppError> {
        let sectors = self
            .all::<vigie_domain::network::Sector>(&keys::sectors())
            .await?;
        Ok(sectors.into_iter().map(|(_, sector)| sector.id).collect())
    }

    fn show_month(
        &mut self,
        group: &Group,
        month: Month,
        sector: Option<SectorId>,
    ) -> Result<(), AppError> {
        let view = View::Month {
            month,
            sector,
            opener: None,
        };
        let place = vigie_domain::Place {
            chat: group.chat,
            thread: group.thread,
        };
        let what = Outgoing::View {
            view,
            lang: group.lang,
            target: Target::New,
            buttons: Vec::new(),
        };
        let row = Row::new(place, what, Class::Bulk, self.now(), Doubt::Drop);
        self.append(keys::outbox_messages(), &self.fresh(row))
    }

    /// A month in numbers: by sector, or of one sector by equipment.
    pub(crate) async fn month_view(
        &mut self,
        month: Month,
        sector: Option<&SectorId>,
    ) -> Result<MonthView, AppError> {
        let of = match sector {
            None => HistoryOf::All,
            Some(sector) => HistoryOf::Sector(sector.clone()),
        };
        let episodes = self.app().month_episodes(&of, month).await?;
        let before = self.app().month_episodes(&of, month.before()).await?;
        let mut bars = match sector {
            None => self.bars_by_sector(&episodes, &before).await?,
            Some(_) => bars_by_equipment(&episodes, &before),
        };
        bars.sort_by(|a, b| (b.means.lasted_s(), &a.name).cmp(&(a.means.lasted_s(), &b.name)));
        let left_out = bars.len().saturating_sub(MOST_BARS) as u64;
        bars.truncate(MOST_BARS);
        let zone = self.settings().zone;
        let begin: Option<super::Watched> = self.peek(&keys::history_begin()).await?;
        let since = begin.map_or(self.now(), |begin| begin.0);
        let (from, to) = month.span(zone);
        Ok(MonthView {
            month,
            sector: match sector {
                Some(sector) => Some(self.sector_name(sector).await?),
                None => None,
            },
            means: means(&episodes),
            before: (since < from).then(|| means(&before)),
            watched_since: (since > from).then_some(since),
            over: self.now() >= to,
            bars,
            left_out,
        })
    }

    async fn bars_by_sector(
        &mut self,
        episodes: &[Episode],
        before: &[Episode],
    ) -> Result<Vec<MonthBar>, AppError> {
        let mut by: BTreeMap<Option<SectorId>, (Means, Means)> = BTreeMap::new();
        for sector in self.all_sectors().await? {
            by.entry(Some(sector)).or_default();
        }
        for episode in episodes {
            by.entry(episode.sector.clone())
                .or_default()
                .0
                .count(episode);
        }
        for episode in before {
            by.entry(episode.sector.clone())
                .or_default()
                .1
                .count(episode);
        }
        let mut bars = Vec::new();
        for (sector, (means, before)) in by {
            let name = match &sector {
                Some(sector) => Some(self.sector_name(sector).await?),
                None if means.outages + before.outages == 0 => continue,
                None => None,
            };
            bars.push(MonthBar {
                name,
                means,
                before_s: before.lasted_s(),
            });
        }
        Ok(bars)
    }
}

fn means(episodes: &[Episode]) -> Means {
    let mut means = Means::default();
    for episode in episodes {
        means.count(episode);
    }
    means
}

fn bars_by_equipment(episodes: &[Episode], before: &[Episode]) -> Vec<MonthBar> {
    let mut by: BTreeMap<&str, (String, Means, Means)> = BTreeMap::new();
    for episode in episodes {
        let (name, means, _) = by.entry(episode.equipment.as_str()).or_default();
        name.clone_from(&episode.name);
        means.count(episode);
    }
    for episode in before {
        if let Some((_, _, means)) = by.get_mut(episode.equipment.as_str()) {
            means.count(episode);
        }
    }
    by.into_values()
        .filter(|(_, means, _)| means.outages > 0)
        .map(|(name, means, before)| MonthBar {
            name: Some(name),
            means,
            before_s: before.lasted_s(),
        })
        .collect()
}
