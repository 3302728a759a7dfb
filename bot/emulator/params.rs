//! Arguments of a call, whatever the way they came in: query, JSON, form or multipart.

use std::collections::HashMap;

use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{Method, StatusCode, header};
use bytes::Bytes;
use http_body_util::BodyExt;
use serde_json::{Map, Value, json};

use crate::error::{ApiError, ApiResult};

/// Largest request body taken: a 50 MB file and its envelope.
const MAX_BODY: usize = 55 * 1024 * 1024;

/// A file of a multipart request.
#[derive(Debug, Clone)]
pub(crate) struct FilePart {
    pub name: String,
    pub mime: String,
    pub bytes: Bytes,
}

/// The arguments of one call.
#[derive(Debug, Default, Clone)]
pub(crate) struct Params {
    pub values: Map<String, Value>,
    pub files: HashMap<String, FilePart>,
}

impl Params {
    /// Reads every argument of a request.
    pub async fn read(request: Request) -> ApiResult<Self> {
        let mut params = Self::default();
        if let Some(query) = request.uri().query() {
            params.add_form(query.as_bytes());
        }
        if request.method() == Method::GET {
            return Ok(params);
        }
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .unwrap_or("")
            .to_ascii_lowercase();
        if kind.starts_with("multipart/form-data") {
            params.add_multipart(request).await?;
            return Ok(params);
        }
        let body = http_body_util::Limited::new(request.into_body(), MAX_BODY)
            .collect()
            .await
            .map_err(|_| ApiError::new(413, "Request Entity Too Large"))?
            .to_bytes();
        if kind.starts_with("application/json") {
            params.add_json(&body)?;
        } else {
            params.add_form(&body);
        }
        Ok(params)
    }

    /// Arguments from a JSON object, as a webhook answer gives them.
    pub fn from_map(values: Map<String, Value>) -> Self {
        Self {
            values,
            files: HashMap::new(),
        }
    }

    fn add_form(&mut self, bytes: &[u8]) {
        for (key, value) in form_urlencoded::parse(bytes) {
            self.values
                .insert(key.into_owned(), Value::String(value.into_owned()));
        }
    }

    fn add_json(&mut self, body: &[u8]) -> ApiResult<()> {
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(());
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(map)) => {
                self.values.extend(map);
                Ok(())
            }
            // Methods without parameters are called with `null` by some clients.
            Ok(_) => Ok(()),
            Err(_) => Err(ApiError::bad(
                "Can't parse request: content of the request isn't valid JSON",
            )),
        }
    }

    async fn add_multipart(&mut self, mut request: Request) -> ApiResult<()> {
        // axum's own limit of 2 MB would refuse ordinary photos.
        axum::extract::DefaultBodyLimit::max(MAX_BODY).apply(&mut request);
        let refused = |error: MultipartError| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => ApiError::new(413, "Request Entity Too Large"),
            _ => ApiError::bad("Can't parse multipart request"),
        };
        let mut parts = Multipart::from_request(request, &())
            .await
            .map_err(|_| ApiError::bad("boundary in the multipart request not found"))?;
        while let Some(part) = parts.next_field().await.map_err(refused)? {
            let name = part.name().unwrap_or("").to_owned();
            match part.file_name().map(str::to_owned) {
                Some(file_name) => {
                    let mime = part
                        .content_type()
                        .unwrap_or("application/octet-stream")
                        .to_owned();
                    let bytes = part.bytes().await.map_err(refused)?;
                    let file = FilePart {
                        name: file_name,
                        mime,
                        bytes,
                    };
                    self.files.insert(name, file);
                }
                None => {
                    let text = part.text().await.map_err(refused)?;
                    self.values.insert(name, Value::String(text));
                }
            }
        }
        Ok(())
    }

    /// The argument as text; empty when absent.
    pub fn text(&self, name: &str) -> String {
        match self.values.get(name) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(s)) => s.clone(),
            Some(other) => other.to_string(),
        }
    }

    /// The argument as text, or `None` when absent or empty.
    pub fn some_text(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|t| !t.is_empty())
    }

    /// Whether the argument was given at all.
    pub fn has(&self, name: &str) -> bool {
        self.values.get(name).is_some_and(|v| !v.is_null())
    }

    /// The argument as an integer.
    pub fn int(&self, name: &str) -> Option<i64> {
        match self.values.get(name)? {
            Value::Number(n) => n.as_i64().or_else(|| {
                let float = n.as_f64()?;
                (float.fract() == 0.0).then(|| format!("{float:.0}").parse().ok())?
            }),
            Value::String(s) => s.trim().parse().ok(),
            Value::Bool(b) => Some(i64::from(*b)),
            _ => None,
        }
    }

    /// The argument as a number with a fraction.
    pub fn float(&self, name: &str) -> Option<f64> {
        match self.values.get(name)? {
            Value::Number(n) => n.as_f64(),
            Value::String(s) => s.trim().parse().ok(),
            _ => None,
        }
    }

    /// The argument as a boolean, as the real server reads it.
    pub fn flag(&self, name: &str) -> bool {
        let text = self.text(name);
        ["true", "1", "yes"]
            .iter()
            .any(|yes| text.eq_ignore_ascii_case(yes))
    }

    /// The argument as JSON, given as such or as a JSON string.
    pub fn json(&self, name: &str) -> Result<Option<Value>, serde_json::Error> {
        match self.values.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(s)) if s.trim().is_empty() => Ok(None),
            Some(Value::String(s)) => serde_json::from_str(s).map(Some),
            Some(other) => Ok(Some(other.clone())),
        }
    }

    /// What the transcript keeps: values as given, files by name and size.
    pub fn for_transcript(&self) -> Map<String, Value> {
        let mut map = self.values.clone();
        for (name, file) in &self.files {
            map.insert(
                name.clone(),
                json!({ "file_name": file.name, "mime_type": file.mime, "file_size": file.bytes.len() }),
            );
        }
        map
    }
}
