//! The change log: one record per revision, in the same batch as the change itself.
//!
//! Promise: revisions are contiguous, and every record carries a checksum that includes the one of
//! the record before, so neither a missing nor an altered record goes unnoticed.

use std::sync::Arc;

use bytes::Bytes;

use crate::commit::{Change, Commit};
use crate::{Key, Result, Rev, Shard, StoreError};

use super::layout::{Class, MAX_RAW, be4, be8, part_key, parts};
use super::view::Raw;

/// Bytes before the body of a record: previous checksum, checksum, length, time.
const HEADER: usize = 20;

/// The fixed part of a log record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) previous: u32,
    pub(crate) chain: u32,
    pub(crate) len: usize,
    /// Seconds since 1970 when it was written.
    pub(crate) time: u64,
}

impl Head {
    /// Number of tree keys of the record.
    pub(crate) fn parts(&self) -> u16 {
        parts(HEADER + self.len)
    }

    /// Bytes of the record.
    pub(crate) fn bytes(&self) -> u64 {
        (HEADER + self.len) as u64
    }
}

/// A record ready to be written.
pub(crate) struct Record {
    pub(crate) chain: u32,
    raw: Vec<u8>,
}

impl Record {
    /// Encodes the changes of a revision.
    pub(crate) fn new(previous: u32, rev: Rev, time: u64, changes: &[Change]) -> Result<Self> {
        let body = rmp_serde::to_vec(changes).map_err(|error| {
            StoreError::Io(format!("a change log record was not encoded: {error}"))
        })?;
        let chain = chain(previous, rev, time, &body);
        let mut raw = Vec::with_capacity(HEADER + body.len());
        raw.extend_from_slice(&previous.to_be_bytes());
        raw.extend_from_slice(&chain.to_be_bytes());
        let len = u32::try_from(body.len()).unwrap_or(u32::MAX);
        raw.extend_from_slice(&len.to_be_bytes());
        raw.extend_from_slice(&time.to_be_bytes());
        raw.extend_from_slice(&body);
        Ok(Self { chain, raw })
    }

    /// Bytes of the record.
    pub(crate) fn bytes(&self) -> u64 {
        self.raw.len() as u64
    }

    /// The pieces, each with its number.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = (u16, &[u8])> {
        (0_u16..).zip(self.raw.chunks(MAX_RAW))
    }
}

/// Tree key of one piece of the record of a revision.
pub(crate) fn log_key(shard: Shard, rev: Rev, part: u16) -> Vec<u8> {
    part_key(shard, Class::Log, &rev.to_be_bytes(), part)
}

fn chain(previous: u32, rev: Rev, time: u64, body: &[u8]) -> u32 {
    let crc = crc32c::crc32c(&previous.to_be_bytes());
    let crc = crc32c::crc32c_append(crc, &rev.to_be_bytes());
    let crc = crc32c::crc32c_append(crc, &time.to_be_bytes());
    crc32c::crc32c_append(crc, body)
}

fn decode_head(raw: &[u8]) -> Option<Head> {
    Some(Head {
        previous: be4(raw, 0)?,
        chain: be4(raw, 4)?,
        len: be4(raw, 8)? as usize,
        time: be8(raw, 12)?,
    })
}

/// Reads the fixed part of a record; `None`: the record is not there.
pub(crate) fn head(raw: &impl Raw, shard: Shard, rev: Rev) -> Result<Option<Head>> {
    let first = raw.raw(&log_key(shard, rev, 0))?;
    first
        .map(|first| decode_head(&first).ok_or_else(|| damaged(rev)))
        .transpose()
}

/// Reads and checks a record; `None`: it is not there.
pub(crate) fn read(raw: &impl Raw, shard: Shard, rev: Rev) -> Result<Option<(Head, Arc<Commit>)>> {
    let Some(first) = raw.raw(&log_key(shard, rev, 0))? else {
        return Ok(None);
    };
    let head = decode_head(&first).ok_or_else(|| damaged(rev))?;
    let mut all = first.to_vec();
    for part in 1..head.parts() {
        let Some(piece) = raw.raw(&log_key(shard, rev, part))? else {
            return Ok(None);
        };
        all.extend_from_slice(&piece);
    }
    let body = all.get(HEADER..).unwrap_or_default();
    if body.len() != head.len || chain(head.previous, rev, head.time, body) != head.chain {
        return Err(damaged(rev));
    }
    let changes: Vec<(Key, Option<Bytes>)> =
        rmp_serde::from_slice(body).map_err(|_| damaged(rev))?;
    Ok(Some((head, Arc::new(Commit { rev, changes }))))
}

fn damaged(rev: Rev) -> StoreError {
    StoreError::Damaged(format!("the change log record of revision {rev} is broken"))
}
