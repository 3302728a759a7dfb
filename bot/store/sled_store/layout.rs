//! How our keys and values lie in the one sled tree.
//!
//! ```text
//! 00 "layout"                      version of this layout
//! 01 shard(be4) 'c' key part(be2)  part of a large value
//! 01 shard(be4) 'd' key            entry: revision (be8, top bit: in parts), crc32c (be4), value
//! 01 shard(be4) 'i' batch id       revision of an applied batch
//! 01 shard(be4) 'j' rev(be8)       batch ids of one group commit, with its time
//! 01 shard(be4) 'l' rev(be8) part  change log
//! 01 shard(be4) 's'                what is durable: revision, log chain, digest of all entries
//! ```
//!
//! Promise: no value handed to sled is longer than [`MAX_RAW`], so that sled never makes a blob
//! file (it does not sync those), and every entry carries a CRC over shard, key, revision and value.

use bytes::Bytes;
use sled::IVec;

use crate::{Key, Result, Rev, Shard, StoreError};

/// Longest value given to sled.
pub(crate) const MAX_RAW: usize = 4096;
/// Bytes before the value of an entry.
const HEADER: usize = 12;
/// Longest value that lies in its entry.
pub(crate) const MAX_INLINE: usize = MAX_RAW - HEADER;
/// Key of the layout version.
pub(crate) const LAYOUT_KEY: &[u8] = b"\x00layout";
/// First byte of all shard keys.
const SHARDS: u8 = 1;
const IN_PARTS: u64 = 1 << 63;

/// What a tree key belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Class {
    Chunk = b'c',
    Data = b'd',
    Id = b'i',
    IdList = b'j',
    Log = b'l',
    State = b's',
}

/// A tree key: class and the rest within a shard.
pub(crate) fn tree_key(shard: Shard, class: Class, rest: &[u8]) -> Vec<u8> {
    let mut key = Vec::with_capacity(6 + rest.len() + 2);
    key.push(SHARDS);
    key.extend_from_slice(&shard.to_be_bytes());
    key.push(class as u8);
    key.extend_from_slice(rest);
    key
}

/// First tree key after all keys of a class.
pub(crate) fn class_end(shard: Shard, class: Class) -> Vec<u8> {
    let mut key = tree_key(shard, class, &[]);
    if let Some(last) = key.last_mut() {
        *last += 1;
    }
    key
}

/// First tree key that a shard can have.
pub(crate) fn shard_start(shard: Shard) -> Vec<u8> {
    let mut key = vec![SHARDS];
    key.extend_from_slice(&shard.to_be_bytes());
    key
}

/// The shard that a tree key belongs to.
pub(crate) fn shard_of(tree_key: &[u8]) -> Option<Shard> {
    let (first, rest) = tree_key.split_first()?;
    let number: [u8; 4] = rest.get(..4)?.try_into().ok()?;
    (*first == SHARDS).then(|| Shard::from_be_bytes(number))
}

/// The part after the class.
pub(crate) fn rest_of(tree_key: &[u8]) -> &[u8] {
    tree_key.get(6..).unwrap_or_default()
}

/// Key of one part of something that is split.
pub(crate) fn part_key(shard: Shard, class: Class, rest: &[u8], part: u16) -> Vec<u8> {
    let mut key = tree_key(shard, class, rest);
    key.extend_from_slice(&part.to_be_bytes());
    key
}

/// Number of parts of `len` bytes.
pub(crate) fn parts(len: usize) -> u16 {
    u16::try_from(len.div_ceil(MAX_RAW)).unwrap_or(u16::MAX)
}

/// The fixed part of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) rev: Rev,
    pub(crate) crc: u32,
    /// Length of the value where it lies in parts.
    pub(crate) split: Option<usize>,
}

impl Header {
    /// The header of a new entry.
    pub(crate) fn of(tree_key: &[u8], rev: Rev, value: &[u8]) -> Self {
        Self {
            rev,
            crc: entry_crc(tree_key, rev, value),
            split: (value.len() > MAX_INLINE).then_some(value.len()),
        }
    }

    /// This entry's share in the digest of all entries.
    pub(crate) fn digest(&self) -> u64 {
        // splitmix64: a sum of these changes when any entry is lost, old or altered.
        let mut mixed = self.rev.rotate_right(32) ^ u64::from(self.crc);
        mixed = mixed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// The raw entry of a value.
    pub(crate) fn encode(&self, value: &[u8]) -> Vec<u8> {
        let flag = if self.split.is_some() { IN_PARTS } else { 0 };
        let mut raw = Vec::with_capacity(HEADER + value.len().min(MAX_INLINE));
        raw.extend_from_slice(&(self.rev | flag).to_be_bytes());
        raw.extend_from_slice(&self.crc.to_be_bytes());
        match self.split {
            Some(len) => raw.extend_from_slice(&(len as u64).to_be_bytes()),
            None => raw.extend_from_slice(value),
        }
        raw
    }

    /// Reads the header of a raw entry.
    pub(crate) fn decode(tree_key: &[u8], raw: &[u8]) -> Result<Self> {
        let broken = || damaged_key("an entry is cut short", tree_key);
        let word = be8(raw, 0).ok_or_else(broken)?;
        let crc = be4(raw, 8).ok_or_else(broken)?;
        let split = if word & IN_PARTS == 0 {
            None
        } else {
            let len = be8(raw, HEADER).ok_or_else(broken)?;
            Some(usize::try_from(len).map_err(|_| broken())?)
        };
        Ok(Self {
            rev: word & !IN_PARTS,
            crc,
            split,
        })
    }

    /// Checks a complete value against the header.
    pub(crate) fn check(&self, tree_key: &[u8], value: &[u8]) -> Result<()> {
        if entry_crc(tree_key, self.rev, value) == self.crc {
            return Ok(());
        }
        Err(damaged_key("an entry fails its checksum", tree_key))
    }
}

/// The value that lies in its entry.
pub(crate) fn inline_value(raw: &IVec) -> &[u8] {
    raw.get(HEADER..).unwrap_or_default()
}

fn entry_crc(tree_key: &[u8], rev: Rev, value: &[u8]) -> u32 {
    let crc = crc32c::crc32c(tree_key);
    let crc = crc32c::crc32c_append(crc, &rev.to_be_bytes());
    crc32c::crc32c_append(crc, value)
}

/// A [`StoreError::Damaged`] that names a tree key.
pub(crate) fn damaged_key(what: &str, tree_key: &[u8]) -> StoreError {
    StoreError::Damaged(format!("{what}: {}", tree_key.escape_ascii()))
}

/// A port key out of a tree key.
pub(crate) fn port_key(tree_key: &[u8]) -> Key {
    Key(Bytes::copy_from_slice(rest_of(tree_key)))
}

/// A big-endian number at an offset.
pub(crate) fn be8(raw: &[u8], at: usize) -> Option<u64> {
    let bytes = raw.get(at..at + 8)?.try_into().ok()?;
    Some(u64::from_be_bytes(bytes))
}

/// A big-endian number at an offset.
pub(crate) fn be4(raw: &[u8], at: usize) -> Option<u32> {
    let bytes = raw.get(at..at + 4)?.try_into().ok()?;
    Some(u32::from_be_bytes(bytes))
}
