//! Nobody takes an outage: who is called next.
//!
//! Each cause climbs by itself, once, whatever the number of groups that read of it. Whoever takes
//! it on any card stops it; what comes later is another cause and climbs anew.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::alert::Severity;
use vigie_domain::group::Group;
use vigie_domain::network::Class as EquipmentClass;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, CardId, ChatId, EquipmentId, SectorId};

use crate::app::alerts::Outage;
use crate::app::buttons::{self, Action, OfCard};
use crate::app::cards::{Card, Cause};
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::keys;
use crate::app::outbox::{Button, Class, Message};
use crate::app::tx::Tx;

/// What is held back, unstable, or has another way calls nobody, and is looked at again.
const LOOK_AGAIN: TimeDelta = TimeDelta::minutes(10);

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
}

/// How far a cause has climbed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Escalation {
    /// When it was first told.
    pub told_at: DateTime<Utc>,
    /// The next step.
    pub step: usize,
}

/// A cause nobody has taken, and where it is read.
struct Open {
    outage: Outage,
    cards: Vec<(ChatId, CardId)>,
    sector: Option<SectorId>,
}

impl Tx<'_> {
    /// A cause is told for the first time: unless somebody takes it, it will climb.
    pub(crate) async fn plan_escalation(
        &mut self,
        root: &EquipmentId,
        severity: Severity,
    ) -> Result<(), AppError> {
        let Some(first) = self.settings().escalation.first().copied() else {
            return Ok(());
        };
        let relay = self.sheet(root).await?.is_some_and(|sheet| {
            matches!(
                sheet.class,
                EquipmentClass::Backbone
                    | EquipmentClass::MainRelay
                    | EquipmentClass::SecondaryRelay
            )
        });
        let key = keys::escalation(root);
        if !relay || severity < Severity::Critical || self.get::<Escalation>(&key).await?.is_some()
        {
            return Ok(());
        }
        let told_at = self.now();
        self.put(key, &Escalation { told_at, step: 0 })?;
        let at = told_at + TimeDelta::minutes(i64::from(first.after_min));
        self.plan(at, Due::Escalate(root.clone()))
    }

    /// A cause has waited as long as the next step says.
    pub(crate) async fn escalate(&mut self, root: &EquipmentId) -> Result<(), AppError> {
        let key = keys::escalation(root);
        let Some(known) = self.get::<Escalation>(&key).await? else {
            return Ok(());
        };
        let step = self.settings().escalation.get(known.step).copied();
        let (Some(step), Some(open)) = (step, self.open_and_free(root).await?) else {
            self.delete(key);
            return Ok(());
        };
        let rests = open.outage.unstable.is_some() || open.outage.bypass.is_some();
        if rests || self.held(root).await? {
            return self.plan(self.now() + LOOK_AGAIN, Due::Escalate(root.clone()));
        }
        match step.call {
            Call::OnCall => self.call_person(root, &open).await?,
            Call::Groups => self.call_groups(root, &open).await?,
            Call::Everybody => self.call_everybody(root, &open).await?,
        }
        self.climb(root, known)
    }

    fn climb(&mut self, root: &EquipmentId, mut known: Escalation) -> Result<(), AppError> {
        known.step += 1;
        let key = keys::escalation(root);
        let Some(next) = self.settings().escalation.get(known.step).copied() else {
            // Kept until the outage is over: a cause climbs once.
            return self.put(key, &known);
        };
        let at = known.told_at + TimeDelta::minutes(i64::from(next.after_min));
        self.put(key, &known)?;
        self.plan(at.max(self.now()), Due::Escalate(root.clone()))
    }

    /// Whoever was called cannot go: the next step comes at once.
    pub(crate) async fn cannot_go(&mut self, root: &EquipmentId) -> Result<bool, AppError> {
        let key = keys::escalation(root);
        let open = self.open_and_free(root).await?.is_some();
        let waiting = match self.get::<Escalation>(&key).await? {
            Some(known) => known.step < self.settings().escalation.len(),
            None => false,
        };
        if open && waiting {
            self.plan(self.now(), Due::Escalate(root.clone()))?;
        }
        Ok(open && waiting)
    }

    /// The cause is over, or part of another one: it no longer climbs.
    pub(crate) fn escalation_ends(&mut self, root: &EquipmentId) {
        self.delete(keys::escalation(root));
    }

    async fn open_and_free(&mut self, root: &EquipmentId) -> Result<Option<Open>, AppError> {
        let Some(outage) = self.peek::<Outage>(&keys::outage(root)).await? else {
            return Ok(None);
        };
        if self.cause_of(root).await? != *root {
            return Ok(None);
        }
        let mut cards = Vec::new();
        for (chat, carrier) in self.chats_showing(root).await? {
            let card: Option<Card> = self.peek(&keys::card(chat, carrier.0)).await?;
            let key = keys::cause(chat, carrier.0, root);
            let cause: Option<Cause> = self.peek(&key).await?;
            if let (Some(card), Some(cause)) = (card, cause) {
                if card.taken_by(&cause).is_some() {
                    return Ok(None);
                }
                cards.push((chat, card.id));
            }
        }
        let sector = self.sheet(root).await?.and_then(|sheet| sheet.sector);
        let open = Open {
            outage,
            cards,
            sector,
        };
        Ok((!open.cards.is_empty()).then_some(open))
    }

    async fn call_person(&mut self, root: &EquipmentId, open: &Open) -> Result<(), AppError> {
        let Some((who, _)) = self.on_call_for(open.sector.as_ref()).await? else {
            return Ok(());
        };
        let say = self.nobody_takes(Text::EscalationYou, root, open).await?;
        let mut message = Message::of(say);
        message.lang = Some(self.lang_of_account(who).await?);
        message.buttons = vec![self.call_buttons(who, root, open)?];
        self.say(ChatId(who.0), Class::Alert, message)
    }

    fn call_buttons(
        &mut self,
        who: AccountId,
        root: &EquipmentId,
        open: &Open,
    ) -> Result<Vec<Button>, AppError> {
        let mut row = Vec::new();
        if let Some((chat, card)) = open.cards.first().copied() {
            let planted = buttons::plant(self, None, Some(who), Action::Card { chat, card })?;
            row.push(Button {
                label: Text::CardButtonTake.into(),
                key: OfCard::Take.key(&planted),
            });
        }
        let action = Action::CannotGo(root.clone());
        row.push(Button {
            label: Text::EscalationCannot.into(),
            key: buttons::plant(self, None, Some(who), action)?,
        });
        Ok(row)
    }

    async fn call_groups(&mut self, root: &EquipmentId, open: &Open) -> Result<(), AppError> {
        let mut say = self.nobody_takes(Text::EscalationGroup, root, open).await?;
        if let Some((_, name)) = self.on_call_for(open.sector.as_ref()).await? {
            say = self
                .nobody_takes(Text::EscalationGroupOnCall, root, open)
                .await?;
            say = say.with("who", Arg::Text(name));
        }
        for (chat, card) in open.cards.clone() {
            // Whoever sleeps is reminded in the morning.
            if self.is_asleep(chat).await? {
                continue;
            }
            let mut message = Message::of(say.clone());
            message.reply_to_card = Some(card);
            self.say(chat, Class::Alert, message)?;
        }
        Ok(())
    }

    /// The groups of everybody who may help. In quiet hours only a backbone or main relay wakes them.
    async fn call_everybody(&mut self, root: &EquipmentId, open: &Open) -> Result<(), AppError> {
        let say = self
            .nobody_takes(Text::EscalationEverybody, root, open)
            .await?;
        let class = self.sheet(root).await?.map(|sheet| sheet.class);
        let wakes = matches!(
            class,
            Some(EquipmentClass::Backbone | EquipmentClass::MainRelay)
        );
        let shown: Vec<ChatId> = open.cards.iter().map(|(chat, _)| *chat).collect();
        for group in self.groups_called().await? {
            let sleeps = !wakes && self.is_asleep(group.chat).await?;
            if shown.contains(&group.chat) || sleeps {
                continue;
            }
            let message = Message::of(say.clone());
            self.say_at(group.place(), Class::Alert, message)?;
        }
        Ok(())
    }

    async fn groups_called(&mut self) -> Result<Vec<Group>, AppError> {
        let kinds = self.settings().escalation_kinds.clone();
        let all = self.all_groups().await?;
        let called = |group: &Group| group.kind.as_ref().is_some_and(|kind| kinds.contains(kind));
        Ok(all.into_iter().filter(called).collect())
    }

    async fn nobody_takes(
        &mut self,
        text: Text,
        root: &EquipmentId,
        open: &Open,
    ) -> Result<Say, AppError> {
        let lasting = (self.now() - open.outage.since).num_seconds().max(0);
        let sector = match &open.sector {
            Some(sector) => self.sector_name(sector).await?,
            None => String::new(),
        };
        Ok(Say::new(text)
            .with("name", Arg::Name(self.name_of(root).await?))
            .with("sector", Arg::Text(sector))
            .with("lasting", Arg::Lasting(lasting)))
    }
}
