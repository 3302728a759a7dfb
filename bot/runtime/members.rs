//! `vigie members`: check, import, undo and export, on a store that nobody uses.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::mpsc;
use vigie_domain::people::read::{Form, Heading, ReadError, Row, read};
use vigie_domain::people::row::{Fault, Why};
use vigie_domain::text::{Arg, Key, Say};
use vigie_store::{SledOptions, Store};

use super::{faults, ready_store};
use crate::app::App;
use crate::app::error::AppError;
use crate::app::members::{Applied, Incomings, Leftover, MemberImportError};
use crate::app::settings::Settings;
use crate::args::{Members, MembersWhat};
use crate::clock::{SystemChance, SystemClock};
use crate::console::Console;
use crate::exit::{Exit, Failure};

/// Rows that are handed on together; so many lots wait at most.
const LOT: usize = 64;
/// Lots that wait.
const LOTS: usize = 32;
/// Members whose change of standing, or absence, is named.
const NAMED: usize = 20;

/// Does what the command line asks.
///
/// # Errors
/// The file or the store cannot be used; or rows cannot, and then the others were imported.
pub async fn members(console: &Console<'_>, args: &Members, folder: &Path) -> Result<(), Failure> {
    let options = SledOptions {
        ballast: 0,
        ..SledOptions::default()
    };
    let store: Arc<dyn Store> = Arc::new(ready_store(folder, options).await?);
    let chance = SystemChance::new().map_err(|why| faults::internal(&why))?;
    let chance = Arc::new(chance);
    let app = App::new(store, Arc::new(SystemClock), chance, Settings::default());
    told_of_leftovers(console, &app).await?;
    let file = args.file.as_deref().unwrap_or_else(|| Path::new(""));
    match args.what {
        MembersWhat::Check => from_file(console, &app, file, false).await,
        MembersWhat::Import => from_file(console, &app, file, true).await,
        MembersWhat::Undo => undo(console, &app).await,
        MembersWhat::Export => export(console, &app, file).await,
    }
}

/// Says what became of an import that was cut short, and removes what is of no use.
async fn told_of_leftovers(console: &Console<'_>, app: &App) -> Result<(), Failure> {
    let left = app.members_ready().await.map_err(|error| broken(&error))?;
    match left {
        Some(Leftover::Finished) => console.say(&Key::MembersCliFinished.into()),
        Some(Leftover::Dropped) => {
            app.drop_staged().await.map_err(|error| broken(&error))?;
            console.say(&Key::MembersCliDropped.into());
        }
        None => {}
    }
    Ok(())
}

fn broken(error: &AppError) -> Failure {
    faults::internal(&error.to_string())
}

fn number(count: u64) -> Arg {
    Arg::Number(i64::try_from(count).unwrap_or(i64::MAX))
}

async fn undo(console: &Console<'_>, app: &App) -> Result<(), Failure> {
    match app.undo_members().await {
        Ok(undone) => {
            console.say(
                &Say::new(Key::MembersCliUndone)
                    .with("restored", number(undone.restored))
                    .with("kept", number(undone.kept)),
            );
            Ok(())
        }
        Err(MemberImportError::NothingToUndo) => Err(Failure::new(
            Exit::Data,
            Key::MembersCliNothingToUndo.into(),
        )),
        Err(MemberImportError::App(error)) => Err(broken(&error)),
    }
}

async fn from_file(
    console: &Console<'_>,
    app: &App,
    file: &Path,
    imports: bool,
) -> Result<(), Failure> {
    let (mut rows, reading, bar) = open(file)?;
    let mut told = |_: u64| bar.show();
    let applied = match imports {
        true => app.import_members(&mut rows, &mut told).await,
        false => app.check_members(&mut rows, &mut told).await,
    };
    let applied = applied.map_err(|error| broken(&error))?;
    bar.end();
    let read = reading
        .await
        .map_err(|error| faults::internal(&error.to_string()))?;
    let heading = read.map_err(|error| unreadable(file, &error))?;
    report(console, file, &heading, &applied, imports)
}

/// Opens a file and reads it on a thread of its own.
#[expect(
    clippy::type_complexity,
    reason = "what a file that is being read is made of"
)]
fn open(
    file: &Path,
) -> Result<
    (
        Incomings,
        tokio::task::JoinHandle<Result<Heading, ReadError>>,
        Bar,
    ),
    Failure,
> {
    let path = || Arg::Text(file.display().to_string());
    let ending = file.extension().map(|ending| ending.to_ascii_lowercase());
    let form = match ending.as_ref().and_then(|ending| ending.to_str()) {
        Some("csv" | "txt") => Form::Csv,
        Some("json" | "jsonl" | "ndjson") => Form::Json,
        _ => {
            let say = Say::new(Key::MembersCliEnding).with("path", path());
            return Err(Failure::new(Exit::Config, say));
        }
    };
    let opened = File::open(file).map_err(|error| unreadable(file, &error.into()))?;
    let bar = Bar::new(opened.metadata().map_or(0, |data| data.len()));
    let counted = Counted {
        from: opened,
        read: Arc::clone(&bar.read),
    };
    let (send, rows) = mpsc::channel(LOTS);
    let reading = tokio::task::spawn_blocking(move || {
        let mut lot: Vec<Row> = Vec::with_capacity(LOT);
        let mut from = BufReader::with_capacity(1 << 16, counted);
        let heading = read(form, &mut from, &mut |row| {
            lot.push(row);
            if lot.len() < LOT {
                return true;
            }
            send.blocking_send(std::mem::take(&mut lot)).is_ok()
        });
        // Nobody listens any more where the store failed; that is told there.
        let _ = send.blocking_send(lot);
        heading
    });
    Ok((rows, reading, bar))
}

fn unreadable(file: &Path, error: &ReadError) -> Failure {
    let path = Arg::Text(file.display().to_string());
    let (exit, say) = match error {
        ReadError::Io(why) => (
            Exit::Config,
            Say::new(Key::MembersCliUnreadable)
                .with("path", path)
                .with("why", Arg::Text(why.to_string())),
        ),
        ReadError::NoNumbers(columns) => (
            Exit::Data,
            Say::new(Key::MembersCliNoNumber)
                .with("path", path)
                .with("columns", Arg::Text(columns.clone())),
        ),
        ReadError::Utf16 => (
            Exit::Data,
            Say::new(Key::MembersCliUtf16).with("path", path),
        ),
    };
    Failure::new(exit, say)
}

/// What a member is, in the language of the terminal.
fn listed(console: &Console<'_>, words: &[Say]) -> Arg {
    let words: Vec<String> = words.iter().map(|say| console.text(say)).collect();
    match words.is_empty() {
        true => Arg::Text("–".to_owned()),
        false => Arg::Text(words.join(", ")),
    }
}

fn report(
    console: &Console<'_>,
    file: &Path,
    heading: &Heading,
    applied: &Applied,
    imported: bool,
) -> Result<(), Failure> {
    if !heading.ignored.is_empty() {
        let columns = Arg::Text(heading.ignored.join(", "));
        console.say(&Say::new(Key::MembersCliIgnored).with("columns", columns));
    }
    for (id, before, after) in applied.weighty.iter().take(NAMED) {
        console.say(
            &Say::new(Key::MembersCliWeighty)
                .with("number", Arg::Text(id.to_string()))
                .with("before", listed(console, before))
                .with("after", listed(console, after)),
        );
    }
    if !heading.whole {
        console.say(&Key::MembersCliCut.into());
    } else if applied.missing > 0 {
        let some = applied.missing_ids.iter().take(NAMED);
        let some: Vec<_> = some.map(ToString::to_string).collect();
        console.say(
            &Say::new(Key::MembersCliMissing)
                .with("count", number(applied.missing))
                .with("some", Arg::Text(some.join(", "))),
        );
    }
    let key = match imported {
        true => Key::MembersCliDid,
        false => Key::MembersCliWould,
    };
    console.say(
        &Say::new(key)
            .with("added", number(applied.added))
            .with("changed", number(applied.changed))
            .with("same", number(applied.same)),
    );
    if applied.fault_count == 0 {
        return Ok(());
    }
    let place = |fault: &Fault| format!("{}:{}", file.display(), fault.line);
    let lines = applied
        .faults
        .iter()
        .map(|fault| (Some(place(fault)), vec![why(&fault.why)]));
    let count = Say::new(Key::MembersCliFaults).with("count", number(applied.fault_count));
    Err(Failure {
        exit: Exit::Data,
        lines: lines
            .chain([(Some(file.display().to_string()), vec![count])])
            .collect(),
    })
}

/// Why a row cannot be used, for people.
fn why(why: &Why) -> Say {
    let text = |value: &str| Arg::Text(value.to_owned());
    let size = |count: usize| number(count as u64);
    match why {
        Why::NoNumber => Key::MembersRowNoNumber.into(),
        Why::BadNumber(value) => Say::new(Key::MembersRowBadNumber).with("value", text(value)),
        Why::NoName => Key::MembersRowNoName.into(),
        Why::TooLong(column) => {
            Say::new(Key::MembersRowTooLong).with("column", text(column.name()))
        }
        Why::UnknownWord(column, value) => Say::new(Key::MembersRowUnknownWord)
            .with("column", text(column.name()))
            .with("value", text(value)),
        Why::BadDate(column, value) => Say::new(Key::MembersRowBadDate)
            .with("column", text(column.name()))
            .with("value", text(value)),
        Why::BadEmail(value) => Say::new(Key::MembersRowBadEmail).with("value", text(value)),
        Why::BadPhone(value) => Say::new(Key::MembersRowBadPhone).with("value", text(value)),
        Why::Fields { found, wanted } => Say::new(Key::MembersRowFields)
            .with("found", size(*found))
            .with("wanted", size(*wanted)),
        Why::Quotes => Key::MembersRowQuotes.into(),
        Why::LongLine => Key::MembersRowLongLine.into(),
        Why::Twice(value) => Say::new(Key::MembersRowTwice).with("value", text(value)),
        Why::Syntax(value) => Say::new(Key::MembersRowSyntax).with("value", text(value)),
    }
}

/// Writes all members to a file, which appears only when it is complete.
async fn export(console: &Console<'_>, app: &App, file: &Path) -> Result<(), Failure> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let fault = |error: std::io::Error| faults::folder(folder, &error);
    let mut draft = tempfile::Builder::new()
        .prefix(".vigie-members-")
        .tempfile_in(folder)
        .map_err(fault)?;
    let count = {
        let mut writer = BufWriter::new(draft.as_file_mut());
        let count = app
            .export_members(&mut |line| writer.write_all(line))
            .await
            .map_err(|error| broken(&error))?;
        writer.flush().map_err(fault)?;
        count
    };
    draft.as_file().sync_all().map_err(fault)?;
    draft.persist(file).map_err(|error| fault(error.error))?;
    console.say(
        &Say::new(Key::MembersCliExported)
            .with("file", Arg::Text(file.display().to_string()))
            .with("count", number(count)),
    );
    Ok(())
}

/// Counts what is read.
struct Counted {
    from: File,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.from.read(into)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// How far the file is read, on a terminal.
struct Bar {
    bar: ProgressBar,
    read: Arc<AtomicU64>,
}

impl Bar {
    fn new(size: u64) -> Self {
        let bar = ProgressBar::new(size);
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent} %  {elapsed}") {
            bar.set_style(style);
        }
        Self {
            bar,
            read: Arc::default(),
        }
    }

    fn show(&self) {
        self.bar.set_position(self.read.load(Ordering::Relaxed));
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}
