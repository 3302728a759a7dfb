//! Webhooks.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use vigie_emulator::Emulator;

use crate::lab::{ANA, BRUNO, GROUP, Lab};

#[derive(Clone, Default)]
struct Hook {
    seen: Arc<Mutex<Vec<(Option<String>, Value)>>>,
    /// Codes and `Retry-After` of the next answers; afterwards all is well.
    answers: Arc<Mutex<VecDeque<(u16, Option<u64>)>>>,
    reply: Arc<Mutex<Option<Value>>>,
}

impl Hook {
    async fn listen(&self) -> String {
        let app = Router::new()
            .route("/hook", post(receive))
            .with_state(self.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await });
        format!("http://{addr}/hook")
    }

    async fn wait(&self, count: usize) -> Vec<(Option<String>, Value)> {
        Lab::until("updates at the webhook", async || {
            let seen = self.seen.lock().unwrap().clone();
            (seen.len() >= count).then_some(seen)
        })
        .await
    }
}

async fn receive(State(hook): State<Hook>, headers: HeaderMap, body: String) -> Response {
    let secret = headers
        .get("x-telegram-bot-api-secret-token")
        .map(|v| v.to_str().unwrap().to_owned());
    hook.seen
        .lock()
        .unwrap()
        .push((secret, serde_json::from_str(&body).unwrap()));
    let (code, wait) = hook
        .answers
        .lock()
        .unwrap()
        .pop_front()
        .unwrap_or((200, None));
    let reply = hook.reply.lock().unwrap().take();
    let mut response = reply
        .map_or_else(String::new, |r| r.to_string())
        .into_response();
    *response.status_mut() = StatusCode::from_u16(code).unwrap();
    if let Some(seconds) = wait {
        response
            .headers_mut()
            .insert("retry-after", seconds.to_string().parse().unwrap());
    }
    response
}

async fn lab() -> (Lab, Hook, String) {
    let builder = Emulator::builder()
        .hold(Duration::from_millis(20))
        .webhook_retry(Duration::from_millis(40));
    let lab = Lab::empty(builder).await;
    lab.settle().await;
    let hook = Hook::default();
    let url = hook.listen().await;
    (lab, hook, url)
}

async fn write(lab: &Lab, from: i64, text: &str) {
    lab.sim("send", json!({ "from": from, "chat": from, "text": text }))
        .await;
}

#[tokio::test]
async fn updates_are_delivered_with_the_secret() {
    let (lab, hook, url) = lab().await;
    write(&lab, ANA, "avant").await;
    let set = json!({ "url": url, "secret_token": "s3cret_-", "max_connections": 5, "allowed_updates": ["message"] });
    assert_eq!(lab.call("setWebhook", set).await.ok(), true);
    write(&lab, ANA, "après").await;
    let seen = hook.wait(2).await;
    assert_eq!(seen[0].0.as_deref(), Some("s3cret_-"));
    let texts: Vec<&Value> = seen.iter().map(|(_, u)| &u["message"]["text"]).collect();
    assert_eq!(texts, ["avant", "après"]);
    let info = Lab::until("an empty queue", async || {
        let info = lab.call("getWebhookInfo", json!({})).await.ok();
        (info["pending_update_count"] == 0).then_some(info)
    })
    .await;
    assert_eq!(info["url"], url);
    assert_eq!(info["max_connections"], 5);
    assert_eq!(info["allowed_updates"], json!(["message"]));
    assert_eq!(info["has_custom_certificate"], false);
    let conflict = lab.call("getUpdates", json!({})).await.refused();
    let text = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
    assert_eq!(conflict, (409, text.into()));
    assert_eq!(lab.call("deleteWebhook", json!({})).await.ok(), true);
    write(&lab, ANA, "ensuite").await;
    assert_eq!(lab.updates().await[0]["message"]["text"], "ensuite");
    assert_eq!(hook.seen.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn failures_are_retried_in_order_without_stopping_others() {
    let (lab, hook, url) = lab().await;
    write(&lab, BRUNO, "/start").await;
    lab.updates().await;
    hook.answers
        .lock()
        .unwrap()
        .extend([(500, None), (503, None), (500, None)]);
    lab.call("setWebhook", json!({ "url": url })).await.ok();
    write(&lab, ANA, "un").await;
    Lab::until("an error", async || {
        let info = lab.call("getWebhookInfo", json!({})).await.ok();
        (info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error")
            .then_some(())
    })
    .await;
    write(&lab, ANA, "deux").await;
    let seen = hook.wait(5).await;
    let texts: Vec<&str> = seen
        .iter()
        .map(|(_, u)| u["message"]["text"].as_str().unwrap())
        .collect();
    assert_eq!(texts, ["un", "un", "un", "un", "deux"]);
    assert_eq!(seen[0].1["update_id"], seen[3].1["update_id"]);
    // A refused chat does not stop another one.
    hook.seen.lock().unwrap().clear();
    hook.answers.lock().unwrap().extend([(503, Some(3600))]);
    write(&lab, ANA, "bloqué").await;
    hook.wait(1).await;
    write(&lab, BRUNO, "libre").await;
    let seen = hook.wait(2).await;
    assert_eq!(seen[1].1["message"]["text"], "libre");
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(hook.seen.lock().unwrap().len(), 2, "Retry-After is obeyed");
    let info = lab.call("getWebhookInfo", json!({})).await.ok();
    assert_eq!(info["pending_update_count"], 1);
    assert_eq!(
        info["last_error_message"],
        "Wrong response from the webhook: 503 Service Unavailable"
    );
}

#[tokio::test]
async fn an_answer_may_be_a_call() {
    let (lab, hook, url) = lab().await;
    *hook.reply.lock().unwrap() =
        Some(json!({ "method": "sendMessage", "chat_id": GROUP, "text": "réponse" }));
    lab.call("setWebhook", json!({ "url": url })).await.ok();
    write(&lab, ANA, "question").await;
    Lab::until("the answer", async || {
        let list = lab.messages(GROUP).await;
        list.iter().any(|m| m["text"] == "réponse").then_some(())
    })
    .await;
}

#[tokio::test]
async fn webhooks_are_checked() {
    let (lab, _, url) = lab().await;
    lab.refuses(&[
        (
            "setWebhook",
            json!({ "url": "ftp://x/y" }),
            400,
            "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
        ),
        (
            "setWebhook",
            json!({ "url": "http://" }),
            400,
            "Bad Request: bad webhook: invalid webhook URL specified",
        ),
        (
            "setWebhook",
            json!({ "url": url, "secret_token": "é" }),
            400,
            "Bad Request: secret token contains unallowed characters",
        ),
        (
            "setWebhook",
            json!({ "url": url, "secret_token": "x".repeat(257) }),
            400,
            "Bad Request: secret token is too long",
        ),
    ])
    .await;
    let empty = lab.call("getWebhookInfo", json!({})).await.ok();
    assert_eq!(
        empty,
        json!({ "url": "", "has_custom_certificate": false, "pending_update_count": 0 })
    );
    write(&lab, ANA, "vieux").await;
    let poll = lab.call(
        "getUpdates",
        json!({ "timeout": 20, "offset": 999_999_999 }),
    );
    let set = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        lab.call(
            "setWebhook",
            json!({ "url": "http://127.0.0.1:1/", "drop_pending_updates": true }),
        )
        .await
    };
    let (poll, set) = tokio::join!(poll, set);
    assert_eq!(
        poll.refused(),
        (409, "Conflict: terminated by setWebhook request".into())
    );
    set.ok();
    let again = lab.call("setWebhook", json!({ "url": url })).await;
    assert_eq!(
        again.refused(),
        (429, "Too Many Requests: retry after 1".into())
    );
    write(&lab, ANA, "neuf").await;
    Lab::until("an error", async || {
        let info = lab.call("getWebhookInfo", json!({})).await.ok();
        (info["last_error_message"] == "Connection refused").then_some(())
    })
    .await;
}
