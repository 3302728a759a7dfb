//! The sled adapter under kill, power cut, damage, a full disk and bad syncs.
//!
//! Each test drives the program `store-crash` as its own process and holds what it printed as
//! acknowledged against what is found afterwards. `VIGIE_FAULT_ROUNDS` multiplies the rounds.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "helpers of tests stop the test where something is not as it must be"
)]

mod child;
mod damage;
mod disk;
mod kill;
mod power;
