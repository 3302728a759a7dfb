//! `/groupe sujets oui`: an administrator says whether outages have topics of their own.

use vigie_domain::authz::{Action as Act, Actor, Object, authz};
use vigie_domain::group::{Group, Topics};
use vigie_domain::text::{Key as Text, Say};

use crate::app::error::AppError;
use crate::app::event::{Command, Person};
use crate::app::keys;
use crate::app::tx::Tx;

impl Tx<'_> {
    /// `/groupe sujets [oui | non]`; without a word: how it is.
    pub(super) async fn topics_command(
        &mut self,
        command: &Command,
        person: &Person,
        actor: &Actor,
        word: Option<String>,
    ) -> Result<(), AppError> {
        if let Err(denied) = authz(actor, Act::BindGroup, Object::Group) {
            let say = self.refusal(&denied).await?;
            return self.answer(command, say).await;
        }
        let place = command.said.place;
        let key = keys::group(place.chat);
        let bound = self.get::<Group>(&key).await?;
        let Some(mut group) = bound.filter(|group| group.kind.is_some()) else {
            return self.answer(command, Text::GroupIsNothing.into()).await;
        };
        let wanted = match word.as_deref() {
            Some("oui" | "on" | "yes") => Topics::On,
            Some("non" | "off" | "no") => Topics::Off,
            Some(_) => return self.answer(command, Text::TopicWhich.into()).await,
            None => group.topics,
        };
        let say = Say::new(match wanted {
            Topics::On => Text::TopicIsOn,
            Topics::Off => Text::TopicIsOff,
            Topics::Refused => Text::TopicIsRefused,
        });
        if word.is_some() {
            let before = format!("{:?}", group.topics);
            group.topics = wanted;
            self.put(key, &group)?;
            let object = format!("group {}", place.chat);
            let after = format!("{wanted:?}");
            self.audit(person, place, "set-topics", &object, (&before, &after))
                .await?;
        }
        self.answer(command, say).await
    }
}
