//! The fonts of `data/fonts/`, once in the program for all that draws.

/// DejaVu Sans.
pub static REGULAR: &[u8] = include_bytes!("../../data/fonts/DejaVuSans.ttf");
/// DejaVu Sans Bold.
pub static BOLD: &[u8] = include_bytes!("../../data/fonts/DejaVuSans-Bold.ttf");
