//! The published file of a ballot: what anybody needs to count again, and what was counted.
//!
//! Lines of JSON, in a fixed order, each exactly as [`Published::write`] writes it, so that one set
//! of facts has one file:
//! 1. `{"head":…}` the ballot, its rules, and how many of each college took part;
//! 2. `{"question":…}` in the order of their numbers, without gaps; withdrawn ones stay;
//! 3. `{"votes":…}` how many papers of a college bear a mark, by question, college, mark;
//! 4. `{"receipt":…}` a digest for each paper, sorted: whoever has a receipt finds it here;
//! 5. `{"sector":…}` who took part by sector, as far as that may be told;
//! 6. `{"result":…}` the count of each question that was not withdrawn;
//! 7. `{"sha256":…}` over all bytes before this line.
//!
//! No line tells of one paper: marks are added up, so that no paper can be recognised by its
//! pattern. Fractions are exact. `bot/ARCHITECTURE.md` tells every field.

mod check;
mod head;
mod read;
mod write;

#[cfg(test)]
mod tests;

pub use check::{DISCREET_FROM_ELIGIBLE, DISCREET_FROM_PAPERS};
pub use head::*;
pub use read::*;
