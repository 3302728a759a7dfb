//! A town: everything of the demo in one process, and its people by name.
//!
//! Store, use cases, hooks, what is due, the Telegram edge and the local Telegram are the real
//! ones, over HTTP. The clock runs, and can be moved. Nothing here waits for a time: everything
//! waits for what is to be seen, with a limit.

#[path = "town/joins.rs"]
mod joins;
#[path = "town/mails.rs"]
mod mails;
#[path = "town/members_page.rs"]
mod members_page;
#[path = "town/monitoring.rs"]
mod monitoring;
#[path = "town/people.rs"]
mod people;
#[path = "town/seen.rs"]
mod seen;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use vigie::app::App;
use vigie::app::network::ImportSummary;
use vigie::app::ports::{Chance, Clock};
use vigie::app::settings::Settings;
use vigie::demo::{self, World};
use vigie::i18n::Texts;
use vigie::monitor::source::{Source, Sources, TokenHash};
use vigie::monitor::worker::{self, Queue};
use vigie::monitor::{self, Labels};
use vigie::probe::Asker;
use vigie::telegram::health::Health;
use vigie::telegram::pick::Pace;
use vigie::telegram::{self, Mode, TelegramEdge};
use vigie::vitals::Vitals;
use vigie::web::Web;
use vigie::web::telemetry::Telemetry;
use vigie_domain::SourceId;
use vigie_domain::network_import::{Format, SourceFile};
use vigie_emulator::{Emulator, Sim};
use vigie_store::{MemoryStore, Store};

#[allow(unused_imports, reason = "each test file names a part of them")]
pub use members_page::{Asked, secrets};
#[allow(unused_imports, reason = "each test file names a part of them")]
pub use people::{Answer, Message, Person};

/// Longest wait for something to be seen.
const PATIENCE: Duration = Duration::from_secs(15);
/// Pause between two looks.
const LOOK: Duration = Duration::from_millis(5);
/// Start of every town: a Tuesday at 14:00 in Paris.
pub const START: i64 = 1_795_525_200;
/// The network of the demo, for stories that add to it.
pub const NETWORK: &str = include_str!("../../data/demo/network.toml");
const PEOPLE: &str = include_str!("../../data/demo/people.toml");
/// The bot's account.
pub const BOT: i64 = 100_200_300;

/// A clock that runs from [`START`] or stands still there, and that tests move on.
struct TownClock {
    begun: Option<Instant>,
    ahead_s: AtomicI64,
}

impl Clock for TownClock {
    fn now(&self) -> DateTime<Utc> {
        let start = DateTime::from_timestamp(START, 0).unwrap();
        let ran = self.begun.map(|begun| begun.elapsed()).unwrap_or_default();
        let ran = TimeDelta::from_std(ran).unwrap();
        start + ran + TimeDelta::seconds(self.ahead_s.load(Ordering::SeqCst))
    }
}

struct Random;

impl Chance for Random {
    fn bytes(&self) -> [u8; 16] {
        rand::random()
    }
}

/// The parts that a restart ends and begins.
struct Running {
    app: Arc<App>,
    health: Arc<Health>,
    hooks: String,
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

pub struct Town {
    pub sim: Sim,
    emulator: Emulator,
    world: Arc<World>,
    network: Option<String>,
    store: Arc<dyn Store>,
    clock: Arc<TownClock>,
    running: Option<Running>,
    http: reqwest::Client,
    began: std::sync::Mutex<BTreeMap<String, String>>,
    allowed: Vec<String>,
    settings: Settings,
    mails: Arc<mails::Mailbox>,
}

/// Time that tests jump over is no absence.
fn still_settings() -> Settings {
    Settings {
        absence_min: u32::MAX,
        ..Settings::default()
    }
}

fn edge_config(emulator: &Emulator) -> telegram::Config {
    telegram::Config {
        token: SecretString::from(demo::TOKEN),
        api_url: Some(emulator.url().parse().unwrap()),
        mode: Mode::Poll,
        // How fast messages go has tests of its own.
        pace: Pace {
            overall: 1_000,
            chat: 1_000,
            burst: 1_000,
            group_minute: 1_000,
            ..Pace::default()
        },
    }
}

impl Town {
    /// A town in which everything runs and every group has its purpose.
    pub async fn open() -> Self {
        Self::open_with(Arc::new(MemoryStore::in_memory())).await
    }

    pub async fn open_with(store: Arc<dyn Store>) -> Self {
        Self::open_at(store, Some(Instant::now()), None, still_settings()).await
    }

    /// A town whose clock stands still until it is moved, with another network: what is read
    /// there is the same in every run.
    pub async fn open_still(network: String) -> Self {
        let store = Arc::new(MemoryStore::in_memory());
        Self::open_at(store, None, Some(network), still_settings()).await
    }

    pub async fn open_set(store: Arc<dyn Store>, settings: Settings) -> Self {
        Self::open_at(store, Some(Instant::now()), None, settings).await
    }

    async fn open_at(
        store: Arc<dyn Store>,
        begun: Option<Instant>,
        network: Option<String>,
        mut settings: Settings,
    ) -> Self {
        settings.sources = sources().posting();
        let emulator = Emulator::builder().start().await.unwrap();
        let sim = emulator.sim();
        let world = Arc::new(demo::world().unwrap());
        sim.bot(&json!({"token": demo::TOKEN, "username": demo::USERNAME, "first_name": "Vigie"}))
            .unwrap();
        for user in &world.users {
            sim.user(user).unwrap();
        }
        for chat in &world.chats {
            sim.chat(chat).unwrap();
        }
        let clock = TownClock {
            begun,
            ahead_s: AtomicI64::new(0),
        };
        let mut town = Self {
            sim,
            emulator,
            world,
            network,
            store,
            clock: Arc::new(clock),
            running: None,
            http: reqwest::Client::new(),
            began: std::sync::Mutex::default(),
            // That is success.
            allowed: vec!["message is not modified".to_owned()],
            settings,
            mails: Arc::default(),
        };
        town.start().await;
        town
    }

    /// Starts the program.
    pub async fn start(&mut self) {
        let app = Arc::new(App::new(
            Arc::clone(&self.store),
            self.clock.clone(),
            Arc::new(Random),
            self.settings.clone(),
        ));
        let network = self.network.as_deref().unwrap_or(NETWORK);
        demo::fill_with(&app, &self.world, network).await.unwrap();
        let config = edge_config(&self.emulator);
        let Ok(texts) = Texts::embedded() else {
            panic!("texts")
        };
        let texts = Arc::new(texts);
        let edge = TelegramEdge::new(Arc::clone(&app), Arc::clone(&texts), config).unwrap();
        let health = edge.health();
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        let (sources, queue) = (Arc::new(sources()), Arc::new(Queue::default()));
        let vitals = Arc::<Vitals>::default();
        let web = Web::new(
            Arc::clone(&app),
            Arc::clone(&sources),
            Arc::clone(&queue),
            Arc::clone(&vitals),
            Telemetry::install(),
        )
        .with_site(Some(members_page::secrets()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let hooks = format!("http://{}/hooks", listener.local_addr().unwrap());
        let closing = stop.clone();
        tasks.spawn(async move {
            let serving = axum::serve(listener, web.router());
            let _ = closing.run_until_cancelled(serving.into_future()).await;
        });
        tasks.spawn(worker::run(Arc::clone(&app), sources, queue, stop.clone()));
        tasks.spawn(vigie::probe::worker::run(
            Arc::clone(&app),
            Asker::new(64).unwrap(),
            Arc::clone(&vitals),
            stop.clone(),
        ));
        tasks.spawn(vigie::clock::run_due(
            Arc::clone(&app),
            vitals,
            stop.clone(),
        ));
        tasks.spawn(vigie::mail::run(
            Arc::clone(&app),
            texts,
            self.mails.clone(),
            stop.clone(),
        ));
        let contact = edge.health();
        tasks.spawn(vigie::clock::run_awake(
            Arc::clone(&app),
            move || contact.last_contact(),
            stop.clone(),
        ));
        let talking = stop.clone();
        tasks.spawn(async move { edge.run(talking).await.unwrap() });
        self.running = Some(Running {
            app,
            health,
            hooks,
            stop,
            tasks,
        });
    }

    /// Stops the program as SIGTERM does. The local Telegram and the monitoring go on.
    pub async fn stop(&mut self) {
        let running = self.running.take().unwrap();
        running.stop.cancel();
        running.tasks.join_all().await;
    }

    /// The program breaks off: what it had in hand is dropped.
    pub async fn crash(&mut self) {
        let mut running = self.running.take().unwrap();
        running.tasks.shutdown().await;
    }

    fn running(&self) -> &Running {
        self.running.as_ref().expect("the town is stopped")
    }

    pub fn app(&self) -> &App {
        &self.running().app
    }

    pub fn health(&self) -> &Health {
        &self.running().health
    }

    /// Time passes, and what is due is done. What happened before is handled before.
    pub async fn pass(&self, time: TimeDelta) {
        self.settles().await;
        self.clock
            .ahead_s
            .fetch_add(time.num_seconds(), Ordering::SeqCst);
        self.app().fire_due().await.unwrap();
    }

    /// Time passes until this many seconds after the start, and everything happens at its time.
    pub async fn until(&self, second: i64) {
        loop {
            self.settles().await;
            let next = self.app().next_due().await.unwrap();
            let next = next.map(|at| (at.timestamp_millis() + 999) / 1_000 - START);
            let now = self.clock.ahead_s.load(Ordering::SeqCst);
            let at = next.unwrap_or(second).clamp(now, second);
            self.clock.ahead_s.store(at, Ordering::SeqCst);
            self.app().fire_due().await.unwrap();
            if at == second {
                return self.settles().await;
            }
        }
    }

    /// Time passes while something is out of order: what cannot be handled waits.
    pub async fn skip(&self, time: TimeDelta) {
        self.clock
            .ahead_s
            .fetch_add(time.num_seconds(), Ordering::SeqCst);
        if let Some(running) = &self.running {
            running.app.fire_due().await.unwrap();
        }
    }

    /// It is this time of the day in Paris, today or else tomorrow.
    pub async fn at(&self, hour: i64, minute: i64) {
        let zone = self.app().settings().zone;
        let local = self.clock.now().with_timezone(&zone).time();
        let midnight = local.signed_duration_since(chrono::NaiveTime::MIN);
        let wait = TimeDelta::minutes(hour * 60 + minute) - midnight;
        let wait = if wait < TimeDelta::zero() {
            wait + TimeDelta::days(1)
        } else {
            wait
        };
        // A second more: parts of one are lost on the way.
        self.pass(wait + TimeDelta::seconds(1)).await;
    }

    /// The network of the demo with these words in place of others, imported as its files are.
    pub async fn imports(&self, changes: &[(&str, &str)]) -> ImportSummary {
        let mut files = [NETWORK.to_owned(), PEOPLE.to_owned()];
        for (before, after) in changes {
            assert!(files.iter().any(|file| file.contains(before)), "{before}");
            for file in &mut files {
                *file = file.replace(before, after);
            }
        }
        let sources = files.each_ref().map(|text| SourceFile {
            format: Format::Toml,
            name: "demo.toml",
            text,
        });
        self.app()
            .import_network(&sources, |_, _| ())
            .await
            .unwrap()
    }

    /// The address of a method of the local Telegram, for what we never call.
    pub fn method_url(&self, method: &str) -> String {
        let url = self.emulator.url();
        format!("{}/bot{}/{method}", url.trim_end_matches('/'), demo::TOKEN)
    }

    /// The local Telegram will fail calls in this way.
    pub fn fault(&self, body: Value) {
        self.sim.post("faults", &body).unwrap();
    }

    /// The local Telegram fails no more.
    pub async fn mend(&self) {
        let url = format!("{}/sim/faults", self.emulator.url().trim_end_matches('/'));
        let answer = self.http.delete(url).send().await.unwrap();
        assert!(answer.status().is_success(), "{answer:?}");
    }

    /// Refusals whose text holds these words belong to the story.
    pub fn allows(&mut self, words: &str) {
        self.allowed.push(words.to_owned());
    }

    /// Nothing is left over, and nothing was refused that the story does not tell of.
    pub async fn finish(mut self) {
        self.settles().await;
        let refused: Vec<Value> = self
            .calls("")
            .into_iter()
            .filter(|call| call["status"].as_u64().is_some_and(|status| status >= 400))
            .filter(|call| {
                let words = call["response"].to_string();
                !self.allowed.iter().any(|allowed| words.contains(allowed))
            })
            .collect();
        assert!(refused.is_empty(), "refused by the messenger: {refused:#?}");
        assert_eq!(self.health().counters().panics, 0);
        self.stop().await;
    }
}

fn sources() -> Sources {
    Sources::new(demo::SOURCES.iter().map(|name| Source {
        id: SourceId::from(*name),
        format: monitor::format(name).unwrap(),
        tokens: vec![TokenHash::of(demo::HOOK_TOKEN)],
        labels: Labels::default(),
    }))
}
