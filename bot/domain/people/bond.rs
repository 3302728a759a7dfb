//! Which account speaks for which member, in what quality and since when.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{AccountId, MemberId};

/// In what quality an account speaks for a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quality {
    /// It is the member.
    Holder,
    /// It lives with the member: it reads and asks, and never votes.
    Household,
    /// It represents a legal person.
    Representative,
}

impl Quality {
    /// Whether it may act with the rights of the member, and vote for them.
    #[must_use]
    pub const fn is_full(self) -> bool {
        matches!(self, Self::Holder | Self::Representative)
    }
}

/// How the bond was proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// A code sent to the e-mail address on file.
    Email,
    /// The signed-in page of the information system.
    Site,
    /// A code of a letter.
    Letter,
    /// Two administrators.
    Officers,
    /// The file of people.
    Record,
}

/// An end of a bond.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// When.
    pub at: DateTime<Utc>,
    /// Why, in a fixed word such as `not-me`.
    pub why: String,
}

/// An account speaks for a member. An account may have several bonds, and a member too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bond {
    /// Which account.
    pub account: AccountId,
    /// For whom.
    pub member: MemberId,
    /// In what quality.
    pub quality: Quality,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When it was last proved.
    pub proved_at: DateTime<Utc>,
    /// How.
    pub way: Way,
    /// From when on it may vote and hold proxies.
    pub votes_from: DateTime<Utc>,
    /// The end of a representative's mandate, where one is known.
    #[serde(default)]
    pub until: Option<DateTime<Utc>>,
    /// Since when somebody says that it is not theirs: it gives nothing until that is settled.
    #[serde(default)]
    pub frozen: Option<DateTime<Utc>>,
    /// Its end.
    #[serde(default)]
    pub ended: Option<Ended>,
}

impl Bond {
    /// A bond that the file of people tells.
    #[must_use]
    pub const fn of_record(account: AccountId, member: MemberId, at: DateTime<Utc>) -> Self {
        Self {
            account,
            member,
            quality: Quality::Holder,
            since: at,
            proved_at: at,
            way: Way::Record,
            votes_from: at,
            until: None,
            frozen: None,
            ended: None,
        }
    }

    /// Whether it gives anything at this time.
    #[must_use]
    pub fn holds(&self, now: DateTime<Utc>) -> bool {
        self.ended.is_none() && self.frozen.is_none() && self.until.is_none_or(|until| now < until)
    }

    /// Whether it may vote and hold proxies at this time.
    #[must_use]
    pub fn may_vote(&self, now: DateTime<Utc>) -> bool {
        self.holds(now) && self.quality.is_full() && self.votes_from <= now
    }
}
