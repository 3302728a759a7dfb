//! Windows and recurring times on the wall clock of a place: kept as people say them, and placed in
//! time only when they are needed, so that the nights of the clock change are as long as they are.

mod atoms;
mod read;
mod repeats;
mod rule;
mod spoken;
mod words;

pub use read::{read, read_length};
pub use rule::{Days as RuleDays, Nth, Odd, Rule, Turn, turns};
pub use spoken::{Refusal, Spoken, spoken};

use chrono::{
    DateTime, Datelike as _, Days, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta,
    TimeZone as _, Utc, Weekday,
};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// When something happens, on the wall clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// Once.
    Once {
        /// First reading of the clock.
        from: NaiveDateTime,
        /// The reading at which it ends.
        to: NaiveDateTime,
    },
    /// Every week.
    Weekly {
        /// On these days.
        days: Vec<Weekday>,
        /// First reading of the clock.
        from: NaiveTime,
        /// The reading at which it ends: that of the next day where it is not later.
        to: NaiveTime,
    },
}

/// A stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Its first moment.
    pub from: DateTime<Utc>,
    /// The moment after its last.
    pub to: DateTime<Utc>,
}

impl When {
    /// The first window that ends after `after`: the one that lasts, or the next one.
    #[must_use]
    pub fn next(&self, zone: Tz, after: DateTime<Utc>) -> Option<Window> {
        match self {
            Self::Once { from, to } => {
                Some(window(zone, *from, *to)).filter(|window| window.to > after)
            }
            Self::Weekly { days, from, to } => {
                // A window of yesterday evening may still last.
                let start = after
                    .with_timezone(&zone)
                    .date_naive()
                    .checked_sub_days(Days::new(1))?;
                start
                    .iter_days()
                    .take(10)
                    .filter(|day| days.contains(&day.weekday()))
                    .map(|day| nightly(zone, day, *from, *to))
                    .find(|window| window.to > after)
            }
        }
    }
}

fn nightly(zone: Tz, day: NaiveDate, from: NaiveTime, to: NaiveTime) -> Window {
    let last = if to > from {
        day
    } else {
        day.succ_opt().unwrap_or(day)
    };
    window(zone, day.and_time(from), last.and_time(to))
}

/// From the first time that the clock shows the one reading to the last time that it shows the
/// other: nothing that the words cover is left out.
fn window(zone: Tz, from: NaiveDateTime, to: NaiveDateTime) -> Window {
    Window {
        from: placed(zone, from, false),
        to: placed(zone, to, true),
    }
}

/// The moment of a reading. What spring skips happens at the end of the gap; of what autumn shows
/// twice `last` chooses the second.
#[must_use]
pub fn placed(zone: Tz, reading: NaiveDateTime, last: bool) -> DateTime<Utc> {
    let mut reading = reading;
    // No zone skips more than a day.
    for _ in 0..24 * 60 {
        match zone.from_local_datetime(&reading) {
            MappedLocalTime::Single(at) => return at.with_timezone(&Utc),
            MappedLocalTime::Ambiguous(first, second) => {
                let at = if last { second } else { first };
                return at.with_timezone(&Utc);
            }
            MappedLocalTime::None => reading += TimeDelta::minutes(1),
        }
    }
    reading.and_utc()
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Paris;

    use super::*;

    fn local(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    fn time(text: &str) -> NaiveTime {
        NaiveTime::parse_from_str(text, "%H:%M").unwrap()
    }

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn shown(window: Option<Window>) -> Option<(String, String)> {
        let text = |at: DateTime<Utc>| at.format("%d %H:%MZ").to_string();
        window.map(|window| (text(window.from), text(window.to)))
    }

    fn pair(from: &str, to: &str) -> Option<(String, String)> {
        Some((from.to_owned(), to.to_owned()))
    }

    #[test]
    fn a_window_over_the_clock_change_is_as_long_as_the_night() {
        let once = |from, to| When::Once {
            from: local(from),
            to: local(to),
        };
        let long_ago = utc("2026-01-01T00:00:00Z");
        for (from, to, expected) in [
            // Autumn: the hour from two to three is there twice.
            (
                "2026-10-25 01:30",
                "2026-10-25 03:30",
                pair("24 23:30Z", "25 02:30Z"),
            ),
            (
                "2026-10-25 02:00",
                "2026-10-25 02:30",
                pair("25 00:00Z", "25 01:30Z"),
            ),
            // Spring: it is not there at all.
            (
                "2027-03-28 01:30",
                "2027-03-28 03:30",
                pair("28 00:30Z", "28 01:30Z"),
            ),
            (
                "2027-03-28 02:15",
                "2027-03-28 04:00",
                pair("28 01:00Z", "28 02:00Z"),
            ),
            (
                "2026-11-25 22:00",
                "2026-11-26 01:00",
                pair("25 21:00Z", "26 00:00Z"),
            ),
        ] {
            assert_eq!(
                shown(once(from, to).next(Paris, long_ago)),
                expected,
                "{from}"
            );
        }
        let over = once("2026-10-25 01:30", "2026-10-25 03:30");
        assert_eq!(over.next(Paris, utc("2026-10-25T02:30:00Z")), None);
    }

    #[test]
    fn a_weekly_rule_keeps_its_reading_of_the_clock_all_year() {
        let rule = When::Weekly {
            days: vec![Weekday::Sun],
            from: time("01:30"),
            to: time("03:30"),
        };
        for (after, expected) in [
            ("2026-10-20T00:00:00Z", pair("24 23:30Z", "25 02:30Z")),
            ("2026-10-25T02:29:59Z", pair("24 23:30Z", "25 02:30Z")),
            ("2026-10-25T02:30:00Z", pair("01 00:30Z", "01 02:30Z")),
        ] {
            assert_eq!(shown(rule.next(Paris, utc(after))), expected, "{after}");
        }
        // Over midnight: the window that began yesterday still lasts.
        let night = When::Weekly {
            days: vec![Weekday::Tue],
            from: time("22:00"),
            to: time("04:00"),
        };
        for (after, expected) in [
            ("2026-11-24T12:00:00Z", pair("24 21:00Z", "25 03:00Z")),
            ("2026-11-25T02:00:00Z", pair("24 21:00Z", "25 03:00Z")),
            ("2026-11-25T03:00:00Z", pair("01 21:00Z", "02 03:00Z")),
        ] {
            assert_eq!(shown(night.next(Paris, utc(after))), expected, "{after}");
        }
        let never = When::Weekly {
            days: Vec::new(),
            from: time("01:00"),
            to: time("02:00"),
        };
        assert_eq!(never.next(Paris, utc("2026-11-24T12:00:00Z")), None);
    }
}
