//! A desk: the use cases over a store in memory, a clock that tests move, and groups that only
//! exist as records. It shows what each card would say, without any messenger.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use vigie::app::App;
use vigie::app::delivery::Stored;
use vigie::app::event::{Command, Envelope, Event, Person, Said, Sender, Tap};
use vigie::app::outbox::{Message, Outgoing, Verdict};
use vigie::app::ports::{Chance, Clock};
use vigie::app::settings::Settings;
use vigie::app::views::{CardView, Shown};
use vigie_domain::alert::{Alert, Phase, Severity, Tags};
use vigie_domain::network_import::{Format, SourceFile};
use vigie_domain::{AccountId, ChatId, Lang, MessageId, SourceId};
use vigie_store::{Batch, Dir, Key, MAX_PAGE, MemoryStore, Op, Range, Store as _};

/// Technical group.
pub const BACKBONE: ChatId = ChatId(-1001);
/// Local group of Migennes.
pub const MIGENNES: ChatId = ChatId(-1003);
/// Local group of Joigny.
pub const JOIGNY: ChatId = ChatId(-1004);

/// Start of every test: a Tuesday at 14:00 in Paris.
pub const START: i64 = 1_795_525_200;

/// A clock that tests move.
pub struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

struct Counting(AtomicU64);

impl Chance for Counting {
    fn bytes(&self) -> [u8; 16] {
        use sha2::Digest as _;
        let count = self.0.fetch_add(1, Ordering::SeqCst);
        let digest = sha2::Sha256::digest(count.to_be_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        bytes
    }
}

/// The desk.
pub struct Desk {
    pub app: Arc<App>,
    pub clock: Arc<TestClock>,
    pub store: Arc<MemoryStore>,
    messages: AtomicI64,
}

/// The network of the tests: a gateway, a main relay below it, two secondary relays below that.
pub const NETWORK: &str = include_str!("network.toml");

impl Desk {
    /// A desk with the test network and three groups.
    pub async fn open(delay_s: u32) -> Self {
        Self::open_with(delay_s, "", |_| ()).await
    }

    /// A desk with more equipment than usual, and other settings.
    pub async fn open_with(delay_s: u32, more: &str, settle: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings {
            administrators: vec![AccountId(1)],
            ..Settings::default()
        };
        settle(&mut settings);
        let clock = Arc::new(TestClock(AtomicI64::new(START * 1000)));
        let chance = Arc::new(Counting(AtomicU64::new(0)));
        let store = Arc::new(MemoryStore::in_memory());
        let app = App::new(store.clone(), clock.clone(), chance, settings);
        let desk = Self {
            app: Arc::new(app),
            clock,
            store,
            messages: AtomicI64::new(10),
        };
        let text = format!("{NETWORK}\n{more}\n[alerts]\ndelay_s = {delay_s}\n");
        let file = SourceFile {
            format: Format::Toml,
            name: "network.toml",
            text: &text,
        };
        desk.app.import_network(&[file], |_, _| ()).await.unwrap();
        let admin = desk.person(1);
        for (chat, args) in [
            (BACKBONE, "technique"),
            (MIGENNES, "local migennes"),
            (JOIGNY, "local joigny"),
        ] {
            desk.command(&admin, chat, "groupe", args).await;
        }
        desk.deliver_all().await;
        desk
    }

    /// The story begins at another time.
    pub fn starts_at(&self, moment: &str) {
        let moment: DateTime<Utc> = moment.parse().unwrap();
        self.clock
            .0
            .store(moment.timestamp_millis(), Ordering::SeqCst);
    }

    /// Records in the store.
    pub async fn rows(&self) -> usize {
        let everything = Range::prefix(&Key::default());
        let (mut count, mut after) = (0, None);
        loop {
            let page = self
                .store
                .scan(
                    vigie::app::SHARD,
                    &everything,
                    after.as_ref(),
                    MAX_PAGE,
                    Dir::Forward,
                )
                .await
                .unwrap();
            count += page.items.len();
            match page.next {
                Some(next) => after = Some(next),
                None => return count,
            }
        }
    }

    /// Time passes until a moment, and what is due is done at its time.
    pub async fn until(&self, moment: &str) {
        self.reach(moment.parse().unwrap()).await;
    }

    /// Time passes, and what is due is done at its time.
    pub async fn wait(&self, seconds: i64) {
        self.reach(self.now() + chrono::TimeDelta::seconds(seconds))
            .await;
    }

    async fn reach(&self, moment: DateTime<Utc>) {
        let set = |at: DateTime<Utc>| self.clock.0.store(at.timestamp_millis(), Ordering::SeqCst);
        while let Some(at) = self.app.next_due().await.unwrap().filter(|at| *at < moment) {
            set(at.max(self.now()));
            self.app.fire_due().await.unwrap();
        }
        set(moment);
        self.app.fire_due().await.unwrap();
    }

    pub fn person(&self, account: i64) -> Person {
        Person {
            account: AccountId(account),
            first_name: format!("P{account}"),
            lang: Lang::Fr,
        }
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Moves the clock while nothing runs.
    pub fn clock_jumps(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    /// Moves the clock and does what is due.
    pub async fn pass(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * 1000, Ordering::SeqCst);
        self.app.fire_due().await.unwrap();
    }

    /// An alert that began now.
    pub fn alert(&self, name: &str) -> Alert {
        Alert {
            fingerprint: name.into(),
            phase: Phase::Firing,
            equipment: Some(name.to_owned()),
            name: "RelayDown".to_owned(),
            severity: Severity::Critical,
            starts_at: Some(self.now()),
            ends_at: None,
            summary: format!("{name} does not answer"),
            details: String::new(),
            link: None,
            tags: Tags::default(),
        }
    }

    pub async fn happens(&self, event: Event) {
        self.app
            .handle(Envelope {
                inbox: None,
                at: self.now(),
                event,
            })
            .await
            .unwrap();
    }

    pub async fn hear(&self, alerts: Vec<Alert>) {
        let event = Event::Alerts {
            source: SourceId::from("am"),
            alerts,
            left_out: 0,
        };
        self.happens(event).await;
    }

    /// Equipment stops to answer.
    pub async fn down(&self, name: &str) {
        self.hear(vec![self.alert(name)]).await;
    }

    /// Equipment answers again.
    pub async fn up(&self, name: &str) {
        let mut alert = self.alert(name);
        alert.phase = Phase::Resolved;
        alert.starts_at = None;
        alert.ends_at = Some(self.now());
        self.hear(vec![alert]).await;
    }

    pub async fn command(&self, who: &Person, chat: ChatId, name: &str, args: &str) {
        let message = MessageId(self.messages.fetch_add(1, Ordering::SeqCst));
        let said = Said {
            place: chat.into(),
            message,
            private: chat.0 > 0,
            reply_to: None,
        };
        let event = Event::Command(Command {
            file: None,
            attachment: None,
            from: Sender::Person(who.clone()),
            said,
            name: name.to_owned(),
            args: args.to_owned(),
            to_us: true,
        });
        self.happens(event).await;
    }

    /// Presses a button of a card.
    pub async fn tap(&self, who: &Person, card: &CardView, column: usize) {
        let on = card.message.map(|message| (card.place.chat, message));
        self.press(who, &card.buttons[0][column].key, on).await;
    }

    /// Sends what a button carries, as anybody's messenger can.
    pub async fn press(&self, who: &Person, key: &str, on: Option<(ChatId, MessageId)>) {
        let tap = Tap {
            from: who.clone(),
            query: "q".to_owned(),
            key: key.to_owned(),
            on,
        };
        self.happens(Event::Tap(tap)).await;
    }

    /// Records under a prefix, as they are stored.
    pub async fn records(&self, prefix: &str) -> Vec<(Key, Bytes)> {
        vigie::app::tx::scan(&self.app, &Key::of(prefix).end())
            .await
            .unwrap()
    }

    /// Writes a record as another program would have.
    pub async fn write<T: vigie::app::tx::Stored>(&self, key: Key, record: &T) {
        let bytes = vigie::app::tx::encode(&key, record).unwrap();
        let batch = Batch {
            shard: vigie::app::SHARD,
            id: rand::random(),
            conds: Vec::new(),
            ops: vec![Op::Put(key, bytes)],
        };
        self.store.commit(batch).await.unwrap();
    }

    /// Everything that waits to be sent.
    pub async fn waiting(&self) -> Vec<Stored> {
        self.app.outbox_rows().await.unwrap().1
    }

    /// Sends everything that waits, as a messenger that takes all would, and returns what was
    /// sent: cards as they were, and other rows.
    pub async fn deliver_all(&self) -> Vec<Sent> {
        let mut sent = Vec::new();
        loop {
            let due: Vec<Stored> = self
                .waiting()
                .await
                .into_iter()
                .filter(|stored| stored.row.not_before.is_none_or(|at| at <= self.now()))
                .collect();
            if due.is_empty() {
                return sent;
            }
            for stored in self.app.claim(due).await.unwrap() {
                sent.extend(self.deliver(&stored).await);
            }
        }
    }

    async fn deliver(&self, stored: &Stored) -> Option<Sent> {
        let shown = self.app.shown(&stored.row).await.unwrap();
        let chat = stored.row.place.chat;
        let fresh = MessageId(self.messages.fetch_add(1, Ordering::SeqCst));
        let (sent, message) = match (&stored.row.what, shown) {
            (Outgoing::Card(_), Shown::Card(Some(card))) => {
                let message = card.message.unwrap_or(fresh);
                let new = card.message.is_none();
                (
                    Some(Sent {
                        chat,
                        new,
                        card: Some(*card),
                        message: None,
                        row: stored.clone(),
                    }),
                    Some(message),
                )
            }
            (Outgoing::Card(_), _) | (_, Shown::Message(None)) => (None, None),
            (_, shown) => (
                Some(Sent {
                    chat,
                    new: true,
                    card: None,
                    message: match (&stored.row.what, shown) {
                        (Outgoing::Say(message), _) => Some(message.clone()),
                        (_, Shown::Message(message)) => message.map(|message| *message),
                        _ => None,
                    },
                    row: stored.clone(),
                }),
                Some(fresh),
            ),
        };
        let verdict = Verdict::Done(message);
        self.app
            .settle(&stored.key, chat.0, &verdict, self.now())
            .await
            .unwrap();
        sent
    }
}

/// Something that was sent.
#[derive(Debug)]
pub struct Sent {
    pub chat: ChatId,
    pub new: bool,
    pub card: Option<CardView>,
    /// What it said, where it is a message.
    pub message: Option<Message>,
    pub row: Stored,
}

impl Sent {
    /// Key of its first button, where it is no card.
    pub fn button(&self) -> Option<String> {
        let buttons = match &self.row.row.what {
            Outgoing::Say(message) => &message.buttons,
            Outgoing::View { buttons, .. } => buttons,
            _ => return None,
        };
        Some(buttons.first()?.first()?.key.clone())
    }
}

/// Cards among what was sent to a group.
pub fn cards_in(sent: &[Sent], chat: ChatId) -> Vec<&CardView> {
    sent.iter()
        .filter(|s| s.chat == chat)
        .filter_map(|s| s.card.as_ref())
        .collect()
}

/// What else was said in a group: the first message of each.
pub fn said_in(sent: &[Sent], chat: ChatId) -> Vec<vigie_domain::text::Key> {
    sent.iter()
        .filter(|sent| sent.chat == chat)
        .filter_map(|sent| match &sent.row.row.what {
            Outgoing::Say(message) => Some(message.say[0].key),
            Outgoing::Reminder(_) => Some(vigie_domain::text::Key::CardReminder),
            Outgoing::Call(_) => sent.message.as_ref().map(|message| message.say[0].key),
            _ => None,
        })
        .collect()
}
