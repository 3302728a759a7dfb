//! The virtual clock: real time plus an offset, or a frozen instant.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// The year 3000: later instants would only overflow somewhere.
const LATEST_MS: i64 = 32_503_680_000_000;

/// Clock of the emulated world. Waiting (long polls, holds) stays on real time.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    offset_ms: AtomicI64,
    frozen: AtomicBool,
    frozen_at_ms: AtomicI64,
}

/// Microseconds since 1970 of the machine's own clock.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place where the emulator reads the machine's clock"
)]
pub(crate) fn real_us() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |d| i64::try_from(d.as_micros()).unwrap_or(i64::MAX))
}

impl Clock {
    /// Milliseconds since 1970 in the emulated world.
    pub fn now_ms(&self) -> i64 {
        if self.frozen.load(Ordering::Relaxed) {
            self.frozen_at_ms.load(Ordering::Relaxed)
        } else {
            real_us() / 1000 + self.offset_ms.load(Ordering::Relaxed)
        }
    }

    /// Seconds since 1970 in the emulated world.
    pub fn now(&self) -> i64 {
        self.now_ms() / 1000
    }

    /// Moves the clock, frozen or not.
    pub fn advance_ms(&self, by: i64) {
        self.set_ms(self.now_ms().saturating_add(by));
    }

    /// Stops or restarts the clock; it goes on from the instant it was frozen at.
    pub fn freeze(&self, on: bool) {
        let now = self.now_ms();
        if on {
            self.frozen_at_ms.store(now, Ordering::Relaxed);
        } else {
            self.offset_ms
                .store(now - real_us() / 1000, Ordering::Relaxed);
        }
        self.frozen.store(on, Ordering::Relaxed);
    }

    /// Sets the current instant.
    pub fn set_ms(&self, now: i64) {
        let now = now.clamp(0, LATEST_MS);
        self.frozen_at_ms.store(now, Ordering::Relaxed);
        self.offset_ms
            .store(now - real_us() / 1000, Ordering::Relaxed);
    }

    /// Whether the clock stands still.
    pub fn is_frozen(&self) -> bool {
        self.frozen.load(Ordering::Relaxed)
    }

    /// Distance to the machine's clock in milliseconds.
    pub fn offset_ms(&self) -> i64 {
        self.now_ms() - real_us() / 1000
    }
}
