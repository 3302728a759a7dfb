//! What people declare of their own connection: how it is understood, since when, and when several
//! declarations behind one piece of equipment are worth a word in the group.

mod since;
mod tally;
mod words;

use serde::{Deserialize, Serialize};

use crate::network::{Class, Equipment};
use crate::tree::Count;

pub use since::{Since, since};
pub use tally::{Step, Tally, Verdict, attach, forget, settle};
pub use words::{Heard, hear, is_back};

/// Highest threshold: a tally remembers no more declarations one by one.
pub const MOST_COUNTED: u32 = 64;

/// What is wrong with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trouble {
    /// Nothing works.
    Gone,
    /// It works badly.
    Slow,
    /// It comes and goes.
    Cuts,
}

/// Settings of declarations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Declarations behind equipment from which a possible outage is told, where the sheet does not
    /// say; 0 is never. Default 3.
    pub threshold: u32,
    /// The same for the backbone, where declarations meet that have nothing to do with each other.
    /// Default 9.
    pub threshold_backbone: u32,
    /// As many of a hundred links behind it, where that is more. Default 2.
    pub share_percent: u32,
    /// Minutes within which they count together. Default 60.
    pub window_min: u32,
    /// Possible outages below equipment from which it is rather the cause of all. Default 2.
    pub branches: u32,
    /// The same for the backbone. Default 3.
    pub branches_backbone: u32,
    /// Hours after which a possible outage ends of which nobody declares anything any more.
    /// Default 12.
    pub quiet_end_h: u32,
    /// Days after which a declaration is forgotten. Default 14.
    pub keep_days: u32,
    /// Seconds after the end of an outage at which those who declared it are asked. They are at
    /// least those that what hangs below has to come back. Default 120.
    pub ask_after_s: u32,
    /// Whether plain words such as "plus d'internet" are understood in private. Default yes.
    pub plain_words: bool,
    /// What people may look at themselves, line by line; empty: the list that comes with the
    /// program.
    pub checklist: Vec<String>,
    /// Minutes before promised news at which their author is reminded. Default 10.
    pub news_before_min: u32,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            threshold: 3,
            threshold_backbone: 9,
            share_percent: 2,
            window_min: 60,
            branches: 2,
            branches_backbone: 3,
            quiet_end_h: 12,
            keep_days: 14,
            ask_after_s: 120,
            plain_words: true,
            checklist: Vec::new(),
            news_before_min: 10,
        }
    }
}

impl Rules {
    /// From how many declarations on a possible outage behind a piece of equipment is told, with so
    /// much behind it; `None`: never.
    #[must_use]
    pub fn threshold_of(&self, sheet: &Equipment, behind: Count) -> Option<u32> {
        // A member's link tells of one household.
        if sheet.class == Class::Link {
            return None;
        }
        let usual = match sheet.class {
            Class::Backbone => self.threshold_backbone,
            _ => self.threshold,
        };
        let share = u64::from(behind.links) * u64::from(self.share_percent) / 100;
        let share = u32::try_from(share).unwrap_or(MOST_COUNTED);
        let threshold = match (sheet.alerts.declarations, usual) {
            (Some(own), _) => own,
            (None, 0) => 0,
            (None, usual) => usual.max(share),
        };
        (threshold > 0).then(|| threshold.min(MOST_COUNTED))
    }

    /// From how many possible outages below it on a piece of equipment is told instead.
    #[must_use]
    pub fn branches_of(&self, sheet: &Equipment) -> u32 {
        let branches = match sheet.class {
            Class::Backbone => self.branches_backbone,
            _ => self.branches,
        };
        branches.max(2)
    }
}
