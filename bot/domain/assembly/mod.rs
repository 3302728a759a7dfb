//! The permanent assembly: who may vote, when, what is counted and how, exactly.
//!
//! Everything that decides is a whole number or an exact fraction. Two counts stand side by side
//! wherever there are colleges: by heads, and by their weights. Which one decides is a rule,
//! frozen when the ballot opens.

mod choose;
mod count;
mod part;
mod published;
mod rules;
mod tally;

#[cfg(test)]
mod tests;

pub use choose::*;
pub use count::*;
pub use part::*;
pub use published::*;
pub use rules::*;
pub use tally::*;
