//! Our own probes: what is asked of whom, how often, and what the answers mean.
//!
//! A probe is declared with the equipment as a line of text such as `ping 10.1.2.3 every=5s`
//! ([`parse`]). Answers and losses move a state with thresholds in both directions ([`track`]),
//! over windows of fixed size ([`window`]). What was measured travels with the alert
//! ([`measure`]). Who is probed when, and what an outage elsewhere means, is in [`crate::probe::watch`].

pub mod measure;
pub mod parse;
pub mod track;
pub mod watch;
pub mod window;

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::alert::Severity;
use crate::{EquipmentId, Fingerprint};

/// Name of the source of our own alerts. No monitoring instance may have it.
pub const SOURCE: &str = "vigie";
/// Start of the fingerprints of probes among our own alerts.
pub const PREFIX: &str = "probe/";
/// Longest fingerprint, in bytes: it is part of keys.
const LONGEST: usize = 200;

/// Which address family a name is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// `A`.
    V4,
    /// `AAAA`.
    V6,
}

/// What is asked of whom.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// An ICMP echo.
    Ping {
        /// Address or name.
        host: String,
    },
    /// A TCP connection.
    Tcp {
        /// Address or name.
        host: String,
        /// Port.
        port: u16,
    },
    /// A page.
    Http {
        /// Address of the page, `http` or `https`.
        url: String,
    },
    /// A name, asked of a server.
    Dns {
        /// The name.
        name: String,
        /// Which addresses are asked for.
        family: Family,
        /// Address or name of the server.
        server: String,
        /// Port of the server.
        port: u16,
    },
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ping { host } => write!(f, "ping {host}"),
            Self::Tcp { host, port } => write!(f, "tcp {}:{port}", bracketed(host)),
            Self::Http { url } => write!(f, "http {url}"),
            Self::Dns {
                name,
                family,
                server,
                port,
            } => {
                let family = if *family == Family::V6 { "aaaa " } else { "" };
                let server = bracketed(server);
                match port {
                    53 => write!(f, "dns {family}{name} @{server}"),
                    port => write!(f, "dns {family}{name} @{server}:{port}"),
                }
            }
        }
    }
}

/// An address of six has colons of its own.
fn bracketed(host: &str) -> String {
    if host.contains(':') {
        format!("[{host}]")
    } else {
        host.to_owned()
    }
}

/// What must be true of a page besides that it comes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    /// First and last status that is well; without it, 200 to 399.
    #[serde(default)]
    pub status: Option<(u16, u16)>,
    /// Text that the page must hold.
    #[serde(default)]
    pub text: Option<String>,
}

impl Expected {
    /// Whether a status is well.
    #[must_use]
    pub fn status_is_well(&self, status: u16) -> bool {
        let (first, last) = self.status.unwrap_or((200, 399));
        (first..=last).contains(&status)
    }
}

/// What one probe sets for itself; the rest follows the cooperative's defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Own {
    /// Milliseconds between two questions.
    pub every_ms: Option<u32>,
    /// Milliseconds after which no answer is a loss.
    pub timeout_ms: Option<u32>,
    /// Losses in a row that mean "down".
    pub failures: Option<u32>,
    /// Answers in a row that mean "up again".
    pub successes: Option<u32>,
    /// Percent of losses that mean "degraded"; 0 is never.
    pub loss_pct: Option<u32>,
    /// Median milliseconds that mean "degraded"; 0 is never.
    pub rtt_ms: Option<u32>,
    /// How bad "down" is.
    pub severity: Option<Severity>,
}

/// A probe of a piece of equipment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// What is asked of whom.
    pub target: Target,
    /// What must be true of a page.
    #[serde(default)]
    pub expected: Expected,
    /// Settings of its own.
    #[serde(default)]
    pub own: Own,
}

impl Probe {
    /// The name of its alert at this equipment, stable as long as it asks the same of the same.
    #[must_use]
    pub fn fingerprint(&self, equipment: &EquipmentId) -> Fingerprint {
        let text = format!("{PREFIX}{equipment}/{}", self.target);
        if text.len() <= LONGEST {
            return Fingerprint(text);
        }
        let digest = Sha256::digest(text.as_bytes());
        let hex: String = digest.iter().take(16).map(|b| format!("{b:02x}")).collect();
        Fingerprint(format!("{PREFIX}{equipment}/{hex}"))
    }

    /// The rules it follows.
    #[must_use]
    pub fn rules(&self, defaults: &Defaults) -> Rules {
        let own = &self.own;
        Rules {
            every_ms: own
                .every_ms
                .unwrap_or(defaults.every_s.saturating_mul(1_000)),
            timeout_ms: own.timeout_ms.unwrap_or(defaults.timeout_ms),
            failures: own.failures.unwrap_or(defaults.failures).max(1),
            successes: own.successes.unwrap_or(defaults.successes).max(1),
            loss_pct: own.loss_pct.unwrap_or(defaults.loss_pct),
            rtt_ms: own.rtt_ms.unwrap_or(defaults.rtt_ms),
            severity: own.severity.unwrap_or(Severity::Critical),
        }
    }
}

impl fmt::Display for Probe {
    /// As a file may declare it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            target,
            expected,
            own,
        } = self;
        write!(f, "{target}")?;
        for (name, time) in [
            ("every", own.every_ms),
            ("timeout", own.timeout_ms),
            ("rtt", own.rtt_ms),
        ] {
            if let Some(ms) = time {
                write!(f, " {name}={ms}ms")?;
            }
        }
        for (name, count) in [
            ("failures", own.failures),
            ("successes", own.successes),
            ("loss", own.loss_pct),
        ] {
            if let Some(count) = count {
                write!(f, " {name}={count}")?;
            }
        }
        if let Some(severity) = own.severity {
            write!(f, " severity={severity:?}")?;
        }
        if let Some((first, last)) = expected.status {
            write!(f, " status={first}-{last}")?;
        }
        match &expected.text {
            Some(text) => write!(f, " text=\"{text}\""),
            None => Ok(()),
        }
    }
}

/// The cooperative's defaults of probes, and what holds for all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Defaults {
    /// Seconds between two questions. Default 10.
    pub every_s: u32,
    /// Milliseconds after which no answer is a loss. Default 2,000.
    pub timeout_ms: u32,
    /// Losses in a row that mean "down". Default 3.
    pub failures: u32,
    /// Answers in a row that mean "up again". Default 2.
    pub successes: u32,
    /// Percent of losses of the last hundred that mean "degraded"; 0 is never. Default 20.
    pub loss_pct: u32,
    /// Median milliseconds that mean "degraded"; 0 is never. Default 0.
    pub rtt_ms: u32,
    /// Probes of the world outside, such as `ping 9.9.9.9`: where these and everything else fail
    /// together it is we who are cut off. Default none.
    #[serde(with = "texts")]
    pub uplink: Vec<Probe>,
    /// Connections (TCP, HTTP, DNS) that are open at once. Default 256.
    pub most_at_once: u32,
}

impl Default for Defaults {
    fn default() -> Self {
        Self {
            every_s: 10,
            timeout_ms: 2_000,
            failures: 3,
            successes: 2,
            loss_pct: 20,
            rtt_ms: 0,
            uplink: Vec::new(),
            most_at_once: 256,
        }
    }
}

/// What one probe follows, nothing left open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Milliseconds between two questions.
    pub every_ms: u32,
    /// Milliseconds after which no answer is a loss.
    pub timeout_ms: u32,
    /// Losses in a row that mean "down".
    pub failures: u32,
    /// Answers in a row that mean "up again".
    pub successes: u32,
    /// Percent of losses that mean "degraded"; 0 is never.
    pub loss_pct: u32,
    /// Median milliseconds that mean "degraded"; 0 is never.
    pub rtt_ms: u32,
    /// How bad "down" is.
    pub severity: Severity,
}

/// Probes as texts, as a configuration holds them.
mod texts {
    use serde::{Deserialize as _, Deserializer, Serializer};

    use super::{Probe, parse};

    pub fn serialize<S: Serializer>(probes: &[Probe], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(probes.iter().map(ToString::to_string))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Probe>, D::Error> {
        let texts = Vec::<String>::deserialize(from)?;
        let read = |text: &String| parse::parse(text).map_err(serde::de::Error::custom);
        texts.iter().map(read).collect()
    }
}
