//! Reads of the history: days of a piece of equipment, pages of what has ended.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::history::{self, Episode, Means, Month, Strip};
use vigie_domain::{EquipmentId, SectorId};
use vigie_store::{Dir, Key, Range};

use super::Watched;
use crate::app::error::AppError;
use crate::app::tx::{Tx, decode};
use crate::app::views::{HistoryLine, HistoryView};
use crate::app::{App, keys};

/// Days of a strip.
const DAYS: u64 = 30;
/// Outages read for one strip: more than that in a month is unstable, and is told so elsewhere.
const MOST_OF_ONE: usize = 2_000;
/// Outages among which pages are turned; a file has the others.
pub(crate) const MOST_ON_PAGES: usize = 1_000;

/// Whose outages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HistoryOf {
    /// Everybody's.
    All,
    /// Of a sector.
    Sector(SectorId),
    /// Of a piece of equipment.
    Equipment(EquipmentId),
}

impl HistoryOf {
    /// Where they are kept, from this end to that one.
    pub(super) fn range(&self, from: Option<DateTime<Utc>>, to: Option<DateTime<Utc>>) -> Range {
        let all = match self {
            Self::All => Key::of("ht/").end(),
            Self::Sector(sector) => Key::of("hs/").text(sector.as_str()).end(),
            Self::Equipment(id) => keys::history(id),
        };
        let at = |moment| match self {
            Self::All => keys::history_from(moment),
            Self::Sector(sector) => keys::sector_history_from(sector, moment),
            Self::Equipment(id) => keys::history_at(id, moment),
        };
        let mut range = Range::prefix(&all);
        if let Some(from) = from {
            range.start = at(from);
        }
        if let Some(to) = to {
            range.end = Some(at(to));
        }
        range
    }
}

impl App {
    /// Outages that are over, at most so many.
    pub(super) async fn episodes(
        &self,
        range: &Range,
        dir: Dir,
        most: usize,
    ) -> Result<Vec<Episode>, AppError> {
        let mut after = None;
        let mut found = Vec::new();
        while found.len() < most {
            let size = u32::try_from(most - found.len()).unwrap_or(u32::MAX);
            let size = size.min(vigie_store::MAX_PAGE);
            let page = self
                .store
                .scan(self.shard, range, after.as_ref(), size, dir)
                .await?;
            for (key, entry) in page.items {
                found.push(decode(&key, &entry.value)?);
            }
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        Ok(found)
    }

    /// The first outages that ended before this moment.
    pub(crate) async fn outages_before(
        &self,
        before: DateTime<Utc>,
    ) -> Result<Vec<Episode>, AppError> {
        let range = HistoryOf::All.range(None, Some(before));
        self.episodes(&range, Dir::Forward, MOST_SWEPT).await
    }

    /// The outages that ended in a month.
    pub(super) async fn month_episodes(
        &self,
        of: &HistoryOf,
        month: Month,
    ) -> Result<Vec<Episode>, AppError> {
        let (from, to) = month.span(self.settings.zone);
        let range = of.range(Some(from), Some(to));
        self.episodes(&range, Dir::Forward, MOST_OF_A_MONTH).await
    }
}

/// Outages removed in one day.
const MOST_SWEPT: usize = 20_000;
/// Outages counted of one month; a storm over the largest network has less.
const MOST_OF_A_MONTH: usize = 100_000;

impl Tx<'_> {
    /// The last days of a piece of equipment.
    pub(crate) async fn strip(&mut self, id: &EquipmentId) -> Result<Strip, AppError> {
        let now = self.now();
        let days = history::last_days(self.settings().zone, now, DAYS);
        let begin = days.first().map(|day| day.from);
        let range = HistoryOf::Equipment(id.clone()).range(begin, None);
        let mut episodes = self
            .app()
            .episodes(&range, Dir::Backward, MOST_OF_ONE)
            .await?;
        let last: Option<Episode> = self.peek(&keys::last_outage(id)).await?;
        episodes.extend(last.filter(|last| last.ended.is_none()));
        let since = self.watched_since(id).await?;
        // What is known to have happened was watched.
        let first = episodes.iter().map(|episode| episode.began).min();
        let since = first.map_or(since, |first| first.min(since));
        Ok(Strip::of(&days, &episodes, since, now))
    }

    async fn watched_since(&mut self, id: &EquipmentId) -> Result<DateTime<Utc>, AppError> {
        if let Some(Watched(since)) = self.peek(&keys::watched_since(id)).await? {
            return Ok(since);
        }
        let begin: Option<Watched> = self.peek(&keys::history_begin()).await?;
        Ok(begin.map_or(self.now(), |Watched(since)| since))
    }

    /// How many outages pages are turned among, and whether there are more.
    pub(crate) async fn history_count(&mut self, of: &HistoryOf) -> Result<usize, AppError> {
        let range = of.range(None, None);
        let found = self
            .app()
            .episodes(&range, Dir::Backward, MOST_ON_PAGES)
            .await?;
        Ok(found.len())
    }

    /// A page of outages that are over, the newest first.
    pub(crate) async fn history_view(
        &mut self,
        of: &HistoryOf,
        page: u32,
    ) -> Result<HistoryView, AppError> {
        let range = of.range(None, None);
        let all = self
            .app()
            .episodes(&range, Dir::Backward, MOST_ON_PAGES)
            .await?;
        let per_page = usize::try_from(self.settings().page_lines.max(1)).unwrap_or(8);
        let pages = all.len().div_ceil(per_page).max(1);
        let page = usize::try_from(page).unwrap_or(0).min(pages - 1);
        let mut lines = Vec::new();
        for episode in all.iter().skip(page * per_page).take(per_page) {
            lines.push(self.history_line(episode).await?);
        }
        let running = match of {
            HistoryOf::Equipment(id) => {
                let last: Option<Episode> = self.peek(&keys::last_outage(id)).await?;
                last.filter(|last| last.ended.is_none())
                    .map(|last| last.began)
            }
            HistoryOf::All | HistoryOf::Sector(_) => None,
        };
        let zone = self.settings().zone;
        let month = Month::of(zone, self.now());
        let mut means = Means::default();
        for episode in self.app().month_episodes(of, month).await? {
            means.count(&episode);
        }
        Ok(HistoryView {
            name: self.name_of_history(of).await?,
            of: of.clone(),
            page: u32::try_from(page).unwrap_or(0),
            pages: u32::try_from(pages).unwrap_or(1),
            total: all.len() as u64,
            more: all.len() == MOST_ON_PAGES,
            running,
            means,
            lines,
        })
    }

    async fn name_of_history(&mut self, of: &HistoryOf) -> Result<Option<String>, AppError> {
        Ok(match of {
            HistoryOf::All => None,
            HistoryOf::Sector(sector) => Some(self.sector_name(sector).await?),
            HistoryOf::Equipment(id) => Some(self.name_of(id).await?),
        })
    }

    async fn history_line(&mut self, episode: &Episode) -> Result<HistoryLine, AppError> {
        let covered_by = match &episode.covered_by {
            Some(by) => Some(self.plain_name_of(by).await?),
            None => None,
        };
        Ok(HistoryLine {
            name: episode.name.clone(),
            began: episode.began,
            lasted_s: episode.lasted_s(self.now()),
            down: !episode.down.is_empty(),
            covered_by,
            taken: episode.taken.as_ref().map(|taken| taken.name.clone()),
            taken_after_s: episode.taken_after_s(),
        })
    }
}
