//! Words for days, months and hours, in French and English, as every reader of times has them.

use chrono::{Datelike as _, NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;

use crate::names::fold;

pub(super) const DAYS: [(&str, &str, Weekday); 7] = [
    ("lundi", "monday", Weekday::Mon),
    ("mardi", "tuesday", Weekday::Tue),
    ("mercredi", "wednesday", Weekday::Wed),
    ("jeudi", "thursday", Weekday::Thu),
    ("vendredi", "friday", Weekday::Fri),
    ("samedi", "saturday", Weekday::Sat),
    ("dimanche", "sunday", Weekday::Sun),
];
const MONTHS: [(&str, &str); 12] = [
    ("janvier", "january"),
    ("fevrier", "february"),
    ("mars", "march"),
    ("avril", "april"),
    ("mai", "may"),
    ("juin", "june"),
    ("juillet", "july"),
    ("aout", "august"),
    ("septembre", "september"),
    ("octobre", "october"),
    ("novembre", "november"),
    ("decembre", "december"),
];

/// Words that make a rule of every week.
pub(super) const EVERY: [&str; 5] = ["chaque", "tous", "toutes", "every", "each"];
/// A word as it is compared: folded, without the marks around it; `à` and `l'` are words too.
pub(super) fn plain(word: &str) -> String {
    let word = word.replace(['–', '—'], "-");
    let word = word.trim_matches(|c: char| matches!(c, ',' | ';' | '.' | '(' | ')' | '!' | '?'));
    fold(word)
}

pub(super) fn weekday(word: &str) -> Option<Weekday> {
    DAYS.iter()
        .find(|(fr, en, _)| {
            [*fr, *en].contains(&word)
                || word
                    .strip_suffix('s')
                    .is_some_and(|one| [*fr, *en].contains(&one))
        })
        .map(|(_, _, day)| *day)
}

pub(super) fn month(word: &str) -> Option<u32> {
    let at = MONTHS
        .iter()
        .position(|(fr, en)| [*fr, *en].contains(&word))?;
    u32::try_from(at + 1).ok()
}

/// Without a year, the next such day.
pub(super) fn nearest_date(today: NaiveDate, month: u32, day: u32) -> Option<NaiveDate> {
    // The 29th of February comes every four years, and once in eight where a century passes.
    (today.year()..=today.year() + 8)
        .filter_map(|year| NaiveDate::from_ymd_opt(year, month, day))
        .find(|date| *date >= today)
}

/// `28/11`, `28/11/2026`, `2026-11-28`; the inner `None` is a day that does not exist.
pub(super) fn date(word: &str, today: NaiveDate) -> Option<Option<NaiveDate>> {
    let numbers = |mark: char| -> Option<Vec<u32>> {
        word.split(mark).map(|part| part.parse().ok()).collect()
    };
    if let Some(parts) = numbers('/') {
        return match parts[..] {
            [day, month] => Some(nearest_date(today, month, day)),
            [day, month, year] => {
                let year = i32::try_from(year).ok()?;
                Some(NaiveDate::from_ymd_opt(year, month, day))
            }
            _ => None,
        };
    }
    match numbers('-')?[..] {
        [year, month, day] if year > 1_000 => Some(NaiveDate::from_ymd_opt(
            i32::try_from(year).ok()?,
            month,
            day,
        )),
        _ => None,
    }
}

/// `22h`, `22h30`, `22:30`.
pub(super) fn time(word: &str) -> Option<NaiveTime> {
    let (hour, minute) = word.split_once(['h', ':'])?;
    let minute = if minute.is_empty() { "0" } else { minute };
    let hour: u32 = hour.parse().ok()?;
    let minute: u32 = minute.parse().ok()?;
    if (hour, minute) == (24, 0) {
        return Some(NaiveTime::MIN);
    }
    NaiveTime::from_hms_opt(hour, minute, 0)
}

pub(super) fn zone(word: &str) -> Option<Tz> {
    if !word.contains('/') {
        return None;
    }
    chrono_tz::TZ_VARIANTS
        .iter()
        .find(|zone| fold(zone.name()) == word)
        .copied()
}
