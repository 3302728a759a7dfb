//! Webhook of Prometheus Alertmanager, version 4, and of those who speak it.
//!
//! The state of each alert counts, never that of its group. A body of another shape, as a payload
//! template may send, is read as [`super::generic`].

use serde_json::{Map, Value, json};
use vigie_domain::alert::{Alert, Phase, Severity};

use super::fields::{
    DETAILS, EQUIPMENT, Fields, NAME, Problems, SUMMARY, cut, expected, fingerprint, hashed,
    kept_tags, label, line, link, phase, whole_lines,
};
use super::{Body, Format, HookInput, Labels, Parsed, Reading, Sample, generic};

/// The format, as it is listed.
pub const FORMAT: Format = Format {
    name: "alertmanager",
    parse,
    sample,
};

/// Annotations that say what happens, the best first.
const SAYING: [&str; 3] = ["summary", "description", "message"];

fn parse(input: &HookInput<'_>) -> Reading {
    match Body::read(input)? {
        Body::Json(Value::Object(map)) if is_ours(&map) => read(&map, input.labels),
        body => generic::read(&body, input.labels),
    }
}

fn sample(sample: &Sample<'_>) -> Value {
    let ends = match sample.phase {
        Phase::Firing => "0001-01-01T00:00:00Z".to_owned(),
        Phase::Resolved => sample.at.to_rfc3339(),
    };
    json!({
        "version": "4",
        "status": sample.phase,
        "receiver": "vigie",
        "groupKey": "{}:{}",
        "alerts": [{
            "status": sample.phase,
            "labels": {"alertname": "Test", "equipment": sample.equipment},
            "annotations": {"summary": sample.text},
            "startsAt": sample.began.to_rfc3339(),
            "endsAt": ends,
            "generatorURL": "",
            "fingerprint": sample.id,
        }],
    })
}

/// Whether an object has the shape of this format.
pub(super) fn is_ours(map: &Map<String, Value>) -> bool {
    map.contains_key("alerts") || (map.contains_key("groupKey") && map.contains_key("receiver"))
}

/// Reads an object of this format.
pub(super) fn read(map: &Map<String, Value>, labels: &Labels) -> Reading {
    let mut problems = Problems::default();
    let top = Fields::new(map, "", labels.zone);
    let group_phase = top
        .text("status", &mut problems)
        .map_or(Phase::Firing, |word| phase(&word));
    let left_out = top.count("truncatedAlerts", &mut problems);
    let list: &[Value] = match top.value("alerts") {
        None => &[],
        Some(Value::Array(list)) => list,
        Some(other) => {
            problems.add("alerts", expected("a list", other));
            &[]
        }
    };
    let mut alerts = Vec::with_capacity(list.len());
    for (index, value) in list.iter().enumerate() {
        let path = format!("alerts[{index}]");
        let Value::Object(map) = value else {
            problems.add(&path, expected("an object", value));
            continue;
        };
        alerts.push(alert(
            &Fields::new(map, &path, labels.zone),
            group_phase,
            labels,
            &mut problems,
        ));
    }
    problems.or(Parsed {
        alerts,
        left_out,
        notices: Vec::new(),
    })
}

fn alert(fields: &Fields<'_>, group: Phase, names: &Labels, problems: &mut Problems) -> Alert {
    let labels = fields.texts("labels", problems);
    let annotations = fields.texts("annotations", problems);
    let phase = fields
        .text("status", problems)
        .map_or(group, |word| phase(&word));
    let ends_at = fields.time("endsAt", problems);
    let severity = [names.severity.as_deref(), Some("severity")];
    let equipment = [
        names.equipment.as_deref(),
        Some("equipment"),
        Some("instance"),
    ];
    let rule = label(&labels, &[Some("alertname")]);
    let saying = SAYING.map(Some);
    let summary = label(&annotations, &saying)
        .or(rule)
        .map_or_else(|| all_in_one(&labels), str::to_owned);
    let fingerprint = fields
        .text("fingerprint", problems)
        .map(|text| fingerprint(&text));
    let parts: Vec<_> = labels
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    Alert {
        fingerprint: fingerprint.unwrap_or_else(|| {
            if parts.is_empty() {
                hashed(&[("summary", &summary)])
            } else {
                hashed(&parts)
            }
        }),
        phase,
        equipment: label(&labels, &equipment).map(|name| cut(name, EQUIPMENT)),
        name: cut(rule.unwrap_or("alert"), NAME),
        severity: Severity::from_word(label(&labels, &severity)),
        starts_at: fields.time("startsAt", problems),
        ends_at: ends_at.filter(|_| phase == Phase::Resolved),
        summary: line(&summary, SUMMARY),
        details: details(&annotations, &labels),
        link: link(fields.text("generatorURL", problems)),
        tags: kept_tags(&labels),
    }
}

/// What is shown of an alert that says nothing but its labels.
fn all_in_one(labels: &[(String, String)]) -> String {
    if labels.is_empty() {
        return "alert".to_owned();
    }
    let words: Vec<_> = labels
        .iter()
        .map(|(name, text)| format!("{name}={text}"))
        .collect();
    words.join(", ")
}

/// What the summary does not say: other annotations, then labels.
fn details(annotations: &[(String, String)], labels: &[(String, String)]) -> String {
    let said = SAYING.map(Some);
    let summary = label(annotations, &said);
    let mut lines = Vec::new();
    for (name, text) in annotations {
        if summary == Some(text.as_str()) {
            continue;
        }
        if SAYING.contains(&name.as_str()) {
            lines.push(text.clone());
        } else {
            lines.push(format!("{name}: {text}"));
        }
    }
    lines.extend(labels.iter().map(|(name, text)| format!("{name} = {text}")));
    whole_lines(&lines, DETAILS)
}
