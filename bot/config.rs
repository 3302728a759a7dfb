//! The configuration: one TOML file, checked as a whole before anything starts.
//!
//! Every problem is told with its line, so that one reading of the answer mends the file. Secrets
//! stand in files of their own or in systemd credentials, never here.

mod check;
mod mail;
mod members_page;
mod problem;
mod raw;
mod secret;
mod sources;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;
use url::Url;
use vigie_domain::text::Say;
use vigie_domain::{ChatId, SectorId, SourceId, ThreadId};

use crate::app::settings::Settings;
use crate::mail::Server;
use crate::monitor::source::Source;
use crate::web::sealed::SiteSecrets;

pub use problem::{Problem, Topic};
pub use secret::CREDENTIAL;

/// What the program runs with.
#[derive(Debug)]
pub struct Config {
    /// How to reach Telegram.
    pub telegram: Telegram,
    /// Where things are kept.
    pub store: Store,
    /// Where the web edge listens.
    pub listen: SocketAddr,
    /// Files of the network and its people, in order.
    pub network: Vec<PathBuf>,
    /// Who may post alerts.
    pub sources: Vec<Source>,
    /// Where outages are asked for.
    pub uisp: Vec<Uisp>,
    /// Groups whose purpose stands in the file; most are bound from the chat with `/groupe`.
    pub groups: Vec<BoundGroup>,
    /// Where backups go.
    pub backup: Option<Backup>,
    /// The server of electronic mail.
    pub mail: Option<Server>,
    /// The page of the information system on which members link their account.
    pub members_page: Option<MembersPage>,
    /// Settings of the use cases.
    pub settings: Settings,
    /// What works and should not stay so.
    pub warnings: Vec<Problem>,
}

/// How to reach Telegram.
#[derive(Debug)]
pub struct Telegram {
    /// The bot's token.
    pub token: SecretString,
    /// Another server of the same kind; `None` is Telegram's own.
    pub api_url: Option<Url>,
    /// How updates come.
    pub updates: Updates,
}

/// How updates come.
#[derive(Debug)]
pub enum Updates {
    /// We ask for them.
    Poll,
    /// They are brought to us.
    Webhook {
        /// Address under which Telegram reaches us.
        public_url: Url,
        /// Secret that Telegram shows.
        secret: SecretString,
        /// Where we listen for them, if not at the address of the web edge.
        listen: Option<SocketAddr>,
    },
}

/// Where things are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    /// The folder.
    pub path: PathBuf,
    /// Size of the page cache.
    pub cache_mib: u64,
    /// Size of the file that is given up when the disk is full.
    pub ballast_mib: u64,
}

/// The page of the information system on which members link their account.
#[derive(Clone, Debug)]
pub struct MembersPage {
    /// Its address, for people.
    pub url: Url,
    /// The secrets that sign what it asks.
    pub secrets: SiteSecrets,
}

/// A UISP that is asked for its outages.
#[derive(Clone, Debug)]
pub struct Uisp {
    /// Its name, as the source of its alerts.
    pub id: SourceId,
    /// Its address.
    pub url: Url,
    /// Its token.
    pub token: SecretString,
    /// Time between two looks.
    pub every: Duration,
    /// The certificate of its authority, where that is not a public one.
    pub ca: Option<Vec<u8>>,
}

/// A group and what it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundGroup {
    /// The group.
    pub chat: ChatId,
    /// Its kind.
    pub kind: String,
    /// Its sector, for local kinds.
    pub sector: Option<SectorId>,
    /// The topic for alerts.
    pub thread: Option<ThreadId>,
    /// Whether outages have topics of their own.
    pub topics: bool,
}

/// Where backups go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// The folder.
    pub folder: PathBuf,
    /// How many are kept.
    pub keep: usize,
}

/// What was read, and what is wrong with it.
#[derive(Debug)]
pub struct Reading {
    /// The configuration, if it can be used.
    pub config: Option<Config>,
    /// Where things are kept, if that alone can be told: an export needs no token.
    pub store: Option<Store>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Reads a secret of which nobody else may know.
///
/// # Errors
/// What is wrong, for people.
pub fn secret(file: &Path) -> Result<SecretString, Say> {
    secret::read(file, true)
}

/// Reads and checks a file. `credentials` is the folder of systemd credentials, if there is one.
#[must_use]
pub fn read(file: &Path, credentials: Option<&Path>) -> Reading {
    let name = file.display().to_string();
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) => {
            let problem = Problem::unreadable(&name, &error);
            return Reading {
                config: None,
                store: None,
                problems: vec![problem],
            };
        }
    };
    let folder = file.parent().unwrap_or_else(|| Path::new(""));
    let (raw, problems) = raw::parse(&name, &text);
    check::check(
        check::Checker::new(&name, &text, folder, credentials, problems),
        raw,
    )
}

#[cfg(test)]
mod tests;
