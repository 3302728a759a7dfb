//! What is counted: figures of the roll by college, and votes.

use serde::{Deserialize, Serialize};

use super::part::Part;

/// A college, and how many of it took part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct College {
    /// Its short name.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Its weight in percent.
    pub weight: u64,
    /// How many may vote.
    pub eligible: u64,
    /// How many voted themselves.
    pub voted: u64,
    /// For how many somebody else voted.
    pub represented: u64,
}

impl College {
    /// How many papers it has in the urn.
    #[must_use]
    pub fn papers(&self) -> u64 {
        self.voted.saturating_add(self.represented)
    }
}

/// Papers on one question of the kind "for or against".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Votes {
    /// For it.
    pub favour: u64,
    /// Against it.
    pub against: u64,
    /// Neither, and said so.
    pub abstain: u64,
    /// Blank.
    pub blank: u64,
}

impl Votes {
    /// All papers.
    #[must_use]
    pub fn papers(&self) -> u64 {
        [self.favour, self.against, self.abstain, self.blank]
            .into_iter()
            .fold(0, u64::saturating_add)
    }

    fn plus(self, other: Self) -> Self {
        Self {
            favour: self.favour.saturating_add(other.favour),
            against: self.against.saturating_add(other.against),
            abstain: self.abstain.saturating_add(other.abstain),
            blank: self.blank.saturating_add(other.blank),
        }
    }
}

/// Something known for each college, in their order, or for all of them together only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known<T> {
    /// For each.
    Each(Vec<T>),
    /// Together.
    Together(T),
    /// Not at all: so few voted that to count them would be to name them.
    Closed,
}

impl<T> Known<T> {
    /// The same of something else.
    #[must_use]
    pub fn map<U>(&self, of: impl Fn(&T) -> U) -> Known<U> {
        match self {
            Self::Each(all) => Known::Each(all.iter().map(of).collect()),
            Self::Together(one) => Known::Together(of(one)),
            Self::Closed => Known::Closed,
        }
    }

    /// Whether a decision has to wait for what is not known.
    #[must_use]
    pub fn hides(&self, needs_colleges: bool) -> bool {
        match self {
            Self::Each(_) => false,
            Self::Together(_) => needs_colleges,
            Self::Closed => true,
        }
    }
}

impl Known<Votes> {
    /// Over all colleges.
    #[must_use]
    pub fn sum(&self) -> Votes {
        match self {
            Self::Each(all) => all.iter().copied().fold(Votes::default(), Votes::plus),
            Self::Together(votes) => *votes,
            Self::Closed => Votes::default(),
        }
    }
}

/// How much of the electorate something is, by heads and by weight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BothWays {
    /// One person, one vote; `None`: nobody may vote.
    pub heads: Option<Part>,
    /// Each college by its weight; a college without members adds nothing.
    pub colleges: Part,
}

impl BothWays {
    /// So many of each college out of so many.
    #[must_use]
    pub fn of(colleges: &[College], count: impl Fn(&College) -> u64) -> Self {
        let sum = |count: &dyn Fn(&College) -> u64| {
            colleges.iter().map(count).fold(0, u64::saturating_add)
        };
        let weighted = colleges.iter().filter_map(|college| {
            Some(Part::of(count(college), college.eligible)?.weighted(college.weight))
        });
        Self {
            heads: Part::of(sum(&count), sum(&|college| college.eligible)),
            colleges: weighted.fold(Part::zero(), |sum, part| sum.plus(&part)),
        }
    }
}
