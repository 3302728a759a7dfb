//! What takes two persons: one asks, another confirms, and both are told. Nobody decides about
//! themselves, two accounts of one member are one person, and rights are read again at the end.
//!
//! A capability adds a variant to [`Proposed`], and says in `matters.rs` who may, whom it is about,
//! how it reads and what follows. It opens it with [`Tx::asks_a_second`]; the rest is here.

mod matters;
mod presses;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::authz::{Action as Act, Object, Role};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId, Place};
use vigie_store::Key;

pub use matters::Proposed;

use super::away::Away;
use super::buttons::{Action, plant};
use super::due::Due;
use super::error::AppError;
use super::event::Person;
use super::keys;
use super::outbox::{Button, Class};
use super::tx::Tx;

/// People who are asked to confirm one thing.
const MOST_ASKED: usize = 12;
/// Longest reason that is kept, in characters.
const LONGEST: usize = 300;

/// Something that one person asked for and another confirms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// What.
    pub what: Proposed,
    /// Who asked for it.
    pub by: AccountId,
    /// Their first name.
    pub name: String,
    /// When.
    #[serde(default)]
    pub at: DateTime<Utc>,
    /// Why, in their words.
    #[serde(default)]
    pub why: String,
    /// Until when it waits. It is remembered until then, however it ends.
    pub expires_at: DateTime<Utc>,
    /// Its end, with the other person.
    #[serde(default)]
    pub end: Option<End>,
}

/// How something that waited for a second person ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// How.
    pub how: Outcome,
    /// By whom.
    pub by: AccountId,
    /// Their first name.
    pub name: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// An end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// A second person confirmed it: it is done.
    Confirmed,
    /// A second person refused it.
    Refused,
    /// Who had asked for it does not any more.
    Withdrawn,
    /// It could not be done any more.
    Void,
}

crate::record_v1!(Proposal);

impl Proposal {
    /// Whether it waits for a second person.
    pub(crate) fn waits(&self, now: DateTime<Utc>) -> bool {
        self.end.is_none() && self.expires_at > now
    }
}

/// What became of asking for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// It waits for a second person.
    Waits,
    /// Another person had asked for the same: it is done.
    Done,
    /// It is about who asks.
    OwnMatter,
    /// It cannot be done any more.
    Void,
}

fn key_of(id: u64) -> Key {
    Key::of("tp/").u64(id).end()
}

fn id_of(key: &Key) -> Option<u64> {
    let bytes = key.as_bytes().last_chunk::<8>()?;
    Some(u64::from_be_bytes(*bytes))
}

impl Tx<'_> {
    /// What waits for a second person, the oldest first.
    pub(crate) async fn proposals(&mut self) -> Result<Vec<(u64, Proposal)>, AppError> {
        let now = self.now();
        let mut found = Vec::new();
        for (key, proposal) in self.all::<Proposal>(&Key::of("tp/").end()).await? {
            found.extend(
                id_of(&key)
                    .filter(|_| proposal.waits(now))
                    .map(|id| (id, proposal)),
            );
        }
        found.sort_by_key(|(_, proposal)| proposal.at);
        Ok(found)
    }

    /// Somebody who may do so asks for something that takes two. Where another person asked for the
    /// same before, this confirms it.
    pub(crate) async fn asks_a_second(
        &mut self,
        person: &Person,
        place: Place,
        what: Proposed,
        why: &str,
    ) -> Result<Asked, AppError> {
        if self.is_about(&what, person.account).await? {
            return Ok(Asked::OwnMatter);
        }
        let known = self.proposals().await?;
        let known = known.into_iter().find(|(_, one)| one.what.is_same(&what));
        if let Some((id, proposal)) = known {
            if self.same_person(proposal.by, person.account).await? {
                let others = self.other_holders(&proposal.what, person.account).await?;
                self.tell_waits(person.account, id, &proposal, others.len())
                    .await?;
                return Ok(Asked::Waits);
            }
            if self.still_may(&proposal).await? {
                let how = self
                    .confirms(person, place, id, proposal, Outcome::Confirmed)
                    .await?;
                return Ok(match how {
                    Outcome::Void => Asked::Void,
                    _ => Asked::Done,
                });
            }
            self.delete(key_of(id));
        }
        self.opens_proposal(person, place, what, why).await?;
        Ok(Asked::Waits)
    }

    /// Whether somebody has asked for this already.
    pub(crate) async fn is_asked_for(&mut self, what: &Proposed) -> Result<bool, AppError> {
        let known = self.proposals().await?;
        Ok(known.iter().any(|(_, one)| one.what.is_same(what)))
    }

    /// Whether something is about this person: nobody decides about themselves.
    async fn is_about(&mut self, what: &Proposed, account: AccountId) -> Result<bool, AppError> {
        for one in self.accounts_concerned(what).await? {
            if self.same_person(one, account).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether who asked for something may still do so.
    async fn still_may(&mut self, proposal: &Proposal) -> Result<bool, AppError> {
        let act = proposal.what.act();
        self.account_may(proposal.by, act, Object::Cooperative)
            .await
    }

    /// Writes down what is asked for, and asks everybody who may confirm it.
    async fn opens_proposal(
        &mut self,
        person: &Person,
        place: Place,
        what: Proposed,
        why: &str,
    ) -> Result<(), AppError> {
        let id = self.random_number().unsigned_abs();
        let now = self.now();
        let days = i64::from(self.settings().two_persons_days);
        let proposal = Proposal {
            what,
            by: person.account,
            name: person.first_name.clone(),
            at: now,
            why: why.trim().chars().take(LONGEST).collect(),
            expires_at: now + TimeDelta::days(days),
            end: None,
        };
        self.put(key_of(id), &proposal)?;
        self.plan(proposal.expires_at, Due::Proposal(id))?;
        let object = proposal.what.text();
        self.audit(person, place, "propose", &object, ("", &proposal.why))
            .await?;
        let others = self.other_holders(&proposal.what, person.account).await?;
        for account in &others {
            self.asks_to_confirm(id, &proposal, *account).await?;
        }
        self.tell_waits(person.account, id, &proposal, others.len())
            .await?;
        self.door_changed().await
    }

    async fn asks_to_confirm(
        &mut self,
        id: u64,
        proposal: &Proposal,
        account: AccountId,
    ) -> Result<(), AppError> {
        let chat = ChatId(account.0);
        let mut say = vec![
            Say::new(Text::SecondAsked)
                .with("name", Arg::Text(proposal.name.clone()))
                .with("until", Arg::At(proposal.expires_at)),
        ];
        say.extend(self.proposal_lines(proposal).await?);
        let mut row = Vec::new();
        for (label, agrees) in [(Text::SecondYes, true), (Text::SecondNo, false)] {
            let action = Action::Second {
                proposal: id,
                agrees,
            };
            let key = plant(self, Some(chat), Some(account), action)?;
            let label = label.into();
            row.push(Button { label, key });
        }
        let lang = self.lang_of_account(account).await?;
        self.tells(chat, lang, Class::Service, say, vec![row])
    }

    /// Who asked for something is told that it waits, and how to take it back.
    async fn tell_waits(
        &mut self,
        to: AccountId,
        id: u64,
        proposal: &Proposal,
        others: usize,
    ) -> Result<(), AppError> {
        let chat = ChatId(to.0);
        let mut say = vec![
            Say::new(Text::SecondWaits)
                .with("until", Arg::At(proposal.expires_at))
                .with("count", Arg::Number(count(others))),
        ];
        say.extend(self.proposal_lines(proposal).await?);
        let action = Action::Withdraw { proposal: id };
        let key = plant(self, Some(chat), Some(to), action)?;
        let label = Text::SecondWithdraw.into();
        let lang = self.lang_of_account(to).await?;
        let buttons = vec![vec![Button { label, key }]];
        self.tells(chat, lang, Class::Answer, say, buttons)
    }

    /// What is asked for, and why, in words.
    pub(crate) async fn proposal_lines(
        &mut self,
        proposal: &Proposal,
    ) -> Result<Vec<Say>, AppError> {
        let mut say = vec![self.proposed_say(&proposal.what).await?];
        if !proposal.why.is_empty() {
            say.push(Say::new(Text::SecondWhy).with("why", Arg::Text(proposal.why.clone())));
        }
        Ok(say)
    }

    /// The accounts of other persons who may confirm something, and can be written to.
    async fn other_holders(
        &mut self,
        what: &Proposed,
        but: AccountId,
    ) -> Result<Vec<AccountId>, AppError> {
        let mut asked = Vec::new();
        for account in self.holders_of(what.act()).await? {
            let away: Option<Away> = self.get(&keys::away(ChatId(account.0))).await?;
            if away.is_none()
                && !self.same_person(account, but).await?
                && !self.is_about(what, account).await?
            {
                asked.push(account);
            }
        }
        asked.truncate(MOST_ASKED);
        Ok(asked)
    }

    /// The accounts of administrators, by the configuration and by their records.
    pub(crate) async fn administrators(&mut self) -> Result<Vec<AccountId>, AppError> {
        self.holders_of(Act::ChangeMembers).await
    }

    /// The accounts of administrators who may do something for the whole cooperative.
    async fn holders_of(&mut self, act: Act) -> Result<Vec<AccountId>, AppError> {
        let mut found: Vec<AccountId> = self.settings().administrators.clone();
        for member in self.app().members_with(&Role::Administrator).await? {
            let bonds = self.bonds_on(&member.id).await?;
            found.extend(bonds.into_iter().map(|bond| bond.account));
        }
        found.sort_unstable();
        found.dedup();
        let mut may = Vec::new();
        for account in found {
            if self.account_may(account, act, Object::Cooperative).await? {
                may.push(account);
            }
        }
        Ok(may)
    }

    /// A second person ends what waited for one: both are told.
    async fn confirms(
        &mut self,
        person: &Person,
        place: Place,
        id: u64,
        mut proposal: Proposal,
        mut how: Outcome,
    ) -> Result<Outcome, AppError> {
        if how == Outcome::Confirmed && !self.carry_out(person, place, &proposal).await? {
            how = Outcome::Void;
        }
        let (word, after, told) = match how {
            Outcome::Confirmed => ("agree", "done", Text::SecondDone),
            Outcome::Void => ("agree", "void", Text::SecondVoid),
            Outcome::Refused => ("refuse", "refused", Text::SecondRefused),
            Outcome::Withdrawn => ("withdraw", "withdrawn", Text::SecondWithdrawn),
        };
        let object = proposal.what.text();
        self.audit(person, place, word, &object, ("waits", after))
            .await?;
        proposal.end = Some(End {
            how,
            by: person.account,
            name: person.first_name.clone(),
            at: self.now(),
        });
        self.put(key_of(id), &proposal)?;
        if proposal.by != person.account {
            let mut say = vec![Say::new(told).with("name", Arg::Text(person.first_name.clone()))];
            say.extend(self.proposal_lines(&proposal).await?);
            let lang = self.lang_of_account(proposal.by).await?;
            let to = ChatId(proposal.by.0);
            self.tells(to, lang, Class::Service, say, vec![])?;
        }
        self.door_changed().await?;
        Ok(how)
    }

    /// What nobody confirmed in time is over: who asked for it is told.
    pub(crate) async fn proposal_expires(&mut self, id: u64) -> Result<(), AppError> {
        let key = key_of(id);
        let Some(proposal) = self.get::<Proposal>(&key).await? else {
            return Ok(());
        };
        self.delete(key);
        if proposal.end.is_some() {
            return Ok(());
        }
        let mut say = vec![Text::SecondExpired.into()];
        say.extend(self.proposal_lines(&proposal).await?);
        let lang = self.lang_of_account(proposal.by).await?;
        let to = ChatId(proposal.by.0);
        self.tells(to, lang, Class::Service, say, vec![])?;
        self.door_changed().await
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
