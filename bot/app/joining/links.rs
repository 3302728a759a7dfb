//! `/rejoindre` and `/inviter`: links that open nothing by themselves, but ask to be let in.

use vigie_domain::authz::{Action as Act, Actor, Object, authz};
use vigie_domain::group::Group;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::vouching::{Decision, days, decide};
use vigie_domain::{AccountId, ChatId, Lang};

use super::Call;
use super::records::{self, LinkOf, MayIn, PlaceOf, Wish};
use super::requests::invitation;
use crate::app::buttons::{Action, plant};
use crate::app::error::AppError;
use crate::app::event::{Command, Tap};
use crate::app::keys;
use crate::app::outbox::{Button, Class};
use crate::app::taps::Answer;
use crate::app::tx::Tx;

/// Name of the link that everybody is shown.
const COMMON: &str = "vigie";
/// Groups that are listed.
const MOST: usize = 20;

impl Tx<'_> {
    /// `/rejoindre`: what this person may join, and why.
    pub(in crate::app) async fn join_command(&mut self, command: &Command) -> Result<(), AppError> {
        let Some(person) = self.in_private(command).await? else {
            return Ok(());
        };
        if self.is_removed(person.account).await? {
            let say = vec![Say::new(Text::JoiningRemovedAll)];
            let lang = self.lang(&person).await?;
            let buttons = vec![vec![self.appeal_button(person.account)?]];
            return self.tells(command.said.place.chat, lang, Class::Answer, say, buttons);
        }
        let mut say = vec![Say::new(Text::JoiningMay)];
        let mut buttons = Vec::new();
        let groups = self.all::<Group>(&keys::groups()).await?;
        let groups = groups.into_iter().map(|(_, group)| group);
        for group in groups.filter(|group| group.broken.is_none()).take(MOST) {
            let Some((group, policy)) = self.door_of(group.chat).await? else {
                continue;
            };
            let key = records::place(person.account, group.chat);
            let place: Option<PlaceOf> = self.get(&key).await?;
            if place.is_some_and(|place| place.is_in()) {
                say.push(line(Text::JoiningMayIn, &group));
                continue;
            }
            let applicant = self.applicant(&person, &group).await?;
            let (text, count) = match decide(policy, applicant) {
                Decision::Removed => continue,
                Decision::Admit => (Text::JoiningMayNow, 0),
                Decision::Prove => (Text::JoiningMayProof, 0),
                Decision::Ask(0) => (Text::JoiningMayOfficers, 0),
                Decision::Ask(count) => (Text::JoiningMayWords, i64::from(count)),
            };
            say.push(line(text, &group).with("count", Arg::Number(count)));
            buttons.push(vec![self.join_button(person.account, &group).await?]);
        }
        if buttons.is_empty() {
            say.push(Say::new(Text::JoiningMayNothing));
        }
        let lang = self.lang(&person).await?;
        self.tells(command.said.place.chat, lang, Class::Answer, say, buttons)
    }

    async fn join_button(&mut self, account: AccountId, group: &Group) -> Result<Button, AppError> {
        let label = line(Text::JoiningJoin, group);
        let link: Option<LinkOf> = self.get(&records::link(group.chat)).await?;
        if let Some(link) = link {
            return Ok(Self::opens(label, link.url));
        }
        let wish = Action::Joining(Wish::Join(group.chat));
        let key = plant(self, Some(ChatId(account.0)), Some(account), wish)?;
        Ok(Button { label, key })
    }

    /// The first who wants the link of a group: it is made, and comes in a message.
    pub(super) async fn join_tap(
        &mut self,
        tap: &Tap,
        chat: ChatId,
        lang: Lang,
    ) -> Result<Answer, AppError> {
        let Some((group, _)) = self.door_of(chat).await? else {
            return Ok(Answer::refusal(Text::TapUnknown));
        };
        if let Some(refusal) = self.cannot_invite(chat).await? {
            return Ok(refusal);
        }
        match self.get::<LinkOf>(&records::link(chat)).await? {
            Some(link) => self.gives_link(tap.from.account, lang, &group, &link, false)?,
            None => self.call_for(
                chat,
                Call::Link {
                    name: COMMON.to_owned(),
                    until: None,
                    asker: (tap.from.account, lang),
                },
            )?,
        }
        Ok(Answer::toast(Text::JoiningLinkComes))
    }

    async fn cannot_invite(&mut self, chat: ChatId) -> Result<Option<Answer>, AppError> {
        let may: Option<MayIn> = self.get(&records::may_in(chat)).await?;
        Ok(may
            .filter(|known| !known.may.invite)
            .map(|_| Answer::refusal(Text::JoiningNoLink)))
    }

    /// `/inviter`: in a group, a link for people one knows; in private, for which group.
    pub(in crate::app) async fn invite_command(
        &mut self,
        command: &Command,
    ) -> Result<(), AppError> {
        let Some(person) = self.by_a_person(command).await? else {
            return Ok(());
        };
        let allowed = self.allowed(command, Act::Vouch, Object::Group).await?;
        if allowed.is_none() {
            return Ok(());
        }
        let lang = self.lang(&person).await?;
        let private = ChatId(person.account.0);
        if !command.said.private {
            let chat = command.said.place.chat;
            let Some((group, _)) = self.door_of(chat).await? else {
                return self.answer(command, Text::GroupIsNothing.into()).await;
            };
            self.invites(person.account, lang, &group).await?;
            return self.answer(command, Text::JoiningInPrivateNow.into()).await;
        }
        let mut buttons = Vec::new();
        for (key, place) in self
            .all::<PlaceOf>(&records::places(person.account))
            .await?
        {
            let Some((_, chat)) = records::numbers(&key).filter(|_| place.is_in()) else {
                continue;
            };
            let Some((group, _)) = self.door_of(ChatId(chat)).await? else {
                continue;
            };
            let wish = Action::Joining(Wish::Invite(group.chat));
            let key = plant(self, Some(private), Some(person.account), wish)?;
            let label = Say::new(Text::JoiningInviteTo).with("group", Arg::Text(group.title));
            buttons.push(vec![Button { label, key }]);
        }
        let say = match buttons.is_empty() {
            true => Text::JoiningInviteNowhere,
            false => Text::JoiningInviteWhere,
        };
        self.tells(private, lang, Class::Answer, vec![say.into()], buttons)
    }

    pub(super) async fn invite_tap(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        chat: ChatId,
        lang: Lang,
    ) -> Result<Answer, AppError> {
        if let Err(denied) = authz(actor, Act::Vouch, Object::Group) {
            return Ok(Answer::refusal(self.refusal(&denied).await?));
        }
        let key = records::place(tap.from.account, chat);
        let place: Option<PlaceOf> = self.get(&key).await?;
        let here = place.is_some_and(|place| place.is_in());
        let Some((group, _)) = self.door_of(chat).await?.filter(|_| here) else {
            return Ok(Answer::refusal(Text::JoiningInviteNowhere));
        };
        if let Some(refusal) = self.cannot_invite(chat).await? {
            return Ok(refusal);
        }
        self.invites(tap.from.account, lang, &group).await?;
        Ok(Answer::toast(Text::JoiningLinkComes))
    }

    async fn invites(
        &mut self,
        account: AccountId,
        lang: Lang,
        group: &Group,
    ) -> Result<(), AppError> {
        let link: Option<LinkOf> = self.get(&records::link_of(account, group.chat)).await?;
        let now = self.now();
        let holds = |link: &LinkOf| link.until.is_none_or(|until| until > now);
        if let Some(link) = link.filter(holds) {
            return self.gives_link(account, lang, group, &link, true);
        }
        let until = now + days(self.settings().joining.invite_days);
        self.call_for(
            group.chat,
            Call::Link {
                name: invitation(account),
                until: Some(until),
                asker: (account, lang),
            },
        )
    }

    /// A link is there: it is kept, and given to who asked for it.
    pub(super) async fn link_made(
        &mut self,
        chat: ChatId,
        name: &str,
        (account, lang): (AccountId, Lang),
        mut link: LinkOf,
    ) -> Result<(), AppError> {
        let own = name == invitation(account);
        let key = match own {
            true => records::link_of(account, chat),
            false => records::link(chat),
        };
        if let Some(before) = self.get::<LinkOf>(&key).await? {
            (link.asked, link.came) = (before.asked, before.came);
        }
        self.put(key, &link)?;
        match self.door_of(chat).await? {
            Some((group, _)) => self.gives_link(account, lang, &group, &link, own),
            None => Ok(()),
        }
    }

    fn gives_link(
        &mut self,
        account: AccountId,
        lang: Lang,
        group: &Group,
        link: &LinkOf,
        own: bool,
    ) -> Result<(), AppError> {
        let text = match own {
            true => Text::JoiningInviteLink,
            false => Text::JoiningLink,
        };
        let mut say = line(text, group)
            .with("link", Arg::Code(link.url.clone()))
            .with("asked", Arg::Number(link.asked.into()))
            .with("came", Arg::Number(link.came.into()));
        if let Some(until) = link.until {
            say = say.with("until", Arg::At(until));
        }
        let buttons = match own {
            // It is for others.
            true => vec![],
            false => vec![vec![Self::opens(
                line(Text::JoiningJoin, group),
                link.url.clone(),
            )]],
        };
        let private = ChatId(account.0);
        self.tells(private, lang, Class::Answer, vec![say], buttons)
    }
}

fn line(text: Text, group: &Group) -> Say {
    Say::new(text).with("group", Arg::Name(group.title.clone()))
}
