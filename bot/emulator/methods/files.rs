//! Stored files.

use serde_json::{Map, Value, json};

use super::Ctx;
use crate::error::{ApiError, ApiResult};
use crate::params::{FilePart, Params};
use crate::world::{Record, StoredFile, World};

/// Largest file a bot may download.
const MAX_DOWNLOAD: usize = 20 * 1024 * 1024;
/// Most bytes of files kept in memory; the oldest are forgotten first.
const MAX_KEPT: usize = 256 * 1024 * 1024;

/// Keeps a file and gives its description.
pub(crate) fn store(world: &mut World, part: &FilePart) -> StoredFile {
    let number = world.fresh();
    let unique = format!("AQAD{number:08}");
    let folder = match part.mime.split('/').next() {
        Some("image") => "photos",
        Some("audio") => "voice",
        Some("video") => "videos",
        _ => "documents",
    };
    let extension = part
        .name
        .rsplit_once('.')
        .map(|(_, e)| e)
        .filter(|e| e.len() <= 8 && e.chars().all(|c| c.is_ascii_alphanumeric()))
        .unwrap_or("bin");
    let file = StoredFile {
        id: format!("AgACAgQAAxkBAAIB{number:08}{unique}"),
        path: format!("{folder}/file_{number}.{extension}"),
        unique,
        name: part.name.clone(),
        mime: part.mime.clone(),
        size: part.bytes.len(),
        pixels: super::media::dimensions(&part.bytes),
        bytes: part.bytes.clone(),
    };
    world.records.touch(Record::File(file.id.clone()));
    world.file_bytes += file.bytes.len();
    world.file_order.push_back(file.id.clone());
    while world.file_bytes > MAX_KEPT {
        let Some(old) = world.file_order.pop_front() else {
            break;
        };
        if let Some(old) = world.files.remove(&old) {
            world.file_bytes -= old.bytes.len();
            world.records.touch(Record::File(old.id));
        }
    }
    world.files.insert(file.id.clone(), file.clone());
    file
}

/// The object of a file in a message.
pub(crate) fn file_json(file: &StoredFile) -> Value {
    let mut map = Map::new();
    map.insert("file_id".into(), json!(file.id));
    map.insert("file_unique_id".into(), json!(file.unique));
    map.insert("file_size".into(), json!(file.size));
    map.insert("file_name".into(), json!(file.name));
    map.insert("mime_type".into(), json!(file.mime));
    Value::Object(map)
}

/// `getFile`.
pub(super) fn get(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let id = params.text("file_id");
    if id.is_empty() {
        return Err(ApiError::bad("file_id not specified"));
    }
    let file = ctx
        .world
        .files
        .get(&id)
        .ok_or_else(|| ApiError::bad("wrong file_id or the file is temporarily unavailable"))?;
    if file.size > MAX_DOWNLOAD {
        return Err(ApiError::bad("file is too big"));
    }
    Ok(json!({
        "file_id": file.id,
        "file_unique_id": file.unique,
        "file_size": file.size,
        "file_path": file.path,
    }))
}
