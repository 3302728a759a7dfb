//! Hours such as `21:00-08:00`, `21h-8h` or `jamais`.

use crate::network::QuietHours;

use super::fields::Fields;
use super::problem::{Hint, What};
use super::words;

/// Reads the field `quiet`.
pub(super) fn read(fields: &mut Fields<'_, '_>) -> Option<QuietHours> {
    let at = fields.at("quiet");
    let text = fields.text("quiet", 40)?;
    let hours = hours(&text);
    if hours.is_none() {
        let hint = Hint::OneOf("21:00-08:00, jamais".to_owned());
        fields.fault(at, What::Hours, "quiet", &text, hint);
    }
    hours
}

/// Quiet hours from text. "Never" begins and ends at the same minute.
#[must_use]
pub fn hours(text: &str) -> Option<QuietHours> {
    if words::word(words::NEVER, text).is_some() {
        return Some(QuietHours {
            from_minute: 0,
            to_minute: 0,
        });
    }
    let (from, to) = text.split_once(['-', '–', '/'])?;
    let (from_minute, to_minute) = (minute(from)?, minute(to)?);
    (from_minute != to_minute).then_some(QuietHours {
        from_minute,
        to_minute,
    })
}

fn minute(text: &str) -> Option<u16> {
    let text: String = text
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let (hour, minute) = text
        .split_once([':', 'h', 'H'])
        .unwrap_or((text.as_str(), ""));
    let hour = digits(hour)?;
    let minute = if minute.is_empty() {
        0
    } else {
        digits(minute)?
    };
    let total = hour * 60 + minute;
    (hour <= 24 && minute < 60 && total <= 1_440).then_some(total)
}

fn digits(text: &str) -> Option<u16> {
    let short = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    short.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_in_several_ways() {
        let both = |from_minute, to_minute| {
            Some(QuietHours {
                from_minute,
                to_minute,
            })
        };
        for (text, expected) in [
            ("21:00-08:00", both(1_260, 480)),
            ("21h-8h", both(1_260, 480)),
            ("21 h 30 – 7 h 05", both(1_290, 425)),
            ("0:00-24:00", both(0, 1_440)),
            ("jamais", both(0, 0)),
            ("none", both(0, 0)),
            ("8:00-8:00", None),
            ("21:60-08:00", None),
            ("25:00-08:00", None),
            ("24:01-08:00", None),
            ("21:00", None),
            ("la nuit", None),
            ("-", None),
            ("+1:00-2:00", None),
        ] {
            assert_eq!(hours(text), expected, "{text}");
        }
    }

    #[test]
    fn never_is_never_and_a_whole_day_is_always() {
        let never = hours("jamais").unwrap();
        let always = hours("0:00-24:00").unwrap();
        for minute in 0..1_440 {
            assert!(!never.contains(minute));
            assert!(always.contains(minute));
        }
    }
}
