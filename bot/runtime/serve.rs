//! `vigie run`: against Telegram, or another server of the Bot API.

use std::path::Path;
use std::sync::Arc;

use vigie_domain::group::{Group, Topics};
use vigie_domain::{ChatId, Lang};
use vigie_store::{SledOptions, Store};

use super::stop::Stop;
use super::{Parts, backup, faults, listen, network, ready_store, uisp};
use crate::app::App;
use crate::app::members::Leftover;
use crate::config::{self, BoundGroup, Config, Problem, Reading, Topic, Updates};
use crate::exit::{Exit, Failure};
use crate::i18n::Texts;
use crate::mail::Smtp;
use crate::monitor::source::Sources;
use crate::telegram::{self, Mode};
use crate::web::server::{self, Limits};

/// One mebibyte.
const MIB: u64 = 1_024 * 1_024;

/// Reads a configuration, or says everything that is wrong with it.
///
/// # Errors
/// The configuration has problems.
pub fn configuration(file: &Path, credentials: Option<&Path>) -> Result<Config, Failure> {
    let Reading {
        config, problems, ..
    } = config::read(file, credentials);
    match config {
        Some(config) if problems.is_empty() => Ok(config),
        _ => Err(failure(problems)),
    }
}

/// The folder of the store that a configuration names: an export needs no token.
///
/// # Errors
/// The configuration names none, or cannot be read.
pub fn store_folder(file: &Path) -> Result<std::path::PathBuf, Failure> {
    let Reading {
        store, problems, ..
    } = config::read(file, None);
    store
        .map(|store| store.path)
        .ok_or_else(|| failure(problems))
}

fn failure(problems: Vec<Problem>) -> Failure {
    let token_only = problems.iter().all(|problem| problem.topic == Topic::Token);
    let exit = if token_only {
        Exit::Token
    } else {
        Exit::Config
    };
    let lines = problems
        .into_iter()
        .map(|problem| (Some(problem.place), vec![problem.say]));
    Failure {
        exit,
        lines: lines.collect(),
    }
}

/// Finishes an import of members that was cut short, or drops what it left behind.
async fn members_ready(parts: &mut Parts) -> Result<(), Failure> {
    let left = parts.app.members_ready().await;
    match left.map_err(|error| faults::internal(&error.to_string()))? {
        Some(Leftover::Finished) => {
            tracing::warn!("an import of members had been cut short; it has been finished");
        }
        Some(Leftover::Dropped) => {
            tracing::warn!("an import of members had been cut short; nothing of it has happened");
            let app = Arc::clone(&parts.app);
            parts.tasks.spawn(async move {
                if let Err(error) = app.drop_staged().await {
                    tracing::error!(%error, "what an import left cannot be removed");
                }
            });
        }
        None => {}
    }
    Ok(())
}

/// Runs until it is asked to stop.
///
/// # Errors
/// Something that is needed cannot be used; the failure says what and what to do.
pub async fn run(config: Config, texts: Arc<Texts>) -> Result<(), Failure> {
    let asked = Stop::listen();
    for Problem { place, say, .. } in &config.warnings {
        tracing::warn!(
            place,
            problem = say.key.id(),
            "the configuration should be mended"
        );
    }
    let options = SledOptions {
        cache_capacity: config.store.cache_mib * MIB,
        ballast: config.store.ballast_mib * MIB,
        ..SledOptions::default()
    };
    let listener = listen(config.listen).await?;
    let store: Arc<dyn Store> = Arc::new(ready_store(&config.store.path, options).await?);
    let sources = Sources::new(
        config
            .sources
            .iter()
            .cloned()
            .chain(uisp::sources(&config.uisp)),
    );
    let mut parts = Parts::new(Arc::clone(&store), config.settings.clone(), sources, texts)?;
    parts.site = config
        .members_page
        .as_ref()
        .map(|page| page.secrets.clone());
    members_ready(&mut parts).await?;
    if !config.network.is_empty() {
        let summary = network::import(&parts.app, &config.network).await?;
        tracing::info!(?summary, "network");
        let following = network::follow(
            Arc::clone(&parts.app),
            config.network.clone(),
            parts.stop.clone(),
        );
        parts.tasks.spawn(following);
    }
    bind(&parts.app, &config.groups).await?;
    let edge = parts.edge(telegram_config(&config))?;
    let routes = match &config.telegram.updates {
        Updates::Webhook {
            listen: Some(address),
            ..
        } => {
            let door = listen(*address).await?;
            parts
                .tasks
                .spawn(serve(door, edge.router(), parts.stop.clone()));
            parts.routes()
        }
        _ => parts.routes().merge(edge.router()),
    };
    parts
        .tasks
        .spawn(serve(listener, routes, parts.stop.clone()));
    if let Some(backup) = config.backup.clone() {
        let (app, zone) = (Arc::clone(&parts.app), config.settings.zone);
        let nightly = backup::nightly(app, Arc::clone(&store), backup, zone, parts.stop.clone());
        parts.tasks.spawn(nightly);
    }
    if let Some(server) = &config.mail {
        let smtp = Smtp::new(server).map_err(|error| faults::internal(&error.to_string()))?;
        parts.carries(Arc::new(smtp));
    }
    parts.start()?;
    uisp::start(&mut parts, &config.uisp)?;
    parts.run(edge, asked).await
}

async fn serve(
    listener: tokio::net::TcpListener,
    routes: axum::Router,
    stop: tokio_util::sync::CancellationToken,
) {
    if let Err(error) = server::serve(listener, routes, Limits::default(), stop).await {
        tracing::error!(%error, "the listener broke; hooks are not received any more");
    }
}

fn telegram_config(config: &Config) -> telegram::Config {
    let mode = match &config.telegram.updates {
        Updates::Poll => Mode::Poll,
        Updates::Webhook {
            public_url, secret, ..
        } => Mode::Webhook {
            public_url: public_url.clone(),
            secret: secret.clone(),
        },
    };
    telegram::Config {
        token: config.telegram.token.clone(),
        api_url: config.telegram.api_url.clone(),
        mode,
        pace: telegram::pick::Pace::default(),
    }
}

/// Groups that the configuration binds, where nobody has bound them otherwise.
async fn bind(app: &App, groups: &[BoundGroup]) -> Result<(), Failure> {
    for bound in groups {
        let group = Group {
            chat: ChatId(bound.chat.0),
            title: bound.chat.to_string(),
            kind: Some(bound.kind.clone()),
            sector: bound.sector.clone(),
            thread: bound.thread,
            lang: Lang::Fr,
            broken: None,
            topics: if bound.topics {
                Topics::On
            } else {
                Topics::Off
            },
        };
        app.bind_new_group(&group)
            .await
            .map_err(|error| faults::internal(&error.to_string()))?;
    }
    Ok(())
}
