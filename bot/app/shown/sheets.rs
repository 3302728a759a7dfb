//! What lists of what is down and the sheet of equipment show.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use vigie_domain::alert::Severity;
use vigie_domain::network::Site;
use vigie_domain::state::state;
use vigie_domain::{EquipmentId, SectorId};
use vigie_store::Range;

use crate::app::alerts::{Outage, PAGE, Part};
use crate::app::cards::{Card, Cause};
use crate::app::deadman::source_of;
use crate::app::error::AppError;
use crate::app::keys;
use crate::app::tx::{Tx, decode};
use crate::app::views::{EquipmentView, StatusLine, StatusView};

/// Where a cause stands in lists: the worst first, then the oldest.
type Rank = (Reverse<Severity>, DateTime<Utc>, EquipmentId);

impl Tx<'_> {
    /// The causes that last, everywhere or in one sector: how many there are, and the first of
    /// them, the worst before the oldest. Everything that is down is read, page by page; what is
    /// kept are those that are asked for.
    pub(crate) async fn first_causes(
        &mut self,
        sector: Option<&SectorId>,
        most: usize,
    ) -> Result<(usize, Vec<EquipmentId>), AppError> {
        let mut first: BTreeSet<Rank> = BTreeSet::new();
        // What explains something in a sector may be elsewhere: it is above much and seldom many.
        let mut elsewhere: BTreeSet<EquipmentId> = BTreeSet::new();
        let (mut total, range, mut after) = (0, Range::prefix(&keys::outages()), None);
        loop {
            let (rows, next) = self.page(&range, after.as_ref(), PAGE).await?;
            // What one page reads is forgotten with it.
            let mut reader = Tx::new(self.app());
            for (key, bytes) in rows {
                let outage: Outage = decode(&key, &bytes)?;
                let Some(outage) = reader.counts_as(outage, sector, &mut elsewhere).await? else {
                    continue;
                };
                total += 1;
                first.insert((Reverse(outage.worst()), outage.since, outage.equipment));
                if first.len() > most {
                    first.pop_last();
                }
            }
            match next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        Ok((total, first.into_iter().map(|(_, _, id)| id).collect()))
    }

    /// The cause as which an outage counts in a list: itself, or what explains it from elsewhere,
    /// once; `None`: it is explained by what is counted already, or it is not in the sector.
    async fn counts_as(
        &mut self,
        outage: Outage,
        sector: Option<&SectorId>,
        elsewhere: &mut BTreeSet<EquipmentId>,
    ) -> Result<Option<Outage>, AppError> {
        if !self.is_in(&outage.equipment, sector).await? {
            return Ok(None);
        }
        let cause = self.cause_of(&outage.equipment).await?;
        if cause == outage.equipment {
            return Ok(Some(outage));
        }
        if self.is_in(&cause, sector).await? || !elsewhere.insert(cause.clone()) {
            return Ok(None);
        }
        self.peek(&keys::outage(&cause)).await
    }

    async fn is_in(
        &mut self,
        id: &EquipmentId,
        sector: Option<&SectorId>,
    ) -> Result<bool, AppError> {
        if sector.is_none() {
            return Ok(true);
        }
        let sheet = self.sheet(id).await?;
        Ok(sheet.as_ref().and_then(|sheet| sheet.sector.as_ref()) == sector)
    }

    pub(super) async fn status_view(
        &mut self,
        sector: Option<&SectorId>,
        page: u32,
    ) -> Result<StatusView, AppError> {
        let per_page = usize::try_from(self.settings().page_lines.max(1)).unwrap_or(8);
        let page = usize::try_from(page).unwrap_or(0);
        let most = page.saturating_add(1).saturating_mul(per_page);
        let (total, causes) = self.first_causes(sector, most).await?;
        let pages = total.div_ceil(per_page).max(1);
        let page = page.min(pages - 1);
        let mut lines = Vec::new();
        let silent = self.silent_sources().await?;
        for id in causes.iter().skip(page * per_page).take(per_page) {
            let Some(outage) = self.peek::<Outage>(&keys::outage(id)).await? else {
                continue;
            };
            let part = Part {
                only: sector,
                over: None,
                most: 0,
            };
            let sheet = self.sheet(id).await?;
            lines.push(StatusLine {
                name: self.name_of(id).await?,
                sector: self.sector_of(sheet.as_ref()).await?,
                since: outage.since,
                severity: outage.worst(),
                state: state(outage.facts()),
                source: source_of(id).map(|source| source.0),
                stale: self.is_stale(id, &silent).await?,
                // Where another way carries the traffic nothing is explained by it.
                behind: match outage.covers() {
                    true => self.behind_cause(id, part).await?.count,
                    false => 0,
                },
                taken: self.taken_by_anyone(id).await?,
            });
        }
        let hidden = self.hidden(sector).await?;
        let sector = match sector {
            Some(sector) => Some(self.sector_name(sector).await?),
            None => None,
        };
        Ok(StatusView {
            hidden,
            sector,
            page: u32::try_from(page).unwrap_or(0),
            pages: u32::try_from(pages).unwrap_or(1),
            total: total as u64,
            lines,
        })
    }

    async fn taken_by_anyone(&mut self, id: &EquipmentId) -> Result<Option<String>, AppError> {
        for (chat, carrier) in self.chats_showing(id).await? {
            let card: Option<Card> = self.peek(&keys::card(chat, carrier.0)).await?;
            let cause: Option<Cause> = self.peek(&keys::cause(chat, carrier.0, id)).await?;
            if let (Some(card), Some(cause)) = (card, cause)
                && let Some(taken) = card.taken_by(&cause)
            {
                return Ok(Some(taken.name.clone()));
            }
        }
        Ok(None)
    }

    pub(super) async fn equipment_view(
        &mut self,
        id: &EquipmentId,
    ) -> Result<Option<EquipmentView>, AppError> {
        let Some(sheet) = self.sheet(id).await? else {
            return Ok(None);
        };
        let parent = match &sheet.parent {
            Some(parent) => Some(self.name_of(parent).await?),
            None => None,
        };
        let site = match &sheet.site {
            Some(site) => self.peek::<Site>(&keys::site(site.as_str())).await?,
            None => None,
        };
        let mut backups = Vec::new();
        for backup in &sheet.backups {
            backups.push(self.name_of(backup).await?);
        }
        let outage: Option<Outage> = self.peek(&keys::outage(id)).await?;
        let facts = self.facts_of(id).await?;
        let cause = self.cause_of(id).await?;
        let behind_cause = match facts.blind && cause != *id {
            true => Some(self.name_of(&cause).await?),
            false => None,
        };
        let silent = self.silent_sources().await?;
        let silent_source = self.silent_watch(&sheet, &silent).await?;
        let (silenced_until, maintained_until) = self.held_until(id, Some(&sheet)).await?;
        Ok(Some(EquipmentView {
            parent,
            backups,
            sector: self.sector_of(Some(&sheet)).await?,
            site: site.map(|site| (site.name, site.hint)),
            state: state(facts),
            down_since: outage.as_ref().map(|outage| outage.since),
            bypass: outage.and_then(|outage| outage.bypass),
            behind_cause,
            silent_source: silent_source.map(|source| source.0),
            carries: self.carried_by(id).await?.count(None),
            silenced_until,
            maintained_until,
            defaults: self.policy().await?.alerts,
            strip: self.strip(id).await?,
            equipment: sheet,
        }))
    }
}
