//! The rules of a ballot. They are frozen when it opens; what is counted afterwards, and how, is
//! read here only.

use serde::{Deserialize, Serialize};

use super::part::{Bar, Part, Reach};

/// What counts: each person as one, or each college by its weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CountBy {
    /// One person, one vote.
    Heads,
    /// Each college adds its weight.
    Colleges,
}

/// What those in favour are compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Base {
    /// For and against.
    Cast,
    /// For, against and blank.
    CastAndBlank,
    /// Everybody who voted or was represented, abstentions included.
    Present,
    /// Everybody who may vote.
    Electorate,
}

/// The weight of a college in which nobody is in the base of a majority.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Silence {
    /// It stays in the whole: it is in favour of nothing.
    InTheWhole,
    /// The whole is what the other colleges weigh.
    LeftOut,
}

/// Who has to take part for a result to be valid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quorum {
    /// How much of the electorate.
    pub bar: Bar,
    /// Which count decides; the other one is shown beside it.
    pub by: CountBy,
    /// Whether members for whom somebody else voted count.
    pub represented: bool,
    /// Whether those who abstain on a question count for it.
    pub abstentions: bool,
}

/// Who has to be in favour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Majority {
    /// How much of the base.
    pub bar: Bar,
    /// Of whom.
    pub base: Base,
    /// Which count decides; the other one is shown beside it.
    pub by: CountBy,
    /// What becomes of the weight of a silent college.
    pub silent: Silence,
}

/// What follows where the quorum is missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnMissed {
    /// A new ballot on the same questions; everybody votes again.
    Repeat,
    /// The debate goes on.
    ReopenDebate,
    /// It ends without a result.
    Close,
}

/// Who learns how somebody voted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Open: members may see names and choices.
    Open,
    /// Discreet: no report shows a choice, and the store keeps no link.
    Discreet,
}

/// The rules of a ballot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Who has to take part; `None`: anybody.
    pub quorum: Option<Quorum>,
    /// Who has to be in favour.
    pub majority: Majority,
    /// What follows where the quorum is missed.
    pub on_missed: OnMissed,
}

impl Default for Rules {
    /// At least half of the members, by heads; then more for than against.
    fn default() -> Self {
        let bar = Bar {
            reach: Reach::AtLeast,
            part: Part::half(),
        };
        Self {
            quorum: Some(Quorum {
                bar,
                by: CountBy::Heads,
                represented: true,
                abstentions: true,
            }),
            majority: Majority {
                bar: Bar::simple(),
                base: Base::Cast,
                by: CountBy::Heads,
                silent: Silence::InTheWhole,
            },
            on_missed: OnMissed::Repeat,
        }
    }
}

/// Why rules cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadRules {
    /// As many for as against would be enough: a tie leaves things as they are.
    TieWouldAdopt,
    /// More than everybody would be needed.
    OutOfReach,
    /// Abstentions of the represented and of the others are not told apart, so not both can be
    /// left out of the quorum.
    QuorumUnclear,
}

impl Rules {
    /// Why they cannot be used; empty: they can.
    #[must_use]
    pub fn faults(&self) -> Vec<BadRules> {
        let mut faults = Vec::new();
        let bar = &self.majority.bar;
        if bar.part < Part::half() || (bar.part == Part::half() && bar.reach == Reach::AtLeast) {
            faults.push(BadRules::TieWouldAdopt);
        }
        let quorum = self.quorum.iter().map(|quorum| &quorum.bar);
        if quorum
            .chain([bar])
            .any(|bar| !bar.reached_by(&Part::whole()))
        {
            faults.push(BadRules::OutOfReach);
        }
        let unclear = |quorum: &Quorum| !quorum.represented && !quorum.abstentions;
        if self.quorum.as_ref().is_some_and(unclear) {
            faults.push(BadRules::QuorumUnclear);
        }
        faults
    }

    /// Whether choices have to be known by college for anything to be decided.
    #[must_use]
    pub fn need_colleges(&self) -> bool {
        let by_turnout = |quorum: &Quorum| quorum.by == CountBy::Colleges && !quorum.abstentions;
        self.majority.by == CountBy::Colleges || self.quorum.as_ref().is_some_and(by_turnout)
    }
}
