//! A backup every night, while everything runs.

use std::str::FromStr as _;
use std::sync::Arc;

use chrono_tz::Tz;
use cron::Schedule;
use tokio_util::sync::CancellationToken;
use vigie_domain::calendar::turns;
use vigie_store::Store;

use crate::app::App;
use crate::config::Backup;
use crate::transfer;

/// When backups are made, on the wall clock of the cooperative.
const NIGHTLY: &str = "0 40 3 * * *";

/// Writes a backup every night until the program stops.
pub(super) async fn nightly(
    app: Arc<App>,
    store: Arc<dyn Store>,
    backup: Backup,
    zone: Tz,
    stop: CancellationToken,
) {
    let Ok(rule) = Schedule::from_str(NIGHTLY) else {
        return;
    };
    let work = async {
        while let Some(at) = turns(&rule, zone, app.now()).next().map(|turn| turn.at) {
            while app.now() < at {
                let left = (at - app.now()).to_std().unwrap_or_default();
                tokio::time::sleep(left.min(std::time::Duration::from_secs(60))).await;
            }
            match transfer::backup(&*store, &backup.folder, backup.keep, app.now()).await {
                Ok(file) => tracing::info!(file = %file.display(), "backup written"),
                Err(failure) => {
                    tracing::error!(exit = ?failure.exit, "the backup failed; the next is tomorrow")
                }
            }
        }
    };
    let _ = stop.run_until_cancelled(work).await;
}
