//! Time and chance of the real world, and the loop that tells the use cases what is due.

use std::sync::Mutex;
use std::sync::PoisonError;

use chrono::{DateTime, Utc};
use rand::rngs::{OsRng, StdRng};
use rand::{RngCore as _, SeedableRng as _, TryRngCore as _};

use crate::app::ports::{Chance, Clock};

/// The clock of the system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// Draws between two new seeds from the system.
const DRAWS_PER_SEED: u32 = 1_024;

/// Chance that nobody can guess: a cryptographic generator with seeds from the system, so that
/// not each draw asks the kernel.
#[derive(Debug)]
pub struct SystemChance(Mutex<(StdRng, u32)>);

impl SystemChance {
    /// A generator with a seed from the system.
    ///
    /// # Errors
    /// The system gives no randomness.
    pub fn new() -> Result<Self, String> {
        Ok(Self(Mutex::new((seeded()?, DRAWS_PER_SEED))))
    }
}

impl Chance for SystemChance {
    fn bytes(&self) -> [u8; 16] {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (generator, left) = &mut *state;
        if *left == 0 {
            // Without a new seed the old generator is still good.
            if let Ok(fresh) = seeded() {
                *generator = fresh;
            }
            *left = DRAWS_PER_SEED;
        }
        *left -= 1;
        let mut bytes = [0; 16];
        generator.fill_bytes(&mut bytes);
        bytes
    }
}

fn seeded() -> Result<StdRng, String> {
    let mut seed = <StdRng as rand::SeedableRng>::Seed::default();
    OsRng
        .try_fill_bytes(&mut seed)
        .map_err(|error| format!("no randomness: {error}"))?;
    Ok(StdRng::from_seed(seed))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_draw_comes_twice_and_seeds_are_renewed() {
        let (one, two) = (SystemChance::new().unwrap(), SystemChance::new().unwrap());
        let draws: HashSet<_> = (0..3_000)
            .flat_map(|_| [one.bytes(), two.bytes()])
            .collect();
        assert_eq!(draws.len(), 6_000);
    }
}
