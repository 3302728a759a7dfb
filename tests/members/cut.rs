//! The shipped binary, killed while it imports members: all of it has happened, or nothing.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Members of the file.
const COUNT: u32 = 400;
/// Kills after which both ends of a cut import must have been seen.
const ROUNDS: usize = 14;

fn vigie(what: &str, file: Option<&Path>, data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(["members", what]).args(file);
    command.arg("--data").arg(data);
    command.env_clear().env("LANG", "en_GB.UTF-8");
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn runs(what: &str, file: Option<&Path>, data: &Path) -> String {
    let output = vigie(what, file, data).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let wrong = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{what}: {said}{wrong}");
    said
}

fn write(file: &Path, name: &str) {
    let mut text = String::from("number;first_name;last_name\n");
    for number in 1..=COUNT {
        text.push_str(&format!("{number};P{number};{name}\n"));
    }
    fs::write(file, text).unwrap();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let there = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &there),
            false => drop(fs::copy(entry.path(), there).unwrap()),
        }
    }
}

/// How many members have each of the two names.
fn names(data: &Path, out: &Path) -> (usize, usize, String) {
    let said = runs("export", Some(out), data);
    let text = fs::read_to_string(out).unwrap();
    let count = |name: &str| text.lines().filter(|line| line.contains(name)).count();
    (count("Avant"), count("Apres"), said)
}

#[test]
fn an_import_that_is_killed_has_happened_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let (before, after, start) = (at("before.csv"), at("after.csv"), at("start"));
    write(&before, "Avant");
    write(&after, "Apres");
    runs("import", Some(&before), &start);
    let whole = at("whole");
    copy(&start, &whole);
    let begun = Instant::now();
    runs("import", Some(&after), &whole);
    // Nothing of it is staged before `low`, and all of it is applied after `high`.
    let longest = begun.elapsed() * 2;
    let (mut low, mut high) = (Duration::ZERO, longest);
    let (mut dropped, mut finished) = (0, 0);
    let all = usize::try_from(COUNT).unwrap();
    for round in 0..ROUNDS {
        let data = at(&format!("round-{round}"));
        copy(&start, &data);
        let mut child = vigie("import", Some(&after), &data).spawn().unwrap();
        let wait = low + (high - low) / 2;
        std::thread::sleep(wait);
        child.kill().unwrap();
        child.wait().unwrap();
        let (old, new, said) = names(&data, &at("out.csv"));
        assert!(
            (old, new) == (all, 0) || (old, new) == (0, all),
            "half an import after {wait:?}: {old} as before, {new} as after; {said}"
        );
        let is_dropped = said.contains("cut short before it changed anything");
        let is_finished = said.contains("cut short after it was decided");
        assert!(
            !(is_dropped && new > 0) && !(is_finished && old > 0),
            "{said}"
        );
        dropped += usize::from(is_dropped);
        finished += usize::from(is_finished);
        // Said once.
        assert!(!names(&data, &at("again.csv")).2.contains("cut short"));
        if is_finished {
            runs("undo", None, &data);
            assert_eq!(names(&data, &at("undone.csv")).0, all, "taken back");
        }
        if dropped > 0 && finished > 0 {
            return;
        }
        // Towards what was not seen yet: later where nothing had happened, earlier where all had.
        let too_early = old == all && (!is_dropped || finished == 0);
        if too_early {
            low = wait;
        } else {
            high = wait;
        }
        if high - low < Duration::from_millis(2) {
            (low, high) = (Duration::ZERO, longest);
        }
        fs::remove_dir_all(&data).unwrap();
    }
    panic!("{dropped} imports were seen dropped, {finished} finished");
}
