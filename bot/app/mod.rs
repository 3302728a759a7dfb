//! Use cases: the only place that loads, decides and commits. It knows the domain and the store
//! port; it knows no messenger, no monitoring format and no clock but through [`ports`].

pub mod absence;
pub mod alerts;
pub mod audit;
pub mod away;
pub mod buttons;
pub mod cards;
mod commands;
pub mod deadman;
pub mod declaring;
pub mod delivery;
pub mod dialogue;
pub mod due;
pub mod error;
pub mod event;
pub mod files;
pub mod groups;
pub mod history;
pub mod inbox;
pub mod incidents;
pub mod joining;
pub mod keys;
pub mod linking;
pub mod mail;
mod map;
pub mod me;
pub mod members;
pub mod network;
pub mod outbox;
pub mod people;
pub mod phone;
pub mod ports;
pub mod probes;
pub mod reminders;
pub mod repeat;
pub mod rota;
pub mod settings;
mod shown;
pub mod sources;
mod sweep;
mod taps;
pub mod tickets;
pub mod todos;
pub mod topics;
pub mod trial;
pub mod two_persons;
pub mod tx;
pub mod views;

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::future::BoxFuture;
use tokio::sync::Mutex;
use vigie_store::{Shard, Store};

use self::error::AppError;
use self::event::{Command, Envelope, Event, Sender, Tap};
use self::inbox::RawUpdate;
use self::ports::{Chance, Clock};
use self::settings::Settings;
use self::tx::Tx;

/// The cooperative that this process serves.
pub const SHARD: Shard = 0;

/// Conflicts after which a decision gives up: each is another process that got further.
const MOST_CONFLICTS: u32 = 20;

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
    /// See [`App::outbox_is_idle`].
    idle: AtomicBool,
    /// What is remembered of the sources of alerts.
    sources: std::sync::Mutex<sources::Memory>,
    /// What accounts may do, for those who only look.
    pub(crate) roles: members::RoleCache,
    /// What we are called on the messenger, once that is known.
    called: std::sync::OnceLock<String>,
    /// Where files of people are kept.
    shelf: std::sync::OnceLock<Arc<dyn files::Shelf>>,
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
            shard: SHARD,
            clock,
            chance,
            settings,
            deciding: Mutex::new(()),
            idle: AtomicBool::new(false),
            sources: std::sync::Mutex::default(),
            roles: members::RoleCache::default(),
            called: std::sync::OnceLock::new(),
            shelf: std::sync::OnceLock::new(),
        }
    }

    /// What we are called on the messenger, without `@`: addresses of ours are made of it.
    pub fn is_called(&self, name: &str) {
        // The name is that of the token, so it is the same each time.
        let _ = self.called.set(name.to_owned());
    }

    /// Whether addresses of ours lead to us yet.
    pub(crate) fn has_a_name(&self) -> bool {
        self.called.get().is_some()
    }

    /// An address that opens us on the messenger.
    pub(crate) fn address_of_ours(&self, parameters: &str) -> String {
        let name = self.called.get().map_or("", String::as_str);
        format!("https://t.me/{name}{parameters}")
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

    /// Handles an event at once, if nobody else is deciding; `false`: it was not handled. Where the
    /// consequences are on disk the input need not be: one commit serves instead of two.
    ///
    /// # Errors
    /// As [`App::handle`].
    pub async fn handle_at_once(&self, envelope: Envelope) -> Result<bool, AppError> {
        let Ok(_deciding) = self.deciding.try_lock() else {
            return Ok(false);
        };
        self.handle_hooks(vec![envelope]).await?;
        Ok(true)
    }

    /// The outbox is empty and its worker listens (or not any more): what is decided now is sent
    /// now, so its rows are written as being sent already, which saves the claim.
    pub fn outbox_is_idle(&self, idle: bool) {
        self.idle.store(idle, Ordering::Relaxed);
    }

    /// Handles several events of one edge in order, in as few commits as possible.
    ///
    /// # Errors
    /// As [`App::handle`]; events before the failure are done.
    pub async fn handle_all(&self, envelopes: Vec<Envelope>) -> Result<(), AppError> {
        let _deciding = self.deciding.lock().await;
        let mut waiting: VecDeque<Envelope> = envelopes.into();
        while let Some(envelope) = waiting.pop_front() {
            match envelope.event {
                Event::Alerts { .. } => {
                    let mut hooks = vec![envelope];
                    while let Some(next) =
                        waiting.pop_front_if(|next| matches!(next.event, Event::Alerts { .. }))
                    {
                        hooks.push(next);
                    }
                    self.handle_hooks(hooks).await?;
                }
                _ => self.handle_one(envelope).await?,
            }
        }
        Ok(())
    }

    async fn handle_one(&self, mut envelope: Envelope) -> Result<(), AppError> {
        self.with_names(&mut envelope.event).await?;
        for _ in 0..MOST_CONFLICTS {
            let mut tx = Tx::new(self);
            if let Some(row) = &envelope.inbox {
                if tx.get::<RawUpdate>(row).await?.is_none() {
                    return Ok(());
                }
                tx.delete(row.clone());
            }
            // On the heap: the compiler nests futures only so deep, and what decides is deep already.
            let done = match Box::pin(tx.event(&envelope.event)).await {
                Ok(()) => tx.commit().await,
                Err(error) => Err(error),
            };
            match (done, &envelope.inbox) {
                (Ok(Some(_)), _) => return Ok(()),
                (Ok(None), _) => {}
                // It would fail the same way for ever, and nobody of this chat would be served.
                (Err(error), Some(row)) if error.is_own() => {
                    tracing::error!(%error, "an input cannot be handled; it is dropped");
                    return self.drop_input(row.clone()).await;
                }
                (Err(error), _) => return Err(error),
            }
        }
        Err(AppError::Contended(MOST_CONFLICTS))
    }
}

impl Tx<'_> {
    /// Boxed: everything that can be decided hangs below, and is compiled and laid out once.
    fn event<'t>(&'t mut self, event: &'t Event) -> BoxFuture<'t, Result<(), AppError>> {
        Box::pin(async move {
            match event {
                Event::Command(Command { said, .. }) | Event::Text { said, .. } if said.private => {
                    self.returned(said.place.chat).await?;
                }
                _ => {}
            }
            match event {
                Event::Command(Command {
                    from: Sender::Person(person),
                    ..
                })
                | Event::Tap(Tap { from: person, .. }) => self.note_use(person).await?,
                Event::Text {
                    from: Sender::Person(person),
                    said,
                    ..
                } if said.private => self.note_use(person).await?,
                _ => {}
            }
            match event {
                Event::Command(command) => self.command_in_place(command).await,
                Event::Tap(tap) => self.tapped(tap).await,
                Event::OurPlace(place) => self.our_place(place).await,
                Event::ChatMoved { old, new } => self.chat_moved(*old, *new).await,
                Event::JoinRequest(request) => self.join_requested(request).await,
                Event::Moved(moved) => self.moved(moved).await,
                Event::Renamed { chat, title } => self.renamed(*chat, title).await,
                Event::File {
                    from,
                    said,
                    file,
                    text,
                } => self.file_sent(from, *said, (file, text)).await,
                Event::Edited { from, said, text } => self.edited(from, *said, text).await,
                Event::Text { from, said, text } => {
                    let words = tickets::Written::words(text);
                    if self.code_in_group(from, *said, text).await?
                        || self.about_a_ticket(from, *said, &words).await?
                        || self.in_dialogue(from, *said, text).await?
                        || self.declared_in_words(from, *said, text).await?
                        || self.back_in_words(from, *said, text).await?
                    {
                        return Ok(());
                    }
                    self.plain_text(from, *said).await
                }
                Event::Blocked {
                    chat,
                    blocked: true,
                } => self.went_away(*chat).await,
                Event::Blocked {
                    chat,
                    blocked: false,
                } => self.returned(*chat).await,
                Event::Ignored { .. } | Event::Alerts { .. } => Ok(()),
            }
        })
    }
}
