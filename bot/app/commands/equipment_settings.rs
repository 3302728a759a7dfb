//! Alert settings of a piece of equipment: by button, step by step, or by words. They hold from
//! the next event on; the technical groups are told once what came of it.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use vigie_domain::authz::{Action as Act, Actor, Object, authz};
use vigie_domain::lasting;
use vigie_domain::names::fold;
use vigie_domain::network::{
    AlertDefaults, AlertSettings, Equipment, LONGEST_WAIT_S, QuietHours, Scope,
};
use vigie_domain::network_import::hours;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId, EquipmentId, Lang, Place};

use crate::app::buttons::{Action, Change, plant};
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::event::{Person, Tap};
use crate::app::history::HistoryOf;
use crate::app::keys;
use crate::app::outbox::{Button, Class, Message, Target, View};
use crate::app::taps::Answer;
use crate::app::tx::Tx;

/// Steps of the delay, in seconds.
const DELAYS: [u32; 8] = [0, 60, 180, 300, 600, 1_200, 1_800, 3_600];
/// Steps of the repeat, in minutes; 0 is never.
const REPEATS: [u32; 7] = [0, 15, 30, 60, 120, 240, 1_440];
/// Hours at which the quiet may begin, one after the other.
const EVENINGS: [u16; 5] = [19, 20, 21, 22, 23];
/// Hours at which it may end.
const MORNINGS: [u16; 5] = [6, 7, 8, 9, 10];
/// How long further changes are waited for before they are told.
const TOLD_AFTER: TimeDelta = TimeDelta::seconds(60);
/// People named in one telling.
const MOST_PEOPLE: usize = 5;

/// Settings before they were changed from the chat, and who changed them.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Before {
    settings: AlertSettings,
    people: Vec<String>,
}

crate::record_v1!(Before);

type Line = Vec<(Say, Action)>;

impl Tx<'_> {
    /// Buttons under a sheet: settings for those who may change them, and what leads on.
    pub(super) async fn setting_buttons(
        &mut self,
        chat: ChatId,
        id: &EquipmentId,
        opener: Option<AccountId>,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        let Some(sheet) = self.sheet(id).await? else {
            return Ok(Vec::new());
        };
        let mut lines: Vec<Line> = Vec::new();
        if self.may_set(&sheet, opener).await? {
            let defaults = self.policy().await?.alerts;
            let set = |(label, change): (Say, Change)| {
                let equipment = id.clone();
                (label, Action::Set { equipment, change })
            };
            let changes = changes(&sheet, &defaults);
            lines = changes
                .into_iter()
                .map(|line| line.into_iter().map(set).collect())
                .collect();
        }
        lines.push(leads_on(&sheet, opener));
        let mut buttons = Vec::new();
        for line in lines {
            let mut row = Vec::new();
            for (label, action) in line {
                let key = plant(self, Some(chat), opener, action)?;
                row.push(Button { label, key });
            }
            buttons.push(row);
        }
        Ok(buttons)
    }

    async fn may_set(
        &mut self,
        sheet: &Equipment,
        opener: Option<AccountId>,
    ) -> Result<bool, AppError> {
        let Some(account) = opener else {
            return Ok(false);
        };
        let person = Person {
            account,
            first_name: String::new(),
            lang: Lang::default(),
        };
        let actor = self.actor(&person).await?;
        let object = Object::Equipment(sheet.sector.as_ref());
        Ok(authz(&actor, Act::ChangeAlertSettings, object).is_ok())
    }

    /// A press under a sheet.
    pub(crate) async fn set_by_button(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        id: &EquipmentId,
        change: &Change,
        lang: Lang,
    ) -> Result<Answer, AppError> {
        let chat = tap.on.map_or(ChatId(tap.from.account.0), |(chat, _)| chat);
        let place = Place::from(chat);
        if let Err(denied) = self.change((&tap.from, place), actor, id, change).await? {
            return Ok(Answer::refusal(denied));
        }
        if let Some((chat, message)) = tap.on {
            let view = View::Equipment {
                id: id.clone(),
                opener: Some(tap.from.account),
            };
            self.show(chat, view, Target::Edit(message), lang).await?;
        }
        Ok(Answer::toast(Text::SheetChanged))
    }

    pub(super) async fn change(
        &mut self,
        (person, place): (&Person, Place),
        actor: &Actor,
        id: &EquipmentId,
        change: &Change,
    ) -> Result<Result<(), Say>, AppError> {
        let key = keys::equipment(id);
        let Some(mut sheet) = self.get::<Equipment>(&key).await? else {
            return Ok(Err(
                Say::new(Text::SheetUnknown).with("name", Arg::Text(id.to_string()))
            ));
        };
        let object = Object::Equipment(sheet.sector.as_ref());
        if let Err(denied) = authz(actor, Act::ChangeAlertSettings, object) {
            return Ok(Err(denied.say()));
        }
        let before = sheet.alerts.clone();
        let told = sheet.scope() != Scope::None;
        match change {
            Change::Enabled(on) => sheet.alerts.enabled = Some(*on),
            Change::Scope(scope) => sheet.alerts.scope = Some(*scope),
            Change::Delay(seconds) => sheet.alerts.delay_s = Some(*seconds),
            Change::Repeat(minutes) => sheet.alerts.repeat_min = Some(*minutes),
            Change::Quiet(hours) => sheet.alerts.quiet = Some(*hours),
            Change::Default => sheet.alerts = AlertSettings::default(),
        }
        self.put(key, &sheet)?;
        self.audit(
            person,
            place,
            "change-alert-settings",
            id.as_str(),
            (&format!("{before:?}"), &format!("{:?}", sheet.alerts)),
        )
        .await?;
        self.will_tell(id, before, &person.first_name).await?;
        if told && sheet.scope() == Scope::None {
            self.tell_muted(id, person).await?;
        }
        self.show_orphans(id, None).await?;
        Ok(Ok(()))
    }

    /// Where a card speaks of an outage that nobody is told of any more, it is said why no
    /// reminder comes. The card itself goes on to its end.
    async fn tell_muted(&mut self, id: &EquipmentId, person: &Person) -> Result<(), AppError> {
        for (chat, carrier) in self.chats_showing(id).await? {
            let say = Say::new(Text::SheetMuted)
                .with("person", Arg::Text(person.first_name.clone()))
                .with("name", Arg::Name(self.plain_name_of(id).await?));
            let mut message = Message::of(say);
            message.reply_to_card = Some(carrier.0);
            message.silent = true;
            self.say(chat, Class::Alert, message)?;
        }
        Ok(())
    }

    /// Several presses in a row are told as one.
    async fn will_tell(
        &mut self,
        id: &EquipmentId,
        settings: AlertSettings,
        person: &str,
    ) -> Result<(), AppError> {
        let key = keys::settings_before(id);
        let mut before = match self.get::<Before>(&key).await? {
            Some(before) => before,
            None => {
                self.plan(self.now() + TOLD_AFTER, Due::SettingsTold(id.clone()))?;
                Before {
                    settings,
                    people: Vec::new(),
                }
            }
        };
        if !before.people.iter().any(|known| known == person) && before.people.len() < MOST_PEOPLE {
            before.people.push(person.to_owned());
        }
        self.put(key, &before)
    }

    /// Tells the technical groups what became of the settings of a piece of equipment.
    pub(crate) async fn tell_settings(&mut self, id: &EquipmentId) -> Result<(), AppError> {
        let key = keys::settings_before(id);
        let Some(before) = self.get::<Before>(&key).await? else {
            return Ok(());
        };
        self.delete(key);
        let Some(sheet) = self.sheet(id).await? else {
            return Ok(());
        };
        let defaults = self.policy().await?.alerts;
        let lines = told(&before.settings, &sheet, &defaults);
        if lines.is_empty() {
            return Ok(());
        }
        let count = i64::try_from(before.people.len()).unwrap_or(1);
        let say = Say::new(Text::SheetTold)
            .with("people", Arg::Text(before.people.join(", ")))
            .with("count", Arg::Number(count))
            .with("name", Arg::Name(self.name_of(id).await?));
        for chat in self.who_mends(ChatId(0)).await? {
            let mut message = Message::of(say.clone());
            message.say.extend(lines.iter().cloned());
            message.silent = true;
            self.say(chat, Class::Service, message)?;
        }
        Ok(())
    }
}

/// What else can be seen of a piece of equipment.
fn leads_on(sheet: &Equipment, opener: Option<AccountId>) -> Line {
    let history = View::History {
        of: HistoryOf::Equipment(sheet.id.clone()),
        page: 0,
        opener,
    };
    let mut line = vec![(Say::new(Text::SheetHistory), Action::Open(history))];
    if let Some(sector) = &sheet.sector {
        let map = View::Map {
            sector: Some(sector.clone()),
        };
        line.push((Say::new(Text::SheetMap), Action::Open(map)));
    }
    line
}

/// The next steps of each setting.
fn changes(sheet: &Equipment, defaults: &AlertDefaults) -> Vec<Vec<(Say, Change)>> {
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

/// What differs between settings before and now, as it works with the defaults.
fn told(before: &AlertSettings, sheet: &Equipment, defaults: &AlertDefaults) -> Vec<Say> {
    let was = Equipment {
        alerts: before.clone(),
        ..sheet.clone()
    };
    let scope = |sheet: &Equipment| {
        Arg::Word(match (sheet.alerts.enabled, sheet.scope()) {
            (Some(false), _) => Text::SheetToldOff,
            (_, Scope::None) => Text::SheetToldNobody,
            (_, Scope::Backbone) => Text::SheetToldBackbone,
            (_, Scope::Sector) => Text::SheetToldSector,
            (_, Scope::Both) => Text::SheetToldBoth,
        })
    };
    let delay = |sheet: &Equipment| Arg::Lasting(i64::from(sheet.delay_s(defaults)));
    let repeat = |sheet: &Equipment| match sheet.repeat_min(defaults) {
        0 => Arg::Word(Text::SheetToldNever),
        minutes => Arg::Lasting(i64::from(minutes) * 60),
    };
    let quiet = |sheet: &Equipment| {
        let hours = sheet.quiet(defaults);
        if hours.from_minute == hours.to_minute {
            return Arg::Word(Text::SheetToldNever);
        }
        let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        Arg::Text(format!(
            "{}-{}",
            clock(hours.from_minute),
            clock(hours.to_minute)
        ))
    };
    [
        (Text::SheetToldScope, scope(&was), scope(sheet)),
        (Text::SheetToldDelay, delay(&was), delay(sheet)),
        (Text::SheetToldRepeat, repeat(&was), repeat(sheet)),
        (Text::SheetToldQuiet, quiet(&was), quiet(sheet)),
    ]
    .into_iter()
    .filter(|(_, before, now)| before != now)
    .map(|(key, before, now)| Say::new(key).with("before", before).with("now", now))
    .collect()
}

/// Reads a change of settings: `alertes non`, `portee les deux`, `delai 5 min`, `rappel 2 h`,
/// `silence 21h-8h`, `defaut`; or says how to write it.
pub(super) fn read_change(words: &[String]) -> Result<Change, Say> {
    let usage = || Say::new(Text::SheetUsage);
    let (what, value) = words.split_first().ok_or_else(usage)?;
    if matches!(fold(what).as_str(), "defaut" | "default") && value.is_empty() {
        return Ok(Change::Default);
    }
    let first = fold(value.first().ok_or_else(usage)?);
    // Folding would take signs away, and "-5" is not "5".
    let lasting = value.join(" ").to_lowercase();
    match fold(what).as_str() {
        "alertes" | "alerte" | "alerts" | "alert" => match first.as_str() {
            "oui" | "on" | "yes" => Ok(Change::Enabled(true)),
            "non" | "off" | "no" => Ok(Change::Enabled(false)),
            _ => Err(usage()),
        },
        "portee" | "scope" => match first.as_str() {
            "aucun" | "aucune" | "none" => Ok(Change::Scope(Scope::None)),
            "backbone" | "technique" | "technical" => Ok(Change::Scope(Scope::Backbone)),
            "secteur" | "sector" | "local" => Ok(Change::Scope(Scope::Sector)),
            "les" | "deux" | "both" => Ok(Change::Scope(Scope::Both)),
            _ => Err(usage()),
        },
        "delai" | "delay" => read_delay(&lasting).map(Change::Delay),
        "rappel" | "repeat" => read_repeat(&lasting).map(Change::Repeat),
        "silence" | "nuit" | "quiet" => {
            hours(&value.join(" ")).map(Change::Quiet).ok_or_else(usage)
        }
        _ => Err(usage()),
    }
}

/// Seconds; a number without a unit counts seconds.
fn read_delay(value: &str) -> Result<u32, Say> {
    let Some(seconds) = lasting::seconds(value, 1) else {
        return Err(Say::new(Text::SheetDelayUnread).with("value", shown(value)));
    };
    match u32::try_from(seconds) {
        Ok(seconds) if seconds <= LONGEST_WAIT_S => Ok(seconds),
        _ => Err(Say::new(Text::SheetDelayBounds).with("most", longest_wait())),
    }
}

/// Minutes; a number without a unit counts minutes. What lasts no whole minute is not taken for
/// another number of them.
fn read_repeat(value: &str) -> Result<u32, Say> {
    if matches!(value, "jamais" | "never") {
        return Ok(0);
    }
    let Some(seconds) = lasting::seconds(value, 60) else {
        return Err(Say::new(Text::SheetRepeatUnread).with("value", shown(value)));
    };
    match u32::try_from(seconds) {
        Ok(seconds) if seconds <= LONGEST_WAIT_S && seconds % 60 == 0 => Ok(seconds / 60),
        _ => Err(Say::new(Text::SheetRepeatBounds).with("most", longest_wait())),
    }
}

fn shown(value: &str) -> Arg {
    Arg::Text(value.chars().take(40).collect())
}

fn longest_wait() -> Arg {
    Arg::Lasting(i64::from(LONGEST_WAIT_S))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Change, Text> {
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        read_change(&words).map_err(|say| say.key)
    }

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

    #[test]
    fn settings_are_read_as_people_write_them() {
        for (text, expected) in [
            ("alertes non", Change::Enabled(false)),
            ("Alertes OUI", Change::Enabled(true)),
            ("délai 5 min", Change::Delay(300)),
            ("delai 90s", Change::Delay(90)),
            ("delai 45 s", Change::Delay(45)),
            ("delai 2 h", Change::Delay(7_200)),
            ("delai 0", Change::Delay(0)),
            ("portée les deux", Change::Scope(Scope::Both)),
            ("rappel 30", Change::Repeat(30)),
            ("rappel 2 h", Change::Repeat(120)),
            ("rappel 2h", Change::Repeat(120)),
            ("rappel 1 h 30", Change::Repeat(90)),
            ("rappel 90 min", Change::Repeat(90)),
            ("rappel 120 s", Change::Repeat(2)),
            ("rappel 7 jours", Change::Repeat(10_080)),
            ("rappel 0", Change::Repeat(0)),
            ("rappel jamais", Change::Repeat(0)),
            ("défaut", Change::Default),
            (
                "silence 22h-7h",
                Change::Quiet(QuietHours {
                    from_minute: 1_320,
                    to_minute: 420,
                }),
            ),
            (
                "silence jamais",
                Change::Quiet(QuietHours {
                    from_minute: 0,
                    to_minute: 0,
                }),
            ),
        ] {
            assert_eq!(read(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_is_refused_with_what_would_be() {
        for (text, expected) in [
            ("delai 4294967295 h", Text::SheetDelayBounds),
            ("delai 8 jours", Text::SheetDelayBounds),
            ("delai beaucoup", Text::SheetDelayUnread),
            ("delai -5 min", Text::SheetDelayUnread),
            ("delai 1,5 h", Text::SheetDelayUnread),
            ("rappel 45 s", Text::SheetRepeatBounds),
            ("rappel 90 s", Text::SheetRepeatBounds),
            ("rappel 8 jours", Text::SheetRepeatBounds),
            ("rappel 2 h ou 3", Text::SheetRepeatUnread),
            ("rappel souvent", Text::SheetRepeatUnread),
            ("alertes", Text::SheetUsage),
            ("alertes parfois", Text::SheetUsage),
            ("couleur bleu", Text::SheetUsage),
            ("silence demain", Text::SheetUsage),
            ("défaut de l'appareil", Text::SheetUsage),
        ] {
            assert_eq!(read(text), Err(expected), "{text}");
        }
    }
}
