//! Generic JSON and forms.

use super::*;

#[test]
fn the_formatted_webhook_of_oncall_opens_and_closes_one_alert() {
    let opened = read("generic", JSON, fixture("oncall.json"));
    let alert = &opened.alerts[0];
    assert_eq!(alert.fingerprint.as_str(), "joigny-eglise/ping");
    assert_eq!(alert.equipment.as_deref(), Some("joigny-eglise"));
    assert_eq!(alert.summary, "Relais joigny-eglise injoignable");
    assert_eq!(alert.details, "3 pings perdus <sur> 3");
    assert_eq!(alert.phase, Phase::Firing);
    let body = json!({"alert_uid": "joigny-eglise/ping", "title": "…", "state": "ok"});
    let closed = read("generic", JSON, body.to_string());
    assert_eq!(closed.alerts[0].phase, Phase::Resolved);
    assert_eq!(closed.alerts[0].fingerprint, alert.fingerprint);
    // A payload template of Alertmanager may send any shape.
    assert_eq!(read("alertmanager", JSON, fixture("oncall.json")), opened);
    assert_eq!(
        read("generic", JSON, fixture("alertmanager_firing.json")),
        read("alertmanager", JSON, fixture("alertmanager_firing.json"))
    );
}

#[test]
fn goalert_speaks_in_forms_and_in_json() {
    for content_type in [
        FORM,
        "text/plain",
        "",
        "application/x-www-form-urlencoded; charset=utf-8",
    ] {
        let parsed = read("generic", content_type, fixture("goalert.form"));
        let alert = &parsed.alerts[0];
        assert_eq!(alert.fingerprint.as_str(), "joigny-eglise-ping");
        assert_eq!(alert.equipment.as_deref(), Some("joigny-eglise"));
        assert_eq!(alert.summary, "Relais joigny-eglise injoignable");
        assert!(
            alert.details.starts_with("perte > 50 %\n"),
            "{}",
            alert.details
        );
        assert!(alert.details.ends_with("sector = joigny"));
        assert_eq!(alert.phase, Phase::Firing);
    }
    let closed = read("generic", FORM, "action=close&dedup=joigny-eglise-ping");
    assert_eq!(closed.alerts[0].phase, Phase::Resolved);
    let body = json!({"summary": "x", "dedup": "d", "meta": {"equipment": "e"}});
    let alert = &read("generic", JSON, body.to_string()).alerts[0];
    assert_eq!(alert.equipment.as_deref(), Some("e"));
    assert_eq!(alert.fingerprint.as_str(), "d");
}

#[test]
fn generic_words_for_the_state() {
    for (field, word, phase) in [
        ("state", "alerting", Phase::Firing),
        ("state", "OK", Phase::Resolved),
        ("state", "no_data", Phase::Firing),
        ("status", "firing", Phase::Firing),
        ("status", "resolved", Phase::Resolved),
        ("status", "recovered", Phase::Resolved),
        ("status", "closed", Phase::Resolved),
        ("action", "close", Phase::Resolved),
        ("action", "open", Phase::Firing),
    ] {
        let body = json!({"title": "x", field: word}).to_string();
        let parsed = read("generic", JSON, body);
        assert_eq!(parsed.alerts[0].phase, phase, "{field}={word}");
    }
}

#[test]
fn generic_alerts_come_with_labels_at_the_top_or_below_and_in_lists() {
    let body = json!([
        {"title": "a", "equipment": "e1", "severity": "warning", "name": "Perte",
         "starts_at": "2026-11-01T08:00:00Z", "link": "https://x.example/"},
        {"title": "b", "labels": {"relay": "e2", "equipment": "other"}},
        {"title": "c", "relay": "e3"},
        {"title": "d", "host": "e4"}
    ]);
    let labels = Labels {
        equipment: Some("relay".to_owned()),
        ..Labels::default()
    };
    let parsed =
        read_with("generic", JSON, body.to_string().as_bytes(), &labels).expect("readable");
    let equipment: Vec<_> = parsed
        .alerts
        .iter()
        .map(|alert| alert.equipment.as_deref().unwrap_or_default())
        .collect();
    assert_eq!(equipment, ["e1", "e2", "e3", "e4"]);
    let first = &parsed.alerts[0];
    assert_eq!(
        (first.name.as_str(), first.severity),
        ("Perte", Severity::Warning)
    );
    assert_eq!(first.starts_at, at("2026-11-01T08:00:00Z"));
    assert_eq!(first.link.as_deref(), Some("https://x.example/"));
}
