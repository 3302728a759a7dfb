//! Losses and times of the last questions, in memory that does not grow.

/// Questions whose outcome is remembered.
pub const LOSSES: u32 = 100;
/// Answers whose time is remembered.
pub const TIMES: usize = 32;
/// Fewer questions than this say nothing about a rate.
pub const ENOUGH: u32 = 20;

/// The last outcomes of one probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// One bit a question, the newest lowest; set where it was lost.
    lost: u128,
    asked: u32,
    /// Tenths of milliseconds, a ring.
    times: [u16; TIMES],
    answered: usize,
}

impl Default for Window {
    fn default() -> Self {
        Self {
            lost: 0,
            asked: 0,
            times: [0; TIMES],
            answered: 0,
        }
    }
}

impl Window {
    /// Takes in an outcome: the time of an answer in microseconds, or a loss.
    pub fn push(&mut self, rtt_us: Option<u64>) {
        let mask = (1_u128 << LOSSES) - 1;
        self.lost = ((self.lost << 1) | u128::from(rtt_us.is_none())) & mask;
        self.asked = (self.asked + 1).min(LOSSES);
        if let Some(us) = rtt_us {
            let tenths = u16::try_from(us / 100).unwrap_or(u16::MAX);
            if let Some(slot) = self.times.get_mut(self.answered % TIMES) {
                *slot = tenths;
            }
            // Only the remainder counts once the ring is full.
            self.answered = match self.answered + 1 {
                next if next >= 2 * TIMES => TIMES,
                next => next,
            };
        }
    }

    /// Questions that it remembers.
    #[must_use]
    pub const fn asked(&self) -> u32 {
        self.asked
    }

    /// How many of them were lost.
    #[must_use]
    pub const fn lost(&self) -> u32 {
        self.lost.count_ones()
    }

    /// Median time of the remembered answers, in microseconds.
    #[must_use]
    pub fn median_us(&self) -> Option<u64> {
        let count = self.answered.min(TIMES);
        let mut times = self.times;
        let kept = times.get_mut(..count)?;
        kept.sort_unstable();
        kept.get(count.checked_sub(1)? / 2)
            .map(|tenths| u64::from(*tenths) * 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The window says what counting the last outcomes one by one says.
        #[test]
        fn it_counts_as_a_list_would(outcomes in prop::collection::vec(
            prop::option::weighted(0.7, 0_u64..7_000_000), 0..400)
        ) {
            let mut window = Window::default();
            for (index, outcome) in outcomes.iter().enumerate() {
                window.push(*outcome);
                let seen = &outcomes[..=index];
                let last = &seen[seen.len().saturating_sub(LOSSES as usize)..];
                prop_assert_eq!(window.asked() as usize, last.len());
                prop_assert_eq!(
                    window.lost() as usize,
                    last.iter().filter(|one| one.is_none()).count()
                );
                let answers: Vec<u64> = seen.iter().flatten().copied().collect();
                let mut times: Vec<u64> = answers[answers.len().saturating_sub(TIMES)..]
                    .iter()
                    .map(|us| (us / 100).min(u64::from(u16::MAX)) * 100)
                    .collect();
                times.sort_unstable();
                let median = (!times.is_empty()).then(|| times[(times.len() - 1) / 2]);
                prop_assert_eq!(window.median_us(), median);
            }
        }
    }

    #[test]
    fn it_is_small() {
        assert!(size_of::<Window>() <= 112, "{}", size_of::<Window>());
    }
}
