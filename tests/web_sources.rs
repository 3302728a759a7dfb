//! How sources reach the web edge: tokens, methods, queries, heartbeats, and what is no alert.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "helpers of tests"
)]

#[path = "support/hook_desk.rs"]
#[allow(dead_code, reason = "each test file uses a part of the desk")]
mod hook_desk;

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use hook_desk::{Desk, PATIENCE, TOKEN, body};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use vigie::app::ports::Clock as _;
use vigie::clock::SystemClock;
use vigie_domain::SourceId;

const LIBRENMS: &str = include_str!("fixtures/monitor/librenms_alert.query");

/// Waits until these were heard of.
async fn hears(desk: &Desk, sources: &[&str]) {
    let begun = Instant::now();
    while heard(desk).await != sources {
        assert!(begun.elapsed() < PATIENCE, "{:?}", heard(desk).await);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn heard(desk: &Desk) -> Vec<String> {
    let heard = desk.app.last_heard().await.unwrap();
    heard
        .into_iter()
        .map(|(source, _)| source.to_string())
        .collect()
}

#[tokio::test]
async fn a_source_that_can_only_ask_puts_it_into_the_query() {
    let desk = Desk::open().await;
    for method in [Method::GET, Method::POST, Method::PUT] {
        let url = desk.url(&format!("/hooks/librenms?{LIBRENMS}"));
        let request = desk.http.request(method.clone(), url).bearer_auth(TOKEN);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{method}");
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(answer, json!({"accepted": 1, "left_out": 0}), "{method}");
    }
    let rows = desk.app.waiting_hooks(None).await.unwrap().hooks;
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0].1.body, LIBRENMS.as_bytes(), "as it came");
    let read = |row: &vigie::app::inbox::RawHook| {
        desk.sources
            .parse(&row.source, &row.content_type, &row.body)
    };
    assert_eq!(
        read(&rows[0].1).unwrap().alerts[0].summary,
        "Alerte pour est-silo <BH> & \"co\""
    );
    desk.work();
    desk.until_handled(3).await;
    // A body counts before a query: proxies add things there.
    let url = desk.url("/hooks/prometheus?x=1");
    let answer = desk
        .http
        .post(url)
        .bearer_auth(TOKEN)
        .body(body(1))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let empty = desk
        .http
        .get(desk.url("/hooks/librenms"))
        .bearer_auth(TOKEN);
    assert_eq!(
        empty.send().await.unwrap().status(),
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test]
async fn a_token_may_come_as_the_password() {
    let desk = Desk::open().await;
    for (password, status) in [
        (Some(TOKEN), StatusCode::OK),
        (Some("another"), StatusCode::UNAUTHORIZED),
        (None, StatusCode::UNAUTHORIZED),
    ] {
        let post = desk.http.post(desk.url("/hooks/prometheus")).body(body(1));
        let answer = post.basic_auth("vigie", password).send().await.unwrap();
        assert_eq!(answer.status(), status, "{password:?}");
    }
}

#[tokio::test]
async fn heartbeats_are_let_in_by_the_token_of_the_source_and_kept() {
    let desk = Desk::open().await;
    let ok = |path: &str, token: Option<&str>| {
        let mut request = desk.http.get(desk.url(path));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        async move { request.send().await.unwrap().status() }
    };
    for (path, token) in [
        ("/hb/kuma", None),
        ("/hb/kuma", Some("x")),
        ("/hb/nobody", Some(TOKEN)),
        ("/hb/kuma/x", None),
        ("/hb/kuma/x", Some(TOKEN)),
    ] {
        assert_eq!(ok(path, token).await, StatusCode::UNAUTHORIZED, "{path}");
    }
    assert_eq!(heard(&desk).await, Vec::<String>::new());
    assert_eq!(ok("/hb/kuma", Some(TOKEN)).await, StatusCode::OK);
    assert_eq!(
        ok(&format!("/hb/prometheus/{TOKEN}"), None).await,
        StatusCode::OK
    );
    let post = desk.http.post(desk.url("/hb/librenms")).bearer_auth(TOKEN);
    assert_eq!(post.send().await.unwrap().status(), StatusCode::OK);
    assert_eq!(heard(&desk).await, ["kuma", "librenms", "prometheus"]);
    desk.store.broken.store(true, Ordering::SeqCst);
    let scripts = ok("/hb/scripts/a-new-token", None).await;
    assert_eq!(
        scripts,
        StatusCode::SERVICE_UNAVAILABLE,
        "not kept, so not said to be"
    );
}

#[tokio::test]
async fn a_hook_is_a_sign_of_life_and_signs_cost_one_write_a_minute() {
    let desk = Desk::open().await;
    assert_eq!(desk.post(body(1)).await.0, StatusCode::OK);
    // What cannot be read shows that somebody is there, too.
    let bad = desk
        .http
        .post(desk.url("/hooks/kuma"))
        .bearer_auth(TOKEN)
        .body("?");
    assert_eq!(
        bad.send().await.unwrap().status(),
        StatusCode::UNPROCESSABLE_ENTITY
    );
    hears(&desk, &["kuma", "prometheus"]).await;
    let first = desk.app.last_heard().await.unwrap();
    let source = SourceId::from("kuma");
    let now = SystemClock.now();
    // A store that fails shows that nothing is written.
    desk.store.broken.store(true, Ordering::SeqCst);
    for second in 0..50 {
        let at = now + TimeDelta::seconds(second);
        desk.app.sign_of_life(&source, at).await.unwrap();
    }
    assert!(
        desk.app
            .sign_of_life(&source, now + TimeDelta::seconds(70))
            .await
            .is_err()
    );
    desk.store.broken.store(false, Ordering::SeqCst);
    assert_eq!(desk.app.last_heard().await.unwrap(), first);
    let later = now + TimeDelta::seconds(70);
    desk.app.sign_of_life(&source, later).await.unwrap();
    let heard = desk.app.last_heard().await.unwrap();
    assert_eq!(heard[0].1.timestamp(), later.timestamp());
}

#[tokio::test]
async fn a_test_of_a_source_is_taken_and_counted_and_opens_nothing() {
    let desk = Desk::open().await;
    let test = include_str!("fixtures/monitor/kuma_test.json");
    let post = || {
        desk.http
            .post(desk.url("/hooks/kuma"))
            .bearer_auth(TOKEN)
            .body(test)
    };
    let answer = post().send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(answer, json!({"accepted": 0, "left_out": 0, "notices": 1}));
    assert_eq!(desk.waiting().await, []);
    for _ in 0..4 {
        assert_eq!(post().send().await.unwrap().status(), StatusCode::OK);
    }
    let (_, rows) = desk.app.outbox_rows().await.unwrap();
    assert_eq!(rows.len(), 5, "to the administrator");
    // Who says more is counted only: nothing is written, so a broken store does not matter.
    desk.store.broken.store(true, Ordering::SeqCst);
    assert_eq!(post().send().await.unwrap().status(), StatusCode::OK);
    desk.store.broken.store(false, Ordering::SeqCst);
    let (_, rows) = desk.app.outbox_rows().await.unwrap();
    assert_eq!(rows.len(), 5);
}
