//! W4: two administrators, after a call or a visit. Both write the same command; the first says
//! why.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::authz::{Action as Act, Object};
use vigie_domain::people::{Quality, Way};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId};

use super::names::is_organisation;
use crate::app::error::AppError;
use crate::app::event::{Command, Person, Sender};
use crate::app::keys;
use crate::app::tx::Tx;

/// How long the second administrator has.
const OPEN: TimeDelta = TimeDelta::days(7);
/// Longest reason, in characters.
const LONGEST: usize = 200;

/// What one administrator asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Half {
    by: AccountId,
    pub(crate) until: DateTime<Utc>,
}

crate::record_v1!(Half);

impl Tx<'_> {
    /// `/rattacher 104 1004 pourquoi`.
    pub(crate) async fn link_by_hand_command(&mut self, command: &Command) -> Result<(), AppError> {
        if self
            .allowed(command, Act::LinkByHand, Object::Cooperative)
            .await?
            .is_none()
        {
            return Ok(());
        }
        let (Sender::Person(by), true) = (&command.from, command.said.private) else {
            return self.answer(command, Text::LinkInPrivate.into()).await;
        };
        let mut words = command.args.splitn(3, char::is_whitespace);
        let (number, account) = (words.next(), words.next());
        let account = account
            .and_then(|account| account.parse().ok())
            .map(AccountId);
        let why: String = words
            .next()
            .unwrap_or_default()
            .chars()
            .take(LONGEST)
            .collect();
        let (Some(number), Some(account)) = (number, account.filter(|one| one.0 > 0)) else {
            return self.answer(command, Text::LinkByHandUsage.into()).await;
        };
        let member = self.record_by_number(number).await?;
        let Some(member) = member.filter(|member| member.is_active(self.now())) else {
            return self.answer(command, Text::LinkByHandNobody.into()).await;
        };
        // Nobody decides about their own link.
        if self.same_person(account, by.account).await? {
            return self.answer(command, Text::LinkByHandOwn.into()).await;
        }
        let key = keys::half_link(account, member.id.as_str());
        let half: Option<Half> = self.get(&key).await?;
        let half = half.filter(|half| half.until > self.now());
        let seconds = self.seconds(half.as_ref(), by.account).await?;
        let object = format!("link of account {account} to member {}", member.id);
        let place = ChatId(by.account.0).into();
        match seconds {
            true => {
                self.delete(key);
                // Two people have seen to it that it is right: that ends a dispute, too.
                self.delete(keys::frozen(member.id.as_str()));
                self.audit(by, place, "link-by-hand", &object, ("asked", "confirmed"))
                    .await?;
                let quality = match is_organisation(&member) {
                    true => Quality::Representative,
                    false => Quality::Holder,
                };
                let person = Person {
                    account,
                    first_name: format!("n° {account}"),
                    lang: member.lang.unwrap_or_default(),
                };
                self.links(&person, &member, quality, Way::Officers).await?;
                self.answer(command, Text::LinkByHandDone.into()).await
            }
            false if why.is_empty() => self.answer(command, Text::LinkByHandUsage.into()).await,
            false => {
                let until = self.now() + OPEN;
                let by_account = by.account;
                self.put(
                    key,
                    &Half {
                        by: by_account,
                        until,
                    },
                )?;
                self.audit(by, place, "link-by-hand", &object, ("", &why))
                    .await?;
                let again = format!("/rattacher {} {account}", member.id);
                let say = Say::new(Text::LinkByHandHalf)
                    .with("member", Arg::Name(self.card_name(&member).await?))
                    .with("command", Arg::Code(again))
                    .with("until", Arg::At(until));
                self.answer(command, say).await
            }
        }
    }

    /// Whether what one administrator asked for is confirmed by another person, and the first may
    /// still ask for it.
    async fn seconds(&mut self, half: Option<&Half>, by: AccountId) -> Result<bool, AppError> {
        let Some(half) = half else { return Ok(false) };
        Ok(!self.same_person(half.by, by).await?
            && self
                .account_may(half.by, Act::LinkByHand, Object::Cooperative)
                .await?)
    }
}
