//! The persons' side: people, chats, what they send and press, and control of the world.

mod act;
mod body;
mod chats;
mod control;
mod mails;
mod mini_app;
mod people;
mod read;
mod routes;
mod tap;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use serde_json::Value;

use crate::server::Server;
use crate::world::World;

pub(crate) use routes::routes;

/// A refusal of the persons' side.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct SimError {
    /// HTTP code.
    pub status: u16,
    /// What is wrong, in words.
    pub message: String,
}

impl SimError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            status: 400,
            message: message.into(),
        }
    }

    pub(crate) fn missing(what: &str) -> Self {
        Self {
            status: 404,
            message: format!("{what} not found"),
        }
    }
}

type SimResult = Result<Value, SimError>;

/// Plays the persons in the emulated world; the same as the `/sim` routes, without HTTP.
#[derive(Debug, Clone)]
pub struct Sim {
    server: Arc<Server>,
}

impl Sim {
    pub(crate) fn new(server: Arc<Server>) -> Self {
        Self { server }
    }

    fn act(&self, action: fn(&mut World, &Value) -> SimResult, body: &Value) -> SimResult {
        let work = || self.server.with(|world| action(world, body));
        catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
            tracing::error!(%body, "the emulator failed on a person's action");
            Err(SimError::new(
                "the local Telegram failed on this; see its log",
            ))
        })
    }

    /// Does what `POST /sim/{action}` does; `tap` is asynchronous and has its own method.
    ///
    /// # Errors
    /// When the action is unknown or the world refuses it.
    pub fn post(&self, action: &str, body: &Value) -> Result<Value, SimError> {
        let action: fn(&mut World, &Value) -> SimResult = match action {
            "users" => people::put_user,
            "bots" => people::put_bot,
            "block" => people::block,
            "init_data" => mini_app::init_data,
            "chats" => chats::put_chat,
            "join" => chats::join,
            "leave" => chats::leave,
            "kick" => chats::kick,
            "add" => chats::add,
            "migrate" => chats::migrate,
            "rights" => chats::rights,
            "topics" => chats::topic,
            "approve" => chats::approve,
            "anonymous" => chats::anonymous,
            "mails" => mails::put,
            "send" => act::send,
            "react" => act::react,
            "delete" => act::delete,
            "pin" => act::pin,
            "vote" => act::vote,
            "faults" => return control::add_fault(&self.server, body),
            "clock" => return control::set_clock(&self.server, body),
            "pace" => return control::set_pace(&self.server, body),
            _ => return Err(SimError::missing("this action")),
        };
        self.act(action, body)
    }

    /// Everybody and every chat, as `GET /sim/world`.
    #[must_use]
    pub fn world(&self) -> Value {
        self.server.with(read::world)
    }

    /// Messages of a chat, as `GET /sim/chats/{id}/messages`.
    ///
    /// # Errors
    /// When there is no such chat.
    pub fn messages(&self, chat: i64) -> Result<Value, SimError> {
        self.server
            .with(|world| read::messages(world, chat, &read::Range::default()))
    }

    /// Presses a button and waits for the bot's answer, as `POST /sim/tap`.
    ///
    /// # Errors
    /// When there is no such button.
    pub async fn tap(&self, body: &Value) -> Result<Value, SimError> {
        tap::tap(&self.server, body).await
    }

    /// Adds or changes a person.
    ///
    /// # Errors
    /// When a field is wrong.
    pub fn user(&self, body: &Value) -> Result<Value, SimError> {
        self.post("users", body)
    }

    /// Registers a bot by its token.
    ///
    /// # Errors
    /// When the token is malformed.
    pub fn bot(&self, body: &Value) -> Result<Value, SimError> {
        self.post("bots", body)
    }

    /// Creates a chat.
    ///
    /// # Errors
    /// When a field is wrong or someone named does not exist.
    pub fn chat(&self, body: &Value) -> Result<Value, SimError> {
        self.post("chats", body)
    }

    /// Sends a person's message.
    ///
    /// # Errors
    /// When the person may not write there.
    pub fn send(&self, body: &Value) -> Result<Value, SimError> {
        self.post("send", body)
    }

    /// Transcript of the calls, as `GET /sim/calls`; an empty method means all.
    #[must_use]
    pub fn calls(&self, method: &str, after: u64) -> Value {
        control::calls(&self.server, method, "", after, usize::MAX)
    }
}
