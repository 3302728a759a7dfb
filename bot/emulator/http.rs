//! The routes of the Bot API.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::clock::real_us;
use crate::error::{ApiError, ApiResult};
use crate::faults::Effect;
use crate::methods::{self, Ctx};
use crate::params::Params;
use crate::polling;
use crate::server::{Server, lock};
use crate::transcript::Call;
use crate::world::{Key, User};

/// Marks an answer that must never reach the client: the connection is closed instead.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hangup;

/// Serves `/bot{token}/{method}` and `/file/bot{token}/{path}`.
pub(crate) async fn fallback(State(server): State<Arc<Server>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let decoded = percent_decode_str(&path).decode_utf8_lossy().into_owned();
    if let Some(rest) = decoded.strip_prefix("/file/bot") {
        return file(&server, rest);
    }
    let Some(rest) = decoded.strip_prefix("/bot") else {
        return refuse(&ApiError::new(404, "Not Found"));
    };
    let (token, method) = rest.split_once('/').unwrap_or((rest, ""));
    // Test servers are reached by `/bot{token}/test/{method}`.
    let method = method.strip_prefix("test/").unwrap_or(method);
    let bot = match authorise(&server, token) {
        Ok(bot) => bot,
        Err(refusal) => return refuse(&refusal),
    };
    let params = Params::read(request).await;
    let (status, body, fault) = record(&server, bot, method, params).await;
    let mut response = answer(status, body);
    match fault {
        Some(Effect::DropAfter | Effect::DropBefore) => {
            response.extensions_mut().insert(Hangup);
        }
        Some(Effect::Html502) => {
            let html = HeaderValue::from_static("text/html");
            response.headers_mut().insert(header::CONTENT_TYPE, html);
        }
        _ => {}
    }
    response
}

/// Serves a call and notes it in the transcript.
pub(crate) async fn record(
    server: &Server,
    bot: i64,
    method: &str,
    params: ApiResult<Params>,
) -> (u16, Bytes, Option<Effect>) {
    let at_us = real_us();
    let date = server.clock.now();
    let noted = params
        .as_ref()
        .map(Params::for_transcript)
        .unwrap_or_default();
    let (result, fault) = match params {
        Ok(params) => serve(server, bot, method, &params).await,
        Err(refusal) => (Err(refusal), None),
    };
    let (status, body) = match (&fault, &result) {
        (Some(Effect::Html502), _) => (502, Bytes::from_static(BAD_GATEWAY.as_bytes())),
        (_, Ok(value)) => (200, encode(&json!({ "ok": true, "result": value }))),
        (_, Err(refusal)) => (refusal.code, encode(&refusal.body())),
    };
    lock(&server.calls).add(Call {
        at_us,
        date,
        took_us: real_us() - at_us,
        method: method.to_owned(),
        bot,
        params: noted,
        status,
        response: body.clone(),
        fault: fault.as_ref().map(Effect::name),
    });
    (status, body, fault)
}

const BAD_GATEWAY: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
     <center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n";

fn encode(value: &Value) -> Bytes {
    Bytes::from(serde_json::to_vec(value).unwrap_or_default())
}

fn answer(status: u16, body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

fn refuse(refusal: &ApiError) -> Response {
    answer(refusal.code, encode(&refusal.body()))
}

/// Serves one call, with the fault it meets.
async fn serve(
    server: &Server,
    bot: i64,
    method: &str,
    params: &Params,
) -> (ApiResult, Option<Effect>) {
    let name = method.to_ascii_lowercase();
    let fault = lock(&server.faults).take(&name, &params.text("chat_id"));
    match &fault {
        Some(Effect::Refuse(refusal)) => return (Err(refusal.clone()), fault),
        Some(Effect::Html502 | Effect::DropBefore) => {
            return (Err(ApiError::new(502, "Bad Gateway")), fault);
        }
        Some(Effect::Slow(ms)) => tokio::time::sleep(Duration::from_millis(*ms)).await,
        Some(Effect::Migrate) => {
            let chat = params.int("chat_id").unwrap_or(0);
            server.with(|world| world.migrate(Key::shared(chat)));
        }
        Some(Effect::DropAfter) | None => {}
    }
    (call(server, bot, &name, params).await, fault)
}

/// Runs a method by its lower-case name.
pub(crate) async fn call(server: &Server, bot: i64, name: &str, params: &Params) -> ApiResult {
    if name == "getupdates" {
        return polling::get_updates(server, bot, params).await;
    }
    let chat = params.int("chat_id").unwrap_or(0);
    let weight = match name {
        "sendmediagroup" => params
            .json("media")
            .ok()
            .flatten()
            .and_then(|m| m.as_array().map(Vec::len)),
        _ => None,
    };
    let wait = lock(&server.pace).take(name, bot, chat, weight.unwrap_or(1), server.clock.now_ms());
    if let Some(seconds) = wait {
        return Err(ApiError::too_many(seconds));
    }
    let now = server.clock.now();
    let work = || {
        server.with(|world| {
            let mut ctx = Ctx { world, bot, now };
            methods::run(&mut ctx, name, params)
        })
    };
    // A fault of ours must look like a refusal, never like an outage.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        tracing::error!(method = name, "the emulator failed to serve a call");
        Err(ApiError::bad(
            "the local Telegram failed on this call; see its log",
        ))
    })
}

/// Finds the bot of a token; in the open mode a new one is registered.
fn authorise(server: &Server, token: &str) -> ApiResult<i64> {
    let (id, secret) = split_token(token).ok_or_else(|| ApiError::new(404, "Not Found"))?;
    server.with(|world| match world.bots.get(&id) {
        Some(bot) if bot.secret == secret => Ok(id),
        Some(_) => Err(ApiError::unauthorized()),
        None if server.config.strict => Err(ApiError::unauthorized()),
        None => {
            let user = User {
                id,
                is_bot: true,
                first_name: format!("Bot {id}"),
                username: Some(format!("bot{id}_bot")),
                ..User::default()
            };
            world.put_bot(id, secret, user);
            Ok(id)
        }
    })
}

/// Splits a token into the bot's id and its secret.
pub(crate) fn split_token(token: &str) -> Option<(i64, &str)> {
    let (id, secret) = token.split_once(':')?;
    let good = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let id = id.parse().ok().filter(|id| *id > 0)?;
    (!secret.is_empty() && secret.chars().all(good)).then_some((id, secret))
}

fn file(server: &Server, rest: &str) -> Response {
    let (token, path) = rest.split_once('/').unwrap_or((rest, ""));
    if let Err(refusal) = authorise(server, token) {
        return refuse(&refusal);
    }
    let found = server.with(|world| world.files.values().find(|f| f.path == path).cloned());
    match found.and_then(|f| Some((f.mime.clone(), server.file_bytes(&f)?))) {
        Some((mime, bytes)) => ([(header::CONTENT_TYPE, mime)], bytes).into_response(),
        None => refuse(&ApiError::new(404, "Not Found")),
    }
}
