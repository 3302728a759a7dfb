//! From facts to the pictures of [`crate::charts`], in the reader's words. Whatever a picture
//! shows, the text that goes with it says, too.

use chrono::Datelike as _;
use vigie_domain::history::{DayState, Shade, Strip};
use vigie_domain::text::{Arg, Key, Say};

use super::history::{map_facts, map_folded, month_facts, month_name, month_title, month_words};
use super::voice::{Voice, number, one_line, percent};
use crate::app::views::{EquipmentView, MapLine, MapView, MonthView, NodeState};
use crate::charts::{self, Bar, Bars, Cell, Map, Node, Picture, State};

/// Longest name on a picture, in characters; narrower room cuts more.
const NAME: usize = 80;

/// The days of a piece of equipment.
#[must_use]
pub fn strip(voice: &Voice<'_>, view: &EquipmentView) -> Picture {
    let plain = |key| voice.plain(&Say::new(key));
    let keys = [
        (Shade::Up, Key::ChartKeyUp),
        (Shade::Short, Key::ChartKeyShort),
        (Shade::Degraded, Key::ChartKeyDegraded),
        (Shade::Long, Key::ChartKeyLong),
        (Shade::Unknown, Key::ChartKeyUnknown),
        (Shade::WholeDay, Key::ChartKeyWholeDay),
    ];
    Picture::Strip(charts::Strip {
        title: one_line(&view.equipment.name, NAME),
        below: voice.plain(&strip_facts(voice, &view.strip)),
        cells: (0..)
            .zip(&view.strip.days)
            .map(|(at, day)| cell(voice, at, day))
            .collect(),
        keys: keys
            .into_iter()
            .map(|(shade, key)| charts::Key {
                shade,
                words: plain(key),
            })
            .collect(),
    })
}

fn cell(voice: &Voice<'_>, at: usize, day: &DayState) -> Cell {
    let date = day.date;
    let label = match (at, date.day()) {
        (0, _) | (_, 1) => format!("{}/{}", date.day(), date.month()),
        (_, day) => day.to_string(),
    };
    let down = match day.down_s {
        0 => String::new(),
        seconds => voice.lasting(seconds),
    };
    Cell {
        label,
        shade: day.shade,
        down,
    }
}

/// The facts of a strip in one message.
#[must_use]
pub fn strip_facts(voice: &Voice<'_>, strip: &Strip) -> Say {
    let watched = strip.days.iter().filter(|day| day.watched_s > 0).count();
    match strip.availability() {
        None => Say::new(Key::ChartStripNone),
        Some(available) => Say::new(Key::ChartStrip)
            .with("days", number(watched))
            .with("percent", percent(voice.lang, available))
            .with(
                "outages",
                Arg::Number(i64::try_from(strip.outages).unwrap_or(i64::MAX)),
            )
            .with("lasting", Arg::Lasting(strip.down_s())),
    }
}

/// A tree of equipment.
#[must_use]
pub fn map(voice: &Voice<'_>, view: &MapView) -> Picture {
    let node = |(level, what): (u32, &MapLine)| match what {
        MapLine::Equipment {
            name,
            others,
            state,
            behind,
            ..
        } => {
            let mut called = one_line(name, NAME);
            if !others.is_empty() {
                let names = Arg::Text(one_line(&others.join(", "), NAME));
                let also = Say::new(Key::MapOthers).with("names", names);
                called.push(' ');
                called.push_str(&voice.plain(&also));
            }
            let count = behind.total();
            let args = Say::new(Key::MapBehind).with("count", Arg::Number(i64::from(count)));
            Node {
                level,
                state: Some(drawn(*state)),
                name: called,
                behind: match count {
                    0 => String::new(),
                    _ => voice.plain(&args),
                },
            }
        }
        MapLine::Folded { well, covered } => Node {
            level,
            state: None,
            name: voice.plain(&map_folded(*well, *covered)),
            behind: String::new(),
        },
    };
    // What the signs mean: those of old always, the others where they stand.
    let keys = [
        NodeState::Up,
        NodeState::Degraded,
        NodeState::Down,
        NodeState::Covered,
        NodeState::Unstable,
        NodeState::Bypassed,
        NodeState::Unknown,
    ];
    let usual = |state| state <= NodeState::Down;
    let keys = keys
        .into_iter()
        .filter(|state| usual(*state) || view.states.contains_key(state));
    let title = match &view.sector {
        Some(sector) => Say::new(Key::MapTitle).with("sector", Arg::Text(one_line(sector, NAME))),
        None => Say::new(Key::MapTitleAll),
    };
    Picture::Map(Map {
        title: voice.plain(&title),
        below: map_facts(voice, view),
        nodes: view
            .nodes
            .iter()
            .map(|one| node((one.level, &one.what)))
            .collect(),
        keys: keys
            .map(|state| {
                let (_, word) = super::history::map_state(state);
                (drawn(state), voice.plain(&Say::new(word)))
            })
            .collect(),
    })
}

const fn drawn(state: NodeState) -> State {
    match state {
        NodeState::Up => State::Up,
        NodeState::Degraded => State::Degraded,
        NodeState::Covered => State::Covered,
        NodeState::Down => State::Down,
        NodeState::Unstable => State::Unstable,
        NodeState::Bypassed => State::Bypassed,
        NodeState::Unknown => State::Unknown,
    }
}

/// A month in bars.
#[must_use]
pub fn month(voice: &Voice<'_>, view: &MonthView) -> Picture {
    let seconds = |seconds: i64| u64::try_from(seconds).unwrap_or(0);
    let bar = |one: &crate::app::views::MonthBar| Bar {
        label: match &one.name {
            Some(name) => one_line(name, NAME),
            None => voice.plain(&Say::new(Key::ChartNoSector)),
        },
        value: seconds(one.means.lasted_s()),
        words: voice.plain(&month_words(&one.means)),
        before: view.before.map(|_| seconds(one.before_s)),
    };
    Picture::Bars(Bars {
        title: voice.plain(&month_title(voice, view)),
        below: voice.plain(&month_facts(view)),
        bars: view.bars.iter().map(bar).collect(),
        keys: (
            month_name(voice, view.month),
            match view.before {
                Some(_) => month_name(voice, view.month.before()),
                None => String::new(),
            },
        ),
    })
}
