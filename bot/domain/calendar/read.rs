//! Reads windows and lengths of time as people write them, in French and English.

use chrono::{
    Datelike as _, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike as _, Weekday,
};
use chrono_tz::Tz;

use super::When;
use super::words::{DAYS, EVERY, date, month, nearest_date, plain, time, weekday, zone};
use crate::lasting;

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// When.
    pub when: When,
    /// Another zone than the usual one, where it was named.
    pub zone: Option<Tz>,
    /// The words that say neither day nor hour, in their order.
    pub rest: Vec<String>,
}

/// Words that may stand between the others and say nothing.
const LINKS: [&str; 17] = [
    "de", "a", "du", "au", "des", "le", "la", "les", "from", "to", "until", "jusqu", "at", "on",
    "entre", "et", "and",
];

/// Reads `demain 22h-23h30 changement d'antenne`, `chaque mardi de 2h à 4h`, `28/11 01:30-03:30`.
/// `now` is what the wall clock shows. `None`: there are no two hours in it, or a day is
/// impossible, or it is over.
#[must_use]
pub fn read(words: &[String], now: NaiveDateTime) -> Option<Read> {
    let mut found = Found::default();
    let mut words = words.iter().peekable();
    while let Some(word) = words.next() {
        let folded = plain(word);
        let next = words.peek().map(|next| plain(next));
        if found.takes(&folded, next.as_deref(), now)? {
            words.next();
        } else if !found.took {
            found.rest.push(word.clone());
        }
        found.took = false;
    }
    found.finished(now)
}

#[derive(Default)]
struct Found {
    weekly: bool,
    days: Vec<Weekday>,
    dates: Vec<NaiveDate>,
    times: Vec<NaiveTime>,
    zone: Option<Tz>,
    rest: Vec<String>,
    took: bool,
}

impl Found {
    /// Takes a word. Returned is whether the word after it belongs to it; `None`: it says an
    /// impossible day.
    fn takes(&mut self, word: &str, next: Option<&str>, now: NaiveDateTime) -> Option<bool> {
        self.took = true;
        let today = now.date();
        // Words of the reason are no days and hours.
        if self.times.len() < 2 || self.rest.is_empty() {
            if EVERY.contains(&word) {
                self.weekly = true;
                return Some(false);
            }
            if let Some(day) = weekday(word) {
                self.days.push(day);
                return Some(false);
            }
            match word {
                "aujourd'hui" | "aujourd-hui" | "aujourdhui" | "today" => {
                    self.dates.push(today);
                    return Some(false);
                }
                "demain" | "tomorrow" => {
                    self.dates.push(today.succ_opt()?);
                    return Some(false);
                }
                "midi" | "noon" if self.times.len() < 2 => {
                    self.times.push(NaiveTime::from_hms_opt(12, 0, 0)?);
                    return Some(false);
                }
                "minuit" | "midnight" if self.times.len() < 2 => {
                    self.times.push(NaiveTime::MIN);
                    return Some(false);
                }
                _ => {}
            }
            if let Some(month) = next.and_then(month)
                && let Ok(day) = word.trim_end_matches("er").parse::<u32>()
            {
                self.dates.push(nearest_date(today, month, day)?);
                return Some(true);
            }
            if let Some(date) = date(word, today) {
                self.dates.push(date?);
                return Some(false);
            }
        }
        if self.times.len() < 2 {
            let times: Option<Vec<NaiveTime>> = word.split('-').map(time).collect();
            if let Some(times) = times.filter(|times| self.times.len() + times.len() <= 2) {
                self.times.extend(times);
                return Some(false);
            }
            if LINKS.contains(&word) {
                return Some(false);
            }
        }
        if let Some(zone) = zone(word) {
            self.zone = Some(zone);
            return Some(false);
        }
        self.took = false;
        Some(false)
    }

    fn finished(self, now: NaiveDateTime) -> Option<Read> {
        let [from, to] = self.times[..] else {
            return None;
        };
        let when = if self.weekly {
            let days = match self.days.is_empty() {
                // "chaque jour", "chaque nuit"
                true => DAYS.iter().map(|(_, _, day)| *day).collect(),
                false => self.days,
            };
            When::Weekly { days, from, to }
        } else {
            let day = match (self.dates[..].first(), self.days[..].first()) {
                (Some(date), _) => *date,
                (None, Some(day)) => next_weekday(now, *day, to)?,
                (None, None) if now.time() < to || to <= from => now.date(),
                (None, None) => now.date().succ_opt()?,
            };
            let last = match self.dates[..].get(1) {
                Some(last) => *last,
                None if to > from => day,
                None => day.succ_opt()?,
            };
            let (from, to) = (day.and_time(from), last.and_time(to));
            if to <= from || to <= now {
                return None;
            }
            When::Once { from, to }
        };
        let rest = self
            .rest
            .into_iter()
            .filter(|word| !word.is_empty())
            .collect();
        Some(Read {
            when,
            zone: self.zone,
            rest,
        })
    }
}

/// The next day of this name; today while its hour has not passed.
fn next_weekday(now: NaiveDateTime, day: Weekday, to: NaiveTime) -> Option<NaiveDate> {
    let ahead = (7 + day.num_days_from_monday() - now.weekday().num_days_from_monday()) % 7;
    let ahead = match ahead {
        0 if now.time() >= to && to.num_seconds_from_midnight() > 0 => 7,
        other => other,
    };
    now.date().checked_add_days(Days::new(u64::from(ahead)))
}

/// Reads `2h`, `30 min`, `1 jour`, `pendant 1h30`, or `jusqu'à demain 8h`.
#[must_use]
pub fn read_length(words: &[String], now: NaiveDateTime) -> Option<TimeDelta> {
    let mut folded: Vec<String> = words.iter().map(|word| plain(word)).collect();
    let mut until = false;
    let mut day = None;
    let said = folded.iter().take_while(|word| {
        match word.as_str() {
            "jusqu-a" | "jusqua" | "jusqu" | "until" => until = true,
            "a" | "pendant" | "for" | "pour" | "durant" => {}
            "demain" | "tomorrow" if until => day = now.date().succ_opt(),
            _ => return false,
        }
        true
    });
    let said = said.count();
    folded.drain(..said);
    if !until {
        let seconds = lasting::seconds(&folded.join(" "), 0)?;
        let length = TimeDelta::try_seconds(i64::try_from(seconds).ok()?)?;
        return (length > TimeDelta::zero()).then_some(length);
    }
    let [hour] = folded.as_slice() else {
        return None;
    };
    let time = time(hour)?;
    let day = match day {
        Some(day) => day,
        None if time > now.time() => now.date(),
        None => now.date().succ_opt()?,
    };
    Some(day.and_time(time) - now)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Tuesday.
    fn now() -> NaiveDateTime {
        local("2026-11-24 14:00")
    }

    fn local(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn windows_as_people_write_them() {
        for (text, from, to, rest) in [
            (
                "demain 22h-23h30 changement d'antenne",
                "2026-11-25 22:00",
                "2026-11-25 23:30",
                "changement d'antenne",
            ),
            (
                "28/11 01:30-03:30",
                "2026-11-28 01:30",
                "2026-11-28 03:30",
                "",
            ),
            (
                "le 25/10/2027 de 1h30 à 3h30",
                "2027-10-25 01:30",
                "2027-10-25 03:30",
                "",
            ),
            (
                "2026-12-01 22:00 23:00",
                "2026-12-01 22:00",
                "2026-12-01 23:00",
                "",
            ),
            (
                "vendredi de 23h à 2h élagage",
                "2026-11-27 23:00",
                "2026-11-28 02:00",
                "élagage",
            ),
            ("mardi 15h-16h", "2026-11-24 15:00", "2026-11-24 16:00", ""),
            ("mardi 12h-13h", "2026-12-01 12:00", "2026-12-01 13:00", ""),
            ("15h-16h", "2026-11-24 15:00", "2026-11-24 16:00", ""),
            ("10h-11h", "2026-11-25 10:00", "2026-11-25 11:00", ""),
            (
                "1er décembre 8h-12h",
                "2026-12-01 08:00",
                "2026-12-01 12:00",
                "",
            ),
            ("3 mars 8h midi", "2027-03-03 08:00", "2027-03-03 12:00", ""),
            (
                "du 28/11 22h au 29/11 6h fibre",
                "2026-11-28 22:00",
                "2026-11-29 06:00",
                "fibre",
            ),
            (
                "tomorrow from 22:00 to midnight new antenna on monday",
                "2026-11-25 22:00",
                "2026-11-26 00:00",
                "new antenna on monday",
            ),
        ] {
            let found = read(&words(text), now()).unwrap_or_else(|| panic!("{text}"));
            let when = When::Once {
                from: local(from),
                to: local(to),
            };
            assert_eq!(
                (found.when, found.rest.join(" ").as_str()),
                (when, rest),
                "{text}"
            );
        }
    }

    #[test]
    fn rules_of_every_week_and_zones() {
        let found = read(&words("chaque mardi de 2h à 4h Indian/Reunion"), now()).unwrap();
        let (from, to) = (time("2h").unwrap(), time("4h").unwrap());
        let days = vec![Weekday::Tue];
        assert_eq!(found.when, When::Weekly { days, from, to });
        assert_eq!(found.zone, Some(chrono_tz::Indian::Reunion));
        let found = read(&words("tous les lundis et jeudis 2h-4h"), now()).unwrap();
        let days = vec![Weekday::Mon, Weekday::Thu];
        assert_eq!(found.when, When::Weekly { days, from, to });
        let found = read(&words("every night 2h-4h"), now()).unwrap();
        let When::Weekly { days, .. } = found.when else {
            panic!()
        };
        assert_eq!(days.len(), 7);
    }

    #[test]
    fn what_is_no_window_is_refused() {
        for text in [
            "",
            "demain",
            "demain 22h",
            "30/02 1h-2h",
            "25h-26h",
            "24/11/2025 1h-2h",
            "24/11/2026 1h-2h",
            "changement d'antenne",
        ] {
            assert_eq!(read(&words(text), now()), None, "{text}");
        }
    }

    #[test]
    fn lengths_as_people_write_them() {
        for (text, minutes) in [
            ("2h", 120),
            ("1h30", 90),
            ("30 min", 30),
            ("45min", 45),
            ("1 jour", 1_440),
            ("3j", 4_320),
            ("pendant 2 heures", 120),
            ("jusqu'à 18h", 240),
            ("jusqu'à 8h", 18 * 60),
            ("jusqu'à demain 8h", 18 * 60),
            ("until tomorrow 08:00", 18 * 60),
        ] {
            let expected = Some(TimeDelta::minutes(minutes));
            assert_eq!(read_length(&words(text), now()), expected, "{text}");
        }
        for text in [
            "",
            "longtemps",
            "0h",
            "2",
            "2h travaux",
            "jusqu'à",
            "2 ans",
            "9999999999999999 j",
        ] {
            assert_eq!(read_length(&words(text), now()), None, "{text}");
        }
    }

    #[test]
    fn any_words_are_read_without_harm() {
        proptest::proptest!(|(text in "[a-z0-9é/:h' -]{0,40}")| {
            let _ = read(&words(&text), now());
            let _ = read_length(&words(&text), now());
        });
    }
}
