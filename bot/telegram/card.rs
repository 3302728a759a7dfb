//! The layout of an alert card.

mod several;

use chrono::{DateTime, Utc};
use vigie_domain::alert::{Severity, Taken};
use vigie_domain::network::Class;
use vigie_domain::text::{Arg, Key};
use vigie_domain::tree::Count;

use self::several::{
    FEW_CAUSES, about_all, by_state, cause_line, full_lines, headline_of_many, rank,
};
use super::fit::{self, LeftOut as _, Part};
use super::text::{Style, Text, link};
use super::voice::{Voice, name, number, one_line};
use crate::app::views::{AlertLine, BehindLine, CardView, CauseNow, CauseView};

/// Longest line of foreign text.
const LINE: usize = 300;
/// Names that fit into every message.
const FEW_NAMES: usize = 30;
/// Most lines of one alert's details.
const DETAIL_LINES: usize = 6;

/// Lays out a card. `repeated`: it may have been sent before, and says so.
#[must_use]
pub fn card(voice: &Voice<'_>, view: &CardView, repeated: bool) -> Text {
    if let [cause] = view.causes.as_slice() {
        let whole = |naming| {
            let mut parts = one_cause(voice, cause, naming);
            left_out(voice, view, &mut parts);
            marked(voice, parts, repeated)
        };
        return fit_names(voice, whole);
    }
    if view.causes.is_empty() {
        return voice.with(Key::CardGone, []);
    }
    let mut causes: Vec<&CauseView> = view.causes.iter().collect();
    causes.sort_by_key(|cause| (rank(cause), cause.since));
    let whole = |layout: Vec<Part>| {
        let mut parts = vec![Part::Line(headline_of_many(voice, &causes))];
        parts.extend(about_all(voice, &causes).into_iter().map(Part::Line));
        parts.extend(layout);
        left_out(voice, view, &mut parts);
        marked(voice, parts, repeated)
    };
    if causes.len() <= FEW_CAUSES {
        let full = whole(full_lines(voice, &causes));
        if fit::keeps_names(&full, voice) {
            return fit::fit(&full, voice);
        }
    }
    fit_names(voice, |naming| whole(by_state(voice, &causes, naming)))
}

/// Lays out a card on a copy that nobody will find up to date later: it says so first.
#[must_use]
pub fn copy(voice: &Voice<'_>, view: &CardView, below: bool) -> Text {
    let key = match below {
        true => Key::CardCopyAbove,
        false => Key::CardCopyBelow,
    };
    let mut text = voice.with(key, [("now", Arg::At(voice.now))]);
    text.line(&card(voice, view, false));
    text
}

/// How equipment is called where many names stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Naming {
    /// With the short names that commands take.
    Full,
    /// By name alone.
    Plain,
}

/// Lays out with short names where all of them fit, else by name alone.
fn fit_names(voice: &Voice<'_>, layout: impl Fn(Naming) -> Vec<Part>) -> Text {
    let full = layout(Naming::Full);
    if fit::keeps_names(&full, voice) {
        return fit::fit(&full, voice);
    }
    fit::fit(&layout(Naming::Plain), voice)
}

/// Whether a card has more names than its message holds.
#[must_use]
pub fn lacks_names(voice: &Voice<'_>, view: &CardView) -> bool {
    let names: usize = view.causes.iter().map(|cause| 1 + cause.behind.len()).sum();
    if names < FEW_NAMES {
        return false;
    }
    let causes: Vec<&CauseView> = view.causes.iter().collect();
    let parts = match causes.as_slice() {
        [cause] => one_cause(voice, cause, Naming::Plain),
        _ => by_state(voice, &causes, Naming::Plain),
    };
    !fit::keeps_names(&parts, voice)
}

/// Every name of a card, for a file next to a card that cannot hold them.
#[must_use]
pub fn names_file(voice: &Voice<'_>, view: &CardView) -> String {
    let mut file = String::new();
    let mut add = |line: &str| {
        file.push_str(line);
        file.push('\n');
    };
    for cause in &view.causes {
        add(&cause_line(voice, cause).finish().text);
        for behind in &cause.behind {
            let since = voice.with(Key::CardPartSince, [("at", Arg::At(behind.since))]);
            add(&format!(
                "    {}{}",
                one_line(&behind.name, LINE),
                since.finish().text
            ));
        }
        let more = all_behind(cause) - cause.behind.len();
        if more > 0 {
            add(&format!("    {}", voice.names(more).finish().text));
        }
        for alert in &cause.alerts {
            add(&format!("    {}", alert_line(voice, alert).finish().text));
        }
    }
    file
}

/// The first line of a cause: sign, word, name.
#[must_use]
pub fn headline(voice: &Voice<'_>, cause: &CauseView) -> Text {
    let who = ("name", name(&cause.name));
    let source = cause.source.as_ref();
    let source = source.map(|source| ("name", name(&source.name)));
    match &cause.now {
        CauseNow::Down if let Some(source) = source => voice.with(Key::SourceSilent, [source]),
        CauseNow::Down => severity_line(voice, cause.severity, &cause.name),
        CauseNow::Possible(count) => {
            let count = ("count", Arg::Number(i64::from(*count)));
            voice.with(Key::CardPossible, [who, count])
        }
        CauseNow::Unstable { .. } => voice.with(Key::CardUnstable, [who]),
        CauseNow::Bypassed { .. } => voice.with(Key::CardBypassed, [who]),
        CauseNow::Unsaid(at) => {
            let args = [who, ("from", Arg::At(cause.since)), ("to", Arg::At(*at))];
            voice.with(Key::CardUnsaid, args)
        }
        CauseNow::Ended(at) => {
            let lasting = (*at - cause.since).num_seconds().max(0);
            let (key, who) = match source {
                Some(source) => (Key::SourceBack, source),
                None => (Key::CardEnded, who),
            };
            let args = [
                who,
                ("lasting", Arg::Lasting(lasting)),
                ("from", Arg::At(cause.since)),
                ("to", Arg::At(*at)),
            ];
            voice.with(key, args)
        }
        CauseNow::CoveredBy(parent) => {
            voice.with(Key::CardCovered, [who, ("parent", name(parent))])
        }
    }
}

/// Sign, word and name of something that is down.
#[must_use]
pub fn severity_line(voice: &Voice<'_>, severity: Severity, what: &str) -> Text {
    let key = match severity {
        Severity::Critical => Key::CardCritical,
        Severity::Warning => Key::CardWarning,
        Severity::Info => Key::CardInfo,
    };
    voice.with(key, [("name", name(what))])
}

/// The word for what a piece of equipment is.
#[must_use]
pub const fn class_word(class: Class) -> Key {
    match class {
        Class::Backbone => Key::CardClassBackbone,
        Class::MainRelay => Key::CardClassMainRelay,
        Class::SecondaryRelay => Key::CardClassSecondaryRelay,
        Class::Access => Key::CardClassAccess,
        Class::Link => Key::CardClassLink,
    }
}

/// What and where.
#[must_use]
pub fn place_line(voice: &Voice<'_>, class: Class, sector: Option<&str>) -> Text {
    match sector {
        Some(sector) => {
            let args = [
                ("class", Arg::Word(class_word(class))),
                ("sector", Arg::Text(one_line(sector, LINE))),
            ];
            voice.with(Key::CardWhere, args)
        }
        None => voice.with(class_word(class), []),
    }
}

/// Since when. How long is said with the moment it was true, so that it stays true.
#[must_use]
pub fn since_line(voice: &Voice<'_>, since: DateTime<Utc>) -> Text {
    let lasting = (voice.now - since).num_seconds();
    if lasting < 60 {
        return voice.with(Key::CardSince, [("at", Arg::At(since))]);
    }
    let args = [
        ("at", Arg::At(since)),
        ("lasting", Arg::Lasting(lasting)),
        ("now", Arg::At(voice.now)),
    ];
    voice.with(Key::CardSinceLasting, args)
}

fn one_cause(voice: &Voice<'_>, cause: &CauseView, naming: Naming) -> Vec<Part> {
    let mut lines = vec![headline(voice, cause)];
    let down = cause.now.lasts();
    if let Some(class) = cause.class {
        lines.push(place_line(voice, class, cause.sector.as_deref()));
    }
    lines.extend(carries_line(voice, cause));
    if down {
        lines.extend(how_it_stands(voice, cause));
        lines.extend(silent_lines(voice, cause));
    }
    match &cause.taken {
        Some(taken) => lines.push(taken_line(voice, taken)),
        None if waits_for_hands(cause) => lines.push(voice.with(Key::CardOpen, [])),
        None => {}
    }
    if cause.declared > 0 && down && !matches!(cause.now, CauseNow::Possible(_)) {
        let count = Arg::Number(i64::from(cause.declared));
        lines.push(voice.with(Key::CardDeclared, [("count", count)]));
    }
    lines.extend(cause.life.iter().map(|say| voice.say(say)));
    if let Some(until) = cause.maintained_until.filter(|_| down) {
        lines.push(voice.with(Key::CardMaintained, [("until", Arg::At(until))]));
    }
    if let Some(until) = cause.silenced_until.filter(|_| down) {
        lines.push(voice.with(Key::CardSilenced, [("until", Arg::At(until))]));
    }
    if let Some(hint) = cause.hint.as_ref().filter(|_| down) {
        let hint = Arg::Text(one_line(hint, LINE));
        lines.push(voice.with(Key::CardHint, [("hint", hint)]));
    }
    if cause.class.is_none() && cause.source.is_none() {
        let name = Arg::Code(one_line(&cause.name, LINE));
        lines.push(voice.with(Key::CardUnknown, [("name", name)]));
    }
    let mut parts: Vec<Part> = lines.into_iter().map(Part::Line).collect();
    behind(voice, std::slice::from_ref(&cause), naming, &mut parts);
    parts.push(Part::Details(alerts(voice, cause)));
    parts
}

/// What the silence of a source means, and what to look at.
fn silent_lines(voice: &Voice<'_>, cause: &CauseView) -> Vec<Text> {
    let Some(source) = cause
        .source
        .as_ref()
        .filter(|_| cause.now == CauseNow::Down)
    else {
        return Vec::new();
    };
    let mut lines = vec![voice.with(Key::SourceMeans, [])];
    if source.after_s > 0 {
        let every = Arg::Lasting(i64::from(source.after_s));
        lines.push(voice.with(Key::SourceExpected, [("every", every)]));
    }
    lines
}

/// Whether nobody looks after something that somebody should look after.
fn waits_for_hands(cause: &CauseView) -> bool {
    matches!(cause.now, CauseNow::Down | CauseNow::Possible(_)) && !is_held(cause)
}

const fn is_held(cause: &CauseView) -> bool {
    cause.silenced_until.is_some() || cause.maintained_until.is_some()
}

/// Since when, and what is special about it.
fn how_it_stands(voice: &Voice<'_>, cause: &CauseView) -> Vec<Text> {
    match &cause.now {
        CauseNow::Unstable { since, changes } => {
            let args = [
                ("at", Arg::At(*since)),
                ("changes", Arg::Number(i64::from(*changes))),
                ("now", Arg::At(voice.now)),
            ];
            vec![voice.with(Key::CardUnstableSince, args)]
        }
        CauseNow::Bypassed { via, by, at } => {
            let mut lines = vec![since_line(voice, cause.since)];
            lines.push(bypass_line(voice, via, by, *at));
            lines
        }
        _ => vec![since_line(voice, cause.since)],
    }
}

/// The other way, since when, and who said so.
#[must_use]
pub fn bypass_line(voice: &Voice<'_>, via: &str, by: &str, at: DateTime<Utc>) -> Text {
    let text = |words: &str| Arg::Text(one_line(words, LINE));
    let args = [("at", Arg::At(at)), ("who", text(by))];
    if via.is_empty() {
        return voice.with(Key::CardBypass, args);
    }
    let [at, who] = args;
    voice.with(Key::CardBypassVia, [("via", text(via)), at, who])
}

/// How much hangs on it, where that is more than what is known to be down.
fn carries_line(voice: &Voice<'_>, cause: &CauseView) -> Option<Text> {
    let total = usize::try_from(cause.carries.total()).unwrap_or(usize::MAX);
    if !cause.now.lasts() || total <= all_behind(cause) {
        return None;
    }
    Some(counts_line(voice, cause.carries))
}

fn all_behind(cause: &CauseView) -> usize {
    let more = usize::try_from(cause.behind_more).unwrap_or(usize::MAX);
    cause.behind.len().saturating_add(more)
}

/// So many links and relays.
#[must_use]
pub fn counts_line(voice: &Voice<'_>, count: Count) -> Text {
    let links = ("links", Arg::Number(i64::from(count.links)));
    let relays = ("relays", Arg::Number(i64::from(count.relays)));
    match (count.links, count.relays) {
        (_, 0) => voice.with(Key::CardCarriesLinks, [links]),
        (0, _) => voice.with(Key::CardCarriesRelays, [relays]),
        _ => voice.with(Key::CardCarries, [links, relays]),
    }
}

/// A list of names, with commas between them unless a name holds one.
fn listed(names: Vec<String>, more: usize) -> Part {
    let commas = names.iter().any(|name| name.contains(", "));
    let between = if commas { " · " } else { ", " };
    Part::Names {
        names,
        between,
        more,
    }
}

/// Names behind causes: how many in a line, then the names.
fn behind(voice: &Voice<'_>, causes: &[&CauseView], naming: Naming, parts: &mut Vec<Part>) {
    let all = || causes.iter().flat_map(|cause| &cause.behind);
    for (key, remains) in [(Key::CardBehind, false), (Key::CardRemains, true)] {
        let some: Vec<&BehindLine> = all().filter(|line| line.remains == remains).collect();
        if some.is_empty() {
            continue;
        }
        let longer = causes.iter().filter(|cause| cause.now.lasts() != remains);
        let more = longer
            .map(|cause| all_behind(cause) - cause.behind.len())
            .sum();
        let count = number(some.len() + more);
        parts.push(Part::Line(voice.with(key, [("count", count)])));
        let names = some.iter().map(|line| match naming {
            Naming::Full => one_line(&line.name, LINE),
            Naming::Plain => one_line(&line.plain, LINE),
        });
        parts.push(listed(names.collect(), more));
    }
}

fn alerts(voice: &Voice<'_>, cause: &CauseView) -> Vec<Text> {
    let mut lines = Vec::new();
    for alert in &cause.alerts {
        lines.push(alert_line(voice, alert));
        // What a probe measured is said in the line.
        let details = match alert.measured {
            Some(_) => "",
            None => alert.details.as_str(),
        };
        let more = details.lines().filter(|line| !line.trim().is_empty());
        lines.extend(
            more.take(DETAIL_LINES)
                .map(|line| Text::plain(&one_line(line, LINE))),
        );
    }
    let shown = u64::try_from(cause.alerts.len()).unwrap_or(u64::MAX);
    let rest = cause.alert_count.saturating_sub(shown);
    if rest > 0 && !cause.alerts.is_empty() {
        let count = Arg::Number(i64::try_from(rest).unwrap_or(i64::MAX));
        lines.push(voice.with(Key::CardMoreAlerts, [("count", count)]));
    }
    lines
}

fn alert_line(voice: &Voice<'_>, alert: &AlertLine) -> Text {
    let mut line = if let Some(measured) = &alert.measured {
        let says: Vec<String> = measured.say().iter().map(|say| voice.plain(say)).collect();
        let summary = Arg::Text(says.join(", "));
        voice.with(
            Key::CardAlert,
            [("name", name(&alert.name)), ("summary", summary)],
        )
    } else if alert.summary.trim().is_empty() {
        let mut line = Text::new();
        line.styled(Style::Bold, &one_line(&alert.name, LINE));
        line
    } else {
        let summary = Arg::Text(one_line(&alert.summary, LINE));
        voice.with(
            Key::CardAlert,
            [("name", name(&alert.name)), ("summary", summary)],
        )
    };
    if let Some(link) = alert.link.as_deref().and_then(link) {
        let word = voice.with(Key::CardLink, []).finish().text;
        line.push(" ").styled(Style::Link(link), &word);
    }
    line
}

fn left_out(voice: &Voice<'_>, view: &CardView, parts: &mut Vec<Part>) {
    if view.left_out > 0 {
        let count = Arg::Number(i64::try_from(view.left_out).unwrap_or(i64::MAX));
        parts.push(Part::Line(voice.with(Key::CardLeftOut, [("count", count)])));
    }
}

fn marked(voice: &Voice<'_>, mut parts: Vec<Part>, repeated: bool) -> Vec<Part> {
    if let (true, Some(Part::Line(first))) = (repeated, parts.first_mut()) {
        let word = voice.with(Key::CardRepetition, []);
        first.push(" ").append(&word);
    }
    parts
}

fn taken_line(voice: &Voice<'_>, taken: &Taken) -> Text {
    let who = Arg::Text(one_line(&taken.name, LINE));
    voice.with(Key::CardTaken, [("who", who), ("at", Arg::At(taken.at))])
}
