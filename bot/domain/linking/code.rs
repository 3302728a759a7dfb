//! Codes that people type: six digits of a mail, and the longer ones of a letter.

use std::fmt;

use sha2::{Digest as _, Sha256};

/// Letters of a code on paper: 31 of them, a prime number, without those that are taken for
/// another one.
const LETTERS: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
/// Letters that say something; one more checks them.
const LENGTH: usize = 10;
/// What separates a digest of ours from any other.
const TAG: &[u8] = b"vigie letter 1\0";

/// A code of a letter: ten letters and one that checks them.
#[derive(Clone, PartialEq, Eq)]
pub struct LetterCode(String);

impl fmt::Debug for LetterCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LetterCode(…)")
    }
}

impl LetterCode {
    /// A code from chance.
    #[must_use]
    pub fn from_chance(chance: [u8; 16]) -> Self {
        let mut number = u128::from_be_bytes(chance);
        let mut digits = [0_u8; LENGTH];
        for digit in &mut digits {
            // 31^10 is small beside 2^128: no letter is more frequent by anything that matters.
            *digit = u8::try_from(number % 31).unwrap_or_default();
            number /= 31;
        }
        let last = check(&digits);
        Self(digits.into_iter().chain([last]).map(letter).collect())
    }

    /// Reads what somebody typed, with blanks and dashes where they like. `None`: no code of ours,
    /// or one with a slip.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let code: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && !is_dash(*c))
            .map(|c| c.to_ascii_uppercase())
            .collect();
        if code.chars().count() != LENGTH + 1 {
            return None;
        }
        let digits: Option<Vec<u8>> = code.chars().map(digit).collect();
        let digits = digits?;
        let (last, said) = digits.split_last()?;
        (check(said) == *last).then_some(Self(code))
    }

    /// As it stands on paper: `ABCDE-FGHJK-M`.
    #[must_use]
    pub fn shown(&self) -> String {
        let mut shown = String::new();
        for (at, letter) in self.0.chars().enumerate() {
            if at > 0 && at % 5 == 0 {
                shown.push('-');
            }
            shown.push(letter);
        }
        shown
    }

    /// As a link carries it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        digest(TAG, self.0.as_bytes())
    }
}

/// What is kept of a secret.
#[must_use]
pub fn digest(tag: &[u8], secret: &[u8]) -> [u8; 32] {
    Sha256::new_with_prefix(tag)
        .chain_update(secret)
        .finalize()
        .into()
}

/// Each letter weighs another weight, and 31 is prime: one wrong letter or two swapped ones are
/// always seen.
fn check(digits: &[u8]) -> u8 {
    let sum = digits
        .iter()
        .zip(2_u32..)
        .fold(0_u32, |sum, (digit, weight)| {
            (sum + u32::from(*digit) * weight) % 31
        });
    u8::try_from(sum).unwrap_or_default()
}

fn letter(digit: u8) -> char {
    LETTERS
        .get(usize::from(digit))
        .map_or('2', |byte| char::from(*byte))
}

fn digit(letter: char) -> Option<u8> {
    let at = LETTERS
        .iter()
        .position(|byte| char::from(*byte) == letter)?;
    u8::try_from(at).ok()
}

const fn is_dash(letter: char) -> bool {
    matches!(
        letter,
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '.' | '_'
    )
}

/// Six digits from chance.
#[must_use]
pub fn six_digits(chance: [u8; 16]) -> String {
    format!("{:06}", u128::from_be_bytes(chance) % 1_000_000)
}

/// Reads six digits as people type them: `123 456`, `12-34-56`, O for 0, I or l for 1.
#[must_use]
pub fn read_six_digits(text: &str) -> Option<String> {
    let digits: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !is_dash(*c))
        .map(|c| match c {
            'O' | 'o' => '0',
            'I' | 'l' | '|' => '1',
            c => c,
        })
        .collect();
    (digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn digits_are_read_as_people_type_them() {
        for text in [
            "120456",
            " 120 456 ",
            "12-04-56",
            "12O456",
            "l2o456",
            "120\u{A0}456",
            "120.456\n",
        ] {
            assert_eq!(read_six_digits(text).as_deref(), Some("120456"), "{text:?}");
        }
        for text in [
            "",
            "12045",
            "1204567",
            "12a456",
            "le code est 120456",
            "١٢٠٤٥٦",
        ] {
            assert_eq!(read_six_digits(text), None, "{text:?}");
        }
        assert_eq!(six_digits([0; 16]), "000000");
    }

    proptest! {
        #[test]
        fn a_code_is_read_back_however_it_is_written(chance: [u8; 16]) {
            let code = LetterCode::from_chance(chance);
            prop_assert_eq!(code.as_str().len(), 11);
            for written in [code.shown(), code.shown().to_lowercase(), code.shown().replace('-', " ")] {
                prop_assert_eq!(LetterCode::read(&written), Some(code.clone()));
            }
        }

        #[test]
        fn one_slip_is_seen(chance: [u8; 16], at in 0_usize..11, other in 0_usize..31) {
            let code = LetterCode::from_chance(chance);
            let mut letters: Vec<char> = code.as_str().chars().collect();
            let wrong = char::from(LETTERS[other]);
            prop_assume!(letters[at] != wrong);
            letters[at] = wrong;
            prop_assert_eq!(LetterCode::read(&letters.iter().collect::<String>()), None);
        }

        #[test]
        fn two_swapped_letters_are_seen(chance: [u8; 16], at in 0_usize..9) {
            let code = LetterCode::from_chance(chance);
            let mut letters: Vec<char> = code.as_str().chars().collect();
            prop_assume!(letters[at] != letters[at + 1]);
            letters.swap(at, at + 1);
            prop_assert_eq!(LetterCode::read(&letters.iter().collect::<String>()), None);
        }

        #[test]
        fn anything_is_read_without_harm(text in "\\PC{0,40}") {
            let _ = (LetterCode::read(&text), read_six_digits(&text));
        }
    }
}
