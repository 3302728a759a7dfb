//! Damaged files: all there, or refused. Never opened with something silently gone.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::child::{Running, lost, program, rounds, scatter, verify};

fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
    }
}

fn damage(path: &Path, kind: u32, random: u64) -> String {
    let mut bytes = fs::read(path).unwrap();
    let len = bytes.len();
    let at = (random % len as u64) as usize;
    let what = match kind {
        0 => {
            let cut = 1 + (random % (len as u64 - 1).min(20_000)) as usize;
            bytes.truncate(len - cut);
            format!("cut {cut}")
        }
        1 => {
            let block = at / 4_096 * 4_096;
            let end = len.min(block + 4_096);
            bytes[block..end].fill(0);
            format!("zeroed at {block}")
        }
        _ => {
            bytes[at] ^= 1 << (random >> 40 & 7);
            format!("flipped at {at}")
        }
    };
    fs::write(path, bytes).unwrap();
    format!("{} of {len} {what}", path.display())
}

/// Damages copies of a fresh store: how many were refused, whole, and opened with their loss.
fn damaged_copies() -> (usize, usize, usize) {
    let folder = tempfile::tempdir().unwrap();
    let (source, target) = (folder.path().join("source"), folder.path().join("target"));
    let mut command = program();
    command.arg("child").arg(&source);
    let mut running = Running::start(command);
    assert!(running.until(Duration::from_secs(60), |child| child.total() > 3_000));
    let acked = running.kill();
    let mut files: Vec<PathBuf> = fs::read_dir(&source)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.retain(|path| path.is_file() && path.metadata().unwrap().len() > 64);
    files.sort();
    let (mut refused, mut whole, mut accepted) = (0, 0, 0);
    for round in 0..rounds(16) {
        for kind in 0..3 {
            copy(&source, &target);
            let random = scatter(u64::from(round * 3 + kind));
            // Mostly the data, now and then one of the other files.
            let name = if random % 10 < 7 {
                PathBuf::from("db")
            } else {
                files[(random >> 8) as usize % files.len()]
                    .file_name()
                    .unwrap()
                    .into()
            };
            let what = damage(&target.join(name), kind, random >> 16);
            match verify(&target, &[]) {
                Ok(found) => {
                    assert_eq!(
                        lost(&acked, &found),
                        0,
                        "opened with something gone: {what}"
                    );
                    whole += 1;
                }
                Err(reason) => {
                    assert!(!reason.trim().is_empty(), "{what}");
                    refused += 1;
                    // A person may accept the loss; what is left must then work.
                    copy(&source, &target);
                    damage(&target.join("db"), kind, random >> 16);
                    let opened = verify(&target, &["--accept-loss"]);
                    if let Err(reason) = &opened {
                        println!("not even with loss: {what}: {reason}");
                    }
                    if let Ok(found) = opened {
                        assert!(
                            found.rev >= acked.iter().sum(),
                            "no revision is used again: {what}"
                        );
                        let again = verify(&target, &["--inconsistent"]);
                        assert!(again.is_ok(), "{what}: {again:?}");
                        accepted += 1;
                    }
                }
            }
        }
    }
    println!("refused {refused}, all there {whole}, loss accepted {accepted}");
    (refused, whole, accepted)
}

#[test]
fn damage_is_never_silent() {
    // Now and then sled opens no damaged copy of one store, more often the busier the machine was
    // while the store was written; of eight stores it must open some.
    let (mut refused, mut whole, mut accepted) = (0, 0, 0);
    for _ in 0..8 {
        let found = damaged_copies();
        (refused, whole, accepted) = (refused + found.0, whole + found.1, accepted + found.2);
        if accepted > 0 {
            break;
        }
    }
    assert!(
        refused > 0 && whole > 0 && accepted > 0,
        "{refused} {whole} {accepted}"
    );
}

#[test]
fn an_older_copy_of_the_data_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let (source, old) = (folder.path().join("source"), folder.path().join("old"));
    let run = || {
        let mut command = program();
        command.arg("child").arg(&source);
        let mut running = Running::start(command);
        assert!(running.until(Duration::from_secs(20), |child| child.total() > 100));
        running.kill()
    };
    run();
    copy(&source, &old);
    let acked = run();
    // Someone puts yesterday's data back, but not what witnesses the commits.
    fs::copy(source.join("commits.idx"), old.join("commits.idx")).unwrap();
    let refused = verify(&old, &[]).unwrap_err();
    assert!(refused.contains("was acknowledged"), "{refused}");
    fs::remove_file(old.join("db")).unwrap();
    let refused = verify(&old, &[]).unwrap_err();
    assert!(refused.contains("damaged"), "{refused}");
    assert_eq!(lost(&acked, &verify(&source, &[]).unwrap()), 0);
}
