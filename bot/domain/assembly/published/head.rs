//! What the lines of a published file say.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::assembly::{Choice, Choose, College, Decision, Level, Parts, Rules, Score, Turnout};
use crate::turnout::Shown;

/// The format, as the head names it.
pub const FORMAT: &str = "vigie-ballot-1";

/// The ballot, its rules, and who took part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// [`FORMAT`].
    pub format: String,
    /// The ballot's name.
    pub ballot: String,
    /// Which time it is voted on: the first is 1.
    pub round: u64,
    /// Its title.
    pub title: String,
    /// Who learns how somebody voted.
    pub level: Level,
    /// When it opened.
    pub opened: DateTime<Utc>,
    /// When it closed.
    pub closed: DateTime<Utc>,
    /// Its rules.
    pub rules: Rules,
    /// Digest of the roll as it was frozen.
    pub roll: String,
    /// Who took part, by college.
    pub colleges: Vec<College>,
}

impl Head {
    /// How many papers are in the urn.
    #[must_use]
    pub fn papers(&self) -> u64 {
        let papers = self.colleges.iter().map(College::papers);
        papers.fold(0, u64::saturating_add)
    }
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its number, which no other question ever has.
    pub number: u64,
    /// Its title.
    pub title: String,
    /// What is asked.
    pub kind: Kind,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// For or against.
    ForOrAgainst,
    /// Some of several.
    Choose(Choose),
    /// Nothing any more: it was withdrawn before the vote.
    Withdrawn,
}

/// What a paper bears.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// For it.
    For,
    /// Against it.
    Against,
    /// Neither.
    Abstain,
    /// Nothing.
    Blank,
    /// At least one name.
    Naming,
    /// This name; a paper with several names bears several such marks.
    Named(String),
}

/// How many papers bear a mark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marked {
    /// On which question.
    pub question: u64,
    /// In which college; `None`: in all of them together.
    pub college: Option<String>,
    /// Which mark.
    pub mark: Mark,
    /// How many; never none.
    pub count: u64,
}

/// A sector, as far as it may be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sector {
    /// Its name; `None`: members of whom no sector is known.
    pub sector: Option<String>,
    /// How many may vote.
    pub eligible: u64,
    /// How many took part.
    pub took_part: Shown,
}

/// The count of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    /// Which question.
    pub question: u64,
    /// What became of it.
    pub outcome: Verdict,
    /// Who took part in it.
    pub turnout: Turnout,
}

/// What became of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Of one for or against.
    ForOrAgainst {
        /// Adopted or not.
        decision: Decision,
        /// By heads.
        heads: Option<Box<Parts>>,
        /// By weight.
        colleges: Option<Box<Parts>>,
    },
    /// Of a choice.
    Choose {
        /// Complete or not.
        decision: Choice,
        /// Everybody, most votes first.
        scores: Vec<Score>,
        /// Who is chosen.
        elected: Vec<String>,
        /// Who had as many votes as others for the last places.
        tied: Vec<String>,
        /// The seed of the draw.
        seed: Option<String>,
    },
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Line {
    /// The first.
    Head(Box<Head>),
    /// A question.
    Question(Question),
    /// Papers with a mark.
    Votes(Marked),
    /// Digest of a receipt, in hexadecimal.
    Receipt(String),
    /// A sector.
    Sector(Sector),
    /// The count of a question.
    Result(Box<Counted>),
    /// The last.
    Sha256(String),
}

impl Line {
    /// The place of its kind in the order of lines.
    pub(super) const fn place(&self) -> u8 {
        match self {
            Self::Head(_) => 0,
            Self::Question(_) => 1,
            Self::Votes(_) => 2,
            Self::Receipt(_) => 3,
            Self::Sector(_) => 4,
            Self::Result(_) => 5,
            Self::Sha256(_) => 6,
        }
    }
}

/// A ballot as published, without what follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The ballot.
    pub head: Head,
    /// Its questions.
    pub questions: Vec<Question>,
    /// What papers bear.
    pub votes: Vec<Marked>,
    /// Digests of receipts.
    pub receipts: Vec<String>,
    /// Sectors.
    pub sectors: Vec<Sector>,
}
