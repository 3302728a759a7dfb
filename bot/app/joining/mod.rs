//! Joining groups: who asks, whose word lets them in, who decides, and what follows for all groups.
//!
//! What is decided is written first and done afterwards: each thing done in a group is a row of
//! the outbox ([`Call`]), so that it is done once, whatever breaks off in between.

mod calls;
mod door;
mod farewell;
mod founding;
mod founding_ask;
mod links;
mod officers;
mod persons;
mod places;
mod records;
mod removal;
mod requests;
mod taps;
mod welcome;
mod words;

pub use calls::Call;
pub use door::DoorView;
pub use founding_ask::{FoundingAsked, Whom};
pub use records::{Step, Wish};
