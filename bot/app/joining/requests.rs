//! Requests to be let into a group: what becomes of each as it comes in, and its end.

use chrono::{DateTime, TimeDelta, Utc};
use vigie_domain::group::Group;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::vouching::{Decision, days, decide};
use vigie_domain::{AccountId, ChatId};

use super::Call;
use super::records::{
    self, By, Given, LinkOf, OpenSince, PlaceOf, Request, State, Step, Waits, Wave, Wish,
};
use crate::app::buttons::{Action, plant};
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::event::JoinRequest;
use crate::app::outbox::{Button, Class};
use crate::app::tx::Tx;

/// How long requests count towards a wave.
const WAVE_SPAN: TimeDelta = TimeDelta::minutes(10);

impl Tx<'_> {
    /// Somebody asks to be let into a group. Groups that nobody has bound are their own business.
    pub(in crate::app) async fn join_requested(
        &mut self,
        asked: &JoinRequest,
    ) -> Result<(), AppError> {
        let Some((group, policy)) = self.door_of(asked.chat).await? else {
            return Ok(());
        };
        let key = records::request(asked.chat, asked.from.account);
        let before: Option<Request> = self.get(&key).await?;
        let mut request = self.taken_down(asked, before.as_ref()).await?;
        if let Some(until) = self.refused_until(before.as_ref()) {
            return self.too_early(request, until, &group).await;
        }
        let applicant = self.applicant(&asked.from, &group).await?;
        let decision = match decide(policy, applicant) {
            Decision::Ask(_) if self.may_return(&request).await? => Decision::Admit,
            decision => decision,
        };
        match decision {
            Decision::Admit => self.admit(request, &group, By::Rule).await,
            Decision::Removed => self.refuse(request, &group, By::Removal).await,
            Decision::Prove => {
                request.waits = Waits::Proof;
                self.keeps(request, &group).await
            }
            Decision::Ask(0) => {
                request.waits = Waits::Officers;
                self.keeps(request, &group).await
            }
            Decision::Ask(words) => {
                request.waits = Waits::Words(words);
                self.keeps(request, &group).await
            }
        }
    }

    async fn taken_down(
        &mut self,
        asked: &JoinRequest,
        before: Option<&Request>,
    ) -> Result<Request, AppError> {
        let invited_by = match asked.link.as_deref().and_then(inviter) {
            Some(inviter) if inviter != asked.from.account => {
                let key = records::link_of(inviter, asked.chat);
                let link: Option<LinkOf> = self.get(&key).await?;
                if let Some(mut link) = link.clone() {
                    link.asked += u32::from(before.is_none());
                    self.put(key, &link)?;
                }
                link.map(|_| inviter)
            }
            _ => None,
        };
        let open = before.filter(|before| before.state == State::Open);
        Ok(Request {
            chat: asked.chat,
            account: asked.from.account,
            name: asked.from.first_name.clone(),
            lang: self.lang(&asked.from).await?,
            private: asked.private,
            invited_by: invited_by.or(open.and_then(|before| before.invited_by)),
            asked_at: open.map_or(self.now(), |before| before.asked_at),
            state: State::Open,
            waits: Waits::Officers,
            words: open.map_or_else(Vec::new, |before| before.words.clone()),
            asked: open.map_or_else(Vec::new, |before| before.asked.clone()),
            wave: open.is_some_and(|before| before.wave),
            inside: false,
        })
    }

    /// Until when somebody who was refused may not ask again.
    fn refused_until(&self, before: Option<&Request>) -> Option<DateTime<Utc>> {
        let refused = before.and_then(|before| match &before.state {
            State::Refused {
                by: By::Officer(_),
                at,
            } => Some(*at),
            _ => None,
        })?;
        let until = refused + days(self.settings().joining.again_days);
        (until > self.now()).then_some(until)
    }

    async fn too_early(
        &mut self,
        request: Request,
        until: DateTime<Utc>,
        group: &Group,
    ) -> Result<(), AppError> {
        self.call_for(request.chat, Call::Decline(request.account))?;
        let say = Say::new(Text::JoiningTooEarly)
            .with("group", Arg::Name(group.title.clone()))
            .with("until", Arg::At(until));
        self.tells(
            request.private,
            request.lang,
            Class::Service,
            vec![say],
            vec![],
        )
    }

    /// Somebody who left of their own accord returns as they were let in.
    async fn may_return(&mut self, request: &Request) -> Result<bool, AppError> {
        let key = records::place(request.account, request.chat);
        let place: Option<PlaceOf> = self.get(&key).await?;
        Ok(place.is_some_and(|place| place.gone.is_some() && !place.words.is_empty()))
    }

    /// The request waits for somebody. The applicant is answered at once: they can be written to
    /// for a few minutes only.
    async fn keeps(&mut self, mut request: Request, group: &Group) -> Result<(), AppError> {
        let (chat, account, asked) = (request.chat, request.account, request.asked_at);
        let open = records::open(chat, account);
        let again = self.get::<OpenSince>(&open).await?.is_some();
        if !again {
            request.wave = self.comes_in_a_wave(chat).await?;
            let wave = request.wave;
            self.put(open, &OpenSince { at: asked, wave })?;
            let rules = self.settings().joining.clone();
            let hours = |hours: u32| asked + TimeDelta::hours(i64::from(hours));
            let steps = [
                (hours(rules.remind_h), Step::Remind(chat, account, asked)),
                (
                    hours(rules.escalate_h),
                    Step::Escalate(chat, account, asked),
                ),
                (
                    asked + days(rules.silence_days),
                    Step::Silence(chat, account, asked),
                ),
            ];
            for (at, step) in steps {
                self.plan(at, Due::Joining(step))?;
            }
        }
        if !request.wave && matches!(request.waits, Waits::Words(_)) && !again {
            self.ask_around(&mut request, group).await?;
        }
        let say = greeting(&request, group, self.settings().joining.silence_days);
        self.tells(request.private, request.lang, Class::Service, say, vec![])?;
        let since = OpenSince {
            at: asked,
            wave: request.wave,
        };
        self.put(records::request_by(account, chat), &since)?;
        self.put(records::request(chat, account), &request)?;
        self.door_changed().await
    }

    async fn comes_in_a_wave(&mut self, chat: ChatId) -> Result<bool, AppError> {
        let key = records::wave(chat);
        let now = self.now();
        let known: Option<Wave> = self.get(&key).await?;
        let mut wave = known
            .filter(|wave| now - wave.since < WAVE_SPAN)
            .unwrap_or(Wave {
                since: now,
                count: 0,
            });
        wave.count = wave.count.saturating_add(1);
        self.put(key, &wave)?;
        Ok(wave.count >= self.settings().joining.wave_from)
    }

    /// Somebody is let in.
    pub(super) async fn admit(
        &mut self,
        mut request: Request,
        group: &Group,
        by: By,
    ) -> Result<(), AppError> {
        let at = self.now();
        request.state = State::Admitted { by, at };
        self.closed(&request, "let-in", by).await?;
        if by != By::Hand {
            self.call_for(request.chat, Call::Admit(request.account))?;
            let say = Say::new(Text::JoiningAdmitted).with("group", Arg::Name(group.title.clone()));
            self.tells(
                request.private,
                request.lang,
                Class::Service,
                vec![say],
                vec![],
            )?;
        }
        let key = records::place(request.account, request.chat);
        let mut place: PlaceOf = self.get(&key).await?.unwrap_or_default();
        if by == By::Words {
            let knows = |given: &&Given| given.word == vigie_domain::vouching::Word::Knows;
            place.words = request.words.iter().filter(knows).cloned().collect();
        }
        self.put(key, &place)?;
        self.put(records::request(request.chat, request.account), &request)
    }

    /// Somebody is not let in. They are told why, and what they can do.
    pub(super) async fn refuse(
        &mut self,
        mut request: Request,
        group: &Group,
        by: By,
    ) -> Result<(), AppError> {
        let at = self.now();
        request.state = State::Refused { by, at };
        self.closed(&request, "refuse-entry", by).await?;
        self.call_for(request.chat, Call::Decline(request.account))?;
        let word = match by {
            By::Silence => Text::JoiningSilence,
            By::Removal => Text::JoiningRemoved,
            _ => Text::JoiningRefused,
        };
        let again = days(self.settings().joining.again_days);
        let say = Say::new(word)
            .with("group", Arg::Name(group.title.clone()))
            .with("until", Arg::At(at + again));
        let buttons = match by {
            By::Removal => vec![vec![self.appeal_button(request.account)?]],
            _ => vec![],
        };
        self.tells(
            request.private,
            request.lang,
            Class::Service,
            vec![say],
            buttons,
        )?;
        self.put(records::request(request.chat, request.account), &request)
    }

    pub(super) fn appeal_button(&mut self, account: AccountId) -> Result<Button, AppError> {
        let key = plant(self, None, Some(account), Action::Joining(Wish::Appeal))?;
        Ok(Button {
            label: Say::new(Text::JoiningAppeal),
            key,
        })
    }

    async fn closed(&mut self, request: &Request, deed: &str, by: By) -> Result<(), AppError> {
        self.delete(records::open(request.chat, request.account));
        let (who, by) = match by {
            By::Officer(account) => {
                let mut officer = request.person();
                officer.account = account;
                (officer, "officer".to_owned())
            }
            other => (request.person(), format!("{other:?}").to_lowercase()),
        };
        let object = format!("group {} account {}", request.chat, request.account);
        self.audit(&who, request.chat.into(), deed, &object, ("", &by))
            .await?;
        self.door_changed().await
    }

    /// The requests of somebody are looked at again: what the record says of them has changed.
    pub(in crate::app) async fn proved(&mut self, account: AccountId) -> Result<(), AppError> {
        for key in self.keys(&records::requests_by(account)).await? {
            let Some((_, chat)) = records::numbers(&key) else {
                continue;
            };
            let chat = ChatId(chat);
            let request: Option<Request> = self.get(&records::request(chat, account)).await?;
            let Some(request) = request.filter(|request| request.state == State::Open) else {
                continue;
            };
            let Some((group, policy)) = self.door_of(chat).await? else {
                continue;
            };
            let applicant = self.applicant(&request.person(), &group).await?;
            match decide(policy, applicant) {
                Decision::Admit => self.admit(request, &group, By::Rule).await?,
                Decision::Removed => self.refuse(request, &group, By::Removal).await?,
                Decision::Ask(_) | Decision::Prove => {}
            }
        }
        Ok(())
    }

    /// A step of a request that is still open.
    pub(in crate::app) async fn joining_step(&mut self, step: &Step) -> Result<(), AppError> {
        let (chat, account, asked) = match step {
            Step::Remind(chat, account, asked)
            | Step::Escalate(chat, account, asked)
            | Step::Silence(chat, account, asked) => (*chat, *account, *asked),
            Step::Wave(chat, person) => return self.refuse_wave(*chat, person).await,
            Step::Groups(account, after) => return self.leaves_groups(*account, *after).await,
            Step::Record(account) => {
                return match self.known_by_record(*account).await?.proved {
                    true => self.proved(*account).await,
                    false => self.leave_all(*account),
                };
            }
            Step::Founding(token) => return self.founding_expires(token).await,
            Step::Farewell(member) => return self.farewell(member).await,
            Step::Closes(member) => return self.closes(member).await,
        };
        let key = records::request(chat, account);
        let request: Option<Request> = self.get(&key).await?;
        let here = |request: &Request| request.state == State::Open && request.asked_at == asked;
        let (Some(mut request), Some((group, _))) =
            (request.filter(here), self.door_of(chat).await?)
        else {
            return Ok(());
        };
        match step {
            Step::Remind(..) if !request.wave && matches!(request.waits, Waits::Words(_)) => {
                self.ask_around(&mut request, &group).await?;
                self.put(key, &request)
            }
            Step::Escalate(..) => self.door_anew().await,
            // An applicant who has only to prove who they are loses nothing by asking again.
            Step::Silence(..) => self.refuse(request, &group, By::Silence).await,
            _ => Ok(()),
        }
    }
}

/// Whose invitation a link is, by its name.
fn inviter(name: &str) -> Option<AccountId> {
    name.strip_prefix('p')?.parse().ok().map(AccountId)
}

/// The name of the invitation of somebody.
pub(super) fn invitation(account: AccountId) -> String {
    format!("p{account}")
}

/// What an applicant is told at once.
fn greeting(request: &Request, group: &Group, silence_days: u32) -> Vec<Say> {
    let group = Arg::Name(group.title.clone());
    let hello = Say::new(Text::JoiningHello)
        .with("name", Arg::Text(request.name.clone()))
        .with("group", group);
    let next = match request.waits {
        _ if request.wave => Say::new(Text::JoiningWaitWave),
        Waits::Proof => Say::new(Text::JoiningWaitProof),
        Waits::Officers => Say::new(Text::JoiningWaitOfficers),
        Waits::Words(words) => {
            Say::new(Text::JoiningWaitWords).with("count", Arg::Number(i64::from(words)))
        }
    };
    let until = Say::new(Text::JoiningWaitUntil).with("days", Arg::Number(silence_days.into()));
    vec![hello, next, until]
}
