//! Several declarations behind one piece of equipment are an alert of ours about it: a warning, for
//! nobody has measured anything. It ends where something explains it, where everybody says that it
//! is back, or where nobody says anything any more.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use vigie_domain::alert::{Alert, Incident, Phase, Severity, Tags};
use vigie_domain::declaring::{Step as Way, Tally, Trouble, Verdict, attach, forget, settle};
use vigie_domain::history::Episode;
use vigie_domain::probe::SOURCE;
use vigie_domain::{EquipmentId, SourceId};

use super::records::{self, Behind, Declaration, MyLink};
use super::{Step, reports_of};
use crate::app::alerts::{OpenAlert, Outage};
use crate::app::cards::{Carrier, End, NewCause};
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::keys;
use crate::app::tx::Tx;

/// The name of the alert that stands for declarations.
const NAME: &str = "declarations";
/// Cards that are merged in the commit of a declaration.
const MOST_MERGED: usize = 6;

/// Whether this is the alert that says that members declare an outage.
pub(crate) fn is_possible(source: &SourceId, fingerprint: &vigie_domain::Fingerprint) -> bool {
    source.as_str() == SOURCE && fingerprint.as_str().starts_with("reports/")
}

/// The alert of a possible outage.
#[must_use]
pub fn possible(id: &EquipmentId, phase: Phase, at: DateTime<Utc>) -> Alert {
    let firing = phase == Phase::Firing;
    Alert {
        fingerprint: reports_of(id),
        phase,
        equipment: None,
        name: NAME.to_owned(),
        severity: Severity::Warning,
        starts_at: firing.then_some(at),
        ends_at: (!firing).then_some(at),
        summary: String::new(),
        details: String::new(),
        link: None,
        tags: Tags::default(),
    }
}

impl Tx<'_> {
    /// Everything on the way up from what carries a link, the nearest first, with its tallies.
    async fn way_of(&mut self, ids: &[EquipmentId]) -> Result<Vec<Way>, AppError> {
        let rules = self.settings().declaring.clone();
        let mut way = Vec::with_capacity(ids.len());
        for id in ids {
            let tally: Option<Tally> = self.get(&records::tally(id)).await?;
            let sheet = self.sheet(id).await?;
            let behind = self.carried_by(id).await?.count(None);
            way.push(Way {
                id: id.clone(),
                tally: tally.unwrap_or_default(),
                threshold: sheet
                    .as_ref()
                    .and_then(|sheet| rules.threshold_of(sheet, behind)),
                branches: sheet
                    .as_ref()
                    .map_or(u32::MAX, |sheet| rules.branches_of(sheet)),
            });
        }
        Ok(way)
    }

    fn keep_way(&mut self, way: Vec<Way>) -> Result<(), AppError> {
        for step in way {
            self.keep_tally(&step.id, &step.tally)?;
        }
        Ok(())
    }

    fn keep_tally(&mut self, id: &EquipmentId, tally: &Tally) -> Result<(), AppError> {
        let key = records::tally(id);
        match tally.is_empty() {
            true => {
                self.delete(key);
                Ok(())
            }
            false => self.put(key, tally),
        }
    }

    /// Notes a declaration, and tells of a possible outage where it is the one that is needed.
    pub(super) async fn note_declaration(
        &mut self,
        mut declaration: Declaration,
        explained: bool,
    ) -> Result<(), AppError> {
        let link = declaration.link.clone();
        let fresh = self.declaration(&link).await?.is_none();
        if fresh {
            declaration.way = vec![declaration.base.clone()];
            declaration.way.extend(self.above(&declaration.base).await?);
            declaration.counts = self.counts_of(&declaration).await?;
            for id in &declaration.way {
                self.put(records::behind(id, &link), &Behind(link.clone()))?;
            }
        }
        let mut way = self.way_of(&declaration.counts).await?;
        if fresh {
            attach(&mut way);
        }
        let verdict = match explained {
            true => Verdict::Counted,
            false => settle(&mut way, declaration.at, self.declaring_window()),
        };
        self.keep_way(way)?;
        self.put(records::declaration(&link), &declaration)?;
        let keep = TimeDelta::days(i64::from(self.settings().declaring.keep_days));
        self.plan(declaration.at + keep, Due::Declaring(Step::Forget(link)))?;
        match verdict {
            Verdict::Counted if explained && fresh => {
                // The card of what explains it counts it.
                let cause = self.cause_of(&declaration.base).await?;
                self.refresh(&cause).await
            }
            Verdict::Counted => Ok(()),
            Verdict::Known(id) => self.refresh(&id).await,
            Verdict::Raised { id, since, absorbs } => {
                self.raise_reports(&id, since, &absorbs).await
            }
        }
    }

    pub(super) fn declaring_window(&self) -> TimeDelta {
        TimeDelta::minutes(i64::from(self.settings().declaring.window_min))
    }

    /// The equipment on a way up behind which no other link of the same member counts.
    async fn counts_of(&mut self, declaration: &Declaration) -> Result<Vec<EquipmentId>, AppError> {
        let mut counted: BTreeSet<EquipmentId> = BTreeSet::new();
        let of_member = records::declarations_of(&declaration.link.member);
        for (_, other) in self.all::<Declaration>(&of_member).await? {
            if other.link != declaration.link {
                counted.extend(other.counts);
            }
        }
        let way = declaration.way.iter();
        Ok(way.filter(|id| !counted.contains(*id)).cloned().collect())
    }

    /// A declaration is over. Where another link of the member still lies behind the same
    /// equipment, that one counts there from now on.
    pub(super) async fn withdraw(&mut self, declaration: &Declaration) -> Result<(), AppError> {
        let link = &declaration.link;
        let mut counts = declaration.counts.clone();
        let of_member = records::declarations_of(&link.member);
        for (key, mut other) in self.all::<Declaration>(&of_member).await? {
            if other.link == *link {
                continue;
            }
            let (theirs, own) = counts.into_iter().partition(|id| other.way.contains(id));
            counts = own;
            let theirs: Vec<EquipmentId> = theirs;
            if !theirs.is_empty() {
                other.counts.extend(theirs);
                self.put(key, &other)?;
            }
        }
        let mut way = self.way_of(&counts).await?;
        forget(&mut way, declaration.at);
        let over: Vec<EquipmentId> = way
            .iter()
            .filter(|step| step.tally.raised.is_some() && step.tally.open == 0)
            .map(|step| step.id.clone())
            .collect();
        self.keep_way(way)?;
        for id in &declaration.way {
            self.delete(records::behind(id, link));
        }
        self.delete(records::declaration(link));
        for id in over {
            self.end_reports(&id).await?;
        }
        // The cards that count it.
        for id in &declaration.way {
            if !self.chats_showing(id).await?.is_empty() {
                self.refresh(id).await?;
            }
        }
        Ok(())
    }

    /// A possible outage is told: what was told below becomes part of it, on the same card.
    async fn raise_reports(
        &mut self,
        id: &EquipmentId,
        since: DateTime<Utc>,
        absorbs: &BTreeSet<EquipmentId>,
    ) -> Result<(), AppError> {
        let mut since = since;
        for part in absorbs {
            let outage: Option<Outage> = self.peek(&keys::outage(part)).await?;
            since = outage.map_or(since, |outage| since.min(outage.since));
        }
        for part in absorbs {
            let showing = self.chats_showing(part).await?;
            for (chat, _) in showing.into_iter().take(MOST_MERGED) {
                let end = End::Covered(id.clone());
                let Some((mut card, _)) = self.end_cause(part, chat, end).await? else {
                    continue;
                };
                let carrier = keys::card_of(id, chat);
                if self.peek::<Carrier>(&carrier).await?.is_none() {
                    let new = NewCause {
                        place: card.place,
                        root: id,
                        since,
                        severity: Severity::Warning,
                        silent: card.silent,
                    };
                    self.join_card(&mut card, &new).await?;
                }
            }
            if let Some(mut tally) = self.get::<Tally>(&records::tally(part)).await? {
                tally.raised = None;
                self.keep_tally(part, &tally)?;
            }
            self.reports_alert(part, Phase::Resolved, self.now())
                .await?;
        }
        self.reports_alert(id, Phase::Firing, since).await?;
        // So many people are delay enough.
        self.notice(id).await?;
        let quiet = TimeDelta::hours(i64::from(self.settings().declaring.quiet_end_h));
        let step = Step::Quiet(id.clone());
        self.plan(self.now() + quiet, Due::Declaring(step))
    }

    async fn reports_alert(
        &mut self,
        id: &EquipmentId,
        phase: Phase,
        at: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let ours = SourceId::from(SOURCE);
        let alert = possible(id, phase, at);
        let now = self.now();
        match phase {
            Phase::Firing => {
                self.alert_fires_about(&ours, &alert, Some(id.clone()), now)
                    .await
            }
            Phase::Resolved => self.alert_ends(&ours, &alert, now).await,
        }
    }

    /// A possible outage is none any more; declarations that are open stay.
    pub(crate) async fn end_reports(&mut self, id: &EquipmentId) -> Result<(), AppError> {
        let key = records::tally(id);
        let Some(mut tally) = self.get::<Tally>(&key).await? else {
            return Ok(());
        };
        if tally.raised.take().is_none() {
            return Ok(());
        }
        self.keep_tally(id, &tally)?;
        for above in self.above(id).await? {
            let key = records::tally(&above);
            if let Some(mut tally) = self.get::<Tally>(&key).await?
                && tally.below.remove(id)
            {
                self.keep_tally(&above, &tally)?;
            }
        }
        self.reports_alert(id, Phase::Resolved, self.now()).await
    }

    /// A source tells that something is down: a possible outage there, or below, is explained by
    /// it. Looked at in a commit of its own.
    pub(crate) async fn explains_reports(&mut self, incident: &Incident) -> Result<(), AppError> {
        let id = &incident.equipment;
        if incident.severity != Severity::Critical {
            return Ok(());
        }
        let tally: Option<Tally> = self.peek(&records::tally(id)).await?;
        match tally {
            Some(tally) if tally.raised.is_some() || !tally.below.is_empty() => {
                let step = Step::Explained(id.clone());
                self.plan(self.now(), Due::Declaring(step))
            }
            _ => Ok(()),
        }
    }

    pub(super) async fn reports_explained(&mut self, id: &EquipmentId) -> Result<(), AppError> {
        let outage: Option<Outage> = self.get(&keys::outage(id)).await?;
        let tally: Option<Tally> = self.get(&records::tally(id)).await?;
        let (Some(_), Some(tally)) = (outage.filter(Outage::covers), tally) else {
            return Ok(());
        };
        for part in &tally.below {
            self.end_reports(part).await?;
        }
        self.end_reports(id).await
    }

    /// Nobody has declared anything for long: a possible outage ends, unless somebody did.
    pub(super) async fn reports_quiet(&mut self, id: &EquipmentId) -> Result<(), AppError> {
        let Some(tally) = self.get::<Tally>(&records::tally(id)).await? else {
            return Ok(());
        };
        let quiet = TimeDelta::hours(i64::from(self.settings().declaring.quiet_end_h));
        let last = tally.recent.iter().copied().chain(tally.raised).max();
        match (tally.raised, last) {
            (None, _) | (_, None) => Ok(()),
            (Some(_), Some(last)) if last + quiet > self.now() => {
                let step = Step::Quiet(id.clone());
                self.plan(last + quiet, Due::Declaring(step))
            }
            _ => self.end_reports(id).await,
        }
    }

    /// Whether what lies behind a piece of equipment is down for a reason that is known, so that a
    /// declaration tells nothing new.
    pub(super) async fn is_explained(
        &mut self,
        base: &EquipmentId,
        trouble: Trouble,
    ) -> Result<bool, AppError> {
        let cause = self.cause_of(base).await?;
        if cause != *base {
            return Ok(true);
        }
        let mut way = vec![base.clone()];
        way.extend(self.above(base).await?);
        for id in way {
            if self.maintained(&id).await?.is_some() {
                return Ok(true);
            }
            let Some(outage) = self.peek::<Outage>(&keys::outage(&id)).await? else {
                continue;
            };
            let only_reported = self.only_reported(&outage).await?;
            let of_one_home = id == *base && self.is_link(&id).await?;
            let known = outage.covers() || outage.unstable.is_some();
            let weaker = trouble != Trouble::Gone && outage.worst() >= Severity::Warning;
            if !only_reported && !of_one_home && (known || weaker) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether members alone say that a piece of equipment is out of order.
    pub(crate) async fn only_reported(&mut self, outage: &Outage) -> Result<bool, AppError> {
        let id = &outage.equipment;
        if outage.total() != 1 || outage.unstable.is_some() {
            return Ok(false);
        }
        let ours = SourceId::from(SOURCE);
        let key = keys::open_alert(id, &ours, &reports_of(id));
        Ok(self.peek::<OpenAlert>(&key).await?.is_some())
    }

    /// Whether members alone said that a piece of equipment was out of order, the last time or until
    /// then: nobody has measured that it is back, either.
    pub(crate) async fn was_only_reported(
        &mut self,
        id: &EquipmentId,
        ended: Option<DateTime<Utc>>,
    ) -> Result<bool, AppError> {
        let episode: Option<Episode> = self.peek(&keys::last_outage(id)).await?;
        let reported = episode.is_some_and(|episode| {
            let then = ended.is_none_or(|ended| episode.ended == Some(ended));
            then && episode.alert == NAME && episode.worst < Severity::Critical
        });
        Ok(reported && !self.was_declared(id).await?)
    }

    /// A declaration is made anew, or for the first time, of this link.
    pub(super) async fn fresh_declaration(
        &mut self,
        link: &MyLink,
        base: &EquipmentId,
        trouble: Trouble,
    ) -> Result<Declaration, AppError> {
        Ok(match self.declaration(link).await? {
            Some(known) => Declaration { trouble, ..known },
            None => Declaration {
                link: link.clone(),
                base: base.clone(),
                trouble,
                at: self.now(),
                accounts: Vec::new(),
                counts: Vec::new(),
                way: Vec::new(),
                wakes: false,
                ticket: None,
                asked: None,
            },
        })
    }
}
