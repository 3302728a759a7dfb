//! The web edge: hooks of monitoring sources, the members' page of the information system, health
//! and metrics.

mod health;
mod heartbeat;
mod hooks;
pub mod sealed;
pub mod server;
mod site;
pub mod telemetry;
mod token;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::sync::Semaphore;

use self::sealed::SiteSecrets;
use self::telemetry::Telemetry;
use crate::app::App;
use crate::monitor::source::Sources;
use crate::monitor::worker::Queue;
use crate::vitals::Vitals;

/// Large bodies that are read at the same time; they bound what hooks cost in memory.
const LARGE_AT_ONCE: usize = 8;

/// What the routes work with.
#[derive(Clone)]
pub struct Web {
    app: Arc<App>,
    sources: Arc<Sources>,
    queue: Arc<Queue>,
    vitals: Arc<Vitals>,
    telemetry: Telemetry,
    large: Arc<Semaphore>,
    site: Option<Arc<SiteSecrets>>,
}

impl Web {
    /// Routes over these parts.
    #[must_use]
    pub fn new(
        app: Arc<App>,
        sources: Arc<Sources>,
        queue: Arc<Queue>,
        vitals: Arc<Vitals>,
        telemetry: Telemetry,
    ) -> Self {
        Self {
            app,
            sources,
            queue,
            vitals,
            telemetry,
            large: Arc::new(Semaphore::new(LARGE_AT_ONCE)),
            site: None,
        }
    }

    /// With these secrets shared with the information system, whose page may ask for links.
    #[must_use]
    pub fn with_site(mut self, secrets: Option<SiteSecrets>) -> Self {
        self.site = secrets.map(Arc::new);
        self
    }

    /// The routes, and an answer for every other path.
    pub fn router(self) -> Router {
        let lost = async || (StatusCode::NOT_FOUND, "not found\n");
        self.routes()
            .fallback(lost)
            .layer(middleware::map_response(guarded))
    }

    /// The routes alone, for an address that serves others too.
    pub fn routes(self) -> Router {
        Router::new()
            .route(
                "/hooks/{source}",
                post(hooks::receive).put(hooks::receive).get(hooks::receive),
            )
            .route(
                "/hb/{source}",
                get(heartbeat::by_header).post(heartbeat::by_header),
            )
            .route(
                "/hb/{source}/{token}",
                get(heartbeat::by_path).post(heartbeat::by_path),
            )
            .merge(Self::site_routes())
            .route("/healthz", get(health::alive))
            .route("/readyz", get(health::ready))
            .route("/metrics", get(health::metrics))
            .layer(middleware::map_response(guarded))
            .with_state(self)
    }
}

impl Web {
    fn site_routes() -> Router<Self> {
        Router::new()
            .route("/si/links", post(site::begin))
            .route("/si/links/state", post(site::state))
            .route("/si/links/number", post(site::number))
            .route("/si/links/refuse", post(site::refuse))
            .layer(DefaultBodyLimit::max(site::LIMIT))
    }
}

/// Adds what tells a browser to run, frame and keep nothing.
async fn guarded(response: Response) -> Response {
    let mut response = response.into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}
