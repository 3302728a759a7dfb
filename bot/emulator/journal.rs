//! The world on disk: one file of changed records, written anew at each start.
//!
//! Each line is one commit, a JSON array of `[kind, key…, value]`; a value of `null` means the record
//! is gone. A line is written with one call, so that a killed process leaves at most one torn line,
//! the last one, which the next start leaves out.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bytes::Bytes;
use fs2::FileExt;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::builder::StartError;
use crate::server::Server;
use crate::world::{Bot, Chat, Key, Message, Poll, Record, StoredFile, Update, User, World};

/// Appended bytes after which the file is written anew.
const COMPACT_AFTER: u64 = 256 * 1024 * 1024;

/// Appends changed records to the file.
#[derive(Debug)]
pub(crate) struct Journal {
    folder: PathBuf,
    file: File,
    appended: u64,
    /// A line may be torn: nothing is appended until the file was written anew.
    broken: bool,
    last_try: Instant,
    /// Held as long as the folder is in use.
    _lock: File,
}

impl Journal {
    /// Loads the world of a folder and gets ready to append to it.
    pub fn open(folder: &Path, world: &mut World) -> Result<Self, StartError> {
        let refused = |path: &Path| {
            let path = path.to_owned();
            move |source| StartError::Data { path, source }
        };
        fs::create_dir_all(folder.join("files")).map_err(refused(folder))?;
        let lock_path = folder.join("lock");
        let lock = File::create(&lock_path).map_err(refused(&lock_path))?;
        lock.try_lock_exclusive().map_err(refused(&lock_path))?;
        let path = folder.join("world.jsonl");
        if path.exists() {
            load(&path, world).map_err(refused(&path))?;
        }
        let file = snapshot(folder, world).map_err(refused(&path))?;
        world.records.start();
        Ok(Self {
            folder: folder.to_owned(),
            file,
            appended: 0,
            broken: false,
            last_try: Instant::now(),
            _lock: lock,
        })
    }

    /// Writes what changed since the last call.
    pub fn append(&mut self, world: &mut World) {
        let changed = world.records.take();
        if changed.is_empty() {
            return;
        }
        for record in &changed {
            if let Record::File(id) = record {
                self.keep_file(world, id);
            }
        }
        let line = line(world, &changed);
        self.appended += u64::try_from(line.len()).unwrap_or(0);
        if !self.broken
            && let Err(error) = self.file.write_all(&line)
        {
            tracing::error!(%error, "the local Telegram cannot keep its world");
            self.broken = true;
            self.last_try = Instant::now();
        }
        let again = self.broken && self.last_try.elapsed() > Duration::from_secs(1);
        if again || self.appended > COMPACT_AFTER {
            self.rewrite(world);
        }
    }

    /// Writes the whole world anew: to keep the file short, or after a line that could not be written.
    fn rewrite(&mut self, world: &World) {
        self.last_try = Instant::now();
        self.appended = 0;
        match snapshot(&self.folder, world) {
            Ok(file) => {
                self.file = file;
                self.broken = false;
            }
            Err(error) => tracing::error!(%error, "the local Telegram cannot write its world anew"),
        }
    }

    /// Moves the content of a new file from memory to disk.
    fn keep_file(&self, world: &mut World, id: &str) {
        let Some(file) = world.files.get_mut(id).filter(|f| !f.bytes.is_empty()) else {
            return;
        };
        let path = file_path(&self.folder, &file.unique);
        match fs::write(&path, &file.bytes) {
            Ok(()) => {
                world.file_bytes -= file.bytes.len();
                file.bytes = Bytes::new();
            }
            Err(error) => {
                tracing::error!(%error, path = %path.display(), "the local Telegram cannot keep a file");
            }
        }
    }
}

/// Where the content of a file lies.
fn file_path(folder: &Path, unique: &str) -> PathBuf {
    folder.join("files").join(unique)
}

impl Server {
    /// The content of a file, from memory or disk.
    pub fn file_bytes(&self, file: &StoredFile) -> Option<Bytes> {
        if !file.bytes.is_empty() || file.size == 0 {
            return Some(file.bytes.clone());
        }
        let folder = self.config.data_dir.as_deref()?;
        fs::read(file_path(folder, &file.unique))
            .ok()
            .map(Bytes::from)
    }
}

/// One commit as a line.
fn line(world: &World, records: &BTreeSet<Record>) -> Vec<u8> {
    let entries: Vec<Value> = records.iter().map(|r| entry(world, r)).collect();
    let mut line = serde_json::to_vec(&entries).unwrap_or_default();
    line.push(b'\n');
    line
}

fn value<T: Serialize>(found: Option<&T>) -> Value {
    found
        .and_then(|v| serde_json::to_value(v).ok())
        .unwrap_or(Value::Null)
}

fn entry(world: &World, record: &Record) -> Value {
    let chat = |key: &Key| world.chats.get(key);
    match record {
        Record::Counters => json!(["counters", value(Some(&world.counters))]),
        Record::User(id) => json!(["user", id, value(world.users.get(id))]),
        Record::Bot(id) => json!(["bot", id, value(world.bots.get(id))]),
        Record::Chat(key) => json!(["chat", key, value(chat(key))]),
        Record::Message(key, id) => {
            json!([
                "message",
                key,
                id,
                value(chat(key).and_then(|c| c.messages.get(id)))
            ])
        }
        Record::Update(bot, id) => {
            let find = |b: &'_ Bot| b.updates.binary_search_by_key(id, |u| u.id).ok();
            let found = world.bots.get(bot).and_then(|b| b.updates.get(find(b)?));
            json!(["update", bot, id, value(found)])
        }
        Record::File(id) => json!(["file", id, value(world.files.get(id))]),
        Record::Poll(id) => json!(["poll", id, value(world.polls.get(id))]),
    }
}

/// Writes the whole world into a new file, which then takes the place of the old one.
fn snapshot(folder: &Path, world: &World) -> std::io::Result<File> {
    let new = folder.join("world.jsonl.new");
    let mut file = std::io::BufWriter::new(File::create(&new)?);
    let mut write =
        |records: Vec<Record>| file.write_all(&line(world, &records.into_iter().collect()));
    write(vec![Record::Counters])?;
    write(world.users.keys().map(|id| Record::User(*id)).collect())?;
    for bot in world.bots.values() {
        write(vec![Record::Bot(bot.id)])?;
        write(
            bot.updates
                .iter()
                .map(|u| Record::Update(bot.id, u.id))
                .collect(),
        )?;
    }
    for (key, chat) in &world.chats {
        write(vec![Record::Chat(*key)])?;
        for id in chat.messages.keys() {
            write(vec![Record::Message(*key, *id)])?;
        }
    }
    write(
        world
            .files
            .keys()
            .map(|id| Record::File(id.clone()))
            .collect(),
    )?;
    write(
        world
            .polls
            .keys()
            .map(|id| Record::Poll(id.clone()))
            .collect(),
    )?;
    let file = file
        .into_inner()
        .map_err(std::io::IntoInnerError::into_error)?;
    file.sync_all()?;
    let path = folder.join("world.jsonl");
    fs::rename(&new, &path)?;
    File::open(folder)?.sync_all()?;
    OpenOptions::new().append(true).open(path)
}

/// Reads a file written by [`Journal::append`].
fn load(path: &Path, world: &mut World) -> std::io::Result<()> {
    let mut reader = BufReader::new(File::open(path)?);
    let mut line = Vec::new();
    let mut number = 0_u64;
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        number += 1;
        let Ok(Value::Array(entries)) = serde_json::from_slice(&line) else {
            if reader.fill_buf()?.is_empty() {
                tracing::warn!(
                    number,
                    "the last change of the kept world was torn and is left out"
                );
                break;
            }
            let text = format!("line {number} is damaged");
            return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, text));
        };
        for entry in entries {
            if apply(world, entry).is_none() {
                tracing::warn!(
                    number,
                    "a record of the kept world is not understood and is left out"
                );
            }
        }
    }
    world.file_order = ordered_files(world);
    Ok(())
}

fn ordered_files(world: &World) -> std::collections::VecDeque<String> {
    let mut files: Vec<&StoredFile> = world.files.values().collect();
    files.sort_by(|a, b| a.unique.cmp(&b.unique));
    files.into_iter().map(|f| f.id.clone()).collect()
}

fn read<T: DeserializeOwned>(value: Value) -> Option<T> {
    serde_json::from_value(value).ok()
}

fn apply(world: &mut World, entry: Value) -> Option<()> {
    let Value::Array(mut parts) = entry else {
        return None;
    };
    let value = parts.pop()?;
    let mut keys = parts.into_iter();
    let kind = keys.next()?;
    let mut key = || keys.next();
    match kind.as_str()? {
        "counters" => world.counters = read(value)?,
        "user" => {
            let user: User = read(value)?;
            world.users.insert(user.id, user);
        }
        "bot" => {
            let mut bot: Bot = read(value)?;
            let old = world.bots.remove(&bot.id);
            if let Some(old) = old {
                bot.next_update = bot.next_update.max(old.next_update);
                bot.updates = old.updates;
            }
            world.bots.insert(bot.id, bot);
        }
        "chat" => {
            let mut chat: Chat = read(value)?;
            if let Some(old) = world.chats.remove(&chat.key) {
                chat.next_message = chat.next_message.max(old.next_message);
                chat.messages = old.messages;
            }
            world.chats.insert(chat.key, chat);
        }
        "message" => {
            let chat = world.chats.get_mut(&read::<Key>(key()?)?)?;
            let id: i64 = read(key()?)?;
            chat.next_message = chat.next_message.max(id + 1);
            match read::<Option<Message>>(value)? {
                Some(message) => chat.messages.insert(id, message),
                None => chat.messages.remove(&id),
            };
        }
        "update" => {
            let bot = world.bots.get_mut(&read(key()?)?)?;
            let id: i64 = read(key()?)?;
            bot.next_update = bot.next_update.max(id + 1);
            match read::<Option<Update>>(value)? {
                Some(update) => bot.updates.push_back(update),
                None => bot.updates.retain(|u| u.id != id),
            }
        }
        "file" => {
            let id: String = read(key()?)?;
            match read::<Option<StoredFile>>(value)? {
                Some(file) => world.files.insert(id, file),
                None => world.files.remove(&id),
            };
        }
        "poll" => {
            let poll: Poll = read(value)?;
            world.polls.insert(poll.id.clone(), poll);
        }
        _ => return None,
    }
    Some(())
}
