//! Trials of sources: somebody asks from the chat for a test alert, which goes the whole way of a
//! source, from its own words to a card. What is asked for is on disk; whoever knows the formats
//! ([`crate::monitor`]) posts it and its end.

use chrono::{DateTime, TimeDelta, Utc};
use futures::StreamExt as _;
use futures::stream::BoxStream;
use serde::{Deserialize, Serialize};
use vigie_domain::authz::{Action as Act, Actor, Object, authz};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{ChatId, Lang, Place, SourceId};

use super::cards::Card;
use super::error::AppError;
use super::event::Tap;
use super::outbox::{Class, Message};
use super::settings::Way;
use super::taps::Answer;
use super::tx::{Tx, decode, scan};
use super::{App, keys};

/// How long a card is waited for beyond the delay of alerts.
const PATIENCE: TimeDelta = TimeDelta::seconds(60);

/// A test alert that somebody asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// The source.
    pub source: SourceId,
    /// Where its outcome is told.
    pub place: Place,
    /// In which language.
    pub lang: Lang,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// When the alert was posted, once it was.
    pub posted_at: Option<DateTime<Utc>>,
    /// When it ends if no card is seen.
    pub until: DateTime<Utc>,
}

crate::record_v1!(Trial);

impl Trial {
    /// The equipment that the test alert is about: nobody has declared it.
    #[must_use]
    pub fn equipment(&self) -> String {
        format!("essai-{}", self.source)
    }

    /// The source's name for the test alert.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        format!("essai-{}", self.asked_at.timestamp())
    }
}

/// How a trial went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The alert stood on so many cards that were sent.
    Seen(usize),
    /// The format does not read its own words.
    Unreadable,
}

impl App {
    /// The trials that go on.
    ///
    /// # Errors
    /// The store failed.
    pub async fn trials(&self) -> Result<Vec<Trial>, AppError> {
        let rows = scan(self, &keys::trials()).await?;
        rows.iter().map(|(key, value)| decode(key, value)).collect()
    }

    /// Changes of the trials, to wake whoever makes them.
    ///
    /// # Errors
    /// The store failed.
    pub async fn watch_trials(&self) -> Result<BoxStream<'static, ()>, AppError> {
        let from = self.store.durable_rev(self.shard).await?;
        let changes = self.store.watch(self.shard, keys::trials(), from).await?;
        Ok(changes.map(|_| ()).boxed())
    }

    /// The alert of a trial is on disk.
    ///
    /// # Errors
    /// The store failed: it is posted again, which changes nothing.
    pub async fn trial_posted(&self, trial: &Trial) -> Result<(), AppError> {
        let _deciding = self.deciding.lock().await;
        let mut tx = Tx::new(self);
        let now = tx.now();
        let delay = i64::from(tx.policy().await?.alerts.delay_s);
        let posted = Trial {
            posted_at: Some(now),
            until: now + TimeDelta::seconds(delay) + PATIENCE,
            ..trial.clone()
        };
        tx.put(keys::trial(&trial.source), &posted)?;
        tx.commit().await.map(|_| ())
    }

    /// The cards with the alert of a trial that reached their groups.
    ///
    /// # Errors
    /// The store failed.
    pub async fn trial_cards(&self, trial: &Trial) -> Result<usize, AppError> {
        let mut tx = Tx::new(self);
        let id = tx.equipment_named(&trial.equipment()).await?;
        let cause = tx.cause_of(&id).await?;
        let mut seen = 0;
        for (chat, carrier) in tx.chats_showing(&cause).await? {
            let card: Option<Card> = tx.peek(&keys::card(chat, carrier.0)).await?;
            seen += usize::from(card.is_some_and(|card| card.message.is_some()));
        }
        Ok(seen)
    }

    /// A trial is over: whoever asked for it is told how it went.
    ///
    /// # Errors
    /// The store failed.
    pub async fn trial_over(&self, trial: &Trial, outcome: Outcome) -> Result<(), AppError> {
        let _deciding = self.deciding.lock().await;
        let mut tx = Tx::new(self);
        tx.delete(keys::trial(&trial.source));
        let key = match outcome {
            Outcome::Seen(0) => Text::SourceTrialLost,
            Outcome::Seen(_) => Text::SourceTrialSeen,
            Outcome::Unreadable => Text::SourceTrialUnreadable,
        };
        let mut say = Say::new(key).with("source", Arg::Name(trial.source.to_string()));
        if let Outcome::Seen(count @ 1..) = outcome {
            let count = Arg::Number(i64::try_from(count).unwrap_or(i64::MAX));
            say = say
                .with("equipment", Arg::Name(trial.equipment()))
                .with("count", count);
        }
        let mut message = Message::of(say);
        message.lang = Some(trial.lang);
        tx.say_at(trial.place, Class::Service, message)?;
        tx.commit().await.map(|_| ())
    }
}

impl Tx<'_> {
    /// "Tester": a test alert of this source is asked for.
    pub(crate) async fn try_by_button(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        source: &SourceId,
        lang: Lang,
    ) -> Result<Answer, AppError> {
        if let Err(denied) = authz(actor, Act::TestSource, Object::Cooperative) {
            return Ok(Answer::refusal(denied.say()));
        }
        if self.settings().sources.get(source) != Some(&Way::Posts) {
            return Ok(Answer::refusal(Text::SourceTrialGone));
        }
        let key = keys::trial(source);
        if self.get::<Trial>(&key).await?.is_some() {
            return Ok(Answer::toast(Text::SourceTrialRuns));
        }
        let chat = tap.on.map_or(ChatId(tap.from.account.0), |(chat, _)| chat);
        let trial = Trial {
            source: source.clone(),
            place: chat.into(),
            lang,
            asked_at: self.now(),
            posted_at: None,
            until: self.now(),
        };
        self.put(key, &trial)?;
        self.audit(
            &tap.from,
            chat.into(),
            "test-source",
            source.as_str(),
            ("", ""),
        )
        .await?;
        let delay = i64::from(self.policy().await?.alerts.delay_s);
        Ok(Answer::toast(
            Say::new(Text::SourceTrialBegun)
                .with("equipment", Arg::Text(trial.equipment()))
                .with("delay", Arg::Lasting(delay)),
        ))
    }
}
