//! Bodies of hooks become decisions: several small ones share a commit, a large one takes several.

use vigie_domain::SourceId;
use vigie_domain::alert::Alert;
use vigie_store::Key;

use crate::app::error::AppError;
use crate::app::event::{Envelope, Event};
use crate::app::inbox::RawHook;
use crate::app::tx::Tx;
use crate::app::{App, MOST_CONFLICTS, keys};

/// Reads or writes after which a decision is committed: an alert adds some thirty at most.
const FULL: usize = 55;

/// Where the work on a list of hooks stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Position {
    hook: usize,
    alert: usize,
}

impl App {
    /// Handles hooks in order.
    pub(in crate::app) async fn handle_hooks(&self, hooks: Vec<Envelope>) -> Result<(), AppError> {
        let mut position = Position {
            hook: 0,
            alert: self.done_before(hooks.first()).await?,
        };
        while position.hook < hooks.len() {
            position = self.handle_some(&hooks, position).await?;
        }
        Ok(())
    }

    /// Alerts of a hook that an earlier start has handled.
    async fn done_before(&self, first: Option<&Envelope>) -> Result<usize, AppError> {
        let Some(row) = first.and_then(|envelope| envelope.inbox.as_ref()) else {
            return Ok(0);
        };
        let raw: Option<RawHook> = self.read(row).await?;
        Ok(raw.map_or(0, |raw| usize::try_from(raw.done).unwrap_or(0)))
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
    async fn work(&mut self, hooks: &[Envelope], from: Position) -> Result<Position, AppError> {
        let mut here = from;
        while let Some(envelope) = hooks.get(here.hook) {
            let Event::Alerts { source, alerts, .. } = &envelope.event else {
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
                if let Some((row, mut raw)) = raw {
                    raw.done = here.alert as u64;
                    self.put(row.clone(), &raw)?;
                }
                return Ok(here);
            }
            if let Some((row, raw)) = raw {
                self.hook_done(row, &raw);
            }
            here = Position {
                hook: here.hook + 1,
                alert: 0,
            };
            if self.size() > FULL {
                return Ok(here);
            }
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
            if self.size() > FULL {
                return Ok(number);
            }
            self.alert(source, alert, envelope.at).await?;
        }
        Ok(alerts.len())
    }

    fn hook_done(&mut self, row: &Key, raw: &RawHook) {
        self.delete(row.clone());
        if let Some((name, count)) = raw.parts {
            for number in 0..count {
                self.delete(keys::hook_part(name, number));
            }
        }
    }
}
