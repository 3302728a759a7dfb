//! Batches: conditions, revisions, batch ids, stamps, leases, dropped calls.

use std::sync::Arc;
use std::time::Duration;

use vigie_store::{Cond, Dir, Key, Op, Outcome, Range};

use crate::fixture::{Fixture, apply, batch, delete, key, put, read};

crate::for_each_adapter!(
    a_batch_is_all_or_nothing,
    a_conflict_names_condition_and_revision,
    the_last_write_of_a_key_wins,
    an_empty_batch_checks_its_conditions,
    revisions_grow_and_are_not_reused,
    a_batch_id_is_applied_once,
    a_batch_id_is_applied_once_concurrently,
    a_batch_id_survives_a_restart,
    a_conflict_is_not_remembered,
    stamped_keys_sort_in_commit_order,
    a_lease_holder_that_slept_is_fenced_off,
    a_dropped_commit_is_applied_or_not,
);

async fn a_batch_is_all_or_nothing(fixture: Fixture) {
    let store = &fixture.store;
    let rev = apply(store, vec![put("a", "1")]).await;
    let write = || vec![put("b", "x"), delete("a")];
    for cond in [
        Cond::Absent(key("a")),
        Cond::Present(key("b")),
        Cond::At(key("a"), rev + 1),
        Cond::At(key("b"), rev),
    ] {
        let holds = Cond::Present(key("a"));
        let outcome = store
            .commit(batch(1, vec![holds, cond.clone()], write()))
            .await
            .unwrap();
        assert!(
            matches!(outcome, Outcome::Conflict { cond: 1, .. }),
            "{cond:?} {outcome:?}"
        );
        assert_eq!(read(store, "b").await, None);
        assert_eq!(store.durable_rev(1).await.unwrap(), rev);
    }
    let conds = vec![
        Cond::At(key("a"), rev),
        Cond::Present(key("a")),
        Cond::Absent(key("b")),
    ];
    let outcome = store.commit(batch(1, conds, write())).await.unwrap();
    assert_eq!(outcome, Outcome::Applied(rev + 1));
    assert_eq!(read(store, "a").await, None);
    assert_eq!(read(store, "b").await, Some((b"x".to_vec(), rev + 1)));
}

async fn a_conflict_names_condition_and_revision(fixture: Fixture) {
    let store = &fixture.store;
    let rev = apply(store, vec![put("a", "1")]).await;
    let conds = vec![Cond::Absent(key("b")), Cond::At(key("a"), 99)];
    let outcome = store
        .commit(batch(1, conds, vec![put("c", "")]))
        .await
        .unwrap();
    let now = Some(rev);
    assert_eq!(outcome, Outcome::Conflict { cond: 1, now });
    let conds = vec![Cond::Present(key("b"))];
    let outcome = store
        .commit(batch(1, conds, vec![put("c", "")]))
        .await
        .unwrap();
    assert_eq!(outcome, Outcome::Conflict { cond: 0, now: None });
}

async fn the_last_write_of_a_key_wins(fixture: Fixture) {
    let store = &fixture.store;
    apply(
        store,
        vec![
            put("a", "1"),
            put("a", "2"),
            delete("b"),
            put("b", "3"),
            put("c", "4"),
            delete("c"),
        ],
    )
    .await;
    assert_eq!(read(store, "a").await, Some((b"2".to_vec(), 1)));
    assert_eq!(read(store, "b").await, Some((b"3".to_vec(), 1)));
    assert_eq!(read(store, "c").await, None);
    // A condition looks at what was there before the batch.
    let conds = vec![Cond::Absent(key("d"))];
    let outcome = store
        .commit(batch(1, conds, vec![put("d", "5")]))
        .await
        .unwrap();
    assert_eq!(outcome, Outcome::Applied(2));
}

async fn an_empty_batch_checks_its_conditions(fixture: Fixture) {
    let store = &fixture.store;
    let rev = apply(store, vec![put("a", "1")]).await;
    let check = |cond| store.commit(batch(1, vec![cond], vec![]));
    assert_eq!(
        check(Cond::Present(key("a"))).await.unwrap(),
        Outcome::Applied(rev)
    );
    assert!(matches!(
        check(Cond::Absent(key("a"))).await.unwrap(),
        Outcome::Conflict { .. }
    ));
    assert_eq!(store.durable_rev(1).await.unwrap(), rev);
}

async fn revisions_grow_and_are_not_reused(fixture: Fixture) {
    let store = &fixture.store;
    let first = apply(store, vec![put("a", "1")]).await;
    apply(store, vec![delete("a")]).await;
    let again = apply(store, vec![put("a", "1")]).await;
    assert!(again > first + 1);
    let conds = vec![Cond::At(key("a"), first)];
    let outcome = store
        .commit(batch(1, conds, vec![put("a", "2")]))
        .await
        .unwrap();
    let now = Some(again);
    assert_eq!(outcome, Outcome::Conflict { cond: 0, now });
    apply(store, vec![delete("a")]).await;
    let fixture = fixture.reopen();
    assert_eq!(apply(&fixture.store, vec![put("a", "3")]).await, again + 2);
}

async fn a_batch_id_is_applied_once(fixture: Fixture) {
    let store = &fixture.store;
    let once = batch(1, vec![Cond::Absent(key("a"))], vec![put("a", "1")]);
    let first = store.commit(once.clone()).await.unwrap();
    apply(store, vec![delete("a")]).await;
    assert_eq!(store.commit(once).await.unwrap(), first);
    assert_eq!(read(store, "a").await, None);
}

async fn a_batch_id_is_applied_once_concurrently(fixture: Fixture) {
    let store = &fixture.store;
    let once = batch(
        1,
        vec![],
        vec![Op::PutStamped {
            prefix: key("q"),
            suffix: Key::default(),
            value: bytes::Bytes::new(),
        }],
    );
    let same = (0..32).map(|_| store.commit(once.clone()));
    let outcomes = futures::future::join_all(same).await;
    assert!(
        outcomes
            .iter()
            .all(|outcome| outcome == &Ok(Outcome::Applied(1))),
        "{outcomes:?}"
    );
    let all = Range::prefix(&key("q"));
    let page = store.scan(1, &all, None, 9, Dir::Forward).await.unwrap();
    assert_eq!(page.items.len(), 1);
}

async fn a_batch_id_survives_a_restart(fixture: Fixture) {
    let once = batch(1, vec![], vec![put("a", "1")]);
    let first = fixture.store.commit(once.clone()).await.unwrap();
    apply(&fixture.store, vec![put("a", "2")]).await;
    let fixture = fixture.reopen();
    assert_eq!(fixture.store.commit(once).await.unwrap(), first);
    assert_eq!(read(&fixture.store, "a").await.unwrap().0, b"2");
}

async fn a_conflict_is_not_remembered(fixture: Fixture) {
    let store = &fixture.store;
    let later = batch(1, vec![Cond::Present(key("a"))], vec![put("b", "1")]);
    let outcome = store.commit(later.clone()).await.unwrap();
    assert!(matches!(outcome, Outcome::Conflict { .. }));
    apply(store, vec![put("a", "1")]).await;
    assert_eq!(store.commit(later).await.unwrap(), Outcome::Applied(2));
}

async fn stamped_keys_sort_in_commit_order(fixture: Fixture) {
    let store = Arc::clone(&fixture.store);
    let writers = (0..16_u8).map(|writer| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            let mut revs = Vec::new();
            for n in 0..20_u8 {
                let op = |part: u8| Op::PutStamped {
                    prefix: key("o/"),
                    suffix: key([b'-', part]),
                    value: vec![writer, n, part].into(),
                };
                revs.push(apply(&store, vec![op(0), op(1)]).await);
            }
            assert!(revs.is_sorted(), "one writer's commits are in order");
        })
    });
    for writer in futures::future::join_all(writers).await {
        writer.unwrap();
    }
    let all = Range::prefix(&key("o/"));
    let page = store
        .scan(1, &all, None, 1_000, Dir::Forward)
        .await
        .unwrap();
    assert_eq!(page.items.len(), 640);
    assert!(page.items.is_sorted_by_key(|(_, entry)| entry.rev));
    for pair in page.items.chunks(2) {
        assert_eq!(pair[0].1.rev, pair[1].1.rev);
        assert_eq!((pair[0].1.value[2], pair[1].1.value[2]), (0, 1));
        assert!(pair[0].0.as_bytes().ends_with(b"-\0"));
    }
}

async fn a_lease_holder_that_slept_is_fenced_off(fixture: Fixture) {
    let store = &fixture.store;
    let first = apply(store, vec![put("lead/poll", "one")]).await;
    // The holder sleeps; another takes over.
    let take = batch(
        1,
        vec![Cond::At(key("lead/poll"), first)],
        vec![put("lead/poll", "two")],
    );
    let second = store.commit(take).await.unwrap();
    assert_eq!(second, Outcome::Applied(first + 1));
    let late = batch(
        1,
        vec![Cond::At(key("lead/poll"), first)],
        vec![put("offset", "stale")],
    );
    let now = Some(first + 1);
    assert_eq!(
        store.commit(late).await.unwrap(),
        Outcome::Conflict { cond: 0, now }
    );
    assert_eq!(read(store, "offset").await, None);
}

async fn a_dropped_commit_is_applied_or_not(fixture: Fixture) {
    let store = &fixture.store;
    for n in 0..200_u64 {
        let at = format!("d/{n}");
        let once = batch(1, vec![], vec![put(&at, "v"), put(format!("{at}'"), "v")]);
        {
            let commit = store.commit(once.clone());
            let wait = tokio::time::sleep(Duration::from_micros(n * 5));
            tokio::pin!(commit);
            tokio::select! { biased; _ = &mut commit => {}, () = wait => {} }
        }
        let retried = store.commit(once).await.unwrap();
        let Outcome::Applied(rev) = retried else {
            panic!("{retried:?}");
        };
        assert_eq!(read(store, &at).await, Some((b"v".to_vec(), rev)));
        assert_eq!(
            read(store, format!("{at}'")).await,
            Some((b"v".to_vec(), rev))
        );
    }
    assert_eq!(store.durable_rev(1).await.unwrap(), 200);
}
