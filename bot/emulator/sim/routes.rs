//! The `/sim` routes.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use serde_json::{Value, json};

use super::{Sim, SimError, SimResult, control, read};
use crate::methods;
use crate::server::{Server, lock};

type Shared = State<Arc<Server>>;
type Args = Query<HashMap<String, String>>;

/// Routes of the persons' side.
pub(crate) fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/sim/world", get(world))
        .route("/sim/chats/{id}/messages", get(messages))
        .route("/sim/calls", get(calls).delete(clear_calls))
        .route("/sim/events", get(events))
        .route("/sim/commands", get(commands))
        .route("/sim/files/{id}", get(file))
        .route("/sim/clock", get(clock).post(set_clock))
        .route("/sim/pace", get(pace).post(set_pace))
        .route(
            "/sim/faults",
            get(faults).post(add_fault).delete(clear_faults),
        )
        .route("/sim/tap", post(tap))
        .route("/sim/mails", get(mails).post(put_mail))
        .route("/sim/{action}", post(action))
        .method_not_allowed_fallback(|| async {
            reply(Err(SimError {
                status: 405,
                message: "this route takes another HTTP method".into(),
            }))
        })
        .layer(DefaultBodyLimit::max(30 * 1024 * 1024))
        .layer(middleware::from_fn(same_origin))
}

/// Whether a page of another site asks, through a person's browser.
fn is_foreign(headers: &HeaderMap) -> bool {
    let header = |name| headers.get(name).and_then(|v| v.to_str().ok());
    header(header::ORIGIN).is_some_and(|origin| {
        let host = origin.split_once("://").map(|(_, host)| host);
        host != header(header::HOST)
    })
}

async fn same_origin(request: Request, next: Next) -> Response {
    if is_foreign(request.headers()) {
        return reply(Err(SimError {
            status: 403,
            message: "requests from other sites are refused".into(),
        }));
    }
    next.run(request).await
}

fn reply(result: SimResult) -> Response {
    match result {
        Ok(value) => Json(value).into_response(),
        Err(refusal) => {
            let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::BAD_REQUEST);
            (status, Json(json!({ "error": refusal.message }))).into_response()
        }
    }
}

/// The body as JSON; an empty one is an empty object.
fn parse(body: &Bytes) -> Result<Value, SimError> {
    if body.is_empty() {
        return Ok(json!({}));
    }
    serde_json::from_slice(body).map_err(|e| SimError::new(format!("the body is not JSON: {e}")))
}

async fn action(State(server): Shared, Path(name): Path<String>, body: Bytes) -> Response {
    reply(parse(&body).and_then(|body| Sim::new(server).post(&name, &body)))
}

async fn tap(State(server): Shared, body: Bytes) -> Response {
    match parse(&body) {
        Ok(body) => reply(super::tap::tap(&server, &body).await),
        Err(refusal) => reply(Err(refusal)),
    }
}

async fn mails(State(server): Shared) -> Response {
    reply(Ok(server.with(super::mails::list)))
}

async fn put_mail(State(server): Shared, body: Bytes) -> Response {
    reply(parse(&body).and_then(|body| Sim::new(server).post("mails", &body)))
}

async fn world(State(server): Shared) -> Response {
    reply(Ok(server.with(read::world)))
}

fn number<T: std::str::FromStr>(args: &HashMap<String, String>, name: &str) -> Option<T> {
    args.get(name)?.parse().ok()
}

async fn messages(State(server): Shared, Path(id): Path<String>, Query(args): Args) -> Response {
    let Ok(id) = id.parse() else {
        return reply(Err(SimError::new("a chat's id is a number")));
    };
    let range = read::Range {
        after: number(&args, "after").unwrap_or(0),
        before: number(&args, "before").unwrap_or(0),
        limit: number(&args, "limit").unwrap_or(0),
        bot: number(&args, "bot"),
    };
    reply(server.with(|world| read::messages(world, id, &range)))
}

async fn calls(State(server): Shared, Query(args): Args) -> Response {
    let text = |name: &str| args.get(name).map_or("", String::as_str);
    let after = number(&args, "after").unwrap_or(0);
    let limit = number(&args, "limit").unwrap_or(usize::MAX);
    reply(Ok(control::calls(
        &server,
        text("method"),
        text("chat"),
        after,
        limit,
    )))
}

async fn clear_calls(State(server): Shared) -> Response {
    lock(&server.calls).clear();
    reply(Ok(json!({ "ok": true })))
}

async fn events(State(server): Shared, Query(args): Args) -> Response {
    let since = number::<u64>(&args, "since").unwrap_or(0);
    let timeout = Duration::from_secs(number(&args, "timeout").unwrap_or(25).min(60));
    let mut follow = server.with(|world| world.events.subscribe());
    // A higher number than ours comes from before a restart: answer at once.
    let newest = *follow.borrow();
    if since <= newest {
        tokio::select! {
            _ = tokio::time::timeout(timeout, follow.wait_for(|seq| *seq > since)) => {}
            () = server.stop.cancelled() => {}
        }
    }
    let (seq, events) = server.with(|world| world.events.after(since));
    reply(Ok(json!({ "seq": seq, "events": events })))
}

async fn commands(State(server): Shared, Query(args): Args) -> Response {
    let chat = number(&args, "chat");
    let user = number(&args, "user").or(chat.filter(|c| *c > 0));
    let (Some(chat), Some(user)) = (chat.or(user), user) else {
        return reply(Err(SimError::new("chat and user are needed")));
    };
    let bot = number(&args, "bot");
    reply(Ok(
        server.with(|world| methods::shown_to(world, chat, user, bot))
    ))
}

async fn file(State(server): Shared, Path(id): Path<String>) -> Response {
    let found = server.with(|world| world.files.get(&id).cloned());
    match found.and_then(|f| Some((f.mime.clone(), server.file_bytes(&f)?))) {
        Some((mime, bytes)) => ([(header::CONTENT_TYPE, mime)], bytes).into_response(),
        None => reply(Err(SimError::missing("this file"))),
    }
}

async fn clock(State(server): Shared) -> Response {
    reply(Ok(control::clock(&server)))
}

async fn set_clock(State(server): Shared, body: Bytes) -> Response {
    reply(parse(&body).and_then(|body| control::set_clock(&server, &body)))
}

async fn pace(State(server): Shared) -> Response {
    reply(Ok(lock(&server.pace).to_json()))
}

async fn set_pace(State(server): Shared, body: Bytes) -> Response {
    reply(parse(&body).and_then(|body| control::set_pace(&server, &body)))
}

async fn faults(State(server): Shared) -> Response {
    reply(Ok(lock(&server.faults).to_json()))
}

async fn add_fault(State(server): Shared, body: Bytes) -> Response {
    reply(parse(&body).and_then(|body| control::add_fault(&server, &body)))
}

async fn clear_faults(State(server): Shared, Query(args): Args) -> Response {
    lock(&server.faults).clear(number(&args, "id"));
    reply(Ok(json!({ "ok": true })))
}
