//! Reading of single fields, with the path of what is wrong; and the bounds of what is kept.

use chrono::{
    DateTime, Datelike as _, MappedLocalTime, NaiveDateTime, TimeDelta, TimeZone as _, Utc,
};
use chrono_tz::Tz;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use vigie_domain::Fingerprint;
use vigie_domain::alert::{Phase, Tags};
use vigie_domain::text::clean;

use super::FieldProblem;

/// Most characters of a summary.
pub const SUMMARY: usize = 300;
/// Most characters of details.
pub const DETAILS: usize = 2_000;
/// Most characters of a name, of a rule or of equipment.
pub const NAME: usize = 120;
/// Most characters of what a source calls equipment: names that differ at their end stay apart.
pub const EQUIPMENT: usize = 1_000;
/// most bytes of a fingerprint; a longer one is replaced by its hash.
pub const FINGERPRINT: usize = 200;
/// Most characters of a link; a longer one is no link for people.
const LINK: usize = 1_000;
/// Problems told in one answer; the others are of the same kind.
const PROBLEMS: usize = 20;

/// Problems found so far.
#[derive(Debug, Default)]
pub struct Problems(Vec<FieldProblem>);

impl Problems {
    /// Notes a problem.
    pub fn add(&mut self, path: &str, what: impl Into<String>) {
        if self.0.len() < PROBLEMS {
            self.0.push(FieldProblem {
                path: path.to_owned(),
                what: what.into(),
            });
        }
    }

    /// `Err` with the problems where there are any.
    pub fn or<T>(self, value: T) -> Result<T, Vec<FieldProblem>> {
        if self.0.is_empty() {
            Ok(value)
        } else {
            Err(self.0)
        }
    }
}

/// The labels of an alert that are kept.
pub fn kept_tags(labels: &[(String, String)]) -> Tags {
    Tags::of(
        labels
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str())),
    )
}

/// The fields of an object, and where it stands.
#[derive(Clone, Copy)]
pub struct Fields<'a> {
    map: &'a Map<String, Value>,
    path: &'a str,
    zone: Tz,
}

impl<'a> Fields<'a> {
    /// The fields of this object; times without a zone are in this one.
    pub const fn new(map: &'a Map<String, Value>, path: &'a str, zone: Tz) -> Self {
        Self { map, path, zone }
    }

    /// Path of a field.
    pub fn path(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    /// The value of a field; `null` counts as missing.
    pub fn value(&self, name: &str) -> Option<&'a Value> {
        self.map.get(name).filter(|value| !value.is_null())
    }

    /// The text of a field, cleaned and trimmed; numbers and truth values are text as well, and an
    /// empty text counts as missing.
    pub fn text(&self, name: &str, problems: &mut Problems) -> Option<String> {
        self.value(name)
            .and_then(|value| text(value, || self.path(name), problems))
    }

    /// The first of these fields that has a text.
    pub fn first_text(&self, names: &[&str], problems: &mut Problems) -> Option<String> {
        names.iter().find_map(|name| self.text(name, problems))
    }

    /// The names and texts of an object field, in its order.
    pub fn texts(&self, name: &str, problems: &mut Problems) -> Vec<(String, String)> {
        let Some(value) = self.value(name) else {
            return Vec::new();
        };
        let Value::Object(map) = value else {
            problems.add(&self.path(name), expected("an object", value));
            return Vec::new();
        };
        map.iter()
            .filter(|(_, value)| !value.is_null())
            .filter_map(|(key, value)| {
                let key = cut(&clean(key), NAME);
                let path = || format!("{}.{key}", self.path(name));
                text(value, path, problems).map(|text| (key.clone(), text))
            })
            .collect()
    }

    /// A time: RFC 3339 with any offset, a date and time in the zone of the source, or seconds since
    /// 1970. The zero time, and any year up to 1970, count as missing: they are what a program
    /// prints for "not yet".
    pub fn time(&self, name: &str, problems: &mut Problems) -> Option<DateTime<Utc>> {
        let value = self.value(name)?;
        let time = match value {
            Value::String(text) if text.trim().is_empty() => return None,
            Value::String(text) => moment(text, self.zone),
            Value::Number(number) => number.as_f64().and_then(epoch),
            _ => None,
        };
        let Some(time) = time else {
            let found = match value {
                Value::String(text) => format!(
                    "expected a time such as 2026-11-01T08:00:00Z, found {:?}",
                    cut(&clean(text.trim()), 40)
                ),
                other => expected("a time in RFC 3339", other),
            };
            problems.add(&self.path(name), found);
            return None;
        };
        (time.year() > 1970).then_some(time)
    }

    /// A time where there is one that can be read; else nothing, and no problem.
    pub fn time_if_any(&self, name: &str) -> Option<DateTime<Utc>> {
        self.time(name, &mut Problems::default())
    }

    /// A count, as a number or as text.
    pub fn count(&self, name: &str, problems: &mut Problems) -> u64 {
        let Some(value) = self.value(name) else {
            return 0;
        };
        let count = match value {
            Value::Number(number) => number.as_u64(),
            Value::String(text) if text.trim().is_empty() => Some(0),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        count.unwrap_or_else(|| {
            problems.add(&self.path(name), expected("a count", value));
            0
        })
    }
}

/// Ways to write a date and a time without a zone.
const LOCAL: [&str; 6] = [
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y.%m.%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
];

/// Reads a time; one without a zone is in this zone.
pub fn moment(text: &str, zone: Tz) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.with_timezone(&Utc));
    }
    if let Ok(time) = DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S %z") {
        return Some(time.with_timezone(&Utc));
    }
    if let Ok(seconds) = text.parse() {
        return epoch(seconds);
    }
    LOCAL
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .map(|local| in_zone(local, zone))
}

/// A time of a clock on the wall. In the night in which an hour comes twice the second one is
/// meant: a time that lies ahead is bounded by its arrival, one that lies behind would end an
/// outage before it began. In the night in which an hour is left out the clock was not moved.
pub fn in_zone(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(time) | MappedLocalTime::Ambiguous(_, time) => {
            time.with_timezone(&Utc)
        }
        MappedLocalTime::None => zone
            .from_local_datetime(&(local - TimeDelta::hours(1)))
            .latest()
            .map_or_else(
                || local.and_utc(),
                |time| time.with_timezone(&Utc) + TimeDelta::hours(1),
            ),
    }
}

/// Seconds since 1970, or thousandths of them; a small number is none of both.
fn epoch(number: f64) -> Option<DateTime<Utc>> {
    const YEAR: f64 = 366.0 * 86_400.0;
    const FAR: f64 = 100_000_000_000.0;
    let seconds = if number.abs() > FAR {
        number / 1_000.0
    } else {
        number
    };
    if !(YEAR..FAR).contains(&seconds) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
    DateTime::from_timestamp_millis((seconds * 1_000.0) as i64)
}

fn text(value: &Value, path: impl FnOnce() -> String, problems: &mut Problems) -> Option<String> {
    let text = match value {
        Value::String(text) => clean(text),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        _ => {
            problems.add(&path(), expected("a text", value));
            return None;
        }
    };
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// What is told of a value of the wrong type.
pub fn expected(what: &str, found: &Value) -> String {
    let kind = match found {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    format!("expected {what}, found {kind}")
}

/// At most this many characters, with an ellipsis where something was cut.
pub fn cut(text: &str, limit: usize) -> String {
    if text.chars().nth(limit).is_none() {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(limit.saturating_sub(1)).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

/// One line for people.
pub fn line(text: &str, limit: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    cut(&words.join(" "), limit)
}

/// Whole lines, as many as fit.
pub fn whole_lines(lines: &[String], limit: usize) -> String {
    let mut text = String::new();
    let mut room = limit;
    for line in lines {
        let length = line.chars().count() + usize::from(!text.is_empty());
        if length > room {
            if text.is_empty() {
                return cut(line, limit);
            }
            break;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(line);
        room -= length;
    }
    text
}

/// A fingerprint of bounded length.
pub fn fingerprint(text: &str) -> Fingerprint {
    if text.len() <= FINGERPRINT {
        Fingerprint(text.to_owned())
    } else {
        hashed(&[("", text)])
    }
}

/// A fingerprint made of names and texts; their order does not matter.
pub fn hashed(parts: &[(&str, &str)]) -> Fingerprint {
    let mut parts = parts.to_vec();
    parts.sort_unstable();
    let mut hash = Sha256::new();
    for (name, text) in parts {
        // Lengths first, so that no two lists of parts run into the same bytes.
        for part in [name, text] {
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
    }
    let hex: String = hash
        .finalize()
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Fingerprint(format!("h-{hex}"))
}

/// A link that a reader may follow.
pub fn link(text: Option<String>) -> Option<String> {
    let text = text.filter(|text| text.chars().nth(LINK).is_none())?;
    let url = url::Url::parse(&text).ok()?;
    let usable = matches!(url.scheme(), "http" | "https") && url.has_host();
    usable.then_some(text)
}

/// Whether the word of a source says that it is over. An unknown word does not: better said twice
/// than lost.
pub fn phase(word: &str) -> Phase {
    match word.trim().to_ascii_lowercase().as_str() {
        "resolved" | "ok" | "closed" | "close" | "recovered" | "recovery" | "up" | "normal"
        | "inactive" => Phase::Resolved,
        _ => Phase::Firing,
    }
}

/// The first label of these that is there.
pub fn label<'a>(labels: &'a [(String, String)], names: &[Option<&str>]) -> Option<&'a str> {
    names.iter().flatten().find_map(|name| {
        labels
            .iter()
            .find(|(label, _)| label == name)
            .map(|(_, text)| text.as_str())
    })
}
