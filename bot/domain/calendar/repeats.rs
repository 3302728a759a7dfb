//! The words for what comes back, and for hours.

use chrono::{NaiveTime, Weekday};

use super::atoms::{Day, Found, Often, Reader, Step, is_unit, number, of_month, ordinal};
use super::rule::{Days, Nth};
use super::spoken::{Refusal, weekly};
use super::words::{EVERY, time, weekday};

const WORKDAYS: [Weekday; 5] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
];
/// Days of the month or the week in one rule.
const MOST: usize = 7;

impl Reader<'_> {
    /// `chaque mardi`, `le 1er mardi du mois`, `every 2 weeks`.
    pub(super) fn comes_back(&mut self, found: &mut Found) -> Step {
        if found.comes_back() || matches!(found.day, Some(Day::In(_))) {
            return Ok(false);
        }
        if EVERY.contains(&self.word(0)) {
            let before = self.at;
            self.at += 1;
            while matches!(self.word(0), "les" | "the" | "l" | "le") {
                self.at += 1;
            }
            if self.every(found)? {
                return Ok(true);
            }
            self.at = before;
            return Ok(false);
        }
        let often = match self.word(0) {
            "hebdomadaire" | "weekly" => Some(Often::Weeks(1)),
            "mensuel" | "mensuellement" | "monthly" => Some(Often::Month),
            "annuel" | "yearly" | "annually" => Some(Often::Year),
            _ => None,
        };
        if let Some(often) = often {
            found.often = Some(often);
            return self.takes(1);
        }
        if found.day.is_some() {
            return Ok(false);
        }
        match (self.word(0), self.word(1), self.word(2)) {
            ("quotidien" | "quotidiennement" | "daily", ..) => self.each(found, 1, 1),
            ("semaine", ..) if self.last() == "en" => self.on(found, WORKDAYS.to_vec(), 1, 1),
            ("weekdays" | "weekday", ..) => self.on(found, WORKDAYS.to_vec(), 1, 1),
            ("un" | "une", day, "sur") => match (weekday(day), number(self.word(3))) {
                (Some(day), Some(weeks)) => self.on(found, vec![day], small(weeks)?, 4),
                _ => Ok(false),
            },
            _ => self.of_the_month(found, false),
        }
    }

    /// What follows "chaque" or "tous les".
    fn every(&mut self, found: &mut Found) -> Step {
        let other = usize::from(matches!(self.word(0), "autre" | "autres" | "other"));
        let (count, words) = match (other, number(self.word(0))) {
            (1, _) => (2, 1),
            (_, Some(number)) => (number, 1),
            _ => (1, 0),
        };
        let unit = self.word(words);
        match unit {
            "an" | "ans" | "annee" | "annees" | "year" | "years" if count == 1 => {
                found.often = Some(Often::Year);
                return self.takes(words + 1);
            }
            "mois" | "month" | "months" if count == 1 => {
                found.often = Some(Often::Month);
                return self.takes(words + 1);
            }
            "semaine" | "semaines" | "week" | "weeks" => {
                found.often = Some(Often::Weeks(small(count)?));
                return self.takes(words + 1);
            }
            "heure" | "heures" | "hour" | "hours" | "minute" | "minutes" | "min" | "seconde"
            | "secondes" | "seconds" => return Err(Refusal::TooOften),
            _ => {}
        }
        if found.day.is_some() {
            return Ok(false);
        }
        match unit {
            "jour" | "jours" | "day" | "days" => self.every_day(found, count, words),
            "weekday" | "weekdays" => self.on(found, WORKDAYS.to_vec(), 1, words + 1),
            "nuit" | "nuits" | "night" => self.each(found, 1, words + 1),
            // The part of the day is read next.
            "matin" | "matins" | "morning" | "soir" | "soirs" | "evening" => {
                self.each(found, 1, words)
            }
            _ => {
                if let Some(day) = weekday(unit) {
                    let (days, more) = self.weekdays(words + 1, day);
                    return self.on(found, days, small(count)?, words + 1 + more);
                }
                if let Some((month, day, words)) = self.day_and_month() {
                    let (month, day) = (narrow(month)?, narrow(day)?);
                    found.day = Some(Day::Back(yearly(month, day)?));
                    return self.takes(words);
                }
                self.of_the_month(found, true)
            }
        }
    }

    fn every_day(&mut self, found: &mut Found, count: u32, words: usize) -> Step {
        if matches!(
            self.word(words + 1),
            "ouvre" | "ouvres" | "ouvrable" | "ouvrables"
        ) {
            return self.on(found, WORKDAYS.to_vec(), 1, words + 2);
        }
        // In French "tous les 15 jours" is every two weeks.
        let weeks = match count {
            15 => Some(2),
            _ if count.is_multiple_of(7) => Some(count / 7),
            _ => None,
        };
        match weeks {
            Some(weeks) => {
                found.often = Some(Often::Weeks(small(weeks)?));
                self.takes(words + 1)
            }
            None => self.each(found, small(count)?, words + 1),
        }
    }

    fn each(&mut self, found: &mut Found, every: u16, words: usize) -> Step {
        let from = self.today;
        found.day = Some(Day::Back(Days::Each { every, from }));
        self.takes(words)
    }

    fn on(&mut self, found: &mut Found, days: Vec<Weekday>, every: u16, words: usize) -> Step {
        found.day = Some(Day::Back(weekly(days, every, self.today)));
        self.takes(words)
    }

    /// More days of the week after the first: `et jeudi`, `and Thursday`. How many words they are.
    fn weekdays(&self, from: usize, first: Weekday) -> (Vec<Weekday>, usize) {
        let (mut days, mut read) = (vec![first], 0);
        while days.len() < MOST {
            let mut skip = 0;
            while matches!(
                self.word(from + read + skip),
                "et" | "and" | "&" | "les" | "le"
            ) {
                skip += 1;
            }
            let Some(day) = weekday(self.word(from + read + skip)) else {
                break;
            };
            days.push(day);
            read += skip + 1;
        }
        (days, read)
    }

    /// `1er mardi du mois`, `last Friday of the month`, `15 du mois`, `1er et le 15 de chaque mois`.
    /// `sure`: it was said that it comes back, so that the month need not be named.
    fn of_the_month(&mut self, found: &mut Found, sure: bool) -> Step {
        let end = matches!(
            (self.word(0), self.word(1), self.word(2)),
            ("fin", "de" | "du", "mois")
        );
        if end {
            found.day = Some(Day::Back(Days::Month(vec![31])));
            return self.takes(3);
        }
        if let Some(nth) = nth(self.word(0)) {
            let (tail, sure) = (self.month_follows(2), sure);
            let day = weekday(self.word(1));
            if let Some(day) = day.filter(|_| tail > 0 || sure) {
                let nth = nth.ok_or(Refusal::NotEveryMonth)?;
                found.day = Some(Day::Back(Days::Nth(nth, day)));
                return self.takes(2 + tail);
            }
            if nth == Some(Nth::Last) && matches!(self.word(1), "jour" | "day") && tail > 0 {
                found.day = Some(Day::Back(Days::Month(vec![31])));
                return self.takes(2 + tail);
            }
        }
        let Some(first) = ordinal(self.word(0)) else {
            return Ok(false);
        };
        let (mut days, mut read) = (vec![first], 1);
        while days.len() < MOST {
            let mut skip = 0;
            while matches!(
                self.word(read + skip),
                "et" | "and" | "&" | "le" | "the" | "les"
            ) {
                skip += 1;
            }
            match ordinal(self.word(read + skip)).filter(|_| skip > 0) {
                Some(day) if !is_unit(self.word(read + skip + 1)) => days.push(day),
                _ => break,
            }
            read += skip + 1;
        }
        let tail = self.month_follows(read);
        if tail == 0 && (!sure || is_unit(self.word(read))) {
            return Ok(false);
        }
        let days: Option<Vec<u8>> = days.iter().map(|day| of_month(&day.to_string())).collect();
        found.day = Some(Day::Back(Days::Month(days.ok_or(Refusal::NoSuchDay)?)));
        self.takes(read + tail)
    }

    /// How many words say "of the month".
    fn month_follows(&self, from: usize) -> usize {
        let word = |ahead| self.word(from + ahead);
        match (word(0), word(1), word(2), word(3)) {
            ("du" | "par", "mois", ..) => 2,
            ("de", "chaque", "mois", _) => 3,
            ("de", "tous", "les", "mois") => 4,
            ("of", "the" | "each" | "every", "month", _) => 3,
            ("chaque" | "each" | "every", "mois" | "month", ..) => 2,
            ("tous", "les", "mois", _) => 3,
            _ => 0,
        }
    }

    /// `19h`, `19 h 30`, `7pm`, `midi`, `à 7`, `du soir`.
    pub(super) fn at_an_hour(&mut self, found: &mut Found) -> Step {
        if matches!(found.day, Some(Day::In(_))) {
            return Ok(false);
        }
        if let Some(part) = part(self.word(0)) {
            if found.part.is_some() || !found.says_when() {
                return Ok(false);
            }
            found.part = Some(part);
            return self.takes(1);
        }
        if found.time.is_some() {
            return Ok(false);
        }
        let Some((time, words)) = self.an_hour()? else {
            return Ok(false);
        };
        found.time = Some(time);
        self.takes(words)
    }

    fn an_hour(&self) -> Result<Option<(NaiveTime, usize)>, Refusal> {
        let word = self.word(0);
        let checked = |time: Option<NaiveTime>, words| match time {
            Some(time) => Ok(Some((time, words))),
            None => Err(Refusal::NoSuchHour),
        };
        match word {
            "midi" | "noon" => return checked(NaiveTime::from_hms_opt(12, 0, 0), 1),
            "minuit" | "midnight" => return Ok(Some((NaiveTime::MIN, 1))),
            _ => {}
        }
        // "7pm", "7:30 pm"
        let (digits, glued) = match word.strip_suffix("pm").or(word.strip_suffix("am")) {
            Some(digits) => (digits, true),
            None => (word, false),
        };
        let half = if glued { word } else { self.word(1) };
        let half = half.replace('.', "");
        if let (true, Some((hour, minute))) =
            (half.ends_with("pm") || half.ends_with("am"), clock(digits))
            && (glued || half.len() == 2)
        {
            let hour = match (hour, half.ends_with("pm")) {
                (1..=11, true) => hour + 12,
                (12, false) => 0,
                (1..=12, _) => hour,
                _ => return Err(Refusal::NoSuchHour),
            };
            let words = if glued { 1 } else { 2 };
            return checked(NaiveTime::from_hms_opt(hour, minute, 0), words);
        }
        let written = word.split_once(['h', ':']).is_some_and(|(hour, minute)| {
            let digits = |text: &str| text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit());
            !hour.is_empty() && digits(hour) && digits(minute)
        });
        if written {
            return checked(time(word), 1);
        }
        let Some(hour) = ordinal(word).filter(|_| word.len() <= 2) else {
            return Ok(None);
        };
        if matches!(
            self.word(1),
            "h" | "heure" | "heures" | "o-clock" | "oclock"
        ) {
            let minutes = self.word(2);
            let exact = minutes.len() == 2 && !is_unit(self.word(3));
            let minutes = minutes.parse().ok().filter(|_| exact);
            let words = 2 + usize::from(minutes.is_some());
            return checked(
                NaiveTime::from_hms_opt(hour, minutes.unwrap_or(0), 0),
                words,
            );
        }
        let said = matches!(self.last(), "a" | "at" | "vers") && !is_unit(self.word(1));
        Ok(match said {
            true => NaiveTime::from_hms_opt(hour, 0, 0).map(|time| (time, 1)),
            false => None,
        })
    }
}

/// Hour and minute of `7`, `7:30`, `7.30`.
fn clock(digits: &str) -> Option<(u32, u32)> {
    let (hour, minute) = digits.split_once([':', '.', 'h']).unwrap_or((digits, "0"));
    Some((hour.parse().ok()?, minute.parse().ok()?))
}

/// The hour that a part of the day means.
fn part(word: &str) -> Option<NaiveTime> {
    let hour = match word {
        "matin" | "matins" | "morning" => 9,
        "apres-midi" | "l-apres-midi" | "afternoon" => 14,
        "soir" | "soirs" | "evening" => 19,
        _ => return None,
    };
    NaiveTime::from_hms_opt(hour, 0, 0)
}

/// Which one of a month; the inner `None`: not every month has it.
fn nth(word: &str) -> Option<Option<Nth>> {
    let number = match word {
        "premier" | "first" | "1er" | "1st" => 1,
        "deuxieme" | "second" | "2e" | "2eme" | "2nd" => 2,
        "troisieme" | "third" | "3e" | "3eme" | "3rd" => 3,
        "quatrieme" | "fourth" | "4e" | "4eme" | "4th" => 4,
        "cinquieme" | "fifth" | "5e" | "5eme" | "5th" => return Some(None),
        "dernier" | "last" => return Some(Some(Nth::Last)),
        _ => return None,
    };
    Some(Some(Nth::From(number)))
}

/// How many days or weeks lie between: at least one, at most a year.
fn small(count: u32) -> Result<u16, Refusal> {
    let count = u16::try_from(count).ok();
    count
        .filter(|count| (1..=366).contains(count))
        .ok_or(Refusal::NoSuchDay)
}

fn narrow(number: u32) -> Result<u8, Refusal> {
    u8::try_from(number).map_err(|_| Refusal::NoSuchDay)
}

/// A day of every year, where there is one.
pub(super) fn yearly(month: u8, day: u8) -> Result<Days, Refusal> {
    // A leap year has every day that any year has.
    chrono::NaiveDate::from_ymd_opt(2024, u32::from(month), u32::from(day))
        .map(|_| Days::Year { month, day })
        .ok_or(Refusal::NoSuchDay)
}
