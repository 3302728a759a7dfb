//! Start of the program: arguments, then what they ask for, then an exit code.
//!
//! It is part of the library, for everything that is polled here is compiled where it is polled:
//! the program and every test would compile it again.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use crate::args::{Args, Command, StoreArg};
use crate::console::{self, Console};
use crate::exit::{Exit, Failure};
use crate::i18n::Texts;
use crate::runtime;
use vigie_domain::text::{Arg, Key, Say};

/// Runs the program with the arguments and the environment of this process.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "the language of the terminal is known before the arguments are read"
)]
pub fn main() -> ExitCode {
    let texts = match Texts::embedded() {
        Ok(texts) => Arc::new(texts),
        Err(problems) => {
            eprintln!("vigie: {problems:?}");
            return ExitCode::from(Exit::Internal as u8);
        }
    };
    let env = |name: &str| std::env::var(name).ok();
    let lang = console::lang([env("LC_ALL"), env("LC_MESSAGES"), env("LANG")]);
    let speaking = Arc::clone(&texts);
    let console = Console::new(&speaking, lang);
    let args = Args::read(&console);
    match run(args, &console, texts) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            console.failure(&failure);
            ExitCode::from(failure.exit as u8)
        }
    }
}

fn run(args: Args, console: &Console<'_>, texts: Arc<Texts>) -> Result<(), Failure> {
    let internal = |why: String| {
        Failure::new(
            Exit::Internal,
            Say::new(Key::OpsInternal).with("why", Arg::Text(why)),
        )
    };
    crate::logging::start(&args.log, args.log_format)
        .map_err(|error| internal(error.to_string()))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| internal(error.to_string()))?;
    runtime.block_on(command(args.command, console, texts))
}

async fn command(
    command: Command,
    console: &Console<'_>,
    texts: Arc<Texts>,
) -> Result<(), Failure> {
    let credentials = std::env::var_os("CREDENTIALS_DIRECTORY");
    let credentials = credentials.as_deref().map(Path::new);
    match command {
        Command::Demo { listen, data } => runtime::demo(console, texts, listen, data).await,
        Command::Emulator { listen, data, pace } => {
            runtime::emulator(console, listen, data, pace).await
        }
        Command::Run { config } => {
            runtime::run(runtime::configuration(&config, credentials)?, texts).await
        }
        Command::CheckConfig { file } => runtime::check(console, &file, credentials),
        Command::Probe { probe } => runtime::probe(console, &probe).await,
        Command::Export { file, store } => runtime::export(console, &file, &folder(&store)?).await,
        Command::Import { file, store } => runtime::import(console, &file, &folder(&store)?).await,
        Command::Recount(args) => runtime::recount(console, &args),
        Command::Members(args) => {
            let folder = folder(&args.store)?;
            runtime::members(console, &args, &folder).await
        }
        Command::Letters(args) => {
            let settings = match &args.store.config {
                Some(config) => runtime::configuration(config, credentials)?.settings,
                None => Default::default(),
            };
            let folder = folder(&args.store)?;
            runtime::letters(console, &texts, &args, &folder, settings).await
        }
        Command::PhoneGuide(args) => {
            let settings = match &args.config {
                Some(config) => runtime::configuration(config, credentials)?.settings,
                None => Default::default(),
            };
            runtime::phone_guide(&texts, &args, &settings)
        }
        Command::Notify(args) => runtime::notify(console, args, std::env::vars_os()).await,
        Command::TestSource(args) => runtime::test_source(console, args, credentials).await,
        Command::UispImport(args) => runtime::uisp_import(console, args).await,
    }
}

/// The folder of the store that the command line names.
fn folder(store: &StoreArg) -> Result<std::path::PathBuf, Failure> {
    match (&store.config, &store.data) {
        (Some(config), _) => runtime::store_folder(config),
        (None, Some(data)) => Ok(data.join("store")),
        (None, None) => Ok(std::path::PathBuf::new()),
    }
}
