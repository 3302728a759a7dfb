//! The font of the letters, embedded whole, so that every printer shows every name.

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo};
use pdf_writer::{Name, Pdf, Rect, Ref, Str};
use ttf_parser::{Face as Parsed, FaceParsingError};

use crate::charts::fonts::{BOLD, REGULAR};

/// Objects that a font takes in a document.
pub(super) const OBJECTS: i32 = 4;

/// A font that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct FontError(#[from] FaceParsingError);

/// A font.
pub(super) struct Face {
    data: &'static [u8],
    name: &'static str,
    face: Parsed<'static>,
}

impl Face {
    pub(super) fn regular() -> Result<Self, FontError> {
        Self::new(REGULAR, "DejaVuSans")
    }

    pub(super) fn bold() -> Result<Self, FontError> {
        Self::new(BOLD, "DejaVuSans-Bold")
    }

    fn new(data: &'static [u8], name: &'static str) -> Result<Self, FontError> {
        let face = Parsed::parse(data, 0)?;
        Ok(Self { data, name, face })
    }

    /// A text as numbers of glyphs, two bytes each.
    pub(super) fn glyphs(&self, text: &str) -> Vec<u8> {
        let glyph = |letter| self.face.glyph_index(letter).map_or(0, |glyph| glyph.0);
        text.chars()
            .flat_map(|letter| glyph(letter).to_be_bytes())
            .collect()
    }

    /// How wide a text is in this size.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        let advance = |letter| {
            let glyph = self.face.glyph_index(letter).unwrap_or_default();
            f32::from(self.face.glyph_hor_advance(glyph).unwrap_or_default())
        };
        let units: f32 = text.chars().map(advance).sum();
        units * size / f32::from(self.face.units_per_em())
    }

    fn scaled(&self, units: i16) -> f32 {
        f32::from(units) * 1_000.0 / f32::from(self.face.units_per_em())
    }

    /// Writes the font under four numbers from `first`.
    pub(super) fn write(&self, document: &mut Pdf, first: i32) {
        let [outer, inner, descriptor, file] = [0, 1, 2, 3].map(|at| Ref::new(first + at));
        let name = Name(self.name.as_bytes());
        let system = SystemInfo {
            registry: Str(b"Adobe"),
            ordering: Str(b"Identity"),
            supplement: 0,
        };
        document
            .type0_font(outer)
            .base_font(name)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(inner);
        let mut font = document.cid_font(inner);
        font.subtype(CidFontType::Type2)
            .base_font(name)
            .system_info(system)
            .font_descriptor(descriptor)
            .default_width(600.0)
            .cid_to_gid_map_predefined(Name(b"Identity"));
        let widths = (0..self.face.number_of_glyphs()).map(|glyph| {
            let advance = self.face.glyph_hor_advance(ttf_parser::GlyphId(glyph));
            f32::from(advance.unwrap_or_default()) * 1_000.0 / f32::from(self.face.units_per_em())
        });
        font.widths().consecutive(0, widths);
        drop(font);
        let bounds = self.face.global_bounding_box();
        document
            .font_descriptor(descriptor)
            .name(name)
            .flags(FontFlags::NON_SYMBOLIC)
            .bbox(Rect::new(
                self.scaled(bounds.x_min),
                self.scaled(bounds.y_min),
                self.scaled(bounds.x_max),
                self.scaled(bounds.y_max),
            ))
            .italic_angle(0.0)
            .ascent(self.scaled(self.face.ascender()))
            .descent(self.scaled(self.face.descender()))
            .cap_height(self.scaled(self.face.capital_height().unwrap_or_default()))
            .stem_v(80.0)
            .font_file2(file);
        document.stream(file, self.data);
    }
}
