//! What the command line says, in the language of the terminal.

use std::io::{self, Write as _};

use chrono::DateTime;
use vigie_domain::Lang;
use vigie_domain::text::Say;

use crate::exit::Failure;
use crate::i18n::Texts;

/// Speaks to the person at the terminal.
pub struct Console<'t> {
    texts: &'t Texts,
    lang: Lang,
}

impl<'t> Console<'t> {
    /// Speaks these texts in this language.
    #[must_use]
    pub const fn new(texts: &'t Texts, lang: Lang) -> Self {
        Self { texts, lang }
    }

    /// A message as text. The command line tells no times, so zone and clock do not matter.
    #[must_use]
    pub fn text(&self, say: &Say) -> String {
        let zone = chrono_tz::Tz::UTC;
        self.texts.plain(self.lang, zone, DateTime::UNIX_EPOCH, say)
    }

    /// Says something on standard output.
    pub fn say(&self, say: &Say) {
        self.line(&self.text(say));
    }

    /// Writes a line on standard output. Who does not listen any more is not an error.
    pub fn line(&self, line: &str) {
        let mut out = io::stdout().lock();
        let _ = writeln!(out, "{line}").and_then(|()| out.flush());
    }

    /// Says on standard error what should be mended, and where.
    pub fn warning(&self, place: &str, say: &Say) {
        let _ = writeln!(io::stderr().lock(), "{place}: {}", self.text(say));
    }

    /// Says on standard error why the program ends.
    pub fn failure(&self, failure: &Failure) {
        let mut err = io::stderr().lock();
        for (place, says) in &failure.lines {
            let text: Vec<_> = says.iter().map(|say| self.text(say)).collect();
            let place = place.as_deref().unwrap_or("vigie");
            let _ = writeln!(err, "{place}: {}", text.join(" "));
        }
    }
}

/// The language that the environment asks for: the first of these variables that is set counts.
#[must_use]
pub fn lang(variables: [Option<String>; 3]) -> Lang {
    let tag = variables.into_iter().flatten().find(|tag| !tag.is_empty());
    Lang::from_tag(Some(tag.as_deref().unwrap_or("en")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_that_of_the_terminal() {
        let of = |all: Option<&str>, messages: Option<&str>, lang_: Option<&str>| {
            lang([all, messages, lang_].map(|tag| tag.map(str::to_owned)))
        };
        assert_eq!(of(None, None, Some("fr_FR.UTF-8")), Lang::Fr);
        assert_eq!(of(None, Some("fr"), Some("de_DE")), Lang::Fr);
        assert_eq!(of(Some(""), None, Some("fr_FR.UTF-8")), Lang::Fr);
        assert_eq!(of(Some("C.UTF-8"), None, Some("fr_FR.UTF-8")), Lang::En);
        assert_eq!(of(None, None, Some("C")), Lang::En);
        assert_eq!(of(None, None, None), Lang::En);
    }
}
