//! `/membre`: find a member, read their record, and change what they are. In private only.

use serde::{Deserialize, Serialize};
use vigie_domain::authz::{Action as Act, Actor, Object, Role, authz};
use vigie_domain::people::row::role_text;
use vigie_domain::people::{Mandate, Member, Status, Suspension};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId, Lang, MemberId};

use super::import::standing;
use super::sheet::{role_word, shown_name};
use crate::app::buttons::{Action, plant};
use crate::app::error::AppError;
use crate::app::event::{Command, Person, Tap};
use crate::app::outbox::{Button, Class, Message, Target, View};
use crate::app::taps::Answer;
use crate::app::two_persons::{Asked, Proposed};
use crate::app::tx::Tx;

/// Members that are offered.
const MOST_OFFERED: usize = 8;

/// What a button does to a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MemberAct {
    /// Takes every right for a while.
    Suspend,
    /// Gives them back.
    Lift,
    /// Asks whether a bond is to be ended.
    AskEnd(AccountId),
    /// Ends a bond.
    End(AccountId),
    /// Shows the roles that can be given and taken.
    Roles,
    /// Gives a role, from today on.
    Give(Role),
    /// Takes a role, from today on.
    Take(Role),
    /// Asks whether a member is to be expelled.
    AskExpel,
    /// Proposes to expel a member.
    Expel,
}

impl Tx<'_> {
    /// `/membre NOM|NUMERO|mail|téléphone`.
    pub(crate) async fn member_command(&mut self, command: &Command) -> Result<(), AppError> {
        let Some(person) = self.reader_of_members(command, Act::ReadMembers).await? else {
            return Ok(());
        };
        if command.args.is_empty() {
            return self.answer(command, Text::MembersUsage.into()).await;
        }
        let found = self
            .app()
            .find_members(&command.args, MOST_OFFERED + 1)
            .await?;
        match found.as_slice() {
            [] => self.answer(command, Text::MembersNobody.into()).await,
            [only] => {
                self.read_member(&person, command.said.place.chat, &only.id)
                    .await?;
                let view = View::Member {
                    id: only.id.clone(),
                    opener: Some(person.account),
                };
                let lang = self.lang(&person).await?;
                let target = Target::ReplyTo(command.said.message);
                self.show(command.said.place.chat, view, target, lang).await
            }
            several => self.offer_members(command, &person, several).await,
        }
    }

    /// Who may read here: a person, in private, with the right to. Everybody else is answered.
    pub(super) async fn reader_of_members(
        &mut self,
        command: &Command,
        act: Act,
    ) -> Result<Option<Person>, AppError> {
        let Some(person) = self.in_private(command).await? else {
            return Ok(None);
        };
        let allowed = self.allowed(command, act, Object::Cooperative).await?;
        Ok(allowed.map(|_| person))
    }

    async fn offer_members(
        &mut self,
        command: &Command,
        person: &Person,
        found: &[Member],
    ) -> Result<(), AppError> {
        let more = found.len() > MOST_OFFERED;
        let key = match more {
            true => Text::MembersMany,
            false => Text::MembersSeveral,
        };
        let mut message = Message::of(Say::new(key));
        message.lang = Some(self.lang(person).await?);
        message.reply_to = Some(command.said.message);
        for member in found.iter().take(MOST_OFFERED) {
            let view = View::Member {
                id: member.id.clone(),
                opener: Some(person.account),
            };
            let chat = command.said.place.chat;
            let key = plant(self, Some(chat), Some(person.account), Action::Open(view))?;
            let label = Say::new(Text::MembersChoice)
                .with("name", shown_name(member))
                .with("number", Arg::Text(member.id.0.clone()));
            message.buttons.push(vec![Button { label, key }]);
        }
        self.say_at(command.said.place, Class::Answer, message)
    }

    /// Notes that somebody reads a record.
    pub(crate) async fn read_member(
        &mut self,
        person: &Person,
        chat: ChatId,
        id: &MemberId,
    ) -> Result<(), AppError> {
        let object = format!("member {id}");
        self.audit(person, chat.into(), "read-member", &object, ("", ""))
            .await
    }

    /// The buttons below a record, for who may change it.
    pub(crate) async fn member_buttons(
        &mut self,
        chat: ChatId,
        id: &MemberId,
        opener: Option<AccountId>,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        let (Some(account), Some(member)) = (opener, self.member(id).await?) else {
            return Ok(Vec::new());
        };
        let person = Person {
            account,
            first_name: String::new(),
            lang: Lang::default(),
        };
        let actor = self.actor(&person).await?;
        if authz(&actor, Act::ChangeMembers, Object::Cooperative).is_err() {
            return Ok(Vec::new());
        }
        let mut rows = Vec::new();
        if member.status == Status::Active {
            let (label, act) = match member.suspended {
                Some(_) => (Text::MembersButtonLift, MemberAct::Lift),
                None => (Text::MembersButtonSuspend, MemberAct::Suspend),
            };
            let roles = (Say::new(Text::MembersButtonRoles), MemberAct::Roles);
            rows.push(vec![(label.into(), act), roles]);
            let expel = Say::new(Text::MembersButtonExpel);
            rows.push(vec![(expel, MemberAct::AskExpel)]);
        }
        for bond in self.bonds_on(id).await? {
            if bond.ended.is_none() && rows.len() < MOST_OFFERED {
                let label = Say::new(Text::MembersButtonEnd)
                    .with("account", Arg::Text(bond.account.to_string()));
                rows.push(vec![(label, MemberAct::AskEnd(bond.account))]);
            }
        }
        self.member_rows(chat, account, id, rows)
    }

    fn member_rows(
        &mut self,
        chat: ChatId,
        account: AccountId,
        id: &MemberId,
        rows: Vec<Vec<(Say, MemberAct)>>,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        let mut planted = Vec::new();
        for row in rows {
            let mut buttons = Vec::new();
            for (label, act) in row {
                let member = id.clone();
                let action = Action::Member { member, act };
                let key = plant(self, Some(chat), Some(account), action)?;
                buttons.push(Button { label, key });
            }
            planted.push(buttons);
        }
        Ok(planted)
    }

    /// A press below a record.
    pub(crate) async fn member_act(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        (id, act): (&MemberId, &MemberAct),
        lang: Lang,
    ) -> Result<Answer, AppError> {
        if let Err(denied) = authz(actor, Act::ChangeMembers, Object::Cooperative) {
            return Ok(Answer::refusal(self.refusal(&denied).await?));
        }
        let Some((chat, message)) = tap.on else {
            return Ok(Answer::refusal(Text::TapUnknown));
        };
        let Some(member) = self.member(id).await? else {
            return Ok(Answer::refusal(Text::MembersGone));
        };
        let own = self.bonds_of(tap.from.account).await?;
        if own.iter().any(|bond| bond.member == *id) {
            return Ok(Answer::refusal(Text::MembersNotYourself));
        }
        match act {
            MemberAct::Roles => {
                return self.role_choice(tap, chat, &member, lang).await;
            }
            MemberAct::AskEnd(account) => {
                let say =
                    Say::new(Text::MembersSureEnd).with("account", Arg::Text(account.to_string()));
                return self.ask_sure(tap, (chat, lang), id, (say, MemberAct::End(*account)));
            }
            MemberAct::AskExpel => {
                let say =
                    Say::new(Text::MembersSureExpel).with("member", self.member_named(id).await?);
                return self.ask_sure(tap, (chat, lang), id, (say, MemberAct::Expel));
            }
            MemberAct::Expel => {
                let member = id.clone();
                return self.proposed(tap, chat, Proposed::Expel { member }).await;
            }
            MemberAct::Give(role @ (Role::Administrator | Role::Auditor)) => {
                let (member, role) = (id.clone(), role.clone());
                return self
                    .proposed(tap, chat, Proposed::Give { member, role })
                    .await;
            }
            MemberAct::Suspend
            | MemberAct::Lift
            | MemberAct::End(_)
            | MemberAct::Give(_)
            | MemberAct::Take(_) => {}
        }
        let done = self.change_member(tap, chat, member, act).await?;
        if let MemberAct::Suspend | MemberAct::Lift = act {
            let view = View::Member {
                id: id.clone(),
                opener: Some(tap.from.account),
            };
            self.show(chat, view, Target::Edit(message), lang).await?;
        }
        Ok(match done {
            true => Answer::toast(Text::MembersDone),
            false => Answer::toast(Text::MembersAlready),
        })
    }

    /// Changes a record or a bond at once. `false`: it was so already.
    async fn change_member(
        &mut self,
        tap: &Tap,
        chat: ChatId,
        mut member: Member,
        act: &MemberAct,
    ) -> Result<bool, AppError> {
        let today = self.today();
        let before = member.clone();
        let word = match act {
            MemberAct::Suspend => {
                let since = self.now();
                member
                    .suspended
                    .get_or_insert(Suspension { since, until: None });
                "suspend-member"
            }
            MemberAct::Lift => {
                member.suspended = None;
                "lift-suspension"
            }
            MemberAct::Give(role) => {
                let holds = member.roles.contains(role)
                    || member
                        .mandates
                        .iter()
                        .any(|mandate| mandate.role == *role && mandate.holds(today));
                if !holds {
                    member.mandates.push(Mandate {
                        role: role.clone(),
                        from: Some(today),
                        until: None,
                    });
                }
                "give-role"
            }
            MemberAct::Take(role) => {
                member.roles.remove(role);
                for mandate in &mut member.mandates {
                    if mandate.role == *role && mandate.until.is_none_or(|until| today < until) {
                        mandate.until = Some(today);
                    }
                }
                "take-role"
            }
            MemberAct::End(account) => {
                let ended = self.end_bond(*account, &member.id, "officer").await?;
                if ended {
                    let object = format!("member {} account {account}", member.id);
                    self.audit(&tap.from, chat.into(), "end-bond", &object, ("", "ended"))
                        .await?;
                    let name = Arg::Name(self.card_name(&member).await?);
                    let say = Say::new(Text::FarewellLinkEnded).with("member", name);
                    let lang = self.lang_of_account(*account).await?;
                    let to = ChatId(account.0);
                    self.tells(to, lang, Class::Service, vec![say], vec![])?;
                }
                return Ok(ended);
            }
            MemberAct::AskEnd(_) | MemberAct::Roles | MemberAct::AskExpel | MemberAct::Expel => {
                return Ok(false);
            }
        };
        if member == before {
            return Ok(false);
        }
        let object = format!("member {}", member.id);
        let suspended = |member: &Member| match member.suspended {
            Some(_) => format!("{}, suspended", standing(member)),
            None => standing(member),
        };
        let change = (suspended(&before), suspended(&member));
        self.put_member(&member).await?;
        self.audit(
            &tap.from,
            chat.into(),
            word,
            &object,
            (&change.0, &change.1),
        )
        .await?;
        Ok(true)
    }

    async fn proposed(
        &mut self,
        tap: &Tap,
        chat: ChatId,
        what: Proposed,
    ) -> Result<Answer, AppError> {
        let asked = self.asks_a_second(&tap.from, chat.into(), what, "").await?;
        Ok(match asked {
            Asked::Waits => Answer::refusal(Text::MembersProposed),
            Asked::Done => Answer::refusal(Text::SecondDoneNow),
            Asked::OwnMatter => Answer::refusal(Text::MembersNotYourself),
            Asked::Void => Answer::refusal(Text::SecondVoid),
        })
    }

    fn ask_sure(
        &mut self,
        tap: &Tap,
        (chat, lang): (ChatId, Lang),
        id: &MemberId,
        (say, act): (Say, MemberAct),
    ) -> Result<Answer, AppError> {
        let mut message = Message::of(say);
        message.lang = Some(lang);
        let yes = vec![vec![(Say::new(Text::MembersButtonYes), act)]];
        message.buttons = self.member_rows(chat, tap.from.account, id, yes)?;
        self.say_at(chat.into(), Class::Answer, message)?;
        Ok(Answer::quiet())
    }

    /// The roles that a member has or may get, each as a button.
    async fn role_choice(
        &mut self,
        tap: &Tap,
        chat: ChatId,
        member: &Member,
        lang: Lang,
    ) -> Result<Answer, AppError> {
        let today = self.today();
        let mut offered = vec![Role::ActiveMember];
        offered.extend(member.sector.clone().map(Role::SectorReferent));
        offered.extend([
            Role::Board,
            Role::Trainee,
            Role::SupervisoryCouncil,
            Role::Administrator,
            Role::Auditor,
        ]);
        let held: Vec<Role> = member
            .mandates
            .iter()
            .filter(|mandate| mandate.holds(today))
            .map(|mandate| mandate.role.clone())
            .chain(member.roles.iter().cloned())
            .filter(|role| *role != Role::Member)
            .collect();
        for role in &held {
            if !offered.contains(role) && offered.len() < 2 * MOST_OFFERED {
                offered.push(role.clone());
            }
        }
        offered.sort_by_key(role_text);
        let rows = offered.into_iter().map(|role| {
            let (label, act) = match held.contains(&role) {
                true => (Text::MembersButtonTake, MemberAct::Take(role.clone())),
                false => (Text::MembersButtonGive, MemberAct::Give(role.clone())),
            };
            vec![(Say::new(label).with("role", role_word(&role)), act)]
        });
        let rows = rows.collect();
        let say =
            Say::new(Text::MembersRoleChoice).with("member", self.member_named(&member.id).await?);
        let mut message = Message::of(say);
        message.lang = Some(lang);
        message.buttons = self.member_rows(chat, tap.from.account, &member.id, rows)?;
        self.say_at(chat.into(), Class::Answer, message)?;
        Ok(Answer::quiet())
    }
}
