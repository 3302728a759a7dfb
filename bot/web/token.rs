//! The token that a source shows: as bearer, or as the password of those that know nothing else.

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::hooks::text;

/// The token of a request.
pub(super) fn shown(headers: &HeaderMap) -> Option<String> {
    let (scheme, rest) = text(headers, header::AUTHORIZATION).split_once(' ')?;
    let rest = rest.trim();
    let token = match scheme.to_ascii_lowercase().as_str() {
        "bearer" => rest.to_owned(),
        "basic" => {
            let pair = String::from_utf8(STANDARD.decode(rest).ok()?).ok()?;
            pair.split_once(':')?.1.to_owned()
        }
        _ => return None,
    };
    (!token.is_empty()).then_some(token)
}
