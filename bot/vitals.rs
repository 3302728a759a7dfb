//! Signs of life of the parts, for the health pages: each part tells, nobody is asked.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// What the parts told last.
#[derive(Debug, Default)]
pub struct Vitals {
    parts: Mutex<BTreeMap<&'static str, Sign>>,
    outbox: Mutex<Outbox>,
}

#[derive(Clone, Debug)]
struct Sign {
    until: DateTime<Utc>,
    trouble: Option<String>,
}

/// How much waits to be sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outbox {
    /// Rows that wait.
    pub rows: u64,
    /// Since when the oldest of them could have been sent.
    pub due_since: Option<DateTime<Utc>>,
    /// When the last one was settled.
    pub settled_at: Option<DateTime<Utc>>,
}

impl Outbox {
    /// Seconds that the oldest row waits.
    #[must_use]
    pub fn oldest_s(&self, now: DateTime<Utc>) -> i64 {
        self.due_since
            .map_or(0, |since| (now - since).num_seconds().max(0))
    }

    /// Whether something could have been sent for this long while nothing was settled.
    #[must_use]
    pub fn is_stuck(&self, now: DateTime<Utc>, limit: TimeDelta) -> bool {
        let Some(due) = self.due_since else {
            return false;
        };
        let since = self.settled_at.map_or(due, |settled| settled.max(due));
        now - since > limit
    }
}

impl Vitals {
    /// A part works, and will say so again before `next` has passed.
    pub fn alive(&self, part: &'static str, now: DateTime<Utc>, next: TimeDelta) {
        self.set(part, now + next, None);
    }

    /// A part does not work at present.
    pub fn trouble(&self, part: &'static str, now: DateTime<Utc>, what: &str) {
        self.set(part, now, Some(what.to_owned()));
    }

    /// How much waits to be sent.
    pub fn set_outbox(&self, outbox: Outbox) {
        *self.outbox.lock().unwrap_or_else(PoisonError::into_inner) = outbox;
    }

    /// How much waits to be sent.
    #[must_use]
    pub fn outbox(&self) -> Outbox {
        *self.outbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every part, and what is wrong with it.
    #[must_use]
    pub fn parts(&self, now: DateTime<Utc>) -> BTreeMap<&'static str, Option<String>> {
        let silent = |until: DateTime<Utc>| {
            (now > until).then(|| format!("silent since {}", until.format("%FT%TZ")))
        };
        self.signs()
            .iter()
            .map(|(part, sign)| {
                let problem = sign.trouble.clone().or_else(|| silent(sign.until));
                (*part, problem)
            })
            .collect()
    }

    fn set(&self, part: &'static str, until: DateTime<Utc>, trouble: Option<String>) {
        self.signs().insert(part, Sign { until, trouble });
    }

    fn signs(&self) -> MutexGuard<'_, BTreeMap<&'static str, Sign>> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_well_until_it_falls_silent_or_tells_trouble() {
        let vitals = Vitals::default();
        let now = DateTime::UNIX_EPOCH;
        let minute = TimeDelta::minutes(1);
        assert!(vitals.parts(now).is_empty());
        vitals.alive("telegram", now, minute);
        assert_eq!(vitals.parts(now + minute)["telegram"], None);
        let later = vitals.parts(now + minute * 2);
        assert_eq!(
            later["telegram"].as_deref(),
            Some("silent since 1970-01-01T00:01:00Z")
        );
        vitals.trouble("telegram", now, "409");
        assert_eq!(vitals.parts(now)["telegram"].as_deref(), Some("409"));
        vitals.alive("telegram", now, minute);
        assert_eq!(vitals.parts(now)["telegram"], None);
    }

    #[test]
    fn an_outbox_is_stuck_when_something_is_due_and_nothing_settles() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::hours(1);
        let limit = TimeDelta::minutes(5);
        let ago = |minutes| Some(now - TimeDelta::minutes(minutes));
        for (due_since, settled_at, stuck) in [
            (None, None, false),
            (None, ago(60), false),
            (ago(4), None, false),
            (ago(6), None, true),
            (ago(50), ago(1), false),
            (ago(50), ago(6), true),
            (ago(4), ago(50), false),
        ] {
            let outbox = Outbox {
                rows: 1,
                due_since,
                settled_at,
            };
            assert_eq!(outbox.is_stuck(now, limit), stuck, "{outbox:?}");
        }
    }
}
