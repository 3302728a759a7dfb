//! A local Telegram: an emulator of the Bot API with a chat page, for trying and testing bots.
//!
//! [`Emulator::builder`] starts one in the own process; [`Sim`] plays the persons in it.

mod builder;
mod clock;
mod connection;
mod error;
mod events;
mod faults;
mod http;
mod journal;
mod methods;
mod pace;
mod page;
mod params;
mod polling;
mod server;
mod sim;
mod text;
mod transcript;
mod webhook;
mod world;

pub use builder::{Builder, Emulator, StartError};
pub use sim::{Sim, SimError};
