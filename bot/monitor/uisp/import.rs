//! The tree of UISP's sites as a network file, for a person to read over and change: classes and
//! sectors are guesses by depth.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use toml::Value;
use vigie_domain::names::fold;

use super::{Seen, Site};
use crate::monitor::fields::{NAME, line};

/// Deepest tree that is followed: UISP may have circles.
const DEEPEST: usize = 32;

/// Writes the file.
#[must_use]
pub fn network_file(seen: &Seen) -> String {
    let ids = ids(&seen.sites);
    let mut text = String::from(
        "# Écrit par « vigie uisp-import » d'après les sites de UISP. À relire : les classes et les\n\
         # secteurs sont devinés d'après la profondeur dans l'arbre.\n\
         # Written by \"vigie uisp-import\" from the sites of UISP. Read it over: classes and sectors\n\
         # are guessed by the depth in the tree.\n",
    );
    let mut sites: Vec<_> = seen
        .sites
        .values()
        .map(|site| (path(&seen.sites, site), site))
        .collect();
    sites.sort_by_key(|(path, site)| (path.len(), site.name.clone(), site.id.clone()));
    let named: BTreeSet<&str> = sites
        .iter()
        .filter_map(|(path, site)| sector(path, site))
        .collect();
    for sector in named {
        let name = seen.sites.get(sector).map(|site| site.name.clone());
        let rows = [("id", id(&ids, sector)), ("name", name)];
        table(&mut text, "sector", &rows);
    }
    for (_, site) in sites.iter().filter(|(_, site)| !site.endpoint) {
        let hint = site.address.clone();
        table(
            &mut text,
            "site",
            &[
                ("id", id(&ids, &site.id)),
                ("name", Some(site.name.clone())),
                ("hint", hint),
            ],
        );
    }
    for (path, site) in &sites {
        if path.is_empty() && site.endpoint {
            // A link needs something to hang on.
            let name = line(&site.name, NAME);
            let _ = writeln!(
                text,
                "\n# Sans site, laissé de côté / without a site, left out: {name}"
            );
        } else {
            equipment(&mut text, &ids, path, site);
        }
    }
    text
}

fn equipment(text: &mut String, ids: &BTreeMap<String, String>, path: &[String], site: &Site) {
    let class = match (site.endpoint, path.len()) {
        (true, _) => "link",
        (false, 0) => "backbone",
        (false, 1) => "main-relay",
        (false, _) => "secondary-relay",
    };
    let sector = sector(path, site).and_then(|sector| id(ids, sector));
    let parent = path.first().and_then(|parent| id(ids, parent));
    let place = (!site.endpoint).then(|| id(ids, &site.id)).flatten();
    table(
        text,
        "equipment",
        &[
            ("id", id(ids, &site.id)),
            ("name", Some(site.name.clone())),
            ("class", Some(class.to_owned())),
            ("parent", parent),
            ("sector", sector),
            ("site", place),
        ],
    );
    let alias = Value::Array(vec![Value::String(site.id.clone())]);
    let _ = writeln!(text, "aliases = {alias}");
}

/// The site that gives a sector its name: the second one on the way down, which is the main relay;
/// for a member who hangs on the first one, that one.
fn sector<'s>(path: &'s [String], site: &'s Site) -> Option<&'s str> {
    match (path, site.endpoint) {
        ([], _) => None,
        ([_], false) => Some(&site.id),
        ([root], true) => Some(root),
        ([.., main, _], _) => Some(main),
    }
}

fn id(ids: &BTreeMap<String, String>, site: &str) -> Option<String> {
    ids.get(site).cloned()
}

fn table(text: &mut String, kind: &str, rows: &[(&str, Option<String>)]) {
    let _ = writeln!(text, "\n[[{kind}]]");
    for (name, value) in rows {
        if let Some(value) = value {
            let _ = writeln!(text, "{name} = {}", Value::String(value.clone()));
        }
    }
}

/// The sites above a site, the nearest first.
fn path(sites: &BTreeMap<String, Site>, site: &Site) -> Vec<String> {
    let mut path: Vec<String> = Vec::new();
    let mut here = parent(sites, site);
    while let Some(above) = here.filter(|_| path.len() < DEEPEST) {
        path.push(above.id.clone());
        here = parent(sites, above);
    }
    path
}

/// What a site hangs on. In a circle the site with the first number hangs on nothing.
fn parent<'s>(sites: &'s BTreeMap<String, Site>, site: &Site) -> Option<&'s Site> {
    let above = |site: &Site| sites.get(site.parent.as_ref()?);
    let parent = above(site)?;
    let mut first = &site.id;
    let mut here = Some(parent);
    for _ in 0..DEEPEST {
        let Some(step) = here else { break };
        if step.id == site.id {
            return (*first != site.id).then_some(parent);
        }
        first = first.min(&step.id);
        here = above(step);
    }
    Some(parent)
}

/// Short names, each once: two sites of one name get a number.
fn ids(sites: &BTreeMap<String, Site>) -> BTreeMap<String, String> {
    let mut used = BTreeSet::new();
    let mut ids = BTreeMap::new();
    for site in sites.values() {
        let short = short(&site.name);
        let mut name = short.clone();
        let mut number = 2;
        while !used.insert(name.clone()) {
            name = format!("{short}-{number}");
            number += 1;
        }
        ids.insert(site.id.clone(), name);
    }
    ids
}

/// A short name as network files want it: letters, digits and single dashes.
fn short(name: &str) -> String {
    let folded = fold(name);
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    let short: String = words.join("-").chars().take(60).collect();
    match short.trim_end_matches('-') {
        "" => "site".to_owned(),
        short => short.to_owned(),
    }
}
