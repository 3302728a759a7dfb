//! A town: everything of the demo in one process, and its people by name.
//!
//! Store, use cases, hooks, what is due, the Telegram edge and the local Telegram are the real
//! ones, over HTTP. The clock runs, and can be moved. Nothing here waits for a time: everything
//! waits for what is to be seen, with a limit.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use vigie::app::App;
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
use vigie_emulator::{Emulator, Sim};
use vigie_store::{MemoryStore, Store};

/// Longest wait for something to be seen.
const PATIENCE: Duration = Duration::from_secs(15);
/// Pause between two looks.
const LOOK: Duration = Duration::from_millis(5);
/// Start of every town: a Tuesday at 14:00 in Paris.
const START: i64 = 1_795_525_200;
/// The bot's account.
pub const BOT: i64 = 100_200_300;

/// A clock that runs from [`START`], and that tests move on.
struct TownClock {
    begun: Instant,
    ahead_s: AtomicI64,
}

impl Clock for TownClock {
    fn now(&self) -> DateTime<Utc> {
        let start = DateTime::from_timestamp(START, 0).unwrap();
        let ran = TimeDelta::from_std(self.begun.elapsed()).unwrap();
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
    store: Arc<dyn Store>,
    clock: Arc<TownClock>,
    running: Option<Running>,
    http: reqwest::Client,
    began: std::sync::Mutex<BTreeMap<String, String>>,
    allowed: Vec<String>,
    settings: Settings,
}

impl Town {
    /// A town in which everything runs and every group has its purpose.
    pub async fn open() -> Self {
        Self::open_with(Arc::new(MemoryStore::in_memory())).await
    }

    pub async fn open_with(store: Arc<dyn Store>) -> Self {
        let settings = Settings {
            // Time that tests jump over is no absence.
            absence_min: u32::MAX,
            ..Settings::default()
        };
        Self::open_set(store, settings).await
    }

    pub async fn open_set(store: Arc<dyn Store>, settings: Settings) -> Self {
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
            begun: Instant::now(),
            ahead_s: AtomicI64::new(0),
        };
        let mut town = Self {
            sim,
            emulator,
            world,
            store,
            clock: Arc::new(clock),
            running: None,
            http: reqwest::Client::new(),
            began: std::sync::Mutex::default(),
            // That is success.
            allowed: vec!["message is not modified".to_owned()],
            settings,
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
        demo::fill(&app, &self.world).await.unwrap();
        let config = telegram::Config {
            token: SecretString::from(demo::TOKEN),
            api_url: Some(self.emulator.url().parse().unwrap()),
            mode: Mode::Poll,
            // How fast messages go has tests of its own.
            pace: Pace {
                overall: 1_000,
                chat: 1_000,
                burst: 1_000,
                group_minute: 1_000,
                ..Pace::default()
            },
        };
        let Ok(texts) = Texts::embedded() else {
            panic!("texts")
        };
        let edge = TelegramEdge::new(Arc::clone(&app), Arc::new(texts), config).unwrap();
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
        );
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

    /// Somebody, by first name.
    pub fn person(&self, name: &str) -> Person {
        let person = self
            .world
            .users
            .iter()
            .find(|user| user["first_name"] == name);
        let person = person.unwrap_or_else(|| panic!("nobody is called {name}"));
        Person {
            sim: self.sim.clone(),
            world: Arc::clone(&self.world),
            name: name.to_owned(),
            id: person["id"].as_i64().unwrap(),
        }
    }

    /// Time passes, and what is due is done. What happened before is handled before.
    pub async fn pass(&self, time: TimeDelta) {
        self.settles().await;
        self.clock
            .ahead_s
            .fetch_add(time.num_seconds(), Ordering::SeqCst);
        self.app().fire_due().await.unwrap();
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

    /// Posts to a hook; returned are the status and the body of the answer.
    pub async fn posts(&self, source: &str, body: String) -> (u16, String) {
        let url = format!("{}/{source}", self.running().hooks);
        let post = self.http.post(url).bearer_auth(demo::HOOK_TOKEN).body(body);
        let post = post.header("content-type", "application/json");
        let answer = post.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// Alertmanager posts these alerts and is told 200.
    pub async fn alerts(&self, alerts: Vec<Value>) {
        let firing = alerts.iter().any(|alert| alert["status"] == "firing");
        let status = if firing { "firing" } else { "resolved" };
        let body = json!({"version": "4", "receiver": "vigie", "status": status, "alerts": alerts});
        let (status, answer) = self.posts("alertmanager", body.to_string()).await;
        assert_eq!(status, 200, "{answer}");
    }

    /// An alert about this, that began now or, if it fires, then.
    pub fn alert(&self, name: &str, status: &str) -> Value {
        let now = self
            .clock
            .now()
            .to_rfc3339_opts(SecondsFormat::Millis, true);
        let mut began = self.began.lock().unwrap();
        let start = match status {
            "firing" => began
                .entry(name.to_owned())
                .or_insert_with(|| now.clone())
                .clone(),
            _ => began.remove(name).unwrap_or_else(|| now.clone()),
        };
        let ends = if status == "firing" {
            "0001-01-01T00:00:00Z"
        } else {
            &now
        };
        json!({
            "status": status,
            "labels": {"alertname": "RelayDown", "equipment": name, "severity": "critical"},
            "annotations": {"summary": format!("{name} ne répond plus")},
            "startsAt": start,
            "endsAt": ends,
            "fingerprint": name,
        })
    }

    /// Equipment stops to answer.
    pub async fn fires(&self, name: &str) {
        self.alerts(vec![self.alert(name, "firing")]).await;
    }

    /// Equipment answers again.
    pub async fn resolves(&self, name: &str) {
        self.alerts(vec![self.alert(name, "resolved")]).await;
    }

    /// The number of a group or of a person's private conversation.
    pub fn chat(&self, title: &str) -> i64 {
        chat(&self.world, title)
    }

    /// What we said in a conversation, oldest first.
    pub fn said(&self, title: &str) -> Vec<Message> {
        self.said_in(self.chat(title))
    }

    pub fn said_in(&self, chat: i64) -> Vec<Message> {
        let Ok(found) = self.sim.messages(chat) else {
            return Vec::new();
        };
        let messages = found["messages"].as_array().unwrap().iter();
        messages
            .filter(|message| message["from"]["id"] == BOT && message["deleted"] != true)
            .map(|message| Message {
                chat,
                raw: message.clone(),
            })
            .collect()
    }

    /// Waits for our newest message with these words.
    pub async fn sees(&self, title: &str, words: &str) -> Message {
        self.sees_in(self.chat(title), words).await
    }

    pub async fn sees_in(&self, chat: i64, words: &str) -> Message {
        let begun = Instant::now();
        loop {
            let mut said = self.said_in(chat);
            if let Some(at) = said
                .iter()
                .rposition(|message| message.text().contains(words))
            {
                return said.swap_remove(at);
            }
            let texts: Vec<&str> = said.iter().map(Message::text).collect();
            assert!(
                begun.elapsed() < PATIENCE,
                "nobody said {words:?} in {chat}, but: {texts:#?}\ncalls: {:#}",
                self.sim.calls("", 0)["errors"]
            );
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Waits until everything that came in is handled and everything that could go out is out.
    pub async fn settles(&self) {
        let begun = Instant::now();
        loop {
            // In the order in which one becomes the other, so that nothing slips through.
            let unread = self.unread();
            let app = self.app();
            let updates = app.waiting_updates().await.unwrap().len();
            let hooks = app.waiting_hooks().await.unwrap().len();
            let (_, rows) = app.outbox_rows().await.unwrap();
            let soon = self.clock.now() + TimeDelta::days(1);
            let rows = rows
                .iter()
                .filter(|stored| stored.row.not_before.is_none_or(|at| at < soon))
                .count();
            if (updates, hooks, rows, unread) == (0, 0, 0, 0) {
                return;
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "left over: {updates} updates, {hooks} hooks, {rows} rows, {unread} unread"
            );
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Waits until the start has looked at our place in every group: that is a sign of life of a
    /// group, too.
    pub async fn looked_around(&self) {
        let begun = Instant::now();
        while self.calls("getChatMember").len() < self.world.chats.len() {
            assert!(begun.elapsed() < PATIENCE, "the start does not look around");
            tokio::time::sleep(LOOK).await;
        }
        self.settles().await;
    }

    /// Updates that the local Telegram still keeps for us.
    fn unread(&self) -> u64 {
        let world = self.sim.world();
        let bot = world["bots"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|bot| bot["id"] == BOT);
        bot.and_then(|bot| bot["pending_update_count"].as_u64())
            .unwrap_or(0)
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

    /// Calls of a method, oldest first.
    pub fn calls(&self, method: &str) -> Vec<Value> {
        self.sim.calls(method, 0)["calls"]
            .as_array()
            .unwrap()
            .clone()
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

fn chat(world: &World, title: &str) -> i64 {
    let named = |list: &[Value], field: &str| {
        list.iter()
            .find(|one| one[field] == title)
            .and_then(|one| one["id"].as_i64())
    };
    named(&world.chats, "title")
        .or_else(|| named(&world.users, "first_name"))
        .unwrap_or_else(|| panic!("no group and nobody is called {title}"))
}

/// Somebody.
#[derive(Clone)]
pub struct Person {
    sim: Sim,
    world: Arc<World>,
    pub name: String,
    pub id: i64,
}

impl Person {
    /// Writes in a group, or in private where the name is one's own.
    pub fn types(&self, title: &str, text: &str) -> Value {
        self.types_in(chat(&self.world, title), text)
    }

    pub fn types_in(&self, chat: i64, text: &str) -> Value {
        self.sim
            .send(&json!({"from": self.id, "chat": chat, "text": text}))
            .unwrap()
    }

    /// Presses a button; every press is answered.
    pub async fn taps(&self, message: &Message, button: &str) -> Answer {
        let body = json!({
            "from": self.id, "chat": message.chat, "message_id": message.id(), "button": button,
        });
        let answer = self.sim.tap(&body).await.unwrap();
        assert_eq!(
            answer["answered"], true,
            "{} pressed {button:?} in vain",
            self.name
        );
        Answer {
            text: answer["answer"].as_str().unwrap_or_default().to_owned(),
            alert: answer["alert"] == true,
        }
    }
}

/// What a press was answered.
#[derive(Clone, Debug)]
pub struct Answer {
    pub text: String,
    pub alert: bool,
}

/// A message of ours.
#[derive(Clone, Debug)]
pub struct Message {
    pub chat: i64,
    pub raw: Value,
}

impl Message {
    pub fn id(&self) -> i64 {
        self.raw["message_id"].as_i64().unwrap()
    }

    pub fn text(&self) -> &str {
        self.raw["text"].as_str().unwrap_or_default()
    }

    /// Its buttons, row by row.
    pub fn buttons(&self) -> Vec<String> {
        let rows = self.raw["keyboard"].as_array().into_iter().flatten();
        rows.flat_map(|row| row.as_array().unwrap())
            .map(|button| button.as_str().unwrap().to_owned())
            .collect()
    }

    /// Asserts that it holds each of these.
    #[track_caller]
    pub fn has(&self, words: &[&str]) -> &Self {
        for part in words {
            assert!(
                self.text().contains(part),
                "{part:?} is not in {:?}",
                self.text()
            );
        }
        self
    }
}
