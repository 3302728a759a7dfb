//! The web edge over HTTP, with a store that can be told to fail.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures::stream::BoxStream;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use vigie::app::App;
use vigie::app::inbox::RawHook;
use vigie::app::settings::Settings;
use vigie::clock::{SystemChance, SystemClock};
use vigie::monitor::source::{Source, Sources, TokenHash};
use vigie::monitor::worker::{self, Queue};
use vigie::monitor::{Labels, format};
use vigie::vitals::Vitals;
use vigie::web::Web;
use vigie::web::server::{Limits, serve};
use vigie::web::telemetry::Telemetry;
use vigie_domain::{AccountId, SourceId};
use vigie_store::{
    Batch, Dir, Entry, Health, Key, MemoryStore, Op, Outcome, Page, Range, Rev, Shard, Snapshot,
    Store, StoreError, WatchItem,
};

pub const TOKEN: &str = "a-token-of-the-tests";
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A store that can be told to fail, and that notes in which order inbox rows are done.
pub struct Shaky {
    pub inner: MemoryStore,
    pub broken: AtomicBool,
    /// Commits that fail before the next one works.
    pub failures: AtomicUsize,
    pub done: Mutex<Vec<Key>>,
}

impl Shaky {
    fn refuse(&self) -> Result<(), StoreError> {
        if self.broken.load(Ordering::SeqCst) {
            return Err(StoreError::ReadOnly("no space left on device".to_owned()));
        }
        let less = |left: usize| left.checked_sub(1);
        match self
            .failures
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, less)
        {
            Ok(_) => Err(StoreError::Io("a moment".to_owned())),
            Err(_) => Ok(()),
        }
    }
}

type Stored<T> = Result<T, StoreError>;

#[async_trait]
impl Store for Shaky {
    async fn get(&self, shard: Shard, keys: &[Key]) -> Stored<Vec<Option<Entry>>> {
        self.inner.get(shard, keys).await
    }
    async fn scan(
        &self,
        shard: Shard,
        range: &Range,
        after: Option<&Key>,
        limit: u32,
        dir: Dir,
    ) -> Stored<Page> {
        self.inner.scan(shard, range, after, limit, dir).await
    }
    async fn snapshot(&self, shard: Shard) -> Stored<Box<dyn Snapshot>> {
        self.inner.snapshot(shard).await
    }
    async fn commit(&self, batch: Batch) -> Stored<Outcome> {
        self.refuse()?;
        let gone: Vec<Key> = batch
            .ops
            .iter()
            .filter_map(|op| match op {
                Op::Delete(key) if key.as_bytes().starts_with(b"ih/") => Some(key.clone()),
                _ => None,
            })
            .collect();
        let outcome = self.inner.commit(batch).await?;
        if matches!(outcome, Outcome::Applied(_)) {
            self.done.lock().unwrap().extend(gone);
        }
        Ok(outcome)
    }
    async fn watch(
        &self,
        shard: Shard,
        prefix: Key,
        from: Rev,
    ) -> Stored<BoxStream<'static, WatchItem>> {
        self.inner.watch(shard, prefix, from).await
    }
    async fn durable_rev(&self, shard: Shard) -> Stored<Rev> {
        self.inner.durable_rev(shard).await
    }
    async fn shards(&self) -> Stored<Vec<Shard>> {
        self.inner.shards().await
    }
    async fn restore(
        &self,
        shard: Shard,
        items: Vec<(Key, Option<Entry>)>,
        rev: Rev,
    ) -> Stored<()> {
        self.inner.restore(shard, items, rev).await
    }
    async fn health(&self) -> Health {
        if self.broken.load(Ordering::SeqCst) {
            Health::ReadOnly("no space left on device".to_owned())
        } else {
            Health::Ok
        }
    }
}

pub struct Desk {
    pub store: Arc<Shaky>,
    pub app: Arc<App>,
    pub sources: Arc<Sources>,
    pub queue: Arc<Queue>,
    pub vitals: Arc<Vitals>,
    pub address: SocketAddr,
    pub http: reqwest::Client,
    pub stop: CancellationToken,
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Desk {
    pub async fn open() -> Self {
        Self::with(Queue::default(), Limits::default()).await
    }

    pub async fn with(queue: Queue, limits: Limits) -> Self {
        let store = Arc::new(Shaky {
            inner: MemoryStore::in_memory(),
            broken: AtomicBool::new(false),
            failures: AtomicUsize::new(0),
            done: Mutex::default(),
        });
        let app = Arc::new(App::new(
            store.clone(),
            Arc::new(SystemClock),
            Arc::new(SystemChance::new().unwrap()),
            Settings {
                administrators: vec![AccountId(1)],
                ..Settings::default()
            },
        ));
        let source = |name: &str, kind: &str, tokens: &[&str]| Source {
            id: SourceId::from(name),
            format: format(kind).unwrap(),
            tokens: tokens.iter().map(|token| TokenHash::of(token)).collect(),
            labels: Labels::default(),
        };
        let sources = Arc::new(Sources::new([
            source("prometheus", "alertmanager", &[TOKEN]),
            source("kuma", "uptime-kuma", &[TOKEN]),
            source("librenms", "librenms", &[TOKEN]),
            source("scripts", "generic", &["an-old-token", "a-new-token"]),
        ]));
        let (queue, vitals) = (Arc::new(queue), Arc::new(Vitals::default()));
        let web = Web::new(
            app.clone(),
            sources.clone(),
            queue.clone(),
            vitals.clone(),
            Telemetry::install(),
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        tokio::spawn(serve(listener, web.router(), limits, stop.clone()));
        Self {
            store,
            app,
            sources,
            queue,
            vitals,
            address,
            http: reqwest::Client::new(),
            stop,
        }
    }

    pub fn work(&self) -> CancellationToken {
        let cancel = self.stop.child_token();
        let (app, sources, queue) = (self.app.clone(), self.sources.clone(), self.queue.clone());
        tokio::spawn(worker::run(app, sources, queue, cancel.clone()));
        cancel
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub async fn post(&self, body: impl Into<reqwest::Body>) -> (StatusCode, Value) {
        let request = self
            .http
            .post(self.url("/hooks/prometheus"))
            .bearer_auth(TOKEN)
            .header("content-type", "application/json")
            .body(body);
        let answer = request.send().await.expect("an answer");
        (answer.status(), answer.json().await.expect("JSON"))
    }

    pub async fn get(&self, path: &str) -> (StatusCode, String) {
        let answer = self.http.get(self.url(path)).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    /// What waits on disk, as it is read.
    pub async fn pages(&self) -> Vec<Vec<(Key, RawHook)>> {
        let (mut pages, mut after) = (Vec::new(), None);
        loop {
            let page = self.app.waiting_hooks(after.as_ref()).await.unwrap();
            pages.push(page.hooks);
            match page.next {
                Some(next) => after = Some(next),
                None => return pages,
            }
        }
    }

    pub async fn waiting(&self) -> Vec<Key> {
        let hooks = self.pages().await.into_iter().flatten();
        hooks.map(|(row, _)| row).collect()
    }

    pub fn done(&self) -> Vec<Key> {
        self.store.done.lock().unwrap().clone()
    }

    pub async fn until_handled(&self, count: usize) {
        let start = Instant::now();
        while self.done().len() < count {
            assert!(
                start.elapsed() < PATIENCE,
                "{} of {count}",
                self.done().len()
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(self.waiting().await, []);
        while self.queue.rows() > 0 {
            assert!(
                start.elapsed() < PATIENCE,
                "{} rows counted",
                self.queue.rows()
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let done = self.done();
        assert_eq!(done.len(), count, "each row is done once");
        assert!(
            done.is_sorted_by(|a, b| a.as_bytes() < b.as_bytes()),
            "in order"
        );
    }
}

pub fn body(alerts: usize) -> String {
    let alert = |number: usize| {
        json!({
            "status": "firing",
            "labels": {"alertname": "RelayDown", "equipment": format!("relais-{number}")},
            "annotations": {"summary": format!("Relais relais-{number} injoignable")},
            "startsAt": "2026-11-01T08:00:00Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "fingerprint": format!("{number:016x}")
        })
    };
    let alerts: Vec<Value> = (0..alerts).map(alert).collect();
    json!({"version": "4", "status": "firing", "alerts": alerts, "truncatedAlerts": 0}).to_string()
}
