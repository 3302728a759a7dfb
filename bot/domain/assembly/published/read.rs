//! Reading a published file. What is not as it has to be is refused, with its line.

use std::io::{self, BufRead, Read as _};

use super::check::Checks;
use super::head::{FORMAT, Line, Published};

/// Longest line of a file that somebody could have meant.
const LONGEST: u64 = 1 << 20;

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// A line is no JSON of this format; what the parser says.
    Unreadable(String),
    /// The format is another one.
    Format(String),
    /// A line does not stand where its kind belongs, or not in order, or twice.
    Order,
    /// The file ends too early: there is no question.
    Ends,
    /// The rules contradict themselves, or a tie would adopt.
    Rules,
    /// Colleges: no names, the same name twice, weights that are not 100 in all, nobody in one,
    /// or more papers than members.
    Colleges,
    /// A choice with places, names or candidates that do not fit.
    Choose,
    /// A line of votes names a question, a college or a mark that there is not, or no papers.
    Votes,
    /// Papers of a question are not as many as the roll tells, or bear more names than they may.
    Papers {
        /// Of which question.
        question: u64,
        /// In which college; `None`: in all.
        college: Option<String>,
        /// How many.
        papers: u64,
        /// How many there have to be.
        roll: u64,
    },
    /// Receipts are not as many as papers.
    Receipts {
        /// How many.
        receipts: u64,
        /// How many there have to be.
        papers: u64,
    },
    /// A discreet ballot tells the choices of too few.
    Exposed,
    /// Sectors do not add up, or one that is hidden could be worked out.
    Sectors,
}

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Its line; 0: the file as a whole.
    pub line: u64,
    /// What.
    pub why: Why,
}

/// Why a file cannot be used.
#[derive(Debug)]
pub enum Unusable {
    /// It cannot be read.
    Io(io::Error),
    /// It is not as it has to be.
    Fault(Fault),
}

impl From<io::Error> for Unusable {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Published {
    /// Reads a file. Results and digest may be missing; where they stand they are not believed.
    ///
    /// # Errors
    /// The file cannot be read, or is not as it has to be.
    pub fn read(mut file: impl BufRead) -> Result<Self, Unusable> {
        let mut checks: Option<Checks> = None;
        let mut bytes = Vec::new();
        for number in 1.. {
            bytes.clear();
            file.by_ref().take(LONGEST).read_until(b'\n', &mut bytes)?;
            if bytes.is_empty() {
                break;
            }
            let fault = |why| Unusable::Fault(Fault { line: number, why });
            let line: Line = serde_json::from_slice(&bytes)
                .map_err(|error| fault(Why::Unreadable(error.to_string())))?;
            match (&mut checks, line) {
                (Some(checks), line) => checks.take(line).map_err(fault)?,
                (none, Line::Head(head)) if head.format == FORMAT => {
                    *none = Some(Checks::new(*head).map_err(fault)?);
                }
                (_, Line::Head(head)) => return Err(fault(Why::Format(head.format))),
                _ => return Err(fault(Why::Order)),
            }
        }
        let whole = |why| Unusable::Fault(Fault { line: 0, why });
        let checks = checks.ok_or_else(|| whole(Why::Ends))?;
        checks.end().map_err(whole)
    }
}
