//! The pieces of an SVG text, and the one place where foreign text is escaped.

use std::fmt::Write as _;

/// Width of every picture, in its own units.
pub(super) const WIDTH: u32 = 800;
/// Space around everything.
pub(super) const MARGIN: u32 = 24;
/// Dark text.
pub(super) const INK: &str = "#1b1f24";
/// Text that matters less.
pub(super) const GREY: &str = "#5b6570";
/// Lines that only lead the eye.
pub(super) const FAINT: &str = "#c3c9d0";

/// An SVG being drawn.
pub(super) struct Svg {
    body: String,
    height: u32,
}

/// Where text stands, and how.
#[derive(Clone, Copy)]
pub(super) struct Pen {
    pub size: u32,
    pub bold: bool,
    pub color: &'static str,
    pub anchor: &'static str,
}

impl Pen {
    pub const fn plain(size: u32) -> Self {
        Self {
            size,
            bold: false,
            color: INK,
            anchor: "start",
        }
    }

    pub const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub const fn color(self, color: &'static str) -> Self {
        Self { color, ..self }
    }

    pub const fn middle(self) -> Self {
        Self {
            anchor: "middle",
            ..self
        }
    }

    pub const fn end(self) -> Self {
        Self {
            anchor: "end",
            ..self
        }
    }
}

impl Svg {
    pub fn new(height: u32) -> Self {
        Self {
            body: String::new(),
            height,
        }
    }

    /// Adds markup of our own.
    pub fn raw(&mut self, markup: &str) {
        self.body.push_str(markup);
    }

    /// Adds text of anybody.
    pub fn text(&mut self, x: u32, y: u32, pen: Pen, text: &str) {
        let weight = if pen.bold {
            " font-weight=\"bold\""
        } else {
            ""
        };
        // Writing to a string does not fail.
        let _ = write!(
            self.body,
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{}\" fill=\"{}\" text-anchor=\"{}\"{weight}>{}</text>",
            pen.size,
            pen.color,
            pen.anchor,
            escaped(text)
        );
    }

    pub fn rect(&mut self, (x, y): (u32, u32), (width, height): (u32, u32), style: &str) {
        let _ = write!(
            self.body,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" {style}/>"
        );
    }

    pub fn line(&mut self, from: (u32, u32), to: (u32, u32), color: &str) {
        let _ = write!(
            self.body,
            "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"{color}\" stroke-width=\"2\"/>",
            from.0, from.1, to.0, to.1
        );
    }

    /// Title and the line below it; returned is where the rest begins.
    pub fn heading(&mut self, title: &str, below: &str) -> u32 {
        let room = WIDTH - 2 * MARGIN;
        let title_pen = Pen::plain(30).bold();
        self.text(MARGIN, 48, title_pen, &fitted(title, room, title_pen));
        // Smaller where it is long: these are the facts.
        let pens = [21, 19, 17, 15].map(|size| Pen::plain(size).color(GREY));
        let [.., small] = pens;
        let fits = pens.into_iter().find(|pen| width(below, *pen) <= room);
        let pen = fits.unwrap_or(small);
        self.text(MARGIN, 82, pen, &fitted(below, room, pen));
        104
    }

    pub fn finish(self) -> String {
        let (height, body) = (self.height, self.body);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
             viewBox=\"0 0 {WIDTH} {height}\" font-family=\"DejaVu Sans\">{PATTERNS}\
             <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\"/>{body}</svg>"
        )
    }
}

/// Patterns that say what colours say.
const PATTERNS: &str = "<defs>\
    <pattern id=\"dots\" width=\"12\" height=\"12\" patternUnits=\"userSpaceOnUse\">\
    <circle cx=\"3\" cy=\"3\" r=\"2\" fill=\"#000000\" fill-opacity=\"0.22\"/></pattern>\
    <pattern id=\"stripes\" width=\"12\" height=\"12\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
    <rect width=\"5\" height=\"12\" fill=\"#000000\" fill-opacity=\"0.16\"/></pattern>\
    <pattern id=\"cross\" width=\"12\" height=\"12\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
    <path d=\"M0 0H12M0 0V12\" stroke=\"#ffffff\" stroke-opacity=\"0.45\" stroke-width=\"3\"/></pattern>\
    </defs>";

/// Text that cannot become markup. What XML cannot hold is left out.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\t' | '\n' | '\r' => safe.push(' '),
            '\u{FFFE}' | '\u{FFFF}' => {}
            letter if letter.is_control() => {}
            letter => safe.push(letter),
        }
    }
    safe
}

/// The text, with "…" where it is wider than this. Widths are those of the embedded font, near
/// enough.
pub(super) fn fitted(text: &str, room: u32, pen: Pen) -> String {
    if width(text, pen) <= room {
        return text.to_owned();
    }
    let letter_width = |letter: char| width(letter.encode_utf8(&mut [0; 4]), pen);
    let mut left = room.saturating_sub(pen.size);
    let mut kept = String::new();
    for letter in text.chars() {
        let Some(rest) = left.checked_sub(letter_width(letter)) else {
            break;
        };
        left = rest;
        kept.push(letter);
    }
    format!("{}…", kept.trim_end())
}

/// Width of a text, near enough.
pub(super) fn width(text: &str, pen: Pen) -> u32 {
    let heavy = if pen.bold { 115 } else { 100 };
    let sum: u32 = text.chars().take(4_096).map(hundredths).sum();
    sum * pen.size / 100 * heavy / 100
}

/// Width of a letter in hundredths of the size of the type.
fn hundredths(letter: char) -> u32 {
    match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '’' | '|' | '!' | ' ' => 36,
        'f' | 't' | 'r' | '(' | ')' | '-' | '\u{202F}' => 42,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '—' | '…' => 98,
        'A'..='Z' | 'À'..='Þ' => 73,
        letter if u32::from(letter) < 0x2_000 => 62,
        _ => 105,
    }
}
