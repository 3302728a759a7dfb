//! How many declarations lie behind each piece of equipment, and when they are told as one.
//!
//! A declaration changes the tallies on its way up and nothing else, so its cost is that of the
//! way, however many there are. What was told explains its declarations: they no longer count for
//! what lies above. Where several things below one piece of equipment were told, that one is told
//! instead.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::MOST_COUNTED;
use crate::EquipmentId;

/// Declarations behind a piece of equipment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Declarations that are open.
    pub open: u32,
    /// When the last of those were made that nothing explains.
    pub recent: Vec<DateTime<Utc>>,
    /// Equipment below that is told as a possible outage, the topmost only.
    pub below: BTreeSet<EquipmentId>,
    /// Since when it is told itself.
    pub raised: Option<DateTime<Utc>>,
}

impl Tally {
    /// Whether nothing is left to remember.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.open == 0 && self.recent.is_empty() && self.below.is_empty() && self.raised.is_none()
    }

    fn add(&mut self, at: DateTime<Utc>, window: TimeDelta) {
        self.recent.retain(|other| at - *other <= window);
        self.recent.push(at);
        let most = usize::try_from(MOST_COUNTED).unwrap_or(usize::MAX);
        let old = self.recent.len().saturating_sub(most);
        self.recent.drain(..old);
    }

    fn remove(&mut self, times: &[DateTime<Utc>]) {
        for at in times {
            if let Some(place) = self.recent.iter().position(|other| other == at) {
                self.recent.remove(place);
            }
        }
    }

    fn reaches(&self, threshold: Option<u32>) -> bool {
        let count = u32::try_from(self.recent.len()).unwrap_or(u32::MAX);
        threshold.is_some_and(|threshold| count >= threshold)
    }
}

/// A piece of equipment on the way up from a connection.
#[derive(Clone, Debug)]
pub struct Step {
    /// Which one.
    pub id: EquipmentId,
    /// Declarations behind it.
    pub tally: Tally,
    /// From how many on it is told; `None`: never.
    pub threshold: Option<u32>,
    /// From how many possible outages below it on it is told instead.
    pub branches: u32,
}

/// What a declaration comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is counted; nothing is told yet.
    Counted,
    /// It belongs to a possible outage that is told already.
    Known(EquipmentId),
    /// A possible outage is to be told.
    Raised {
        /// Of what.
        id: EquipmentId,
        /// When the first of those was made that it rests on.
        since: DateTime<Utc>,
        /// What was told before and is part of it.
        absorbs: BTreeSet<EquipmentId>,
    },
}

/// A declaration is made by somebody whose way up this is, the nearest first: one more is open.
pub fn attach(way: &mut [Step]) {
    for step in way {
        step.tally.open = step.tally.open.saturating_add(1);
    }
}

/// Nothing known explains a declaration of this way up: it counts, and may be the one that is
/// needed.
pub fn settle(way: &mut [Step], at: DateTime<Utc>, window: TimeDelta) -> Verdict {
    if let Some(known) = way.iter().rev().find(|step| step.tally.raised.is_some()) {
        return Verdict::Known(known.id.clone());
    }
    for step in way.iter_mut() {
        step.tally.add(at, window);
    }
    let reached = way
        .iter()
        .position(|step| step.tally.reaches(step.threshold));
    let Some(first) = reached else {
        return Verdict::Counted;
    };
    let recent = way.get(first).map(|step| step.tally.recent.iter().copied());
    let since = recent.and_then(Iterator::min).unwrap_or(at);
    let mut absorbs = raise(way, first, at);
    let mut here = first;
    // Where what is told now is one branch too many, the equipment above is told instead.
    while let Some(above) = (here + 1..way.len()).find(|place| has_branches(way.get(*place))) {
        let part = way.get(here).map(|step| step.id.clone());
        if let Some(step) = way.get_mut(here) {
            step.tally.raised = None;
        }
        absorbs.extend(raise(way, above, at));
        absorbs.retain(|id| Some(id) != part.as_ref());
        here = above;
    }
    way.get(here)
        .map_or(Verdict::Counted, |step| Verdict::Raised {
            id: step.id.clone(),
            since,
            absorbs,
        })
}

/// A declaration is withdrawn, or its cause is over; `at` is when it was made.
pub fn forget(way: &mut [Step], at: DateTime<Utc>) {
    for step in way {
        step.tally.open = step.tally.open.saturating_sub(1);
        step.tally.remove(&[at]);
    }
}

fn has_branches(step: Option<&Step>) -> bool {
    step.is_some_and(|step| {
        let count = u32::try_from(step.tally.below.len()).unwrap_or(u32::MAX);
        step.threshold.is_some() && count >= step.branches
    })
}

fn raise(way: &mut [Step], place: usize, at: DateTime<Utc>) -> BTreeSet<EquipmentId> {
    let Some((here, above)) = way
        .split_at_mut_checked(place)
        .and_then(|(_, rest)| rest.split_first_mut())
    else {
        return BTreeSet::new();
    };
    let taken = std::mem::take(&mut here.tally.recent);
    let absorbs = std::mem::take(&mut here.tally.below);
    here.tally.raised = Some(at);
    for step in above {
        step.tally.remove(&taken);
        step.tally.below.retain(|id| !absorbs.contains(id));
        step.tally.below.insert(here.id.clone());
    }
    absorbs
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    const WINDOW: TimeDelta = TimeDelta::minutes(60);

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
    }

    /// A tree as people draw it: `child:parent` for each.
    #[derive(Default)]
    struct Net {
        parents: BTreeMap<String, String>,
        tallies: BTreeMap<String, Tally>,
        threshold: u32,
    }

    impl Net {
        fn new(lines: &str, threshold: u32) -> Self {
            let pair = |line: &str| {
                let (child, parent) = line.split_once(':').unwrap();
                (child.to_owned(), parent.to_owned())
            };
            Self {
                parents: lines.split_whitespace().map(pair).collect(),
                threshold,
                ..Self::default()
            }
        }

        fn way(&self, from: &str) -> Vec<Step> {
            let mut way = Vec::new();
            let mut here = Some(from.to_owned());
            while let Some(id) = here {
                here = self.parents.get(&id).cloned();
                way.push(Step {
                    tally: self.tallies.get(&id).cloned().unwrap_or_default(),
                    threshold: Some(self.threshold),
                    branches: 2,
                    id: id.as_str().into(),
                });
            }
            way
        }

        fn keep(&mut self, way: Vec<Step>) {
            for step in way {
                self.tallies.insert(step.id.to_string(), step.tally);
            }
        }

        fn declares(&mut self, from: &str, second: i64) -> Verdict {
            let mut way = self.way(from);
            attach(&mut way);
            let verdict = settle(&mut way, at(second), WINDOW);
            self.keep(way);
            if let Verdict::Raised { absorbs, .. } = &verdict {
                for id in absorbs {
                    self.tallies.get_mut(id.as_str()).unwrap().raised = None;
                }
            }
            verdict
        }
    }

    const TOWN: &str = "ap1:church ap2:church church:silo station:silo silo:gate gate:core \
                        school:tower tower:gate";

    fn raised(id: &str, since: i64, absorbs: &[&str]) -> Verdict {
        Verdict::Raised {
            id: id.into(),
            since: at(since),
            absorbs: absorbs.iter().map(|id| (*id).into()).collect(),
        }
    }

    #[test]
    fn the_third_neighbour_is_told_and_the_fourth_belongs_to_it() {
        let mut net = Net::new(TOWN, 3);
        assert_eq!(net.declares("ap1", 0), Verdict::Counted);
        assert_eq!(net.declares("ap2", 60), Verdict::Counted);
        assert_eq!(net.declares("ap1", 120), raised("church", 0, &[]));
        assert_eq!(net.declares("ap2", 130), Verdict::Known("church".into()));
        assert_eq!(net.tallies["church"].open, 4);
        assert_eq!(net.tallies["core"].open, 4);
        assert!(net.tallies["gate"].recent.is_empty(), "they are explained");
    }

    #[test]
    fn what_is_long_ago_does_not_count_together() {
        let mut net = Net::new(TOWN, 3);
        net.declares("ap1", 0);
        net.declares("ap1", 30 * 60);
        assert_eq!(net.declares("ap1", 61 * 60), Verdict::Counted);
        assert_eq!(net.declares("ap1", 62 * 60), raised("ap1", 30 * 60, &[]));
    }

    #[test]
    fn two_branches_become_what_they_share() {
        let mut net = Net::new(TOWN, 2);
        net.declares("ap1", 0);
        assert_eq!(net.declares("ap1", 1), raised("ap1", 0, &[]));
        net.declares("station", 2);
        assert_eq!(
            net.declares("station", 3),
            raised("silo", 2, &["ap1"]),
            "the station itself was never told"
        );
        assert_eq!(net.declares("ap2", 4), Verdict::Known("silo".into()));
        assert_eq!(net.tallies["gate"].below, BTreeSet::from(["silo".into()]));
        assert!(net.tallies["ap1"].raised.is_none() && net.tallies["station"].raised.is_none());
    }

    #[test]
    fn what_is_withdrawn_counts_no_more() {
        let mut net = Net::new(TOWN, 2);
        net.declares("ap1", 0);
        let mut way = net.way("ap1");
        forget(&mut way, at(0));
        net.keep(way);
        assert!(net.tallies.values().all(Tally::is_empty));
        assert_eq!(net.declares("ap2", 1), Verdict::Counted);
    }

    #[test]
    fn a_thousand_declarations_in_a_minute_are_one_incident_and_stay_small() {
        let relays: Vec<String> = (0..40).map(|relay| format!("r{relay}:gate")).collect();
        let mut net = Net::new(&relays.join(" "), 3);
        let mut told = 0;
        for number in 0..1_000_i64 {
            let from = format!("r{}", number % 40);
            let verdict = net.declares(&from, number * 60 / 1_000);
            told += u32::from(matches!(verdict, Verdict::Raised { .. }));
        }
        assert_eq!(told, 1, "the third, who is on a third relay, tells it all");
        assert_eq!(net.tallies["gate"].open, 1_000);
        assert!(net.tallies.values().all(|tally| tally.recent.len() < 3));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn every_count_is_true_and_nothing_that_is_due_stays_untold(
            events in prop::collection::vec((0_usize..6, 0_i64..900, 0_u8..5), 1..60),
            threshold in 2_u32..5,
        ) {
            let places = ["ap1", "ap2", "station", "school", "silo", "tower"];
            let mut net = Net::new(TOWN, threshold);
            let mut open: Vec<(usize, i64)> = Vec::new();
            let mut now = 0;
            for (place, wait, kind) in events {
                now += wait;
                if kind == 0 && !open.is_empty() {
                    let (place, when) = open.swap_remove(place % open.len());
                    let mut way = net.way(places[place]);
                    forget(&mut way, at(when));
                    net.keep(way);
                } else {
                    net.declares(places[place], now);
                    open.push((place, now));
                }
                for (id, tally) in &net.tallies {
                    let behind = |one: &&(usize, i64)| {
                        net.way(places[one.0]).iter().any(|step| step.id.as_str() == id)
                    };
                    prop_assert_eq!(tally.open as usize, open.iter().filter(behind).count());
                    let above: Vec<Step> = net.way(id).into_iter().skip(1).collect();
                    let covered = above.iter().any(|step| step.tally.raised.is_some());
                    prop_assert!(!(covered && tally.raised.is_some()), "{} is told twice", id);
                    if tally.raised.is_none() && !covered {
                        prop_assert!(tally.below.len() < 2, "{} should be told", id);
                        prop_assert!(tally.recent.len() < threshold as usize, "{} is due", id);
                    }
                }
            }
        }
    }
}
