//! The command line: what can be asked, and the variables that stand for flags.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args as ClapArgs, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use vigie_domain::text::{Key, Say};

use crate::console::Console;
use crate::logging::LogFormat;

/// The operations desk of a cooperative Internet provider, in Telegram.
#[derive(Debug, Parser)]
#[command(name = "vigie", version, disable_help_subcommand = true)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// What is logged: error, warn, info, debug, or a filter such as info,vigie=debug.
    #[arg(
        long,
        global = true,
        env = "VIGIE_LOG",
        default_value = "info",
        value_name = "FILTER"
    )]
    pub log: String,
    /// How the log is written.
    #[arg(
        long,
        global = true,
        env = "VIGIE_LOG_FORMAT",
        value_enum,
        default_value = "text"
    )]
    pub log_format: LogFormat,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Tries everything: a local Telegram, an invented cooperative, no token.
    Demo {
        /// Where the page and the hooks are.
        #[arg(
            long,
            env = "VIGIE_LISTEN",
            default_value = "127.0.0.1:8787",
            value_name = "ADDRESS"
        )]
        listen: SocketAddr,
        /// Folder in which everything is kept over restarts; without it, a temporary one.
        #[arg(long, env = "VIGIE_DATA", value_name = "DIR")]
        data: Option<PathBuf>,
    },
    /// Runs the local Telegram alone, for tests of any bot.
    Emulator {
        /// Where the page and the Bot API are.
        #[arg(
            long,
            env = "VIGIE_LISTEN",
            default_value = "127.0.0.1:8081",
            value_name = "ADDRESS"
        )]
        listen: SocketAddr,
        /// Folder in which its world is kept over restarts.
        #[arg(long, env = "VIGIE_DATA", value_name = "DIR")]
        data: Option<PathBuf>,
        /// Limits the pace of sending as Telegram does.
        #[arg(long, env = "VIGIE_PACE")]
        pace: bool,
    },
    /// Runs against Telegram, or another server of the Bot API.
    Run {
        /// The configuration.
        #[arg(long, env = "VIGIE_CONFIG", value_name = "FILE")]
        config: PathBuf,
    },
    /// Checks a configuration and the files it names, and tells what it understood.
    CheckConfig {
        /// The configuration.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Tries one probe, such as "ping 10.1.2.3", and explains the result.
    Probe {
        /// The probe, as a network file declares it.
        #[arg(value_name = "PROBE")]
        probe: String,
    },
    /// Writes the whole store to a file of JSON lines. The store must not be in use.
    Export {
        /// The file; an existing one is replaced only when the new one is complete.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Which store.
        #[command(flatten)]
        store: StoreArg,
    },
    /// Fills an empty store from such a file.
    Import {
        /// The file.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Which store.
        #[command(flatten)]
        store: StoreArg,
    },
}

/// Which store.
#[derive(Clone, Debug, ClapArgs)]
#[group(required = true, multiple = false)]
pub struct StoreArg {
    /// The configuration that names the store.
    #[arg(long, env = "VIGIE_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The folder that was given to the demo.
    #[arg(long, env = "VIGIE_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
}

/// Help of the arguments of one command.
type ArgTexts = &'static [(&'static str, Key)];

/// Help in the language of the terminal.
const HELP: &[(&str, Key, ArgTexts)] = &[
    (
        "demo",
        Key::OpsHelpDemo,
        &[
            ("listen", Key::OpsHelpDemoListen),
            ("data", Key::OpsHelpDemoData),
        ],
    ),
    (
        "emulator",
        Key::OpsHelpEmulator,
        &[
            ("listen", Key::OpsHelpEmulatorListen),
            ("data", Key::OpsHelpEmulatorData),
            ("pace", Key::OpsHelpEmulatorPace),
        ],
    ),
    ("run", Key::OpsHelpRun, &[("config", Key::OpsHelpConfig)]),
    (
        "check-config",
        Key::OpsHelpCheck,
        &[("file", Key::OpsHelpConfig)],
    ),
    (
        "probe",
        Key::OpsHelpProbe,
        &[("probe", Key::OpsHelpProbeProbe)],
    ),
    (
        "export",
        Key::OpsHelpExport,
        &[
            ("file", Key::OpsHelpExportFile),
            ("config", Key::OpsHelpStoreConfig),
            ("data", Key::OpsHelpStoreData),
        ],
    ),
    (
        "import",
        Key::OpsHelpImport,
        &[
            ("file", Key::OpsHelpImportFile),
            ("config", Key::OpsHelpStoreConfig),
            ("data", Key::OpsHelpStoreData),
        ],
    ),
];

impl Args {
    /// Reads the command line of this process. Help and misuse end it here, with code 0 or 2.
    #[must_use]
    pub fn read(console: &Console<'_>) -> Self {
        let matches = described(console).get_matches();
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }
}

/// The command line with its help in the language of the terminal.
fn described(console: &Console<'_>) -> clap::Command {
    let text = |key: Key| console.text(&Say::new(key));
    let mut command = Args::command()
        .about(text(Key::OpsHelp))
        .mut_arg("log", |arg| arg.help(text(Key::OpsHelpLog)))
        .mut_arg("log_format", |arg| arg.help(text(Key::OpsHelpLogFormat)));
    for (name, about, args) in HELP {
        command = command.mut_subcommand(name, |mut sub| {
            for (arg, key) in *args {
                sub = sub.mut_arg(arg, |arg| arg.help(text(*key)));
            }
            sub.about(text(*about))
        });
    }
    command
}

#[cfg(test)]
mod tests {
    use vigie_domain::Lang;

    use super::*;
    use crate::i18n::{LANGS, Texts};

    #[test]
    fn every_command_and_flag_has_help_in_every_language() {
        let texts = Texts::embedded().unwrap();
        let mut helps = Vec::new();
        for lang in LANGS {
            let command = described(&Console::new(&texts, lang));
            command.clone().debug_assert();
            for sub in command.get_subcommands() {
                let row = HELP.iter().find(|(name, ..)| *name == sub.get_name());
                let (_, _, args) = row.unwrap_or_else(|| panic!("{}", sub.get_name()));
                for arg in sub.get_arguments().filter(|arg| !arg.is_global_set()) {
                    let name = arg.get_id().as_str();
                    assert!(
                        name == "help" || args.iter().any(|(known, _)| *known == name),
                        "{} {name}",
                        sub.get_name()
                    );
                    if lang == Lang::Fr && name != "help" && !arg.is_positional() {
                        assert!(arg.get_env().is_some(), "{name} has a variable");
                    }
                }
            }
            helps.push(command.clone().render_long_help().to_string());
        }
        assert_ne!(helps[0], helps[1]);
    }
}
