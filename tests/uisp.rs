//! UISP is asked by the real client; a server of ours answers as UISP does, or worse.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "helpers of tests"
)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use vigie::app::alerts::Outage;
use vigie::app::settings::Settings;
use vigie::app::tx::decode;
use vigie::app::{App, SHARD};
use vigie::clock::{SystemChance, SystemClock};
use vigie::monitor::source::{Source, Sources};
use vigie::monitor::uisp::{self, Access, Client, Poller, network_file};
use vigie::monitor::worker::{self, Queue};
use vigie::monitor::{Labels, format};
use vigie_domain::network::Class;
use vigie_domain::network_import::{Format, SourceFile, parse};
use vigie_domain::{EquipmentId, SourceId};
use vigie_store::{Dir, Entry, Key, MemoryStore, Range, Store as _};

const PATIENCE: Duration = Duration::from_secs(20);

/// What UISP would answer.
#[derive(Clone)]
struct World {
    sites: Value,
    devices: Value,
    outages: Vec<Value>,
    /// A path that fails, and how.
    fails: Option<(&'static str, StatusCode)>,
    asked: Vec<String>,
}

#[derive(Clone)]
struct Uisp(Arc<Mutex<World>>);

impl Uisp {
    fn change(&self, change: impl FnOnce(&mut World)) {
        change(&mut self.0.lock().unwrap());
    }

    fn status(&self, list: &str, id: &str, status: &str) {
        self.change(|world| {
            let (list, path, key) = match list {
                "sites" => (&mut world.sites, "identification", "identification"),
                _ => (&mut world.devices, "identification", "overview"),
            };
            let items = list.as_array_mut().unwrap();
            let item = items
                .iter_mut()
                .find(|item| item[path]["id"] == id)
                .unwrap();
            item[key]["status"] = json!(status);
        });
    }

    fn outage(&self, number: u32, device: &str, start: &str) {
        self.change(|world| {
            world.outages.push(json!({
                "id": format!("o-{number}"), "type": "outage", "inProgress": true,
                "startTimestamp": start, "endTimestamp": null, "aggregatedTime": 12,
                "device": {"id": device, "name": device}, "site": null,
            }));
        });
    }
}

async fn answers(
    State(uisp): State<Uisp>,
    Path(what): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let mut world = uisp.0.lock().unwrap();
    world.asked.push(what.clone());
    if headers
        .get("x-auth-token")
        .is_none_or(|token| token != "the-token")
    {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    if let Some((path, status)) = world.fails
        && path == what
    {
        return (status, "<html>sorry").into_response();
    }
    match what.as_str() {
        "sites" => axum::Json(world.sites.clone()).into_response(),
        "devices" => axum::Json(world.devices.clone()).into_response(),
        "outages" => {
            assert_eq!(
                (query["type"].as_str(), query["inProgress"].as_str()),
                ("outage", "true")
            );
            let page: usize = query["page"].parse().unwrap();
            assert!(query["count"].parse::<usize>().unwrap() > 2);
            // It gives fewer than were asked for.
            let items: Vec<_> = world.outages.iter().skip((page - 1) * 2).take(2).collect();
            axum::Json(json!({ "items": items })).into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

struct Desk {
    uisp: Uisp,
    store: Arc<MemoryStore>,
    app: Arc<App>,
    poller: Poller,
    sources: Arc<Sources>,
    queue: Arc<Queue>,
    client: Client,
    source: SourceId,
    stop: CancellationToken,
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Desk {
    async fn with(network: &str) -> Self {
        let read = |name: &str| {
            let text = std::fs::read_to_string(format!("tests/fixtures/uisp/{name}.json"));
            serde_json::from_str(&text.unwrap()).unwrap()
        };
        let uisp = Uisp(Arc::new(Mutex::new(World {
            sites: read("sites"),
            devices: read("devices"),
            outages: Vec::new(),
            fails: None,
            asked: Vec::new(),
        })));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new()
            .route("/nms/api/v2.1/{what}", get(answers))
            .with_state(uisp.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let store = Arc::new(MemoryStore::in_memory());
        let app = Arc::new(App::new(
            store.clone(),
            Arc::new(SystemClock),
            Arc::new(SystemChance::new().unwrap()),
            Settings::default(),
        ));
        if !network.is_empty() {
            let source = SourceFile {
                format: Format::Toml,
                name: "network.toml",
                text: network,
            };
            app.import_network(&[source], |_, _| {}).await.unwrap();
        }
        let source = SourceId::from("uisp");
        let sources = Arc::new(Sources::new([Source {
            id: source.clone(),
            format: format("generic").unwrap(),
            tokens: Vec::new(),
            labels: Labels::default(),
        }]));
        let queue = Arc::new(Queue::default());
        let client = Client::new(Access {
            url: url.parse().unwrap(),
            token: SecretString::from("the-token"),
            ca: None,
        });
        let client = client.unwrap();
        let stop = CancellationToken::new();
        tokio::spawn(worker::run(
            app.clone(),
            sources.clone(),
            queue.clone(),
            stop.clone(),
        ));
        let poller = Poller::new(
            app.clone(),
            sources.clone(),
            queue.clone(),
            source.clone(),
            client.clone(),
        );
        Self {
            uisp,
            store,
            app,
            poller,
            sources,
            queue,
            client,
            source,
            stop,
        }
    }

    /// The program starts again over the same store.
    fn restarts(&mut self) {
        self.poller = Poller::new(
            self.app.clone(),
            self.sources.clone(),
            self.queue.clone(),
            self.source.clone(),
            self.client.clone(),
        );
    }

    /// What is down, and whether it explains what hangs on it.
    async fn covering(&self) -> BTreeMap<String, bool> {
        self.open().await;
        let prefix = Range::prefix(&Key::of("es/").end());
        let found = self
            .store
            .scan(SHARD, &prefix, None, 100, Dir::Forward)
            .await
            .unwrap();
        let read = |(key, entry): &(Key, Entry)| decode::<Outage>(key, &entry.value).unwrap();
        let down = found.items.iter().map(read);
        down.map(|outage| (outage.equipment.to_string(), outage.covers()))
            .collect()
    }

    /// A look, and what is open after it.
    async fn looks(&mut self) -> Vec<String> {
        self.poller.look().await.unwrap();
        self.open().await
    }

    async fn open(&self) -> Vec<String> {
        let begun = Instant::now();
        while !self.queue.is_idle() {
            assert!(begun.elapsed() < PATIENCE);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let open = self.app.open_alerts(&self.source).await.unwrap();
        open.into_keys().collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn outages_open_once_and_end_when_they_are_over() {
    let mut desk = Desk::with("").await;
    assert_eq!(desk.looks().await, Vec::<String>::new());
    for (number, device) in ["d-silo-bh", "d-church", "d-church-ap"].iter().enumerate() {
        desk.uisp.outage(
            u32::try_from(number).unwrap(),
            device,
            "2026-11-01T08:00:00.120Z",
        );
        desk.uisp.status("devices", device, "disconnected");
    }
    desk.uisp.status("sites", "s-church", "disconnected");
    let all = [
        "device-d-church",
        "device-d-church-ap",
        "device-d-silo-bh",
        "site-s-church",
    ];
    assert_eq!(desk.looks().await, all, "of every page");
    let open = desk.app.open_alerts(&desk.source).await.unwrap();
    let since = open["device-d-church"].unwrap();
    assert_eq!(since.to_rfc3339(), "2026-11-01T08:00:00.120+00:00");
    assert_eq!(
        desk.poller.look().await.unwrap(),
        0,
        "nothing changed: nothing is told"
    );
    desk.restarts();
    assert_eq!(desk.poller.look().await.unwrap(), 0, "nor after a restart");
    desk.uisp.change(|world| {
        world
            .outages
            .retain(|outage| outage["device"]["id"] != "d-church")
    });
    assert_eq!(
        desk.looks().await,
        all,
        "the device itself says that it is still down"
    );
    desk.uisp.status("devices", "d-church", "active");
    desk.uisp.status("sites", "s-church", "active");
    assert_eq!(
        desk.looks().await,
        ["device-d-church-ap", "device-d-silo-bh"]
    );
    desk.restarts();
    desk.uisp.change(|world| world.outages.clear());
    desk.uisp.status("devices", "d-church-ap", "active");
    desk.uisp.change(|world| {
        world
            .devices
            .as_array_mut()
            .unwrap()
            .retain(|device| device["identification"]["id"] != "d-silo-bh");
    });
    assert_eq!(
        desk.looks().await,
        Vec::<String>::new(),
        "a device that was removed is not down"
    );
    assert_eq!(
        desk.app.last_heard().await.unwrap().len(),
        1,
        "a look is a sign of life"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_asked_is_not_known_and_changes_nothing() {
    let mut desk = Desk::with("").await;
    desk.uisp.outage(1, "d-church", "2026-11-01T08:00:00Z");
    desk.uisp.status("devices", "d-church", "disconnected");
    assert_eq!(desk.looks().await, ["device-d-church"]);
    desk.uisp.change(|world| world.outages.clear());
    desk.uisp.status("devices", "d-church", "active");
    let before = desk.uisp.0.lock().unwrap().clone();
    for (path, status) in [
        ("outages", StatusCode::BAD_GATEWAY),
        ("devices", StatusCode::INTERNAL_SERVER_ERROR),
        ("sites", StatusCode::UNAUTHORIZED),
        ("outages", StatusCode::FOUND),
        // The page of a proxy.
        ("outages", StatusCode::OK),
    ] {
        desk.uisp.change(|world| world.fails = Some((path, status)));
        assert!(desk.poller.look().await.is_err(), "{path} {status}");
        assert_eq!(desk.open().await, ["device-d-church"], "{path} {status}");
    }
    // A UISP that has just started and knows nothing yet.
    desk.uisp.change(|world| {
        world.fails = None;
        world.sites = json!([]);
        world.devices = json!([]);
    });
    assert!(desk.poller.look().await.is_err());
    assert_eq!(desk.open().await, ["device-d-church"]);
    desk.uisp.change(|world| world.sites = before.sites.clone());
    assert!(
        desk.poller.look().await.is_err(),
        "its devices are still missing"
    );
    desk.uisp.change(|world| world.devices = before.devices);
    assert_eq!(desk.looks().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_that_nobody_declared_make_their_site_degraded() {
    let network = {
        let desk = Desk::with("").await;
        network_file(&desk.client.places().await.unwrap())
    };
    let mut desk = Desk::with(&network).await;
    desk.uisp.outage(1, "d-church-ap", "2026-11-01T08:00:00Z");
    desk.uisp.outage(2, "d-alone", "2026-11-01T08:00:00Z");
    desk.looks().await;
    let church = desk
        .app
        .first_known(&["s-church".to_owned()])
        .await
        .unwrap();
    assert_eq!(
        church.as_deref(),
        Some("s-church"),
        "its number is an alias"
    );
    let covers = desk.covering().await;
    assert!(
        !covers["eglise-ste-marie-cie"],
        "one of its devices is down, not all"
    );
    assert!(covers["?Rocket"], "of no site: by its name");
    assert_eq!(covers.len(), 2, "{covers:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tree_of_sites_is_a_network_file_that_can_be_imported() {
    let desk = Desk::with("").await;
    let text = network_file(&desk.client.places().await.unwrap());
    let network = parse(Format::Toml, "uisp.toml", &text)
        .unwrap_or_else(|problems| panic!("{problems:?}\n{text}"));
    let of = |id: &str| {
        let found = network.equipment.iter().find(|one| one.id.as_str() == id);
        let found = found.unwrap_or_else(|| panic!("{id} in {text}"));
        let own = |text: Option<&str>| text.unwrap_or_default().to_owned();
        (
            found.class,
            own(found.parent.as_ref().map(EquipmentId::as_str)),
            own(found.sector.as_ref().map(|sector| sector.as_str())),
        )
    };
    let expected =
        |class, parent: &str, sector: &str| (class, parent.to_owned(), sector.to_owned());
    assert_eq!(of("collecte-d-auxerre"), expected(Class::Backbone, "", ""));
    assert_eq!(
        of("silo-de-l-est"),
        expected(Class::MainRelay, "collecte-d-auxerre", "silo-de-l-est")
    );
    assert_eq!(
        of("silo-de-l-est-2"),
        expected(Class::MainRelay, "collecte-d-auxerre", "silo-de-l-est-2")
    );
    assert_eq!(
        of("eglise-ste-marie-cie"),
        expected(Class::SecondaryRelay, "silo-de-l-est", "silo-de-l-est")
    );
    assert_eq!(
        of("zoe-martin"),
        expected(Class::Link, "eglise-ste-marie-cie", "silo-de-l-est")
    );
    assert_eq!(
        of("membre-direct"),
        expected(Class::Link, "collecte-d-auxerre", "collecte-d-auxerre")
    );
    assert!(text.contains("left out: Sans site"), "{text}");
    assert!(
        network.equipment.iter().any(|one| one.name == "Boucle A"),
        "circles are cut"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_uisp_that_does_not_answer_is_asked_more_and_more_seldom_until_it_does() {
    let desk = Desk::with("").await;
    desk.uisp
        .change(|world| world.fails = Some(("sites", StatusCode::BAD_GATEWAY)));
    desk.uisp.outage(1, "d-church", "2026-11-01T08:00:00Z");
    let poller = Poller::new(
        desk.app.clone(),
        desk.sources.clone(),
        desk.queue.clone(),
        desk.source.clone(),
        desk.client.clone(),
    );
    let every = Duration::from_millis(10);
    tokio::spawn(uisp::run(poller, every, desk.stop.clone()));
    let asked = || desk.uisp.0.lock().unwrap().asked.len();
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_millis(700) {
        tokio::time::sleep(every).await;
    }
    // 10, 20, 40, 80, then 160 ms at most; without that there would be some 70.
    assert!((3..=14).contains(&asked()), "{}", asked());
    desk.uisp.change(|world| world.fails = None);
    while desk.open().await.is_empty() {
        assert!(begun.elapsed() < PATIENCE, "it is asked again");
        tokio::time::sleep(every).await;
    }
}
