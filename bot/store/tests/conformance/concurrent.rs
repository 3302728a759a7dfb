//! Concurrent histories: linearizable, and nothing appears or vanishes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rand::Rng;
use vigie_store::{Cond, Dir, Key, Op, Outcome, Range, Rev, Store, StoreError};

use crate::fixture::{Fixture, apply, batch, delete, key, put};

crate::for_each_adapter!(histories_are_linearizable, money_is_conserved);

/// One call: between which ticks it ran, and what it saw or did.
#[derive(Clone, Debug)]
struct Call {
    begin: u64,
    end: u64,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    /// Applied at this revision, with the condition it had, writing or deleting a key.
    Wrote {
        key: u8,
        cond: Option<Rev>,
        rev: Rev,
        deletes: bool,
    },
    /// A condition did not hold: the key had this revision instead.
    Conflict { key: u8, now: Option<Rev> },
    /// A read of all keys at once.
    Read(Vec<Option<Rev>>),
}

const KEYS: u8 = 4;

/// Checks that all calls fit one order that respects their real times.
fn check(calls: &[Call]) -> Result<(), String> {
    // Revisions order the writes; every state is known from them.
    let mut writes: BTreeMap<Rev, &Call> = BTreeMap::new();
    for call in calls {
        if let What::Wrote { rev, .. } = call.what
            && writes.insert(rev, call).is_some()
        {
            return Err(format!("revision {rev} was given twice"));
        }
    }
    let mut states = vec![[None; KEYS as usize]];
    for (at, (rev, call)) in (1..).zip(&writes) {
        if at != *rev {
            return Err(format!("revision {at} is missing"));
        }
        let What::Wrote {
            key, cond, deletes, ..
        } = call.what
        else {
            continue;
        };
        let mut state = *states.last().unwrap();
        let slot = &mut state[usize::from(key)];
        if *slot != cond && cond != Some(Rev::MAX) {
            return Err(format!("{call:?} was applied over {slot:?}"));
        }
        *slot = (!deletes).then_some(*rev);
        states.push(state);
    }
    for call in calls {
        // The call took effect after all that had ended before it began, before all that began after it ended.
        let low = writes
            .iter()
            .filter(|(_, w)| w.end < call.begin)
            .map(|(rev, _)| *rev)
            .max();
        let high = writes
            .iter()
            .filter(|(_, w)| w.begin > call.end)
            .map(|(rev, _)| *rev)
            .min();
        let low = low.unwrap_or(0) as usize;
        let high = high.map_or(states.len() - 1, |rev| rev as usize - 1);
        let fits = match &call.what {
            What::Wrote { rev, .. } => low < *rev as usize && *rev as usize <= high.max(low + 1),
            What::Conflict { key, now } => {
                (low..=high).any(|at| states[at][usize::from(*key)] == *now)
            }
            What::Read(seen) => (low..=high).any(|at| states[at].as_slice() == seen.as_slice()),
        };
        if !fits {
            return Err(format!("{call:?} does not fit between {low} and {high}"));
        }
    }
    Ok(())
}

async fn client(store: Arc<dyn Store>, clock: Arc<AtomicU64>, calls: usize) -> Vec<Call> {
    let tick = || clock.fetch_add(1, Ordering::SeqCst);
    let keys: Vec<Key> = (0..KEYS).map(|n| key([n])).collect();
    let mut known = vec![None; usize::from(KEYS)];
    let mut history = Vec::new();
    for _ in 0..calls {
        let (kind, at) = {
            let mut random = rand::rng();
            (random.random_range(0..10), random.random_range(0..KEYS))
        };
        let begin = tick();
        let what = if kind < 4 {
            let found = store.get(1, &keys).await.unwrap();
            known = found.iter().map(|e| e.as_ref().map(|e| e.rev)).collect();
            What::Read(known.clone())
        } else {
            let cond = known[usize::from(at)];
            let conds = match (kind, cond) {
                (9, _) => vec![],
                (_, None) => vec![Cond::Absent(key([at]))],
                (_, Some(rev)) => vec![Cond::At(key([at]), rev)],
            };
            let cond = if kind == 9 { Some(Rev::MAX) } else { cond };
            let deletes = kind == 4;
            let op = if deletes {
                delete([at])
            } else {
                put([at], "v")
            };
            match store.commit(batch(1, conds, vec![op])).await.unwrap() {
                Outcome::Applied(rev) => {
                    known[usize::from(at)] = (!deletes).then_some(rev);
                    What::Wrote {
                        key: at,
                        cond,
                        rev,
                        deletes,
                    }
                }
                Outcome::Conflict { now, .. } => {
                    known[usize::from(at)] = now;
                    What::Conflict { key: at, now }
                }
            }
        };
        let end = tick();
        history.push(Call { begin, end, what });
    }
    history
}

async fn histories_are_linearizable(fixture: Fixture) {
    let clock = Arc::new(AtomicU64::new(0));
    let clients = (0..8).map(|_| {
        let (store, clock) = (Arc::clone(&fixture.store), Arc::clone(&clock));
        tokio::spawn(client(store, clock, 250))
    });
    let mut calls = Vec::new();
    for history in futures::future::join_all(clients).await {
        calls.extend(history.unwrap());
    }
    check(&calls).unwrap();

    // The checker itself must notice: an old read, a lost write, a reordered answer.
    let read = calls
        .iter()
        .rposition(|call| matches!(call.what, What::Read(_)))
        .unwrap();
    let mut stale = calls.clone();
    stale[read].what = What::Read(vec![Some(1); usize::from(KEYS)]);
    check(&stale).unwrap_err();
    let write = calls
        .iter()
        .position(|call| matches!(call.what, What::Wrote { .. }))
        .unwrap();
    let mut lost = calls.clone();
    lost.remove(write);
    check(&lost).unwrap_err();
    let mut early = calls.clone();
    let last = early
        .iter()
        .position(|c| matches!(c.what, What::Wrote { rev, .. } if rev > 100))
        .unwrap();
    (early[last].begin, early[last].end) = (0, 0);
    check(&early).unwrap_err();
}

const ACCOUNTS: u8 = 6;

async fn transfer(store: &Arc<dyn Store>, from: u8, to: u8) {
    loop {
        let found = store
            .get(1, &[key([b'm', from]), key([b'm', to])])
            .await
            .unwrap();
        let balance = |n: usize| {
            let entry = found[n].as_ref().unwrap();
            (
                entry.rev,
                i64::from_be_bytes(entry.value[..].try_into().unwrap()),
            )
        };
        let ((from_rev, from_sum), (to_rev, to_sum)) = (balance(0), balance(1));
        let conds = vec![
            Cond::At(key([b'm', from]), from_rev),
            Cond::At(key([b'm', to]), to_rev),
        ];
        let ops = vec![
            put([b'm', from], (from_sum - 1).to_be_bytes()),
            put([b'm', to], (to_sum + 1).to_be_bytes()),
            Op::PutStamped {
                prefix: key("o/"),
                suffix: Key::default(),
                value: vec![from, to].into(),
            },
        ];
        let outcome = store.commit(batch(1, conds, ops)).await.unwrap();
        if matches!(outcome, Outcome::Applied(_)) {
            return;
        }
    }
}

async fn money_is_conserved(fixture: Fixture) {
    let store = Arc::clone(&fixture.store);
    let begin = (0..ACCOUNTS)
        .map(|n| put([b'm', n], 100_i64.to_be_bytes()))
        .collect();
    let first = apply(&store, begin).await;
    let movers = (0..6_u8).map(|mover| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            for n in 0..40_u8 {
                let from = (mover + n) % ACCOUNTS;
                transfer(&store, from, (from + 1 + n % 4) % ACCOUNTS).await;
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            }
        })
    });
    let movers = futures::future::join_all(movers);
    tokio::pin!(movers);
    let mut looks = 0;
    loop {
        let snapshot = store.snapshot(1).await.unwrap();
        let snapshot = &snapshot;
        let scan = |prefix: &'static str| async move {
            snapshot
                .scan(&Range::prefix(&key(prefix)), None, 1_000, Dir::Forward)
                .await
        };
        match (scan("m").await, scan("o/").await) {
            (Ok(money), Ok(outbox)) => {
                looks += 1;
                let sums = money
                    .items
                    .iter()
                    .map(|(_, e)| i64::from_be_bytes(e.value[..].try_into().unwrap()));
                assert_eq!(sums.sum::<i64>(), 100 * i64::from(ACCOUNTS));
                let transfers = snapshot.rev() - first;
                assert_eq!(outbox.items.len() as u64, transfers.min(1_000));
            }
            (Err(StoreError::SnapshotExpired), _) | (_, Err(StoreError::SnapshotExpired)) => {}
            other => panic!("{other:?}"),
        }
        let wait = tokio::time::sleep(std::time::Duration::from_millis(1));
        tokio::select! {
            done = &mut movers => { done.into_iter().for_each(|mover| mover.unwrap()); break }
            () = wait => {}
        }
    }
    assert!(looks > 3, "only {looks} looks");
    assert_eq!(store.durable_rev(1).await.unwrap(), first + 240);
}
