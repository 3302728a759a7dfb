//! The layout of what was: outages that are over, months, imports; and of the map.

use vigie_domain::history::{Means, Month};
use vigie_domain::text::{Arg, Key, Say};

use super::card;
use super::fit::{self, Part};
use super::text::Text;
use super::voice::{Voice, name, one_line};
use crate::app::history::HistoryOf;
use crate::app::network::{Digest, DigestLine, Field, LineKind};
use crate::app::views::{
    FileView, HistoryLine, HistoryView, MapLine, MapNode, MapView, MonthBar, MonthView, NodeState,
};

/// Longest foreign text on a line.
const LINE: usize = 120;
/// Deepest level that a line of the map is set in.
const DEEPEST: u32 = 8;

fn count(number: u64) -> Arg {
    Arg::Number(i64::try_from(number).unwrap_or(i64::MAX))
}

fn words(text: &str) -> Arg {
    Arg::Text(one_line(text, LINE))
}

/// Lays out a page of outages that are over.
#[must_use]
pub fn history(voice: &Voice<'_>, view: &HistoryView) -> Text {
    let name = view.name.as_deref().unwrap_or_default();
    let title = match view.of {
        HistoryOf::All => voice.with(Key::HistoryTitle, []),
        HistoryOf::Sector(_) => voice.with(Key::HistoryTitleSector, [("name", words(name))]),
        HistoryOf::Equipment(_) => voice.with(Key::HistoryTitleEquipment, [("name", words(name))]),
    };
    let mut parts = vec![Part::Line(title)];
    if let Some(since) = view.running {
        let running = voice.with(Key::HistoryRunning, [("at", Arg::At(since))]);
        parts.push(Part::Line(running));
    }
    if view.total == 0 {
        parts.push(Part::Line(voice.with(Key::HistoryNone, [])));
        return fit::fit(&parts, voice);
    }
    parts.push(Part::Line(means(voice, &view.means)));
    let lines = view.lines.iter().map(|line| Part::Line(past(voice, line)));
    parts.extend(lines);
    let total = match view.more {
        false => voice.with(Key::HistoryTotal, [("count", count(view.total))]),
        true => voice.with(Key::HistoryTotalMore, [("count", count(view.total))]),
    };
    parts.push(Part::Line(total));
    if view.pages > 1 {
        let args = [
            ("page", Arg::Number(i64::from(view.page) + 1)),
            ("pages", Arg::Number(i64::from(view.pages))),
        ];
        parts.push(Part::Line(voice.with(Key::StatusPage, args)));
    }
    fit::fit(&parts, voice)
}

fn means(voice: &Voice<'_>, means: &Means) -> Text {
    let mut text = voice.with(Key::HistoryMeans, [("count", count(means.outages))]);
    if let Some(after) = means.to_take_s() {
        let args = [("after", Arg::Lasting(after))];
        text.append(&voice.with(Key::HistoryMeansTaken, args));
    }
    if let Some(after) = means.to_restore_s() {
        let args = [("after", Arg::Lasting(after))];
        text.append(&voice.with(Key::HistoryMeansRestored, args));
    }
    text
}

fn past(voice: &Voice<'_>, line: &HistoryLine) -> Text {
    let args = [
        ("name", name(&line.name)),
        ("at", Arg::At(line.began)),
        ("lasting", Arg::Lasting(line.lasted_s)),
    ];
    let mut text = voice.with(Key::HistoryLine, args);
    if !line.down {
        text.append(&voice.with(Key::HistoryLineDegraded, []));
    }
    if let Some(by) = &line.covered_by {
        text.append(&voice.with(Key::HistoryLineCovered, [("name", words(by))]));
    }
    if let (Some(person), Some(after)) = (&line.taken, line.taken_after_s) {
        let args = [("person", words(person)), ("after", Arg::Lasting(after))];
        text.append(&voice.with(Key::HistoryLineTaken, args));
    }
    text
}

/// What goes with the history as a file.
#[must_use]
pub fn file_caption(voice: &Voice<'_>, view: &FileView) -> Text {
    match view.more {
        false => voice.with(Key::HistoryFile, [("count", count(view.count))]),
        true => voice.with(Key::HistoryFileMore, [("count", count(view.count))]),
    }
}

/// "novembre 2026".
pub(super) fn month_name(voice: &Voice<'_>, month: Month) -> String {
    crate::i18n::month(voice.lang, month.year, month.month)
}

pub(super) fn month_title(voice: &Voice<'_>, view: &MonthView) -> Say {
    let month = Arg::Text(month_name(voice, view.month));
    match &view.sector {
        None => Say::new(Key::MonthTitle).with("month", month),
        Some(sector) => Say::new(Key::MonthTitleSector)
            .with("month", month)
            .with("sector", words(sector)),
    }
}

pub(super) fn month_facts(view: &MonthView) -> Say {
    let key = match view.over {
        true => Key::MonthFacts,
        false => Key::MonthFactsSoFar,
    };
    Say::new(key)
        .with("count", count(view.means.outages))
        .with("lasting", Arg::Lasting(view.means.lasted_s()))
}

pub(super) fn month_words(means: &Means) -> Say {
    Say::new(Key::MonthBarWords)
        .with("count", count(means.outages))
        .with("lasting", Arg::Lasting(means.lasted_s()))
}

/// Lays out a month in numbers.
#[must_use]
pub fn month(voice: &Voice<'_>, view: &MonthView) -> Text {
    let mut text = Text::new();
    text.styled(
        super::text::Style::Bold,
        &voice.plain(&month_title(voice, view)),
    );
    text.line(&voice.say(&month_facts(view)));
    let means = &view.means;
    match means.to_take_s() {
        Some(after) => {
            let args = [
                ("after", Arg::Lasting(after)),
                ("taken", count(means.taken)),
                ("count", count(means.outages)),
            ];
            text.line(&voice.with(Key::MonthTaken, args));
        }
        None if means.outages > 0 => {
            text.line(&voice.with(Key::MonthTakenNone, []));
        }
        None => {}
    }
    if let Some(after) = means.to_restore_s() {
        text.line(&voice.with(Key::MonthRestored, [("after", Arg::Lasting(after))]));
    }
    if let Some(before) = &view.before {
        let args = [
            ("count", count(before.outages)),
            ("lasting", Arg::Lasting(before.lasted_s())),
        ];
        text.line(&voice.with(Key::MonthBefore, args));
    }
    if let Some(since) = view.watched_since {
        text.line(&voice.with(Key::MonthSince, [("at", Arg::At(since))]));
    }
    for bar in &view.bars {
        text.line(&month_bar(voice, bar));
    }
    if view.left_out > 0 {
        let args = [("count", count(view.left_out))];
        text.line(&voice.with(Key::MonthLeftOut, args));
    }
    text.line(&voice.with(Key::MonthCounted, []));
    text
}

fn month_bar(voice: &Voice<'_>, bar: &MonthBar) -> Text {
    let name = match &bar.name {
        Some(name) => one_line(name, LINE),
        None => voice.plain(&Say::new(Key::ChartNoSector)),
    };
    let counted = voice.plain(&month_words(&bar.means));
    let args = [("name", Arg::Name(name)), ("words", Arg::Text(counted))];
    let mut text = voice.with(Key::MonthBar, args);
    if let Some(after) = bar.means.to_take_s() {
        let args = [("after", Arg::Lasting(after))];
        text.append(&voice.with(Key::MonthBarTaken, args));
    }
    if let Some(after) = bar.means.to_restore_s() {
        let args = [("after", Arg::Lasting(after))];
        text.append(&voice.with(Key::MonthBarRestored, args));
    }
    text
}

/// What is not well, in the order in which it is said.
const TROUBLES: &[(NodeState, Key)] = &[
    (NodeState::Down, Key::MapFactsDown),
    (NodeState::Covered, Key::MapFactsCovered),
    (NodeState::Unstable, Key::MapFactsUnstable),
    (NodeState::Bypassed, Key::MapFactsBypassed),
    (NodeState::Degraded, Key::MapFactsDegraded),
    (NodeState::Unknown, Key::MapFactsUnknown),
];

/// The sign and the word of a state.
pub(super) const fn map_state(state: NodeState) -> (&'static str, Key) {
    match state {
        NodeState::Up => ("✅", Key::MapStateUp),
        NodeState::Degraded => ("🟠", Key::MapStateDegraded),
        NodeState::Covered => ("⛔", Key::MapStateCovered),
        NodeState::Down => ("🔴", Key::MapStateDown),
        NodeState::Unstable => ("🟠", Key::MapStateUnstable),
        NodeState::Bypassed => ("🟠", Key::MapStateBypassed),
        NodeState::Unknown => ("⚪", Key::MapStateUnknown),
    }
}

/// The facts of a tree in one line.
pub(super) fn map_facts(voice: &Voice<'_>, view: &MapView) -> String {
    let total = count(view.states.values().sum());
    let troubles: Vec<_> = TROUBLES
        .iter()
        .filter_map(|(state, key)| Some((*view.states.get(state)?, *key)))
        .collect();
    if troubles.is_empty() {
        return voice.plain(&Say::new(Key::MapFactsWell).with("total", total));
    }
    let mut facts = vec![voice.plain(&Say::new(Key::MapFacts).with("total", total))];
    for (number, key) in troubles {
        facts.push(voice.plain(&Say::new(key).with("count", count(number))));
    }
    facts.join(", ")
}

pub(super) fn map_folded(well: u64, covered: u64) -> Say {
    match (well, covered) {
        (_, 0) => Say::new(Key::MapFolded).with("count", count(well)),
        (0, _) => Say::new(Key::MapFoldedCovered).with("count", count(covered)),
        _ => Say::new(Key::MapFoldedBoth)
            .with("covered", count(covered))
            .with("well", count(well)),
    }
}

/// Lays out equipment as a tree.
#[must_use]
pub fn map(voice: &Voice<'_>, view: &MapView) -> Text {
    let title = match &view.sector {
        Some(sector) => voice.with(Key::MapTitle, [("sector", words(sector))]),
        None => voice.with(Key::MapTitleAll, []),
    };
    let mut parts = vec![Part::Line(title)];
    if view.nodes.is_empty() {
        parts.push(Part::Line(voice.with(Key::MapEmpty, [])));
        return fit::fit(&parts, voice);
    }
    parts.push(Part::Line(Text::plain(&map_facts(voice, view))));
    if view.cut {
        let command = Arg::Code("/carte joigny".to_owned());
        parts.push(Part::Line(voice.with(Key::MapCut, [("command", command)])));
    }
    let lines = view.nodes.iter().map(|node| map_line(voice, node));
    parts.push(Part::Details(lines.collect()));
    fit::fit(&parts, voice)
}

fn map_line(voice: &Voice<'_>, node: &MapNode) -> Text {
    let deep = usize::try_from(node.level.min(DEEPEST)).unwrap_or(0);
    // Spaces that are not taken away at the begin of a line.
    let mut text = Text::plain(&"\u{2003}".repeat(deep));
    match &node.what {
        MapLine::Folded { well, covered } => {
            text.append(&voice.say(&map_folded(*well, *covered)));
        }
        MapLine::Equipment {
            name: called,
            others,
            state,
            since,
            behind,
        } => {
            let (sign, word) = map_state(*state);
            let args = [
                ("sign", Arg::Text(sign.to_owned())),
                ("name", words(called)),
                ("state", Arg::Word(word)),
            ];
            text.append(&voice.with(Key::MapLine, args));
            if let Some(since) = since {
                text.append(&voice.with(Key::MapLineSince, [("at", Arg::At(*since))]));
            }
            let behind = u64::from(behind.total());
            if behind > 0 {
                text.append(&voice.with(Key::MapLineBehind, [("count", count(behind))]));
            }
            if !others.is_empty() {
                let names = words(&others.join(", "));
                text.append(&voice.with(Key::MapLineOthers, [("names", names)]));
            }
        }
    }
    text
}

/// Lays out what an import changed.
#[must_use]
pub fn import(voice: &Voice<'_>, digest: Option<&Digest>) -> Text {
    let Some(digest) = digest else {
        return voice.with(Key::ImportGone, []);
    };
    let changes: Vec<String> = [
        (digest.added, Key::ImportAdded),
        (digest.renamed, Key::ImportRenamed),
        (digest.changed, Key::ImportChanged),
        (digest.removed, Key::ImportRemoved),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, key)| voice.plain(&Say::new(key).with("count", count(number))))
    .collect();
    let changes = ("changes", Arg::Text(changes.join(", ")));
    let mut parts = vec![Part::Line(voice.with(Key::ImportTitle, [changes]))];
    let lines = digest.lines.iter().map(|line| import_line(voice, line));
    parts.extend(lines.map(Part::Line));
    let all = digest.added + digest.renamed + digest.changed + digest.removed;
    let more = all.saturating_sub(digest.lines.len() as u64);
    if more > 0 {
        let more = voice.with(Key::ImportMore, [("count", count(more))]);
        parts.push(Part::Line(more));
    }
    if let Some(verified) = &digest.verified {
        let args = [
            ("person", words(&verified.name)),
            ("at", Arg::At(verified.at)),
        ];
        parts.push(Part::Line(voice.with(Key::ImportVerified, args)));
    }
    fit::fit(&parts, voice)
}

fn import_line(voice: &Voice<'_>, line: &DigestLine) -> Text {
    let named = [("name", name(&line.name)), ("id", words(&line.id))];
    let [called, id] = named.clone();
    match &line.kind {
        LineKind::Added => {
            let class = ("class", Arg::Word(card::class_word(line.class)));
            voice.with(Key::ImportLineAdded, [called, id, class])
        }
        LineKind::Removed => voice.with(Key::ImportLineRemoved, named),
        LineKind::Changed(changed) => {
            let changed = ("fields", Arg::Text(fields(voice, changed)));
            voice.with(Key::ImportLineChanged, [called, id, changed])
        }
        LineKind::Renamed { before, also } => {
            let before = ("before", words(before));
            let mut text = voice.with(Key::ImportLineRenamed, [before, called, id]);
            if !also.is_empty() {
                let also = Arg::Text(fields(voice, also));
                text.append(&voice.with(Key::ImportAlso, [("fields", also)]));
            }
            text
        }
    }
}

fn fields(voice: &Voice<'_>, changed: &[Field]) -> String {
    let word = |field: &Field| {
        voice.plain(&Say::new(match field {
            Field::Class => Key::ImportFieldClass,
            Field::Parent => Key::ImportFieldParent,
            Field::Sector => Key::ImportFieldSector,
            Field::Site => Key::ImportFieldSite,
            Field::Aliases => Key::ImportFieldAliases,
            Field::Alerts => Key::ImportFieldAlerts,
        }))
    };
    let all: Vec<String> = changed.iter().map(word).collect();
    all.join(", ")
}
