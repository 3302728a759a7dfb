//! Reads, scans, snapshots, limits, shards.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use vigie_store::{
    Batch, Cond, Dir, Key, MAX_BATCH, MAX_GET, MAX_KEY, MAX_OPS, MAX_PAGE, MAX_VALUE, Op, Outcome,
    Range, Store, StoreError,
};

use crate::fixture::{Fixture, apply, batch, delete, fresh_id, key, put, read};

crate::for_each_adapter!(
    put_get_delete,
    odd_keys_and_values,
    values_around_the_chunk_size,
    limits_at_and_over,
    scan_order_and_bounds,
    pages_neither_skip_nor_repeat_under_writes,
    a_page_holds_at_most_one_mebibyte,
    snapshots_stay_the_same,
    snapshots_expire,
    shards_are_apart,
    everything_is_there_after_a_restart,
);

async fn put_get_delete(fixture: Fixture) {
    let store = &fixture.store;
    assert_eq!(read(store, "a").await, None);
    let first = apply(store, vec![put("a", "1")]).await;
    assert_eq!(read(store, "a").await, Some((b"1".to_vec(), first)));
    let second = apply(store, vec![put("a", "2"), put("b", "3")]).await;
    let both = store.get(1, &[key("b"), key("x"), key("a")]).await.unwrap();
    assert_eq!(both[0].as_ref().unwrap().rev, second);
    assert_eq!(both[1], None);
    assert_eq!(both[2].as_ref().unwrap().value, "2");
    apply(store, vec![delete("a"), delete("never there")]).await;
    assert_eq!(read(store, "a").await, None);
    assert_eq!(store.durable_rev(1).await.unwrap(), 3);
}

async fn odd_keys_and_values(fixture: Fixture) {
    let store = &fixture.store;
    let keys: [&[u8]; 6] = [b"", b"\0", b"\0\0", b"\xff", b"\xff\xff\xff", b"\xff\0"];
    for at in keys {
        apply(store, vec![put(at, at)]).await;
    }
    apply(store, vec![put("empty", "")]).await;
    for at in keys {
        assert_eq!(read(store, at).await.unwrap().0, at);
    }
    assert_eq!(read(store, "empty").await.unwrap().0, b"");
    let all = Range::prefix(&Key::default());
    let page = store.scan(1, &all, None, 100, Dir::Forward).await.unwrap();
    assert_eq!(page.items.len(), 7);
    assert!(page.items.is_sorted_by(|a, b| a.0 < b.0));
}

async fn values_around_the_chunk_size(fixture: Fixture) {
    let store = &fixture.store;
    let sizes = [
        4083, 4084, 4085, 4095, 4096, 4097, 8191, 8192, 8193, 65_535, 65_536,
    ];
    let value = |size: usize| (0..size).map(|n| (n * 7 + size) as u8).collect::<Vec<u8>>();
    // Growing, shrinking and growing again over the same key, and a neighbour that must not care.
    for size in sizes
        .into_iter()
        .chain(sizes.into_iter().rev())
        .chain([9, 70, 20_000])
    {
        apply(
            store,
            vec![put("k", value(size)), put("k\0\0", value(size / 2))],
        )
        .await;
        assert_eq!(read(store, "k").await.unwrap().0, value(size));
        assert_eq!(read(store, "k\0\0").await.unwrap().0, value(size / 2));
    }
    apply(store, vec![delete("k")]).await;
    assert_eq!(read(store, "k").await, None);
    assert_eq!(read(store, "k\0\0").await.unwrap().0, value(10_000));
    let fixture = fixture.reopen();
    assert_eq!(
        read(&fixture.store, "k\0\0").await.unwrap().0,
        value(10_000)
    );
}

fn refused<T: std::fmt::Debug>(result: Result<T, StoreError>) {
    assert!(
        matches!(result, Err(StoreError::Limit { .. })),
        "{result:?}"
    );
}

async fn limits_at_and_over(fixture: Fixture) {
    let store = &fixture.store;
    let commit = |conds, ops| store.commit(batch(1, conds, ops));
    let long = vec![b'k'; MAX_KEY];
    let too_long = vec![b'k'; MAX_KEY + 1];
    commit(vec![Cond::Absent(key(&long))], vec![put(&long, "v")])
        .await
        .unwrap();
    assert_eq!(read(store, &long).await.unwrap().0, b"v");
    refused(commit(vec![], vec![put(&too_long, "v")]).await);
    refused(commit(vec![], vec![delete(&too_long)]).await);
    refused(commit(vec![Cond::Absent(key(&too_long))], vec![]).await);
    refused(store.get(1, &[key(&too_long)]).await);
    refused(store.watch(1, key(&too_long), 0).await.map(|_| ()));

    let value = vec![b'v'; MAX_VALUE + 1];
    commit(vec![], vec![put("v", &value[1..])]).await.unwrap();
    refused(commit(vec![], vec![put("v", &value)]).await);

    let stamped = |length| Op::PutStamped {
        prefix: key(vec![b'p'; length]),
        suffix: Key::default(),
        value: bytes::Bytes::new(),
    };
    commit(vec![], vec![stamped(MAX_KEY - 10)]).await.unwrap();
    refused(commit(vec![], vec![stamped(MAX_KEY - 9)]).await);

    let ops = |count: usize| {
        (0..count)
            .map(|n| put(n.to_be_bytes(), "v"))
            .collect::<Vec<_>>()
    };
    commit(vec![], ops(MAX_OPS)).await.unwrap();
    refused(commit(vec![], ops(MAX_OPS + 1)).await);
    refused(commit(vec![Cond::Present(key("v")); MAX_OPS + 1], vec![]).await);

    // Eight values and their one-byte keys.
    let mut large: Vec<Op> = (0..8_u8)
        .map(|n| put([n], &value[..MAX_VALUE - 1]))
        .collect();
    assert_eq!(8 * MAX_VALUE, MAX_BATCH);
    commit(vec![], large.clone()).await.unwrap();
    large.push(delete("x"));
    refused(commit(vec![], large).await);

    store.get(1, &vec![key("v"); MAX_GET]).await.unwrap();
    refused(store.get(1, &vec![key("v"); MAX_GET + 1]).await);
    let all = Range::prefix(&Key::default());
    let scan = |limit| store.scan(1, &all, None, limit, Dir::Forward);
    scan(MAX_PAGE).await.unwrap();
    refused(scan(MAX_PAGE + 1).await);
    refused(scan(0).await);
}

/// A scan, and the keys it must find, separated by spaces; a dot at the end: there is more.
type ScanRow<'a> = (
    &'a [u8],
    Option<&'a [u8]>,
    Option<&'a [u8]>,
    u32,
    Dir,
    &'a str,
);

async fn check_scans(store: &Arc<dyn Store>, rows: &[ScanRow<'_>]) {
    for (start, end, after, limit, dir, wanted) in rows {
        let range = Range {
            start: key(start),
            end: end.map(key),
        };
        let after = after.map(key);
        let page = store
            .scan(1, &range, after.as_ref(), *limit, *dir)
            .await
            .unwrap();
        let names = page
            .items
            .iter()
            .map(|(key, _)| key.as_bytes().escape_ascii().to_string());
        let names: Vec<String> = names.chain(page.next.map(|_| ".".to_owned())).collect();
        assert_eq!(
            names.join(" "),
            *wanted,
            "{range:?} after {after:?} {dir:?}"
        );
    }
}

async fn scan_order_and_bounds(fixture: Fixture) {
    let store = &fixture.store;
    for at in ["b", "a", "ba", "c", "b!"] {
        apply(store, vec![put(at, "v")]).await;
    }
    apply(store, vec![put(b"\xff\xff", "v"), put(b"\xff\xfe", "v")]).await;
    let (b, c) = (b"b".as_slice(), Some(b"c".as_slice()));
    let (on, back) = (Dir::Forward, Dir::Backward);
    let rows: [ScanRow<'_>; 12] = [
        (b"", None, None, 9, on, r"a b b! ba c \xff\xfe \xff\xff"),
        (b"", None, None, 9, back, r"\xff\xff \xff\xfe c ba b! b a"),
        (b, c, None, 9, on, "b b! ba"),
        (b, c, None, 9, back, "ba b! b"),
        (b, c, None, 2, on, "b b! ."),
        (b, c, Some(b"b!"), 2, on, "ba"),
        (b, c, Some(b"b!"), 2, back, "b"),
        (b, Some(b"b"), None, 9, on, ""),
        (b"c", Some(b"b"), None, 9, on, ""),
        (b, c, Some(b"z"), 9, on, ""),
        (b, c, Some(b"z"), 3, back, "ba b! b"),
        (b"d", None, None, 1, on, r"\xff\xfe ."),
    ];
    check_scans(store, &rows).await;
    let prefix = Range::prefix(&key(b"\xff\xff"));
    assert_eq!(prefix.end, None);
    let page = store.scan(1, &prefix, None, 9, Dir::Forward).await.unwrap();
    assert_eq!(page.items.len(), 1);
}

async fn pages_neither_skip_nor_repeat_under_writes(fixture: Fixture) {
    let store = Arc::clone(&fixture.store);
    for n in (0..2_000_u32).step_by(50) {
        let ops = (n..n + 50).map(|n| put(format!("s/{n:05}"), "v")).collect();
        apply(&store, ops).await;
    }
    let writer = tokio::spawn({
        let store = Arc::clone(&store);
        async move {
            for n in 0..400_u32 {
                let beside = format!("s/{:05}x", (n * 37) % 2_000);
                apply(&store, vec![put(&beside, "new")]).await;
                apply(&store, vec![delete(&beside)]).await;
            }
        }
    });
    let range = Range::prefix(&key("s/"));
    let mut rounds = 0;
    while rounds < 3 || !writer.is_finished() {
        rounds += 1;
        for dir in [Dir::Forward, Dir::Backward] {
            let mut seen = Vec::new();
            let mut after = None;
            loop {
                let page = store
                    .scan(1, &range, after.as_ref(), 97, dir)
                    .await
                    .unwrap();
                seen.extend(page.items.into_iter().map(|(key, _)| key));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            let unique: BTreeSet<&Key> = seen.iter().collect();
            assert_eq!(unique.len(), seen.len(), "a key came twice");
            let stable = seen.iter().filter(|key| !key.as_bytes().ends_with(b"x"));
            assert_eq!(stable.count(), 2_000, "a key was skipped");
        }
    }
    writer.await.unwrap();
}

async fn a_page_holds_at_most_one_mebibyte(fixture: Fixture) {
    let store = &fixture.store;
    for n in 0..20_u8 {
        apply(store, vec![put([b'p', n], vec![n; MAX_VALUE])]).await;
    }
    let range = Range::prefix(&key("p"));
    let page = store
        .scan(1, &range, None, 100, Dir::Forward)
        .await
        .unwrap();
    assert_eq!(page.items.len(), 15);
    let rest = store
        .scan(1, &range, page.next.as_ref(), 100, Dir::Forward)
        .await
        .unwrap();
    assert_eq!((rest.items.len(), rest.next), (5, None));
}

async fn snapshots_stay_the_same(fixture: Fixture) {
    let store = Arc::clone(&fixture.store);
    for n in 0..300_u32 {
        apply(&store, vec![put(format!("s/{n:04}"), n.to_be_bytes())]).await;
    }
    apply(&store, vec![put("big", vec![1; 20_000])]).await;
    let rev = store.durable_rev(1).await.unwrap();
    let snapshot = store.snapshot(1).await.unwrap();
    assert_eq!(snapshot.rev(), rev);
    let before = snapshot
        .scan(&Range::prefix(&key("s/")), None, 1_000, Dir::Forward)
        .await
        .unwrap();
    for n in 0..300_u32 {
        let ops = match n % 3 {
            0 => vec![delete(format!("s/{n:04}"))],
            1 => vec![put(format!("s/{n:04}"), "changed")],
            _ => vec![put(format!("s/{n:04}+"), "new")],
        };
        apply(&store, ops).await;
    }
    apply(&store, vec![put("big", vec![2; 5_000])]).await;
    let after = snapshot
        .scan(&Range::prefix(&key("s/")), None, 1_000, Dir::Forward)
        .await
        .unwrap();
    assert_eq!(before.items.len(), 300);
    assert_eq!(before, after);
    let mut back = snapshot
        .scan(&Range::prefix(&key("s/")), None, 1_000, Dir::Backward)
        .await
        .unwrap();
    back.items.reverse();
    assert_eq!(before, back);
    let found = snapshot.get(&[key("big"), key("s/0002+")]).await.unwrap();
    assert_eq!(found[0].as_ref().unwrap().value, vec![1; 20_000]);
    assert_eq!(found[1], None);
    assert_eq!(read(&store, "big").await.unwrap().0, vec![2; 5_000]);
}

async fn snapshots_expire(fixture: Fixture) {
    let store = &fixture.store;
    apply(store, vec![put("a", "1")]).await;
    let snapshot = store.snapshot(1).await.unwrap();
    snapshot.get(&[key("a")]).await.unwrap();
    tokio::time::sleep(Duration::from_millis(2_050)).await;
    assert_eq!(
        snapshot.get(&[key("a")]).await,
        Err(StoreError::SnapshotExpired)
    );
    apply(store, vec![put("a", "2")]).await;
    assert_eq!(read(store, "a").await.unwrap().0, b"2");
}

async fn shards_are_apart(fixture: Fixture) {
    let store = &fixture.store;
    let id = fresh_id();
    for (shard, value) in [(0, "zero"), (7, "seven"), (u32::MAX, "last")] {
        let ops = vec![put("a", value), put([0xFF; 4], value)];
        let conds = vec![Cond::Absent(key("a"))];
        let outcome = store
            .commit(Batch {
                shard,
                id,
                conds,
                ops,
            })
            .await
            .unwrap();
        assert_eq!(
            outcome,
            Outcome::Applied(1),
            "revisions and ids are per shard"
        );
    }
    let all = Range::prefix(&Key::default());
    for (shard, value) in [(0, "zero"), (7, "seven"), (u32::MAX, "last")] {
        let page = store
            .scan(shard, &all, None, 10, Dir::Backward)
            .await
            .unwrap();
        assert_eq!(page.items.len(), 2);
        assert!(page.items.iter().all(|(_, entry)| entry.value == value));
    }
    assert_eq!(store.durable_rev(8).await.unwrap(), 0);
    assert_eq!(store.shards().await.unwrap(), [0, 7, u32::MAX]);
    let fixture = fixture.reopen();
    assert_eq!(fixture.store.shards().await.unwrap(), [0, 7, u32::MAX]);
    assert_eq!(fixture.store.durable_rev(7).await.unwrap(), 1);
}

async fn everything_is_there_after_a_restart(fixture: Fixture) {
    for n in 0..500_u32 {
        let at = format!("r/{:03}", n % 200);
        let ops = if n % 7 == 0 {
            vec![delete(&at)]
        } else {
            vec![put(&at, vec![n as u8; 50 * (n as usize % 100)])]
        };
        apply(&fixture.store, ops).await;
    }
    let range = Range::prefix(&key("r/"));
    let before = fixture
        .store
        .scan(1, &range, None, 1_000, Dir::Forward)
        .await
        .unwrap();
    let fixture = fixture.reopen().reopen();
    let after = fixture
        .store
        .scan(1, &range, None, 1_000, Dir::Forward)
        .await
        .unwrap();
    assert!(before.items.len() > 100);
    assert_eq!(before, after);
    assert_eq!(fixture.store.durable_rev(1).await.unwrap(), 500);
}
