//! Equipment that keeps going down and up: one card says so, and nothing more is sent until it is
//! calm again. What is remembered of each piece of equipment does not grow.

use chrono::{DateTime, TimeDelta, Utc};
use vigie_domain::EquipmentId;
use vigie_domain::alert::Severity;
use vigie_domain::flap::Flap;

use super::records::{Outage, Unstable};
use crate::app::cards::Cause;
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::keys;
use crate::app::tx::Tx;

impl Tx<'_> {
    /// Equipment went down or came up; `worst` is how bad it is or was. Returned is whether it
    /// has just become unstable. The outage is still to be stored.
    pub(super) async fn changed(
        &mut self,
        outage: &mut Outage,
        worst: Severity,
    ) -> Result<bool, AppError> {
        let rule = self.settings().flap;
        if rule.changes == 0 {
            return Ok(false);
        }
        let key = keys::flap(&outage.equipment);
        let mut flap: Flap = self.get(&key).await?.unwrap_or_default();
        let turned = flap.change(self.now(), rule);
        self.put(key, &flap)?;
        if let Some(since) = flap.since {
            let before = outage.unstable.take();
            outage.unstable = Some(Unstable {
                since,
                changes: flap.changes,
                worst: before
                    .as_ref()
                    .map_or(worst, |known| known.worst.max(worst)),
                told_at: before.map_or(self.now(), |known| known.told_at),
            });
        }
        if let (true, Some(at)) = (turned, flap.calm_at(rule)) {
            self.plan(at, Due::Calm(outage.equipment.clone()))?;
        }
        Ok(turned)
    }

    /// Tells of something that has just become unstable.
    pub(super) async fn turned_unstable(&mut self, id: &EquipmentId) -> Result<(), AppError> {
        self.together_s = self.settings().together_s;
        self.notice(id).await?;
        self.together_s = 0;
        Ok(())
    }

    /// A source tells of a new episode although it never told the end of the one before.
    pub(super) async fn went_up_and_down(&mut self, id: &EquipmentId) -> Result<(), AppError> {
        let key = keys::outage(id);
        let Some(mut outage) = self.get::<Outage>(&key).await? else {
            return Ok(());
        };
        let worst = outage.worst();
        let mut turned = false;
        for _ in 0..2 {
            turned |= self.changed(&mut outage, worst).await?;
        }
        self.put(key, &outage)?;
        match (turned, outage.unstable.is_some()) {
            (true, _) => self.turned_unstable(id).await,
            (false, true) => self.tell_unstable(outage).await,
            (false, false) => Ok(()),
        }
    }

    /// Stores an outage, and brings the cards of something unstable up to date now and then.
    pub(super) async fn tell_unstable(&mut self, mut outage: Outage) -> Result<(), AppError> {
        let (now, id) = (self.now(), outage.equipment.clone());
        let pause = TimeDelta::seconds(i64::from(self.settings().unstable_card_s));
        let old = outage
            .unstable
            .as_mut()
            .filter(|unstable| now - unstable.told_at >= pause);
        let Some(unstable) = old else {
            return self.put(keys::outage(&id), &outage);
        };
        unstable.told_at = now;
        self.put(keys::outage(&id), &outage)?;
        let cause = self.cause_of(&id).await?;
        self.refresh(&cause).await
    }

    /// Something unstable may have been calm for long enough: then its card says what it is.
    pub(crate) async fn calm(&mut self, id: &EquipmentId) -> Result<(), AppError> {
        let (key, rule) = (keys::flap(id), self.settings().flap);
        let Some(mut flap) = self.get::<Flap>(&key).await? else {
            return Ok(());
        };
        let outage: Option<Outage> = self.get(&keys::outage(id)).await?;
        let (Some(at), Some(last), Some(mut outage)) = (flap.calm_at(rule), flap.last(), outage)
        else {
            return Ok(());
        };
        // What is due is kept to the millisecond.
        if rule.changes > 0 && at.timestamp_millis() > self.now().timestamp_millis() {
            self.plan(at, Due::Calm(id.clone()))?;
            return self.tell_unstable(outage).await;
        }
        flap = Flap::default();
        self.put(key, &flap)?;
        let covered = outage.covers();
        outage.unstable = None;
        if outage.total() == 0 {
            return self.outage_is_over(&outage, covered, last).await;
        }
        self.put(keys::outage(id), &outage)?;
        if covered && !outage.covers() {
            self.covers_no_more(id).await?;
        }
        self.stays_down(&outage).await?;
        self.notice(id).await
    }

    /// What was unstable is down for good: its cards say since when, and are answered, for a
    /// change of a card makes no sound.
    async fn stays_down(&mut self, outage: &Outage) -> Result<(), AppError> {
        let now: DateTime<Utc> = self.now();
        for (chat, carrier) in self.chats_showing(&outage.equipment).await? {
            let key = keys::cause(chat, carrier.0, &outage.equipment);
            if let Some(mut cause) = self.get::<Cause>(&key).await? {
                cause.since = outage.since;
                cause.severity = outage.worst();
                cause.again_at = Some(now);
                self.put(key, &cause)?;
                self.plan_again(chat, carrier.0).await?;
            }
        }
        Ok(())
    }
}
