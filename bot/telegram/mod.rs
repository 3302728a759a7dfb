//! The edge towards Telegram: the only place that names teloxide.
//!
//! In: [`inbox`] and [`webhook`] receive, [`translate`] turns updates into our own events.
//! Out: [`outbox`] follows the rows of the outbox, [`pick`] chooses, [`sending`] claims, renders
//! ([`render`]), calls ([`client`]), judges ([`errors`]) and settles.

mod call;
mod card;
mod client;
mod deliver;
mod errors;
mod fetch;
mod files;
pub mod fit;
pub mod health;
mod history;
mod inbox;
mod incident;
mod me;
mod menu;
mod outbox;
mod photo;
pub mod pick;
mod pictures;
pub mod render;
mod sending;
mod sheet;
mod startup;
mod status;
pub mod text;
mod tickets;
pub mod topics;
pub mod translate;
mod voice;
mod webhook;

use std::sync::Arc;

use futures::future::BoxFuture;
use reqwest::Url;
use secrecy::SecretString;
use teloxide::dispatching::Dispatcher;
use teloxide::error_handlers::LoggingErrorHandler;
use teloxide::types::Update;
use tokio::sync::{Mutex, mpsc};
use tokio::time::{Duration, sleep};
use tokio_util::sync::CancellationToken;
use vigie_domain::Lang;

use self::client::Api;
use self::health::Health;
use self::inbox::{Inward, Source};
use self::outbox::{Outward, Worker};
use self::pick::Pace;
use self::startup::Self_;
use self::translate::Me;
use crate::app::App;
use crate::i18n::Texts;

pub use self::webhook::PATH as WEBHOOK_PATH;

/// Pause before the dispatcher is started again.
const RESTART: Duration = Duration::from_secs(1);
/// Updates of one conversation that wait for their turn; one full queue would hold up all.
const QUEUE: usize = 16 * 1_024;

/// How to reach Telegram. It has no `Debug`: it holds the token.
#[derive(Clone)]
pub struct Config {
    /// The bot's token.
    pub token: SecretString,
    /// Another server of the same kind, such as the local Telegram.
    pub api_url: Option<Url>,
    /// How updates come.
    pub mode: Mode,
    /// How fast messages may go.
    pub pace: Pace,
}

/// How updates come.
#[derive(Clone)]
pub enum Mode {
    /// We ask for them.
    Poll,
    /// They are brought to [`TelegramEdge::router`].
    Webhook {
        /// Address under which the messenger reaches us.
        public_url: Url,
        /// Secret that the messenger shows.
        secret: SecretString,
    },
}

/// Why the edge cannot run.
#[derive(Debug, thiserror::Error)]
pub enum EdgeError {
    /// The token is not valid.
    #[error("Telegram refuses the bot's token: check it with @BotFather")]
    WrongToken,
    /// The system offers no sockets or no TLS.
    #[error("no HTTP client: {0}")]
    Client(#[from] reqwest::Error),
}

/// The edge towards Telegram.
pub struct TelegramEdge {
    app: Arc<App>,
    texts: Arc<Texts>,
    api: Api,
    config: Config,
    health: Arc<Health>,
    handed: mpsc::Sender<Update>,
    brought: Arc<Mutex<mpsc::Receiver<Update>>>,
}

impl TelegramEdge {
    /// The edge; nothing is called before [`TelegramEdge::run`].
    ///
    /// # Errors
    /// The system offers no sockets or no TLS.
    pub fn new(app: Arc<App>, texts: Arc<Texts>, config: Config) -> Result<Self, EdgeError> {
        let api = Api::new(config.token.clone(), config.api_url.clone())?;
        let (handed, brought) = mpsc::channel(webhook::QUEUE);
        Ok(Self {
            app,
            texts,
            api,
            config,
            health: Arc::default(),
            handed,
            brought: Arc::new(Mutex::new(brought)),
        })
    }

    /// How it is doing.
    #[must_use]
    pub fn health(&self) -> Arc<Health> {
        Arc::clone(&self.health)
    }

    /// The route on which updates are brought; without routes where we ask for them.
    pub fn router(&self) -> axum::Router {
        match &self.config.mode {
            Mode::Poll => axum::Router::new(),
            Mode::Webhook { secret, .. } => webhook::router(webhook::Door {
                app: Arc::clone(&self.app),
                health: Arc::clone(&self.health),
                secret: secret.clone(),
                handed: self.handed.clone(),
            }),
        }
    }

    /// Receives and sends until `stop`, then finishes what is in hand.
    ///
    /// # Errors
    /// See [`EdgeError`]; what waits can be mended by itself is waited for.
    pub fn run(&self, stop: CancellationToken) -> BoxFuture<'_, Result<(), EdgeError>> {
        // Boxed: who polls it need not lay out everything that hangs below.
        Box::pin(async move {
            let who = match startup::who_am_i(&self.api, &self.health, &stop).await {
                Ok(Some(who)) => Arc::new(who),
                Ok(None) => return Ok(()),
                Err(startup::Refused) => return Err(EdgeError::WrongToken),
            };
            self.health.polled(self.app.now());
            self.app.is_called(&who.me.username);
            tracing::info!(name = who.me.username, "connected to Telegram");
            self.app.is_called(&who.me.username);
            self.health.polled(self.app.now());
            // Sending goes on until receiving has ended: handlers may still ask for messages.
            let stop_sending = CancellationToken::new();
            let worker = Worker::new(
                Arc::new(Outward {
                    app: Arc::clone(&self.app),
                    api: self.api.clone(),
                    texts: Arc::clone(&self.texts),
                    health: Arc::clone(&self.health),
                }),
                self.config.pace.clone(),
            );
            let sending = tokio::spawn(worker.run(stop_sending.clone()));
            let preparing = tokio::spawn(prepare(
                Arc::clone(&self.app),
                self.api.clone(),
                Arc::clone(&self.texts),
                Arc::clone(&who),
                stop.clone(),
            ));
            let fetching = tokio::spawn(fetch::run(
                Arc::clone(&self.app),
                self.api.clone(),
                stop.clone(),
            ));
            self.register(&stop).await;
            tokio::select! {
                () = self.receive(&who.me, &stop) => {}
                () = self.watch() => {}
            }
            stop_sending.cancel();
            for task in [sending, preparing, fetching] {
                if let Err(error) = task.await {
                    tracing::error!(%error, "a part of the Telegram edge broke off");
                }
            }
            Ok(())
        })
    }

    /// Chooses how updates come. A webhook is never removed at a stop: in a rolling restart it is
    /// already the next one's.
    async fn register(&self, stop: &CancellationToken) {
        let mut pause = RESTART;
        while !stop.is_cancelled() {
            let done = match &self.config.mode {
                Mode::Webhook { public_url, secret } => {
                    webhook::register(&self.api, public_url, secret).await
                }
                Mode::Poll => self.leave_webhook().await,
            };
            let Err(error) = done else { return };
            tracing::error!(%error, "the way of updates could not be set; trying again");
            tokio::select! {
                () = stop.cancelled() => {}
                () = sleep(pause) => {}
            }
            pause = pause.saturating_mul(2).min(Duration::from_secs(30));
        }
    }

    /// Polling is configured: a webhook left by an earlier configuration is removed, and said so.
    async fn leave_webhook(&self) -> Result<(), client::CallError> {
        let info: serde_json::Value = self
            .api
            .call("getWebhookInfo", &serde_json::json!({}))
            .await?;
        let url = info.get("url").and_then(serde_json::Value::as_str);
        if url.is_none_or(str::is_empty) {
            return Ok(());
        }
        tracing::warn!(
            "a webhook is set, but the configuration says to poll: removing the webhook"
        );
        let none = serde_json::json!({"drop_pending_updates": false});
        self.api
            .call::<bool>("deleteWebhook", &none)
            .await
            .map(|_| ())
    }

    /// Watches the webhook, and never ends.
    async fn watch(&self) {
        match &self.config.mode {
            Mode::Poll => std::future::pending().await,
            Mode::Webhook { public_url, secret } => {
                webhook::watch(
                    Arc::clone(&self.app),
                    self.api.clone(),
                    Arc::clone(&self.health),
                    public_url.clone(),
                    secret.clone(),
                )
                .await;
            }
        }
    }

    async fn receive(&self, me: &Me, stop: &CancellationToken) {
        let inward = Inward {
            app: Arc::clone(&self.app),
            api: self.api.clone(),
            health: Arc::clone(&self.health),
            stop: stop.clone(),
        };
        while !stop.is_cancelled() {
            let source = match self.config.mode {
                Mode::Poll => Source::Poll,
                Mode::Webhook { .. } => Source::Brought(Arc::clone(&self.brought)),
            };
            let listener = inbox::listener(inward.clone(), source);
            let (handler, who) = (inward.clone(), me.clone());
            let endpoint = teloxide::dptree::endpoint(move |update: Update| {
                let (handler, who) = (handler.clone(), who.clone());
                async move {
                    handler.handle(update, &who).await;
                    Ok::<(), std::convert::Infallible>(())
                }
            });
            let mut dispatcher = Dispatcher::builder(self.api.bot(), endpoint)
                .distribution_function(inbox::lane)
                .worker_queue_size(QUEUE)
                .build();
            let errors = LoggingErrorHandler::with_custom_text("updates");
            let ran = dispatcher.try_dispatch_with_listener(listener, errors);
            if let Err(error) = ran.await {
                tracing::warn!(%error, "the dispatcher could not start; trying again");
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = sleep(RESTART) => {}
                }
            }
        }
    }
}

/// What may fail without harm: the menu, and the look at our place in every group.
async fn prepare(
    app: Arc<App>,
    api: Api,
    texts: Arc<Texts>,
    who: Arc<Self_>,
    stop: CancellationToken,
) {
    if let Err(error) = menu::set(&api, &texts).await {
        tracing::warn!(%error, "the menu of commands could not be set");
    }
    match startup::places(&app, &api, &who, &stop).await {
        Ok(missing) => {
            for say in &missing {
                let words = texts.plain(Lang::En, app.settings().zone, app.now(), say);
                tracing::warn!("{words}");
            }
            if let Err(error) = app.report_places(&missing).await {
                tracing::warn!(%error, "what is missing in groups could not be told");
            }
        }
        Err(error) => tracing::warn!(%error, "our place in the groups could not be read"),
    }
}
