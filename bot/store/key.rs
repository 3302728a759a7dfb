//! Ordered keys, encoded by hand so that byte order is the order we want to scan in.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// A key of the store, at most [`crate::MAX_KEY`] bytes. Byte order is scan order.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Key(pub Bytes);

impl Key {
    /// Starts a key with a fixed prefix, such as `"inc/"`.
    #[must_use]
    pub fn of(prefix: &str) -> KeyBuilder {
        KeyBuilder(prefix.as_bytes().to_vec())
    }

    /// The raw bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Appends typed segments to a key.
#[derive(Clone, Debug)]
pub struct KeyBuilder(Vec<u8>);

impl KeyBuilder {
    /// Appends a text segment. `0x00` ends it, a `0x00` inside is written `0x00 0xFF`, so that
    /// a short text sorts before a longer one that starts with it.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        for byte in text.bytes() {
            self.0.push(byte);
            if byte == 0 {
                self.0.push(0xFF);
            }
        }
        self.0.push(0);
        self
    }

    /// Appends an unsigned number, big endian.
    #[must_use]
    pub fn u64(mut self, number: u64) -> Self {
        self.0.extend_from_slice(&number.to_be_bytes());
        self
    }

    /// Appends a signed number so that negative ones sort first.
    #[must_use]
    pub fn i64(self, number: i64) -> Self {
        self.u64((number as u64) ^ (1 << 63))
    }

    /// Ends the key.
    #[must_use]
    pub fn end(self) -> Key {
        Key(self.0.into())
    }
}
