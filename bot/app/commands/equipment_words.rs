//! Alert settings as people write them behind the name of a piece of equipment.

use vigie_domain::declaring::MOST_COUNTED;
use vigie_domain::lasting;
use vigie_domain::names::fold;
use vigie_domain::network::{LONGEST_WAIT_S, Scope};
use vigie_domain::network_import::hours;
use vigie_domain::text::{Arg, Key as Text, Say};

use crate::app::buttons::Change;

/// Reads a change of settings: `alertes non`, `portee les deux`, `delai 5 min`, `rappel 2 h`,
/// `silence 21h-8h`, `defaut`; or says how to write it.
pub(super) fn read_change(words: &[String]) -> Result<Change, Say> {
    let usage = || Say::new(Text::SheetUsage);
    let (what, value) = words.split_first().ok_or_else(usage)?;
    if matches!(fold(what).as_str(), "defaut" | "default") && value.is_empty() {
        return Ok(Change::Default);
    }
    let first = fold(value.first().ok_or_else(usage)?);
    // Folding would take signs away, and "-5" is not "5".
    let lasting = value.join(" ").to_lowercase();
    match fold(what).as_str() {
        "alertes" | "alerte" | "alerts" | "alert" => match first.as_str() {
            "oui" | "on" | "yes" => Ok(Change::Enabled(true)),
            "non" | "off" | "no" => Ok(Change::Enabled(false)),
            _ => Err(usage()),
        },
        "portee" | "scope" => match first.as_str() {
            "aucun" | "aucune" | "none" => Ok(Change::Scope(Scope::None)),
            "backbone" | "technique" | "technical" => Ok(Change::Scope(Scope::Backbone)),
            "secteur" | "sector" | "local" => Ok(Change::Scope(Scope::Sector)),
            "les" | "deux" | "both" => Ok(Change::Scope(Scope::Both)),
            _ => Err(usage()),
        },
        "delai" | "delay" => read_delay(&lasting).map(Change::Delay),
        "rappel" | "repeat" => read_repeat(&lasting).map(Change::Repeat),
        "declarations" | "declaration" | "reports" => first
            .parse::<u32>()
            .ok()
            .filter(|count| *count <= MOST_COUNTED)
            .map(Change::Declarations)
            .ok_or_else(usage),
        "silence" | "nuit" | "quiet" => {
            hours(&value.join(" ")).map(Change::Quiet).ok_or_else(usage)
        }
        "secours" | "bypass" => Ok(Change::Bypass(match first.as_str() {
            "non" | "off" | "no" | "fini" | "arrete" => None,
            _ => Some(way(value)),
        })),
        _ => Err(usage()),
    }
}

/// The other way, as it was written: `en service via Seignelay` is `Seignelay`.
fn way(words: &[String]) -> String {
    const SAY_NOTHING: [&str; 9] = [
        "oui", "yes", "on", "en", "in", "use", "service", "via", "par",
    ];
    let from = words
        .iter()
        .position(|word| !SAY_NOTHING.contains(&fold(word).as_str()));
    let rest = from.and_then(|from| words.get(from..)).unwrap_or_default();
    rest.join(" ")
}

/// Seconds; a number without a unit counts seconds.
fn read_delay(value: &str) -> Result<u32, Say> {
    let Some(seconds) = lasting::seconds(value, 1) else {
        return Err(Say::new(Text::SheetDelayUnread).with("value", shown(value)));
    };
    match u32::try_from(seconds) {
        Ok(seconds) if seconds <= LONGEST_WAIT_S => Ok(seconds),
        _ => Err(Say::new(Text::SheetDelayBounds).with("most", longest_wait())),
    }
}

/// Minutes; a number without a unit counts minutes. What lasts no whole minute is not taken for
/// another number of them.
fn read_repeat(value: &str) -> Result<u32, Say> {
    if matches!(value, "jamais" | "never") {
        return Ok(0);
    }
    let Some(seconds) = lasting::seconds(value, 60) else {
        return Err(Say::new(Text::SheetRepeatUnread).with("value", shown(value)));
    };
    match u32::try_from(seconds) {
        Ok(seconds) if seconds <= LONGEST_WAIT_S && seconds % 60 == 0 => Ok(seconds / 60),
        _ => Err(Say::new(Text::SheetRepeatBounds).with("most", longest_wait())),
    }
}

fn shown(value: &str) -> Arg {
    Arg::Text(value.chars().take(40).collect())
}

fn longest_wait() -> Arg {
    Arg::Lasting(i64::from(LONGEST_WAIT_S))
}

#[cfg(test)]
mod tests {
    use vigie_domain::network::QuietHours;

    use super::*;

    fn read(text: &str) -> Result<Change, Text> {
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        read_change(&words).map_err(|say| say.key)
    }

    #[test]
    fn settings_are_read_as_people_write_them() {
        for (text, expected) in [
            ("alertes non", Change::Enabled(false)),
            ("Alertes OUI", Change::Enabled(true)),
            ("délai 5 min", Change::Delay(300)),
            ("déclarations 5", Change::Declarations(5)),
            ("delai 90s", Change::Delay(90)),
            ("delai 45 s", Change::Delay(45)),
            ("delai 2 h", Change::Delay(7_200)),
            ("delai 0", Change::Delay(0)),
            ("portée les deux", Change::Scope(Scope::Both)),
            ("rappel 30", Change::Repeat(30)),
            ("rappel 2 h", Change::Repeat(120)),
            ("rappel 2h", Change::Repeat(120)),
            ("rappel 1 h 30", Change::Repeat(90)),
            ("rappel 90 min", Change::Repeat(90)),
            ("rappel 120 s", Change::Repeat(2)),
            ("rappel 7 jours", Change::Repeat(10_080)),
            (
                "secours en service via Seignelay, la tour",
                Change::Bypass(Some("Seignelay, la tour".to_owned())),
            ),
            ("secours oui", Change::Bypass(Some(String::new()))),
            ("secours non", Change::Bypass(None)),
            ("rappel 0", Change::Repeat(0)),
            ("rappel jamais", Change::Repeat(0)),
            ("défaut", Change::Default),
            (
                "silence 22h-7h",
                Change::Quiet(QuietHours {
                    from_minute: 1_320,
                    to_minute: 420,
                }),
            ),
            (
                "silence jamais",
                Change::Quiet(QuietHours {
                    from_minute: 0,
                    to_minute: 0,
                }),
            ),
        ] {
            assert_eq!(read(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_is_refused_with_what_would_be() {
        for (text, expected) in [
            ("delai 4294967295 h", Text::SheetDelayBounds),
            ("delai 8 jours", Text::SheetDelayBounds),
            ("delai beaucoup", Text::SheetDelayUnread),
            ("delai -5 min", Text::SheetDelayUnread),
            ("delai 1,5 h", Text::SheetDelayUnread),
            ("rappel 45 s", Text::SheetRepeatBounds),
            ("rappel 90 s", Text::SheetRepeatBounds),
            ("rappel 8 jours", Text::SheetRepeatBounds),
            ("rappel 2 h ou 3", Text::SheetRepeatUnread),
            ("rappel souvent", Text::SheetRepeatUnread),
            ("alertes", Text::SheetUsage),
            ("alertes parfois", Text::SheetUsage),
            ("couleur bleu", Text::SheetUsage),
            ("silence demain", Text::SheetUsage),
            ("défaut de l'appareil", Text::SheetUsage),
        ] {
            assert_eq!(read(text), Err(expected), "{text}");
        }
    }
}
