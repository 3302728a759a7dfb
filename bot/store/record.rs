//! The format of stored records: `[format][schema be2][crc32c be4][payload]`.
//!
//! Promise: a record says which version wrote it, its payload is checked, records of older
//! versions are lifted on reading, and records of newer versions are refused rather than misread.
//! The payload is MessagePack with named fields: a field that was added is ignored by the
//! program one release older, and gets its default from records one release older.

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Result, StoreError};

/// The only format so far: MessagePack with named fields.
const FORMAT: u8 = 1;
/// Bytes before the payload.
const HEADER: usize = 7;

/// Something that is stored.
pub trait Record: Serialize + DeserializeOwned {
    /// Version of the type's fields. Raise it when old bytes no longer read as this type.
    const SCHEMA: u16;

    /// Makes this type out of the payload of an older version.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when there never was such a version.
    fn upgrade(from: u16, payload: &[u8]) -> Result<Self>;
}

/// Encodes a record.
///
/// # Errors
/// [`StoreError::Io`] when the type cannot be serialized.
pub fn encode<R: Record>(record: &R) -> Result<Bytes> {
    encode_as(R::SCHEMA, record)
}

/// Encodes a value under a version, for types that are not ours to make a [`Record`].
///
/// # Errors
/// [`StoreError::Io`] when the type cannot be serialized.
pub fn encode_as<T: Serialize>(schema: u16, record: &T) -> Result<Bytes> {
    let payload = rmp_serde::to_vec_named(record)
        .map_err(|error| StoreError::Io(format!("a record was not encoded: {error}")))?;
    let mut crc = crc32c::crc32c(&[FORMAT]);
    crc = crc32c::crc32c_append(crc, &schema.to_be_bytes());
    crc = crc32c::crc32c_append(crc, &payload);
    let mut raw = Vec::with_capacity(HEADER + payload.len());
    raw.push(FORMAT);
    raw.extend_from_slice(&schema.to_be_bytes());
    raw.extend_from_slice(&crc.to_be_bytes());
    raw.extend_from_slice(&payload);
    Ok(raw.into())
}

/// Decodes a record of this or an older version.
///
/// # Errors
/// [`StoreError::Damaged`] when the bytes are not what was written, [`StoreError::TooNew`] when a
/// newer program wrote them.
pub fn decode<R: Record>(raw: &[u8]) -> Result<R> {
    let (schema, payload) = open(raw)?;
    if schema > R::SCHEMA {
        return Err(StoreError::TooNew(format!(
            "a record has version {schema}, this program knows {}",
            R::SCHEMA
        )));
    }
    if schema < R::SCHEMA {
        return R::upgrade(schema, payload);
    }
    payload_as(payload)
}

/// Reads a payload as some type; for [`Record::upgrade`].
///
/// # Errors
/// [`StoreError::Damaged`] when it is not of that type.
pub fn payload_as<T: DeserializeOwned>(payload: &[u8]) -> Result<T> {
    rmp_serde::from_slice(payload)
        .map_err(|error| StoreError::Damaged(format!("a record cannot be read: {error}")))
}

/// The error for a version that never was.
///
/// # Errors
/// Always.
pub fn unknown_version<R>(from: u16) -> Result<R> {
    Err(StoreError::Damaged(format!(
        "a record claims version {from}, which never was"
    )))
}

fn open(raw: &[u8]) -> Result<(u16, &[u8])> {
    let broken = || StoreError::Damaged("a record is cut short".to_owned());
    let (header, payload) = raw.split_at_checked(HEADER).ok_or_else(broken)?;
    let &[format, high, low, c0, c1, c2, c3] = header else {
        return Err(broken());
    };
    if format != FORMAT {
        return Err(StoreError::TooNew(format!(
            "a record has format {format}, this program knows {FORMAT}"
        )));
    }
    let crc = crc32c::crc32c_append(crc32c::crc32c(&[format, high, low]), payload);
    if crc != u32::from_be_bytes([c0, c1, c2, c3]) {
        return Err(StoreError::Damaged(
            "a record fails its checksum".to_owned(),
        ));
    }
    Ok((u16::from_be_bytes([high, low]), payload))
}
