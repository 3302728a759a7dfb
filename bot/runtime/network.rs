//! The network files: imported at start, and again whenever they change.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio_util::sync::CancellationToken;
use vigie_domain::network_import::{Format, NetworkFile, Problem, SourceFile, decode, parse_all};
use vigie_domain::text::{Arg, Key, Say};

use super::faults;
use crate::app::App;
use crate::app::network::{ImportError, ImportSummary};
use crate::exit::{Exit, Failure};

/// How often the files are looked at.
const EVERY: Duration = Duration::from_secs(2);

/// Reads the files and brings the network up to date.
///
/// # Errors
/// A file cannot be read or has problems: every problem is named; nothing was changed.
pub(super) async fn import(app: &App, files: &[PathBuf]) -> Result<ImportSummary, Failure> {
    let texts = texts(files)?;
    let sources = sources(&texts);
    let told = |done: usize, of: usize| tracing::debug!(done, of, "importing the network");
    app.import_network(&sources, told)
        .await
        .map_err(|error| match error {
            ImportError::Problems(problems) => told_of(&problems),
            ImportError::App(error) => faults::internal(&error.to_string()),
        })
}

/// Reads the files without changing anything.
///
/// # Errors
/// As [`import`].
pub(super) fn read_all(files: &[PathBuf]) -> Result<NetworkFile, Failure> {
    let texts = texts(files)?;
    parse_all(&sources(&texts)).map_err(|problems| told_of(&problems))
}

/// Name, form and text of a file.
type Text = (String, Format, String);

fn texts(files: &[PathBuf]) -> Result<Vec<Text>, Failure> {
    files.iter().map(|file| read(file)).collect()
}

fn sources(texts: &[Text]) -> Vec<SourceFile<'_>> {
    texts
        .iter()
        .map(|(name, format, text)| SourceFile {
            format: *format,
            name,
            text,
        })
        .collect()
}

fn told_of(problems: &[Problem]) -> Failure {
    let lines = problems
        .iter()
        .map(|problem| (Some(problem.place()), problem.say()));
    Failure {
        exit: Exit::Data,
        lines: lines.collect(),
    }
}

fn read(file: &Path) -> Result<Text, Failure> {
    let name = file.display().to_string();
    let path = || Arg::Text(name.clone());
    let Some(format) = Format::of_name(&name) else {
        return Err(Failure::new(
            Exit::Config,
            Say::new(Key::OpsNetworkEnding).with("path", path()),
        ));
    };
    let bytes = std::fs::read(file).map_err(|error| {
        let say = Say::new(Key::OpsNetworkFile)
            .with("path", path())
            .with("why", Arg::Text(error.to_string()));
        Failure::new(Exit::Config, say)
    })?;
    match decode(&name, &bytes) {
        Ok(text) => {
            let text = text.to_owned();
            Ok((name, format, text))
        }
        Err(problems) => Err(told_of(&problems)),
    }
}

/// Imports the files again when one of them changes. A file with problems changes nothing and is
/// named in the log.
pub(super) async fn follow(app: Arc<App>, files: Vec<PathBuf>, stop: CancellationToken) {
    let work = async {
        let mut seen = stamps(&files);
        loop {
            tokio::time::sleep(EVERY).await;
            let now = stamps(&files);
            if now == seen {
                continue;
            }
            seen = now;
            match import(&app, &files).await {
                Ok(summary) => {
                    tracing::info!(?summary, "the network files changed and were imported")
                }
                Err(failure) => {
                    for (place, says) in &failure.lines {
                        let keys: Vec<_> = says.iter().map(|say| say.key.id()).collect();
                        tracing::error!(
                            ?place,
                            ?keys,
                            "a network file has a problem; nothing was changed"
                        );
                    }
                }
            }
        }
    };
    let _ = stop.run_until_cancelled(work).await;
}

fn stamps(files: &[PathBuf]) -> Vec<Option<(SystemTime, u64)>> {
    let stamp = |file: &PathBuf| {
        let data = std::fs::metadata(file).ok()?;
        Some((data.modified().ok()?, data.len()))
    };
    files.iter().map(stamp).collect()
}
