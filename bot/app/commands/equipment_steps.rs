//! The steps that buttons offer for each alert setting.

use vigie_domain::network::{AlertDefaults, AlertSettings, Equipment, QuietHours, Scope};
use vigie_domain::text::{Arg, Key as Text, Say};

use crate::app::buttons::Change;

/// Steps of the delay, in seconds.
const DELAYS: [u32; 8] = [0, 60, 180, 300, 600, 1_200, 1_800, 3_600];
/// Steps of the repeat, in minutes; 0 is never.
const REPEATS: [u32; 7] = [0, 15, 30, 60, 120, 240, 1_440];
/// Hours at which the quiet may begin, one after the other.
const EVENINGS: [u16; 5] = [19, 20, 21, 22, 23];
/// Hours at which it may end.
const MORNINGS: [u16; 5] = [6, 7, 8, 9, 10];
/// The next steps of each setting.
pub(super) fn changes(sheet: &Equipment, defaults: &AlertDefaults) -> Vec<Vec<(Say, Change)>> {
    let enabled = sheet.alerts.enabled != Some(false);
    let on = match enabled {
        true => Text::SheetTurnOff,
        false => Text::SheetTurnOn,
    };
    let mut lines = vec![vec![(Say::new(on), Change::Enabled(!enabled))]];
    if enabled {
        let scopes = [
            (Scope::Backbone, Text::ScopeBackbone),
            (Scope::Sector, Text::ScopeSector),
            (Scope::Both, Text::ScopeBoth),
        ];
        let others = scopes
            .into_iter()
            .filter(|(scope, _)| *scope != sheet.scope());
        lines.push(
            others
                .map(|(scope, text)| (Say::new(text), Change::Scope(scope)))
                .collect(),
        );
    }
    if enabled && sheet.scope() != Scope::None {
        lines.push(delays(sheet.delay_s(defaults)));
        lines.push(repeats(sheet.repeat_min(defaults)));
        lines.push(nights(sheet.quiet(defaults)));
    }
    if sheet.alerts != AlertSettings::default() {
        lines.push(vec![(Say::new(Text::SheetDefault), Change::Default)]);
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// The step below and the step above.
fn around(steps: &[u32], now: u32) -> (Option<u32>, Option<u32>) {
    let less = steps.iter().rev().find(|step| **step < now);
    let more = steps.iter().find(|step| **step > now);
    (less.copied(), more.copied())
}

fn delays(now: u32) -> Vec<(Say, Change)> {
    let (less, more) = around(&DELAYS, now);
    let button = |text, seconds: u32| {
        let say = Say::new(text).with("delay", Arg::Lasting(i64::from(seconds)));
        (say, Change::Delay(seconds))
    };
    let less = less.map(|step| button(Text::SheetDelayLess, step));
    less.into_iter()
        .chain(more.map(|step| button(Text::SheetDelayMore, step)))
        .collect()
}

/// Never is the most seldom, not the most often.
fn repeats(now: u32) -> Vec<(Say, Change)> {
    let order = |minutes: u32| if minutes == 0 { u32::MAX } else { minutes };
    let mut steps = REPEATS.map(order);
    steps.sort_unstable();
    let (less, more) = around(&steps, order(now));
    let button = |text, minutes: u32| match minutes {
        u32::MAX => (Say::new(Text::SheetRepeatNone), Change::Repeat(0)),
        _ => {
            let lasting = Arg::Lasting(i64::from(minutes) * 60);
            (
                Say::new(text).with("every", lasting),
                Change::Repeat(minutes),
            )
        }
    };
    let less = less.map(|step| button(Text::SheetRepeatLess, step));
    less.into_iter()
        .chain(more.map(|step| button(Text::SheetRepeatMore, step)))
        .collect()
}

fn nights(now: QuietHours) -> Vec<(Say, Change)> {
    let never = now.from_minute == now.to_minute;
    let usual = AlertDefaults::default().quiet;
    let shown = if never { usual } else { now };
    let after = |hours: &[u16], minute: u16| {
        let next = hours.iter().find(|hour| **hour * 60 > minute);
        next.or(hours.first()).map_or(minute, |hour| *hour * 60)
    };
    let clock = |minute: u16| Arg::Text(format!("{:02}:{:02}", minute / 60, minute % 60));
    let from = QuietHours {
        from_minute: after(&EVENINGS, shown.from_minute),
        ..shown
    };
    let to = QuietHours {
        to_minute: after(&MORNINGS, shown.to_minute),
        ..shown
    };
    let none = QuietHours {
        from_minute: 0,
        to_minute: 0,
    };
    match never {
        true => vec![(
            Say::new(Text::SheetQuietUsual)
                .with("from", clock(usual.from_minute))
                .with("to", clock(usual.to_minute)),
            Change::Quiet(usual),
        )],
        false => vec![
            (
                Say::new(Text::SheetQuietFrom).with("from", clock(from.from_minute)),
                Change::Quiet(from),
            ),
            (
                Say::new(Text::SheetQuietTo).with("to", clock(to.to_minute)),
                Change::Quiet(to),
            ),
            (Say::new(Text::SheetQuietNone), Change::Quiet(none)),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_lead_up_and_down_and_end() {
        let changes = |line: Vec<(Say, Change)>| -> Vec<Change> {
            line.into_iter().map(|(_, change)| change).collect()
        };
        use Change::{Delay, Quiet, Repeat};
        assert_eq!(changes(delays(0)), [Delay(60)]);
        assert_eq!(changes(delays(200)), [Delay(180), Delay(300)]);
        assert_eq!(changes(delays(3_600)), [Delay(1_800)]);
        assert_eq!(changes(repeats(0)), [Repeat(1_440)]);
        assert_eq!(changes(repeats(15)), [Repeat(30)]);
        assert_eq!(changes(repeats(1_440)), [Repeat(240), Repeat(0)]);
        let night = |from: u16, to: u16| QuietHours {
            from_minute: from * 60,
            to_minute: to * 60,
        };
        assert_eq!(
            changes(nights(night(23, 8))),
            [Quiet(night(19, 8)), Quiet(night(23, 9)), Quiet(night(0, 0))]
        );
        assert_eq!(changes(nights(night(0, 0))), [Quiet(night(21, 8))]);
    }
}
