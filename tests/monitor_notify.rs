//! What programs say through `vigie notify`, and what it must become.

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

use formats::{JSON, at, changed, fixture, one, only, paris, read, read_with};
use serde_json::{Value, json};
use vigie::monitor::syslog::matters;
use vigie::monitor::{HookInput, Labels, NoticeKind, Parsed, format};
use vigie_domain::alert::{Phase, Severity};

#[test]
fn icinga_and_nagios_tell_hosts_and_services() {
    let host = one("icinga2", "icinga2_problem.json");
    assert_eq!(
        (host.phase, host.severity),
        (Phase::Firing, Severity::Critical)
    );
    assert_eq!(host.equipment.as_deref(), Some("rly_north_01"));
    assert_eq!(
        host.summary,
        "CRITICAL - rly_north_01 <BH> loss 100% & rta n/a, cost $ 5"
    );
    assert_eq!(
        host.starts_at.map(|time| time.timestamp()),
        Some(1_795_563_140)
    );
    let over = one("nagios", "nagios_recovery.json");
    assert_eq!(
        (over.phase, over.name.as_str()),
        (Phase::Resolved, "ping_loss")
    );
    assert!(
        over.details.starts_with("second line_of output\nthird\n"),
        "{}",
        over.details
    );
    assert_ne!(
        host.fingerprint, over.fingerprint,
        "a service is not its host"
    );
    let named = |host: &str, service: &str| {
        let body = json!({"src": "nagios", "type": "PROBLEM", "host": host, "service": service, "state": "CRITICAL"});
        only(read("notify", body.to_string())).fingerprint
    };
    assert_ne!(
        named("a", "b/c"),
        named("a/b", "c"),
        "names do not run together"
    );
    let (firing, resolved) = (Some(Phase::Firing), Some(Phase::Resolved));
    for (kind, state, phase, severity) in [
        ("PROBLEM", "DOWN", firing, Severity::Critical),
        ("PROBLEM", "UNREACHABLE", firing, Severity::Critical),
        ("PROBLEM", "WARNING", firing, Severity::Warning),
        ("PROBLEM", "UNKNOWN", firing, Severity::Warning),
        ("RECOVERY", "UP", resolved, Severity::Critical),
        ("RECOVERY", "OK", resolved, Severity::Critical),
        ("ACKNOWLEDGEMENT", "DOWN", firing, Severity::Critical),
        ("DOWNTIMESTART", "DOWN", None, Severity::Critical),
        ("DOWNTIMEEND", "DOWN", firing, Severity::Critical),
        ("DOWNTIMEEND", "UP", resolved, Severity::Critical),
        ("FLAPPINGSTART", "DOWN", None, Severity::Critical),
        ("FLAPPINGSTART", "UP", resolved, Severity::Critical),
        // While something flaps these programs hold the recovery back.
        ("FLAPPINGEND", "UP", resolved, Severity::Critical),
        ("FLAPPINGSTOP", "OK", resolved, Severity::Critical),
        ("flappingend", "critical", firing, Severity::Critical),
    ] {
        let body = json!({"src": "icinga2", "type": kind, "host": "h", "state": state});
        let alerts = read("notify", body.to_string()).alerts;
        let told = alerts.first().map(|alert| alert.phase);
        assert_eq!(told, phase, "{kind} {state}");
        if phase == firing {
            assert_eq!(alerts[0].severity, severity, "{kind} {state}");
        }
    }
    let custom = json!({"src": "icinga2", "type": "CUSTOM", "host": "h", "state": "UP", "comment": "je passe <demain>", "author": "zoé"});
    let custom = read("icinga2", custom.to_string());
    assert_eq!(custom.alerts, []);
    assert_eq!(custom.notices[0].text, "h: je passe <demain> (zoé)");
    // A repeated notification without the time of the change does not begin anew.
    for (number, begins) in [(json!("1"), true), (json!("2"), false), (Value::Null, true)] {
        let body = json!({"src": "icinga2", "type": "PROBLEM", "host": "h", "state": "DOWN", "ts": 1_795_563_149, "number": number});
        let alert = only(read("icinga2", body.to_string()));
        assert_eq!(alert.starts_at.is_some(), begins, "{number}");
    }
}

#[test]
fn smokeping_tells_rises_and_ends_and_what_would_never_end_is_said() {
    let raised = one("smokeping", "smokeping_raise.json");
    assert_eq!(
        (raised.phase, raised.severity),
        (Phase::Firing, Severity::Critical)
    );
    assert_eq!(raised.equipment.as_deref(), Some("est-silo"));
    assert_eq!(
        raised.summary,
        "bigloss: Est.Silo.est-silo [from slave1], 100 %"
    );
    let body = changed("smokeping_raise.json", |body| {
        body["raise"] = json!("0");
        body["loss"] = json!("loss: 100%, 0%");
    });
    let over = only(read("smokeping", body));
    assert_eq!(
        (over.phase, &over.fingerprint),
        (Phase::Resolved, &raised.fingerprint)
    );
    let some = changed("smokeping_raise.json", |body| {
        body["loss"] = json!("loss: 0%, 40%")
    });
    assert_eq!(only(read("smokeping", some)).severity, Severity::Warning);
    for raise in [Value::Null, json!("?")] {
        let endless = changed("smokeping_raise.json", |body| body["raise"] = raise);
        let endless = read("smokeping", endless);
        assert_eq!(endless.notices[0].kind, NoticeKind::Endless);
        // It may be the end of something that began before the mark was lost.
        assert_eq!(endless.alerts[0].phase, Phase::Resolved);
        assert_eq!(endless.alerts[0].fingerprint, raised.fingerprint);
    }
}

#[test]
fn traps_of_an_interface_open_and_close_by_its_index() {
    let down = one("snmptrap", "snmptrap_linkdown.json");
    assert_eq!(
        (down.phase, down.severity),
        (Phase::Firing, Severity::Warning)
    );
    assert_eq!(down.equipment.as_deref(), Some("sw-silo.example.net"));
    assert_eq!(down.summary, "linkDown: ether7 (vers l'église <BH>)");
    let up = one("snmptrap", "snmptrap_linkup.json");
    assert_eq!(
        (up.phase, &up.fingerprint),
        (Phase::Resolved, &down.fingerprint)
    );
    let shut = changed("snmptrap_linkdown.json", |body| {
        body["vars"][".1.3.6.1.2.1.2.2.1.7.7"] = json!("2");
    });
    assert_eq!(
        only(read("snmptrap", shut)).severity,
        Severity::Info,
        "switched off by hand"
    );
    let cold = changed("snmptrap_linkdown.json", |body| {
        body["vars"][".1.3.6.1.6.3.1.1.4.1.0"] = json!(".1.3.6.1.6.3.1.1.5.1");
    });
    assert_eq!(read("snmptrap", cold), Parsed::default());
    let written = changed("snmptrap_linkdown.json", |body| {
        body["vars"][".1.3.6.1.2.1.31.1.1.1.18.7"] =
            json!("\"76 65 72 73 20 6C 27 C3 A9 67 6C 69 73 65 20 3C 42 48 3E \"");
    });
    let summary = only(read("snmptrap", written)).summary;
    assert_eq!(
        summary, "linkDown: ether7 (vers l'église <BH>)",
        "bytes are a text"
    );
    let iso = json!({"src": "snmptrap", "host": "<UNKNOWN>", "address": "10.2.0.9", "vars": {
        "iso.3.6.1.6.3.1.1.4.1.0": "iso.3.6.1.6.3.1.1.5.3", "iso.3.6.1.2.1.2.2.1.1.3": "3"}});
    let iso = only(read("notify", iso.to_string()));
    assert_eq!(iso.equipment.as_deref(), Some("10.2.0.9"));
    assert_eq!(iso.summary, "linkDown: ifIndex 3");
}

#[test]
fn lines_of_syslog_tell_the_state_of_interfaces() {
    let told = |line: &str, labels: &Labels| {
        let body = json!({"src": "syslog", "line": line, "ts": 1_793_520_000}).to_string();
        read_with("syslog", JSON, body.as_bytes(), labels)
    };
    for (line, host, interface, phase, time) in [
        (
            "<187>1 2026-11-01T09:00:03.5+01:00 sw-silo LINK - UPDOWN - Interface GigabitEthernet0/1, changed state to down",
            "sw-silo",
            "GigabitEthernet0/1",
            Phase::Firing,
            "2026-11-01T08:00:03.5Z",
        ),
        (
            "<187>Nov  1 09:00:03 sw-silo 123: %LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to up",
            "sw-silo",
            "GigabitEthernet0/1",
            Phase::Resolved,
            "2026-11-01T08:00:03Z",
        ),
        (
            "<30>Nov  1 09:00:03 est-silo interface,info: ether1 link down",
            "est-silo",
            "ether1",
            Phase::Firing,
            "2026-11-01T08:00:03Z",
        ),
        (
            "<30>Nov  1 09:10:03 est-silo interface,info: ether1 link up (speed 1G, full duplex)",
            "est-silo",
            "ether1",
            Phase::Resolved,
            "2026-11-01T08:10:03Z",
        ),
        (
            "<6>Nov  1 09:00:03 borne kernel: e1000e: eth0 NIC Link is Down",
            "borne",
            "eth0",
            Phase::Firing,
            "2026-11-01T08:00:03Z",
        ),
        (
            "<29>1 2026-11-01T08:00:03Z olt snmpd 5 - - linkDown ifIndex=12 admin up",
            "olt",
            "12",
            Phase::Firing,
            "2026-11-01T08:00:03Z",
        ),
    ] {
        assert!(matters(line), "{line}");
        let alert = only(told(line, &paris()));
        assert_eq!(alert.equipment.as_deref(), Some(host), "{line}");
        assert_eq!(alert.name, format!("link {interface}"), "{line}");
        assert_eq!(alert.phase, phase, "{line}");
        assert_eq!(alert.starts_at.or(alert.ends_at), at(time), "{line}");
    }
    let worst = told(
        "<26>Nov  1 09:00:03 onduleur apcupsd[1]: Battery <exhausted> & shutting down",
        &paris(),
    );
    assert_eq!(worst.alerts, []);
    assert_eq!(
        worst.notices[0].text,
        "onduleur apcupsd Battery <exhausted> & shutting down"
    );
    let idle = "<30>Nov  1 09:00:03 borne systemd[1]: Started Daily apt activities";
    assert!(!matters(idle));
    assert_eq!(told(idle, &paris()), Parsed::default());
    let december = json!({"src": "syslog", "line": "<30>Dec 31 23:59:59 r x: ether1 link down", "ts": 1_798_761_700});
    let alert = only(read("syslog", december.to_string()));
    assert_eq!(
        alert.starts_at,
        at("2026-12-31T22:59:59Z"),
        "told on New Year's day"
    );
}

#[test]
fn one_source_for_everything_that_speaks_on_a_machine() {
    let list: Vec<Value> = [
        "icinga2_problem.json",
        "smokeping_raise.json",
        "snmptrap_linkdown.json",
    ]
    .iter()
    .map(|name| serde_json::from_slice(&fixture(name)).unwrap())
    .collect();
    let parsed = read("notify", Value::from(list).to_string());
    assert_eq!(parsed.alerts.len(), 3);
    let names: Vec<_> = parsed
        .alerts
        .iter()
        .map(|alert| alert.name.as_str())
        .collect();
    assert_eq!(names, ["host", "bigloss", "link ether7"]);
    for body in [json!({"src": "icinga2"}), json!([{"src": "smokeping"}])] {
        let body = body.to_string();
        let input = HookInput {
            content_type: JSON,
            body: body.as_bytes(),
            labels: &paris(),
        };
        let problems = (format("notify").unwrap().parse)(&input).unwrap_err();
        assert!(
            problems[0].what.starts_with("expected the name"),
            "{problems:?}"
        );
    }
}
