//! Topics of their own: where a group is a forum and asked for it, each card has a topic that is
//! made before its first message, named after what failed, and closed when all of it is over.
//!
//! The row of a card does one call at a time, each claimed and settled like any sending. What is
//! still to be done is read from the card, so that a crash between two calls loses nothing. A
//! topic of which it is not known whether it was made is not made again: the card then goes where
//! it would go without one.

use serde::{Deserialize, Serialize};
use vigie_domain::group::{Group, Topics};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{CardId, ChatId, ThreadId};

use super::cards::Card;
use super::error::AppError;
use super::keys;
use super::outbox::{Class, Message, Outgoing, Row, Verdict};
use super::tx::Tx;

/// Topics made for one card: who deletes them all does not want one.
const MOST: u32 = 3;

/// The topic of a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardTopic {
    /// How far it is.
    pub stage: Stage,
    /// Whether its name says that everything is over.
    pub says_over: bool,
    /// Whether the card has had a message in it.
    pub used: bool,
    /// Topics made for this card so far.
    pub made: u32,
    /// Where the card goes without a topic of its own.
    pub else_in: Option<ThreadId>,
}

/// How far a topic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// It is to be made.
    Wanted,
    /// It is there.
    Open,
    /// It is there and closed.
    Closed,
    /// There is none, and there will be none.
    Without,
}

/// Something to be done with a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TopicCall {
    /// Make it.
    Create,
    /// Open it again.
    Reopen,
    /// Give it the name that says how things stand.
    Rename,
    /// Close it.
    Close,
}

impl TopicCall {
    /// Whether it comes before the message of the card is sent or edited.
    #[must_use]
    pub const fn comes_first(self) -> bool {
        matches!(self, Self::Create | Self::Reopen)
    }
}

/// How a call about a topic ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TopicEnd {
    /// Done; the number of a topic that was made.
    Done(Option<ThreadId>),
    /// The topic is gone.
    Gone,
    /// We may not do that there, or the group has no topics.
    Refused,
}

impl CardTopic {
    /// The topic of a card that is opened in this group.
    #[must_use]
    pub fn wanted_by(group: &Group) -> Option<Self> {
        (group.topics == Topics::On).then_some(Self {
            stage: Stage::Wanted,
            says_over: false,
            used: false,
            made: 0,
            else_in: group.thread,
        })
    }

    /// Whether it was made and nothing has been said in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stage == Stage::Open && !self.used
    }
}

impl Card {
    /// What is to be done next with the topic of this card.
    #[must_use]
    pub fn topic_call(&self) -> Option<TopicCall> {
        let (topic, over) = (self.topic.as_ref()?, self.live == 0);
        match topic.stage {
            Stage::Wanted if self.message.is_none() && !over => Some(TopicCall::Create),
            Stage::Closed if !over => Some(TopicCall::Reopen),
            Stage::Open if self.message.is_none() => None,
            Stage::Open if topic.says_over != over => Some(TopicCall::Rename),
            Stage::Open if over => Some(TopicCall::Close),
            Stage::Wanted | Stage::Open | Stage::Closed | Stage::Without => None,
        }
    }

    /// The thread of its own topic, while it can be written to.
    #[must_use]
    pub fn own_thread(&self) -> Option<ThreadId> {
        let open = self.topic.as_ref()?.stage == Stage::Open;
        self.place.thread.filter(|_| open)
    }

    /// The topic of this card is no more: a new one is made for what lasts, within bounds.
    fn topic_is_gone(&mut self) {
        let over = self.live == 0;
        let Some(topic) = &mut self.topic else {
            self.place.thread = None;
            return;
        };
        let again = topic.stage != Stage::Without && topic.made < MOST && !over;
        topic.stage = if again { Stage::Wanted } else { Stage::Without };
        self.place.thread = match topic.stage {
            // The place it would otherwise have may be a topic that is gone, too.
            Stage::Without if self.place.thread == topic.else_in => None,
            _ => topic.else_in,
        };
        if again {
            self.message = None;
            self.looks = None;
        }
    }

    fn without_topic(&mut self) {
        if let Some(topic) = &mut self.topic {
            topic.stage = Stage::Without;
            // What has a message in a topic that is there stays in it.
            if self.message.is_none() {
                self.place.thread = topic.else_in;
            }
        }
    }

    /// Whether the call in flight, if there was one, was to make a topic.
    fn makes_topic(&self) -> bool {
        let wanted = |topic: &CardTopic| topic.stage == Stage::Wanted;
        self.message.is_none() && self.topic.as_ref().is_some_and(wanted)
    }

    fn topic_did(&mut self, call: TopicCall, end: &TopicEnd) {
        let Some(topic) = &mut self.topic else { return };
        match (end, call) {
            (TopicEnd::Gone, _) => self.topic_is_gone(),
            (TopicEnd::Refused, _) => self.without_topic(),
            (TopicEnd::Done(made), TopicCall::Create) => {
                topic.stage = if made.is_some() {
                    Stage::Open
                } else {
                    Stage::Without
                };
                topic.made += 1;
                topic.used = false;
                topic.says_over = false;
                self.place.thread = made.or(topic.else_in);
            }
            (TopicEnd::Done(_), TopicCall::Reopen) => topic.stage = Stage::Open,
            // If it changed again meanwhile, the card is stale and its name is looked at again.
            (TopicEnd::Done(_), TopicCall::Rename) => topic.says_over = !topic.says_over,
            (TopicEnd::Done(_), TopicCall::Close) => topic.stage = Stage::Closed,
        }
    }
}

impl Outgoing {
    /// The card of this conversation beside which it is read: it goes where the card is.
    #[must_use]
    pub fn beside_card(&self, chat: ChatId) -> Option<CardId> {
        match self {
            Self::Names(card) | Self::Reminder(card) => Some(*card),
            Self::Say(message) => message.reply_to_card,
            Self::Call(called) => called.beside_card(chat),
            _ => None,
        }
    }
}

impl Tx<'_> {
    /// What the end of a sending means for the topic of a card. Returned is whether that is all
    /// that it means.
    pub(crate) async fn settle_topic(
        &mut self,
        row: &Row,
        verdict: &Verdict,
    ) -> Result<bool, AppError> {
        let chat = row.place.chat;
        let (id, is_card) = match (&row.what, row.what.beside_card(chat)) {
            (Outgoing::Card(card), _) => (*card, true),
            (_, Some(card)) => (card, false),
            (_, None) => return Ok(false),
        };
        let key = keys::card(chat, id);
        let Some(mut card) = self.get::<Card>(&key).await? else {
            return Ok(false);
        };
        let makes_topic = card.makes_topic();
        let Some(topic) = &mut card.topic else {
            return Ok(false);
        };
        let topic_only = match verdict {
            Verdict::Topic(call, end) => {
                card.topic_did(*call, end);
                if *end == TopicEnd::Refused {
                    self.no_topics(chat, *call).await?;
                }
                true
            }
            // Better no topic than two: it is not known whether there is one.
            Verdict::Unknown if is_card && makes_topic => {
                card.without_topic();
                true
            }
            Verdict::TopicClosed if topic.stage == Stage::Open => {
                topic.stage = Stage::Closed;
                false
            }
            Verdict::TopicClosed if topic.stage == Stage::Closed => return Ok(false),
            Verdict::TopicGone | Verdict::TopicClosed => {
                card.topic_is_gone();
                false
            }
            Verdict::Done(Some(_)) | Verdict::Shows(..) if is_card && !topic.used => {
                topic.used = true;
                false
            }
            _ => return Ok(false),
        };
        self.put(key, &card)?;
        let lost = matches!(verdict, Verdict::TopicGone | Verdict::TopicClosed);
        if lost && !is_card {
            self.card_changed(chat, id, Class::Alert).await?;
        }
        Ok(topic_only)
    }

    /// Whether something is still to be done with the topic of a card.
    pub(crate) async fn topic_lags(&mut self, row: &Row) -> Result<bool, AppError> {
        let Outgoing::Card(id) = row.what else {
            return Ok(false);
        };
        let card: Option<Card> = self.get(&keys::card(row.place.chat, id)).await?;
        Ok(card.is_some_and(|card| card.topic_call().is_some()))
    }

    /// A group takes no topics from us: kept in its record, and told once where faults are mended.
    async fn no_topics(&mut self, chat: ChatId, call: TopicCall) -> Result<(), AppError> {
        let key = keys::group(chat);
        let Some(mut group) = self.get::<Group>(&key).await? else {
            return Ok(());
        };
        if group.topics != Topics::On {
            return Ok(());
        }
        group.topics = Topics::Refused;
        self.put(key, &group)?;
        tracing::warn!(chat = chat.0, ?call, "the group takes no topics from us");
        let say = Say::new(Text::TopicRefused).with("group", Arg::Name(group.title));
        for to in self.who_mends(chat).await? {
            self.say(to, Class::Service, Message::of(say.clone()))?;
        }
        Ok(())
    }
}

impl super::App {
    /// The thread of the topic in which a card is read, while it has one of its own.
    ///
    /// # Errors
    /// The store failed.
    pub async fn thread_of_card(
        &self,
        chat: ChatId,
        card: CardId,
    ) -> Result<Option<ThreadId>, AppError> {
        let card: Option<Card> = self.read(&keys::card(chat, card)).await?;
        Ok(card.and_then(|card| card.own_thread()))
    }
}
