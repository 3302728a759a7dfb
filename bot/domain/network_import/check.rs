//! What holds between the things of a network: names are unique, what is named exists, and
//! nothing hangs on itself.

use std::collections::{BTreeMap, HashMap};

use crate::authz::Role;
use crate::names::{fold, short_name, spellings};
use crate::network::{Sector, Site};
use crate::{EquipmentId, SectorId, SiteId};

use super::draft::{Draft, Mention, NamesAt, Placed};
use super::problem::{Hint, What};
use super::source::Fault;
use super::suggest;

/// Comparisons that suggestions may cost in all: a million names must not be compared with a
/// million others.
const MAX_COMPARISONS: usize = 5_000_000;

type Place = (usize, usize);

pub(super) fn check(draft: &mut Draft, tables_only: bool) {
    if tables_only {
        declare_what_is_named(draft);
    }
    unique_names(draft);
    let mut links = Links::of(draft);
    links.resolve(draft);
    cycles(draft);
}

/// In tables alone, where none declares sectors (or sites), those that rows name are meant.
fn declare_what_is_named(draft: &mut Draft) {
    let mut faults = Vec::new();
    let mut id_of = |mention: &Mention, field: &str| match short_name(&mention.written) {
        Ok(id) => Some(id),
        Err(near) => {
            let fault = Fault {
                at: mention.at,
                what: What::ShortName,
                field: field.to_owned(),
                value: mention.written.clone(),
                hint: Hint::Perhaps(near),
                first: None,
            };
            faults.push((mention.file, fault));
            None
        }
    };
    if draft.sectors.is_empty() {
        for mention in draft.named_sectors.values() {
            if let Some(id) = id_of(mention, "sector") {
                let item = Sector {
                    id: SectorId(id),
                    name: mention.written.clone(),
                };
                draft.sectors.push(declared(mention, item));
            }
        }
    }
    if draft.sites.is_empty() {
        for mention in draft.named_sites.values() {
            if let Some(id) = id_of(mention, "site") {
                let item = Site {
                    id: SiteId(id),
                    name: mention.written.clone(),
                    hint: None,
                };
                draft.sites.push(declared(mention, item));
            }
        }
    }
    for (file, fault) in faults {
        draft.fault_in(file, fault);
    }
}

fn declared<T>(mention: &Mention, item: T) -> Placed<T> {
    Placed {
        file: mention.file,
        at: mention.at,
        names_at: NamesAt::default(),
        item,
    }
}

/// Finds what is there twice.
struct Once<K> {
    seen: HashMap<K, Place>,
    field: &'static str,
    faults: Vec<(usize, Fault)>,
}

impl<K: std::hash::Hash + Eq> Once<K> {
    fn new(field: &'static str) -> Self {
        Self {
            seen: HashMap::new(),
            field,
            faults: Vec::new(),
        }
    }

    fn add(&mut self, key: K, shown: &dyn ToString, file: usize, at: usize) {
        if let Some(first) = self.seen.get(&key) {
            let fault = Fault {
                at,
                what: What::Duplicate,
                field: self.field.to_owned(),
                value: shown.to_string(),
                hint: Hint::None,
                first: Some(*first),
            };
            self.faults.push((file, fault));
        } else {
            self.seen.insert(key, (file, at));
        }
    }
}

fn unique_names(draft: &mut Draft) {
    let mut faults = Vec::new();
    let mut sectors = Once::new("id");
    for one in &draft.sectors {
        sectors.add(one.item.id.as_str(), &one.item.id, one.file, one.at);
    }
    faults.append(&mut sectors.faults);
    let mut sites = Once::new("id");
    for one in &draft.sites {
        sites.add(one.item.id.as_str(), &one.item.id, one.file, one.at);
    }
    faults.append(&mut sites.faults);
    let mut kinds = Once::new("id");
    for one in &draft.groups {
        kinds.add(one.item.id.as_str(), &one.item.id, one.file, one.at);
    }
    faults.append(&mut kinds.faults);
    let mut members = Once::new("member");
    let mut accounts = Once::new("account");
    for one in &draft.people {
        members.add(one.item.id.as_str(), &one.item.id, one.file, one.at);
        if let Some(account) = one.item.account {
            accounts.add(account, &account, one.file, one.at);
        }
    }
    faults.append(&mut members.faults);
    faults.append(&mut accounts.faults);
    // Short names first: an alias may not hide one, wherever it stands.
    let mut equipment = Once::new("id");
    for one in &draft.equipment {
        equipment.add(one.item.id.0.clone(), &one.item.id, one.file, one.at);
    }
    equipment.field = "aliases";
    for one in &draft.equipment {
        for alias in &one.item.aliases {
            let folded = fold(alias);
            if folded != one.item.id.as_str() {
                equipment.add(folded, alias, one.file, one.at);
            }
        }
    }
    faults.append(&mut equipment.faults);
    for (file, fault) in faults {
        draft.fault_in(file, fault);
    }
}

/// What can be named, by every way to write it.
struct Links {
    equipment: BTreeMap<String, EquipmentId>,
    sectors: BTreeMap<String, String>,
    sites: BTreeMap<String, String>,
    comparisons_left: usize,
}

impl Links {
    fn of(draft: &Draft) -> Self {
        let mut sectors = BTreeMap::new();
        for one in &draft.sectors {
            sectors.insert(fold(&one.item.name), one.item.id.0.clone());
        }
        for one in &draft.sectors {
            sectors.insert(one.item.id.0.clone(), one.item.id.0.clone());
        }
        let mut sites = BTreeMap::new();
        for one in &draft.sites {
            sites.insert(fold(&one.item.name), one.item.id.0.clone());
        }
        for one in &draft.sites {
            sites.insert(one.item.id.0.clone(), one.item.id.0.clone());
        }
        Self {
            equipment: spellings(draft.equipment.iter().map(|one| &one.item)),
            sectors,
            sites,
            comparisons_left: MAX_COMPARISONS,
        }
    }

    /// Replaces what is written by the short name it means.
    fn resolve(&mut self, draft: &mut Draft) {
        let mut faults = Vec::new();
        for one in &mut draft.equipment {
            let (file, at) = (one.file, one.names_at);
            if let Some(parent) = &mut one.item.parent {
                match self.equipment.get(&fold(parent.as_str())) {
                    Some(id) => *parent = id.clone(),
                    None => {
                        let fault = self.unknown_equipment(at.parent, "parent", &parent.0);
                        faults.push((file, fault));
                    }
                }
            }
            for backup in &mut one.item.backups {
                match self.equipment.get(&fold(backup.as_str())) {
                    Some(id) => *backup = id.clone(),
                    None => {
                        let fault = self.unknown_equipment(at.backups, "backups", &backup.0);
                        faults.push((file, fault));
                    }
                }
            }
            let parent = one.item.parent.clone();
            one.item
                .backups
                .retain(|backup| Some(backup) != parent.as_ref());
            if let Some(sector) = &mut one.item.sector {
                faults.extend(self.sector(at.sector, sector).map(|fault| (file, fault)));
            }
            if let Some(site) = &mut one.item.site {
                match self.sites.get(&fold(site.as_str())) {
                    Some(id) => site.0.clone_from(id),
                    None => faults.push((file, unknown(&self.sites, at.site, "site", &site.0))),
                }
            }
        }
        for one in &mut draft.people {
            let (file, at) = (one.file, one.names_at);
            if let Some(sector) = &mut one.item.sector {
                faults.extend(self.sector(at.sector, sector).map(|fault| (file, fault)));
            }
            let roles = std::mem::take(&mut one.item.roles);
            for mut role in roles {
                if let Role::SectorReferent(sector) = &mut role {
                    faults.extend(self.sector(one.at, sector).map(|fault| (file, fault)));
                }
                one.item.roles.insert(role);
            }
        }
        for (file, fault) in faults {
            if !draft.unfinished.contains(&fold(&fault.value)) {
                draft.fault_in(file, fault);
            }
        }
    }

    fn sector(&self, at: usize, sector: &mut SectorId) -> Option<Fault> {
        match self.sectors.get(&fold(sector.as_str())) {
            Some(id) => {
                sector.0.clone_from(id);
                None
            }
            None => Some(unknown(&self.sectors, at, "sector", &sector.0)),
        }
    }

    fn unknown_equipment(&mut self, at: usize, field: &str, written: &str) -> Fault {
        let mut hint = Hint::None;
        if self.comparisons_left >= self.equipment.len() {
            self.comparisons_left -= self.equipment.len();
            let known = self.equipment.keys().map(String::as_str);
            hint = suggest::nearest(&fold(written), known).map_or(Hint::None, Hint::Perhaps);
        }
        Fault {
            at,
            what: What::UnknownReference,
            field: field.to_owned(),
            value: written.to_owned(),
            hint,
            first: None,
        }
    }
}

fn unknown(known: &BTreeMap<String, String>, at: usize, field: &str, written: &str) -> Fault {
    let near = suggest::nearest(&fold(written), known.keys().map(String::as_str));
    Fault {
        at,
        what: What::UnknownReference,
        field: field.to_owned(),
        value: written.to_owned(),
        hint: near.map_or(Hint::None, Hint::Perhaps),
        first: None,
    }
}

/// Each way round is told once, at its first thing in the file.
fn cycles(draft: &mut Draft) {
    let index: HashMap<&str, usize> = draft
        .equipment
        .iter()
        .enumerate()
        .map(|(index, one)| (one.item.id.as_str(), index))
        .collect();
    let parents: Vec<Vec<usize>> = draft
        .equipment
        .iter()
        .map(|one| {
            let parents = one.item.parents();
            parents
                .filter_map(|parent| index.get(parent.as_str()).copied())
                .collect()
        })
        .collect();
    let faults: Vec<_> = ways_round(&parents)
        .into_iter()
        .filter_map(|way| {
            let one = draft.equipment.get(*way.iter().min()?)?;
            let name = |at: &usize| draft.equipment.get(*at).map(|one| one.item.id.to_string());
            let path: Vec<_> = way.iter().filter_map(name).collect();
            let fault = Fault {
                at: one.names_at.parent,
                what: What::Cycle,
                field: "parent".to_owned(),
                value: one.item.id.to_string(),
                hint: Hint::Path(shortened(&path)),
                first: None,
            };
            Some((one.file, fault))
        })
        .collect();
    for (file, fault) in faults {
        draft.fault_in(file, fault);
    }
}

/// Ways from parent to parent that come back to where they began. The walk goes over every edge
/// once, and keeps its place in a list of its own: trees may be deeper than the stack.
fn ways_round(parents: &[Vec<usize>]) -> Vec<Vec<usize>> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        OnTheWay,
        Done,
    }
    let mut marks = vec![Mark::New; parents.len()];
    let mut found = Vec::new();
    for start in 0..parents.len() {
        let mut way: Vec<(usize, usize)> = vec![(start, 0)];
        if marks.get(start) != Some(&Mark::New) {
            continue;
        }
        while let Some((at, edge)) = way.last_mut() {
            let here = *at;
            if let Some(mark) = marks.get_mut(here) {
                *mark = Mark::OnTheWay;
            }
            let next = parents.get(here).and_then(|own| own.get(*edge)).copied();
            *edge += 1;
            match next.map(|next| (next, marks.get(next).copied())) {
                None => {
                    if let Some(mark) = marks.get_mut(here) {
                        *mark = Mark::Done;
                    }
                    way.pop();
                }
                Some((next, Some(Mark::New))) => way.push((next, 0)),
                Some((next, Some(Mark::OnTheWay))) => {
                    let from = way.iter().position(|(at, _)| *at == next).unwrap_or(0);
                    found.push(way.iter().skip(from).map(|(at, _)| *at).collect());
                }
                Some(_) => {}
            }
        }
    }
    found
}

/// At most ten names of a way round, and back to the first.
fn shortened(path: &[String]) -> String {
    const MOST: usize = 10;
    let mut names: Vec<&str> = path.iter().take(MOST).map(String::as_str).collect();
    if path.len() > MOST {
        names.push("…");
    }
    names.extend(path.first().map(String::as_str));
    names.join(" → ")
}
