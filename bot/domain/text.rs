//! What is said to people, as a message key and typed arguments; the words are in `locales/`.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

include!(concat!(env!("OUT_DIR"), "/keys.rs"));

impl Key {
    /// Finds a key by the name of its message.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|key| key.id() == id)
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = String::deserialize(deserializer)?;
        Self::from_id(&id).ok_or_else(|| serde::de::Error::custom(format!("no message {id}")))
    }
}

/// One value inside a message. The reader's language and zone decide how it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Arg {
    /// Text of a person or a machine, shown as it is.
    Text(String),
    /// A name that stands out.
    Name(String),
    /// A command or code that can be copied.
    Code(String),
    /// A whole number; it also chooses the plural form.
    Number(i64),
    /// A point in time.
    At(DateTime<Utc>),
    /// A day.
    Day(NaiveDate),
    /// A duration in seconds.
    Lasting(i64),
    /// Another message without arguments, such as the word for a state.
    Word(Key),
    /// Another message, such as what a maintenance is about; it stands out.
    Said(Box<Say>),
}

/// A message: which one, and its values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Say {
    /// The message.
    pub key: Key,
    /// Its values by the names used in `locales/`.
    pub args: Vec<(String, Arg)>,
}

impl Say {
    /// A message without values.
    #[must_use]
    pub const fn new(key: Key) -> Self {
        Self {
            key,
            args: Vec::new(),
        }
    }

    /// Adds a value.
    #[must_use]
    pub fn with(mut self, name: &str, value: Arg) -> Self {
        self.args.push((name.to_owned(), value));
        self
    }
}

impl From<Key> for Say {
    fn from(key: Key) -> Self {
        Self::new(key)
    }
}

/// Removes what must never reach a reader: NUL, other controls but line feed and tab, and marks
/// that turn the direction of writing, which hide or fake a name.
#[must_use]
pub fn clean(text: &str) -> String {
    let hidden = |c: char| {
        matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
            || (c.is_control() && c != '\n' && c != '\t')
    };
    text.chars().filter(|c| !hidden(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nul_and_direction_marks_go_and_the_rest_stays() {
        assert_eq!(clean("coupure\u{0}test \u{202E}nimdA"), "coupuretest nimdA");
        assert_eq!(
            clean("L'antenne <d'Étigny> & _co_\n🛰"),
            "L'antenne <d'Étigny> & _co_\n🛰"
        );
    }

    #[test]
    fn every_key_is_found_by_its_name() {
        for key in Key::ALL {
            assert_eq!(Key::from_id(key.id()), Some(*key));
        }
        assert_eq!(Key::from_id("no-such-message"), None);
    }
}
