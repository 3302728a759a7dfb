//! How an account of the messenger comes to speak for a member: by a code in a mail (W1), from
//! the signed-in page of the information system (W2), by a code on paper (W3), or by two
//! administrators (W4). All end with the same question, "is this you?", and with notices to those
//! who spoke for the member before.

mod bonding;
mod by_letter;
mod by_mail;
mod by_officers;
mod by_site;
mod disputes;
mod names;
mod standing;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::linking::Tally;
use vigie_domain::linking::code::LetterCode;
use vigie_domain::people::{Quality, Way};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId, MemberId};

use super::dialogue::Asking;
use super::error::AppError;
use super::event::{Command, Person, Sender, Tap};
use super::keys;
use super::outbox::{Class, Message};
use super::taps::Answer;
use super::tx::Tx;

pub use by_letter::{Letter, Printed};
pub(crate) use by_officers::Half;
pub(crate) use by_site::Seen;
pub use by_site::{SiteAsks, SiteSays};
pub(crate) use disputes::{Disputed, Frozen};

/// A day.
const DAY: TimeDelta = TimeDelta::days(1);
/// What a link to us carries before a code on paper.
const START_CODE: &str = "c_";
/// What it carries before a code of the members' page.
const START_SITE: &str = "L_";
/// What it carries before the secret that disputes a link.
const START_DISPUTE: &str = "n_";

/// How far the question who somebody is has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Asked {
    /// For their number, their address, or the code of a letter.
    Who,
    /// For the code of a mail.
    Code(by_mail::Attempt),
}

/// What a button does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wish {
    /// This is me, or whom I represent, or the home I live in.
    Confirm {
        /// The record.
        member: MemberId,
        /// As what.
        quality: Quality,
    },
    /// None of these is me.
    NotMe,
    /// That somebody else speaks for this record was not my doing.
    Dispute {
        /// The record.
        member: MemberId,
        /// The other account.
        account: AccountId,
    },
    /// What was decided about this record is wrong.
    Contest(MemberId),
    /// I asked for nothing on a page of the information system.
    NotOnSite([u8; 32]),
}

/// What is to be done at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// The link of this account may vote from now on; whoever held the record before lives there.
    Settles {
        /// The record.
        member: MemberId,
        /// The account.
        account: AccountId,
    },
    /// The proof of this link is old.
    Renew {
        /// The record.
        member: MemberId,
        /// The account.
        account: AccountId,
    },
    /// The proof of this link is going to be old.
    Remind {
        /// The record.
        member: MemberId,
        /// The account.
        account: AccountId,
    },
    /// How this record stands may have changed.
    Stands(MemberId),
    /// This record ended a while ago.
    Close(MemberId),
}

impl Step {
    /// What names it among what is due.
    pub(crate) fn subject(&self) -> String {
        match self {
            Self::Settles { member, account } => format!("settles:{member}:{account}"),
            Self::Renew { member, account } => format!("renew:{member}:{account}"),
            Self::Remind { member, account } => format!("remind:{member}:{account}"),
            Self::Stands(member) => format!("stands:{member}"),
            Self::Close(member) => format!("close:{member}"),
        }
    }
}

/// What an account has proved and not confirmed yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proof {
    /// The records, with the address that was proved where one was.
    pub records: Vec<(MemberId, Option<String>)>,
    /// How.
    pub way: Way,
    /// The code on paper that proved it.
    pub letter: Option<[u8; 32]>,
    /// The code of the page that proved it.
    #[serde(default)]
    pub site: Option<[u8; 32]>,
    /// Until when it may be confirmed.
    pub until: DateTime<Utc>,
}

crate::record_v1!(Proof, Tally);

/// A code that is used up by what it proves, by its digest.
#[derive(Clone, Copy)]
enum Code {
    Letter([u8; 32]),
    Site([u8; 32]),
}

impl Tx<'_> {
    /// `/lier`.
    pub(crate) async fn link_command(&mut self, command: &Command) -> Result<(), AppError> {
        let Sender::Person(person) = &command.from else {
            return self.answer(command, Text::LinkNoPerson.into()).await;
        };
        if !command.said.private {
            return self.answer(command, Text::LinkInPrivate.into()).await;
        }
        if !command.args.is_empty() {
            return self.who_said(person, &command.args).await;
        }
        self.ask(person, Asking::Linking(Asked::Who)).await?;
        let mut say = vec![Say::new(Text::LinkAskWho)];
        if let Some(page) = self.settings().members_page.clone() {
            say.push(Say::new(Text::LinkAskSite).with("page", Arg::Text(page)));
        }
        let mut message = Message::of_several(say);
        message.lang = Some(self.reader(command).await?);
        message.reply_to = Some(command.said.message);
        self.say_at(command.said.place, Class::Answer, message)
    }

    /// `/start` with something of ours behind it. `false`: nothing of ours.
    pub(crate) async fn started(&mut self, command: &Command) -> Result<bool, AppError> {
        let Sender::Person(person) = &command.from else {
            return Ok(false);
        };
        if !command.said.private {
            return Ok(false);
        }
        if let Some(code) = command.args.strip_prefix(START_CODE) {
            match LetterCode::read(code) {
                Some(code) => self.letter_said(person, &code).await?,
                None => self.tell(person, Text::LinkLetterWrong).await?,
            }
            return Ok(true);
        }
        if command.args.starts_with(START_SITE) && self.site_said(person, &command.args).await? {
            return Ok(true);
        }
        if let Some(secret) = command.args.strip_prefix(START_DISPUTE) {
            self.disputed_by_mail(person, secret).await?;
            return Ok(true);
        }
        Ok(false)
    }

    /// A text in the dialogue.
    pub(crate) async fn link_said(
        &mut self,
        person: &Person,
        asked: Asked,
        text: &str,
    ) -> Result<(), AppError> {
        match asked {
            Asked::Who => self.who_said(person, text).await,
            Asked::Code(_) if text.contains('@') => self.who_said(person, text).await,
            Asked::Code(attempt) => match LetterCode::read(text) {
                Some(code) => self.letter_said(person, &code).await,
                None => self.code_said(person, attempt, text).await,
            },
        }
    }

    async fn who_said(&mut self, person: &Person, text: &str) -> Result<(), AppError> {
        if self.site_said(person, text).await? {
            return Ok(());
        }
        match LetterCode::read(text) {
            Some(code) => self.letter_said(person, &code).await,
            None => self.send_code(person, text).await,
        }
    }

    /// A button.
    pub(crate) async fn linking_tap(&mut self, tap: &Tap, wish: Wish) -> Result<Answer, AppError> {
        match wish {
            Wish::Confirm { member, quality } => self.confirmed(tap, &member, quality).await,
            Wish::NotMe => {
                self.not_me(tap.from.account).await?;
                self.tell(&tap.from, Text::LinkNotMe).await?;
                Ok(Answer::quiet())
            }
            Wish::Dispute { member, account } => {
                self.disputed_by_button(tap, &member, account).await
            }
            Wish::Contest(member) => self.contested(tap, &member).await,
            Wish::NotOnSite(digest) => self.not_on_site(tap, &digest).await,
        }
    }

    /// Something is due.
    pub(crate) async fn linking_step(&mut self, step: &Step) -> Result<(), AppError> {
        match step {
            Step::Settles { member, account } => self.link_settles(member, *account).await,
            Step::Renew { member, account } | Step::Remind { member, account } => {
                self.ask_for_proof(member, *account).await
            }
            Step::Stands(member) => self.tell_standing(member).await,
            Step::Close(member) => self.close_links(member).await,
        }
    }

    /// None of these is me: what was proved is forgotten, and the page that waits learns of it.
    async fn not_me(&mut self, account: AccountId) -> Result<(), AppError> {
        let key = keys::proof(account);
        let proof: Option<Proof> = self.get(&key).await?;
        if let Some(digest) = proof.and_then(|proof| proof.site) {
            self.site_refused(&digest).await?;
        }
        self.delete(key);
        Ok(())
    }

    /// Says something to a person in private.
    pub(crate) async fn tell(
        &mut self,
        person: &Person,
        say: impl Into<Say>,
    ) -> Result<(), AppError> {
        let mut message = Message::of(say.into());
        message.lang = Some(self.lang(person).await?);
        self.say(ChatId(person.account.0), Class::Answer, message)
    }

    /// Counts one more of something, unless the limit is reached. Returned is whether it was
    /// counted.
    async fn counts(&mut self, of: &str, within: TimeDelta, most: usize) -> Result<bool, AppError> {
        let key = keys::tally(of);
        let mut tally: Tally = self.get(&key).await?.unwrap_or_default();
        let counted = tally.count(self.now(), within, most);
        self.put(key, &tally)?;
        Ok(counted)
    }
}
