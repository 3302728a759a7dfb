//! The log: to standard error, with whatever could be a secret taken out of every line.
//!
//! Parts take care not to log secrets; this is the net below them, since a library may print an
//! address with its token in an error.

use std::borrow::Cow;
use std::io::{self, Write};

use clap::ValueEnum;
use regex::{Captures, Regex};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};

/// What stands where a secret was.
const GONE: &str = "[redacted]";

/// How lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Why there is no log.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The filter cannot be read.
    #[error("log filter: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// A pattern of the redaction cannot be read.
    #[error("redaction: {0}")]
    Pattern(#[from] regex::Error),
    /// Another log was started before.
    #[error(transparent)]
    Twice(#[from] TryInitError),
}

/// Starts the log of this process, for `tracing` and for `log`.
///
/// # Errors
/// See [`LogError`].
pub fn start(filter: &str, format: LogFormat) -> Result<(), LogError> {
    let filter = EnvFilter::try_new(filter)?;
    let writer = Redacting::new(io::stderr)?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(writer)
        .with_ansi(false);
    match format {
        LogFormat::Text => log.finish().try_init()?,
        LogFormat::Json => log.json().finish().try_init()?,
    }
    Ok(())
}

/// Takes secrets out of a text.
#[derive(Clone, Debug)]
pub struct Redactor {
    /// What is before the secret is the group `keep`.
    patterns: Vec<Regex>,
}

impl Redactor {
    /// A redactor.
    ///
    /// # Errors
    /// A pattern cannot be read.
    pub fn new() -> Result<Self, regex::Error> {
        let patterns = [
            // Bot tokens, alone or inside an address.
            r"\d+(?::|%3[Aa])[A-Za-z0-9_-]{30,}",
            r"(?P<keep>(?i:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{4,}",
            r#"(?P<keep>(?i:token|secret|password|passwd)[a-z_]*\\?"?\s*[=:]\s*\\?"?)[^\s"\\&,;})]+"#,
            r"(?P<keep>\b(?i:codes?)\b[^0-9\n]{0,20})\d{6}\b",
            r#"(?P<keep>(?:callback_data|button[._]key|tap[._]key)\\?"?\s*[=:]\s*(?:Some\()?\\?"?)[A-Za-z0-9_-]{8,}"#,
            r"(?P<keep>t\.me/(?:\+|joinchat/))[A-Za-z0-9_-]+",
            r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
            r"(?:\+33 ?|\b0)[1-9](?:[ .-]?[0-9]{2}){4}\b",
        ];
        let patterns = patterns
            .into_iter()
            .map(Regex::new)
            .collect::<Result<_, _>>()?;
        Ok(Self { patterns })
    }

    /// The text without what could be a secret.
    #[must_use]
    pub fn clean<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut text = Cow::Borrowed(text);
        for pattern in &self.patterns {
            let replaced = pattern.replace_all(&text, |found: &Captures<'_>| {
                let keep = found.name("keep").map_or("", |keep| keep.as_str());
                format!("{keep}{GONE}")
            });
            if let Cow::Owned(changed) = replaced {
                text = Cow::Owned(changed);
            }
        }
        text
    }
}

/// Makes writers that take secrets out of what is written.
#[derive(Clone, Debug)]
pub struct Redacting<M> {
    inner: M,
    redactor: Redactor,
}

impl<M> Redacting<M> {
    /// Writers in front of these.
    ///
    /// # Errors
    /// A pattern cannot be read.
    pub fn new(inner: M) -> Result<Self, regex::Error> {
        Ok(Self {
            inner,
            redactor: Redactor::new()?,
        })
    }
}

impl<'w, M: MakeWriter<'w>> MakeWriter<'w> for Redacting<M> {
    type Writer = RedactingWriter<'w, M::Writer>;

    fn make_writer(&'w self) -> Self::Writer {
        RedactingWriter {
            inner: self.inner.make_writer(),
            redactor: &self.redactor,
        }
    }
}

/// Takes secrets out of what is written. The log writes each event whole, at once.
#[derive(Debug)]
pub struct RedactingWriter<'w, W> {
    inner: W,
    redactor: &'w Redactor,
}

impl<W: Write> Write for RedactingWriter<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        self.inner
            .write_all(self.redactor.clean(&text).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[test]
    fn secrets_go_and_the_rest_stays() {
        let redactor = Redactor::new().unwrap();
        let token = "123456789:AAExample_Token-of-35-characters-xyz";
        for (text, clean) in [
            (format!("token {token}"), "token [redacted]".to_owned()),
            (
                format!("error for https://api.telegram.org/bot{token}/sendMessage: 502"),
                "error for https://api.telegram.org/bot[redacted]/sendMessage: 502".to_owned(),
            ),
            (
                format!("url=/bot{}/getMe", token.replace(':', "%3A")),
                "url=/bot[redacted]/getMe".to_owned(),
            ),
        ] {
            assert_eq!(redactor.clean(&text), clean);
        }
        for (text, clean) in [
            (
                "authorization: Bearer demo-1.x",
                "authorization: Bearer [redacted]",
            ),
            (r#"{"token":"demo"}"#, r#"{"token":"[redacted]"}"#),
            (
                r#"{\"secret_token\":\"abc\"}"#,
                r#"{\"secret_token\":\"[redacted]\"}"#,
            ),
            ("hook_token=demo&x=1", "hook_token=[redacted]&x=1"),
            ("Votre code est 123456.", "Votre code est [redacted]."),
            ("code=654321", "code=[redacted]"),
            (
                r#"tap.key="Zx81kQ_3-aaaaBBBBccccDD""#,
                r#"tap.key="[redacted]""#,
            ),
            (
                r#""callback_data":"Zx81kQ_3-aaaa""#,
                r#""callback_data":"[redacted]""#,
            ),
            ("https://t.me/+AbCdEf123", "https://t.me/+[redacted]"),
            ("ana@coop.example wrote", "[redacted] wrote"),
            ("appelez 06 12 34 56 78", "appelez [redacted]"),
        ] {
            assert_eq!(redactor.clean(text), clean);
        }
        for text in [
            "hooks.source=prometheus alerts=12 took_ms=3",
            "2026-11-25T01:02:03.123456Z  INFO vigie: Ready listen=127.0.0.1:8787",
            "the code of the reader failed at line 1234567",
            "chat.id=-1001234567890 row=om/00000000000000ff",
            "a token is missing",
        ] {
            assert_eq!(redactor.clean(text), text);
        }
    }

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn events_are_written_without_secrets() {
        let page = Page::default();
        let copy = page.clone();
        let writer = Redacting::new(move || copy.clone()).unwrap();
        for json in [false, true] {
            let log = tracing_subscriber::fmt()
                .with_writer(writer.clone())
                .with_ansi(false);
            let url = "https://x/bot123456789:AAExample_Token-of-35-characters-xyz/getMe";
            let event = || tracing::warn!(url, error = ?format!("Bearer {}", "demo"), "Failed");
            if json {
                tracing::subscriber::with_default(log.json().finish(), event);
            } else {
                tracing::subscriber::with_default(log.finish(), event);
            }
        }
        let text = String::from_utf8(page.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.lines().count(), 2);
        assert!(
            !text.contains("AAExample") && !text.contains("demo"),
            "{text}"
        );
        assert_eq!(text.matches("/bot[redacted]/getMe").count(), 2, "{text}");
    }
}
