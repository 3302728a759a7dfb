//! One shape for all formats: records with named fields, each with its place in the text.

use std::borrow::Cow;

use super::problem::{Hint, What};

/// What a record declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Defaults,
    Sector,
    Site,
    Equipment,
    Group,
    Person,
}

/// A value, whatever the format.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value<'a> {
    Text(Cow<'a, str>),
    /// As it was written.
    Number(Cow<'a, str>),
    Flag(bool),
    List(Vec<(usize, Value<'a>)>),
    Table(Vec<Field<'a>>),
    /// Dates and the like, by their name.
    Other(&'static str),
}

/// A named value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field<'a> {
    pub name: Cow<'a, str>,
    /// Where the name stands.
    pub name_at: usize,
    /// Where the value stands.
    pub at: usize,
    pub value: Value<'a>,
}

/// One declared thing.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Record<'a> {
    pub kind: Kind,
    /// Where it begins.
    pub at: usize,
    pub fields: Vec<Field<'a>>,
}

/// A problem before its line is known.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fault {
    pub at: usize,
    pub what: What,
    pub field: String,
    pub value: String,
    pub hint: Hint,
    /// Where the same thing stands first: file and place.
    pub first: Option<(usize, usize)>,
}

/// What reads one format: it hands on records and faults in the order of the file.
pub(super) trait Sink<'a> {
    fn record(&mut self, record: Record<'a>);
    fn fault(&mut self, fault: Fault);
}

impl Value<'_> {
    /// How to show it in a problem.
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) | Self::Number(text) => text.clone().into_owned(),
            Self::Flag(flag) => flag.to_string(),
            Self::List(_) => "[…]".to_owned(),
            Self::Table(_) => "{…}".to_owned(),
            Self::Other(name) => (*name).to_owned(),
        }
    }
}

/// The parts of a file of tables (TOML, JSON), by all their names.
const PARTS: [(Kind, &[&str]); 6] = [
    (Kind::Sector, &["sector", "sectors", "secteur", "secteurs"]),
    (Kind::Site, &["site", "sites"]),
    (Kind::Equipment, &["equipment", "equipement", "equipements"]),
    (Kind::Group, &["group", "groups", "groupe", "groupes"]),
    (Kind::Person, &["person", "people", "personne", "personnes"]),
    (Kind::Defaults, &["alerts", "alertes"]),
];

/// Turns the top table of a file into records.
pub(super) fn split<'a>(top: Vec<Field<'a>>, sink: &mut dyn Sink<'a>) {
    for field in top {
        let name = crate::names::fold(&field.name);
        let Some((kind, _)) = PARTS
            .iter()
            .find(|(_, names)| names.contains(&name.as_str()))
        else {
            let known = PARTS.iter().flat_map(|(_, names)| names.iter().copied());
            let hint = super::suggest::nearest(&name, known).map_or_else(
                || Hint::OneOf("sector, site, equipment, group, person, alerts".to_owned()),
                Hint::Perhaps,
            );
            sink.fault(Fault {
                at: field.name_at,
                what: What::UnknownField,
                field: String::new(),
                value: field.name.into_owned(),
                hint,
                first: None,
            });
            continue;
        };
        let wrong = |at, value: &Value<'_>| Fault {
            at,
            what: What::WrongType,
            field: name.clone(),
            value: value.shown(),
            hint: Hint::OneOf("table".to_owned()),
            first: None,
        };
        match (kind, field.value) {
            (Kind::Defaults, Value::Table(fields)) => {
                sink.record(Record {
                    kind: *kind,
                    at: field.at,
                    fields,
                });
            }
            (Kind::Defaults, other) => sink.fault(wrong(field.at, &other)),
            (_, Value::List(items)) => {
                for (at, item) in items {
                    match item {
                        Value::Table(fields) => sink.record(Record {
                            kind: *kind,
                            at,
                            fields,
                        }),
                        other => sink.fault(wrong(at, &other)),
                    }
                }
            }
            (_, other) => sink.fault(wrong(field.at, &other)),
        }
    }
}
