//! One suite for every adapter: what the port promises, checked on memory and on sled alike.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "helpers of tests stop the test where something is not as it must be"
)]

mod backup;
mod batches;
mod concurrent;
mod fixture;
mod model;
mod records;
mod schema;
mod semantics;
mod sled_only;
mod watching;
