//! How long a proof carries. An old one still reads and asks; what weighs (a vote, a proxy, the
//! rights of others, what others rely on) waits until it is proved again: numbers change hands, and
//! telephones too.

use chrono::{DateTime, Months, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::LinkRules;
use crate::people::{Bond, Way};

/// When an account last wrote to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    /// The last day on which it did, at the first time of that day.
    pub last: DateTime<Utc>,
    /// When it came back after so long that nobody can tell whether it is the same person.
    #[serde(default)]
    pub back: Option<DateTime<Utc>>,
}

/// What the proof of a bond carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Everything.
    Fresh,
    /// Everything until then; it is asked for again.
    Ends(DateTime<Utc>),
    /// Nothing that weighs, since then: it is old.
    Old(DateTime<Utc>),
    /// Nothing that weighs: the account was not used for long.
    Unused,
}

impl Standing {
    /// Whether it carries what weighs.
    #[must_use]
    pub const fn weighs(self) -> bool {
        matches!(self, Self::Fresh | Self::Ends(_))
    }
}

impl Use {
    /// It writes to us now. `None`: nothing to note that is not noted.
    #[must_use]
    pub fn noted(self, now: DateTime<Utc>, rules: &LinkRules) -> Option<Self> {
        if now < self.last + TimeDelta::days(1) {
            return None;
        }
        let long = rules.unused_months > 0 && months_after(self.last, rules.unused_months) <= now;
        let back = if long { Some(now) } else { self.back };
        Some(Self { last: now, back })
    }
}

impl LinkRules {
    /// When a proof of this moment is to be renewed.
    #[must_use]
    pub fn renew_at(&self, proved_at: DateTime<Utc>) -> DateTime<Utc> {
        match self.proof_months {
            0 => DateTime::<Utc>::MAX_UTC,
            months => months_after(proved_at, months),
        }
    }

    /// When it is said that it is to be renewed.
    #[must_use]
    pub fn remind_at(&self, proved_at: DateTime<Utc>) -> DateTime<Utc> {
        let before = TimeDelta::days(i64::from(self.remind_days));
        let at = self.renew_at(proved_at).checked_sub_signed(before);
        at.unwrap_or(proved_at).max(proved_at)
    }

    /// What the proof of a bond carries now. What the cooperative's own file says does not age; it
    /// too is asked for again after a long silence.
    #[must_use]
    pub fn standing(&self, bond: &Bond, used: Option<Use>, now: DateTime<Utc>) -> Standing {
        let back = used.and_then(|used| used.back);
        if back.is_some_and(|back| bond.proved_at < back) {
            return Standing::Unused;
        }
        if bond.way == Way::Record {
            return Standing::Fresh;
        }
        let end = self.renew_at(bond.proved_at);
        if end <= now {
            Standing::Old(end)
        } else if self.remind_at(bond.proved_at) <= now {
            Standing::Ends(end)
        } else {
            Standing::Fresh
        }
    }
}

fn months_after(at: DateTime<Utc>, months: u32) -> DateTime<Utc> {
    at.checked_add_months(Months::new(months))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AccountId;

    fn day(text: &str) -> DateTime<Utc> {
        format!("{text}T10:00:00Z").parse().expect("a time")
    }

    fn bond(way: Way) -> Bond {
        Bond {
            way,
            ..Bond::of_record(AccountId(1), "104".into(), day("2026-01-10"))
        }
    }

    #[test]
    fn a_proof_is_reminded_of_then_carries_nothing_that_weighs() {
        let rules = LinkRules::default();
        let of = |now: &str| rules.standing(&bond(Way::Email), None, day(now));
        assert_eq!(of("2026-12-10"), Standing::Fresh);
        assert_eq!(of("2026-12-12"), Standing::Ends(day("2027-01-10")));
        assert_eq!(of("2027-01-10"), Standing::Old(day("2027-01-10")));
        let file = rules.standing(&bond(Way::Record), None, day("2036-01-10"));
        assert_eq!(file, Standing::Fresh);
        let never = LinkRules {
            proof_months: 0,
            ..rules
        };
        let forever = never.standing(&bond(Way::Email), None, day("2036-01-10"));
        assert_eq!(forever, Standing::Fresh);
    }

    #[test]
    fn half_a_year_of_silence_is_remembered_until_the_next_proof() {
        let rules = LinkRules::default();
        let first = Use {
            last: day("2026-01-10"),
            back: None,
        };
        assert_eq!(first.noted(day("2026-01-10"), &rules), None);
        let often = first.noted(day("2026-07-09"), &rules).expect("noted");
        assert_eq!(often.back, None);
        let back = first.noted(day("2026-07-10"), &rules).expect("noted");
        let later = back.noted(day("2026-07-12"), &rules).expect("noted");
        assert_eq!(later.back, Some(day("2026-07-10")));
        for way in [Way::Email, Way::Record] {
            let standing = rules.standing(&bond(way), Some(later), day("2026-07-13"));
            assert_eq!(standing, Standing::Unused);
        }
        let proved = Bond {
            proved_at: day("2026-07-13"),
            ..bond(Way::Email)
        };
        let standing = rules.standing(&proved, Some(later), day("2026-07-14"));
        assert_eq!(standing, Standing::Fresh);
    }
}
