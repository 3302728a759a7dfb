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
use serde_json::{Value, json};

use super::render::File;

/// Time to reach the server.
const CONNECT: Duration = Duration::from_secs(5);
/// Time for a whole call, without the seconds a poll may wait.
const CALL: Duration = Duration::from_secs(15);

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

    /// Sends a file.
    ///
    /// # Errors
    /// See [`CallError`].
    pub(super) async fn upload<T: DeserializeOwned>(
        &self,
        method: &str,
        address: i64,
        file: &File,
    ) -> Result<T, CallError> {
        let part = Part::text(file.text.clone())
            .file_name(file.name)
            .mime_str("text/plain; charset=utf-8")
            .map_err(network)?;
        let mut form = Form::new()
            .text("chat_id", address.to_string())
            .part("document", part);
        if let Some(thread) = file.thread {
            form = form.text("message_thread_id", thread.to_string());
        }
        if let Some(message) = file.reply_to {
            let reply =
                json!({"message_id": message, "allow_sending_without_reply": true}).to_string();
            form = form.text("reply_parameters", reply);
        }
        let request = self.http.post(self.url(method)?).timeout(CALL);
        ask(request.multipart(form)).await
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
