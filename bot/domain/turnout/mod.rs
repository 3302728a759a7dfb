//! How many took part, sector by sector, without telling it of anybody in particular.
//!
//! A sector of few members is hidden; so is a second one where the first could be worked out
//! from the total. Where nearly nobody or nearly everybody of a small sector took part, only that
//! is told.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

/// A sector with fewer members is hidden.
pub const HIDDEN_BELOW: u64 = 10;
/// A sector with fewer members shows neither "nobody" nor "everybody".
pub const ROUGH_BELOW: u64 = 20;

/// Members of one sector, and how many of them took part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// How many may vote.
    pub eligible: u64,
    /// How many voted or were represented.
    pub took_part: u64,
}

/// What is shown of a sector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shown {
    /// How many took part.
    Count(u64),
    /// One in ten, or fewer.
    AtMostATenth,
    /// Nine in ten, or more.
    AtLeastNineTenths,
    /// Nothing.
    Hidden,
}

impl Shown {
    /// Between which numbers the count lies, for whoever reads this of so many members.
    #[must_use]
    pub fn bounds(self, eligible: u64) -> (u64, u64) {
        match self {
            Self::Count(count) => (count, count),
            Self::AtMostATenth => (0, eligible / 10),
            Self::AtLeastNineTenths => (eligible - eligible / 10, eligible),
            Self::Hidden => (0, eligible),
        }
    }
}

/// What may be shown of a sector by itself.
fn alone(cell: Cell) -> Shown {
    let Cell {
        eligible,
        took_part,
    } = cell;
    let tenth = eligible / 10;
    if eligible < HIDDEN_BELOW {
        Shown::Hidden
    } else if eligible < ROUGH_BELOW && took_part <= tenth {
        Shown::AtMostATenth
    } else if eligible < ROUGH_BELOW && took_part >= eligible - tenth {
        Shown::AtLeastNineTenths
    } else {
        Shown::Count(took_part)
    }
}

/// What may be shown of sectors, in their order, beside how many took part in all; `None`:
/// nothing, for the total tells it all.
#[must_use]
pub fn protected(cells: &[Cell]) -> Option<Vec<Shown>> {
    let total = cells.iter().map(|cell| cell.took_part).sum();
    let mut shown: Vec<Shown> = cells.iter().map(|cell| alone(*cell)).collect();
    while leaks(rows(cells, &shown), total) {
        // The smallest of those that tell a count goes with it: the least is lost.
        let open = cells.iter().zip(&mut shown);
        let open = open.filter(|(cell, shown)| cell.eligible > 0 && **shown != Shown::Hidden);
        let rough = |shown: &Shown| !matches!(shown, Shown::Count(_));
        let (_, next) = open.min_by_key(|(cell, shown)| (rough(shown), cell.eligible))?;
        *next = Shown::Hidden;
    }
    Some(shown)
}

fn rows(cells: &[Cell], shown: &[Shown]) -> impl Iterator<Item = (u64, Shown)> + Clone {
    let eligible = cells.iter().map(|cell| cell.eligible);
    eligible.zip(shown.iter().copied())
}

/// Whether a reader of such rows and of the total could work out a row that is not told exactly,
/// or how many of fewer than ten hidden members took part.
#[must_use]
pub fn leaks(rows: impl Iterator<Item = (u64, Shown)> + Clone, total: u64) -> bool {
    let least: u64 = rows.clone().map(|(of, shown)| shown.bounds(of).0).sum();
    let most: u64 = rows.clone().map(|(of, shown)| shown.bounds(of).1).sum();
    let hidden = |(_, shown): &(u64, Shown)| *shown == Shown::Hidden;
    let members: u64 = rows.clone().filter(hidden).map(|(of, _)| of).sum();
    let worked_out = rows.filter(|(of, _)| *of > 0).any(|(of, shown)| {
        let (low, high) = shown.bounds(of);
        // Were all the others as high, or as low, as they can be.
        let at_least = low.max(total.saturating_sub(most - high));
        let at_most = high.min(total.saturating_sub(least - low));
        !matches!(shown, Shown::Count(_)) && at_least >= at_most
    });
    worked_out || (1..HIDDEN_BELOW).contains(&members)
}
