//! A week of tickets in words and bars, and tickets as a file.

use vigie_domain::Place;
use vigie_domain::text::{Arg, Key, Say};

use super::render::{File, mime_of, topic};
use super::text::Text;
use super::voice::{Voice, one_line};
use crate::app::tickets::{WeekView, category_word};
use crate::app::views::FileView;
use crate::charts::{Bar, Bars, Picture};

/// Sectors that are named.
const NAMED: usize = 8;
/// Longest name of a sector, in UTF-16 units.
const NAME: usize = 60;

fn count(count: u64) -> Arg {
    Arg::Number(i64::try_from(count).unwrap_or(i64::MAX))
}

/// The facts of a week in one line.
fn facts(view: &WeekView) -> Say {
    Say::new(Key::TicketsWeekFacts)
        .with("opened", count(view.opened))
        .with("resolved", count(view.resolved))
        .with("open", count(view.ages.iter().sum()))
}

/// A week of tickets.
pub(super) fn week(voice: &Voice<'_>, view: &WeekView) -> Text {
    let mut text = Text::new();
    text.line(&voice.with(Key::TicketsWeek, [("from", Arg::Day(view.from))]));
    text.line(&voice.say(&facts(view)));
    let [day, week, month, older] = view.ages;
    text.line(&voice.with(
        Key::TicketsWeekAges,
        [
            ("day", count(day)),
            ("week", count(week)),
            ("month", count(month)),
            ("older", count(older)),
        ],
    ));
    for (category, now, before) in &view.categories {
        text.line(&voice.with(
            Key::TicketsWeekCategory,
            [
                ("category", Arg::Word(category_word(*category))),
                ("count", count(*now)),
                ("before", count(*before)),
            ],
        ));
    }
    for (sector, number) in view.sectors.iter().take(NAMED) {
        let sector = Arg::Text(one_line(sector, NAME));
        text.line(&voice.with(
            Key::TicketsWeekSector,
            [("sector", sector), ("count", count(*number))],
        ));
    }
    let (good, fair, bad) = view.rated;
    if good + fair + bad > 0 {
        text.line(&voice.with(
            Key::TicketsWeekRated,
            [
                ("good", count(good)),
                ("fair", count(fair)),
                ("bad", count(bad)),
            ],
        ));
    }
    text
}

/// A week of tickets in bars.
pub(super) fn picture(voice: &Voice<'_>, view: &WeekView) -> Picture {
    let bar = |(category, now, before): &(_, u64, u64)| Bar {
        label: voice.plain(&Say::new(category_word(*category))),
        value: *now,
        words: now.to_string(),
        before: Some(*before),
    };
    let title = Say::new(Key::TicketsWeek).with("from", Arg::Day(view.from));
    Picture::Bars(Bars {
        title: voice.plain(&title),
        below: voice.plain(&facts(view)),
        bars: view.categories.iter().map(bar).collect(),
        keys: (
            voice.plain(&Say::new(Key::TicketsWeekKey)),
            voice.plain(&Say::new(Key::TicketsWeekKeyBefore)),
        ),
    })
}

/// Tickets as a file.
pub(super) fn file(voice: &Voice<'_>, view: &FileView, place: Place) -> File {
    let text = match view.more {
        false => Key::TicketsFile,
        true => Key::TicketsFileMore,
    };
    File {
        thread: topic(place),
        name: view.name.clone(),
        bytes: view.text.clone().into(),
        mime: mime_of(&view.name),
        caption: voice
            .with(text, [("count", count(view.count))])
            .finish()
            .text,
        reply_to: None,
    }
}
