//! What is wrong in the configuration, told so that a volunteer can mend it.

use std::io;
use std::ops::Range;

use regex::Regex;
use vigie_domain::text::{Arg, Key, Say};

/// What a problem is about; it decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// The file.
    File,
    /// The bot's token.
    Token,
}

/// One thing wrong in one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Where: `vigie.toml:3:5`, or the file alone.
    pub place: String,
    /// What.
    pub say: Say,
    /// What it is about.
    pub topic: Topic,
}

impl Problem {
    /// The file cannot be read at all.
    pub(super) fn unreadable(file: &str, error: &io::Error) -> Self {
        Self {
            place: file.to_owned(),
            say: Say::new(Key::OpsConfigUnreadable).with("why", Arg::Text(error.to_string())),
            topic: Topic::File,
        }
    }
}

/// `file:line:column` of a place in a text; characters are counted, not bytes.
pub(super) fn place(file: &str, text: &str, span: &Range<usize>) -> String {
    let before = text.get(..span.start).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before.get(start..).unwrap_or_default().chars().count() + 1;
    format!("{file}:{line}:{column}")
}

/// What the reader of TOML says, in words for people.
pub(super) fn translated(message: &str) -> Say {
    let found = |pattern: &str| {
        Regex::new(pattern)
            .ok()
            .and_then(|pattern| pattern.captures(message).map(|found| owned(&found)))
    };
    if let Some(parts) = found(r"^unknown field `([^`]*)`(.*)") {
        return unknown_key(part(&parts, 1), &ticked(part(&parts, 2)));
    }
    if let Some(parts) = found(r"^unknown variant `([^`]*)`(.*)") {
        let known = ticked(part(&parts, 2)).join(", ");
        return Say::new(Key::OpsConfigUnknownWord)
            .with("value", Arg::Code(part(&parts, 1).to_owned()))
            .with("known", Arg::Text(known));
    }
    if let Some(parts) = found(r"^invalid type: ([a-z ]+?)(?: [`\x22].*)?, expected (.*)") {
        let kind = |text: &str| kind(text).map_or_else(|| Arg::Text(text.to_owned()), Arg::Word);
        return Say::new(Key::OpsConfigWrongType)
            .with("found", kind(part(&parts, 1)))
            .with("wanted", kind(part(&parts, 2)));
    }
    Say::new(Key::OpsConfigBadValue).with("what", Arg::Text(message.replace('\n', " ")))
}

fn owned(found: &regex::Captures<'_>) -> Vec<String> {
    found
        .iter()
        .map(|part| part.map_or("", |part| part.as_str()).to_owned())
        .collect()
}

fn part(parts: &[String], index: usize) -> &str {
    parts.get(index).map_or("", String::as_str)
}

/// The words between back ticks.
fn ticked(text: &str) -> Vec<String> {
    text.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

fn unknown_key(key: &str, known: &[String]) -> Say {
    let near = nearest(key, known.iter().map(String::as_str));
    let say = |message| Say::new(message).with("key", Arg::Code(key.to_owned()));
    match near {
        Some(near) => say(Key::OpsConfigUnknownKeyNear).with("near", Arg::Code(near.to_owned())),
        None => say(Key::OpsConfigUnknownKey).with("known", Arg::Text(known.join(", "))),
    }
}

/// The known word that was probably meant.
pub(super) fn nearest<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    known
        .map(|known| (strsim::damerau_levenshtein(word, known), known))
        .min()
        .filter(|(distance, known)| *distance <= 3 && *distance * 2 <= known.chars().count())
        .map(|(_, known)| known)
}

/// Kinds of values by the words that the reader uses for them.
fn kind(word: &str) -> Option<Key> {
    Some(match word {
        "string" | "a string" | "borrowed string" => Key::OpsKindText,
        "integer" | "i64" | "u64" | "u32" | "u16" | "usize" | "an integer" => Key::OpsKindNumber,
        "floating point" | "f64" => Key::OpsKindDecimal,
        "boolean" | "a boolean" => Key::OpsKindTruth,
        "sequence" | "a sequence" | "array" => Key::OpsKindList,
        "map" | "a map" | "table" => Key::OpsKindTable,
        word if word.starts_with("struct ") => Key::OpsKindTable,
        _ => return None,
    })
}
