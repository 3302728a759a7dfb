//! How a piece of equipment stands, from what is known of it.

use serde::{Deserialize, Serialize};

/// How a piece of equipment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It works, as far as anybody tells.
    Up,
    /// It does not work.
    Down,
    /// It works badly.
    Degraded,
    /// It does not work, or what carries it does not, and another way carries the traffic.
    Bypassed,
    /// It keeps going down and up.
    Unstable,
    /// Nobody can tell: what it is watched through is cut or silent.
    Unknown,
}

/// What is known of a piece of equipment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Its open alerts: for information, warnings, critical.
    pub open: [u32; 3],
    /// Whether it keeps going down and up.
    pub unstable: bool,
    /// Whether somebody said that another way carries its traffic.
    pub bypass: bool,
    /// Whether what usually carries it is cut and a further parent holds.
    pub on_backup: bool,
    /// Whether every way up from it is cut, or whatever watches it is silent.
    pub blind: bool,
}

/// How it stands. What it says of itself comes before what is concluded about it.
#[must_use]
pub const fn state(facts: Facts) -> State {
    let [_, warnings, critical] = facts.open;
    match facts {
        Facts { unstable: true, .. } => State::Unstable,
        Facts { bypass: true, .. } if critical > 0 => State::Bypassed,
        _ if critical > 0 => State::Down,
        Facts { blind: true, .. } => State::Unknown,
        Facts {
            on_backup: true, ..
        } => State::Bypassed,
        _ if warnings > 0 => State::Degraded,
        _ => State::Up,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Alerts (i, w, c), then what else is known.
    fn facts(words: &str) -> Facts {
        let has = |word: &str| words.split_whitespace().any(|one| one == word);
        let count = |word: &str| u32::from(has(word));
        Facts {
            open: [count("i"), count("w"), count("c")],
            unstable: has("unstable"),
            bypass: has("bypass"),
            on_backup: has("backup"),
            blind: has("blind"),
        }
    }

    #[test]
    fn states() {
        for (words, expected) in [
            ("", State::Up),
            ("i", State::Up),
            ("w", State::Degraded),
            ("i w", State::Degraded),
            ("c", State::Down),
            ("w c", State::Down),
            ("c bypass", State::Bypassed),
            // The failure is over: so is the way around it.
            ("bypass", State::Up),
            ("w bypass", State::Degraded),
            ("backup", State::Bypassed),
            ("w backup", State::Bypassed),
            ("c backup", State::Down),
            ("blind", State::Unknown),
            ("w blind", State::Unknown),
            ("c blind", State::Down),
            ("c blind bypass", State::Bypassed),
            ("unstable", State::Unstable),
            ("c unstable", State::Unstable),
            ("c unstable bypass blind", State::Unstable),
        ] {
            assert_eq!(state(facts(words)), expected, "{words:?}");
        }
    }
}
