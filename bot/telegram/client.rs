//! Calls of the Bot API.
//!
//! teloxide's own request layer throws the error code away and sleeps ten seconds inside the call
//! after every 5xx, which would make one faulty answer delay a conversation. So its types are
//! used for what is said, and the call itself is made here, where each failure keeps what it was.

use std::time::Duration;

use reqwest::Url;
use reqwest::multipart::{Form, Part};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What goes up with a call: the name of its field, and the file.
pub(super) struct Upload<'a> {
    pub field: &'static str,
    pub name: &'a str,
    pub mime: &'static str,
    pub bytes: bytes::Bytes,
}

/// Time to reach the server.
const CONNECT: Duration = Duration::from_secs(5);
/// Time for a whole call, without the seconds a poll may wait.
const CALL: Duration = Duration::from_secs(15);
/// Time for a call that carries a file.
const UPLOAD: Duration = Duration::from_secs(60);

/// Why a call did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The messenger refused.
    #[error("{code} {description}")]
    Refused {
        /// Its error code.
        code: u16,
        /// Its words.
        description: String,
        /// Seconds to wait.
        retry_after: Option<u64>,
        /// The group's new number.
        moved_to: Option<i64>,
    },
    /// Something between us and the messenger answered.
    #[error("no answer of the messenger, HTTP {0}")]
    NotAnAnswer(u16),
    /// Nothing was sent.
    #[error("not reached: {0}")]
    NotReached(String),
    /// It was sent, and no answer came.
    #[error("answer lost: {0}")]
    Lost(String),
}

/// A way to call the messenger. It has no `Debug`: it holds the token.
#[derive(Clone)]
pub struct Api {
    http: reqwest::Client,
    base: Url,
    token: SecretString,
}

#[derive(Deserialize)]
struct Answer {
    ok: bool,
    result: Option<Value>,
    error_code: Option<u16>,
    description: Option<String>,
    parameters: Option<Parameters>,
}

#[derive(Default, Deserialize)]
struct Parameters {
    retry_after: Option<u64>,
    migrate_to_chat_id: Option<i64>,
}

impl Api {
    /// Calls with this token, to Telegram or to another server of the same kind.
    ///
    /// # Errors
    /// The system offers no TLS or no sockets.
    pub fn new(token: SecretString, api_url: Option<Url>) -> Result<Self, reqwest::Error> {
        let base = match api_url {
            Some(url) => url,
            None => teloxide::Bot::new("").api_url(),
        };
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .tcp_nodelay(true)
            .pool_max_idle_per_host(64)
            .build()?;
        Ok(Self { http, base, token })
    }

    /// teloxide's handle on the same server, for its dispatcher.
    pub(super) fn bot(&self) -> teloxide::Bot {
        teloxide::Bot::with_client(self.token.expose_secret(), self.http.clone())
            .set_api_url(self.base.clone())
    }

    /// Calls a method.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn call<T: DeserializeOwned>(
        &self,
        method: &str,
        payload: &(impl Serialize + Sync),
    ) -> Result<T, CallError> {
        self.call_within(CALL, method, payload).await
    }

    /// Calls a method that may take this long.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn call_within<T: DeserializeOwned>(
        &self,
        time: Duration,
        method: &str,
        payload: &(impl Serialize + Sync),
    ) -> Result<T, CallError> {
        let request = self.http.post(self.url(method)?).timeout(time);
        ask(request.json(payload)).await
    }

    /// Calls a method with a file. Each value of the payload is a field of the form, lists and
    /// objects as JSON.
    ///
    /// # Errors
    /// See [`CallError`].
    pub(super) async fn upload<T: DeserializeOwned>(
        &self,
        method: &str,
        payload: &(impl Serialize + Sync),
        upload: Upload<'_>,
    ) -> Result<T, CallError> {
        let fields = serde_json::to_value(payload)
            .map_err(|error| CallError::NotReached(error.to_string()))?;
        let part = Part::bytes(upload.bytes.to_vec())
            .file_name(upload.name.to_owned())
            .mime_str(upload.mime)
            .map_err(network)?;
        let mut form = Form::new().part(upload.field, part);
        for (name, value) in fields.as_object().into_iter().flatten() {
            let value = match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            form = form.text(name.clone(), value);
        }
        let request = self.http.post(self.url(method)?).timeout(UPLOAD);
        ask(request.multipart(form)).await
    }

    /// Gets a file of the messenger, of at most so many bytes.
    ///
    /// # Errors
    /// See [`CallError`].
    pub(super) async fn download(&self, path: &str, most: u64) -> Result<bytes::Bytes, CallError> {
        let mut url = self.base.clone();
        let token = self.token.expose_secret();
        url.path_segments_mut()
            .map_err(|()| CallError::NotReached("the address cannot carry a path".to_owned()))?
            .pop_if_empty()
            .push("file")
            .push(&format!("bot{token}"))
            .extend(path.split('/'));
        let mut response = self
            .http
            .get(url)
            .timeout(UPLOAD)
            .send()
            .await
            .map_err(network)?;
        let status = response.status();
        if !status.is_success() {
            return Err(CallError::NotAnAnswer(status.as_u16()));
        }
        let mut bytes = bytes::BytesMut::new();
        while let Some(part) = response.chunk().await.map_err(network)? {
            bytes.extend_from_slice(&part);
            if bytes.len() as u64 > most {
                let description = "file is too big".to_owned();
                return Err(CallError::Refused {
                    code: 400,
                    description,
                    retry_after: None,
                    moved_to: None,
                });
            }
        }
        Ok(bytes.freeze())
    }

    fn url(&self, method: &str) -> Result<Url, CallError> {
        let mut url = self.base.clone();
        let token = self.token.expose_secret();
        url.path_segments_mut()
            .map_err(|()| CallError::NotReached("the address cannot carry a path".to_owned()))?
            .pop_if_empty()
            .push(&format!("bot{token}"))
            .push(method);
        Ok(url)
    }
}

async fn ask<T: DeserializeOwned>(request: reqwest::RequestBuilder) -> Result<T, CallError> {
    let response = request.send().await.map_err(network)?;
    let status = response.status().as_u16();
    let body = response.bytes().await.map_err(network)?;
    let Ok(answer) = serde_json::from_slice::<Answer>(&body) else {
        return Err(CallError::NotAnAnswer(status));
    };
    read(status, answer)
}

fn read<T: DeserializeOwned>(status: u16, answer: Answer) -> Result<T, CallError> {
    if answer.ok {
        // The call was done; an answer that does not fit must not make us do it again.
        let result = answer.result.unwrap_or_default();
        return serde_json::from_value(result)
            .map_err(|error| CallError::Lost(format!("unexpected answer: {error}")));
    }
    let parameters = answer.parameters.unwrap_or_default();
    Err(CallError::Refused {
        code: answer.error_code.unwrap_or(status),
        description: answer.description.unwrap_or_default(),
        retry_after: parameters.retry_after,
        moved_to: parameters.migrate_to_chat_id,
    })
}

/// The address holds the token, so it is taken out before the error is kept.
fn network(error: reqwest::Error) -> CallError {
    let before = error.is_connect() || error.is_builder();
    let error = error.without_url();
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        words = format!("{words}: {inner}");
        cause = inner.source();
    }
    if before {
        CallError::NotReached(words)
    } else {
        CallError::Lost(words)
    }
}
