//! Looks at UISP from time to time, and posts what changed the way every source does.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use vigie_domain::SourceId;

use super::{AskError, Client, Outage, Seen};
use crate::app::App;
use crate::app::error::AppError;
use crate::monitor::source::Sources;
use crate::monitor::worker::{Hook, Queue};

/// Longest pause after failures, as a multiple of the usual one.
const PATIENCE: u32 = 16;
/// What is posted.
const JSON: &str = "application/json";
/// Alerts posted at once.
const TOGETHER: usize = 1_000;
/// How UISP calls what does not answer.
const DOWN: &str = "disconnected";
/// How names of alerts about devices begin.
const DEVICE: &str = "device-";
/// How names of alerts about sites begin.
const SITE: &str = "site-";

/// Asks one UISP.
pub struct Poller {
    app: Arc<App>,
    sources: Arc<Sources>,
    queue: Arc<Queue>,
    source: SourceId,
    client: Client,
    /// What was told as open, and since when; read from the store at the first look.
    open: Option<BTreeMap<String, Option<DateTime<Utc>>>>,
}

/// Something that is down.
struct Down {
    since: Option<DateTime<Utc>>,
    /// What the network file may call it, the best first.
    names: Vec<String>,
    /// The site it stands at, where nobody knows it by itself.
    site: Vec<String>,
    title: String,
}

/// Why a look changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    /// UISP was not seen.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// The store failed.
    #[error(transparent)]
    App(#[from] AppError),
    /// UISP says that there is nothing at all.
    #[error("UISP shows no devices or no sites, though it did before")]
    Empty,
}

impl Poller {
    /// A poller of this UISP; its alerts come from this source.
    #[must_use]
    pub const fn new(
        app: Arc<App>,
        sources: Arc<Sources>,
        queue: Arc<Queue>,
        source: SourceId,
        client: Client,
    ) -> Self {
        Self {
            app,
            sources,
            queue,
            source,
            client,
            open: None,
        }
    }

    /// Looks once, and posts what changed. Returned is how many alerts that were.
    ///
    /// # Errors
    /// Something is not known: nothing was changed.
    pub async fn look(&mut self) -> Result<usize, LookError> {
        let mut open = match self.open.take() {
            Some(open) => open,
            None => self.app.open_alerts(&self.source).await?,
        };
        let told = self.look_from(&mut open).await;
        self.open = Some(open);
        told
    }

    async fn look_from(
        &self,
        open: &mut BTreeMap<String, Option<DateTime<Utc>>>,
    ) -> Result<usize, LookError> {
        let seen = self.client.look().await?;
        // One that has just started, or lost its data, knows nothing yet.
        let told = |kind: &str| open.keys().any(|name| name.starts_with(kind));
        if (seen.devices.is_empty() && told(DEVICE)) || (seen.sites.is_empty() && told(SITE)) {
            return Err(LookError::Empty);
        }
        self.app.sign_of_life(&self.source, self.app.now()).await?;
        let down = down(&seen);
        let mut alerts = Vec::new();
        let mut after = open.clone();
        for (name, what) in &down {
            // A later start is a new outage of the same thing; that of a site is only a guess.
            let same = |known: &Option<DateTime<Utc>>| {
                what.since.is_none() || *known == what.since || name.starts_with(SITE)
            };
            if open.get(name).is_some_and(same) {
                continue;
            }
            alerts.push(self.fires(name, what).await?);
            after.insert(name.clone(), what.since);
        }
        for name in open.keys().filter(|name| !down.contains_key(*name)) {
            // A list of outages may have missed it; its own state has the last word.
            if still_down(&seen, name) {
                continue;
            }
            alerts.push(json!({
                "fingerprint": name,
                "title": "UISP",
                "state": "ok",
                "ends_at": moment(self.app.now()),
            }));
            after.remove(name);
        }
        for some in alerts.chunks(TOGETHER) {
            self.post(Value::from(some)).await?;
        }
        *open = after;
        Ok(alerts.len())
    }

    async fn fires(&self, name: &str, what: &Down) -> Result<Value, AppError> {
        let own = self.app.first_known(&what.names).await?;
        // A device that nobody declared makes its site degraded, not down.
        let site = match own {
            Some(_) => None,
            None => self.app.first_known(&what.site).await?,
        };
        let severity = if site.is_some() {
            "warning"
        } else {
            "critical"
        };
        let equipment = own.or(site).or_else(|| what.names.last().cloned());
        Ok(json!({
            "fingerprint": name,
            "equipment": equipment,
            "name": "UISP",
            "title": what.title,
            "severity": severity,
            "state": "alerting",
            "starts_at": what.since.map(moment),
        }))
    }

    /// The way of every hook: on disk first, then to the worker.
    async fn post(&self, body: Value) -> Result<(), AppError> {
        let body = body.to_string();
        let parsed = self.sources.parse(&self.source, JSON, body.as_bytes());
        let Ok(parsed) = parsed else {
            tracing::error!(source = %self.source, "What UISP says cannot be told");
            return Ok(());
        };
        let at = self.app.now();
        let row = self
            .app
            .receive_hook(&self.source, JSON, body.into())
            .await?;
        self.queue.push(Hook {
            row,
            source: self.source.clone(),
            at,
            parsed,
        });
        Ok(())
    }
}

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Everything that is down, by a name that stays the same while it lasts.
fn down(seen: &Seen) -> BTreeMap<String, Down> {
    let mut found = BTreeMap::new();
    for outage in &seen.outages {
        let (name, what) = device_down(seen, outage);
        found.insert(name, what);
    }
    for site in seen.sites.values().filter(|site| site.status == DOWN) {
        let of_site = |outage: &&Outage| outage.site.as_deref() == Some(site.id.as_str());
        let since = seen
            .outages
            .iter()
            .filter(of_site)
            .filter_map(|outage| outage.since);
        found.insert(
            format!("{SITE}{}", site.id),
            Down {
                since: since.min(),
                names: vec![site.id.clone(), site.name.clone()],
                site: Vec::new(),
                title: format!("{}: {DOWN}", site.name),
            },
        );
    }
    found
}

fn device_down(seen: &Seen, outage: &Outage) -> (String, Down) {
    let device = outage.device.as_ref().and_then(|id| seen.devices.get(id));
    let site = outage.site.clone().or_else(|| device?.site.clone());
    let place = site.as_ref().and_then(|id| seen.sites.get(id));
    let label = device
        .map(|device| device.name.clone())
        .or_else(|| outage.name.clone());
    let label = label.unwrap_or_else(|| outage.id.clone());
    let mut names: Vec<String> = outage.device.iter().cloned().collect();
    names.extend(device.and_then(|device| device.address.clone()));
    names.push(label.clone());
    let title = place.map_or_else(
        || format!("{label}: {DOWN}"),
        |place| format!("{label} ({}): {DOWN}", place.name),
    );
    let name = match &outage.device {
        Some(id) => format!("{DEVICE}{id}"),
        None => format!("outage-{}", outage.id),
    };
    let what = Down {
        since: outage.since,
        names,
        site: place.map_or_else(Vec::new, |place| vec![place.id.clone(), place.name.clone()]),
        title,
    };
    (name, what)
}

/// What UISP says of the device or the site itself; what is not there any more is not down.
fn still_down(seen: &Seen, name: &str) -> bool {
    if let Some(id) = name.strip_prefix(DEVICE) {
        return seen
            .devices
            .get(id)
            .is_some_and(|device| matches!(device.status.as_str(), DOWN | "" | "unknown"));
    }
    if let Some(id) = name.strip_prefix(SITE) {
        return seen
            .sites
            .get(id)
            .is_some_and(|site| matches!(site.status.as_str(), DOWN | "" | "unknown"));
    }
    false
}

/// Looks until it is cancelled. Failures make the pauses longer, and are told once.
pub async fn run(mut poller: Poller, every: Duration, cancel: CancellationToken) {
    let work = async {
        let mut pause = every;
        let mut failed = false;
        loop {
            let source = poller.source.to_string();
            let looked = poller.look().await;
            metrics::gauge!("vigie_uisp_ok", "source" => source.clone()).set(if looked.is_ok() {
                1.0
            } else {
                0.0
            });
            match looked {
                Ok(_) => {
                    if failed {
                        tracing::info!(source, "UISP answers again");
                    }
                    (pause, failed) = (every, false);
                }
                Err(error) => {
                    if !failed {
                        tracing::warn!(source, %error, "UISP is not seen; nothing is known of it");
                    }
                    pause = (pause * 2).min(every * PATIENCE);
                    failed = true;
                }
            }
            tokio::time::sleep(pause).await;
        }
    };
    let _ = cancel.run_until_cancelled(work).await;
}
