//! Vigie: the operations desk of a cooperative Internet provider, in Telegram.
//!
//! Reading order: `vigie_domain` holds the rules; [`app`] loads, decides and commits; the edges
//! turn foreign input into [`app::event::Event`] and send what the outbox names. ARCHITECTURE.md
//! beside this file tells the way of one message.

pub mod app;
pub mod args;
pub mod charts;
pub mod clock;
pub mod config;
pub mod console;
pub mod demo;
pub mod exit;
pub mod i18n;
pub mod letters;
pub mod logging;
pub mod mail;
pub mod monitor;
pub mod notify;
pub mod probe;
pub mod runtime;
pub mod shelf;
pub mod start;
pub mod telegram;
pub mod transfer;
pub mod vitals;
pub mod web;
