//! What `vigie notify` posts: one object, or a list of them, that says in `src` who speaks.
//!
//! The names of the programs are formats of their own; this one takes all of them, for a machine
//! on which several speak.

use serde_json::{Map, Value};

use super::fields::{Fields, Problems};
use super::{
    Body, Format, HookInput, Labels, Parsed, Reading, generic, icinga2, nagios, smokeping,
    snmptrap, syslog,
};

/// The format, as it is listed.
pub const FORMAT: Format = Format {
    name: "notify",
    parse: |input| parse_as(input, &icinga2::READER),
    sample: icinga2::FORMAT.sample,
};

/// How what one program says is read.
pub(super) struct Reader {
    /// Its word in `src`.
    pub src: &'static str,
    /// Whether an object without that word is meant for it.
    pub is_ours: fn(&Map<String, Value>) -> bool,
    /// Reads an object.
    pub read: fn(Fields<'_>, &Labels, &mut Parsed, &mut Problems),
}

static READERS: [&Reader; 5] = [
    &icinga2::READER,
    &nagios::READER,
    &smokeping::READER,
    &snmptrap::READER,
    &syslog::READER,
];

/// Reads a body; objects that do not say who speaks are the usual one's.
pub(super) fn parse_as(input: &HookInput<'_>, usual: &'static Reader) -> Reading {
    let body = Body::read(input)?;
    let objects: Vec<&Map<String, Value>> = match &body {
        Body::Json(Value::Object(map)) | Body::Form(map) => vec![map],
        Body::Json(Value::Array(list)) => list.iter().filter_map(Value::as_object).collect(),
        Body::Json(_) => Vec::new(),
    };
    let readers: Option<Vec<&Reader>> = objects.iter().map(|map| reader(map, usual)).collect();
    let whole = match &body {
        Body::Json(Value::Array(list)) => list.len() == objects.len(),
        _ => true,
    };
    let Some(readers) = readers.filter(|readers| whole && !readers.is_empty()) else {
        return generic::any(&body, input.labels);
    };
    let mut parsed = Parsed::default();
    let mut problems = Problems::default();
    let many = objects.len() > 1;
    for (index, (map, reader)) in objects.into_iter().zip(readers).enumerate() {
        let path = if many {
            format!("[{index}]")
        } else {
            String::new()
        };
        let fields = Fields::new(map, &path, input.labels.zone);
        (reader.read)(fields, input.labels, &mut parsed, &mut problems);
    }
    problems.or(parsed)
}

fn reader(map: &Map<String, Value>, usual: &'static Reader) -> Option<&'static Reader> {
    match map.get("src").and_then(Value::as_str) {
        Some(src) => READERS.iter().copied().find(|reader| reader.src == src),
        None => (usual.is_ours)(map).then_some(usual),
    }
}
