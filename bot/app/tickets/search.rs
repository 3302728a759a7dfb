//! Tickets by the words that were written in them.
//!
//! Each stem has a list of tickets, the newest first: keys without a value, in our own store, in the
//! commit of what was written. A question of several words goes through the lists together and
//! leaps over what one of them does not have, so it costs what its rarest word has.

use std::collections::VecDeque;

use vigie_domain::TicketId;
use vigie_domain::tickets::words::{stems, stems_of, words};
use vigie_store::{Key, Range};

use super::records::{self, Listed};
use crate::app::error::AppError;
use crate::app::tx::Tx;

/// Words of a question that are looked at.
const MOST_WORDS: usize = 8;
/// Entries of a list that are read at once.
const READ: u32 = 64;
/// Reads after which a question is given up: its words are everywhere, and never together.
const MOST_READS: u32 = 400;

/// Goes through the list of a stem.
struct Cursor {
    prefix: Key,
    stem: String,
    read: VecDeque<i64>,
    over: bool,
}

impl Cursor {
    fn new(stem: String) -> Self {
        Self {
            prefix: records::all_of_word(&stem),
            stem,
            read: VecDeque::new(),
            over: false,
        }
    }
}

impl Tx<'_> {
    /// From now on a ticket is found by the words of this text, too.
    pub(super) fn index_words(&mut self, number: TicketId, text: &str) -> Result<(), AppError> {
        for stem in stems(text) {
            self.put(records::of_word(&stem, number), &Listed)?;
        }
        Ok(())
    }

    /// Tickets that hold every one of these words, the newest first.
    pub(super) async fn tickets_with(
        &mut self,
        text: &str,
        most: usize,
    ) -> Result<Vec<TicketId>, AppError> {
        let mut lists: Vec<Vec<Cursor>> = Vec::new();
        for word in words(text).take(MOST_WORDS) {
            let stems = stems_of(word);
            if !stems.is_empty() {
                lists.push(stems.into_iter().map(Cursor::new).collect());
            }
        }
        let (mut found, mut reads) = (Vec::new(), 0);
        if lists.is_empty() {
            return Ok(found);
        }
        let mut at = i64::MIN;
        while found.len() < most && reads < MOST_READS {
            let mut furthest = at;
            for list in &mut lists {
                let Some(next) = self.next_in(list, furthest, &mut reads).await? else {
                    return Ok(found);
                };
                furthest = next;
            }
            if furthest == at {
                found.push(records::number_of_newest(at));
                at += 1;
            } else {
                at = furthest;
            }
        }
        Ok(found)
    }

    /// The first entry from a place on that one of the stems of a word has.
    async fn next_in(
        &self,
        list: &mut [Cursor],
        from: i64,
        reads: &mut u32,
    ) -> Result<Option<i64>, AppError> {
        let mut first: Option<i64> = None;
        for cursor in list {
            while cursor.read.front().is_some_and(|entry| *entry < from) {
                cursor.read.pop_front();
            }
            if cursor.read.is_empty() && !cursor.over {
                *reads += 1;
                let range = Range {
                    start: records::of_word_from(&cursor.stem, from),
                    ..Range::prefix(&cursor.prefix)
                };
                let (page, next) = self.page(&range, None, READ).await?;
                let entries = page
                    .iter()
                    .filter_map(|(key, _)| crate::app::keys::last_i64(key));
                cursor.read.extend(entries);
                cursor.over = next.is_none();
            }
            let entry = cursor.read.front().copied();
            first = match (first, entry) {
                (Some(first), Some(entry)) => Some(first.min(entry)),
                (first, entry) => first.or(entry),
            };
        }
        Ok(first)
    }
}
