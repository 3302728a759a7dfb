use proptest::prelude::*;

use super::*;
use crate::assembly::tests::{colleges_2022, part};
use crate::assembly::{Candidate, Choice, Choose, Decision, Level, Rules, Ties};
use crate::turnout::Shown;

fn marked(question: u64, college: &str, mark: Mark, count: u64) -> Marked {
    Marked {
        question,
        college: Some(college.to_owned()),
        mark,
        count,
    }
}

fn question(number: u64, kind: Kind) -> Question {
    Question {
        number,
        title: format!("question {number}"),
        kind,
    }
}

/// The colleges of 2022 with the votes of row T30, a withdrawn question and a choice.
fn sample() -> Published {
    let mut colleges = colleges_2022();
    for (college, (voted, represented)) in
        colleges
            .iter_mut()
            .zip([(16, 0), (250, 7), (60, 0), (50, 0)])
    {
        (college.voted, college.represented) = (voted, represented);
    }
    let head = Head {
        format: FORMAT.to_owned(),
        ballot: "2018-09".to_owned(),
        round: 1,
        title: "Budget".to_owned(),
        level: Level::Open,
        opened: "2018-09-03T06:30:00Z".parse().unwrap(),
        closed: "2018-09-17T18:00:00Z".parse().unwrap(),
        rules: Rules::default(),
        roll: "0".repeat(64),
        colleges,
    };
    let candidate = |id: &str| Candidate {
        id: id.to_owned(),
        name: id.to_uppercase(),
    };
    let choose = Choose {
        most: 2,
        places: 1,
        among: vec![candidate("a"), candidate("b")],
        ties: Ties::StatusQuo,
    };
    let votes = [
        ("vol", vec![(Mark::For, 16)]),
        ("priv", vec![(Mark::For, 100), (Mark::Against, 157)]),
        ("pro", vec![(Mark::For, 20), (Mark::Against, 40)]),
        ("supp", vec![(Mark::For, 30), (Mark::Against, 20)]),
    ];
    let votes = votes.into_iter().flat_map(|(college, marks)| {
        marks
            .into_iter()
            .map(move |(mark, count)| marked(1, college, mark, count))
    });
    let choice = [
        marked(3, "vol", Mark::Blank, 16),
        marked(3, "priv", Mark::Naming, 257),
        marked(3, "priv", Mark::Named("a".to_owned()), 257),
        marked(3, "priv", Mark::Named("b".to_owned()), 100),
        marked(3, "pro", Mark::Abstain, 60),
        marked(3, "supp", Mark::Abstain, 49),
        marked(3, "supp", Mark::Naming, 1),
        marked(3, "supp", Mark::Named("b".to_owned()), 1),
    ];
    let sector = |name: Option<&str>, eligible, took_part| Sector {
        sector: name.map(str::to_owned),
        eligible,
        took_part,
    };
    Published {
        head,
        questions: vec![
            question(1, Kind::ForOrAgainst),
            question(2, Kind::Withdrawn),
            question(3, Kind::Choose(choose)),
        ],
        votes: votes.chain(choice).collect(),
        receipts: (0..383).map(|at| format!("{at:064x}")).collect(),
        sectors: vec![
            sector(Some("avallon"), 300, Shown::Count(120)),
            sector(Some("joigny"), 500, Shown::Count(240)),
            sector(Some("lixy"), 6, Shown::Hidden),
            sector(None, 65, Shown::Hidden),
        ],
    }
}

fn written(published: &Published) -> String {
    let mut out = Vec::new();
    published.write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn read(text: &str) -> Result<Published, Fault> {
    Published::read(text.as_bytes()).map_err(|error| match error {
        Unusable::Fault(fault) => fault,
        Unusable::Io(error) => panic!("{error}"),
    })
}

/// What is wrong with the sample after a change.
fn why(change: impl FnOnce(&mut Published)) -> Option<Why> {
    let mut changed = sample();
    change(&mut changed);
    read(&written(&changed)).err().map(|fault| fault.why)
}

#[test]
fn what_is_written_is_read_and_written_again_alike() {
    let text = written(&sample());
    let again = read(&text).unwrap();
    assert_eq!(again, sample());
    assert_eq!(written(&again), text);
    let results = again.results();
    assert_eq!(results.len(), 2, "the withdrawn question has none");
    let Verdict::ForOrAgainst {
        decision, colleges, ..
    } = &results[0].outcome
    else {
        panic!("the first is for or against");
    };
    // 383 of 871: no quorum, and the figures are there all the same.
    assert_eq!(*decision, Decision::NoQuorum);
    assert_eq!(colleges.as_ref().unwrap().favour, part("49391/77100"));
    assert_eq!(results[0].turnout.missing, Some(53));
}

#[test]
fn the_form_of_the_file_never_changes() {
    let mut small = sample();
    small.receipts.clear();
    let digest = written(&small).lines().last().unwrap().to_owned();
    let expected = include_str!("golden.jsonl");
    assert_eq!(written(&small), expected, "{digest}");
}

#[test]
fn what_the_file_says_of_its_results_is_not_believed() {
    let text = written(&sample());
    let forged = text.replacen("no-quorum", "adopted", 1);
    assert_ne!(forged, text);
    assert_eq!(written(&read(&forged).unwrap()), text);
    let unfinished: String = text
        .lines()
        .filter(|line| !line.starts_with("{\"result\"") && !line.starts_with("{\"sha256\""))
        .map(|line| format!("{line}\n"))
        .collect();
    assert_eq!(written(&read(&unfinished).unwrap()), text, "they are added");
}

#[test]
fn a_vote_more_or_less_is_found() {
    let papers = |college: &str, papers, roll| {
        Some(Why::Papers {
            question: 1,
            college: Some(college.to_owned()),
            papers,
            roll,
        })
    };
    assert_eq!(why(|all| all.votes[0].count = 17), papers("vol", 17, 16));
    assert_eq!(why(|all| all.votes[1].count = 99), papers("priv", 256, 257));
    assert_eq!(why(|all| drop(all.votes.remove(0))), papers("vol", 0, 16));
    let fewer = |all: &mut Published| {
        all.head.colleges[0].voted = 15;
        all.receipts.pop();
    };
    assert_eq!(why(fewer), papers("vol", 16, 15));
    assert_eq!(
        why(|all| all.votes[1].count = u64::MAX),
        papers("priv", 0, 257),
        "no overflow"
    );
    let receipts = |receipts| {
        Some(Why::Receipts {
            receipts,
            papers: 383,
        })
    };
    assert_eq!(why(|all| drop(all.receipts.pop())), receipts(382));
}

#[test]
fn papers_that_bear_too_many_names_are_found() {
    let at =
        |all: &Published, mark: &Mark| all.votes.iter().position(|one| one.mark == *mark).unwrap();
    let b = Mark::Named("b".to_owned());
    let more = |count: u64| {
        why(|all| {
            let at = at(all, &b);
            all.votes[at].count = count;
        })
    };
    assert_eq!(more(257), None, "each paper names both");
    assert!(
        matches!(more(258), Some(Why::Papers { question: 3, .. })),
        "more papers than there are"
    );
    let one_name = why(|all| {
        let Kind::Choose(choose) = &mut all.questions[2].kind else {
            return;
        };
        choose.most = 1;
    });
    assert!(matches!(one_name, Some(Why::Papers { question: 3, .. })));
}

#[test]
fn what_does_not_fit_is_found() {
    type Change = fn(&mut Published);
    let table: &[(Change, Why)] = &[
        (
            |all| all.head.format = "x".to_owned(),
            Why::Format("x".to_owned()),
        ),
        (
            |all| all.head.rules.majority.bar = crate::assembly::Bar::at_least(1, 2).unwrap(),
            Why::Rules,
        ),
        (|all| all.head.colleges[0].weight = 41, Why::Colleges),
        (
            |all| all.head.colleges[0].id = "priv".to_owned(),
            Why::Colleges,
        ),
        (|all| all.head.colleges[1].eligible = 256, Why::Colleges),
        (|all| all.head.colleges.clear(), Why::Colleges),
        (|all| all.questions.clear(), Why::Votes),
        (|all| all.questions[1].number = 3, Why::Order),
        (|all| all.questions[0].number = 0, Why::Order),
        (
            |all| all.votes[0].college = Some("x".to_owned()),
            Why::Votes,
        ),
        (|all| all.votes[0].college = None, Why::Votes),
        (|all| all.votes[0].question = 2, Why::Votes),
        (|all| all.votes[0].question = 9, Why::Votes),
        (|all| all.votes[0].mark = Mark::Naming, Why::Votes),
        (|all| all.votes[0].count = 0, Why::Votes),
        (|all| all.votes.swap(1, 2), Why::Order),
        (|all| all.votes[1] = all.votes[0].clone(), Why::Order),
        (|all| all.receipts.swap(1, 2), Why::Order),
        (|all| all.receipts[1] = all.receipts[0].clone(), Why::Order),
        (|all| all.receipts[0] = "X".repeat(64), Why::Order),
        (|all| all.sectors.swap(0, 1), Why::Order),
        (|all| all.sectors[0].eligible = 301, Why::Sectors),
        (
            |all| all.sectors[0].took_part = Shown::Count(301),
            Why::Sectors,
        ),
        (
            |all| all.sectors[2].took_part = Shown::Count(3),
            Why::Sectors,
        ),
        (
            |all| all.sectors[3].took_part = Shown::Count(20),
            Why::Sectors,
        ),
    ];
    for (at, (change, expected)) in table.iter().enumerate() {
        assert_eq!(why(change), Some(expected.clone()), "row {at}");
    }
}

#[test]
fn text_that_is_no_such_file_is_refused_with_its_line() {
    let fault = |text: &str| read(text).unwrap_err();
    assert_eq!(
        fault(""),
        Fault {
            line: 0,
            why: Why::Ends
        }
    );
    assert!(matches!(fault("\n").why, Why::Unreadable(_)));
    assert!(matches!(fault("{\"receipt\":\"\"}\n").why, Why::Order));
    let text = written(&sample());
    let unknown = text.replacen("\"round\":1", "\"round\":1,\"more\":2", 1);
    assert!(
        matches!(fault(&unknown).why, Why::Unreadable(_)),
        "nothing is passed over"
    );
    let twice = format!("{text}{}", text.lines().last().unwrap());
    assert_eq!(fault(&twice).why, Why::Order);
    let head = text.lines().next().unwrap();
    assert_eq!(
        fault(&format!("{head}\n{head}\n")),
        Fault {
            line: 2,
            why: Why::Order
        }
    );
    let long = format!("{head}\n\"{}\"\n", "x".repeat(2 << 20));
    assert!(matches!(
        fault(&long),
        Fault {
            line: 2,
            why: Why::Unreadable(_)
        }
    ));
}

/// A discreet ballot of one question, of which these took part in each college.
fn discreet(voted: [u64; 4], together: bool) -> Published {
    let mut ballot = sample();
    ballot.head.level = Level::Discreet;
    ballot.questions.truncate(1);
    ballot.receipts.clear();
    ballot.sectors.clear();
    for (college, voted) in ballot.head.colleges.iter_mut().zip(voted) {
        (college.voted, college.represented) = (voted, 0);
    }
    let each = ballot.head.colleges.iter().filter(|one| one.voted > 0);
    ballot.votes = each
        .map(|one| marked(1, &one.id, Mark::For, one.voted))
        .collect();
    if together {
        ballot.votes = vec![Marked {
            question: 1,
            college: None,
            mark: Mark::For,
            count: voted.iter().sum(),
        }];
    }
    ballot
}

fn decided(ballot: &Published) -> Result<Decision, Why> {
    let ballot = read(&written(ballot)).map_err(|fault| fault.why)?;
    match ballot.results().remove(0).outcome {
        Verdict::ForOrAgainst { decision, .. } => Ok(decision),
        Verdict::Choose { .. } => panic!("for or against"),
    }
}

#[test]
fn a_discreet_ballot_never_tells_the_choices_of_few() {
    assert_eq!(
        decided(&discreet([16, 400, 20, 4], false)),
        Err(Why::Exposed)
    );
    assert_eq!(
        decided(&discreet([16, 400, 20, 4], true)),
        Ok(Decision::Adopted)
    );
    assert_eq!(
        decided(&discreet([16, 400, 20, 0], false)),
        Ok(Decision::Adopted),
        "none are not few"
    );
    assert_eq!(
        decided(&discreet([1, 3, 0, 0], true)),
        Err(Why::Exposed),
        "A9"
    );
    let mut closed = discreet([1, 3, 0, 0], true);
    closed.votes.clear();
    assert_eq!(decided(&closed), Ok(Decision::TooFew));
    let mut weighed = discreet([16, 400, 20, 4], true);
    weighed.head.rules.majority.by = crate::assembly::CountBy::Colleges;
    assert_eq!(decided(&weighed), Ok(Decision::TooFew));
    let mut small = discreet([0, 0, 0, 0], false);
    small.head.colleges = crate::assembly::tests::everybody(9, 0);
    assert_eq!(decided(&small), Err(Why::Exposed), "nine members");
    small.head.level = Level::Open;
    assert_eq!(decided(&small), Ok(Decision::NoQuorum));
}

#[test]
fn a_choice_is_counted_from_what_its_papers_bear() {
    let mut ballot = sample();
    ballot.head.rules.quorum = None;
    let Verdict::Choose {
        decision,
        scores,
        elected,
        ..
    } = ballot.results().remove(1).outcome
    else {
        panic!("a choice");
    };
    assert_eq!(
        (decision, elected),
        (Choice::Complete, vec!["a".to_owned()])
    );
    let votes: Vec<_> = scores
        .iter()
        .map(|one| (one.id.as_str(), one.votes))
        .collect();
    assert_eq!(votes, [("a", 257), ("b", 101)]);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = written(&sample()).into_bytes();
        for (at, byte) in changes {
            *at.get_mut(&mut bytes) = byte;
        }
        if let Ok(published) = Published::read(bytes.as_slice()) {
            let text = written(&published);
            prop_assert_eq!(written(&read(&text).unwrap()), text);
        }
    }
}
