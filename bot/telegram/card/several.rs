//! Several outages on one card: one line each while they are few, else by state.

use vigie_domain::alert::Severity;
use vigie_domain::text::{Arg, Key};

use super::super::fit::Part;
use super::super::text::Text;
use super::super::voice::{Voice, number, one_line};
use super::{
    LINE, Naming, alert_line, behind, headline, listed, since_line, taken_line, waits_for_hands,
};
use crate::app::views::{CauseNow, CauseView};

/// Causes that have a line each; more are told by state.
pub(super) const FEW_CAUSES: usize = 12;

/// Down first and worst first, then what is part of something else, then what is over.
pub(super) fn rank(cause: &CauseView) -> u8 {
    match (&cause.now, cause.severity) {
        (CauseNow::Down, Severity::Critical) => 0,
        (CauseNow::Down, Severity::Warning) => 1,
        (CauseNow::Down, Severity::Info) => 2,
        (CauseNow::Possible(_), _) => 3,
        (CauseNow::Unstable { .. }, _) => 4,
        (CauseNow::Bypassed { .. }, _) => 5,
        (CauseNow::CoveredBy(_), _) => 6,
        (CauseNow::Ended(_) | CauseNow::Unsaid(_), _) => 7,
    }
}

pub(super) fn headline_of_many(voice: &Voice<'_>, causes: &[&CauseView]) -> Text {
    let over = |cause: &&&CauseView| matches!(cause.now, CauseNow::Ended(_) | CauseNow::Unsaid(_));
    let ended = causes.iter().filter(over).count();
    let calmer = |cause: &&CauseView| {
        matches!(
            cause.now,
            CauseNow::Unstable { .. }
                | CauseNow::Bypassed { .. }
                | CauseNow::Ended(_)
                | CauseNow::Unsaid(_)
        )
    };
    let down = !causes.iter().all(calmer);
    match (causes.len() - ended, ended) {
        (0, _) => voice.with(Key::CardManyEnded, [("count", number(ended))]),
        (lasting, 0) if down => voice.with(Key::CardMany, [("count", number(lasting))]),
        (lasting, ended) => {
            let args = [("count", number(lasting)), ("ended", number(ended))];
            let key = if down {
                Key::CardManyMixed
            } else {
                Key::CardManyCalmer
            };
            voice.with(key, args)
        }
    }
}

/// From when to when, and who takes it, where several causes are told together.
pub(super) fn about_all(voice: &Voice<'_>, causes: &[&CauseView]) -> Vec<Text> {
    let mut lines = Vec::new();
    let lasting = || causes.iter().filter(|cause| cause.now.lasts());
    if causes.len() > FEW_CAUSES {
        let ends = causes.iter().filter_map(|cause| match cause.now {
            CauseNow::Ended(at) | CauseNow::Unsaid(at) => Some(at),
            _ => None,
        });
        let first = causes.iter().map(|cause| cause.since).min();
        match (lasting().map(|cause| cause.since).min(), first, ends.max()) {
            (Some(since), _, _) => lines.push(since_line(voice, since)),
            (None, Some(from), Some(to)) => {
                let args = [("from", Arg::At(from)), ("to", Arg::At(to))];
                lines.push(voice.with(Key::CardManySpan, args));
            }
            _ => {}
        }
        if let Some(taken) = lasting().find_map(|cause| cause.taken.as_ref()) {
            lines.push(taken_line(voice, taken));
        }
    }
    if lasting().any(|cause| waits_for_hands(cause)) && lasting().all(|cause| cause.taken.is_none())
    {
        lines.push(voice.with(Key::CardOpen, []));
    }
    lines
}

/// One line per cause with its state, the names behind it, and what the alerts say at the end.
pub(super) fn full_lines(voice: &Voice<'_>, causes: &[&CauseView]) -> Vec<Part> {
    let mut parts = Vec::new();
    for cause in causes {
        parts.push(Part::Line(cause_line(voice, cause)));
        behind(voice, std::slice::from_ref(cause), Naming::Full, &mut parts);
    }
    let lasting = causes.iter().filter(|cause| cause.now.lasts());
    let mut details: Vec<Text> = Vec::new();
    for alert in lasting.filter_map(|cause| cause.alerts.first()) {
        // What they all say is said once.
        let line = alert_line(voice, alert);
        if !details.contains(&line) {
            details.push(line);
        }
    }
    parts.push(Part::Details(details));
    parts
}

pub(super) fn cause_line(voice: &Voice<'_>, cause: &CauseView) -> Text {
    let mut line = headline(voice, cause);
    if cause.class.is_none() && cause.source.is_none() {
        line.append(&voice.with(Key::CardPartUnknown, []));
    }
    if let Some(sector) = &cause.sector {
        let sector = Arg::Text(one_line(sector, LINE));
        line.append(&voice.with(Key::CardPartSector, [("sector", sector)]));
    }
    if cause.now.lasts() {
        let since = match &cause.now {
            CauseNow::Unstable { since, .. } => *since,
            _ => cause.since,
        };
        line.append(&voice.with(Key::CardPartSince, [("at", Arg::At(since))]));
        if let Some(taken) = &cause.taken {
            let who = Arg::Text(one_line(&taken.name, LINE));
            line.append(&voice.with(Key::CardPartTaken, [("who", who)]));
        }
        if let Some(until) = cause.silenced_until {
            line.append(&voice.with(Key::CardPartSilenced, [("until", Arg::At(until))]));
        }
    }
    line
}

/// One paragraph per state: the sign, the word, how many, and the names.
pub(super) fn by_state(voice: &Voice<'_>, causes: &[&CauseView], naming: Naming) -> Vec<Part> {
    const STATES: [Key; 8] = [
        Key::CardAllCritical,
        Key::CardAllWarning,
        Key::CardAllInfo,
        Key::CardAllPossible,
        Key::CardAllUnstable,
        Key::CardAllBypassed,
        Key::CardAllCovered,
        Key::CardAllEnded,
    ];
    let mut parts = Vec::new();
    for (state, key) in (0_u8..).zip(STATES) {
        let mut names: Vec<String> = causes
            .iter()
            .filter(|cause| rank(cause) == state)
            .map(|cause| match naming {
                Naming::Full => one_line(&cause.name, LINE),
                Naming::Plain => one_line(&cause.plain, LINE),
            })
            .collect();
        if names.is_empty() {
            continue;
        }
        names.sort();
        // The first line has said it, where all have ended.
        if key != Key::CardAllEnded || names.len() < causes.len() {
            let count = ("count", number(names.len()));
            parts.push(Part::Line(voice.with(key, [count])));
        }
        parts.push(listed(names, 0));
    }
    let undeclared = |cause: &&&CauseView| cause.class.is_none() && cause.source.is_none();
    let unknown = causes.iter().filter(undeclared).count();
    if unknown > 0 {
        let count = [("count", number(unknown))];
        parts.push(Part::Line(voice.with(Key::CardAllUnknown, count)));
    }
    behind(voice, causes, naming, &mut parts);
    parts
}
