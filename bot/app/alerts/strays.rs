//! Sources that lie: what one of them may have open of names that nobody declared, and of alerts
//! about one piece of equipment. What goes beyond opens nothing, and it is told once an hour to
//! those who look after sources. It is told by its state: what is still so when there is room
//! again opens when its source repeats it.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{ChatId, EquipmentId, SourceId};

use super::records::Outage;
use crate::app::error::AppError;
use crate::app::keys;
use crate::app::outbox::{Class, Message};
use crate::app::tx::Tx;

/// How often it is told that a source has too much open.
const TOLD_EVERY: TimeDelta = TimeDelta::hours(1);

/// What a source has open of names that nobody declared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Strays {
    /// Open episodes.
    open: u32,
    /// When it was told last that there are too many.
    told_at: Option<DateTime<Utc>>,
}

crate::record_v1!(Strays);

fn is_stray(id: &EquipmentId) -> bool {
    id.as_str().starts_with('?')
}

impl Tx<'_> {
    /// Whether one more episode of this equipment may begin; then it is counted.
    pub(super) async fn has_place_for(
        &mut self,
        source: &SourceId,
        id: &EquipmentId,
    ) -> Result<bool, AppError> {
        let most = self.settings().most_strays;
        if !is_stray(id) {
            let outage: Option<Outage> = self.get(&keys::outage(id)).await?;
            if outage.is_none_or(|outage| outage.total() < most) {
                return Ok(true);
            }
            let name = self.name_of(id).await?;
            let say = Say::new(Text::SourceSwamps)
                .with("source", Arg::Name(source.to_string()))
                .with("most", Arg::Number(most.into()))
                .with("equipment", Arg::Name(name));
            self.too_much(source, say).await?;
            return Ok(false);
        }
        let key = keys::strays(source);
        let mut strays: Strays = self.get(&key).await?.unwrap_or_default();
        if strays.open < most {
            strays.open += 1;
            self.put(key, &strays)?;
            return Ok(true);
        }
        let say = Say::new(Text::SourceStrays)
            .with("source", Arg::Name(source.to_string()))
            .with("most", Arg::Number(most.into()));
        self.too_much(source, say).await?;
        Ok(false)
    }

    /// An episode is over.
    pub(super) async fn gives_place(
        &mut self,
        source: &SourceId,
        id: &EquipmentId,
    ) -> Result<(), AppError> {
        if !is_stray(id) {
            return Ok(());
        }
        let key = keys::strays(source);
        let Some(mut strays) = self.get::<Strays>(&key).await? else {
            return Ok(());
        };
        strays.open = strays.open.saturating_sub(1);
        let told = strays
            .told_at
            .is_some_and(|at| self.now() - at < TOLD_EVERY);
        if strays.open == 0 && !told {
            self.delete(key);
            return Ok(());
        }
        self.put(key, &strays)
    }

    async fn too_much(&mut self, source: &SourceId, say: Say) -> Result<(), AppError> {
        let (key, now) = (keys::strays(source), self.now());
        let mut strays: Strays = self.get(&key).await?.unwrap_or_default();
        if strays.told_at.is_some_and(|at| now - at < TOLD_EVERY) {
            return Ok(());
        }
        strays.told_at = Some(now);
        self.put(key, &strays)?;
        for to in self.who_mends(ChatId(0)).await? {
            self.say(to, Class::Service, Message::of(say.clone()))?;
        }
        Ok(())
    }
}
