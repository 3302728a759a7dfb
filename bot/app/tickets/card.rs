//! The card of a ticket: one message where the team reads, kept up to date.

use chrono::TimeDelta;
use vigie_domain::group::Group;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::tickets::{Origin, State, Ticket};
use vigie_domain::{ChatId, Lang, MessageId, SectorId, TicketId};

use super::records::{self, AboutTicket, By, Line, LineKind, TeamCard};
use super::{category_word, state_word};
use crate::app::buttons::{Action, OfTicket, plant};
use crate::app::error::AppError;
use crate::app::outbox::{Button, Class, Doubt, Outgoing, Row, RowState, Verdict};
use crate::app::tx::Tx;

/// How long the buttons of a card serve before they get a new key.
const BUTTONS: TimeDelta = TimeDelta::days(7);
/// Characters of what was written last that a card shows.
const SHOWN: usize = 600;

/// A card as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct TicketView {
    /// The message to put it in place of.
    pub message: Option<MessageId>,
    /// Its language.
    pub lang: Lang,
    /// Its paragraphs.
    pub say: Vec<Say>,
    /// Its buttons.
    pub buttons: Vec<Vec<Button>>,
}

impl Tx<'_> {
    /// Where the team sees tickets of a sector: a group of a kind that works on tickets, that of
    /// the sector before others; else where faults are mended.
    pub(super) async fn team_for(
        &mut self,
        sector: Option<&SectorId>,
    ) -> Result<Option<ChatId>, AppError> {
        let kinds = self.settings().tickets.kinds.clone();
        let groups: Vec<Group> = self
            .all_groups()
            .await?
            .into_iter()
            .filter(|group| group.broken.is_none())
            .filter(|group| group.kind.as_ref().is_some_and(|kind| kinds.contains(kind)))
            .collect();
        let of_sector = groups
            .iter()
            .find(|group| sector.is_some() && group.sector.as_ref() == sector);
        let of_all = groups.iter().find(|group| group.sector.is_none());
        match of_sector.or(of_all) {
            Some(group) => Ok(Some(group.chat)),
            None => Ok(self.who_mends(ChatId(0)).await?.first().copied()),
        }
    }

    /// The card of a ticket is not up to date.
    pub(super) async fn ticket_card_changed(&mut self, ticket: &Ticket) -> Result<(), AppError> {
        let Some(chat) = ticket.team else {
            return Ok(());
        };
        let now = self.now();
        let key = records::team_card(ticket.number);
        let mut card: TeamCard = self.get(&key).await?.unwrap_or_default();
        if card
            .button
            .as_ref()
            .is_none_or(|(_, since)| now - *since > BUTTONS)
        {
            let action = Action::Ticket(ticket.number);
            card.button = Some((plant(self, Some(chat), None, action)?, now));
            self.put(key, &card)?;
        }
        let key = records::outbox_ticket(chat, ticket.number);
        let row = match self.get::<Row>(&key).await? {
            Some(mut row) => {
                row.stale = matches!(row.state, RowState::Sending(_));
                row
            }
            None => {
                let group: Option<Group> = self.peek(&crate::app::keys::group(chat)).await?;
                let place = group.map_or_else(|| chat.into(), |group| group.place());
                let what = Outgoing::Ticket(ticket.number);
                self.fresh(Row::new(place, what, Class::Service, now, Doubt::SendAgain))
            }
        };
        self.put(key, &row)
    }

    /// A card was sent, or its message is gone.
    pub(in crate::app) async fn ticket_card_shown(
        &mut self,
        number: TicketId,
        (chat, address): (ChatId, i64),
        verdict: &Verdict,
    ) -> Result<(), AppError> {
        let key = records::team_card(number);
        let mut card: TeamCard = self.get(&key).await?.unwrap_or_default();
        match verdict {
            Verdict::Shows(message, _) | Verdict::Done(Some(message)) => {
                card.message = Some((address, *message));
                let about = AboutTicket {
                    ticket: number,
                    line: None,
                };
                self.put(records::about(chat, *message), &about)?;
            }
            Verdict::MessageGone => card.message = None,
            _ => return Ok(()),
        }
        self.put(key, &card)
    }

    /// The card of a ticket as it stands now.
    pub(in crate::app) async fn ticket_view(
        &mut self,
        chat: ChatId,
        number: TicketId,
    ) -> Result<Option<TicketView>, AppError> {
        let Some(ticket) = self.peek::<Ticket>(&records::ticket(number)).await? else {
            return Ok(None);
        };
        let card: TeamCard = self
            .peek(&records::team_card(number))
            .await?
            .unwrap_or_default();
        let address = self.app().address(chat).await?;
        let message = card
            .message
            .and_then(|(at, message)| (at == address).then_some(message));
        let buttons = match &card.button {
            Some((key, _)) => card_buttons(&ticket, key),
            None => Vec::new(),
        };
        Ok(Some(TicketView {
            message,
            lang: self.group_lang(chat).await?,
            say: self.card_lines(&ticket).await?,
            buttons,
        }))
    }

    /// What, where, since when, who has it, what was written.
    async fn card_lines(&mut self, ticket: &Ticket) -> Result<Vec<Say>, AppError> {
        let mut say = self.card_head(ticket).await?;
        if ticket.merged_into.is_none() {
            self.last_lines(ticket, &mut say).await?;
            if ticket.files > 0 {
                let count = Arg::Number(i64::from(ticket.files));
                say.push(Say::new(Text::TicketsCardFiles).with("count", count));
            }
        }
        Ok(say)
    }

    /// What, where, since when, and who has it.
    pub(super) async fn card_head(&mut self, ticket: &Ticket) -> Result<Vec<Say>, AppError> {
        let mut say = vec![
            Say::new(Text::TicketsCard)
                .with("number", Arg::Text(ticket.number.to_string()))
                .with("state", Arg::Word(state_word(ticket.state)))
                .with("category", Arg::Word(category_word(ticket.category))),
        ];
        if let Some(target) = ticket.merged_into {
            let target = Arg::Text(target.to_string());
            say.push(Say::new(Text::TicketsCardMerged).with("target", target));
            return Ok(say);
        }
        say.push(self.who_and_where(ticket).await?);
        if let Some(equipment) = &ticket.equipment {
            let name = Arg::Name(self.name_of(equipment).await?);
            say.push(Say::new(Text::TicketsCardEquipment).with("equipment", name));
        }
        if let Some(outage) = &ticket.outage {
            let name = Arg::Name(outage.name.clone());
            say.push(Say::new(Text::TicketsCardOutage).with("outage", name));
        }
        if ticket.call_back {
            say.push(Text::PhoneCardCallBack.into());
        }
        say.push(Say::new(Text::TicketsCardSince).with("at", Arg::At(ticket.opened_at)));
        if let Some(owner) = &ticket.owner {
            say.push(
                Say::new(Text::TicketsCardOwner)
                    .with("person", Arg::Name(owner.name.clone()))
                    .with("at", Arg::At(owner.since)),
            );
        }
        Ok(say)
    }

    async fn who_and_where(&mut self, ticket: &Ticket) -> Result<Say, AppError> {
        let known = match ticket.member {
            Some(_) => Text::TicketsCardWho,
            None if ticket.origin == Origin::Voicemail => Text::PhoneCardCaller,
            None if ticket.account.is_none() => Text::PhoneCardWho,
            None => Text::TicketsCardWhoUnknown,
        };
        let sector = match &ticket.sector {
            Some(sector) => Arg::Text(self.sector_name(sector).await?),
            None => Arg::Word(Text::TicketsNoSector),
        };
        Ok(Say::new(known)
            .with("name", Arg::Name(ticket.name.clone()))
            .with("sector", sector))
    }

    /// The first thing that was said, and the last two that were written since.
    async fn last_lines(&mut self, ticket: &Ticket, say: &mut Vec<Say>) -> Result<(), AppError> {
        let first = (ticket.lines > 0).then_some(0);
        let rest = ticket.lines.saturating_sub(2).max(1)..ticket.lines;
        for number in first.into_iter().chain(rest) {
            let line: Option<Line> = self.peek(&records::line(ticket.number, number)).await?;
            if let Some(line) = line.filter(|line| line.kind != LineKind::Event) {
                say.push(line_said(&line));
            }
        }
        Ok(())
    }
}

/// A line of a thread, as it stands on a card.
pub(super) fn line_said(line: &Line) -> Say {
    let text = match line.kind {
        LineKind::Said => Text::TicketsLineSaid,
        LineKind::Note => Text::TicketsLineNote,
        LineKind::Reply | LineKind::Event => Text::TicketsLineReply,
    };
    let by = match &line.by {
        By::Asker { name } | By::Team { name, .. } => Arg::Text(name.clone()),
        By::Program => Arg::Word(Text::TicketsByProgram),
    };
    Say::new(text)
        .with("by", by)
        .with("at", Arg::At(line.at))
        .with("text", Arg::Text(shortened(&line.text)))
}

/// A line of a thread, as its person reads it.
pub(super) fn line_for_person(line: &Line) -> Say {
    let by = match &line.by {
        By::Asker { name } | By::Team { name, .. } => Arg::Name(name.clone()),
        By::Program => Arg::Word(Text::TicketsByProgram),
    };
    Say::new(Text::TicketsLineSaid)
        .with("by", by)
        .with("at", Arg::At(line.at))
        .with("text", Arg::Text(shortened(&line.text)))
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(SHOWN).collect();
    short.push('…');
    short
}

fn card_buttons(ticket: &Ticket, key: &str) -> Vec<Vec<Button>> {
    let button = |label, press: OfTicket| Button {
        label: Say::new(label),
        key: press.key(key),
    };
    if ticket.merged_into.is_some() {
        return Vec::new();
    }
    let take = match ticket.call_back {
        true => Text::PhoneButtonICall,
        false => Text::TicketsButtonTake,
    };
    match ticket.state {
        State::New | State::Reopened => vec![vec![
            button(take, OfTicket::Take),
            button(Text::TicketsButtonReply, OfTicket::Reply),
            button(Text::TicketsButtonMore, OfTicket::More),
        ]],
        State::Taken | State::WaitsForMember | State::WaitsForField => vec![
            vec![
                button(Text::TicketsButtonReply, OfTicket::Reply),
                button(Text::TicketsButtonResolve, OfTicket::Resolve),
            ],
            vec![
                button(Text::TicketsButtonTakeOver, OfTicket::TakeOver),
                button(Text::TicketsButtonMore, OfTicket::More),
            ],
        ],
        State::Resolved | State::Closed => vec![vec![
            button(Text::TicketsButtonReopen, OfTicket::Reopen),
            button(Text::TicketsButtonMore, OfTicket::More),
        ]],
    }
}
