use proptest::prelude::*;

use super::*;

fn quorum(by: CountBy) -> Quorum {
    Quorum {
        by,
        ..Rules::default().quorum.unwrap()
    }
}

/// Rules without a quorum, with this majority.
fn majority(bar: Bar, base: Base, by: CountBy) -> Rules {
    let mut rules = no_quorum();
    rules.majority = Majority {
        bar,
        base,
        by,
        silent: Silence::InTheWhole,
    };
    rules
}

#[test]
fn heads_and_weights_on_the_electorate_of_2022() {
    // Voters of each college; in all; hundredths of a percent of heads, of weight; enough?
    let table = [
        ([16, 0, 0, 0], 16, 183, 4_000, false, false),
        ([16, 182, 0, 0], 198, 2_273, 4_995, false, false),
        ([16, 183, 0, 0], 199, 2_284, 5_001, false, true),
        ([16, 0, 58, 0], 74, 849, 4_993, false, false),
        ([16, 0, 59, 0], 75, 861, 5_010, false, true),
        ([16, 0, 0, 252], 268, 3_076, 5_000, false, true),
        ([0, 457, 0, 0], 457, 5_246, 2_500, true, false),
        ([0, 457, 146, 252], 855, 9_816, 6_000, true, true),
        ([16, 419, 0, 0], 435, 4_994, 6_292, false, true),
        ([16, 420, 0, 0], 436, 5_005, 6_297, true, true),
    ];
    for (voted, total, heads, weight, heads_reach, weight_reaches) in table {
        let voted: [u64; 4] = voted;
        let mut colleges = colleges_2022();
        for (college, voted) in colleges.iter_mut().zip(voted) {
            college.voted = voted;
        }
        let none = Known::Each(vec![0; 4]);
        let turnout = Turnout::of(Some(&quorum(CountBy::Heads)), &colleges, &none);
        assert_eq!(turnout.count, total);
        assert_eq!(
            turnout.heads.as_ref().unwrap().hundredths(),
            heads,
            "{voted:?}"
        );
        assert_eq!(
            turnout.colleges.as_ref().unwrap().hundredths(),
            weight,
            "{voted:?}"
        );
        assert_eq!(turnout.heads_reach, Some(heads_reach), "{voted:?}");
        assert_eq!(turnout.colleges_reach, Some(weight_reaches), "{voted:?}");
        assert_eq!(turnout.missing, Some(436_u64.saturating_sub(total)));
        let enough = |by| turnout.is_enough(Some(&quorum(by)));
        assert_eq!(enough(CountBy::Heads), Some(heads_reach));
        assert_eq!(enough(CountBy::Colleges), Some(weight_reaches));
    }
    let mut colleges = colleges_2022();
    (colleges[0].voted, colleges[3].voted) = (16, 252);
    let turnout = Turnout::of(None, &colleges, &Known::Each(vec![0; 4]));
    assert_eq!(turnout.colleges, Some(Part::half()), "exactly at the bar");
    assert_eq!(turnout.is_enough(None), Some(true));
}

#[test]
fn t30_heads_and_colleges_disagree_and_both_are_shown() {
    let all = [
        votes(16, 0, 0, 0),
        votes(100, 157, 0, 0),
        votes(20, 40, 0, 0),
        votes(30, 20, 0, 0),
    ];
    let outcome = |by| {
        count(
            &majority(Bar::simple(), Base::Cast, by),
            &colleges_2022(),
            &Known::Each(all.to_vec()),
        )
    };
    let told = outcome(CountBy::Heads);
    assert_eq!(told.decision, Decision::Rejected);
    let heads = told.heads.unwrap();
    assert_eq!(
        (heads.favour, heads.against),
        (part("166/383"), part("217/383"))
    );
    let colleges = told.colleges.unwrap();
    assert_eq!(colleges.favour, part("49391/77100"));
    assert_eq!(colleges.favour.hundredths(), 6_406);
    assert!(colleges.reached && !heads.reached);
    assert_eq!(outcome(CountBy::Colleges).decision, Decision::Adopted);
}

#[test]
fn t31_the_weight_of_a_silent_college_is_spread_over_nobody() {
    let all = vec![
        votes(16, 0, 0, 0),
        votes(50, 150, 0, 0),
        votes(0, 0, 0, 0),
        votes(10, 40, 0, 0),
    ];
    let mut rules = majority(Bar::simple(), Base::Cast, CountBy::Colleges);
    let told = count(&rules, &colleges_2022(), &Known::Each(all.clone()));
    let parts = told.colleges.unwrap();
    assert_eq!(parts.favour, part("4825/10000"));
    assert_eq!(parts.against, part("2675/10000"));
    assert_eq!(parts.unused, part("25/100"));
    assert_eq!(
        parts.favour.out_of(&Part::whole().minus(&parts.unused)),
        Some(part("193/300"))
    );
    assert_eq!(told.decision, Decision::Rejected);
    rules.majority.silent = Silence::LeftOut;
    assert_eq!(
        count(&rules, &colleges_2022(), &Known::Each(all)).decision,
        Decision::Adopted
    );
}

#[test]
fn the_base_decides_what_a_majority_is() {
    let told = |base| {
        let votes = Known::Each(vec![votes(40, 30, 0, 10)]);
        count(
            &majority(Bar::simple(), base, CountBy::Heads),
            &everybody(100, 80),
            &votes,
        )
    };
    let parts = |base| told(base).heads.unwrap().favour;
    assert_eq!(
        (told(Base::Cast).decision, parts(Base::Cast)),
        (Decision::Adopted, part("40/70"))
    );
    assert_eq!(
        (told(Base::CastAndBlank).decision, parts(Base::CastAndBlank)),
        (Decision::Rejected, part("40/80"))
    );
    assert_eq!(
        (told(Base::Present).decision, parts(Base::Present)),
        (Decision::Rejected, part("40/80"))
    );
    assert_eq!(
        (told(Base::Electorate).decision, parts(Base::Electorate)),
        (Decision::Rejected, part("40/100"))
    );
}

#[test]
fn reports_of_other_tools_with_their_numbers() {
    let simple = |favour, against, abstain, blank| {
        let votes = votes(favour, against, abstain, blank);
        let told = count(
            &no_quorum(),
            &everybody(100, votes.papers()),
            &Known::Each(vec![votes]),
        );
        (told.decision, told.heads.map(|parts| parts.favour))
    };
    assert_eq!(
        simple(1, 0, 1, 0),
        (Decision::Adopted, Some(Part::whole())),
        "T1"
    );
    assert_eq!(simple(0, 0, 3, 0), (Decision::NobodyChose, None), "T15");
    assert_eq!(
        simple(2, 1, 5, 0),
        (Decision::Adopted, Some(part("2/3"))),
        "T29"
    );
    assert_eq!(
        simple(2, 0, 3, 0).0,
        Decision::Adopted,
        "T14: five voters, three of them abstain"
    );
    assert_eq!(
        simple(5, 5, 0, 0).0,
        Decision::Rejected,
        "a tie leaves things as they are"
    );
    assert_eq!(
        simple(0, 0, 0, 4),
        (Decision::NobodyChose, None),
        "blank papers only"
    );
    let thirds = |favour, against| {
        let rules = majority(Bar::at_least(2, 3).unwrap(), Base::Cast, CountBy::Heads);
        count(
            &rules,
            &everybody(100, 0),
            &Known::Each(vec![votes(favour, against, 0, 0)]),
        )
        .decision
    };
    assert_eq!(thirds(6, 3), Decision::Adopted, "T4");
    assert_eq!(thirds(3, 2), Decision::Rejected, "T6");
    assert_eq!(thirds(18, 12), Decision::Rejected, "T6");
    let turnout = |eligible, voted| {
        Turnout::of(None, &everybody(eligible, voted), &Known::Each(vec![0])).heads
    };
    assert_eq!(turnout(3, 3), Some(Part::whole()), "T11");
    assert_eq!(turnout(4, 1), Some(part("1/4")), "T12");
    assert_eq!(turnout(111, 1), Some(part("1/111")), "T10");
    let r18 = Turnout::of(
        Some(&quorum(CountBy::Heads)),
        &everybody(871, 314),
        &Known::Each(vec![0]),
    );
    assert_eq!(
        (r18.missing, r18.heads_reach),
        (Some(122), Some(false)),
        "R18"
    );
}

#[test]
fn p4_the_represented_are_in_both_ends_of_the_fraction() {
    let mut colleges = everybody(5, 3);
    colleges[0].represented = 2;
    let none = Known::Each(vec![0]);
    let turnout = Turnout::of(None, &colleges, &none);
    assert_eq!((turnout.count, turnout.heads), (5, Some(Part::whole())));
    let mut without = quorum(CountBy::Heads);
    without.represented = false;
    assert_eq!(
        Turnout::of(Some(&without), &colleges, &none).heads,
        Some(part("3/5"))
    );
}

#[test]
fn t8_abstentions_are_left_out_of_the_quorum_in_every_figure() {
    let mut rules = Rules::default();
    let quorum = rules.quorum.as_mut().unwrap();
    (quorum.abstentions, quorum.bar) = (false, Bar::at_least(1, 2).unwrap());
    let with = |votes: Known<Votes>| count(&rules, &everybody(10, 6), &votes);
    let told = with(Known::Each(vec![votes(3, 1, 2, 0)]));
    assert_eq!(told.decision, Decision::NoQuorum);
    assert_eq!(told.turnout.count, 4);
    assert_eq!(told.turnout.heads, Some(part("2/5")));
    assert_eq!(told.turnout.colleges, Some(part("2/5")));
    assert_eq!(told.turnout.missing, Some(1));
    let together = with(Known::Together(votes(3, 1, 2, 0)));
    assert_eq!(
        (together.turnout.count, together.turnout.colleges),
        (4, None)
    );
    assert_eq!(
        with(Known::Each(vec![votes(4, 1, 1, 0)])).decision,
        Decision::Adopted
    );
}

#[test]
fn t9_one_more_against_can_bring_the_quorum_and_so_the_adoption() {
    let mut rules = Rules::default();
    rules.quorum.as_mut().unwrap().bar = Bar::at_least(20, 100).unwrap();
    let told = |against| {
        count(
            &rules,
            &everybody(100, 19 + against),
            &Known::Each(vec![votes(19, against, 0, 0)]),
        )
        .decision
    };
    assert_eq!((told(0), told(1)), (Decision::NoQuorum, Decision::Adopted));
}

#[test]
fn nobody_and_one() {
    let of = |eligible, votes: Votes| {
        count(
            &Rules::default(),
            &everybody(eligible, votes.papers()),
            &Known::Each(vec![votes]),
        )
    };
    let nobody = of(0, votes(0, 0, 0, 0));
    assert_eq!(
        (nobody.decision, nobody.turnout.heads),
        (Decision::NoQuorum, None)
    );
    assert_eq!(of(1, votes(1, 0, 0, 0)).decision, Decision::Adopted);
    assert_eq!(of(1, votes(0, 1, 0, 0)).decision, Decision::Rejected);
    assert_eq!(of(1, votes(0, 0, 1, 0)).decision, Decision::NobodyChose);
    assert_eq!(of(1, votes(0, 0, 0, 0)).decision, Decision::NoQuorum);
    assert_eq!(
        of(2, votes(1, 0, 0, 0)).decision,
        Decision::Adopted,
        "quorum reached by one"
    );
    let empty = count(
        &no_quorum(),
        &colleges([0, 4, 4, 4]),
        &Known::Each(vec![
            votes(0, 0, 0, 0),
            votes(4, 0, 0, 0),
            votes(4, 0, 0, 0),
            votes(4, 0, 0, 0),
        ]),
    );
    assert_eq!(empty.turnout.colleges, Some(Part::zero()));
    assert_eq!(empty.colleges.unwrap().unused, part("40/100"));
}

#[test]
fn what_is_needed_by_college_is_not_guessed_from_a_sum() {
    let by_college = majority(Bar::simple(), Base::Cast, CountBy::Colleges);
    let told = count(
        &by_college,
        &colleges_2022(),
        &Known::Together(votes(300, 10, 0, 0)),
    );
    assert_eq!((told.decision, told.colleges), (Decision::TooFew, None));
    let by_heads = count(
        &no_quorum(),
        &colleges_2022(),
        &Known::Together(votes(300, 10, 0, 0)),
    );
    assert_eq!(by_heads.decision, Decision::Adopted);
}

#[test]
fn rules_under_which_a_tie_would_adopt_are_refused() {
    let with = |bar| majority(bar, Base::Electorate, CountBy::Heads).faults();
    assert_eq!(with(Bar::simple()), []);
    assert_eq!(with(Bar::at_least(2, 3).unwrap()), []);
    assert_eq!(with(Bar::at_least(1, 1).unwrap()), [], "everybody");
    assert_eq!(
        with(Bar::at_least(1, 2).unwrap()),
        [BadRules::TieWouldAdopt],
        "T5"
    );
    assert_eq!(
        with(Bar::more_than(1, 3).unwrap()),
        [BadRules::TieWouldAdopt]
    );
    assert_eq!(with(Bar::more_than(1, 1).unwrap()), [BadRules::OutOfReach]);
    let mut rules = Rules::default();
    assert_eq!(rules.faults(), []);
    let quorum = rules.quorum.as_mut().unwrap();
    (quorum.represented, quorum.abstentions) = (false, false);
    assert_eq!(rules.faults(), [BadRules::QuorumUnclear]);
}

fn any_votes() -> impl Strategy<Value = Votes> {
    (0_u64..60, 0_u64..60, 0_u64..20, 0_u64..20).prop_map(|(f, g, a, b)| votes(f, g, a, b))
}

proptest! {
    #[test]
    fn parts_are_within_the_whole_and_one_college_is_as_heads(votes in any_votes(), base in 0..4_usize, absent in 0_u64..50) {
        let base = [Base::Cast, Base::CastAndBlank, Base::Present, Base::Electorate][base];
        let colleges = everybody(votes.papers() + absent, votes.papers());
        let told = count(&majority(Bar::simple(), base, CountBy::Heads), &colleges, &Known::Each(vec![votes]));
        prop_assert_eq!(&told.heads, &told.colleges);
        if let Some(parts) = told.heads {
            prop_assert!(parts.favour.plus(&parts.against) <= Part::whole());
        }
    }

    #[test]
    fn one_more_in_favour_never_turns_adopted_into_rejected(all in prop::array::uniform4(any_votes()), which in 0..4_usize, by_college: bool) {
        let by = if by_college { CountBy::Colleges } else { CountBy::Heads };
        let rules = majority(Bar::simple(), Base::Cast, by);
        let decided = |all: &[Votes; 4]| count(&rules, &colleges([999; 4]), &Known::Each(all.to_vec())).decision;
        let before = decided(&all);
        // A college that was silent starts to weigh, in favour: that helps too.
        let mut more = all;
        more[which].favour += 1;
        prop_assert!(before != Decision::Adopted || decided(&more) == Decision::Adopted);
    }
}
