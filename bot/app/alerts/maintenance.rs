//! Planned maintenance: announced, held while it lasts, and at its end what it left out of order
//! is told in one message.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use vigie_domain::calendar::{When, Window};
use vigie_domain::group::{AlertsWanted, Group};
use vigie_domain::network::{Equipment, Scope, Sector};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId, EquipmentId, SectorId};

use super::records::{OpenWindow, Outage, Subject};
use crate::app::cards::Carrier;
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::keys;
use crate::app::outbox::{Class, Message};
use crate::app::tx::Tx;

/// Messages of one commit.
const MESSAGES: usize = 30;
/// Names said at the end of a maintenance; the cards have all of them.
const NAMES: usize = 10;
/// Outages that the end of a maintenance looks at for its message.
const LOOKED_AT: usize = 300;
/// A group in which a maintenance was noted so recently has read of it.
const JUST_NOTED: TimeDelta = TimeDelta::seconds(60);

/// A planned maintenance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maintenance {
    /// Its number.
    pub id: u64,
    /// What it is about.
    pub subject: Subject,
    /// When, on the wall clock.
    pub when: When,
    /// Whose wall clock.
    pub zone: Tz,
    /// What is done, in the words of who planned it; may be empty.
    pub what: String,
    /// Who planned it.
    pub by: AccountId,
    /// Their first name.
    pub name: String,
    /// When and where it was noted.
    pub noted: (DateTime<Utc>, ChatId),
    /// The window that lasts or comes next.
    pub window: Window,
    /// Whether this window was announced.
    pub told: bool,
    /// Whether it is the first window.
    pub first: bool,
}

crate::record_v1!(Maintenance);

/// A step of a maintenance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// It is announced to groups after this one.
    Announce(Option<ChatId>),
    /// It begins.
    Begin,
    /// It ends.
    End,
}

impl Step {
    pub(crate) fn word(self) -> String {
        match self {
            Self::Announce(after) => format!("announce:{}", after.map_or(0, |chat| chat.0)),
            Self::Begin => "begin".to_owned(),
            Self::End => "end".to_owned(),
        }
    }
}

impl Tx<'_> {
    /// Notes a maintenance and plans its first window.
    pub(crate) async fn plan_maintenance(
        &mut self,
        maintenance: &Maintenance,
    ) -> Result<(), AppError> {
        self.put(keys::maintenance(maintenance.id), maintenance)?;
        let (id, window) = (maintenance.id, maintenance.window);
        let due = |step| Due::Maintenance {
            id,
            from: window.from,
            step,
        };
        let mut late = false;
        for hours in self.announced_at(maintenance) {
            let at = window.from - TimeDelta::hours(i64::from(hours));
            if at > self.now() {
                self.plan(at, due(Step::Announce(None)))?;
            } else {
                late = true;
            }
        }
        if late {
            self.plan(self.now(), due(Step::Announce(None)))?;
        }
        self.plan(window.from, due(Step::Begin))?;
        self.plan(window.to, due(Step::End))
    }

    /// Hours before a window at which it is announced. What comes back every week is known after
    /// its first window: it is recalled once, and what comes back more often is not.
    fn announced_at(&self, maintenance: &Maintenance) -> Vec<u32> {
        let hours = self.settings().announce_h.clone();
        match &maintenance.when {
            When::Weekly { days, .. } if !maintenance.first => {
                let once = hours.into_iter().max().filter(|_| days.len() == 1);
                once.into_iter().collect()
            }
            When::Weekly { .. } | When::Once { .. } => hours,
        }
    }

    /// A step of a maintenance, unless it was called off or its window moved on.
    pub(crate) async fn maintenance_step(
        &mut self,
        id: u64,
        from: DateTime<Utc>,
        step: Step,
    ) -> Result<(), AppError> {
        let known: Option<Maintenance> = self.get(&keys::maintenance(id)).await?;
        let Some(maintenance) = known.filter(|known| known.window.from == from) else {
            return Ok(());
        };
        match step {
            Step::Announce(after) => self.announce(maintenance, after).await,
            Step::Begin => self.maintenance_begins(&maintenance).await,
            Step::End => self.maintenance_ends(maintenance).await,
        }
    }

    async fn announce(
        &mut self,
        mut maintenance: Maintenance,
        after: Option<ChatId>,
    ) -> Result<(), AppError> {
        let (noted_at, noted_in) = maintenance.noted;
        let has_read = self.now() - noted_at < JUST_NOTED;
        let groups = self.concerned(&maintenance.subject).await?;
        let mut told = 0;
        for group in groups {
            if after.is_some_and(|after| group.chat <= after)
                || (has_read && group.chat == noted_in)
            {
                continue;
            }
            if told == MESSAGES {
                break;
            }
            told += 1;
            let say = self
                .maintenance_say(Text::MaintenanceSoon, &maintenance)
                .await?;
            self.tell_group(&group, say).await?;
            if told == MESSAGES {
                let due = Due::Maintenance {
                    id: maintenance.id,
                    from: maintenance.window.from,
                    step: Step::Announce(Some(group.chat)),
                };
                self.plan(self.now(), due)?;
            }
        }
        maintenance.told = true;
        self.put(keys::maintenance(maintenance.id), &maintenance)
    }

    /// What a message says of a maintenance, and what is done there as a second paragraph.
    async fn maintenance_say(
        &mut self,
        key: Text,
        maintenance: &Maintenance,
    ) -> Result<Vec<Say>, AppError> {
        let subject = self.subject_name(&maintenance.subject).await?;
        let mut say = vec![
            Say::new(key)
                .with("subject", Arg::Said(Box::new(subject)))
                .with("from", Arg::At(maintenance.window.from))
                .with("to", Arg::At(maintenance.window.to)),
        ];
        if !maintenance.what.is_empty() {
            let what = Arg::Text(maintenance.what.clone());
            say.push(Say::new(Text::MaintenanceWhat).with("what", what));
        }
        Ok(say)
    }

    async fn tell_group(&mut self, group: &Group, say: Vec<Say>) -> Result<(), AppError> {
        let mut message = Message::of_several(say);
        message.silent = self.is_asleep(group.chat).await?;
        self.say_at(group.place(), Class::Alert, message)
    }

    async fn maintenance_begins(&mut self, maintenance: &Maintenance) -> Result<(), AppError> {
        if maintenance.window.to <= self.now() {
            return Ok(());
        }
        let mut hold = self.hold_of(&maintenance.subject).await?;
        hold.windows.retain(|window| window.id != maintenance.id);
        hold.windows.push(OpenWindow {
            id: maintenance.id,
            until: maintenance.window.to,
        });
        self.put_hold(&hold)?;
        self.refresh_subject(&maintenance.subject).await
    }

    /// The card of the equipment itself tells of the maintenance.
    async fn refresh_subject(&mut self, subject: &Subject) -> Result<(), AppError> {
        match subject {
            Subject::Equipment(id) => self.refresh(id).await,
            Subject::Sector(_) | Subject::Alert(_) | Subject::Label(..) | Subject::All => Ok(()),
        }
    }

    async fn maintenance_ends(&mut self, mut maintenance: Maintenance) -> Result<(), AppError> {
        self.close_window(&maintenance).await?;
        self.tell_the_end(&maintenance).await?;
        let subject = maintenance.subject.clone();
        self.plan(
            self.now(),
            Due::Tell {
                subject,
                from: None,
            },
        )?;
        match maintenance
            .when
            .next(maintenance.zone, maintenance.window.to)
        {
            Some(window) if matches!(maintenance.when, When::Weekly { .. }) => {
                (maintenance.window, maintenance.told) = (window, false);
                maintenance.first = false;
                self.plan_maintenance(&maintenance).await
            }
            _ => {
                self.delete(keys::maintenance(maintenance.id));
                Ok(())
            }
        }
    }

    async fn close_window(&mut self, maintenance: &Maintenance) -> Result<(), AppError> {
        let mut hold = self.hold_of(&maintenance.subject).await?;
        hold.windows.retain(|window| window.id != maintenance.id);
        self.put_hold(&hold)?;
        self.refresh_subject(&maintenance.subject).await
    }

    /// One message for each group: what remains, or that nothing new does where the maintenance
    /// was announced as something that happens once.
    async fn tell_the_end(&mut self, maintenance: &Maintenance) -> Result<(), AppError> {
        let mut remains = self.remains(&maintenance.subject).await?;
        let once = matches!(maintenance.when, When::Once { .. });
        let subject = self.subject_name(&maintenance.subject).await?;
        let mut groups = self.concerned(&maintenance.subject).await?;
        groups.truncate(MESSAGES);
        for chat in remains.keys() {
            if !groups.iter().any(|group| group.chat == *chat)
                && let Some(group) = self.peek(&keys::group(*chat)).await?
            {
                groups.push(group);
            }
        }
        for group in groups {
            let subject = Arg::Said(Box::new(subject.clone()));
            let say = match remains.remove(&group.chat) {
                Some(left) => {
                    let more = left.len().saturating_sub(NAMES);
                    let mut names = Vec::new();
                    for id in left.iter().take(NAMES) {
                        names.push(self.name_of(id).await?);
                    }
                    Say::new(Text::MaintenanceOverRemains)
                        .with("subject", subject)
                        .with("names", Arg::Name(names.join(", ")))
                        .with("more", Arg::Number(i64::try_from(more).unwrap_or(i64::MAX)))
                }
                None if once && maintenance.told => {
                    Say::new(Text::MaintenanceOver).with("subject", subject)
                }
                None => continue,
            };
            self.tell_group(&group, vec![say]).await?;
        }
        Ok(())
    }

    /// Causes about a subject that last and that a group has not been told of, by group.
    async fn remains(
        &mut self,
        subject: &Subject,
    ) -> Result<BTreeMap<ChatId, BTreeSet<EquipmentId>>, AppError> {
        let mut remains: BTreeMap<ChatId, BTreeSet<EquipmentId>> = BTreeMap::new();
        let (mut down, mut from) = (Vec::new(), None);
        loop {
            let (page, next) = self.down_in(subject, from.as_ref()).await?;
            down.extend(page.into_iter().map(|(_, id)| id));
            match next {
                Some(next) if down.len() < LOOKED_AT => from = Some(next),
                _ => break,
            }
        }
        for id in down.into_iter().take(LOOKED_AT) {
            // What is only read for a message is no condition of the decision.
            let mut reader = Tx::new(self.app());
            let Some(outage) = reader.peek::<Outage>(&keys::outage(&id)).await? else {
                continue;
            };
            if reader.held(&id).await? {
                continue;
            }
            let cause = reader.cause_of(&id).await?;
            let sheet = reader.sheet(&id).await?;
            for told in reader.told(sheet.as_ref(), outage.worst()).await? {
                let carrier = keys::card_of(&cause, told.place.chat);
                if told.opens && reader.peek::<Carrier>(&carrier).await?.is_none() {
                    remains
                        .entry(told.place.chat)
                        .or_default()
                        .insert(cause.clone());
                }
            }
        }
        Ok(remains)
    }

    /// Calls a maintenance off: those to whom it was announced are told, and what it held back is
    /// told if it lasts.
    pub(crate) async fn call_off(
        &mut self,
        maintenance: &Maintenance,
        here: Option<ChatId>,
    ) -> Result<(), AppError> {
        self.delete(keys::maintenance(maintenance.id));
        if maintenance.told {
            for group in self.concerned(&maintenance.subject).await? {
                if Some(group.chat) == here {
                    continue;
                }
                let say = self
                    .maintenance_say(Text::MaintenanceCalledOff, maintenance)
                    .await?;
                self.tell_group(&group, say.into_iter().take(1).collect())
                    .await?;
            }
        }
        if maintenance.window.from > self.now() {
            return Ok(());
        }
        self.close_window(maintenance).await?;
        let subject = maintenance.subject.clone();
        self.plan(
            self.now(),
            Due::Tell {
                subject,
                from: None,
            },
        )
    }

    /// The groups that a maintenance concerns: those of the sectors behind it, and the technical
    /// ones where it is theirs or nobody else's. In the order of their numbers.
    async fn concerned(&mut self, subject: &Subject) -> Result<Vec<Group>, AppError> {
        let mut technical = matches!(
            subject,
            Subject::All | Subject::Alert(_) | Subject::Label(..)
        );
        let sectors: BTreeSet<SectorId> = match subject {
            Subject::Equipment(id) => {
                let sheet = self.sheet(id).await?;
                let scope = sheet.as_ref().map_or(Scope::Backbone, Equipment::scope);
                technical = matches!(scope, Scope::Backbone | Scope::Both);
                let carried = self.carried_by(id).await?;
                let own = sheet.and_then(|sheet| sheet.sector);
                carried.sectors.into_keys().flatten().chain(own).collect()
            }
            Subject::Sector(sector) => BTreeSet::from([sector.clone()]),
            Subject::Alert(_) | Subject::Label(..) => BTreeSet::new(),
            Subject::All => {
                let all = self.all::<Sector>(&keys::sectors()).await?;
                all.into_iter().map(|(_, sector)| sector.id).collect()
            }
        };
        let mut groups: BTreeMap<ChatId, Group> = BTreeMap::new();
        for sector in sectors {
            let wanting = self
                .groups_wanting(AlertsWanted::Sector, Some(&sector))
                .await?;
            groups.extend(wanting.into_iter().map(|group| (group.chat, group)));
        }
        if technical || groups.is_empty() {
            let wanting = self.groups_wanting(AlertsWanted::Backbone, None).await?;
            groups.extend(wanting.into_iter().map(|group| (group.chat, group)));
        }
        Ok(groups.into_values().collect())
    }
}
