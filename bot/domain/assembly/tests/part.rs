use proptest::prelude::*;

use super::*;

#[test]
fn a_simple_majority_and_two_thirds_at_their_edges() {
    let simple = Bar::simple();
    let thirds = Bar::at_least(2, 3).unwrap();
    let table: &[(&Bar, u64, u64, bool)] = &[
        (&simple, 5, 10, false),
        (&simple, 6, 10, true),
        (&simple, 2, 4, false),
        (&simple, 4, 7, true),
        (&simple, 3, 7, false),
        (&simple, 500_000, 1_000_000, false),
        (&simple, 500_001, 1_000_000, true),
        (&thirds, 6, 9, true),
        (&thirds, 33, 50, false),
        (&thirds, 34, 50, true),
        (&thirds, 66, 99, true),
        (&thirds, 66, 100, false),
        (&thirds, 67, 100, true),
        (&thirds, 666, 1000, false),
        (&thirds, 667, 1000, true),
        (&thirds, 3, 5, false),
        (&thirds, 18, 30, false),
    ];
    for (bar, yes, of, reached) in table {
        let told = bar.reached_by(&Part::of(*yes, *of).unwrap());
        assert_eq!(told, *reached, "{yes} of {of}");
    }
    let more = Bar::more_than(2, 3).unwrap();
    assert!(
        !more.reached_by(&Part::of(6, 9).unwrap()),
        "more than two thirds"
    );
}

#[test]
fn what_is_needed_is_the_next_whole_person() {
    let table = [
        (1001, (1, 4), 251),
        (1001, (1, 5), 201),
        (1001, (1, 2), 501),
        (1003, (1, 6), 168),
        (57, (1, 4), 15),
        (871, (1, 2), 436),
        (355, (1, 2), 178),
        (372, (1, 2), 186),
        (918, (1, 2), 459),
        (5, (60, 100), 3),
        (9, (2, 3), 6),
        (0, (1, 2), 0),
        (1, (1, 2), 1),
    ];
    for (whole, (count, of), needed) in table {
        assert_eq!(Bar::at_least(count, of).unwrap().needed(whole), needed);
    }
    assert_eq!(Bar::simple().needed(10), 6);
    assert_eq!(Bar::simple().needed(9), 5);
}

#[test]
fn ten_in_a_hundred_go_up_and_one_in_twenty_goes_down() {
    let tenth = part("10/100");
    let petition = [
        (355, 36),
        (372, 38),
        (871, 88),
        (918, 92),
        (100, 10),
        (20, 2),
        (19, 2),
    ];
    for (members, needed) in petition {
        assert_eq!(tenth.at_least(members), needed);
    }
    let twentieth = part("1/20");
    let guard = [
        (355, 17),
        (372, 18),
        (871, 43),
        (918, 45),
        (100, 5),
        (999, 49),
        (1000, 50),
        (57, 2),
    ];
    for (members, most) in guard {
        assert_eq!(twentieth.at_most(members), most);
    }
}

#[test]
fn a_part_just_below_the_bar_never_looks_like_it() {
    assert_eq!(
        Part::of(49_999_999, 100_000_000).unwrap().hundredths(),
        4_999
    );
    assert_eq!(Part::of(1, 111).unwrap().hundredths(), 90, "T10");
    assert_eq!(Part::of(6, 49).unwrap().hundredths(), 1_224, "T2");
}

#[test]
fn text_is_read_exactly_or_not_at_all() {
    for (text, shown) in [
        ("2/3", "2/3"),
        ("66/99", "2/3"),
        ("0/5", "0/1"),
        ("436/871", "436/871"),
    ] {
        assert_eq!(part(text).to_string(), shown);
    }
    for text in [
        "", "1", "1/0", "-1/2", "1/-2", "+1/2", "1/2/3", " 1/2", "0.5", "1/ 2", "/2", "1/", "1_0/2",
    ] {
        assert_eq!(text.parse::<Part>(), Err(NoPart), "{text:?}");
    }
    assert!(format!("1/{}", "9".repeat(300)).parse::<Part>().is_err());
}

proptest! {
    #[test]
    fn the_number_needed_is_the_least_that_reaches(count in 1_u64..50, over in 0_u64..50, whole in 0_u64..5_000, more: bool) {
        let of = count + over;
        let bar = if more { Bar::more_than(count, of) } else { Bar::at_least(count, of) }.unwrap();
        let needed = bar.needed(whole);
        // The same in whole numbers, without fractions.
        let reaches = |n: u64| if more { n * of > count * whole } else { n * of >= count * whole };
        prop_assert!(reaches(needed));
        prop_assert!(needed == 0 || !reaches(needed - 1));
    }

    #[test]
    fn what_is_written_is_read(count: u64, whole in 1_u64..) {
        let part = Part::of(count, whole).unwrap();
        let json = serde_json::to_string(&part).unwrap();
        prop_assert_eq!(serde_json::from_str::<Part>(&json).unwrap(), part);
    }
}
