//! What cards say of how much is down behind a cause is what a full count finds, whatever
//! happened before: several ways up, outages that cover in part only, silences, other ways that
//! carry, ends in any order, and a tree that changes meanwhile.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops where something is missing"
)]

#[path = "support/desk.rs"]
#[allow(dead_code, reason = "each test file uses a part of the desk")]
mod desk;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use desk::{BACKBONE, Desk, JOIGNY, MIGENNES};
use proptest::prelude::*;
use vigie::app::alerts::{BelowCount, Outage};
use vigie::app::keys;
use vigie::app::tx::decode;
use vigie::app::views::{CardView, CauseNow, CauseView};
use vigie_domain::alert::{Phase, Severity};
use vigie_domain::network_import::{Format, SourceFile};
use vigie_domain::tree::{Node, Upstream};
use vigie_domain::{ChatId, EquipmentId};
use vigie_store::Key;

/// Name, class, parents, sector. `tour` has two ways up; so has what hangs on it.
const EQUIPMENT: [(&str, &str, &[&str], &str); 12] = [
    ("collecte", "backbone", &[], ""),
    ("silo", "main-relay", &["collecte"], "migennes"),
    ("joigny-tour", "main-relay", &["collecte"], "joigny"),
    ("eglise", "secondary-relay", &["silo"], "migennes"),
    ("chateau-eau", "secondary-relay", &["silo"], "migennes"),
    (
        "tour",
        "secondary-relay",
        &["silo", "joigny-tour"],
        "joigny",
    ),
    (
        "pont",
        "secondary-relay",
        &["joigny-tour", "silo"],
        "migennes",
    ),
    ("gare", "secondary-relay", &["tour"], "joigny"),
    ("lien1", "link", &["eglise"], "migennes"),
    ("lien2", "link", &["gare"], "joigny"),
    ("lien3", "link", &["gare"], "migennes"),
    ("lien4", "link", &["pont"], "joigny"),
];

/// In the other tree this hangs elsewhere.
const MOVED: (&str, &[&str]) = ("gare", &["eglise", "pont"]);

fn parents(name: &str, moved: bool) -> &'static [&'static str] {
    let own = |(other, _, parents, _): &(&str, _, &'static [&'static str], _)| {
        (*other == name).then_some(*parents)
    };
    match moved && name == MOVED.0 {
        true => MOVED.1,
        false => EQUIPMENT.iter().find_map(own).unwrap_or(&[]),
    }
}

fn sector(name: &str) -> &'static str {
    let own =
        |(other, _, _, sector): &(&str, _, _, &'static str)| (*other == name).then_some(*sector);
    EQUIPMENT.iter().find_map(own).unwrap_or("")
}

fn network(moved: bool) -> String {
    let mut text = "[alerts]\ndelay_s = 0\n".to_owned();
    for id in ["migennes", "joigny"] {
        text += &format!("[[sectors]]\nid = \"{id}\"\nname = \"{id}\"\n");
    }
    for (id, class, _, sector) in EQUIPMENT {
        text += &format!("[[equipment]]\nid = \"{id}\"\nname = \"{id}\"\nclass = \"{class}\"\n");
        if !sector.is_empty() {
            text += &format!("sector = \"{sector}\"\n");
        }
        if let [first, others @ ..] = parents(id, moved) {
            text += &format!("parent = \"{first}\"\nbackups = {others:?}\n");
        }
    }
    text
}

#[derive(Clone, Debug)]
enum Step {
    Down(usize, bool),
    Late(usize),
    Up(usize),
    Bypass(usize, bool),
    Silence(usize),
    Import(bool),
    Pass(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let some = 0..EQUIPMENT.len();
    prop_oneof![
        6 => (some.clone(), prop::bool::weighted(0.8)).prop_map(|(at, bad)| Step::Down(at, bad)),
        1 => some.clone().prop_map(Step::Late),
        4 => some.clone().prop_map(Step::Up),
        1 => (0_usize..8, any::<bool>()).prop_map(|(at, on)| Step::Bypass(at, on)),
        1 => some.prop_map(Step::Silence),
        1 => any::<bool>().prop_map(Step::Import),
        3 => prop_oneof![1_i64..20, 50_i64..70, 200_i64..400].prop_map(Step::Pass),
    ]
}

async fn take(desk: &Desk, step: &Step, moved: &mut bool) {
    let name = |at: &usize| EQUIPMENT.get(*at).unwrap().0;
    match step {
        Step::Down(at, bad) => {
            let mut alert = desk.alert(name(at));
            if !bad {
                alert.severity = Severity::Warning;
            }
            desk.hear(vec![alert]).await;
        }
        Step::Late(at) => {
            let mut alert = desk.alert(name(at));
            alert.fingerprint = format!("late {}", name(at)).as_str().into();
            alert.starts_at = Some(desk.now() - TimeDelta::seconds(90));
            desk.hear(vec![alert]).await;
        }
        Step::Up(at) => {
            for mark in ["", "late "] {
                let mut alert = desk.alert(name(at));
                alert.fingerprint = format!("{mark}{}", name(at)).as_str().into();
                alert.phase = Phase::Resolved;
                (alert.starts_at, alert.ends_at) = (None, Some(desk.now()));
                desk.hear(vec![alert]).await;
            }
        }
        Step::Bypass(at, on) => {
            let words = format!("{} secours {}", name(at), if *on { "oui" } else { "non" });
            desk.command(&desk.person(1), BACKBONE, "equipement", &words)
                .await;
        }
        Step::Silence(at) => {
            let words = format!("{} 2 min", name(at));
            desk.command(&desk.person(1), BACKBONE, "silence", &words)
                .await;
        }
        Step::Import(other) => {
            *moved = *other;
            let text = network(*other);
            let file = SourceFile {
                format: Format::Toml,
                name: "network.toml",
                text: &text,
            };
            desk.app.import_network(&[file], |_, _| ()).await.unwrap();
        }
        Step::Pass(seconds) => desk.pass(*seconds).await,
    }
}

/// Everything above, by name.
fn above(name: &str, moved: bool) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    let mut next: Vec<&'static str> = parents(name, moved).to_vec();
    while let Some(here) = next.pop() {
        if found.insert(here) {
            next.extend(parents(here, moved));
        }
    }
    found
}

struct World {
    outages: BTreeMap<String, Outage>,
    moved: bool,
}

impl World {
    fn cause(&self, name: &str) -> EquipmentId {
        let mut nodes = BTreeMap::new();
        for here in above(name, self.moved).into_iter().chain([name]) {
            let parents = parents(here, self.moved).iter();
            let outage = self.outages.get(here).filter(|_| here != name);
            let node = Node {
                parents: parents.map(|parent| (*parent).into()).collect(),
                covers: outage.is_some_and(Outage::covers),
            };
            nodes.insert(EquipmentId::from(here), node);
        }
        Upstream { nodes }.cause(&name.into())
    }

    fn several(&self, name: &str) -> bool {
        let mut all = above(name, self.moved).into_iter();
        parents(name, self.moved).len() > 1 || all.any(|here| parents(here, self.moved).len() > 1)
    }

    /// A full count of what is down behind a cause, in the sector of a group.
    fn behind(&self, root: &str, only: &str, over: Option<DateTime<Utc>>) -> usize {
        let counts = |(name, outage): &(&String, &Outage)| {
            above(name, self.moved).contains(root)
                && (only.is_empty() || sector(name) == only)
                && match over {
                    Some(over) => outage.since <= over,
                    None => !self.several(name) || self.cause(name) == root.into(),
                }
        };
        self.outages.iter().filter(counts).count()
    }

    /// How much a card should say is down behind one of its causes.
    fn expected(&self, cause: &CauseView, chat: ChatId, now: DateTime<Utc>) -> Option<usize> {
        let only = match chat {
            MIGENNES => "migennes",
            JOIGNY => "joigny",
            _ => "",
        };
        let root = cause.id.as_str();
        match cause.now {
            CauseNow::CoveredBy(_) => Some(0),
            CauseNow::Ended(at) if now - at >= TimeDelta::seconds(60) => Some(0),
            CauseNow::Ended(at) => Some(self.behind(root, only, Some(at))),
            _ if self.outages.get(root).is_some_and(Outage::covers) => {
                Some(self.behind(root, only, None))
            }
            _ => Some(0),
        }
    }
}

async fn world(desk: &Desk, moved: bool) -> World {
    let rows = desk.records("es/").await.into_iter();
    let outages = rows.map(|(key, bytes)| {
        let outage: Outage = decode(&key, &bytes).unwrap();
        (outage.equipment.to_string(), outage)
    });
    World {
        outages: outages.collect(),
        moved,
    }
}

/// The counters are a full count of the lists, and the lists hold what is down and nothing else.
async fn counters_are_true(desk: &Desk, world: &World) {
    let mut listed = BTreeMap::new();
    let mut counted = BTreeMap::new();
    for (name, outage) in &world.outages {
        let how = outage.listed.as_ref().unwrap();
        let known: BTreeSet<&str> = outage.above.iter().map(EquipmentId::as_str).collect();
        assert_eq!(known, above(name, world.moved), "{name}");
        for ancestor in &outage.above {
            listed.insert(keys::below(ancestor, how, &outage.equipment), ());
            let sector = Some(sector(name)).filter(|sector| !sector.is_empty());
            *counted.entry((ancestor.to_string(), sector)).or_insert(0) += 1;
        }
    }
    let rows = desk.records("ud/").await.into_iter();
    assert_eq!(
        rows.map(|(key, _)| (key, ())).collect::<BTreeMap<_, _>>(),
        listed
    );
    let mut found = BTreeMap::new();
    for (key, bytes) in desk.records("uc/").await {
        let row: BelowCount = decode(&key, &bytes).unwrap();
        let ancestor = keys::first_text(&key).unwrap();
        for (in_sector, count) in row.sectors {
            assert!(count > 0, "nothing is not counted");
            let in_sector = in_sector.map(|id| sector_named(id.as_str()));
            *found.entry((ancestor.clone(), in_sector)).or_insert(0) += count;
        }
    }
    assert_eq!(found, counted);
}

fn sector_named(id: &str) -> &'static str {
    let known = EQUIPMENT.iter().map(|(_, _, _, sector)| *sector);
    known.into_iter().find(|sector| *sector == id).unwrap()
}

fn said(cause: &CauseView) -> usize {
    cause.behind.len() + usize::try_from(cause.behind_more).unwrap()
}

async fn holds(steps: Vec<Step>) {
    let desk = Desk::open(0).await;
    let mut moved = false;
    take(&desk, &Step::Import(false), &mut moved).await;
    desk.deliver_all().await;
    for step in &steps {
        take(&desk, step, &mut moved).await;
        desk.app.fire_due().await.unwrap();
        let world = world(&desk, moved).await;
        counters_are_true(&desk, &world).await;
        for sent in desk.deliver_all().await {
            let Some(card) = &sent.card else { continue };
            card_is_true(card, sent.chat, &world, desk.now());
        }
    }
}

fn card_is_true(card: &CardView, chat: ChatId, world: &World, now: DateTime<Utc>) {
    for cause in &card.causes {
        let expected = world.expected(cause, chat, now);
        assert_eq!(Some(said(cause)), expected, "{} in {chat}", cause.id);
    }
}

#[tokio::test]
async fn what_was_down_before_it_was_listed_by_time_is_listed_at_the_next_start() {
    let desk = Desk::open(0).await;
    let mut moved = false;
    take(&desk, &Step::Import(false), &mut moved).await;
    take(&desk, &Step::Down(3, true), &mut moved).await;
    let mut before = world(&desk, moved).await.outages.remove("eglise").unwrap();
    // Another one, as it was stored before.
    before.equipment = "gare".into();
    before.listed = None;
    before.above = ["tour", "silo", "joigny-tour", "collecte"]
        .map(EquipmentId::from)
        .to_vec();
    for ancestor in &before.above {
        let row = Key::of("ub/").text(ancestor.as_str()).text("gare").end();
        desk.write(row, &before).await;
    }
    desk.write(keys::outage(&before.equipment), &before).await;
    take(&desk, &Step::Import(true), &mut moved).await;
    let world = world(&desk, moved).await;
    assert_eq!(world.outages.len(), 2);
    counters_are_true(&desk, &world).await;
    assert!(desk.records("ub/").await.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn what_cards_count_is_what_a_full_count_finds(steps in prop::collection::vec(step(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(holds(steps));
    }
}
