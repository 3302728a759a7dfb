//! The body of a hook as JSON, whether it came as JSON, as a form, or as text that holds either.

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
        let value = Value::String(value.into_owned());
        match fields.get_mut(name.as_ref()) {
            None => {
                fields.insert(name.into_owned(), value);
            }
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }
    fields
}
