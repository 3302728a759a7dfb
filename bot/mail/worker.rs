//! Sends what waits, one letter after another, and sleeps until one may be sent again.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use vigie_store::Key;

use super::{Carrier, Written};
use crate::app::App;
use crate::app::error::AppError;
use crate::app::mail::{Mail, NextMail, Posted};
use crate::i18n::Texts;

/// Longest sleep without a look.
const LOOK: Duration = Duration::from_secs(60);
/// Shortest sleep.
const REST: Duration = Duration::from_millis(20);
/// Pause after a fault of the store.
const STORE_PAUSE: Duration = Duration::from_secs(1);
/// Longest sending.
const SENDING: Duration = Duration::from_secs(60);

/// Sends letters until it is stopped.
pub async fn run(
    app: Arc<App>,
    texts: Arc<Texts>,
    carrier: Arc<dyn Carrier>,
    stop: CancellationToken,
) {
    while !stop.is_cancelled() {
        if let Err(error) = deliver(&app, &texts, &*carrier, &stop).await {
            tracing::error!(%error, "letters wait for the store");
            let _ = stop.run_until_cancelled(sleep(STORE_PAUSE)).await;
        }
    }
}

async fn deliver(
    app: &App,
    texts: &Texts,
    carrier: &dyn Carrier,
    stop: &CancellationToken,
) -> Result<(), AppError> {
    let mut changes = app.watch_mails().await?;
    while !stop.is_cancelled() {
        let until = match app.next_mail().await? {
            NextMail::Send(key, mail) => {
                send(app, texts, carrier, &key, &mail).await?;
                continue;
            }
            NextMail::Wait(until) => until,
        };
        let wait = until.and_then(|at| (at - app.now()).to_std().ok());
        let wait = wait.unwrap_or(LOOK).clamp(REST, LOOK);
        let woken = stop.run_until_cancelled(timeout(wait, changes.next()));
        if let Some(Ok(None)) = woken.await {
            return Ok(());
        }
    }
    Ok(())
}

async fn send(
    app: &App,
    texts: &Texts,
    carrier: &dyn Carrier,
    key: &Key,
    mail: &Mail,
) -> Result<(), AppError> {
    let letter = written(app, texts, key, mail);
    let posted = timeout(SENDING, carrier.carry(&letter)).await;
    let posted = posted.unwrap_or_else(|_| Posted::NotNow("no answer in time".to_owned()));
    match &posted {
        Posted::Taken => tracing::info!(letter = letter.id, "a letter was sent"),
        // What a server says may hold the address.
        Posted::NotNow(_) => tracing::warn!(letter = letter.id, "a letter could not be sent yet"),
        Posted::Refused(_) => tracing::warn!(letter = letter.id, "a letter was refused"),
    }
    app.settle_mail(key, &posted).await
}

fn written(app: &App, texts: &Texts, key: &Key, mail: &Mail) -> Written {
    let (zone, now) = (app.settings().zone, app.now());
    let say = |say| texts.plain(mail.lang, zone, now, say);
    let paragraphs: Vec<String> = mail.body.iter().map(say).collect();
    Written {
        id: key
            .as_bytes()
            .iter()
            .fold(String::new(), |id, byte| id + &format!("{byte:02x}")),
        to: mail.to.clone().unwrap_or_default(),
        subject: say(&mail.subject),
        text: paragraphs.join("\n\n") + "\n",
    }
}
