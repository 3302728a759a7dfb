//! What is kept of outages: written in the commit of the change itself, one write while an outage
//! lasts, four when it ends, whatever the size of the network.
//!
//! `ho/` is the last outage of each piece of equipment, running or over; `hi/`, `ht/` and `hs/`
//! hold what has ended by equipment, by time and by sector. What has ended is never changed again.

mod export;
mod month;
mod read;

pub use export::Form;
pub use read::HistoryOf;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::EquipmentId;
use vigie_domain::alert::{Incident, Taken};
use vigie_domain::history::Episode;

use super::alerts::Outage;
use super::cards::Cause;
use super::error::AppError;
use super::keys;
use super::tx::Tx;

/// Longest name of an alert and longest summary that are kept, in characters.
const SAID: usize = 160;
/// Outages of one press whose taking is kept at once; those of a storm get it from their card
/// when they end.
const MOST_TAKEN: usize = 30;

/// Since when something is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Watched(pub DateTime<Utc>);

crate::record_v1!(Episode, Watched);

impl Tx<'_> {
    /// Follows an outage that lasts and has just changed: `outage` is its state after the change,
    /// `told` the alert that changed it, `at` when. What is unstable is one outage, and its blinks
    /// are not kept; nor is what nobody has declared, nor the silence of a source, which is no
    /// outage of what it watches.
    pub(crate) async fn history_follows(
        &mut self,
        outage: &Outage,
        told: &Incident,
        at: DateTime<Utc>,
    ) -> Result<(), AppError> {
        if outage.unstable.is_some() || outage.equipment.as_str().starts_with(['?', '@']) {
            return Ok(());
        }
        let key = keys::last_outage(&outage.equipment);
        let known: Option<Episode> = self.peek(&key).await?;
        let mut episode = match known.filter(|known| known.ended.is_none()) {
            Some(running) => running,
            None => self.new_episode(outage, told).await?,
        };
        episode.began = episode.began.min(outage.since);
        episode.worst = episode.worst.max(told.severity);
        episode.is_down(outage.covers(), at);
        self.put(key, &episode)
    }

    /// An outage is over.
    pub(crate) async fn history_ends(
        &mut self,
        outage: &Outage,
        at: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let key = keys::last_outage(&outage.equipment);
        let known: Option<Episode> = self.peek(&key).await?;
        let Some(mut episode) = known.filter(|known| known.ended.is_none()) else {
            return Ok(());
        };
        let ended = at.max(episode.began);
        episode.is_down(false, ended);
        episode.ended = Some(ended);
        episode.covered_by = self.explained_by(outage, &episode, ended).await?;
        if episode.taken.is_none() {
            episode.taken = self.taken_on_a_card(&outage.equipment).await?;
        }
        self.keep(&key, &episode)
    }

    async fn new_episode(&mut self, outage: &Outage, told: &Incident) -> Result<Episode, AppError> {
        let id = &outage.equipment;
        let short = |text: &str| text.chars().take(SAID).collect();
        Ok(Episode {
            equipment: id.clone(),
            name: self.plain_name_of(id).await?,
            sector: self.sheet(id).await?.and_then(|sheet| sheet.sector),
            began: outage.since,
            ended: None,
            worst: told.severity,
            down: Vec::new(),
            alert: short(&told.name),
            summary: short(&told.summary),
            covered_by: None,
            taken: None,
        })
    }

    /// The topmost equipment above whose own outage explains this one.
    async fn explained_by(
        &mut self,
        outage: &Outage,
        episode: &Episode,
        ended: DateTime<Utc>,
    ) -> Result<Option<EquipmentId>, AppError> {
        for ancestor in outage.above.iter().rev() {
            let last: Option<Episode> = self.peek(&keys::last_outage(ancestor)).await?;
            if last.is_some_and(|last| last.covers(episode.began, ended)) {
                return Ok(Some(ancestor.clone()));
            }
        }
        Ok(None)
    }

    async fn taken_on_a_card(&mut self, id: &EquipmentId) -> Result<Option<Taken>, AppError> {
        for (chat, carrier) in self.chats_showing(id).await? {
            let card: Option<super::cards::Card> = self.peek(&keys::card(chat, carrier.0)).await?;
            let cause: Option<Cause> = self.peek(&keys::cause(chat, carrier.0, id)).await?;
            if let (Some(card), Some(cause)) = (card, cause)
                && let Some(taken) = card.taken_by(&cause)
            {
                return Ok(Some(taken.clone()));
            }
        }
        Ok(None)
    }

    fn keep(&mut self, last: &vigie_store::Key, episode: &Episode) -> Result<(), AppError> {
        self.put(last.clone(), episode)?;
        for key in history_keys(episode) {
            self.put(key, episode)?;
        }
        Ok(())
    }

    /// Somebody took these causes: kept with each that nobody had taken before.
    pub(crate) async fn history_taken(
        &mut self,
        causes: &[Cause],
        taken: &Taken,
    ) -> Result<(), AppError> {
        for cause in causes.iter().take(MOST_TAKEN) {
            let key = keys::last_outage(&cause.root);
            if let Some(mut episode) = self.get::<Episode>(&key).await?
                && episode.ended.is_none()
                && episode.taken.is_none()
            {
                episode.taken = Some(taken.clone());
                self.put(key, &episode)?;
            }
        }
        Ok(())
    }
}

/// Where an outage that has ended is kept.
pub(crate) fn history_keys(episode: &Episode) -> Vec<vigie_store::Key> {
    let Some(ended) = episode.ended else {
        return Vec::new();
    };
    let id = &episode.equipment;
    let mut found = vec![
        keys::history_at(id, ended),
        keys::history_by_time(ended, id),
    ];
    if let Some(sector) = &episode.sector {
        found.push(keys::history_by_sector(sector, ended, id));
    }
    found
}

#[cfg(test)]
mod tests {
    use vigie_domain::alert::Severity;
    use vigie_store::record::encode_as;

    use super::*;

    #[test]
    fn an_outage_of_before_keeps_what_its_alert_said() {
        #[derive(Serialize)]
        struct Before {
            equipment: &'static str,
            name: &'static str,
            sector: Option<&'static str>,
            began: DateTime<Utc>,
            ended: Option<DateTime<Utc>>,
            worst: Severity,
            down: [u8; 0],
            cause: &'static str,
            covered_by: Option<&'static str>,
            taken: Option<Taken>,
        }
        let before = Before {
            equipment: "silo",
            name: "Silo",
            sector: None,
            began: DateTime::UNIX_EPOCH,
            ended: None,
            worst: Severity::Critical,
            down: [],
            cause: "RelayDown : coupure",
            covered_by: None,
            taken: None,
        };
        let place = vigie_store::Key::of("ho/").end();
        let bytes = encode_as(1, &before).unwrap();
        let read: Episode = crate::app::tx::decode(&place, &bytes).unwrap();
        assert_eq!(
            (read.alert.as_str(), read.summary.as_str()),
            ("", "RelayDown : coupure")
        );
    }
}
