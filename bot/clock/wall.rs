//! Recurring times on the wall clock of a place.

use chrono::{DateTime, Days, Utc};
use chrono_tz::Tz;
use cron::Schedule;
use vigie_domain::calendar::placed;

/// The next time after `after` at which the wall clock of `zone` shows what `rule` asks for.
///
/// The rule is followed on the wall clock alone and the time found is then placed in the zone:
/// what falls into the hour that spring skips happens at its end, what autumn shows twice happens
/// the first time. A rule is never followed twice for one reading of the clock.
#[must_use]
pub fn next(rule: &Schedule, zone: Tz, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let wall = after.with_timezone(&zone).naive_local();
    // Autumn turns the clock back: a reading before `after` on the wall can still lie ahead.
    let from = wall.checked_sub_days(Days::new(1))?;
    rule.after(&from.and_utc())
        .map(|reading| placed(zone, reading.naive_utc(), false))
        .take(MOST_READINGS)
        .find(|at| *at > after)
}

/// Readings of one day that are looked at: one a second.
const MOST_READINGS: usize = 2 * 86_400;

#[cfg(test)]
mod tests {
    use std::str::FromStr as _;

    use chrono_tz::Europe::Paris;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    #[test]
    fn nights_of_the_clock_change_happen_once() {
        let rule = Schedule::from_str("0 30 2 * * *").unwrap();
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
            assert_eq!(
                next(&rule, Paris, at(after)),
                Some(at(expected)),
                "after {after}"
            );
        }
    }
}
