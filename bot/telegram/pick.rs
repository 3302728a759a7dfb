//! Chooses what is sent next: pure, with time as a number of milliseconds.
//!
//! Every conversation is a lane with one sending in flight, so that its messages stay in order
//! and a slow one holds up nobody else. Of the lanes that may send, the one with the most urgent
//! row goes first; among equals the one that waited longest for its turn.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use vigie_domain::ChatId;
use vigie_store::Key;

use crate::app::outbox::Class;

/// Milliseconds since the worker began.
pub type Millis = u64;

/// How fast messages may go. Windows slide: in no span of that length more than so many.
#[derive(Clone, Debug)]
pub struct Pace {
    /// In one second over all conversations.
    pub overall: usize,
    /// In one second in one conversation.
    pub chat: usize,
    /// In three seconds in a private conversation, or as answers.
    pub burst: usize,
    /// In one minute in one group.
    pub group_minute: usize,
    /// Of these, kept for answers and for first messages about outages.
    pub group_reserve: usize,
    /// Sendings in flight.
    pub in_flight: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            overall: 25,
            chat: 1,
            burst: 3,
            group_minute: 18,
            group_reserve: 3,
            in_flight: 64,
        }
    }
}

const SECOND: Millis = 1_000;
const BURST_SPAN: Millis = 3 * SECOND;
const MINUTE: Millis = 60 * SECOND;

/// Place of a row in the order of its lane.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Turn {
    class: Class,
    asked: i64,
    key: Key,
}

/// A row, as far as choosing needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Where it is stored.
    pub key: Key,
    /// The conversation.
    pub chat: ChatId,
    /// Its class.
    pub class: Class,
    /// When it was asked for, in milliseconds of the calendar.
    pub asked: i64,
    /// Not before.
    pub not_before: Millis,
    /// Whether it is no message of the conversation (an answer to a press): it has no pace.
    pub free: bool,
}

/// What to do now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picked {
    /// Rows to send.
    pub send: Vec<Key>,
    /// When something more may be sent, unless something changes before.
    pub again_at: Option<Millis>,
}

#[derive(Debug, Default)]
struct Lane {
    turns: BTreeSet<Turn>,
    busy: bool,
    parked_until: Millis,
    served: u64,
    sent: VecDeque<Millis>,
}

/// Everything that waits, and what went out lately.
#[derive(Debug, Default)]
pub struct Picker {
    pace: Pace,
    lanes: HashMap<ChatId, Lane>,
    free: BTreeSet<Turn>,
    later: BTreeSet<(Millis, Key)>,
    rows: BTreeMap<Key, Waiting>,
    flying: HashMap<Key, ChatId>,
    /// Those in flight that take no place in a lane.
    flying_free: HashSet<Key>,
    sent: VecDeque<Millis>,
    parked_until: Millis,
    served: u64,
}

impl Picker {
    /// Nothing waits.
    #[must_use]
    pub fn new(pace: Pace) -> Self {
        Self {
            pace,
            ..Self::default()
        }
    }

    /// Rows that wait, those for later included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Sendings in flight.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.flying.len()
    }

    /// When the oldest row that could be sent was asked for.
    #[must_use]
    pub fn oldest(&self) -> Option<i64> {
        let firsts = self.lanes.values().filter_map(|lane| lane.turns.first());
        firsts.chain(self.free.first()).map(|turn| turn.asked).min()
    }

    /// A row waits, or waits differently.
    pub fn put(&mut self, row: Waiting) {
        self.remove(&row.key);
        self.later.insert((row.not_before, row.key.clone()));
        self.rows.insert(row.key.clone(), row);
    }

    /// A row does not wait any more.
    pub fn remove(&mut self, key: &Key) {
        let Some(row) = self.rows.remove(key) else {
            return;
        };
        self.later.remove(&(row.not_before, key.clone()));
        let turn = turn(&row);
        self.free.remove(&turn);
        if let Some(lane) = self.lanes.get_mut(&row.chat) {
            lane.turns.remove(&turn);
        }
    }

    /// Nothing may be sent to this conversation before.
    pub fn park(&mut self, chat: ChatId, until: Millis) {
        let lane = self.lanes.entry(chat).or_default();
        lane.parked_until = lane.parked_until.max(until);
    }

    /// Nothing may be sent at all before.
    pub fn park_all(&mut self, until: Millis) {
        self.parked_until = self.parked_until.max(until);
    }

    /// Conversations that are parked.
    #[must_use]
    pub fn parked(&self, now: Millis) -> usize {
        let parked = |lane: &&Lane| lane.parked_until > now;
        self.lanes.values().filter(parked).count()
    }

    /// Whether a row is in flight.
    #[must_use]
    pub fn flies(&self, key: &Key) -> bool {
        self.flying.contains_key(key) || self.flying_free.contains(key)
    }

    /// A sending is over, whatever came of it.
    pub fn landed(&mut self, key: &Key) {
        self.flying_free.remove(key);
        if let Some(chat) = self.flying.remove(key)
            && let Some(lane) = self.lanes.get_mut(&chat)
        {
            lane.busy = false;
        }
    }

    /// Chooses what goes now. What is chosen is in flight until [`Picker::landed`].
    pub fn pick(&mut self, now: Millis) -> Picked {
        self.wake(now);
        let mut picked = Picked::default();
        while let Some(turn) = self.free.pop_first() {
            self.rows.remove(&turn.key);
            self.flying_free.insert(turn.key.clone());
            picked.send.push(turn.key);
        }
        let mut again: Option<Millis> = self.later.first().map(|(at, _)| *at);
        let mut soon = |at: Millis| again = Some(again.map_or(at, |before| before.min(at)));
        let mut ready = Vec::new();
        for (chat, lane) in &self.lanes {
            let Some(first) = lane.turns.first().filter(|_| !lane.busy) else {
                continue;
            };
            let at = self.pace.free_at(*chat, lane, first.class);
            let at = at.max(lane.parked_until).max(self.parked_until);
            if at > now {
                soon(at);
            } else {
                ready.push((first.class, lane.served, first.asked, *chat));
            }
        }
        ready.sort_unstable();
        for (.., chat) in ready {
            if self.flying.len() >= self.pace.in_flight {
                break;
            }
            let at = nth_last(&self.sent, self.pace.overall).map_or(0, |at| at + SECOND);
            if at > now {
                soon(at);
                break;
            }
            picked.send.extend(self.take(chat, now));
        }
        picked.again_at = again;
        picked
    }

    fn take(&mut self, chat: ChatId, now: Millis) -> Option<Key> {
        let lane = self.lanes.get_mut(&chat)?;
        let turn = lane.turns.pop_first()?;
        self.served += 1;
        lane.served = self.served;
        lane.busy = true;
        remember(
            &mut lane.sent,
            now,
            self.pace.group_minute.max(self.pace.burst),
        );
        remember(&mut self.sent, now, self.pace.overall);
        self.rows.remove(&turn.key);
        self.flying.insert(turn.key.clone(), chat);
        Some(turn.key)
    }

    /// Lets rows whose time has come take their turn, and forgets lanes that are of no use.
    fn wake(&mut self, now: Millis) {
        while self.later.first().is_some_and(|(at, _)| *at <= now) {
            let Some((_, key)) = self.later.pop_first() else {
                break;
            };
            let Some(row) = self.rows.get(&key) else {
                continue;
            };
            if row.free {
                self.free.insert(turn(row));
            } else {
                let lane = self.lanes.entry(row.chat).or_default();
                lane.turns.insert(turn(row));
            }
        }
        if self.lanes.len() > 4 * (self.rows.len() + 256) {
            self.lanes.retain(|_, lane| {
                let quiet = lane.sent.back().is_none_or(|at| at + MINUTE < now);
                lane.busy || !lane.turns.is_empty() || lane.parked_until > now || !quiet
            });
        }
    }
}

impl Pace {
    /// When a row of this class may go in this lane.
    fn free_at(&self, chat: ChatId, lane: &Lane, class: Class) -> Millis {
        let after =
            |most: usize, span: Millis| nth_last(&lane.sent, most).map_or(0, |at| at + span);
        let group = chat.0 < 0;
        let at = if !group || class == Class::Answer {
            after(self.burst, BURST_SPAN)
        } else {
            after(self.chat, SECOND)
        };
        if !group {
            return at;
        }
        let most = match class {
            Class::Answer | Class::First => self.group_minute,
            _ => self.group_minute.saturating_sub(self.group_reserve).max(1),
        };
        at.max(after(most, MINUTE))
    }
}

fn turn(row: &Waiting) -> Turn {
    Turn {
        class: row.class,
        asked: row.asked,
        key: row.key.clone(),
    }
}

/// The time of the n-th last sending.
fn nth_last(sent: &VecDeque<Millis>, n: usize) -> Option<Millis> {
    sent.len()
        .checked_sub(n.max(1))
        .and_then(|at| sent.get(at))
        .copied()
}

fn remember(sent: &mut VecDeque<Millis>, now: Millis, most: usize) {
    sent.push_back(now);
    while sent.len() > most.max(1) {
        sent.pop_front();
    }
}

#[cfg(test)]
#[path = "tests/pick.rs"]
mod tests;
