//! Control: faults, clock, pace, transcript.

use serde_json::{Value, json};

use super::body::{flag, int};
use super::{SimError, SimResult};
use crate::server::{Server, lock};

/// `POST /sim/faults`.
pub(super) fn add_fault(server: &Server, body: &Value) -> SimResult {
    lock(&server.faults).add(body).map_err(SimError::new)
}

/// `GET /sim/clock`.
pub(super) fn clock(server: &Server) -> Value {
    json!({
        "now": server.clock.now(),
        "now_ms": server.clock.now_ms(),
        "offset_s": server.clock.offset_ms() / 1000,
        "frozen": server.clock.is_frozen(),
    })
}

/// `POST /sim/clock`: any of `freeze`, `now`, `offset_s`, `advance_s`.
pub(super) fn set_clock(server: &Server, body: &Value) -> SimResult {
    if !body.is_object() {
        return Err(SimError::new("expected an object"));
    }
    if let Some(now) = int(body, "now") {
        server.clock.set_ms(now.saturating_mul(1000));
    }
    if let Some(offset) = int(body, "offset_s") {
        let real = crate::clock::real_us() / 1000;
        server
            .clock
            .set_ms(real.saturating_add(offset.saturating_mul(1000)));
    }
    if let Some(on) = flag(body, "freeze") {
        server.clock.freeze(on);
    }
    if let Some(by) = body.get("advance_s").and_then(Value::as_f64) {
        let ms = format!("{:.0}", by * 1000.0);
        server.clock.advance_ms(ms.parse().unwrap_or(0));
    }
    Ok(clock(server))
}

/// `POST /sim/pace`.
pub(super) fn set_pace(server: &Server, body: &Value) -> SimResult {
    let mut pace = lock(&server.pace);
    pace.set(body);
    Ok(pace.to_json())
}

/// `GET /sim/calls`.
pub(super) fn calls(server: &Server, method: &str, chat: &str, after: u64, limit: usize) -> Value {
    lock(&server.calls).list(method, chat, after, limit)
}
