//! Members: imported from files, found, and looked after from the chat.
//!
//! Whatever writes a member's record goes through [`Tx::put_member`](super::tx::Tx) or the import,
//! which keep the keys under which members are found.

mod admin;
mod audit_search;
mod bulk;
mod export;
mod import;
mod role_cache;
mod search;
mod sheet;
mod staged;
mod two_persons;

pub use admin::MemberAct;
pub use audit_search::AuditOf;
pub use import::{Applied, Incomings, Leftover, MemberImportError, Undone};
pub use role_cache::RoleCache;
pub(crate) use role_cache::touches_people;
pub use two_persons::{Proposal, Proposed};
