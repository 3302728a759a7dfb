//! Monitoring formats: bodies as real programs send them, and bodies as they should not be.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::too_many_lines,
    clippy::disallowed_methods,
    reason = "helpers and tables of tests"
)]

#[path = "monitor_formats/generic.rs"]
mod generic;

#[path = "monitor_formats/bounds.rs"]
mod bounds;

use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use serde_json::{Value, json};
use vigie::monitor::{FORMATS, FieldProblem, HookInput, Labels, Parsed, format};
use vigie_domain::alert::{Alert, Phase, Severity};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

fn read_with(
    name: &str,
    content_type: &str,
    body: &[u8],
    labels: &Labels,
) -> Result<Parsed, Vec<FieldProblem>> {
    let format = format(name).expect("a known format");
    (format.parse)(&HookInput {
        content_type,
        body,
        labels,
    })
}

fn read(name: &str, content_type: &str, body: impl AsRef<[u8]>) -> Parsed {
    read_with(name, content_type, body.as_ref(), &Labels::default()).expect("readable")
}

fn refused(name: &str, content_type: &str, body: impl AsRef<[u8]>) -> Vec<FieldProblem> {
    read_with(name, content_type, body.as_ref(), &Labels::default()).expect_err("unreadable")
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new("tests/fixtures/monitor").join(name)).expect("the fixture is there")
}

fn at(text: &str) -> Option<DateTime<Utc>> {
    Some(text.parse().expect("a time"))
}

/// One alert of an Alertmanager body whose single alert has these fields.
fn one(alert: &Value) -> Alert {
    let body = json!({"version": "4", "status": "firing", "alerts": [alert]});
    let mut alerts = read("alertmanager", JSON, body.to_string()).alerts;
    assert_eq!(alerts.len(), 1);
    alerts.remove(0)
}

#[test]
fn alertmanager_says_what_where_since_when() {
    let parsed = read("alertmanager", JSON, fixture("alertmanager_firing.json"));
    assert_eq!(parsed.left_out, 0);
    let alert = &parsed.alerts[0];
    assert_eq!(alert.fingerprint.as_str(), "3c1f0a77d2b94e01");
    assert_eq!(alert.phase, Phase::Firing);
    assert_eq!(alert.equipment.as_deref(), Some("joigny_eglise"));
    assert_eq!(alert.name, "RelayDown");
    assert_eq!(alert.severity, Severity::Critical);
    assert_eq!(alert.starts_at, at("2026-11-01T08:00:00Z"));
    assert_eq!(alert.ends_at, None);
    assert_eq!(alert.summary, "Relais joigny_eglise <BH> & perte > 50 % 🔴");
    assert!(
        alert
            .details
            .starts_with("RTT n/a, vu à 10:02 <UTC>\nseconde ligne\nrunbook_url: https://"),
        "{}",
        alert.details
    );
    assert!(alert.details.contains("sector = joigny"));
    assert_eq!(
        alert.link.as_deref(),
        Some("http://prometheus.example/graph?g0.expr=up%3D%3D0&g0.tab=1")
    );
    assert_eq!(parsed.alerts[1].equipment.as_deref(), Some("joigny-silo"));
}

#[test]
fn the_state_of_each_alert_counts_not_that_of_its_group() {
    let phases = |name| -> Vec<(Phase, bool)> {
        let parsed = read("alertmanager", JSON, fixture(name));
        let phase = |alert: &Alert| (alert.phase, alert.ends_at.is_some());
        parsed.alerts.iter().map(phase).collect()
    };
    let (lasts, over) = ((Phase::Firing, false), (Phase::Resolved, true));
    assert_eq!(phases("alertmanager_firing.json"), [lasts, lasts]);
    assert_eq!(phases("alertmanager_partial.json"), [over, lasts]);
    assert_eq!(phases("alertmanager_resolved.json"), [over]);
}

#[test]
fn alerts_that_were_cut_off_are_counted() {
    let parsed = read("alertmanager", JSON, fixture("alertmanager_truncated.json"));
    assert_eq!((parsed.alerts.len(), parsed.left_out), (2, 3));
    assert_eq!(parsed.alerts[0].link, None);
    assert_eq!(parsed.alerts[0].summary, "RelayDown");
    let storm = read("alertmanager", JSON, fixture("alertmanager_storm40.json"));
    assert_eq!(storm.alerts.len(), 40);
}

#[test]
fn grafana_speaks_the_same_with_local_times_and_more_fields() {
    let parsed = read("alertmanager", JSON, fixture("grafana.json"));
    assert_eq!(
        parsed.alerts[0].starts_at,
        at("2026-11-01T08:00:00.157076Z")
    );
    assert_eq!(parsed.alerts[0].ends_at, None);
}

#[test]
fn what_is_missing_or_new_is_no_reason_to_refuse() {
    for (body, alerts, left_out) in [
        (json!({"version": 4, "alerts": []}), 0, 0),
        (json!({"version": "4", "alerts": null}), 0, 0),
        (json!({"receiver": "x", "groupKey": "{}:{}"}), 0, 0),
        (json!({"alerts": [{}]}), 1, 0),
        (
            json!({"alerts": [{"labels": null}], "truncatedAlerts": "7"}),
            1,
            7,
        ),
        (
            json!({"alerts": [{"labels": {"equipment": "x"}}], "new": {"a": [1]}}),
            1,
            0,
        ),
        (
            json!({"alerts": [{"labels": {"port": 9100, "up": true, "none": null}}]}),
            1,
            0,
        ),
        (
            json!({"alerts": [{"fingerprint": 12, "status": null, "endsAt": ""}]}),
            1,
            0,
        ),
        (
            json!({"alerts": [{"notification_reason": "x", "routeLabels": {}}]}),
            1,
            0,
        ),
    ] {
        let parsed = read("alertmanager", JSON, body.to_string());
        let got = (parsed.alerts.len(), parsed.left_out);
        assert_eq!(got, (alerts, left_out), "{body}");
    }
}

#[test]
fn times_come_with_any_offset_and_any_fraction_and_zero_means_none() {
    for (text, time) in [
        ("2026-11-01T08:07:30.5+01:00", at("2026-11-01T07:07:30.5Z")),
        ("2026-11-01T08:00:00Z", at("2026-11-01T08:00:00Z")),
        (
            "2026-11-01T08:00:00.123456789Z",
            at("2026-11-01T08:00:00.123456789Z"),
        ),
        (
            "2026-11-01T08:00:00.1234567890123-11:30",
            at("2026-11-01T19:30:00.123456789Z"),
        ),
        ("0001-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+00:00", None),
        ("1970-01-01T00:00:00Z", None),
        ("", None),
    ] {
        let alert = one(&json!({"status": "resolved", "startsAt": text, "endsAt": text}));
        assert_eq!(alert.starts_at, time, "{text}");
        assert_eq!(alert.ends_at, time, "{text}");
        let lasting = one(&json!({"status": "firing", "endsAt": text}));
        assert_eq!(lasting.ends_at, None, "{text}");
    }
    let backwards = one(&json!({
        "status": "resolved",
        "startsAt": "2026-11-01T08:00:00Z",
        "endsAt": "2026-11-01T08:07:30.5+01:00"
    }));
    assert!(backwards.ends_at < backwards.starts_at);
}

#[test]
fn the_state_of_an_alert_without_one_is_that_of_its_group() {
    for (group, own, phase) in [
        (json!("resolved"), Value::Null, Phase::Resolved),
        (json!("firing"), Value::Null, Phase::Firing),
        (Value::Null, Value::Null, Phase::Firing),
        (json!("resolved"), json!("firing"), Phase::Firing),
        (json!("firing"), json!("RESOLVED"), Phase::Resolved),
        (json!("firing"), json!("no-such-word"), Phase::Firing),
    ] {
        let body = json!({"status": group, "alerts": [{"status": own}]});
        let parsed = read("alertmanager", JSON, body.to_string());
        assert_eq!(parsed.alerts[0].phase, phase, "{body}");
    }
}

#[test]
fn the_equipment_is_named_by_the_label_of_the_source_or_the_usual_ones() {
    let labels = Labels {
        equipment: Some("relay".to_owned()),
        severity: Some("prio".to_owned()),
        ..Labels::default()
    };
    for (set, own, usual) in [
        (
            json!({"equipment": "a", "instance": "b"}),
            Some("a"),
            Some("a"),
        ),
        (
            json!({"instance": "10.2.0.2:9100"}),
            Some("10.2.0.2:9100"),
            Some("10.2.0.2:9100"),
        ),
        (
            json!({"relay": "c", "equipment": "a"}),
            Some("c"),
            Some("a"),
        ),
        (
            json!({"relay": " ", "equipment": "a"}),
            Some("a"),
            Some("a"),
        ),
        (json!({"relay": "c"}), Some("c"), None),
        (json!({}), None, None),
    ] {
        let body = json!({"alerts": [{"labels": set}]}).to_string();
        let named = read_with("alertmanager", JSON, body.as_bytes(), &labels).expect("readable");
        assert_eq!(named.alerts[0].equipment.as_deref(), own, "{body}");
        let plain = read("alertmanager", JSON, &body);
        assert_eq!(plain.alerts[0].equipment.as_deref(), usual, "{body}");
    }
    let body = json!({"alerts": [{"labels": {"prio": "warning", "severity": "info"}}]}).to_string();
    let named = read_with("alertmanager", JSON, body.as_bytes(), &labels).expect("readable");
    assert_eq!(named.alerts[0].severity, Severity::Warning);
    assert_eq!(
        read("alertmanager", JSON, &body).alerts[0].severity,
        Severity::Info
    );
}

#[test]
fn an_alert_without_fingerprint_gets_one_from_its_labels() {
    let of = |labels: Value| one(&json!({"labels": labels})).fingerprint;
    let first = of(json!({"alertname": "A", "equipment": "x"}));
    assert_eq!(first, of(json!({"equipment": "x", "alertname": "A"})));
    assert_ne!(first, of(json!({"alertname": "A", "equipment": "y"})));
    assert_ne!(
        of(json!({"a": "bc"})),
        of(json!({"ab": "c"})),
        "names and values do not run together"
    );
    let said = |text: &str| one(&json!({"annotations": {"summary": text}})).fingerprint;
    assert_ne!(said("one"), said("another"));
    let long = one(&json!({"fingerprint": "f".repeat(201)})).fingerprint;
    assert!(long.as_str().len() <= 200 && long != first);
    let fits = "f".repeat(200);
    assert_eq!(
        one(&json!({"fingerprint": fits})).fingerprint.as_str(),
        fits
    );
}

/// Real requests kept outside of the repository, where they are there.
#[test]
fn captures_of_real_requests_are_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/captures");
    let folder = std::env::var_os("VIGIE_CAPTURES").map_or(folder, Into::into);
    let Ok(files) = fs::read_dir(&folder) else {
        println!("skipped: no captures in {}", folder.display());
        return;
    };
    let labels = Labels {
        equipment: Some("relay".to_owned()),
        ..Labels::default()
    };
    let mut seen = 0;
    for file in files {
        let path = file.expect("readable").path();
        let name = path
            .file_name()
            .expect("named")
            .to_string_lossy()
            .into_owned();
        if !name.starts_with("am025_webhook") || !name.ends_with(".body.json") {
            continue;
        }
        seen += 1;
        let body = fs::read(&path).expect("readable");
        let raw: Value = serde_json::from_slice(&body).expect("JSON");
        let parsed = read_with("alertmanager", JSON, &body, &labels).expect("readable");
        assert_eq!(json!(parsed.left_out), raw["truncatedAlerts"], "{name}");
        let alerts = raw["alerts"].as_array().expect("a list");
        assert_eq!(parsed.alerts.len(), alerts.len(), "{name}");
        for (alert, raw) in parsed.alerts.iter().zip(alerts) {
            assert_eq!(json!(alert.fingerprint), raw["fingerprint"], "{name}");
            assert_eq!(json!(alert.phase), raw["status"], "{name}");
            assert_eq!(json!(alert.equipment), raw["labels"]["relay"], "{name}");
            assert_eq!(alert.ends_at.is_none(), alert.phase == Phase::Firing);
            let link = raw["generatorURL"].as_str().filter(|link| !link.is_empty());
            assert_eq!(alert.link.as_deref(), link, "{name}");
        }
    }
    assert!(seen >= 5, "{seen} captures of hooks");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!("2026-11-01T08:00:00Z")),
        Just(json!("0")),
        Just(json!("syslog")),
        Just(json!("icinga2")),
        Just(json!("<30>Nov  1 09:00:03 r x: ether1 link down")),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let name = prop_oneof![
            Just("alerts"),
            Just("labels"),
            Just("annotations"),
            Just("status"),
            Just("startsAt"),
            Just("fingerprint"),
            Just("title"),
            Just("meta"),
            Just("alert_uid"),
            Just("heartbeat"),
            Just("monitor"),
            Just("event_id"),
            Just("event_value"),
            Just("ruleName"),
            Just("state"),
            Just("host"),
            Just("type"),
            Just("src"),
            Just("vars"),
            Just("line"),
            Just("target"),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..6).prop_map(|fields| {
                let named = fields
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value));
                Value::Object(named.collect())
            }),
        ]
    })
}

proptest! {
    #[test]
    fn no_body_makes_a_reader_fail_and_everything_read_is_bounded(value in any_json()) {
        for format in FORMATS {
            let body = value.to_string();
            let read = read_with(format.name, JSON, body.as_bytes(), &Labels::default());
            for alert in read.map(|parsed| parsed.alerts).unwrap_or_default() {
                prop_assert!(alert.summary.chars().count() <= 300);
                prop_assert!(alert.details.chars().count() <= 2_000);
                prop_assert!(alert.name.chars().count() <= 120);
                prop_assert!(alert.fingerprint.as_str().chars().count() <= 200);
                prop_assert!(!alert.summary.is_empty() && !alert.fingerprint.as_str().is_empty());
            }
        }
    }

    #[test]
    fn no_bytes_make_a_reader_fail(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for format in FORMATS {
            for content_type in [JSON, FORM, "text/plain"] {
                let _ = read_with(format.name, content_type, &bytes, &Labels::default());
            }
        }
    }
}
