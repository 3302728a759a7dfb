//! Delivery of updates to webhooks: in order per chat or person, again after failures.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{Request, header};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Map, Value};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::http;
use crate::params::Params;
use crate::server::Server;
use crate::world::{Record, World};

type Http = Client<HttpConnector, Full<Bytes>>;
/// Updates of one chat or person for one bot.
type Queue = (i64, i64);

/// How long a webhook may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);
/// Updates looked at in one round per bot.
const LOOK_AHEAD: usize = 2_000;

struct Job {
    queue: Queue,
    update: i64,
    generation: u64,
    url: String,
    secret: Option<String>,
    body: Bytes,
}

enum Outcome {
    Taken(Option<Map<String, Value>>),
    Failed { why: String, wait: Option<Duration> },
}

#[derive(Debug, Clone, Copy)]
struct Retry {
    failures: u32,
    at: Instant,
}

#[derive(Default)]
struct State {
    busy: HashMap<i64, HashSet<i64>>,
    retries: HashMap<Queue, Retry>,
    generations: HashMap<i64, u64>,
}

/// Delivers updates until told to stop.
pub(crate) async fn deliver(server: Arc<Server>) {
    let client: Http = Client::builder(TokioExecutor::new()).build_http();
    let wake = server.with(|world| world.hooks.clone());
    let mut state = State::default();
    let mut running = JoinSet::new();
    loop {
        let jobs = server.with(|world| pick(world, &mut state));
        for job in jobs {
            let client = client.clone();
            running.spawn(async move {
                let outcome = post(&client, &job).await;
                (job.queue, job.update, job.generation, outcome)
            });
        }
        let next = state
            .retries
            .values()
            .map(|r| r.at)
            .filter(|at| *at > Instant::now())
            .min();
        let next = next.unwrap_or_else(|| Instant::now() + Duration::from_secs(3600));
        tokio::select! {
            () = server.stop.cancelled() => return,
            () = wake.notified() => {}
            () = tokio::time::sleep_until(next) => {}
            Some(done) = running.join_next(), if !running.is_empty() => {
                if let Ok((queue, update, generation, outcome)) = done {
                    finish(&server, &mut state, queue, update, generation, outcome).await;
                }
            }
        }
    }
}

/// Chooses the updates that can go out now and marks their queues busy.
fn pick(world: &mut World, state: &mut State) -> Vec<Job> {
    let hooked: Vec<i64> = world
        .bots
        .values()
        .filter(|b| b.webhook.is_some())
        .map(|b| b.id)
        .collect();
    let mut jobs = Vec::new();
    for id in hooked {
        world.expire_updates(id);
        let Some(bot) = world.bots.get(&id) else {
            continue;
        };
        let Some(hook) = &bot.webhook else { continue };
        if state.generations.insert(id, hook.generation) != Some(hook.generation) {
            // A webhook set anew is tried at once.
            state.retries.retain(|(bot, _), _| *bot != id);
        }
        let busy = state.busy.entry(id).or_default();
        let limit = usize::try_from(hook.max_connections).unwrap_or(40);
        let mut passed = HashSet::new();
        for update in bot.updates.iter().take(LOOK_AHEAD) {
            if busy.len() >= limit {
                break;
            }
            let queue = (id, update.queue);
            let waits = state
                .retries
                .get(&queue)
                .is_some_and(|r| r.at > Instant::now());
            if !passed.insert(update.queue) || busy.contains(&update.queue) || waits {
                continue;
            }
            busy.insert(update.queue);
            jobs.push(Job {
                queue,
                update: update.id,
                generation: hook.generation,
                url: hook.url.clone(),
                secret: hook.secret.clone(),
                body: serde_json::to_vec(&update.to_json())
                    .unwrap_or_default()
                    .into(),
            });
        }
    }
    jobs
}

async fn post(client: &Http, job: &Job) -> Outcome {
    match tokio::time::timeout(PATIENCE, exchange(client, job)).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(why)) => Outcome::Failed { why, wait: None },
        Err(_) => Outcome::Failed {
            why: "Read timeout expired".into(),
            wait: None,
        },
    }
}

async fn exchange(client: &Http, job: &Job) -> Result<Outcome, String> {
    if job.url.starts_with("https:") {
        return Err("SSL error: the local Telegram delivers over plain http only".into());
    }
    let mut request =
        Request::post(job.url.as_str()).header(header::CONTENT_TYPE, "application/json");
    if let Some(secret) = &job.secret {
        request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
    }
    let request = request
        .body(Full::new(job.body.clone()))
        .map_err(|e| e.to_string())?;
    let response = client.request(request).await.map_err(|e| {
        if e.is_connect() {
            "Connection refused".to_owned()
        } else {
            "Connection reset by peer".to_owned()
        }
    })?;
    let status = response.status();
    let wait = response
        .headers()
        .get(header::RETRY_AFTER)
        .and_then(|v| v.to_str().ok()?.parse::<u64>().ok())
        .map(|s| Duration::from_secs(s.min(3600)));
    if !status.is_success() {
        let why = format!(
            "Wrong response from the webhook: {} {}",
            status.as_u16(),
            status.canonical_reason().unwrap_or("")
        );
        return Ok(Outcome::Failed { why, wait });
    }
    let body = Limited::new(response.into_body(), 1024 * 1024)
        .collect()
        .await;
    let answer = body
        .ok()
        .and_then(|b| serde_json::from_slice(&b.to_bytes()).ok());
    Ok(Outcome::Taken(answer))
}

async fn finish(
    server: &Server,
    state: &mut State,
    queue: Queue,
    update: i64,
    generation: u64,
    outcome: Outcome,
) {
    let (bot, chat) = queue;
    if let Some(busy) = state.busy.get_mut(&bot) {
        busy.remove(&chat);
    }
    match outcome {
        Outcome::Taken(answer) => {
            state.retries.remove(&queue);
            server.with(|world| world.drop_updates(bot, |u| u.id == update));
            if let Some(answer) = answer {
                answered(server, bot, answer).await;
            }
        }
        Outcome::Failed { why, wait } => {
            let failures = state.retries.get(&queue).map_or(0, |r| r.failures) + 1;
            let base = server.config.webhook_retry;
            // The first new attempt comes at once, later ones after doubling pauses.
            let pause = match failures {
                1 => Duration::ZERO,
                n => base
                    .saturating_mul(2_u32.saturating_pow(n.min(30) - 2))
                    .min(base * 60),
            };
            let at = Instant::now() + wait.unwrap_or(pause);
            state.retries.insert(queue, Retry { failures, at });
            let now = server.clock.now();
            server.with(|world| {
                let Some(bot) = world.bots.get_mut(&bot) else {
                    return;
                };
                if let Some(hook) = bot.webhook.as_mut().filter(|h| h.generation == generation) {
                    hook.last_error_date = Some(now);
                    hook.last_error_message = Some(why);
                    world.records.touch(Record::Bot(bot.id));
                }
            });
        }
    }
}

/// Runs the method that a webhook may put into its answer; nobody sees the result.
async fn answered(server: &Server, bot: i64, mut answer: Map<String, Value>) {
    let Some(Value::String(method)) = answer.shift_remove("method") else {
        return;
    };
    let name = method.to_ascii_lowercase();
    if matches!(name.as_str(), "getupdates" | "setwebhook" | "deletewebhook") {
        return;
    }
    http::record(server, bot, &method, Ok(Params::from_map(answer))).await;
}
