//! Pictures: facts and words in, SVG out, and PNG from the SVG with an embedded font.
//!
//! Nothing here knows where facts come from or in which language the words are. What a colour
//! says is said by a sign and by a pattern, too. Sizes are bounded whatever the facts are.

mod bars;
mod draw;
pub mod fonts;
mod map;
mod png;
mod strip;

pub use bars::{Bar, Bars};
pub use map::{Map, Node, State};
pub use png::{Fault, png};
pub use strip::{Cell, Key, Strip};

/// A picture to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picture {
    /// Days of a piece of equipment.
    Strip(Strip),
    /// Equipment as a tree.
    Map(Map),
    /// Numbers side by side.
    Bars(Bars),
}

impl Picture {
    /// The picture as SVG.
    #[must_use]
    pub fn svg(&self) -> String {
        match self {
            Self::Strip(strip) => strip.svg(),
            Self::Map(map) => map.svg(),
            Self::Bars(bars) => bars.svg(),
        }
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
