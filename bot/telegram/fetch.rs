//! Gets the files that people sent from the messenger, one after the other, and puts them on the
//! shelf.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt as _;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::client::{Api, CallError};
use crate::app::App;
use crate::app::error::AppError;
use crate::app::files::{Got, LARGEST, Shelf, cleaned};

/// Longest sleep without a look: a file that is to be tried again later is found then.
const LOOK: Duration = Duration::from_secs(30);
/// Pause after a fault of the store.
const STORE_PAUSE: Duration = Duration::from_secs(1);

#[derive(Deserialize)]
struct Place {
    file_path: Option<String>,
}

/// Gets files until it is stopped; does nothing where there is no shelf.
pub(super) async fn run(app: Arc<App>, api: Api, stop: CancellationToken) {
    let Some(shelf) = app.shelf() else {
        return;
    };
    while !stop.is_cancelled() {
        if let Err(error) = stop
            .run_until_cancelled(follow(&app, &api, &*shelf))
            .await
            .unwrap_or(Ok(()))
        {
            tracing::error!(%error, "files wait for the store");
            let _ = stop.run_until_cancelled(sleep(STORE_PAUSE)).await;
        }
    }
}

async fn follow(app: &App, api: &Api, shelf: &dyn Shelf) -> Result<(), AppError> {
    let mut changes = app.watch_files().await?;
    loop {
        while let Some((key, sent)) = app.next_file().await? {
            let got = get(app, api, shelf, &sent.file).await;
            app.settle_file(&key, &got).await?;
        }
        if let Ok(None) = timeout(LOOK, changes.next()).await {
            return Ok(());
        }
    }
}

async fn get(app: &App, api: &Api, shelf: &dyn Shelf, file: &str) -> Got {
    let bytes = match download(api, file).await {
        Ok(bytes) => bytes,
        Err(CallError::Refused {
            code: 400,
            description,
            ..
        }) if description.contains("too big") => return Got::TooLarge,
        Err(CallError::Refused {
            code: 400 | 404, ..
        }) => return Got::Gone,
        Err(error) => {
            tracing::warn!(%error, "a file could not be got yet");
            return Got::Later;
        }
    };
    let kept = cleaned(bytes);
    let name = app.file_name();
    if let Err(error) = shelf.keep(&name, &kept.bytes).await {
        tracing::error!(%error, "a file could not be kept");
        return Got::Later;
    }
    Got::Kept {
        name,
        mime: kept.mime.to_owned(),
        size: kept.bytes.len() as u64,
        digest: Sha256::digest(&kept.bytes).into(),
    }
}

async fn download(api: &Api, file: &str) -> Result<Bytes, CallError> {
    let place: Place = api.call("getFile", &json!({"file_id": file})).await?;
    let path = place
        .file_path
        .ok_or_else(|| CallError::NotReached("a file without a path".to_owned()))?;
    api.download(&path, LARGEST).await
}
