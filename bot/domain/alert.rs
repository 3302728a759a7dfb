//! Alerts of monitoring systems, and what we make of them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::names::fold;
use crate::{AccountId, EquipmentId, Fingerprint, SourceId};

/// How bad an alert is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Something works badly.
    Warning,
    /// Something does not work: it also covers what hangs on it.
    Critical,
}

impl Severity {
    /// Reads the word of a source. No word, or an unknown one, is critical: better said than lost.
    #[must_use]
    pub fn from_word(word: Option<&str>) -> Self {
        match word.map(str::to_ascii_lowercase).as_deref() {
            Some("info" | "information" | "informational" | "none" | "ok" | "low" | "debug") => {
                Self::Info
            }
            Some("warning" | "warn" | "minor" | "average" | "medium" | "degraded") => Self::Warning,
            _ => Self::Critical,
        }
    }
}

/// Whether an alert begins (or goes on), or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// It lasts.
    Firing,
    /// It is over.
    Resolved,
}

/// Labels of an alert that are kept. Whatever a source sends, they are few and short: [`Tags::MOST`]
/// of them, the first ones, folded and cut.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tags(BTreeMap<String, String>);

impl Tags {
    /// Most labels of one alert.
    pub const MOST: usize = 16;
    /// Most characters of a name.
    const NAME: usize = 40;
    /// Most characters of a value.
    const VALUE: usize = 60;

    /// These labels, within bounds.
    pub fn of<'t>(labels: impl IntoIterator<Item = (&'t str, &'t str)>) -> Self {
        let mut kept = BTreeMap::new();
        for (name, value) in labels {
            if kept.len() == Self::MOST {
                break;
            }
            if let Some((name, value)) = Self::one(name, value) {
                kept.entry(name).or_insert(value);
            }
        }
        Self(kept)
    }

    /// A label in the form in which it is kept; `None` where it has no name or no value.
    #[must_use]
    pub fn one(name: &str, value: &str) -> Option<(String, String)> {
        let short = |text: &str, most: usize| {
            // Folding may lengthen; what is cut away beforehand would not be kept either.
            let head: String = text.chars().take(most * 4).collect();
            let folded = fold(&head);
            folded.chars().take(most).collect::<String>()
        };
        let (name, value) = (short(name, Self::NAME), short(value, Self::VALUE));
        (!name.is_empty() && !value.is_empty()).then_some((name, value))
    }

    /// Whether this label, in its kept form, is among them.
    #[must_use]
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.0.get(name).is_some_and(|kept| kept == value)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// One alert as a source told it, in our own words. Text is clean (see [`crate::text::clean`])
/// and bounded by the reader of the format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// The source's name for it, stable while it lasts.
    pub fingerprint: Fingerprint,
    /// Whether it lasts or is over.
    pub phase: Phase,
    /// What the source calls the equipment, not yet looked up; `None` where no label tells.
    pub equipment: Option<String>,
    /// Name of the rule, such as `RelayDown`.
    pub name: String,
    /// How bad it is.
    pub severity: Severity,
    /// When it began, if the source tells.
    pub starts_at: Option<DateTime<Utc>>,
    /// When it ended, if it did and the source tells.
    pub ends_at: Option<DateTime<Utc>>,
    /// One line for people.
    pub summary: String,
    /// More lines for those who ask.
    pub details: String,
    /// Where to read on (`http` or `https`), if anywhere.
    pub link: Option<String>,
    /// Its labels, by which it can be silenced.
    #[serde(default)]
    pub tags: Tags,
}

/// One episode of one alert: (source, fingerprint, start).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// The source that told it.
    pub source: SourceId,
    /// The source's name for it.
    pub fingerprint: Fingerprint,
    /// The equipment it is about, or a stand-in for an unknown name (see [`unknown_equipment`]).
    pub equipment: EquipmentId,
    /// Name of the rule.
    pub name: String,
    /// How bad it is.
    pub severity: Severity,
    /// When it began, as the source tells, else when it reached us.
    pub starts_at: DateTime<Utc>,
    /// When it ended; `None` while it lasts. Never before `starts_at`.
    pub ended_at: Option<DateTime<Utc>>,
    /// One line for people.
    pub summary: String,
    /// More lines.
    pub details: String,
    /// Where to read on.
    pub link: Option<String>,
    /// Its labels.
    #[serde(default)]
    pub tags: Tags,
}

/// Who has taken an outage in hand, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// The account that pressed the button.
    pub by: AccountId,
    /// First name shown in the group.
    pub name: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Stand-in for equipment that nobody has declared: it has no parent and no sector, and its
/// alerts go to the technical group.
#[must_use]
pub fn unknown_equipment(name: &str) -> EquipmentId {
    EquipmentId(format!("?{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_few_and_short_and_found_in_any_spelling() {
        let long = "é".repeat(5_000);
        let many: Vec<(String, String)> = (0..100_000)
            .map(|number| (format!("n{number}"), long.clone()))
            .take(1_000)
            .chain([("Région".to_owned(), "Haut Joigny".to_owned())])
            .rev()
            .collect();
        let tags = Tags::of(
            many.iter()
                .map(|(name, text)| (name.as_str(), text.as_str())),
        );
        assert_eq!(tags.len(), Tags::MOST);
        let bytes: usize = tags
            .0
            .iter()
            .map(|(name, text)| name.len() + text.len())
            .sum();
        assert!(bytes < 2_000, "{bytes}");
        for (name, value) in [("region", "haut-joigny"), ("RÉGION", "haut  joigny")] {
            let (name, value) = Tags::one(name, value).unwrap();
            assert!(tags.has(&name, &value), "{name}");
        }
        let (name, value) = Tags::one("n999", &long).unwrap();
        assert!(tags.has(&name, &value), "what is cut is cut alike");
        assert_eq!(Tags::one(" ", "x"), None);
    }
}
