//! The tree: what a name means, what is above, and which outage is the cause.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};
use vigie_domain::alert::{Alert, unknown_equipment};
use vigie_domain::names::fold;
use vigie_domain::network::Equipment;
use vigie_domain::state::Facts;
use vigie_domain::text;
use vigie_domain::tree::{Carried, Node, Upstream};
use vigie_domain::{ChatId, EquipmentId, SourceId};

use super::records::{Means, Outage};
use crate::app::cards::Carrier;
use crate::app::error::AppError;
use crate::app::keys;
use crate::app::tx::Tx;

/// Most equipment above another that is followed: each of them costs a decision two writes.
const MOST_ABOVE: usize = 24;
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
        if id.as_str().starts_with(['?', '@']) {
            return Ok(None);
        }
        self.peek(&keys::equipment(id)).await
    }

    /// A piece of equipment and everything above it, the nearest first. With `outages`, what is
    /// out of order there is a condition of the decision.
    async fn upstream(
        &mut self,
        id: &EquipmentId,
        outages: bool,
    ) -> Result<(Vec<EquipmentId>, Upstream), AppError> {
        self.upstream_by(id, None, outages).await
    }

    /// As [`Tx::upstream`], by these ways where they are given.
    async fn upstream_by(
        &mut self,
        id: &EquipmentId,
        ways: Option<&[EquipmentId]>,
        outages: bool,
    ) -> Result<(Vec<EquipmentId>, Upstream), AppError> {
        let mut order = vec![id.clone()];
        let mut nodes = BTreeMap::new();
        let mut next = 0;
        while let Some(here) = order.get(next).cloned() {
            let parents: Vec<EquipmentId> = match ways.filter(|_| next == 0) {
                Some(ways) => ways.to_vec(),
                None => {
                    let sheet = self.sheet(&here).await?;
                    let parents = sheet.iter().flat_map(Equipment::parents);
                    parents.filter(|parent| *parent != id).cloned().collect()
                }
            };
            for parent in &parents {
                if order.len() <= MOST_ABOVE && !order.contains(parent) {
                    order.push(parent.clone());
                }
            }
            let covers = outages && next > 0 && {
                let outage: Option<Outage> = self.get(&keys::outage(&here)).await?;
                outage.is_some_and(|outage| outage.covers())
            };
            nodes.insert(here, Node { parents, covers });
            next += 1;
        }
        order.remove(0);
        Ok((order, Upstream { nodes }))
    }

    /// What a piece of equipment hangs on, the nearest first.
    pub(crate) async fn above(&mut self, id: &EquipmentId) -> Result<Vec<EquipmentId>, AppError> {
        Ok(self.upstream(id, false).await?.0)
    }

    /// As [`Tx::above`], and where the ways up part first.
    pub(crate) async fn ways_up(&mut self, id: &EquipmentId) -> Result<Ways, AppError> {
        let (above, upstream) = self.upstream(id, false).await?;
        let (mut here, mut single) = (id, 0);
        let parents = |here| {
            upstream
                .nodes
                .get(here)
                .map_or(&[][..], |node| &node.parents)
        };
        let parts = loop {
            match parents(here) {
                [only] if single < above.len() => (here, single) = (only, single + 1),
                [] | [_] => break Vec::new(),
                several => break several.to_vec(),
            }
        };
        let single = u32::try_from(single).unwrap_or(u32::MAX);
        Ok(Ways {
            above,
            single,
            parts,
        })
    }

    /// The cause that explains whatever has these ways up, where all of them are cut.
    pub(crate) async fn cause_by(
        &mut self,
        ways: &[EquipmentId],
    ) -> Result<Option<EquipmentId>, AppError> {
        // Whatever hangs there: it has no name of its own.
        let anything = EquipmentId(String::new());
        let (_, upstream) = self.upstream_by(&anything, Some(ways), true).await?;
        Ok(Some(upstream.cause(&anything)).filter(|cause| *cause != anything))
    }

    /// The cause that explains an outage: the topmost outage that cuts every way up, else itself.
    pub(crate) async fn cause_of(&mut self, id: &EquipmentId) -> Result<EquipmentId, AppError> {
        Ok(self.upstream(id, true).await?.1.cause(id))
    }

    /// How a piece of equipment stands, with what is known of what carries it.
    pub(crate) async fn facts_of(&mut self, id: &EquipmentId) -> Result<Facts, AppError> {
        let silent = self.silent_sources().await?;
        Ok(self.facts_with(id, &silent).await?.0)
    }

    /// As [`Tx::facts_of`], where the silent sources are known; and whether every way up is cut.
    pub(crate) async fn facts_with(
        &mut self,
        id: &EquipmentId,
        silent: &BTreeSet<SourceId>,
    ) -> Result<(Facts, bool), AppError> {
        let (_, upstream) = self.upstream(id, true).await?;
        let outage: Option<Outage> = self.peek(&keys::outage(id)).await?;
        let cut = upstream.is_blind(id);
        let unwatched = match self.sheet(id).await? {
            Some(sheet) => self.silent_watch(&sheet, silent).await?.is_some(),
            None => false,
        };
        let facts = Facts {
            blind: unwatched || cut,
            on_backup: upstream.on_backup(id),
            ..outage.map_or_else(Facts::default, |outage| outage.facts())
        };
        Ok((facts, cut))
    }

    /// How much hangs on a piece of equipment and has no other way.
    pub(crate) async fn carried_by(&mut self, id: &EquipmentId) -> Result<Carried, AppError> {
        Ok(self.peek(&keys::carried(id)).await?.unwrap_or_default())
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
}

/// What is above a piece of equipment.
pub(crate) struct Ways {
    /// All of it, the nearest first.
    pub above: Vec<EquipmentId>,
    /// How many of those lie on the only way.
    pub single: u32,
    /// The ways, where they part first; none where there is one.
    pub parts: Vec<EquipmentId>,
}

/// A name that fits into keys; two long names that begin alike stay apart.
pub(super) fn bounded(name: &str) -> String {
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
