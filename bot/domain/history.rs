//! What is kept of outages, and what can be counted from it: days, availability, means.
//!
//! Counts are exact: whole seconds, and hundredths of a percent rounded so that only what was
//! never down is told to have been up all the time.

mod days;

pub use days::{Day, DayState, Shade, Strip, availability, last_days, midnight, wall};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::alert::{Severity, Taken};
use crate::{EquipmentId, SectorId};

/// Most stretches kept of one outage; further ones prolong the last.
const MOST_STRETCHES: usize = 32;
/// How much longer than what covers it an outage may be and still be part of it.
pub const COVER_SLACK: TimeDelta = TimeDelta::seconds(300);

/// One outage of a piece of equipment, from its first alert to the end of its last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Episode {
    /// Which equipment.
    pub equipment: EquipmentId,
    /// Its name at that time.
    pub name: String,
    /// The sector that answered for it.
    pub sector: Option<SectorId>,
    /// When it began.
    pub began: DateTime<Utc>,
    /// When it ended; `None` while it lasts.
    pub ended: Option<DateTime<Utc>>,
    /// Its worst alert.
    pub worst: Severity,
    /// When it was down, not merely degraded.
    pub down: Vec<Stretch>,
    /// Name of the rule of its first alert; empty in records of before, which held it with the
    /// summary in one text.
    #[serde(default)]
    pub alert: String,
    /// What that alert said.
    #[serde(default, alias = "cause")]
    pub summary: String,
    /// The equipment above it whose outage explains it.
    pub covered_by: Option<EquipmentId>,
    /// Who took it first, and when.
    pub taken: Option<Taken>,
}

/// From one time to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    /// Its begin.
    pub from: DateTime<Utc>,
    /// Its end; `None` while it lasts.
    pub to: Option<DateTime<Utc>>,
}

impl Episode {
    /// It is down (or not) from this time on.
    pub fn is_down(&mut self, down: bool, at: DateTime<Utc>) {
        let full = self.down.len() >= MOST_STRETCHES;
        match (down, self.down.last_mut()) {
            (true, Some(last)) if last.to.is_none() => last.from = last.from.min(at),
            (true, Some(last)) if full => last.to = None,
            (true, _) => self.down.push(Stretch { from: at, to: None }),
            (false, Some(last)) if last.to.is_none() => last.to = Some(at.max(last.from)),
            (false, _) => {}
        }
    }

    /// Whether this outage explains another that lasted so long: it was down all that time, but
    /// for what monitors need to see it.
    #[must_use]
    pub fn covers(&self, began: DateTime<Utc>, ended: DateTime<Utc>) -> bool {
        self.down.iter().any(|stretch| {
            stretch.from <= began + COVER_SLACK
                && stretch.to.is_none_or(|to| to >= ended - COVER_SLACK)
                && stretch.from <= ended
                && stretch.to.is_none_or(|to| to >= began)
        })
    }

    /// Seconds from its begin to its end, or until now.
    #[must_use]
    pub fn lasted_s(&self, now: DateTime<Utc>) -> i64 {
        (self.ended.unwrap_or(now) - self.began)
            .num_seconds()
            .max(0)
    }

    /// Seconds until somebody took it.
    #[must_use]
    pub fn taken_after_s(&self) -> Option<i64> {
        let taken = self.taken.as_ref()?;
        Some((taken.at - self.began).num_seconds().max(0))
    }

    /// Whether it counts as an outage of its own: it was down, and nothing above explains it.
    #[must_use]
    pub fn is_cause(&self) -> bool {
        self.covered_by.is_none() && !self.down.is_empty()
    }
}

/// Counts and means of outages that ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Means {
    /// Outages of their own.
    pub outages: u64,
    /// Those that somebody took.
    pub taken: u64,
    /// Seconds until they were taken, of those that were, in all.
    taken_s: i64,
    /// Seconds until they ended, in all.
    lasted_s: i64,
}

impl Means {
    /// Counts an outage in, if it is one of its own and has ended.
    pub fn count(&mut self, episode: &Episode) {
        let Some(ended) = episode.ended.filter(|_| episode.is_cause()) else {
            return;
        };
        self.outages += 1;
        self.lasted_s += episode.lasted_s(ended);
        if let Some(after) = episode.taken_after_s() {
            self.taken += 1;
            self.taken_s += after;
        }
    }

    /// Mean seconds until somebody took it.
    #[must_use]
    pub fn to_take_s(&self) -> Option<i64> {
        mean(self.taken_s, self.taken)
    }

    /// Mean seconds until it was over.
    #[must_use]
    pub fn to_restore_s(&self) -> Option<i64> {
        mean(self.lasted_s, self.outages)
    }

    /// Seconds of outages in all.
    #[must_use]
    pub const fn lasted_s(&self) -> i64 {
        self.lasted_s
    }
}

fn mean(sum: i64, count: u64) -> Option<i64> {
    let count = i64::try_from(count).ok().filter(|count| *count > 0)?;
    // Half a second up, as people round.
    Some((sum + count / 2) / count)
}

/// A month of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Month {
    /// Its year.
    pub year: i32,
    /// Its number, from 1.
    pub month: u32,
}

impl Month {
    /// The month of a moment on the wall clock of a zone.
    #[must_use]
    pub fn of(zone: Tz, at: DateTime<Utc>) -> Self {
        use chrono::Datelike as _;
        let local = at.with_timezone(&zone);
        Self {
            year: local.year(),
            month: local.month(),
        }
    }

    /// The month before.
    #[must_use]
    pub const fn before(self) -> Self {
        match self.month {
            1 => Self {
                year: self.year - 1,
                month: 12,
            },
            month => Self {
                year: self.year,
                month: month - 1,
            },
        }
    }

    /// The month after.
    #[must_use]
    pub const fn after(self) -> Self {
        match self.month {
            12 => Self {
                year: self.year + 1,
                month: 1,
            },
            month => Self {
                year: self.year,
                month: month + 1,
            },
        }
    }

    /// Its first date.
    #[must_use]
    pub fn first(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month, 1).unwrap_or_default()
    }

    /// From its first moment to the first of the next.
    #[must_use]
    pub fn span(self, zone: Tz) -> (DateTime<Utc>, DateTime<Utc>) {
        (
            midnight(zone, self.first()),
            midnight(zone, self.after().first()),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn episode(stretches: &[(&str, Option<&str>)]) -> Episode {
        let down: Vec<Stretch> = stretches
            .iter()
            .map(|(from, to)| Stretch {
                from: at(from),
                to: to.map(at),
            })
            .collect();
        Episode {
            equipment: "silo".into(),
            name: "Silo".to_owned(),
            sector: None,
            began: down[0].from,
            ended: down[down.len() - 1].to,
            worst: Severity::Critical,
            down,
            alert: String::new(),
            summary: String::new(),
            covered_by: None,
            taken: None,
        }
    }

    #[test]
    fn days_of_a_place_have_23_24_or_25_hours() {
        let paris = chrono_tz::Europe::Paris;
        let hours = |now: &str| -> Vec<i64> {
            let days = last_days(paris, at(now), 2);
            days.iter()
                .map(|day| (day.to - day.from).num_hours())
                .collect()
        };
        assert_eq!(hours("2026-10-25T12:00:00Z"), [24, 25]);
        assert_eq!(hours("2026-03-29T12:00:00Z"), [24, 23]);
        // 23:30 UTC is the next day there.
        let days = last_days(paris, at("2026-11-24T23:30:00Z"), 1);
        assert_eq!(days[0].date.to_string(), "2026-11-25");
    }

    #[test]
    fn a_strip_counts_each_second_once() {
        let utc = chrono_tz::UTC;
        let now = at("2026-11-10T12:00:00Z");
        let episodes = [
            // Over midnight.
            episode(&[("2026-11-07T23:30:00Z", Some("2026-11-08T00:30:00Z"))]),
            // Two that overlap.
            episode(&[("2026-11-09T08:00:00Z", Some("2026-11-09T10:00:00Z"))]),
            episode(&[("2026-11-09T09:00:00Z", Some("2026-11-09T11:00:00Z"))]),
            // It lasts.
            episode(&[("2026-11-10T00:10:00Z", None)]),
        ];
        let days = last_days(utc, now, 5);
        let strip = Strip::of(&days, &episodes, at("2026-11-07T00:00:00Z"), now);
        let found: Vec<_> = strip.days.iter().map(|d| (d.down_s, d.shade)).collect();
        assert_eq!(
            found,
            [
                (0, Shade::Unknown),
                (1_800, Shade::Short),
                (1_800, Shade::Short),
                (10_800, Shade::Long),
                (42_600, Shade::WholeDay),
            ]
        );
        assert_eq!(strip.outages, 4);
        assert_eq!(strip.watched_s(), 3 * 86_400 + 43_200);
    }

    #[test]
    fn only_what_was_never_down_is_a_hundred_percent() {
        assert_eq!(availability(1_000_000, 0), Some(10_000));
        assert_eq!(availability(1_000_000, 1), Some(9_999));
        assert_eq!(availability(100, 100), Some(0));
        assert_eq!(availability(100, 200), Some(0));
        assert_eq!(availability(0, 0), None);
    }

    #[test]
    fn an_outage_is_part_of_a_larger_one_only_as_long_as_that_lasts() {
        let parent = episode(&[("2026-11-10T12:00:00Z", Some("2026-11-10T12:10:00Z"))]);
        let covers = |from: &str, to: &str| parent.covers(at(from), at(to));
        // The child's alert came first, and its end a little later.
        assert!(covers("2026-11-10T11:59:20Z", "2026-11-10T12:11:00Z"));
        assert!(covers("2026-11-10T12:02:00Z", "2026-11-10T12:05:00Z"));
        // It was down long before, or stays down.
        assert!(!covers("2026-11-10T09:00:00Z", "2026-11-10T12:10:00Z"));
        assert!(!covers("2026-11-10T12:00:00Z", "2026-11-10T14:00:00Z"));
        assert!(!covers("2026-11-10T12:11:00Z", "2026-11-10T12:13:00Z"));
    }

    #[test]
    fn stretches_are_bounded_and_lose_no_time() {
        let mut one = episode(&[("2026-11-10T00:00:00Z", None)]);
        let start = one.began;
        for minute in 1..200 {
            one.is_down(minute % 2 == 0, start + TimeDelta::minutes(minute));
        }
        assert_eq!(one.down.len(), 32);
        assert_eq!(one.down[31].to, Some(start + TimeDelta::minutes(199)));
    }

    #[test]
    fn means_count_causes_only() {
        let mut means = Means::default();
        let mut taken = episode(&[("2026-11-10T12:00:00Z", Some("2026-11-10T13:00:00Z"))]);
        taken.taken = Some(Taken {
            by: crate::AccountId(1),
            name: "Élise".to_owned(),
            at: at("2026-11-10T12:04:00Z"),
        });
        let mut covered = taken.clone();
        covered.covered_by = Some("collecte".into());
        let alone = episode(&[("2026-11-10T12:00:00Z", Some("2026-11-10T12:30:00Z"))]);
        let lasting = episode(&[("2026-11-10T12:00:00Z", None)]);
        for one in [&taken, &covered, &alone, &lasting] {
            means.count(one);
        }
        assert_eq!((means.outages, means.taken), (2, 1));
        assert_eq!(means.to_take_s(), Some(240));
        assert_eq!(means.to_restore_s(), Some(2_700));
        assert_eq!(Means::default().to_take_s(), None);
    }

    #[test]
    fn months_follow_each_other() {
        let paris = chrono_tz::Europe::Paris;
        let december = Month {
            year: 2026,
            month: 12,
        };
        assert_eq!(december.after().before(), december);
        assert_eq!(december.after().first().to_string(), "2027-01-01");
        assert_eq!(
            december.span(paris),
            (at("2026-11-30T23:00:00Z"), at("2026-12-31T23:00:00Z"))
        );
        assert_eq!(Month::of(paris, at("2026-11-30T23:30:00Z")), december);
    }
}
