//! Points in time and durations as people say them.
//!
//! A point in time is always absolute, so that it stays true on a card that nobody edits and fits
//! after "depuis" and "since"; what is relative is said with a duration.

use chrono::{DateTime, Datelike, Timelike, Utc};
use chrono_tz::Tz;
use vigie_domain::Lang;

const JOURS: [&str; 7] = [
    "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
];
const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
const MOIS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// "19 h 05" on the same local day, else "mardi 24 novembre à 19 h 05", with the year if it is
/// another one.
pub fn at(lang: Lang, zone: Tz, now: DateTime<Utc>, at: DateTime<Utc>) -> String {
    let local = at.with_timezone(&zone);
    let today = now.with_timezone(&zone);
    let time = match lang {
        Lang::Fr if local.minute() == 0 => format!("{} h", local.hour()),
        Lang::Fr => format!("{} h {:02}", local.hour(), local.minute()),
        Lang::En => format!("{:02}:{:02}", local.hour(), local.minute()),
    };
    if local.date_naive() == today.date_naive() {
        return time;
    }
    let (days, months) = match lang {
        Lang::Fr => (JOURS, MOIS),
        Lang::En => (DAYS, MONTHS),
    };
    let weekday = word(&days, local.weekday().num_days_from_monday());
    let month = word(&months, local.month0());
    let day = match (lang, local.day()) {
        (Lang::Fr, 1) => "1er".to_owned(),
        (_, day) => day.to_string(),
    };
    let year = if local.year() == today.year() {
        String::new()
    } else {
        format!(" {}", local.year())
    };
    let joint = match lang {
        Lang::Fr => "à",
        Lang::En => "at",
    };
    format!("{weekday} {day} {month}{year} {joint} {time}")
}

/// "novembre 2026".
pub fn month(lang: Lang, year: i32, month: u32) -> String {
    let names = match lang {
        Lang::Fr => MOIS,
        Lang::En => MONTHS,
    };
    format!("{} {year}", word(&names, month.saturating_sub(1)))
}

/// "12 novembre", "1er décembre".
pub fn day(lang: Lang, date: chrono::NaiveDate) -> String {
    let (names, first) = match lang {
        Lang::Fr => (MOIS, "1er"),
        Lang::En => (MONTHS, "1"),
    };
    let month = word(&names, date.month0());
    match date.day() {
        1 => format!("{first} {month}"),
        day => format!("{day} {month}"),
    }
}

fn word<'a>(words: &[&'a str], index: u32) -> &'a str {
    usize::try_from(index)
        .ok()
        .and_then(|index| words.get(index).copied())
        .unwrap_or_default()
}

/// "45 s", "3 min", "1 h 04", "2 j 3 h".
pub fn lasting(lang: Lang, seconds: i64) -> String {
    let seconds = seconds.max(0);
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    let day = match lang {
        Lang::Fr => "j",
        Lang::En => "d",
    };
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => format!("{minutes} min"),
        (0, _, _) if minutes % 60 == 0 => format!("{hours} h"),
        (0, _, _) => format!("{hours} h {:02}", minutes % 60),
        _ if hours % 24 == 0 => format!("{days} {day}"),
        _ => format!("{days} {day} {} h", hours % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_point_in_time_is_the_hour_today_and_the_date_on_other_days() {
        let now = utc("2026-11-24T22:30:00Z");
        for (when, fr, en) in [
            ("2026-11-24T18:05:00Z", "19 h 05", "19:05"),
            ("2026-11-24T08:00:00Z", "9 h", "09:00"),
            // 23:30 in Paris is still the 24th, although it is the 25th there at 00:10.
            (
                "2026-11-24T23:10:00Z",
                "mercredi 25 novembre à 0 h 10",
                "Wednesday 25 November at 00:10",
            ),
            (
                "2026-11-23T22:59:59Z",
                "lundi 23 novembre à 23 h 59",
                "Monday 23 November at 23:59",
            ),
            ("2026-11-23T23:00:00Z", "0 h", "00:00"),
            (
                "2026-12-01T18:05:00Z",
                "mardi 1er décembre à 19 h 05",
                "Tuesday 1 December at 19:05",
            ),
            (
                "2025-12-31T23:30:00Z",
                "jeudi 1er janvier à 0 h 30",
                "Thursday 1 January at 00:30",
            ),
            (
                "2025-11-24T18:05:00Z",
                "lundi 24 novembre 2025 à 19 h 05",
                "Monday 24 November 2025 at 19:05",
            ),
        ] {
            assert_eq!(at(Lang::Fr, Tz::Europe__Paris, now, utc(when)), fr);
            assert_eq!(at(Lang::En, Tz::Europe__Paris, now, utc(when)), en);
        }
    }

    #[test]
    fn months_and_days_have_names() {
        assert_eq!(month(Lang::Fr, 2026, 8), "août 2026");
        assert_eq!(month(Lang::En, 2026, 8), "August 2026");
        let date = |month, day| chrono::NaiveDate::from_ymd_opt(2026, month, day).unwrap();
        assert_eq!(day(Lang::Fr, date(12, 1)), "1er décembre");
        assert_eq!(day(Lang::Fr, date(12, 2)), "2 décembre");
        assert_eq!(day(Lang::En, date(12, 1)), "1 December");
    }

    #[test]
    fn the_repeated_hour_of_october_is_told_in_local_time() {
        let now = utc("2026-10-25T12:00:00Z");
        assert_eq!(
            at(
                Lang::Fr,
                Tz::Europe__Paris,
                now,
                utc("2026-10-25T00:30:00Z")
            ),
            "2 h 30"
        );
        assert_eq!(
            at(
                Lang::Fr,
                Tz::Europe__Paris,
                now,
                utc("2026-10-25T01:30:00Z")
            ),
            "2 h 30"
        );
    }

    #[test]
    fn durations_grow_coarse() {
        for (seconds, fr, en) in [
            (-5, "0 s", "0 s"),
            (0, "0 s", "0 s"),
            (59, "59 s", "59 s"),
            (60, "1 min", "1 min"),
            (239, "3 min", "3 min"),
            (3_600, "1 h", "1 h"),
            (3_840, "1 h 04", "1 h 04"),
            (86_399, "23 h 59", "23 h 59"),
            (86_400, "1 j", "1 d"),
            (183_600, "2 j 3 h", "2 d 3 h"),
        ] {
            assert_eq!(lasting(Lang::Fr, seconds), fr);
            assert_eq!(lasting(Lang::En, seconds), en);
        }
    }
}
