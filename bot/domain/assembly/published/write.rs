//! Counting what is published, and writing it.

use std::io::{self, Write};

use sha2::{Digest as _, Sha256};

use super::head::{Counted, Kind, Line, Mark, Marked, Published, Question, Verdict};
use crate::assembly::choose::hex;
use crate::assembly::{
    Choose, Chosen, DrawFrom, Known, Level, Named, Outcome, Votes, count, count_choice,
};

impl Published {
    /// Counts every question that was not withdrawn.
    #[must_use]
    pub fn results(&self) -> Vec<Counted> {
        let asked = self.questions.iter();
        asked.filter_map(|question| self.result(question)).collect()
    }

    fn result(&self, question: &Question) -> Option<Counted> {
        let (rules, colleges) = (&self.head.rules, &self.head.colleges);
        let marks = || {
            self.votes
                .iter()
                .filter(|one| one.question == question.number)
        };
        let (outcome, turnout) = match &question.kind {
            Kind::Withdrawn => return None,
            Kind::ForOrAgainst => {
                let votes = self.known(marks(), Votes::default, add_vote);
                let Outcome {
                    decision,
                    turnout,
                    heads,
                    colleges,
                } = count(rules, colleges, &votes);
                let verdict = Verdict::ForOrAgainst {
                    decision,
                    heads: heads.map(Box::new),
                    colleges: colleges.map(Box::new),
                };
                (verdict, turnout)
            }
            Kind::Choose(choose) => {
                let none = || Named::none(choose.among.len());
                let add = |named: &mut Named, one: &Marked| add_name(choose, named, one);
                let papers = self.known(marks(), none, add);
                let draw = DrawFrom {
                    ballot: &self.head.ballot,
                    number: question.number,
                    urn: &digest(marks()),
                };
                let Chosen {
                    decision,
                    turnout,
                    scores,
                    elected,
                    tied,
                    seed,
                } = count_choice(rules, colleges, choose, &papers, draw);
                let verdict = Verdict::Choose {
                    decision,
                    scores,
                    elected,
                    tied,
                    seed,
                };
                (verdict, turnout)
            }
        };
        Some(Counted {
            question: question.number,
            outcome,
            turnout,
        })
    }

    /// What is known of the papers of a question.
    fn known<'m, T>(
        &self,
        marks: impl Iterator<Item = &'m Marked> + Clone,
        none: impl Fn() -> T,
        add: impl Fn(&mut T, &Marked),
    ) -> Known<T> {
        let closed = marks.clone().next().is_none() && self.head.papers() > 0;
        if closed && self.head.level == Level::Discreet {
            return Known::Closed;
        }
        if marks.clone().any(|one| one.college.is_none()) {
            let mut all = none();
            marks.for_each(|one| add(&mut all, one));
            return Known::Together(all);
        }
        let each = self.head.colleges.iter().map(|college| {
            let mut of_it = none();
            let its = marks.clone();
            let its = its.filter(|one| one.college.as_ref() == Some(&college.id));
            its.for_each(|one| add(&mut of_it, one));
            of_it
        });
        Known::Each(each.collect())
    }

    /// Writes the file; returned is the digest on its last line.
    ///
    /// # Errors
    /// Of the writer.
    pub fn write(&self, out: &mut impl Write) -> io::Result<String> {
        let mut out = Digesting {
            out,
            digest: Sha256::new(),
        };
        out.line(&Line::Head(Box::new(self.head.clone())))?;
        for question in &self.questions {
            out.line(&Line::Question(question.clone()))?;
        }
        for votes in &self.votes {
            out.line(&Line::Votes(votes.clone()))?;
        }
        for receipt in &self.receipts {
            out.line(&Line::Receipt(receipt.clone()))?;
        }
        for sector in &self.sectors {
            out.line(&Line::Sector(sector.clone()))?;
        }
        for counted in self.results() {
            out.line(&Line::Result(Box::new(counted)))?;
        }
        let digest = hex(&out.digest.clone().finalize());
        out.line(&Line::Sha256(digest.clone()))?;
        Ok(digest)
    }
}

/// Writes lines, and remembers their digest.
struct Digesting<'w, W> {
    out: &'w mut W,
    digest: Sha256,
}

impl<W: Write> Digesting<'_, W> {
    fn line(&mut self, line: &Line) -> io::Result<()> {
        let mut bytes = serde_json::to_vec(line)?;
        bytes.push(b'\n');
        self.digest.update(&bytes);
        self.out.write_all(&bytes)
    }
}

/// Digest of the lines of votes of a question, as they are written.
fn digest<'m>(marks: impl Iterator<Item = &'m Marked>) -> String {
    let mut digest = Sha256::new();
    for one in marks {
        digest.update(serde_json::to_vec(&Line::Votes(one.clone())).unwrap_or_default());
        digest.update(b"\n");
    }
    hex(&digest.finalize())
}

fn add_vote(votes: &mut Votes, one: &Marked) {
    let number = match one.mark {
        Mark::For => &mut votes.favour,
        Mark::Against => &mut votes.against,
        Mark::Abstain => &mut votes.abstain,
        Mark::Blank => &mut votes.blank,
        Mark::Naming | Mark::Named(_) => return,
    };
    *number = number.saturating_add(one.count);
}

fn add_name(choose: &Choose, named: &mut Named, one: &Marked) {
    let number = match &one.mark {
        Mark::Abstain => Some(&mut named.abstain),
        Mark::Blank => Some(&mut named.blank),
        Mark::Naming => Some(&mut named.naming),
        Mark::Named(id) => {
            let at = choose
                .among
                .iter()
                .position(|candidate| candidate.id == *id);
            at.and_then(|at| named.each.get_mut(at))
        }
        Mark::For | Mark::Against => None,
    };
    if let Some(number) = number {
        *number = number.saturating_add(one.count);
    }
}
