//! The guide of those who answer the phone: the questions of `/appel`, with room to write.

use vigie_domain::text::{Key, Say};

use super::font::Face;
use super::page::list;
use super::{LetterError, Style, document};

/// Questions on one page: each has two lines to write on.
const ON_A_PAGE: usize = 11;

/// A document with these questions, to be copied for each call.
///
/// # Errors
/// The font cannot be used.
pub fn guide(style: &Style<'_>, questions: &[Say]) -> Result<Vec<u8>, LetterError> {
    let (regular, bold) = (Face::regular()?, Face::bold()?);
    let say = |say: &Say| style.texts.plain(style.lang, style.zone, style.now, say);
    let title = say(&Key::PhoneGuideTitle.into());
    let asked: Vec<String> = (1..)
        .zip(questions)
        .map(|(number, question)| format!("{number}. {}", say(question)))
        .collect();
    let pages: Vec<Vec<u8>> = asked
        .chunks(ON_A_PAGE)
        .enumerate()
        .map(|(page, asked)| {
            let before = match page {
                0 => vec![
                    say(&Key::PhoneGuideFirst.into()),
                    say(&Key::PhoneGuideKnown.into()),
                ],
                _ => Vec::new(),
            };
            let after = say(&Key::PhoneGuideAfter.into());
            list(&title, (&before, asked, &after), (&regular, &bold))
        })
        .collect();
    Ok(document(&pages, &regular, &bold))
}
