//! One suite for every adapter: what the port promises, checked on memory and on sled alike.

mod fixture;
mod semantics;
mod watching;
