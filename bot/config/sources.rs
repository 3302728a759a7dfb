//! Sources: who may post alerts, and what is asked for them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono_tz::{TZ_VARIANTS, Tz};
use secrecy::ExposeSecret as _;
use toml::Spanned;
use vigie_domain::SourceId;
use vigie_domain::text::{Arg, Key, Say};

use super::Uisp;
use super::check::Checker;
use super::problem::{Problem, Topic, nearest};
use super::raw::{OneOrMore, Raw, Source as RawSource, Uisp as RawUisp};
use super::secret;
use crate::app::settings::Way;
use crate::monitor::source::{Source, TokenHash};
use crate::monitor::uisp::{Access, Client};
use crate::monitor::{FORMATS, Labels, format};

/// Longest name of a source.
const SOURCE_NAME: usize = 40;
/// The token of the example configuration.
const SAMPLE_TOKEN: &str = "change-me";
/// Seconds between two looks at UISP if the file does not tell.
const UISP_EVERY: u64 = 30;

impl Checker<'_> {
    pub(super) fn sources(&mut self, raw: &Raw) -> Vec<Source> {
        let posting = raw.sources.iter().map(|source| &source.get_ref().name);
        let polled = raw.uisp.iter().map(|uisp| &uisp.get_ref().name);
        let mut names = BTreeSet::new();
        for name in posting.chain(polled).flatten() {
            if !names.insert(name.get_ref().clone()) {
                let name_given = Arg::Code(name.get_ref().clone());
                self.wrong(
                    name,
                    Say::new(Key::OpsConfigSourceTwice).with("name", name_given),
                );
            }
        }
        let mut sources = Vec::new();
        for source in &raw.sources {
            sources.extend(self.source(source, raw.settings.zone));
        }
        sources
    }

    fn source(&mut self, raw: &Spanned<RawSource>, usual: Tz) -> Option<Source> {
        let at = self.place(raw);
        let raw = raw.get_ref();
        if raw.name.is_none() {
            self.missing(Some(at.clone()), "name");
        }
        if raw.format.is_none() {
            self.missing(Some(at.clone()), "format");
        }
        let tokens = self.source_tokens(raw, at);
        let format = raw.format.as_ref().and_then(|name| {
            let found = format(name.get_ref());
            if found.is_none() {
                let known: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
                let say = Say::new(Key::OpsConfigUnknownWord)
                    .with("value", Arg::Code(name.get_ref().clone()))
                    .with("known", Arg::Text(known.join(", ")));
                self.wrong(name, say);
            }
            found
        });
        let zone = match &raw.zone {
            Some(zone) => self.zone(zone),
            None => Some(usual),
        };
        self.silence(raw.silent_after_s.as_ref());
        let name = self.source_name(raw.name.as_ref()?)?;
        Some(Source {
            id: name,
            format: format?,
            tokens: tokens?,
            labels: Labels {
                equipment: raw.equipment_label.clone(),
                severity: raw.severity_label.clone(),
                zone: zone?,
            },
        })
    }

    fn source_tokens(&mut self, raw: &RawSource, at: String) -> Option<Vec<TokenHash>> {
        match (&raw.token_sha256, &raw.token_file) {
            (Some(hashes), None) => {
                let given = match hashes.get_ref() {
                    OneOrMore::One(hash) => std::slice::from_ref(hash),
                    OneOrMore::More(hashes) => hashes,
                };
                let read: Option<Vec<_>> =
                    given.iter().map(|hash| TokenHash::from_hex(hash)).collect();
                let read = read.filter(|read| !read.is_empty());
                match &read {
                    Some(read) => self.warn_of_sample(hashes, read),
                    None => self.wrong(hashes, Key::OpsConfigTokenHash.into()),
                }
                read
            }
            (None, Some(file)) => match secret::read(&self.path(file), true) {
                // One token a line: two while one is being replaced.
                Ok(secret) => {
                    let lines = secret.expose_secret().lines().map(str::trim);
                    let lines = lines.filter(|line| !line.is_empty());
                    let read: Vec<_> = lines.map(TokenHash::of).collect();
                    self.warn_of_sample(file, &read);
                    Some(read)
                }
                Err(say) => {
                    self.wrong(file, say);
                    None
                }
            },
            (None, None) | (Some(_), Some(_)) => {
                self.add(at, Topic::File, Key::OpsConfigSourceToken.into());
                None
            }
        }
    }

    /// A token that everybody can read in the example protects nothing.
    fn warn_of_sample<T>(&mut self, value: &Spanned<T>, tokens: &[TokenHash]) {
        if tokens.contains(&TokenHash::of(SAMPLE_TOKEN)) {
            let warning = Problem {
                place: self.place(value),
                say: Say::new(Key::OpsConfigSampleToken)
                    .with("token", Arg::Code(SAMPLE_TOKEN.to_owned())),
                topic: Topic::Token,
            };
            self.warn(warning);
        }
    }

    pub(super) fn uisp(&mut self, raw: &Raw) -> Vec<Uisp> {
        let mut found = Vec::new();
        for uisp in &raw.uisp {
            found.extend(self.one_uisp(uisp));
        }
        found
    }

    fn one_uisp(&mut self, raw: &Spanned<RawUisp>) -> Option<Uisp> {
        let at = self.place(raw);
        let raw = raw.get_ref();
        for (given, key) in [
            (raw.name.is_some(), "name"),
            (raw.url.is_some(), "url"),
            (raw.token_file.is_some(), "token_file"),
        ] {
            if !given {
                self.missing(Some(at.clone()), key);
            }
        }
        if let Some(every) = &raw.every_s {
            self.range(every, 5, 3_600);
        }
        self.silence(raw.silent_after_s.as_ref());
        let every = raw
            .every_s
            .as_ref()
            .map_or(UISP_EVERY, |every| *every.get_ref());
        let url = raw
            .url
            .as_ref()
            .and_then(|url| self.url(url, &["http", "https"]));
        let file = raw.token_file.as_ref()?;
        let token = secret::read(&self.path(file), true)
            .map_err(|say| self.wrong(file, say))
            .ok();
        let ca = match &raw.ca_file {
            None => None,
            Some(file) => match std::fs::read(self.path(file)) {
                Ok(pem) => Some(pem),
                Err(error) => {
                    let why = Arg::Text(error.to_string());
                    self.wrong(file, Say::new(Key::OpsConfigUnreadable).with("why", why));
                    return None;
                }
            },
        };
        let (url, token) = (url?, token?);
        let access = Access {
            url: url.clone(),
            token: token.clone(),
            ca: ca.clone(),
        };
        if let (Err(error), Some(file)) = (Client::new(access), &raw.ca_file) {
            let what = Arg::Text(error.to_string());
            self.wrong(file, Say::new(Key::OpsConfigBadValue).with("what", what));
            return None;
        }
        Some(Uisp {
            id: self.source_name(raw.name.as_ref()?)?,
            url,
            token,
            every: Duration::from_secs(every),
            ca,
        })
    }

    fn source_name(&mut self, name: &Spanned<String>) -> Option<SourceId> {
        if name.get_ref() == vigie_domain::probe::SOURCE {
            self.wrong(name, Key::OpsConfigSourceReserved.into());
            return None;
        }
        if is_source_name(name.get_ref()) {
            return Some(SourceId(name.get_ref().clone()));
        }
        self.wrong(name, Key::OpsConfigSourceName.into());
        None
    }

    fn silence(&mut self, seconds: Option<&Spanned<u64>>) {
        if let Some(seconds) = seconds {
            self.range(seconds, 60, 366 * 86_400);
        }
    }

    fn zone(&mut self, name: &Spanned<String>) -> Option<Tz> {
        let zone = name.get_ref().parse().ok();
        if zone.is_none() {
            let known = TZ_VARIANTS.iter().map(|zone| zone.name());
            let near = nearest(name.get_ref(), known).unwrap_or("Europe/Paris");
            let say = Say::new(Key::OpsConfigZone)
                .with("value", Arg::Code(name.get_ref().clone()))
                .with("near", Arg::Code(near.to_owned()));
            self.wrong(name, say);
        }
        zone
    }
}

/// Of which sources signs of life are expected, and how often.
pub(super) fn silent_after(
    posting: &[Spanned<RawSource>],
    polled: &[Spanned<RawUisp>],
) -> BTreeMap<SourceId, u32> {
    let posting = posting.iter().map(Spanned::get_ref);
    let polled = polled.iter().map(Spanned::get_ref);
    let posting = posting.map(|raw| (&raw.name, &raw.silent_after_s));
    let polled = polled.map(|raw| (&raw.name, &raw.silent_after_s));
    posting
        .chain(polled)
        .filter_map(|(name, seconds)| {
            let seconds = u32::try_from(*seconds.as_ref()?.get_ref()).ok()?;
            Some((SourceId(name.as_ref()?.get_ref().clone()), seconds))
        })
        .collect()
}

/// Every source that is named.
pub(super) fn named(
    posting: &[Spanned<RawSource>],
    polled: &[Spanned<RawUisp>],
) -> BTreeMap<SourceId, Way> {
    let posting = posting.iter().map(|raw| (&raw.get_ref().name, Way::Posts));
    let polled = polled.iter().map(|raw| (&raw.get_ref().name, Way::IsAsked));
    posting
        .chain(polled)
        .filter_map(|(name, way)| Some((SourceId(name.as_ref()?.get_ref().clone()), way)))
        .collect()
}

fn is_source_name(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !name.is_empty() && name.len() <= SOURCE_NAME && name.chars().all(letter)
}
