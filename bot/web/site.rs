//! `/si/links`: the signed-in page of the information system asks for codes that link an account of
//! the messenger, and learns how far each is. The use case is in `app/linking/by_site.rs`, the
//! signatures in `sealed.rs`, and how a page does its part in `deploy/members-page/`.

use axum::body::Bytes;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, SecondsFormat, Utc};
use qrcodegen::{QrCode, QrCodeEcc};
use serde::Deserialize;
use serde_json::{Value, json};
use vigie_domain::linking::site::Stage;

use super::Web;
use super::sealed::{SIGNATURE, SiteSecrets};
use crate::app::linking::{SiteAsks, SiteSays};

/// Largest body.
pub(super) const LIMIT: usize = 4 * 1024;
/// Light squares around a QR code.
const MARGIN: i32 = 4;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Begin {
    member: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Code {
    code: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Number {
    code: String,
    number: String,
}

/// `POST /si/links`, `{"member": "104"}`: a code for the member who is signed in.
pub async fn begin(
    State(web): State<Web>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let asks = |body: &[u8]| {
        let begin: Begin = serde_json::from_slice(body).ok()?;
        Some(SiteAsks::Begin(begin.member.trim().into()))
    };
    answer(&web, uri.path(), &headers, &body, asks).await
}

/// `POST /si/links/state`, `{"code": …}`: how far it is.
pub async fn state(
    State(web): State<Web>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let asks = |body: &[u8]| {
        let of: Code = serde_json::from_slice(body).ok()?;
        Some(SiteAsks::State(of.code))
    };
    answer(&web, uri.path(), &headers, &body, asks).await
}

/// `POST /si/links/number`, `{"code": …, "number": "42"}`: what the person typed on the page.
pub async fn number(
    State(web): State<Web>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let asks = |body: &[u8]| {
        let typed: Number = serde_json::from_slice(body).ok()?;
        Some(SiteAsks::Number(typed.code, typed.number))
    };
    answer(&web, uri.path(), &headers, &body, asks).await
}

/// `POST /si/links/refuse`, `{"code": …}`: the account that the page shows is not theirs.
pub async fn refuse(
    State(web): State<Web>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let asks = |body: &[u8]| {
        let of: Code = serde_json::from_slice(body).ok()?;
        Some(SiteAsks::Refuse(of.code))
    };
    answer(&web, uri.path(), &headers, &body, asks).await
}

async fn answer(
    web: &Web,
    path: &str,
    headers: &HeaderMap,
    body: &[u8],
    asks: impl FnOnce(&[u8]) -> Option<SiteAsks>,
) -> Response {
    let Some(secrets): Option<&SiteSecrets> = web.site.as_deref() else {
        return (StatusCode::NOT_FOUND, "not found\n").into_response();
    };
    let now = web.app.now();
    let heard = match secrets.hear(path, headers, body, now.timestamp()) {
        Ok(heard) => heard,
        Err(why) => {
            tracing::warn!(
                why = why.word(),
                "A request of the members' page was refused"
            );
            counted(why.word());
            return plain(StatusCode::UNAUTHORIZED, &json!({ "error": why.word() }));
        }
    };
    let (status, told) = match asks(body) {
        None => (
            StatusCode::UNPROCESSABLE_ENTITY,
            json!({ "error": "not readable" }),
        ),
        Some(asks) => match web.app.site_asks(&asks, heard.nonce).await {
            Ok(says) => told(&says, now),
            Err(error) => {
                tracing::error!(%error, "A request of the members' page cannot be stored");
                (
                    StatusCode::SERVICE_UNAVAILABLE,
                    json!({ "error": "store_failed" }),
                )
            }
        },
    };
    counted(
        told.get("error")
            .and_then(Value::as_str)
            .unwrap_or("answered"),
    );
    let body = told.to_string();
    let signature = heard.sign_answer(status, body.as_bytes());
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    if let Ok(signature) = HeaderValue::from_str(&signature) {
        headers.insert(SIGNATURE, signature);
    }
    response
}

fn counted(result: &str) {
    metrics::counter!("vigie_members_page_total", "result" => result.to_owned()).increment(1);
}

fn plain(status: StatusCode, told: &Value) -> Response {
    (status, axum::Json(told)).into_response()
}

fn told(says: &SiteSays, now: DateTime<Utc>) -> (StatusCode, Value) {
    let no = |status, error: &str| (status, json!({ "error": error }));
    match says {
        SiteSays::Begun { code, link, until } => {
            let told = json!({
                "code": code,
                "link": link,
                "qr_svg": qr(link),
                "expires_at": at(*until),
            });
            (StatusCode::CREATED, told)
        }
        SiteSays::Is { stage, until } => (StatusCode::OK, stands(stage, *until, now)),
        SiteSays::Wrong(left) => {
            let told = json!({ "error": "wrong number", "left": left });
            (StatusCode::CONFLICT, told)
        }
        SiteSays::NoMember => no(StatusCode::NOT_FOUND, "no such member"),
        SiteSays::TooMany => no(StatusCode::TOO_MANY_REQUESTS, "too many"),
        SiteSays::Unknown => no(StatusCode::NOT_FOUND, "no such code"),
        SiteSays::NotYet => no(StatusCode::SERVICE_UNAVAILABLE, "not ready"),
        SiteSays::Replayed => no(StatusCode::CONFLICT, "replayed"),
    }
}

/// The page shows the name of the account; its number is for the record, once it is linked.
fn stands(stage: &Stage, until: DateTime<Utc>, now: DateTime<Utc>) -> Value {
    let over = until <= now;
    let (word, account) = match stage {
        Stage::Waiting | Stage::Opened { .. } if over => ("over", None),
        Stage::Waiting => ("waiting", None),
        Stage::Opened { by, .. } => ("opened", Some(json!({ "name": by.name }))),
        Stage::Asked(by) => ("asked", Some(json!({ "name": by.name }))),
        Stage::Linked(by) => {
            let account = json!({ "name": by.name, "id": by.account.0 });
            ("linked", Some(account))
        }
        Stage::Refused => ("refused", None),
    };
    let mut told = json!({ "state": word, "expires_at": at(until) });
    if let (Some(map), Some(account)) = (told.as_object_mut(), account) {
        map.insert("account".to_owned(), account);
    }
    told
}

fn at(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A QR code as a picture that a page can hold.
fn qr(link: &str) -> Option<String> {
    let code = QrCode::encode_text(link, QrCodeEcc::Medium).ok()?;
    let size = code.size();
    let dark = (0..size).flat_map(|y| (0..size).map(move |x| (x, y)));
    let path: String = dark
        .filter(|(x, y)| code.get_module(*x, *y))
        .map(|(x, y)| format!("M{},{}h1v1h-1z", x + MARGIN, y + MARGIN))
        .collect();
    let side = size + 2 * MARGIN;
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" \
         shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0,0h{side}v{side}h-{side}z\"/>\
         <path d=\"{path}\"/></svg>"
    ))
}
