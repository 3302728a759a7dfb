mod choose;
mod count;
mod part;

use super::*;

/// The electorate of February 2022, with nobody who voted.
pub(super) fn colleges_2022() -> Vec<College> {
    colleges([16, 457, 146, 252])
}

/// Four colleges of the usual weights.
pub(super) fn colleges(eligible: [u64; 4]) -> Vec<College> {
    let names = ["vol", "priv", "pro", "supp"];
    let weights = [40, 25, 25, 10];
    names
        .iter()
        .zip(weights)
        .zip(eligible)
        .map(|((name, weight), eligible)| College {
            id: (*name).to_owned(),
            name: (*name).to_owned(),
            weight,
            eligible,
            voted: 0,
            represented: 0,
        })
        .collect()
}

/// One college of everybody.
pub(super) fn everybody(eligible: u64, voted: u64) -> Vec<College> {
    vec![College {
        id: "all".to_owned(),
        name: "all".to_owned(),
        weight: 100,
        eligible,
        voted,
        represented: 0,
    }]
}

pub(super) fn votes(favour: u64, against: u64, abstain: u64, blank: u64) -> Votes {
    Votes {
        favour,
        against,
        abstain,
        blank,
    }
}

/// Rules without a quorum.
pub(super) fn no_quorum() -> Rules {
    Rules {
        quorum: None,
        ..Rules::default()
    }
}

pub(super) fn part(text: &str) -> Part {
    text.parse().unwrap()
}
