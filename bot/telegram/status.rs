//! The layout of the list of what is down, and of the causes of a card in full.

use vigie_domain::state::State;
use vigie_domain::text::{Arg, Key};

use super::card;
use super::fit::{self, Part};
use super::text::Text;
use super::voice::{Voice, one_line};
use crate::app::deadman::Hidden;
use crate::app::views::{CardView, StatusLine, StatusView};

/// Longest foreign text on a line.
const LINE: usize = 200;
/// Lines on one page of the details of a card.
pub const DETAIL_LINES: usize = 40;

/// Lays out a page of what is down.
#[must_use]
pub fn status(voice: &Voice<'_>, view: &StatusView) -> Text {
    let sector = view
        .sector
        .as_deref()
        .map(|sector| ("sector", Arg::Text(one_line(sector, LINE))));
    let total = Arg::Number(i64::try_from(view.total).unwrap_or(i64::MAX));
    let known_only = !view.hidden.is_empty();
    let title = match (view.total, sector) {
        (0, None) if known_only => voice.with(Key::StatusNoneKnown, []),
        (0, Some(sector)) if known_only => voice.with(Key::StatusNoneKnownSector, [sector]),
        (0, None) => voice.with(Key::StatusNone, []),
        (0, Some(sector)) => voice.with(Key::StatusNoneSector, [sector]),
        (_, None) => voice.with(Key::StatusTitle, [("count", total)]),
        (_, Some(sector)) => voice.with(Key::StatusTitleSector, [("count", total), sector]),
    };
    let mut parts = vec![Part::Line(title)];
    parts.extend(view.lines.iter().map(|line| Part::Line(cause(voice, line))));
    parts.extend(view.hidden.iter().map(|one| Part::Line(hidden(voice, one))));
    parts.extend(page_line(voice, view.page, view.pages));
    parts.push(Part::Line(
        voice.with(Key::StatusRead, [("at", Arg::At(voice.now))]),
    ));
    fit::fit(&parts, voice)
}

/// So much is not known, and why.
fn hidden(voice: &Voice<'_>, hidden: &Hidden) -> Text {
    let key = match hidden.more {
        true => Key::StatusHiddenMore,
        false => Key::StatusHidden,
    };
    let count = Arg::Number(i64::try_from(hidden.count).unwrap_or(i64::MAX));
    let args = [
        ("count", count),
        ("source", super::voice::name(&hidden.source)),
        ("at", Arg::At(hidden.since)),
    ];
    voice.with(key, args)
}

/// Asks which sector a group of this kind is for.
#[must_use]
pub fn sectors(voice: &Voice<'_>, kind: &str, page: u32, pages: u32) -> Text {
    let kind = Arg::Name(one_line(kind, LINE));
    let mut parts = vec![Part::Line(
        voice.with(Key::GroupWhichSector, [("kind", kind)]),
    )];
    parts.extend(page_line(voice, page, pages));
    fit::fit(&parts, voice)
}

fn page_line(voice: &Voice<'_>, page: u32, pages: u32) -> Option<Part> {
    let args = [
        ("page", Arg::Number(i64::from(page) + 1)),
        ("pages", Arg::Number(i64::from(pages))),
    ];
    (pages > 1).then(|| Part::Line(voice.with(Key::StatusPage, args)))
}

fn cause(voice: &Voice<'_>, line: &StatusLine) -> Text {
    let who = || [("name", super::voice::name(&line.name))];
    let source = line.source.as_deref().map(super::voice::name);
    let mut text = match line.state {
        State::Down if let Some(name) = source => voice.with(Key::SourceSilent, [("name", name)]),
        State::Unstable => voice.with(Key::CardUnstable, who()),
        State::Bypassed => voice.with(Key::CardBypassed, who()),
        _ => card::severity_line(voice, line.severity, &line.name),
    };
    if let Some(sector) = &line.sector {
        let sector = Arg::Text(one_line(sector, LINE));
        text.append(&voice.with(Key::CardPartSector, [("sector", sector)]));
    }
    let lasting = (voice.now - line.since).num_seconds().max(0);
    let args = [
        ("at", Arg::At(line.since)),
        ("lasting", Arg::Lasting(lasting)),
    ];
    text.append(&voice.with(Key::StatusSince, args));
    if line.stale {
        text.append(&voice.with(Key::StatusStale, []));
    }
    if line.behind > 0 {
        let count = Arg::Number(i64::try_from(line.behind).unwrap_or(i64::MAX));
        text.append(&voice.with(Key::CardPartBehind, [("count", count)]));
    }
    if let Some(taken) = &line.taken {
        let who = Arg::Text(one_line(taken, LINE));
        text.append(&voice.with(Key::CardPartTaken, [("who", who)]));
    }
    text
}

/// Lays out a page of everything that a card stands for.
#[must_use]
pub fn details(voice: &Voice<'_>, view: Option<&CardView>, page: u32) -> Text {
    let Some(view) = view else {
        return voice.with(Key::CardGone, []);
    };
    let file = card::names_file(voice, view);
    let lines: Vec<&str> = file.lines().collect();
    let pages: Vec<&[&str]> = lines.chunks(DETAIL_LINES).collect();
    let at = usize::try_from(page)
        .unwrap_or(usize::MAX)
        .min(pages.len().saturating_sub(1));
    let mut text = Text::new();
    for line in pages.get(at).into_iter().flat_map(|lines| lines.iter()) {
        text.line(&Text::plain(line));
    }
    if pages.len() > 1 {
        let number = |page: usize| Arg::Number(i64::try_from(page).unwrap_or(i64::MAX));
        let args = [("page", number(at + 1)), ("pages", number(pages.len()))];
        text.line(&voice.with(Key::StatusPage, args));
    }
    text
}
