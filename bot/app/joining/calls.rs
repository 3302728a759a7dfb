//! What is done in groups, and what its outcome means.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::group::Group;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId, Lang};

use super::records::{self, LinkOf, MayIn, NoTags};
use crate::app::error::AppError;
use crate::app::event::May;
use crate::app::keys;
use crate::app::outbox::{Button, Class, Doubt, Message, Outgoing, Row, Verdict};
use crate::app::tx::Tx;

/// Something to do in a conversation that is no message of ours. Done twice, it is as done once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Call {
    /// Let somebody in who asks.
    Admit(AccountId),
    /// Do not.
    Decline(AccountId),
    /// Remove somebody for good.
    Ban(AccountId),
    /// Remove somebody who may return.
    Remove(AccountId),
    /// Let somebody return.
    Unban(AccountId),
    /// Make a link by which people ask to be let in.
    Link {
        /// Its name, which comes back with each request.
        name: String,
        /// Until when it opens.
        until: Option<DateTime<Utc>>,
        /// Who asked for it, and their language.
        asker: (AccountId, Lang),
    },
    /// Put a label on somebody.
    Tag {
        /// On whom.
        account: AccountId,
        /// At most 16 characters.
        tag: String,
    },
    /// Send a document that the messenger has already.
    Document {
        /// The messenger's name for it.
        file: String,
        /// What is said of it.
        caption: String,
    },
    /// Send a file of any kind that the messenger has already.
    File {
        /// What kind of file.
        kind: crate::app::event::FileKind,
        /// The messenger's name for it.
        file: String,
        /// What is said of it, where its kind takes words.
        caption: String,
    },
}

impl Call {
    /// Whom it is about.
    #[must_use]
    pub const fn account(&self) -> Option<AccountId> {
        match self {
            Self::Admit(account)
            | Self::Decline(account)
            | Self::Ban(account)
            | Self::Remove(account)
            | Self::Unban(account)
            | Self::Tag { account, .. } => Some(*account),
            Self::Link { asker, .. } => Some(asker.0),
            Self::Document { .. } | Self::File { .. } => None,
        }
    }
}

impl Tx<'_> {
    pub(super) fn call_for(&mut self, chat: ChatId, what: Call) -> Result<(), AppError> {
        let what = Outgoing::Do(what);
        let row = Row::new(
            chat.into(),
            what,
            Class::Service,
            self.now(),
            Doubt::SendAgain,
        );
        self.append(keys::outbox_messages(), &self.fresh(row))
    }

    /// Something was done, or could not be.
    pub(in crate::app) async fn call_ended(
        &mut self,
        chat: ChatId,
        call: &Call,
        verdict: &Verdict,
    ) -> Result<(), AppError> {
        match (call, verdict) {
            (Call::Link { name, until, asker }, Verdict::Link(url)) => {
                let link = LinkOf {
                    url: url.clone(),
                    until: *until,
                    asked: 0,
                    came: 0,
                };
                self.link_made(chat, name, *asker, link).await
            }
            (Call::Tag { .. }, Verdict::Refused(why)) if why.contains("method not found") => {
                self.put(records::no_tags(), &NoTags)
            }
            (Call::Tag { .. } | Call::Document { .. } | Call::File { .. }, _) => Ok(()),
            (Call::Ban(_) | Call::Remove(_), Verdict::Refused(_)) => {
                // An owner or administrator of the group: people must do that.
                self.tell_menders(chat, Text::JoiningCannotRemove).await
            }
            _ => Ok(()),
        }
    }

    /// We lack a right: told once, and what is to be done waits for it.
    pub(in crate::app) async fn call_waits(
        &mut self,
        chat: ChatId,
        call: &Call,
    ) -> Result<(), AppError> {
        if matches!(
            call,
            Call::Tag { .. } | Call::Document { .. } | Call::File { .. }
        ) {
            return Ok(());
        }
        let key = records::may_in(chat);
        let mut known: MayIn = self.get(&key).await?.unwrap_or_default();
        let mut row = Row::new(
            chat.into(),
            Outgoing::Do(call.clone()),
            Class::Service,
            self.now(),
            Doubt::SendAgain,
        );
        row.not_before = Some(DateTime::<Utc>::MAX_UTC);
        let account = call.account().unwrap_or(AccountId(0));
        let waiting = records::waiting_call(chat, account);
        self.put(waiting, &row)?;
        if known.told {
            return Ok(());
        }
        known.told = true;
        known.may = May::default();
        self.put(key, &known)?;
        self.tell_menders(chat, Text::JoiningNoRight).await
    }

    pub(super) async fn tell_menders(&mut self, chat: ChatId, what: Text) -> Result<(), AppError> {
        let group: Option<Group> = self.get(&keys::group(chat)).await?;
        let title = group.map_or_else(String::new, |group| group.title);
        for to in self.who_mends(chat).await? {
            let say = Say::new(what).with("group", Arg::Name(title.clone()));
            self.say(to, Class::Service, Message::of(say))?;
        }
        Ok(())
    }

    /// What we may do in a group, as the messenger tells it. What waited for a right is done.
    pub(in crate::app) async fn we_may(&mut self, chat: ChatId, may: May) -> Result<(), AppError> {
        let key = records::may_in(chat);
        let before: Option<MayIn> = self.get(&key).await?;
        if before.is_none_or(|before| before.may != may || before.told) {
            let told = before.is_some_and(|before| before.told) && !(may.invite && may.remove);
            self.put(key, &MayIn { may, told })?;
        }
        if may.invite || may.remove {
            for (key, mut row) in self.all::<Row>(&records::waiting_calls(chat)).await? {
                if row.waits_for_a_sign() && self.size() < 60 {
                    row.not_before = None;
                    self.put(key, &row)?;
                }
            }
        }
        self.founding_goes_on(chat, may).await
    }

    /// A button that opens an address.
    pub(super) fn opens(label: Say, address: String) -> Button {
        Button {
            label,
            key: address,
        }
    }
}
