//! People as the cooperative's record knows them: members, and the accounts that speak for them.

mod bond;
mod name;
pub mod read;
pub mod row;

pub use bond::{Bond, Ended, Quality, Way};
pub use name::{fold_email, fold_phone, readable};

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::authz::{Actor, Role};
use crate::{AccountId, EquipmentId, Lang, MemberId, SectorId};

/// What kind of person is a member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MemberKind {
    /// A human being.
    #[default]
    Natural,
    /// A business or an association.
    Business,
    /// A municipality or another local authority.
    LocalAuthority,
}

/// Whether a member still is one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// A member.
    #[default]
    Active,
    /// Left the cooperative.
    Left,
    /// Was expelled.
    Expelled,
    /// Died.
    Deceased,
}

/// A member who keeps their membership and has no rights for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// Since when.
    pub since: DateTime<Utc>,
    /// Until when; `None`: until somebody lifts it.
    #[serde(default)]
    pub until: Option<DateTime<Utc>>,
}

/// A role for a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mandate {
    /// Which role.
    pub role: Role,
    /// Its first day; `None`: it always was.
    #[serde(default)]
    pub from: Option<NaiveDate>,
    /// The first day on which it holds no more; `None`: until it is ended.
    #[serde(default)]
    pub until: Option<NaiveDate>,
}

impl Mandate {
    /// Whether it holds on a day.
    #[must_use]
    pub fn holds(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }
}

/// What somebody agreed to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consents {
    /// Letters about the life of the cooperative.
    #[serde(default)]
    pub newsletter: bool,
    /// Being named in the list that members read.
    #[serde(default)]
    pub directory: bool,
}

/// A member of the record: a person, a business or a local authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Number in the record.
    pub id: MemberId,
    /// First name, the only name shown in groups; of a legal person, a short name.
    pub first_name: String,
    /// Their account on the messenger, as the file of people told it. Who speaks for whom is in
    /// the [`Bond`]s.
    pub account: Option<AccountId>,
    /// The sector that carries their connection.
    pub sector: Option<SectorId>,
    /// What they are in the cooperative, without an end.
    pub roles: BTreeSet<Role>,
    /// Their language, where they chose one.
    pub lang: Option<Lang>,
    /// What kind of person.
    #[serde(default)]
    pub kind: MemberKind,
    /// Last name.
    #[serde(default)]
    pub last_name: String,
    /// Name of the business or local authority.
    #[serde(default)]
    pub organisation: String,
    /// E-mail address on file.
    #[serde(default)]
    pub email: Option<String>,
    /// Telephone number on file.
    #[serde(default)]
    pub phone: Option<String>,
    /// College, by its short name.
    #[serde(default)]
    pub college: Option<String>,
    /// Since when they are a member.
    #[serde(default)]
    pub since: Option<NaiveDate>,
    /// Whether they still are.
    #[serde(default)]
    pub status: Status,
    /// Without rights for a while.
    #[serde(default)]
    pub suspended: Option<Suspension>,
    /// Roles for a time.
    #[serde(default)]
    pub mandates: Vec<Mandate>,
    /// Their connections, and the equipment that carries each, where it is known.
    #[serde(default)]
    pub links: BTreeMap<String, Option<EquipmentId>>,
    /// What they agreed to.
    #[serde(default)]
    pub consents: Consents,
}

impl Member {
    /// A member of whom nothing else is known.
    #[must_use]
    pub fn new(id: MemberId, first_name: &str) -> Self {
        Self {
            id,
            first_name: first_name.to_owned(),
            account: None,
            sector: None,
            roles: BTreeSet::new(),
            lang: None,
            kind: MemberKind::default(),
            last_name: String::new(),
            organisation: String::new(),
            email: None,
            phone: None,
            college: None,
            since: None,
            status: Status::default(),
            suspended: None,
            mandates: Vec::new(),
            links: BTreeMap::new(),
            consents: Consents::default(),
        }
    }

    /// Whether they are a member with rights at this time.
    #[must_use]
    pub fn is_active(&self, now: DateTime<Utc>) -> bool {
        let suspended = self.suspended.as_ref().is_some_and(|suspension| {
            suspension.since <= now && suspension.until.is_none_or(|until| now < until)
        });
        self.status == Status::Active && !suspended
    }

    /// What they are at this time, on this day of the cooperative: nothing for those who are no
    /// members (any more) or are suspended.
    #[must_use]
    pub fn roles_at(&self, now: DateTime<Utc>, today: NaiveDate) -> BTreeSet<Role> {
        if !self.is_active(now) {
            return BTreeSet::new();
        }
        let held = self.mandates.iter().filter(|mandate| mandate.holds(today));
        let mut roles = self.roles.clone();
        roles.extend(held.map(|mandate| mandate.role.clone()));
        roles.insert(Role::Member);
        roles
    }

    /// This person as somebody who wants something.
    #[must_use]
    pub fn actor(&self, now: DateTime<Utc>, today: NaiveDate) -> Actor {
        Actor::with_roles(self.roles_at(now, today))
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod read_tests;
