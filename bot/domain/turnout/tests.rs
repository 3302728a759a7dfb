use proptest::prelude::*;

use super::*;

fn cells(of: &[(u64, u64)]) -> Vec<Cell> {
    of.iter()
        .map(|(eligible, took_part)| Cell {
            eligible: *eligible,
            took_part: *took_part,
        })
        .collect()
}

#[test]
fn one_small_sector_takes_a_second_one_with_it() {
    let shown = protected(&cells(&[(40, 21), (30, 12), (6, 3)]));
    let expected = [Shown::Count(21), Shown::Hidden, Shown::Hidden];
    assert_eq!(shown.as_deref(), Some(expected.as_slice()));
}

#[test]
fn nearly_nobody_and_nearly_everybody_of_a_small_sector() {
    let shown = protected(&cells(&[(10, 0), (19, 19), (19, 1), (20, 0), (50, 50)])).unwrap();
    assert_eq!(shown[0], Shown::AtMostATenth);
    assert_eq!(shown[1], Shown::AtLeastNineTenths);
    assert_eq!(shown[2], Shown::AtMostATenth, "as nobody");
    assert_eq!(shown[3], Shown::Count(0));
    assert_eq!(shown[4], Shown::Count(50));
    assert_eq!(Shown::AtMostATenth.bounds(10), (0, 1));
    assert_eq!(Shown::AtLeastNineTenths.bounds(10), (9, 10));
}

#[test]
fn a_rough_row_is_not_worked_out_from_the_total() {
    let shown = protected(&cells(&[(15, 15), (100, 40), (60, 10)])).unwrap();
    assert_eq!(
        shown,
        [Shown::AtLeastNineTenths, Shown::Count(40), Shown::Hidden]
    );
}

#[test]
fn few_hidden_members_are_joined_by_more() {
    let shown = protected(&cells(&[(3, 1), (4, 2), (25, 5), (90, 9)])).unwrap();
    assert_eq!(
        shown,
        [Shown::Hidden, Shown::Hidden, Shown::Hidden, Shown::Count(9)]
    );
}

#[test]
fn where_the_total_tells_it_all_no_sector_is_shown() {
    assert_eq!(protected(&cells(&[(6, 3)])), None, "one sector");
    assert_eq!(protected(&cells(&[(6, 0), (8, 0)])), None, "nobody at all");
    assert_eq!(protected(&cells(&[(6, 6), (12, 12)])), None, "everybody");
    assert_eq!(protected(&[]), Some(vec![]));
    assert_eq!(
        protected(&cells(&[(0, 0), (30, 4)])).unwrap()[1],
        Shown::Count(4),
        "nobody lives there"
    );
}

/// All counts of the rows that a reader has to think possible, by trying every one.
fn possible(rows: &[(u64, Shown)], total: u64) -> Vec<Vec<u64>> {
    let Some(((of, shown), rest)) = rows.split_first() else {
        return if total == 0 { vec![vec![]] } else { vec![] };
    };
    let (low, high) = shown.bounds(*of);
    let mut all = Vec::new();
    for count in low..=high.min(total) {
        for mut tail in possible(rest, total - count) {
            tail.insert(0, count);
            all.push(tail);
        }
    }
    all
}

fn some_cells() -> impl Strategy<Value = Vec<Cell>> {
    let cell = (0_u64..26).prop_flat_map(|eligible| (Just(eligible), 0..=eligible));
    prop::collection::vec(cell, 0..5).prop_map(|of| cells(&of))
}

proptest! {
    #[test]
    fn what_is_hidden_cannot_be_worked_out(cells in some_cells()) {
        let total = cells.iter().map(|cell| cell.took_part).sum();
        if let Some(shown) = protected(&cells) {
            let rows: Vec<_> = cells.iter().map(|cell| cell.eligible).zip(shown).collect();
            let possible = possible(&rows, total);
            for (at, (of, shown)) in rows.iter().enumerate() {
                let values: std::collections::BTreeSet<u64> = possible.iter().map(|one| one[at]).collect();
                prop_assert!(values.contains(&cells[at].took_part), "the truth is possible");
                match shown {
                    Shown::Count(count) => {
                        prop_assert_eq!(*count, cells[at].took_part);
                        prop_assert!(*of >= HIDDEN_BELOW || *of == 0);
                        prop_assert!(*of >= ROUGH_BELOW || *of == 0 || (*count > 0 && count < of));
                    }
                    _ => prop_assert!(*of == 0 || values.len() > 1, "row {} is {:?}", at, values),
                }
            }
        } else {
            // Only where hiding every sector would not be enough.
            let hidden = cells.iter().map(|cell| (cell.eligible, Shown::Hidden));
            prop_assert!(leaks(hidden, total));
        }
    }
}
