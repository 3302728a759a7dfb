//! The write-ahead file: where a commit becomes durable before sled has it on disk.
//!
//! sled hands each flush over between threads that sleep; on an idle machine that takes ten times
//! as long as the disk itself. So a group of commits is appended here, with one write and one
//! sync, and acknowledged. sled is brought up to date on disk after some groups or a little time
//! ([`Ahead::is_due`]); then the file is begun anew. Opening applies again, in order, whatever the
//! file holds. A group is written as final values of whole tree keys, so applying it twice changes
//! nothing.
//!
//! Between two barriers sled must not get far: it reuses a segment of its file as soon as it has
//! *written* what supersedes it, synced or not. A power cut that keeps the reuse and loses the
//! rest would cost both. With less than a segment (512 KiB) in between, that cannot happen; so
//! writes are applied in [`Slice`]s, with a barrier before [`WINDOW`] is passed.
//!
//! ```text
//! block 0        magic, version, generation, crc
//! from block 1   magic, generation, number in it, length, crc, body; each from a new block
//! body           (length of the key, key, length of the value or ff ff ff ff, value)*
//! ```
//!
//! Promise: what [`Ahead::append`] has answered is found by the next [`read`], until
//! [`Ahead::begin`], which comes only after sled's barrier. A record never shares a block with
//! another, so a torn write harms none that was acknowledged. Damage before a later record is
//! reported.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, Instant};

use sled::IVec;

use crate::{Result, StoreError};

use super::engine::io;
use super::files::fill;
use super::layout::{be4, be8};

const NAME: &str = "ahead";
const BLOCK: usize = 4096;
/// Bytes of an empty file. Written out, so that no write in it waits for space or metadata.
const SIZE: u64 = 1024 * 1024;
const FILE_MAGIC: u32 = 0x5641_4846;
const RECORD_MAGIC: u32 = 0x5641_4852;
const VERSION: u32 = 1;
const HEAD: usize = 24;
const REMOVED: u32 = u32::MAX;

/// Weight of writes between two barriers. sled writes about four times as much: pages anew after
/// ten changes, and what its cleaner moves.
pub(crate) const WINDOW: usize = 64 * 1024;
/// What a write weighs beside its key and value.
const EACH: usize = 64;
/// Space in the file after which it is done too.
const AT_SPACE: u64 = SIZE / 2;
/// … and the longest time, so that little is to be applied again after a crash.
const AT_AGE: Duration = Duration::from_millis(500);
/// … and the time without a commit after which it disturbs nobody.
const AT_REST: Duration = Duration::from_millis(25);

/// A tree key and its value; `None`: removed.
pub(crate) type Write = (IVec, Option<IVec>);

/// Grows each time the file is begun anew.
type Generation = u64;

/// The open file, and where the next group goes.
#[derive(Debug)]
pub(crate) struct Ahead {
    file: File,
    barrier: bool,
    generation: Generation,
    next: u64,
    count: u32,
    weight: usize,
    first: Option<Instant>,
    last: Instant,
    record: Vec<u8>,
}

impl Ahead {
    /// Begins an empty file. Everything that was in it must be on disk in sled.
    pub(crate) fn start(folder: &Path, last: Generation, barrier: bool) -> Result<Self> {
        let file = create(folder).map_err(|error| fail(&error))?;
        let mut ahead = Self {
            file,
            barrier,
            generation: last,
            next: BLOCK as u64,
            count: 0,
            weight: 0,
            first: None,
            last: Instant::now(),
            record: Vec::new(),
        };
        ahead.begin()?;
        if barrier {
            File::open(folder)
                .and_then(|folder| folder.sync_all())
                .map_err(|error| fail(&error))?;
        }
        Ok(ahead)
    }

    /// Makes a group durable.
    pub(crate) fn append(&mut self, body: &[u8]) -> Result<()> {
        let length = u32::try_from(body.len())
            .map_err(|_| StoreError::Io("a group is too large to be written ahead".to_owned()))?;
        let mut record = std::mem::take(&mut self.record);
        record.clear();
        record.extend(RECORD_MAGIC.to_be_bytes());
        record.extend(self.generation.to_be_bytes());
        record.extend(self.count.to_be_bytes());
        record.extend(length.to_be_bytes());
        let crc = crc32c::crc32c_append(crc32c::crc32c(&record), body);
        record.extend(crc.to_be_bytes());
        record.extend(body);
        record.resize(record.len().next_multiple_of(BLOCK), 0);
        self.write(&record, self.next)?;
        self.next += record.len() as u64;
        self.count += 1;
        self.last = Instant::now();
        self.first.get_or_insert(self.last);
        self.record = record;
        Ok(())
    }

    /// Whether sled is to be brought up to date before this much is applied.
    pub(crate) fn is_full(&self, weight: usize) -> bool {
        self.weight > 0 && self.weight + weight > WINDOW
    }

    /// Writes of this weight were applied.
    pub(crate) fn applied(&mut self, weight: usize) {
        self.weight += weight;
    }

    /// Sled has on disk what was applied so far; the group that is being applied stays in the file.
    pub(crate) fn passed(&mut self) {
        self.weight = 0;
    }

    /// Whether sled is to be brought up to date now.
    pub(crate) fn is_due(&self) -> bool {
        self.weight >= WINDOW
            || self.next >= AT_SPACE
            || self.due_in().is_some_and(|left| left.is_zero())
    }

    /// How long until it is, if no commit comes; `None`: it is up to date.
    pub(crate) fn due_in(&self) -> Option<Duration> {
        let first = self.first?;
        let age = AT_AGE.saturating_sub(first.elapsed());
        Some(age.min(AT_REST.saturating_sub(self.last.elapsed())))
    }

    /// Begins the file anew. Everything that is in it must be on disk in sled.
    pub(crate) fn begin(&mut self) -> Result<()> {
        if self.next > SIZE {
            self.file.set_len(SIZE).map_err(|error| fail(&error))?;
        }
        self.generation += 1;
        self.write(&file_head(self.generation), 0)?;
        self.next = BLOCK as u64;
        self.count = 0;
        self.weight = 0;
        self.first = None;
        Ok(())
    }

    fn write(&self, bytes: &[u8], at: u64) -> Result<()> {
        self.file
            .write_all_at(bytes, at)
            .map_err(|error| fail(&error))?;
        if self.barrier {
            self.file.sync_data().map_err(|error| {
                // Never "disk full": after a failed sync only a restart is safe.
                StoreError::Io(format!("the write-ahead file was not synced: {error}"))
            })?;
        }
        Ok(())
    }
}

/// The body of a record.
pub(crate) fn encode(writes: &BTreeMap<IVec, Option<IVec>>) -> Vec<u8> {
    let mut body = Vec::with_capacity(4096);
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(REMOVED - 1);
    for (key, value) in writes {
        body.extend(length(key).to_be_bytes());
        body.extend_from_slice(key);
        match value {
            Some(value) => {
                body.extend(length(value).to_be_bytes());
                body.extend_from_slice(value);
            }
            None => body.extend(REMOVED.to_be_bytes()),
        }
    }
    body
}

/// Writes that are applied in one piece.
#[derive(Default)]
pub(crate) struct Slice {
    pub(crate) writes: Vec<Write>,
    pub(crate) weight: usize,
}

/// Cuts the writes of a group. A reader sees none of them before the last one is applied, and the
/// write-ahead file makes them whole after a crash.
pub(crate) fn slices(writes: impl IntoIterator<Item = Write>) -> impl Iterator<Item = Slice> {
    let mut writes = writes.into_iter();
    std::iter::from_fn(move || {
        let mut slice = Slice::default();
        for (key, value) in writes.by_ref() {
            slice.weight += EACH + key.len() + value.as_ref().map_or(0, |value| value.len());
            slice.writes.push((key, value));
            if slice.weight >= WINDOW {
                break;
            }
        }
        (slice.weight > 0).then_some(slice)
    })
}

fn decode(mut body: &[u8]) -> Option<Vec<Write>> {
    let mut writes = Vec::new();
    let mut take = |length: usize| {
        let (taken, rest) = body.split_at_checked(length)?;
        body = rest;
        Some(taken)
    };
    while let Some(length) = take(4) {
        let key = take(be4(length, 0)? as usize)?;
        let value = match be4(take(4)?, 0)? {
            REMOVED => None,
            length => Some(take(length as usize)?.into()),
        };
        writes.push((key.into(), value));
    }
    Some(writes)
}

/// What the file holds.
#[derive(Default)]
pub(crate) struct Found {
    /// Groups in the order in which they were acknowledged.
    pub(crate) groups: Vec<Vec<Write>>,
    /// The generation from which the next one counts.
    pub(crate) generation: Generation,
    /// What is damaged, if something is.
    pub(crate) damage: Option<&'static str>,
}

/// Reads the groups that sled may lack.
pub(crate) fn read(folder: &Path) -> Result<Found> {
    let mut found = Found::default();
    let raw = match fs::read(folder.join(NAME)) {
        Ok(raw) => raw,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(fail(&error)),
    };
    match generation_of(&raw)? {
        Some(generation) => {
            found.generation = generation;
            if !read_groups(&raw, generation, &mut found.groups) {
                found.damage = Some("a group of the write-ahead file is not readable");
            }
        }
        None => found.damage = Some("the head of the write-ahead file is not readable"),
    }
    if found.damage.is_some() {
        // Above whatever a head that cannot be read may have said.
        found.generation += 1 << 32;
    }
    Ok(found)
}

fn file_head(generation: Generation) -> [u8; BLOCK] {
    let mut head = Vec::with_capacity(BLOCK);
    head.extend(FILE_MAGIC.to_be_bytes());
    head.extend(VERSION.to_be_bytes());
    head.extend(generation.to_be_bytes());
    head.extend(crc32c::crc32c(&head).to_be_bytes());
    let mut block = [0; BLOCK];
    block.iter_mut().zip(head).for_each(|(at, byte)| *at = byte);
    block
}

fn generation_of(raw: &[u8]) -> Result<Option<Generation>> {
    let head = || {
        let good = be4(raw, 0)? == FILE_MAGIC && be4(raw, 16)? == crc32c::crc32c(raw.get(..16)?);
        Some((good, be4(raw, 4)?, be8(raw, 8)?))
    };
    match head() {
        Some((true, version, _)) if version > VERSION => Err(StoreError::TooNew(format!(
            "its write-ahead file is version {version}, this program knows {VERSION}"
        ))),
        Some((true, _, generation)) => Ok(Some(generation)),
        _ => Ok(None),
    }
}

/// A record at the start of `raw`: its number, and its body.
fn record(raw: &[u8], generation: Generation) -> Option<(u32, &[u8])> {
    if be4(raw, 0)? != RECORD_MAGIC || be8(raw, 4)? != generation {
        return None;
    }
    let body = raw.get(HEAD..HEAD.checked_add(be4(raw, 16)? as usize)?)?;
    let crc = crc32c::crc32c_append(crc32c::crc32c(raw.get(..HEAD - 4)?), body);
    (crc == be4(raw, 20)?).then_some((be4(raw, 12)?, body))
}

/// `false`: a group is broken though a later one is there, so it was acknowledged.
fn read_groups(raw: &[u8], generation: Generation, groups: &mut Vec<Vec<Write>>) -> bool {
    let mut at = BLOCK;
    let mut number = 0;
    while let Some((found, body)) = raw.get(at..).and_then(|raw| record(raw, generation)) {
        let Some(writes) = decode(body).filter(|_| found == number) else {
            return false;
        };
        groups.push(writes);
        number += 1;
        at += (HEAD + body.len()).next_multiple_of(BLOCK);
    }
    let later = raw.get(at..).unwrap_or_default();
    (0..later.len()).step_by(BLOCK).all(|at| {
        let found = later.get(at..).and_then(|raw| record(raw, generation));
        found.is_none()
    })
}

/// Opens the file. A new one is made beside and put in place whole: a kill in between leaves none,
/// and a file without a head is damage.
fn create(folder: &Path) -> std::io::Result<File> {
    let path = folder.join(NAME);
    if !path.try_exists()? {
        let beside = folder.join("ahead.new");
        let file = File::create(&beside)?;
        fill(&file, SIZE)?;
        file.write_all_at(&file_head(0), 0)?;
        file.sync_all()?;
        fs::rename(&beside, &path)?;
    }
    File::options().read(true).write(true).open(path)
}

fn fail(error: &std::io::Error) -> StoreError {
    io("the write-ahead file", error)
}

#[cfg(test)]
mod tests;
