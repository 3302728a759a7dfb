//! What is down below each piece of equipment: listed by sector and time for whoever names some
//! of it or walks over it, and counted for whoever says how much it is.
//!
//! Where there are several ways up, what is explained by an outage above changes without a word
//! from what is down. So everything that shares its ways up is counted together: one look at
//! those ways tells of all of it.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::{EquipmentId, SectorId};
use vigie_store::{Key, Range};

use super::records::{Listed, Outage};
use super::tree::Ways;
use crate::app::error::AppError;
use crate::app::keys;
use crate::app::tx::{Tx, decode};

/// Rows of one page of a walk.
pub(crate) const PAGE: u32 = 200;

/// That equipment is down below another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Below {
    /// Number of the ways between the two; zero where there is one way.
    #[serde(default)]
    pub ways: u64,
}

/// How much is down below a piece of equipment, of what shares its ways up to there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BelowCount {
    /// The ways, where they part first; none where there is one.
    pub ways: Vec<EquipmentId>,
    /// Sectors, and how much of each.
    pub sectors: BTreeMap<Option<SectorId>, u32>,
}

crate::record_v1!(Below, BelowCount);

impl BelowCount {
    /// How much, in one sector or everywhere.
    fn count(&self, only: Option<&SectorId>) -> u64 {
        let of = |(sector, count): (&Option<SectorId>, &u32)| match only {
            Some(_) if sector.as_ref() != only => 0,
            _ => u64::from(*count),
        };
        self.sectors.iter().map(of).sum()
    }
}

/// What is down behind a cause: the first names in order of time, and how much it is in all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Behind {
    /// The first of it.
    pub first: Vec<EquipmentId>,
    /// All of it.
    pub count: u64,
}

/// Which part of what is down below a cause is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'p> {
    /// One sector, or everything.
    pub only: Option<&'p SectorId>,
    /// Where the cause is over: what was down by then, however it is explained.
    pub over: Option<DateTime<Utc>>,
    /// Most names that are read.
    pub most: usize,
}

impl Tx<'_> {
    /// Lists an outage below everything that it hangs on.
    pub(in crate::app) async fn list(
        &mut self,
        outage: &mut Outage,
        ways: Ways,
    ) -> Result<(), AppError> {
        let sheet = self.sheet(&outage.equipment).await?;
        outage.above = ways.above;
        let listed = Listed {
            at: outage.since.timestamp_micros(),
            sector: sheet.and_then(|sheet| sheet.sector),
            single: ways.single,
            ways: ways.parts,
        };
        self.put_rows(outage, &listed)?;
        self.count(outage, &listed, true).await?;
        outage.listed = Some(listed);
        Ok(())
    }

    /// An outage may begin at another time than it was listed under.
    pub(super) fn list_again(&mut self, outage: &mut Outage) -> Result<(), AppError> {
        let at = outage.since.timestamp_micros();
        let Some(mut listed) = outage.listed.take_if(|listed| listed.at != at) else {
            return Ok(());
        };
        self.delete_rows(outage, &listed);
        listed.at = at;
        self.put_rows(outage, &listed)?;
        outage.listed = Some(listed);
        Ok(())
    }

    /// Takes an outage from every list.
    pub(in crate::app) async fn unlist(&mut self, outage: &mut Outage) -> Result<(), AppError> {
        if let Some(listed) = outage.listed.take() {
            self.delete_rows(outage, &listed);
            self.count(outage, &listed, false).await?;
        }
        Ok(())
    }

    fn put_rows(&mut self, outage: &Outage, listed: &Listed) -> Result<(), AppError> {
        let several = number(&listed.ways);
        for (place, ancestor) in (0_u32..).zip(&outage.above) {
            let ways = if place < listed.single { 0 } else { several };
            let key = keys::below(ancestor, listed, &outage.equipment);
            self.put(key, &Below { ways })?;
        }
        Ok(())
    }

    fn delete_rows(&mut self, outage: &Outage, listed: &Listed) {
        for ancestor in &outage.above {
            self.delete(keys::below(ancestor, listed, &outage.equipment));
        }
    }

    async fn count(
        &mut self,
        outage: &Outage,
        listed: &Listed,
        more: bool,
    ) -> Result<(), AppError> {
        for (place, ancestor) in (0_u32..).zip(&outage.above) {
            let ways = match place < listed.single {
                true => &[][..],
                false => listed.ways.as_slice(),
            };
            let key = keys::below_count(ancestor, number(ways));
            let known: Option<BelowCount> = self.get(&key).await?;
            let mut count = known.unwrap_or_else(|| BelowCount {
                ways: ways.to_vec(),
                sectors: BTreeMap::new(),
            });
            let here = count.sectors.entry(listed.sector.clone()).or_default();
            *here = match more {
                true => here.saturating_add(1),
                false => here.saturating_sub(1),
            };
            count.sectors.retain(|_, count| *count > 0);
            match count.sectors.is_empty() {
                true => self.delete(key),
                false => self.put(key, &count)?,
            }
        }
        Ok(())
    }

    /// Whether anything is down below a piece of equipment.
    pub(super) async fn any_below(&self, id: &EquipmentId) -> Result<bool, AppError> {
        Ok(!self.keys(&keys::below_counts(id)).await?.is_empty())
    }

    /// Some of what is down below a piece of equipment, after a row of an earlier page, and where
    /// the next page begins.
    pub(super) async fn page_below(
        &self,
        id: &EquipmentId,
        after: Option<&Key>,
    ) -> Result<(Vec<(Key, EquipmentId)>, Option<Key>), AppError> {
        let range = Range::prefix(&keys::all_below(id));
        let (rows, next) = self.page(&range, after, PAGE).await?;
        let named = |(key, _): (Key, Bytes)| {
            keys::time_and_text(&key).map(|(_, id)| (key, EquipmentId(id)))
        };
        Ok((rows.into_iter().filter_map(named).collect(), next))
    }

    /// What is down behind a cause. The cost is that of the names asked for and of the different
    /// ways up, however much there is.
    pub(crate) async fn behind_cause(
        &mut self,
        root: &EquipmentId,
        part: Part<'_>,
    ) -> Result<Behind, AppError> {
        let (mut count, mut sectors, mut ways) = (0, BTreeSet::new(), BTreeSet::new());
        for (_, row) in self.all::<BelowCount>(&keys::below_counts(root)).await? {
            if part.over.is_some() || self.explains(root, &row.ways).await? {
                count += row.count(part.only);
                ways.insert(number(&row.ways));
                sectors.extend(row.sectors.into_keys());
            }
        }
        sectors.retain(|sector| part.only.is_none() || sector.as_ref() == part.only);
        let mut first = Vec::new();
        for sector in &sectors {
            let mut range = Range::prefix(&keys::below_sector(root, sector.as_ref()));
            if let Some(over) = part.over {
                let border = keys::below_from(root, sector.as_ref(), over);
                let later = Range {
                    start: border.clone(),
                    end: range.end.replace(border),
                };
                count = count.saturating_sub(self.rows_in(&later).await?);
            }
            self.first_of(&range, &ways, part.most, &mut first).await?;
        }
        first.sort();
        let first = first.into_iter().take(part.most).map(|(_, id)| id);
        Ok(Behind {
            first: first.collect(),
            count,
        })
    }

    /// Whether an outage explains what is down below it and has these ways up.
    async fn explains(
        &mut self,
        root: &EquipmentId,
        ways: &[EquipmentId],
    ) -> Result<bool, AppError> {
        if !ways.is_empty() {
            return Ok(self.cause_by(ways).await?.as_ref() == Some(root));
        }
        let outage: Option<Outage> = self.peek(&keys::outage(root)).await?;
        Ok(!outage.is_some_and(|outage| outage.several_ways())
            || self.cause_of(root).await? == *root)
    }

    async fn rows_in(&self, range: &Range) -> Result<u64, AppError> {
        let (mut count, mut after) = (0, None);
        loop {
            let (rows, next) = self
                .page(range, after.as_ref(), vigie_store::MAX_PAGE)
                .await?;
            count += rows.len() as u64;
            match next {
                Some(next) => after = Some(next),
                None => return Ok(count),
            }
        }
    }

    /// Adds the first names in a range that have one of these ways up, with their time.
    async fn first_of(
        &self,
        range: &Range,
        ways: &BTreeSet<u64>,
        most: usize,
        found: &mut Vec<(i64, EquipmentId)>,
    ) -> Result<(), AppError> {
        let (mut left, mut after) = (most, None);
        loop {
            let (rows, next) = self.page(range, after.as_ref(), PAGE).await?;
            for (key, bytes) in rows {
                let row: Below = decode(&key, &bytes)?;
                if left == 0 {
                    return Ok(());
                }
                if let (true, Some((at, id))) =
                    (ways.contains(&row.ways), keys::time_and_text(&key))
                {
                    found.push((at, EquipmentId(id)));
                    left -= 1;
                }
            }
            match next {
                Some(next) => after = Some(next),
                None => return Ok(()),
            }
        }
    }
}

/// A number that stands for ways up; zero for none.
fn number(ways: &[EquipmentId]) -> u64 {
    let names: Vec<&str> = ways.iter().map(EquipmentId::as_str).collect();
    match names.is_empty() {
        true => 0,
        false => keys::mark(names.join("\0").as_bytes()),
    }
}
