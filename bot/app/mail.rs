//! Letters by electronic mail: durable, named by what they say, and rendered when they are sent.
//!
//! A row `ml/<commit order>` is written in the commit that decides it. The worker claims it, sends
//! it and settles it. Where the outcome is not known it is sent again: a code that comes twice is
//! the same code.

use chrono::{DateTime, TimeDelta, Utc};
use futures::StreamExt as _;
use futures::stream::BoxStream;
use serde::{Deserialize, Serialize};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{Lang, MemberId};
use vigie_store::{Dir, Key, Range};

use super::error::AppError;
use super::outbox::Message;
use super::tx::{Tx, decode};
use super::{App, keys};

/// Tries after which a letter is given up: with the waits between them, about a day.
const MOST_TRIES: u32 = 12;
/// First wait after a failure; it doubles, up to [`LONGEST_WAIT`].
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(15);
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(3);
/// After this time a letter that is being sent is taken for lost with its sender.
const LOST_AFTER: TimeDelta = TimeDelta::minutes(5);
/// Rows read at once.
const PAGE: u32 = 100;

/// A letter that waits or is being sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mail {
    /// Where it goes. `None`: nowhere; whether an address is known is not to be told from what is
    /// written.
    pub to: Option<String>,
    /// Its title.
    pub subject: Say,
    /// Paragraphs in order.
    pub body: Vec<Say>,
    /// In which language.
    pub lang: Lang,
    /// The member whose address it is, for those who mend addresses.
    pub member: Option<MemberId>,
    /// When it says nothing any more.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// Not to be sent before.
    pub not_before: Option<DateTime<Utc>>,
    /// Tries so far.
    pub attempts: u32,
    /// Being sent since then.
    pub sending: Option<DateTime<Utc>>,
}

crate::record_v1!(Mail);

impl Mail {
    /// A letter that waits since now.
    #[must_use]
    pub fn new(
        to: Option<String>,
        (subject, body): (Say, Vec<Say>),
        lang: Lang,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            to,
            subject,
            body,
            lang,
            member: None,
            expires_at: None,
            asked_at: now,
            not_before: None,
            attempts: 0,
            sending: None,
        }
    }

    /// When it may be tried.
    fn ready_at(&self) -> DateTime<Utc> {
        let lost = self.sending.map(|since| since + LOST_AFTER);
        lost.or(self.not_before).unwrap_or(self.asked_at)
    }
}

/// How a sending ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Posted {
    /// The server took it.
    Taken,
    /// Not now, or it is not known.
    NotNow(String),
    /// The server refuses this address or this letter for good.
    Refused(String),
}

impl Tx<'_> {
    /// Sends a letter once this decision is committed.
    pub(crate) fn post(&mut self, mail: &Mail) -> Result<(), AppError> {
        self.append(keys::mails(), mail)
    }
}

impl App {
    /// Claims the next letter that may be sent; where none may, when one may.
    ///
    /// # Errors
    /// The store failed.
    pub async fn next_mail(&self) -> Result<NextMail, AppError> {
        let _deciding = self.deciding.lock().await;
        let (now, mut after, mut soonest) = (self.now(), None, None::<DateTime<Utc>>);
        let range = Range::prefix(&keys::mails());
        loop {
            let page = self
                .store
                .scan(self.shard, &range, after.as_ref(), PAGE, Dir::Forward)
                .await?;
            for (key, entry) in page.items {
                let mail: Mail = decode(&key, &entry.value)?;
                let at = mail.ready_at();
                if at > now {
                    soonest = Some(soonest.map_or(at, |soonest| soonest.min(at)));
                    continue;
                }
                if let Some(mail) = self.claim_mail(&key, now).await? {
                    return Ok(NextMail::Send(key, Box::new(mail)));
                }
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(NextMail::Wait(soonest)),
            }
        }
    }

    /// Marks a letter as being sent. `None`: somebody else has it, or it says nothing any more and
    /// is gone.
    async fn claim_mail(&self, key: &Key, now: DateTime<Utc>) -> Result<Option<Mail>, AppError> {
        let mut tx = Tx::new(self);
        let Some(mut mail) = tx.get::<Mail>(key).await? else {
            return Ok(None);
        };
        let late = mail.expires_at.is_some_and(|at| at <= now);
        if late || mail.to.is_none() {
            tx.delete(key.clone());
            tx.commit().await?;
            return Ok(None);
        }
        mail.sending = Some(now);
        mail.attempts += 1;
        tx.put(key.clone(), &mail)?;
        Ok(tx.commit().await?.map(|_| mail))
    }

    /// Commits what follows from how a sending ended.
    ///
    /// # Errors
    /// The store failed.
    pub async fn settle_mail(&self, key: &Key, posted: &Posted) -> Result<(), AppError> {
        let _deciding = self.deciding.lock().await;
        let mut tx = Tx::new(self);
        let Some(mut mail) = tx.get::<Mail>(key).await? else {
            return Ok(());
        };
        match posted {
            Posted::NotNow(_) if mail.attempts < MOST_TRIES => {
                let doublings = mail.attempts.saturating_sub(1).min(20);
                let wait = FIRST_WAIT * 2_i32.pow(doublings);
                mail.sending = None;
                mail.not_before = Some(tx.now() + wait.min(LONGEST_WAIT));
                tx.put(key.clone(), &mail)?;
            }
            Posted::Taken => tx.delete(key.clone()),
            Posted::NotNow(_) | Posted::Refused(_) => {
                tx.delete(key.clone());
                tx.mail_refused(&mail).await?;
            }
        }
        tx.commit().await.map(|_| ())
    }

    /// Changes of the letters that wait.
    ///
    /// # Errors
    /// The store failed.
    pub async fn watch_mails(&self) -> Result<BoxStream<'static, ()>, AppError> {
        let from = self.store.durable_rev(self.shard).await?;
        let changes = self.store.watch(self.shard, keys::mails(), from).await?;
        Ok(changes.map(|_| ()).boxed())
    }
}

/// What the worker is to do.
#[derive(Clone, Debug, PartialEq)]
pub enum NextMail {
    /// Send this letter, which is claimed.
    Send(Key, Box<Mail>),
    /// Nothing now; perhaps at this time.
    Wait(Option<DateTime<Utc>>),
}

impl Tx<'_> {
    /// A letter cannot be delivered: administrators are told whose address is to be mended. The
    /// person is told nothing, for the answer to a question about an address is always the same.
    async fn mail_refused(&mut self, mail: &Mail) -> Result<(), AppError> {
        let Some(member) = &mail.member else {
            return Ok(());
        };
        let say = Say::new(Text::MailRefused)
            .with("member", Arg::Text(member.to_string()))
            .with("asked", Arg::At(mail.asked_at));
        self.tell_administrators(Message::of(say)).await
    }
}
