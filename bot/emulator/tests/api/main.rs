//! The emulator as bots and persons meet it, over HTTP.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that meets the unexpected has to stop"
)]
#![expect(
    clippy::too_many_lines,
    clippy::type_complexity,
    reason = "tables of cases are read as a whole"
)]

mod lab;

mod access;
mod calls;
mod captures;
mod chats;
mod content;
mod edits;
mod kept;
mod media;
mod persons;
mod polling;
mod sending;
mod trouble;
mod webhooks;
