//! A choice among several: persons for a council, or variants of a text.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::count::Turnout;
use super::part::Part;
use super::rules::{CountBy, Rules};
use super::tally::{College, Known};

/// Something or somebody that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    /// Short name, without meaning.
    pub id: String,
    /// Name for people.
    pub name: String,
}

/// What becomes of places for which several have exactly as many votes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Ties {
    /// They stay as they are.
    StatusQuo,
    /// The one who stands first on the list gets it: listed by age, for instance.
    FirstListed,
    /// A draw that anybody can repeat.
    Draw {
        /// A public value, named before the ballot opens and known only after it has closed.
        from: String,
        /// That value, once it is known.
        value: Option<String>,
    },
}

/// A question with a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choose {
    /// How many a paper may name.
    pub most: u64,
    /// How many are chosen.
    pub places: u64,
    /// Among whom.
    pub among: Vec<Candidate>,
    /// What becomes of ties.
    pub ties: Ties,
}

/// Why a choice cannot be offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadChoose {
    /// Nobody to choose.
    Nobody,
    /// Two have the same short name, or one has none.
    Names,
    /// No place, more places than candidates, or papers that may name nobody or more than all.
    Numbers,
}

impl Choose {
    /// Why it cannot be offered; empty: it can.
    #[must_use]
    pub fn faults(&self) -> Vec<BadChoose> {
        let mut faults = Vec::new();
        let ids: BTreeSet<_> = self.among.iter().map(|one| one.id.as_str()).collect();
        if self.among.is_empty() {
            faults.push(BadChoose::Nobody);
        }
        if ids.len() != self.among.len() || ids.contains("") {
            faults.push(BadChoose::Names);
        }
        let within = |number: u64| (1..=self.among.len() as u64).contains(&number);
        if !within(self.most) || !within(self.places) {
            faults.push(BadChoose::Numbers);
        }
        faults
    }

    /// Whether a paper may name these: known ones, each once, no more than allowed.
    #[must_use]
    pub fn allows(&self, named: &[String]) -> bool {
        let distinct: BTreeSet<_> = named.iter().collect();
        let known = |id: &String| self.among.iter().any(|one| one.id == *id);
        !named.is_empty()
            && distinct.len() == named.len()
            && named.len() as u64 <= self.most
            && named.iter().all(known)
    }
}

/// Papers on a choice, of one college or of all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// How many name each candidate, in the order of the list.
    pub each: Vec<u64>,
    /// Papers that name somebody.
    pub naming: u64,
    /// Papers that abstain.
    pub abstain: u64,
    /// Blank papers.
    pub blank: u64,
}

impl Named {
    /// No paper yet, for so many candidates.
    #[must_use]
    pub fn none(candidates: usize) -> Self {
        Self {
            each: vec![0; candidates],
            ..Self::default()
        }
    }

    fn add(&mut self, other: &Self) {
        for (sum, more) in self.each.iter_mut().zip(&other.each) {
            *sum = sum.saturating_add(*more);
        }
        self.naming = self.naming.saturating_add(other.naming);
        self.abstain = self.abstain.saturating_add(other.abstain);
        self.blank = self.blank.saturating_add(other.blank);
    }
}

/// How one candidate fared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// Who.
    pub id: String,
    /// On how many papers.
    pub votes: u64,
    /// How much by weight; `None`: choices are not known by college.
    pub colleges: Option<Part>,
}

/// What became of a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// Every place has somebody.
    Complete,
    /// Places stay as they are: of a tie, or because nobody else was named.
    Incomplete,
    /// Too few took part for a valid result.
    NoQuorum,
    /// No paper names anybody.
    NobodyChose,
    /// Choices by college are needed and stay closed.
    TooFew,
}

/// The count of a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// What became of it.
    pub decision: Choice,
    /// Who took part.
    pub turnout: Turnout,
    /// Everybody, most votes first, equal ones in the order of the list.
    pub scores: Vec<Score>,
    /// Who is chosen.
    pub elected: Vec<String>,
    /// Between whom there was a tie for the last places.
    pub tied: Vec<String>,
    /// The seed of the draw that ended it.
    pub seed: Option<String>,
}

/// What a draw is made from, beside the public value.
#[derive(Clone, Copy, Debug)]
pub struct DrawFrom<'a> {
    /// The ballot.
    pub ballot: &'a str,
    /// The question's number.
    pub number: u64,
    /// Digest of its votes as published, in hexadecimal.
    pub urn: &'a str,
}

/// Counts a choice.
#[must_use]
pub fn count_choice(
    rules: &Rules,
    colleges: &[College],
    question: &Choose,
    papers: &Known<Named>,
    draw: DrawFrom<'_>,
) -> Chosen {
    let mut sum = Named::none(question.among.len());
    match papers {
        Known::Each(all) => all.iter().for_each(|named| sum.add(named)),
        Known::Together(named) => sum.add(named),
        Known::Closed => {}
    }
    let abstained = papers.map(|named| named.abstain);
    let quorum = rules.quorum.as_ref();
    let turnout = Turnout::of(quorum, colleges, &abstained);
    let weighted = |at: usize| match papers {
        Known::Together(_) | Known::Closed => None,
        Known::Each(all) => Some(weight_of(colleges, all, at)),
    };
    let mut scores: Vec<Score> = question
        .among
        .iter()
        .zip(&sum.each)
        .enumerate()
        .map(|(at, (one, votes))| Score {
            id: one.id.clone(),
            votes: *votes,
            colleges: weighted(at),
        })
        .collect();
    let by = rules.majority.by;
    scores.sort_by_key(|one| std::cmp::Reverse(rank(by, one)));
    let hidden = papers.hides(rules.need_colleges());
    let enough = turnout.is_enough(quorum).unwrap_or(false);
    let mut chosen = Chosen {
        decision: Choice::TooFew,
        turnout,
        scores,
        elected: Vec::new(),
        tied: Vec::new(),
        seed: None,
    };
    if hidden {
        return chosen;
    }
    if !enough {
        chosen.decision = Choice::NoQuorum;
    } else if sum.naming == 0 {
        chosen.decision = Choice::NobodyChose;
    } else {
        fill(&mut chosen, question, by, draw);
    }
    chosen
}

/// By what candidates are compared.
fn rank(by: CountBy, score: &Score) -> (Option<Part>, u64) {
    match by {
        CountBy::Heads => (None, score.votes),
        CountBy::Colleges => (score.colleges.clone(), 0),
    }
}

/// How much of the weight is for a candidate: of each college, the papers that name them out of
/// those that name anybody.
fn weight_of(colleges: &[College], papers: &[Named], at: usize) -> Part {
    let parts = colleges.iter().zip(papers).filter_map(|(college, named)| {
        let votes = named.each.get(at).copied().unwrap_or(0);
        Some(Part::of(votes, named.naming)?.weighted(college.weight))
    });
    parts.fold(Part::zero(), |sum, part| sum.plus(&part))
}

/// Gives the places, as far as votes and the rule for ties give them.
fn fill(chosen: &mut Chosen, question: &Choose, by: CountBy, draw: DrawFrom<'_>) {
    let places = usize::try_from(question.places).unwrap_or(usize::MAX);
    let named: Vec<&Score> = chosen.scores.iter().filter(|one| one.votes > 0).collect();
    let at_bar = named.get(places.saturating_sub(1)).map(|one| rank(by, one));
    let next = named.get(places).map(|one| rank(by, one));
    let id = |one: &&Score| one.id.clone();
    match at_bar {
        Some(bar) if next.as_ref() == Some(&bar) => {
            let above = named.iter().take_while(|one| rank(by, one) > bar);
            chosen.elected = above.map(id).collect();
            let tied = named.iter().filter(|one| rank(by, one) == bar);
            chosen.tied = tied.map(id).collect();
            let left = places.saturating_sub(chosen.elected.len());
            let mut order = chosen.tied.clone();
            match &question.ties {
                Ties::FirstListed => chosen.elected.extend(order.into_iter().take(left)),
                Ties::Draw { value: Some(v), .. } => {
                    let seed = seed(draw, v);
                    order.sort_by_cached_key(|id| hex(&Sha256::digest(format!("{seed}\n{id}"))));
                    chosen.elected.extend(order.into_iter().take(left));
                    chosen.seed = Some(seed);
                }
                Ties::StatusQuo | Ties::Draw { value: None, .. } => {}
            }
        }
        _ => chosen.elected = named.iter().take(places).map(id).collect(),
    }
    chosen.decision = if chosen.elected.len() == places {
        Choice::Complete
    } else {
        Choice::Incomplete
    };
}

/// The seed of a draw: nobody knows the public value before the urn is closed, and nobody can
/// change the urn afterwards.
fn seed(draw: DrawFrom<'_>, value: &str) -> String {
    let DrawFrom {
        ballot,
        number,
        urn,
    } = draw;
    hex(&Sha256::digest(format!(
        "vigie draw 1\n{ballot}\n{number}\n{urn}\n{value}"
    )))
}

/// Bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
