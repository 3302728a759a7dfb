//! Numbers as a language writes them.

use vigie_domain::Lang;

/// Groups of three digits and the decimal sign of the language: `12 345,5` or `12,345.5`.
pub fn grouped(lang: Lang, decimal: &str) -> String {
    let (between, point) = match lang {
        // A narrow space that does not break, as French typography asks.
        Lang::Fr => ('\u{202F}', ','),
        Lang::En => (',', '.'),
    };
    let (whole, rest) = decimal.split_once('.').unwrap_or((decimal, ""));
    let (sign, digits) = whole
        .strip_prefix('-')
        .map_or(("", whole), |digits| ("-", digits));
    let count = digits.chars().count();
    let mut text = sign.to_owned();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (count - index).is_multiple_of(3) {
            text.push(between);
        }
        text.push(digit);
    }
    if !rest.is_empty() {
        text.push(point);
        text.push_str(rest);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_and_english_numbers() {
        for (decimal, fr, en) in [
            ("0", "0", "0"),
            ("999", "999", "999"),
            ("1000", "1\u{202F}000", "1,000"),
            ("1000000", "1\u{202F}000\u{202F}000", "1,000,000"),
            ("-123456", "-123\u{202F}456", "-123,456"),
            ("1234.50", "1\u{202F}234,50", "1,234.50"),
        ] {
            assert_eq!(grouped(Lang::Fr, decimal), fr);
            assert_eq!(grouped(Lang::En, decimal), en);
        }
    }
}
