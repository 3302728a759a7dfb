//! One suite for every adapter: what the port promises, checked on memory and on sled alike.

mod backup;
mod concurrent;
mod fixture;
mod model;
mod records;
mod schema;
mod semantics;
mod sled_only;
mod watching;
