//! What takes two persons: who may, whom it is about, how it reads, and what follows.

use serde::{Deserialize, Serialize};
use vigie_domain::authz::{Action as Act, Role};
use vigie_domain::people::Mandate;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, MemberId, Place};

use super::Proposal;
use crate::app::error::AppError;
use crate::app::event::Person;
use crate::app::members::role_word;
use crate::app::tx::Tx;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Proposed {
    /// A member gets a role.
    Give {
        /// Who.
        member: MemberId,
        /// Which role.
        role: Role,
    },
    /// A member is expelled.
    Expel {
        /// Who.
        member: MemberId,
    },
    /// An account speaks for a member (W4).
    Link {
        /// Which account.
        account: AccountId,
        /// For whom.
        member: MemberId,
    },
    /// Somebody is removed from every group.
    Remove {
        /// Their accounts.
        accounts: Vec<AccountId>,
        /// How they were named.
        name: String,
    },
}

impl Proposed {
    /// What both persons must be allowed to do.
    #[must_use]
    pub const fn act(&self) -> Act {
        match self {
            Self::Give { .. } | Self::Expel { .. } => Act::ChangeMembers,
            Self::Link { .. } => Act::LinkByHand,
            Self::Remove { .. } => Act::Expel,
        }
    }

    /// Whether two people who ask for these ask for the same.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Remove { accounts, .. }, Self::Remove { accounts: also, .. }) => {
                accounts == also
            }
            _ => self == other,
        }
    }

    /// How somebody is called who is removed.
    #[must_use]
    pub fn name_of_removed(&self, account: AccountId) -> String {
        match self {
            Self::Remove { name, .. } => name.clone(),
            _ => format!("#{account}"),
        }
    }

    /// In fixed words, for the audit log.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Give { member, role } => {
                let role = vigie_domain::people::row::role_text(role);
                format!("give {role} to member {member}")
            }
            Self::Expel { member } => format!("expel member {member}"),
            Self::Link { account, member } => {
                format!("link of account {account} to member {member}")
            }
            Self::Remove { accounts, .. } => {
                let accounts: Vec<String> = accounts.iter().map(ToString::to_string).collect();
                format!("remove account {}", accounts.join(", account "))
            }
        }
    }
}

impl Tx<'_> {
    /// The accounts of whom something is about.
    pub(super) async fn accounts_concerned(
        &mut self,
        what: &Proposed,
    ) -> Result<Vec<AccountId>, AppError> {
        Ok(match what {
            Proposed::Give { member, .. } | Proposed::Expel { member } => {
                let bonds = self.bonds_on(member).await?;
                let now = self.now();
                let holds = bonds.into_iter().filter(|bond| bond.holds(now));
                holds.map(|bond| bond.account).collect()
            }
            // Who speaks for the member already may confirm that somebody else does, too.
            Proposed::Link { account, .. } => vec![*account],
            Proposed::Remove { accounts, .. } => accounts.clone(),
        })
    }

    /// What is asked for, in words.
    pub(crate) async fn proposed_say(&mut self, what: &Proposed) -> Result<Say, AppError> {
        Ok(match what {
            Proposed::Give { member, role } => Say::new(Text::SecondGive)
                .with("member", self.member_named(member).await?)
                .with("role", role_word(role)),
            Proposed::Expel { member } => {
                Say::new(Text::SecondExpel).with("member", self.member_named(member).await?)
            }
            Proposed::Link { account, member } => Say::new(Text::SecondLink)
                .with("member", self.member_named(member).await?)
                .with("account", Arg::Text(account.to_string())),
            Proposed::Remove { name, .. } => {
                Say::new(Text::SecondRemove).with("name", Arg::Text(name.clone()))
            }
        })
    }

    /// Two persons agree. `false`: it cannot be done any more.
    pub(super) async fn carry_out(
        &mut self,
        second: &Person,
        place: Place,
        proposal: &Proposal,
    ) -> Result<bool, AppError> {
        match &proposal.what {
            Proposed::Give { member, role } => self.gets_role(member, role).await,
            Proposed::Expel { member } => self.expels(second, place, member, proposal).await,
            Proposed::Link { account, member } => self.linked_by_officers(*account, member).await,
            Proposed::Remove { accounts, .. } => {
                for account in accounts {
                    self.removes(second, place, *account, proposal).await?;
                }
                Ok(true)
            }
        }
    }

    async fn gets_role(&mut self, member: &MemberId, role: &Role) -> Result<bool, AppError> {
        let (now, today) = (self.now(), self.today());
        let found = self.member(member).await?;
        let Some(mut record) = found.filter(|member| member.is_active(now)) else {
            return Ok(false);
        };
        record.mandates.push(Mandate {
            role: role.clone(),
            from: Some(today),
            until: None,
        });
        self.put_member(&record).await?;
        Ok(true)
    }
}
