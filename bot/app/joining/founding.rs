//! `/nouveau_groupe`: somebody asks for a group, an administrator says yes, the group is made on
//! the messenger and we are added to it, and it is announced.

use base64::Engine as _;
use vigie_domain::authz::{Action as Act, Actor, Object, authz};
use vigie_domain::group::{Group, Topics};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::vouching::days;
use vigie_domain::{ChatId, Lang};

use super::records::{self, Founding, MayIn, Step, Wish};
use crate::app::buttons::{Action, plant};
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::event::{Command, May, Person, Sender, Tap};
use crate::app::keys;
use crate::app::outbox::{Button, Class, Message};
use crate::app::taps::Answer;
use crate::app::tx::Tx;

/// Begin of the parameter by which we know for which group we were added.
const TOKEN: &str = "g_";
/// Longest reason that is kept.
const WHY: usize = 500;

impl Tx<'_> {
    /// `/nouveau_groupe <secteur, ou genre> <pourquoi>`.
    pub(in crate::app) async fn found_command(
        &mut self,
        command: &Command,
    ) -> Result<(), AppError> {
        let Some(person) = self.in_private(command).await? else {
            return Ok(());
        };
        let object = Object::Cooperative;
        let allowed = self.allowed(command, Act::ProposeGroup, object).await?;
        if allowed.is_none() {
            return Ok(());
        }
        let args = command.args.trim();
        let (name, why) = match args.split_once([':', '\n']) {
            Some((name, why)) => (name, why),
            None => args.split_once(char::is_whitespace).unwrap_or((args, "")),
        };
        let kinds = self.policy().await?.kinds;
        let folded = vigie_domain::names::fold(name.trim());
        let kind = kinds.iter().find(|kind| kind.id == folded && !kind.local);
        let sector = self.sector_named(name.trim()).await?;
        let local = kinds.iter().find(|kind| kind.local);
        let (kind, sector) = match (kind, sector, local) {
            (Some(kind), ..) => (kind.id.clone(), None),
            (None, Some(sector), Some(local)) => (local.id.clone(), Some(sector.id)),
            _ => return self.answer(command, Text::JoiningFoundHow.into()).await,
        };
        if why.trim().is_empty() {
            return self.answer(command, Text::JoiningFoundHow.into()).await;
        }
        let founding = Founding {
            kind,
            sector,
            why: why.trim().chars().take(WHY).collect(),
            by: person.account,
            name: person.first_name.clone(),
            lang: self.lang(&person).await?,
            at: self.now(),
            approved: None,
            chat: None,
            done: false,
        };
        self.propose_group(&person, command, &founding).await
    }

    async fn propose_group(
        &mut self,
        person: &Person,
        command: &Command,
        founding: &Founding,
    ) -> Result<(), AppError> {
        let token = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(self.random_bytes());
        self.put(records::founding(&token), founding)?;
        let object = format!("founding {}", self.called(founding).await?);
        let place = command.said.place;
        self.audit(person, place, "propose-group", &object, ("", &founding.why))
            .await?;
        let until = self.now() + days(self.settings().joining.founding_days);
        self.plan(until, Due::Joining(Step::Founding(token.clone())))?;
        let what = self.called(founding).await?;
        for to in self.who_mends(ChatId(0)).await? {
            let mut row = Vec::new();
            for (label, yes) in [(Text::JoiningFoundYes, true), (Text::JoiningFoundNo, false)] {
                let wish = Action::Joining(Wish::Found(token.clone(), yes));
                let key = plant(self, Some(to), None, wish)?;
                row.push(Button {
                    label: Say::new(label),
                    key,
                });
            }
            let say = Say::new(Text::JoiningFoundAsked)
                .with("what", Arg::Name(what.clone()))
                .with("why", Arg::Text(founding.why.clone()));
            let mut message = Message::of(say);
            message.buttons = vec![row];
            self.say(to, Class::Service, message)?;
        }
        let say = Say::new(Text::JoiningFoundNoted).with("what", Arg::Name(what));
        self.answer(command, say).await
    }

    /// What a new group is called in our messages: its sector, else its kind.
    async fn called(&mut self, founding: &Founding) -> Result<String, AppError> {
        match &founding.sector {
            Some(sector) => self.sector_name(sector).await,
            None => Ok(founding.kind.clone()),
        }
    }

    /// An administrator says whether a group may be.
    pub(super) async fn found_tap(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        (token, approve): (&str, bool),
        lang: Lang,
    ) -> Result<Answer, AppError> {
        if let Err(denied) = authz(actor, Act::ApproveGroup, Object::Cooperative) {
            return Ok(Answer::refusal(self.refusal(&denied).await?));
        }
        let key = records::founding(token);
        let founding: Option<Founding> = self.get(&key).await?;
        let Some(mut founding) = founding.filter(|one| one.approved.is_none()) else {
            return Ok(Answer::toast(Text::JoiningDecided));
        };
        let what = self.called(&founding).await?;
        let object = format!("founding {what}");
        let on = tap.on.map_or(ChatId(tap.from.account.0), |(chat, _)| chat);
        let after = if approve { "approved" } else { "refused" };
        self.audit(&tap.from, on.into(), "decide-group", &object, ("", after))
            .await?;
        let to = ChatId(founding.by.0);
        let name = |text| Say::new(text).with("what", Arg::Name(what.clone()));
        let (shown, theirs, buttons) = match approve {
            true => {
                founding.approved = Some(tap.from.account);
                self.put(key, &founding)?;
                let rights = "&admin=invite_users+pin_messages+restrict_members";
                let address = self
                    .app()
                    .address_of_ours(&format!("?startgroup={TOKEN}{token}{rights}"));
                let add = Self::opens(Say::new(Text::JoiningFoundAdd), address);
                let theirs = vec![name(Text::JoiningFoundSteps)];
                (Text::JoiningFoundApproved, theirs, vec![vec![add]])
            }
            false => {
                self.delete(key);
                let theirs = vec![name(Text::JoiningFoundRefused)];
                (Text::JoiningFoundDeclined, theirs, vec![])
            }
        };
        self.tells(to, founding.lang, Class::Service, theirs, buttons)?;
        self.in_place(tap, vec![name(shown)], vec![], lang)?;
        Ok(Answer::toast(name(shown)))
    }

    /// `/start g_…` in a group: we were added for a group that was asked for. `false`: this is
    /// something else.
    pub(in crate::app) async fn founded(&mut self, command: &Command) -> Result<bool, AppError> {
        let Some(token) = command.args.strip_prefix(TOKEN) else {
            return Ok(false);
        };
        let key = records::founding(token);
        let founding: Option<Founding> = match token.len() {
            1..=64 => self.get(&key).await?,
            _ => None,
        };
        let founding = founding.filter(|one| one.approved.is_some() && !one.done);
        let (Some(mut founding), Sender::Person(person)) = (founding, &command.from) else {
            self.answer(command, Text::JoiningFoundUnknown.into())
                .await?;
            return Ok(true);
        };
        let theirs = person.account == founding.by || Some(person.account) == founding.approved;
        if command.said.private || !theirs {
            self.answer(command, Text::JoiningFoundUnknown.into())
                .await?;
            return Ok(true);
        }
        let chat = command.said.place.chat;
        let before: Option<Group> = self.get(&keys::group(chat)).await?;
        if before.as_ref().is_some_and(|group| group.kind.is_some()) {
            self.answer(command, Text::JoiningFoundBound.into()).await?;
            return Ok(true);
        }
        let group = Group {
            chat,
            title: before.map_or_else(|| chat.to_string(), |group| group.title),
            kind: Some(founding.kind.clone()),
            sector: founding.sector.clone(),
            thread: None,
            lang: founding.lang,
            broken: None,
            topics: Topics::Off,
        };
        self.put(keys::group(chat), &group)?;
        let object = format!("group {chat}");
        let place = command.said.place;
        self.audit(person, place, "bind-group", &object, ("", &founding.kind))
            .await?;
        founding.chat = Some(chat);
        self.put(key, &founding)?;
        self.seen_in(person, chat).await?;
        let may: Option<MayIn> = self.get(&records::may_in(chat)).await?;
        let may = may.unwrap_or_default().may;
        self.complete(token, founding, group, may).await?;
        Ok(true)
    }

    /// Our rights in a group changed: a group that was waiting for them may be complete.
    pub(super) async fn founding_goes_on(
        &mut self,
        chat: ChatId,
        may: May,
    ) -> Result<(), AppError> {
        let foundings = self.all::<Founding>(&records::foundings()).await?;
        let mut here = foundings
            .into_iter()
            .filter(|(_, one)| one.chat == Some(chat) && !one.done);
        let Some((key, founding)) = here.next() else {
            return Ok(());
        };
        let token = keys::last_text(&key).unwrap_or_default();
        match self.door_of(chat).await? {
            Some((group, _)) => self.complete(&token, founding, group, may).await,
            None => Ok(()),
        }
    }

    /// Tells what is missing, or that the group is there.
    async fn complete(
        &mut self,
        token: &str,
        mut founding: Founding,
        group: Group,
        may: May,
    ) -> Result<(), AppError> {
        let what = self.called(&founding).await?;
        let mut say = vec![Say::new(Text::JoiningFoundHere).with("what", Arg::Name(what.clone()))];
        for (has, text) in [
            (may.invite, Text::JoiningFoundRightInvite),
            (may.pin, Text::JoiningFoundRightPin),
            (may.remove, Text::JoiningFoundRightRemove),
        ] {
            if !has {
                say.push(Say::new(text));
            }
        }
        let complete = say.len() == 1;
        if complete {
            say.push(Say::new(Text::JoiningFoundComplete));
            founding.done = true;
            self.put(records::founding(token), &founding)?;
            for to in self.who_mends(group.chat).await? {
                let say = Say::new(Text::JoiningFoundAnnounced)
                    .with("what", Arg::Name(what.clone()))
                    .with("group", Arg::Name(group.title.clone()));
                self.say(to, Class::Service, Message::of(say))?;
            }
        }
        self.say(group.chat, Class::Answer, Message::of_several(say))
    }

    /// A group that nobody finished is dropped.
    pub(super) async fn founding_expires(&mut self, token: &str) -> Result<(), AppError> {
        let key = records::founding(token);
        let Some(founding) = self.get::<Founding>(&key).await? else {
            return Ok(());
        };
        self.delete(key);
        if founding.done {
            return Ok(());
        }
        let what = self.called(&founding).await?;
        let say = Say::new(Text::JoiningFoundExpired).with("what", Arg::Name(what));
        let to = ChatId(founding.by.0);
        self.tells(to, founding.lang, Class::Service, vec![say], vec![])
    }
}
