use proptest::prelude::*;

use super::*;

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_525_200 + minute * 60, 0).unwrap()
}

fn ticket() -> Ticket {
    Ticket {
        number: TicketId(1),
        state: State::New,
        subject: "plus d'internet".to_owned(),
        category: Category::Outage,
        sector: None,
        equipment: None,
        member: None,
        account: Some(AccountId(5)),
        name: "Ana".to_owned(),
        phone: None,
        origin: Origin::Chat,
        outage: None,
        merged_into: None,
        owner: None,
        watchers: BTreeSet::new(),
        opened_at: at(0),
        changed_at: at(0),
        resolved_at: None,
        lines: 1,
        files: 0,
        team: None,
        rated: false,
        reopened: 0,
        call_back: false,
        reminded: 0,
    }
}

fn owner(account: i64) -> Owner {
    Owner {
        account: AccountId(account),
        name: format!("n{account}"),
        since: at(1),
    }
}

fn any_move() -> impl Strategy<Value = Move> {
    prop_oneof![
        (1..4_i64).prop_map(|one| Move::Take(owner(one))),
        (1..4_i64).prop_map(|one| Move::TakeOver(owner(one))),
        Just(Move::Answer),
        Just(Move::AskMember),
        Just(Move::AskField),
        Just(Move::MemberWrites),
        Just(Move::Resolve),
        Just(Move::Close),
        Just(Move::Reopen),
    ]
}

#[test]
fn one_takes_it_and_the_second_is_told() {
    let mut one = ticket();
    one.moved(&Move::Take(owner(1)), at(1)).unwrap();
    assert_eq!(one.state, State::Taken);
    let second = one.moved(&Move::Take(owner(2)), at(2));
    assert_eq!(second, Err(Refused::TakenAlready));
    assert!(one.is_of(AccountId(1)));
    one.moved(&Move::TakeOver(owner(2)), at(3)).unwrap();
    assert!(one.is_of(AccountId(2)));
}

#[test]
fn the_life_of_a_ticket() {
    let mut one = ticket();
    let life = [
        (Move::Take(owner(1)), State::Taken),
        (Move::AskMember, State::WaitsForMember),
        (Move::MemberWrites, State::Taken),
        (Move::AskField, State::WaitsForField),
        (Move::MemberWrites, State::WaitsForField),
        (Move::Resolve, State::Resolved),
        (Move::Reopen, State::Reopened),
        (Move::Take(owner(2)), State::Taken),
        (Move::Resolve, State::Resolved),
        (Move::Close, State::Closed),
    ];
    for (step, state) in life {
        one.moved(&step, at(1)).unwrap();
        assert_eq!(one.state, state, "{step:?}");
    }
    assert_eq!(one.moved(&Move::Answer, at(2)), Err(Refused::Over));
    assert_eq!(one.reopened, 1);
}

#[test]
fn what_was_merged_is_a_pointer_and_moves_no_more() {
    let mut one = ticket();
    one.merged_into = Some(TicketId(2));
    assert_eq!(one.moved(&Move::Close, at(1)), Err(Refused::Merged));
}

#[test]
fn subjects_are_a_line_and_end_at_a_word() {
    assert_eq!(
        subject("  plus  d'internet\ndepuis hier"),
        "plus d'internet"
    );
    assert_eq!(subject(" \n\n"), "");
    let long = "mot ".repeat(50);
    let short = subject(&long);
    assert!(short.ends_with("mot…"), "{short}");
    assert!(short.chars().count() <= 80);
    assert_eq!(subject(&"a".repeat(300)).chars().count(), 80);
}

proptest! {
    #[test]
    fn whatever_happens_the_record_agrees_with_itself(steps in prop::collection::vec(any_move(), 0..40)) {
        let mut one = ticket();
        for (minute, step) in (1..).zip(steps) {
            let before = one.clone();
            match one.moved(&step, at(minute)) {
                Ok(()) => prop_assert_eq!(one.changed_at, at(minute)),
                // A refused move changes nothing.
                Err(_) => prop_assert_eq!(&one, &before),
            }
            prop_assert!(!matches!(one.state, State::Taken) || one.owner.is_some() || before.owner.is_none());
            prop_assert_eq!(one.state == State::Resolved, one.state == State::Resolved && one.resolved_at.is_some());
            if let (Move::Take(_), Some(had)) = (&step, &before.owner)
                && !before.state.waits_for_taking()
            {
                prop_assert_eq!(Some(had), one.owner.as_ref(), "nobody is robbed by a plain take");
            }
        }
    }

    #[test]
    fn a_subject_is_never_longer_than_its_limit(text in "\\PC{0,300}") {
        prop_assert!(subject(&text).chars().count() <= 80);
        prop_assert!(!subject(&text).contains('\n'));
    }
}
