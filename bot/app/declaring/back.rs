//! It is back, or not: those who declared an outage are asked once it is over.

use chrono::TimeDelta;
use vigie_domain::declaring::{Trouble, forget};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId, EquipmentId, Lang};
use vigie_store::{Key, Range};

use super::records::{self, Behind, Declaration, MyLink};
use super::steps::Asked;
use super::{Step, Wish};
use crate::app::alerts::Outage;
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::event::Person;
use crate::app::keys;
use crate::app::outbox::{Class, Message};
use crate::app::taps::Answer;
use crate::app::tx::{Tx, decode};

/// Declarations that one commit asks about.
const ASKED: u32 = 8;
/// Reads or writes after which the others follow in the next commit.
const FULL: usize = 50;

impl Tx<'_> {
    /// An outage is over: those who declared it are asked a little later, when what hangs below has
    /// had its time to come back.
    pub(crate) async fn ask_later(&mut self, id: &EquipmentId) -> Result<(), AppError> {
        if self.declared_behind(id).await? == 0 {
            return Ok(());
        }
        let least = self.settings().orphan_grace_s.saturating_add(5);
        let seconds = self.settings().declaring.ask_after_s.max(least);
        let step = Step::Ask {
            id: id.clone(),
            after: None,
        };
        let at = self.now() + TimeDelta::seconds(i64::from(seconds));
        self.plan(at, Due::Declaring(step))
    }

    /// Asks those behind an outage that is over, some in each commit.
    pub(super) async fn ask_who_declared(
        &mut self,
        id: &EquipmentId,
        after: Option<&Key>,
    ) -> Result<(), AppError> {
        let range = Range::prefix(&records::all_behind(id));
        let (rows, next) = self.page(&range, after, ASKED).await?;
        let mut last = after.cloned();
        for (key, bytes) in rows {
            if self.size() > FULL {
                let (id, after) = (id.clone(), last);
                return self.plan(self.now(), Due::Declaring(Step::Ask { id, after }));
            }
            let Behind(link) = decode(&key, &bytes)?;
            last = Some(key);
            if let Some(declaration) = self.declaration(&link).await? {
                self.ask_one(id, declaration).await?;
            }
        }
        match next {
            Some(next) => {
                let id = id.clone();
                let step = Step::Ask {
                    id,
                    after: Some(next),
                };
                self.plan(self.now(), Due::Declaring(step))
            }
            None => Ok(()),
        }
    }

    async fn ask_one(
        &mut self,
        over: &EquipmentId,
        mut declaration: Declaration,
    ) -> Result<(), AppError> {
        // What is still down is told by its own end.
        if self.get::<Outage>(&keys::outage(over)).await?.is_some() {
            return Ok(());
        }
        let base = declaration.base.clone();
        let cause = self.cause_of(&base).await?;
        let outage: Option<Outage> = self.peek(&keys::outage(&cause)).await?;
        if let Some(outage) = outage.filter(Outage::covers) {
            // Below what has come back: it goes on there. Above it: nothing has come back yet.
            let place = |id: &EquipmentId| declaration.way.iter().position(|one| one == id);
            if place(&outage.equipment) > place(over) {
                return Ok(());
            }
            return self.still_down(over, declaration, &outage).await;
        }
        let again = declaration
            .asked
            .as_ref()
            .is_some_and(|(asked, at)| asked == over && self.now() - *at < TimeDelta::minutes(10));
        if again {
            return Ok(());
        }
        declaration.asked = Some((over.clone(), self.now()));
        self.put(records::declaration(&declaration.link), &declaration)?;
        let name = self.plain_name_of(over).await?;
        let key = match self.was_only_reported(over, None).await? {
            true => Text::DeclaringBackPerhaps,
            false => Text::DeclaringBack,
        };
        let class = class_of(&declaration);
        for (account, lang) in self.still_theirs(&declaration).await? {
            let say = Say::new(key)
                .with("name", Arg::Name(name.clone()))
                .with("link", Arg::Text(declaration.link.name.clone()));
            let mut message = Message::of(say);
            message.lang = Some(lang);
            let link = declaration.link.clone();
            let [yes, no] = [true, false].map(|is| Wish::Back {
                link: link.clone(),
                is,
            });
            let yes = self.declaring_button(account, Text::DeclaringButtonYes, yes)?;
            let no = self.declaring_button(account, Text::DeclaringButtonNo, no)?;
            message.buttons = vec![vec![yes, no]];
            self.say(ChatId(account.0), class, message)?;
        }
        Ok(())
    }

    /// What is above has come back, and something below has not: the declaration goes on there. A
    /// link of one home that stays down becomes a ticket by itself.
    async fn still_down(
        &mut self,
        over: &EquipmentId,
        declaration: Declaration,
        outage: &Outage,
    ) -> Result<(), AppError> {
        let back = Arg::Name(self.plain_name_of(over).await?);
        let own = self.is_link(&outage.equipment).await?;
        let mut say = match own {
            true => vec![Say::new(Text::DeclaringOwnStays).with("back", back)],
            false => {
                let down = Arg::Name(self.plain_name_of(&outage.equipment).await?);
                vec![
                    Say::new(Text::DeclaringStays)
                        .with("back", back)
                        .with("name", down),
                ]
            }
        };
        if own && declaration.ticket.is_none() {
            let number = self.ticket_that_stays(&declaration).await?;
            say.push(super::dialogue::noted(number));
        }
        let class = class_of(&declaration);
        for (account, lang) in self.still_theirs(&declaration).await? {
            let mut message = Message::of_several(say.clone());
            message.lang = Some(lang);
            self.say(ChatId(account.0), class, message)?;
        }
        Ok(())
    }

    /// The accounts that made a declaration and still speak for the member.
    async fn still_theirs(
        &mut self,
        declaration: &Declaration,
    ) -> Result<Vec<(AccountId, Lang)>, AppError> {
        let mut found = Vec::new();
        for (account, lang) in &declaration.accounts {
            if self.speaks_for(*account, &declaration.link.member).await? {
                found.push((*account, *lang));
            }
        }
        Ok(found)
    }

    /// What somebody declared is forgotten with what is kept of them; another account of the same
    /// home keeps it.
    pub(crate) async fn erase_declarations(&mut self, account: AccountId) -> Result<(), AppError> {
        for link in self.own_links(account).await? {
            let Some(mut known) = self.declaration(&link).await? else {
                continue;
            };
            known.accounts.retain(|(one, _)| *one != account);
            match known.accounts.is_empty() {
                true => self.withdraw(&known).await?,
                false => self.put(records::declaration(&link), &known)?,
            }
        }
        Ok(())
    }

    pub(super) async fn tell_when_back(
        &mut self,
        person: &Person,
        link: &MyLink,
    ) -> Result<Answer, AppError> {
        let known = self.declaration(link).await?;
        let own = |known: &Declaration| {
            let mut accounts = known.accounts.iter();
            accounts.any(|(account, _)| *account == person.account)
        };
        let Some(mut known) = known.filter(own) else {
            return Ok(Answer::toast(Text::DeclaringOver));
        };
        known.wakes = true;
        self.put(records::declaration(link), &known)?;
        Ok(Answer::toast(Text::DeclaringWillTell))
    }

    /// Somebody says that their connection is back, or not.
    pub(super) async fn back_said(
        &mut self,
        person: &Person,
        link: &MyLink,
        is: bool,
    ) -> Result<Answer, AppError> {
        if !self.speaks_for(person.account, &link.member).await? {
            return Ok(Answer::refusal(Text::TapUnknown));
        }
        let Some(known) = self.declaration(link).await? else {
            return Ok(Answer::toast(Text::DeclaringOver));
        };
        if let Some((over, _)) = &known.asked {
            self.answer_counted(&over.clone(), is).await?;
        }
        if is {
            self.withdraw(&known).await?;
            self.tell_declarer(
                person,
                None,
                (vec![Text::DeclaringThanks.into()], Vec::new()),
            )
            .await?;
            return Ok(Answer::quiet());
        }
        self.not_back(person, known).await
    }

    /// It is not back: that is a new declaration, which may be the one that opens the outage again,
    /// and a ticket where there was none.
    async fn not_back(
        &mut self,
        person: &Person,
        mut known: Declaration,
    ) -> Result<Answer, AppError> {
        if known.asked.take().is_none() {
            return Ok(Answer::toast(Text::DeclaringAnswered));
        }
        let explained = self.is_explained(&known.base, known.trouble).await?;
        if !explained {
            self.forget_time(&known).await?;
        }
        known.at = self.now();
        let number = match known.ticket {
            Some(number) => number,
            None => {
                let asked = Asked {
                    draft: super::steps::Draft {
                        link: Some(known.link.clone()),
                        base: Some(known.base.clone()),
                        trouble: Some(known.trouble),
                        ..super::steps::Draft::default()
                    },
                    done: Vec::new(),
                };
                self.ticket_of(person.account, &person.first_name, &asked)
                    .await?
            }
        };
        known.ticket = Some(number);
        self.note_declaration(known, explained).await?;
        let say = Say::new(Text::DeclaringNotBack).with("number", Arg::Code(number.to_string()));
        let mut say = vec![say];
        say.extend(self.self_help());
        self.tell_declarer(person, None, (say, Vec::new())).await?;
        Ok(Answer::quiet())
    }

    /// A declaration that is made anew counts at its new time.
    pub(super) async fn forget_time(&mut self, known: &Declaration) -> Result<(), AppError> {
        for id in &known.counts {
            let key = records::tally(id);
            if let Some(tally) = self.get::<vigie_domain::declaring::Tally>(&key).await? {
                let mut way = [vigie_domain::declaring::Step {
                    id: id.clone(),
                    tally,
                    threshold: None,
                    branches: u32::MAX,
                }];
                forget(&mut way, known.at);
                vigie_domain::declaring::attach(&mut way);
                let [step] = way;
                self.put(key, &step.tally)?;
            }
        }
        Ok(())
    }

    pub(super) async fn declaration_is_old(&mut self, link: &MyLink) -> Result<(), AppError> {
        let Some(known) = self.declaration(link).await? else {
            return Ok(());
        };
        let keep = TimeDelta::days(i64::from(self.settings().declaring.keep_days));
        // It was made anew meanwhile: that planned another end.
        if known.at + keep > self.now() {
            return Ok(());
        }
        self.withdraw(&known).await
    }

    /// The ticket of a link that stays down.
    async fn ticket_that_stays(
        &mut self,
        declaration: &Declaration,
    ) -> Result<vigie_domain::TicketId, AppError> {
        let (account, _) = declaration
            .accounts
            .first()
            .copied()
            .unwrap_or((AccountId(0), Lang::default()));
        let asked = Asked {
            draft: super::steps::Draft {
                link: Some(declaration.link.clone()),
                base: Some(declaration.base.clone()),
                trouble: Some(Trouble::Gone),
                ..super::steps::Draft::default()
            },
            done: Vec::new(),
        };
        self.ticket_of(account, "", &asked).await
    }

    /// Plain words that say that it is back, from somebody who declared that it was not. `false`:
    /// they say something else.
    pub(crate) async fn back_in_words(
        &mut self,
        from: &crate::app::event::Sender,
        said: crate::app::event::Said,
        text: &str,
    ) -> Result<bool, AppError> {
        let (crate::app::event::Sender::Person(person), true) = (from, said.private) else {
            return Ok(false);
        };
        if !vigie_domain::declaring::is_back(text) {
            return Ok(false);
        }
        for link in self.own_links(person.account).await? {
            if self.declaration(&link).await?.is_some() {
                self.back_said(person, &link, true).await?;
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// How what is told of a declaration goes: by the quiet hours of the person, unless they asked to
/// be told at any hour.
const fn class_of(declaration: &Declaration) -> Class {
    match declaration.wakes {
        true => Class::Alert,
        false => Class::Service,
    }
}
