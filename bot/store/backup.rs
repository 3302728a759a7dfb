//! Export and import as JSON lines, for backups and for moving to another engine.
//!
//! A shard is read page by page while commits go on, then the change log since the beginning is
//! added; replayed in order the file gives the exact state at its last revision.
//!
//! ```text
//! {"vigie":1}
//! {"shard":0,"from":17}
//! {"k":"<base64>","v":"<base64>","r":12}     an entry
//! {"k":"<base64>","r":18}                    removed at revision 18
//! {"end":0,"rev":18,"lines":2}
//! {"sha256":"<hex of all lines above>","lines":4}
//! ```
//!
//! Promise: a file that was cut or altered is refused with the number of the line, before it is
//! written to the store; a store that holds anything is never imported into.

use std::io::{BufRead, Read, Seek, SeekFrom, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures::{FutureExt, StreamExt};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Dir, Entry, Key, MAX_PAGE, Range, Result, Rev, Shard, Store, StoreError, WatchItem};

/// Version of the file format.
const FORMAT: u16 = 1;
/// Longest line: a value of 64 KiB in base64, and room.
const MAX_LINE: u64 = 256 * 1024;

/// How far an export or import is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Lines done.
    pub lines: u64,
    /// Lines in all, where known.
    pub of: Option<u64>,
}

/// What an export or import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Shards with the revision that the file holds of them.
    pub shards: Vec<(Shard, Rev)>,
    /// Entries and removals.
    pub lines: u64,
}

/// Told of progress now and then.
pub type OnProgress<'a> = &'a mut (dyn FnMut(Progress) + Send);

#[derive(Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Line {
    Head {
        vigie: u16,
    },
    Shard {
        shard: Shard,
        from: Rev,
    },
    Entry {
        k: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        v: Option<String>,
        r: Rev,
    },
    End {
        end: Shard,
        rev: Rev,
        lines: u64,
    },
    Trailer {
        sha256: String,
        lines: u64,
    },
}

struct Out<'a> {
    writer: &'a mut (dyn Write + Send),
    hash: Sha256,
    lines: u64,
    entries: u64,
    progress: OnProgress<'a>,
}

impl Out<'_> {
    fn line(&mut self, line: &Line) -> Result<()> {
        let mut text = serde_json::to_vec(line).map_err(|error| failed("writing", &error))?;
        text.push(b'\n');
        self.hash.update(&text);
        self.lines += 1;
        self.writer
            .write_all(&text)
            .map_err(|error| failed("writing", &error))
    }

    fn entry(&mut self, key: &Key, value: Option<&Bytes>, r: Rev) -> Result<()> {
        self.entries += 1;
        if self.entries.is_multiple_of(1_000) {
            let lines = self.entries;
            (self.progress)(Progress { lines, of: None });
        }
        self.line(&Line::Entry {
            k: STANDARD.encode(key.as_bytes()),
            v: value.map(|value| STANDARD.encode(value)),
            r,
        })
    }
}

fn failed(what: &str, error: &dyn std::fmt::Display) -> StoreError {
    StoreError::Io(format!("{what} the file: {error}"))
}

/// Writes all shards of a store. Commits may go on meanwhile.
///
/// # Errors
/// [`StoreError::Io`] when the file cannot be written, or when the change log was cut before the
/// reading was done.
pub async fn export(
    store: &dyn Store,
    writer: &mut (dyn Write + Send),
    progress: OnProgress<'_>,
) -> Result<Summary> {
    let mut out = Out {
        writer,
        hash: Sha256::new(),
        lines: 0,
        entries: 0,
        progress,
    };
    out.line(&Line::Head { vigie: FORMAT })?;
    let mut shards = Vec::new();
    for shard in store.shards().await? {
        let rev = export_shard(store, shard, &mut out).await?;
        shards.push((shard, rev));
    }
    let trailer = Line::Trailer {
        sha256: hex(&out.hash.clone().finalize()),
        lines: out.lines,
    };
    out.line(&trailer)?;
    out.writer
        .flush()
        .map_err(|error| failed("writing", &error))?;
    let lines = out.entries;
    (out.progress)(Progress {
        lines,
        of: Some(lines),
    });
    Ok(Summary { shards, lines })
}

async fn export_shard(store: &dyn Store, shard: Shard, out: &mut Out<'_>) -> Result<Rev> {
    let from = store.durable_rev(shard).await?;
    out.line(&Line::Shard { shard, from })?;
    let begin = out.entries;
    let all = Range::prefix(&Key::default());
    let mut after = None;
    loop {
        let page = store
            .scan(shard, &all, after.as_ref(), MAX_PAGE, Dir::Forward)
            .await?;
        for (key, entry) in &page.items {
            out.entry(key, Some(&entry.value), entry.rev)?;
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    // Taken after the last page, so it covers all that was seen.
    let rev = store.durable_rev(shard).await?;
    tail(store, shard, from, rev, out).await?;
    let lines = out.entries - begin;
    out.line(&Line::End {
        end: shard,
        rev,
        lines,
    })?;
    Ok(rev)
}

/// Adds the changes after `from` up to `rev`.
async fn tail(
    store: &dyn Store,
    shard: Shard,
    from: Rev,
    rev: Rev,
    out: &mut Out<'_>,
) -> Result<()> {
    if from >= rev {
        return Ok(());
    }
    let mut changes = store.watch(shard, Key::default(), from).await?;
    let mut at = from;
    loop {
        // The changes of one commit come together: after the last revision nothing is waited for.
        let next = if at < rev {
            changes.next().await
        } else {
            changes.next().now_or_never().flatten()
        };
        match next {
            Some(WatchItem::Change {
                rev: of,
                key,
                value,
            }) if of <= rev => {
                at = of;
                out.entry(&key, value.as_ref(), of)?;
            }
            Some(WatchItem::Gap { .. }) => {
                return Err(StoreError::Io(
                    "the change log was cut while the store was read: keep a longer one".to_owned(),
                ));
            }
            Some(WatchItem::Change { .. }) => return Ok(()),
            None if at < rev => return Err(StoreError::Io("the store was closed".to_owned())),
            None => return Ok(()),
        }
    }
}

/// Fills an empty store from a file, after the whole file was checked.
///
/// # Errors
/// [`StoreError::Damaged`] names the first bad line; [`StoreError::InUse`] when the store is not
/// empty.
pub async fn import<R: BufRead + Seek + Send>(
    mut reader: R,
    store: &dyn Store,
    progress: OnProgress<'_>,
) -> Result<Summary> {
    if !store.shards().await?.is_empty() {
        return Err(StoreError::InUse(
            "it already holds data; import needs an empty store".to_owned(),
        ));
    }
    let total = check(&mut reader)?;
    reader
        .seek(SeekFrom::Start(0))
        .map_err(|error| failed("reading", &error))?;
    let mut target = Target {
        store,
        shard: 0,
        waiting: Vec::new(),
        bytes: 0,
        summary: Summary::default(),
    };
    let mut lines = Lines::new(reader);
    while let Some(line) = lines.next()? {
        if lines.number.is_multiple_of(1_000) {
            let of = Some(total);
            progress(Progress {
                lines: target.summary.lines,
                of,
            });
        }
        target.take(line, lines.number).await?;
    }
    let lines = target.summary.lines;
    progress(Progress {
        lines,
        of: Some(total),
    });
    Ok(target.summary)
}

struct Target<'a> {
    store: &'a dyn Store,
    shard: Shard,
    waiting: Vec<(Key, Option<Entry>)>,
    bytes: usize,
    summary: Summary,
}

impl Target<'_> {
    async fn take(&mut self, line: Line, number: u64) -> Result<()> {
        match line {
            Line::Shard { shard, .. } => self.shard = shard,
            Line::Entry { k, v, r } => {
                let key = Key(decode64(&k, number)?);
                let entry = match v {
                    Some(value) => Some(Entry {
                        value: decode64(&value, number)?,
                        rev: r,
                    }),
                    None => None,
                };
                self.bytes += key.0.len() + entry.as_ref().map_or(0, |entry| entry.value.len());
                self.waiting.push((key, entry));
                self.summary.lines += 1;
                // Smaller than a page: each one is a single durable write of the store.
                if self.waiting.len() >= 500 || self.bytes > 512 * 1024 {
                    self.write(0).await?;
                }
            }
            Line::End { rev, .. } => {
                self.write(rev).await?;
                self.summary.shards.push((self.shard, rev));
            }
            Line::Head { .. } | Line::Trailer { .. } => {}
        }
        Ok(())
    }

    async fn write(&mut self, rev: Rev) -> Result<()> {
        self.bytes = 0;
        let items = std::mem::take(&mut self.waiting);
        self.store.restore(self.shard, items, rev).await
    }
}

fn bad(number: u64, what: impl std::fmt::Display) -> StoreError {
    StoreError::Damaged(format!("line {number} of the file: {what}"))
}

fn decode64(text: &str, number: u64) -> Result<Bytes> {
    let bytes = STANDARD.decode(text).map_err(|error| bad(number, error))?;
    Ok(bytes.into())
}

struct Lines<R> {
    reader: R,
    number: u64,
    raw: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    fn new(reader: R) -> Self {
        Self {
            reader,
            number: 0,
            raw: Vec::new(),
        }
    }

    fn next(&mut self) -> Result<Option<Line>> {
        self.raw.clear();
        let mut limited = (&mut self.reader).take(MAX_LINE);
        limited
            .read_until(b'\n', &mut self.raw)
            .map_err(|error| failed("reading", &error))?;
        if self.raw.is_empty() {
            return Ok(None);
        }
        self.number += 1;
        if self.raw.last() != Some(&b'\n') {
            return Err(bad(self.number, "it is cut off or too long"));
        }
        let line = serde_json::from_slice(&self.raw);
        line.map(Some).map_err(|error| bad(self.number, error))
    }
}

/// What the checker has seen of the shard it is in.
#[derive(Default)]
struct Open {
    shard: Option<Shard>,
    entries: u64,
    newest: Rev,
}

/// Reads the whole file and answers its number of entries; nothing is written.
fn check(reader: &mut impl BufRead) -> Result<u64> {
    let mut lines = Lines::new(reader);
    let mut hash = Sha256::new();
    let mut open = Open::default();
    let mut total = 0;
    loop {
        let line = lines.next()?;
        let number = lines.number;
        match line {
            None => return Err(bad(number + 1, "the end of the file is missing")),
            Some(Line::Head { vigie }) if number == 1 => {
                if vigie > FORMAT {
                    let text = format!("the file has format {vigie}, this program knows {FORMAT}");
                    return Err(StoreError::TooNew(text));
                }
            }
            Some(_) if number == 1 => return Err(bad(1, "this is no export of Vigie")),
            Some(Line::Trailer { sha256, lines: of }) => {
                if open.shard.is_some() || of + 1 != number {
                    return Err(bad(number, format!("{of} lines were written before it")));
                }
                if sha256 != hex(&hash.finalize()) {
                    return Err(bad(number, "the checksum of the lines above is another"));
                }
                if lines.next()?.is_some() {
                    return Err(bad(number + 1, "something follows the end"));
                }
                return Ok(total);
            }
            Some(line) => total += check_line(&mut open, line, number)?,
        }
        hash.update(&lines.raw);
    }
}

/// Checks one line between head and trailer; answers how many entries it is.
fn check_line(open: &mut Open, line: Line, number: u64) -> Result<u64> {
    match line {
        Line::Shard { shard, .. } if open.shard.is_none() => {
            *open = Open {
                shard: Some(shard),
                ..Open::default()
            };
            Ok(0)
        }
        Line::Entry { k, v, r } if open.shard.is_some() => {
            let key = decode64(&k, number)?;
            let value = v.map(|value| decode64(&value, number)).transpose()?;
            let long = value.is_some_and(|value| value.len() > crate::MAX_VALUE);
            if key.len() > crate::MAX_KEY || long {
                return Err(bad(number, "the key or the value is too long"));
            }
            open.entries += 1;
            open.newest = open.newest.max(r);
            Ok(1)
        }
        Line::End { end, rev, lines } if open.shard == Some(end) => {
            if lines != open.entries || rev < open.newest {
                let text = format!("{lines} entries were written, {} found", open.entries);
                return Err(bad(number, text));
            }
            *open = Open::default();
            Ok(0)
        }
        _ => Err(bad(number, "it is out of place")),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
