//! The chat page for a person's browser: plain files, compiled in.

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

const HTML: &str = "text/html; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const PICTURE: &str = "image/svg+xml";

/// Nothing from elsewhere, nothing inline: what people write can never become code.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const INDEX: &str = include_str!("index.html");

const FILES: [(&str, &str, &str); 12] = [
    ("app.js", SCRIPT, include_str!("app.js")),
    ("api.js", SCRIPT, include_str!("api.js")),
    ("chat.js", SCRIPT, include_str!("chat.js")),
    ("composer.js", SCRIPT, include_str!("composer.js")),
    ("dialogs.js", SCRIPT, include_str!("dialogs.js")),
    ("dom.js", SCRIPT, include_str!("dom.js")),
    ("i18n.js", SCRIPT, include_str!("i18n.js")),
    ("message.js", SCRIPT, include_str!("message.js")),
    ("people.js", SCRIPT, include_str!("people.js")),
    ("rich.js", SCRIPT, include_str!("rich.js")),
    ("state.js", SCRIPT, include_str!("state.js")),
    ("style.css", STYLE, include_str!("style.css")),
];

/// `/`, `/favicon.ico` and `/page/{file}`.
pub(crate) fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    Router::new()
        .route("/", get(|| async { reply(HTML, INDEX) }))
        .route("/favicon.ico", get(|| async { icon() }))
        .route("/page/icon.svg", get(|| async { icon() }))
        .route(
            "/page/{file}",
            get(|Path(name): Path<String>| async move { file(&name) }),
        )
}

fn icon() -> Response {
    reply(PICTURE, include_str!("icon.svg"))
}

fn file(name: &str) -> Response {
    match FILES.iter().find(|(known, ..)| *known == name) {
        Some((_, kind, text)) => reply(kind, text),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn reply(kind: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    (headers, text).into_response()
}
