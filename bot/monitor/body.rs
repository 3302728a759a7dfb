//! The body of a hook as JSON, whether it came as JSON, as a form, or as text that holds either.

use futures::FutureExt as _;
use serde_json::{Map, Value};
use vigie_domain::text::clean;

use super::{FieldProblem, HookInput};

/// Characters of an unreadable body that the answer repeats, so that its sender recognises it.
const SHOWN: usize = 80;

/// A body that was read.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// JSON.
    Json(Value),
    /// The fields of a form; a field that is given several times is a list.
    Form(Map<String, Value>),
}

impl Body {
    /// Reads the body of a hook.
    ///
    /// # Errors
    /// It is empty, or neither JSON nor a form.
    pub fn read(input: &HookInput<'_>) -> Result<Self, Vec<FieldProblem>> {
        if let Some(fields) = parts(input) {
            return Ok(Self::Form(fields));
        }
        // Old monitoring plugins write Latin-1; a strange letter is better than a lost alert.
        let text = String::from_utf8_lossy(input.body);
        let text = text.trim_start_matches('\u{FEFF}').trim();
        if text.is_empty() {
            return Err(problem("the body is empty".to_owned()));
        }
        let kind = input.content_type.to_ascii_lowercase();
        let json_like = text.starts_with(['{', '[']);
        if kind.starts_with("application/x-www-form-urlencoded") && !json_like {
            return Ok(Self::Form(form(text)));
        }
        match serde_json::from_str(text) {
            Ok(value) => Ok(Self::Json(value)),
            Err(_) if !json_like && !kind.contains("json") && is_form(text) => {
                Ok(Self::Form(form(text)))
            }
            Err(error) => {
                let start: String = clean(text).chars().take(SHOWN).collect();
                Err(problem(format!(
                    "not readable as JSON ({error}); the body begins with: {start}"
                )))
            }
        }
    }
}

fn problem(what: String) -> Vec<FieldProblem> {
    vec![FieldProblem {
        path: String::new(),
        what,
    }]
}

/// Whether a text without a type looks like a form: `name=value`, the name without spaces.
fn is_form(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
    })
}

fn form(text: &str) -> Map<String, Value> {
    let mut fields = Map::new();
    for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
        add(&mut fields, &name, value.into_owned());
    }
    fields
}

fn add(fields: &mut Map<String, Value>, name: &str, value: String) {
    let value = Value::String(value);
    match fields.get_mut(name) {
        None => {
            fields.insert(name.to_owned(), value);
        }
        Some(Value::Array(values)) => values.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
    }
}

/// The fields of a body in parts, as browsers and Uptime Kuma send forms with files.
fn parts(input: &HookInput<'_>) -> Option<Map<String, Value>> {
    let boundary = multer::parse_boundary(input.content_type).ok()?;
    let whole = bytes::Bytes::copy_from_slice(input.body);
    let whole = futures::stream::once(async { Ok::<_, std::convert::Infallible>(whole) });
    let mut parts = multer::Multipart::new(whole, boundary);
    let reading = async {
        let mut fields = Map::new();
        while let Some(part) = parts.next_field().await? {
            let name = part.name().unwrap_or_default().to_owned();
            let value = part.bytes().await?;
            add(
                &mut fields,
                &name,
                String::from_utf8_lossy(&value).into_owned(),
            );
        }
        Ok::<_, multer::Error>(fields)
    };
    // The body is here as a whole: nothing is waited for.
    reading.now_or_never()?.ok()
}
