//! Equipment as a tree, one line each: a sign for its state, its name, and what is behind it.

use super::draw::{FAINT, GREY, INK, MARGIN, Pen, Svg, WIDTH, fitted, width};

/// Most lines that are drawn; whoever makes the map folds what is well before.
pub const MOST_LINES: usize = 40;
/// Height of a line.
const LINE: u32 = 42;
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
}

impl Map {
    pub(super) fn svg(&self) -> String {
        let lines = u32::try_from(self.nodes.len().min(MOST_LINES)).unwrap_or(0);
        let height = 104 + lines * LINE + 20 + 40;
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
                Some(State::Down | State::Degraded) => Pen::plain(21).bold(),
                Some(_) => Pen::plain(21),
                None => Pen::plain(19).color(GREY),
            };
            let room = (WIDTH - MARGIN).saturating_sub(begin + width(&words, behind) + 16);
            svg.text(begin, y + 28, name, &fitted(&node.name, room, name));
        }
        let mut x = MARGIN;
        let y = top + lines * LINE + 18;
        for (state, words) in &self.keys {
            sign(&mut svg, (x, y), *state);
            let pen = Pen::plain(17).color(INK);
            let words = fitted(words, 190, pen);
            svg.text(x + 36, y + 20, pen, &words);
            x += 36 + width(&words, pen) + 20;
        }
        svg.finish()
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
