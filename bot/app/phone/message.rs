//! Messages on the answering machine, and who calls back.

use serde::{Deserialize, Serialize};
use vigie_domain::authz::{Action as Act, Object};
use vigie_domain::people::{Member, fold_phone};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::tickets::{Origin, Ticket};
use vigie_domain::{ChatId, TicketId};
use vigie_store::Key;

use crate::app::App;
use crate::app::error::AppError;
use crate::app::event::{Command, Person};
use crate::app::outbox::{Target, View};
use crate::app::taps::Answer;
use crate::app::tickets::{NewTicket, TicketList, short_name};
use crate::app::tx::Tx;

/// A message that somebody left on the answering machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneMessage {
    /// The machine's own name for it: told twice, it is one message.
    pub id: String,
    /// The number that called; empty where it was withheld.
    pub phone: String,
    /// What was said, where somebody or something wrote it down.
    #[serde(default)]
    pub text: String,
}

/// The ticket of a message of the answering machine.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Heard(TicketId);

crate::record_v1!(Heard);

fn heard(id: &str) -> Key {
    let short: String = id.chars().take(100).collect();
    Key::of("th/").text(&short).end()
}

impl App {
    /// A message on the answering machine becomes a ticket, once.
    ///
    /// # Errors
    /// The store failed.
    pub async fn phone_message(&self, message: &PhoneMessage) -> Result<TicketId, AppError> {
        let _deciding = self.deciding.lock().await;
        let members = self.members_calling(&message.phone).await?;
        loop {
            let mut tx = Tx::new(self);
            let number = tx.hear(message, &members).await?;
            if tx.commit().await?.is_some() {
                return Ok(number);
            }
        }
    }

    /// Members who have this number.
    async fn members_calling(&self, phone: &str) -> Result<Vec<Member>, AppError> {
        match fold_phone(phone).len() {
            6.. => self.find_members(phone, 2).await,
            _ => Ok(Vec::new()),
        }
    }
}

impl Tx<'_> {
    /// A message becomes a ticket, once.
    async fn hear(
        &mut self,
        message: &PhoneMessage,
        members: &[Member],
    ) -> Result<TicketId, AppError> {
        let key = heard(&message.id);
        if let Some(Heard(number)) = self.get(&key).await? {
            return Ok(number);
        }
        // A number that two members have tells who of neither.
        let known = match members {
            [one] => Some(one),
            _ => None,
        };
        let text = match message.text.is_empty() {
            true => "☎",
            false => &message.text,
        };
        let new = NewTicket {
            member: known.map(|member| member.id.clone()),
            name: known.map_or_else(|| masked(&message.phone), short_name),
            phone: Some(message.phone.clone()).filter(|phone| !phone.is_empty()),
            origin: Origin::Voicemail,
            call_back: true,
            ..NewTicket::saying(text)
        };
        let number = self.open_ticket(new).await?;
        self.put(key, &Heard(number))?;
        Ok(number)
    }

    /// `/messagerie 06 12 34 56 78 ce qui a été dit`: somebody listened to the answering machine.
    pub(crate) async fn voicemail_command(&mut self, command: &Command) -> Result<(), AppError> {
        if self.in_private(command).await?.is_none() {
            return Ok(());
        }
        let object = Object::Cooperative;
        if self
            .allowed(command, Act::AnswerPhone, object)
            .await?
            .is_none()
        {
            return Ok(());
        }
        let of_number = |letter: char| letter.is_ascii_digit() || "+.- ".contains(letter);
        let args = command.args.as_str();
        let end = args.find(|letter| !of_number(letter)).unwrap_or(args.len());
        let (phone, text) = args.split_at_checked(end).unwrap_or((args, ""));
        if fold_phone(phone).len() < 6 {
            return self.answer(command, Text::PhoneVoicemailHow.into()).await;
        }
        let message = PhoneMessage {
            // The message in which it was written down: told twice by a crash, it is one.
            id: format!("chat {}/{}", command.said.place.chat, command.said.message),
            phone: phone.trim().to_owned(),
            text: text.trim().to_owned(),
        };
        let members = self.app().members_calling(&message.phone).await?;
        let number = self.hear(&message, &members).await?;
        let say = Say::new(Text::PhoneWrittenBack).with("number", Arg::Text(number.to_string()));
        self.answer(command, say).await
    }

    /// `/a_rappeler`: who waits to be called back.
    pub(crate) async fn call_backs_command(&mut self, command: &Command) -> Result<(), AppError> {
        let Some(person) = self.in_private(command).await? else {
            return Ok(());
        };
        let object = Object::Cooperative;
        if self
            .allowed(command, Act::AnswerPhone, object)
            .await?
            .is_none()
        {
            return Ok(());
        }
        let lang = self.lang(&person).await?;
        let list = TicketList {
            call_back: true,
            ..TicketList::default()
        };
        let view = View::Tickets {
            list: Box::new(list),
            opener: person.account,
        };
        let target = Target::ReplyTo(command.said.message);
        self.show_at(command.said.place, view, target, lang).await
    }

    /// Somebody called back.
    pub(super) async fn called_back(
        &mut self,
        person: &Person,
        number: TicketId,
    ) -> Result<Answer, AppError> {
        let Some(mut ticket) = self.ticket_followed(number).await? else {
            return Ok(Answer::refusal(Text::TapUnknown));
        };
        if !ticket.call_back {
            return Ok(Answer::toast(Text::PhoneCalledBackAlready));
        }
        ticket.call_back = false;
        self.team_event(&mut ticket, person, "called-back")?;
        self.keep_ticket(&ticket).await?;
        Ok(Answer::toast(Text::PhoneCalledBack))
    }

    /// The number to call, in private, with what to press after the call.
    pub(in crate::app) async fn tell_number(
        &mut self,
        person: &Person,
        ticket: &Ticket,
        phone: String,
    ) -> Result<(), AppError> {
        let say = Say::new(Text::TicketsPhone)
            .with("name", Arg::Name(ticket.name.clone()))
            .with("number", Arg::Text(ticket.number.to_string()))
            .with("phone", Arg::Code(phone));
        let mut message = crate::app::outbox::Message::of(say);
        message.lang = Some(self.lang(person).await?);
        message.ticket = Some(ticket.number);
        if ticket.call_back {
            let wish = super::Wish::CalledBack(ticket.number);
            let label = Text::PhoneButtonCalledBack;
            message.buttons = vec![vec![self.call_button(person.account, label, wish)?]];
        }
        let chat = ChatId(person.account.0);
        self.say(chat, crate::app::outbox::Class::Answer, message)
    }
}

/// A number as groups may see it: its last two digits.
fn masked(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    match digits.as_slice() {
        [_, _, .., a, b] => format!("•• {a}{b}"),
        _ => "••".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn a_number_shows_its_end_and_a_short_one_nothing() {
        assert_eq!(masked("06 12 34 56 78"), "•• 78");
        assert_eq!(masked("112"), "••");
        assert_eq!(masked(""), "••");
    }
}
