//! A full disk: read-only, then healthy again by itself when there is room.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::child::{Running, lost, program, verify};

/// A small file system of its own, gone when dropped.
struct Mount(PathBuf);

impl Mount {
    /// `None`: only root may mount.
    fn new(at: &Path, size: &str) -> Option<Self> {
        std::fs::create_dir_all(at).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(at)
            .status();
        if mounted.is_ok_and(|status| status.success()) {
            return Some(Self(at.to_path_buf()));
        }
        eprintln!("not root, no small file system: this test did nothing");
        None
    }

    fn grow(&self, size: &str) {
        let options = format!("remount,size={size}");
        let grown = Command::new("mount")
            .args(["-o", &options])
            .arg(&self.0)
            .status();
        assert!(grown.unwrap().success());
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

fn full(ballast: &str) {
    let folder = tempfile::tempdir().unwrap();
    let Some(mount) = Mount::new(&folder.path().join("mount"), "24m") else {
        return;
    };
    let store = mount.0.join("store");
    let mut command = program();
    command
        .arg("child")
        .arg(&store)
        .args(["--padding", "3500", "--ballast", ballast]);
    let mut running = Running::start(command);
    let said =
        |word: &'static str| move |child: &Running| child.said.iter().any(|line| line == word);
    assert!(
        running.until(Duration::from_secs(60), said("readonly")),
        "{:?}",
        running.said
    );
    assert!(
        running.until(Duration::from_secs(10), said("read ok")),
        "{:?}",
        running.said
    );
    // It stays so while there is no room.
    assert!(
        !running.until(Duration::from_secs(1), said("healthy")),
        "{:?}",
        running.said
    );
    let before = running.total();
    mount.grow("300m");
    assert!(
        running.until(Duration::from_secs(20), said("healthy")),
        "{:?}",
        running.said
    );
    assert!(running.until(Duration::from_secs(20), |child| child.total()
        > before + 200));
    let acked = running.kill();
    let found = verify(&store, &[]).unwrap();
    assert_eq!(lost(&acked, &found), 0, "{acked:?} {found:?}");
    let given_back = store
        .join("ballast")
        .metadata()
        .map_or(0, |ballast| ballast.len());
    assert_eq!(given_back.to_string(), ballast, "the ballast is back");
}

#[test]
fn a_full_disk_heals_with_ballast() {
    full("4194304");
}

#[test]
fn a_full_disk_heals_without_ballast() {
    full("0");
}

#[test]
fn a_kill_while_the_disk_is_full_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let Some(mount) = Mount::new(&folder.path().join("mount"), "20m") else {
        return;
    };
    let store = mount.0.join("store");
    let mut command = program();
    command
        .arg("child")
        .arg(&store)
        .args(["--padding", "3500", "--ballast", "4194304"]);
    let mut running = Running::start(command);
    assert!(running.until(Duration::from_secs(60), |child| {
        child.said.iter().any(|line| line == "readonly")
    }));
    let acked = running.kill();
    // While it is full it may be refused, but nothing may be harmed.
    let _ = verify(&store, &["--ballast", "4194304"]);
    mount.grow("300m");
    let found = verify(&store, &["--ballast", "4194304"]).unwrap();
    assert_eq!(lost(&acked, &found), 0, "{acked:?} {found:?}");
}

#[test]
fn a_file_size_limit_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store");
    let mut command = Command::new("bash");
    command
        .args([
            "-c",
            "ulimit -f 6000; exec \"$0\" child \"$1\" --padding 3500",
        ])
        .arg(env!("CARGO_BIN_EXE_store-crash"))
        .arg(&store);
    let mut running = Running::start(command);
    assert!(running.ends_within(Duration::from_secs(60)));
    let (status, acked, _) = running.finish();
    assert!(!status.success());
    assert!(acked.iter().sum::<i64>() > 100, "{acked:?}");
    let found = verify(&store, &[]).unwrap();
    assert_eq!(lost(&acked, &found), 0, "{acked:?} {found:?}");
}
