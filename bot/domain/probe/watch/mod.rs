//! Who is asked when, and what the answers mean together.
//!
//! - What hangs on something dead is not asked: it is unknown, not down. When its parent is back
//!   it is asked again, not everything at once.
//! - Something is told to be down only when nothing above it is under suspicion, and, where the
//!   cooperative names probes of the world outside, only when an answer from anywhere proves that
//!   we are connected. Suspicion climbs the tree: what is above is asked at once.
//! - Where nothing answers any more, the world outside included, it is we who are cut off.
//!
//! Everything here is a value: time comes in as milliseconds of a clock that never jumps
//! ([`Now::ms`]) and as the time of the calendar.

mod slots;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap, HashSet};

use chrono::{DateTime, Utc};

use super::measure::{Measure, Why};
use super::track::{Health, Track};
use super::{Defaults, Probe, Rules};
use crate::alert::Severity;
use crate::{EquipmentId, Fingerprint};

use slots::Slot;

/// Least pause between two questions of one probe that is asked out of turn.
const KICK_MS: u64 = 1_000;
/// Shortest time over which probes are spread when their parent is back.
const SPREAD_MS: u64 = 5_000;

/// The time, on both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds of a clock that never jumps.
    pub ms: u64,
    /// The calendar.
    pub at: DateTime<Utc>,
}

/// A question to ask now; the answer comes back with its ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What the answer belongs to.
    pub ticket: Ticket,
    /// What to ask.
    pub probe: Probe,
    /// Milliseconds to wait for the answer.
    pub timeout_ms: u32,
}

/// Which question an answer belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    slot: usize,
    generation: u64,
    asked: Now,
}

/// How a question ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was answered after so many microseconds.
    Answered(u64),
    /// There was no good answer.
    Lost(Why),
    /// It could not be asked, for a reason of our own: that says nothing about the other side.
    NotAsked,
}

/// What was told about a probe and still holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// How bad.
    pub severity: Severity,
    /// Whether it is down, or only degraded.
    pub down: bool,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// A change to tell: the state of one alert from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The alert.
    pub fingerprint: Fingerprint,
    /// The equipment.
    pub equipment: EquipmentId,
    /// What was asked of whom; empty where the probe is no longer declared.
    pub target: String,
    /// What holds from now on; `None`: it is over.
    pub now: Option<Told>,
    /// What was measured.
    pub measure: Measure,
}

/// All probes of a cooperative.
#[derive(Debug)]
pub struct Watch {
    defaults: Defaults,
    slots: Vec<Option<Slot>>,
    free: Vec<usize>,
    generation: u64,
    of_equipment: HashMap<EquipmentId, Vec<usize>>,
    below: HashMap<EquipmentId, BTreeSet<usize>>,
    /// Equipment that explains what is down below it, whoever told so.
    covering: HashSet<EquipmentId>,
    due: BinaryHeap<Reverse<(u64, usize, u64)>>,
    /// Slots whose state may have to be told.
    dirty: BTreeSet<usize>,
    /// Alerts that were told and whose probe is not declared (any more, or yet).
    stray: HashMap<Fingerprint, (EquipmentId, Told)>,
    references: Vec<usize>,
    /// When the youngest answered question was asked.
    witness: Option<u64>,
    /// Since when we are cut off.
    cut_off: Option<DateTime<Utc>>,
    dice: u64,
}

impl Watch {
    /// Nothing is probed yet but the world outside. `seed` is any number: it spreads the questions.
    #[must_use]
    pub fn new(defaults: Defaults, seed: u64, now: Now) -> Self {
        let mut watch = Self {
            slots: Vec::new(),
            free: Vec::new(),
            generation: 0,
            of_equipment: HashMap::new(),
            below: HashMap::new(),
            covering: HashSet::new(),
            due: BinaryHeap::new(),
            dirty: BTreeSet::new(),
            stray: HashMap::new(),
            references: Vec::new(),
            witness: None,
            cut_off: None,
            dice: seed | 1,
            defaults,
        };
        for probe in watch.defaults.uplink.clone() {
            let slot = watch.add(None, &[], probe, now);
            watch.references.push(slot);
        }
        watch
    }

    /// Alerts that were told before the start: the state goes on from there.
    pub fn resume(&mut self, told: impl IntoIterator<Item = (Fingerprint, EquipmentId, Told)>) {
        for (fingerprint, equipment, told) in told {
            self.stray.insert(fingerprint, (equipment, told));
        }
    }

    /// Probes that are asked, the world outside included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Whether nothing is asked of anybody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether this equipment is probed, or something below it is.
    #[must_use]
    pub fn concerns(&self, equipment: &EquipmentId) -> bool {
        self.of_equipment.contains_key(equipment) || self.below.contains_key(equipment)
    }

    /// Probed equipment below this one, and itself.
    #[must_use]
    pub fn concerned(&self, equipment: &EquipmentId) -> BTreeSet<EquipmentId> {
        let below = self.below.get(equipment).into_iter().flatten();
        let own = self.of_equipment.get(equipment).into_iter().flatten();
        below
            .chain(own)
            .filter_map(|slot| self.slot(*slot)?.equipment.clone())
            .collect()
    }

    /// All probed equipment.
    pub fn equipment(&self) -> impl Iterator<Item = &EquipmentId> {
        self.of_equipment.keys()
    }

    /// The probes of a piece of equipment are these from now on. Those that stay go on.
    pub fn set(
        &mut self,
        equipment: &EquipmentId,
        above: &[EquipmentId],
        probes: &[Probe],
        now: Now,
    ) {
        let known = self.of_equipment.remove(equipment).unwrap_or_default();
        let mut kept = Vec::new();
        for index in known {
            let declared = self.slot(index).and_then(|slot| {
                probes
                    .iter()
                    .find(|probe| probe.target == slot.probe.target)
            });
            match declared.cloned() {
                Some(probe) => {
                    self.change(index, above, probe, now);
                    kept.push(index);
                }
                None => self.drop_slot(index),
            }
        }
        for probe in probes {
            let known = kept.iter().any(|index| {
                self.slot(*index)
                    .is_some_and(|slot| slot.probe.target == probe.target)
            });
            if !known {
                kept.push(self.add(Some(equipment), above, probe.clone(), now));
            }
        }
        if !kept.is_empty() {
            self.of_equipment.insert(equipment.clone(), kept);
        }
        // One that explained its silence may be gone.
        self.refresh_below(equipment, now);
    }

    /// Whether this equipment explains what is down below it, whoever told so.
    pub fn set_covering(&mut self, equipment: &EquipmentId, covering: bool, now: Now) {
        let changed = match covering {
            true => self.covering.insert(equipment.clone()),
            false => self.covering.remove(equipment),
        };
        if changed {
            self.refresh_below(equipment, now);
        }
    }

    /// When the next question is due.
    #[must_use]
    pub fn next_ms(&self) -> Option<u64> {
        self.due.peek().map(|Reverse((ms, _, _))| *ms)
    }

    /// The questions to ask now.
    pub fn ask(&mut self, now: Now) -> Vec<Question> {
        let mut questions = Vec::new();
        while let Some(Reverse((due, index, generation))) = self.due.peek().copied() {
            if due > now.ms {
                break;
            }
            self.due.pop();
            let jitter = self.roll();
            let Some(slot) = self.slot_mut(index) else {
                continue;
            };
            if slot.generation != generation || slot.next != due {
                continue;
            }
            let every = u64::from(slot.rules.every_ms);
            // A tenth more or less, so that what was spread stays spread.
            let pause = every - every / 10 + jitter % (every / 5).max(1);
            slot.next = (due + pause).max(now.ms + 1);
            let next = slot.next;
            if !slot.paused && slot.asked.is_none() {
                slot.asked = Some(now.ms);
                slot.last_asked = now.ms;
                questions.push(Question {
                    ticket: Ticket {
                        slot: index,
                        generation,
                        asked: now,
                    },
                    probe: slot.probe.clone(),
                    timeout_ms: slot.rules.timeout_ms,
                });
            }
            self.due.push(Reverse((next, index, generation)));
        }
        questions
    }

    /// A question ended.
    pub fn answer(&mut self, ticket: Ticket, outcome: Outcome, now: Now) {
        let index = ticket.slot;
        let Some(slot) = self.slot_mut(index) else {
            return;
        };
        if slot.generation != ticket.generation {
            return;
        }
        slot.asked = None;
        if slot.paused {
            return;
        }
        let (was, rules) = (slot.track.health(), slot.rules);
        slot.mute = outcome == Outcome::NotAsked;
        match outcome {
            Outcome::NotAsked => return,
            Outcome::Answered(us) => {
                slot.track.observe(Some(us), ticket.asked.at, &rules);
                slot.answered = Some(ticket.asked.ms);
                self.witnessed(ticket.asked.ms);
                if self.cut_off.take().is_some() {
                    return self.forget_all(now);
                }
            }
            // While we are cut off a loss says nothing about the other side.
            Outcome::Lost(_) if self.cut_off.is_some() => return,
            Outcome::Lost(why) => {
                let heard_later = self.witness.is_some_and(|heard| heard >= ticket.asked.ms);
                let Some(slot) = self.slot_mut(index) else {
                    return;
                };
                slot.track.observe(None, ticket.asked.at, &rules);
                slot.why = Some(why);
                if !heard_later {
                    slot.silent = slot.silent.saturating_add(1);
                    slot.silent_since.get_or_insert(ticket.asked.at);
                }
                if slot.track.health() == Health::Down && was != Health::Down {
                    slot.crossed = ticket.asked.ms;
                }
                self.suspect(index, now);
                self.perhaps_cut_off(now);
            }
        }
        self.after_change(index, was, now);
    }

    /// Changes that are to be told and may be. Each is repeated until [`Watch::was_told`].
    pub fn reports(&mut self, now: Now) -> Vec<Report> {
        let mut reports: Vec<Report> = self
            .stray
            .iter()
            .map(|(fingerprint, (equipment, _))| Report {
                fingerprint: fingerprint.clone(),
                equipment: equipment.clone(),
                target: String::new(),
                now: None,
                measure: Measure::of(&super::window::Window::default(), 0, None),
            })
            .collect();
        let dirty: Vec<usize> = self.dirty.iter().copied().collect();
        for index in dirty {
            match self.wanted(index, now) {
                Wanted::Nothing => {
                    self.dirty.remove(&index);
                }
                Wanted::Held => {}
                Wanted::Tell(report) => reports.push(*report),
            }
        }
        reports
    }

    /// A change is on disk.
    pub fn was_told(&mut self, report: &Report) {
        self.stray.remove(&report.fingerprint);
        let slots = self.of_equipment.get(&report.equipment);
        let told = slots.into_iter().flatten().copied().find(|index| {
            self.slot(*index)
                .is_some_and(|slot| slot.fingerprint == report.fingerprint)
        });
        if let Some(slot) = told.and_then(|index| self.slot_mut(index)) {
            slot.told = report.now;
        }
    }

    /// Since when we are cut off, if we are: the first question that nobody answered.
    #[must_use]
    pub const fn cut_off(&self) -> Option<DateTime<Utc>> {
        self.cut_off
    }

    /// Whether it can be told if we are cut off: something was heard since the start, or was not,
    /// or there is no world outside to ask.
    #[must_use]
    pub const fn knows_cut_off(&self) -> bool {
        self.cut_off.is_some() || self.witness.is_some() || self.references.is_empty()
    }

    /// The state of a probe of a piece of equipment, as far as it is asked.
    #[must_use]
    pub fn health(&self, equipment: &EquipmentId) -> Option<Health> {
        let slots = self.of_equipment.get(equipment)?;
        let slot = slots.iter().find_map(|index| self.slot(*index))?;
        Some(match slot.paused {
            true => Health::Unknown,
            false => slot.track.health(),
        })
    }

    fn forget_all(&mut self, now: Now) {
        for slot in self.slots.iter_mut().flatten() {
            slot.forget();
        }
        for index in 0..self.slots.len() {
            self.refresh(index, now);
        }
    }

    /// Something answered a question of then.
    fn witnessed(&mut self, asked: u64) {
        if self.witness.is_some_and(|witness| witness >= asked) {
            return;
        }
        self.witness = Some(asked);
        for index in self.references.clone() {
            if let Some(slot) = self.slot_mut(index) {
                (slot.silent, slot.silent_since) = (0, None);
            }
        }
    }

    /// Nothing has answered since the world outside fell silent, and it has been silent for long
    /// enough: it is we who are cut off, and nothing is known of anybody.
    fn perhaps_cut_off(&mut self, now: Now) {
        if self.cut_off.is_some() {
            return;
        }
        let references = self.references.iter().filter_map(|index| self.slot(*index));
        let mut since: Option<DateTime<Utc>> = None;
        for slot in references.filter(|slot| !slot.mute) {
            let (true, Some(at)) = (slot.silent >= slot.rules.failures, slot.silent_since) else {
                return;
            };
            since = Some(since.map_or(at, |known| known.min(at)));
        }
        if let Some(since) = since {
            self.cut_off = Some(since);
            self.forget_all(now);
        }
    }
}

/// What is to be told of a slot.
enum Wanted {
    Nothing,
    Held,
    Tell(Box<Report>),
}
