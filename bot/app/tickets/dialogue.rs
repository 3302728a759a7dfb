//! What is asked about tickets in private, and the buttons there.

use serde::{Deserialize, Serialize};
use vigie_domain::authz::Actor;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::tickets::{Category, Ticket};
use vigie_domain::{ChatId, TicketId};

use super::member::Written;
use crate::app::dialogue::Asking;
use crate::app::error::AppError;
use crate::app::event::{Person, Said, Tap};
use crate::app::outbox::{Target, View};
use crate::app::taps::Answer;
use crate::app::tx::Tx;

/// What is asked, with how far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Asked {
    /// What is wrong.
    What,
    /// More about a ticket that its person has just opened or goes on with.
    Adding(TicketId),
    /// What the team answers.
    Reply(TicketId),
    /// What the team keeps among itself.
    Note(TicketId),
    /// Why somebody takes it over.
    Reason(TicketId),
    /// Into which ticket this one goes.
    Merge(TicketId),
}

/// What a button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wish {
    /// It is about this.
    Category(TicketId, Category),
    /// The person says that it is solved.
    Solved(TicketId),
    /// The person says that it is not.
    NotSolved(TicketId),
    /// The person says how it went.
    Rate(TicketId, Rating),
    /// The person sees one of their own.
    Mine(TicketId),
    /// The person adds to it.
    Add(TicketId),
    /// The team answers.
    Reply(TicketId),
    /// The team sees all of it.
    Open(TicketId),
    /// Somebody takes it.
    Take(TicketId),
    /// Somebody keeps a note.
    Note(TicketId),
    /// The team thinks that it is solved.
    Resolve(TicketId),
    /// The team opens it again.
    Reopen(TicketId),
    /// The member has to answer.
    WaitMember(TicketId),
    /// Somebody has to go there.
    WaitField(TicketId),
    /// Somebody is told of what happens to it, or no more.
    Watch(TicketId),
    /// What else it may be about.
    Sorts(TicketId),
    /// The team says what it is about.
    Sort(TicketId, Category),
    /// Its files.
    Files(TicketId),
    /// The number to call.
    Phone(TicketId),
    /// It goes into another.
    Merge(TicketId),
}

impl Wish {
    const fn ticket(self) -> TicketId {
        match self {
            Self::Category(number, _) | Self::Rate(number, _) | Self::Sort(number, _) => number,
            Self::Solved(number)
            | Self::NotSolved(number)
            | Self::Mine(number)
            | Self::Add(number)
            | Self::Reply(number)
            | Self::Open(number)
            | Self::Take(number)
            | Self::Note(number)
            | Self::Resolve(number)
            | Self::Reopen(number)
            | Self::WaitMember(number)
            | Self::WaitField(number)
            | Self::Watch(number)
            | Self::Sorts(number)
            | Self::Files(number)
            | Self::Phone(number)
            | Self::Merge(number) => number,
        }
    }

    /// Whether it is for the person of the ticket, not for the team.
    const fn of_its_person(self) -> bool {
        matches!(
            self,
            Self::Category(..)
                | Self::Solved(_)
                | Self::NotSolved(_)
                | Self::Rate(..)
                | Self::Mine(_)
                | Self::Add(_)
        )
    }
}

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rating {
    /// Well.
    Good,
    /// So so.
    Fair,
    /// Badly.
    Bad,
}

impl Tx<'_> {
    /// Somebody answers what was asked about a ticket.
    pub(crate) async fn ticket_said(
        &mut self,
        person: &Person,
        said: Said,
        (asked, written): (Asked, &Written),
    ) -> Result<(), AppError> {
        match asked {
            Asked::What => self.open_for(person, said, written).await,
            Asked::Adding(number) => self.add_to_own(person, said, (number, written)).await,
            Asked::Reply(number) => self.reply_from(person, said, (number, written)).await,
            Asked::Note(number) => self.note_from(person, said, (number, written)).await,
            Asked::Reason(number) => self.take_over(person, said, (number, written)).await,
            Asked::Merge(number) => self.merge_from(person, said, (number, written)).await,
        }
    }

    /// A press on a button about tickets in private.
    pub(crate) async fn tickets_tap(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        wish: Wish,
    ) -> Result<Answer, AppError> {
        let Some(ticket) = self.ticket_followed(wish.ticket()).await? else {
            return Ok(Answer::refusal(Text::TapUnknown));
        };
        if !wish.of_its_person() {
            return self.team_wish(tap, actor, (wish, ticket)).await;
        }
        if !self.is_own(tap.from.account, &ticket).await? {
            return Ok(Answer::refusal(Text::TapNotYours));
        }
        match wish {
            Wish::Category(_, category) => self.sort_own(ticket, category).await,
            Wish::Solved(_) => self.solved_by_person(&tap.from, ticket).await,
            Wish::NotSolved(_) => self.not_solved(&tap.from, ticket).await,
            Wish::Rate(_, rating) => self.rate(ticket, rating).await,
            Wish::Mine(_) => self.show_own(&tap.from, &ticket).await,
            _ => self.add_by_button(&tap.from, &ticket).await,
        }
    }

    async fn show_own(&mut self, person: &Person, ticket: &Ticket) -> Result<Answer, AppError> {
        let lang = self.lang(person).await?;
        let view = View::OwnTicket {
            number: ticket.number,
            account: person.account,
        };
        self.show(ChatId(person.account.0), view, Target::New, lang)
            .await?;
        Ok(Answer::quiet())
    }

    async fn add_by_button(
        &mut self,
        person: &Person,
        ticket: &Ticket,
    ) -> Result<Answer, AppError> {
        self.ask(person, Asking::Ticket(Asked::Adding(ticket.number)))
            .await?;
        let number = Arg::Text(ticket.number.to_string());
        let say = Say::new(Text::TicketsAskMore).with("number", number);
        self.write_back(person, None, say).await?;
        Ok(Answer::quiet())
    }

    async fn sort_own(
        &mut self,
        mut ticket: Ticket,
        category: Category,
    ) -> Result<Answer, AppError> {
        ticket.category = category;
        ticket.changed_at = self.now();
        self.keep_ticket(&ticket).await?;
        let word = Arg::Word(super::category_word(category));
        Ok(Answer::toast(
            Say::new(Text::TicketsSorted).with("category", word),
        ))
    }
}
