//! What belongs to somebody in `/moi`: their connections with how what carries them stands, and the
//! groups they are in.

use vigie_domain::AccountId;
use vigie_domain::linking::Standing;
use vigie_domain::people::{Bond, Member};
use vigie_domain::state::{State, state};
use vigie_domain::text::{Arg, Key as Text, Say};

use crate::app::error::AppError;
use crate::app::tx::Tx;

/// Connections, and groups, that are named.
const MOST: usize = 10;

impl Tx<'_> {
    /// The connections of a member.
    pub(super) async fn links_said(&mut self, member: &Member) -> Result<Vec<Say>, AppError> {
        let mut say = Vec::new();
        for (link, carrier) in member.links.iter().take(MOST) {
            let link = Arg::Text(link.clone());
            let Some(id) = carrier else {
                say.push(Say::new(Text::MeLinkAlone).with("link", link));
                continue;
            };
            if self.sheet(id).await?.is_none() {
                say.push(Say::new(Text::MeLinkAlone).with("link", link));
                continue;
            }
            let stands = match state(self.facts_of(id).await?) {
                State::Up => Text::MeStateUp,
                State::Down => Text::MeStateDown,
                State::Degraded => Text::MeStateDegraded,
                State::Bypassed => Text::MeStateBypassed,
                State::Unstable => Text::MeStateUnstable,
                State::Unknown => Text::MeStateUnknown,
            };
            say.push(
                Say::new(Text::MeLink)
                    .with("link", link)
                    .with("name", Arg::Name(self.plain_name_of(id).await?))
                    .with("state", Arg::Word(stands)),
            );
        }
        let more = member.links.len().saturating_sub(MOST);
        if more > 0 {
            let more = i64::try_from(more).unwrap_or(i64::MAX);
            say.push(Say::new(Text::MeLinksMore).with("count", Arg::Number(more)));
        }
        Ok(say)
    }

    /// The groups somebody is in, as far as we saw.
    pub(super) async fn groups_said(&mut self, account: AccountId) -> Result<Vec<Say>, AppError> {
        let groups = self.groups_of(account).await?;
        if groups.is_empty() {
            return Ok(vec![Text::MeNoGroups.into()]);
        }
        let names: Vec<&str> = groups
            .iter()
            .take(MOST)
            .map(|group| group.title.as_str())
            .collect();
        let names = Arg::Name(names.join(", "));
        Ok(vec![Say::new(Text::MeGroups).with("groups", names)])
    }

    /// What the proof of a link carries, where that is less than everything, or will be.
    pub(super) async fn proof_said(&mut self, bond: &Bond) -> Result<Option<Say>, AppError> {
        let rules = self.settings().linking.clone();
        Ok(match self.proof_of(bond).await? {
            Standing::Old(_) | Standing::Unused if bond.quality.is_full() => {
                Some(Text::MeProofOld.into())
            }
            Standing::Fresh if bond.way == vigie_domain::people::Way::Record => None,
            _ if rules.proof_months == 0 => None,
            _ => {
                let by = rules.renew_at(bond.proved_at);
                Some(Say::new(Text::MeRenewBy).with("by", Arg::At(by)))
            }
        })
    }
}
