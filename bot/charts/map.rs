//! Equipment as a tree, one line each: a sign for its state, its name, and what is behind it.

use super::draw::{FAINT, GREY, INK, MARGIN, Pen, Svg, WIDTH, fitted, width};

/// Most lines that are drawn; whoever makes the map folds what is well before.
pub const MOST_LINES: usize = 40;
/// Height of a line.
const LINE: u32 = 42;
/// Height of a line of what the signs mean.
const KEY_LINE: u32 = 40;
/// Room for the words of one sign.
const KEY_WORDS: u32 = 190;
/// How they are written.
const KEY_PEN: Pen = Pen::plain(17).color(INK);
/// How far a level is set in.
const INDENT: u32 = 30;
/// Deepest level that is set in further.
const DEEPEST: u32 = 9;

/// A tree of equipment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map {
    /// What it is about.
    pub title: String,
    /// The facts in one line.
    pub below: String,
    /// Its lines, each parent before what hangs on it.
    pub nodes: Vec<Node>,
    /// What the signs mean: state and words.
    pub keys: Vec<(State, String)>,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// How deep it hangs, from 0.
    pub level: u32,
    /// Its state; `None` for a line that only counts others.
    pub state: Option<State>,
    /// Its name.
    pub name: String,
    /// What is behind it, in words.
    pub behind: String,
}

/// How a piece of equipment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// It works.
    Up,
    /// It works badly.
    Degraded,
    /// It is down, and so is something above it.
    Covered,
    /// It is down.
    Down,
    /// It keeps going down and up.
    Unstable,
    /// Another way carries the traffic.
    Bypassed,
    /// Nobody can tell.
    Unknown,
}

impl Map {
    pub(super) fn svg(&self) -> String {
        let lines = u32::try_from(self.nodes.len().min(MOST_LINES)).unwrap_or(0);
        let rows = self.key_rows();
        let keys = u32::try_from(rows.len().max(1)).unwrap_or(1);
        let height = 104 + lines * LINE + 20 + keys * KEY_LINE;
        let mut svg = Svg::new(height);
        let top = svg.heading(&self.title, &self.below);
        self.guides(&mut svg, top);
        for (number, node) in (0_u32..).zip(self.nodes.iter().take(MOST_LINES)) {
            let y = top + number * LINE;
            let x = left(node.level);
            let begin = match node.state {
                Some(state) => {
                    sign(&mut svg, (x, y + 7), state);
                    x + 38
                }
                None => x + 6,
            };
            let behind = Pen::plain(18).color(GREY).end();
            let words = fitted(&node.behind, 200, behind);
            svg.text(WIDTH - MARGIN, y + 27, behind, &words);
            let name = match node.state {
                Some(State::Down | State::Degraded | State::Unstable | State::Bypassed) => {
                    Pen::plain(21).bold()
                }
                Some(_) => Pen::plain(21),
                None => Pen::plain(19).color(GREY),
            };
            let room = (WIDTH - MARGIN).saturating_sub(begin + width(&words, behind) + 16);
            svg.text(begin, y + 28, name, &fitted(&node.name, room, name));
        }
        for (number, row) in (0_u32..).zip(rows) {
            let mut x = MARGIN;
            let y = top + lines * LINE + 18 + number * KEY_LINE;
            for (state, words) in row {
                sign(&mut svg, (x, y), *state);
                let words = fitted(words, KEY_WORDS, KEY_PEN);
                svg.text(x + 36, y + 20, KEY_PEN, &words);
                x += key_width(&words);
            }
        }
        svg.finish()
    }

    /// What the signs mean, as many side by side as there is room for.
    fn key_rows(&self) -> Vec<Vec<&(State, String)>> {
        let mut rows: Vec<Vec<&(State, String)>> = Vec::new();
        let mut room = 0;
        for key in &self.keys {
            let wide = key_width(&fitted(&key.1, KEY_WORDS, KEY_PEN));
            match rows.last_mut() {
                Some(row) if wide <= room => row.push(key),
                _ => {
                    rows.push(vec![key]);
                    room = WIDTH - 2 * MARGIN;
                }
            }
            room = room.saturating_sub(wide);
        }
        rows
    }

    /// Lines that lead from each piece of equipment to what it hangs on.
    fn guides(&self, svg: &mut Svg, top: u32) {
        let mut last: Vec<u32> = Vec::new();
        for (number, node) in (0_u32..).zip(self.nodes.iter().take(MOST_LINES)) {
            let middle = top + number * LINE + LINE / 2;
            let level = usize::try_from(node.level.min(DEEPEST)).unwrap_or(0);
            last.truncate(level);
            if let Some(parent) = last.last() {
                let x = left(node.level.min(DEEPEST) - 1) + 14;
                svg.line((x, parent + 14), (x, middle), FAINT);
                svg.line((x, middle), (left(node.level), middle), FAINT);
            }
            last.resize(level, middle);
            last.push(middle);
        }
    }
}

fn key_width(words: &str) -> u32 {
    36 + width(words, KEY_PEN) + 20
}

fn left(level: u32) -> u32 {
    MARGIN + level.min(DEEPEST) * INDENT
}

/// Each state has a form of its own.
fn sign(svg: &mut Svg, (x, y): (u32, u32), state: State) {
    let (center, middle) = (x + 14, y + 14);
    let (form, ink, letter) = match state {
        State::Up => (
            format!("<circle cx=\"{center}\" cy=\"{middle}\" r=\"13\" fill=\"#c9ecd5\"/>"),
            "#14532d",
            "✓",
        ),
        State::Degraded => (
            format!(
                "<path d=\"M{center} {} L{} {} L{x} {} Z\" fill=\"#ffd24d\"/>",
                y,
                x + 28,
                y + 27,
                y + 27
            ),
            INK,
            "!",
        ),
        State::Unstable => (diamond(center, middle, "#ffd24d"), INK, "~"),
        State::Bypassed => (diamond(center, middle, "#bfe0f5"), INK, "→"),
        State::Unknown => (
            format!(
                "<circle cx=\"{center}\" cy=\"{middle}\" r=\"12\" fill=\"#ffffff\" \
                 stroke=\"#6b7280\" stroke-width=\"2\" stroke-dasharray=\"4 3\"/>"
            ),
            "#374151",
            "?",
        ),
        State::Covered => (
            format!(
                "<rect x=\"{}\" y=\"{}\" width=\"24\" height=\"24\" rx=\"3\" fill=\"#ffffff\" \
                 stroke=\"#b3261e\" stroke-width=\"3\"/>",
                x + 2,
                y + 2
            ),
            "#b3261e",
            "↑",
        ),
        State::Down => (
            format!(
                "<rect x=\"{}\" y=\"{}\" width=\"26\" height=\"26\" rx=\"3\" fill=\"#b3261e\"/>",
                x + 1,
                y + 1
            ),
            "#ffffff",
            "✕",
        ),
    };
    svg.raw(&form);
    let drop = if state == State::Degraded { 23 } else { 21 };
    let pen = Pen::plain(18).bold().color(ink).middle();
    svg.text(center, y + drop, pen, letter);
}

fn diamond(x: u32, y: u32, fill: &str) -> String {
    format!(
        "<path d=\"M{x} {} L{} {y} L{x} {} L{} {y} Z\" fill=\"{fill}\"/>",
        y.saturating_sub(15),
        x + 15,
        y + 15,
        x.saturating_sub(15)
    )
}
