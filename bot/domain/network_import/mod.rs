//! Import of the network and of people from TOML, CSV or JSON: text in, things or problems out.
//!
//! Every problem of a file is told at once, with its line, and with what was perhaps meant. The
//! formats differ only in how they are read into records (`toml`, `json`, `csv`); what records
//! mean is in `draft`, and what must hold between them in `check`.

mod check;
mod csv;
mod diff;
mod draft;
mod fields;
mod json;
mod probes;
mod problem;
mod quiet;
mod rename;
mod source;
mod suggest;
mod toml;
mod words;

pub use diff::{Changes, Diff, diff};
pub use problem::{Hint, Problem, What};
pub use quiet::hours;
pub use rename::{Renames, renames};

use serde::{Deserialize, Serialize};

use crate::group::GroupKind;
use crate::network::{AlertDefaults, Equipment, Sector, Site};
use crate::people::Member;

use draft::Draft;

/// A network and its people, as files declare them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkFile {
    /// Sectors.
    pub sectors: Vec<Sector>,
    /// Sites.
    pub sites: Vec<Site>,
    /// Equipment, in the order of the files.
    pub equipment: Vec<Equipment>,
    /// Defaults of alerts.
    pub defaults: AlertDefaults,
    /// Kinds of groups; the usual four where no file declares any.
    pub group_kinds: Vec<GroupKind>,
    /// People.
    pub people: Vec<Member>,
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Tables such as `[[equipment]]`.
    Toml,
    /// Rows of a spreadsheet.
    Csv,
    /// Objects in lists such as `"equipment": […]`.
    Json,
}

impl Format {
    /// The format that the ending of a file's name tells.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "toml" => Some(Self::Toml),
            "csv" | "tsv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// A file to import.
#[derive(Clone, Copy, Debug)]
pub struct SourceFile<'a> {
    /// How it is written.
    pub format: Format,
    /// Its name, as problems tell it.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
}

/// Reads one file that stands for itself.
///
/// # Errors
/// Every problem found, in the order of the file.
pub fn parse(format: Format, name: &str, text: &str) -> Result<NetworkFile, Vec<Problem>> {
    parse_all(&[SourceFile { format, name, text }])
}

/// Reads several files that make one network together, such as equipment and people.
///
/// # Errors
/// Every problem found, in the order of the files.
pub fn parse_all(files: &[SourceFile<'_>]) -> Result<NetworkFile, Vec<Problem>> {
    let mut draft = Draft::default();
    for (index, file) in files.iter().enumerate() {
        draft.file = index;
        let text = without_mark(file.text);
        match file.format {
            Format::Toml => toml::read(text, &mut draft),
            Format::Csv => csv::read(text, &mut draft),
            Format::Json => json::read(text, &mut draft),
        }
    }
    // Where a file cannot be read, what it declares is missing everywhere else.
    if !draft
        .faults
        .iter()
        .any(|(_, fault)| fault.what == What::Syntax)
    {
        let tables_only = files.iter().all(|file| file.format == Format::Csv);
        check::check(&mut draft, tables_only);
    }
    if draft.faults.is_empty() {
        Ok(finished(draft))
    } else {
        Err(problems(files, draft))
    }
}

/// The text of a file: UTF-8, with or without a mark at its start.
///
/// # Errors
/// The first line that is not UTF-8.
pub fn decode<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a str, Vec<Problem>> {
    std::str::from_utf8(bytes).map_err(|error| {
        let read = bytes.get(..error.valid_up_to()).unwrap_or_default();
        vec![Problem {
            file: name.to_owned(),
            line: read.iter().filter(|byte| **byte == b'\n').count() + 1,
            column: None,
            what: What::Syntax,
            field: String::new(),
            value: String::new(),
            hint: Hint::OneOf("UTF-8".to_owned()),
        }]
    })
}

/// The text without the mark that some programs put before UTF-8.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{FEFF}').unwrap_or(text)
}

fn finished(draft: Draft) -> NetworkFile {
    let group_kinds: Vec<_> = draft.groups.into_iter().map(|one| one.item).collect();
    NetworkFile {
        sectors: draft.sectors.into_iter().map(|one| one.item).collect(),
        sites: draft.sites.into_iter().map(|one| one.item).collect(),
        equipment: draft.equipment.into_iter().map(|one| one.item).collect(),
        defaults: draft.defaults.unwrap_or_default(),
        group_kinds: if group_kinds.is_empty() {
            GroupKind::defaults()
        } else {
            group_kinds
        },
        people: draft.people.into_iter().map(|one| one.item).collect(),
    }
}

fn problems(files: &[SourceFile<'_>], mut draft: Draft) -> Vec<Problem> {
    draft.faults.sort_by_key(|(file, fault)| (*file, fault.at));
    let files: Vec<_> = files.iter().map(Lines::of).collect();
    let mut found = Vec::with_capacity(draft.faults.len());
    for (file, fault) in draft.faults {
        let Some(lines) = files.get(file) else {
            continue;
        };
        let mut problem = lines.problem(fault.at);
        let first = fault
            .first
            .and_then(|(file, at)| Some(files.get(file)?.problem(at).place()));
        problem.what = fault.what;
        problem.field = fault.field;
        problem.value = fault.value;
        problem.hint = first.map_or(fault.hint, Hint::FirstAt);
        found.push(problem);
    }
    if let Some(last) = found.last().filter(|_| draft.more_faults > 0) {
        let more = Problem {
            what: What::More,
            field: String::new(),
            value: draft.more_faults.to_string(),
            hint: Hint::None,
            ..last.clone()
        };
        found.push(more);
    }
    found
}

/// Where the lines of a file begin.
struct Lines<'f> {
    name: &'f str,
    text: &'f str,
    starts: Vec<usize>,
    has_columns: bool,
}

impl<'f> Lines<'f> {
    fn of(file: &SourceFile<'f>) -> Self {
        let text = without_mark(file.text);
        let after_break = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            name: file.name,
            text,
            starts: std::iter::once(0).chain(after_break).collect(),
            // A row of a table is told by its line alone.
            has_columns: file.format != Format::Csv,
        }
    }

    /// A problem of this place, not yet told.
    fn problem(&self, at: usize) -> Problem {
        let line = self.starts.partition_point(|start| *start <= at);
        let start = self
            .starts
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or(0);
        let before = self.text.get(start..at).unwrap_or_default();
        Problem {
            file: self.name.to_owned(),
            line,
            column: self.has_columns.then(|| before.chars().count() + 1),
            what: What::More,
            field: String::new(),
            value: String::new(),
            hint: Hint::None,
        }
    }
}
