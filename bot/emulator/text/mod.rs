//! Text with entities: parsing of the three markup modes, detection, lengths.

mod detect;
mod html;
mod markdown;
mod scan;

use serde_json::{Map, Value, json};

use crate::error::{ApiError, ApiResult};
use crate::params::Params;

pub(crate) use detect::detect;

/// Longest text of a message, in UTF-16 units after parsing.
pub(crate) const MAX_TEXT: usize = 4096;
/// Longest caption, in UTF-16 units after parsing.
pub(crate) const MAX_CAPTION: usize = 1024;
/// Largest raw text accepted before parsing, in bytes.
const MAX_RAW: usize = 32 * 1024;
/// Entities kept in one message.
const MAX_ENTITIES: usize = 100;

/// One entity; offsets and lengths are in UTF-16 units.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entity {
    pub kind: String,
    pub offset: usize,
    pub length: usize,
    pub extra: Map<String, Value>,
}

impl Entity {
    pub fn new(kind: &str, offset: usize, length: usize) -> Self {
        Self {
            kind: kind.to_owned(),
            offset,
            length,
            extra: Map::new(),
        }
    }

    pub fn end(&self) -> usize {
        self.offset.saturating_add(self.length)
    }

    fn to_json(&self) -> Value {
        let mut map = Map::new();
        map.insert("offset".into(), json!(self.offset));
        map.insert("length".into(), json!(self.length));
        map.insert("type".into(), json!(self.kind));
        map.extend(self.extra.clone());
        Value::Object(map)
    }
}

/// A text and its entities.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Formatted {
    pub text: String,
    pub entities: Vec<Entity>,
}

impl Formatted {
    /// A person's text: entities are only detected.
    pub fn plain(text: &str) -> Self {
        let mut plain = Self {
            text: text.to_owned(),
            entities: Vec::new(),
        };
        plain.clean();
        plain
    }

    /// Reads `{field}`, `parse_mode` and `{entities_field}` of a call.
    pub fn from_params(params: &Params, field: &str, entities_field: &str) -> ApiResult<Self> {
        let mode = params.text("parse_mode");
        let given = if mode.is_empty() {
            params
                .json(entities_field)
                .map_err(|_| ApiError::bad("can't parse entities JSON object"))?
        } else {
            None
        };
        Self::parse(&params.text(field), &mode, given.as_ref())
    }

    /// Parses a text by its mode, or takes the given entities.
    pub fn parse(raw: &str, mode: &str, given: Option<&Value>) -> ApiResult<Self> {
        if raw.len() > MAX_RAW {
            return Err(ApiError::bad("message is too long"));
        }
        let refused = |e: String| ApiError::bad(format!("can't parse entities: {e}"));
        let mut formatted = match mode.to_ascii_lowercase().as_str() {
            "" => Self {
                text: raw.to_owned(),
                entities: given
                    .map(given_entities)
                    .transpose()
                    .map_err(refused)?
                    .unwrap_or_default(),
            },
            "html" => html::parse(raw).map_err(refused)?,
            "markdownv2" => markdown::parse_v2(raw).map_err(refused)?,
            "markdown" => markdown::parse_v1(raw).map_err(refused)?,
            _ => return Err(ApiError::bad("unsupported parse_mode")),
        };
        formatted.clean();
        Ok(formatted)
    }

    /// Takes out carriage returns and marks of line and direction, turns control characters into spaces.
    fn tidy(&mut self) {
        let dropped = |c: char| c == '\r' || ('\u{2028}'..='\u{202e}').contains(&c);
        let odd = |c: char| dropped(c) || (c < ' ' && c != '\n');
        if !self.text.contains(odd) {
            return;
        }
        let mut removed = Vec::new();
        let mut text = String::with_capacity(self.text.len());
        let mut at = 0;
        for c in self.text.chars() {
            if dropped(c) {
                removed.push(at);
            } else {
                text.push(if odd(c) { ' ' } else { c });
            }
            at += c.len_utf16();
        }
        self.text = text;
        let moved = |x: usize| x - removed.partition_point(|r| *r < x);
        for entity in &mut self.entities {
            let (begin, end) = (moved(entity.offset), moved(entity.end()));
            entity.offset = begin;
            entity.length = end - begin;
        }
    }

    /// Trims, adds what is detected, sorts and caps the entities.
    fn clean(&mut self) {
        self.tidy();
        let kept = self.text.trim_end();
        let total = utf16_len(kept);
        let start = kept.trim_start();
        let cut = total - utf16_len(start);
        self.text = start.to_owned();
        for entity in &mut self.entities {
            let begin = entity.offset.clamp(cut, total);
            let end = entity.end().clamp(cut, total);
            entity.offset = begin - cut;
            entity.length = end - begin;
        }
        self.entities.retain(|e| e.length > 0);
        let found = detect(&self.text);
        let blocked: Vec<(usize, usize)> = self
            .entities
            .iter()
            .filter(|e| stops_detection(&e.kind))
            .map(|e| (e.offset, e.end()))
            .collect();
        for entity in found {
            let free =
                |&(begin, end): &(usize, usize)| entity.end() <= begin || end <= entity.offset;
            if blocked.iter().all(free) {
                self.entities.push(entity);
            }
        }
        self.entities
            .sort_by(|a, b| a.offset.cmp(&b.offset).then(b.length.cmp(&a.length)));
        self.entities.dedup();
        self.entities.truncate(MAX_ENTITIES);
    }

    /// Length in UTF-16 units.
    pub fn len(&self) -> usize {
        utf16_len(&self.text)
    }

    /// Writes the text and its entities into a message body.
    pub fn put(&self, body: &mut Map<String, Value>, field: &str, entities_field: &str) {
        if self.text.is_empty() {
            return;
        }
        body.insert(field.into(), json!(self.text));
        if !self.entities.is_empty() {
            let list = self.entities.iter().map(Entity::to_json).collect();
            body.insert(entities_field.into(), Value::Array(list));
        }
    }
}

/// Length in UTF-16 units.
pub(crate) fn utf16_len(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

fn stops_detection(kind: &str) -> bool {
    matches!(
        kind,
        "code"
            | "pre"
            | "text_link"
            | "text_mention"
            | "url"
            | "mention"
            | "bot_command"
            | "email"
            | "phone_number"
            | "hashtag"
            | "cashtag"
    )
}

fn given_entities(list: &Value) -> Result<Vec<Entity>, String> {
    let list = list
        .as_array()
        .ok_or("expected an Array of MessageEntity")?;
    let mut entities = Vec::with_capacity(list.len());
    for item in list {
        let object = item
            .as_object()
            .ok_or("expected an Object as MessageEntity")?;
        let number = |name: &str| -> Result<i64, String> {
            let value = object
                .get(name)
                .ok_or(format!("can't find field \"{name}\""))?;
            value
                .as_i64()
                .or_else(|| value.as_str()?.parse().ok())
                .ok_or(format!("field \"{name}\" must be of type Number"))
        };
        let kind = object
            .get("type")
            .and_then(Value::as_str)
            .ok_or("can't find field \"type\"")?;
        let (offset, length) = (number("offset")?, number("length")?);
        let (Ok(offset), Ok(length)) = (usize::try_from(offset), usize::try_from(length)) else {
            return Err("entity has invalid offset or length".into());
        };
        if !EXPLICIT.contains(&kind) {
            if DETECTED.contains(&kind) {
                continue;
            }
            return Err("unsupported entity type specified".to_string());
        }
        let mut entity = Entity::new(kind, offset, length);
        for name in [
            "url",
            "user",
            "language",
            "custom_emoji_id",
            "unix_time",
            "date_time_format",
        ] {
            if let Some(value) = object.get(name) {
                entity.extra.insert(name.into(), value.clone());
            }
        }
        entities.push(entity);
    }
    Ok(entities)
}

/// Entities a bot may give itself.
const EXPLICIT: [&str; 14] = [
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "blockquote",
    "expandable_blockquote",
    "code",
    "pre",
    "text_link",
    "text_mention",
    "custom_emoji",
    "date_time",
    "url",
];
/// Entities the server finds by itself; given ones are ignored.
const DETECTED: [&str; 7] = [
    "mention",
    "hashtag",
    "cashtag",
    "bot_command",
    "email",
    "phone_number",
    "bank_card_number",
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn inside(formatted: &Formatted) -> bool {
        let length = formatted.len();
        formatted
            .entities
            .iter()
            .all(|e| e.length > 0 && e.end() <= length)
    }

    proptest! {
        #[test]
        fn any_text_is_parsed_or_refused(text in r#"[a-z é😀\n<>&/="'*_~`|\[\]()\\!.>#@+0-9-]{0,60}"#) {
            for mode in ["", "HTML", "MarkdownV2", "Markdown"] {
                if let Ok(formatted) = Formatted::parse(&text, mode, None) {
                    prop_assert!(inside(&formatted), "{mode}: {formatted:?}");
                }
            }
        }

        #[test]
        fn escaped_html_is_the_text_again(text in ".{0,60}") {
            let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            let html = Formatted::parse(&escaped, "HTML", None).map_err(|e| TestCaseError::fail(e.description))?;
            let plain = Formatted::parse(&text, "", None).map_err(|e| TestCaseError::fail(e.description))?;
            prop_assert_eq!(html, plain);
        }

        #[test]
        fn escaped_markdown_is_the_text_again(text in "[ -~é😀]{0,60}") {
            let escape = |c: char| if c.is_ascii_punctuation() { format!("\\{c}") } else { c.to_string() };
            let escaped: String = text.chars().map(escape).collect();
            let marked = Formatted::parse(&escaped, "MarkdownV2", None).map_err(|e| TestCaseError::fail(e.description))?;
            let plain = Formatted::parse(&text, "", None).map_err(|e| TestCaseError::fail(e.description))?;
            prop_assert_eq!(marked, plain);
        }

        #[test]
        fn given_entities_stay_inside(text in ".{0,20}", offset in any::<u32>(), length in any::<i64>()) {
            let given = json!([{ "type": "bold", "offset": offset, "length": length }]);
            if let Ok(formatted) = Formatted::parse(&text, "", Some(&given)) {
                prop_assert!(inside(&formatted), "{formatted:?}");
            }
        }
    }
}
