//! Durable storage: one small port, its adapters, and the record format.
//!
//! The port speaks of keys, revisions and batches. It knows nothing of members, alerts or chats,
//! and nothing of one engine may leak through it.

pub mod backup;
mod commit;
pub mod key;
mod limits;
mod memory;
pub mod port;
pub mod record;
pub mod schema;
mod sled_store;
mod watch;

pub use key::Key;
pub use limits::Port;
pub use memory::{Memory, MemoryStore};
pub use port::*;
pub use record::{Record, decode, encode};
pub use sled_store::{IdRetention, LogRetention, Seconds, Sled, SledOptions, SledStore};
