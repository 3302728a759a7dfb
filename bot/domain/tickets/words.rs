//! The words by which a ticket is found: stems of French words, without accents.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};

use crate::names::fold;

/// Shortest word that is looked at, in characters; numbers may be shorter.
const SHORTEST: usize = 2;
/// Longest stem that is kept, in characters.
const LONGEST: usize = 32;
/// Stems of one text: a commit holds so many writes and no more.
pub const MOST_STEMS: usize = 40;

/// Words that every text has: nobody looks for them.
const COMMON: &[&str] = &[
    "a", "ai", "au", "aux", "avec", "bonjour", "c", "ca", "ce", "cela", "ces", "cette", "d",
    "dans", "de", "depuis", "des", "du", "elle", "en", "est", "et", "etait", "ete", "il", "ils",
    "j", "je", "l", "la", "le", "les", "leur", "lui", "m", "ma", "mais", "me", "merci", "mes",
    "moi", "mon", "n", "ne", "nos", "notre", "nous", "on", "ont", "ou", "par", "pas", "plus",
    "pour", "qu", "que", "qui", "s", "sa", "se", "ses", "si", "son", "sont", "sur", "t", "te",
    "tout", "tous", "tres", "tu", "un", "une", "vos", "votre", "vous", "y",
];

static FRENCH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::French));

/// What a word is found by: its stem, and the stems of what remains of it without accents, for many
/// write without, and without its plural. Empty for words that nobody looks for.
#[must_use]
pub fn stems_of(word: &str) -> BTreeSet<String> {
    let word = word.to_lowercase();
    let folded = fold(&word);
    let number = folded.bytes().all(|byte| byte.is_ascii_digit());
    if folded.is_empty()
        || COMMON.contains(&folded.as_str())
        || (folded.chars().count() < SHORTEST && !number)
    {
        return BTreeSet::new();
    }
    let kept = |stem: String| stem.chars().take(LONGEST).collect::<String>();
    // The stemmer takes more from some plurals than from their singulars.
    let singular = folded.strip_suffix(['s', 'x']).unwrap_or(&folded);
    [
        fold(&FRENCH.stem(&word)),
        FRENCH.stem(&folded).into_owned(),
        FRENCH.stem(singular).into_owned(),
    ]
    .into_iter()
    .filter(|stem| !stem.is_empty())
    .map(kept)
    .collect()
}

/// The words of a text, as they are typed.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

/// What a text is found by, the first words first where there are too many.
#[must_use]
pub fn stems(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for word in words(text) {
        found.extend(stems_of(word));
        if found.len() >= MOST_STEMS {
            while found.len() > MOST_STEMS {
                found.pop_last();
            }
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_word_is_found_by_its_other_forms_with_or_without_accents() {
        for (written, asked) in [
            ("coupée", "coupees"),
            ("coupées", "coupée"),
            ("déconnexions", "deconnexion"),
            ("Étigny", "etigny"),
            ("l'antenne", "antennes"),
            ("débranché", "debranche"),
            ("factures", "Facture"),
            ("routeur", "routeurs"),
            ("1042", "1042"),
        ] {
            let (written_stems, asked_stems) = (stems(written), stems(asked));
            assert!(
                !written_stems.is_disjoint(&asked_stems),
                "{written}: {written_stems:?}, {asked}: {asked_stems:?}"
            );
        }
    }

    #[test]
    fn words_that_every_text_has_are_left_out() {
        assert_eq!(
            stems("bonjour, je n'ai plus de... c'est à vous"),
            BTreeSet::new()
        );
    }

    proptest! {
        #[test]
        fn any_text_has_bounded_words_that_fit_into_keys(text in "\\PC{0,2000}") {
            let found = stems(&text);
            prop_assert!(found.len() <= MOST_STEMS);
            prop_assert!(found.iter().all(|stem| stem.len() <= 200 && !stem.contains('\0')));
        }

        #[test]
        fn a_text_is_found_by_each_of_its_first_words(text in "[a-zéèç ]{0,120}") {
            let found = stems(&text);
            prop_assume!(found.len() < MOST_STEMS);
            for word in words(&text) {
                let of_word = stems_of(word);
                prop_assert!(of_word.is_empty() || !of_word.is_disjoint(&found));
            }
        }
    }
}
