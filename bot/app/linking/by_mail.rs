//! W1: six digits in a mail to the address that the record knows.
//!
//! Whatever is asked for, the answer is the same sentence, and the same is written: nothing tells
//! whether a number or an address is known.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use vigie_domain::MemberId;
use vigie_domain::linking::code::{digest, read_six_digits, six_digits};

use vigie_domain::people::{Way, fold_email};
use vigie_domain::text::{Arg, Key as Text, Say};

use super::{Asked, DAY};
use crate::app::dialogue::Asking;
use crate::app::error::AppError;
use crate::app::event::{Person, Said, Sender};
use crate::app::mail::Mail;
use crate::app::tx::Tx;

/// Longest text that is looked up.
const LONGEST: usize = 254;

/// A code that was sent, perhaps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    nonce: [u8; 16],
    hash: [u8; 32],
    /// The records that it proves, with the address it went to.
    records: Vec<(MemberId, String)>,
    /// What was asked for, for a new code.
    wanted: String,
    expires_at: DateTime<Utc>,
    tries: u32,
}

impl Attempt {
    fn is_right(&self, code: &str) -> bool {
        let typed = digest(&self.nonce, code.as_bytes());
        // Compared in any case, in the same time.
        bool::from(typed.ct_eq(&self.hash)) && !self.records.is_empty()
    }
}

impl Tx<'_> {
    /// Somebody says who they are: a code goes to the address of the record, if there is one.
    pub(super) async fn send_code(
        &mut self,
        person: &Person,
        wanted: &str,
    ) -> Result<(), AppError> {
        let rules = self.settings().linking.clone();
        let of_account = format!("codes of {}", person.account);
        if !self
            .counts(&of_account, DAY, rules.codes_per_account_day)
            .await?
        {
            return self.tell(person, Text::LinkTooManyCodes).await;
        }
        let wanted: String = wanted.trim().chars().take(LONGEST).collect();
        let records = self.addressed(&wanted).await?;
        let address = records.first().map(|(_, address)| address.clone());
        // An address that is not known counts as one of its own.
        let counted = address.clone().unwrap_or_else(|| fold_email(&wanted));
        let of_address = hex_of(&digest(b"address\0", counted.as_bytes()));
        let hour = TimeDelta::hours(1);
        let fits = self
            .counts(&of_address, hour, rules.codes_per_address_hour)
            .await?
            & self.counts("codes", DAY, rules.codes_per_day).await?;
        let code = six_digits(self.random_bytes());
        let nonce = self.random_bytes();
        let expires_at = self.now() + TimeDelta::minutes(i64::from(rules.code_min));
        let lang = self.lang(person).await?;
        let mut mail = Mail::new(
            address.filter(|_| fits),
            (
                Text::MailCodeSubject.into(),
                vec![
                    Say::new(Text::MailCode).with("code", Arg::Code(code.clone())),
                    Say::new(Text::MailCodeUntil).with("until", Arg::At(expires_at)),
                    Text::MailCodeWarning.into(),
                ],
            ),
            lang,
            self.now(),
        );
        mail.member = records.first().map(|(member, _)| member.clone());
        mail.expires_at = Some(expires_at);
        self.post(&mail)?;
        let attempt = Attempt {
            nonce,
            hash: digest(&nonce, code.as_bytes()),
            records,
            wanted,
            expires_at,
            tries: 0,
        };
        self.ask(person, Asking::Linking(Asked::Code(attempt)))
            .await?;
        let minutes = i64::from(rules.code_min);
        let say = Say::new(Text::LinkCodeSent).with("minutes", Arg::Number(minutes));
        self.tell(person, say).await
    }

    /// The records of a number or an address, each with its address.
    async fn addressed(&mut self, wanted: &str) -> Result<Vec<(MemberId, String)>, AppError> {
        let by_number = self.record_by_number(wanted).await?;
        let by_address = self.records_by_address(wanted).await?;
        let now = self.now();
        let found = by_number.into_iter().chain(by_address);
        Ok(found
            .filter(|member| member.is_active(now))
            .filter_map(|member| {
                let address = member.email.as_deref().map(fold_email)?;
                Some((member.id, address))
            })
            .collect())
    }

    /// Somebody typed what may be the code.
    pub(super) async fn code_said(
        &mut self,
        person: &Person,
        mut attempt: Attempt,
        text: &str,
    ) -> Result<(), AppError> {
        let rules = self.settings().linking.clone();
        if attempt.expires_at <= self.now() || attempt.tries >= rules.code_tries {
            return self.code_is_over(person).await;
        }
        let Some(code) = read_six_digits(text) else {
            return self.tell(person, Text::LinkCodeShape).await;
        };
        attempt.tries += 1;
        if !attempt.is_right(&code) {
            let left = rules.code_tries - attempt.tries;
            if left == 0 {
                return self.code_is_over(person).await;
            }
            self.ask(person, Asking::Linking(Asked::Code(attempt)))
                .await?;
            let say = Say::new(Text::LinkCodeWrong).with("left", Arg::Number(i64::from(left)));
            return self.tell(person, say).await;
        }
        self.end_dialogue(person.account);
        let mut records = Vec::new();
        for (id, address) in attempt.records {
            if self.still_has(&id, &address).await? {
                records.push((id, Some(address)));
            }
        }
        if records.is_empty() {
            return self.tell(person, Text::LinkCodeNoMore).await;
        }
        self.offer(person, records, Way::Email, None).await
    }

    /// Whether a record is active and still has this address.
    pub(super) async fn still_has(
        &mut self,
        id: &MemberId,
        address: &str,
    ) -> Result<bool, AppError> {
        let (now, member) = (self.now(), self.member(id).await?);
        Ok(member.is_some_and(|member| {
            member.is_active(now)
                && member.email.as_deref().map(fold_email).as_deref() == Some(address)
        }))
    }

    async fn code_is_over(&mut self, person: &Person) -> Result<(), AppError> {
        self.ask(person, Asking::Linking(Asked::Who)).await?;
        self.tell(person, Text::LinkCodeOver).await
    }

    /// A code that somebody typed in a group by mistake: it is removed there, holds no more, and
    /// another one is on its way. `false`: this is no code.
    pub(crate) async fn code_in_group(
        &mut self,
        from: &Sender,
        said: Said,
        text: &str,
    ) -> Result<bool, AppError> {
        let (Sender::Person(person), false) = (from, said.private) else {
            return Ok(false);
        };
        if self.letter_in_group(person, said, text).await?
            || self.site_in_group(person, said, text).await?
        {
            return Ok(true);
        }
        // Numbers are said in groups all the time: only who waits for a code may have typed one.
        if read_six_digits(text).is_none() {
            return Ok(false);
        }
        let open = self.dialogue(person.account).await?;
        let Some(Asking::Linking(Asked::Code(attempt))) = open.map(|open| open.what) else {
            return Ok(false);
        };
        self.remove_message(said)?;
        self.tell(person, Text::LinkCodeInGroup).await?;
        self.send_code(person, &attempt.wanted).await?;
        Ok(true)
    }
}

fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
