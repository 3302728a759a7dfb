//! A ticket begins.

use std::collections::BTreeSet;

use vigie_domain::people::Member;
use vigie_domain::tickets::{Category, Origin, ParentOutage, State, Ticket, subject};
use vigie_domain::{AccountId, ChatId, EquipmentId, MemberId, MessageId, SectorId, TicketId};

use super::records::{self, By, LastNumber, Line, LineKind, Listed};
use crate::app::error::AppError;
use crate::app::event::Attachment;
use crate::app::tx::Tx;

/// Longest text that a line keeps, in characters: two messages of the messenger and more.
pub(super) const LONGEST: usize = 12_000;

/// A ticket to be opened. What is not told is taken from the member's record.
#[derive(Clone, Debug)]
pub struct NewTicket {
    /// The member it is for.
    pub member: Option<MemberId>,
    /// The account that is answered.
    pub account: Option<AccountId>,
    /// What the person is called, where no member is known.
    pub name: String,
    /// The number to call back.
    pub phone: Option<String>,
    /// What is wrong, in the person's words.
    pub text: String,
    /// What it is about.
    pub category: Category,
    /// The sector.
    pub sector: Option<SectorId>,
    /// The equipment.
    pub equipment: Option<EquipmentId>,
    /// The outage it belongs to.
    pub outage: Option<ParentOutage>,
    /// How it came in.
    pub origin: Origin,
    /// The message in which it was said.
    pub message: Option<(ChatId, MessageId)>,
    /// Files that came with it.
    pub files: Vec<Attachment>,
    /// Whether somebody has to call the person back.
    pub call_back: bool,
    /// Somebody of the team who wrote it down for the person.
    pub by: Option<(AccountId, String)>,
}

impl NewTicket {
    /// A ticket with these words, of which nothing else is known.
    #[must_use]
    pub fn saying(text: &str) -> Self {
        Self {
            member: None,
            account: None,
            name: String::new(),
            phone: None,
            text: text.to_owned(),
            category: Category::Other,
            sector: None,
            equipment: None,
            outage: None,
            origin: Origin::Chat,
            message: None,
            files: Vec::new(),
            call_back: false,
            by: None,
        }
    }
}

impl Tx<'_> {
    /// Opens a ticket: gives it the next number, puts it before the team, and returns the number.
    /// The person is told by whoever calls this.
    ///
    /// # Errors
    /// The store failed, or a record cannot be read.
    pub async fn open_ticket(&mut self, new: NewTicket) -> Result<TicketId, AppError> {
        let key = records::last_number();
        // Read as a condition: two decisions never give the same number, and none is left out.
        let LastNumber(last) = self.get(&key).await?.unwrap_or_default();
        let number = TicketId(last + 1);
        self.put(key, &LastNumber(number.0))?;
        let member = match &new.member {
            Some(id) => self.member(id).await?,
            None => None,
        };
        let mut ticket = self.fresh_ticket(number, &new, member.as_ref());
        if ticket.sector.is_none()
            && let Some(equipment) = &ticket.equipment
        {
            ticket.sector = self.sheet(equipment).await?.and_then(|sheet| sheet.sector);
        }
        ticket.team = self.team_for(ticket.sector.as_ref()).await?;
        let by = match new.by {
            Some((account, name)) => By::Team { account, name },
            None => By::Asker {
                name: ticket.name.clone(),
            },
        };
        let line = Line {
            at: self.now(),
            by,
            kind: LineKind::Said,
            text: new.text.chars().take(LONGEST).collect(),
            before: Vec::new(),
            album: new.files.first().and_then(|file| file.album.clone()),
            files: new.files,
            message: new.message,
        };
        self.add_line(&mut ticket, &line)?;
        self.index_words(number, &ticket.name)?;
        self.list_ticket(&ticket)?;
        self.keep_ticket(&ticket).await?;
        self.remind_later(&ticket)?;
        Ok(number)
    }

    fn fresh_ticket(&self, number: TicketId, new: &NewTicket, member: Option<&Member>) -> Ticket {
        let (now, link) = (self.now(), member.and_then(only_link));
        let name = member.map_or_else(|| new.name.clone(), short_name);
        Ticket {
            number,
            state: State::New,
            subject: subject(&new.text),
            category: new.category,
            sector: new
                .sector
                .clone()
                .or_else(|| member.and_then(|member| member.sector.clone())),
            equipment: new.equipment.clone().or(link),
            member: new.member.clone(),
            account: new.account,
            name,
            phone: new.phone.clone(),
            origin: new.origin,
            outage: new.outage.clone(),
            merged_into: None,
            owner: None,
            watchers: BTreeSet::new(),
            opened_at: now,
            changed_at: now,
            resolved_at: None,
            lines: 0,
            files: 0,
            team: None,
            rated: false,
            reopened: 0,
            call_back: new.call_back,
            reminded: 0,
        }
    }

    fn list_ticket(&mut self, ticket: &Ticket) -> Result<(), AppError> {
        if let Some(account) = ticket.account {
            self.put(records::of_account(account, ticket.number), &Listed)?;
        }
        if let Some(member) = &ticket.member {
            self.put(records::of_member(member.as_str(), ticket.number), &Listed)?;
        }
        if let Some(outage) = &ticket.outage {
            self.put(records::of_outage(&outage.id, ticket.number), &Listed)?;
        }
        Ok(())
    }

    /// The tickets that belong to an outage, the oldest first.
    ///
    /// # Errors
    /// The store failed.
    pub async fn tickets_of_outage(&self, outage: &str) -> Result<Vec<TicketId>, AppError> {
        let keys = self.keys(&records::all_of_outage(outage)).await?;
        let numbers = keys.iter().filter_map(crate::app::keys::last_i64);
        Ok(numbers.map(TicketId).collect())
    }
}

/// What carries a member's connection, where there is one connection only.
fn only_link(member: &Member) -> Option<EquipmentId> {
    match member.links.values().collect::<Vec<_>>().as_slice() {
        [one] => (*one).clone(),
        _ => None,
    }
}

/// What the team reads of a name: the first name and the initial.
pub(crate) fn short_name(member: &Member) -> String {
    match (
        member.organisation.as_str(),
        member.last_name.chars().next(),
    ) {
        ("", Some(initial)) => format!("{} {initial}.", member.first_name),
        ("", None) => member.first_name.clone(),
        (organisation, _) => organisation.to_owned(),
    }
}
