//! Long words of people in pieces that messages hold.

use unicode_normalization::char::is_combining_mark;

/// Cuts a text into pieces of at most so many UTF-16 units, between words where there are any, and
/// never inside of what is seen as one sign. Nothing but space between pieces is lost.
#[must_use]
pub fn pieces(text: &str, most: usize) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = end_of_piece(rest, most.max(1));
        let (piece, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        found.push(piece.trim_end().to_owned());
        rest = after.trim_start();
    }
    found
}

/// Where the first piece ends, in bytes; at least one sign is in it.
fn end_of_piece(text: &str, most: usize) -> usize {
    let (mut units, mut sign, mut word) = (0, None, None);
    let mut before = None;
    for (at, letter) in text.char_indices() {
        if before.is_some_and(|before| may_part(before, letter)) {
            sign = Some(at);
            if letter.is_whitespace() {
                word = Some(at);
            }
        }
        units += letter.len_utf16();
        if units > most {
            // A sign longer than a piece has to be cut somewhere.
            let here = if at > 0 { at } else { letter.len_utf8() };
            return word.or(sign).filter(|at| *at > 0).unwrap_or(here);
        }
        before = Some(letter);
    }
    text.len()
}

/// Whether two letters that follow each other are two signs.
fn may_part(before: char, after: char) -> bool {
    const JOINER: char = '\u{200D}';
    let clings = |letter: char| {
        letter == JOINER
            || is_combining_mark(letter)
            || matches!(letter, '\u{FE00}'..='\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E007F}')
    };
    let flag = |letter: char| matches!(letter, '\u{1F1E6}'..='\u{1F1FF}');
    before != JOINER && !clings(after) && !(flag(before) && flag(after))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_stay_whole_and_so_do_signs() {
        assert_eq!(pieces("un deux trois", 8), ["un deux", "trois"]);
        assert_eq!(pieces("", 8), Vec::<String>::new());
        let family = "👨\u{200D}👩\u{200D}👧";
        assert_eq!(pieces(&family.repeat(2), 12), [family, family]);
        let long = format!("{} {}", "mot ".repeat(2_250), family);
        let found = pieces(&long, 3_500);
        assert_eq!(found.len(), 3);
        assert!(
            found
                .iter()
                .all(|piece| piece.encode_utf16().count() <= 3_500)
        );
        assert!(found[2].ends_with(family));
    }

    proptest! {
        #[test]
        fn nothing_but_space_is_lost(text in "[ a-zé🛰👩\u{200D}\u{301}\n]{0,200}", most in 2..40_usize) {
            let solid = |text: &str| text.split_whitespace().collect::<String>();
            let found = pieces(&text, most);
            prop_assert_eq!(solid(&found.concat()), solid(&text));
            prop_assert!(found.iter().all(|piece| piece.encode_utf16().count() <= most));
        }
    }
}
