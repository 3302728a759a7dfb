//! Zabbix, through the media type in `deploy/zabbix/`: a script there posts what the macros gave.
//!
//! Every value is a text; a macro that Zabbix could not resolve arrives as it is written, or as
//! `*UNKNOWN*`, and counts as missing. The name of an alert is the event that opened it, which its
//! recovery and its updates carry as well.

use chrono_tz::Tz;
use serde_json::{Map, Value, json};
use vigie_domain::alert::{Alert, Phase, Severity};
use vigie_domain::text::clean;

use super::fields::{
    DETAILS, EQUIPMENT, Fields, NAME, Problems, SUMMARY, cut, fingerprint, kept_tags, label, line,
    link, moment, whole_lines,
};
use super::{
    Body, Format, HookInput, Labels, Notice, NoticeKind, Parsed, Reading, Sample, generic,
};

/// The format, as it is listed.
pub const FORMAT: Format = Format {
    name: "zabbix",
    parse,
    sample,
};

/// Where events come from.
const TRIGGERS: &str = "0";
const DISCOVERY: [&str; 2] = ["1", "2"];
const INTERNAL: &str = "3";

fn parse(input: &HookInput<'_>) -> Reading {
    let body = Body::read(input)?;
    match &body {
        Body::Json(Value::Object(map)) | Body::Form(map) if is_ours(map) => read(map, input.labels),
        body => generic::any(body, input.labels),
    }
}

fn is_ours(map: &Map<String, Value>) -> bool {
    map.contains_key("event_id") && map.contains_key("event_value")
}

/// The fields of the media type, without what Zabbix left as it was.
struct Macros<'a>(Fields<'a>, &'a mut Problems);

impl Macros<'_> {
    fn text(&mut self, name: &str) -> Option<String> {
        self.0
            .text(name, self.1)
            .filter(|text| !is_macro(text) && text != "*UNKNOWN*")
    }

    /// A date and a time, in the zone that the media type tells, else in that of the source.
    fn time(&mut self, date: &str, time: &str, zone: Tz) -> Option<chrono::DateTime<chrono::Utc>> {
        let (date, time) = (self.text(date)?, self.text(time)?);
        moment(&format!("{date} {time}"), zone)
    }
}

/// `{EVENT.ID}`, `{$MACRO}`, `{HOST.NAME1}`.
fn is_macro(text: &str) -> bool {
    let inner = text
        .strip_prefix('{')
        .and_then(|text| text.strip_suffix('}'));
    inner.is_some_and(|inner| {
        let letter = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || "._$#:".contains(c);
        !inner.is_empty() && inner.chars().all(letter)
    })
}

fn read(map: &Map<String, Value>, labels: &Labels) -> Reading {
    let mut problems = Problems::default();
    let fields = Fields::new(map, "", labels.zone);
    let mut macros = Macros(fields, &mut problems);
    let mut parsed = Parsed::default();
    let name = macros.text("name");
    let Some(id) = macros.text("event_id") else {
        // The button "Test" of the media type leaves every macro as it is written.
        parsed.notices.push(Notice {
            kind: NoticeKind::Test,
            text: line(name.as_deref().unwrap_or("Zabbix"), SUMMARY),
        });
        return problems.or(parsed);
    };
    let source = macros.text("event_source");
    let source = source.as_deref().unwrap_or(TRIGGERS);
    let host = macros.text("host");
    if DISCOVERY.contains(&source) {
        let text = [host, name]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", ");
        parsed.notices.push(Notice {
            kind: NoticeKind::Message,
            text: line(&format!("Zabbix: {text}"), SUMMARY),
        });
        return problems.or(parsed);
    }
    let alert = event(&mut macros, labels, &id, source, host, name);
    parsed.alerts.push(alert);
    problems.or(parsed)
}

fn event(
    macros: &mut Macros<'_>,
    labels: &Labels,
    id: &str,
    source: &str,
    host: Option<String>,
    name: Option<String>,
) -> Alert {
    let zone = macros.text("tz").and_then(|name| name.parse().ok());
    let zone: Tz = zone.unwrap_or(labels.zone);
    let recovered = macros.time("recovery_date", "recovery_time", zone);
    // An update of a problem that is over still has the value of its beginning.
    let over = macros.text("event_value").as_deref() == Some("0")
        || macros.text("status").as_deref() == Some("RESOLVED")
        || recovered.is_some();
    let phase = if over { Phase::Resolved } else { Phase::Firing };
    let tags = tags(macros.text("tags").as_deref());
    let own = labels.equipment.as_deref();
    let equipment = label(&tags, &[own, Some("equipment")])
        .map(str::to_owned)
        .or_else(|| host.clone())
        .or_else(|| macros.text("host_name"));
    let severity = match label(&tags, &[labels.severity.as_deref()]) {
        Some(word) => Severity::from_word(Some(word)),
        None => severity(macros.text("nseverity").as_deref()),
    };
    let summary = name.clone().or_else(|| host.clone());
    let mut lines = Vec::new();
    for (field, shown) in [
        ("opdata", "opdata"),
        ("host_name", "host"),
        ("host_ip", "ip"),
        ("duration", "duration"),
        ("ack", "acknowledged"),
        ("update_user", "by"),
        ("update_action", "action"),
        ("update_message", "message"),
    ] {
        lines.extend(macros.text(field).map(|text| format!("{shown}: {text}")));
    }
    lines.extend(tags.iter().map(|(name, text)| format!("{name} = {text}")));
    let trigger = macros.text("trigger_id").map(|id| format!("trigger {id}"));
    Alert {
        fingerprint: fingerprint(&format!("event-{source}-{id}")),
        phase,
        equipment: equipment.map(|name| cut(&name, EQUIPMENT)),
        name: cut(trigger.as_deref().unwrap_or("Zabbix"), NAME),
        severity: match source {
            // Nothing can be measured: that is not the same as down.
            INTERNAL => severity.min(Severity::Warning),
            _ => severity,
        },
        starts_at: macros.time("date", "time", zone),
        ends_at: recovered.filter(|_| over),
        summary: line(summary.as_deref().unwrap_or("Zabbix"), SUMMARY),
        details: whole_lines(&lines, DETAILS),
        link: link(macros.text("url")),
        tags: kept_tags(&tags),
    }
}

fn severity(number: Option<&str>) -> Severity {
    match number {
        Some("1") => Severity::Info,
        Some("0" | "2" | "3") => Severity::Warning,
        _ => Severity::Critical,
    }
}

/// Tags come as JSON in a text; what cannot be read is left out.
fn tags(text: Option<&str>) -> Vec<(String, String)> {
    let Some(Ok(Value::Array(list))) = text.map(serde_json::from_str) else {
        return Vec::new();
    };
    list.iter()
        .filter_map(|tag| {
            let text = |name: &str| tag.get(name).and_then(Value::as_str).map(clean);
            Some((cut(&text("tag")?, NAME), text("value").unwrap_or_default()))
        })
        .collect()
}

fn sample(sample: &Sample<'_>) -> Value {
    let day = |at: chrono::DateTime<chrono::Utc>| at.format("%Y.%m.%d").to_string();
    let time = |at: chrono::DateTime<chrono::Utc>| at.format("%H:%M:%S").to_string();
    let over = sample.phase == Phase::Resolved;
    let end = |text: String, name: &str| if over { text } else { name.to_owned() };
    json!({
        "event_id": sample.id,
        "event_source": "0",
        "event_value": if over { "0" } else { "1" },
        "event_update_status": "0",
        "nseverity": "4",
        "name": sample.text,
        "host": sample.equipment,
        "date": day(sample.began),
        "time": time(sample.began),
        "recovery_date": end(day(sample.at), "{EVENT.RECOVERY.DATE}"),
        "recovery_time": end(time(sample.at), "{EVENT.RECOVERY.TIME}"),
        "tags": "[]",
        "tz": "UTC",
    })
}
