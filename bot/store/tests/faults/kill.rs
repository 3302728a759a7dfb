//! kill -9: at any time, and aimed at opening.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::child::{Acked, Running, lost, program, rounds, scatter, verify};

#[test]
fn nothing_acknowledged_is_lost_by_kill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let mut acked = Acked::default();
    let mut total = 0;
    for round in 0..rounds(50) {
        let mut command = program();
        command.arg("child").arg(&path);
        let mut running = Running::start(command);
        if round % 3 > 0 {
            assert!(running.until(Duration::from_secs(20), |child| child.total() > 0));
        }
        std::thread::sleep(Duration::from_micros(scatter(round.into()) % 200_000));
        let now = running.kill();
        for (all, now) in acked.iter_mut().zip(now) {
            *all = (*all).max(now);
        }
        let found = verify(&path, &[]).unwrap();
        assert_eq!(
            lost(&acked, &found),
            0,
            "round {round}: {acked:?} {found:?}"
        );
        total = found.rev;
    }
    assert!(total > 1_000, "the rounds did real work: {total}");
}

#[test]
fn a_kill_while_opening_harms_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let child = || {
        let mut command = program();
        command.arg("child").arg(&path);
        command
    };
    let mut running = Running::start(child());
    assert!(running.until(Duration::from_secs(20), |child| child.total() > 500));
    let acked = running.kill();
    let mut all = acked;
    let mut unfinished = 0;
    let mut round = 0;
    while round < rounds(20) || (unfinished == 0 && round < 200) {
        round += 1;
        // Something new each time, so that the next opening writes its snapshot.
        let mut running = Running::start(child());
        let aimed = round % 5 > 0;
        let end = Instant::now() + Duration::from_micros(2_000 + scatter(round.into()) % 25_000);
        while running.runs()
            && if aimed {
                !generating(&path)
            } else {
                Instant::now() < end
            }
        {
            if running.until(Duration::ZERO, |child| child.total() > 100) {
                break;
            }
        }
        let acked = running.kill();
        unfinished += u32::from(generating(&path));
        for (all, now) in all.iter_mut().zip(acked) {
            *all = (*all).max(now);
        }
        let found = verify(&path, &[]).unwrap();
        assert_eq!(lost(&all, &found), 0, "round {round}");
        assert!(!generating(&path));
    }
    assert!(unfinished > 0, "no kill met an unfinished snapshot");
    println!("unfinished snapshots met: {unfinished}");
}

fn generating(folder: &Path) -> bool {
    let mut names = std::fs::read_dir(folder)
        .unwrap()
        .map(|name| name.unwrap().path());
    names.any(|path| path.extension().is_some_and(|ext| ext == "generating"))
}
