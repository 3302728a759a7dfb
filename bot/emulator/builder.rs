//! Starting and stopping an emulator.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::journal::Journal;
use crate::server::{Config, Server, lock};
use crate::sim::{self, Sim};
use crate::transcript::Transcript;
use crate::world::World;
use crate::{connection, http, page, webhook};

/// Why an emulator could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is taken or not ours.
    #[error("cannot listen on {addr}: {source}")]
    Listen {
        /// The address asked for.
        addr: SocketAddr,
        /// What the system answered.
        source: std::io::Error,
    },
    /// The folder of the kept world cannot be used.
    #[error("cannot keep the world in {}: {source}", path.display())]
    Data {
        /// The folder or file concerned.
        path: PathBuf,
        /// What the system answered.
        source: std::io::Error,
    },
}

/// Settings of an emulator to be started.
#[derive(Debug, Clone)]
pub struct Builder {
    listen: SocketAddr,
    config: Config,
    pace: bool,
    keep_messages: usize,
    keep_calls: usize,
    routes: Option<Router>,
}

impl Builder {
    /// Address to listen on; by default a free port of 127.0.0.1.
    #[must_use]
    pub fn listen(mut self, addr: SocketAddr) -> Self {
        self.listen = addr;
        self
    }

    /// Folder in which the world is kept over restarts; by default nothing is kept.
    #[must_use]
    pub fn data_dir(mut self, folder: Option<PathBuf>) -> Self {
        self.config.data_dir = folder;
        self
    }

    /// Sending limits like Telegram's; off by default.
    #[must_use]
    pub fn pace(mut self, on: bool) -> Self {
        self.pace = on;
        self
    }

    /// Refuses tokens of bots that were not declared first; off by default.
    #[must_use]
    pub fn strict(mut self, on: bool) -> Self {
        self.config.strict = on;
        self
    }

    /// How long conflicts and hasty polls are held; the real server takes 3 seconds.
    #[must_use]
    pub fn hold(mut self, time: Duration) -> Self {
        self.config.hold = time;
        self
    }

    /// First pause between two deliveries to a failing webhook; it doubles up to 60 times itself.
    #[must_use]
    pub fn webhook_retry(mut self, time: Duration) -> Self {
        self.config.webhook_retry = time;
        self
    }

    /// Messages kept per chat; the oldest are forgotten first.
    #[must_use]
    pub fn keep_messages(mut self, count: usize) -> Self {
        self.keep_messages = count.max(1);
        self
    }

    /// Calls kept in the transcript.
    #[must_use]
    pub fn keep_calls(mut self, count: usize) -> Self {
        self.keep_calls = count;
        self
    }

    /// Further routes served at the same address; they come before the emulator's own.
    #[must_use]
    pub fn with_routes(mut self, routes: Router) -> Self {
        self.routes = Some(match self.routes {
            Some(earlier) => earlier.merge(routes),
            None => routes,
        });
        self
    }

    /// Starts the emulator on the current runtime.
    ///
    /// # Errors
    /// When the address cannot be listened on or the folder cannot be used.
    pub async fn start(self) -> Result<Emulator, StartError> {
        let mut world = World {
            keep_messages: self.keep_messages,
            ..World::default()
        };
        let journal = match &self.config.data_dir {
            Some(folder) => Some(Journal::open(folder, &mut world)?),
            None => None,
        };
        let refused = |source| StartError::Listen {
            addr: self.listen,
            source,
        };
        let listener = TcpListener::bind(self.listen).await.map_err(refused)?;
        let addr = listener.local_addr().map_err(refused)?;
        let server = Server::new(
            self.config,
            world,
            journal,
            Transcript::new(self.keep_calls),
        );
        lock(&server.pace).on = self.pace;
        let server = Arc::new(server);
        let own = router(server.clone());
        let router = match self.routes {
            Some(routes) => routes.fallback_service(own),
            None => own,
        };
        let tasks = vec![
            tokio::spawn(connection::accept(listener, router, server.stop.clone())),
            tokio::spawn(webhook::deliver(server.clone())),
        ];
        Ok(Emulator {
            addr,
            server,
            tasks,
        })
    }
}

fn router(server: Arc<Server>) -> Router {
    Router::new()
        .merge(page::routes())
        .merge(sim::routes())
        .fallback(http::fallback)
        .with_state(server)
}

/// A running emulator; dropping it stops it.
#[derive(Debug)]
pub struct Emulator {
    addr: SocketAddr,
    server: Arc<Server>,
    tasks: Vec<JoinHandle<()>>,
}

impl Emulator {
    /// Settings of a new emulator.
    #[must_use]
    pub fn builder() -> Builder {
        Builder {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            config: Config {
                data_dir: None,
                strict: false,
                hold: Duration::from_millis(100),
                webhook_retry: Duration::from_secs(1),
            },
            pace: false,
            keep_messages: 5_000,
            keep_calls: 50_000,
            routes: None,
        }
    }

    /// The address it listens on.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The address of the page, and the base address of the Bot API.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The persons' side, without HTTP.
    #[must_use]
    pub fn sim(&self) -> Sim {
        Sim::new(self.server.clone())
    }

    /// Stops listening, closes all connections and waits for the end.
    pub async fn shutdown(mut self) {
        self.server.stop.cancel();
        for task in std::mem::take(&mut self.tasks) {
            // A task that panicked has ended, which is all that is wanted here.
            let _ = task.await;
        }
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.server.stop.cancel();
    }
}
