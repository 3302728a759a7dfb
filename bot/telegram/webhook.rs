//! Updates that the messenger brings: 200 once they are on disk, 503 while they cannot be.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use reqwest::Url;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use subtle::ConstantTimeEq as _;
use teloxide::types::Update;
use tokio::sync::mpsc;
use tokio::time::sleep;

use super::client::{Api, CallError};
use super::health::Health;
use super::inbox::{ALLOWED, number_of, parse};
use crate::app::App;

/// The path that the messenger calls.
pub const PATH: &str = "/telegram/webhook";
/// Largest body; updates are far smaller.
const LARGEST: usize = 1024 * 1024;
/// Seconds after which the messenger should try again.
const RETRY_S: &str = "5";
/// Calls of the messenger at the same time.
const CONNECTIONS: u32 = 40;
/// How often it is looked whether updates are still brought to us.
const EVERY: Duration = Duration::from_secs(30);
/// Updates handed over and not taken yet; more wait in the store.
pub(super) const QUEUE: usize = 1_024;

#[derive(Clone)]
pub(super) struct Door {
    pub app: Arc<App>,
    pub health: Arc<Health>,
    pub secret: SecretString,
    pub handed: mpsc::Sender<Update>,
}

/// The route of the webhook.
pub(super) fn router(door: Door) -> Router {
    Router::new()
        .route(PATH, post(receive))
        .layer(DefaultBodyLimit::max(LARGEST))
        .with_state(door)
}

async fn receive(State(door): State<Door>, headers: HeaderMap, body: Bytes) -> Response {
    if !knows_secret(&headers, &door.secret) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let Ok(update) = serde_json::from_slice::<Value>(&body) else {
        return (StatusCode::BAD_REQUEST, "not JSON").into_response();
    };
    let Some(id) = number_of(&update) else {
        return (StatusCode::BAD_REQUEST, "no update_id").into_response();
    };
    let json = update.to_string();
    let raw = [(id, json)];
    let fresh = match door.app.receive_updates(&raw, None).await {
        Ok(fresh) => fresh,
        Err(error) => {
            tracing::error!(%error, "an update could not be kept");
            let again = [(header::RETRY_AFTER, RETRY_S)];
            return (StatusCode::SERVICE_UNAVAILABLE, again).into_response();
        }
    };
    door.health.polled(door.app.now());
    door.health.got(fresh.len());
    let [(_, json)] = &raw;
    if !fresh.is_empty() && door.handed.send(parse(id, json)).await.is_err() {
        tracing::warn!("an update waits for the next start");
    }
    StatusCode::OK.into_response()
}

fn knows_secret(headers: &HeaderMap, secret: &SecretString) -> bool {
    let shown = headers.get("x-telegram-bot-api-secret-token");
    let shown = shown.map_or(&[][..], |shown| shown.as_bytes());
    let secret = secret.expose_secret().as_bytes();
    // An empty secret would let everybody in.
    !secret.is_empty() && bool::from(shown.ct_eq(secret))
}

/// Tells the messenger where to bring updates.
pub(super) async fn register(
    api: &Api,
    public_url: &Url,
    secret: &SecretString,
) -> Result<(), CallError> {
    let payload = json!({
        "url": target(public_url).as_str(),
        "secret_token": secret.expose_secret(),
        "allowed_updates": ALLOWED,
        "max_connections": CONNECTIONS,
    });
    api.call::<bool>("setWebhook", &payload).await.map(|_| ())
}

fn target(public_url: &Url) -> Url {
    let mut url = public_url.clone();
    if url.path() == "/" {
        url.set_path(PATH);
    }
    url
}

/// Looks from time to time whether updates are still brought to us: a quiet night and a webhook
/// that somebody else took away look alike from here.
pub(super) async fn watch(
    app: Arc<App>,
    api: Api,
    health: Arc<Health>,
    public_url: Url,
    secret: SecretString,
) {
    let ours = target(&public_url);
    loop {
        sleep(EVERY).await;
        match api.call::<Value>("getWebhookInfo", &json!({})).await {
            Ok(info) if info.get("url").and_then(Value::as_str) == Some(ours.as_str()) => {
                health.polled(app.now());
            }
            Ok(_) => {
                health.in_conflict();
                tracing::error!("updates are brought elsewhere; asking for them again");
                if let Err(error) = register(&api, &public_url, &secret).await {
                    tracing::error!(%error, "the webhook could not be set");
                }
            }
            Err(error) => tracing::warn!(%error, "the webhook could not be looked at"),
        }
    }
}
