//! `vigie demo` and `vigie emulator`: the local Telegram, with and without a cooperative.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;
use serde_json::{Value, json};
use vigie_domain::SourceId;
use vigie_domain::text::{Arg, Key, Say};
use vigie_emulator::{Emulator, StartError};
use vigie_store::SledOptions;

use super::members_page::MembersPage;
use super::stop::Stop;
use super::{Parts, faults, local_url, members_page, ready_store};
use crate::app::mail::Posted;
use crate::app::settings::Settings;
use crate::console::Console;
use crate::demo::{self, World};
use crate::exit::Failure;
use crate::i18n::Texts;
use crate::mail::{Carrier, Written};
use crate::monitor::source::{Source, Sources, TokenHash};
use crate::monitor::{self, Labels};
use crate::telegram;
use crate::web::sealed::SiteSecrets;

/// Runs the demo until it is asked to stop.
///
/// # Errors
/// The address or the folder cannot be used.
pub async fn demo(
    console: &Console<'_>,
    texts: Arc<Texts>,
    address: SocketAddr,
    data: Option<PathBuf>,
) -> Result<(), Failure> {
    let asked = Stop::listen();
    let temporary = match &data {
        Some(_) => None,
        None => Some(
            tempfile::tempdir().map_err(|error| faults::folder(&std::env::temp_dir(), &error))?,
        ),
    };
    let folder = data
        .clone()
        .or_else(|| temporary.as_ref().map(|dir| dir.path().to_owned()));
    let folder = folder.unwrap_or_default();
    let store = ready_store(&folder.join("store"), SledOptions::small()).await?;
    let sources = sources();
    let settings = Settings {
        sources: sources.posting(),
        members_page: Some(format!("http://{address}{}", members_page::PATH)),
        ..Settings::default()
    };
    let mut parts = Parts::new(Arc::new(store), settings, sources, texts)?;
    let world = demo::world().map_err(|error| faults::internal(&error.to_string()))?;
    parts.site = SiteSecrets::read(&secret());
    let page = parts
        .site
        .clone()
        .map(|secrets| MembersPage::new(secrets, &world));
    let emulator = Emulator::builder()
        .listen(address)
        .data_dir(data.as_ref().map(|dir| dir.join("telegram")))
        .with_routes(parts.routes())
        .with_routes(page.as_ref().map(MembersPage::routes).unwrap_or_default())
        .start()
        .await
        .map_err(start_fault)?;
    if let Some(page) = &page {
        page.finds(emulator.url());
    }
    people(&emulator, &world)?;
    demo::fill(&parts.app, &world)
        .await
        .map_err(|error| faults::internal(&error.to_string()))?;
    let edge = parts.edge(telegram::Config {
        token: SecretString::from(demo::TOKEN),
        api_url: Some(local_url(emulator.addr())?),
        mode: telegram::Mode::Poll,
        pace: telegram::pick::Pace::default(),
    })?;
    parts.carries(Arc::new(LocalPost(emulator.sim())));
    parts.start()?;
    welcome(
        console,
        &emulator.url(),
        &folder,
        temporary.is_some(),
        &parts,
    );
    let ended = parts.run(edge, asked).await;
    emulator.shutdown().await;
    ended
}

/// A secret for as long as the demo runs.
fn secret() -> String {
    let bytes = [rand::random::<[u8; 16]>(), rand::random()].concat();
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Letters of the demo land in a mailbox on the page of the local Telegram.
struct LocalPost(vigie_emulator::Sim);

#[async_trait]
impl Carrier for LocalPost {
    async fn carry(&self, letter: &Written) -> Posted {
        let body = json!({
            "id": letter.id, "to": letter.to, "subject": letter.subject, "text": letter.text,
        });
        match self.0.post("mails", &body) {
            Ok(_) => Posted::Taken,
            Err(error) => Posted::Refused(error.message),
        }
    }
}

/// Runs the local Telegram alone until it is asked to stop.
///
/// # Errors
/// The address or the folder cannot be used.
pub async fn emulator(
    console: &Console<'_>,
    address: SocketAddr,
    data: Option<PathBuf>,
    pace: bool,
) -> Result<(), Failure> {
    let asked = Stop::listen();
    let emulator = Emulator::builder()
        .listen(address)
        .data_dir(data)
        .pace(pace)
        .start()
        .await
        .map_err(start_fault)?;
    console.say(&Say::new(Key::RuntimeEmulatorReady).with("url", Arg::Text(emulator.url())));
    asked.asked().await;
    emulator.shutdown().await;
    Ok(())
}

fn start_fault(error: StartError) -> Failure {
    match error {
        StartError::Listen { addr, source } => faults::listen(addr, &source),
        StartError::Data { path, source } => faults::folder(&path, &source),
    }
}

fn sources() -> Sources {
    Sources::new(demo::SOURCES.iter().filter_map(|name| {
        Some(Source {
            id: SourceId::from(*name),
            format: monitor::format(name)?,
            tokens: vec![TokenHash::of(demo::HOOK_TOKEN)],
            labels: Labels::default(),
        })
    }))
}

/// Puts the bot, the people and the groups into the local Telegram, once.
fn people(emulator: &Emulator, world: &World) -> Result<(), Failure> {
    let sim = emulator.sim();
    let fault = |error: vigie_emulator::SimError| faults::internal(&error.message);
    let there = sim.world();
    let known = |list: &str, one: &Value| {
        let known = there.get(list).and_then(Value::as_array);
        known.is_some_and(|known| known.iter().any(|other| other.get("id") == one.get("id")))
    };
    let bot = json!({
        "token": demo::TOKEN,
        "username": demo::USERNAME,
        "first_name": "Vigie",
        "can_read_all_group_messages": false,
    });
    sim.bot(&bot).map_err(fault)?;
    for user in world.users.iter().filter(|user| !known("users", user)) {
        sim.user(user).map_err(fault)?;
    }
    for chat in world.chats.iter().filter(|chat| !known("chats", chat)) {
        sim.chat(chat).map_err(fault)?;
    }
    Ok(())
}

fn welcome(console: &Console<'_>, url: &str, folder: &Path, temporary: bool, parts: &Parts) {
    let url = url.trim_end_matches('/');
    let place = match temporary {
        true => Key::RuntimeDemoTemporary,
        false => Key::RuntimeDemoKept,
    };
    console.say(&Say::new(Key::RuntimeDemoPage).with("url", Arg::Text(url.to_owned())));
    let members = format!("{url}{}", members_page::PATH);
    console.say(&Say::new(Key::RuntimeDemoMembersPage).with("url", Arg::Text(members)));
    console.say(&Say::new(place).with("path", Arg::Text(folder.display().to_string())));
    console.say(&Say::new(Key::RuntimeDemoAlert));
    console.line("");
    console.line(&demo::curl_line(url, parts.app.now(), "firing"));
    console.line("");
    console.say(&Say::new(Key::RuntimeDemoResolve));
    console.say(&Say::new(Key::RuntimeDemoStop));
}
