//! What the team does with a ticket: take it, answer, keep a note, solve it.

use vigie_domain::authz::{Action as Act, Actor, authz};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::tickets::{Move, Owner, Refused, State, Ticket};
use vigie_domain::{ChatId, TicketId};

use super::dialogue::{Asked, Wish};
use super::member::Written;
use super::object;
use super::opening::LONGEST;
use super::records::{By, Line, LineKind};
use crate::app::buttons::OfTicket;
use crate::app::dialogue::Asking;
use crate::app::error::AppError;
use crate::app::event::{Person, Said, Tap};
use crate::app::outbox::{Class, Message};
use crate::app::taps::Answer;
use crate::app::tx::Tx;

impl Tx<'_> {
    /// A press on the card of a ticket.
    pub(crate) async fn ticket_tap(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        (number, button): (TicketId, OfTicket),
    ) -> Result<Answer, AppError> {
        let Some(ticket) = self.ticket_followed(number).await? else {
            return Ok(Answer::refusal(Text::TapUnknown));
        };
        let act = match button {
            OfTicket::More => Act::ReadTickets,
            _ => Act::HandleTickets,
        };
        if let Err(denied) = authz(actor, act, object(&ticket)) {
            return Ok(Answer::refusal(self.refusal(&denied).await?));
        }
        match button {
            OfTicket::Take => self.take_ticket(&tap.from, ticket).await,
            OfTicket::TakeOver => self.ask_for_reason(&tap.from, &ticket).await,
            OfTicket::Reply => self.ask_for_reply(&tap.from, &ticket).await,
            OfTicket::Resolve => self.resolve(&tap.from, ticket).await,
            OfTicket::Reopen => self.reopen_by_team(&tap.from, ticket).await,
            OfTicket::More => self.show_thread(&tap.from, &ticket).await,
        }
    }

    fn owner(&self, person: &Person) -> Owner {
        Owner {
            account: person.account,
            name: person.first_name.clone(),
            since: self.now(),
        }
    }

    pub(super) async fn take_ticket(
        &mut self,
        person: &Person,
        mut ticket: Ticket,
    ) -> Result<Answer, AppError> {
        let step = Move::Take(self.owner(person));
        let now = self.now();
        if let Err(refused) = ticket.moved(&step, now) {
            return Ok(refusal(refused, &ticket));
        }
        self.team_event(&mut ticket, person, "taken")?;
        self.audit_ticket(person, "take-ticket", &ticket).await?;
        self.keep_ticket(&ticket).await?;
        if ticket.call_back {
            // Whoever takes it calls: the number follows in private.
            return self.tell_phone(person, &ticket).await;
        }
        Ok(Answer::toast(Text::TicketsTakenNow))
    }

    async fn ask_for_reason(
        &mut self,
        person: &Person,
        ticket: &Ticket,
    ) -> Result<Answer, AppError> {
        if ticket.is_of(person.account) {
            return Ok(Answer::toast(Text::TicketsYours));
        }
        let from = ticket.owner.as_ref().map_or("", |owner| &owner.name);
        let say = Say::new(Text::TicketsAskReason)
            .with("number", Arg::Text(ticket.number.to_string()))
            .with("person", Arg::Name(from.to_owned()));
        self.ask_in_private(person, ticket, (Asked::Reason(ticket.number), say))
            .await
    }

    /// Somebody takes a ticket from whoever has it, with the reason.
    pub(super) async fn take_over(
        &mut self,
        person: &Person,
        said: Said,
        (number, written): (TicketId, &Written),
    ) -> Result<(), AppError> {
        let Some(mut ticket) = self.still_handles(person, said, number).await? else {
            return Ok(());
        };
        let before = ticket.owner.clone();
        let (step, now) = (Move::TakeOver(self.owner(person)), self.now());
        if ticket.moved(&step, now).is_err() {
            return self.over_already(person, said, &ticket).await;
        }
        let line = self.team_line(person, said, (LineKind::Note, written));
        self.team_event(&mut ticket, person, "taken-over")?;
        self.add_line(&mut ticket, &line)?;
        self.audit_ticket(person, "take-ticket", &ticket).await?;
        self.keep_ticket(&ticket).await?;
        if let Some(before) = before.filter(|before| before.account != person.account) {
            let say = Say::new(Text::TicketsTakenOverFrom)
                .with("number", Arg::Text(number.to_string()))
                .with("person", Arg::Name(person.first_name.clone()))
                .with("reason", Arg::Text(written.text.clone()));
            let mut message = Message::of(say);
            message.lang = Some(self.lang_of_account(before.account).await?);
            self.say(ChatId(before.account.0), Class::Service, message)?;
        }
        self.end_dialogue(person.account);
        let say = Say::new(Text::TicketsTakenOver).with("number", Arg::Text(number.to_string()));
        self.write_back(person, Some(said), say).await
    }

    pub(super) async fn ask_for_reply(
        &mut self,
        person: &Person,
        ticket: &Ticket,
    ) -> Result<Answer, AppError> {
        if ticket.account.is_none() {
            return Ok(Answer::refusal(Text::TicketsNoAccount));
        }
        let text = match ticket.state {
            State::Closed | State::Resolved => Text::TicketsAskReplyReopens,
            _ => Text::TicketsAskReply,
        };
        let say = Say::new(text)
            .with("number", Arg::Text(ticket.number.to_string()))
            .with("name", Arg::Name(ticket.name.clone()));
        self.ask_in_private(person, ticket, (Asked::Reply(ticket.number), say))
            .await
    }

    /// Asks somebody of the team in private; where they cannot be written to the group reads how.
    pub(super) async fn ask_in_private(
        &mut self,
        person: &Person,
        ticket: &Ticket,
        (asked, say): (Asked, Say),
    ) -> Result<Answer, AppError> {
        self.ask(person, Asking::Ticket(asked)).await?;
        let mut message = Message::of(say);
        message.lang = Some(self.lang(person).await?);
        message.ticket = Some(ticket.number);
        message.instead = ticket.team.map(|team| {
            let name = Arg::Name(person.first_name.clone());
            let say = Say::new(Text::TicketsOpenPrivate).with("name", name);
            (team, Box::new(say))
        });
        self.say(ChatId(person.account.0), Class::Answer, message)?;
        Ok(Answer::toast(Text::TicketsSeePrivate))
    }

    /// What somebody of the team writes to the person.
    pub(super) async fn reply_from(
        &mut self,
        person: &Person,
        said: Said,
        (number, written): (TicketId, &Written),
    ) -> Result<(), AppError> {
        let Some(mut ticket) = self.still_handles(person, said, number).await? else {
            return Ok(());
        };
        let Some(account) = ticket.account else {
            return self
                .write_back(person, Some(said), Text::TicketsNoAccount.into())
                .await;
        };
        let now = self.now();
        if !ticket.state.is_open() {
            // Whoever wrote was told that it opens the ticket again.
            let _ = ticket.moved(&Move::Reopen, now);
        }
        if ticket.state.waits_for_taking() {
            let _ = ticket.moved(&Move::Take(self.owner(person)), now);
        }
        let line = self.team_line(person, said, (LineKind::Reply, written));
        self.add_line(&mut ticket, &line)?;
        self.audit_ticket(person, "answer-ticket", &ticket).await?;
        self.keep_ticket(&ticket).await?;
        let to_person = Say::new(Text::TicketsReply)
            .with("number", Arg::Text(ticket.number.to_string()))
            .with("person", Arg::Name(person.first_name.clone()))
            .with("text", Arg::Text(line.text.clone()));
        let mut message = Message::of(to_person);
        message.lang = Some(self.lang_of_account(account).await?);
        message.ticket = Some(ticket.number);
        message.buttons = vec![vec![self.ticket_button(
            account,
            Text::TicketsButtonSolved,
            Wish::Solved(ticket.number),
        )?]];
        self.say(ChatId(account.0), Class::Service, message)?;
        for file in &line.files {
            self.send_file(account, file, ticket.number)?;
        }
        self.end_dialogue(person.account);
        let say = Say::new(Text::TicketsReplySent)
            .with("number", Arg::Text(ticket.number.to_string()))
            .with("name", Arg::Name(ticket.name.clone()));
        self.write_back(person, Some(said), say).await
    }

    /// What somebody of the team keeps among the team.
    pub(super) async fn note_from(
        &mut self,
        person: &Person,
        said: Said,
        (number, written): (TicketId, &Written),
    ) -> Result<(), AppError> {
        let Some(mut ticket) = self.still_handles(person, said, number).await? else {
            return Ok(());
        };
        let line = self.team_line(person, said, (LineKind::Note, written));
        self.add_line(&mut ticket, &line)?;
        self.keep_ticket(&ticket).await?;
        if said.private {
            self.end_dialogue(person.account);
        }
        let say = Say::new(Text::TicketsNoteKept)
            .with("number", Arg::Text(ticket.number.to_string()))
            .with("name", Arg::Name(ticket.name.clone()));
        let mut message = Message::of(say);
        message.lang = Some(self.lang(person).await?);
        message.reply_to = Some(said.message);
        message.silent = true;
        self.say_at(said.place, Class::Answer, message)
    }

    pub(super) async fn resolve(
        &mut self,
        person: &Person,
        mut ticket: Ticket,
    ) -> Result<Answer, AppError> {
        let now = self.now();
        if let Err(refused) = ticket.moved(&Move::Resolve, now) {
            return Ok(refusal(refused, &ticket));
        }
        self.team_event(&mut ticket, person, "resolved")?;
        self.audit_ticket(person, "resolve-ticket", &ticket).await?;
        self.resolved(&mut ticket).await?;
        Ok(Answer::toast(Text::TicketsResolvedNow))
    }

    pub(super) async fn reopen_by_team(
        &mut self,
        person: &Person,
        mut ticket: Ticket,
    ) -> Result<Answer, AppError> {
        let now = self.now();
        if let Err(refused) = ticket.moved(&Move::Reopen, now) {
            return Ok(refusal(refused, &ticket));
        }
        self.team_event(&mut ticket, person, "reopened")?;
        self.audit_ticket(person, "reopen-ticket", &ticket).await?;
        self.keep_ticket(&ticket).await?;
        self.remind_later(&ticket)?;
        Ok(Answer::toast(Text::TicketsReopenedNow))
    }

    /// The ticket, if this person may still handle it; else they are told why not.
    pub(super) async fn still_handles(
        &mut self,
        person: &Person,
        said: Said,
        number: TicketId,
    ) -> Result<Option<Ticket>, AppError> {
        let Some(ticket) = self.ticket_followed(number).await? else {
            return Ok(None);
        };
        let actor = self.actor(person).await?;
        if let Err(denied) = authz(&actor, Act::HandleTickets, object(&ticket)) {
            let say = self.refusal(&denied).await?;
            self.end_dialogue(person.account);
            self.write_back(person, Some(said), say).await?;
            return Ok(None);
        }
        Ok(Some(ticket))
    }

    async fn over_already(
        &mut self,
        person: &Person,
        said: Said,
        ticket: &Ticket,
    ) -> Result<(), AppError> {
        self.end_dialogue(person.account);
        let say = Say::new(Text::TicketsOver).with("number", Arg::Text(ticket.number.to_string()));
        self.write_back(person, Some(said), say).await
    }

    pub(super) fn team_line(
        &self,
        person: &Person,
        said: Said,
        (kind, written): (LineKind, &Written),
    ) -> Line {
        Line {
            at: self.now(),
            by: By::Team {
                account: person.account,
                name: person.first_name.clone(),
            },
            kind,
            text: written.text.chars().take(LONGEST).collect(),
            before: Vec::new(),
            files: written.file.iter().cloned().collect(),
            message: Some((said.place.chat, said.message)),
            album: written.file.as_ref().and_then(|file| file.album.clone()),
        }
    }

    /// Something that happened to a ticket, as a fixed word in its thread.
    pub(crate) fn team_event(
        &mut self,
        ticket: &mut Ticket,
        person: &Person,
        word: &str,
    ) -> Result<(), AppError> {
        let line = Line {
            at: self.now(),
            by: By::Team {
                account: person.account,
                name: person.first_name.clone(),
            },
            kind: LineKind::Event,
            text: word.to_owned(),
            before: Vec::new(),
            files: Vec::new(),
            message: None,
            album: None,
        };
        self.add_line(ticket, &line).map(|_| ())
    }

    pub(super) async fn audit_ticket(
        &mut self,
        person: &Person,
        action: &str,
        ticket: &Ticket,
    ) -> Result<(), AppError> {
        let place = ChatId(person.account.0).into();
        let object = format!("ticket {}", ticket.number);
        self.audit(person, place, action, &object, ("", ticket.state.word()))
            .await
    }
}

pub(super) fn refusal(refused: Refused, ticket: &Ticket) -> Answer {
    let number = Arg::Text(ticket.number.to_string());
    match (refused, &ticket.owner) {
        (Refused::TakenAlready, Some(owner)) => Answer::toast(
            Say::new(Text::TicketsTakenAlready)
                .with("person", Arg::Text(owner.name.clone()))
                .with("at", Arg::At(owner.since)),
        ),
        (Refused::NotOver, _) => {
            Answer::toast(Say::new(Text::TicketsNotOver).with("number", number))
        }
        _ => Answer::toast(Say::new(Text::TicketsOver).with("number", number)),
    }
}
