//! Export, import and backup of the whole store, with progress on a terminal.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use indicatif::{ProgressBar, ProgressStyle};
use vigie_domain::text::{Arg, Key, Say};
use vigie_store::backup::{Progress, Summary};
use vigie_store::{Store, StoreError};

use crate::exit::{Exit, Failure};

/// First part of the name of a backup.
const NAME: &str = "vigie-";
/// Last part of it.
const ENDING: &str = ".jsonl";

/// Writes the store to a file, which appears only when it is complete and on disk.
///
/// # Errors
/// The file cannot be written, or the store cannot be read.
pub async fn export(store: &dyn Store, file: &Path) -> Result<Summary, Failure> {
    let folder = folder_of(file);
    let mut draft = tempfile::Builder::new()
        .prefix(".vigie-export-")
        .tempfile_in(&folder)
        .map_err(|error| folder_failure(&folder, &error))?;
    let bar = Bar::new();
    let summary = {
        let mut writer = BufWriter::new(draft.as_file_mut());
        let mut told = |progress: Progress| bar.show(progress);
        let summary = vigie_store::backup::export(store, &mut writer, &mut told)
            .await
            .map_err(|error| file_failure(file, Exit::StorageFailed, &error))?;
        writer
            .flush()
            .map_err(|error| folder_failure(&folder, &error))?;
        summary
    };
    bar.end();
    draft
        .as_file()
        .sync_all()
        .map_err(|error| folder_failure(&folder, &error))?;
    draft
        .persist(file)
        .map_err(|error| folder_failure(&folder, &error.error))?;
    // The name itself is on disk only when the folder is.
    File::open(&folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| folder_failure(&folder, &error))?;
    Ok(summary)
}

/// Fills an empty store from a file, after the whole file was checked.
///
/// # Errors
/// The file is not whole, or the store is not empty.
pub async fn import(store: &dyn Store, file: &Path) -> Result<Summary, Failure> {
    let opened = File::open(file).map_err(|error| {
        let say = Say::new(Key::OpsTransferUnreadable)
            .with("file", Arg::Code(file.display().to_string()))
            .with("why", Arg::Text(error.to_string()));
        Failure::new(Exit::Data, say)
    })?;
    let bar = Bar::new();
    let mut told = |progress: Progress| bar.show(progress);
    let summary = vigie_store::backup::import(BufReader::new(opened), store, &mut told)
        .await
        .map_err(|error| match error {
            StoreError::Damaged(_) | StoreError::TooNew(_) => {
                file_failure(file, Exit::Data, &error)
            }
            StoreError::InUse(_) => Failure::new(Exit::Data, Key::OpsTransferNotEmpty.into()),
            error => file_failure(file, Exit::StorageFailed, &error),
        })?;
    bar.end();
    Ok(summary)
}

/// Writes a backup named after this moment, and removes the oldest beyond `keep`. Commits may go
/// on meanwhile. Returned is its file.
///
/// # Errors
/// As [`export`].
pub async fn backup(
    store: &dyn Store,
    folder: &Path,
    keep: usize,
    now: DateTime<Utc>,
) -> Result<PathBuf, Failure> {
    fs::create_dir_all(folder).map_err(|error| folder_failure(folder, &error))?;
    let name = format!("{NAME}{}{ENDING}", now.format("%Y%m%dT%H%M%S%3fZ"));
    let file = folder.join(name);
    export(store, &file).await?;
    prune(folder, keep).map_err(|error| folder_failure(folder, &error))?;
    Ok(file)
}

fn prune(folder: &Path, keep: usize) -> io::Result<()> {
    let mut backups = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let ours = name
            .to_str()
            .is_some_and(|name| name.starts_with(NAME) && name.ends_with(ENDING));
        if ours {
            backups.push(name);
        }
    }
    // Their names sort by time.
    backups.sort();
    let old = backups.len().saturating_sub(keep);
    for name in backups.into_iter().take(old) {
        fs::remove_file(folder.join(name))?;
    }
    Ok(())
}

fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if folder != Path::new("") => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn folder_failure(folder: &Path, error: &io::Error) -> Failure {
    let say = Say::new(Key::OpsFolder)
        .with("path", Arg::Code(folder.display().to_string()))
        .with("why", Arg::Text(error.to_string()));
    Failure::new(Exit::Folder, say)
}

fn file_failure(file: &Path, exit: Exit, error: &StoreError) -> Failure {
    let say = Say::new(Key::OpsTransferFailed)
        .with("file", Arg::Code(file.display().to_string()))
        .with("why", Arg::Text(error.to_string()));
    Failure::new(exit, say)
}

/// A bar on a terminal; nothing elsewhere, where the summary at the end is enough.
struct Bar(ProgressBar);

impl Bar {
    /// indicatif draws on standard error, and only where that is a terminal.
    fn new() -> Self {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) =
            ProgressStyle::with_template("{spinner} {human_pos} {wide_bar} {elapsed}")
        {
            bar.set_style(style);
        }
        Self(bar)
    }

    fn show(&self, progress: Progress) {
        if let Some(of) = progress.of {
            self.0.set_length(of);
        }
        self.0.set_position(progress.lines);
    }

    fn end(&self) {
        self.0.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use vigie_store::{Batch, Key as Name, MemoryStore, Op, Range};

    use super::*;

    async fn filled(count: u64) -> MemoryStore {
        let store = MemoryStore::in_memory();
        for number in 0..count {
            let key = Name::of("a/").u64(number).end();
            let batch = Batch {
                shard: 0,
                id: u128::from(number).to_be_bytes(),
                conds: Vec::new(),
                ops: vec![Op::Put(key, vec![7; 50].into())],
            };
            store.commit(batch).await.unwrap();
        }
        store
    }

    async fn entries(store: &MemoryStore) -> usize {
        let range = Range::prefix(&Name::of("a/").end());
        let page = store
            .scan(0, &range, None, 1_000, vigie_store::Dir::Forward)
            .await
            .unwrap();
        page.items.len()
    }

    #[tokio::test]
    async fn what_is_exported_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("all.jsonl");
        let summary = export(&filled(30).await, &file).await.unwrap();
        assert_eq!(summary.shards, [(0, 30)]);
        let empty = MemoryStore::in_memory();
        import(&empty, &file).await.unwrap();
        assert_eq!(entries(&empty).await, 30);
        assert_eq!(empty.durable_rev(0).await.unwrap(), 30);
        let again = import(&empty, &file).await.unwrap_err();
        assert_eq!(again.exit, Exit::Data);
        assert_eq!(again.lines[0].1[0].key, Key::OpsTransferNotEmpty);
    }

    #[tokio::test]
    async fn a_file_that_was_cut_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("all.jsonl");
        export(&filled(30).await, &file).await.unwrap();
        let whole = fs::read(&file).unwrap();
        fs::write(&file, &whole[..whole.len() / 2]).unwrap();
        let empty = MemoryStore::in_memory();
        let refused = import(&empty, &file).await.unwrap_err();
        assert_eq!(refused.exit, Exit::Data);
        assert_eq!(entries(&empty).await, 0);
    }

    #[tokio::test]
    async fn the_newest_backups_are_kept_and_nothing_else_is_touched() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("notes.txt"), "x").unwrap();
        let store = filled(3).await;
        for second in 0..4 {
            let now = DateTime::UNIX_EPOCH + chrono::TimeDelta::seconds(second);
            backup(&store, folder.path(), 2, now).await.unwrap();
        }
        let mut names: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(
            names,
            [
                "notes.txt",
                "vigie-19700101T000002000Z.jsonl",
                "vigie-19700101T000003000Z.jsonl"
            ]
        );
    }

    #[tokio::test]
    async fn a_folder_that_is_not_there_is_told() {
        let store = filled(1).await;
        let failure = export(&store, Path::new("/no/such/folder/x"))
            .await
            .unwrap_err();
        assert_eq!(failure.exit, Exit::Folder);
    }
}
