//! The transcript of Bot API calls: a bounded ring and counters.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;
use serde_json::{Map, Value, json};

/// Most bytes of parameters and answers kept.
const MAX_BYTES: usize = 96 * 1024 * 1024;

/// One call.
#[derive(Debug)]
pub(crate) struct Call {
    pub at_us: i64,
    pub date: i64,
    pub took_us: i64,
    pub method: String,
    pub bot: i64,
    pub params: Map<String, Value>,
    pub status: u16,
    pub response: Bytes,
    pub fault: Option<&'static str>,
}

/// The latest calls.
#[derive(Debug)]
pub(crate) struct Transcript {
    keep: usize,
    next: u64,
    bytes: usize,
    ring: VecDeque<(u64, usize, Call)>,
    counts: BTreeMap<String, u64>,
    errors: BTreeMap<u16, u64>,
}

impl Transcript {
    pub fn new(keep: usize) -> Self {
        Self {
            keep,
            next: 1,
            bytes: 0,
            ring: VecDeque::new(),
            counts: BTreeMap::new(),
            errors: BTreeMap::new(),
        }
    }

    /// Adds a call and forgets the oldest ones past the limits.
    pub fn add(&mut self, call: Call) {
        *self.counts.entry(call.method.clone()).or_default() += 1;
        if call.status != 200 {
            *self.errors.entry(call.status).or_default() += 1;
        }
        let params: usize = call
            .params
            .values()
            .map(|v| v.as_str().map_or(64, str::len))
            .sum();
        let size = 256 + call.response.len() + params;
        self.bytes += size;
        self.ring.push_back((self.next, size, call));
        self.next += 1;
        while self.ring.len() > self.keep || self.bytes > MAX_BYTES {
            let Some((_, size, _)) = self.ring.pop_front() else {
                break;
            };
            self.bytes -= size;
        }
    }

    /// Forgets everything; numbers go on.
    pub fn clear(&mut self) {
        self.ring.clear();
        self.bytes = 0;
        self.counts.clear();
        self.errors.clear();
    }

    /// The calls after `after`, newest `limit` of them, filtered.
    pub fn list(&self, method: &str, chat: &str, after: u64, limit: usize) -> Value {
        let wanted = |call: &Call| {
            let same_chat = || {
                let given = call.params.get("chat_id");
                given.is_some_and(|c| {
                    c.as_str().map_or_else(|| c.to_string(), str::to_owned) == chat
                })
            };
            (method.is_empty() || call.method.eq_ignore_ascii_case(method))
                && (chat.is_empty() || same_chat())
        };
        let mut calls: Vec<Value> = self
            .ring
            .iter()
            .rev()
            .take_while(|(n, _, _)| *n > after)
            .filter(|(_, _, call)| wanted(call))
            .take(limit)
            .map(|(n, _, call)| call.to_json(*n))
            .collect();
        calls.reverse();
        json!({ "calls": calls, "counts": self.counts, "errors": self.errors, "last": self.next - 1 })
    }
}

impl Call {
    fn to_json(&self, n: u64) -> Value {
        let response = serde_json::from_slice(&self.response)
            .unwrap_or_else(|_| json!(String::from_utf8_lossy(&self.response)));
        let mut value = json!({
            "n": n,
            "at_ms": self.at_us / 1000,
            "at_us": self.at_us,
            "took_us": self.took_us,
            "date": self.date,
            "method": self.method,
            "bot": self.bot,
            "params": self.params,
            "status": self.status,
            "response": response,
        });
        if let (Some(fault), Some(map)) = (self.fault, value.as_object_mut()) {
            map.insert("fault".into(), json!(fault));
        }
        value
    }
}
