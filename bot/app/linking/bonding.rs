//! From a proof to a link: the question, the confirmation, the notices, and what comes later.

use chrono::TimeDelta;

use vigie_domain::people::{Bond, Member, Quality, Way, fold_email};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId, MemberId};

use super::names::is_organisation;
use super::{Code, Proof, Step, Wish};
use crate::app::buttons::{self, Action};
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::event::{Person, Tap};
use crate::app::keys;
use crate::app::mail::Mail;
use crate::app::outbox::{Button, Class, Message};
use crate::app::taps::Answer;
use crate::app::tx::Tx;

impl Tx<'_> {
    /// Asks a person who has proved something whether they are, or represent, or live with the
    /// member of each of these records.
    pub(super) async fn offer(
        &mut self,
        person: &Person,
        records: Vec<(MemberId, Option<String>)>,
        way: Way,
        code: Option<Code>,
    ) -> Result<(), AppError> {
        let minutes = TimeDelta::minutes(i64::from(self.settings().linking.confirm_min));
        let until = self.now() + minutes;
        for (id, _) in &records {
            let Some(member) = self.record_by_number(id.as_str()).await? else {
                continue;
            };
            let qualities = match is_organisation(&member) {
                false => [
                    (Quality::Holder, Text::LinkButtonMe),
                    (Quality::Household, Text::LinkButtonHousehold),
                ],
                true => [
                    (Quality::Representative, Text::LinkButtonRepresent),
                    (Quality::Household, Text::LinkButtonUse),
                ],
            };
            let mut rows = Vec::new();
            for (quality, label) in qualities {
                let member = id.clone();
                let wish = Wish::Confirm { member, quality };
                rows.push(vec![self.wish_button(person.account, label, wish)?]);
            }
            let not_me = self.wish_button(person.account, Text::LinkButtonNotMe, Wish::NotMe)?;
            rows.push(vec![not_me]);
            let say = Say::new(Text::LinkIsItYou)
                .with("member", Arg::Name(self.card_name(&member).await?))
                .with("account", Arg::Name(person.first_name.clone()))
                .with("until", Arg::At(until));
            let mut message = Message::of(say);
            message.lang = Some(self.lang(person).await?);
            message.buttons = rows;
            self.say(ChatId(person.account.0), Class::Answer, message)?;
        }
        let (mut letter, mut site) = (None, None);
        match code {
            Some(Code::Letter(digest)) => letter = Some(digest),
            Some(Code::Site(digest)) => site = Some(digest),
            None => {}
        }
        let proof = Proof {
            records,
            way,
            letter,
            site,
            until,
        };
        self.put(keys::proof(person.account), &proof)
    }

    /// A button for one account in its private conversation.
    pub(super) fn wish_button(
        &mut self,
        account: AccountId,
        label: Text,
        wish: Wish,
    ) -> Result<Button, AppError> {
        let chat = ChatId(account.0);
        let key = buttons::plant(self, Some(chat), Some(account), Action::Linking(wish))?;
        let label = label.into();
        Ok(Button { label, key })
    }

    /// "This is me": everything that was true when the code was sent must be true now.
    pub(super) async fn confirmed(
        &mut self,
        tap: &Tap,
        id: &MemberId,
        quality: Quality,
    ) -> Result<Answer, AppError> {
        let key = keys::proof(tap.from.account);
        let proof: Option<Proof> = self.get(&key).await?;
        let proof = proof.filter(|proof| proof.until > self.now());
        let proved = proof.and_then(|proof| {
            let at = proof.records.iter().position(|(record, _)| record == id)?;
            Some((proof, at))
        });
        let Some((mut proof, at)) = proved else {
            return Ok(Answer::refusal(Text::LinkProofOver));
        };
        let (_, address) = proof.records.remove(at);
        match proof.records.is_empty() {
            true => self.delete(key),
            false => self.put(key, &proof)?,
        }
        let Some(member) = self.record_by_number(id.as_str()).await? else {
            return Ok(Answer::refusal(Text::LinkCodeNoMore));
        };
        if let Some(address) = address
            && !self.still_has(id, &address).await?
        {
            return Ok(Answer::refusal(Text::LinkCodeNoMore));
        }
        if !member.is_active(self.now()) {
            return Ok(Answer::refusal(Text::LinkCodeNoMore));
        }
        if self.is_frozen(id).await? {
            return Ok(Answer::refusal(Text::LinkFrozen));
        }
        if let Some(letter) = proof.letter
            && !self.letter_used(&letter, tap.from.account).await?
        {
            return Ok(Answer::refusal(Text::LinkLetterWrong));
        }
        if let Some(site) = proof.site
            && !self.site_used(&site, tap.from.account).await?
        {
            return Ok(Answer::refusal(Text::LinkSiteOver));
        }
        self.links(&tap.from, &member, quality, proof.way).await?;
        Ok(Answer::toast(Text::LinkDoneShort))
    }

    /// An account speaks for a member from now on.
    pub(super) async fn links(
        &mut self,
        person: &Person,
        member: &Member,
        quality: Quality,
        way: Way,
    ) -> Result<(), AppError> {
        let (now, rules) = (self.now(), self.settings().linking.clone());
        let account = person.account;
        let known = self.bonds_on(&member.id).await?;
        let own = known
            .iter()
            .find(|bond| bond.account == account && bond.ended.is_none());
        let others = |bond: &&Bond| bond.account != account && bond.quality != Quality::Household;
        let earlier = known.iter().any(|bond| others(&bond));
        let strong = matches!(way, Way::Site | Way::Letter);
        let votes_from = match own {
            // A renewed proof takes nothing away.
            Some(own) if own.quality == quality => own.votes_from,
            _ => rules.votes_from(now, earlier, strong),
        };
        let bond = Bond {
            account,
            member: member.id.clone(),
            quality,
            since: own.map_or(now, |own| own.since),
            proved_at: now,
            way,
            votes_from,
            until: None,
            frozen: None,
            ended: None,
        };
        let renewed = own.is_some_and(|own| own.quality == quality);
        let before = own.map_or(String::new(), |own| format!("{:?}", own.quality));
        let after = format!("{quality:?} by {way:?}");
        let object = format!("link of account {account} to member {}", member.id);
        self.bond(&bond)?;
        self.audit(
            person,
            ChatId(account.0).into(),
            "link",
            &object,
            (&before, &after),
        )
        .await?;
        self.plan_renewal(&bond)?;
        if renewed {
            return self.tell(person, Text::LinkRenewed).await;
        }
        if quality == Quality::Holder {
            let id = member.id.clone();
            self.plan(
                votes_from,
                Due::Linking(Step::Settles {
                    member: id,
                    account,
                }),
            )?;
        }
        self.tell_linked(person, member, quality, votes_from)
            .await?;
        let earlier: Vec<AccountId> = known
            .iter()
            .filter(|bond| bond.account != account && bond.ended.is_none())
            .map(|bond| bond.account)
            .collect();
        self.notify_earlier(person, member, &earlier).await?;
        self.notify_address(member, account).await
    }

    async fn tell_linked(
        &mut self,
        person: &Person,
        member: &Member,
        quality: Quality,
        votes_from: chrono::DateTime<chrono::Utc>,
    ) -> Result<(), AppError> {
        let key = match quality {
            Quality::Holder => Text::LinkDoneHolder,
            Quality::Representative => Text::LinkDoneRepresentative,
            Quality::Household => Text::LinkDoneHousehold,
        };
        let name = Arg::Name(self.card_name(member).await?);
        let mut say = vec![Say::new(key).with("member", name)];
        if votes_from > self.now() && quality != Quality::Household {
            say.push(Say::new(Text::LinkVotesFrom).with("from", Arg::At(votes_from)));
        }
        say.push(Text::LinkDoneNext.into());
        let mut message = Message::of_several(say);
        message.lang = Some(self.lang(person).await?);
        self.say(ChatId(person.account.0), Class::Answer, message)
    }

    /// Those who speak for the member already learn of it, and can dispute it.
    async fn notify_earlier(
        &mut self,
        person: &Person,
        member: &Member,
        earlier: &[AccountId],
    ) -> Result<(), AppError> {
        let name = self.card_name(member).await?;
        for account in earlier {
            let wish = Wish::Dispute {
                member: member.id.clone(),
                account: person.account,
            };
            let button = self.wish_button(*account, Text::LinkButtonDispute, wish)?;
            let say = Say::new(Text::LinkNotice)
                .with("member", Arg::Name(name.clone()))
                .with("account", Arg::Name(person.first_name.clone()))
                .with("at", Arg::At(self.now()));
            let mut message = Message::of(say);
            message.buttons = vec![vec![button]];
            self.say(ChatId(account.0), Class::Service, message)?;
        }
        Ok(())
    }

    /// The address on file learns of it, too.
    async fn notify_address(
        &mut self,
        member: &Member,
        account: AccountId,
    ) -> Result<(), AppError> {
        let Some(address) = member.email.as_deref() else {
            return Ok(());
        };
        let link = self.dispute_link(&member.id, account)?;
        let name = self.card_name(member).await?;
        let body = vec![
            Say::new(Text::MailLinked)
                .with("member", Arg::Text(name))
                .with("at", Arg::At(self.now())),
            Say::new(Text::MailLinkedDispute).with("link", Arg::Text(link)),
        ];
        let lang = member.lang.unwrap_or_default();
        let to = Some(fold_email(address));
        let mut mail = Mail::new(to, (Text::MailLinkedSubject.into(), body), lang, self.now());
        mail.member = Some(member.id.clone());
        self.post(&mail)
    }

    /// A link may vote from now on: there is one holder of a record, and who was it before is of
    /// the household now.
    pub(super) async fn link_settles(
        &mut self,
        member: &MemberId,
        account: AccountId,
    ) -> Result<(), AppError> {
        let bonds = self.bonds_on(member).await?;
        let holds = |bond: &Bond| bond.ended.is_none() && bond.quality == Quality::Holder;
        let now = self.now();
        let settled = |bond: &Bond| bond.account == account && bond.votes_from <= now;
        if !bonds.iter().any(|bond| holds(bond) && settled(bond)) {
            return Ok(());
        }
        let Some(record) = self.record_by_number(member.as_str()).await? else {
            return Ok(());
        };
        for mut bond in bonds
            .into_iter()
            .filter(|bond| holds(bond) && bond.account != account)
        {
            let to = ChatId(bond.account.0);
            bond.quality = Quality::Household;
            self.bond(&bond)?;
            let name = Arg::Name(self.card_name(&record).await?);
            let mut message = Message::of(Say::new(Text::LinkNowHousehold).with("member", name));
            message.calm = true;
            self.say(to, Class::Service, message)?;
        }
        Ok(())
    }
}
