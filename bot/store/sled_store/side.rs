//! `commits.idx`: a second witness of what was acknowledged, outside sled's file.
//!
//! sled opens a file whose end is missing without a word. This file then still knows a later
//! revision. It is a row of fixed records `shard, revision, log checksum, own checksum`, written
//! in place into zeroed space, and begun anew when it is full.
//!
//! Promise: a record is written only after the revision it names is durable, and before that
//! revision is acknowledged; so the file never claims more than the database must hold.

use std::collections::HashMap;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use crate::{Result, Rev, Shard};

use super::engine::io;
use super::layout::{be4, be8};

const NAME: &str = "commits.idx";
const RECORD: usize = 32;
const RECORDS: usize = 4096;

/// The last thing known of a shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Witness {
    pub(crate) rev: Rev,
    pub(crate) chain: u32,
}

/// The open file.
pub(crate) struct Side {
    path: PathBuf,
    file: File,
    next: usize,
    size: usize,
    latest: HashMap<Shard, Witness>,
    unsynced: bool,
}

/// Reads what the file knows. Records that were torn by a power cut are skipped.
pub(crate) fn read(folder: &Path) -> Result<HashMap<Shard, Witness>> {
    let raw = match fs::read(folder.join(NAME)) {
        Ok(raw) => raw,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(io(NAME, &error)),
    };
    let mut latest: HashMap<Shard, Witness> = HashMap::new();
    for (shard, witness) in raw.chunks_exact(RECORD).filter_map(decode) {
        let known = latest.entry(shard).or_insert(witness);
        if witness.rev > known.rev {
            *known = witness;
        }
    }
    Ok(latest)
}

fn encode(shard: Shard, witness: Witness) -> [u8; RECORD] {
    let mut record = [0; RECORD];
    let (body, rest) = record.split_at_mut(16);
    let (at_shard, rest_body) = body.split_at_mut(4);
    let (at_rev, at_chain) = rest_body.split_at_mut(8);
    at_shard.copy_from_slice(&shard.to_be_bytes());
    at_rev.copy_from_slice(&witness.rev.to_be_bytes());
    at_chain.copy_from_slice(&witness.chain.to_be_bytes());
    let crc = crc32c::crc32c(body);
    rest.split_at_mut(4).0.copy_from_slice(&crc.to_be_bytes());
    record
}

fn decode(record: &[u8]) -> Option<(Shard, Witness)> {
    let rev = be8(record, 4)?;
    let chain = be4(record, 12)?;
    let good = rev > 0 && be4(record, 16)? == crc32c::crc32c(record.get(..16)?);
    good.then_some((be4(record, 0)?, Witness { rev, chain }))
}

impl Side {
    /// Begins a new file that holds `latest`.
    pub(crate) fn start(folder: &Path, latest: HashMap<Shard, Witness>) -> Result<Self> {
        let path = folder.join(NAME);
        let fresh = folder.join("commits.idx.new");
        let fail = |error: std::io::Error| io(NAME, &error);
        let records: Vec<u8> = latest
            .iter()
            .flat_map(|(shard, witness)| encode(*shard, *witness))
            .collect();
        let size = (RECORDS + latest.len()) * RECORD;
        let mut whole = records.clone();
        whole.resize(size, 0);
        fs::write(&fresh, &whole).map_err(fail)?;
        let file = File::options()
            .read(true)
            .write(true)
            .open(&fresh)
            .map_err(fail)?;
        file.sync_all().map_err(fail)?;
        fs::rename(&fresh, &path).map_err(fail)?;
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(fail)?;
        Ok(Self {
            path: folder.to_path_buf(),
            file,
            next: records.len(),
            size,
            latest,
            unsynced: false,
        })
    }

    /// Notes revisions that have just become durable.
    pub(crate) fn note(&mut self, news: &[(Shard, Witness)]) -> Result<()> {
        self.latest.extend(news.iter().copied());
        let records: Vec<u8> = news
            .iter()
            .flat_map(|(shard, witness)| encode(*shard, *witness))
            .collect();
        if self.next + records.len() > self.size {
            *self = Self::start(&self.path, std::mem::take(&mut self.latest))?;
            return Ok(());
        }
        self.file
            .write_all_at(&records, self.next as u64)
            .map_err(|error| io(NAME, &error))?;
        self.next += records.len();
        self.unsynced = true;
        Ok(())
    }

    /// Whether [`Side::sync`] has something to do.
    pub(crate) fn unsynced(&self) -> bool {
        self.unsynced
    }

    /// Makes the notes durable.
    pub(crate) fn sync(&mut self) -> Result<()> {
        self.unsynced = false;
        self.file.sync_data().map_err(|error| io(NAME, &error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn witness(rev: Rev) -> Witness {
        let chain = (rev * 7) as u32;
        Witness { rev, chain }
    }

    #[test]
    fn the_newest_of_each_shard_is_known_over_many_rotations() {
        let folder = tempfile::tempdir().unwrap();
        let mut side = Side::start(folder.path(), HashMap::new()).unwrap();
        side.note(&[(9, witness(1))]).unwrap();
        for rev in 1..=3 * RECORDS as Rev {
            side.note(&[(1, witness(rev)), (2, witness(rev + 5))])
                .unwrap();
        }
        let known = read(folder.path()).unwrap();
        let last = 3 * RECORDS as Rev;
        assert_eq!(
            known,
            HashMap::from([(1, witness(last)), (2, witness(last + 5)), (9, witness(1))])
        );
        let size = fs::metadata(folder.path().join(NAME)).unwrap().len();
        assert!(size <= ((RECORDS + 3) * RECORD) as u64);
    }

    #[test]
    fn torn_records_are_skipped() {
        let folder = tempfile::tempdir().unwrap();
        let mut side = Side::start(folder.path(), HashMap::new()).unwrap();
        side.note(&[(1, witness(4))]).unwrap();
        side.note(&[(1, witness(5))]).unwrap();
        let path = folder.path().join(NAME);
        let mut raw = fs::read(&path).unwrap();
        raw[RECORD + 9] ^= 1;
        fs::write(&path, raw).unwrap();
        assert_eq!(
            read(folder.path()).unwrap(),
            HashMap::from([(1, witness(4))])
        );
    }
}
