//! A program to be killed, for the fault tests of the sled adapter.
//!
//! `store-crash child DIR [--no-barrier] [--padding N] [--ballast N]` moves money between accounts
//! and prints `ack TASK N` for each transfer after it was acknowledged; `readonly`, `read ok` and
//! `healthy` tell of a full disk. `store-crash verify DIR [--accept-loss]` opens, checks all and
//! prints what is there. `store-crash flood DIR N` commits N batches at once and prints what readers and
//! memory felt of it. A refused store ends with code 3, a failed one with code 74.

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::{FutureExt, StreamExt};
use vigie_store::{
    Batch, BatchId, Cond, Dir, Entry, Health, Key, Op, Outcome, Range, Result, SledOptions,
    SledStore, Store, StoreError,
};

const SHARD: u32 = 1;
const ACCOUNTS: u64 = 8;
const TASKS: u64 = 6;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let Ok(runtime) = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    else {
        return ExitCode::FAILURE;
    };
    let done = runtime.block_on(async {
        match words.as_slice() {
            ["child", folder, rest @ ..] => child(folder, rest).await,
            ["verify", folder, rest @ ..] => verify(folder, rest).await,
            ["flood", folder, count] => flood(folder, count.parse().unwrap_or(1_000)).await,
            _ => Err(StoreError::Io(
                "usage: store-crash child|verify|flood DIR".to_owned(),
            )),
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(std::io::stderr(), &error.to_string());
            let failed = matches!(error, StoreError::ReadOnly(_) | StoreError::Unknown);
            ExitCode::from(if failed { 74 } else { 3 })
        }
    }
}

/// One write per line, so that a kill cuts between lines.
fn say(mut to: impl Write, line: &str) {
    // Whoever no longer listens needs no answer.
    let _ = to.write_all(format!("{line}\n").as_bytes());
}

fn number(words: &[&str], flag: &str) -> Option<u64> {
    let at = words.iter().position(|word| *word == flag)?;
    words.get(at + 1)?.parse().ok()
}

fn options(words: &[&str]) -> SledOptions {
    SledOptions {
        barrier: !words.contains(&"--no-barrier"),
        accept_loss: words.contains(&"--accept-loss"),
        ballast: number(words, "--ballast").unwrap_or(0),
        ..SledOptions::small()
    }
}

fn account(n: u64) -> Key {
    Key::of("m/").u64(n).end()
}

fn counter(task: u64) -> Key {
    Key::of("seq/").u64(task).end()
}

fn amount(entry: Option<&Entry>) -> i64 {
    let bytes = entry.and_then(|entry| entry.value.get(..8)?.try_into().ok());
    bytes.map_or(0, i64::from_be_bytes)
}

fn value(number: i64) -> Bytes {
    Bytes::copy_from_slice(&number.to_be_bytes())
}

fn id(task: u64, n: u64, attempt: u64) -> BatchId {
    let mut id = BatchId::default();
    let (a, b) = id.split_at_mut(8);
    a.copy_from_slice(&(task << 32 | attempt).to_be_bytes());
    b.copy_from_slice(&n.to_be_bytes());
    id
}

async fn child(folder: &str, words: &[&str]) -> Result<()> {
    let store = Arc::new(SledStore::open(folder, options(words))?);
    say(std::io::stdout(), "open");
    let padding = number(words, "--padding").unwrap_or(0);
    let tasks = (0..TASKS).map(|task| {
        let store = Arc::clone(&store);
        tokio::spawn(async move { mover(&*store, task, padding).await })
    });
    for task in futures::future::join_all(tasks).await {
        task.map_err(|error| StoreError::Io(error.to_string()))??;
    }
    Ok(())
}

async fn mover(store: &dyn Store, task: u64, padding: u64) -> Result<()> {
    let found = store.get(SHARD, &[counter(task)]).await?;
    let mut n = amount(found.first().and_then(Option::as_ref)).unsigned_abs();
    let mut attempt = 0;
    loop {
        attempt += 1;
        let from = (task + n + attempt) % ACCOUNTS;
        let to = (from + 1 + n % (ACCOUNTS - 1)) % ACCOUNTS;
        let batch = transfer(store, task, n + 1, (from, to), padding, attempt).await?;
        match store.commit(batch.clone()).await {
            Ok(Outcome::Applied(_)) => {
                n += 1;
                attempt = 0;
                say(std::io::stdout(), &format!("ack {task} {n}"));
            }
            Ok(Outcome::Conflict { .. }) => {}
            Err(error) => {
                wait_for_health(store, error).await?;
                // The same name again: whatever became of the first try, it counts once.
                if let Outcome::Applied(_) = store.commit(batch).await? {
                    n += 1;
                    say(std::io::stdout(), &format!("ack {task} {n}"));
                }
            }
        }
    }
}

async fn transfer(
    store: &dyn Store,
    task: u64,
    n: u64,
    (from, to): (u64, u64),
    padding: u64,
    attempt: u64,
) -> Result<Batch> {
    let found = store.get(SHARD, &[account(from), account(to)]).await?;
    let entry = |at: usize| found.get(at).and_then(Option::as_ref);
    let cond = |key: Key, entry: Option<&Entry>| match entry {
        Some(entry) => Cond::At(key, entry.rev),
        None => Cond::Absent(key),
    };
    // Now and then a value that is stored in parts.
    let size = if n % 16 == 3 { 20_000 } else { padding };
    Ok(Batch {
        shard: SHARD,
        id: id(task, n, attempt),
        conds: vec![cond(account(from), entry(0)), cond(account(to), entry(1))],
        ops: vec![
            Op::Put(account(from), value(amount(entry(0)) - 1)),
            Op::Put(account(to), value(amount(entry(1)) + 1)),
            Op::Put(counter(task), value(n.cast_signed())),
            Op::PutStamped {
                prefix: Key::of("o/").end(),
                suffix: Key::default(),
                value: vec![7; usize::try_from(size).unwrap_or(0)].into(),
            },
        ],
    })
}

/// After an error: reads must go on; when the store heals, so do we.
async fn wait_for_health(store: &dyn Store, error: StoreError) -> Result<()> {
    if let Health::Failed(_) = store.health().await {
        return Err(error);
    }
    say(std::io::stdout(), "readonly");
    let begin = Instant::now();
    loop {
        if store
            .get(SHARD, &[account(0)])
            .await?
            .first()
            .is_some_and(Option::is_some)
        {
            say(std::io::stdout(), "read ok");
        }
        match store.health().await {
            Health::Ok => break,
            Health::Failed(_) => return Err(error),
            Health::ReadOnly(_) if begin.elapsed() > Duration::from_secs(30) => return Err(error),
            Health::ReadOnly(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
    say(std::io::stdout(), "healthy");
    Ok(())
}

async fn verify(folder: &str, words: &[&str]) -> Result<()> {
    let begin = Instant::now();
    let store = SledStore::open(folder, options(words))?;
    let opened = begin.elapsed().as_millis();
    store.verify_all().await?;
    let rev = store.durable_rev(SHARD).await?;
    let (mut sum, mut outbox, mut done) = (0, 0, Vec::new());
    for n in 0..ACCOUNTS {
        sum += amount(
            store
                .get(SHARD, &[account(n)])
                .await?
                .first()
                .and_then(Option::as_ref),
        );
    }
    for task in 0..TASKS {
        let found = store.get(SHARD, &[counter(task)]).await?;
        done.push(amount(found.first().and_then(Option::as_ref)));
    }
    let range = Range::prefix(&Key::of("o/").end());
    let mut after = None;
    loop {
        let page = store
            .scan(SHARD, &range, after.as_ref(), 1_000, Dir::Forward)
            .await?;
        outbox += page.items.len();
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    // It must take writes again.
    let probe = Batch {
        shard: SHARD,
        id: id(u64::from(u32::MAX), rev, 0),
        conds: vec![],
        ops: vec![],
    };
    store.commit(probe).await?;
    let done: Vec<String> = done.iter().map(ToString::to_string).collect();
    let done = done.join(",");
    say(
        std::io::stdout(),
        &format!("rev={rev} sum={sum} outbox={outbox} done={done} opened={opened}ms"),
    );
    Ok(())
}

/// How long after the call a commit can be seen, by any way of reading.
async fn first_seen(store: &Arc<SledStore>) -> Result<Duration> {
    let key = Key::of("seen").end();
    let mut changes = store.watch(SHARD, key.clone(), 0).await?;
    let begin = Instant::now();
    let commit = tokio::spawn({
        let (store, key) = (Arc::clone(store), key.clone());
        async move {
            let ops = vec![Op::Put(key, Bytes::new())];
            let (shard, id) = (SHARD, id(8, 1, 0));
            store
                .commit(Batch {
                    shard,
                    id,
                    conds: vec![],
                    ops,
                })
                .await
        }
    });
    let range = Range::prefix(&key);
    loop {
        let page = store.scan(SHARD, &range, None, 1, Dir::Forward).await?;
        let snapshot = store.snapshot(SHARD).await?;
        let seen = store
            .get(SHARD, std::slice::from_ref(&key))
            .await?
            .iter()
            .any(Option::is_some)
            || !page.items.is_empty()
            || snapshot.rev() > 0
            || snapshot
                .get(std::slice::from_ref(&key))
                .await?
                .iter()
                .any(Option::is_some)
            || store.durable_rev(SHARD).await? > 0
            || changes.next().now_or_never().is_some();
        if seen {
            let seen = begin.elapsed();
            commit
                .await
                .map_err(|error| StoreError::Io(error.to_string()))??;
            return Ok(seen);
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

async fn flood(folder: &str, count: u64) -> Result<()> {
    let store = Arc::new(SledStore::open(folder, SledOptions::small())?);
    let seen = first_seen(&store).await?;
    let commits = (0..count).map(|n| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            let ops = vec![Op::Put(account(n), vec![7; 500].into())];
            let (shard, id) = (SHARD, id(9, n, 0));
            store
                .commit(Batch {
                    shard,
                    id,
                    conds: vec![],
                    ops,
                })
                .await
        })
    });
    let commits = futures::future::join_all(commits);
    tokio::pin!(commits);
    let mut slowest = Duration::ZERO;
    let results = loop {
        let begin = Instant::now();
        store.get(SHARD, &[account(0)]).await?;
        slowest = slowest.max(begin.elapsed());
        tokio::select! {
            results = &mut commits => break results,
            () = tokio::time::sleep(Duration::from_millis(5)) => {}
        }
    };
    let good = results
        .iter()
        .filter(|result| matches!(result, Ok(Ok(Outcome::Applied(_)))));
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    say(
        std::io::stdout(),
        &format!(
            "first_seen={}ms applied={} slowest_read={}ms peak={}",
            seen.as_millis(),
            good.count(),
            slowest.as_millis(),
            peak.unwrap_or_default().trim().replace(" kB", "kB")
        ),
    );
    Ok(())
}
