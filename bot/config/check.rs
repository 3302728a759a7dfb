//! What no reader of TOML can know: which values make sense, alone and together.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret as _, SecretString};
use toml::Spanned;
use url::Url;
use vigie_domain::text::{Arg, Key, Say};
use vigie_domain::{AccountId, ChatId, SectorId, ThreadId};

use super::problem::{Problem, Topic, place};
use super::raw::{Group, Id, Mode, Raw, Webhook};
use super::secret::{self, CREDENTIAL};
use super::sources::{named, silent_after};
use super::{Backup, BoundGroup, Config, Reading, Store, Telegram, Updates};
use crate::app::settings::Settings;

/// Where the web edge listens if the file does not tell.
const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8787);
/// Default sizes of the store, in MiB.
const STORE_MIB: u64 = 64;
/// Backups that are kept if the file does not tell.
const KEEP: u64 = 7;
/// Shortest second half of a real token.
const TOKEN: usize = 30;

/// Collects what is wrong.
pub(super) struct Checker<'a> {
    file: &'a str,
    text: &'a str,
    folder: &'a Path,
    credentials: Option<&'a Path>,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
}

/// Checks what was read. Every problem is told, in the order of the check.
pub(super) fn check(mut checker: Checker<'_>, raw: Option<Raw>) -> Reading {
    let store = raw.as_ref().and_then(|raw| checker.store(raw));
    let config = raw.and_then(|raw| checker.config(raw, store.clone()));
    let config = config.filter(|_| checker.problems.is_empty());
    Reading {
        config,
        store,
        problems: checker.problems,
    }
}

impl<'a> Checker<'a> {
    pub(super) const fn new(
        file: &'a str,
        text: &'a str,
        folder: &'a Path,
        credentials: Option<&'a Path>,
        problems: Vec<Problem>,
    ) -> Self {
        Self {
            file,
            text,
            folder,
            credentials,
            problems,
            warnings: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, place: String, topic: Topic, say: Say) {
        self.problems.push(Problem { place, say, topic });
    }

    pub(super) fn warn(&mut self, warning: Problem) {
        self.warnings.push(warning);
    }

    pub(super) fn wrong<T>(&mut self, value: &Spanned<T>, say: Say) {
        let place = place(self.file, self.text, &value.span());
        self.add(place, Topic::File, say);
    }

    pub(super) fn missing(&mut self, place: Option<String>, key: &str) {
        let place = place.unwrap_or_else(|| self.file.to_owned());
        let say = Say::new(Key::OpsConfigMissing).with("key", Arg::Code(key.to_owned()));
        self.add(place, Topic::File, say);
    }

    pub(super) fn place<T>(&self, value: &Spanned<T>) -> String {
        place(self.file, self.text, &value.span())
    }

    pub(super) fn path(&self, value: &Spanned<String>) -> PathBuf {
        self.folder.join(value.get_ref())
    }

    fn config(&mut self, raw: Raw, store: Option<Store>) -> Option<Config> {
        let telegram = self.telegram(&raw);
        let listen = self.listen(raw.web.listen.as_ref()).unwrap_or(LISTEN);
        let sources = self.sources(&raw);
        let uisp = self.uisp(&raw);
        let groups = raw
            .groups
            .iter()
            .filter_map(|group| self.group(group))
            .collect();
        let backup = self.backup(&raw);
        let mail = self.mail(raw.mail.as_ref());
        let members_page = self.members_page(raw.members_page.as_ref());
        let network = raw
            .network
            .files
            .iter()
            .map(|file| self.path(file))
            .collect();
        let administrators: Vec<_> = raw
            .administrators
            .iter()
            .filter_map(|id| self.account(id))
            .collect();
        let mut settings = raw.settings;
        self.settings(&settings);
        settings.administrators.extend(administrators);
        settings.silent_after_s = silent_after(&raw.sources, &raw.uisp);
        settings.members_page = members_page.as_ref().map(|page| page.url.to_string());
        settings.sources = named(&raw.sources, &raw.uisp);
        Some(Config {
            telegram: telegram?,
            store: store?,
            listen,
            network,
            sources,
            uisp,
            groups,
            backup,
            mail,
            members_page,
            settings,
            warnings: std::mem::take(&mut self.warnings),
        })
    }

    fn telegram(&mut self, raw: &Raw) -> Option<Telegram> {
        let raw = &raw.telegram;
        let api_url = raw
            .api_url
            .as_ref()
            .and_then(|url| self.url(url, &["http", "https"]));
        let token = self.token(raw.token_file.as_ref(), api_url.is_some());
        let updates = match (raw.mode.unwrap_or(Mode::Poll), &raw.webhook) {
            (Mode::Poll, _) => Some(Updates::Poll),
            (Mode::Webhook, Some(webhook)) => self.webhook(webhook),
            (Mode::Webhook, None) => {
                self.missing(None, "telegram.webhook");
                None
            }
        };
        Some(Telegram {
            token: token?,
            api_url,
            updates: updates?,
        })
    }

    fn token(&mut self, file: Option<&Spanned<String>>, own_server: bool) -> Option<SecretString> {
        let credential = self.credentials.map(|folder| folder.join(CREDENTIAL));
        let credential = credential.filter(|path| path.exists());
        let (at, read) = match (file, credential) {
            (Some(file), _) => (self.place(file), secret::read(&self.path(file), true)),
            (None, Some(path)) => (self.file.to_owned(), secret::read(&path, false)),
            (None, None) => (
                self.file.to_owned(),
                Err(Say::new(Key::OpsConfigNoToken)
                    .with("credential", Arg::Code(CREDENTIAL.to_owned()))),
            ),
        };
        let checked = read.and_then(|token| {
            if looks_like_token(token.expose_secret(), own_server) {
                Ok(token)
            } else {
                Err(Say::new(Key::OpsConfigTokenShape))
            }
        });
        checked.map_err(|say| self.add(at, Topic::Token, say)).ok()
    }

    fn webhook(&mut self, raw: &Spanned<Webhook>) -> Option<Updates> {
        let at = self.place(raw);
        let raw = raw.get_ref();
        if raw.public_url.is_none() {
            self.missing(Some(at.clone()), "public_url");
        }
        if raw.secret_file.is_none() {
            self.missing(Some(at), "secret_file");
        }
        let listen = raw
            .listen
            .as_ref()
            .and_then(|listen| self.listen(Some(listen)));
        let public_url = raw
            .public_url
            .as_ref()
            .and_then(|url| self.url(url, &["https"]));
        let file = raw.secret_file.as_ref()?;
        let secret = match secret::read(&self.path(file), true) {
            Ok(secret) if is_webhook_secret(secret.expose_secret()) => secret,
            Ok(_) => {
                self.wrong(file, Key::OpsConfigWebhookSecret.into());
                return None;
            }
            Err(say) => {
                self.wrong(file, say);
                return None;
            }
        };
        Some(Updates::Webhook {
            public_url: public_url?,
            secret,
            listen,
        })
    }

    fn store(&mut self, raw: &Raw) -> Option<Store> {
        let raw = &raw.store;
        for (value, least) in [(&raw.cache_mib, 1), (&raw.ballast_mib, 0)] {
            if let Some(value) = value {
                self.range(value, least, 64 * 1024);
            }
        }
        let size = |value: &Option<Spanned<u64>>| {
            value.as_ref().map_or(STORE_MIB, |value| *value.get_ref())
        };
        let Some(path) = &raw.path else {
            self.missing(None, "store.path");
            return None;
        };
        Some(Store {
            path: self.path(path),
            cache_mib: size(&raw.cache_mib),
            ballast_mib: size(&raw.ballast_mib),
        })
    }

    fn backup(&mut self, raw: &Raw) -> Option<Backup> {
        let raw = raw.backup.as_ref()?;
        let at = self.place(raw);
        let raw = raw.get_ref();
        if let Some(keep) = &raw.keep {
            self.range(keep, 1, 1_000);
        }
        let keep = raw.keep.as_ref().map_or(KEEP, |keep| *keep.get_ref());
        let Some(folder) = &raw.folder else {
            self.missing(Some(at), "folder");
            return None;
        };
        Some(Backup {
            folder: self.path(folder),
            keep: usize::try_from(keep).unwrap_or(usize::MAX),
        })
    }

    pub(super) fn range(&mut self, value: &Spanned<u64>, least: u64, most: u64) {
        if !(least..=most).contains(value.get_ref()) {
            self.wrong(value, out_of_range(least, most));
        }
    }

    fn listen(&mut self, value: Option<&Spanned<String>>) -> Option<SocketAddr> {
        let value = value?;
        let parsed = value.get_ref().parse();
        if parsed.is_err() {
            let say =
                Say::new(Key::OpsConfigListen).with("value", Arg::Code(value.get_ref().clone()));
            self.wrong(value, say);
        }
        parsed.ok()
    }

    pub(super) fn url(&mut self, value: &Spanned<String>, schemes: &[&str]) -> Option<Url> {
        let url = Url::parse(value.get_ref())
            .ok()
            .filter(|url| schemes.contains(&url.scheme()) && url.has_host());
        if url.is_none() {
            let say = Say::new(Key::OpsConfigUrl)
                .with("value", Arg::Code(value.get_ref().clone()))
                .with("schemes", Arg::Text(schemes.join(", ")));
            self.wrong(value, say);
        }
        url
    }

    fn group(&mut self, raw: &Spanned<Group>) -> Option<BoundGroup> {
        let at = self.place(raw);
        let raw = raw.get_ref();
        if raw.chat.is_none() {
            self.missing(Some(at.clone()), "chat");
        }
        if raw.kind.is_none() {
            self.missing(Some(at), "kind");
        }
        let chat = self.chat(raw.chat.as_ref()?)?;
        Some(BoundGroup {
            chat,
            kind: raw.kind.as_ref()?.get_ref().clone(),
            sector: raw.sector.clone().map(SectorId),
            thread: raw.thread.map(ThreadId),
            topics: raw.topics,
        })
    }

    fn number(&mut self, id: &Spanned<Id>) -> Option<i64> {
        let (key, value) = match id.get_ref() {
            Id::Number(number) => return Some(*number),
            Id::Decimal(text) => (Key::OpsConfigIdDecimal, text),
            Id::Words(text) => (Key::OpsConfigIdWords, text),
        };
        let say = Say::new(key).with("value", Arg::Code(value.clone()));
        self.wrong(id, say);
        None
    }

    fn chat(&mut self, id: &Spanned<Id>) -> Option<ChatId> {
        let number = self.number(id)?;
        if number < 0 {
            return Some(ChatId(number));
        }
        let say = Say::new(Key::OpsConfigGroupMinus)
            .with("value", Arg::Code(number.to_string()))
            .with("minus", Arg::Code(format!("-{number}")));
        self.wrong(id, say);
        None
    }

    fn account(&mut self, id: &Spanned<Id>) -> Option<AccountId> {
        let number = self.number(id)?;
        if number > 0 {
            return Some(AccountId(number));
        }
        let say = Say::new(Key::OpsConfigNotAPerson).with("value", Arg::Code(number.to_string()));
        self.wrong(id, say);
        None
    }

    fn settings(&mut self, settings: &Settings) {
        for (key, value, least, most) in [
            ("new_cards_per_minute", settings.new_cards_per_minute, 1, 18),
            ("button_hours", settings.button_hours, 1, 24 * 366),
            ("page_lines", settings.page_lines, 1, 50),
            ("most_strays", settings.most_strays, 10, 100_000),
            ("absence_min", settings.absence_min, 2, 1_440),
            ("every_s", settings.probes.every_s, 1, 3_600),
            ("timeout_ms", settings.probes.timeout_ms, 100, 30_000),
            ("failures", settings.probes.failures, 1, 100),
            ("successes", settings.probes.successes, 1, 100),
            ("loss_pct", settings.probes.loss_pct, 0, 100),
            ("rtt_ms", settings.probes.rtt_ms, 0, 30_000),
            ("most_at_once", settings.probes.most_at_once, 1, 10_000),
        ] {
            if !(least..=most).contains(&value) {
                let at = self.text.find(key).unwrap_or_default();
                let place = place(self.file, self.text, &(at..at));
                self.add(place, Topic::File, out_of_range(least.into(), most.into()));
            }
        }
        if !settings.escalation.is_sorted_by_key(|step| step.after_min) {
            let at = self.text.find("escalation").unwrap_or_default();
            let place = place(self.file, self.text, &(at..at));
            self.add(place, Topic::File, Say::new(Key::OpsConfigSteps));
        }
    }
}

fn out_of_range(least: u64, most: u64) -> Say {
    Say::new(Key::OpsConfigRange)
        .with("least", Arg::Code(least.to_string()))
        .with("most", Arg::Code(most.to_string()))
}

/// `12345:AbC…`; on a server of one's own the second half may be short.
fn looks_like_token(token: &str, own_server: bool) -> bool {
    let Some((number, rest)) = token.split_once(':') else {
        return false;
    };
    let least = if own_server { 1 } else { TOKEN };
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    !number.is_empty()
        && number.chars().all(|c| c.is_ascii_digit())
        && rest.chars().count() >= least
        && rest.chars().all(letter)
}

/// What Telegram takes as `secret_token`.
fn is_webhook_secret(secret: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    (16..=256).contains(&secret.len()) && secret.chars().all(letter)
}
