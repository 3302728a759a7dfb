//! What changed, for the page: a bounded log that can be waited on.

use std::collections::VecDeque;

use serde_json::{Map, Value, json};
use tokio::sync::watch;

use crate::world::Key;

const KEPT: usize = 10_000;

/// The log of changes.
#[derive(Debug)]
pub(crate) struct Events {
    seq: u64,
    log: VecDeque<(u64, Value)>,
    wake: watch::Sender<u64>,
}

impl Default for Events {
    fn default() -> Self {
        Self {
            seq: 0,
            log: VecDeque::new(),
            wake: watch::Sender::new(0),
        }
    }
}

impl Events {
    /// Notes a change of a chat or of one of its messages.
    pub fn push(&mut self, kind: &str, key: Key, message: Option<i64>) {
        self.push_with(kind, key, message, Map::new());
    }

    /// Notes a change with further fields.
    pub fn push_with(
        &mut self,
        kind: &str,
        key: Key,
        message: Option<i64>,
        extra: Map<String, Value>,
    ) {
        self.seq += 1;
        let mut event = json!({ "seq": self.seq, "kind": kind, "chat": key.id });
        if let Some(map) = event.as_object_mut() {
            if key.is_private() {
                map.insert("bot".into(), json!(key.bot));
            }
            if let Some(message) = message {
                map.insert("message_id".into(), json!(message));
            }
            map.extend(extra);
        }
        self.log.push_back((self.seq, event));
        if self.log.len() > KEPT {
            self.log.pop_front();
        }
        self.wake.send_replace(self.seq);
    }

    /// The newest number and the changes after `since`.
    pub fn after(&self, since: u64) -> (u64, Vec<Value>) {
        let list = self
            .log
            .iter()
            .rev()
            .take_while(|(seq, _)| *seq > since)
            .map(|(_, event)| event.clone())
            .collect::<Vec<_>>();
        (self.seq, list.into_iter().rev().collect())
    }

    /// Follows the newest number.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.wake.subscribe()
    }
}
