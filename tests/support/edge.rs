//! A town: the Telegram edge over the use cases, a store in memory, and a local Telegram.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use vigie::app::App;
use vigie::app::event::{Envelope, Event};
use vigie::app::ports::{Chance, Clock};
use vigie::app::settings::Settings;
use vigie::i18n::Texts;
use vigie::telegram::health::Health;
use vigie::telegram::pick::Pace;
use vigie::telegram::{Config, EdgeError, Mode, TelegramEdge};
use vigie_domain::alert::{Alert, Phase, Severity, Tags};
use vigie_domain::network_import::{Format, SourceFile};
use vigie_domain::{AccountId, SourceId};
use vigie_emulator::{Emulator, Sim};
use vigie_store::Store;

pub const TOKEN: &str = "777000777:test-token-of-the-town";
/// Technical group, local groups of Migennes and Joigny.
pub const BACKBONE: i64 = -1_001_000_000_001;
pub const MIGENNES: i64 = -1_001_000_000_003;
pub const JOIGNY: i64 = -1_001_000_000_004;
/// Bruno is administrator; Ana and Claire are not.
pub const BRUNO: i64 = 1;
pub const ANA: i64 = 11;

/// Longest wait of a test for something to come.
const PATIENCE: Duration = Duration::from_secs(8);

struct Now;

impl Clock for Now {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

struct Random;

impl Chance for Random {
    fn bytes(&self) -> [u8; 16] {
        rand::random()
    }
}

pub struct Town {
    pub emulator: Emulator,
    pub sim: Sim,
    pub app: Arc<App>,
    pub health: Arc<Health>,
    pub edge: Arc<TelegramEdge>,
    running: Option<(CancellationToken, JoinHandle<Result<(), EdgeError>>)>,
}

impl Town {
    /// A town whose groups are bound, with the edge running.
    pub async fn open(store: Arc<dyn Store>) -> Self {
        let mut town = Self::build(store, |_| Mode::Poll).await;
        town.start();
        town.bind().await;
        town
    }

    /// A town in which nothing runs yet.
    pub async fn build(store: Arc<dyn Store>, mode: impl FnOnce(&Emulator) -> Mode) -> Self {
        let emulator = Emulator::builder().start().await.unwrap();
        let sim = emulator.sim();
        sim.bot(&json!({"token": TOKEN, "username": "vigie_bot", "first_name": "Vigie"}))
            .unwrap();
        for (id, name) in [(BRUNO, "Bruno"), (ANA, "Ana"), (12, "Claire")] {
            sim.user(&json!({"id": id, "first_name": name, "language_code": "fr"}))
                .unwrap();
        }
        let groups = [
            (BACKBONE, "Backbone"),
            (MIGENNES, "Secteur Migennes"),
            (JOIGNY, "Secteur Joigny"),
        ];
        for (id, title) in groups {
            sim.chat(&json!({"id": id, "title": title, "admins": [BRUNO], "members": [ANA, 12]}))
                .unwrap();
        }
        let settings = Settings {
            administrators: vec![AccountId(BRUNO)],
            new_cards_per_minute: 1_000,
            ..Settings::default()
        };
        let app = Arc::new(App::new(store, Arc::new(Now), Arc::new(Random), settings));
        let text = format!("{}\n[alerts]\ndelay_s = 0\n", include_str!("network.toml"));
        let file = SourceFile {
            format: Format::Toml,
            name: "network.toml",
            text: &text,
        };
        app.import_network(&[file], |_, _| ()).await.unwrap();
        let config = Config {
            token: SecretString::from(TOKEN),
            api_url: Some(emulator.url().parse().unwrap()),
            mode: mode(&emulator),
            pace: Pace::default(),
        };
        let texts = Texts::embedded().unwrap_or_else(|problems| {
            let words: Vec<String> = problems.iter().map(ToString::to_string).collect();
            panic!("{}", words.join("\n"))
        });
        let edge = TelegramEdge::new(Arc::clone(&app), Arc::new(texts), config).unwrap();
        Self {
            sim,
            emulator,
            health: edge.health(),
            edge: Arc::new(edge),
            app,
            running: None,
        }
    }

    /// Starts the edge.
    pub fn start(&mut self) {
        let stop = CancellationToken::new();
        let (edge, token) = (Arc::clone(&self.edge), stop.clone());
        let task = tokio::spawn(async move { edge.run(token).await });
        self.running = Some((stop, task));
    }

    /// Stops the edge as SIGTERM does.
    pub async fn stop(&mut self) {
        if let Some((stop, task)) = self.running.take() {
            stop.cancel();
            task.await.unwrap().unwrap();
        }
    }

    /// An administrator says what the groups are for.
    pub async fn bind(&self) {
        for (chat, what) in [
            (BACKBONE, "technique"),
            (MIGENNES, "local migennes"),
            (JOIGNY, "local joigny"),
        ] {
            let text = format!("/groupe@vigie_bot {what}");
            self.send(json!({"from": BRUNO, "chat": chat, "text": text}));
            self.message(chat, "C'est noté").await;
        }
    }

    pub fn send(&self, body: Value) -> Value {
        self.sim.send(&body).unwrap()
    }

    pub async fn hear(&self, name: &str, phase: Phase) {
        let alert = Alert {
            fingerprint: name.into(),
            phase,
            equipment: Some(name.to_owned()),
            name: "RelayDown".to_owned(),
            severity: Severity::Critical,
            starts_at: None,
            ends_at: None,
            summary: "perte < 10 % & plus _ici_".to_owned(),
            details: String::new(),
            link: None,
            tags: Tags::default(),
        };
        let event = Event::Alerts {
            source: SourceId::from("am"),
            alerts: vec![alert],
            left_out: 0,
        };
        let envelope = Envelope {
            inbox: None,
            at: Utc::now(),
            event,
        };
        self.app.handle(envelope).await.unwrap();
    }

    pub async fn down(&self, name: &str) {
        self.hear(name, Phase::Firing).await;
    }

    pub async fn up(&self, name: &str) {
        self.hear(name, Phase::Resolved).await;
    }

    pub fn messages(&self, chat: i64) -> Vec<Value> {
        let found = self.sim.messages(chat).unwrap();
        found["messages"].as_array().unwrap().clone()
    }

    /// Waits for a message that holds this text.
    pub async fn message(&self, chat: i64, text: &str) -> Value {
        let find = || {
            let holds = |message: &Value| {
                message["text"]
                    .as_str()
                    .is_some_and(|words| words.contains(text))
            };
            self.messages(chat).into_iter().rev().find(holds)
        };
        self.until(&format!("{text:?} in {chat}"), find).await
    }

    pub async fn until<T>(&self, what: &str, mut find: impl FnMut() -> Option<T>) -> T {
        let begun = std::time::Instant::now();
        loop {
            if let Some(found) = find() {
                return found;
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "waited in vain for {what}; calls: {:#}",
                self.sim.calls("", 0)["counts"]
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub fn calls(&self, method: &str) -> Vec<Value> {
        self.sim.calls(method, 0)["calls"]
            .as_array()
            .unwrap()
            .clone()
    }

    pub fn fault(&self, body: Value) {
        self.sim.post("faults", &body).unwrap();
    }

    pub async fn tap(&self, from: i64, chat: i64, message: &Value, button: &str) -> Value {
        let id = message["message_id"].clone();
        let body = json!({"from": from, "chat": chat, "message_id": id, "button": button});
        self.sim.tap(&body).await.unwrap()
    }
}
