//! Sending media.

use serde_json::{Map, Value, json};

use super::Ctx;
use super::files::{file_json, store};
use crate::error::{ApiError, ApiResult};
use crate::params::{FilePart, Params};
use crate::text::{Formatted, MAX_CAPTION};
use crate::world::StoredFile;

/// What tells one kind of media from another.
struct Media {
    field: &'static str,
    right: &'static str,
    what: &'static str,
    /// Fields copied from the call into the media object.
    extra: &'static [&'static str],
    caption: bool,
}

const PHOTO: Media = Media {
    field: "photo",
    right: "can_send_photos",
    what: "photos",
    extra: &[],
    caption: true,
};
const DOCUMENT: Media = Media {
    field: "document",
    right: "can_send_documents",
    what: "documents",
    extra: &[],
    caption: true,
};
const VOICE: Media = Media {
    field: "voice",
    right: "can_send_voice_notes",
    what: "voice notes",
    extra: &["duration"],
    caption: true,
};
const AUDIO: Media = Media {
    field: "audio",
    right: "can_send_audios",
    what: "music",
    extra: &["duration", "performer", "title"],
    caption: true,
};
const VIDEO: Media = Media {
    field: "video",
    right: "can_send_videos",
    what: "videos",
    extra: &["duration", "width", "height"],
    caption: true,
};
const ANIMATION: Media = Media {
    field: "animation",
    right: "can_send_other_messages",
    what: "animations",
    extra: &["duration", "width", "height"],
    caption: true,
};
const STICKER: Media = Media {
    field: "sticker",
    right: "can_send_other_messages",
    what: "stickers",
    extra: &["width", "height"],
    caption: false,
};
const VIDEO_NOTE: Media = Media {
    field: "video_note",
    right: "can_send_video_notes",
    what: "video notes",
    extra: &["duration", "length"],
    caption: false,
};

macro_rules! sender {
    ($name:ident, $media:ident, $method:literal) => {
        #[doc = concat!("`", $method, "`.")]
        pub(super) fn $name(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
            send(ctx, params, &$media)
        }
    };
}

sender!(photo, PHOTO, "sendPhoto");
sender!(document, DOCUMENT, "sendDocument");
sender!(voice, VOICE, "sendVoice");
sender!(audio, AUDIO, "sendAudio");
sender!(video, VIDEO, "sendVideo");
sender!(animation, ANIMATION, "sendAnimation");
sender!(sticker, STICKER, "sendSticker");
sender!(video_note, VIDEO_NOTE, "sendVideoNote");

fn send(ctx: &mut Ctx<'_>, params: &Params, media: &Media) -> ApiResult {
    let target = ctx.destination(params, media.right, media.what)?;
    let caption = if media.caption {
        caption_of(params)?
    } else {
        Formatted::default()
    };
    let reference = params.text(media.field);
    let part = params.files.get(media.field);
    let file = resolve(ctx, params, media.field, &reference, part)?;
    let mut body = Map::new();
    body.insert(
        media.field.into(),
        object(media, &file, |name| {
            params
                .int(name)
                .map(Value::from)
                .or_else(|| params.some_text(name).map(Value::from))
        }),
    );
    if media.field == "animation" {
        body.insert("document".into(), file_json(&file));
    }
    caption.put(&mut body, "caption", "caption_entities");
    flags(&mut body, |name| params.flag(name));
    ctx.deliver(target, body)
}

fn flags(body: &mut Map<String, Value>, flag: impl Fn(&str) -> bool) {
    if flag("has_spoiler") {
        body.insert("has_media_spoiler".into(), json!(true));
    }
    if flag("show_caption_above_media") && body.contains_key("caption") {
        body.insert("show_caption_above_media".into(), json!(true));
    }
}

fn caption_of(params: &Params) -> ApiResult<Formatted> {
    let caption = Formatted::from_params(params, "caption", "caption_entities")?;
    if caption.len() > MAX_CAPTION {
        return Err(ApiError::bad("message caption is too long"));
    }
    Ok(caption)
}

/// Finds or keeps the file an argument means: an upload, `attach://name`, a file id or an address.
fn resolve(
    ctx: &mut Ctx<'_>,
    params: &Params,
    field: &str,
    reference: &str,
    part: Option<&FilePart>,
) -> ApiResult<StoredFile> {
    let attached = reference
        .strip_prefix("attach://")
        .and_then(|name| params.files.get(name));
    if let Some(part) = part.or(attached) {
        if part.bytes.is_empty() {
            return Err(ApiError::bad("file must be non-empty"));
        }
        let limit = if field == "photo" { 10 } else { 50 };
        if part.bytes.len() > limit * 1024 * 1024 {
            return Err(if field == "photo" {
                ApiError::bad("file is too big")
            } else {
                ApiError::new(413, "Request Entity Too Large")
            });
        }
        let mut part = part.clone();
        if field == "photo" && !part.mime.starts_with("image/") {
            part.mime = sniff(&part.bytes)
                .ok_or_else(|| ApiError::bad("IMAGE_PROCESS_FAILED"))?
                .to_owned();
        }
        return Ok(store(ctx.world, &part));
    }
    if reference.starts_with("http://") || reference.starts_with("https://") {
        // Nothing is fetched from outside: the address itself becomes the content.
        let name = reference.rsplit('/').next().unwrap_or("file").to_owned();
        let mime = if field == "photo" {
            "image/jpeg"
        } else {
            "application/octet-stream"
        };
        let part = FilePart {
            name,
            mime: mime.into(),
            bytes: reference.to_owned().into(),
        };
        return Ok(store(ctx.world, &part));
    }
    if reference.is_empty() || reference.starts_with("attach://") {
        return Err(ApiError::bad(format!(
            "there is no {} in the request",
            field.replace('_', " ")
        )));
    }
    ctx.world
        .files
        .get(reference)
        .cloned()
        .ok_or_else(|| ApiError::bad("wrong remote file identifier specified: Wrong string length"))
}

fn sniff(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Some("image/webp"),
        _ => None,
    }
}

fn object(media: &Media, file: &StoredFile, given: impl Fn(&str) -> Option<Value>) -> Value {
    if media.field == "photo" {
        return photo_sizes(file);
    }
    let mut value = file_json(file);
    if let Some(map) = value.as_object_mut() {
        if matches!(media.field, "voice" | "video_note" | "sticker") {
            map.shift_remove("file_name");
        }
        for name in media.extra {
            let fallback = match *name {
                "duration" => Some(json!(0)),
                "width" | "height" | "length" => Some(json!(320)),
                _ => None,
            };
            if let Some(value) = given(name).or(fallback) {
                map.insert((*name).into(), value);
            }
        }
        if media.field == "sticker" {
            map.shift_remove("mime_type");
            map.insert("type".into(), json!("regular"));
            map.insert("is_animated".into(), json!(false));
            map.insert("is_video".into(), json!(false));
        }
    }
    value
}

/// A photo as a list of sizes; only the original one is kept.
pub(crate) fn photo_sizes(file: &StoredFile) -> Value {
    let (width, height) = file.pixels.unwrap_or((320, 320));
    json!([{
        "file_id": file.id,
        "file_unique_id": file.unique,
        "file_size": file.size,
        "width": width,
        "height": height,
    }])
}

/// Width and height of a PNG, from its header.
pub(super) fn dimensions(bytes: &[u8]) -> Option<(u32, u32)> {
    if !bytes.starts_with(&[0x89, b'P', b'N', b'G']) {
        return None;
    }
    let number = |from: usize| -> Option<u32> {
        let four: [u8; 4] = bytes.get(from..from + 4)?.try_into().ok()?;
        Some(u32::from_be_bytes(four))
    };
    Some((number(16)?, number(20)?))
}

fn kind(name: &str) -> Option<&'static Media> {
    match name {
        "photo" => Some(&PHOTO),
        "document" => Some(&DOCUMENT),
        "audio" => Some(&AUDIO),
        "video" => Some(&VIDEO),
        "animation" => Some(&ANIMATION),
        _ => None,
    }
}

/// The message body of one `InputMedia`.
pub(super) fn item(
    ctx: &mut Ctx<'_>,
    params: &Params,
    item: &Value,
) -> ApiResult<Map<String, Value>> {
    let text = |name: &str| item.get(name).and_then(Value::as_str).unwrap_or("");
    let media = kind(text("type"))
        .ok_or_else(|| ApiError::bad("can't parse InputMedia: unsupported type"))?;
    let reference = text("media");
    if reference.is_empty() {
        return Err(ApiError::bad("can't parse InputMedia: media not found"));
    }
    let given = item
        .get("caption_entities")
        .filter(|_| text("parse_mode").is_empty());
    let caption = Formatted::parse(text("caption"), text("parse_mode"), given)?;
    if caption.len() > MAX_CAPTION {
        return Err(ApiError::bad("message caption is too long"));
    }
    let file = resolve(ctx, params, media.field, reference, None)?;
    let mut body = Map::new();
    body.insert(
        media.field.into(),
        object(media, &file, |name| item.get(name).cloned()),
    );
    caption.put(&mut body, "caption", "caption_entities");
    flags(&mut body, |name| item.get(name) == Some(&json!(true)));
    Ok(body)
}

/// `sendMediaGroup`.
pub(super) fn group(ctx: &mut Ctx<'_>, params: &Params) -> ApiResult {
    let list = params
        .json("media")
        .map_err(|_| ApiError::bad("can't parse media JSON object"))?;
    let list = match list {
        Some(Value::Array(list)) => list,
        Some(_) => return Err(ApiError::bad("expected an Array of InputMedia")),
        None => return Err(ApiError::bad("there is no media in the request")),
    };
    if !(2..=10).contains(&list.len()) {
        return Err(ApiError::bad(
            "group send failed: wrong number of media; 2-10 are expected",
        ));
    }
    let types: Vec<&str> = list
        .iter()
        .filter_map(|m| m.get("type")?.as_str())
        .collect();
    let alone = |kind: &str| types.contains(&kind) && types.iter().any(|t| *t != kind);
    if alone("document") || alone("audio") {
        return Err(ApiError::bad(
            "document and audio can't be mixed with other media types in an album",
        ));
    }
    ctx.destination(params, PHOTO.right, PHOTO.what)?;
    let bodies = list
        .iter()
        .map(|one| item(ctx, params, one))
        .collect::<ApiResult<Vec<_>>>()?;
    let album = format!("13{:015}", ctx.world.fresh());
    let mut sent = Vec::new();
    for mut body in bodies {
        body.insert("media_group_id".into(), json!(album));
        let target = ctx.destination(params, PHOTO.right, PHOTO.what)?;
        sent.push(ctx.deliver(target, body)?);
    }
    Ok(Value::Array(sent))
}
