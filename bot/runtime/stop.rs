//! Signals that ask the program to stop.

use tokio::signal::unix::{SignalKind, signal};

/// Returns when the program is asked to stop: by systemd, by a terminal, or by a lost terminal.
pub(super) async fn asked() {
    let (Ok(mut term), Ok(mut int), Ok(mut hup)) = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
        signal(SignalKind::hangup()),
    ) else {
        tracing::error!("signals cannot be received; stop the program with SIGKILL");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
        _ = hup.recv() => {}
    }
}
