//! Equipment as a tree with its states: read from the top, folded where all is well.

use std::collections::{BTreeMap, BTreeSet};

use vigie_domain::network::{Class, Equipment};
use vigie_domain::state::{State, state};
use vigie_domain::{EquipmentId, SectorId, SourceId};
use vigie_store::{Key, MAX_PAGE, Range};

use super::alerts::Outage;
use super::error::AppError;
use super::keys;
use super::tx::Tx;
use super::views::{MapLine, MapNode, MapView, NodeState};

/// Relays that are read for one map.
const MOST_READ: usize = 1_000;
/// Lines that a picture holds.
const MOST_LINES: usize = 40;
/// Deepest level that is read.
const DEEPEST: u32 = 24;

/// A piece of equipment in a tree.
#[derive(Clone, Debug)]
struct Branch {
    line: MapLine,
    state: NodeState,
    below: Vec<Branch>,
}

impl Tx<'_> {
    /// A sector, or everything, as a tree.
    pub(crate) async fn map_view(
        &mut self,
        sector: Option<&SectorId>,
    ) -> Result<MapView, AppError> {
        let roots = keys::roots(sector.map_or("", |sector| sector.as_str()));
        let mut reading = Reading {
            sector: sector.cloned(),
            left: MOST_READ,
            cut: false,
            silent: self.silent_sources().await?,
        };
        let ids = self.listed(&roots, &mut reading).await?;
        let mut trees = Vec::new();
        for id in ids {
            trees.extend(self.branch(&id, 0, &mut reading).await?);
        }
        let mut states = BTreeMap::new();
        for tree in &trees {
            tree.counted(&mut states);
        }
        Ok(MapView {
            sector: match sector {
                Some(sector) => Some(self.sector_name(sector).await?),
                None => None,
            },
            states,
            cut: reading.cut || reading.left == 0,
            nodes: folded(&trees),
        })
    }

    /// A page of a list is more than a picture holds.
    async fn listed(
        &mut self,
        prefix: &Key,
        reading: &mut Reading,
    ) -> Result<Vec<EquipmentId>, AppError> {
        let (rows, next) = self.page(&Range::prefix(prefix), None, MAX_PAGE).await?;
        reading.cut |= next.is_some();
        Ok(rows
            .iter()
            .filter_map(|(key, _)| keys::last_text(key))
            .map(EquipmentId)
            .collect())
    }

    async fn branch(
        &mut self,
        id: &EquipmentId,
        level: u32,
        reading: &mut Reading,
    ) -> Result<Option<Branch>, AppError> {
        let Some(sheet) = self.sheet(id).await? else {
            return Ok(None);
        };
        if reading.left == 0 || level > DEEPEST || !reading.shows(&sheet) {
            return Ok(None);
        }
        let outage: Option<Outage> = self.peek(&keys::outage(id)).await?;
        let (facts, cut) = self.facts_with(id, &reading.silent).await?;
        let state = match state(facts) {
            State::Down if cut => NodeState::Covered,
            State::Down => NodeState::Down,
            State::Unstable => NodeState::Unstable,
            State::Bypassed => NodeState::Bypassed,
            State::Degraded => NodeState::Degraded,
            State::Unknown => NodeState::Unknown,
            State::Up => NodeState::Up,
        };
        // An access point is shown where it has a trouble of its own.
        if sheet.class == Class::Access && matches!(state, NodeState::Up | NodeState::Unknown) {
            return Ok(None);
        }
        reading.left -= 1;
        let mut below = Vec::new();
        for child in self.listed(&keys::children(id), reading).await? {
            let read = Box::pin(self.branch(&child, level + 1, reading));
            below.extend(read.await?);
        }
        let mut others = Vec::new();
        for parent in &sheet.backups {
            others.push(self.plain_name_of(parent).await?);
        }
        let well = state == NodeState::Up;
        let line = MapLine::Equipment {
            name: sheet.name,
            others,
            state,
            since: outage.map(|outage| outage.since).filter(|_| !well),
            behind: self.carried_by(id).await?.count(None),
        };
        Ok(Some(Branch { line, state, below }))
    }
}

/// What is read, and how much more may be.
struct Reading {
    sector: Option<SectorId>,
    left: usize,
    /// Whether a list was longer than its page.
    cut: bool,
    silent: BTreeSet<SourceId>,
}

impl Reading {
    fn shows(&self, sheet: &Equipment) -> bool {
        self.sector.is_none() || sheet.sector == self.sector
    }
}

impl Branch {
    fn count(&self, state: NodeState) -> u64 {
        let below: u64 = self.below.iter().map(|one| one.count(state)).sum();
        u64::from(self.state == state) + below
    }

    /// Counts this branch in.
    fn counted(&self, states: &mut BTreeMap<NodeState, u64>) {
        *states.entry(self.state).or_default() += 1;
        for one in &self.below {
            one.counted(states);
        }
    }

    /// Whether nothing in it has a trouble of its own: it is only cut off from above.
    fn only_cut(&self) -> bool {
        matches!(self.state, NodeState::Covered | NodeState::Unknown)
            && self.below.iter().all(|one| {
                one.only_cut() || matches!(one.state, NodeState::Up | NodeState::Degraded)
            })
    }

    fn all_well(&self) -> bool {
        self.state == NodeState::Up && self.below.iter().all(Self::all_well)
    }

    /// Lines of this branch: what is well below `deepest` is counted together, what is cut off
    /// by something above as well where `only_causes` says so.
    fn lines(&self, level: u32, shape: Shape, found: &mut Vec<MapNode>) {
        found.push(MapNode {
            level,
            what: self.line.clone(),
        });
        let (mut well, mut covered) = (0, 0);
        let folds = |one: &Self| one.all_well() && level + 1 > shape.deepest;
        // One line that counts one is no shorter than its name.
        let alone = self.below.iter().filter(|one| folds(one)).count() == 1;
        for one in &self.below {
            if alone && one.below.is_empty() && folds(one) {
                one.lines(level + 1, shape, found);
            } else if folds(one) {
                well += one.count(NodeState::Up);
            } else if shape.only_causes && one.only_cut() {
                covered += one.count(NodeState::Covered) + one.count(NodeState::Unknown);
                well += one.count(NodeState::Up) + one.count(NodeState::Degraded);
            } else {
                one.lines(level + 1, shape, found);
            }
        }
        if well + covered > 0 {
            found.push(MapNode {
                level: level + 1,
                what: MapLine::Folded { well, covered },
            });
        }
    }
}

#[derive(Clone, Copy)]
struct Shape {
    deepest: u32,
    only_causes: bool,
}

/// The most that a picture holds: everything, else what is well only near the top, else without
/// what is merely cut off.
fn folded(trees: &[Branch]) -> Vec<MapNode> {
    let lines = |shape| {
        let mut found = Vec::new();
        for tree in trees {
            tree.lines(0, shape, &mut found);
        }
        found
    };
    let shapes = [false, true].into_iter().flat_map(|only_causes| {
        [DEEPEST + 1, 4, 3, 2, 1, 0].map(|deepest| Shape {
            deepest,
            only_causes,
        })
    });
    let mut last = Vec::new();
    for shape in shapes {
        last = lines(shape);
        if last.len() <= MOST_LINES {
            break;
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use vigie_domain::tree::Count;

    use super::*;

    fn tree(state: NodeState, below: Vec<Branch>) -> Branch {
        Branch {
            line: MapLine::Equipment {
                name: format!("{state:?}"),
                others: Vec::new(),
                state,
                since: None,
                behind: Count::default(),
            },
            state,
            below,
        }
    }

    fn signs(nodes: &[MapNode]) -> Vec<String> {
        nodes
            .iter()
            .map(|node| match &node.what {
                MapLine::Equipment { state, .. } => format!("{}{state:?}", node.level),
                MapLine::Folded { well, covered } => format!("{}+{well}-{covered}", node.level),
            })
            .collect()
    }

    use NodeState::{Covered, Down, Up};

    #[test]
    fn a_small_tree_is_shown_whole() {
        let small = tree(
            Up,
            vec![tree(Up, vec![tree(Down, Vec::new())]), tree(Up, Vec::new())],
        );
        assert_eq!(signs(&folded(&[small])), ["0Up", "1Up", "2Down", "1Up"]);
    }

    #[test]
    fn of_four_hundred_relays_those_in_trouble_are_shown_and_the_others_counted() {
        let secondary = |number: usize| match number {
            3 => tree(Down, vec![tree(Covered, Vec::new())]),
            _ => tree(Up, Vec::new()),
        };
        let main = |_| tree(Up, (0..19).map(secondary).collect());
        let healthy = |_| tree(Up, (0..19).map(|_| tree(Up, Vec::new())).collect());
        let mut mains: Vec<Branch> = (0..2).map(main).collect();
        mains.extend((0..18).map(healthy));
        let nodes = folded(&[tree(Up, mains)]);
        assert!(nodes.len() <= MOST_LINES, "{}", nodes.len());
        let signs = signs(&nodes);
        assert_eq!(&signs[..5], ["0Up", "1Up", "2Down", "3Covered", "2+18-0"]);
        let shown = signs.iter().filter(|sign| !sign.contains('+')).count();
        let folded: usize = signs
            .iter()
            .filter_map(|sign| {
                sign.split('+')
                    .nth(1)?
                    .split('-')
                    .next()?
                    .parse::<usize>()
                    .ok()
            })
            .sum();
        assert_eq!(shown + folded, 403);
    }

    #[test]
    fn a_storm_is_shown_by_its_causes() {
        let cut = |_| tree(Covered, (0..5).map(|_| tree(Covered, Vec::new())).collect());
        let nodes = folded(&[tree(Down, (0..60).map(cut).collect())]);
        assert_eq!(signs(&nodes), ["0Down", "1+0-360"]);
    }
}
