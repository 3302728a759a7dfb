//! `/healthz`, `/readyz` and `/metrics`.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use chrono::TimeDelta;
use serde::Serialize;
use vigie_store::Health;

use super::Web;
use crate::app::deadman::SourceNow;

/// Time after which an outbox from which nothing goes out is called stuck.
const STUCK_AFTER: TimeDelta = TimeDelta::minutes(5);

#[derive(Serialize)]
struct Ready {
    ready: bool,
    store: String,
    parts: BTreeMap<&'static str, String>,
    outbox: OutboxSays,
    hooks_waiting: HooksSay,
}

#[derive(Serialize)]
struct OutboxSays {
    rows: u64,
    oldest_seconds: i64,
    stuck: bool,
}

#[derive(Serialize)]
struct HooksSay {
    rows: usize,
    alerts_in_memory: usize,
    more_on_disk: bool,
}

/// The process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// Everything works: else 503, and what does not.
pub async fn ready(State(web): State<Web>) -> impl IntoResponse {
    let now = web.app.now();
    let health = web.app.store_health().await;
    let parts = web.vitals.parts(now);
    let outbox = web.vitals.outbox();
    let stuck = outbox.is_stuck(now, STUCK_AFTER);
    let ready = health == Health::Ok && parts.values().all(Option::is_none) && !stuck;
    let (alerts_in_memory, more_on_disk) = web.queue.backlog();
    let says = Ready {
        ready,
        store: match health {
            Health::Ok => "ok".to_owned(),
            Health::ReadOnly(why) => format!("read-only: {why}"),
            Health::Failed(why) => format!("failed: {why}"),
        },
        parts: parts
            .into_iter()
            .map(|(part, problem)| (part, problem.unwrap_or_else(|| "ok".to_owned())))
            .collect(),
        outbox: OutboxSays {
            rows: outbox.rows,
            oldest_seconds: outbox.oldest_s(now),
            stuck,
        },
        hooks_waiting: HooksSay {
            rows: web.queue.rows(),
            alerts_in_memory,
            more_on_disk,
        },
    };
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(says))
}

/// Numbers for Prometheus.
#[expect(clippy::cast_precision_loss, reason = "gauges are floats")]
pub async fn metrics(State(web): State<Web>) -> impl IntoResponse {
    let now = web.app.now();
    let outbox = web.vitals.outbox();
    let well = web.app.store_health().await == Health::Ok;
    metrics::gauge!("vigie_store_ok").set(if well { 1.0 } else { 0.0 });
    metrics::gauge!("vigie_outbox_rows").set(outbox.rows as f64);
    metrics::gauge!("vigie_outbox_oldest_seconds").set(outbox.oldest_s(now) as f64);
    metrics::gauge!("vigie_inbox_rows").set(web.queue.rows() as f64);
    metrics::gauge!("vigie_hook_alerts_in_memory").set(web.queue.backlog().0 as f64);
    for (part, problem) in web.vitals.parts(now) {
        let up = if problem.is_none() { 1.0 } else { 0.0 };
        metrics::gauge!("vigie_part_ok", "part" => part).set(up);
    }
    match web.app.sources_now().await {
        Ok(sources) => sources.iter().for_each(source_gauges),
        Err(error) => tracing::warn!(%error, "The ages of sources cannot be read"),
    }
    let text = web.telemetry.render();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text)
}

#[expect(clippy::cast_precision_loss, reason = "gauges are floats")]
fn source_gauges(source: &SourceNow) {
    let label = source.source.to_string();
    if let Some(age) = source.age_s {
        metrics::gauge!("vigie_source_age_seconds", "source" => label.clone()).set(age as f64);
    }
    if let Some(after_s) = source.after_s {
        metrics::gauge!("vigie_source_silent_after_seconds", "source" => label.clone())
            .set(f64::from(after_s));
        let silent = if source.silent { 1.0 } else { 0.0 };
        metrics::gauge!("vigie_source_silent", "source" => label).set(silent);
    }
}
