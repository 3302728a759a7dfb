//! What linking reads of the record, and how it names a member.

use vigie_domain::linking::folded_address;
use vigie_domain::people::Member;
use vigie_domain::ChatId;

use crate::app::error::AppError;
use crate::app::event::Said;
use crate::app::keys;
use crate::app::outbox::{Class, Doubt, Message, Outgoing, Row};
use crate::app::people::SpeaksFor;
use crate::app::tx::Tx;

impl Tx<'_> {
    /// The record of a number as people write it.
    pub(super) async fn record_by_number(
        &mut self,
        number: &str,
    ) -> Result<Option<Member>, AppError> {
        self.get(&keys::member(number.trim())).await
    }

    /// The records of an address.
    pub(super) async fn records_by_address(
        &mut self,
        address: &str,
    ) -> Result<Vec<Member>, AppError> {
        let mut found = Vec::new();
        for (_, SpeaksFor(id)) in self
            .all::<SpeaksFor>(&keys::at_address(&folded_address(address)))
            .await?
        {
            found.extend(self.record_by_number(id.as_str()).await?);
        }
        Ok(found)
    }

    /// A member on a card: enough to recognise oneself, too little to learn who somebody is.
    pub(crate) async fn card_name(&mut self, member: &Member) -> Result<String, AppError> {
        let name = match &member.organisation {
            Some(organisation) => organisation.clone(),
            None => {
                let initial = member.last_name.as_deref().and_then(|name| name.chars().next());
                match initial {
                    Some(initial) => format!("{} {initial}.", member.first_name),
                    None => member.first_name.clone(),
                }
            }
        };
        Ok(match &member.sector {
            Some(sector) => format!("{name}, {}", self.sector_name(sector).await?),
            None => name,
        })
    }

    /// Tells administrators, in private.
    pub(crate) async fn tell_administrators(&mut self, message: Message) -> Result<(), AppError> {
        for account in self.settings().administrators.clone() {
            self.say(ChatId(account.0), Class::Service, message.clone())?;
        }
        Ok(())
    }

    /// Removes a message of somebody from a group, where we may.
    pub(super) fn remove_message(&mut self, said: Said) -> Result<(), AppError> {
        let what = Outgoing::Remove(said.message);
        let row = Row::new(said.place, what, Class::Answer, self.now(), Doubt::SendAgain);
        self.append(keys::outbox_messages(), &self.fresh(row))
    }
}

/// A member's name in full, as it stands on an envelope.
pub(super) fn full_name(member: &Member) -> String {
    match (&member.organisation, &member.last_name) {
        (Some(organisation), _) => organisation.clone(),
        (None, Some(last)) => format!("{} {last}", member.first_name),
        (None, None) => member.first_name.clone(),
    }
}

/// Whether it is no natural person.
pub(super) fn is_organisation(member: &Member) -> bool {
    member.organisation.is_some()
}
