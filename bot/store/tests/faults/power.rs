//! Power cuts: only what was synced survives, or that and any part of what came after.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::child::{Acked, Found, Running, lost, program, rounds, scatter, shim, verify};

/// A child whose syncs are copied to a shadow folder.
fn command(source: &Path, shadow: &Path, extra: &[&str]) -> Command {
    let mut command = program();
    command
        .arg("child")
        .arg(source.join("store"))
        .args(extra)
        .env("LD_PRELOAD", shim())
        .env("PL_SRC", source)
        .env("PL_DST", shadow);
    command
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.is_file()).collect()
}

/// Replaces each block of the shadow by the newer one, or not, at random.
fn mix(source: &Path, shadow: &Path, seed: u64) {
    for (n, old_path) in (0..).zip(files(shadow)) {
        let Ok(new) = fs::read(source.join(old_path.file_name().unwrap())) else {
            continue;
        };
        let old = fs::read(&old_path).unwrap();
        let random = |at: u64| scatter(seed << 32 | n << 20 | at);
        let len = if random(0).is_multiple_of(2) {
            old.len().max(new.len())
        } else {
            old.len()
        };
        let mut mixed = vec![0; len];
        for (block, at) in (1..).zip((0..len).step_by(4_096)) {
            let from = if random(block).is_multiple_of(2) && at < new.len() {
                &new
            } else {
                &old
            };
            let end = len.min(at + 4_096).min(from.len());
            if at < end {
                mixed[at..end].copy_from_slice(&from[at..end]);
            }
        }
        fs::write(&old_path, mixed).unwrap();
    }
}

/// Runs, cuts the power, and answers what was acknowledged and what is left.
fn cut(round: u32, blocks: bool, extra: &[&str]) -> (Acked, Result<Found, String>) {
    let folder = tempfile::tempdir().unwrap();
    let (source, shadow) = (folder.path().join("source"), folder.path().join("shadow"));
    fs::create_dir(&source).unwrap();
    fs::create_dir(&shadow).unwrap();
    let mut running = Running::start(command(&source, &shadow, extra));
    assert!(running.until(Duration::from_secs(20), |child| child.total() > 20));
    std::thread::sleep(Duration::from_millis(20 + scatter(round.into()) % 400));
    let acked = running.kill();
    let left = shadow.join("store");
    for path in files(&left) {
        // The copy that the kill interrupted: the file as synced before is beside it.
        if path.extension().is_some_and(|ext| ext == "pltmp") {
            fs::remove_file(path).unwrap();
        }
    }
    if blocks {
        mix(&source.join("store"), &left, round.into());
    }
    // Written once when a store is made and synced by us before anything else.
    if !left.join("conf").exists() && source.join("store/conf").exists() {
        fs::create_dir_all(&left).unwrap();
        fs::copy(source.join("store/conf"), left.join("conf")).unwrap();
    }
    let found = verify(&left, &[]);
    (acked, found)
}

#[test]
fn nothing_acknowledged_is_lost_when_only_synced_data_survives() {
    for round in 0..rounds(10) {
        let (acked, found) = cut(round, false, &[]);
        let found = found.unwrap();
        assert_eq!(
            lost(&acked, &found),
            0,
            "round {round}: {acked:?} {found:?}"
        );
    }
}

#[test]
fn nothing_acknowledged_is_lost_when_any_later_block_survives_too() {
    for round in 0..rounds(16) {
        let (acked, found) = cut(1_000 + round, true, &[]);
        let found = found.unwrap();
        assert_eq!(
            lost(&acked, &found),
            0,
            "round {round}: {acked:?} {found:?}"
        );
    }
}

/// Without our barrier the same test must lose, else it proves nothing.
#[test]
fn the_power_cut_test_finds_a_missing_barrier() {
    let failed = (0..10).any(|round| {
        let (acked, found) = cut(round, false, &["--no-barrier"]);
        found.is_err() || found.is_ok_and(|found| lost(&acked, &found) > 0)
    });
    assert!(
        failed,
        "sled alone survived ten power cuts: the shim does not work"
    );
}

#[test]
fn a_failed_sync_is_not_trusted_later() {
    for (round, file, first, spread) in
        (0..rounds(4)).flat_map(|round| [(round, "ahead", 40, 100), (round, "db", 4, 6)])
    {
        let folder = tempfile::tempdir().unwrap();
        let (source, shadow) = (folder.path().join("source"), folder.path().join("shadow"));
        fs::create_dir(&source).unwrap();
        fs::create_dir(&shadow).unwrap();
        let mut command = command(&source, &shadow, &[]);
        let after = first + scatter(round.into()) % spread;
        command
            .env("PL_FAIL_FILE", file)
            .env("PL_FAIL_AFTER", after.to_string());
        let mut running = Running::start(command);
        assert!(running.ends_within(Duration::from_secs(60)));
        let (status, acked, said) = running.finish();
        assert_eq!(status.code(), Some(74), "{said:?}");
        assert!(acked.iter().sum::<i64>() > 0);
        let found = verify(&shadow.join("store"), &[]).unwrap();
        assert_eq!(lost(&acked, &found), 0, "{acked:?} {found:?}");
    }
}

#[test]
fn a_slow_disk_slows_commits_but_not_readers() {
    let folder = tempfile::tempdir().unwrap();
    let output = program()
        .arg("flood")
        .arg(folder.path().join("store"))
        .arg("900")
        .env("LD_PRELOAD", shim())
        .env("PL_SRC", folder.path())
        .env("PL_DELAY_US", "400000")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("applied=900 "), "{text}");
    let number = |name: &str| {
        let word = text
            .split_whitespace()
            .find_map(|word| word.strip_prefix(name))
            .unwrap();
        word.trim_end_matches(char::is_alphabetic)
            .parse::<u64>()
            .unwrap()
    };
    assert!(
        number("slowest_read=") < 300,
        "shorter than one sync: {text}"
    );
    assert!(number("peak=") < 128 * 1024, "{text}");
}
