//! Commands: one file per family. In a group only commands addressed to us are answered when they
//! are not known; in private everything is.

mod bypass;
mod calm;
mod equipment;
mod equipment_search;
mod equipment_settings;
mod equipment_steps;
mod equipment_words;
mod gate;
mod group;
mod help;
mod history;
mod lists;
mod rota;

pub use rota::RotaPress;
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
    /// A command; a dialogue that is open in private waits meanwhile.
    pub(crate) async fn command_in_place(&mut self, command: &Command) -> Result<(), AppError> {
        let open = match (&command.from, command.said.private) {
            (Sender::Person(person), true) => self.dialogue(person.account).await?,
            _ => None,
        };
        self.command(command).await?;
        self.beside_dialogue(command, open).await
    }

    /// A command.
    async fn command(&mut self, command: &Command) -> Result<(), AppError> {
        if command.from == Sender::NotAPerson {
            return Ok(());
        }
        if let (Sender::Person(person), false) = (&command.from, command.said.private) {
            self.seen_in(person, command.said.place.chat).await?;
        }
        match Known::from_name(&command.name) {
            Some(Known::Status) => self.status_command(command).await,
            Some(Known::Equipment) => self.equipment_command(command).await,
            Some(Known::Group) => self.group_command(command).await,
            Some(Known::Maintenance) => self.maintenance_command(command).await,
            Some(Known::OnCall) => self.rota_command(command).await,
            Some(Known::Silence) => self.silence_command(command).await,
            Some(Known::History) => self.history_command(command).await,
            Some(Known::Map) => self.map_command(command).await,
            Some(Known::Help) if self.started(command).await? => Ok(()),
            Some(Known::Join) => self.join_command(command).await,
            Some(Known::Invite) => self.invite_command(command).await,
            Some(Known::Requests) => self.requests_command(command).await,
            Some(Known::Remove) => self.remove_command(command).await,
            Some(Known::Welcome) => self.welcome_command(command).await,
            Some(Known::NewGroup) => self.found_command(command).await,
            Some(Known::Help) if self.founded(command).await? => Ok(()),
            Some(Known::Help) if self.declaring_started(command).await? => Ok(()),
            Some(Known::Declare) => self.declare_command(command).await,
            Some(Known::Incident) => self.incident_command(command).await,
            Some(Known::Sources) => self.sources_command(command).await,
            Some(Known::Member) => self.member_command(command).await,
            Some(Known::Audit) => self.audit_command(command).await,
            Some(Known::Help) => self.help_command(command).await,
            Some(Known::Link) => self.link_command(command).await,
            Some(Known::LinkByHand) => self.link_by_hand_command(command).await,
            Some(Known::Me) => self.me_command(command).await,
            Some(Known::MyData) => self.my_data_command(command).await,
            Some(Known::Privacy) => self.privacy_command(command).await,
            Some(Known::Remind) => self.remind_command(command).await,
            Some(Known::Reminders) => self.reminders_command(command).await,
            Some(Known::Todo) => self.todo_command(command).await,
            Some(Known::Todos) => self.todos_command(command).await,
            Some(Known::Ticket) => self.ticket_command(command).await,
            Some(Known::PhoneCall) => self.call_command(command).await,
            Some(Known::CallBacks) => self.call_backs_command(command).await,
            Some(Known::Voicemail) => self.voicemail_command(command).await,
            Some(Known::Reply) => self.reply_command(command).await,
            Some(Known::Tickets) => self.tickets_command(command).await,
            Some(Known::MyTickets) => self.my_tickets_command(command).await,
            Some(Known::Cancel) => self.cancel_command(command).await,
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
