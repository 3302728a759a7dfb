//! Keys of every record, in one place. See ARCHITECTURE.md for the table.

mod alerts;
mod network;
mod people;
mod reminders;

pub use alerts::*;
pub use network::*;
pub use people::*;
pub use reminders::*;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use vigie_domain::{CardId, ChatId, EquipmentId};
use vigie_store::Key;

/// Raw update of the messenger, until it is handled.
pub fn update(id: u64) -> Key {
    Key::of("iu/").u64(id).end()
}

/// Mark that an update was received, kept for a day.
pub fn update_seen(id: u64) -> Key {
    Key::of("us/").u64(id).end()
}

/// Next offset of the poll.
pub fn poll_offset() -> Key {
    Key::of("sys/offset").end()
}

/// Raw bodies of monitoring hooks, in order of arrival.
pub fn hooks() -> Key {
    Key::of("ih/").end()
}

/// One part of a large body.
pub fn hook_part(name: u64, part: u64) -> Key {
    Key::of("ip/").u64(name).u64(part).end()
}

/// A card that is not up to date.
pub fn outbox_card(chat: ChatId, card: CardId) -> Key {
    Key::of("oc/").i64(chat.0).i64(card.0).end()
}

/// That nobody has taken a card.
pub fn outbox_reminder(chat: ChatId, card: CardId) -> Key {
    Key::of("or/").i64(chat.0).i64(card.0).end()
}

/// Messages to send, in commit order.
pub fn outbox_messages() -> Key {
    Key::of("om/").end()
}

/// Every row of the outbox.
pub fn outbox() -> Key {
    Key::of("o").end()
}

/// A card.
pub fn card(chat: ChatId, card: CardId) -> Key {
    Key::of("ca/").i64(chat.0).i64(card.0).end()
}

/// Every card of a group.
pub fn cards_of(chat: ChatId) -> Key {
    Key::of("ca/").i64(chat.0).end()
}

/// A cause on a card.
pub fn cause(chat: ChatId, card: CardId, root: &EquipmentId) -> Key {
    Key::of("cm/")
        .i64(chat.0)
        .i64(card.0)
        .text(root.as_str())
        .end()
}

/// Every cause on a card.
pub fn causes(chat: ChatId, card: CardId) -> Key {
    Key::of("cm/").i64(chat.0).i64(card.0).end()
}

/// Which card of a group carries a cause that lasts.
pub fn card_of(root: &EquipmentId, chat: ChatId) -> Key {
    Key::of("cp/").text(root.as_str()).i64(chat.0).end()
}

/// The groups in which a cause that lasts has a card.
pub fn cards_for(root: &EquipmentId) -> Key {
    Key::of("cp/").text(root.as_str()).end()
}

/// Recent new messages about outages in a group.
pub fn flood(chat: ChatId) -> Key {
    Key::of("fl/").i64(chat.0).end()
}

/// A button.
pub fn button(key: &str) -> Key {
    Key::of("bt/").text(key).end()
}

/// Something to be done at a time.
pub fn due(at: DateTime<Utc>, kind: &str, subject: &str) -> Key {
    Key::of("du/")
        .i64(at.timestamp_millis())
        .text(kind)
        .text(subject)
        .end()
}

/// Everything to be done, in order of time.
pub fn all_due() -> Key {
    Key::of("du/").end()
}

/// The audit log, in order.
pub fn audit(seq: u64) -> Key {
    Key::of("au/").u64(seq).end()
}

/// Number and hash of the last line of the audit log.
pub fn audit_head() -> Key {
    Key::of("sys/audit").end()
}

/// A number that stands for bytes in a key; never zero.
#[must_use]
pub fn mark(bytes: &[u8]) -> u64 {
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    let first = digest.first_chunk::<8>().copied().unwrap_or_default();
    u64::from_be_bytes(first).max(1)
}

/// The time in the key of something to be done.
#[must_use]
pub fn due_at(key: &Key) -> Option<DateTime<Utc>> {
    let tail = key.as_bytes().strip_prefix(b"du/")?.first_chunk::<8>()?;
    DateTime::from_timestamp_millis((u64::from_be_bytes(*tail) ^ (1 << 63)).cast_signed())
}

/// Whether something to be done is a reminder: those are done several in one commit.
#[must_use]
pub fn is_due_reminder(key: &Key) -> bool {
    let kind = key.as_bytes().get("du/".len() + 8..);
    kind.is_some_and(|kind| kind.starts_with(b"reminder\0"))
}

/// The number that ends a key.
#[must_use]
pub fn last_i64(key: &Key) -> Option<i64> {
    let tail = key.as_bytes().last_chunk::<8>()?;
    Some((u64::from_be_bytes(*tail) ^ (1 << 63)).cast_signed())
}

/// The text that ends a key. Texts in keys hold no NUL, for text is cleaned on its way in.
#[must_use]
pub fn last_text(key: &Key) -> Option<String> {
    let bytes = key.as_bytes().strip_suffix(&[0])?;
    let start = bytes
        .iter()
        .rposition(|byte| *byte == 0 || *byte == b'/')
        .map_or(0, |at| at + 1);
    String::from_utf8(bytes.get(start..)?.to_vec()).ok()
}

/// The time and the text that end a key.
#[must_use]
pub fn time_and_text(key: &Key) -> Option<(i64, String)> {
    let bytes = key.as_bytes().strip_suffix(&[0])?;
    let end = bytes.iter().rposition(|byte| *byte == 0)?;
    let text = String::from_utf8(bytes.get(end + 1..)?.to_vec()).ok()?;
    let time = bytes.get(..end)?.last_chunk::<8>()?;
    Some(((u64::from_be_bytes(*time) ^ (1 << 63)).cast_signed(), text))
}

/// The member in the key of a [`bond`].
#[must_use]
pub fn member_of_bond(key: &Key) -> Option<vigie_domain::MemberId> {
    // The number of the account before it may hold any byte.
    let text = key.as_bytes().get("ab/".len() + 8..)?.strip_suffix(&[0])?;
    String::from_utf8(text.to_vec())
        .ok()
        .map(vigie_domain::MemberId)
}

/// The number in the key of a [`member`].
#[must_use]
pub fn member_of_record(key: &Key) -> Option<vigie_domain::MemberId> {
    let text = key.as_bytes().strip_prefix(b"me/")?.strip_suffix(&[0])?;
    String::from_utf8(text.to_vec())
        .ok()
        .map(vigie_domain::MemberId)
}

/// The first text of a key.
#[must_use]
pub fn first_text(key: &Key) -> Option<String> {
    let bytes = key.as_bytes();
    let start = bytes.iter().position(|byte| *byte == b'/')? + 1;
    let text = bytes.get(start..)?.split(|byte| *byte == 0).next()?;
    String::from_utf8(text.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::alerts::Listed;

    #[test]
    fn the_last_part_of_a_key_is_read_back() {
        for number in [0, 1, -1, -1_001_234_567_890, i64::MAX, i64::MIN] {
            assert_eq!(
                last_i64(&card_of(&"a".into(), ChatId(number))),
                Some(number)
            );
        }
        for at in [0, 0x2f2f, 0x41_4243, -1, i64::MAX, 1_795_598_400_000_000] {
            let listed = Listed {
                at,
                sector: Some("s".into()),
                single: 0,
                ways: Vec::new(),
            };
            let key = below(&"a".into(), &listed, &"b/c".into());
            assert_eq!(time_and_text(&key), Some((at, "b/c".to_owned())));
        }
        for number in [0, 1, 47, -1, i64::MAX, i64::MIN] {
            assert_eq!(
                member_of_bond(&bond(vigie_domain::AccountId(number), "A/12")),
                Some("A/12".into())
            );
        }
        assert_eq!(first_text(&all_below(&"a".into())).as_deref(), Some("a"));
    }
}
