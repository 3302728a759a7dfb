//! Durations as people write them.

/// Seconds of a unit, folded.
fn unit(word: &str) -> Option<u64> {
    Some(match word {
        "s" | "sec" | "seconde" | "secondes" | "second" | "seconds" => 1,
        "m" | "mn" | "min" | "minute" | "minutes" => 60,
        "h" | "heure" | "heures" | "hour" | "hours" => 3_600,
        "j" | "jour" | "jours" | "d" | "day" | "days" => 86_400,
        _ => return None,
    })
}

/// Cuts a text into numbers and words; whatever else stands there belongs to a word.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut digits = None;
    for c in text.chars() {
        if c.is_whitespace() {
            digits = None;
            continue;
        }
        let digit = c.is_ascii_digit();
        match pieces.last_mut() {
            Some(piece) if digits == Some(digit) => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
        digits = Some(digit);
    }
    pieces
}

/// Seconds of a duration such as `45 s`, `90min`, `2 h`, `1 h 30 min` or `1h30`. `bare` is how many
/// seconds a number without a unit counts where it stands alone. The text is folded.
#[must_use]
pub fn seconds(text: &str, bare: u64) -> Option<u64> {
    let pieces = pieces(text);
    let mut total: u64 = 0;
    let mut before: Option<u64> = None;
    let mut rest = pieces.as_slice();
    while let [number, more @ ..] = rest {
        let number: u64 = number.parse().ok()?;
        let (each, after) = match (more, before) {
            ([word, after @ ..], _) => (unit(word)?, after),
            ([], None) => (bare, more),
            // "1h30": what follows hours are minutes.
            ([], Some(3_600)) => (60, more),
            ([], Some(_)) => return None,
        };
        // From the largest unit to the smallest: else somebody means something else.
        if before.is_some_and(|before| before <= each) {
            return None;
        }
        total = total.checked_add(number.checked_mul(each)?)?;
        before = Some(each);
        rest = after;
    }
    before.map(|_| total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_people_write_them() {
        for (text, expected) in [
            ("45 s", 45),
            ("45s", 45),
            ("90 min", 5_400),
            ("90mn", 5_400),
            ("2 h", 7_200),
            ("2h", 7_200),
            ("2 heures", 7_200),
            ("1 h 30 min", 5_400),
            ("1h30", 5_400),
            ("1 h 30", 5_400),
            ("1 jour 2 h", 93_600),
            ("30", 1_800),
            ("0", 0),
        ] {
            assert_eq!(seconds(text, 60), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_could_mean_two_things_is_not_read() {
        for text in [
            "",
            "h",
            "2 x",
            "-5 min",
            "1,5 h",
            "1.5 h",
            "2 h 2 h",
            "30 min 1 h",
            "5 min 30",
            "2 h encore",
            "beaucoup",
            "99999999999999999999",
            "18446744073709551615 h",
        ] {
            assert_eq!(seconds(text, 60), None, "{text}");
        }
    }
}
