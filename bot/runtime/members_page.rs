//! The members' page of the demo: it plays the information system of a cooperative, and speaks to
//! Vigie as a real one does, over HTTP and signed. Choosing a member stands for signing in.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::app::ports::Clock as _;
use crate::clock::SystemClock;
use crate::demo::{self, World};
use crate::web::sealed::{NONCE, SIGNATURE, SiteSecrets, TIME};

/// Where the page is.
pub(super) const PATH: &str = "/members-page";
/// Time in which Vigie answers.
const WITHIN: Duration = Duration::from_secs(10);
/// What the page may load: its own script, its own style, and the picture that it was given.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                      connect-src 'self'; img-src data:; form-action 'none'; frame-ancestors 'none'";

const PAGE: &str = include_str!("../../data/demo/members-page/index.html");
const SCRIPT: &str = include_str!("../../data/demo/members-page/page.js");
const STYLE: &str = include_str!("../../data/demo/members-page/style.css");

/// The invented information system.
#[derive(Clone)]
pub(super) struct MembersPage {
    secrets: SiteSecrets,
    people: Arc<Value>,
    vigie: Arc<OnceLock<String>>,
    client: reqwest::Client,
}

impl MembersPage {
    /// One that shares these secrets with Vigie and knows these people.
    pub(super) fn new(secrets: SiteSecrets, world: &World) -> Self {
        Self {
            secrets,
            people: Arc::new(json!({
                "members": demo::members(),
                "accounts": demo::accounts(world),
                "bot": demo::bot(),
            })),
            vigie: Arc::default(),
            client: reqwest::Client::new(),
        }
    }

    /// Vigie is at this address from now on.
    pub(super) fn finds(&self, address: String) {
        // Told once, when everything listens.
        let _ = self.vigie.set(address);
    }

    /// Its routes.
    pub(super) fn routes(&self) -> Router {
        let file = |kind: &'static str, text: &'static str| {
            get(async move || {
                let policy = (header::CONTENT_SECURITY_POLICY, POLICY);
                ([(header::CONTENT_TYPE, kind), policy], text)
            })
        };
        Router::new()
            .route(PATH, file("text/html; charset=utf-8", PAGE))
            .route("/members-page/page.js", file("text/javascript", SCRIPT))
            .route("/members-page/style.css", file("text/css", STYLE))
            .route("/members-page/people", get(people))
            .route("/members-page/ask/{what}", post(ask))
            .with_state(self.clone())
    }

    async fn asked(&self, what: &str, body: Bytes) -> Option<(StatusCode, Bytes)> {
        let path = match what {
            "begin" => "/si/links",
            "state" => "/si/links/state",
            "number" => "/si/links/number",
            "refuse" => "/si/links/refuse",
            _ => return None,
        };
        let nonce = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>());
        let time = SystemClock.now().timestamp();
        let signature = self.secrets.sign(path, time, &nonce, &body);
        let asking = self
            .client
            .post(format!("{}{path}", self.vigie.get()?))
            .timeout(WITHIN)
            .header(TIME, time)
            .header(NONCE, &nonce)
            .header(SIGNATURE, signature)
            .body(body);
        let answer = asking.send().await.ok()?;
        let status = answer.status();
        let signature = answer.headers().get(SIGNATURE).cloned();
        let body = answer.bytes().await.ok()?;
        let ours = self.secrets.sign_answer(&nonce, status, &body);
        let theirs = signature.as_ref().map(HeaderValue::as_bytes);
        // An answer that Vigie did not sign says nothing.
        (theirs == Some(ours.as_bytes())).then_some((status, body))
    }
}

async fn people(State(page): State<MembersPage>) -> Json<Value> {
    Json((*page.people).clone())
}

async fn ask(State(page): State<MembersPage>, Path(what): Path<String>, body: Bytes) -> Response {
    match page.asked(&what, body).await {
        Some((status, body)) => {
            (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
        }
        None => (
            StatusCode::BAD_GATEWAY,
            Json(json!({ "error": "unreachable" })),
        )
            .into_response(),
    }
}
