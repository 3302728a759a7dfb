//! Who is told of what happens to a ticket, and what belongs to which ticket in a conversation.

use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::tickets::Ticket;
use vigie_domain::{ChatId, MessageId};

use super::dialogue::Wish;
use super::records::{self, AboutTicket, By, Line, LineKind, TeamCard};
use crate::app::error::AppError;
use crate::app::event::Person;
use crate::app::outbox::{Class, Message};
use crate::app::tx::Tx;

/// Characters of what was written that a notice shows.
const QUOTED: usize = 1_000;

impl Tx<'_> {
    /// Tells whoever has a ticket in hand, and who watches it, that something happened.
    pub(super) async fn tell_team(
        &mut self,
        ticket: &Ticket,
        text: Text,
        except: Option<vigie_domain::AccountId>,
    ) -> Result<(), AppError> {
        let owner = ticket.owner.as_ref().map(|owner| owner.account);
        let mut accounts: Vec<_> = owner.into_iter().chain(ticket.watchers.clone()).collect();
        accounts.dedup();
        let last = ticket.lines.saturating_sub(1);
        let line: Option<Line> = self.peek(&records::line(ticket.number, last)).await?;
        let words = line
            .filter(|line| line.kind != LineKind::Event)
            .map(|line| line.text.chars().take(QUOTED).collect::<String>());
        for account in accounts {
            if Some(account) == except {
                continue;
            }
            let say = Say::new(text)
                .with("number", Arg::Text(ticket.number.to_string()))
                .with("name", Arg::Name(ticket.name.clone()));
            let mut message = Message::of(say);
            if let Some(words) = words.clone().filter(|words| !words.is_empty()) {
                let quote = Say::new(Text::TicketsQuote).with("text", Arg::Text(words));
                message.say.push(quote);
            }
            message.lang = Some(self.lang_of_account(account).await?);
            message.ticket = Some(ticket.number);
            if ticket.account.is_some() {
                let wish = Wish::Reply(ticket.number);
                message.buttons = vec![vec![self.ticket_button(
                    account,
                    Text::TicketsButtonReply,
                    wish,
                )?]];
            }
            self.say(ChatId(account.0), Class::Service, message)?;
        }
        Ok(())
    }

    /// Something that its person did to a ticket, as a fixed word in its thread.
    pub(super) fn asker_event(
        &mut self,
        ticket: &mut Ticket,
        person: &Person,
        word: &str,
    ) -> Result<(), AppError> {
        let line = Line {
            at: self.now(),
            by: By::Asker {
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

    /// The message of the card of a ticket, where it has one.
    pub(super) async fn card_message(
        &mut self,
        ticket: &Ticket,
    ) -> Result<Option<MessageId>, AppError> {
        let card: Option<TeamCard> = self.peek(&records::team_card(ticket.number)).await?;
        Ok(card
            .and_then(|card| card.message)
            .map(|(_, message)| message))
    }

    /// A message about a ticket was sent: what answers it belongs to the ticket.
    pub(in crate::app) fn ticket_message_sent(
        &mut self,
        said: &Message,
        chat: ChatId,
        message: MessageId,
    ) -> Result<(), AppError> {
        let Some(ticket) = said.ticket else {
            return Ok(());
        };
        let about = AboutTicket { ticket, line: None };
        self.put(records::about(chat, message), &about)
    }
}
