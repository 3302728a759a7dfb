//! `/hooks/{source}`: what a monitoring source posts is on disk before it is told 200. Sources that
//! can only ask put it into the query.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::StreamExt as _;
use serde_json::json;
use vigie_domain::SourceId;

use super::Web;
use super::token::shown;
use crate::app::event::{Envelope, Event};
use crate::monitor::worker::Hook;
use crate::monitor::{FieldProblem, Notice, Reading};

/// Largest body.
const LIMIT: usize = 8 * 1024 * 1024;
/// Bodies from this size wait for a place among the large ones, and are read aside.
const LARGE: usize = 256 * 1024;
/// Time in which a body must be here, however it drips.
const BODY_WITHIN: Duration = Duration::from_secs(30);
/// Time for which the rest of a body that is too large is read and thrown away, so that its sender
/// gets to read the answer instead of a broken connection.
const DRAIN: Duration = Duration::from_secs(5);
/// The type of a query that stands for a body.
const FORM: &str = "application/x-www-form-urlencoded";
/// When to come back while nothing can be written.
const RETRY_AFTER: &str = "5";

/// Why a hook was not taken.
enum Refusal {
    Unauthorised,
    TooLarge,
    TooSlow,
    Encoded,
    Broken,
    Unreadable(Vec<FieldProblem>),
    Storage,
}

impl Refusal {
    const fn word(&self) -> &'static str {
        match self {
            Self::Unauthorised => "unauthorised",
            Self::TooLarge => "too_large",
            Self::TooSlow => "too_slow",
            Self::Encoded => "encoded",
            Self::Broken => "broken",
            Self::Unreadable(_) => "unreadable",
            Self::Storage => "store_failed",
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let told = |status: StatusCode, error: &str| {
            (status, Json(json!({ "error": error }))).into_response()
        };
        match self {
            Self::Unauthorised => {
                let mut response = told(
                    StatusCode::UNAUTHORIZED,
                    "unknown source, or not its token (Authorization: Bearer …)",
                );
                response.headers_mut().insert(
                    header::WWW_AUTHENTICATE,
                    header::HeaderValue::from_static("Bearer"),
                );
                response
            }
            Self::TooLarge => {
                let mut response = told(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "the body is larger than 8 MiB; post fewer alerts at once",
                );
                response.headers_mut().insert(
                    header::CONNECTION,
                    header::HeaderValue::from_static("close"),
                );
                response
            }
            Self::TooSlow => told(
                StatusCode::REQUEST_TIMEOUT,
                "the body was not complete after 30 seconds",
            ),
            Self::Encoded => told(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "post the body without Content-Encoding",
            ),
            Self::Broken => told(StatusCode::BAD_REQUEST, "the body ended early"),
            Self::Unreadable(problems) => {
                let body = json!({ "error": "not readable", "problems": problems });
                (StatusCode::UNPROCESSABLE_ENTITY, Json(body)).into_response()
            }
            Self::Storage => {
                let mut response = told(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "nothing can be stored at present; nothing was taken, post it again",
                );
                response.headers_mut().insert(
                    header::RETRY_AFTER,
                    header::HeaderValue::from_static(RETRY_AFTER),
                );
                response
            }
        }
    }
}

/// What was taken of a hook.
struct Taken {
    alerts: u64,
    left_out: u64,
    notices: u64,
}

/// Notes a sign of life, aside: its sender does not wait for a decision that is being made, and one
/// that cannot be written is no reason to refuse what was posted.
fn lives(web: &Web, source: SourceId) {
    let now = web.app.now();
    if web.app.was_heard(&source, now) {
        return;
    }
    let app = Arc::clone(&web.app);
    tokio::spawn(async move {
        if let Err(error) = app.sign_of_life(&source, now).await {
            tracing::warn!(%source, %error, "A sign of life cannot be stored");
        }
    });
}

/// Alerts that are decided before the answer, where nothing waits before them.
const AT_ONCE: usize = 4;

/// Takes a hook.
pub async fn receive(
    State(web): State<Web>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    let started = Instant::now();
    let token = shown(request.headers());
    let admitted = web.sources.admit(&name, token.as_deref());
    let source = admitted.map(|source| source.id.clone());
    let label = source
        .as_ref()
        .map_or_else(|| "unknown".to_owned(), ToString::to_string);
    let taken = match source {
        None => Err(Refusal::Unauthorised),
        Some(source) => {
            used(&web, &source);
            lives(&web, source.clone());
            take(&web, source, request).await
        }
    };
    let result = taken.as_ref().err().map_or("taken", Refusal::word);
    metrics::counter!("vigie_hooks_total", "source" => label.clone(), "result" => result)
        .increment(1);
    match taken {
        Ok(taken) => {
            metrics::counter!("vigie_alerts_total", "source" => label).increment(taken.alerts);
            metrics::histogram!("vigie_hook_seconds").record(started.elapsed().as_secs_f64());
            let mut told = json!({ "accepted": taken.alerts, "left_out": taken.left_out });
            if let (Some(map), 1..) = (told.as_object_mut(), taken.notices) {
                map.insert("notices".to_owned(), taken.notices.into());
            }
            Json(told).into_response()
        }
        Err(refusal) => {
            tracing::warn!(source = label, result, "A hook was refused");
            refusal.into_response()
        }
    }
}

/// Reads, stores and passes on; then its sender may be told 200.
async fn take(web: &Web, source: SourceId, request: Request) -> Result<Taken, Refusal> {
    let headers = request.headers();
    if headers
        .get(header::CONTENT_ENCODING)
        .is_some_and(|encoding| encoding != "identity")
    {
        return Err(Refusal::Encoded);
    }
    let mut content_type = text(headers, header::CONTENT_TYPE).to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let length: Option<usize> = text(headers, header::CONTENT_LENGTH).parse().ok();
    let waits = headers.contains_key(header::EXPECT);
    let large = length.is_none_or(|length| length >= LARGE);
    let body = request.into_body();
    if length.is_some_and(|length| length > LIMIT) {
        // Who asks first whether the body is wanted has not sent it.
        if !waits {
            drain(body).await;
        }
        return Err(Refusal::TooLarge);
    }
    let _place = if large {
        Some(web.large.acquire().await)
    } else {
        None
    };
    let mut body = tokio::time::timeout(BODY_WITHIN, read(body))
        .await
        .map_err(|_| Refusal::TooSlow)??;
    if body.is_empty() && !query.is_empty() {
        // Kept as the form that it is, so that it is read the same way after a restart.
        body = query.into();
        FORM.clone_into(&mut content_type);
    }
    let parsed = parse(web, &source, &content_type, &body)
        .await
        .map_err(Refusal::Unreadable)?;
    let at = web.app.now();
    let taken = Taken {
        alerts: parsed.alerts.len() as u64,
        left_out: parsed.left_out,
        notices: parsed.notices.len() as u64,
    };
    tell(web, &source, &parsed.notices).await?;
    if taken.notices > 0 && taken.alerts == 0 {
        return Ok(taken);
    }
    if parsed.alerts.len() <= AT_ONCE && web.queue.is_idle() {
        let event = Event::Alerts {
            source: source.clone(),
            alerts: parsed.alerts.clone(),
            left_out: parsed.left_out,
        };
        let envelope = Envelope {
            inbox: None,
            at,
            event,
        };
        // What fails here goes the way over the inbox, which tells the sender.
        if matches!(web.app.handle_at_once(envelope).await, Ok(true)) {
            return Ok(taken);
        }
    }
    let row = web
        .app
        .receive_hook(&source, &content_type, body)
        .await
        .map_err(|error| {
            tracing::error!(%source, %error, "A hook cannot be stored");
            Refusal::Storage
        })?;
    web.queue.push(Hook {
        row,
        source,
        at,
        parsed,
    });
    Ok(taken)
}

/// What is no alert is told to those who look after sources.
async fn tell(web: &Web, source: &SourceId, notices: &[Notice]) -> Result<(), Refusal> {
    if notices.is_empty() {
        return Ok(());
    }
    let says: Vec<_> = notices.iter().map(|notice| notice.say(source)).collect();
    match web.app.source_says(source, &says).await {
        Ok(true) => Ok(()),
        Ok(false) => {
            tracing::info!(%source, "A source speaks too often; what it said is left out");
            Ok(())
        }
        Err(error) => {
            tracing::error!(%source, %error, "What a source says cannot be stored");
            Err(Refusal::Storage)
        }
    }
}

async fn read(body: Body) -> Result<Bytes, Refusal> {
    let mut stream = body.into_data_stream();
    let mut parts: Vec<Bytes> = Vec::new();
    let mut length = 0_usize;
    while let Some(part) = stream.next().await {
        let part = part.map_err(|_| Refusal::Broken)?;
        length += part.len();
        if length > LIMIT {
            drain(Body::from_stream(stream)).await;
            return Err(Refusal::TooLarge);
        }
        parts.push(part);
    }
    Ok(match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            parts.concat().into()
        }
        None => Bytes::new(),
    })
}

async fn drain(body: Body) {
    let mut stream = body.into_data_stream();
    let rest = async { while stream.next().await.is_some_and(|part| part.is_ok()) {} };
    let _ = tokio::time::timeout(DRAIN, rest).await;
}

/// Large bodies are read aside: other connections do not wait for them.
async fn parse(web: &Web, source: &SourceId, content_type: &str, body: &Bytes) -> Reading {
    if body.len() < LARGE {
        return web.sources.parse(source, content_type, body);
    }
    let (sources, source) = (web.sources.clone(), source.clone());
    let (content_type, body) = (content_type.to_owned(), body.clone());
    let reading = tokio::task::spawn_blocking(move || sources.parse(&source, &content_type, &body));
    reading.await.unwrap_or_else(|_| {
        Err(vec![FieldProblem {
            path: String::new(),
            what: "the reader of this format failed over it".to_owned(),
        }])
    })
}

pub(super) fn text(headers: &HeaderMap, name: header::HeaderName) -> &str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// A source has shown its token.
#[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
pub(super) fn used(web: &Web, source: &SourceId) {
    metrics::gauge!("vigie_source_last_use_timestamp_seconds", "source" => source.to_string())
        .set(web.app.now().timestamp() as f64);
}
