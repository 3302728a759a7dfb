//! The Telegram edge against the local Telegram, over HTTP.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test fails where it stands, and is at home in real time"
)]

#[path = "support/edge.rs"]
mod town;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures::stream::BoxStream;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use town::{ANA, BACKBONE, BRUNO, JOIGNY, MIGENNES, TOKEN, Town};
use vigie::telegram::{EdgeError, Mode, WEBHOOK_PATH};
use vigie_domain::ChatId;
use vigie_store::{
    Batch, Dir, Entry, Health, Key, MemoryStore, Outcome, Page, Range, Rev, Shard, Snapshot, Store,
    WatchItem,
};

fn memory() -> Arc<dyn Store> {
    Arc::new(MemoryStore::in_memory())
}

fn text(message: &Value) -> &str {
    message["text"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_alert_is_a_card_is_taken_by_a_button_and_ends_in_place() {
    let mut town = Town::open(memory()).await;
    town.down("silo").await;
    let card = town
        .message(MIGENNES, "🔴 Injoignable : Migennes, silo")
        .await;
    assert!(
        text(&card).contains("perte < 10 % & plus _ici_"),
        "{card:#}"
    );
    assert_eq!(
        card["keyboard"][0],
        json!(["Je prends", "Silence 1 h", "Détails"])
    );

    let answer = town.tap(BRUNO, MIGENNES, &card, "Je prends").await;
    assert_eq!(answer["answered"], true);
    let taken = town.message(MIGENNES, "Pris par Bruno").await;
    assert_eq!(taken["message_id"], card["message_id"]);

    town.send(json!({"from": ANA, "chat": MIGENNES, "text": "/etat@vigie_bot"}));
    town.message(MIGENNES, "1 panne en cours").await;

    town.up("silo").await;
    let ended = town.message(MIGENNES, "✅ Rétabli : Migennes, silo").await;
    assert_eq!(ended["message_id"], card["message_id"]);
    assert!(
        ended["keyboard"].as_array().is_none_or(Vec::is_empty),
        "{ended:#}"
    );
    assert_eq!(town.health.counters().failed, Default::default());
    town.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chat_told_to_wait_waits_exactly_and_delays_nobody_else() {
    let mut town = Town::open(memory()).await;
    let wait = json!({"kind": "too_many_requests", "method": "sendMessage", "chat": MIGENNES, "retry_after": 3});
    town.fault(wait);
    let begun = Instant::now();
    town.down("silo").await;
    town.until("the refusal", || {
        (town.health.counters().retry_after > 0).then_some(())
    })
    .await;
    town.send(json!({"from": BRUNO, "chat": JOIGNY, "text": "/etat@vigie_bot"}));
    town.message(JOIGNY, "en cours").await;
    assert!(
        begun.elapsed() < Duration::from_secs(2),
        "{:?}",
        begun.elapsed()
    );
    town.message(MIGENNES, "🔴").await;
    let sends: Vec<u64> = town
        .calls("sendMessage")
        .iter()
        .filter(|call| call["params"]["chat_id"] == MIGENNES)
        .map(|call| call["at_ms"].as_u64().unwrap())
        .collect();
    let [.., refused, sent] = sends[..] else {
        panic!("{sends:?}")
    };
    assert!((3_000..3_300).contains(&(sent - refused)), "{sends:?}");
    town.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_of_one_message_are_mended() {
    let mut town = Town::open(memory()).await;
    // Formatting refused: the same words as plain text.
    town.fault(json!({"kind": "parse_error", "method": "sendMessage", "chat": MIGENNES}));
    town.down("silo").await;
    let card = town
        .message(MIGENNES, "🔴 Injoignable : Migennes, silo")
        .await;
    assert_eq!(card["entities"], json!([]));
    // The message of the card is gone: a new one.
    town.sim
        .post(
            "delete",
            &json!({"from": BRUNO, "chat": MIGENNES, "message_id": card["message_id"]}),
        )
        .unwrap();
    town.down("eglise").await;
    let anew = town.message(MIGENNES, "Derrière : 1").await;
    assert_ne!(anew["message_id"], card["message_id"]);
    // A web server's page instead of an answer, and a connection that is refused, are waited out.
    town.fault(json!({"kind": "html_502", "method": "sendMessage", "chat": JOIGNY}));
    town.send(json!({"from": BRUNO, "chat": JOIGNY, "text": "/etat@vigie_bot"}));
    town.message(JOIGNY, "Aucune panne").await;
    town.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_is_sent_once_more_and_says_so() {
    let mut town = Town::open(memory()).await;
    town.fault(json!({"kind": "drop_after", "method": "sendMessage", "chat": MIGENNES}));
    town.down("silo").await;
    town.message(MIGENNES, "(répétition)").await;
    let cards = |message: &Value| text(message).contains("Migennes, silo");
    assert_eq!(
        town.messages(MIGENNES).iter().filter(|m| cards(m)).count(),
        2
    );
    assert_eq!(town.health.counters().unknown, 1);
    town.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_being_sent_at_a_crash_is_sent_once_more_and_says_so() {
    let mut town = Town::open(memory()).await;
    town.stop().await;
    town.down("silo").await;
    let (_, rows) = town.app.outbox_rows().await.unwrap();
    assert_eq!(town.app.claim(rows).await.unwrap().len(), 1);
    town.start();
    town.message(MIGENNES, "(répétition)").await;
    town.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_that_moves_keeps_its_alerts() {
    const SMALL: i64 = -4_004;
    let mut town = Town::build(memory(), |_| Mode::Poll).await;
    let group = json!({"id": SMALL, "type": "group", "title": "Migennes", "admins": [BRUNO]});
    town.sim.chat(&group).unwrap();
    town.start();
    let bind = "/groupe@vigie_bot local migennes";
    town.send(json!({"from": BRUNO, "chat": SMALL, "text": bind}));
    town.message(SMALL, "C'est noté").await;
    town.down("silo").await;
    town.message(SMALL, "🔴 Injoignable : Migennes, silo").await;
    // The refusal tells the new number; the card cannot be edited there, so it is sent anew.
    town.fault(json!({"kind": "migrate", "method": "editMessageText", "chat": SMALL}));
    town.down("eglise").await;
    let moved = || {
        let world = town.sim.world();
        let found = world["chats"].as_array()?.iter().find(|chat| {
            chat["title"] == "Migennes" && chat["id"] != SMALL && chat["type"] == "supergroup"
        })?;
        found["id"].as_i64()
    };
    let large = town.until("the new number", moved).await;
    let card = town.message(large, "Derrière : 1").await;
    let answer = town.tap(BRUNO, large, &card, "Je prends").await;
    assert_eq!(answer["answered"], true);
    town.message(large, "Pris par Bruno").await;
    town.up("eglise").await;
    town.up("silo").await;
    let ended = town.message(large, "✅ Rétabli").await;
    assert_eq!(ended["message_id"], card["message_id"]);
    town.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_that_removes_us_is_told_to_the_technical_group_and_waits() {
    let mut town = Town::open(memory()).await;
    town.fault(json!({"kind": "forbidden_kicked", "method": "sendMessage", "chat": MIGENNES}));
    town.down("silo").await;
    let told = town.message(BACKBONE, "Je ne peux plus écrire").await;
    assert!(text(&told).contains("Secteur Migennes"), "{told:#}");
    // A sign of life in the group brings the card out.
    town.sim
        .post(
            "rights",
            &json!({"chat": MIGENNES, "user": 777_000_777, "status": "member"}),
        )
        .unwrap();
    town.message(MIGENNES, "🔴 Injoignable : Migennes, silo")
        .await;
    town.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_tried_for_a_person_who_blocked_us_and_they_are_told_when_they_return() {
    let mut town = Town::open(memory()).await;
    let block = |blocked: bool| {
        let body = json!({"from": BRUNO, "blocked": blocked});
        town.sim.post("block", &body).unwrap();
    };
    town.send(json!({"from": BRUNO, "chat": BRUNO, "text": "/etat"}));
    town.message(BRUNO, "Aucune panne").await;
    block(true);
    let away = async || town.app.is_away(ChatId(BRUNO)).await.unwrap();
    let begun = Instant::now();
    while !away().await {
        assert!(
            begun.elapsed() < Duration::from_secs(8),
            "the block is noted"
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let to_bruno = || {
        let calls = town.calls("sendMessage");
        calls
            .iter()
            .filter(|call| call["params"]["chat_id"] == BRUNO)
            .count()
    };
    let before = to_bruno();
    // No technical group works, so that their administrator is to be told.
    for (chat, name) in [(BACKBONE, "collecte"), (MIGENNES, "silo")] {
        town.fault(json!({"kind": "forbidden_kicked", "method": "sendMessage", "chat": chat}));
        town.down(name).await;
    }
    let settled = || async {
        let (_, rows) = town.app.outbox_rows().await.unwrap();
        rows.iter().all(|stored| stored.row.waits_for_a_sign())
    };
    while !settled().await {
        assert!(
            begun.elapsed() < Duration::from_secs(16),
            "everything is settled"
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(to_bruno(), before, "nothing was tried");
    block(false);
    town.message(BRUNO, "Vous m'aviez bloqué : ").await;
    assert!(!away().await);
    town.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_topic_falls_back_to_the_general_one() {
    let mut town = Town::build(memory(), |_| Mode::Poll).await;
    town.start();
    town.sim
        .post("topics", &json!({"chat": MIGENNES, "is_forum": true}))
        .unwrap();
    let topic = town
        .sim
        .post("topics", &json!({"chat": MIGENNES, "name": "Pannes"}))
        .unwrap();
    let thread = topic["message_thread_id"].clone();
    let bind = json!({"from": BRUNO, "chat": MIGENNES, "thread": thread, "text": "/groupe@vigie_bot local migennes"});
    town.send(bind);
    let noted = town.message(MIGENNES, "C'est noté").await;
    assert_eq!(noted["message_thread_id"], thread);
    town.sim
        .post(
            "topics",
            &json!({"chat": MIGENNES, "thread": thread, "deleted": true}),
        )
        .unwrap();
    town.down("silo").await;
    let card = town.message(MIGENNES, "🔴 Injoignable").await;
    assert_eq!(card["message_thread_id"], Value::Null);
    town.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_program_that_polls_turns_health_red_until_it_stops() {
    let mut town = Town::open(memory()).await;
    let url = format!("{}/bot{TOKEN}/getUpdates", town.emulator.url());
    let client = reqwest::Client::new();
    let ask = || client.post(&url).json(&json!({"timeout": 1})).send();
    ask().await.unwrap();
    town.until("the conflict", || town.health.conflict().then_some(()))
        .await;
    assert!(!town.health.faults(chrono::Utc::now(), 60).is_empty());
    town.until("the end of the conflict", || {
        (!town.health.conflict()).then_some(())
    })
    .await;
    town.send(json!({"from": BRUNO, "chat": JOIGNY, "text": "/etat@vigie_bot"}));
    town.message(JOIGNY, "Aucune panne").await;
    town.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_token_is_said_plainly_and_never_shown() {
    let town = Town::build(memory(), |_| Mode::Poll).await;
    town.fault(json!({"kind": "unauthorized", "method": "getMe"}));
    let error = town.edge.run(CancellationToken::new()).await.unwrap_err();
    assert!(matches!(error, EdgeError::WrongToken));
    assert!(!format!("{error} {error:?}").contains(TOKEN));
}

/// A port that is free now.
async fn free_port() -> (tokio::net::TcpListener, u16) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_needs_its_secret_and_takes_each_update_once() {
    let (listener, port) = free_port().await;
    let public = format!("http://127.0.0.1:{port}");
    let mode = Mode::Webhook {
        public_url: public.parse().unwrap(),
        secret: SecretString::from("entrez"),
    };
    let mut town = Town::build(memory(), |_| mode).await;
    let router = town.edge.router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    town.start();
    town.bind().await;

    let client = reqwest::Client::new();
    let post = |secret: Option<&'static str>, body: String| {
        let request = client.post(format!("{public}{WEBHOOK_PATH}")).body(body);
        let request = match secret {
            Some(secret) => request.header("X-Telegram-Bot-Api-Secret-Token", secret),
            None => request,
        };
        async move { request.send().await.unwrap().status().as_u16() }
    };
    let update = json!({"update_id": 900_000_001, "message": {
        "message_id": 50, "date": 1_700_000_000, "text": "/etat@vigie_bot",
        "chat": {"id": JOIGNY, "type": "supergroup", "title": "Secteur Joigny"},
        "from": {"id": BRUNO, "is_bot": false, "first_name": "Bruno", "language_code": "fr"},
        "entities": [{"type": "bot_command", "offset": 0, "length": 15}],
    }})
    .to_string();
    assert_eq!(post(None, update.clone()).await, 401);
    assert_eq!(post(Some("entre"), update.clone()).await, 401);
    assert_eq!(post(Some(""), update.clone()).await, 401);
    assert_eq!(post(Some("entrez"), "{".to_owned()).await, 400);
    for _ in 0..3 {
        assert_eq!(post(Some("entrez"), update.clone()).await, 200);
    }
    let unknown = json!({"update_id": 900_000_002, "of_a_later_year": {}}).to_string();
    assert_eq!(post(Some("entrez"), unknown).await, 200);
    town.message(JOIGNY, "Aucune panne").await;
    let done = || {
        let waiting = futures::executor::block_on(town.app.waiting_updates()).unwrap();
        waiting.is_empty().then_some(())
    };
    town.until("an empty inbox", done).await;
    let answers = town.messages(JOIGNY);
    let answers = answers.iter().filter(|m| text(m).contains("Aucune panne"));
    assert_eq!(answers.count(), 1);
    town.stop().await;
    let calls = town.calls("deleteWebhook");
    assert!(
        calls.is_empty(),
        "the webhook may be the next one's already"
    );
}

/// A store that panics once when a poisoned button is looked up, and fails while told to.
struct Brittle {
    inner: MemoryStore,
    fails: AtomicBool,
}

#[async_trait]
impl Store for Brittle {
    async fn get(&self, shard: Shard, keys: &[Key]) -> vigie_store::Result<Vec<Option<Entry>>> {
        let poisoned = |key: &Key| key.as_bytes().windows(6).any(|part| part == b"poison");
        assert!(!keys.iter().any(poisoned), "a fault of ours");
        self.inner.get(shard, keys).await
    }
    async fn scan(
        &self,
        shard: Shard,
        range: &Range,
        after: Option<&Key>,
        limit: u32,
        dir: Dir,
    ) -> vigie_store::Result<Page> {
        self.inner.scan(shard, range, after, limit, dir).await
    }
    async fn snapshot(&self, shard: Shard) -> vigie_store::Result<Box<dyn Snapshot>> {
        self.inner.snapshot(shard).await
    }
    async fn commit(&self, batch: Batch) -> vigie_store::Result<Outcome> {
        if self.fails.load(Ordering::SeqCst) {
            return Err(vigie_store::StoreError::ReadOnly("disk full".to_owned()));
        }
        self.inner.commit(batch).await
    }
    async fn watch(
        &self,
        shard: Shard,
        prefix: Key,
        from: Rev,
    ) -> vigie_store::Result<BoxStream<'static, WatchItem>> {
        self.inner.watch(shard, prefix, from).await
    }
    async fn durable_rev(&self, shard: Shard) -> vigie_store::Result<Rev> {
        self.inner.durable_rev(shard).await
    }
    async fn health(&self) -> Health {
        self.inner.health().await
    }
    async fn shards(&self) -> vigie_store::Result<Vec<Shard>> {
        self.inner.shards().await
    }
    async fn restore(
        &self,
        shard: Shard,
        items: Vec<(Key, Option<Entry>)>,
        rev: Rev,
    ) -> vigie_store::Result<()> {
        self.inner.restore(shard, items, rev).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_costs_one_update_and_a_full_disk_none() {
    let store = Arc::new(Brittle {
        inner: MemoryStore::in_memory(),
        fails: AtomicBool::new(false),
    });
    let mut town = Town::open(store.clone()).await;
    town.down("silo").await;
    let card = town.message(MIGENNES, "🔴").await;
    let id = card["message_id"].clone();
    let body = json!({"from": ANA, "chat": MIGENNES, "message_id": id, "callback_data": "poison", "timeout_ms": 10});
    town.sim.tap(&body).await.unwrap();
    town.until("the panic", || {
        (town.health.counters().panics == 1).then_some(())
    })
    .await;

    store.fails.store(true, Ordering::SeqCst);
    town.send(json!({"from": ANA, "chat": MIGENNES, "text": "/etat@vigie_bot"}));
    tokio::time::sleep(Duration::from_millis(300)).await;
    store.fails.store(false, Ordering::SeqCst);
    town.message(MIGENNES, "1 panne en cours").await;
    town.stop().await;
    assert!(town.app.waiting_updates().await.unwrap().is_empty());
}
