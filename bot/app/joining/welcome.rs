//! Newcomers: a word in private with what the cooperative gives them to read, and a label.

use chrono::TimeDelta;
use vigie_domain::ChatId;
use vigie_domain::authz::{Action as Act, Object, Role};
use vigie_domain::group::Group;
use vigie_domain::text::{Arg, Key as Text, Say};

use super::Call;
use super::records::{self, NoTags, OpenSince, Pack};
use crate::app::error::AppError;
use crate::app::event::{Command, Person};
use crate::app::outbox::{Class, Message};
use crate::app::tx::Tx;

/// Between two greetings in a group.
const BETWEEN: TimeDelta = TimeDelta::hours(1);
/// Longest welcome, in characters: it shares a message with our own words.
const LONGEST: usize = 3_000;
/// Documents of one kind of group.
const MOST_FILES: usize = 5;
/// Longest label that the messenger takes.
const TAG: usize = 16;

impl Tx<'_> {
    /// Greets a newcomer, once for each group: in private; where that is closed, with a word in the
    /// group that tells nothing of them.
    pub(super) async fn welcome(&mut self, who: &Person, group: &Group) -> Result<(), AppError> {
        let kind = group.kind.clone().unwrap_or_default();
        let pack: Pack = self.get(&records::pack(&kind)).await?.unwrap_or_default();
        let hello = Say::new(Text::JoiningWelcome)
            .with("name", Arg::Text(who.first_name.clone()))
            .with("group", Arg::Name(group.title.clone()));
        let body = match pack.text {
            Some(text) => Say::new(Text::JoiningWelcomeText).with("text", Arg::Text(text)),
            None => Say::new(Text::JoiningWelcomeDefault),
        };
        let mut message = Message::of_several(vec![hello, body]);
        message.lang = Some(self.lang(who).await?);
        message.instead = Some((group.chat, Box::new(Say::new(Text::JoiningWelcomeHere))));
        let private = ChatId(who.account.0);
        self.say(private, Class::Service, message)?;
        for (file, caption) in pack.files {
            self.call_for(private, Call::Document { file, caption })?;
        }
        Ok(())
    }

    /// Whether a newcomer whose private conversation is closed is greeted in the group: once an
    /// hour, however many come.
    pub(in crate::app) async fn may_greet_here(&mut self, chat: ChatId) -> Result<bool, AppError> {
        let key = records::greeted(chat);
        let now = self.now();
        let last: Option<OpenSince> = self.get(&key).await?;
        if last.is_some_and(|last| now - last.at < BETWEEN) {
            return Ok(false);
        }
        let since = OpenSince {
            at: now,
            wave: false,
        };
        self.put(key, &since)?;
        Ok(true)
    }

    /// Labels a newcomer by what they do in the sector, where the messenger knows labels.
    pub(super) async fn tag(&mut self, who: &Person, group: &Group) -> Result<(), AppError> {
        if self.peek::<NoTags>(&records::no_tags()).await?.is_some() {
            return Ok(());
        }
        let actor = self.actor(who).await?;
        let referent = actor.roles().find_map(|role| match role {
            Role::SectorReferent(sector) => Some(sector.clone()),
            _ => None,
        });
        let Some(sector) = referent else {
            return Ok(());
        };
        let tag = format!("réf. {}", self.sector_name(&sector).await?);
        let tag = tag.chars().take(TAG).collect();
        let account = who.account;
        self.call_for(group.chat, Call::Tag { account, tag })
    }

    /// `/bienvenue <genre> <texte>`, also as the caption of a document: what newcomers of a kind
    /// of group are given to read. `/bienvenue <genre> effacer` takes it all back.
    pub(in crate::app) async fn welcome_command(
        &mut self,
        command: &Command,
    ) -> Result<(), AppError> {
        let Some(person) = self.in_private(command).await? else {
            return Ok(());
        };
        let object = Object::Cooperative;
        let allowed = self.allowed(command, Act::SetWelcome, object).await?;
        if allowed.is_none() {
            return Ok(());
        }
        let (kind, text) = command
            .args
            .split_once(char::is_whitespace)
            .unwrap_or((&command.args, ""));
        let kind = vigie_domain::names::fold(kind);
        let kinds = self.policy().await?.kinds;
        if !kinds.iter().any(|known| known.id == kind) {
            let known: Vec<String> = kinds.into_iter().map(|kind| kind.id).collect();
            let say = Say::new(Text::JoiningWelcomeHow).with("known", Arg::Text(known.join(", ")));
            return self.answer(command, say).await;
        }
        let key = records::pack(&kind);
        let before: Pack = self.get(&key).await?.unwrap_or_default();
        let text = text.trim();
        let pack = match (text, &command.file) {
            ("effacer" | "clear", None) => Pack::default(),
            (caption, Some(file)) => {
                let mut pack = before;
                pack.files.truncate(MOST_FILES - 1);
                pack.files.push((file.clone(), caption.to_owned()));
                pack
            }
            (text, None) if !text.is_empty() => Pack {
                text: Some(text.chars().take(LONGEST).collect()),
                ..before
            },
            _ => before,
        };
        self.put(key, &pack)?;
        let object = format!("welcome {kind}");
        let size = pack.text.as_ref().map_or(0, |text| text.chars().count());
        let after = format!("{size} characters, {} files", pack.files.len());
        let place = command.said.place;
        self.audit(&person, place, "set-welcome", &object, ("", &after))
            .await?;
        let count = i64::try_from(pack.files.len()).unwrap_or(i64::MAX);
        let shown = pack.text.unwrap_or_else(|| "–".to_owned());
        let say = Say::new(Text::JoiningWelcomeSet)
            .with("kind", Arg::Name(kind))
            .with("count", Arg::Number(count))
            .with("text", Arg::Text(shown));
        self.answer(command, say).await
    }
}
