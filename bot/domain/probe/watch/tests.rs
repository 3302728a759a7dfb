use std::collections::HashMap;

use super::super::parse::parse;
use super::*;
use proptest::prelude::*;

/// A world in which some targets answer and others do not, asked as the watch wants.
struct World {
    watch: Watch,
    ms: u64,
    dead: BTreeSet<String>,
    asked: HashMap<String, usize>,
    told: Vec<(u64, String, Option<Told>)>,
    /// When we were known to be cut off, and when no more.
    cut: Vec<Option<DateTime<Utc>>>,
}

fn now(ms: u64) -> Now {
    let at = DateTime::from_timestamp_millis(1_795_525_200_000 + ms as i64).unwrap();
    Now { ms, at }
}

/// A gateway, a relay below it, so many links below that; each probed once a second.
fn tree(links: usize, uplink: bool) -> World {
    let defaults = Defaults {
        every_s: 1,
        timeout_ms: 500,
        uplink: match uplink {
            true => vec![parse("ping world").unwrap()],
            false => Vec::new(),
        },
        ..Defaults::default()
    };
    let mut watch = Watch::new(defaults, 7, now(0));
    let id = |name: &str| EquipmentId::from(name);
    let probe = |name: &str| vec![parse(&format!("ping {name}")).unwrap()];
    watch.set(&id("gate"), &[], &probe("gate"), now(0));
    watch.set(&id("relay"), &[id("gate")], &probe("relay"), now(0));
    for link in 0..links {
        let name = format!("link{link}");
        watch.set(
            &id(&name),
            &[id("relay"), id("gate")],
            &probe(&name),
            now(0),
        );
    }
    World {
        watch,
        ms: 0,
        dead: BTreeSet::new(),
        asked: HashMap::new(),
        told: Vec::new(),
        cut: Vec::new(),
    }
}

impl World {
    fn run(&mut self, seconds: u64) {
        let mut flying: Vec<(u64, Ticket, Outcome)> = Vec::new();
        let end = self.ms + seconds * 1_000;
        while self.ms < end {
            self.ms += 10;
            let now = now(self.ms);
            for question in self.watch.ask(now) {
                let Target::Ping { host } = &question.probe.target else {
                    panic!()
                };
                *self.asked.entry(host.clone()).or_default() += 1;
                flying.push(match self.dead.contains(host) {
                    true => (self.ms + 500, question.ticket, Outcome::Lost(Why::Timeout)),
                    false => (self.ms + 20, question.ticket, Outcome::Answered(20_000)),
                });
            }
            let (landed, rest) = flying.into_iter().partition(|(at, ..)| *at <= self.ms);
            flying = rest;
            for (_, ticket, outcome) in landed {
                self.watch.answer(ticket, outcome, now);
            }
            for report in self.watch.reports(now) {
                self.told
                    .push((self.ms, report.equipment.to_string(), report.now));
                self.watch.was_told(&report);
            }
            if self.cut.last().copied().flatten() != self.watch.cut_off() {
                self.cut.push(self.watch.cut_off());
            }
        }
        for (_, ticket, outcome) in flying {
            self.watch.answer(ticket, outcome, now(self.ms));
        }
    }

    fn kill(&mut self, names: impl IntoIterator<Item = impl Into<String>>) {
        self.dead.extend(names.into_iter().map(Into::into));
    }

    fn said(&mut self) -> Vec<String> {
        let said = std::mem::take(&mut self.told);
        said.into_iter()
            .map(|(_, name, told)| {
                let sign = match told {
                    Some(Told { down: true, .. }) => 'x',
                    Some(_) => '~',
                    None => '.',
                };
                format!("{name}{sign}")
            })
            .collect()
    }
}

use super::super::Target;

fn all(links: usize) -> Vec<String> {
    let mut names: Vec<String> = (0..links).map(|link| format!("link{link}")).collect();
    names.extend(["gate", "relay", "world"].map(str::to_owned));
    names
}

#[test]
fn one_that_falls_silent_is_told_once_and_its_end_once() {
    let mut world = tree(3, false);
    world.run(10);
    assert!(world.said().is_empty());
    world.kill(["link1"]);
    world.run(60);
    let told = world.told.clone();
    assert_eq!(world.said(), ["link1x"]);
    let (at, _, Some(told)) = &told[0] else {
        panic!()
    };
    assert!(
        (12_000..17_000).contains(at),
        "three losses a second apart: {at}"
    );
    assert!(told.since >= now(10_000).at && told.since <= now(11_200).at);
    world.dead.clear();
    world.run(30);
    assert_eq!(world.said(), ["link1."]);
}

#[test]
fn below_a_dead_relay_nobody_is_asked_and_nobody_is_said_to_be_down() {
    let mut world = tree(200, false);
    world.run(10);
    world.kill(all(200).into_iter().filter(|name| name != "gate"));
    world.run(60);
    assert_eq!(world.said(), ["relayx"], "the relay explains its links");
    let before = world.asked.clone();
    world.run(30);
    for link in 0..200 {
        let name = format!("link{link}");
        assert_eq!(before[&name], world.asked[&name], "{name} is not asked");
        assert_eq!(
            world.watch.health(&name.as_str().into()),
            Some(Health::Unknown)
        );
    }
    world.dead.clear();
    world.run(30);
    assert_eq!(world.said(), ["relay."]);
    assert_eq!(world.watch.health(&"link7".into()), Some(Health::Up));
}

#[test]
fn what_stays_silent_after_its_relay_is_back_is_told_then() {
    let mut world = tree(20, false);
    world.run(10);
    world.kill(all(20).into_iter().filter(|name| name != "gate"));
    world.run(60);
    world.said();
    world.dead = BTreeSet::from(["link3".to_owned()]);
    world.run(60);
    assert_eq!(world.said(), ["relay.", "link3x"]);
}

#[test]
fn after_the_return_questions_are_spread() {
    let mut world = tree(500, false);
    world.run(10);
    world
        .watch
        .set_covering(&"relay".into(), true, now(world.ms));
    world.run(10);
    world
        .watch
        .set_covering(&"relay".into(), false, now(world.ms));
    let from = world.asked.values().sum::<usize>();
    world.run(1);
    let in_a_second = world.asked.values().sum::<usize>() - from;
    assert!(
        in_a_second < 200,
        "{in_a_second} of 500 in the first second"
    );
    world.run(10);
    assert!(
        (0..500)
            .all(|n| world.watch.health(&format!("link{n}").as_str().into()) == Some(Health::Up))
    );
}

#[test]
fn a_foreign_alert_about_what_is_above_pauses_as_well() {
    let mut world = tree(2, false);
    world.run(10);
    world
        .watch
        .set_covering(&"gate".into(), true, now(world.ms));
    world.kill(["relay", "link0", "link1"]);
    world.run(60);
    assert!(world.said().is_empty());
    world
        .watch
        .set_covering(&"gate".into(), false, now(world.ms));
    world.run(60);
    assert_eq!(world.said(), ["relayx"]);
}

#[test]
fn when_everything_and_the_world_outside_fail_together_it_is_us() {
    let mut world = tree(400, true);
    world.run(20);
    world.kill(all(400));
    world.run(120);
    assert!(world.said().is_empty(), "no alert, for nothing is known");
    let cut = world.watch.cut_off().unwrap();
    assert!(cut >= now(19_000).at && cut <= now(23_000).at, "{cut:?}");
    assert_eq!(world.watch.health(&"gate".into()), Some(Health::Unknown));
    world.dead.clear();
    world.run(30);
    assert!(world.said().is_empty());
    assert_eq!(world.cut, [Some(cut), None]);
    assert_eq!(world.watch.health(&"gate".into()), Some(Health::Up));
}

#[test]
fn a_loss_by_chance_right_before_we_are_cut_off_opens_nothing() {
    let mut world = tree(30, true);
    world.run(20);
    world.kill(["link5", "world"]);
    world.run(2);
    world.kill(all(30));
    world.run(120);
    assert!(world.said().is_empty());
    assert!(world.watch.cut_off().is_some());
}

#[test]
fn a_whole_network_that_fails_while_the_world_answers_is_told_at_its_root() {
    let mut world = tree(400, true);
    world.run(20);
    world.kill(all(400).into_iter().filter(|name| name != "world"));
    world.run(60);
    assert_eq!(world.said(), ["gatex"]);
    assert!(world.watch.cut_off().is_none());
}

#[test]
fn a_world_outside_that_fails_alone_says_nothing_about_us() {
    let mut world = tree(3, true);
    world.run(20);
    world.kill(["world"]);
    world.run(60);
    assert!(world.watch.cut_off().is_none());
    world.kill(["link1"]);
    world.run(30);
    assert_eq!(world.said(), ["link1x"]);
}

#[test]
fn what_stays_down_after_we_were_cut_off_is_told_then() {
    let mut world = tree(5, true);
    world.run(20);
    world.kill(all(5));
    world.run(60);
    world.dead = BTreeSet::from(["link2".to_owned()]);
    world.run(60);
    assert_eq!(
        (world.said(), world.cut.len()),
        (vec!["link2x".to_owned()], 2)
    );
}

#[test]
fn what_cannot_be_asked_holds_nobody_back() {
    let mut world = tree(1, true);
    let (gate, link): (EquipmentId, EquipmentId) = ("gate".into(), "link0".into());
    for ms in (0..60_000).step_by(100) {
        for question in world.watch.ask(now(ms)) {
            let asks = question.probe.target.to_string();
            let outcome = match asks.as_str() {
                "ping link0" => Outcome::Lost(Why::Timeout),
                _ => Outcome::NotAsked,
            };
            world.watch.answer(question.ticket, outcome, now(ms));
        }
    }
    assert_eq!(world.watch.health(&gate), Some(Health::Unknown));
    let reports = world.watch.reports(now(60_000));
    assert_eq!(
        reports.iter().map(|one| &one.equipment).collect::<Vec<_>>(),
        [&link]
    );
}

#[test]
fn after_a_restart_the_state_goes_on() {
    let told = Told {
        severity: Severity::Critical,
        down: true,
        since: now(0).at,
    };
    let mut world = tree(0, false);
    let probe = |name: &str| parse(&format!("ping {name}")).unwrap();
    let open = |name: &str| (probe(name).fingerprint(&name.into()), name.into(), told);
    world
        .watch
        .resume([open("link0"), open("link1"), open("gone")]);
    for name in ["link0", "link1"] {
        world
            .watch
            .set(&name.into(), &["relay".into()], &[probe(name)], now(0));
    }
    world.kill(["link0"]);
    world.run(30);
    let mut said = world.said();
    said.sort();
    assert_eq!(said, ["gone.", "link1."], "no second opening, no lost end");
}

#[test]
fn changes_of_the_network_hold_at_once() {
    let mut world = tree(2, false);
    world.run(10);
    world.kill(["link0"]);
    world.run(10);
    assert_eq!(world.said(), ["link0x"]);
    let probe = |text: &str| vec![parse(text).unwrap()];
    let link: EquipmentId = "link0".into();
    // Other settings of the same question change nothing that was told.
    world.watch.set(
        &link,
        &["relay".into()],
        &probe("ping link0 failures=5"),
        now(world.ms),
    );
    world.run(10);
    assert!(world.said().is_empty());
    // Less bad than before.
    world.watch.set(
        &link,
        &["relay".into()],
        &probe("ping link0 severity=warning"),
        now(world.ms),
    );
    world.run(10);
    assert_eq!(world.said(), ["link0x"]);
    // Another question: the old alert is over.
    world.watch.set(
        &link,
        &["relay".into()],
        &probe("ping other"),
        now(world.ms),
    );
    world.run(10);
    assert_eq!(world.said(), ["link0."]);
    world.watch.set(&link, &[], &[], now(world.ms));
    assert_eq!((world.watch.len(), world.watch.health(&link)), (3, None));
    let asked = world.asked["other"];
    world.run(10);
    assert_eq!(world.asked["other"], asked);
}

#[test]
fn questions_keep_their_pace_and_their_spread() {
    let mut world = tree(500, false);
    let mut busiest = 0;
    for _ in 0..30 {
        for tenth in 0..100 {
            let asked = world.asked.values().sum::<usize>();
            world.run_ms(10);
            if tenth > 0 {
                busiest = busiest.max(world.asked.values().sum::<usize>() - asked);
            }
        }
    }
    let total = world.asked.values().sum::<usize>();
    assert!((14_000..16_500).contains(&total), "{total} in 30 s");
    assert!(busiest < 25, "{busiest} of 502 in a hundredth of a second");
}

impl World {
    fn run_ms(&mut self, ms: u64) {
        self.ms += ms;
        let at = now(self.ms);
        for question in self.watch.ask(at) {
            *self
                .asked
                .entry(question.probe.target.to_string())
                .or_default() += 1;
            self.watch
                .answer(question.ticket, Outcome::Answered(1_000), at);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    /// Whatever dies and returns: each alert opens and ends in turn, and when all is well again
    /// for long enough nothing is open.
    #[test]
    fn openings_and_ends_alternate_and_all_ends_well(
        steps in prop::collection::vec((prop::collection::vec(any::<bool>(), 9), 1_u64..20), 1..8),
        uplink in any::<bool>(),
    ) {
        let mut world = tree(6, uplink);
        let names = all(6);
        for (dead, seconds) in steps {
            world.dead = names.iter().zip(dead).filter(|(_, dead)| *dead).map(|(name, _)| name.clone()).collect();
            world.run(seconds);
        }
        world.dead.clear();
        world.run(120);
        let mut open: HashMap<String, Told> = HashMap::new();
        for (_, name, told) in &world.told {
            match told {
                Some(told) => {
                    if let Some(before) = open.insert(name.clone(), *told) {
                        prop_assert_ne!(before, *told, "{} is told twice", name);
                        prop_assert_eq!(before.since, told.since);
                    }
                }
                None => prop_assert!(open.remove(name).is_some(), "{} ends twice", name),
            }
        }
        let degraded = open.values().all(|told| !told.down);
        prop_assert!(degraded, "{:?}", open);
    }
}
