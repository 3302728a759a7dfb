//! All of a ticket, in private: for somebody of the team, and for its person.

use vigie_domain::authz::{Action as Act, authz};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::tickets::{State, Ticket};
use vigie_domain::{AccountId, ChatId, TicketId};

use super::card::line_said;
use super::dialogue::Wish;
use super::records::{self, Line, LineKind};
use super::{category_word, object, state_word};
use crate::app::error::AppError;
use crate::app::event::Person;
use crate::app::outbox::{Button, Target, View};
use crate::app::taps::Answer;
use crate::app::tx::Tx;

/// Lines of a thread that one message shows, the last ones.
const SHOWN: u32 = 12;

impl Tx<'_> {
    /// Shows all of a ticket to somebody of the team.
    pub(super) async fn show_thread(
        &mut self,
        person: &Person,
        ticket: &Ticket,
    ) -> Result<Answer, AppError> {
        let lang = self.lang(person).await?;
        let view = View::Ticket {
            number: ticket.number,
            opener: person.account,
        };
        self.show(ChatId(person.account.0), view, Target::New, lang)
            .await?;
        Ok(Answer::toast(Text::TicketsSeePrivate))
    }

    /// The lines of a ticket for a reader of the team.
    pub(in crate::app) async fn ticket_sheet(
        &mut self,
        number: TicketId,
        reader: AccountId,
    ) -> Result<Vec<Say>, AppError> {
        let actor = self.actor_of(reader).await?;
        let Some(ticket) = self.peek::<Ticket>(&records::ticket(number)).await? else {
            return Ok(Vec::new());
        };
        // Rights may have ended since the button was pressed.
        if let Err(denied) = authz(&actor, Act::ReadTickets, object(&ticket)) {
            return Ok(vec![self.refusal(&denied).await?]);
        }
        let mut say = self.card_head(&ticket).await?;
        if ticket.files > 0 {
            let count = Arg::Number(i64::from(ticket.files));
            say.push(Say::new(Text::TicketsCardFiles).with("count", count));
        }
        self.thread(&ticket, &mut say, true).await?;
        Ok(say)
    }

    async fn thread(
        &mut self,
        ticket: &Ticket,
        say: &mut Vec<Say>,
        team: bool,
    ) -> Result<(), AppError> {
        let from = ticket.lines.saturating_sub(SHOWN);
        if from > 0 {
            let count = Arg::Number(i64::from(from));
            say.push(Say::new(Text::TicketsThreadBefore).with("count", count));
        }
        for number in from..ticket.lines {
            let line: Option<Line> = self.peek(&records::line(ticket.number, number)).await?;
            let shown = |line: &Line| match line.kind {
                LineKind::Said | LineKind::Reply => true,
                LineKind::Note => team,
                LineKind::Event => false,
            };
            if let Some(line) = line.filter(shown) {
                say.push(match team {
                    true => line_said(&line),
                    false => super::card::line_for_person(&line),
                });
            }
        }
        Ok(())
    }

    /// What the team can do with a ticket, in private.
    pub(in crate::app) async fn ticket_sheet_buttons(
        &mut self,
        number: TicketId,
        opener: AccountId,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        let actor = self.actor_of(opener).await?;
        let Some(ticket) = self.ticket(number).await? else {
            return Ok(Vec::new());
        };
        if authz(&actor, Act::HandleTickets, object(&ticket)).is_err()
            || ticket.merged_into.is_some()
        {
            return Ok(Vec::new());
        }
        let watches = ticket.watchers.contains(&opener);
        let watch = match watches {
            true => (Text::TicketsButtonUnwatch, Wish::Watch(number)),
            false => (Text::TicketsButtonWatch, Wish::Watch(number)),
        };
        let mut rows: Vec<Vec<(Text, Wish)>> = Vec::new();
        let take = (Text::TicketsButtonTake, Wish::Take(number));
        let reply = (Text::TicketsButtonReply, Wish::Reply(number));
        let note = (Text::TicketsButtonNote, Wish::Note(number));
        match ticket.state {
            State::New | State::Reopened => rows.push(vec![take, reply, note]),
            State::Taken | State::WaitsForMember | State::WaitsForField => {
                rows.push(vec![
                    reply,
                    note,
                    (Text::TicketsButtonResolve, Wish::Resolve(number)),
                ]);
                rows.push(vec![
                    (Text::TicketsButtonWaitMember, Wish::WaitMember(number)),
                    (Text::TicketsButtonWaitField, Wish::WaitField(number)),
                ]);
            }
            State::Resolved | State::Closed => {
                rows.push(vec![
                    (Text::TicketsButtonReopen, Wish::Reopen(number)),
                    note,
                ]);
            }
        }
        let mut more = vec![watch, (Text::TicketsButtonSort, Wish::Sorts(number))];
        if ticket.files > 0 {
            more.push((Text::TicketsButtonFiles, Wish::Files(number)));
        }
        if ticket.phone.is_some() || ticket.member.is_some() {
            more.push((Text::TicketsButtonPhone, Wish::Phone(number)));
        }
        rows.push(more);
        rows.push(vec![(Text::TicketsButtonMerge, Wish::Merge(number))]);
        let mut buttons = Vec::new();
        for row in rows {
            let mut made = Vec::new();
            for (label, wish) in row {
                made.push(self.ticket_button(opener, label, wish)?);
            }
            buttons.push(made);
        }
        Ok(buttons)
    }

    /// The lines of a ticket for its person: what the team keeps among itself is not theirs.
    pub(in crate::app) async fn own_ticket_sheet(
        &mut self,
        number: TicketId,
        reader: AccountId,
    ) -> Result<Vec<Say>, AppError> {
        let Some(ticket) = self.ticket_followed(number).await? else {
            return Ok(Vec::new());
        };
        if !self.is_own(reader, &ticket).await? {
            return Ok(vec![Text::TapNotYours.into()]);
        }
        let mut say = vec![
            Say::new(Text::TicketsOwn)
                .with("number", Arg::Text(ticket.number.to_string()))
                .with("state", Arg::Word(state_word(ticket.state)))
                .with("category", Arg::Word(category_word(ticket.category)))
                .with("at", Arg::At(ticket.opened_at)),
        ];
        if let Some(outage) = &ticket.outage {
            let name = Arg::Name(outage.name.clone());
            say.push(Say::new(Text::TicketsCardOutage).with("outage", name));
        }
        if let Some(owner) = ticket.owner.as_ref().filter(|_| ticket.state.is_open()) {
            let person = Arg::Name(owner.name.clone());
            say.push(Say::new(Text::TicketsOwnOwner).with("person", person));
        }
        self.thread(&ticket, &mut say, false).await?;
        Ok(say)
    }

    /// What a person can do with a ticket of theirs.
    pub(in crate::app) async fn own_ticket_buttons(
        &mut self,
        number: TicketId,
        account: AccountId,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        let Some(ticket) = self.ticket_followed(number).await? else {
            return Ok(Vec::new());
        };
        let number = ticket.number;
        let mut row = Vec::new();
        if ticket.state.is_open() {
            row.push((Text::TicketsButtonAdd, Wish::Add(number)));
            row.push((Text::TicketsButtonSolved, Wish::Solved(number)));
        } else if self.may_reopen(&ticket) {
            row.push((Text::TicketsButtonReopen, Wish::NotSolved(number)));
        }
        let mut buttons = Vec::new();
        for (label, wish) in row {
            buttons.push(self.ticket_button(account, label, wish)?);
        }
        Ok(vec![buttons])
    }
}
