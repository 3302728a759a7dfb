//! Webhooks of Grafana: unified alerting (since version 9), and the flat form before it.
//!
//! The first has the shape of Alertmanager's with more fields. "No data" and "error" of a rule say
//! that nothing is known, not that something is down: they are warnings, so nothing is hidden
//! behind them.

use serde_json::{Map, Value, json};
use vigie_domain::alert::{Alert, Phase, Severity};

use super::fields::{
    DETAILS, EQUIPMENT, Fields, NAME, Problems, SUMMARY, cut, fingerprint, kept_tags, label, line,
    link, whole_lines,
};
use super::{
    Body, Format, HookInput, Labels, Notice, NoticeKind, Parsed, Reading, Sample, alertmanager,
    generic,
};

/// The format, as it is listed.
pub const FORMAT: Format = Format {
    name: "grafana",
    parse,
    sample,
};

/// Names of alerts that a rule raises when it cannot be computed.
const NOT_KNOWN: [&str; 2] = ["DatasourceNoData", "DatasourceError"];

fn parse(input: &HookInput<'_>) -> Reading {
    match Body::read(input)? {
        Body::Json(Value::Object(map)) if alertmanager::is_ours(&map) => {
            unified(&map, input.labels)
        }
        Body::Json(Value::Object(map)) if map.contains_key("ruleName") => {
            legacy(&map, input.labels)
        }
        body => generic::any(&body, input.labels),
    }
}

fn sample(sample: &Sample<'_>) -> Value {
    let mut body = (alertmanager::FORMAT.sample)(sample);
    if let Value::Object(map) = &mut body {
        map.insert("version".to_owned(), json!("1"));
        map.insert("orgId".to_owned(), json!(1));
        map.insert("state".to_owned(), json!("alerting"));
    }
    body
}

fn unified(map: &Map<String, Value>, labels: &Labels) -> Reading {
    let read = alertmanager::read(map, labels)?;
    let mut parsed = Parsed {
        left_out: read.left_out,
        ..Parsed::default()
    };
    let told = map.get("alerts").and_then(Value::as_array);
    let told = told.into_iter().flatten().filter_map(Value::as_object);
    for (mut alert, told) in read.alerts.into_iter().zip(told) {
        if is_test(&alert, told) {
            parsed.notices.push(Notice {
                kind: NoticeKind::Test,
                text: alert.summary,
            });
            continue;
        }
        enrich(&mut alert, told);
        parsed.alerts.push(alert);
    }
    Ok(parsed)
}

/// The button "Test" of a contact point sends an alert that would never end.
fn is_test(alert: &Alert, told: &Map<String, Value>) -> bool {
    let instance = told
        .get("labels")
        .and_then(|labels| labels.get("instance"))
        .and_then(Value::as_str);
    alert.name == "TestAlert" && instance == Some("Grafana")
}

fn enrich(alert: &mut Alert, told: &Map<String, Value>) {
    let fields = Fields::new(told, "", chrono_tz::Tz::UTC);
    let mut ignored = Problems::default();
    let seen = fields.first_text(&["panelURL", "dashboardURL"], &mut ignored);
    alert.link = link(seen).or_else(|| alert.link.take());
    if NOT_KNOWN.contains(&alert.name.as_str()) {
        alert.severity = alert.severity.min(Severity::Warning);
    }
    let values = match fields.value("values") {
        Some(Value::Object(values)) => values
            .iter()
            .filter(|(_, value)| value.is_number())
            .map(|(name, value)| format!("{name} = {value}"))
            .collect(),
        _ => Vec::new(),
    };
    if !values.is_empty() {
        let lines = [alert.details.clone(), values.join(", ")];
        let lines: Vec<_> = lines.into_iter().filter(|line| !line.is_empty()).collect();
        alert.details = whole_lines(&lines, DETAILS);
    }
}

fn legacy(map: &Map<String, Value>, labels: &Labels) -> Reading {
    let fields = Fields::new(map, "", labels.zone);
    let mut problems = Problems::default();
    let rule = fields.text("ruleName", &mut problems).unwrap_or_default();
    let state = fields.text("state", &mut problems).unwrap_or_default();
    let message = fields.text("message", &mut problems);
    let mut parsed = Parsed::default();
    let word = state.to_ascii_lowercase();
    if rule == "Test notification" {
        let said = message.or_else(|| fields.text("title", &mut problems));
        parsed.notices.push(Notice {
            kind: NoticeKind::Test,
            text: line(&said.unwrap_or(rule), SUMMARY),
        });
        return problems.or(parsed);
    }
    let phase = match word.as_str() {
        "ok" => Phase::Resolved,
        // Somebody paused the rule, or it waits whether it lasts: nothing is said of the state.
        "paused" | "pending" => return problems.or(parsed),
        _ => Phase::Firing,
    };
    let mut tags = fields.texts("tags", &mut problems);
    if let Some(Value::Array(matches)) = fields.value("evalMatches")
        && let Some(Value::Object(first)) = matches.first()
    {
        tags.extend(Fields::new(first, "evalMatches[0]", labels.zone).texts("tags", &mut problems));
    }
    let number = |name: &str| fields.text(name, &mut Problems::default());
    let id = number("ruleId").unwrap_or_else(|| rule.clone());
    let severity = label(&tags, &[labels.severity.as_deref(), Some("severity")]);
    let severity = match (word.as_str(), severity) {
        ("no_data", _) => Severity::Warning,
        (_, found) => Severity::from_word(found),
    };
    let own = labels.equipment.as_deref();
    let equipment = label(
        &tags,
        &[own, Some("equipment"), Some("instance"), Some("host")],
    );
    let summary = message.or_else(|| fields.text("title", &mut problems));
    let summary = summary.filter(|text| !text.is_empty());
    let lines: Vec<_> = tags
        .iter()
        .map(|(name, text)| format!("{name} = {text}"))
        .collect();
    parsed.alerts.push(Alert {
        fingerprint: fingerprint(&format!(
            "rule-{}-{id}",
            number("orgId").unwrap_or_default()
        )),
        phase,
        equipment: equipment.map(|name| cut(name, EQUIPMENT)),
        name: cut(if rule.is_empty() { "alert" } else { &rule }, NAME),
        severity,
        starts_at: None,
        ends_at: None,
        summary: line(summary.as_deref().unwrap_or("alert"), SUMMARY),
        details: whole_lines(&lines, DETAILS),
        link: link(fields.text("ruleUrl", &mut problems)),
        tags: kept_tags(&tags),
    });
    problems.or(parsed)
}
