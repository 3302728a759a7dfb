//! How an incident stands, with what can be done: one message in place.

use vigie_domain::authz::Action as Act;
use vigie_domain::network::Class;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId, EquipmentId, Place};

use super::acts::Done;
use super::{Origin, Wish, Writing};
use crate::app::alerts::Outage;
use crate::app::buttons::{self, Action};
use crate::app::error::AppError;
use crate::app::event::{Command, Person, Tap};
use crate::app::keys;
use crate::app::outbox::Doubt;
use crate::app::outbox::{Button, Class as Order, Message, Outgoing, Row, Target, View};
use crate::app::taps::Answer;
use crate::app::tx::Tx;

/// Minutes after which news can be promised by a press.
const PROMISES: [u32; 3] = [30, 60, 120];

impl Tx<'_> {
    pub(super) fn incident_button(
        &mut self,
        account: Option<AccountId>,
        chat: ChatId,
        label: impl Into<Say>,
        wish: Wish,
    ) -> Result<Button, AppError> {
        let key = buttons::plant(self, Some(chat), account, Action::Incident(wish))?;
        Ok(Button {
            label: label.into(),
            key,
        })
    }

    /// Tells somebody something about an incident in private.
    pub(super) async fn tell_incident(
        &mut self,
        person: &Person,
        say: Say,
    ) -> Result<(), AppError> {
        let mut message = Message::of(say);
        message.lang = Some(self.lang(person).await?);
        self.say(ChatId(person.account.0), Order::Answer, message)
    }

    /// Paragraphs about an incident.
    async fn incident_lines(&mut self, id: &EquipmentId) -> Result<Vec<Say>, AppError> {
        let name = Arg::Name(self.name_of(id).await?);
        let outage: Option<Outage> = self.peek(&keys::outage(id)).await?;
        let life = self.life(id).await?;
        let mut say = match &outage {
            Some(outage) => vec![
                Say::new(match self.only_reported(outage).await? {
                    true => Text::IncidentPossible,
                    false => Text::IncidentLasts,
                })
                .with("name", name)
                .with("since", Arg::At(outage.since)),
            ],
            None => vec![Say::new(Text::IncidentNone).with("name", name)],
        };
        let declared = self.declared_behind(id).await?;
        if declared > 0 {
            let count = Arg::Number(i64::from(declared));
            say.push(Say::new(Text::IncidentDeclarations).with("count", count));
        }
        if let Some(life) = life.filter(|life| life.ended.is_none() == outage.is_some()) {
            if let Some(ended) = life.ended {
                say.push(
                    Say::new(Text::IncidentLast)
                        .with("from", Arg::At(life.began))
                        .with("to", Arg::At(ended)),
                );
            }
            say.extend(life.on_card(self.now()));
        }
        Ok(say)
    }

    async fn incident_rows(
        &mut self,
        opener: AccountId,
        chat: ChatId,
        id: &EquipmentId,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        let person = Person {
            account: opener,
            first_name: String::new(),
            lang: vigie_domain::Lang::default(),
        };
        let runs = self
            .may_act(&person, Act::DeclareIncident, id)
            .await?
            .is_ok();
        let tells = self.may_act(&person, Act::TellTouched, id).await?.is_ok();
        let reads = self.may_act(&person, Act::ExportHistory, id).await?.is_ok();
        let outage: Option<Outage> = self.peek(&keys::outage(id)).await?;
        let life = self.life(id).await?;
        let stands = Stands {
            id,
            lasts: outage.is_some(),
            measured: match &outage {
                Some(outage) => !self.only_reported(outage).await?,
                None => false,
            },
            known: life.is_some(),
            explained: life.is_some_and(|life| life.origin.is_some()),
        };
        let mut offered = Vec::new();
        if runs {
            offered.extend(stands.declaring());
            offered.extend(stands.noting());
        }
        if tells && stands.lasts {
            let write = Wish::Write(id.clone(), Writing::Message);
            offered.push(vec![(Text::IncidentButtonMessage.into(), write)]);
        }
        if runs {
            offered.extend(stands.ending());
        }
        if reads {
            offered.push(vec![(
                Text::IncidentButtonReport.into(),
                Wish::Report(id.clone()),
            )]);
        }
        let mut rows = Vec::new();
        for line in offered {
            let mut row = Vec::new();
            for (label, wish) in line {
                row.push(self.incident_button(Some(opener), chat, label, wish)?);
            }
            rows.push(row);
        }
        Ok(rows)
    }

    async fn show_incident(
        &mut self,
        (opener, lang): (AccountId, vigie_domain::Lang),
        place: Place,
        id: &EquipmentId,
        target: Target,
    ) -> Result<(), AppError> {
        let say = self.incident_lines(id).await?;
        let buttons = self.incident_rows(opener, place.chat, id).await?;
        let what = Outgoing::View {
            view: View::Words(say),
            lang,
            target,
            buttons,
        };
        let row = Row::new(place, what, Order::Answer, self.now(), Doubt::SendAgain);
        self.append(keys::outbox_messages(), &self.fresh(row))
    }

    /// Shows an incident in answer to a command.
    pub(super) async fn incident_answer(
        &mut self,
        command: &Command,
        person: &Person,
        id: &EquipmentId,
    ) -> Result<(), AppError> {
        let lang = self.lang(person).await?;
        let target = Target::ReplyTo(command.said.message);
        self.show_incident((person.account, lang), command.said.place, id, target)
            .await
    }

    /// Shows an incident below the message whose button was pressed.
    pub(super) async fn open_incident(
        &mut self,
        tap: &Tap,
        id: &EquipmentId,
    ) -> Result<Answer, AppError> {
        if let Err(say) = self.may_act(&tap.from, Act::ReadDetails, id).await? {
            return Ok(Answer::refusal(say));
        }
        let Some((chat, message)) = tap.on else {
            return Ok(Answer::refusal(Text::TapUnknown));
        };
        let by = (tap.from.account, self.lang(&tap.from).await?);
        self.show_incident(by, chat.into(), id, Target::ReplyTo(message))
            .await?;
        Ok(Answer::quiet())
    }

    /// What a press came to, shown in place.
    pub(super) async fn act_answered(
        &mut self,
        tap: &Tap,
        id: &EquipmentId,
        done: Done,
    ) -> Result<Answer, AppError> {
        if let Err(say) = done {
            return Ok(Answer::refusal(say));
        }
        if let Some((chat, message)) = tap.on {
            let by = (tap.from.account, self.lang(&tap.from).await?);
            self.show_incident(by, chat.into(), id, Target::Edit(message))
                .await?;
        }
        Ok(Answer::toast(Text::IncidentKept))
    }

    /// Whether a piece of equipment can have an incident: a member's link is that member's matter.
    pub(super) async fn has_incidents(&mut self, id: &EquipmentId) -> Result<bool, AppError> {
        let sheet = self.sheet(id).await?;
        Ok(sheet.is_some_and(|sheet| sheet.class != Class::Link))
    }
}

/// A row of buttons that may be offered.
type Offered = Vec<(Say, Wish)>;

/// How an incident stands, as far as buttons depend on it.
struct Stands<'i> {
    id: &'i EquipmentId,
    /// Whether an outage lasts.
    lasts: bool,
    /// Whether somebody or something but members says so.
    measured: bool,
    /// Whether there is or was an incident.
    known: bool,
    /// Whether it is known what it came from.
    explained: bool,
}

impl Stands<'_> {
    fn declaring(&self) -> Vec<Offered> {
        let declare = |degraded| Wish::Declare {
            id: self.id.clone(),
            degraded,
        };
        let mut rows = Vec::new();
        if !self.measured {
            rows.push(vec![
                (Text::IncidentButtonDown.into(), declare(false)),
                (Text::IncidentButtonDegraded.into(), declare(true)),
            ]);
        }
        if self.lasts {
            let news = |minutes: u32| {
                let label = Say::new(Text::IncidentButtonNews)
                    .with("in", Arg::Lasting(i64::from(minutes) * 60));
                (label, Wish::News(self.id.clone(), minutes))
            };
            rows.push(PROMISES.map(news).to_vec());
        }
        rows
    }

    fn noting(&self) -> Vec<Offered> {
        let mut rows: Vec<Offered> = Vec::new();
        if !self.lasts && !self.known {
            return rows;
        }
        if !self.explained {
            let origins = Origin::ALL
                .map(|origin| (origin.word().into(), Wish::Origin(self.id.clone(), origin)));
            rows.extend(origins.chunks(4).map(<[_]>::to_vec));
        }
        rows.push(vec![(
            Text::IncidentButtonReference.into(),
            Wish::Write(self.id.clone(), Writing::Reference),
        )]);
        rows
    }

    fn ending(&self) -> Vec<Offered> {
        let id = || self.id.clone();
        match (self.lasts, self.known) {
            (true, _) => vec![vec![
                (Text::IncidentButtonClose.into(), Wish::Close(id())),
                (
                    Text::IncidentButtonCloseNote.into(),
                    Wish::Write(id(), Writing::Note),
                ),
            ]],
            (false, true) => vec![vec![(
                Text::IncidentButtonReopen.into(),
                Wish::Reopen(id()),
            )]],
            (false, false) => Vec::new(),
        }
    }
}
