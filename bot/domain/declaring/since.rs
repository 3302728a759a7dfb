//! Since when, in the words of people: "depuis hier", "depuis 18h30", "for two hours".

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};
use serde::{Deserialize, Serialize};

use super::words::tokens;

/// Since when something lasts, on the wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Since {
    /// Some time on this day.
    Day(NaiveDate),
    /// About this time.
    At(NaiveDateTime),
}

/// Hours up to which "depuis 2h" is a duration and no time of the day.
const SHORT_H: u32 = 5;

/// Reads since when, if the words tell.
#[must_use]
pub fn since(text: &str, now: NaiveDateTime) -> Option<Since> {
    let words = tokens(text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    ago(&words, now)
        .or_else(|| on_a_day(&words, now))
        .or_else(|| clock(&words).map(|time| Since::At(last(now.date(), time, now))))
        .or_else(|| just_now(&words).then_some(Since::At(now)))
}

fn just_now(words: &[&str]) -> bool {
    let pair = |one: &str, two: &str| words.windows(2).any(|pair| pair == [one, two]);
    pair("l", "instant")
        || pair("just", "now")
        || pair("right", "now")
        || words.contains(&"maintenant")
}

/// "depuis dix minutes", "il y a 2 jours", "for an hour".
fn ago(words: &[&str], now: NaiveDateTime) -> Option<Since> {
    let places = words.iter().enumerate();
    places
        .filter(|(_, word)| matches!(**word, "depuis" | "a" | "for" | "since" | "environ"))
        .find_map(|(place, _)| {
            let mut rest = words.iter().skip(place + 1).copied().peekable();
            rest.next_if(|word| matches!(*word, "environ" | "about" | "les" | "the"));
            let (count, unit) = amount(rest.next()?, rest.next())?;
            length(count, unit, now)
        })
}

/// A number and its unit, apart or glued.
fn amount<'w>(first: &'w str, next: Option<&'w str>) -> Option<(u32, &'w str)> {
    let digits = first.chars().take_while(char::is_ascii_digit).count();
    if let Some((number, unit)) = first
        .split_at_checked(digits)
        .filter(|(number, _)| !number.is_empty())
    {
        let number: u32 = number.parse().ok()?;
        if !unit.is_empty() {
            let short = unit == "h" && number > SHORT_H;
            return (!short).then_some((number, unit));
        }
        let unit = next?;
        return (!(unit == "h" && number > SHORT_H)).then_some((number, unit));
    }
    let number = match first {
        "un" | "une" | "a" | "an" | "one" => 1,
        "deux" | "two" => 2,
        "trois" | "three" => 3,
        "quatre" | "four" => 4,
        "cinq" | "five" => 5,
        "six" => 6,
        "sept" | "seven" => 7,
        "huit" | "eight" => 8,
        "dix" | "ten" => 10,
        "quinze" | "fifteen" => 15,
        "vingt" | "twenty" => 20,
        "trente" | "thirty" => 30,
        "quelques" => return few(next?),
        _ => return None,
    };
    Some((number, next?))
}

fn few(unit: &str) -> Option<(u32, &str)> {
    matches!(unit, "minutes" | "heures" | "jours").then_some((3, unit))
}

fn length(count: u32, unit: &str, now: NaiveDateTime) -> Option<Since> {
    let count = i64::from(count);
    // Nobody means years: what is longer is no duration that was written here.
    let lasting = match unit {
        "minute" | "minutes" | "min" | "mn" | "mins" => TimeDelta::try_minutes(count),
        "heure" | "heures" | "h" | "hour" | "hours" => TimeDelta::try_hours(count),
        "jour" | "jours" | "j" | "day" | "days" => TimeDelta::try_days(count),
        "semaine" | "semaines" | "week" | "weeks" => TimeDelta::try_weeks(count),
        _ => None,
    }
    .filter(|lasting| *lasting <= TimeDelta::days(366))?;
    let began = now.checked_sub_signed(lasting)?;
    Some(match lasting < TimeDelta::days(1) {
        true => Since::At(began),
        false => Since::Day(began.date()),
    })
}

/// "hier soir", "ce matin", "since Monday", "hier 18h".
fn on_a_day(words: &[&str], now: NaiveDateTime) -> Option<Since> {
    let today = now.date();
    let day = words.iter().enumerate().find_map(|(place, word)| {
        let before = place
            .checked_sub(1)
            .and_then(|place| words.get(place))
            .copied();
        match *word {
            "hier" if before == Some("avant") => today.pred_opt()?.pred_opt(),
            "hier" | "yesterday" => today.pred_opt(),
            "matin" | "soir" | "nuit" if matches!(before, Some("ce" | "cette")) => Some(today),
            "aujourd" | "today" => Some(today),
            "morning" | "evening" | "afternoon" if before == Some("this") => Some(today),
            "night" if before == Some("last") => Some(today),
            "midi" | "apres" if matches!(before, Some("ce" | "cet" | "cette")) => Some(today),
            word => weekday(word).and_then(|day| last_such(day, today)),
        }
    })?;
    Some(match clock(words) {
        Some(time) => Since::At(last(day, time, now)),
        None => Since::Day(day),
    })
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "lundi" | "monday" => Weekday::Mon,
        "mardi" | "tuesday" => Weekday::Tue,
        "mercredi" | "wednesday" => Weekday::Wed,
        "jeudi" | "thursday" => Weekday::Thu,
        "vendredi" | "friday" => Weekday::Fri,
        "samedi" | "saturday" => Weekday::Sat,
        "dimanche" | "sunday" => Weekday::Sun,
        _ => return None,
    })
}

/// The last such day before today.
fn last_such(day: Weekday, today: NaiveDate) -> Option<NaiveDate> {
    let back = (today.weekday().num_days_from_monday() + 7 - day.num_days_from_monday()) % 7;
    let back = if back == 0 { 7 } else { back };
    today.checked_sub_signed(TimeDelta::days(i64::from(back)))
}

/// "18h30", "18 h", "18:30" (which is cut into two words before), "midi".
fn clock(words: &[&str]) -> Option<NaiveTime> {
    for (place, word) in words.iter().enumerate() {
        if *word == "midi" && words.get(place.wrapping_sub(1)) != Some(&"apres") {
            return NaiveTime::from_hms_opt(12, 0, 0);
        }
        if *word == "minuit" {
            return NaiveTime::from_hms_opt(0, 0, 0);
        }
        let (hour, minute) = match word.split_once('h') {
            Some((hour, minute)) if !hour.is_empty() => (hour, minute),
            _ => match (words.get(place + 1), words.get(place + 2)) {
                (Some(&"h" | &"heures"), minute) => (*word, minute.copied().unwrap_or("")),
                _ => continue,
            },
        };
        let Ok(hour) = hour.parse::<u32>() else {
            continue;
        };
        let minute = minute.parse::<u32>().unwrap_or(0);
        if let Some(time) = NaiveTime::from_hms_opt(hour, minute, 0) {
            return Some(time);
        }
    }
    None
}

/// This time on that day; the day before, where it is still to come.
fn last(day: NaiveDate, time: NaiveTime, now: NaiveDateTime) -> NaiveDateTime {
    let then = day.and_time(time);
    match then > now {
        true => day.pred_opt().unwrap_or(day).and_time(time),
        false => then,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Tuesday.
    fn now() -> NaiveDateTime {
        "2026-11-24T23:15:00".parse().unwrap()
    }

    #[test]
    fn since_when_as_people_write_it() {
        let day = |text: &str| Some(Since::Day(text.parse().unwrap()));
        let at = |text: &str| Some(Since::At(format!("{text}:00").parse().unwrap()));
        for (text, expected) in [
            ("plus d'internet depuis hier", day("2026-11-23")),
            ("depuis hier soir", day("2026-11-23")),
            ("depuis hier 18h30", at("2026-11-23T18:30")),
            ("avant-hier", day("2026-11-22")),
            ("depuis ce matin", day("2026-11-24")),
            ("Depuis aujourd'hui", day("2026-11-24")),
            ("depuis lundi", day("2026-11-23")),
            ("depuis mardi", day("2026-11-17")),
            ("depuis samedi midi", at("2026-11-21T12:00")),
            ("depuis 18h30", at("2026-11-24T18:30")),
            ("depuis 18 h", at("2026-11-24T18:00")),
            ("depuis 23h30", at("2026-11-23T23:30")),
            ("depuis 2h", at("2026-11-24T21:15")),
            ("depuis 2 heures", at("2026-11-24T21:15")),
            ("depuis une heure environ", at("2026-11-24T22:15")),
            ("depuis dix minutes", at("2026-11-24T23:05")),
            ("il y a 10 min", at("2026-11-24T23:05")),
            ("depuis 3 jours", day("2026-11-21")),
            ("depuis une semaine", day("2026-11-17")),
            ("à l'instant", at("2026-11-24T23:15")),
            ("since yesterday", day("2026-11-23")),
            ("since this morning", day("2026-11-24")),
            ("for two hours", at("2026-11-24T21:15")),
            ("since Monday", day("2026-11-23")),
            ("plus d'internet", None),
            ("depuis l'orage", None),
            ("depuis 99999999999999 jours", None),
            ("depuis 99h", None),
            ("", None),
        ] {
            assert_eq!(since(text, now()), expected, "{text:?}");
        }
    }

    #[test]
    fn nothing_begins_in_the_future_and_any_words_are_read_without_harm() {
        proptest::proptest!(|(text in "(depuis|hier|a|[0-9]{1,6}|h|heures|jours|lundi|[a-zé':]{0,6}| ){0,12}")| {
            match since(&text, now()) {
                Some(Since::At(at)) => proptest::prop_assert!(at <= now()),
                Some(Since::Day(day)) => proptest::prop_assert!(day <= now().date()),
                None => {}
            }
        });
    }
}
