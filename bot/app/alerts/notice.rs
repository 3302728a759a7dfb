//! Who is told of an outage, when, and on which card.

use chrono::{TimeDelta, Timelike as _};
use vigie_domain::group::{AlertsWanted, Group};
use vigie_domain::network::{Equipment, Scope};
use vigie_domain::{EquipmentId, Place};

use super::records::{Outage, Silence};
use crate::app::cards::{Carrier, Cause, End, NewCause};
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::keys;
use crate::app::network::Policy;
use crate::app::outbox::Class;
use crate::app::tx::Tx;

/// Writes after which a long walk over the tree goes on in the next commit.
const FULL: usize = 35;
/// New cards of one outage in one commit.
const NEW_CARDS: usize = 3;

impl Tx<'_> {
    /// Tells of an outage now, or plans it after the delay of the equipment. An outage whose
    /// cause has a card already is added there at once: that is no new message.
    pub(super) async fn notice_after_delay(
        &mut self,
        id: &EquipmentId,
        first: bool,
    ) -> Result<(), AppError> {
        let sheet = self.sheet(id).await?;
        let defaults = self.policy().await?.alerts;
        let delay = sheet
            .as_ref()
            .map_or(defaults.delay_s, |sheet| sheet.delay_s(&defaults));
        let cause = self.cause_of(id).await?;
        if delay > 0 && self.chats_showing(&cause).await?.is_empty() {
            return match first {
                true => {
                    let at = self.now() + TimeDelta::seconds(i64::from(delay));
                    self.plan(at, Due::Notice(id.clone()))
                }
                false => Ok(()),
            };
        }
        self.notice(id).await
    }

    /// Tells of an outage, if it still lasts and nothing holds it back.
    pub(crate) async fn notice(&mut self, id: &EquipmentId) -> Result<(), AppError> {
        let Some(outage) = self.get::<Outage>(&keys::outage(id)).await? else {
            return Ok(());
        };
        let cause = self.cause_of(id).await?;
        self.refresh(&cause).await?;
        if self.silenced(id).await? {
            return Ok(());
        }
        let root: Option<Outage> = match cause == *id {
            true => Some(outage.clone()),
            false => self.get(&keys::outage(&cause)).await?,
        };
        let root = root.unwrap_or(outage);
        let sheet = self.sheet(id).await?;
        let mut opened = 0;
        for (place, silent) in self.told(sheet.as_ref()).await? {
            let carrier = keys::card_of(&cause, place.chat);
            if self.peek::<Carrier>(&carrier).await?.is_some() {
                continue;
            }
            if opened == NEW_CARDS {
                return self.plan(self.now(), Due::Notice(id.clone()));
            }
            opened += 1;
            let new = NewCause {
                place,
                root: &cause,
                since: root.since,
                severity: root.worst(),
                silent,
            };
            self.show_cause(&new).await?;
        }
        Ok(())
    }

    /// The places that are told of a piece of equipment, and whether without sound. Unknown
    /// equipment goes to the technical groups, and so does a relay whose sector has no group.
    async fn told(&mut self, sheet: Option<&Equipment>) -> Result<Vec<(Place, bool)>, AppError> {
        let scope = sheet.map_or(Scope::Backbone, Equipment::scope);
        let mut groups = Vec::new();
        if matches!(scope, Scope::Sector | Scope::Both) {
            let sector = sheet.and_then(|sheet| sheet.sector.as_ref());
            groups = self.groups_wanting(AlertsWanted::Sector, sector).await?;
        }
        let nobody = groups.is_empty() && scope == Scope::Sector;
        if matches!(scope, Scope::Backbone | Scope::Both) || nobody {
            groups.extend(self.groups_wanting(AlertsWanted::Backbone, None).await?);
        }
        let policy = self.policy().await?;
        let quiet = self.is_quiet(sheet, &policy);
        let silent = |group: &Group| quiet && policy.is_quiet_kind(group);
        Ok(groups
            .iter()
            .map(|group| {
                (
                    Place {
                        chat: group.chat,
                        thread: group.thread,
                    },
                    silent(group),
                )
            })
            .collect())
    }

    fn is_quiet(&self, sheet: Option<&Equipment>, policy: &Policy) -> bool {
        let local = self.now().with_timezone(&self.settings().zone);
        let minute = u16::try_from(local.hour() * 60 + local.minute()).unwrap_or(0);
        let defaults = &policy.alerts;
        sheet
            .map_or(defaults.quiet, |sheet| sheet.quiet(defaults))
            .contains(minute)
    }

    /// Brings the cards of a cause up to date.
    pub(crate) async fn refresh(&mut self, cause: &EquipmentId) -> Result<(), AppError> {
        let showing = self.chats_showing(cause).await?;
        if showing.is_empty() {
            return Ok(());
        }
        let worst = self
            .get::<Outage>(&keys::outage(cause))
            .await?
            .map(|outage| outage.worst());
        for (chat, carrier) in showing {
            let key = keys::cause(chat, carrier.0, cause);
            if let (Some(worst), Some(mut known)) = (worst, self.get::<Cause>(&key).await?)
                && worst > known.severity
            {
                known.severity = worst;
                self.put(key, &known)?;
            }
            self.card_changed(chat, carrier.0, Class::Alert).await?;
        }
        Ok(())
    }

    /// A piece of equipment explains from now on what is down below it: cards about what is
    /// below become cards about the cause, in place.
    pub(crate) async fn covers_now(&mut self, id: &EquipmentId) -> Result<(), AppError> {
        let cause = self.cause_of(id).await?;
        let root: Option<Outage> = self.get(&keys::outage(&cause)).await?;
        let Some(root) = root else { return Ok(()) };
        for below in self.down_below(id).await? {
            for (chat, _) in self.chats_showing(&below).await? {
                if self.size() > FULL {
                    return self.plan(self.now(), Due::Merge(id.clone()));
                }
                let Some((mut card, was)) = self
                    .end_cause(&below, chat, End::Covered(cause.clone()))
                    .await?
                else {
                    continue;
                };
                let new = NewCause {
                    place: card.place,
                    root: &cause,
                    since: root.since,
                    severity: root.worst().max(was.severity),
                    silent: card.silent,
                };
                if self
                    .peek::<Carrier>(&keys::card_of(&cause, chat))
                    .await?
                    .is_none()
                {
                    self.join_card(&mut card, &new).await?;
                }
            }
        }
        Ok(())
    }

    /// Outages at and below a piece of equipment that still last are told wherever no card tells
    /// of them. `after` is where an earlier commit stopped.
    pub(crate) async fn show_orphans(
        &mut self,
        id: &EquipmentId,
        after: Option<&EquipmentId>,
    ) -> Result<(), AppError> {
        let mut below = self.down_below(id).await?;
        below.retain(|each| after.is_none_or(|after| each > after));
        if after.is_none() {
            below.insert(0, id.clone());
        }
        let mut last = after.cloned();
        for each in below {
            if self.size() > FULL {
                return self.plan(
                    self.now(),
                    Due::Orphans {
                        id: id.clone(),
                        after: last,
                    },
                );
            }
            self.notice(&each).await?;
            last = Some(each);
        }
        Ok(())
    }

    /// A silence is over: what it held back is told if it still lasts.
    pub(crate) async fn silence_ends(&mut self, id: &EquipmentId) -> Result<(), AppError> {
        let key = keys::silence(id);
        match self.get::<Silence>(&key).await? {
            // What is due is kept to the millisecond.
            Some(silence) if silence.until.timestamp_millis() > self.now().timestamp_millis() => {
                Ok(())
            }
            _ => {
                self.delete(key);
                self.refresh(id).await?;
                self.show_orphans(id, None).await
            }
        }
    }
}
