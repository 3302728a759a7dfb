//! Keys of the network as it was imported, and of groups.

use vigie_domain::{ChatId, EquipmentId};
use vigie_store::Key;

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

/// Members' links that hang on equipment.
pub fn links_below(parent: &EquipmentId) -> Key {
    Key::of("el/").text(parent.as_str()).end()
}

/// A member's link under what it hangs on.
pub fn link_below(parent: &EquipmentId, link: &EquipmentId) -> Key {
    Key::of("el/")
        .text(parent.as_str())
        .text(link.as_str())
        .end()
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
