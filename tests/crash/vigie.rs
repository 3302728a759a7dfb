//! The real program, with what kills it.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use tokio::process::Child;

use super::cast::Group;

/// How a start of the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kill {
    Never,
    /// Before the Nth call that makes writes durable.
    Before(u64),
    /// After it.
    After(u64),
    /// So many microseconds after the start.
    Time(u64),
}

/// The library that kills, compiled once.
fn shim() -> &'static Path {
    static SHIM: OnceLock<PathBuf> = OnceLock::new();
    SHIM.get_or_init(|| {
        let library = Path::new(env!("CARGO_TARGET_TMPDIR")).join("killat.so");
        // Another run may have the file open: a new one takes its place.
        let fresh = library.with_extension(format!("{}.so", std::process::id()));
        let done = Command::new("gcc")
            .args([
                "-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-pthread", "-o",
            ])
            .arg(&fresh)
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/crash/killat.c"))
            .status()
            .expect("gcc is needed");
        assert!(done.success());
        std::fs::rename(&fresh, &library).unwrap();
        library
    })
}

/// A folder with a configuration and a store.
pub struct Home {
    folder: tempfile::TempDir,
    pub port: u16,
}

impl Home {
    pub fn new(token: &str, api_url: &str, groups: &[(Group, i64)], admin: i64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut secret = std::fs::OpenOptions::new();
        let mut secret = secret
            .create(true)
            .write(true)
            .mode(0o600)
            .open(folder.path().join("token"))
            .unwrap();
        secret.write_all(token.as_bytes()).unwrap();
        std::fs::write(
            folder.path().join("network.toml"),
            include_str!("network.toml"),
        )
        .unwrap();
        let mut home = Self { folder, port: 0 };
        home.configure(api_url, groups, admin);
        home
    }

    /// Writes the configuration, with a port that is free now.
    fn configure(&mut self, api_url: &str, groups: &[(Group, i64)], admin: i64) {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        self.port = listener.local_addr().unwrap().port();
        let mut text = format!(
            "administrators = [{admin}]\n\
             [telegram]\ntoken_file = \"token\"\napi_url = \"{api_url}\"\n\
             [store]\npath = \"store\"\ncache_mib = 4\nballast_mib = 0\n\
             [web]\nlisten = \"127.0.0.1:{}\"\n\
             [network]\nfiles = [\"network.toml\"]\n\
             [[sources]]\nname = \"am\"\nformat = \"alertmanager\"\ntoken_sha256 = \"{}\"\n",
            self.port, HOOK_TOKEN_SHA256,
        );
        for (group, chat) in groups {
            let (kind, sector) = group.purpose();
            text += &format!("[[groups]]\nchat = {chat}\nkind = \"{kind}\"\n");
            if let Some(sector) = sector {
                text += &format!("sector = \"{sector}\"\n");
            }
        }
        std::fs::write(self.folder.path().join("vigie.toml"), text).unwrap();
    }

    pub fn store(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    /// Starts the program.
    pub fn start(&self, kill: Kill) -> Running {
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.folder.path().join("log"))
            .unwrap();
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_vigie"));
        command
            .args(["run", "--config", "vigie.toml"])
            .current_dir(self.folder.path())
            .env("LD_PRELOAD", shim())
            .env("KILL_COUNT", self.folder.path().join("count"))
            .env("LANG", "C")
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .kill_on_drop(true);
        match kill {
            Kill::Never => &mut command,
            Kill::Before(at) => command.env("KILL_AT", at.to_string()),
            Kill::After(at) => command
                .env("KILL_AT", at.to_string())
                .env("KILL_WHEN", "after"),
            Kill::Time(us) => command.env("KILL_AFTER_US", us.to_string()),
        };
        Running(command.spawn().unwrap())
    }

    /// Calls that the last start, which ended regularly, made to have writes durable.
    pub fn count(&self) -> u64 {
        let text = std::fs::read_to_string(self.folder.path().join("count")).unwrap();
        text.trim().parse().unwrap()
    }

    /// What the program said last.
    pub fn log(&self) -> String {
        let text = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(60)..].join("\n")
    }
}

/// Of the token "crash".
const HOOK_TOKEN_SHA256: &str = "cdb2e0d0f873ce5326e87cf7dec48de8da3043cfc950a7eba05a059150e873f5";

/// How a start of the program ended when it was asked to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    Regularly,
    /// It was killed on the way.
    Killed,
    /// It had not got so far that it listens to signals.
    TooEarly,
}

/// A start of the program.
pub struct Running(Child);

impl Running {
    /// Whether it was killed; any other end is a fault.
    pub fn killed(&mut self) -> Result<bool, String> {
        match self.0.try_wait().unwrap() {
            None => Ok(false),
            Some(status) if status.signal() == Some(9) => Ok(true),
            Some(status) => Err(format!("ended with {status}")),
        }
    }

    /// Whether it dies in the next moments, after a connection to it broke.
    pub async fn dies(&mut self) -> Result<bool, String> {
        for _ in 0..200 {
            if self.killed()? {
                return Ok(true);
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(false)
    }

    /// Asks it to stop.
    pub async fn stop(&mut self) -> Result<Stopped, String> {
        if let Some(id) = self.0.id() {
            let told = tokio::process::Command::new("kill")
                .args(["-TERM", &id.to_string()])
                .status()
                .await;
            // It may have been killed just now.
            let _ = told.unwrap();
        }
        let ended = tokio::time::timeout(Duration::from_secs(20), self.0.wait()).await;
        let status = ended.map_err(|_| "does not stop".to_owned())?.unwrap();
        match (status.success(), status.signal()) {
            (true, _) => Ok(Stopped::Regularly),
            (false, Some(9)) => Ok(Stopped::Killed),
            (false, Some(15)) => Ok(Stopped::TooEarly),
            _ => Err(format!("stopped with {status}")),
        }
    }
}
