//! Durable storage: one small port, its adapters, and the record format.
//!
//! The port speaks of keys, revisions and batches. It knows nothing of members, alerts or chats,
//! and nothing of one engine may leak through it.

pub mod key;
pub mod port;
pub mod record;

pub use key::Key;
pub use port::*;
