//! People as the cooperative's record knows them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::authz::{Actor, Role};
use crate::{AccountId, Lang, MemberId, SectorId};

/// A person of the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Number in the record.
    pub id: MemberId,
    /// First name, the only name shown in groups.
    pub first_name: String,
    /// Their account on the messenger, once it is linked.
    pub account: Option<AccountId>,
    /// The sector that carries their connection.
    pub sector: Option<SectorId>,
    /// What they are in the cooperative.
    pub roles: BTreeSet<Role>,
    /// Their language, where they chose one.
    pub lang: Option<Lang>,
}

impl Member {
    /// This person as somebody who wants something.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::with_roles(self.roles.iter().cloned())
    }
}
