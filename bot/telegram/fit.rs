//! Fits a message into what the messenger takes: details go first, by whole lines, and names last.

use super::text::{LIMIT, Text, units};

/// A part of a message, in the order in which it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A line that is always kept.
    Line(Text),
    /// Lines that are given up first, the last before the first; together they are folded.
    Details(Vec<Text>),
    /// A list of names, kept after the details are gone. The line before them says how many.
    Names {
        /// The names.
        names: Vec<String>,
        /// What stands between them.
        between: &'static str,
        /// How many more there are than these.
        more: usize,
    },
}

/// Words for what was left out.
pub trait LeftOut {
    /// So many lines.
    fn lines(&self, count: usize) -> Text;
    /// So many names.
    fn names(&self, count: usize) -> Text;
}

/// Lays out the parts within the limit of a message.
#[must_use]
pub fn fit(parts: &[Part], words: &impl LeftOut) -> Text {
    fit_within(parts, words, LIMIT)
}

/// Whether every name fits, without details where need be.
#[must_use]
pub fn keeps_names(parts: &[Part], words: &impl LeftOut) -> bool {
    let names = parts.iter().map(Part::names).sum();
    let all = |part: &Part| !matches!(part, Part::Names { more: 1.., .. });
    parts.iter().all(all) && lay_out(parts, words, 0, names).units() <= LIMIT
}

fn fit_within(parts: &[Part], words: &impl LeftOut, limit: usize) -> Text {
    let details: usize = parts.iter().map(Part::details).sum();
    let names: usize = parts.iter().map(Part::names).sum();
    let fits = |details_kept, names_kept| {
        let text = lay_out(parts, words, details_kept, names_kept);
        (text.units() <= limit).then_some(text)
    };
    fits(details, names)
        .or_else(|| most(details, |kept| fits(kept, names)))
        .or_else(|| most(names, |kept| fits(0, kept)))
        .unwrap_or_else(|| lay_out(parts, words, 0, 0))
}

/// What fits with the most kept. More kept is never shorter, but for the words on what was left
/// out; so the border is searched by halves.
fn most(count: usize, fits: impl Fn(usize) -> Option<Text>) -> Option<Text> {
    let mut best = fits(0)?;
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        match fits(middle) {
            Some(text) => (best, low) = (text, middle),
            None => high = middle - 1,
        }
    }
    Some(best)
}

impl Part {
    fn details(&self) -> usize {
        match self {
            Self::Details(lines) => lines.len(),
            Self::Line(_) | Self::Names { .. } => 0,
        }
    }

    fn names(&self) -> usize {
        match self {
            Self::Names { names, .. } => names.len(),
            Self::Line(_) | Self::Details(_) => 0,
        }
    }
}

fn lay_out(parts: &[Part], words: &impl LeftOut, mut details: usize, mut names: usize) -> Text {
    let mut text = Text::new();
    for part in parts {
        match part {
            Part::Line(line) => text.line(line),
            Part::Details(lines) => {
                let kept = details.min(lines.len());
                details -= kept;
                let mut fold = Text::new();
                for line in lines.iter().take(kept) {
                    fold.line(line);
                }
                if kept < lines.len() {
                    fold.line(&words.lines(lines.len() - kept));
                }
                if !fold.is_blank() {
                    text.line(&fold.quoted(true));
                }
                &mut text
            }
            Part::Names {
                names: all,
                between,
                more,
            } => {
                let kept = names.min(all.len());
                names -= kept;
                let some: Vec<&str> = all.iter().take(kept).map(String::as_str).collect();
                let mut list = Text::plain(&some.join(between));
                let left = all.len() - kept + more;
                if left > 0 {
                    list.line(&words.names(left));
                }
                if !list.is_blank() {
                    text.line(&list);
                }
                &mut text
            }
        };
    }
    text
}

/// A text of at most `limit` units, with "…" where something was cut.
#[must_use]
pub fn shortened(text: &str, limit: usize) -> String {
    if units(text) <= limit {
        return text.to_owned();
    }
    let mut left = limit.saturating_sub(1);
    let mut short = String::new();
    for letter in text.chars() {
        let Some(rest) = left.checked_sub(letter.len_utf16()) else {
            break;
        };
        left = rest;
        short.push(letter);
    }
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    struct Count;

    impl LeftOut for Count {
        fn lines(&self, count: usize) -> Text {
            Text::plain(&format!("+{count} lines"))
        }

        fn names(&self, count: usize) -> Text {
            Text::plain(&format!("+{count} names"))
        }
    }

    #[test]
    fn details_go_before_names_and_the_rest_is_counted() {
        let parts = [
            Part::Line(Text::plain("head")),
            Part::Names {
                names: (0..5).map(|n| format!("relay{n}")).collect(),
                between: ", ",
                more: 0,
            },
            Part::Details(
                (0..5)
                    .map(|n| Text::plain(&format!("detail {n}")))
                    .collect(),
            ),
        ];
        let text = |limit| fit_within(&parts, &Count, limit).finish().text;
        let names = "relay0, relay1, relay2, relay3, relay4";
        assert!(text(4_096).ends_with("detail 4"));
        assert_eq!(
            text(75),
            format!("head\n{names}\ndetail 0\ndetail 1\n+3 lines")
        );
        assert_eq!(text(55), format!("head\n{names}\n+5 lines"));
        assert_eq!(text(40), "head\nrelay0, relay1\n+3 names\n+5 lines");
    }

    #[test]
    fn names_that_were_not_read_are_counted() {
        let names = |more| {
            [Part::Names {
                names: vec!["relay0".to_owned(), "relay1".to_owned()],
                between: ", ",
                more,
            }]
        };
        let text = |limit| fit_within(&names(7), &Count, limit).finish().text;
        assert_eq!(text(4_096), "relay0, relay1\n+7 names");
        assert_eq!(text(16), "relay0\n+8 names");
        assert!(keeps_names(&names(0), &Count) && !keeps_names(&names(7), &Count));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn a_storm_fits_and_no_name_is_cut(
            names in prop::collection::vec("[a-zé🛰 ]{1,60}", 0..600),
            details in prop::collection::vec("[a-z<&_ ]{0,300}", 0..60),
        ) {
            let parts = [
                Part::Line(Text::plain("head")),
                Part::Names { names: names.clone(), between: "\n", more: 0 },
                Part::Details(details.iter().map(|line| Text::plain(line)).collect()),
            ];
            let text = fit(&parts, &Count);
            prop_assert!(text.units() <= LIMIT);
            let body = text.finish().text;
            let lost = names.iter().filter(|name| !body.contains(name.trim())).count();
            // A detail may only be kept where no name is lost.
            if lost > 0 {
                prop_assert!(body.contains("names"));
            }
        }

        #[test]
        fn a_short_text_stays_and_a_long_one_ends_with_dots(text in "[a🛰é]{0,30}", limit in 1_usize..20) {
            let short = shortened(&text, limit);
            prop_assert!(units(&short) <= limit);
            prop_assert!(short == text || short.ends_with('…'));
        }
    }
}
