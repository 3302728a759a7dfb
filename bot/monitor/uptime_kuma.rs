//! Webhook of Uptime Kuma: JSON, a form with the JSON in its field `data`, or a query.
//!
//! It has no name for an episode: a monitor opens at "down" and closes at "up". A repeated notice
//! (`important` is false) carries a later time and must not begin anew, so its time is not taken.
//! Test and certificate notices have no beat or no monitor.

use chrono_tz::Tz;
use serde_json::{Map, Value, json};
use vigie_domain::alert::{Alert, Phase, Severity};

use super::fields::{
    DETAILS, EQUIPMENT, Fields, NAME, Problems, SUMMARY, cut, expected, fingerprint, kept_tags,
    line, link, whole_lines,
};
use super::{
    Body, Format, HookInput, Labels, Notice, NoticeKind, Parsed, Reading, Sample, generic,
};

/// The format, as it is listed.
pub const FORMAT: Format = Format {
    name: "uptime-kuma",
    parse,
    sample,
};

fn parse(input: &HookInput<'_>) -> Reading {
    let body = Body::read(input)?;
    let map = match &body {
        Body::Json(Value::Object(map)) if is_ours(map) => map.clone(),
        Body::Form(form) => match unpacked(form)? {
            Some(map) => map,
            None => return generic::any(&body, input.labels),
        },
        _ => return generic::any(&body, input.labels),
    };
    read(&map, input.labels)
}

fn is_ours(map: &Map<String, Value>) -> bool {
    map.contains_key("heartbeat") || (map.contains_key("monitor") && map.contains_key("msg"))
}

/// The JSON in a form: as a whole in `data`, or piece by piece.
fn unpacked(
    form: &Map<String, Value>,
) -> Result<Option<Map<String, Value>>, Vec<super::FieldProblem>> {
    let mut problems = Problems::default();
    let mut piece = |name: &str| match form.get(name) {
        Some(Value::String(text)) if !text.trim().is_empty() => serde_json::from_str(text)
            .map_err(|error| problems.add(name, format!("not readable as JSON ({error})")))
            .unwrap_or_default(),
        _ => Value::Null,
    };
    let found = match form.contains_key("data") {
        true => match piece("data") {
            Value::Object(map) if is_ours(&map) => Some(map),
            _ => None,
        },
        false if is_ours(form) => {
            let mut map = Map::new();
            for name in ["heartbeat", "monitor"] {
                map.insert(name.to_owned(), piece(name));
            }
            if let Some(said) = form.get("msg") {
                map.insert("msg".to_owned(), said.clone());
            }
            Some(map)
        }
        false => None,
    };
    problems.or(found)
}

fn read(map: &Map<String, Value>, labels: &Labels) -> Reading {
    let mut problems = Problems::default();
    // Its times have no zone and are in UTC, wherever it runs.
    let top = Fields::new(map, "", Tz::UTC);
    let said = top.text("msg", &mut problems);
    let mut object = |name: &str| match top.value(name) {
        None => None,
        Some(Value::Object(map)) => Some(map),
        Some(other) => {
            problems.add(name, expected("an object", other));
            None
        }
    };
    let (beat, monitor) = (object("heartbeat"), object("monitor"));
    let mut parsed = Parsed::default();
    match (beat, monitor) {
        (Some(beat), Some(monitor)) => {
            let beat = Fields::new(beat, "heartbeat", Tz::UTC);
            let monitor = Fields::new(monitor, "monitor", Tz::UTC);
            parsed
                .alerts
                .extend(alert(beat, monitor, said.as_deref(), labels, &mut problems));
        }
        _ => {
            let text = said.unwrap_or_else(|| "Uptime Kuma".to_owned());
            let kind = match text.to_ascii_lowercase().contains("testing") {
                true => NoticeKind::Test,
                false => NoticeKind::Message,
            };
            parsed.notices.push(Notice {
                kind,
                text: line(&text, SUMMARY),
            });
        }
    }
    problems.or(parsed)
}

fn alert(
    beat: Fields<'_>,
    monitor: Fields<'_>,
    said: Option<&str>,
    labels: &Labels,
    problems: &mut Problems,
) -> Option<Alert> {
    let phase = match beat.text("status", problems)?.as_str() {
        "0" => Phase::Firing,
        "1" => Phase::Resolved,
        // Still being looked at, or in maintenance there: no state that people should act upon.
        _ => return None,
    };
    let id = monitor.text("id", problems);
    let id = id.or_else(|| beat.text("monitorID", problems));
    let name = monitor.text("name", problems);
    let address = monitor.text("hostname", problems);
    let tags = tags(monitor.value("tags"));
    let tag = |wanted: &str| {
        let found = tags.iter().find(|(name, _)| name == wanted);
        found.map(|(_, text)| text.clone())
    };
    let own = labels.equipment.as_deref();
    let equipment = own
        .and_then(|own| tag(own).or_else(|| monitor.text(own, &mut Problems::default())))
        .or_else(|| tag("equipment"))
        .or_else(|| name.clone())
        .or_else(|| address.clone());
    let severity = tag(labels.severity.as_deref().unwrap_or("severity"));
    let time = beat.time("time", problems);
    let important = beat.text("important", problems);
    let changed = !matches!(important.as_deref(), Some("false" | "0"));
    let message = beat.text("msg", problems);
    let summary = message.as_deref().or(said).or(name.as_deref());
    let mut lines = Vec::new();
    for (what, field) in [("ping", &beat), ("pathName", &monitor), ("type", &monitor)] {
        if let Some(text) = field.text(what, problems) {
            lines.push(format!("{what} = {text}"));
        }
    }
    lines.extend(address.map(|host| format!("hostname = {host}")));
    lines.extend(tags.iter().map(|(name, text)| format!("{name} = {text}")));
    let rule = monitor.text("type", problems);
    Some(Alert {
        fingerprint: fingerprint(&format!(
            "monitor-{}",
            id.or_else(|| name.clone()).unwrap_or_default()
        )),
        phase,
        equipment: equipment.map(|name| cut(&name, EQUIPMENT)),
        name: cut(rule.as_deref().unwrap_or("monitor"), NAME),
        severity: Severity::from_word(severity.as_deref()),
        starts_at: time.filter(|_| phase == Phase::Firing && changed),
        ends_at: time.filter(|_| phase == Phase::Resolved),
        summary: line(summary.unwrap_or("monitor"), SUMMARY),
        details: whole_lines(&lines, DETAILS),
        link: link(monitor.text("url", problems)),
        tags: kept_tags(&tags),
    })
}

/// Tags are a list of names and values; what has another shape is not looked at.
fn tags(value: Option<&Value>) -> Vec<(String, String)> {
    let Some(Value::Array(list)) = value else {
        return Vec::new();
    };
    let mut ignored = Problems::default();
    list.iter()
        .filter_map(Value::as_object)
        .filter_map(|tag| {
            let tag = Fields::new(tag, "", Tz::UTC);
            let value = tag.text("value", &mut ignored).unwrap_or_default();
            Some((tag.text("name", &mut ignored)?, value))
        })
        .collect()
}

fn sample(sample: &Sample<'_>) -> Value {
    json!({
        "heartbeat": {
            "monitorID": 0,
            "status": match sample.phase { Phase::Firing => 0, Phase::Resolved => 1 },
            "time": sample.at.format("%Y-%m-%d %H:%M:%S%.3f").to_string(),
            "msg": sample.text,
            "important": true,
        },
        "monitor": {"id": sample.id, "name": sample.equipment, "type": "ping", "tags": []},
        "msg": format!("[{}] {}", sample.equipment, sample.text),
    })
}
