//! Pictures on their way out: drawn away from what must not wait, few at a time, and never the
//! reason why a text is not sent.

use std::time::Duration;

use bytes::Bytes;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::charts::{self, Picture};

/// Longest text under a picture, in UTF-16 units.
pub(super) const CAPTION: usize = 1_024;
/// Pictures drawn at the same time: each needs some megabytes and a core.
const AT_ONCE: usize = 2;
/// Longest wait for a picture; then its text goes alone.
const PATIENCE: Duration = Duration::from_secs(20);

static DRAWING: Semaphore = Semaphore::const_new(AT_ONCE);

/// Draws a picture; `None`: the text must do.
pub(super) async fn drawn(picture: Picture) -> Option<Bytes> {
    let work = async {
        let turn = DRAWING.acquire().await.ok()?;
        let drawing = tokio::task::spawn_blocking(move || {
            let png = charts::png(&picture);
            drop(turn);
            png
        });
        match drawing.await {
            Ok(Ok(png)) => Some(Bytes::from(png)),
            Ok(Err(error)) => {
                tracing::error!(%error, "a picture could not be drawn; its text goes alone");
                None
            }
            Err(error) => {
                tracing::error!(%error, "drawing a picture broke off; its text goes alone");
                None
            }
        }
    };
    timeout(PATIENCE, work).await.unwrap_or_else(|_| {
        tracing::warn!("a picture took too long; its text goes alone");
        None
    })
}
