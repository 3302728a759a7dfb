//! The language, zone and moment in which something is said.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use vigie_domain::Lang;
use vigie_domain::text::{Arg, Key, Say, clean};

use super::fit::{LeftOut, shortened};
use super::text::Text;
use crate::i18n::Texts;

/// Longest name shown, in UTF-16 units.
const NAME: usize = 80;

/// Says messages to one reader.
#[derive(Clone, Copy)]
pub struct Voice<'a> {
    /// The messages.
    pub texts: &'a Texts,
    /// The reader's language.
    pub lang: Lang,
    /// The zone in which times are shown.
    pub zone: Tz,
    /// The time of saying.
    pub now: DateTime<Utc>,
}

impl Voice<'_> {
    /// A message with its formatting.
    #[must_use]
    pub fn say(&self, say: &Say) -> Text {
        let mut text = Text::new();
        text.pieces(&self.texts.say(self.lang, self.zone, self.now, say));
        text
    }

    /// A message with these values.
    #[must_use]
    pub fn with<const N: usize>(&self, key: Key, args: [(&str, Arg); N]) -> Text {
        let mut say = Say::new(key);
        for (name, arg) in args {
            say = say.with(name, arg);
        }
        self.say(&say)
    }

    /// A duration.
    #[must_use]
    pub fn lasting(&self, seconds: i64) -> String {
        crate::i18n::lasting(self.lang, seconds)
    }

    /// A message without formatting.
    #[must_use]
    pub fn plain(&self, say: &Say) -> String {
        self.texts.plain(self.lang, self.zone, self.now, say)
    }
}

impl LeftOut for Voice<'_> {
    fn lines(&self, count: usize) -> Text {
        self.with(Key::CardMoreLines, [("count", number(count))])
    }

    fn names(&self, count: usize) -> Text {
        self.with(Key::CardMoreNames, [("count", number(count))])
    }
}

/// Hundredths of a percent as a value, rounded down to tenths: 100 % is all of it.
#[must_use]
pub fn percent(lang: Lang, hundredths: i64) -> Arg {
    let tenths = hundredths / 10;
    let (whole, tenth) = (tenths / 10, tenths % 10);
    Arg::Text(match (lang, tenth) {
        (Lang::Fr, 0) => format!("{whole}\u{202F}%"),
        (Lang::Fr, _) => format!("{whole},{tenth}\u{202F}%"),
        (Lang::En, 0) => format!("{whole}%"),
        (Lang::En, _) => format!("{whole}.{tenth}%"),
    })
}

/// A count as a value.
#[must_use]
pub fn number(count: usize) -> Arg {
    Arg::Number(i64::try_from(count).unwrap_or(i64::MAX))
}

/// A name as a value: one line, of bearable length.
#[must_use]
pub fn name(text: &str) -> Arg {
    Arg::Name(one_line(text, NAME))
}

/// Foreign text on one line.
#[must_use]
pub fn one_line(text: &str, limit: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    shortened(&clean(&words.join(" ")), limit)
}
