//! Bodies of hooks become decisions: several small ones share a commit, a large one takes several.

use vigie_domain::SourceId;
use vigie_domain::alert::Alert;
use vigie_store::Key;

use super::closing::MANY;
use crate::app::cards::Card;
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::event::{Envelope, Event};
use crate::app::inbox::RawHook;
use crate::app::outbox::Class;
use crate::app::tx::Tx;
use crate::app::{App, MOST_CONFLICTS, keys};

/// Parts of a body that are removed in one commit.
const FULL: usize = 35;

/// Where the work on a list of hooks stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Position {
    hook: usize,
    alert: usize,
}

impl App {
    /// Handles hooks in order. A hook that an earlier start has handled in part is handled anew:
    /// what is told twice changes nothing.
    pub(in crate::app) async fn handle_hooks(
        &self,
        mut hooks: Vec<Envelope>,
    ) -> Result<(), AppError> {
        let mut tx = Tx::new(self);
        for envelope in &mut hooks {
            if let Event::Alerts { alerts, .. } = &mut envelope.event {
                tx.parents_first(alerts).await?;
            }
        }
        let mut position = Position { hook: 0, alert: 0 };
        while position.hook < hooks.len() {
            position = self.handle_some(&hooks, position).await?;
        }
        Ok(())
    }

    async fn handle_some(&self, hooks: &[Envelope], from: Position) -> Result<Position, AppError> {
        for _ in 0..MOST_CONFLICTS {
            let mut tx = Tx::new(self);
            let position = tx.work(hooks, from).await?;
            if tx.commit().await?.is_some() {
                return Ok(position);
            }
        }
        Err(AppError::Contended(MOST_CONFLICTS))
    }
}

impl Tx<'_> {
    /// Sources order their alerts by label. What is above is told first, so that what is below is
    /// never announced as a cause of its own. Alerts of one equipment keep their order.
    async fn parents_first(&mut self, alerts: &mut Vec<Alert>) -> Result<(), AppError> {
        if alerts.len() < 2 {
            return Ok(());
        }
        let mut deep = Vec::with_capacity(alerts.len());
        for alert in alerts.drain(..) {
            let id = self.equipment_of(&alert).await?;
            deep.push((self.above(&id).await?.len(), alert));
        }
        deep.sort_by_key(|(depth, _)| *depth);
        alerts.extend(deep.into_iter().map(|(_, alert)| alert));
        Ok(())
    }

    async fn work(&mut self, hooks: &[Envelope], from: Position) -> Result<Position, AppError> {
        let mut here = from;
        while let Some(envelope) = hooks.get(here.hook) {
            if !self.begin_part() {
                return Ok(here);
            }
            let Event::Alerts {
                source,
                alerts,
                left_out,
            } = &envelope.event
            else {
                here = Position {
                    hook: here.hook + 1,
                    alert: 0,
                };
                continue;
            };
            let raw = match &envelope.inbox {
                Some(row) => match self.get::<RawHook>(row).await? {
                    Some(raw) => Some((row, raw)),
                    None => {
                        here = Position {
                            hook: here.hook + 1,
                            alert: 0,
                        };
                        continue;
                    }
                },
                None => None,
            };
            here.alert = self.alerts(source, alerts, envelope, here.alert).await?;
            if here.alert < alerts.len() {
                return Ok(here);
            }
            if let Some(last) = alerts.last() {
                self.left_out(last, *left_out).await?;
            }
            if let Some((row, raw)) = raw {
                self.hook_done(row, &raw)?;
            }
            here = Position {
                hook: here.hook + 1,
                alert: 0,
            };
        }
        Ok(here)
    }

    async fn alerts(
        &mut self,
        source: &SourceId,
        alerts: &[Alert],
        envelope: &Envelope,
        from: usize,
    ) -> Result<usize, AppError> {
        for (number, alert) in alerts.iter().enumerate().skip(from) {
            if !self.begin_part() {
                return Ok(number);
            }
            self.alert(source, alert, envelope.at).await?;
        }
        Ok(alerts.len())
    }

    /// The source left alerts out of its message: the cards of what it did tell say so.
    async fn left_out(&mut self, told: &Alert, count: u64) -> Result<(), AppError> {
        let id = self.equipment_of(told).await?;
        let cause = self.cause_of(&id).await?;
        for (chat, carrier) in self.chats_showing(&cause).await? {
            let key = keys::card(chat, carrier.0);
            let shown: Option<Card> = self.peek(&key).await?;
            if shown.is_none_or(|card| card.left_out == count) {
                continue;
            }
            if self.part() > MANY {
                // Sources repeat what they left out; the other groups read it then.
                return Ok(());
            }
            if let Some(mut card) = self.get::<Card>(&key).await? {
                card.left_out = count;
                self.put(key, &card)?;
                self.card_changed(chat, carrier.0, Class::Alert).await?;
            }
        }
        Ok(())
    }

    fn hook_done(&mut self, row: &Key, raw: &RawHook) -> Result<(), AppError> {
        self.delete(row.clone());
        match raw.parts {
            Some((name, count)) => self.plan(self.now(), Due::HookParts { name, count }),
            None => Ok(()),
        }
    }

    /// Removes the parts of a body that is handled: the last ones first, as many as a commit holds.
    pub(crate) fn remove_parts(&mut self, name: u64, count: u64) -> Result<(), AppError> {
        let rest = count.saturating_sub(FULL as u64);
        for number in rest..count {
            self.delete(keys::hook_part(name, number));
        }
        match rest {
            0 => Ok(()),
            count => self.plan(self.now(), Due::HookParts { name, count }),
        }
    }
}
