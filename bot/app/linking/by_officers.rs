//! W4: two administrators, after a call or a visit. The first says why; the second confirms on the
//! card, from the list, or by the same command.

use vigie_domain::AccountId;
use vigie_domain::MemberId;
use vigie_domain::authz::{Action as Act, Object};
use vigie_domain::people::{Quality, Way};
use vigie_domain::text::Key as Text;

use super::names::is_organisation;
use crate::app::error::AppError;
use crate::app::event::{Command, Person};
use crate::app::keys;
use crate::app::two_persons::{Asked, Proposed};
use crate::app::tx::Tx;

impl Tx<'_> {
    /// `/rattacher 104 1004 pourquoi`.
    pub(crate) async fn link_by_hand_command(&mut self, command: &Command) -> Result<(), AppError> {
        let Some(by) = self.in_private(command).await? else {
            return Ok(());
        };
        let object = Object::Cooperative;
        let allowed = self.allowed(command, Act::LinkByHand, object).await?;
        if allowed.is_none() {
            return Ok(());
        }
        let mut words = command.args.splitn(3, char::is_whitespace);
        let (number, account) = (words.next(), words.next());
        let account = account
            .and_then(|account| account.parse().ok())
            .map(AccountId);
        let why = words.next().unwrap_or_default().trim();
        let (Some(number), Some(account)) = (number, account.filter(|one| one.0 > 0)) else {
            return self.answer(command, Text::LinkByHandUsage.into()).await;
        };
        let member = self.record_by_number(number).await?;
        let Some(member) = member.filter(|member| member.is_active(self.now())) else {
            return self.answer(command, Text::LinkByHandNobody.into()).await;
        };
        let what = Proposed::Link {
            account,
            member: member.id,
        };
        if why.is_empty() && !self.is_asked_for(&what).await? {
            return self.answer(command, Text::LinkByHandUsage.into()).await;
        }
        let place = command.said.place;
        let told = match self.asks_a_second(&by, place, what, why).await? {
            // The card with the way to take it back is the answer.
            Asked::Waits => return Ok(()),
            Asked::Done => Text::LinkByHandDone,
            Asked::OwnMatter => Text::LinkByHandOwn,
            Asked::Void => Text::LinkByHandNobody,
        };
        self.answer(command, told.into()).await
    }

    /// Two persons agree that an account speaks for a member. `false`: there is no such member any
    /// more.
    pub(in crate::app) async fn linked_by_officers(
        &mut self,
        account: AccountId,
        id: &MemberId,
    ) -> Result<bool, AppError> {
        let found = self.member(id).await?;
        let Some(member) = found.filter(|member| member.is_active(self.now())) else {
            return Ok(false);
        };
        // Two people have seen to it that it is right: that ends a dispute, too.
        self.delete(keys::frozen(id.as_str()));
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
        Ok(true)
    }
}
