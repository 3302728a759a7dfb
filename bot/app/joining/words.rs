//! "I know them": who is asked, what they answer, and how a word is taken back.

use chrono::TimeDelta;
use vigie_domain::authz::{Action as Act, Actor, Object, authz};
use vigie_domain::group::Group;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::vouching::{NoWord, Word, lets_in, may_vouch};
use vigie_domain::{AccountId, ChatId, Lang};

use super::records::{self, By, Given, PlaceOf, Request, State, VoucherOf, Waits, Wish};
use crate::app::buttons::{Action, plant};
use crate::app::error::AppError;
use crate::app::event::Tap;
use crate::app::outbox::{Button, Class, Doubt, Outgoing, Row, Target, View};
use crate::app::taps::Answer;
use crate::app::tx::Tx;
use crate::app::{event::Person, keys};

/// People of a group who are looked at for one request.
const LOOKED_AT: usize = 40;
/// Days that words and cards are remembered, to be counted.
const REMEMBERED: TimeDelta = TimeDelta::days(8);

impl Tx<'_> {
    /// Asks people who may know an applicant: who invited them, then people of the group. Those
    /// who were asked already are reminded, once.
    pub(super) async fn ask_around(
        &mut self,
        request: &mut Request,
        group: &Group,
    ) -> Result<(), AppError> {
        let mut people: Vec<AccountId> = request.invited_by.into_iter().collect();
        let said = |account: &AccountId| request.words.iter().any(|given| given.by == *account);
        people.extend(request.asked.iter().filter(|one| !said(one)));
        let mut others = Vec::new();
        for key in self.keys(&records::all_in_group(request.chat)).await? {
            others.extend(records::numbers(&key).map(|(_, account)| AccountId(account)));
        }
        // Not always the same ones.
        let from = usize::try_from(request.account.0.unsigned_abs()).unwrap_or(0);
        let from = from.checked_rem(others.len()).unwrap_or(0);
        others.rotate_left(from);
        people.extend(others.into_iter().take(LOOKED_AT));
        let most = usize::try_from(self.settings().joining.asked).unwrap_or(usize::MAX);
        let mut asked = 0;
        let mut seen = Vec::new();
        for account in people {
            if asked >= most || self.size() > 70 {
                break;
            }
            if account == request.account || seen.contains(&account) {
                continue;
            }
            seen.push(account);
            if self.ask_a_voucher(request, group, account).await? {
                asked += 1;
            }
        }
        Ok(())
    }

    async fn ask_a_voucher(
        &mut self,
        request: &mut Request,
        group: &Group,
        account: AccountId,
    ) -> Result<bool, AppError> {
        // Who invited somebody has asked for this card.
        let invited = request.invited_by == Some(account);
        if !invited && self.preferences_of(account).await?.no_asking {
            return Ok(false);
        }
        let rules = self.settings().joining.clone();
        let voucher = self.voucher(account, group).await?;
        let key = records::voucher(account);
        let mut of: VoucherOf = self.get(&key).await?.unwrap_or_default();
        let now = self.now();
        of.cards.retain(|at| *at > now - TimeDelta::days(1));
        let full = of.cards.len() >= usize::try_from(rules.cards_a_day).unwrap_or(usize::MAX);
        if full || may_vouch(&voucher, &rules, now).is_err() {
            return Ok(false);
        }
        of.cards.push(now);
        self.put(key, &of)?;
        if !request.asked.contains(&account) {
            request.asked.push(account);
        }
        let private = ChatId(account.0);
        let mut buttons = Vec::new();
        for (word, label) in [
            (Word::Knows, Text::JoiningKnows),
            (Word::KnowsNot, Text::JoiningKnowsNot),
            (Word::Unsure, Text::JoiningUnsure),
        ] {
            let wish = Wish::Word(request.chat, request.account, word);
            let key = plant(self, Some(private), Some(account), Action::Joining(wish))?;
            buttons.push(vec![Button {
                label: Say::new(label),
                key,
            }]);
        }
        let own = request.invited_by == Some(account);
        let ask = match own {
            true => Text::JoiningCardInvited,
            false => Text::JoiningCard,
        };
        let say = Say::new(ask)
            .with("name", Arg::Name(request.name.clone()))
            .with("group", Arg::Name(group.title.clone()))
            .with("at", Arg::At(request.asked_at));
        let lang = self.lang_of_account(account).await?;
        self.tells(private, lang, Class::Service, vec![say], buttons)?;
        Ok(true)
    }

    /// A press on one of the three answers.
    pub(super) async fn word(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        (chat, account, word): (ChatId, AccountId, Word),
        lang: Lang,
    ) -> Result<Answer, AppError> {
        let key = records::request(chat, account);
        let request: Option<Request> = self.get(&key).await?;
        let (Some(mut request), Some((group, _))) = (request, self.door_of(chat).await?) else {
            return Ok(Answer::refusal(Text::TapUnknown));
        };
        if request.state != State::Open {
            return Ok(Answer::toast(Text::JoiningDecided));
        }
        if word == Word::Knows
            && let Some(refusal) = self.may_give_word(&tap.from, actor, &group).await?
        {
            return Ok(refusal);
        }
        let given = Given {
            by: tap.from.account,
            name: tap.from.first_name.clone(),
            word,
            at: self.now(),
        };
        // One person has one word, from whichever of their accounts.
        let (mut others, mut knew) = (Vec::new(), false);
        for known in std::mem::take(&mut request.words) {
            match self.same_person(known.by, given.by).await? {
                true => knew |= known.word == Word::Knows,
                false => others.push(known),
            }
        }
        if !knew && word == Word::Knows {
            self.counts_word(given.by).await?;
        }
        others.push(given);
        request.words = others;
        let object = format!("group {chat} account {account}");
        let said = format!("{word:?}");
        self.audit(&tap.from, chat.into(), "vouch", &object, ("", &said))
            .await?;
        self.answered(tap, &request, &group, word, lang)?;
        let words = request.words.iter().map(|given| given.word);
        match request.waits {
            Waits::Words(needed) if lets_in(words, needed) => {
                self.admit(request, &group, By::Words).await?;
            }
            _ => {
                self.put(key, &request)?;
                self.door_changed().await?;
            }
        }
        Ok(Answer::toast(Text::JoiningThanks))
    }

    async fn may_give_word(
        &mut self,
        person: &Person,
        actor: &Actor,
        group: &Group,
    ) -> Result<Option<Answer>, AppError> {
        if let Err(denied) = authz(actor, Act::Vouch, Object::Group) {
            return Ok(Some(Answer::refusal(self.refusal(&denied).await?)));
        }
        let voucher = self.voucher(person.account, group).await?;
        let no = may_vouch(&voucher, &self.settings().joining, self.now());
        Ok(no.err().map(|no| Answer::refusal(why_not(no))))
    }

    async fn counts_word(&mut self, account: AccountId) -> Result<(), AppError> {
        let key = records::voucher(account);
        let mut of: VoucherOf = self.get(&key).await?.unwrap_or_default();
        let now = self.now();
        of.words.retain(|at| *at > now - REMEMBERED);
        of.words.push(now);
        self.put(key, &of)
    }

    /// The card shows what was answered, and how to take it back.
    fn answered(
        &mut self,
        tap: &Tap,
        request: &Request,
        group: &Group,
        word: Word,
        lang: Lang,
    ) -> Result<(), AppError> {
        let text = match word {
            Word::Knows => Text::JoiningSaidKnows,
            Word::KnowsNot => Text::JoiningSaidKnowsNot,
            Word::Unsure => Text::JoiningSaidUnsure,
        };
        let say = Say::new(text)
            .with("name", Arg::Name(request.name.clone()))
            .with("group", Arg::Name(group.title.clone()));
        let mut buttons = Vec::new();
        if word == Word::Knows {
            let wish = Wish::TakeBack(request.chat, request.account);
            let account = Some(tap.from.account);
            let chat = tap.on.map(|(chat, _)| chat);
            let key = plant(self, chat, account, Action::Joining(wish))?;
            let label = Say::new(Text::JoiningTakeBack);
            buttons.push(vec![Button { label, key }]);
        }
        self.in_place(tap, vec![say], buttons, lang)
    }

    /// Puts other words in place of the message whose button was pressed.
    pub(super) fn in_place(
        &mut self,
        tap: &Tap,
        say: Vec<Say>,
        buttons: Vec<Vec<Button>>,
        lang: Lang,
    ) -> Result<(), AppError> {
        let Some((chat, message)) = tap.on else {
            return Ok(());
        };
        let what = Outgoing::View {
            view: View::Words(say),
            lang,
            target: Target::Edit(message),
            buttons,
        };
        let row = Row::new(
            chat.into(),
            what,
            Class::Answer,
            self.now(),
            Doubt::SendAgain,
        );
        self.append(keys::outbox_messages(), &self.fresh(row))
    }

    /// A word is taken back. Where it let somebody in, those who decide look at it again.
    pub(super) async fn take_back(
        &mut self,
        tap: &Tap,
        (chat, account): (ChatId, AccountId),
        lang: Lang,
    ) -> Result<Answer, AppError> {
        let key = records::request(chat, account);
        let Some(mut request) = self.get::<Request>(&key).await? else {
            return Ok(Answer::refusal(Text::TapUnknown));
        };
        let own = tap.from.account;
        request.words.retain(|given| given.by != own);
        let place_key = records::place(account, chat);
        let mut place: PlaceOf = self.get(&place_key).await?.unwrap_or_default();
        let words = place.words.len();
        place.words.retain(|given| given.by != own);
        if place.words.len() < words && place.is_in() {
            let now = self.now();
            request.state = State::Open;
            request.waits = Waits::Officers;
            request.inside = true;
            request.asked_at = now;
            let since = records::OpenSince {
                at: now,
                wave: false,
            };
            self.put(records::open(chat, account), &since)?;
        }
        self.put(place_key, &place)?;
        self.put(key, &request)?;
        let object = format!("group {chat} account {account}");
        let deed = "take-word-back";
        self.audit(&tap.from, chat.into(), deed, &object, ("", ""))
            .await?;
        self.in_place(tap, vec![Say::new(Text::JoiningTakenBack)], vec![], lang)?;
        self.door_changed().await?;
        Ok(Answer::toast(Text::JoiningTakenBack))
    }
}

fn why_not(no: NoWord) -> Say {
    match no {
        NoWord::NotProved => Say::new(Text::JoiningNoWordProof),
        NoWord::NotNear => Say::new(Text::JoiningNoWordNear),
        NoWord::TooNew(until) => Say::new(Text::JoiningNoWordNew).with("until", Arg::At(until)),
        NoWord::Barred(until) => Say::new(Text::JoiningNoWordBarred).with("until", Arg::At(until)),
        NoWord::Spent(until) => Say::new(Text::JoiningNoWordSpent).with("until", Arg::At(until)),
    }
}
