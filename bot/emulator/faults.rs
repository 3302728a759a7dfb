//! Faults on demand.

use serde_json::{Value, json};

use crate::error::ApiError;

/// What a call meets instead of, or around, its ordinary course.
#[derive(Debug, Clone)]
pub(crate) enum Effect {
    Refuse(ApiError),
    Html502,
    /// Milliseconds of waiting before the call is served.
    Slow(u64),
    /// Served, then the connection is closed without an answer.
    DropAfter,
    /// The connection is closed and nothing is done.
    DropBefore,
    /// The group becomes a supergroup first.
    Migrate,
}

#[derive(Debug, Clone)]
struct Fault {
    id: u64,
    method: String,
    chat: String,
    kind: String,
    times: u64,
    effect: Effect,
}

/// Faults waiting for their calls.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    next: u64,
    list: Vec<Fault>,
}

const KINDS: [&str; 17] = [
    "too_many_requests",
    "server_error",
    "html_502",
    "slow",
    "drop_after",
    "drop_before",
    "forbidden_blocked",
    "forbidden_kicked",
    "chat_not_found",
    "migrate",
    "conflict",
    "not_enough_rights",
    "thread_not_found",
    "parse_error",
    "bad_request",
    "unauthorized",
    "error",
];

impl Faults {
    /// Adds a fault described by a person or a test.
    pub fn add(&mut self, body: &Value) -> Result<Value, String> {
        let text = |name: &str| match body.get(name) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(s)) => s.clone(),
            Some(other) => other.to_string(),
        };
        let number = |name: &str| text(name).parse::<u64>().ok();
        let given = text("kind");
        // The HTTP codes are understood as short names.
        let kind = match given.as_str() {
            "429" => "too_many_requests",
            "500" => "server_error",
            "502" => "html_502",
            other => KINDS.iter().find(|k| **k == other).ok_or_else(|| {
                format!("unknown kind {given:?}; known kinds: {}", KINDS.join(", "))
            })?,
        };
        let words = text("text");
        let effect = match kind {
            "too_many_requests" => {
                Effect::Refuse(ApiError::too_many(number("retry_after").unwrap_or(1)))
            }
            "server_error" => Effect::Refuse(ApiError::new(500, "Internal Server Error")),
            "html_502" => Effect::Html502,
            "slow" => Effect::Slow(number("ms").unwrap_or(1000)),
            "drop_after" => Effect::DropAfter,
            "drop_before" => Effect::DropBefore,
            "migrate" => match text("migrate_to").parse() {
                Ok(to) => Effect::Refuse(ApiError::migrated(to)),
                Err(_) => Effect::Migrate,
            },
            "unauthorized" => Effect::Refuse(ApiError::unauthorized()),
            "error" => {
                let code = number("code")
                    .and_then(|c| u16::try_from(c).ok())
                    .unwrap_or(400);
                if !(400..600).contains(&code) {
                    return Err("field \"code\" must be between 400 and 599".into());
                }
                let mut refusal = ApiError::new(code, words);
                refusal.parameters = body.get("parameters").filter(|p| p.is_object()).cloned();
                Effect::Refuse(refusal)
            }
            "conflict" => Effect::Refuse(ApiError::conflict(
                "terminated by other getUpdates request; make sure that only one bot instance is running",
            )),
            "forbidden_blocked" => {
                Effect::Refuse(ApiError::forbidden("bot was blocked by the user"))
            }
            "forbidden_kicked" => Effect::Refuse(ApiError::forbidden(
                "bot was kicked from the supergroup chat",
            )),
            "chat_not_found" => Effect::Refuse(ApiError::bad("chat not found")),
            "not_enough_rights" => Effect::Refuse(ApiError::bad(
                "not enough rights to send text messages to the chat",
            )),
            "thread_not_found" => Effect::Refuse(ApiError::bad("message thread not found")),
            "parse_error" => Effect::Refuse(ApiError::bad(
                "can't parse entities: Unexpected end tag at byte offset 0",
            )),
            _ => Effect::Refuse(ApiError::bad(if words.is_empty() {
                "bad request"
            } else {
                &words
            })),
        };
        self.next += 1;
        let fault = Fault {
            id: self.next,
            method: text("method").to_ascii_lowercase(),
            chat: text("chat"),
            kind: kind.to_owned(),
            times: number("times").unwrap_or(1),
            effect,
        };
        let value = fault.to_json();
        self.list.push(fault);
        Ok(value)
    }

    /// The first fault that fits a call; it is used up by one.
    pub fn take(&mut self, method: &str, chat: &str) -> Option<Effect> {
        let fits = |f: &Fault| {
            (f.method.is_empty() || f.method == method) && (f.chat.is_empty() || f.chat == chat)
        };
        let at = self.list.iter().position(fits)?;
        let fault = self.list.get_mut(at)?;
        let effect = fault.effect.clone();
        fault.times = fault.times.saturating_sub(1);
        if fault.times == 0 {
            self.list.remove(at);
        }
        Some(effect)
    }

    /// Faults still waiting.
    pub fn to_json(&self) -> Value {
        json!({ "faults": self.list.iter().map(Fault::to_json).collect::<Vec<_>>() })
    }

    /// Removes one fault, or all of them.
    pub fn clear(&mut self, id: Option<u64>) {
        self.list.retain(|f| id.is_some_and(|id| f.id != id));
    }
}

impl Fault {
    fn to_json(&self) -> Value {
        json!({ "id": self.id, "method": self.method, "chat": self.chat, "kind": self.kind, "times": self.times })
    }
}

impl Effect {
    /// The name shown in the transcript.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Refuse(_) => "refused",
            Self::Html502 => "html_502",
            Self::Slow(_) => "slow",
            Self::DropAfter => "drop_after",
            Self::DropBefore => "drop_before",
            Self::Migrate => "migrate",
        }
    }
}
