//! The file as it is written: every key optional, so that what is missing is told by the check,
//! with all other problems, and not one at a time.

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::problem::{Problem, Topic, place, translated};
use crate::app::settings::Settings;
use crate::mail::Encryption;
use vigie_domain::text::{Arg, Key, Say};

/// Problems told at once.
const MOST: usize = 30;

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Raw {
    pub administrators: Vec<Spanned<Id>>,
    pub telegram: Telegram,
    pub store: Store,
    pub web: Web,
    pub network: Network,
    pub sources: Vec<Spanned<Source>>,
    pub uisp: Vec<Spanned<Uisp>>,
    pub groups: Vec<Spanned<Group>>,
    pub backup: Option<Spanned<Backup>>,
    pub mail: Option<Spanned<Mail>>,
    pub members_page: Option<Spanned<MembersPage>>,
    pub settings: Settings,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Telegram {
    pub token_file: Option<Spanned<String>>,
    pub api_url: Option<Spanned<String>>,
    pub mode: Option<Mode>,
    pub webhook: Option<Spanned<Webhook>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Mode {
    Poll,
    Webhook,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Webhook {
    pub public_url: Option<Spanned<String>>,
    pub secret_file: Option<Spanned<String>>,
    pub listen: Option<Spanned<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Store {
    pub path: Option<Spanned<String>>,
    pub cache_mib: Option<Spanned<u64>>,
    pub ballast_mib: Option<Spanned<u64>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Web {
    pub listen: Option<Spanned<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Network {
    pub files: Vec<Spanned<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Source {
    pub name: Option<Spanned<String>>,
    pub format: Option<Spanned<String>>,
    pub token_sha256: Option<Spanned<OneOrMore>>,
    pub token_file: Option<Spanned<String>>,
    pub equipment_label: Option<String>,
    pub severity_label: Option<String>,
    pub zone: Option<Spanned<String>>,
    pub silent_after_s: Option<Spanned<u64>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Uisp {
    pub name: Option<Spanned<String>>,
    pub url: Option<Spanned<String>>,
    pub token_file: Option<Spanned<String>>,
    pub every_s: Option<Spanned<u64>>,
    pub ca_file: Option<Spanned<String>>,
    pub silent_after_s: Option<Spanned<u64>>,
}

/// A text, or a list of texts.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "a text, or a list of texts")]
pub(super) enum OneOrMore {
    One(String),
    More(Vec<String>),
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Group {
    pub chat: Option<Spanned<Id>>,
    pub kind: Option<Spanned<String>>,
    pub sector: Option<String>,
    pub thread: Option<i64>,
    pub topics: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Backup {
    pub folder: Option<Spanned<String>>,
    pub keep: Option<Spanned<u64>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Mail {
    pub from: Option<Spanned<String>>,
    pub host: Option<Spanned<String>>,
    pub port: Option<Spanned<u64>>,
    pub encryption: Option<Encryption>,
    pub user: Option<String>,
    pub password_file: Option<Spanned<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct MembersPage {
    pub url: Option<Spanned<String>>,
    pub secret_file: Option<Spanned<String>>,
}

/// A number of Telegram, as people write it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Id {
    /// A number, or a text that is one.
    Number(i64),
    /// A number that has lost digits on its way through a program.
    Decimal(String),
    /// Anything else.
    Words(String),
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl Visitor<'_> for Any {
            type Value = Id;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("i64")
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Id, E> {
                Ok(Id::Number(number))
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Id, E> {
                Ok(Id::Decimal(format!("{number:e}")))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Id, E> {
                let text = text.trim();
                if let Ok(number) = text.parse() {
                    return Ok(Id::Number(number));
                }
                Ok(match text.parse::<f64>() {
                    Ok(_) => Id::Decimal(text.to_owned()),
                    Err(_) => Id::Words(text.to_owned()),
                })
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// Reads the text. A part that cannot be read is left out and told, and the rest is read.
pub(super) fn parse(file: &str, text: &str) -> (Option<Raw>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut left = text.to_owned();
    let told = |place: String, say: Say| Problem {
        place,
        say,
        topic: Topic::File,
    };
    if let Err(error) = toml::from_str::<toml::Table>(text) {
        let span = error.span().unwrap_or_default();
        let what = Arg::Text(error.message().replace('\n', " "));
        let say = Say::new(Key::OpsConfigSyntax).with("what", what);
        return (None, vec![told(place(file, text, &span), say)]);
    }
    while problems.len() < MOST {
        let error = match toml::from_str::<Raw>(&left) {
            Ok(raw) => return (Some(raw), problems),
            Err(error) => error,
        };
        let span = error.span().unwrap_or_default();
        problems.push(told(place(file, text, &span), translated(error.message())));
        // Blank the line, keeping every other place where it is; where that breaks the file, such
        // as in the middle of a list, what was found so far is all that can be told.
        let Some(blanked) = without_line(&left, span.start) else {
            break;
        };
        if toml::from_str::<toml::Table>(&blanked).is_err() {
            break;
        }
        left = blanked;
    }
    (None, problems)
}

fn without_line(text: &str, at: usize) -> Option<String> {
    let start = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let length = text.get(start..)?.find('\n').unwrap_or(text.len() - start);
    let line = text.get(start..start + length)?;
    if line.trim().is_empty() {
        return None;
    }
    let blank = " ".repeat(line.len());
    Some([text.get(..start)?, &blank, text.get(start + length..)?].concat())
}
