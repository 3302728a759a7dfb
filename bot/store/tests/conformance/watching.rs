//! Watch: order, completeness, durability, catching up, gaps, slow consumers.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::{FutureExt, StreamExt};
use vigie_store::{Health, Key, WatchItem};

use crate::fixture::{Fixture, apply, delete, key, put};

mod usual {
    use super::*;
    crate::for_each_adapter!(
        changes_come_in_order_and_once,
        catching_up_from_the_past,
        only_the_prefix_is_told,
        what_is_told_can_be_read,
        a_watcher_is_told_at_once,
        closing_ends_the_stream,
        a_restore_is_a_gap,
        a_start_in_the_future_is_a_gap,
    );
}

mod short_log {
    use super::*;
    crate::for_each_adapter!(log 50; retention_makes_one_gap, a_slow_watcher_blocks_nobody);
}

fn change(item: WatchItem) -> (u64, Key, Option<bytes::Bytes>) {
    match item {
        WatchItem::Change { rev, key, value } => (rev, key, value),
        WatchItem::Gap { .. } => panic!("{item:?}"),
    }
}

async fn changes_come_in_order_and_once(fixture: Fixture) {
    let store = Arc::clone(&fixture.store);
    let watchers = (0..4).map(|_| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            let stream = store.watch(1, key("w/"), 0).await.unwrap();
            stream.take(900).map(change).collect::<Vec<_>>().await
        })
    });
    let watchers: Vec<_> = watchers.collect();
    let writers = (0..3).map(|writer| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            for n in 0..100 {
                let ops = vec![
                    put(format!("w/{writer}/{n}"), "v"),
                    put(format!("w/{writer}/last"), n.to_string()),
                    delete(format!("w/{writer}/gone")),
                    put(format!("other/{n}"), ""),
                ];
                apply(&store, ops).await;
            }
        })
    });
    futures::future::join_all(writers).await;
    let mut all = Vec::new();
    for watcher in watchers {
        let seen = watcher.await.unwrap();
        let order: Vec<(u64, Key)> = seen
            .iter()
            .map(|(rev, key, _)| (*rev, key.clone()))
            .collect();
        assert!(order.is_sorted_by(|a, b| a < b), "in order, none twice");
        assert_eq!(seen.last().unwrap().0, 300);
        all.push(seen);
    }
    assert!(all.iter().all(|seen| *seen == all[0]));
}

async fn catching_up_from_the_past(fixture: Fixture) {
    for n in 0..700_u32 {
        apply(&fixture.store, vec![put("a", n.to_string())]).await;
    }
    let fixture = fixture.reopen();
    for from in [0, 1, 350, 699] {
        let stream = fixture.store.watch(1, Key::default(), from).await.unwrap();
        let seen: Vec<_> = stream.take(700 - from as usize).map(change).collect().await;
        assert_eq!(seen[0].0, from + 1);
        assert_eq!(seen.last().unwrap().2.as_ref().unwrap(), "699");
    }
    let mut stream = fixture.store.watch(1, Key::default(), 700).await.unwrap();
    assert!(stream.next().now_or_never().is_none(), "nothing new");
    apply(&fixture.store, vec![delete("a")]).await;
    assert_eq!(change(stream.next().await.unwrap()), (701, key("a"), None));
}

async fn only_the_prefix_is_told(fixture: Fixture) {
    let store = &fixture.store;
    let mut stream = store.watch(1, key("b"), 0).await.unwrap();
    apply(store, vec![put("a", "1"), put("b", "2"), put("c", "3")]).await;
    apply(store, vec![put("a", "4")]).await;
    apply(store, vec![put("bb", "5")]).await;
    assert_eq!(change(stream.next().await.unwrap()).1, key("b"));
    assert_eq!(change(stream.next().await.unwrap()).1, key("bb"));
}

async fn what_is_told_can_be_read(fixture: Fixture) {
    let store = Arc::clone(&fixture.store);
    let mut stream = store.watch(1, key("x"), 0).await.unwrap();
    let writer = tokio::spawn({
        let store = Arc::clone(&store);
        async move {
            for n in 0..300_u32 {
                apply(&store, vec![put("x", n.to_string())]).await;
            }
        }
    });
    for _ in 0..300 {
        let (rev, ..) = change(stream.next().await.unwrap());
        assert!(store.durable_rev(1).await.unwrap() >= rev);
        let entry = store.get(1, &[key("x")]).await.unwrap().remove(0).unwrap();
        assert!(entry.rev >= rev);
    }
    writer.await.unwrap();
}

async fn a_watcher_is_told_at_once(fixture: Fixture) {
    let store = &fixture.store;
    let mut stream = store.watch(1, key("x"), 0).await.unwrap();
    let mut best = Duration::MAX;
    for n in 0..20_u32 {
        apply(store, vec![put("x", n.to_string())]).await;
        let begin = Instant::now();
        stream.next().await.unwrap();
        best = best.min(begin.elapsed());
    }
    // A poll interval of any kind would show here.
    assert!(best < Duration::from_millis(2), "{best:?}");
}

async fn closing_ends_the_stream(fixture: Fixture) {
    apply(&fixture.store, vec![put("a", "1")]).await;
    let stream = fixture.store.watch(1, Key::default(), 0).await.unwrap();
    drop(fixture);
    let left = tokio::time::timeout(Duration::from_secs(5), stream.count()).await;
    assert!(left.expect("the stream ends") <= 1);
}

async fn a_restore_is_a_gap(fixture: Fixture) {
    let store = &fixture.store;
    apply(store, vec![put("a", "1")]).await;
    let mut stream = store.watch(1, Key::default(), 1).await.unwrap();
    store.restore(1, vec![], 40).await.unwrap();
    let resume_from = 40;
    assert_eq!(stream.next().await.unwrap(), WatchItem::Gap { resume_from });
    assert_eq!(apply(store, vec![put("a", "2")]).await, 41);
    assert_eq!(change(stream.next().await.unwrap()).0, 41);
}

async fn a_start_in_the_future_is_a_gap(fixture: Fixture) {
    let store = &fixture.store;
    apply(store, vec![put("a", "1")]).await;
    let mut stream = store.watch(1, Key::default(), 99).await.unwrap();
    let resume_from = 1;
    assert_eq!(stream.next().await.unwrap(), WatchItem::Gap { resume_from });
    apply(store, vec![put("a", "2")]).await;
    assert_eq!(change(stream.next().await.unwrap()).0, 2);
}

async fn retention_makes_one_gap(fixture: Fixture) {
    for n in 0..200_u32 {
        apply(&fixture.store, vec![put("a", n.to_string())]).await;
    }
    // Without the commits that are still in memory.
    let fixture = fixture.reopen();
    let mut stream = fixture.store.watch(1, Key::default(), 10).await.unwrap();
    let resume_from = 200;
    assert_eq!(stream.next().await.unwrap(), WatchItem::Gap { resume_from });
    apply(&fixture.store, vec![put("a", "x")]).await;
    assert_eq!(change(stream.next().await.unwrap()).0, 201);
    let stream = fixture.store.watch(1, Key::default(), 160).await.unwrap();
    let kept: Vec<_> = stream.take(41).map(change).collect().await;
    assert_eq!((kept[0].0, kept[40].0), (161, 201));
}

async fn a_slow_watcher_blocks_nobody(fixture: Fixture) {
    let store = &fixture.store;
    let mut stream = store.watch(1, Key::default(), 0).await.unwrap();
    for n in 0..3_000_u32 {
        apply(store, vec![put("a", n.to_string())]).await;
    }
    assert_eq!(store.health().await, Health::Ok);
    let first = stream.next().await.unwrap();
    let resume_from = 3_000;
    assert_eq!(first, WatchItem::Gap { resume_from });
    apply(store, vec![put("a", "end")]).await;
    assert_eq!(change(stream.next().await.unwrap()).0, 3_001);
}
