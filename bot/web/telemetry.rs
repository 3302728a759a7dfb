//! The recorder of metrics: names, units and help in one place. Parts count through the `metrics`
//! crate and know nothing of this.

use std::sync::{Arc, OnceLock};

use metrics::Unit;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use metrics_process::Collector;

/// Bounds of the time of a hook, in seconds.
const HOOK_SECONDS: [f64; 12] = [
    0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
];

/// Renders what was counted.
#[derive(Clone)]
pub struct Telemetry {
    handle: PrometheusHandle,
    process: Arc<Collector>,
}

impl std::fmt::Debug for Telemetry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Telemetry")
    }
}

impl Telemetry {
    /// The recorder of this process; it is installed by the first call.
    #[must_use]
    pub fn install() -> Self {
        static INSTALLED: OnceLock<Telemetry> = OnceLock::new();
        INSTALLED.get_or_init(Self::start).clone()
    }

    fn start() -> Self {
        let builder = PrometheusBuilder::new();
        let matcher = Matcher::Full("vigie_hook_seconds".to_owned());
        let builder = builder
            .set_buckets_for_metric(matcher, &HOOK_SECONDS)
            .unwrap_or_else(|_| PrometheusBuilder::new());
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("Another recorder of metrics is installed; /metrics stays empty");
        }
        let process = Collector::default();
        process.describe();
        describe();
        Self {
            handle,
            process: Arc::new(process),
        }
    }

    /// Everything in the text format of Prometheus.
    #[must_use]
    pub fn render(&self) -> String {
        self.process.collect();
        self.handle.run_upkeep();
        self.handle.render()
    }
}

fn describe() {
    use metrics::{describe_counter, describe_gauge, describe_histogram};
    describe_counter!("vigie_hooks_total", "Hooks received, by source and result");
    describe_counter!(
        "vigie_alerts_total",
        "Alerts received and stored, by source"
    );
    describe_histogram!(
        "vigie_hook_seconds",
        Unit::Seconds,
        "Time from the head of a hook's request until its alerts are on disk"
    );
    describe_counter!(
        "vigie_hooks_set_aside_total",
        "Stored hooks that could not be handled and stay on disk"
    );
    describe_gauge!(
        "vigie_source_last_use_timestamp_seconds",
        Unit::Seconds,
        "When a source last showed a right token"
    );
    describe_gauge!(
        "vigie_source_age_seconds",
        Unit::Seconds,
        "Time since the last sign of life of a source, or since it is expected where there was none"
    );
    describe_gauge!(
        "vigie_source_silent_after_seconds",
        Unit::Seconds,
        "Time without a sign of life after which a source counts as silent"
    );
    describe_gauge!(
        "vigie_source_silent",
        "1 while a source is silent: of what it watches nothing is known"
    );
    describe_gauge!(
        "vigie_hook_alerts_in_memory",
        "Alerts that wait to be handled, without those on disk only"
    );
    describe_gauge!(
        "vigie_uisp_ok",
        "1 while this UISP answers; while it does not, nothing is known of it"
    );
    describe_gauge!("vigie_inbox_rows", "Hooks on disk that are not handled yet");
    describe_gauge!("vigie_outbox_rows", "Rows that wait to be sent");
    describe_gauge!(
        "vigie_outbox_oldest_seconds",
        Unit::Seconds,
        "Time that the oldest due row waits to be sent"
    );
    describe_counter!(
        "vigie_telegram_calls_total",
        "Calls of the Bot API, by result"
    );
    describe_gauge!("vigie_store_ok", "1 while the store reads and writes");
    describe_gauge!("vigie_part_ok", "1 while this part works");
}
