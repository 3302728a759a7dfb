//! Figures of the sled adapter on this machine.
//!
//! `cargo run --release -p vigie_store --example bench [-- SECONDS [RECORDS]]`

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::StreamExt;
use vigie_store::{
    Batch, Cond, Dir, Entry, Key, Op, Outcome, Range, Result, SledOptions, SledStore, Store,
};

const SHARD: u32 = 1;

fn main() -> Result<()> {
    let numbers: Vec<u64> = std::env::args()
        .filter_map(|arg| arg.parse().ok())
        .collect();
    let seconds = Duration::from_secs(numbers.first().copied().unwrap_or(5));
    let records = numbers.get(1).copied().unwrap_or(1_000_000);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| vigie_store::StoreError::Io(error.to_string()))?;
    let folder = std::env::temp_dir().join(format!("vigie-bench-{}", std::process::id()));
    let done = runtime.block_on(all(&folder, seconds, records));
    // A left-over folder of a benchmark is only clutter.
    let _ = std::fs::remove_dir_all(&folder);
    done
}

fn row(what: &str, figure: &str) {
    // A closed pipe ends the reading, not the benchmark.
    let _ = writeln!(std::io::stdout(), "| {what:<58} | {figure:>34} |");
}

fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let number = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        number.unwrap_or_default() / 1024
    };
    format!("{} MiB, peak {} MiB", line("VmRSS:"), line("VmHWM:"))
}

fn disk(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.metadata().ok())
        .map(|data| data.len())
        .sum::<u64>()
        >> 20
}

async fn all(folder: &Path, seconds: Duration, records: u64) -> Result<()> {
    let small = folder.join("small");
    let store = Arc::new(SledStore::open(&small, SledOptions::small())?);
    row(
        "memory after opening an empty store (small options)",
        &memory(),
    );
    committer(&store, 1, seconds).await?;
    committer(&store, 64, seconds).await?;
    watcher(&store).await?;
    soak(&store, &small, seconds * 4).await?;
    row("disk after that (MiB)", &disk(&small).to_string());
    row("memory after that", &memory());
    drop(store);
    large(&folder.join("large"), records).await
}

/// Jobs of one condition and three writes, each by callers that wait for the answer.
async fn committer(store: &Arc<SledStore>, callers: u64, seconds: Duration) -> Result<()> {
    let times = Arc::new(std::sync::Mutex::new(Vec::new()));
    let begin = Instant::now();
    let tasks = (0..callers).map(|caller| {
        let (store, times) = (Arc::clone(store), Arc::clone(&times));
        tokio::spawn(async move {
            let mine = Key::of("c/").u64(caller).end();
            let found = store.get(SHARD, std::slice::from_ref(&mine)).await?;
            let mut rev = found
                .first()
                .and_then(Option::as_ref)
                .map(|entry| entry.rev);
            let mut n = 0_u64;
            while begin.elapsed() < seconds {
                n += 1;
                let started = Instant::now();
                let outcome = store.commit(job(caller, n, &mine, rev)).await?;
                let took = started.elapsed();
                if let Ok(mut times) = times.lock() {
                    times.push(took);
                }
                rev = match outcome {
                    Outcome::Applied(rev) => Some(rev),
                    Outcome::Conflict { now, .. } => now,
                };
            }
            Result::Ok(())
        })
    });
    for task in futures::future::join_all(tasks).await {
        task.map_err(|error| vigie_store::StoreError::Io(error.to_string()))??;
    }
    let taken = begin.elapsed().as_secs_f64();
    let mut times = times
        .lock()
        .map(|mut times| std::mem::take(&mut *times))
        .unwrap_or_default();
    times.sort_unstable();
    let at = |part: usize| {
        times
            .get(times.len() * part / 100)
            .copied()
            .unwrap_or_default()
    };
    row(
        &format!("commits/s, 1 condition + 3 writes, {callers} callers (p50 / p99)"),
        &format!(
            "{:.0} ({:.2?} / {:.2?})",
            times.len() as f64 / taken,
            at(50),
            at(99)
        ),
    );
    Ok(())
}

fn job(caller: u64, n: u64, mine: &Key, rev: Option<u64>) -> Batch {
    static RUN: AtomicU64 = AtomicU64::new(0);
    let mut id = [0; 16];
    let (a, b) = id.split_at_mut(8);
    a.copy_from_slice(&RUN.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    b.copy_from_slice(&(caller << 40 | n).to_be_bytes());
    let value: Bytes = vec![7; 200].into();
    let cond = match rev {
        Some(rev) => Cond::At(mine.clone(), rev),
        None => Cond::Absent(mine.clone()),
    };
    Batch {
        shard: SHARD,
        id,
        conds: vec![cond],
        ops: vec![
            Op::Put(mine.clone(), value.clone()),
            Op::Put(
                Key::of("d/").u64(caller * 1_000 + n % 1_000).end(),
                value.clone(),
            ),
            Op::Put(Key::of("o/").u64(n % 5_000).u64(caller).end(), value),
        ],
    }
}

/// Many changes of few keys: the files must not grow with time.
async fn soak(store: &Arc<SledStore>, folder: &Path, seconds: Duration) -> Result<()> {
    let begin = Instant::now();
    let (mut n, mut largest) = (0_u64, 0);
    let mut sizes = Vec::new();
    while begin.elapsed() < seconds {
        for _ in 0..50 {
            let jobs = (0..64_u64).map(|caller| {
                let mut batch = job(
                    100 + caller,
                    n + caller,
                    &Key::of("c/").u64(caller).end(),
                    None,
                );
                batch.conds.clear();
                batch.ops.pop();
                batch.ops.pop();
                store.commit(batch)
            });
            for outcome in futures::future::join_all(jobs).await {
                outcome?;
            }
            n += 64;
        }
        largest = disk(folder).max(largest);
        sizes.push(disk(folder));
    }
    let quarter = |part: usize| {
        sizes
            .get(sizes.len() * part / 4)
            .copied()
            .unwrap_or_default()
    };
    row(
        &format!("{n} changes of 64 keys: disk MiB at 0, 1/4, 1/2, 3/4, most"),
        &format!(
            "{}, {}, {}, {}, {largest}",
            quarter(0),
            quarter(1),
            quarter(2),
            quarter(3)
        ),
    );
    Ok(())
}

/// From the call of a single commit to a watcher that was told.
async fn watcher(store: &Arc<SledStore>) -> Result<()> {
    let from = store.durable_rev(SHARD).await?;
    let mut changes = store.watch(SHARD, Key::of("w/").end(), from).await?;
    let mut times = Vec::new();
    for n in 0..500_u64 {
        let started = Instant::now();
        let mut batch = job(99, n, &Key::of("w/").end(), None);
        batch.conds.clear();
        let told = async { changes.next().await.map(|_| started.elapsed()) };
        let (outcome, told) = futures::join!(store.commit(batch), told);
        outcome?;
        times.extend(told);
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    times.sort_unstable();
    let at = |part: usize| {
        times
            .get(times.len() * part / 100)
            .copied()
            .unwrap_or_default()
    };
    row(
        "single commit until a watcher is told (p50 / p99)",
        &format!("{:.2?} / {:.2?}", at(50), at(99)),
    );
    Ok(())
}

async fn large(folder: &Path, records: u64) -> Result<()> {
    let options = SledOptions {
        ballast: 0,
        ..SledOptions::default()
    };
    let store = SledStore::open(folder, options.clone())?;
    let begin = Instant::now();
    let value: Bytes = vec![9; 200].into();
    let mut n = 0;
    while n < records {
        let until = records.min(n + 500);
        let items = (n..until).map(|n| {
            let entry = Entry {
                value: value.clone(),
                rev: 1 + n / 500,
            };
            (Key::of("k/").u64(n).end(), Some(entry))
        });
        store.restore(SHARD, items.collect(), 1 + n / 500).await?;
        n = until;
    }
    let rate = records as f64 / begin.elapsed().as_secs_f64();
    row(
        &format!("filling {records} records, records/s"),
        &format!("{rate:.0}"),
    );
    row("disk (MiB)", &disk(folder).to_string());
    drop(store);
    for which in ["first", "second"] {
        let begin = Instant::now();
        let store = SledStore::open(folder, options.clone())?;
        let opened = begin.elapsed();
        row(
            &format!("{which} open with {records} records"),
            &format!("{opened:.2?}"),
        );
        if which == "second" {
            reads(&store, records).await?;
        }
    }
    row("memory at the end", &memory());
    Ok(())
}

async fn reads(store: &SledStore, records: u64) -> Result<()> {
    let begin = Instant::now();
    let range = Range::prefix(&Key::of("k/").end());
    let (mut after, mut seen) = (None, 0);
    loop {
        let page = store
            .scan(SHARD, &range, after.as_ref(), 1_000, Dir::Forward)
            .await?;
        seen += page.items.len();
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let rate = seen as f64 / begin.elapsed().as_secs_f64();
    row("ordered scan, keys/s", &format!("{rate:.0}"));
    let begin = Instant::now();
    for n in 0..200_000_u64 {
        let at = n.wrapping_mul(0x9E37_79B9_7F4A_7C15) % records.max(1);
        store.get(SHARD, &[Key::of("k/").u64(at).end()]).await?;
    }
    let rate = 200_000.0 / begin.elapsed().as_secs_f64();
    row("random reads/s", &format!("{rate:.0}"));
    let begin = Instant::now();
    store.verify_all().await?;
    row(
        "full check of everything",
        &format!("{:.2?}", begin.elapsed()),
    );
    Ok(())
}
