//! LibreNMS, through its transport "API": options in the query or in a form, or JSON.
//!
//! An alert is named by its number, which its recovery carries as well; without one, by device and
//! rule. Dates have no zone: the source carries it.

use serde_json::{Map, Value, json};
use vigie_domain::alert::{Alert, Phase, Severity, Tags};

use super::fields::{
    DETAILS, EQUIPMENT, Fields, NAME, Problems, SUMMARY, cut, fingerprint, hashed, line,
    whole_lines,
};
use super::{
    Body, Format, HookInput, Labels, Notice, NoticeKind, Parsed, Reading, Sample, generic,
};

/// The format, as it is listed.
pub const FORMAT: Format = Format {
    name: "librenms",
    parse,
    sample,
};

const HOSTS: [&str; 4] = ["host", "hostname", "sysName", "device_id"];
const RULES: [&str; 2] = ["rule", "name"];

fn parse(input: &HookInput<'_>) -> Reading {
    let body = Body::read(input)?;
    match &body {
        Body::Json(Value::Object(map)) | Body::Form(map) if is_ours(map) => read(map, input.labels),
        body => generic::any(body, input.labels),
    }
}

/// Its states are numbers; other programs use words.
fn is_ours(map: &Map<String, Value>) -> bool {
    let number = match map.get("state") {
        Some(Value::Number(_)) => true,
        Some(Value::String(text)) => text.trim().parse::<u8>().is_ok(),
        _ => false,
    };
    number && HOSTS.iter().any(|name| map.contains_key(*name))
}

fn read(map: &Map<String, Value>, labels: &Labels) -> Reading {
    let mut problems = Problems::default();
    let fields = Fields::new(map, "", labels.zone);
    let plain = |text: Option<String>| text.map(|text| unescaped(&text));
    let rule = plain(fields.first_text(&RULES, &mut problems));
    let title = plain(fields.first_text(&["msg", "title", "message"], &mut problems));
    let id = fields.first_text(&["id", "alert_id"], &mut problems);
    let mut parsed = Parsed::default();
    let zeros = |text: &str| text.chars().all(|c| c == '0');
    if rule.as_deref() == Some("Test-Rule") && id.as_deref().is_none_or(zeros) {
        let text = title.or(rule).unwrap_or_default();
        parsed.notices.push(Notice {
            kind: NoticeKind::Test,
            text: line(&text, SUMMARY),
        });
        return problems.or(parsed);
    }
    let state = fields.text("state", &mut problems).unwrap_or_default();
    let over = state == "0";
    let own = labels.equipment.as_deref();
    let host = fields.first_text(&HOSTS, &mut problems).unwrap_or_default();
    let equipment = own.and_then(|own| fields.text(own, &mut Problems::default()));
    let equipment = equipment.unwrap_or_else(|| host.clone());
    let severity = labels.severity.as_deref().unwrap_or("sev");
    let severity = fields.first_text(&[severity, "sev", "severity"], &mut problems);
    let time = ["ts", "timestamp"]
        .iter()
        .find_map(|name| fields.time_if_any(name));
    let mut lines = Vec::new();
    if state == "2" {
        lines.push("acknowledged in LibreNMS".to_owned());
    }
    for name in [
        "notes",
        "alert_notes",
        "faults",
        "elapsed",
        "location",
        "ip",
    ] {
        let text = plain(fields.text(name, &mut Problems::default()));
        lines.extend(text.map(|text| format!("{name}: {text}")));
    }
    let summary = title.or_else(|| rule.clone());
    let device = fields
        .text("device_id", &mut Problems::default())
        .unwrap_or(host);
    parsed.alerts.push(Alert {
        fingerprint: match id {
            Some(id) => fingerprint(&format!("alert-{id}")),
            None => hashed(&[
                ("device", &device),
                ("rule", rule.as_deref().unwrap_or_default()),
            ]),
        },
        phase: if over { Phase::Resolved } else { Phase::Firing },
        equipment: Some(cut(&equipment, EQUIPMENT)).filter(|name| !name.is_empty()),
        name: cut(rule.as_deref().unwrap_or("LibreNMS"), NAME),
        severity: Severity::from_word(severity.as_deref()),
        // Only the first word has the time of the beginning: "worse" and "acknowledged" have their own.
        starts_at: time.filter(|_| state == "1"),
        ends_at: time.filter(|_| over),
        summary: line(summary.as_deref().unwrap_or("LibreNMS"), SUMMARY),
        details: whole_lines(&lines, DETAILS),
        link: None,
        tags: Tags::of([
            ("host", device.as_str()),
            ("rule", rule.as_deref().unwrap_or_default()),
        ]),
    });
    problems.or(parsed)
}

/// LibreNMS writes names of rules as for a web page.
fn unescaped(text: &str) -> String {
    let mut text = text.to_owned();
    for (escaped, sign) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#039;", "'"),
        ("&amp;", "&"),
    ] {
        text = text.replace(escaped, sign);
    }
    text
}

fn sample(sample: &Sample<'_>) -> Value {
    json!({
        "state": match sample.phase { Phase::Firing => 1, Phase::Resolved => 0 },
        "id": sample.id,
        "uid": sample.id,
        "host": sample.equipment,
        "rule": "Test",
        "sev": "critical",
        "ts": sample.at.to_rfc3339(),
        "msg": sample.text,
    })
}
