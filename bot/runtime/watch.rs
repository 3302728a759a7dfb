//! What is looked at while the program runs: the edge's health, and the store.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;
use vigie_store::Health;

use super::faults;
use crate::app::App;
use crate::exit::Failure;
use crate::telegram::health;
use crate::vitals::{Outbox, Vitals};

/// Name of the Telegram edge in the signs of life.
pub(super) const TELEGRAM: &str = "telegram";
/// How often signs of life are passed on.
const EVERY: Duration = Duration::from_secs(1);
/// How often until the first contact.
const AT_FIRST: Duration = Duration::from_millis(20);
/// Seconds without contact after which the edge counts as deaf.
const DEAF_AFTER_S: i64 = 90;
/// How long the store may be out of order before the program ends, for the unit to start it
/// again. A full disk is not out of order: it is read-only, and opens again by itself.
const STORE_PATIENCE: u32 = 60;

/// Passes the health of the Telegram edge on to the health pages.
pub(super) async fn health(
    app: Arc<App>,
    edge: Arc<health::Health>,
    vitals: Arc<Vitals>,
    stop: CancellationToken,
) {
    let work = async {
        loop {
            let now = app.now();
            match edge.faults(now, DEAF_AFTER_S).first() {
                Some(fault) => vitals.trouble(TELEGRAM, now, fault),
                None => vitals.alive(TELEGRAM, now, TimeDelta::seconds(30)),
            }
            let rows = edge.queue_len();
            let oldest = TimeDelta::seconds(edge.oldest_age_s(now));
            vitals.set_outbox(Outbox {
                rows,
                due_since: (rows > 0).then(|| now - oldest),
                settled_at: edge.last_send(),
            });
            count(&edge);
            let pause = if edge.last_poll().is_some() {
                EVERY
            } else {
                AT_FIRST
            };
            tokio::time::sleep(pause).await;
        }
    };
    let _ = stop.run_until_cancelled(work).await;
}

/// Passes the counters of the Telegram edge on to the metrics.
fn count(edge: &health::Health) {
    let counters = edge.counters();
    let ours = [
        ("sent", counters.sent),
        ("edited", counters.edited),
        ("answered", counters.answered),
        ("retry_after", counters.retry_after),
        ("unknown", counters.unknown),
    ];
    for (result, count) in ours.into_iter().chain(counters.failed) {
        metrics::counter!("vigie_telegram_calls_total", "result" => result).absolute(count);
    }
    metrics::counter!("vigie_updates_total").absolute(counters.received);
    metrics::counter!("vigie_updates_set_aside_total").absolute(counters.panics);
}

/// Returns when the store has failed for good.
pub(super) async fn storage(app: Arc<App>) -> Failure {
    let mut failed_for = 0;
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        failed_for = match app.store_health().await {
            Health::Failed(why) => {
                tracing::error!(why, "the store does not work");
                failed_for + 1
            }
            Health::Ok | Health::ReadOnly(_) => 0,
        };
        if failed_for >= STORE_PATIENCE {
            return faults::storage_lost();
        }
    }
}
