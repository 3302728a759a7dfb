//! Bounds of what is kept, and what is refused.

use super::*;

#[test]
fn what_is_kept_is_clean_and_bounded() {
    let alert = one(&json!({
        "labels": {
            "alertname": "é".repeat(5_000),
            "equipment": "x".repeat(5_000),
            "k\u{0}\u{202E}ey": "v"
        },
        "annotations": {
            "summary": format!("coupure\u{0} \u{202E}nimdA\n\n<b>{}", "🔴".repeat(5_000)),
            "description": "mot ".repeat(5_000)
        },
        "generatorURL": "javascript:alert(1)"
    }));
    assert!(alert.summary.starts_with("coupure nimdA <b>🔴"));
    assert!(alert.summary.ends_with('…'));
    assert_eq!(alert.summary.chars().count(), 300);
    assert_eq!(alert.name.chars().count(), 120);
    assert_eq!(alert.equipment.expect("named").chars().count(), 1_000);
    assert!(alert.details.chars().count() <= 2_000);
    assert_eq!(alert.link, None);
    let small = one(&json!({"labels": {"k\u{0}\u{202E}ey": "v"}}));
    assert_eq!(small.details, "key = v");
    assert_eq!(small.summary, "key=v");
}

#[test]
fn links_are_kept_only_where_a_reader_can_follow_them() {
    for (link, kept) in [
        ("http://prom.local/graph?a=1&b=2", true),
        ("https://grafana.example/a/1", true),
        ("", false),
        ("prom.local/graph", false),
        ("file:///etc/passwd", false),
        ("tg://resolve?domain=x", false),
        ("http://", false),
    ] {
        let alert = one(&json!({ "generatorURL": link }));
        assert_eq!(alert.link.is_some(), kept, "{link}");
    }
    let long = format!("http://prom.local/{}", "x".repeat(2_000));
    assert_eq!(one(&json!({ "generatorURL": long })).link, None);
}

#[test]
fn a_body_that_cannot_be_read_is_refused_with_the_place() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let cases: Vec<(String, &str, &str)> = vec![
        (String::new(), "", "the body is empty"),
        (
            "<html>502 Bad Gateway</html>".into(),
            "",
            "begins with: <html>502",
        ),
        ("{\"alerts\": [".into(), "", "EOF"),
        (nested(100_000), "", "recursion limit"),
        (
            format!("{{\"alerts\":{}}}", nested(200)),
            "",
            "recursion limit",
        ),
        ("7".into(), "", "expected an object, found a number"),
        (
            json!({"alerts": 5}).to_string(),
            "alerts",
            "expected a list, found a number",
        ),
        (
            json!({"alerts": [{}, 5]}).to_string(),
            "alerts[1]",
            "expected an object",
        ),
        (
            json!({"alerts": [{"labels": []}]}).to_string(),
            "alerts[0].labels",
            "expected an object, found a list",
        ),
        (
            json!({"alerts": [{"labels": {"a": {}}}]}).to_string(),
            "alerts[0].labels.a",
            "expected a text, found an object",
        ),
        (
            json!({"alerts": [{"startsAt": 5}]}).to_string(),
            "alerts[0].startsAt",
            "expected a time",
        ),
        (
            json!({"alerts": [{"endsAt": "hier"}]}).to_string(),
            "alerts[0].endsAt",
            "found \"hier\"",
        ),
        (
            json!({"alerts": [], "truncatedAlerts": -1}).to_string(),
            "truncatedAlerts",
            "expected a count",
        ),
        (
            json!({"hello": 1}).to_string(),
            "",
            "one of the fields title",
        ),
        (
            json!([{"title": "a"}, "b"]).to_string(),
            "[1]",
            "expected an object",
        ),
    ];
    for format in FORMATS {
        for (body, path, what) in &cases {
            let problems = refused(format.name, JSON, body);
            let start: String = body.chars().take(60).collect();
            assert_eq!(problems[0].path, *path, "{start}");
            assert!(problems[0].what.contains(what), "{start}: {problems:?}");
        }
    }
    let many = json!({"alerts": vec![1; 1_000]}).to_string();
    assert_eq!(refused("alertmanager", JSON, many).len(), 20);
}

#[test]
fn bytes_that_are_not_utf_8_are_read_as_well_as_they_can() {
    let body = b"{\"alerts\":[{\"annotations\":{\"summary\":\"coup\xe9\"}}]}";
    let parsed = read("alertmanager", "text/plain; charset=latin1", body);
    assert_eq!(parsed.alerts[0].summary, "coup\u{FFFD}");
    let marked = [b"\xEF\xBB\xBF".as_slice(), &fixture("oncall.json")].concat();
    assert_eq!(read("generic", JSON, marked).alerts.len(), 1);
}

#[test]
fn labels_are_kept_to_silence_by_and_are_few_and_short_whatever_is_posted() {
    for (format, body) in [
        (
            "alertmanager",
            json!({"alerts": [{"labels": {"alertname": "X", "FAI": "Amont Télécom"}}]}),
        ),
        (
            "grafana",
            json!({"alerts": [{"labels": {"alertname": "X", "FAI": "Amont Télécom"}}], "orgId": 1}),
        ),
        (
            "generic",
            json!({"title": "x", "labels": {"FAI": "Amont Télécom"}}),
        ),
        (
            "zabbix",
            json!({
                "event_id": "1", "event_source": "0", "event_value": "1", "nseverity": "4",
                "name": "x", "host": "h", "tags": "[{\"tag\":\"FAI\",\"value\":\"Amont Télécom\"}]",
            }),
        ),
    ] {
        let parsed = read(format, JSON, body.to_string());
        let tags = &parsed.alerts[0].tags;
        assert!(tags.has("fai", "amont-telecom"), "{format}: {tags:?}");
    }
    let many: serde_json::Map<String, Value> = (0..100_000)
        .map(|number| (format!("l{number}"), json!("v".repeat(50))))
        .collect();
    let body = json!({"alerts": [{"labels": many}]}).to_string();
    let parsed = read("alertmanager", JSON, body);
    let tags = &parsed.alerts[0].tags;
    assert_eq!(tags.len(), vigie_domain::alert::Tags::MOST);
}
