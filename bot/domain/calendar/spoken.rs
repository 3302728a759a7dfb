//! Times as people say them, in French and English: `chaque mardi à 19 h`, `the first Tuesday of
//! the month`, `demain 9h`, `dans 20 minutes`.
//!
//! What is not understood, or is no time, is refused with its reason; nothing is guessed that the
//! answer does not show.

use chrono::{
    DateTime, Datelike as _, Days as Ahead, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta,
    Timelike as _, Utc, Weekday,
};
use chrono_tz::Tz;

use super::atoms::{Day, Found, Often, Reader};
use super::repeats::yearly;
use super::rule::{Days, Rule};
use super::words::plain;

/// A time, and what was said beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// When.
    pub rule: Rule,
    /// Whose clock.
    pub zone: Tz,
    /// The other words, in their order.
    pub text: String,
    /// What else the same words may mean, where they may: "mardi" on a Tuesday.
    pub other: Option<Rule>,
    /// Whether no hour was said.
    pub hour_assumed: bool,
}

/// Why words are no time that something can happen at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing in it says when.
    NoTime,
    /// No calendar has this day.
    NoSuchDay,
    /// No clock shows this hour.
    NoSuchHour,
    /// The date is not on that day of the week, but on this one.
    OtherWeekday(NaiveDate),
    /// It is over.
    Past(NaiveDateTime),
    /// It is too many years away.
    TooFar,
    /// It would come back within a day.
    TooOften,
    /// Not every month has it.
    NotEveryMonth,
    /// No zone has this name.
    UnknownZone(String),
}

/// The hour of what names none.
const HOUR: NaiveTime = match NaiveTime::from_hms_opt(9, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};
/// Years ahead that are believed.
const YEARS: i32 = 10;
/// Words that are read; a time is never further inside.
const MOST_WORDS: usize = 400;

/// Reads a time at the begin or at the end of a text.
///
/// # Errors
/// Why there is none.
pub fn spoken(text: &str, own: Tz, now: DateTime<Utc>) -> Result<Spoken, Refusal> {
    let said: Vec<&str> = text.split_whitespace().take(MOST_WORDS).collect();
    let words: Vec<String> = said
        .iter()
        .map(|word| plain(word.trim_matches([':', '«', '»', '"'])))
        .collect();
    let clock = |zone: Tz| now.with_timezone(&zone).naive_local();
    let mut found = find(&words, clock(own).date())?;
    // Another zone has another day.
    if let Some(zone) = found.0.zone {
        found = find(&words, clock(zone).date())?;
    }
    let (found, from, to) = found;
    let zone = found.zone.unwrap_or(own);
    let hour_assumed = found.time.is_none() && found.part.is_none();
    let (rule, other) = resolved(&found, clock(zone), now)?;
    let hour_assumed = hour_assumed && !matches!(rule, Rule::At(_));
    let rest: Vec<&str> = said
        .iter()
        .enumerate()
        .filter(|(at, _)| !(from.contains(at) || to.contains(at)))
        .map(|(_, word)| *word)
        .collect();
    if let Some(turn) = rule
        .turns(zone, now - TimeDelta::days(366 * 4_000), None)
        .next()
        && !rule.comes_back()
    {
        if turn.at <= now {
            return Err(Refusal::Past(turn.reading));
        }
        if turn.reading.year() > clock(zone).year() + YEARS {
            return Err(Refusal::TooFar);
        }
    }
    let text = without_links(&rest.join(" ")).to_owned();
    let other = other.filter(|other| other.next(zone, now, None).is_some() && *other != rule);
    Ok(Spoken {
        rule,
        zone,
        text,
        other,
        hour_assumed,
    })
}

/// What was found, and which words said it: at the begin, and at the end.
type Where = (Found, std::ops::Range<usize>, std::ops::Range<usize>);

fn find(words: &[String], today: NaiveDate) -> Result<Where, Refusal> {
    let reader = |at| Reader { words, at, today };
    let mut found = Found::default();
    let mut first = reader(0);
    first.read(&mut found)?;
    let begin = if found.says_when() { 0..first.at } else { 0..0 };
    if !begin.is_empty() && (found.time.is_some() || matches!(found.day, Some(Day::In(_)))) {
        return Ok((found, begin, 0..0));
    }
    let start = if begin.is_empty() { 1 } else { begin.end };
    let mut refused = None;
    for at in start..words.len() {
        let mut last = reader(at);
        let mut more = found.clone();
        match last.read(&mut more) {
            Ok(()) if last.is_over() && more.says_when() => {
                // After a day at the begin, only its hour can still stand at the end.
                if begin.is_empty() || (more.time.is_some() && more.day == found.day) {
                    return Ok((more, begin, at..words.len()));
                }
            }
            Ok(()) => {}
            Err(refusal) => refused = refused.or(Some(refusal)),
        }
    }
    match (begin.is_empty(), refused) {
        (false, _) => Ok((found, begin, 0..0)),
        (true, refused) => Err(refused.unwrap_or(Refusal::NoTime)),
    }
}

/// Words between the time and what it is about.
fn without_links(text: &str) -> &str {
    let text = text.trim_start_matches([':', ',', '-', '–', '—', ' ']);
    let links = ["de ", "d'", "d’", "que ", "qu'", "qu’", "to ", "that "];
    let short = |link: &&str| {
        text.get(..link.len())
            .filter(|begin| begin.eq_ignore_ascii_case(link))
    };
    let link = links.iter().find(|link| short(link).is_some());
    link.and_then(|link| text.get(link.len()..))
        .unwrap_or(text)
        .trim_end_matches([' ', ',', ':'])
}

type Resolved = Result<(Rule, Option<Rule>), Refusal>;

fn resolved(found: &Found, now: NaiveDateTime, moment: DateTime<Utc>) -> Resolved {
    let time = hour(found);
    let today = now.date();
    if let Some(days) = returning(found, today)? {
        return Ok((Rule::Every { on: days, time }, None));
    }
    let once = |day: NaiveDate| Rule::Once(day.and_time(time));
    let later = |day: NaiveDate, days: u64| {
        day.checked_add_days(Ahead::new(days))
            .ok_or(Refusal::TooFar)
    };
    match found.day.clone() {
        Some(Day::In(seconds)) => {
            let at =
                TimeDelta::try_seconds(seconds).and_then(|ahead| moment.checked_add_signed(ahead));
            Ok((Rule::At(at.ok_or(Refusal::TooFar)?), None))
        }
        Some(Day::Date(date)) => match found.named {
            Some(named) if named != date.weekday() => Err(Refusal::OtherWeekday(date)),
            _ => Ok((once(date), None)),
        },
        Some(Day::OfMonth(day)) => {
            let ahead = today.iter_days().take(63);
            let mut fitting =
                ahead.filter(|date| date.day() == u32::from(day) && date.and_time(time) > now);
            Ok((once(fitting.next().ok_or(Refusal::NoSuchDay)?), None))
        }
        Some(Day::Named(name, next)) => {
            let ahead = u64::from(name.days_since(today.weekday()));
            let over = today.and_time(time) <= now;
            Ok(match (ahead, next) {
                // Today, or in a week? The hour may tell.
                (0, false) if !over => (once(today), Some(once(later(today, 7)?))),
                (0, _) => (once(later(today, 7)?), None),
                // "Next Tuesday" on a Monday is tomorrow for some.
                (_, true) => (
                    once(later(today, ahead)?),
                    Some(once(later(today, ahead + 7)?)),
                ),
                (_, false) => (once(later(today, ahead)?), None),
            })
        }
        Some(Day::Back(_)) => Err(Refusal::NoTime),
        None if found.time.is_some() && today.and_time(time) > now => Ok((once(today), None)),
        None => Ok((once(later(today, 1)?), None)),
    }
}

/// The days of what comes back; `None`: it does not.
fn returning(found: &Found, today: NaiveDate) -> Result<Option<Days>, Refusal> {
    let back = |days| Ok(Some(days));
    let day = |number: u32| u8::try_from(number).unwrap_or(1);
    match (&found.often, &found.day) {
        (None, Some(Day::Back(days))) => back(days.clone()),
        (None, _) => Ok(None),
        (Some(Often::Weeks(every)), Some(Day::Named(name, _))) => {
            back(weekly(vec![*name], *every, today))
        }
        (Some(Often::Weeks(every)), Some(Day::Date(date))) => {
            back(weekly(vec![date.weekday()], *every, *date))
        }
        (Some(Often::Weeks(every)), None) => back(weekly(vec![today.weekday()], *every, today)),
        (Some(Often::Month), Some(Day::OfMonth(number))) => back(Days::Month(vec![*number])),
        (Some(Often::Month), None) => back(Days::Month(vec![day(today.day())])),
        (Some(Often::Year), Some(Day::Date(date))) => {
            back(yearly(day(date.month()), day(date.day()))?)
        }
        (Some(Often::Year), None) => back(yearly(day(today.month()), day(today.day()))?),
        (Some(_), _) => Err(Refusal::NoTime),
    }
}

/// Days of the week, the first of them from today on.
pub(super) fn weekly(on: Vec<Weekday>, every: u16, today: NaiveDate) -> Days {
    // "Every other Tuesday", said on a Thursday, begins with the next Tuesday.
    let ahead = on
        .iter()
        .map(|day| u64::from(day.days_since(today.weekday())))
        .min();
    let from = today
        .checked_add_days(Ahead::new(ahead.unwrap_or(0)))
        .unwrap_or(today);
    Days::Week { on, every, from }
}

fn hour(found: &Found) -> NaiveTime {
    let part = found.part.unwrap_or(HOUR);
    match found.time {
        // "8 h du soir"
        Some(time) if part.hour() >= 12 && (1..12).contains(&time.hour()) => {
            time.with_hour(time.hour() + 12).unwrap_or(time)
        }
        Some(time) => time,
        None => part,
    }
}

#[cfg(test)]
mod tests;
