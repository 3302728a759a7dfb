//! What programs that post by themselves say, and what it must become.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    clippy::disallowed_methods,
    reason = "helpers and tables of tests"
)]

#[path = "support/formats.rs"]
#[allow(dead_code, reason = "each test file uses a part of it")]
mod formats;

use std::fs;
use std::path::Path;

use chrono::TimeDelta;
use chrono_tz::Tz;
use formats::{FORM, JSON, at, changed, fixture, one, only, paris, read, read_with};
use serde_json::{Value, json};
use vigie::monitor::source::{Source, Sources};
use vigie::monitor::{FORMATS, Labels, NoticeKind, Parsed, Sample, format};
use vigie_domain::SourceId;
use vigie_domain::alert::{Alert, Phase, Severity};

#[test]
fn every_format_reads_its_own_sample_and_its_end_by_the_same_name() {
    let nasty = "Essai <b>&amp; _a_ *b* `c` [d](e) \\ $x {{y}} 🛰️ é < > & %";
    let began = "2026-11-01T08:00:00Z".parse().unwrap();
    for format in FORMATS {
        let told = |phase, after| {
            let sample = Sample {
                id: "essai-1",
                equipment: "est-silo",
                text: nasty,
                phase,
                began,
                at: began + TimeDelta::seconds(after),
            };
            let body = (format.sample)(&sample).to_string();
            only(read_with(
                format.name,
                JSON,
                body.as_bytes(),
                &Labels::default(),
            ))
        };
        let (first, again, last) = (
            told(Phase::Firing, 0),
            told(Phase::Firing, 5),
            told(Phase::Resolved, 60),
        );
        assert_eq!(first.phase, Phase::Firing, "{}", format.name);
        assert_eq!(
            first.equipment.as_deref(),
            Some("est-silo"),
            "{}",
            format.name
        );
        // LibreNMS writes names for web pages, so that is what its reader undoes.
        let expected = match format.name {
            "librenms" => nasty.replace("&amp;", "&"),
            _ => nasty.to_owned(),
        };
        assert_eq!(first.summary, expected, "{}", format.name);
        assert_eq!(last.phase, Phase::Resolved, "{}", format.name);
        assert_eq!(first.fingerprint, again.fingerprint, "{}", format.name);
        assert_eq!(first.fingerprint, last.fingerprint, "{}", format.name);
        let lasted = last.ends_at.unwrap() - began;
        assert_eq!(lasted, TimeDelta::seconds(60), "{}", format.name);
    }
}

#[test]
fn grafana_tells_states_values_and_tests() {
    let parsed = read("grafana", fixture("grafana_unified.json"));
    let [down, no_data] = <[Alert; 2]>::try_from(parsed.alerts).unwrap();
    assert_eq!(down.equipment.as_deref(), Some("est-silo"));
    assert_eq!(down.summary, "Perte > 10 % & rtt <n/a> 🛰️");
    assert_eq!(down.starts_at, at("2026-11-01T08:00:00Z"));
    assert_eq!(
        down.link.as_deref(),
        Some("https://g.example.net/d/d1?viewPanel=4")
    );
    assert!(
        down.details.ends_with("B = 44.2, C = 1"),
        "{}",
        down.details
    );
    assert_eq!(down.severity, Severity::Critical);
    assert_eq!(no_data.severity, Severity::Warning, "unknown is not down");
    let test = read("grafana", fixture("grafana_test.json"));
    assert_eq!(test.alerts, []);
    assert_eq!(test.notices[0].kind, NoticeKind::Test);
    let legacy = one("grafana", "grafana_legacy.json");
    assert_eq!(legacy.equipment.as_deref(), Some("est-silo"));
    assert_eq!(
        (legacy.phase, legacy.severity),
        (Phase::Firing, Severity::Warning)
    );
    assert_eq!(legacy.summary, "Perte forte <est-silo> & co");
    for (state, alerts, over) in [("ok", 1, true), ("no_data", 1, false), ("paused", 0, false)] {
        let body = changed("grafana_legacy.json", |body| body["state"] = json!(state));
        let parsed = read("grafana", body);
        assert_eq!(parsed.alerts.len(), alerts, "{state}");
        for alert in parsed.alerts {
            assert_eq!(alert.fingerprint, legacy.fingerprint);
            assert_eq!(alert.phase == Phase::Resolved, over, "{state}");
        }
    }
    let other = changed("grafana_legacy.json", |body| body["orgId"] = json!(4));
    assert_ne!(only(read("grafana", other)).fingerprint, legacy.fingerprint);
}

#[test]
fn zabbix_tells_problems_recoveries_and_updates_under_the_number_of_the_first() {
    let problem = one("zabbix", "zabbix_problem.json");
    assert_eq!(
        problem.equipment.as_deref(),
        Some("est-silo-bh"),
        "a tag counts before the host"
    );
    assert_eq!(
        problem.summary,
        "Relais est-silo <BH> injoignable & perte > 50 %"
    );
    assert_eq!(problem.starts_at, at("2026-11-01T08:07:30Z"));
    assert_eq!(
        (problem.phase, problem.severity),
        (Phase::Firing, Severity::Critical)
    );
    assert!(!problem.details.contains("UNKNOWN") && !problem.details.contains("{EVENT"));
    assert!(
        problem.details.contains("sector = est"),
        "{}",
        problem.details
    );
    let recovery = one("zabbix", "zabbix_recovery.json");
    assert_eq!(recovery.phase, Phase::Resolved);
    assert_eq!(recovery.ends_at, at("2026-11-01T08:15:02Z"));
    assert_eq!(recovery.fingerprint, problem.fingerprint);
    let update = |change: &dyn Fn(&mut Value)| {
        let body = changed("zabbix_problem.json", |body| {
            body["event_update_status"] = json!("1");
            body["update_message"] = json!("je monte au silo");
            change(body);
        });
        only(read("zabbix", body))
    };
    let comment = update(&|_| {});
    assert_eq!(
        (comment.phase, &comment.fingerprint),
        (Phase::Firing, &problem.fingerprint)
    );
    assert!(comment.details.contains("je monte au silo"));
    let late = update(&|body| body["status"] = json!("RESOLVED"));
    assert_eq!(
        late.phase,
        Phase::Resolved,
        "a comment on what is over does not open it again"
    );
    for (number, severity) in [
        ("0", Severity::Warning),
        ("1", Severity::Info),
        ("2", Severity::Warning),
        ("3", Severity::Warning),
        ("4", Severity::Critical),
        ("5", Severity::Critical),
        ("{EVENT.NSEVERITY}", Severity::Critical),
    ] {
        let alert = update(&|body| body["nseverity"] = json!(number));
        assert_eq!(alert.severity, severity, "{number}");
    }
    let internal = update(&|body| body["event_source"] = json!("3"));
    assert_eq!(
        internal.severity,
        Severity::Warning,
        "not measured is not down"
    );
    assert_ne!(internal.fingerprint, problem.fingerprint);
    let test = read("zabbix", fixture("zabbix_test.json"));
    assert_eq!(
        (test.alerts.len(), test.notices[0].kind),
        (0, NoticeKind::Test)
    );
    let found = changed("zabbix_problem.json", |body| {
        body["event_source"] = json!("2")
    });
    let found = read("zabbix", found);
    assert_eq!(
        (found.alerts.len(), found.notices[0].kind),
        (0, NoticeKind::Message)
    );
}

#[test]
fn dates_without_a_zone_are_read_in_that_of_the_source_in_both_nights_of_the_year() {
    let told = |date: &str, time: &str, zone: Option<&str>, labels: &Labels| {
        let body = changed("zabbix_problem.json", |body| {
            body["date"] = json!(date);
            body["time"] = json!(time);
            body["tz"] = zone.map_or(Value::Null, |zone| json!(zone));
        });
        only(read_with("zabbix", JSON, &body, labels)).starts_at
    };
    let cayenne = Labels {
        zone: Tz::America__Cayenne,
        ..Labels::default()
    };
    for (date, time, zone, labels, utc) in [
        (
            "2026.11.01",
            "09:00:00",
            Some("Europe/Paris"),
            &cayenne,
            "2026-11-01T08:00:00Z",
        ),
        (
            "2026.11.01",
            "09:00:00",
            None,
            &cayenne,
            "2026-11-01T12:00:00Z",
        ),
        (
            "2026.11.01",
            "09:00:00",
            Some("Mars/Olympus"),
            &cayenne,
            "2026-11-01T12:00:00Z",
        ),
        (
            "2026.07.01",
            "09:00:00",
            None,
            &paris(),
            "2026-07-01T07:00:00Z",
        ),
        // The hour that comes twice, and the one that is left out.
        (
            "2026.10.25",
            "02:30:00",
            None,
            &paris(),
            "2026-10-25T01:30:00Z",
        ),
        (
            "2026.03.29",
            "02:30:00",
            None,
            &paris(),
            "2026-03-29T01:30:00Z",
        ),
    ] {
        assert_eq!(
            told(date, time, zone, labels),
            at(utc),
            "{date} {time} {zone:?}"
        );
    }
    assert_eq!(
        told("demain", "tôt", None, &paris()),
        None,
        "never a reason to refuse"
    );
    let body = json!({"title": "x", "starts_at": "2026-11-01 09:00:03", "state": "alerting"});
    let generic = only(read("generic", body.to_string()));
    assert_eq!(generic.starts_at, at("2026-11-01T08:00:03Z"));
}

#[test]
fn librenms_opens_and_closes_by_the_number_of_the_alert() {
    let told = |name: &str| only(read_with("librenms", FORM, &fixture(name), &paris()));
    let (down, up) = (
        told("librenms_alert.query"),
        told("librenms_recovered.query"),
    );
    assert_eq!(
        (down.phase, down.severity),
        (Phase::Firing, Severity::Warning)
    );
    assert_eq!(down.equipment.as_deref(), Some("est-silo"));
    assert_eq!(down.summary, "Alerte pour est-silo <BH> & \"co\"");
    assert_eq!(down.name, "Perte > 10 %", "signs are shown as signs");
    assert_eq!(down.starts_at, at("2026-11-01T08:00:03Z"));
    assert_eq!(
        (up.phase, up.ends_at),
        (Phase::Resolved, at("2026-11-01T08:12:00Z"))
    );
    assert_eq!(down.fingerprint, up.fingerprint);
    let states: Vec<_> = (0..=5)
        .map(|state| {
            only(read(
                "librenms",
                json!({"state": state, "host": "h", "rule": "r"}).to_string(),
            ))
        })
        .map(|alert| (alert.phase, alert.fingerprint))
        .collect();
    assert_eq!(states[0].0, Phase::Resolved);
    assert!(states[1..].iter().all(|(phase, _)| *phase == Phase::Firing));
    assert!(
        states.iter().all(|(_, name)| *name == states[0].1),
        "by device and rule"
    );
    let test = json!({"state": 1, "id": "000", "host": "h", "rule": "Test-Rule", "msg": "Testing transport"});
    let test = read("librenms", test.to_string());
    assert_eq!(
        (test.alerts.len(), test.notices[0].kind),
        (0, NoticeKind::Test)
    );
}

#[test]
fn uptime_kuma_speaks_in_json_in_forms_and_in_queries() {
    let down = one("uptime-kuma", "kuma_down.json");
    assert_eq!(down.phase, Phase::Firing);
    assert_eq!(down.equipment.as_deref(), Some("est-silo"), "its tag");
    assert_eq!(down.summary, "timeout of 48000ms exceeded <BH> & co");
    // Its times are in UTC, wherever the source says it is.
    assert_eq!(down.starts_at, at("2026-11-01T08:00:03.120Z"));
    assert_eq!(down.link, None);
    let raw = String::from_utf8(fixture("kuma_down.json")).unwrap();
    let value: Value = serde_json::from_str(&raw).unwrap();
    let encode = |pairs: &[(&str, &str)]| {
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish()
    };
    let form = encode(&[("data", &raw)]);
    assert_eq!(
        only(read_with("uptime-kuma", FORM, form.as_bytes(), &paris())),
        down
    );
    let (beat, monitor) = (value["heartbeat"].to_string(), value["monitor"].to_string());
    let query = encode(&[
        ("msg", value["msg"].as_str().unwrap()),
        ("heartbeat", &beat),
        ("monitor", &monitor),
    ]);
    assert_eq!(
        only(read_with("uptime-kuma", FORM, query.as_bytes(), &paris())),
        down
    );
    let parts = format!(
        "--------------------------735323031399963166993862\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\n{raw}\r\n--------------------------735323031399963166993862--\r\n"
    );
    let kind = "multipart/form-data; boundary=------------------------735323031399963166993862";
    assert_eq!(
        only(read_with("uptime-kuma", kind, parts.as_bytes(), &paris())),
        down
    );
    let own = Labels {
        equipment: Some("hostname".to_owned()),
        ..Labels::default()
    };
    let by_address = only(read_with("uptime-kuma", JSON, raw.as_bytes(), &own));
    assert_eq!(by_address.equipment.as_deref(), Some("10.2.0.2"));
}

#[test]
fn uptime_kuma_closes_what_it_opened_and_a_repetition_begins_nothing() {
    let (down, up) = (
        one("uptime-kuma", "kuma_down.json"),
        one("uptime-kuma", "kuma_up.json"),
    );
    assert_eq!(
        (up.phase, up.ends_at),
        (Phase::Resolved, at("2026-11-01T08:21:05.001Z"))
    );
    let again = one("uptime-kuma", "kuma_resend.json");
    assert_eq!((again.phase, again.starts_at), (Phase::Firing, None));
    assert!(
        [&up, &again]
            .iter()
            .all(|alert| alert.fingerprint == down.fingerprint)
    );
    for status in [2, 3] {
        let body = changed("kuma_down.json", |body| {
            body["heartbeat"]["status"] = json!(status)
        });
        assert_eq!(read("uptime-kuma", body), Parsed::default(), "{status}");
    }
    let test = read("uptime-kuma", fixture("kuma_test.json"));
    assert_eq!(
        (test.alerts.len(), test.notices[0].kind),
        (0, NoticeKind::Test)
    );
    assert_eq!(test.notices[0].text, "vigie Testing");
    let certificate = read("uptime-kuma", fixture("kuma_certificate.json"));
    assert_eq!(certificate.alerts, []);
    assert_eq!(certificate.notices[0].kind, NoticeKind::Message);
    assert!(
        certificate.notices[0]
            .text
            .ends_with("will expire in 14 days")
    );
}

#[test]
fn an_end_before_its_own_start_is_an_end_after_no_time() {
    let sources = Sources::new([Source {
        id: SourceId::from("am"),
        format: format("alertmanager").unwrap(),
        tokens: Vec::new(),
        labels: Labels::default(),
    }]);
    let body = json!({"alerts": [{"status": "resolved", "startsAt": "2026-11-01T08:00:00Z", "endsAt": "2026-11-01T08:07:30.5+01:00"}]});
    let parsed = sources
        .parse(&SourceId::from("am"), JSON, body.to_string().as_bytes())
        .unwrap();
    assert_eq!(parsed.alerts[0].ends_at, at("2026-11-01T08:00:00Z"));
}

#[test]
fn a_hundred_thousand_labels_cost_no_more_than_what_is_shown() {
    let labels: serde_json::Map<String, Value> = (0..100_000)
        .map(|number| (format!("l{number}"), json!("v")))
        .collect();
    let body = json!({"alerts": [{"labels": labels, "fingerprint": "f"}]}).to_string();
    for format in ["alertmanager", "grafana"] {
        let alert = only(read(format, &body));
        assert!(alert.details.chars().count() <= 2_000 && alert.summary.chars().count() <= 300);
    }
    let many: Vec<_> = (0..50_000)
        .map(|number| json!({"title": number.to_string()}))
        .collect();
    let parsed = read("generic", Value::from(many).to_string());
    assert_eq!(parsed.alerts.len(), 50_000);
}

/// Every format has a sample that a volunteer can paste, and it says where to.
#[test]
fn every_format_has_a_sample_in_deploy() {
    let samples = [
        ("alertmanager", "alertmanager.yml"),
        ("generic", "generic/alert.sh"),
        ("grafana", "grafana/vigie.yaml"),
        ("zabbix", "zabbix/media_vigie.yaml"),
        ("librenms", "librenms/vigie.txt"),
        ("uptime-kuma", "uptime-kuma/vigie.txt"),
        ("icinga2", "icinga2/vigie.conf"),
        ("nagios", "nagios/vigie.cfg"),
        ("smokeping", "smokeping/vigie-smokeping"),
        ("snmptrap", "snmptrapd/vigie.conf"),
        ("syslog", "rsyslog/60-vigie.conf"),
        ("notify", "vigie-notify-flush@.service"),
    ];
    let readme = fs::read_to_string("deploy/README.md").unwrap();
    for format in FORMATS {
        let found = samples.iter().find(|(name, _)| *name == format.name);
        let (_, file) = found.unwrap_or_else(|| panic!("{} has no sample", format.name));
        let text = fs::read_to_string(Path::new("deploy").join(file)).unwrap();
        assert!(text.contains("/hooks/"), "{file}");
        assert!(readme.contains(file), "{file} is not in deploy/README.md");
    }
}

#[test]
fn the_options_of_librenms_are_read_as_they_are_pasted() {
    let text = fs::read_to_string("deploy/librenms/vigie.txt").unwrap();
    let options = text.lines().filter_map(|line| {
        let (name, place) = line.split_once("={{ $")?;
        Some((name, place.trim_end_matches(" }}")))
    });
    let value = |place: &str| match place {
        "state" => "1",
        "hostname" => "est-silo",
        "name" => "Perte &gt; 10 %",
        "severity" => "warning",
        "timestamp" => "2026-11-01 09:00:03",
        "title" => "Alerte <BH> & co",
        "id" => "12",
        "alert_notes" => "voir la sacristie",
        "uid" | "ip" | "elapsed" => "",
        other => panic!("LibreNMS knows no {other}"),
    };
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(options.map(|(name, place)| (name, value(place))))
        .finish();
    let alert = only(read_with("librenms", FORM, query.as_bytes(), &paris()));
    assert_eq!(alert.equipment.as_deref(), Some("est-silo"));
    assert_eq!(
        (alert.phase, alert.severity),
        (Phase::Firing, Severity::Warning)
    );
    assert_eq!(alert.summary, "Alerte <BH> & co");
    assert_eq!(alert.starts_at, at("2026-11-01T08:00:03Z"));
    assert_eq!(alert.fingerprint.as_str(), "alert-12");
    assert!(
        alert.details.contains("voir la sacristie"),
        "{}",
        alert.details
    );
}
