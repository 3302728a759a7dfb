//! Rules over the years: each due day once, in every zone.

use chrono::TimeDelta;
use chrono_tz::Europe::Paris;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn time(text: &str) -> NaiveTime {
    NaiveTime::parse_from_str(text, "%H:%M").unwrap()
}

fn every(on: Days, at: &str) -> Rule {
    Rule::Every { on, time: time(at) }
}

fn daily(at: &str) -> Rule {
    let on = Days::Each {
        every: 1,
        from: day("2020-01-01"),
    };
    every(on, at)
}

fn dates(rule: &Rule, after: &str, count: usize) -> Vec<String> {
    rule.turns(Paris, at(after), None)
        .take(count)
        .map(|turn| {
            turn.at
                .with_timezone(&Paris)
                .format("%Y-%m-%d %H:%M")
                .to_string()
        })
        .collect()
}

#[test]
fn nights_of_the_clock_change_happen_once() {
    let rule = daily("02:30");
    let cases = [
        // An ordinary night.
        ("2026-11-25T12:00:00+01:00", "2026-11-26T02:30:00+01:00"),
        // Spring: 02:30 does not exist, its end is 03:00.
        ("2027-03-27T12:00:00+01:00", "2027-03-28T03:00:00+02:00"),
        ("2027-03-28T03:00:00+02:00", "2027-03-29T02:30:00+02:00"),
        // Autumn: 02:30 is shown twice, the first counts.
        ("2026-10-24T12:00:00+02:00", "2026-10-25T02:30:00+02:00"),
        ("2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"),
        ("2026-10-25T02:10:00+01:00", "2026-10-26T02:30:00+01:00"),
    ];
    for (after, expected) in cases {
        let next = rule.next(Paris, at(after), None).map(|turn| turn.at);
        assert_eq!(next, Some(at(expected)), "after {after}");
    }
    let odd = |text: &str| Odd::of(Paris, day(text).and_time(time("02:30")));
    assert_eq!(odd("2027-03-28"), Some(Odd::Skipped));
    assert_eq!(odd("2026-10-25"), Some(Odd::Twice));
    assert_eq!(odd("2026-10-26"), None);
}

#[test]
fn months_and_years_that_are_too_short() {
    let last = every(Days::Month(vec![31]), "09:00");
    assert_eq!(
        dates(&last, "2027-12-15T00:00:00Z", 5),
        [
            "2027-12-31 09:00",
            "2028-01-31 09:00",
            "2028-02-29 09:00",
            "2028-03-31 09:00",
            "2028-04-30 09:00"
        ]
    );
    let two = every(Days::Month(vec![30, 31]), "09:00");
    assert_eq!(
        dates(&two, "2027-01-31T12:00:00Z", 3),
        ["2027-02-28 09:00", "2027-03-30 09:00", "2027-03-31 09:00"]
    );
    let leap = every(Days::Year { month: 2, day: 29 }, "09:00");
    assert_eq!(
        dates(&leap, "2026-11-25T00:00:00Z", 3),
        ["2027-02-28 09:00", "2028-02-29 09:00", "2029-02-28 09:00"]
    );
}

#[test]
fn weekdays_of_months_and_of_every_other_week() {
    let first = every(Days::Nth(Nth::From(1), Weekday::Tue), "19:00");
    assert_eq!(
        dates(&first, "2026-11-25T00:00:00Z", 3),
        ["2026-12-01 19:00", "2027-01-05 19:00", "2027-02-02 19:00"]
    );
    let last = every(Days::Nth(Nth::Last, Weekday::Fri), "19:00");
    assert_eq!(
        dates(&last, "2026-11-25T00:00:00Z", 4),
        [
            "2026-11-27 19:00",
            "2026-12-25 19:00",
            "2027-01-29 19:00",
            "2027-02-26 19:00"
        ]
    );
    let other = Days::Week {
        on: vec![Weekday::Tue],
        every: 2,
        from: day("2026-12-01"),
    };
    assert_eq!(
        dates(&every(other, "19:00"), "2026-11-25T00:00:00Z", 3),
        ["2026-12-01 19:00", "2026-12-15 19:00", "2026-12-29 19:00"]
    );
}

#[test]
fn what_comes_once_comes_once() {
    let noon = Rule::Once(day("2026-11-26").and_time(time("12:00")));
    assert_eq!(
        dates(&noon, "2026-11-25T00:00:00Z", 2),
        ["2026-11-26 12:00"]
    );
    assert_eq!(noon.next(Paris, at("2026-11-26T11:00:00Z"), None), None);
    let soon = Rule::At(at("2026-11-26T11:20:00Z"));
    assert!(soon.next(Paris, at("2026-11-26T11:19:59Z"), None).is_some());
    assert_eq!(soon.next(Paris, at("2026-11-26T11:20:00Z"), None), None);
}

/// What is due by brute force: every day that the rule names, whatever the clocks do.
fn expected(on: &Days, from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
    from.iter_days()
        .take_while(|date| *date < to)
        .filter(|date| match on {
            Days::Each { every, from } => {
                (*date - *from).num_days().rem_euclid(i64::from(*every)) == 0
            }
            Days::Week { on, .. } => on.contains(&date.weekday()),
            Days::Month(days) => days.iter().any(|wanted| {
                let length = (28..=31)
                    .rev()
                    .find(|number| date.with_day(*number).is_some());
                date.day() == u32::from(*wanted).min(length.unwrap())
            }),
            Days::Nth(Nth::From(nth), weekday) => {
                date.weekday() == *weekday && (date.day() - 1) / 7 + 1 == u32::from(*nth)
            }
            Days::Nth(Nth::Last, weekday) => {
                date.weekday() == *weekday && (*date + TimeDelta::days(7)).month() != date.month()
            }
            Days::Year { month, day } => {
                let wanted =
                    NaiveDate::from_ymd_opt(date.year(), u32::from(*month), u32::from(*day));
                let before = date.with_day(u32::from(*day) - 1);
                *date
                    == wanted
                        .or(before.filter(|_| date.month() == u32::from(*month)))
                        .unwrap_or_default()
            }
        })
        .collect()
}

/// Follows a rule as the engine does, turn by turn, for ten years.
fn followed(rule: &Rule, zone: Tz, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Turn> {
    let (mut found, mut after, mut last) = (Vec::new(), from, None);
    // The engine asks anew after each turn; a page of turns at a time is the same question.
    loop {
        let page: Vec<Turn> = rule.turns(zone, after, last).take(500).collect();
        for turn in &page {
            if turn.at >= to {
                return found;
            }
            assert!(turn.at > after, "{zone} {turn:?}");
            (after, last) = (turn.at, Some(turn.reading));
            found.push(*turn);
        }
        if page.is_empty() {
            return found;
        }
    }
}

#[test]
fn in_ten_years_of_every_zone_each_due_day_comes_once() {
    let rules = [
        (
            Days::Week {
                on: vec![Weekday::Sat, Weekday::Sun],
                every: 1,
                from: day("2010-01-01"),
            },
            "02:30",
        ),
        (Days::Month(vec![1, 31]), "00:15"),
        (Days::Nth(Nth::Last, Weekday::Sun), "01:30"),
        (Days::Nth(Nth::From(2), Weekday::Sun), "02:00"),
        (Days::Year { month: 2, day: 29 }, "23:59"),
    ];
    // Zones that showed the same on every Monday have the same rules under another name.
    let mut seen = std::collections::HashSet::new();
    for (number, zone) in chrono_tz::TZ_VARIANTS.into_iter().enumerate() {
        let mondays = (0..52 * 30).map(|week| at("2009-01-05T00:00:00Z") + TimeDelta::weeks(week));
        let shown: Vec<NaiveDateTime> = mondays.map(|monday| on_the_wall(zone, monday)).collect();
        if !seen.insert(shown) {
            continue;
        }
        // Ten years in which zones changed sides of the date line, and ten years to come.
        let first = [2009, 2019, 2026].into_iter().cycle().nth(number).unwrap();
        let (from, to) = (
            NaiveDate::from_ymd_opt(first, 1, 1).unwrap(),
            NaiveDate::from_ymd_opt(first + 10, 1, 1).unwrap(),
        );
        let begin = placed(zone, from.and_time(NaiveTime::MIN), false) - TimeDelta::seconds(1);
        let end = placed(zone, to.and_time(NaiveTime::MIN), false);
        let own = (number % 24, number * 7 % 60);
        let daily = Days::Each {
            every: 3 + u16::try_from(number % 9).unwrap(),
            from,
        };
        let own = (daily, format!("{:02}:{:02}", own.0, own.1));
        let all = rules
            .iter()
            .map(|(on, at)| (on.clone(), (*at).to_owned()))
            .chain([own]);
        for (on, at) in all {
            let rule = every(on.clone(), &at);
            let turns = followed(&rule, zone, begin, end);
            let days: Vec<NaiveDate> = turns.iter().map(|turn| turn.reading.date()).collect();
            assert_eq!(days, expected(&on, from, to), "{zone} {on:?} {at}");
            for turn in turns {
                let shown = turn.at.with_timezone(&zone).naive_local();
                match Odd::of(zone, turn.reading) {
                    Some(Odd::Skipped) => assert!(shown > turn.reading, "{zone} {turn:?}"),
                    Some(Odd::Twice) | None => assert_eq!(shown, turn.reading, "{zone}"),
                }
            }
        }
    }
}

proptest::proptest! {
    #[test]
    fn from_any_moment_the_next_turn_is_the_first_one_after_it(
        zone in 0..chrono_tz::TZ_VARIANTS.len(),
        seconds in 1_262_304_000_i64..1_900_000_000,
        minute in 0..1_440_u32,
        day in 1..=31_u8,
    ) {
        let zone = chrono_tz::TZ_VARIANTS[zone];
        let after = DateTime::from_timestamp(seconds, 0).unwrap();
        let time = NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap();
        let rule = Rule::Every { on: Days::Month(vec![day]), time };
        let next = rule.next(zone, after, None).unwrap();
        proptest::prop_assert!(next.at > after);
        let again = rule.next(zone, next.at - TimeDelta::seconds(1), None).unwrap();
        proptest::prop_assert_eq!(again.at, next.at);
        let later = rule.next(zone, next.at, Some(next.reading)).unwrap();
        proptest::prop_assert!(later.reading > next.reading);
    }
}
