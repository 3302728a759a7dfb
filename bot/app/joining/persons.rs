//! What the record says of people, as far as joining needs it.

use chrono::{DateTime, Utc};
use vigie_domain::authz::{Action as Act, Object, authz};
use vigie_domain::group::Group;
use vigie_domain::people::Way;
use vigie_domain::vouching::{Applicant, Policy, Voucher};
use vigie_domain::{AccountId, ChatId, Lang, MemberId, SectorId};

use super::records::{self, PlaceOf, Removal, VoucherOf};
use crate::app::error::AppError;
use crate::app::event::Person;
use crate::app::keys;
use crate::app::outbox::{Button, Class, Message};
use crate::app::tx::Tx;
use vigie_domain::text::Say;

/// What the record says of an account.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// They have proved which record is theirs, and it is active.
    pub proved: bool,
    /// Since when, where that is known.
    pub since: Option<DateTime<Utc>>,
    /// Sectors of their records.
    pub sectors: Vec<SectorId>,
}

impl Known {
    pub(super) fn is_of(&self, group: &Group) -> bool {
        let here = |sector| self.sectors.contains(sector);
        group.sector.as_ref().is_some_and(here)
    }
}

impl Tx<'_> {
    /// What the record says of an account now.
    pub(super) async fn known_by_record(&mut self, account: AccountId) -> Result<Known, AppError> {
        let now = self.now();
        let mut known = Known::default();
        let mut since = Vec::new();
        for (bond, member) in self.members_of(account).await? {
            if !member.is_active(now) {
                continue;
            }
            known.proved = true;
            known.sectors.extend(member.sector);
            // Whom the file of people links was known before.
            since.push((bond.way != Way::Record).then_some(bond.proved_at.min(bond.since)));
        }
        known.since = since.into_iter().min().flatten();
        Ok(known)
    }

    /// The groups that somebody is in, as far as we saw.
    pub(in crate::app) async fn groups_of(
        &mut self,
        account: AccountId,
    ) -> Result<Vec<Group>, AppError> {
        let mut groups = Vec::new();
        for (key, place) in self.all::<PlaceOf>(&records::places(account)).await? {
            let Some((_, chat)) = records::numbers(&key).filter(|_| place.is_in()) else {
                continue;
            };
            groups.extend(self.get::<Group>(&keys::group(ChatId(chat))).await?);
        }
        Ok(groups)
    }

    /// The accounts that speak for a member.
    pub(super) async fn accounts_of(&mut self, member: &str) -> Result<Vec<AccountId>, AppError> {
        let mut bonds = self.bonds_on(&MemberId::from(member)).await?;
        bonds.retain(|bond| bond.ended.is_none());
        Ok(bonds.into_iter().map(|bond| bond.account).collect())
    }

    /// A group that somebody has bound, with the policy of its kind.
    pub(super) async fn door_of(
        &mut self,
        chat: ChatId,
    ) -> Result<Option<(Group, Policy)>, AppError> {
        let group: Option<Group> = self.get(&keys::group(chat)).await?;
        Ok(group.and_then(|group| {
            let policy = self.settings().joining.policy(group.kind.as_deref()?);
            Some((group, policy))
        }))
    }

    pub(super) async fn applicant(
        &mut self,
        person: &Person,
        group: &Group,
    ) -> Result<Applicant, AppError> {
        let known = self.known_by_record(person.account).await?;
        let actor = self.actor(person).await?;
        let object = Object::Sector(group.sector.as_ref());
        Ok(Applicant {
            proved: known.proved,
            of_sector: known.is_of(group),
            removed: self.is_removed(person.account).await?,
            decides: authz(&actor, Act::DecideJoins, object).is_ok(),
        })
    }

    /// Whether somebody was removed from every group, by two people.
    pub(super) async fn is_removed(&mut self, account: AccountId) -> Result<bool, AppError> {
        let removal: Option<Removal> = self.get(&records::removal(account)).await?;
        Ok(removal.is_some_and(|removal| removal.second.is_some()))
    }

    pub(super) async fn voucher(
        &mut self,
        account: AccountId,
        group: &Group,
    ) -> Result<Voucher, AppError> {
        let known = self.known_by_record(account).await?;
        let of: VoucherOf = self
            .get(&records::voucher(account))
            .await?
            .unwrap_or_default();
        let places = self.all::<PlaceOf>(&records::places(account)).await?;
        let words = places.iter().flat_map(|(_, place)| &place.words);
        let here: Option<PlaceOf> = self.get(&records::place(account, group.chat)).await?;
        let is_in = here.is_some_and(|place| place.is_in());
        Ok(Voucher {
            proved: known.proved && !self.is_removed(account).await?,
            proved_since: known.since,
            let_in: words.map(|given| given.at).max(),
            barred_until: of.barred_until,
            words: of.words,
            near: is_in || known.is_of(group),
        })
    }

    /// Writes to somebody in private.
    pub(super) fn tells(
        &mut self,
        to: ChatId,
        lang: Lang,
        class: Class,
        say: Vec<Say>,
        buttons: Vec<Vec<Button>>,
    ) -> Result<(), AppError> {
        let mut message = Message::of_several(say);
        message.lang = Some(lang);
        message.buttons = buttons;
        self.say(to, class, message)
    }
}
