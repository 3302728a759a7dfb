//! What the use cases need from outside: the time, and chance.

use chrono::{DateTime, Utc};

/// The time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> DateTime<Utc>;
}

/// Chance, for names that nobody may guess.
pub trait Chance: Send + Sync {
    /// Sixteen random bytes.
    fn bytes(&self) -> [u8; 16];
}
