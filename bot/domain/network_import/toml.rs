//! TOML: every fault of the syntax at once, and the place of every value.

use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};

use super::problem::{Hint, What};
use super::source::{Fault, Field, Sink, Value, split};

pub(super) fn read<'a>(text: &'a str, sink: &mut dyn Sink<'a>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let unreadable = !errors.is_empty();
    for error in errors {
        sink.fault(Fault {
            at: error.span().map_or(0, |span| span.start),
            what: What::Syntax,
            field: String::new(),
            value: error.message().to_owned(),
            hint: Hint::None,
            first: None,
        });
    }
    // What was recovered after a fault of the syntax is guesswork: faults of the content would
    // only hide the one to mend.
    if !unreadable {
        split(fields(table.into_inner()), sink);
    }
}

fn fields(table: DeTable<'_>) -> Vec<Field<'_>> {
    table
        .into_iter()
        .map(|(name, value)| Field {
            name_at: name.span().start,
            name: name.into_inner(),
            at: value.span().start,
            value: plain(value),
        })
        .collect()
}

fn plain(value: Spanned<DeValue<'_>>) -> Value<'_> {
    match value.into_inner() {
        DeValue::String(text) => Value::Text(text),
        DeValue::Integer(number) => Value::Number(number.to_string().into()),
        DeValue::Float(number) => Value::Number(number.to_string().into()),
        DeValue::Boolean(flag) => Value::Flag(flag),
        DeValue::Datetime(_) => Value::Other("date"),
        DeValue::Array(items) => Value::List(
            items
                .into_iter()
                .map(|item| (item.span().start, plain(item)))
                .collect(),
        ),
        DeValue::Table(table) => Value::Table(fields(table)),
    }
}
