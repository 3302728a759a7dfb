//! What changes when one network takes the place of another.

use std::collections::HashMap;
use std::hash::Hash;

use crate::group::GroupKind;
use crate::network::{Equipment, Sector, Site};
use crate::people::Member;

use super::NetworkFile;

/// What changes among things of one sort, in the order of the new list (of the old one, for what
/// is removed).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes<'n, T> {
    /// New ones.
    pub added: Vec<&'n T>,
    /// Changed ones: before and after.
    pub updated: Vec<(&'n T, &'n T)>,
    /// Those that are no longer there.
    pub removed: Vec<&'n T>,
    /// How many stay as they are.
    pub unchanged: usize,
}

impl<T> Changes<'_, T> {
    /// Whether everything stays as it is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.updated.is_empty() && self.removed.is_empty()
    }
}

/// What changes in a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff<'n> {
    /// Sectors.
    pub sectors: Changes<'n, Sector>,
    /// Sites.
    pub sites: Changes<'n, Site>,
    /// Equipment.
    pub equipment: Changes<'n, Equipment>,
    /// Kinds of groups.
    pub group_kinds: Changes<'n, GroupKind>,
    /// People.
    pub people: Changes<'n, Member>,
    /// Whether the defaults of alerts change.
    pub defaults: bool,
}

impl Diff<'_> {
    /// Whether everything stays as it is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sectors.is_empty()
            && self.sites.is_empty()
            && self.equipment.is_empty()
            && self.group_kinds.is_empty()
            && self.people.is_empty()
            && !self.defaults
    }
}

/// What changes when `new` takes the place of `old`.
#[must_use]
pub fn diff<'n>(old: &'n NetworkFile, new: &'n NetworkFile) -> Diff<'n> {
    Diff {
        sectors: changes(&old.sectors, &new.sectors, |one| &one.id),
        sites: changes(&old.sites, &new.sites, |one| &one.id),
        equipment: changes(&old.equipment, &new.equipment, |one| &one.id),
        group_kinds: changes(&old.group_kinds, &new.group_kinds, |one| &one.id),
        people: changes(&old.people, &new.people, |one| &one.id),
        defaults: old.defaults != new.defaults,
    }
}

fn changes<'n, T: PartialEq, K: Hash + Eq + 'n>(
    old: &'n [T],
    new: &'n [T],
    key: impl Fn(&'n T) -> &'n K,
) -> Changes<'n, T> {
    let mut before: HashMap<&K, &T> = old.iter().map(|one| (key(one), one)).collect();
    let mut found = Changes {
        added: Vec::new(),
        updated: Vec::new(),
        removed: Vec::new(),
        unchanged: 0,
    };
    for one in new {
        match before.remove(key(one)) {
            None => found.added.push(one),
            Some(same) if same == one => found.unchanged += 1,
            Some(other) => found.updated.push((other, one)),
        }
    }
    found.removed = old
        .iter()
        .filter(|one| before.contains_key(key(one)))
        .collect();
    found
}
