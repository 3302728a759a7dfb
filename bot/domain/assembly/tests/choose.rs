use proptest::prelude::*;

use super::*;

fn question(places: u64, most: u64, names: &[&str], ties: Ties) -> Choose {
    let among = names.iter().map(|name| Candidate {
        id: (*name).to_owned(),
        name: (*name).to_owned(),
    });
    Choose {
        most,
        places,
        among: among.collect(),
        ties,
    }
}

fn named(each: &[u64], naming: u64) -> Known<Named> {
    Known::Each(vec![Named {
        each: each.to_vec(),
        naming,
        ..Named::default()
    }])
}

fn told(question: &Choose, papers: &Known<Named>) -> Chosen {
    let draw = DrawFrom {
        ballot: "2026-1",
        number: 1,
        urn: "00",
    };
    count_choice(&no_quorum(), &everybody(100, 40), question, papers, draw)
}

#[test]
fn the_most_named_get_the_places() {
    let question = question(2, 2, &["a", "b", "c"], Ties::StatusQuo);
    let told = told(&question, &named(&[3, 1, 2], 4));
    assert_eq!(told.decision, Choice::Complete);
    assert_eq!(told.elected, ["a", "c"]);
    let votes: Vec<_> = told
        .scores
        .iter()
        .map(|one| (one.id.as_str(), one.votes))
        .collect();
    assert_eq!(
        votes,
        [("a", 3), ("c", 2), ("b", 1)],
        "T16, T19: everybody is listed"
    );
}

#[test]
fn t18_a_tie_ends_as_the_rule_says_and_is_shown() {
    let papers = named(&[11, 11, 11], 33);
    let with = |ties| told(&question(1, 1, &["a", "b", "c"], ties), &papers);
    let open = with(Ties::StatusQuo);
    assert_eq!((open.decision, open.elected.len()), (Choice::Incomplete, 0));
    assert_eq!(open.tied, ["a", "b", "c"]);
    let first = with(Ties::FirstListed);
    assert_eq!((first.elected, first.tied.len()), (vec!["a".to_owned()], 3));
    let from = "loto".to_owned();
    let draw = |value: Option<&str>| {
        with(Ties::Draw {
            from: from.clone(),
            value: value.map(str::to_owned),
        })
    };
    assert_eq!(
        draw(None).decision,
        Choice::Incomplete,
        "before the value is known"
    );
    let drawn = draw(Some("7 11 23 31 49"));
    assert_eq!(drawn, draw(Some("7 11 23 31 49")), "the same for anybody");
    // Worked out apart from this code, with another library.
    let seed = "448ea290771fa85717f0d28379dcd87de21a2fba22756f511c7c11f68b18c878";
    assert_eq!(drawn.seed.as_deref(), Some(seed));
    assert_eq!(drawn.elected, ["b"]);
    let winners: std::collections::BTreeSet<_> = (0..40)
        .map(|value| draw(Some(&value.to_string())).elected)
        .collect();
    assert_eq!(winners.len(), 3, "any of them can win");
}

#[test]
fn those_above_a_tie_are_in() {
    let question = question(2, 1, &["a", "b", "c"], Ties::StatusQuo);
    let told = told(&question, &named(&[5, 3, 3], 11));
    assert_eq!(
        (told.elected, told.tied),
        (vec!["a".to_owned()], vec!["b".to_owned(), "c".to_owned()])
    );
}

#[test]
fn a_tie_within_the_places_is_no_tie() {
    let question = question(2, 1, &["a", "b", "c"], Ties::StatusQuo);
    let told = told(&question, &named(&[3, 3, 1], 7));
    assert_eq!((told.decision, told.tied.len()), (Choice::Complete, 0));
}

#[test]
fn nobody_is_elected_without_a_vote() {
    let q = question(2, 1, &["a", "b", "c"], Ties::FirstListed);
    let one = told(&q, &named(&[3, 0, 0], 3));
    assert_eq!(
        (one.decision, one.elected),
        (Choice::Incomplete, vec!["a".to_owned()])
    );
    assert_eq!(
        told(&q, &named(&[0, 0, 0], 0)).decision,
        Choice::NobodyChose
    );
    let single = question(1, 1, &["a"], Ties::StatusQuo);
    assert_eq!(told(&single, &named(&[1], 1)).elected, ["a"], "T22");
}

#[test]
fn weights_decide_where_the_rules_say_so() {
    let mut rules = no_quorum();
    rules.majority.by = CountBy::Colleges;
    let q = question(1, 1, &["a", "b"], Ties::StatusQuo);
    let one = |each: [u64; 2]| Named {
        naming: each[0] + each[1],
        each: each.to_vec(),
        ..Named::default()
    };
    let papers = Known::Each(vec![one([10, 0]), one([10, 30]), one([1, 1]), one([0, 90])]);
    let draw = DrawFrom {
        ballot: "b",
        number: 1,
        urn: "",
    };
    let told = count_choice(&rules, &colleges_2022(), &q, &papers, draw);
    assert_eq!(told.elected, ["a"], "with fewer heads");
    // 40 + 25/4 + 25/2
    assert_eq!(told.scores[0].colleges, Some(part("5875/10000")));
    let together = count_choice(
        &rules,
        &colleges_2022(),
        &q,
        &Known::Together(one([9, 1])),
        draw,
    );
    assert_eq!(
        (together.decision, together.elected.len()),
        (Choice::TooFew, 0)
    );
}

#[test]
fn papers_name_known_ones_once_and_no_more_than_allowed() {
    let q = question(2, 2, &["a", "b", "c"], Ties::StatusQuo);
    let allows = |names: &[&str]| {
        q.allows(
            &names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>(),
        )
    };
    assert!(allows(&["a"]) && allows(&["c", "a"]));
    assert!(!allows(&[]) && !allows(&["a", "a"]) && !allows(&["x"]) && !allows(&["a", "b", "c"]));
}

#[test]
fn choices_that_cannot_be_offered() {
    let faults =
        |places, most, names: &[&str]| question(places, most, names, Ties::StatusQuo).faults();
    assert_eq!(faults(1, 1, &["a"]), []);
    assert_eq!(faults(1, 1, &[]), [BadChoose::Nobody, BadChoose::Numbers]);
    assert_eq!(faults(1, 1, &["a", "a"]), [BadChoose::Names]);
    assert_eq!(faults(0, 1, &["a"]), [BadChoose::Numbers]);
    assert_eq!(faults(1, 2, &["a"]), [BadChoose::Numbers]);
}

proptest! {
    #[test]
    fn nobody_left_out_has_more_than_somebody_elected(each in prop::collection::vec(0_u64..6, 1..8), places in 1_u64..8) {
        let names: Vec<String> = (0..each.len()).map(|at| at.to_string()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let q = question(places.min(each.len() as u64), 1, &names, Ties::FirstListed);
        let told = told(&q, &named(&each, each.iter().sum()));
        let votes = |id: &String| each[id.parse::<usize>().unwrap()];
        let least = told.elected.iter().map(votes).min();
        let most = names.iter().map(|id| (*id).to_owned()).filter(|id| !told.elected.contains(id)).map(|id| votes(&id)).max();
        if let (Some(least), Some(most)) = (least, most) {
            prop_assert!(least >= most);
        }
        prop_assert!(told.elected.len() as u64 <= q.places);
    }
}
