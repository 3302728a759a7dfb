//! A link asked for on the signed-in page of the information system. The page knows the member, the
//! messenger knows the account; two digits said by one and typed into the other tie them together.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{AccountId, Lang, MemberId};

use super::code::digest;

/// What separates a digest of these codes from any other.
const TAG: &[u8] = b"vigie site 1\0";
/// Letters of a code: 128 bits of chance.
pub const LENGTH: usize = 22;

/// What is kept of a code of a page.
#[must_use]
pub fn code_digest(code: &str) -> [u8; 32] {
    digest(TAG, code.as_bytes())
}

/// Whether a text has the shape of a code, with or without what a link to us carries before it.
#[must_use]
pub fn read_code<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    let text = text.trim();
    let code = text.strip_prefix(start).unwrap_or(text);
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (code.len() == LENGTH && code.bytes().all(fits)).then_some(code)
}

/// The two digits that the chat says and the page asks for.
#[must_use]
pub fn number(chance: [u8; 16]) -> String {
    format!("{:02}", u128::from_be_bytes(chance) % 100)
}

/// Who opened the link, as the page shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opener {
    /// Their account.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// Their language.
    pub lang: Lang,
}

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Nobody has opened the link.
    Waiting,
    /// Somebody opened it, was told the number, and the page is to be told it.
    Opened {
        /// Who.
        by: Opener,
        /// The number.
        number: String,
        /// Wrong numbers that may still be typed.
        left: u32,
    },
    /// The page told the number: the person is asked in the chat.
    Asked(Opener),
    /// The account is linked.
    Linked(Opener),
    /// One of the two sides said no, or the number was wrong too often.
    Refused,
}

/// A link that a page asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteLink {
    /// Who is signed in there.
    pub member: MemberId,
    /// Until when it can be opened and its number typed.
    pub until: DateTime<Utc>,
    /// How far it is.
    pub stage: Stage,
}

/// What an opening of the link comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opening {
    /// Tell them this number.
    Number(String),
    /// It belongs to somebody else, is used up, or too old.
    Over,
}

/// What a number typed on the page comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// It is right: ask the person.
    Right(Opener),
    /// It is wrong; so many may still be typed.
    Wrong(u32),
    /// It was wrong too often: this person is to be told.
    TooOften(AccountId),
    /// There is nothing to type it for.
    Over,
}

impl SiteLink {
    /// One that waits to be opened.
    #[must_use]
    pub const fn new(member: MemberId, until: DateTime<Utc>) -> Self {
        Self {
            member,
            until,
            stage: Stage::Waiting,
        }
    }

    /// Somebody opens the link. The first account has it; it is told the same number again, and
    /// nobody else is.
    pub fn open(&mut self, by: Opener, number: String, tries: u32, now: DateTime<Utc>) -> Opening {
        if self.until <= now {
            return Opening::Over;
        }
        match &self.stage {
            Stage::Waiting => {
                self.stage = Stage::Opened {
                    by,
                    number: number.clone(),
                    left: tries,
                };
                Opening::Number(number)
            }
            Stage::Opened {
                by: first, number, ..
            } if first.account == by.account => Opening::Number(number.clone()),
            _ => Opening::Over,
        }
    }

    /// The page is told a number.
    pub fn typed(&mut self, said: &str, now: DateTime<Utc>) -> Typed {
        if self.until <= now {
            return Typed::Over;
        }
        let Stage::Opened { by, number, left } = &mut self.stage else {
            return Typed::Over;
        };
        if said.trim() == number {
            let by = by.clone();
            self.stage = Stage::Asked(by.clone());
            return Typed::Right(by);
        }
        *left = left.saturating_sub(1);
        if *left > 0 {
            return Typed::Wrong(*left);
        }
        let account = by.account;
        self.stage = Stage::Refused;
        Typed::TooOften(account)
    }

    /// One side says no. Returned is who had opened it, unless it is decided already.
    pub fn refuse(&mut self) -> Option<Option<AccountId>> {
        let opener = match &self.stage {
            Stage::Waiting => None,
            Stage::Opened { by, .. } | Stage::Asked(by) => Some(by.account),
            Stage::Linked(_) | Stage::Refused => return None,
        };
        self.stage = Stage::Refused;
        Some(opener)
    }

    /// The person said yes in the chat. `false`: it is not theirs to say, or not any more.
    pub fn link(&mut self, account: AccountId) -> bool {
        match &self.stage {
            Stage::Asked(by) if by.account == account => {
                self.stage = Stage::Linked(by.clone());
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn opener(account: i64) -> Opener {
        Opener {
            account: AccountId(account),
            name: "Denis".to_owned(),
            lang: Lang::Fr,
        }
    }

    fn link() -> (SiteLink, DateTime<Utc>) {
        let now = DateTime::UNIX_EPOCH;
        (
            SiteLink::new("104".into(), now + TimeDelta::minutes(15)),
            now,
        )
    }

    #[test]
    fn the_first_account_has_it_and_hears_one_number() {
        let (mut link, now) = link();
        let told = |number: &str| Opening::Number(number.to_owned());
        assert_eq!(link.open(opener(1), "42".into(), 3, now), told("42"));
        assert_eq!(link.open(opener(1), "43".into(), 3, now), told("42"));
        assert_eq!(link.open(opener(2), "44".into(), 3, now), Opening::Over);
        assert!(!link.link(AccountId(1)), "the page has not said the number");
        assert_eq!(link.typed(" 42 ", now), Typed::Right(opener(1)));
        assert_eq!(link.typed("42", now), Typed::Over, "once");
        assert!(!link.link(AccountId(2)));
        assert!(link.link(AccountId(1)) && !link.link(AccountId(1)));
        assert_eq!(link.refuse(), None);
    }

    #[test]
    fn wrong_numbers_time_and_either_side_end_it() {
        let (mut guessed, now) = link();
        assert_eq!(guessed.typed("42", now), Typed::Over, "nobody opened it");
        guessed.open(opener(1), "42".into(), 2, now);
        assert_eq!(guessed.typed("24", now), Typed::Wrong(1));
        assert_eq!(guessed.typed("", now), Typed::TooOften(AccountId(1)));
        assert_eq!(guessed.typed("42", now), Typed::Over);
        let (mut late, now) = link();
        let later = now + TimeDelta::minutes(15);
        assert_eq!(late.open(opener(1), "42".into(), 2, later), Opening::Over);
        late.open(opener(1), "42".into(), 2, now);
        assert_eq!(late.typed("42", later), Typed::Over);
        assert_eq!(late.refuse(), Some(Some(AccountId(1))));
        assert_eq!(late.typed("42", now), Typed::Over);
    }

    #[test]
    fn a_code_has_a_shape() {
        let code = "abcdefghijklmnopqrst-_";
        assert_eq!(read_code(&format!(" L_{code}\n"), "L_"), Some(code));
        assert_eq!(read_code(code, "L_"), Some(code));
        for other in [
            "",
            "L_",
            "abcdefghijklmnopqrst-é",
            "123456",
            &code.repeat(2),
        ] {
            assert_eq!(read_code(other, "L_"), None, "{other}");
        }
    }
}
