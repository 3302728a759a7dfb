//! The state of one probe: down after so many losses in a row, up after so many answers in a
//! row, degraded while the window says so.

use chrono::{DateTime, Utc};

use super::Rules;
use super::window::{ENOUGH, Window};

/// How something is, as far as a probe knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// Not known: not asked yet, or not asked any more.
    Unknown,
    /// It answers.
    Up,
    /// It answers, but with losses or late.
    Degraded,
    /// It does not answer.
    Down,
}

/// What one probe has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Track {
    health: Health,
    losses: u32,
    answers: u32,
    failing_since: Option<DateTime<Utc>>,
    window: Window,
}

impl Default for Track {
    fn default() -> Self {
        Self::resumed(Health::Unknown)
    }
}

impl Track {
    /// Begins with this state: nothing is known, or it was told before. What was told stays so
    /// until answers say otherwise.
    #[must_use]
    pub fn resumed(health: Health) -> Self {
        Self {
            health,
            losses: 0,
            answers: 0,
            failing_since: None,
            window: Window::default(),
        }
    }

    /// How it is.
    #[must_use]
    pub const fn health(&self) -> Health {
        self.health
    }

    /// Losses in a row, up to now.
    #[must_use]
    pub const fn losses(&self) -> u32 {
        self.losses
    }

    /// When the first loss of the present row was asked.
    #[must_use]
    pub const fn failing_since(&self) -> Option<DateTime<Utc>> {
        self.failing_since
    }

    /// Outcomes of the last questions.
    #[must_use]
    pub const fn window(&self) -> &Window {
        &self.window
    }

    /// Takes in the outcome of the question that was asked then: the time of the answer in
    /// microseconds, or a loss.
    pub fn observe(&mut self, rtt_us: Option<u64>, asked_at: DateTime<Utc>, rules: &Rules) {
        self.window.push(rtt_us);
        match rtt_us {
            None => {
                self.answers = 0;
                self.losses = self.losses.saturating_add(1);
                self.failing_since.get_or_insert(asked_at);
                if self.losses >= rules.failures {
                    self.health = Health::Down;
                } else if self.health != Health::Down {
                    self.health = self.by_window(rules);
                }
            }
            Some(_) => {
                self.losses = 0;
                self.failing_since = None;
                self.answers = self.answers.saturating_add(1);
                if self.health == Health::Down {
                    if self.answers >= rules.successes {
                        // The losses of the outage say nothing about how it is now.
                        self.window = Window::default();
                        self.health = Health::Up;
                    }
                } else {
                    self.health = self.by_window(rules);
                }
            }
        }
    }

    /// Whether the window means "degraded", with room between both thresholds: what is nearly as
    /// bad as it was stays as it is.
    fn by_window(&self, rules: &Rules) -> Health {
        let was = self.health == Health::Degraded;
        if self.window.asked() < ENOUGH {
            return match self.health {
                Health::Unknown if self.losses == 0 => Health::Up,
                other => other,
            };
        }
        let loss = self.window.lost() * 100 / self.window.asked().max(1);
        let lossy = rules.loss_pct > 0
            && if was {
                loss * 2 > rules.loss_pct
            } else {
                loss >= rules.loss_pct
            };
        let limit = u64::from(rules.rtt_ms) * 1_000;
        let late = limit > 0
            && self.window.median_us().is_some_and(|median| {
                if was {
                    median * 5 > limit * 4
                } else {
                    median >= limit
                }
            });
        match lossy || late {
            true => Health::Degraded,
            false => Health::Up,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::Severity;
    use proptest::prelude::*;

    const RULES: Rules = Rules {
        every_ms: 1_000,
        timeout_ms: 1_000,
        failures: 3,
        successes: 2,
        loss_pct: 20,
        rtt_ms: 100,
        severity: Severity::Critical,
    };

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    fn follow(track: &mut Track, outcomes: &str) -> String {
        let mut said = String::new();
        for (second, outcome) in outcomes.chars().enumerate() {
            let rtt = match outcome {
                '.' => Some(10_000),
                'l' => Some(150_000),
                _ => None,
            };
            track.observe(rtt, at(second as i64), &RULES);
            said.push(match track.health() {
                Health::Unknown => '?',
                Health::Up => 'U',
                Health::Degraded => 'D',
                Health::Down => 'X',
            });
        }
        said
    }

    #[test]
    fn rows_of_losses_and_answers_move_it() {
        let cases = [
            ("...", "UUU"),
            ("xx.", "??U"),
            ("xxx", "??X"),
            ("..xxx.x..", "UUUUXXXXU"),
            (".xx.xx.", "UUUUUUU"),
            ("xxx.x.x.x", "??XXXXXXX"),
        ];
        for (outcomes, expected) in cases {
            assert_eq!(
                follow(&mut Track::default(), outcomes),
                expected,
                "{outcomes}"
            );
        }
    }

    #[test]
    fn losses_and_late_answers_degrade_it_and_there_is_room_between_both_thresholds() {
        let mut track = Track::default();
        // One in five lost, never three in a row.
        assert!(follow(&mut track, &"....x".repeat(8)).ends_with('D'));
        // Ten percent of the last hundred or less, and it is well again.
        assert!(follow(&mut track, &".".repeat(30)).ends_with('D'));
        assert!(follow(&mut track, &".".repeat(40)).ends_with('U'));
        assert!(follow(&mut track, &"l".repeat(20)).ends_with('D'));
        assert!(follow(&mut track, &".".repeat(40)).ends_with('U'));
        assert!(follow(&mut track, "xxx").ends_with('X'));
        assert!(
            follow(&mut track, "..").ends_with('U'),
            "an outage leaves no losses behind"
        );
    }

    #[test]
    fn few_questions_say_nothing_about_a_rate() {
        assert_eq!(follow(&mut Track::default(), "x.x.x.x."), "?UUUUUUU");
    }

    proptest! {
        /// Down needs `failures` losses in a row right before, and its end `successes` answers.
        #[test]
        fn it_goes_down_and_up_by_rows_only(outcomes in prop::collection::vec(any::<bool>(), 1..300)) {
            let mut track = Track::default();
            let mut before = Health::Unknown;
            for (index, answered) in outcomes.iter().enumerate() {
                track.observe(answered.then_some(1_000), at(index as i64), &RULES);
                let row = |kind: bool, count: usize| {
                    index + 1 >= count && outcomes[index + 1 - count..=index].iter().all(|one| *one == kind)
                };
                if track.health() == Health::Down && before != Health::Down {
                    prop_assert!(row(false, 3));
                }
                if before == Health::Down && track.health() != Health::Down {
                    prop_assert!(row(true, 2));
                }
                if row(false, 3) {
                    prop_assert_eq!(track.health(), Health::Down);
                }
                if row(true, 2) {
                    prop_assert_ne!(track.health(), Health::Down);
                }
                before = track.health();
            }
        }
    }
}
