//! Versions of the whole store: migration of a filled one, killed in the middle; no way back.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use vigie_store::schema::{Migration, Step, Version, prepare};
use vigie_store::{Cond, Dir, Key, Op, Range, Result, Shard, Store, StoreError};

use crate::fixture::{Fixture, apply, key, put, read};

crate::for_each_adapter!(
    a_filled_store_is_migrated_even_when_killed,
    a_newer_store_is_refused,
    a_missing_migration_is_said,
    data_without_version_is_refused,
);

const ONE: Version = Version {
    min_reader: 1,
    writer: 1,
};
const TWO: Version = Version {
    min_reader: 2,
    writer: 2,
};

/// Moves `old/<n>` to `new/<n>`, 40 at a time; fails after some steps.
struct Move(AtomicU32);

#[async_trait]
impl Migration for Move {
    fn to(&self) -> u16 {
        2
    }

    fn name(&self) -> &'static str {
        "old/ becomes new/"
    }

    async fn step(&self, store: &dyn Store, shard: Shard, after: Option<&Key>) -> Result<Step> {
        if self.0.fetch_sub(1, Ordering::Relaxed) == 1 {
            return Err(StoreError::Io("killed".to_owned()));
        }
        let range = Range::prefix(&key("old/"));
        let page = store.scan(shard, &range, after, 40, Dir::Forward).await?;
        let mut step = Step {
            next: page.next,
            ..Step::default()
        };
        for (old, entry) in page.items {
            let name = [b"new/", &old.as_bytes()[4..]].concat();
            step.conds.push(Cond::At(old.clone(), entry.rev));
            step.ops.push(Op::Put(key(name), entry.value));
            step.ops.push(Op::Delete(old));
        }
        Ok(step)
    }
}

async fn filled(fixture: &Fixture) -> Arc<dyn Store> {
    let store = Arc::clone(&fixture.store);
    prepare(&*store, 1, ONE, &[]).await.unwrap();
    for n in (0..2_000_u32).step_by(100) {
        apply(
            &store,
            (n..n + 100)
                .map(|n| put(format!("old/{n:05}"), n.to_string()))
                .collect(),
        )
        .await;
    }
    store
}

async fn count(store: &Arc<dyn Store>, prefix: &str) -> usize {
    let mut count = 0;
    let mut after = None;
    loop {
        let range = Range::prefix(&key(prefix));
        let page = store
            .scan(1, &range, after.as_ref(), 1_000, Dir::Forward)
            .await
            .unwrap();
        count += page.items.len();
        after = page.next;
        if after.is_none() {
            return count;
        }
    }
}

async fn a_filled_store_is_migrated_even_when_killed(fixture: Fixture) {
    let mut fixture = fixture;
    drop(filled(&fixture).await);
    for steps in [1, 7, 12] {
        let killed = Move(AtomicU32::new(steps));
        prepare(&*fixture.store, 1, TWO, &[&killed])
            .await
            .unwrap_err();
        fixture = fixture.reopen();
    }
    let store = Arc::clone(&fixture.store);
    let (old, new) = (count(&store, "old/").await, count(&store, "new/").await);
    assert_eq!(
        (old, new),
        (2_000 - 17 * 40, 17 * 40),
        "each step is whole and none is repeated"
    );
    if new > 0 {
        let back = prepare(&*store, 1, ONE, &[]).await;
        assert!(
            matches!(back, Err(StoreError::TooNew(_))),
            "half migrated: {back:?}"
        );
    }
    let rest = Move(AtomicU32::new(1_000));
    prepare(&*store, 1, TWO, &[&rest]).await.unwrap();
    assert_eq!(
        (count(&store, "old/").await, count(&store, "new/").await),
        (0, 2_000)
    );
    assert_eq!(read(&store, "new/01234").await.unwrap().0, b"1234");
    let rev = store.durable_rev(1).await.unwrap();
    prepare(&*store, 1, TWO, &[&rest]).await.unwrap();
    assert_eq!(
        store.durable_rev(1).await.unwrap(),
        rev,
        "nothing to do the second time"
    );
}

async fn a_newer_store_is_refused(fixture: Fixture) {
    let store = &fixture.store;
    prepare(
        &**store,
        1,
        Version {
            min_reader: 3,
            writer: 4,
        },
        &[],
    )
    .await
    .unwrap();
    let refused = prepare(&**store, 1, TWO, &[]).await;
    assert!(matches!(refused, Err(StoreError::TooNew(_))), "{refused:?}");
    // A program that can read it may use it, and leaves the version alone.
    prepare(
        &**store,
        1,
        Version {
            min_reader: 3,
            writer: 3,
        },
        &[],
    )
    .await
    .unwrap();
    prepare(&**store, 1, TWO, &[]).await.unwrap_err();
}

async fn a_missing_migration_is_said(fixture: Fixture) {
    let store = filled(&fixture).await;
    let error = prepare(&*store, 1, TWO, &[]).await.unwrap_err();
    assert!(
        error.to_string().contains("no migration to version 2"),
        "{error}"
    );
}

async fn data_without_version_is_refused(fixture: Fixture) {
    apply(&fixture.store, vec![put("a", "1")]).await;
    let error = prepare(&*fixture.store, 1, ONE, &[]).await.unwrap_err();
    assert!(matches!(error, StoreError::Damaged(_)), "{error}");
}
