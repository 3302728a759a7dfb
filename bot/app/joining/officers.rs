//! Those who decide: whom they read about in private, and what they decide.

use std::collections::BTreeSet;

use vigie_domain::authz::{Action as Act, Actor, Object, authz};
use vigie_domain::group::Group;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::vouching::{Word, days};
use vigie_domain::{AccountId, ChatId, Lang};

use super::Call;
use super::records::{
    self, By, Given, OpenSince, PlaceOf, Removal, Request, State, Step, VoucherOf, Wish,
};
use crate::app::buttons::{Action, plant};
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::event::{Command, Person, Tap};
use crate::app::outbox::{Button, Target, View};
use crate::app::taps::Answer;
use crate::app::two_persons::Proposal;
use crate::app::tx::Tx;

/// Requests on one page: each has two buttons.
const PER_PAGE: usize = 4;
/// Requests of a wave that are refused in one commit.
const REFUSED: usize = 8;

/// One thing to decide.
enum Matter {
    Second(u64, Proposal),
    Appeal(Removal),
    Request(Box<(Request, Group)>),
}

impl Tx<'_> {
    /// `/demandes`: who waits to be let in.
    pub(in crate::app) async fn requests_command(
        &mut self,
        command: &Command,
    ) -> Result<(), AppError> {
        let Some(person) = self.in_private(command).await? else {
            return Ok(());
        };
        if !reads_some(&self.actor(&person).await?) {
            let (act, object) = (Act::ReadJoins, Object::Cooperative);
            if self.allowed(command, act, object).await?.is_none() {
                return Ok(());
            }
        }
        let view = View::Requests {
            page: 0,
            opener: person.account,
        };
        let lang = self.reader(command).await?;
        let target = Target::ReplyTo(command.said.message);
        self.show_at(command.said.place, view, target, lang).await
    }

    /// The button of the line: the list comes in private, to who pressed it.
    pub(super) async fn requests_tap(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        lang: Lang,
    ) -> Result<Answer, AppError> {
        if !reads_some(actor)
            && let Err(denied) = authz(actor, Act::ReadJoins, Object::Cooperative)
        {
            return Ok(Answer::refusal(self.refusal(&denied).await?));
        }
        let view = View::Requests {
            page: 0,
            opener: tap.from.account,
        };
        let private = ChatId(tap.from.account.0);
        self.show(private, view, Target::New, lang).await?;
        Ok(Answer::toast(Text::JoiningInPrivateNow))
    }

    /// What this person may decide about, the oldest first.
    async fn matters(&mut self, opener: AccountId) -> Result<Vec<Matter>, AppError> {
        let person = Person {
            account: opener,
            first_name: String::new(),
            lang: Lang::default(),
        };
        let actor = self.actor(&person).await?;
        let mut matters = Vec::new();
        if authz(&actor, Act::Expel, Object::Cooperative).is_ok() {
            for (_, removal) in self.all::<Removal>(&records::removals()).await? {
                if removal.appeal.is_some() {
                    matters.push(Matter::Appeal(removal));
                }
            }
        }
        for (id, proposal) in self.proposals().await? {
            if authz(&actor, proposal.what.act(), Object::Cooperative).is_ok() {
                matters.push(Matter::Second(id, proposal));
            }
        }
        let mut open = Vec::new();
        for (key, since) in self.all::<OpenSince>(&records::all_open()).await? {
            open.extend(records::numbers(&key).map(|numbers| (since.at, numbers)));
        }
        open.sort_unstable();
        let mut hidden = BTreeSet::new();
        for (_, (chat, account)) in open {
            let chat = ChatId(chat);
            if hidden.contains(&chat) {
                continue;
            }
            let Some((group, _)) = self.door_of(chat).await? else {
                hidden.insert(chat);
                continue;
            };
            let object = Object::Sector(group.sector.as_ref());
            if authz(&actor, Act::ReadJoins, object).is_err() {
                hidden.insert(chat);
                continue;
            }
            let key = records::request(chat, AccountId(account));
            if let Some(request) = self.peek::<Request>(&key).await? {
                matters.push(Matter::Request(Box::new((request, group))));
            }
        }
        Ok(matters)
    }

    /// One page of what waits, in words.
    pub(in crate::app) async fn requests_view(
        &mut self,
        page: u32,
        opener: AccountId,
    ) -> Result<Vec<Say>, AppError> {
        let matters = self.matters(opener).await?;
        let total = i64::try_from(matters.len()).unwrap_or(i64::MAX);
        if total == 0 {
            return Ok(vec![Say::new(Text::JoiningListEmpty)]);
        }
        let mut say = vec![Say::new(Text::JoiningList).with("count", Arg::Number(total))];
        for (number, matter) in paged(&matters, page) {
            let mut lines = match matter {
                Matter::Appeal(removal) => vec![self.appeal_line(removal).await?],
                Matter::Second(_, proposal) => self.second_lines(proposal).await?,
                Matter::Request(both) => vec![self.request_line(&both.0, &both.1).await?],
            };
            if let Some(line) = lines.first_mut() {
                *line = line.clone().with("number", Arg::Number(number));
            }
            say.extend(lines);
        }
        Ok(say)
    }

    /// What waits for a second person, with who asked for it and why.
    async fn second_lines(&mut self, proposal: &Proposal) -> Result<Vec<Say>, AppError> {
        let mut lines = vec![
            Say::new(Text::SecondLine)
                .with("name", Arg::Text(proposal.name.clone()))
                .with("at", Arg::At(proposal.at)),
        ];
        lines.extend(self.proposal_lines(proposal).await?);
        Ok(lines)
    }

    async fn appeal_line(&mut self, removal: &Removal) -> Result<Say, AppError> {
        let (text, name) = match &removal.member {
            Some(member) => (
                Text::JoiningLineAppealMember,
                self.member_named(member).await?,
            ),
            None => (Text::JoiningLineAppeal, Arg::Name(removal.name.clone())),
        };
        Ok(Say::new(text)
            .with("name", name)
            .with("reason", Arg::Text(removal.reason.clone()))
            .with("at", Arg::At(removal.appeal.unwrap_or(removal.at))))
    }

    async fn request_line(&mut self, request: &Request, group: &Group) -> Result<Say, AppError> {
        let text = match (request.inside, request.words.is_empty()) {
            (true, _) => Text::JoiningLineInside,
            (false, true) => Text::JoiningLine,
            (false, false) => Text::JoiningLineWords,
        };
        Ok(Say::new(text)
            .with("name", Arg::Name(request.name.clone()))
            .with("group", Arg::Name(group.title.clone()))
            .with("at", Arg::At(request.asked_at))
            .with("words", Arg::Text(self.chain(request).await?)))
    }

    /// Who said what, and on whose word they are in themselves.
    async fn chain(&mut self, request: &Request) -> Result<String, AppError> {
        let mut people = Vec::new();
        for given in &request.words {
            let sign = match given.word {
                Word::Knows => "✓",
                Word::KnowsNot => "✗",
                Word::Unsure => "?",
            };
            let mut one = format!("{sign} {}", given.name);
            let places = self.all::<PlaceOf>(&records::places(given.by)).await?;
            let before: BTreeSet<&str> = places
                .iter()
                .flat_map(|(_, place)| place.words.iter().map(|word| word.name.as_str()))
                .collect();
            if !before.is_empty() {
                let before: Vec<&str> = before.into_iter().collect();
                one = format!("{one} ← {}", before.join(" + "));
            }
            people.push(one);
        }
        Ok(people.join(", "))
    }

    /// The buttons of one page of what waits.
    pub(in crate::app) async fn request_buttons(
        &mut self,
        page: u32,
        opener: AccountId,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        let matters = self.matters(opener).await?;
        let private = ChatId(opener.0);
        let mut rows = Vec::new();
        let mut waves = BTreeSet::new();
        for (number, matter) in paged(&matters, page) {
            let wishes = match matter {
                Matter::Second(id, proposal) => {
                    match self.same_person(proposal.by, opener).await? {
                        true => vec![(Text::SecondWithdrawNumber, Wish::Withdraw(*id))],
                        false => vec![
                            (Text::SecondYesNumber, Wish::Second(*id, true)),
                            (Text::SecondNoNumber, Wish::Second(*id, false)),
                        ],
                    }
                }
                Matter::Appeal(removal) => {
                    vec![(Text::JoiningReadmit, Wish::Readmit(removal.account))]
                }
                Matter::Request(both) => {
                    let (request, _) = &**both;
                    let (chat, account) = (request.chat, request.account);
                    waves.extend(request.wave.then_some(chat));
                    vec![
                        (Text::JoiningAdmit, Wish::Decide(chat, account, true)),
                        (Text::JoiningRefuse, Wish::Decide(chat, account, false)),
                    ]
                }
            };
            let mut row = Vec::new();
            for (label, wish) in wishes {
                let label = Say::new(label).with("number", Arg::Number(number));
                let key = plant(self, Some(private), Some(opener), Action::Joining(wish))?;
                row.push(Button { label, key });
            }
            rows.push(row);
        }
        for chat in waves {
            let wish = Action::Joining(Wish::RefuseWave(chat));
            let key = plant(self, Some(private), Some(opener), wish)?;
            let label = Say::new(Text::JoiningRefuseWave);
            rows.push(vec![Button { label, key }]);
        }
        let pages = u32::try_from(matters.len().div_ceil(PER_PAGE)).unwrap_or(u32::MAX);
        let view = View::Requests { page, opener };
        let turns = self.turns(private, &view, (page, pages), Some(opener))?;
        rows.push(turns);
        rows.retain(|row| !row.is_empty());
        Ok(rows)
    }

    /// Somebody is let in, or not.
    pub(super) async fn decide_request(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        (chat, account, admit): (ChatId, AccountId, bool),
        lang: Lang,
    ) -> Result<Answer, AppError> {
        let request: Option<Request> = self.get(&records::request(chat, account)).await?;
        let (Some(mut request), Some((group, _))) = (request, self.door_of(chat).await?) else {
            return Ok(Answer::refusal(Text::TapUnknown));
        };
        let object = Object::Sector(group.sector.as_ref());
        if let Err(denied) = authz(actor, Act::DecideJoins, object) {
            return Ok(Answer::refusal(self.refusal(&denied).await?));
        }
        if request.state != State::Open {
            self.requests_again(tap, lang).await?;
            return Ok(Answer::toast(Text::JoiningDecided));
        }
        let by = By::Officer(tap.from.account);
        match (request.inside, admit) {
            (false, true) => self.admit(request, &group, by).await?,
            (false, false) => self.refuse(request, &group, by).await?,
            (true, stays) => {
                let at = self.now();
                request.inside = false;
                request.state = match stays {
                    true => State::Admitted { by, at },
                    false => State::Refused { by, at },
                };
                self.delete(records::open(chat, account));
                self.put(records::request(chat, account), &request)?;
                if !stays {
                    self.call_for(chat, Call::Remove(account))?;
                    self.costs_vouchers(account, chat).await?;
                }
                let deed = if stays { "keep" } else { "remove" };
                let object = format!("group {chat} account {account}");
                self.audit(&tap.from, chat.into(), deed, &object, ("", ""))
                    .await?;
                self.door_changed().await?;
            }
        }
        self.requests_again(tap, lang).await?;
        Ok(Answer::toast(match admit {
            true => Text::JoiningAdmitNow,
            false => Text::JoiningRefuseNow,
        }))
    }

    /// The list is shown anew in its place.
    pub(super) async fn requests_again(&mut self, tap: &Tap, lang: Lang) -> Result<(), AppError> {
        let Some((chat, message)) = tap.on else {
            return Ok(());
        };
        let view = View::Requests {
            page: 0,
            opener: tap.from.account,
        };
        self.show(chat, view, Target::Edit(message), lang).await
    }

    /// Somebody who was let in by words was removed: those words cost the right for a while.
    pub(super) async fn costs_vouchers(
        &mut self,
        account: AccountId,
        chat: ChatId,
    ) -> Result<(), AppError> {
        let place: Option<PlaceOf> = self.get(&records::place(account, chat)).await?;
        let until = self.now() + days(self.settings().joining.barred_days);
        let words: Vec<Given> = place.map(|place| place.words).unwrap_or_default();
        for given in words {
            let key = records::voucher(given.by);
            let mut of: VoucherOf = self.get(&key).await?.unwrap_or_default();
            of.barred_until = of.barred_until.max(Some(until));
            self.put(key, &of)?;
        }
        Ok(())
    }

    /// Asks whether a whole wave is refused.
    pub(super) async fn offer_wave(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        chat: ChatId,
        lang: Lang,
    ) -> Result<Answer, AppError> {
        if let Some(refusal) = self.may_decide_in(actor, chat).await? {
            return Ok(refusal);
        }
        let open = self.all::<OpenSince>(&records::open_in(chat)).await?;
        let count = open.iter().filter(|(_, since)| since.wave).count();
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let wish = Action::Joining(Wish::RefuseWaveNow(chat));
        let private = ChatId(tap.from.account.0);
        let key = plant(self, Some(private), Some(tap.from.account), wish)?;
        let label = Say::new(Text::JoiningRefuseWaveNow).with("count", Arg::Number(count));
        let back = Action::Show(View::Requests {
            page: 0,
            opener: tap.from.account,
        });
        let no = plant(self, Some(private), Some(tap.from.account), back)?;
        let buttons = vec![
            vec![Button { label, key }],
            vec![Button {
                label: Say::new(Text::JoiningNo),
                key: no,
            }],
        ];
        let say = Say::new(Text::JoiningRefuseWaveAsk).with("count", Arg::Number(count));
        self.in_place(tap, vec![say], buttons, lang)?;
        Ok(Answer::quiet())
    }

    pub(super) async fn start_wave(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        chat: ChatId,
        lang: Lang,
    ) -> Result<Answer, AppError> {
        if let Some(refusal) = self.may_decide_in(actor, chat).await? {
            return Ok(refusal);
        }
        let object = format!("group {chat}");
        self.audit(&tap.from, chat.into(), "refuse-wave", &object, ("", ""))
            .await?;
        self.plan(self.now(), Due::Joining(Step::Wave(chat, tap.from.clone())))?;
        let say = Say::new(Text::JoiningRefuseWaveDone);
        self.in_place(tap, vec![say], vec![], lang)?;
        Ok(Answer::toast(Text::JoiningRefuseNow))
    }

    async fn may_decide_in(
        &mut self,
        actor: &Actor,
        chat: ChatId,
    ) -> Result<Option<Answer>, AppError> {
        let group = self.door_of(chat).await?.map(|(group, _)| group);
        let sector = group.as_ref().and_then(|group| group.sector.as_ref());
        match authz(actor, Act::DecideJoins, Object::Sector(sector)) {
            Ok(()) => Ok(None),
            Err(denied) => Ok(Some(Answer::refusal(self.refusal(&denied).await?))),
        }
    }

    /// Refuses the next requests of a wave, and plans the rest.
    pub(super) async fn refuse_wave(&mut self, chat: ChatId, by: &Person) -> Result<(), AppError> {
        let Some((group, _)) = self.door_of(chat).await? else {
            return Ok(());
        };
        let open = self.all::<OpenSince>(&records::open_in(chat)).await?;
        let mut wave = open.into_iter().filter(|(_, since)| since.wave);
        for (key, _) in wave.by_ref().take(REFUSED) {
            let Some((_, account)) = records::numbers(&key) else {
                continue;
            };
            let request = records::request(chat, AccountId(account));
            match self.get::<Request>(&request).await? {
                Some(request) => {
                    self.refuse(request, &group, By::Officer(by.account))
                        .await?;
                }
                None => self.delete(key),
            }
        }
        match wave.next() {
            Some(_) => self.plan(self.now(), Due::Joining(Step::Wave(chat, by.clone()))),
            None => Ok(()),
        }
    }
}

/// Whether somebody decides about some group, if not about all.
fn reads_some(actor: &Actor) -> bool {
    let sector = actor.roles().find_map(|role| match role {
        vigie_domain::authz::Role::SectorReferent(sector) => Some(sector),
        _ => None,
    });
    authz(actor, Act::ReadJoins, Object::Sector(sector)).is_ok()
}

fn paged(matters: &[Matter], page: u32) -> impl Iterator<Item = (i64, &Matter)> {
    let first = usize::try_from(page).unwrap_or(0).saturating_mul(PER_PAGE);
    (1..).zip(matters).skip(first).take(PER_PAGE)
}
