//! `vigie check-config`, `vigie export`, `vigie import`: what is done while nothing runs.

use std::path::Path;

use vigie_domain::text::{Arg, Key, Say};
use vigie_store::SledOptions;
use vigie_store::backup::Summary;

use super::{configuration, network, open_store};
use crate::config::{Config, Updates};
use crate::console::Console;
use crate::exit::Failure;
use crate::transfer;

/// Checks a configuration and the files it names, and tells what it understood.
///
/// # Errors
/// Every problem found.
pub fn check(
    console: &Console<'_>,
    file: &Path,
    credentials: Option<&Path>,
) -> Result<(), Failure> {
    let config = configuration(file, credentials)?;
    let network = network::read_all(&config.network)?;
    for warning in &config.warnings {
        console.warning(&warning.place, &warning.say);
    }
    let text = |text: String| Arg::Text(text);
    console.say(&Say::new(Key::OpsCheckOk).with("file", text(file.display().to_string())));
    console.say(&telegram_line(&config));
    let store = text(config.store.path.display().to_string());
    console.say(&Say::new(Key::OpsCheckStore).with("path", store));
    console.say(&Say::new(Key::OpsCheckListen).with("listen", text(config.listen.to_string())));
    for source in &config.sources {
        console.say(
            &Say::new(Key::OpsCheckSource)
                .with("name", text(source.id.to_string()))
                .with("format", text(source.format.name.to_owned())),
        );
        if source.labels.zone != config.settings.zone {
            console.say(
                &Say::new(Key::OpsCheckZone)
                    .with("name", text(source.id.to_string()))
                    .with("zone", text(source.labels.zone.name().to_owned())),
            );
        }
    }
    for uisp in &config.uisp {
        console.say(
            &Say::new(Key::OpsCheckUisp)
                .with("name", text(uisp.id.to_string()))
                .with("url", text(uisp.url.to_string())),
        );
    }
    if config.sources.is_empty() && config.uisp.is_empty() {
        console.say(&Say::new(Key::OpsCheckNoSource));
    }
    let count = |many: usize| Arg::Number(i64::try_from(many).unwrap_or(i64::MAX));
    console.say(
        &Say::new(Key::OpsCheckNetwork)
            .with("sectors", count(network.sectors.len()))
            .with("equipment", count(network.equipment.len()))
            .with("people", count(network.people.len())),
    );
    console.say(&Say::new(Key::OpsCheckGroups).with("count", count(config.groups.len())));
    if let Some(backup) = &config.backup {
        console.say(
            &Say::new(Key::OpsCheckBackup)
                .with("path", text(backup.folder.display().to_string()))
                .with("keep", count(backup.keep)),
        );
    }
    Ok(())
}

fn telegram_line(config: &Config) -> Say {
    let server = match &config.telegram.api_url {
        Some(url) => url.to_string(),
        None => "api.telegram.org".to_owned(),
    };
    match &config.telegram.updates {
        Updates::Poll => Say::new(Key::OpsCheckTelegramPoll).with("server", Arg::Text(server)),
        Updates::Webhook { public_url, .. } => Say::new(Key::OpsCheckTelegramWebhook)
            .with("server", Arg::Text(server))
            .with("url", Arg::Text(public_url.to_string())),
    }
}

/// Writes a store to a file.
///
/// # Errors
/// The store or the file cannot be used.
pub async fn export(console: &Console<'_>, file: &Path, folder: &Path) -> Result<(), Failure> {
    let store = open_store(folder, offline())?;
    let summary = transfer::export(&store, file).await?;
    console.say(&done(Key::RuntimeExported, file, &summary));
    Ok(())
}

/// Fills an empty store from a file.
///
/// # Errors
/// The store or the file cannot be used.
pub async fn import(console: &Console<'_>, file: &Path, folder: &Path) -> Result<(), Failure> {
    let store = open_store(folder, offline())?;
    let summary = transfer::import(&store, file).await?;
    console.say(&done(Key::RuntimeImported, file, &summary));
    Ok(())
}

fn offline() -> SledOptions {
    SledOptions {
        ballast: 0,
        ..SledOptions::default()
    }
}

fn done(key: Key, file: &Path, summary: &Summary) -> Say {
    Say::new(key)
        .with("file", Arg::Text(file.display().to_string()))
        .with(
            "records",
            Arg::Number(i64::try_from(summary.lines).unwrap_or(i64::MAX)),
        )
}
