//! The command line: what can be asked, and the variables that stand for flags.

mod help;

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args as ClapArgs, FromArgMatches as _, Parser, Subcommand, ValueEnum};
use url::Url;

use self::help::described;

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
    /// Checks, imports, takes back or exports members. The store must not be in use.
    Members(Members),
    /// Makes letters to print, with codes that link accounts.
    Letters(Letters),
    /// Counts a published ballot again.
    Recount(Recount),
    /// Makes the guide of those who answer the phone, ready to print.
    PhoneGuide(PhoneGuide),
    /// Tells a running Vigie of an event: for monitoring programs that call a command.
    Notify(Notify),
    /// Sends a test alert the whole way, and ends it.
    TestSource(TestSource),
    /// Writes a network file from what UISP knows, for a person to read over.
    UispImport(UispImport),
}

/// What to do with members.
#[derive(Clone, Debug, ClapArgs)]
pub struct Members {
    /// What.
    #[arg(value_enum, value_name = "WORD")]
    pub what: MembersWhat,
    /// The file.
    #[arg(
        value_name = "FILE",
        required_if_eq_any([("what", "check"), ("what", "import"), ("what", "export")])
    )]
    pub file: Option<PathBuf>,
    /// Which store.
    #[command(flatten)]
    pub store: StoreArg,
}

/// Which letters.
#[derive(Clone, Debug, ClapArgs)]
pub struct Letters {
    /// File of member numbers, one a line.
    #[arg(value_name = "LIST")]
    pub list: PathBuf,
    /// Document to write.
    #[arg(value_name = "PDF")]
    pub out: PathBuf,
    /// Name of the bot on the messenger.
    #[arg(long, env = "VIGIE_BOT", value_name = "NAME")]
    pub bot: String,
    /// Which store.
    #[command(flatten)]
    pub store: StoreArg,
}

/// Which ballot to count again.
#[derive(Clone, Debug, ClapArgs)]
pub struct Recount {
    /// Its published file.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// File to write what was counted to.
    #[arg(long, env = "VIGIE_RECOUNT_OUT", value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Which guide.
#[derive(Clone, Debug, ClapArgs)]
pub struct PhoneGuide {
    /// Document to write.
    #[arg(value_name = "PDF")]
    pub out: PathBuf,
    /// The configuration, for the questions of the cooperative; without it, ours.
    #[arg(long, env = "VIGIE_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// What can be done with members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "lowercase")]
pub enum MembersWhat {
    /// Tell what a file would change.
    Check,
    /// Import a file.
    Import,
    /// Take the last import back.
    Undo,
    /// Write all members to a file.
    Export,
}

/// What a monitoring program tells.
#[derive(Clone, Debug, ClapArgs)]
pub struct Notify {
    /// Who calls.
    #[arg(value_enum, required_unless_present = "flush")]
    pub caller: Option<Caller>,
    /// Only deliver what waits.
    #[arg(long, env = "VIGIE_NOTIFY_FLUSH")]
    pub flush: bool,
    /// Address of the hook.
    #[arg(long, env = "VIGIE_NOTIFY_URL", value_name = "URL")]
    pub url: Url,
    /// File that holds the source's token.
    #[arg(long, env = "VIGIE_NOTIFY_TOKEN_FILE", value_name = "FILE")]
    pub token_file: PathBuf,
    /// Folder in which events wait while nobody takes them.
    #[arg(long, env = "VIGIE_NOTIFY_SPOOL", value_name = "DIR")]
    pub spool: PathBuf,
    /// Seconds that this call may take.
    #[arg(
        long,
        env = "VIGIE_NOTIFY_TIMEOUT",
        default_value = "5",
        value_name = "SECONDS",
        value_parser = clap::value_parser!(u64).range(1..=600)
    )]
    pub timeout: u64,
    /// How bad it is, where the caller does not tell.
    #[arg(long, env = "VIGIE_NOTIFY_SEVERITY", value_name = "WORD")]
    pub severity: Option<String>,
    /// What the caller adds: name=value, or the arguments of SmokePing.
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "ARGUMENT"
    )]
    pub arguments: Vec<OsString>,
}

/// Programs that call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "lowercase")]
#[expect(missing_docs, reason = "names of programs")]
pub enum Caller {
    Icinga2,
    Nagios,
    SmokePing,
    SnmpTrap,
    Syslog,
}

/// Which source to test, and how.
#[derive(Clone, Debug, ClapArgs)]
pub struct TestSource {
    /// The source.
    #[arg(value_name = "NAME")]
    pub name: String,
    /// The configuration that tells its address and its format.
    #[arg(
        long,
        env = "VIGIE_CONFIG",
        value_name = "FILE",
        required_unless_present = "url"
    )]
    pub config: Option<PathBuf>,
    /// Address of its hook, where it is not the one of the configuration.
    #[arg(long, env = "VIGIE_TEST_URL", value_name = "URL")]
    pub url: Option<Url>,
    /// File that holds its token.
    #[arg(long, env = "VIGIE_TEST_TOKEN_FILE", value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// Its format, where no configuration tells it.
    #[arg(long, env = "VIGIE_TEST_FORMAT", value_name = "FORMAT")]
    pub format: Option<String>,
    /// Seconds until it is ended.
    #[arg(
        long,
        env = "VIGIE_TEST_HOLD",
        default_value = "15",
        value_name = "SECONDS"
    )]
    pub hold: u64,
}

/// Which UISP to read.
#[derive(Clone, Debug, ClapArgs)]
pub struct UispImport {
    /// Its address.
    #[arg(long, env = "VIGIE_UISP_URL", value_name = "URL")]
    pub url: Url,
    /// File that holds its token.
    #[arg(long, env = "VIGIE_UISP_TOKEN_FILE", value_name = "FILE")]
    pub token_file: PathBuf,
    /// Certificate of its authority, where that is not a public one.
    #[arg(long, env = "VIGIE_UISP_CA_FILE", value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
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

impl Args {
    /// Reads the command line of this process. Help and misuse end it here, with code 0 or 2.
    #[must_use]
    pub fn read(console: &Console<'_>) -> Self {
        let matches = described(console).get_matches();
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }
}
