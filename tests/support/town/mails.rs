//! Letters that people of the town receive by electronic mail.

use std::sync::Mutex;
use std::time::Instant;

use async_trait::async_trait;
use vigie::app::mail::Posted;
use vigie::mail::{Carrier, Written};

use super::{LOOK, PATIENCE, Town};

/// Keeps every letter; refuses what it is told to refuse.
#[derive(Default)]
pub struct Mailbox {
    letters: Mutex<Vec<Written>>,
    answers: Mutex<Vec<Posted>>,
}

#[async_trait]
impl Carrier for Mailbox {
    async fn carry(&self, letter: &Written) -> Posted {
        let answer = self.answers.lock().unwrap().pop();
        self.letters.lock().unwrap().push(letter.clone());
        answer.unwrap_or(Posted::Taken)
    }
}

impl Town {
    /// The letters to an address, oldest first.
    pub fn letters(&self, address: &str) -> Vec<Written> {
        let letters = self.mails.letters.lock().unwrap();
        letters
            .iter()
            .filter(|letter| letter.to == address)
            .cloned()
            .collect()
    }

    /// Every letter.
    pub fn all_letters(&self) -> Vec<Written> {
        self.mails.letters.lock().unwrap().clone()
    }

    /// The next sending of a letter ends so.
    pub fn next_letter_is(&self, posted: Posted) {
        self.mails.answers.lock().unwrap().push(posted);
    }

    /// Waits for so many letters to an address, and gives the newest.
    pub async fn letter(&self, address: &str, count: usize) -> Written {
        let begun = Instant::now();
        loop {
            let mut letters = self.letters(address);
            if letters.len() >= count {
                return letters.pop().unwrap();
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "no letter {count} to {address}: {letters:?}"
            );
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Waits for the letter, and reads its six digits.
    pub async fn code(&self, address: &str, count: usize) -> String {
        let letter = self.letter(address, count).await;
        let digits: String = letter
            .text
            .split_whitespace()
            .find(|word| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit()))
            .unwrap_or_else(|| panic!("no code in {letter:?}"))
            .to_owned();
        digits
    }
}
