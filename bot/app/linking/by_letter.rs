//! W3: a code on paper, in a letter or on a welcome sheet. Only its digest is kept.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::linking::code::LetterCode;
use vigie_domain::people::Way;
use vigie_domain::text::{Key as Text, Say};
use vigie_domain::{AccountId, MemberId};

use super::{DAY, START_CODE};
use crate::app::error::AppError;
use crate::app::event::{Person, Said};
use crate::app::outbox::Message;
use crate::app::tx::Tx;
use crate::app::{App, keys};

/// A code on paper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Letter {
    /// For which record.
    pub member: MemberId,
    /// Until when.
    pub until: DateTime<Utc>,
    /// Who used it; it works once.
    pub used: Option<AccountId>,
}

crate::record_v1!(Letter);

/// What is printed on a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// The name of the member, as it stands on an envelope.
    pub name: String,
    /// Their number.
    pub member: String,
    /// The code in groups of letters.
    pub code: String,
    /// What a link to us carries.
    pub start: String,
    /// Until when it holds.
    pub until: DateTime<Utc>,
}

impl App {
    /// Makes a code for each of these members, and forgets it: only its digest is kept. Told apart
    /// are numbers of nobody who is a member.
    ///
    /// # Errors
    /// The store failed.
    pub async fn letters(
        &self,
        members: &[String],
    ) -> Result<(Vec<Printed>, Vec<MemberId>), AppError> {
        let (mut printed, mut left_out) = (Vec::new(), Vec::new());
        for number in members {
            let _deciding = self.deciding.lock().await;
            let mut tx = Tx::new(self);
            let member = tx.record_by_number(number).await?;
            let Some(member) = member.filter(|member| member.is_active(tx.now())) else {
                left_out.push(number.as_str().into());
                continue;
            };
            let code = LetterCode::from_chance(tx.random_bytes());
            let days = TimeDelta::days(i64::from(self.settings.linking.letter_days));
            let until = tx.now() + days;
            let letter = Letter {
                member: member.id.clone(),
                until,
                used: None,
            };
            tx.put(keys::letter(&code.digest()), &letter)?;
            tx.commit().await?;
            printed.push(Printed {
                name: super::names::full_name(&member),
                member: member.id.to_string(),
                code: code.shown(),
                start: format!("{START_CODE}{}", code.as_str()),
                until,
            });
        }
        Ok((printed, left_out))
    }
}

impl Tx<'_> {
    /// Somebody shows a code of a letter.
    pub(super) async fn letter_said(
        &mut self,
        person: &Person,
        code: &LetterCode,
    ) -> Result<(), AppError> {
        let rules = self.settings().linking.clone();
        let of_account = format!("letters of {}", person.account);
        let tried: vigie_domain::linking::Tally = self
            .get(&keys::tally(&of_account))
            .await?
            .unwrap_or_default();
        let all: vigie_domain::linking::Tally =
            self.get(&keys::tally("letters")).await?.unwrap_or_default();
        if tried.is_full(self.now(), DAY, rules.letter_tries_per_account_day)
            || all.is_full(self.now(), DAY, rules.letter_tries_per_day)
        {
            return self.tell(person, Text::LinkLetterPause).await;
        }
        let digest = code.digest();
        let letter: Option<Letter> = self.get(&keys::letter(&digest)).await?;
        let letter = letter.filter(|letter| letter.until > self.now() && letter.used.is_none());
        let Some(letter) = letter else {
            self.counts(&of_account, DAY, rules.letter_tries_per_account_day)
                .await?;
            self.counts("letters", DAY, rules.letter_tries_per_day)
                .await?;
            let now: vigie_domain::linking::Tally =
                self.get(&keys::tally("letters")).await?.unwrap_or_default();
            if now.is_full(self.now(), DAY, rules.letter_tries_per_day) {
                let say = Say::new(Text::LinkLetterAlarm);
                self.tell_administrators(Message::of(say)).await?;
            }
            return self.tell(person, Text::LinkLetterWrong).await;
        };
        self.end_dialogue(person.account);
        self.offer(
            person,
            vec![(letter.member, None)],
            Way::Letter,
            Some(super::Code::Letter(digest)),
        )
        .await
    }

    /// A letter is used up. `false`: somebody else was faster, or it holds no more.
    pub(super) async fn letter_used(
        &mut self,
        digest: &[u8; 32],
        account: AccountId,
    ) -> Result<bool, AppError> {
        let key = keys::letter(digest);
        let letter: Option<Letter> = self.get(&key).await?;
        let Some(mut letter) =
            letter.filter(|letter| letter.used.is_none() && letter.until > self.now())
        else {
            return Ok(false);
        };
        letter.used = Some(account);
        self.put(key, &letter)?;
        Ok(true)
    }

    /// A code of a letter that stands in a group holds no more. `false`: this is none.
    pub(super) async fn letter_in_group(
        &mut self,
        person: &Person,
        said: Said,
        text: &str,
    ) -> Result<bool, AppError> {
        let Some(code) = LetterCode::read(text) else {
            return Ok(false);
        };
        let key = keys::letter(&code.digest());
        let Some(mut letter) = self.get::<Letter>(&key).await? else {
            return Ok(false);
        };
        letter.until = self.now();
        self.put(key, &letter)?;
        self.remove_message(said)?;
        self.tell(person, Text::LinkLetterInGroup).await?;
        let say = Say::new(Text::LinkLetterLost).with(
            "member",
            vigie_domain::text::Arg::Text(letter.member.to_string()),
        );
        self.tell_administrators(Message::of(say)).await?;
        Ok(true)
    }
}
