//! The ticket that a declaration becomes, with all that was said.

use vigie_domain::declaring::{Since, Trouble};
use vigie_domain::tickets::{Category, Origin};
use vigie_domain::{AccountId, TicketId};

use super::records;
use super::steps::Asked;
use crate::app::error::AppError;
use crate::app::event::Person;
use crate::app::tickets::NewTicket;
use crate::app::tx::Tx;

impl Tx<'_> {
    /// Opens the ticket of a declaration, or adds nothing where it has one.
    pub(super) async fn ticket_of_declaration(
        &mut self,
        person: &Person,
        asked: &Asked,
    ) -> Result<TicketId, AppError> {
        self.ticket_of(person.account, &person.first_name, asked)
            .await
    }

    pub(super) async fn ticket_of(
        &mut self,
        account: AccountId,
        name: &str,
        asked: &Asked,
    ) -> Result<TicketId, AppError> {
        let draft = &asked.draft;
        let mut new = NewTicket::saying(&text_of(asked));
        new.account = Some(account);
        name.clone_into(&mut new.name);
        new.member = match &draft.link {
            Some(link) => Some(link.member.clone()),
            None => self.member_of(account).await?.map(|member| member.id),
        };
        new.category = match draft.trouble {
            Some(Trouble::Gone) => Category::Outage,
            Some(Trouble::Slow | Trouble::Cuts) => Category::Slow,
            None => Category::Other,
        };
        new.equipment.clone_from(&draft.base);
        new.origin = Origin::Declaration;
        new.message = draft.message;
        new.files.clone_from(&draft.files);
        let number = self.open_ticket(new).await?;
        if let Some(link) = &draft.link
            && let Some(mut known) = self.declaration(link).await?
        {
            known.ticket = Some(number);
            self.put(records::declaration(link), &known)?;
        }
        Ok(number)
    }
}

/// What was said, with signs and digits where buttons said it: the team may read any language.
fn text_of(asked: &Asked) -> String {
    let draft = &asked.draft;
    let mut lines = Vec::new();
    if let Some(place) = &draft.place {
        lines.push(format!("📍 {place}"));
    }
    if let Some(link) = &draft.link {
        lines.push(format!("🔌 {}", link.name));
    }
    lines.extend(draft.words.iter().cloned());
    match draft.since {
        Some(Since::Day(day)) => lines.push(format!("🕒 {}", day.format("%Y-%m-%d"))),
        Some(Since::At(at)) => lines.push(format!("🕒 {}", at.format("%Y-%m-%d %H:%M"))),
        None => {}
    }
    lines.join("\n")
}
