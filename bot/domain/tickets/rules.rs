//! What a cooperative sets about tickets.

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// Rules of tickets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Kinds of groups in which the team works on tickets.
    pub kinds: Vec<String>,
    /// Opening hours after which the team is reminded of a ticket that nobody has taken; empty:
    /// never.
    pub remind_h: Vec<u32>,
    /// When somebody of the team is normally there.
    pub hours: Hours,
    /// Days in which a person may reopen what was resolved; after them it is closed.
    pub reopen_days: u32,
    /// What whoever answers the phone asks after "who": words of ours (`since`, `devices`, `power`,
    /// `changed`, `neighbours`, `site`, `number`), or questions of the cooperative in full.
    pub checklist: Vec<String>,
    /// Tickets that one account may open in a day.
    pub per_day: u32,
    /// As `per_day`, for somebody whom the record does not know.
    pub stranger_per_day: u32,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            kinds: vec!["actifs".to_owned()],
            remind_h: vec![4, 24, 72],
            hours: Hours::default(),
            reopen_days: 14,
            checklist: [
                "since",
                "devices",
                "power",
                "changed",
                "neighbours",
                "site",
                "number",
            ]
            .map(str::to_owned)
            .to_vec(),
            per_day: 5,
            stranger_per_day: 2,
        }
    }
}

/// Opening hours: the same on each of some days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hours {
    /// The days, Monday is 1.
    pub days: Vec<u8>,
    /// Minute of the local day at which they begin.
    pub from: u16,
    /// Minute of the local day at which they end.
    pub until: u16,
}

impl Default for Hours {
    fn default() -> Self {
        Self {
            days: vec![1, 2, 3, 4, 5, 6],
            from: 9 * 60,
            until: 19 * 60,
        }
    }
}

/// How far opening hours are looked for: hours that never come end nowhere.
const HORIZON: TimeDelta = TimeDelta::days(400);

impl Hours {
    fn are_open(&self, weekday: Weekday, minute: u32) -> bool {
        let day = u8::try_from(weekday.number_from_monday()).unwrap_or_default();
        self.days.contains(&day) && u32::from(self.from) <= minute && minute < u32::from(self.until)
    }

    /// Whether somebody is there.
    #[must_use]
    pub fn open_at(&self, zone: Tz, at: DateTime<Utc>) -> bool {
        let local = at.with_timezone(&zone);
        self.are_open(local.weekday(), local.hour() * 60 + local.minute())
    }

    /// The time after so many opening hours from a time on; `None`: that never comes.
    ///
    /// Counted minute by minute, so that a night in which the clocks change is as long as it is.
    #[must_use]
    pub fn after(&self, zone: Tz, from: DateTime<Utc>, hours: u32) -> Option<DateTime<Utc>> {
        let minute = TimeDelta::minutes(1);
        let (mut at, mut left) = (from, i64::from(hours) * 60);
        if self.days.is_empty() || self.from >= self.until {
            return None;
        }
        let end = from + HORIZON;
        while left > 0 && at < end {
            left -= i64::from(self.open_at(zone, at));
            at += minute;
        }
        (left == 0).then_some(at)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;
    use chrono_tz::Europe::Paris;
    use proptest::prelude::*;

    use super::*;

    fn paris(day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
        let local = Paris.with_ymd_and_hms(2026, 11, day, hour, minute, 0);
        local.unwrap().with_timezone(&Utc)
    }

    #[test]
    fn nights_and_sundays_do_not_count() {
        let hours = Hours::default();
        // 24 November 2026 is a Tuesday.
        for (from, count, then) in [
            (paris(24, 14, 0), 4, paris(24, 18, 0)),
            (paris(24, 17, 0), 4, paris(25, 11, 0)),
            (paris(24, 3, 30), 4, paris(24, 13, 0)),
            (paris(28, 18, 0), 2, paris(30, 10, 0)),
            (paris(24, 9, 0), 10, paris(24, 19, 0)),
        ] {
            assert_eq!(hours.after(Paris, from, count), Some(then), "{from}");
        }
    }

    #[test]
    fn hours_that_never_come_end_nowhere() {
        let never = Hours {
            days: Vec::new(),
            ..Hours::default()
        };
        assert_eq!(never.after(Paris, paris(24, 9, 0), 1), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn more_hours_end_later_and_each_ends_with_an_open_minute(
            start in 0..500_000_i64, count in 1..30_u32,
        ) {
            let from = paris(1, 0, 0) - TimeDelta::days(300) + TimeDelta::minutes(start);
            let hours = Hours::default();
            let found = hours.after(Paris, from, count).unwrap();
            prop_assert!(hours.open_at(Paris, found - TimeDelta::minutes(1)));
            let next = hours.after(Paris, from, count + 1).unwrap();
            prop_assert!(next - found >= TimeDelta::hours(1));
            prop_assert!(next - found <= TimeDelta::hours(39), "a Sunday and a night at most");
        }
    }
}
