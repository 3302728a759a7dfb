//! The questions of a declaration: at most four, each of which can be left out.

use serde::{Deserialize, Serialize};
use vigie_domain::declaring::{Since, Trouble};
use vigie_domain::{ChatId, EquipmentId, MessageId};

use super::records::MyLink;
use crate::app::event::Attachment;

/// Files of one declaration; what comes then belongs to the ticket.
pub(super) const MOST_FILES: usize = 10;

/// A question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Question {
    /// Which of one's links; or where, for those whom the record does not know.
    Where,
    /// What is wrong.
    What,
    /// Since when.
    Since,
    /// A picture, a voice message, or a few words.
    More,
}

/// A dialogue about a connection that does not work: what was answered so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// Answers.
    pub draft: Draft,
    /// Questions that are answered or were left out.
    pub done: Vec<Question>,
}

/// What somebody said of a connection that does not work.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// Which link, where the record knows it.
    pub link: Option<MyLink>,
    /// The equipment that carries it.
    pub base: Option<EquipmentId>,
    /// Where, in their words.
    pub place: Option<String>,
    /// What is wrong.
    pub trouble: Option<Trouble>,
    /// Since when.
    pub since: Option<Since>,
    /// What they wrote, a line for each message.
    pub words: Vec<String>,
    /// Files that they sent.
    pub files: Vec<Attachment>,
    /// Their first message.
    pub message: Option<(ChatId, MessageId)>,
    /// Whether a declaration was noted with this dialogue, so that it goes where that is dropped.
    pub noted: bool,
}

impl Asked {
    /// The question to be asked now; `None`: nothing is left to ask.
    #[must_use]
    pub fn next(&self) -> Option<Question> {
        [
            Question::Where,
            Question::What,
            Question::Since,
            Question::More,
        ]
        .into_iter()
        .find(|question| !self.done.contains(question))
    }

    /// A question is answered, or left out.
    pub fn is_done(&mut self, question: Question) {
        if !self.done.contains(&question) {
            self.done.push(question);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_questions_in_order_and_none_twice() {
        let mut asked = Asked::default();
        let mut put = Vec::new();
        while let Some(question) = asked.next() {
            put.push(question);
            asked.is_done(question);
            asked.is_done(question);
        }
        assert_eq!(put.len(), 4);
        assert_eq!(asked.done, put);
        assert_eq!(put.first(), Some(&Question::Where));
    }
}
