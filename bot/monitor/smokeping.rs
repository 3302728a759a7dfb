//! SmokePing, through `vigie notify smokeping` as its alert program.
//!
//! Where an alert has `edgetrigger = yes` a sixth argument says that it begins; at its end SmokePing
//! leaves it away, though its manual says that it is 0. Without `edgetrigger` it is never there, so
//! such an alert would have no end: `notify` says `?` where it has not seen the beginning.

use serde_json::{Map, Value, json};
use vigie_domain::alert::{Alert, Phase, Severity, Tags};

use super::fields::{
    DETAILS, EQUIPMENT, Fields, NAME, Problems, SUMMARY, cut, hashed, line, whole_lines,
};
use super::{Format, Labels, Notice, NoticeKind, Parsed, Sample, notify};

/// The format, as it is listed.
pub const FORMAT: Format = Format {
    name: "smokeping",
    parse: |input| notify::parse_as(input, &READER),
    sample,
};

/// Its reader.
pub(super) static READER: notify::Reader = notify::Reader {
    src: "smokeping",
    is_ours: |map: &Map<String, Value>| map.contains_key("alert") && map.contains_key("target"),
    read,
};

fn read(fields: Fields<'_>, labels: &Labels, parsed: &mut Parsed, problems: &mut Problems) {
    let Some(target) = fields.text("target", problems) else {
        problems.add(&fields.path("target"), "expected the name of the target");
        return;
    };
    let rule = fields
        .text("alert", problems)
        .unwrap_or_else(|| "alert".to_owned());
    let loss = fields.text("loss", problems);
    let raise = fields.text("raise", problems);
    let lines: Vec<String> = ["target", "loss", "rtt", "host"]
        .iter()
        .filter_map(|name| Some((name, fields.text(name, problems)?)))
        // SmokePing writes "loss: 0%" itself.
        .map(|(name, text)| match text.starts_with(&format!("{name}:")) {
            true => text,
            false => format!("{name}: {text}"),
        })
        .collect();
    let last = last_percent(loss.as_deref());
    let shown = last.map_or_else(String::new, |percent| format!(", {percent} %"));
    let summary = fields.text("text", problems);
    let summary = summary.unwrap_or_else(|| format!("{rule}: {target}{shown}"));
    let phase = match raise.as_deref() {
        Some("1") => Phase::Firing,
        _ => Phase::Resolved,
    };
    if matches!(raise.as_deref(), None | Some("?")) {
        parsed.notices.push(Notice {
            kind: NoticeKind::Endless,
            text: line(&summary, SUMMARY),
        });
    }
    let own = labels.equipment.as_deref();
    let equipment = own.and_then(|own| fields.text(own, &mut Problems::default()));
    let time = fields.time_if_any("ts");
    parsed.alerts.push(Alert {
        fingerprint: hashed(&[("alert", &rule), ("target", &target)]),
        phase,
        equipment: Some(cut(&equipment.unwrap_or_else(|| leaf(&target)), EQUIPMENT)),
        name: cut(&rule, NAME),
        severity: match last {
            Some(100) => Severity::Critical,
            _ => Severity::Warning,
        },
        starts_at: time.filter(|_| phase == Phase::Firing),
        ends_at: time.filter(|_| phase == Phase::Resolved),
        summary: line(&summary, SUMMARY),
        details: whole_lines(&lines, DETAILS),
        link: None,
        tags: Tags::of([("alert", rule.as_str()), ("target", target.as_str())]),
    });
}

/// The last step of `Secteur.Est.rly-est-02 [from slave]`.
fn leaf(target: &str) -> String {
    let path = target.split_once(" [").map_or(target, |(path, _)| path);
    path.rsplit('.').next().unwrap_or(path).trim().to_owned()
}

/// The last share in `loss: 0%, 5%, 100%`.
fn last_percent(loss: Option<&str>) -> Option<u8> {
    let last = loss?.rsplit(',').next()?;
    let number = last
        .trim()
        .trim_start_matches("loss:")
        .trim()
        .trim_end_matches('%');
    number.trim().parse().ok()
}

fn sample(sample: &Sample<'_>) -> Value {
    json!({
        "src": "smokeping",
        "alert": sample.id,
        "target": format!("Test.{}", sample.equipment),
        "loss": "loss: 0%, 100%",
        "rtt": "rtt: 12ms, U",
        "host": "192.0.2.1",
        "raise": match sample.phase { Phase::Firing => "1", Phase::Resolved => "0" },
        "text": sample.text,
        "ts": sample.at.timestamp(),
    })
}
