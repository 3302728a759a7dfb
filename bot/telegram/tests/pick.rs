use proptest::prelude::*;

use super::*;

fn row(name: &str, chat: i64, class: Class, asked: i64) -> Waiting {
    Waiting {
        key: Key::of(name).end(),
        chat: ChatId(chat),
        class,
        asked,
        not_before: 0,
        free: false,
    }
}

fn names(picked: &Picked) -> Vec<String> {
    let name = |key: &Key| String::from_utf8(key.as_bytes().to_vec()).unwrap();
    picked.send.iter().map(name).collect()
}

#[test]
fn the_class_decides_then_who_waited_longest_for_a_turn() {
    let mut picker = Picker::new(Pace {
        overall: 2,
        ..Pace::default()
    });
    picker.put(row("digest", 1, Class::Bulk, 0));
    picker.put(row("edit", 2, Class::Alert, 1));
    picker.put(row("first", 3, Class::First, 9));
    picker.put(row("answer", 4, Class::Answer, 10));
    let picked = picker.pick(0);
    assert_eq!(names(&picked), ["answer", "first"]);
    assert_eq!(picked.again_at, Some(1_000));
    assert_eq!(names(&picker.pick(1_000)), ["edit", "digest"]);
    for (key, chat) in [("a", 1), ("b", 5)] {
        picker.put(row(key, chat, Class::Bulk, 0));
    }
    picker.landed(&Key::of("digest").end());
    // Chat 5 was never served, chat 1 just was.
    assert_eq!(names(&picker.pick(5_000)), ["b", "a"]);
}

#[test]
fn one_in_flight_per_conversation_and_a_slow_one_holds_up_nobody() {
    let mut picker = Picker::new(Pace::default());
    picker.put(row("a1", -1, Class::Alert, 0));
    picker.put(row("a2", -1, Class::Alert, 1));
    picker.put(row("b1", -2, Class::Alert, 2));
    assert_eq!(names(&picker.pick(0)), ["a1", "b1"]);
    assert_eq!(names(&picker.pick(10_000)), Vec::<String>::new());
    picker.put(row("b2", -2, Class::Alert, 3));
    picker.landed(&Key::of("b1").end());
    assert_eq!(names(&picker.pick(10_000)), ["b2"]);
    picker.landed(&Key::of("a1").end());
    assert_eq!(names(&picker.pick(20_000)), ["a2"]);
}

#[test]
fn a_parked_conversation_waits_exactly_and_alone() {
    let mut picker = Picker::new(Pace::default());
    picker.park(ChatId(-1), 7_000);
    picker.put(row("a", -1, Class::First, 0));
    picker.put(row("b", -2, Class::Bulk, 1));
    let picked = picker.pick(0);
    assert_eq!(
        (names(&picked), picked.again_at),
        (vec!["b".to_owned()], Some(7_000))
    );
    assert_eq!(picker.pick(6_999).send, Vec::new());
    assert_eq!(names(&picker.pick(7_000)), ["a"]);
    picker.park_all(9_000);
    picker.put(row("c", -3, Class::Answer, 1));
    assert_eq!(
        picker.pick(8_999),
        Picked {
            send: Vec::new(),
            again_at: Some(9_000)
        }
    );
}

#[test]
fn answers_to_presses_have_no_pace() {
    let mut picker = Picker::new(Pace::default());
    picker.park(ChatId(-1), 60_000);
    for n in 0..50 {
        picker.put(Waiting {
            free: true,
            ..row(&format!("tap{n}"), -1, Class::Answer, n)
        });
    }
    assert_eq!(picker.pick(0).send.len(), 50);
}

#[test]
fn what_is_chosen_flies_until_it_lands_with_a_pace_or_without() {
    let mut picker = Picker::new(Pace::default());
    for (name, free) in [("card", false), ("tap", true)] {
        let key = Key::of(name).end();
        picker.put(Waiting {
            free,
            ..row(name, -1, Class::Answer, 0)
        });
        assert!(!picker.flies(&key));
        assert_eq!(names(&picker.pick(0)), [name]);
        assert!(picker.flies(&key), "{name}");
        picker.landed(&key);
        assert!(!picker.flies(&key), "{name}");
    }
}

#[test]
fn a_row_for_later_waits_and_can_change() {
    let mut picker = Picker::new(Pace::default());
    picker.put(Waiting {
        not_before: 5_000,
        ..row("a", 1, Class::First, 0)
    });
    assert_eq!(
        picker.pick(0),
        Picked {
            send: Vec::new(),
            again_at: Some(5_000)
        }
    );
    picker.put(row("a", 1, Class::First, 0));
    assert_eq!(names(&picker.pick(1)), ["a"]);
    assert!(picker.is_empty());
    picker.put(row("b", 2, Class::First, 0));
    picker.remove(&Key::of("b").end());
    assert_eq!(picker.pick(10_000).send, Vec::new());
}

#[test]
fn a_group_keeps_room_for_first_messages_and_answers() {
    let mut picker = Picker::new(Pace::default());
    let mut now = 0;
    let mut edits = 0;
    for n in 0..40 {
        picker.put(row(&format!("e{n}"), -1, Class::Alert, n));
    }
    while now < 30_000 {
        for key in picker.pick(now).send {
            picker.landed(&key);
            edits += 1;
        }
        now += 100;
    }
    assert_eq!(edits, 15);
    picker.put(row("first", -1, Class::First, 99));
    assert_eq!(names(&picker.pick(now)), ["first"]);
}

/// Replays a load; returned are the times of the sendings by conversation.
fn replay(loads: &[(i64, u8, u64)], until: Millis) -> Vec<(Millis, i64, Class)> {
    let classes = [
        Class::Answer,
        Class::First,
        Class::Alert,
        Class::Service,
        Class::Bulk,
    ];
    let mut picker = Picker::new(Pace::default());
    let mut chats = HashMap::new();
    let mut waiting: VecDeque<_> = loads.iter().enumerate().collect();
    let mut sent = Vec::new();
    let mut now = 0;
    while now < until && sent.len() < loads.len() {
        while let Some((n, (chat, class, _))) = waiting.pop_front_if(|(_, (.., at))| *at <= now) {
            let class = classes[usize::from(*class) % classes.len()];
            let row = row(&format!("{n}"), *chat, class, i64::try_from(n).unwrap());
            chats.insert(row.key.clone(), (*chat, class));
            picker.put(row);
        }
        for key in picker.pick(now).send {
            let (chat, class) = chats[&key];
            sent.push((now, chat, class));
            picker.landed(&key);
        }
        now += 100;
    }
    sent
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn no_window_is_ever_overrun_and_everything_leaves(
        mut loads in prop::collection::vec((prop_oneof![-3_i64..0, 1_i64..40], 0_u8..5, 0_u64..20_000), 1..80)
    ) {
        loads.sort_by_key(|(.., at)| *at);
        let sent = replay(&loads, 1_200_000);
        prop_assert_eq!(sent.len(), loads.len());
        for (n, (at, chat, class)) in sent.iter().enumerate() {
            let within = |span: Millis| sent[..n].iter().filter(move |(t, ..)| t + span > *at);
            prop_assert!(within(1_000).count() < 25);
            if *chat < 0 {
                prop_assert!(within(60_000).filter(|(_, c, _)| c == chat).count() < 18);
                if *class != Class::Answer {
                    prop_assert_eq!(within(1_000).filter(|(_, c, _)| c == chat).count(), 0);
                }
            } else {
                prop_assert!(within(3_000).filter(|(_, c, _)| c == chat).count() < 3);
            }
        }
    }

    #[test]
    fn whenever_something_waits_there_is_a_time_to_look_again(
        loads in prop::collection::vec((-3_i64..3, 0_u8..5), 1..60)
    ) {
        let mut picker = Picker::new(Pace::default());
        for (n, (chat, _)) in loads.iter().enumerate() {
            picker.put(row(&format!("{n}"), *chat, Class::Alert, 0));
        }
        let mut now = 0;
        let mut rounds = 0;
        while !picker.is_empty() {
            let picked = picker.pick(now);
            for key in &picked.send { picker.landed(key); }
            if picked.send.is_empty() {
                let again = picked.again_at;
                prop_assert!(again.is_some_and(|at| at > now), "stuck at {}", now);
                now = again.unwrap();
            }
            rounds += 1;
            prop_assert!(rounds < 1_000);
        }
    }
}
