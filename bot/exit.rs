//! How the program ends: one code for each cause, so that the unit knows when to try again.

use vigie_domain::text::Say;

/// Exit codes, after `sysexits.h` where one fits. deploy/README.md tells them to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// The configuration has problems.
    Config = 64,
    /// A data file has problems: the network, an export.
    Data = 65,
    /// A probe that was tried is not answered well.
    Unanswered = 68,
    /// The address to listen on is taken or not ours.
    Port = 69,
    /// A fault of the program itself.
    Internal = 70,
    /// A folder cannot be written to.
    Folder = 73,
    /// The store is damaged, or a newer program wrote it.
    StoreUnusable = 74,
    /// Another instance has the store open.
    StoreInUse = 75,
    /// Storage failed, or is full: opening it again may help.
    StorageFailed = 76,
    /// There is no token, or Telegram refuses it.
    Token = 77,
}

/// Why the program ends, for people.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// The code.
    pub exit: Exit,
    /// What is wrong, each with its place if it has one.
    pub lines: Vec<(Option<String>, Vec<Say>)>,
}

impl Failure {
    /// An end for one reason.
    #[must_use]
    pub fn new(exit: Exit, say: Say) -> Self {
        Self {
            exit,
            lines: vec![(None, vec![say])],
        }
    }
}
