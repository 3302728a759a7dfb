//! What needs two administrators: one proposes, another person agrees. Rights are read again when
//! the second one presses.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::authz::{Action as Act, Actor, Object, Role, authz};
use vigie_domain::people::{Mandate, Status};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId, Lang, MemberId, Place};
use vigie_store::Key;

use super::sheet::role_word;
use crate::app::buttons::{Action, plant};
use crate::app::error::AppError;
use crate::app::event::{Person, Tap};
use crate::app::outbox::{Button, Class, Message};
use crate::app::taps::Answer;
use crate::app::tx::Tx;

/// How long a proposal waits for the second person.
const WAITS: TimeDelta = TimeDelta::hours(72);
/// Administrators that are asked.
const MOST_ASKED: usize = 12;

/// What is proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Proposed {
    /// A member gets a role.
    Give {
        /// Who.
        member: MemberId,
        /// Which role.
        role: Role,
    },
    /// A member is expelled.
    Expel {
        /// Who.
        member: MemberId,
    },
}

impl Proposed {
    /// In fixed words, for the audit log.
    fn text(&self) -> String {
        match self {
            Self::Give { member, role } => {
                let role = vigie_domain::people::row::role_text(role);
                format!("give {role} to member {member}")
            }
            Self::Expel { member } => format!("expel member {member}"),
        }
    }
}

/// A proposal that waits for a second person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// What.
    pub what: Proposed,
    /// Who proposed it.
    pub by: AccountId,
    /// Their first name.
    pub name: String,
    /// Until when it waits.
    pub expires_at: DateTime<Utc>,
}

crate::record_v1!(Proposal);

fn proposal_key(id: u64) -> Key {
    Key::of("tp/").u64(id).end()
}

impl Tx<'_> {
    /// Asks every other administrator to agree; returned is how many were asked.
    pub(crate) async fn propose(
        &mut self,
        person: &Person,
        place: Place,
        what: Proposed,
    ) -> Result<usize, AppError> {
        let id = self.random_number().unsigned_abs();
        let asked = self.other_administrators(person.account).await?;
        let proposal = Proposal {
            what,
            by: person.account,
            name: person.first_name.clone(),
            expires_at: self.now() + WAITS,
        };
        for account in &asked {
            let mut message = Message::of_several(vec![
                Say::new(Text::MembersSecondAsked)
                    .with("name", Arg::Text(proposal.name.clone()))
                    .with("until", Arg::At(proposal.expires_at)),
                self.proposed_say(&proposal.what).await?,
            ]);
            let reader = Person {
                account: *account,
                first_name: String::new(),
                lang: Lang::default(),
            };
            message.lang = Some(self.lang(&reader).await?);
            let chat = ChatId(account.0);
            let mut row = Vec::new();
            for (label, agrees) in [
                (Text::MembersSecondYes, true),
                (Text::MembersSecondNo, false),
            ] {
                let action = Action::Second {
                    proposal: id,
                    agrees,
                };
                let key = plant(self, Some(chat), Some(*account), action)?;
                let label = label.into();
                row.push(Button { label, key });
            }
            message.buttons.push(row);
            self.say_at(chat.into(), Class::Service, message)?;
        }
        self.put(proposal_key(id), &proposal)?;
        let object = proposal.what.text();
        self.audit(person, place, "propose", &object, ("", "waits"))
            .await?;
        Ok(asked.len())
    }

    /// The accounts of administrators that are not this person's.
    async fn other_administrators(&mut self, but: AccountId) -> Result<Vec<AccountId>, AppError> {
        let mut asked = Vec::new();
        for account in self.administrators().await? {
            if !self.same_person(account, but).await? {
                asked.push(account);
            }
        }
        asked.truncate(MOST_ASKED);
        Ok(asked)
    }

    /// The accounts of administrators, by the configuration and by their records.
    pub(crate) async fn administrators(&mut self) -> Result<Vec<AccountId>, AppError> {
        let mut found: Vec<AccountId> = self.settings().administrators.clone();
        for member in self.app().members_with(&Role::Administrator).await? {
            let bonds = self.bonds_on(&member.id).await?;
            found.extend(bonds.into_iter().map(|bond| bond.account));
        }
        found.sort_unstable();
        found.dedup();
        let mut may = Vec::new();
        for account in found {
            if self
                .account_may(account, Act::ChangeMembers, Object::Cooperative)
                .await?
            {
                may.push(account);
            }
        }
        Ok(may)
    }

    async fn proposed_say(&mut self, what: &Proposed) -> Result<Say, AppError> {
        Ok(match what {
            Proposed::Give { member, role } => Say::new(Text::MembersProposedGive)
                .with("member", self.member_named(member).await?)
                .with("role", role_word(role)),
            Proposed::Expel { member } => Say::new(Text::MembersProposedExpel)
                .with("member", self.member_named(member).await?),
        })
    }

    /// "I agree" or "I refuse" of the second person.
    pub(crate) async fn second_by_button(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        id: u64,
        agrees: bool,
    ) -> Result<Answer, AppError> {
        if let Err(denied) = authz(actor, Act::ChangeMembers, Object::Cooperative) {
            return Ok(Answer::refusal(self.refusal(&denied).await?));
        }
        let key = proposal_key(id);
        let known: Option<Proposal> = self.get(&key).await?;
        let Some(proposal) = known.filter(|proposal| proposal.expires_at > self.now()) else {
            return Ok(Answer::refusal(Text::MembersSecondOver));
        };
        let others = self.other_administrators(proposal.by).await?;
        if !others.contains(&tap.from.account) {
            return Ok(Answer::refusal(Text::MembersSecondSame));
        }
        // Who proposed it must still be allowed to.
        let holds = self
            .account_may(proposal.by, Act::ChangeMembers, Object::Cooperative)
            .await?;
        self.delete(key);
        let place = tap
            .on
            .map_or(ChatId(tap.from.account.0), |(chat, _)| chat)
            .into();
        let object = proposal.what.text();
        let (word, outcome, key) = match (agrees, holds) {
            (true, true) => ("agree", "done", Text::MembersSecondDone),
            (true, false) => ("agree", "void", Text::MembersSecondOver),
            (false, _) => ("refuse", "refused", Text::MembersSecondRefused),
        };
        self.audit(&tap.from, place, word, &object, ("waits", outcome))
            .await?;
        if agrees && holds {
            self.carry_out(&proposal.what).await?;
        }
        let told = Say::new(key).with("name", Arg::Text(tap.from.first_name.clone()));
        let mut message = Message::of_several(vec![told, self.proposed_say(&proposal.what).await?]);
        let proposer = Person {
            account: proposal.by,
            first_name: proposal.name,
            lang: Lang::default(),
        };
        message.lang = Some(self.lang(&proposer).await?);
        self.say_at(ChatId(proposal.by.0).into(), Class::Service, message)?;
        Ok(Answer::toast(match (agrees, holds) {
            (true, true) => Text::MembersDone,
            (true, false) => Text::MembersSecondOver,
            (false, _) => Text::MembersSecondNoted,
        }))
    }

    async fn carry_out(&mut self, what: &Proposed) -> Result<(), AppError> {
        let today = self.today();
        match what {
            Proposed::Give { member, role } => {
                let Some(mut record) = self.member(member).await? else {
                    return Ok(());
                };
                record.mandates.push(Mandate {
                    role: role.clone(),
                    from: Some(today),
                    until: None,
                });
                self.put_member(&record).await
            }
            Proposed::Expel { member } => {
                let Some(mut record) = self.member(member).await? else {
                    return Ok(());
                };
                record.status = Status::Expelled;
                self.put_member(&record).await?;
                for bond in self.bonds_on(member).await? {
                    self.end_bond(bond.account, member, "expelled").await?;
                }
                Ok(())
            }
        }
    }
}
