//! Who is on call, the change of the week, and what happens when nobody takes an outage.

mod calls;
mod escalation;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::authz::{Action as Act, Object, authz};
use vigie_domain::group::{AlertsWanted, Group};
use vigie_domain::rota::{Rota, week_after};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId, SectorId};

use super::due::Due;
use super::error::AppError;
use super::keys;
use super::outbox::{Class, Message};
use super::tx::Tx;

pub use calls::Called;
pub use escalation::{Call, Step};

/// Names said in a hand-over; `/etat` has all of them.
const NAMES: usize = 5;

/// The rota of a sector, or of the whole cooperative.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OnCall {
    /// Whose; `None`: of the whole cooperative.
    pub sector: Option<SectorId>,
    /// Turns.
    pub rota: Rota,
    /// First names of those who have been in it.
    pub names: BTreeMap<AccountId, String>,
    /// The hand-over that is planned.
    pub planned: Option<NaiveDate>,
}

crate::record_v1!(OnCall);

impl OnCall {
    /// The first name of somebody.
    pub(crate) fn name(&self, who: AccountId) -> String {
        self.names.get(&who).cloned().unwrap_or_default()
    }
}

impl Tx<'_> {
    /// The week on call that lasts now.
    pub(crate) fn this_week(&self) -> NaiveDate {
        let settings = self.settings();
        settings.handover.week_of(settings.zone, self.now())
    }

    /// When a week on call begins.
    pub(crate) fn week_begins(&self, week: NaiveDate) -> DateTime<Utc> {
        let settings = self.settings();
        settings.handover.begins(settings.zone, week)
    }

    /// The rota of a sector, or of the whole cooperative; one of nobody where there is none.
    pub(crate) async fn rota(&mut self, sector: Option<&SectorId>) -> Result<OnCall, AppError> {
        let known: Option<OnCall> = self.get(&keys::rota(sector)).await?;
        Ok(known.unwrap_or_else(|| OnCall {
            sector: sector.cloned(),
            rota: Rota::new(self.this_week()),
            names: BTreeMap::new(),
            planned: None,
        }))
    }

    /// Keeps a rota, and plans its next hand-over while somebody takes turns.
    pub(crate) fn keep_rota(&mut self, mut on_call: OnCall) -> Result<(), AppError> {
        let next = week_after(self.this_week(), 1);
        let somebody = on_call.rota.on_call(next).is_some();
        if somebody && on_call.planned != Some(next) {
            on_call.planned = Some(next);
            let due = Due::Handover(on_call.sector.clone());
            self.plan(self.week_begins(next), due)?;
        }
        self.put(keys::rota(on_call.sector.as_ref()), &on_call)
    }

    /// Who is on call for a sector: by its own rota, else by that of the cooperative. Whoever may
    /// no longer take an outage there is not called.
    pub(crate) async fn on_call_for(
        &mut self,
        sector: Option<&SectorId>,
    ) -> Result<Option<(AccountId, String)>, AppError> {
        let week = self.this_week();
        let own = sector.map(Some).into_iter().chain(std::iter::once(None));
        for sector in own {
            let on_call: Option<OnCall> = self.peek(&keys::rota(sector)).await?;
            let Some(on_call) = on_call else { continue };
            if let Some(who) = on_call.rota.on_call(week)
                && self.may_take_turns(who, sector).await?
            {
                return Ok(Some((who, on_call.name(who))));
            }
        }
        Ok(None)
    }

    async fn may_take_turns(
        &mut self,
        who: AccountId,
        sector: Option<&SectorId>,
    ) -> Result<bool, AppError> {
        let actor = self.actor_of(who).await?;
        Ok(authz(&actor, Act::TakeTurns, Object::Sector(sector)).is_ok())
    }

    /// Takes those out of a rota who may no longer be in it.
    async fn strike_off(&mut self, on_call: &mut OnCall) -> Result<(), AppError> {
        let week = self.this_week();
        let sector = on_call.sector.clone();
        let named: Vec<AccountId> = on_call.names.keys().copied().collect();
        for who in named {
            if !self.may_take_turns(who, sector.as_ref()).await? {
                on_call.rota.leave(who, week);
            }
        }
        Ok(())
    }

    /// The groups that follow what a rota looks after.
    pub(crate) async fn groups_of_rota(
        &mut self,
        sector: Option<&SectorId>,
    ) -> Result<Vec<Group>, AppError> {
        let wanted = match sector {
            Some(_) => AlertsWanted::Sector,
            None => AlertsWanted::Backbone,
        };
        self.groups_wanting(wanted, sector).await
    }

    /// One person hands over to the next: the groups and the person are told what is open.
    pub(crate) async fn hand_over(&mut self, sector: Option<&SectorId>) -> Result<(), AppError> {
        let mut on_call = self.rota(sector).await?;
        let week = self.this_week();
        if on_call.planned.is_none_or(|planned| planned > week) {
            // The day of the change is another one since it was planned.
            return self.keep_rota(on_call);
        }
        on_call.planned = None;
        let from = on_call.rota.on_call(week_before(week));
        self.strike_off(&mut on_call).await?;
        self.keep_rota(on_call.clone())?;
        self.tell_who_is_on_call(&on_call, from).await
    }

    /// The groups and whoever is on call now read so, and what is open. `from` is who was before.
    pub(crate) async fn tell_who_is_on_call(
        &mut self,
        on_call: &OnCall,
        from: Option<AccountId>,
    ) -> Result<(), AppError> {
        let week = self.this_week();
        let sector = on_call.sector.as_ref();
        let Some(to) = on_call.rota.on_call(week) else {
            return Ok(());
        };
        let until = self.week_begins(week_after(week, 1));
        let scope = self.rota_name(sector).await?;
        let (name, until_said) = (Arg::Text(on_call.name(to)), Arg::At(until));
        let scope = Arg::Said(Box::new(scope));
        let mut say = vec![match from.filter(|from| *from != to) {
            Some(from) => Say::new(Text::RotaHandover)
                .with("from", Arg::Text(on_call.name(from)))
                .with("to", name)
                .with("until", until_said)
                .with("scope", scope),
            None => Say::new(Text::RotaGoesOn)
                .with("to", name)
                .with("until", until_said)
                .with("scope", scope),
        }];
        say.push(self.what_is_open(sector).await?);
        for group in self.groups_of_rota(sector).await? {
            let message = Message::of_several(say.clone());
            self.say_at(group.place(), Class::Service, message)?;
        }
        let scope = self.rota_name(sector).await?;
        let yours = Say::new(Text::RotaYourTurn)
            .with("until", Arg::At(until))
            .with("scope", Arg::Said(Box::new(scope)));
        let open = say.pop().into_iter();
        let say = std::iter::once(yours).chain(open).collect();
        self.tell_person(to, say).await
    }

    /// What a rota is for, in words.
    pub(crate) async fn rota_name(&mut self, sector: Option<&SectorId>) -> Result<Say, AppError> {
        Ok(match sector {
            Some(sector) => {
                let name = Arg::Text(self.sector_name(sector).await?);
                Say::new(Text::RotaScopeSector).with("sector", name)
            }
            None => Say::new(Text::RotaScopeAll),
        })
    }

    async fn what_is_open(&mut self, sector: Option<&SectorId>) -> Result<Say, AppError> {
        let (total, causes) = self.first_causes(sector, NAMES).await?;
        let mut names = Vec::new();
        for id in &causes {
            names.push(self.name_of(id).await?);
        }
        let more = i64::try_from(total - names.len()).unwrap_or(i64::MAX);
        Ok(match names.is_empty() {
            true => Say::new(Text::RotaNothingOpen),
            false => Say::new(Text::RotaOpen)
                .with("names", Arg::Name(names.join(", ")))
                .with("more", Arg::Number(more)),
        })
    }

    /// Tells one person in private, in their language.
    pub(crate) async fn tell_person(
        &mut self,
        who: AccountId,
        say: Vec<Say>,
    ) -> Result<(), AppError> {
        let mut message = Message::of_several(say);
        message.lang = Some(self.lang_of_account(who).await?);
        self.say(ChatId(who.0), Class::Service, message)
    }
}

fn week_before(week: NaiveDate) -> NaiveDate {
    week.checked_sub_days(chrono::Days::new(7)).unwrap_or(week)
}
