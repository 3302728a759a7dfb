//! Nobody takes an outage: who is called next.
//!
//! It is a card that climbs, so that a storm calls nobody more often than it has cards. Each cause
//! on it is given the time of each step since it came onto the card; a call names all that nobody
//! has taken by then, and counts for all of them. A cause on the cards of several groups climbs
//! with one of them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::alert::Severity;
use vigie_domain::group::{AlertsWanted, Group};
use vigie_domain::network::{Class as EquipmentClass, Equipment};
use vigie_domain::text::Key as Text;
use vigie_domain::{AccountId, CardId, ChatId, EquipmentId, SectorId};

use crate::app::alerts::Outage;
use crate::app::buttons::{self, Action, OfCard};
use crate::app::cards::{Card, Carrier, Cause};
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::keys;
use crate::app::outbox::{Button, Class, Doubt, Outgoing, Row};
use crate::app::tx::Tx;

use super::calls::Called;

/// What is held back, unstable, or has another way calls nobody, and is looked at again.
const LOOK_AGAIN: TimeDelta = TimeDelta::minutes(10);
/// Causes of a card that are looked at; a card with more is a storm, and its first ones tell.
const LOOKED_AT: usize = 100;

/// Who is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Call {
    /// Whoever is on call, in private.
    OnCall,
    /// The groups that read of the outage.
    Groups,
    /// Everybody who may help: groups of the kinds that are set for it.
    Everybody,
}

/// A step of the way up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Minutes after the first message about the outage.
    pub after_min: u32,
    /// Who is called.
    pub call: Call,
}

impl Step {
    /// The way up that holds where nothing else is set.
    #[must_use]
    pub fn defaults() -> Vec<Self> {
        let step = |after_min, call| Self { after_min, call };
        vec![
            step(10, Call::OnCall),
            step(20, Call::Groups),
            step(40, Call::Everybody),
        ]
    }

    fn after(self) -> TimeDelta {
        TimeDelta::minutes(i64::from(self.after_min))
    }
}

/// How far a card has climbed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Climb {
    /// When each step was taken last.
    called: BTreeMap<usize, DateTime<Utc>>,
    /// When it is looked at next.
    planned: Option<DateTime<Utc>>,
    /// Whoever was called cannot go: the next step does not wait.
    hurry: bool,
}

crate::record_v1!(Climb);

impl Climb {
    /// The next step of a cause that was told then, and when it is due.
    fn next(&self, told_at: DateTime<Utc>, steps: &[Step]) -> Option<(usize, DateTime<Utc>)> {
        let taken = |step: usize| self.called.get(&step).filter(|at| **at >= told_at);
        let (number, step) = (0..)
            .zip(steps)
            .find(|(number, _)| taken(*number).is_none())?;
        let own = told_at + step.after();
        let before = number.checked_sub(1).and_then(|before| {
            let pause = step.after() - steps.get(before)?.after();
            taken(before).map(|at| *at + pause)
        });
        Some((number, before.map_or(own, |spaced| own.max(spaced))))
    }

    /// The steps that are due now.
    fn due(&self, told: &[DateTime<Utc>], steps: &[Step], now: DateTime<Utc>) -> BTreeSet<usize> {
        let due = |(step, at): &(usize, DateTime<Utc>)| {
            at.timestamp_millis() <= now.timestamp_millis() || (self.hurry && *step > 0)
        };
        let next = told.iter().filter_map(|told_at| self.next(*told_at, steps));
        next.filter(due).map(|(step, _)| step).collect()
    }
}

/// Why it is asked what nobody has taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum For {
    /// To call somebody, now or later: what another card climbs with, and what sleeps, is left out.
    Calling,
    /// To tell what a card shows.
    Telling,
}

/// A cause that nobody has taken.
pub(super) struct Waiting {
    pub root: EquipmentId,
    pub told_at: DateTime<Utc>,
    pub since: DateTime<Utc>,
    pub sector: Option<SectorId>,
    cards: Vec<(ChatId, Carrier)>,
}

impl Tx<'_> {
    /// A cause came onto a card, or became worse: unless somebody takes it, the card will climb.
    pub(crate) async fn expect_hands(
        &mut self,
        chat: ChatId,
        card: CardId,
        root: &EquipmentId,
    ) -> Result<(), AppError> {
        let Some(first) = self.settings().escalation.first().copied() else {
            return Ok(());
        };
        if self.climbing(root).await?.is_none() {
            return Ok(());
        }
        let at = self.now() + first.after();
        self.look_at(chat, card, at, false).await
    }

    /// The sheet of a piece of equipment whose outage climbs: a relay for which somebody is on call.
    async fn climbing(&mut self, root: &EquipmentId) -> Result<Option<Equipment>, AppError> {
        let sheet = self.sheet(root).await?.filter(|sheet| {
            matches!(
                sheet.class,
                EquipmentClass::Backbone
                    | EquipmentClass::MainRelay
                    | EquipmentClass::SecondaryRelay
            )
        });
        let Some(sheet) = sheet else { return Ok(None) };
        let climbs = self.settings().escalation_without_rota
            || self.on_call_for(sheet.sector.as_ref()).await?.is_some();
        Ok(climbs.then_some(sheet))
    }

    async fn look_at(
        &mut self,
        chat: ChatId,
        card: CardId,
        at: DateTime<Utc>,
        hurry: bool,
    ) -> Result<(), AppError> {
        let key = keys::climb(chat, card);
        let mut climb: Climb = self.get(&key).await?.unwrap_or_default();
        if !hurry && climb.planned.is_some_and(|planned| planned <= at) {
            return Ok(());
        }
        climb.planned = Some(at);
        climb.hurry |= hurry;
        self.put(key, &climb)?;
        self.plan(at, Due::Escalate { chat, card })
    }

    /// A card has waited as long as a step says, or is looked at again.
    pub(crate) async fn escalate(&mut self, chat: ChatId, id: CardId) -> Result<(), AppError> {
        let (key, now) = (keys::climb(chat, id), self.now());
        let Some(mut climb) = self.get::<Climb>(&key).await? else {
            return Ok(());
        };
        // What is due is kept to the millisecond; and it was planned anew where it is not now.
        let due = |at: DateTime<Utc>| at.timestamp_millis() <= now.timestamp_millis();
        if !climb.planned.is_some_and(due) {
            return Ok(());
        }
        let Some(card) = self.peek::<Card>(&keys::card(chat, id)).await? else {
            self.delete(key);
            return Ok(());
        };
        let (waiting, again) = self.without_hands(&card, For::Calling).await?;
        let told: Vec<DateTime<Utc>> = waiting.iter().map(|one| one.told_at).collect();
        let steps = self.settings().escalation.clone();
        for number in climb.due(&told, &steps, now) {
            match steps.get(number).map(|step| step.call) {
                Some(Call::OnCall) => self.call_person(&card, &waiting).await?,
                Some(Call::Groups) => self.call_groups(&waiting).await?,
                Some(Call::Everybody) => self.call_everybody(&card, &waiting).await?,
                None => {}
            }
            climb.called.insert(number, now);
        }
        climb.hurry = false;
        let next = told.iter().filter_map(|told| climb.next(*told, &steps));
        climb.planned = next.map(|(_, at)| at).chain(again).min();
        if let Some(at) = climb.planned {
            self.plan(at, Due::Escalate { chat, card: id })?;
        }
        self.put(key, &climb)
    }

    /// Whoever was called cannot go, or cannot be reached: the next step comes at once. Returned is
    /// whether somebody is still needed.
    pub(crate) async fn cannot_go(&mut self, chat: ChatId, id: CardId) -> Result<bool, AppError> {
        let Some(card) = self.peek::<Card>(&keys::card(chat, id)).await? else {
            return Ok(false);
        };
        let known = self.peek::<Climb>(&keys::climb(chat, id)).await?;
        let (waiting, _) = self.without_hands(&card, For::Calling).await?;
        if waiting.is_empty() || known.is_none() {
            return Ok(false);
        }
        self.look_at(chat, id, self.now(), true).await?;
        Ok(true)
    }

    /// What nobody has taken of what a card shows, the oldest first, and when to look again at what
    /// calls nobody now.
    pub(super) async fn without_hands(
        &mut self,
        card: &Card,
        why: For,
    ) -> Result<(Vec<Waiting>, Option<DateTime<Utc>>), AppError> {
        let chat = card.place.chat;
        let rows = self.all::<Cause>(&keys::causes(chat, card.id)).await?;
        let open = |cause: &Cause| cause.end.is_none() && card.taken_by(cause).is_none();
        let mut causes: Vec<Cause> = rows.into_iter().map(|(_, cause)| cause).collect();
        causes.retain(open);
        causes.sort_by_key(|cause| cause.joined_at);
        let (mut waiting, mut again) = (Vec::new(), None);
        for cause in causes.into_iter().take(LOOKED_AT) {
            let outage: Option<Outage> = self.peek(&keys::outage(&cause.root)).await?;
            let sheet = self.climbing(&cause.root).await?;
            let (Some(outage), Some(sheet)) = (outage, sheet) else {
                continue;
            };
            let cards = self.chats_showing(&cause.root).await?;
            if why == For::Calling {
                if self.climbs_with(&cards).await? != Some(chat) {
                    continue;
                }
                if let Some(at) = self.rests_until(&outage, &sheet, &cards).await? {
                    again = again.into_iter().chain([at]).min();
                    continue;
                }
            } else if self.rests(&outage).await? {
                continue;
            }
            waiting.push(Waiting {
                root: cause.root,
                told_at: cause.joined_at,
                since: outage.since,
                sector: sheet.sector,
                cards,
            });
        }
        Ok((waiting, again))
    }

    /// The group with whose card a cause climbs: that of its sector, else the first.
    async fn climbs_with(
        &mut self,
        cards: &[(ChatId, Carrier)],
    ) -> Result<Option<ChatId>, AppError> {
        for (chat, _) in cards {
            let group: Option<Group> = self.peek(&keys::group(*chat)).await?;
            if group.is_some_and(|group| group.sector.is_some()) {
                return Ok(Some(*chat));
            }
        }
        Ok(cards.first().map(|(chat, _)| *chat))
    }

    /// What is only degraded, unstable, has another way or is held back calls nobody.
    async fn rests(&mut self, outage: &Outage) -> Result<bool, AppError> {
        Ok(outage.worst() < Severity::Critical
            || outage.unstable.is_some()
            || outage.bypass.is_some()
            || self.held(&outage.equipment).await?)
    }

    /// Until when an outage calls nobody. At night that is what only groups read of that sleep.
    async fn rests_until(
        &mut self,
        outage: &Outage,
        sheet: &Equipment,
        cards: &[(ChatId, Carrier)],
    ) -> Result<Option<DateTime<Utc>>, AppError> {
        if self.rests(outage).await? {
            return Ok(Some(self.now() + LOOK_AGAIN));
        }
        let mut morning = None;
        for (chat, _) in cards {
            morning = self.sleeps_until(*chat, Some(sheet)).await?;
            if morning.is_none() {
                break;
            }
        }
        Ok(morning)
    }

    async fn call_person(&mut self, card: &Card, waiting: &[Waiting]) -> Result<(), AppError> {
        let mut people = BTreeSet::new();
        for one in waiting {
            let on_call = self.on_call_for(one.sector.as_ref()).await?;
            people.extend(on_call.map(|(who, _)| who));
        }
        for who in people {
            let (chat, id) = (card.place.chat, card.id);
            let take = self.take_button(None, Some(who), chat, id)?;
            let action = Action::CannotGo { chat, card: id };
            let cannot = Button {
                label: Text::EscalationCannot.into(),
                key: buttons::plant(self, None, Some(who), action)?,
            };
            let called = Called {
                call: Call::OnCall,
                chat,
                card: id,
                who: Some(who),
                buttons: vec![vec![take, cannot]],
            };
            self.call(ChatId(who.0).into(), called)?;
        }
        Ok(())
    }

    /// The groups that read of it, in reply to their cards. Whoever sleeps is reminded in the
    /// morning.
    async fn call_groups(&mut self, waiting: &[Waiting]) -> Result<(), AppError> {
        let cards: BTreeMap<ChatId, CardId> = waiting
            .iter()
            .flat_map(|one| one.cards.iter().map(|(chat, carrier)| (*chat, carrier.0)))
            .collect();
        for (chat, card) in cards {
            let known: Option<Card> = self.peek(&keys::card(chat, card)).await?;
            let Some(known) = known else { continue };
            if self.is_asleep(chat).await? {
                continue;
            }
            let called = Called {
                call: Call::Groups,
                chat,
                card,
                who: None,
                buttons: Vec::new(),
            };
            self.call(known.place, called)?;
        }
        Ok(())
    }

    /// The groups of everybody who may help; where there is none, those that look after the
    /// backbone.
    async fn call_everybody(&mut self, card: &Card, waiting: &[Waiting]) -> Result<(), AppError> {
        let kinds = self.settings().escalation_kinds.clone();
        let mut groups = self.all_groups().await?;
        groups.retain(|group| group.kind.as_ref().is_some_and(|kind| kinds.contains(kind)));
        if groups.is_empty() {
            groups = self.groups_wanting(AlertsWanted::Backbone, None).await?;
        }
        let reads = |chat: ChatId| {
            let mut cards = waiting.iter().flat_map(|one| one.cards.iter());
            cards.any(|(there, _)| *there == chat)
        };
        groups.retain(|group| !reads(group.chat));
        let (chat, id) = (card.place.chat, card.id);
        for group in groups {
            let take = self.take_button(Some(group.chat), None, chat, id)?;
            let called = Called {
                call: Call::Everybody,
                chat,
                card: id,
                who: None,
                buttons: vec![vec![take]],
            };
            self.call(group.place(), called)?;
        }
        Ok(())
    }

    fn take_button(
        &mut self,
        at: Option<ChatId>,
        who: Option<AccountId>,
        chat: ChatId,
        card: CardId,
    ) -> Result<Button, AppError> {
        let planted = buttons::plant(self, at, who, Action::Card { chat, card })?;
        Ok(Button {
            label: Text::CardButtonTake.into(),
            key: OfCard::Take.key(&planted),
        })
    }

    fn call(&mut self, place: vigie_domain::Place, called: Called) -> Result<(), AppError> {
        let what = Outgoing::Call(called);
        let row = Row::new(place, what, Class::Alert, self.now(), Doubt::SendAgain);
        self.append(keys::outbox_messages(), &self.fresh(row))
    }
}
