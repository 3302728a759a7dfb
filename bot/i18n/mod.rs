//! Texts for people: picks the message of `locales/` in the reader's language and fills it.
//!
//! Values never pass through Fluent as text: each is a placeholder while the message is put
//! together and comes out as a [`Piece`] of its own. So nothing that a person or a machine wrote
//! can become markup, and a name is told from words by type.

mod catalogue;
mod numbers;
mod times;

pub use catalogue::{Fault, Problem};
pub use times::{day, lasting, month};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentError, FluentResource, FluentValue};
use include_dir::{Dir, include_dir};
use unic_langid::langid;
use vigie_domain::Lang;
use vigie_domain::text::{Arg, Key, Say};

static LOCALES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/locales");

/// First of the private-use characters that stand for values inside Fluent.
const FIRST_MARK: u32 = 0xE000;
/// Last of them.
const LAST_MARK: u32 = 0xF8FF;

/// Every language, the reference first.
pub const LANGS: [Lang; 2] = [Lang::Fr, Lang::En];

/// A part of a finished text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words.
    Plain(String),
    /// A name that stands out.
    Name(String),
    /// A command or code that can be copied.
    Code(String),
}

impl Piece {
    /// What is written, without its kind.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Plain(text) | Self::Name(text) | Self::Code(text) => text,
        }
    }
}

/// The messages of every language, checked.
pub struct Texts {
    fr: FluentBundle<FluentResource>,
    en: FluentBundle<FluentResource>,
}

impl Texts {
    /// The messages that were built into the program.
    ///
    /// # Errors
    /// Everything that is wrong in them: see [`Texts::from_sources`].
    pub fn embedded() -> Result<Self, Vec<Problem>> {
        let mut sources = Vec::new();
        for lang in LANGS {
            for file in LOCALES
                .get_dir(folder(lang))
                .into_iter()
                .flat_map(Dir::files)
            {
                if file
                    .path()
                    .extension()
                    .is_some_and(|ending| ending == "ftl")
                {
                    let text = file.contents_utf8().unwrap_or_default();
                    sources.push((lang, file.path().display().to_string(), text.to_owned()));
                }
            }
        }
        Self::from_sources(&sources)
    }

    /// Messages from files: (language, name of the file, its text).
    ///
    /// # Errors
    /// Everything that is wrong, all at once: what cannot be read, what one language says and
    /// another does not, values and attributes that differ.
    pub fn from_sources(sources: &[(Lang, String, String)]) -> Result<Self, Vec<Problem>> {
        let mut problems = catalogue::check(sources);
        let mut texts = Self {
            fr: bundle(Lang::Fr),
            en: bundle(Lang::En),
        };
        for (lang, file, text) in sources {
            // What does not parse has been told by the check.
            let resource = FluentResource::try_new(text.clone()).unwrap_or_else(|(part, _)| part);
            let bundle = match lang {
                Lang::Fr => &mut texts.fr,
                Lang::En => &mut texts.en,
            };
            for error in bundle.add_resource(resource).err().unwrap_or_default() {
                if let FluentError::Overriding { id, .. } = error {
                    problems.push(Problem::new(*lang, file, Fault::Twice { key: id }));
                }
            }
        }
        if problems.is_empty() {
            Ok(texts)
        } else {
            Err(problems)
        }
    }

    /// A message as parts, for a reader of this language and zone.
    #[must_use]
    pub fn say(&self, lang: Lang, zone: Tz, now: DateTime<Utc>, say: &Say) -> Vec<Piece> {
        let mut args = FluentArgs::with_capacity(say.args.len());
        let mut values = Vec::with_capacity(say.args.len());
        for (name, arg) in &say.args {
            if let Arg::Number(number) = arg {
                args.set(name.as_str(), FluentValue::from(*number));
            } else if let Some(mark) = mark(values.len()) {
                args.set(name.as_str(), mark.to_string());
                values.push(self.piece(lang, zone, now, arg));
            }
        }
        split(&self.fill(lang, say.key, &args), &values)
    }

    /// A message as one text.
    #[must_use]
    pub fn plain(&self, lang: Lang, zone: Tz, now: DateTime<Utc>, say: &Say) -> String {
        self.say(lang, zone, now, say)
            .iter()
            .map(Piece::as_str)
            .collect()
    }

    fn piece(&self, lang: Lang, zone: Tz, now: DateTime<Utc>, arg: &Arg) -> Piece {
        match arg {
            Arg::Name(name) => Piece::Name(name.clone()),
            Arg::Code(code) => Piece::Code(code.clone()),
            Arg::Text(text) => Piece::Plain(text.clone()),
            Arg::Number(number) => Piece::Plain(numbers::grouped(lang, &number.to_string())),
            Arg::At(at) => Piece::Plain(times::at(lang, zone, now, *at)),
            Arg::Day(date) => Piece::Plain(day(lang, *date)),
            Arg::Lasting(seconds) => Piece::Plain(lasting(lang, *seconds)),
            Arg::Word(key) => Piece::Plain(self.fill(lang, *key, &FluentArgs::new())),
            Arg::Said(say) => Piece::Name(self.plain(lang, zone, now, say)),
        }
    }

    fn fill(&self, lang: Lang, key: Key, args: &FluentArgs<'_>) -> String {
        let bundle = match lang {
            Lang::Fr => &self.fr,
            Lang::En => &self.en,
        };
        let Some(pattern) = bundle.get_message(key.id()).and_then(|found| found.value()) else {
            return key.id().to_owned();
        };
        let mut errors = Vec::new();
        let text = bundle
            .format_pattern(pattern, Some(args), &mut errors)
            .into_owned();
        if !errors.is_empty() {
            tracing::error!(text.key = key.id(), ?errors, "A message lacks a value");
        }
        debug_assert!(errors.is_empty(), "{}: {errors:?}", key.id());
        text
    }
}

/// The folder of a language in `locales/`.
const fn folder(lang: Lang) -> &'static str {
    match lang {
        Lang::Fr => "fr",
        Lang::En => "en",
    }
}

fn bundle(lang: Lang) -> FluentBundle<FluentResource> {
    let (locale, format): (_, fn(&FluentValue<'_>, &_) -> Option<String>) = match lang {
        Lang::Fr => (langid!("fr"), |value, _| number(Lang::Fr, value)),
        Lang::En => (langid!("en"), |value, _| number(Lang::En, value)),
    };
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // Isolation marks would land in commands, links and copied names.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(format));
    let added = bundle.add_builtins();
    debug_assert!(added.is_ok(), "a new bundle has no functions yet");
    bundle
}

fn number(lang: Lang, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(numbers::grouped(lang, &number.as_string())),
        _ => None,
    }
}

fn mark(index: usize) -> Option<char> {
    let point = FIRST_MARK.checked_add(u32::try_from(index).ok()?)?;
    (point <= LAST_MARK)
        .then(|| char::from_u32(point))
        .flatten()
}

/// Puts the values where their marks are.
fn split(text: &str, values: &[Piece]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for letter in text.chars() {
        let index = u32::from(letter).checked_sub(FIRST_MARK);
        match index.and_then(|at| values.get(usize::try_from(at).ok()?)) {
            Some(Piece::Plain(value)) => push_plain(&mut pieces, value),
            Some(value) => pieces.push(value.clone()),
            None => push_plain(&mut pieces, letter.encode_utf8(&mut [0; 4])),
        }
    }
    pieces
}

fn push_plain(pieces: &mut Vec<Piece>, more: &str) {
    if let Some(Piece::Plain(text)) = pieces.last_mut() {
        text.push_str(more);
    } else if !more.is_empty() {
        pieces.push(Piece::Plain(more.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(fr: &str, en: &str) -> Texts {
        let source = |lang, text: &str| (lang, "authz.ftl".to_owned(), text.to_owned());
        Texts::from_unchecked(&[source(Lang::Fr, fr), source(Lang::En, en)])
    }

    impl Texts {
        /// Messages of a test, which are not those of the program.
        fn from_unchecked(sources: &[(Lang, String, String)]) -> Self {
            let mut texts = Self {
                fr: bundle(Lang::Fr),
                en: bundle(Lang::En),
            };
            for (lang, _, text) in sources {
                let resource = FluentResource::try_new(text.clone()).unwrap();
                match lang {
                    Lang::Fr => texts.fr.add_resource(resource).unwrap(),
                    Lang::En => texts.en.add_resource(resource).unwrap(),
                }
            }
            texts
        }
    }

    const KEY: Key = Key::AuthzNotKnown;

    #[test]
    fn a_value_is_a_piece_of_its_own_and_never_becomes_words_or_markup() {
        let texts = texts(
            "authz-not-known = <b>{ $who }</b> a pris { $what }.",
            "authz-not-known = x",
        );
        let say = Say::new(KEY)
            .with("who", Arg::Name("{ $what } *Éa\u{E001}*".to_owned()))
            .with("what", Arg::Code("/etat".to_owned()));
        assert_eq!(
            texts.say(Lang::Fr, Tz::Europe__Paris, DateTime::UNIX_EPOCH, &say),
            vec![
                Piece::Plain("<b>".to_owned()),
                Piece::Name("{ $what } *Éa\u{E001}*".to_owned()),
                Piece::Plain("</b> a pris ".to_owned()),
                Piece::Code("/etat".to_owned()),
                Piece::Plain(".".to_owned()),
            ]
        );
    }

    #[test]
    fn numbers_choose_the_plural_and_are_written_in_the_language() {
        let texts = texts(
            "authz-not-known = { $n ->\n    [one] { $n } relais muet\n   *[other] { $n } relais muets\n}",
            "authz-not-known = { $n ->\n    [one] { $n } silent relay\n   *[other] { $n } silent relays\n}",
        );
        let say = |lang, n| {
            let say = Say::new(KEY).with("n", Arg::Number(n));
            texts.plain(lang, Tz::Europe__Paris, DateTime::UNIX_EPOCH, &say)
        };
        assert_eq!(say(Lang::Fr, 0), "0 relais muet");
        assert_eq!(say(Lang::Fr, 1), "1 relais muet");
        assert_eq!(say(Lang::Fr, 12_000), "12\u{202F}000 relais muets");
        assert_eq!(say(Lang::En, 0), "0 silent relays");
        assert_eq!(say(Lang::En, 1), "1 silent relay");
        assert_eq!(say(Lang::En, 12_000), "12,000 silent relays");
    }

    #[test]
    fn a_word_is_another_message() {
        let texts = texts(
            "authz-not-known = réponse { $word }\nauthz-active-only = non",
            "authz-not-known = x\nauthz-active-only = no",
        );
        let say = Say::new(KEY).with("word", Arg::Word(Key::AuthzActiveOnly));
        let plain = texts.plain(Lang::Fr, Tz::Europe__Paris, DateTime::UNIX_EPOCH, &say);
        assert_eq!(plain, "réponse non");
    }
}
