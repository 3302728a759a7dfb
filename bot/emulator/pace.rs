//! Sending limits like Telegram's, when switched on.

use std::collections::{HashMap, VecDeque};

use serde_json::{Value, json};

/// Limits in force.
#[derive(Debug)]
pub(crate) struct Pace {
    pub on: bool,
    /// Messages a minute in one group.
    pub group_per_minute: usize,
    /// Messages in a row before one a second holds in one chat.
    pub chat_burst: usize,
    /// Messages a second over all chats.
    pub overall_per_second: usize,
    /// By bot and chat; chat 0 is all chats of a bot.
    sent: HashMap<(i64, i64), VecDeque<i64>>,
    /// Until when a chat refuses everything.
    shut: HashMap<(i64, i64), i64>,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            on: false,
            group_per_minute: 20,
            chat_burst: 5,
            overall_per_second: 30,
            sent: HashMap::new(),
            shut: HashMap::new(),
        }
    }
}

/// Whether a method counts as a message.
fn counts(method: &str) -> bool {
    let sends = method.starts_with("send") && method != "sendchataction";
    sends
        || ["forwardmessage", "copymessage", "editmessage"]
            .iter()
            .any(|m| method.starts_with(m))
}

impl Pace {
    /// Takes one message; gives the seconds to wait when it is one too many.
    pub fn take(
        &mut self,
        method: &str,
        bot: i64,
        chat: i64,
        weight: usize,
        now_ms: i64,
    ) -> Option<u64> {
        if !self.on || !counts(method) {
            return None;
        }
        let scopes = [(bot, chat), (bot, 0)];
        for scope in scopes {
            if let Some(until) = self.shut.get(&scope).filter(|u| **u > now_ms) {
                return Some(seconds(*until - now_ms));
            }
        }
        let mut windows: Vec<(i64, i64, usize)> = vec![(0, 1_000, self.overall_per_second)];
        if chat < 0 {
            windows.push((chat, 60_000, self.group_per_minute));
        }
        let burst = i64::try_from(self.chat_burst).unwrap_or(1).max(1);
        windows.push((chat, burst * 1_000, self.chat_burst.max(1)));
        for (scope, window, limit) in windows {
            let sent = self.sent.entry((bot, scope)).or_default();
            let longest = if scope == 0 {
                1_000
            } else {
                60_000.max(burst * 1_000)
            };
            while sent.front().is_some_and(|t| now_ms - *t >= longest) {
                sent.pop_front();
            }
            let inside = sent
                .iter()
                .rev()
                .take_while(|t| now_ms - **t < window)
                .count();
            if inside + weight > limit && inside > 0 {
                let oldest = sent.get(sent.len() - inside).copied().unwrap_or(now_ms);
                let until = oldest + window;
                self.shut.insert((bot, scope), until);
                return Some(seconds(until - now_ms));
            }
        }
        for scope in scopes {
            let sent = self.sent.entry(scope).or_default();
            sent.extend(std::iter::repeat_n(now_ms, weight));
        }
        None
    }

    /// Changes the settings and forgets what was sent.
    pub fn set(&mut self, body: &Value) {
        let number = |name: &str, old: usize| {
            let given = body.get(name).and_then(Value::as_u64);
            given.and_then(|n| usize::try_from(n).ok()).unwrap_or(old)
        };
        self.on = body.get("on").and_then(Value::as_bool).unwrap_or(self.on);
        self.group_per_minute = number("group_per_minute", self.group_per_minute);
        self.chat_burst = number("chat_burst", self.chat_burst);
        self.overall_per_second = number("overall_per_second", self.overall_per_second);
        self.sent.clear();
        self.shut.clear();
    }

    /// The settings.
    pub fn to_json(&self) -> Value {
        json!({
            "on": self.on,
            "group_per_minute": self.group_per_minute,
            "chat_burst": self.chat_burst,
            "overall_per_second": self.overall_per_second,
        })
    }
}

fn seconds(ms: i64) -> u64 {
    u64::try_from((ms + 999) / 1000).unwrap_or(1).max(1)
}
