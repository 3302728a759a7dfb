//! W2: from the page of the information system on which the member is signed in.
//!
//! The page asks us for a code (its requests are signed, see `web/site.rs`); the person opens it in
//! the messenger and is told two digits; the page shows which account opened it and asks for them;
//! then the person says in the chat whether they are that member. Each side has seen the other
//! before it says yes, and nobody who holds one side alone gets anywhere.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::linking::site::{
    self, Opener, Opening, SiteLink, Stage, Typed, code_digest, read_code,
};
use vigie_domain::people::Way;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId, MemberId};

use super::{Code, START_SITE, Wish};
use crate::app::error::AppError;
use crate::app::event::{Person, Tap};
use crate::app::outbox::{Class, Message};
use crate::app::taps::Answer;
use crate::app::tx::Tx;
use crate::app::{App, keys};

/// How long the name of a request is remembered: twice the time in which it may be used.
const REMEMBERED: TimeDelta = TimeDelta::minutes(10);
/// How often a decision is made again over another one.
const TRIES: usize = 5;

/// Until when a request of a page may not come again.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Seen(pub(crate) DateTime<Utc>);

crate::record_v1!(SiteLink, Seen);

/// What a page asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SiteAsks {
    /// A code for the member who is signed in.
    Begin(MemberId),
    /// How far a code is.
    State(String),
    /// The number that was typed.
    Number(String, String),
    /// That this is not the account of the person at the page.
    Refuse(String),
}

/// What a page is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SiteSays {
    /// A code.
    Begun {
        /// The code; it is not kept.
        code: String,
        /// The address that opens it in the messenger.
        link: String,
        /// Until when.
        until: DateTime<Utc>,
    },
    /// How far it is.
    Is {
        /// The stage.
        stage: Stage,
        /// Until when it can be opened and its number typed.
        until: DateTime<Utc>,
    },
    /// The number is wrong; so many may still be typed.
    Wrong(u32),
    /// No member, or none who can be linked.
    NoMember,
    /// Too many codes for this member.
    TooMany,
    /// No such code.
    Unknown,
    /// This request came before.
    Replayed,
    /// The messenger has not told us yet what we are called there: no link leads to us.
    NotYet,
}

impl App {
    /// Answers a page. `name` is the name of its request, which is taken once.
    ///
    /// # Errors
    /// The store failed.
    pub async fn site_asks(&self, asks: &SiteAsks, name: &str) -> Result<SiteSays, AppError> {
        for _ in 0..TRIES {
            let _deciding = self.deciding.lock().await;
            let mut tx = Tx::new(self);
            let says = tx.site_answer(asks, name).await?;
            if tx.commit().await?.is_some() {
                return Ok(says);
            }
        }
        Err(AppError::Contended(
            u32::try_from(TRIES).unwrap_or_default(),
        ))
    }
}

impl Tx<'_> {
    async fn site_answer(&mut self, asks: &SiteAsks, name: &str) -> Result<SiteSays, AppError> {
        if let SiteAsks::State(code) = asks {
            // Changes nothing, and its answer is signed for this request alone.
            return self.site_state(code).await;
        }
        let key = keys::site_request(&code_digest(name));
        let seen: Option<Seen> = self.get(&key).await?;
        if seen.is_some_and(|Seen(until)| until > self.now()) {
            return Ok(SiteSays::Replayed);
        }
        self.put(key, &Seen(self.now() + REMEMBERED))?;
        match asks {
            SiteAsks::Begin(member) => self.site_begins(member).await,
            SiteAsks::State(code) => self.site_state(code).await,
            SiteAsks::Number(code, number) => self.site_number(code, number).await,
            SiteAsks::Refuse(code) => self.site_refuses(code).await,
        }
    }

    async fn site_begins(&mut self, member: &MemberId) -> Result<SiteSays, AppError> {
        if !self.app().has_a_name() {
            return Ok(SiteSays::NotYet);
        }
        let rules = self.settings().linking.clone();
        let now = self.now();
        let known = self.record_by_number(member.as_str()).await?;
        let Some(record) = known.filter(|record| record.is_active(now)) else {
            return Ok(SiteSays::NoMember);
        };
        if self.is_frozen(&record.id).await? {
            return Ok(SiteSays::NoMember);
        }
        let of_member = format!("site links of {}", record.id);
        let hour = TimeDelta::hours(1);
        if !self
            .counts(&of_member, hour, rules.site_per_member_hour)
            .await?
        {
            return Ok(SiteSays::TooMany);
        }
        let code = URL_SAFE_NO_PAD.encode(self.random_bytes());
        let until = now + TimeDelta::minutes(i64::from(rules.site_min));
        let link = SiteLink::new(record.id, until);
        self.put(keys::site_link(&code_digest(&code)), &link)?;
        let address = self
            .app()
            .address_of_ours(&format!("?start={START_SITE}{code}"));
        Ok(SiteSays::Begun {
            code,
            link: address,
            until,
        })
    }

    async fn site_state(&mut self, code: &str) -> Result<SiteSays, AppError> {
        let link: Option<SiteLink> = self.get(&keys::site_link(&code_digest(code))).await?;
        Ok(link.map_or(SiteSays::Unknown, |link| SiteSays::Is {
            stage: link.stage,
            until: link.until,
        }))
    }

    async fn site_number(&mut self, code: &str, number: &str) -> Result<SiteSays, AppError> {
        let digest = code_digest(code);
        let key = keys::site_link(&digest);
        let Some(mut link) = self.get::<SiteLink>(&key).await? else {
            return Ok(SiteSays::Unknown);
        };
        let typed = link.typed(number, self.now());
        self.put(key, &link)?;
        match typed {
            Typed::Right(by) => self.site_asks_person(&link, by, digest).await?,
            Typed::Wrong(left) => return Ok(SiteSays::Wrong(left)),
            Typed::TooOften(account) => self.site_tells(account, Text::LinkSiteRefused).await?,
            Typed::Over => {}
        }
        Ok(SiteSays::Is {
            stage: link.stage,
            until: link.until,
        })
    }

    /// The page knows the number: the person says whether they are this member.
    async fn site_asks_person(
        &mut self,
        link: &SiteLink,
        by: Opener,
        digest: [u8; 32],
    ) -> Result<(), AppError> {
        let person = Person {
            account: by.account,
            first_name: by.name,
            lang: by.lang,
        };
        let records = vec![(link.member.clone(), None)];
        self.offer(&person, records, Way::Site, Some(Code::Site(digest)))
            .await
    }

    async fn site_refuses(&mut self, code: &str) -> Result<SiteSays, AppError> {
        let key = keys::site_link(&code_digest(code));
        let Some(mut link) = self.get::<SiteLink>(&key).await? else {
            return Ok(SiteSays::Unknown);
        };
        if let Some(opener) = link.refuse() {
            self.put(key, &link)?;
            if let Some(account) = opener {
                self.forget_proof(account).await?;
                self.site_tells(account, Text::LinkSiteRefused).await?;
            }
        }
        Ok(SiteSays::Is {
            stage: link.stage,
            until: link.until,
        })
    }

    /// What this account proved on the page holds no more.
    async fn forget_proof(&mut self, account: AccountId) -> Result<(), AppError> {
        let key = keys::proof(account);
        let proof: Option<super::Proof> = self.get(&key).await?;
        if proof.is_some_and(|proof| proof.way == Way::Site) {
            self.delete(key);
        }
        Ok(())
    }

    async fn site_tells(&mut self, account: AccountId, text: Text) -> Result<(), AppError> {
        let mut message = Message::of(text.into());
        message.lang = Some(self.lang_of_account(account).await?);
        self.say(ChatId(account.0), Class::Answer, message)
    }

    /// Somebody opened the link of the page, or typed its code. `false`: this is none.
    pub(super) async fn site_said(
        &mut self,
        person: &Person,
        text: &str,
    ) -> Result<bool, AppError> {
        let Some(code) = read_code(text, START_SITE) else {
            return Ok(false);
        };
        let digest = code_digest(code);
        let key = keys::site_link(&digest);
        let Some(mut link) = self.get::<SiteLink>(&key).await? else {
            self.tell(person, Text::LinkSiteOver).await?;
            return Ok(true);
        };
        let opener = Opener {
            account: person.account,
            name: person.first_name.clone(),
            lang: person.lang,
        };
        let number = site::number(self.random_bytes());
        let tries = self.settings().linking.site_tries;
        let opening = link.open(opener, number, tries, self.now());
        self.put(key, &link)?;
        let now = self.now();
        let record = self.record_by_number(link.member.as_str()).await?;
        let record = record.filter(|record| record.is_active(now));
        let (Opening::Number(number), Some(record)) = (opening, record) else {
            self.tell(person, Text::LinkSiteOver).await?;
            return Ok(true);
        };
        self.end_dialogue(person.account);
        let wish = Wish::NotOnSite(digest);
        let not_me = self.wish_button(person.account, Text::LinkButtonNotMe, wish)?;
        let say = Say::new(Text::LinkSiteNumber)
            .with("member", Arg::Name(self.card_name(&record).await?))
            .with("number", Arg::Code(number))
            .with("until", Arg::At(link.until));
        let mut message = Message::of(say);
        message.lang = Some(self.lang(person).await?);
        message.buttons = vec![vec![not_me]];
        self.say(ChatId(person.account.0), Class::Answer, message)?;
        Ok(true)
    }

    /// The person did not ask for this on any page.
    pub(super) async fn not_on_site(
        &mut self,
        tap: &Tap,
        digest: &[u8; 32],
    ) -> Result<Answer, AppError> {
        if !self.site_refused(digest).await? {
            return Ok(Answer::refusal(Text::LinkSiteOver));
        }
        self.forget_proof(tap.from.account).await?;
        self.tell(&tap.from, Text::LinkNotMe).await?;
        Ok(Answer::quiet())
    }

    /// Nothing comes of a code any more. `false`: it was decided already.
    pub(super) async fn site_refused(&mut self, digest: &[u8; 32]) -> Result<bool, AppError> {
        let key = keys::site_link(digest);
        let Some(mut link) = self.get::<SiteLink>(&key).await? else {
            return Ok(false);
        };
        let refused = link.refuse().is_some();
        if refused {
            self.put(key, &link)?;
        }
        Ok(refused)
    }

    /// A code of the page is used up. `false`: the page has taken it back, or it is somebody else's.
    pub(super) async fn site_used(
        &mut self,
        digest: &[u8; 32],
        account: AccountId,
    ) -> Result<bool, AppError> {
        let key = keys::site_link(digest);
        let Some(mut link) = self.get::<SiteLink>(&key).await? else {
            return Ok(false);
        };
        let linked = link.link(account);
        if linked {
            self.put(key, &link)?;
        }
        Ok(linked)
    }

    /// A code of the page that stands in a group holds no more. `false`: this is none.
    pub(super) async fn site_in_group(
        &mut self,
        person: &Person,
        said: crate::app::event::Said,
        text: &str,
    ) -> Result<bool, AppError> {
        let Some(code) = read_code(text, START_SITE) else {
            return Ok(false);
        };
        if !self.site_refused(&code_digest(code)).await? {
            return Ok(false);
        }
        self.remove_message(said)?;
        self.tell(person, Text::LinkSiteInGroup).await?;
        Ok(true)
    }
}
