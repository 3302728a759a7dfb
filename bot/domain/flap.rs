//! Equipment that keeps going down and up: told once as unstable, and quiet until it is calm.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// Most changes that a rule may ask for: the memory of a piece of equipment holds no more.
const MOST: u32 = 32;

/// What counts as unstable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FlapRule {
    /// Changes between down and up that make it unstable, at most 32; 0 is never.
    pub changes: u32,
    /// Minutes within which they happen.
    pub within_min: u32,
    /// Minutes without a change after which it is stable again.
    pub calm_min: u32,
}

impl Default for FlapRule {
    fn default() -> Self {
        Self {
            changes: 4,
            within_min: 30,
            calm_min: 15,
        }
    }
}

impl FlapRule {
    fn changes(self) -> usize {
        usize::try_from(self.changes.min(MOST)).unwrap_or(0)
    }
}

/// The last changes of a piece of equipment, as many as the rule asks for and no more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flap {
    /// When it changed, oldest first.
    pub recent: Vec<DateTime<Utc>>,
    /// Since when it is unstable, if it is.
    pub since: Option<DateTime<Utc>>,
    /// Changes since then.
    pub changes: u32,
}

impl Flap {
    /// It changed. Returned is whether it has just become unstable.
    pub fn change(&mut self, at: DateTime<Utc>, rule: FlapRule) -> bool {
        let most = rule.changes();
        if most == 0 {
            *self = Self::default();
            return false;
        }
        self.recent.push(at);
        let surplus = self.recent.len().saturating_sub(most);
        self.recent.drain(..surplus);
        if self.since.is_some() {
            self.changes = self.changes.saturating_add(1);
            return false;
        }
        let within = TimeDelta::minutes(i64::from(rule.within_min));
        match self.recent.first() {
            Some(first) if self.recent.len() == most && at - *first <= within => {
                self.since = Some(*first);
                self.changes = rule.changes.min(MOST);
                true
            }
            _ => false,
        }
    }

    /// When it is stable again if nothing changes until then.
    #[must_use]
    pub fn calm_at(&self, rule: FlapRule) -> Option<DateTime<Utc>> {
        self.since?;
        let calm = TimeDelta::minutes(i64::from(rule.calm_min));
        self.recent.last().map(|last| *last + calm)
    }

    /// The last change.
    #[must_use]
    pub fn last(&self) -> Option<DateTime<Utc>> {
        self.recent.last().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    fn told(minutes: &[i64], rule: FlapRule) -> Vec<bool> {
        let mut flap = Flap::default();
        minutes
            .iter()
            .map(|minute| flap.change(at(*minute), rule))
            .collect()
    }

    #[test]
    fn four_changes_within_half_an_hour_are_unstable_and_that_is_told_once() {
        let rule = FlapRule::default();
        assert_eq!(
            told(&[0, 1, 2, 3, 4, 5], rule),
            [false, false, false, true, false, false]
        );
        assert_eq!(told(&[0, 10, 20, 30], rule), [false, false, false, true]);
        assert_eq!(told(&[0, 10, 20, 31], rule), [false; 4]);
        // Two ordinary outages on one day are no instability.
        assert_eq!(told(&[0, 40, 300, 320, 600, 640], rule), [false; 6]);
        let never = FlapRule { changes: 0, ..rule };
        assert_eq!(told(&[0, 0, 0, 0, 0, 0], never), [false; 6]);
    }

    #[test]
    fn it_is_calm_a_while_after_the_last_change_and_its_memory_does_not_grow() {
        let rule = FlapRule::default();
        let mut flap = Flap::default();
        assert_eq!(flap.calm_at(rule), None);
        for minute in 0..10_000 {
            flap.change(at(minute), rule);
            assert!(flap.recent.len() <= 4);
        }
        assert_eq!((flap.since, flap.changes), (Some(at(0)), 10_000));
        assert_eq!(flap.calm_at(rule), Some(at(9_999 + 15)));
        let huge = FlapRule {
            changes: u32::MAX,
            ..rule
        };
        for minute in 0..100 {
            flap.change(at(minute), huge);
        }
        assert_eq!(flap.recent.len(), 32);
    }
}
