//! Numbers side by side, each with the one of the time before below it.

use super::draw::{GREY, INK, MARGIN, Pen, Svg, WIDTH, fitted};

/// Most bars that are drawn.
pub const MOST_BARS: usize = 12;
/// Height of a bar with its words.
const ROW: u32 = 84;

/// Numbers side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bars {
    /// What it is about.
    pub title: String,
    /// The facts in one line.
    pub below: String,
    /// The bars.
    pub bars: Vec<Bar>,
    /// What the full bar and the thin one mean.
    pub keys: (String, String),
}

/// A bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// What it is about.
    pub label: String,
    /// How long it is.
    pub value: u64,
    /// What it says.
    pub words: String,
    /// How long it was the time before.
    pub before: Option<u64>,
}

impl Bars {
    pub(super) fn svg(&self) -> String {
        let shown = || self.bars.iter().take(MOST_BARS);
        let rows: u32 = shown().map(Bar::height).sum();
        let mut svg = Svg::new(104 + rows + 56);
        let top = svg.heading(&self.title, &self.below);
        let longest = shown()
            .map(|bar| bar.value.max(bar.before.unwrap_or(0)))
            .max()
            .unwrap_or(0);
        let mut next = top;
        for bar in shown() {
            let y = next;
            next += bar.height();
            let words = Pen::plain(19).color(GREY).end();
            let right = fitted(&bar.words, 400, words);
            svg.text(WIDTH - MARGIN, y + 24, words, &right);
            let label = Pen::plain(22).bold();
            svg.text(MARGIN, y + 24, label, &fitted(&bar.label, 340, label));
            let wide = length(bar.value, longest);
            if bar.value > 0 {
                let (at, size) = ((MARGIN, y + 34), (wide, 22));
                svg.rect(at, size, "rx=\"4\" fill=\"#e4793a\"");
                svg.rect(at, size, "rx=\"4\" fill=\"url(#stripes)\"");
            }
            if let Some(before) = bar.before.filter(|before| *before > 0) {
                let wide = length(before, longest);
                svg.rect((MARGIN, y + 60), (wide, 8), "rx=\"3\" fill=\"#8fa3b8\"");
            }
        }
        let y = next + 10;
        let pen = Pen::plain(18).color(INK);
        svg.rect((MARGIN, y + 2), (44, 22), "rx=\"4\" fill=\"#e4793a\"");
        svg.rect((MARGIN, y + 2), (44, 22), "rx=\"4\" fill=\"url(#stripes)\"");
        svg.text(MARGIN + 56, y + 20, pen, &fitted(&self.keys.0, 300, pen));
        if !self.keys.1.is_empty() {
            svg.rect((WIDTH / 2, y + 9), (44, 8), "rx=\"3\" fill=\"#8fa3b8\"");
            let words = fitted(&self.keys.1, 300, pen);
            svg.text(WIDTH / 2 + 56, y + 20, pen, &words);
        }
        svg.finish()
    }
}

impl Bar {
    /// What has no bar needs a line for its words alone.
    fn height(&self) -> u32 {
        match (self.value, self.before) {
            (0, None | Some(0)) => 42,
            _ => ROW,
        }
    }
}

/// Something that is there is seen, however small it is.
fn length(value: u64, longest: u64) -> u32 {
    let room = u64::from(WIDTH - 2 * MARGIN);
    let wide = value.saturating_mul(room).checked_div(longest).unwrap_or(0);
    u32::try_from(wide.max(4)).unwrap_or(WIDTH)
}
