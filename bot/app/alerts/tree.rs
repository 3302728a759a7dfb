//! The tree: what a name means, what is above, and which outage is the cause.

use sha2::{Digest as _, Sha256};
use vigie_domain::alert::{Alert, unknown_equipment};
use vigie_domain::names::fold;
use vigie_domain::network::Equipment;
use vigie_domain::text;
use vigie_domain::{ChatId, EquipmentId};

use super::records::{Means, Outage, Silence};
use crate::app::cards::Carrier;
use crate::app::error::AppError;
use crate::app::keys;
use crate::app::tx::Tx;

/// Deepest tree that is followed.
const MOST_LEVELS: usize = 32;
/// Longest name of unknown equipment that is kept whole, in bytes: it is part of keys.
const LONGEST_NAME: usize = 200;

impl Tx<'_> {
    /// The equipment of an alert; where no label tells, the name of its rule stands for it.
    pub(crate) async fn equipment_of(&mut self, alert: &Alert) -> Result<EquipmentId, AppError> {
        self.equipment_named(alert.equipment.as_deref().unwrap_or(&alert.name))
            .await
    }

    /// The equipment that a source means: by its short name, an alias, or the name without a
    /// port; else a stand-in for an unknown name.
    pub(crate) async fn equipment_named(&mut self, name: &str) -> Result<EquipmentId, AppError> {
        let without_port = name.rsplit_once(':').map(|(host, _)| host);
        for candidate in std::iter::once(name).chain(without_port) {
            let folded = fold(candidate);
            if folded.len() > LONGEST_NAME {
                continue;
            }
            let id = EquipmentId(folded.clone());
            if self.sheet(&id).await?.is_some() {
                return Ok(id);
            }
            let alias = keys::equipment_name(&folded);
            if let Some(Means(id)) = self.peek(&alias).await? {
                return Ok(id);
            }
        }
        Ok(unknown_equipment(&bounded(&text::clean(name))))
    }

    /// A technical sheet.
    pub(crate) async fn sheet(&mut self, id: &EquipmentId) -> Result<Option<Equipment>, AppError> {
        if id.as_str().starts_with('?') {
            return Ok(None);
        }
        self.peek(&keys::equipment(id)).await
    }

    /// What a piece of equipment hangs on, the nearest first.
    pub(crate) async fn above(&mut self, id: &EquipmentId) -> Result<Vec<EquipmentId>, AppError> {
        let mut found: Vec<EquipmentId> = Vec::new();
        let mut here = id.clone();
        while found.len() < MOST_LEVELS {
            let parent = self.sheet(&here).await?.and_then(|sheet| sheet.parent);
            match parent {
                Some(parent) if parent != *id && !found.contains(&parent) => {
                    found.push(parent.clone());
                    here = parent;
                }
                _ => break,
            }
        }
        Ok(found)
    }

    /// The cause that explains an outage: the topmost outage above that covers, else itself.
    pub(crate) async fn cause_of(&mut self, id: &EquipmentId) -> Result<EquipmentId, AppError> {
        let mut cause = id.clone();
        for ancestor in self.above(id).await? {
            let outage: Option<Outage> = self.get(&keys::outage(&ancestor)).await?;
            if outage.is_some_and(|outage| outage.covers()) {
                cause = ancestor;
            }
        }
        Ok(cause)
    }

    /// Whether a silence lies over a piece of equipment or something above it.
    pub(crate) async fn silenced(&mut self, id: &EquipmentId) -> Result<bool, AppError> {
        let mut line = self.above(id).await?;
        line.insert(0, id.clone());
        for each in line {
            let silence: Option<Silence> = self.peek(&keys::silence(&each)).await?;
            if silence.is_some_and(|silence| silence.until > self.now()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The groups in which a cause has a card.
    pub(crate) async fn chats_showing(
        &self,
        cause: &EquipmentId,
    ) -> Result<Vec<(ChatId, Carrier)>, AppError> {
        let prefix = keys::cards_for(cause);
        let rows = self.all::<Carrier>(&prefix).await?;
        Ok(rows
            .into_iter()
            .filter_map(|(key, carrier)| keys::last_i64(&key).map(|chat| (ChatId(chat), carrier)))
            .collect())
    }

    /// Everything down below a piece of equipment.
    pub(crate) async fn down_below(&self, id: &EquipmentId) -> Result<Vec<EquipmentId>, AppError> {
        let prefix = keys::all_below(id);
        let rows = self.keys(&prefix).await?;
        Ok(rows
            .iter()
            .filter_map(keys::last_text)
            .map(EquipmentId)
            .collect())
    }
}

/// A name that fits into keys; two long names that begin alike stay apart.
fn bounded(name: &str) -> String {
    if name.len() <= LONGEST_NAME {
        return name.to_owned();
    }
    let digest = Sha256::digest(name.as_bytes());
    let mark: String = digest
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let mut end = LONGEST_NAME - mark.len() - 4;
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    let (kept, _) = name.split_at(end);
    format!("{kept}… {mark}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_bounded_and_stay_apart() {
        let long = |end: &str| bounded(&format!("{}{end}", "très long ".repeat(40)));
        assert!(long("a").len() <= LONGEST_NAME);
        assert_ne!(long("a"), long("b"));
        assert_eq!(bounded("relais <b> & co"), "relais <b> & co");
    }
}
