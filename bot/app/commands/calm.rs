//! `/silence` and `/maintenance`: what holds back openings, with an end, and their lists.

use chrono::{NaiveDateTime, TimeDelta};
use chrono_tz::Tz;
use vigie_domain::authz::{Action as Act, Actor, Object, authz};
use vigie_domain::calendar::{read, read_length};
use vigie_domain::names::fold;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId, Lang, SectorId, SourceId};

use crate::app::alerts::{Hold, Maintenance, Silence, Subject, alert_subject, label_subject};
use crate::app::buttons::{Action, plant};
use crate::app::deadman::source_equipment;
use crate::app::error::AppError;
use crate::app::event::{Command, Person, Sender, Tap};
use crate::app::keys;
use crate::app::outbox::{Button, Class, Message, Plans, Target, View};
use crate::app::taps::Answer;
use crate::app::tx::Tx;

/// Longest description of a maintenance.
const LONGEST: usize = 200;
/// Silences or maintenances in a list.
const LISTED: usize = 8;
/// How long a silence lasts that names no end.
const SILENCE: TimeDelta = TimeDelta::hours(1);

/// A command that may do something, taken apart.
struct Asked<'c> {
    person: &'c Person,
    actor: Actor,
    subject: Subject,
    /// The sector that answers for the subject, if one does.
    sector: Option<SectorId>,
    rest: Vec<String>,
}

impl Asked<'_> {
    fn object(&self) -> Object<'_> {
        object(&self.subject, self.sector.as_ref())
    }
}

const fn object<'s>(subject: &Subject, sector: Option<&'s SectorId>) -> Object<'s> {
    match subject {
        Subject::Equipment(_) => Object::Equipment(sector),
        Subject::Sector(_) => Object::Sector(sector),
        Subject::Alert(_) | Subject::Label(..) | Subject::All => Object::Cooperative,
    }
}

impl Tx<'_> {
    /// `/silence [NOM | secteur NOM | alerte NOM | LABEL=VALEUR | source NOM | tout] [durée]`.
    pub(super) async fn silence_command(&mut self, command: &Command) -> Result<(), AppError> {
        let usage = Text::SilenceUsage;
        let Some(asked) = self.asked(command, Plans::Silences, usage).await? else {
            return Ok(());
        };
        if let Err(denied) = authz(&asked.actor, Act::SilenceOutage, asked.object()) {
            return self.answer(command, denied.say()).await;
        }
        let length = match asked.rest.is_empty() {
            true => Some(SILENCE),
            false => read_length(&asked.rest, self.wall_clock(self.settings().zone)),
        };
        let most = TimeDelta::hours(i64::from(self.settings().silence_most_h));
        let Some(length) = length.filter(|length| *length <= most) else {
            return self.answer(command, usage.into()).await;
        };
        let until = self.now() + length;
        let silence = Silence {
            until,
            by: asked.person.account,
            name: asked.person.first_name.clone(),
        };
        self.silence(&asked.subject, silence).await?;
        if let Subject::Equipment(id) = &asked.subject {
            self.refresh(id).await?;
        }
        let (object, after) = (asked.subject.text(), until.to_rfc3339());
        let place = command.said.place;
        self.audit(asked.person, place, "silence", &object, ("", &after))
            .await?;
        let subject = self.subject_name(&asked.subject).await?;
        let say = Say::new(Text::SilenceNoted)
            .with("subject", Arg::Said(Box::new(subject)))
            .with("until", Arg::At(until));
        let button = (Text::SilenceEndButton, Action::EndSilence(asked.subject));
        self.answer_with_button(command, vec![say], button).await
    }

    /// `/maintenance [NOM | secteur NOM | tout] [quand] [quoi]`.
    pub(super) async fn maintenance_command(&mut self, command: &Command) -> Result<(), AppError> {
        let usage = Text::MaintenanceUsage;
        let Some(asked) = self.asked(command, Plans::Maintenances, usage).await? else {
            return Ok(());
        };
        if let Err(denied) = authz(&asked.actor, Act::PlanMaintenance, asked.object()) {
            return self.answer(command, denied.say()).await;
        }
        let own = self.settings().zone;
        let found = read(&asked.rest, self.wall_clock(own));
        // Another zone has another day and hour.
        let found = match found.as_ref().and_then(|found| found.zone) {
            Some(zone) => read(&asked.rest, self.wall_clock(zone)),
            None => found,
        };
        let zone = found.as_ref().and_then(|found| found.zone).unwrap_or(own);
        let next = found.and_then(|found| {
            let window = found.when.next(zone, self.now())?;
            Some((found, window))
        });
        let by_alert = matches!(asked.subject, Subject::Alert(_) | Subject::Label(..));
        let (Some((found, window)), false) = (next, by_alert) else {
            return self.answer(command, usage.into()).await;
        };
        let maintenance = Maintenance {
            id: self.random_number().cast_unsigned(),
            subject: asked.subject.clone(),
            when: found.when,
            zone,
            what: found.rest.join(" ").chars().take(LONGEST).collect(),
            by: asked.person.account,
            name: asked.person.first_name.clone(),
            noted: (self.now(), command.said.place.chat),
            window,
            told: false,
            first: true,
        };
        self.plan_maintenance(&maintenance).await?;
        let after = format!("{:?} {zone}", maintenance.when);
        let (object, place) = (asked.subject.text(), command.said.place);
        self.audit(
            asked.person,
            place,
            "plan-maintenance",
            &object,
            ("", &after),
        )
        .await?;
        let subject = self.subject_name(&asked.subject).await?;
        let say = Say::new(Text::MaintenanceNoted)
            .with("subject", Arg::Said(Box::new(subject)))
            .with("from", Arg::At(window.from))
            .with("to", Arg::At(window.to));
        let mut say = vec![say];
        if !maintenance.what.is_empty() {
            let what = Arg::Text(maintenance.what.clone());
            say.push(Say::new(Text::MaintenanceWhat).with("what", what));
        }
        let button = (Text::MaintenanceCallOff, Action::CallOff(maintenance.id));
        self.answer_with_button(command, say, button).await
    }

    /// Takes a command apart. Without words it shows the list, and what nobody understands is
    /// answered: then there is nothing left to do.
    async fn asked<'c>(
        &mut self,
        command: &'c Command,
        plans: Plans,
        usage: Text,
    ) -> Result<Option<Asked<'c>>, AppError> {
        let actor = self.sender(&command.from).await?;
        if let Err(denied) = authz(&actor, Act::ReadDetails, Object::Cooperative) {
            self.answer(command, denied.say()).await?;
            return Ok(None);
        }
        let Sender::Person(person) = &command.from else {
            return Ok(None);
        };
        if command.args.is_empty() {
            let opener = Some(person.account);
            self.show_answer(command, View::Plans { plans, opener })
                .await?;
            return Ok(None);
        }
        let Some((subject, rest)) = self.subject_and_rest(&command.args).await? else {
            self.answer(command, usage.into()).await?;
            return Ok(None);
        };
        let sector = self.sector_of_subject(&subject).await?;
        Ok(Some(Asked {
            person,
            actor,
            subject,
            sector,
            rest,
        }))
    }

    fn wall_clock(&self, zone: Tz) -> NaiveDateTime {
        self.now().with_timezone(&zone).naive_local()
    }

    async fn subject_and_rest(
        &mut self,
        args: &str,
    ) -> Result<Option<(Subject, Vec<String>)>, AppError> {
        let words: Vec<String> = args.split_whitespace().map(str::to_owned).collect();
        let first = words.first().map(|word| fold(word)).unwrap_or_default();
        let rest = |count: usize| words.iter().skip(count).cloned().collect();
        match first.as_str() {
            "tout" | "tous" | "all" | "*" => return Ok(Some((Subject::All, rest(1)))),
            "alerte" | "alertes" | "alert" | "alerts" => {
                let name = words.get(1);
                return Ok(name.map(|name| (alert_subject(name), rest(2))));
            }
            "source" | "supervision" => {
                let known = |name: &String| SourceId::from(fold(name).as_str());
                let source = words.get(1).map(known);
                let source = source.filter(|name| self.settings().sources.contains_key(name));
                return Ok(source.map(|name| {
                    let id = source_equipment(&name);
                    (Subject::Equipment(id), rest(2))
                }));
            }
            _ if first.contains('=') => {
                let label = label_and_rest(args);
                return Ok(label.and_then(|(name, value, rest)| {
                    let rest = rest.split_whitespace().map(str::to_owned).collect();
                    Some((label_subject(name, value)?, rest))
                }));
            }
            _ => {}
        }
        let named = matches!(first.as_str(), "secteur" | "sector");
        if !named && let Some((sheet, rest)) = self.sheet_and_rest(args).await? {
            return Ok(Some((Subject::Equipment(sheet.id), rest)));
        }
        let from = usize::from(named);
        for count in (1..=words.len().saturating_sub(from).min(5)).rev() {
            let name: Vec<&str> = words
                .iter()
                .skip(from)
                .take(count)
                .map(String::as_str)
                .collect();
            if let Some(sector) = self.sector_named(&name.join(" ")).await? {
                return Ok(Some((Subject::Sector(sector.id), rest(from + count))));
            }
        }
        Ok(None)
    }

    async fn sector_of_subject(&mut self, subject: &Subject) -> Result<Option<SectorId>, AppError> {
        Ok(match subject {
            Subject::Equipment(id) => self.sheet(id).await?.and_then(|sheet| sheet.sector),
            Subject::Sector(sector) => Some(sector.clone()),
            Subject::Alert(_) | Subject::Label(..) | Subject::All => None,
        })
    }

    async fn answer_with_button(
        &mut self,
        command: &Command,
        say: Vec<Say>,
        (label, action): (Text, Action),
    ) -> Result<(), AppError> {
        let mut message = Message::of_several(say);
        message.lang = Some(self.reader(command).await?);
        message.reply_to = Some(command.said.message);
        let key = plant(self, Some(command.said.place.chat), None, action)?;
        message.buttons = vec![vec![Button {
            label: label.into(),
            key,
        }]];
        self.say_at(command.said.place, Class::Answer, message)
    }

    /// A list of silences or maintenances.
    pub(crate) async fn plans_view(&mut self, plans: Plans) -> Result<Vec<Say>, AppError> {
        let (mut say, more) = match plans {
            Plans::Silences => {
                let holds = self.silences().await?;
                let title = match holds.is_empty() {
                    true => Text::SilenceNone,
                    false => Text::SilenceList,
                };
                let mut say = vec![Say::new(title)];
                for (number, (subject, silence)) in holds.iter().take(LISTED).enumerate() {
                    let subject = self.subject_name(subject).await?;
                    say.push(
                        Say::new(Text::SilenceLine)
                            .with("number", Arg::Number(line_number(number)))
                            .with("subject", Arg::Said(Box::new(subject)))
                            .with("until", Arg::At(silence.until))
                            .with("who", Arg::Text(silence.name.clone())),
                    );
                }
                (say, holds.len().saturating_sub(LISTED))
            }
            Plans::Maintenances => {
                let planned = self.maintenances().await?;
                let title = match planned.is_empty() {
                    true => Text::MaintenanceNone,
                    false => Text::MaintenanceList,
                };
                let mut say = vec![Say::new(title)];
                for (number, one) in planned.iter().take(LISTED).enumerate() {
                    let subject = self.subject_name(&one.subject).await?;
                    say.push(
                        Say::new(Text::MaintenanceLine)
                            .with("number", Arg::Number(line_number(number)))
                            .with("subject", Arg::Said(Box::new(subject)))
                            .with("from", Arg::At(one.window.from))
                            .with("to", Arg::At(one.window.to))
                            .with("who", Arg::Text(one.name.clone())),
                    );
                    if !one.what.is_empty() {
                        let what = Arg::Text(one.what.clone());
                        say.push(Say::new(Text::MaintenanceWhat).with("what", what));
                    }
                }
                (say, planned.len().saturating_sub(LISTED))
            }
        };
        if more > 0 {
            let count = Arg::Number(i64::try_from(more).unwrap_or(i64::MAX));
            say.push(Say::new(Text::CardMoreLines).with("count", count));
        }
        Ok(say)
    }

    /// Silences that hold, the first to end first.
    async fn silences(&mut self) -> Result<Vec<(Subject, Silence)>, AppError> {
        let now = self.now();
        let mut found: Vec<(Subject, Silence)> = self
            .all::<Hold>(&keys::holds())
            .await?
            .into_iter()
            .filter_map(|(_, hold)| Some((hold.subject, hold.silence?)))
            .filter(|(_, silence)| silence.until > now)
            .collect();
        found.sort_by_key(|(_, silence)| silence.until);
        Ok(found)
    }

    /// Maintenances, the first to come first.
    async fn maintenances(&mut self) -> Result<Vec<Maintenance>, AppError> {
        let rows = self.all::<Maintenance>(&keys::maintenances()).await?;
        let mut found: Vec<Maintenance> = rows.into_iter().map(|(_, one)| one).collect();
        found.sort_by_key(|one| one.window.from);
        Ok(found)
    }

    /// A button for each line of a list; rights are read at the press.
    pub(super) async fn plan_buttons(
        &mut self,
        chat: ChatId,
        plans: Plans,
        opener: Option<AccountId>,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        let actions: Vec<Action> = match plans {
            Plans::Silences => {
                let holds = self.silences().await?;
                holds
                    .into_iter()
                    .map(|(subject, _)| Action::EndSilence(subject))
                    .collect()
            }
            Plans::Maintenances => {
                let planned = self.maintenances().await?;
                planned.iter().map(|one| Action::CallOff(one.id)).collect()
            }
        };
        let label = match plans {
            Plans::Silences => Text::SilenceEndLine,
            Plans::Maintenances => Text::MaintenanceCallOffLine,
        };
        let mut row = Vec::new();
        for (number, action) in actions.into_iter().take(LISTED).enumerate() {
            let number = Arg::Number(line_number(number));
            row.push(Button {
                label: Say::new(label).with("number", number),
                key: plant(self, Some(chat), opener, action)?,
            });
        }
        Ok(row.chunks(4).map(<[Button]>::to_vec).collect())
    }

    /// A press that ends a silence.
    pub(crate) async fn end_silence_by_button(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        subject: &Subject,
        lang: Lang,
    ) -> Result<Answer, AppError> {
        let sector = self.sector_of_subject(subject).await?;
        if let Err(denied) = authz(actor, Act::SilenceOutage, object(subject, sector.as_ref())) {
            return Ok(Answer::refusal(denied.say()));
        }
        let hold = self.hold_of(subject).await?;
        if hold.silent_until(self.now()).is_none() {
            self.show_plans(tap, Plans::Silences, lang).await?;
            return Ok(Answer::toast(Text::SilenceOverAlready));
        }
        let chat = tap.on.map_or(ChatId(tap.from.account.0), |(chat, _)| chat);
        self.audit(
            &tap.from,
            chat.into(),
            "end-silence",
            &subject.text(),
            ("silenced", ""),
        )
        .await?;
        self.silence_ends(subject, true).await?;
        self.show_plans(tap, Plans::Silences, lang).await?;
        Ok(Answer::toast(Text::SilenceEnded))
    }

    /// A press that calls a maintenance off.
    pub(crate) async fn call_off_by_button(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        id: u64,
        lang: Lang,
    ) -> Result<Answer, AppError> {
        let Some(known) = self.get::<Maintenance>(&keys::maintenance(id)).await? else {
            self.show_plans(tap, Plans::Maintenances, lang).await?;
            return Ok(Answer::toast(Text::MaintenanceGone));
        };
        let sector = self.sector_of_subject(&known.subject).await?;
        let object = object(&known.subject, sector.as_ref());
        if let Err(denied) = authz(actor, Act::PlanMaintenance, object) {
            return Ok(Answer::refusal(denied.say()));
        }
        let chat = tap.on.map_or(ChatId(tap.from.account.0), |(chat, _)| chat);
        self.audit(
            &tap.from,
            chat.into(),
            "call-off-maintenance",
            &known.subject.text(),
            ("planned", ""),
        )
        .await?;
        self.call_off(&known, tap.on.map(|(chat, _)| chat)).await?;
        self.show_plans(tap, Plans::Maintenances, lang).await?;
        Ok(Answer::toast(Text::MaintenanceCalledOffNow))
    }

    /// The list in place of the message with the button.
    async fn show_plans(&mut self, tap: &Tap, plans: Plans, lang: Lang) -> Result<(), AppError> {
        let Some((chat, message)) = tap.on else {
            return Ok(());
        };
        let opener = Some(tap.from.account);
        let view = View::Plans { plans, opener };
        self.show(chat, view, Target::Edit(message), lang).await
    }
}

fn line_number(index: usize) -> i64 {
    i64::try_from(index + 1).unwrap_or(i64::MAX)
}

/// Takes `label=value` or `label="two words"` from the begin of what was written.
fn label_and_rest(args: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = args.trim_start().split_once('=')?;
    let quotes = [('"', '"'), ('“', '”'), ('«', '»')];
    for (open, close) in quotes {
        if let Some(inner) = rest.strip_prefix(open) {
            let (value, rest) = inner.split_once(close)?;
            return Some((name, value.trim(), rest));
        }
    }
    let (value, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    Some((name, value, rest))
}
