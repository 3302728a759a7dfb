//! Reads files of members, row by row: never more of the file in memory than one row.
//!
//! A CSV file may be in UTF-8 (with or without a mark at its begin) or in Latin-1, line by line,
//! and may use `;`, `,` or tabs. Quotation marks that do not close spoil their own line only.

use std::collections::VecDeque;
use std::io::{self, BufRead};

use encoding_rs::WINDOWS_1252;
use serde::de::{DeserializeSeed, IgnoredAny, SeqAccess, Visitor};
use serde_json::Value;

use super::row::{Column, Fault, Incoming, Why};

/// Longest line.
const LONGEST: usize = 64 * 1024;
/// Lines over which a quoted value may go.
const JOINED: usize = 8;

/// A row, or why there is none.
pub type Row = Result<Incoming, Fault>;

/// The form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Rows of values under headings.
    Csv,
    /// An array of objects, or one object on each line.
    Json,
}

/// Why a file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The disk failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// There is no column with the numbers of members.
    #[error("no column of member numbers among: {0}")]
    NoNumbers(String),
    /// Text of sixteen bits.
    #[error("UTF-16")]
    Utf16,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heading {
    /// Columns that mean nothing to us.
    pub ignored: Vec<String>,
    /// Whether the file was read to its end: else who is not in it may follow later.
    pub whole: bool,
}

/// Reads a file; each row is handed on, `false` stops.
///
/// # Errors
/// The file cannot be read, or is no list of members.
pub fn read(
    form: Form,
    from: &mut dyn BufRead,
    each: &mut dyn FnMut(Row) -> bool,
) -> Result<Heading, ReadError> {
    let begin = from.fill_buf()?;
    if begin.starts_with(&[0xFF, 0xFE]) || begin.starts_with(&[0xFE, 0xFF]) {
        return Err(ReadError::Utf16);
    }
    if begin.starts_with(&[0xEF, 0xBB, 0xBF]) {
        from.consume(3);
    }
    match form {
        Form::Csv => csv(from, each),
        Form::Json => json(from, each),
    }
}

/// Lines of a file, with a way back.
struct Lines<'r> {
    from: &'r mut dyn BufRead,
    next: u64,
    again: VecDeque<(u64, Vec<u8>)>,
}

impl Lines<'_> {
    /// The next line and its number, without its end; a line that is too long is cut.
    fn take(&mut self) -> io::Result<Option<(u64, Vec<u8>)>> {
        if let Some(line) = self.again.pop_front() {
            return Ok(Some(line));
        }
        let (mut line, mut any) = (Vec::new(), false);
        loop {
            let some = self.from.fill_buf()?;
            if some.is_empty() {
                break;
            }
            any = true;
            let end = some.iter().position(|byte| *byte == b'\n');
            let part = some.get(..end.unwrap_or(some.len())).unwrap_or_default();
            let room = (LONGEST + 1).saturating_sub(line.len());
            line.extend_from_slice(part.get(..part.len().min(room)).unwrap_or_default());
            let used = end.map_or(some.len(), |at| at + 1);
            self.from.consume(used);
            if end.is_some() {
                break;
            }
        }
        if !any {
            return Ok(None);
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        self.next += 1;
        Ok(Some((self.next, line)))
    }
}

fn csv(from: &mut dyn BufRead, each: &mut dyn FnMut(Row) -> bool) -> Result<Heading, ReadError> {
    let mut lines = Lines {
        from,
        next: 0,
        again: VecDeque::new(),
    };
    let head = loop {
        match lines.take()? {
            Some((_, line)) if is_blank(&line) => {}
            Some((_, line)) => break line,
            None => return Err(ReadError::NoNumbers(String::new())),
        }
    };
    let delimiter = delimiter(&head);
    let names = values(&head, delimiter).unwrap_or_default();
    let mut columns: Vec<Option<Column>> = Vec::new();
    for name in &names {
        let column = Column::of(name);
        // A column that comes twice: the first counts.
        columns.push(column.filter(|found| !columns.contains(&Some(*found))));
    }
    if !columns.contains(&Some(Column::Number)) {
        return Err(ReadError::NoNumbers(
            names.join(", ").chars().take(200).collect(),
        ));
    }
    let ignored = names.iter().zip(&columns);
    let heading = Heading {
        ignored: ignored
            .filter(|(_, column)| column.is_none())
            .map(|(name, _)| name.clone())
            .collect(),
        whole: true,
    };
    while let Some((number, line)) = lines.take()? {
        if is_blank(&line) {
            continue;
        }
        let row = whole_row(&mut lines, number, line, delimiter, &columns)?;
        if !each(row) {
            break;
        }
    }
    Ok(heading)
}

/// The row that begins with this line, over several lines where a quoted value needs them.
fn whole_row(
    lines: &mut Lines<'_>,
    number: u64,
    line: Vec<u8>,
    delimiter: u8,
    columns: &[Option<Column>],
) -> Result<Row, ReadError> {
    if line.len() > LONGEST {
        return Ok(Err(Fault {
            line: number,
            why: Why::LongLine,
        }));
    }
    let mut text = line;
    let mut joined = Vec::new();
    while !is_closed(&text) && joined.len() < JOINED {
        match lines.take()? {
            Some((next, more)) if text.len() + more.len() < LONGEST => {
                text.push(b'\n');
                text.extend_from_slice(&more);
                joined.push((next, more));
            }
            Some(other) => {
                joined.push(other);
                break;
            }
            None => break,
        }
    }
    let found = match is_closed(&text) {
        true => values(&text, delimiter),
        false => None,
    };
    let fault = |why| Fault { line: number, why };
    let row = match found {
        None => Err(fault(Why::Quotes)),
        Some(found) if found.len() != columns.len() => Err(fault(Why::Fields {
            found: found.len(),
            wanted: columns.len(),
        })),
        Some(found) => {
            let fields = columns.iter().zip(&found);
            let fields = fields.filter_map(|(column, value)| Some(((*column)?, value.as_str())));
            return Ok(Incoming::read(number, fields));
        }
    };
    // Only this line is spoiled: the others are rows of their own.
    for line in joined.into_iter().rev() {
        lines.again.push_front(line);
    }
    Ok(row)
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace) || line.first() == Some(&b'#')
}

/// Whether every quotation mark closes.
fn is_closed(text: &[u8]) -> bool {
    text.iter().filter(|byte| **byte == b'"').count() % 2 == 0
}

fn delimiter(head: &[u8]) -> u8 {
    let count = |delimiter: u8| head.iter().filter(|byte| **byte == delimiter).count();
    [b';', b',', b'\t']
        .into_iter()
        .max_by_key(|delimiter| count(*delimiter))
        .unwrap_or(b';')
}

fn values(line: &[u8], delimiter: u8) -> Option<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .buffer_capacity(line.len().max(64))
        .from_reader(line);
    let mut record = csv::ByteRecord::new();
    match reader.read_byte_record(&mut record) {
        Ok(true) => Some(record.iter().map(text).collect()),
        _ => None,
    }
}

/// A value in UTF-8, else in Latin-1 as Windows has it.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => WINDOWS_1252
            .decode_without_bom_handling(bytes)
            .0
            .into_owned(),
    }
}

fn json(from: &mut dyn BufRead, each: &mut dyn FnMut(Row) -> bool) -> Result<Heading, ReadError> {
    let array = loop {
        let Some(first) = from.fill_buf()?.first().copied() else {
            return Err(ReadError::NoNumbers(String::new()));
        };
        if !first.is_ascii_whitespace() {
            break first == b'[';
        }
        from.consume(1);
    };
    let mut heading = Heading::default();
    let mut objects = Objects {
        count: 0,
        heading: &mut heading,
        each,
    };
    let mut reader = serde_json::Deserializer::from_reader(from);
    let failed = if array {
        (&mut objects).deserialize(&mut reader).err()
    } else {
        let mut failed = None;
        for value in reader.into_iter::<Value>() {
            match value {
                Ok(value) if objects.take(&value) => {}
                Ok(_) => break,
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
        }
        failed
    };
    match failed {
        Some(error) if error.is_io() => return Err(ReadError::Io(error.into())),
        Some(error) => {
            let line = u64::try_from(error.line()).unwrap_or(u64::MAX);
            let why = Why::Syntax(error.to_string());
            (objects.each)(Err(Fault { line, why }));
        }
        None => heading.whole = true,
    }
    Ok(heading)
}

/// Hands on the objects of an array, one at a time. Their place is their count.
struct Objects<'f> {
    count: u64,
    heading: &'f mut Heading,
    each: &'f mut dyn FnMut(Row) -> bool,
}

impl Objects<'_> {
    fn take(&mut self, value: &Value) -> bool {
        self.count += 1;
        let line = self.count;
        let Value::Object(fields) = value else {
            let why = Why::Syntax(value.to_string().chars().take(40).collect());
            return (self.each)(Err(Fault { line, why }));
        };
        let mut found: Vec<(Column, String)> = Vec::new();
        for (name, value) in fields {
            match Column::of(name) {
                Some(column) => found.push((column, flat(value))),
                None if self.heading.ignored.len() < 50 && !self.heading.ignored.contains(name) => {
                    self.heading.ignored.push(name.clone());
                }
                None => {}
            }
        }
        let fields = found
            .iter()
            .map(|(column, value)| (*column, value.as_str()));
        (self.each)(Incoming::read(line, fields))
    }
}

/// A value as a row of CSV would have it.
fn flat(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(flat).collect::<Vec<_>>().join(","),
        Value::Object(fields) => {
            let of = |name: &str| fields.get(name).map(flat).unwrap_or_default();
            if fields.contains_key("role") {
                return format!("{} {}..{}", of("role"), of("from"), of("until"));
            }
            if fields.contains_key("link") {
                return format!("{}={}", of("link"), of("equipment"));
            }
            let pairs = fields
                .iter()
                .map(|(name, value)| format!("{name}={}", flat(value)));
            pairs.collect::<Vec<_>>().join(",")
        }
        other => other.to_string(),
    }
}

impl<'de> DeserializeSeed<'de> for &mut Objects<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for &mut Objects<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(value) = items.next_element::<Value>()? {
            if !self.take(&value) {
                while items.next_element::<IgnoredAny>()?.is_some() {}
                break;
            }
        }
        Ok(())
    }
}
