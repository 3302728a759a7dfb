//! Field work: visits with what is needed to get in, what came of them, the digest of plans, and
//! people of the sector who offer to help.

use chrono::{DateTime, Utc, Weekday};
use serde::{Deserialize, Serialize};
use vigie_domain::authz::{Action as Act, Actor, Object, authz};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::tickets::{Move, Ticket, next_weekday};
use vigie_domain::{AccountId, ChatId, TicketId};
use vigie_store::Key;

use super::dialogue::{Asked, Wish};
use super::ending::Step;
use super::member::Written;
use super::records::LineKind;
use crate::app::buttons::{Action, plant};
use crate::app::dialogue::Asking;
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::event::{Person, Said, Tap};
use crate::app::outbox::{Button, Class, Message};
use crate::app::taps::Answer;
use crate::app::tx::Tx;

/// Longest plan or result that is kept, in characters.
const LONGEST: usize = 1_000;
/// Visits that one digest lists.
const LISTED: usize = 20;

/// A visit that is planned or done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Visit {
    /// When, who lets in, what to bring: as it was written.
    plan: String,
    /// Who planned it.
    by: AccountId,
    /// Their first name.
    name: String,
    /// When it was planned.
    at: DateTime<Utc>,
}

crate::record_v1!(Visit);

/// The visit of a ticket that is planned.
fn visit(number: TicketId) -> Key {
    Key::of("tv/").i64(number.0).end()
}

fn all_visits() -> Key {
    Key::of("tv/").end()
}

impl Tx<'_> {
    /// Whether a visit is planned for a ticket.
    pub(super) async fn has_visit(&mut self, number: TicketId) -> Result<bool, AppError> {
        Ok(self.peek::<Visit>(&visit(number)).await?.is_some())
    }

    /// Somebody of the team plans a visit.
    pub(super) async fn visit_from(
        &mut self,
        person: &Person,
        said: Said,
        (number, written): (TicketId, &Written),
    ) -> Result<(), AppError> {
        let Some(mut ticket) = self.still_handles(person, said, number).await? else {
            return Ok(());
        };
        let now = self.now();
        if ticket.moved(&Move::AskField, now).is_err() {
            return self.over_already(person, said, &ticket).await;
        }
        let first = !self.has_visit(ticket.number).await?;
        let planned = Visit {
            plan: written.text.chars().take(LONGEST).collect(),
            by: person.account,
            name: person.first_name.clone(),
            at: now,
        };
        self.put(visit(ticket.number), &planned)?;
        let line = self.team_line(person, said, (LineKind::Note, written));
        self.add_line(&mut ticket, &line)?;
        self.keep_ticket(&ticket).await?;
        self.plan_digest()?;
        if first {
            self.ask_sector_for_help(&ticket).await?;
        }
        self.end_dialogue(person.account);
        let say = Say::new(Text::TicketsVisitPlanned).with("number", Arg::Text(number.to_string()));
        self.write_back(person, Some(said), say).await
    }

    /// Somebody of the team tells what came of a visit.
    pub(super) async fn visited_from(
        &mut self,
        person: &Person,
        said: Said,
        (number, written): (TicketId, &Written),
    ) -> Result<(), AppError> {
        let Some(mut ticket) = self.still_handles(person, said, number).await? else {
            return Ok(());
        };
        let now = self.now();
        // A ticket that was resolved meanwhile keeps its state, and the note.
        let _ = ticket.moved(&Move::FieldDone, now);
        self.delete(visit(ticket.number));
        let line = self.team_line(person, said, (LineKind::Note, written));
        self.add_line(&mut ticket, &line)?;
        self.keep_ticket(&ticket).await?;
        self.end_dialogue(person.account);
        let say = Say::new(Text::TicketsVisited).with("number", Arg::Text(number.to_string()));
        self.write_back(person, Some(said), say).await
    }

    /// People of the sector read where hands are needed; nothing of the person of the ticket.
    async fn ask_sector_for_help(&mut self, ticket: &Ticket) -> Result<(), AppError> {
        let (Some(sector), Some(equipment)) = (&ticket.sector, &ticket.equipment) else {
            return Ok(());
        };
        let groups = self.all_groups().await?;
        let Some(group) = groups
            .into_iter()
            .find(|group| group.sector.as_ref() == Some(sector) && group.broken.is_none())
        else {
            return Ok(());
        };
        let place = Arg::Name(self.name_of(equipment).await?);
        let say = Say::new(Text::TicketsHelpWanted).with("place", place);
        let mut message = Message::of(say);
        let action = Action::Tickets(Wish::Help(ticket.number));
        let key = plant(self, Some(group.chat), None, action)?;
        let label = Say::new(Text::TicketsButtonHelp);
        message.buttons = vec![vec![Button { label, key }]];
        self.say_at(group.place(), Class::Service, message)
    }

    /// A press of somebody who can help.
    pub(super) async fn offer_help(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        ticket: &Ticket,
    ) -> Result<Answer, AppError> {
        if let Err(denied) = authz(actor, Act::OfferHelp, Object::Cooperative) {
            return Ok(Answer::refusal(self.refusal(&denied).await?));
        }
        if !self.has_visit(ticket.number).await? {
            return Ok(Answer::toast(Text::TicketsHelpOver));
        }
        let person = &tap.from;
        self.ask(person, Asking::Ticket(Asked::Help(ticket.number)))
            .await?;
        let mut message = Message::of(Text::TicketsAskHelp.into());
        message.lang = Some(self.lang(person).await?);
        message.instead = tap.on.map(|(chat, _)| {
            let name = Arg::Name(person.first_name.clone());
            let say = Say::new(Text::TicketsOpenPrivate).with("name", name);
            (chat, Box::new(say))
        });
        self.say(ChatId(person.account.0), Class::Answer, message)?;
        Ok(Answer::toast(Text::TicketsSeePrivate))
    }

    /// What somebody can do, for whoever planned the visit.
    pub(super) async fn help_from(
        &mut self,
        person: &Person,
        said: Said,
        (number, written): (TicketId, &Written),
    ) -> Result<(), AppError> {
        self.end_dialogue(person.account);
        let Some(mut ticket) = self.ticket_followed(number).await? else {
            return Ok(());
        };
        let planned: Option<Visit> = self.get(&visit(ticket.number)).await?;
        let Some(planned) = planned else {
            return self
                .write_back(person, Some(said), Text::TicketsHelpOver.into())
                .await;
        };
        let line = self.team_line(person, said, (LineKind::Note, written));
        self.add_line(&mut ticket, &line)?;
        self.keep_ticket(&ticket).await?;
        let text: String = written.text.chars().take(LONGEST).collect();
        let say = Say::new(Text::TicketsHelpOffered)
            .with("number", Arg::Text(ticket.number.to_string()))
            .with("name", Arg::Name(person.first_name.clone()))
            .with("text", Arg::Text(text));
        let mut message = Message::of(say);
        message.lang = Some(self.lang_of_account(planned.by).await?);
        message.ticket = Some(ticket.number);
        self.say(ChatId(planned.by.0), Class::Service, message)?;
        self.write_back(person, Some(said), Text::TicketsHelpThanks.into())
            .await
    }

    fn plan_digest(&mut self) -> Result<(), AppError> {
        let minute = self.settings().tickets.visits_minute;
        let (zone, now) = (self.settings().zone, self.now());
        match next_weekday(zone, now, Weekday::Tue, minute) {
            Some(at) => self.plan(at, Due::Tickets(Step::Visits)),
            None => Ok(()),
        }
    }

    /// Tells the team which visits are planned.
    pub(super) async fn tell_visits(&mut self) -> Result<(), AppError> {
        let visits = self.all::<Visit>(&all_visits()).await?;
        let Some(team) = self.team_for(None).await?.filter(|_| !visits.is_empty()) else {
            return Ok(());
        };
        self.plan_digest()?;
        let count = Arg::Number(i64::try_from(visits.len()).unwrap_or(i64::MAX));
        let mut message = Message::of(Say::new(Text::TicketsVisits).with("count", count));
        for (key, planned) in visits.iter().take(LISTED) {
            let Some(number) = crate::app::keys::last_i64(key) else {
                continue;
            };
            let ticket = self.ticket(TicketId(number)).await?;
            let sector = match ticket.and_then(|ticket| ticket.sector) {
                Some(sector) => Arg::Text(self.sector_name(&sector).await?),
                None => Arg::Word(Text::TicketsNoSector),
            };
            message.say.push(
                Say::new(Text::TicketsVisitLine)
                    .with("number", Arg::Text(number.to_string()))
                    .with("sector", sector)
                    .with("person", Arg::Text(planned.name.clone()))
                    .with("plan", Arg::Text(planned.plan.clone())),
            );
        }
        self.say(team, Class::Bulk, message)
    }
}
