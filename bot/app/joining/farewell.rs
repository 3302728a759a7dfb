//! A membership ends: somebody left, was expelled, or died. Rights end with the record, groups
//! follow (`places.rs`), links close (`linking/standing.rs`); here are the words said, and the way back.

use chrono::{DateTime, Utc};
use vigie_domain::people::{Bond, Member, Quality, Status};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId, MemberId, Place};

use super::Call;
use super::records::{self, OpenSince, PlaceOf, Removal};
use crate::app::error::AppError;
use crate::app::event::Person;
use crate::app::linking::unreached;
use crate::app::outbox::{Class, Message};
use crate::app::two_persons::Proposal;
use crate::app::tx::Tx;

/// Of a record that ended without any account here: by the file, not by somebody.
const THE_RECORD: AccountId = AccountId(0);

impl Tx<'_> {
    /// A membership ended by the record: somebody who speaks for the member is told, and until when
    /// their link lasts.
    pub(in crate::app) async fn record_ended(
        &mut self,
        member: &Member,
        bond: &Bond,
        closes_at: DateTime<Utc>,
    ) -> Result<(), AppError> {
        self.says_farewell(member, bond, closes_at, THE_RECORD, "")
            .await
    }

    async fn says_farewell(
        &mut self,
        member: &Member,
        bond: &Bond,
        closes_at: DateTime<Utc>,
        by: AccountId,
        reason: &str,
    ) -> Result<(), AppError> {
        let full = bond.quality.is_full();
        let text = match (member.status, full) {
            (Status::Active, _) => return Ok(()),
            // Nobody writes to the dead; whoever lives with them, or acts for them, is told.
            (Status::Deceased, _) if bond.quality == Quality::Holder => return Ok(()),
            (Status::Deceased, _) => Text::FarewellDeceased,
            (Status::Expelled, true) => Text::FarewellExpelled,
            (Status::Left, true) => Text::FarewellLeft,
            (Status::Left | Status::Expelled, false) => Text::FarewellHousehold,
        };
        let account = bond.account;
        let name = Arg::Name(self.card_name(member).await?);
        let mut say = vec![Say::new(text).with("member", name)];
        let mut buttons = Vec::new();
        if text == Text::FarewellExpelled {
            buttons.push(vec![self.appeal_button(account)?]);
            self.may_appeal(account, member, by, reason).await?;
        } else {
            say.push(Text::FarewellGroups.into());
            say.push(Say::new(Text::FarewellLinks).with("at", Arg::At(closes_at)));
        }
        say.push(Text::FarewellData.into());
        let mut message = Message::of_several(say);
        message.lang = Some(self.lang_of_account(account).await?);
        message.buttons = buttons;
        message.unreached = Some(Box::new(unreached(&member.id, account)));
        self.say(ChatId(account.0), Class::Service, message)
    }

    /// Who was expelled can ask to be heard; a removal from every group says more, and stays.
    async fn may_appeal(
        &mut self,
        account: AccountId,
        member: &Member,
        by: AccountId,
        reason: &str,
    ) -> Result<(), AppError> {
        let key = records::removal(account);
        if self.get::<Removal>(&key).await?.is_some() {
            return Ok(());
        }
        let removal = Removal {
            account,
            name: member.full_name(),
            reason: reason.to_owned(),
            by,
            at: self.now(),
            second: Some(by),
            appeal: None,
            member: Some(member.id.clone()),
        };
        self.put(key, &removal)
    }

    /// Two persons expel a member: their links end at once. `false`: they are no member any more.
    pub(in crate::app) async fn expels(
        &mut self,
        second: &Person,
        place: Place,
        id: &MemberId,
        proposal: &Proposal,
    ) -> Result<bool, AppError> {
        let found = self.member(id).await?;
        let Some(mut record) = found.filter(|member| member.status == Status::Active) else {
            return Ok(false);
        };
        record.status = Status::Expelled;
        let now = self.now();
        for bond in self.bonds_on(id).await? {
            if bond.ended.is_none() {
                let by = second.account;
                self.says_farewell(&record, &bond, now, by, &proposal.why)
                    .await?;
                self.end_bond(bond.account, id, "expelled").await?;
            }
        }
        self.put_member(&record).await?;
        let object = format!("member {id}");
        self.audit(
            second,
            place,
            "expel-member",
            &object,
            ("active", "expelled"),
        )
        .await?;
        Ok(true)
    }

    /// Somebody has what is kept of them erased: what they asked for, whom they invited, and by whose
    /// word they came. Where they are, and that they were removed, stays.
    pub(in crate::app) async fn forgets_joins(
        &mut self,
        account: AccountId,
    ) -> Result<(), AppError> {
        for key in self.keys(&records::requests_by(account)).await? {
            let Some((_, chat)) = records::numbers(&key) else {
                continue;
            };
            let (chat, asked) = (ChatId(chat), records::request(ChatId(chat), account));
            if self
                .get::<OpenSince>(&records::open(chat, account))
                .await?
                .is_some()
            {
                // They would be let in by a name that is not kept.
                self.call_for(chat, Call::Decline(account))?;
                self.delete(records::open(chat, account));
            }
            self.delete(asked);
            self.delete(key);
        }
        for (key, mut place) in self.all::<PlaceOf>(&records::places(account)).await? {
            place.words = Vec::new();
            self.put(key, &place)?;
        }
        for key in self.keys(&records::links_of(account)).await? {
            self.delete(key);
        }
        self.delete(records::voucher(account));
        self.door_changed().await
    }

    /// An expulsion is taken back: the record is active again, and links are made anew.
    pub(super) async fn reinstated(
        &mut self,
        account: AccountId,
        id: &MemberId,
    ) -> Result<(), AppError> {
        if let Some(mut record) = self.member(id).await?
            && record.status == Status::Expelled
        {
            record.status = Status::Active;
            self.put_member(&record).await?;
        }
        let lang = self.lang_of_account(account).await?;
        let say = vec![Say::new(Text::FarewellReinstated)];
        self.tells(ChatId(account.0), lang, Class::Service, say, vec![])
    }
}
