//! What was read lately, beside sled: a decision and the commit after it read the same keys, and
//! sled looks for each of them from the root of its tree.
//!
//! Promise: what is answered is what sled holds. A value read while something was written is not
//! kept, for it may be that of before.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use sled::IVec;

use crate::Result;

use super::ahead::Write;

/// Share of sled's cache that it takes, at most.
const SHARE: u64 = 8;
/// Bytes that an entry takes beside its key and value.
const EACH: usize = 96;

type Values = HashMap<IVec, Option<IVec>>;

/// Values by tree key, in two generations: when the younger one is full it becomes the elder, and
/// what nobody asks for again is gone with that.
pub(crate) struct Recent {
    kept: Mutex<Kept>,
    most: usize,
}

#[derive(Default)]
struct Kept {
    young: Values,
    old: Values,
    bytes: usize,
    /// Odd while something is written.
    writes: u64,
}

impl Recent {
    /// Values kept beside a cache of so many bytes.
    pub(crate) fn new(cache: u64) -> Self {
        Self {
            kept: Mutex::default(),
            most: usize::try_from(cache / SHARE / 2).unwrap_or(usize::MAX),
        }
    }

    /// The value of a key, read where it is not known.
    pub(crate) fn get(
        &self,
        key: &[u8],
        read: impl FnOnce() -> Result<Option<IVec>>,
    ) -> Result<Option<IVec>> {
        let writes = {
            let mut kept = self.kept();
            if let Some(value) = kept.young.get(key) {
                return Ok(value.clone());
            }
            if let Some((key, value)) = kept.old.remove_entry(key) {
                kept.keep(key, value.clone(), self.most);
                return Ok(value);
            }
            kept.writes
        };
        let value = read()?;
        let mut kept = self.kept();
        if kept.writes == writes && writes % 2 == 0 {
            // Of its own: what sled hands out may hold on to a whole page.
            let own = value.as_deref().map(IVec::from);
            kept.keep(key.into(), own, self.most);
        }
        Ok(value)
    }

    /// Writes begin: what is read meanwhile is not kept.
    pub(crate) fn changing(&self) {
        self.kept().writes |= 1;
    }

    /// Writes are done.
    pub(crate) fn changed(&self, writes: Vec<Write>) {
        let mut kept = self.kept();
        for (key, value) in writes {
            kept.old.remove(&key);
            // Whoever wrote it read it before, if anybody reads it at all.
            if let Some(known) = kept.young.get_mut(&key) {
                let before = known.as_ref().map_or(0, |value| value.len());
                let after = value.as_ref().map_or(0, |value| value.len());
                *known = value;
                kept.bytes = (kept.bytes + after).saturating_sub(before);
            }
        }
        kept.writes += 1;
    }

    /// Nobody knows what was written.
    pub(crate) fn forget(&self) {
        let mut kept = self.kept();
        (kept.young, kept.old) = Default::default();
        kept.bytes = 0;
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn keep(&mut self, key: IVec, value: Option<IVec>, most: usize) {
        let bytes = EACH + key.len() + value.as_ref().map_or(0, |value| value.len());
        if self.bytes + bytes > most {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        self.bytes += bytes;
        self.young.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<IVec> {
        Some(text.as_bytes().into())
    }

    fn read(recent: &Recent, text: &str) -> Option<IVec> {
        recent.get(b"key", || Ok(value(text))).unwrap()
    }

    #[test]
    fn what_is_known_is_not_read_again_and_follows_what_is_written() {
        let recent = Recent::new(1024 * 1024);
        assert_eq!(read(&recent, "one"), value("one"));
        assert_eq!(read(&recent, "never read"), value("one"));
        recent.changing();
        recent.changed(vec![(b"key".into(), value("two"))]);
        assert_eq!(read(&recent, "never read"), value("two"));
        recent.changing();
        recent.changed(vec![(b"key".into(), None)]);
        assert_eq!(read(&recent, "never read"), None);
    }

    #[test]
    fn what_was_read_while_something_was_written_is_not_kept() {
        let recent = Recent::new(1024 * 1024);
        let during = recent.get(b"key", || {
            recent.changing();
            recent.changed(vec![(b"key".into(), value("new"))]);
            Ok(value("old"))
        });
        assert_eq!(during.unwrap(), value("old"));
        assert_eq!(read(&recent, "new"), value("new"));
        recent.changing();
        let begun = recent.get(b"other", || Ok(value("old")));
        assert_eq!(begun.unwrap(), value("old"));
        recent.changed(vec![(b"other".into(), value("new"))]);
        let after = recent.get(b"other", || Ok(value("new")));
        assert_eq!(after.unwrap(), value("new"));
    }

    #[test]
    fn it_is_bounded_and_forgets_first_what_nobody_asks_for() {
        let recent = Recent::new(16 * 10 * (EACH as u64 + 8));
        for number in 0..1_000_u32 {
            let found = recent.get(&number.to_be_bytes(), || Ok(value("four")));
            assert_eq!(found.unwrap(), value("four"));
            assert_eq!(read(&recent, "kept"), value("kept"));
        }
        let kept = recent.kept();
        assert!(kept.young.len() + kept.old.len() <= 20);
        assert_eq!(kept.young.get(&b"key"[..]), Some(&value("kept")));
    }
}
