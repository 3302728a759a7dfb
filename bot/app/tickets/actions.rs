//! What the team does from the sheet of a ticket, in private.

use vigie_domain::authz::{Action as Act, Actor, authz};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::tickets::{Category, Move, Ticket};
use vigie_domain::{AccountId, ChatId, TicketId};

use super::dialogue::{Asked, Wish};
use super::member::Written;
use super::records::{self, Line, LineKind};
use super::team::refusal;
use super::{category_word, object};
use crate::app::error::AppError;
use crate::app::event::{Attachment, Person, Said, Tap};
use crate::app::joining::Call;
use crate::app::outbox::{Button, Class, Doubt, Message, Outgoing, Row, Target, View};
use crate::app::taps::Answer;
use crate::app::tx::Tx;

/// Files that are sent at one press, the last ones.
const MOST_FILES: usize = 20;

impl Tx<'_> {
    /// A press of the team on a button in private.
    pub(super) async fn team_wish(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        (wish, ticket): (Wish, Ticket),
    ) -> Result<Answer, AppError> {
        let reads = matches!(wish, Wish::Open(_) | Wish::Files(_));
        let act = if reads {
            Act::ReadTickets
        } else {
            Act::HandleTickets
        };
        if let Err(denied) = authz(actor, act, object(&ticket)) {
            return Ok(Answer::refusal(self.refusal(&denied).await?));
        }
        let (person, number) = (&tap.from, ticket.number);
        let answer = match wish {
            Wish::Reply(_) => return self.ask_for_reply(person, &ticket).await,
            Wish::Open(_) => return self.show_thread(person, &ticket).await,
            Wish::Files(_) => return self.send_files(person, &ticket).await,
            Wish::Phone(_) => return self.tell_phone(person, &ticket).await,
            Wish::Sorts(_) => return self.offer_categories(person, number).await,
            Wish::Note(_) => {
                let say = asks(Text::TicketsAskNote, number);
                let asked = (Asked::Note(number), say);
                return self.ask_in_private(person, &ticket, asked).await;
            }
            Wish::Merge(_) => {
                let say = asks(Text::TicketsAskMerge, number);
                let asked = (Asked::Merge(number), say);
                return self.ask_in_private(person, &ticket, asked).await;
            }
            Wish::Take(_) => self.take_ticket(person, ticket).await?,
            Wish::Resolve(_) => self.resolve(person, ticket).await?,
            Wish::Reopen(_) => self.reopen_by_team(person, ticket).await?,
            Wish::WaitMember(_) => {
                self.set_waiting(person, ticket, (Move::AskMember, "waits-for-member"))
                    .await?
            }
            Wish::WaitField(_) => {
                self.set_waiting(person, ticket, (Move::AskField, "waits-for-field"))
                    .await?
            }
            Wish::Watch(_) => self.watch(person, ticket).await?,
            Wish::Sort(_, category) => self.sort_by_team(person, ticket, category).await?,
            _ => return Ok(Answer::refusal(Text::TapUnknown)),
        };
        self.sheet_again(tap, number).await?;
        Ok(answer)
    }

    /// The sheet on which somebody pressed shows what is true now.
    async fn sheet_again(&mut self, tap: &Tap, number: TicketId) -> Result<(), AppError> {
        let Some((chat, message)) = tap.on else {
            return Ok(());
        };
        let lang = self.lang(&tap.from).await?;
        let view = View::Ticket {
            number,
            opener: tap.from.account,
        };
        self.show(chat, view, Target::Edit(message), lang).await
    }

    async fn set_waiting(
        &mut self,
        person: &Person,
        mut ticket: Ticket,
        (step, word): (Move, &str),
    ) -> Result<Answer, AppError> {
        let now = self.now();
        if let Err(refused) = ticket.moved(&step, now) {
            return Ok(refusal(refused, &ticket));
        }
        self.team_event(&mut ticket, person, word)?;
        self.keep_ticket(&ticket).await?;
        let state = Arg::Word(super::state_word(ticket.state));
        Ok(Answer::toast(
            Say::new(Text::TicketsStateNow).with("state", state),
        ))
    }

    async fn watch(&mut self, person: &Person, mut ticket: Ticket) -> Result<Answer, AppError> {
        let text = if ticket.watchers.remove(&person.account) {
            Text::TicketsUnwatched
        } else {
            ticket.watchers.insert(person.account);
            Text::TicketsWatched
        };
        self.put(records::ticket(ticket.number), &ticket)?;
        Ok(Answer::toast(text))
    }

    async fn offer_categories(
        &mut self,
        person: &Person,
        number: TicketId,
    ) -> Result<Answer, AppError> {
        let mut buttons = Vec::new();
        for category in Category::ALL {
            let wish = Wish::Sort(number, category);
            buttons.push(self.ticket_button(person.account, category_word(category), wish)?);
        }
        let mut message = Message::of(asks(Text::TicketsAskCategory, number));
        message.lang = Some(self.lang(person).await?);
        message.buttons = buttons.chunks(2).map(<[Button]>::to_vec).collect();
        self.say(ChatId(person.account.0), Class::Answer, message)?;
        Ok(Answer::quiet())
    }

    async fn sort_by_team(
        &mut self,
        person: &Person,
        mut ticket: Ticket,
        category: Category,
    ) -> Result<Answer, AppError> {
        ticket.category = category;
        self.team_event(&mut ticket, person, category.word())?;
        self.keep_ticket(&ticket).await?;
        let word = Arg::Word(category_word(category));
        Ok(Answer::toast(
            Say::new(Text::TicketsSorted).with("category", word),
        ))
    }

    /// The number to call: in private, to whoever has the ticket, and noted in the audit log.
    pub(super) async fn tell_phone(
        &mut self,
        person: &Person,
        ticket: &Ticket,
    ) -> Result<Answer, AppError> {
        if !ticket.is_of(person.account) {
            return Ok(Answer::refusal(Text::TicketsPhoneOwnerOnly));
        }
        let of_record = match &ticket.member {
            Some(id) => self.member(id).await?.and_then(|member| member.phone),
            None => None,
        };
        let Some(phone) = ticket.phone.clone().or(of_record) else {
            return Ok(Answer::refusal(Text::TicketsPhoneNone));
        };
        self.audit_ticket(person, "read-phone", ticket).await?;
        self.tell_number(person, ticket, phone).await?;
        Ok(Answer::quiet())
    }

    /// Sends the files of a ticket to somebody of the team, as the messenger keeps them.
    async fn send_files(&mut self, person: &Person, ticket: &Ticket) -> Result<Answer, AppError> {
        let mut files = Vec::new();
        for number in (0..ticket.lines).rev() {
            let line: Option<Line> = self.peek(&records::line(ticket.number, number)).await?;
            files.extend(line.into_iter().flat_map(|line| line.files));
            if files.len() >= MOST_FILES {
                break;
            }
        }
        files.truncate(MOST_FILES);
        for file in files.iter().rev() {
            self.send_file(person.account, file, ticket.number)?;
        }
        Ok(Answer::quiet())
    }

    /// Sends a file on to somebody, as the messenger keeps it.
    pub(super) fn send_file(
        &mut self,
        to: AccountId,
        file: &Attachment,
        number: TicketId,
    ) -> Result<(), AppError> {
        let call = Call::File {
            kind: file.kind,
            file: file.file.clone(),
            caption: format!("n° {number}"),
        };
        let (place, what) = (ChatId(to.0).into(), Outgoing::Do(call));
        let row = Row::new(place, what, Class::Answer, self.now(), Doubt::SendAgain);
        self.append(crate::app::keys::outbox_messages(), &self.fresh(row))
    }

    /// Somebody of the team told into which ticket another goes.
    pub(super) async fn merge_from(
        &mut self,
        person: &Person,
        said: Said,
        (number, written): (TicketId, &Written),
    ) -> Result<(), AppError> {
        let Some(mut ticket) = self.still_handles(person, said, number).await? else {
            return Ok(());
        };
        let digits: String = written.text.chars().filter(char::is_ascii_digit).collect();
        let target = digits.parse::<i64>().ok().map(TicketId);
        let into = match target {
            Some(target) if target != ticket.number => self.ticket_followed(target).await?,
            _ => None,
        };
        let Some(mut into) = into.filter(|into| into.number != ticket.number) else {
            return self
                .write_back(person, Some(said), Text::TicketsNoSuchTicket.into())
                .await;
        };
        let actor = self.actor(person).await?;
        if let Err(denied) = authz(&actor, Act::HandleTickets, object(&into)) {
            let say = self.refusal(&denied).await?;
            return self.write_back(person, Some(said), say).await;
        }
        self.end_dialogue(person.account);
        let written = Written::words(&format!("n° {} : {}", ticket.number, ticket.subject));
        let line = self.team_line(person, said, (LineKind::Note, &written));
        let line = Line {
            message: None,
            ..line
        };
        self.add_line(&mut into, &line)?;
        into.watchers.extend(ticket.watchers.iter().copied());
        if into.account.is_none() {
            into.account = ticket.account;
        }
        self.audit_ticket(person, "merge-ticket", &ticket).await?;
        ticket.merged_into = Some(into.number);
        ticket.changed_at = self.now();
        self.keep_ticket(&ticket).await?;
        self.keep_ticket(&into).await?;
        self.tell_merged(&ticket, &into).await?;
        let say = Say::new(Text::TicketsMerged)
            .with("number", Arg::Text(ticket.number.to_string()))
            .with("target", Arg::Text(into.number.to_string()));
        self.write_back(person, Some(said), say).await
    }

    /// The person of a ticket that was merged reads under which number it goes on.
    async fn tell_merged(&mut self, ticket: &Ticket, into: &Ticket) -> Result<(), AppError> {
        let Some(account) = ticket.account else {
            return Ok(());
        };
        let say = Say::new(Text::TicketsMergedPerson)
            .with("number", Arg::Text(ticket.number.to_string()))
            .with("target", Arg::Text(into.number.to_string()));
        let mut message = Message::of(say);
        message.lang = Some(self.lang_of_account(account).await?);
        message.ticket = Some(ticket.number);
        message.silent = true;
        self.say(ChatId(account.0), Class::Service, message)
    }
}

fn asks(text: Text, number: TicketId) -> Say {
    Say::new(text).with("number", Arg::Text(number.to_string()))
}
