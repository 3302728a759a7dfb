//! Use cases: the only place that loads, decides and commits. It knows the domain and the store
//! port; it knows no messenger, no monitoring format and no clock but through [`ports`].

pub mod event;
pub mod outbox;
pub mod ports;
