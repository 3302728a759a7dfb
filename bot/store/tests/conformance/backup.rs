//! Export and import: exact, under load, between adapters, and never from a damaged file.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::StreamExt;
use vigie_store::backup::{Progress, Summary, export, import};
use vigie_store::{Dir, Entry, Key, Range, Rev, Shard, Store, StoreError, WatchItem};

use crate::fixture::{Fixture, apply, batch, delete, key, put};

crate::for_each_adapter!(
    a_backup_under_load_restores_the_exact_revision,
    an_idle_export_is_the_same_after_import,
    a_damaged_file_is_refused_with_its_line,
    a_store_that_holds_something_is_not_imported_into,
    progress_is_told,
);

async fn exported(store: &Arc<dyn Store>) -> (Vec<u8>, Summary) {
    let mut file = Vec::new();
    let summary = export(&**store, &mut file, &mut |_| {}).await.unwrap();
    (file, summary)
}

async fn imported(store: &Arc<dyn Store>, file: &[u8]) -> Result<Summary, StoreError> {
    import(Cursor::new(file), &**store, &mut |_| {}).await
}

async fn everything(store: &Arc<dyn Store>, shard: Shard) -> BTreeMap<Key, Entry> {
    let mut all = BTreeMap::new();
    let mut after = None;
    loop {
        let range = Range::prefix(&Key::default());
        let page = store
            .scan(shard, &range, after.as_ref(), 1_000, Dir::Forward)
            .await
            .unwrap();
        all.extend(page.items);
        after = page.next;
        if after.is_none() {
            return all;
        }
    }
}

/// The state at a revision, from the change log alone.
async fn replayed(store: &Arc<dyn Store>, until: Rev) -> BTreeMap<Key, Entry> {
    let mut all = BTreeMap::new();
    let mut changes = store.watch(1, Key::default(), 0).await.unwrap();
    loop {
        match changes.next().await.unwrap() {
            WatchItem::Change { rev, .. } if rev > until => return all,
            WatchItem::Change {
                rev,
                key,
                value: Some(value),
            } => {
                all.insert(key, Entry { value, rev });
            }
            WatchItem::Change {
                key, value: None, ..
            } => {
                all.remove(&key);
            }
            gap @ WatchItem::Gap { .. } => panic!("{gap:?}"),
        }
    }
}

async fn a_backup_under_load_restores_the_exact_revision(fixture: Fixture) {
    let store = Arc::clone(&fixture.store);
    for n in (0..4_000_u32).step_by(100) {
        apply(
            &store,
            (n..n + 100)
                .map(|n| put(format!("k/{n}"), n.to_string()))
                .collect(),
        )
        .await;
    }
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..4_u32)
        .map(|writer| {
            let (store, stop) = (Arc::clone(&store), Arc::clone(&stop));
            tokio::spawn(async move {
                let mut n = writer;
                while !stop.load(Ordering::Relaxed) {
                    n = n.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    let at = format!("k/{}", n % 5_000);
                    let op = if n % 5 == 0 {
                        delete(at)
                    } else {
                        put(at, vec![n as u8; (n % 6_000) as usize])
                    };
                    apply(&store, vec![op]).await;
                    // The memory adapter never waits of itself.
                    tokio::time::sleep(std::time::Duration::from_micros(200)).await;
                }
            })
        })
        .collect();
    let before = store.durable_rev(1).await.unwrap();
    while store.durable_rev(1).await.unwrap() < before + 20 {
        tokio::task::yield_now().await;
    }
    let (file, summary) = exported(&store).await;
    let rev = summary.shards[0].1;
    assert!(rev > before + 20, "commits went on during the backup");
    while store.durable_rev(1).await.unwrap() <= rev {
        tokio::task::yield_now().await;
    }
    let wanted = replayed(&store, rev).await;
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }
    for target in [Fixture::memory(1_000), Fixture::sled(1_000)] {
        assert_eq!(imported(&target.store, &file).await.unwrap(), summary);
        let target = target.reopen();
        assert!(everything(&target.store, 1).await == wanted);
        assert_eq!(target.store.durable_rev(1).await.unwrap(), rev);
        assert_eq!(apply(&target.store, vec![put("next", "")]).await, rev + 1);
    }
}

async fn an_idle_export_is_the_same_after_import(fixture: Fixture) {
    for shard in [0, 3] {
        for n in 0..30_u8 {
            let ops = vec![
                put([n, shard as u8, 0xFF], vec![n; 700 * usize::from(n)]),
                delete([n / 2]),
            ];
            fixture
                .store
                .commit(batch(shard, vec![], ops))
                .await
                .unwrap();
        }
    }
    let (file, summary) = exported(&fixture.store).await;
    assert_eq!(summary.shards, [(0, 30), (3, 30)]);
    for target in [Fixture::memory(1_000), Fixture::sled(1_000)] {
        imported(&target.store, &file).await.unwrap();
        assert!(exported(&target.store).await.0 == file);
    }
    let empty = Fixture::memory(10);
    let (file, _) = exported(&empty.store).await;
    imported(&Fixture::memory(10).store, &file).await.unwrap();
}

async fn a_damaged_file_is_refused_with_its_line(fixture: Fixture) {
    for n in 0..50_u8 {
        apply(&fixture.store, vec![put([n], vec![n; 300])]).await;
    }
    let (file, _) = exported(&fixture.store).await;
    let lines: Vec<&[u8]> = file.split_inclusive(|byte| *byte == b'\n').collect();
    let target = Fixture::memory(10);
    let refuse = async |damaged: Vec<u8>, line: usize| {
        let error = imported(&target.store, &damaged).await.unwrap_err();
        assert!(
            error.to_string().contains(&format!("line {line} ")),
            "{error}, wanted line {line}"
        );
        assert!(
            target.store.shards().await.unwrap().is_empty(),
            "nothing is written"
        );
    };
    // Cut anywhere: at a line's end and inside one.
    for cut in [1, 2, 20, lines.len() - 1] {
        refuse(lines[..cut].concat(), cut + 1).await;
        let mut inside = lines[..cut].concat();
        inside.truncate(inside.len() - 3);
        refuse(inside, cut).await;
    }
    let mut missing = lines.clone();
    missing.remove(10);
    refuse(missing.concat(), lines.len() - 2).await;
    let mut nonsense = lines.clone();
    nonsense[7] = b"{\"k\":12}\n";
    refuse(nonsense.concat(), 8).await;
    nonsense[7] = b"{\"k\":\"***\",\"r\":1}\n";
    refuse(nonsense.concat(), 8).await;
    let mut twice = file.clone();
    twice.extend_from_slice(lines[1]);
    refuse(twice, lines.len() + 1).await;
    // A flipped bit inside a value is still JSON and base64; the checksum tells.
    let at = lines[..20].concat().len() + 60;
    let mut flipped = file.clone();
    flipped[at] = if flipped[at] == b'A' { b'B' } else { b'A' };
    refuse(flipped, lines.len()).await;
    refuse(b"{\"shard\":0,\"from\":0}\n".to_vec(), 1).await;
    let newer = [b"{\"vigie\":2}\n".as_slice(), &lines[1..].concat()].concat();
    let error = imported(&target.store, &newer).await.unwrap_err();
    assert!(matches!(error, StoreError::TooNew(_)), "{error}");
    imported(&target.store, &file).await.unwrap();
}

async fn a_store_that_holds_something_is_not_imported_into(fixture: Fixture) {
    apply(&fixture.store, vec![put("a", "1")]).await;
    let (file, _) = exported(&fixture.store).await;
    let error = imported(&fixture.store, &file).await.unwrap_err();
    assert!(matches!(error, StoreError::InUse(_)), "{error}");
    // Neither after a removal of all, nor after an import that did not come to its end.
    apply(&fixture.store, vec![delete("a")]).await;
    imported(&fixture.store, &file).await.unwrap_err();
    let half = Fixture::sled(10);
    let entry = Entry {
        value: bytes::Bytes::new(),
        rev: 5,
    };
    half.store
        .restore(1, vec![(key("a"), Some(entry))], 0)
        .await
        .unwrap();
    imported(&half.reopen().store, &file).await.unwrap_err();
}

async fn progress_is_told(fixture: Fixture) {
    for n in (0..3_000_u32).step_by(100) {
        apply(
            &fixture.store,
            (n..n + 100).map(|n| put(n.to_be_bytes(), "v")).collect(),
        )
        .await;
    }
    let mut file = Vec::new();
    let mut told: Vec<Progress> = Vec::new();
    export(&*fixture.store, &mut file, &mut |progress| {
        told.push(progress)
    })
    .await
    .unwrap();
    assert!(told.len() >= 3 && told.is_sorted_by_key(|progress| progress.lines));
    let target = Fixture::memory(10);
    let mut told: Vec<Progress> = Vec::new();
    import(Cursor::new(&file), &*target.store, &mut |progress| {
        told.push(progress)
    })
    .await
    .unwrap();
    assert_eq!(
        told.last().unwrap(),
        &Progress {
            lines: 3_000,
            of: Some(3_000)
        }
    );
    assert!(told.len() >= 3);
}
