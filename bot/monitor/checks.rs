//! What Icinga 2 and Nagios have in common: hosts, services, and kinds of notifications.

use vigie_domain::alert::{Alert, Phase, Severity, Tags};

use super::fields::{
    DETAILS, EQUIPMENT, Fields, NAME, Problems, SUMMARY, cut, hashed, line, whole_lines,
};
use super::{Labels, Notice, NoticeKind, Parsed};

/// Reads one notification.
pub(super) fn read(
    fields: Fields<'_>,
    labels: &Labels,
    parsed: &mut Parsed,
    problems: &mut Problems,
) {
    let Some(host) = fields.text("host", problems) else {
        problems.add(&fields.path("host"), "expected the name of the host");
        return;
    };
    let upper = |name: &str, problems: &mut Problems| {
        fields
            .text(name, problems)
            .map(|text| text.to_ascii_uppercase())
    };
    let kind = upper("type", problems).unwrap_or_default();
    let state = upper("state", problems).unwrap_or_default();
    let service = fields.text("service", problems);
    if kind == "CUSTOM" {
        parsed
            .notices
            .extend(written(&fields, &host, service.as_deref(), problems));
        return;
    }
    let Some(phase) = phase(&kind, &state) else {
        return;
    };
    let own = labels.equipment.as_deref();
    let equipment = own.and_then(|own| fields.text(own, &mut Problems::default()));
    let since = fields.time_if_any("since");
    let told = fields.time_if_any("ts");
    let summary = fields.text("output", problems).unwrap_or_else(|| {
        let parts = [
            Some(host.as_str()),
            service.as_deref(),
            Some(state.as_str()),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    });
    // An end may be told by a notification that was sent for another reason, hours later: the
    // time of the state counts.
    let (starts_at, ends_at) = match phase {
        Phase::Firing => (since.or(told.filter(|_| first(&fields, &kind))), None),
        Phase::Resolved => (None, since.or(told)),
    };
    parsed.alerts.push(Alert {
        fingerprint: hashed(&[
            ("host", &host),
            ("service", service.as_deref().unwrap_or_default()),
        ]),
        phase,
        equipment: Some(cut(equipment.as_deref().unwrap_or(&host), EQUIPMENT)),
        name: cut(service.as_deref().unwrap_or("host"), NAME),
        severity: severity(&state),
        starts_at,
        ends_at,
        summary: line(&summary, SUMMARY),
        details: details(&fields, &kind, &state, problems),
        link: None,
        tags: Tags::of([
            ("host", host.as_str()),
            ("service", service.as_deref().unwrap_or_default()),
        ]),
    });
}

/// What a notification says about the state. In a downtime and while something flaps these
/// programs hold problems and recoveries back: then the end of it tells how things stand.
fn phase(kind: &str, state: &str) -> Option<Phase> {
    let well = matches!(state, "OK" | "UP");
    match kind {
        "RECOVERY" => Some(Phase::Resolved),
        _ if well => Some(Phase::Resolved),
        "DOWNTIMESTART" | "FLAPPINGSTART" => None,
        _ => Some(Phase::Firing),
    }
}

/// Whether this is the first word about a problem: repeated ones have a later time.
fn first(fields: &Fields<'_>, kind: &str) -> bool {
    let number = fields.text("number", &mut Problems::default());
    matches!(kind, "PROBLEM" | "") && number.is_none_or(|number| number.trim() == "1")
}

fn severity(state: &str) -> Severity {
    match state {
        // What a check could not find out is not known to be down.
        "WARNING" | "UNKNOWN" => Severity::Warning,
        _ => Severity::Critical,
    }
}

/// A notification that somebody sent by hand.
fn written(
    fields: &Fields<'_>,
    host: &str,
    service: Option<&str>,
    problems: &mut Problems,
) -> Option<Notice> {
    let comment = fields.text("comment", problems)?;
    let about = service.map_or_else(|| host.to_owned(), |service| format!("{host}, {service}"));
    let author = fields.text("author", problems);
    let by = author.map_or_else(String::new, |author| format!(" ({author})"));
    Some(Notice {
        kind: NoticeKind::Message,
        text: line(&format!("{about}: {comment}{by}"), SUMMARY),
    })
}

fn details(fields: &Fields<'_>, kind: &str, state: &str, problems: &mut Problems) -> String {
    let mut lines = Vec::new();
    if let Some(long) = fields.text("long", problems) {
        // Nagios writes line ends as two characters.
        lines.extend(long.replace("\\n", "\n").lines().map(str::to_owned));
    }
    lines.push(format!("{kind} {state}").trim().to_owned());
    for (name, shown) in [
        ("host_name", "host"),
        ("address", "address"),
        ("perf", "perf"),
        ("author", "by"),
        ("comment", "comment"),
    ] {
        let text = fields.text(name, problems);
        lines.extend(text.map(|text| format!("{shown}: {text}")));
    }
    lines.retain(|line| !line.is_empty());
    whole_lines(&lines, DETAILS)
}
