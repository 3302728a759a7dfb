//! What only an engine on disk promises: one process, no blobs, bounded files, full checks.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use vigie_store::{Health, LogRetention, Outcome, SledOptions, SledStore, Store, StoreError};

use crate::fixture::{apply, batch, key, put, read};

fn open(folder: &Path, options: SledOptions) -> Arc<dyn Store> {
    Arc::new(SledStore::open(folder, options).unwrap())
}

fn size(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().metadata().unwrap().len())
        .sum()
}

#[tokio::test]
async fn a_second_open_is_refused_until_the_first_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path(), SledOptions::small());
    let second = SledStore::open(folder.path(), SledOptions::small());
    assert!(matches!(second, Err(StoreError::InUse(_))), "{second:?}");
    apply(&first, vec![put("a", "1")]).await;
    // Whatever is still held from the store does not keep it open.
    let stream = first.watch(1, key(""), 0).await.unwrap();
    let snapshot = first.snapshot(1).await.unwrap();
    drop(first);
    let again = open(folder.path(), SledOptions::small());
    assert_eq!(read(&again, "a").await.unwrap().0, b"1");
    snapshot.get(&[key("a")]).await.unwrap_err();
    drop(stream);
}

#[tokio::test]
async fn large_values_make_no_blob_files() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), SledOptions::small());
    for n in 0..120_u32 {
        let ops = [4_096, 65_536, 7_000]
            .map(|size| put(format!("{}/{size}", n % 20), vec![n as u8; size]));
        apply(&store, ops.to_vec()).await;
    }
    assert_eq!(
        std::fs::read_dir(folder.path().join("blobs"))
            .unwrap()
            .count(),
        0
    );
    drop(store);
    let store = SledStore::open(folder.path(), SledOptions::small()).unwrap();
    store.verify_all().await.unwrap();
    assert_eq!(
        std::fs::read_dir(folder.path().join("blobs"))
            .unwrap()
            .count(),
        0
    );
}

#[tokio::test]
async fn unfinished_snapshots_are_removed() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), SledOptions::small());
    for n in 0..50_u32 {
        apply(&store, vec![put(n.to_be_bytes(), "v")]).await;
    }
    drop(store);
    // sled writes its snapshot when it opens.
    drop(open(folder.path(), SledOptions::small()));
    let whole = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let whole = whole.filter(|path| {
        path.file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with("snap.")
    });
    let whole = std::fs::read(whole.max().unwrap()).unwrap();
    for (name, content) in [
        ("snap.00000000FFFFFFFF.generating", &whole[..]),
        (
            "snap.00000000FFFFFFFE.generating",
            &whole[..whole.len() / 2],
        ),
        ("snap.00000000FFFFFFFD.generating", &[][..]),
    ] {
        std::fs::write(folder.path().join(name), content).unwrap();
        let store = open(folder.path(), SledOptions::small());
        assert_eq!(store.durable_rev(1).await.unwrap(), 50);
        drop(store);
        assert!(!folder.path().join(name).exists());
    }
}

#[tokio::test]
async fn files_stay_small_under_load() {
    let folder = tempfile::tempdir().unwrap();
    let options = SledOptions {
        log: LogRetention {
            commits: 2_000,
            bytes: 512 * 1024,
            age: 3_600,
        },
        ..SledOptions::small()
    };
    let store = open(folder.path(), options.clone());
    let mut largest = 0;
    for round in 0..40_u32 {
        let jobs = (0..250_u32).map(|n| {
            store.commit(batch(
                1,
                vec![],
                vec![put(format!("k/{n}"), vec![round as u8; 300])],
            ))
        });
        futures::future::join_all(jobs)
            .await
            .into_iter()
            .for_each(|outcome| assert!(outcome.is_ok()));
        largest = largest.max(size(folder.path()));
    }
    // 10,000 commits of 300 bytes wrote more than 6 MiB of log and entries; 0.1 MiB is alive.
    assert!(largest < 24 * 1024 * 1024, "{largest}");
    let gap = futures::StreamExt::next(&mut store.watch(1, key(""), 0).await.unwrap())
        .await
        .unwrap();
    assert_eq!(
        gap,
        vigie_store::WatchItem::Gap {
            resume_from: 10_000
        }
    );
    drop(store);
    SledStore::open(folder.path(), options)
        .unwrap()
        .verify_all()
        .await
        .unwrap();
}

#[tokio::test]
async fn old_log_records_and_batch_ids_go_by_age() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(AtomicU64::new(1_000_000));
    let mut options = SledOptions::small();
    options.now = {
        let clock = Arc::clone(&clock);
        Arc::new(move || clock.load(Ordering::Relaxed))
    };
    options.log.age = 100;
    options.ids.age = 100;
    let store = open(folder.path(), options);
    let once = batch(1, vec![], vec![put("a", "1")]);
    let first = store.commit(once.clone()).await.unwrap();
    for _ in 0..20 {
        apply(&store, vec![put("b", "1")]).await;
    }
    clock.fetch_add(50, Ordering::Relaxed);
    apply(&store, vec![put("b", "2")]).await;
    assert_eq!(
        store.commit(once.clone()).await.unwrap(),
        first,
        "still known"
    );
    clock.fetch_add(60, Ordering::Relaxed);
    for _ in 0..20 {
        apply(&store, vec![put("b", "3")]).await;
    }
    let again = store.commit(once).await.unwrap();
    assert_ne!(again, first, "forgotten after its age");
}

#[tokio::test]
async fn a_full_check_runs_beside_commits() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(SledStore::open(folder.path(), SledOptions::small()).unwrap());
    let commits: Arc<dyn Store> = store.clone();
    for n in (0..5_000_u32).step_by(100) {
        apply(
            &commits,
            (n..n + 100)
                .map(|n| put(n.to_be_bytes(), vec![7; 90]))
                .collect(),
        )
        .await;
    }
    let writer = tokio::spawn(async move {
        for n in 0..500_u32 {
            apply(&commits, vec![put((n * 9).to_be_bytes(), vec![8; 90])]).await;
        }
    });
    let mut checks = 0;
    while checks < 2 || !writer.is_finished() {
        store.verify_all().await.unwrap();
        checks += 1;
    }
    writer.await.unwrap();
}

#[tokio::test]
async fn the_ballast_lies_ready_and_an_idle_commit_is_quick() {
    let folder = tempfile::tempdir().unwrap();
    let options = SledOptions {
        ballast: 3 << 20,
        ..SledOptions::small()
    };
    let store = open(folder.path(), options);
    assert_eq!(
        folder.path().join("ballast").metadata().unwrap().len(),
        3 << 20
    );
    assert_eq!(store.health().await, Health::Ok);
    let mut best = Duration::MAX;
    for n in 0..30_u32 {
        let begin = Instant::now();
        apply(&store, vec![put("x", n.to_be_bytes())]).await;
        best = best.min(begin.elapsed());
    }
    // A timer in the committer would show as its period.
    assert!(best < Duration::from_millis(5), "{best:?}");
}

#[tokio::test]
async fn batch_ids_are_bounded_by_number() {
    let folder = tempfile::tempdir().unwrap();
    let mut options = SledOptions::small();
    options.ids.count = 100;
    let store = open(folder.path(), options);
    let batches: Vec<_> = (0..400_u32)
        .map(|n| batch(1, vec![], vec![put(n.to_be_bytes(), "v")]))
        .collect();
    for batch in &batches {
        store.commit(batch.clone()).await.unwrap();
    }
    let again = |n: usize| store.commit(batches[n].clone());
    assert_eq!(
        again(399).await.unwrap(),
        Outcome::Applied(400),
        "remembered"
    );
    assert_eq!(
        again(310).await.unwrap(),
        Outcome::Applied(311),
        "remembered"
    );
    assert_eq!(again(5).await.unwrap(), Outcome::Applied(401), "forgotten");
}

#[tokio::test]
async fn a_newer_layout_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path(), SledOptions::small()));
    {
        let raw = ::sled::open(folder.path()).unwrap();
        raw.insert(b"\x00layout", &[200]).unwrap();
        raw.flush().unwrap();
    }
    let refused = SledStore::open(folder.path(), SledOptions::small());
    assert!(matches!(refused, Err(StoreError::TooNew(_))), "{refused:?}");
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let refused = SledStore::open(&file, SledOptions::small());
    assert!(refused.unwrap_err().to_string().contains("file"));
    // A sled database of another program.
    let other = folder.path().join("other");
    ::sled::open(&other).unwrap().insert("a", "b").unwrap();
    let refused = SledStore::open(&other, SledOptions::small());
    assert!(
        matches!(refused, Err(StoreError::Damaged(_))),
        "{refused:?}"
    );
}
