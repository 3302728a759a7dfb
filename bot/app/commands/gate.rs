//! Who may have a command done: asked here, answered here where they may not.

use vigie_domain::authz::{Action, Actor, Object, authz};
use vigie_domain::text::Key as Text;

use crate::app::error::AppError;
use crate::app::event::{Command, Person, Sender};
use crate::app::tx::Tx;

impl Tx<'_> {
    /// The person behind a command; who hides is told to show themselves.
    pub(in crate::app) async fn by_a_person(
        &mut self,
        command: &Command,
    ) -> Result<Option<Person>, AppError> {
        match &command.from {
            Sender::Person(person) => Ok(Some(person.clone())),
            Sender::AnonymousAdmin(_) | Sender::NotAPerson => {
                let say = Text::CommandProveYourself.into();
                self.answer(command, say).await.map(|()| None)
            }
        }
    }

    /// The person behind a command that is given in private, where nobody hides; others are sent
    /// there.
    pub(in crate::app) async fn in_private(
        &mut self,
        command: &Command,
    ) -> Result<Option<Person>, AppError> {
        match &command.from {
            Sender::Person(person) if command.said.private => Ok(Some(person.clone())),
            _ => {
                let say = Text::CommandInPrivate.into();
                self.answer(command, say).await.map(|()| None)
            }
        }
    }

    /// What whoever gives a command is, where they may do this; else they are told why not.
    pub(in crate::app) async fn allowed(
        &mut self,
        command: &Command,
        action: Action,
        object: Object<'_>,
    ) -> Result<Option<Actor>, AppError> {
        let actor = self.sender(&command.from).await?;
        match authz(&actor, action, object) {
            Ok(()) => Ok(Some(actor)),
            Err(denied) => {
                let say = self.refusal(&denied).await?;
                self.answer(command, say).await.map(|()| None)
            }
        }
    }
}
