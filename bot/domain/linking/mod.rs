//! How an account of the messenger comes to speak for a member: codes, limits and delays.

pub mod code;
pub mod site;
mod standing;

pub use standing::{Standing, Use};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// Limits and delays; all are settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LinkRules {
    /// Minutes that a code of a mail holds.
    pub code_min: u32,
    /// Wrong codes after which it holds no more.
    pub code_tries: u32,
    /// Codes that go to one address in an hour.
    pub codes_per_address_hour: usize,
    /// Codes that one account may ask for in a day.
    pub codes_per_account_day: usize,
    /// Codes that are sent in a day in all.
    pub codes_per_day: usize,
    /// Days that a code on paper holds.
    pub letter_days: u32,
    /// Wrong codes of letters that one account may type in a day.
    pub letter_tries_per_account_day: usize,
    /// Wrong codes of letters in a day in all, after which none is taken for a day.
    pub letter_tries_per_day: usize,
    /// Minutes that a signed-in page of the information system has to be finished.
    pub site_min: u32,
    /// Wrong numbers after which a link of that page holds no more.
    pub site_tries: u32,
    /// Links that the page may ask for in an hour for one member.
    pub site_per_member_hour: usize,
    /// Minutes between a proof and the press that confirms it.
    pub confirm_min: u32,
    /// Hours before one may vote from a second account linked to the same record.
    pub relink_h: u32,
    /// Days without new links after one was disputed.
    pub freeze_days: u32,
    /// Months after which a proof is asked again; 0: never.
    pub proof_months: u32,
    /// Days before that at which it is said.
    pub remind_days: u32,
    /// Months without use after which a proof is asked again before anything that weighs; 0: never.
    pub unused_months: u32,
    /// Days after the end of a record at which its links are closed for good.
    pub close_days: u32,
}

impl Default for LinkRules {
    fn default() -> Self {
        Self {
            code_min: 15,
            code_tries: 3,
            codes_per_address_hour: 3,
            codes_per_account_day: 6,
            codes_per_day: 500,
            letter_days: 45,
            letter_tries_per_account_day: 5,
            letter_tries_per_day: 50,
            site_min: 15,
            site_tries: 3,
            site_per_member_hour: 10,
            confirm_min: 30,
            relink_h: 48,
            freeze_days: 7,
            proof_months: 12,
            remind_days: 30,
            unused_months: 6,
            close_days: 30,
        }
    }
}

impl LinkRules {
    /// From when a new link may vote. `earlier`: the record was linked to another account before;
    /// `strong`: the proof is one that an old telephone and a known number do not give.
    #[must_use]
    pub fn votes_from(&self, now: DateTime<Utc>, earlier: bool, strong: bool) -> DateTime<Utc> {
        match earlier && !strong {
            true => now + TimeDelta::hours(i64::from(self.relink_h)),
            false => now,
        }
    }
}

/// When something happened, as far back as a limit looks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally(Vec<DateTime<Utc>>);

impl Tally {
    /// Counts one more at this moment, unless so many happened within this time. Returned is
    /// whether it was counted.
    pub fn count(&mut self, now: DateTime<Utc>, within: TimeDelta, most: usize) -> bool {
        self.0.retain(|at| *at > now - within);
        if self.0.len() >= most {
            return false;
        }
        self.0.push(now);
        true
    }

    /// Whether so many happened within this time.
    #[must_use]
    pub fn is_full(&self, now: DateTime<Utc>, within: TimeDelta, most: usize) -> bool {
        self.0.iter().filter(|at| **at > now - within).count() >= most
    }

    /// When it happened last.
    #[must_use]
    pub fn last(&self) -> Option<DateTime<Utc>> {
        self.0.last().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_counts_and_forgets() {
        let hour = TimeDelta::hours(1);
        let at = |minutes| DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes);
        let mut tally = Tally::default();
        assert!(tally.count(at(0), hour, 2) && tally.count(at(1), hour, 2));
        assert!(!tally.count(at(59), hour, 2) && tally.is_full(at(59), hour, 2));
        assert!(tally.count(at(60), hour, 2), "the first is an hour old");
        assert!(!tally.count(at(60), hour, 2));
    }

    #[test]
    fn only_a_second_link_with_a_weak_proof_waits_to_vote() {
        let (rules, now) = (LinkRules::default(), DateTime::UNIX_EPOCH);
        for (earlier, strong, hours) in [
            (false, false, 0),
            (false, true, 0),
            (true, true, 0),
            (true, false, 48),
        ] {
            let expected = now + TimeDelta::hours(hours);
            assert_eq!(rules.votes_from(now, earlier, strong), expected);
        }
    }
}
