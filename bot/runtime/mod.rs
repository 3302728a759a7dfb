//! Start order, stop order, and the tasks that run meanwhile.
//!
//! Store, use cases, web and hooks, Telegram, clock: each is ready before the next begins. A stop
//! runs the other way: nothing new is taken in, what is in hand is finished, the store is last.

mod backup;
mod demo;
mod faults;
mod letters;
mod members;
mod members_page;
mod network;
mod notify;
mod offline;
mod probe;
mod serve;
mod stop;
mod test_source;
mod uisp;
mod watch;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use vigie_store::schema::{self, Version};
use vigie_store::{SledOptions, SledStore, Store};

pub use demo::{demo, emulator};
pub use letters::letters;
pub use members::members;
pub use notify::notify;
pub use offline::{check, export, import};
pub use probe::probe;
pub use serve::{configuration, run, store_folder};
pub use test_source::test_source;
pub use uisp::uisp_import;

use self::stop::Stop;
use crate::app::settings::Settings;
use crate::app::{App, SHARD};
use crate::clock::{SystemChance, SystemClock};
use crate::exit::Failure;
use crate::i18n::Texts;
use crate::mail::Carrier;
use crate::monitor::source::Sources;
use crate::monitor::worker::{self, Queue};
use crate::probe::Asker;
use crate::telegram::{self, EdgeError, TelegramEdge};
use crate::vitals::Vitals;
use crate::web::Web;
use crate::web::sealed::SiteSecrets;
use crate::web::telemetry::Telemetry;

/// What this program writes, and what it can read.
const SCHEMA: Version = Version {
    min_reader: 1,
    writer: 1,
};
/// How long what is in hand may take when the program stops.
const DRAIN: Duration = Duration::from_secs(15);

/// Opens the default store.
///
/// # Errors
/// The folder or the store cannot be used; the failure says why.
pub fn open_store(path: &Path, options: SledOptions) -> Result<SledStore, Failure> {
    std::fs::create_dir_all(path).map_err(|error| faults::folder(path, &error))?;
    SledStore::open(path, options).map_err(|error| faults::store(path, &error))
}

/// Opens the default store and makes it ready for this program: an older one is migrated, one of a
/// newer program is refused.
///
/// # Errors
/// As [`open_store`].
pub async fn ready_store(path: &Path, options: SledOptions) -> Result<SledStore, Failure> {
    let store = open_store(path, options)?;
    let ready = schema::prepare(&store, SHARD, SCHEMA, &[]).await;
    ready.map_err(|error| faults::store(path, &error))?;
    Ok(store)
}

/// The parts of a running Vigie that do not depend on how it was started.
struct Parts {
    app: Arc<App>,
    sources: Arc<Sources>,
    queue: Arc<Queue>,
    vitals: Arc<Vitals>,
    texts: Arc<Texts>,
    tasks: JoinSet<()>,
    stop: CancellationToken,
    site: Option<SiteSecrets>,
}

impl Parts {
    fn new(
        store: Arc<dyn Store>,
        settings: Settings,
        sources: Sources,
        texts: Arc<Texts>,
    ) -> Result<Self, Failure> {
        let chance = SystemChance::new().map_err(|why| faults::internal(&why))?;
        let app = App::new(store, Arc::new(SystemClock), Arc::new(chance), settings);
        let vitals = Vitals::default();
        vitals.trouble(watch::TELEGRAM, app.now(), "not yet connected");
        Ok(Self {
            app: Arc::new(app),
            sources: Arc::new(sources),
            queue: Arc::default(),
            vitals: Arc::new(vitals),
            texts,
            tasks: JoinSet::new(),
            stop: CancellationToken::new(),
            site: None,
        })
    }

    /// Hooks, health and metrics.
    fn routes(&self) -> axum::Router {
        let web = Web::new(
            Arc::clone(&self.app),
            Arc::clone(&self.sources),
            Arc::clone(&self.queue),
            Arc::clone(&self.vitals),
            Telemetry::install(),
        );
        web.with_site(self.site.clone()).router()
    }

    /// Starts what handles hooks, what is due, and our own probes.
    fn start(&mut self) -> Result<(), Failure> {
        let asker = Asker::new(self.app.settings().probes.most_at_once)
            .map_err(|error| faults::internal(&error.to_string()))?;
        self.tasks.spawn(crate::probe::worker::run(
            Arc::clone(&self.app),
            asker,
            Arc::clone(&self.vitals),
            self.stop.clone(),
        ));
        self.tasks.spawn(worker::run(
            Arc::clone(&self.app),
            Arc::clone(&self.sources),
            Arc::clone(&self.queue),
            self.stop.clone(),
        ));
        self.tasks.spawn(crate::clock::run_due(
            Arc::clone(&self.app),
            Arc::clone(&self.vitals),
            self.stop.clone(),
        ));
        self.tasks.spawn(crate::clock::run_sweep(
            Arc::clone(&self.app),
            self.stop.clone(),
        ));
        Ok(())
    }

    /// Starts what sends electronic mail.
    fn carries(&mut self, carrier: Arc<dyn Carrier>) {
        self.tasks.spawn(crate::mail::run(
            Arc::clone(&self.app),
            Arc::clone(&self.texts),
            carrier,
            self.stop.clone(),
        ));
    }

    fn edge(&self, config: telegram::Config) -> Result<Arc<TelegramEdge>, Failure> {
        TelegramEdge::new(Arc::clone(&self.app), Arc::clone(&self.texts), config)
            .map(Arc::new)
            .map_err(|error| faults::internal(&error.to_string()))
    }

    /// Runs until a signal, a fatal fault of an edge, or a store that does not come back.
    async fn run(mut self, edge: Arc<TelegramEdge>, asked: Stop) -> Result<(), Failure> {
        self.tasks.spawn(watch::health(
            Arc::clone(&self.app),
            edge.health(),
            Arc::clone(&self.vitals),
            self.stop.clone(),
        ));
        let health = edge.health();
        self.tasks.spawn(crate::clock::run_awake(
            Arc::clone(&self.app),
            move || health.last_contact(),
            self.stop.clone(),
        ));
        let stop = self.stop.clone();
        let talking = tokio::spawn(async move { edge.run(stop).await });
        let ended = tokio::select! {
            () = asked.asked() => Ok(()),
            failure = watch::storage(Arc::clone(&self.app)) => Err(failure),
            () = wait_for(&talking) => Ok(()),
        };
        tracing::info!("stopping: what is in hand is finished first");
        self.stop.cancel();
        let edge_says = tokio::time::timeout(DRAIN, talking).await;
        let drained = tokio::time::timeout(DRAIN, async {
            while self.tasks.join_next().await.is_some() {}
        });
        if drained.await.is_err() || edge_says.is_err() {
            tracing::warn!("not everything ended in time; what is left is on disk");
        }
        ended?;
        match edge_says {
            Ok(Ok(Err(EdgeError::WrongToken))) => Err(faults::token_refused()),
            Ok(Ok(Err(error))) => Err(faults::internal(&error.to_string())),
            Ok(Err(error)) => Err(faults::internal(&error.to_string())),
            Ok(Ok(Ok(()))) | Err(_) => Ok(()),
        }
    }
}

/// Waits until a task has ended without taking its result.
async fn wait_for<T>(task: &tokio::task::JoinHandle<T>) {
    while !task.is_finished() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Listens on an address.
async fn listen(address: std::net::SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address)
        .await
        .map_err(|error| faults::listen(address, &error))
}

/// An address of the local Telegram as the edge takes it.
fn local_url(address: std::net::SocketAddr) -> Result<Url, Failure> {
    Url::parse(&format!("http://{address}")).map_err(|error| faults::internal(&error.to_string()))
}
