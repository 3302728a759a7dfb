//! "That was not me": a new link ends, the record takes no other one for a while, and
//! administrators are told.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::linking::code::digest;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId, MemberId};

use super::START_DISPUTE;
use crate::app::error::AppError;
use crate::app::event::{Person, Tap};
use crate::app::keys;
use crate::app::outbox::{Class, Message};
use crate::app::taps::Answer;
use crate::app::tx::Tx;

/// What separates a digest of these secrets from any other.
const TAG: &[u8] = b"vigie dispute 1\0";
/// How long a mail lets a link be disputed.
const OPEN: TimeDelta = TimeDelta::days(30);

/// What a secret of a mail disputes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Disputed {
    member: MemberId,
    account: AccountId,
    pub(crate) until: DateTime<Utc>,
}

/// Until when a record takes no new links.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Frozen(pub(crate) DateTime<Utc>);

crate::record_v1!(Disputed, Frozen);

impl Tx<'_> {
    /// Whether a record takes no new links now.
    pub(super) async fn is_frozen(&mut self, member: &MemberId) -> Result<bool, AppError> {
        let frozen: Option<Frozen> = self.get(&keys::frozen(member.as_str())).await?;
        Ok(frozen.is_some_and(|Frozen(until)| until > self.now()))
    }

    /// An address for a mail that disputes a link; only its digest is kept.
    pub(super) fn dispute_link(
        &mut self,
        member: &MemberId,
        account: AccountId,
    ) -> Result<String, AppError> {
        let secret = URL_SAFE_NO_PAD.encode(self.random_bytes());
        let disputed = Disputed {
            member: member.clone(),
            account,
            until: self.now() + OPEN,
        };
        self.put(keys::dispute(&digest(TAG, secret.as_bytes())), &disputed)?;
        Ok(self
            .app()
            .address_of_ours(&format!("?start={START_DISPUTE}{secret}")))
    }

    /// The button of the notice: it works for who still speaks for the member.
    pub(super) async fn disputed_by_button(
        &mut self,
        tap: &Tap,
        member: &MemberId,
        account: AccountId,
    ) -> Result<Answer, AppError> {
        let bonds = self.bonds_on(member).await?;
        let presser = bonds
            .iter()
            .any(|bond| bond.account == tap.from.account && bond.ended.is_none());
        if !presser || !self.link_disputed(&tap.from, member, account).await? {
            return Ok(Answer::refusal(Text::LinkDisputedAlready));
        }
        self.tell(&tap.from, Text::LinkDisputed).await?;
        Ok(Answer::quiet())
    }

    /// The address of the mail: whoever reads the mail of the member may dispute.
    pub(super) async fn disputed_by_mail(
        &mut self,
        person: &Person,
        secret: &str,
    ) -> Result<(), AppError> {
        let key = keys::dispute(&digest(TAG, secret.as_bytes()));
        let disputed: Option<Disputed> = self.get(&key).await?;
        let disputed = disputed.filter(|disputed| disputed.until > self.now());
        let Some(disputed) = disputed else {
            return self.tell(person, Text::LinkDisputedAlready).await;
        };
        self.delete(key);
        let ended = self
            .link_disputed(person, &disputed.member, disputed.account)
            .await?;
        let say = match ended {
            true => Text::LinkDisputed,
            false => Text::LinkDisputedAlready,
        };
        self.tell(person, say).await
    }

    async fn link_disputed(
        &mut self,
        by: &Person,
        member: &MemberId,
        account: AccountId,
    ) -> Result<bool, AppError> {
        let bonds = self.bonds_on(member).await?;
        let lasts =
            |bond: &vigie_domain::people::Bond| bond.account == account && bond.ended.is_none();
        if !bonds.iter().any(lasts) {
            return Ok(false);
        }
        self.end_bond(account, member, "disputed").await?;
        let days = TimeDelta::days(i64::from(self.settings().linking.freeze_days));
        let until = self.now() + days;
        self.put(keys::frozen(member.as_str()), &Frozen(until))?;
        let object = format!("link of account {account} to member {member}");
        let place = ChatId(by.account.0).into();
        self.audit(
            by,
            place,
            "dispute-link",
            &object,
            ("linked", "ended, record frozen"),
        )
        .await?;
        let message = Message::of(Text::LinkEndedDisputed.into());
        self.say(ChatId(account.0), Class::Service, message)?;
        let say = Say::new(Text::LinkDisputedOfficers)
            .with("member", Arg::Text(member.to_string()))
            .with("until", Arg::At(until));
        self.tell_administrators(Message::of(say)).await?;
        Ok(true)
    }
}
