//! The tree of the network: which outage explains which, and how much hangs on each thing.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::network::{Class, Equipment};
use crate::{EquipmentId, SectorId};

/// A piece of equipment as seen from something that hangs on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// What it hangs on: any of these carries it, the first one usually does.
    pub parents: Vec<EquipmentId>,
    /// Whether it is itself out of order, so that nothing passes through it.
    pub covers: bool,
}

/// A piece of equipment and everything above it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upstream {
    /// By name.
    pub nodes: BTreeMap<EquipmentId, Node>,
}

impl Upstream {
    /// The cause that explains an outage: where every way up is cut, the cause of what usually
    /// carries it; else itself.
    #[must_use]
    pub fn cause(&self, id: &EquipmentId) -> EquipmentId {
        let mut cut = BTreeMap::new();
        let mut here = id;
        // A way down the first parents: it ends, for each step is counted.
        for _ in 0..self.nodes.len() {
            let parents = self.parents(here);
            match parents.first() {
                Some(first) if parents.iter().all(|parent| self.is_cut(parent, &mut cut)) => {
                    here = first;
                }
                _ => break,
            }
        }
        here.clone()
    }

    /// Whether every way up from a piece of equipment is cut.
    #[must_use]
    pub fn is_blind(&self, id: &EquipmentId) -> bool {
        let mut cut = BTreeMap::new();
        let parents = self.parents(id);
        !parents.is_empty() && parents.iter().all(|parent| self.is_cut(parent, &mut cut))
    }

    /// Whether what usually carries a piece of equipment is cut while another way holds.
    #[must_use]
    pub fn on_backup(&self, id: &EquipmentId) -> bool {
        let mut cut = BTreeMap::new();
        let first = self.parents(id).first();
        first.is_some_and(|first| self.is_cut(first, &mut cut)) && !self.is_blind(id)
    }

    fn parents(&self, id: &EquipmentId) -> &[EquipmentId] {
        self.nodes
            .get(id)
            .map_or(&[], |node| node.parents.as_slice())
    }

    fn is_cut<'s>(
        &'s self,
        id: &'s EquipmentId,
        known: &mut BTreeMap<&'s EquipmentId, bool>,
    ) -> bool {
        if let Some(known) = known.get(id) {
            return *known;
        }
        // Whoever comes by here again on the same way found a circle: that cuts nothing.
        known.insert(id, false);
        let parents = self.parents(id);
        let cut = self.nodes.get(id).is_some_and(|node| node.covers)
            || (!parents.is_empty() && parents.iter().all(|parent| self.is_cut(parent, known)));
        known.insert(id, cut);
        cut
    }
}

/// How much hangs on a piece of equipment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Links of members.
    pub links: u32,
    /// Everything else.
    pub relays: u32,
}

impl Count {
    /// All together.
    #[must_use]
    pub const fn total(self) -> u32 {
        self.links.saturating_add(self.relays)
    }

    const fn add(&mut self, other: Self) {
        self.links = self.links.saturating_add(other.links);
        self.relays = self.relays.saturating_add(other.relays);
    }
}

/// What has no other way than through a piece of equipment, by sector.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// Sectors, and how much of each.
    pub sectors: BTreeMap<Option<SectorId>, Count>,
}

impl Carried {
    /// How much, in one sector or everywhere.
    #[must_use]
    pub fn count(&self, only: Option<&SectorId>) -> Count {
        let mut all = Count::default();
        for (sector, count) in &self.sectors {
            if only.is_none() || sector.as_ref() == only {
                all.add(*count);
            }
        }
        all
    }
}

/// What each piece of equipment carries alone. A thing with several parents counts for what
/// carries all of them, and for none of them.
///
/// One pass down the tree and one up: the cost of an import, so that an alert has none.
#[must_use]
pub fn carried(equipment: &[Equipment]) -> HashMap<EquipmentId, Carried> {
    let index: HashMap<&str, usize> = equipment
        .iter()
        .enumerate()
        .map(|(at, one)| (one.id.as_str(), at))
        .collect();
    let parents: Vec<Vec<usize>> = equipment
        .iter()
        .map(|one| {
            one.parents()
                .filter_map(|parent| index.get(parent.as_str()).copied())
                .collect()
        })
        .collect();
    let order = parents_first(&parents);
    let gates = gates(&parents, &order);
    let mut carried: HashMap<usize, Carried> = HashMap::new();
    for at in order.into_iter().rev() {
        let (Some(one), Some(Some((gate, _)))) = (equipment.get(at), gates.get(at)) else {
            continue;
        };
        let own = match one.class {
            Class::Link => Count {
                links: 1,
                relays: 0,
            },
            _ => Count {
                links: 0,
                relays: 1,
            },
        };
        let below = carried.get(&at).cloned().unwrap_or_default();
        let gate = carried.entry(*gate).or_default();
        gate.sectors.entry(one.sector.clone()).or_default().add(own);
        for (sector, count) in below.sectors {
            gate.sectors.entry(sector).or_default().add(count);
        }
    }
    carried
        .into_iter()
        .filter_map(|(at, carried)| Some((equipment.get(at)?.id.clone(), carried)))
        .collect()
}

/// Every place after all its parents; what hangs in a circle is left out.
fn parents_first(parents: &[Vec<usize>]) -> Vec<usize> {
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); parents.len()];
    let mut open: Vec<usize> = Vec::with_capacity(parents.len());
    let mut order = Vec::with_capacity(parents.len());
    for (at, own) in parents.iter().enumerate() {
        open.push(own.len());
        if own.is_empty() {
            order.push(at);
        }
        for parent in own {
            if let Some(list) = children.get_mut(*parent) {
                list.push(at);
            }
        }
    }
    let mut next = 0;
    while let Some(at) = order.get(next).copied() {
        next += 1;
        for child in children.get(at).into_iter().flatten() {
            if let Some(open) = open.get_mut(*child) {
                *open -= 1;
                if *open == 0 {
                    order.push(*child);
                }
            }
        }
    }
    order
}

/// For each place the nearest one through which every way up passes, and how deep it lies.
fn gates(parents: &[Vec<usize>], order: &[usize]) -> Vec<Option<(usize, usize)>> {
    let mut gates: Vec<Option<(usize, usize)>> = vec![None; parents.len()];
    for at in order {
        let own = parents.get(*at).map_or(&[][..], Vec::as_slice);
        let mut ways = own.iter();
        let mut gate = ways.next().copied();
        for other in ways {
            gate = gate.and_then(|one| meet(&gates, one, *other));
        }
        let depth_of = |at: usize| {
            gates
                .get(at)
                .copied()
                .flatten()
                .map_or(0, |(_, depth)| depth)
        };
        let found = gate.map(|gate| (gate, depth_of(gate) + 1));
        if let Some(place) = gates.get_mut(*at) {
            *place = found;
        }
    }
    gates
}

fn meet(gates: &[Option<(usize, usize)>], one: usize, other: usize) -> Option<usize> {
    let (mut one, mut other) = (one, other);
    let up = |at: usize| gates.get(at).copied().flatten();
    let depth = |at: usize| up(at).map_or(0, |(_, depth)| depth);
    while one != other {
        if depth(one) < depth(other) {
            std::mem::swap(&mut one, &mut other);
        }
        one = up(one)?.0;
    }
    Some(one)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `child:parent,parent` for each, and the names that are out of order.
    fn upstream(lines: &str, down: &str) -> Upstream {
        let mut nodes: BTreeMap<EquipmentId, Node> = BTreeMap::new();
        for line in lines.split_whitespace() {
            let (child, parents) = line.split_once(':').unwrap();
            let parents = parents.split(',').filter(|name| !name.is_empty());
            nodes.entry(child.into()).or_default().parents = parents.map(Into::into).collect();
        }
        for name in down.split_whitespace() {
            nodes.entry(name.into()).or_default().covers = true;
        }
        Upstream { nodes }
    }

    #[test]
    fn the_cause_is_the_topmost_outage_and_any_way_up_that_holds_clears_the_others() {
        let chain = "link:relay relay:main main:gate gate:";
        let ring = "link:relay relay:a,b a:gate b:gate gate:";
        let cases = [
            (chain, "", "link", false),
            (chain, "link", "link", false),
            (chain, "main link", "main", true),
            (chain, "gate main relay link", "gate", true),
            // What lies between may answer by another path, or may not be watched.
            (chain, "gate link", "gate", true),
            (ring, "a link", "link", false),
            (ring, "a relay link", "relay", true),
            (ring, "a b link", "a", true),
            (ring, "a b relay", "a", true),
            (ring, "gate link", "gate", true),
            (ring, "b gate link", "gate", true),
            // A circle harms nobody.
            ("link:x x:y y:x", "link", "link", false),
        ];
        for (lines, down, cause, blind) in cases {
            let found = upstream(lines, down);
            let link = EquipmentId::from("link");
            assert_eq!(found.cause(&link), cause.into(), "{lines} / {down}");
            assert_eq!(found.is_blind(&link), blind, "{lines} / {down}");
        }
        let on_backup = |down| upstream(ring, down).on_backup(&"relay".into());
        assert_eq!(
            (on_backup("a"), on_backup("b"), on_backup("a b")),
            (true, false, false)
        );
    }

    fn one(id: &str, class: Class, parents: &str, sector: &str) -> Equipment {
        let mut parents = parents.split_whitespace().map(EquipmentId::from);
        Equipment {
            renamed: None,
            probes: Vec::new(),
            id: id.into(),
            name: id.to_owned(),
            class,
            parent: parents.next(),
            backups: parents.collect(),
            sector: Some(sector.into()),
            site: None,
            aliases: Vec::new(),
            alerts: Default::default(),
        }
    }

    #[test]
    fn what_has_another_way_counts_for_what_carries_both_ways() {
        let all = [
            one("l1", Class::Link, "relay", "est"),
            one("l2", Class::Link, "relay", "est"),
            one("l3", Class::Link, "other", "sud"),
            one("relay", Class::SecondaryRelay, "a b", "est"),
            one("other", Class::SecondaryRelay, "b", "sud"),
            one("a", Class::MainRelay, "gate", "est"),
            one("b", Class::MainRelay, "gate", "sud"),
            one("gate", Class::Backbone, "", "est"),
        ];
        let carried = carried(&all);
        let count = |id: &str, sector: Option<&str>| {
            let carried = carried.get(&id.into()).cloned().unwrap_or_default();
            let count = carried.count(sector.map(SectorId::from).as_ref());
            (count.links, count.relays)
        };
        assert_eq!(count("relay", None), (2, 0));
        assert_eq!(count("a", None), (0, 0), "the relay has another way");
        assert_eq!(count("b", None), (1, 1));
        assert_eq!(count("gate", None), (3, 4));
        assert_eq!(count("gate", Some("est")), (2, 2));
        assert_eq!(count("gate", Some("sud")), (1, 2));
        assert_eq!(count("l1", None), (0, 0));
    }

    #[test]
    fn a_deep_tree_is_counted_once_for_each_level() {
        let mut all = vec![one("n0", Class::Backbone, "", "est")];
        for level in 1..3_000 {
            let parent = format!("n{}", level - 1);
            all.push(one(&format!("n{level}"), Class::Link, &parent, "est"));
        }
        assert_eq!(carried(&all)[&"n0".into()].count(None).links, 2_999);
    }
}
