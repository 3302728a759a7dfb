//! Lines of syslog (RFC 5424 and RFC 3164), through `vigie notify syslog`: the state of an
//! interface as Cisco, MikroTik and Linux write it. Other lines say no state that could end; the
//! worst of them (critical and above) are passed on as a message.

use std::sync::LazyLock;

use chrono::{DateTime, Datelike as _, Offset as _, TimeZone as _, Utc};
use regex::Regex;
use serde_json::{Map, Value, json};
use syslog_loose::{SyslogSeverity, Variant, parse_message_with_year_tz};
use vigie_domain::alert::{Alert, Phase, Severity, Tags};

use super::fields::{
    DETAILS, EQUIPMENT, Fields, NAME, Problems, SUMMARY, cut, hashed, line, whole_lines,
};
use super::{Format, Labels, Notice, NoticeKind, Parsed, Sample, notify};

/// The format, as it is listed.
pub const FORMAT: Format = Format {
    name: "syslog",
    parse: |input| notify::parse_as(input, &READER),
    sample,
};

/// Its reader.
pub(super) static READER: notify::Reader = notify::Reader {
    src: "syslog",
    is_ours: |map: &Map<String, Value>| map.contains_key("line"),
    read,
};

/// Ways to say that an interface went down or came up: which one, and which.
static STATES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r"(?i)\binterface ([\w./:-]+?),? changed state to (?:administratively )?(up|down)\b",
        r"(?i)\blink ?(up|down)\b.*?\bif(?:Index|Name|Descr)\W{0,3}([\w./-]+)",
        r"(?i)([\w./-]+):? (?:NIC )?link (?:is |status )?(up|down)\b",
    ]
    .iter()
    .filter_map(|pattern| Regex::new(pattern).ok())
    .collect()
});

/// The interface and whether it went down, where a text says so.
fn state(text: &str) -> Option<(String, Phase)> {
    STATES.iter().find_map(|pattern| {
        let found = pattern.captures(text)?;
        let (first, second) = (found.get(1)?.as_str(), found.get(2)?.as_str());
        let word = |text: &str| match text.to_ascii_lowercase().as_str() {
            "up" => Some(Phase::Resolved),
            "down" => Some(Phase::Firing),
            _ => None,
        };
        match (word(first), word(second)) {
            (_, Some(phase)) => Some((first.to_owned(), phase)),
            (Some(phase), None) => Some((second.to_owned(), phase)),
            (None, None) => None,
        }
    })
}

/// Whether a line says something that [`read`] would take: the others need not be posted.
#[must_use]
pub fn matters(line: &str) -> bool {
    let message = parse_message_with_year_tz(line, |_| 1970, Some(Utc), Variant::Either);
    state(message.msg).is_some() || bad(message.severity)
}

fn bad(severity: Option<SyslogSeverity>) -> bool {
    matches!(
        severity,
        Some(SyslogSeverity::SEV_EMERG | SyslogSeverity::SEV_ALERT | SyslogSeverity::SEV_CRIT)
    )
}

fn read(fields: Fields<'_>, labels: &Labels, parsed: &mut Parsed, problems: &mut Problems) {
    let Some(text) = fields.text("line", problems) else {
        problems.add(&fields.path("line"), "expected a line of syslog");
        return;
    };
    let told = fields.time_if_any("ts");
    let year = |date: syslog_loose::IncompleteDate| year(date.0, told);
    let arrived = told.unwrap_or_default().naive_utc();
    let offset = labels.zone.offset_from_utc_datetime(&arrived).fix();
    let message = parse_message_with_year_tz(&text, year, Some(offset), Variant::Either);
    let host = message.hostname.map(str::to_owned);
    let host = host.or_else(|| fields.text("host", problems));
    let Some((interface, phase)) = state(message.msg) else {
        if bad(message.severity) {
            let said = [host.as_deref(), message.appname, Some(message.msg)];
            let said: Vec<_> = said.into_iter().flatten().collect();
            parsed.notices.push(Notice {
                kind: NoticeKind::Message,
                text: line(&said.join(" "), SUMMARY),
            });
        }
        return;
    };
    let time = message
        .timestamp
        .map(|time| time.with_timezone(&Utc))
        .or(told);
    let summary = fields.text("text", problems);
    let known = host.clone().unwrap_or_default();
    parsed.alerts.push(Alert {
        fingerprint: hashed(&[("host", &known), ("interface", &interface)]),
        phase,
        equipment: host.map(|host| cut(&host, EQUIPMENT)),
        name: cut(&format!("link {interface}"), NAME),
        severity: match fields.text("severity", &mut Problems::default()) {
            Some(word) => Severity::from_word(Some(&word)),
            None => Severity::Warning,
        },
        starts_at: time.filter(|_| phase == Phase::Firing),
        ends_at: time.filter(|_| phase == Phase::Resolved),
        summary: line(summary.as_deref().unwrap_or(message.msg), SUMMARY),
        details: whole_lines(std::slice::from_ref(&text), DETAILS),
        link: None,
        tags: Tags::default(),
    });
}

/// The year of a date without one: that of its arrival, or the year before where its month lies
/// ahead, as on New Year's night.
fn year(month: u32, told: Option<DateTime<Utc>>) -> i32 {
    let told = told.unwrap_or_default();
    match month > told.month() {
        true => told.year() - 1,
        false => told.year(),
    }
}

fn sample(sample: &Sample<'_>) -> Value {
    let word = match sample.phase {
        Phase::Firing => "down",
        Phase::Resolved => "up",
    };
    json!({
        "src": "syslog",
        "line": format!("<187>1 {} {} test - - - Interface {}, changed state to {word}",
            sample.at.to_rfc3339(), sample.equipment, sample.id),
        "text": sample.text,
        "ts": sample.at.timestamp(),
    })
}
