//! What lists of what is down and the sheet of equipment show.

use std::collections::BTreeMap;

use vigie_domain::network::Site;
use vigie_domain::state::state;
use vigie_domain::{EquipmentId, SectorId};
use vigie_store::Range;

use crate::app::alerts::{Outage, PAGE};
use crate::app::cards::{Card, Cause};
use crate::app::deadman::source_of;
use crate::app::error::AppError;
use crate::app::keys;
use crate::app::tx::{Tx, decode};
use crate::app::views::{EquipmentView, StatusLine, StatusView};
impl Tx<'_> {
    /// The causes that last, everywhere or in one sector, with how much is down behind each.
    /// Everything that is down is read, page by page; what is kept are the causes.
    pub(crate) async fn causes_down(
        &mut self,
        sector: Option<&SectorId>,
    ) -> Result<Vec<(EquipmentId, u64)>, AppError> {
        let mut causes: BTreeMap<EquipmentId, u64> = BTreeMap::new();
        let (range, mut after) = (Range::prefix(&keys::outages()), None);
        loop {
            let (rows, next) = self.page(&range, after.as_ref(), PAGE).await?;
            // What one page reads is forgotten with it.
            let mut reader = Tx::new(self.app());
            for (key, bytes) in rows {
                let id = decode::<Outage>(&key, &bytes)?.equipment;
                if sector.is_some() {
                    let sheet = reader.sheet(&id).await?;
                    if sheet.as_ref().and_then(|sheet| sheet.sector.as_ref()) != sector {
                        continue;
                    }
                }
                let cause = reader.cause_of(&id).await?;
                let behind = u64::from(cause != id);
                *causes.entry(cause).or_default() += behind;
            }
            match next {
                Some(next) => after = Some(next),
                None => return Ok(causes.into_iter().collect()),
            }
        }
    }

    pub(super) async fn status_view(
        &mut self,
        sector: Option<&SectorId>,
        page: u32,
    ) -> Result<StatusView, AppError> {
        let mut causes = Vec::new();
        for (id, behind) in self.causes_down(sector).await? {
            if let Some(outage) = self.peek::<Outage>(&keys::outage(&id)).await? {
                causes.push((outage, behind));
            }
        }
        causes.sort_by(|(a, _), (b, _)| (b.worst(), a.since).cmp(&(a.worst(), b.since)));
        let per_page = usize::try_from(self.settings().page_lines.max(1)).unwrap_or(8);
        let pages = causes.len().div_ceil(per_page).max(1);
        let page = usize::try_from(page).unwrap_or(0).min(pages - 1);
        let mut lines = Vec::new();
        let silent = self.silent_sources().await?;
        for (outage, behind) in causes.iter().skip(page * per_page).take(per_page) {
            let sheet = self.sheet(&outage.equipment).await?;
            lines.push(StatusLine {
                name: self.name_of(&outage.equipment).await?,
                sector: self.sector_of(sheet.as_ref()).await?,
                since: outage.since,
                severity: outage.worst(),
                state: state(outage.facts()),
                source: source_of(&outage.equipment).map(|source| source.0),
                stale: self.is_stale(&outage.equipment, &silent).await?,
                behind: *behind,
                taken: self.taken_by_anyone(&outage.equipment).await?,
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
            total: causes.len() as u64,
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
