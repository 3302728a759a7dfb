//! The audit log: who did what to what, each entry sealed with the one before it.
//!
//! An entry holds no text of people, only short names and numbers. Whoever changes, removes or
//! reorders an entry breaks the chain at that place. What is cut off at the end is found by
//! comparing [`Head`] with a copy that was kept elsewhere.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use crate::{AccountId, ChatId, Place, SourceId};

/// First bytes of what is hashed: a seal of another kind of thing, or of another encoding, is
/// never one of these.
const SEAL: &[u8] = b"vigie audit 1";

/// A seal: SHA-256, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// What stands before the first entry.
    pub const START: Self = Self([0; 32]);
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wrong = || serde::de::Error::custom("a seal has 64 hexadecimal digits");
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        let mut bytes = [0; 32];
        for (index, byte) in bytes.iter_mut().enumerate() {
            let pair = text.get(2 * index..2 * index + 2).ok_or_else(wrong)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| wrong())?;
        }
        Ok(Self(bytes))
    }
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    /// A person, by account.
    Account(AccountId),
    /// Somebody who administrates this group and hides who.
    AdminOf(ChatId),
    /// A monitoring source.
    Source(SourceId),
    /// Somebody at the command line of the machine.
    CommandLine,
    /// Vigie itself.
    Vigie,
}

/// What was done, before it is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub who: Who,
    /// What, by a stable short name such as `group.bind`.
    pub action: String,
    /// To what, such as `group/-1001000000004`.
    pub object: String,
    /// What was there before, where something was.
    pub before: Option<String>,
    /// What is there now, where something is.
    pub after: Option<String>,
    /// Where it was asked for, where that was a conversation.
    pub from_place: Option<Place>,
}

/// One sealed entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Number, from 1, without gaps.
    pub seq: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub who: Who,
    /// What.
    pub action: String,
    /// To what.
    pub object: String,
    /// What was there before.
    pub before: Option<String>,
    /// What is there now.
    pub after: Option<String>,
    /// Where it was asked for.
    pub from_place: Option<Place>,
    /// The seal of the entry before.
    pub prev_hash: Digest,
    /// The seal of this entry.
    pub hash: Digest,
}

/// The end of the chain so far. Where it is empty, its default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Number of the last entry; 0 is none.
    pub seq: u64,
    /// Its seal.
    pub hash: Digest,
}

impl Default for Head {
    fn default() -> Self {
        Self {
            seq: 0,
            hash: Digest::START,
        }
    }
}

impl Head {
    /// Seals what was done as the next entry.
    #[must_use]
    pub fn seal(self, deed: Deed) -> AuditEntry {
        let mut entry = AuditEntry {
            seq: self.seq.saturating_add(1),
            at: deed.at,
            who: deed.who,
            action: deed.action,
            object: deed.object,
            before: deed.before,
            after: deed.after,
            from_place: deed.from_place,
            prev_hash: self.hash,
            hash: Digest::START,
        };
        entry.hash = entry.expected_hash();
        entry
    }
}

impl AuditEntry {
    /// The chain's end if this is its last entry.
    #[must_use]
    pub const fn head(&self) -> Head {
        Head {
            seq: self.seq,
            hash: self.hash,
        }
    }

    fn expected_hash(&self) -> Digest {
        let mut seal = Seal(Sha256::new());
        seal.bytes(SEAL);
        seal.bytes(&self.prev_hash.0);
        seal.bytes(&self.seq.to_be_bytes());
        seal.bytes(&self.at.timestamp().to_be_bytes());
        seal.bytes(&self.at.timestamp_subsec_nanos().to_be_bytes());
        match &self.who {
            Who::Account(account) => seal.tagged(b"account", &account.0.to_be_bytes()),
            Who::AdminOf(chat) => seal.tagged(b"admin-of", &chat.0.to_be_bytes()),
            Who::Source(source) => seal.tagged(b"source", source.as_str().as_bytes()),
            Who::CommandLine => seal.tagged(b"command-line", b""),
            Who::Vigie => seal.tagged(b"vigie", b""),
        }
        seal.bytes(self.action.as_bytes());
        seal.bytes(self.object.as_bytes());
        seal.optional(self.before.as_deref().map(str::as_bytes));
        seal.optional(self.after.as_deref().map(str::as_bytes));
        let place = self.from_place.as_ref();
        seal.optional(
            place
                .map(|place| place.chat.0.to_be_bytes())
                .as_ref()
                .map(<[u8; 8]>::as_slice),
        );
        let thread = place.and_then(|place| place.thread);
        seal.optional(
            thread
                .map(|thread| thread.0.to_be_bytes())
                .as_ref()
                .map(<[u8; 8]>::as_slice),
        );
        Digest(seal.0.finalize().into())
    }
}

/// Feeds values with their lengths, so that no two entries give the same bytes.
struct Seal(Sha256);

impl Seal {
    fn bytes(&mut self, bytes: &[u8]) {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.0.update(length.to_be_bytes());
        self.0.update(bytes);
    }

    fn tagged(&mut self, tag: &[u8], bytes: &[u8]) {
        self.bytes(tag);
        self.bytes(bytes);
    }

    fn optional(&mut self, bytes: Option<&[u8]>) {
        match bytes {
            Some(bytes) => self.tagged(b"some", bytes),
            None => self.bytes(b"none"),
        }
    }
}

/// Checks entries that follow this end of the chain, oldest first.
///
/// # Errors
/// The number of the first entry that is missing, misplaced or changed.
pub fn verify<'e>(
    after: Head,
    entries: impl IntoIterator<Item = &'e AuditEntry>,
) -> Result<Head, u64> {
    let mut head = after;
    for entry in entries {
        let expected = head.seq.saturating_add(1);
        let whole = entry.seq == expected
            && entry.prev_hash == head.hash
            && entry.hash == entry.expected_hash();
        if !whole {
            return Err(expected);
        }
        head = entry.head();
    }
    Ok(head)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ThreadId;

    fn deed() -> impl Strategy<Value = Deed> {
        let who = prop_oneof![
            any::<i64>().prop_map(|id| Who::Account(AccountId(id))),
            any::<i64>().prop_map(|id| Who::AdminOf(ChatId(id))),
            "[a-z]{1,8}".prop_map(|name| Who::Source(SourceId(name))),
            Just(Who::CommandLine),
            Just(Who::Vigie),
        ];
        let place = proptest::option::of((any::<i64>(), proptest::option::of(any::<i64>())));
        let text = || proptest::option::of("\\PC{0,6}");
        (
            0..4_000_000_000_i64,
            who,
            "[a-z.]{1,8}",
            "[a-z/]{0,8}",
            text(),
            text(),
            place,
        )
            .prop_map(|(at, who, action, object, before, after, place)| Deed {
                at: DateTime::from_timestamp(at, 5).unwrap(),
                who,
                action,
                object,
                before,
                after,
                from_place: place.map(|(chat, thread)| Place {
                    chat: ChatId(chat),
                    thread: thread.map(ThreadId),
                }),
            })
    }

    fn chain() -> impl Strategy<Value = Vec<AuditEntry>> {
        proptest::collection::vec(deed(), 2..12).prop_map(|deeds| {
            let mut head = Head::default();
            deeds
                .into_iter()
                .map(|deed| {
                    let entry = head.seal(deed);
                    head = entry.head();
                    entry
                })
                .collect()
        })
    }

    fn change(entry: &mut AuditEntry, how: usize, other: Deed) {
        match how {
            0 => entry.at = other.at,
            1 => entry.who = other.who,
            2 => entry.action = other.action,
            3 => entry.object = other.object,
            4 => entry.before = other.before,
            5 => entry.after = other.after,
            6 => entry.from_place = other.from_place,
            7 => entry.seq += 1,
            8 => entry.prev_hash = Digest([7; 32]),
            _ => {
                // Text moved from one field into the next.
                let moved = entry.action.split_off(entry.action.len() - 1);
                entry.object.insert_str(0, &moved);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_whole_chain_is_whole(chain in chain()) {
            prop_assert_eq!(verify(Head::default(), &chain), Ok(chain.last().unwrap().head()));
            let middle = chain.len() / 2;
            let (old, new) = chain.split_at(middle);
            prop_assert!(verify(old.last().unwrap().head(), new).is_ok());
        }

        #[test]
        fn one_changed_entry_is_found(
            chain in chain(), at in any::<prop::sample::Index>(), how in 0..10_usize, other in deed()
        ) {
            let mut changed = chain.clone();
            let at = at.index(chain.len());
            change(&mut changed[at], how, other);
            prop_assume!(changed != chain);
            prop_assert_eq!(verify(Head::default(), &changed), Err(chain[at].seq));
        }

        #[test]
        fn a_changed_entry_with_a_new_seal_is_found_at_the_next(
            chain in chain(), at in any::<prop::sample::Index>()
        ) {
            let mut changed = chain.clone();
            let at = at.index(chain.len() - 1);
            changed[at].action.push('x');
            changed[at].hash = changed[at].expected_hash();
            prop_assert_eq!(verify(Head::default(), &changed), Err(chain[at + 1].seq));
        }

        #[test]
        fn a_removed_entry_is_found(chain in chain(), at in any::<prop::sample::Index>()) {
            let at = at.index(chain.len());
            let mut cut = chain.clone();
            cut.remove(at);
            let end = chain.last().unwrap().head();
            if at + 1 == chain.len() {
                prop_assert_ne!(verify(Head::default(), &cut), Ok(end));
            } else {
                prop_assert_eq!(verify(Head::default(), &cut), Err(chain[at].seq));
            }
        }

        #[test]
        fn two_swapped_entries_are_found(
            chain in chain(), one in any::<prop::sample::Index>(), two in any::<prop::sample::Index>()
        ) {
            let (one, two) = (one.index(chain.len()), two.index(chain.len()));
            prop_assume!(one != two);
            let mut swapped = chain.clone();
            swapped.swap(one, two);
            prop_assert_eq!(verify(Head::default(), &swapped), Err(chain[one.min(two)].seq));
        }

        #[test]
        fn a_seal_survives_writing_and_reading(chain in chain()) {
            let text = serde_json::to_string(&chain).unwrap();
            let read: Vec<AuditEntry> = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(read, chain);
        }
    }

    #[test]
    fn the_encoding_never_changes() {
        let entry = Head::default().seal(Deed {
            at: DateTime::from_timestamp(1_795_000_000, 0).unwrap(),
            who: Who::Account(AccountId(1002)),
            action: "group.bind".to_owned(),
            object: "group/-1001000000004".to_owned(),
            before: None,
            after: Some("local/joigny".to_owned()),
            from_place: Some(ChatId(-1_001_000_000_004).into()),
        });
        assert_eq!(entry.hash.to_string(), GOLDEN);
    }

    /// Seal of the entry above, as first released: stored chains must stay verifiable.
    const GOLDEN: &str = "5f75aeeb856f00b30e4d8916ded0cbdf5d97435aca8e8b6d6426eae192601ac0";
}
