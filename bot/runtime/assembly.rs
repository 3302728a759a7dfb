//! `vigie recount`: counts a published ballot again.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use vigie_domain::assembly::{
    Choice, College, Counted, Decision, FORMAT, Kind, Part, Parts, Published, Question, Unusable,
    Verdict, Why,
};
use vigie_domain::text::{Arg, Key, Say};

use super::faults;
use crate::args::Recount;
use crate::console::Console;
use crate::exit::Failure;

/// Counts a published ballot again, tells the results, and writes them where that was asked for.
///
/// # Errors
/// The file cannot be used, or says something else than what follows from its votes.
pub fn recount(console: &Console<'_>, args: &Recount) -> Result<(), Failure> {
    let file = &args.file;
    let told = fs::read(file).map_err(|error| faults::file(file, &error))?;
    let published = Published::read(told.as_slice()).map_err(|error| unusable(file, error))?;
    let mut counted = Vec::new();
    let failed = |error: std::io::Error| faults::file(file, &error);
    published.write(&mut counted).map_err(failed)?;
    show(console, &published);
    if let Some(out) = &args.out {
        write(out, &counted)?;
    }
    match difference(&told, &counted) {
        Difference::None => console.say(&Key::AssemblyRecountSame.into()),
        Difference::Unfinished => console.say(&Key::AssemblyRecountFinished.into()),
        Difference::Line(line) => {
            let say = Say::new(Key::AssemblyRecountDiffers).with("line", number(line));
            return Err(faults::data(file, say));
        }
    }
    Ok(())
}

/// How a file differs from what follows from it.
enum Difference {
    None,
    /// Its results are not all there yet.
    Unfinished,
    /// From this line on.
    Line(u64),
}

fn difference(told: &[u8], counted: &[u8]) -> Difference {
    if told == counted {
        return Difference::None;
    }
    let lines = |bytes| <[u8]>::split_inclusive(bytes, |byte| *byte == b'\n');
    let mut all = lines(told).zip(lines(counted));
    let same = all.by_ref().take_while(|(told, counted)| told == counted);
    let same = same.count();
    let rest = lines(counted).nth(same).unwrap_or_default();
    let ends = lines(told).count() == same;
    let follows: [&[u8]; 2] = [b"{\"result\"", b"{\"sha256\""];
    if ends && follows.iter().any(|start| rest.starts_with(start)) {
        Difference::Unfinished
    } else {
        Difference::Line(same as u64 + 1)
    }
}

/// Writes a file, which appears only when it is complete.
fn write(out: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let folder = match out.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let failed = |error: std::io::Error| faults::folder(folder, &error);
    let mut draft = tempfile::Builder::new()
        .prefix(".vigie-recount-")
        .tempfile_in(folder)
        .map_err(failed)?;
    draft.write_all(bytes).map_err(failed)?;
    draft.as_file().sync_all().map_err(failed)?;
    draft.persist(out).map_err(|error| failed(error.error))?;
    Ok(())
}

fn show(console: &Console<'_>, published: &Published) {
    let head = &published.head;
    let eligible = head.colleges.iter().map(|college| college.eligible).sum();
    console.say(
        &Say::new(Key::AssemblyRecountTitle)
            .with("title", Arg::Text(head.title.clone()))
            .with("ballot", Arg::Text(head.ballot.clone()))
            .with("round", number(head.round))
            .with("papers", number(head.papers()))
            .with("eligible", number(eligible)),
    );
    for counted in published.results() {
        let asked = published.questions.iter();
        let mut asked = asked.filter(|one| one.number == counted.question);
        if let Some(question) = asked.next() {
            question_of(console, &head.colleges, question, &counted);
        }
    }
}

fn question_of(
    console: &Console<'_>,
    colleges: &[College],
    question: &Question,
    counted: &Counted,
) {
    console.say(
        &Say::new(Key::AssemblyRecountQuestion)
            .with("number", number(question.number))
            .with("title", Arg::Text(question.title.clone()))
            .with("decision", Arg::Word(decided(&counted.outcome))),
    );
    let indented = |say: &Say| console.line(&format!("   {}", console.text(say)));
    let several = colleges.len() > 1;
    let turnout = &counted.turnout;
    let heads = turnout.heads.as_ref().map(percent);
    let weighed = turnout.colleges.as_ref().filter(|_| several);
    let said = |key: Key, heads: Say| Say::new(key).with("heads", Arg::Said(Box::new(heads)));
    match (heads, weighed.map(percent)) {
        (Some(heads), Some(weighed)) => indented(
            &said(Key::AssemblyRecountTurnout, heads)
                .with("colleges", Arg::Said(Box::new(weighed))),
        ),
        (Some(heads), None) => indented(&said(Key::AssemblyRecountTurnoutHeads, heads)),
        (None, _) => {}
    }
    if let Some(missing) = turnout.missing.filter(|missing| *missing > 0) {
        indented(&Say::new(Key::AssemblyRecountMissing).with("missing", number(missing)));
    }
    match (&counted.outcome, &question.kind) {
        (
            Verdict::ForOrAgainst {
                heads, colleges, ..
            },
            _,
        ) => {
            if let Some(parts) = heads {
                indented(&parts_of(Key::AssemblyRecountHeads, parts));
            }
            if let Some(parts) = colleges.as_ref().filter(|_| several) {
                let unused = Arg::Said(Box::new(percent(&parts.unused)));
                indented(&parts_of(Key::AssemblyRecountColleges, parts).with("unused", unused));
            }
        }
        (
            Verdict::Choose {
                scores, elected, ..
            },
            Kind::Choose(choose),
        ) => {
            let name = |id: &String| {
                let one = choose.among.iter().find(|one| one.id == *id);
                Arg::Text(one.map_or_else(|| id.clone(), |one| one.name.clone()))
            };
            for score in scores {
                indented(
                    &Say::new(Key::AssemblyRecountScore)
                        .with("name", name(&score.id))
                        .with("votes", number(score.votes)),
                );
            }
            for id in elected {
                indented(&Say::new(Key::AssemblyRecountElected).with("name", name(id)));
            }
        }
        (Verdict::Choose { .. }, _) => {}
    }
}

const fn decided(outcome: &Verdict) -> Key {
    match outcome {
        Verdict::ForOrAgainst { decision, .. } => match decision {
            Decision::Adopted => Key::AssemblyAdopted,
            Decision::Rejected => Key::AssemblyRejected,
            Decision::NoQuorum => Key::AssemblyNoQuorum,
            Decision::NobodyChose => Key::AssemblyNobodyChose,
            Decision::TooFew => Key::AssemblyTooFew,
        },
        Verdict::Choose { decision, .. } => match decision {
            Choice::Complete => Key::AssemblyComplete,
            Choice::Incomplete => Key::AssemblyIncomplete,
            Choice::NoQuorum => Key::AssemblyNoQuorum,
            Choice::NobodyChose => Key::AssemblyNobodyChose,
            Choice::TooFew => Key::AssemblyTooFew,
        },
    }
}

fn parts_of(key: Key, parts: &Parts) -> Say {
    Say::new(key)
        .with("favour", Arg::Said(Box::new(percent(&parts.favour))))
        .with("against", Arg::Said(Box::new(percent(&parts.against))))
}

/// A part, exactly and in percent.
fn percent(part: &Part) -> Say {
    let hundredths = part.hundredths();
    Say::new(Key::AssemblyPart)
        .with("part", Arg::Text(part.to_string()))
        .with("whole", Arg::Text((hundredths / 100).to_string()))
        .with("hundredths", Arg::Text(format!("{:02}", hundredths % 100)))
}

fn number(count: u64) -> Arg {
    Arg::Number(i64::try_from(count).unwrap_or(i64::MAX))
}

fn unusable(file: &Path, error: Unusable) -> Failure {
    let fault = match error {
        Unusable::Io(error) => return faults::file(file, &error),
        Unusable::Fault(fault) => fault,
    };
    let say = match fault.why {
        Why::Unreadable(why) => Say::new(Key::AssemblyFileUnreadable).with("why", Arg::Text(why)),
        Why::Format(format) => Say::new(Key::AssemblyFileFormat)
            .with("format", Arg::Code(format))
            .with("known", Arg::Code(FORMAT.to_owned())),
        Why::Order => Key::AssemblyFileOrder.into(),
        Why::Ends => Key::AssemblyFileEnds.into(),
        Why::Rules => Key::AssemblyFileRules.into(),
        Why::Colleges => Key::AssemblyFileColleges.into(),
        Why::Choose => Key::AssemblyFileChoose.into(),
        Why::Votes => Key::AssemblyFileVotes.into(),
        Why::Papers {
            question,
            college,
            papers,
            roll,
        } => {
            let (asked, found) = (number(question), number(papers));
            match college {
                Some(college) => Say::new(Key::AssemblyFilePapersCollege)
                    .with("question", asked)
                    .with("college", Arg::Name(college))
                    .with("papers", found)
                    .with("roll", number(roll)),
                None => Say::new(Key::AssemblyFilePapers)
                    .with("question", asked)
                    .with("papers", found)
                    .with("roll", number(roll)),
            }
        }
        Why::Receipts { receipts, papers } => Say::new(Key::AssemblyFileReceipts)
            .with("receipts", number(receipts))
            .with("papers", number(papers)),
        Why::Exposed => Key::AssemblyFileExposed.into(),
        Why::Sectors => Key::AssemblyFileSectors.into(),
    };
    let mut failure = faults::data(file, say);
    if fault.line > 0 {
        let place = format!("{}:{}", file.display(), fault.line);
        failure
            .lines
            .iter_mut()
            .for_each(|line| line.0 = Some(place.clone()));
    }
    failure
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_differs_is_named() {
        let line = |told: &str, counted: &str| match difference(told.as_bytes(), counted.as_bytes())
        {
            Difference::None => 0,
            Difference::Unfinished => u64::MAX,
            Difference::Line(line) => line,
        };
        let whole = "a\nb\n{\"result\":1}\n{\"sha256\":2}\n";
        assert_eq!(line(whole, whole), 0);
        assert_eq!(line("a\nb\n", whole), u64::MAX);
        assert_eq!(line("a\nb\n{\"result\":2}\n{\"sha256\":2}\n", whole), 3);
        assert_eq!(
            line("a\nb\n{\"result\":1}\n", whole),
            u64::MAX,
            "without its digest"
        );
        assert_eq!(line("a\n", whole), 2);
        assert_eq!(line("a\nb", whole), 2, "the last line has no end");
        assert_eq!(line(&format!("{whole}x\n"), whole), 5);
    }
}
