//! One probe with everything known about it, and its place among the others.

use chrono::{DateTime, Utc};

use super::{
    BTreeSet, EquipmentId, Fingerprint, Health, KICK_MS, Measure, Now, Probe, Report, Reverse,
    Rules, SPREAD_MS, Severity, Told, Track, Wanted, Watch, Why,
};

/// One probe.
#[derive(Debug)]
pub(super) struct Slot {
    pub generation: u64,
    /// `None`: it is of the world outside.
    pub equipment: Option<EquipmentId>,
    pub above: Vec<EquipmentId>,
    pub probe: Probe,
    pub rules: Rules,
    pub fingerprint: Fingerprint,
    pub track: Track,
    pub told: Option<Told>,
    pub why: Option<Why>,
    /// Whether it hangs on something dead.
    pub paused: bool,
    pub next: u64,
    /// When the question in flight was asked.
    pub asked: Option<u64>,
    pub last_asked: u64,
    /// When the last answered question was asked.
    pub answered: Option<u64>,
    /// When the loss was asked that made it down.
    pub crossed: u64,
    /// It cannot be asked, for a reason of our own: nobody waits for its answer.
    pub mute: bool,
    /// Losses in a row since anything answered, and when the first of them was asked.
    pub silent: u32,
    pub silent_since: Option<DateTime<Utc>>,
}

impl Slot {
    /// Nothing is known any more, for it is not asked: rows and window begin anew.
    pub fn forget(&mut self) {
        self.track = Track::resumed(told_health(self.told));
    }

    /// Whether it explains that nothing below it answers.
    fn is_dead(&self) -> bool {
        self.track.health() == Health::Down && self.rules.severity == Severity::Critical
    }

    /// Whether it may be about to die: its last answer is older than `since`, or it was lost.
    fn is_doubtful(&self, since: u64) -> bool {
        !self.is_dead()
            && self.rules.severity == Severity::Critical
            && !self.paused
            && !self.mute
            && (self.track.losses() > 0 || self.answered.is_none_or(|answered| answered < since))
    }
}

fn told_health(told: Option<Told>) -> Health {
    told.map_or(Health::Unknown, |told| match told.down {
        true => Health::Down,
        false => Health::Degraded,
    })
}

impl Watch {
    pub(super) fn slot(&self, index: usize) -> Option<&Slot> {
        self.slots.get(index)?.as_ref()
    }

    pub(super) fn slot_mut(&mut self, index: usize) -> Option<&mut Slot> {
        self.slots.get_mut(index)?.as_mut()
    }

    /// The next number of the dice.
    pub(super) fn roll(&mut self) -> u64 {
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        self.dice >> 16
    }

    pub(super) fn add(
        &mut self,
        equipment: Option<&EquipmentId>,
        above: &[EquipmentId],
        probe: Probe,
        now: Now,
    ) -> usize {
        self.generation += 1;
        let outside = EquipmentId::from("");
        let fingerprint = probe.fingerprint(equipment.unwrap_or(&outside));
        let rules = probe.rules(&self.defaults);
        let told = self.stray.remove(&fingerprint).map(|(_, told)| told);
        let slot = Slot {
            generation: self.generation,
            equipment: equipment.cloned(),
            above: above.to_vec(),
            rules,
            fingerprint,
            track: Track::resumed(told_health(told)),
            told,
            why: None,
            paused: false,
            next: now.ms + self.roll() % u64::from(rules.every_ms).max(1),
            asked: None,
            last_asked: 0,
            answered: None,
            crossed: 0,
            mute: false,
            silent: 0,
            silent_since: None,
            probe,
        };
        let (next, generation) = (slot.next, slot.generation);
        let index = match self.free.pop() {
            Some(index) => index,
            None => {
                self.slots.push(None);
                self.slots.len() - 1
            }
        };
        if let Some(place) = self.slots.get_mut(index) {
            *place = Some(slot);
        }
        self.due.push(Reverse((next, index, generation)));
        self.hang(index, above);
        self.refresh(index, now);
        index
    }

    /// A probe that stays may hang elsewhere and follow other rules.
    pub(super) fn change(&mut self, index: usize, above: &[EquipmentId], probe: Probe, now: Now) {
        let rules = probe.rules(&self.defaults);
        let Some(slot) = self.slot_mut(index) else {
            return;
        };
        let moved = slot.above != above;
        let was = slot.track.health();
        slot.probe = probe;
        if slot.rules != rules {
            slot.rules = rules;
            slot.forget();
            let (generation, next) = (
                slot.generation,
                slot.next.min(now.ms + u64::from(rules.every_ms)),
            );
            slot.next = next;
            self.due.push(Reverse((next, index, generation)));
        }
        if moved {
            self.unhang(index);
            self.hang(index, above);
            if let Some(slot) = self.slot_mut(index) {
                slot.above = above.to_vec();
            }
            self.refresh(index, now);
        }
        self.after_change(index, was, now);
    }

    pub(super) fn drop_slot(&mut self, index: usize) {
        self.unhang(index);
        self.dirty.remove(&index);
        let Some(slot) = self.slots.get_mut(index).and_then(Option::take) else {
            return;
        };
        self.free.push(index);
        if let (Some(told), Some(equipment)) = (slot.told, slot.equipment) {
            self.stray.insert(slot.fingerprint, (equipment, told));
        }
    }

    fn hang(&mut self, index: usize, above: &[EquipmentId]) {
        for ancestor in above {
            self.below
                .entry(ancestor.clone())
                .or_default()
                .insert(index);
        }
    }

    fn unhang(&mut self, index: usize) {
        let above = self.slot(index).map(|slot| slot.above.clone());
        for ancestor in above.unwrap_or_default() {
            if let Some(slots) = self.below.get_mut(&ancestor) {
                slots.remove(&index);
                if slots.is_empty() {
                    self.below.remove(&ancestor);
                }
            }
        }
    }

    /// What is above may have died or come back.
    pub(super) fn refresh_below(&mut self, equipment: &EquipmentId, now: Now) {
        let below: BTreeSet<usize> = self.below.get(equipment).cloned().unwrap_or_default();
        for index in below {
            self.refresh(index, now);
        }
    }

    /// Whether a probe is paused follows from what is above it.
    pub(super) fn refresh(&mut self, index: usize, now: Now) {
        let Some(slot) = self.slot(index) else { return };
        let paused = slot
            .above
            .iter()
            .any(|above| self.covering.contains(above) || self.slots_of(above).any(Slot::is_dead));
        let spread = self.roll();
        let Some(slot) = self.slot_mut(index) else {
            return;
        };
        if slot.paused == paused {
            return;
        }
        slot.paused = paused;
        slot.forget();
        slot.answered = None;
        if !paused {
            let window = u64::from(slot.rules.every_ms).max(SPREAD_MS);
            slot.next = now.ms + spread % window;
            let (next, generation) = (slot.next, slot.generation);
            self.due.push(Reverse((next, index, generation)));
        }
        self.dirty.insert(index);
    }

    fn slots_of(&self, equipment: &EquipmentId) -> impl Iterator<Item = &Slot> {
        let slots = self.of_equipment.get(equipment);
        slots
            .into_iter()
            .flatten()
            .filter_map(|index| self.slot(*index))
    }

    pub(super) fn after_change(&mut self, index: usize, was: Health, now: Now) {
        self.dirty.insert(index);
        let Some(slot) = self.slot(index) else { return };
        let died_or_rose = (was == Health::Down) != (slot.track.health() == Health::Down);
        if let (true, Some(equipment)) = (died_or_rose, slot.equipment.clone()) {
            self.refresh_below(&equipment, now);
        }
    }

    /// Something was lost: what is above it and the world outside are asked soon.
    pub(super) fn suspect(&mut self, index: usize, now: Now) {
        let Some(slot) = self.slot(index) else { return };
        let mut asked: Vec<usize> = Vec::new();
        for above in &slot.above {
            asked.extend(self.of_equipment.get(above).into_iter().flatten());
        }
        if slot.track.health() == Health::Down {
            asked.extend(&self.references);
        }
        for other in asked {
            self.kick(other, now);
        }
    }

    fn kick(&mut self, index: usize, now: Now) {
        let Some(slot) = self.slot_mut(index) else {
            return;
        };
        let soon = now.ms.max(slot.last_asked + KICK_MS);
        if slot.asked.is_none() && !slot.paused && soon < slot.next {
            slot.next = soon;
            let generation = slot.generation;
            self.due.push(Reverse((soon, index, generation)));
        }
    }

    /// What is to be told of a probe now.
    pub(super) fn wanted(&self, index: usize, now: Now) -> Wanted {
        let Some(slot) = self.slot(index) else {
            return Wanted::Nothing;
        };
        let Some(equipment) = &slot.equipment else {
            return Wanted::Nothing;
        };
        let told = slot.told;
        let began = || {
            told.map(|told| told.since)
                .or(slot.track.failing_since())
                .unwrap_or(now.at)
        };
        let wanted = match slot.track.health() {
            Health::Unknown => return Wanted::Nothing,
            Health::Up => None,
            Health::Degraded => Some(Told {
                severity: slot.rules.severity.min(Severity::Warning),
                down: false,
                since: began(),
            }),
            Health::Down => Some(Told {
                severity: slot.rules.severity,
                down: true,
                since: began(),
            }),
        };
        if wanted == told {
            return Wanted::Nothing;
        }
        let opens = wanted.is_some_and(|wanted| wanted.down && !told.is_some_and(|told| told.down));
        if self.cut_off.is_some() || (opens && self.is_held(slot)) {
            return Wanted::Held;
        }
        Wanted::Tell(Box::new(Report {
            fingerprint: slot.fingerprint.clone(),
            equipment: equipment.clone(),
            target: slot.probe.target.to_string(),
            now: wanted,
            measure: Measure {
                down: wanted.is_some_and(|wanted| wanted.down),
                ..Measure::of(slot.track.window(), slot.track.losses(), slot.why)
            },
        }))
    }

    /// Whether it is too early to say that something is down: something above may explain it, or
    /// we may be cut off.
    fn is_held(&self, slot: &Slot) -> bool {
        let mut references = self.references.iter().filter_map(|index| self.slot(*index));
        let proven = references.all(|reference| reference.mute)
            || self.witness.is_some_and(|witness| witness >= slot.crossed);
        !proven
            || slot.above.iter().any(|above| {
                self.slots_of(above)
                    .any(|above| above.is_doubtful(slot.crossed))
            })
    }
}
