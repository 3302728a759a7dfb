//! Messages on the answering machine, and who calls back.

use serde::{Deserialize, Serialize};
use vigie_domain::authz::{Action as Act, Object};
use vigie_domain::people::fold_phone;
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
        let member = match fold_phone(&message.phone).len() {
            6.. => self.find_members(&message.phone, 2).await?,
            _ => Vec::new(),
        };
        loop {
            let mut tx = Tx::new(self);
            let key = heard(&message.id);
            if let Some(Heard(number)) = tx.get(&key).await? {
                return Ok(number);
            }
            // A number that two members have tells who of neither.
            let known = match member.as_slice() {
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
            let number = tx.open_ticket(new).await?;
            tx.put(key, &Heard(number))?;
            if tx.commit().await?.is_some() {
                return Ok(number);
            }
        }
    }
}

impl Tx<'_> {
    /// `/rappels`: who waits to be called back.
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
