//! `/equipement NOM`: the sheet of a piece of equipment, and its alert settings, which hold from
//! the next event on.

use vigie_domain::authz::{Action as Act, Actor, Object, authz};
use vigie_domain::network::{Equipment, Scope};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId, EquipmentId, Lang, Place};

use crate::app::alerts::Outage;
use crate::app::buttons::{Action, Change, plant};
use crate::app::error::AppError;
use crate::app::event::{Command, Person, Sender, Tap};
use crate::app::keys;
use crate::app::outbox::{Button, Target, View};
use crate::app::taps::Answer;
use crate::app::tx::Tx;

/// Delays offered by button, in seconds.
const DELAYS: [u32; 3] = [0, 180, 600];

impl Tx<'_> {
    /// `/equipement NOM [alertes oui|non | portee … | delai N | rappel N]`.
    pub(super) async fn equipment_command(&mut self, command: &Command) -> Result<(), AppError> {
        let actor = self.sender(&command.from).await?;
        if let Err(denied) = authz(&actor, Act::ReadEquipment, Object::Cooperative) {
            return self.answer(command, denied.say()).await;
        }
        if command.args.is_empty() {
            return self.answer(command, Text::SheetUsage.into()).await;
        }
        let Some((sheet, rest)) = self.sheet_and_rest(&command.args).await? else {
            let name: String = command.args.chars().take(60).collect();
            let say = Say::new(Text::SheetUnknown).with("name", Arg::Text(name));
            return self.answer(command, say).await;
        };
        let (Sender::Person(person), false) = (&command.from, rest.is_empty()) else {
            return self.show_sheet(command, &sheet.id).await;
        };
        let Some(change) = read_change(&rest) else {
            return self.answer(command, Text::SheetUsage.into()).await;
        };
        if let Err(denied) = self
            .change((person, command.said.place), &actor, &sheet.id, &change)
            .await?
        {
            return self.answer(command, denied).await;
        }
        self.show_sheet(command, &sheet.id).await
    }

    /// The longest beginning of the words that names equipment, and the other words.
    pub(super) async fn sheet_and_rest(
        &mut self,
        args: &str,
    ) -> Result<Option<(Equipment, Vec<String>)>, AppError> {
        let words: Vec<&str> = args.split_whitespace().collect();
        for count in (1..=words.len().min(8)).rev() {
            let (name, rest) = words.split_at(count);
            let id = self.equipment_named(&name.join(" ")).await?;
            if let Some(sheet) = self.sheet(&id).await? {
                return Ok(Some((
                    sheet,
                    rest.iter().map(|word| (*word).to_owned()).collect(),
                )));
            }
        }
        Ok(None)
    }

    async fn show_sheet(&mut self, command: &Command, id: &EquipmentId) -> Result<(), AppError> {
        let opener = command.from.account();
        let lang = self.reader(command).await?;
        let view = View::Equipment {
            id: id.clone(),
            opener,
        };
        self.show_at(
            command.said.place,
            view,
            Target::ReplyTo(command.said.message),
            lang,
        )
        .await
    }

    /// Buttons under a sheet, for those who may change its settings.
    pub(super) async fn setting_buttons(
        &mut self,
        chat: ChatId,
        id: &EquipmentId,
        opener: Option<AccountId>,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        let (Some(sheet), Some(account)) = (self.sheet(id).await?, opener) else {
            return Ok(Vec::new());
        };
        let person = Person {
            account,
            first_name: String::new(),
            lang: Lang::default(),
        };
        let actor = self.actor(&person).await?;
        let object = Object::Equipment(sheet.sector.as_ref());
        let mut rows = Vec::new();
        let outage: Option<Outage> = self.peek(&keys::outage(id)).await?;
        if let (Some(outage), Ok(())) = (outage, authz(&actor, Act::SetBypass, object)) {
            rows.push(vec![match outage.bypass {
                None => (
                    Say::new(Text::SheetBypassOn),
                    Change::Bypass(Some(String::new())),
                ),
                Some(_) => (Say::new(Text::SheetBypassOff), Change::Bypass(None)),
            }]);
        }
        if authz(&actor, Act::ChangeAlertSettings, object).is_ok() {
            rows.extend(settings_offered(&sheet));
        }
        let mut buttons = Vec::new();
        for row in rows {
            let mut line = Vec::new();
            for (label, change) in row {
                let action = Action::Set {
                    equipment: id.clone(),
                    change,
                };
                line.push(Button {
                    label,
                    key: plant(self, Some(chat), opener, action)?,
                });
            }
            buttons.push(line);
        }
        Ok(buttons)
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

    async fn change(
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
                Err(denied) => Ok(Err(denied.say())),
            };
        }
        if let Err(denied) = authz(actor, Act::ChangeAlertSettings, object) {
            return Ok(Err(denied.say()));
        }
        let before = format!("{:?}", sheet.alerts);
        match change {
            Change::Enabled(on) => sheet.alerts.enabled = Some(*on),
            Change::Scope(scope) => sheet.alerts.scope = Some(*scope),
            Change::Delay(seconds) => sheet.alerts.delay_s = Some(*seconds),
            Change::Repeat(minutes) => sheet.alerts.repeat_min = Some(*minutes),
            Change::Bypass(_) => {}
        }
        self.put(key, &sheet)?;
        let after = format!("{:?}", sheet.alerts);
        self.audit(
            person,
            place,
            "change-alert-settings",
            id.as_str(),
            (&before, &after),
        )
        .await?;
        self.show_orphans(id, None).await?;
        Ok(Ok(()))
    }
}

/// Settings that a press changes.
fn settings_offered(sheet: &Equipment) -> Vec<Vec<(Say, Change)>> {
    let enabled = sheet.alerts.enabled != Some(false);
    let on = if enabled {
        Text::SheetTurnOff
    } else {
        Text::SheetTurnOn
    };
    let scopes = [
        (Scope::Backbone, Text::ScopeBackbone),
        (Scope::Sector, Text::ScopeSector),
        (Scope::Both, Text::ScopeBoth),
    ];
    let delay = |seconds: u32| {
        let say = Say::new(Text::SheetDelayButton).with("delay", Arg::Lasting(i64::from(seconds)));
        (say, Change::Delay(seconds))
    };
    vec![
        vec![(Say::new(on), Change::Enabled(!enabled))],
        scopes
            .map(|(scope, text)| (Say::new(text), Change::Scope(scope)))
            .to_vec(),
        DELAYS.map(delay).to_vec(),
    ]
}

/// The other way, as it was written: `en service via Seignelay` is `Seignelay`.
fn way(words: &[String]) -> String {
    const SAY_NOTHING: [&str; 9] = [
        "oui", "yes", "on", "en", "in", "use", "service", "via", "par",
    ];
    let from = words
        .iter()
        .position(|word| !SAY_NOTHING.contains(&vigie_domain::names::fold(word).as_str()));
    let rest = from.and_then(|from| words.get(from..)).unwrap_or_default();
    rest.join(" ")
}

/// Reads a change of settings: `alertes non`, `portee les deux`, `delai 5 min`, `rappel 30`.
fn read_change(said: &[String]) -> Option<Change> {
    let words: Vec<String> = said
        .iter()
        .map(|word| vigie_domain::names::fold(word))
        .collect();
    let (what, value) = words.split_first()?;
    let first = value.first().map(String::as_str)?;
    let number = || {
        first
            .trim_end_matches(|c: char| c.is_alphabetic())
            .parse::<u32>()
            .ok()
    };
    let unit = || {
        let glued = first.trim_start_matches(|c: char| c.is_ascii_digit());
        let unit = if glued.is_empty() {
            value.get(1).map_or("", String::as_str)
        } else {
            glued
        };
        match unit {
            "" | "s" | "sec" | "secondes" | "seconds" => Some(1),
            "min" | "m" | "minutes" | "mn" => Some(60),
            "h" | "heures" | "hours" | "heure" | "hour" => Some(3_600),
            _ => None,
        }
    };
    match what.as_str() {
        "alertes" | "alerte" | "alerts" | "alert" => match first {
            "oui" | "on" | "yes" => Some(Change::Enabled(true)),
            "non" | "off" | "no" => Some(Change::Enabled(false)),
            _ => None,
        },
        "portee" | "scope" => match first {
            "aucun" | "aucune" | "none" => Some(Change::Scope(Scope::None)),
            "backbone" | "technique" | "technical" => Some(Change::Scope(Scope::Backbone)),
            "secteur" | "sector" | "local" => Some(Change::Scope(Scope::Sector)),
            "les" | "deux" | "both" => Some(Change::Scope(Scope::Both)),
            _ => None,
        },
        "delai" | "delay" => number()?.checked_mul(unit()?).map(Change::Delay),
        "rappel" | "repeat" => Some(Change::Repeat(number()?)),
        "secours" | "bypass" => Some(Change::Bypass(match first {
            "non" | "off" | "no" | "fini" | "arrete" => None,
            _ => Some(way(said.get(1..).unwrap_or_default())),
        })),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_as_people_write_them() {
        let cases = [
            ("alertes non", Some(Change::Enabled(false))),
            ("Alertes OUI", Some(Change::Enabled(true))),
            ("délai 5 min", Some(Change::Delay(300))),
            ("delai 90s", Some(Change::Delay(90))),
            ("delai 0", Some(Change::Delay(0))),
            ("portée les deux", Some(Change::Scope(Scope::Both))),
            ("rappel 30", Some(Change::Repeat(30))),
            (
                "secours en service via Seignelay, la tour",
                Some(Change::Bypass(Some("Seignelay, la tour".to_owned()))),
            ),
            ("secours oui", Some(Change::Bypass(Some(String::new())))),
            ("secours non", Some(Change::Bypass(None))),
            ("secours", None),
            ("delai 4294967295 h", None),
            ("delai beaucoup", None),
            ("alertes", None),
            ("couleur bleu", None),
        ];
        for (text, expected) in cases {
            let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            assert_eq!(read_change(&words), expected, "{text}");
        }
    }
}
