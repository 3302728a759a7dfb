//! Delivery of updates to webhooks.

use std::sync::Arc;

use crate::server::Server;

/// Delivers updates until told to stop.
pub(crate) async fn deliver(server: Arc<Server>) {
    server.stop.cancelled().await;
}
