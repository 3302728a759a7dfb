//! What can be wrong in an imported file, told so that a volunteer can mend it.

use std::fmt;

use crate::text::{Arg, Key, Say};

/// One thing wrong in one place of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Name of the file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, where the format has columns.
    pub column: Option<usize>,
    /// What is wrong.
    pub what: What,
    /// The field it stands in; empty where none is to blame.
    pub field: String,
    /// What was found there, cut to a readable length.
    pub value: String,
    /// How to mend it.
    pub hint: Hint,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The file does not follow its format; the value is the reader's own message.
    Syntax,
    /// The first line of a table names no column that is known.
    Headings,
    /// A row has more or fewer cells than there are columns.
    Cells,
    /// A cell of a table that runs over lines: a quote is not closed.
    OpenQuote,
    /// A field that nobody knows.
    UnknownField,
    /// A field that must be there.
    Missing,
    /// A field is given twice.
    Repeated,
    /// Another kind of value is wanted.
    WrongType,
    /// A word that this field does not know.
    UnknownWord,
    /// A number out of its bounds.
    OutOfRange,
    /// Hours that cannot be read.
    Hours,
    /// Characters that a short name cannot hold, or too many.
    ShortName,
    /// A text that is too long.
    TooLong,
    /// The same short name, alias, number or account twice.
    Duplicate,
    /// It names a thing that no file declares.
    UnknownReference,
    /// A thing that hangs on itself, by way of others.
    Cycle,
    /// More problems than are worth reading.
    More,
}

/// How to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Nothing to add.
    None,
    /// This was perhaps meant.
    Perhaps(String),
    /// One of these is wanted.
    OneOf(String),
    /// It stands first at this place.
    FirstAt(String),
    /// The way round, for a cycle.
    Path(String),
    /// So many at most, or so many wanted.
    Limit(i64),
}

impl Problem {
    /// Where it is: file, line and column.
    #[must_use]
    pub fn place(&self) -> String {
        match self.column {
            Some(column) => format!("{}:{}:{column}", self.file, self.line),
            None => format!("{}:{}", self.file, self.line),
        }
    }

    /// What is wrong, and then how to mend it where we know; the place is told beside it.
    #[must_use]
    pub fn say(&self) -> Vec<Say> {
        let what = Say::new(self.what.key())
            .with("field", Arg::Code(self.field.clone()))
            .with("value", Arg::Code(self.value.clone()));
        let one = |key, name, arg| Some(Say::new(key).with(name, arg));
        let hint = match &self.hint {
            Hint::None => None,
            Hint::Perhaps(text) => one(Key::NetworkHintPerhaps, "value", Arg::Code(text.clone())),
            Hint::OneOf(text) => one(Key::NetworkHintOneOf, "values", Arg::Text(text.clone())),
            Hint::FirstAt(text) => one(Key::NetworkHintFirstAt, "place", Arg::Code(text.clone())),
            Hint::Path(text) => one(Key::NetworkHintPath, "path", Arg::Text(text.clone())),
            Hint::Limit(limit) => one(Key::NetworkHintLimit, "limit", Arg::Number(*limit)),
        };
        std::iter::once(what).chain(hint).collect()
    }
}

impl What {
    const fn key(self) -> Key {
        match self {
            Self::Syntax => Key::NetworkSyntax,
            Self::Headings => Key::NetworkHeadings,
            Self::Cells => Key::NetworkCells,
            Self::OpenQuote => Key::NetworkOpenQuote,
            Self::UnknownField => Key::NetworkUnknownField,
            Self::Missing => Key::NetworkMissing,
            Self::Repeated => Key::NetworkRepeated,
            Self::WrongType => Key::NetworkWrongType,
            Self::UnknownWord => Key::NetworkUnknownWord,
            Self::OutOfRange => Key::NetworkOutOfRange,
            Self::Hours => Key::NetworkHours,
            Self::ShortName => Key::NetworkShortName,
            Self::TooLong => Key::NetworkTooLong,
            Self::Duplicate => Key::NetworkDuplicate,
            Self::UnknownReference => Key::NetworkUnknownReference,
            Self::Cycle => Key::NetworkCycle,
            Self::More => Key::NetworkMore,
        }
    }

    const fn plain(self) -> &'static str {
        match self {
            Self::Syntax => "cannot be read",
            Self::Headings => "no known column in the first line",
            Self::Cells => "wrong number of cells",
            Self::OpenQuote => "quote not closed on this line",
            Self::UnknownField => "unknown field",
            Self::Missing => "missing field",
            Self::Repeated => "field given twice",
            Self::WrongType => "wrong type of value",
            Self::UnknownWord => "unknown word",
            Self::OutOfRange => "number out of bounds",
            Self::Hours => "hours cannot be read",
            Self::ShortName => "not a short name",
            Self::TooLong => "text too long",
            Self::Duplicate => "already taken",
            Self::UnknownReference => "not declared anywhere",
            Self::Cycle => "hangs on itself",
            Self::More => "more problems follow",
        }
    }
}

impl fmt::Display for Problem {
    /// One line for a terminal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place(), self.what.plain())?;
        if !self.field.is_empty() {
            write!(f, ": {}", self.field)?;
        }
        if !self.value.is_empty() {
            write!(f, ": {}", self.value.escape_debug())?;
        }
        match &self.hint {
            Hint::None => Ok(()),
            Hint::Perhaps(text) => write!(f, " (perhaps {text}?)"),
            Hint::OneOf(text) => write!(f, " (one of: {text})"),
            Hint::FirstAt(text) => write!(f, " (first at {text})"),
            Hint::Path(text) => write!(f, " ({text})"),
            Hint::Limit(limit) => write!(f, " (limit {limit})"),
        }
    }
}
