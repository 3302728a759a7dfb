//! Who is on call: people take turns by the week, in a fixed order, and may take a week from
//! one another.
//!
//! A week is named by the day on which it begins. The order stands from an anchor on: when
//! somebody joins or leaves, the person on call stays on call.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::AccountId;
use crate::calendar::placed;

/// When one person hands over to the next, on the wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Handover {
    /// The day of the week.
    pub day: Weekday,
    /// The time of that day.
    pub time: NaiveTime,
}

impl Default for Handover {
    /// Monday at nine.
    fn default() -> Self {
        Self {
            day: Weekday::Mon,
            time: NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default(),
        }
    }
}

impl Handover {
    /// The week to which a moment belongs.
    #[must_use]
    pub fn week_of(self, zone: Tz, at: DateTime<Utc>) -> NaiveDate {
        let today = at.with_timezone(&zone).date_naive();
        let since = today.weekday().days_since(self.day);
        let begins = today - Days::new(since.into());
        if self.begins(zone, begins) > at {
            begins - Days::new(7)
        } else {
            begins
        }
    }

    /// The moment at which a week begins.
    #[must_use]
    pub fn begins(self, zone: Tz, week: NaiveDate) -> DateTime<Utc> {
        placed(zone, week.and_time(self.time), false)
    }
}

/// The week that follows another by so many.
#[must_use]
pub fn week_after(week: NaiveDate, count: u64) -> NaiveDate {
    week.checked_add_days(Days::new(7 * count)).unwrap_or(week)
}

/// A rota.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rota {
    /// The week from which the order counts.
    anchor: NaiveDate,
    /// In order; the first one is on call in the week of the anchor.
    people: Vec<AccountId>,
    /// Weeks that somebody else took.
    swaps: BTreeMap<NaiveDate, AccountId>,
}

impl Rota {
    /// A rota of nobody.
    #[must_use]
    pub const fn new(week: NaiveDate) -> Self {
        Self {
            anchor: week,
            people: Vec::new(),
            swaps: BTreeMap::new(),
        }
    }

    /// Who takes turns, in order.
    #[must_use]
    pub fn people(&self) -> &[AccountId] {
        &self.people
    }

    /// Who is on call in a week; `None`: nobody takes turns.
    #[must_use]
    pub fn on_call(&self, week: NaiveDate) -> Option<AccountId> {
        let swapped = self.swaps.get(&week).copied();
        swapped.or_else(|| self.in_turn(week))
    }

    fn in_turn(&self, week: NaiveDate) -> Option<AccountId> {
        let count = i64::try_from(self.people.len()).ok().filter(|n| *n > 0)?;
        let turn = (week - self.anchor)
            .num_days()
            .div_euclid(7)
            .rem_euclid(count);
        self.people.get(usize::try_from(turn).ok()?).copied()
    }

    /// Somebody joins, after everybody else; `false`: they take turns already.
    pub fn join(&mut self, who: AccountId, now: NaiveDate) -> bool {
        self.settle(now);
        let joins = !self.people.contains(&who);
        if joins {
            self.people.push(who);
        }
        joins
    }

    /// Somebody leaves, with the weeks that they took; `false`: they did not take turns.
    pub fn leave(&mut self, who: AccountId, now: NaiveDate) -> bool {
        self.settle(now);
        let before = self.people.len() + self.swaps.len();
        self.people.retain(|one| *one != who);
        self.swaps.retain(|_, taker| *taker != who);
        before > self.people.len() + self.swaps.len()
    }

    /// Somebody takes a week, also one who does not take turns. Returned is whose it was; `None`:
    /// it was theirs already.
    pub fn take(
        &mut self,
        week: NaiveDate,
        who: AccountId,
        now: NaiveDate,
    ) -> Option<Option<AccountId>> {
        self.settle(now);
        let before = self.on_call(week);
        if before == Some(who) {
            return None;
        }
        if self.in_turn(week) == Some(who) {
            self.swaps.remove(&week);
        } else {
            self.swaps.insert(week, who);
        }
        Some(before)
    }

    /// Counts the order from this week on, and forgets what is past.
    fn settle(&mut self, now: NaiveDate) {
        if now <= self.anchor {
            return;
        }
        if let Some(first) = self.in_turn(now) {
            let at = self.people.iter().position(|one| *one == first);
            self.people.rotate_left(at.unwrap_or_default());
        }
        self.anchor = now;
        self.swaps.retain(|week, _| *week >= now);
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Paris;
    use proptest::prelude::*;

    use super::*;

    const A: AccountId = AccountId(1);
    const B: AccountId = AccountId(2);
    const C: AccountId = AccountId(3);

    fn week(number: u64) -> NaiveDate {
        week_after(NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(), number)
    }

    fn plan(rota: &Rota, weeks: std::ops::Range<u64>) -> Vec<i64> {
        weeks
            .map(|number| rota.on_call(week(number)).map_or(0, |who| who.0))
            .collect()
    }

    #[test]
    fn turns_follow_one_another_and_who_is_on_call_stays_so() {
        let mut rota = Rota::new(week(0));
        assert_eq!(plan(&rota, 0..2), [0, 0]);
        assert!(rota.join(A, week(0)) && rota.join(B, week(0)));
        assert!(!rota.join(A, week(0)));
        assert_eq!(plan(&rota, 0..4), [1, 2, 1, 2]);
        assert!(rota.join(C, week(1)));
        assert_eq!(plan(&rota, 1..6), [2, 1, 3, 2, 1]);
        assert!(rota.leave(B, week(1)));
        assert_eq!(plan(&rota, 1..4), [1, 3, 1]);
        assert!(!rota.leave(B, week(1)));
    }

    #[test]
    fn a_week_can_be_taken_and_taken_back() {
        let mut rota = Rota::new(week(0));
        rota.join(A, week(0));
        rota.join(B, week(0));
        assert_eq!(rota.take(week(1), C, week(0)), Some(Some(B)));
        assert_eq!(plan(&rota, 0..4), [1, 3, 1, 2]);
        assert_eq!(rota.take(week(1), C, week(0)), None);
        assert_eq!(rota.take(week(1), B, week(0)), Some(Some(C)));
        assert_eq!(rota, {
            let mut plain = Rota::new(week(0));
            plain.join(A, week(0));
            plain.join(B, week(0));
            plain
        });
        rota.take(week(2), C, week(0));
        rota.leave(C, week(0));
        assert_eq!(plan(&rota, 0..3), [1, 2, 1]);
    }

    #[test]
    fn weeks_begin_at_their_hour_in_summer_and_winter() {
        let handover = Handover::default();
        for (at, monday) in [
            ("2026-11-30T07:59:59Z", (2026, 11, 23)),
            ("2026-11-30T08:00:00Z", (2026, 11, 30)),
            ("2026-11-29T23:30:00Z", (2026, 11, 23)),
            ("2026-07-06T06:59:59Z", (2026, 6, 29)),
            ("2026-07-06T07:00:00Z", (2026, 7, 6)),
        ] {
            let (year, month, day) = monday;
            assert_eq!(
                Some(handover.week_of(Paris, at.parse().unwrap())),
                NaiveDate::from_ymd_opt(year, month, day),
                "{at}"
            );
        }
    }

    proptest! {
        /// Whatever happened, each of the others is on call as often as anybody else.
        #[test]
        fn turns_are_even(people in 1_usize..7, later in 0_u64..40) {
            let mut rota = Rota::new(week(0));
            for who in 0..people {
                rota.join(AccountId(who as i64), week(who as u64));
            }
            let start = later + people as u64;
            let mut turns = plan(&rota, start..start + people as u64);
            turns.sort_unstable();
            turns.dedup();
            prop_assert_eq!(turns.len(), people);
        }

        /// A week has one beginning, and every moment lies in its week.
        #[test]
        fn a_moment_lies_in_its_week(seconds in 1_600_000_000_i64..2_000_000_000) {
            let at = DateTime::from_timestamp(seconds, 0).unwrap();
            let handover = Handover::default();
            let this = handover.week_of(Paris, at);
            prop_assert!(handover.begins(Paris, this) <= at);
            prop_assert!(at < handover.begins(Paris, week_after(this, 1)));
        }
    }
}
