//! Text with its formatting, as the messenger wants it: characters, and marks counted in UTF-16
//! units. There is no markup to parse, so nothing that a person or a machine wrote can become
//! formatting, or break it.

use reqwest::Url;
use teloxide::types::{MessageEntity, MessageEntityKind};

use crate::i18n::Piece;

/// Longest message, in UTF-16 units.
pub const LIMIT: usize = 4_096;
/// Most marks in one message; the messenger ignores those past a hundred.
pub const MOST_MARKS: usize = 90;

/// How a piece of text stands out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Style {
    /// Bold.
    Bold,
    /// Italic.
    Italic,
    /// Fixed width, copied at a tap.
    Code,
    /// A block of fixed width.
    Pre,
    /// A quotation.
    Quote,
    /// A quotation that is folded until somebody opens it.
    Fold,
    /// A link, see [`link`].
    Link(Link),
}

/// An address that may be linked to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link(Url);

/// Reads an address. Only addresses that open a page, a chat, a mail or a call are links.
#[must_use]
pub fn link(address: &str) -> Option<Link> {
    let url = Url::parse(address.trim()).ok()?;
    matches!(url.scheme(), "http" | "https" | "tg" | "mailto" | "tel").then_some(Link(url))
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Mark {
    style: Style,
    offset: usize,
    length: usize,
}

/// Text that is being put together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    text: String,
    units: usize,
    marks: Vec<Mark>,
}

/// A finished message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// Its text.
    pub text: String,
    /// Its formatting.
    pub entities: Vec<MessageEntity>,
}

impl Text {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Plain text.
    #[must_use]
    pub fn plain(text: &str) -> Self {
        let mut new = Self::new();
        new.push(text);
        new
    }

    /// Length in UTF-16 units.
    #[must_use]
    pub const fn units(&self) -> usize {
        self.units
    }

    /// Whether nothing is to be seen.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Adds text as it is.
    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self.units += units(text);
        self
    }

    /// Adds text that stands out.
    pub fn styled(&mut self, style: Style, text: &str) -> &mut Self {
        let length = units(text);
        if length > 0 {
            self.marks.push(Mark {
                style,
                offset: self.units,
                length,
            });
        }
        self.push(text)
    }

    /// Adds the pieces of a message.
    pub fn pieces(&mut self, pieces: &[Piece]) -> &mut Self {
        for piece in pieces {
            match piece {
                Piece::Plain(text) => self.push(text),
                Piece::Name(text) => self.styled(Style::Bold, text),
                Piece::Code(text) => self.styled(Style::Code, text),
            };
        }
        self
    }

    /// Adds other text with its formatting.
    pub fn append(&mut self, other: &Self) -> &mut Self {
        let offset = self.units;
        self.marks
            .extend(other.marks.iter().cloned().map(|mark| Mark {
                offset: mark.offset + offset,
                ..mark
            }));
        self.push(&other.text)
    }

    /// Adds other text as a line of its own.
    pub fn line(&mut self, other: &Self) -> &mut Self {
        if self.units > 0 {
            self.push("\n");
        }
        self.append(other)
    }

    /// The same inside a quotation, folded or not. A quotation holds no other.
    #[must_use]
    pub fn quoted(mut self, folded: bool) -> Self {
        self.marks
            .retain(|mark| !matches!(mark.style, Style::Quote | Style::Fold));
        let style = if folded { Style::Fold } else { Style::Quote };
        if self.units > 0 {
            self.marks.insert(
                0,
                Mark {
                    style,
                    offset: 0,
                    length: self.units,
                },
            );
        }
        self
    }

    /// Finishes: no blank ends, no more marks than are read, never longer than a message may be.
    /// What is too long is cut at the end of a line, or of a character where one line is too long;
    /// callers that care what is lost fit their text before.
    #[must_use]
    pub fn finish(self) -> Body {
        let kept = cut(self.text.trim_end(), LIMIT);
        let lead = kept.len() - kept.trim_start().len();
        let (blank, text) = kept.split_at(lead);
        let (skipped, end) = (units(blank), units(kept));
        let mut marks: Vec<Mark> = self
            .marks
            .into_iter()
            .filter_map(|mark| {
                let from = mark.offset.max(skipped);
                let to = (mark.offset + mark.length).min(end);
                (from < to).then(|| Mark {
                    offset: from - skipped,
                    length: to - from,
                    ..mark
                })
            })
            .collect();
        // Quotations hold the shape of the message: they are the last to be given up.
        marks.sort_by_key(|mark| (!mark.style.is_quote(), mark.offset));
        marks.truncate(MOST_MARKS);
        marks.sort_by_key(|mark| (mark.offset, std::cmp::Reverse(mark.length)));
        if text.is_empty() {
            return Body {
                text: "…".to_owned(),
                entities: Vec::new(),
            };
        }
        Body {
            text: text.to_owned(),
            entities: marks.into_iter().map(entity).collect(),
        }
    }
}

impl Style {
    const fn is_quote(&self) -> bool {
        matches!(self, Self::Quote | Self::Fold)
    }
}

fn entity(mark: Mark) -> MessageEntity {
    let kind = match mark.style {
        Style::Bold => MessageEntityKind::Bold,
        Style::Italic => MessageEntityKind::Italic,
        Style::Code => MessageEntityKind::Code,
        Style::Pre => MessageEntityKind::Pre { language: None },
        Style::Quote => MessageEntityKind::Blockquote,
        Style::Fold => MessageEntityKind::ExpandableBlockquote,
        Style::Link(Link(url)) => MessageEntityKind::TextLink { url },
    };
    MessageEntity::new(kind, mark.offset, mark.length)
}

/// Length in UTF-16 units.
#[must_use]
pub fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The longest beginning of at most `limit` units that ends with a whole line, or with a whole
/// character where the first line is longer than that.
#[must_use]
pub fn cut(text: &str, limit: usize) -> &str {
    if units(text) <= limit {
        return text;
    }
    let mut left = limit;
    let mut end = 0;
    let mut line_end = None;
    for (at, letter) in text.char_indices() {
        if letter == '\n' {
            line_end = Some(at);
        }
        if letter.len_utf16() > left {
            break;
        }
        left -= letter.len_utf16();
        end = at + letter.len_utf8();
    }
    let end = line_end.filter(|at| *at > 0).unwrap_or(end);
    text.get(..end).unwrap_or_default().trim_end()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn marks_are_counted_in_utf16_units() {
        let mut text = Text::new();
        text.push("🔴 ").styled(Style::Bold, "Étigny 🛰");
        text.push(" <b>_*&").styled(Style::Code, "/etat");
        let body = text.finish();
        assert_eq!(body.text, "🔴 Étigny 🛰 <b>_*&/etat");
        assert_eq!(
            body.entities,
            vec![MessageEntity::bold(3, 9), MessageEntity::code(19, 5)]
        );
    }

    #[test]
    fn only_addresses_that_open_something_are_links() {
        for good in [
            "http://a.example/x_y",
            "https://é.example",
            "tg://user?id=1",
            "mailto:a@b.example",
            "tel:+33123456789",
        ] {
            assert!(link(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "example",
            "data:text/html,x",
        ] {
            assert!(link(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_cut_keeps_whole_lines() {
        assert_eq!(cut("un\ndeux\ntrois", 9), "un\ndeux");
        assert_eq!(cut("🛰🛰🛰", 5), "🛰🛰");
        assert_eq!(cut("un\ndeux", 7), "un\ndeux");
    }

    #[test]
    fn nothing_to_see_is_still_a_message() {
        let mut text = Text::new();
        text.styled(Style::Bold, " \n ");
        assert_eq!(text.finish().text, "…");
    }

    fn piece() -> impl Strategy<Value = (u8, String)> {
        (
            0_u8..7,
            "[ \\n\u{0}a-zé<_&\u{1F534}\u{1F6F0}\u{FE0F}]{0,40}",
        )
    }

    fn build(pieces: &[(u8, String)]) -> Text {
        let mut text = Text::new();
        for (kind, words) in pieces {
            match kind {
                0 => text.push(words),
                1 => text.styled(Style::Bold, words),
                2 => text.styled(Style::Italic, words),
                3 => text.styled(Style::Code, words),
                4 => text.append(&Text::plain(words).quoted(true)),
                5 => text.line(&Text::plain(words)),
                _ => text.styled(Style::Link(link("https://a.example").unwrap()), words),
            };
        }
        text
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn marks_lie_inside_the_text_and_never_inside_a_character(
            pieces in prop::collection::vec(piece(), 0..200)
        ) {
            let body = build(&pieces).finish();
            let wide: Vec<u16> = body.text.encode_utf16().collect();
            prop_assert!(wide.len() <= LIMIT && !body.text.trim().is_empty());
            prop_assert!(body.entities.len() <= MOST_MARKS);
            prop_assert_eq!(body.text.trim(), body.text.as_str());
            for mark in &body.entities {
                prop_assert!(mark.length > 0);
                let inside = wide.get(mark.offset..mark.offset + mark.length);
                prop_assert!(String::from_utf16(inside.unwrap_or(&[0xD800])).is_ok());
            }
        }

        #[test]
        fn formatting_never_costs_text(pieces in prop::collection::vec(piece(), 0..40)) {
            let body = build(&pieces).finish();
            let mut all = Text::new();
            for (kind, words) in &pieces {
                if *kind == 5 { all.line(&Text::plain(words)); } else { all.push(words); }
            }
            prop_assume!(all.units() <= LIMIT && !all.is_blank());
            prop_assert_eq!(body.text, all.text.trim());
        }
    }
}
