//! One round: a cooperative, its day, and the deaths of the program on the way.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vigie::app::keys;
use vigie_emulator::{Emulator, Sim};
use vigie_store::{Dir, Key, Range, SledOptions, SledStore, Store as _};

use super::cast::{self, Group, Shows, Step, Truth, cards};
use super::vigie_process::{Home, Kill, Running, Stopped};

/// The administrator of all rounds.
pub const BRUNO: i64 = 1;
/// Longest wait for something to be seen.
const PATIENCE: Duration = Duration::from_secs(30);
/// Pause between two looks.
const LOOK: Duration = Duration::from_millis(15);

/// What a round showed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outcome {
    /// Deaths.
    pub crashes: usize,
    /// Messages beyond those of a day without a death.
    pub doubled: usize,
    /// Answers to commands that were lost in flight.
    pub lost_answers: usize,
    /// Calls that made writes durable, in the first start that ended regularly.
    pub commits: u64,
}

pub struct Round {
    sim: Sim,
    http: reqwest::Client,
    home: Home,
    bot: i64,
    chats: Vec<(Group, i64)>,
    began: String,
    running: Running,
    next_kills: Vec<Kill>,
    crashes: usize,
    truth: Truth,
    asked: usize,
    presses: usize,
    hasty: bool,
    thanks: Option<(Group, &'static str)>,
    commits: u64,
    pressed: Option<(Group, &'static str, Value)>,
}

impl Round {
    /// Plays a day. The program dies as `kills` says: each is for one start, further starts live.
    pub async fn play(emulator: &Emulator, number: i64, kills: Vec<Kill>) -> Outcome {
        let mut round = Self::open(emulator, number, kills.clone());
        match round.day().await {
            Ok(outcome) => outcome,
            Err(why) => {
                let told: Vec<_> = Group::ALL
                    .iter()
                    .map(|group| (group.title(), round.texts(*group)))
                    .collect();
                panic!(
                    "round {number} with {kills:?}: {why}\nexpected: {:#?}\nseen: {told:#?}\nlog: {}",
                    round.truth,
                    round.home.log()
                );
            }
        }
    }

    fn open(emulator: &Emulator, number: i64, mut kills: Vec<Kill>) -> Self {
        let sim = emulator.sim();
        let bot = 900_000_000 + number;
        let token = format!("{bot}:crash-test");
        sim.bot(&json!({"token": token, "username": format!("vigie_{number}_bot"), "first_name": "Vigie"}))
            .unwrap();
        let chats: Vec<(Group, i64)> = (1..)
            .zip(Group::ALL)
            .map(|(place, group)| (group, -1_000_000_000_000 - number * 10 - place))
            .collect();
        for (group, chat) in &chats {
            sim.chat(
                &json!({"id": chat, "title": group.title(), "admins": [BRUNO], "bots": [bot]}),
            )
            .unwrap();
        }
        let home = Home::new(&token, &emulator.url(), &chats, BRUNO);
        kills.reverse();
        let running = home.start(kills.pop().unwrap_or(Kill::Never));
        Self {
            sim,
            http: reqwest::Client::new(),
            home,
            bot,
            chats,
            began: chrono::Utc::now().to_rfc3339(),
            running,
            next_kills: kills,
            crashes: 0,
            truth: Truth::new(),
            asked: 0,
            presses: 0,
            hasty: false,
            thanks: None,
            commits: 0,
            pressed: None,
        }
    }

    async fn day(&mut self) -> Result<Outcome, String> {
        for step in cast::steps() {
            match step {
                Step::Hook(names, down, truth) => self.hook(&names, down, truth).await?,
                Step::Take(group, name) => self.take(group, name),
                Step::Ask(group) => self.ask(group),
                Step::Thanks(group, words) => self.thanks = Some((group, words)),
                Step::Seen => self.seen(&Truth::new()).await?,
                Step::SeenOrDead => {
                    self.hasty = self.bot % 2 == 1;
                    self.seen(&Truth::new()).await?;
                    self.hasty = false;
                }
            }
        }
        self.close().await?;
        self.judge().await
    }

    fn chat(&self, group: Group) -> i64 {
        self.chats
            .iter()
            .find(|(known, _)| *known == group)
            .map(|(_, chat)| *chat)
            .unwrap()
    }

    fn messages(&self, group: Group) -> Vec<Value> {
        let found = self.sim.messages(self.chat(group)).unwrap();
        let ours = |message: &&Value| message["from"]["id"] == self.bot;
        found["messages"]
            .as_array()
            .unwrap()
            .iter()
            .filter(ours)
            .cloned()
            .collect()
    }

    fn texts(&self, group: Group) -> Vec<String> {
        self.messages(group)
            .iter()
            .map(|message| message["text"].to_string())
            .collect()
    }

    /// The program died: it is started again, as its unit does.
    fn revive(&mut self) {
        self.crashes += 1;
        let kill = self.next_kills.pop().unwrap_or(Kill::Never);
        self.running = self.home.start(kill);
    }

    /// Posts until it is acknowledged, as monitoring does. What is acknowledged must be seen.
    async fn hook(&mut self, names: &[String], down: bool, truth: Truth) -> Result<(), String> {
        let url = format!("http://127.0.0.1:{}/hooks/am", self.home.port);
        let body = cast::body(names, down, &self.began);
        let begun = Instant::now();
        loop {
            let post = self
                .http
                .post(&url)
                .bearer_auth("crash")
                .json(&body)
                .timeout(Duration::from_secs(10));
            match post.send().await {
                Ok(answer) if answer.status() == 200 => break,
                Ok(answer) => return Err(format!("a hook is answered {}", answer.status())),
                Err(error) if begun.elapsed() > PATIENCE => {
                    return Err(format!("no answer to a hook: {error}"));
                }
                Err(error) if error.is_connect() && !self.running.killed()? => {
                    tokio::time::sleep(LOOK).await
                }
                Err(_) => {
                    if self.running.dies().await? {
                        self.revive();
                        // Everything acknowledged before is seen, whatever became of this one.
                        self.seen(&truth).await?;
                    }
                }
            }
        }
        self.truth.extend(truth);
        Ok(())
    }

    fn ask(&mut self, group: Group) {
        let text = format!("/etat@vigie_{}_bot", self.bot - 900_000_000);
        self.sim
            .send(&json!({"from": BRUNO, "chat": self.chat(group), "text": text}))
            .unwrap();
        self.asked += 1;
    }

    fn take(&mut self, group: Group, name: &'static str) {
        let messages = self.messages(group);
        let Some((card, _)) = cards(&messages, name).pop() else {
            return;
        };
        let id = card["message_id"].clone();
        let body = json!({"from": BRUNO, "chat": self.chat(group), "message_id": id, "button": "Je prends"});
        self.presses += 1;
        let sim = self.sim.clone();
        tokio::spawn(async move { sim.tap(&body).await });
        self.truth.insert((group, name.to_owned()), Shows::Taken);
        self.pressed = Some((group, name, id));
    }

    /// A person presses again when the card comes once more: the first one is no longer kept.
    fn press_again(&mut self) {
        let Some((group, name, pressed)) = self.pressed.clone() else {
            return;
        };
        let messages = self.messages(group);
        if let Some((card, Shows::Down)) = cards(&messages, name).pop()
            && card["message_id"] != pressed
        {
            self.take(group, name);
        }
    }

    /// Waits until everything acknowledged is seen, but for what is not known to be.
    async fn seen(&mut self, open: &Truth) -> Result<(), String> {
        let begun = Instant::now();
        loop {
            let missing = self.missing(open);
            if missing.is_empty() {
                return Ok(());
            }
            if self.running.killed()? {
                self.revive();
                if self.hasty {
                    return Ok(());
                }
            }
            if begun.elapsed() > PATIENCE {
                return Err(format!("not seen: {missing:?}"));
            }
            self.press_again();
            tokio::time::sleep(LOOK).await;
        }
    }

    fn saying(&self, group: Group, words: &str) -> usize {
        let texts = self.texts(group);
        texts.iter().filter(|text| text.contains(words)).count()
    }

    fn missing(&self, open: &Truth) -> Vec<(Group, String, Shows)> {
        let mut missing = Vec::new();
        if let Some((group, words)) = self
            .thanks
            .filter(|(group, words)| self.saying(*group, words) == 0)
        {
            missing.push((group, words.to_owned(), Shows::Ended));
        }
        for group in Group::ALL {
            let messages = self.messages(group);
            let here = self
                .truth
                .iter()
                .filter(|((where_, _), _)| *where_ == group);
            for ((_, name), expected) in here {
                let newest = cards(&messages, name).pop().map(|(_, shows)| shows);
                // It is not known which of the two holds yet.
                let next = open.get(&(group, name.clone()));
                let fits = Shows::fits(newest, *expected)
                    || next.is_some_and(|next| newest.is_some() || Shows::fits(newest, *next));
                if !fits {
                    missing.push((group, name.clone(), *expected));
                }
            }
        }
        missing
    }

    /// Stops the program, and starts it again until nothing is left over.
    async fn close(&mut self) -> Result<(), String> {
        for _ in 0..6 {
            match self.running.stop().await? {
                Stopped::Regularly => {}
                Stopped::Killed => {
                    self.revive();
                    self.seen(&Truth::new()).await?;
                    self.up().await?;
                    continue;
                }
                Stopped::TooEarly => {
                    self.running = self.home.start(Kill::Never);
                    self.up().await?;
                    continue;
                }
            }
            if self.commits == 0 {
                self.commits = self.home.count();
            }
            let left = left_over(&self.home).await?;
            if left.is_empty() {
                return Ok(());
            }
            // Something was held back for a moment: it gets the time it needs.
            self.running = self.home.start(Kill::Never);
            self.idle().await?;
        }
        Err(format!(
            "left over after the stop: {:?}",
            left_over(&self.home).await?
        ))
    }

    /// Waits until the program answers, or dies.
    async fn up(&mut self) -> Result<(), String> {
        let url = format!("http://127.0.0.1:{}/healthz", self.home.port);
        let begun = Instant::now();
        while self.http.get(&url).send().await.is_err() && !self.running.killed()? {
            if begun.elapsed() > PATIENCE {
                return Err("does not come up".to_owned());
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }

    /// Waits until the program says that nothing waits to be sent.
    async fn idle(&mut self) -> Result<(), String> {
        let url = format!("http://127.0.0.1:{}/readyz", self.home.port);
        let begun = Instant::now();
        let mut idle = 0;
        while idle < 2 {
            if begun.elapsed() > PATIENCE {
                return Err("something waits to be sent for ever".to_owned());
            }
            // Its numbers are a second old.
            tokio::time::sleep(Duration::from_millis(1_100)).await;
            let Ok(answer) = self.http.get(&url).send().await else {
                continue;
            };
            let says: Value = answer.json().await.map_err(|error| error.to_string())?;
            idle = if says["outbox"]["rows"] == 0 {
                idle + 1
            } else {
                0
            };
        }
        Ok(())
    }

    /// Every card is true at the end, and nothing was said more often than deaths explain.
    async fn judge(&self) -> Result<Outcome, String> {
        let missing = self.missing(&Truth::new());
        if !missing.is_empty() {
            return Err(format!("untrue at the end: {missing:?}"));
        }
        let mut outcome = Outcome {
            crashes: self.crashes,
            commits: self.commits,
            ..Outcome::default()
        };
        let mut count = |what: &str, expected: usize, found: usize| {
            outcome.doubled += found.saturating_sub(expected);
            let most = expected + self.crashes;
            if found > most {
                Err(format!("{what}: {found} times, at most {most}"))
            } else {
                Ok(())
            }
        };
        for (group, name) in self.truth.keys() {
            if *group != Group::Technical {
                count(name, 1, cards(&self.messages(*group), name).len())?;
            }
        }
        // Two cards, whatever the number of alerts.
        count("storm", 2, self.messages(Group::Technical).len())?;
        let thanks = self.saying(Group::Joigny, "Merci Bruno");
        count("thanks", 1, thanks)?;
        let answers = self.saying(Group::Sens, "en cours");
        count("answer", self.asked, answers)?;
        let calls = self.sim.calls("answerCallbackQuery", 0);
        let calls = calls["calls"].as_array().unwrap().iter();
        let told: Vec<&Value> = calls.filter(|call| call["bot"] == self.bot).collect();
        count("answer to a press", self.presses, told.len())
            .map_err(|problem| format!("{problem}: {told:?}"))?;
        if thanks == 0 || answers < self.asked {
            return Err(format!(
                "said too little: {thanks} thanks, {answers} answers"
            ));
        }
        outcome.lost_answers = self.asked.saturating_sub(answers);
        Ok(outcome)
    }
}

/// Rows of the inboxes and of the outbox that are still in the store. Read from a copy: sled gives
/// up its lock some time after it was closed, and the program is about to be started again.
async fn left_over(home: &Home) -> Result<Vec<String>, String> {
    let copy = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(home.store()).unwrap() {
        let file = file.unwrap();
        if file.file_type().unwrap().is_file() {
            std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
        }
    }
    let failed = |error: vigie_store::StoreError| error.to_string();
    let store = SledStore::open(copy.path(), SledOptions::small()).map_err(failed)?;
    let mut left = Vec::new();
    let prefixes = [
        keys::outbox(),
        keys::outbox_messages(),
        keys::hooks(),
        Key::of("iu/").end(),
    ];
    for shard in store.shards().await.map_err(failed)? {
        for prefix in &prefixes {
            let page = store
                .scan(shard, &Range::prefix(prefix), None, 100, Dir::Forward)
                .await
                .map_err(failed)?;
            left.extend(page.items.into_iter().map(|(key, _)| format!("{key:?}")));
        }
    }
    Ok(left)
}
