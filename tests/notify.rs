//! `vigie notify` as monitoring programs call it: the real program, and somebody who takes what it
//! posts, refuses it, hangs, or is not there.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "helpers of tests"
)]

#[path = "support/machine.rs"]
mod machine;

use std::io::Write as _;
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use chrono::DateTime;
use machine::{GOOD, Machine, Manner, PATIENCE, SpawnIt as _, ends};
use serde_json::Value;
use vigie::monitor::{HookInput, Labels, format};
use vigie::notify::{Spool, SpoolError};
use vigie_domain::alert::Phase;

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_takes_waits_and_is_delivered_later_in_order() {
    let mut machine = Machine::new().await;
    for (host, state) in [("a", "DOWN"), ("b", "DOWN"), ("a", "UP")] {
        let (code, said, took) = machine.runs(machine.icinga(host, state)).await;
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("wait"), "{said}");
        assert!(took < Duration::from_secs(4), "{took:?}");
    }
    assert_eq!(machine.waiting(), 3);
    machine.comes(GOOD).await;
    let (code, said, _) = machine.runs(machine.command(&["--flush"])).await;
    assert_eq!(code, 0, "{said}");
    assert_eq!(machine.got("host"), ["a", "b", "a"]);
    assert_eq!(machine.got("state"), ["DOWN", "DOWN", "UP"]);
    assert_eq!(
        machine.got("output")[0],
        "CRITICAL - <BH> loss 100% & rta n/a, cost $ 5"
    );
    assert_eq!(machine.waiting(), 0);
    // With somebody there it goes at once, and nothing is delivered twice.
    let (code, said, _) = machine.runs(machine.icinga("c", "DOWN")).await;
    assert_eq!((code, said.as_str()), (0, ""));
    machine.runs(machine.command(&["--flush"])).await;
    assert_eq!(machine.got("host"), ["a", "b", "a", "c"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cannot_take_anything_at_present_is_asked_again_and_order_is_kept() {
    let mut machine = Machine::new().await;
    for status in [
        StatusCode::SERVICE_UNAVAILABLE,
        StatusCode::TOO_MANY_REQUESTS,
        StatusCode::BAD_GATEWAY,
    ] {
        machine.comes(Manner { status, ..GOOD }).await;
        let (code, said, _) = machine.runs(machine.icinga(status.as_str(), "DOWN")).await;
        assert_eq!(code, 0, "{said}");
        machine.runs(machine.command(&["--flush"])).await;
    }
    assert_eq!((machine.waiting(), machine.got("host").len()), (3, 0));
    machine.comes(GOOD).await;
    machine.runs(machine.command(&["--flush"])).await;
    assert_eq!(machine.got("host"), ["503", "429", "502"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_token_is_told_and_everything_is_kept() {
    let mut machine = Machine::new().await;
    machine.comes(GOOD).await;
    let token = machine.folder.path().join("token");
    std::fs::write(&token, "another").unwrap();
    let (code, said, _) = machine.runs(machine.icinga("a", "DOWN")).await;
    assert_eq!(code, 77, "{said}");
    assert!(said.contains("401"), "{said}");
    assert!(!said.contains("another"), "a token is never shown: {said}");
    std::fs::write(&token, "the-token").unwrap();
    machine.runs(machine.command(&["--flush"])).await;
    assert_eq!(machine.got("host"), ["a"]);
    std::fs::set_permissions(&token, std::fs::Permissions::from_mode(0o644)).unwrap();
    let (code, said, _) = machine.runs(machine.icinga("a", "UP")).await;
    assert_eq!(code, 77, "a token that everybody can read: {said}");
    assert_eq!(machine.waiting(), 1, "nothing is lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_cannot_be_read_there_does_not_hold_up_the_others() {
    let mut machine = Machine::new().await;
    for host in ["a", "strange", "b"] {
        machine.runs(machine.icinga(host, "DOWN")).await;
    }
    machine
        .comes(Manner {
            cannot_read: Some("strange"),
            ..GOOD
        })
        .await;
    let (code, said, _) = machine.runs(machine.command(&["--flush"])).await;
    assert_eq!(code, 65, "{said}");
    assert_eq!(machine.got("host"), ["a", "b"]);
    let aside = std::fs::read_dir(machine.spool().join("refused"))
        .unwrap()
        .count();
    assert_eq!((aside, machine.waiting()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_calls_at_once_deliver_each_event_once() {
    let mut machine = Machine::new().await;
    machine
        .comes(Manner {
            wait: Duration::from_millis(5),
            ..GOOD
        })
        .await;
    let calls: Vec<Child> = (0..25)
        .map(|number| machine.icinga(&format!("h{number:02}"), "DOWN").spawn_it())
        .collect();
    for call in calls {
        assert!(ends(call).await.status.success());
    }
    machine.runs(machine.command(&["--flush"])).await;
    let mut hosts = machine.got("host");
    hosts.sort();
    let all: Vec<_> = (0..25).map(|number| format!("h{number:02}")).collect();
    assert_eq!(hosts, all);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_killed_while_it_delivers_loses_nothing() {
    let mut machine = Machine::new().await;
    machine
        .comes(Manner {
            wait: Duration::from_secs(60),
            ..GOOD
        })
        .await;
    let mut call = machine.icinga("a", "DOWN").spawn_it();
    let begun = Instant::now();
    while machine.waiting() == 0 {
        assert!(begun.elapsed() < PATIENCE);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    call.kill().unwrap();
    call.wait().unwrap();
    machine.comes(GOOD).await;
    machine.runs(machine.command(&["--flush"])).await;
    assert_eq!(machine.got("host"), ["a"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_never_answers_holds_up_a_call_for_its_time_and_the_next_ones_not_at_all() {
    let mut machine = Machine::new().await;
    machine
        .comes(Manner {
            wait: Duration::from_secs(60),
            ..GOOD
        })
        .await;
    let mut first = machine.icinga("a", "DOWN");
    first.args(["--timeout", "1"]);
    let (code, said, took) = machine.runs(first).await;
    assert_eq!(code, 0, "{said}");
    assert!(took < Duration::from_secs(4), "{took:?}");
    let (code, _, took) = machine.runs(machine.icinga("b", "DOWN")).await;
    assert_eq!(code, 0);
    assert!(took < Duration::from_secs(2), "{took:?}");
    assert_eq!(machine.waiting(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_place_to_wait_an_event_must_arrive_now() {
    let mut machine = Machine::new().await;
    // A file where the folder should be.
    std::fs::write(machine.spool(), "").unwrap();
    let (code, said, _) = machine.runs(machine.icinga("a", "DOWN")).await;
    assert_eq!(code, 73, "{said}");
    machine.comes(GOOD).await;
    let (code, said, _) = machine.runs(machine.icinga("b", "DOWN")).await;
    assert_eq!(code, 0, "{said}");
    assert_eq!(machine.got("host"), ["b"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_caller_is_understood() {
    let mut machine = Machine::new().await;
    machine.comes(GOOD).await;
    let smoke = [
        "smokeping",
        "bigloss",
        "Est.silo",
        "loss: 0%, 100%",
        "-",
        "10.2.0.2",
        "1",
    ];
    let (code, said, _) = machine.runs(machine.command(&smoke)).await;
    assert_eq!(code, 0, "{said}");
    let mut nagios = machine.command(&["nagios", "type=PROBLEM", "state=DOWN"]);
    nagios.arg("host=h");
    // Latin-1, as old plugins write it.
    nagios.arg(std::ffi::OsString::from_vec(b"output=coup\xe9".to_vec()));
    let (code, said, _) = machine.runs(nagios).await;
    assert_eq!(code, 0, "{said}");
    for (caller, input) in [
        (
            "snmptrap",
            "sw\nUDP: [10.2.0.9]:1->[10.0.0.1]:162\n.1.3.6.1.6.3.1.1.4.1.0 .1.3.6.1.6.3.1.1.5.3\n",
        ),
        (
            "syslog",
            "<30>Nov  1 09:00:03 r x: ether1 link down\n<30>Nov  1 09:00:03 r x: nothing\n<30>Nov  1 09:00:04 r x: ether1 link up",
        ),
    ] {
        let mut command = machine.command(&[caller]);
        let mut call = command.stdin(Stdio::piped()).spawn().unwrap();
        call.stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        let output = ends(call).await;
        assert!(output.status.success(), "{output:?}");
    }
    assert_eq!(
        machine.got("src"),
        ["smokeping", "nagios", "snmptrap", "syslog", "syslog"]
    );
    assert_eq!(machine.got("rtt")[0], "-");
    assert_eq!(machine.got("output")[1], "coup\u{FFFD}");
    // What was posted is what the readers of the hooks expect.
    let posted = Value::from(machine.got.lock().unwrap().clone()).to_string();
    let input = HookInput {
        content_type: "application/json",
        body: posted.as_bytes(),
        labels: &Labels::default(),
    };
    let read = (format("notify").unwrap().parse)(&input).unwrap();
    let read: Vec<_> = read
        .alerts
        .iter()
        .map(|alert| (alert.equipment.as_deref().unwrap(), alert.phase))
        .collect();
    let (down, up) = (Phase::Firing, Phase::Resolved);
    assert_eq!(
        read,
        [
            ("silo", down),
            ("h", down),
            ("sw", down),
            ("r", down),
            ("r", up)
        ]
    );
    for words in [
        &["smokeping", "only-one"][..],
        &["icinga2"],
        &["nagios", "host=h"],
    ] {
        let (code, said, _) = machine.runs(machine.command(words)).await;
        assert_eq!(code, 65, "{said}");
    }
    assert_eq!(machine.waiting(), 0);
}

#[test]
fn a_full_spool_keeps_the_last_word_about_each_thing_and_refuses_what_is_new() {
    let folder = tempfile::tempdir().unwrap();
    let spool = Spool::open(folder.path()).unwrap().with_room(4);
    let at = |second: i64| DateTime::from_timestamp(1_795_563_000 + second, 0).unwrap();
    let said = || -> Vec<String> {
        let names = spool.names().unwrap();
        let read = |name: &String| String::from_utf8(spool.read(name).unwrap().unwrap()).unwrap();
        names.iter().map(read).collect()
    };
    for (second, about, body) in [
        (0, "a", "a1"),
        (1, "b", "b1"),
        (2, "a", "a2"),
        (3, "c", "c1"),
    ] {
        spool.add(Some(about), body.as_bytes(), at(second)).unwrap();
    }
    // A clock that goes back does not change the order.
    spool.add(Some("b"), b"b2", at(-60)).unwrap();
    assert_eq!(said(), ["b1", "a2", "c1", "b2"]);
    spool.add(Some("c"), b"c2", at(5)).unwrap();
    assert_eq!(said(), ["a2", "c1", "b2", "c2"]);
    spool.add(Some("d"), b"d1", at(6)).unwrap();
    assert_eq!(said(), ["a2", "b2", "c2", "d1"]);
    let full = spool.add(Some("e"), b"e1", at(7)).unwrap_err();
    assert!(matches!(full, SpoolError::Full(_)), "{full}");
    // Events about nothing in particular are never outdated.
    let each = Spool::open(&folder.path().join("each"))
        .unwrap()
        .with_room(2);
    each.add(None, b"1", at(0)).unwrap();
    each.add(None, b"2", at(0)).unwrap();
    assert!(each.add(None, b"3", at(0)).is_err());
}

/// SmokePing starts the program with a list of arguments, without a shell, and at the end of an
/// alert leaves the sixth away.
#[tokio::test(flavor = "multi_thread")]
async fn the_sample_of_smokeping_tells_a_beginning_an_end_and_what_has_none() {
    let mut machine = Machine::new().await;
    machine.comes(GOOD).await;
    let sample = std::fs::read_to_string("deploy/smokeping/vigie-smokeping").unwrap();
    let token = machine.folder.path().join("token");
    let sample = sample
        .replace("/usr/local/bin/vigie", env!("CARGO_BIN_EXE_vigie"))
        .replace(
            "http://127.0.0.1:8787/hooks/smokeping",
            &format!("http://{}/hooks/x", machine.address),
        )
        .replace("/etc/vigie/smokeping-token", token.to_str().unwrap())
        .replace(
            "/var/spool/vigie/smokeping",
            machine.spool().to_str().unwrap(),
        );
    let script = machine.folder.path().join("vigie-smokeping");
    std::fs::write(&script, sample).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    let alerts = std::fs::read_to_string("deploy/smokeping/vigie").unwrap();
    let to = alerts
        .lines()
        .find_map(|line| line.strip_prefix("to = |"))
        .unwrap();
    assert!(
        !to.contains(' '),
        "SmokePing takes the whole line for the name of the program"
    );
    let usual = [
        "vigie-down",
        "Est.silo [from s]",
        "loss: 0%, 100%",
        "rtt: 12ms, U",
        "10.2.0.2",
    ];
    for raise in [Some("1"), None, None] {
        let mut call = Command::new(&script);
        call.args(usual)
            .args(raise)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let (code, said, _) = machine.runs(call).await;
        assert_eq!((code, said.as_str()), (0, ""));
    }
    assert_eq!(machine.got("raise"), ["1", "0", "?"]);
}
