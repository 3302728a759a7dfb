//! Keys of what alerts mean: episodes, outages, what holds them back, who is on call.

use chrono::{DateTime, Utc};
use vigie_domain::{CardId, ChatId, EquipmentId, Fingerprint, SectorId, SourceId};
use vigie_store::Key;

use crate::app::alerts::{Listed, Subject};

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

/// What a source has open of names that nobody declared.
pub fn strays(source: &SourceId) -> Key {
    Key::of("uo/").text(source.as_str()).end()
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
