//! Recurring times on the wall clock of a place.
//!
//! A rule is followed on the wall clock alone, by a cron pattern, and each reading found is then
//! placed in the zone: what falls into the hour that spring skips happens at its end, what autumn
//! shows twice happens the first time. A rule is never followed twice for one reading.

use std::str::FromStr as _;

use chrono::{
    DateTime, Datelike as _, Days as Ahead, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime,
    TimeZone as _, Timelike as _, Utc, Weekday,
};
use chrono_tz::Tz;
use cron::Schedule;
use serde::{Deserialize, Serialize};

use super::placed;

/// When something comes back, or comes once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Once, after so long: a moment, whatever the clocks do until then.
    At(DateTime<Utc>),
    /// Once, when the clock shows this.
    Once(NaiveDateTime),
    /// Again and again.
    Every {
        /// On these days.
        on: Days,
        /// At this hour.
        time: NaiveTime,
    },
}

/// Days that come back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Days {
    /// Every so many days, from this one on.
    Each {
        /// How many days lie between.
        every: u16,
        /// One of the days.
        from: NaiveDate,
    },
    /// Days of the week, every so many weeks.
    Week {
        /// Which.
        on: Vec<Weekday>,
        /// How many weeks lie between.
        every: u16,
        /// A day of one of the weeks.
        from: NaiveDate,
    },
    /// Days of the month; a shorter month has its last day instead.
    Month(Vec<u8>),
    /// A day of the week of every month.
    Nth(Nth, Weekday),
    /// A day of the year; the 29th of February is the 28th where there is none.
    Year {
        /// Its month.
        month: u8,
        /// Its day.
        day: u8,
    },
}

/// Which one of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nth {
    /// The first to the fourth.
    From(u8),
    /// The last.
    Last,
}

/// A reading of the clock at which something happens, and the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// What the clock was to show.
    pub reading: NaiveDateTime,
    /// When that is.
    pub at: DateTime<Utc>,
}

/// What is odd about a reading, in the nights of the clock change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Odd {
    /// The clock never shows it.
    Skipped,
    /// The clock shows it twice.
    Twice,
}

impl Odd {
    /// Of a reading in a zone; `None`: the clock shows it once.
    #[must_use]
    pub fn of(zone: Tz, reading: NaiveDateTime) -> Option<Self> {
        match zone.from_local_datetime(&reading) {
            MappedLocalTime::Single(_) => None,
            MappedLocalTime::Ambiguous(..) => Some(Self::Twice),
            MappedLocalTime::None => Some(Self::Skipped),
        }
    }
}

/// When the wall clock of `zone` shows what `pattern` asks for, after `after`.
pub fn turns(
    pattern: &Schedule,
    zone: Tz,
    after: DateTime<Utc>,
) -> impl Iterator<Item = Turn> + use<> {
    // Autumn turns the clock back: a reading before `after` on the wall can still lie ahead.
    let from = on_the_wall(zone, after)
        .checked_sub_days(Ahead::new(1))
        .unwrap_or(NaiveDateTime::MIN);
    pattern
        .after_owned(from.and_utc())
        .map(move |reading| Turn {
            reading: reading.naive_utc(),
            at: placed(zone, reading.naive_utc(), false),
        })
        .skip_while(move |turn| turn.at <= after)
}

fn on_the_wall(zone: Tz, at: DateTime<Utc>) -> NaiveDateTime {
    at.with_timezone(&zone).naive_local()
}

impl Rule {
    /// Whether it comes back.
    #[must_use]
    pub const fn comes_back(&self) -> bool {
        matches!(self, Self::Every { .. })
    }

    /// Its turns after `after`, in order. What was followed up to a reading is not followed again
    /// for it, whatever the clocks of the world were changed to.
    pub fn turns(
        &self,
        zone: Tz,
        after: DateTime<Utc>,
        followed: Option<NaiveDateTime>,
    ) -> Box<dyn Iterator<Item = Turn> + '_> {
        let later = move |turn: &Turn| {
            turn.at > after && followed.is_none_or(|followed| turn.reading > followed)
        };
        match self {
            Self::At(at) => {
                let turn = Turn {
                    reading: on_the_wall(zone, *at),
                    at: *at,
                };
                Box::new(Some(turn).into_iter().filter(later))
            }
            Self::Once(reading) => {
                let turn = Turn {
                    reading: *reading,
                    at: placed(zone, *reading, false),
                };
                Box::new(Some(turn).into_iter().filter(later))
            }
            Self::Every { on, time } => {
                let Ok(pattern) = Schedule::from_str(&on.pattern(*time)) else {
                    return Box::new(std::iter::empty());
                };
                let turns = turns(&pattern, zone, after);
                Box::new(
                    turns
                        .filter(|turn| on.has(turn.reading.date()))
                        .filter(later),
                )
            }
        }
    }

    /// Its next turn.
    #[must_use]
    pub fn next(
        &self,
        zone: Tz,
        after: DateTime<Utc>,
        followed: Option<NaiveDateTime>,
    ) -> Option<Turn> {
        self.turns(zone, after, followed).next()
    }
}

impl Days {
    /// A cron pattern whose readings hold those of the rule: it cannot count weeks, nor say what
    /// the last day of a month is. [`Days::has`] chooses among them.
    fn pattern(&self, time: NaiveTime) -> String {
        let (month_days, months, week_days) = match self {
            Self::Each { .. } => ("*".to_owned(), "*".to_owned(), "*".to_owned()),
            Self::Week { on, .. } => ("*".to_owned(), "*".to_owned(), listed(on)),
            Self::Month(days) => {
                let mut days = days.clone();
                if days.iter().any(|day| *day > 28) {
                    days.extend([28, 29, 30, 31]);
                }
                (listed(&days), "*".to_owned(), "*".to_owned())
            }
            Self::Nth(nth, day) => {
                let days = match nth {
                    Nth::From(number) => {
                        let first = u16::from(number.saturating_sub(1)) * 7 + 1;
                        format!("{first}-{}", first + 6)
                    }
                    Nth::Last => "22-31".to_owned(),
                };
                (days, "*".to_owned(), day.to_string())
            }
            Self::Year { month, day } => {
                let days = match (month, day) {
                    (2, 29) => "28,29".to_owned(),
                    _ => day.to_string(),
                };
                (days, month.to_string(), "*".to_owned())
            }
        };
        let (hour, minute) = (time.hour(), time.minute());
        format!("0 {minute} {hour} {month_days} {months} {week_days}")
    }

    /// Whether a day that the pattern offers is one of them.
    fn has(&self, day: NaiveDate) -> bool {
        match self {
            Self::Each { every, from } => {
                let apart = day.signed_duration_since(*from).num_days();
                apart.rem_euclid(i64::from((*every).max(1))) == 0
            }
            Self::Week { every, from, .. } => {
                let weeks = monday(day).signed_duration_since(monday(*from)).num_weeks();
                weeks.rem_euclid(i64::from((*every).max(1))) == 0
            }
            Self::Month(days) => days.iter().any(|said| {
                let said = u32::from(*said);
                day.day() == said || (said > day.day() && is_last(day))
            }),
            Self::Nth(Nth::Last, _) => day
                .checked_add_days(Ahead::new(7))
                .is_none_or(|later| later.month() != day.month()),
            Self::Nth(Nth::From(_), _) => true,
            Self::Year { day: said, .. } => day.day() == u32::from(*said) || is_last(day),
        }
    }
}

fn listed<T: ToString>(parts: &[T]) -> String {
    let parts: Vec<String> = parts.iter().map(T::to_string).collect();
    parts.join(",")
}

fn monday(day: NaiveDate) -> NaiveDate {
    day.week(Weekday::Mon).first_day()
}

fn is_last(day: NaiveDate) -> bool {
    day.succ_opt()
        .is_none_or(|next| next.month() != day.month())
}

#[cfg(test)]
mod tests;
