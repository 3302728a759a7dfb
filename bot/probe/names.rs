//! Addresses of names, remembered for a while: a probe of a relay is no probe of the server of
//! names, and a thousand probes a second are no reason to ask it a thousand times.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::net::lookup_host;
use tokio::time::Instant;
use vigie_domain::probe::measure::Why;

/// How long an address is used without asking again.
const FRESH: Duration = Duration::from_secs(60);
/// Names that are remembered.
const MOST: usize = 10_000;

/// Addresses of names.
#[derive(Debug, Default)]
pub(super) struct Names(Mutex<HashMap<String, (Instant, IpAddr)>>);

impl Names {
    /// The address of a host. Where its name cannot be looked up at present, the last known
    /// address is good enough.
    pub async fn address(&self, host: &str) -> Result<IpAddr, Why> {
        if let Ok(address) = host.parse() {
            return Ok(address);
        }
        let known = self.known(host);
        if let Some((at, address)) = known
            && at.elapsed() < FRESH
        {
            return Ok(address);
        }
        let found = lookup_host((host, 0)).await.ok();
        let found = found.and_then(|mut addresses| addresses.next());
        match (found, known) {
            (Some(found), _) => {
                self.remember(host, found.ip());
                Ok(found.ip())
            }
            (None, Some((_, address))) => {
                self.remember(host, address);
                Ok(address)
            }
            (None, None) => Err(Why::NoName),
        }
    }

    fn known(&self, host: &str) -> Option<(Instant, IpAddr)> {
        let names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        names.get(host).copied()
    }

    fn remember(&self, host: &str, address: IpAddr) {
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if names.len() >= MOST {
            names.clear();
        }
        names.insert(host.to_owned(), (Instant::now(), address));
    }
}
