//! Probes as people write them: `ping 10.1.2.3`, `tcp hote:443 every=30s`,
//! `http https://www.example.net status=200 text="Bienvenue"`, `dns example.net @10.0.0.53`.
//!
//! Words and settings are known in French and English. What is wrong is told with the word that is
//! meant, so that the import of a file can say where and how to mend it.

mod target;

use crate::alert::Severity;
use crate::network_import::{Hint, Problem, What};

use self::target::{dns, http, ping, tcp};
use super::{Expected, Family, Own, Probe, Target};

/// Longest probe, in characters.
pub const LONGEST: usize = 500;
/// Most probes of one piece of equipment.
pub const MOST: usize = 8;

/// What is wrong with a probe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub what: What,
    /// The part of the probe that is to blame; empty for the probe as a whole.
    pub part: &'static str,
    /// What stands there.
    pub value: String,
    /// How to mend it.
    pub hint: Hint,
}

impl std::fmt::Display for Fault {
    /// One line for a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let problem = Problem {
            file: "probe".to_owned(),
            line: 1,
            column: None,
            what: self.what,
            field: self.part.to_owned(),
            value: self.value.clone(),
            hint: self.hint.clone(),
        };
        problem.fmt(f)
    }
}

type Words = &'static [(&'static str, &'static [&'static str])];

const KINDS: Words = &[
    ("ping", &["ping", "icmp"]),
    ("tcp", &["tcp", "port"]),
    ("http", &["http", "https", "web", "page"]),
    ("dns", &["dns", "nom"]),
];

const SETTINGS: Words = &[
    ("every", &["every", "toutes", "intervalle", "interval"]),
    ("timeout", &["timeout", "attente"]),
    ("failures", &["failures", "echecs", "échecs"]),
    ("successes", &["successes", "succes", "succès"]),
    ("loss", &["loss", "perte", "pertes"]),
    ("rtt", &["rtt", "latence", "latency"]),
    ("severity", &["severity", "gravite", "gravité"]),
    ("status", &["status", "statut", "code"]),
    ("text", &["text", "texte", "contient"]),
];

/// Reads one probe.
///
/// # Errors
/// The first thing that is wrong.
pub fn parse(text: &str) -> Result<Probe, Fault> {
    if text.chars().count() > LONGEST {
        let limit = i64::try_from(LONGEST).unwrap_or(i64::MAX);
        return Err(fault(What::TooLong, "", text, Hint::Limit(limit)));
    }
    let words = words(text)?;
    let mut words = words.iter().map(String::as_str).peekable();
    let Some(kind) = words.next() else {
        return Err(fault(What::Missing, "", "", forms()));
    };
    let Some(kind) = word(KINDS, kind) else {
        let hint = nearest(KINDS, kind).map_or_else(forms, Hint::Perhaps);
        return Err(fault(What::UnknownWord, "", kind, hint));
    };
    let mut places = Vec::new();
    let mut family = None;
    while let Some(next) = words.next_if(|word| !is_setting(word)) {
        match (kind, next.to_ascii_lowercase().as_str()) {
            ("dns", "a") => family = Some(Family::V4),
            ("dns", "aaaa") => family = Some(Family::V6),
            _ => places.push(next),
        }
    }
    let target = match kind {
        "ping" => ping(&places),
        "tcp" => tcp(&places),
        "http" => http(&places),
        _ => dns(&places, family.unwrap_or(Family::V4)),
    }?;
    let mut probe = Probe {
        target,
        expected: Expected::default(),
        own: Own::default(),
    };
    for setting in words {
        set(&mut probe, setting)?;
    }
    Ok(probe)
}

/// Divides a list of probes in one text at `|`, but not inside quotes.
#[must_use]
pub fn divide(text: &str) -> Vec<&str> {
    let mut quoted = false;
    text.split(|letter: char| {
        quoted ^= letter == '"';
        letter == '|' && !quoted
    })
    .map(str::trim)
    .filter(|part| !part.is_empty())
    .collect()
}

fn fault(what: What, part: &'static str, value: &str, hint: Hint) -> Fault {
    Fault {
        what,
        part,
        value: value.to_owned(),
        hint,
    }
}

fn forms() -> Hint {
    Hint::OneOf(
        "ping 10.1.2.3, tcp 10.1.2.3:443, http https://…, dns example.net @10.1.2.3".to_owned(),
    )
}

/// Words between spaces; quotes hold a text with spaces together and are taken away.
fn words(text: &str) -> Result<Vec<String>, Fault> {
    let mut found = Vec::new();
    let mut word = String::new();
    let (mut quoted, mut begun) = (false, false);
    for letter in text.chars() {
        match letter {
            '"' => {
                quoted = !quoted;
                begun = true;
            }
            letter if letter.is_whitespace() && !quoted => {
                if begun {
                    found.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            letter => {
                word.push(letter);
                begun = true;
            }
        }
    }
    if quoted {
        return Err(fault(What::OpenQuote, "", text, Hint::None));
    }
    if begun {
        found.push(word);
    }
    Ok(found)
}

fn word(words: Words, text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    words
        .iter()
        .find(|(_, ways)| ways.contains(&text.as_str()))
        .map(|(word, _)| *word)
}

fn nearest(words: Words, text: &str) -> Option<String> {
    let text = text.to_lowercase();
    let ways = words.iter().flat_map(|(_, ways)| ways.iter().copied());
    ways.map(|way| (strsim::osa_distance(&text, way), way))
        .filter(|(distance, _)| *distance <= 2)
        .min()
        .map(|(_, way)| way.to_owned())
}

/// `name=value`, where the name is a word: an address of a page may hold `=` too.
fn is_setting(word: &str) -> bool {
    word.split_once('=')
        .is_some_and(|(name, _)| !name.is_empty() && name.chars().all(char::is_alphabetic))
}

fn set(probe: &mut Probe, setting: &str) -> Result<(), Fault> {
    let Some((name, value)) = setting.split_once('=').filter(|_| is_setting(setting)) else {
        let known: Vec<_> = SETTINGS
            .iter()
            .map(|(word, _)| format!("{word}="))
            .collect();
        return Err(fault(
            What::UnknownField,
            "",
            setting,
            Hint::OneOf(known.join(", ")),
        ));
    };
    let Some(name) = word(SETTINGS, name) else {
        let known = || {
            let all: Vec<_> = SETTINGS.iter().map(|(word, _)| *word).collect();
            Hint::OneOf(all.join(", "))
        };
        let hint = nearest(SETTINGS, name).map_or_else(known, Hint::Perhaps);
        return Err(fault(What::UnknownField, "", name, hint));
    };
    let page = matches!(probe.target, Target::Http { .. });
    let own = &mut probe.own;
    let twice = match name {
        "every" => own
            .every_ms
            .replace(time(name, value, 200, 3_600_000)?)
            .is_some(),
        "timeout" => own
            .timeout_ms
            .replace(time(name, value, 100, 30_000)?)
            .is_some(),
        "failures" => own.failures.replace(count(name, value, 1, 100)?).is_some(),
        "successes" => own.successes.replace(count(name, value, 1, 100)?).is_some(),
        "loss" => {
            let value = value.trim_end_matches('%');
            own.loss_pct.replace(count(name, value, 0, 100)?).is_some()
        }
        "rtt" => own.rtt_ms.replace(time(name, value, 0, 30_000)?).is_some(),
        "severity" => own.severity.replace(severity(value)?).is_some(),
        _ if !page => {
            let hint = Hint::OneOf("http".to_owned());
            return Err(fault(What::UnknownField, "", name, hint));
        }
        "status" => probe.expected.status.replace(statuses(value)?).is_some(),
        _ if value.is_empty() => return Err(fault(What::Missing, "text", "", Hint::None)),
        _ => probe.expected.text.replace(value.to_owned()).is_some(),
    };
    match twice {
        true => Err(fault(What::Repeated, name, value, Hint::None)),
        false => Ok(()),
    }
}

fn time(name: &'static str, value: &str, least: u32, most: u32) -> Result<u32, Fault> {
    let digits = value.trim_end_matches(char::is_alphabetic);
    let factor = match value.get(digits.len()..).unwrap_or_default() {
        "ms" => 1,
        "" | "s" | "sec" => 1_000,
        "min" | "mn" | "m" => 60_000,
        "h" => 3_600_000,
        _ => 0,
    };
    let time = digits
        .parse::<u32>()
        .ok()
        .filter(|_| factor > 0)
        .and_then(|number| number.checked_mul(factor));
    let range = || {
        let unit = |ms: u32| match ms {
            ms if ms >= 60_000 => format!("{}min", ms / 60_000),
            ms if ms >= 1_000 => format!("{}s", ms / 1_000),
            ms => format!("{ms}ms"),
        };
        Hint::OneOf(format!("{}-{}", unit(least), unit(most)))
    };
    match time {
        Some(ms) if (least..=most).contains(&ms) => Ok(ms),
        Some(_) => Err(fault(What::OutOfRange, name, value, range())),
        None => Err(fault(What::WrongType, name, value, range())),
    }
}

fn count(name: &'static str, value: &str, least: u32, most: u32) -> Result<u32, Fault> {
    let range = Hint::OneOf(format!("{least}-{most}"));
    match value.parse::<u32>() {
        Ok(count) if (least..=most).contains(&count) => Ok(count),
        Ok(_) => Err(fault(What::OutOfRange, name, value, range)),
        Err(_) => Err(fault(What::WrongType, name, value, range)),
    }
}

fn severity(value: &str) -> Result<Severity, Fault> {
    match value.to_lowercase().as_str() {
        "critical" | "critique" => Ok(Severity::Critical),
        "warning" | "avertissement" => Ok(Severity::Warning),
        "info" => Ok(Severity::Info),
        _ => {
            let hint = Hint::OneOf("critical, warning, info".to_owned());
            Err(fault(What::UnknownWord, "severity", value, hint))
        }
    }
}

fn statuses(value: &str) -> Result<(u16, u16), Fault> {
    let (first, last) = value.split_once('-').unwrap_or((value, value));
    match (first.parse::<u16>(), last.parse::<u16>()) {
        (Ok(first), Ok(last)) if (100..=599).contains(&first) && first <= last && last <= 599 => {
            Ok((first, last))
        }
        _ => {
            let hint = Hint::OneOf("200, 200-399".to_owned());
            Err(fault(What::WrongType, "status", value, hint))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_kind_is_read_and_written_back() {
        for (text, canonical) in [
            ("ping 10.1.2.3", "ping 10.1.2.3"),
            ("PING  Relais.Example.Net.", "ping relais.example.net"),
            ("icmp 2001:DB8::1", "ping 2001:db8::1"),
            ("tcp [2001:db8::1]:22", "tcp [2001:db8::1]:22"),
            ("tcp silo.example.net:443", "tcp silo.example.net:443"),
            (
                "http https://www.example.net/a?b=c",
                "http https://www.example.net/a?b=c",
            ),
            ("dns example.net @10.0.0.53", "dns example.net @10.0.0.53"),
            (
                "dns AAAA example.net @[2001:db8::53]:5353",
                "dns aaaa example.net @[2001:db8::53]:5353",
            ),
        ] {
            let probe = parse(text).unwrap();
            assert_eq!(probe.target.to_string(), canonical);
            assert_eq!(parse(canonical).unwrap().target, probe.target);
        }
    }

    #[test]
    fn a_whole_probe_is_written_back() {
        for text in [
            "ping 10.1.2.3 every=5s timeout=500ms failures=4 successes=3 loss=30 rtt=150ms severity=info",
            "http https://a.example status=204 text=\"Tout va bien\" severity=warning",
        ] {
            let probe = parse(text).unwrap();
            assert_eq!(parse(&probe.to_string()), Ok(probe));
        }
    }

    #[test]
    fn settings_are_read_in_both_languages() {
        let probe = parse(
            "ping 10.1.2.3 toutes=5s timeout=500ms échecs=4 succès=3 perte=30% latence=150ms gravité=warning",
        )
        .unwrap();
        assert_eq!(
            probe.own,
            Own {
                every_ms: Some(5_000),
                timeout_ms: Some(500),
                failures: Some(4),
                successes: Some(3),
                loss_pct: Some(30),
                rtt_ms: Some(150),
                severity: Some(Severity::Warning),
            }
        );
        let probe =
            parse("http http://10.1.2.3:8080 status=200-204 text=\"Tout va bien | ici\"").unwrap();
        assert_eq!(probe.expected.status, Some((200, 204)));
        assert_eq!(probe.expected.text.as_deref(), Some("Tout va bien | ici"));
    }

    #[test]
    fn what_is_wrong_is_told_with_the_way_to_mend_it() {
        let perhaps = |word: &str| Hint::Perhaps(word.to_owned());
        for (text, what, part, hint) in [
            ("", What::Missing, "", None),
            (
                "pnig 10.1.2.3",
                What::UnknownWord,
                "",
                Some(perhaps("ping")),
            ),
            ("ping", What::Missing, "", None),
            ("ping 10.1.2.300", What::WrongType, "", None),
            ("ping a b", What::UnknownField, "", None),
            (
                "ping 10.1.2.3 evry=5s",
                What::UnknownField,
                "",
                Some(perhaps("every")),
            ),
            (
                "ping 10.1.2.3 every=0",
                What::OutOfRange,
                "every",
                Some(Hint::OneOf("200ms-60min".to_owned())),
            ),
            ("ping 10.1.2.3 every=often", What::WrongType, "every", None),
            (
                "ping 10.1.2.3 every=5s every=6s",
                What::Repeated,
                "every",
                None,
            ),
            ("ping 10.1.2.3 status=200", What::UnknownField, "", None),
            ("ping 10.1.2.3 every=5s later", What::UnknownField, "", None),
            (
                "tcp 10.1.2.3",
                What::Missing,
                "port",
                Some(Hint::OneOf("10.1.2.3:443".to_owned())),
            ),
            ("tcp 10.1.2.3:0", What::OutOfRange, "port", None),
            ("tcp 10.1.2.3:65536", What::OutOfRange, "port", None),
            ("http ftp://a", What::WrongType, "", None),
            ("http https://", What::WrongType, "", None),
            ("http https://user:secret@a/", What::WrongType, "", None),
            ("http https://a status=20", What::WrongType, "status", None),
            ("http https://a text=\"open", What::OpenQuote, "", None),
            ("dns example.net", What::Missing, "server", None),
            ("dns @10.0.0.53", What::Missing, "", None),
            ("dns a.example @b @c", What::Repeated, "server", None),
            ("dns exa mple.net @b", What::UnknownField, "", None),
        ] {
            let fault = parse(text).unwrap_err();
            assert_eq!((fault.what, fault.part), (what, part), "{text}: {fault:?}");
            assert!(!fault.value.contains("secret"), "{fault:?}");
            if let Some(hint) = hint {
                assert_eq!(fault.hint, hint, "{text}");
            }
        }
    }

    #[test]
    fn a_list_is_divided_outside_of_quotes() {
        assert_eq!(
            divide("ping a | http https://b text=\"x|y\" |"),
            ["ping a", "http https://b text=\"x|y\""]
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_and_what_is_read_is_stable(text in "\\PC{0,80}") {
            for text in [text.clone(), format!("ping {text}"), format!("tcp {text}"),
                format!("http https://{text}"), format!("dns {text} @{text}")] {
                if let Ok(probe) = parse(&text) {
                    let canonical = probe.target.to_string();
                    prop_assert_eq!(parse(&canonical).map(|again| again.target), Ok(probe.target));
                }
            }
        }
    }
}
