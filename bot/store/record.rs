//! The form of stored records: `[format u8][schema u16 be][crc32c u32 be][payload]`, where the
//! payload is MessagePack with named fields, so that fields may be added.

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Result, StoreError};

/// MessagePack with named fields.
const FORMAT: u8 = 1;
/// Length of what stands before the payload.
const HEADER: usize = 7;

/// A type that is stored.
pub trait Record: Serialize + DeserializeOwned {
    /// Its present schema.
    const SCHEMA: u16;

    /// Reads a payload of an older schema.
    ///
    /// # Errors
    /// The schema is not known, or the payload does not fit it.
    fn upgrade(from: u16, payload: &[u8]) -> Result<Self>;
}

/// Encodes a record.
///
/// # Errors
/// The value cannot be written as MessagePack.
pub fn encode<T: Record>(record: &T) -> Result<Bytes> {
    encode_as(T::SCHEMA, record)
}

/// Encodes a value under a schema number: for callers whose types cannot carry [`Record`].
///
/// # Errors
/// The value cannot be written as MessagePack.
pub fn encode_as<T: Serialize>(schema: u16, record: &T) -> Result<Bytes> {
    let payload = rmp_serde::to_vec_named(record)
        .map_err(|error| StoreError::Damaged(format!("cannot encode: {error}")))?;
    let mut bytes = Vec::with_capacity(HEADER + payload.len());
    bytes.push(FORMAT);
    bytes.extend_from_slice(&schema.to_be_bytes());
    bytes.extend_from_slice(&crc32c::crc32c(&payload).to_be_bytes());
    bytes.extend_from_slice(&payload);
    Ok(bytes.into())
}

/// Decodes a record of this schema or an older one.
///
/// # Errors
/// The bytes are damaged, or were written by a newer program.
pub fn decode<T: Record>(bytes: &[u8]) -> Result<T> {
    let [format, s0, s1, c0, c1, c2, c3, payload @ ..] = bytes else {
        return Err(StoreError::Damaged("record is too short".to_owned()));
    };
    if *format != FORMAT {
        return Err(StoreError::TooNew(format!("record format {format}")));
    }
    if crc32c::crc32c(payload) != u32::from_be_bytes([*c0, *c1, *c2, *c3]) {
        return Err(StoreError::Damaged("record checksum".to_owned()));
    }
    let schema = u16::from_be_bytes([*s0, *s1]);
    match schema.cmp(&T::SCHEMA) {
        std::cmp::Ordering::Equal => rmp_serde::from_slice(payload)
            .map_err(|error| StoreError::Damaged(format!("cannot decode: {error}"))),
        std::cmp::Ordering::Less => T::upgrade(schema, payload),
        std::cmp::Ordering::Greater => Err(StoreError::TooNew(format!("record schema {schema}"))),
    }
}
