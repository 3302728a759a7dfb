//! Hooks over HTTP: what is told 200 is on disk and handled in order, what is not taken is told why.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::too_many_lines,
    clippy::disallowed_methods,
    reason = "helpers and tables of tests"
)]

#[path = "support/hook_desk.rs"]
#[allow(dead_code, reason = "each test file uses a part of the desk")]
mod hook_desk;

use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use hook_desk::{Desk, PATIENCE, TOKEN, body};
use reqwest::StatusCode;
use serde_json::{Value, json};
use vigie::app::ports::Clock as _;
use vigie::clock::SystemClock;
use vigie::monitor::worker::Queue;
use vigie::vitals::Outbox;
use vigie::web::server::Limits;

#[tokio::test]
async fn what_is_told_200_is_on_disk_as_it_was_posted() {
    let desk = Desk::open().await;
    let (status, answer) = desk.post(body(3)).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(answer, json!({"accepted": 3, "left_out": 0}));
    let rows = desk.app.waiting_hooks(None).await.unwrap().hooks;
    assert_eq!(rows.len(), 1);
    let raw = &rows[0].1;
    assert_eq!(raw.source.as_str(), "prometheus");
    assert_eq!(raw.content_type, "application/json");
    assert_eq!(raw.body, body(3).as_bytes());
}

#[tokio::test]
async fn only_the_token_of_the_source_is_let_in_and_nobody_learns_which_sources_exist() {
    let desk = Desk::open().await;
    let mut refusals = Vec::new();
    for (source, authorization, let_in) in [
        ("prometheus", format!("Bearer {TOKEN}"), true),
        ("prometheus", format!("bearer  {TOKEN}"), true),
        ("scripts", "Bearer an-old-token".to_owned(), true),
        ("scripts", "Bearer a-new-token".to_owned(), true),
        ("prometheus", String::new(), false),
        ("prometheus", "Bearer".to_owned(), false),
        ("prometheus", "Bearer ".to_owned(), false),
        ("prometheus", TOKEN.to_owned(), false),
        ("prometheus", format!("Basic {TOKEN}"), false),
        ("prometheus", format!("Bearer {TOKEN}x"), false),
        ("prometheus", "Bearer an-old-token".to_owned(), false),
        ("scripts", format!("Bearer {TOKEN}"), false),
        ("no-such-source", format!("Bearer {TOKEN}"), false),
        ("no-such-source", String::new(), false),
        ("..%2Fhealthz", format!("Bearer {TOKEN}"), false),
    ] {
        let before = desk.waiting().await.len();
        let url = desk.url(&format!("/hooks/{source}"));
        let mut request = desk.http.post(url).body(r#"{"title":"x"}"#);
        if !authorization.is_empty() {
            request = request.header("authorization", &authorization);
        }
        let answer = request.send().await.unwrap();
        let stored = desk.waiting().await.len() - before;
        if let_in {
            assert_eq!(answer.status(), StatusCode::OK, "{source} {authorization}");
            assert_eq!(stored, 1);
        } else {
            assert_eq!(
                answer.status(),
                StatusCode::UNAUTHORIZED,
                "{source} {authorization}"
            );
            assert_eq!(answer.headers()["www-authenticate"], "Bearer");
            assert_eq!(stored, 0);
            refusals.push(answer.text().await.unwrap());
        }
    }
    refusals.dedup();
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    let status = desk.http.delete(desk.url("/hooks/prometheus"));
    let status = status.bearer_auth(TOKEN).send().await.unwrap().status();
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_whether_it_says_so_or_not() {
    let desk = Desk::open().await;
    let large = vec![b' '; 10 * 1024 * 1024];
    let (status, answer) = desk.post(large.clone()).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(
        answer["error"].as_str().unwrap().contains("8 MiB"),
        "{answer}"
    );
    let parts = large
        .chunks(64 * 1024)
        .map(|part| Ok::<_, std::io::Error>(part.to_vec()));
    let parts: Vec<_> = parts.collect();
    let chunked = reqwest::Body::wrap_stream(futures::stream::iter(parts));
    let (status, _) = desk.post(chunked).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(desk.waiting().await, []);
}

#[tokio::test]
async fn what_cannot_be_read_is_told_with_its_place_and_not_stored() {
    let desk = Desk::open().await;
    for (body, path) in [
        (
            r#"{"alerts": [{"labels": 5}]}"#.to_owned(),
            "alerts[0].labels",
        ),
        ("not JSON".to_owned(), ""),
        ("[".repeat(100_000), ""),
        (String::new(), ""),
    ] {
        let (status, answer) = desk.post(body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer["problems"][0]["path"], path, "{answer}");
    }
    let packed = desk
        .http
        .post(desk.url("/hooks/prometheus"))
        .bearer_auth(TOKEN)
        .header("content-encoding", "gzip")
        .body("x");
    let status = packed.send().await.unwrap().status();
    assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(desk.waiting().await, []);
}

#[tokio::test]
async fn forms_and_text_are_read_too() {
    let desk = Desk::open().await;
    for (content_type, body) in [
        (
            "application/x-www-form-urlencoded",
            "summary=a&dedup=b&action=close",
        ),
        ("text/plain", r#"{"title": "a"}"#),
        ("text/plain", "summary=a&equipment=b"),
    ] {
        let request = desk
            .http
            .post(desk.url("/hooks/scripts"))
            .bearer_auth("a-new-token")
            .header("content-type", content_type)
            .body(body);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{content_type}");
    }
    desk.work();
    desk.until_handled(3).await;
}

#[tokio::test]
async fn while_nothing_can_be_stored_the_sender_is_told_to_come_back() {
    let desk = Desk::open().await;
    desk.work();
    desk.store.broken.store(true, Ordering::SeqCst);
    let request = desk.http.post(desk.url("/hooks/prometheus"));
    let answer = request
        .bearer_auth(TOKEN)
        .body(body(1))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers()["retry-after"], "5");
    let (status, says) = desk.get("/readyz").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        says.contains("read-only: no space left on device"),
        "{says}"
    );
    assert!(desk.get("/metrics").await.1.contains("vigie_store_ok 0"));
    assert_eq!(desk.get("/healthz").await.0, StatusCode::OK);
    desk.store.broken.store(false, Ordering::SeqCst);
    assert_eq!(desk.waiting().await, [], "nothing was taken");
    // Few alerts are decided at once and leave no row; these go over the inbox.
    assert_eq!(desk.post(body(5)).await.0, StatusCode::OK);
    desk.until_handled(1).await;
    assert_eq!(desk.get("/readyz").await.0, StatusCode::OK);
}

#[tokio::test]
async fn hooks_are_handled_in_order_while_the_store_stumbles() {
    let desk = Desk::open().await;
    for _ in 0..40 {
        assert_eq!(desk.post(body(2)).await.0, StatusCode::OK);
    }
    desk.store.failures.store(3, Ordering::SeqCst);
    desk.work();
    desk.until_handled(40).await;
}

#[tokio::test]
async fn what_the_queue_does_not_hold_is_read_from_disk_in_its_turn() {
    let desk = Desk::with(Queue::with_limit(10), Limits::default()).await;
    for _ in 0..20 {
        desk.post(body(5)).await;
    }
    assert_eq!(
        desk.queue.backlog(),
        (0, true),
        "the disk comes first after a start"
    );
    desk.work();
    let posts = (0..60).map(|_| desk.post(body(5)));
    for (status, _) in futures::future::join_all(posts).await {
        assert_eq!(status, StatusCode::OK);
        assert!(desk.queue.backlog().0 <= 10);
    }
    let start = Instant::now();
    while !desk.waiting().await.is_empty() {
        assert!(start.elapsed() < PATIENCE);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(desk.done().len(), 80);
}

#[tokio::test]
async fn what_was_acknowledged_before_a_stop_is_handled_after_the_start() {
    let mut desk = Desk::open().await;
    desk.post(body(1)).await;
    desk.post(body(5)).await;
    // A new queue knows nothing of them, as after a crash.
    desk.queue = Arc::new(Queue::default());
    desk.work();
    desk.until_handled(2).await;
}

#[tokio::test]
async fn a_large_hook_is_handled_in_slices() {
    let desk = Desk::open().await;
    let (status, answer) = desk.post(body(400)).await;
    assert_eq!((status, &answer["accepted"]), (StatusCode::OK, &json!(400)));
    desk.work();
    desk.until_handled(1).await;
}

#[tokio::test]
async fn a_hook_in_many_parts_is_handled() {
    let desk = Desk::open().await;
    let whole = body(10);
    let padded = whole.replacen(
        '{',
        &format!("{{{}", " ".repeat(8_388_000 - whole.len())),
        1,
    );
    assert_eq!(desk.post(padded).await.0, StatusCode::OK);
    desk.work();
    desk.until_handled(1).await;
}

#[tokio::test]
async fn health_tells_which_part_does_not_work() {
    let desk = Desk::open().await;
    let now = SystemClock.now();
    desk.vitals.alive("telegram", now, TimeDelta::minutes(1));
    assert_eq!(desk.get("/readyz").await.0, StatusCode::OK);
    desk.vitals
        .trouble("telegram", now, "409 Conflict: another instance polls");
    let (status, says) = desk.get("/readyz").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    let says: Value = serde_json::from_str(&says).unwrap();
    assert_eq!(says["ready"], false);
    assert_eq!(says["store"], "ok");
    assert_eq!(
        says["parts"]["telegram"],
        "409 Conflict: another instance polls"
    );
    desk.vitals.alive("telegram", now, TimeDelta::minutes(1));
    desk.vitals.set_outbox(Outbox {
        rows: 3,
        due_since: Some(now - TimeDelta::minutes(6)),
        settled_at: None,
    });
    let (status, says) = desk.get("/readyz").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    let says: Value = serde_json::from_str(&says).unwrap();
    assert_eq!(says["outbox"]["rows"], 3);
    assert_eq!(says["outbox"]["stuck"], true);
}

#[tokio::test]
async fn metrics_have_names_with_units() {
    let desk = Desk::open().await;
    desk.post(body(2)).await;
    desk.http.post(desk.url("/hooks/x")).send().await.unwrap();
    let (status, text) = desk.get("/metrics").await;
    assert_eq!(status, StatusCode::OK);
    for line in [
        r#"vigie_hooks_total{source="prometheus",result="taken"} "#,
        r#"vigie_hooks_total{source="unknown",result="unauthorised"} "#,
        r#"vigie_alerts_total{source="prometheus"} "#,
        r#"vigie_hook_seconds_bucket{le="0.01"} "#,
        "# TYPE vigie_hook_seconds histogram",
        "vigie_inbox_rows 1\n",
        "vigie_outbox_rows ",
        "vigie_outbox_oldest_seconds ",
        "vigie_store_ok ",
        "process_resident_memory_bytes ",
        "process_cpu_seconds_total ",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    assert!(!text.contains(TOKEN));
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_bind_a_browser() {
    let desk = Desk::open().await;
    for path in [
        "/healthz",
        "/readyz",
        "/metrics",
        "/hooks/x",
        "/no-such-page",
    ] {
        let answer = desk.http.get(desk.url(path)).send().await.unwrap();
        let headers = answer.headers();
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'"), "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["x-frame-options"], "DENY", "{path}");
        assert_eq!(headers["referrer-policy"], "no-referrer", "{path}");
        assert_eq!(headers["cache-control"], "no-store", "{path}");
    }
}

#[tokio::test]
async fn a_client_that_drips_its_head_is_cut_off() {
    let limits = Limits {
        head_within: Duration::from_millis(200),
        ..Limits::default()
    };
    let desk = Desk::with(Queue::default(), limits).await;
    let address = desk.address;
    let slow = tokio::task::spawn_blocking(move || {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
            .write_all(b"POST /hooks/prometheus HTTP/1.1\r\nhost: x\r\n")
            .unwrap();
        let start = Instant::now();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        start.elapsed()
    });
    assert_eq!(desk.post(body(1)).await.0, StatusCode::OK);
    assert!(slow.await.unwrap() < PATIENCE, "the connection was closed");
}

#[tokio::test]
async fn a_backlog_is_read_piece_by_piece_and_handled_in_order_once() {
    const HOOKS: usize = 120;
    let desk = Desk::open().await;
    // Larger than one record: its parts are put together again.
    let words = "long ".repeat(30_000);
    for number in 0..HOOKS {
        let alert = json!({
            "status": "firing",
            "labels": {"alertname": "RelayDown", "equipment": format!("relais-{number}")},
            "annotations": {"summary": words},
            "startsAt": "2026-11-01T08:00:00Z",
            "fingerprint": format!("{number:016x}")
        });
        let body = json!({"version": "4", "status": "firing", "alerts": [alert]});
        assert_eq!(desk.post(body.to_string()).await.0, StatusCode::OK);
    }
    let pages = desk.pages().await;
    let most = pages.iter().map(|page| {
        let bodies = page.iter().map(|(_, raw)| raw.body.len());
        bodies.sum::<usize>()
    });
    assert!(most.max().unwrap() < 2 * 1024 * 1024);
    assert!(pages.len() > 8, "{} pages", pages.len());
    assert_eq!(pages.into_iter().flatten().count(), HOOKS);
    assert_eq!(desk.app.count_waiting_hooks().await.unwrap(), HOOKS);
    assert_eq!(desk.queue.backlog(), (0, true), "nothing is in memory");
    desk.work();
    // More come while the disk is read.
    for _ in 0..5 {
        assert_eq!(desk.post(body(30)).await.0, StatusCode::OK);
    }
    desk.until_handled(HOOKS + 5).await;
}

#[tokio::test]
async fn a_stop_lets_a_request_in_work_end() {
    let desk = Desk::open().await;
    let mut stream = tokio::net::TcpStream::connect(desk.address).await.unwrap();
    let body = body(1);
    let head = format!(
        "POST /hooks/prometheus HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TOKEN}\r\n\
         expect: 100-continue\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut asked = [0; 25];
    stream.read_exact(&mut asked).await.unwrap();
    assert_eq!(asked.as_slice(), b"HTTP/1.1 100 Continue\r\n\r\n");
    desk.stop.cancel();
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(desk.app.count_waiting_hooks().await.unwrap(), 1);
}

#[tokio::test]
async fn few_alerts_are_decided_before_the_answer_when_nothing_waits() {
    let desk = Desk::open().await;
    desk.work();
    let start = Instant::now();
    while !desk.queue.is_idle() {
        assert!(start.elapsed() < PATIENCE, "the disk was read");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(desk.post(body(2)).await.0, StatusCode::OK);
    assert_eq!(desk.waiting().await, []);
    assert_eq!(desk.done(), [], "no row was needed");
    assert!(
        desk.app.next_due().await.unwrap().is_some(),
        "they are known"
    );
}
