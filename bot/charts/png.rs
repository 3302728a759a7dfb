//! From SVG to PNG: with the embedded font alone, and never larger than a messenger takes.

use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{self, fontdb};

use super::Picture;
use super::fonts::{BOLD, REGULAR};

/// Pixels for each unit of a picture: sharp on a phone.
const SCALE: f32 = 1.5;
/// Longest side in pixels; messengers refuse pictures of more than ten thousand in all.
const LONGEST: u32 = 4_000;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// What was drawn cannot be read back.
    #[error("the picture cannot be read: {0}")]
    Svg(#[from] usvg::Error),
    /// It is larger than a picture may be.
    #[error("the picture has {0} by {1} pixels")]
    Size(u32, u32),
    /// It cannot be written.
    #[error("the picture cannot be written: {0}")]
    Png(String),
}

/// Draws a picture. It takes a few dozen milliseconds: away from what must not wait.
///
/// # Errors
/// See [`Fault`]; the text that goes with a picture says the same.
pub fn png(picture: &Picture) -> Result<Vec<u8>, Fault> {
    let options = usvg::Options {
        fontdb: fonts(),
        font_family: "DejaVu Sans".to_owned(),
        ..usvg::Options::default()
    };
    let tree = usvg::Tree::from_str(&picture.svg(), &options)?;
    let size = tree.size().to_int_size();
    let scaled = size
        .scale_by(SCALE)
        .ok_or(Fault::Size(size.width(), size.height()))?;
    let (width, height) = (scaled.width(), scaled.height());
    if width.max(height) > LONGEST {
        return Err(Fault::Size(width, height));
    }
    let mut pixels = Pixmap::new(width, height).ok_or(Fault::Size(width, height))?;
    resvg::render(
        &tree,
        Transform::from_scale(SCALE, SCALE),
        &mut pixels.as_mut(),
    );
    pixels
        .encode_png()
        .map_err(|error| Fault::Png(error.to_string()))
}

fn fonts() -> Arc<fontdb::Database> {
    static FONTS: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    let load = || {
        let mut fonts = fontdb::Database::new();
        for font in [REGULAR, BOLD] {
            fonts.load_font_source(fontdb::Source::Binary(Arc::new(font)));
        }
        Arc::new(fonts)
    };
    Arc::clone(FONTS.get_or_init(load))
}
