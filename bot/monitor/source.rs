//! The sources of alerts: who may post, in which format, and which labels tell what.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq as _};
use vigie_domain::SourceId;
use vigie_domain::alert::Alert;

use crate::app::settings::Way;

use super::{Format, HookInput, Labels, Reading, alertmanager};

/// The hash of a token; the token itself is kept nowhere.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TokenHash([u8; 32]);

impl std::fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

impl TokenHash {
    /// The hash of this token.
    #[must_use]
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }

    /// A hash written as 64 hexadecimal digits.
    #[must_use]
    pub fn from_hex(hex: &str) -> Option<Self> {
        let digits: Vec<u32> = hex
            .trim()
            .chars()
            .map(|c| c.to_digit(16))
            .collect::<Option<_>>()?;
        if digits.len() != 64 {
            return None;
        }
        let mut hash = [0_u8; 32];
        for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = pair.iter().try_fold(0_u8, |byte, digit| {
                Some((byte << 4) | u8::try_from(*digit).ok()?)
            })?;
        }
        Some(Self(hash))
    }

    fn same(&self, other: &Self) -> Choice {
        self.0.ct_eq(&other.0)
    }
}

/// One monitoring instance that posts alerts.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name, as in the address of its hook.
    pub id: SourceId,
    /// Its format.
    pub format: &'static Format,
    /// Hashes of the tokens it may show; two while a token is being replaced.
    pub tokens: Vec<TokenHash>,
    /// Which labels tell what.
    pub labels: Labels,
}

/// An end before its own start comes from a clock that was moved meanwhile: the alert is over all
/// the same, after no time at all.
fn in_order(alert: &mut Alert) {
    if let (Some(start), Some(end)) = (alert.starts_at, alert.ends_at) {
        alert.ends_at = Some(end.max(start));
    }
}

/// Every source.
#[derive(Clone, Debug, Default)]
pub struct Sources(BTreeMap<SourceId, Source>);

impl Sources {
    /// These sources; of two with one name the later counts.
    #[must_use]
    pub fn new(sources: impl IntoIterator<Item = Source>) -> Self {
        Self(
            sources
                .into_iter()
                .map(|source| (source.id.clone(), source))
                .collect(),
        )
    }

    /// The source of this name, if the token is one of its own. A source that does not exist and
    /// a token that is wrong look and last the same.
    #[must_use]
    pub fn admit(&self, name: &str, token: Option<&str>) -> Option<&Source> {
        let shown = TokenHash::of(token.unwrap_or_default());
        let source = self.0.get(&SourceId::from(name));
        let nobody = [TokenHash([0; 32])];
        let tokens = source.map_or(&nobody[..], |source| &source.tokens);
        let known = tokens
            .iter()
            .fold(Choice::from(0), |known, token| known | token.same(&shown));
        source.filter(|_| token.is_some() && bool::from(known))
    }

    /// Reads the body of a hook that this source posted. A source that is not in the configuration
    /// any more is read by shape: what it was promised is kept.
    ///
    /// # Errors
    /// What cannot be read.
    pub fn parse(&self, source: &SourceId, content_type: &str, body: &[u8]) -> Reading {
        let usual = Labels::default();
        let (format, labels) = self
            .0
            .get(source)
            .map_or((&alertmanager::FORMAT, &usual), |source| {
                (source.format, &source.labels)
            });
        let mut parsed = (format.parse)(&HookInput {
            content_type,
            body,
            labels,
        })?;
        for alert in &mut parsed.alerts {
            in_order(alert);
        }
        Ok(parsed)
    }

    /// All of them as the settings of the use cases name them.
    #[must_use]
    pub fn posting(&self) -> BTreeMap<SourceId, Way> {
        self.names()
            .map(|name| (name.clone(), Way::Posts))
            .collect()
    }

    /// The format of a source.
    #[must_use]
    pub fn format(&self, source: &SourceId) -> Option<&'static Format> {
        self.0.get(source).map(|source| source.format)
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &SourceId> {
        self.0.keys()
    }
}
