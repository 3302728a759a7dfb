//! Takes the fields of one record by name and type, and notes what does not fit.

use crate::names::{fold, short_name};
use crate::text::clean;

use super::draft::MAX_NAME;
use super::problem::{Hint, What};
use super::source::{Fault, Field, Value};
use super::words::{self, Words};

/// Longest value that a problem shows.
const MAX_SHOWN: usize = 80;

/// The fields of one record that nobody has taken yet.
pub(super) struct Fields<'f, 'a> {
    at: usize,
    fields: Vec<(&'static str, Field<'a>)>,
    faults: &'f mut Vec<Fault>,
}

impl<'f, 'a> Fields<'f, 'a> {
    /// Sorts fields by their known names; unknown and repeated ones are faults.
    pub fn new(words: Words, found: Vec<Field<'a>>, at: usize, faults: &'f mut Vec<Fault>) -> Self {
        let mut fields = Self {
            at,
            fields: Vec::with_capacity(found.len()),
            faults,
        };
        for field in found {
            match words::word(words, &field.name) {
                Some(name) if fields.fields.iter().all(|(other, _)| *other != name) => {
                    fields.fields.push((name, field));
                }
                Some(name) => {
                    fields.fault(field.name_at, What::Repeated, name, &field.name, Hint::None);
                }
                None => {
                    let hint = words::nearest(words, &field.name)
                        .map_or_else(|| Hint::OneOf(words::listed(words)), Hint::Perhaps);
                    fields.fault(field.name_at, What::UnknownField, "", &field.name, hint);
                }
            }
        }
        fields
    }

    /// The fields of a table inside this record.
    pub fn nested(&mut self, words: Words, found: Vec<Field<'a>>, at: usize) -> Fields<'_, 'a> {
        Fields::new(words, found, at, self.faults)
    }

    /// Where a field stands; the record, if it does not.
    pub fn at(&self, name: &str) -> usize {
        self.fields
            .iter()
            .find(|(other, _)| *other == name)
            .map_or(self.at, |(_, field)| field.at)
    }

    /// Takes a field as it is.
    pub fn take(&mut self, name: &str) -> Option<Field<'a>> {
        let index = self.fields.iter().position(|(other, _)| *other == name)?;
        Some(self.fields.swap_remove(index).1)
    }

    /// Puts a field under another name, unless that one is given too.
    pub fn put(&mut self, name: &'static str, field: Field<'a>) {
        if self.fields.iter().any(|(other, _)| *other == name) {
            self.fault(field.name_at, What::Repeated, name, &field.name, Hint::None);
        } else {
            self.fields.push((name, field));
        }
    }

    /// Notes a fault.
    pub fn fault(&mut self, at: usize, what: What, field: &str, value: &str, hint: Hint) {
        let value = clean(value).chars().take(MAX_SHOWN).collect();
        self.faults.push(Fault {
            at,
            what,
            field: field.to_owned(),
            value,
            hint,
            first: None,
        });
    }

    /// Notes a missing field.
    pub fn require(&mut self, name: &str, there: bool) {
        if !there && !self.faults.iter().any(|fault| fault.field == name) {
            self.fault(self.at, What::Missing, name, "", Hint::None);
        }
    }

    /// Text in one line, without what must not reach a reader. A number is text too.
    pub fn text(&mut self, name: &str, max: usize) -> Option<String> {
        let field = self.take(name)?;
        self.as_text(name, field.at, field.value, max)
    }

    pub(super) fn as_text(
        &mut self,
        name: &str,
        at: usize,
        value: Value<'_>,
        max: usize,
    ) -> Option<String> {
        let (Value::Text(text) | Value::Number(text)) = &value else {
            let hint = Hint::OneOf("\"…\"".to_owned());
            self.fault(at, What::WrongType, name, &value.shown(), hint);
            return None;
        };
        let words: Vec<_> = text.split_whitespace().collect();
        let text = clean(&words.join(" "));
        if text.chars().count() > max {
            let limit = i64::try_from(max).unwrap_or(i64::MAX);
            self.fault(at, What::TooLong, name, &text, Hint::Limit(limit));
            return None;
        }
        (!text.is_empty()).then_some(text)
    }

    /// A short name.
    pub fn id(&mut self, name: &str) -> Option<String> {
        let at = self.at(name);
        let text = self.text(name, MAX_NAME);
        self.require(name, text.is_some());
        self.as_id(name, at, &text?)
    }

    fn as_id(&mut self, name: &str, at: usize, text: &str) -> Option<String> {
        match short_name(text) {
            Ok(id) => Some(id),
            Err(near) => {
                let hint = if near.is_empty() {
                    Hint::None
                } else {
                    Hint::Perhaps(near)
                };
                self.fault(at, What::ShortName, name, text, hint);
                None
            }
        }
    }

    /// A short name and a name; either is made from the other where only one is given.
    pub fn id_and_name(&mut self) -> Option<(String, String)> {
        let at = if self.is_there("id") {
            self.at("id")
        } else {
            self.at("name")
        };
        let before = self.faults.len();
        let id = self.text("id", MAX_NAME);
        let name = self.text("name", MAX_NAME);
        let Some(written) = id.clone().or_else(|| name.clone()) else {
            if self.faults.len() == before {
                self.require("id", false);
            }
            return None;
        };
        let id = self.as_id("id", at, &written)?;
        Some((id, name.unwrap_or(written)))
    }

    /// The short name and the name as they are written, folded.
    pub fn written_names(&self) -> Vec<String> {
        let named = |(name, field): &(&str, Field<'_>)| match &field.value {
            Value::Text(text) if matches!(*name, "id" | "name") => Some(fold(text)),
            _ => None,
        };
        self.fields.iter().filter_map(named).collect()
    }

    pub(super) fn is_there(&self, name: &str) -> bool {
        self.fields.iter().any(|(other, _)| *other == name)
    }

    /// A word among those known.
    pub fn word(&mut self, name: &str, words: Words) -> Option<&'static str> {
        let at = self.at(name);
        let text = self.text(name, MAX_NAME)?;
        let word = words::word(words, &text);
        if word.is_none() {
            self.unknown_word(at, name, &text, words);
        }
        word
    }

    /// A word among those known, which must be there.
    pub fn required_word(&mut self, name: &str, words: Words) -> Option<&'static str> {
        let word = self.word(name, words);
        self.require(name, word.is_some());
        word
    }

    /// Notes a word that is not known.
    pub fn unknown_word(&mut self, at: usize, name: &str, text: &str, words: Words) {
        let hint = words::nearest(words, text)
            .map_or_else(|| Hint::OneOf(words::listed(words)), Hint::Perhaps);
        self.fault(at, What::UnknownWord, name, text, hint);
    }

    /// Yes or no.
    pub fn flag(&mut self, name: &str) -> Option<bool> {
        if let Some(Field {
            value: Value::Flag(flag),
            ..
        }) = self
            .fields
            .iter()
            .find(|(other, _)| *other == name)
            .map(|(_, field)| field)
        {
            let flag = *flag;
            self.take(name);
            return Some(flag);
        }
        self.word(name, words::FLAGS).map(|word| word == "yes")
    }

    /// A whole number from 0 to `max`.
    pub fn number(&mut self, name: &str, max: i64) -> Option<u32> {
        let at = self.at(name);
        let text = self.text(name, MAX_NAME)?;
        let Ok(number) = text.parse::<i64>() else {
            self.fault(
                at,
                What::WrongType,
                name,
                &text,
                Hint::OneOf(format!("0-{max}")),
            );
            return None;
        };
        match u32::try_from(number) {
            Ok(fits) if number <= max => Some(fits),
            _ => {
                self.fault(
                    at,
                    What::OutOfRange,
                    name,
                    &text,
                    Hint::OneOf(format!("0-{max}")),
                );
                None
            }
        }
    }

    /// The number of an account.
    pub fn account(&mut self, name: &str) -> Option<i64> {
        let at = self.at(name);
        let text = self.text(name, MAX_NAME)?;
        match text.parse::<i64>() {
            Ok(number) if number > 0 => Some(number),
            Ok(_) => {
                self.fault(
                    at,
                    What::OutOfRange,
                    name,
                    &text,
                    Hint::OneOf("1-".to_owned()),
                );
                None
            }
            Err(_) => {
                self.fault(
                    at,
                    What::WrongType,
                    name,
                    &text,
                    Hint::OneOf("1001".to_owned()),
                );
                None
            }
        }
    }

    /// Texts in a list, or in one text divided by `,`, `;` or `|`.
    pub fn list(&mut self, name: &str, max: usize) -> Vec<(usize, String)> {
        let Some(field) = self.take(name) else {
            return Vec::new();
        };
        match field.value {
            Value::List(items) => items
                .into_iter()
                .filter_map(|(at, item)| Some((at, self.as_text(name, at, item, max)?)))
                .collect(),
            Value::Text(text) => text
                .split([',', ';', '|'])
                .filter_map(|part| {
                    let part = Value::Text(part.trim().to_owned().into());
                    Some((field.at, self.as_text(name, field.at, part, max)?))
                })
                .collect(),
            other => self
                .as_text(name, field.at, other, max)
                .map(|text| (field.at, text))
                .into_iter()
                .collect(),
        }
    }
}
