//! A strip of days: one cell each, with its number, a sign and how long it was down.

use vigie_domain::history::Shade;

use super::draw::{GREY, INK, MARGIN, Pen, Svg, WIDTH, fitted};

/// Cells in one row.
const COLUMNS: u32 = 10;
/// Most cells that are drawn.
const MOST: usize = 60;
/// Width and height of a cell, with the space behind it.
const CELL: (u32, u32) = (75, 92);
/// Space behind a cell.
const GAP: u32 = 6;

/// Days of a piece of equipment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strip {
    /// What it is about.
    pub title: String,
    /// The facts in one line.
    pub below: String,
    /// The days, the oldest first.
    pub cells: Vec<Cell>,
    /// What the signs mean.
    pub keys: Vec<Key>,
}

/// A day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Number of the day, with its month where that is new.
    pub label: String,
    /// How it was.
    pub shade: Shade,
    /// How long it was down, where it was.
    pub down: String,
}

/// What a sign means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The sign.
    pub shade: Shade,
    /// In words.
    pub words: String,
}

struct Look {
    fill: &'static str,
    pattern: Option<&'static str>,
    ink: &'static str,
    sign: &'static str,
}

const fn look(shade: Shade) -> Look {
    let (fill, pattern, ink, sign) = match shade {
        Shade::Unknown => ("#eceff2", None, GREY, "?"),
        Shade::Up => ("#c9ecd5", None, "#14532d", "✓"),
        Shade::Degraded => ("#d6e4ff", Some("dots"), "#1e3a8a", "~"),
        Shade::Short => ("#ffe69a", Some("dots"), INK, "!"),
        Shade::Long => ("#ffb27d", Some("stripes"), INK, "!!"),
        Shade::WholeDay => ("#b3261e", Some("cross"), "#ffffff", "✕"),
    };
    Look {
        fill,
        pattern,
        ink,
        sign,
    }
}

impl Strip {
    pub(super) fn svg(&self) -> String {
        let shown = self.cells.len().min(MOST);
        let rows = u32::try_from(shown).unwrap_or(0).div_ceil(COLUMNS);
        let key_rows = u32::try_from(self.keys.len().min(8))
            .unwrap_or(0)
            .div_ceil(2);
        let height = 104 + rows * (CELL.1 + GAP) + 16 + key_rows * 36 + 12;
        let mut svg = Svg::new(height);
        let top = svg.heading(&self.title, &self.below);
        for (number, cell) in (0_u32..).zip(self.cells.iter().take(MOST)) {
            let x = MARGIN + number % COLUMNS * CELL.0;
            let y = top + number / COLUMNS * (CELL.1 + GAP);
            draw(&mut svg, (x, y), cell);
        }
        let below = top + rows * (CELL.1 + GAP) + 16;
        for (number, key) in (0_u32..).zip(self.keys.iter().take(8)) {
            let x = MARGIN + number % 2 * (WIDTH - 2 * MARGIN) / 2;
            let y = below + number / 2 * 36;
            let look = look(key.shade);
            swatch(&mut svg, (x, y), (40, 28), &look);
            let sign = Pen::plain(18).bold().color(look.ink).middle();
            svg.text(x + 20, y + 21, sign, look.sign);
            let pen = Pen::plain(19).color(INK);
            svg.text(x + 52, y + 21, pen, &fitted(&key.words, 310, pen));
        }
        svg.finish()
    }
}

fn draw(svg: &mut Svg, (x, y): (u32, u32), cell: &Cell) {
    let look = look(cell.shade);
    let width = CELL.0 - GAP;
    swatch(svg, (x, y), (width, CELL.1), &look);
    let label = Pen::plain(18).color(look.ink);
    svg.text(x + 7, y + 22, label, &fitted(&cell.label, width - 8, label));
    let sign = Pen::plain(28).bold().color(look.ink).middle();
    svg.text(x + width / 2, y + 56, sign, look.sign);
    if !cell.down.is_empty() {
        let pen = Pen::plain(16).color(look.ink).middle();
        let words = fitted(&cell.down, width - 2, pen);
        svg.text(x + width / 2, y + 81, pen, &words);
    }
}

fn swatch(svg: &mut Svg, at: (u32, u32), size: (u32, u32), look: &Look) {
    svg.rect(at, size, &format!("rx=\"6\" fill=\"{}\"", look.fill));
    if let Some(pattern) = look.pattern {
        svg.rect(at, size, &format!("rx=\"6\" fill=\"url(#{pattern})\""));
    }
}
