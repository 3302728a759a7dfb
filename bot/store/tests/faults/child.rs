//! The program under test as a child process.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// Transfers acknowledged, per task.
pub type Acked = [i64; 6];

pub fn rounds(usual: u32) -> u32 {
    #[expect(clippy::disallowed_methods, reason = "a switch of the tests alone")]
    let factor = std::env::var("VIGIE_FAULT_ROUNDS");
    usual
        * factor
            .ok()
            .and_then(|factor| factor.parse().ok())
            .unwrap_or(1)
}

pub fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_store-crash"))
}

/// A running child and what it says.
pub struct Running {
    process: Child,
    lines: Receiver<String>,
    pub acked: Acked,
    pub said: Vec<String>,
}

impl Running {
    pub fn start(mut command: Command) -> Self {
        let mut process = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Self {
            process,
            lines,
            acked: Acked::default(),
            said: Vec::new(),
        }
    }

    fn take(&mut self, line: String) {
        let mut words = line.split(' ');
        if words.next() == Some("ack") {
            let task: usize = words.next().unwrap().parse().unwrap();
            self.acked[task] = words.next().unwrap().parse().unwrap();
        } else {
            self.said.push(line);
        }
    }

    /// Reads what it says until something holds; `false`: it ended or the time is over.
    pub fn until(&mut self, limit: Duration, holds: impl Fn(&Self) -> bool) -> bool {
        let end = Instant::now() + limit;
        while !holds(self) {
            let left = end.saturating_duration_since(Instant::now());
            let Ok(line) = self.lines.recv_timeout(left) else {
                return false;
            };
            self.take(line);
        }
        true
    }

    /// Waits for its own end; what it says is kept.
    pub fn ends_within(&mut self, limit: Duration) -> bool {
        let end = Instant::now() + limit;
        while Instant::now() < end {
            match self
                .lines
                .recv_timeout(end.saturating_duration_since(Instant::now()))
            {
                Ok(line) => self.take(line),
                Err(RecvTimeoutError::Disconnected) => return true,
                Err(RecvTimeoutError::Timeout) => break,
            }
        }
        // Not left behind by a failing test.
        let _ = self.process.kill();
        false
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        self.process.try_wait().unwrap().is_none()
    }

    pub fn total(&self) -> i64 {
        self.acked.iter().sum()
    }

    /// Kills it and answers all that it had acknowledged.
    pub fn kill(mut self) -> Acked {
        self.process.kill().unwrap();
        self.finish().1
    }

    /// Waits for its own end.
    pub fn finish(mut self) -> (ExitStatus, Acked, Vec<String>) {
        let status = self.process.wait().unwrap();
        // The pipe is closed now; this ends.
        while let Ok(line) = self.lines.recv() {
            self.take(line);
        }
        (status, self.acked, std::mem::take(&mut self.said))
    }
}

/// What was found in a store.
#[derive(Debug)]
pub struct Found {
    pub rev: i64,
    pub done: Acked,
}

/// Opens a store in a process of its own; `Err`: it was refused, with the reason. After an accepted
/// loss (`--inconsistent`) the money need no longer add up.
pub fn verify(folder: &Path, extra: &[&str]) -> Result<Found, String> {
    let mut command = Command::new("timeout");
    command
        .args(["-s", "KILL", "30"])
        .arg(env!("CARGO_BIN_EXE_store-crash"));
    let output = command
        .arg("verify")
        .arg(folder)
        .args(extra)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        assert_ne!(output.status.code(), Some(137), "verify hung: {errors}");
        return Err(errors);
    }
    let text = String::from_utf8(output.stdout).unwrap();
    let field = |name: &str| {
        let at = text
            .split_whitespace()
            .find_map(|word| word.strip_prefix(name));
        at.unwrap().to_owned()
    };
    let number = |name: &str| field(name).parse::<i64>().unwrap();
    let done: Vec<i64> = field("done=")
        .split(',')
        .map(|n| n.parse().unwrap())
        .collect();
    let found = Found {
        rev: number("rev="),
        done: done.try_into().unwrap(),
    };
    if !extra.contains(&"--accept-loss") && !extra.contains(&"--inconsistent") {
        assert_eq!(number("sum="), 0, "money is conserved: {text}");
        assert_eq!(
            number("outbox="),
            found.rev,
            "one message per transfer: {text}"
        );
        assert_eq!(
            found.done.iter().sum::<i64>(),
            found.rev,
            "counters agree: {text}"
        );
    }
    Ok(found)
}

/// How many acknowledged transfers are not there.
pub fn lost(acked: &Acked, found: &Found) -> i64 {
    acked
        .iter()
        .zip(found.done)
        .map(|(acked, done)| (acked - done).max(0))
        .sum()
}

/// The library of faults, compiled once per test process.
pub fn shim() -> PathBuf {
    use std::sync::OnceLock;
    static SHIM: OnceLock<PathBuf> = OnceLock::new();
    SHIM.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/faults/powerloss.c");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let target = folder.join("powerloss.so");
        // Tests may run in processes of their own: each builds beside, then puts in place.
        let fresh = folder.join(format!("powerloss-{}.so", std::process::id()));
        let gcc = Command::new("gcc")
            .args(["-O2", "-shared", "-fPIC", "-o"])
            .args([&fresh, &source])
            .arg("-ldl")
            .status()
            .expect("gcc is installed");
        assert!(gcc.success());
        std::fs::rename(&fresh, &target).unwrap();
        target
    })
    .clone()
}

/// A number that looks random and is the same in every run.
pub fn scatter(seed: u64) -> u64 {
    let mut mixed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
