//! The network in the store: brought up to date from files, part by part, and the policy that
//! comes with it.
//!
//! What an administrator changed from the chat stays as long as the file says the same as when it
//! was last imported: a restart undoes nothing.
//!
//! A piece of equipment keeps the name under which we first met it as its identity. Where a file
//! gives it another short name (see `vigie_domain::network_import::renames`), outages, cards,
//! settings and history stay, and the new short name leads to it.

mod below;
mod digest;
mod index;
mod people;

pub use digest::{Digest, DigestLine, Field, LineKind};
pub(crate) use index::{HasWord, words};

use std::borrow::Borrow;
use std::collections::HashSet;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use vigie_domain::EquipmentId;
use vigie_domain::group::GroupKind;
use vigie_domain::names::spellings;
use vigie_domain::network::{AlertDefaults, Equipment, Sector, Site};
use vigie_domain::network_import::{NetworkFile, Problem, Renames, SourceFile, parse_all, renames};
use vigie_domain::tree::{Carried, carried};
use vigie_store::{Key, Range};

use super::alerts::{Means, PAGE};
use super::error::AppError;
use super::history::Watched;
use super::tx::{Stored, Tx, decode, scan};
use super::{App, keys};

/// Writes of one commit of an import.
const FULL: usize = 240;
/// Bytes of names after which no more sheets are written in one commit.
const HEAVY: usize = 48 * 1024;

/// What the whole cooperative follows, as last imported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// Defaults of alert settings.
    pub alerts: AlertDefaults,
    /// Kinds of groups.
    pub kinds: Vec<GroupKind>,
    /// Fingerprint of the files.
    pub files: [u8; 32],
    /// Pieces of equipment in them.
    #[serde(default)]
    pub equipment: Option<usize>,
}

/// A sheet as the file last told it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Imported(Equipment);

crate::record_v1!(Policy, Imported);

/// What an import changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportSummary {
    /// New equipment.
    pub added: usize,
    /// Changed equipment.
    pub updated: usize,
    /// Equipment that is no longer there.
    pub removed: usize,
    /// Equipment that stays as it is.
    pub unchanged: usize,
    /// People new or changed.
    pub people: usize,
}

/// Why an import did not happen.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The files say something impossible; nothing was changed.
    #[error("{} problems in the files", .0.len())]
    Problems(Vec<Problem>),
    /// The store failed; the import can be done again.
    #[error(transparent)]
    App(#[from] AppError),
}

fn policy_key() -> Key {
    Key::of("sys/policy").end()
}

fn imported(id: &EquipmentId) -> Key {
    Key::of("ei/").text(id.as_str()).end()
}

/// Puts the names under which we know equipment where the files have others.
fn rename(network: &mut NetworkFile, known: &Renames) {
    if known.is_empty() {
        return;
    }
    for one in &mut network.equipment {
        if let Some(id) = known.get(&one.id) {
            let called = std::mem::replace(&mut one.id, id.clone());
            one.aliases.push(called.0.clone());
            one.renamed = Some(called);
        }
        if let Some(id) = one.parent.as_ref().and_then(|parent| known.get(parent)) {
            one.parent = Some(id.clone());
        }
    }
}

/// Cuts sheets into groups that fit into a commit, by number and by size.
fn in_commits(sheets: &[Equipment]) -> impl Iterator<Item = &[Equipment]> {
    let mut rest = sheets;
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fits = |sheet: &&Equipment| {
            let aliases: usize = sheet.aliases.iter().map(String::len).sum();
            bytes += sheet.name.len() + aliases;
            bytes <= HEAVY
        };
        let count = rest.iter().take(FULL / 4).take_while(fits).count().max(1);
        let (some, later) = rest.split_at_checked(count)?;
        rest = later;
        Some(some)
    })
}

fn fingerprint(files: &[SourceFile<'_>]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for file in files {
        hash.update((file.text.len() as u64).to_be_bytes());
        hash.update(file.text.as_bytes());
    }
    hash.finalize().into()
}

impl App {
    /// Brings the network up to date from files that make one network together. Files that were
    /// imported already change nothing. `progress` is told how many of how many are done.
    ///
    /// # Errors
    /// The files have problems (nothing was changed), or the store failed.
    pub async fn import_network(
        &self,
        files: &[SourceFile<'_>],
        mut progress: impl FnMut(usize, usize) + Send,
    ) -> Result<ImportSummary, ImportError> {
        self.begin_history().await?;
        self.members_ready().await?;
        let files_now = fingerprint(files);
        let before: Option<Policy> = self.read(&policy_key()).await?;
        let same = before
            .as_ref()
            .filter(|policy| policy.files == files_now)
            .and_then(|policy| policy.equipment);
        if let Some(unchanged) = same
            && self.is_indexed(files_now).await?
        {
            // They were read when they were imported: a large network is not read at each start.
            let summary = ImportSummary::default();
            return Ok(ImportSummary {
                unchanged,
                ..summary
            });
        }
        let mut network = parse_all(files).map_err(ImportError::Problems)?;
        let mut summary = ImportSummary::default();
        let _deciding = self.deciding.lock().await;
        let gone = self.keep_identities(&mut network).await?;
        if let Some(unchanged) = same {
            self.index_outages_again().await?;
            self.index_network(&network, files_now).await?;
            return Ok(ImportSummary {
                unchanged,
                ..summary
            });
        }
        let told = before.is_some();
        self.import_places(&network).await?;
        let total = network.equipment.len() + network.people.len();
        let mut done = 0;
        for some in in_commits(&network.equipment) {
            self.import_equipment(some, told, &mut summary).await?;
            done += some.len();
            progress(done, total);
        }
        self.remove_equipment(gone, told, &mut summary).await?;
        self.import_names(&network).await?;
        self.import_carried(&network.equipment).await?;
        self.index_network(&network, files_now).await?;
        summary.people = self.import_people(&network.people).await?;
        progress(total, total);
        self.index_outages_again().await?;
        let policy = Policy {
            alerts: network.defaults,
            kinds: network.group_kinds,
            files: files_now,
            equipment: Some(network.equipment.len()),
        };
        let mut tx = Tx::new(self);
        tx.put(policy_key(), &policy)?;
        tx.tell_import().await?;
        tx.commit().await?;
        Ok(summary)
    }

    /// Gives equipment that was renamed the name under which we know it. Returned is what is in
    /// the files no longer.
    async fn keep_identities(&self, network: &mut NetworkFile) -> Result<Vec<Equipment>, AppError> {
        let mut known = Renames::new();
        let literal: HashSet<&EquipmentId> = network.equipment.iter().map(|one| &one.id).collect();
        let mut dropped = Vec::new();
        for (key, bytes) in scan(self, &Key::of("ea/").end()).await? {
            let Means(id) = decode(&key, &bytes)?;
            // A file that uses the old name again means another thing by it.
            match keys::last_text(&key) {
                Some(called) if !literal.contains(&id) => {
                    known.insert(EquipmentId(called), id);
                }
                _ => dropped.push(key),
            }
        }
        drop(literal);
        self.delete_all(dropped).await?;
        rename(network, &known);
        let there: HashSet<&str> = network
            .equipment
            .iter()
            .map(|one| one.id.as_str())
            .collect();
        let (mut gone, mut before) = (Vec::new(), HashSet::new());
        self.each(&Key::of("ei/").end(), |key, bytes| {
            let Imported(sheet) = decode(&key, &bytes)?;
            if let Some(id) = there.get(sheet.id.as_str()) {
                before.insert(*id);
            } else {
                gone.push(sheet);
            }
            Ok(())
        })
        .await?;
        let new: Vec<&Equipment> = network
            .equipment
            .iter()
            .filter(|one| !before.contains(one.id.as_str()))
            .collect();
        let found = renames(&gone, &new);
        if found.is_empty() {
            return Ok(gone);
        }
        let rows: Vec<(Key, Means)> = found
            .iter()
            .map(|(called, id)| (keys::renamed(called), Means(id.clone())))
            .collect();
        self.put_all::<Means>(rows.into_iter()).await?;
        rename(network, &found);
        let kept: HashSet<&EquipmentId> = found.values().collect();
        gone.retain(|sheet| !kept.contains(&sheet.id));
        Ok(gone)
    }

    async fn import_places(&self, network: &NetworkFile) -> Result<(), AppError> {
        self.put_all::<Sector>(
            network
                .sectors
                .iter()
                .map(|s| (keys::sector(s.id.as_str()), s)),
        )
        .await?;
        self.put_all::<Site>(network.sites.iter().map(|s| (keys::site(s.id.as_str()), s)))
            .await
    }

    async fn put_all<T: Stored>(
        &self,
        records: impl Iterator<Item = (Key, impl Borrow<T>)>,
    ) -> Result<(), AppError> {
        let mut tx = Tx::new(self);
        for (key, record) in records {
            if tx.size() >= FULL {
                std::mem::replace(&mut tx, Tx::new(self)).commit().await?;
            }
            tx.put(key, record.borrow())?;
        }
        tx.commit().await?;
        Ok(())
    }

    async fn import_equipment(
        &self,
        some: &[Equipment],
        told: bool,
        summary: &mut ImportSummary,
    ) -> Result<(), AppError> {
        let mut tx = Tx::new(self);
        let (mut changes, mut renamed) = (Vec::new(), Vec::new());
        for sheet in some {
            let before: Option<Imported> = tx.peek(&imported(&sheet.id)).await?;
            match &before {
                Some(Imported(before)) if before == sheet => {
                    summary.unchanged += 1;
                    continue;
                }
                Some(Imported(before)) => {
                    summary.updated += 1;
                    if before.name != sheet.name {
                        renamed.push(sheet.id.clone());
                    }
                }
                None => {
                    summary.added += 1;
                    if told {
                        tx.put(keys::watched_since(&sheet.id), &Watched(self.now()))?;
                    }
                }
            }
            let before = before.map(|Imported(before)| before);
            changes.push(DigestLine::of(before.as_ref(), Some(sheet)));
            tx.put(imported(&sheet.id), &Imported(sheet.clone()))?;
            tx.put(keys::equipment(&sheet.id), sheet)?;
        }
        if told {
            tx.note_changes(changes).await?;
        }
        for id in &renamed {
            // Cards show names as they are now.
            tx.refresh(id).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    async fn remove_equipment(
        &self,
        gone: Vec<Equipment>,
        told: bool,
        summary: &mut ImportSummary,
    ) -> Result<(), AppError> {
        summary.removed += gone.len();
        for some in in_commits(&gone) {
            let mut tx = Tx::new(self);
            for sheet in some {
                tx.delete(imported(&sheet.id));
                tx.delete(keys::equipment(&sheet.id));
                tx.delete(keys::watched_since(&sheet.id));
            }
            if told {
                let lines = some.iter().map(|sheet| DigestLine::of(Some(sheet), None));
                tx.note_changes(lines.collect()).await?;
            }
            tx.commit().await?;
        }
        Ok(())
    }

    /// Names and aliases of all equipment: what changed is written, what is gone is removed.
    async fn import_names(&self, network: &NetworkFile) -> Result<(), AppError> {
        let mut wanted = spellings(&network.equipment);
        wanted.retain(|name, id| name != id.as_str() && !name.is_empty());
        let mut gone = Vec::new();
        self.each(&Key::of("en/").end(), |key, bytes| {
            let Means(id) = decode(&key, &bytes)?;
            match keys::last_text(&key).and_then(|name| wanted.get(&name).map(|now| (name, now))) {
                Some((name, now)) if *now == id => {
                    wanted.remove(&name);
                }
                Some(_) => {}
                None => gone.push(key),
            }
            Ok(())
        })
        .await?;
        self.delete_all(gone).await?;
        let names = wanted.into_iter();
        self.put_all::<Means>(names.map(|(name, id)| (keys::equipment_name(&name), Means(id))))
            .await
    }

    /// How much hangs on what: counted here, so that no alert counts it.
    async fn import_carried(&self, equipment: &[Equipment]) -> Result<(), AppError> {
        let mut wanted = carried(equipment);
        let mut gone = Vec::new();
        for (key, bytes) in scan(self, &keys::all_carried()).await? {
            let before: Carried = decode(&key, &bytes)?;
            let Some(id) = keys::last_text(&key).map(EquipmentId) else {
                continue;
            };
            match wanted.get(&id) {
                Some(now) if *now == before => {
                    wanted.remove(&id);
                }
                Some(_) => {}
                None => gone.push(key),
            }
        }
        self.delete_all(gone).await?;
        let counts = wanted.iter().map(|(id, count)| (keys::carried(id), count));
        self.put_all::<Carried>(counts).await
    }

    /// Reads everything under a prefix, a page at a time.
    async fn each(
        &self,
        prefix: &Key,
        mut take: impl FnMut(Key, Bytes) -> Result<(), AppError> + Send,
    ) -> Result<(), AppError> {
        let (all, mut after) = (Range::prefix(prefix), None);
        loop {
            let (rows, next) = Tx::new(self).page(&all, after.as_ref(), PAGE).await?;
            rows.into_iter()
                .try_for_each(|(key, bytes)| take(key, bytes))?;
            match next {
                Some(next) => after = Some(next),
                None => return Ok(()),
            }
        }
    }

    async fn delete_all(&self, gone: Vec<Key>) -> Result<(), AppError> {
        for some in gone.chunks(FULL) {
            let mut tx = Tx::new(self);
            some.iter().for_each(|key| tx.delete(key.clone()));
            tx.commit().await?;
        }
        Ok(())
    }
}

impl Tx<'_> {
    /// What the whole cooperative follows: as imported, else as set.
    pub(crate) async fn policy(&mut self) -> Result<Policy, AppError> {
        let imported: Option<Policy> = self.peek(&policy_key()).await?;
        Ok(imported.unwrap_or_else(|| Policy {
            alerts: self.settings().alerts.clone(),
            kinds: self.settings().kinds.clone(),
            files: [0; 32],
            equipment: None,
        }))
    }
}

impl Policy {
    /// The kind of a group.
    #[must_use]
    pub fn kind_of(&self, group: &vigie_domain::group::Group) -> Option<&GroupKind> {
        self.kinds
            .iter()
            .find(|kind| Some(&kind.id) == group.kind.as_ref())
    }
}
