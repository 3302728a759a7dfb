//! The way out: rows are claimed before they are sent and settled by how the sending ended.

use chrono::{DateTime, Utc};
use futures::stream::BoxStream;
use vigie_domain::ChatId;
use vigie_store::{Batch, Cond, Key, Op, Outcome, Rev, WatchItem};

use super::cards::Card;
use super::error::AppError;
use super::outbox::{BrokenBy, Doubt, Message, Outgoing, Row, RowState, Verdict};
use super::tx::{Tx, commit, decode, encode, scan};
use super::{App, keys};

crate::record_v1!(Row);

/// Rows claimed in one commit.
const CLAIMS_PER_COMMIT: usize = 48;

/// A row, where it is stored, and the revision it was read at.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// Its key.
    pub key: Key,
    /// Revision of its last write.
    pub rev: Rev,
    /// The row.
    pub row: Row,
}

/// What the outbox worker is told.
#[derive(Clone, Debug, PartialEq)]
pub enum OutboxChange {
    /// A row is there, or changed.
    Put(Box<Stored>),
    /// A row is gone.
    Gone(Key),
    /// Changes were missed: read all rows again.
    Reload,
}

impl App {
    /// All rows, and the revision from which to watch.
    ///
    /// # Errors
    /// The store failed.
    pub async fn outbox_rows(&self) -> Result<(Rev, Vec<Stored>), AppError> {
        let from = self.store.durable_rev(self.shard).await?;
        let mut rows = Vec::new();
        for (key, _) in scan(self, &keys::outbox()).await? {
            match self.outbox_row(&key).await {
                Ok(row) => rows.extend(row),
                Err(error) if error.is_own() => {
                    tracing::error!(%error, "a row of the outbox cannot be read; it is left out");
                }
                Err(error) => return Err(error),
            }
        }
        Ok((from, rows))
    }

    /// One row as it is now.
    ///
    /// # Errors
    /// The store failed, or the row cannot be read.
    pub async fn outbox_row(&self, key: &Key) -> Result<Option<Stored>, AppError> {
        let entry = self
            .store
            .get(self.shard, std::slice::from_ref(key))
            .await?
            .pop()
            .flatten();
        entry
            .map(|entry| {
                let row = decode(key, &entry.value)?;
                Ok(Stored {
                    key: key.clone(),
                    rev: entry.rev,
                    row,
                })
            })
            .transpose()
    }

    /// Changes of rows after a revision, as they become durable.
    ///
    /// # Errors
    /// The store failed.
    pub async fn watch_outbox(
        &self,
        from: Rev,
    ) -> Result<BoxStream<'static, Result<OutboxChange, AppError>>, AppError> {
        use futures::StreamExt as _;
        let changes = self.store.watch(self.shard, keys::outbox(), from).await?;
        Ok(changes
            .map(|item| match item {
                WatchItem::Change {
                    rev,
                    key,
                    value: Some(value),
                } => {
                    let row = decode(&key, &value)?;
                    Ok(OutboxChange::Put(Box::new(Stored { key, rev, row })))
                }
                WatchItem::Change {
                    key, value: None, ..
                } => Ok(OutboxChange::Gone(key)),
                WatchItem::Gap { .. } => Ok(OutboxChange::Reload),
            })
            .boxed())
    }

    /// Claims rows before they are sent: after a crash it is known that they may have been sent.
    /// Returned are those that are ours, as they stand after the claim; others changed meanwhile.
    ///
    /// # Errors
    /// The store failed: send nothing.
    pub async fn claim(&self, rows: Vec<Stored>) -> Result<Vec<Stored>, AppError> {
        let mut claimed = Vec::new();
        for some in rows.chunks(CLAIMS_PER_COMMIT) {
            claimed.extend(self.claim_some(some.to_vec()).await?);
        }
        Ok(claimed)
    }

    async fn claim_some(&self, mut rows: Vec<Stored>) -> Result<Vec<Stored>, AppError> {
        let now = self.now();
        loop {
            if rows.is_empty() {
                return Ok(rows);
            }
            let mut conds = Vec::new();
            let mut ops = Vec::new();
            let mut claimed = Vec::new();
            for stored in &rows {
                let mut row = stored.row.clone();
                row.state = RowState::Sending(now);
                row.attempts += 1;
                row.stale = false;
                conds.push(Cond::At(stored.key.clone(), stored.rev));
                ops.push(Op::Put(stored.key.clone(), encode(&stored.key, &row)?));
                claimed.push(Stored {
                    key: stored.key.clone(),
                    rev: stored.rev,
                    row,
                });
            }
            let batch = Batch {
                shard: self.shard,
                id: self.chance.bytes(),
                conds,
                ops,
            };
            match commit(&*self.store, batch).await? {
                Outcome::Applied(rev) => {
                    claimed.iter_mut().for_each(|stored| stored.rev = rev);
                    return Ok(claimed);
                }
                Outcome::Conflict { cond, .. } => {
                    rows.remove(cond.min(rows.len() - 1));
                }
            }
        }
    }
}

/// Conflicts after which settling gives up: each is another writer that got further.
const MOST_CONFLICTS: u32 = 20;

impl App {
    /// Settles a row by how its sending ended, and returns at which revision. `address` is the number it was sent to;
    /// `next_try` is when to try again where the verdict gives no time.
    ///
    /// # Errors
    /// The store failed: the row stays claimed and is in doubt after the next start.
    pub async fn settle(
        &self,
        key: &Key,
        address: i64,
        verdict: &Verdict,
        next_try: DateTime<Utc>,
    ) -> Result<Rev, AppError> {
        for _ in 0..MOST_CONFLICTS {
            let mut tx = Tx::new(self);
            let Some(row) = tx.get::<Row>(key).await? else {
                return Ok(0);
            };
            tx.settle(key, row, address, verdict, next_try).await?;
            if let Some(rev) = tx.commit().await? {
                return Ok(rev);
            }
        }
        Err(AppError::Contended(MOST_CONFLICTS))
    }

    /// At start-up: rows that were being sent when the program stopped are in doubt.
    ///
    /// # Errors
    /// The store failed.
    pub async fn settle_doubts(&self) -> Result<usize, AppError> {
        let (_, rows) = self.outbox_rows().await?;
        let doubtful: Vec<Stored> = rows
            .into_iter()
            .filter(|stored| matches!(stored.row.state, RowState::Sending(_)))
            .collect();
        let count = doubtful.len();
        for stored in doubtful {
            self.settle(&stored.key, 0, &Verdict::Unknown, self.now())
                .await?;
        }
        Ok(count)
    }
}

impl Tx<'_> {
    async fn settle(
        &mut self,
        key: &Key,
        mut row: Row,
        address: i64,
        verdict: &Verdict,
        next_try: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let chat = row.place.chat;
        if let Outgoing::Do(call) = &row.what {
            let call = call.clone();
            if *verdict == Verdict::ChatBroken(BrokenBy::NoRights) {
                // What is missing for this may be there for messages.
                self.delete(key.clone());
                return self.call_waits(chat, &call).await;
            }
            self.call_ended(chat, &call, verdict).await?;
        }
        if let (Outgoing::Door, Verdict::Shows(..) | Verdict::Done(_) | Verdict::MessageGone) =
            (&row.what, verdict)
        {
            self.door_shown(chat, verdict).await?;
        }
        if let Outgoing::Ticket(number) = row.what {
            self.ticket_card_shown(number, (chat, address), verdict)
                .await?;
        }
        if let (Outgoing::Say(said), Verdict::Done(Some(message))) = (&row.what, verdict) {
            self.ticket_message_sent(said, chat, *message)?;
        }
        if self.settle_topic(&row, verdict).await? {
            row.state = RowState::Pending;
            row.not_before = None;
            row.stale = false;
            return self.put(key.clone(), &row);
        }
        if let Outgoing::Card(id) = row.what {
            self.settle_card(keys::card(chat, id), address, verdict)
                .await?;
        }
        if matches!(verdict, Verdict::Done(_) | Verdict::Shows(..)) && self.topic_lags(&row).await?
        {
            row.stale = true;
        }
        match verdict {
            Verdict::Moved(new) => self.chat_moved(ChatId(address), *new).await?,
            Verdict::TopicGone | Verdict::TopicClosed => row.place.thread = None,
            Verdict::ChatBroken(by) => {
                if let Some(group) = self.get(&keys::group(chat)).await? {
                    self.chat_broken(chat, group, *by).await?;
                } else if chat.0 > 0 {
                    self.missed(chat, &row).await?;
                    self.ticket_not_told(chat, &row.what).await?;
                    if let Outgoing::Call(called) = &row.what {
                        self.cannot_go(called.chat, called.card).await?;
                    }
                    self.said_instead(&row).await?;
                }
            }
            _ => {}
        }
        match settled(row, verdict, next_try) {
            Some(row) => self.put(key.clone(), &row),
            None => {
                self.delete(key.clone());
                Ok(())
            }
        }
    }

    /// Says in a group, or to administrators, what could not be said to a person.
    async fn said_instead(&mut self, row: &Row) -> Result<(), AppError> {
        if let Outgoing::Say(Message {
            unreached: Some(say),
            ..
        }) = &row.what
        {
            self.tell_administrators(Message::of((**say).clone()))
                .await?;
        }
        let Outgoing::Say(Message {
            instead: Some((group, say)),
            ..
        }) = &row.what
        else {
            return Ok(());
        };
        if !self.may_greet_here(*group).await? {
            return Ok(());
        }
        self.say(*group, row.class, Message::of((**say).clone()))
    }

    async fn settle_card(
        &mut self,
        key: Key,
        address: i64,
        verdict: &Verdict,
    ) -> Result<(), AppError> {
        let Some(mut card) = self.get::<Card>(&key).await? else {
            return Ok(());
        };
        match verdict {
            // Nothing was sent.
            Verdict::Done(None) => return Ok(()),
            Verdict::Done(Some(message)) => {
                card.message = Some((address, *message));
                card.looks = None;
            }
            Verdict::Shows(message, look) => {
                card.message = Some((address, *message));
                card.looks = Some(*look);
            }
            Verdict::MessageGone => {
                card.message = None;
                card.looks = None;
            }
            Verdict::TopicGone | Verdict::TopicClosed if card.topic.is_none() => {
                card.place.thread = None;
            }
            Verdict::TopicGone | Verdict::TopicClosed => return Ok(()),
            Verdict::Unknown if card.message.is_none() => card.orphans += 1,
            // What was sent may have arrived for all we know.
            _ if card.looks.take().is_none() => return Ok(()),
            _ => {}
        }
        self.put(key, &card)
    }
}

/// What becomes of a row after a sending; `None`: it is done with.
fn settled(mut row: Row, verdict: &Verdict, next_try: DateTime<Utc>) -> Option<Row> {
    let again = match verdict {
        Verdict::Done(_)
        | Verdict::Shows(..)
        | Verdict::Link(_)
        | Verdict::TooLate
        | Verdict::Refused(_) => {
            if !row.stale {
                return None;
            }
            None
        }
        Verdict::Later(at) => Some(*at),
        Verdict::MessageGone
        | Verdict::TopicGone
        | Verdict::TopicClosed
        | Verdict::Topic(..)
        | Verdict::Moved(_) => None,
        Verdict::ChatBroken(by) if by.can_mend() && matches!(row.what, Outgoing::Card(_)) => {
            Some(DateTime::<Utc>::MAX_UTC)
        }
        Verdict::ChatBroken(_) => return None,
        Verdict::Unknown if row.doubt == Doubt::Drop => return None,
        Verdict::Unknown => {
            row.state = RowState::Repeat;
            row.doubtful = true;
            row.not_before = Some(next_try);
            return Some(row);
        }
    };
    if matches!(
        verdict,
        Verdict::Done(_) | Verdict::Shows(..) | Verdict::MessageGone
    ) {
        row.doubtful = false;
    }
    row.state = RowState::Pending;
    row.not_before = again;
    row.stale = false;
    Some(row)
}
