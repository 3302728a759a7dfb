//! Pure rules of a cooperative Internet provider: no storage, no Telegram, no clock, no chance.
//!
//! Time, randomness and stored state come in as values; decisions come out as values. Every rule
//! here can be read, tested and argued about without a running program.

pub mod alert;
pub mod assembly;
pub mod audit;
pub mod authz;
pub mod calendar;
pub mod command;
pub mod declaring;
pub mod flap;
pub mod group;
pub mod history;
pub mod ids;
pub mod lasting;
pub mod linking;
pub mod names;
pub mod network;
pub mod network_import;
pub mod people;
pub mod probe;
pub mod rota;
pub mod state;
pub mod text;
pub mod tickets;
pub mod todo;
pub mod tree;
pub mod turnout;
pub mod vouching;

pub use ids::*;
