//! Who an account speaks for, and what they may do.

use serde::{Deserialize, Serialize};
use vigie_domain::authz::{Actor, Denied, Role};
use vigie_domain::people::Member;
use vigie_domain::text::{Arg, Say};
use vigie_domain::{AccountId, Lang, MemberId};

use super::error::AppError;
use super::event::{Person, Sender};
use super::keys;
use super::tx::Tx;

/// The member that an account speaks for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SpeaksFor(pub MemberId);

crate::record_v1!(SpeaksFor, Member);

impl Tx<'_> {
    /// The record of the member that an account speaks for.
    pub(crate) async fn member_of(
        &mut self,
        account: AccountId,
    ) -> Result<Option<Member>, AppError> {
        match self.get::<SpeaksFor>(&keys::account(account)).await? {
            Some(SpeaksFor(id)) => self.get(&keys::member(id.as_str())).await,
            None => Ok(None),
        }
    }

    /// What a person may be asked for: read from the record at this moment.
    pub(crate) async fn actor(&mut self, person: &Person) -> Result<Actor, AppError> {
        self.actor_of(person.account).await
    }

    /// What an account may be asked for.
    pub(crate) async fn actor_of(&mut self, account: AccountId) -> Result<Actor, AppError> {
        let member = self.member_of(account).await?;
        let mut roles: Vec<Role> = member
            .map(|m| m.roles.into_iter().collect())
            .unwrap_or_default();
        if self.settings().administrators.contains(&account) {
            roles.push(Role::Administrator);
        }
        Ok(Actor::with_roles(roles))
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

    /// The language to answer a person in: what they chose, else that of their messenger.
    pub(crate) async fn lang(&mut self, person: &Person) -> Result<Lang, AppError> {
        let chosen = self
            .member_of(person.account)
            .await?
            .and_then(|member| member.lang);
        Ok(chosen.unwrap_or(person.lang))
    }
}
