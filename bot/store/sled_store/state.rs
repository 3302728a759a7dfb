//! What is known to be durable of one shard, written in the same batch as every commit.
//!
//! Promise: the record names the last revision, the checksum chain of the change log up to it and
//! a digest of all entries, so that anything lost or altered on disk can be told from what was
//! acknowledged.

use crate::{Result, Rev, Shard, StoreError};

use super::layout::{Class, be4, tree_key};

/// The durable state of a shard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    /// Last revision.
    pub(crate) rev: Rev,
    /// Checksum chain of the change log at `rev`.
    pub(crate) chain: u32,
    /// Number of entries.
    pub(crate) count: u64,
    /// Sum of the digests of all entries.
    pub(crate) sum: u64,
    /// First revision that the change log still holds; `rev + 1`: it is empty.
    pub(crate) log_first: Rev,
    /// Bytes of the change log.
    pub(crate) log_bytes: u64,
    /// Number of batch ids kept.
    pub(crate) ids: u64,
}

impl State {
    /// The state of a shard that was never written.
    pub(crate) fn new() -> Self {
        Self {
            log_first: 1,
            ..Self::default()
        }
    }

    /// The tree key of the record.
    pub(crate) fn key(shard: Shard) -> Vec<u8> {
        tree_key(shard, Class::State, &[])
    }

    /// The record.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let numbers = [
            self.rev,
            u64::from(self.chain),
            self.count,
            self.sum,
            self.log_first,
            self.log_bytes,
            self.ids,
        ];
        let body: Vec<u8> = numbers.iter().flat_map(|n| n.to_be_bytes()).collect();
        let mut raw = crc32c::crc32c(&body).to_be_bytes().to_vec();
        raw.extend_from_slice(&body);
        raw
    }

    /// Reads the record.
    pub(crate) fn decode(raw: &[u8]) -> Result<Self> {
        let broken = || StoreError::Damaged("the record of what is durable is broken".to_owned());
        let body = raw.get(4..).ok_or_else(broken)?;
        if be4(raw, 0) != Some(crc32c::crc32c(body)) {
            return Err(broken());
        }
        let mut numbers = body.chunks_exact(8).map(|chunk| {
            let bytes = chunk.try_into().unwrap_or_default();
            u64::from_be_bytes(bytes)
        });
        let mut next = || numbers.next().ok_or_else(broken);
        Ok(Self {
            rev: next()?,
            chain: u32::try_from(next()?).map_err(|_| broken())?,
            count: next()?,
            sum: next()?,
            log_first: next()?,
            log_bytes: next()?,
            ids: next()?,
        })
    }

    /// Counts an entry in.
    pub(crate) fn add(&mut self, digest: u64) {
        self.count = self.count.wrapping_add(1);
        self.sum = self.sum.wrapping_add(digest);
    }

    /// Counts an entry out.
    pub(crate) fn remove(&mut self, digest: u64) {
        self.count = self.count.wrapping_sub(1);
        self.sum = self.sum.wrapping_sub(digest);
    }
}
