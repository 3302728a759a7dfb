//! The emulator as bots and persons meet it, over HTTP.

mod lab;

mod access;
mod calls;
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
