use chrono::TimeDelta;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn noon(text: &str) -> DateTime<Utc> {
    day(text).and_hms_opt(12, 0, 0).unwrap().and_utc()
}

#[test]
fn a_mandate_holds_from_its_first_day_to_the_day_before_its_end() {
    let mut member = Member::new("7".into(), "Ana");
    member.mandates.push(Mandate {
        role: Role::Board,
        from: Some(day("2026-01-10")),
        until: Some(day("2026-01-12")),
    });
    let on_board = |text: &str| {
        member
            .roles_at(noon(text), day(text))
            .contains(&Role::Board)
    };
    assert!(!on_board("2026-01-09"));
    assert!(on_board("2026-01-10"));
    assert!(on_board("2026-01-11"));
    assert!(!on_board("2026-01-12"));
}

#[test]
fn who_left_or_is_suspended_has_no_role_at_all() {
    let now = noon("2026-01-10");
    let today = day("2026-01-10");
    let mut member = Member::new("7".into(), "Ana");
    member.roles.insert(Role::Administrator);
    assert_eq!(
        member.roles_at(now, today),
        [Role::Member, Role::Administrator].into()
    );
    for status in [Status::Left, Status::Expelled, Status::Deceased] {
        let gone = Member {
            status,
            ..member.clone()
        };
        assert_eq!(gone.roles_at(now, today), [].into());
    }
    member.suspended = Some(Suspension {
        since: now,
        until: Some(now + TimeDelta::days(2)),
    });
    assert!(member.is_active(now - TimeDelta::seconds(1)));
    assert_eq!(member.roles_at(now, today), [].into());
    assert!(member.is_active(now + TimeDelta::days(2)));
}

#[test]
fn a_bond_gives_nothing_once_it_is_ended_frozen_or_over() {
    let now = noon("2026-01-10");
    let bond = Bond::of_record(AccountId(1), "7".into(), now);
    assert!(bond.holds(now) && bond.may_vote(now));
    let household = Bond {
        quality: Quality::Household,
        ..bond.clone()
    };
    assert!(household.holds(now) && !household.may_vote(now));
    let later = Bond {
        votes_from: now + TimeDelta::hours(48),
        ..bond.clone()
    };
    assert!(later.holds(now) && !later.may_vote(now));
    assert!(later.may_vote(now + TimeDelta::hours(48)));
    let frozen = Bond {
        frozen: Some(now),
        ..bond.clone()
    };
    let over = Bond {
        until: Some(now),
        ..bond.clone()
    };
    let ended = Bond {
        ended: Some(Ended {
            at: now,
            why: "not-me".to_owned(),
        }),
        ..bond
    };
    assert!(!frozen.holds(now) && !over.holds(now) && !ended.holds(now));
}
