//! Cards: one message per group and cause, edited while the cause changes.
//!
//! A card normally has one cause. When outages come faster than new messages may
//! ([`Settings::new_cards_per_minute`](super::settings::Settings)), the next causes join the card
//! opened last, so that a storm costs the readers a bounded number of messages.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::alert::{Severity, Taken};
use vigie_domain::group::Group;
use vigie_domain::{CardId, ChatId, EquipmentId, MessageId, Place};

use super::buttons::{self, Action, OfCard};
use super::error::AppError;
use super::keys;
use super::outbox::{Class, Doubt, Look, Outgoing, Row, RowState};
use super::topics::CardTopic;
use super::tx::Tx;

/// A card of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Its number.
    pub id: CardId,
    /// Where it goes.
    pub place: Place,
    /// The group's number in which it has a message, and that message.
    pub message: Option<(i64, MessageId)>,
    /// How that message looks, where that is known: nothing since then may have changed it.
    #[serde(default)]
    pub looks: Option<Look>,
    /// First messages of which it is not known whether they arrived: each may stand in the group
    /// under a number that only a press on its buttons tells.
    #[serde(default)]
    pub orphans: u32,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// Causes that last.
    pub live: u32,
    /// Causes in all.
    pub causes: u32,
    /// What its buttons carry.
    pub keys: CardKeys,
    /// Alerts that the source left out.
    pub left_out: u64,
    /// Whether its first message makes no sound.
    pub silent: bool,
    /// Whether its names are to be attached as a file, or are attached.
    pub names_asked: bool,
    /// Who has taken the causes that were on it at that time.
    pub taken: Option<Taken>,
    /// From when on outages that came back are still to be said.
    #[serde(default)]
    pub again_from: Option<DateTime<Utc>>,
    /// The topic of its own, where its group wants one.
    #[serde(default)]
    pub topic: Option<CardTopic>,
}

impl Card {
    /// Who has taken this cause: whoever pressed after it came onto the card.
    #[must_use]
    pub fn taken_by<'t>(&'t self, cause: &'t Cause) -> Option<&'t Taken> {
        let here = self.taken.as_ref();
        let taken = here.filter(|taken| cause.joined_at <= taken.at);
        taken.or(cause.taken.as_ref())
    }
}

/// Opaque keys of a card's buttons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum CardKeys {
    /// One record for all of them, as every new card has.
    One(String),
    /// A record for each, as cards had before.
    Each {
        /// "I take it".
        take: String,
        /// "Silence 1 h".
        silence: String,
        /// "Details".
        details: String,
    },
}

impl CardKeys {
    /// What a button carries.
    pub(crate) fn of(&self, button: OfCard) -> String {
        match (self, button) {
            (Self::One(key), button) => button.key(key),
            (Self::Each { take, .. }, OfCard::Take) => take.clone(),
            (Self::Each { silence, .. }, OfCard::Silence) => silence.clone(),
            (Self::Each { details, .. }, OfCard::Details) => details.clone(),
        }
    }
}

/// A cause on a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// The equipment that failed.
    pub root: EquipmentId,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Worst alert of the episode.
    pub severity: Severity,
    /// When it came onto the card.
    pub joined_at: DateTime<Utc>,
    /// How it ended, if it did.
    pub end: Option<End>,
    /// When it came back, if it did.
    #[serde(default)]
    pub again_at: Option<DateTime<Utc>>,
    /// Who has taken it in another group.
    #[serde(default)]
    pub taken: Option<Taken>,
}

/// How a cause left a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum End {
    /// It is over.
    Over(DateTime<Utc>),
    /// It is part of the outage of this equipment above it.
    Covered(EquipmentId),
}

/// Number of the card that carries a cause in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carrier(pub CardId);

/// New messages about outages in a group during the last minute.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flood {
    /// When they were asked for, and by which card.
    pub recent: Vec<(DateTime<Utc>, CardId)>,
}

/// The card that told the last end of a cause in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastCard {
    /// The card.
    pub card: CardId,
    /// When.
    pub at: DateTime<Utc>,
}

crate::record_v1!(Card, Cause, Carrier, Flood, LastCard);

impl Flood {
    /// The card to join because no new message may be sent now.
    fn full(&self, now: DateTime<Utc>, most: u32) -> Option<CardId> {
        let minute = TimeDelta::minutes(1);
        let recent = self.recent.iter().filter(|(at, _)| now - *at < minute);
        let full = recent.count() >= usize::try_from(most.max(1)).unwrap_or(usize::MAX);
        let last = self.recent.last().filter(|_| full);
        last.map(|(_, card)| *card)
    }

    /// The last card, if it was opened within that time.
    fn last(&self, now: DateTime<Utc>, within: TimeDelta) -> Option<CardId> {
        let last = self.recent.last().filter(|(at, _)| now - *at < within);
        last.map(|(_, card)| *card)
    }

    /// A card is opened.
    fn opened(&mut self, now: DateTime<Utc>, card: CardId) {
        self.recent
            .retain(|(at, _)| now - *at < TimeDelta::minutes(1));
        self.recent.push((now, card));
    }
}

/// A cause that needs to be seen in a group.
pub(crate) struct NewCause<'c> {
    pub place: Place,
    pub root: &'c EquipmentId,
    pub since: DateTime<Utc>,
    pub severity: Severity,
    pub silent: bool,
}

impl Tx<'_> {
    /// Makes a cause visible in a group: on the card that carries it, else on a new card, else on
    /// the last card if no new message may be sent.
    pub(crate) async fn show_cause(&mut self, new: &NewCause<'_>) -> Result<(), AppError> {
        let chat = new.place.chat;
        if let Some(Carrier(card)) = self.get(&keys::card_of(new.root, chat)).await? {
            return self.card_changed(chat, card, Class::Alert).await;
        }
        if let Some(mut card) = self.card_of_late(new.root, chat).await? {
            let told = card.message.is_some();
            self.join_card(&mut card, new).await?;
            if told {
                self.plan_again(chat, card.id).await?;
            }
            let class = if told { Class::Alert } else { Class::First };
            return self.card_changed(chat, card.id, class).await;
        }
        let now = self.now();
        let mut flood: Flood = self.get(&keys::flood(chat)).await?.unwrap_or_default();
        let mut card = self.card_to_join(chat, &flood).await?;
        let class = if card.is_some() {
            Class::Alert
        } else {
            Class::First
        };
        if card.is_none() {
            let opened = self.open_card(new).await?;
            flood.opened(now, opened.id);
            card = Some(opened);
        }
        self.put(keys::flood(chat), &flood)?;
        let Some(mut card) = card else { return Ok(()) };
        self.join_card(&mut card, new).await?;
        self.card_changed(chat, card.id, class).await
    }

    /// The card opened last: where no new message may be sent, or where what is told now belongs
    /// to what it tells and that still lasts.
    async fn card_to_join(
        &mut self,
        chat: ChatId,
        flood: &Flood,
    ) -> Result<Option<Card>, AppError> {
        let now = self.now();
        if let Some(last) = flood.full(now, self.settings().new_cards_per_minute) {
            return self.get(&keys::card(chat, last)).await;
        }
        let within = TimeDelta::seconds(i64::from(self.together_s));
        let Some(last) = flood.last(now, within) else {
            return Ok(None);
        };
        let card: Option<Card> = self.get(&keys::card(chat, last)).await?;
        Ok(card.filter(|card| card.live > 0))
    }

    /// The card that told of an outage of the same equipment a moment ago.
    async fn card_of_late(
        &mut self,
        root: &EquipmentId,
        chat: ChatId,
    ) -> Result<Option<Card>, AppError> {
        let late = TimeDelta::seconds(i64::from(self.settings().same_card_s));
        let last: Option<LastCard> = self.peek(&keys::last_card(root, chat)).await?;
        match last.filter(|last| self.now() - last.at < late) {
            Some(last) => self.get(&keys::card(chat, last.card)).await,
            None => Ok(None),
        }
    }

    async fn open_card(&mut self, new: &NewCause<'_>) -> Result<Card, AppError> {
        let id = CardId(self.random_number());
        let chat = new.place.chat;
        let key = buttons::plant(self, Some(chat), None, Action::Card { chat, card: id })?;
        let group: Option<Group> = self.peek(&keys::group(chat)).await?;
        let card = Card {
            id,
            place: new.place,
            message: None,
            looks: None,
            orphans: 0,
            opened_at: self.now(),
            live: 0,
            causes: 0,
            keys: CardKeys::One(key),
            left_out: 0,
            silent: new.silent,
            names_asked: false,
            taken: None,
            again_from: None,
            topic: group.as_ref().and_then(CardTopic::wanted_by),
        };
        self.put(keys::card(chat, id), &card)?;
        self.plan_repeat(&card, new.root).await?;
        Ok(card)
    }

    /// Puts a cause on a card.
    pub(crate) async fn join_card(
        &mut self,
        card: &mut Card,
        new: &NewCause<'_>,
    ) -> Result<(), AppError> {
        let chat = card.place.chat;
        let key = keys::cause(chat, card.id, new.root);
        let before: Option<Cause> = self.get(&key).await?;
        card.live += 1;
        card.causes += u32::from(before.is_none());
        let cause = Cause {
            root: new.root.clone(),
            since: new.since,
            severity: new.severity,
            joined_at: self.now(),
            end: None,
            again_at: before.map(|_| self.now()),
            taken: None,
        };
        self.put(key, &cause)?;
        self.put(keys::card_of(new.root, chat), &Carrier(card.id))?;
        self.put(keys::card(chat, card.id), card)?;
        // Who is on call is asked far down: on the heap, for the compiler nests futures only so deep.
        Box::pin(self.expect_hands(chat, card.id, new.root)).await
    }

    /// Ends a cause on the card that carries it in a group. Returned is the card and the cause as
    /// it was, if there was one.
    pub(crate) async fn end_cause(
        &mut self,
        root: &EquipmentId,
        chat: ChatId,
        end: End,
    ) -> Result<Option<(Card, Cause)>, AppError> {
        let pointer = keys::card_of(root, chat);
        let Some(Carrier(id)) = self.get(&pointer).await? else {
            return Ok(None);
        };
        self.delete(pointer);
        let (card_key, cause_key) = (keys::card(chat, id), keys::cause(chat, id, root));
        let (Some(mut card), Some(mut cause)) = (
            self.get::<Card>(&card_key).await?,
            self.get::<Cause>(&cause_key).await?,
        ) else {
            return Ok(None);
        };
        if let End::Over(_) = end {
            let last = LastCard {
                card: id,
                at: self.now(),
            };
            self.put(keys::last_card(root, chat), &last)?;
        }
        let was = cause.clone();
        cause.end = Some(end);
        card.live = card.live.saturating_sub(1);
        if card.live == 0 {
            self.delete(keys::climb(chat, id));
        }
        self.put(cause_key, &cause)?;
        self.put(card_key, &card)?;
        self.card_changed(chat, id, Class::Alert).await?;
        Ok(Some((card, was)))
    }

    /// Asks for a card to be brought up to date.
    pub(crate) async fn card_changed(
        &mut self,
        chat: ChatId,
        card: CardId,
        class: Class,
    ) -> Result<(), AppError> {
        let key = keys::outbox_card(chat, card);
        let now = self.now();
        let mut row = match self.get::<Row>(&key).await? {
            Some(row) => row,
            None => {
                let row = Row::new(
                    chat.into(),
                    Outgoing::Card(card),
                    class,
                    now,
                    Doubt::SendAgain,
                );
                return self.put(key, &self.fresh(row));
            }
        };
        row.class = row.class.min(class);
        if row.waits_for_a_sign() {
            // The group could not be written to: each change is worth one try.
            row.not_before = None;
        }
        row.stale = matches!(row.state, RowState::Sending(_));
        self.put(key, &row)
    }
}

#[cfg(test)]
mod tests {
    use vigie_store::Key;
    use vigie_store::record::encode_as;

    use super::*;
    use crate::app::tx::{decode, encode};

    crate::record_v1!(CardKeys);

    #[test]
    fn two_new_messages_a_minute_then_the_last_card_is_joined() {
        let at = |second| DateTime::UNIX_EPOCH + TimeDelta::seconds(second);
        let mut flood = Flood::default();
        for n in 0..2 {
            assert_eq!(flood.full(at(n), 2), None);
            flood.opened(at(n), CardId(n));
        }
        assert_eq!(flood.full(at(59), 2), Some(CardId(1)));
        assert_eq!(flood.full(at(60), 2), None);
        let within = TimeDelta::seconds(10);
        assert_eq!(flood.last(at(10), within), Some(CardId(1)));
        assert_eq!(flood.last(at(11), within), None);
        for n in 2..100 {
            flood.opened(at(n * 60), CardId(n));
            assert!(flood.recent.len() <= 2);
        }
    }

    #[test]
    fn a_card_of_before_keeps_its_three_keys() {
        #[derive(Serialize)]
        struct Before {
            take: &'static str,
            silence: &'static str,
            details: &'static str,
        }
        let before = Before {
            take: "a",
            silence: "b",
            details: "c",
        };
        let place = Key::of("ca/").end();
        let bytes = encode_as(1, &before).unwrap();
        let keys: CardKeys = decode(&place, &bytes).unwrap();
        let all = [OfCard::Take, OfCard::Silence, OfCard::Details].map(|button| keys.of(button));
        assert_eq!(all, ["a", "b", "c"]);
        let one = CardKeys::One("k".to_owned());
        let bytes = encode(&place, &one).unwrap();
        assert_eq!(decode::<CardKeys>(&place, &bytes).unwrap(), one);
        assert_eq!(one.of(OfCard::Details), "kd");
    }
}
