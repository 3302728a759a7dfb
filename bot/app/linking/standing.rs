//! What a record and a proof still carry, and that people learn of it: an old proof is asked for
//! again, and whose record is suspended or ends is told in private what changes, what remains and
//! how to object.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::linking::{Standing, Use};
use vigie_domain::people::{Bond, Member, Status, Way};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId, Lang, MemberId};

use super::{Step, Wish};
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::event::{Person, Tap};
use crate::app::keys;
use crate::app::outbox::{Class, Message};
use crate::app::taps::Answer;
use crate::app::tx::Tx;

/// When an account wrote to us, and in which language its messenger is.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Used {
    when: Use,
    lang: Lang,
}

/// How a record stands, as its people are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Stands {
    Active,
    Suspended(Option<DateTime<Utc>>),
    Left,
    Expelled,
    Deceased,
}

/// What the people of a record were told last.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Told {
    stands: Stands,
    at: DateTime<Utc>,
    contested: bool,
}

crate::record_v1!(Used, Told);

impl Used {
    /// When they last did.
    pub(crate) const fn last(&self) -> DateTime<Utc> {
        self.when.last
    }
}

impl Stands {
    fn of(member: &Member, now: DateTime<Utc>) -> Self {
        match member.status {
            Status::Left => Self::Left,
            Status::Expelled => Self::Expelled,
            Status::Deceased => Self::Deceased,
            Status::Active if member.is_active(now) => Self::Active,
            Status::Active => Self::Suspended(
                member
                    .suspended
                    .as_ref()
                    .and_then(|suspended| suspended.until),
            ),
        }
    }

    const fn text(self) -> Text {
        match self {
            Self::Active => Text::StandingActive,
            Self::Suspended(_) => Text::StandingSuspended,
            Self::Left => Text::StandingLeft,
            Self::Expelled => Text::StandingExpelled,
            Self::Deceased => Text::StandingDeceased,
        }
    }

    /// Whether somebody decided it who may be wrong.
    const fn can_be_contested(self) -> bool {
        matches!(self, Self::Suspended(_) | Self::Expelled)
    }

    const fn is_over(self) -> bool {
        matches!(self, Self::Left | Self::Expelled | Self::Deceased)
    }
}

impl Tx<'_> {
    /// Somebody writes to us, or presses a button.
    pub(crate) async fn note_use(&mut self, person: &Person) -> Result<(), AppError> {
        let (key, now) = (keys::used(person.account), self.now());
        let rules = self.settings().linking.clone();
        let known = self.used_of(person.account).await?;
        let when = match known {
            Some(known) => known.when.noted(now, &rules),
            None => {
                // Who proved something wrote to us then.
                let bonds = self.bonds_of(person.account).await?;
                let proved = bonds.iter().filter(|bond| bond.way != Way::Record);
                let last = proved.map(|bond| bond.proved_at).max().unwrap_or(now);
                let first = Use { last, back: None };
                Some(first.noted(now, &rules).unwrap_or(first))
            }
        };
        match when {
            Some(when) => {
                let lang = person.lang;
                self.put(key, &Used { when, lang })
            }
            None => Ok(()),
        }
    }

    pub(crate) async fn used_of(&mut self, account: AccountId) -> Result<Option<Used>, AppError> {
        self.get(&keys::used(account)).await
    }

    /// The language of somebody's messenger, as we saw it last.
    pub(crate) async fn messenger_lang(
        &mut self,
        account: AccountId,
    ) -> Result<Option<Lang>, AppError> {
        Ok(self.used_of(account).await?.map(|used| used.lang))
    }

    /// What the proof of a bond carries now.
    pub(crate) async fn proof_of(&mut self, bond: &Bond) -> Result<Standing, AppError> {
        let used = self.used_of(bond.account).await?.map(|used| used.when);
        Ok(self.settings().linking.standing(bond, used, self.now()))
    }

    /// A proof is to be asked for again: once before it is old, and once when it is.
    pub(super) fn plan_renewal(&mut self, bond: &Bond) -> Result<(), AppError> {
        let rules = self.settings().linking.clone();
        if rules.proof_months == 0 {
            return Ok(());
        }
        let (member, account) = (bond.member.clone(), bond.account);
        let remind = Step::Remind {
            member: member.clone(),
            account,
        };
        self.plan(rules.remind_at(bond.proved_at), Due::Linking(remind))?;
        let renew = Step::Renew { member, account };
        self.plan(rules.renew_at(bond.proved_at), Due::Linking(renew))
    }

    /// A proof is old, or is going to be: the person is asked for another one.
    pub(super) async fn ask_for_proof(
        &mut self,
        member: &MemberId,
        account: AccountId,
    ) -> Result<(), AppError> {
        let now = self.now();
        let Some(bond) = self.bond_between(account, member).await? else {
            return Ok(());
        };
        let record = self.record_by_number(member.as_str()).await?;
        let Some(record) = record.filter(|record| bond.holds(now) && record.is_active(now)) else {
            return Ok(());
        };
        let (text, at) = match self.proof_of(&bond).await? {
            Standing::Ends(at) => (Text::LinkRenewSoon, at),
            Standing::Old(at) => (Text::LinkRenewNow, at),
            Standing::Fresh | Standing::Unused => return Ok(()),
        };
        let text = match bond.quality.is_full() {
            true => text,
            // A home has nothing that weighs.
            false => return Ok(()),
        };
        let name = Arg::Name(self.card_name(&record).await?);
        let say = Say::new(text).with("member", name).with("at", Arg::At(at));
        let mut message = Message::of(say);
        message.calm = true;
        self.say(ChatId(account.0), Class::Service, message)
    }

    /// How a record stands may have changed: its people learn of it, each in private.
    pub(crate) fn record_stands(&mut self, member: &MemberId) -> Result<(), AppError> {
        let member = member.clone();
        self.plan(self.now(), Due::Linking(Step::Stands(member)))
    }

    pub(super) async fn tell_standing(&mut self, id: &MemberId) -> Result<(), AppError> {
        let now = self.now();
        let Some(record) = self.record_by_number(id.as_str()).await? else {
            return Ok(());
        };
        let stands = Stands::of(&record, now);
        if let Stands::Suspended(Some(until)) = stands {
            self.plan(until, Due::Linking(Step::Stands(id.clone())))?;
        }
        let key = keys::told_standing(id.as_str());
        let told: Option<Told> = self.get(&key).await?;
        if told.map_or(Stands::Active, |told| told.stands) == stands {
            return Ok(());
        }
        let contested = false;
        let at = now;
        self.put(
            key,
            &Told {
                stands,
                at,
                contested,
            },
        )?;
        if stands.is_over() {
            let days = TimeDelta::days(i64::from(self.settings().linking.close_days));
            self.plan(now + days, Due::Linking(Step::Close(id.clone())))?;
        }
        for bond in self.bonds_on(id).await? {
            if bond.ended.is_none() {
                self.tell_one(&bond, &record, stands).await?;
            }
        }
        Ok(())
    }

    async fn tell_one(
        &mut self,
        bond: &Bond,
        record: &Member,
        stands: Stands,
    ) -> Result<(), AppError> {
        let account = bond.account;
        let name = Arg::Name(self.card_name(record).await?);
        let mut say = vec![Say::new(stands.text()).with("member", name)];
        if let Stands::Suspended(Some(until)) = stands {
            say.push(Say::new(Text::StandingUntil).with("until", Arg::At(until)));
        }
        if stands != Stands::Active {
            say.push(Text::StandingRemains.into());
        }
        let mut message = Message::of_several(say);
        if stands.can_be_contested() {
            message.say.push(Text::StandingContest.into());
            let wish = Wish::Contest(record.id.clone());
            let button = self.wish_button(account, Text::StandingButtonContest, wish)?;
            message.buttons = vec![vec![button]];
        }
        let unreached = Say::new(Text::StandingUnreached)
            .with("member", Arg::Text(record.id.to_string()))
            .with("account", Arg::Text(account.to_string()));
        message.unreached = (stands != Stands::Active).then(|| Box::new(unreached));
        self.say(ChatId(account.0), Class::Service, message)
    }

    /// Somebody objects to what was decided about their record.
    pub(super) async fn contested(&mut self, tap: &Tap, id: &MemberId) -> Result<Answer, AppError> {
        let account = tap.from.account;
        let bond = self.bond_between(account, id).await?;
        let key = keys::told_standing(id.as_str());
        let told: Option<Told> = self.get(&key).await?;
        let theirs = bond.is_some_and(|bond| bond.ended.is_none());
        let Some(mut told) = told.filter(|told| theirs && told.stands.can_be_contested()) else {
            return Ok(Answer::refusal(Text::StandingNothing));
        };
        if !told.contested {
            told.contested = true;
            self.put(key, &told)?;
            let object = format!("record of member {id}");
            let place = ChatId(account.0).into();
            self.audit(&tap.from, place, "contest", &object, ("", "passed on"))
                .await?;
            let say = Say::new(Text::StandingContestedOfficers)
                .with("member", Arg::Text(id.to_string()))
                .with("account", Arg::Text(account.to_string()));
            self.tell_administrators(Message::of(say)).await?;
        }
        Ok(Answer::refusal(Text::StandingContested))
    }

    /// A record ended a while ago, and nobody took that back: its links are closed.
    pub(super) async fn close_links(&mut self, id: &MemberId) -> Result<(), AppError> {
        let now = self.now();
        let Some(record) = self.record_by_number(id.as_str()).await? else {
            return Ok(());
        };
        let told: Option<Told> = self.get(&keys::told_standing(id.as_str())).await?;
        let days = TimeDelta::days(i64::from(self.settings().linking.close_days));
        let long = told.is_some_and(|told| told.at + days <= now);
        if !long || !Stands::of(&record, now).is_over() {
            return Ok(());
        }
        for bond in self.bonds_on(id).await? {
            self.end_bond(bond.account, id, "record-ended").await?;
        }
        Ok(())
    }
}
