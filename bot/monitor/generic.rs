//! Generic JSON and forms, for scripts and for programs that already speak to others: the
//! formatted webhook of Grafana OnCall and the generic API of GoAlert.
//!
//! | what | first of these fields |
//! |---|---|
//! | name for it | `fingerprint`, `alert_uid`, `dedup`, `id`; else a hash of equipment, name and summary |
//! | state | `action`, `status`, `state`: `close`, `ok`, `resolved`, … is over, any other word lasts |
//! | equipment | the label of the source, `equipment`, `instance`, `host`; else `alert_uid` up to its `/` |
//! | summary | `title`, `summary`, `message`, `details` |
//!
//! Labels may stand at the top, in `labels`, or in `meta` (in a form: `meta=name=value`). A list
//! of such objects is several alerts.

use serde_json::{Map, Value, json};
use vigie_domain::Fingerprint;
use vigie_domain::alert::{Alert, Phase, Severity};

use super::fields::{
    DETAILS, EQUIPMENT, Fields, NAME, Problems, SUMMARY, cut, expected, fingerprint, hashed,
    kept_tags, label, line, link, phase, whole_lines,
};
use super::{Body, Format, HookInput, Labels, Parsed, Reading, Sample, alertmanager};

/// The format, as it is listed.
pub const FORMAT: Format = Format {
    name: "generic",
    parse,
    sample,
};

/// Fields of which one must be there: without any of them nothing could be shown.
const TELLING: [&str; 7] = [
    "title",
    "summary",
    "message",
    "details",
    "alert_uid",
    "dedup",
    "equipment",
];

fn parse(input: &HookInput<'_>) -> Reading {
    any(&Body::read(input)?, input.labels)
}

/// Reads a body of no other shape: what programs post that can post anything.
pub(super) fn any(body: &Body, labels: &Labels) -> Reading {
    match body {
        Body::Json(Value::Object(map)) if alertmanager::is_ours(map) => {
            alertmanager::read(map, labels)
        }
        body => read(body, labels),
    }
}

fn sample(sample: &Sample<'_>) -> Value {
    json!({
        "alert_uid": sample.id,
        "equipment": sample.equipment,
        "title": sample.text,
        "state": match sample.phase { Phase::Firing => "alerting", Phase::Resolved => "ok" },
        "starts_at": sample.began.to_rfc3339(),
        "ends_at": (sample.phase == Phase::Resolved).then(|| sample.at.to_rfc3339()),
    })
}

/// Reads a body of this format.
pub(super) fn read(body: &Body, labels: &Labels) -> Reading {
    let mut problems = Problems::default();
    let mut alerts = Vec::new();
    match body {
        Body::Form(map) => alerts.extend(item(map, "", labels, &mut problems)),
        Body::Json(Value::Object(map)) => alerts.extend(item(map, "", labels, &mut problems)),
        Body::Json(Value::Array(list)) => {
            for (index, value) in list.iter().enumerate() {
                let path = format!("[{index}]");
                match value {
                    Value::Object(map) => alerts.extend(item(map, &path, labels, &mut problems)),
                    other => problems.add(&path, expected("an object", other)),
                }
            }
        }
        Body::Json(other) => problems.add("", expected("an object", other)),
    }
    problems.or(Parsed {
        alerts,
        left_out: 0,
        notices: Vec::new(),
    })
}

fn item(
    map: &Map<String, Value>,
    path: &str,
    names: &Labels,
    problems: &mut Problems,
) -> Option<Alert> {
    let fields = Fields::new(map, path, names.zone);
    if !TELLING.iter().any(|name| fields.value(name).is_some()) {
        problems.add(
            path,
            format!("expected one of the fields {}", TELLING.join(", ")),
        );
        return None;
    }
    let labels = labels(&fields, problems);
    let own = names.equipment.as_deref();
    let uid = fields.text("alert_uid", problems);
    let equipment = own
        .and_then(|name| scalar(&fields, name))
        .or_else(|| fields.text("equipment", problems))
        .or_else(|| label(&labels, &[own, Some("equipment"), Some("instance")]).map(str::to_owned))
        .or_else(|| fields.first_text(&["instance", "host"], problems))
        .or_else(|| {
            let (before, _) = uid.as_deref()?.split_once('/')?;
            Some(before.to_owned())
        })
        .map(|name| cut(&name, EQUIPMENT));
    let name = fields
        .first_text(&["name", "alertname"], problems)
        .or_else(|| label(&labels, &[Some("alertname")]).map(str::to_owned));
    let severity = names
        .severity
        .as_deref()
        .and_then(|name| scalar(&fields, name))
        .or_else(|| fields.text("severity", problems))
        .or_else(|| {
            let own = names.severity.as_deref();
            label(&labels, &[own, Some("severity")]).map(str::to_owned)
        });
    let says = ["title", "summary", "message", "details"].map(|name| fields.text(name, problems));
    let summary = says.iter().flatten().next().cloned();
    let summary = summary.or_else(|| name.clone()).or_else(|| uid.clone());
    let summary = summary.unwrap_or_else(|| "alert".to_owned());
    let phase = state(&fields, problems);
    let ends_at = ["ends_at", "endsAt"]
        .iter()
        .find_map(|name| fields.time(name, problems));
    Some(Alert {
        fingerprint: own_name(&fields, problems).unwrap_or_else(|| {
            hashed(&[
                ("equipment", equipment.as_deref().unwrap_or_default()),
                ("name", name.as_deref().unwrap_or_default()),
                ("summary", &summary),
            ])
        }),
        phase,
        name: cut(name.as_deref().unwrap_or("alert"), NAME),
        severity: Severity::from_word(severity.as_deref()),
        starts_at: ["starts_at", "startsAt"]
            .iter()
            .find_map(|name| fields.time(name, problems)),
        ends_at: ends_at.filter(|_| phase == Phase::Resolved),
        details: details(&says, &summary, &labels),
        summary: line(&summary, SUMMARY),
        link: link(fields.first_text(&["link", "link_to_upstream_details", "url"], problems)),
        tags: kept_tags(&labels),
        equipment,
    })
}

/// A text at the top that a label of the source may name; anything else there is not meant.
fn scalar(fields: &Fields<'_>, name: &str) -> Option<String> {
    fields.text(name, &mut Problems::default())
}

fn own_name(fields: &Fields<'_>, problems: &mut Problems) -> Option<Fingerprint> {
    fields
        .first_text(&["fingerprint", "alert_uid", "dedup", "id"], problems)
        .map(|text| fingerprint(&text))
}

/// `action=close` ends whatever the state says, since GoAlert's senders leave the rest out.
fn state(fields: &Fields<'_>, problems: &mut Problems) -> Phase {
    let words = ["action", "status", "state"].map(|name| fields.text(name, problems));
    let over = words
        .iter()
        .flatten()
        .any(|word| phase(word) == Phase::Resolved);
    if over { Phase::Resolved } else { Phase::Firing }
}

/// Labels of `labels` and `meta`; a form has `meta=name=value`, once or several times.
fn labels(fields: &Fields<'_>, problems: &mut Problems) -> Vec<(String, String)> {
    let mut labels = fields.texts("labels", problems);
    let pair = |value: &Value| {
        let (name, text) = value.as_str()?.split_once('=')?;
        let text = vigie_domain::text::clean(text.trim());
        Some((name.trim().to_owned(), text))
    };
    match fields.value("meta") {
        Some(Value::Object(_)) => labels.extend(fields.texts("meta", problems)),
        Some(Value::Array(pairs)) => labels.extend(pairs.iter().filter_map(pair)),
        Some(value) => labels.extend(pair(value)),
        None => {}
    }
    labels
}

fn details(says: &[Option<String>], summary: &str, labels: &[(String, String)]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for text in says.iter().flatten() {
        if text != summary && !lines.contains(text) {
            lines.push(text.clone());
        }
    }
    lines.extend(labels.iter().map(|(name, text)| format!("{name} = {text}")));
    whole_lines(&lines, DETAILS)
}
