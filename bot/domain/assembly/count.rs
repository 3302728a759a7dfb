//! The count of one question: who took part, who was in favour, by heads and by college side by
//! side, and what the frozen rules make of it.

use serde::{Deserialize, Serialize};

use super::part::Part;
use super::rules::{Base, CountBy, Majority, Quorum, Rules, Silence};
use super::tally::{BothWays, College, Known, Votes};

/// How many took part, and whether that is enough.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turnout {
    /// How many count for the quorum; `None`: known by college only together with abstentions.
    pub count: u64,
    /// How much of the electorate by heads; `None`: nobody may vote.
    pub heads: Option<Part>,
    /// How much by weight; `None`: it cannot be told without choices by college.
    pub colleges: Option<Part>,
    /// Whether the bar is reached by heads; `None`: there is no bar.
    pub heads_reach: Option<bool>,
    /// Whether the bar is reached by weight.
    pub colleges_reach: Option<bool>,
    /// How many more are needed where heads decide.
    pub missing: Option<u64>,
}

impl Turnout {
    /// Who took part in a question where so many abstained.
    #[must_use]
    pub fn of(quorum: Option<&Quorum>, colleges: &[College], abstained: &Known<u64>) -> Self {
        let represented = quorum.is_none_or(|quorum| quorum.represented);
        let abstentions = quorum.is_none_or(|quorum| quorum.abstentions);
        let counted: Vec<College> = colleges
            .iter()
            .enumerate()
            .map(|(at, college)| {
                let mut counted = college.clone();
                if !represented {
                    counted.represented = 0;
                }
                if let (false, Known::Each(abstained)) = (abstentions, abstained) {
                    let gone = abstained.get(at).copied().unwrap_or(0);
                    counted.voted = counted.papers().saturating_sub(gone);
                    counted.represented = 0;
                }
                counted
            })
            .collect();
        let both = BothWays::of(&counted, College::papers);
        let mut count = counted
            .iter()
            .map(College::papers)
            .fold(0, u64::saturating_add);
        let electorate = electorate(colleges);
        let (mut heads, mut by_weight) = (both.heads, Some(both.colleges));
        if let (false, Known::Together(gone)) = (abstentions, abstained) {
            count = count.saturating_sub(*gone);
            heads = Part::of(count, electorate);
            by_weight = None;
        }
        let reach = |part: &Option<Part>| {
            let bar = &quorum?.bar;
            Some(part.as_ref().is_some_and(|part| bar.reached_by(part)))
        };
        let missing = quorum
            .filter(|quorum| quorum.by == CountBy::Heads)
            .map(|quorum| quorum.bar.needed(electorate).saturating_sub(count));
        Self {
            count,
            heads_reach: reach(&heads),
            colleges_reach: by_weight.as_ref().and(reach(&by_weight)),
            missing,
            heads,
            colleges: by_weight,
        }
    }

    /// Whether enough took part; `None`: it cannot be told.
    #[must_use]
    pub fn is_enough(&self, quorum: Option<&Quorum>) -> Option<bool> {
        match quorum.map(|quorum| quorum.by) {
            None => Some(true),
            Some(CountBy::Heads) => self.heads_reach,
            Some(CountBy::Colleges) => self.colleges_reach,
        }
    }
}

/// How many may vote.
pub(super) fn electorate(colleges: &[College]) -> u64 {
    let eligible = colleges.iter().map(|college| college.eligible);
    eligible.fold(0, u64::saturating_add)
}

/// Parts of a base, by heads or by weight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parts {
    /// For it.
    #[serde(rename = "for")]
    pub favour: Part,
    /// Against it.
    pub against: Part,
    /// Weight of colleges in which nobody is in the base; nothing where heads are counted.
    pub unused: Part,
    /// Whether those in favour reach the bar.
    pub reached: bool,
}

/// What became of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// It is adopted.
    Adopted,
    /// It is not, and things stay as they are.
    Rejected,
    /// Too few took part for a valid result.
    NoQuorum,
    /// Nobody said for or against.
    NobodyChose,
    /// So few took part, in all or in a college whose choices the rules need, that to count them
    /// would be to name them.
    TooFew,
}

/// The count of a question for or against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What became of it.
    pub decision: Decision,
    /// Who took part.
    pub turnout: Turnout,
    /// By heads; `None`: nobody is in the base.
    pub heads: Option<Parts>,
    /// By weight; `None`: nobody is in the base, or choices are not known by college.
    pub colleges: Option<Parts>,
}

/// Counts a question.
#[must_use]
pub fn count(rules: &Rules, colleges: &[College], votes: &Known<Votes>) -> Outcome {
    let abstained = votes.map(|votes| votes.abstain);
    let quorum = rules.quorum.as_ref();
    let turnout = Turnout::of(quorum, colleges, &abstained);
    let sum = votes.sum();
    let heads = by_heads(&rules.majority, electorate(colleges), sum);
    let weighted = match votes {
        Known::Each(all) => by_weight(&rules.majority, colleges, all),
        Known::Together(_) | Known::Closed => None,
    };
    let decided = match rules.majority.by {
        CountBy::Heads => heads.as_ref(),
        CountBy::Colleges => weighted.as_ref(),
    };
    let hidden = votes.hides(rules.need_colleges());
    let decision = match turnout.is_enough(quorum) {
        _ if hidden => Decision::TooFew,
        Some(true) if sum.favour == 0 && sum.against == 0 => Decision::NobodyChose,
        Some(true) if decided.is_some_and(|parts| parts.reached) => Decision::Adopted,
        Some(true) => Decision::Rejected,
        Some(false) | None => Decision::NoQuorum,
    };
    Outcome {
        decision,
        turnout,
        heads,
        colleges: weighted,
    }
}

/// How many are in the base.
fn base(majority: &Majority, eligible: u64, votes: Votes) -> u64 {
    let cast = votes.favour.saturating_add(votes.against);
    match majority.base {
        Base::Cast => cast,
        Base::CastAndBlank => cast.saturating_add(votes.blank),
        Base::Present => votes.papers(),
        Base::Electorate => eligible,
    }
}

fn by_heads(majority: &Majority, eligible: u64, votes: Votes) -> Option<Parts> {
    let base = base(majority, eligible, votes);
    let favour = Part::of(votes.favour, base)?;
    let against = Part::of(votes.against, base)?;
    // A tie stays a tie, whatever the bar says.
    let reached = majority.bar.reached_by(&favour) && favour > against;
    Some(Parts {
        favour,
        against,
        unused: Part::zero(),
        reached,
    })
}

fn by_weight(majority: &Majority, colleges: &[College], votes: &[Votes]) -> Option<Parts> {
    let (mut favour, mut against, mut unused) = (Part::zero(), Part::zero(), Part::zero());
    for (college, votes) in colleges.iter().zip(votes) {
        let base = base(majority, college.eligible, *votes);
        let part = |count| Some(Part::of(count, base)?.weighted(college.weight));
        match (part(votes.favour), part(votes.against)) {
            (Some(more), Some(less)) => {
                favour = favour.plus(&more);
                against = against.plus(&less);
            }
            _ => unused = unused.plus(&Part::whole().weighted(college.weight)),
        }
    }
    let used = Part::whole().minus(&unused);
    let of_used = favour.out_of(&used)?;
    let compared = match majority.silent {
        Silence::InTheWhole => &favour,
        Silence::LeftOut => &of_used,
    };
    let reached = majority.bar.reached_by(compared) && favour > against;
    Some(Parts {
        favour,
        against,
        unused,
        reached,
    })
}
