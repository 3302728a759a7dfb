//! Random histories: sled must answer every call as the memory model does, also over restarts.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{FutureExt, StreamExt};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use vigie_store::{
    Batch, Cond, Dir, Entry, Health, Key, MemoryStore, Op, Outcome, Page, Range, Result, Rev,
    Shard, Snapshot, Store, WatchItem,
};

use crate::fixture::{Fixture, fresh_id, key};

#[derive(Clone, Debug)]
enum Action {
    Commit(Vec<(u8, u8)>, Vec<(u8, u8, u16)>),
    Retry(u8),
    Get(Vec<u8>),
    Scan(u8, u8, Option<u8>, u32, bool),
    TakeSnapshot,
    ReadSnapshot(u8, bool),
    Watch(u8),
    Reopen,
}

fn actions() -> impl Strategy<Value = Vec<Action>> {
    let conds = prop::collection::vec((0..3_u8, 0..30_u8), 0..3);
    let ops = prop::collection::vec((0..8_u8, 0..30_u8, 0..9_000_u16), 0..6);
    let action = prop_oneof![
        12 => (conds, ops).prop_map(|(conds, ops)| Action::Commit(conds, ops)),
        2 => any::<u8>().prop_map(Action::Retry),
        4 => prop::collection::vec(0..32_u8, 1..6).prop_map(Action::Get),
        5 => (0..32_u8, 0..32_u8, prop::option::of(0..32_u8), 1..40_u32, any::<bool>())
            .prop_map(|(a, b, after, limit, back)| Action::Scan(a, b, after, limit, back)),
        2 => Just(Action::TakeSnapshot),
        3 => (0..32_u8, any::<bool>()).prop_map(|(at, back)| Action::ReadSnapshot(at, back)),
        2 => (0..5_u8).prop_map(Action::Watch),
        1 => Just(Action::Reopen),
    ];
    prop::collection::vec(action, 1..40)
}

/// 30 keys under 4 prefixes, some a prefix of others, some with the edge bytes.
fn name(n: u8) -> Key {
    let rest = n / 4;
    match n % 4 {
        0 => key(vec![b'a'; usize::from(rest)]),
        1 => key([b"b/".as_slice(), &[rest]].concat()),
        2 => key([b"b/\xff".as_slice(), &[0xFF_u8.wrapping_sub(rest)]].concat()),
        _ => key([b"\xff".as_slice(), &[rest, 0]].concat()),
    }
}

fn value(n: u8, size: u16) -> Bytes {
    // Most values are short, some are split.
    let size = if size < 7_000 { size % 40 } else { size };
    (0..size).map(|at| n ^ at as u8).collect()
}

fn batch(shard: Shard, conds: &[(u8, u8)], ops: &[(u8, u8, u16)], revs: &[Option<Rev>]) -> Batch {
    let conds = conds.iter().zip(revs).map(|((kind, at), rev)| match kind {
        0 => Cond::Absent(name(*at)),
        1 => Cond::Present(name(*at)),
        _ => Cond::At(name(*at), rev.unwrap_or(3)),
    });
    let ops = ops.iter().map(|(kind, at, size)| match kind {
        0 | 1 => Op::Delete(name(*at)),
        2 => Op::PutStamped {
            prefix: name(*at),
            suffix: name(at / 2),
            value: value(*at, *size),
        },
        _ => Op::Put(name(*at), value(*at, *size)),
    });
    Batch {
        shard,
        id: fresh_id(),
        conds: conds.collect(),
        ops: ops.collect(),
    }
}

/// Both stores, and what was done to them.
struct Pair {
    tested: Arc<dyn Store>,
    model: MemoryStore,
    shard: Shard,
    done: Vec<Batch>,
    snapshots: Option<(Box<dyn Snapshot>, Box<dyn Snapshot>)>,
    taken: Instant,
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, a: &T, b: &T) -> Result<(), TestCaseError> {
    prop_assert!(a == b, "{what}: tested {a:?}, model {b:?}");
    Ok(())
}

async fn ready(stream: BoxStream<'static, WatchItem>) -> Vec<WatchItem> {
    let mut stream = stream;
    let mut items = Vec::new();
    while let Some(Some(item)) = stream.next().now_or_never() {
        items.push(item);
    }
    items
}

impl Pair {
    async fn commit(&mut self, batch: Batch) -> Result<(), TestCaseError> {
        let tested = self.tested.commit(batch.clone()).await;
        let model = self.model.commit(batch.clone()).await;
        same("commit", &tested, &model)?;
        // Conflicts may turn out otherwise when repeated; both must then agree again.
        self.done.push(batch);
        Ok(())
    }

    async fn read_snapshot(&self, at: u8, back: bool) -> Result<(), TestCaseError> {
        if let Some((tested, model)) = &self.snapshots {
            let dir = if back { Dir::Backward } else { Dir::Forward };
            let range = Range {
                start: name(at),
                end: None,
            };
            let keys = [name(at), name(at / 2)];
            let scans = (
                tested.scan(&range, None, 50, dir).await,
                model.scan(&range, None, 50, dir).await,
            );
            let gets = (tested.get(&keys).await, model.get(&keys).await);
            // On a busy machine two seconds may have passed; that is tested elsewhere.
            if self.taken.elapsed() < Duration::from_millis(1_800) {
                same("snapshot scan", &scans.0, &scans.1)?;
                same("snapshot get", &gets.0, &gets.1)?;
            }
        }
        Ok(())
    }

    async fn act(&mut self, action: &Action) -> Result<(), TestCaseError> {
        let shard = self.shard;
        let (tested, model) = (&self.tested, &self.model);
        match action {
            Action::Commit(conds, ops) => {
                let keys: Vec<Key> = conds.iter().map(|(_, at)| name(*at)).collect();
                let found = model.get(shard, &keys).await.unwrap();
                let revs: Vec<_> = found.iter().map(|e| e.as_ref().map(|e| e.rev)).collect();
                self.commit(batch(shard, conds, ops, &revs)).await?;
            }
            Action::Retry(which) => {
                if let Some(index) = usize::from(*which).checked_rem(self.done.len()) {
                    self.commit(self.done[index].clone()).await?;
                }
            }
            Action::Get(keys) => {
                let keys: Vec<Key> = keys.iter().map(|at| name(*at)).collect();
                same(
                    "get",
                    &tested.get(shard, &keys).await,
                    &model.get(shard, &keys).await,
                )?;
            }
            Action::Scan(start, end, after, limit, back) => {
                let range = Range {
                    start: name(*start),
                    end: (*end < 28).then(|| name(*end)),
                };
                let after = after.map(name);
                let dir = if *back { Dir::Backward } else { Dir::Forward };
                let scan = |store: &dyn Store| {
                    store
                        .scan(shard, &range, after.as_ref(), *limit, dir)
                        .boxed()
                        .now_or_never()
                };
                // Both answer without waiting.
                let tested = tested
                    .scan(shard, &range, after.as_ref(), *limit, dir)
                    .await;
                same("scan", &tested, &scan(model).expect("ready"))?;
            }
            Action::TakeSnapshot => {
                let tested = tested.snapshot(shard).await.unwrap();
                let model = model.snapshot(shard).await.unwrap();
                same("snapshot revision", &tested.rev(), &model.rev())?;
                self.taken = Instant::now();
                self.snapshots = Some((tested, model));
            }
            Action::ReadSnapshot(at, back) => {
                self.read_snapshot(*at, *back).await?;
            }
            Action::Watch(prefix) => {
                let now = model.durable_rev(shard).await.unwrap();
                let from = now.saturating_sub(u64::from(*prefix) * 3);
                let prefix = [key(""), key("a"), key("b/"), key("b/\u{ff}"), key([0xFF])]
                    [usize::from(*prefix)]
                .clone();
                let tested = ready(tested.watch(shard, prefix.clone(), from).await.unwrap()).await;
                let model = ready(model.watch(shard, prefix, from).await.unwrap()).await;
                same("watch", &tested, &model)?;
            }
            Action::Reopen => {}
        }
        same(
            "revision",
            &self.tested.durable_rev(shard).await,
            &self.model.durable_rev(shard).await,
        )
    }
}

fn cases() -> u32 {
    #[expect(clippy::disallowed_methods, reason = "a switch of the tests alone")]
    let wanted = std::env::var("VIGIE_MODEL_CASES");
    wanted
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(256)
}

#[test]
fn sled_answers_as_the_model_does() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut fixture = Some(Fixture::sled(100_000));
    let mut shard = 0_u32;
    let mut runner = TestRunner::new(Config {
        cases: cases(),
        failure_persistence: None,
        ..Config::default()
    });
    let fixture_cell = std::cell::RefCell::new(&mut fixture);
    let shard_cell = std::cell::RefCell::new(&mut shard);
    let result = runner.run(&actions(), |actions| {
        let mut slot = fixture_cell.borrow_mut();
        let mut shard = shard_cell.borrow_mut();
        **shard += 1;
        // Each case has a shard of its own; opening checks all of them.
        if shard.rem_euclid(64) == 0 {
            **slot = Some(Fixture::sled(100_000));
        }
        runtime.block_on(async {
            let mut pair = Pair {
                tested: Arc::clone(&slot.as_ref().unwrap().store),
                model: MemoryStore::in_memory(),
                shard: **shard,
                done: Vec::new(),
                snapshots: None,
                taken: Instant::now(),
            };
            for action in &actions {
                if matches!(action, Action::Reopen) {
                    pair.snapshots = None;
                    pair.tested = Arc::new(MemoryStore::in_memory());
                    let reopened = slot.take().unwrap().reopen();
                    pair.tested = Arc::clone(&reopened.store);
                    **slot = Some(reopened);
                }
                pair.act(action).await?;
            }
            Ok(())
        })
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

/// An adapter with a small fault, to see that the test above can fail.
struct Faulty(MemoryStore, Fault);

type Fault = fn(&mut Batch);

#[async_trait]
impl Store for Faulty {
    async fn get(&self, shard: Shard, keys: &[Key]) -> Result<Vec<Option<Entry>>> {
        self.0.get(shard, keys).await
    }
    async fn scan(
        &self,
        shard: Shard,
        range: &Range,
        after: Option<&Key>,
        limit: u32,
        dir: Dir,
    ) -> Result<Page> {
        self.0.scan(shard, range, after, limit, dir).await
    }
    async fn snapshot(&self, shard: Shard) -> Result<Box<dyn Snapshot>> {
        self.0.snapshot(shard).await
    }
    async fn commit(&self, mut batch: Batch) -> Result<Outcome> {
        (self.1)(&mut batch);
        self.0.commit(batch).await
    }
    async fn watch(
        &self,
        shard: Shard,
        prefix: Key,
        from: Rev,
    ) -> Result<BoxStream<'static, WatchItem>> {
        self.0.watch(shard, prefix, from).await
    }
    async fn durable_rev(&self, shard: Shard) -> Result<Rev> {
        self.0.durable_rev(shard).await
    }
    async fn shards(&self) -> Result<Vec<Shard>> {
        self.0.shards().await
    }
    async fn restore(
        &self,
        shard: Shard,
        items: Vec<(Key, Option<Entry>)>,
        rev: Rev,
    ) -> Result<()> {
        self.0.restore(shard, items, rev).await
    }
    async fn health(&self) -> Health {
        self.0.health().await
    }
}

#[test]
fn the_model_test_finds_small_faults() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let faults: [(&str, Fault); 4] = [
        ("conditions ignored", |batch| batch.conds.clear()),
        ("last write lost", |batch| drop(batch.ops.pop())),
        ("batch ids ignored", |batch| batch.id = fresh_id()),
        ("order turned", |batch| batch.ops.reverse()),
    ];
    for (name, fault) in faults {
        let mut runner = TestRunner::new(Config {
            cases: 256,
            failure_persistence: None,
            ..Config::default()
        });
        let shard = AtomicU32::new(0);
        let result = runner.run(&actions(), |actions| {
            runtime.block_on(async {
                let mut pair = Pair {
                    tested: Arc::new(Faulty(MemoryStore::in_memory(), fault)),
                    model: MemoryStore::in_memory(),
                    shard: shard.fetch_add(1, Ordering::Relaxed),
                    done: Vec::new(),
                    snapshots: None,
                    taken: Instant::now(),
                };
                for action in &actions {
                    pair.act(action).await?;
                }
                Ok(())
            })
        });
        assert!(result.is_err(), "not found: {name}");
    }
}
