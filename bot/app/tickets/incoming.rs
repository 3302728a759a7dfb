//! What people write outside of a dialogue: answers to messages of ours, files, and changes of
//! what they wrote.

use vigie_domain::TicketId;
use vigie_domain::authz::{Action as Act, authz};
use vigie_domain::text::{Arg, Key as Text, Say};

use super::dialogue::Asked;
use super::member::Written;
use super::object;
use super::records::{self, AboutTicket, Line};
use crate::app::dialogue::Asking;
use crate::app::error::AppError;
use crate::app::event::{Attachment, Command, Person, Said, Sender};
use crate::app::outbox::{Class, Message};
use crate::app::tx::Tx;

/// Versions of a line that are kept: what was written first, and the last ones.
const VERSIONS: usize = 20;

impl Tx<'_> {
    /// A text or a file that answers a message about a ticket. `false`: it does not.
    ///
    /// Only the number of the message decides, never what stands in it.
    pub(crate) async fn about_a_ticket(
        &mut self,
        from: &Sender,
        said: Said,
        written: &Written,
    ) -> Result<bool, AppError> {
        let Some(parent) = said.reply_to else {
            return Ok(false);
        };
        let key = records::about(said.place.chat, parent);
        let Some(AboutTicket { ticket: number, .. }) = self.get(&key).await? else {
            return Ok(false);
        };
        let Sender::Person(person) = from else {
            if let Sender::AnonymousAdmin(_) = from {
                let say = Message::of(Text::CommandProveYourself.into());
                self.say_at(said.place, Class::Answer, say)?;
            }
            return Ok(true);
        };
        let Some(ticket) = self.ticket_followed(number).await? else {
            return Ok(false);
        };
        if said.private && self.is_own(person.account, &ticket).await? {
            self.add_to_own(person, said, (number, written)).await?;
            return Ok(true);
        }
        let actor = self.actor(person).await?;
        match authz(&actor, Act::HandleTickets, object(&ticket)) {
            Ok(()) => self.note_from(person, said, (number, written)).await?,
            Err(denied) => {
                let mut message = Message::of(self.refusal(&denied).await?);
                message.lang = Some(self.lang(person).await?);
                message.reply_to = Some(said.message);
                self.say_at(said.place, Class::Answer, message)?;
            }
        }
        Ok(true)
    }

    /// `/repondre` in answer to a card: it goes to the person.
    pub(crate) async fn reply_command(&mut self, command: &Command) -> Result<(), AppError> {
        let Some(person) = self.by_a_person(command).await? else {
            return Ok(());
        };
        let said = command.said;
        let about: Option<AboutTicket> = match said.reply_to {
            Some(parent) => self.get(&records::about(said.place.chat, parent)).await?,
            None => None,
        };
        let Some(AboutTicket { ticket, .. }) = about else {
            return self.answer(command, Text::TicketsReplyHow.into()).await;
        };
        let written = Written {
            text: command.args.clone(),
            file: command.attachment.clone(),
        };
        if written.text.is_empty() && written.file.is_none() {
            return self.answer(command, Text::TicketsReplyHow.into()).await;
        }
        self.reply_from(&person, said, (ticket, &written)).await
    }

    /// A file that somebody sent.
    pub(crate) async fn file_sent(
        &mut self,
        from: &Sender,
        said: Said,
        (file, text): (&Attachment, &str),
    ) -> Result<(), AppError> {
        let written = Written {
            text: text.to_owned(),
            file: Some(file.clone()),
        };
        let Sender::Person(person) = from else {
            return self.about_a_ticket(from, said, &written).await.map(|_| ());
        };
        if !said.private {
            self.seen_in(person, said.place.chat).await?;
            return self.about_a_ticket(from, said, &written).await.map(|_| ());
        }
        if self.file_in_dialogue(person, said, &written).await?
            || self.about_a_ticket(from, said, &written).await?
        {
            return Ok(());
        }
        if text.is_empty() {
            return self
                .write_back(person, Some(said), Text::TicketsFileAlone.into())
                .await;
        }
        self.plain_text(from, said).await
    }

    /// A file for the dialogue that is open. `false`: none is that takes files.
    async fn file_in_dialogue(
        &mut self,
        person: &Person,
        said: Said,
        written: &Written,
    ) -> Result<bool, AppError> {
        match self.dialogue(person.account).await?.map(|open| open.what) {
            Some(Asking::Ticket(asked)) => {
                self.ticket_said(person, said, (asked, written)).await?;
                Ok(true)
            }
            Some(Asking::Declaring(asked)) => {
                if let Some(file) = &written.file {
                    self.declaring_file(person, said, *asked, (file, &written.text))
                        .await?;
                }
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Somebody changed what they wrote: the thread keeps both.
    pub(crate) async fn edited(
        &mut self,
        from: &Sender,
        said: Said,
        text: &str,
    ) -> Result<(), AppError> {
        let key = records::about(said.place.chat, said.message);
        let Some(AboutTicket {
            ticket: number,
            line: Some(line),
        }) = self.get(&key).await?
        else {
            return Ok(());
        };
        let Sender::Person(person) = from else {
            return Ok(());
        };
        let key = records::line(number, line);
        let Some(mut known) = self.get::<Line>(&key).await? else {
            return Ok(());
        };
        let text: String = text.chars().take(super::opening::LONGEST).collect();
        // A reaction or a preview is told as a change, too.
        if known.text == text {
            return Ok(());
        }
        let before = std::mem::replace(&mut known.text, text);
        known.before.push((self.now(), before));
        if known.before.len() > VERSIONS {
            known.before.remove(1);
        }
        self.put(key, &known)?;
        self.index_words(number, &known.text)?;
        let Some(mut ticket) = self.ticket_followed(number).await? else {
            return Ok(());
        };
        if line == 0 && ticket.number == number {
            ticket.subject = vigie_domain::tickets::subject(&known.text);
        }
        ticket.changed_at = self.now();
        self.keep_ticket(&ticket).await?;
        self.told_of_edit(person, &ticket, number).await
    }

    async fn told_of_edit(
        &mut self,
        person: &Person,
        ticket: &vigie_domain::tickets::Ticket,
        number: TicketId,
    ) -> Result<(), AppError> {
        let owner = ticket.owner.as_ref().map(|owner| owner.account);
        let Some(owner) = owner.filter(|owner| *owner != person.account) else {
            return Ok(());
        };
        let say = Say::new(Text::TicketsEdited)
            .with("number", Arg::Text(number.to_string()))
            .with("name", Arg::Name(person.first_name.clone()))
            .with("at", Arg::At(self.now()));
        let mut message = Message::of(say);
        message.lang = Some(self.lang_of_account(owner).await?);
        message.silent = true;
        self.say(vigie_domain::ChatId(owner.0), Class::Service, message)
    }
}

impl Asked {
    /// Whether it is the team that is asked.
    pub(crate) const fn of_the_team(self) -> bool {
        matches!(
            self,
            Self::Reply(_)
                | Self::Note(_)
                | Self::Reason(_)
                | Self::Merge(_)
                | Self::ReplyAll(_)
                | Self::Visit(_)
                | Self::Visited(_)
        )
    }
}
