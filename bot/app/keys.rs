//! Keys of every record, in one place. See ARCHITECTURE.md for the table.

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use vigie_domain::{CardId, ChatId, EquipmentId, Fingerprint, SectorId, SourceId};
use vigie_store::Key;

use super::alerts::{Listed, Subject};

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

/// The last episode of an alert.
pub fn incident(source: &SourceId, fingerprint: &Fingerprint) -> Key {
    Key::of("in/")
        .text(source.as_str())
        .text(fingerprint.as_str())
        .end()
}

/// The last episode of each alert of a source.
pub fn incidents_of(source: &SourceId) -> Key {
    Key::of("in/").text(source.as_str()).end()
}

/// When a source of alerts was last heard of.
pub fn heard(source: &SourceId) -> Key {
    Key::of("hb/").text(source.as_str()).end()
}

/// Every source of alerts that was ever heard of.
pub fn all_heard() -> Key {
    Key::of("hb/").end()
}

/// That signs of life of a source are expected.
pub fn expected(source: &SourceId) -> Key {
    Key::of("hw/").text(source.as_str()).end()
}

/// Every source of which signs of life are expected.
pub fn all_expected() -> Key {
    Key::of("hw/").end()
}

/// That a source tells of a piece of equipment.
pub fn watches(source: &SourceId, equipment: &EquipmentId) -> Key {
    Key::of("ws/")
        .text(source.as_str())
        .text(equipment.as_str())
        .end()
}

/// Everything that a source tells of.
pub fn all_watched(source: &SourceId) -> Key {
    Key::of("ws/").text(source.as_str()).end()
}

/// A test alert of a source that somebody asked for.
pub fn trial(source: &SourceId) -> Key {
    Key::of("tr/").text(source.as_str()).end()
}

/// Every test alert that somebody asked for.
pub fn trials() -> Key {
    Key::of("tr/").end()
}

/// An open alert of a piece of equipment.
pub fn open_alert(equipment: &EquipmentId, source: &SourceId, fingerprint: &Fingerprint) -> Key {
    Key::of("io/")
        .text(equipment.as_str())
        .text(source.as_str())
        .text(fingerprint.as_str())
        .end()
}

/// Every open alert of a piece of equipment.
pub fn open_alerts(equipment: &EquipmentId) -> Key {
    Key::of("io/").text(equipment.as_str()).end()
}

/// The last outage of a piece of equipment, running or over.
pub fn last_outage(equipment: &EquipmentId) -> Key {
    Key::of("ho/").text(equipment.as_str()).end()
}

/// Outages of a piece of equipment that are over, in order of their end.
pub fn history(equipment: &EquipmentId) -> Key {
    Key::of("hi/").text(equipment.as_str()).end()
}

/// An outage of a piece of equipment, by its end.
pub fn history_at(equipment: &EquipmentId, ended: DateTime<Utc>) -> Key {
    Key::of("hi/")
        .text(equipment.as_str())
        .i64(ended.timestamp_millis())
        .end()
}

/// Outages that ended from this moment on, in order of their end.
pub fn history_from(ended: DateTime<Utc>) -> Key {
    Key::of("ht/").i64(ended.timestamp_millis()).end()
}

/// An outage, by its end.
pub fn history_by_time(ended: DateTime<Utc>, equipment: &EquipmentId) -> Key {
    Key::of("ht/")
        .i64(ended.timestamp_millis())
        .text(equipment.as_str())
        .end()
}

/// Outages of a sector that ended from this moment on, in order of their end.
pub fn sector_history_from(sector: &SectorId, ended: DateTime<Utc>) -> Key {
    Key::of("hs/")
        .text(sector.as_str())
        .i64(ended.timestamp_millis())
        .end()
}

/// An outage of a sector, by its end.
pub fn history_by_sector(sector: &SectorId, ended: DateTime<Utc>, equipment: &EquipmentId) -> Key {
    Key::of("hs/")
        .text(sector.as_str())
        .i64(ended.timestamp_millis())
        .text(equipment.as_str())
        .end()
}

/// Since when outages are kept at all.
pub fn history_begin() -> Key {
    Key::of("sys/history").end()
}

/// Since when a piece of equipment that was added later is watched.
pub fn watched_since(equipment: &EquipmentId) -> Key {
    Key::of("hk/").text(equipment.as_str()).end()
}

/// State of a piece of equipment that has open alerts.
pub fn outage(equipment: &EquipmentId) -> Key {
    Key::of("es/").text(equipment.as_str()).end()
}

/// Every piece of equipment that has open alerts.
pub fn outages() -> Key {
    Key::of("es/").end()
}

/// A piece of equipment with open alerts, under one of those above it.
pub fn below(ancestor: &EquipmentId, listed: &Listed, equipment: &EquipmentId) -> Key {
    Key::of("ud/")
        .text(ancestor.as_str())
        .text(listed.sector.as_ref().map_or("", SectorId::as_str))
        .i64(listed.at)
        .text("")
        .text(equipment.as_str())
        .end()
}

/// Everything with open alerts under a piece of equipment.
pub fn all_below(ancestor: &EquipmentId) -> Key {
    Key::of("ud/").text(ancestor.as_str()).end()
}

/// Everything of a sector with open alerts under a piece of equipment, in order of time.
pub fn below_sector(ancestor: &EquipmentId, sector: Option<&SectorId>) -> Key {
    Key::of("ud/")
        .text(ancestor.as_str())
        .text(sector.map_or("", SectorId::as_str))
        .end()
}

/// Where what is down of a sector under a piece of equipment is younger than this.
pub fn below_from(ancestor: &EquipmentId, sector: Option<&SectorId>, after: DateTime<Utc>) -> Key {
    Key::of("ud/")
        .text(ancestor.as_str())
        .text(sector.map_or("", SectorId::as_str))
        .i64(after.timestamp_micros().saturating_add(1))
        .end()
}

/// How much has open alerts under a piece of equipment, of what shares its ways up.
pub fn below_count(ancestor: &EquipmentId, ways: u64) -> Key {
    Key::of("uc/").text(ancestor.as_str()).u64(ways).end()
}

/// How much has open alerts under a piece of equipment.
pub fn below_counts(ancestor: &EquipmentId) -> Key {
    Key::of("uc/").text(ancestor.as_str()).end()
}

/// What was listed under what is above it before it was listed by time.
pub fn below_before() -> Key {
    Key::of("ub/").end()
}

/// What holds back openings of a subject.
pub fn hold(subject: &Subject) -> Key {
    Key::of("si/").text(&subject.text()).end()
}

/// Everything that holds back openings.
pub fn holds() -> Key {
    Key::of("si/").end()
}

/// A planned maintenance.
pub fn maintenance(id: u64) -> Key {
    Key::of("ma/").u64(id).end()
}

/// Every planned maintenance.
pub fn maintenances() -> Key {
    Key::of("ma/").end()
}

/// The last changes of a piece of equipment.
pub fn flap(equipment: &EquipmentId) -> Key {
    Key::of("ef/").text(equipment.as_str()).end()
}

/// The card that told the last end of a cause in a group.
pub fn last_card(root: &EquipmentId, chat: ChatId) -> Key {
    Key::of("cl/").text(root.as_str()).i64(chat.0).end()
}

/// The cards that told the last end of a cause.
pub fn last_cards(root: &EquipmentId) -> Key {
    Key::of("cl/").text(root.as_str()).end()
}

/// How much hangs on a piece of equipment.
pub fn carried(equipment: &EquipmentId) -> Key {
    Key::of("eb/").text(equipment.as_str()).end()
}

/// How much hangs on each piece of equipment that carries something.
pub fn all_carried() -> Key {
    Key::of("eb/").end()
}

/// What a group will be told of in its next digest.
pub fn digest_line(chat: ChatId, equipment: &EquipmentId) -> Key {
    Key::of("dg/").i64(chat.0).text(equipment.as_str()).end()
}

/// Everything that a group will be told of in its next digest.
pub fn digest(chat: ChatId) -> Key {
    Key::of("dg/").i64(chat.0).end()
}

/// A technical sheet.
pub fn equipment(id: &EquipmentId) -> Key {
    Key::of("eq/").text(id.as_str()).end()
}

/// Every technical sheet.
pub fn all_equipment() -> Key {
    Key::of("eq/").end()
}

/// A name that alerts may use, folded, to the equipment it means.
pub fn equipment_name(folded: &str) -> Key {
    Key::of("en/").text(folded).end()
}

/// Relays that hang on a piece of equipment.
pub fn children(parent: &EquipmentId) -> Key {
    Key::of("ek/").text(parent.as_str()).end()
}

/// A relay under what it hangs on.
pub fn child(parent: &EquipmentId, child: &EquipmentId) -> Key {
    Key::of("ek/")
        .text(parent.as_str())
        .text(child.as_str())
        .end()
}

/// Relays of a sector that hang on nothing of it; of the sector named by nothing: those that hang
/// on nothing at all.
pub fn roots(sector: &str) -> Key {
    Key::of("er/").text(sector).end()
}

/// A relay that hangs on nothing of its sector.
pub fn root(sector: &str, equipment: &EquipmentId) -> Key {
    Key::of("er/").text(sector).text(equipment.as_str()).end()
}

/// A word of the name of a relay.
pub fn name_word(word: &str, equipment: &EquipmentId) -> Key {
    Key::of("ew/").text(word).text(equipment.as_str()).end()
}

/// Our name for a piece of equipment that the files call otherwise since it was renamed.
pub fn renamed(called: &EquipmentId) -> Key {
    Key::of("ea/").text(called.as_str()).end()
}

/// What an import changed.
pub fn import(number: u64) -> Key {
    Key::of("im/").u64(number).end()
}

/// Settings that were changed from the chat and are not told yet.
pub fn settings_before(equipment: &EquipmentId) -> Key {
    Key::of("ec/").text(equipment.as_str()).end()
}

/// A sector.
pub fn sector(id: &str) -> Key {
    Key::of("se/").text(id).end()
}

/// Every sector.
pub fn sectors() -> Key {
    Key::of("se/").end()
}

/// A site.
pub fn site(id: &str) -> Key {
    Key::of("st/").text(id).end()
}

/// A group.
pub fn group(chat: ChatId) -> Key {
    Key::of("gr/").i64(chat.0).end()
}

/// Every group.
pub fn groups() -> Key {
    Key::of("gr/").end()
}

/// Who an account speaks for, as stores of the first versions have it; now see [`bond`].
pub fn account(account: vigie_domain::AccountId) -> Key {
    Key::of("ac/").i64(account.0).end()
}

/// Somebody who cannot be written to.
pub fn away(chat: ChatId) -> Key {
    Key::of("aw/").i64(chat.0).end()
}

/// A member's record.
pub fn member(id: &str) -> Key {
    Key::of("me/").text(id).end()
}

/// The dialogue with somebody in private.
pub fn dialogue(account: vigie_domain::AccountId) -> Key {
    Key::of("dl/").i64(account.0).end()
}

/// Letters by electronic mail, in commit order.
pub fn mails() -> Key {
    Key::of("ml/").end()
}

/// The language that an account chose.
pub fn chosen_lang(account: vigie_domain::AccountId) -> Key {
    Key::of("lg/").i64(account.0).end()
}

/// How often something was tried: codes of an account, of an address, in all.
pub fn tally(of: &str) -> Key {
    Key::of("ln/").text(of).end()
}

/// What an account has proved and not confirmed yet.
pub fn proof(account: vigie_domain::AccountId) -> Key {
    Key::of("lp/").i64(account.0).end()
}

/// A link that one administrator asked for.
pub fn half_link(account: vigie_domain::AccountId, member: &str) -> Key {
    Key::of("lw/").i64(account.0).text(member).end()
}

/// A code on paper, by its digest.
pub fn letter(digest: &[u8; 32]) -> Key {
    Key::of("ll/").text(&hex(digest)).end()
}

/// A way to dispute a link, by the digest of its secret.
pub fn dispute(digest: &[u8; 32]) -> Key {
    Key::of("lx/").text(&hex(digest)).end()
}

/// Until when a member's record takes no new links.
pub fn frozen(member: &str) -> Key {
    Key::of("lf/").text(member).end()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        use std::fmt::Write as _;
        // Writing to a text does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// That an account speaks for a member.
pub fn bond(account: vigie_domain::AccountId, member: &str) -> Key {
    Key::of("ab/").i64(account.0).text(member).end()
}

/// Everything for which an account speaks.
pub fn bonds_of(account: vigie_domain::AccountId) -> Key {
    Key::of("ab/").i64(account.0).end()
}

/// The reverse of [`bond`].
pub fn bond_on(member: &str, account: vigie_domain::AccountId) -> Key {
    Key::of("mb/").text(member).i64(account.0).end()
}

/// Every account that speaks for a member, or did.
pub fn bonds_on(member: &str) -> Key {
    Key::of("mb/").text(member).end()
}

/// The member for whom an account that has several speaks just now.
pub fn speaking_for(account: vigie_domain::AccountId) -> Key {
    Key::of("as/").i64(account.0).end()
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

/// The rota of a sector, or of the whole cooperative.
pub fn rota(sector: Option<&SectorId>) -> Key {
    Key::of("ro/")
        .text(sector.map_or("", SectorId::as_str))
        .end()
}

/// How far a card has climbed that nobody takes.
pub fn climb(chat: ChatId, card: CardId) -> Key {
    Key::of("ex/").i64(chat.0).i64(card.0).end()
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
