//! Alert settings of a piece of equipment: by button, step by step, or by words. They hold from
//! the next event on; the technical groups are told once what came of it.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use vigie_domain::authz::{Action as Act, Actor, Object, authz};
use vigie_domain::network::{AlertDefaults, AlertSettings, Class as Kind, Equipment, Scope};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId, EquipmentId, Lang, Place};

use super::equipment_steps::changes;
use crate::app::alerts::Outage;
use crate::app::buttons::{Action, Change, plant};
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::event::{Person, Tap};
use crate::app::history::HistoryOf;
use crate::app::incidents::Wish;
use crate::app::keys;
use crate::app::outbox::{Button, Class, Message, Target, View};
use crate::app::taps::Answer;
use crate::app::tx::Tx;

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
        let mut offered = Vec::new();
        if self.may(Act::SetBypass, &sheet, opener).await? {
            let outage: Option<Outage> = self.peek(&keys::outage(id)).await?;
            offered.extend(outage.map(|outage| vec![bypass(&outage)]));
        }
        if self.may(Act::ChangeAlertSettings, &sheet, opener).await? {
            let defaults = self.policy().await?.alerts;
            offered.extend(changes(&sheet, &defaults));
        }
        let set = |(label, change): (Say, Change)| {
            let equipment = id.clone();
            (label, Action::Set { equipment, change })
        };
        let mut lines: Vec<Line> = offered
            .into_iter()
            .map(|line| line.into_iter().map(set).collect())
            .collect();
        let mut on = leads_on(&sheet, opener);
        if self.may(Act::DeclareIncident, &sheet, opener).await? && sheet.class != Kind::Link {
            let open = Wish::Open(id.clone());
            on.push((Say::new(Text::SheetIncident), Action::Incident(open)));
        }
        lines.push(on);
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

    async fn may(
        &mut self,
        act: Act,
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
        Ok(authz(&actor, act, object).is_ok())
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
        if let Change::Bypass(via) = change {
            return match authz(actor, Act::SetBypass, object) {
                Ok(()) => self.set_bypass((person, place), id, via.as_deref()).await,
                Err(denied) => Ok(Err(self.refusal(&denied).await?)),
            };
        }
        if let Err(denied) = authz(actor, Act::ChangeAlertSettings, object) {
            return Ok(Err(self.refusal(&denied).await?));
        }
        let before = sheet.alerts.clone();
        let told = sheet.scope() != Scope::None;
        match change {
            Change::Enabled(on) => sheet.alerts.enabled = Some(*on),
            Change::Scope(scope) => sheet.alerts.scope = Some(*scope),
            Change::Delay(seconds) => sheet.alerts.delay_s = Some(*seconds),
            Change::Repeat(minutes) => sheet.alerts.repeat_min = Some(*minutes),
            Change::Declarations(count) => sheet.alerts.declarations = Some(*count),
            Change::Quiet(hours) => sheet.alerts.quiet = Some(*hours),
            Change::Default => sheet.alerts = AlertSettings::default(),
            Change::Bypass(_) => {}
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

/// Another way, for something that is down: on or off.
fn bypass(outage: &Outage) -> (Say, Change) {
    match outage.bypass {
        None => (
            Say::new(Text::SheetBypassOn),
            Change::Bypass(Some(String::new())),
        ),
        Some(_) => (Say::new(Text::SheetBypassOff), Change::Bypass(None)),
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
