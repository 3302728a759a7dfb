//! The layout of a technical sheet.

use vigie_domain::network::{QuietHours, Scope};
use vigie_domain::state::State;
use vigie_domain::text::{Arg, Key};

use super::text::Text;
use super::voice::{Voice, name, number, one_line};
use super::{card, photo, pictures};
use crate::app::views::EquipmentView;

/// Longest foreign text on a line.
const LINE: usize = 300;

/// Days named in the text.
const MOST_DAYS: usize = 8;

/// Lays out a sheet. It goes under a picture, where there is little room: other names are given up
/// first, then the days, then the site.
#[must_use]
pub fn sheet(voice: &Voice<'_>, view: Option<&EquipmentView>) -> Text {
    let Some(view) = view else {
        return voice.with(Key::SheetGone, []);
    };
    let mut text = laid_out(voice, view, 0);
    for given_up in 1..=3 {
        if text.units() <= photo::CAPTION {
            break;
        }
        text = laid_out(voice, view, given_up);
    }
    text
}

fn laid_out(voice: &Voice<'_>, view: &EquipmentView, given_up: u8) -> Text {
    let equipment = &view.equipment;
    let id = Arg::Code(one_line(equipment.short_name().as_str(), LINE));
    let mut text = voice.with(
        Key::SheetTitle,
        [("name", name(&equipment.name)), ("id", id)],
    );
    text.line(&state(voice, view));
    let sector = view.sector.as_deref();
    text.line(&card::place_line(voice, equipment.class, sector));
    let words = |words: &str| Arg::Text(one_line(words, LINE));
    if let Some(parent) = &view.parent {
        text.line(&voice.with(Key::SheetParent, [("name", words(parent))]));
    }
    if !view.backups.is_empty() {
        let names = words(&view.backups.join(", "));
        text.line(&voice.with(Key::SheetBackups, [("names", names)]));
    }
    if view.carries.total() > 0 {
        text.line(&card::counts_line(voice, view.carries));
    }
    if let Some((site, hint)) = view.site.as_ref().filter(|_| given_up < 3) {
        text.line(&voice.with(Key::SheetSite, [("name", words(site))]));
        if let Some(hint) = hint {
            text.line(&voice.with(Key::CardHint, [("hint", words(hint))]));
        }
    }
    let called = equipment.short_name().as_str();
    let others: Vec<&str> = equipment
        .aliases
        .iter()
        .map(String::as_str)
        .filter(|alias| *alias != called)
        .collect();
    if !others.is_empty() && given_up < 1 {
        let names = words(&others.join(", "));
        text.line(&voice.with(Key::SheetAliases, [("names", names)]));
    }
    for probe in &equipment.probes {
        let target = Arg::Code(one_line(&probe.to_string(), LINE));
        text.line(&voice.with(Key::ProbeSheet, [("target", target)]));
    }
    if equipment.renamed.is_some() {
        let id = Arg::Code(one_line(equipment.id.as_str(), LINE));
        text.line(&voice.with(Key::SheetRenamed, [("id", id)]));
    }
    text.line(&voice.say(&pictures::strip_facts(voice, &view.strip)));
    if given_up < 2 {
        days(voice, view, &mut text);
    }
    settings(voice, view, &mut text);
    text
}

/// The days on which it was down, the last ones first.
fn days(voice: &Voice<'_>, view: &EquipmentView, text: &mut Text) {
    let down: Vec<String> = view
        .strip
        .days
        .iter()
        .rev()
        .filter(|day| day.down_s > 0)
        .map(|day| {
            let date = crate::i18n::day(voice.lang, day.date);
            format!("{date} ({})", voice.lasting(day.down_s))
        })
        .collect();
    let named = down.len().min(MOST_DAYS);
    let more = down.len() - named;
    let names: Vec<String> = down.into_iter().take(named).collect();
    let names = ("days", Arg::Text(names.join(", ")));
    match (named, more) {
        (0, _) => {}
        (_, 0) => {
            text.line(&voice.with(Key::ChartDays, [names]));
        }
        (_, more) => {
            text.line(&voice.with(Key::ChartDaysMore, [names, ("count", number(more))]));
        }
    }
}

fn state(voice: &Voice<'_>, view: &EquipmentView) -> Text {
    let since = |key| {
        let at = view.down_since.unwrap_or(voice.now);
        let lasting = (voice.now - at).num_seconds().max(0);
        let args = [("at", Arg::At(at)), ("lasting", Arg::Lasting(lasting))];
        voice.with(key, args)
    };
    let mut text = match view.state {
        State::Up => voice.with(Key::SheetUp, []),
        State::Down => since(Key::SheetDown),
        State::Degraded => since(Key::SheetDegraded),
        State::Unstable => since(Key::SheetUnstable),
        State::Bypassed => match &view.bypass {
            Some(bypass) => {
                let mut text = since(Key::SheetBypassed);
                text.line(&card::bypass_line(
                    voice,
                    &bypass.via,
                    &bypass.by,
                    bypass.at,
                ));
                text
            }
            None => voice.with(Key::SheetOnBackup, []),
        },
        State::Unknown
            if view.behind_cause.is_none()
                && let Some(source) = &view.silent_source =>
        {
            voice.with(Key::SheetUnknownSource, [("source", name(source))])
        }
        State::Unknown => {
            let cause = view.behind_cause.as_deref().unwrap_or_default();
            voice.with(Key::SheetUnknownState, [("cause", name(cause))])
        }
    };
    if let Some(until) = view.maintained_until {
        text.line(&voice.with(Key::CardMaintained, [("until", Arg::At(until))]));
    }
    if let Some(until) = view.silenced_until {
        text.line(&voice.with(Key::CardSilenced, [("until", Arg::At(until))]));
    }
    text
}

fn settings(voice: &Voice<'_>, view: &EquipmentView, text: &mut Text) {
    let (equipment, defaults) = (&view.equipment, &view.defaults);
    if equipment.alerts.enabled == Some(false) {
        text.line(&voice.with(Key::SheetAlertsOff, []));
        return;
    }
    let scope = match equipment.scope() {
        Scope::None => Key::SheetScopeNone,
        Scope::Backbone => Key::SheetScopeBackbone,
        Scope::Sector => Key::SheetScopeSector,
        Scope::Both => Key::SheetScopeBoth,
    };
    text.line(&voice.with(scope, []));
    if equipment.scope() == Scope::None {
        return;
    }
    let delay = Arg::Lasting(i64::from(equipment.delay_s(defaults)));
    text.line(&voice.with(Key::SheetDelay, [("lasting", delay)]));
    text.line(&match equipment.repeat_min(defaults) {
        0 => voice.with(Key::SheetRepeatNever, []),
        minutes => {
            let every = Arg::Lasting(i64::from(minutes) * 60);
            voice.with(Key::SheetRepeat, [("every", every)])
        }
    });
    let QuietHours {
        from_minute,
        to_minute,
    } = equipment.quiet(defaults);
    if from_minute != to_minute {
        let clock = |minute: u16| Arg::Text(format!("{:02}:{:02}", minute / 60, minute % 60));
        let args = [("from", clock(from_minute)), ("to", clock(to_minute))];
        text.line(&voice.with(Key::SheetQuiet, args));
    }
    if let Some(count) = equipment.alerts.declarations {
        let count = Arg::Number(i64::from(count));
        text.line(&voice.with(Key::SheetDeclarations, [("count", count)]));
    }
}
