//! Who is meant by a first name.

use vigie_domain::authz::Role;
use vigie_domain::people::Member;
use vigie_domain::todo::may_mean;
use vigie_domain::{AccountId, ChatId};

use super::Owner;
use crate::app::error::AppError;
use crate::app::event::Person;
use crate::app::tx::Tx;

/// Members that are looked at for one name.
const LOOKED_AT: usize = 50;
/// People among whom one is asked to choose.
pub(super) const CHOICES: usize = 6;

impl Tx<'_> {
    /// Whoever may be meant by a name in a group: people of the group, and those who run the
    /// network. Other members are not named to a group.
    pub(super) async fn meant(
        &mut self,
        chat: ChatId,
        name: &str,
        by: &Person,
    ) -> Result<Vec<Owner>, AppError> {
        if matches!(
            vigie_domain::names::fold(name).as_str(),
            "moi" | "me" | "myself"
        ) {
            return Ok(vec![self.oneself(by).await?]);
        }
        let first = name.split(' ').next().unwrap_or(name);
        let members = self.app().find_members(first, LOOKED_AT).await?;
        let now = self.now();
        let mut found = Vec::new();
        for member in members {
            if !may_mean(name, &member.first_name, &member.last_name) || !member.is_active(now) {
                continue;
            }
            let account = self.account_in(&member, chat).await?;
            if account.is_none() && !takes_part(&member) {
                continue;
            }
            found.push((member, account));
        }
        let names: Vec<String> = found
            .iter()
            .map(|(member, _)| member.first_name.clone())
            .collect();
        let owners = found.into_iter().map(|(member, account)| {
            let alike = names
                .iter()
                .filter(|name| **name == member.first_name)
                .count()
                > 1;
            let name = match alike {
                true => format!("{} {}", member.first_name, initials(&member.last_name)),
                false => member.first_name.clone(),
            };
            Owner {
                name,
                member: Some(member.id),
                account,
            }
        });
        Ok(owners.take(CHOICES).collect())
    }

    /// The account of a member: one that is in the group, else any.
    async fn account_in(
        &mut self,
        member: &Member,
        chat: ChatId,
    ) -> Result<Option<AccountId>, AppError> {
        let mut bonds = self.bonds_on(&member.id).await?;
        bonds.retain(|bond| bond.ended.is_none());
        for bond in &bonds {
            if self.is_in_group(bond.account, chat).await? {
                return Ok(Some(bond.account));
            }
        }
        let any = bonds.first().map(|bond| bond.account);
        Ok(any.filter(|_| takes_part(member)))
    }

    /// Whoever writes, as an owner.
    pub(super) async fn oneself(&mut self, person: &Person) -> Result<Owner, AppError> {
        let member = self.member_of(person.account).await?;
        Ok(Owner {
            name: member.as_ref().map_or_else(
                || person.first_name.clone(),
                |member| member.first_name.clone(),
            ),
            member: member.map(|member| member.id),
            account: Some(person.account),
        })
    }
}

/// Whether somebody is more than a member who uses the network.
fn takes_part(member: &Member) -> bool {
    let more = |role: &Role| !matches!(role, Role::Visitor | Role::Member);
    member.roles.iter().any(more) || member.mandates.iter().any(|mandate| more(&mandate.role))
}

/// The begin of a last name, which tells two first names apart as minutes do.
fn initials(last: &str) -> String {
    last.chars().take(2).collect()
}
