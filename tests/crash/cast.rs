//! What happens in a round, and what people must then see.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// The groups of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Technical,
    Migennes,
    Joigny,
    Sens,
}

impl Group {
    pub const ALL: [Self; 4] = [Self::Technical, Self::Migennes, Self::Joigny, Self::Sens];

    pub const fn title(self) -> &'static str {
        match self {
            Self::Technical => "Backbone",
            Self::Migennes => "Secteur Migennes",
            Self::Joigny => "Secteur Joigny",
            Self::Sens => "Secteur Sens",
        }
    }

    /// Kind and sector, as the configuration binds the group.
    pub const fn purpose(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Technical => ("technique", None),
            Self::Migennes => ("local", Some("migennes")),
            Self::Joigny => ("local", Some("joigny")),
            Self::Sens => ("local", Some("sens")),
        }
    }
}

/// What the newest card about something must show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    Down,
    /// Down, with so many pieces of equipment behind it.
    DownWith(u32),
    /// Down, and somebody has taken it.
    Taken,
    Ended,
    /// Ended, or never said at all.
    Over,
}

/// What is seen where.
pub type Truth = BTreeMap<(Group, String), Shows>;

/// One thing that happens.
#[derive(Clone, Debug)]
pub enum Step {
    /// The monitoring posts: equipment by its short name, and whether it is down.
    Hook(Vec<String>, bool, Truth),
    /// Somebody presses "Je prends" under the card about this.
    Take(Group, &'static str),
    /// Somebody asks for the state of the network.
    Ask(Group),
    /// Somebody must be thanked, in a message of its own.
    Thanks(Group, &'static str),
    /// Everything that was acknowledged can be seen.
    Seen,
    /// The same, but in every other round a death ends the waiting: the world goes on at once.
    SeenOrDead,
}

/// Equipment that nobody declared: their alerts take several commits.
fn strangers() -> Vec<String> {
    (1..=10)
        .map(|number| format!("inconnu-{number:02}"))
        .collect()
}

fn hook(names: &[&str], down: bool, seen: &[(Group, &str, Shows)]) -> Step {
    let truth = seen
        .iter()
        .map(|(group, name, shows)| ((*group, (*name).to_owned()), *shows));
    Step::Hook(
        names.iter().map(|name| (*name).to_owned()).collect(),
        down,
        truth.collect(),
    )
}

fn storm(down: bool) -> Step {
    let shows = if down { Shows::Down } else { Shows::Ended };
    let truth = strangers()
        .into_iter()
        .map(|name| ((Group::Technical, name), shows));
    Step::Hook(strangers(), down, truth.collect())
}

/// A round from the first alert to the last.
pub fn steps() -> Vec<Step> {
    use Group::{Joigny, Migennes, Sens};
    vec![
        hook(&["silo"], true, &[(Migennes, "Silo", Shows::Down)]),
        hook(&["tour"], true, &[(Joigny, "Tour", Shows::Down)]),
        storm(true),
        Step::Ask(Sens),
        Step::Seen,
        Step::Take(Joigny, "Tour"),
        hook(
            &["eglise", "chateau"],
            true,
            &[(Migennes, "Silo", Shows::DownWith(2))],
        ),
        hook(&["cave"], true, &[(Sens, "Cave", Shows::Down)]),
        hook(&["puits"], true, &[(Sens, "Puits", Shows::Down)]),
        Step::SeenOrDead,
        hook(&["puits"], false, &[(Sens, "Puits", Shows::Over)]),
        Step::Seen,
        storm(false),
        hook(
            &["silo", "eglise", "chateau"],
            false,
            &[(Migennes, "Silo", Shows::Ended)],
        ),
        hook(&["tour"], false, &[(Joigny, "Tour", Shows::Ended)]),
        Step::Thanks(Joigny, "Merci Bruno"),
        Step::Seen,
    ]
}

/// A body as Alertmanager posts it.
pub fn body(names: &[String], down: bool, at: &str) -> Value {
    let status = if down { "firing" } else { "resolved" };
    let alerts: Vec<Value> = names
        .iter()
        .map(|name| {
            let mut alert = json!({
                "status": status,
                "labels": {"alertname": "RelayDown", "equipment": name, "severity": "critical"},
                "annotations": {"summary": "ne répond plus"},
                "startsAt": at,
                "fingerprint": name,
            });
            if !down {
                alert["endsAt"] = json!(chrono::Utc::now().to_rfc3339());
            }
            alert
        })
        .collect();
    json!({"version": "4", "status": status, "receiver": "vigie", "alerts": alerts})
}

impl Shows {
    /// Whether this is seen where that is expected.
    pub fn fits(seen: Option<Self>, expected: Self) -> bool {
        match expected {
            Self::Over => seen.is_none() || seen == Some(Self::Ended),
            _ => seen == Some(expected),
        }
    }
}

/// Messages that are cards about this, oldest first, and how each shows it.
pub fn cards<'m>(messages: &'m [Value], name: &str) -> Vec<(&'m Value, Shows)> {
    messages
        .iter()
        .filter_map(|message| Some((message, shows(message["text"].as_str()?, name)?)))
        .collect()
}

fn shows(text: &str, name: &str) -> Option<Shows> {
    let about = |line: &str, sign: &str| {
        let rest = line
            .strip_prefix(sign)
            .and_then(|rest| rest.strip_prefix(name));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([',', ' ']))
    };
    if text.lines().any(|line| about(line, "✅ Rétabli : ")) {
        return Some(Shows::Ended);
    }
    if !text.lines().any(|line| about(line, "🔴 Injoignable : ")) {
        return None;
    }
    let behind = text
        .lines()
        .find_map(|line| line.strip_prefix("Derrière : ")?.parse().ok());
    Some(match behind {
        Some(count) => Shows::DownWith(count),
        None if text.contains("Pris par") => Shows::Taken,
        None => Shows::Down,
    })
}
