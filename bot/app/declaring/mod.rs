//! What people declare of their own connection: `/panne`, or plain words in private.
//!
//! The answer comes at once, from what is known of the way up from their link. What nobody knows
//! yet becomes a ticket after a few questions, and counts: several declarations behind one piece
//! of equipment are an alert of ours ([`possible`]), so that its card is a card like any other.

mod answer;
mod back;
mod counting;
mod dialogue;
mod records;
mod steps;
mod ticket;

use serde::{Deserialize, Serialize};
use vigie_domain::declaring::Trouble;
use vigie_domain::text::Key as Text;
use vigie_domain::{AccountId, ChatId, EquipmentId, Fingerprint, MemberId};

use super::buttons::{self, Action};
use super::error::AppError;
use super::event::{Command, Person, Said, Sender, Tap};
use super::outbox::{Button, Class, Message};
use super::taps::Answer;
use super::tx::Tx;

pub(crate) use counting::is_possible;
pub use counting::possible;
pub use records::{Declaration, MyLink};
pub use steps::{Asked, Draft, Question};

/// What comes after `/start` in the address of the button that leads from a group to us.
const START: &str = "panne";

/// What a button does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wish {
    /// It is about this one of one's links.
    Link(MyLink),
    /// This is wrong.
    Trouble(Trouble),
    /// It began then.
    Since(Ago),
    /// This question is left out.
    Skip(Question),
    /// The outage that is known is not what is meant.
    Other(MyLink),
    /// To be told when it is back, also at night.
    TellMe(MyLink),
    /// It is back, or not.
    Back {
        /// Whose link.
        link: MyLink,
        /// Whether it is.
        is: bool,
    },
}

/// Since when, as buttons offer it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ago {
    /// A moment ago.
    Now,
    /// Today.
    Today,
    /// Yesterday.
    Yesterday,
}

/// What is to be done at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Something explains a possible outage: it is none of its own any more.
    Explained(EquipmentId),
    /// An outage is over: those who declared it are asked, after this row.
    Ask {
        /// The equipment.
        id: EquipmentId,
        /// Where an earlier commit stopped.
        after: Option<vigie_store::Key>,
    },
    /// Nobody has declared anything of a possible outage for long.
    Quiet(EquipmentId),
    /// A declaration is old.
    Forget(MyLink),
}

impl Step {
    /// What names it among what is due.
    pub(crate) fn subject(&self) -> String {
        match self {
            Self::Explained(id) => format!("explained:{id}"),
            Self::Ask { id, after } => {
                let mark = after
                    .as_ref()
                    .map_or(0, |key| super::keys::mark(key.as_bytes()));
                format!("ask:{id}:{mark:016x}")
            }
            Self::Quiet(id) => format!("quiet:{id}"),
            Self::Forget(link) => format!("forget:{}:{}", link.member, link.name),
        }
    }
}

/// The name of the alert that says that members behind a piece of equipment declare an outage.
pub(crate) fn reports_of(id: &EquipmentId) -> Fingerprint {
    Fingerprint(format!("reports/{id}"))
}

impl Tx<'_> {
    /// `/panne`.
    pub(crate) async fn declare_command(&mut self, command: &Command) -> Result<(), AppError> {
        let Sender::Person(person) = &command.from else {
            return self
                .answer(command, Text::CommandProveYourself.into())
                .await;
        };
        if !command.said.private {
            return self.declare_in_private(command).await;
        }
        let said = command.said;
        self.begin_declaring(person, said, &command.args, None)
            .await
    }

    /// A command in a group is answered with the way to the private conversation: what somebody's
    /// connection does is nobody else's matter.
    async fn declare_in_private(&mut self, command: &Command) -> Result<(), AppError> {
        let mut message = Message::of(Text::DeclaringInPrivate.into());
        message.lang = Some(self.reader(command).await?);
        message.reply_to = Some(command.said.message);
        message.buttons = vec![vec![Button {
            label: Text::DeclaringButtonPrivate.into(),
            key: self.app().address_of_ours(&format!("?start={START}")),
        }]];
        self.say_at(command.said.place, Class::Answer, message)
    }

    /// `/start` from the button in a group. `false`: nothing of ours.
    pub(crate) async fn declaring_started(&mut self, command: &Command) -> Result<bool, AppError> {
        let Sender::Person(person) = &command.from else {
            return Ok(false);
        };
        if !command.said.private || command.args != START {
            return Ok(false);
        }
        let said = command.said;
        self.begin_declaring(person, said, "", None).await?;
        Ok(true)
    }

    /// Plain words in private that say that a connection does not work. `false`: they do not.
    pub(crate) async fn declared_in_words(
        &mut self,
        from: &Sender,
        said: Said,
        text: &str,
    ) -> Result<bool, AppError> {
        let (Sender::Person(person), true) = (from, said.private) else {
            return Ok(false);
        };
        let understood = self.settings().declaring.plain_words;
        let Some(heard) = vigie_domain::declaring::hear(text).filter(|_| understood) else {
            return Ok(false);
        };
        self.begin_declaring(person, said, text, Some(heard.trouble))
            .await?;
        Ok(true)
    }

    /// A button.
    pub(crate) async fn declaring_tap(
        &mut self,
        tap: &Tap,
        wish: Wish,
    ) -> Result<Answer, AppError> {
        match wish {
            Wish::Back { link, is } => self.back_said(&tap.from, &link, is).await,
            Wish::TellMe(link) => self.tell_when_back(&tap.from, &link).await,
            Wish::Other(link) => self.another_trouble(&tap.from, link).await,
            Wish::Link(link) => self.link_chosen(&tap.from, link).await,
            Wish::Trouble(trouble) => self.trouble_chosen(&tap.from, trouble).await,
            Wish::Since(ago) => self.since_chosen(&tap.from, ago).await,
            Wish::Skip(question) => self.skipped(&tap.from, question).await,
        }
    }

    /// Something is due.
    pub(crate) async fn declaring_step(&mut self, step: Step) -> Result<(), AppError> {
        match step {
            Step::Explained(id) => self.reports_explained(&id).await,
            Step::Ask { id, after } => self.ask_who_declared(&id, after.as_ref()).await,
            Step::Quiet(id) => self.reports_quiet(&id).await,
            Step::Forget(link) => self.declaration_is_old(&link).await,
        }
    }

    fn declaring_button(
        &mut self,
        account: AccountId,
        label: impl Into<vigie_domain::text::Say>,
        wish: Wish,
    ) -> Result<Button, AppError> {
        let chat = ChatId(account.0);
        let key = buttons::plant(self, Some(chat), Some(account), Action::Declaring(wish))?;
        Ok(Button {
            label: label.into(),
            key,
        })
    }

    /// Says something about a declaration to whoever made it.
    async fn tell_declarer(
        &mut self,
        person: &Person,
        said: Option<Said>,
        (say, buttons): (Vec<vigie_domain::text::Say>, Vec<Vec<Button>>),
    ) -> Result<(), AppError> {
        let mut message = Message::of_several(say);
        message.lang = Some(self.lang(person).await?);
        message.reply_to = said.map(|said| said.message);
        message.buttons = buttons;
        self.say(ChatId(person.account.0), Class::Answer, message)
    }

    /// Whether an account still speaks for a member.
    async fn speaks_for(
        &mut self,
        account: AccountId,
        member: &MemberId,
    ) -> Result<bool, AppError> {
        let bonds = self.bonds_of(account).await?;
        Ok(bonds.iter().any(|bond| bond.member == *member))
    }
}
