//! A machine on which a monitoring program calls `vigie notify`, and the other end.

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use vigie::notify::Spool;

pub const PATIENCE: Duration = Duration::from_secs(20);

/// What the other end answers.
#[derive(Clone, Copy)]
pub struct Manner {
    pub status: StatusCode,
    /// Events that say this are answered with 422.
    pub cannot_read: Option<&'static str>,
    pub wait: Duration,
}

pub const GOOD: Manner = Manner {
    status: StatusCode::OK,
    cannot_read: None,
    wait: Duration::ZERO,
};

#[derive(Clone)]
pub struct There {
    pub manner: Manner,
    pub got: Arc<Mutex<Vec<Value>>>,
}

async fn takes(State(there): State<There>, headers: HeaderMap, body: String) -> StatusCode {
    if headers["authorization"] != "Bearer the-token" {
        return StatusCode::UNAUTHORIZED;
    }
    if there
        .manner
        .cannot_read
        .is_some_and(|words| body.contains(words))
    {
        return StatusCode::UNPROCESSABLE_ENTITY;
    }
    tokio::time::sleep(there.manner.wait).await;
    if there.manner.status == StatusCode::OK {
        there
            .got
            .lock()
            .unwrap()
            .push(serde_json::from_str(&body).unwrap());
    }
    there.manner.status
}

/// A machine on which a monitoring program runs, and the other end.
pub struct Machine {
    pub folder: TempDir,
    pub address: SocketAddr,
    pub got: Arc<Mutex<Vec<Value>>>,
    pub running: Option<JoinHandle<()>>,
}

impl Machine {
    /// Nobody is there yet.
    pub async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let token = folder.path().join("token");
        std::fs::write(&token, "the-token\n").unwrap();
        std::fs::set_permissions(&token, std::fs::Permissions::from_mode(0o640)).unwrap();
        Self {
            folder,
            address: listener.local_addr().unwrap(),
            got: Arc::default(),
            running: None,
        }
    }

    /// From now on somebody is there and behaves like this.
    pub async fn comes(&mut self, manner: Manner) {
        self.goes().await;
        let there = There {
            manner,
            got: self.got.clone(),
        };
        let router = Router::new()
            .route("/hooks/x", post(takes))
            .with_state(there);
        let begun = Instant::now();
        let listener = loop {
            match TcpListener::bind(self.address).await {
                Ok(listener) => break listener,
                Err(error) => assert!(begun.elapsed() < PATIENCE, "{error}"),
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        };
        self.running = Some(tokio::spawn(async move {
            axum::serve(listener, router).await.unwrap();
        }));
    }

    pub async fn goes(&mut self) {
        if let Some(running) = self.running.take() {
            running.abort();
            let _ = running.await;
        }
    }

    pub fn spool(&self) -> PathBuf {
        self.folder.path().join("spool")
    }

    pub fn waiting(&self) -> usize {
        Spool::open(&self.spool()).unwrap().names().unwrap().len()
    }

    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        command
            .arg("notify")
            .args(&words[..1])
            .arg("--url")
            .arg(format!("http://{}/hooks/x", self.address))
            .arg("--token-file")
            .arg(self.folder.path().join("token"))
            .arg("--spool")
            .arg(self.spool())
            .args(&words[1..])
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub fn icinga(&self, host: &str, state: &str) -> Command {
        let mut command = self.command(&["icinga2"]);
        command
            .env(
                "NOTIFICATIONTYPE",
                if state == "UP" { "RECOVERY" } else { "PROBLEM" },
            )
            .env("HOSTNAME", host)
            .env("HOSTSTATE", state)
            .env(
                "HOSTOUTPUT",
                "CRITICAL - <BH> loss 100% & rta n/a, cost $ 5",
            );
        command
    }

    /// Runs a call to its end; returned are its code, what it said, and how long it took.
    pub async fn runs(&self, command: Command) -> (i32, String, Duration) {
        let begun = Instant::now();
        let output = ends(command.spawn_it()).await;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code().unwrap(), said, begun.elapsed())
    }

    pub fn got(&self, field: &str) -> Vec<String> {
        let got = self.got.lock().unwrap();
        let text = |event: &Value| event[field].as_str().unwrap_or_default().to_owned();
        got.iter().map(text).collect()
    }
}

pub trait SpawnIt {
    fn spawn_it(self) -> Child;
}

impl SpawnIt for Command {
    fn spawn_it(mut self) -> Child {
        self.spawn().unwrap()
    }
}

pub async fn ends(child: Child) -> Output {
    tokio::task::spawn_blocking(move || child.wait_with_output().unwrap())
        .await
        .unwrap()
}
