//! A cooperative without monitoring: Vigie probes by itself. Relays are TCP listeners of this test.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    reason = "a test stops where something is missing, and is at home in real time"
)]

#[path = "support/town.rs"]
#[allow(dead_code, reason = "each test file uses a part of the town")]
mod town;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use town::Town;
use vigie::app::settings::Settings;
use vigie_domain::network_import::{Format, SourceFile};
use vigie_domain::probe::parse::parse;
use vigie_store::MemoryStore;

const MIGENNES: &str = "Secteur Migennes";
const NETWORK: &str = include_str!("../data/demo/network.toml");
const PEOPLE: &str = include_str!("../data/demo/people.toml");
const PATIENCE: Duration = Duration::from_secs(15);

/// A relay that answers while it is up.
struct Relay {
    port: u16,
    visits: Arc<AtomicUsize>,
    up: Option<JoinHandle<()>>,
}

impl Relay {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut relay = Self {
            port: listener.local_addr().unwrap().port(),
            visits: Arc::default(),
            up: None,
        };
        relay.listen(listener);
        relay
    }

    fn listen(&mut self, listener: TcpListener) {
        let visits = Arc::clone(&self.visits);
        self.up = Some(tokio::spawn(async move {
            while listener.accept().await.is_ok() {
                visits.fetch_add(1, Ordering::SeqCst);
            }
        }));
    }

    async fn down(&mut self) {
        let task = self.up.take().unwrap();
        task.abort();
        let _ = task.await;
    }

    async fn up(&mut self) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await.unwrap();
        self.listen(listener);
    }

    fn probe(&self) -> String {
        format!("tcp 127.0.0.1:{} every=200ms timeout=1s", self.port)
    }

    /// Waits until it has been visited so many times more.
    async fn is_visited(&self, times: usize) {
        let (begun, before) = (Instant::now(), self.visits.load(Ordering::SeqCst));
        while self.visits.load(Ordering::SeqCst) < before + times {
            assert!(begun.elapsed() < PATIENCE, "nobody visits {}", self.port);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// The demo's network in which these are probed.
fn network(probes: &[(&str, String)]) -> String {
    let mut text = NETWORK.to_owned();
    for (id, probe) in probes {
        let head = format!("[[equipment]]\nid = \"{id}\"\n");
        assert!(text.contains(&head), "{id}");
        text = text.replace(&head, &format!("{head}probe = '{probe}'\n"));
    }
    text
}

async fn import(town: &Town, probes: &[(&str, String)]) {
    let network = network(probes);
    let file = |name, text| SourceFile {
        format: Format::Toml,
        name,
        text,
    };
    let files = [
        file("network.toml", network.as_str()),
        file("people.toml", PEOPLE),
    ];
    town.app().import_network(&files, |_, _| ()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_falls_silent_its_children_are_quiet_and_it_returns() {
    let town = Town::open().await;
    let (mut silo, mut church, mut station) =
        (Relay::new().await, Relay::new().await, Relay::new().await);
    // Probed at once, without a restart.
    import(
        &town,
        &[
            ("migennes-silo", silo.probe()),
            ("migennes-eglise", church.probe()),
            ("migennes-gare", station.probe()),
        ],
    )
    .await;
    for relay in [&silo, &church, &station] {
        relay.is_visited(2).await;
    }
    assert!(town.said(MIGENNES).is_empty());

    for relay in [&mut church, &mut station, &mut silo] {
        relay.down().await;
    }
    let card = town.sees(MIGENNES, "Injoignable : Silo de Migennes").await;
    card.has(&[
        &format!("tcp 127.0.0.1:{} : connexion refusée", silo.port),
        "sans réponse",
    ]);
    // What hangs on it is not asked, so nothing is known of it: its return is not noticed, either.
    station.up().await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(station.visits.load(Ordering::SeqCst), {
        tokio::time::sleep(Duration::from_millis(500)).await;
        station.visits.load(Ordering::SeqCst)
    });
    town.settles().await;
    let said = town.said(MIGENNES);
    assert_eq!(said.len(), 1, "{said:#?}");
    assert!(!said[0].text().contains("Église"), "unknown is not down");

    silo.up().await;
    let ended = town.sees(MIGENNES, "Rétabli : Silo de Migennes").await;
    assert_eq!(ended.id(), card.id());
    station.is_visited(2).await;
    // The church stayed behind: that is an outage of its own.
    let church_card = town
        .sees(MIGENNES, "Injoignable : Église de Migennes")
        .await;
    church.up().await;
    let ended = town.sees(MIGENNES, "Rétabli : Église de Migennes").await;
    assert_eq!(ended.id(), church_card.id());
    town.settles().await;
    assert_eq!(town.said(MIGENNES).len(), 2);
    let alarmed = |message: &town::Message| message.text().contains("Injoignable");
    assert!(!town.said("Backbone").iter().any(alarmed));
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_a_restart_nothing_opens_twice_and_no_end_is_lost() {
    let mut town = Town::open().await;
    let (mut silo, mut school) = (Relay::new().await, Relay::new().await);
    let probes = [
        ("migennes-silo", silo.probe()),
        ("joigny-ecole", school.probe()),
    ];
    import(&town, &probes).await;
    silo.is_visited(1).await;
    school.is_visited(1).await;
    silo.down().await;
    school.down().await;
    let card = town.sees(MIGENNES, "Injoignable : Silo de Migennes").await;
    town.sees("Secteur Joigny", "Injoignable : École de Joigny")
        .await;
    town.settles().await;
    town.crash().await;
    // One returns while nobody looks, the other stays silent.
    silo.up().await;
    town.start().await;
    // The start imports the network as it was delivered; the probes are declared anew.
    import(&town, &probes).await;
    let ended = town.sees(MIGENNES, "Rétabli : Silo de Migennes").await;
    assert_eq!(ended.id(), card.id());
    school.up().await;
    town.sees("Secteur Joigny", "Rétabli : École de Joigny")
        .await;
    town.settles().await;
    assert_eq!(
        (town.said(MIGENNES).len(), town.said("Secteur Joigny").len()),
        (1, 1)
    );
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_we_are_cut_off_nothing_is_announced_and_it_is_said_when_we_are_back() {
    let mut outside = Relay::new().await;
    let settings = Settings {
        probes: vigie_domain::probe::Defaults {
            uplink: vec![parse(&outside.probe()).unwrap()],
            ..Default::default()
        },
        ..Settings::default()
    };
    let town = Town::open_set(Arc::new(MemoryStore::in_memory()), settings).await;
    let mut relays = Vec::new();
    for _ in 0..3 {
        relays.push(Relay::new().await);
    }
    let ids = ["migennes-silo", "joigny-ecole", "sens-centre"];
    let there = ids
        .iter()
        .filter(|id| NETWORK.contains(&format!("id = \"{id}\"\nname")));
    let probes: Vec<_> = there
        .zip(&relays)
        .map(|(id, relay)| (*id, relay.probe()))
        .collect();
    import(&town, &probes).await;
    relays[0].is_visited(2).await;
    outside.down().await;
    for relay in &mut relays {
        relay.down().await;
    }
    // Long enough for three losses of each, and more.
    tokio::time::sleep(Duration::from_secs(3)).await;
    town.pass(TimeDelta::minutes(47)).await;
    town.settles().await;
    for group in ["Backbone", MIGENNES, "Secteur Joigny"] {
        let said = town.said(group);
        let outages: Vec<_> = said
            .iter()
            .filter(|m| m.text().contains("Injoignable"))
            .collect();
        assert!(outages.is_empty(), "{outages:#?}");
    }
    outside.up().await;
    for relay in &mut relays[1..] {
        relay.up().await;
    }
    let back = town.sees("Backbone", "Je n'ai rien vu de 14 h").await;
    back.has(&["Vigie était coupée du réseau", "à 14 h 47", "Maintenant"]);
    // One relay did not come back with the network: now it is known.
    town.sees(MIGENNES, "Injoignable : Silo de Migennes").await;
    town.settles().await;
    assert!(town.said("Secteur Joigny").is_empty());
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_probe_that_is_no_longer_declared_ends_its_outage() {
    let town = Town::open().await;
    let mut silo = Relay::new().await;
    import(&town, &[("migennes-silo", silo.probe())]).await;
    silo.is_visited(1).await;
    silo.down().await;
    town.sees(MIGENNES, "Injoignable : Silo de Migennes").await;
    import(&town, &[]).await;
    town.sees(MIGENNES, "Rétabli : Silo de Migennes").await;
    town.finish().await;
}
