//! `/hb/{source}`: a source shows that it is there, though it has nothing to tell. The token comes
//! as with hooks, or in the path for those that can only call an address.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::Web;
use super::hooks::used;
use super::token::shown;

/// With the token in a header.
pub async fn by_header(
    State(web): State<Web>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    beat(&web, &name, shown(&headers).as_deref()).await
}

/// With the token in the path.
pub async fn by_path(
    State(web): State<Web>,
    Path((name, token)): Path<(String, String)>,
) -> Response {
    beat(&web, &name, Some(&token)).await
}

async fn beat(web: &Web, name: &str, token: Option<&str>) -> Response {
    let Some(source) = web.sources.admit(name, token) else {
        let error = "unknown source, or not its token";
        return (StatusCode::UNAUTHORIZED, Json(json!({ "error": error }))).into_response();
    };
    used(web, &source.id);
    match web.app.sign_of_life(&source.id, web.app.now()).await {
        Ok(()) => Json(json!({ "heard": true })).into_response(),
        Err(error) => {
            tracing::warn!(source = %source.id, %error, "A sign of life cannot be stored");
            let body = Json(json!({ "error": "nothing can be stored at present" }));
            let retry = [(header::RETRY_AFTER, "5")];
            (StatusCode::SERVICE_UNAVAILABLE, retry, body).into_response()
        }
    }
}
