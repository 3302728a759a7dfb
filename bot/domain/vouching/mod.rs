//! Who is let into a group: at once, on the word of people who know them, or by an administrator.
//!
//! Policies are data, one for each kind of group. Nobody is let in because somebody who was let in
//! by a word gives theirs: there are no chains.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// Who is let in without being asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AtOnce {
    /// Nobody.
    Nobody,
    /// Whoever has proved which record of the cooperative is theirs.
    Members,
    /// As [`AtOnce::Members`], where the record belongs to the sector of the group.
    SectorMembers,
}

/// Who gets into a kind of group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Who is let in at once.
    pub at_once: AtOnce,
    /// How many people must say that they know the others; 0: no word lets in, the others must
    /// first prove which record is theirs.
    pub vouchers: u8,
}

impl Policy {
    /// For kinds that nobody gave a policy: two people of the group, or an administrator.
    pub const CLOSED: Self = Self {
        at_once: AtOnce::Nobody,
        vouchers: 2,
    };
}

/// Rules of joining, with the defaults of the cooperative.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Policies by kind of group. The four usual kinds have theirs where none is given here; other
    /// kinds are [`Policy::CLOSED`].
    pub kinds: BTreeMap<String, Policy>,
    /// Words that one person may give within a week.
    pub words_a_week: u32,
    /// Days after which somebody new may give their word.
    pub first_days: u32,
    /// Days without the right, after somebody whom one's word let in was removed.
    pub barred_days: u32,
    /// People asked about one request.
    pub asked: u32,
    /// Cards that one person is sent within a day.
    pub cards_a_day: u32,
    /// Hours after which those who were asked are reminded, and others asked too.
    pub remind_h: u32,
    /// Hours after which administrators are told of a request that nobody has decided.
    pub escalate_h: u32,
    /// Days after which silence is a refusal.
    pub silence_days: u32,
    /// Days that somebody refused waits before they may ask again.
    pub again_days: u32,
    /// Days that an invitation holds.
    pub invite_days: u32,
    /// Requests within ten minutes from which on they are a wave: nobody is asked about them until
    /// an administrator has looked.
    pub wave_from: u32,
    /// Days after which the proposal of a new group that nobody finishes is dropped.
    pub founding_days: u32,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            kinds: BTreeMap::new(),
            words_a_week: 3,
            first_days: 30,
            barred_days: 30,
            asked: 5,
            cards_a_day: 5,
            remind_h: 24,
            escalate_h: 72,
            silence_days: 7,
            again_days: 7,
            invite_days: 7,
            wave_from: 20,
            founding_days: 14,
        }
    }
}

impl Rules {
    /// The policy of a kind of group.
    #[must_use]
    pub fn policy(&self, kind: &str) -> Policy {
        let usual = |at_once, vouchers| Policy { at_once, vouchers };
        self.kinds.get(kind).copied().unwrap_or_else(|| match kind {
            "membres" => usual(AtOnce::Members, 0),
            "local" => usual(AtOnce::SectorMembers, 1),
            _ => Policy::CLOSED,
        })
    }
}

/// Somebody who asks to be let in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applicant {
    /// They have proved which record is theirs, and it is active.
    pub proved: bool,
    /// A record of theirs belongs to the sector of the group.
    pub of_sector: bool,
    /// They were removed from the groups of the cooperative.
    pub removed: bool,
    /// They may decide about this group themselves.
    pub decides: bool,
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Let in.
    Admit,
    /// So many people must say that they know them, or an administrator.
    Ask(u8),
    /// They must first prove which record is theirs.
    Prove,
    /// They were removed from every group.
    Removed,
}

/// Decides about a request as it comes in.
#[must_use]
pub const fn decide(policy: Policy, applicant: Applicant) -> Decision {
    if applicant.removed {
        return Decision::Removed;
    }
    let at_once = match policy.at_once {
        AtOnce::Nobody => false,
        AtOnce::Members => applicant.proved,
        AtOnce::SectorMembers => applicant.proved && applicant.of_sector,
    };
    if at_once || (applicant.decides && applicant.proved) {
        Decision::Admit
    } else if policy.vouchers == 0 {
        match (policy.at_once, applicant.proved) {
            // A word is worth nothing here and a proof neither: administrators decide.
            (AtOnce::Nobody, _) | (_, true) => Decision::Ask(0),
            _ => Decision::Prove,
        }
    } else {
        Decision::Ask(policy.vouchers)
    }
}

/// Somebody who might give their word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Voucher {
    /// They have proved which record is theirs, and it is active.
    pub proved: bool,
    /// Since when, where that is known; records linked at an import were proved before.
    pub proved_since: Option<DateTime<Utc>>,
    /// When somebody else's word let them in, if any did.
    pub let_in: Option<DateTime<Utc>>,
    /// Until when they have lost the right.
    pub barred_until: Option<DateTime<Utc>>,
    /// When they last gave their word.
    pub words: Vec<DateTime<Utc>>,
    /// They are in the group, or their record belongs to its sector.
    pub near: bool,
}

/// Why somebody may not give their word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoWord {
    /// They have not proved which record is theirs.
    NotProved,
    /// They have nothing to do with the group.
    NotNear,
    /// They are new themselves, until then.
    TooNew(DateTime<Utc>),
    /// They have lost the right, until then.
    Barred(DateTime<Utc>),
    /// They have given all their words of the week, until then.
    Spent(DateTime<Utc>),
}

/// Whether somebody may give their word now.
///
/// # Errors
/// Why not.
pub fn may_vouch(voucher: &Voucher, rules: &Rules, now: DateTime<Utc>) -> Result<(), NoWord> {
    word_counts(voucher, rules, now)?;
    let week = TimeDelta::days(7);
    let lately = |at: &&DateTime<Utc>| **at > now - week;
    let mut recent: Vec<_> = voucher.words.iter().filter(lately).copied().collect();
    recent.sort_unstable();
    let most = usize::try_from(rules.words_a_week).unwrap_or(usize::MAX);
    match recent.len().checked_sub(most) {
        Some(spent) => Err(NoWord::Spent(
            recent.get(spent).map_or(now + week, |at| *at + week),
        )),
        None => Ok(()),
    }
}

/// Whether the word that somebody gave before still counts now: they may have lost their record,
/// the right, or their place since. How many words they gave does not matter any more.
///
/// # Errors
/// Why not.
pub fn word_counts(voucher: &Voucher, rules: &Rules, now: DateTime<Utc>) -> Result<(), NoWord> {
    if !voucher.proved {
        return Err(NoWord::NotProved);
    }
    if let Some(until) = voucher.barred_until.filter(|until| *until > now) {
        return Err(NoWord::Barred(until));
    }
    if !voucher.near {
        return Err(NoWord::NotNear);
    }
    let new_since = voucher.proved_since.max(voucher.let_in);
    let known_from = new_since.map(|since| since + days(rules.first_days));
    if let Some(until) = known_from.filter(|until| *until > now) {
        return Err(NoWord::TooNew(until));
    }
    Ok(())
}

/// So many days.
#[must_use]
pub fn days(count: u32) -> TimeDelta {
    TimeDelta::days(i64::from(count))
}

/// Somebody's word about somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Word {
    /// "I know them."
    Knows,
    /// "I do not know them."
    KnowsNot,
    /// "I am not sure."
    Unsure,
}

/// Whether these words let somebody in who needs so many.
#[must_use]
pub fn lets_in(words: impl IntoIterator<Item = Word>, needed: u8) -> bool {
    let known = words
        .into_iter()
        .filter(|word| *word == Word::Knows)
        .count();
    needed > 0 && known >= usize::from(needed)
}

#[cfg(test)]
mod tests;
