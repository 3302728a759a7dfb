//! Lists of tickets: `/tickets` for the team, `/mes_tickets` for everybody.

use serde::{Deserialize, Serialize};
use vigie_domain::authz::{Action as Act, Actor, authz};
use vigie_domain::names::fold;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::tickets::{Category, State, Ticket};
use vigie_domain::{AccountId, ChatId, SectorId, TicketId};
use vigie_store::{Dir, Key, Range};

use super::dialogue::Wish;
use super::records;
use super::{category_word, object, state_word};
use crate::app::buttons::{Action, plant};
use crate::app::error::AppError;
use crate::app::event::Command;
use crate::app::outbox::{Button, Target, View};
use crate::app::tx::{Tx, decode};

/// Tickets that a list looks at, and that it counts.
const LOOKED_AT: usize = 2_000;
const COUNTED: usize = 200;
/// Tickets on one page: each has a button.
const PAGE: usize = 5;
/// Tickets read at once.
const READ: u32 = 200;

/// Which tickets, and where one stands among them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketList {
    /// Words that they hold; empty: any.
    pub words: String,
    /// How far they are; `None`: not closed, or any where words are asked for.
    pub state: Option<State>,
    /// Their sector.
    pub sector: Option<SectorId>,
    /// What they are about.
    pub category: Option<Category>,
    /// Who has them.
    pub owner: Option<AccountId>,
    /// Those whose person waits to be called back.
    #[serde(default)]
    pub call_back: bool,
    /// Closed ones, too.
    pub all: bool,
    /// Page, from 0.
    pub page: u32,
}

impl TicketList {
    fn wants(&self, ticket: &Ticket) -> bool {
        let state = match self.state {
            Some(state) => ticket.state == state,
            None => self.all || !self.words.is_empty() || ticket.state != State::Closed,
        };
        state
            && ticket.merged_into.is_none()
            && (!self.call_back || ticket.call_back)
            && (self.sector.is_none() || ticket.sector == self.sector)
            && self
                .category
                .is_none_or(|category| ticket.category == category)
            && self.owner.is_none_or(|owner| ticket.is_of(owner))
    }
}

impl Tx<'_> {
    /// `/tickets`, with what they are to be.
    pub(crate) async fn tickets_command(&mut self, command: &Command) -> Result<(), AppError> {
        let Some(person) = self.in_private(command).await? else {
            return Ok(());
        };
        let actor = self.actor(&person).await?;
        if !handles_any(&actor) {
            return self.my_tickets_command(command).await;
        }
        let lang = self.lang(&person).await?;
        let number = command
            .args
            .trim()
            .trim_start_matches(['n', 'N', '°', '#', ' ']);
        let target = Target::ReplyTo(command.said.message);
        if let Ok(number) = number.parse::<i64>()
            && let Some(ticket) = self.ticket(TicketId(number)).await?
            && authz(&actor, Act::ReadTickets, object(&ticket)).is_ok()
        {
            let view = View::Ticket {
                number: ticket.number,
                opener: person.account,
            };
            return self.show_at(command.said.place, view, target, lang).await;
        }
        let list = self.list_asked(person.account, &command.args).await?;
        let view = View::Tickets {
            list: Box::new(list),
            opener: person.account,
        };
        self.show_at(command.said.place, view, target, lang).await
    }

    /// Reads what is asked for: words that name a filter, and words to be found.
    async fn list_asked(&mut self, asker: AccountId, args: &str) -> Result<TicketList, AppError> {
        let mut list = TicketList::default();
        let mut words = Vec::new();
        for word in args.split_whitespace() {
            let folded = fold(word);
            if matches!(folded.as_str(), "miens" | "moi" | "mine" | "me") {
                list.owner = Some(asker);
            } else if matches!(folded.as_str(), "tout" | "tous" | "all") {
                list.all = true;
            } else if let Some(state) = state_named(&folded) {
                list.state = Some(state);
            } else if let Some(sector) = self.sector_named(word).await? {
                list.sector = Some(sector.id);
            } else {
                words.push(word);
            }
        }
        list.words = words.join(" ");
        Ok(list)
    }

    /// `/mes_tickets`.
    pub(crate) async fn my_tickets_command(&mut self, command: &Command) -> Result<(), AppError> {
        let Some(person) = self.in_private(command).await? else {
            return Ok(());
        };
        let lang = self.lang(&person).await?;
        let view = View::MyTickets {
            account: person.account,
            page: 0,
        };
        let target = Target::ReplyTo(command.said.message);
        self.show_at(command.said.place, view, target, lang).await
    }

    /// Tickets of a list that this account may read.
    async fn tickets_listed(
        &mut self,
        list: &TicketList,
        reader: AccountId,
    ) -> Result<Vec<Ticket>, AppError> {
        let actor = self.actor_of(reader).await?;
        let mut found = Vec::new();
        let wanted = |ticket: &Ticket| {
            list.wants(ticket) && authz(&actor, Act::ReadTickets, object(ticket)).is_ok()
        };
        if !list.words.is_empty() {
            for number in self.tickets_with(&list.words, LOOKED_AT).await? {
                let ticket: Option<Ticket> = self.peek(&records::ticket(number)).await?;
                found.extend(ticket.filter(wanted));
                if found.len() >= COUNTED {
                    break;
                }
            }
            return Ok(found);
        }
        let closed = list.all || list.state == Some(State::Closed);
        let range = match closed {
            true => Range::prefix(&records::all_tickets()),
            false => Range::prefix(&records::all_open()),
        };
        let (mut after, mut looked) = (None, 0);
        while found.len() < COUNTED && looked < LOOKED_AT {
            let (page, next) = self.newest(&range, after.as_ref()).await?;
            looked += page.len();
            for (key, value) in page {
                let ticket: Option<Ticket> = match closed {
                    true => Some(decode(&key, &value)?),
                    false => match crate::app::keys::last_i64(&key) {
                        Some(number) => self.peek(&records::ticket(TicketId(number))).await?,
                        None => None,
                    },
                };
                found.extend(ticket.filter(wanted));
            }
            match next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        Ok(found)
    }

    async fn newest(
        &self,
        range: &Range,
        after: Option<&Key>,
    ) -> Result<(Vec<(Key, bytes::Bytes)>, Option<Key>), AppError> {
        let app = self.app();
        let page = app
            .store
            .scan(app.shard, range, after, READ, Dir::Backward)
            .await?;
        let entries = page.items.into_iter();
        let items = entries.map(|(key, entry)| (key, entry.value)).collect();
        Ok((items, page.next))
    }

    /// A page of a list, for a reader of the team.
    pub(in crate::app) async fn tickets_view(
        &mut self,
        list: &TicketList,
        reader: AccountId,
    ) -> Result<Vec<Say>, AppError> {
        let found = self.tickets_listed(list, reader).await?;
        let (page, pages) = pages(list.page, found.len());
        let mut say = vec![self.list_title(list, found.len()).await?];
        for ticket in on_page(&found, page) {
            say.push(self.list_line(ticket).await?);
        }
        if pages > 1 {
            say.push(
                Say::new(Text::TicketsPage)
                    .with("page", Arg::Number(i64::from(page) + 1))
                    .with("pages", Arg::Number(i64::from(pages))),
            );
        }
        if found.is_empty() {
            say.push(Text::TicketsListHow.into());
        }
        Ok(say)
    }

    async fn list_title(&mut self, list: &TicketList, count: usize) -> Result<Say, AppError> {
        let text = match (count >= COUNTED, list.words.is_empty()) {
            (true, _) => Text::TicketsListMany,
            (false, true) => Text::TicketsList,
            (false, false) => Text::TicketsListWords,
        };
        let count = Arg::Number(i64::try_from(count).unwrap_or(i64::MAX));
        let say = Say::new(text).with("count", count);
        Ok(match text {
            Text::TicketsListWords => say.with("words", Arg::Name(list.words.clone())),
            _ => say,
        })
    }

    async fn list_line(&mut self, ticket: &Ticket) -> Result<Say, AppError> {
        let sector = match &ticket.sector {
            Some(sector) => Arg::Text(self.sector_name(sector).await?),
            None => Arg::Word(Text::TicketsNoSector),
        };
        let say = Say::new(match ticket.owner {
            Some(_) => Text::TicketsListLineOwned,
            None => Text::TicketsListLine,
        })
        .with("number", Arg::Text(ticket.number.to_string()))
        .with("state", Arg::Word(state_word(ticket.state)))
        .with("category", Arg::Word(category_word(ticket.category)))
        .with("sector", sector)
        .with("subject", Arg::Text(ticket.subject.clone()));
        Ok(match &ticket.owner {
            Some(owner) => say.with("person", Arg::Text(owner.name.clone())),
            None => say,
        })
    }

    /// The buttons of a list: each of its tickets, other pages, other filters.
    pub(in crate::app) async fn tickets_buttons(
        &mut self,
        list: &TicketList,
        opener: AccountId,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        let found = self.tickets_listed(list, opener).await?;
        let (page, pages) = pages(list.page, found.len());
        let mut row = Vec::new();
        for ticket in on_page(&found, page) {
            let label = Say::new(Text::TicketsButtonOpen)
                .with("number", Arg::Text(ticket.number.to_string()));
            row.push(self.ticket_button(opener, label, Wish::Open(ticket.number))?);
        }
        let view = View::Tickets {
            list: Box::new(list.clone()),
            opener,
        };
        let turns = self.turns(ChatId(opener.0), &view, (page, pages), Some(opener))?;
        let mut filters = Vec::new();
        for (label, list) in [
            (
                Text::TicketsFilterMine,
                TicketList {
                    owner: Some(opener),
                    ..TicketList::default()
                },
            ),
            (
                Text::TicketsFilterNew,
                TicketList {
                    state: Some(State::New),
                    ..TicketList::default()
                },
            ),
            (Text::TicketsFilterOpen, TicketList::default()),
        ] {
            let list = Box::new(list);
            let action = Action::Show(View::Tickets { list, opener });
            let key = plant(self, Some(ChatId(opener.0)), Some(opener), action)?;
            let label = label.into();
            filters.push(Button { label, key });
        }
        Ok([row, turns, filters]
            .into_iter()
            .filter(|row| !row.is_empty())
            .collect())
    }

    /// The tickets of an account, the newest first.
    async fn own_tickets(&mut self, account: AccountId) -> Result<Vec<Ticket>, AppError> {
        let mut numbers: Vec<TicketId> = Vec::new();
        let range = Range::prefix(&records::all_of_account(account));
        let (page, _) = self.page(&range, None, READ).await?;
        numbers.extend(
            page.iter()
                .filter_map(|(key, _)| records::ticket_of_newest(key)),
        );
        for bond in self.bonds_of(account).await? {
            let range = Range::prefix(&records::all_of_member(bond.member.as_str()));
            let (page, _) = self.page(&range, None, READ).await?;
            numbers.extend(
                page.iter()
                    .filter_map(|(key, _)| records::ticket_of_newest(key)),
            );
        }
        numbers.sort_by_key(|number| std::cmp::Reverse(number.0));
        numbers.dedup();
        let mut found: Vec<Ticket> = Vec::new();
        for number in numbers {
            let ticket: Option<Ticket> = self.peek(&records::ticket(number)).await?;
            found.extend(ticket.filter(|ticket| ticket.merged_into.is_none()));
        }
        // What is still open comes first.
        found.sort_by_key(|ticket| !ticket.state.is_open());
        Ok(found)
    }

    /// A page of somebody's own tickets.
    pub(in crate::app) async fn my_tickets_view(
        &mut self,
        account: AccountId,
        page: u32,
    ) -> Result<Vec<Say>, AppError> {
        let found = self.own_tickets(account).await?;
        if found.is_empty() {
            return Ok(vec![Text::TicketsMineNone.into()]);
        }
        let count = Arg::Number(i64::try_from(found.len()).unwrap_or(i64::MAX));
        let mut say = vec![Say::new(Text::TicketsMine).with("count", count)];
        let (page, _) = pages(page, found.len());
        for ticket in on_page(&found, page) {
            say.push(
                Say::new(Text::TicketsMineLine)
                    .with("number", Arg::Text(ticket.number.to_string()))
                    .with("state", Arg::Word(state_word(ticket.state)))
                    .with("at", Arg::At(ticket.opened_at))
                    .with("subject", Arg::Text(ticket.subject.clone())),
            );
        }
        Ok(say)
    }

    /// One button for each of somebody's own tickets, and those of other pages.
    pub(in crate::app) async fn my_tickets_buttons(
        &mut self,
        account: AccountId,
        page: u32,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        let found = self.own_tickets(account).await?;
        let (page, pages) = pages(page, found.len());
        let mut row = Vec::new();
        for ticket in on_page(&found, page) {
            let label = Say::new(Text::TicketsButtonOpen)
                .with("number", Arg::Text(ticket.number.to_string()));
            row.push(self.ticket_button(account, label, Wish::Mine(ticket.number))?);
        }
        let view = View::MyTickets { account, page };
        let turns = self.turns(ChatId(account.0), &view, (page, pages), Some(account))?;
        Ok([row, turns]
            .into_iter()
            .filter(|row| !row.is_empty())
            .collect())
    }
}

/// Whether somebody works on tickets, were it in one sector only.
pub(super) fn handles_any(actor: &Actor) -> bool {
    use vigie_domain::authz::{Object, Role};
    let own = actor.roles().any(|role| match role {
        Role::SectorReferent(sector) => {
            authz(actor, Act::ReadTickets, Object::Sector(Some(sector))).is_ok()
        }
        _ => false,
    });
    own || authz(actor, Act::ReadTickets, Object::Cooperative).is_ok()
}

fn state_named(folded: &str) -> Option<State> {
    Some(match folded {
        "nouveau" | "nouveaux" | "new" => State::New,
        "pris" | "taken" => State::Taken,
        "rouvert" | "rouverts" | "reopened" => State::Reopened,
        "resolu" | "resolus" | "resolved" => State::Resolved,
        "clos" | "closed" => State::Closed,
        "terrain" | "field" => State::WaitsForField,
        "attente" | "waiting" => State::WaitsForMember,
        _ => return None,
    })
}

/// The page that there is, and how many there are.
fn pages(page: u32, count: usize) -> (u32, u32) {
    let pages = u32::try_from(count.div_ceil(PAGE))
        .unwrap_or(u32::MAX)
        .max(1);
    (page.min(pages - 1), pages)
}

fn on_page(found: &[Ticket], page: u32) -> impl Iterator<Item = &Ticket> {
    let skipped = usize::try_from(page)
        .unwrap_or(usize::MAX)
        .saturating_mul(PAGE);
    found.iter().skip(skipped).take(PAGE)
}
