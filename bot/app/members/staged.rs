//! What an import will have changed, and which numbers its file has.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use vigie_domain::MemberId;
use vigie_domain::people::Member;
use vigie_store::{Key, Op};

use super::search::{Found, index_keys};
use crate::app::error::AppError;
use crate::app::keys;
use crate::app::tx::encode;

/// A member before and after an import.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Staged {
    pub(super) before: Option<Member>,
    pub(super) after: Option<Member>,
}

crate::record_v1!(Staged);

pub(super) fn found_by(member: &Member) -> Result<Vec<Op>, AppError> {
    let put = |key: Key| encode(&key, &Found).map(|value| Op::Put(key, value));
    index_keys(member).into_iter().map(put).collect()
}

impl Staged {
    pub(super) fn id(&self) -> Option<MemberId> {
        let either = self.after.as_ref().or(self.before.as_ref());
        either.map(|member| member.id.clone())
    }

    /// Writes the member as they are after the import; doing it twice changes nothing.
    pub(super) fn ops(&self) -> Result<Vec<Op>, AppError> {
        let mut ops = Vec::new();
        let was = self.before.as_ref().map(index_keys).unwrap_or_default();
        let is = self.after.as_ref().map(index_keys).unwrap_or_default();
        ops.extend(was.difference(&is).cloned().map(Op::Delete));
        for key in is.difference(&was) {
            let value: Bytes = encode(key, &Found)?;
            ops.push(Op::Put(key.clone(), value));
        }
        if let Some(id) = self.id() {
            let key = keys::member(id.as_str());
            ops.push(match &self.after {
                Some(member) => Op::Put(key.clone(), encode(&key, member)?),
                None => Op::Delete(key),
            });
        }
        Ok(ops)
    }
}

/// The numbers of a file, by their hashes: eight bytes each, whatever they look like.
#[derive(Default)]
pub(super) struct Seen {
    state: RandomState,
    hashes: HashSet<u64>,
}

impl Seen {
    pub(super) fn is_new(&mut self, id: &MemberId) -> bool {
        self.hashes.insert(self.state.hash_one(id.as_str()))
    }

    pub(super) fn has(&self, id: &MemberId) -> bool {
        self.hashes.contains(&self.state.hash_one(id.as_str()))
    }
}
