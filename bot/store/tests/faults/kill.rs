//! kill -9: at any time, and aimed at opening.

use std::time::Duration;

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
    let mut command = program();
    command.arg("child").arg(&path);
    let mut running = Running::start(command);
    assert!(running.until(Duration::from_secs(20), |child| child.total() > 500));
    let acked = running.kill();
    let mut leftovers = 0;
    for round in 0..rounds(40) {
        let mut command = program();
        command.arg("verify").arg(&path);
        let running = Running::start(command);
        // Opening writes its snapshot in the first milliseconds.
        std::thread::sleep(Duration::from_micros(
            2_000 + scatter(round.into()) % 25_000,
        ));
        running.kill();
        let names = std::fs::read_dir(&path).unwrap();
        leftovers += names
            .filter(|name| {
                name.as_ref()
                    .unwrap()
                    .path()
                    .extension()
                    .is_some_and(|ext| ext == "generating")
            })
            .count();
    }
    let found = verify(&path, &[]).unwrap();
    assert_eq!(lost(&acked, &found), 0);
    println!("unfinished snapshots met: {leftovers}");
}
