//! What is kept of declarations, and under which keys.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::declaring::{Tally, Trouble};
use vigie_domain::{AccountId, EquipmentId, Lang, MemberId, TicketId};
use vigie_store::Key;

use crate::app::error::AppError;
use crate::app::tx::Tx;

/// A link of a member.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MyLink {
    /// Whose.
    pub member: MemberId,
    /// Its name in the record.
    pub name: String,
}

/// That somebody's connection does not work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declaration {
    /// Which link.
    pub link: MyLink,
    /// The equipment that carries it, as the record said.
    pub base: EquipmentId,
    /// What is wrong.
    pub trouble: Trouble,
    /// When it was declared, or last declared anew.
    pub at: DateTime<Utc>,
    /// Who is answered: one account, or several of the same home.
    pub accounts: Vec<(AccountId, Lang)>,
    /// The equipment behind which it counts. Two links of one member count once.
    pub counts: Vec<EquipmentId>,
    /// Everything on its way up, at that time.
    pub way: Vec<EquipmentId>,
    /// Whether they asked to be told at any hour.
    pub wakes: bool,
    /// The ticket that came of it.
    pub ticket: Option<TicketId>,
    /// The outage after which they were asked last, and when.
    pub asked: Option<(EquipmentId, DateTime<Utc>)>,
}

/// The link of a declaration that lies behind a piece of equipment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Behind(pub(super) MyLink);

crate::record_v1!(Declaration, Behind, Tally);

pub(super) fn declaration(link: &MyLink) -> Key {
    Key::of("de/")
        .text(link.member.as_str())
        .text(&link.name)
        .end()
}

pub(super) fn declarations_of(member: &MemberId) -> Key {
    Key::of("de/").text(member.as_str()).end()
}

pub(super) fn behind(id: &EquipmentId, link: &MyLink) -> Key {
    Key::of("db/")
        .text(id.as_str())
        .text(link.member.as_str())
        .text(&link.name)
        .end()
}

pub(super) fn all_behind(id: &EquipmentId) -> Key {
    Key::of("db/").text(id.as_str()).end()
}

pub(super) fn tally(id: &EquipmentId) -> Key {
    Key::of("dc/").text(id.as_str()).end()
}

impl Tx<'_> {
    /// A declaration of a link that is open.
    pub(crate) async fn declaration(
        &mut self,
        link: &MyLink,
    ) -> Result<Option<Declaration>, AppError> {
        self.get(&declaration(link)).await
    }

    /// What somebody declared and is open.
    pub(crate) async fn declared_by(
        &mut self,
        account: AccountId,
    ) -> Result<Vec<Declaration>, AppError> {
        let mut found = Vec::new();
        for link in self.own_links(account).await? {
            let known = self.declaration(&link).await?;
            let own = |known: &Declaration| known.accounts.iter().any(|(one, _)| *one == account);
            found.extend(known.filter(own));
        }
        Ok(found)
    }

    /// How many declarations lie behind a piece of equipment.
    pub(crate) async fn declared_behind(&mut self, id: &EquipmentId) -> Result<u32, AppError> {
        let tally: Option<Tally> = self.peek(&tally(id)).await?;
        Ok(tally.map_or(0, |tally| tally.open))
    }
}
