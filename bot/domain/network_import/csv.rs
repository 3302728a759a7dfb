//! CSV as spreadsheets write it: `;`, `,` or tab between the cells, French or English headings,
//! one row per thing. The class `secteur` or `site` declares a sector or a site.

use std::borrow::Cow;

use ::csv::{ReaderBuilder, StringRecord};

use super::problem::{Hint, What};
use super::source::{Fault, Field, Kind, Record, Sink, Value};
use super::words;

pub(super) fn read(text: &str, sink: &mut dyn Sink<'_>) {
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter(text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut row = StringRecord::new();
    let mut headings: Option<Columns> = None;
    loop {
        match reader.read_record(&mut row) {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                sink.fault(Fault {
                    at: error.position().map_or(0, place),
                    what: What::Syntax,
                    field: String::new(),
                    value: error.to_string(),
                    hint: Hint::None,
                    first: None,
                });
                return;
            }
        }
        let at = row.position().map_or(0, place);
        let blank = row.iter().all(|cell| cell.trim().is_empty());
        let comment = row
            .get(0)
            .is_some_and(|cell| cell.trim_start().starts_with('#'));
        if blank || comment {
            continue;
        }
        let Some(columns) = &headings else {
            let names: Vec<_> = row.iter().map(|cell| cell.trim().to_owned()).collect();
            let Some(found) = columns_of(at, &names, sink) else {
                return;
            };
            headings = Some(found);
            continue;
        };
        if row.len() == columns.fields.len() {
            sink.record(record(at, columns, &row));
        } else {
            sink.fault(Fault {
                at,
                what: What::Cells,
                field: String::new(),
                value: row.len().to_string(),
                hint: Hint::Limit(i64::try_from(columns.fields.len()).unwrap_or(i64::MAX)),
                first: None,
            });
        }
    }
}

fn place(position: &::csv::Position) -> usize {
    usize::try_from(position.byte()).unwrap_or(usize::MAX)
}

/// The sign that divides the first line best.
fn delimiter(text: &str) -> u8 {
    let heading = text
        .lines()
        .find(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .unwrap_or_default();
    let count = |sign: u8| heading.bytes().filter(|byte| *byte == sign).count();
    // `max_by_key` keeps the last of equals: the comma where none of the signs is there.
    [b'\t', b';', b',']
        .into_iter()
        .max_by_key(|sign| count(*sign))
        .unwrap_or(b',')
}

/// The field of each column, `None` where nobody knows it (which is told once, here).
fn columns_of(at: usize, names: &[String], sink: &mut dyn Sink<'_>) -> Option<Columns> {
    let kind = if names.iter().any(|name| tells_people(name)) {
        Kind::Person
    } else {
        Kind::Equipment
    };
    let field = |name: &String| {
        words::field(kind, name)
            .or_else(|| (kind == Kind::Equipment).then(|| words::field(Kind::Site, name))?)
    };
    let fields: Vec<_> = names.iter().map(field).collect();
    let fault = |what, value: String, hint| Fault {
        at,
        what,
        field: String::new(),
        value,
        hint,
        first: None,
    };
    if fields.iter().all(Option::is_none) {
        let hint = Hint::OneOf("nom, classe, parent, secteur, site, alias".to_owned());
        sink.fault(fault(What::Headings, names.join(" "), hint));
        return None;
    }
    for (name, field) in names.iter().zip(&fields) {
        if field.is_none() && !name.is_empty() {
            let hint = words::nearest(words::fields(kind), name).map_or_else(
                || Hint::OneOf(words::listed(words::fields(kind))),
                Hint::Perhaps,
            );
            sink.fault(fault(What::UnknownField, name.clone(), hint));
        }
    }
    Some(Columns { kind, fields })
}

struct Columns {
    kind: Kind,
    fields: Vec<Option<&'static str>>,
}

/// People have a member's number, a first name, an account or roles; the network has none.
fn tells_people(heading: &str) -> bool {
    const OF_PEOPLE: [&str; 9] = [
        "member",
        "membre",
        "first_name",
        "prenom",
        "account",
        "compte",
        "telegram",
        "role",
        "roles",
    ];
    OF_PEOPLE.contains(&crate::names::fold(heading).as_str())
}

fn record(at: usize, columns: &Columns, row: &StringRecord) -> Record<'static> {
    let mut kind = columns.kind;
    let mut fields = Vec::with_capacity(columns.fields.len());
    for (name, cell) in columns.fields.iter().zip(row) {
        let (Some(name), cell) = (name, cell.trim()) else {
            continue;
        };
        if cell.is_empty() {
            continue;
        }
        if kind == Kind::Equipment && *name == "class" {
            match words::word(words::DECLARATIONS, cell) {
                Some("sector") => kind = Kind::Sector,
                Some("site") => kind = Kind::Site,
                _ => {}
            }
            if kind != Kind::Equipment {
                continue;
            }
        }
        fields.push(Field {
            name: Cow::Borrowed(name),
            name_at: at,
            at,
            value: Value::Text(Cow::Owned(cell.to_owned())),
        });
    }
    Record { kind, at, fields }
}
