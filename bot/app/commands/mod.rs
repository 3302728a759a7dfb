//! Commands: one file per family. In a group only commands addressed to us are answered when they
//! are not known; in private everything is.

mod bypass;
mod calm;
mod equipment;
mod equipment_search;
mod equipment_settings;
mod equipment_steps;
mod equipment_words;
mod group;
mod help;
mod history;
mod lists;
mod sources;
mod topics;

use vigie_domain::command::Known;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{ChatId, Lang};

use super::error::AppError;
use super::event::{Command, Sender};
use super::outbox::{Class, Message};
use super::tx::Tx;

impl Tx<'_> {
    /// A command.
    pub(crate) async fn command(&mut self, command: &Command) -> Result<(), AppError> {
        if command.from == Sender::NotAPerson {
            return Ok(());
        }
        match Known::from_name(&command.name) {
            Some(Known::Status) => self.status_command(command).await,
            Some(Known::Equipment) => self.equipment_command(command).await,
            Some(Known::Group) => self.group_command(command).await,
            Some(Known::Maintenance) => self.maintenance_command(command).await,
            Some(Known::Silence) => self.silence_command(command).await,
            Some(Known::History) => self.history_command(command).await,
            Some(Known::Map) => self.map_command(command).await,
            Some(Known::Sources) => self.sources_command(command).await,
            Some(Known::Help) => self.help_command(command).await,
            Some(Known::Cancel) => self.answer(command, Text::HelpNothingToCancel.into()).await,
            None if command.to_us => match Known::nearest(&command.name) {
                Some(meant) => {
                    let meant = Arg::Code(format!("/{}", meant.name()));
                    let say = Say::new(Text::HelpPerhaps).with("command", meant);
                    self.answer(command, say).await
                }
                None => self.answer(command, Text::HelpUnknownCommand.into()).await,
            },
            None => Ok(()),
        }
    }

    /// The language to answer a command in.
    pub(crate) async fn reader(&mut self, command: &Command) -> Result<Lang, AppError> {
        match &command.from {
            Sender::Person(person) => self.lang(person).await,
            Sender::AnonymousAdmin(chat) => self.group_lang(*chat).await,
            Sender::NotAPerson => Ok(Lang::default()),
        }
    }

    pub(crate) async fn group_lang(&mut self, chat: ChatId) -> Result<Lang, AppError> {
        let group: Option<vigie_domain::group::Group> =
            self.peek(&super::keys::group(chat)).await?;
        Ok(group.map_or_else(Lang::default, |group| group.lang))
    }

    /// Answers a command where it was written.
    pub(crate) async fn answer(&mut self, command: &Command, say: Say) -> Result<(), AppError> {
        let mut message = Message::of(say);
        message.lang = Some(self.reader(command).await?);
        message.reply_to = Some(command.said.message);
        self.say_at(command.said.place, Class::Answer, message)
    }
}
