//! What can be asked of the network without reading all of it: what hangs on what, and which
//! relay has a word in its name. Members' links are listed apart, for whoever writes to those behind
//! an outage: nobody looks for them by a word, and no map shows where somebody lives.

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use vigie_domain::EquipmentId;
use vigie_domain::names::fold;
use vigie_domain::network::{Class, Equipment};
use vigie_domain::network_import::NetworkFile;
use vigie_store::Key;

use super::FULL;
use crate::app::error::AppError;
use crate::app::tx::{Stored, Tx, encode, scan};
use crate::app::{App, keys};

/// Shortest word that finds something.
const SHORTEST: usize = 2;
/// Longest word that is kept, in bytes.
const LONGEST: usize = 40;

/// The files that what can be asked was made of, and how it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Indexed {
    files: [u8; 32],
    /// Raised when what is made of the same files changes.
    form: u32,
}

const FORM: u32 = 4;

/// That a piece of equipment stands in a list.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Listed;

/// A name that has a word in it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct HasWord(pub String);

crate::record_v1!(Indexed, Listed, HasWord);

fn indexed_key() -> Key {
    Key::of("sys/index").end()
}

impl App {
    /// Whether everything can be asked of these files already.
    pub(super) async fn is_indexed(&self, files: [u8; 32]) -> Result<bool, AppError> {
        let indexed: Option<Indexed> = self.read(&indexed_key()).await?;
        Ok(indexed == Some(Indexed { files, form: FORM }))
    }

    /// Brings everything that can be asked up to date: what is the same is not written.
    pub(super) async fn index_network(
        &self,
        network: &NetworkFile,
        files: [u8; 32],
    ) -> Result<(), AppError> {
        let mut wanted = Wanted::default();
        wanted.tree(&network.equipment)?;
        wanted.words(&network.equipment)?;
        let (mut gone, mut wanted) = (Vec::new(), wanted.0);
        for prefix in ["ek/", "el/", "er/", "ew/"] {
            for (key, bytes) in scan(self, &Key::of(prefix).end()).await? {
                match wanted.get(&key) {
                    Some(now) if *now == bytes => {
                        wanted.remove(&key);
                    }
                    Some(_) => {}
                    None => gone.push(key),
                }
            }
        }
        self.delete_all(gone).await?;
        let rows: Vec<(Key, Bytes)> = wanted.into_iter().collect();
        for some in rows.chunks(FULL) {
            let mut tx = Tx::new(self);
            for (key, bytes) in some {
                tx.put_bytes(key.clone(), bytes.clone());
            }
            tx.commit().await?;
        }
        let mut tx = Tx::new(self);
        tx.put(indexed_key(), &Indexed { files, form: FORM })?;
        tx.commit().await.map(|_| ())
    }
}

#[derive(Default)]
struct Wanted(BTreeMap<Key, Bytes>);

impl Wanted {
    fn put<T: Stored>(&mut self, key: Key, record: &T) -> Result<(), AppError> {
        let bytes = encode(&key, record)?;
        self.0.insert(key, bytes);
        Ok(())
    }

    fn tree(&mut self, equipment: &[Equipment]) -> Result<(), AppError> {
        let by_id: HashMap<&EquipmentId, &Equipment> =
            equipment.iter().map(|one| (&one.id, one)).collect();
        let above = |one: &Equipment| one.parent.as_ref().and_then(|id| by_id.get(id)).copied();
        for one in equipment {
            if one.class == Class::Link {
                if let Some(parent) = above(one) {
                    self.put(keys::link_below(&parent.id, &one.id), &Listed)?;
                }
                continue;
            }
            if let Some(parent) = above(one) {
                self.put(keys::child(&parent.id, &one.id), &Listed)?;
            } else {
                self.put(keys::root("", &one.id), &Listed)?;
            }
            if let Some(sector) = &one.sector
                && above(one).is_none_or(|parent| parent.sector.as_ref() != Some(sector))
            {
                self.put(keys::root(sector.as_str(), &one.id), &Listed)?;
            }
        }
        Ok(())
    }

    fn words(&mut self, equipment: &[Equipment]) -> Result<(), AppError> {
        for one in equipment.iter().filter(|one| one.class != Class::Link) {
            let name = HasWord(fold(&one.name));
            for word in words(&one.name).chain(words(one.short_name().as_str())) {
                self.put(keys::name_word(&word, &one.id), &name)?;
            }
        }
        Ok(())
    }
}

/// The words of a name, folded.
pub(crate) fn words(name: &str) -> impl Iterator<Item = String> {
    let folded = fold(name);
    let words: Vec<String> = folded
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| (SHORTEST..=LONGEST).contains(&word.len()))
        .map(str::to_owned)
        .collect();
    words.into_iter()
}
