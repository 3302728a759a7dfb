//! What a person does with their own tickets, in private.

use chrono::{DateTime, TimeDelta, Utc};
use vigie_domain::authz::{Action as Act, Object};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::tickets::{Category, Move, Origin, State, Ticket};
use vigie_domain::{AccountId, ChatId, TicketId};

use vigie_store::Range;

use super::opening::{LONGEST, NewTicket};
use super::records::{self, AboutTicket, By, Line, LineKind};
use super::{Asked, Wish, category_word};
use crate::app::buttons::{Action, plant};
use crate::app::dialogue::Asking;
use crate::app::error::AppError;
use crate::app::event::{Attachment, Command, Person, Said};
use crate::app::outbox::{Button, Class, Message};
use crate::app::tx::Tx;

/// Lines among which the first part of an album is looked for.
const ALBUM: u32 = 12;

/// What somebody wrote or sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    /// The words; may be empty where there is a file.
    pub(crate) text: String,
    /// The file.
    pub(crate) file: Option<Attachment>,
}

impl Written {
    /// Words without a file.
    pub(crate) fn words(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            file: None,
        }
    }
}

impl Tx<'_> {
    /// `/ticket`, alone or with what is wrong.
    pub(crate) async fn ticket_command(&mut self, command: &Command) -> Result<(), AppError> {
        let Some(person) = self.in_private(command).await? else {
            return Ok(());
        };
        let object = Object::Cooperative;
        if self
            .allowed(command, Act::OpenTicket, object)
            .await?
            .is_none()
        {
            return Ok(());
        }
        if command.args.is_empty() && command.attachment.is_none() {
            self.ask(&person, Asking::Ticket(Asked::What)).await?;
            return self.answer(command, Text::TicketsAskWhat.into()).await;
        }
        let written = Written {
            text: command.args.clone(),
            file: command.attachment.clone(),
        };
        self.open_for(&person, command.said, &written).await
    }

    /// Opens a ticket for somebody who wrote to us, and tells them.
    pub(super) async fn open_for(
        &mut self,
        person: &Person,
        said: Said,
        written: &Written,
    ) -> Result<(), AppError> {
        if !self.may_open_another(person).await? {
            return self
                .write_back(person, Some(said), Text::TicketsTooMany.into())
                .await;
        }
        let member = self.member_of(person.account).await?;
        let new = NewTicket {
            member: member.map(|member| member.id),
            account: Some(person.account),
            name: person.first_name.clone(),
            message: Some((said.place.chat, said.message)),
            files: written.file.iter().cloned().collect(),
            origin: Origin::Chat,
            ..NewTicket::saying(&written.text)
        };
        let number = self.open_ticket(new).await?;
        self.ask(person, Asking::Ticket(Asked::Adding(number)))
            .await?;
        self.tell_received(person, number, said).await
    }

    /// Tells a person that their ticket is there, and asks what it is about.
    pub(crate) async fn tell_received(
        &mut self,
        person: &Person,
        number: TicketId,
        said: Said,
    ) -> Result<(), AppError> {
        let Some(ticket) = self.ticket(number).await? else {
            return Ok(());
        };
        let sector = match &ticket.sector {
            Some(sector) => Arg::Text(self.sector_name(sector).await?),
            None => Arg::Word(Text::TicketsNoSector),
        };
        let say = Say::new(Text::TicketsReceived)
            .with("number", Arg::Text(number.to_string()))
            .with("sector", sector);
        let mut message = Message::of(say);
        message.lang = Some(self.lang(person).await?);
        message.reply_to = Some(said.message);
        message.ticket = Some(number);
        if ticket.category == Category::Other {
            message.buttons = self.category_buttons(person.account, number)?;
        }
        self.say_at(said.place, Class::Answer, message)
    }

    fn category_buttons(
        &mut self,
        account: AccountId,
        number: TicketId,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        let mut buttons = Vec::new();
        for category in Category::ALL {
            let wish = Wish::Category(number, category);
            buttons.push(self.ticket_button(account, category_word(category), wish)?);
        }
        Ok(buttons.chunks(2).map(<[Button]>::to_vec).collect())
    }

    /// A button about tickets, for one person in private.
    pub(super) fn ticket_button(
        &mut self,
        account: AccountId,
        label: impl Into<Say>,
        wish: Wish,
    ) -> Result<Button, AppError> {
        let chat = ChatId(account.0);
        let key = plant(self, Some(chat), Some(account), Action::Tickets(wish))?;
        Ok(Button {
            label: label.into(),
            key,
        })
    }

    /// Tells somebody something in private.
    pub(crate) async fn write_back(
        &mut self,
        person: &Person,
        said: Option<Said>,
        say: Say,
    ) -> Result<(), AppError> {
        let mut message = Message::of(say);
        message.lang = Some(self.lang(person).await?);
        message.reply_to = said.map(|said| said.message);
        self.say(ChatId(person.account.0), Class::Answer, message)
    }

    /// A person goes on with a ticket of theirs.
    pub(super) async fn add_to_own(
        &mut self,
        person: &Person,
        said: Said,
        (number, written): (TicketId, &Written),
    ) -> Result<(), AppError> {
        let Some(mut ticket) = self.ticket_followed(number).await? else {
            return self.open_for(person, said, written).await;
        };
        if !self.is_own(person.account, &ticket).await? {
            return self.open_for(person, said, written).await;
        }
        if !ticket.state.is_open() {
            return self.again(person, said, (&mut ticket, written)).await;
        }
        let line = asker_line(person, said, written, self.now());
        let joined = self.joins_album(&mut ticket, &line).await?;
        if !joined {
            self.add_line(&mut ticket, &line)?;
        }
        let (before, now) = (ticket.state, self.now());
        // A ticket that is open takes what its person writes.
        let _ = ticket.moved(&Move::MemberWrites, now);
        self.keep_ticket(&ticket).await?;
        // An album is one thing, and is acknowledged once.
        if joined {
            return Ok(());
        }
        self.tell_team(&ticket, Text::TicketsToOwner, None).await?;
        let key = match before {
            State::WaitsForMember => Text::TicketsAddedThanks,
            _ => Text::TicketsAdded,
        };
        let say = Say::new(key).with("number", Arg::Text(ticket.number.to_string()));
        self.write_back(person, Some(said), say).await
    }

    /// A person writes on a ticket that is over: it comes back, or where that was long ago another
    /// one goes on from it.
    async fn again(
        &mut self,
        person: &Person,
        said: Said,
        (ticket, written): (&mut Ticket, &Written),
    ) -> Result<(), AppError> {
        let number = ticket.number;
        if !self.may_reopen(ticket) {
            let new = NewTicket {
                member: ticket.member.clone(),
                account: Some(person.account),
                name: person.first_name.clone(),
                message: Some((said.place.chat, said.message)),
                files: written.file.iter().cloned().collect(),
                category: ticket.category,
                origin: Origin::Sequel(number),
                ..NewTicket::saying(&written.text)
            };
            let next = self.open_ticket(new).await?;
            self.ask(person, Asking::Ticket(Asked::Adding(next)))
                .await?;
            let say = Say::new(Text::TicketsSequel)
                .with("number", Arg::Text(next.to_string()))
                .with("before", Arg::Text(number.to_string()));
            return self.write_back(person, Some(said), say).await;
        }
        let now = self.now();
        // It is over and not too long ago: it may come back.
        let _ = ticket.moved(&Move::Reopen, now);
        let line = asker_line(person, said, written, now);
        self.add_line(ticket, &line)?;
        self.keep_ticket(ticket).await?;
        self.remind_later(ticket)?;
        self.tell_team(ticket, Text::TicketsReopenedTeam, None)
            .await?;
        self.ask(person, Asking::Ticket(Asked::Adding(number)))
            .await?;
        let say = Say::new(Text::TicketsReopened).with("number", Arg::Text(number.to_string()));
        self.write_back(person, Some(said), say).await
    }

    /// Whether it was over so shortly ago that it comes back.
    pub(super) fn may_reopen(&self, ticket: &Ticket) -> bool {
        let days = TimeDelta::days(i64::from(self.settings().tickets.reopen_days));
        let over = ticket.resolved_at.unwrap_or(ticket.changed_at);
        self.now() - over <= days
    }

    /// A file of an album whose first file is in the thread joins it there. `true`: it did.
    async fn joins_album(&mut self, ticket: &mut Ticket, line: &Line) -> Result<bool, AppError> {
        let Some(album) = &line.album else {
            return Ok(false);
        };
        // The parts of an album come within moments: a few lines back is far enough.
        for number in (ticket.lines.saturating_sub(ALBUM)..ticket.lines).rev() {
            let key = records::line(ticket.number, number);
            let known: Option<Line> = self.get(&key).await?;
            let Some(mut first) = known.filter(|known| known.album.as_ref() == Some(album)) else {
                continue;
            };
            first.files.extend(line.files.iter().cloned());
            if !line.text.is_empty() {
                if !first.text.is_empty() {
                    first.text.push('\n');
                }
                first.text.push_str(&line.text);
            }
            ticket.files = ticket.files.saturating_add(1);
            if ticket.subject.is_empty() {
                ticket.subject = vigie_domain::tickets::subject(&first.text);
            }
            if let Some((chat, message)) = line.message {
                let about = AboutTicket {
                    ticket: ticket.number,
                    line: Some(number),
                };
                self.put(records::about(chat, message), &about)?;
            }
            self.put(key, &first)?;
            return Ok(true);
        }
        Ok(false)
    }

    /// Whether somebody may open one more ticket today.
    async fn may_open_another(&mut self, person: &Person) -> Result<bool, AppError> {
        let known = self.actor(person).await?.is_known();
        let rules = &self.settings().tickets;
        let most = match known {
            true => rules.per_day,
            false => rules.stranger_per_day,
        };
        let newest = Range::prefix(&records::all_of_account(person.account));
        let (page, _) = self.page(&newest, None, most.max(1)).await?;
        let Some(number) = page
            .get(usize::try_from(most.max(1) - 1).unwrap_or(usize::MAX))
            .and_then(|(key, _)| records::ticket_of_newest(key))
        else {
            return Ok(true);
        };
        let day = TimeDelta::days(1);
        let oldest = self.ticket(number).await?;
        Ok(oldest.is_none_or(|ticket| self.now() - ticket.opened_at >= day))
    }

    /// Whether an account may act for a ticket: it wrote it, or speaks for its member.
    pub(super) async fn is_own(
        &mut self,
        account: AccountId,
        ticket: &Ticket,
    ) -> Result<bool, AppError> {
        if ticket.account == Some(account) {
            return Ok(true);
        }
        let Some(member) = &ticket.member else {
            return Ok(false);
        };
        let bonds = self.bonds_of(account).await?;
        Ok(bonds.iter().any(|bond| bond.member == *member))
    }
}

fn asker_line(person: &Person, said: Said, written: &Written, at: DateTime<Utc>) -> Line {
    Line {
        at,
        by: By::Asker {
            name: person.first_name.clone(),
        },
        kind: LineKind::Said,
        text: written.text.chars().take(LONGEST).collect(),
        before: Vec::new(),
        files: written.file.iter().cloned().collect(),
        message: Some((said.place.chat, said.message)),
        album: written.file.as_ref().and_then(|file| file.album.clone()),
    }
}
