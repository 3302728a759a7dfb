//! Who is in which group, as far as we see it: people come and go, and write.

use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::vouching::AtOnce;
use vigie_domain::{AccountId, ChatId};

use super::Call;
use super::records::{self, By, InGroup, LinkOf, PlaceOf, Request, State, Step};
use crate::app::App;
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::event::{Moved, Person};
use crate::app::outbox::{Class, Message};
use crate::app::tx::Tx;

/// Groups that somebody is taken out of in one commit.
const AT_ONCE: usize = 8;

impl Tx<'_> {
    /// Somebody came into a group, or is in it no more.
    pub(in crate::app) async fn moved(&mut self, moved: &Moved) -> Result<(), AppError> {
        let Some((group, _)) = self.door_of(moved.chat).await? else {
            return Ok(());
        };
        let account = moved.who.account;
        let key = records::place(account, moved.chat);
        let mut place: PlaceOf = self.get(&key).await?.unwrap_or_default();
        let now = self.now();
        if !moved.inside {
            place.gone = Some(now);
            self.put(key, &place)?;
            self.delete(records::in_group(moved.chat, account));
            if moved.banned && !moved.own && !place.banned {
                // An administrator of the group did it, on the messenger.
                self.costs_vouchers(account, moved.chat).await?;
            }
            return Ok(());
        }
        if self.is_removed(account).await? {
            place.banned = true;
            self.put(key, &place)?;
            return self.call_for(moved.chat, Call::Ban(account));
        }
        place.since = Some(now);
        place.gone = None;
        place.banned = false;
        let request: Option<Request> = self.get(&records::request(moved.chat, account)).await?;
        if let Some(request) = request {
            self.came_by(&request).await?;
            if request.state == State::Open {
                self.put(key.clone(), &place)?;
                self.admit(request, &group, By::Hand).await?;
                place = self.get(&key).await?.unwrap_or(place);
            }
        }
        if place.welcomed.is_none() {
            place.welcomed = Some(now);
            self.welcome(&moved.who, &group).await?;
        }
        self.put(key, &place)?;
        self.put(records::in_group(moved.chat, account), &InGroup)?;
        self.tag(&moved.who, &group).await
    }

    /// The invitation by which somebody came is counted.
    async fn came_by(&mut self, request: &Request) -> Result<(), AppError> {
        let Some(inviter) = request.invited_by else {
            return Ok(());
        };
        let key = records::link_of(inviter, request.chat);
        if let Some(mut link) = self.get::<LinkOf>(&key).await? {
            link.came = link.came.saturating_add(1);
            self.put(key, &link)?;
        }
        Ok(())
    }

    /// Somebody wrote in a group: so they are in it.
    pub(in crate::app) async fn seen_in(
        &mut self,
        person: &Person,
        chat: ChatId,
    ) -> Result<(), AppError> {
        let key = records::place(person.account, chat);
        let known: Option<PlaceOf> = self.peek(&key).await?;
        if known.as_ref().is_some_and(PlaceOf::is_in) || self.door_of(chat).await?.is_none() {
            return Ok(());
        }
        let place = PlaceOf {
            since: Some(self.now()),
            gone: None,
            // They were here before we looked: nobody greets them.
            welcomed: Some(self.now()),
            ..known.unwrap_or_default()
        };
        self.put(key, &place)?;
        self.put(records::in_group(chat, person.account), &InGroup)
    }

    /// Whether somebody is in a group, as far as we see it.
    pub(in crate::app) async fn is_in_group(
        &mut self,
        account: AccountId,
        chat: ChatId,
    ) -> Result<bool, AppError> {
        let known: Option<InGroup> = self.peek(&records::in_group(chat, account)).await?;
        Ok(known.is_some())
    }

    /// Takes somebody out of the next groups: out of all of them who was removed; who left the
    /// cooperative stays in local groups until somebody says otherwise.
    pub(super) async fn leaves_groups(
        &mut self,
        account: AccountId,
        after: ChatId,
    ) -> Result<(), AppError> {
        let removed = self.is_removed(account).await?;
        if !removed && self.known_by_record(account).await?.proved {
            // Another record of theirs goes on.
            return Ok(());
        }
        let mut done = 0;
        for (key, mut place) in self.all::<PlaceOf>(&records::places(account)).await? {
            let Some((_, chat)) = records::numbers(&key) else {
                continue;
            };
            let chat = ChatId(chat);
            if chat <= after || (!place.is_in() && !removed) {
                continue;
            }
            if done >= AT_ONCE {
                let last = ChatId(chat.0 - 1);
                return self.plan(self.now(), Due::Joining(Step::Groups(account, last)));
            }
            done += 1;
            let Some((group, policy)) = self.door_of(chat).await? else {
                continue;
            };
            if removed {
                place.banned = true;
                self.put(key, &place)?;
                self.call_for(chat, Call::Ban(account))?;
                self.costs_vouchers(account, chat).await?;
            } else if policy.at_once == AtOnce::SectorMembers {
                let say = Say::new(Text::JoiningRecordEndedLocal)
                    .with("group", Arg::Name(group.title.clone()));
                for to in self.who_mends(chat).await? {
                    self.say(to, Class::Service, Message::of(say.clone()))?;
                }
            } else {
                self.call_for(chat, Call::Remove(account))?;
            }
        }
        Ok(())
    }

    /// Every group that somebody is in is looked at, from the first.
    pub(super) fn leave_all(&mut self, account: AccountId) -> Result<(), AppError> {
        let step = Step::Groups(account, ChatId(i64::MIN));
        self.plan(self.now(), Due::Joining(step))
    }
}

impl App {
    /// Writes down who is in a group already, where that is known from elsewhere, as in the demo.
    ///
    /// # Errors
    /// The store failed.
    pub async fn known_in_group(&self, chat: ChatId, people: &[AccountId]) -> Result<(), AppError> {
        for some in people.chunks(20) {
            let _deciding = self.deciding.lock().await;
            let mut tx = Tx::new(self);
            for account in some {
                let key = records::place(*account, chat);
                if tx.get::<PlaceOf>(&key).await?.is_none() {
                    let place = PlaceOf {
                        since: Some(tx.now()),
                        welcomed: Some(tx.now()),
                        ..PlaceOf::default()
                    };
                    tx.put(key, &place)?;
                    tx.put(records::in_group(chat, *account), &InGroup)?;
                }
            }
            tx.commit().await?;
        }
        Ok(())
    }
}
