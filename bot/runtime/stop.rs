//! Signals that ask the program to stop.

use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that ask the program to stop. From the moment this exists they no longer end the
/// process by themselves: so it is made before anything is opened.
pub(super) struct Stop(Option<[Signal; 3]>);

impl Stop {
    /// Begins to listen.
    pub(super) fn listen() -> Self {
        let kinds = [
            SignalKind::terminate(),
            SignalKind::interrupt(),
            SignalKind::hangup(),
        ];
        let signals = match kinds.map(signal) {
            [Ok(term), Ok(int), Ok(hup)] => Some([term, int, hup]),
            _ => {
                tracing::error!("signals cannot be received; stop the program with SIGKILL");
                None
            }
        };
        Self(signals)
    }

    /// Returns when the program is asked to stop: by systemd, by a terminal, or by a lost terminal.
    pub(super) async fn asked(self) {
        let Some([mut term, mut int, mut hup]) = self.0 else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
            _ = hup.recv() => {}
        }
    }
}
