//! JSON: the place of every value is where its text lies in the whole text.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::problem::{Hint, What};
use super::source::{Fault, Field, Sink, Value, split};

pub(super) fn read<'a>(text: &'a str, sink: &mut dyn Sink<'a>) {
    let top = serde_json::from_str::<&RawValue>(text).and_then(|raw| plain(text, raw, 0));
    match top {
        Ok(Value::Table(fields)) => split(fields, sink),
        Ok(other) => sink.fault(Fault {
            at: 0,
            what: What::WrongType,
            field: String::new(),
            value: other.shown(),
            hint: Hint::OneOf("{…}".to_owned()),
            first: None,
        }),
        Err(error) => sink.fault(Fault {
            at: offset(text, error.line(), error.column()),
            what: What::Syntax,
            field: String::new(),
            value: without_place(&error.to_string()),
            hint: Hint::None,
            first: None,
        }),
    }
}

/// The reader's message without "at line 3 column 7": the place is told apart.
fn without_place(message: &str) -> String {
    let end = message.rfind(" at line ").unwrap_or(message.len());
    message.get(..end).unwrap_or(message).to_owned()
}

fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    before + column.saturating_sub(1)
}

/// Where a part of the text begins in it.
fn place(text: &str, part: &str) -> usize {
    part.as_ptr().addr().saturating_sub(text.as_ptr().addr())
}

/// Deepest nesting that is looked into: what lies deeper is of no field that we know.
const MAX_DEPTH: usize = 8;

fn plain<'a>(text: &'a str, raw: &'a RawValue, depth: usize) -> serde_json::Result<Value<'a>> {
    let source = raw.get();
    Ok(match source.as_bytes().first() {
        Some(b'{' | b'[') if depth == MAX_DEPTH => Value::Other("…"),
        Some(b'{') => Value::Table(
            serde_json::from_str::<Entries<'_>>(source)?
                .0
                .into_iter()
                .filter(|(_, value)| value.get() != "null")
                .map(|(name, value)| {
                    let at = place(text, value.get());
                    Ok(Field {
                        name,
                        name_at: at,
                        at,
                        value: plain(text, value, depth + 1)?,
                    })
                })
                .collect::<serde_json::Result<_>>()?,
        ),
        Some(b'[') => Value::List(
            serde_json::from_str::<Vec<&RawValue>>(source)?
                .into_iter()
                .map(|item| Ok((place(text, item.get()), plain(text, item, depth + 1)?)))
                .collect::<serde_json::Result<_>>()?,
        ),
        Some(b'"') => Value::Text(Cow::Owned(serde_json::from_str(source)?)),
        Some(b't') => Value::Flag(true),
        Some(b'f') => Value::Flag(false),
        Some(b'n') => Value::Other("null"),
        _ => Value::Number(Cow::Borrowed(source)),
    })
}

/// The entries of an object in their order, also those that are given twice.
struct Entries<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, &'de RawValue>()? {
                    entries.push((Cow::Owned(name), value));
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}
