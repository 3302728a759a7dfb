//! `vigie test-source`: a test alert the whole way, as a source would post it, with everything in
//! its text that has ever broken a message.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use reqwest::{StatusCode, Url};
use secrecy::{ExposeSecret as _, SecretString};
use vigie_domain::alert::Phase;
use vigie_domain::text::{Arg, Key, Say};

use super::notify::token;
use super::{configuration, network};
use crate::app::ports::Clock as _;
use crate::args::TestSource;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::console::Console;
use crate::exit::{Exit, Failure};
use crate::monitor::source::Sources;
use crate::monitor::trial::hostile;
use crate::monitor::{Format, Sample, format};

/// Time for one request.
const WITHIN: Duration = Duration::from_secs(20);
/// Time after the delay in which the messenger should have taken it.
const SENT_WITHIN: Duration = Duration::from_secs(15);
/// Seconds until a first message where no configuration tells.
const USUAL_DELAY: u32 = 180;

/// Where the test goes.
struct Target {
    url: Url,
    token: SecretString,
    format: &'static Format,
    delay_s: u32,
}

/// Sends a test alert and its end.
///
/// # Errors
/// It was not taken; the failure says why and what to do.
pub async fn test_source(
    console: &Console<'_>,
    args: TestSource,
    credentials: Option<&std::path::Path>,
) -> Result<(), Failure> {
    let target = target(&args, credentials)?;
    let client = reqwest::Client::builder().timeout(WITHIN).build();
    let client = client.map_err(|error| super::faults::internal(&error.to_string()))?;
    let began = SystemClock.now();
    let test = Test {
        id: format!("essai-{}", began.timestamp()),
        equipment: format!("essai-{}", args.name),
        began,
        target,
        client,
    };
    let url = Arg::Text(test.target.url.to_string());
    console.say(&Say::new(Key::NotifyTestSending).with("url", url));
    let before = test.calls().await;
    let taken = test.post(Phase::Firing).await?;
    console.say(&Say::new(Key::NotifyTestTaken).with("answer", Arg::Text(taken)));
    console.say(
        &Say::new(Key::NotifyTestWhere)
            .with("equipment", Arg::Text(test.equipment.clone()))
            .with("delay", Arg::Number(test.target.delay_s.into())),
    );
    let sent = test.sent(before).await;
    console.say(&match (before, sent) {
        (Some(before), Some(after)) if after > before => Key::NotifyTestSent.into(),
        (Some(_), Some(_)) => Say::new(Key::NotifyTestNotSent),
        _ => Key::NotifyTestNotSeen.into(),
    });
    tokio::time::sleep(Duration::from_secs(args.hold)).await;
    test.post(Phase::Resolved).await?;
    console.say(&Key::NotifyTestEnded.into());
    match (before, sent) {
        (Some(before), Some(after)) if after == before => {
            Err(Failure::new(Exit::Data, Say::new(Key::NotifyTestLost)))
        }
        _ => Ok(()),
    }
}

fn target(args: &TestSource, credentials: Option<&std::path::Path>) -> Result<Target, Failure> {
    let missing = |what: &str| {
        let say = Say::new(Key::OpsConfigMissing).with("key", Arg::Code(what.to_owned()));
        Failure::new(Exit::Config, say)
    };
    let file = args
        .token_file
        .as_ref()
        .ok_or_else(|| missing("--token-file"))?;
    let token = token(file)?;
    let Some(config) = &args.config else {
        let url = args.url.clone().ok_or_else(|| missing("--url"))?;
        let name = args.format.as_deref().unwrap_or("generic");
        return Ok(Target {
            url,
            token,
            format: format(name).ok_or_else(|| missing("--format"))?,
            delay_s: USUAL_DELAY,
        });
    };
    let config = configuration(config, credentials)?;
    let delay_s = network::read_all(&config.network)?.defaults.delay_s;
    let url = match &args.url {
        Some(url) => url.clone(),
        None => url_of(&config, &args.name)?,
    };
    let sources = Sources::new(config.sources.clone());
    let known = config
        .sources
        .iter()
        .find(|source| source.id.as_str() == args.name);
    let Some(known) = known else {
        let names: Vec<_> = sources.names().map(ToString::to_string).collect();
        let say = Say::new(Key::OpsConfigUnknownWord)
            .with("value", Arg::Code(args.name.clone()))
            .with("known", Arg::Text(names.join(", ")));
        return Err(Failure::new(Exit::Config, say));
    };
    if sources
        .admit(&args.name, Some(token.expose_secret()))
        .is_none()
    {
        let path = Arg::Text(file.display().to_string());
        let say = Say::new(Key::NotifyTestToken).with("path", path);
        return Err(Failure::new(Exit::Token, say));
    }
    Ok(Target {
        url,
        token,
        format: known.format,
        delay_s,
    })
}

/// The hook on this machine.
fn url_of(config: &Config, name: &str) -> Result<Url, Failure> {
    let mut address = config.listen;
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            std::net::SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            std::net::SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    Url::parse(&format!("http://{address}/hooks/{name}"))
        .map_err(|error| super::faults::internal(&error.to_string()))
}

/// One test alert.
struct Test {
    id: String,
    equipment: String,
    began: DateTime<Utc>,
    target: Target,
    client: reqwest::Client,
}

impl Test {
    async fn post(&self, phase: Phase) -> Result<String, Failure> {
        let text = hostile();
        let sample = Sample {
            id: &self.id,
            equipment: &self.equipment,
            text: &text,
            phase,
            began: self.began,
            at: SystemClock.now(),
        };
        let request = self
            .client
            .post(self.target.url.clone())
            .bearer_auth(self.target.token.expose_secret())
            .json(&(self.target.format.sample)(&sample));
        let answer = request.send().await.map_err(|error| {
            let why = Arg::Text(reason(&error));
            Failure::new(
                Exit::Port,
                Say::new(Key::NotifyWhyUnreachable).with("why", why),
            )
        })?;
        let status = answer.status();
        let body = answer.text().await.unwrap_or_default();
        let body: String = body.chars().filter(|c| !c.is_control()).take(500).collect();
        if status.is_success() {
            return Ok(body);
        }
        let exit = match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Exit::Token,
            _ => Exit::Data,
        };
        let why = Arg::Text(format!("{status}: {body}"));
        Err(Failure::new(
            exit,
            Say::new(Key::NotifyTestRefused).with("why", why),
        ))
    }

    /// Messages that the messenger has taken so far, where that can be seen from here.
    async fn calls(&self) -> Option<u64> {
        let url = self.target.url.join("/metrics").ok()?;
        let text = self
            .client
            .get(url)
            .send()
            .await
            .ok()?
            .error_for_status()
            .ok()?;
        let text = text.text().await.ok()?;
        if !text.contains("vigie_store_ok") {
            return None;
        }
        // A card that joins another is an edit.
        let taken = ["sent", "edited"].map(|result| {
            let prefix = format!("vigie_telegram_calls_total{{result=\"{result}\"}} ");
            let found = text.lines().find_map(|line| line.strip_prefix(&prefix));
            found
                .and_then(|number| number.trim().parse::<u64>().ok())
                .unwrap_or(0)
        });
        Some(taken.iter().sum())
    }

    /// The number of messages once there are more than before, or when there should have been.
    async fn sent(&self, before: Option<u64>) -> Option<u64> {
        let before = before?;
        let until = Instant::now() + Duration::from_secs(self.target.delay_s.into()) + SENT_WITHIN;
        loop {
            let now = self.calls().await;
            if now.is_none_or(|now| now > before) || Instant::now() > until {
                return now;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}

/// The innermost reason: "Connection refused" rather than "error sending request".
fn reason(error: &reqwest::Error) -> String {
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}
