//! Tickets of one outage: they are tied to it, one answer goes to all of them, and they are
//! resolved together when it is over, after somebody of the team said so.

use serde::{Deserialize, Serialize};
use vigie_domain::authz::{Action as Act, Actor, Object, authz};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::tickets::{Category, Move, Ticket};
use vigie_domain::{AccountId, ChatId, TicketId};
use vigie_store::{Key, Range};

use super::dialogue::Wish;
use super::ending::Step;
use super::member::Written;
use super::records::{self, By, Line, LineKind, Listed};
use crate::app::alerts::Outage;
use crate::app::buttons::{Action, plant};
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::event::{Person, Said, Tap};
use crate::app::keys;
use crate::app::outbox::{Button, Class, Message};
use crate::app::taps::Answer;
use crate::app::tx::Tx;

/// Tickets that one commit answers or resolves: each takes some writes.
const AT_ONCE: u32 = 5;

/// What is to be written to everybody who is touched by an outage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Draft {
    /// The outage.
    outage: String,
    /// Who writes.
    by: AccountId,
    /// Their first name.
    name: String,
    /// What.
    text: String,
}

crate::record_v1!(Draft);

fn draft(id: i64) -> Key {
    Key::of("tt/").i64(id).end()
}

impl Tx<'_> {
    /// A ticket belongs to the outage that cuts its member off, where it is about the connection.
    pub(super) async fn tie_to_outage(&mut self, ticket: &mut Ticket) -> Result<bool, AppError> {
        let about_it = matches!(ticket.category, Category::Outage | Category::Slow);
        let Some(id) = ticket
            .member
            .clone()
            .filter(|_| about_it && ticket.outage.is_none())
        else {
            return Ok(false);
        };
        let Some(member) = self.member(&id).await? else {
            return Ok(false);
        };
        let Some((outage, since)) = self.outage_of(&member).await? else {
            return Ok(false);
        };
        self.put(records::of_outage(&outage.id, ticket.number), &Listed)?;
        if let Some(account) = ticket.account {
            let say = Say::new(Text::TicketsKnownOutage)
                .with("outage", Arg::Name(outage.name.clone()))
                .with("since", Arg::At(since))
                .with("number", Arg::Text(ticket.number.to_string()));
            let mut message = Message::of(say);
            message.lang = Some(self.lang_of_account(account).await?);
            message.ticket = Some(ticket.number);
            self.say(ChatId(account.0), Class::Answer, message)?;
        }
        ticket.outage = Some(outage);
        Ok(true)
    }

    /// Tickets of an outage that are not over, those after one of them; and where to go on.
    async fn some_of_outage(
        &mut self,
        outage: &str,
        after: TicketId,
    ) -> Result<(Vec<Ticket>, Option<TicketId>), AppError> {
        let range = Range {
            start: records::of_outage(outage, TicketId(after.0 + 1)),
            ..Range::prefix(&records::all_of_outage(outage))
        };
        let (page, next) = self.page(&range, None, AT_ONCE).await?;
        let numbers: Vec<TicketId> = page
            .iter()
            .filter_map(|(key, _)| keys::last_i64(key))
            .map(TicketId)
            .collect();
        let last = numbers.last().copied().filter(|_| next.is_some());
        let mut found = Vec::new();
        for number in numbers {
            let ticket = self.ticket(number).await?;
            found.extend(ticket.filter(|one| one.state.is_open() && one.merged_into.is_none()));
        }
        Ok((found, last))
    }

    /// How many tickets of an outage are not over.
    pub(super) async fn open_of_outage(&mut self, outage: &str) -> Result<usize, AppError> {
        let mut count = 0;
        for number in self.tickets_of_outage(outage).await? {
            let ticket: Option<Ticket> = self.peek(&records::ticket(number)).await?;
            let open = |one: &Ticket| one.state.is_open() && one.merged_into.is_none();
            count += usize::from(ticket.as_ref().is_some_and(open));
        }
        Ok(count)
    }

    /// What is to be written to everybody of an outage: shown before it is sent, with how many.
    pub(super) async fn preview_to_all(
        &mut self,
        person: &Person,
        said: Said,
        (number, written): (TicketId, &Written),
    ) -> Result<(), AppError> {
        let Some(ticket) = self.still_handles(person, said, number).await? else {
            return Ok(());
        };
        let Some(outage) = ticket.outage else {
            return Ok(());
        };
        let id = self.random_number();
        let kept = Draft {
            outage: outage.id.clone(),
            by: person.account,
            name: person.first_name.clone(),
            text: written.text.chars().take(super::opening::LONGEST).collect(),
        };
        self.put(draft(id), &kept)?;
        self.end_dialogue(person.account);
        let count = self.open_of_outage(&outage.id).await?;
        let count = Arg::Number(i64::try_from(count).unwrap_or(i64::MAX));
        let say = Say::new(Text::TicketsAllPreview)
            .with("count", count)
            .with("outage", Arg::Name(outage.name));
        let mut message = Message::of(say);
        let quote = Say::new(Text::TicketsQuote).with("text", Arg::Text(kept.text));
        message.say.push(quote);
        message.lang = Some(self.lang(person).await?);
        message.reply_to = Some(said.message);
        let wish = Wish::SendAll(number, id);
        message.buttons = vec![vec![self.ticket_button(
            person.account,
            Text::TicketsButtonSendAll,
            wish,
        )?]];
        self.say(ChatId(person.account.0), Class::Answer, message)
    }

    /// It is sent to all of them, a few in each commit.
    pub(super) async fn send_to_all(
        &mut self,
        person: &Person,
        (number, id): (TicketId, i64),
    ) -> Result<Answer, AppError> {
        let kept: Option<Draft> = self.get(&draft(id)).await?;
        if kept.is_none_or(|kept| kept.by != person.account) {
            return Ok(Answer::toast(Text::TicketsAllSentAlready));
        }
        if let Some(ticket) = self.ticket_followed(number).await? {
            self.audit_ticket(person, "answer-outage", &ticket).await?;
        }
        self.answer_some(id, TicketId(0)).await?;
        Ok(Answer::toast(Text::TicketsAllSent))
    }

    /// Answers some tickets of an outage, and goes on with the others.
    pub(super) async fn answer_some(&mut self, id: i64, after: TicketId) -> Result<(), AppError> {
        let Some(kept) = self.get::<Draft>(&draft(id)).await? else {
            return Ok(());
        };
        let (tickets, next) = self.some_of_outage(&kept.outage, after).await?;
        for mut ticket in tickets {
            let line = Line {
                at: self.now(),
                by: By::Team {
                    account: kept.by,
                    name: kept.name.clone(),
                },
                kind: LineKind::Reply,
                text: kept.text.clone(),
                before: Vec::new(),
                files: Vec::new(),
                message: None,
                album: None,
            };
            self.add_line_unsearched(&mut ticket, &line)?;
            self.keep_ticket(&ticket).await?;
            if let Some(account) = ticket.account {
                let say = Say::new(Text::TicketsReply)
                    .with("number", Arg::Text(ticket.number.to_string()))
                    .with("person", Arg::Name(kept.name.clone()))
                    .with("text", Arg::Text(kept.text.clone()));
                let mut message = Message::of(say);
                message.lang = Some(self.lang_of_account(account).await?);
                message.ticket = Some(ticket.number);
                self.say(ChatId(account.0), Class::Service, message)?;
            }
        }
        match next {
            Some(after) => self.plan(self.now(), Due::Tickets(Step::AnswerAll { id, after })),
            None => {
                self.delete(draft(id));
                Ok(())
            }
        }
    }

    /// An outage is over: the team is asked about its tickets, after a while in which it may come
    /// back.
    ///
    /// # Errors
    /// The store failed.
    pub async fn outage_over(&mut self, outage: &str) -> Result<(), AppError> {
        let range = Range::prefix(&records::all_of_outage(outage));
        let (page, _) = self.page(&range, None, 1).await?;
        if page.is_empty() {
            return Ok(());
        }
        let wait = chrono::TimeDelta::seconds(i64::from(self.settings().same_card_s));
        let step = Step::Recovered {
            outage: outage.to_owned(),
            at: self.now(),
        };
        self.plan(self.now() + wait, Due::Tickets(step))
    }

    /// Asks the team whether the tickets of an outage are solved with it.
    pub(super) async fn ask_about_recovery(
        &mut self,
        outage: &str,
        at: chrono::DateTime<chrono::Utc>,
    ) -> Result<(), AppError> {
        // It came back meanwhile.
        let lasts: Option<Outage> = self.peek(&keys::outage(&outage.into())).await?;
        let count = self.open_of_outage(outage).await?;
        if lasts.is_some() || count == 0 {
            return Ok(());
        }
        let (some, _) = self.some_of_outage(outage, TicketId(0)).await?;
        let first = match some.first() {
            Some(first) => first.clone(),
            None => return Ok(()),
        };
        let (Some(team), Some(parent)) = (first.team, first.outage) else {
            return Ok(());
        };
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let say = Say::new(Text::TicketsOutageOver)
            .with("outage", Arg::Name(parent.name))
            .with("at", Arg::At(at))
            .with("count", Arg::Number(count));
        let mut message = Message::of(say);
        let action = Action::TicketsOfOutage {
            outage: outage.to_owned(),
        };
        let key = plant(self, Some(team), None, action)?;
        let label = Say::new(Text::TicketsButtonResolveAll).with("count", Arg::Number(count));
        message.buttons = vec![vec![Button { label, key }]];
        self.say(team, Class::Service, message)
    }

    /// Somebody of the team says that the tickets of an outage are solved with it.
    pub(crate) async fn resolve_all(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        outage: &str,
    ) -> Result<Answer, AppError> {
        let sheet = self.sheet(&outage.into()).await?;
        let sector = sheet.and_then(|sheet| sheet.sector);
        if let Err(denied) = authz(actor, Act::HandleTickets, Object::Sector(sector.as_ref())) {
            return Ok(Answer::refusal(self.refusal(&denied).await?));
        }
        let count = self.open_of_outage(outage).await?;
        if count == 0 {
            return Ok(Answer::toast(Text::TicketsAllSentAlready));
        }
        let object = format!("outage {outage}");
        let place = tap
            .on
            .map_or(ChatId(tap.from.account.0), |(chat, _)| chat)
            .into();
        self.audit(
            &tap.from,
            place,
            "resolve-tickets",
            &object,
            ("", "resolved"),
        )
        .await?;
        self.resolve_some(outage, &tap.from, TicketId(0)).await?;
        let count = Arg::Number(i64::try_from(count).unwrap_or(i64::MAX));
        Ok(Answer::toast(
            Say::new(Text::TicketsAllResolved).with("count", count),
        ))
    }

    /// Resolves some tickets of an outage, and goes on with the others.
    pub(super) async fn resolve_some(
        &mut self,
        outage: &str,
        by: &Person,
        after: TicketId,
    ) -> Result<(), AppError> {
        let (tickets, next) = self.some_of_outage(outage, after).await?;
        for mut ticket in tickets {
            let now = self.now();
            if ticket.moved(&Move::Resolve, now).is_ok() {
                self.team_event(&mut ticket, by, "resolved")?;
                self.resolved(&mut ticket).await?;
            }
        }
        let Some(after) = next else {
            return Ok(());
        };
        let step = Step::ResolveAll {
            outage: outage.to_owned(),
            by: by.clone(),
            after,
        };
        self.plan(self.now(), Due::Tickets(step))
    }
}
