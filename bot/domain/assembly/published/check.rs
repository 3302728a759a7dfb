//! Whether the lines of a file fit together.

use std::collections::BTreeSet;

use super::head::{Head, Kind, Line, Mark, Marked, Published, Question, Sector};
use super::read::Why;
use crate::assembly::{College, Level};
use crate::turnout::{HIDDEN_BELOW, ROUGH_BELOW, Shown, leaks};

/// A discreet ballot needs so many members who may vote.
pub const DISCREET_FROM_ELIGIBLE: u64 = 10;
/// Choices of a discreet ballot are told of so many papers or more, of a college or of all.
pub const DISCREET_FROM_PAPERS: u64 = 5;

/// A file that is being read.
pub(super) struct Checks {
    published: Published,
    place: u8,
}

impl Checks {
    pub(super) fn new(head: Head) -> Result<Self, Why> {
        if !head.rules.faults().is_empty() {
            return Err(Why::Rules);
        }
        if !colleges_fit(&head.colleges) {
            return Err(Why::Colleges);
        }
        let eligible = head.colleges.iter().map(|one| one.eligible);
        let eligible = eligible.fold(0, u64::saturating_add);
        if head.level == Level::Discreet && eligible < DISCREET_FROM_ELIGIBLE {
            return Err(Why::Exposed);
        }
        let published = Published {
            head,
            questions: Vec::new(),
            votes: Vec::new(),
            receipts: Vec::new(),
            sectors: Vec::new(),
        };
        let place = 1;
        Ok(Self { published, place })
    }

    /// Takes the next line.
    pub(super) fn take(&mut self, line: Line) -> Result<(), Why> {
        let place = line.place();
        if place < self.place || self.place == Line::Sha256(String::new()).place() {
            return Err(Why::Order);
        }
        self.place = place;
        match line {
            Line::Head(_) => Err(Why::Order),
            Line::Question(question) => self.question(question),
            Line::Votes(marked) => self.votes(marked),
            Line::Receipt(receipt) => self.receipt(receipt),
            Line::Sector(sector) => self.sector(sector),
            // Counted anew.
            Line::Result(_) | Line::Sha256(_) => Ok(()),
        }
    }

    fn question(&mut self, question: Question) -> Result<(), Why> {
        let questions = &mut self.published.questions;
        if question.number != questions.len() as u64 + 1 {
            return Err(Why::Order);
        }
        if let Kind::Choose(choose) = &question.kind
            && !choose.faults().is_empty()
        {
            return Err(Why::Choose);
        }
        questions.push(question);
        Ok(())
    }

    fn votes(&mut self, marked: Marked) -> Result<(), Why> {
        let questions = &self.published.questions;
        let question = questions.iter().find(|one| one.number == marked.question);
        let fits = match (question.map(|one| &one.kind), &marked.mark) {
            (Some(Kind::ForOrAgainst | Kind::Choose(_)), Mark::Abstain | Mark::Blank)
            | (Some(Kind::ForOrAgainst), Mark::For | Mark::Against)
            | (Some(Kind::Choose(_)), Mark::Naming) => true,
            (Some(Kind::Choose(choose)), Mark::Named(id)) => {
                choose.among.iter().any(|one| one.id == *id)
            }
            _ => false,
        };
        let college = self.college(&marked);
        if !fits || marked.count == 0 || (marked.college.is_some() && college.is_none()) {
            return Err(Why::Votes);
        }
        if let Some(before) = self.published.votes.last() {
            let place = |one: &Marked| (one.question, self.college(one), one.mark.clone());
            if place(before) >= place(&marked) {
                return Err(Why::Order);
            }
            // All of a question is told by college, or none of it.
            if before.question == marked.question
                && before.college.is_some() != marked.college.is_some()
            {
                return Err(Why::Votes);
            }
        }
        self.published.votes.push(marked);
        Ok(())
    }

    /// The place of its college.
    fn college(&self, marked: &Marked) -> Option<usize> {
        let id = marked.college.as_ref()?;
        let colleges = &self.published.head.colleges;
        colleges.iter().position(|one| one.id == *id)
    }

    fn receipt(&mut self, receipt: String) -> Result<(), Why> {
        let digits = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let receipts = &mut self.published.receipts;
        let grows = receipts.last().is_none_or(|before| *before < receipt);
        if receipt.len() != 64 || !receipt.bytes().all(digits) || !grows {
            return Err(Why::Order);
        }
        receipts.push(receipt);
        Ok(())
    }

    fn sector(&mut self, sector: Sector) -> Result<(), Why> {
        // Members without a sector come last.
        let place = |one: &Sector| (one.sector.is_none(), one.sector.clone());
        let sectors = &mut self.published.sectors;
        if sectors
            .last()
            .is_some_and(|before| place(before) >= place(&sector))
        {
            return Err(Why::Order);
        }
        sectors.push(sector);
        Ok(())
    }

    /// The whole file.
    pub(super) fn end(self) -> Result<Published, Why> {
        let published = self.published;
        if published.questions.is_empty() {
            return Err(Why::Ends);
        }
        let papers = published.head.papers();
        let receipts = published.receipts.len() as u64;
        if receipts != 0 && receipts != papers {
            return Err(Why::Receipts { receipts, papers });
        }
        for question in &published.questions {
            papers_fit(&published, question)?;
        }
        if !sectors_fit(&published) {
            return Err(Why::Sectors);
        }
        Ok(published)
    }
}

fn colleges_fit(colleges: &[College]) -> bool {
    let ids: BTreeSet<_> = colleges.iter().map(|one| one.id.as_str()).collect();
    let weight = colleges.iter().map(|one| one.weight);
    let weight = weight.fold(0, u64::saturating_add);
    ids.len() == colleges.len()
        && !ids.contains("")
        && weight == 100
        && colleges
            .iter()
            .all(|one| one.weight > 0 && one.eligible > 0)
        && colleges.iter().all(|one| one.papers() <= one.eligible)
}

/// Whether the papers of a question are those of the roll.
fn papers_fit(published: &Published, question: &Question) -> Result<(), Why> {
    let head = &published.head;
    let all = published.votes.iter();
    let marks: Vec<&Marked> = all.filter(|one| one.question == question.number).collect();
    let discreet = head.level == Level::Discreet;
    let too_few = |papers: u64| discreet && (1..DISCREET_FROM_PAPERS).contains(&papers);
    if matches!(question.kind, Kind::Withdrawn) {
        return Ok(());
    }
    if too_few(head.papers()) {
        return if marks.is_empty() {
            Ok(())
        } else {
            Err(Why::Exposed)
        };
    }
    let together = marks.iter().any(|one| one.college.is_none());
    let few = head.colleges.iter().any(|one| too_few(one.papers()));
    if few && !together {
        return Err(Why::Exposed);
    }
    let groups: Vec<(Option<&String>, u64)> = if together {
        vec![(None, head.papers())]
    } else {
        let each = head.colleges.iter();
        each.map(|one| (Some(&one.id), one.papers())).collect()
    };
    for (college, roll) in groups {
        let of_it = marks.iter().filter(|one| one.college.as_ref() == college);
        let papers = papers_of(question, of_it.copied());
        if papers != Some(roll) {
            return Err(Why::Papers {
                question: question.number,
                college: college.cloned(),
                papers: papers.unwrap_or_default(),
                roll,
            });
        }
    }
    Ok(())
}

/// How many papers bear these marks; `None`: papers bear more names than they may.
fn papers_of<'m>(question: &Question, marks: impl Iterator<Item = &'m Marked>) -> Option<u64> {
    let (mut papers, mut naming, mut names, mut most) = (0_u64, 0_u64, 0_u64, 0_u64);
    for one in marks {
        match one.mark {
            Mark::Named(_) => {
                names = names.checked_add(one.count)?;
                most = most.max(one.count);
            }
            Mark::Naming => naming = one.count,
            Mark::For | Mark::Against | Mark::Abstain | Mark::Blank => {}
        }
        if !matches!(one.mark, Mark::Named(_)) {
            papers = papers.checked_add(one.count)?;
        }
    }
    let allowed = match &question.kind {
        Kind::Choose(choose) => naming.checked_mul(choose.most)?,
        Kind::ForOrAgainst | Kind::Withdrawn => 0,
    };
    let fits = (naming..=allowed).contains(&names) && most <= naming;
    fits.then_some(papers)
}

/// Whether sectors are those of the roll, and keep what they have to keep.
fn sectors_fit(published: &Published) -> bool {
    let (sectors, head) = (&published.sectors, &published.head);
    if sectors.is_empty() {
        return true;
    }
    let sum = |all: &mut dyn Iterator<Item = u64>| all.fold(0, u64::saturating_add);
    let eligible = sum(&mut sectors.iter().map(|one| one.eligible));
    let electorate = sum(&mut head.colleges.iter().map(|one| one.eligible));
    let bounds = || sectors.iter().map(|one| one.took_part.bounds(one.eligible));
    let (least, most) = (
        sum(&mut bounds().map(|one| one.0)),
        sum(&mut bounds().map(|one| one.1)),
    );
    let shown_well = |one: &Sector| match one.took_part {
        Shown::Count(count) if one.eligible == 0 => count == 0,
        Shown::Count(count) => {
            let rough = one.eligible < ROUGH_BELOW && (count == 0 || count >= one.eligible);
            count <= one.eligible && one.eligible >= HIDDEN_BELOW && !rough
        }
        Shown::AtMostATenth | Shown::AtLeastNineTenths => one.eligible >= HIDDEN_BELOW,
        Shown::Hidden => true,
    };
    let rows = sectors.iter().map(|one| (one.eligible, one.took_part));
    eligible == electorate
        && (least..=most).contains(&head.papers())
        && sectors.iter().all(shown_well)
        && !leaks(rows, head.papers())
}
