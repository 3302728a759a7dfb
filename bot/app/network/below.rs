//! After an import: what is down below what is written anew.

use vigie_store::{Key, Range};

use crate::app::alerts::{Listed, Outage, PAGE};
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::tx::{Tx, decode, scan};
use crate::app::{App, keys};

impl App {
    /// The tree may have changed under outages that last: what is below what is written anew.
    pub(super) async fn index_outages_again(&self) -> Result<(), AppError> {
        let before = scan(self, &keys::below_before()).await?;
        let before = before.into_iter().map(|(key, _)| key).collect();
        self.delete_all(before).await?;
        let all = Range::prefix(&keys::outages());
        let mut after = None;
        loop {
            let (rows, next) = Tx::new(self).page(&all, after.as_ref(), PAGE).await?;
            for (key, bytes) in rows {
                let outage = decode(&key, &bytes)?;
                self.index_outage_again(key, outage).await?;
            }
            match next {
                Some(next) => after = Some(next),
                None => return Ok(()),
            }
        }
    }

    /// In two commits, for one would be too large where much is above.
    async fn index_outage_again(&self, key: Key, mut outage: Outage) -> Result<(), AppError> {
        let mut tx = Tx::new(self);
        let ways = tx.ways_up(&outage.equipment).await?;
        let sheet = tx.sheet(&outage.equipment).await?;
        let sector = sheet.and_then(|sheet| sheet.sector);
        let same = |listed: &Listed| {
            (&listed.sector, listed.single, &listed.ways) == (&sector, ways.single, &ways.parts)
        };
        if ways.above == outage.above && outage.listed.as_ref().is_some_and(same) {
            return Ok(());
        }
        let parts = outage.listed.is_some() && outage.several_ways() == ways.parts.is_empty();
        let moved = parts || ways.above != outage.above;
        tx.unlist(&mut outage).await?;
        tx.put(key.clone(), &outage)?;
        tx.commit().await?;
        let mut tx = Tx::new(self);
        tx.list(&mut outage, ways).await?;
        tx.put(key, &outage)?;
        if moved {
            let (id, from) = (outage.equipment, None);
            tx.plan(self.now(), Due::Orphans { id, from })?;
        }
        tx.commit().await.map(|_| ())
    }
}
