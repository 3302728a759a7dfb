//! `/equipement NOM`: the sheet of a piece of equipment, and its alert settings, which hold from
//! the next event on.

use vigie_domain::authz::{Action as Act, Actor, Object, authz};
use vigie_domain::lasting;
use vigie_domain::names::fold;
use vigie_domain::network::{Equipment, LONGEST_WAIT_S, Scope};
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
            let say = self.refusal(&denied).await?;
            return self.answer(command, say).await;
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
        let change = match read_change(&rest) {
            Ok(change) => change,
            Err(say) => return self.answer(command, say).await,
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
            return Ok(Err(self.refusal(&denied).await?));
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
        .position(|word| !SAY_NOTHING.contains(&fold(word).as_str()));
    let rest = from.and_then(|from| words.get(from..)).unwrap_or_default();
    rest.join(" ")
}

/// Reads a change of settings: `alertes non`, `portee les deux`, `delai 5 min`, `rappel 2 h`; or
/// says how to write it.
fn read_change(words: &[String]) -> Result<Change, Say> {
    let usage = || Say::new(Text::SheetUsage);
    let (what, value) = words.split_first().ok_or_else(usage)?;
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
        "secours" | "bypass" => Ok(Change::Bypass(match first.as_str() {
            "non" | "off" | "no" | "fini" | "arrete" => None,
            _ => Some(way(value)),
        })),
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
            (
                "secours en service via Seignelay, la tour",
                Change::Bypass(Some("Seignelay, la tour".to_owned())),
            ),
            ("secours oui", Change::Bypass(Some(String::new()))),
            ("secours non", Change::Bypass(None)),
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
            ("secours", Text::SheetUsage),
            ("alertes", Text::SheetUsage),
            ("alertes parfois", Text::SheetUsage),
            ("couleur bleu", Text::SheetUsage),
        ] {
            assert_eq!(read(text), Err(expected), "{text}");
        }
    }
}
