//! Which new pieces of equipment are old ones under another short name.
//!
//! A piece that is gone and a new one are the same where one of these holds, looked at in this
//! order, and only where it holds for no other piece:
//! 1. the new one has the old short name among its aliases (that is how to say it in a file);
//! 2. both are of the same class, behind the same parent, in the same sector, at the same site,
//!    and share an alias such as an address;
//! 3. both are of the same class, behind the same parent, in the same sector, with the same name.
//!
//! Parents that were renamed in the same file count as the same.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use crate::EquipmentId;
use crate::names::fold;
use crate::network::{Class, Equipment};

/// What new short names were before: new, old.
pub type Renames = HashMap<EquipmentId, EquipmentId>;

/// Deepest tree in which renamed parents are followed.
const MOST_ROUNDS: usize = 32;

/// Finds what was renamed among what is gone and what is new. `gone` is as it was known.
#[must_use]
pub fn renames(gone: &[Equipment], new: &[&Equipment]) -> Renames {
    let mut found = Renames::new();
    let mut left: Vec<&Equipment> = gone.iter().collect();
    by_old_name(&mut left, new, &mut found);
    for _ in 0..MOST_ROUNDS {
        let before = found.len();
        let open: Vec<&Equipment> = new
            .iter()
            .filter(|one| !found.contains_key(&one.id))
            .copied()
            .collect();
        matched(&left, &open, &mut found, by_alias);
        let taken: HashSet<&EquipmentId> = found.values().collect();
        left.retain(|old| !taken.contains(&old.id));
        let open: Vec<&Equipment> = open
            .into_iter()
            .filter(|one| !found.contains_key(&one.id))
            .collect();
        matched(&left, &open, &mut found, by_name);
        if found.len() == before || left.is_empty() {
            break;
        }
        let taken: HashSet<&EquipmentId> = found.values().collect();
        left.retain(|old| !taken.contains(&old.id));
    }
    found
}

fn by_old_name(left: &mut Vec<&Equipment>, new: &[&Equipment], found: &mut Renames) {
    let mut old: HashMap<String, &EquipmentId> = HashMap::new();
    for one in left.iter() {
        old.insert(fold(one.id.as_str()), &one.id);
        old.insert(fold(one.short_name().as_str()), &one.id);
    }
    let mut taken = HashSet::new();
    for one in new {
        let was = one.aliases.iter().find_map(|alias| old.get(&fold(alias)));
        if let Some(was) = was.filter(|was| taken.insert(**was)) {
            found.insert(one.id.clone(), (*was).clone());
        }
    }
    left.retain(|one| !taken.contains(&one.id));
}

type Marks = Vec<(Class, Option<EquipmentId>, Option<String>, String)>;

/// Pairs what has a mark that nothing else has.
fn matched(
    left: &[&Equipment],
    open: &[&Equipment],
    found: &mut Renames,
    marks: fn(&Equipment, &Renames) -> Marks,
) {
    let old = unique(left.iter().map(|one| (&one.id, marks(one, found))));
    let new = unique(open.iter().map(|one| (&one.id, marks(one, found))));
    let mut taken = HashSet::new();
    for (mark, id) in new {
        let (Some(id), Some(Some(was))) = (id, old.get(&mark)) else {
            continue;
        };
        if !found.contains_key(&id) && taken.insert(was.clone()) {
            found.insert(id, was.clone());
        }
    }
}

type Mark = (Class, Option<EquipmentId>, Option<String>, String);

fn unique<'e>(
    all: impl Iterator<Item = (&'e EquipmentId, Marks)>,
) -> HashMap<Mark, Option<EquipmentId>> {
    let mut found: HashMap<Mark, Option<EquipmentId>> = HashMap::new();
    for (id, marks) in all {
        for mark in marks {
            match found.entry(mark) {
                Entry::Vacant(free) => {
                    free.insert(Some(id.clone()));
                }
                Entry::Occupied(mut other) => {
                    other.insert(None);
                }
            }
        }
    }
    found
}

/// The parent under the name we know it by.
fn parent(one: &Equipment, found: &Renames) -> Option<EquipmentId> {
    let parent = one.parent.as_ref()?;
    Some(found.get(parent).unwrap_or(parent).clone())
}

fn by_alias(one: &Equipment, found: &Renames) -> Marks {
    let place = format!(
        "{} {}",
        one.sector.as_ref().map_or("", |sector| sector.as_str()),
        one.site.as_ref().map_or("", |site| site.as_str())
    );
    one.aliases
        .iter()
        .map(|alias| {
            let parent = parent(one, found);
            (one.class, parent, Some(place.clone()), fold(alias))
        })
        .collect()
}

fn by_name(one: &Equipment, found: &Renames) -> Marks {
    let sector = one.sector.as_ref().map(|sector| sector.0.clone());
    vec![(one.class, parent(one, found), sector, fold(&one.name))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::AlertSettings;

    fn item(id: &str, name: &str, parent: &str, aliases: &[&str]) -> Equipment {
        Equipment {
            backups: Vec::new(),
            probes: Vec::new(),
            id: id.into(),
            name: name.to_owned(),
            class: Class::SecondaryRelay,
            parent: (!parent.is_empty()).then(|| parent.into()),
            sector: Some("migennes".into()),
            site: Some("silo".into()),
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
            renamed: None,
            alerts: AlertSettings::default(),
        }
    }

    fn found(gone: &[Equipment], new: &[Equipment]) -> Vec<(String, String)> {
        let new: Vec<&Equipment> = new.iter().collect();
        let mut pairs: Vec<_> = renames(gone, &new)
            .into_iter()
            .map(|(new, old)| (new.0, old.0))
            .collect();
        pairs.sort();
        pairs
    }

    fn pair(new: &str, old: &str) -> (String, String) {
        (new.to_owned(), old.to_owned())
    }

    #[test]
    fn an_old_short_name_among_the_aliases_says_it() {
        let gone = [item("silo", "Silo", "collecte", &[])];
        let new = [item("tour", "Tour nord", "autre", &["Silo"])];
        assert_eq!(found(&gone, &new), [pair("tour", "silo")]);
    }

    #[test]
    fn the_same_place_and_address_or_the_same_name_say_it() {
        let gone = [
            item("a", "Relais A", "collecte", &["10.0.0.1"]),
            item("b", "Relais B", "collecte", &["10.0.0.2"]),
        ];
        let new = [
            item("a2", "Autre nom", "collecte", &["10.0.0.1"]),
            item("b2", "Relais B", "collecte", &[]),
            item("c", "Relais C", "collecte", &["10.0.0.3"]),
        ];
        assert_eq!(found(&gone, &new), [pair("a2", "a"), pair("b2", "b")]);
    }

    #[test]
    fn what_may_be_either_is_neither() {
        let gone = [
            item("a", "Relais", "collecte", &[]),
            item("b", "Relais", "collecte", &[]),
        ];
        let new = [item("c", "Relais", "collecte", &[])];
        assert!(found(&gone, &new).is_empty());
        let elsewhere = [item("d", "Autre", "collecte", &["10.0.0.1"])];
        let moved = [item("e", "Encore", "ailleurs", &["10.0.0.1"])];
        assert!(found(&elsewhere, &moved).is_empty());
    }

    #[test]
    fn a_renamed_parent_is_the_same_parent() {
        let gone = [
            item("p", "Parent", "collecte", &[]),
            item("k", "Enfant", "p", &[]),
        ];
        let new = [
            item("parent", "Parent", "collecte", &[]),
            item("enfant", "Enfant", "parent", &[]),
        ];
        assert_eq!(
            found(&gone, &new),
            [pair("enfant", "k"), pair("parent", "p")]
        );
    }
}
