//! A ticket is solved, comes back, is closed by itself, and how it went.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::tickets::{Move, State, Ticket};
use vigie_domain::{ChatId, TicketId};

use super::dialogue::{Asked, Rating, Wish};
use super::records::{self, Satisfaction};
use crate::app::dialogue::Asking;
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::event::Person;
use crate::app::outbox::{Class, Message};
use crate::app::taps::Answer;
use crate::app::tx::Tx;

/// A step in the life of a ticket that time takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Nobody has taken it: remind.
    Remind(TicketId),
    /// It was resolved long enough ago.
    Close(TicketId),
}

impl Step {
    /// What it is about, to be planned once.
    #[must_use]
    pub fn subject(&self) -> String {
        match self {
            Self::Remind(number) => format!("remind:{number}"),
            Self::Close(number) => format!("close:{number}"),
        }
    }
}

impl Tx<'_> {
    /// A ticket has just been resolved: its person is asked, and it will be closed.
    pub(super) async fn resolved(&mut self, ticket: &mut Ticket) -> Result<(), AppError> {
        self.keep_ticket(ticket).await?;
        let days = TimeDelta::days(i64::from(self.settings().tickets.reopen_days));
        self.plan(self.now() + days, Due::Tickets(Step::Close(ticket.number)))?;
        let Some(account) = ticket.account else {
            return Ok(());
        };
        let say = Say::new(Text::TicketsAskSolved)
            .with("number", Arg::Text(ticket.number.to_string()))
            .with("subject", Arg::Text(ticket.subject.clone()));
        let mut message = Message::of(say);
        message.lang = Some(self.lang_of_account(account).await?);
        message.ticket = Some(ticket.number);
        let yes = Wish::Solved(ticket.number);
        let no = Wish::NotSolved(ticket.number);
        message.buttons = vec![vec![
            self.ticket_button(account, Text::TicketsButtonSolvedYes, yes)?,
            self.ticket_button(account, Text::TicketsButtonSolvedNo, no)?,
        ]];
        self.say(ChatId(account.0), Class::Service, message)
    }

    /// The person says that it is solved.
    pub(super) async fn solved_by_person(
        &mut self,
        person: &Person,
        mut ticket: Ticket,
    ) -> Result<Answer, AppError> {
        let now = self.now();
        let open = ticket.state.is_open();
        if open && ticket.moved(&Move::Resolve, now).is_err() {
            return Ok(Answer::refusal(Text::TapUnknown));
        }
        if ticket.state == State::Resolved {
            // The person said so: there is nothing to wait for.
            let _ = ticket.moved(&Move::Close, now);
            self.asker_event(&mut ticket, person, "solved")?;
            self.keep_ticket(&ticket).await?;
        }
        if open {
            self.tell_team(&ticket, Text::TicketsSolvedTeam, None)
                .await?;
        }
        if ticket.rated {
            return Ok(Answer::toast(Text::TicketsThanks));
        }
        let rate = |rating| Wish::Rate(ticket.number, rating);
        let say =
            Say::new(Text::TicketsAskRating).with("number", Arg::Text(ticket.number.to_string()));
        let mut message = Message::of(say);
        message.lang = Some(self.lang(person).await?);
        message.buttons = vec![vec![
            self.ticket_button(person.account, Text::TicketsRatingGood, rate(Rating::Good))?,
            self.ticket_button(person.account, Text::TicketsRatingFair, rate(Rating::Fair))?,
            self.ticket_button(person.account, Text::TicketsRatingBad, rate(Rating::Bad))?,
        ]];
        self.say(ChatId(person.account.0), Class::Answer, message)?;
        Ok(Answer::toast(Text::TicketsThanks))
    }

    /// The person says that it is not solved.
    pub(super) async fn not_solved(
        &mut self,
        person: &Person,
        mut ticket: Ticket,
    ) -> Result<Answer, AppError> {
        if ticket.state.is_open() {
            self.ask(person, Asking::Ticket(Asked::Adding(ticket.number)))
                .await?;
            return Ok(Answer::toast(Text::TicketsStillOpen));
        }
        let now = self.now();
        if !self.may_reopen(&ticket) || ticket.moved(&Move::Reopen, now).is_err() {
            return Ok(Answer::refusal(Text::TicketsTooLate));
        }
        self.asker_event(&mut ticket, person, "reopened")?;
        self.keep_ticket(&ticket).await?;
        self.remind_later(&ticket)?;
        self.tell_team(&ticket, Text::TicketsReopenedTeam, None)
            .await?;
        self.ask(person, Asking::Ticket(Asked::Adding(ticket.number)))
            .await?;
        let say =
            Say::new(Text::TicketsReopened).with("number", Arg::Text(ticket.number.to_string()));
        self.write_back(person, None, say).await?;
        Ok(Answer::quiet())
    }

    /// The person says how it went: once, and kept in totals only.
    pub(super) async fn rate(
        &mut self,
        mut ticket: Ticket,
        rating: Rating,
    ) -> Result<Answer, AppError> {
        if ticket.rated {
            return Ok(Answer::toast(Text::TicketsRatedAlready));
        }
        ticket.rated = true;
        // Not through the card: nobody is to see which ticket was just rated.
        self.put(records::ticket(ticket.number), &ticket)?;
        let key = records::satisfaction(self.now());
        let mut totals: Satisfaction = self.get(&key).await?.unwrap_or_default();
        match rating {
            Rating::Good => totals.good += 1,
            Rating::Fair => totals.fair += 1,
            Rating::Bad => totals.bad += 1,
        }
        self.put(key, &totals)?;
        Ok(Answer::toast(Text::TicketsRated))
    }

    /// Plans the next reminder of a ticket that nobody has taken.
    pub(super) fn remind_later(&mut self, ticket: &Ticket) -> Result<(), AppError> {
        let rules = &self.settings().tickets;
        let told = usize::try_from(ticket.reminded).unwrap_or(usize::MAX);
        let Some(hours) = rules.remind_h.get(told) else {
            return Ok(());
        };
        let since = match ticket.state {
            State::New => ticket.opened_at,
            _ => ticket.changed_at,
        };
        let zone = self.settings().zone;
        match rules.hours.after(zone, since, *hours) {
            // A reminder that is due already comes with the next one.
            Some(at) => {
                let at = at.max(self.now());
                self.plan(at, Due::Tickets(Step::Remind(ticket.number)))
            }
            None => Ok(()),
        }
    }

    /// A step that time takes.
    pub(crate) async fn ticket_step(&mut self, step: Step) -> Result<(), AppError> {
        match step {
            Step::Remind(number) => self.remind_of(number).await,
            Step::Close(number) => self.close_by_time(number).await,
        }
    }

    async fn remind_of(&mut self, number: TicketId) -> Result<(), AppError> {
        let Some(mut ticket) = self.ticket(number).await? else {
            return Ok(());
        };
        if !ticket.state.waits_for_taking() || ticket.merged_into.is_some() {
            return Ok(());
        }
        let Some(team) = ticket.team else {
            return Ok(());
        };
        let hours = self.settings().tickets.remind_h.clone();
        let told = usize::try_from(ticket.reminded).unwrap_or(usize::MAX);
        let Some(hours) = hours.get(told) else {
            return Ok(());
        };
        ticket.reminded += 1;
        self.put(records::ticket(number), &ticket)?;
        let say = Say::new(Text::TicketsReminder)
            .with("number", Arg::Text(number.to_string()))
            .with("subject", Arg::Text(ticket.subject.clone()))
            .with("hours", Arg::Number(i64::from(*hours)));
        let mut message = Message::of(say);
        message.reply_to = self.card_message(&ticket).await?;
        message.ticket = Some(number);
        self.say(team, Class::Service, message)?;
        self.remind_later(&ticket)
    }

    async fn close_by_time(&mut self, number: TicketId) -> Result<(), AppError> {
        let Some(mut ticket) = self.ticket(number).await? else {
            return Ok(());
        };
        let days = TimeDelta::days(i64::from(self.settings().tickets.reopen_days));
        let due = ticket.resolved_at.is_some_and(|at| self.now() - at >= days);
        let now = self.now();
        if ticket.state != State::Resolved || !due || ticket.moved(&Move::Close, now).is_err() {
            return Ok(());
        }
        self.keep_ticket(&ticket).await
    }
}
