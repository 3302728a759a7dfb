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
        .comment(Some(b'#'))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut row = StringRecord::new();
    let mut headings: Option<Columns> = None;
    loop {
        let position = reader.position().byte();
        let at = row_start(text, usize::try_from(position).unwrap_or(usize::MAX));
        match reader.read_record(&mut row) {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                sink.fault(fault(at, What::Syntax, error.to_string(), Hint::None));
                return;
            }
        }
        let blank = row.iter().all(|cell| cell.trim().is_empty());
        let told_separator =
            headings.is_none() && row.get(0).is_some_and(|c| c.starts_with(SEPARATOR));
        if blank || told_separator {
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
        if let Some(cell) = row.iter().find(|cell| cell.contains('\n')) {
            // One quote too many swallows rows without a trace.
            let begin = cell.lines().next().unwrap_or_default().to_owned();
            sink.fault(fault(at, What::OpenQuote, begin, Hint::None));
        } else if row.len() == columns.fields.len() {
            sink.record(record(at, columns, &row));
        } else {
            let wanted = i64::try_from(columns.fields.len()).unwrap_or(i64::MAX);
            sink.fault(fault(
                at,
                What::Cells,
                row.len().to_string(),
                Hint::Limit(wanted),
            ));
        }
    }
}

fn fault(at: usize, what: What, value: String, hint: Hint) -> Fault {
    Fault {
        at,
        what,
        field: String::new(),
        value,
        hint,
        first: None,
    }
}

/// What some spreadsheets write before the headings.
const SEPARATOR: &str = "sep=";

/// Where the row begins that is read from here: behind empty lines and comments.
fn row_start(text: &str, mut at: usize) -> usize {
    while let Some(rest) = text.get(at..) {
        let line = rest.split_inclusive('\n').next().unwrap_or_default();
        if line.is_empty() || !(line.trim().is_empty() || line.starts_with('#')) {
            break;
        }
        at += line.len();
    }
    at
}

/// The sign that divides the first line best.
fn delimiter(text: &str) -> u8 {
    let heading = text
        .lines()
        .find(|line| {
            let aside = line.starts_with('#') || line.starts_with(SEPARATOR);
            !line.trim().is_empty() && !aside
        })
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
    if fields.iter().all(Option::is_none) {
        let hint = Hint::OneOf("nom, classe, parent, secteur, site, alias".to_owned());
        sink.fault(fault(at, What::Headings, names.join(" "), hint));
        return None;
    }
    for (name, field) in names.iter().zip(&fields) {
        if field.is_none() && !name.is_empty() {
            let hint = words::nearest(words::fields(kind), name).map_or_else(
                || Hint::OneOf(words::listed(words::fields(kind))),
                Hint::Perhaps,
            );
            sink.fault(fault(at, What::UnknownField, name.clone(), hint));
        }
    }
    let repeated = |index: usize| {
        fields
            .iter()
            .take(index)
            .any(|field| fields.get(index) == Some(field))
    };
    for (index, name) in names.iter().enumerate() {
        if fields.get(index).is_some_and(Option::is_some) && repeated(index) {
            sink.fault(fault(at, What::Repeated, name.clone(), Hint::None));
            return None;
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
