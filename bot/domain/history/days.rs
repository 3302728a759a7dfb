//! Days of a place, and how a piece of equipment was on each of them.

use chrono::{
    DateTime, Days, LocalResult, NaiveDate, NaiveDateTime, TimeDelta, TimeZone as _, Utc,
};
use chrono_tz::Tz;

use super::{Episode, Stretch};

/// Seconds of a day from which an outage is a long one.
const LONG_S: i64 = 3_600;
/// What is down for so many hundredths of a day was down all day.
const WHOLE_DAY_HUNDREDTHS: i64 = 90;

/// A day of the calendar of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Its date.
    pub date: NaiveDate,
    /// Its first moment.
    pub from: DateTime<Utc>,
    /// The first moment of the next.
    pub to: DateTime<Utc>,
}

/// The first moment of a date on the wall clock of a zone.
#[must_use]
pub fn midnight(zone: Tz, date: NaiveDate) -> DateTime<Utc> {
    wall(zone, date.and_time(chrono::NaiveTime::MIN))
}

/// The moment at which the wall clock of a zone shows this: the first time where autumn shows it
/// twice, the end of the gap where spring skips it.
#[must_use]
pub fn wall(zone: Tz, reading: NaiveDateTime) -> DateTime<Utc> {
    let mut reading = reading;
    loop {
        match zone.from_local_datetime(&reading) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => {
                return at.with_timezone(&Utc);
            }
            LocalResult::None => reading += TimeDelta::minutes(15),
        }
    }
}

/// The last `count` days of a place, today included, the oldest first. Nights of the clock change
/// have 23 or 25 hours.
#[must_use]
pub fn last_days(zone: Tz, now: DateTime<Utc>, count: u64) -> Vec<Day> {
    let today = now.with_timezone(&zone).date_naive();
    (0..count)
        .rev()
        .filter_map(|back| {
            let date = today.checked_sub_days(Days::new(back))?;
            let next = date.checked_add_days(Days::new(1))?;
            let (from, to) = (midnight(zone, date), midnight(zone, next));
            Some(Day { date, from, to })
        })
        .collect()
}

/// How a day was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shade {
    /// Nobody watched.
    Unknown,
    /// Never down.
    Up,
    /// Never down, but it worked badly.
    Degraded,
    /// Down for less than an hour.
    Short,
    /// Down for an hour or more.
    Long,
    /// Down nearly all the time.
    WholeDay,
}

/// A day of a strip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayState {
    /// Its date.
    pub date: NaiveDate,
    /// Seconds in which somebody watched.
    pub watched_s: i64,
    /// Seconds in which it was down.
    pub down_s: i64,
    /// How it was.
    pub shade: Shade,
}

/// Days of a piece of equipment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strip {
    /// The days, the oldest first.
    pub days: Vec<DayState>,
    /// Outages in which it was down.
    pub outages: u64,
}

impl Strip {
    /// Counts days from the outages of one piece of equipment, watched since then.
    #[must_use]
    pub fn of(
        days: &[Day],
        episodes: &[Episode],
        watched_since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Self {
        let down = merged(episodes.iter().flat_map(|one| &one.down), now);
        let begin = days.first().map_or(now, |day| day.from);
        let during =
            |one: &&Episode| !one.down.is_empty() && one.ended.is_none_or(|ended| ended > begin);
        Self {
            outages: episodes.iter().filter(during).count() as u64,
            days: days
                .iter()
                .map(|day| state(day, &down, episodes, watched_since, now))
                .collect(),
        }
    }

    /// Seconds watched.
    #[must_use]
    pub fn watched_s(&self) -> i64 {
        self.days.iter().map(|day| day.watched_s).sum()
    }

    /// Seconds down.
    #[must_use]
    pub fn down_s(&self) -> i64 {
        self.days.iter().map(|day| day.down_s).sum()
    }

    /// Availability in hundredths of a percent, `None` where nobody watched.
    #[must_use]
    pub fn availability(&self) -> Option<i64> {
        availability(self.watched_s(), self.down_s())
    }
}

/// Availability in hundredths of a percent, rounded down: 100 % only where nothing was down.
#[must_use]
pub fn availability(watched_s: i64, down_s: i64) -> Option<i64> {
    (watched_s > 0).then(|| (watched_s - down_s.min(watched_s)) * 10_000 / watched_s)
}

fn state(
    day: &Day,
    down: &[(DateTime<Utc>, DateTime<Utc>)],
    episodes: &[Episode],
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> DayState {
    let (from, to) = (day.from.max(since), day.to.min(now));
    let watched_s = (to - from).num_seconds().max(0);
    let down_s: i64 = down
        .iter()
        .map(|(begin, end)| ((*end).min(to) - (*begin).max(from)).num_seconds().max(0))
        .sum();
    let degraded = episodes
        .iter()
        .any(|one| one.began < to && one.ended.is_none_or(|ended| ended > from));
    let shade = match watched_s {
        ..=0 => Shade::Unknown,
        _ if down_s == 0 && degraded => Shade::Degraded,
        _ if down_s == 0 => Shade::Up,
        _ if down_s * 100 >= watched_s * WHOLE_DAY_HUNDREDTHS => Shade::WholeDay,
        _ if down_s >= LONG_S => Shade::Long,
        _ => Shade::Short,
    };
    DayState {
        date: day.date,
        watched_s,
        down_s,
        shade,
    }
}

/// Stretches in order without overlap.
fn merged<'s>(
    stretches: impl Iterator<Item = &'s Stretch>,
    now: DateTime<Utc>,
) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
    let mut all: Vec<_> = stretches
        .map(|one| (one.from, one.to.unwrap_or(now)))
        .collect();
    all.sort_unstable();
    let mut kept: Vec<(DateTime<Utc>, DateTime<Utc>)> = Vec::new();
    for (from, to) in all {
        match kept.last_mut() {
            Some((_, end)) if from <= *end => *end = (*end).max(to),
            _ => kept.push((from, to)),
        }
    }
    kept
}
