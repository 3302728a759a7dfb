//! Letters on paper: a code and its QR code, ready to print, one page a member.

mod font;
mod guide;
mod page;

use chrono_tz::Tz;
use pdf_writer::{Finish as _, Pdf, Rect, Ref};
use vigie_domain::Lang;

use self::font::{Face, FontError};
use self::page::{Sheet, content};
use crate::app::linking::Printed;
use crate::i18n::Texts;

pub use self::guide::guide;

/// Width and height of a page (A4), in points.
const WIDTH: f32 = 595.28;
const HEIGHT: f32 = 841.89;
/// Objects that a page takes.
const PER_PAGE: i32 = 2;

/// Letters that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum LetterError {
    /// The font that is part of this program.
    #[error("the font cannot be used: {0}")]
    Font(#[from] FontError),
    /// The address does not fit into a QR code.
    #[error("the address of a letter is too long")]
    TooLong,
}

/// How letters are written.
pub struct Style<'a> {
    /// The messages.
    pub texts: &'a Texts,
    /// In which language.
    pub lang: Lang,
    /// The zone in which times are shown.
    pub zone: Tz,
    /// When they are written: a day of another year is told with its year.
    pub now: chrono::DateTime<chrono::Utc>,
    /// The name of the bot on the messenger, without `@`.
    pub bot: &'a str,
}

/// A document with a page for each letter.
///
/// # Errors
/// A letter cannot be made.
pub fn pdf(style: &Style<'_>, letters: &[Printed]) -> Result<Vec<u8>, LetterError> {
    let (regular, bold) = (Face::regular()?, Face::bold()?);
    let mut pages = Vec::new();
    for letter in letters {
        let sheet = Sheet::of(style, letter)?;
        pages.push(content(&sheet, &regular, &bold));
    }
    Ok(document(&pages, &regular, &bold))
}

/// A document of these pages.
fn document(contents: &[Vec<u8>], regular: &Face, bold: &Face) -> Vec<u8> {
    let (catalog, tree) = (Ref::new(1), Ref::new(2));
    let first_of_bold = 3 + font::OBJECTS;
    let mut next = first_of_bold + font::OBJECTS;
    let mut document = Pdf::new();
    document.catalog(catalog).pages(tree);
    let mut pages = Vec::new();
    for content in contents {
        let (page_ref, content_ref) = (Ref::new(next), Ref::new(next + 1));
        next += PER_PAGE;
        let mut page = document.page(page_ref);
        page.parent(tree)
            .media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT));
        page.contents(content_ref);
        let mut resources = page.resources();
        let mut fonts = resources.fonts();
        fonts.pair(page::REGULAR, Ref::new(3));
        fonts.pair(page::BOLD, Ref::new(first_of_bold));
        fonts.finish();
        resources.finish();
        page.finish();
        document.stream(content_ref, content);
        pages.push(page_ref);
    }
    let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
    document.pages(tree).kids(pages).count(count);
    regular.write(&mut document, 3);
    bold.write(&mut document, first_of_bold);
    document.finish()
}
