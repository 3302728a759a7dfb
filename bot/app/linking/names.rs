//! What linking reads of the record, and how it names a member.

use vigie_domain::ChatId;
use vigie_domain::people::{Member, MemberKind};

use crate::app::error::AppError;
use crate::app::event::Said;
use crate::app::keys;
use crate::app::outbox::{Class, Doubt, Message, Outgoing, Row};
use crate::app::tx::Tx;

/// Administrators that are told of one thing.
const MOST_TOLD: usize = 10;

impl Tx<'_> {
    /// The record of a number as people write it.
    pub(super) async fn record_by_number(
        &mut self,
        number: &str,
    ) -> Result<Option<Member>, AppError> {
        self.member(&number.trim().into()).await
    }

    /// The records of an address.
    pub(super) async fn records_by_address(
        &mut self,
        address: &str,
    ) -> Result<Vec<Member>, AppError> {
        let mut found = Vec::new();
        for id in self.members_at(address).await? {
            found.extend(self.member(&id).await?);
        }
        Ok(found)
    }

    /// A member on a card: enough to recognise oneself, too little to learn who somebody is.
    pub(crate) async fn card_name(&mut self, member: &Member) -> Result<String, AppError> {
        let initial = member.last_name.chars().next();
        let name = match (is_organisation(member), initial) {
            (true, _) => full_name(member),
            (false, Some(initial)) => format!("{} {initial}.", member.first_name),
            (false, None) => member.first_name.clone(),
        };
        Ok(match &member.sector {
            Some(sector) => format!("{name}, {}", self.sector_name(sector).await?),
            None => name,
        })
    }

    /// Tells administrators, in private.
    pub(crate) async fn tell_administrators(&mut self, message: Message) -> Result<(), AppError> {
        for account in self.administrators().await?.into_iter().take(MOST_TOLD) {
            self.say(ChatId(account.0), Class::Service, message.clone())?;
        }
        Ok(())
    }

    /// Removes a message of somebody from a group, where we may.
    pub(super) fn remove_message(&mut self, said: Said) -> Result<(), AppError> {
        let what = Outgoing::Remove(said.message);
        let row = Row::new(
            said.place,
            what,
            Class::Answer,
            self.now(),
            Doubt::SendAgain,
        );
        self.append(keys::outbox_messages(), &self.fresh(row))
    }
}

/// A member's name in full, as it stands on an envelope.
pub(super) fn full_name(member: &Member) -> String {
    match (member.organisation.as_str(), member.last_name.as_str()) {
        ("", "") => member.first_name.clone(),
        ("", last) => format!("{} {last}", member.first_name),
        (organisation, _) => organisation.to_owned(),
    }
}

/// Whether it is no natural person.
pub(super) fn is_organisation(member: &Member) -> bool {
    member.kind != MemberKind::Natural
}
