//! Names as people may read them, and as they are searched.

use unicode_normalization::char::is_combining_mark;

use super::Member;
use crate::names::fold;
use crate::text::clean;

/// Longest name that is shown.
const SHOWN: usize = 64;
/// Marks above and below one letter; more are a trick.
const MARKS: usize = 2;
/// Letters of a name that are searched.
const SEARCHED: usize = 60;
/// Words of a name by which it is found.
const WORDS: usize = 6;

/// A name in one line, without what hides or fakes it. Empty where nothing is to be seen.
#[must_use]
pub fn readable(name: &str) -> String {
    let mut kept = String::new();
    let (mut marks, mut letters) = (0, 0);
    let one_line = name.split_whitespace().collect::<Vec<_>>().join(" ");
    for letter in clean(&one_line).chars() {
        if is_invisible(letter) {
            continue;
        }
        marks = if is_combining_mark(letter) {
            marks + 1
        } else {
            0
        };
        if marks > MARKS {
            continue;
        }
        if letters == SHOWN {
            kept.push('…');
            break;
        }
        letters += 1;
        kept.push(letter);
    }
    let visible = kept
        .chars()
        .any(|letter| !letter.is_whitespace() && !is_combining_mark(letter));
    match visible {
        true => kept.trim().to_owned(),
        false => String::new(),
    }
}

/// Characters without width, and fillers that look like nothing.
fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}' | '\u{FFA0}' | '\u{E0000}'..='\u{E0FFF}'
    )
}

impl Member {
    /// The whole name for those who may read it; empty where nothing of it is to be seen.
    #[must_use]
    pub fn full_name(&self) -> String {
        let organisation = readable(&self.organisation);
        let person = [&self.first_name, &self.last_name].map(|part| readable(part));
        let person = person.join(" ").trim().to_owned();
        match (organisation.is_empty(), person.is_empty()) {
            (false, false) => format!("{organisation} ({person})"),
            (false, true) => organisation,
            (true, _) => person,
        }
    }

    /// What this member is found by: every turn of the words of their names, folded.
    #[must_use]
    pub fn search_names(&self) -> Vec<String> {
        let person = format!(
            "{} {}",
            readable(&self.first_name),
            readable(&self.last_name)
        );
        let mut found = Vec::new();
        for name in [person, readable(&self.organisation)] {
            let folded = fold(&name);
            let words: Vec<&str> = folded.split('-').filter(|word| !word.is_empty()).collect();
            for at in 0..words.len().min(WORDS) {
                let (before, after) = words.split_at(at);
                let turned: String = [after, before].concat().join("-");
                let turned: String = turned.chars().take(SEARCHED).collect();
                if !found.contains(&turned) {
                    found.push(turned);
                }
            }
        }
        found
    }
}

/// An e-mail address as it is compared.
#[must_use]
pub fn fold_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// A telephone number as it is compared: its digits, with the country where it has none.
#[must_use]
pub fn fold_phone(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    if phone.trim_start().starts_with('+') {
        return digits;
    }
    if let Some(abroad) = digits.strip_prefix("00") {
        return abroad.to_owned();
    }
    match digits.strip_prefix('0') {
        Some(national) => format!("33{national}"),
        None => digits,
    }
}
