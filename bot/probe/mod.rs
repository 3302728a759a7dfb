//! Our own probes, for cooperatives that have no monitoring: what is asked over the network, and
//! the worker that asks in time and tells the use cases what changed.
//!
//! What a probe means and when it is asked is in `vigie_domain::probe`. Here are only sockets.

mod dns;
mod http;
mod names;
mod ping;
pub mod worker;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};
use vigie_domain::probe::measure::Why;
use vigie_domain::probe::{Probe, Target};

use self::names::Names;
use self::ping::Pings;

/// How a question ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Well, after this time; and by which address, where one was asked.
    Good {
        /// Time between question and answer.
        after: Duration,
        /// The address that answered.
        from: Option<IpAddr>,
    },
    /// Not well.
    Bad(Why),
    /// It could not be asked, for a reason of our own.
    NotAsked(Own),
}

/// A reason of our own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Own {
    /// The system does not let us send echoes.
    NotPermitted,
    /// The system has no socket or no port left, or holds the question back.
    System(String),
}

/// What a question fails with.
#[derive(Debug)]
enum Failed {
    Bad(Why),
    Own(Own),
}

impl From<Why> for Failed {
    fn from(why: Why) -> Self {
        Self::Bad(why)
    }
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self::of(&error)
    }
}

impl Failed {
    fn of(error: &io::Error) -> Self {
        use io::ErrorKind as Kind;
        let why = match error.kind() {
            Kind::ConnectionRefused => Why::Refused,
            Kind::HostUnreachable | Kind::NetworkUnreachable => Why::Unreachable,
            Kind::TimedOut => Why::Timeout,
            // Too many files, no port left, a firewall of our own: nobody else is to blame.
            Kind::PermissionDenied | Kind::AddrNotAvailable | Kind::OutOfMemory => {
                return Self::Own(Own::System(error.to_string()));
            }
            _ if matches!(error.raw_os_error(), Some(23 | 24 | 105)) => {
                return Self::Own(Own::System(error.to_string()));
            }
            _ => Why::Broken,
        };
        Self::Bad(why)
    }
}

/// Time and address of a good answer.
type Good = (Duration, Option<IpAddr>);

/// Asks. One of these serves all probes of a process.
#[derive(Clone)]
pub struct Asker {
    names: Arc<Names>,
    pings: Arc<Pings>,
    pages: http::Pages,
    /// Connections that may be open at once.
    room: Arc<Semaphore>,
}

impl Asker {
    /// Opens what all probes share.
    ///
    /// # Errors
    /// The system offers no TLS.
    pub fn new(most_at_once: u32) -> Result<Self, reqwest::Error> {
        let room = usize::try_from(most_at_once.max(1)).unwrap_or(1);
        Ok(Self {
            names: Arc::default(),
            pings: Arc::default(),
            pages: http::Pages::new()?,
            room: Arc::new(Semaphore::new(room)),
        })
    }

    /// Asks one question, and waits for its answer at most this long.
    pub async fn ask(&self, probe: &Probe, patience: Duration) -> Answer {
        // An echo holds no connection: it needs no room.
        let _room = match probe.target {
            Target::Ping { .. } => None,
            _ => self.room.acquire().await.ok(),
        };
        let asked = timeout(patience, self.ask_now(probe, patience)).await;
        match asked.unwrap_or(Err(Failed::Bad(Why::Timeout))) {
            Ok((after, from)) => Answer::Good { after, from },
            Err(Failed::Bad(why)) => Answer::Bad(why),
            Err(Failed::Own(own)) => Answer::NotAsked(own),
        }
    }

    async fn ask_now(&self, probe: &Probe, patience: Duration) -> Result<Good, Failed> {
        match &probe.target {
            Target::Ping { host } => {
                let address = self.names.address(host).await?;
                let after = self.pings.ping(address, patience).await?;
                Ok((after, Some(address)))
            }
            Target::Tcp { host, port } => {
                let address = self.names.address(host).await?;
                let begun = Instant::now();
                TcpStream::connect(SocketAddr::new(address, *port)).await?;
                Ok((begun.elapsed(), Some(address)))
            }
            Target::Http { url } => self.pages.get(url, &probe.expected, patience).await,
            Target::Dns {
                name,
                family,
                server,
                port,
            } => {
                let address = self.names.address(server).await?;
                let after = dns::ask(SocketAddr::new(address, *port), name, *family).await?;
                Ok((after, Some(address)))
            }
        }
    }
}
