//! The words of a time, read from left to right: a day, an hour, how often, a zone, in any order.

use chrono::{Days as Ahead, NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;

use super::rule::Days;
use super::spoken::Refusal;
use super::words::{date, month, nearest_date, weekday, zone};
use crate::lasting;

/// What was found so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    /// The day, or the days.
    pub day: Option<Day>,
    /// A day of the week beside a date.
    pub named: Option<Weekday>,
    /// Something comes back, and on which days is said apart or not at all.
    pub often: Option<Often>,
    /// The hour.
    pub time: Option<NaiveTime>,
    /// The hour that a word such as "soir" means, where no other is said.
    pub part: Option<NaiveTime>,
    /// Whose clock.
    pub zone: Option<Tz>,
}

impl Found {
    /// Whether any of it says when.
    pub(super) const fn says_when(&self) -> bool {
        self.day.is_some() || self.often.is_some() || self.time.is_some()
    }

    pub(super) fn comes_back(&self) -> bool {
        self.often.is_some() || matches!(self.day, Some(Day::Back(_)))
    }
}

/// Which day.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Day {
    /// This one.
    Date(NaiveDate),
    /// The next one that has this number in its month.
    OfMonth(u8),
    /// The next day of this name; `true`: it was called the next one.
    Named(Weekday, bool),
    /// No day: after so many seconds.
    In(i64),
    /// These, again and again.
    Back(Days),
}

/// How often, without the days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Often {
    /// Every so many weeks.
    Weeks(u16),
    /// Every month.
    Month,
    /// Every year.
    Year,
}

/// Words between the others that say nothing by themselves.
const LINKS: [&str; 24] = [
    "le", "la", "les", "l", "a", "au", "aux", "de", "du", "des", "en", "vers", "pour", "dans",
    "the", "at", "on", "of", "in", "for", "by", "d-ici", "within", "",
];
/// Links that stand one after the other.
const MOST_LINKS: usize = 3;
/// Longest time ahead, in days: beyond it somebody means something else.
const MOST_DAYS: u64 = 4_000;

/// The words, and how far they are read.
#[derive(Clone, Copy)]
pub(super) struct Reader<'w> {
    /// The words, folded.
    pub words: &'w [String],
    /// The next one.
    pub at: usize,
    /// The present day.
    pub today: NaiveDate,
}

/// Whether something was read.
pub(super) type Step = Result<bool, Refusal>;

impl<'w> Reader<'w> {
    /// Reads as much of a time as there is.
    pub(super) fn read(&mut self, found: &mut Found) -> Result<(), Refusal> {
        while self.after_links(found)? {}
        Ok(())
    }

    fn after_links(&mut self, found: &mut Found) -> Step {
        let before = self.at;
        for _ in 0..=MOST_LINKS {
            if self.is_over() {
                break;
            }
            if self.one(found)? {
                return Ok(true);
            }
            if !LINKS.contains(&self.word(0)) {
                break;
            }
            self.at += 1;
        }
        self.at = before;
        Ok(false)
    }

    pub(super) const fn is_over(&self) -> bool {
        self.at >= self.words.len()
    }

    pub(super) fn word(&self, ahead: usize) -> &'w str {
        self.words.get(self.at + ahead).map_or("", String::as_str)
    }

    /// The word before the next one.
    pub(super) fn last(&self) -> &'w str {
        self.at
            .checked_sub(1)
            .and_then(|at| self.words.get(at))
            .map_or("", String::as_str)
    }

    /// Takes so many words.
    pub(super) const fn takes(&mut self, count: usize) -> Step {
        self.at += count;
        Ok(true)
    }

    fn one(&mut self, found: &mut Found) -> Step {
        Ok(self.comes_back(found)?
            || self.ahead(found)?
            || self.on_a_date(found)?
            || self.on_a_weekday(found)?
            || self.at_an_hour(found)?
            || self.in_a_zone(found)?)
    }

    /// `demain`, `ce soir`, `dans 20 minutes`.
    fn ahead(&mut self, found: &mut Found) -> Step {
        if found.day.is_some() {
            return Ok(false);
        }
        let day = |days: u64| {
            let day = self.today.checked_add_days(Ahead::new(days));
            day.map(Day::Date).ok_or(Refusal::TooFar)
        };
        let (days, words) = match (self.word(0), self.word(1), self.word(2)) {
            ("aujourd-hui" | "aujourdhui" | "today", ..) => (0, 1),
            // The part of the day is read next.
            ("ce" | "cet" | "this", "soir" | "matin" | "apres-midi", _)
            | ("this", "evening" | "morning" | "afternoon", _) => (0, 1),
            ("tonight", ..) => {
                found.part = NaiveTime::from_hms_opt(19, 0, 0);
                (0, 1)
            }
            ("demain" | "tomorrow", ..) => (1, 1),
            ("apres-demain" | "surlendemain", ..) => (2, 1),
            ("day", "after", "tomorrow") => (2, 3),
            _ if matches!(self.last(), "dans" | "in" | "d-ici" | "within") => {
                return self.after_a_while(found);
            }
            _ => return Ok(false),
        };
        found.day = Some(day(days)?);
        self.takes(words)
    }

    /// `20 minutes`, `1h30`, `une heure`, `3 jours`, `deux semaines`.
    fn after_a_while(&mut self, found: &mut Found) -> Step {
        let seconds = match (self.word(0), self.word(1), self.word(2)) {
            ("une", "demi-heure", _) => Some((1_800, 2)),
            ("half", "an", "hour") => Some((1_800, 3)),
            ("un", "quart", "d-heure") => Some((900, 3)),
            _ => None,
        };
        if let Some((seconds, words)) = seconds {
            found.day = Some(Day::In(seconds));
            return self.takes(words);
        }
        if let Some(count) = number(self.word(0)) {
            let count = u64::from(count);
            let date = match self.word(1) {
                "jour" | "jours" | "day" | "days" => self.days_ahead(count)?,
                "semaine" | "semaines" | "week" | "weeks" => self.days_ahead(count * 7)?,
                "mois" | "month" | "months" => self.months_ahead(count)?,
                "an" | "ans" | "annee" | "annees" | "year" | "years" => {
                    self.months_ahead(count * 12)?
                }
                _ => return self.after_hours(found),
            };
            found.day = Some(Day::Date(date));
            return self.takes(2);
        }
        self.after_hours(found)
    }

    fn days_ahead(&self, days: u64) -> Result<NaiveDate, Refusal> {
        let days = Some(days).filter(|days| *days <= MOST_DAYS);
        days.and_then(|days| self.today.checked_add_days(Ahead::new(days)))
            .ok_or(Refusal::TooFar)
    }

    fn months_ahead(&self, months: u64) -> Result<NaiveDate, Refusal> {
        let months = u32::try_from(months).ok().filter(|months| *months <= 131);
        months
            .and_then(|months| self.today.checked_add_months(chrono::Months::new(months)))
            .ok_or(Refusal::TooFar)
    }

    fn after_hours(&mut self, found: &mut Found) -> Step {
        for count in (1..=4).rev() {
            let Some(words) = self.words.get(self.at..self.at + count) else {
                continue;
            };
            let digits = words.iter().map(|word| match number(word) {
                Some(number) => number.to_string(),
                None => word.clone(),
            });
            let text = digits.collect::<Vec<_>>().join(" ");
            if let Some(seconds) = lasting::seconds(&text, 0).filter(|seconds| *seconds > 0) {
                if seconds > MOST_DAYS * 86_400 {
                    return Err(Refusal::TooFar);
                }
                found.day = Some(Day::In(seconds.cast_signed()));
                return self.takes(count);
            }
        }
        Ok(false)
    }

    /// `28/11`, `28 novembre 2026`, `November 28th`, `le 15`.
    fn on_a_date(&mut self, found: &mut Found) -> Step {
        let named = match found.day {
            None => found.named,
            Some(Day::Named(day, false)) => Some(day),
            Some(_) => return Ok(false),
        };
        let Some((day, words)) = self.a_date()? else {
            return Ok(false);
        };
        found.named = named;
        found.day = Some(day);
        self.takes(words)
    }

    fn a_date(&self) -> Result<Option<(Day, usize)>, Refusal> {
        if let Some(date) = date(self.word(0), self.today) {
            return date
                .map(|date| Some((Day::Date(date), 1)))
                .ok_or(Refusal::NoSuchDay);
        }
        if let Some((month, day, words)) = self.day_and_month() {
            let year = self.word(words);
            let digits = year.len() >= 4 && year.bytes().all(|byte| byte.is_ascii_digit());
            let date = match digits {
                true => {
                    let year = year.parse().ok();
                    year.and_then(|year| NaiveDate::from_ymd_opt(year, month, day))
                }
                false => nearest_date(self.today, month, day),
            };
            let words = words + usize::from(digits);
            return date
                .map(|date| Some((Day::Date(date), words)))
                .ok_or(Refusal::NoSuchDay);
        }
        if matches!(self.last(), "le" | "the")
            && let Some(day) = of_month(self.word(0))
            && !is_unit(self.word(1))
        {
            return Ok(Some((Day::OfMonth(day), 1)));
        }
        Ok(None)
    }

    /// Month, day, and how many words they are.
    pub(super) fn day_and_month(&self) -> Option<(u32, u32, usize)> {
        if let Some(day) = ordinal(self.word(0)) {
            let of = usize::from(matches!(self.word(1), "of" | "de"));
            return month(self.word(1 + of)).map(|month| (month, day, 2 + of));
        }
        let month = month(self.word(0))?;
        let the = usize::from(self.word(1) == "the");
        ordinal(self.word(1 + the)).map(|day| (month, day, 2 + the))
    }

    /// `mardi`, `mardi prochain`, `next Tuesday`.
    fn on_a_weekday(&mut self, found: &mut Found) -> Step {
        let before = usize::from(matches!(self.word(0), "next" | "prochain"));
        let Some(day) = weekday(self.word(before)) else {
            return Ok(false);
        };
        let after = usize::from(matches!(self.word(1), "prochain" | "next") && before == 0);
        let words = 1 + before + after;
        match found.day {
            Some(Day::Date(_)) if found.named.is_none() => found.named = Some(day),
            None if self.word(before).ends_with('s') => {
                found.day = Some(Day::Back(super::spoken::weekly(vec![day], 1, self.today)));
            }
            None => found.day = Some(Day::Named(day, before + after > 0)),
            Some(_) => return Ok(false),
        }
        self.takes(words)
    }

    /// `Indian/Reunion`, `UTC`, `fuseau America/Cayenne`.
    fn in_a_zone(&mut self, found: &mut Found) -> Step {
        if found.zone.is_some() || !found.says_when() {
            return Ok(false);
        }
        let said = usize::from(matches!(self.word(0), "fuseau" | "zone" | "timezone"));
        let word = self.word(said);
        found.zone = match word {
            "utc" | "gmt" => Some(Tz::UTC),
            _ => zone(word),
        };
        let region = |region: &str| {
            let mut zones = chrono_tz::TZ_VARIANTS.iter();
            zones.any(|zone| {
                zone.name()
                    .to_lowercase()
                    .starts_with(&format!("{region}/"))
            })
        };
        let looks_so = word.split_once('/').is_some_and(|(first, _)| region(first));
        match found.zone {
            Some(_) => self.takes(1 + said),
            None if said == 1 || looks_so => Err(Refusal::UnknownZone(word.to_owned())),
            None => Ok(false),
        }
    }
}

/// A number in digits or words.
pub(super) fn number(word: &str) -> Option<u32> {
    const WORDS: [(&str, u32); 24] = [
        ("un", 1),
        ("une", 1),
        ("a", 1),
        ("an", 1),
        ("one", 1),
        ("deux", 2),
        ("two", 2),
        ("trois", 3),
        ("three", 3),
        ("quatre", 4),
        ("four", 4),
        ("cinq", 5),
        ("five", 5),
        ("six", 6),
        ("sept", 7),
        ("seven", 7),
        ("huit", 8),
        ("eight", 8),
        ("dix", 10),
        ("ten", 10),
        ("quinze", 15),
        ("vingt", 20),
        ("trente", 30),
        ("quarante", 40),
    ];
    if word.len() <= 9 && !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()) {
        return word.parse().ok();
    }
    WORDS
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, number)| *number)
}

/// `15`, `1er`, `15th`.
pub(super) fn ordinal(word: &str) -> Option<u32> {
    let digits = word.trim_end_matches(|letter: char| !letter.is_ascii_digit());
    let ending = word.strip_prefix(digits)?;
    let known = matches!(ending, "" | "er" | "e" | "eme" | "st" | "nd" | "rd" | "th");
    (known && !digits.is_empty() && digits.len() <= 4)
        .then(|| digits.parse().ok())
        .flatten()
}

/// A day of the month.
pub(super) fn of_month(word: &str) -> Option<u8> {
    let day = ordinal(word).and_then(|day| u8::try_from(day).ok());
    day.filter(|day| (1..=31).contains(day))
}

pub(super) fn is_unit(word: &str) -> bool {
    const UNITS: [&str; 19] = [
        "h", "heure", "heures", "hour", "hours", "min", "mn", "minute", "minutes", "jour", "jours",
        "day", "days", "semaine", "semaines", "week", "weeks", "mois", "months",
    ];
    UNITS.contains(&word)
}
