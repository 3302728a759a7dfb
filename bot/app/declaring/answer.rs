//! What is known of a connection, at once: an outage above it, works that are planned, what we
//! measured of the link itself, or nothing.

use chrono::{DateTime, Utc};
use vigie_domain::EquipmentId;
use vigie_domain::alert::{Incident, Severity};
use vigie_domain::network::{Class, Equipment};
use vigie_domain::text::{Arg, Key as Text, Say};

use super::records::MyLink;
use crate::app::alerts::{Hold, Maintenance, OpenAlert, Outage, Subject};
use crate::app::cards::{Card, Cause};
use crate::app::error::AppError;
use crate::app::keys;
use crate::app::probes::measured;
use crate::app::tx::Tx;

/// Alerts of a link that are read out.
const MOST_ALERTS: usize = 3;
/// Outages of a sector that are named.
const MOST_NAMES: usize = 5;

/// What is known of a connection.
pub(super) enum Known {
    /// Why it does not work: nothing is left to ask.
    Explained(Vec<Say>),
    /// Something, or nothing: questions follow.
    Open(Vec<Say>),
}

impl Tx<'_> {
    /// Everything that the records of an account call a link.
    pub(super) async fn own_links(
        &mut self,
        account: vigie_domain::AccountId,
    ) -> Result<Vec<MyLink>, AppError> {
        let mut found = Vec::new();
        for (_, member) in self.members_of(account).await? {
            for name in member.links.keys() {
                found.push(MyLink {
                    member: member.id.clone(),
                    name: name.clone(),
                });
            }
        }
        Ok(found)
    }

    /// The equipment that carries a link now, where the network knows it.
    pub(super) async fn base_of(&mut self, link: &MyLink) -> Result<Option<EquipmentId>, AppError> {
        let member = self.member(&link.member).await?;
        let base = member.and_then(|member| member.links.get(&link.name).cloned().flatten());
        match base {
            Some(base) => {
                // The record may call it by any of its names.
                let base = self.equipment_named(base.as_str()).await?;
                Ok(self.sheet(&base).await?.map(|sheet| sheet.id))
            }
            None => Ok(None),
        }
    }

    pub(super) async fn is_link(&mut self, id: &EquipmentId) -> Result<bool, AppError> {
        let sheet = self.sheet(id).await?;
        Ok(sheet.is_some_and(|sheet| sheet.class == Class::Link))
    }

    /// What is known of what carries a link.
    pub(super) async fn known_behind(&mut self, base: &EquipmentId) -> Result<Known, AppError> {
        let mut way = vec![base.clone()];
        way.extend(self.above(base).await?);
        for id in &way {
            if let Some((until, what)) = self.maintained(id).await? {
                let name = self.plain_name_of(id).await?;
                let mut say = vec![
                    Say::new(Text::DeclaringWorks)
                        .with("name", Arg::Name(name))
                        .with("until", Arg::At(until)),
                ];
                if !what.is_empty() {
                    say.push(Say::new(Text::MaintenanceWhat).with("what", Arg::Text(what)));
                }
                return Ok(Known::Explained(say));
            }
        }
        let cause = self.cause_of(base).await?;
        let mut first = vec![cause];
        first.extend(way);
        for id in first {
            let Some(outage) = self.peek::<Outage>(&keys::outage(&id)).await? else {
                continue;
            };
            if outage.worst() < Severity::Warning {
                continue;
            }
            return match self.is_link(&id).await? {
                true => self.own_link(&outage).await,
                false => Ok(Known::Explained(self.outage_said(&outage).await?)),
            };
        }
        let name = Arg::Name(self.plain_name_of(base).await?);
        let mut say = vec![Say::new(Text::DeclaringNothing).with("name", name)];
        say.extend(self.self_help());
        Ok(Known::Open(say))
    }

    /// What people may look at themselves.
    pub(super) fn self_help(&self) -> Vec<Say> {
        let own = &self.settings().declaring.checklist;
        if !own.is_empty() {
            let line = |line: &String| {
                Say::new(Text::DeclaringCheckLine).with("line", Arg::Text(line.clone()))
            };
            return own.iter().map(line).collect();
        }
        [
            Text::DeclaringCheck,
            Text::DeclaringCheckPower,
            Text::DeclaringCheckDevices,
            Text::DeclaringCheckChanged,
            Text::DeclaringCheckNeighbours,
        ]
        .map(Say::new)
        .to_vec()
    }

    /// An outage that is known: what, where, since when, how much, what is done, the next news.
    async fn outage_said(&mut self, outage: &Outage) -> Result<Vec<Say>, AppError> {
        let id = &outage.equipment;
        let possible = self.only_reported(outage).await?;
        let key = match (possible, outage.unstable.is_some(), outage.bypass.is_some()) {
            (true, _, _) => Text::DeclaringPossible,
            (_, true, _) => Text::DeclaringUnstable,
            (_, _, true) => Text::DeclaringBypassed,
            _ if outage.worst() == Severity::Critical => Text::DeclaringKnown,
            _ => Text::DeclaringDegraded,
        };
        let declared = self.declared_behind(id).await?;
        let mut say = vec![
            Say::new(key)
                .with("name", Arg::Name(self.plain_name_of(id).await?))
                .with("since", Arg::At(outage.since)),
        ];
        if possible {
            say.push(
                Say::new(Text::DeclaringReports).with("count", Arg::Number(i64::from(declared))),
            );
        }
        let links = self.carried_by(id).await?.count(None).links;
        if links > 0 && !possible {
            say.push(Say::new(Text::DeclaringLinks).with("count", Arg::Number(i64::from(links))));
        }
        say.push(match self.in_hand_since(id).await? {
            Some(at) => Say::new(Text::DeclaringTaken).with("at", Arg::At(at)),
            None => Say::new(Text::DeclaringTold),
        });
        say.push(match self.next_news(id).await? {
            Some(at) => Say::new(Text::DeclaringNews).with("at", Arg::At(at)),
            None => Say::new(Text::DeclaringNoNews),
        });
        Ok(say)
    }

    /// Since when somebody looks after an outage.
    async fn in_hand_since(&mut self, id: &EquipmentId) -> Result<Option<DateTime<Utc>>, AppError> {
        for (chat, carrier) in self.chats_showing(id).await? {
            let card: Option<Card> = self.peek(&keys::card(chat, carrier.0)).await?;
            let cause: Option<Cause> = self.peek(&keys::cause(chat, carrier.0, id)).await?;
            if let (Some(card), Some(cause)) = (card, cause)
                && let Some(taken) = card.taken_by(&cause)
            {
                return Ok(Some(taken.at));
            }
        }
        Ok(None)
    }

    /// The link itself answers badly, and what carries it answers.
    async fn own_link(&mut self, outage: &Outage) -> Result<Known, AppError> {
        let id = &outage.equipment;
        let key = match outage.worst() {
            Severity::Critical => Text::DeclaringOwnDown,
            _ => Text::DeclaringOwnBad,
        };
        let mut say = vec![Say::new(key).with("since", Arg::At(outage.since))];
        say.extend(self.measured_says(id).await?);
        let above = self
            .sheet(id)
            .await?
            .and_then(|sheet: Equipment| sheet.parent);
        if let Some(above) = above {
            let name = Arg::Name(self.plain_name_of(&above).await?);
            say.push(Say::new(Text::DeclaringAboveWell).with("name", name));
        }
        say.extend(self.self_help());
        Ok(Known::Open(say))
    }

    /// What alerts say of a piece of equipment.
    async fn measured_says(&mut self, id: &EquipmentId) -> Result<Vec<Say>, AppError> {
        let mut say = Vec::new();
        let open = self.all::<OpenAlert>(&keys::open_alerts(id)).await?;
        for (_, alert) in open.into_iter().take(MOST_ALERTS) {
            let key = keys::incident(&alert.source, &alert.fingerprint);
            let Some(incident) = self.peek::<Incident>(&key).await? else {
                continue;
            };
            match measured(&incident) {
                Some(measure) => {
                    for part in measure.say() {
                        let part = Arg::Said(Box::new(part));
                        say.push(Say::new(Text::DeclaringMeasured).with("what", part));
                    }
                }
                None if !incident.summary.is_empty() => {
                    let what = Arg::Text(incident.summary);
                    say.push(Say::new(Text::DeclaringMeasured).with("what", what));
                }
                None => {}
            }
        }
        Ok(say)
    }

    /// Until when works go on at a piece of equipment, in its sector, or everywhere, and which.
    pub(super) async fn maintained(
        &mut self,
        id: &EquipmentId,
    ) -> Result<Option<(DateTime<Utc>, String)>, AppError> {
        let now = self.now();
        let sector = self.sheet(id).await?.and_then(|sheet| sheet.sector);
        let own = [Subject::Equipment(id.clone()), Subject::All];
        for subject in own.into_iter().chain(sector.map(Subject::Sector)) {
            let Some(hold) = self.peek::<Hold>(&keys::hold(&subject)).await? else {
                continue;
            };
            let open = hold.windows.iter().filter(|window| window.until > now);
            let Some(window) = open.max_by_key(|window| window.until).copied() else {
                continue;
            };
            let planned: Option<Maintenance> = self.peek(&keys::maintenance(window.id)).await?;
            let what = planned.map_or_else(String::new, |planned| planned.what);
            return Ok(Some((window.until, what)));
        }
        Ok(None)
    }

    /// What is known where the record does not say what carries a connection.
    pub(super) async fn known_without_link(
        &mut self,
        account: vigie_domain::AccountId,
    ) -> Result<Vec<Say>, AppError> {
        let Some(member) = self.member_of(account).await? else {
            let mut say = vec![Say::new(Text::DeclaringStranger)];
            say.extend(self.self_help());
            return Ok(say);
        };
        let mut say = vec![Say::new(Text::DeclaringNoLink)];
        if let Some(sector) = &member.sector {
            say.push(self.sector_said(sector).await?);
        }
        say.extend(self.self_help());
        Ok(say)
    }

    async fn sector_said(&mut self, sector: &vigie_domain::SectorId) -> Result<Say, AppError> {
        let (total, down) = self.first_causes(Some(sector), MOST_NAMES).await?;
        let name = Arg::Name(self.sector_name(sector).await?);
        if down.is_empty() {
            return Ok(Say::new(Text::DeclaringSectorWell).with("sector", name));
        }
        let mut names = Vec::new();
        for id in &down {
            names.push(self.plain_name_of(id).await?);
        }
        let count = i64::try_from(total).unwrap_or(i64::MAX);
        Ok(Say::new(Text::DeclaringSectorDown)
            .with("sector", name)
            .with("count", Arg::Number(count))
            .with("names", Arg::Text(names.join(", "))))
    }
}
