//! Rules that keep groups calm: what is unstable, what comes back, what hangs on what, and whom an
//! outage is told to.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops where something is missing"
)]

#[path = "support/desk.rs"]
#[allow(dead_code, reason = "each test file uses a part of the desk")]
mod desk;

#[path = "calm_rules/labels.rs"]
mod labels;

use desk::{BACKBONE, Desk, JOIGNY, MIGENNES, cards_in, said_in};
use vigie::app::views::{CardView, CauseNow};
use vigie_domain::alert::Severity;
use vigie_domain::text::Key;

/// It goes down and comes back, so many times, a second each.
async fn flips(desk: &Desk, name: &str, count: usize) {
    for _ in 0..count {
        desk.down(name).await;
        desk.wait(1).await;
        desk.up(name).await;
        desk.wait(1).await;
    }
}

fn is_unstable(card: &CardView) -> bool {
    matches!(card.causes[0].now, CauseNow::Unstable { .. })
}

#[tokio::test]
async fn what_goes_down_and_up_is_one_message_that_says_unstable_and_then_what_it_is() {
    let desk = Desk::open(0).await;
    let mut sent = Vec::new();
    for _ in 0..6 {
        flips(&desk, "eglise", 1).await;
        sent.extend(desk.deliver_all().await);
    }
    assert_eq!(sent.iter().filter(|sent| sent.new).count(), 1);
    assert!(is_unstable(sent.last().unwrap().card.as_ref().unwrap()));
    desk.wait(14 * 60).await;
    let sent = desk.deliver_all().await;
    assert!(sent.is_empty(), "calm, but not for long enough: {sent:?}");
    desk.wait(60).await;
    let sent = desk.deliver_all().await;
    assert_eq!((sent.len(), sent[0].new), (1, false));
    let card = sent[0].card.as_ref().unwrap();
    assert!(card.finished && matches!(card.causes[0].now, CauseNow::Ended(_)));
}

#[tokio::test]
async fn what_blinks_within_the_delay_is_told_as_unstable() {
    let desk = Desk::open(180).await;
    flips(&desk, "eglise", 1).await;
    assert!(desk.deliver_all().await.is_empty(), "one blink is nothing");
    flips(&desk, "eglise", 1).await;
    let sent = desk.deliver_all().await;
    assert_eq!(sent.len(), 1);
    assert!(is_unstable(cards_in(&sent, MIGENNES)[0]));
    let rows = desk.rows().await;
    flips(&desk, "eglise", 20).await;
    desk.deliver_all().await;
    assert!(desk.rows().await <= rows, "nothing is kept of each change");
}

#[tokio::test]
async fn what_stays_down_after_it_was_unstable_is_said_once_more() {
    let desk = Desk::open(0).await;
    flips(&desk, "eglise", 3).await;
    desk.down("eglise").await;
    let went = desk.now();
    desk.deliver_all().await;
    desk.wait(15 * 60).await;
    let sent = desk.deliver_all().await;
    let cause = &cards_in(&sent, MIGENNES)[0].causes[0];
    assert_eq!((&cause.now, cause.since), (&CauseNow::Down, went));
    desk.wait(60).await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, MIGENNES), [Key::CardAgain]);
    assert_eq!(sent.len(), 1);
}

#[tokio::test]
async fn a_day_of_blinking_costs_one_message_and_a_bounded_number_of_edits() {
    let desk = Desk::open(0).await;
    let (mut new, mut edits) = (0, 0);
    let mut rows = 0;
    for round in 0..2_880 {
        desk.down("eglise").await;
        desk.wait(15).await;
        desk.up("eglise").await;
        desk.wait(15).await;
        for sent in desk.deliver_all().await {
            match sent.new {
                true => new += 1,
                false => edits += 1,
            }
        }
        if round == 10 {
            rows = desk.rows().await;
        }
    }
    assert_eq!(new, 1);
    assert!(edits <= 24 * 60 + 5, "{edits} edits");
    assert!(desk.rows().await <= rows, "{} rows", desk.rows().await);
}

#[tokio::test]
async fn a_hundred_thousand_names_leave_nothing_behind() {
    // Fewer here: what counts is that each of them goes.
    let desk = Desk::open(0).await;
    desk.wait(86_400 * 200).await;
    desk.app.sweep().await.unwrap();
    let before = desk.rows().await;
    for number in 0..200 {
        let name = format!("inconnu-{number}");
        desk.down(&name).await;
        desk.up(&name).await;
    }
    desk.deliver_all().await;
    desk.wait(86_400 * 100).await;
    desk.deliver_all().await;
    desk.app.sweep().await.unwrap();
    let after = desk.rows().await;
    assert!(after <= before + 1, "{before} rows, then {after}");
}

/// A restarted Alertmanager, or a program that posts what is wrong every minute, gives the same
/// outage a new start each time: nobody said that it was up in between.
#[tokio::test]
async fn an_outage_told_again_with_a_later_start_is_no_change() {
    let desk = Desk::open(0).await;
    let mut sent = Vec::new();
    for _ in 0..20 {
        desk.down("eglise").await;
        sent.extend(desk.deliver_all().await);
        desk.wait(60).await;
    }
    desk.up("eglise").await;
    sent.extend(desk.deliver_all().await);
    let cards = cards_in(&sent, MIGENNES);
    assert!(!cards.iter().any(|card| is_unstable(card)), "{cards:?}");
    assert!(cards.last().unwrap().finished);
    assert_eq!(
        sent.iter()
            .filter(|sent| sent.new && sent.card.is_some())
            .count(),
        1
    );
}

#[tokio::test]
async fn what_hangs_on_something_unstable_gets_no_card_of_its_own() {
    let desk = Desk::open(0).await;
    flips(&desk, "silo", 2).await;
    desk.down("silo").await;
    desk.down("eglise").await;
    desk.up("silo").await;
    desk.deliver_all().await;
    desk.wait(300).await;
    let sent = desk.deliver_all().await;
    assert!(sent.iter().all(|sent| !sent.new), "{sent:?}");
    // It is calm: the relay above is up, and what is down behind it stands alone.
    desk.wait(15 * 60).await;
    let sent = desk.deliver_all().await;
    let opened: Vec<_> = sent.iter().filter(|sent| sent.new).collect();
    assert_eq!(opened.len(), 1);
    let card = opened[0].card.as_ref().unwrap();
    assert_eq!(card.causes[0].name, "Migennes, église (eglise)");
}

#[tokio::test]
async fn warnings_that_come_and_go_hide_no_outage_behind() {
    let desk = Desk::open(0).await;
    for _ in 0..3 {
        let mut warning = desk.alert("silo");
        warning.severity = Severity::Warning;
        desk.hear(vec![warning]).await;
        desk.wait(1).await;
        desk.up("silo").await;
        desk.wait(1).await;
    }
    desk.deliver_all().await;
    desk.wait(60).await;
    desk.down("eglise").await;
    let sent = desk.deliver_all().await;
    assert_eq!(sent.iter().filter(|sent| sent.new).count(), 1);
}

#[tokio::test]
async fn damping_can_be_turned_off() {
    let desk = Desk::open_with(0, "", |settings| settings.flap.changes = 0).await;
    flips(&desk, "eglise", 6).await;
    let sent = desk.deliver_all().await;
    assert!(
        sent.iter()
            .all(|sent| sent.card.as_ref().is_none_or(|card| !is_unstable(card)))
    );
}

#[tokio::test]
async fn an_outage_that_comes_back_stays_on_its_card_and_is_answered_if_it_lasts() {
    let desk = Desk::open_with(0, "", |settings| settings.flap.changes = 0).await;
    desk.down("eglise").await;
    desk.deliver_all().await;
    desk.wait(100).await;
    desk.up("eglise").await;
    desk.deliver_all().await;
    desk.wait(200).await;
    desk.down("eglise").await;
    let sent = desk.deliver_all().await;
    assert_eq!((sent.len(), sent[0].new), (1, false), "on the same card");
    desk.wait(60).await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, MIGENNES), [Key::CardAgain]);
    desk.up("eglise").await;
    desk.deliver_all().await;
    desk.wait(301).await;
    desk.down("eglise").await;
    let sent = desk.deliver_all().await;
    assert_eq!(sent.iter().filter(|sent| sent.new).count(), 1, "a new one");
}

#[tokio::test]
async fn a_child_40_s_before_its_parent_over_three_levels_is_one_message_for_each_group() {
    let desk = Desk::open(0).await;
    let mut sent = Vec::new();
    for name in ["eglise", "silo", "joigny-tour", "collecte"] {
        desk.down(name).await;
        sent.extend(desk.deliver_all().await);
        desk.wait(40).await;
    }
    let new = |chat| {
        sent.iter()
            .filter(|one| one.chat == chat && one.new)
            .count()
    };
    assert_eq!((new(MIGENNES), new(JOIGNY), new(BACKBONE)), (1, 1, 1));
    let last = |chat| {
        let cards = cards_in(&sent, chat);
        let card: &CardView = cards.last().unwrap();
        let live: Vec<_> = card
            .causes
            .iter()
            .filter(|cause| cause.now.lasts())
            .collect();
        assert_eq!(live.len(), 1, "{chat}");
        (live[0].name.clone(), live[0].behind.len())
    };
    let root = "Migennes, collecte (collecte)".to_owned();
    assert_eq!(last(MIGENNES), (root.clone(), 2));
    assert_eq!(last(JOIGNY), (root.clone(), 1));
    assert_eq!(
        last(BACKBONE),
        (root, 3),
        "the technical group sees the whole"
    );
    // All over, in any order: each card ends, and nothing new is said.
    for name in ["silo", "collecte", "eglise", "joigny-tour"] {
        desk.up(name).await;
        desk.wait(5).await;
    }
    desk.wait(120).await;
    let sent = desk.deliver_all().await;
    assert!(sent.iter().all(|one| !one.new));
    for chat in [MIGENNES, JOIGNY, BACKBONE] {
        assert!(cards_in(&sent, chat).last().unwrap().finished, "{chat}");
    }
}

#[tokio::test]
async fn who_took_it_is_read_in_every_group() {
    let desk = Desk::open(0).await;
    desk.down("collecte").await;
    desk.down("silo").await;
    let sent = desk.deliver_all().await;
    desk.tap(&desk.person(1), cards_in(&sent, BACKBONE)[0], 0)
        .await;
    let sent = desk.deliver_all().await;
    for chat in [BACKBONE, MIGENNES] {
        let cause = &cards_in(&sent, chat)[0].causes[0];
        assert_eq!(cause.taken.as_ref().unwrap().name, "P1", "{chat}");
    }
    desk.wait(7_200).await;
    assert!(desk.deliver_all().await.is_empty(), "nobody is reminded");
}

/// 31 links of members behind a church, and a relay with two ways up.
fn behind() -> String {
    let mut more = String::new();
    for number in 0..31 {
        more += &format!(
            "[[equipment]]\nid = \"lien-{number}\"\nname = \"Lien {number}\"\nclass = \"link\"\n\
             parent = \"eglise\"\nsector = \"migennes\"\n"
        );
    }
    more + "[[equipment]]\nid = \"pont\"\nname = \"Pont\"\nclass = \"secondary-relay\"\n\
            parent = \"silo\"\nbackups = [\"joigny-tour\"]\nsector = \"joigny\"\n"
}

#[tokio::test]
async fn a_card_says_how_much_hangs_on_it_though_none_of_it_alerts() {
    let desk = Desk::open_with(0, &behind(), |_| ()).await;
    desk.down("eglise").await;
    let sent = desk.deliver_all().await;
    let carries = cards_in(&sent, MIGENNES)[0].causes[0].carries;
    assert_eq!((carries.links, carries.relays), (31, 0));
    desk.wait(120).await;
    desk.down("collecte").await;
    let sent = desk.deliver_all().await;
    let count = |chat| {
        let cards = cards_in(&sent, chat);
        let cause = cards.last().unwrap().causes[0].clone();
        (cause.carries.links, cause.carries.relays)
    };
    assert_eq!(count(MIGENNES), (31, 3), "the sector's part");
    assert_eq!(
        count(BACKBONE),
        (31, 5),
        "the whole, with both ways of the bridge"
    );
}

#[tokio::test]
async fn a_relay_with_two_parents_is_explained_only_when_both_are_down() {
    let desk = Desk::open_with(0, &behind(), |_| ()).await;
    desk.down("silo").await;
    desk.deliver_all().await;
    desk.wait(120).await;
    desk.down("pont").await;
    let sent = desk.deliver_all().await;
    let card = cards_in(&sent, JOIGNY)[0];
    assert_eq!(card.causes[0].name, "Pont");
    assert!(
        cards_in(&sent, MIGENNES)
            .iter()
            .all(|card| card.causes[0].behind.is_empty())
    );
    // The other way fails too: one card, in place.
    desk.wait(40).await;
    desk.down("joigny-tour").await;
    let sent = desk.deliver_all().await;
    let new: Vec<_> = sent.iter().filter(|one| one.new).collect();
    assert_eq!(new.len(), 1, "the tower's own card");
    let cards = cards_in(&sent, JOIGNY);
    let live = |card: &CardView| {
        let lasts = card.causes.iter().filter(|cause| cause.now.lasts());
        lasts.map(|cause| cause.name.clone()).collect::<Vec<_>>()
    };
    let mut now: Vec<_> = cards.iter().flat_map(|card| live(card)).collect();
    now.sort();
    now.dedup();
    assert_eq!(now, ["Joigny, tour (joigny-tour)", "Migennes, silo (silo)"]);
    // One of the two is back, and the bridge is still down: it stands alone after the grace.
    desk.wait(60).await;
    desk.up("silo").await;
    desk.deliver_all().await;
    desk.wait(61).await;
    let sent = desk.deliver_all().await;
    let cards = cards_in(&sent, JOIGNY);
    let lasting: Vec<_> = cards.iter().filter(|card| !card.finished).collect();
    assert_eq!(lasting.len(), 1, "{cards:?}");
    let names = live(lasting[0]);
    assert_eq!(
        names.iter().filter(|name| *name == "Pont").count(),
        1,
        "{names:?}"
    );
}

#[tokio::test]
async fn another_way_makes_it_degraded_and_explains_nothing_any_more() {
    let desk = Desk::open(0).await;
    let admin = desk.person(1);
    desk.command(
        &admin,
        BACKBONE,
        "equipement",
        "collecte secours via Seignelay",
    )
    .await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, BACKBONE), [Key::BypassNothingDown]);
    for name in ["collecte", "silo", "joigny-tour"] {
        desk.down(name).await;
    }
    desk.deliver_all().await;
    desk.command(
        &admin,
        BACKBONE,
        "equipement",
        "collecte secours via Seignelay",
    )
    .await;
    desk.up("silo").await;
    let sent = desk.deliver_all().await;
    let cause = &cards_in(&sent, BACKBONE)[0].causes[0];
    let CauseNow::Bypassed { via, by, .. } = &cause.now else {
        panic!("{cause:?}")
    };
    assert_eq!((via.as_str(), by.as_str()), ("Seignelay", "P1"));
    desk.wait(299).await;
    assert!(desk.deliver_all().await.iter().all(|one| !one.new));
    desk.wait(1).await;
    let sent = desk.deliver_all().await;
    let mut causes = cards_in(&sent, JOIGNY)
        .into_iter()
        .flat_map(|card| &card.causes);
    assert!(causes.any(|cause| cause.name.starts_with("Joigny, tour")));
    // It ends with the outage.
    desk.up("collecte").await;
    desk.deliver_all().await;
    desk.wait(600).await;
    desk.down("collecte").await;
    let sent = desk.deliver_all().await;
    let last = cards_in(&sent, BACKBONE).into_iter().last().unwrap();
    assert_eq!(last.causes[0].now, CauseNow::Down);
}

#[tokio::test]
async fn who_may_not_set_another_way_is_refused() {
    let desk = Desk::open(0).await;
    desk.down("eglise").await;
    desk.deliver_all().await;
    desk.command(
        &desk.person(77),
        MIGENNES,
        "equipement",
        "eglise secours oui",
    )
    .await;
    let sent = desk.deliver_all().await;
    assert!(cards_in(&sent, MIGENNES).is_empty());
    assert_eq!(said_in(&sent, MIGENNES), [Key::AuthzNotKnown]);
}

#[tokio::test]
async fn what_is_below_the_threshold_of_a_group_waits_for_the_morning() {
    let desk = Desk::open(0).await;
    for _ in 0..2 {
        let mut info = desk.alert("eglise");
        info.severity = Severity::Info;
        desk.hear(vec![info]).await;
        desk.wait(3_600).await;
        desk.up("eglise").await;
        desk.wait(3_600).await;
    }
    assert!(desk.deliver_all().await.is_empty());
    desk.until("2026-11-25T06:59:59Z").await;
    assert!(desk.deliver_all().await.is_empty());
    desk.until("2026-11-25T07:00:00Z").await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, MIGENNES), [Key::DigestBelow]);
    desk.wait(2 * 86_400).await;
    assert!(desk.deliver_all().await.is_empty(), "once");
    // What becomes worse is told at once.
    let mut alert = desk.alert("eglise");
    alert.severity = Severity::Info;
    desk.hear(vec![alert.clone()]).await;
    alert.severity = Severity::Critical;
    desk.hear(vec![alert]).await;
    assert_eq!(cards_in(&desk.deliver_all().await, MIGENNES).len(), 1);
}

#[tokio::test]
async fn a_sector_outage_with_many_links_is_told_to_the_technical_group_too() {
    for (least, told) in [(31, 1), (32, 0), (0, 0)] {
        let desk = Desk::open_with(0, &behind(), |settings| settings.wide_from_links = least).await;
        desk.down("eglise").await;
        let sent = desk.deliver_all().await;
        assert_eq!(cards_in(&sent, MIGENNES).len(), 1);
        assert_eq!(cards_in(&sent, BACKBONE).len(), told, "{least}");
        assert!(cards_in(&sent, JOIGNY).is_empty());
    }
}

#[tokio::test]
async fn a_group_that_sleeps_is_reminded_in_the_morning_and_the_technical_one_at_once() {
    let desk = Desk::open(0).await;
    desk.until("2026-11-24T22:00:00Z").await;
    desk.down("collecte").await;
    desk.down("silo").await;
    let sent = desk.deliver_all().await;
    let silent = |chat| cards_in(&sent, chat)[0].silent;
    assert_eq!((silent(BACKBONE), silent(MIGENNES)), (false, true));
    let mut sent = Vec::new();
    for hour in ["23", "00", "01", "02", "03", "04", "05", "06"] {
        let day = if hour == "23" { 24 } else { 25 };
        desk.until(&format!("2026-11-{day}T{hour}:30:00Z")).await;
        sent.extend(desk.deliver_all().await);
    }
    desk.until("2026-11-25T06:59:59Z").await;
    sent.extend(desk.deliver_all().await);
    assert!(said_in(&sent, MIGENNES).is_empty(), "it sleeps");
    assert_eq!(said_in(&sent, BACKBONE).len(), 8, "every hour");
    desk.until("2026-11-25T07:00:00Z").await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, MIGENNES), [Key::CardReminder]);
}
