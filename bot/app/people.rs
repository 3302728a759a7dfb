//! Who an account speaks for, and what they may do.
//!
//! Everything is read from the record at this moment, and what was read is a condition of the
//! commit: a role that ends, or a bond, ends with the next act.

use serde::{Deserialize, Serialize};
use vigie_domain::authz::{Action, Actor, Denied, Object, Role, authz};
use vigie_domain::people::{Bond, Ended, Member, Way};
use vigie_domain::text::{Arg, Say};
use vigie_domain::{AccountId, Lang, MemberId};

use super::error::AppError;
use super::event::{Person, Sender};
use super::keys;
use super::me::ChosenLang;
use super::tx::Tx;

/// The member that an account speaks for, as stores of the first versions have it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SpeaksFor(pub MemberId);

/// That an account has, or had, a bond with a member; the bond itself is under the account.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Bonded;

crate::record_v1!(SpeaksFor, Member, Bond, Bonded);

impl Tx<'_> {
    /// A member's record.
    ///
    /// # Errors
    /// The store failed, or a record cannot be read.
    pub async fn member(&mut self, id: &MemberId) -> Result<Option<Member>, AppError> {
        self.get(&keys::member(id.as_str())).await
    }

    /// The bond of an account with a member, also one that is over.
    ///
    /// # Errors
    /// The store failed, or a record cannot be read.
    pub async fn bond_between(
        &mut self,
        account: AccountId,
        member: &MemberId,
    ) -> Result<Option<Bond>, AppError> {
        if let Some(bond) = self.get(&keys::bond(account, member.as_str())).await? {
            return Ok(Some(bond));
        }
        Ok(match self.get(&keys::account(account)).await? {
            Some(SpeaksFor(id)) if id == *member => {
                Some(Bond::of_record(account, id, chrono::DateTime::UNIX_EPOCH))
            }
            _ => None,
        })
    }

    /// Every bond of an account, also those that are over.
    ///
    /// # Errors
    /// The store failed, or a record cannot be read.
    pub async fn all_bonds_of(&mut self, account: AccountId) -> Result<Vec<Bond>, AppError> {
        let mut members: Vec<MemberId> = self
            .keys(&keys::bonds_of(account))
            .await?
            .iter()
            .filter_map(keys::member_of_bond)
            .collect();
        if let Some(SpeaksFor(id)) = self.get(&keys::account(account)).await?
            && !members.contains(&id)
        {
            members.push(id);
        }
        let mut bonds = Vec::new();
        for member in members {
            bonds.extend(self.bond_between(account, &member).await?);
        }
        bonds.sort_by_key(|bond| bond.since);
        Ok(bonds)
    }

    /// The bonds of an account that hold now, the oldest first.
    ///
    /// # Errors
    /// The store failed, or a record cannot be read.
    pub async fn bonds_of(&mut self, account: AccountId) -> Result<Vec<Bond>, AppError> {
        let now = self.now();
        let mut bonds = self.all_bonds_of(account).await?;
        bonds.retain(|bond| bond.holds(now));
        Ok(bonds)
    }

    /// Every bond on a member, also those that are over, the oldest first.
    ///
    /// # Errors
    /// The store failed, or a record cannot be read.
    pub async fn bonds_on(&mut self, member: &MemberId) -> Result<Vec<Bond>, AppError> {
        let mut accounts: Vec<AccountId> = self
            .keys(&keys::bonds_on(member.as_str()))
            .await?
            .iter()
            .filter_map(keys::last_i64)
            .map(AccountId)
            .collect();
        if let Some(account) = self.member(member).await?.and_then(|found| found.account)
            && !accounts.contains(&account)
        {
            accounts.push(account);
        }
        let mut bonds = Vec::new();
        for account in accounts {
            bonds.extend(self.bond_between(account, member).await?);
        }
        bonds.sort_by_key(|bond| bond.since);
        Ok(bonds)
    }

    /// The records for which an account speaks now, each with the bond.
    ///
    /// # Errors
    /// The store failed, or a record cannot be read.
    pub async fn members_of(
        &mut self,
        account: AccountId,
    ) -> Result<Vec<(Bond, Member)>, AppError> {
        let mut found = Vec::new();
        for bond in self.bonds_of(account).await? {
            if let Some(member) = self.member(&bond.member).await? {
                found.push((bond, member));
            }
        }
        Ok(found)
    }

    /// The record of the member that an account speaks for: the one it chose, else the one it has
    /// had longest. Where it matters which one is meant, ask [`Tx::members_of`].
    pub(crate) async fn member_of(
        &mut self,
        account: AccountId,
    ) -> Result<Option<Member>, AppError> {
        let mut members = self.members_of(account).await?;
        if members.len() > 1
            && let Some(SpeaksFor(chosen)) = self.get(&keys::speaking_for(account)).await?
        {
            members.sort_by_key(|(_, member)| member.id != chosen);
        }
        Ok(members.into_iter().next().map(|(_, member)| member))
    }

    /// From now on this account means this one of its records.
    ///
    /// # Errors
    /// The store failed, or a record cannot be read.
    pub fn speak_for(&mut self, account: AccountId, member: &MemberId) -> Result<(), AppError> {
        self.put(keys::speaking_for(account), &SpeaksFor(member.clone()))
    }

    /// Whether an account may vote for a member now, and hold proxies for them: by its bond, and by
    /// a proof that is not too old.
    ///
    /// # Errors
    /// The store failed, or a record cannot be read.
    pub async fn may_vote(&mut self, bond: &Bond) -> Result<bool, AppError> {
        Ok(bond.may_vote(self.now()) && self.proof_of(bond).await?.weighs())
    }

    /// Writes a bond.
    ///
    /// # Errors
    /// The store failed, or a record cannot be read.
    pub fn bond(&mut self, bond: &Bond) -> Result<(), AppError> {
        let member = bond.member.as_str();
        if bond.way != Way::Record || bond.ended.is_some() {
            self.record_changed(bond.account)?;
        }
        self.put(keys::bond(bond.account, member), bond)?;
        self.put(keys::bond_on(member, bond.account), &Bonded)
    }

    /// Ends a bond; the reason is a fixed word. `false`: there is none, or it is over.
    ///
    /// # Errors
    /// The store failed, or a record cannot be read.
    pub async fn end_bond(
        &mut self,
        account: AccountId,
        member: &MemberId,
        why: &str,
    ) -> Result<bool, AppError> {
        let Some(bond) = self.bond_between(account, member).await? else {
            return Ok(false);
        };
        if bond.ended.is_some() {
            return Ok(false);
        }
        let at = self.now();
        let why = why.to_owned();
        self.bond(&Bond {
            ended: Some(Ended { at, why }),
            ..bond
        })?;
        Ok(true)
    }

    /// Forgets a bond that the file of people told and tells no more. What somebody proved stays.
    pub(crate) async fn forget_record_bond(
        &mut self,
        account: AccountId,
        member: &MemberId,
    ) -> Result<(), AppError> {
        if let Some(SpeaksFor(id)) = self.get(&keys::account(account)).await?
            && id == *member
        {
            self.delete(keys::account(account));
        }
        let key = keys::bond(account, member.as_str());
        let bond: Option<Bond> = self.get(&key).await?;
        if bond.is_some_and(|bond| bond.way == Way::Record) {
            self.delete(key);
            self.delete(keys::bond_on(member.as_str(), account));
        }
        Ok(())
    }

    /// What a person may be asked for: read from the record at this moment. Who lives with a
    /// member reads as a member does, and no more.
    pub(crate) async fn actor(&mut self, person: &Person) -> Result<Actor, AppError> {
        self.actor_of(person.account).await
    }

    /// As [`Tx::actor`], of an account.
    pub(crate) async fn actor_of(&mut self, account: AccountId) -> Result<Actor, AppError> {
        let now = self.now();
        let today = now.with_timezone(&self.settings().zone).date_naive();
        let (mut roles, mut stale): (Vec<Role>, Vec<Role>) = (Vec::new(), Vec::new());
        for (bond, member) in self.members_of(account).await? {
            if bond.quality.is_full() {
                let held = member.roles_at(now, today);
                match self.proof_of(&bond).await?.weighs() {
                    true => roles.extend(held),
                    false => stale.extend(held),
                }
            } else if member.is_active(now) {
                roles.push(Role::Member);
            }
        }
        if self.settings().administrators.contains(&account) {
            roles.push(Role::Administrator);
        }
        Ok(Actor::with_roles(roles).and_stale(stale))
    }

    /// As [`Tx::actor`]; who hides, or is no person, has no rights of their own.
    pub(crate) async fn sender(&mut self, sender: &Sender) -> Result<Actor, AppError> {
        match sender {
            Sender::Person(person) => self.actor(person).await,
            Sender::AnonymousAdmin(_) | Sender::NotAPerson => Ok(Actor::visitor()),
        }
    }

    /// Why not, with the name that people have for the sector.
    pub(crate) async fn refusal(&mut self, denied: &Denied) -> Result<Say, AppError> {
        let mut say = denied.say();
        if let Some(id) = denied.sector() {
            let name = self.sector_name(id).await?;
            say.args.retain(|(arg, _)| arg != "sector");
            say = say.with("sector", Arg::Name(name));
        }
        Ok(say)
    }

    /// Whether two accounts are one person, as far as the record tells: one account, or two that
    /// speak for the same member. Where two persons are needed, these are one.
    pub(crate) async fn same_person(
        &mut self,
        one: AccountId,
        other: AccountId,
    ) -> Result<bool, AppError> {
        if one == other {
            return Ok(true);
        }
        let theirs = self.bonds_of(other).await?;
        let own = self.bonds_of(one).await?;
        Ok(own
            .iter()
            .any(|bond| theirs.iter().any(|their| their.member == bond.member)))
    }

    /// Whether the holder of an account may do something now, who is not here to ask.
    pub(crate) async fn account_may(
        &mut self,
        account: AccountId,
        action: Action,
        object: Object<'_>,
    ) -> Result<bool, AppError> {
        let person = Person {
            account,
            first_name: String::new(),
            lang: Lang::default(),
        };
        let actor = self.actor(&person).await?;
        Ok(authz(&actor, action, object).is_ok())
    }

    /// The language to answer a person in: what they chose, else that of their messenger.
    pub(crate) async fn lang(&mut self, person: &Person) -> Result<Lang, AppError> {
        Ok(self
            .chosen_lang(person.account)
            .await?
            .unwrap_or(person.lang))
    }

    /// The language to write to an account in that has not written to us just now.
    pub(crate) async fn lang_of_account(&mut self, account: AccountId) -> Result<Lang, AppError> {
        match self.chosen_lang(account).await? {
            Some(lang) => Ok(lang),
            None => Ok(self.messenger_lang(account).await?.unwrap_or_default()),
        }
    }

    async fn chosen_lang(&mut self, account: AccountId) -> Result<Option<Lang>, AppError> {
        if let Some(ChosenLang(lang)) = self.get(&keys::chosen_lang(account)).await? {
            return Ok(Some(lang));
        }
        Ok(self
            .member_of(account)
            .await?
            .and_then(|member| member.lang))
    }
}
