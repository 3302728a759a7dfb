//! What is known of whoever calls: how their link and their sector stand.

use chrono::{DateTime, Utc};
use vigie_domain::people::Member;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::tickets::ParentOutage;
use vigie_domain::{AccountId, MemberId};

use crate::app::alerts::Outage;
use crate::app::error::AppError;
use crate::app::keys;
use crate::app::tx::Tx;

impl Tx<'_> {
    /// The outage that cuts a member's link off, and since when.
    pub(in crate::app) async fn outage_of(
        &mut self,
        member: &Member,
    ) -> Result<Option<(ParentOutage, DateTime<Utc>)>, AppError> {
        for equipment in member.links.values().flatten() {
            let cause = self.cause_of(equipment).await?;
            if let Some(outage) = self.peek::<Outage>(&keys::outage(&cause)).await? {
                let known = ParentOutage {
                    name: self.name_of(&cause).await?,
                    id: cause.0,
                };
                return Ok(Some((known, outage.since)));
            }
        }
        Ok(None)
    }

    /// Who calls, how their link stands, and what is down in their sector.
    pub(super) async fn known_of(&mut self, member: &Member) -> Result<Vec<Say>, AppError> {
        let mut say = vec![
            Say::new(Text::PhoneWho)
                .with("name", Arg::Name(self.card_name(member).await?))
                .with("number", Arg::Text(member.id.to_string())),
        ];
        let linked = member.links.values().flatten().next().is_some();
        match self.outage_of(member).await? {
            Some((outage, since)) => say.push(
                Say::new(Text::PhoneLinkDown)
                    .with("outage", Arg::Name(outage.name))
                    .with("since", Arg::At(since)),
            ),
            None if linked => say.push(Text::PhoneLinkWell.into()),
            None => say.push(Text::PhoneLinkUnknown.into()),
        }
        if let Some(sector) = &member.sector {
            let (down, _) = self.first_causes(Some(sector), 0).await?;
            let name = Arg::Name(self.sector_name(sector).await?);
            let count = Arg::Number(i64::try_from(down).unwrap_or(i64::MAX));
            say.push(
                Say::new(Text::PhoneSector)
                    .with("sector", name)
                    .with("count", count),
            );
        }
        Ok(say)
    }

    /// The account that is answered for a member: of those that speak for them, the oldest.
    pub(super) async fn account_for(
        &mut self,
        member: &MemberId,
    ) -> Result<Option<AccountId>, AppError> {
        let now = self.now();
        let bonds = self.bonds_on(member).await?;
        Ok(bonds
            .into_iter()
            .find(|bond| bond.holds(now))
            .map(|bond| bond.account))
    }
}
