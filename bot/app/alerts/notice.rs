//! Who is told of an outage, when, and on which card.

use chrono::{TimeDelta, Timelike as _};
use vigie_domain::alert::Severity;
use vigie_domain::group::{AlertsWanted, Group};
use vigie_domain::network::{Equipment, Scope};
use vigie_domain::{ChatId, EquipmentId, Place};
use vigie_store::Key;

use super::closing::MANY;
use super::records::{OpenAlert, Outage};
use crate::app::cards::{Carrier, Cause, End, LastCard, NewCause};
use crate::app::deadman::source_of;
use crate::app::declaring::is_possible;
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::incidents::is_declared;
use crate::app::keys;
use crate::app::network::Policy;
use crate::app::outbox::Class;
use crate::app::tx::{Refreshed, Tx};

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
        // A source has had its delay: silence is one.
        let usual = match source_of(id) {
            Some(_) => 0,
            None => defaults.delay_s,
        };
        let delay = sheet
            .as_ref()
            .map_or(usual, |sheet| sheet.delay_s(&defaults));
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
        if self.held(id).await? {
            return Ok(());
        }
        let root: Option<Outage> = match cause == *id {
            true => Some(outage.clone()),
            false => self.get(&keys::outage(&cause)).await?,
        };
        let root = root.unwrap_or_else(|| outage.clone());
        let sheet = self.sheet(id).await?;
        let severity = root.worst().max(outage.worst());
        let mut opened = 0;
        for told in self.told(sheet.as_ref(), severity).await? {
            let carrier = keys::card_of(&cause, told.place.chat);
            if self.peek::<Carrier>(&carrier).await?.is_some() {
                continue;
            }
            if !told.opens {
                self.digest_later(told.place, &outage).await?;
                continue;
            }
            if opened == NEW_CARDS {
                return self.plan(self.now(), Due::Notice(id.clone()));
            }
            opened += 1;
            let new = NewCause {
                place: told.place,
                root: &cause,
                since: root.since,
                severity: root.worst(),
                silent: told.silent,
            };
            self.show_cause(&new).await?;
        }
        Ok(())
    }

    /// The places that are told of a piece of equipment. Unknown equipment goes to the technical
    /// groups, and so does a relay whose sector has no group, or that carries so many links that
    /// it is everybody's matter.
    pub(super) async fn told(
        &mut self,
        sheet: Option<&Equipment>,
        severity: Severity,
    ) -> Result<Vec<Told>, AppError> {
        let scope = self.scope_now(sheet).await?;
        let mut groups = Vec::new();
        if matches!(scope, Scope::Sector | Scope::Both) {
            let sector = sheet.and_then(|sheet| sheet.sector.as_ref());
            groups = self.groups_wanting(AlertsWanted::Sector, sector).await?;
        }
        let wide = scope == Scope::Sector && (groups.is_empty() || self.is_wide(sheet).await?);
        if matches!(scope, Scope::Backbone | Scope::Both) || wide {
            groups.extend(self.groups_wanting(AlertsWanted::Backbone, None).await?);
        }
        let policy = self.policy().await?;
        let quiet = self.is_quiet(sheet, &policy);
        let told = |group: &Group| {
            let kind = policy.kind_of(group);
            Told {
                place: group.place(),
                silent: quiet && kind.is_some_and(|kind| kind.quiet),
                opens: kind.is_none_or(|kind| severity >= kind.severity),
            }
        };
        Ok(groups.iter().map(told).collect())
    }

    /// Which groups are told of a piece of equipment now. What has no group of its own by its class
    /// alone is told to the local group where people declared that it is down.
    async fn scope_now(&mut self, sheet: Option<&Equipment>) -> Result<Scope, AppError> {
        let Some(sheet) = sheet else {
            return Ok(Scope::Backbone);
        };
        let scope = sheet.scope();
        let settled = sheet.alerts.enabled.is_some() || sheet.alerts.scope.is_some();
        if scope != Scope::None || settled {
            return Ok(scope);
        }
        let open = self.all::<OpenAlert>(&keys::open_alerts(&sheet.id)).await?;
        let told = open.iter().any(|(_, open)| {
            is_possible(&open.source, &open.fingerprint)
                || is_declared(&open.source, &open.fingerprint)
        });
        Ok(if told { Scope::Sector } else { scope })
    }

    async fn is_wide(&mut self, sheet: Option<&Equipment>) -> Result<bool, AppError> {
        let least = self.settings().wide_from_links;
        let Some(sheet) = sheet.filter(|_| least > 0) else {
            return Ok(false);
        };
        let carried = self.carried_by(&sheet.id).await?;
        Ok(carried.count(None).links >= least)
    }

    pub(crate) fn is_quiet(&self, sheet: Option<&Equipment>, policy: &Policy) -> bool {
        let local = self.now().with_timezone(&self.settings().zone);
        let minute = u16::try_from(local.hour() * 60 + local.minute()).unwrap_or(0);
        let defaults = &policy.alerts;
        sheet
            .map_or(defaults.quiet, |sheet| sheet.quiet(defaults))
            .contains(minute)
    }

    /// Brings the cards of a cause up to date.
    pub(crate) async fn refresh(&mut self, cause: &EquipmentId) -> Result<(), AppError> {
        self.refresh_after(cause, None).await
    }

    /// As [`Tx::refresh`]; `after` is where an earlier commit stopped.
    pub(crate) async fn refresh_after(
        &mut self,
        cause: &EquipmentId,
        after: Option<ChatId>,
    ) -> Result<(), AppError> {
        let mut showing = self.chats_showing(cause).await?;
        showing.retain(|(chat, _)| after.is_none_or(|after| *chat > after));
        if showing.is_empty() {
            return Ok(());
        }
        let mut last = after;
        let worst = self
            .get::<Outage>(&keys::outage(cause))
            .await?
            .map(|outage| outage.worst());
        if after.is_none()
            && !self
                .refreshed
                .insert((cause.clone(), Refreshed::Now(worst)))
        {
            return Ok(());
        }
        for (chat, carrier) in showing {
            if let Some(after) = last.filter(|_| self.part() > MANY) {
                return self.refresh_later(cause, None, after);
            }
            last = Some(chat);
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
        self.covers_after(id, None).await
    }

    /// As [`Tx::covers_now`]; `from` is where an earlier commit stopped.
    pub(crate) async fn covers_after(
        &mut self,
        id: &EquipmentId,
        from: Option<&Key>,
    ) -> Result<(), AppError> {
        let (page, next) = self.page_below(id, from).await?;
        let go_on = |from| Due::MergeFrom {
            id: id.clone(),
            from,
        };
        let mut last = from.cloned();
        for (row, below) in page {
            let showing = self.chats_showing(&below).await?;
            if showing.is_empty() {
                last = Some(row);
                continue;
            }
            let cause = self.cause_of(&below).await?;
            let root: Option<Outage> = self.get(&keys::outage(&cause)).await?;
            let Some(root) = root.filter(|_| cause != below) else {
                // It has another way up.
                last = Some(row);
                continue;
            };
            for (chat, _) in showing {
                if self.part() > FULL {
                    return self.plan(self.now(), go_on(last));
                }
                self.merge_card(&below, chat, &root).await?;
            }
            last = Some(row);
        }
        match next {
            Some(_) => self.plan(self.now(), go_on(next)),
            None => Ok(()),
        }
    }

    /// In a group, a card about something becomes a card about the cause that explains it.
    async fn merge_card(
        &mut self,
        below: &EquipmentId,
        chat: ChatId,
        root: &Outage,
    ) -> Result<(), AppError> {
        let cause = &root.equipment;
        let end = End::Covered(cause.clone());
        let Some((mut card, was)) = self.end_cause(below, chat, end).await? else {
            return Ok(());
        };
        let carrier = keys::card_of(cause, chat);
        if self.peek::<Carrier>(&carrier).await?.is_some() {
            return Ok(());
        }
        let new = NewCause {
            place: card.place,
            root: cause,
            since: root.since,
            severity: root.worst().max(was.severity),
            silent: card.silent,
        };
        self.join_card(&mut card, &new).await
    }

    /// Outages at and below a piece of equipment that still last are told wherever no card tells
    /// of them. `from` is where an earlier commit stopped.
    pub(crate) async fn show_orphans(
        &mut self,
        id: &EquipmentId,
        from: Option<&Key>,
    ) -> Result<(), AppError> {
        self.together_s = self.settings().orphans_together_s;
        if from.is_none() {
            self.notice(id).await?;
        }
        let (page, next) = self.page_below(id, from).await?;
        let go_on = |from| Due::Orphans {
            id: id.clone(),
            from: Some(from),
        };
        let mut last = from.cloned().unwrap_or_else(|| keys::all_below(id));
        for (row, each) in page {
            if self.part() > FULL {
                return self.plan(self.now(), go_on(last));
            }
            self.notice(&each).await?;
            last = row;
        }
        match next {
            Some(next) => self.plan(self.now(), go_on(next)),
            None => self.refresh_last_cards(id).await,
        }
    }

    /// What was still down behind an outage that is over has cards of its own by now: those of
    /// the outage no longer count it.
    async fn refresh_last_cards(&mut self, id: &EquipmentId) -> Result<(), AppError> {
        let seconds = self.settings().same_card_s;
        self.refresh_cards_of_late(id, seconds, None).await
    }

    /// Something below is up again: where an outage above is over and its card still counts what
    /// remains, it counts one less.
    pub(super) async fn remains_no_more(&mut self, above: &EquipmentId) -> Result<(), AppError> {
        let seconds = self.settings().orphan_grace_s;
        self.refresh_cards_of_late(above, seconds, None).await
    }

    /// Brings the cards up to date that told the end of a cause within so many seconds; `after` is
    /// where an earlier commit stopped.
    pub(crate) async fn refresh_cards_of_late(
        &mut self,
        id: &EquipmentId,
        seconds: u32,
        after: Option<ChatId>,
    ) -> Result<(), AppError> {
        let late = TimeDelta::seconds(i64::from(seconds));
        let mut before = after;
        if after.is_none()
            && !self
                .refreshed
                .insert((id.clone(), Refreshed::Late(seconds)))
        {
            return Ok(());
        }
        for (key, last) in self.all::<LastCard>(&keys::last_cards(id)).await? {
            let chat = keys::last_i64(&key).map(ChatId);
            let Some(chat) = chat.filter(|chat| after.is_none_or(|after| *chat > after)) else {
                continue;
            };
            if self.now() - last.at >= late {
                continue;
            }
            if let Some(after) = before.filter(|_| self.part() > MANY) {
                return self.refresh_later(id, Some(seconds), after);
            }
            before = Some(chat);
            self.card_changed(chat, last.card, Class::Alert).await?;
        }
        Ok(())
    }

    fn refresh_later(
        &mut self,
        id: &EquipmentId,
        late_s: Option<u32>,
        after: ChatId,
    ) -> Result<(), AppError> {
        let id = id.clone();
        self.plan(self.now(), Due::Refresh { id, late_s, after })
    }
}

/// A place that is told of an outage.
pub(super) struct Told {
    pub place: Place,
    /// Whether without sound.
    pub silent: bool,
    /// Whether with a card; else in its digest.
    pub opens: bool,
}
