//! Declaring an outage, closing it, opening it again.

use chrono::TimeDelta;
use vigie_domain::alert::{Incident, Phase, Severity};
use vigie_domain::authz::{Action as Act, Object, authz};
use vigie_domain::probe::SOURCE;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{ChatId, EquipmentId, Place, SourceId};

use super::life::{LONGEST, What, over_key};
use super::{Asked, Origin, Writing, declared, declared_of};
use crate::app::alerts::Outage;
use crate::app::dialogue::Asking;
use crate::app::error::AppError;
use crate::app::event::{Person, Tap};
use crate::app::keys;
use crate::app::taps::Answer;
use crate::app::tx::Tx;

/// How long after its end an incident can be opened again.
const REOPENED_WITHIN: TimeDelta = TimeDelta::days(7);

/// What came of an act: done, or why not.
pub(super) type Done = Result<(), Say>;

impl Tx<'_> {
    /// Whether somebody may do this to an incident of that equipment; else why not.
    pub(super) async fn may_act(
        &mut self,
        person: &Person,
        act: Act,
        id: &EquipmentId,
    ) -> Result<Done, AppError> {
        let sector = self.sheet(id).await?.and_then(|sheet| sheet.sector);
        let actor = self.actor(person).await?;
        match authz(&actor, act, Object::Equipment(sector.as_ref())) {
            Ok(()) => Ok(Ok(())),
            Err(denied) => Ok(Err(self.refusal(&denied).await?)),
        }
    }

    async fn alert_of_declared(
        &mut self,
        id: &EquipmentId,
        phase: Phase,
        degraded: bool,
    ) -> Result<(), AppError> {
        let (ours, now) = (SourceId::from(SOURCE), self.now());
        let alert = declared(id, phase, degraded, now);
        match phase {
            Phase::Firing => {
                self.alert_fires_about(&ours, &alert, Some(id.clone()), now)
                    .await
            }
            Phase::Resolved => self.alert_ends(&ours, &alert, now).await,
        }
    }

    /// Somebody declares that a piece of equipment is down, or works badly.
    pub(super) async fn declare_incident(
        &mut self,
        (person, place): (&Person, Place),
        id: &EquipmentId,
        degraded: bool,
    ) -> Result<Done, AppError> {
        if let Err(say) = self.may_act(person, Act::DeclareIncident, id).await? {
            return Ok(Err(say));
        }
        let before = self.how_declared(id).await?;
        self.alert_of_declared(id, Phase::Firing, degraded).await?;
        // Somebody's word needs no delay.
        self.notice(id).await?;
        let what = match degraded {
            true => What::Degraded,
            false => What::Declared,
        };
        if let Some(mut life) = self.living(id).await? {
            life.declared_by
                .get_or_insert_with(|| person.first_name.clone());
            life.happened(self.now(), Some(person), what);
            self.keep_life(&life).await?;
        }
        let after = if degraded { "degraded" } else { "down" };
        self.audit(
            person,
            place,
            "declare-incident",
            id.as_str(),
            (before, after),
        )
        .await?;
        Ok(Ok(()))
    }

    async fn how_declared(&mut self, id: &EquipmentId) -> Result<&'static str, AppError> {
        let key = keys::incident(&SourceId::from(SOURCE), &declared_of(id));
        let known: Option<Incident> = self.peek(&key).await?;
        let open = known.filter(|known| known.ended_at.is_none());
        Ok(match open.map(|open| open.severity) {
            None => "",
            Some(Severity::Critical) => "down",
            Some(_) => "degraded",
        })
    }

    /// Somebody closes an incident. What sources still see goes on, and that is told.
    pub(super) async fn close_incident(
        &mut self,
        (person, place): (&Person, Place),
        id: &EquipmentId,
        note: &str,
    ) -> Result<Result<Say, Say>, AppError> {
        if let Err(say) = self.may_act(person, Act::DeclareIncident, id).await? {
            return Ok(Err(say));
        }
        let name = Arg::Name(self.name_of(id).await?);
        let Some(mut life) = self.living(id).await? else {
            return Ok(Err(Say::new(Text::IncidentNothing).with("name", name)));
        };
        let note: String = note.chars().take(LONGEST).collect();
        life.happened(self.now(), Some(person), What::Closed(note.clone()));
        life.note = (!note.is_empty()).then_some(note);
        self.keep_life(&life).await?;
        self.audit(person, place, "close-incident", id.as_str(), ("", "closed"))
            .await?;
        self.end_reports(id).await?;
        self.alert_of_declared(id, Phase::Resolved, false).await?;
        let key = match self.get::<Outage>(&keys::outage(id)).await? {
            None => Text::IncidentClosed,
            Some(_) => Text::IncidentStillSeen,
        };
        Ok(Ok(Say::new(key).with("name", name)))
    }

    /// Somebody says that an incident is not over after all.
    pub(super) async fn reopen_incident(
        &mut self,
        (person, place): (&Person, Place),
        id: &EquipmentId,
    ) -> Result<Done, AppError> {
        if let Err(say) = self.may_act(person, Act::DeclareIncident, id).await? {
            return Ok(Err(say));
        }
        let name = Arg::Name(self.name_of(id).await?);
        let known = self.life(id).await?;
        let late = self.now() - REOPENED_WITHIN;
        let over = known.and_then(|life| life.ended.map(|ended| (life, ended)));
        let down = self.get::<Outage>(&keys::outage(id)).await?.is_some();
        let Some((mut life, ended)) = over.filter(|(_, ended)| *ended > late && !down) else {
            return Ok(Err(Say::new(Text::IncidentNotOver).with("name", name)));
        };
        self.delete(over_key(id, ended));
        life.ended = None;
        life.note = None;
        life.happened(self.now(), Some(person), What::Reopened);
        self.put(super::life::key(id), &life)?;
        self.alert_of_declared(id, Phase::Firing, false).await?;
        self.notice(id).await?;
        self.audit(
            person,
            place,
            "reopen-incident",
            id.as_str(),
            ("closed", "open"),
        )
        .await?;
        Ok(Ok(()))
    }

    /// What the operator calls it, or what it came from.
    pub(super) async fn note_incident(
        &mut self,
        (person, place): (&Person, Place),
        id: &EquipmentId,
        what: What,
    ) -> Result<Done, AppError> {
        if let Err(say) = self.may_act(person, Act::DeclareIncident, id).await? {
            return Ok(Err(say));
        }
        // What it came from is often known when it is over.
        let life = match self.living(id).await? {
            Some(life) => Some(life),
            None => self.life(id).await?,
        };
        let Some(mut life) = life else {
            let name = Arg::Name(self.name_of(id).await?);
            return Ok(Err(Say::new(Text::IncidentNothing).with("name", name)));
        };
        let said = match &what {
            What::Reference(text) => {
                life.reference = Some(text.clone());
                "reference"
            }
            What::Origin(origin) => {
                life.origin = Some(*origin);
                "origin"
            }
            _ => "",
        };
        life.happened(self.now(), Some(person), what);
        self.keep_life(&life).await?;
        self.audit(person, place, "note-incident", id.as_str(), ("", said))
            .await?;
        Ok(Ok(()))
    }

    pub(super) async fn declare_by_button(
        &mut self,
        tap: &Tap,
        id: &EquipmentId,
        degraded: bool,
    ) -> Result<Answer, AppError> {
        let place = place_of(tap);
        let done = self
            .declare_incident((&tap.from, place), id, degraded)
            .await?;
        self.act_answered(tap, id, done).await
    }

    pub(super) async fn origin_by_button(
        &mut self,
        tap: &Tap,
        id: &EquipmentId,
        origin: Origin,
    ) -> Result<Answer, AppError> {
        let by = (&tap.from, place_of(tap));
        let done = self.note_incident(by, id, What::Origin(origin)).await?;
        self.act_answered(tap, id, done).await
    }

    pub(super) async fn reopen_by_button(
        &mut self,
        tap: &Tap,
        id: &EquipmentId,
    ) -> Result<Answer, AppError> {
        let done = self.reopen_incident((&tap.from, place_of(tap)), id).await?;
        self.act_answered(tap, id, done).await
    }

    pub(super) async fn close_by_button(
        &mut self,
        tap: &Tap,
        id: &EquipmentId,
    ) -> Result<Answer, AppError> {
        let by = (&tap.from, place_of(tap));
        match self.close_incident(by, id, "").await? {
            Ok(say) => {
                self.tell_incident(&tap.from, say).await?;
                self.act_answered(tap, id, Ok(())).await
            }
            Err(say) => Ok(Answer::refusal(say)),
        }
    }

    /// Asks in private for what is to be written.
    pub(super) async fn write_by_button(
        &mut self,
        tap: &Tap,
        id: EquipmentId,
        what: Writing,
    ) -> Result<Answer, AppError> {
        let act = match what {
            Writing::Message => Act::TellTouched,
            Writing::Reference | Writing::Note => Act::DeclareIncident,
        };
        if let Err(say) = self.may_act(&tap.from, act, &id).await? {
            return Ok(Answer::refusal(say));
        }
        let key = match what {
            Writing::Message => Text::IncidentAskMessage,
            Writing::Reference => Text::IncidentAskReference,
            Writing::Note => Text::IncidentAskNote,
        };
        let say = Say::new(key).with("name", Arg::Name(self.name_of(&id).await?));
        let asked = Asked { id, what };
        self.ask(&tap.from, Asking::Incident(asked)).await?;
        self.tell_incident(&tap.from, say).await?;
        Ok(match tap.on {
            Some((chat, _)) if chat != ChatId(tap.from.account.0) => {
                Answer::toast(Text::IncidentInPrivate)
            }
            _ => Answer::quiet(),
        })
    }

    /// What was asked for in words.
    pub(crate) async fn incident_said(
        &mut self,
        person: &Person,
        asked: Asked,
        text: &str,
    ) -> Result<(), AppError> {
        self.end_dialogue(person.account);
        let by = (person, Place::from(ChatId(person.account.0)));
        let id = &asked.id;
        let short: String = text.trim().chars().take(LONGEST).collect();
        let say = match asked.what {
            Writing::Message => return self.preview_touched(person, id, text).await,
            Writing::Reference => match self.note_incident(by, id, What::Reference(short)).await? {
                Ok(()) => Say::new(Text::IncidentKept),
                Err(say) => say,
            },
            Writing::Note => match self.close_incident(by, id, &short).await? {
                Ok(say) | Err(say) => say,
            },
        };
        self.tell_incident(person, say).await
    }
}

/// Where a button was pressed.
pub(super) fn place_of(tap: &Tap) -> Place {
    tap.on
        .map_or(ChatId(tap.from.account.0), |(chat, _)| chat)
        .into()
}
