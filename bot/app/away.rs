//! People who blocked us: nothing is tried for them until they return, and then they are told what
//! they missed.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::ChatId;
use vigie_domain::text::{Arg, Key as Text, Say};

use super::error::AppError;
use super::outbox::{Class, Message, Row};
use super::tx::Tx;
use super::{App, keys};

/// Somebody who cannot be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Away {
    /// Since when we know.
    pub since: DateTime<Utc>,
    /// Messages that did not reach them, answers aside: those they asked for and will again.
    pub missed: u32,
}

crate::record_v1!(Away);

impl App {
    /// Whether this is the private conversation of somebody who cannot be written to.
    ///
    /// # Errors
    /// The store failed.
    pub async fn is_away(&self, chat: ChatId) -> Result<bool, AppError> {
        Ok(chat.0 > 0 && self.read::<Away>(&keys::away(chat)).await?.is_some())
    }
}

impl Tx<'_> {
    /// Somebody blocked us.
    pub(crate) async fn went_away(&mut self, chat: ChatId) -> Result<(), AppError> {
        let away = self.away(chat).await?;
        self.put(keys::away(chat), &away)
    }

    /// A message did not reach somebody who cannot be written to.
    pub(crate) async fn missed(&mut self, chat: ChatId, row: &Row) -> Result<(), AppError> {
        let mut away = self.away(chat).await?;
        if row.class != Class::Answer {
            away.missed = away.missed.saturating_add(1);
        }
        self.put(keys::away(chat), &away)
    }

    async fn away(&mut self, chat: ChatId) -> Result<Away, AppError> {
        let known: Option<Away> = self.get(&keys::away(chat)).await?;
        Ok(known.unwrap_or_else(|| Away {
            since: self.now(),
            missed: 0,
        }))
    }

    /// Somebody can be written to again: they unblocked us, or write to us.
    pub(crate) async fn returned(&mut self, chat: ChatId) -> Result<(), AppError> {
        let key = keys::away(chat);
        let Some(away) = self.get::<Away>(&key).await? else {
            return Ok(());
        };
        self.delete(key);
        if away.missed == 0 {
            return Ok(());
        }
        let say = Say::new(Text::GroupMissed)
            .with("count", Arg::Number(i64::from(away.missed)))
            .with("since", Arg::At(away.since));
        self.say(chat, Class::Service, Message::of(say))
    }
}
