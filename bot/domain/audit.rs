//! The audit log: who did what to what, each line chained to the one before by its hash, so that
//! a changed, removed or moved line is found.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A hash of a line.
pub type Hash = [u8; 32];

/// What happened, as somebody tells it.
#[derive(Clone, Copy, Debug)]
pub struct Deed<'a> {
    /// Who: an account or a part of the program, never a name.
    pub who: &'a str,
    /// What was done, in a fixed word such as `bind-group`.
    pub action: &'a str,
    /// To what.
    pub object: &'a str,
    /// How it was before.
    pub before: &'a str,
    /// How it is now.
    pub after: &'a str,
}

/// A line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Number, from 0 without gaps.
    pub seq: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub who: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub object: String,
    /// How it was before.
    pub before: String,
    /// How it is now.
    pub after: String,
    /// Hash of the line before; zeros for the first.
    pub prev_hash: Hash,
    /// Hash of this line.
    pub hash: Hash,
}

impl AuditEntry {
    /// The line that follows the one with this hash.
    #[must_use]
    pub fn following(prev_hash: Hash, seq: u64, at: DateTime<Utc>, deed: Deed<'_>) -> Self {
        let mut entry = Self {
            seq,
            at,
            who: deed.who.to_owned(),
            action: deed.action.to_owned(),
            object: deed.object.to_owned(),
            before: deed.before.to_owned(),
            after: deed.after.to_owned(),
            prev_hash,
            hash: [0; 32],
        };
        entry.hash = entry.digest();
        entry
    }

    /// SHA-256 over every field, each with its length before it, so that no two lines read alike.
    fn digest(&self) -> Hash {
        let mut hash = Sha256::new();
        hash.update(self.prev_hash);
        hash.update(self.seq.to_be_bytes());
        hash.update(self.at.timestamp_micros().to_be_bytes());
        for field in [
            &self.who,
            &self.action,
            &self.object,
            &self.before,
            &self.after,
        ] {
            hash.update((field.len() as u64).to_be_bytes());
            hash.update(field.as_bytes());
        }
        hash.finalize().into()
    }
}

/// Checks a log from its first line on; returned is the number of the first place where it is
/// not as it was written.
pub fn verify<'a>(entries: impl IntoIterator<Item = &'a AuditEntry>) -> Option<u64> {
    let mut prev_hash = [0; 32];
    for (seq, entry) in (0_u64..).zip(entries) {
        if entry.seq != seq || entry.prev_hash != prev_hash || entry.hash != entry.digest() {
            return Some(seq);
        }
        prev_hash = entry.hash;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn log(count: u64) -> Vec<AuditEntry> {
        let mut prev = [0; 32];
        let line = |seq: u64| {
            let object = format!("group {seq}");
            let deed = Deed {
                who: "account 1",
                action: "bind-group",
                object: &object,
                before: "",
                after: "x",
            };
            let entry = AuditEntry::following(prev, seq, DateTime::UNIX_EPOCH, deed);
            prev = entry.hash;
            entry
        };
        (0..count).map(line).collect()
    }

    #[test]
    fn an_untouched_log_is_whole() {
        assert_eq!(verify(&log(0)), None);
        assert_eq!(verify(&log(20)), None);
    }

    #[test]
    fn text_cannot_wander_between_fields() {
        let deed = |before, after| Deed {
            who: "a",
            action: "b",
            object: "c",
            before,
            after,
        };
        let hash = |deed| AuditEntry::following([0; 32], 0, DateTime::UNIX_EPOCH, deed).hash;
        assert_ne!(hash(deed("ab", "c")), hash(deed("a", "bc")));
    }

    #[test]
    fn a_change_of_any_field_is_found() {
        let changes: [fn(&mut AuditEntry); 9] = [
            |line| line.seq += 1,
            |line| line.at += chrono::TimeDelta::microseconds(1),
            |line| line.who.push('x'),
            |line| line.action.push('x'),
            |line| line.object.push('x'),
            |line| line.before.push('x'),
            |line| line.after.push('x'),
            |line| line.prev_hash[0] ^= 1,
            |line| line.hash[31] ^= 1,
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let mut changed = log(5);
            change(&mut changed[3]);
            assert_eq!(verify(&changed), Some(3), "change {number}");
        }
    }

    #[test]
    fn a_line_sealed_anew_is_found_at_the_next() {
        let mut changed = log(5);
        changed[3].after = "y".to_owned();
        changed[3].hash = changed[3].digest();
        assert_eq!(verify(&changed), Some(4));
    }

    #[test]
    fn what_is_hashed_never_changes() {
        // Worked out apart from this code: stored logs must stay verifiable.
        let hash: String = log(1)[0]
            .hash
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(
            hash,
            "7571bd7b75fc2b767e9ae1b0b7f3c0dcfc00ce6d60c27d3d936a1957fb365c0f"
        );
    }

    proptest! {
        #[test]
        fn a_change_a_removal_and_a_swap_are_found(count in 2_u64..40, pick: prop::sample::Index, other: prop::sample::Index) {
            let whole = log(count);
            let at = pick.index(whole.len());
            let mut changed = whole.clone();
            changed[at].after = "y".to_owned();
            prop_assert_eq!(verify(&changed), Some(at as u64));
            let mut swapped = whole.clone();
            let to = other.index(whole.len());
            swapped.swap(at, to);
            prop_assert_eq!(verify(&swapped).is_some(), at != to);
            let mut removed = whole;
            removed.remove(at);
            // The end of a log can only be missed by whoever knows its head.
            prop_assert_eq!(verify(&removed).is_some(), at + 1 < count as usize);
        }
    }
}
