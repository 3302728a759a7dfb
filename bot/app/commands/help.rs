//! `/aide`: what this person can do here.

use vigie_domain::authz::{Action, Object, Role, authz};
use vigie_domain::text::{Arg, Key as Text, Say};

use crate::app::error::AppError;
use crate::app::event::{Command, Said, Sender};
use crate::app::outbox::{Class, Message};
use crate::app::tx::Tx;

impl Tx<'_> {
    /// `/aide`, `/help`, `/start`.
    #[expect(clippy::too_many_lines, reason = "one line for each thing one may do")]
    pub(super) async fn help_command(&mut self, command: &Command) -> Result<(), AppError> {
        let actor = self.sender(&command.from).await?;
        let name = match &command.from {
            Sender::Person(person) => person.first_name.clone(),
            Sender::AnonymousAdmin(_) | Sender::NotAPerson => String::new(),
        };
        let greeting = match actor.is_known() {
            true => Say::new(Text::HelpHello).with("name", Arg::Text(name)),
            false => Say::new(Text::HelpHelloVisitor),
        };
        // Referents may do in their sector what they may not everywhere.
        let sector = actor.roles().find_map(|role| match role {
            Role::SectorReferent(sector) => Some(sector),
            _ => None,
        });
        let all = Object::Cooperative;
        let lines = [
            (Action::ReadStatus, all, Text::HelpStatus),
            (Action::ReadEquipment, all, Text::HelpEquipment),
            (Action::ReadStatus, all, Text::HelpMap),
            (Action::ReadHistory, all, Text::HelpHistory),
            (
                Action::TakeOutage,
                Object::Equipment(sector),
                Text::HelpOutage,
            ),
            (
                Action::ChangeAlertSettings,
                Object::Equipment(sector),
                Text::HelpSettings,
            ),
            (
                Action::SilenceOutage,
                Object::Equipment(sector),
                Text::HelpSilence,
            ),
            (
                Action::PlanMaintenance,
                Object::Equipment(sector),
                Text::HelpMaintenance,
            ),
            (Action::TakeTurns, Object::Sector(sector), Text::HelpOnCall),
            (Action::KeepReminders, Object::Group, Text::HelpRemind),
            (Action::WriteTodos, Object::Group, Text::HelpTodo),
            (Action::ReadHelp, all, Text::HelpDeclare),
            (
                Action::DeclareIncident,
                Object::Equipment(sector),
                Text::HelpIncident,
            ),
            (Action::OpenTicket, all, Text::TicketsHelp),
            (
                Action::HandleTickets,
                Object::Sector(sector),
                Text::TicketsHelpTeam,
            ),
            (Action::AnswerPhone, all, Text::PhoneHelp),
            (Action::ReadHelp, all, Text::HelpMe),
            (Action::ReadHelp, all, Text::HelpJoin),
            (Action::Vouch, Object::Group, Text::HelpInvite),
            (Action::ProposeGroup, all, Text::HelpNewGroup),
            (
                Action::ReadJoins,
                Object::Sector(sector),
                Text::HelpRequests,
            ),
            (Action::Expel, all, Text::HelpRemove),
            (Action::LinkByHand, all, Text::SecondHelp),
            (Action::SetWelcome, all, Text::JoiningWelcomeHelp),
            (Action::BindGroup, Object::Group, Text::HelpGroup),
            (Action::ReadSources, all, Text::HelpSources),
            (Action::ReadMembers, all, Text::MembersHelp),
        ];
        let mut say = vec![greeting];
        for (action, object, text) in lines {
            if authz(&actor, action, object).is_ok() {
                say.push(Say::new(text));
            }
        }
        let mut message = Message::of_several(say);
        message.lang = Some(self.reader(command).await?);
        message.reply_to = Some(command.said.message);
        self.say_at(command.said.place, Class::Answer, message)
    }
}

impl Tx<'_> {
    /// Something that is no command: answered in private only, where somebody expects an answer.
    pub(crate) async fn plain_text(&mut self, from: &Sender, said: Said) -> Result<(), AppError> {
        let Sender::Person(person) = from else {
            return Ok(());
        };
        if !said.private {
            return self.seen_in(person, said.place.chat).await;
        }
        let mut message = Message::of(Say::new(Text::HelpUnknownCommand));
        message.lang = Some(self.lang(person).await?);
        message.reply_to = Some(said.message);
        self.say_at(said.place, Class::Answer, message)
    }
}
